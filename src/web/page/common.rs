//! 纸 — what all pages have in common: the world they are read from, the frame and the words they are written with, and the headers they
//! are sent with.

use crate::domain::chronicle::Archive;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use crate::figures::paper::{tag_day, tag_moment};
use crate::language::catalog::{Catalog, Lang};
use crate::language::clean::clean;
use crate::language::paper::{equip, own_templates, view};
use crate::language::spell::Spelling;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use include_dir::{Dir, include_dir};
use minijinja::{AutoEscape, Environment};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/commands/pages");
static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    environment().unwrap_or_else(|error| {
        tracing::error!(%error, "a page template cannot be read");
        Environment::new()
    })
});
static SPELLING: LazyLock<Spelling> = LazyLock::new(|| Catalog::builtin().map(Spelling::of).unwrap_or_default());

/// Lets a page look at the world: the state behind it, as of now.
pub trait Reader: Send + Sync {
    /// Calls `look` once with the world and the settings of the office.
    fn read(&self, look: &mut dyn FnMut(&World<'_>, &Settings));

    /// The records behind it.
    fn archive(&self) -> &dyn Archive;
}

/// The office's own store and settings.
pub struct StoreReader {
    /// The working store.
    pub state: Arc<crate::state::State>,
    /// The settings.
    pub settings: Arc<Settings>,
}

impl Reader for StoreReader {
    fn read(&self, look: &mut dyn FnMut(&World<'_>, &Settings)) {
        look(&World::on(&*self.state), &self.settings);
    }

    fn archive(&self) -> &dyn Archive {
        &*self.state
    }
}

pub(in crate::web) type Asked = HashMap<String, String>;
/// What cannot be read of an address is a page that is missing, not an error of its own.
pub(in crate::web) type Asking = Result<Query<Asked>, QueryRejection>;
pub(in crate::web) type Place = Result<Path<String>, PathRejection>;

/// A page before it is written: template, whether it may be kept, fields.
pub(in crate::web) struct Sheet {
    pub(in crate::web) template: &'static str,
    pub(in crate::web) private: bool,
    pub(in crate::web) fields: Value,
}

/// A number as it stands in a link: digits only, no sign, no leading nought.
pub(in crate::web) fn number(text: &str) -> Option<u32> {
    let is_plain = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|n| is_plain && *n > 0 && !text.starts_with('0'))
}

/// A value as it stands in a link.
pub(in crate::web) fn in_link(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Reads, writes and sends a page; `None` is the page that is missing.
pub(in crate::web) async fn show(
    reader: Arc<dyn Reader>,
    asked: Asking,
    find: impl FnMut(&World<'_>, &Settings, &Asked) -> Option<Sheet> + Send + 'static,
) -> Response {
    show_as(StatusCode::OK, reader, asked.map_or_else(|_| Asked::new(), |Query(asked)| asked), find).await
}

/// The same with another status for a page that is there.
pub(in crate::web) async fn show_as(
    status: StatusCode,
    reader: Arc<dyn Reader>,
    asked: Asked,
    mut find: impl FnMut(&World<'_>, &Settings, &Asked) -> Option<Sheet> + Send + 'static,
) -> Response {
    let work = move || {
        let mut written = None;
        reader.read(&mut |world, settings| {
            let sheet = find(world, settings, &asked);
            written = Some(write(status, sheet, settings, &asked));
        });
        written
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Some(response)) => response,
        _ => {
            respond(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", "no-store", "请稍后再试".to_owned())
        }
    }
}

fn write(status: StatusCode, sheet: Option<Sheet>, settings: &Settings, asked: &Asked) -> Response {
    let found = sheet.is_some();
    let sheet = sheet.unwrap_or(Sheet { template: "missing", private: true, fields: json!({}) });
    let (page, cache) = (sheet.template, if sheet.private { "no-store" } else { "no-cache" });
    match in_words(sheet, settings, asked) {
        Ok(html) => {
            let status = if found { status } else { StatusCode::NOT_FOUND };
            respond(status, "text/html; charset=utf-8", cache, html)
        }
        Err(error) => {
            tracing::error!(%error, page, "a page could not be written");
            let sorry = "请稍后再试".to_owned();
            respond(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", "no-store", sorry)
        }
    }
}

/// A page in the words of its language.
pub(in crate::web) fn in_words(sheet: Sheet, settings: &Settings, asked: &Asked) -> Result<String, minijinja::Error> {
    let wanted = asked.get("lang").map_or(settings.language.as_str(), String::as_str);
    let lang = if wanted == "en" { "en" } else { "zh" };
    let mut fields = view(sheet.fields, settings.tz, NaiveDate::default(), clean);
    if let Value::Object(fields) = &mut fields {
        let key = asked.get("k").filter(|_| sheet.template == "slip").map(|key| in_link(key));
        let (other, committee) = (if lang == "en" { "zh" } else { "en" }, clean(&settings.name));
        fields.insert("site".to_owned(), json!({"committee": committee, "lang": lang, "other": other, "key": key}));
    }
    let html = TEMPLATES.get_template(&format!("pages/{}.html.j2", sheet.template))?.render(fields)?;
    Ok(SPELLING.spell(html, Lang::from_code(lang)))
}

pub(in crate::web) fn respond(status: StatusCode, kind: &'static str, cache: &'static str, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, cache),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut env = Environment::new();
    env.set_trim_blocks(true);
    env.set_lstrip_blocks(true);
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    if let Ok(catalog) = Catalog::builtin() {
        equip(&mut env, catalog);
    }
    for (name, source) in own_templates().filter(|(name, _)| name.starts_with("words.")) {
        env.add_template_owned(name, source)?;
    }
    for file in FILES.files().filter(|file| file.path().extension().is_some_and(|ending| ending == "j2")) {
        if let (Some(name), Some(source)) = (file.path().to_str(), file.contents_utf8()) {
            env.add_template_owned(format!("pages/{name}"), source)?;
        }
    }
    Ok(env)
}

/// A moment, tagged for the view.
pub(in crate::web) fn at(moment: DateTime<Utc>) -> Value {
    tag_moment(&moment, serde_json::value::Serializer).unwrap_or_default()
}

pub(in crate::web) fn on(date: NaiveDate) -> Value {
    tag_day(&date, serde_json::value::Serializer).unwrap_or_default()
}
