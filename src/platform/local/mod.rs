//! 内置网页聊天 — 群聊、与协商助手的私聊、扫码点单, on one page that every phone can open.
//!
//! The door that needs no account anywhere: it runs on the machine itself, for trying out, for teaching a committee's
//! clerks, for demonstrations and for tests. Who somebody is, is chosen from a list, and the bot takes it as
//! given; therefore everything here answers on the loopback address only (`site` checks every request).
//!
//! * [`LocalChat`] is the platform: it keeps the chats (`store`) and shows what the bot says.
//! * [`LocalChat::router`] is the site: the page, its data, and what people say and press.
//! * [`story`] is its theatre: a consultation from beginning to end, marked as one that did not take place.

pub mod forget;
mod site;
mod store;
pub mod story;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Serialize;

use self::store::{Kind, Message, Speaker, Store, StoreError};
use crate::domain::kernel::mask::is_personal;

use super::{About, Capabilities, Intake, Letter, Pace, Platform, SendError, Visitors};

/// First part of every address and account here.
pub const NAME: &str = "local";
/// What the bot is called in this chat.
const BOT: &str = "协商助手";
/// Longest name of a person, in characters.
const NAME_CHARS: usize = 20;
/// People listed, those of the configuration and newcomers together.
const PEOPLE: usize = 5_000;
/// Groups at most; the other places among the kept chats are for private chats.
const GROUPS: usize = 400;

/// The time, as whoever starts the chat reads it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// 群 — a group everybody on the page sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Its id; the bot writes to `local:<id>`. Not `pm`, no colon, no blank.
    pub id: String,
    /// Its name as shown.
    pub name: String,
}

/// 人 — somebody one can be on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The name; the account is `local:<name>`.
    pub name: String,
    /// 政协, 部门, 企业, 群众 or 专家; empty if nobody said.
    pub side: String,
    /// Role, unit or room, for whoever chooses, e.g. `联络员 · 区政协办公室`.
    pub note: String,
}

/// 阵地 — a place whose code can be scanned; its form is at `/s/<code>` and at `/s/<name>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Station {
    /// Its name.
    pub name: String,
    /// What stands in the link of its code.
    #[serde(skip)]
    pub code: String,
}

/// The stations as they are now: a coordinator may register one at any time.
pub type Stations = Arc<dyn Fn() -> Vec<Station> + Send + Sync>;

/// One line of what a `/` offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommandHelp {
    /// The command, e.g. `/建议`.
    pub name: String,
    /// How it is written, e.g. `/建议 1 内容`.
    pub usage: String,
    /// What it does, in a few words.
    pub what: String,
}

/// Everything the chat is told when it is opened.
#[derive(Clone)]
pub struct Setup {
    /// Name of the house on top of the page, e.g. `有事好商量`.
    pub title: String,
    /// The groups, in the order of the configuration.
    pub groups: Vec<Group>,
    /// The people known beforehand.
    pub people: Vec<Person>,
    /// The stations.
    pub stations: Stations,
    /// What a `/` offers.
    pub commands: Vec<CommandHelp>,
    /// Times are shown in this zone.
    pub timezone: chrono_tz::Tz,
    /// Where the time comes from.
    pub clock: Clock,
    /// Plays a story for somebody who has never seen a consultation; without it no button offers one.
    pub story: Option<story::Teller>,
}

/// The chat cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A name or id in the configuration cannot be used here; the sentence says which and why.
    #[error("{0}")]
    Config(String),
    /// Its history cannot be read.
    #[error("{0}")]
    History(String),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::History(error.to_string())
    }
}

struct People {
    list: Vec<Person>,
    names: HashSet<String>,
}

