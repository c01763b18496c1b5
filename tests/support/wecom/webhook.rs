//! The wire of the robots: one address, one form, and what WeCom answers.

use super::{Fault, Inner, Post, State as World, markdown};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use tokio::net::TcpListener;

/// Longest content of each kind, in bytes.
const LONGEST: usize = 4_096;
const LARGEST_BODY: usize = 4 * 1024 * 1024;

/// Serves until it is told to stop.
pub async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    let stop = Arc::clone(&inner);
    let app = Router::new().fallback(handle).with_state(inner);
    tokio::select! {
        _ = axum::serve(listener, app) => {}
        () = stop.stop.notified() => {}
    }
}

fn respond(status: u16, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// WeCom answers 200 whatever becomes of it.
fn code(code: i64) -> Response {
    let errmsg = if code == 0 { "ok" } else { "refused, hint: [1700000000_1_0123456789abcdef], from ip: 127.0.0.1" };
    respond(200, json!({ "errcode": code, "errmsg": errmsg }).to_string())
}

/// An answer that breaks off.
fn broken() -> Response {
    let parts = futures_util::stream::iter([Ok("{\"errcode\""), Err(std::io::Error::other("broken"))]);
    respond(200, Body::from_stream(parts))
}

async fn handle(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, LARGEST_BODY).await.unwrap_or_default();
    let mut state = inner.lock();
    state.requests += 1;
    let mut wrong = Vec::new();
    if head.method != Method::POST || head.uri.path() != "/cgi-bin/webhook/send" {
        wrong.push(format!("{} {}", head.method, head.uri.path()));
    }
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        wrong.push(format!("content-type: {kind}"));
    }
    let key = head.uri.query().and_then(|query| query.strip_prefix("key=")).unwrap_or_default().to_owned();
    if key.is_empty() || key.contains('&') {
        wrong.push("one key, and nothing else, belongs into the address".to_owned());
    }
    if !state.robots.get(&key).is_some_and(|robot| robot.is_there) {
        return code(93_000);
    }
    let content = match content(&body) {
        Ok(content) => content,
        Err((errcode, why)) => {
            state.violations.push(why);
            return code(errcode);
        }
    };
    state.violations.append(&mut wrong);
    let fault = state.faults.pop_front();
    match fault {
        Some(Fault::Code(errcode)) => return code(errcode),
        Some(Fault::Status(status)) => return respond(status, "<html>no</html>"),
        Some(Fault::StatusAfter(_) | Fault::ResetAfter) | None => {}
    }
    if !state.has_room(&key) {
        state.limited += 1;
        return code(45_009);
    }
    post(&mut state, &key, content);
    match fault {
        Some(Fault::StatusAfter(status)) => respond(status, "<html>gone away</html>"),
        Some(Fault::ResetAfter) => broken(),
        Some(Fault::Code(_) | Fault::Status(_)) | None => code(0),
    }
}

/// What is to be shown; else the code and why.
fn content(body: &[u8]) -> Result<String, (i64, String)> {
    let no = |errcode, why: &str| Err((errcode, why.to_owned()));
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return no(40_058, "the body is no object") };
    let only = |map: &Map<String, Value>, keys: &[&str]| map.keys().all(|key| keys.contains(&key.as_str()));
    let Some(kind) = body.get("msgtype").and_then(Value::as_str) else { return no(40_008, "no msgtype") };
    if kind != "markdown_v2" || !only(&body, &["msgtype", kind]) {
        return Err((40_008, format!("msgtype {kind}: {body:?}")));
    }
    let Some(Value::Object(inside)) = body.get(kind) else { return no(40_058, "nothing in it") };
    let Some(content) = inside.get("content").and_then(Value::as_str).filter(|_| only(inside, &["content"])) else {
        return no(40_058, "no content, or more than that");
    };
    if content.trim().is_empty() {
        return no(44_004, "the content is empty");
    }
    if content.len() > LONGEST {
        return Err((40_058, format!("content exceed max length {LONGEST}: {}", content.len())));
    }
    Ok(content.to_owned())
}

fn post(state: &mut World, key: &str, content: String) {
    let read = markdown::read(&content);
    state.violations.extend(read.odd);
    let at = (state.clock)();
    let robot = state.robots.get_mut(key).unwrap();
    robot.sent.push_back(at);
    robot.posts.push(Post { at, content, shown: read.shown, links: read.links });
}
