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

#[tokio::test]
async fn a_roll_of_five_thousand_comes_through_the_built_in_chat() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories/common.fixtures.json");
    let folder = Folder::new("rolls", &format!("[local]\nfixtures = {fixtures:?}\n"));
    let bot = Bot::start(&folder);
    let (http, base) = (reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap(), &bot.address);
    let said = json!({ "chat": "g_df", "who": "张桂英", "text": "/议题 3号楼加装电梯", "id": new_id() });
    let answer = http.post(format!("http://{base}/chat/say")).json(&said).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let book = workbook();
    assert!(book.len() < 1024 * 1024, "{} bytes", book.len());
    let (id, text) = (new_id(), "/名册 1".to_owned());
    let query = [("chat", "pm"), ("who", "刘芳"), ("id", &id), ("name", "名册.xlsx"), ("text", &text)];
    let handed = http
        .post(format!("http://{base}/chat/file"))
        .query(&query)
        .header("content-type", "application/octet-stream")
        .body(book)
        .send()
        .await
        .unwrap();
    assert_eq!(handed.status(), 200);
    let history = format!("http://{base}/chat/history?chat=pm&who=%E5%88%98%E8%8A%B3");
    let mut last = Value::Null;
    for _ in 0..200 {
        let got: Value = http.get(&history).send().await.unwrap().json().await.unwrap();
        last = got["messages"].as_array().unwrap().last().cloned().unwrap_or_default();
        if last["from"] == "bot" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(last["text"], LOADED);
    let facts: Vec<Value> =
        folder.records().iter().flat_map(|record| record["facts"].as_array().unwrap().clone()).collect();
    let rows: usize = facts.iter().filter_map(|fact| fact["roll_loaded"]["rows"].as_array()).map(Vec::len).sum();
    assert!(rows >= FLATS as usize, "{rows} rows in the ledger");
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
