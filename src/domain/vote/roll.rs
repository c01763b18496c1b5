//! 名册 — who may vote: owners with their flats and areas, or people by name.
//!
//! One buyer counts once however many flats (司法解释第九条：同一买受人拥有一个以上专有部分的，按一人计算), and areas add up. A flat with
//! several owners has one vote; who owns one flat alone and another with somebody else is not the same buyer, and those are two votes.
//! Two owners of the same name are told apart by a letter or number behind the name (王伟A, 王伟B).

use crate::domain::kernel::ids::{PollNo, TopicNo, VoterNo};
use crate::domain::kernel::place::{name_sign, place_key, same_place};
use crate::domain::kernel::say;
use crate::domain::kernel::text::proper_name;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::person::Person;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::tally;
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One line of a roll (名册).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollLine {
    /// Room number; empty where the roll is of people only.
    pub room: String,
    /// Owner or person.
    pub owner: String,
    /// Area in 0.01 m²; 0 where the roll is of people only.
    pub area: u64,
}

/// A pasted or attached list as it was read: every piece of it is in here, or was asked back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its lines; empty = show what is loaded.
    pub lines: Vec<RollLine>,
    /// What was known and not taken (columns, rows), said with the receipt.
    pub notes: Vec<say::Say>,
    /// What could be read in another way: it takes effect only when it was confirmed.
    pub doubts: Vec<say::Say>,
    /// Whether the speaker has said yes to what was in doubt.
    pub asked: bool,
}

/// One line of a roll as counted: one voter, however many flats and however many owners of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollRow {
    /// Number on this roll; it says nothing of the place on the list that was loaded.
    pub voter: VoterNo,
    /// Owners of the flats, or the person; more than one where a flat has several owners.
    pub names: Vec<Words>,
    /// Flats, in the order of the roll; empty where the roll is of people only.
    pub rooms: Vec<Words>,
    /// Area of all flats together, in 0.01 m².
    pub area: u64,
}

/// Lines of one roll.
pub const MAX_LINES: usize = 6_000;

/// Rolls looked through when somebody says who they are.
const MAX_ROLLS: usize = 2_000;

/// What is known of a roll as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// Voters, N.
    pub voters: u32,
    /// Flats.
    pub rooms: u32,
    /// Area, A, in 0.01 m².
    pub area: u64,
    /// When it was loaded: the numbers on it are those of the polls opened since, not of earlier ones.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub loaded: DateTime<Utc>,
}

/// 投票单位 — one voter of a roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voter {
    /// Topic.
    pub topic: TopicNo,
    /// Number on the roll.
    pub no: VoterNo,
    /// Owners.
    pub names: Vec<Words>,
    /// Flats, in the order of the roll.
    pub rooms: Vec<Words>,
    /// Area, in 0.01 m².
    pub area: u64,
}

impl Entity for Voter {
    fn key(&self) -> Key {
        Key::new(kind::VOTER).num(self.topic.0).num(self.no.0)
    }
}

/// Key of the voter of one flat.
#[must_use]
pub fn room_key(topic: TopicNo, room: &str) -> Key {
    Key::new(kind::VOTER_BY_ROOM).num(topic.0).text(&place_key(room))
}

/// Key of the voters of one name.
#[must_use]
pub fn name_key(topic: TopicNo, name: &str) -> Key {
    Key::new(kind::VOTER_BY_NAME).num(topic.0).text(&name_sign(name))
}

