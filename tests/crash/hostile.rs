//! 恶意输入 — what strangers, broken clients and damaged disks send us, through the doors of the real program.

use crate::support::bot::{Bot, Folder, LOOK, PATIENCE, new_id};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What nobody may find in a log.
const CANARIES: [&str; 5] = ["金丝雀甲乙丙", "13912345678", "CANARY-7c1f", "南门外三百米", "受不了啦"];

fn text_of(message: &Value) -> &str {
    message["text"].as_str().unwrap()
}

/// A message in one JSON body, to be sent as it is.
fn saying(text: &str) -> String {
    json!({ "chat": "g_tj", "who": "马立军", "text": text, "id": new_id() }).to_string()
}

const HEAD: &str = "POST /chat/say HTTP/1.1\nhost: {host}\ncontent-type: application/json\nconnection: close\ncontent-length: {length}\n\n";

#[tokio::test]
async fn ten_mebibytes_are_refused_with_a_sentence() {
    let folder = Folder::new("huge", "");
    let bot = Bot::start(&folder);
    let huge = "字".repeat(10 * 1024 * 1024 / 3);
    let message = json!({ "chat": "g_tj", "who": "马立军", "text": huge, "id": new_id() });
    let answer = bot.post("/chat/say", &message).await.unwrap();
    assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let answer: Value = answer.json().await.unwrap();
    assert!(answer["error"].as_str().unwrap().contains("请分几条发"), "{answer}");
    // A little more than a message may be, in a body that may be that long.
    let long = json!({ "chat": "g_tj", "who": "马立军", "text": "字".repeat(22_000), "id": new_id() });
    assert_eq!(bot.post("/chat/say", &long).await.unwrap().status(), StatusCode::PAYLOAD_TOO_LARGE);
    let form = "who=张桂英&title=灯&text=".to_owned() + &"x".repeat(10 * 1024 * 1024);
    let head = "POST /s/%E4%B8%9C%E9%A3%8E%E8%B7%AF%E5%BE%AE%E5%8D%8F%E5%95%86%E8%AE%AE%E4%BA%8B%E5%AE%A4 HTTP/1.1\nhost: {host}\n\
                content-type: application/x-www-form-urlencoded\nconnection: close\ncontent-length: {length}\n\n";
    let (status, page) = bot.raw(head, form.as_bytes());
    assert!(status == 413 && page.contains("请分几条发"), "{status} {page}");
    assert!(bot.messages("g_tj", "马立军").await.is_empty());
    bot.is_well().await;
    assert_eq!(bot.stop(), Some(0));
}

