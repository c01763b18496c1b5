//! 撤回 — whatever is done and taken back in any order leaves figures, papers and cards as if only what stands had been done; and however
//! topics are merged, everybody seconds once.

use super::random::{MODERATOR, Office, PEOPLE, Try};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use xieshang::domain::about::topic_card::card_of;
use xieshang::domain::act;
use xieshang::domain::brief;
use xieshang::domain::command::Command;
use xieshang::domain::event::{Event, Record};
use xieshang::domain::evolve::evolve;
use xieshang::domain::history::period::Window;
use xieshang::domain::kernel::ids::{
    BriefNo, GatheringNo, GroupId, PersonId, ProposalNo, SuggestionRef, TopicNo, VoterNo,
};
use xieshang::domain::kernel::said::SuggestionArg;
use xieshang::domain::kernel::world::{Bare, World};
use xieshang::domain::people::undoable::{self, Ask, Undoable};
use xieshang::domain::process::form::Step;
use xieshang::domain::talk::gathering;
use xieshang::domain::vote::roll::RollRow;
use xieshang::domain::vote::{absence, mandate};
use xieshang::figures::{About, Desk, Sheet};
use xieshang::web::pages::topic_html;

/// The topic with a roll, on which people are away and give mandates.
const OF_A_ROLL: TopicNo = TopicNo(1);
const ASKER: PersonId = PersonId(9);

impl Office {
    /// An office with a topic on which a vote is to come, and a gathering on it that has begun.
    fn with_a_roll() -> Self {
        let mut office = Self::new();
        let text = office.text();
        assert!(office.give(ASKER, 1, &Command::TopicNew { text, force: true }));
        for _ in 0..2 {
            office.push(OF_A_ROLL, ASKER);
        }
        let row = |n: u32| RollRow {
            voter: VoterNo(n),
            names: vec![format!("第{n}人").into()],
            rooms: vec![format!("{n}01").into()],
            area: 8_000,
        };
        let roll = Event::RollLoaded { topic: OF_A_ROLL, continues: false, rows: (8..=PEOPLE).map(row).collect() };
        office.record(Some(MODERATOR), Some(GroupId(1)), vec![roll]);
        office
    }

    /// A gathering on a topic; people come to it, sign up with how many they are, change that, and take their names off.
    fn gather(&mut self, (who, no): (PersonId, TopicNo), (a, b): (u8, u8), group: u32) {
        let last = self.world.counters().gatherings;
        let gathering = Some(GatheringNo(u32::from(a) / 8 % last.max(1) + 1));
        let of_gathering = |ask| Command::Gathering(ask);
        match a % 8 {
            0 if last < 6 => {
                let (name, place) = (self.text().into(), "议事室".into());
                let (at, gathering) = (self.now + chrono::Duration::days(2), GatheringNo(last + 1));
                let topic = self.world.topic(no).map(|topic| topic.no);
                let called = Event::GatheringCalled { gathering, name, at, place, topic, until: None, remind: None };
                self.record(Some(MODERATOR), Some(GroupId(group)), vec![called]);
            }
            0..=2 => {
                let note = ["", "2人", "3人，带老伴"][usize::from(a) % 3].to_owned();
                self.give(who, group, &of_gathering(gathering::Ask::Join { gathering, note }));
                // At once, while it is the latest thing they did.
                if b.is_multiple_of(2) {
                    self.give(who, group, &Command::Undo);
                }
            }
            3 => drop(self.give(who, group, &of_gathering(gathering::Ask::Leave { gathering, why: String::new() }))),
            4 | 5 => {
                let names = vec![format!("第{}人", who.0), "第10人".to_owned()];
                let names = gathering::Attendants::Named(names);
                self.give(MODERATOR, group, &Command::SignIn { gathering, names });
            }
            _ => drop(self.give(who, group, &of_gathering(gathering::Ask::NotThere { gathering, who: None }))),
        }
    }

