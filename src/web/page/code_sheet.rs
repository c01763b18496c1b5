//! 邀请码表 — the codes for all of a roll behind the link of whoever asked for them (`/c/…`): made again from the token in the link each
//! time it is looked at, without those that were used. To print and cut.

use super::common::{Asking, Place, Reader, Sheet, at, show};
use crate::domain::people::invitation_sheet;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;

/// Longest token that is looked for, in bytes.
const MAX_KEY: usize = 200;

pub(in crate::web) async fn codes(State(reader): State<Arc<dyn Reader>>, token: Place, asked: Asking) -> Response {
    let token = token.map_or_else(|_| String::new(), |Path(token)| token);
    show(reader, asked, move |world, settings, _| {
        let sheet = if token.len() <= MAX_KEY { world.code_sheet_at(&token) } else { None }?;
        let row = |code: &invitation_sheet::Code| {
            let (name, room) = world.owner_of(sheet.topic, code)?;
            let written = invitation_sheet::code(&token, code.voter, code.owner);
            let link = settings.invite_url.as_ref().map(|url| format!("{url}{written}"));
            Some((room, name, written, link))
        };
        let mut rows: Vec<_> = world.codes_on(sheet.no).iter().filter_map(row).collect();
        rows.sort_by(|one, other| (in_order(&one.0), one).cmp(&(in_order(&other.0), other)));
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(room, name, code, link)| json!({"room": room, "name": name, "code": code, "link": link}))
            .collect();
        let fields = json!({"no": sheet.topic, "until": at(sheet.until), "rows": rows});
        Some(Sheet { template: "codes", private: true, fields })
    })
    .await
}

/// The numbers in a flat, one after another: whoever goes from door to door goes by them.
fn in_order(room: &str) -> Vec<u32> {
    room.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}
