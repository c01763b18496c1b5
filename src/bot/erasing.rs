//! 销毁 — carries out the erasures that were ordered, while nothing else has the folder: what is to go is found in the ledger, taken out
//! of the chat's own history and of the vault, and the working store is made anew from what is left. Killed at any point it begins
//! again at the next start: the order stands in the ledger until its `Done` does.

use super::letters::{Kept, Outgoing};
use super::start::{StartError, record_of};
use crate::domain::belongings::{Marks, Whose, whose};
use crate::domain::event::{Event, Record};
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::Shelf as _;
use crate::domain::people::erasure::Fact;
use crate::domain::people::namesake::is_dressed;
use crate::domain::talk::gathering::SignUpLine;
use crate::domain::vote::roll::RollRow;
use crate::ledger::{EraseError, FileLedger, Ledger as _, Mark, sealed_texts};
use crate::platform::Gone;
use crate::state::{State, StateError, own};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Shortest name that is looked for in what others said, and shortest text of somebody, in characters.
const SHORTEST_NAME: usize = 2;
const SHORTEST_TEXT: usize = 4;
/// So much of a text is looked for: digests quote no more.
const QUOTED: usize = 20;
/// A text so long is nobody else's.
const UNMISTAKABLE: usize = 8;
/// Texts named in one fact.
const MOST_TEXTS: usize = 10_000;

/// What one erasure takes away.
pub(super) struct Doomed {
    /// Whose.
    pub person: PersonId,
    /// By what it is known in texts and in the histories of platforms.
    pub gone: Gone,
    /// What others said in which it stands: erased first, while it is still known what to look for.
    others: Vec<Mark>,
    /// What is the person's own.
    own: Vec<Mark>,
}

impl Doomed {
    /// Finds in the ledger what is to be erased of somebody.
    pub fn of(ledger: &FileLedger, person: PersonId) -> Result<Self, StartError> {
        let people = people_of(ledger, person)?;
        let mut doomed = Self { person, gone: Gone::default(), others: Vec::new(), own: Vec::new() };
        let (mut registered, mut spoken, mut rows) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let mut said: BTreeMap<String, u64> = BTreeMap::new();
        let mut lines = Vec::new();
        read(ledger, |record, facts| {
            for (fact, texts) in facts {
                match whose(fact) {
                    own if is_of(&own, record, &people) => doomed.take(record.seq, fact, texts, &mut said),
                    Whose::Lines(some) => lines.extend(by_line(record.seq, some, texts)),
                    Whose::Of(_, marks) => {
                        let names = if marks.is_registered { &mut registered } else { &mut spoken };
                        names.extend(marks.names.iter().map(|name| name.as_str().to_owned()));
                    }
                    Whose::Roll(some) => rows.extend(some.iter().cloned()),
                    // What somebody else says or claims makes no name theirs.
                    Whose::Speaker | Whose::Said(_) | Whose::Claimed(_) | Whose::Nobody => {}
                }
            }
        })?;
        registered.extend(on_rolls(&rows, &doomed.gone));
        // A name that others who are registered bear as well is no mark of this person; what an account merely shows proves nothing.
        doomed.gone.names.retain(|name| !registered.contains(name));
        // 李德福2 — what an account merely shows with this name in it is the name, not another that happens to hold it.
        spoken.retain(|shown: &String| !doomed.gone.names.iter().any(|name| is_dressed(shown, name)));
        let is_longer =
            |other: &String| doomed.gone.names.iter().any(|name| other.contains(name.as_str()) && other != name);
        doomed.gone.spared = registered.into_iter().chain(spoken).filter(is_longer).collect();
        lines.retain(|line: &Line| line.is_of(&people, &doomed.gone));
        lines.iter().for_each(|line| doomed.take_line(line, &mut said));
        // Nor are a few words that others had said before.
        let own: BTreeSet<Mark> = doomed.own.iter().copied().collect();
        read(ledger, |record, facts| {
            for (_, texts) in facts.iter().filter(|(fact, _)| !is_own(record, fact, &people)) {
                let texts = texts.iter().filter(|(mark, _)| !own.contains(mark));
                let texts: Vec<String> = texts.filter_map(|(_, text)| text.as_deref().map(flat)).collect();
                said.retain(|part, seq| record.seq >= *seq || !texts.iter().any(|text| text.contains(part.as_str())));
            }
        })?;
        doomed.gone.texts.extend(said.into_keys());
        let mut others = Vec::new();
        read(ledger, |record, facts| {
            for (fact, texts) in facts.iter().filter(|(fact, _)| !is_own(record, fact, &people)) {
                let is_ballot = matches!(fact, Event::BallotCast { .. });
                let named = texts
                    .iter()
                    .filter(|(mark, _)| !is_ballot && !own.contains(mark))
                    .filter(|(_, text)| text.as_ref().is_some_and(|it| doomed.gone.is_in(it)));
                others.extend(named.map(|(mark, _)| *mark));
            }
        })?;
        doomed.others = others;
        Ok(doomed)
    }

