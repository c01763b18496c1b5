//! 台架 — the whole bot in one process, against the stand-in for Telegram, with a clock of the test's: committer, post, Telegram's
//! loop or webhook as in the program; only the ticking is done by hand.

use super::telegram::{Clock, Fake, Options, TOKEN};
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use xieshang::bot::fixtures;
use xieshang::bot::health::Health;
use xieshang::bot::inbox::{self, Inbox};
use xieshang::bot::post::Post;
use xieshang::bot::replay::{Act, Line, Received, ReplayError, compare};
use xieshang::bot::start::{self, Started};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::Key;
use xieshang::language::{Catalog, Lang};
use xieshang::platform::telegram::{NAME, Setup, Telegram};
use xieshang::platform::{Incoming, Intake, Place, Platform, Receipt, Said, Sender, SenderKind};
use xieshang::state::{State, own};

/// Longest wait, of the machine's time, for something that must happen.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
const LOOK: std::time::Duration = std::time::Duration::from_millis(1);

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// How updates come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Polling,
    Webhook,
}

/// The bot, its Telegram, and who is who there.
pub struct Rig {
    catalog: &'static Catalog,
    pub fake: Arc<Fake>,
    pub state: Arc<State>,
    pub post: Arc<Post>,
    pub health: Arc<Health>,
    pub inbox: Inbox,
    pub groups: BTreeMap<String, i64>,
    pub people: BTreeMap<String, i64>,
    pub data: PathBuf,
    now: Arc<AtomicI64>,
    runtime: Runtime,
    committer: Option<std::thread::JoinHandle<()>>,
    stop: watch::Sender<bool>,
    /// What a line caused: (line, chat) → the bot's last message there; and what people said.
    said_by_bot: HashMap<(u32, String), i64>,
    said_by_people: HashMap<u32, i64>,
    way: Way,
    fixtures: String,
}

fn clock(now: &Arc<AtomicI64>) -> Clock {
    let now = Arc::clone(now);
    Arc::new(move || DateTime::from_timestamp_millis(now.load(Ordering::SeqCst)).unwrap())
}

/// Everybody of a fixtures file gets an account and every group a chat at the stand-in.
fn settle_in(fake: &Fake, fixtures: &mut Value) -> (BTreeMap<String, i64>, BTreeMap<String, i64>) {
    let mut people = BTreeMap::new();
    for person in fixtures["people"].as_array_mut().into_iter().flatten() {
        let name = person["name"].as_str().unwrap().to_owned();
        let id = fake.user(&name);
        fake.private(id);
        person["account"] = format!("{NAME}:{id}").into();
        people.insert(name, id);
    }
    let members: Vec<i64> = people.values().copied().collect();
    let mut groups = BTreeMap::new();
    for group in fixtures["groups"].as_array_mut().into_iter().flatten() {
        let id = fake.supergroup(group["name"].as_str().unwrap(), &members);
        group["chat"] = format!("{NAME}:{id}").into();
        groups.insert(group["id"].as_str().unwrap().to_owned(), id);
    }
    (groups, people)
}

