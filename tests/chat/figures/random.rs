//! Any sequence of commands: what the sheets say is what the ledger's facts come to, and parts add up to the whole.

use super::recount::{Count, Recount, What};
use chrono::{DateTime, Days, Duration, Utc};
use proptest::prelude::*;
use std::collections::BTreeMap;
use xieshang::domain::brief;
use xieshang::domain::command::Command;
use xieshang::domain::decide::decide;
use xieshang::domain::event::{Event, Record};
use xieshang::domain::evolve::evolve;
use xieshang::domain::history::period::Span;
use xieshang::domain::history::period::Window;
use xieshang::domain::kernel::ids::{GatheringNo, GroupId, PersonId, SuggestionRef, TaskNo, TopicNo};
use xieshang::domain::kernel::said::SuggestionArg;
use xieshang::domain::kernel::said::Way;
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::{Bare, World};
use xieshang::domain::people::group::GroupKind;
use xieshang::domain::people::person::{Level, Role, Scope, Side};
use xieshang::domain::process::form::{Kind, Step};
use xieshang::domain::process::hiding;
use xieshang::domain::scene::{Caller, Ctx, Place, Scene};
use xieshang::domain::talk::suggestion::Verdict;
use xieshang::domain::work::outcome::{Outcome, OutcomeKind};
use xieshang::domain::work::task::{Class, Grade};
use xieshang::figures::{About, Desk, Figures, Paper, Sheet};

const TOWNS: [&str; 2] = ["东风路街道", "团结镇"];
const MEMBERS: [PersonId; 3] = [PersonId(1), PersonId(2), PersonId(3)];
pub(super) const MODERATOR: PersonId = PersonId(4);
const COORDINATOR: PersonId = PersonId(5);
const HANDLER: PersonId = PersonId(6);
pub(super) const PEOPLE: u32 = 12;
/// Somebody who only spoke up, until it turns out who they are.
const NEWCOMER: PersonId = PersonId(PEOPLE + 1);

/// One thing somebody tries: what, who, two numbers, and minutes since the one before.
pub(super) type Try = (u8, u8, u8, u8, u16);

pub(super) struct Office {
    pub world: World<'static>,
    pub settings: Settings,
    pub records: Vec<Record>,
    pub now: DateTime<Utc>,
    said: u32,
}

impl Office {
    pub(super) fn new() -> Self {
        let now = "2025-03-01T09:00:00+08:00".parse::<DateTime<chrono::FixedOffset>>().unwrap().with_timezone(&Utc);
        let mut office =
            Self { world: World::on(&Bare), settings: Settings::default(), records: Vec::new(), now, said: 0 };
        office.record(None, None, Self::beginning(&office.settings));
        office
    }

    fn beginning(settings: &Settings) -> Vec<Event> {
        let mut facts = Vec::new();
        for n in 1..=NEWCOMER.0 {
            let side = match n {
                1..=3 | 5 => Side::Cppcc,
                4 | 6 => Side::Department,
                7 => Side::Expert,
                8 => Side::Company,
                _ => Side::Resident,
            };
            facts.push(Event::PersonEnrolled {
                person: PersonId(n),
                name: format!("第{n}人").into(),
                side,
                unit: "单位".into(),
                sector: if n == 1 { "科技界".to_owned() } else { String::new() },
                town: TOWNS.get(n as usize % 3).map_or(String::new(), |town| (*town).to_owned()),
                level: [None, Some(Level::City), Some(Level::District), None].get(n as usize).copied().flatten(),
                field: "".into(),
                room: "".into(),
                enrolled: n != NEWCOMER.0,
            });
        }
        let mut grant = |person, role| facts.push(Event::RoleGranted { person, role, scope: Scope::District });
        MEMBERS.iter().for_each(|member| grant(*member, Role::Member));
        grant(MODERATOR, Role::Moderator);
        grant(COORDINATOR, Role::Coordinator);
        grant(HANDLER, Role::Handler);
        let kinds = [(GroupKind::Members, ""), (GroupKind::Town, TOWNS[0]), (GroupKind::Town, TOWNS[1])];
        for (n, (kind, town)) in (1..).zip(kinds) {
            let (digest_at, quiet, language) = (settings.digest_at, settings.quiet, "zh".to_owned());
            let (chat, name) = (format!("g{n}").into(), format!("群{n}").into());
            let group = GroupId(n);
            facts.push(Event::GroupSeen { group, chat, name, digest_at, quiet, language: language.clone() });
            let (town, sector) = (town.to_owned(), String::new());
            facts.push(Event::GroupSet { group, kind, town, sector, digest_at, quiet, language });
        }
        facts
    }

