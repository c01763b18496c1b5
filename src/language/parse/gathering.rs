//! 活动 — “/活动 恳谈会 3月15日（周六）9:30-11:00 议事室”, “/活动 周末有约 每月第一个周六9:30 议事室”, “/活动 停 周末有约”.

use super::Ctx;
use super::when::{self, Shape, ask, now};
use crate::domain::command::Command;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::talk::series::Ask as Series;
use crate::language::fold::{fold, strip, trim, trim_start, word};
use crate::language::time::{self, Every, Unclear};
use crate::say;

/// Longest quoted recurrence, in characters.
const MAX_QUOTE: usize = 40;

/// What people write before a place.
const LABELS: [&str; 9] = ["地点：", "地点:", "地址：", "地址:", "地点", "place:", "where:", "at ", "@"];

/// Name, time, place. A name may be of several words; where the place stands before the time, the name is the first.
pub(super) fn gathering(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (first, rest) = word(arg);
    if ctx.catalog.means("word.shut", first) && !trim(rest).is_empty() {
        return Ok(Command::Series(Series::End(trim(rest).to_owned())));
    }
    if let Some(found) = time::every(arg, 0) {
        return match found {
            Ok(found) => series(ctx, arg, &found),
            Err(unclear) => Err(weekly(ctx, arg, &unclear)),
        };
    }
    if trim(first).is_empty() || trim(rest).is_empty() {
        return Err(ctx.empty());
    }
    // “/恳谈会 明晚7点 议事室”: the command's name is that of the gathering.
    let is_nameless = time::is_time(first) && fold(&ctx.entry.name) != ctx.name && ctx.entry.key() != ctx.name;
    if !is_nameless && time::is_time(first) {
        return Err(ctx.bad(first));
    }
    let skip = if is_nameless { 0 } else { arg.len() - rest.len() };
    let found = time::sitting(arg, skip, &now(ctx)).map_err(|doubt| match doubt.why {
        time::Why::NotATime => not_a_time(rest),
        _ => ask(ctx, arg, &doubt, Shape::Moment),
    })?;
    let name = if is_nameless { ctx.name } else { trim(first) };
    let before = trim(arg.get(skip..found.used.start).unwrap_or_default()).trim_end_matches(['，', ',']);
    let after = place(arg.get(found.used.end..).unwrap_or_default());
    let (name, place) = match (before, after) {
        ("", "") => return Err(ctx.empty()),
        ("", place) | (place, "") => (name.to_owned(), place),
        (more, place) => (format!("{name} {more}"), place),
    };
    let time::Sitting { at, until } = found.value;
    Ok(Command::CallGathering { name, at, until, place: place.to_owned() })
}

/// What is quoted of a recurrence: with its place, where that is not too long.
fn quoted(text: &str) -> Value {
    match text.contains('\n') || text.chars().count() > MAX_QUOTE {
        true => Value::Quote(text.to_owned()),
        false => Value::Text(text.to_owned()),
    }
}

/// What comes back, and how often cannot be told, or no time at all.
fn not_a_time(text: &str) -> Say {
    let is_every = |text: &str| ["每", "every ", "each "].iter().any(|sign| strip(text, sign).is_some());
    match is_every(trim(text)) {
        true => say!("e.weekly", bad = quoted(text)),
        false => say!("e.when", bad = Value::Quote(text.to_owned())),
    }
}

/// What is left behind the time, without what only says that it is a place.
fn place(text: &str) -> &str {
    let text = trim(text).trim_start_matches(['，', ',', '。', '；', ';', '、', '：', ':']);
    let text = trim(text);
    LABELS.iter().find_map(|label| text.strip_prefix(label)).map_or(text, trim_start)
}

/// `名称 每周六9:30 地点`.
fn series(ctx: &Ctx<'_, '_>, arg: &str, found: &time::Taken<Every>) -> Result<Command, Say> {
    let name = trim(arg.get(..found.used.start).unwrap_or_default());
    let after = place(arg.get(found.used.end..).unwrap_or_default());
    let is_called = fold(&ctx.entry.name) != ctx.name && ctx.entry.key() != ctx.name;
    // “/周末有约 每周六9:30 议事室”: the command's name is that of the gathering.
    let name = if name.is_empty() && is_called { ctx.name } else { name };
    if name.is_empty() || after.is_empty() {
        return Err(ctx.empty());
    }
    // A second time is no part of a name or a place.
    let (_, more) = word(name);
    if time::holds_time(more) || time::holds_time(after) {
        let whole = Unclear { used: 0..arg.len(), hours: Vec::new(), hour: 0..0 };
        return Err(weekly(ctx, arg, &whole));
    }
    let Every { rhythm, weekday, time, until } = found.value;
    Ok(Command::Series(Series::Begin { name: name.to_owned(), rhythm, weekday, time, until, place: after.to_owned() }))
}

/// What cannot be done, or at which of two hours.
fn weekly(ctx: &Ctx<'_, '_>, arg: &str, unclear: &Unclear) -> Say {
    let bad = quoted(trim(arg.get(unclear.used.clone()).unwrap_or(arg)));
    let one = |time| when::around(ctx, arg, &unclear.hour, say!("when.time", time = when::hour(time)));
    let lines: Vec<Say> = unclear.hours.iter().filter_map(|time| one(*time)).collect();
    match lines.is_empty() {
        true => say!("e.weekly", bad = bad),
        false => say!("e.when.ask", bad = bad, lines = Value::Lines(lines), why = say!("when.half")),
    }
}
