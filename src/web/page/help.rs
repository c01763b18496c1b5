//! 怎么发 — what a resident can write to the bot, a line each with an example, for a telephone or a notice board (`/help`).

use super::common::{Asking, Reader, Sheet, show};
use crate::domain::people::person::Role;
use crate::language::Catalog;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;

pub(in crate::web) async fn help(State(reader): State<Arc<dyn Reader>>, asked: Asking) -> Response {
    show(reader, asked, |_, _, _| {
        let entries = Catalog::builtin().ok()?.entries().iter().filter(|entry| entry.open_to(Role::Resident));
        let rows: Vec<_> = entries
            .map(|entry| {
                json!({
                    "zh": {"what": entry.what.zh, "example": entry.example.zh},
                    "en": {"what": entry.what.en, "example": entry.example.en},
                })
            })
            .collect();
        Some(Sheet { template: "help", private: false, fields: json!({ "rows": rows }) })
    })
    .await
}
