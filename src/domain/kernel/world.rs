//! 世界 — everything that is known, as `decide` reads it and `evolve` writes it.
//!
//! A [`World`] is a [`Shelf`] (the working store below) with the turns of the present batch laid over it. Every entity is one
//! key; keys are a kind byte and big-endian numbers, so that a prefix is a list in order. Nothing here knows sled.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// The store a world stands on: bytes by key, in order of key.
///
/// A shelf that cannot be read answers as if empty and remembers it: the loop asks it before anything is acknowledged.
pub trait Shelf {
    /// The value of a key.
    fn read(&self, key: &[u8]) -> Option<Arc<[u8]>>;
    /// Visits all keys with this prefix that are ≥ `from`, in order, until `visit` answers false.
    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut dyn FnMut(&[u8], &[u8]) -> bool);
}

/// A shelf with nothing on it.
pub struct Bare;

impl Shelf for Bare {
    fn read(&self, _key: &[u8]) -> Option<Arc<[u8]>> {
        None
    }

    fn scan(&self, _prefix: &[u8], _from: &[u8], _visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) {}
}

/// What is laid over a shelf: a value, or `None` for a key taken away.
pub type Overlay = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Whether something of a kind is written or taken away in what is laid over a shelf.
#[must_use]
pub fn is_written(overlay: &Overlay, kind: u8) -> bool {
    let prefix = [kind];
    let from = (Bound::Included(prefix.as_slice()), Bound::Unbounded);
    overlay.range::<[u8], _>(from).next().is_some_and(|(key, _)| key.starts_with(&prefix))
}

