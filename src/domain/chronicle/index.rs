//! 台账的索引 — which records have lines, by moment and by topic, and to what each belongs. Numbers only: the words stay in the ledger.

use super::{Archive, Entry, Line, Of, Row, entry};
use crate::domain::brief::Subject;
use crate::domain::event::{Event, Record};
use crate::domain::history::export::{Export, MAX_LINES};
use crate::domain::intake::slip::Fate;
use crate::domain::kernel::ids::{GatheringNo, PersonId, TopicNo};
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::undoable::Undoable;
use crate::domain::process::hiding::Shown;
use crate::domain::vote::poll::Fact;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One fact of a record that has a line, and what was true of it when it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Which of its facts.
    pub fact: u32,
    /// The topic it belongs to.
    pub topic: Option<TopicNo>,
    /// Whose town it is of, where it belongs to no topic.
    pub person: Option<PersonId>,
    /// 代办 — who had the task that somebody else acted on.
    pub instead_of: Option<PersonId>,
    /// The round of the topic.
    pub round: u32,
}

/// The lines of one record: its number and its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Record.
    pub seq: u64,
    /// Which of its facts.
    pub facts: Vec<u32>,
}

fn by_moment(at: DateTime<Utc>) -> Key {
    Key::new(kind::TOLD).byte(0).long(u64::try_from(at.timestamp_millis()).unwrap_or(0))
}

fn by_topic(topic: TopicNo) -> Key {
    Key::new(kind::TOLD).byte(1).num(topic.0)
}

fn joined_key(from: PersonId) -> Key {
    Key::new(kind::TOLD).byte(2).num(from.0)
}

/// What of a topic a record tells: its number, and of each fact whether everybody may read it.
type OfTopic = (u64, Vec<(u32, bool)>);

