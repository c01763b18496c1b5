//! 扫码点单 — the page a station's code leads to (`/s/…`), for any telephone and whatever doors there are: where it is, when somebody
//! receives there, and a form on which to say what is wrong. It needs no script, and what could not be taken comes back as it was typed.
//!
//! Whoever fills it in is a stranger, whatever doors there are: anybody may type anybody's name. Their account is made of a random mark
//! that their browser keeps and of the name they give, so that two people at one telephone are two; the name proves nothing. The same
//! form sent twice (`id`) has one effect and one answer. How much may be handed in is [`Gate`]'s.

use super::common::{Asked, Asking, Place as Part, Reader, Sheet, in_link, show_as};
use crate::domain::intake::station::Station;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use crate::language::fold::trim;
use crate::platform::request_body::{self, Unread};
use crate::platform::{Incoming, Intake, MAX_TEXT_BYTES, Place, Receipt, Refused, Said, Sender, SenderKind, Visitors};
use crate::web::callers::Caller;
use crate::web::flood_gate::Gate;
use crate::web::page::poster::station_fields;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequest, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is posted here.
const FORM: &str = "application/x-www-form-urlencoded";
/// Longest code or name of a station that is looked for, in bytes.
const MAX_KEY: usize = 400;
/// Longest title taken to the office, in characters; what a good title is, is for the office to say.
const TITLE: usize = 200;
/// The name of the mark a stranger's browser keeps, and how long, in seconds.
const MARK: &str = "visitor";
const MARK_KEPT: u32 = 365 * 24 * 60 * 60;
/// As of every page, but that it may be sent.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The time, as whoever starts it reads it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// What the form is served with.
pub struct Desk {
    /// Where the stations are read.
    pub reader: Arc<dyn Reader>,
    /// Where what is handed in goes.
    pub intake: Arc<dyn Intake>,
    /// Where the time comes from.
    pub clock: Clock,
    /// The door whose page leads here and back, if there is one.
    pub visitors: Option<Arc<dyn Visitors>>,
}

struct Counter {
    desk: Desk,
    gate: Mutex<Gate>,
}

impl Counter {
    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `GET` and `POST /s/{station}`; the station by its code or by its name.
pub fn form(desk: Desk) -> Router {
    let visitors = desk.visitors.clone();
    let counter = Arc::new(Counter { desk, gate: Mutex::default() });
    let router = Router::new().route("/s/{station}", get(open).post(submit)).with_state(counter);
    match visitors {
        Some(visitors) => visitors.guard(router),
        None => router,
    }
}

/// What was written on the form.
#[derive(Debug, Clone, Default, Deserialize)]
struct Filled {
    #[serde(default)]
    who: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    id: String,
}

/// Why nothing was handed in; the key of a sentence in `commands/pages/words.*.j2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    /// No title.
    Empty,
    /// A title of several lines, or far too long.
    Title,
    /// Too long.
    Large,
    /// Not a form.
    Unreadable,
    /// It did not arrive as a whole.
    Broken,
    /// It took too long.
    Slow,
    /// Sent from another site's page.
    Foreign,
    /// Too much was handed in lately; so long it is to wait, where that is known.
    Often(Option<TimeDelta>),
    /// Too many are being listened to.
    Busy,
    /// Nothing is taken now.
    Closed,
}

impl Wrong {
    fn sentence(self) -> (StatusCode, &'static str) {
        match self {
            Self::Empty => (StatusCode::BAD_REQUEST, "empty"),
            Self::Title => (StatusCode::BAD_REQUEST, "title"),
            Self::Large => (StatusCode::PAYLOAD_TOO_LARGE, "large"),
            Self::Unreadable => (StatusCode::BAD_REQUEST, "unreadable"),
            Self::Broken => (StatusCode::BAD_REQUEST, "broken"),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "slow"),
            Self::Foreign => (StatusCode::FORBIDDEN, "foreign"),
            Self::Often(_) => (StatusCode::TOO_MANY_REQUESTS, "often"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Closed => (StatusCode::SERVICE_UNAVAILABLE, "closed"),
        }
    }
}

impl From<Refused> for Wrong {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Busy => Self::Busy,
            Refused::Closed => Self::Closed,
        }
    }
}

impl From<Unread> for Wrong {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Kind => Self::Unreadable,
            Unread::Large => Self::Large,
            Unread::Slow => Self::Slow,
            Unread::Broken => Self::Broken,
        }
    }
}