/// The first byte of every key: what kind of thing it names. One place, so that no two kinds share a byte.
pub mod kind {
    #![allow(missing_docs, reason = "the names are the nouns of the domain, documented there")]
    pub const COUNTERS: u8 = b'c';
    pub const TOPIC: u8 = b't';
    pub const LIVE_TOPIC: u8 = b'h';
    pub const SUGGESTION: u8 = b's';
    pub const REPLY: u8 = b'r';
    pub const LIKE: u8 = b'l';
    pub const SECOND: u8 = b'o';
    pub const INVITATION: u8 = b'I';
    pub const SPEAKER: u8 = b'A';
    pub const GROUP: u8 = b'g';
    pub const GROUP_BY_CHAT: u8 = b'G';
    pub const PERSON: u8 = b'p';
    pub const PERSON_BY_ACCOUNT: u8 = b'a';
    pub const PERSON_BY_NAME: u8 = b'n';
    pub const ROLE_HOLDER: u8 = b'H';
    pub const STATION: u8 = b'S';
    pub const SLIP: u8 = b'w';
    pub const PENDING_SLIP: u8 = 0xD2;
    pub const GATHERING: u8 = b'e';
    pub const GATHERING_OF: u8 = 0xD3;
    pub const SIGN_UP: u8 = b'j';
    pub const ATTENDANCE: u8 = b'i';
    pub const MINUTES: u8 = b'm';
    pub const POLL: u8 = b'P';
    pub const POLL_OF: u8 = 0xD4;
    pub const OPEN_POLL: u8 = b'Q';
    pub const BALLOT: u8 = b'b';
    pub const TURNOUT: u8 = b'T';
    pub const POLL_TERMS: u8 = 0x80;
    pub const POLL_PLAN: u8 = 0x81;
    pub const POLL_STANDING: u8 = 0x82;
    pub const DEADLINE: u8 = 0xD5;
    pub const UNTIL_ALL: u8 = 0xD6;
    pub const ROLL: u8 = b'R';
    pub const VOTER: u8 = b'v';
    pub const VOTER_BY_ROOM: u8 = b'x';
    pub const VOTER_BY_NAME: u8 = b'y';
    pub const BRIEF: u8 = b'B';
    pub const DEED: u8 = b'd';
    pub const TRAIL: u8 = b'f';
    pub const DUE: u8 = b'q';
    pub const DIGEST: u8 = b'D';
    pub const DIGEST_STATE: u8 = b'E';
    pub const SENDING: u8 = b'N';
    pub const LATE: u8 = b'k';
    pub const FIRST_ENTERED: u8 = 0xA4;
    pub const JUDGED: u8 = 0xA5;
    pub const SPOKE: u8 = 0xA6;
    pub const ACTIVE: u8 = 0xA7;
    pub const PERIOD: u8 = 0xA8;
    pub const CLAIM: u8 = b'C';
    pub const OPEN_CLAIM: u8 = b'O';
    pub const CLAIM_BY_PERSON: u8 = b'z';
    pub const PASS: u8 = b'K';
    pub const NEWCOMER_DEED: u8 = b'u';
    pub const PLAN: u8 = b'L';
    pub const NOTICE: u8 = b'M';
    pub const OBJECTION: u8 = b'J';
    pub const PRESENCE: u8 = b'F';
    pub const REVIEW: u8 = b'V';
    pub const PACT: u8 = b'U';
    pub const TASK: u8 = b'W';
    pub const TASK_BY_TOPIC: u8 = b'X';
    pub const HANDOVER: u8 = 0x90;
    pub const MERGED: u8 = 0x91;
    pub const FORMER_CLOSURE: u8 = 0x94;
    pub const CLOSURE: u8 = b'Y';
    pub const AGAINST: u8 = b'Z';
    pub const ADOPTION: u8 = b'1';
    pub const ABSENCE: u8 = 0x85;
    pub const MANDATE: u8 = 0x86;
    pub const MANDATE_TOLD: u8 = 0xCC;
    pub const AWAY: u8 = 0x89;
    pub const NUDGE: u8 = 0x87;
    pub const NUDGED: u8 = 0x88;
    pub const CREDIT: u8 = 0x95;
    pub const DUTY: u8 = 0x96;
    pub const DUTY_COUNT: u8 = 0x97;
    pub const TIER: u8 = 0x9A;
    pub const YEAR_PLAN: u8 = 0x9B;
    pub const CAMPAIGN: u8 = 0x9C;
    pub const CAMPAIGN_ITEM: u8 = 0x9D;
    pub const CHARITY: u8 = 0x9E;
    pub const CATEGORY: u8 = 0x98;
    pub const PROPOSAL: u8 = 0x8A;
    pub const BRIEF_BY: u8 = 0x8B;
    pub const WAITING_BRIEF: u8 = 0x8C;
    pub const INSTRUCTION: u8 = 0x8D;
    pub const ABSORPTION: u8 = 0x8E;
    pub const COVERAGE: u8 = 0x8F;
    pub const EXPORT: u8 = 0x9F;
    pub const SERIES: u8 = 0xA0;
    pub const REMINDER: u8 = 0xA1;
    pub const KEPT_VOTER: u8 = 0xA2;
    pub const PERSON_BY_LOOK: u8 = 0xB0;
    pub const PERSON_PAST: u8 = 0xB1;
    pub const HIDDEN: u8 = 0xB2;
    pub const TOWN: u8 = 0xC0;
    pub const TOWNS_KEPT: u8 = 0xC1;
    pub const CLOCK: u8 = 0xB7;
    pub const PAPER_OF: u8 = 0xC2;
    pub const EXPORT_BY: u8 = 0xC3;
    pub const RECUSAL: u8 = 0xB6;
    pub const RECUSED_BY: u8 = 0xBA;
    pub const PAPER: u8 = 0xB8;
    pub const EXCEPTION: u8 = 0xB9;
    pub const ERASURE: u8 = 0xA9;
    pub const ACCOUNT: u8 = 0xC8;
    pub const ACCOUNT_OF: u8 = 0xC9;
    pub const JOINING: u8 = 0xCA;
    pub const CUT: u8 = 0xCB;
    pub const PARTED: u8 = 0xCD;
    pub const LOST: u8 = 0xCE;
    pub const PRINCIPAL: u8 = 0xCF;
    pub const TAKEN: u8 = 0xD1;
    pub const UNLINKED: u8 = 0xDE;
    pub const OWNED: u8 = 0xE6;
    pub const CODE_SHEET: u8 = 0xE7;
    pub const CODE_SHEET_BY: u8 = 0xE8;
    pub const SHEET_CODE: u8 = 0xE9;
    pub const NOT_THERE: u8 = 0xEA;
    pub const LANGUAGE: u8 = 0xEE;
    pub const SPEAKER_BY_SIDE: u8 = 0xEF;
    pub const TOLD: u8 = 0xEB;
    pub const SPLIT: u8 = 0xED;
    pub const SPLIT_OF: u8 = 0xEC;
    pub const TURN: u8 = 0xBB;
    /// Keys from here on belong to the loop (seen deliveries, letters waiting): not made by `evolve`, not compared with a rebuild.
    pub const OPERATIONAL: u8 = 0xF0;
}

/// Builds a key: kind byte, then parts.
#[derive(Debug, Clone)]
pub struct Key(Vec<u8>);

impl Key {
    /// A key of this kind.
    #[must_use]
    pub fn new(kind: u8) -> Self {
        Self(vec![kind])
    }