impl World<'_> {
    /// Notes which facts of a record have lines, once they are part of the world.
    pub(in crate::domain) fn note_told(&mut self, record: &Record) {
        let mut placed: Vec<Placed> = Vec::new();
        let mut of_topics: Vec<(TopicNo, Vec<(u32, bool)>)> = Vec::new();
        for (fact, event) in (0..).zip(&record.facts) {
            let Entry::Row(row) = entry(event) else { continue };
            if is_told_beside(record, event) {
                continue;
            }
            let place = self.placed(fact, &row, record);
            for topic in place.topic.into_iter().chain(row.also.iter().copied()) {
                match of_topics.iter_mut().find(|(known, _)| *known == topic) {
                    Some((_, facts)) => facts.push((fact, row.open)),
                    None => of_topics.push((topic, vec![(fact, row.open)])),
                }
            }
            placed.push(place);
        }
        if !placed.is_empty() {
            self.put_at(by_moment(record.at).long(record.seq), &placed);
        }
        for (topic, facts) in of_topics {
            self.put_at(by_topic(topic).long(record.seq), &(record.seq, facts));
        }
    }

    /// What a newcomer did is another's from now on.
    pub(in crate::domain) fn note_joined(&mut self, from: PersonId, into: PersonId) {
        self.put_at(joined_key(from), &into);
    }

    /// The newcomer is somebody of their own again.
    pub(in crate::domain) fn note_parted(&mut self, newcomer: PersonId) {
        self.remove(joined_key(newcomer));
    }

    /// Whoever somebody has turned out to be.
    pub(super) fn known_as(&self, person: PersonId) -> PersonId {
        /// Nobody is joined to more, one after the other.
        const MOST: usize = 16;
        let mut known = person;
        for _ in 0..MOST {
            match self.get(&joined_key(known)) {
                Some(into) => known = into,
                None => break,
            }
        }
        known
    }

    fn placed(&self, fact: u32, row: &Row<'_>, record: &Record) -> Placed {
        let (topic, person) = self.belongs(row.of);
        let instead_of = match (row.of, record.by) {
            (Of::Task(no), Some(by)) => self.in_whose_place(no, by).filter(|_| is_done_for_a_unit(row.what)),
            _ => None,
        };
        let round = topic.and_then(|no| self.topic(no)).map_or(0, |topic| topic.round);
        Placed { fact, topic, person, instead_of, round }
    }

    /// The topic something belongs to; else whose it is.
    fn belongs(&self, of: Of) -> (Option<TopicNo>, Option<PersonId>) {
        let of_gathering = |no: GatheringNo| self.gathering(no).and_then(|gathering| gathering.topic);
        let topic = match of {
            Of::Topic(no) => Some(no),
            Of::Task(no) => self.task(no).map(|task| task.topic),
            Of::Gathering(no) => of_gathering(no),
            Of::Series(no) => self.series(no).and_then(|series| series.topic),
            Of::Poll(no) => self.poll(no).map(|poll| poll.topic),
            Of::Slip(no) => self.slip(no).and_then(|slip| match slip.fate {
                Fate::Accepted(topic) => Some(topic),
                Fate::Pending | Fate::Rejected(_) | Fate::Referred(..) => None,
            }),
            Of::Charity(no) => self.charity(no).and_then(|charity| charity.topic),
            Of::Shown(shown) => self.topic_of(shown),
            Of::Hiding(no) => self.hiding(no).and_then(|hiding| hiding.topic),
            Of::Subject(Subject::Topic(no)) => Some(no),
            Of::Subject(Subject::Suggestion(at)) => Some(at.topic),
            Of::Subject(Subject::Info(_) | Subject::Proposal(_)) | Of::District => None,
            Of::Undone(what) => match what {
                Undoable::Topic(no) | Undoable::Second(no) | Undoable::Absence(no, _) | Undoable::Mandate(no, _) => {
                    Some(no)
                }
                Undoable::Suggestion(at) | Undoable::Reply(at, _) | Undoable::Like(at) => Some(at.topic),
                Undoable::Objection(at) => Some(at.topic),
                Undoable::SignUp(no, _) => of_gathering(no),
                Undoable::Brief(_) | Undoable::Proposal(_) => None,
                Undoable::Duty(person, _) => return (None, Some(person)),
            },
            Of::Person(person) => return (None, Some(person)),
        };
        (topic, None)
    }

    fn topic_of(&self, shown: Shown) -> Option<TopicNo> {
        match shown {
            Shown::Topic(no)
            | Shown::Plan(no, _)
            | Shown::Pact(no, _)
            | Shown::Review(no, ..)
            | Shown::Closure(no)
            | Shown::Halt(no) => Some(no),
            Shown::Suggestion(at) | Shown::Reply(at, _) => Some(at.topic),
            Shown::Objection(at) | Shown::Answer(at) => Some(at.topic),
            Shown::Poll(no) | Shown::Reasons(no) => self.poll(no).map(|poll| poll.topic),
            Shown::Task(no) => self.task(no).map(|task| task.topic),
            Shown::Gathering(no) | Shown::Minutes(no) | Shown::SignUp(no, _) => {
                self.gathering(no).and_then(|gathering| gathering.topic)
            }
            Shown::Person(_) | Shown::Station(_) | Shown::Slip(_) | Shown::Brief(_) | Shown::Proposal(_) => None,
        }
    }

    /// What of a topic is in the history, oldest first: all of it, or what everybody may read.
    #[must_use]
    pub fn told_of(&self, topic: TopicNo, is_open: bool) -> Vec<Told> {
        let mut found = Vec::new();
        self.scan(&by_topic(topic), |(seq, facts): OfTopic| {
            let facts: Vec<u32> =
                facts.into_iter().filter(|(_, open)| *open || !is_open).map(|(fact, _)| fact).collect();
            if !facts.is_empty() {
                found.push(Told { seq, facts });
            }
            true
        });
        found
    }

    /// What is told in an export, and at most one record more than it may hold.
    #[must_use]
    pub fn exported(&self, export: &Export) -> Vec<Told> {
        if let Some(topic) = export.topic {
            return self.told_of(topic, false);
        }
        let (mut found, mut n) = (Vec::new(), 0);
        let all = Key::new(kind::TOLD).byte(0);
        let until = by_moment(export.to);
        self.scan_from(&all, by_moment(export.from).bytes(), |key, placed: Vec<Placed>| {
            let is_inside = key < until.bytes();
            let facts: Vec<u32> = match is_inside {
                true => placed.iter().filter(|one| self.is_exported(export, one)).map(|one| one.fact).collect(),
                false => Vec::new(),
            };
            if !facts.is_empty() {
                n += facts.len();
                found.push(Told { seq: number_at_end(key), facts });
            }
            is_inside && n <= MAX_LINES
        });
        found.sort_by_key(|told: &Told| told.seq);
        found
    }

    fn is_exported(&self, export: &Export, one: &Placed) -> bool {
        if export.towns.is_empty() {
            return true;
        }
        let town = match (one.topic, one.person) {
            (Some(no), _) => self.topic(no).map(|topic| topic.town),
            (None, Some(person)) => self.person(person).map(|person| person.town),
            (None, None) => None,
        };
        town.is_some_and(|town| export.towns.contains(&town))
    }

    /// The lines of an export, in order.
    #[must_use]
    pub fn export_lines(&self, export: &Export, archive: &dyn Archive) -> Vec<Line> {
        self.lines_told(&self.exported(export), archive, true)
    }

    /// The lines of these records, which are in the order of the ledger, as they are; for the office, or (false) for everybody.
    #[must_use]
    pub fn lines_told(&self, told: &[Told], archive: &dyn Archive, is_inside: bool) -> Vec<Line> {
        let numbers: Vec<u64> = told.iter().map(|one| one.seq).collect();
        let mut lines = Vec::new();
        archive.records(&numbers, &mut |record| {
            let found = told.binary_search_by_key(&record.seq, |one| one.seq);
            let Some(one) = found.ok().and_then(|at| told.get(at)) else { return };
            let placed: Vec<Placed> = self.get(&by_moment(record.at).long(record.seq)).unwrap_or_default();
            for place in placed.iter().filter(|place| one.facts.contains(&place.fact)) {
                let Some(event) = usize::try_from(place.fact).ok().and_then(|at| record.facts.get(at)) else {
                    continue;
                };
                if let Entry::Row(row) = entry(event) {
                    lines.push(self.told_line(record, place, &row, is_inside));
                }
            }
        });
        lines
    }
}

/// 作废 — of a vote that was called off the fact with the reason has the line.
fn is_told_beside(record: &Record, event: &Event) -> bool {
    let Event::PollVoided { poll } = event else { return false };
    let is_it = |fact: &Event| matches!(fact, Event::Poll(Fact::Withdrawn { poll: Some(no), .. }) if no == poll);
    record.facts.iter().any(is_it)
}

/// Acts of whoever has a task in hand, which somebody else may do in their place.
fn is_done_for_a_unit(what: &str) -> bool {
    ["deed.acked", "deed.worked", "deed.done", "deed.returned", "deed.delayed"].contains(&what)
}

/// The number a key ends with.
fn number_at_end(key: &[u8]) -> u64 {
    key.last_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// How many lines there are.
#[must_use]
pub fn count(told: &[Told]) -> usize {
    told.iter().map(|one| one.facts.len()).sum()
}
