//! 撤回 — whatever is done and taken back in any order leaves figures, papers and cards as if only what stands had been done; and however
//! topics are merged, everybody seconds once.

use super::random::{MODERATOR, Office, PEOPLE, Try};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use xieshang::domain::about::topic_card::card_of;
use xieshang::domain::act;
use xieshang::domain::command::Command;
use xieshang::domain::event::{Event, Record};
use xieshang::domain::evolve::evolve;
use xieshang::domain::history::period::Window;
use xieshang::domain::kernel::ids::{GroupId, PersonId, SuggestionRef, TopicNo};
use xieshang::domain::kernel::said::SuggestionArg;
use xieshang::domain::kernel::world::{Bare, World};
use xieshang::domain::people::undoable::{self, Ask, Undoable};
use xieshang::domain::process::form::Step;
use xieshang::figures::{About, Desk, Sheet};

impl Office {
    /// Says, likes, seconds, objects, moves on; and takes back whatever it may be.
    fn say_or_take_back(&mut self, (what, who, a, b, minutes): Try) {
        self.now += chrono::Duration::minutes(i64::from(minutes));
        let (who, group) = (PersonId(u32::from(who) % PEOPLE + 1), u32::from(b) % 3 + 1);
        let topics = self.world.counters().topics.max(1);
        let no = TopicNo(u32::from(a) % topics + 1);
        let last = self.world.topic(no).map_or(1, |topic| topic.last_suggestion.max(1));
        let arg = Some(SuggestionArg::Full(SuggestionRef { topic: no, n: u32::from(b) % last + 1 }));
        let text = self.text();
        let (some, back) = (Some(no), Command::TakeBack);
        let command = match what % 20 {
            0 => Command::TopicNew { text, force: true },
            1 | 2 => Command::Second(some),
            3 | 4 => Command::Suggest { topic: some, text },
            5 | 6 => Command::Like(arg),
            7 => Command::Reply { to: arg, text },
            8 => Command::Object { topic: some, text },
            9 => Command::Undo,
            10 | 11 => back(Ask::Second(some)),
            12 | 13 => back(Ask::Like(arg)),
            14 => back(Ask::Suggestion(arg)),
            15 => {
                self.take_back_a_reply(usize::from(a), group);
                return;
            }
            16 => back(Ask::Objection(some, None)),
            17 => back(Ask::Topic(no)),
            18 if b.is_multiple_of(3) => {
                let into = TopicNo(u32::from(b) % topics + 1);
                self.give(MODERATOR, group, &Command::Merge { topic: some, into, reason: text });
                return;
            }
            _ => {
                // No further than where all can still be said, or objected to.
                let step = self.world.topic(no).map(|topic| topic.step);
                if step.is_some_and(|step| step < Step::Noticing) && b.is_multiple_of(2) {
                    self.push(no, who);
                }
                return;
            }
        };
        self.give(who, group, &command);
    }

    /// Whoever said one of the replies that were made takes it back.
    fn take_back_a_reply(&mut self, which: usize, group: u32) {
        let made = self.records.iter().flat_map(|record| record.facts.iter().map(|fact| (record.by, fact)));
        let replies: Vec<(PersonId, SuggestionRef, u32)> = made
            .filter_map(|(by, fact)| match fact {
                Event::ReplyMade { to, n, .. } => Some((by?, *to, *n)),
                _ => None,
            })
            .collect();
        if replies.is_empty() {
            return;
        }
        let (who, to, n) = replies[which % replies.len()];
        self.give(who, group, &Command::TakeBack(Ask::Reply(Some(SuggestionArg::Full(to)), Some(n))));
    }

    /// 能不能撤回 — the table says of each act what its trace says.
    fn traces_agree(&self) {
        let mut world = World::on(&Bare);
        for record in &self.records {
            evolve(&mut world, record);
            let Some(by) = record.by else { continue };
            let trail = world.trail(by);
            let Some(trace) = trail.traces.last().filter(|trace| trace.seq == record.seq) else { continue };
            let says: Vec<_> = record.facts.iter().filter_map(act::until).collect();
            match trace.what {
                Some(what) => assert_eq!(says.first(), Some(&undoable::until(what)), "{:?}", record.facts),
                None => assert!(says.is_empty(), "{:?}", record.facts),
            }
        }
    }

    fn whole(&self) -> Window {
        let days = self.days();
        Window { from: days[0].from, to: days[days.len() - 1].to }
    }
}

