//! 常来的人 — where somebody can be reached: whether they write to us in private, and in which groups they speak. Nobody is written to
//! in private who has not begun it. It lies in their [`Trail`], which is written with whatever they do.

use crate::domain::kernel::ids::{GroupId, PersonId};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::script::simplified_char;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::undoable::Undoable;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Groups that are remembered for one person.
const MOST_GROUPS: usize = 16;

impl World<'_> {
    /// Whether somebody has written to us in private.
    #[must_use]
    pub fn confides(&self, person: PersonId) -> bool {
        self.trail(person).confides
    }

    /// Whether somebody has ever written to us or in a group of ours: whoever only came by a page has not.
    #[must_use]
    pub fn writes_here(&self, person: PersonId) -> bool {
        let trail = self.trail(person);
        trail.confides || !trail.speaks_in.is_empty()
    }

    /// Whether somebody speaks in a group.
    #[must_use]
    pub fn speaks_in(&self, person: PersonId, group: GroupId) -> bool {
        self.trail(person).speaks_in.contains(&group)
    }
}

/// What a group speaks where nothing else was said.
const USUAL_LANGUAGE: &str = "zh";

/// 语言 — what is known of the language somebody speaks; nobody of whom nothing is known has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spoken {
    /// Who.
    pub person: PersonId,
    /// What they chose.
    pub chosen: Option<String>,
    /// Whether they were ever heard in a group of another language than the usual one.
    pub elsewhere: bool,
}

impl Entity for Spoken {
    fn key(&self) -> Key {
        language_key(self.person)
    }
}

/// Key of what is known of somebody's language.
pub(crate) fn language_key(person: PersonId) -> Key {
    Key::new(kind::LANGUAGE).num(person.0)
}

/// Notes that somebody was heard in a group, where that says something of their language.
pub(crate) fn hear_language(world: &mut World<'_>, person: PersonId, group: GroupId) {
    if world.group(group).is_some_and(|group| group.language != USUAL_LANGUAGE) {
        let known = world.spoken(person);
        if !known.elsewhere {
            world.put(&Spoken { elsewhere: true, ..known });
        }
    }
}

impl World<'_> {
    /// What is known of somebody's language.
    pub(crate) fn spoken(&self, person: PersonId) -> Spoken {
        self.get(&language_key(person)).unwrap_or(Spoken { person, chosen: None, elsewhere: false })
    }

    /// 语言 — in which somebody is written to in private, by its code: the one they chose, else, for whoever holds no office, the one of
    /// all the groups they speak in. `None` where nothing says so.
    #[must_use]
    pub fn language_of(&self, person: PersonId) -> Option<String> {
        let known = self.spoken(person);
        if known.chosen.is_some() || !known.elsewhere {
            return known.chosen;
        }
        // Who has an office speaks in many groups and hears of all: the office's language, unless they choose.
        self.person(person).filter(|known| known.grants.is_empty())?;
        let mut spoken = self.trail(person).speaks_in.into_iter().filter_map(|group| self.group(group));
        let first = spoken.next()?.language;
        spoken.all(|group| group.language == first).then_some(first)
    }
}

/// Somebody was heard, in private or in a group; whether that is new.
pub(crate) fn hear(trail: &mut Trail, way: Way, group: Option<GroupId>) -> bool {
    match (way, group) {
        (Way::Private, _) => !std::mem::replace(&mut trail.confides, true),
        (Way::Group | Way::Press, Some(group)) => speak(trail, group),
        (Way::Group | Way::Press, None) | (Way::Page | Way::Clock | Way::Platform | Way::Office, _) => false,
    }
}

/// Adds a group, which pushes out the one that was heard of longest ago; whether it is new.
pub(super) fn speak(trail: &mut Trail, group: GroupId) -> bool {
    if trail.speaks_in.contains(&group) {
        return false;
    }
    trail.speaks_in.push(group);
    let surplus = trail.speaks_in.len().saturating_sub(MOST_GROUPS);
    trail.speaks_in.drain(..surplus);
    true
}

/// Traces kept for one person.
const LONGEST: usize = 64;
/// How long they are all kept: whatever asks for more than the last few looks back two minutes, or ten. What is longer ago is still taken
/// back, and found by its deed then.
const KEPT_SECONDS: i64 = 3_600;
/// The last few of what is longer ago: a row that is read and written with whatever somebody does does not grow with what they have done.
const OLDER: usize = 8;

/// Within this long the same text about the same thing is one (commands.md §9.2).
pub(in crate::domain) const SAME_TEXT_SECONDS: i64 = 600;

/// One thing a person did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trace {
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// Record.
    pub seq: u64,
    /// What 撤回 would take back; `None` for what cannot be taken back.
    pub what: Option<Undoable>,
    /// Fingerprint of what the text was about and its words; 0 where there was none.
    pub fingerprint: u64,
}

/// The last few things a person did, newest last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trail {
    /// Whose.
    pub person: PersonId,
    /// Newest last.
    pub traces: Vec<Trace>,
    /// Topics asked for (点单), that stand.
    pub topics: u32,
    /// Suggestions of one's own that stand.
    pub suggestions: u32,
    /// Seconds that stand.
    pub seconds: u32,
    /// Whether they ever wrote to us in private.
    pub confides: bool,
    /// Groups they speak in, the latest last.
    pub speaks_in: Vec<GroupId>,
}

