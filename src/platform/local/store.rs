//! What the built-in web chat keeps of 群聊与私聊: the last messages of every chat, so that a reload or a restart shows what was said.
//!
//! This is the platform's own history, as WeChat keeps its own. It is not the ledger: ordinary talk stands only here,
//! and losing this folder loses no topic and no vote. Everything lies in one sled tree, so every change is one atomic batch:
//!
//! | key | value |
//! |---|---|
//! | `c` chat | [`Meta`] of the chat |
//! | `m` chat 0 n part | message `n`, in parts of at most [`PART`] bytes (sled never syncs values of 16 KB and more) |
//! | `e` sequence | which message was changed last by this change; one entry a message |
//! | `i` chat 0 who 0 id | which message a browser's own id became, and the toast it was answered with |
//! | `p` name | a person who came by typing a new name |

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::kernel::mask::mask;
use crate::platform::About;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// The tree everything lies in.
pub(super) const TREE: &str = "local-chat";
/// Messages kept of one chat.
pub(super) const KEPT: u64 = 2_000;
/// Chats kept, groups and private ones together.
pub(super) const CHATS: usize = 500;
/// Largest value put into sled.
const PART: usize = 8_000;
/// Changes a browser may be behind and still be served change by change.
const BEHIND: usize = 1_000;
/// Changes waiting for one browser that reads slowly.
const WAITING: usize = 1_024;
/// Added to the sequence at every start: a number whose change was lost in a power cut is never used again.
const GAP: u64 = 1 << 20;

/// The store cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoreError {
    #[error("chat history: {0}")]
    Sled(#[from] sled::Error),
    #[error("chat history: {0}")]
    Json(#[from] serde_json::Error),
}

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Speaker {
    /// 协商助手.
    Bot,
    /// A person, by name.
    Name(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Text,
    Voice,
}

/// What a reply shows of the message it replies to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Quoted {
    pub n: u64,
    pub from: Speaker,
    /// The beginning only; the bot gets the whole text.
    pub text: String,
}

/// One message as it is kept and as browsers get it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    /// Its number in its chat; grows, may have gaps.
    pub n: u64,
    /// Sequence of the change that made it.
    pub born: u64,
    /// Sequence of its last change.
    pub rev: u64,
    pub at: DateTime<Utc>,
    pub from: Speaker,
    pub kind: Kind,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Quoted>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<String>,
    /// What it is about; messages kept by earlier versions do not say.
    #[serde(default, skip_serializing_if = "About::is_unknown")]
    pub about: About,
    /// The browser's own id for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

impl Message {
    /// Numbers that belong to a person are masked before anything is kept, here as everywhere: in what people said, and where it is
    /// quoted. What the bot said was made of masked words.
    fn cover(&mut self) {
        if self.from != Speaker::Bot {
            self.text = mask(&self.text).into_owned();
        }
        if let Some(quoted) = &mut self.reply {
            quoted.text = mask(&quoted.text).into_owned();
        }
    }
}

/// What is known of a chat without reading its messages.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Meta {
    /// Highest number given out.
    last: u64,
    /// Messages kept now.
    kept: u64,
    /// Messages ever; unread = this less what was read.
    pub count: u64,
    /// Sequence of the last change.
    rev: u64,
}

/// What became of a browser's id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Known {
    pub n: u64,
    pub toast: Option<String>,
}

/// A person who came by typing a new name.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Newcomer {
    at: DateTime<Utc>,
}

/// One change, on its way to the browsers.
#[derive(Debug, Clone)]
pub(super) struct News {
    pub seq: u64,
    /// The chat it is about; `None` = everybody's business.
    pub chat: Option<String>,
    pub what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    /// A message, new or changed.
    Message(Arc<Message>),
    /// Somebody new.
    Person(String),
}

struct Inner {
    seq: u64,
    chats: HashMap<String, Meta>,
}

pub(super) struct Store {
    db: sled::Db,
    tree: sled::Tree,
    inner: Mutex<Inner>,
    news: broadcast::Sender<Arc<News>>,
    /// Everything up to this change is on the disk.
    settled: tokio::sync::Mutex<u64>,
}

/// Changes after a given one.
pub(super) enum Missed {
    These(Vec<News>),
    /// Too many, or the cursor is not one of ours: the browser fetches everything anew.
    TooMany,
}