    /// 请假, 委托, 社情民意, 微提案 and their taking back.
    fn write_or_be_away(&mut self, who: PersonId, (a, b): (u8, u8), group: u32) {
        let (some, text) = (Some(OF_A_ROLL), self.text());
        let member = PersonId(u32::from(b) % 3 + 1);
        let counters = self.world.counters();
        let brief = BriefNo(u32::from(b) % counters.briefs.max(1) + 1);
        let proposal = ProposalNo(u32::from(b) % counters.proposals.max(1) + 1);
        let of_topic = vec![brief::Subject::Topic(OF_A_ROLL)];
        let (who, command) = match a % 10 {
            0 => {
                let ask = absence::Ask::Leave { topic: some, who: String::new(), withdraw: false };
                (who, Command::Absence(ask))
            }
            1 => {
                let trustee = format!("第{}人", 8 + u32::from(b) % 5);
                let ask = mandate::Ask::Give { topic: some, principal: String::new(), trustee, written: false };
                (who, Command::Mandate(ask))
            }
            2 | 3 => {
                let ask = brief::Ask::Info { title: text.clone(), body: text, sources: of_topic };
                (member, Command::Brief(ask))
            }
            4 => {
                let body = format!("情况：{text}｜建议：{text}");
                (member, Command::Brief(brief::Ask::Propose { title: text, body, sources: of_topic }))
            }
            5 => (member, Command::TakeBack(Ask::Brief(brief))),
            6 => (member, Command::TakeBack(Ask::Proposal(proposal))),
            7 => (member, Command::Undo),
            _ => (who, Command::Undo),
        };
        if self.give(who, group, &command) && a % 10 < 2 && b.is_multiple_of(2) {
            self.give(who, group, &Command::Undo);
        }
    }

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
        let command = match what % 26 {
            0 => {
                // At once, before anybody takes it up.
                if self.give(who, group, &Command::TopicNew { text, force: true }) && b.is_multiple_of(8) {
                    self.give(who, group, &Command::Undo);
                }
                return;
            }
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
            19..=21 => return self.gather((who, no), (a, b), group),
            22..=24 => return self.write_or_be_away(who, (a, b), group),
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
        (Undoable::SignUp(no, n), Event::SignedUp { gathering, first, .. }) => (no, n) == (*gathering, *first),
        (Undoable::SignUp(no, n), Event::Gathering(gathering::Fact::Noted { gathering, n: m, .. })) => {
            (no, n) == (*gathering, *m)
        }
        (Undoable::Brief(no), Event::BriefReceived { brief, .. }) => *brief == no,
        (Undoable::Brief(no), Event::Brief(brief::Fact::Sourced { subject, .. })) => {
            *subject == brief::Subject::Info(no)
        }
        (Undoable::Proposal(no), Event::Brief(brief::Fact::Proposed { proposal, .. })) => *proposal == no,
        (Undoable::Proposal(no), Event::Brief(brief::Fact::Sourced { subject, .. })) => {
            *subject == brief::Subject::Proposal(no)
        }
        (Undoable::Absence(no, at), Event::Absence(absence::Fact::OnLeave { topic, seat, .. })) => {
            (no, at) == (*topic, *seat)
        }
        // Given to somebody else, it was one mandate all the same.
        (Undoable::Mandate(no, n), Event::Mandate(mandate::Fact::Given { topic, voter, .. })) => {
            (no, n) == (*topic, *voter)
        }
        _ => false,
    }
}

/// 不是我 — somebody is on no list of those who came that was written before.
fn was_not_there(records: &mut [Record], no: GatheringNo, person: PersonId) {
    for record in records {
        for fact in &mut record.facts {
            if let Event::Attended { gathering, people } = fact
                && *gathering == no
            {
                people.retain(|one| *one != person);
            }
        }
        record.facts.retain(|fact| !matches!(fact, Event::Attended { people, .. } if people.is_empty()));
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
            if let Event::Gathering(gathering::Fact::NotThere { gathering, person, .. }) = fact {
                was_not_there(&mut kept, gathering, person);
                continue;
            }
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
    same_beside(&office.world, &world);
    same_pages(office, &world);
    for person in (1..=PEOPLE).map(PersonId) {
        let own = |world: &World<'_>| {
            let own = world.trail(person);
            (own.topics, own.suggestions, own.seconds, world.first_word(person))
        };
        assert_eq!(own(&office.world), own(&world), "{person:?}");
    }
}