#[tokio::test]
async fn what_is_not_ours_is_refused_and_changes_nothing() {
    let folder = Folder::new("strangers", "");
    let bot = Bot::start(&folder);
    let good = saying("/议题 南门路灯不亮");
    let nested = format!("{{\"chat\":{}1{}}}", "[".repeat(300), "]".repeat(300));
    let deep_text = format!(
        "{{\"chat\":\"g_tj\",\"who\":\"马立军\",\"id\":\"12345678\",\"text\":{}{}}}",
        "{\"a\":".repeat(300),
        "}".repeat(300)
    );
    let mut broken = good.clone().into_bytes();
    broken.splice(20..20, [0xFF, 0xFE, 0xC0, 0x80]);
    let with = |head: &str| HEAD.replace("\n\n", &format!("\n{head}\n\n"));
    let unknown = good.replacen('{', "{\"admin\":true,", 1);
    let twice = good.replacen('{', "{\"who\":\"周敏\",", 1);
    let other_host = |host: &str| HEAD.replace("{host}", host);
    let cases: [(&str, String, &[u8], u16); 17] = [
        ("another host's name", other_host("evil.example"), good.as_bytes(), 403),
        ("a name that begins like ours", other_host("127.0.0.1.evil.example"), good.as_bytes(), 403),
        ("two hosts", with("host: evil.example"), good.as_bytes(), 400),
        ("another site's page", with("origin: http://evil.example"), good.as_bytes(), 403),
        ("a page without a home", with("origin: null"), good.as_bytes(), 403),
        ("another port's page", with("origin: http://127.0.0.1:1"), good.as_bytes(), 403),
        ("a script of another site", with("sec-fetch-site: cross-site"), good.as_bytes(), 403),
        ("an unknown field", HEAD.to_owned(), unknown.as_bytes(), 400),
        ("a field twice", HEAD.to_owned(), twice.as_bytes(), 400),
        ("bytes that are no text", HEAD.to_owned(), &broken, 400),
        ("300 brackets", HEAD.to_owned(), nested.as_bytes(), 400),
        ("300 braces", HEAD.to_owned(), deep_text.as_bytes(), 400),
        ("half a message", HEAD.to_owned(), &good.as_bytes()[..good.len() - 1], 400),
        ("nothing", HEAD.to_owned(), b"", 400),
        ("a lone surrogate", HEAD.to_owned(), br#"{"chat":"g_tj","who":"\ud800","text":"a","id":"12345678"}"#, 400),
        (
            "a number beyond all",
            HEAD.to_owned(),
            br#"{"chat":"g_tj","who":"a","text":"a","id":"12345678","reply_to":1e400}"#,
            400,
        ),
        ("another kind", HEAD.replace("application/json", "text/plain"), good.as_bytes(), 415),
    ];
    for (what, head, body, wanted) in cases {
        let (status, answer) = bot.raw(&head, body);
        let refused = if what == "two hosts" { (400..=403).contains(&status) } else { status == wanted };
        assert!(refused, "{what}: {wanted} wanted\n{answer}");
    }
    for (chat, who, id) in [
        ("g_xx", "马立军", "12345678"),
        ("pm:周敏", "马立军", "12345678"),
        ("g_tj", "协商助手", "12345678"),
        ("g_tj", "马立军", "1"),
    ] {
        let status =
            bot.post("/chat/say", &json!({ "chat": chat, "who": who, "text": "x", "id": id })).await.unwrap().status();
        assert!(status.is_client_error(), "{chat} {who} {id}: {status}");
    }
    assert!(bot.messages("g_tj", "马立军").await.is_empty());
    assert_eq!(folder.records().len(), 2, "only the fixtures and the time zone are recorded");
    // The same message, as our own page sends it, is taken.
    let (status, answer) = bot.raw(HEAD, good.as_bytes());
    assert_eq!(status, 200, "{answer}");
    bot.is_well().await;
    assert_eq!(bot.stop(), Some(0));
}

/// Texts that want to be something else, each said by somebody else (six commands a person and minute).
fn costumes() -> Vec<String> {
    vec![
        "路灯\u{202E}亮不灯路\u{2066}隐\u{2069}\u{200B}藏\u{FEFF}\u{E0041}".to_owned(),
        format!("塔{}楼", "\u{0301}\u{0489}".repeat(15)),
        "<b>加粗</b><script>alert(1)</script>&lt;".to_owned(),
        "[点这里](tg://user?id=1) *_~`".to_owned(),
        "@everyone <@all> <font color=red>".to_owned(),
        "停车\n\n【今日摘要】\n✅ 点单成功：【9号】假的\n提出人：周敏".to_owned(),
        "充电桩\n🗳【1号】表决结果：通过\n[赞成] [反对]".to_owned(),
        "{no}号{title}{{ 7*7 }}{% raw %}".to_owned(),
        "=HYPERLINK(\"http://evil.example\") 报销".to_owned(),
        "👨\u{200D}👩\u{200D}👧".repeat(6),
    ]
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}')
        || (c.is_control() && c != '\n')
}