impl Store {
    pub fn open(db: sled::Db) -> Result<Self, StoreError> {
        let tree = db.open_tree(TREE)?;
        let mut chats = HashMap::new();
        for entry in tree.scan_prefix(b"c") {
            let (key, value) = entry?;
            chats.insert(
                String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned(),
                serde_json::from_slice(&value)?,
            );
        }
        let last = tree.scan_prefix(b"e").next_back().transpose()?.map_or(0, |(key, _)| number(&key, 1));
        let (news, _) = broadcast::channel(WAITING);
        Ok(Self {
            db,
            tree,
            inner: Mutex::new(Inner { seq: last + GAP, chats }),
            news,
            settled: tokio::sync::Mutex::new(0),
        })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing under this lock leaves it half-changed: memory follows the batch.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings what was kept to the disk; one flush serves everybody waiting. Never more than one at a time, and not on
    /// sled's few threads: those write for whoever waits, and with all of them waiting nothing is ever written.
    pub async fn settle(&self) {
        let mine = self.seq();
        let mut settled = self.settled.lock().await;
        if *settled >= mine {
            return;
        }
        let all = self.seq();
        let db = self.db.clone();
        let (done, flushed) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || done.send(db.flush()));
        match flushed.await {
            Ok(Ok(_)) => *settled = all,
            Ok(Err(error)) => tracing::error!(%error, "chat history was not written to disk"),
            Err(error) => tracing::error!(%error, "chat history was not written to disk"),
        }
    }

    /// What changes from now on, and the sequence of the last change already made.
    pub fn listen(&self) -> (broadcast::Receiver<Arc<News>>, u64) {
        let inner = self.inner();
        (self.news.subscribe(), inner.seq)
    }

    pub fn seq(&self) -> u64 {
        self.inner().seq
    }

    pub fn meta(&self, chat: &str) -> Meta {
        self.inner().chats.get(chat).copied().unwrap_or_default()
    }

    /// The next number of a chat. A chat that is new takes the place of the private chat that was quiet longest.
    pub fn reserve(&self, chat: &str) -> Result<u64, StoreError> {
        let mut inner = self.inner();
        if !inner.chats.contains_key(chat) && inner.chats.len() >= CHATS {
            let quiet = inner.chats.iter().filter(|(chat, _)| chat.starts_with("pm:")).min_by_key(|(_, meta)| meta.rev);
            if let Some(quiet) = quiet.map(|(chat, _)| chat.clone()) {
                self.drop_chat(&quiet)?;
                inner.chats.remove(&quiet);
            }
        }
        let meta = inner.chats.entry(chat.to_owned()).or_default();
        meta.last += 1;
        Ok(meta.last)
    }

    /// Keeps a message under the number reserved for it and tells the browsers.
    pub fn keep(&self, chat: &str, mut message: Message, toast: Option<&str>) -> Result<Message, StoreError> {
        message.cover();
        let mut inner = self.inner();
        let seq = inner.seq + 1;
        message.born = seq;
        message.rev = seq;
        let mut meta = inner.chats.get(chat).copied().unwrap_or_default();
        meta.last = meta.last.max(message.n);
        meta.kept += 1;
        meta.count += 1;
        meta.rev = seq;
        let mut batch = sled::Batch::default();
        write(&mut batch, chat, &message)?;
        batch.insert(change_key(seq), place(chat, message.n));
        if let (Some(id), Speaker::Name(who)) = (&message.id, &message.from) {
            let known = Known { n: message.n, toast: toast.map(str::to_owned) };
            batch.insert(id_key(chat, who, id), serde_json::to_vec(&known)?);
        }
        if meta.kept > KEPT {
            if let Some(oldest) = self.oldest(chat)? {
                self.erase(&mut batch, chat, oldest)?;
            }
            meta.kept -= 1;
        }
        batch.insert(chat_key(chat), serde_json::to_vec(&meta)?);
        self.tree.apply_batch(batch)?;
        inner.seq = seq;
        inner.chats.insert(chat.to_owned(), meta);
        // No browser listening is no error.
        let _ = self.news.send(Arc::new(News {
            seq,
            chat: Some(chat.to_owned()),
            what: What::Message(Arc::new(message.clone())),
        }));
        Ok(message)
    }

