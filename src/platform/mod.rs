//! 平台 — the doors through which people speak and are answered.
//!
//! A platform turns what arrives into an [`Incoming`], hands it to the [`Intake`], and confirms it to its own server only
//! when [`Intake::take`] has answered: that answer means the ledger has it. What the bot says arrives as a [`Letter`].
//! No platform knows a rule of consultation; the loop knows no platform by name.

use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::mask::mask;
use crate::language::file::{Table, Unreadable};
use axum::Router;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use std::borrow::Cow;
use std::sync::Arc;

pub mod console;
mod gone;
pub mod local;
pub mod request_body;
pub mod telegram;
pub mod wecom;

pub use gone::Gone;

/// Longest text taken from any platform, in bytes. Longer is refused at the door with a sentence, never cut.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// 来信 — one thing that happened on a platform.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The platform's own name for this delivery, unique for ever, e.g. `local:g_wy:17`. The same key twice has one effect.
    pub key: String,
    /// Where it was said.
    pub place: Place,
    /// Who said it.
    pub from: Sender,
    /// When the platform says it was said; `None` for presses, which carry no time.
    pub said_at: Option<DateTime<Utc>>,
    /// What was said.
    pub said: Said,
}

impl Incoming {
    /// The same with every number that belongs to a person masked, wherever it stands in it; and whether there was one. Nothing else
    /// of it is read or kept by the bot. Addresses and accounts are the platform's own and stay.
    #[must_use]
    pub fn masked(&self) -> (Self, bool) {
        let mut is_masked = false;
        let mut cover = |text: &mut String| {
            if let Cow::Owned(covered) = mask(text) {
                *text = covered;
                is_masked = true;
            }
        };
        let mut same = self.clone();
        cover(&mut same.from.name);
        match &mut same.place {
            Place::Group { name, .. } => cover(name),
            Place::Page { station: Some(station), .. } => cover(station),
            Place::Private { .. } | Place::Page { station: None, .. } => {}
        }
        match &mut same.said {
            Said::Text { text, reply, .. } => {
                cover(text);
                reply.iter_mut().for_each(|quote| cover(&mut quote.text));
            }
            Said::Press { label, .. } => cover(label),
            // One is read after the other: a number that goes on in the next field is one number.
            Said::Form { title, text } => {
                let blanks = title.matches(' ').count();
                let mut both = format!("{title} {text}");
                cover(&mut both);
                if let Some((at, _)) = both.match_indices(' ').nth(blanks) {
                    *text = both.split_off(at + 1);
                    both.truncate(at);
                    *title = both;
                }
            }
            Said::File { caption, reply, file } => {
                cover(caption);
                reply.iter_mut().for_each(|quote| cover(&mut quote.text));
                cover(&mut file.name);
                if let Content::Tables(tables) = &mut file.content {
                    tables.iter_mut().for_each(|table| cover(&mut table.text));
                }
            }
            Said::Voice { .. } | Said::Moved { .. } | Said::Removed | Said::Welcomed { .. } => {}
        }
        (same, is_masked)
    }
}

/// 所在 — where something was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A group chat. `chat` is the address letters go to, e.g. `local:g_wy`.
    Group {
        /// Address of the chat.
        chat: String,
        /// Its name as the platform shows it.
        name: String,
        /// Where answers go, where that is not the whole chat: a thread of it (话题), e.g. `telegram:-1001#45`.
        thread: Option<String>,
    },
    /// A private chat of the sender with the bot.
    Private {
        /// Address of the chat, e.g. `local:pm:张桂英`.
        chat: String,
    },
    /// A form on a page; the answer is shown on that page.
    Page {
        /// The station (阵地) whose code was scanned, by name.
        station: Option<String>,
        /// The topic whose code was scanned.
        topic: Option<u32>,
    },
}

/// Who sent something.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The account, with its platform, e.g. `local:张桂英`. Opaque to everybody else.
    pub account: String,
    /// The name the platform shows. It proves nothing.
    pub name: String,
    /// The platform itself vouches that the name is the person's: only the built-in chat on loopback, where people choose who
    /// they are. Everywhere else a name proves nothing.
    pub name_is_proof: bool,
    /// Whether it is a person.
    pub kind: SenderKind,
    /// Where this person can be written to privately, if the platform can.
    pub private_chat: Option<String>,
}

/// What somebody is, as the platform vouches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderKind {
    /// A person with an account.
    Person,
    /// Somebody without a face: an anonymous administrator, a channel. No person, so no vote; told so.
    Masked,
    /// A bot, or the platform itself. Heard by nobody.
    Machine,
}

