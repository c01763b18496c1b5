//! 来信 — an update as it came → what happened, in the house's words.
//!
//! Each update is read apart from the others and only in the few fields we need: one that is odd (an unknown kind, a number no
//! machine can hold, a text that is no text) costs nobody but itself, and a newer server with fields, entities or kinds of message
//! that teloxide's strict types do not know yet loses nobody's words.

use super::NAME;
use super::button::Sealer;
use crate::language::file::{MAX_BYTES, Unreadable};
use crate::platform::{About, Content, Edited, File, Hangs, Incoming, Place, Quote, Said, Sender, SenderKind};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// What a picture is called that has no name.
const PICTURE: &str = "photo.jpg";

/// Who we are, as `getMe` tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Our account.
    pub id: i64,
    /// Our name after the `@`.
    pub username: String,
    /// Hears everything in groups (privacy mode is off).
    pub hears_all: bool,
}

/// What an update comes to.
#[derive(Debug, Clone)]
pub enum Heard {
    /// Something for the office.
    Said(Box<Incoming>),
    /// A button. It must be answered under this id, whatever comes of it.
    Pressed {
        /// `callback_query.id`.
        query: String,
        /// What was pressed, if the button is ours.
        incoming: Option<Box<Incoming>>,
    },
    /// Words with a file, or a file alone: it lies with Telegram under this id until somebody needs it.
    Attached {
        /// What was said, the file only offered.
        incoming: Box<Incoming>,
        /// `file_id`.
        file: String,
    },
    /// Nothing that concerns a consultation.
    Nothing,
    /// Not understood at all: counted and passed over.
    Odd,
}

#[derive(Deserialize)]
struct Update {
    message: Option<Message>,
    edited_message: Option<Message>,
    callback_query: Option<CallbackQuery>,
    my_chat_member: Option<Membership>,
}

#[derive(Deserialize)]
struct Message {
    message_id: i64,
    message_thread_id: Option<i64>,
    #[serde(default)]
    is_topic_message: bool,
    from: Option<User>,
    sender_chat: Option<Chat>,
    #[serde(default)]
    date: i64,
    edit_date: Option<i64>,
    chat: Chat,
    forward_origin: Option<Origin>,
    #[serde(default)]
    is_automatic_forward: bool,
    reply_to_message: Option<Box<Message>>,
    text: Option<String>,
    caption: Option<String>,
    voice: Option<Voice>,
    document: Option<Document>,
    photo: Option<IgnoredAny>,
    migrate_to_chat_id: Option<i64>,
    migrate_from_chat_id: Option<i64>,
}

#[derive(Deserialize)]
struct User {
    id: i64,
    #[serde(default)]
    is_bot: bool,
    #[serde(default)]
    first_name: String,
    last_name: Option<String>,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
    #[serde(rename = "type")]
    kind: String,
    title: Option<String>,
}

#[derive(Deserialize)]
struct Origin {
    sender_user: Option<User>,
}

#[derive(Deserialize)]
struct Voice {
    #[serde(default)]
    duration: u32,
}

#[derive(Deserialize, Clone)]
struct Document {
    file_id: String,
    #[serde(default)]
    file_name: String,
    file_size: Option<u64>,
}

#[derive(Deserialize)]
struct CallbackQuery {
    id: String,
    from: User,
    message: Option<Message>,
    data: Option<String>,
}

#[derive(Deserialize)]
struct Membership {
    chat: Chat,
    old_chat_member: Option<Member>,
    new_chat_member: Member,
}

#[derive(Deserialize)]
struct Member {
    status: String,
    #[serde(default)]
    is_member: bool,
}

impl Member {
    fn is_in(&self) -> bool {
        match self.status.as_str() {
            "left" | "kicked" => false,
            "restricted" => self.is_member,
            _ => true,
        }
    }
}

/// The address of a chat.
#[must_use]
pub fn address(chat: i64) -> String {
    format!("{NAME}:{chat}")
}

/// Number of an update; of two in one object the last counts.
#[must_use]
pub fn number(raw: &str) -> Option<i64> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_str(raw).ok()?;
    fields.get("update_id")?.get().parse().ok()
}

