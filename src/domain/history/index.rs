//! What the figures of a window must find without reading the whole record: when a topic first entered a step, which judgement of a
//! suggestion stands, when somebody first spoke, who was active in which group.

use crate::domain::history::deed::{Deed, What};
use crate::domain::history::period::Window;
use crate::domain::kernel::ids::{GatheringNo, GroupId, PersonId, TopicNo};
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::process::form::Step;
use crate::domain::talk::gathering::{Attendance, attendance_key};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Activity is noted by the quarter of an hour: every local midnight begins one.
const QUARTER_SECONDS: i64 = 15 * 60;

/// 活起来 — people who must have been active in a group; more are not noted in one quarter of an hour.
pub const LIVELY: usize = 3;

fn entered_prefix(topic: TopicNo) -> Key {
    Key::new(kind::FIRST_ENTERED).num(topic.0)
}

fn judged_prefix(topic: TopicNo) -> Key {
    Key::new(kind::JUDGED).num(topic.0)
}

fn spoke_prefix(person: PersonId) -> Key {
    Key::new(kind::SPOKE).num(person.0)
}

fn quarter(at: DateTime<Utc>) -> u32 {
    u32::try_from(at.timestamp().div_euclid(QUARTER_SECONDS)).unwrap_or(0)
}

fn active_key(group: GroupId, quarter: u32) -> Key {
    Key::new(kind::ACTIVE).num(group.0).num(quarter)
}

/// Something somebody said, as found by who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Spoken {
    seq: u64,
    what: What,
}

/// 采纳 — by which record, and whether it was adopted, in full or in part.
pub type Judgements = Vec<(u64, bool)>;

impl World<'_> {
    /// Notes a deed where it will be looked for.
    pub(in crate::domain) fn index_deed(&mut self, deed: &Deed) {
        match (deed.what, deed.topic, deed.by) {
            (What::Entered(step), Some(topic), _) => {
                let key = entered_prefix(topic).byte(step as u8);
                if !self.has(&key) {
                    self.put_at(key, &(step, deed.seq));
                }
            }
            (What::Judged(suggestion, adopted), ..) => {
                let key = judged_prefix(suggestion.topic).num(suggestion.n);
                let mut all = self.get::<(u32, Judgements)>(&key).map(|(_, all)| all).unwrap_or_default();
                all.push((deed.seq, adopted));
                self.put_at(key, &(suggestion.n, all));
            }
            (What::Suggested(_) | What::Replied(..) | What::Objected(_), _, Some(by)) => {
                let spoken = Spoken { seq: deed.seq, what: deed.what };
                self.put_at(spoke_prefix(by).long(deed.seq), &spoken);
            }
            _ => {}
        }
    }

    /// Somebody did something in a group.
    pub(in crate::domain) fn note_activity(&mut self, group: GroupId, by: PersonId, at: DateTime<Utc>) {
        let key = active_key(group, quarter(at));
        let mut people: Vec<PersonId> = self.get(&key).unwrap_or_default();
        if people.len() < LIVELY && !people.contains(&by) {
            people.push(by);
            self.put_at(key, &people);
        }
    }

    /// What one person said and did, in the groups they speak in, is another's from now on.
    pub(in crate::domain) fn hand_over_index(&mut self, from: PersonId, into: PersonId, groups: &[GroupId]) {
        let spoken: Vec<Spoken> = self.list(&spoke_prefix(from), usize::MAX);
        for one in spoken {
            self.remove(spoke_prefix(from).long(one.seq));
            self.put_at(spoke_prefix(into).long(one.seq), &one);
        }
        let mut active = Vec::new();
        for group in groups {
            let quarters = Key::new(kind::ACTIVE).num(group.0);
            self.scan_from(&quarters, quarters.bytes(), |key, people: Vec<PersonId>| {
                if people.contains(&from) {
                    active.push((key.to_vec(), people));
                }
                true
            });
        }
        for (key, mut people) in active {
            people.retain(|&person| person != from && person != into);
            people.push(into);
            self.put_at(Key::raw(key), &people);
        }
    }

    /// The record by which a topic first entered each of its steps.
    #[must_use]
    pub fn first_entered(&self, topic: TopicNo) -> BTreeMap<Step, u64> {
        self.list::<(Step, u64)>(&entered_prefix(topic), Step::ALL.len()).into_iter().collect()
    }

    /// The judgements of each suggestion of a topic that was judged, in order; the last stands.
    #[must_use]
    pub fn judgements(&self, topic: TopicNo) -> BTreeMap<u32, Judgements> {
        self.list::<(u32, Judgements)>(&judged_prefix(topic), usize::MAX).into_iter().collect()
    }

    /// 首次发言 — the record of the first thing a person said that stands.
    #[must_use]
    pub fn first_word(&self, person: PersonId) -> Option<u64> {
        let mut first = None;
        self.scan(&spoke_prefix(person), |spoken: Spoken| {
            let stands = match spoken.what {
                What::Suggested(suggestion) => self.suggestion(suggestion).is_some(),
                What::Replied(to, n) => self.reply(to, n).is_some(),
                What::Objected(objection) => self.objection(objection).is_some(),
                _ => false,
            };
            if stands {
                first = Some(spoken.seq);
            }
            !stands
        });
        first
    }

    /// Who was signed in by one record.
    #[must_use]
    pub fn signed_in(&self, gathering: GatheringNo, seq: u64) -> Vec<PersonId> {
        let mut people = Vec::new();
        self.scan(&Key::new(kind::ATTENDANCE).num(gathering.0), |one: Attendance| {
            if one.seq == seq {
                people.push(one.person);
            }
            true
        });
        people
    }

    /// Whether somebody took part in a topic in another way than by the list of a gathering that no longer holds them: they were at
    /// another one, or answered, reviewed or drafted something.
    #[must_use]
    pub fn came_otherwise(&self, topic: TopicNo, person: PersonId, until: DateTime<Utc>) -> bool {
        let mut gatherings = (1..=self.counters().gatherings).map(GatheringNo);
        let is_of = |no: &GatheringNo| self.gathering(*no).is_some_and(|gathering| gathering.topic == Some(topic));
        if gatherings.any(|no| self.has(&attendance_key(no, person)) && is_of(&no)) {
            return true;
        }
        let Some(since) = self.topic(topic).map(|topic| topic.ordered_at) else { return false };
        let mut is_any = false;
        self.deeds(since, until, |deed| {
            let is_own = (deed.topic, deed.by) == (Some(topic), Some(person));
            is_any |= is_own && matches!(deed.what, What::Planned(_) | What::Answered(_) | What::Reviewed);
        });
        is_any
    }

    /// How many people were active in a group in a window, counted up to `most`.
    #[must_use]
    pub fn active_in(&self, group: GroupId, window: Window, most: usize) -> usize {
        let (mut people, until) = (BTreeSet::new(), quarter(window.to - chrono::Duration::milliseconds(1)));
        let prefix = Key::new(kind::ACTIVE).num(group.0);
        let start = active_key(group, quarter(window.from));
        self.scan_from(&prefix, start.bytes(), |key, some: Vec<PersonId>| {
            let is_inside = part(key, 5) <= until;
            if is_inside {
                people.extend(some);
            }
            is_inside && people.len() < most
        });
        people.len().min(most)
    }
}

/// A number inside a key.
fn part(key: &[u8], at: usize) -> u32 {
    key.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes)
}