/// What the page shows beside the station itself.
#[derive(Debug, Clone)]
enum Shown {
    /// The form, empty.
    Blank,
    /// The form as it was typed, and why it was not taken.
    Wrong(Wrong),
    /// The form as it was typed, and what the office says to it; nothing was handed in.
    Answer(String),
    /// It was handed in: what the office says, and where it can be followed.
    Done(String, String),
}

async fn open(State(counter): State<Arc<Counter>>, key: Part, asked: Asking, headers: HeaderMap) -> Response {
    let asked = in_their_language(asked, &headers);
    let who = asked.get("who").cloned().unwrap_or_default();
    let filled = Filled { who, ..Filled::default() };
    let mark = mark_of(&headers).is_none().then(new_mark);
    page(&counter, key.map_or_else(|_| String::new(), |Path(key)| key), asked, filled, Shown::Blank, mark).await
}

async fn submit(State(counter): State<Arc<Counter>>, key: Part, asked: Asking, request: Request) -> Response {
    let key = key.map_or_else(|_| String::new(), |Path(key)| key);
    let asked = in_their_language(asked, request.headers());
    let mut filled = Filled::default();
    let shown = match take(&counter, &key, request, &mut filled).await {
        Ok(receipt) => said(receipt),
        Err(wrong) => Shown::Wrong(wrong),
    };
    page(&counter, key, asked, filled, shown, None).await
}

/// What becomes of a receipt on the page. Without a link nothing was handed in, whatever was said.
fn said(receipt: Receipt) -> Shown {
    let link = receipt.link.filter(|link| link.starts_with('/') && !link.starts_with("//") && !link.contains('\\'));
    match (receipt.page, link) {
        (Some(words), Some(link)) => Shown::Done(words, link),
        (Some(words), None) => Shown::Answer(words),
        (None, Some(_) | None) => Shown::Wrong(Wrong::Often(None)),
    }
}

/// Takes a form in. What was typed is left in `filled`, whatever becomes of it.
async fn take(counter: &Arc<Counter>, key: &str, request: Request, filled: &mut Filled) -> Result<Receipt, Wrong> {
    let Some((station, name, public)) = look(counter, key).await else { return Err(Wrong::Unreadable) };
    let (parts, body) = request.into_parts();
    let headers = parts.headers;
    if is_foreign(&headers, public.as_deref()) {
        return Err(Wrong::Foreign);
    }
    let from = parts.extensions.get::<Caller>().and_then(|Caller(from)| *from);
    *filled = read(counter, from, &headers, body).await?;
    let from = Who { from, mark: mark_of(&headers) };
    let incoming = counter.incoming(&name, filled, &from)?;
    counter.gate().admit(from.from, station, (counter.desk.clock)()).map_err(|wait| Wrong::Often(Some(wait)))?;
    // What was begun is finished although the browser has gone: the ledger may already have it.
    let intake = Arc::clone(&counter.desk.intake);
    let taken = tokio::spawn(async move { intake.take(incoming).await }).await;
    taken.map_err(|_| Wrong::Closed)?.map_err(Wrong::from)
}

/// The station, by number and name, and the address people reach us at.
async fn look(counter: &Arc<Counter>, key: &str) -> Option<(u32, String, Option<String>)> {
    let (reader, key) = (Arc::clone(&counter.desk.reader), key.to_owned());
    let work = move || {
        let mut found = None;
        reader.read(&mut |world, settings| {
            found = known(world, &key)
                .map(|station| (station.id.0, station.name.as_str().to_owned(), settings.public_url.clone()));
        });
        found
    };
    tokio::task::spawn_blocking(work).await.ok()?
}

fn known(world: &World<'_>, key: &str) -> Option<Station> {
    if key.is_empty() || key.len() > MAX_KEY {
        return None;
    }
    world.station_at(key).or_else(|| world.station_named(key))
}

/// Reads what was written, if there is room to listen.
async fn read(counter: &Counter, from: Option<IpAddr>, headers: &HeaderMap, body: Body) -> Result<Filled, Wrong> {
    if !counter.gate().begin(from) {
        return Err(Wrong::Busy);
    }
    let seat = Seat { counter, from };
    let bytes = request_body::read(headers, body, FORM).await?;
    drop(seat);
    // The form's own parser: the same that reads query strings.
    let request = Request::post("/").header(header::CONTENT_TYPE, FORM).body(Body::from(bytes));
    let request = request.map_err(|_| Wrong::Unreadable)?;
    let parsed = <axum::Form<Filled> as FromRequest<()>>::from_request(request, &()).await;
    parsed.map(|axum::Form(filled)| filled).map_err(|_| Wrong::Unreadable)
}

