//! 办过的事 — what a message did, by name: for whoever changes that message afterwards and is told what stands. One closed table.

use crate::domain::brief;
use crate::domain::event::Event;
use crate::domain::history::duty;
use crate::domain::kernel::ids::{GatheringNo, ObjectionRef, PollNo, SuggestionRef, TaskNo, TopicNo};
use crate::domain::kernel::say::Say;
use crate::domain::people::undoable::{Undoable, Until};
use crate::domain::vote::{absence, mandate};
use crate::say;
use serde::{Deserialize, Serialize};

/// 办过的事 — what a message did, as it is called to whoever changes it afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// Something about people, roles or accounts.
    Person,
    /// Something about a group, a station, a campaign, settings.
    Office,
    /// 事 of a slip: accepted, rejected, referred.
    Slip,
    /// Something about a topic: a step, 附议, 买单, 邀请, 暂缓 ….
    Topic(TopicNo),
    /// 采纳, 点赞, 隐藏.
    Suggestion(SuggestionRef),
    /// 方案.
    Plan(TopicNo),
    /// 公示.
    Notice(TopicNo),
    /// 异议, 答复.
    Objection(ObjectionRef),
    /// 专家意见.
    Review(TopicNo),
    /// 公约.
    Pact(TopicNo),
    /// 名册.
    Roll(TopicNo),
    /// 表决.
    Poll(PollNo),
    /// 代投, 请假, 回避, 委托.
    Seat,
    /// 交办, 签收, 办理, 催办, 延期.
    Task(TaskNo),
    /// 评价.
    Rating(TaskNo),
    /// 活动, 接龙, 签到, 纪要.
    Gathering(GatheringNo),
    /// 社情民意, 提案.
    Brief,
    /// 履职.
    Duty,
    /// 活动系列, 导出 and whatever else is kept.
    Entry,
}

/// What a deed is called to whoever changes the message it came from.
#[must_use]
#[allow(clippy::too_many_lines, reason = "a closed table; the compiler points here when a fact has no answer")]
pub fn of(fact: &Event) -> Act {
    match fact {
        Event::PersonEnrolled { .. }
        | Event::AccountLinked { .. }
        | Event::PersonJoined { .. }
        | Event::ClaimMade { .. }
        | Event::ClaimSettled { .. }
        | Event::PassMade { .. }
        | Event::PassUsed { .. }
        | Event::RoleGranted { .. }
        | Event::Erasure(_)
        | Event::Account(_)
        | Event::RoleWithdrawn { .. } => Act::Person,
        Event::Clock(_)
        | Event::GroupSeen { .. }
        | Event::GroupSet { .. }
        | Event::GroupMoved { .. }
        | Event::GroupGone { .. }
        | Event::GroupBack { .. }
        | Event::Outage { .. }
        | Event::StationSet { .. }
        | Event::Town(_)
        | Event::Tier(_)
        | Event::Campaign(_)
        | Event::Charity(_) => Act::Office,
        Event::SlipReceived { .. }
        | Event::SlipAccepted { .. }
        | Event::SlipRejected { .. }
        | Event::SlipReferred { .. } => Act::Slip,
        Event::GroupBound { topic, .. }
        | Event::TopicOrdered { topic, .. }
        | Event::TopicSorted { topic, .. }
        | Event::TopicSeconded { topic }
        | Event::TopicTaken { topic, .. }
        | Event::TopicAdvanced { topic, .. }
        | Event::TopicReturned { topic, .. }
        | Event::TopicPaused { topic, .. }
        | Event::TopicResumed { topic, .. }
        | Event::TopicEnded { topic, .. }
        | Event::TopicMerged { topic, .. }
        | Event::TopicClosed { topic, .. }
        | Event::Invited { topic, .. } => Act::Topic(*topic),
        Event::SuggestionMade { suggestion, .. }
        | Event::SuggestionLiked { suggestion }
        | Event::SuggestionJudged { suggestion, .. }
        | Event::ReplyMade { to: suggestion, .. } => Act::Suggestion(*suggestion),
        Event::PlanDrafted { topic, .. } => Act::Plan(*topic),
        Event::NoticePosted { topic, .. } => Act::Notice(*topic),
        Event::ObjectionRaised { objection, .. } | Event::ObjectionAnswered { objection, .. } => {
            Act::Objection(*objection)
        }
        Event::ReviewGiven { topic, .. } => Act::Review(*topic),
        Event::PactDrafted { topic, .. } => Act::Pact(*topic),
        Event::RollLoaded { topic, .. } => Act::Roll(*topic),
        Event::PollOpened { poll, .. } | Event::PollVoided { poll } | Event::PollClosed { poll, .. } => {
            Act::Poll(*poll)
        }
        Event::BallotCast { .. } | Event::BallotLate { .. } | Event::Absence(_) | Event::Mandate(_) => Act::Seat,
        Event::TaskAssigned { task, .. }
        | Event::TaskAcked { task }
        | Event::TaskReported { task, .. }
        | Event::TaskAnswered { task, .. }
        | Event::TaskDelayed { task, .. }
        | Event::TaskLit { task, .. }
        | Event::TaskUrged { task } => Act::Task(*task),
        Event::TaskRated { task, .. } => Act::Rating(*task),
        Event::GatheringCalled { gathering, .. }
        | Event::SignedUp { gathering, .. }
        | Event::Attended { gathering, .. }
        | Event::MinutesFiled { gathering, .. } => Act::Gathering(*gathering),
        Event::BriefReceived { .. } | Event::BriefIssued { .. } | Event::BriefAdopted { .. } | Event::Brief(_) => {
            Act::Brief
        }
        Event::Duty(_) => Act::Duty,
        Event::Intercepted
        | Event::Undone { .. }
        | Event::Reworded { .. }
        | Event::DigestClosed { .. }
        | Event::IssueClosed { .. }
        | Event::Sending { .. }
        | Event::Sent { .. }
        | Event::Export(_)
        | Event::InvitationSheet(_)
        | Event::Series(_)
        | Event::Gathering(_)
        | Event::Course(_)
        | Event::Conflict(_)
        | Event::Hiding(_)
        | Event::Rested(_)
        | Event::Handover(_)
        | Event::Poll(_)
        | Event::Nudge(_) => Act::Entry,
    }
}

