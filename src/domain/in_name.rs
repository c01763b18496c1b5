//! 记在谁名下 — in whose name a fact is recorded, where that can be somebody else than whoever speaks: one closed table. They are told at
//! once what was recorded for them, by whom, and how it is taken back (`announce::in_name`).

use crate::domain::brief;
use crate::domain::event::Event;
use crate::domain::history::duty::{self, Kind};
use crate::domain::kernel::ids::{GatheringNo, PersonId, PollNo, ProposalNo, SuggestionRef, TaskNo, TopicNo, VoterNo};
use crate::domain::kernel::words::Words;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::channel::Channel;
use crate::domain::process::course::Fact;
use crate::domain::talk::gathering::SignUpLine;
use crate::domain::work::handover;

/// 代办 — what is done about something that somebody is in charge of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// 签收.
    Signed,
    /// 进展.
    Reported,
    /// 答复.
    Answered,
    /// 延期.
    PutOff,
    /// 退办.
    GivenBack,
}

impl Charge {
    /// Key of its term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Signed => "charge.signed",
            Self::Reported => "charge.reported",
            Self::Answered => "charge.answered",
            Self::PutOff => "charge.put_off",
            Self::GivenBack => "charge.given_back",
        }
    }
}

/// In whose name, and what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InName<'f> {
    /// 代录 — these words are said to be this person's; whether they were written down before their eyes, in answer to what they said.
    Said(PersonId, SuggestionRef, &'f Words, bool),
    /// 更正 — what was written down as somebody's words reads so from now on.
    SaidSo(SuggestionRef, &'f Words),
    /// 代点 — this person is said to have asked.
    Asked(PersonId, TopicNo),
    /// 拆分 — what was split off stands in the name of who asked for the whole.
    Split(TopicNo, TopicNo),
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
    /// 代办 — the one in charge of this task is who does this.
    Task(TaskNo, Charge),
    /// 代办 — the one in charge of this proposal is.
    Proposal(ProposalNo, Charge),
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
        Event::Course(Fact::Split { topic, into, .. }) => InName::Split(*topic, *into),
        Event::Reworded { what, text, .. } => reworded(*what, text),
        Event::SignedUp { gathering, lines, .. } => InName::Coming(*gathering, lines),
        Event::Attended { gathering, people } => InName::There(*gathering, people),
        Event::BallotCast { poll, voter, proxy: true, choice, .. } => InName::Voted(*poll, *voter, choice),
        Event::Duty(fact) => of_duty(fact),
        Event::TaskAcked { task } => InName::Task(*task, Charge::Signed),
        Event::TaskReported { task, .. } => InName::Task(*task, Charge::Reported),
        Event::TaskAnswered { task, .. } => InName::Task(*task, Charge::Answered),
        Event::TaskDelayed { task, .. } => InName::Task(*task, Charge::PutOff),
        Event::Handover(fact) => of_handover(fact),
        Event::Brief(fact) => of_brief(fact),
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
        | Event::InvitationSheet(_)
        | Event::Series(_)
        | Event::SlipAccepted { .. }
        | Event::SlipRejected { .. }
        | Event::SlipReferred { .. }
        | Event::TopicSorted { .. }
        | Event::TopicSeconded { .. }
        | Event::TopicTaken { .. }
        | Event::TopicAdvanced { .. }
        | Event::Course(Fact::Set { .. } | Fact::Addressed { .. } | Fact::Timed { .. } | Fact::TimeUp { .. })
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
        | Event::TaskUrged { .. }
        | Event::TaskLit { .. }
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

fn of_handover(fact: &handover::Fact) -> InName<'_> {
    match fact {
        handover::Fact::Returned { task, .. } => InName::Task(*task, Charge::GivenBack),
        handover::Fact::Reassigned { .. } | handover::Fact::Vacated { .. } | handover::Fact::Forced { .. } => {
            InName::Nobody
        }
    }
}

fn of_brief(fact: &brief::Fact) -> InName<'_> {
    match fact {
        brief::Fact::Acked { proposal } => InName::Proposal(*proposal, Charge::Signed),
        brief::Fact::Noted { proposal, .. } => InName::Proposal(*proposal, Charge::Reported),
        brief::Fact::Answered { proposal, .. } => InName::Proposal(*proposal, Charge::Answered),
        brief::Fact::Delayed { proposal, .. } => InName::Proposal(*proposal, Charge::PutOff),
        // The author's own, the office's, and what the clock does.
        brief::Fact::Sourced { .. }
        | brief::Fact::Reviewed { .. }
        | brief::Fact::Returned { .. }
        | brief::Fact::Resent { .. }
        | brief::Fact::Reported { .. }
        | brief::Fact::Kept { .. }
        | brief::Fact::Referred { .. }
        | brief::Fact::Instructed { .. }
        | brief::Fact::Absorbed { .. }
        | brief::Fact::Covered { .. }
        | brief::Fact::Proposed { .. }
        | brief::Fact::Filed { .. }
        | brief::Fact::Declined { .. }
        | brief::Fact::Recast { .. }
        | brief::Fact::Assigned { .. }
        | brief::Fact::Vacated { .. }
        | brief::Fact::Urged { .. }
        | brief::Fact::Rated { .. }
        | brief::Fact::Closed { .. }
        | brief::Fact::Lit { .. } => InName::Nobody,
    }
}

fn of_duty(fact: &duty::Fact) -> InName<'_> {
    match fact {
        duty::Fact::Served { person, kind, text, .. } => InName::Served(*person, *kind, text),
        // Told by a letter of its own.
        duty::Fact::Struck { .. } | duty::Fact::Tagged { .. } => InName::Nobody,
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
