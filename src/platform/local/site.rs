//! The site of 内置网页聊天: the page, its data, and the doors through which people speak.
//!
//! | route | what |
//! |---|---|
//! | `GET /` | the page |
//! | `GET /chat/state?who=` | groups, people, stations, the last messages of each chat |
//! | `GET /chat/history?chat=&who=&before=` | older messages of one chat |
//! | `GET /chat/commands` | what a `/` offers |
//! | `GET /chat/events?who=&last=` | what changes, as it changes (server-sent events) |
//! | `POST /chat/say` | a message: `{chat, who, text, reply_to?, voice_seconds?, id}` |
//! | `POST /chat/file?chat=&who=&id=&name=&text=&reply_to=` | a file, its bytes the body; `text` is what is written with it |
//! | `POST /chat/press` | a button: `{chat, who, n, label, id}` |
//! | `GET /chat/story` | a story for the theatre (`story`) |
//!
//! Somebody's word reaches other people's screens only after the ledger has it; a refused one stays with its author,
//! who sends it again under the same id. That id makes the delivery's key, so a repeat has one effect even if this
//! chat's own history was lost in between.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::store::{Kind, Message, Missed, News, Quoted, Speaker, StoreError, What};
use super::{BOT, LocalChat, NAME, proper_name};
use crate::domain::kernel::mask::mask;
use crate::language::file::MAX_BYTES;
use crate::language::read_mark;
use crate::platform::request_body::{self, Unread};
use crate::platform::{
    About, Content, File, Hangs, Incoming, Intake, MAX_TEXT_BYTES, Place, Quote, Refused, Said, Sender, SenderKind,
};

const PAGE: &str = include_str!("chat.html");
const STYLE: &str = include_str!("chat.css");
const SCRIPT: &str = include_str!("chat.js");

/// Pages listening at the same time.
const LISTENERS: usize = 1_024;
/// Messages of one chat in the first answer, and on one page of its history.
const FIRST: usize = 30;
const MORE: usize = 50;
/// About as many bytes of messages in one answer.
const STATE_BYTES: usize = 4 * 1024 * 1024;
const HISTORY_BYTES: usize = 512 * 1024;
/// Characters of a quoted message that are shown.
const QUOTED: usize = 120;
/// Longest voice message, in seconds, as in WeChat.
const VOICE: u32 = 60;
/// What stands in place of words that were answered and are not kept.
const FORGOTTEN: &str = "（这条没有留存）";
/// What is posted here.
const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";
/// Longest name of a file, in characters.
const FILE_NAME: usize = 120;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

struct Site {
    chat: Arc<LocalChat>,
    intake: Arc<dyn Intake>,
    listeners: Arc<AtomicUsize>,
}

pub(super) fn router(chat: Arc<LocalChat>, intake: Arc<dyn Intake>) -> Router {
    let story = super::story::router(Arc::clone(&chat));
    let site = Arc::new(Site { chat, intake, listeners: Arc::new(AtomicUsize::new(0)) });
    Router::new()
        .route("/", get(|| async { asset("text/html; charset=utf-8", PAGE) }))
        .route("/chat/chat.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/chat/chat.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/chat/state", get(state))
        .route("/chat/history", get(history))
        .route("/chat/commands", get(commands))
        .route("/chat/events", get(events))
        .route("/chat/say", post(say))
        .route("/chat/file", post(file))
        .route("/chat/press", post(press))
        .with_state(site)
        .merge(story)
        .route_layer(middleware::from_fn(at_home))
}

pub(super) fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

// ---------------------------------------------------------------------------------------------------------- refusals

/// A request that is not answered as it hoped: a code for the page, a sentence for the person.
#[derive(Debug, Clone)]
pub(super) struct No {
    status: StatusCode,
    code: &'static str,
    sentence: String,
}

