//! Updates: kept until confirmed, one poller at a time, and webhooks.

use super::telegram::Fake;
use super::{House, house, house_with, ids};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

#[tokio::test]
async fn unconfirmed_updates_come_again_until_they_are_confirmed() {
    let house = house();
    let zhang = house.person("张桂英");
    for n in 0..5 {
        house.fake.say(zhang, zhang, &format!("第{n}句"), None, None);
    }
    let first = house.updates(0).await;
    assert_eq!(first.len(), 5);
    assert_eq!(house.updates(0).await, first, "again");
    let all = ids(&first);
    assert_eq!(all, (all[0]..all[0] + 5).collect::<Vec<_>>(), "numbered in order");
    let limited = house.ok("getUpdates", json!({"limit": 2})).await;
    assert_eq!(ids(limited.as_array().unwrap()), all[..2]);
    assert_eq!(ids(&house.updates(all[2]).await), all[2..], "an offset confirms what is before it");
    assert_eq!(ids(&house.updates(0).await), all[2..]);
    assert_eq!(ids(&house.updates(-1).await), all[4..], "a negative one forgets all but the last");
    assert_eq!(house.fake.pending(), all[4..]);
    assert!(house.updates(all[4] + 1).await.is_empty());
    assert!(house.fake.pending().is_empty());
}

#[tokio::test]
async fn updates_live_a_day_and_presses_two_and_a_half_minutes() {
    let house = house();
    let zhang = house.person("张桂英");
    let sent = house
        .ok(
            "sendMessage",
            json!({"chat_id": zhang, "text": "选", "reply_markup": {"inline_keyboard":
        [[{"text": "好", "callback_data": "v:1"}]]}}),
        )
        .await;
    let id = sent["message_id"].as_i64().unwrap();
    house.fake.press(zhang, id, zhang, "好").unwrap();
    house.fake.say(zhang, zhang, "在吗", None, None);
    house.advance(150);
    assert_eq!(house.updates(0).await.len(), 2);
    house.advance(1);
    let left = house.updates(0).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["message"]["text"], "在吗");
    house.advance(24 * 3600 - 151);
    assert_eq!(house.updates(0).await.len(), 1);
    house.advance(1);
    assert!(house.updates(0).await.is_empty());
    assert_eq!(house.fake.lost().len(), 2);
}

