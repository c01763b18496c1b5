//! 日报成文 — a [`Paper`] becomes messages, by the templates in `commands/digest/*.j2`, which hold every word of it.
//!
//! Whatever a person wrote is cleaned and flattened before a template sees it: no text can begin a line of its own. Too long a
//! digest is split at its empty lines, and a section too long at its lines; each message repeats the heading with （1/2）.

use super::catalog::{Catalog, Lang};
use super::clean::{clean, quote};
use super::spell::Spelling;
use crate::figures::Paper;
use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use include_dir::{Dir, include_dir};
use minijinja::{AutoEscape, Environment};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::LazyLock;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/commands/digest");
static BUILTIN: LazyLock<Press> = LazyLock::new(|| {
    let ready = Catalog::builtin().ok().and_then(|catalog| Press::with(Vec::new(), catalog).ok());
    ready.unwrap_or_default()
});

/// Longest message unless a platform says otherwise, in bytes of UTF-8.
pub const LIMIT: usize = 2000;
/// No message is made shorter than this many bytes.
const LEAST_LIMIT: usize = 200;

/// What a digest says of itself.
#[derive(Debug, Clone)]
pub struct Head<'h> {
    /// 期号; `None` = 预览.
    pub number: Option<u32>,
    /// 补发.
    pub late: bool,
    /// Name of the committee.
    pub name: &'h str,
    /// Time zone of all moments.
    pub tz: Tz,
}

/// A template that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("digest template {name}: {source}")]
pub struct PressError {
    /// File.
    name: String,
    /// What is wrong with it.
    source: minijinja::Error,
}

/// 印刷 — the templates, ready for use.
#[derive(Default)]
pub struct Press {
    env: Environment<'static>,
    spelling: Spelling,
}

impl Press {
    /// The templates that come with the program.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &BUILTIN
    }

    /// The same with the terms of a clerk's catalogue, and some templates replaced by theirs: name (`matrix.zh.j2`) and text.
    ///
    /// # Errors
    /// If one cannot be read as a template.
    pub fn with(files: Vec<(String, String)>, catalog: &Catalog) -> Result<Self, PressError> {
        Ok(Self { env: environment(files, catalog)?, spelling: Spelling::of(catalog) })
    }

    /// The messages of a digest. A clerk's template that fails on it is said in the log and ours is used.
    #[must_use]
    pub fn print(&self, paper: &Paper, head: &Head<'_>, lang: &str, url: Option<&str>, limit: usize) -> Vec<String> {
        match self.render(paper, head, lang, url) {
            Ok(text) => split(&text, limit.max(LEAST_LIMIT), lang),
            Err(error) => {
                tracing::error!(%error, "a digest template failed; correct the file in commands/digest");
                match BUILTIN.render(paper, head, lang, url) {
                    Ok(text) => split(&text, limit.max(LEAST_LIMIT), lang),
                    Err(error) => {
                        tracing::error!(%error, "our own digest template failed");
                        Vec::new()
                    }
                }
            }
        }
    }

    fn render(
        &self,
        paper: &Paper,
        head: &Head<'_>,
        lang: &str,
        url: Option<&str>,
    ) -> Result<String, minijinja::Error> {
        let (kind, date) = match paper {
            Paper::Matrix(paper) => ("matrix", paper.date),
            Paper::Discussion(paper) => ("discussion", paper.date),
            Paper::Weekly(paper) => ("weekly", paper.last),
            Paper::Summary(paper) => ("summary", paper.heading.last),
        };
        let lang = if lang == "en" { "en" } else { "zh" };
        let written = serde_json::to_value(paper).unwrap_or_default();
        let mut context = view(written, head.tz, date, flat);
        if let Value::Object(fields) = &mut context {
            let (number, late, name) = (head.number, head.late, flat(head.name));
            fields.insert("head".to_owned(), json!({"number": number, "late": late, "name": name, "url": url}));
        }
        let printed = self.env.get_template(&format!("{kind}.{lang}.j2"))?.render(context)?;
        Ok(self.spelling.spell(printed, Lang::from_code(lang)))
    }
}

/// The messages of a digest by the templates that come with the program. `url` is the public address without a slash at its
/// end, `lang` is `zh` or `en`, `limit` counts bytes of UTF-8.
#[must_use]
pub fn print(paper: &Paper, head: &Head<'_>, lang: &str, url: Option<&str>, limit: usize) -> Vec<String> {
    BUILTIN.print(paper, head, lang, url, limit)
}

