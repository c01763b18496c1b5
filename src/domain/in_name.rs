//! 记在谁名下 — in whose name a fact is recorded, where that can be somebody else than whoever speaks: one closed table. They are told at
//! once what was recorded for them, by whom, and how it is taken back (`announce::in_name`).

use crate::domain::event::Event;
use crate::domain::history::duty::{self, Kind};
use crate::domain::kernel::ids::{GatheringNo, PersonId, PollNo, SuggestionRef, TopicNo, VoterNo};
use crate::domain::kernel::words::Words;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::channel::Channel;
use crate::domain::talk::gathering::SignUpLine;

/// In whose name, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InName<'f> {
    /// 代录 — these words are said to be this person's; whether they were written down before their eyes, in answer to what they said.
    Said(PersonId, SuggestionRef, &'f Words, bool),
    /// 更正 — what was written down as somebody's words reads so from now on.
    SaidSo(SuggestionRef, &'f Words),
    /// 代点 — this person is said to have asked.
    Asked(PersonId, TopicNo),
    /// 更正 — what somebody is said to have asked for reads so from now on.
    AskedSo(TopicNo),
    /// 接龙 — people of these names are said to come.
    Coming(GatheringNo, &'f [SignUpLine]),
    /// 代签 — these people are said to have been there.
    There(GatheringNo, &'f [PersonId]),
    /// 代投 — this voter is said to have voted so, on paper or by telephone.
    Voted(PollNo, VoterNo, &'f Words),
    /// 履职 — this person is said to have done so.
    Served(PersonId, Kind, &'f Words),
    /// Nobody's but the speaker's; an office's; or told by a letter of its own, as leave, recusals and mandates are.
    Nobody,
}

/// The table.
#[must_use]
#[allow(clippy::too_many_lines, reason = "a closed table; the compiler points here when a fact has no answer")]
pub fn in_whose_name(fact: &Event) -> InName<'_> {
    match fact {
        Event::SuggestionMade { suggestion, author, text, quoted, .. } => {
            InName::Said(*author, *suggestion, text, *quoted)
        }
        Event::TopicOrdered { topic, proposer, channel: Channel::Told(_), .. } => InName::Asked(*proposer, *topic),
        Event::Reworded { what, text, .. } => reworded(*what, text),
        Event::SignedUp { gathering, lines, .. } => InName::Coming(*gathering, lines),
        Event::Attended { gathering, people } => InName::There(*gathering, people),
        Event::BallotCast { poll, voter, proxy: true, choice, .. } => InName::Voted(*poll, *voter, choice),
        Event::Duty(fact) => of_duty(fact),
        // Whoever handed in a slip said it on the page; whoever speaks in a group or in private speaks for themselves.
        Event::TopicOrdered { channel: Channel::Scan(_) | Channel::Private | Channel::Group(_), .. }
        | Event::BallotCast { proxy: false, .. }
        | Event::PersonEnrolled { .. }
        | Event::AccountLinked { .. }
        | Event::PassMade { .. }
        | Event::ClaimMade { .. }
        | Event::SlipReceived { .. }
        | Event::ReplyMade { .. }
        | Event::ObjectionRaised { .. }
        | Event::ReviewGiven { .. }
        | Event::TaskRated { .. }
        | Event::BriefReceived { .. }
        | Event::Brief(_)
        | Event::Gathering(_)
        | Event::Absence(_)
        | Event::Poll(_)
        | Event::Charity(_)
        | Event::Erasure(_)
        | Event::Account(_)
        | Event::ClaimSettled { .. }
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
        | Event::Hiding(_)
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
        | Event::MinutesFiled { .. }
        | Event::RollLoaded { .. }
        | Event::PollOpened { .. }
        | Event::BallotLate { .. }
        | Event::Mandate(_)
        | Event::Nudge(_)
        | Event::PollClosed { .. }
        | Event::Intercepted
        | Event::DigestClosed { .. }
        | Event::IssueClosed { .. }
        | Event::Sending { .. }
        | Event::Sent { .. } => InName::Nobody,
    }
}

fn of_duty(fact: &duty::Fact) -> InName<'_> {
    match fact {
        duty::Fact::Served { person, kind, text, .. } => InName::Served(*person, *kind, text),
        duty::Fact::Tagged { .. } => InName::Nobody,
    }
}

/// Other words for what was recorded: a change of one's own reaches oneself alone, and is not told.
fn reworded(what: Undoable, text: &Words) -> InName<'_> {
    match what {
        Undoable::Suggestion(at) => InName::SaidSo(at, text),
        Undoable::Topic(no) => InName::AskedSo(no),
        Undoable::Second(_)
        | Undoable::Reply(..)
        | Undoable::Like(_)
        | Undoable::SignUp(..)
        | Undoable::Brief(_)
        | Undoable::Proposal(_)
        | Undoable::Objection(_)
        | Undoable::Absence(..)
        | Undoable::Duty(..)
        | Undoable::Mandate(..) => InName::Nobody,
    }
}
