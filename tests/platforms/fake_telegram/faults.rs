//! What goes wrong on command, and that it goes wrong only there.

use super::telegram::fault::{Fault, Kind};
use super::telegram::state::Outcome;
use super::{House, house};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::time::{Duration, Instant};

async fn send(house: &House, chat: i64) -> Result<(u16, String), reqwest::Error> {
    let request = house.http.post(house.address("sendMessage")).json(&json!({"chat_id": chat, "text": "在"}));
    let response = request.send().await?;
    Ok((response.status().as_u16(), response.text().await?))
}

/// What a fault makes of one message: what came back, and whether the message was sent.
async fn suffered(house: &House, chat: i64, kind: Kind) -> (Result<(u16, String), reqwest::Error>, bool) {
    house.fake.fault(Fault::new(kind).method("sendMessage").chat(chat));
    let answer = send(house, chat).await;
    let sent = house.fake.read(chat).len() == 1;
    assert_eq!(send(house, chat).await.unwrap().0, 200, "only once");
    assert_eq!(house.fake.read(chat).len(), 1);
    (answer, sent)
}

#[tokio::test]
async fn answers_that_say_no_or_nothing_that_can_be_read() {
    let house = house();
    let zhang = house.person("张桂英");
    let (answer, sent) = suffered(&house, zhang, Kind::TooMany(37)).await;
    let (code, body) = answer.unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((code, &body["parameters"]["retry_after"], sent), (429, &json!(37), false));
    for (kind, wanted) in [(Kind::Internal, 500), (Kind::Unauthorized, 401), (Kind::Conflict, 409)] {
        let (answer, sent) = suffered(&house, zhang, kind).await;
        let (code, body) = answer.unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((code, &body["error_code"], &body["ok"], sent), (wanted, &json!(wanted), &json!(false), false));
    }
    let (answer, sent) = suffered(&house, zhang, Kind::BadGateway).await;
    let (code, body) = answer.unwrap();
    assert!(code == 502 && body.starts_with("<html>") && !sent);
    let (answer, sent) = suffered(&house, zhang, Kind::NotOk).await;
    let (code, body) = answer.unwrap();
    assert!(code == 200 && body.contains("\"ok\":false") && !sent);
    let (answer, sent) = suffered(&house, zhang, Kind::Truncated).await;
    let (code, body) = answer.unwrap();
    assert!(code == 200 && serde_json::from_str::<Value>(&body).is_err() && sent, "done, but unreadable");
    house.fake.assert_clean();
    assert!(house.fake.hit_limits().is_empty(), "a 429 on command is not the bot's fault");
}

/// A reset is more than a connection that was closed.
fn was_reset(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::ConnectionReset) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[tokio::test]
async fn connections_break_before_and_after() {
    let house = house();
    let zhang = house.person("张桂英");
    let (answer, sent) = suffered(&house, zhang, Kind::ResetBefore).await;
    assert!(was_reset(&answer.unwrap_err()) && !sent);
    let (answer, sent) = suffered(&house, zhang, Kind::ResetAfter).await;
    assert!(was_reset(&answer.unwrap_err()) && sent, "done, and the answer lost");
    let outcomes: Vec<Outcome> = house.fake.calls().into_iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes[0], Outcome::Fault("ResetBefore".to_owned(), false));
    assert_eq!(outcomes[2], Outcome::Fault("ResetAfter".to_owned(), true));
}

#[tokio::test]
async fn a_stall_comes_before_or_after() {
    let house = house();
    let zhang = house.person("张桂英");
    for kind in [Kind::Stall(Duration::from_millis(300)), Kind::LateAnswer(Duration::from_millis(300))] {
        let early = matches!(kind, Kind::LateAnswer(_));
        house.fake.fault(Fault::new(kind));
        let begun = Instant::now();
        let slow = send(&house, zhang);
        let looks = async {
            while begun.elapsed() < Duration::from_millis(150) {
                tokio::task::yield_now().await;
            }
            house.fake.read(zhang).len()
        };
        let (answer, seen) = tokio::join!(slow, looks);
        assert_eq!(answer.unwrap().0, 200);
        assert!(begun.elapsed() >= Duration::from_millis(300));
        assert_eq!(seen, usize::from(early), "whether it was done while the answer was still out");
        house.fake.read_all();
    }
}

#[tokio::test]
async fn a_fault_keeps_to_its_method_its_chat_its_count_and_its_time() {
    let house = house();
    let (zhang, li) = (house.person("张桂英"), house.person("李明"));
    house.fake.fault(Fault::new(Kind::Internal).method("SendMessage").chat(zhang).times(2));
    assert_eq!(send(&house, li).await.unwrap().0, 200);
    house.ok("getChat", json!({"chat_id": zhang})).await;
    assert_eq!(send(&house, zhang).await.unwrap().0, 500);
    assert_eq!(send(&house, zhang).await.unwrap().0, 500);
    assert_eq!(send(&house, zhang).await.unwrap().0, 200);
    let until = *house.time.lock().unwrap() + TimeDelta::seconds(60);
    house.fake.fault(Fault::new(Kind::BadGateway).until(until));
    for _ in 0..3 {
        assert_eq!(send(&house, zhang).await.unwrap().0, 502);
        house.advance(19);
    }
    house.advance(3);
    assert_eq!(send(&house, zhang).await.unwrap().0, 200);
    house.fake.fault(Fault::new(Kind::Internal).times(9));
    house.fake.no_more_faults();
    assert_eq!(send(&house, zhang).await.unwrap().0, 200);
    assert_eq!(house.fake.count("sendMessage"), 9);
}

#[tokio::test]
async fn a_poll_whose_answer_was_lost_loses_nothing() {
    let house = house();
    let zhang = house.person("张桂英");
    house.fake.say(zhang, zhang, "在吗", None, None);
    house.fake.fault(Fault::new(Kind::ResetAfter).method("getUpdates"));
    let lost = house.http.post(house.address("getUpdates")).json(&json!({"offset": 0})).send().await;
    assert!(lost.is_err());
    assert_eq!(house.updates(0).await.len(), 1);
}
