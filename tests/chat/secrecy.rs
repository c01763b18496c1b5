//! 不记名 — a whole story of 200 voters is told twice with all choices exchanged, and everything that anybody but the voter can see is
//! compared: the chain as `export` writes it, the table of 导出, pages, letters and those that wait, cards, metrics, the log, and what
//! each batch of answers came to. The vault and the working store are the private side: somebody has to hold what is counted.
//!
//! * Counted: the same ballots, in the secret votes cast by other people. All is the same to the end, results, reasons and reports included.
//! * Void: other ballots altogether, where it is not secret, too: it was said in private. All is the same until nobody counts them.
//!
//! How long an answer takes is not measured: a clock shows the machine's other work, not a difference of a few machine instructions.
//! Compared is what time goes into — the records, letters and changes to cards of every batch, and the bytes it adds to the chain.

use crate::support::folder::Folder;
use chrono::{DateTime, Duration, TimeZone, Utc};
use regex::Regex;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::{Arc, Mutex};
use xieshang::bot::chance::Dice;
use xieshang::bot::fixtures;
use xieshang::bot::health::Health;
use xieshang::bot::letters::Outgoing;
use xieshang::bot::metrics::Metrics;
use xieshang::bot::office::{Job, Office};
use xieshang::domain::event::Event;
use xieshang::domain::kernel::ids::{PersonId, PollNo, TopicNo};
use xieshang::domain::kernel::mark::Mark;
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::domain::process::channel::Channel;
use xieshang::domain::process::form::{Kind, Step};
use xieshang::language::Catalog;
use xieshang::ledger::simulated_disk::SimDisk;
use xieshang::ledger::{FileLedger, lines};
use xieshang::platform::{Edited, Incoming, Place, Said, Sender, SenderKind};
use xieshang::state::State;
use xieshang::web::pages::{StoreReader, pages};

const VOTERS: usize = 200;
/// Those who vote; ten stay away.
const CAST: usize = 190;
/// The first of them change their minds in another message, the next, where it is secret, within the same one: elsewhere the same
/// again is passed over.
const CHANGED: usize = 30;
const EDITED: usize = 40;
/// A reason that was given and taken back before the count: no rule shows it to anybody.
const CANARY: &str = "金丝雀七三九一不愿人知";

/// A vote of the story.
struct Mode {
    /// As it is opened.
    opens: &'static str,
    /// What one may say, without the verb.
    says: &'static [&'static str],
    /// 不记名; else only what is said in private is nobody's business.
    secret: bool,
    step: Step,
}

const MODES: [Mode; 7] = [
    Mode {
        opens: "过半 1天 要不要装灯 不记名 反对须说理由", says: PLAIN, secret: true, step: Step::Talking
    },
    Mode {
        opens: "单选 1天 先修哪里｜楼道灯｜下水｜车棚 不记名", says: SINGLE, secret: true, step: Step::Talking
    },
    Mode {
        opens: "多选2 1天 还修哪里｜楼道灯｜下水｜车棚 不记名", says: SEVERAL, secret: true, step: Step::Talking
    },
    Mode {
        opens: "排序 1天 怎样排｜楼道灯｜下水｜车棚 不记名", says: RANKED, secret: true, step: Step::Talking
    },
    Mode {
        opens: "分配10 1天 钱花哪里｜楼道灯｜下水｜车棚 不记名", says: POINTS, secret: true, step: Step::Talking
    },
    Mode { opens: "过半 1天 要不要修灯 反对须说理由", says: PLAIN, secret: false, step: Step::Talking },
    Mode {
        opens: "业主一般 1天 同意加装 不记名 反对须说理由", says: PLAIN, secret: true, step: Step::Voting
    },
];
const PLAIN: &[&str] = &["1", "2 因为", "1", "3", "赞成", "反对 因为", "1", "弃权", "1", "1"];
const SINGLE: &[&str] = &["1", "2", "车棚", "弃权", "楼道灯"];
const SEVERAL: &[&str] = &["1,3", "2", "车棚、下水", "1", "弃权"];
const RANKED: &[&str] = &["2,3,1", "3", "楼道灯 车棚", "1,2,3", "弃权"];
const POINTS: &[&str] = &["1:6 2:4", "3:10", "车棚5 下水3 楼道灯2", "1:1", "弃权"];