#[tokio::test]
async fn a_poll_that_waits_is_answered_at_once() {
    let house = house();
    let zhang = house.person("张桂英");
    let begun = Instant::now();
    let poll = house.ok("getUpdates", json!({"timeout": 15}));
    let speaks = async {
        let waits = || house.fake.idle().then_some(());
        while waits().is_none() {
            tokio::task::yield_now().await;
        }
        house.fake.say(zhang, zhang, "在吗", None, None);
    };
    let (answer, ()) = tokio::join!(poll, speaks);
    assert_eq!(answer[0]["message"]["text"], "在吗");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let begun = Instant::now();
    let next = ids(answer.as_array().unwrap())[0] + 1;
    assert_eq!(house.ok("getUpdates", json!({"timeout": 1, "offset": next})).await, json!([]));
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn a_second_poller_ends_the_first() {
    let house = house();
    let zhang = house.person("张桂英");
    let first = house.call("getUpdates", json!({"timeout": 15}));
    let second = async {
        while !house.fake.idle() {
            tokio::task::yield_now().await;
        }
        let second = house.ok("getUpdates", json!({"timeout": 15}));
        let speaks = async {
            while house.fake.counts().get("getUpdates") != Some(&1) {
                tokio::task::yield_now().await;
            }
            house.fake.say(zhang, zhang, "在吗", None, None);
        };
        tokio::join!(second, speaks).0
    };
    let (first, second) = tokio::join!(first, second);
    assert_eq!(first["error_code"], 409);
    let told = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
    assert_eq!(first["description"], told);
    assert_eq!(second[0]["message"]["text"], "在吗");
}

#[tokio::test]
async fn a_poller_that_died_does_not_disturb_the_next() {
    let house = house();
    let zhang = house.person("张桂英");
    let url = house.address("getUpdates");
    let dies = tokio::spawn({
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        async move { http.post(url).json(&json!({"timeout": 15})).send().await }
    });
    while !house.fake.idle() {
        tokio::task::yield_now().await;
    }
    dies.abort();
    until(|| !house.fake.idle()).await;
    house.fake.say(zhang, zhang, "在吗", None, None);
    assert_eq!(house.updates(0).await.len(), 1, "nothing was lost with it");
}

#[tokio::test]
async fn only_allowed_kinds_come() {
    let house = house();
    let (zhang, li) = (house.fake.user("张桂英"), house.fake.user("李明"));
    let group = house.fake.supergroup("清河里", &[zhang]);
    house.fake.make(group, house.fake.bot_id(), zhang, super::telegram::world::Status::Administrator);
    house.fake.join(group, li);
    let kinds = |updates: &[Value]| -> Vec<String> {
        let kind = |update: &Value| update.as_object().unwrap().keys().find(|key| *key != "update_id").unwrap().clone();
        updates.iter().map(kind).collect()
    };
    let first = house.updates(0).await;
    assert_eq!(kinds(&first), ["my_chat_member", "message"], "chat_member is left out at first");
    let next = ids(&first)[1] + 1;
    house.ok("getUpdates", json!({"offset": next, "allowed_updates": ["chat_member"]})).await;
    house.fake.leave(group, li);
    house.fake.say(group, zhang, "走了", None, None);
    let second = house.updates(0).await;
    assert_eq!(kinds(&second), ["chat_member"], "kept until changed");
    house.ok("getUpdates", json!({"offset": ids(&second)[0] + 1, "allowed_updates": []})).await;
    house.fake.say(group, zhang, "又来", None, None);
    assert_eq!(kinds(&house.updates(0).await), ["message"], "an empty list is the default");
}

#[tokio::test]
async fn updates_can_come_again_and_broken() {
    let house = house();
    let zhang = house.person("张桂英");
    house.fake.say(zhang, zhang, "一", None, None);
    let update = house.fake.last_update();
    assert!(house.updates(update + 1).await.is_empty());
    house.fake.redeliver(update, 2);
    assert_eq!(ids(&house.updates(update + 1).await), [update]);
    assert_eq!(ids(&house.updates(update + 1).await), [update]);
    assert!(house.updates(update + 1).await.is_empty());
    let deep = format!("{{\"update_id\":$ID,\"message\":{}1{}}}", "[".repeat(300), "]".repeat(300));
    let odd: [&[u8]; 5] = [
        b"{\"update_id\":$ID,\"message\":{\"date\":1e400}}",
        b"{\"update_id\":$ID,\"x\":\"\\ud800\"}",
        b"{\"update_id\":$ID,\"x\":\"\xff\xfe\"}",
        b"{\"update_id\":$ID,\"update_id\":1,\"brand_new_kind\":{}}",
        deep.as_bytes(),
    ];
    for bytes in odd {
        let id = house.fake.push_raw(bytes);
        let response = house.http.post(house.address("getUpdates")).json(&json!({"offset": id})).send().await.unwrap();
        let body = response.bytes().await.unwrap().to_vec();
        let at = bytes.windows(3).position(|at| at == b"$ID").unwrap();
        let wanted = [&bytes[..at], id.to_string().as_bytes(), &bytes[at + 3..]].concat();
        assert_eq!(body, [b"{\"ok\":true,\"result\":[".as_slice(), &wanted, b"]}"].concat(), "byte for byte");
    }
    house.fake.next_update(7);
    house.fake.say(zhang, zhang, "从头", None, None);
    assert_eq!(house.fake.last_update(), 7);
}

/// What a webhook of a test has seen, and what it answers.
#[derive(Default)]
struct Seen {
    updates: Vec<Value>,
    secrets: Vec<Option<String>>,
    refuse: usize,
    reply: Option<Value>,
}

type Shared = Arc<Mutex<Seen>>;

async fn hook() -> (String, Shared) {
    async fn take(State(seen): State<Shared>, headers: HeaderMap, body: String) -> (StatusCode, String) {
        let mut seen = seen.lock().unwrap();
        let secret = headers.get("X-Telegram-Bot-Api-Secret-Token").map(|value| value.to_str().unwrap().to_owned());
        seen.secrets.push(secret);
        seen.updates.push(serde_json::from_str(&body).unwrap());
        if seen.refuse > 0 {
            seen.refuse -= 1;
            return (StatusCode::INTERNAL_SERVER_ERROR, String::new());
        }
        (StatusCode::OK, seen.reply.take().map(|reply| reply.to_string()).unwrap_or_default())
    }
    let seen = Shared::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(take).with_state(seen.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, seen)
}

async fn until(holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not come to hold");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_webhook_gets_updates_in_order_until_it_says_yes() {
    let house = house();
    let zhang = house.person("张桂英");
    let (url, seen) = hook().await;
    seen.lock().unwrap().refuse = 3;
    house.fake.say(zhang, zhang, "早于钩子", None, None);
    let params = json!({"url": url, "secret_token": "s-1", "max_connections": 1, "allowed_updates": ["message"]});
    house.ok("setWebhook", params).await;
    house.fake.say(zhang, zhang, "一", None, None);
    house.fake.say(zhang, zhang, "二", None, None);
    until(|| house.fake.pending().is_empty()).await;
    let texts: Vec<String> = {
        let seen = seen.lock().unwrap();
        assert!(seen.secrets.iter().all(|secret| secret.as_deref() == Some("s-1")));
        seen.updates.iter().map(|update| update["message"]["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts, ["早于钩子", "早于钩子", "早于钩子", "早于钩子", "一", "二"]);
    let info = house.ok("getWebhookInfo", json!({})).await;
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 500 Internal Server Error");
    assert_eq!((&info["url"], &info["max_connections"]), (&json!(url), &json!(1)));
    assert_eq!(info["pending_update_count"], 0);
    let (code, why) = house.refused("getUpdates", json!({})).await;
    assert_eq!(code, 409);
    assert_eq!(
        why,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    );
    seen.lock().unwrap().reply = Some(json!({"method": "sendMessage", "chat_id": zhang, "text": "顺便"}));
    house.fake.redeliver(house.fake.last_update(), 1);
    until(|| house.fake.take(zhang, "顺便").is_some()).await;
    house.ok("deleteWebhook", json!({})).await;
    house.fake.say(zhang, zhang, "三", None, None);
    assert_eq!(house.updates(0).await.len(), 1);
    house.fake.assert_clean();
}

#[tokio::test]
async fn a_webhook_nobody_answers_keeps_its_updates() {
    let house = house_with(|options| options.webhook_waits = (Duration::from_millis(5), Duration::from_millis(20)));
    let zhang = house.person("张桂英");
    house.ok("setWebhook", json!({"url": "http://127.0.0.1:9/"})).await;
    house.fake.say(zhang, zhang, "一", None, None);
    let failed = |fake: &Fake| fake.with(|state| state.webhook.as_ref().unwrap().last_error.is_some());
    until(|| failed(&house.fake)).await;
    assert_eq!(house.ok("getWebhookInfo", json!({})).await["last_error_message"], "Connection refused");
    assert_eq!(house.fake.pending().len(), 1);
    let (url, seen) = hook().await;
    house.ok("setWebhook", json!({"url": url})).await;
    until(|| house.fake.pending().is_empty()).await;
    assert_eq!(seen.lock().unwrap().updates.len(), 1);
    house.ok("deleteWebhook", json!({})).await;
    house.fake.say(zhang, zhang, "二", None, None);
    house.ok("deleteWebhook", json!({"drop_pending_updates": true})).await;
    assert!(house.updates(0).await.is_empty());
}

#[tokio::test]
async fn plain_http_can_be_refused_as_the_real_server_does() {
    let house: House = house_with(|options| options.http_webhooks = false);
    house.violates("setWebhook", json!({"url": "http://127.0.0.1:9/"}), "HTTPS").await;
    house.ok("setWebhook", json!({"url": "https://127.0.0.1:9/"})).await;
}