fn environment(files: Vec<(String, String)>, catalog: &Catalog) -> Result<Environment<'static>, PressError> {
    let mut env = Environment::new();
    env.set_trim_blocks(true);
    env.set_lstrip_blocks(true);
    env.set_auto_escape_callback(|_| AutoEscape::None);
    equip(&mut env, catalog);
    for (name, source) in own_templates().chain(files) {
        env.add_template_owned(name.clone(), source).map_err(|source| PressError { name, source })?;
    }
    Ok(env)
}

/// What digests and pages share: 24-character quotes, and `term("zh", "step.talking.stage")` out of `commands/words.toml`.
pub(crate) fn equip(env: &mut Environment<'static>, catalog: &Catalog) {
    env.add_filter("quote", |text: String| quote(&text));
    let both = |word: &super::catalog::Word| [Lang::Zh, Lang::En].map(|lang| word.text(lang).to_owned());
    let terms: HashMap<String, [String; 2]> = catalog.terms().map(|(key, word)| (key.to_owned(), both(word))).collect();
    env.add_function("term", move |lang: String, key: String| -> Result<String, minijinja::Error> {
        let missing = || minijinja::Error::new(minijinja::ErrorKind::UndefinedError, format!("no term {key}"));
        let [zh, en] = terms.get(&key).ok_or_else(missing)?;
        Ok(if lang == "en" { en.clone() } else { zh.clone() })
    });
}

/// The templates in `commands/digest`.
pub(crate) fn own_templates() -> impl Iterator<Item = (String, String)> {
    let templates = TEMPLATES.files().filter(|file| file.path().extension().is_some_and(|ending| ending == "j2"));
    templates.filter_map(|file| Some((file.path().to_str()?.to_owned(), file.contents_utf8()?.to_owned())))
}

/// One line: line breaks become spaces, what hides or reorders text goes.
#[must_use]
pub fn flat(text: &str) -> String {
    clean(text).replace('\n', " ").trim().to_owned()
}

/// What templates see: texts made harmless, tagged moments and dates taken apart in the time zone.
pub(crate) fn view(value: Value, tz: Tz, today: NaiveDate, harmless: fn(&str) -> String) -> Value {
    let inside = |value| view(value, tz, today, harmless);
    match value {
        Value::String(text) => Value::String(harmless(&text)),
        Value::Array(items) => items.into_iter().map(inside).collect(),
        Value::Object(fields) => {
            if let Some(millis) = fields.get("$at").and_then(Value::as_i64) {
                let local = DateTime::from_timestamp_millis(millis).unwrap_or_default().with_timezone(&tz);
                let mut parts = day_parts(local.date_naive());
                let days_ago = (today - local.date_naive()).num_days();
                parts.insert("hour".to_owned(), json!(local.hour()));
                parts.insert("minute".to_owned(), json!(format!("{:02}", local.minute())));
                parts.insert("days_ago".to_owned(), json!(days_ago));
                return Value::Object(parts);
            }
            if let Some(date) = fields.get("$day").and_then(Value::as_str).and_then(|day| day.parse().ok()) {
                return Value::Object(day_parts(date));
            }
            Value::Object(fields.into_iter().map(|(key, item)| (key, inside(item))).collect())
        }
        other => other,
    }
}

fn day_parts(date: NaiveDate) -> Map<String, Value> {
    let mut parts = Map::new();
    parts.insert("year".to_owned(), json!(date.year()));
    parts.insert("month".to_owned(), json!(date.month()));
    parts.insert("day".to_owned(), json!(date.day()));
    parts.insert("weekday".to_owned(), json!(date.weekday().number_from_monday()));
    parts.insert("compact".to_owned(), json!(date.format("%Y%m%d").to_string()));
    parts
}

/// What a template printed, tidied: no empty lines at the ends, one between sections.
fn tidy(text: &str) -> Vec<String> {
    let mut sections: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines().map(|line| line.trim_end_matches(' ')) {
        if line.is_empty() {
            open = false;
            continue;
        }
        match sections.last_mut().filter(|_| open) {
            Some(section) => {
                section.push('\n');
                section.push_str(line);
            }
            None => sections.push(line.to_owned()),
        }
        open = true;
    }
    sections
}

