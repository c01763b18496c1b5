//! 认 — an account says whose it is (/我是), and somebody who knows the person says whether that is so. Until then nothing follows
//! from it, and whoever asks learns nothing: neither whether there is such a person nor where they live.

use crate::domain::kernel::alarm::claim_key;
use crate::domain::kernel::ids::{ClaimNo, PersonId};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::account;
use crate::say;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Days a claim may be confirmed that does not say until when: those of old ledgers.
const DAYS: i64 = 7;

/// Claims of one account that are looked at.
const MOST_OF_ONE: usize = 10_000;

/// People of one name that are told apart for whoever confirms.
pub(crate) const MAX_ROWS: usize = 5;

/// What became of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// Nobody has said anything to it.
    Open,
    /// The account is this person's.
    Confirmed(PersonId),
    /// 不是.
    Refused,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Number.
    pub no: ClaimNo,
    /// The newcomer the account makes so far.
    pub by: PersonId,
    /// Account.
    pub account: Words,
    /// Name the platform shows.
    pub shown: Words,
    /// Name they say is theirs.
    pub name: Words,
    /// Flat, unit or sector they say is theirs; empty if none was said.
    pub place: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// When it is void unless somebody confirms it: from then on it is not kept.
    pub until: Option<DateTime<Utc>>,
    /// What became of it.
    pub fate: Fate,
}

impl Entity for Claim {
    fn key(&self) -> Key {
        Key::new(kind::CLAIM).num(self.no.0)
    }
}

impl Claim {
    /// Whether it may still be confirmed.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.fate == Fate::Open && now < self.end()
    }

    fn end(&self) -> DateTime<Utc> {
        self.until.unwrap_or(self.at + Duration::days(DAYS))
    }

    /// Days it may be confirmed, from the day it was made.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.end() - self.at).num_days()
    }

    pub(crate) fn place_after_blank(&self) -> String {
        let place = self.place.as_str();
        if place.is_empty() { String::new() } else { format!(" {place}") }
    }
}

fn open_key(no: ClaimNo) -> Key {
    Key::new(kind::OPEN_CLAIM).num(no.0)
}

fn own_key(person: PersonId, no: ClaimNo) -> Key {
    Key::new(kind::CLAIM_BY_PERSON).num(person.0).num(no.0)
}

impl World<'_> {
    /// A claim.
    #[must_use]
    pub fn claim(&self, no: ClaimNo) -> Option<Claim> {
        self.get(&Key::new(kind::CLAIM).num(no.0))
    }

    pub(crate) fn claims_of(&self, person: PersonId) -> Vec<Claim> {
        let numbers: Vec<ClaimNo> = self.list(&Key::new(kind::CLAIM_BY_PERSON).num(person.0), MOST_OF_ONE);
        numbers.into_iter().filter_map(|no| self.claim(no)).collect()
    }

    /// Both have, and it is waited.
    pub(crate) fn waits(&self, claim: ClaimNo, person: PersonId, until: DateTime<Utc>) -> Say {
        let (who, until) = (self.name_of(person), Value::Moment(until));
        match self.accounts_of(person).is_empty() {
            true => say!("claim.waits.lost", c = claim, who = who, until = until),
            false => say!("claim.waits", c = claim, who = who, until = until),
        }
    }

    pub(crate) fn open_claims(&self) -> Vec<Claim> {
        let numbers: Vec<ClaimNo> = self.list(&Key::new(kind::OPEN_CLAIM), usize::MAX);
        numbers.into_iter().filter_map(|no| self.claim(no)).collect()
    }
}

/// A claim as it is kept. Those of old ledgers that nobody settled in time are taken off the list of open ones: nothing waits for their
/// moment.
pub fn put(world: &mut World<'_>, claim: &Claim) {
    world.count(|counters| counters.claims = claim.no.0);
    for old in world.open_claims().into_iter().filter(|old| old.until.is_none() && !old.is_open(claim.at)) {
        world.remove(open_key(old.no));
        account::end_joining(world, old.no);
    }
    if let Some(until) = claim.until {
        world.put_at(claim_key(until, claim.no), &claim.no);
    }
    world.put_at(open_key(claim.no), &claim.no);
    world.put_at(own_key(claim.by, claim.no), &claim.no);
    world.put(claim);
}

/// It is out of the clock's sight: settled, or an account waits to be joined by it.
pub fn wait_no_longer(world: &mut World<'_>, no: ClaimNo) {
    if let Some(until) = world.claim(no).and_then(|claim| claim.until) {
        world.remove(claim_key(until, no));
    }
}

/// It is within the clock's sight again: too few have confirmed it.
pub fn wait_again(world: &mut World<'_>, no: ClaimNo) {
    if let Some(until) = world.claim(no).and_then(|claim| claim.until) {
        world.put_at(claim_key(until, no), &no);
    }
}

/// 作废 — nobody said anything to it in time: who somebody said they are is not kept.
pub fn lapse(world: &mut World<'_>, no: ClaimNo) {
    let Some(claim) = world.claim(no) else { return };
    close(world, no, None);
    world.remove(own_key(claim.by, no));
    world.remove(claim.key());
}

/// A claim is settled.
pub fn close(world: &mut World<'_>, no: ClaimNo, person: Option<PersonId>) {
    wait_no_longer(world, no);
    let Some(mut claim) = world.claim(no) else { return };
    claim.fate = person.map_or(Fate::Refused, Fate::Confirmed);
    world.put(&claim);
    world.remove(open_key(no));
    account::end_joining(world, no);
}

/// An account has become a person's: nothing else it claimed is asked any more.
pub fn close_all_of(world: &mut World<'_>, newcomer: PersonId, person: PersonId) {
    for claim in world.claims_of(newcomer).into_iter().filter(|claim| claim.fate == Fate::Open) {
        close(world, claim.no, Some(person));
    }
}

pub(crate) fn row(claim: &Claim) -> Say {
    let (c, name, at) = (claim.no, &claim.name, Value::Moment(claim.at));
    say!("claim.row", c = c, name = name, place = claim.place_after_blank(), shown = &claim.shown, at = at)
}