impl World<'_> {
    /// The roll of a topic, if one is loaded.
    #[must_use]
    pub fn roll(&self, topic: TopicNo) -> Option<Roll> {
        self.get(&Key::new(kind::ROLL).num(topic.0))
    }

    /// A voter.
    #[must_use]
    pub fn voter(&self, topic: TopicNo, no: VoterNo) -> Option<Voter> {
        self.get(&Key::new(kind::VOTER).num(topic.0).num(no.0))
    }

    /// The voter a room number or a name stands for; `None` if there is none or more than one.
    #[must_use]
    pub fn voter_called(&self, topic: TopicNo, called: &str) -> Option<Voter> {
        let by_room = self.get::<VoterNo>(&room_key(topic, called));
        by_room.and_then(|no| self.voter(topic, no)).or_else(|| match self.voters_named(topic, called).as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        })
    }

    /// The voters of a roll, so many at most.
    #[must_use]
    pub fn voters_on(&self, topic: TopicNo, most: usize) -> Vec<Voter> {
        self.list(&Key::new(kind::VOTER).num(topic.0), most)
    }

    /// Those of a name on the roll of a topic.
    #[must_use]
    pub(in crate::domain) fn voters_named(&self, topic: TopicNo, name: &str) -> Vec<Voter> {
        let numbers: Vec<VoterNo> = self.get(&name_key(topic, name)).unwrap_or_default();
        numbers.into_iter().filter_map(|no| self.voter(topic, no)).collect()
    }

    /// The voter a person is: an entered person of that name, whose room, where known, is on the roll. A name alone that
    /// somebody shows on a platform proves nothing.
    #[must_use]
    pub fn voter_of(&self, topic: TopicNo, person: &Person) -> Option<Voter> {
        let named = self.voters_named(topic, person.name.as_str());
        let own = the_one(person, named, || self.voter_called(topic, person.room.as_str()))?;
        self.is_of_another(&own, person).is_none().then_some(own)
    }

    /// 同名的另一位 — the one registered before them under the same name whose seat it is, where no flat says that it is theirs: whoever
    /// is registered later takes no seat of somebody else.
    #[must_use]
    pub fn is_of_another(&self, voter: &Voter, person: &Person) -> Option<Person> {
        let lives_there = |one: &Person| !one.room.as_str().is_empty() && voter.lives_in(one.room.as_str());
        if lives_there(person) {
            return self.of_the_town(voter, person);
        }
        let is_one = |one: &Person| voter.rooms.is_empty() || one.room.as_str().is_empty();
        let mut others = self.registered_as(person.name.as_str());
        others.retain(|one| one.id != person.id && (lives_there(one) || is_one(one) && one.id < person.id));
        others.sort_by_key(|one| (!lives_there(one), one.id));
        others.into_iter().next()
    }

    /// 另一镇街的同名同号 — 501 there is in every town: of two of a name who live in a flat of that number the seat is whose town the topic
    /// is of, else whoever was registered first.
    fn of_the_town(&self, voter: &Voter, person: &Person) -> Option<Person> {
        let town = self.topic(voter.topic).map(|topic| topic.town).unwrap_or_default();
        let is_nearer = |one: &Person| match (one.town == town, person.town == town) {
            (true, false) => true,
            (false, true) => false,
            (true, true) | (false, false) => one.id < person.id,
        };
        let mut others = self.registered_as(person.name.as_str());
        others.retain(|one| one.id != person.id && one.town != person.town && voter.lives_in(one.room.as_str()));
        others.into_iter().find(|one| !one.room.as_str().is_empty() && is_nearer(one))
    }

    /// 不是您的票 — the voter of somebody's name whose seat is that of another, registered before them.
    #[must_use]
    pub fn seat_of_another(&self, topic: TopicNo, person: &Person) -> Option<Voter> {
        let named = self.voters_named(topic, person.name.as_str());
        let own = the_one(person, named, || None)?;
        self.is_of_another(&own, person).is_some().then_some(own)
    }
}

/// Of the voters of a person's name the one the person is, else, where they are on the roll with a mark, the one of their flat.
fn the_one(person: &Person, mut named: Vec<Voter>, of_room: impl FnOnce() -> Option<Voter>) -> Option<Voter> {
    if !person.enrolled {
        return None;
    }
    let room = person.room.as_str();
    named.retain(|voter| room.is_empty() || voter.rooms.is_empty() || voter.lives_in(room));
    if named.is_empty() && !room.is_empty() {
        let is_marked = |name: &Words| same_but_for_mark(name.as_str(), person.name.as_str());
        named.extend(of_room().filter(|voter| voter.names.iter().any(is_marked)));
    }
    if named.len() == 1 { named.pop() } else { None }
}

/// 名册, as a poll was held on it: the numbers of its ballots are those of this roll, whatever was loaded since.
#[derive(Debug)]
pub struct Electorate(Vec<Voter>);

impl Electorate {
    /// The voter of a number: they lie in the order of their numbers.
    #[must_use]
    pub fn voter(&self, no: VoterNo) -> Option<&Voter> {
        self.0.binary_search_by_key(&no, |voter| voter.no).ok().and_then(|at| self.0.get(at))
    }

