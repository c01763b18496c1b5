//! 日报和月报 — the digests of a day (`/d/20250303`) and the report of a month (`/r/202503`) as they were sent, those of discussion groups
//! too: their links lead here, and what a group was told is not told differently on a page, save what a moderator has hidden since.

use super::common::{Asking, Place, Reader, Sheet, number, on, show};
use crate::domain::history::period::{Period, Span};
use crate::domain::history::sent::Digest;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::people::group::GroupKind;
use crate::language::catalog::{Catalog, Lang};
use crate::language::redact::{Marks, Screen};
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::sync::Arc;

/// Digests on one page of a day.
const MAX_DIGESTS: usize = 50;

pub(in crate::web) async fn day(State(reader): State<Arc<dyn Reader>>, date: Place, asked: Asking) -> Response {
    let date = date.map_or_else(|_| String::new(), |Path(date)| date);
    show(reader, asked, move |world, _, asked| {
        let is_plain = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
        let date = NaiveDate::parse_from_str(&date, "%Y%m%d").ok().filter(|_| is_plain)?;
        let page = asked.get("p").and_then(|page| number(page)).unwrap_or(1);
        Some(Sheet { template: "day", private: false, fields: day_fields(world, date, page)? })
    })
    .await
}

/// 月报 — the report of a month as it was sent, to be printed.
pub(in crate::web) async fn month(State(reader): State<Arc<dyn Reader>>, month: Place, asked: Asking) -> Response {
    let month = month.map_or_else(|_| String::new(), |Path(month)| month);
    show(reader, asked, move |world, _, _| {
        let is_plain = month.len() == 6 && month.bytes().all(|byte| byte.is_ascii_digit());
        let first = NaiveDate::parse_from_str(&format!("{month}01"), "%Y%m%d").ok().filter(|_| is_plain)?;
        let issues = world.issues_of(Period::Month, first, MAX_DIGESTS);
        let reports: Vec<Vec<&str>> =
            issues.iter().map(|issue| issue.parts.iter().map(Words::as_str).collect()).collect();
        let (before, after) = (first.pred_opt()?, Span::month(first).last.succ_opt()?);
        let fields = json!({"first": on(first), "before": on(before), "after": on(after), "reports": reports});
        Some(Sheet { template: "month", private: false, fields })
    })
    .await
}

/// The digests of a day as they were sent: members' first, discussion groups' last.
fn day_fields(world: &World<'_>, date: NaiveDate, page: u32) -> Option<Value> {
    let mut found: Vec<(u8, Digest)> = Vec::new();
    for digest in world.digests_of(date) {
        let kind = world.group(digest.group).and_then(|group| group.kind);
        let rank = match kind {
            Some(GroupKind::Members) => 0,
            Some(GroupKind::Town) => 1,
            Some(GroupKind::Sector) => 2,
            Some(GroupKind::Residents) => 3,
            Some(GroupKind::Discussion) | None => 4,
        };
        if digest.parts.iter().any(|part| !part.as_str().is_empty()) {
            found.push((rank, digest));
        }
    }
    found.sort_by_key(|(rank, digest)| (*rank, digest.group));
    let pages = found.len().div_ceil(MAX_DIGESTS).max(1);
    let page = (page as usize).clamp(1, pages);
    let skipped = (page - 1).saturating_mul(MAX_DIGESTS);
    let shown = found.iter().skip(skipped).take(MAX_DIGESTS);
    let catalog = Catalog::builtin().ok()?;
    let mut screen = Screen::new(world);
    let mut message = |digest: &Digest, part: &Words| {
        let lang = world.group(digest.group).map_or(Lang::Zh, |group| Lang::from_code(&group.language));
        screen.message(part.as_str(), Marks::of(catalog, lang))
    };
    let digests: Vec<Vec<String>> =
        shown.map(|(_, digest)| digest.parts.iter().map(|part| message(digest, part)).collect()).collect();
    Some(json!({
        "date": on(date), "before": on(date.pred_opt()?), "after": on(date.succ_opt()?),
        "digests": digests, "page": page, "pages": pages,
    }))
}
