//! 怎么发 — what a resident can write to the bot, a line each with an example, for a telephone or a notice board (`/help`).

use super::common::{Asking, Reader, Sheet, show};
use crate::domain::people::person::Role;
use crate::language::{Catalog, Entry};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;

/// What is open to all because departments, companies and experts are asked in by name.
const OF_THE_INVITED: [&str; 3] = ["answer", "ack", "return"];

pub(in crate::web) async fn help(State(reader): State<Arc<dyn Reader>>, asked: Asking) -> Response {
    show(reader, asked, |_, _, _| {
        let entries = Catalog::builtin().ok()?.entries().iter().filter(|entry| entry.open_to(Role::Resident));
        // What residents are told first in a chat stands first; what is for the few who were asked in stands last.
        let mut entries: Vec<_> = entries.collect();
        let order = |entry: &&Entry| {
            let own = entry.help.iter().filter(|line| line.role == Role::Resident).map(|line| line.order).min();
            own.unwrap_or(if OF_THE_INVITED.contains(&entry.key()) { u32::MAX } else { u32::MAX - 1 })
        };
        entries.sort_by_key(order);
        let rows: Vec<_> = entries
            .into_iter()
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