    /// The voter a person was, by what is known of the person now.
    #[must_use]
    pub fn voter_of(&self, world: &World<'_>, person: &Person) -> Option<VoterNo> {
        let own = name_sign(person.name.as_str());
        let is_called = |voter: &&Voter| voter.names.iter().any(|name| name_sign(name.as_str()) == own);
        let lives_there = |voter: &&Voter| voter.lives_in(person.room.as_str());
        let named = self.0.iter().filter(is_called).cloned().collect();
        let own = the_one(person, named, || self.0.iter().find(lives_there).cloned())?;
        world.is_of_another(&own, person).is_none().then_some(own.no)
    }

    /// Whether its voters are households, not people.
    #[must_use]
    pub fn is_of_households(&self) -> bool {
        self.0.iter().any(|voter| !voter.rooms.is_empty())
    }
}

/// 名册换新 — what came onto a roll and what went, against the one before.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Voters there were.
    pub voters: usize,
    /// Who is on it that was not.
    pub came: Vec<Voter>,
    /// Who was on it and is no more.
    pub went: Vec<Voter>,
    /// Flats whose owners or area are others.
    pub changed: Vec<Voter>,
}

/// Of a roll that another took the place of: kept for no poll, as there is none of number 0.
fn former_prefix(topic: TopicNo) -> Key {
    kept_prefix(PollNo(0)).num(topic.0)
}

fn kept_prefix(poll: PollNo) -> Key {
    Key::new(kind::KEPT_VOTER).num(poll.0)
}

impl World<'_> {
    /// The roll a poll was held on, if it is known: the one that is loaded, or the one that was kept when another was.
    #[must_use]
    pub fn electorate(&self, poll: &Poll) -> Option<Electorate> {
        let is_own = self.roll(poll.topic)?.loaded <= poll.opened;
        let key = if is_own { Key::new(kind::VOTER).num(poll.topic.0) } else { kept_prefix(poll.no) };
        Some(Electorate(self.list(&key, usize::MAX))).filter(|electorate| !electorate.0.is_empty())
    }

    /// 已有人指望 — whether anything hangs on the roll that is loaded: a vote that was announced or opened on it, leave, recusal, a mandate,
    /// codes made for those on it, an account taken from one of them. Until then a roll is a draft of the office's, told by the daily.
    #[must_use]
    pub fn is_relied_on(&self, topic: TopicNo) -> bool {
        let Some(loaded) = self.roll(topic).map(|roll| roll.loaded) else { return false };
        let last = self.topic(topic).and_then(|topic| self.poll(topic.last_poll?));
        last.is_some_and(|poll| loaded <= poll.opened)
            || self.poll_plan(topic).is_some()
            || !self.absences(topic).is_empty()
            || !self.mandates(topic).is_empty()
            || self.code_sheets().iter().any(|sheet| sheet.topic == topic && sheet.loaded == loaded)
            || self.is_any_taken(topic)
    }

    /// Another roll is about to be loaded: what was on this one is told of the next, if anything hung on it.
    pub(crate) fn keep_former(&mut self, topic: TopicNo) {
        self.remove_all(&former_prefix(topic));
        if !self.is_relied_on(topic) {
            return;
        }
        let voters: Vec<Voter> = self.list(&Key::new(kind::VOTER).num(topic.0), usize::MAX);
        for voter in voters {
            self.put_at(former_prefix(topic).num(voter.no.0), &voter);
        }
    }

    /// 名册换新 — how the roll that is loaded differs from the one before it; `None` where there was none, or nothing hung on it.
    #[must_use]
    pub fn exchange(&self, topic: TopicNo) -> Option<Exchange> {
        // Their numbers are in no order that anybody knows.
        let in_order = |key: &Key| {
            let mut voters: Vec<Voter> = self.list(key, usize::MAX);
            voters.sort_by(|one, other| (&one.rooms, &one.names).cmp(&(&other.rooms, &other.names)));
            voters
        };
        let (before, now) = (in_order(&former_prefix(topic)), in_order(&Key::new(kind::VOTER).num(topic.0)));
        let flats = |voter: &Voter| voter.rooms.iter().map(|room| place_key(room.as_str())).collect::<BTreeSet<_>>();
        let signs = |voter: &Voter| voter.names.iter().map(|name| name_sign(name.as_str())).collect::<BTreeSet<_>>();
        let entry = |voter: &Voter| (signs(voter), flats(voter), voter.area);
        let entries = |voters: &[Voter]| voters.iter().map(entry).collect::<BTreeSet<_>>();
        let (entries_before, entries_now) = (entries(&before), entries(&now));
        // Each of the old becomes one of the new at most, or is gone: before - went + came are those there are now.
        let mut left: Vec<Option<&Voter>> =
            before.iter().filter(|voter| !entries_now.contains(&entry(voter))).map(Some).collect();
        let mut holders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, voter) in left.iter().enumerate().filter_map(|(at, voter)| Some((at, (*voter)?))) {
            flats(voter).into_iter().for_each(|flat| holders.entry(flat).or_default().push(at));
        }
        let mut exchange = Exchange { voters: before.len(), ..Exchange::default() };
        for voter in now.iter().filter(|voter| !entries_before.contains(&entry(voter))) {
            let own = flats(voter);
            let mut held = own.iter().filter_map(|flat| holders.get(flat)).flatten().copied();
            let old = held.find(|at| left.get(*at).is_some_and(Option::is_some));
            let is_known = old.and_then(|at| left.get_mut(at)).and_then(Option::take).is_some();
            if is_known { &mut exchange.changed } else { &mut exchange.came }.push(voter.clone());
        }
        exchange.went.extend(left.into_iter().flatten().cloned());
        (!before.is_empty()).then_some(exchange)
    }

    /// Another roll is about to be loaded: the last vote of the topic keeps its own.
    pub(crate) fn keep_roll(&mut self, topic: TopicNo) {
        let last = self.topic(topic).and_then(|topic| self.poll(topic.last_poll?));
        let Some(poll) = last.filter(|poll| poll.is_formal && poll.voters.is_some() && poll.result.is_some()) else {
            return;
        };
        if self.roll(topic).is_some_and(|roll| roll.loaded <= poll.opened) {
            let voters: Vec<Voter> = self.list(&Key::new(kind::VOTER).num(topic.0), usize::MAX);
            for voter in voters {
                self.put_at(kept_prefix(poll.no).num(voter.no.0), &voter);
            }
        }
    }
}

