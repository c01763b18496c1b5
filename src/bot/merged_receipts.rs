//! 合并回执 — in a busy group the sixth receipt within a minute, and those after it, wait for the minute to end and become one message
//! (commands.md §4.14). What waits lies in the working store with everything else; refusals never wait.

use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::{Key, World};
use crate::say;
use crate::state::own;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};

/// Receipts a group gets one by one within a minute.
const ONE_BY_ONE: usize = 5;
/// Receipts named in one merged message; more are counted in the next.
const MOST_NAMED: usize = 100;

/// Receipts of a group that wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Group.
    pub group: GroupId,
    /// When they are said.
    pub until: DateTime<Utc>,
    /// Numbers of new suggestions.
    suggestions: Vec<Value>,
    /// Households that voted.
    ballots: Vec<Value>,
    /// Likes and seconds: only the last count of each is said.
    counts: Vec<(Value, Say)>,
}

impl Held {
    /// Key of what waits for a group.
    #[must_use]
    pub fn key(group: GroupId) -> Key {
        Key::new(own::HELD).num(group.0)
    }

    /// All that waits.
    #[must_use]
    pub fn all(world: &World<'_>) -> Vec<Self> {
        world.list(&Key::new(own::HELD), 10_000)
    }

    /// What is said in the end, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<Say> {
        let mut lines = Vec::new();
        if !self.suggestions.is_empty() {
            lines.push(say!("sug.many", refs = Value::List(self.suggestions.clone())));
        }
        if !self.ballots.is_empty() {
            lines.push(say!("ballot.many", hhs = Value::List(self.ballots.clone())));
        }
        lines.extend(self.counts.iter().map(|(_, say)| say.clone()));
        lines
    }

    /// Takes back what waits to be said about the same thing as a receipt that does not wait.
    fn outrun(world: &mut World<'_>, group: GroupId, receipt: &Say) {
        let Some(mut held) = world.get::<Self>(&Self::key(group)) else { return };
        let about = argument(receipt, "no");
        held.counts.retain(|(known, _)| Some(known) != about.as_ref());
        world.put_at(Self::key(group), &held);
    }

    /// Adds a receipt; false if there is no room for its name.
    fn add(&mut self, receipt: &Say) -> bool {
        let arg = |name: &str| argument(receipt, name);
        match receipt.key.as_str() {
            "sug" => arg("ref").is_some_and(|reference| push(&mut self.suggestions, reference)),
            "ballot" | "ballot.chg" | "ballot.of" | "ballot.chg.of" => {
                arg("hh").is_some_and(|household| push(&mut self.ballots, household))
            }
            "like" | "second" => {
                let Some(about) = arg("ref").or_else(|| arg("no")) else { return false };
                self.counts.retain(|(known, _)| *known != about);
                self.counts.push((about, receipt.clone()));
                true
            }
            _ => false,
        }
    }
}

fn argument(receipt: &Say, name: &str) -> Option<Value> {
    receipt.args.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

fn push(list: &mut Vec<Value>, value: Value) -> bool {
    if list.contains(&value) {
        return true;
    }
    if list.len() >= MOST_NAMED {
        return false;
    }
    list.push(value);
    true
}

/// How many receipts each group got lately.
#[derive(Debug, Default)]
pub struct Receipts {
    lately: HashMap<GroupId, VecDeque<DateTime<Utc>>>,
}

impl Receipts {
    /// Whether this receipt waits; if so it is written down.
    pub fn holds(&mut self, world: &mut World<'_>, group: GroupId, receipt: &Say, now: DateTime<Utc>) -> bool {
        if receipt.key == "second.hot" {
            // It is said at once: a smaller number must not follow it.
            Held::outrun(world, group, receipt);
        }
        let may_wait = ["sug", "ballot", "ballot.chg", "ballot.of", "ballot.chg.of", "like", "second"];
        if !may_wait.contains(&receipt.key.as_str()) {
            return false;
        }
        let lately = self.lately.entry(group).or_default();
        while lately.front().is_some_and(|&at| now - at >= Duration::seconds(60)) {
            lately.pop_front();
        }
        let waiting = world.get::<Held>(&Held::key(group));
        if waiting.is_none() && lately.len() < ONE_BY_ONE {
            lately.push_back(now);
            return false;
        }
        let until = lately.front().copied().unwrap_or(now) + Duration::seconds(60);
        let mut held = waiting.unwrap_or(Held {
            group,
            until: until.max(now),
            suggestions: Vec::new(),
            ballots: Vec::new(),
            counts: Vec::new(),
        });
        let is_held = held.add(receipt);
        if is_held {
            world.put_at(Held::key(group), &held);
        }
        is_held
    }
}
