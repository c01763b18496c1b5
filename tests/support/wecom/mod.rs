//! A stand-in for WeCom, for tests: it holds every message against WeCom's own limits, keeps each robot's minute, and breaks on command.
//!
//! ```ignore
//! let fake = wecom::Fake::start(clock);            // the bot talks to fake.url()
//! fake.robot("居民群", "key-1");                    // somebody put a robot into a group
//! fake.expect("居民群", "本群已登记");               // waits, panics after a while
//! fake.assert_clean();                             // nothing was posted that WeCom would not show as it was meant
//! ```
//!
//! Time is that of the injected clock. Limits: <https://developer.work.weixin.qq.com/document/path/99110>.
#![allow(dead_code, reason = "each crate of tests uses a part of it")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

pub mod markdown;
mod webhook;

use chrono::{DateTime, Duration, Utc};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::Notify;

pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Messages a robot may say in a minute.
pub const PER_MINUTE: usize = 20;
/// Longest wait, of the machine's time.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
const LOOK: std::time::Duration = std::time::Duration::from_millis(5);

/// What goes wrong with the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This code, and nothing done.
    Code(i64),
    /// This status with a page of somebody's in between, and nothing done.
    Status(u16),
    /// It is done, and the answer is this status.
    StatusAfter(u16),
    /// It is done, and the connection breaks before the answer.
    ResetAfter,
}

/// A message as it appeared in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    pub at: DateTime<Utc>,
    /// As it was posted.
    pub content: String,
    /// As it is read, signs of Markdown taken off.
    pub shown: String,
    /// Where its links lead.
    pub links: Vec<String>,
}

struct Robot {
    group: String,
    is_there: bool,
    posts: Vec<Post>,
    /// When it said something, refused tries left out.
    sent: VecDeque<DateTime<Utc>>,
}

struct State {
    clock: Clock,
    robots: BTreeMap<String, Robot>,
    faults: VecDeque<Fault>,
    violations: Vec<String>,
    /// Requests that came, refused ones included.
    requests: usize,
    /// How often a robot was told to wait.
    limited: usize,
}

struct Inner {
    state: Mutex<State>,
    stop: Notify,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The stand-in; dropping it closes its port.
pub struct Fake {
    inner: Arc<Inner>,
    url: String,
    thread: Option<JoinHandle<()>>,
}

impl Fake {
    /// Opens a port of this machine and serves on a thread of its own.
    pub fn start(clock: Clock) -> Self {
        let state = State {
            clock,
            robots: BTreeMap::new(),
            faults: VecDeque::new(),
            violations: Vec::new(),
            requests: 0,
            limited: 0,
        };
        let inner = Arc::new(Inner { state: Mutex::new(state), stop: Notify::new() });
        let (opened, address) = mpsc::channel();
        let serving = Arc::clone(&inner);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                opened.send(listener.local_addr().unwrap()).unwrap();
                webhook::serve(listener, serving).await;
            });
        });
        let url = format!("http://{}", address.recv().unwrap());
        Self { inner, url, thread: Some(thread) }
    }

    /// What the bot takes for `https://qyapi.weixin.qq.com`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Somebody puts a robot into a group.
    pub fn robot(&self, group: &str, key: &str) {
        let robot = Robot { group: group.to_owned(), is_there: true, posts: Vec::new(), sent: VecDeque::new() };
        self.inner.lock().robots.insert(key.to_owned(), robot);
    }

    /// Somebody takes the robot out.
    pub fn take_out(&self, key: &str) {
        self.inner.lock().robots.get_mut(key).unwrap().is_there = false;
    }

    /// Somebody puts the same robot in again.
    pub fn put_back(&self, key: &str) {
        self.inner.lock().robots.get_mut(key).unwrap().is_there = true;
    }

    /// The next requests go wrong, one after the other.
    pub fn faults(&self, faults: &[Fault]) {
        self.inner.lock().faults.extend(faults);
    }

    /// Everything a group was told.
    pub fn told(&self, group: &str) -> Vec<Post> {
        let state = self.inner.lock();
        state.robots.values().filter(|robot| robot.group == group).flat_map(|robot| robot.posts.clone()).collect()
    }

    /// Requests that came.
    pub fn requests(&self) -> usize {
        self.inner.lock().requests
    }

    /// How often a robot was told to wait.
    pub fn limited(&self) -> usize {
        self.inner.lock().limited
    }

    /// Waits until a group is told something with these words.
    pub fn expect(&self, group: &str, words: &str) -> Post {
        let since = Instant::now();
        loop {
            let told = self.told(group);
            if let Some(post) = told.iter().find(|post| post.shown.contains(words)) {
                return post.clone();
            }
            assert!(since.elapsed() < PATIENCE, "“{words}” never came to {group}: {told:#?}");
            std::thread::sleep(LOOK);
        }
    }

    /// Nothing was posted that WeCom refuses for its form.
    pub fn assert_clean(&self) {
        assert_eq!(self.inner.lock().violations, [] as [String; 0]);
    }

    /// What WeCom refused for its form.
    pub fn violations(&self) -> Vec<String> {
        self.inner.lock().violations.clone()
    }
}

impl State {
    /// Whether a robot still has room in its minute.
    fn has_room(&mut self, key: &str) -> bool {
        let now = (self.clock)();
        let Some(robot) = self.robots.get_mut(key) else { return true };
        while robot.sent.front().is_some_and(|&at| at + Duration::seconds(60) <= now) {
            robot.sent.pop_front();
        }
        robot.sent.len() < PER_MINUTE
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
