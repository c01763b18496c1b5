//! 断电演习 — kill -9 again and again while hundreds of people vote: no ballot shown as recorded is lost, none counts twice.
//!
//! The real program, over its HTTP doors. Everything the people do follows from a seed; what the machine makes of it does not.
//! `XIESHANG_KILLS` and `XIESHANG_SEED` make the run longer or another one (`tests/run crash`).

use crate::support::bot::{Bot, Folder, LOOK, PATIENCE};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use xieshang::bot::{clock, start};
use xieshang::domain::kernel::ids::{PollNo, TopicNo};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::domain::vote::tally::Choice;
use xieshang::language::Catalog;
use xieshang::ledger::simulated_disk::Dice;
use xieshang::state::State;

/// Voters, and how many of them vote at once.
const VOTERS: usize = 300;
const CLIENTS: usize = 15;
/// Commands one person may send in a minute, less one (every life of the program begins to count anew).
const A_MINUTE: u32 = 5;
/// The storm of one life ends with the kill after at most so many answers.
const ANSWERS: u64 = 150;

const WORDS: [(&str, Choice); 3] = [("赞成", Choice::For), ("反对", Choice::Against), ("弃权", Choice::Abstain)];

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn fixtures() -> Value {
    let residents = (1..=VOTERS).map(|n| json!({ "name": name(n), "side": "群众", "room": room(n) }));
    let office = [
        json!({ "name": "周敏", "side": "政协", "roles": [{ "role": "联络员" }, { "role": "管理员" }] }),
        json!({ "name": "刘芳", "side": "部门", "roles": [{ "role": "主持人" }], "town": "东风路街道" }),
        json!({ "name": "王建国", "side": "政协", "roles": [{ "role": "委员" }], "level": "区", "town": "东风路街道" }),
    ];
    let rows = (1..=VOTERS).map(|n| json!({ "room": room(n), "owner": name(n), "area": 9000 + n }));
    json!({
        "groups": [
            { "id": "g_df", "name": "东风路街道学联组群", "kind": "镇街学联组群", "town": "东风路街道" },
            { "id": "g_tl", "name": "梧桐园讨论组", "kind": "讨论组群", "town": "东风路街道" },
        ],
        "people": office.into_iter().chain(residents).collect::<Vec<_>>(),
        "rolls": [{ "topic": 1, "rows": rows.collect::<Vec<_>>(), "area_unit": "0.01 m2" }],
    })
}

fn name(n: usize) -> String {
    format!("居民{n:03}")
}

fn room(n: usize) -> String {
    format!("{}", 1000 + n)
}

/// One thing a voter sent: through which door, and the choice.
#[derive(Debug, Clone)]
struct Sent {
    id: String,
    choice: usize,
    private: bool,
    /// The toast it was answered with.
    toast: Option<String>,
}

