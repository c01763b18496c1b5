//! 谁的话 — whose words a fact holds, and by what of it they are known elsewhere: one closed table. What somebody may have erased by law is
//! what they said and what is entered of them; what is done in an office (a plan, minutes, a reason, an answer) belongs to the
//! consultation, and a ballot to the count.

use crate::domain::about::charity;
use crate::domain::brief;
use crate::domain::event::Event;
use crate::domain::history::duty;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::words::Words;
use crate::domain::people::{account, erasure};
use crate::domain::process::hiding;
use crate::domain::talk::gathering::{self, SignUpLine};
use crate::domain::vote::roll::RollRow;
use crate::domain::vote::{absence, poll};

/// By what somebody is known wherever it stands: what of an entry is looked for in the words of others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks<'f> {
    /// Names.
    pub names: Vec<&'f Words>,
    /// Accounts, and addresses of private chats.
    pub accounts: Vec<&'f Words>,
    /// Flats: others may share them.
    pub details: Vec<&'f Words>,
    /// The office entered them under these names: whoever else bears one keeps it.
    pub is_registered: bool,
}

impl<'f> Marks<'f> {
    fn accounts(accounts: impl IntoIterator<Item = &'f Words>) -> Self {
        Self { accounts: accounts.into_iter().collect(), ..Self::default() }
    }
}

/// Whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose<'f> {
    /// What whoever caused the record said.
    Speaker,
    /// What this person said.
    Said(PersonId),
    /// What is entered of this person: name, unit, accounts.
    Of(PersonId, Marks<'f>),
    /// What whoever caused the record says they are.
    Claimed(Marks<'f>),
    /// Names of many on a list, of which none is anybody's alone.
    Roll(&'f [RollRow]),
    /// 接龙 — each line, name and note, is of whoever it is about.
    Lines(&'f [SignUpLine]),
    /// Nobody's: the office's, the count's, or there are none.
    Nobody,
}

/// The table.
#[must_use]
#[allow(clippy::too_many_lines, reason = "a closed table; the compiler points here when a fact has no answer")]
pub fn whose(fact: &Event) -> Whose<'_> {
    match fact {
        Event::PersonEnrolled { person, name, room, enrolled, .. } => {
            let (names, details) = (vec![name], vec![room]);
            Whose::Of(*person, Marks { names, details, is_registered: *enrolled, ..Marks::default() })
        }
        Event::AccountLinked { person, account, private_chat, before } => {
            Whose::Of(*person, Marks::accounts([account, private_chat, before]))
        }
        Event::PassMade { person, .. } => Whose::Of(*person, Marks::default()),
        Event::ClaimMade { account, private_chat, shown, name, .. } => {
            Whose::Claimed(Marks { names: vec![name, shown], ..Marks::accounts([account, private_chat]) })
        }
        Event::RollLoaded { rows, .. } => Whose::Roll(rows),
        Event::SignedUp { lines, .. } => Whose::Lines(lines),
        Event::TopicOrdered { proposer, .. } => Whose::Said(*proposer),
        Event::SuggestionMade { author, .. } => Whose::Said(*author),
        Event::SlipReceived { .. }
        | Event::ReplyMade { .. }
        | Event::ObjectionRaised { .. }
        | Event::ReviewGiven { .. }
        | Event::TaskRated { .. }
        | Event::Reworded { .. }
        | Event::BriefReceived { .. } => Whose::Speaker,
        Event::Brief(fact) => of_brief(fact),
        Event::Gathering(fact) => of_gathering(fact),
        Event::Absence(fact) => of_absence(fact),
        Event::Hiding(fact) => of_hiding(fact),
        Event::Poll(fact) => of_poll(fact),
        Event::Duty(fact) => of_duty(fact),
        Event::Charity(fact) => of_charity(fact),
        Event::Erasure(fact) => of_erasure(fact),
        Event::Account(fact) => of_account(fact),
        Event::ClaimSettled { .. }
        | Event::PersonJoined { .. }
        | Event::PassUsed { .. }
        | Event::RoleGranted { .. }
        | Event::RoleWithdrawn { .. }
        | Event::GroupSeen { .. }
        | Event::GroupSet { .. }
        | Event::GroupMoved { .. }
        | Event::GroupGone { .. }
        | Event::GroupBack { .. }
        | Event::Outage { .. }
        | Event::GroupBound { .. }
        | Event::StationSet { .. }
        | Event::Town(_)
        | Event::Clock(_)
        | Event::Conflict(_)
        | Event::Tier(_)
        | Event::Campaign(_)
        | Event::Export(_)
        | Event::InvitationSheet(_)
        | Event::Series(_)
        | Event::SlipAccepted { .. }
        | Event::SlipRejected { .. }
        | Event::SlipReferred { .. }
        | Event::TopicSorted { .. }
        | Event::TopicSeconded { .. }
        | Event::TopicTaken { .. }
        | Event::TopicAdvanced { .. }
        | Event::Course(_)
        | Event::Invited { .. }
        | Event::SuggestionLiked { .. }
        | Event::SuggestionJudged { .. }
        | Event::PlanDrafted { .. }
        | Event::NoticePosted { .. }
        | Event::ObjectionAnswered { .. }
        | Event::PactDrafted { .. }
        | Event::TopicReturned { .. }
        | Event::TopicPaused { .. }
        | Event::TopicResumed { .. }
        | Event::Rested(_)
        | Event::TopicEnded { .. }
        | Event::TopicMerged { .. }
        | Event::PollVoided { .. }
        | Event::TaskAssigned { .. }
        | Event::TaskAcked { .. }
        | Event::TaskReported { .. }
        | Event::TaskAnswered { .. }
        | Event::TaskDelayed { .. }
        | Event::TaskUrged { .. }
        | Event::TaskLit { .. }
        | Event::Handover(_)
        | Event::TopicClosed { .. }
        | Event::BriefIssued { .. }
        | Event::BriefAdopted { .. }
        | Event::Undone { .. }
        | Event::GatheringCalled { .. }
        | Event::Attended { .. }
        | Event::MinutesFiled { .. }
        | Event::PollOpened { .. }
        | Event::BallotCast { .. }
        | Event::BallotLate { .. }
        | Event::Mandate(_)
        | Event::Nudge(_)
        | Event::PollClosed { .. }
        | Event::Intercepted
        | Event::DigestClosed { .. }
        | Event::IssueClosed { .. }
        | Event::Sending { .. }
        | Event::Sent { .. } => Whose::Nobody,
    }
}

fn of_brief(fact: &brief::Fact) -> Whose<'_> {
    use brief::Fact;
    match fact {
        Fact::Resent { .. } | Fact::Proposed { .. } | Fact::Rated { .. } => Whose::Speaker,
        Fact::Sourced { .. }
        | Fact::Reviewed { .. }
        | Fact::Returned { .. }
        | Fact::Reported { .. }
        | Fact::Kept { .. }
        | Fact::Referred { .. }
        | Fact::Instructed { .. }
        | Fact::Absorbed { .. }
        | Fact::Covered { .. }
        | Fact::Filed { .. }
        | Fact::Declined { .. }
        | Fact::Recast { .. }
        | Fact::Vacated { .. }
        | Fact::Assigned { .. }
        | Fact::Acked { .. }
        | Fact::Noted { .. }
        | Fact::Answered { .. }
        | Fact::Delayed { .. }
        | Fact::Urged { .. }
        | Fact::Closed { .. }
        | Fact::Lit { .. } => Whose::Nobody,
    }
}

fn of_gathering(fact: &gathering::Fact) -> Whose<'_> {
    match fact {
        gathering::Fact::Noted { .. } | gathering::Fact::Left { .. } => Whose::Speaker,
        gathering::Fact::NotThere { .. } | gathering::Fact::Moved { .. } | gathering::Fact::CalledOff { .. } => {
            Whose::Nobody
        }
    }
}

