//! 表决 — “投 1号 2”, “/投票 1 摸底 3天 要不要装”, “/代投 1 201 赞成；202 反对”.

use super::args::topic_and_rest;
use super::words::topic_of;
use super::{Ctx, parts};
use crate::domain::command::{Command, ProxyLine};
use crate::domain::poll::{Choice, Rule};
use crate::domain::say::{Say, Value};
use crate::language::fold::{before, trim, trim_start, word};
use crate::language::{number, when};
use crate::say;
use chrono::{DateTime, Utc};

/// Most flats in one /代投.
const MAX_PROXIES: usize = 500;
/// Most words a deadline may have: “明天 晚上 8点”.
const MAX_TIME_WORDS: usize = 3;

fn choice(ctx: &Ctx<'_, '_>, text: &str) -> Option<Choice> {
    ctx.catalog.which(&Choice::ALL, Choice::term, text.trim_end_matches(['。', '.', '！', '!']))
}

/// `[编号] 选项`; one word alone is the choice.
pub(super) fn ballot(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Err(ctx.empty());
    }
    if let Some(choice) = choice(ctx, arg) {
        return Ok(Command::Ballot { topic: topic_of(ctx.scene), choice });
    }
    let (topic, rest) = topic_and_rest(ctx, arg);
    match choice(ctx, rest) {
        Some(choice) => Ok(Command::Ballot { topic, choice }),
        None if trim(rest).is_empty() => Err(ctx.empty()),
        None => Err(ctx.bad(rest)),
    }
}

/// `[编号] 规则 截止 事项`; with a choice where the rule should be it is a ballot, whoever says it.
pub(super) fn open(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Err(ctx.empty());
    }
    let (topic, rest) = topic_and_rest(ctx, arg);
    let (first, after) = word(rest);
    if let Some(choice) = choice(ctx, first) {
        return Ok(Command::Ballot { topic, choice });
    }
    if trim(first).is_empty() {
        return Err(ctx.empty());
    }
    let Some(rule) = ctx.catalog.which(&Rule::ALL, Rule::term, first) else { return Err(ctx.bad(first)) };
    let (ends, title) = deadline(ctx, after)?;
    let title = title.lines().next().map_or("", trim);
    if title.is_empty() {
        return Err(ctx.empty());
    }
    Ok(Command::OpenPoll { topic, rule, ends, title: title.to_owned() })
}

/// The longest run of leading words that reads as a time, and what follows it.
fn deadline<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Result<(DateTime<Utc>, &'t str), Say> {
    let (mut rest, mut best) = (trim_start(text), None);
    let whole = rest;
    for _ in 0..MAX_TIME_WORDS {
        let (one, after) = word(rest);
        if one.is_empty() {
            break;
        }
        let so_far = before(whole, after);
        match when::time(so_far, ctx.scene.now, ctx.scene.tz) {
            Err(when::WhenError::NotUnderstood) => {}
            at => best = Some((at, so_far, after)),
        }
        rest = after;
    }
    let Some((at, written, after)) = best else {
        let (first, _) = word(whole);
        return Err(if first.is_empty() { ctx.empty() } else { say!("e.when", bad = Value::Quote(first.to_owned())) });
    };
    match at {
        Ok(at) => Ok((at, after)),
        Err(_) => Err(say!("e.when", bad = Value::Quote(written.to_owned()))),
    }
}

/// `[编号] 房号 选项；房号 选项`; where the roll has no flats, names stand for them.
pub(super) fn proxy(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (mut topic, mut rest) = topic_and_rest(ctx, arg);
    let first = rest.split(['；', ';', '，', ',', '\n']).next().unwrap_or_default();
    if choice(ctx, first).is_some() && number::number(arg).is_some() {
        // “201 赞成”: the only number is the flat.
        (topic, rest) = (topic_of(ctx.scene), arg);
    }
    let mut lines = Vec::new();
    for part in parts(rest).flat_map(|part| part.split(['，', ','])).map(trim).filter(|part| !part.is_empty()) {
        lines.push(proxy_line(ctx, part).ok_or_else(|| ctx.bad(part))?);
        if lines.len() > MAX_PROXIES {
            let n = parts(rest).count();
            return Err(say!("e.many", max = MAX_PROXIES, n = n));
        }
    }
    if lines.is_empty() { Err(ctx.empty()) } else { Ok(Command::ProxyBallots { topic, lines }) }
}

/// “201 赞成”, “201赞成”, “李德福：反对”.
fn proxy_line(ctx: &Ctx<'_, '_>, part: &str) -> Option<ProxyLine> {
    let (voter, said) = match part.rsplit_once(|c: char| c.is_whitespace() || matches!(c, '：' | ':')) {
        Some((voter, said)) => (voter, choice(ctx, said)?),
        None => Choice::ALL.into_iter().find_map(|choice| {
            let word = &ctx.catalog.term(choice.term())?.zh;
            part.strip_suffix(word.as_str()).map(|voter| (voter, choice))
        })?,
    };
    let voter = trim(voter.trim_end_matches(['：', ':']));
    let voter = voter.strip_suffix('户').or_else(|| voter.strip_suffix('室')).unwrap_or(voter);
    (!voter.is_empty()).then(|| ProxyLine { voter: voter.to_owned(), choice: said })
}
