//! 会场 — a hall in which anybody says anything: the real parser and the real decision on a world in memory, with a clock of its own.

use chrono::{DateTime, Duration, TimeZone, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;
use xieshang::bot::fixtures::{self, Fixtures};
use xieshang::domain::command::Command;
use xieshang::domain::decide::decide;
use xieshang::domain::due::{first_due, next};
use xieshang::domain::event::{Event, Record};
use xieshang::domain::evolve::evolve;
use xieshang::domain::history::clock;
use xieshang::domain::kernel::ids::{ClaimNo, GroupId, PersonId, TopicNo};
use xieshang::domain::kernel::mark::Mark;
use xieshang::domain::kernel::said::Way;
use xieshang::domain::kernel::say::Say;
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::words::Words;
use xieshang::domain::kernel::world::{Overlay, Shelf, World};
use xieshang::domain::people::person::{Person, Side};
use xieshang::domain::process::form::Step;
use xieshang::domain::process::topic::Halt;
use xieshang::domain::scene::{Caller, Ctx, Decided, Decision, Place, Scene};
use xieshang::language::catalog::{Entry, PlaceKind};
use xieshang::language::{self, Catalog, Lang, Parsed, Site, render};
use xieshang::say;

/// A world laid down, so that any number of others can stand on it.
#[derive(Clone, Default)]
pub struct Sheet(BTreeMap<Vec<u8>, Vec<u8>>);

impl Shelf for Sheet {
    fn read(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        self.0.get(key).map(|value| value.as_slice().into())
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) {
        let all = self.0.range(from.to_vec()..).take_while(|(key, _)| key.starts_with(prefix));
        for (key, value) in all {
            if !visit(key, value) {
                return;
            }
        }
    }
}

impl Sheet {
    fn lay(&mut self, overlay: Overlay) {
        for (key, value) in overlay {
            match value {
                Some(value) => self.0.insert(key, value),
                None => self.0.remove(&key),
            };
        }
    }
}

/// What became of a sentence.
pub struct Outcome {
    /// The command it was taken for, by the name of its file; `None` for ordinary talk.
    pub entry: Option<String>,
    /// The decision; `None` for ordinary talk.
    pub decided: Option<Decided>,
}

/// The hall.
#[derive(Clone)]
pub struct Hall {
    pub sheet: Sheet,
    pub settings: Settings,
    pub now: DateTime<Utc>,
    /// Who is meant of several of one name, if not who has had it the longest.
    pub namesake: Option<PersonId>,
    /// What has happened, as the ledger would have it.
    pub records: Arc<BTreeMap<u64, Record>>,
    seq: u64,
}

pub fn catalog() -> &'static Catalog {
    Catalog::builtin().expect("commands/ is in order")
}

impl Hall {
    /// The people and groups of `people.json`, in the morning of 3 March.
    pub fn new() -> Self {
        let people: Fixtures = fixtures::read(include_str!("people.json")).expect("people.json");
        let mut settings = Settings::default();
        people.committee.over(&mut settings).expect("settings");
        let now = settings.tz.with_ymd_and_hms(2025, 3, 3, 9, 0, 0).unwrap().with_timezone(&Utc);
        let facts = people.facts(catalog(), &settings, "local").expect("facts");
        let mut hall = Self { sheet: Sheet::default(), settings, now, namesake: None, records: Arc::default(), seq: 0 };
        hall.happen(None, None, Way::Office, facts);
        hall.stranger();
        hall
    }