    /// What is the person's own; `said` = words they were not necessarily the first to say, and in which record they did.
    fn take(&mut self, seq: u64, fact: &Event, texts: &[Sealed], said: &mut BTreeMap<String, u64>) {
        // Where nothing was written there is nothing to erase, and nothing that is said to have been.
        self.own.extend(texts.iter().filter(|(_, text)| text.as_deref() != Some("")).map(|(mark, _)| *mark));
        match whose(fact) {
            Whose::Of(_, marks) | Whose::Claimed(marks) => self.gone.known_by(&marks),
            Whose::Speaker | Whose::Said(_) => {
                // What they asked for is theirs, also where somebody wrote it down for them.
                let request = if let Event::TopicOrdered { title, .. } = fact { title.as_str() } else { "" };
                texts.iter().filter_map(|(_, text)| text.as_deref()).for_each(|text| self.gone.word(text));
                for part in texts.iter().filter_map(|(_, text)| text.as_deref()).flat_map(parts) {
                    self.say(part, seq, parts(request), said);
                }
            }
            Whose::Roll(_) | Whose::Lines(_) | Whose::Nobody => {}
        }
    }

    /// A line of 接龙: what stands on it beside the name was said by whoever it is about.
    fn take_line(&mut self, line: &Line, said: &mut BTreeMap<String, u64>) {
        let texts = line.texts.iter().filter(|(_, text)| text.as_deref() != Some(""));
        self.own.extend(texts.map(|(mark, _)| *mark));
        self.gone.word(line.line.note.as_str());
        for part in parts(line.line.note.as_str()) {
            self.say(part, line.seq, std::iter::empty(), said);
        }
    }

    /// Words of theirs: by themselves, or as long as nobody had said them before.
    fn say(
        &mut self,
        part: String,
        seq: u64,
        mut request: impl Iterator<Item = String>,
        said: &mut BTreeMap<String, u64>,
    ) {
        if request.any(|title| title == part) || part.chars().count() >= UNMISTAKABLE {
            self.gone.texts.insert(part);
        } else {
            said.entry(part).or_insert(seq);
        }
    }

    /// Takes it out of the vault.
    pub fn erase(&self, ledger: &mut FileLedger) -> Result<(), EraseError> {
        for marks in [&self.others, &self.own] {
            let done = ledger.erase(marks)?;
            tracing::info!(erased = done.erased, before = done.already, "texts were erased by law");
        }
        Ok(())
    }

    /// What the ledger says of it.
    pub fn done(&self) -> Vec<Event> {
        let marks = self.others.iter().chain(&self.own);
        let mut texts: Vec<(u64, u32)> =
            marks.map(|mark| (mark.seq, u32::try_from(mark.index).unwrap_or(u32::MAX))).collect();
        texts.sort_unstable();
        let person = self.person;
        if texts.is_empty() {
            return vec![Event::Erasure(Fact::Done { person, texts })];
        }
        texts.chunks(MOST_TEXTS).map(|some| Event::Erasure(Fact::Done { person, texts: some.to_vec() })).collect()
    }
}

