//! A bounded memory of the working store, for the committer alone: what turns read again and again (people, their accounts, rolls,
//! topics, polls, groups) without a walk through sled. Every write of the committer passes through here, so it never lies; rows that
//! others touch (letters, cards) are never remembered.

use crate::domain::world::{Overlay, Shelf, kind};
use crate::state::State;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Entries of one generation; two are kept.
const GENERATION: usize = 60_000;
/// Values longer than this are not kept: with it the memory stays under some 60 MB.
const LONGEST: usize = 512;

/// What is worth remembering: what is read by its key.
const REMEMBERED: [u8; 13] = [
    kind::COUNTERS,
    kind::TOPIC,
    kind::GROUP,
    kind::GROUP_BY_CHAT,
    kind::PERSON,
    kind::PERSON_BY_ACCOUNT,
    kind::ROLL,
    kind::VOTER,
    kind::VOTER_BY_NAME,
    kind::VOTER_BY_ROOM,
    kind::POLL,
    kind::TURNOUT,
    kind::TRAIL,
];

type Known = HashMap<Vec<u8>, Option<Arc<[u8]>>>;

/// Two generations of entries: when the young one is full it becomes the old one, and the old one is forgotten.
#[derive(Debug, Default)]
pub struct Memory {
    young: RefCell<Known>,
    old: RefCell<Known>,
}

impl Memory {
    fn recall(&self, key: &[u8]) -> Option<Option<Arc<[u8]>>> {
        if let Some(known) = self.young.borrow().get(key) {
            return Some(known.clone());
        }
        let known = self.old.borrow_mut().remove(key)?;
        self.learn(key.to_vec(), known.clone());
        Some(known)
    }

    fn learn(&self, key: Vec<u8>, value: Option<Arc<[u8]>>) {
        let mut young = self.young.borrow_mut();
        if young.len() >= GENERATION {
            *self.old.borrow_mut() = std::mem::take(&mut young);
        }
        young.insert(key, value);
    }

    fn forget(&self, key: &[u8]) {
        self.young.borrow_mut().remove(key);
        self.old.borrow_mut().remove(key);
    }

    /// What was just written to the store.
    pub fn written(&self, overlay: Overlay) {
        for (key, value) in overlay {
            if !is_remembered(&key) {
                continue;
            }
            self.forget(&key);
            match value {
                Some(value) if value.len() > LONGEST => {}
                value => self.learn(key, value.map(Arc::from)),
            }
        }
    }
}

fn is_remembered(key: &[u8]) -> bool {
    key.first().is_some_and(|first| REMEMBERED.contains(first))
}

/// The working store as the committer reads it.
pub struct Remembered<'s> {
    /// The store.
    pub state: &'s State,
    /// The memory of it.
    pub memory: &'s Memory,
}

impl Shelf for Remembered<'_> {
    fn read(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        if !is_remembered(key) {
            return self.state.read(key);
        }
        if let Some(known) = self.memory.recall(key) {
            return known;
        }
        let value = self.state.read(key);
        if value.as_ref().is_none_or(|value| value.len() <= LONGEST) {
            self.memory.learn(key.to_vec(), value.clone());
        }
        value
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) {
        self.state.scan(prefix, from, visit);
    }
}