impl Sent {
    /// The platform's name for the delivery, as the record carries it.
    fn key(&self, who: &str) -> String {
        let (chat, id) = (format!("pm:{who}"), &self.id);
        let key =
            if self.private { format!("local:{chat}:{who}:{id}") } else { format!("local:g_tl:press:{who}:{id}") };
        Sha256::digest(key.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// One voter, and what they know of their own ballot.
#[derive(Debug, Default)]
struct Voter {
    name: String,
    /// Answered ones, in order.
    answered: Vec<Sent>,
    /// Sent, and the program died before it answered.
    unsure: Option<Sent>,
    /// Unsure and never sent again: each may be the one that counts until another is answered.
    abandoned: Vec<Sent>,
    /// Every one that was never answered.
    lost: Vec<Sent>,
    this_life: u32,
}

#[derive(Default)]
struct Figures {
    answered: AtomicU64,
    unanswered: AtomicU64,
    recorded_unanswered: AtomicU64,
    repeated_after_crash: AtomicU64,
    repeated_at_will: AtomicU64,
}

/// One of the clients: some voters, one request at a time.
struct Client {
    dice: Dice,
    voters: Vec<Voter>,
    made: u64,
    number: usize,
}

impl Client {
    /// Votes until the program dies or all have used up their minute.
    async fn storm(&mut self, bot: &Bot, card: u64, figures: &Figures, answers: &AtomicU64) {
        self.voters.iter_mut().for_each(|voter| voter.this_life = 0);
        // First what was left unsure: the same again, under the same id, or never.
        for at in 0..self.voters.len() {
            let Some(sent) = self.voters[at].unsure.clone() else { continue };
            if self.dice.roll(5) == 0 {
                let voter = &mut self.voters[at];
                voter.unsure = None;
                voter.abandoned.push(sent.clone());
                voter.lost.push(sent);
                continue;
            }
            figures.repeated_after_crash.fetch_add(1, Ordering::Relaxed);
            if !self.send(at, sent, bot, card, figures, answers).await {
                return;
            }
        }
        for _ in 0..self.voters.len() * A_MINUTE as usize {
            let at = self.dice.roll(self.voters.len() as u64) as usize;
            if self.voters[at].this_life >= A_MINUTE {
                continue;
            }
            if let Some(before) = self.voters[at].answered.last().cloned().filter(|_| self.dice.roll(12) == 0) {
                figures.repeated_at_will.fetch_add(1, Ordering::Relaxed);
                if !self.repeat(at, &before, bot, card).await {
                    return;
                }
                continue;
            }
            self.made += 1;
            let id = format!("crash-{:02}-{:07}", self.number, self.made);
            let (choice, private) = (self.dice.roll(3) as usize, self.dice.roll(6) == 0);
            if !self.send(at, Sent { id, choice, private, toast: None }, bot, card, figures, answers).await {
                return;
            }
        }
    }

    async fn post(&self, at: usize, sent: &Sent, bot: &Bot, card: u64) -> Option<Value> {
        let who = &self.voters[at].name;
        let answer = if sent.private {
            let text = format!("投 1号 {}", sent.choice + 1);
            bot.post("/chat/say", &json!({ "chat": "pm", "who": who, "text": text, "id": sent.id })).await
        } else {
            let label = WORDS[sent.choice].0;
            bot.post("/chat/press", &json!({ "chat": "g_tl", "who": who, "n": card, "label": label, "id": sent.id }))
                .await
        };
        let answer = answer.ok()?;
        let status = answer.status();
        let answer: Value = answer.json().await.ok()?;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            return None;
        }
        assert_eq!((status, &answer["ok"]), (StatusCode::OK, &json!(true)), "{who} {sent:?} → {answer}");
        Some(answer)
    }

    /// Sends a ballot. False: no answer, the program is gone.
    async fn send(
        &mut self,
        at: usize,
        mut sent: Sent,
        bot: &Bot,
        card: u64,
        figures: &Figures,
        answers: &AtomicU64,
    ) -> bool {
        self.voters[at].this_life += 1;
        self.voters[at].unsure = Some(sent.clone());
        let Some(answer) = self.post(at, &sent, bot, card).await else {
            figures.unanswered.fetch_add(1, Ordering::Relaxed);
            return false;
        };
        let voter = &mut self.voters[at];
        sent.toast = answer["toast"].as_str().map(str::to_owned);
        if !sent.private {
            let toast = sent.toast.as_deref().unwrap_or_default();
            let is_receipt = toast.starts_with("✅ 已记：") || toast.starts_with("✅ 已改记：");
            assert!(is_receipt && toast.contains(WORDS[sent.choice].0), "{sent:?}");
        }
        (voter.unsure, voter.abandoned) = (None, Vec::new());
        voter.answered.push(sent);
        figures.answered.fetch_add(1, Ordering::Relaxed);
        answers.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// The same delivery again, although it was answered: the same answer, nothing else.
    async fn repeat(&mut self, at: usize, sent: &Sent, bot: &Bot, card: u64) -> bool {
        let Some(answer) = self.post(at, sent, bot, card).await else { return false };
        assert_eq!(answer["toast"].as_str(), sent.toast.as_deref(), "the same delivery, another answer: {sent:?}");
        true
    }
}

/// The poll, as the office brings it about: a topic, taken, talked about, a straw poll in the bound group.
async fn open_poll(bot: &Bot) -> u64 {
    let steps = [
        ("g_df", "王建国", "/议题 梧桐园加装电梯", "点单成功"),
        ("g_df", "王建国", "/买单 1", "已买单"),
        ("g_df", "刘芳", "/推进 1", "多方恳谈"),
        ("g_tl", "刘芳", "/绑定 1", "已绑定"),
        ("g_tl", "刘芳", "/投票 1 摸底 3天 要不要装电梯", "摸底开始"),
    ];
    let mut last = Value::Null;
    for (chat, who, text, wanted) in steps {
        last = bot.told(chat, who, text).await;
        assert!(last["text"].as_str().unwrap().contains(wanted), "{text} → {last}");
    }
    assert_eq!(last["buttons"], json!(["赞成", "反对", "弃权"]));
    last["n"].as_u64().unwrap()
}

/// How many of these keys are in the ledger's last bytes, on whole lines.
fn in_the_ledger(folder: &Folder, keys: &[String]) -> u64 {
    let mut file = std::fs::File::open(folder.data().join("ledger/ledger.jsonl")).unwrap();
    let length = file.metadata().unwrap().len();
    file.seek(SeekFrom::Start(length.saturating_sub(512 * 1024))).unwrap();
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).unwrap();
    let tail = String::from_utf8_lossy(&tail);
    keys.iter().filter(|key| tail.contains(key.as_str())).count() as u64
}

async fn storms(
    folder: &Folder,
    clients: &mut Vec<Client>,
    figures: &Arc<Figures>,
    seed: u64,
    kills: u64,
) -> (Bot, u64) {
    let mut dice = Dice::new(seed);
    let mut bot = Bot::start(folder);
    let card = open_poll(&bot).await;
    for kill in 0..kills {
        let (shared, answers) = (Arc::new(bot), Arc::new(AtomicU64::new(0)));
        let (enough, nerves) = (dice.roll(ANSWERS), Duration::from_micros(dice.roll(4_000)));
        let storm: Vec<_> = std::mem::take(clients)
            .into_iter()
            .map(|mut client| {
                let (bot, figures, answers) = (Arc::clone(&shared), Arc::clone(figures), Arc::clone(&answers));
                tokio::spawn(async move {
                    client.storm(&bot, card, &figures, &answers).await;
                    client
                })
            })
            .collect();
        let since = std::time::Instant::now();
        while answers.load(Ordering::Relaxed) < enough && !storm.iter().all(tokio::task::JoinHandle::is_finished) {
            assert!(since.elapsed() < PATIENCE, "no answers in life {kill}");
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
        tokio::time::sleep(nerves).await;
        shared.shoot();
        for client in storm {
            clients.push(client.await.unwrap());
        }
        let dead = Arc::into_inner(shared).unwrap();
        dead.kill();
        let unsure = clients.iter().flat_map(|client| &client.voters);
        let keys: Vec<String> =
            unsure.filter_map(|voter| voter.unsure.as_ref().map(|sent| sent.key(&voter.name))).collect();
        figures.recorded_unanswered.fetch_add(in_the_ledger(folder, &keys), Ordering::Relaxed);
        bot = Bot::start(folder);
    }
    (bot, card)
}

/// What is unsure is sent again until it is answered, but for what nobody sends again.
async fn settle(bot: &Bot, card: u64, clients: &mut [Client], figures: &Figures) {
    for client in clients {
        for at in 0..client.voters.len() {
            client.voters[at].this_life = 0;
            if let Some(sent) = client.voters[at].unsure.clone() {
                figures.repeated_after_crash.fetch_add(1, Ordering::Relaxed);
                assert!(client.send(at, sent, bot, card, figures, &AtomicU64::new(0)).await);
            }
        }
    }
}

/// Each delivery has at most one record, and each answered one exactly one.
fn check_ledger(folder: &Folder, voters: &[&Voter]) {
    let mut keys: BTreeMap<String, u32> = BTreeMap::new();
    for record in folder.records() {
        if let Some(key) = record["key"].as_str() {
            *keys.entry(key.to_owned()).or_default() += 1;
        }
    }
    assert!(keys.values().all(|&times| times == 1), "a delivery was recorded twice");
    for voter in voters {
        for sent in &voter.answered {
            assert!(keys.contains_key(&sent.key(&voter.name)), "a receipt without a record: {} {sent:?}", voter.name);
        }
    }
}

/// The ballot that may count for a voter: the last answered one, or one that nobody knows about.
fn possible(voter: &Voter) -> Vec<usize> {
    voter.answered.last().into_iter().chain(&voter.abandoned).map(|sent| sent.choice).collect()
}

fn turnout_told(message: &Value) -> usize {
    let text = message["text"].as_str().unwrap();
    let cast = text.split("已投").nth(1).and_then(|rest| rest.split('/').next());
    cast.and_then(|cast| cast.parse().ok()).unwrap_or_else(|| panic!("{text}"))
}

/// What people are told about the turnout and about their own ballots.
async fn check_answers(bot: &Bot, voters: &[&Voter]) {
    let told = turnout_told(&bot.told("g_tl", "刘芳", "/计票 1").await);
    let sure = voters.iter().filter(|voter| !voter.answered.is_empty()).count();
    let maybe = voters.iter().filter(|voter| voter.answered.is_empty() && !voter.lost.is_empty()).count();
    assert!((sure..=sure + maybe).contains(&told), "{told} counted, {sure} to {} voted", sure + maybe);
    for voter in voters.iter().step_by(17) {
        let own = bot.told("pm", &voter.name, "我").await;
        let text = own["text"].as_str().unwrap();
        let choices = possible(voter);
        let fits = choices.iter().any(|&choice| text.contains(WORDS[choice].0));
        let unvoted = text.contains("还没投");
        assert!(fits || (unvoted && voter.answered.is_empty()), "{text}\n{voter:#?}");
    }
}

/// Each answered private ballot has a receipt in the private chat.
async fn check_receipts(bot: &Bot, voters: &[&Voter]) {
    for voter in voters.iter().step_by(11) {
        let asked = voter.answered.iter().filter(|sent| sent.private).count();
        let is_receipt = |message: &&Value| {
            let text = message["text"].as_str().unwrap();
            message["from"] == "bot" && (text.starts_with("✅ 已记：") || text.starts_with("✅ 已改记："))
        };
        let since = std::time::Instant::now();
        loop {
            let seen = bot.messages("pm", &voter.name).await;
            // One page of history is enough for what one voter does here; where it is not, its newest part is compared.
            if seen.iter().filter(is_receipt).count() >= asked || seen.len() >= 50 {
                break;
            }
            assert!(since.elapsed() < PATIENCE, "{asked} private ballots, too few receipts: {seen:#?}");
            tokio::time::sleep(LOOK).await;
        }
    }
}

type Rows = Vec<(Vec<u8>, Vec<u8>)>;

/// The state as it is, and the choice that counts for every voter.
fn read_state(folder: &Folder, voters: &[&Voter]) -> (Rows, u64) {
    let settings = Arc::new(Settings::default());
    let started = start::open(&folder.data(), settings, Catalog::builtin().unwrap(), clock::machine()()).unwrap();
    let state = started.office.state();
    let world = World::on(&**state);
    for voter in voters {
        let known = world.voter_called(TopicNo(1), &voter.name).unwrap();
        let counts = world.ballot(PollNo(1), known.no).and_then(|ballot| ballot.choice);
        let choices: Vec<_> = possible(voter).into_iter().map(|choice| Some(WORDS[choice].1)).collect();
        let fits = choices.contains(&counts) || (counts.is_none() && voter.answered.is_empty());
        assert!(fits, "{counts:?} counts for\n{voter:#?}");
    }
    let tally = world.tally(&world.poll(PollNo(1)).unwrap());
    assert_eq!(tally.cast(), world.turnout(PollNo(1)).cast, "the turnout is not the number of ballots");
    (state.derived(), tally.cast())
}

async fn all_counts(bot: &Bot) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for who in (1..=VOTERS).map(name).chain(["周敏", "刘芳", "王建国"].map(str::to_owned)) {
        for (chat, count) in bot.counts(&who).await {
            counts.insert(if chat == "pm" { format!("pm:{who}") } else { chat }, count);
        }
    }
    counts
}

/// After a rebuild the state is the same key by key, and nothing is said that was said before.
async fn check_rebuild(folder: &Folder, voters: &[&Voter]) {
    let (before, cast) = read_state(folder, voters);
    State::clear(&folder.data().join("state")).unwrap();
    let (after, cast_after) = read_state(folder, voters);
    assert_eq!(before.len(), after.len(), "a rebuild gives another number of keys");
    for (one, other) in before.iter().zip(&after) {
        assert_eq!(one, other, "a rebuild gives something else");
    }
    assert_eq!(cast, cast_after);

    let bot = Bot::start(folder);
    let counts = all_counts(&bot).await;
    assert_eq!(bot.stop(), Some(0));
    let rebuilt = folder.ask(&["rebuild"]);
    assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
    let bot = Bot::start(folder);
    bot.is_well().await;
    // Whatever waits would go out at once; two ticks of the clock are plenty.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let later = all_counts(&bot).await;
    assert_eq!(counts, later, "a rebuild said something again");
    assert_eq!(bot.stop(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_ballot_is_lost_or_counted_twice_when_the_process_is_killed_while_people_vote() {
    let (kills, seed) = (number("XIESHANG_KILLS", 100), number("XIESHANG_SEED", 2_025));
    let folder = Folder::new("crash", "");
    let people = folder.path().join("people.json");
    std::fs::write(&people, fixtures().to_string()).unwrap();
    let config = std::fs::read_to_string(folder.config()).unwrap();
    std::fs::write(folder.config(), format!("{config}[local]\nfixtures = {people:?}\n")).unwrap();
    let mut clients: Vec<Client> = (0..CLIENTS)
        .map(|number| {
            let voters = (1..=VOTERS).filter(|n| n % CLIENTS == number).map(name);
            let voters = voters.map(|name| Voter { name, ..Voter::default() }).collect();
            Client { dice: Dice::new(seed ^ (number as u64 + 1) << 32), voters, made: 0, number }
        })
        .collect();
    let figures = Arc::new(Figures::default());

    let (bot, card) = storms(&folder, &mut clients, &figures, seed, kills).await;
    settle(&bot, card, &mut clients, &figures).await;
    let voters: Vec<&Voter> = clients.iter().flat_map(|client| &client.voters).collect();
    check_answers(&bot, &voters).await;
    check_receipts(&bot, &voters).await;
    bot.is_well().await;
    assert_eq!(bot.stop(), Some(0));
    check_ledger(&folder, &voters);
    check_rebuild(&folder, &voters).await;

    let ids: HashSet<&str> =
        voters.iter().flat_map(|voter| voter.answered.iter().map(|sent| sent.id.as_str())).collect();
    let of = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
    assert_eq!(ids.len() as u64, of(&figures.answered));
    println!(
        "{kills} kills: {} receipts, 0 lost, 0 counted twice; {} requests died unanswered, {} of them already recorded; \
         {} sent again after a crash, {} sent again at will, all answered alike",
        of(&figures.answered),
        of(&figures.unanswered),
        of(&figures.recorded_unanswered),
        of(&figures.repeated_after_crash),
        of(&figures.repeated_at_will),
    );
}
