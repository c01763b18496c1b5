//! What waits for the bot: updates, kept until they are confirmed, and given again until then.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// Kinds that are left out unless they are asked for.
const ONLY_IF_ASKED: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];
/// Updates that can be delivered again on command.
const REMEMBERED: usize = 20_000;

#[derive(Clone, Debug)]
pub struct Update {
    pub id: i64,
    /// As sent, byte for byte.
    pub body: Arc<[u8]>,
    pub at: DateTime<Utc>,
    /// A press: it goes stale.
    pub query: bool,
}

pub struct Queue {
    pub next: i64,
    pub waiting: VecDeque<Update>,
    /// Every update there was, for delivering it again.
    old: VecDeque<Update>,
    /// To be delivered again in the next answers, confirmed or not.
    pub again: Vec<(Update, u32)>,
    allowed: Option<BTreeSet<String>>,
    /// Updates that went stale before they were confirmed.
    pub lost: Vec<i64>,
    life: TimeDelta,
    pub query_life: TimeDelta,
    /// Nothing goes stale before: a long queue is not looked through at every call.
    fresh_until: DateTime<Utc>,
    /// The number of the newest getUpdates: an older one that still waits is terminated.
    pub newest_poll: u64,
    /// How many calls of getUpdates wait for an update.
    pub polls: usize,
}

impl Queue {
    pub fn new(query_life: TimeDelta) -> Queue {
        Queue {
            next: 100_000_001,
            waiting: VecDeque::new(),
            old: VecDeque::new(),
            again: Vec::new(),
            allowed: None,
            lost: Vec::new(),
            life: TimeDelta::hours(24),
            query_life,
            fresh_until: DateTime::<Utc>::MAX_UTC,
            newest_poll: 0,
            polls: 0,
        }
    }

    pub fn allows(&self, kind: &str) -> bool {
        match &self.allowed {
            Some(kinds) => kinds.contains(kind),
            None => !ONLY_IF_ASKED.contains(&kind),
        }
    }

    /// An empty list goes back to the default.
    pub fn allow(&mut self, kinds: &[String]) {
        self.allowed = (!kinds.is_empty()).then(|| kinds.iter().cloned().collect());
    }

    pub fn allowed(&self) -> Option<Vec<String>> {
        self.allowed.as_ref().map(|kinds| kinds.iter().cloned().collect())
    }

    /// The number is given here and written into the body by the caller.
    pub fn push(&mut self, now: DateTime<Utc>, query: bool, body: impl FnOnce(i64) -> Vec<u8>) -> i64 {
        let id = self.next;
        self.next += 1;
        let update = Update { id, body: body(id).into(), at: now, query };
        self.fresh_until = self.fresh_until.min(now + self.life_of(query));
        self.waiting.push_back(update.clone());
        self.old.push_back(update);
        if self.old.len() > REMEMBERED {
            self.old.pop_front();
        }
        id
    }

    pub fn redeliver(&mut self, id: i64, times: u32) {
        let found = self.old.iter().find(|update| update.id == id);
        let Some(found) = found else { panic!("there was no update {id}") };
        self.again.push((found.clone(), times));
    }

    fn life_of(&self, query: bool) -> TimeDelta {
        if query { self.query_life } else { self.life }
    }

    /// Drops what nobody fetched in time.
    pub fn expire(&mut self, now: DateTime<Utc>) {
        if now <= self.fresh_until {
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        self.fresh_until = DateTime::<Utc>::MAX_UTC;
        for update in waiting {
            let until = update.at + self.life_of(update.query);
            if now > until {
                self.lost.push(update.id);
            } else {
                self.fresh_until = self.fresh_until.min(until);
                self.waiting.push_back(update);
            }
        }
    }

    /// The bot has it.
    pub fn confirm(&mut self, id: i64) {
        if let Some(at) = self.waiting.iter().position(|update| update.id == id) {
            self.waiting.remove(at);
        }
    }

    /// What getUpdates answers now: confirms what lies before the offset, gives what is left.
    pub fn batch(&mut self, now: DateTime<Utc>, offset: i64, limit: usize) -> Vec<Arc<[u8]>> {
        self.expire(now);
        if offset > 0 {
            while self.waiting.front().is_some_and(|update| update.id < offset) {
                self.waiting.pop_front();
            }
        } else if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let drop = self.waiting.len().saturating_sub(keep);
            self.waiting.drain(..drop);
        }
        let mut given: Vec<Arc<[u8]>> = Vec::new();
        for (update, times) in &mut self.again {
            *times -= 1;
            given.push(update.body.clone());
        }
        self.again.retain(|(_, times)| *times > 0);
        let room = limit.saturating_sub(given.len());
        given.extend(self.waiting.iter().take(room).map(|update| update.body.clone()));
        given
    }
}