/// Who says what: the place in [`Mode::says`] of a voter, first and in the end.
#[derive(Clone, Copy)]
struct Telling {
    name: &'static str,
    says: fn(&Mode, usize) -> (usize, usize),
    is_counted: bool,
}

/// In secret votes, of the same kind — unchanged, changed, edited — the last takes the ballot of the first, and so on.
fn exchanged(mode: &Mode, voter: usize) -> (usize, usize) {
    let other = match voter {
        _ if !mode.secret => voter,
        0..CHANGED => CHANGED - 1 - voter,
        CHANGED..EDITED => EDITED - 1 - (voter - CHANGED),
        _ => CAST - 1 - (voter - EDITED),
    };
    straight(mode, other)
}

fn straight(_: &Mode, voter: usize) -> (usize, usize) {
    (if voter < EDITED { voter % 2 * 5 } else { voter }, if voter.is_multiple_of(3) { 0 } else { voter + 3 })
}

/// Everything that somebody who is not the voter could see, in the order in which it could be seen.
#[derive(Default)]
struct Seen {
    shown: Vec<String>,
    chain: Vec<String>,
    log: String,
    vault: String,
    own: String,
}

/// What the program writes to its log while one telling goes on.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn name(voter: usize) -> String {
    // As people are called: a number behind a name would be a flat, or a mark.
    let digit = |of: usize| "零一二三四五六七八九".chars().nth(voter / of % 10).unwrap();
    format!("居{}{}{}", digit(100), digit(10), digit(1))
}

fn people() -> fixtures::Fixtures {
    let person =
        |name: String, side: &str, roles: serde_json::Value| json!({"name": name, "side": side, "roles": roles});
    let mut people = vec![
        person("刘芳".to_owned(), "部门", json!([{"role": "主持人"}])),
        person("周敏".to_owned(), "政协", json!([{"role": "联络员"}, {"role": "管理员"}])),
        person("王建国".to_owned(), "政协", json!([{"role": "委员"}])),
    ];
    people.extend((0..VOTERS).map(|voter| person(name(voter), "群众", json!([]))));
    let read = json!({
        "committee": {"name": "有事好商量", "timezone": "Asia/Shanghai", "public_url": "https://xs.example",
                      "digest_at": "20:00", "quiet": ["22:00", "07:30"]},
        "groups": [{"id": "g_wy", "name": "委员群", "kind": "委员群"}, {"id": "g_tl", "name": "讨论组", "kind": "讨论组群"}],
        "people": people,
    });
    fixtures::read(&read.to_string()).unwrap()
}

/// One telling: the office on a disk in memory, and all that could be seen of it so far.
struct Stage {
    office: Office,
    disk: SimDisk,
    now: DateTime<Utc>,
    deliveries: u32,
    is_secret: bool,
    metrics: Metrics,
    address: String,
    runtime: tokio::runtime::Runtime,
    chain_bytes: usize,
    seen: Seen,
    _folder: Folder,
}

impl Stage {
    fn open(telling: &Telling) -> Self {
        let (folder, disk) = (Folder::new(telling.name), SimDisk::new(7));
        let now = Utc.with_ymd_and_hms(2025, 3, 3, 0, 0, 0).unwrap();
        let (ledger, _) = FileLedger::open(Arc::new(disk.clone()), None).unwrap();
        let state = Arc::new(State::open(&folder.0).unwrap().0.over(Arc::new(disk.clone())));
        let (catalog, mut settings, people) = (Catalog::builtin().unwrap(), Settings::default(), people());
        people.committee.over(&mut settings).unwrap();
        let settings = Arc::new(settings);
        let mut office = Office::new(Box::new(ledger), Arc::clone(&state), Arc::clone(&settings), catalog);
        office.dice = Dice::Counted(0);
        office.enter(people.facts(catalog, &settings, "local").unwrap(), now).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = pages(Arc::new(StoreReader { state, settings }));
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let (metrics, seen) = (Metrics::default(), Seen::default());
        let (deliveries, is_secret, chain_bytes) = (0, true, 0);
        let _folder = folder;
        Self { office, disk, now, deliveries, is_secret, metrics, address, runtime, chain_bytes, seen, _folder }
    }

    fn enter(&mut self, facts: Vec<Event>) {
        self.office.enter(facts, self.now).unwrap();
    }