    pub(super) fn record(&mut self, by: Option<PersonId>, group: Option<GroupId>, facts: Vec<Event>) {
        let seq = self.records.len() as u64 + 1;
        let record = Record { seq, at: self.now, by, group, way: Way::Group, via: None, key: None, facts };
        evolve(&mut self.world, &record);
        self.records.push(record);
    }

    /// Somebody gives a command in a group; a refusal changes nothing.
    pub(super) fn give(&mut self, who: PersonId, group: u32, command: &Command) -> bool {
        let scene = Scene {
            now: self.now,
            said_at: None,
            who: self.world.person(who).unwrap(),
            place: Place::Group(GroupId(group)),
            way: Way::Group,
            reply: None,
            quotes: false,
            said: String::new(),
            masked: false,
            caller: Caller::default(),
            dice: None,
        };
        let decided = decide(&Ctx { world: &self.world, settings: &self.settings, scene: &scene }, command);
        let facts = decided.map(|decision| decision.facts).unwrap_or_default();
        let is_done = !facts.is_empty();
        if is_done {
            self.record(Some(who), Some(GroupId(group)), facts);
        }
        is_done
    }

    pub(super) fn text(&mut self) -> String {
        self.said += 1;
        format!("第{}句", self.said)
    }

    /// Whatever brings a topic one step on, or at least nearer to it.
    pub(super) fn push(&mut self, no: TopicNo, who: PersonId) {
        let Some(topic) = self.world.topic(no) else { return };
        let some = Some(no);
        match topic.step {
            Step::Ordered => {
                _ = self.give(
                    MEMBERS[no.0 as usize % 3],
                    1,
                    &Command::Take { topic: some, who: String::new(), reason: String::new() },
                );
            }
            Step::Talking if topic.suggestions < 3 => {
                for person in [who, PersonId(7), PersonId(9)] {
                    let text = self.text();
                    self.give(person, 1, &Command::Suggest { topic: some, text });
                }
            }
            Step::Planning => {
                let text = self.text();
                self.give(MODERATOR, 1, &Command::Plan { topic: some, text });
                self.give(MODERATOR, 1, &Command::Notice { topic: some, days: Some(3) });
            }
            Step::Noticing => {
                self.now += Duration::days(4);
                for objection in self.world.unanswered(no) {
                    let text = self.text();
                    self.give(MODERATOR, 1, &Command::Answer { topic: some, n: Some(objection.reference.n), text });
                }
                self.give(MODERATOR, 1, &Command::Advance { topic: some, reason: String::new() });
            }
            Step::Tracking => {
                let outcomes = vec![Outcome { kind: OutcomeKind::Conflict, n: 1 }];
                self.give(MODERATOR, 1, &Command::Close { topic: some, outcomes, note: String::new() });
            }
            Step::Closed => drop(self.give(COORDINATOR, 1, &Command::Advance { topic: some, reason: String::new() })),
            _ => drop(self.give(MODERATOR, 1, &Command::Advance { topic: some, reason: String::new() })),
        }
    }

    /// The newcomer speaks up often, but no more once it is known who they are.
    fn somebody(&self, who: u8) -> PersonId {
        let is_known = self.records.iter().flat_map(|record| &record.facts).any(|fact| joins(fact).is_some());
        if who.is_multiple_of(4) && !is_known { NEWCOMER } else { PersonId(u32::from(who) % PEOPLE + 1) }
    }

