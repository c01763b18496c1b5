//! The same update fifty times, and somebody else who fetches with the same token.

use super::books::{count, deliveries};
use super::town::{House, until};
use crate::support::bot::Bot;
use crate::support::telegram::TOKEN;
use crate::support::telegram::limits::Pace;
use crate::support::telegram::state::Outcome;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const TIMES: u32 = 50;

/// What the bot ever answered to a press, also where the answer came too late.
fn answers(house: &House, query: &str) -> Vec<String> {
    let calls =
        house.fake.calls().into_iter().filter(|call| call.params.get("callback_query_id") == Some(&json!(query)));
    calls.map(|call| call.params["text"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_same_update_fifty_times_has_one_effect_and_one_answer_also_after_a_restart() {
    let mut house = House::new("telegram-again", 1, 10, Pace::Lenient);
    let mut bot = Bot::start(&house.folder);
    house.open_polls("3天");
    let (talk, voters) = (house.towns[0].talk, house.towns[0].voters.clone());
    let first = house.press(0, 0, 0);
    let pressed = house.fake.last_update();
    house.assert_counts(&first, 0);
    house.fake.say(talk, voters[1], "/建议 1 井道用玻璃", None, None);
    let spoken = house.fake.last_update();
    house.fake.expect(talk, "已记建议1-1");
    house.fake.say(voters[2], voters[2], "投 1号 3", None, None);
    let ballot = house.fake.last_update();
    house.fake.expect(voters[2], "弃权");
    // In between the voter thought otherwise: what comes again is not a new ballot.
    let second = house.press(0, 0, 1);
    house.assert_counts(&second, 1);
    for restarted in [false, true] {
        if restarted {
            bot.kill();
            bot = Bot::start(&house.folder);
        }
        let before = answers(&house, &first).len();
        for update in [pressed, spoken, ballot] {
            house.fake.redeliver(update, TIMES);
        }
        until("each repetition is answered", || answers(&house, &first).len() == before + TIMES as usize);
        house.calm(&bot);
    }
    let told = answers(&house, &first);
    assert_eq!(told.len(), 1 + 2 * TIMES as usize);
    assert!(told.iter().all(|text| *text == told[0] && text.contains("赞成")), "{told:?}");
    assert_eq!(bot.stop(), Some(0));
    let at = deliveries(&house.folder);
    assert!(at.contains_key(&house.key('c', &first)) && at.contains_key(&house.key('c', &second)));
    let (counted, _) = count(&house.folder, &house.towns);
    assert_eq!(counted[0][..3], [Some(1), None, Some(2)]);
    house.fake.assert_clean();
}

/// Another program that fetches with our token and confirms nothing.
fn rival(house: &House, stop: Arc<AtomicBool>) -> std::thread::JoinHandle<usize> {
    let url = format!("{}/bot{TOKEN}/getUpdates", house.fake.url());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            let mut seen = 0;
            while !stop.load(Ordering::Relaxed) {
                let asked = http.post(&url).json(&json!({ "timeout": 1 })).send().await.unwrap();
                let answer: Value = asked.json().await.unwrap();
                let updates = answer["result"].as_array().map_or(0, Vec::len);
                seen += updates;
                if updates > 0 {
                    // Nothing is confirmed: the same would come at once.
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            }
            seen
        })
    })
}

#[test]
fn of_two_programs_with_one_token_the_first_leaves_with_4_and_after_a_restart_all_is_counted_once() {
    let mut house = House::new("telegram-rival", 1, 60, Pace::Lenient);
    let mut bot = Bot::start(&house.folder);
    house.open_polls("3天");
    house.calm(&bot);
    let stop = Arc::new(AtomicBool::new(false));
    let other = rival(&house, Arc::clone(&stop));
    let mut pressed: Vec<String> = (0..30).map(|voter| house.press(0, voter, voter % 3)).collect();
    assert_eq!(bot.ended(), Some(4));
    let log = house.folder.log();
    assert!(log.contains("somebody else receives this bot's messages") && log.contains("stop the other"), "{log}");
    pressed.extend((30..60).map(|voter| house.press(0, voter, voter % 3)));
    until("the other fetched, too", || house.fake.count("getUpdates") > 10);
    stop.store(true, Ordering::Relaxed);
    assert!(other.join().unwrap() > 0);

    let bot = Bot::start(&house.folder);
    for (voter, query) in pressed.iter().enumerate() {
        house.assert_counts(query, voter % 3);
    }
    house.calm(&bot);
    assert_eq!(bot.stop(), Some(0));
    assert_eq!(deliveries(&house.folder).len(), 5 + pressed.len());
    let (counted, _) = count(&house.folder, &house.towns);
    assert!((0..60).all(|voter| counted[0][voter] == Some(voter % 3)));
    house.fake.read_all();
    house.fake.assert_clean();
}

fn set_webhook(house: &House, url: &str) {
    let method = if url.is_empty() { "deleteWebhook" } else { "setWebhook" };
    let address = format!("{}/bot{TOKEN}/{method}", house.fake.url());
    let asked = async {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let params = if url.is_empty() { json!({}) } else { json!({ "url": url }) };
        http.post(address).json(&params).send().await.unwrap().json::<Value>().await.unwrap()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(asked)["ok"], true);
}

#[test]
fn where_a_webhook_is_set_the_program_leaves_with_4_and_does_not_take_it_away() {
    let mut house = House::new("telegram-hooked", 1, 3, Pace::Lenient);
    let mut bot = Bot::start(&house.folder);
    house.open_polls("3天");
    house.calm(&bot);
    // Set while it runs, and found at the start.
    let elsewhere = "http://127.0.0.1:9/elsewhere";
    set_webhook(&house, elsewhere);
    assert_eq!(bot.ended(), Some(4));
    assert!(house.folder.log().contains("webhook"), "{}", house.folder.log());
    let query = house.press(0, 0, 0);
    let found = house.folder.ask(&[]);
    assert_eq!(found.status.code(), Some(4));
    let said = String::from_utf8_lossy(&found.stderr);
    // Many carry a token of their own in the path: only the host is shown.
    let is_named = said.contains("127.0.0.1") && !said.contains("elsewhere");
    assert!(is_named && said.contains("deleteWebhook") && !said.contains(TOKEN), "{said}");
    assert!(house.fake.with(|state| state.webhook.is_some()), "a foreign webhook was taken away");
    set_webhook(&house, "");
    let bot = Bot::start(&house.folder);
    house.assert_counts(&query, 0);
    house.calm(&bot);
    assert_eq!(bot.stop(), Some(0));
    assert_eq!(deliveries(&house.folder).len(), 5 + 1);
    let refused =
        house.fake.calls().into_iter().filter(|call| matches!(call.outcome, Outcome::Refused(409, _))).count();
    assert!(refused >= 1, "the fake did not say that a webhook is set");
    house.fake.read_all();
    house.fake.assert_clean();
}