/// Whether a fact is the act that is taken back, by whoever takes it back.
fn is_act(fact: &Event, by: Option<PersonId>, what: Undoable, back_by: Option<PersonId>, whole: &[TopicNo]) -> bool {
    match (what, fact) {
        (Undoable::Topic(no), Event::TopicOrdered { topic, .. }) => *topic == no,
        (Undoable::Second(_), Event::TopicSeconded { topic }) => whole.contains(topic) && by == back_by,
        (Undoable::Like(at), Event::SuggestionLiked { suggestion }) => *suggestion == at && by == back_by,
        // What was said of it goes with it.
        (
            Undoable::Suggestion(at),
            Event::SuggestionLiked { suggestion } | Event::SuggestionMade { suggestion, .. },
        ) => *suggestion == at,
        (Undoable::Suggestion(at), Event::ReplyMade { to, .. }) => *to == at,
        (Undoable::Reply(at, n), Event::ReplyMade { to, n: m, .. }) => (at, n) == (*to, *m),
        (Undoable::Objection(at), Event::ObjectionRaised { objection, .. }) => *objection == at,
        _ => false,
    }
}

/// A topic and all that had gone on as it when so many records were made.
fn whole_of(no: TopicNo, records: &[Record]) -> Vec<TopicNo> {
    let mut found = vec![no];
    let merges: Vec<(TopicNo, TopicNo)> = records
        .iter()
        .flat_map(|record| &record.facts)
        .filter_map(|fact| match fact {
            Event::TopicMerged { topic, into, .. } => Some((*topic, *into)),
            _ => None,
        })
        .collect();
    let mut at = 0;
    while at < found.len() {
        let more: Vec<TopicNo> =
            merges.iter().filter(|(_, into)| *into == found[at]).map(|(topic, _)| *topic).collect();
        found.extend(more);
        at += 1;
    }
    found
}

/// The records as they were, without what was taken back, and without the taking back.
fn only_what_stands(records: &[Record]) -> Vec<Record> {
    let mut kept: Vec<Record> = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let mut record = record.clone();
        for fact in std::mem::take(&mut record.facts) {
            let Event::Undone { what } = fact else {
                record.facts.push(fact);
                continue;
            };
            let whole = match what {
                Undoable::Second(no) => whole_of(no, &records[..at]),
                _ => Vec::new(),
            };
            for before in &mut kept {
                let by = before.by;
                before.facts.retain(|fact| !is_act(fact, by, what, record.by, &whole));
            }
        }
        kept.push(record);
    }
    kept.retain(|record| !record.facts.is_empty());
    kept
}

/// Where people were heard is a trace that stays: it says that they spoke, not what stands.
fn without_traces(sheet: Sheet) -> Sheet {
    Sheet { groups: None, ..sheet }
}

fn same(office: &Office) {
    let mut world = World::on(&Bare);
    for record in only_what_stands(&office.records) {
        evolve(&mut world, &record);
    }
    let (real, want) = (Desk::new(&office.world, &office.settings), Desk::new(&world, &office.settings));
    let (mut real, mut want) = (real, want);
    for window in office.days().into_iter().chain([office.whole()]) {
        for about in [About::District, About::Town("东风路街道".to_owned())] {
            let (is, should) = (real.sheet(window, &about, office.now), want.sheet(window, &about, office.now));
            assert_eq!(without_traces(is), without_traces(should), "{window:?}");
        }
    }
    let members = world.group(GroupId(1)).unwrap();
    let mut date = office.settings.date(office.records[0].at);
    while date <= office.settings.date(office.now) {
        let (is, should) = (real.compose(&members, date), want.compose(&members, date));
        assert_eq!(format!("{is:?}"), format!("{should:?}"), "{date}");
        date = date.succ_opt().unwrap();
    }
    for no in (1..=office.world.counters().topics).map(TopicNo) {
        let card = |world: &World<'_>| world.topic(no).map(|topic| card_of(world, &office.settings, &topic));
        assert_eq!(card(&office.world), card(&world), "{no}");
        let objections = |world: &World<'_>| world.objections(no);
        assert_eq!(objections(&office.world), objections(&world), "{no}");
        let likes = |world: &World<'_>| {
            let mut all = Vec::new();
            world.suggestions(no, |one| all.push((one.reference, one.likes)));
            all
        };
        assert_eq!(likes(&office.world), likes(&world), "{no}");
    }
    for person in (1..=PEOPLE).map(PersonId) {
        let own = |world: &World<'_>| {
            let own = world.trail(person);
            (own.topics, own.suggestions, own.seconds, world.first_word(person))
        };
        assert_eq!(own(&office.world), own(&world), "{person:?}");
    }
}