    /// The world as it is.
    pub fn world(&self) -> World<'_> {
        World::on(&self.sheet)
    }

    /// Who is meant by a name.
    pub fn person(&self, name: &str) -> Person {
        self.world()
            .people_named(name)
            .into_iter()
            .min_by_key(|one| (Some(one.id) != self.namesake, one.id))
            .unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    fn group(&self, id: &str) -> GroupId {
        self.world().group_by_chat(&format!("local:{id}")).unwrap_or_else(|| panic!("no group {id}"))
    }

    /// Facts happen.
    pub fn happen(&mut self, by: Option<&Person>, group: Option<GroupId>, way: Way, facts: Vec<Event>) {
        self.seq += 1;
        let record = self.record(by, group, way, facts);
        Arc::make_mut(&mut self.records).insert(self.seq, record.clone());
        let sheet = std::mem::take(&mut self.sheet);
        let mut world = World::on(&sheet);
        evolve(&mut world, &record);
        assert!(!world.is_broken(), "the world cannot be read back");
        let overlay = world.into_overlay();
        self.sheet = sheet;
        self.sheet.lay(overlay);
    }

    /// Lays what was changed by hand over the sheet.
    pub fn lay(&mut self, overlay: Overlay) {
        self.sheet.lay(overlay);
    }

    pub fn record(&self, by: Option<&Person>, group: Option<GroupId>, way: Way, facts: Vec<Event>) -> Record {
        Record { seq: self.seq, at: self.now, by: by.map(|person| person.id), group, way, via: None, key: None, facts }
    }

    /// 所在 — `pm`, `page`, or a group.
    pub fn place(&self, at: &str) -> (Place, Way) {
        match at {
            "pm" => (Place::Private, Way::Private),
            "page" => {
                let station = self.world().station_named("东风路微协商议事室").map(|station| station.id);
                (Place::Page { station, topic: None }, Way::Page)
            }
            group => (Place::Group(self.group(group)), Way::Group),
        }
    }

    pub fn scene(&self, who: &str, at: &str) -> Scene {
        let (place, way) = self.place(at);
        Scene {
            now: self.now,
            said_at: Some(self.now),
            who: self.person(who),
            place,
            way,
            reply: None,
            quotes: false,
            said: String::new(),
            masked: false,
            caller: Caller {
                account: format!("local:{who}"),
                shown: who.to_owned(),
                private_chat: format!("local:pm:{who}"),
            },
            dice: Some([7; 16]),
        }
    }

    /// What would come of it if `who` said this there. Nothing happens.
    pub fn ask(&self, world: &World<'_>, who: &str, at: &str, text: &str) -> Outcome {
        self.answer(world, who, at, text, None)
    }

    /// The same in reply to something the bot said.
    pub fn answer(&self, world: &World<'_>, who: &str, at: &str, text: &str, reply: Option<Mark>) -> Outcome {
        let scene = Scene { said: text.to_owned(), reply, ..self.scene(who, at) };
        if at == "page" {
            let (title, text) = text.split_once('｜').unwrap_or((text, ""));
            let command = Command::Slip { title: title.to_owned(), text: text.to_owned() };
            let decided = decide(&Ctx { world, settings: &self.settings, scene: &scene }, &command);
            return Outcome { entry: Some("topic".to_owned()), decided: Some(decided) };
        }
        let heard = language::Hearing {
            private: at == "pm",
            reply: scene.reply.clone(),
            replied_to_bot: scene.reply.is_some(),
            replied_to_person: false,
            bot_names: Vec::new(),
            now: self.now,
            tz: self.settings.tz,
        };
        match language::parse(catalog(), text, &heard) {
            Parsed::Silent => Outcome { entry: None, decided: None },
            Parsed::Heard(heard) => {
                let ctx = Ctx { world, settings: &self.settings, scene: &scene };
                let decided = gate(&ctx, heard.entry, &heard.command);
                Outcome { entry: heard.entry.map(|entry| entry.key().to_owned()), decided: Some(decided) }
            }
        }
    }

    /// Somebody says something that must lead to something.
    pub fn must(&mut self, line: &str) {
        let mut words = line.splitn(3, ' ');
        let (Some(who), Some(at)) = (words.next(), words.next()) else { panic!("{line}") };
        let text = words.next().unwrap_or_default().replace("\\n", "\n");
        let outcome = self.ask(&self.world(), who, at, &text);
        match outcome.decided {
            Some(Ok(decision)) if !decision.facts.is_empty() => {
                let (person, (place, way)) = (self.person(who), self.place(at));
                let group = if let Place::Group(group) = place { Some(group) } else { None };
                self.happen(Some(&person), group, way, decision.facts);
                self.now += Duration::minutes(1);
            }
            Some(Ok(decision)) => panic!("“{line}” only leads to {:?}", decision.answer),
            Some(Err(say)) => panic!("“{line}” is refused: {}", self.words(&say, Lang::Zh)),
            None => panic!("“{line}” is taken for talk"),
        }
    }

    /// So many days pass; what comes due on the way is done.
    pub fn days(&mut self, days: i64) {
        let until = self.now + Duration::days(days);
        while let Some(at) = next(&self.world()).filter(|at| *at <= until) {
            self.now = self.now.max(at);
            let Some(facts) = first_due(&self.world(), &self.settings, self.now, until) else { break };
            self.happen(None, None, Way::Clock, facts);
        }
        self.now = until;
    }

    /// A sentence in words; a fault in it is the test's end.
    pub fn words(&self, say: &Say, lang: Lang) -> String {
        let site = Site { public_url: self.settings.public_url.clone(), tz: self.settings.tz };
        let rendered = render(catalog(), say, lang, &site);
        assert_eq!(rendered.faults, Vec::<String>::new(), "{say:?}");
        rendered.text
    }

    /// Where topic 1 stands: its step, or why it does not go on.
    pub fn stand(world: &World<'_>) -> String {
        let Some(topic) = world.topic(TopicNo(1)) else { return "none".to_owned() };
        match topic.halt {
            Some(Halt::Paused) => "paused".to_owned(),
            Some(Halt::Ended) => "ended".to_owned(),
            Some(Halt::Merged(_)) => "merged".to_owned(),
            None => step_name(topic.step),
        }
    }
}