impl Gone {
    fn known_by(&mut self, marks: &Marks<'_>) {
        marks.names.iter().for_each(|name| self.name(name.as_str()));
        marks.accounts.iter().for_each(|account| self.account(account.as_str()));
        let details = marks.details.iter().map(|detail| detail.as_str().to_owned());
        self.details.extend(details.filter(|detail| !detail.is_empty()));
    }

    fn name(&mut self, name: &str) {
        if name.chars().count() >= SHORTEST_NAME {
            self.names.insert(name.to_owned());
        }
    }

    /// How a text begins, and its first line, however short.
    fn word(&mut self, text: &str) {
        let first = text.trim().lines().next().unwrap_or_default();
        let all = [text, first].map(|text| flat(text).chars().take(QUOTED).collect::<String>());
        self.words.extend(all.into_iter().filter(|word| !word.is_empty()));
    }

    fn account(&mut self, account: &str) {
        if !account.is_empty() {
            self.accounts.insert(account.to_owned());
        }
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// By what a text is known where it is quoted: how it begins, and its first line, which is a title.
fn parts(text: &str) -> impl Iterator<Item = String> + use<> {
    let first = text.trim().lines().next().unwrap_or_default();
    let begins = |text: &str| flat(text).chars().take(QUOTED).collect::<String>();
    [begins(text), begins(first)].into_iter().filter(|part| part.chars().count() >= SHORTEST_TEXT)
}

/// Names of the person that stand on a roll beside flats of which none is theirs: others bear them.
fn on_rolls(rows: &[RollRow], gone: &Gone) -> BTreeSet<String> {
    let is_elsewhere = |row: &&RollRow| {
        let rooms = || row.rooms.iter().map(Words::as_str).filter(|room| !room.is_empty());
        let is_theirs = |room: &str| gone.details.iter().any(|own| own.ends_with(room) || room.ends_with(own.as_str()));
        !gone.details.is_empty() && rooms().next().is_some() && !rooms().any(is_theirs)
    };
    let names = rows.iter().filter(is_elsewhere).flat_map(|row| &row.names);
    names.map(|name| name.as_str().to_owned()).filter(|name| gone.names.contains(name)).collect()
}

/// The person, and the newcomers who turned out to be them.
fn people_of(ledger: &FileLedger, person: PersonId) -> Result<BTreeSet<PersonId>, StartError> {
    let mut joined = Vec::new();
    read(ledger, |_, facts| {
        for (fact, _) in facts {
            if let Event::PersonJoined { from, into } = fact {
                joined.push((*from, *into));
            }
        }
    })?;
    let mut people = BTreeSet::from([person]);
    for (from, into) in joined.into_iter().rev() {
        if people.contains(&into) {
            people.insert(from);
        }
    }
    Ok(people)
}

fn is_own(record: &Record, fact: &Event, people: &BTreeSet<PersonId>) -> bool {
    is_of(&whose(fact), record, people)
}

fn is_of(whose: &Whose<'_>, record: &Record, people: &BTreeSet<PersonId>) -> bool {
    let person = match whose {
        Whose::Speaker | Whose::Claimed(_) => record.by,
        Whose::Said(person) | Whose::Of(person, _) => Some(*person),
        Whose::Roll(_) | Whose::Lines(_) | Whose::Nobody => None,
    };
    person.is_some_and(|person| people.contains(&person))
}

/// A line of 接龙 with its texts.
struct Line {
    seq: u64,
    line: SignUpLine,
    texts: Vec<Sealed>,
}

impl Line {
    /// Of whoever put themselves on the list, or, where the list was pasted, of whoever is named.
    fn is_of(&self, people: &BTreeSet<PersonId>, gone: &Gone) -> bool {
        match self.line.person {
            Some(person) => people.contains(&person),
            None => gone.names.contains(self.line.name.as_str()),
        }
    }
}

/// Each line has two texts in a record, a name and a note.
fn by_line(seq: u64, lines: &[SignUpLine], texts: &[Sealed]) -> Vec<Line> {
    let pairs = lines.iter().zip(texts.chunks(2));
    pairs.map(|(line, texts)| Line { seq, line: line.clone(), texts: texts.to_vec() }).collect()
}

/// A sealed text with its place in the ledger; `None` = it is erased.
type Sealed = (Mark, Option<String>);
/// A fact, and its sealed texts.
type Told = (Event, Vec<Sealed>);

/// Reads the whole ledger, record by record.
fn read(ledger: &FileLedger, mut visit: impl FnMut(&Record, &[Told])) -> Result<(), StartError> {
    for entry in ledger.read_after(None)? {
        let entry = entry?;
        let (seq, mut index) = (entry.seq, 0);
        let facts = entry.body.get("facts").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut record = record_of(entry)?;
        let mut told = Vec::with_capacity(facts.len());
        for (fact, body) in std::mem::take(&mut record.facts).into_iter().zip(&facts) {
            let texts = sealed_texts(body).into_iter().map(|text| {
                let mark = Mark { seq, index };
                index += 1;
                (mark, text.map(str::to_owned))
            });
            let texts = texts.collect();
            told.push((fact, texts));
        }
        visit(&record, &told);
    }
    Ok(())
}

/// Texts that are gone from the vault although no record says that they were erased by law: they are lost.
///
/// # Errors
/// If the ledger cannot be read.
pub fn lost(ledger: &FileLedger) -> Result<Vec<(u64, u32)>, StartError> {
    let (mut gone, mut erased) = (Vec::new(), BTreeSet::new());
    read(ledger, |_, facts| {
        for (fact, texts) in facts {
            let missing = texts.iter().filter(|(_, text)| text.is_none());
            gone.extend(missing.map(|(mark, _)| (mark.seq, u32::try_from(mark.index).unwrap_or(u32::MAX))));
            if let Event::Erasure(Fact::Done { texts, .. }) = fact {
                erased.extend(texts.iter().copied());
            }
        }
    })?;
    gone.retain(|text| !erased.contains(text));
    Ok(gone)
}

/// What the loop itself keeps and no ledger gives back (letters waiting, cards, deliveries seen), without what is to be erased.
pub(super) fn kept(state: &State, gone: &Gone, mark: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    for kind in [own::SEEN, own::LETTER, own::CARD, own::HELD, own::HEARD, own::SENT, own::PAPER, own::HOUR] {
        state.scan(&[kind], &[kind], &mut |key, value| {
            let clean = match kind {
                own::LETTER => letter(value, gone, mark),
                own::PAPER => paper(value, gone, mark),
                _ if gone.is_in_bytes(key) || gone.is_in_bytes(value) => None,
                _ => Some(value.to_vec()),
            };
            rows.extend(clean.map(|value| (key.to_vec(), value)));
            true
        });
    }
    rows
}

/// A letter to somebody else goes out with a mark where the person stood in it; one to the person does not.
fn letter(row: &[u8], gone: &Gone, mark: &str) -> Option<Vec<u8>> {
    let mut letter: Outgoing = postcard::from_bytes(row).ok()?;
    if gone.accounts.contains(&letter.letter.chat) {
        return None;
    }
    letter.letter.text = gone.out_of(&letter.letter.text, mark);
    postcard::to_allocvec(&letter).ok()
}

fn paper(row: &[u8], gone: &Gone, mark: &str) -> Option<Vec<u8>> {
    let mut kept: Kept = postcard::from_bytes(row).ok()?;
    kept.text = gone.out_of(&kept.text, mark);
    postcard::to_allocvec(&kept).ok()
}

/// Puts back what was kept.
pub(super) fn put_back(state: &State, rows: &[(Vec<u8>, Vec<u8>)]) -> Result<(), StateError> {
    rows.iter().try_for_each(|(key, value)| state.note(key, value))?;
    state.flush()
}