/// What was said.
#[derive(Debug, Clone)]
pub enum Said {
    /// A written message.
    Text {
        /// As written; never normalised.
        text: String,
        /// The message it replies to or quotes.
        reply: Option<Quote>,
        /// Set where it is a later version of a message.
        edit: Option<Edited>,
    },
    /// A button under a message of the bot. Pressing = replying to that message with the button's word.
    Press {
        /// The word on the button.
        label: String,
        /// What the message the button stands under is about.
        on: Option<Mark>,
    },
    /// A file with what is written under it. The words under a file never stand for it.
    File {
        /// What is written with it, as written; empty if nothing is.
        caption: String,
        /// The message it replies to or quotes.
        reply: Option<Quote>,
        /// The file.
        file: File,
    },
    /// A voice message. Never transcribed here; a moderator records it (代录).
    Voice {
        /// Length in seconds.
        seconds: u32,
    },
    /// A form sent from a page (扫码点单).
    Form {
        /// Title of the request.
        title: String,
        /// Its text.
        text: String,
    },
    /// 群升级 — the chat has another address from now on. Said by the platform itself.
    Moved {
        /// The new address.
        to: String,
    },
    /// The bot was taken out of the chat, or may not write there any more. Said by the platform itself.
    Removed,
    /// The bot is in the chat, or may do something else there than before. Said by the platform itself.
    Welcomed {
        /// It was not in it before.
        came: bool,
    },
}

/// 附件 — a file that hangs on a message.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name, as whoever sent it gave it. It proves nothing.
    pub name: String,
    /// How it hangs there.
    pub hangs: Hangs,
    /// What is in it, as far as it is known.
    pub content: Content,
}

/// How a file hangs on a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hangs {
    /// It came with the message.
    Here,
    /// It hangs on the message replied to: the words are an answer, and mean the file only where they need one.
    Quoted,
    /// It came with the message before; what is written under it was changed since.
    Before,
}

/// What is in a file. Nobody fetches or reads one that nobody needs.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// It lies with the platform, which hands it over where [`Receipt::wants_file`] says so: the same again, with the file.
    Offered,
    /// Its bytes, not read yet.
    Bytes(Arc<[u8]>),
    /// Its tables.
    Tables(Vec<Table>),
    /// It is not to be had, or cannot be read.
    Unreadable(Unreadable),
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Offered => f.write_str("Offered"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Tables(tables) => write!(f, "Tables({})", tables.len()),
            Self::Unreadable(why) => write!(f, "Unreadable({why:?})"),
        }
    }
}

/// 编辑 — which message was changed, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The key of the delivery in which the message first came.
    pub first: String,
    /// When it was changed.
    pub at: DateTime<Utc>,
}

/// A quoted message.
#[derive(Debug, Clone)]
pub struct Quote {
    /// Whether the bot itself wrote it.
    pub by_bot: bool,
    /// Its text. Where nothing else is known, the reference in it (【1号】, 建议1-3 …) is the target of the reply.
    pub text: String,
    /// What it is about, where the platform keeps that with its messages.
    pub about: About,
    /// The platform's name for it, as [`Platform::send`] returned it; empty where the platform cannot tell.
    pub message: String,
}

/// 所指 — what is known of what a message of the bot is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum About {
    /// Nobody noted it.
    #[default]
    Unknown,
    /// Nothing in particular: a list, a digest.
    Nothing,
    /// One thing.
    This(Mark),
}

impl About {
    /// What a letter is about, which is known.
    #[must_use]
    pub fn of(letter: &Letter) -> Self {
        letter.about.clone().map_or(Self::Nothing, Self::This)
    }

    /// Whether nobody noted it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }

    /// The mark; where nothing is known, what `otherwise` finds.
    #[must_use]
    pub fn or_else(self, otherwise: impl FnOnce() -> Option<Mark>) -> Option<Mark> {
        match self {
            Self::This(mark) => Some(mark),
            Self::Nothing => None,
            Self::Unknown => otherwise(),
        }
    }
}

/// What the platform may show at once, when the thing is recorded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipt {
    /// A short text for the presser only (≤ 200 characters).
    pub toast: Option<String>,
    /// The text for the page on which a form was sent.
    pub page: Option<String>,
    /// A link under which the page's matter can be followed, relative to the site.
    pub link: Option<String>,
    /// Nothing was recorded: the file that was offered is needed first.
    pub wants_file: bool,
    /// It was answered and not a word of it is kept (拦截): a platform that keeps what was said does not keep this.
    pub is_forgotten: bool,
}

/// The bot cannot take anything now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Too many turns are waiting; say it again shortly.
    #[error("busy")]
    Busy,
    /// The disk is full or the bot is going down; nothing was recorded.
    #[error("not accepting")]
    Closed,
}