    /// The clock goes on, through everything that comes due.
    fn wait(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(next) = self.office.next_due(self.now).filter(|next| *next <= until) {
            self.now = next.max(self.now);
            self.commit(&[Job::Tick]);
        }
        self.now = until;
        self.commit(&[Job::Tick]);
    }

    fn from(&mut self, who: &str, group: Option<&str>, said: Said) -> (String, Job) {
        self.deliveries += 1;
        let key = format!("story:{}", self.deliveries);
        let chat = format!("local:pm:{who}");
        let place = match group {
            Some(group) => Place::Group { chat: format!("local:{group}"), name: group.to_owned(), thread: None },
            None => Place::Private { chat: chat.clone() },
        };
        let from = Sender {
            account: format!("local:{who}"),
            private_chat: Some(chat),
            name: who.to_owned(),
            name_is_proof: true,
            kind: SenderKind::Person,
        };
        let said_at = (!matches!(said, Said::Press { .. })).then_some(self.now);
        (key.clone(), Job::Heard(Incoming { key, place, from, said_at, said }))
    }

    fn text(&mut self, who: &str, group: Option<&str>, text: &str) -> (String, Job) {
        self.from(who, group, Said::Text { text: text.to_owned(), reply: None, edit: None })
    }

    fn say(&mut self, who: &str, group: Option<&str>, text: &str) -> Vec<Outgoing> {
        self.now += Duration::seconds(15);
        let (_, job) = self.text(who, group, text);
        self.commit(&[job])
    }

    /// A batch, and what can be seen of it.
    fn commit(&mut self, jobs: &[Job]) -> Vec<Outgoing> {
        let head = self.office.head_seq();
        let done = self.office.commit(jobs, self.now).unwrap();
        let waiting = xieshang::bot::letters::waiting(&**self.office.state());
        jobs.iter().for_each(|_| self.metrics.turns_taken.add());
        let chain: usize = self.disk.files().get("ledger.jsonl").map_or(0, Vec::len);
        self.shown(&format!(
            "{} jobs, {} records, {} letters, {} edits, {} wait, {} bytes, receipts {:?}",
            jobs.len(),
            self.office.head_seq() - head,
            done.letters.len(),
            done.edits.len(),
            waiting.len(),
            chain - self.chain_bytes,
            done.receipts,
        ));
        self.chain_bytes = chain;
        for letter in waiting.iter().chain(&done.letters) {
            let mut shown = letter.clone();
            // Where it is not secret, the voter is told in private what was recorded.
            if !self.is_secret && letter.letter.chat.starts_with("local:pm:居") {
                shown.letter.text.clear();
            }
            self.shown(&format!("{shown:?}"));
        }
        for edit in &done.edits {
            self.shown(&format!("{edit:?}"));
        }
        for (n, letter) in (0_u32..).zip(&done.letters) {
            self.metrics.letters_sent.add();
            let (seq, index) = (letter.id.seq, letter.id.index);
            if letter.is_numbered {
                let noted = [Event::Sending { seq, index }, Event::Sent { seq, index, delivered: true }];
                self.office.commit(&noted.map(Job::Noted), self.now).unwrap();
            } else if seq != 0 {
                self.office.state().forget(letter.key().bytes()).unwrap();
            }
            let message = format!("{}-{n}", self.office.head_seq());
            xieshang::bot::letters::note_card(self.office.state(), letter, &message).unwrap();
        }
        done.letters
    }

    fn shown(&mut self, what: &str) {
        self.seen.shown.push(format!("{} {what}", self.now));
    }

    /// Every page anybody may read.
    fn look_at_pages(&mut self) {
        let paths = ["/t/1", "/t/1?lang=en", "/t/1/notice", "/help", "/d/20250303", "/d/20250305", "/r/202503", "/x/"];
        for path in paths {
            self.page(path);
        }
        let numbers = self.metrics.families(&Health::default(), 0, self.now);
        self.shown(&format!("{numbers:?}"));
    }

    fn page(&mut self, path: &str) -> String {
        let url = format!("{}{path}", self.address);
        let text = self.runtime.block_on(async {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            client.get(url).send().await.unwrap().text().await.unwrap()
        });
        self.shown(&format!("{path}\n{text}"));
        text
    }
}