    /// Replaces text and buttons of a message of the bot. `Ok(false)`: there is no such message any more.
    pub fn edit(&self, chat: &str, n: u64, born: u64, text: &str, buttons: &[String]) -> Result<bool, StoreError> {
        let mut inner = self.inner();
        let Some(mut message) = self.read(chat, n)?.filter(|m| m.from == Speaker::Bot && m.born == born) else {
            return Ok(false);
        };
        if message.text == text && message.buttons == buttons {
            return Ok(true);
        }
        let seq = inner.seq + 1;
        let mut batch = sled::Batch::default();
        for part in self.tree.scan_prefix(message_key(chat, n)).keys() {
            batch.remove(part?);
        }
        batch.remove(change_key(message.rev));
        message.rev = seq;
        message.text = text.to_owned();
        message.buttons = buttons.to_vec();
        write(&mut batch, chat, &message)?;
        batch.insert(change_key(seq), place(chat, n));
        let mut meta = inner.chats.get(chat).copied().unwrap_or_default();
        meta.rev = seq;
        batch.insert(chat_key(chat), serde_json::to_vec(&meta)?);
        self.tree.apply_batch(batch)?;
        inner.seq = seq;
        inner.chats.insert(chat.to_owned(), meta);
        let _ =
            self.news.send(Arc::new(News { seq, chat: Some(chat.to_owned()), what: What::Message(Arc::new(message)) }));
        Ok(true)
    }

    pub fn read(&self, chat: &str, n: u64) -> Result<Option<Message>, StoreError> {
        let mut bytes = Vec::new();
        for part in self.tree.scan_prefix(message_key(chat, n)).values() {
            bytes.extend_from_slice(&part?);
        }
        if bytes.is_empty() { Ok(None) } else { Ok(Some(serde_json::from_slice(&bytes)?)) }
    }

    /// What a browser's id became, if it is known.
    pub fn known(&self, chat: &str, who: &str, id: &str) -> Result<Option<Known>, StoreError> {
        match self.tree.get(id_key(chat, who, id))? {
            Some(value) => Ok(Some(serde_json::from_slice(&value)?)),
            None => Ok(None),
        }
    }

    /// At most `limit` messages before number `before`, oldest first, not much more than `bytes` of them, but at least
    /// one; and whether there are older ones.
    pub fn page(
        &self,
        chat: &str,
        before: Option<u64>,
        limit: usize,
        bytes: usize,
    ) -> Result<(Vec<Message>, bool), StoreError> {
        let from = message_key(chat, 0);
        let to = message_key(chat, before.unwrap_or(u64::MAX));
        let mut numbers = Vec::new();
        let mut used = 0;
        let mut more = false;
        for entry in self.tree.range(from..to).rev() {
            let (key, value) = entry?;
            let n = number(&key, key.len().saturating_sub(10));
            if numbers.last() != Some(&n) {
                if numbers.len() >= limit || (used >= bytes && !numbers.is_empty()) {
                    more = true;
                    break;
                }
                numbers.push(n);
            }
            used += value.len();
        }
        let mut messages = Vec::with_capacity(numbers.len());
        for n in numbers.into_iter().rev() {
            messages.extend(self.read(chat, n)?);
        }
        Ok((messages, more))
    }

    /// The changes after `after` up to `until` that `sees` lets through.
    pub fn missed(&self, after: u64, until: u64, sees: impl Fn(&str) -> bool) -> Result<Missed, StoreError> {
        if after > until {
            return Ok(Missed::TooMany);
        }
        let mut news = Vec::new();
        for (counted, entry) in self.tree.range(change_key(after + 1)..=change_key(until)).enumerate() {
            if counted >= BEHIND {
                return Ok(Missed::TooMany);
            }
            let (key, value) = entry?;
            let Some((chat, n)) = placed(&value) else { continue };
            if !sees(&chat) {
                continue;
            }
            // Changed again meanwhile: that change comes by itself.
            if let Some(message) = self.read(&chat, n)?.filter(|m| m.rev == number(&key, 1)) {
                news.push(News { seq: message.rev, chat: Some(chat), what: What::Message(Arc::new(message)) });
            }
        }
        Ok(Missed::These(news))
    }