/// Reads one update.
#[must_use]
pub fn hear(me: &Me, sealer: &Sealer, raw: &str) -> Heard {
    let Ok(update) = serde_json::from_str::<Update>(raw) else { return Heard::Odd };
    let ears = Ears { me, sealer };
    match update {
        Update { message: Some(message), .. } => ears.message(message, false),
        Update { edited_message: Some(message), .. } => ears.message(message, true),
        Update { callback_query: Some(query), .. } => ears.press(query),
        Update { my_chat_member: Some(change), .. } => ears.membership(change, raw),
        _ => Heard::Nothing,
    }
}

struct Ears<'a> {
    me: &'a Me,
    sealer: &'a Sealer,
}

impl Ears<'_> {
    fn key(&self, kind: char, rest: impl std::fmt::Display) -> String {
        format!("{NAME}:{}:{kind}:{rest}", self.me.id)
    }

    fn message(&self, message: Message, is_edit: bool) -> Heard {
        if message.chat.kind == "channel" {
            return Heard::Nothing;
        }
        let first = self.key('m', format_args!("{}:{}", message.chat.id, message.message_id));
        if let Some(moved) = self.moved(&message, &first) {
            return moved;
        }
        let Some(from) = sender(&message) else { return Heard::Odd };
        let Some(at) = moment(message.date) else { return Heard::Odd };
        let edited = message.edit_date.filter(|_| is_edit).and_then(moment);
        let (key, edit) = match edited {
            Some(edited) => (format!("{first}:{}", edited.timestamp()), Some(Edited { first, at: edited })),
            None if is_edit => return Heard::Odd,
            None => (first, None),
        };
        let place = place(&message);
        let is_anothers = is_anothers(&message);
        // Somebody else's words passed on are talk; a table that is passed on is still a table.
        if is_anothers && !(message.document.is_some() && matches!(place, Place::Private { .. })) {
            return Heard::Nothing;
        }
        let attached = attached(&message, &place, is_edit);
        let reply = message.reply_to_message.as_deref().and_then(|replied| self.quote(&message, replied));
        if let Some((file, id)) = attached {
            let caption = message.caption.or(message.text).filter(|_| !is_anothers).unwrap_or_default();
            let incoming =
                Box::new(Incoming { key, place, from, said_at: Some(at), said: Said::File { caption, reply, file } });
            return match id {
                Some(file) => Heard::Attached { incoming, file },
                None => Heard::Said(incoming),
            };
        }
        let said = match (message.text.or(message.caption), message.voice) {
            (Some(text), _) => Said::Text { text, reply, edit },
            (None, Some(voice)) if edit.is_none() => Said::Voice { seconds: voice.duration },
            _ => return Heard::Nothing,
        };
        Heard::Said(Box::new(Incoming { key, place, from, said_at: Some(at), said }))
    }

    /// 群升级 — told in both chats; whichever comes first.
    fn moved(&self, message: &Message, key: &str) -> Option<Heard> {
        let (old, new) = match (message.migrate_to_chat_id, message.migrate_from_chat_id) {
            (Some(new), _) => (message.chat.id, new),
            (None, Some(old)) => (old, message.chat.id),
            (None, None) => return None,
        };
        let said = Said::Moved { to: address(new) };
        Some(self.service(key.to_owned(), old, message.chat.title.clone(), said))
    }

    fn service(&self, key: String, chat: i64, title: Option<String>, said: Said) -> Heard {
        let place = Place::Group { chat: address(chat), name: title.unwrap_or_default(), thread: None };
        let from = Sender {
            account: NAME.to_owned(),
            name: String::new(),
            name_is_proof: false,
            kind: SenderKind::Machine,
            private_chat: None,
        };
        Heard::Said(Box::new(Incoming { key, place, from, said_at: None, said }))
    }

    fn quote(&self, message: &Message, replied: &Message) -> Option<Quote> {
        // In a thread every message “replies” to the one that opened it.
        if message.is_topic_message && message.message_thread_id == Some(replied.message_id) {
            return None;
        }
        let by_bot = replied.from.as_ref().is_some_and(|from| from.id == self.me.id);
        // A voice message or a picture of somebody is answered, too; of ours only words can be told apart.
        let text = replied.text.clone().or_else(|| replied.caption.clone());
        let text = if by_bot { text? } else { text.unwrap_or_default() };
        Some(Quote { by_bot, text, about: About::Unknown, message: replied.message_id.to_string() })
    }

    fn press(&self, query: CallbackQuery) -> Heard {
        let CallbackQuery { id, from, message, data } = query;
        let opened = message.zip(data).and_then(|(message, data)| {
            let is_ours = message.from.as_ref().is_none_or(|author| author.id == self.me.id);
            let (label, on) = self.sealer.open(message.chat.id, &data).filter(|_| is_ours)?;
            Some((place(&message), Said::Press { label, on }))
        });
        let incoming = opened.filter(|_| !from.is_bot).map(|(place, said)| {
            let key = self.key('c', &id);
            Box::new(Incoming { key, place, from: person(&from), said_at: None, said })
        });
        Heard::Pressed { query: id, incoming }
    }

    fn membership(&self, change: Membership, raw: &str) -> Heard {
        let Membership { chat, old_chat_member: before, new_chat_member: now } = change;
        if !matches!(chat.kind.as_str(), "group" | "supergroup") {
            return Heard::Nothing;
        }
        let came = !before.is_some_and(|before| before.is_in());
        let said = if now.is_in() { Said::Welcomed { came } } else { Said::Removed };
        let key = self.key('b', number(raw).unwrap_or_default());
        self.service(key, chat.id, chat.title, said)
    }
}

