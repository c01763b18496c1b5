//! 个人信息 — what belongs to a person is in no file: neither a number somebody wrote anywhere, nor anything of somebody who was erased by
//! law. The real program, its whole folder, and every byte of it.

use crate::support::bot::{Bot, Folder, new_id};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        }
        found.push(path);
    }
    found
}

/// The files in which some bytes stand.
fn with(folder: &Path, wanted: &str) -> Vec<PathBuf> {
    let holds = |bytes: &[u8]| bytes.windows(wanted.len()).any(|part| part == wanted.as_bytes());
    files(folder).into_iter().filter(|path| path.is_file() && holds(&std::fs::read(path).unwrap())).collect()
}

const PHONE: &str = "13955556666";
const SPELT: [&str; 4] = ["139 5555 6666", "１３９－５５５５－６６６６", "一三九五五五五六六六六", "①③⑨⑤⑤⑤⑤⑥⑥⑥⑥"];

/// Says it whoever may say it; a flood is answered, not waited for.
async fn offer(bot: &Bot, chat: &str, who: &str, text: &str) {
    let body = json!({ "chat": chat, "who": who, "text": text, "id": new_id() });
    bot.post("/chat/say", &body).await.unwrap();
}

#[tokio::test]
async fn a_number_said_is_in_no_file_of_the_chat_either() {
    let folder = Folder::new("canary", "");
    let bot = Bot::start(&folder);
    let card = bot.told("g_tl", "张桂英", "/议题 新建 3号楼装电梯").await;
    for (n, spelt) in SPELT.iter().chain([&PHONE]).enumerate() {
        offer(&bot, "g_tl", "李德福", &format!("大家有事打我电话{spelt}")).await;
        let who = ["王建国", "陈晓兰", "孙莉", "郑小军", "冯丽"][n];
        offer(&bot, "pm", who, &format!("/议题 举报有人受贿，电话{spelt}")).await;
        offer(&bot, "g_tl", who, &format!("/议题 新建 路灯{n}不亮，电话{spelt}")).await;
        let text = format!("附议，打{spelt}");
        let reply = json!({"chat": "g_tl", "who": who, "text": text, "reply_to": card["n"], "id": new_id()});
        bot.post("/chat/say", &reply).await.unwrap();
        let id = new_id();
        for status in [200, 200] {
            let body = json!({"chat": "pm", "who": who, "text": format!("电话是{spelt}"), "id": id});
            assert_eq!(bot.post("/chat/say", &body).await.unwrap().status(), status, "the same again is the same");
        }
    }
    // As a name, and in a form.
    let named = json!({"chat": "g_tl", "who": PHONE, "text": "附议", "id": new_id()});
    assert_eq!(bot.post("/chat/say", &named).await.unwrap().status(), 400);
    for who in ["吴秀珍", PHONE] {
        let body = format!("id={}&title=电话{PHONE}&text=打{PHONE}&who={who}", new_id());
        let head = "POST /s/1 HTTP/1.1\nHost: {host}\nContent-Type: application/x-www-form-urlencoded\nContent-Length: {length}\nConnection: close\n\n";
        bot.raw(head, body.as_bytes());
    }
    assert_eq!(bot.stop(), Some(0));
    assert!(!with(&folder.data(), "139****6666").is_empty(), "it was heard, and kept masked");
    for spelt in SPELT.iter().chain([&PHONE]) {
        assert_eq!(with(folder.path(), spelt), Vec::<PathBuf>::new(), "{spelt}");
    }
    // What is answered and not kept is not kept by the chat either.
    assert_eq!(with(&folder.data(), "受贿"), Vec::<PathBuf>::new());
    assert!(!with(&folder.data(), "这条没有留存").is_empty());
}

