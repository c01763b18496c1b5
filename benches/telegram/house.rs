//! A fake Telegram with a group of voters in it, a program that serves them, and a poll that is open.

use super::fake::limits::Pace;
use super::fake::state::Press;
use super::fake::{Fake, Options, TOKEN};
use super::folder::Folder;
use super::plain;
use chrono::{DateTime, TimeDelta, Utc};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use xieshang::bot::{clock, start};
use xieshang::domain::event::Event;
use xieshang::domain::kernel::ids::{GroupId, PersonId, PollNo, TopicNo, VoterNo};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::domain::people::group::GroupKind;
use xieshang::domain::people::person::{Role, Scope, Side};
use xieshang::domain::process::channel::Channel;
use xieshang::domain::process::form::{Kind, Step};
use xieshang::domain::vote::roll::RollRow;
use xieshang::domain::vote::tally::Choice;
use xieshang::language::Catalog;

const GROUP: &str = "团结镇学联组群";
const TOWN: &str = "团结镇";
/// Longest wait for anything that must happen.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(5);
/// A program that answered nothing for so long has nothing left to answer.
const QUIET: Duration = Duration::from_millis(300);

/// Which program serves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Ours,
    /// As teloxide is by default.
    Plain,
    /// The same bot with the presses of a group handled side by side, each voter's in order.
    ByVoter,
    /// The plain one, waiting for the disk as ours does.
    Synced,
}

impl Which {
    pub fn name(self) -> &'static str {
        match self {
            Which::Ours => "ours",
            Which::Plain => "plain",
            Which::ByVoter => "plain, by voter",
            Which::Synced => "plain, synced",
        }
    }
}

/// A running program; killed when it is let go.
pub struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub struct House {
    pub which: Which,
    pub fake: Fake,
    pub group: i64,
    pub voters: Vec<i64>,
    folder: Folder,
    program: Option<Program>,
    card: i64,
    data: Vec<String>,
}

impl House {
    /// A house with so many voters and an open poll.
    pub fn open(which: Which, voters: u32) -> House {
        // The machine's clock in finer steps: times from press to toast are a few milliseconds.
        let (base, began) = (clock::machine()(), Instant::now());
        let mut options =
            Options::new(Arc::new(move || base + TimeDelta::from_std(began.elapsed()).unwrap_or_default()));
        options.pace = Pace::Off;
        let fake = Fake::start(options);
        let host = fake.user("刘芳");
        let voters: Vec<i64> = (1..=voters).map(|n| fake.user(&name(n))).collect();
        let group = fake.supergroup(GROUP, &[host]);
        let telegram =
            format!("[local]\nenabled = false\n\n[telegram]\ntoken = {TOKEN:?}\napi_url = {:?}\n", fake.url());
        let folder = Folder::new("bench-telegram", &telegram);
        let mut house = House { which, fake, group, voters, folder, program: None, card: 0, data: Vec::new() };
        if which == Which::Ours {
            house.enter(host);
        }
        house.begin();
        let ask = if which == Which::Ours { "/投票 1 摸底 3天 要不要装路灯" } else { plain::OPEN };
        house.fake.say(group, host, ask, None, None);
        let card = house.fake.expect(group, "要不要装路灯");
        let buttons: Vec<_> = card.buttons().into_iter().flatten().collect();
        assert_eq!(buttons.iter().map(|button| button.label.as_str()).collect::<Vec<_>>(), plain::CHOICES);
        house.data = buttons.into_iter().filter_map(|button| button.data).collect();
        house.card = card.id;
        house.settle();
        house
    }

    /// The people, a topic that is talked about and its roll, as the office would have entered them.
    fn enter(&self, host: i64) {
        let settings = Arc::new(Settings::default());
        let now = clock::machine()();
        let mut office = start::open(&self.folder.data(), settings, Catalog::builtin().unwrap(), now).unwrap().office;
        let moderator = PersonId(1);
        office.enter(person(moderator, "刘芳".to_owned(), host).to_vec(), now).unwrap();
        let granted = Event::RoleGranted { person: moderator, role: Role::Moderator, scope: Scope::District };
        let topic = TopicNo(1);
        let ordered = Event::TopicOrdered {
            topic,
            title: "南门路灯不亮".into(),
            body: "".into(),
            proposer: moderator,
            channel: Channel::Private,
            kind: Kind::Bridge,
            town: TOWN.to_owned(),
        };
        office
            .enter(vec![granted, ordered, Event::TopicAdvanced { topic, to: Step::Talking, reason: None }], now)
            .unwrap();
        office.enter(registered(self.group, now).to_vec(), now).unwrap();
        let numbered: Vec<(u32, i64)> = (1..).zip(self.voters.iter().copied()).collect();
        for some in numbered.chunks(500) {
            let people = some.iter().flat_map(|&(n, account)| person(PersonId(n + 1), name(n), account)).collect();
            office.enter(people, now).unwrap();
        }
        for some in numbered.chunks(500) {
            let row = |&(n, _): &(u32, i64)| RollRow {
                voter: VoterNo(n),
                names: vec![name(n).into()],
                rooms: vec![],
                area: 0,
            };
            let rows = some.iter().map(row).collect();
            let continues = some.first().is_some_and(|&(n, _)| n > 1);
            office.enter(vec![Event::RollLoaded { topic, continues, rows }], now).unwrap();
        }
    }