/// The ballot of a voter in words.
fn words(mode: &Mode, at: usize, is_first: bool) -> String {
    let says = mode.says[at % mode.says.len()];
    match says.strip_suffix("因为") {
        Some(choice) if is_first => format!("投 1号 {choice}{CANARY}"),
        Some(choice) => format!("投 1号 {choice}我家{at}个人都这么想{}", "，真的".repeat(at % 5)),
        None => format!("投 1号 {says}"),
    }
}

impl Stage {
    /// Opens a vote, takes every ballot, first and changed, and whatever else people try.
    fn vote(&mut self, mode: &Mode, telling: &Telling) {
        self.is_secret = mode.secret;
        let opened = self.say("刘芳", Some("g_tl"), &format!("/投票 1 {}", mode.opens));
        assert!(opened.iter().any(|letter| letter.letter.text.contains("开始：")), "{}: {opened:?}", mode.opens);
        let card = opened.iter().find_map(|letter| letter.letter.about.clone());
        // Nobody's place on the roll tells when they vote: 7 and 190 have no common factor.
        let order: Vec<usize> = (0..CAST).map(|n| n * 7 % CAST).collect();
        for few in order.chunks(5) {
            self.now += Duration::seconds(20);
            let said: Vec<(String, usize)> = few.iter().map(|&voter| (name(voter), voter)).collect();
            let mut heard = Vec::new();
            for (who, voter) in &said {
                let is_first = *voter < if mode.secret { EDITED } else { CHANGED };
                let text = words(mode, (telling.says)(mode, *voter).0, is_first);
                heard.push((*voter, self.text(who, None, &text)));
            }
            let jobs: Vec<Job> = heard.iter().map(|(_, (_, job))| job.clone()).collect();
            self.commit(&jobs);
            for (voter, (key, _)) in heard.iter().filter(|(voter, _)| mode.secret && (CHANGED..EDITED).contains(voter))
            {
                self.edit(*voter, key, &words(mode, (telling.says)(mode, *voter).1, false));
            }
        }
        self.tries(mode, card, (telling.says)(mode, 7).0);
        for voter in 0..CHANGED {
            let text = words(mode, (telling.says)(mode, voter).1, false);
            self.say(&name(voter), None, &text);
        }
        self.say("刘芳", Some("g_tl"), "/计票 1");
        self.say("刘芳", None, "/催票 1");
        self.look_at_pages();
    }

    fn edit(&mut self, voter: usize, first: &str, text: &str) {
        let said_at = self.now;
        self.now += Duration::seconds(1);
        let edit = Some(Edited { first: first.to_owned(), at: self.now });
        let said = Said::Text { text: text.to_owned(), reply: None, edit };
        let (_, Job::Heard(mut incoming)) = self.from(&name(voter), None, said) else { return };
        incoming.said_at = Some(said_at);
        self.commit(&[Job::Heard(incoming)]);
    }

    /// In the group, by a button, on paper, by mandate: refused, and in the same words whatever it was.
    fn tries(&mut self, mode: &Mode, card: Option<Mark>, choice: usize) {
        if !mode.secret {
            return;
        }
        let head = self.office.head_seq();
        let label = ["赞成", "反对", "弃权"][choice % 3];
        let said = words(mode, choice, false).replace("投 1号", "/投 1");
        self.say(&name(7), Some("g_tl"), &said);
        self.say(&name(8), Some("g_tl"), label);
        self.now += Duration::seconds(20);
        let (_, press) = self.from(&name(9), Some("g_tl"), Said::Press { label: label.to_owned(), on: card });
        self.commit(&[press]);
        self.say("刘芳", Some("g_tl"), &format!("/代投 1 {} {label}", name(10)));
        self.say(&name(11), None, &format!("/委托 1 {}", name(12)));
        assert_eq!(self.office.head_seq(), head, "{}: something was recorded", mode.opens);
    }

    /// 再议 — another vote, by name and of one mind, and the end: who was against before and is for it now is counted, and of the
    /// secret votes nobody is among them.
    fn bring_home(&mut self) {
        let reason = "再议".into();
        let again = Event::TopicReturned { topic: TopicNo(1), to: Step::Planning, reason };
        self.enter(vec![again, Event::TopicAdvanced { topic: TopicNo(1), to: Step::Voting, reason: None }]);
        self.say("刘芳", Some("g_tl"), "/投票 1 业主一般 1天 就这么办");
        for voter in 0..CAST {
            self.say(&name(voter), None, "投 1号 1");
        }
        self.wait(Duration::days(2));
        let closed = self.say("刘芳", Some("g_tl"), "/办结 1 民生工程1处");
        assert!(closed.iter().any(|letter| letter.letter.text.contains("由反对转为赞成")), "{closed:?}");
    }