#[tokio::test]
async fn files_and_folders_are_nobody_elses() {
    let folder = Folder::new("modes", "");
    let bot = Bot::start(&folder);
    bot.say("g_tl", "张桂英", "/议题 新建 3号楼装电梯").await;
    assert_eq!(bot.stop(), Some(0));
    let loose = |folder: &Folder| -> Vec<String> {
        let modes = files(&folder.data()).into_iter().chain([folder.data()]).map(|path| {
            let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            (mode, if path.is_dir() { 0o700 } else { 0o600 }, path)
        });
        modes.filter(|(is, should, _)| is != should).map(|(is, _, path)| format!("{is:o} {}", path.display())).collect()
    };
    assert_eq!(loose(&folder), Vec::<String>::new());
    for path in files(&folder.data()).into_iter().chain([folder.data()]) {
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    assert!(!loose(&folder).is_empty());
    let bot = Bot::start(&folder);
    assert_eq!(bot.stop(), Some(0));
    assert_eq!(loose(&folder), Vec::<String>::new(), "an earlier folder is tightened at the start");
}

const WHO: &str = "欧阳明月";
const WORDS: [&str; 5] = [
    "南门铁门夜里哐当响个不停",
    "门轴加一个缓冲垫就不响了",
    "我家窗户正对着那扇铁门",
    "等不及了先把弹簧卸掉",
    "缓冲垫的颜色要深灰",
];

/// A person with requests, suggestions, a reply, a ballot, letters.
async fn live(bot: &Bot) {
    bot.say("g_df", "周敏", "/群设置 类型=镇街群 镇街=东风路街道").await;
    bot.say("pm", "周敏", "/授权 刘芳 主持人 东风路街道").await;
    bot.told("pm", "周敏", &format!("/登记 {WHO} 群众 东风路街道 房号=9-9-909")).await;
    bot.say("g_df", WHO, &format!("/议题 新建 {}\n{}", WORDS[0], WORDS[2])).await;
    bot.say("g_tl", "刘芳", "/绑定 1").await;
    bot.say("g_tl", "王建国", "/买单 1").await;
    bot.say("g_tl", "刘芳", "/推进 1").await;
    bot.say("g_tl", WHO, &format!("/建议 1 {}", WORDS[1])).await;
    bot.say("g_tl", "李德福", "/建议 1 换成推拉门").await;
    bot.say("g_tl", WHO, &format!("/跟帖 1-2 {}", WORDS[3])).await;
    bot.say("g_tl", "李德福", &format!("大家说{WHO}说得对")).await;
    bot.say("g_tl", WHO, WORDS[4]).await;
    bot.say("pm", "刘芳", &format!("/名册 1\n{WHO}\n李德福\n郑小军")).await;
    bot.say("g_tl", "刘芳", "/投票 1 过半 1小时 换铁门").await;
    bot.say("pm", WHO, "投 1号 1").await;
    bot.say("g_tl", "李德福", "投 1号 1").await;
}

async fn until_gone(bot: &Bot, name: &str) {
    for _ in 0..600 {
        let page: Result<Value, _> = match bot.post("/chat/press", &json!({})).await {
            Ok(_) => match bot.asked("/chat/state?who=周敏").await {
                Ok(answer) => answer.json().await,
                // It starts anew while it erases.
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        if page.is_ok_and(|page| !page["people"].to_string().contains(name)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{name} is still there");
}

#[tokio::test]
async fn whoever_is_erased_is_in_no_file_and_the_count_stands() {
    let folder = Folder::new("erasure", "");
    let bot = Bot::start(&folder);
    live(&bot).await;
    let table = bot.told("pm", WHO, "/我的信息").await;
    let table = if table["text"].as_str().unwrap().contains("条") {
        bot.heard("pm", WHO, |message| message["text"].as_str().unwrap().starts_with("\"类别\"")).await
    } else {
        table
    };

    for wanted in [WHO, "9-9-909", "东风路街道", WORDS[0], WORDS[1], WORDS[3], "参加表决"] {
        assert!(table["text"].as_str().unwrap().contains(wanted), "{wanted} in {table}");
    }
    let asked = bot.told("pm", WHO, "/我的信息 删除").await;
    assert!(asked["text"].as_str().unwrap().contains("已记下您的删除申请"), "{asked}");
    bot.heard("pm", "周敏", |message| message["text"].as_str().unwrap().contains("申请删除本人信息")).await;
    let refused = bot.told("pm", "周敏", &format!("/删除信息 {WHO} 本人申请")).await;
    let refused = refused["text"].as_str().unwrap();
    assert!(refused.contains("【1号】正在表决") && refused.contains("【1号】还没办结"), "{refused}");
    bot.say("g_tl", "刘芳", "/投票 1 作废 改日再投").await;
    bot.say("g_tl", "刘芳", "/终止 1 物业已经修好").await;
    let done = bot.told("pm", "周敏", &format!("/删除信息 {WHO} 本人申请")).await;
    assert!(done["text"].as_str().unwrap().contains("马上删除"), "{done}");
    until_gone(&bot, WHO).await;
    bot.heard("pm", "周敏", |message| message["text"].as_str().unwrap().contains("已依法删除一位用户的信息")).await;
    let said = |message: &serde_json::Value| message["text"].as_str().unwrap().contains("依法办理了一位群众的信息删除");
    let line = bot.heard("g_tl", "周敏", said).await;
    assert!(!line["text"].as_str().unwrap().contains(WHO), "{line}");
    let card = bot.told("g_tl", "周敏", "/议题 1").await;
    let card = card["text"].as_str().unwrap();
    assert!(card.contains("（内容涉及本人或他人信息，已依法删除）") && card.contains("建议2条"), "{card}");
    let list = bot.told("g_tl", "李德福", "/建议 1").await;
    let list = list["text"].as_str().unwrap();
    assert!(list.contains("已注销用户") && list.contains("换成推拉门"), "{list}");
    assert_eq!(bot.stop(), Some(0));
    for gone in WORDS.iter().chain([&WHO, &"9-9-909"]) {
        assert_eq!(with(&folder.data(), gone), Vec::<PathBuf>::new(), "{gone}");
        let wide: String = serde_json::to_string(gone).unwrap();
        assert_eq!(with(&folder.data(), wide.trim_matches('"')), Vec::<PathBuf>::new(), "{gone}");
    }
    assert!(!with(&folder.data(), "换成推拉门").is_empty(), "what others said stands");
    // What somebody else said of them goes whole.
    assert_eq!(with(&folder.data(), "说得对"), Vec::<PathBuf>::new());
    let check = folder.ask(&["check"]);
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(check.status.success() && said.contains("chain and vault whole"), "{said}");
    let rebuilt = folder.ask(&["rebuild"]);
    assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
    // Whoever comes back is somebody new.
    let bot = Bot::start(&folder);
    let again = bot.told("pm", WHO, "/我的信息").await;
    assert!(!again.to_string().contains(WORDS[0]), "{again}");
}
