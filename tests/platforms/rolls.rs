//! 名册 — five thousand flats in one workbook, as a property office keeps them, through every door that hands files over.

use crate::support::bot::{Bot, Folder, PATIENCE, new_id};
use crate::support::rig::{Rig, Way};
use chrono::DateTime;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};
use std::path::Path;

const FLATS: u32 = 5_000;

/// 2,000 names would not do: nobody here owns two flats.
fn name(n: u32) -> String {
    let of = |words: &str, at: u32| words.chars().nth(at as usize % words.chars().count()).unwrap();
    let (family, first, second) = (
        "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许",
        "国建秀志文玉德桂春晓海明世永",
        "芳强敏军英华珍福兰平霞伟刚莉静涛辉燕红",
    );
    [of(family, n), of(first, n / 20), of(second, n / 280)].iter().collect()
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let (two, plain) = (Format::new().set_num_format("0.00"), Format::new());
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 0, 4, "清河里小区业主清册", &plain).unwrap();
    for (at, word) in (0..).zip(["序号", "楼栋", "房号", "产权人", "建筑面积"]) {
        sheet.write(1, at, word).unwrap();
    }
    for n in 0..FLATS {
        let row = n + 2;
        sheet.write(row, 0, n + 1).unwrap();
        sheet.write(row, 1, format!("{}号楼", n / 100 + 1)).unwrap();
        sheet.write(row, 2, (n % 100) / 4 * 100 + 101 + n % 4).unwrap();
        sheet.write(row, 3, name(n)).unwrap();
        sheet.write_with_format(row, 4, 88.5, &two).unwrap();
    }
    sheet.merge_range(FLATS + 2, 0, FLATS + 2, 3, "合计", &plain).unwrap();
    sheet.write_with_format(FLATS + 2, 4, 88.5 * f64::from(FLATS), &two).unwrap();
    book.add_worksheet();
    book.save_to_buffer().unwrap()
}

const LOADED: &str = "✅【1号】名册已载入：5000户、5000名产权人、442500平方米。";

/// The built-in chat of the real program, as people at its page use it.
struct Chat {
    bot: Bot,
    http: reqwest::Client,
}

