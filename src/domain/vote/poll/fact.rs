//! What happens to polls beside opening, ballots and the count; and what can be asked for beside those.

use crate::domain::kernel::ids::{GroupId, PersonId, PollNo, TopicNo, VoterNo};
use crate::domain::kernel::said::Term;
use crate::domain::kernel::words::Words;
use crate::domain::vote::poll::filling::Said;
use crate::domain::vote::poll::opening::{Frame, Missed};
use crate::domain::vote::poll::ranking::Standing;
use crate::domain::vote::poll::terms::Terms;
use crate::domain::vote::poll::{ProxyLine, Rule};
use chrono::{DateTime, Duration, Utc};
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
    /// 反对理由, with the ballot before it. Where a poll asks for reasons every ballot is followed by one, which is empty unless it is
    /// 反对: sealed, both look alike. Ledgers of old have it with 反对 alone.
    Reasoned {
        /// Poll.
        poll: PollNo,
        /// Voter.
        voter: VoterNo,
        /// The reason; empty where none is asked for.
        reason: Words,
        /// As it stands on a paper ballot: the words of no one person, and not of whoever enters them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        paper: bool,
    },
    /// 更正 — the ballot before it in the record takes the place of one that was entered wrongly from paper.
    Corrected {
        /// Poll.
        poll: PollNo,
        /// Voter.
        voter: VoterNo,
        /// Why.
        reason: Words,
    },
    /// 谁能投 — a role or an entry that the same record changes has changed who moderates an open vote, or who may vote in it.
    Altered {
        /// Poll.
        poll: PollNo,
        /// Who moderated it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<PersonId>,
        /// Who moderates it now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<PersonId>,
        /// Who may vote from now on.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        freed: Vec<VoterNo>,
        /// Who may no more, and has not.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        barred: Vec<VoterNo>,
    },
    /// 延长 — the close is put off.
    Extended {
        /// Poll.
        poll: PollNo,
        /// The close until now.
        from: DateTime<Utc>,
        /// The close from now on.
        to: DateTime<Utc>,
        /// Why.
        reason: Words,
    },
    /// 都投完了 — everybody due has voted: it closes soon, unless somebody is due again.
    AllIn {
        /// Poll.
        poll: PollNo,
        /// When.
        at: DateTime<Utc>,
    },
    /// 又有人要投 — after 都投完了 somebody is due again: it closes as it was announced first.
    Awaited {
        /// Poll.
        poll: PollNo,
    },
    /// 提前结束 — the poll that closes in the same record does so before the close that was announced.
    ClosedEarly {
        /// Poll.
        poll: PollNo,
        /// The close that was announced.
        announced: DateTime<Utc>,
    },
    /// 名次 — the count of a poll with options, which closes in the same record.
    Ranked {
        /// Poll.
        poll: PollNo,
        /// The count.
        standing: Standing,
    },
}

/// 延长到几时 — how a later close is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Longer {
    /// 3天, 1个月 — so long after the close until now, at the same hour.
    Days(Term),
    /// 3小时 — so long after the close until now.
    By(Duration),
    /// 到3月15日18:00.
    Until(DateTime<Utc>),
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
    /// 延长.
    Extend {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Until when.
        until: Longer,
        /// Why.
        reason: String,
    },
    /// 代投 … 更正.
    Correct {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The flat or name, and what the paper says.
        line: ProxyLine,
        /// Why.
        reason: String,
    },
    /// 投票 in private with nothing but a number: the vote, and one's own choice in it.
    Show {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
    },
    /// 投, in words that only the poll can tell the meaning of.
    Fill {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// The words.
        said: Said,
    },
}