    #[allow(clippy::too_many_lines, reason = "one arm a thing that can be tried")]
    fn attempt(&mut self, (what, who, a, b, minutes): Try) {
        self.now += Duration::minutes(i64::from(minutes));
        let (who, group) = (self.somebody(who), u32::from(b) % 3 + 1);
        let topics = self.world.counters().topics;
        let no = TopicNo(u32::from(a) % topics.max(1) + 1);
        let last = self.world.topic(no).map_or(1, |topic| topic.last_suggestion.max(1));
        let suggestion = SuggestionRef { topic: no, n: u32::from(b) % last + 1 };
        let text = self.text();
        let arg = Some(SuggestionArg::Full(suggestion));
        match what % 28 {
            0 | 1 => drop(self.give(who, group, &Command::TopicNew { text, force: true })),
            2 => drop(self.give(who, group, &Command::Second(Some(no)))),
            3..=5 => drop(self.give(who, group, &Command::Suggest { topic: Some(no), text })),
            6 | 7 => drop(self.give(who, group, &Command::Like(arg))),
            8 => drop(self.give(who, group, &Command::Reply { to: arg, text })),
            9 => {
                let verdict = [Verdict::Adopted, Verdict::Partly, Verdict::Declined][usize::from(a) % 3];
                self.give(MODERATOR, group, &Command::Judge { suggestion: arg, verdict, reason: text });
            }
            10 => drop(self.give(who, group, &Command::Object { topic: Some(no), text })),
            11 => {
                let at = self.now + Duration::hours(1);
                self.give(
                    MODERATOR,
                    group,
                    &Command::CallGathering { name: text.clone(), at, until: None, place: text },
                );
            }
            12 => {
                let gathering = Some(GatheringNo(self.world.counters().gatherings.max(1)));
                let names =
                    if a % 2 == 0 { Vec::new() } else { vec!["第9人".to_owned(), format!("第{}人", who.0)] };
                let who = if names.is_empty() { who } else { MODERATOR };
                self.give(
                    who,
                    group,
                    &Command::SignIn { gathering, names: xieshang::domain::talk::gathering::Attendants::Named(names) },
                );
            }
            13 => {
                let brief = brief::Ask::Info { title: text.clone(), body: text, sources: Vec::new() };
                self.give(MEMBERS[usize::from(a) % 3], 1, &Command::Brief(brief));
            }
            14 => {
                // Nobody's own unit: they may rate what it did.
                let unit = "承办单位".to_owned();
                let (handler, term) = ("第6人".to_owned(), xieshang::domain::kernel::said::Term::Days(5));
                self.give(COORDINATOR, group, &Command::Assign { topic: Some(no), unit, handler, term, what: text });
                let task = Some(TaskNo(self.world.counters().tasks));
                self.give(HANDLER, group, &Command::Progress { task, class: Some(Class::A), text: "好了".to_owned() });
                let proposer = self.world.topic(no).map_or(who, |topic| topic.proposer);
                let grade = if b % 3 == 0 { Grade::Bad } else { Grade::Good };
                self.give(proposer, group, &Command::Rate { task, grade, reason: "如此".to_owned() });
                self.give(
                    HANDLER,
                    group,
                    &Command::Progress { task, class: Some(Class::B), text: "又好了".to_owned() },
                );
                self.give(proposer, group, &Command::Rate { task, grade: Grade::Fair, reason: String::new() });
            }
            15 if a % 5 == 0 => {
                let into = TopicNo(u32::from(b) % topics.max(1) + 1);
                self.give(MODERATOR, group, &Command::Merge { topic: Some(no), into, reason: text });
            }
            15 => drop(self.give(MODERATOR, group, &Command::Back { topic: Some(no), reason: text })),
            16 | 17 => drop(self.give(who, group, &Command::Undo)),
            // Said at once, so that it can still be taken back, with what somebody else said to it.
            18 => {
                self.give(who, group, &Command::Suggest { topic: Some(no), text });
                let n = self.world.topic(no).map_or(1, |topic| topic.last_suggestion.max(1));
                let arg = Some(SuggestionArg::Full(SuggestionRef { topic: no, n }));
                let text = self.text();
                self.give(PersonId(who.0 % PEOPLE + 1), group, &Command::Reply { to: arg, text });
                self.give(PersonId(who.0 % PEOPLE + 1), group, &Command::Like(arg));
                if b % 2 == 0 {
                    self.give(who, group, &Command::Undo);
                }
            }
            19 => {
                let act = if a % 3 == 0 { hiding::Act::Show } else { hiding::Act::Hide };
                let ask = hiding::Ask::Set { target: hiding::Target::Suggestion(arg), reason: text, act };
                self.give(MODERATOR, group, &Command::Hide(ask));
            }
            20 if a % 2 == 0 && who == NEWCOMER => {
                // Residents and members of no office, who are neutral nowhere.
                let into = PersonId([2, 9, 10, 11][usize::from(b) % 4]);
                self.record(Some(COORDINATOR), Some(GroupId(1)), vec![Event::PersonJoined { from: NEWCOMER, into }]);
            }
            _ => self.push(no, who),
        }
    }

    fn sheet(&self, window: Window, about: &About) -> Sheet {
        Desk::new(&self.world, &self.settings).sheet(window, about, self.now)
    }

    pub(super) fn days(&self) -> Vec<Window> {
        let (first, last) = (self.records[0].at, self.now);
        let mut day = self.settings.date(first);
        let mut windows = Vec::new();
        while day <= self.settings.date(last) {
            windows.push(Span::day(day).window(&self.settings));
            day = day.checked_add_days(Days::new(1)).unwrap();
        }
        windows
    }
}