impl World<'_> {
    /// 空席 — the voters nobody is left of: everybody they were was erased, or was seen off. They are counted among those who may vote, as
    /// the flat has an owner still; who that is, whoever wrote the roll finds out.
    #[must_use]
    pub fn vacant_seats(&self, topic: TopicNo) -> Vec<Voter> {
        let nobody = Words::Erased.or_nobody();
        let has_gone = |voter: &Voter, name: &Words| {
            let room = voter.rooms.first().map(Words::as_str).unwrap_or_default();
            *name == nobody || *name == Words::Erased || self.has_left(name.as_str(), room)
        };
        let mut vacant = self.voters_on(topic, MAX_LINES);
        vacant.retain(|voter| voter.names.iter().all(|name| has_gone(voter, name)) && self.people_of(voter).is_empty());
        vacant.sort_by(|one, other| (&one.rooms, &one.names).cmp(&(&other.rooms, &other.names)));
        vacant
    }

    /// The topics a roll is loaded for.
    #[must_use]
    pub fn topics_with_roll(&self) -> Vec<TopicNo> {
        let (prefix, mut topics) = (Key::new(kind::ROLL), Vec::new());
        self.scan_from(&prefix, prefix.bytes(), |key, _: Roll| {
            let number = key.get(1..).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
            topics.extend(number.map(|bytes| TopicNo(u32::from_be_bytes(bytes))));
            topics.len() < MAX_ROLLS
        });
        topics
    }

    /// The voters of a roll that a name and, where it is given, a flat can stand for.
    #[must_use]
    pub fn voters_who(&self, topic: TopicNo, name: &str, room: &str) -> Vec<Voter> {
        let mut found = self.voters_named(topic, name);
        found.retain(|voter| room.is_empty() || voter.rooms.is_empty() || voter.lives_in(room));
        // Their numbers are in no order that anybody knows.
        found.sort_by(|one, other| one.rooms.cmp(&other.rooms));
        if found.is_empty() && !room.is_empty() {
            let is_marked = |owner: &Words| same_but_for_mark(owner.as_str(), name);
            found.extend(self.voter_called(topic, room).filter(|voter| voter.names.iter().any(is_marked)));
        }
        found
    }
}

impl World<'_> {
    /// The people the office knows as a voter: the owners of the flat, or the one of that name.
    #[must_use]
    pub fn people_of(&self, voter: &Voter) -> Vec<Person> {
        let mut found: Vec<Person> = Vec::new();
        for name in &voter.names {
            let bare = name.as_str().trim_end_matches(|c: char| c.is_ascii_alphanumeric());
            let named = self.people_named(name.as_str()).into_iter().chain(self.people_named(bare));
            for person in named.filter(|person| person.enrolled) {
                let is_new = found.iter().all(|known| known.id != person.id);
                if is_new && self.voter_of(voter.topic, &person).is_some_and(|own| own.no == voter.no) {
                    found.push(person);
                }
            }
        }
        found
    }
}