    /// Starts the program.
    pub fn begin(&mut self) {
        let mut command = match self.which {
            Which::Ours => self.folder.program(),
            Which::Plain | Which::ByVoter | Which::Synced => {
                let mut command = Command::new(std::env::current_exe().unwrap());
                command.args(["plain", self.fake.url(), TOKEN]).arg(self.folder.data()).arg(self.which.name());
                command
            }
        };
        let log = || std::fs::File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let child = command.env("XIESHANG_LOG", "warn").stdin(Stdio::null()).stdout(log()).stderr(log()).spawn();
        self.program = Some(Program(child.unwrap()));
    }

    /// The running program, to be let go: that is kill -9.
    pub fn program(&mut self) -> Option<Program> {
        self.program.take()
    }

    /// Seconds of CPU the program has used.
    pub fn cpu(&self) -> f64 {
        self.program.as_ref().map_or(0.0, |program| cpu_of(&program.0.id().to_string()))
    }

    /// Presses of these voters wait all at once.
    pub fn press_all(&self, presses: impl Iterator<Item = (usize, usize)>) {
        self.fake.with(|state| {
            for (voter, choice) in presses {
                state.press(self.group, self.card, self.voters[voter], &self.data[choice], true);
            }
        });
    }

    pub fn press(&self, voter: usize, choice: usize) {
        self.fake.press_raw(self.group, self.card, self.voters[voter], &self.data[choice]);
    }

    /// Presses one after the other, so many a second.
    pub fn press_steadily(&self, presses: impl Iterator<Item = (usize, usize)>, a_second: u32) {
        let (began, gap) = (Instant::now(), Duration::from_secs(1) / a_second);
        for (n, (voter, choice)) in (0..).zip(presses) {
            std::thread::sleep((gap * n).saturating_sub(began.elapsed()));
            self.press(voter, choice);
        }
    }

    /// Waits until the program has fetched everything and answers nothing more.
    pub fn settle(&self) {
        self.until("everything fetched", || self.fake.idle());
        let mut last = (self.answers(), Instant::now());
        self.until("the last answer", || {
            if self.answers() != last.0 {
                last = (self.answers(), Instant::now());
            }
            last.1.elapsed() > QUIET
        });
    }

    pub fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let began = Instant::now();
        while !holds() {
            assert!(began.elapsed() < PATIENCE, "{}: {what} does not come\n{}", self.which.name(), self.folder.log());
            std::thread::sleep(LOOK);
        }
    }

    pub fn answers(&self) -> usize {
        self.fake.count("answerCallbackQuery")
    }

    /// Every press there was.
    pub fn presses(&self) -> Vec<Press> {
        self.fake.presses(self.group)
    }

    /// The ballots on disk; kills the program first.
    pub fn ballots(&mut self) -> Vec<Option<usize>> {
        drop(self.program());
        if self.which != Which::Ours {
            return plain::ballots(&self.folder.data(), &self.voters);
        }
        let (settings, catalog) = (Arc::new(Settings::default()), Catalog::builtin().unwrap());
        let office = start::open(&self.folder.data(), settings, catalog, clock::machine()()).unwrap().office;
        let world = World::on(&**office.state());
        let choice = |n: u32| world.ballot(PollNo(1), VoterNo(n))?.choice;
        let place = |choice: Choice| [Choice::For, Choice::Against, Choice::Abstain].iter().position(|&c| c == choice);
        (1..).take(self.voters.len()).map(|n| choice(n).and_then(place)).collect()
    }
}

/// Seconds of CPU a process has used: user and system, in hundredths.
pub fn cpu_of(process: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, rest) = text.rsplit_once(") ").unwrap();
    rest.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

fn name(n: u32) -> String {
    let digits: Vec<char> = "零一二三四五六七八九".chars().collect();
    n.to_string().chars().map(|c| digits[c.to_digit(10).unwrap() as usize]).collect()
}

/// The group, with its digest twelve hours from now.
fn registered(group: i64, now: DateTime<Utc>) -> [Event; 2] {
    let digest_at = (now + TimeDelta::hours(12)).with_timezone(&chrono_tz::Asia::Shanghai).time();
    let (group, chat, quiet, language) =
        (GroupId(1), format!("telegram:{group}"), (digest_at, digest_at), "zh".to_owned());
    [
        Event::GroupSeen { group, chat: chat.into(), name: GROUP.into(), digest_at, quiet, language: language.clone() },
        Event::GroupSet {
            group,
            kind: GroupKind::Town,
            town: TOWN.to_owned(),
            sector: String::new(),
            digest_at,
            quiet,
            language,
        },
    ]
}

fn person(person: PersonId, name: String, account: i64) -> [Event; 2] {
    let address = format!("telegram:{account}");
    [
        Event::PersonEnrolled {
            person,
            name: name.into(),
            side: Side::Resident,
            unit: "".into(),
            sector: String::new(),
            town: TOWN.to_owned(),
            level: None,
            field: "".into(),
            room: "".into(),
            enrolled: true,
        },
        Event::AccountLinked {
            person,
            account: address.clone().into(),
            private_chat: address.into(),
            before: Default::default(),
        },
    ]
}
