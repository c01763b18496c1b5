//! `GET /healthz` — 200 when a vote can be taken, 503 with the reason otherwise.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use std::sync::Arc;

/// Answers with what keeps the bot from taking a vote, or `None`.
pub type Trouble = Arc<dyn Fn() -> Option<&'static str> + Send + Sync>;

/// The route.
pub fn healthz(trouble: Trouble) -> Router {
    Router::new().route(
        "/healthz",
        get(move || {
            let found = trouble();
            async move {
                match found {
                    None => (StatusCode::OK, "ok\n".to_owned()),
                    Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("{reason}\n")),
                }
            }
        }),
    )
}