#[tokio::test]
async fn text_in_costume_is_kept_as_said_and_shown_as_text() {
    let folder = Folder::new("costumes", "");
    let bot = Bot::start(&folder);
    let costumes = costumes();
    for (n, text) in costumes.iter().enumerate() {
        let who = format!("群众{n}号");
        let said = bot.told("g_tj", &who, &format!("/议题 新建 {text}")).await;
        let shown = text_of(&said);
        let first = format!("✅ 点单成功：【{}号】", n + 1);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 3, "a title is one line: {shown}");
        // Above five in a minute receipts wait and are told together, a row each.
        let is_merged = lines[0] == "✅ 点单成功：" && n >= 5;
        if is_merged {
            let row = (format!("【{}号】", n + 1), format!("（{who}）"));
            assert!(lines[1].starts_with(&row.0) && lines[1].ends_with(&row.1), "{text:?} → {shown}");
        } else {
            assert!(shown.starts_with(&first), "{text:?} → {shown}");
            assert!(lines[1].starts_with(&format!("提出人：{who}")), "{shown}");
        }
        assert!(!shown.contains(is_hidden), "{shown:?}");
        let marks = shown.chars().filter(|c| matches!(c, '\u{0301}' | '\u{0489}')).count();
        assert!(marks <= 8, "a tower of {marks} marks");
        let buttons = if is_merged { Value::Null } else { json!(["附议"]) };
        assert_eq!(said["buttons"], buttons, "only the bot makes buttons");
        assert!(!shown.contains("49"), "{shown}");
    }
    // A button that a text draws is none; a message of a person has none; a press on it is refused.
    for message in bot.messages("g_tj", "马立军").await {
        let label = if message["from"] == "bot" { "赞成" } else { "附议" };
        let press = json!({ "chat": "g_tj", "who": "马立军", "n": message["n"], "label": label, "id": new_id() });
        assert_eq!(bot.post("/chat/press", &press).await.unwrap().status(), StatusCode::BAD_REQUEST);
    }
    // What a person writes is no word of the bot: replying to it names no topic.
    let forged = bot.say("g_tj", "马立军", "✅ 点单成功：【1号】路灯").await;
    let before = bot.messages("g_tj", "马立军").await.len();
    bot.accepted(
        "/chat/say",
        &json!({ "chat": "g_tj", "who": "周敏", "text": "附议", "reply_to": forged, "id": new_id() }),
    )
    .await;
    let digest = bot.told("g_wy", "王建国", "/日报").await;
    assert_eq!(bot.messages("g_tj", "马立军").await.len(), before + 1, "the bot took a person's word for its own");
    let paper = text_of(&digest);
    for forged in ["【今日摘要】", "✅ 点单成功", "🗳【1号】表决结果"] {
        assert!(!paper.lines().any(|line| line.trim().starts_with(forged)), "a forged heading:\n{paper}");
    }
    assert!(!paper.contains(is_hidden), "{paper:?}");
    check_pages(&bot, costumes.len()).await;
    // As said, to the letter: a title is the first line, the rest the description.
    let vault = folder.vault();
    for text in &costumes {
        for part in text.split('\n').filter(|part| !part.is_empty()) {
            let part = serde_json::to_string(part).unwrap();
            let bare = part.trim_matches('"');
            assert!(vault.contains(bare), "not as said: {part}");
        }
    }
    bot.is_well().await;
    assert_eq!(bot.stop(), Some(0));
    assert!(folder.ask(&["check"]).status.success());
}

/// The pages of the topics show no markup of anybody's.
async fn check_pages(bot: &Bot, topics: usize) {
    for no in 1..=topics {
        let page = bot.get(&format!("/t/{no}")).await;
        assert_eq!(page.status(), StatusCode::OK);
        let html = page.text().await.unwrap();
        for markup in ["<script>alert", "<b>加粗", "<font color", "href=\"tg:"] {
            assert!(!html.contains(markup), "topic {no}: {markup}\n{html}");
        }
        assert!(!html.contains(is_hidden), "topic {no}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_delivery_fifty_times_at_once_has_one_effect_and_one_answer() {
    let folder = Folder::new("fifty", "");
    let bot = Arc::new(Bot::start(&folder));
    let order = json!({ "chat": "g_tj", "who": "马立军", "text": "/议题 南门路灯不亮", "id": new_id() });
    let answers = fifty(&bot, "/chat/say", &order).await;
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
    let card = bot.heard("g_tj", "马立军", |message| message["from"] == "bot").await;
    let press = json!({ "chat": "g_tj", "who": "周敏", "n": card["n"], "label": "附议", "id": new_id() });
    let answers = fifty(&bot, "/chat/press", &press).await;
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:#?}");
    let seconded = bot.heard("g_tj", "马立军", |message| text_of(message).contains("已附议")).await;
    assert!(text_of(&seconded).contains("现有1人附议"), "{seconded}");
    assert_eq!(bot.messages("g_tj", "马立军").await.len(), 3);
    assert_eq!(folder.records().len(), 4, "fixtures, time zone, topic, second");
    // The same id for something else is refused, not taken for the first.
    let mut other = order.clone();
    other["text"] = json!("/议题 北门路灯不亮");
    assert_eq!(bot.post("/chat/say", &other).await.unwrap().status(), StatusCode::CONFLICT);
    bot.is_well().await;
    assert_eq!(Arc::into_inner(bot).unwrap().stop(), Some(0));
}

async fn fifty(bot: &Arc<Bot>, path: &'static str, body: &Value) -> Vec<Value> {
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let (bot, body) = (Arc::clone(bot), body.clone());
            tokio::spawn(async move { bot.accepted(path, &body).await })
        })
        .collect();
    let mut answers = Vec::new();
    for request in requests {
        answers.push(request.await.unwrap());
    }
    answers
}

