//! Telegram — real groups, by an own durable loop on teloxide's requests.
//!
//! | file | what |
//! |---|---|
//! | `api` | one request and what became of it |
//! | `hear` | an update → what happened |
//! | `button` | what stands in `callback_data` |
//! | `html` | a letter as Telegram shows it |
//! | `menu` | the commands a `/` offers, by place and language |
//! | `serve` | getUpdates and webhook: recorded first, confirmed then |
//! | `self_check` | what is looked at when it starts: token, privacy mode, webhook, clock, rights |
//!
//! teloxide's Dispatcher is not used: it confirms updates to Telegram before they are handled.
//! Source: Bot API 10.1, <https://core.telegram.org/bots/api>.

mod api;
mod button;
mod hear;
mod html;
mod menu;
mod self_check;
mod serve;

pub use hear::Me;
pub use self_check::Finding;
pub use serve::{Ended, PATH};

use self::api::{Api, Failure};
use self::button::Sealer;
use super::{Capabilities, Letter, Pace, Platform, SendError};
use crate::language::{Catalog, Lang};
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use teloxide::payloads::{
    AnswerCallbackQuery, AnswerCallbackQuerySetters as _, EditMessageText, EditMessageTextSetters as _, SendMessage,
    SendMessageSetters as _,
};
use teloxide::types::{
    CallbackQueryId, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode,
    ThreadId,
};

/// First part of every address and account here.
pub const NAME: &str = "telegram";
/// A group takes 20 a minute and one a second, all chats together 30 a second (Telegram's Bots FAQ); the network between us
/// makes a little room wise.
const GROUP: Pace = Pace { per_minute: 19, gap_ms: 1_050 };
const PRIVATE: Pace = Pace { per_minute: 57, gap_ms: 1_050 };
const PER_SECOND: u32 = 28;
/// Wait where Telegram asks for one without saying how long, in seconds.
const WAIT: u32 = 5;
/// Longest toast, in characters.
const TOAST: usize = 200;
/// A toast longer than this is shown as a window that stays until it is closed.
const GLANCE: usize = 40;
/// Answers to presses under way at once. A getUpdates brings a hundred presses, and answering one takes as long as fetching the next
/// hundred: with fewer, a Telegram far away would make presses wait for one another.
const ANSWERS: usize = 200;
/// Presses that may wait for their answer.
const TO_ANSWER: u32 = 4_096;
/// Files fetched at once.
const FETCHED: usize = 2;
/// Buttons in one row.
const ROW: usize = 3;

/// The time, as whoever starts it reads it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// What has to be known beforehand.
#[derive(Clone)]
pub struct Setup {
    /// Token of the bot, from @BotFather.
    pub token: String,
    /// Address of the Bot API.
    pub api_url: String,
    /// Address Telegram posts updates to; `None` = they are fetched (getUpdates).
    pub webhook: Option<String>,
    /// What Telegram shows with every post; empty = made from the token.
    pub secret: String,
    /// Language of the office.
    pub lang: Lang,
    /// The words: what a `/` offers, and what is said to whoever presses a button that is not ours.
    pub catalog: &'static Catalog,
    /// Where the time comes from.
    pub clock: Clock,
}

/// What came in since the start, as numbers.
#[derive(Debug, Default)]
pub struct Counts {
    /// Updates recorded or found to be nothing.
    pub taken: AtomicU64,
    /// Updates nobody could read.
    pub odd: AtomicU64,
    /// Presses of buttons that are not ours.
    pub foreign: AtomicU64,
    /// Requests sent.
    pub requests: AtomicU64,
}

/// The bot on Telegram.
pub struct Telegram {
    api: Api,
    sealer: Sealer,
    me: OnceLock<Me>,
    setup: Setup,
    /// What came in.
    pub counts: Counts,
    answering: tokio::sync::Semaphore,
    fetching: tokio::sync::Semaphore,
    /// How far our clock is ahead of Telegram's, in seconds.
    ahead: AtomicI64,
    to_answer: Arc<tokio::sync::Semaphore>,
}

#[derive(Deserialize)]
struct Sent {
    message_id: i32,
}

impl Telegram {
    /// The bot, not yet connected.
    ///
    /// # Errors
    /// A sentence, without the token, if an address is none.
    pub fn new(setup: Setup) -> Result<Arc<Self>, String> {
        Ok(Arc::new(Self {
            api: Api::new(&setup.api_url, &setup.token)?,
            sealer: Sealer::new(&setup.token),
            me: OnceLock::new(),
            setup,
            counts: Counts::default(),
            answering: tokio::sync::Semaphore::new(ANSWERS),
            fetching: tokio::sync::Semaphore::new(FETCHED),
            ahead: AtomicI64::new(0),
            to_answer: Arc::new(tokio::sync::Semaphore::new(TO_ANSWER as usize)),
        }))
    }

