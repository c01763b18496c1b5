//! 名次 — the count of a poll with options, by integers alone: votes (单选, 多选), points (分配), instant runoff (排序).
//!
//! 即时决选: a ballot counts for the option it likes best of those still in; the option with fewest is out, until one has more than
//! half of the ballots that still name one that is in. A ballot that names none any more is exhausted (用尽). Options with equally few
//! are out together, and where all that are left have equally many they are first together (并列第一), as Robert's Rules redistribute
//! them in one step: neither chance nor the place on the card speaks for anybody, and a tie is told. Counts taken before that was so
//! broke ties by earlier rounds and then by the card; they stand as they were recorded.

use crate::domain::kernel::ids::PollNo;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::vote::poll::terms::{Marks, Method};
use serde::{Deserialize, Serialize};

/// An option with what it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Number of the option, from 1.
    pub option: u8,
    /// Votes or points; in a runoff those of the last round it was in.
    pub votes: u64,
}

/// One round of a runoff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// The options still in, in the order of the card.
    pub rows: Vec<Row>,
    /// Ballots that name none of them.
    pub exhausted: u64,
    /// Who is out after it; nobody after the last round.
    pub out: Option<u8>,
    /// Who is out together with that one, having equally few.
    #[serde(default)]
    pub also: Vec<u8>,
    /// Whether only the place on the card decided who was out; so in old counts only.
    pub by_place: bool,
}

/// 计票结果 of a poll with options. It stands for ever.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Every option, in order of the result.
    pub rows: Vec<Row>,
    /// The rounds of a runoff.
    pub rounds: Vec<Round>,
    /// 弃权 — ballots that marked none. Counts that are older do not have it.
    #[serde(default)]
    pub blank: Option<u64>,
}

impl World<'_> {
    /// The count of a poll with options, once closed.
    #[must_use]
    pub fn standing(&self, poll: PollNo) -> Option<Standing> {
        self.get(&standing_key(poll))
    }
}

/// Key of the count of a poll with options.
#[must_use]
pub fn standing_key(poll: PollNo) -> Key {
    Key::new(kind::POLL_STANDING).num(poll.0)
}

impl Round {
    /// All who are out after it, in the order of the card.
    #[must_use]
    pub fn gone(&self) -> Vec<u8> {
        self.out.iter().chain(&self.also).copied().collect()
    }

    /// What an option had in it.
    #[must_use]
    pub fn votes(&self, option: u8) -> Option<u64> {
        self.rows.iter().find(|row| row.option == option).map(|row| row.votes)
    }

    /// Whether all that are in it have equally many, and there are several: nothing parts them.
    #[must_use]
    pub fn is_level(&self) -> bool {
        self.rows.len() > 1 && self.rows.windows(2).all(|two| two[0].votes == two[1].votes)
    }
}

impl Standing {
    /// The options that came first: several where votes or points are equal, none without a vote.
    #[must_use]
    pub fn first(&self) -> Vec<u8> {
        if self.rows.first().is_none_or(|best| best.votes == 0) {
            return Vec::new();
        }
        let is_first = |row: &&Row| self.place(row) == 1;
        self.rows.iter().filter(is_first).map(|row| row.option).collect()
    }

    /// The place of an option: equal votes or points share one; in a runoff those that were out together, or level in the last round.
    #[must_use]
    pub fn place(&self, row: &Row) -> usize {
        let last = self.lasted(row.option);
        let is_before = |other: &&Row| {
            let theirs = self.lasted(other.option);
            theirs > last || (theirs == last && other.votes > row.votes)
        };
        1 + self.rows.iter().filter(is_before).count()
    }

    /// How many rounds an option was in; none where there are none.
    fn lasted(&self, option: u8) -> usize {
        self.rounds.iter().filter(|round| round.votes(option).is_some()).count()
    }

    /// Whether the place on the card decided anything.
    #[must_use]
    pub fn is_by_place(&self) -> bool {
        self.rounds.iter().any(|round| round.by_place)
    }
}

/// Counts ballots, in whatever order they come.
#[must_use]
pub fn count(method: Method, options: u8, ballots: &[Marks]) -> Standing {
    let standing = match method {
        Method::Ranked => runoff(options, ballots),
        Method::Single | Method::Multiple(_) | Method::Budget(_) => sums(options, ballots),
    };
    let blank = ballots.iter().filter(|ballot| ballot.0.is_empty()).count() as u64;
    Standing { blank: Some(blank), ..standing }
}

fn sums(options: u8, ballots: &[Marks]) -> Standing {
    let mut rows: Vec<Row> = (1..=options).map(|option| Row { option, votes: 0 }).collect();
    for mark in ballots.iter().flat_map(|ballot| &ballot.0) {
        if let Some(row) = rows.iter_mut().find(|row| row.option == mark.option) {
            row.votes += u64::from(mark.points);
        }
    }
    // The sort keeps the order of the card between equals.
    rows.sort_by_key(|row| std::cmp::Reverse(row.votes));
    Standing { rows, ..Standing::default() }
}

fn runoff(options: u8, ballots: &[Marks]) -> Standing {
    let mut within: Vec<u8> = (1..=options).collect();
    let (mut rounds, mut rows): (Vec<Round>, Vec<Row>) = (Vec::new(), Vec::new());
    loop {
        let mut round = one_round(&within, ballots);
        let votes: u64 = round.rows.iter().map(|row| row.votes).sum();
        let is_won = round.rows.iter().any(|row| row.votes * 2 > votes);
        if is_won || round.rows.len() <= 1 || round.is_level() {
            rounds.push(round);
            break;
        }
        let fewest = round.rows.iter().map(|row| row.votes).min().unwrap_or_default();
        let gone: Vec<Row> = round.rows.iter().filter(|row| row.votes == fewest).copied().collect();
        within.retain(|option| gone.iter().all(|row| row.option != *option));
        round.out = gone.first().map(|row| row.option);
        round.also = gone.iter().skip(1).map(|row| row.option).collect();
        rows.splice(0..0, gone);
        rounds.push(round);
    }
    let mut left = rounds.last().map(|round| round.rows.clone()).unwrap_or_default();
    // The sort keeps the order of the card between equals.
    left.sort_by_key(|row| std::cmp::Reverse(row.votes));
    rows.splice(0..0, left);
    if rows.first().is_none_or(|best| best.votes == 0) {
        rounds.clear();
    }
    Standing { rows, rounds, blank: None }
}

fn one_round(within: &[u8], ballots: &[Marks]) -> Round {
    let mut rows: Vec<Row> = within.iter().map(|&option| Row { option, votes: 0 }).collect();
    let mut exhausted = 0;
    for ballot in ballots {
        let best = ballot.0.iter().find(|mark| within.contains(&mark.option));
        match best.and_then(|mark| rows.iter_mut().find(|row| row.option == mark.option)) {
            Some(row) => row.votes += 1,
            None => exhausted += 1,
        }
    }
    Round { rows, exhausted, out: None, also: Vec::new(), by_place: false }
}
