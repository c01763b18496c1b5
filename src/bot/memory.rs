//! A bounded memory of the working store, for the committer alone: what turns read again and again (people, their accounts, rolls,
//! topics, polls, groups) without a walk through sled. Every write of the committer passes through here, so it never lies; rows that
//! others touch (letters, cards) are never remembered.

use crate::domain::kernel::world::{Overlay, Shelf, kind};
use crate::state::{State, own};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Bytes of one generation; two are kept.
const GENERATION: usize = 24 << 20;
/// Values longer than this are not kept (bytes).
const LONGEST: usize = 512;
/// What an entry takes beside its key and its value (bytes): its place in the table, what the allocator adds to both.
const ENTRY: usize = 96;

/// What is worth remembering: what is read by its key.
const REMEMBERED: [u8; 20] = [
    kind::COUNTERS,
    kind::TOPIC,
    kind::GROUP,
    kind::GROUP_BY_CHAT,
    kind::PERSON,
    kind::ACCOUNT,
    kind::ROLL,
    kind::VOTER,
    kind::VOTER_BY_NAME,
    kind::VOTER_BY_ROOM,
    kind::POLL,
    kind::TURNOUT,
    kind::BALLOT,
    kind::TRAIL,
    kind::POLL_TERMS,
    kind::ABSENCE,
    kind::MANDATE,
    kind::ACTIVE,
    kind::AWAY,
    kind::POLL_PLAN,
];

type Known = HashMap<Vec<u8>, Option<Arc<[u8]>>>;

/// Deliveries remembered here; beyond it the store is asked each time.
const MOST_SEEN: usize = 1_000_000;

/// Which deliveries may have been seen: one that is not in here has not, and the store need not be asked.
#[derive(Debug, Default)]
pub struct SeenLately(Option<HashSet<u64>>);

impl SeenLately {
    /// Reads the deliveries the store remembers (two days of them).
    #[must_use]
    pub fn read(state: &State) -> Self {
        let (mut fingerprints, prefix) = (HashSet::new(), [own::SEEN]);
        state.scan(&prefix, &prefix, &mut |key, _| {
            fingerprints.insert(fingerprint(key.get(1..).unwrap_or_default()));
            fingerprints.len() <= MOST_SEEN
        });
        Self((fingerprints.len() <= MOST_SEEN).then_some(fingerprints))
    }

    /// Whether the store has to be asked.
    #[must_use]
    pub fn maybe(&self, delivery: &str) -> bool {
        self.0.as_ref().is_none_or(|fingerprints| fingerprints.contains(&fingerprint(delivery.as_bytes())))
    }

    /// A delivery was seen now.
    pub fn add(&mut self, delivery: &str) {
        if let Some(fingerprints) = &mut self.0 {
            fingerprints.insert(fingerprint(delivery.as_bytes()));
            if fingerprints.len() > MOST_SEEN {
                self.0 = None;
            }
        }
    }
}

/// The first 16 hex digits of a delivery's key: it is a hash already, and a chance likeness only costs a look into the store.
fn fingerprint(delivery: &[u8]) -> u64 {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map_or(0, u64::from);
    delivery.iter().take(16).fold(0, |fingerprint, byte| fingerprint << 4 | digit(byte))
}

/// Two generations of entries: when the young one is full it becomes the old one, and the old one is forgotten.
#[derive(Debug, Default)]
pub struct Memory {
    young: RefCell<Known>,
    /// Bytes the young generation takes.
    size: Cell<usize>,
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
        if self.size.get() >= GENERATION {
            *self.old.borrow_mut() = std::mem::take(&mut young);
            self.size.set(0);
        }
        let bytes = |value: &Option<Arc<[u8]>>| value.as_deref().map_or(0, <[u8]>::len);
        let (place, new) = (ENTRY + key.len(), bytes(&value));
        let gone = young.insert(key, value).map_or(0, |before| place + bytes(&before));
        self.size.set((self.size.get() + place + new).saturating_sub(gone));
    }

    /// What was just written to the store.
    pub fn written(&self, overlay: Overlay) {
        for (key, value) in overlay {
            if !is_remembered(&key) {
                continue;
            }
            // `learn` replaces what the young generation knows; the old one must not remember otherwise.
            if !self.old.borrow().is_empty() {
                self.old.borrow_mut().remove(&key);
            }
            match value {
                Some(value) if value.len() > LONGEST => drop(self.young.borrow_mut().remove(&key)),
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

#[cfg(test)]
mod tests {
    use super::{ENTRY, GENERATION, LONGEST, Memory, SeenLately};
    use crate::domain::kernel::world::{Key, Overlay, kind};
    use std::collections::HashSet;

    fn key(n: u32) -> Vec<u8> {
        Key::new(kind::PERSON).num(n).into_bytes()
    }

    #[test]
    fn what_was_written_last_is_remembered_whatever_generation_knew_it() {
        let memory = Memory::default();
        memory.written(Overlay::from([(key(1), Some(vec![1]))]));
        // Person 1 grows old.
        (2..=u32::try_from(GENERATION / ENTRY).unwrap()).for_each(|n| memory.learn(key(n), None));
        assert!(memory.old.borrow().contains_key(&key(1)), "it has grown old");
        memory.written(Overlay::from([(key(1), Some(vec![2]))]));
        assert_eq!(memory.recall(&key(1)).flatten().as_deref(), Some(&[2][..]));
        memory.written(Overlay::from([(key(1), None)]));
        assert_eq!(memory.recall(&key(1)), Some(None));
        memory.written(Overlay::from([(key(1), Some(vec![0; LONGEST + 1]))]));
        assert_eq!(memory.recall(&key(1)), None, "too long to keep: the store is asked");
    }

    #[test]
    fn a_generation_counts_every_entry_once() {
        let memory = Memory::default();
        for value in [vec![1], vec![2; 100], vec![]] {
            memory.written(Overlay::from([(key(1), Some(value.clone()))]));
            assert_eq!(memory.size.get(), ENTRY + key(1).len() + value.len());
        }
    }

    #[test]
    fn rows_that_others_touch_are_never_remembered() {
        let memory = Memory::default();
        memory.written(Overlay::from([(vec![crate::state::own::LETTER, 1], Some(vec![1]))]));
        assert_eq!(memory.recall(&[crate::state::own::LETTER, 1]), None);
    }

    #[test]
    fn a_delivery_that_was_added_is_looked_up_and_others_are_not() {
        let mut seen = SeenLately(Some(HashSet::new()));
        assert!(!seen.maybe("43950b501686176e34f60d42583e2370"));
        seen.add("43950b501686176e34f60d42583e2370");
        assert!(seen.maybe("43950b501686176e34f60d42583e2370"));
        assert!(!seen.maybe("43950b501686176f34f60d42583e2370"));
        assert!(SeenLately::default().maybe("anything"), "without a list the store is asked");
    }
}
