//! 公开页面 — the list of pages anybody with the link may read. Plain pages that any telephone shows and any printer prints; search
//! engines are asked to stay away.

use super::page::common::{Asking, respond, show};
use super::page::{code_sheet, day, help, poster, slip, topic};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use std::sync::Arc;

pub use super::page::common::{Reader, StoreReader};
pub use super::page::topic::html as topic_html;

const CSS: &str = include_str!("../../commands/pages/pages.css");

/// The read-only pages. No fallback: see [`missing`].
///
/// | address | page |
/// |---|---|
/// | `/help` | what residents can write to the bot |
/// | `/t/{no}` | a topic |
/// | `/t/{no}/qr` | its code, to be put up |
/// | `/t/{no}/notice` | its plan as it was posted, to be put up |
/// | `/d/{yyyymmdd}` | the digests of a day |
/// | `/r/{yyyymm}` | the report of a month |
/// | `/w/{no}?k=token` | what became of a slip |
/// | `/s/{station}/qr` | the code of a station |
/// | `/x/{token}` | the table behind the link of an export |
/// | `/c/{token}` | the codes for all of a roll, to print |
pub fn pages(reader: Arc<dyn Reader>) -> Router {
    Router::new()
        .route("/help", get(help::help))
        .route("/t/{no}", get(topic::topic))
        .route("/t/{no}/qr", get(poster::topic_code))
        .route("/t/{no}/notice", get(poster::notice))
        .route("/d/{date}", get(day::day))
        .route("/r/{month}", get(day::month))
        .route("/w/{no}", get(slip::slip))
        .route("/s/{station}/qr", get(poster::station_code))
        .route("/x/{token}", get(poster::table))
        .route("/c/{token}", get(code_sheet::codes))
        .route("/pages.css", get(css))
        .with_state(reader)
}

/// The page for an address that leads nowhere, with what to do next. A fallback for the whole site.
pub async fn missing(State(reader): State<Arc<dyn Reader>>, asked: Asking) -> Response {
    show(reader, asked, |_, _, _| None).await
}

async fn css() -> Response {
    respond(StatusCode::OK, "text/css; charset=utf-8", "max-age=3600", CSS.to_owned())
}
