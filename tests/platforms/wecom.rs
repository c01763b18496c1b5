//! 企业微信 — robots of groups: what they say, as WeCom shows it, and nothing lost, doubled or out of order whatever WeCom answers.

use crate::support::bot::{Bot, Folder};
use crate::support::wecom::{Clock, Fake, Fault, PER_MINUTE};
use chrono::{DateTime, Duration, Utc};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;
use tokio::runtime::Runtime;
use xieshang::bot::letters::{Lane, LetterId, Outgoing};
use xieshang::bot::post::Post;
use xieshang::bot::{clock, inbox};
use xieshang::platform::wecom::{Setup, WeCom, Webhook};
use xieshang::platform::{Letter, Platform, SendError};
use xieshang::state::State;

/// Longest wait, of the machine's time, for something that must happen.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// The bot's post before two robots, on a clock of the test's.
struct Line {
    fake: Fake,
    post: Arc<Post>,
    now: Arc<AtomicI64>,
    runtime: Runtime,
    folder: PathBuf,
    sent: u32,
    _outlet: inbox::Outlet,
}

impl Line {
    fn new() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let now = Arc::new(AtomicI64::new(at("2025-03-03T20:00:00+08:00").timestamp_millis()));
        let time = Arc::clone(&now);
        let clock: Clock = Arc::new(move || DateTime::from_timestamp_millis(time.load(Ordering::SeqCst)).unwrap());
        let fake = Fake::start(Arc::clone(&clock));
        for group in ["甲群", "乙群"] {
            fake.robot(group, &format!("key-of-{group}-is-secret").replace("甲群", "a").replace("乙群", "b"));
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("xieshang-robots-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let (state, _) = State::open(&folder).unwrap();
        let (inbox, outlet) = inbox::queue();
        let metrics = Arc::clone(inbox.metrics());
        let platforms: Vec<Arc<dyn Platform>> = vec![wecom(&fake) as Arc<dyn Platform>];
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let post = Post::new(platforms, Arc::new(state), inbox, clock, metrics);
        Self { fake, post, now, runtime, folder, sent: 0, _outlet: outlet }
    }

    /// Hands over so many notices for a group, numbered by their texts.
    fn notices(&mut self, group: &str, texts: impl IntoIterator<Item = String>) {
        let _guard = self.runtime.enter();
        for text in texts {
            self.sent += 1;
            let letter = Letter::plain(Webhook::chat(group), text);
            let id = LetterId { seq: 0, index: self.sent };
            let outgoing =
                Outgoing { lane: Lane::Notice, mark: "（补发）".to_owned(), ..Outgoing::answer(id, letter) };
            self.post.hand(vec![outgoing], Vec::new());
        }
    }

    /// Lets time pass until everything is said; answers how much it was.
    fn all_said(&self) -> Duration {
        let (since, began) = (Instant::now(), self.now.load(Ordering::SeqCst));
        while self.post.waiting() > 0 || self.post.is_busy() {
            assert!(since.elapsed() < PATIENCE, "{} wait", self.post.waiting());
            let next = self.post.next_send().map_or(0, |at| at.timestamp_millis());
            if !self.post.is_busy() && next > self.now.load(Ordering::SeqCst) {
                self.now.store(next, Ordering::SeqCst);
                self.post.wake();
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        Duration::milliseconds(self.now.load(Ordering::SeqCst) - began)
    }

    fn told(&self, group: &str) -> Vec<String> {
        let first = |shown: String| shown.lines().next().unwrap_or_default().to_owned();
        self.fake.told(group).into_iter().map(|post| first(post.shown)).collect()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn wecom(fake: &Fake) -> Arc<WeCom> {
    let webhook = |(group, key): (&str, &str)| Webhook {
        group: group.to_owned(),
        key: key.to_owned(),
        url: fake.url().to_owned(),
    };
    let webhooks =
        [("甲群", "key-of-a-is-secret"), ("乙群", "key-of-b-is-secret"), ("丙群", "key-of-nobody-is-secret")];
    WeCom::new(Setup {
        webhooks: webhooks.map(webhook).to_vec(),
        unheard: "本群只发通知，在这里回复我听不到。".to_owned(),
        site: Some("https://xs.example".to_owned()),
    })
    .unwrap()
}

fn numbers(range: std::ops::RangeInclusive<u32>) -> impl Iterator<Item = String> {
    range.map(|n| format!("通知{n}"))
}

// ------------------------------------------------------------------------------------------------------------- what is shown

#[test]
fn a_letter_is_shown_as_it_was_meant_and_calls_nobody() {
    let line = Line::new();
    let wecom = wecom(&line.fake);
    let text = "【有事好商量·东风路街道】第1期\n\n<@zhang> @all @所有人 [点我](http://evil.example) <font color=\"warning\">急</font>\n\
        # 大字\n- 甲\n3. 张三\n> 引用\n`码` *斜* ~~删~~ \\* &lt;@all&gt;\n\n三、今日数\n点单1　买单0　建议4\n\n全文：https://xs.example/d/20250303";
    let letter = Letter::plain(Webhook::chat("甲群"), text);
    assert_eq!(wecom.pieces(&letter), 1);
    assert_eq!(line.runtime.block_on(wecom.send(&letter, 0)), Ok(String::new()), "it has no name: nothing hangs on it");
    line.fake.assert_clean();
    let told = line.fake.told("甲群").remove(0);
    assert!(told.content.starts_with("**【有事好商量·东风路街道】第1期**"), "{}", told.content);
    assert_eq!(told.links, ["https://xs.example/d/20250303"]);
    for words in ["＜@zhang>", "＠all", "3． 张三", "点单 买单 建议\n1 0 4", "在这里回复我听不到"] {
        assert!(told.shown.contains(words), "{words} in {}", told.shown);
    }
    // The stand-in notices each of these by itself.
    for planted in
        ["<@a>", "@all", "- a", "1. a", "> a", "# a", "`a`", "*a*", "http://a", "|a|b|", "~~a~~", "    a", "\\*"]
    {
        assert!(!crate::support::wecom::markdown::read(planted).odd.is_empty(), "not noticed: {planted}");
    }
}

#[test]
fn a_long_digest_is_as_many_messages_as_it_needs_and_nothing_of_it_is_lost() {
    let mut line = Line::new();
    let rows: Vec<String> = (1..=400).map(|n| format!("{n}号 {n}号楼加装电梯😀（东风路街道）")).collect();
    let text = format!("【周报】\n{}\n{}", rows.join("\n"), "长".repeat(6_000));
    line.notices("甲群", [text.clone()]);
    line.all_said();
    line.fake.assert_clean();
    let told = line.fake.told("甲群");
    assert!(told.len() > 4 && told.iter().all(|post| post.content.len() <= 4_096), "{}", told.len());
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let all: String = told.iter().map(|post| bare(&post.shown)).collect();
    assert_eq!(all, format!("{}本群只发通知，在这里回复我听不到。", bare(&text)));
    let is_whole = |row: &String| told.iter().any(|post| post.shown.lines().any(|line| line == row));
    assert!(rows.iter().all(is_whole), "cut between lines");
}

// -------------------------------------------------------------------------------------------------------- what goes wrong

#[test]
fn sixty_messages_wait_for_one_group_and_no_minute_has_more_than_its_twenty() {
    let mut line = Line::new();
    line.notices("甲群", numbers(1..=60));
    line.notices("乙群", numbers(1..=3));
    let took = line.all_said();
    assert_eq!(line.told("甲群"), numbers(1..=60).collect::<Vec<_>>());
    assert_eq!(line.told("乙群"), numbers(1..=3).collect::<Vec<_>>());
    assert!((Duration::seconds(180)..Duration::seconds(240)).contains(&took), "{took}");
    let first = line.fake.told("乙群").iter().all(|post| post.at < at("2025-03-03T20:00:05+08:00"));
    assert!(first, "a group at its limit holds up no other");
    assert_eq!(line.fake.limited(), 0, "never told to wait");
    line.fake.assert_clean();
}

#[test]
fn told_to_wait_it_waits_a_minute_and_goes_on_in_order() {
    let mut line = Line::new();
    // Somebody else speaks through the same robot, or the program was started anew within the minute.
    for _ in 0..PER_MINUTE - 2 {
        let letter = Letter::plain(Webhook::chat("甲群"), "别人的");
        line.runtime.block_on(wecom(&line.fake).send(&letter, 0)).unwrap();
    }
    line.notices("甲群", numbers(1..=5));
    let took = line.all_said();
    let own: Vec<String> = line.told("甲群").into_iter().filter(|text| text != "别人的").collect();
    assert_eq!(own, numbers(1..=5).collect::<Vec<_>>());
    assert!(line.fake.limited() == 1 && took >= Duration::seconds(60), "{} {took}", line.fake.limited());
}

#[test]
fn whatever_wecom_answers_nothing_is_lost_and_the_order_is_kept() {
    for (faults, repeated) in [
        (vec![Fault::Code(-1), Fault::Code(45_033), Fault::Code(45_009)], false),
        (vec![Fault::Status(502), Fault::Status(503)], true),
        (vec![Fault::Status(403), Fault::Status(429)], false),
        (vec![Fault::StatusAfter(504)], true),
        (vec![Fault::ResetAfter], true),
    ] {
        let mut line = Line::new();
        line.fake.faults(&faults);
        line.notices("甲群", numbers(1..=4));
        line.all_said();
        let told = line.told("甲群");
        let mut once: Vec<String> = told.iter().map(|text| text.trim_end_matches("（补发）").to_owned()).collect();
        once.dedup();
        assert_eq!(once, numbers(1..=4).collect::<Vec<_>>(), "{faults:?}");
        // Only what may have been said is said a second time, and it says so.
        let doubled = told.len() - once.len();
        assert_eq!(doubled, usize::from(matches!(faults[0], Fault::StatusAfter(_) | Fault::ResetAfter)), "{faults:?}");
        assert_eq!(told.iter().any(|text| text.ends_with("（补发）")), repeated, "{faults:?}: {told:?}");
        line.fake.assert_clean();
    }
}

#[test]
fn a_message_wecom_refuses_costs_only_itself_and_no_error_shows_a_key() {
    let mut line = Line::new();
    line.fake.faults(&[Fault::Code(40_058)]);
    line.notices("甲群", numbers(1..=3));
    line.all_said();
    assert_eq!(line.told("甲群"), ["通知2", "通知3"]);
    let wecom = wecom(&line.fake);
    let sent = |group: &str| line.runtime.block_on(wecom.send(&Letter::plain(Webhook::chat(group), "好"), 0));
    let mut errors = vec![sent("丙群").unwrap_err(), sent("没有的群").unwrap_err()];
    assert!(errors.iter().all(|error| matches!(error, SendError::Gone(_))), "{errors:?}");
    for fault in [Fault::Code(45_009), Fault::Code(40_058), Fault::Status(500), Fault::ResetAfter] {
        line.fake.faults(&[fault]);
        errors.push(sent("甲群").unwrap_err());
    }
    let shown = format!("{errors:?} {}", errors.iter().map(ToString::to_string).collect::<String>());
    assert!(!shown.contains("secret") && !shown.contains("key="), "{shown}");
}

// ------------------------------------------------------------------------------------------------------ the program itself

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/acceptance.fixtures.json")
}

const KEY: &str = "0f6ac1d2-secret-key-of-a-robot";

/// Somebody hands in a slip at a station, and it is taken: the groups of that town are told of the topic.
async fn ordered(bot: &Bot, no: u32, title: &str) {
    let form = [
        ("id", format!("slip-{no:04}")),
        ("title", title.to_owned()),
        ("text", String::new()),
        ("who", "张三".to_owned()),
    ];
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.post(format!("http://{}/s/1", bot.address)).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    bot.say("pm", "周敏", &format!("/受理 W{no} 东风路街道")).await;
}

/// A program with the built-in chat, and a robot in a group of the same town.
fn with_robot(name: &str, url: &str, key: &str, more: &str) -> Folder {
    let fixtures = fixtures();
    let robot = format!(
        "group = \"东风路通知群\"\nkind = \"镇街学联组群\"\ntown = \"东风路街道\"\nkey = \"{key}\"\nurl = \"{url}\"\n"
    );
    Folder::new(name, &format!("[local]\nfixtures = {fixtures:?}\n\n[[wecom.webhook]]\n{robot}{more}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_with_a_robot_is_registered_by_the_configuration_and_told_what_its_town_is_told() {
    let fake = Fake::start(clock::machine());
    fake.robot("东风路通知群", KEY);
    // The whole address, as WeCom shows it and as a clerk pastes it.
    let folder =
        with_robot("wecom", fake.url(), &format!("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"), "");
    let bot = Bot::start_with(&folder, "trace");
    let told = fake.expect("东风路通知群", "本群已登记：镇街学联组群·东风路街道");
    assert!(told.shown.contains("在这里回复我听不到"), "{}", told.shown);
    ordered(&bot, 1, "<@zhang> @all 南门路灯不亮 [看](http://e.cn)").await;
    let told = fake.expect("东风路通知群", "南门路灯不亮");
    assert!(told.shown.contains("＜@zhang> ＠all") && told.links.is_empty(), "{}", told.content);
    assert_eq!(bot.stop(), Some(0));
    // Started again it registers nothing a second time; changed in the configuration it does.
    let config = std::fs::read_to_string(folder.config()).unwrap();
    let before = fake.told("东风路通知群").len();
    let bot = Bot::start(&folder);
    assert_eq!(bot.stop(), Some(0));
    assert_eq!(fake.told("东风路通知群").len(), before);
    std::fs::write(folder.config(), config.replace("kind = \"镇街学联组群\"", "kind = \"居民群\"")).unwrap();
    let bot = Bot::start(&folder);
    fake.expect("东风路通知群", "本群已登记：居民群");
    let metrics = bot.get("/metrics").await.text().await.unwrap();
    assert!(metrics.contains("xieshang_wecom_said_total 1"), "{metrics}");
    assert_eq!(bot.stop(), Some(0));
    fake.assert_clean();
    let groups = folder.records().iter().filter(|record| record["facts"].to_string().contains("group_set")).count();
    assert_eq!(groups, 3, "the fixtures, the first start, the change");
    for text in
        [folder.log(), folder.vault(), std::fs::read_to_string(folder.data().join("ledger/ledger.jsonl")).unwrap()]
    {
        assert!(!text.contains(KEY), "the key is nowhere but in the configuration");
    }
    let checked = String::from_utf8(folder.ask(&["check"]).stdout).unwrap();
    assert!(checked.contains("ok    WeCom: 东风路通知群: its robot has a key"), "{checked}");
    assert!(!checked.contains(KEY), "{checked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robot_that_was_taken_out_is_said_aloud_and_left_in_peace_until_the_program_is_started_again() {
    let fake = Fake::start(clock::machine());
    fake.robot("东风路通知群", KEY);
    let folder = with_robot("wecom-gone", fake.url(), KEY, "");
    let bot = Bot::start(&folder);
    fake.expect("东风路通知群", "本群已登记");
    fake.take_out(KEY);
    ordered(&bot, 1, "南门路灯不亮").await;
    let told = |words: &'static str| {
        move |message: &serde_json::Value| message["text"].as_str().is_some_and(|text| text.contains(words))
    };
    bot.heard("pm", "周敏", told("群“东风路通知群”里已经找不到我了")).await;
    assert!(folder.log().contains("93000") && folder.log().contains("[[wecom.webhook]]"), "{}", folder.log());
    assert!(!folder.log().contains(KEY));
    let requests = fake.requests();
    ordered(&bot, 2, "北门积水").await;
    bot.heard("pm", "周敏", told("【2号】北门积水")).await;
    bot.is_well().await;
    assert_eq!(fake.requests(), requests, "nothing more is tried there, and everybody else is answered");
    assert_eq!(bot.stop(), Some(0));
    fake.put_back(KEY);
    let bot = Bot::start(&folder);
    ordered(&bot, 3, "西门树枝").await;
    fake.expect("东风路通知群", "西门树枝");
    assert_eq!(bot.stop(), Some(0));
}

#[test]
fn a_robot_that_cannot_be_is_refused_at_the_start_in_a_sentence_without_its_key() {
    let second = format!("\n[[wecom.webhook]]\ngroup = \"别的群\"\nkind = \"居民群\"\nkey = \"{KEY}\"\n");
    for (from, to, more, wanted) in [
        ("镇街学联组群", "什么群", "", "write one of 委员群, 镇街学联组群, 界别群, 居民群"),
        ("镇街学联组群", "讨论组群", "", "write one of"),
        ("镇街学联组群", "界别群", "", "sector is missing"),
        ("town = \"东风路街道\"\n", "", "", "town is missing"),
        ("东风路通知群", "东风#1", "", "write the name of the group"),
        ("东风路通知群", "", "", "write the name of the group"),
        (KEY, "", "", "write the key of the group's robot"),
        (KEY, "有空格 的", "", "write the key of the group's robot"),
        ("http://127.0.0.1:1", "nowhere", "", "url: "),
        ("东风路通知群", "甲群", second.as_str(), "has the key of another group"),
        ("东风路通知群", "别的群", second.as_str(), "stands there twice"),
        ("town = ", "place = ", "", "unknown field"),
    ] {
        let folder = with_robot("wecom-wrong", "http://127.0.0.1:1", KEY, more);
        let config = std::fs::read_to_string(folder.config()).unwrap().replacen(from, to, 1);
        std::fs::write(folder.config(), config).unwrap();
        let asked = folder.ask(&["run"]);
        let said = String::from_utf8_lossy(&asked.stderr).into_owned();
        assert!(asked.status.code() == Some(2) && said.contains(wanted), "{from} → {to}: {said}");
        assert!(to.contains("place") || !said.contains(KEY), "{said}");
        assert!(!folder.data().join("ledger").exists(), "nothing was begun");
    }
}