fn joins(fact: &Event) -> Option<PersonId> {
    if let Event::PersonJoined { into, .. } = fact { Some(*into) } else { None }
}

/// What sums over time and over topics, by name.
fn listed(sums: &Figures) -> BTreeMap<What, i64> {
    BTreeMap::from([
        (What::Ordered, i64::from(sums.ordered)),
        (What::Taken, i64::from(sums.taken)),
        (What::Talks, i64::from(sums.talks)),
        (What::Tracked, i64::from(sums.tracked)),
        (What::Closed, i64::from(sums.closed)),
        (What::Suggestion, i64::from(sums.suggestions)),
        (What::Reply, i64::from(sums.replies)),
        (What::Like, i64::from(sums.likes)),
        (What::Second, i64::from(sums.seconds)),
        (What::Adopted, i64::from(sums.adopted)),
        (What::Settled, i64::from(sums.settled)),
        (What::Attended, i64::from(sums.attended)),
        (What::Brief, i64::from(sums.briefs)),
    ])
}

fn counted(counts: &[Count], window: Window, fits: impl Fn(&Count) -> bool) -> BTreeMap<What, i64> {
    let mut sums = listed(&Figures::default());
    for count in counts.iter().filter(|count| window.holds(count.at) && fits(count)) {
        *sums.get_mut(&count.what).unwrap() += count.n;
    }
    sums
}

fn added(parts: impl IntoIterator<Item = BTreeMap<What, i64>>) -> BTreeMap<What, i64> {
    let mut sums = listed(&Figures::default());
    for part in parts {
        part.into_iter().for_each(|(what, n)| *sums.get_mut(&what).unwrap() += n);
    }
    sums
}

fn check_sums(office: &Office, recount: &Recount, whole: Window) {
    let counts = recount.counts();
    let all = office.sheet(whole, &About::District);
    assert_eq!(listed(&all.sums), counted(&counts, whole, |_| true), "the whole");
    assert_eq!(all.interaction, all.sums.suggestions + all.sums.replies + all.sums.likes + all.sums.seconds);
    let days = office.days();
    for day in &days {
        let sums = office.sheet(*day, &About::District).sums;
        assert_eq!(listed(&sums), counted(&counts, *day, |_| true), "{day:?}");
    }
    for week in days.chunks(7).map(|days| Window { from: days[0].from, to: days[days.len() - 1].to }) {
        let parts = days.iter().filter(|day| week.from <= day.from && day.to <= week.to);
        let sums = added(parts.map(|day| listed(&office.sheet(*day, &About::District).sums)));
        assert_eq!(sums, listed(&office.sheet(week, &About::District).sums), "{week:?}");
    }
    let towns = ["", TOWNS[0], TOWNS[1]].map(|town| About::Town(town.to_owned()));
    let by_town = added(towns.iter().map(|town| listed(&office.sheet(whole, town).sums)));
    assert_eq!(by_town, listed(&all.sums), "the towns");
    for town in TOWNS {
        let sums = listed(&office.sheet(whole, &About::Town(town.to_owned())).sums);
        let on_topics = counted(&counts, whole, |count| count.topic.is_some_and(|no| recount.town(no) == town));
        for what in [What::Ordered, What::Talks, What::Closed, What::Suggestion, What::Like, What::Settled] {
            assert_eq!(sums[&what], on_topics[&what], "{town} {what:?}");
        }
    }
    let by_kind = added(Kind::ALL.map(|kind| listed(&office.sheet(whole, &About::Kind(kind)).sums)));
    let on_topics = counted(&counts, whole, |count| count.topic.is_some());
    assert_eq!(by_kind, on_topics, "the kinds");
    let by_side = added(Side::ALL.map(|side| listed(&office.sheet(whole, &About::Side(side)).sums)));
    for what in [What::Ordered, What::Closed, What::Suggestion, What::Reply, What::Like, What::Second, What::Settled] {
        assert_eq!(by_side[&what], on_topics[&what], "the sides: {what:?}");
    }
}

/// 今日数 of the daily digests, whether they were worth sending or not.
fn check_digests(office: &Office) {
    let members = office.world.group(GroupId(1)).unwrap();
    let mut date = office.settings.date(office.records[0].at);
    let last = office.settings.date(office.now);
    let mut desk = Desk::new(&office.world, &office.settings);
    while date <= last {
        let window = xieshang::figures::window(&office.settings, &members, date).unwrap();
        let sheet = office.sheet(window, &About::District).sums;
        let told = |sums: &Figures| [sums.ordered, sums.taken, sums.suggestions, sums.likes, sums.seconds, sums.closed];
        match desk.compose(&members, date) {
            Some(Paper::Matrix(paper)) => assert_eq!(told(&paper.figures.unwrap()), told(&sheet), "{date}"),
            Some(other) => panic!("{other:?}"),
            None => assert_eq!([sheet.ordered, sheet.taken, sheet.suggestions, sheet.closed], [0; 4], "{date}"),
        }
        date = date.succ_opt().unwrap();
    }
}