/// 内置网页聊天 — groups, people and what they said.
pub struct LocalChat {
    title: String,
    groups: Vec<Group>,
    commands: Vec<CommandHelp>,
    timezone: chrono_tz::Tz,
    clock: Clock,
    stations: Stations,
    people: RwLock<People>,
    store: Store,
    story: story::Shelf,
    /// Deliveries on their way into the ledger, so that the same one sent twice at once waits for the first.
    under_way: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    closing: tokio::sync::watch::Sender<bool>,
}

impl LocalChat {
    /// Opens the chat with its history in `db`. A database of its own is best: the history must outlive a rebuild of
    /// the bot's state.
    ///
    /// # Errors
    /// [`OpenError`] with what to change.
    pub fn open(db: sled::Db, setup: Setup) -> Result<Arc<Self>, OpenError> {
        let store = Store::open(db)?;
        let mut ids = HashSet::new();
        for group in &setup.groups {
            let plain = !group.id.is_empty()
                && group.id.len() <= 64
                && !group.id.chars().any(|c| c == ':' || c == '#' || c.is_whitespace() || c.is_control());
            if !plain || group.id == "pm" {
                return Err(OpenError::Config(format!("群 id “{}” 不能用：不要用 pm、冒号、# 和空格", group.id)));
            }
            if !ids.insert(group.id.clone()) {
                return Err(OpenError::Config(format!("群 id “{}” 出现了两次", group.id)));
            }
        }
        if setup.groups.len() > GROUPS {
            return Err(OpenError::Config(format!("群太多：最多 {GROUPS} 个")));
        }
        let mut people = People { list: Vec::new(), names: HashSet::new() };
        for person in setup.people {
            if proper_name(&person.name).as_deref() != Some(person.name.as_str()) {
                return Err(OpenError::Config(format!(
                    "人名“{}”不能用：最多 {NAME_CHARS} 个字，只用汉字、字母、数字、· 和空格",
                    person.name
                )));
            }
            if people.names.insert(person.name.clone()) {
                people.list.push(person);
            }
        }
        for name in store.newcomers()? {
            if people.list.len() < PEOPLE && people.names.insert(name.clone()) {
                people.list.push(Person { name, side: String::new(), note: String::new() });
            }
        }
        Ok(Arc::new(Self {
            title: setup.title,
            groups: setup.groups,
            commands: setup.commands,
            timezone: setup.timezone,
            clock: setup.clock,
            stations: setup.stations,
            people: RwLock::new(people),
            store,
            story: story::Shelf::new(setup.story),
            under_way: Mutex::new(HashMap::new()),
            closing: tokio::sync::watch::Sender::new(false),
        }))
    }

    /// The site: the page at `/` and its data under `/chat/`. What people say goes to
    /// `intake`. Every request that is not for the loopback address itself is refused.
    pub fn router(self: &Arc<Self>, intake: Arc<dyn Intake>) -> axum::Router {
        site::router(Arc::clone(self), intake)
    }

