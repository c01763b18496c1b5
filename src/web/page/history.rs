//! 经过 — what happened to a topic, a hundred lines a page, in the words of the moment ([`crate::domain::chronicle`]).

use super::common::at;
use crate::domain::chronicle::index::{Told, count};
use crate::domain::chronicle::{Archive, Line};
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::Say;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use crate::language::{Catalog, Lang, Site, render};
use crate::say;
use serde_json::{Value, json};

/// Lines on one page.
const A_PAGE: usize = 100;

/// 经过 — one page of what happened, the latest first, in the words of the moment.
pub(super) fn page(
    world: &World<'_>,
    archive: &dyn Archive,
    (settings, lang): (&Settings, Lang),
    (no, page): (TopicNo, u32),
) -> Value {
    let Ok(catalog) = Catalog::builtin() else { return json!({"rows": [], "page": 1, "pages": 1}) };
    let site = Site { public_url: settings.public_url.clone(), tz: settings.tz };
    let text = |say: &Say| render(catalog, say, lang, &site).text;
    let told = world.told_of(no, true);
    let pages = count(&told).div_ceil(A_PAGE).max(1);
    let page = usize::try_from(page).unwrap_or(1).clamp(1, pages);
    let mut lines = world.lines_told(&latest(&told, page - 1), archive, false);
    lines.reverse();
    let row = |line: Line| {
        json!({
            "what": line.what, "about": text(&line.about), "text": text(&say!("plain", text = line.text)),
            "who": line.who, "at": at(line.at),
        })
    };
    json!({"rows": lines.into_iter().map(row).collect::<Vec<_>>(), "page": page, "pages": pages})
}

/// The records of a page, counted from the end; none is read that is not on it.
fn latest(told: &[Told], page: usize) -> Vec<Told> {
    let (first, mut seen, mut found) = (page * A_PAGE, 0, Vec::new());
    for one in told.iter().rev() {
        let mut facts: Vec<u32> = Vec::new();
        for fact in one.facts.iter().rev() {
            if (first..first + A_PAGE).contains(&seen) {
                facts.insert(0, *fact);
            }
            seen += 1;
        }
        if !facts.is_empty() {
            found.push(Told { seq: one.seq, facts });
        }
        if seen >= first + A_PAGE {
            break;
        }
    }
    found.reverse();
    found
}
