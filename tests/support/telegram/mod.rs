//! A stand-in for api.telegram.org, for tests and benches: it checks every request against the Bot API 10.1, keeps a
//! world of people and chats, and breaks on command.
//!
//! ```ignore
//! #[path = "../support/telegram/mod.rs"]
//! mod telegram;
//! let fake = telegram::Fake::start(telegram::Options::new(clock));  // the bot talks to fake.url(), with TOKEN
//! let (zhang, li) = (fake.user("张桂英"), fake.user("李明"));
//! let group = fake.supergroup("清河里", &[zhang, li]);       // the bot is in; zhang made it
//! fake.say(group, zhang, "/topic@xieshang_bot 路灯不亮", None, None);
//! let card = fake.expect(group, "路灯不亮");                 // waits, marks as read, panics after 10 s
//! fake.press(group, card.id, li, "支持").unwrap();
//! fake.assert_clean();                                       // no violation, nothing the bot said unread
//! ```
//!
//! Three parts: what people do (`people.rs`), what the bot did (`asked.rs`), what goes wrong (`fault.rs`, through
//! [`Fake::fault`]). All methods block shortly or not at all; [`Fake::expect`] and [`Fake::wait`] block the thread, so a
//! bot in the same process needs a runtime of its own or more than one worker.
//!
//! Time is that of the injected clock: dates, 24 hours of updates, 150 seconds of presses, the pace of messages. Wall time
//! are only the long poll, stalls, and the waits between two tries of a webhook.
#![allow(dead_code, reason = "each crate of tests uses a part of it")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod admin;
mod asked;
pub mod fault;
pub mod html;
pub mod limits;
mod methods;
mod people;
mod queue;
mod server;
pub mod spec;
pub mod state;
mod webhook;
pub mod world;

use chrono::{DateTime, Utc};
use state::State;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::Notify;

pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The token the fake takes unless told otherwise.
pub const TOKEN: &str = "7000000001:fake-token-for-tests";

/// How the fake begins.
#[derive(Clone)]
pub struct Options {
    pub clock: Clock,
    pub token: String,
    pub bot: world::User,
    pub pace: limits::Pace,
    /// Whether the bot gets to see messages of other bots.
    pub hears_bots: bool,
    /// The real server wants https.
    pub http_webhooks: bool,
    pub webhook_timeout: Duration,
    /// The first and the longest wait between two tries of a webhook, by wall time.
    pub webhook_waits: (Duration, Duration),
    /// How long a press can be delivered and answered, by the clock.
    pub query_life: Duration,
    /// So many calls are remembered one by one; all are counted.
    pub keep_calls: usize,
}

impl Options {
    pub fn new(clock: Clock) -> Options {
        let bot = world::User {
            id: 7_000_000_001,
            first_name: "协商".to_owned(),
            username: Some("xieshang_bot".to_owned()),
            is_bot: true,
            language: None,
        };
        Options {
            clock,
            token: TOKEN.to_owned(),
            bot,
            pace: limits::Pace::Lenient,
            hears_bots: false,
            http_webhooks: true,
            webhook_timeout: Duration::from_secs(5),
            webhook_waits: (Duration::from_millis(50), Duration::from_secs(2)),
            query_life: Duration::from_secs(150),
            keep_calls: 200_000,
        }
    }
}

struct Inner {
    state: Mutex<State>,
    /// Something happened: for tests that wait.
    changed: Condvar,
    /// Something happened: for polls and webhooks that wait.
    wake: Notify,
    stop: Notify,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something to the world and lets everybody who waits look again.
    fn act<T>(&self, deed: impl FnOnce(&mut State) -> T) -> T {
        let done = deed(&mut self.lock());
        self.wake.notify_waiters();
        self.changed.notify_all();
        done
    }
}

/// The fake; dropping it closes its port.
pub struct Fake {
    inner: Arc<Inner>,
    url: String,
    thread: Option<JoinHandle<()>>,
}

impl Fake {
    /// Opens a port of this machine and serves on a thread of its own.
    pub fn start(options: Options) -> Fake {
        Fake::start_at(options, 0)
    }

    /// On a port that is known beforehand.
    pub fn start_at(options: Options, port: u16) -> Fake {
        let inner = Arc::new(Inner {
            state: Mutex::new(State::new(options)),
            changed: Condvar::new(),
            wake: Notify::new(),
            stop: Notify::new(),
        });
        let (opened, address) = mpsc::channel();
        let serving = inner.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
                opened.send(listener.local_addr().unwrap()).unwrap();
                server::serve(listener, serving).await;
            });
        });
        let url = format!("http://{}", address.recv().unwrap());
        Fake { inner, url, thread: Some(thread) }
    }

    /// What the bot takes for `https://api.telegram.org`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Something will go wrong.
    pub fn fault(&self, fault: fault::Fault) {
        self.inner.act(|state| state.faults.add(fault));
    }

    pub fn no_more_faults(&self) {
        self.inner.act(|state| state.faults.clear());
    }

    /// Lets the fake look at its clock again: to be called when a test has moved it.
    pub fn time_passes(&self) {
        self.inner.act(|_| ());
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.inner.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
