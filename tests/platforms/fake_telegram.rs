//! The fake Telegram itself is tested: what it lets through, what it refuses, and that it notices.
mod chats;
mod faults;
mod independent;
mod requests;
mod updates;

use crate::support::telegram::limits::Pace;
use crate::support::telegram::spec::spec;
use crate::support::telegram::{self, Fake, Options, TOKEN};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// A fake whose clock the test moves, and a client that knows nothing but HTTP.
struct House {
    fake: Fake,
    time: Arc<Mutex<DateTime<Utc>>>,
    http: reqwest::Client,
}

fn house() -> House {
    house_with(|_| ())
}

fn house_with(change: impl FnOnce(&mut Options)) -> House {
    let time = Arc::new(Mutex::new(DateTime::from_timestamp(1_795_000_000, 0).unwrap()));
    let read = time.clone();
    let mut options = Options::new(Arc::new(move || *read.lock().unwrap()));
    options.pace = Pace::Off;
    change(&mut options);
    let fake = Fake::start(options);
    let http = reqwest::Client::builder().no_proxy().timeout(std::time::Duration::from_secs(20)).build().unwrap();
    House { fake, time, http }
}

impl House {
    fn advance(&self, seconds: i64) {
        *self.time.lock().unwrap() += TimeDelta::seconds(seconds);
        self.fake.time_passes();
    }

    fn address(&self, method: &str) -> String {
        format!("{}/bot{TOKEN}/{method}", self.fake.url())
    }

    /// The answer as it came. What the fake says is held to the specification like what it is told.
    async fn call(&self, method: &str, params: Value) -> Value {
        let response = self.http.post(self.address(method)).json(&params).send().await.unwrap();
        let status = response.status().as_u16();
        let answer: Value = response.json().await.unwrap();
        if answer["ok"] == true {
            assert_eq!(status, 200);
            let method = spec().method(method).unwrap();
            spec().check_result(method, &answer["result"]).unwrap();
        } else {
            assert_eq!(answer["error_code"], status, "{answer}");
        }
        answer
    }

    async fn ok(&self, method: &str, params: Value) -> Value {
        let answer = self.call(method, params).await;
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer["result"].clone()
    }

    /// The code and description of a refusal.
    async fn refused(&self, method: &str, params: Value) -> (i64, String) {
        let answer = self.call(method, params).await;
        assert_eq!(answer["ok"], false, "{method}: {answer}");
        (answer["error_code"].as_i64().unwrap(), answer["description"].as_str().unwrap().to_owned())
    }

    /// A refusal that counts as a fault of the bot.
    async fn violates(&self, method: &str, params: Value, says: &str) {
        let before = self.fake.violations().len();
        let (code, description) = self.refused(method, params).await;
        assert_eq!(code, 400, "{description}");
        assert!(description.contains(says), "{description:?} does not say {says:?}");
        assert_eq!(self.fake.violations().len(), before + 1, "{description} was not noted");
        assert!(self.fake.violations().last().unwrap().contains(says));
    }

    async fn updates(&self, offset: i64) -> Vec<Value> {
        self.ok("getUpdates", json!({"offset": offset})).await.as_array().unwrap().clone()
    }

    /// A person with an open private chat.
    fn person(&self, name: &str) -> i64 {
        let user = self.fake.user(name);
        self.fake.private(user)
    }
}

/// The numbers of updates.
fn ids(updates: &[Value]) -> Vec<i64> {
    updates.iter().map(|update| update["update_id"].as_i64().unwrap()).collect()
}