/// The file that hangs on a message, and the id under which it is handed over. In a group only one that came with the message counts:
/// what answers somebody's file there, or is written under a picture, is said by itself.
fn attached(message: &Message, place: &Place, is_edit: bool) -> Option<(File, Option<String>)> {
    let named = |document: &Document, hangs| {
        let Document { file_id, file_name: name, file_size } = document.clone();
        if file_size.is_some_and(|size| size > MAX_BYTES as u64) {
            return (File { name, hangs, content: Content::Unreadable(Unreadable::Large) }, None);
        }
        (File { name, hangs, content: Content::Offered }, Some(file_id))
    };
    if let Some(document) = &message.document {
        return Some(named(document, if is_edit { Hangs::Before } else { Hangs::Here }));
    }
    if is_edit || !matches!(place, Place::Private { .. }) {
        return None;
    }
    if message.photo.is_some() && message.caption.is_some() {
        let content = Content::Unreadable(Unreadable::Picture);
        return Some((File { name: PICTURE.to_owned(), hangs: Hangs::Quoted, content }, None));
    }
    let quoted = message.reply_to_message.as_deref().filter(|_| message.text.is_some())?;
    Some(named(quoted.document.as_ref()?, Hangs::Quoted))
}

fn moment(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}

/// Somebody else's words passed on: talk, whatever they say. One's own may be forwarded.
fn is_anothers(message: &Message) -> bool {
    message.forward_origin.as_ref().is_some_and(|origin| {
        let author = origin.sender_user.as_ref().map(|user| user.id);
        author.is_none() || author != message.from.as_ref().map(|user| user.id)
    })
}

fn place(message: &Message) -> Place {
    let chat = address(message.chat.id);
    if message.chat.kind == "private" {
        return Place::Private { chat };
    }
    let thread = message.message_thread_id.filter(|_| message.is_topic_message);
    let thread = thread.map(|thread| format!("{chat}#{thread}"));
    Place::Group { chat, name: message.chat.title.clone().unwrap_or_default(), thread }
}

/// Who sent a message. With `sender_chat` the user beside it is a stand-in (GroupAnonymousBot), not a person.
fn sender(message: &Message) -> Option<Sender> {
    match (&message.sender_chat, &message.from) {
        (Some(chat), _) => Some(Sender {
            account: address(chat.id),
            name: chat.title.clone().unwrap_or_default(),
            name_is_proof: false,
            kind: if message.is_automatic_forward { SenderKind::Machine } else { SenderKind::Masked },
            private_chat: None,
        }),
        (None, Some(user)) => Some(person(user)),
        (None, None) => None,
    }
}

fn person(user: &User) -> Sender {
    let account = address(user.id);
    let name = [Some(user.first_name.as_str()), user.last_name.as_deref()];
    let name: Vec<&str> = name.into_iter().flatten().filter(|part| !part.trim().is_empty()).collect();
    Sender {
        // A private chat has the number of the person; one who never began it cannot be written to, which sending finds out.
        private_chat: Some(account.clone()),
        account,
        name: name.join(" "),
        name_is_proof: false,
        kind: if user.is_bot { SenderKind::Machine } else { SenderKind::Person },
    }
}

#[cfg(test)]
mod tests;
