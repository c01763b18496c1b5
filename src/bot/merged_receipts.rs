//! 合并回执 — in a busy group the sixth receipt within a minute, and those after it, wait for the minute to end and become one message
//! (commands.md §4.14); so do answers to what changes nothing, where there are too many of them and who asked cannot be written to
//! in private. What waits lies in the working store with everything else. How a reply waits stands beside its words:
//! [`merging`](crate::language::merging).

use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::say::Say;
use crate::domain::kernel::world::{Key, World};
use crate::language::Catalog;
use crate::language::merging::{Merging, is_overtaken};
use crate::state::own;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};

/// Receipts a group gets one by one within a minute.
const ONE_BY_ONE: usize = 5;
/// Answers a group gets within a minute besides, to questions and to what is refused; with the receipts, their one message and what
/// must be said at once it is less than any platform takes.
const ANSWERS: usize = 8;
/// Refusals one person gets in a group within a minute.
const REFUSALS: usize = 3;
/// What waits for one group at most; beyond it, it is said at once.
const MOST_HELD: usize = 1_000;
/// People and groups whose last minute is remembered.
const MOST_KNOWN: usize = 20_000;

/// What waits for a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Group.
    pub group: GroupId,
    /// When it is said.
    pub until: DateTime<Utc>,
    /// What waits, in the order in which it happened.
    pub waiting: Vec<Say>,
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

    /// Puts it off until a moment, if there is room.
    pub fn add(catalog: &Catalog, world: &mut World<'_>, group: GroupId, say: &Say, until: DateTime<Utc>) -> bool {
        let known = world.get::<Self>(&Self::key(group));
        let mut held = known.unwrap_or_else(|| Self { group, until, waiting: Vec::new() });
        held.waiting.retain(|waiting| !is_overtaken(catalog, waiting, say));
        if held.waiting.len() >= MOST_HELD {
            return false;
        }
        held.waiting.push(say.clone());
        world.put_at(Self::key(group), &held);
        true
    }

    /// Takes back what waits to be said about the same thing as a receipt that does not wait.
    fn outrun(catalog: &Catalog, world: &mut World<'_>, group: GroupId, receipt: &Say) {
        let Some(mut held) = world.get::<Self>(&Self::key(group)) else { return };
        held.waiting.retain(|waiting| !is_overtaken(catalog, waiting, receipt));
        world.put_at(Self::key(group), &held);
    }
}

/// The moments of a minute at which something was said.
#[derive(Debug, Default)]
struct Minute(VecDeque<DateTime<Utc>>);

impl Minute {
    /// Whether so many were said in the minute before; if not, one more is. Else when the first of them is a minute old.
    fn take(&mut self, most: usize, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        while self.0.front().is_some_and(|&at| now - at >= Duration::seconds(60)) {
            self.0.pop_front();
        }
        if self.0.len() < most {
            self.0.push_back(now);
            return Ok(());
        }
        Err(self.end(now))
    }

    fn end(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        (self.0.front().copied().unwrap_or(now) + Duration::seconds(60)).max(now)
    }

    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.0.back().is_none_or(|&at| now - at >= Duration::seconds(60))
    }
}

/// What each group got lately.
#[derive(Debug, Default)]
pub struct Receipts {
    lately: HashMap<GroupId, Minute>,
    answers: HashMap<GroupId, Minute>,
    refusals: HashMap<(GroupId, String), Minute>,
}

impl Receipts {
    /// Whether this receipt waits; if so it is written down.
    pub fn holds(
        &mut self,
        catalog: &Catalog,
        world: &mut World<'_>,
        group: GroupId,
        receipt: &Say,
        now: DateTime<Utc>,
    ) -> bool {
        match catalog.merging(&receipt.key) {
            Merging::AtOnce(_) => return false,
            Merging::Outruns(_) => {
                // A smaller number must not follow it.
                Held::outrun(catalog, world, group, receipt);
                return false;
            }
            Merging::Itself | Merging::Last(_) | Merging::Listed { .. } | Merging::Rows { .. } => {}
        }
        let lately = self.lately.entry(group).or_default();
        let until = match world.has(&Held::key(group)) {
            // What happened later is not told before.
            true => lately.end(now),
            false => match lately.take(ONE_BY_ONE, now) {
                Ok(()) => return false,
                Err(until) => until,
            },
        };
        Held::add(catalog, world, group, receipt, until)
    }

    /// Whether an answer that changes nothing may still be given in a group; if not, until when it would wait there. `refused` = the
    /// account that is refused something.
    ///
    /// # Errors
    /// When the minute is over.
    pub fn may_answer(
        &mut self,
        group: GroupId,
        refused: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), DateTime<Utc>> {
        if let Some(account) = refused {
            if self.refusals.len() >= MOST_KNOWN {
                self.refusals.retain(|_, minute| !minute.is_over(now));
            }
            self.refusals.entry((group, account.to_owned())).or_default().take(REFUSALS, now)?;
        }
        self.answers.entry(group).or_default().take(ANSWERS, now)
    }
}