    /// A key as it was read from the store.
    #[must_use]
    pub fn raw(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The same key as the part of another kind: what is noted beside a row.
    #[must_use]
    pub fn under(self, kind: u8) -> Self {
        let mut key = vec![kind];
        key.extend(self.0);
        Self(key)
    }

    /// Adds a number.
    #[must_use]
    pub fn num(mut self, n: u32) -> Self {
        self.0.extend_from_slice(&n.to_be_bytes());
        self
    }

    /// Adds a long number.
    #[must_use]
    pub fn long(mut self, n: u64) -> Self {
        self.0.extend_from_slice(&n.to_be_bytes());
        self
    }

    /// Adds a byte.
    #[must_use]
    pub fn byte(mut self, n: u8) -> Self {
        self.0.push(n);
        self
    }

    /// Adds text, ended by a zero byte so that no text is the beginning of another.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.0.extend(text.bytes().filter(|byte| *byte != 0));
        self.0.push(0);
        self
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes, owned.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Something the world keeps under a key.
pub trait Entity: Serialize + DeserializeOwned {
    /// Its key.
    fn key(&self) -> Key;
}

/// What a tentative write replaced: `before` is `None` where nothing lay over the shelf.
struct Replaced {
    key: Vec<u8>,
    before: Option<Option<Vec<u8>>>,
}

/// Everything that is known: a shelf with the present batch over it.
pub struct World<'s> {
    shelf: &'s dyn Shelf,
    overlay: Overlay,
    /// What each tentative write replaced, so that it can be taken back; empty when nothing is tentative.
    undo: Vec<Replaced>,
    is_tentative: bool,
    broken: Cell<bool>,
    /// Bytes of what was laid over the shelf since it was set up.
    weight: usize,
}

/// What a row takes in memory beside its key and its value (bytes).
const ROW: usize = 96;

impl<'s> World<'s> {
    /// A world on a shelf, with nothing over it.
    #[must_use]
    pub fn on(shelf: &'s dyn Shelf) -> Self {
        Self::over(shelf, Overlay::new())
    }

    /// A world on a shelf, with something over it already.
    #[must_use]
    pub fn over(shelf: &'s dyn Shelf, overlay: Overlay) -> Self {
        Self { shelf, overlay, undo: Vec::new(), is_tentative: false, broken: Cell::new(false), weight: 0 }
    }

    /// Whether a stored value could not be read back: the store is damaged and must be rebuilt.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken.get()
    }

    /// From here on writes are tentative, until [`World::take_back`].
    pub fn try_out(&mut self) {
        self.undo.clear();
        self.is_tentative = true;
    }

    /// What was tried out is taken back.
    pub fn take_back(&mut self) {
        self.is_tentative = false;
        while let Some(Replaced { key, before }) = self.undo.pop() {
            match before {
                Some(before) => self.overlay.insert(key, before),
                None => self.overlay.remove(&key),
            };
        }
    }

    /// Whether something of a kind was written or taken away since the shelf.
    #[must_use]
    pub fn is_written(&self, kind: u8) -> bool {
        is_written(&self.overlay, kind)
    }

