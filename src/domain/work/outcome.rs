//! 办结、成果 — what came of a topic, and the figures of its whole way.

use crate::domain::kernel::ids::{PollNo, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::topic::Topic;
use crate::domain::vote::poll::{Ballot, Poll};
use crate::domain::vote::roll::Voter;
use crate::domain::vote::tally::Choice;
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Closures of one topic that are looked at.
const MAX_CLOSURES: usize = 100;

/// 成果种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// 化解矛盾 (件).
    Conflict,
    /// 民生工程 (处).
    Works,
    /// 吸纳进文件 (份).
    Document,
    /// 提案办理 (件).
    Proposal,
    /// 采用 (篇).
    Adoption,
    /// 批示 (次).
    Instruction,
    /// 报道 (篇).
    Report,
    /// 爱心项目 (个).
    Charity,
}

impl OutcomeKind {
    /// All.
    pub const ALL: [Self; 8] = [
        Self::Conflict,
        Self::Works,
        Self::Document,
        Self::Proposal,
        Self::Adoption,
        Self::Instruction,
        Self::Report,
        Self::Charity,
    ];

    /// Key of the term in `commands/words.toml`; `.unit` is what it is counted in.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Conflict => "outcome.conflict",
            Self::Works => "outcome.works",
            Self::Document => "outcome.document",
            Self::Proposal => "outcome.proposal",
            Self::Adoption => "outcome.adoption",
            Self::Instruction => "outcome.instruction",
            Self::Report => "outcome.report",
            Self::Charity => "outcome.charity",
        }
    }
}

/// So many of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Kind.
    pub kind: OutcomeKind,
    /// How many.
    pub n: u32,
}

/// What was found when a topic was closed: it stands, whatever is said later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// 历时 — days from the day it was asked for.
    pub days: i64,
    /// 建议.
    pub suggestions: u32,
    /// 采纳, in full or in part.
    pub adopted: u32,
    /// 五方到场 — people.
    pub people: u32,
    /// 由反对转为赞成.
    pub turned: u32,
    /// Whether those are households, not people.
    pub by_household: bool,
}

/// 办结.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// Topic.
    pub topic: TopicNo,
    /// 成果, as they were said.
    pub outcomes: Vec<Outcome>,
    /// 无成果说明.
    pub note: Words,
    /// The figures.
    pub account: Account,
    /// Record.
    pub seq: u64,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Closure {
    fn key(&self) -> Key {
        Key::new(kind::CLOSURE).num(self.topic.0)
    }
}

/// Key of the polls in which a household voted against a topic, by its owners: rolls are loaded anew, owners stay.
#[must_use]
pub fn against_key(topic: TopicNo, voter: &Voter) -> Key {
    let names: Vec<&str> = voter.names.iter().map(Words::as_str).collect();
    Key::new(kind::AGAINST).num(topic.0).text(&names.join("、"))
}

/// Key of one of the earlier closures of a topic.
#[must_use]
pub fn former_key(topic: TopicNo, n: u32) -> Key {
    Key::new(kind::FORMER_CLOSURE).num(topic.0).num(n)
}