/// 并案 — counted from the facts alone: whoever seconded any of what goes on as one, each once, but for whoever asked for it.
fn seconds_are_one_a_person(office: &Office) {
    let records = only_what_stands(&office.records);
    let (mut seconds, mut asked): (BTreeMap<TopicNo, BTreeSet<PersonId>>, BTreeMap<TopicNo, PersonId>) =
        Default::default();
    for record in &records {
        for fact in &record.facts {
            match fact {
                Event::TopicOrdered { topic, proposer, .. } => _ = asked.insert(*topic, *proposer),
                Event::TopicSeconded { topic } => _ = seconds.entry(*topic).or_default().insert(record.by.unwrap()),
                _ => {}
            }
        }
    }
    for (no, proposer) in asked {
        let whole = whole_of(no, &records);
        let mut people: BTreeSet<PersonId> = whole.iter().filter_map(|no| seconds.get(no)).flatten().copied().collect();
        people.remove(&proposer);
        let topic = office.world.topic(no).unwrap();
        assert_eq!(topic.seconds as usize, people.len(), "{no}: {whole:?}");
        assert_eq!(office.world.seconders(&topic), people, "{no}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_taken_back_is_as_if_it_had_never_been(
        tries in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>(), 0..200_u16), 60..220),
    ) {
        let mut office = Office::new();
        tries.into_iter().for_each(|one| office.say_or_take_back(one));
        same(&office);
        office.traces_agree();
        seconds_are_one_a_person(&office);
    }
}

/// The sequences tried above take back every kind, long after it was done as well, and in merged topics.
#[test]
fn a_long_sequence_takes_back_every_kind() {
    let mut office = Office::new();
    let mut state = 11_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(state >> 56).unwrap()
    };
    for _ in 0..2_500 {
        let one = (next(), next(), next() % 24, next(), u16::from(next()));
        office.say_or_take_back(one);
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for fact in office.records.iter().flat_map(|record| &record.facts) {
        let Event::Undone { what } = fact else { continue };
        let kind = match what {
            Undoable::Topic(_) => "topic",
            Undoable::Second(_) => "second",
            Undoable::Suggestion(_) => "suggestion",
            Undoable::Reply(..) => "reply",
            Undoable::Like(_) => "like",
            Undoable::Objection(_) => "objection",
            _ => "other",
        };
        *kinds.entry(kind).or_default() += 1;
    }
    let merged = office.records.iter().flat_map(|record| &record.facts);
    assert!(merged.filter(|fact| matches!(fact, Event::TopicMerged { .. })).count() > 1);
    for kind in ["topic", "second", "suggestion", "reply", "like", "objection"] {
        assert!(kinds.contains_key(kind), "{kind}: {kinds:?}");
    }
    same(&office);
    office.traces_agree();
    seconds_are_one_a_person(&office);
}

/// What was done so long ago that no trace of it is kept is taken back as whole as what was done just now.
#[test]
fn what_was_done_long_ago_is_taken_back_whole() {
    const MANY: u32 = 80;
    let (asker, who, one) = (PersonId(9), PersonId(10), TopicNo(1));
    let mut office = Office::new();
    for _ in 0..MANY {
        let text = office.text();
        assert!(office.give(asker, 1, &Command::TopicNew { text, force: true }));
    }
    for _ in 0..2 {
        office.push(one, who);
    }
    let at = |n| SuggestionRef { topic: one, n };
    let arg = |n| Some(SuggestionArg::Full(at(n)));
    let suggest = |text: &str| Command::Suggest { topic: Some(one), text: text.to_owned() };
    assert!(office.give(asker, 1, &suggest("加一盏灯")) && office.give(who, 1, &suggest("加两盏灯")));
    assert!(office.give(who, 1, &Command::Like(arg(1))));
    assert!(office.give(who, 1, &Command::Reply { to: arg(1), text: "要快".to_owned() }));
    for no in (1..=MANY).map(TopicNo) {
        office.now += chrono::Duration::minutes(1);
        assert!(office.give(who, 1, &Command::Second(Some(no))));
    }
    for ask in [Ask::Second(Some(one)), Ask::Like(arg(1)), Ask::Reply(arg(1), None), Ask::Suggestion(arg(2))] {
        assert!(office.give(who, 1, &Command::TakeBack(ask)), "{ask:?}");
        same(&office);
    }
    assert!(office.give(who, 1, &Command::TakeBack(Ask::Second(Some(TopicNo(2))))));
    same(&office);
}