/// The loop, as a platform sees it.
pub trait Intake: Send + Sync + 'static {
    /// Records one incoming thing. Resolves only when the ledger has it (or when there was nothing to record).
    ///
    /// # Errors
    /// [`Refused`] when nothing was recorded and the platform must deliver again.
    fn take(&self, incoming: Incoming) -> BoxFuture<'_, Result<Receipt, Refused>>;

    /// The same, but where too many wait it waits in turn instead of being sent away: what is taken one after another is
    /// recorded in that order.
    ///
    /// # Errors
    /// [`Refused::Closed`].
    fn take_in_turn(&self, incoming: Incoming) -> BoxFuture<'_, Result<Receipt, Refused>> {
        self.take(incoming)
    }

    /// Everything this platform had kept for us up to now has been taken. Said again and again while the platform can be
    /// reached: the time between two of these is an outage (停机) if it is long.
    ///
    /// # Errors
    /// [`Refused`] when it could not be recorded; say it again.
    fn caught_up(&self, platform: &'static str) -> BoxFuture<'_, Result<(), Refused>>;
}

/// 信 — one message the bot says in one chat.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Letter {
    /// Address of the chat.
    pub chat: String,
    /// Plain text; the platform escapes it once for itself.
    pub text: String,
    /// Words on the buttons under it, in order; empty where the platform has none.
    pub buttons: Vec<String>,
    /// What it is about: the target of a reply to it and of its buttons.
    pub about: Option<Mark>,
}

impl Letter {
    /// Words that are about nothing in particular and have no buttons.
    #[must_use]
    pub fn plain(chat: impl Into<String>, text: impl Into<String>) -> Self {
        Self { chat: chat.into(), text: text.into(), buttons: Vec::new(), about: None }
    }
}

/// Why a letter was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Surely not sent (connection refused, name not found): retry freely.
    #[error("not sent: {0}")]
    NotSent(String),
    /// May or may not have been sent (time-out, reset, 5xx).
    #[error("unknown whether sent: {0}")]
    Unknown(String),
    /// The platform asks to wait.
    #[error("asked to wait {0} s")]
    Wait(u32),
    /// The chat is gone or the bot was removed: never retry.
    #[error("chat is gone: {0}")]
    Gone(String),
    /// The message is wrong in itself (a card that was deleted): never retry, the chat is well.
    #[error("refused: {0}")]
    Wrong(String),
    /// The chat has another address now: send it there.
    #[error("the chat moved")]
    Moved(String),
}

/// What a platform can do.
#[derive(Debug, Clone, Copy)]
pub struct Capabilities {
    /// Hears what people write in groups.
    pub listens: bool,
    /// Can write without being asked.
    pub pushes: bool,
    /// Shows buttons.
    pub buttons: bool,
    /// Can change a message it sent.
    pub edits: bool,
    /// Can write to one person.
    pub private: bool,
    /// Keeps with its messages what they are about, so that the loop need not.
    pub remembers: bool,
    /// Messages and edits a second in all chats together.
    pub per_second: u32,
}

/// 配额 — what one chat takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Messages and edits a minute.
    pub per_minute: u32,
    /// Least time between two of them, in milliseconds.
    pub gap_ms: u32,
}

impl Pace {
    /// A chat of our own, which sets no limits.
    pub const FREE: Self = Self { per_minute: 100_000, gap_ms: 0 };
}

impl Capabilities {
    /// A chat of our own, which sets no limits.
    pub const OWN: Self = Self {
        listens: true,
        pushes: true,
        buttons: true,
        edits: true,
        private: true,
        remembers: true,
        per_second: 100_000,
    };
}

/// A door. Sending and editing only; hearing is each platform's own loop, which calls the [`Intake`].
pub trait Platform: Send + Sync + 'static {
    /// The first part of every address and account of this platform, e.g. `local`.
    fn name(&self) -> &'static str;
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// What a chat of this address takes.
    fn pace(&self, chat: &str) -> Pace;
    /// Messages a letter is sent as, one by one, where one does not hold it.
    fn pieces(&self, _letter: &Letter) -> usize {
        1
    }
    /// Sends a piece of a letter, counted from 0, and returns the platform's name for the message; empty where it can neither be replied
    /// to nor changed.
    fn send<'a>(&'a self, letter: &'a Letter, piece: usize) -> BoxFuture<'a, Result<String, SendError>>;
    /// Replaces a message sent before (live cards). The same text again is a success.
    fn edit<'a>(&'a self, message: &'a str, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>>;
}

/// 来客 — a door whose own page leads to the form of a station (扫码点单) and back.
pub trait Visitors: Send + Sync + 'static {
    /// Where they go when they are done, below the site.
    fn home(&self) -> &'static str;
    /// The form with a watch in front: only those get to it who may open the door's own page.
    fn guard(&self, form: Router) -> Router;
}

/// The chat an address lies in: the address without its thread.
#[must_use]
pub fn whole_chat(address: &str) -> &str {
    address.split_once('#').map_or(address, |(chat, _)| chat)
}