#[tokio::test]
async fn a_second_process_on_the_same_data_ends_with_4_and_harms_nothing() {
    let folder = Folder::new("second", "");
    let bot = Bot::start(&folder);
    for arguments in [["run"], ["rebuild"]] {
        let second = folder.ask(&arguments);
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert_eq!(second.status.code(), Some(4), "{arguments:?}: {said}");
        assert!(said.contains("another xieshang is running") && said.contains("--data"), "{said}");
    }
    let card = bot.told("g_tj", "马立军", "/议题 南门路灯不亮").await;
    assert!(text_of(&card).contains("点单成功"));
    bot.is_well().await;
    assert_eq!(bot.stop(), Some(0));
    assert!(folder.ask(&["rebuild"]).status.success());
}

#[test]
fn a_wrong_configuration_ends_with_2_and_names_the_key() {
    let cases = [
        ("[web]\nlisen = \"127.0.0.1:0\"\n", "lisen"),
        ("[committee]\ntimezone = \"Mars/Olympus\"\n", "timezone"),
        ("[committee]\nlanguage = \"fr\"\n", "language"),
        ("[committee]\npublic_url = \"javascript:alert(1)\"\n", "public_url"),
        ("[digest]\nat = \"25:00\"\n", "at"),
        ("[telegram]\ntoken = \"secret-canary\"\n", "telegram"),
        ("[web]\nlisten = \"0.0.0.0:0\"\n", "listen"),
        ("[local]\nfixtures = \"nowhere.json\"\n", "nowhere.json"),
        ("[web\n", "config.toml"),
    ];
    for (text, named) in cases {
        let folder = Folder::new("config", "");
        std::fs::write(folder.config(), format!("{text}\n")).unwrap();
        let data = folder.data();
        let ended = folder.ask(&["run", "--data", data.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{text}: {said}");
        assert!(said.contains(named), "{text}: {said}");
        assert!(!said.contains("secret-canary") && !said.contains("panicked"), "{said}");
    }
    let folder = Folder::new("config", "");
    let wrong = folder.ask(&["--no-such-flag"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[tokio::test]
async fn a_damaged_ledger_ends_with_3_and_names_file_and_place() {
    let folder = Folder::new("damage", "");
    let bot = Bot::start(&folder);
    for who in ["马立军", "王建国", "陈晓兰"] {
        let card = bot.told("g_tj", who, &format!("/议题 新建 {who}说路灯不亮")).await;
        assert!(text_of(&card).contains("点单成功"), "{card}");
    }
    assert_eq!(bot.stop(), Some(0));
    // A start reads the last batch, whatever was applied before.
    for file in ["ledger.jsonl", "vault/000001.jsonl"] {
        let path = folder.data().join("ledger").join(file);
        let whole = std::fs::read(&path).unwrap();
        let mut damaged = whole.clone();
        let at = damaged.len() - 40;
        damaged[at] ^= 0x01;
        std::fs::write(&path, &damaged).unwrap();
        for command in ["run", "check", "export"] {
            let ended = folder.ask(&[command]);
            let said = format!("{}{}", String::from_utf8_lossy(&ended.stderr), String::from_utf8_lossy(&ended.stdout));
            assert_eq!(ended.status.code(), Some(3), "{command}, {file}: {said}");
            assert!(said.contains(file) && said.contains("line"), "{command} names no place: {said}");
        }
        std::fs::write(&path, &whole).unwrap();
    }
    // An export over the ledger itself would be its end.
    let ledger = folder.data().join("ledger").join("ledger.jsonl");
    let whole = std::fs::read(&ledger).unwrap();
    let ended = folder.ask(&["export", "--out", ledger.to_str().unwrap()]);
    assert_eq!(ended.status.code(), Some(2), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(std::fs::read(&ledger).unwrap() == whole, "an export overwrote the ledger");
    let bot = Bot::start(&folder);
    bot.is_well().await;
    let list = bot.told("g_tj", "马立军", "/议题").await;
    assert!(text_of(&list).contains("在办议题3件"), "{list}");
    assert_eq!(bot.stop(), Some(0));
}

#[tokio::test]
async fn logs_carry_no_text_no_name_and_no_number_of_anybody() {
    let folder = Folder::new("canary", "");
    let bot = Bot::start_with(&folder, "trace");
    let [name, phone, token, place, words] = CANARIES;
    bot.told("g_tj", name, &format!("/议题 {place}的路灯 电话{phone}，{token}")).await;
    bot.say("g_tj", name, words).await;
    bot.told("pm", name, &format!("/议题 新建 {token} {phone}")).await;
    bot.post("/chat/say", &json!({ "chat": "g_tj", "who": name, "text": words, "id": new_id(), token: phone }))
        .await
        .unwrap();
    bot.get(&format!("/chat/state?who={name}")).await;
    bot.get(&format!("/s/{place}?who={name}")).await;
    bot.is_well().await;
    bot.kill();
    let bot = Bot::start_with(&folder, "trace");
    bot.told("g_tj", name, "/议题").await;
    assert_eq!(bot.stop(), Some(0));
    let log = folder.log();
    for canary in CANARIES {
        assert!(!log.contains(canary), "{canary} is in the log:\n{log}");
    }
    // The phone number lies nowhere at all: it is masked before it is recorded. The chat keeps what people wrote to people.
    let ledger = std::fs::read_to_string(folder.data().join("ledger/ledger.jsonl")).unwrap();
    assert!(!ledger.contains(phone) && !folder.vault().contains(phone), "a number in the ledger");
    for canary in [name, token, place] {
        assert!(!ledger.contains(canary), "{canary} in the chain, where nothing can be forgotten");
        assert!(folder.vault().contains(canary), "{canary} is lost");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_finishes_what_was_accepted_and_ends_with_0() {
    let folder = Folder::new("term", "");
    let bot = Arc::new(Bot::start(&folder));
    let requests: Vec<_> = (0..200)
        .map(|n| {
            let bot = Arc::clone(&bot);
            tokio::spawn(async move {
                let text = format!("/议题 新建 第{n}件事情要办");
                let body = json!({ "chat": "g_tj", "who": format!("群众{n}"), "text": text, "id": new_id() });
                let answer = bot.post("/chat/say", &body).await.ok()?;
                (answer.status() == StatusCode::OK).then_some(format!("第{n}件事情要办"))
            })
        })
        .collect();
    let since = std::time::Instant::now();
    while folder.records().len() < 20 {
        assert!(since.elapsed() < PATIENCE);
        tokio::time::sleep(LOOK).await;
    }
    bot.terminate();
    let mut accepted = Vec::new();
    for request in requests {
        accepted.extend(request.await.unwrap());
    }
    let mut bot = Arc::into_inner(bot).unwrap();
    assert_eq!(bot.ended(), Some(0));
    let vault = folder.vault();
    for title in &accepted {
        assert!(vault.contains(title.as_str()), "{title} was accepted and is lost");
    }
    assert!(accepted.len() >= 19, "{}", accepted.len());
    let bot = Bot::start(&folder);
    bot.is_well().await;
    assert_eq!(bot.stop(), Some(0));
}

/// The numbers of `/metrics` by name, each line held against the format.
async fn numbers(bot: &Bot) -> BTreeMap<String, f64> {
    let answer = bot.get("/metrics").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let page = answer.text().await.unwrap();
    assert!(page.ends_with('\n'), "{page}");
    let (mut kinds, mut found) = (BTreeMap::new(), BTreeMap::new());
    let mut helped = None;
    for line in page.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            helped = help.split_once(' ').filter(|(_, words)| !words.is_empty()).map(|(name, _)| name);
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            let (name, kind) = kind.split_once(' ').unwrap();
            assert_eq!(helped, Some(name), "a TYPE stands under its HELP");
            assert!(name.starts_with("xieshang_") && ["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert_eq!(kind == "counter", name.ends_with("_total"), "{line}");
            assert!(kinds.insert(name, kind).is_none(), "{name} twice");
        } else {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let value: f64 = value.parse().unwrap_or_else(|_| panic!("{line}"));
            let bare = name.split('{').next().unwrap();
            let parts = ["_bucket", "_sum", "_count"].iter().find_map(|part| bare.strip_suffix(part));
            let family = parts.filter(|name| kinds.get(name) == Some(&"histogram")).unwrap_or(bare);
            assert_eq!(helped, Some(family), "a sample under another's HELP: {line}");
            assert!(value.is_finite() && value >= 0.0, "{line}");
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "_{}=\".+".contains(c)), "{line}");
            assert!(found.insert(name.to_owned(), value).is_none(), "{name} twice");
        }
    }
    let buckets: Vec<f64> = page.lines().filter(|line| line.contains("_bucket{")).map(last_number).collect();
    assert!(buckets.len() > 5 && buckets.is_sorted(), "{page}");
    assert_eq!(buckets.last(), found.get("xieshang_commit_seconds_count"), "{page}");
    found
}

fn last_number(line: &str) -> f64 {
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

/// Numbers that move with time, whatever anybody does.
fn is_of_time(name: &str) -> bool {
    name.starts_with("xieshang_commit_seconds_bucket")
        || name == "xieshang_commit_seconds_sum"
        || name.starts_with("xieshang_platform_silence_seconds")
}

/// Waits until everything said has been sent, then answers with the numbers and what changed since.
async fn settled(bot: &Bot, before: &BTreeMap<String, f64>) -> (BTreeMap<String, f64>, BTreeMap<String, f64>) {
    let since = std::time::Instant::now();
    loop {
        let now = numbers(bot).await;
        let changed: BTreeMap<String, f64> = now
            .iter()
            .filter(|(name, _)| !is_of_time(name))
            .map(|(name, value)| (name.clone(), value - before.get(name).copied().unwrap_or(0.0)))
            .filter(|(_, by)| *by != 0.0)
            .collect();
        let edited = before.is_empty() || changed.contains_key("xieshang_cards_edited_total");
        if now["xieshang_letters_waiting"] == 0.0 && now["xieshang_ledger_records"] > 0.0 && edited {
            return (now, changed);
        }
        assert!(since.elapsed() < PATIENCE, "{now:#?}");
        tokio::time::sleep(LOOK).await;
    }
}

#[tokio::test]
async fn metrics_tell_that_there_was_a_ballot_and_nothing_else() {
    let folder = Folder::new("metrics", "");
    let bot = Bot::start(&folder);
    bot.told("g_df", "周敏", "/群设置 类型=镇街学联组群 镇街=东风路街道").await;
    // Nobody is given a role here: whoever has never written in private is told of it a minute later, and that letter would wait.
    bot.told("g_df", "王建国", "/议题 楼道装路灯").await;
    bot.told("g_df", "王建国", "/买单 1").await;
    bot.told("g_df", "周敏", "/推进 1").await;
    let card = bot.told("g_df", "周敏", "/投票 1 摸底 3天 要不要装").await;
    let n = card["n"].as_u64().unwrap();
    let (mut before, _) = settled(&bot, &BTreeMap::new()).await;
    assert_eq!((before["xieshang_can_vote"], before["xieshang_turns_total"]), (1.0, 5.0));
    assert_eq!(
        before["xieshang_commit_seconds_count"],
        before["xieshang_ledger_records"] - 2.0,
        "one by one, after the fixtures and the time zone"
    );
    let mut changes = Vec::new();
    for (who, label) in [("张桂英", "赞成"), ("李德福", "反对"), ("冯丽", "弃权")] {
        let press = json!({ "chat": "g_df", "who": who, "n": n, "label": label, "id": new_id() });
        assert!(bot.accepted("/chat/press", &press).await["toast"].as_str().unwrap().contains(label));
        let (now, changed) = settled(&bot, &before).await;
        before = now;
        changes.push(changed);
    }
    assert_eq!((&changes[0], &changes[1]), (&changes[1], &changes[2]), "a choice shows in the numbers");
    let one = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), 1.0)).collect::<BTreeMap<_, _>>();
    let counters = ["xieshang_turns_total", "xieshang_commit_seconds_count", "xieshang_cards_edited_total"];
    assert_eq!(changes[0], one(&[&counters[..], &["xieshang_ledger_records"]].concat()));
    let page = bot.get("/metrics").await.text().await.unwrap();
    assert!(page.is_ascii(), "somebody's word is among the numbers:\n{page}");
    assert_eq!(bot.stop(), Some(0));
}