impl Entity for Trail {
    fn key(&self) -> Key {
        Key::new(kind::TRAIL).num(self.person.0)
    }
}

impl Trail {
    /// Adds what was done last.
    pub fn leave(&mut self, trace: Trace) {
        self.traces.push(trace);
        self.let_go();
    }

    /// Lets go of what is not kept beside the newest.
    fn let_go(&mut self) {
        let Some(newest) = self.traces.last().map(|trace| trace.at) else { return };
        let is_older = |trace: &&Trace| (newest - trace.at).num_seconds() > KEPT_SECONDS;
        let older = self.traces.iter().take_while(is_older).count();
        let surplus = older.saturating_sub(OLDER).max(self.traces.len().saturating_sub(LONGEST));
        self.traces.drain(..surplus);
    }
}

/// What makes no other sentence of one: blanks, what nobody sees, and the marks it ends with or is parted by.
fn says_nothing(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '。' | '!' | ',' | ';' | '、' | '…' | '~')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}')
}

/// A fingerprint of a text about something; width, case, script, blanks and marks apart: FNV-1a, stable across versions and machines.
#[must_use]
pub fn fingerprint(about: &str, text: &str) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut feed = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    about.bytes().for_each(&mut feed);
    feed(0);
    let mut utf8 = [0; 4];
    let alike = text.trim_end_matches(['.', '．']).nfkc().flat_map(char::to_lowercase).map(simplified_char);
    for c in alike.filter(|c| !says_nothing(*c)) {
        c.encode_utf8(&mut utf8).bytes().for_each(&mut feed);
    }
    hash.max(1)
}

impl World<'_> {
    /// What a person did lately, newest last.
    #[must_use]
    pub fn trail(&self, person: PersonId) -> Trail {
        self.get(&Key::new(kind::TRAIL).num(person.0)).unwrap_or(Trail {
            person,
            traces: Vec::new(),
            topics: 0,
            suggestions: 0,
            seconds: 0,
            confides: false,
            speaks_in: Vec::new(),
        })
    }

    /// Adds to what a person did.
    pub fn leave_trace(&mut self, person: PersonId, trace: Trace) {
        let mut trail = self.trail(person);
        trail.leave(trace);
        self.put(&trail);
    }

    /// What one did is the other's from now on, in the order it was done.
    pub fn hand_over_trail(&mut self, from: PersonId, into: PersonId) {
        let (other, mut own) = (self.trail(from), self.trail(into));
        own.traces.extend(other.traces);
        own.traces.sort_by_key(|trace| (trace.at, trace.seq));
        own.let_go();
        own.topics += other.topics;
        own.suggestions += other.suggestions;
        own.seconds += other.seconds;
        own.confides |= other.confides;
        for group in other.speaks_in {
            self::speak(&mut own, group);
        }
        self.remove(Key::new(kind::TRAIL).num(from.0));
        self.put(&own);
    }

    /// Changes a person's own figures.
    pub fn change_own(&mut self, person: PersonId, change: impl FnOnce(&mut Trail)) {
        let mut trail = self.trail(person);
        change(&mut trail);
        self.put(&trail);
    }

    /// What the same person already said in the same words about the same thing within the last ten minutes.
    #[must_use]
    pub fn said_already(&self, person: PersonId, fingerprint: u64, now: DateTime<Utc>) -> Option<Undoable> {
        let trail = self.trail(person);
        let fresh = |trace: &&Trace| (now - trace.at).num_seconds() < SAME_TEXT_SECONDS;
        trail
            .traces
            .iter()
            .rev()
            .filter(fresh)
            .find(|trace| trace.fingerprint == fingerprint)
            .and_then(|trace| trace.what)
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, OLDER, Trace, Trail};
    use crate::domain::kernel::ids::PersonId;
    use chrono::{DateTime, Duration};

    fn trail(minutes_apart: i64, n: u64) -> Trail {
        let mut trail = Trail {
            person: PersonId(1),
            traces: Vec::new(),
            topics: 0,
            suggestions: 0,
            seconds: 0,
            confides: false,
            speaks_in: Vec::new(),
        };
        for seq in 0..n {
            let at = DateTime::UNIX_EPOCH + Duration::minutes(minutes_apart * i64::try_from(seq).unwrap());
            trail.leave(Trace { at, seq, what: None, fingerprint: 0 });
        }
        trail
    }

    #[test]
    fn the_last_hour_is_kept_and_of_what_lies_before_it_the_last_few() {
        for (apart, n, want) in
            [(1, 30, 30), (0, 500, LONGEST), (1, 500, LONGEST), (10, 500, 7 + OLDER), (1_440, 500, 1 + OLDER)]
        {
            let trail = trail(apart, n);
            assert_eq!(trail.traces.len(), want, "{n} things {apart} minutes apart");
            assert_eq!(trail.traces.last().map(|trace| trace.seq), Some(n - 1));
            assert!(trail.traces.is_sorted_by_key(|trace| trace.seq));
        }
    }
}