    /// Names typed by newcomers, in the order they came.
    pub fn newcomers(&self) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        for entry in self.tree.scan_prefix(b"p") {
            let (key, value) = entry?;
            let newcomer: Newcomer = serde_json::from_slice(&value)?;
            found.push((newcomer.at, String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned()));
        }
        found.sort();
        Ok(found.into_iter().map(|(_, name)| name).collect())
    }

    /// Remembers a newcomer and tells the browsers.
    pub fn welcome(&self, name: &str, at: DateTime<Utc>) -> Result<(), StoreError> {
        let inner = self.inner();
        let mut key = b"p".to_vec();
        key.extend_from_slice(name.as_bytes());
        self.tree.insert(key, serde_json::to_vec(&Newcomer { at })?)?;
        let _ = self.news.send(Arc::new(News { seq: inner.seq, chat: None, what: What::Person(name.to_owned()) }));
        Ok(())
    }

    fn oldest(&self, chat: &str) -> Result<Option<u64>, StoreError> {
        let range = message_key(chat, 0)..message_key(chat, u64::MAX);
        Ok(self.tree.range(range).next().transpose()?.map(|(key, _)| number(&key, key.len().saturating_sub(10))))
    }

    fn erase(&self, batch: &mut sled::Batch, chat: &str, n: u64) -> Result<(), StoreError> {
        if let Some(message) = self.read(chat, n)? {
            batch.remove(change_key(message.rev));
            if let (Some(id), Speaker::Name(who)) = (&message.id, &message.from) {
                batch.remove(id_key(chat, who, id));
            }
        }
        for part in self.tree.scan_prefix(message_key(chat, n)).keys() {
            batch.remove(part?);
        }
        Ok(())
    }

    fn drop_chat(&self, chat: &str) -> Result<(), StoreError> {
        while let Some(n) = self.oldest(chat)? {
            let mut batch = sled::Batch::default();
            self.erase(&mut batch, chat, n)?;
            self.tree.apply_batch(batch)?;
        }
        self.tree.remove(chat_key(chat))?;
        Ok(())
    }
}

fn write(batch: &mut sled::Batch, chat: &str, message: &Message) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(message)?;
    in_parts(chat, message.n, &bytes).for_each(|(key, piece)| batch.insert(key, piece));
    Ok(())
}

fn in_parts(chat: &str, n: u64, bytes: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    bytes.chunks(PART).enumerate().map(move |(part, piece)| {
        let mut key = message_key(chat, n);
        key.extend_from_slice(&u16::try_from(part).unwrap_or(u16::MAX).to_be_bytes());
        (key, piece.to_vec())
    })
}

/// A message as it lies in the tree, part by part.
pub(super) fn message_bytes(chat: &str, message: &Message) -> Vec<(Vec<u8>, Vec<u8>)> {
    let bytes = serde_json::to_vec(message).unwrap_or_default();
    in_parts(chat, message.n, &bytes).collect()
}

fn chat_key(chat: &str) -> Vec<u8> {
    let mut key = b"c".to_vec();
    key.extend_from_slice(chat.as_bytes());
    key
}

fn message_key(chat: &str, n: u64) -> Vec<u8> {
    let mut key = b"m".to_vec();
    key.extend_from_slice(&place(chat, n));
    key
}

fn change_key(seq: u64) -> Vec<u8> {
    let mut key = b"e".to_vec();
    key.extend_from_slice(&seq.to_be_bytes());
    key
}

fn id_key(chat: &str, who: &str, id: &str) -> Vec<u8> {
    format!("i{chat}\0{who}\0{id}").into_bytes()
}

/// Chat and number as bytes that sort by number.
fn place(chat: &str, n: u64) -> Vec<u8> {
    let mut bytes = chat.as_bytes().to_vec();
    bytes.push(0);
    bytes.extend_from_slice(&n.to_be_bytes());
    bytes
}

fn placed(bytes: &[u8]) -> Option<(String, u64)> {
    let at = bytes.len().checked_sub(9)?;
    Some((String::from_utf8(bytes.get(..at)?.to_vec()).ok()?, number(bytes, at + 1)))
}

fn number(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok()).map_or(0, u64::from_be_bytes)
}
