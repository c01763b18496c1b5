//! 播放故事 — a consultation from beginning to end, for somebody who has never seen one.
//!
//! The chat does not know how a story comes about: whoever opens it passes a [`Teller`], which is asked when somebody first wants
//! to see the story, once, and what it told is kept. Nothing of it is anybody's real message.

use super::site::{No, asset, no};
use super::{LocalChat, Person};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use std::sync::Arc;
use tokio::sync::OnceCell;

const SCRIPT: &str = include_str!("story.js");
const STYLE: &str = include_str!("story.css");

/// Plays the story and says what happened; an error is for the log. It may take its time: it is asked on a thread of its own.
pub type Teller = Arc<dyn Fn() -> Result<Story, String> + Send + Sync>;

/// 故事 — what happened, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Story {
    /// Who is who.
    pub people: Vec<Person>,
    /// What happened.
    pub scenes: Vec<Moment>,
}

/// 一幕 — something that happened, and what every chat received because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Number in the story; `None` where the clock brought it about in between.
    pub n: Option<u32>,
    /// The day there and then, e.g. `2025-03-03`.
    pub date: String,
    /// The time of day, e.g. `09:10`.
    pub clock: String,
    /// What somebody did; `None` where a moment came.
    pub deed: Option<Utterance>,
    /// What chats received, where it was done first.
    pub received: Vec<Heard>,
}

/// What somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Utterance {
    /// Who.
    pub who: String,
    /// Where.
    pub spot: Spot,
    /// What.
    pub said: Said,
}

/// Where something is said or shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spot {
    /// What kind of place.
    pub kind: SpotKind,
    /// Name of the group, of the person whose private chat or screen it is, or of the station whose page it is.
    pub name: String,
}

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpotKind {
    /// A group.
    Group,
    /// A private chat with the bot.
    Private,
    /// A page behind a code.
    Page,
    /// A word on the screen of whoever pressed, and nowhere else.
    Toast,
}

/// What was said or pressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Said {
    /// A message.
    Text {
        /// As written.
        text: String,
        /// Text of the message it replies to.
        quote: Option<String>,
    },
    /// A voice message.
    Voice {
        /// Its length.
        seconds: u32,
    },
    /// A form on a page.
    Form {
        /// Title.
        title: String,
        /// Text.
        text: String,
    },
    /// A button.
    Press {
        /// The word on it.
        label: String,
    },
}

/// What a chat received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Heard {
    /// Where.
    pub spot: Spot,
    /// The text.
    pub text: String,
    /// Words on the buttons under it.
    pub buttons: Vec<String>,
}

/// The story as it was told, for the page.
#[derive(Default)]
pub(super) struct Shelf {
    teller: Option<Teller>,
    told: OnceCell<Bytes>,
}

impl Shelf {
    pub fn new(teller: Option<Teller>) -> Self {
        Self { teller, told: OnceCell::new() }
    }

    pub fn has_story(&self) -> bool {
        self.teller.is_some()
    }

    /// Whoever comes while it is being told waits for the end; after a failure the next one asks again.
    async fn told(&self) -> Result<Bytes, No> {
        let Some(teller) = self.teller.clone() else {
            return Err(no(StatusCode::NOT_FOUND, "no_story", "这里没有可以播放的故事。"));
        };
        let tell = move || teller().and_then(|story| serde_json::to_vec(&story).map_err(|error| error.to_string()));
        let asked = self.told.get_or_try_init(|| async {
            let told = tokio::task::spawn_blocking(tell).await.map_err(|error| error.to_string())?;
            told.map(Bytes::from)
        });
        asked.await.cloned().map_err(|error| {
            tracing::error!(error, "the story cannot be played");
            let sentence = "故事没有放成。请再点一次；还不行，请管理的人看看程序的日志。";
            no(StatusCode::SERVICE_UNAVAILABLE, "story", sentence)
        })
    }
}

pub(super) fn router(chat: Arc<LocalChat>) -> Router {
    Router::new()
        .route("/chat/story.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/chat/story.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/chat/story", get(show))
        .with_state(chat)
}

async fn show(State(chat): State<Arc<LocalChat>>) -> Result<Response, No> {
    // Finished although the browser has gone, so that there are never two at a time.
    let told = tokio::spawn(async move { chat.story.told().await }).await;
    let told = told.map_err(|_| no(StatusCode::INTERNAL_SERVER_ERROR, "inner", "故事没有放成，请再点一次。"))?;
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, told?).into_response())
}