impl Voter {
    /// Whether a flat is among the voter's.
    #[must_use]
    pub fn lives_in(&self, room: &str) -> bool {
        self.rooms.iter().any(|own| same_place(own.as_str(), room))
    }
}

/// 王伟A on the roll is 王伟.
fn same_but_for_mark(on_roll: &str, name: &str) -> bool {
    let (on_roll, name) = (name_sign(on_roll), name_sign(name));
    on_roll.strip_prefix(&name).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Joins lines into voters: the flats of the same owners are one voter, and so is a person of a list of people. Order of first mention,
/// which [`shuffled`] ends.
///
/// # Errors
/// `e.roll_area` names a room whose area differs from line to line, `e.name` a line without a proper name.
pub fn voters_of(lines: &[RollLine]) -> Result<Vec<RollRow>, say::Say> {
    // Who owns each flat: one who is only named, owns none.
    let mut owners: HashMap<String, BTreeSet<String>> = HashMap::new();
    let mut area_of: HashMap<String, u64> = HashMap::new();
    for line in lines {
        proper_name(&line.owner)?;
        if line.room.is_empty() {
            continue;
        }
        let flat = place_key(&line.room);
        if *area_of.entry(flat.clone()).or_insert(line.area) != line.area {
            return Err(say!("e.roll_area", room = line.room.as_str()));
        }
        owners.entry(flat).or_default().insert(name_sign(&line.owner));
    }
    let mut rows: Vec<RollRow> = Vec::new();
    let mut row_of: HashMap<BTreeSet<String>, usize> = HashMap::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for line in lines {
        let flat = place_key(&line.room);
        let buyer = owners.get(&flat).cloned().unwrap_or_else(|| BTreeSet::from([name_sign(&line.owner)]));
        let at = *row_of.entry(buyer).or_insert_with(|| {
            let voter = VoterNo(u32::try_from(rows.len()).unwrap_or(u32::MAX).saturating_add(1));
            rows.push(RollRow { voter, names: Vec::new(), rooms: Vec::new(), area: 0 });
            rows.len() - 1
        });
        let Some(row) = rows.get_mut(at) else { continue };
        if !row.names.iter().any(|name| name_sign(name.as_str()) == name_sign(&line.owner)) {
            row.names.push(line.owner.as_str().into());
        }
        if !line.room.is_empty() && seen.insert(flat) {
            row.rooms.push(line.room.as_str().into());
            row.area = row.area.saturating_add(line.area);
        }
    }
    Ok(rows)
}

/// 同名 — what a roll makes of one name in several places, to be said when it is loaded: the flats that are one vote, and the votes one
/// name has a part in.
#[must_use]
pub fn one_name_in_several_places(rows: &[RollRow]) -> (Vec<&RollRow>, Vec<(String, Vec<&RollRow>)>) {
    let one_vote = rows.iter().filter(|row| row.rooms.len() > 1).collect();
    let mut voters: BTreeMap<String, (String, Vec<&RollRow>)> = BTreeMap::new();
    for row in rows {
        for name in &row.names {
            let (_, found) =
                voters.entry(name_sign(name.as_str())).or_insert_with(|| (name.as_str().to_owned(), Vec::new()));
            found.push(row);
        }
    }
    let several = voters.into_values().filter(|(_, rows)| rows.len() > 1).collect();
    (one_vote, several)
}

/// The voters in an order that chance has made, numbered in that order: the ledger tells the numbers of all who voted and when, and
/// whoever knows the roll would read from them who they were.
#[must_use]
pub fn shuffled(mut rows: Vec<RollRow>, chance: [u8; 16]) -> Vec<RollRow> {
    let mut thrown = 0_u64;
    let mut throw = |below: u64| loop {
        thrown += 1;
        let digest = Sha256::new().chain_update(chance).chain_update(thrown.to_be_bytes()).finalize();
        let number = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        // What is left over at the end of the range would favour the first.
        if number < u64::MAX - u64::MAX % below {
            return number % below;
        }
    };
    for last in (1..rows.len()).rev() {
        let other = throw(last as u64 + 1);
        rows.swap(last, usize::try_from(other).unwrap_or(last));
    }
    for (no, row) in (1..).map(VoterNo).zip(&mut rows) {
        row.voter = no;
    }
    rows
}

impl Roll {
    /// The sums of counted rows.
    #[must_use]
    pub fn of(rows: &[RollRow], loaded: DateTime<Utc>) -> Self {
        let rooms: usize = rows.iter().map(|row| row.rooms.len()).sum();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { voters: count(rows.len()), rooms: count(rooms), area: rows.iter().map(|row| row.area).sum(), loaded }
    }
}

/// Flats, voters and area of a roll, before it is loaded.
#[must_use]
pub fn summary(roll: &Roll) -> say::Say {
    if roll.rooms == 0 {
        return say!("roll.sum.people", N = roll.voters);
    }
    say!("roll.sum", h = roll.rooms, N = roll.voters, area = tally::square_metres(roll.area))
}

/// What is said of a loaded roll.
#[must_use]
pub fn loaded(topic: TopicNo, roll: &Roll) -> say::Say {
    if roll.rooms == 0 {
        return say!("roll.people", no = topic, N = roll.voters);
    }
    say!("roll.ok", no = topic, h = roll.rooms, N = roll.voters, area = tally::square_metres(roll.area))
}

#[cfg(test)]
mod tests {
    use crate::domain::vote::roll::RollLine;
    use crate::domain::vote::roll::{shuffled, voters_of};

    fn line(room: &str, owner: &str, area: u64) -> RollLine {
        RollLine { room: room.into(), owner: owner.into(), area }
    }

    #[test]
    fn one_owner_of_two_flats_is_one_voter_and_the_areas_add_up() {
        let rows =
            voters_of(&[line("401", "孙玉梅", 9250), line("501", "冯丽", 9250), line("402", "孙玉梅", 7830)]).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].rooms.len(), rows[0].area), (2, 17_080));
    }

    #[test]
    fn two_owners_of_one_flat_are_one_voter_and_the_area_counts_once() {
        let rows =
            voters_of(&[line("101", "张三", 8000), line("101", "李四", 8000), line("102", "王五", 7000)]).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].names.len(), rows[0].area), (2, 8000));
    }

    /// 司法解释第九条: the same buyer is one; 张三 alone, and 张三 with 李四, are not the same buyer.
    #[test]
    fn other_owners_are_another_voter_however_they_hang_together() {
        let rows = voters_of(&[
            line("101", "张三", 9000),
            line("101", "李四", 9000),
            line("102", "张三", 8000),
            line("201", "李四", 7000),
            line("202", "李四", 6000),
            line("202", "王五", 6000),
            line("301", "赵六", 9000),
            line("302室", "李四", 5000),
            line("302", "张三", 5000),
        ])
        .unwrap();
        let (names, areas): (Vec<usize>, Vec<u64>) = rows.iter().map(|row| (row.names.len(), row.area)).unzip();
        assert_eq!(names, [2, 1, 1, 2, 1]);
        assert_eq!(areas, [14_000, 8000, 7000, 6000, 9000], "the same two owners have one vote for both flats");
    }

    #[test]
    fn people_without_rooms_are_voters_by_name() {
        assert_eq!(voters_of(&[line("", "张三", 0), line("", "李四", 0), line("", "张三", 0)]).unwrap().len(), 2);
    }

    /// Nobody is lost, everybody has the number of their new place, and no place is likelier than another.
    #[test]
    fn chance_alone_says_who_has_which_number() {
        let lines: Vec<RollLine> = (0..5).map(|at| line(&format!("10{at}"), &format!("张{at}"), 100 + at)).collect();
        let rows = voters_of(&lines).unwrap();
        let mut at_place = [[0_u32; 5]; 5];
        for chance in 0..2_000_u128 {
            let drawn = shuffled(rows.clone(), chance.to_be_bytes());
            assert!(drawn.iter().zip(1..).all(|(row, no)| row.voter.0 == no));
            for (place, row) in drawn.iter().enumerate() {
                at_place[usize::try_from(row.area - 100).unwrap()][place] += 1;
            }
        }
        assert!(at_place.iter().flatten().all(|n| (320..480).contains(n)), "{at_place:?}");
        assert_eq!(shuffled(rows.clone(), [7; 16]), shuffled(rows, [7; 16]));
        assert!(shuffled(Vec::new(), [7; 16]).is_empty());
    }

    #[test]
    fn a_flat_with_two_areas_is_refused() {
        assert!(voters_of(&[line("101", "张三", 8000), line("101", "李四", 8100)]).is_err());
    }
}