/// 能不能撤回 — until what decides an act of one's own is taken back (`undoable::until`); `None`: never, it decides at once or is put right
/// by an act of its own. One closed table: a new fact says it here, and leaves the trace that goes with it.
#[must_use]
#[allow(clippy::too_many_lines, reason = "a closed table; the compiler points here when a fact has no answer")]
pub fn until(fact: &Event) -> Option<Until> {
    match fact {
        Event::TopicOrdered { .. } => Some(Until::TakenUp),
        Event::TopicSeconded { .. } | Event::SuggestionLiked { .. } | Event::ReplyMade { .. } => {
            Some(Until::NoticeOver)
        }
        Event::SuggestionMade { .. } => Some(Until::Answered),
        Event::ObjectionRaised { .. } => Some(Until::Replied),
        Event::SignedUp { .. } => Some(Until::Begun),
        Event::Absence(absence::Fact::OnLeave { own: true, .. } | absence::Fact::Recused { own: true, .. })
        | Event::Mandate(mandate::Fact::Given { written: false, .. }) => Some(Until::Voted),
        Event::BriefReceived { .. } | Event::Brief(brief::Fact::Proposed { .. }) => Some(Until::Handled),
        Event::Duty(duty::Fact::Served { .. }) => Some(Until::TwoMinutes),
        Event::Absence(_)
        | Event::Mandate(_)
        | Event::Brief(_)
        | Event::Duty(_)
        | Event::PersonEnrolled { .. }
        | Event::AccountLinked { .. }
        | Event::PersonJoined { .. }
        | Event::ClaimMade { .. }
        | Event::ClaimSettled { .. }
        | Event::PassMade { .. }
        | Event::PassUsed { .. }
        | Event::RoleGranted { .. }
        | Event::Erasure(_)
        | Event::Account(_)
        | Event::RoleWithdrawn { .. }
        | Event::Clock(_)
        | Event::GroupSeen { .. }
        | Event::GroupSet { .. }
        | Event::GroupMoved { .. }
        | Event::GroupGone { .. }
        | Event::GroupBack { .. }
        | Event::Outage { .. }
        | Event::StationSet { .. }
        | Event::Town(_)
        | Event::Tier(_)
        | Event::Campaign(_)
        | Event::Charity(_)
        | Event::SlipReceived { .. }
        | Event::SlipAccepted { .. }
        | Event::SlipRejected { .. }
        | Event::SlipReferred { .. }
        | Event::GroupBound { .. }
        | Event::TopicSorted { .. }
        | Event::TopicTaken { .. }
        | Event::TopicAdvanced { .. }
        | Event::TopicReturned { .. }
        | Event::TopicPaused { .. }
        | Event::TopicResumed { .. }
        | Event::TopicEnded { .. }
        | Event::TopicMerged { .. }
        | Event::TopicClosed { .. }
        | Event::Invited { .. }
        | Event::SuggestionJudged { .. }
        | Event::PlanDrafted { .. }
        | Event::NoticePosted { .. }
        | Event::ObjectionAnswered { .. }
        | Event::ReviewGiven { .. }
        | Event::PactDrafted { .. }
        | Event::RollLoaded { .. }
        | Event::PollOpened { .. }
        | Event::PollVoided { .. }
        | Event::PollClosed { .. }
        | Event::BallotCast { .. }
        | Event::BallotLate { .. }
        | Event::TaskAssigned { .. }
        | Event::TaskAcked { .. }
        | Event::TaskReported { .. }
        | Event::TaskAnswered { .. }
        | Event::TaskDelayed { .. }
        | Event::TaskLit { .. }
        | Event::TaskUrged { .. }
        | Event::TaskRated { .. }
        | Event::GatheringCalled { .. }
        | Event::Attended { .. }
        | Event::MinutesFiled { .. }
        | Event::BriefIssued { .. }
        | Event::BriefAdopted { .. }
        | Event::Intercepted
        | Event::Undone { .. }
        | Event::Reworded { .. }
        | Event::DigestClosed { .. }
        | Event::IssueClosed { .. }
        | Event::Sending { .. }
        | Event::Sent { .. }
        | Event::Export(_)
        | Event::InvitationSheet(_)
        | Event::Series(_)
        | Event::Gathering(_)
        | Event::Course(_)
        | Event::Conflict(_)
        | Event::Hiding(_)
        | Event::Rested(_)
        | Event::Handover(_)
        | Event::Poll(_)
        | Event::Nudge(_) => None,
    }
}