/// Splits a digest into messages of at most `limit` bytes: at empty lines, else at lines, else inside a line.
fn split(text: &str, limit: usize, lang: &str) -> Vec<String> {
    let sections = tidy(text);
    let whole = sections.join("\n\n");
    if whole.len() <= limit {
        return if whole.is_empty() { Vec::new() } else { vec![whole] };
    }
    let (heading, rest) = whole.split_once('\n').unwrap_or((whole.as_str(), ""));
    let heading = cut(heading, limit / 2);
    let marks = |i: usize, n: usize| if lang == "en" { format!(" ({i}/{n})") } else { format!("（{i}/{n}）") };
    let mut digits = 1;
    loop {
        let most = 10_usize.saturating_pow(digits) - 1;
        let room = limit - heading.len() - marks(most, most).len() - "\n".len();
        let bodies = pack(rest, room);
        if bodies.len() <= most {
            let n = bodies.len();
            return bodies
                .iter()
                .enumerate()
                .map(|(i, body)| format!("{heading}{}\n{body}", marks(i + 1, n)))
                .collect();
        }
        digits += 1;
    }
}

/// Packs sections into bodies of at most `room` bytes.
fn pack(text: &str, room: usize) -> Vec<String> {
    let mut bodies: Vec<String> = Vec::new();
    let mut put = |piece: &str, glue: &str| match bodies.last_mut() {
        Some(body) if body.len() + glue.len() + piece.len() <= room => {
            body.push_str(glue);
            body.push_str(piece);
        }
        _ => bodies.push(piece.to_owned()),
    };
    for section in text.split("\n\n") {
        if section.len() <= room {
            put(section, "\n\n");
            continue;
        }
        let mut glue = "\n\n";
        for item in items(section) {
            for piece in pieces(&item, room) {
                put(&piece, glue);
                glue = "\n";
            }
        }
    }
    bodies
}

/// The lines of a section, those that begin with a full-width space kept with the one above.
fn items(section: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in section.lines() {
        match items.last_mut().filter(|_| line.starts_with('\u{3000}')) {
            Some(item) => {
                item.push('\n');
                item.push_str(line);
            }
            None => items.push(line.to_owned()),
        }
    }
    items
}

/// An item as it is, or by lines, or, where a line is longer than a message, by characters.
fn pieces(item: &str, room: usize) -> Vec<String> {
    if item.len() <= room {
        return vec![item.to_owned()];
    }
    let mut pieces = Vec::new();
    for line in item.lines() {
        let mut rest = line;
        while !rest.is_empty() {
            let piece = cut(rest, room);
            rest = rest.strip_prefix(piece).unwrap_or("");
            pieces.push(piece.to_owned());
        }
    }
    pieces
}

/// As many characters as fit into so many bytes, one at least.
fn cut(text: &str, bytes: usize) -> &str {
    let fits = |(at, c): &(usize, char)| at + c.len_utf8() <= bytes.max(4);
    let end = text.char_indices().take_while(fits).last().map_or(0, |(at, c)| at + c.len_utf8());
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_templates_are_templates() {
        let env = environment(Vec::new(), Catalog::builtin().unwrap()).unwrap();
        assert_eq!(env.templates().count(), 10);
    }

    #[test]
    fn splits_at_sections_then_lines_then_characters() {
        assert_eq!(split("抬头\n次行\n\n\n一、甲\n\n", 200, "zh"), ["抬头\n次行\n\n一、甲"]);
        let long = format!("【甲】第1期\n日期\n\n一、{}\n\n二、{}", "甲".repeat(40), "乙".repeat(40));
        let parts = split(&long, 200, "zh");
        assert_eq!(parts.len(), 2);
        assert!(parts[0].starts_with("【甲】第1期（1/2）\n日期\n\n一、甲"), "{}", parts[0]);
        assert!(parts[1].starts_with("【甲】第1期（2/2）\n二、乙"), "{}", parts[1]);
        let items: String = (0..60).map(|n| format!("{n}号 题目题目题目题目\n　认领请发：/买单 {n}\n")).collect();
        let parts = split(&format!("【甲】第1期\n日期\n\n一、等\n{items}"), 300, "zh");
        assert!(parts.len() > 9, "two digits");
        for part in &parts {
            assert!(part.len() <= 300);
            let second = part.lines().nth(1).unwrap();
            assert!(!second.starts_with('\u{3000}'), "an item was torn: {part}");
        }
        let endless = format!("抬头\n{}", "长".repeat(5000));
        let parts = split(&endless, 200, "zh");
        assert!(parts.iter().all(|part| part.len() <= 200));
        let said: usize = parts.iter().map(|part| part.matches('长').count()).sum();
        assert_eq!(said, 5000);
        let heading = "题".repeat(500);
        assert!(split(&format!("{heading}\n甲\n乙"), 200, "zh").iter().all(|part| part.len() <= 200));
    }
}
