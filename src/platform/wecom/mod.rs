//! 企业微信 — WeCom, as far as it lets a bot in.
//!
//! | file | what |
//! |---|---|
//! | `webhook` | the robot of a group, which only speaks: digests, notices, results |
//! | `markdown` | a letter as WeCom shows it |
//! | `callback` | what is told of somebody who spoke or pressed |
//! | `connection` | one long connection, without the network |
//! | `budget` | what one chat takes over it in a minute and in an hour |
//! | `crypto` | what is posted to us: signed, enciphered, let in once |

pub mod budget;
pub mod callback;
pub mod connection;
pub mod crypto;
mod markdown;
mod webhook;

use self::markdown::Form;
use self::webhook::Robot;
use super::{Capabilities, Letter, Pace, Platform, SendError, whole_chat};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::Client;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// First part of every address and account here.
pub const NAME: &str = "wecom";
/// A robot says 20 a minute; the network between us makes a little room wise.
const ROBOT: Pace = Pace { per_minute: 19, gap_ms: 0 };
/// Of all robots together no limit is told.
const PER_SECOND: u32 = 20;

/// 群机器人 — a robot, as the configuration has it.
#[derive(Clone)]
pub struct Webhook {
    /// Name of the group.
    pub group: String,
    /// Its key.
    pub key: String,
    /// Address of WeCom.
    pub url: String,
}

impl Webhook {
    /// Address of a group that only its robot speaks in.
    #[must_use]
    pub fn chat(group: &str) -> String {
        format!("{NAME}:hook:{group}")
    }
}

/// What has to be known beforehand.
#[derive(Clone, Default)]
pub struct Setup {
    /// The robots.
    pub webhooks: Vec<Webhook>,
    /// What is said under everything in a group where nobody is heard.
    pub unheard: String,
    /// Address of our own pages, the only ones that are linked to.
    pub site: Option<String>,
}

/// What came of it since the start, as numbers.
#[derive(Debug, Default)]
pub struct Counts {
    /// Messages robots have said.
    pub said: AtomicU64,
    /// Messages that were refused, or of which nobody knows.
    pub failed: AtomicU64,
}

/// WeCom.
pub struct WeCom {
    client: Client,
    robots: HashMap<String, Robot>,
    setup: Setup,
    /// What came of it.
    pub counts: Counts,
}

impl WeCom {
    /// WeCom with these robots.
    ///
    /// # Errors
    /// A sentence, without a key.
    pub fn new(setup: Setup) -> Result<Arc<Self>, String> {
        let mut robots = HashMap::new();
        for Webhook { group, key, url } in &setup.webhooks {
            let robot = Robot::new(url, key).map_err(|why| format!("group = “{group}”: {why}"))?;
            robots.insert(Webhook::chat(group), robot);
        }
        Ok(Arc::new(Self { client: webhook::client()?, robots, setup, counts: Counts::default() }))
    }

    /// A letter as messages.
    fn messages(&self, letter: &Letter) -> Vec<String> {
        let form = Form { site: self.setup.site.as_deref(), longest: webhook::LONGEST };
        let text = match self.setup.unheard.as_str() {
            "" => letter.text.clone(),
            unheard => format!("{}\n\n{unheard}", letter.text),
        };
        markdown::pieces(&text, form)
    }

    async fn say(&self, letter: &Letter, piece: usize) -> Result<String, SendError> {
        let nobody = || SendError::Gone("no robot of this group is in the configuration".to_owned());
        let robot = self.robots.get(whole_chat(&letter.chat)).ok_or_else(nobody)?;
        let messages = self.messages(letter);
        let text = messages.get(piece).ok_or_else(|| SendError::Wrong("nothing to say".to_owned()))?;
        let said = robot.say(&self.client, text).await;
        let count = if said.is_ok() { &self.counts.said } else { &self.counts.failed };
        count.fetch_add(1, Ordering::Relaxed);
        // WeCom tells no name for it: it can be neither quoted nor changed.
        said.map(|()| String::new())
    }
}

impl Platform for WeCom {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            listens: false,
            buttons: false,
            edits: false,
            private: false,
            per_second: PER_SECOND,
            ..Capabilities::OWN
        }
    }

    fn pace(&self, _chat: &str) -> Pace {
        ROBOT
    }

    fn pieces(&self, letter: &Letter) -> usize {
        self.messages(letter).len()
    }

    fn send<'a>(&'a self, letter: &'a Letter, piece: usize) -> BoxFuture<'a, Result<String, SendError>> {
        self.say(letter, piece).boxed()
    }

    /// Nothing a robot said can be changed, and no card is noted of it: the result is a message of its own.
    fn edit<'a>(&'a self, _message: &'a str, _letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        std::future::ready(Ok(())).boxed()
    }
}