    /// The vote ends: counted at its hour, or void.
    fn end(&mut self, mode: &Mode, telling: &Telling, no: u32) {
        let by_area = |page: String| (page.contains("面积够"), Regex::new("人，面积|面积占").unwrap().is_match(&page));
        if telling.is_counted {
            if mode.step == Step::Voting {
                assert_eq!(
                    by_area(self.page("/t/1")),
                    (false, false),
                    "while it is open each change would name a voter"
                );
            }
            self.wait(Duration::days(2));
            self.look_at_pages();
            if mode.step == Step::Voting {
                assert!(by_area(self.page("/t/1")).0, "whether the area is enough is told");
                assert!(!self.page("/t/1").contains("面积占"), "and no share of it by choice");
            }
            self.say("刘芳", Some("g_tl"), "/计票 1");
        } else {
            self.say("刘芳", Some("g_tl"), "/投票 1 作废 说好再商量");
        }
        let state = Arc::clone(self.office.state());
        let poll = World::on(&*state).poll(PollNo(no)).unwrap();
        assert_eq!((poll.result.is_some(), poll.is_void), (telling.is_counted, !telling.is_counted), "poll {no}");
    }
}

/// The whole story.
fn tell(telling: &Telling) -> Seen {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .without_time()
        .finish();
    let mut seen = tracing::subscriber::with_default(subscriber, || told(telling));
    let written = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    // What the test's own browser says of its connections is none of the program's.
    seen.log = written.lines().filter(|line| !line.contains(" hyper_util::")).collect::<Vec<_>>().join("\n");
    seen
}

fn told(telling: &Telling) -> Seen {
    let mut stage = Stage::open(telling);
    stage.enter(vec![
        Event::TopicOrdered {
            topic: TopicNo(1),
            title: "3号楼加装电梯".into(),
            body: "".into(),
            proposer: PersonId(4),
            channel: Channel::Private,
            kind: Kind::Bridge,
            town: String::new(),
        },
        Event::TopicTaken { topic: TopicNo(1), lead: PersonId(3), before: None, reason: None },
        Event::TopicAdvanced { topic: TopicNo(1), to: Step::Talking, reason: None },
    ]);
    stage.say("刘芳", Some("g_tl"), "/绑定 1");
    let rows: Vec<String> =
        (0..VOTERS).map(|voter| format!("{},{},{}", voter + 101, name(voter), 60 + voter % 37)).collect();
    let loaded = stage.say("刘芳", None, &format!("/名册 1\n{}", rows.join("\n")));
    assert!(loaded[0].letter.text.contains("200户、200名产权人"), "{loaded:?}");
    for (no, mode) in (1..).zip(&MODES) {
        if mode.step == Step::Voting {
            stage.enter(vec![Event::TopicAdvanced { topic: TopicNo(1), to: Step::Voting, reason: None }]);
        }
        stage.vote(mode, telling);
        if no == 1 {
            let own = stage.office.commit(&[stage_me(&mut stage.deliveries, stage.now)], stage.now).unwrap();
            stage.seen.own = own.letters.iter().map(|letter| letter.letter.text.clone()).collect();
        }
        stage.end(mode, telling, no);
        stage.wait(Duration::days(2));
    }
    if telling.is_counted {
        stage.bring_home();
    }
    stage.wait(Duration::days(30));
    let link = stage.say("周敏", None, "/导出 1");
    let token = Regex::new("/x/([0-9a-z]{25})").unwrap().captures(&link[0].letter.text).unwrap()[1].to_owned();
    let table = stage.page(&format!("/x/{token}"));
    assert!(table.lines().count() > 5, "{table}");
    stage.look_at_pages();
    let files = stage.disk.files();
    stage.seen.vault = String::from_utf8(files["vault/000001.jsonl"].clone()).unwrap();
    // As `xieshang export` writes it.
    let lines = lines(&stage.disk, None).unwrap().map(|line| String::from_utf8(line.unwrap().bytes).unwrap());
    stage.seen.chain = lines.collect();
    stage.seen
}

