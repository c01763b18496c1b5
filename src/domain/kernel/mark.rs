//! 引用 — what a message of the bot is about, so that a reply or a press finds its target.

use crate::domain::kernel::ids::{
    BriefNo, ClaimNo, GatheringNo, ObjectionRef, ProposalNo, SlipNo, SuggestionRef, TaskNo, TopicNo,
};

/// 所指 — what a message of the bot is about: a reply to it, or a press of its button, is about the same.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Mark {
    /// 【1号】.
    Topic(TopicNo),
    /// 【1号】建议3条: the list of its suggestions.
    Suggestions(TopicNo),
    /// 建议1-3, or a bare 1-3.
    Suggestion(SuggestionRef),
    /// 活动1号.
    Gathering(GatheringNo),
    /// The card of a poll: 🗳【1号】 … 截止：3月30日20:00. The deadline tells an old card from the one that is open now.
    Poll {
        /// Topic.
        topic: TopicNo,
        /// Month, day, hour and minute on the card, if it shows a deadline.
        ends: Option<(u32, u32, u32, u32)>,
    },
    /// 社情民意1号.
    Brief(BriefNo),
    /// 微提案1号.
    Proposal(ProposalNo),
    /// W1.
    Slip(SlipNo),
    /// 【认1】.
    Claim(ClaimNo),
    /// The list of claims that wait for somebody.
    Claims,
    /// 1-异1.
    Objection(ObjectionRef),
    /// 办1号.
    Task(TaskNo),
    /// 哪里不满意？ — a question for words: a reply to it is the answer.
    Why(Why),
}

/// 问什么 — what words are asked for, once the rest was said by a button or a word alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Why {
    /// Why 办1号 is not satisfying.
    Task(TaskNo),
    /// Why 微提案1号 is not satisfying.
    Proposal(ProposalNo),
    /// Why somebody is against in the vote on 【1号】.
    Against(TopicNo),
}

impl Mark {
    /// What it is about, where nothing is asked.
    #[must_use]
    pub fn subject(self) -> Self {
        match self {
            Self::Why(Why::Task(no)) => Self::Task(no),
            Self::Why(Why::Proposal(no)) => Self::Proposal(no),
            Self::Why(Why::Against(no)) => Self::Topic(no),
            other => other,
        }
    }
}