pub(super) fn no(status: StatusCode, code: &'static str, sentence: impl Into<String>) -> No {
    No { status, code, sentence: sentence.into() }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        let body = json!({ "ok": false, "code": self.code, "error": self.sentence });
        (self.status, [(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
    }
}

impl From<StoreError> for No {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the chat's history");
        no(StatusCode::SERVICE_UNAVAILABLE, "history", "聊天记录暂时读不出来，请稍后再试。")
    }
}

impl From<Refused> for No {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Busy => no(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "这会儿发言的人多，这条还没记上。请稍等几秒再点一次“重发”。",
            ),
            Refused::Closed => no(
                StatusCode::SERVICE_UNAVAILABLE,
                "closed",
                "协商助手暂停接收，这条还没记上。请过一会儿点“重发”，还不行请告诉联络员。",
            ),
        }
    }
}

fn no_name() -> No {
    no(StatusCode::BAD_REQUEST, "name", "名字不能用：最多20个字，只用汉字、字母、数字、· 和空格。")
}

fn no_chat() -> No {
    no(StatusCode::NOT_FOUND, "chat", "没有这个群。请回到列表重新选择。")
}

fn too_large() -> No {
    no(StatusCode::PAYLOAD_TOO_LARGE, "large", "内容太长，一条最多约2万字。请分几条发。")
}

// ------------------------------------------------------------------------------------------------------- loopback only

/// Lets through what was asked of this machine by this machine's own pages: no foreign host name that was pointed here,
/// no form or script of another site.
pub(super) async fn at_home(request: Request, next: Next) -> Response {
    let allowed = own_host(&request).is_some_and(|host| {
        let posted = *request.method() != Method::GET && *request.method() != Method::HEAD;
        !posted || (own_origin(request.headers(), &host) && own_page(request.headers()))
    });
    let mut response = if allowed {
        next.run(request).await
    } else {
        no(StatusCode::FORBIDDEN, "forbidden", "网页聊天只在本机使用。请在本机浏览器打开 http://127.0.0.1 加端口号。")
            .into_response()
    };
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

/// The host that was asked, if it is this machine.
fn own_host(request: &Request) -> Option<String> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?.to_ascii_lowercase();
    if hosts.next().is_some() || !loopback(&host) {
        return None;
    }
    match request.uri().authority() {
        Some(authority) if !authority.as_str().eq_ignore_ascii_case(&host) => None,
        _ => Some(host),
    }
}

fn loopback(host: &str) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| match host.strip_prefix(name) {
        Some("") => true,
        Some(rest) => rest
            .strip_prefix(':')
            .is_some_and(|port| (1..=5).contains(&port.len()) && port.bytes().all(|digit| digit.is_ascii_digit())),
        None => false,
    })
}

fn own_origin(headers: &HeaderMap, host: &str) -> bool {
    headers.get_all(header::ORIGIN).iter().all(|origin| {
        origin
            .to_str()
            .ok()
            .and_then(|origin| origin.strip_prefix("http://"))
            .is_some_and(|origin| origin.eq_ignore_ascii_case(host))
    })
}

fn own_page(headers: &HeaderMap) -> bool {
    headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin" || site == "none")
}

// -------------------------------------------------------------------------------------------------------------- bodies

impl From<Unread> for No {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Kind => no(StatusCode::UNSUPPORTED_MEDIA_TYPE, "kind", format!("内容的格式不对，应为 {JSON}。")),
            Unread::Large => too_large(),
            Unread::Slow => no(StatusCode::REQUEST_TIMEOUT, "slow", "网络太慢，没有收全，请再发一次。"),
            Unread::Broken => no(StatusCode::BAD_REQUEST, "body", "内容没有收全，请再发一次。"),
        }
    }
}

async fn read_json<T: DeserializeOwned>(headers: &HeaderMap, given: Body) -> Result<T, No> {
    let bytes = request_body::read(headers, given, JSON).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| no(StatusCode::BAD_REQUEST, "json", format!("内容看不懂，没有收下（{error}）。")))
}

/// The browser's own id of a delivery.
fn proper_id(id: &str) -> Result<(), No> {
    let fits = (8..=64).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
    if fits {
        Ok(())
    } else {
        Err(no(StatusCode::BAD_REQUEST, "id", "缺少合用的编号（8到64个字母、数字或短横）。"))
    }
}