/// Lists of those who come and came, leave, mandates, what was written upward.
fn same_beside(is: &World<'_>, should: &World<'_>) {
    for no in (1..=is.counters().gatherings).map(GatheringNo) {
        let list = |world: &World<'_>| (world.sign_ups(no), world.gathering(no).map(|gathering| gathering.signed));
        assert_eq!(list(is), list(should), "{no}");
        let came = |world: &World<'_>| {
            let there = |person: &PersonId| world.has(&gathering::attendance_key(no, *person));
            (1..=PEOPLE).map(PersonId).filter(there).collect::<Vec<_>>()
        };
        assert_eq!(came(is), came(should), "{no}");
    }
    for no in (1..=is.counters().briefs).map(BriefNo) {
        assert_eq!(is.brief(no), should.brief(no));
    }
    for no in (1..=is.counters().proposals).map(ProposalNo) {
        assert_eq!(is.proposal(no), should.proposal(no));
    }
    let away = |world: &World<'_>| (world.absences(OF_A_ROLL), world.mandates(OF_A_ROLL));
    assert_eq!(away(is), away(should));
}

/// /t/N, to the letter, but for the history, which says what was taken back.
fn same_pages(office: &Office, should: &World<'_>) {
    let archive: BTreeMap<u64, Record> = BTreeMap::new();
    for no in (1..=office.world.counters().topics).map(TopicNo) {
        let page = |world: &World<'_>| topic_html(world, (&office.settings, &archive), no);
        let (is, should) = (page(&office.world), page(should));
        let differs = is.iter().flat_map(|is| is.lines()).zip(should.iter().flat_map(|it| it.lines()));
        let differs: Vec<_> = differs.filter(|(is, should)| is != should).collect();
        assert!(is == should, "{no}: {differs:#?}");
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
        let mut office = Office::with_a_roll();
        tries.into_iter().for_each(|one| office.say_or_take_back(one));
        same(&office);
        office.traces_agree();
        seconds_are_one_a_person(&office);
    }
}

/// How often each kind of thing was taken back.
fn kinds_of(office: &Office) -> BTreeMap<&'static str, usize> {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for fact in office.records.iter().flat_map(|record| &record.facts) {
        if matches!(fact, Event::Gathering(gathering::Fact::NotThere { .. })) {
            *kinds.entry("sign-in").or_default() += 1;
        }
        let Event::Undone { what } = fact else { continue };
        let kind = match what {
            Undoable::Topic(_) => "topic",
            Undoable::Second(_) => "second",
            Undoable::Suggestion(_) => "suggestion",
            Undoable::Reply(..) => "reply",
            Undoable::Like(_) => "like",
            Undoable::Objection(_) => "objection",
            Undoable::SignUp(..) => "sign-up",
            Undoable::Brief(_) => "brief",
            Undoable::Proposal(_) => "proposal",
            Undoable::Absence(..) => "absence",
            Undoable::Mandate(..) => "mandate",
            Undoable::Duty(..) => "duty",
        };
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

/// The sequences tried above take back every kind, long after it was done as well, and in merged topics.
#[test]
fn a_long_sequence_takes_back_every_kind() {
    let mut office = Office::with_a_roll();
    let mut state = 11_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(state >> 56).unwrap()
    };
    let all = "topic second suggestion reply like objection sign-up sign-in brief proposal absence mandate";
    // Until every kind was, and no longer than that takes.
    for _ in 0..20 {
        for _ in 0..1_000 {
            let one = (next(), next(), next() % 24, next(), u16::from(next()));
            office.say_or_take_back(one);
        }
        if all.split(' ').all(|kind| kinds_of(&office).contains_key(kind)) {
            break;
        }
    }
    let kinds = kinds_of(&office);
    let merged = office.records.iter().flat_map(|record| &record.facts);
    assert!(merged.filter(|fact| matches!(fact, Event::TopicMerged { .. })).count() > 1);
    for kind in all.split(' ') {
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
