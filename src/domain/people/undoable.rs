//! 撤回 — what can be taken back, and what it is called then.

use crate::domain::kernel::ids::{
    BriefNo, GatheringNo, ObjectionRef, PersonId, ProposalNo, SuggestionRef, TaskNo, TopicNo, VoterNo,
};
use crate::domain::kernel::said::SuggestionArg;
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

/// 不能撤回的 — what counts from the moment it is done, because others go on from there: it is put right by an act of its own that they read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fixed {
    /// 推进.
    Next,
    /// 公示.
    Notice,
    /// 方案.
    Plan,
    /// 公约.
    Pact,
    /// 专家意见.
    Review,
    /// 采纳.
    Verdict,
    /// 答复.
    Answer,
    /// 退回.
    Back,
    /// 暂缓.
    Pause,
    /// 终止.
    End,
    /// 并案.
    Merge,
    /// 拆分.
    Split,
    /// 交办.
    Assign,
    /// 签收.
    Ack,
    /// 办理.
    Progress,
    /// 延期.
    Delay,
    /// 退办.
    GiveBack,
    /// 办结, of a task or of a topic.
    Close,
}

impl Fixed {
    /// All.
    pub const ALL: [Self; 18] = [
        Self::Next,
        Self::Notice,
        Self::Plan,
        Self::Pact,
        Self::Review,
        Self::Verdict,
        Self::Answer,
        Self::Back,
        Self::Pause,
        Self::End,
        Self::Merge,
        Self::Split,
        Self::Assign,
        Self::Ack,
        Self::Progress,
        Self::Delay,
        Self::GiveBack,
        Self::Close,
    ];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub const fn term(self) -> &'static str {
        match self {
            Self::Next => "fixed.next",
            Self::Notice => "fixed.notice",
            Self::Plan => "fixed.plan",
            Self::Pact => "fixed.pact",
            Self::Review => "fixed.review",
            Self::Verdict => "fixed.verdict",
            Self::Answer => "fixed.answer",
            Self::Back => "fixed.back",
            Self::Pause => "fixed.pause",
            Self::End => "fixed.end",
            Self::Merge => "fixed.merge",
            Self::Split => "fixed.split",
            Self::Assign => "fixed.assign",
            Self::Ack => "fixed.ack",
            Self::Progress => "fixed.progress",
            Self::Delay => "fixed.delay",
            Self::GiveBack => "fixed.give_back",
            Self::Close => "fixed.close",
        }
    }
}

/// 撤回 什么 — what somebody asks to take back, in the words in which they did it. Leave, recusals, mandates and places on a list are
/// asked for by their own commands (`/请假 1 取消`), whichever words were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// 点单.
    Topic(TopicNo),
    /// 附议.
    Second(Option<TopicNo>),
    /// 点赞.
    Like(Option<SuggestionArg>),
    /// 建议, one's own or one that was written down for or by the speaker.
    Suggestion(Option<SuggestionArg>),
    /// 跟帖, and which under the suggestion.
    Reply(Option<SuggestionArg>, Option<u32>),
    /// 异议, and which of the topic.
    Objection(Option<TopicNo>, Option<u32>),
    /// 社情民意.
    Brief(BriefNo),
    /// 微提案.
    Proposal(ProposalNo),
    /// 评价.
    Rating(Option<TaskNo>),
    /// 投票.
    Ballot(Option<TopicNo>),
    /// 买单.
    Lead(Option<TopicNo>),
    /// What cannot be taken back, and the topic or the task it is of.
    Fixed(Fixed, Option<TopicNo>, Option<TaskNo>),
    /// Whatever of the speaker's is in the message that is answered.
    Here,
}

/// 到什么为止 — what decides about something that was done: from then on whoever did it does not take it back any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// 买单, or anybody else's second.
    TakenUp,
    /// 公示期满 — as long as it may be given, it may be taken back.
    NoticeOver,
    /// 采纳, or what others said to it.
    Answered,
    /// 答复.
    Replied,
    /// The gathering begins.
    Begun,
    /// The vote: it was used, or it was counted with.
    Voted,
    /// Somebody has acted on it: 审核, 采用, 立案.
    Handled,
    /// Only the two minutes of /撤回 alone.
    TwoMinutes,
}

/// The table: what can be taken back, and until what decides. By whom: by whoever did it, and nobody else. What has no line here is
/// not taken back, but put right by an act of its own that others read.
#[must_use]
pub const fn until(what: Undoable) -> Until {
    match what {
        Undoable::Topic(_) => Until::TakenUp,
        Undoable::Second(_) | Undoable::Like(_) | Undoable::Reply(..) => Until::NoticeOver,
        Undoable::Suggestion(_) => Until::Answered,
        Undoable::Objection(_) => Until::Replied,
        Undoable::SignUp(..) => Until::Begun,
        Undoable::Absence(..) | Undoable::Mandate(..) => Until::Voted,
        Undoable::Brief(_) | Undoable::Proposal(_) => Until::Handled,
        Undoable::Duty(..) => Until::TwoMinutes,
    }
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