/// A place among those who are listened to.
struct Seat<'c> {
    counter: &'c Counter,
    from: Option<IpAddr>,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.counter.gate().done(self.from);
    }
}

/// What is known of a browser.
struct Who {
    from: Option<IpAddr>,
    mark: Option<String>,
}

impl Counter {
    fn incoming(&self, station: &str, filled: &mut Filled, who: &Who) -> Result<Incoming, Wrong> {
        // A script may leave the id out; the page never does.
        if filled.id.is_empty() {
            filled.id = new_mark();
        }
        if !is_id(&filled.id) {
            return Err(Wrong::Unreadable);
        }
        let from = stranger(who.mark.as_deref().unwrap_or(&filled.id), &filled.who);
        if trim(&filled.title).is_empty() {
            return Err(Wrong::Empty);
        }
        if filled.title.chars().count() > TITLE || filled.title.contains(['\n', '\r']) {
            return Err(Wrong::Title);
        }
        if filled.text.len() > MAX_TEXT_BYTES {
            return Err(Wrong::Large);
        }
        let (platform, account) = from.account.split_once(':').unwrap_or(("", &from.account));
        Ok(Incoming {
            // The same form sent twice is one request; other words under the same id (a page a browser brought back) are another.
            key: format!("{platform}:page:{station}:{account}:{}:{}", filled.id, words_of(filled)),
            place: Place::Page { station: Some(station.to_owned()), topic: None },
            from,
            said_at: Some((self.desk.clock)()),
            // Forms carry line ends as CR LF.
            said: Said::Form { title: filled.title.trim().to_owned(), text: filled.text.replace("\r\n", "\n") },
        })
    }
}

/// The words of a form, as a few letters.
fn words_of(filled: &Filled) -> String {
    let digest = Sha256::new().chain_update(&filled.title).chain_update([0]).chain_update(&filled.text).finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Somebody nobody knows. The account does not give the mark away: whoever could read it could hand in under it.
fn stranger(mark: &str, name: &str) -> Sender {
    let name: String = name.trim().chars().take(TITLE).collect();
    let digest = Sha256::new().chain_update(mark).chain_update([0]).chain_update(&name).finalize();
    let account: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Sender {
        account: format!("page:{account}"),
        name,
        name_is_proof: false,
        kind: SenderKind::Person,
        private_chat: None,
    }
}

/// Whether another site's page had it sent. A browser calls a foreign name that was pointed at this machine “same origin”, so the name it asked
/// for comes first.
fn is_foreign(headers: &HeaderMap, public: Option<&str>) -> bool {
    let bare = |address: &str| {
        address.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(rest).to_ascii_lowercase())
    };
    let public = public.and_then(bare);
    let mut hosts =
        headers.get_all(header::HOST).iter().map(|host| host.to_str().unwrap_or_default().to_ascii_lowercase());
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) if public.as_ref() == Some(&host) || is_plain(&host) => host,
        (Some(_), None | Some(_)) | (None, _) => return true,
    };
    let mut sites = headers.get_all("sec-fetch-site").iter().peekable();
    if sites.peek().is_some() {
        return !sites.all(|site| ["same-origin", "none"].iter().any(|own| site == own));
    }
    // Browsers of before that header. A proxy may have put its own name in place of ours.
    let own = [Some(host), public];
    let is_own = |origin: &HeaderValue| origin.to_str().ok().and_then(bare).is_some_and(|of| own.contains(&Some(of)));
    !headers.get_all(header::ORIGIN).iter().all(is_own)
}

/// A host that nobody outside can point at this machine: an address, or a name without a dot, as machines have within a house.
fn is_plain(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    !bare.is_empty() && (bare.parse::<IpAddr>().is_ok() || !bare.contains(['.', ':']))
}

