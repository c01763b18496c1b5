//! 张贴的纸 — what is printed and put up: the code of a topic (`/t/1/qr`) or of a station (`/s/…/qr`), the notice of a plan
//! (`/t/1/notice`), and the table behind the link of an export (`/x/…`).

use super::common::{Asked, Asking, Place, Reader, Sheet, at, number, on, respond, show};
use super::qr_code::{Picture, picture};
use super::topic::somebody;
use crate::domain::chronicle::Archive;
use crate::domain::history::export::{Export, Line};
use crate::domain::intake::station::Station;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::Value as Said;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::text::begins_formula;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::process::form::Step;
use crate::domain::process::topic::Halt;
use crate::domain::talk::plan::Plan;
use crate::language::clean::clean;
use crate::language::spell::spell;
use crate::language::{Catalog, Lang, Site, render};
use crate::say;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// Longest token or name of a station that is looked for, in bytes.
const MAX_KEY: usize = 400;

/// The part of an address, empty where it cannot be read.
fn part(place: Place) -> String {
    place.map_or_else(|_| String::new(), |Path(part)| part)
}

/// The code of a page below the public address, with the address as people read it.
fn code(settings: &Settings, path: &str) -> (Option<Picture>, Option<String>) {
    let Some(public) = &settings.public_url else { return (None, None) };
    let url = format!("{public}/{path}");
    (picture(&url), Some(url))
}

pub(in crate::web) async fn topic_code(State(reader): State<Arc<dyn Reader>>, no: Place, asked: Asking) -> Response {
    let no = part(no);
    show(reader, asked, move |world, settings, _| {
        let topic = world.topic(TopicNo(number(&no)?))?;
        let (code, url) = code(settings, &format!("t/{}", topic.no));
        let fields = json!({"of": "topic", "no": topic.no, "title": topic.title.as_str(), "code": code, "url": url});
        Some(Sheet { template: "qr", private: false, fields })
    })
    .await
}

pub(in crate::web) async fn station_code(State(reader): State<Arc<dyn Reader>>, key: Place, asked: Asking) -> Response {
    let key = part(key);
    show(reader, asked, move |world, settings, _| {
        let station = known(world, &key)?;
        let (code, url) = code(settings, &station.link());
        let mut fields = station_fields(&station);
        if let Value::Object(fields) = &mut fields {
            fields.extend([
                ("of".to_owned(), json!("station")),
                ("code".to_owned(), json!(code)),
                ("url".to_owned(), json!(url)),
            ]);
        }
        Some(Sheet { template: "qr", private: false, fields })
    })
    .await
}

fn known(world: &World<'_>, key: &str) -> Option<Station> {
    (!key.is_empty() && key.len() <= MAX_KEY).then(|| world.station_at(key))?
}

/// What stands on any page about a station.
pub(super) fn station_fields(station: &Station) -> Value {
    let kind = match station.kind_value() {
        Said::Term(term) => json!({"term": term}),
        _ => json!({"text": station.kind}),
    };
    let days: Vec<String> = station.detail.days.iter().map(|day| format!("weekday.{day}")).collect();
    json!({
        "title": station.name.as_str(), "kind": kind, "town": station.town, "days": days,
        "address": station.detail.address.as_str(), "contact": station.detail.contact.as_str(),
    })
}

/// 张榜 — the plan as it was posted, on a sheet for the wall.
pub(in crate::web) async fn notice(State(reader): State<Arc<dyn Reader>>, no: Place, asked: Asking) -> Response {
    let no = part(no);
    show(reader, asked, move |world, settings, _| {
        let topic = world.topic(TopicNo(number(&no)?))?;
        let notice = world.notice(&topic)?;
        let plan: Option<Plan> = world.get(&Key::new(kind::PLAN).num(topic.no.0).num(notice.draft));
        let (code, url) = code(settings, &format!("t/{}", topic.no));
        let fields = json!({
            "no": topic.no, "title": topic.title.as_str(), "town": topic.town,
            "from": on(notice.from), "last": on(notice.last), "days": notice.days, "draft": notice.draft,
            "plan": plan.as_ref().map(|plan| plan.text.as_str()),
            "author": plan.as_ref().map(|plan| somebody(world, plan.author)),
            "drafted": plan.as_ref().map(|plan| at(plan.at)),
            "moderator": world.moderator_of(&topic).map(|moderator| somebody(world, moderator)),
            "open": topic.step == Step::Noticing && topic.halt.is_none(),
            "halt": topic.halt.map(Halt::term), "why": topic.halt.map(|_| topic.halt_reason.as_str().to_owned()),
            "goes_on": topic.moved_to.filter(|_| matches!(topic.halt, Some(Halt::Merged(_)))),
            "code": code, "url": url,
        });
        Some(Sheet { template: "notice", private: false, fields })
    })
    .await
}

