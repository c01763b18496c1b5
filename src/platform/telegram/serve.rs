//! 收信 — getUpdates or webhook. An update is confirmed (by a higher offset, by HTTP 200) only when the ledger has it.

use super::api::Failure;
use super::hear::{Heard, Me, hear, number};
use super::self_check::host;
use super::{NAME, Telegram};
use crate::language::file::{MAX_BYTES, Unreadable};
use crate::language::{Site, render};
use crate::platform::{Content, Intake, Place, Refused, Said};
use crate::say;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use futures_util::future::try_join_all;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use teloxide::payloads::{GetFile, SetWebhook, SetWebhookSetters as _};
use teloxide::types::{AllowedUpdate, FileId};
use tokio::sync::watch;

/// How long Telegram may hold a getUpdates that has nothing to tell.
const HOLD: Duration = Duration::from_secs(25);
/// Updates of one getUpdates; Telegram's own limit.
const MOST: usize = 100;
/// First and longest wait after a failure.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// Told so often within a minute that somebody else receives with our token, we leave it to them: our own former life still
/// waiting for its answer is told off once, one that took over goes on.
const MOST_CONFLICTS: usize = 3;
const RIVAL: chrono::TimeDelta = chrono::TimeDelta::minutes(1);
/// How often a webhook is looked after.
const LOOK: Duration = Duration::from_secs(10);
/// How much Telegram kept where nobody could look: more than ever comes.
const UNKNOWN: u32 = u32::MAX;
/// Largest update a webhook takes.
const LARGEST: usize = 1024 * 1024;
/// Time for one update to arrive.
const BODY: Duration = Duration::from_secs(10);
/// Time for one file: updates that came with it wait for it.
const FETCH: Duration = Duration::from_secs(20);
/// Path of the webhook.
pub const PATH: &str = "/telegram";

/// Kinds of update we want to hear of.
const WANTED: [AllowedUpdate; 4] =
    [AllowedUpdate::Message, AllowedUpdate::EditedMessage, AllowedUpdate::CallbackQuery, AllowedUpdate::MyChatMember];

/// Why receiving ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// We were asked to stop.
    Stopped,
    /// Somebody else receives with the same token.
    Conflict(String),
    /// Telegram refuses our token.
    Credentials(String),
    /// What the configuration asks for cannot be done.
    Setup(String),
}

/// What one getUpdates brought.
#[derive(Debug)]
struct Batch {
    /// What each update comes to, in order.
    heard: Vec<Heard>,
    /// The offset that confirms them all.
    next: i64,
    /// Nothing more waits at Telegram.
    is_last: bool,
}

/// What `getFile` tells.
#[derive(Deserialize)]
struct Found {
    file_path: String,
}

/// teloxide's own has a 32-bit signed offset, half of what an update's number may be.
#[derive(Serialize)]
struct GetUpdates {
    offset: i64,
    limit: usize,
    timeout: u64,
    allowed_updates: [AllowedUpdate; 4],
}