impl Hall {
    /// 认1 — somebody nobody knows says that they are 张桂英 of 601.
    fn stranger(&mut self) {
        let person = PersonId(self.world().counters().people + 1);
        let (account, private_chat): (Words, Words) = ("local:九楼老张".into(), "local:pm:九楼老张".into());
        let known = Event::PersonEnrolled {
            person,
            name: "九楼老张".into(),
            side: Side::Resident,
            unit: Words::default(),
            sector: String::new(),
            town: String::new(),
            level: None,
            field: Words::default(),
            room: Words::default(),
            enrolled: false,
        };
        let linked = Event::AccountLinked {
            person,
            account: account.clone(),
            private_chat: private_chat.clone(),
            before: Words::default(),
        };
        self.happen(None, None, Way::Private, vec![known, linked]);
        self.claim();
    }

    /// The clock shows a time nobody believes.
    pub fn clock_jumps(&mut self) {
        let (expected, shown) = (self.now, self.now + Duration::days(4_383));
        self.happen(None, None, Way::Clock, vec![Event::Clock(clock::Fact::Jumped { expected, shown, taken: false })]);
    }

    /// The same claim anew: after some days nobody can confirm the old one.
    pub fn claim(&mut self) {
        let who = self.person("九楼老张");
        let (account, private_chat): (Words, Words) = ("local:九楼老张".into(), "local:pm:九楼老张".into());
        let (shown, name, place): (Words, Words, Words) = ("九楼老张".into(), "张桂英".into(), "601".into());
        let claim = Event::ClaimMade { claim: ClaimNo(1), account, private_chat, shown, name, place, until: None };
        self.happen(Some(&who), None, Way::Private, vec![claim]);
    }
}

/// The name of a step as it stands in its terms, e.g. `talking`.
pub fn step_name(step: Step) -> String {
    step.term().trim_start_matches("step.").to_owned()
}

/// The loop's gate of places; what the loop answers itself is answered by its name.
fn gate(ctx: &Ctx<'_>, entry: Option<&Entry>, command: &Result<Command, Say>) -> Decided {
    let place = if ctx.group().is_some() { PlaceKind::Group } else { PlaceKind::Private };
    if entry.is_some_and(|entry| !entry.allowed_in(place)) {
        return Err(if place == PlaceKind::Group { say!("e.private") } else { say!("e.group") });
    }
    match command {
        Err(refusal) => Err(refusal.clone()),
        Ok(Command::Help(on)) => Ok(Decision::answer(language::help(on))),
        Ok(command) => decide(ctx, command),
    }
}
