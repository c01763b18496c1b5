//! 名次 — the count of a poll with options, by integers alone: votes (单选, 多选), points (分配), instant runoff (排序).
//!
//! 即时决选: a ballot counts for the option it likes best of those still in; the option with fewest is out, until one has more than
//! half of the ballots that still name one that is in. A ballot that names none any more is exhausted (用尽). Between options with equally
//! few, the one that had fewer in the round before goes, then in the one before that, and so on; if they were equal from the start,
//! the one that stands later on the card. Nothing is left to chance, and the result says when the last rule was needed.

use crate::domain::kernel::ids::PollNo;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::vote::poll::terms::{Marks, Method};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

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
    /// Whether only the place on the card decided who was out.
    pub by_place: bool,
}

/// 计票结果 of a poll with options. It stands for ever.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Standing {
    /// Every option, in order of the result.
    pub rows: Vec<Row>,
    /// The rounds of a runoff.
    pub rounds: Vec<Round>,
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

    /// The place of an option: equal votes or points share one; in a runoff nobody does.
    #[must_use]
    pub fn place(&self, row: &Row) -> usize {
        let is_before = |other: &&Row| match self.rounds.is_empty() {
            true => other.votes > row.votes,
            false => other.option != row.option,
        };
        1 + self.rows.iter().take_while(is_before).count()
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
    match method {
        Method::Ranked => runoff(options, ballots),
        Method::Single | Method::Multiple(_) | Method::Budget(_) => sums(options, ballots),
    }
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
    Standing { rows, rounds: Vec::new() }
}

fn runoff(options: u8, ballots: &[Marks]) -> Standing {
    let mut within: Vec<u8> = (1..=options).collect();
    let (mut rounds, mut gone): (Vec<Round>, Vec<Row>) = (Vec::new(), Vec::new());
    loop {
        let mut round = one_round(&within, ballots);
        let votes: u64 = round.rows.iter().map(|row| row.votes).sum();
        let is_won = round.rows.iter().any(|row| row.votes * 2 > votes);
        if is_won || within.len() <= 1 || votes == 0 {
            rounds.push(round);
            break;
        }
        let (last, by_place) = weakest(&round, &rounds);
        round.out = Some(last.option);
        round.by_place = by_place;
        within.retain(|option| *option != last.option);
        gone.push(last);
        rounds.push(round);
    }
    let mut rows = rounds.last().map(|round| round.rows.clone()).unwrap_or_default();
    rows.sort_by(|one, other| stronger(*one, *other, &rounds));
    rows.extend(gone.into_iter().rev());
    if rows.first().is_none_or(|best| best.votes == 0) {
        rounds.clear();
    }
    Standing { rows, rounds }
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
    Round { rows, exhausted, out: None, by_place: false }
}

/// Who is out after a round, and whether only the place on the card said so.
fn weakest(round: &Round, before: &[Round]) -> (Row, bool) {
    let mut last = round.rows.first().copied().unwrap_or(Row { option: 0, votes: 0 });
    for row in round.rows.iter().skip(1) {
        if row.votes < last.votes || (row.votes == last.votes && by_history(*row, last, before) != Ordering::Less) {
            last = *row;
        }
    }
    let is_equal = |row: &&Row| row.votes == last.votes && by_history(**row, last, before) == Ordering::Equal;
    (last, round.rows.iter().filter(is_equal).count() > 1)
}

/// The better of two options comes first (`Less`): by the votes they have, by those of earlier rounds, by their place on the card.
fn stronger(one: Row, other: Row, rounds: &[Round]) -> Ordering {
    let now = other.votes.cmp(&one.votes);
    now.then_with(|| by_history(one, other, rounds)).then_with(|| one.option.cmp(&other.option))
}

/// The same by earlier rounds alone, the latest first.
fn by_history(one: Row, other: Row, rounds: &[Round]) -> Ordering {
    let votes =
        |round: &Round, option: u8| round.rows.iter().find(|row| row.option == option).map_or(0, |row| row.votes);
    let different = rounds.iter().rev().map(|round| votes(round, other.option).cmp(&votes(round, one.option)));
    different.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}