/// What 撤回 takes back, as the deed it was.
#[must_use]
pub fn of_undoable(what: Undoable) -> Act {
    match what {
        Undoable::Topic(no) | Undoable::Second(no) => Act::Topic(no),
        Undoable::Suggestion(at) | Undoable::Like(at) | Undoable::Reply(at, _) => Act::Suggestion(at),
        Undoable::SignUp(no, _) => Act::Gathering(no),
        Undoable::Brief(_) | Undoable::Proposal(_) => Act::Brief,
        Undoable::Objection(at) => Act::Objection(at),
        Undoable::Absence(..) | Undoable::Mandate(..) => Act::Seat,
        Undoable::Duty(..) => Act::Duty,
    }
}

/// 撤回 is no deed itself, and yet something that a message did.
#[must_use]
pub fn is_taking_back(fact: &Event) -> bool {
    matches!(fact, Event::Undone { .. })
}

/// What stands, by name, of what a message did.
#[must_use]
pub fn name_of(act: Act) -> Say {
    match act {
        Act::Person => say!("act.person"),
        Act::Office => say!("act.office"),
        Act::Slip => say!("act.slip"),
        Act::Topic(no) => say!("act.topic", no = no),
        Act::Suggestion(reference) => say!("act.of_suggestion", r#ref = reference),
        Act::Plan(no) => say!("act.plan", no = no),
        Act::Notice(no) => say!("act.notice", no = no),
        Act::Objection(reference) => say!("act.objection", r#ref = reference.named()),
        Act::Review(no) => say!("act.review", no = no),
        Act::Pact(no) => say!("act.pact", no = no),
        Act::Roll(no) => say!("act.roll", no = no),
        Act::Poll(_) => say!("act.poll"),
        Act::Seat => say!("act.seat"),
        Act::Task(no) => say!("act.task", t = no),
        Act::Rating(no) => say!("act.rating", t = no),
        Act::Gathering(no) => say!("act.gathering", a = no),
        Act::Brief => say!("act.brief"),
        Act::Duty => say!("act.duty"),
        Act::Entry => say!("act.entry"),
    }
}
