//! Updates sent to the bot: in order as far as the connections allow, again and again until it says 2xx.

use super::Inner;
use super::queue::Update;
use super::spec::spec;
use super::state::Outcome;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub connections: usize,
    pub last_error: Option<(DateTime<Utc>, String)>,
}

/// Posts updates until another setWebhook or deleteWebhook comes.
pub async fn run(inner: Arc<Inner>) {
    let (number, connections, timeout) = {
        let state = inner.lock();
        let Some(webhook) = &state.webhook else { return };
        (state.webhook_number, webhook.connections, state.options.webhook_timeout)
    };
    let Ok(client) = reqwest::Client::builder().timeout(timeout).no_proxy().build() else { return };
    let permits = Arc::new(Semaphore::new(connections));
    let mut taken = i64::MIN;
    loop {
        let Ok(permit) = permits.clone().acquire_owned().await else { return };
        let Some(update) = next(&inner, number, &mut taken).await else { return };
        tokio::spawn(deliver(inner.clone(), client.clone(), number, update, permit));
    }
}

/// The next update that is not on its way yet; none when this webhook is gone.
async fn next(inner: &Inner, number: u64, taken: &mut i64) -> Option<Update> {
    loop {
        let woken = inner.wake.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        {
            let mut state = inner.lock();
            if state.webhook_number != number {
                return None;
            }
            let now = state.now();
            state.queue.expire(now);
            if let Some((update, times)) = state.queue.again.first_mut() {
                *times -= 1;
                let update = update.clone();
                state.queue.again.retain(|(_, times)| *times > 0);
                return Some(update);
            }
            if let Some(update) = state.queue.waiting.iter().find(|update| update.id > *taken) {
                *taken = update.id;
                return Some(update.clone());
            }
        }
        woken.await;
    }
}

async fn deliver(
    inner: Arc<Inner>,
    client: reqwest::Client,
    number: u64,
    update: Update,
    _permit: OwnedSemaphorePermit,
) {
    let (mut wait, longest) = inner.lock().options.webhook_waits;
    loop {
        let Some((url, secret)) = ({
            let state = inner.lock();
            let of = state.webhook.as_ref().filter(|_| state.webhook_number == number);
            of.map(|webhook| (webhook.url.clone(), webhook.secret.clone()))
        }) else {
            return;
        };
        let mut request = client.post(url).header("content-type", "application/json").body(update.body.to_vec());
        if let Some(secret) = secret {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        let error = match request.send().await {
            Ok(response) if response.status().is_success() => {
                let reply = response.bytes().await.unwrap_or_default();
                inner.act(|state| state.queue.confirm(update.id));
                answered(&inner, &reply);
                return;
            }
            Ok(response) => format!("Wrong response from the webhook: {}", response.status()),
            Err(error) if error.is_timeout() => "Read timeout expired".to_owned(),
            Err(error) if error.is_connect() => "Connection refused".to_owned(),
            Err(_) => "Connection closed".to_owned(),
        };
        inner.act(|state| {
            let now = state.now();
            if let Some(webhook) = state.webhook.as_mut().filter(|_| state.webhook_number == number) {
                webhook.last_error = Some((now, error));
            }
        });
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(longest);
    }
}

/// A webhook may call one method in its answer; it never learns how that went.
fn answered(inner: &Inner, reply: &[u8]) {
    let Ok(mut params) = serde_json::from_slice::<Map<String, Value>>(reply) else { return };
    let Some(Value::String(name)) = params.remove("method") else { return };
    inner.act(|state| {
        let Some(method) = spec().method(&name) else {
            state.violations.push(format!("the answer of the webhook names {name}, which is no method"));
            return;
        };
        let params = spec().unpacked(method, params);
        let outcome = match state.answer(method, &params) {
            Ok(_) => Outcome::Done,
            Err(failure) => {
                if failure.violation {
                    state.violations.push(format!("{name}: {}", failure.description));
                }
                Outcome::Refused(failure.code, failure.description)
            }
        };
        state.note(&method.name, params, outcome);
    });
}
