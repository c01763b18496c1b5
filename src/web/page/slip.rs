//! 受理进度 — for whoever handed it in, what became of a slip (`/w/1?k=…`). What it came with is shown here to nobody.

use super::common::{Asking, Place, Reader, Sheet, at, number, show};
use crate::domain::intake::slip::Fate;
use crate::domain::kernel::ids::SlipNo;
use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;

/// Longest key that is compared, in bytes.
const MAX_KEY: usize = 200;

pub(in crate::web) async fn slip(State(reader): State<Arc<dyn Reader>>, no: Place, asked: Asking) -> Response {
    let no = no.map_or_else(|_| String::new(), |Path(no)| no);
    show(reader, asked, move |world, _, asked| {
        let plain = no.strip_prefix(['W', 'w']).unwrap_or(&no);
        let slip = world.slip(SlipNo(number(plain)?))?;
        let key = asked.get("k").map_or("", String::as_str);
        if slip.token.is_empty() || !same(slip.token.as_bytes(), key.as_bytes()) {
            return None;
        }
        let station = slip.station.and_then(|id| world.station(id)).map(|station| station.name.as_str().to_owned());
        let (fate, topic, reason) = match &slip.fate {
            Fate::Pending => ("pending", None, None),
            Fate::Accepted(topic) => ("accepted", Some(*topic), None),
            Fate::Rejected(reason) => ("rejected", None, Some(reason.as_str().to_owned())),
            Fate::Referred(_, reason) => ("referred", None, Some(reason.as_str().to_owned())),
        };
        let unit = match &slip.fate {
            Fate::Referred(unit, _) => Some(unit.as_str().to_owned()),
            _ => None,
        };
        let now = topic.and_then(|no| world.topic(no)).map(|topic| topic.step);
        let fields = json!({
            "no": slip.no, "title": slip.title.as_str(), "at": at(slip.at), "station": station,
            "fate": fate, "topic": topic, "step": now, "reason": reason, "unit": unit,
        });
        Some(Sheet { template: "slip", private: true, fields })
    })
    .await
}

/// Whether two keys are the same, in a time that tells nothing of where they differ.
fn same(key: &[u8], given: &[u8]) -> bool {
    if key.len() != given.len() || key.len() > MAX_KEY {
        return false;
    }
    let differing = key.iter().zip(given).fold(0_u8, |sum, (a, b)| std::hint::black_box(sum | (a ^ b)));
    std::hint::black_box(differing) == 0
}
