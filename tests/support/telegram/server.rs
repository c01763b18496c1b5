//! The wire: HTTP in, the three ways to send parameters, long polls, and connections that break on command.

use super::Inner;
use super::fault::Kind as FaultKind;
use super::methods::{Params, number};
use super::spec::{FILE, Method, spec};
use super::state::{Answer, Failure, Outcome, State as World, violation, with_code};
use super::webhook;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::connect_info::{ConnectInfo, Connected};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::serve::{IncomingStream, Listener};
use serde_json::{Value, json};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// A body may be a little larger than the largest document.
const LARGEST_BODY: usize = 60 * 1024 * 1024;
/// The real server waits no longer than this.
const LONGEST_POLL: i64 = 50;

/// A connection that can be reset from within a handler.
pub struct Wire {
    stream: TcpStream,
    cut: Arc<AtomicBool>,
}

/// What the handler holds of its connection.
#[derive(Clone)]
struct Cut(Arc<AtomicBool>);

struct Door(TcpListener);

impl Listener for Door {
    type Io = Wire;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wire, SocketAddr) {
        loop {
            if let Ok((stream, from)) = self.0.accept().await {
                let _ = stream.set_nodelay(true);
                return (Wire { stream, cut: Arc::default() }, from);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Door>> for Cut {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Cut {
        Cut(stream.io().cut.clone())
    }
}

impl Wire {
    /// Once cut, whatever is written resets the connection instead.
    fn whole(&self) -> io::Result<()> {
        if self.cut.load(Ordering::Acquire) {
            let _ = self.stream.set_zero_linger();
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.whole()?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Serves until the thread is told to stop.
pub async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    let stop = inner.clone();
    let app = Router::new().fallback(handle).with_state(inner).into_make_service_with_connect_info::<Cut>();
    tokio::select! {
        _ = axum::serve(Door(listener), app) => {}
        () = stop.stop.notified() => {}
    }
}

fn respond(status: u16, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    response
}

fn refuse(failure: &Failure) -> Response {
    respond(failure.code, failure.json().to_string())
}

/// `{"ok":true,"result":…}` around a result that is JSON already, or should be.
fn accept(result: &[u8]) -> Vec<u8> {
    [b"{\"ok\":true,\"result\":".as_slice(), result, b"}"].concat()
}

async fn handle(State(inner): State<Arc<Inner>>, ConnectInfo(cut): ConnectInfo<Cut>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let path = head.uri.path().replace("%3A", ":");
    if let Some((token, file)) = path.strip_prefix("/file/bot").and_then(|rest| rest.split_once('/')) {
        return hand_over(&inner, &head.method, token, file);
    }
    let Some((token, name)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) else {
        return refuse(&with_code(404, "Not Found"));
    };
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return refuse(&with_code(413, "Request Entity Too Large"));
    };
    if token != inner.lock().options.token {
        inner.act(|state| state.note(name, Params::new(), Outcome::Refused(401, "Unauthorized".to_owned())));
        return refuse(&with_code(401, "Unauthorized"));
    }
    let Some(method) = spec().method(name) else {
        let unknown = Failure { violation: true, ..with_code(404, "Not Found: method not found") };
        inner.act(|state| conclude(state, name, Params::new(), &Err(unknown.clone())));
        return refuse(&unknown);
    };
    match read(method, head.uri.query(), &head.headers, &body) {
        Ok(params) => faulty(&inner, method, params, &cut).await,
        Err(why) => {
            let failure = violation(&why);
            inner.act(|state| conclude(state, &method.name, Params::new(), &Err(failure.clone())));
            refuse(&failure)
        }
    }
}

/// A file under the path `getFile` told.
fn hand_over(inner: &Inner, method: &axum::http::Method, token: &str, file: &str) -> Response {
    inner.act(|state| {
        if method != axum::http::Method::GET || token != state.options.token {
            state.violations.push(format!("a file was asked for as {method} /file/bot…/{file}"));
            return refuse(&with_code(404, "Not Found"));
        }
        let found = state.files.values().find(|(path, _)| path == file).map(|(_, bytes)| bytes.clone());
        state.note("(file)", Params::new(), Outcome::Done);
        match found {
            Some(bytes) => {
                let mut response = respond(200, bytes);
                response
                    .headers_mut()
                    .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/octet-stream"));
                response
            }
            None => {
                state.violations.push(format!("there is no file {file}"));
                refuse(&with_code(404, "Not Found"))
            }
        }
    })
}

/// Writes down how a request ended.
fn conclude(state: &mut World, method: &str, params: Params, answer: &Answer) {
    let outcome = match answer {
        Ok(_) => Outcome::Done,
        Err(failure) => Outcome::Refused(failure.code, failure.description.clone()),
    };
    if let Err(failure) = answer
        && failure.violation
    {
        state.violations.push(format!("{method}: {}", failure.description));
    }
    state.note(method, params, outcome);
}

/// Handles a request, unless something goes wrong on command.
async fn faulty(inner: &Arc<Inner>, method: &Method, params: Params, cut: &Cut) -> Response {
    let fault = inner.act(|state| {
        let (now, chat) = (state.now(), state.chat_of(&params));
        state.faults.take(now, &method.name, chat)
    });
    let Some(fault) = fault else { return done(inner, method, params).await };
    let told = format!("{fault:?}");
    let after = matches!(fault, FaultKind::Truncated | FaultKind::LateAnswer(_) | FaultKind::ResetAfter);
    if !matches!(fault, FaultKind::Stall(_)) {
        let params = if after { Params::new() } else { params.clone() };
        inner.act(|state| state.note(&method.name, params, Outcome::Fault(told, after)));
    }
    match fault {
        FaultKind::TooMany(seconds) => refuse(&super::state::too_many(seconds)),
        FaultKind::Internal => refuse(&with_code(500, "Internal Server Error")),
        FaultKind::BadGateway => {
            let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n";
            let mut response = respond(502, page);
            response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/html"));
            response
        }
        FaultKind::NotOk => {
            respond(200, json!({"ok": false, "error_code": 400, "description": "Bad Request: not ok"}).to_string())
        }
        FaultKind::Unauthorized => refuse(&with_code(401, "Unauthorized")),
        FaultKind::Conflict => refuse(&conflict(
            "terminated by other getUpdates request; make sure that only one bot \
             instance is running",
        )),
        FaultKind::Stall(time) => {
            tokio::time::sleep(time).await;
            done(inner, method, params).await
        }
        FaultKind::ResetBefore => reset(cut),
        FaultKind::ResetAfter => {
            drop(done(inner, method, params).await);
            reset(cut)
        }
        FaultKind::LateAnswer(time) => {
            let response = done(inner, method, params).await;
            tokio::time::sleep(time).await;
            response
        }
        FaultKind::Truncated => {
            let whole = done(inner, method, params).await;
            let bytes = to_bytes(whole.into_body(), usize::MAX).await.unwrap_or_default();
            respond(200, bytes.slice(..bytes.len() / 2))
        }
    }
}

fn reset(cut: &Cut) -> Response {
    cut.0.store(true, Ordering::Release);
    respond(200, "")
}

async fn done(inner: &Arc<Inner>, method: &Method, params: Params) -> Response {
    if method.name == "getUpdates" {
        let answer = get_updates(inner, method, &params).await;
        let noted = answer.as_ref().map(|_| Value::Null).map_err(Clone::clone);
        inner.act(|state| conclude(state, &method.name, params, &noted));
        return match answer {
            Ok(updates) => {
                let mut list = vec![b'['];
                list.extend(updates.join(b",".as_slice()));
                list.push(b']');
                respond(200, accept(&list))
            }
            Err(failure) => refuse(&failure),
        };
    }
    let answer = inner.act(|state| {
        let answer = state.answer(method, &params);
        conclude(state, &method.name, params, &answer);
        answer
    });
    if method.name == "setWebhook" && answer.is_ok() {
        tokio::spawn(webhook::run(inner.clone()));
    }
    match answer {
        Ok(value) => respond(200, accept(value.to_string().as_bytes())),
        Err(failure) => refuse(&failure),
    }
}

fn conflict(why: &str) -> Failure {
    with_code(409, &format!("Conflict: {why}"))
}

/// Counts the long polls that wait, also when the client goes away.
struct Waiting<'a>(&'a Inner);

impl<'a> Waiting<'a> {
    fn new(inner: &'a Inner) -> Waiting<'a> {
        inner.lock().queue.polls += 1;
        inner.changed.notify_all();
        Waiting(inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().queue.polls -= 1;
        self.0.changed.notify_all();
    }
}

async fn get_updates(inner: &Inner, method: &Method, params: &Params) -> Result<Vec<Arc<[u8]>>, Failure> {
    spec().check(method, params).map_err(|why| violation(&why))?;
    let mine = inner.act(|state| {
        if let Some(kinds) = params.get("allowed_updates").and_then(Value::as_array) {
            let kinds: Vec<String> = kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            state.queue.allow(&kinds);
        }
        if state.webhook.is_none() {
            state.queue.newest_poll += 1;
        }
        state.queue.newest_poll
    });
    let limit = usize::try_from(number(params, "limit").unwrap_or(100)).unwrap_or(100);
    let mut offset = number(params, "offset").unwrap_or(0);
    let timeout = number(params, "timeout").unwrap_or(0).clamp(0, LONGEST_POLL).unsigned_abs();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(timeout);
    let mut waiting = None;
    loop {
        let woken = inner.wake.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        {
            let mut state = inner.lock();
            if state.webhook.is_some() {
                return Err(conflict(
                    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                ));
            }
            if state.queue.newest_poll != mine {
                return Err(conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running",
                ));
            }
            let now = state.now();
            let batch = state.queue.batch(now, offset, limit);
            if !batch.is_empty() || tokio::time::Instant::now() >= deadline {
                return Ok(batch);
            }
        }
        // What a negative offset drops, it drops once.
        offset = offset.max(0);
        waiting.get_or_insert_with(|| Waiting::new(inner));
        let _ = tokio::time::timeout_at(deadline, woken).await;
    }
}

/// The parameters of a request, from wherever they stand in it.
fn read(method: &Method, query: Option<&str>, headers: &HeaderMap, body: &Bytes) -> Result<Params, String> {
    let mut params = spec().typed(method, pairs(query.unwrap_or_default())?)?;
    if body.is_empty() {
        return Ok(params);
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let more = if kind.starts_with("application/json") {
        let map: Params = serde_json::from_slice(body).map_err(|why| format!("can't parse JSON object: {why}"))?;
        spec().unpacked(method, map)
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        let text = std::str::from_utf8(body).map_err(|_| "strings must be encoded in UTF-8".to_owned())?;
        spec().typed(method, pairs(text)?)?
    } else if let Some((_, boundary)) = kind.split_once("boundary=") {
        multipart(method, boundary.trim_matches('"'), body)?
    } else {
        return Err(format!("a body of type {kind:?} is not understood"));
    };
    params.extend(more);
    Ok(params)
}

fn pairs(encoded: &str) -> Result<Vec<(String, String)>, String> {
    let url = reqwest::Url::parse(&format!("http://fake/?{encoded}")).map_err(|why| why.to_string())?;
    Ok(url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

fn multipart(method: &Method, boundary: &str, body: &[u8]) -> Result<Params, String> {
    let mark = format!("--{boundary}").into_bytes();
    let mut texts = Vec::new();
    let mut files = Vec::new();
    let mut rest = body.get(find(body, &mark).ok_or("no multipart boundary")? + mark.len()..).unwrap_or_default();
    let delimiter = [b"\r\n".as_slice(), &mark].concat();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, &delimiter).ok_or("a multipart part does not end")?;
        let whole = part.get(..end).unwrap_or_default();
        let split = find(whole, b"\r\n\r\n").ok_or("a multipart part has no head")?;
        let head = String::from_utf8_lossy(whole.get(..split).unwrap_or_default()).into_owned();
        let value = whole.get(split + 4..).unwrap_or_default();
        let quoted = |key: &str| {
            let (_, rest) = head.split_once(key)?;
            rest.split('"').next().map(str::to_owned)
        };
        let name = quoted(" name=\"").or_else(|| quoted(";name=\"")).ok_or("a multipart part has no name")?;
        match quoted("filename=\"") {
            Some(file) => files.push((name, json!({FILE: value.len(), "name": file}))),
            None => {
                let text = std::str::from_utf8(value).map_err(|_| "strings must be encoded in UTF-8")?;
                texts.push((name, text.to_owned()));
            }
        }
        rest = part.get(end + delimiter.len()..).unwrap_or_default();
    }
    let mut params = spec().typed(method, texts)?;
    for (name, file) in files {
        let attached = format!("attach://{name}");
        match params.values_mut().find(|value| value.as_str() == Some(&attached)) {
            Some(value) => *value = file,
            None => drop(params.insert(name, file)),
        }
    }
    Ok(params)
}