/// The language that was asked for; without one, that of the browser; without that, that of the office.
fn in_their_language(asked: Asking, headers: &HeaderMap) -> Asked {
    let mut asked = asked.map_or_else(|_| Asked::new(), |Query(asked)| asked);
    let first = headers.get(header::ACCEPT_LANGUAGE).and_then(|languages| languages.to_str().ok());
    let first = first.map(|languages| languages.trim_start().to_ascii_lowercase()).unwrap_or_default();
    let wanted = ["en", "zh"].into_iter().find(|code| first.starts_with(code));
    if let Some(code) = wanted {
        asked.entry("lang".to_owned()).or_insert_with(|| code.to_owned());
    }
    asked
}

/// Writes the page. `mark` is one for the browser to keep.
async fn page(
    counter: &Counter,
    key: String,
    asked: Asked,
    filled: Filled,
    shown: Shown,
    mark: Option<String>,
) -> Response {
    let status = match &shown {
        Shown::Wrong(wrong) => wrong.sentence().0,
        Shown::Blank | Shown::Done(..) => StatusCode::OK,
        Shown::Answer(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let home = counter.desk.visitors.as_ref().map(|visitors| visitors.home());
    let wait = match &shown {
        Shown::Wrong(Wrong::Often(wait)) => *wait,
        Shown::Wrong(_) | Shown::Blank | Shown::Answer(_) | Shown::Done(..) => None,
    };
    let secure = Arc::new(Mutex::new(""));
    let seen = Arc::clone(&secure);
    let find = move |world: &World<'_>, settings: &Settings, _: &Asked| {
        if settings.public_url.as_ref().is_some_and(|url| url.starts_with("https://")) {
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = "; Secure";
        }
        let mut fields = fields(world, &known(world, &key)?, &filled, &shown);
        fields.insert("wait".to_owned(), json!(wait.map(minutes)));
        fields.insert("home".to_owned(), json!(home));
        Some(Sheet { template: "station", private: true, fields: Value::Object(fields) })
    };
    let mut response = show_as(status, Arc::clone(&counter.desk.reader), asked, find).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    // Under no-referrer a browser sends a form with `Origin: null`, which is what strangers' pages send, too.
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if let Some(wait) = wait {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(minutes(wait) * 60));
    }
    if let Some(mark) = mark {
        let secure = *secure.lock().unwrap_or_else(PoisonError::into_inner);
        let cookie = format!("{MARK}={mark}; Path=/s/; Max-Age={MARK_KEPT}; HttpOnly; SameSite=Lax{secure}");
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.insert(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// A time to wait as it is said: in whole minutes, one at least.
fn minutes(wait: TimeDelta) -> i64 {
    ((wait.num_seconds() + 59) / 60).max(1)
}

/// What stands on the page.
fn fields(world: &World<'_>, station: &Station, filled: &Filled, shown: &Shown) -> serde_json::Map<String, Value> {
    let Value::Object(mut fields) = station_fields(station) else { return serde_json::Map::new() };
    let sums = world.station_figures().get(&station.id).copied().unwrap_or_default();
    // One that came back because it may not have arrived is sent again as the same; what the office answered is another.
    let keeps = matches!(shown, Shown::Wrong(_)) && is_id(&filled.id);
    let id = if keeps { filled.id.clone() } else { new_mark() };
    let (wrong, answer, done) = match shown {
        Shown::Blank => (None, None, None),
        Shown::Wrong(wrong) => (Some(wrong.sentence().1), None, None),
        Shown::Answer(words) => (None, Some(words), None),
        Shown::Done(words, link) => (None, None, Some(json!({"words": words, "link": link}))),
    };
    let more = json!({
        "received": sums.received, "closed": sums.closed,
        "form": {"who": filled.who, "title": filled.title, "text": filled.text, "id": id},
        "link_at": in_link(&station.code()), "who_at": in_link(&filled.who),
        "wrong": wrong, "answer": answer, "done": done,
    });
    if let Value::Object(more) = more {
        fields.extend(more);
    }
    fields
}

/// The mark a browser keeps, if it is one of ours.
fn mark_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut all = cookies.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let (_, mark) = all.find(|(name, _)| *name == MARK)?;
    let is_ours = mark.len() == 32 && mark.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c));
    is_ours.then(|| mark.to_owned())
}

/// What a form is told apart by.
fn is_id(id: &str) -> bool {
    (8..=64).contains(&id.len()) && id.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
}

/// A fresh one: 32 hex digits. Without chance it is empty, and the form is refused with a sentence.
fn new_mark() -> String {
    let mut bytes = [0_u8; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        Err(_) => String::new(),
    }
}