    /// About how many bytes of memory take what was laid over the shelf since the world was set up.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.weight
    }

    /// Ends the world and hands over what is laid over the shelf.
    #[must_use]
    pub fn into_overlay(self) -> Overlay {
        self.overlay
    }

    fn decode<E: DeserializeOwned>(&self, bytes: &[u8]) -> Option<E> {
        let decoded = postcard::from_bytes(bytes);
        if decoded.is_err() {
            self.broken.set(true);
        }
        decoded.ok()
    }

    /// Reads a value.
    #[must_use]
    pub fn get<E: DeserializeOwned>(&self, key: &Key) -> Option<E> {
        match self.overlay.get(key.bytes()) {
            Some(over) => over.as_deref().and_then(|bytes| self.decode(bytes)),
            None => self.shelf.read(key.bytes()).and_then(|bytes| self.decode(&bytes)),
        }
    }

    /// Whether a key exists.
    #[must_use]
    pub fn has(&self, key: &Key) -> bool {
        match self.overlay.get(key.bytes()) {
            Some(over) => over.is_some(),
            None => self.shelf.read(key.bytes()).is_some(),
        }
    }

    fn write(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        if self.is_tentative {
            let before = self.overlay.insert(key.clone(), value);
            self.undo.push(Replaced { key, before });
        } else {
            let (place, new) = (ROW + key.len(), value.as_ref().map_or(0, Vec::len));
            let before = self.overlay.insert(key, value);
            let gone = before.map_or(0, |before| place + before.map_or(0, |value| value.len()));
            self.weight = (self.weight + place + new).saturating_sub(gone);
        }
    }

    /// Writes a value under a key.
    pub fn put_at<E: Serialize>(&mut self, key: Key, value: &E) {
        match postcard::to_allocvec(value) {
            Ok(bytes) => self.write(key.into_bytes(), Some(bytes)),
            Err(_) => self.broken.set(true),
        }
    }

    /// Writes an entity under its own key.
    pub fn put<E: Entity>(&mut self, entity: &E) {
        self.put_at(entity.key(), entity);
    }

    /// Takes a row up again that was laid over the shelf a moment ago: nothing is left of it, not even that it was taken away.
    pub fn lift(&mut self, key: &Key) {
        if let Some(before) = self.overlay.remove(key.bytes()) {
            self.weight = self.weight.saturating_sub(ROW + key.bytes().len() + before.map_or(0, |value| value.len()));
        }
    }

    /// Takes a key away.
    pub fn remove(&mut self, key: Key) {
        self.write(key.into_bytes(), None);
    }

    /// Visits the values under a prefix in order of key, until `visit` answers false.
    pub fn scan<E: DeserializeOwned>(&self, prefix: &Key, mut visit: impl FnMut(E) -> bool) {
        self.scan_from(prefix, prefix.bytes(), |_, value| visit(value));
    }

    /// Visits the values under a prefix from a key on, in order of key, until `visit` answers false.
    pub fn scan_from<E: DeserializeOwned>(&self, prefix: &Key, from: &[u8], mut visit: impl FnMut(&[u8], E) -> bool) {
        self.scan_bytes(prefix, from, &mut |key, value| match self.decode(value) {
            Some(entity) => visit(key, entity),
            None => true,
        });
    }

    /// The merge of shelf and overlay, in order of key.
    fn scan_bytes(&self, prefix: &Key, from: &[u8], visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) {
        let start = from.max(prefix.bytes()).to_vec();
        let mut over = self
            .overlay
            .range::<[u8], _>((Bound::Included(start.as_slice()), Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix.bytes()))
            .peekable();
        let mut going = true;
        self.shelf.scan(prefix.bytes(), &start, &mut |key, value| {
            while let Some((over_key, over_value)) = over.next_if(|(over_key, _)| over_key.as_slice() < key) {
                if let Some(bytes) = over_value {
                    going = visit(over_key, bytes);
                    if !going {
                        return false;
                    }
                }
            }
            going = match over.next_if(|(over_key, _)| over_key.as_slice() == key) {
                Some((_, None)) => true,
                Some((over_key, Some(bytes))) => visit(over_key, bytes),
                None => visit(key, value),
            };
            going
        });
        if !going {
            return;
        }
        for (over_key, over_value) in over {
            if let Some(bytes) = over_value
                && !visit(over_key, bytes)
            {
                return;
            }
        }
    }

    /// All values under a prefix, at most `limit`.
    #[must_use]
    pub fn list<E: DeserializeOwned>(&self, prefix: &Key, limit: usize) -> Vec<E> {
        let mut found = Vec::new();
        self.scan(prefix, |value| {
            found.push(value);
            found.len() < limit
        });
        found
    }

    /// Takes away every key under a prefix.
    pub fn remove_all(&mut self, prefix: &Key) {
        let mut keys = Vec::new();
        self.scan_bytes(prefix, prefix.bytes(), &mut |key, _| {
            keys.push(key.to_vec());
            true
        });
        for key in keys {
            self.write(key, None);
        }
    }
}

/// How many of each thing there are, and when the record began.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Counters {
    /// Last topic number.
    pub topics: u32,
    /// Last slip number.
    pub slips: u32,
    /// Last gathering number.
    pub gatherings: u32,
    /// Last brief number.
    pub briefs: u32,
    /// Last proposal number.
    pub proposals: u32,
    /// Last poll number.
    pub polls: u32,
    /// Last task number.
    pub tasks: u32,
    /// Last person number.
    pub people: u32,
    /// Last group number.
    pub groups: u32,
    /// Last station number.
    pub stations: u32,
    /// Last claim number.
    pub claims: u32,
    /// Last hiding number.
    pub hidings: u32,
    /// Last account number.
    pub accounts: u32,
    /// Messages turned away because they belong to petitions or courts (拦截); only the number is kept.
    pub intercepted: u32,
    /// Milliseconds since 1970 of the first record; 0 before it. Digests of windows that end before it are not made.
    pub first_at: i64,
}

impl Entity for Counters {
    fn key(&self) -> Key {
        Key::new(kind::COUNTERS)
    }
}

impl World<'_> {
    /// The counters.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.get(&Key::new(kind::COUNTERS)).unwrap_or_default()
    }

    /// Changes the counters.
    pub fn count(&mut self, change: impl FnOnce(&mut Counters)) {
        let mut counters = self.counters();
        change(&mut counters);
        self.put(&counters);
    }
}