fn of_absence(fact: &absence::Fact) -> Whose<'_> {
    match fact {
        absence::Fact::Recused { own: true, .. } | absence::Fact::Contested { .. } => Whose::Speaker,
        absence::Fact::OnLeave { .. }
        | absence::Fact::Recused { own: false, .. }
        | absence::Fact::Withdrawn { .. }
        | absence::Fact::Present { .. }
        | absence::Fact::Settled { .. }
        | absence::Fact::Lapsed { .. }
        | absence::Fact::Counted { .. }
        | absence::Fact::Struck { .. } => Whose::Nobody,
    }
}

fn of_hiding(fact: &hiding::Fact) -> Whose<'_> {
    match fact {
        hiding::Fact::Contested { .. } => Whose::Speaker,
        hiding::Fact::Hidden { .. }
        | hiding::Fact::Shown { .. }
        | hiding::Fact::Covered { .. }
        | hiding::Fact::Uncovered { .. }
        | hiding::Fact::Disowned { .. }
        | hiding::Fact::Owned { .. }
        | hiding::Fact::Upheld { .. } => Whose::Nobody,
    }
}

fn of_poll(fact: &poll::Fact) -> Whose<'_> {
    match fact {
        poll::Fact::Reasoned { paper: false, .. } => Whose::Speaker,
        // What stands on a paper ballot belongs to the count, as the ballot does.
        poll::Fact::Reasoned { paper: true, .. }
        | poll::Fact::Framed { .. }
        | poll::Fact::Planned { .. }
        | poll::Fact::Missed { .. }
        | poll::Fact::Withdrawn { .. }
        | poll::Fact::Corrected { .. }
        | poll::Fact::Altered { .. }
        | poll::Fact::Extended { .. }
        | poll::Fact::AllIn { .. }
        | poll::Fact::Awaited { .. }
        | poll::Fact::ClosedEarly { .. }
        | poll::Fact::Ranked { .. } => Whose::Nobody,
    }
}

fn of_duty(fact: &duty::Fact) -> Whose<'_> {
    match fact {
        duty::Fact::Served { person, .. } => Whose::Said(*person),
        duty::Fact::Tagged { person, .. } | duty::Fact::Struck { person, .. } => Whose::Of(*person, Marks::default()),
    }
}

fn of_charity(fact: &charity::Fact) -> Whose<'_> {
    match fact {
        charity::Fact::Registered { .. } | charity::Fact::Moved { .. } => Whose::Nobody,
    }
}

fn of_account(fact: &account::Fact) -> Whose<'_> {
    use account::Fact;
    match fact {
        Fact::Unlinked { person, address, .. } => Whose::Of(*person, Marks::accounts([address])),
        // The account is the newcomer's again; whoever it was taken for is not named by it.
        Fact::Parted { newcomer, address, shown, .. } => {
            Whose::Of(*newcomer, Marks { names: vec![shown], ..Marks::accounts([address]) })
        }
        Fact::Asked { .. }
        | Fact::Vouched { .. }
        | Fact::Unvouched { .. }
        | Fact::Denied { .. }
        | Fact::Backed { .. }
        | Fact::Listed { .. }
        | Fact::Delisted { .. }
        | Fact::Left { .. }
        | Fact::Lapsed { .. }
        | Fact::Language { .. } => Whose::Nobody,
    }
}

fn of_erasure(fact: &erasure::Fact) -> Whose<'_> {
    match fact {
        erasure::Fact::Ordered { person, .. } => Whose::Of(*person, Marks::default()),
        erasure::Fact::Asked { .. } | erasure::Fact::TakenBack { .. } | erasure::Fact::Done { .. } => Whose::Nobody,
    }
}