    /// Who we are, once connected.
    #[must_use]
    pub fn me(&self) -> Option<&Me> {
        self.me.get()
    }

    async fn call<P, T>(&self, payload: &P) -> Result<T, Failure>
    where
        P: teloxide::requests::Payload + serde::Serialize + Sync,
        T: serde::de::DeserializeOwned,
    {
        self.counts.requests.fetch_add(1, Ordering::Relaxed);
        self.api.call(payload).await
    }

    /// Answers a press: the button stops spinning, and only the presser sees the text. Best effort: it is never the only proof.
    async fn answer(&self, query: &str, text: Option<&str>) {
        let Ok(_permit) = self.answering.acquire().await else { return };
        let mut answer = AnswerCallbackQuery::new(CallbackQueryId(query.to_owned()));
        if let Some(text) = text {
            let text: String = text.chars().take(TOAST).collect();
            let stays = text.chars().count() > GLANCE;
            answer = answer.text(text).show_alert(stays);
        }
        if let Err(failure) = self.call::<_, bool>(&answer).await {
            tracing::debug!(%failure, "a press was not answered; what it did stands");
        }
    }

    async fn send_letter(&self, letter: &Letter, piece: usize) -> Result<String, SendError> {
        let address = Address::read(&letter.chat).ok_or_else(|| SendError::Gone(letter.chat.clone()))?;
        let pieces = html::pieces(&letter.text);
        let text = pieces.get(piece).ok_or_else(|| SendError::Wrong("nothing to say".to_owned()))?;
        let buttons = if piece + 1 == pieces.len() { self.keyboard(address.chat, letter) } else { None };
        self.send_piece(address, text, buttons).await.map(|sent| sent.to_string())
    }

    async fn send_piece(
        &self,
        address: Address,
        text: &str,
        buttons: Option<InlineKeyboardMarkup>,
    ) -> Result<i32, SendError> {
        let mut message = SendMessage::new(ChatId(address.chat), html::html(text))
            .parse_mode(ParseMode::Html)
            .link_preview_options(no_preview());
        message.message_thread_id = address.thread.map(|thread| ThreadId(MessageId(thread)));
        message.reply_markup = buttons.map(Into::into);
        let mut sent = self.call::<_, Sent>(&message).await;
        if sent.as_ref().is_err_and(|failure| failure.says("thread not found") || failure.says("topic_closed")) {
            // The thread was closed or deleted: better said in the group than not at all.
            message.message_thread_id = None;
            sent = self.call(&message).await;
        }
        if let Err(failure @ Failure::No { code: 400, moved_to: None, .. }) = &sent
            && !is_gone(failure)
        {
            // A mistake of ours in form must not cost anybody the words.
            tracing::error!(%failure, "Telegram does not take a message as it is; the bare text goes out");
            let mut bare = SendMessage::new(ChatId(address.chat), text);
            bare.message_thread_id = message.message_thread_id;
            sent = self.call(&bare).await;
        }
        sent.map(|sent| sent.message_id).map_err(|failure| error(failure, &address))
    }

    async fn edit_message(&self, message: &str, letter: &Letter) -> Result<(), SendError> {
        let wrong = || SendError::Wrong(format!("no message {message}"));
        let address = Address::read(&letter.chat).ok_or_else(wrong)?;
        let id = MessageId(message.parse().map_err(|_| wrong())?);
        let text = html::pieces(&letter.text).into_iter().next().unwrap_or_default();
        let mut edit = EditMessageText::new(ChatId(address.chat), id, html::html(&text))
            .parse_mode(ParseMode::Html)
            .link_preview_options(no_preview());
        edit.reply_markup = self.keyboard(address.chat, letter);
        match self.call::<_, serde::de::IgnoredAny>(&edit).await {
            Ok(_) => Ok(()),
            Err(failure) if failure.says("message is not modified") => Ok(()),
            // Trouble with one card is no trouble with the chat.
            Err(Failure::No { code: 400, why, moved_to: None, .. }) => Err(SendError::Wrong(why)),
            Err(failure) => Err(error(failure, &address)),
        }
    }

    fn keyboard(&self, chat: i64, letter: &Letter) -> Option<InlineKeyboardMarkup> {
        let button = |label: &String| {
            let data = self.sealer.seal(chat, label, letter.about.as_ref()?)?;
            Some(InlineKeyboardButton::callback(label.clone(), data))
        };
        let buttons: Vec<_> = letter.buttons.iter().filter_map(button).collect();
        let rows = buttons.chunks(ROW).map(<[InlineKeyboardButton]>::to_vec);
        (!buttons.is_empty()).then(|| InlineKeyboardMarkup::new(rows))
    }
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// Where a letter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Address {
    chat: i64,
    thread: Option<i32>,
}

