//! 撤回 — what can be taken back, and what it is called then.

use crate::domain::kernel::ids::{
    BriefNo, GatheringNo, ObjectionRef, PersonId, ProposalNo, SuggestionRef, TopicNo, VoterNo,
};
use crate::domain::kernel::say::Say;
use crate::domain::kernel::seat;
use crate::say;
use serde::{Deserialize, Serialize};

/// What 撤回 takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undoable {
    /// A topic nobody has acted on.
    Topic(TopicNo),
    /// A second.
    Second(TopicNo),
    /// A suggestion.
    Suggestion(SuggestionRef),
    /// A reply: the suggestion and its own number.
    Reply(SuggestionRef, u32),
    /// A like.
    Like(SuggestionRef),
    /// A sign-up.
    SignUp(GatheringNo, u32),
    /// A brief.
    Brief(BriefNo),
    /// A proposal.
    Proposal(ProposalNo),
    /// An objection.
    Objection(ObjectionRef),
    /// 请假 or 回避 of one's own.
    Absence(TopicNo, seat::Seat),
    /// A record of duty: whose, and which of theirs.
    Duty(PersonId, u32),
    /// 委托 of one's own.
    Mandate(TopicNo, VoterNo),
}

/// What was taken back, by name.
#[must_use]
pub fn name_of(what: Undoable) -> Say {
    match what {
        Undoable::Topic(no) => say!("undo.topic", no = no),
        Undoable::Second(no) => say!("undo.second", no = no),
        Undoable::Suggestion(reference) => say!("undo.suggestion", r#ref = reference),
        Undoable::Reply(to, _) => say!("undo.reply", r#ref = to),
        Undoable::Like(reference) => say!("undo.like", r#ref = reference),
        Undoable::SignUp(no, _) => say!("undo.join", a = no),
        Undoable::Mandate(no, _) => say!("undo.mandate", no = no),
        Undoable::Absence(no, _) => say!("undo.absence", no = no),
        Undoable::Brief(no) => say!("undo.brief", b = no),
        Undoable::Proposal(no) => say!("undo.proposal", b = no),
        Undoable::Objection(reference) => say!("undo.objection", r#ref = reference.named()),
        Undoable::Duty(..) => say!("undo.duty"),
    }
}