/// What a page and 我 say is what stands.
fn check_pages(office: &Office, recount: &Recount) {
    for topic in (1..=office.world.counters().topics).filter_map(|no| office.world.topic(TopicNo(no))) {
        let told = [topic.suggestions, topic.replies, topic.likes].map(|n| n as usize);
        assert_eq!(told, <[usize; 3]>::from(recount.on_page(topic.no)), "{}", topic.no);
    }
    for person in (1..=NEWCOMER.0).map(PersonId) {
        let own = office.world.trail(person).suggestions as usize;
        assert_eq!(own, recount.suggestions_of(person), "{person:?}");
    }
}

fn check_people(office: &Office, recount: &Recount, whole: Window) {
    let tz = office.settings.tz;
    let days = office.days();
    for window in days.iter().copied().chain([whole]) {
        let sheet = office.sheet(window, &About::District);
        let members = recount.participation(tz, window.from, window.to, &MEMBERS);
        assert_eq!(sheet.members.times as usize, members.len(), "{window:?}: {members:?}");
        let is_neutral = |person: PersonId, _: &str| person == MODERATOR || person == COORDINATOR;
        let mut present = recount.present(window.from, window.to, is_neutral);
        present.extend(recount.came(window.from, window.to).filter(|person| *person != COORDINATOR));
        let sum: u32 = sheet.present.iter().map(|side| side.n).sum();
        assert_eq!(sum as usize, present.len(), "{window:?}: {present:?}");
        let first = recount.first_words().into_iter().filter(|(person, at)| person.0 > 8 && window.holds(*at)).count();
        assert_eq!(sheet.first_words as usize, first, "{window:?}");
    }
    let times: u32 = days.iter().map(|day| office.sheet(*day, &About::District).members.times).sum();
    assert_eq!(times, office.sheet(whole, &About::District).members.times, "人次 of the days");
    // 五方到场 of one topic over all its days is what the closing sentence says.
    for topic in (1..=office.world.counters().topics).filter_map(|no| office.world.topic(TopicNo(no))) {
        let here: std::collections::BTreeSet<PersonId> =
            office.world.present(&topic).into_iter().map(|(person, _)| person).collect();
        let counted = recount.present_on(topic.no, |person| person == MODERATOR || person == COORDINATOR);
        assert_eq!(here, counted, "{}", topic.no);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_commands_comes_to_the_same_sums(
        tries in prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>(), 0..400_u16), 40..160),
    ) {
        let mut office = Office::new();
        tries.into_iter().for_each(|one| office.attempt(one));
        let recount = Recount::of(&office.records);
        let days = office.days();
        let whole = Window { from: days[0].from, to: days[days.len() - 1].to };
        check_sums(&office, &recount, whole);
        check_digests(&office);
        check_people(&office, &recount, whole);
        check_pages(&office, &recount);
    }
}

/// The sequences tried above reach everything that is counted.
#[test]
fn a_long_sequence_reaches_every_figure() {
    let mut office = Office::new();
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(state >> 56).unwrap()
    };
    for _ in 0..1_500 {
        let one = (next(), next(), next(), next(), u16::from(next()));
        office.attempt(one);
    }
    let recount = Recount::of(&office.records);
    let days = office.days();
    let whole = Window { from: days[0].from, to: days[days.len() - 1].to };
    let sheet = office.sheet(whole, &About::District);
    assert!(listed(&sheet.sums).values().all(|n| *n > 0), "{:?}", sheet.sums);
    assert!(sheet.sums.rated > 0 && sheet.sums.gatherings > 0 && sheet.first_words > 0, "{:?}", sheet.sums);
    let merged = office.records.iter().flat_map(|record| &record.facts);
    assert!(merged.clone().any(|fact| matches!(fact, Event::TopicMerged { .. })));
    assert!(merged.clone().any(|fact| matches!(fact, Event::TopicReturned { .. })));
    assert!(merged.clone().any(|fact| joins(fact).is_some()));
    check_sums(&office, &recount, whole);
    check_digests(&office);
    check_people(&office, &recount, whole);
    check_pages(&office, &recount);
}
