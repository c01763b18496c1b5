//! 一条台账 — a record as the ledger gives it back, with marks of the world where something was erased.

use crate::domain::event::Record;
use crate::domain::kernel::words::{GONE, NOBODY};
use crate::ledger::Entry;
use serde_json::Value;

/// Fields that name somebody: an erased name is still somebody's.
const NAMES: [&str; 5] = ["name", "names", "giver", "helpers", "who"];
/// Fields by which somebody is found or written to: erased they are as if they had never been filled in. Every other text that was
/// erased was still said, and all who show it say so.
const ADDRESSES: [&str; 16] = [
    "account",
    "address",
    "before",
    "chat",
    "choice",
    "expertise",
    "field",
    "fingerprint",
    "level",
    "private_chat",
    "room",
    "rooms",
    "shown",
    "to",
    "unit",
    "units",
];

/// Puts the marks of the world in the place of what was erased, wherever it stands in a record.
fn mark_gone(value: &mut Value, field: &str) {
    match value {
        Value::Object(map) if map.contains_key("$gone") => {
            if !ADDRESSES.contains(&field) {
                let mark = if NAMES.contains(&field) { NOBODY } else { GONE };
                *value = serde_json::json!({ "$w": mark.to_string() });
            }
        }
        Value::Object(map) => map.iter_mut().for_each(|(field, value)| mark_gone(value, field)),
        Value::Array(values) => values.iter_mut().for_each(|value| mark_gone(value, field)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A record as the ledger gives it back.
///
/// # Errors
/// If this version does not understand it.
pub fn record_of(entry: Entry) -> Result<Record, serde_json::Error> {
    let seq = entry.seq;
    let mut body = entry.body;
    mark_gone(&mut body, "");
    let mut record: Record = serde_json::from_value(body)?;
    record.seq = seq;
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::{GONE, NOBODY, mark_gone};
    use serde_json::json;

    #[test]
    fn what_was_erased_is_marked_wherever_it_stands() {
        let (gone, text, name) =
            (json!({"$gone": true}), json!({"$w": GONE.to_string()}), json!({"$w": NOBODY.to_string()}));
        for (field, becomes) in
            [("reason", &text), ("note", &text), ("why", &text), ("name", &name), ("account", &gone)]
        {
            let mut body = json!({"facts": [{"any": {field: gone, "parts": [gone, {"$w": "said"}], "n": 1}}]});
            mark_gone(&mut body, "");
            assert_eq!(
                body,
                json!({"facts": [{"any": {field: becomes, "parts": [text, {"$w": "said"}], "n": 1}}]}),
                "{field}"
            );
        }
    }
}
