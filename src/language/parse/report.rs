//! “/周报 上周”, “/统计 3月 东风路街道 汇报” — which days, of what, and whether in sentences.

use super::{Ctx, trim, when};
use crate::domain::command::Command;
use crate::domain::history::period::{Ask, Span};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::person::{Side, Tag};
use crate::domain::process::form::Kind;
use crate::language::fold::fold;
use crate::language::time;
use crate::say;

/// Most words that make up one time: “1 March 2025 to 31 March 2025”.
const MOST_WORDS: usize = 7;

fn not_understood(bad: &str) -> Say {
    say!("e.period", bad = Value::Quote(bad.to_owned()))
}

/// 周报 — this week so far, or the week some days lie in.
pub(super) fn weekly(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let arg = trim(arg);
    if arg.is_empty() {
        return Ok(Command::Weekly(None));
    }
    // One week: what goes beyond it would be dropped.
    let is_week = |span: &Span| Span::week(span.first).last >= span.last && arg.lines().nth(1).is_none();
    match time::period(arg, &when::now(ctx)).filter(is_week) {
        Some(span) => Ok(Command::Weekly(Some(Span::week(span.first)))),
        None => Err(not_understood(arg)),
    }
}

/// 统计 — words in any order.
pub(super) fn statistics(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let words: Vec<&str> = arg.split_whitespace().collect();
    let (mut ask, mut name) = (Ask::default(), Vec::new());
    let mut rest = words.as_slice();
    while let [word, others @ ..] = rest {
        if let Some((span, used)) = span_at(ctx, rest).filter(|_| ask.span.is_none()) {
            ask.span = Some(span);
            rest = rest.get(used..).unwrap_or_default();
            continue;
        }
        rest = others;
        if matches!(fold(word).as_str(), "汇报" | "報告" | "匯報" | "report") {
            ask.sentences = true;
        } else if let Some(kind) = ctx.catalog.which(&Kind::ALL, Kind::term, word) {
            ask.kind = Some(kind);
        } else if let Some(side) = ctx.catalog.which(&Side::ALL, Side::term, word) {
            ask.side = Some(side);
        } else if let Some(tag) = ctx.catalog.which(&Tag::ALL, Tag::term, word) {
            ask.tag = Some(tag);
        } else if !matches!(*word, "全区" | "district") {
            name.push(*word);
        }
    }
    ask.name = name.join(" ");
    // What begins like a time and is none is no name of a town, either.
    let sounds_so = ["季度", "半年", "年度", "月份"].iter().any(|end| fold(&ask.name).ends_with(end));
    if ask.name.starts_with(|c: char| c.is_ascii_digit())
        || time::is_time(&ask.name)
        || time::is_period(&ask.name, &when::now(ctx))
        || sounds_so
    {
        return Err(not_understood(&ask.name));
    }
    let named = [ask.side.is_some(), ask.kind.is_some(), ask.tag.is_some(), !ask.name.is_empty()];
    if named.into_iter().filter(|is_named| *is_named).count() > 1 {
        return Err(say!("stats.one", ex = ctx.example()));
    }
    Ok(Command::Statistics(ask))
}

/// The longest run of words that names days, and how many they are.
fn span_at(ctx: &Ctx<'_, '_>, words: &[&str]) -> Option<(Span, usize)> {
    (1..=words.len().min(MOST_WORDS)).rev().find_map(|n| {
        let text = words.get(..n)?.join(" ");
        time::period(&text, &when::now(ctx)).map(|span| (span, n))
    })
}