/// A folder of one's own.
fn folder() -> PathBuf {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("xieshang-rig-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

impl Rig {
    /// Starts with a fixtures file, at a moment.
    pub fn start(way: Way, fixtures: &str, begin: DateTime<Utc>) -> Self {
        Self::start_with(way, fixtures, begin, |_| {})
    }

    /// The same with other options of the stand-in.
    pub fn start_with(way: Way, fixtures: &str, begin: DateTime<Utc>, change: impl FnOnce(&mut Options)) -> Self {
        Self::start_in(Catalog::builtin().unwrap(), way, fixtures, begin, change)
    }

    /// The same with a clerk's own words.
    pub fn start_in(
        catalog: &'static Catalog,
        way: Way,
        fixtures: &str,
        begin: DateTime<Utc>,
        change: impl FnOnce(&mut Options),
    ) -> Self {
        let now = Arc::new(AtomicI64::new(begin.timestamp_millis()));
        let mut options = Options::new(clock(&now));
        options.pace = super::telegram::limits::Pace::Strict;
        change(&mut options);
        let fake = Fake::start(options);
        let mut fixtures: Value = serde_json::from_str(fixtures).unwrap();
        let (groups, people) = settle_in(&fake, &mut fixtures);
        Self::open(catalog, way, Arc::new(fake), &fixtures.to_string(), groups, people, folder(), now, true)
    }

    #[allow(clippy::too_many_arguments, reason = "a rig is made of these")]
    fn open(
        catalog: &'static Catalog,
        way: Way,
        fake: Arc<Fake>,
        fixtures: &str,
        groups: BTreeMap<String, i64>,
        people: BTreeMap<String, i64>,
        data: PathBuf,
        now: Arc<AtomicI64>,
        is_new: bool,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let read = fixtures::read(fixtures).unwrap();
        let mut settings = Settings::default();
        read.committee.over(&mut settings).unwrap();
        settings.invite_url = Some("https://t.me/xieshang_bot?start=".to_owned());
        let clock = clock(&now);
        let started = start::open(&data, Arc::new(settings.clone()), catalog, clock()).unwrap();
        let Started { mut office, letters, .. } = started;
        if is_new {
            office.enter(read.facts(catalog, &settings, "local").unwrap(), clock()).unwrap();
        }
        office.await_backlog(&[NAME], clock());
        let (state, names) = (Arc::clone(office.state()), office.names());
        let (inbox, outlet) = inbox::queue();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = port.local_addr().unwrap();
        let setup = Setup {
            token: TOKEN.to_owned(),
            api_url: fake.url().to_owned(),
            webhook: (way == Way::Webhook).then(|| format!("http://{address}/telegram")),
            secret: String::new(),
            lang: Lang::from_code(&settings.language),
            catalog,
            clock: Arc::clone(&clock),
        };
        let telegram = Telegram::new(setup).unwrap();
        runtime.block_on(telegram.connect()).unwrap();
        names.write().unwrap().push(telegram.me().unwrap().username.clone());
        let platforms: Vec<Arc<dyn Platform>> = vec![Arc::clone(&telegram) as Arc<dyn Platform>];
        let numbers = Arc::clone(inbox.metrics());
        let post = Post::new(platforms, Arc::clone(&state), inbox.clone(), Arc::clone(&clock), numbers);
        let health = Arc::new(Health::default());
        let guard = runtime.enter();
        post.hand(letters, Vec::new());
        drop(guard);
        let handle = runtime.handle().clone();
        let committer = {
            let (post, health, clock) = (Arc::clone(&post), Arc::clone(&health), Arc::clone(&clock));
            std::thread::spawn(move || {
                let _guard = handle.enter();
                inbox::run(office, outlet, &post, &health, &clock, &|| true).unwrap();
            })
        };
        let (stop, stopped) = watch::channel(false);
        let intake: Arc<dyn Intake> = Arc::new(inbox.clone());
        if way == Way::Webhook {
            port.set_nonblocking(true).unwrap();
            let router = telegram.router(Arc::clone(&intake));
            runtime.spawn(async move {
                let port = tokio::net::TcpListener::from_std(port).unwrap();
                axum::serve(port, router).await.unwrap();
            });
        }
        runtime.spawn(Arc::clone(&telegram).run(intake, stopped));
        let (said_by_bot, said_by_people) = (HashMap::new(), HashMap::new());
        let rig = Self {
            catalog,
            fake,
            state,
            post,
            health,
            inbox,
            groups,
            people,
            data,
            now,
            runtime,
            committer: Some(committer),
            stop,
            said_by_bot,
            said_by_people,
            way,
            fixtures: fixtures.to_owned(),
        };
        if is_new {
            rig.heard();
        }
        rig
    }

    /// The bot is stopped, Telegram goes on, `meanwhile` happens, and the bot is started again.
    pub fn restart(&mut self, meanwhile: impl FnOnce(&Self)) {
        self.stop();
        meanwhile(self);
        // The first one's tasks may hold the store a moment longer; the second works on a copy of what lay on the disk.
        let data = folder();
        copy(&self.data, &data);
        *self = Self::open(
            self.catalog,
            self.way,
            Arc::clone(&self.fake),
            &self.fixtures,
            self.groups.clone(),
            self.people.clone(),
            data,
            Arc::clone(&self.now),
            false,
        );
    }

    /// The working store is lost while the bot is down.
    pub fn lose_state(&self) {
        xieshang::state::State::clear(&self.data.join("state")).unwrap();
    }

    fn stop(&mut self) {
        let _ = self.stop.send(true);
        self.runtime.block_on(self.post.rest(std::time::Duration::from_secs(5)));
        self.runtime.block_on(self.inbox.close());
        if let Some(committer) = self.committer.take() {
            let _ = committer.join();
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.now.load(Ordering::SeqCst)).unwrap()
    }

    /// The stand-in answers a long poll only when something happens; on the test's clock it was heard all along.
    fn heard(&self) {
        let row = postcard::to_allocvec(&self.now().timestamp_millis()).unwrap();
        self.state.note(Key::new(own::HEARD).text(NAME).bytes(), &row).unwrap();
    }

    fn set(&self, now: DateTime<Utc>) {
        self.now.fetch_max(now.timestamp_millis(), Ordering::SeqCst);
        self.heard();
        self.fake.time_passes();
        self.post.wake();
    }

    /// Sets the clock on while nobody hears of it: an outage.
    pub fn sleep_through(&self, now: DateTime<Utc>) {
        self.now.fetch_max(now.timestamp_millis(), Ordering::SeqCst);
    }

    pub fn tick(&self) {
        self.runtime.block_on(self.inbox.tick());
    }

    /// Waits until the bot has recorded all that people did, and everything has been sent that may be sent within a minute.
    pub fn settle(&self) {
        self.settle_before(self.now() + Duration::seconds(59));
    }

    fn settle_before(&self, until: DateTime<Utc>) {
        let since = Instant::now();
        while !self.is_settled(until) {
            assert!(
                since.elapsed() < PATIENCE,
                "it does not come to rest: {:?} wait at Telegram, next letter {:?}, now {}",
                self.fake.pending(),
                self.post.next_send(),
                self.now()
            );
            std::thread::sleep(LOOK);
        }
    }

    fn is_settled(&self, until: DateTime<Utc>) -> bool {
        if !self.fake.pending().is_empty() || self.post.is_busy() {
            return false;
        }
        match self.post.next_send() {
            None => !self.post.is_busy(),
            Some(at) if at > until => true,
            Some(at) if at > self.now() => {
                self.set(at);
                false
            }
            Some(_) => false,
        }
    }

    /// Runs through every due moment and everything that may be sent until a moment.
    pub fn run_until(&self, until: DateTime<Utc>) {
        self.run_before(until, true);
        self.set(until);
    }

    fn run_before(&self, until: DateTime<Utc>, inclusive: bool) {
        let last = if inclusive { until } else { until - Duration::milliseconds(1) };
        for _ in 0..1_000_000 {
            self.tick();
            self.settle_before(last.min(self.now() + Duration::seconds(59)));
            let next = self.health.next_due().into_iter().chain(self.post.next_send()).min();
            match next.filter(|at| *at <= last) {
                Some(at) => self.set(at.max(self.now())),
                None => return,
            }
        }
        panic!("the clock does not get to {until}");
    }

    fn chat(&self, place: &str, who: &str) -> i64 {
        match place {
            "pm" => self.user(who),
            group => *self.groups.get(group).unwrap_or_else(|| panic!("no group {group}")),
        }
    }

    /// The account of somebody, new where nobody has heard of them.
    pub fn user(&self, name: &str) -> i64 {
        *self.people.get(name).unwrap_or_else(|| panic!("nobody is called {name}"))
    }

    /// Gives accounts to people of a story whom no file names.
    pub fn introduce(&mut self, name: &str) {
        if !self.people.contains_key(name) {
            let id = self.fake.user(name);
            self.fake.private(id);
            for group in self.groups.values() {
                self.fake.join(*group, id);
            }
            self.people.insert(name.to_owned(), id);
        }
    }

    /// What every chat received since it was last read.
    pub fn received(&self) -> Vec<(Received, i64)> {
        let chats = self.groups.iter().map(|(name, id)| (name.clone(), *id));
        let chats = chats.chain(self.people.iter().map(|(name, id)| (format!("pm:{name}"), *id)));
        let mut received = Vec::new();
        for (to, chat) in chats {
            for post in self.fake.read(chat) {
                let text = post.shown().to_owned();
                received.push((Received { to: to.clone(), text, buttons: post.labels(), about: None }, post.id));
            }
        }
        received
    }

    /// Plays a line of a story and compares what every chat received.
    pub fn play(&mut self, line: &Line, expected: &[xieshang::bot::replay::Expected]) -> Result<(), ReplayError> {
        self.run_before(line.at, line.act != Act::Tick);
        // What the moment itself sets free belongs to the line.
        self.received();
        self.set(line.at);
        let aside = self.act(line);
        self.settle();
        let mut received = aside;
        for (one, message) in self.received() {
            self.said_by_bot.insert((line.n, one.to.clone()), message);
            received.push(one);
        }
        compare(line, expected, &received)
    }

    fn act(&mut self, line: &Line) -> Vec<Received> {
        let who = line.who.as_deref().unwrap_or_default();
        let place = line.place.as_deref().unwrap_or_default();
        let to = if place == "pm" { format!("pm:{who}") } else { place.to_owned() };
        let aside = |to: &str, text: Option<String>| {
            text.map(|text| Received { to: to.to_owned(), text, buttons: Vec::new(), about: None })
                .into_iter()
                .collect()
        };
        match line.act {
            Act::Tick => self.tick(),
            Act::Web => return aside("page", self.form(line, who).page),
            Act::Voice => {
                let message =
                    self.fake.voice(self.chat(place, who), self.user(who), i64::from(line.seconds.unwrap_or(1)));
                self.said_by_people.insert(line.n, message);
            }
            Act::Press => {
                let on = self.said_by_bot[&(line.reply_to.unwrap(), to)];
                let label = line.button.as_deref().unwrap();
                let press = self.fake.press(self.chat(place, who), on, self.user(who), label).unwrap();
                let toast = self.fake.expect_toast(&press).text;
                return aside("toast", Some(toast).filter(|text| !text.is_empty()));
            }
            Act::Edit => {
                let message = self.said_by_people[&line.reply_to.unwrap()];
                self.fake.edit(self.chat(place, who), message, line.text.as_deref().unwrap());
                self.said_by_people.insert(line.n, message);
            }
            Act::Say => {
                let reply = line.reply_to.map(|n| {
                    let by_bot = self.said_by_bot.get(&(n, to.clone()));
                    *by_bot
                        .or_else(|| self.said_by_people.get(&n))
                        .unwrap_or_else(|| panic!("nothing said in line {n}"))
                });
                let (chat, user, text) = (self.chat(place, who), self.user(who), line.text.as_deref());
                let message = match &line.file {
                    Some(file) => {
                        let (name, bytes) = (&file.name, file.text.as_bytes());
                        self.fake.document(chat, user, name, bytes, text.unwrap_or_default())
                    }
                    None => self.fake.say(chat, user, text.unwrap(), reply, None),
                };
                self.said_by_people.insert(line.n, message);
            }
            other => panic!("{other:?} is not played here"),
        }
        Vec::new()
    }

    /// A form on a page: pages are no matter of Telegram's.
    fn form(&self, line: &Line, who: &str) -> Receipt {
        let form = line.form.clone().unwrap();
        let station = line.page.as_deref().and_then(|page| page.strip_prefix("station:")).map(str::to_owned);
        let topic = line.page.as_deref().and_then(|page| page.strip_prefix("topic:")).map(|no| no.parse().unwrap());
        let account = format!("{NAME}:{}", self.user(who));
        let incoming = Incoming {
            key: format!("rig:{}", NUMBER.fetch_add(1, Ordering::Relaxed)),
            place: Place::Page { station, topic },
            from: Sender {
                account: account.clone(),
                name: who.to_owned(),
                name_is_proof: false,
                kind: SenderKind::Person,
                private_chat: Some(account),
            },
            said_at: Some(line.at),
            said: Said::Form { title: form.title, text: form.text },
        };
        self.runtime.block_on(self.inbox.take(incoming)).unwrap()
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.stop();
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.data);
        }
    }
}