/// Somebody who voted asks for their own ballot.
fn stage_me(deliveries: &mut u32, now: DateTime<Utc>) -> Job {
    *deliveries += 1;
    let (who, chat) = (name(41), format!("local:pm:{}", name(41)));
    let from = Sender {
        account: format!("local:{who}"),
        private_chat: Some(chat.clone()),
        name: who,
        name_is_proof: true,
        kind: SenderKind::Person,
    };
    let said = Said::Text { text: "我".to_owned(), reply: None, edit: None };
    let place = Place::Private { chat };
    Job::Heard(Incoming { key: format!("story:{deliveries}"), place, from, said_at: Some(now), said })
}

/// A line of the chain without what chance made: commitments, hashes and the number of the ledger, each as long as it was.
fn without_chance(line: &str) -> String {
    let hex = Regex::new("[0-9a-f]{32,64}").unwrap();
    hex.replace_all(line, |found: &regex::Captures<'_>| "#".repeat(found[0].len())).into_owned()
}

fn same(what: &str, one: &[String], other: &[String]) {
    for (at, (one, other)) in one.iter().zip(other).enumerate() {
        assert!(one == other, "{what} {at} differs\n--- one\n{one}\n--- other\n{other}");
    }
    assert_eq!(one.len(), other.len(), "{what}: one has more");
}

/// Whatever was chosen, whoever cannot look into the vault sees the same.
fn nobody_can_tell(one: Telling, other: Telling) {
    let (a, b) = (tell(&one), tell(&other));
    assert_ne!(a.vault, b.vault, "nothing was exchanged");
    same("shown", &a.shown, &b.shown);
    let chain = |seen: &Seen| seen.chain.iter().map(|line| without_chance(line)).collect::<Vec<_>>();
    same("line of the chain", &chain(&a), &chain(&b));
    assert_eq!(a.log, b.log);
    for seen in [&a, &b] {
        let ballots = seen.chain.iter().filter(|line| line.contains("ballot_cast")).count();
        let of_one_mind = if one.is_counted { CAST } else { 0 };
        assert_eq!(ballots, MODES.len() * (CAST + EDITED) - (EDITED - CHANGED) + of_one_mind, "a ballot was lost");
        assert!(seen.own.contains("赞成") || seen.own.contains("反对") || seen.own.contains("弃权"), "{}", seen.own);
        canaries(seen);
    }
}

/// A reason that was taken back, and the words of a ballot, are in the vault and nowhere else.
fn canaries(seen: &Seen) {
    let kept = seen.vault.matches(CANARY).count();
    assert!(kept >= 2 * EDITED / 4, "the canaries were never there: {kept}");
    let public = [seen.shown.concat(), seen.chain.concat(), seen.log.clone()];
    let found: usize = public.iter().map(|text| text.matches(CANARY).count()).sum();
    assert_eq!(found, 0, "canaries outside the vault");
    for words in ["投 1号 1", "投 1号 2,3,1", "投 1号 车棚、下水", "#2,3,1", "#1:6,2:4"] {
        let found: usize = public[1..].iter().map(|text| text.matches(words).count()).sum();
        assert_eq!(found, 0, "“{words}” in the chain or the log");
    }
}

#[test]
fn counted_with_all_choices_exchanged_everything_is_the_same() {
    let one = Telling { name: "straight", says: straight, is_counted: true };
    nobody_can_tell(one, Telling { name: "exchanged", says: exchanged, is_counted: true });
}

#[test]
fn void_with_other_choices_altogether_everything_is_the_same() {
    let one = Telling { name: "void", says: straight, is_counted: false };
    let other = |_: &Mode, voter: usize| (if voter < EDITED { 1 } else { voter * 3 + 1 }, (voter + 4) * 7);
    nobody_can_tell(one, Telling { name: "void-other", says: other, is_counted: false });
}

/// Voters' numbers follow neither the list that was loaded nor the order of voting: neither is sorted by the other, forwards or back.
#[test]
fn numbers_of_voters_follow_no_list() {
    let people = people();
    let lines = |n: u32| {
        format!(
            "/名册 1\n{}",
            (0..n).map(|at| format!("{},{},{}", at + 101, name(at as usize), 60 + at)).collect::<Vec<_>>().join("\n")
        )
    };
    drop(people);
    let mut stage = Stage::open(&Telling { name: "numbers", says: straight, is_counted: false });
    stage.enter(vec![Event::TopicOrdered {
        topic: TopicNo(1),
        title: "3号楼加装电梯".into(),
        body: "".into(),
        proposer: PersonId(4),
        channel: Channel::Private,
        kind: Kind::Bridge,
        town: String::new(),
    }]);
    stage.office.dice = Dice::Machine;
    let mut drawn: BTreeSet<Vec<u32>> = BTreeSet::new();
    for _ in 0..3 {
        stage.say("刘芳", None, &lines(40));
        let state = Arc::clone(stage.office.state());
        let world = World::on(&*state);
        let number = |at: usize| world.voter_called(TopicNo(1), &name(at)).unwrap().no.0;
        let numbers: Vec<u32> = (0..40).map(number).collect();
        let rising = numbers.windows(2).filter(|two| two[0] < two[1]).count();
        assert!((8..32).contains(&rising), "they follow the list: {numbers:?}");
        assert_eq!(numbers.iter().copied().collect::<BTreeSet<_>>(), (1..=40).collect());
        drawn.insert(numbers);
    }
    assert_eq!(drawn.len(), 3, "the same every time");
    // Nor do the rows stand in the order of the list: areas are not sealed.
    let chain: BTreeMap<_, _> = stage.disk.files();
    let chain = String::from_utf8(chain["ledger.jsonl"].clone()).unwrap();
    let areas: Vec<Vec<u64>> = chain.lines().filter(|line| line.contains("roll_loaded")).map(areas).collect();
    assert_eq!(areas.len(), 3);
    assert!(areas.iter().all(|areas| areas.len() == 40 && !areas.is_sorted()), "{areas:?}");
}

/// A ledger of old has the areas by choice in the count of a secret vote: they are read, and told to nobody any more.
#[test]
fn an_old_count_of_a_secret_vote_is_told_without_its_areas() {
    let mut stage = Stage::open(&Telling { name: "old", says: straight, is_counted: true });
    let cast = |voter: u32, choice: &str| {
        json!({"ballot_cast": {"poll": 1, "voter": voter, "person": voter + 3, "proxy": false, "private": true,
               "changed": false, "choice": {"$w": choice}}})
    };
    let row = |voter: u32, area: u32| json!({"voter": voter, "names": [{"$w": name(voter as usize - 1)}], "rooms": [{"$w": format!("{voter}01")}], "area": area});
    let facts = json!([
        {"topic_ordered": {"topic": 1, "title": {"$w": "加装电梯"}, "body": {"$w": ""}, "proposer": 4, "channel": "private",
                           "kind": "bridge", "town": ""}},
        {"topic_advanced": {"topic": 1, "to": "voting"}},
        {"roll_loaded": {"topic": 1, "continues": false, "rows": [row(1, 9_000), row(2, 8_000), row(3, 7_000)]}},
        {"poll": {"framed": {"poll": 1, "terms": {"method": null, "options": [], "secret": true, "reasons": false}}}},
        {"poll_opened": {"poll": 1, "topic": 1, "rule": "owners_general", "title": {"$w": "同意加装"},
                         "ends": "2025-03-04T12:00:00Z", "voters": 3, "area": 24_000}},
        cast(1, "1"), cast(2, "1"), cast(3, "2"),
        {"poll_closed": {"poll": 1, "passed": true, "tally": {"voters": 3, "area": 24_000, "yes": 2, "yes_area": 17_000, "no": 1,
                         "no_area": 7_000, "abstain": 0, "abstain_area": 0}}},
    ]);
    stage.enter(serde_json::from_value(facts).unwrap());
    let told = stage.say("刘芳", None, "/计票 1")[0].letter.text.clone();
    assert!(told.contains("赞成：2人占66.7%，面积够（须＞1/2 ✔）") && !told.contains("70.8"), "{told}");
    let page = stage.page("/t/1");
    assert!(page.contains("面积够") && !page.contains("70.8"), "{page}");
}

fn areas(line: &str) -> Vec<u64> {
    let record: serde_json::Value = serde_json::from_str(line).unwrap();
    let rows = record["facts"].as_array().unwrap().iter().flat_map(|fact| fact["roll_loaded"]["rows"].as_array());
    rows.flatten().map(|row| row["area"].as_u64().unwrap()).collect()
}