impl World<'_> {
    /// How a topic was closed before it was opened again, in order.
    #[must_use]
    pub fn former_closures(&self, topic: TopicNo) -> Vec<Closure> {
        self.list(&Key::new(kind::FORMER_CLOSURE).num(topic.0), MAX_CLOSURES)
    }

    /// Every closing of a topic, in order: what was closed stays closed in the figures of its day, whatever is opened again later.
    #[must_use]
    pub fn closures(&self, topic: TopicNo) -> Vec<Closure> {
        let mut all = self.former_closures(topic);
        all.extend(self.closure(topic));
        all
    }

    /// How a topic was closed, the last time.
    #[must_use]
    pub fn closure(&self, topic: TopicNo) -> Option<Closure> {
        self.get(&Key::new(kind::CLOSURE).num(topic.0))
    }

    /// 对手变帮手 — households that objected or once voted against, and were for it afterwards, in the vote that carried
    /// (digest.md §8).
    /// Whoever was for it first and objected then has turned the other way.
    #[must_use]
    pub fn turned(&self, topic: &Topic) -> u32 {
        self.last_vote(topic).map_or(0, |poll| self.turned_in(topic, &poll))
    }

    /// The same in one vote, which must have carried: whatever is asked later, also by another poll, changes nothing of it.
    #[must_use]
    pub fn turned_in(&self, topic: &Topic, poll: &Poll) -> u32 {
        // 不记名: one household that turned would be known.
        if !carried(poll) || self.is_secret(poll.no) {
            return 0;
        }
        let Some(electorate) = self.electorate(poll) else { return 0 };
        let objections = self.objections(topic.no);
        let mut objectors = BTreeMap::new();
        for objection in &objections {
            let voter = self.person(objection.author).and_then(|person| electorate.voter_of(self, &person));
            if let Some(voter) = voter {
                objectors.entry(voter).or_insert(objection.at);
            }
        }
        let mut turned = 0;
        self.scan(&Key::new(kind::BALLOT).num(poll.no.0), |ballot: Ballot| {
            let was_against = electorate.voter(ballot.voter).is_some_and(|voter| {
                let has_objected = objectors.get(&voter.no).is_some_and(|at| *at < ballot.at);
                has_objected || self.voted_against(topic.no, voter, poll.no)
            });
            turned += u32::from(ballot.choice == Some(Choice::For) && was_against);
            true
        });
        turned
    }

    /// Whether a household has voted against by then, in a poll or vote that counts: what was 作废 or sent back counts for nothing.
    fn voted_against(&self, topic: TopicNo, voter: &Voter, until: PollNo) -> bool {
        let polls: BTreeSet<PollNo> = self.get(&against_key(topic, voter)).unwrap_or_default();
        polls.into_iter().any(|no| no <= until && self.poll(no).is_some_and(|poll| !poll.is_void))
    }

    /// The vote by the process that was held on a roll and carried.
    fn last_vote(&self, topic: &Topic) -> Option<Poll> {
        let last = topic.last_poll.and_then(|no| self.poll(no));
        last.filter(carried)
    }

    /// Whether those who turned are households, not people: as they voted, else as they would.
    pub(crate) fn is_of_households(&self, topic: &Topic) -> bool {
        let voted = self.last_vote(topic).and_then(|poll| self.electorate(&poll));
        voted.map_or_else(
            || self.roll(topic.no).is_some_and(|roll| roll.rooms > 0),
            |electorate| electorate.is_of_households(),
        )
    }
}

/// 新增成果 — what a closing adds to what the closings before it had brought, kind by kind: of a topic that is closed again only what
/// is more counts, so that months add up to the year and no thing is counted twice.
#[must_use]
pub fn added(closures: &[Closure], seq: u64) -> Vec<Outcome> {
    let mut known: BTreeMap<OutcomeKind, u32> = BTreeMap::new();
    for closure in closures {
        let mut sums: BTreeMap<OutcomeKind, u32> = BTreeMap::new();
        for one in &closure.outcomes {
            *sums.entry(one.kind).or_insert(0) += one.n;
        }
        let mut more = Vec::new();
        for (kind, n) in sums {
            let before = known.entry(kind).or_insert(0);
            if n > *before {
                more.push(Outcome { kind, n: n - *before });
                *before = n;
            }
        }
        if closure.seq == seq {
            return more;
        }
    }
    Vec::new()
}

/// Whether it is a vote by the process that was held on a roll and carried.
fn carried(poll: &Poll) -> bool {
    let has_passed = poll.result.as_ref().is_some_and(|result| result.passed == Some(true));
    poll.is_formal && poll.voters.is_some() && !poll.is_void && has_passed
}

/// 成果 for people: 化解矛盾1件，民生工程1处.
#[must_use]
pub fn listed(outcomes: &[Outcome], note: &Words) -> Value {
    if outcomes.is_empty() {
        return Value::Part(Box::new(say!("outcome.none", text = note)));
    }
    let row = |outcome: &Outcome| {
        let (what, unit) = (outcome.kind.term().to_owned(), format!("{}.unit", outcome.kind.term()));
        say!("outcome.row", what = Value::Term(what), n = outcome.n, u = Value::Term(unit))
    };
    Value::Commas(outcomes.iter().map(row).collect())
}

/// “，2户由反对转为赞成”, or nothing.
#[must_use]
pub fn turned(account: &Account) -> Say {
    let unit = if account.by_household { "unit.household" } else { "unit.person" };
    match account.turned {
        0 => say!("none"),
        n => say!("close.turned", n = n, u = Value::Term(unit.to_owned())),
    }
}