fn proper_text(text: &str) -> Result<(), No> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(too_large());
    }
    if text.trim().is_empty() {
        return Err(no(StatusCode::BAD_REQUEST, "empty", "还没写内容。"));
    }
    Ok(())
}

// --------------------------------------------------------------------------------------------------------------- chats

/// A chat as one person sees it.
struct Room {
    /// Its id in the store.
    chat: String,
    place: Place,
}

impl LocalChat {
    fn room(&self, chat: &str, who: &str) -> Result<Room, No> {
        if chat == "pm" {
            let chat = format!("pm:{who}");
            return Ok(Room { place: Place::Private { chat: format!("{NAME}:{chat}") }, chat });
        }
        let group = self.group(chat).ok_or_else(no_chat)?;
        Ok(Room {
            chat: group.id.clone(),
            place: Place::Group { chat: format!("{NAME}:{}", group.id), name: group.name.clone(), thread: None },
        })
    }
}

pub(super) fn sender(who: &str) -> Sender {
    Sender {
        account: format!("{NAME}:{who}"),
        name: who.to_owned(),
        kind: SenderKind::Person,
        name_is_proof: true,
        private_chat: Some(format!("{NAME}:pm:{who}")),
    }
}

/// The page's name of a chat: everybody's private chat is `pm` to them.
fn shown(chat: &str) -> &str {
    if chat.starts_with("pm:") { "pm" } else { chat }
}

fn sees(chat: &str, who: Option<&str>) -> bool {
    match chat.strip_prefix("pm:") {
        Some(name) => who == Some(name),
        None => true,
    }
}

#[derive(Deserialize)]
struct Asked {
    who: Option<String>,
    chat: Option<String>,
    before: Option<u64>,
    last: Option<u64>,
}

fn asked(query: Result<Query<Asked>, QueryRejection>) -> Result<(Asked, Option<String>), No> {
    let Query(asked) = query.map_err(|_| no(StatusCode::BAD_REQUEST, "query", "网址里的参数看不懂。"))?;
    let who = match asked.who.as_deref() {
        None | Some("") => None,
        Some(who) => Some(proper_name(who).ok_or_else(no_name)?),
    };
    Ok((asked, who))
}

fn fresh(value: Value) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(value)).into_response()
}

async fn state(State(site): State<Arc<Site>>, query: Result<Query<Asked>, QueryRejection>) -> Result<Response, No> {
    let (_, who) = asked(query)?;
    let chat = &site.chat;
    // Read first: what happens meanwhile is told again by the events, which is harmless.
    let seq = chat.store.seq();
    let mut left = STATE_BYTES;
    let mut chats = Vec::new();
    let private = who.iter().map(|who| (format!("pm:{who}"), BOT.to_owned()));
    for (id, name) in private.chain(chat.groups.iter().map(|group| (group.id.clone(), group.name.clone()))) {
        let (messages, more) = chat.store.page(&id, None, FIRST, left)?;
        left = left.saturating_sub(messages.iter().map(|message| message.text.len() + 300).sum());
        chats.push(json!({
            "id": shown(&id),
            "name": name,
            "count": chat.store.meta(&id).count,
            "messages": messages,
            "more": more,
        }));
    }
    Ok(fresh(json!({
        "title": chat.title,
        "bot": BOT,
        "timezone": chat.timezone.name(),
        "now": chat.now(),
        "seq": seq,
        "who": who,
        "groups": chat.groups,
        "people": chat.people(),
        "stations": chat.stations(),
        "story": chat.story.has_story(),
        "chats": chats,
    })))
}

async fn history(State(site): State<Arc<Site>>, query: Result<Query<Asked>, QueryRejection>) -> Result<Response, No> {
    let (asked, who) = asked(query)?;
    let chat = asked.chat.as_deref().unwrap_or_default();
    if chat == "pm" && who.is_none() {
        return Err(no_name());
    }
    let room = site.chat.room(chat, who.as_deref().unwrap_or_default())?;
    let (messages, more) = site.chat.store.page(&room.chat, asked.before, MORE, HISTORY_BYTES)?;
    Ok(fresh(json!({ "messages": messages, "more": more })))
}