/// 台账 — the table behind the link of an export, while it is good.
pub(in crate::web) async fn table(State(reader): State<Arc<dyn Reader>>, token: Place, asked: Asking) -> Response {
    let token = part(token);
    let wanted: Asked = asked.as_ref().map_or_else(|_| Asked::new(), |query| query.0.clone());
    let reading = Arc::clone(&reader);
    let work = move || {
        let mut written: Option<(String, String)> = None;
        reading.read(&mut |world, settings| {
            let found = if token.len() <= MAX_KEY { world.export_at(&token) } else { None };
            let lang = Lang::from_code(wanted.get("lang").map_or(settings.language.as_str(), String::as_str));
            written = found
                .map(|export| (file_name(settings, &export), csv(world, reading.archive(), (settings, lang), &export)));
        });
        written
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Some((name, text))) => {
            let mut response = respond(StatusCode::OK, "text/csv; charset=utf-8", "no-store", text);
            if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
            }
            response
        }
        _ => show(reader, asked, |_, _, _| None).await,
    }
}

/// `topic-1.csv`, `2025-03.csv`.
fn file_name(settings: &Settings, export: &Export) -> String {
    match export.topic {
        Some(no) => format!("topic-{no}.csv"),
        None => format!("{}.csv", settings.date(export.from).format("%Y-%m")),
    }
}

/// The lines as UTF-8 with a byte order mark: WPS and Excel take it for Chinese, not for gibberish.
fn csv(world: &World<'_>, archive: &dyn Archive, (settings, lang): (&Settings, Lang), export: &Export) -> String {
    let Ok(catalog) = Catalog::builtin() else { return String::new() };
    let site = Site { public_url: settings.public_url.clone(), tz: settings.tz };
    let term = |key: &str| catalog.term(key).map(|word| word.text(lang).to_owned()).unwrap_or_default();
    let columns = ["seq", "at", "group", "who", "what", "topic", "about", "text"];
    let mut out = String::from('\u{FEFF}');
    row(&mut out, &columns.map(|column| term(&format!("column.{column}"))));
    for line in world.export_lines(export, archive) {
        let Line { seq, at, group, who, what, topic, about, text } = line;
        let text = render(catalog, &say!("plain", text = text), lang, &site).text;
        row(
            &mut out,
            &[
                seq.to_string(),
                at.with_timezone(&settings.tz).format("%Y-%m-%d %H:%M:%S").to_string(),
                spell(catalog, group, lang),
                spell(catalog, who, lang),
                term(what),
                topic.map(|no| no.to_string()).unwrap_or_default(),
                render(catalog, &about, lang, &site).text,
                text,
            ],
        );
    }
    out
}

fn row(out: &mut String, cells: &[String; 8]) {
    let cells = cells.each_ref().map(|cell| cell_of(cell));
    out.push_str(&cells.join(","));
    out.push_str("\r\n");
}

/// A cell: always in quotes, and never a formula. What begins like one (`=1+1`, `+1`, `@x`) begins with an apostrophe instead.
fn cell_of(text: &str) -> String {
    let clean = clean(text);
    format!("\"{}{}\"", if begins_formula(&clean) { "'" } else { "" }, clean.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell_of;

    #[test]
    fn no_cell_is_a_formula_or_ends_early() {
        for (text, want) in [
            ("加灯", "\"加灯\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-2", "\"'-2\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("  =cmd|' /C calc'!A0", "\"'  =cmd|' /C calc'!A0\""),
            ("＝1+1", "\"'＝1+1\""),
            ("他说\"好\",真的", "\"他说\"\"好\"\",真的\""),
            ("一行\n二行", "\"一行\n二行\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell_of(text), want, "{text}");
        }
    }
}