    /// Ends the streams open pages listen on, so that a server waiting for its connections can end. They come back by
    /// themselves when it runs again.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    fn stations(&self) -> Vec<Station> {
        (self.stations)()
    }

    fn people(&self) -> Vec<Person> {
        self.people.read().unwrap_or_else(PoisonError::into_inner).list.clone()
    }

    fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// Puts somebody who typed a new name on the list.
    fn welcome(&self, name: &str) {
        let mut people = self.people.write().unwrap_or_else(PoisonError::into_inner);
        if people.list.len() >= PEOPLE || people.names.contains(name) {
            return;
        }
        if let Err(error) = self.store.welcome(name, self.now()) {
            tracing::error!(%error, "a newcomer was not kept");
            return;
        }
        people.names.insert(name.to_owned());
        people.list.push(Person { name: name.to_owned(), side: String::new(), note: String::new() });
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<String, Arc<tokio::sync::Mutex<()>>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does `work` while no other delivery with the same key is being done.
    async fn alone<T>(&self, key: &str, work: impl Future<Output = T>) -> T {
        let turn = Arc::clone(self.under_way().entry(key.to_owned()).or_default());
        let held = turn.lock().await;
        let done = work.await;
        drop(held);
        let mut under_way = self.under_way();
        // The table's and ours: nobody else waits.
        if Arc::strong_count(&turn) == 2 {
            under_way.remove(key);
        }
        done
    }

    /// The chat an address means, if there is such a chat.
    fn chat_of(&self, address: &str) -> Option<String> {
        let chat = address.strip_prefix(NAME)?.strip_prefix(':')?;
        let known = match chat.strip_prefix("pm:") {
            Some(name) => proper_name(name).as_deref() == Some(name),
            None => self.group(chat).is_some(),
        };
        known.then(|| chat.to_owned())
    }

    fn say_as_bot(&self, chat: &str, letter: &Letter) -> Result<String, StoreError> {
        let n = self.store.reserve(chat)?;
        let message = Message {
            n,
            born: 0,
            rev: 0,
            at: self.now(),
            from: Speaker::Bot,
            kind: Kind::Text,
            text: letter.text.clone(),
            seconds: None,
            reply: None,
            buttons: letter.buttons.clone(),
            about: About::of(letter),
            id: None,
        };
        let kept = self.store.keep(chat, message, None)?;
        Ok(format!("{NAME}:{chat}:{n}:{}", kept.born))
    }
}

impl Visitors for LocalChat {
    fn home(&self) -> &'static str {
        "/"
    }

    fn guard(&self, form: axum::Router) -> axum::Router {
        form.route_layer(axum::middleware::from_fn(site::at_home))
    }
}

impl Platform for LocalChat {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::OWN
    }

    fn pace(&self, _chat: &str) -> Pace {
        Pace::FREE
    }

    fn send<'a>(&'a self, letter: &'a Letter, _piece: usize) -> BoxFuture<'a, Result<String, SendError>> {
        async move {
            let chat = self.chat_of(&letter.chat).ok_or_else(|| SendError::Gone(letter.chat.clone()))?;
            let name = self.say_as_bot(&chat, letter).map_err(|error| SendError::NotSent(error.to_string()))?;
            self.store.settle().await;
            Ok(name)
        }
        .boxed()
    }

    /// A message that has fallen out of the kept history is on no screen; changing it is a success that shows nothing.
    fn edit<'a>(&'a self, message: &'a str, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            let mut parts = message.rsplitn(3, ':');
            let born = parts.next().and_then(|born| born.parse().ok());
            let n = parts.next().and_then(|n| n.parse().ok());
            let chat = parts.next().and_then(|address| self.chat_of(address));
            let (Some(born), Some(n), Some(chat)) = (born, n, chat) else {
                return Err(SendError::Gone(message.to_owned()));
            };
            match self.store.edit(&chat, n, born, &letter.text, &letter.buttons) {
                Ok(true) => self.store.settle().await,
                Ok(false) => tracing::debug!(message, "changed a message that is no longer kept"),
                Err(error) => return Err(SendError::NotSent(error.to_string())),
            }
            Ok(())
        }
        .boxed()
    }
}

/// The name as it is used, if it can be one: at most 20 letters, 汉字, digits, `·` and single spaces, and not the bot's.
fn proper_name(name: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization;
    // Letters by the book that nobody can see.
    const BLANK: [char; 4] = ['\u{115F}', '\u{1160}', '\u{3164}', '\u{FFA0}'];
    let name: String = name.chars().take(200).collect::<String>().trim().nfc().collect();
    let fits = !name.is_empty()
        && name.chars().count() <= NAME_CHARS
        && name
            .chars()
            .all(|c| (c.is_alphabetic() && !BLANK.contains(&c)) || c.is_ascii_digit() || c == '·' || c == ' ')
        && !name.contains("  ");
    // What it is called is shown to everybody and kept: no telephone number.
    (fits && name != BOT && name != "机器人" && !is_personal(&name)).then_some(name)
}
