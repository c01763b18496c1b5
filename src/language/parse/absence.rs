//! 请假、回避、催票 — “/请假 3 冯丽 取消”, “/回避 3 与承办单位有利害关系”, “/催票 1 关”.

use super::Ctx;
use super::common::topic_and_rest;
use crate::domain::command::Command;
use crate::domain::kernel::say::Say;
use crate::domain::vote::absence::Ask;
use crate::domain::vote::nudge;
use crate::language::fold::trim;

/// What is left of a text when 取消 stands first or last in it, and whether it does.
pub(super) fn withdrawn<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> (&'t str, bool) {
    let text = trim(text);
    let is_withdraw = |word: &str| ctx.catalog.means("word.withdraw", word);
    if is_withdraw(text) {
        return ("", true);
    }
    match (text.split_once(char::is_whitespace), text.rsplit_once(char::is_whitespace)) {
        (Some((first, rest)), _) if is_withdraw(first) => (trim(rest), true),
        (_, Some((rest, last))) if is_withdraw(last) => (trim(rest), true),
        _ => (text, false),
    }
}

/// `编号 [姓名] [取消]`.
pub(super) fn leave(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let (who, withdraw) = withdrawn(ctx, rest);
    Ok(Command::Absence(Ask::Leave { topic, who: who.to_owned(), withdraw }))
}

/// `编号 [姓名] 理由`.
pub(super) fn recuse(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Err(ctx.empty());
    }
    let (topic, rest) = topic_and_rest(ctx, arg);
    let (text, withdraw) = withdrawn(ctx, rest);
    let (first, reason) = first_of(text);
    if ctx.catalog.means("word.contest", first) {
        return Ok(Command::Absence(Ask::Contest { topic, reason: reason.to_owned() }));
    }
    Ok(Command::Absence(Ask::Recuse { topic, text: text.to_owned(), withdraw }))
}

/// The first word, and the rest.
fn first_of(text: &str) -> (&str, &str) {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '：' | ':' | '，' | ',' | '。');
    text.split_once(is_end).map_or((text, ""), |(first, rest)| (first, trim(rest)))
}

/// `编号 [理由]`.
pub(super) fn contest(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let rest = trim(rest).trim_start_matches(['：', ':', '，', ',']);
    Ok(Command::Absence(Ask::Contest { topic, reason: trim(rest).to_owned() }))
}

/// `编号 姓名 回避｜不回避 理由`.
pub(super) fn settle(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    if trim(rest).is_empty() {
        return Err(ctx.empty());
    }
    // A name may be of several words: the verdict is the first word that is one.
    let verdict_of = |word: &str| match word {
        word if ctx.catalog.means("word.recused", word) => Some(true),
        word if ctx.catalog.means("word.not_recused", word) => Some(false),
        _ => None,
    };
    let is_end = |c: char| c.is_whitespace() || matches!(c, '：' | ':' | '，' | ',' | '。');
    let (mut who, mut left): (Vec<&str>, &str) = (Vec::new(), trim(rest));
    let (upheld, reason) = loop {
        let (word, next) = left.split_once(is_end).unwrap_or((left, ""));
        match verdict_of(word) {
            Some(upheld) => break (upheld, trim(next)),
            None if next.is_empty() => return Err(ctx.bad(trim(rest))),
            None => who.push(word),
        }
        left = trim(next);
    };
    if who.is_empty() {
        return Err(ctx.empty());
    }
    Ok(Command::Absence(Ask::Settle { topic, who: who.join(" "), upheld, reason: reason.to_owned() }))
}

/// `编号 [开｜关]`.
pub(super) fn remind(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    match trim(rest) {
        "" => Ok(Command::Remind(nudge::Ask::Now(topic))),
        word if ctx.catalog.means("word.on", word) => Ok(Command::Remind(nudge::Ask::Switch(topic, true))),
        word if ctx.catalog.means("word.off", word) => Ok(Command::Remind(nudge::Ask::Switch(topic, false))),
        other => Err(ctx.bad(other)),
    }
}