impl Chat {
    fn start(folder: &Folder) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        Self { bot: Bot::start(folder), http }
    }

    fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.bot.address)
    }

    /// Says something, and what the assistant answers in private.
    async fn say(&self, chat: &str, who: &str, text: &str) -> String {
        let before = self.told(who).await.len();
        let said = json!({ "chat": chat, "who": who, "text": text, "id": new_id() });
        let answer = self.http.post(self.address("/chat/say")).json(&said).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        if chat == "pm" { self.answer(who, before).await } else { String::new() }
    }

    async fn hand_in(&self, who: &str, text: &str, bytes: Vec<u8>) -> String {
        let (before, id) = (self.told(who).await.len(), new_id());
        let query = [("chat", "pm"), ("who", who), ("id", &id), ("name", "名册.xlsx"), ("text", text)];
        let request = self.http.post(self.address("/chat/file")).query(&query);
        let handed = request.header("content-type", "application/octet-stream").body(bytes).send().await.unwrap();
        assert_eq!(handed.status(), 200);
        // The title and the sum of the sheet are named in a message of their own.
        assert!(self.answer(who, before + 1).await.starts_with("请核对：\n没有用的行："));
        self.answer(who, before).await
    }

    async fn told(&self, who: &str) -> Vec<String> {
        let request = self.http.get(self.address("/chat/history")).query(&[("chat", "pm"), ("who", who)]);
        let got: Value = request.send().await.unwrap().json().await.unwrap();
        let by_bot = got["messages"].as_array().unwrap().iter().filter(|message| message["from"] == "bot");
        by_bot.map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    async fn answer(&self, who: &str, before: usize) -> String {
        for _ in 0..400 {
            if let Some(text) = self.told(who).await.get(before) {
                return text.clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{who} got no answer");
    }

    async fn page(&self, path: &str) -> (u16, String) {
        let answer = self.http.get(self.address(path)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

#[tokio::test]
async fn a_roll_of_five_thousand_comes_through_the_built_in_chat_and_everybody_gets_a_code() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/common.fixtures.json");
    let more = format!("[committee]\npublic_url = \"https://xs.example\"\n[local]\nfixtures = {fixtures:?}\n");
    let folder = Folder::new("rolls", &more);
    let chat = Chat::start(&folder);
    chat.say("g_df", "张桂英", "/议题 3号楼加装电梯").await;
    let book = workbook();
    assert!(book.len() < 1024 * 1024, "{} bytes", book.len());
    assert_eq!(chat.hand_in("刘芳", "/名册 1", book).await, LOADED);
    let rolls: usize =
        folder.records().iter().map(|record| record["facts"].to_string().matches("roll_loaded").count()).sum();
    assert!(rolls > 1, "the roll lies in the ledger in parts");

    let told = chat.say("pm", "刘芳", "/邀请码 1 全部").await;
    // One of them has the name of a member who has an account.
    assert!(told.starts_with("【1号】名册上4999人的邀请码都在这一页"), "{told}");
    assert!(told.contains("另有1人没有印"), "{told}");
    let token = told.split("/c/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let (status, page) = chat.page(&format!("/c/{token}")).await;
    assert_eq!(status, 200);
    let codes: Vec<&str> =
        page.split("<p class=\"key\">").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(codes.len(), FLATS as usize - 1);
    let strip = page.split("<li>").find(|strip| strip.contains("<b>1号楼101</b>")).unwrap();
    assert!(strip.contains(&name(0)), "{strip}");
    let is_kept = |text: &str| text.contains(codes[7]) || text.contains(&token);
    assert!(
        !folder.records().iter().any(|record| is_kept(&record.to_string())),
        "codes and the token are kept nowhere"
    );
    assert!(!is_kept(&folder.vault()));
    assert_eq!(chat.page("/c/0000000000000000000000000").await.0, 404);

    let confirmed = chat.say("pm", "新来的", &format!("/我是 {}", codes[7])).await;
    assert!(confirmed.starts_with("✅ 已确认：您是"), "{confirmed}");
    let again = chat.say("pm", "另一个", &format!("/我是 {}", codes[7])).await;
    assert!(again.starts_with("这个码不对"), "{again}");
    let (_, page) = chat.page(&format!("/c/{token}")).await;
    assert_eq!(page.matches("<p class=\"key\">").count(), FLATS as usize - 2, "who has joined is no more on the page");
    assert!(!page.contains(codes[7]));

    // Another roll has other numbers.
    chat.say("pm", "刘芳", "/名册 1\n101,李德福,92.5").await;
    assert_eq!(chat.page(&format!("/c/{token}")).await.0, 404);
    let late = chat.say("pm", "第三个", &format!("/我是 {}", codes[8])).await;
    assert!(late.starts_with("这个码不对"), "{late}");
}

#[test]
fn a_roll_of_five_thousand_comes_through_telegram() {
    let fixtures = include_str!("../stories/common.fixtures.json");
    for way in [Way::Polling, Way::Webhook] {
        let rig = Rig::start(way, fixtures, DateTime::from_timestamp(1_741_000_000, 0).unwrap());
        let (asker, moderator) = (rig.user("张桂英"), rig.user("刘芳"));
        rig.fake.say(rig.groups["g_df"], asker, "/议题 3号楼加装电梯", None, None);
        rig.settle();
        rig.fake.document(moderator, moderator, "名册.xlsx", &workbook(), "/名册 1");
        rig.settle();
        rig.fake.expect(moderator, LOADED);
        // Several sheets: which one is said without sending the file again.
        let mut book = Workbook::new();
        for (sheet, names) in [("一期", ["李德福", "吴秀珍"]), ("二期", ["冯丽", "孙玉梅"])] {
            book.add_worksheet().set_name(sheet).unwrap().write_column(0, 0, names).unwrap();
        }
        rig.fake.document(moderator, moderator, "业主.xlsx", &book.save_to_buffer().unwrap(), "/名册 1");
        rig.settle();
        let asked = rig.fake.expect(moderator, "没看懂用哪一张：“业主.xlsx”里有2张表有内容");
        assert!(asked.shown().contains("/名册 1 二期"), "{}", asked.shown());
        rig.fake.say(moderator, moderator, "/名册 1 二期", None, None);
        rig.settle();
        rig.fake.expect(moderator, "✅【1号】名册已载入：2人。");
        // Whoever may not load a roll makes nobody fetch anything.
        let before = rig.fake.count("getFile");
        rig.fake.document(asker, asker, "名册.xlsx", &workbook(), "/名册 1");
        rig.settle();
        rig.fake.expect(asker, "主持人");
        rig.fake.document(rig.groups["g_df"], moderator, "名册.xlsx", &workbook(), "上次的名册");
        rig.settle();
        assert_eq!(rig.fake.count("getFile"), before);
    }
}