impl Address {
    /// `telegram:-1001`, `telegram:-1001#45`.
    fn read(address: &str) -> Option<Self> {
        let rest = address.strip_prefix(NAME)?.strip_prefix(':')?;
        let (chat, thread) = rest.split_once('#').map_or((rest, None), |(chat, thread)| (chat, Some(thread)));
        let thread = match thread {
            Some(thread) => Some(thread.parse().ok()?),
            None => None,
        };
        Some(Self { chat: chat.parse().ok()?, thread })
    }
}

/// Whether the chat takes nothing from us.
fn is_gone(failure: &Failure) -> bool {
    const WORDS: [&str; 5] =
        ["chat not found", "not enough rights", "have no rights", "deactivated", "write_forbidden"];
    matches!(failure, Failure::No { code: 403, .. })
        || matches!(failure, Failure::No { code: 400, .. }) && WORDS.iter().any(|words| failure.says(words))
}

/// What a failure means for a letter. A group that takes nothing from us (kicked, no right to write, deactivated) is gone until we
/// are told otherwise; so is a person who never began a chat with us or blocked us.
fn error(failure: Failure, address: &Address) -> SendError {
    match failure {
        Failure::No { code: 429, retry_after, .. } => SendError::Wait(retry_after.unwrap_or(WAIT)),
        Failure::No { moved_to: Some(to), .. } => {
            let thread = address.thread.map(|thread| format!("#{thread}")).unwrap_or_default();
            SendError::Moved(format!("{}{thread}", hear::address(to)))
        }
        ref failure @ Failure::No { ref why, .. } if is_gone(failure) => SendError::Gone(why.clone()),
        // The loop sees it as well and ends the program; the letter waits.
        Failure::No { code: 401 | 404 | 409, why, .. } => SendError::NotSent(why),
        Failure::No { why, .. } => SendError::Wrong(why),
        Failure::NotSent(why) => SendError::NotSent(why),
        Failure::Unknown(why) => SendError::Unknown(why),
    }
}

impl Platform for Telegram {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { remembers: false, per_second: PER_SECOND, ..Capabilities::OWN }
    }

    /// Groups have numbers below zero, people above.
    fn pace(&self, chat: &str) -> Pace {
        match Address::read(chat) {
            Some(Address { chat, .. }) if chat > 0 => PRIVATE,
            _ => GROUP,
        }
    }

    fn pieces(&self, letter: &Letter) -> usize {
        html::pieces(&letter.text).len()
    }

    fn send<'a>(&'a self, letter: &'a Letter, piece: usize) -> BoxFuture<'a, Result<String, SendError>> {
        self.send_letter(letter, piece).boxed()
    }

    fn edit<'a>(&'a self, message: &'a str, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        self.edit_message(message, letter).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, Failure, SendError, error};

    fn no(code: u16, why: &str) -> Failure {
        Failure::No { code, why: why.to_owned(), retry_after: None, moved_to: None }
    }

    #[test]
    fn addresses() {
        assert_eq!(Address::read("telegram:-1001"), Some(Address { chat: -1001, thread: None }));
        assert_eq!(Address::read("telegram:-1001#45"), Some(Address { chat: -1001, thread: Some(45) }));
        for wrong in ["telegram:", "local:1", "telegram:x", "telegram:1#x", "telegram"] {
            assert_eq!(Address::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_telegram_says_decides_whether_a_letter_is_tried_again() {
        let at = Address { chat: -5, thread: Some(7) };
        let told = |failure| error(failure, &at);
        assert!(matches!(told(no(403, "Forbidden: bot was kicked from the group chat")), SendError::Gone(_)));
        assert!(matches!(told(no(400, "Bad Request: chat not found")), SendError::Gone(_)));
        assert!(matches!(
            told(no(400, "Bad Request: not enough rights to send text messages to the chat")),
            SendError::Gone(_)
        ));
        assert!(matches!(told(no(400, "Bad Request: message text is empty")), SendError::Wrong(_)));
        assert!(matches!(told(no(429, "Too Many Requests")), SendError::Wait(5)));
        assert!(matches!(told(no(401, "Unauthorized")), SendError::NotSent(_)));
        assert!(matches!(told(Failure::Unknown("reset".into())), SendError::Unknown(_)));
        let moved = Failure::No { code: 400, why: String::new(), retry_after: None, moved_to: Some(-1007) };
        assert_eq!(told(moved), SendError::Moved("telegram:-1007#7".into()));
    }
}
