//! 多急 — whether what a fact tells somebody may wait for the morning: one closed table. What nobody asked for wakes nobody up, unless a
//! right of its reader would lapse meanwhile: an account that is joined or taken away, a vote that closes.

use crate::domain::event::Event;
use crate::domain::people::account;

/// Whether a letter may wait for the morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Haste {
    /// It waits.
    Morning,
    /// At once where its reader votes in, or moderates, what closes before the morning; else it waits.
    Close,
    /// At once: an account, one's own data, the clock itself.
    Now,
}

/// The table.
#[must_use]
#[allow(clippy::too_many_lines, reason = "a closed table; the compiler points here when a fact has no answer")]
pub fn haste(fact: &Event) -> Haste {
    match fact {
        Event::Account(fact) => of_account(fact),
        Event::PersonJoined { .. }
        | Event::ClaimMade { .. }
        | Event::ClaimSettled { .. }
        | Event::PassUsed { .. }
        | Event::Erasure(_)
        | Event::Clock(_)
        | Event::Outage { .. }
        // 回避、请假 — somebody else's word about a vote that is theirs: the law is that they hear it at once.
        | Event::Absence(_) => Haste::Now,
        Event::RoleGranted { .. }
        | Event::RoleWithdrawn { .. }
        | Event::PersonEnrolled { .. }
        | Event::Conflict(_)
        | Event::Hiding(_)
        | Event::ObjectionRaised { .. }
        | Event::ObjectionAnswered { .. }
        | Event::TopicReturned { .. }
        | Event::TopicPaused { .. }
        | Event::TopicResumed { .. }
        | Event::TopicEnded { .. }
        | Event::TopicMerged { .. }
        | Event::Rested(_)
        | Event::Undone { .. }
        | Event::RollLoaded { .. }
        | Event::PollOpened { .. }
        | Event::PollVoided { .. }
        | Event::PollClosed { .. }
        | Event::BallotCast { .. }
        | Event::BallotLate { .. }
        | Event::Poll(_)
        | Event::Mandate(_)
        | Event::Nudge(_) => Haste::Close,
        Event::AccountLinked { .. }
        | Event::PassMade { .. }
        | Event::InvitationSheet(_)
        | Event::GroupSeen { .. }
        | Event::GroupSet { .. }
        | Event::GroupMoved { .. }
        | Event::GroupGone { .. }
        | Event::GroupBack { .. }
        | Event::GroupBound { .. }
        | Event::StationSet { .. }
        | Event::Town(_)
        | Event::Tier(_)
        | Event::Campaign(_)
        | Event::Charity(_)
        | Event::Export(_)
        | Event::Series(_)
        | Event::SlipReceived { .. }
        | Event::SlipAccepted { .. }
        | Event::SlipRejected { .. }
        | Event::SlipReferred { .. }
        | Event::TopicOrdered { .. }
        | Event::TopicSorted { .. }
        | Event::TopicSeconded { .. }
        | Event::TopicTaken { .. }
        | Event::TopicAdvanced { .. }
        | Event::Course(_)
        | Event::Invited { .. }
        | Event::SuggestionMade { .. }
        | Event::ReplyMade { .. }
        | Event::SuggestionLiked { .. }
        | Event::SuggestionJudged { .. }
        | Event::PlanDrafted { .. }
        | Event::NoticePosted { .. }
        | Event::ReviewGiven { .. }
        | Event::PactDrafted { .. }
        | Event::TaskAssigned { .. }
        | Event::TaskAcked { .. }
        | Event::TaskReported { .. }
        | Event::TaskAnswered { .. }
        | Event::TaskDelayed { .. }
        | Event::TaskUrged { .. }
        | Event::TaskRated { .. }
        | Event::TaskLit { .. }
        | Event::Handover(_)
        | Event::TopicClosed { .. }
        | Event::Duty(_)
        | Event::BriefIssued { .. }
        | Event::BriefAdopted { .. }
        | Event::BriefReceived { .. }
        | Event::Brief(_)
        | Event::Reworded { .. }
        | Event::GatheringCalled { .. }
        | Event::SignedUp { .. }
        | Event::Gathering(_)
        | Event::Attended { .. }
        | Event::MinutesFiled { .. }
        | Event::Intercepted
        | Event::DigestClosed { .. }
        | Event::IssueClosed { .. }
        | Event::Sending { .. }
        | Event::Sent { .. } => Haste::Morning,
    }
}

/// What an account may do is what somebody else does with it meanwhile; what the configuration says can be read in the morning.
fn of_account(fact: &account::Fact) -> Haste {
    match fact {
        account::Fact::Asked { .. }
        | account::Fact::Vouched { .. }
        | account::Fact::Unvouched { .. }
        | account::Fact::Denied { .. }
        | account::Fact::Unlinked { .. }
        | account::Fact::Parted { .. }
        | account::Fact::Left { .. }
        | account::Fact::Backed { .. }
        | account::Fact::Lapsed { .. } => Haste::Now,
        account::Fact::Listed { .. } | account::Fact::Delisted { .. } => Haste::Close,
        account::Fact::Language { .. } => Haste::Morning,
    }
}