async fn commands(State(site): State<Arc<Site>>) -> Response {
    fresh(json!(site.chat.commands))
}

// ------------------------------------------------------------------------------------------------------------ speaking

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saying {
    chat: String,
    who: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reply_to: Option<u64>,
    #[serde(default)]
    voice_seconds: Option<u32>,
    id: String,
}

async fn say(State(site): State<Arc<Site>>, headers: HeaderMap, body: Body) -> Result<Response, No> {
    let saying: Saying = read_json(&headers, body).await?;
    finish(tokio::spawn(async move { site.say(saying).await })).await
}

/// What is said of a file beside it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Handing {
    chat: String,
    who: String,
    name: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    reply_to: Option<u64>,
    id: String,
}

async fn file(
    State(site): State<Arc<Site>>,
    query: Result<Query<Handing>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, No> {
    let Query(handing) = query.map_err(|_| no(StatusCode::BAD_REQUEST, "query", "网址里的参数看不懂。"))?;
    let bytes = request_body::read_up_to(&headers, body, BYTES, MAX_BYTES).await.map_err(|unread| match unread {
        Unread::Large => no(
            StatusCode::PAYLOAD_TOO_LARGE,
            "file_large",
            format!("文件太大，最大{}MB。请只留名册那一张表，另存后再发。", MAX_BYTES / (1024 * 1024)),
        ),
        Unread::Kind | Unread::Slow | Unread::Broken => unread.into(),
    })?;
    finish(tokio::spawn(async move { site.hand_in(handing, bytes).await })).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pressing {
    chat: String,
    who: String,
    n: u64,
    label: String,
    id: String,
}

async fn press(State(site): State<Arc<Site>>, headers: HeaderMap, body: Body) -> Result<Response, No> {
    let pressing: Pressing = read_json(&headers, body).await?;
    finish(tokio::spawn(async move { site.press(pressing).await })).await
}

/// What was begun is finished although the browser has gone: the ledger may already have it.
async fn finish(work: tokio::task::JoinHandle<Result<Value, No>>) -> Result<Response, No> {
    match work.await {
        Ok(done) => done.map(fresh),
        Err(_) => Err(no(StatusCode::INTERNAL_SERVER_ERROR, "inner", "刚才没记上，请再发一次。")),
    }
}

/// What one delivery is shown as, and under which id it came.
struct Delivery<'a> {
    id: &'a str,
    reply_to: Option<u64>,
    shown: String,
    seconds: Option<u32>,
}

impl Site {
    async fn say(&self, saying: Saying) -> Result<Value, No> {
        let who = proper_name(&saying.who).ok_or_else(no_name)?;
        proper_id(&saying.id)?;
        let room = self.chat.room(&saying.chat, &who)?;
        match saying.voice_seconds {
            Some(seconds) if !(1..=VOICE).contains(&seconds) || !saying.text.is_empty() => {
                return Err(no(StatusCode::BAD_REQUEST, "voice", "语音要在1到60秒之间，不能另带文字。"));
            }
            Some(_) => {}
            None => proper_text(&saying.text)?,
        }
        self.chat.welcome(&who);
        let key = format!("{}:{who}:{}", room.chat, saying.id);
        self.chat.alone(&key, self.say_once(&who, &room, &saying)).await
    }

    async fn say_once(&self, who: &str, room: &Room, saying: &Saying) -> Result<Value, No> {
        let text = saying.voice_seconds.map_or_else(|| saying.text.clone(), |seconds| format!("语音 {seconds}秒"));
        let (id, reply_to) = (saying.id.as_str(), saying.reply_to);
        let written = text.clone();
        let said = |reply| match saying.voice_seconds {
            Some(seconds) => Said::Voice { seconds },
            None => Said::Text { text, reply, edit: None },
        };
        self.once(who, room, Delivery { id, reply_to, shown: written, seconds: saying.voice_seconds }, said).await
    }

    /// A file with what is written with it.
    async fn hand_in(&self, handing: Handing, bytes: Vec<u8>) -> Result<Value, No> {
        let who = proper_name(&handing.who).ok_or_else(no_name)?;
        proper_id(&handing.id)?;
        let room = self.chat.room(&handing.chat, &who)?;
        if handing.text.len() > MAX_TEXT_BYTES {
            return Err(too_large());
        }
        let name: String = handing.name.chars().filter(|c| !c.is_control()).take(FILE_NAME).collect();
        self.chat.welcome(&who);
        let key = format!("{}:{who}:{}", room.chat, handing.id);
        let shown = format!("📎 {name}\n{}", handing.text).trim_end().to_owned();
        let file = File { name, hangs: Hangs::Here, content: Content::Bytes(bytes.into()) };
        let said = |reply| Said::File { caption: handing.text.clone(), reply, file };
        let delivery = Delivery { id: &handing.id, reply_to: handing.reply_to, shown, seconds: None };
        self.chat.alone(&key, self.once(&who, &room, delivery, said)).await
    }

    /// What was said is handed in once, and shown once the ledger has it.
    async fn once(
        &self,
        who: &str,
        room: &Room,
        delivery: Delivery<'_>,
        said: impl FnOnce(Option<Quote>) -> Said,
    ) -> Result<Value, No> {
        let store = &self.chat.store;
        let Delivery { id, reply_to, shown: text, seconds } = delivery;
        if let Some(known) = store.known(&room.chat, who, id)? {
            let before = store.read(&room.chat, known.n)?;
            let same = before.is_none_or(|message| message.text == mask(&text) || message.text == FORGOTTEN);
            return if same {
                Ok(json!({ "ok": true, "n": known.n, "toast": known.toast }))
            } else {
                Err(no(StatusCode::CONFLICT, "id", "这个编号已经用在另一条消息上，请换一个编号再发。"))
            };
        }
        let gone = || no(StatusCode::BAD_REQUEST, "reply", "要回复的那条消息已经不在了，请去掉引用再发。");
        let target = match reply_to {
            Some(n) => Some(store.read(&room.chat, n)?.ok_or_else(gone)?),
            None => None,
        };
        let n = store.reserve(&room.chat)?;
        let at = self.chat.now();
        let quote = target.as_ref().map(|target| Quote {
            by_bot: target.from == Speaker::Bot,
            text: target.text.clone(),
            about: target.about.clone(),
            message: String::new(),
        });
        let (key, place) = (format!("{NAME}:{}:{who}:{id}", room.chat), room.place.clone());
        let incoming = Incoming { key, place, from: sender(who), said_at: Some(at), said: said(quote) };
        let receipt = self.intake.take(incoming).await?;
        let message = Message {
            n,
            born: 0,
            rev: 0,
            at,
            from: Speaker::Name(who.to_owned()),
            kind: if seconds.is_some() { Kind::Voice } else { Kind::Text },
            text: if receipt.is_forgotten { FORGOTTEN.to_owned() } else { text },
            seconds,
            reply: target.map(|target| Quoted {
                n: target.n,
                from: target.from,
                text: target.text.chars().take(QUOTED).collect(),
            }),
            buttons: Vec::new(),
            about: About::Unknown,
            id: Some(id.to_owned()),
        };
        // The ledger has it; a history that cannot be written does not unsay it.
        match store.keep(&room.chat, message, receipt.toast.as_deref()) {
            Ok(_) => store.settle().await,
            Err(error) => tracing::error!(%error, "a recorded message is missing in the chat's history"),
        }
        Ok(json!({ "ok": true, "n": n, "toast": receipt.toast }))
    }

    async fn press(&self, pressing: Pressing) -> Result<Value, No> {
        let who = proper_name(&pressing.who).ok_or_else(no_name)?;
        proper_id(&pressing.id)?;
        let room = self.chat.room(&pressing.chat, &who)?;
        let message = self
            .chat
            .store
            .read(&room.chat, pressing.n)?
            .filter(|message| message.from == Speaker::Bot && message.buttons.contains(&pressing.label))
            .ok_or_else(|| no(StatusCode::BAD_REQUEST, "button", "这个按钮已经不在了，没有记下。请看最新的消息。"))?;
        self.chat.welcome(&who);
        let key = format!("{NAME}:{}:press:{who}:{}", room.chat, pressing.id);
        let incoming = Incoming {
            key: key.clone(),
            place: room.place,
            from: sender(&who),
            said_at: None,
            said: Said::Press { label: pressing.label, on: message.about.or_else(|| read_mark(&message.text)) },
        };
        let receipt = self.chat.alone(&key, self.intake.take(incoming)).await?;
        Ok(json!({ "ok": true, "toast": receipt.toast }))
    }
}

// ---------------------------------------------------------------------------------------------------------- listening

/// One page that listens.
struct Listening {
    site: Arc<Site>,
    who: Option<String>,
    /// What it is told before anything new.
    first: VecDeque<Event>,
    news: Receiver<Arc<News>>,
    /// Everything up to this change has been told.
    told: u64,
    closing: tokio::sync::watch::Receiver<bool>,
    _seat: Seat,
}

/// Its place among the pages that may listen.
struct Seat(Arc<AtomicUsize>);

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn events(
    State(site): State<Arc<Site>>,
    query: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, No> {
    let (asked, who) = asked(query)?;
    let seat = Seat(Arc::clone(&site.listeners));
    if site.listeners.fetch_add(1, Ordering::Relaxed) >= LISTENERS {
        return Err(no(StatusCode::SERVICE_UNAVAILABLE, "full", "同时打开的页面太多，请关掉几个再试。"));
    }
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok()).or(asked.last);
    let (news, now) = site.chat.store.listen();
    let mut first = VecDeque::from([hello(now)]);
    if let Some(last) = last {
        match site.chat.store.missed(last, now, |chat| sees(chat, who.as_deref()))? {
            Missed::These(missed) => first.extend(missed.iter().map(event)),
            Missed::TooMany => first.push_back(refetch(now)),
        }
    }
    let closing = site.chat.closing.subscribe();
    let listening = Listening { site, who, first, news, told: now, closing, _seat: seat };
    Ok(Sse::new(stream::unfold(listening, next)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

async fn next(mut page: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    if let Some(event) = page.first.pop_front() {
        return Some((Ok(event), page));
    }
    loop {
        let news = tokio::select! {
            _ = page.closing.wait_for(|closing| *closing) => return None,
            news = page.news.recv() => news,
        };
        match news {
            Ok(news) => {
                let new = match &news.what {
                    What::Message(_) => news.seq > page.told,
                    What::Person(_) => true,
                };
                if new && news.chat.as_deref().is_none_or(|chat| sees(chat, page.who.as_deref())) {
                    page.told = page.told.max(news.seq);
                    return Some((Ok(event(&news)), page));
                }
            }
            Err(RecvError::Lagged(_)) => {
                let (news, now) = page.site.chat.store.listen();
                page.news = news;
                page.told = now;
                return Some((Ok(refetch(now)), page));
            }
            Err(RecvError::Closed) => return None,
        }
    }
}

/// The first word to a page: how soon to come back. It carries no id, so that a page that loses the line right here
/// misses nothing.
fn hello(now: u64) -> Event {
    Event::default().event("hello").retry(Duration::from_millis(1_500)).data(json!({ "seq": now }).to_string())
}

fn refetch(now: u64) -> Event {
    Event::default().event("refetch").id(now.to_string()).data(json!({ "seq": now }).to_string())
}

fn event(news: &News) -> Event {
    match &news.what {
        What::Message(message) => {
            let name = if message.rev == message.born { "message" } else { "edit" };
            let data = json!({ "chat": news.chat.as_deref().map(shown), "message": **message });
            Event::default().event(name).id(news.seq.to_string()).data(data.to_string())
        }
        What::Person(name) => Event::default().event("person").data(json!({ "name": name }).to_string()),
    }
}
