//! What happens to polls beside opening, ballots and the count; and what can be asked for beside those.

use super::filling::Said;
use super::opening::{Frame, Missed};
use super::ranking::Standing;
use super::terms::Terms;
use super::{Rule, filling, opening};
use crate::domain::ids::{GroupId, PollNo, TopicNo, VoterNo};
use crate::domain::scene::{Ctx, Decided};
use crate::domain::words::Words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What has happened to a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 条件 — what the poll that opens in the same record has beside its rule.
    Framed {
        /// Poll.
        poll: PollNo,
        /// Its options, whether secretly, whether with reasons.
        terms: Terms,
    },
    /// 预定 — a poll will open at an announced hour.
    Planned {
        /// Topic.
        topic: TopicNo,
        /// Counting rule.
        rule: Rule,
        /// The question.
        title: Words,
        /// What it has beside its rule.
        terms: Terms,
        /// When it opens.
        opens: DateTime<Utc>,
        /// When it closes.
        ends: DateTime<Utc>,
    },
    /// Its hour came and it did not open.
    Missed {
        /// Topic.
        topic: TopicNo,
        /// Where it was announced.
        group: Option<GroupId>,
        /// Why.
        why: Missed,
    },
    /// 主持人作废 — a poll that was open, or was to open.
    Withdrawn {
        /// Topic.
        topic: TopicNo,
        /// The poll, if it was open.
        poll: Option<PollNo>,
        /// Why.
        reason: Words,
    },
    /// 反对理由, with the ballot before it.
    Reasoned {
        /// Poll.
        poll: PollNo,
        /// Voter.
        voter: VoterNo,
        /// The reason.
        reason: Words,
    },
    /// 名次 — the count of a poll with options, which closes in the same record.
    Ranked {
        /// Poll.
        poll: PollNo,
        /// The count.
        standing: Standing,
    },
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 投票 with options, flags or an hour to open.
    Open {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The poll.
        frame: Box<Frame>,
    },
    /// 投票 … 作废.
    Void {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Why.
        reason: String,
    },
    /// 投, in words that only the poll can tell the meaning of.
    Fill {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The words.
        said: Said,
        /// Said in reply to a card without a command: ordinary talk where it means nothing.
        is_talk: bool,
    },
}

/// Decides what is asked for.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Open { topic, frame } => opening::open(ctx, *topic, frame),
        Ask::Void { topic, reason } => opening::void(ctx, *topic, reason),
        Ask::Fill { topic, said, is_talk } => filling::fill(ctx, *topic, said, *is_talk),
    }
}