impl Telegram {
    /// Asks until Telegram answers who we are.
    ///
    /// # Errors
    /// [`Ended::Credentials`].
    pub async fn reach(&self) -> Result<&Me, Ended> {
        let mut wait = FIRST_WAIT;
        loop {
            if let Some(me) = self.me() {
                return Ok(me);
            }
            match self.connect().await {
                Ok(()) => {}
                Err(failure) if failure.is_credentials() => return Err(credentials(&failure)),
                Err(failure) => {
                    tracing::warn!(%failure, "Telegram cannot be reached; everything else goes on");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
    }

    /// Says what is found wrong, and receives until it is told to stop or cannot go on.
    pub async fn run(self: Arc<Self>, intake: Arc<dyn Intake>, mut stop: watch::Receiver<bool>) -> Ended {
        let mut stopped = stop.clone();
        let receiving = async {
            if let Err(ended) = self.prepare().await {
                return ended;
            }
            match &self.setup.webhook {
                Some(_) => self.look_after(&*intake).await,
                None => self.poll(&*intake, &mut stop).await,
            }
        };
        let ended = tokio::select! {
            ended = receiving => ended,
            _ = stopped.wait_for(|stop| *stop) => Ended::Stopped,
        };
        // Whoever pressed before the stop still hears what came of it: all places are free when all are answered.
        let _ = self.to_answer.acquire_many(super::TO_ANSWER).await;
        ended
    }

    /// Everything before the first update.
    async fn prepare(self: &Arc<Self>) -> Result<(), Ended> {
        self.reach().await?;
        self.agree_on_webhook().await?;
        // Nobody's message waits for these.
        let this = Arc::clone(self);
        tokio::spawn(async move {
            this.say_findings().await;
            this.set_menus().await;
        });
        Ok(())
    }

    async fn say_findings(&self) {
        for finding in self.findings(&[]).await {
            if finding.is_well {
                tracing::info!("Telegram: {}", finding.what);
            } else {
                tracing::warn!("Telegram: {}", finding.what);
            }
        }
    }

    /// Sets our webhook, or makes sure that none stands in the way of getUpdates: to fetch updates we take no webhook away that
    /// somebody may be living by.
    async fn agree_on_webhook(&self) -> Result<(), Ended> {
        let standing = self.webhook_info().await.map(|info| info.url).unwrap_or_default();
        let Some(url) = &self.setup.webhook else {
            if standing.is_empty() {
                return Ok(());
            }
            return Err(Ended::Conflict(format!(
                "Telegram posts this bot's updates to a webhook (at {}), so they cannot be fetched. If nobody needs that webhook any more, remove it: curl -X POST {}/bot<TOKEN>/deleteWebhook — otherwise set [telegram] mode = \"webhook\", or use another bot",
                host(&standing),
                self.setup.api_url.trim_end_matches('/')
            )));
        };
        if !standing.is_empty() && standing != *url {
            // An office that moved to another address; or somebody else's program, which then hears nothing more.
            tracing::warn!(
                from = host(&standing),
                "Telegram posted to another webhook until now; from now on it posts to ours"
            );
        }
        let parsed = url.parse().map_err(|error| Ended::Setup(format!("[committee] public_url = {url}: {error}")))?;
        let set = SetWebhook::new(parsed).secret_token(self.secret()).allowed_updates(WANTED).max_connections(40);
        loop {
            match self.call::<_, bool>(&set).await {
                Ok(_) => return Ok(()),
                Err(failure) if failure.is_credentials() => return Err(credentials(&failure)),
                Err(failure @ Failure::No { code: 400, .. }) => {
                    return Err(Ended::Setup(format!(
                        "Telegram does not take {url} as a webhook: {failure}. It wants an https address that the whole world reaches, on port 443, 80, 88 or 8443"
                    )));
                }
                Err(failure) => {
                    tracing::warn!(%failure, "the webhook could not be set yet");
                    tokio::time::sleep(LONGEST_WAIT).await;
                }
            }
        }
    }

    // ---------------------------------------------------------------------------------------------------------- polling

    async fn poll(self: &Arc<Self>, intake: &dyn Intake, stop: &mut watch::Receiver<bool>) -> Ended {
        let (mut offset, mut wait, mut conflicts) = (0, FIRST_WAIT, Vec::new());
        // Whether anything was kept for us is to be known at once, not when Telegram tires of waiting: what came due waits for it.
        let mut hold = Duration::ZERO;
        while !*stop.borrow() {
            match self.fetch(offset, std::mem::take(&mut hold)).await {
                Ok(batch) => {
                    (wait, hold) = (FIRST_WAIT, HOLD);
                    offset = self.take_batch(intake, batch).await.unwrap_or(offset);
                }
                Err(failure) if failure.is_credentials() => return credentials(&failure),
                Err(failure) if failure.is_conflict() => {
                    let now = (self.setup.clock)();
                    conflicts.retain(|&at| now - at < RIVAL);
                    conflicts.push(now);
                    if conflicts.len() >= MOST_CONFLICTS || failure.says("webhook") {
                        return Ended::Conflict(format!(
                            "somebody else receives this bot's messages ({failure}). Only one program can: stop the other, or give each its own bot; then start again. Nothing recorded is lost"
                        ));
                    }
                    tracing::warn!(%failure, "another program asks for this bot's messages");
                    tokio::time::sleep(FIRST_WAIT).await;
                    hold = HOLD;
                }
                Err(failure) => {
                    tracing::warn!(%failure, "no messages could be fetched; they wait at Telegram");
                    let asked = if let Failure::No { retry_after: Some(asked), .. } = failure { asked } else { 0 };
                    tokio::time::sleep(wait.max(Duration::from_secs(u64::from(asked)))).await;
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
            }
        }
        Ended::Stopped
    }

    /// Records a batch and answers its presses; `None` if not all of it could be recorded: then it comes again.
    async fn take_batch(self: &Arc<Self>, intake: &dyn Intake, batch: Batch) -> Option<i64> {
        let Batch { mut heard, next, is_last } = batch;
        forget_arrivals_by_move(&mut heard);
        let taken = try_join_all(heard.into_iter().map(|heard| self.take(intake, heard))).await;
        if taken.is_err() {
            tracing::warn!("messages could not be recorded; they are fetched again");
            tokio::time::sleep(FIRST_WAIT).await;
            return None;
        }
        if is_last && intake.caught_up(NAME).await.is_err() {
            // The next look would be answered at once with the same.
            tokio::time::sleep(FIRST_WAIT).await;
            return None;
        }
        Some(next)
    }

    /// Fetches what waits, confirming everything below `offset`.
    async fn fetch(&self, offset: i64, hold: Duration) -> Result<Batch, Failure> {
        let ask = GetUpdates { offset, limit: MOST, timeout: hold.as_secs(), allowed_updates: WANTED };
        self.counts.requests.fetch_add(1, Ordering::Relaxed);
        let answer = self.api.post("getUpdates", &ask, hold).await?;
        let raws: Vec<&RawValue> = answer.read()?;
        let next = raws.iter().filter_map(|raw| number(raw.get())).max().map_or(offset, |last| last + 1);
        let is_last = raws.len() < MOST;
        Ok(Batch { heard: raws.iter().map(|raw| self.hear(raw.get())).collect(), next, is_last })
    }

    /// Reads one update. A mistake of ours in reading costs that update, not those behind it.
    fn hear(&self, raw: &str) -> Heard {
        let Some(me) = self.me() else { return Heard::Odd };
        let heard = catch_unwind(AssertUnwindSafe(|| hear(me, &self.sealer, raw))).unwrap_or(Heard::Odd);
        if matches!(heard, Heard::Odd) {
            self.counts.odd.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(update = number(raw), "an update could not be read and was passed over");
        }
        heard
    }

    /// Records what was heard; a press is answered as soon as the ledger has it.
    async fn take(self: &Arc<Self>, intake: &dyn Intake, heard: Heard) -> Result<(), Refused> {
        match heard {
            Heard::Said(incoming) => {
                intake.take_in_turn(*incoming).await?;
            }
            Heard::Attached { mut incoming, file } => {
                let wants = intake.take_in_turn((*incoming).clone()).await?.wants_file;
                if wants {
                    let found = self.hand_over(&file).await;
                    if let Said::File { file, .. } = &mut incoming.said {
                        file.content = found;
                    }
                    intake.take_in_turn(*incoming).await?;
                }
            }
            Heard::Pressed { query, incoming: Some(incoming) } => {
                let receipt = intake.take_in_turn(*incoming).await?;
                self.answer_later(query, receipt.toast);
            }
            Heard::Pressed { query, incoming: None } => {
                self.counts.foreign.fetch_add(1, Ordering::Relaxed);
                self.answer_later(query, Some(self.not_ours()));
            }
            Heard::Nothing | Heard::Odd => {}
        }
        self.counts.taken.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// The bytes of a file; nobody waits for ever for them.
    async fn hand_over(&self, file: &str) -> Content {
        let Ok(_place) = self.fetching.acquire().await else { return Content::Unreadable(Unreadable::NotHanded) };
        let fetching = async {
            let found: Found = self.call(&GetFile::new(FileId(file.to_owned()))).await?;
            self.api.download(&found.file_path, MAX_BYTES).await
        };
        match tokio::time::timeout(FETCH, fetching).await {
            Ok(Ok(Some(bytes))) => Content::Bytes(bytes.into()),
            Ok(Ok(None)) => Content::Unreadable(Unreadable::Large),
            Ok(Err(failure)) => {
                tracing::warn!(%failure, "a file was not handed over");
                Content::Unreadable(Unreadable::NotHanded)
            }
            Err(_) => {
                tracing::warn!("a file was not handed over in time");
                Content::Unreadable(Unreadable::NotHanded)
            }
        }
    }

    fn answer_later(self: &Arc<Self>, query: String, text: Option<String>) {
        // Where so many wait, Telegram would take the last of them too late anyway.
        let Ok(place) = Arc::clone(&self.to_answer).try_acquire_owned() else { return };
        let this = Arc::clone(self);
        tokio::spawn(async move {
            this.answer(&query, text.as_deref()).await;
            drop(place);
        });
    }

    /// Said to whoever presses a button we did not make.
    fn not_ours(&self) -> String {
        let site = Site { public_url: None, tz: chrono_tz::UTC };
        render(self.setup.catalog, &say!("e.button"), self.setup.lang, &site).text
    }

    // ---------------------------------------------------------------------------------------------------------- webhook

    /// The door Telegram posts to.
    pub fn router(self: &Arc<Self>, intake: Arc<dyn Intake>) -> Router {
        let door = Door { telegram: Arc::clone(self), intake };
        Router::new().route(PATH, post(posted)).with_state(door)
    }

    /// What Telegram shows us with every post.
    fn secret(&self) -> String {
        if !self.setup.secret.is_empty() {
            return self.setup.secret.clone();
        }
        let made = Sha256::new().chain_update("xieshang webhook\0").chain_update(&self.setup.token).finalize();
        made.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Looks every few seconds whether Telegram still gets through to us.
    async fn look_after(&self, intake: &dyn Intake) -> Ended {
        let (mut told, mut kept, mut taken_before) = (None, UNKNOWN, 0);
        loop {
            match self.webhook_info().await {
                Ok(info) => {
                    if info.last_error_date > told && info.pending_update_count > 0 {
                        told = info.last_error_date;
                        tracing::warn!(why = info.last_error_message, "Telegram did not get through to the webhook");
                    }
                    let taken = self.counts.taken.load(Ordering::Relaxed);
                    let is_taken = has_caught_up(kept, taken - taken_before, info.pending_update_count);
                    (kept, taken_before) = (info.pending_update_count, taken);
                    if is_taken {
                        // If it could not be noted it is noted next time.
                        let _ = intake.caught_up(NAME).await;
                    }
                }
                Err(failure) if failure.is_credentials() => return credentials(&failure),
                Err(failure) => {
                    kept = UNKNOWN;
                    tracing::warn!(%failure, "the webhook could not be looked at");
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Whether all that Telegram kept at one look had been taken at the next: nothing waits, or as much came as waited then. Where people
/// never stop talking something always waits, and still nothing was lost.
fn has_caught_up(kept: u32, taken_since: u64, keeps: u32) -> bool {
    keeps == 0 || taken_since > u64::from(kept)
}

/// A group that became a supergroup is one we were in before: that we “came” into it greets nobody.
fn forget_arrivals_by_move(heard: &mut Vec<Heard>) {
    let moved = |heard: &Heard| match heard {
        Heard::Said(incoming) => match &incoming.said {
            Said::Moved { to } => Some(to.clone()),
            _ => None,
        },
        _ => None,
    };
    let new: Vec<String> = heard.iter().filter_map(moved).collect();
    heard.retain(|heard| match heard {
        Heard::Said(incoming) => match (&incoming.said, &incoming.place) {
            (Said::Welcomed { .. }, Place::Group { chat, .. }) => !new.contains(chat),
            _ => true,
        },
        _ => true,
    });
}

fn credentials(failure: &Failure) -> Ended {
    Ended::Credentials(format!(
        "Telegram does not know this token ({failure}). Ask @BotFather for it with /token and set [telegram] token, token_file or XIESHANG_TELEGRAM_TOKEN"
    ))
}

#[derive(Clone)]
struct Door {
    telegram: Arc<Telegram>,
    intake: Arc<dyn Intake>,
}

/// One update. 200 means: the ledger has it. Of a body nothing is read before the secret was shown.
async fn posted(State(door): State<Door>, headers: HeaderMap, body: Body) -> StatusCode {
    let shown = headers.get("x-telegram-bot-api-secret-token").map(|value| value.as_bytes());
    if !shown.is_some_and(|shown| same(shown, door.telegram.secret().as_bytes())) {
        return StatusCode::UNAUTHORIZED;
    }
    if door.telegram.me().is_none() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let body = match tokio::time::timeout(BODY, axum::body::to_bytes(body, LARGEST)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let heard = door.telegram.hear(&String::from_utf8_lossy(&body));
    match door.telegram.take(&*door.intake, heard).await {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Compares in a time that tells nothing about where they differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let (one, other) = (Sha256::digest(one), Sha256::digest(other));
    one.iter().zip(&other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::{Batch, FIRST_WAIT, has_caught_up};
    use crate::platform::telegram::{Setup, Telegram};
    use crate::platform::{Incoming, Intake, Receipt, Refused};
    use futures_util::FutureExt as _;
    use futures_util::future::{BoxFuture, ready};
    use std::sync::Arc;

    #[test]
    fn a_busy_webhook_is_no_outage() {
        assert!(has_caught_up(0, 0, 0) && has_caught_up(7, 0, 0));
        assert!(has_caught_up(7, 900, 9), "it always has some in hand");
        assert!(!has_caught_up(0, 0, 5) && !has_caught_up(5, 0, 5), "nothing gets through");
        assert!(!has_caught_up(super::UNKNOWN, 40, 9_000), "after a start nobody knows what waited");
        assert!(!has_caught_up(9_000, 400, 8_600), "a backlog is being taken in");
    }

    /// A disk that is full.
    struct Full;

    impl Intake for Full {
        fn take(&self, _incoming: Incoming) -> BoxFuture<'_, Result<Receipt, Refused>> {
            ready(Err(Refused::Closed)).boxed()
        }

        fn caught_up(&self, _platform: &'static str) -> BoxFuture<'_, Result<(), Refused>> {
            ready(Err(Refused::Closed)).boxed()
        }
    }

    #[tokio::test]
    async fn where_nothing_can_be_recorded_telegram_is_not_asked_without_a_pause() {
        let setup = Setup {
            token: "1:a".to_owned(),
            api_url: "http://127.0.0.1:9".to_owned(),
            webhook: None,
            secret: String::new(),
            lang: crate::language::Lang::Zh,
            catalog: crate::language::Catalog::builtin().unwrap(),
            clock: Arc::new(chrono::DateTime::<chrono::Utc>::default),
        };
        let telegram = Telegram::new(setup).unwrap();
        let batch = Batch { heard: Vec::new(), next: 1, is_last: true };
        let taken = tokio::time::timeout(FIRST_WAIT / 2, telegram.take_batch(&Full, batch)).await;
        assert!(taken.is_err(), "it came back at once: {taken:?}");
    }
}
