//! 代投 — ballots on paper as they are written down: “201 赞成；202 反对”, “101、102 赞成”, “1. 101 李德福 赞成”, a table of flats and choices.
//! Every word of it is a flat, a name or a choice, or all of it is asked back.

use super::common::{parts, topic_and_rest, topic_of};
use super::poll::choice;
use super::{Ctx, roll};
use crate::domain::command::Command;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::Say;
use crate::domain::vote::poll::{Ask, ProxyLine};
use crate::domain::vote::tally::Choice;
use crate::language::fold::{fold, trim};
use crate::language::number;
use crate::say;

/// Most flats in one /代投.
const MAX_PROXIES: usize = 500;

/// `[编号] 房号 选项；房号 选项`; where the roll has no flats, names stand for them.
pub(super) fn proxy(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (mut topic, mut rest) = topic_and_rest(ctx, arg);
    if let Some(correction) = corrected(ctx, topic, rest) {
        return correction;
    }
    let first = rest.split(['；', ';', '，', ',', '\n']).next().unwrap_or_default();
    if choice(ctx, first).is_some() && number::number(arg).is_some() {
        // “201 赞成”: the only number is the flat.
        (topic, rest) = (topic_of(ctx.scene), arg);
    }
    let mut lines = Vec::new();
    for (n, part) in (1..).zip(parts(rest).filter(|part| !is_heading(part))) {
        lines.extend(ballots(ctx, n, part).ok_or_else(|| ctx.bad(part))?);
    }
    match lines.len() {
        0 => Err(ctx.empty()),
        n if n > MAX_PROXIES => Err(say!("e.many", max = MAX_PROXIES, n = n)),
        _ => Ok(Command::ProxyBallots { topic, lines }),
    }
}

/// 房号 姓名 意见.
fn is_heading(part: &str) -> bool {
    const CHOICE: [&str; 8] = ["意见", "选项", "投票", "表决意见", "投票意见", "票", "表决", "choice"];
    let words: Vec<String> = words(part).collect();
    words.len() > 1 && words.iter().all(|word| CHOICE.contains(&word.as_str()) || roll::is_column(word))
}

fn words(part: &str) -> impl Iterator<Item = String> + '_ {
    let ends = |c: char| c.is_whitespace() || matches!(c, '，' | ',' | '、' | '：' | ':' | '|' | '｜');
    part.split(ends).map(trim).filter(|word| !word.is_empty()).map(str::to_owned)
}

/// “更正 201 反对 看错了行”: one ballot, and why.
fn corrected(ctx: &Ctx<'_, '_>, topic: Option<TopicNo>, rest: &str) -> Option<Result<Command, Say>> {
    let (word, rest) = trim(rest).split_once(char::is_whitespace)?;
    if !ctx.catalog.means("word.correct", word) {
        return None;
    }
    let mut parts = trim(rest).splitn(3, |c: char| c.is_whitespace() || matches!(c, '：' | ':' | '，' | ','));
    let (voter, said, reason) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
    let mut found = ballots(ctx, 0, &format!("{voter} {said}")).unwrap_or_default();
    let Some(line) = found.pop().filter(|_| found.is_empty()) else { return Some(Err(ctx.bad(rest))) };
    let reason = trim(reason.unwrap_or_default()).to_owned();
    Some(Ok(Command::Poll(Ask::Correct { topic, line, reason })))
}

/// The ballots of a part, the `n`th; `None` where a word of it is neither whose ballot it is nor what it says.
fn ballots(ctx: &Ctx<'_, '_>, n: u32, part: &str) -> Option<Vec<ProxyLine>> {
    let (mut found, mut whose): (Vec<ProxyLine>, Vec<String>) = (Vec::new(), Vec::new());
    for (at, word) in words(part).enumerate() {
        let bare = roll::unnumbered(&word);
        let is_count = at == 0 && n > 0 && number::digits(&word).is_some_and(|(count, _)| count == n);
        // “1. 101 赞成”, “1、101 赞成”: the first number counts.
        if is_count
            && (bare.is_empty()
                || words(part).count() > 2 && number::digits(&word).is_some_and(|(_, rest)| rest.is_empty()))
        {
            continue;
        }
        let word = if is_count || word.starts_with(roll::is_ringed) { bare.to_owned() } else { word };
        let word = trim(&word).trim_start_matches(['都', '均']);
        if let Some(choice) = choice(ctx, word).filter(|_| !whose.is_empty()) {
            found.extend(lines(std::mem::take(&mut whose), choice)?);
        } else if let Some((before, choice)) = glued(ctx, word) {
            whose.extend(apart(before));
            found.extend(lines(std::mem::take(&mut whose), choice)?);
        } else {
            whose.extend(apart(word));
        }
    }
    (whose.is_empty() && !found.is_empty()).then_some(found)
}

/// 201赞成, 102都赞成.
fn glued<'t>(ctx: &Ctx<'_, '_>, word: &'t str) -> Option<(&'t str, Choice)> {
    let word = word.trim_end_matches(['。', '.', '！', '!']);
    let (before, choice) = Choice::ALL.into_iter().find_map(|choice| {
        let term = &ctx.catalog.term(choice.term())?.zh;
        word.strip_suffix(term.as_str()).map(|before| (before, choice))
    })?;
    let before = trim(before).trim_end_matches(['都', '均']);
    (!before.is_empty()).then_some((before, choice))
}

/// 101和102 are two; 和平 is a name.
fn apart(word: &str) -> Vec<String> {
    let is_flats =
        |parts: &[&str]| parts.iter().all(|part| fold(part).starts_with(|c: char| c.is_ascii_alphanumeric()));
    let parts: Vec<&str> = word.split(['和', '与', '及']).map(trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && is_flats(&parts) {
        return parts.into_iter().map(str::to_owned).collect();
    }
    match roll::owners(word).filter(|found| found.names.len() > 1) {
        Some(found) => found.names,
        None => vec![word.to_owned()],
    }
}

/// Whose ballots they are: flats, names, or flats each with a name that has to fit.
fn lines(whose: Vec<String>, choice: Choice) -> Option<Vec<ProxyLine>> {
    let is_flat = |word: &String| fold(word).chars().any(|c| c.is_ascii_digit());
    let bare = |word: &str| {
        let word = trim(word);
        word.strip_suffix('户').or_else(|| word.strip_suffix('室')).unwrap_or(word).to_owned()
    };
    let flats = whose.iter().filter(|word| is_flat(word)).count();
    let line = |voter: &str, owner: &str| ProxyLine { voter: bare(voter), owner: owner.to_owned(), choice };
    if flats == 0 || flats == whose.len() {
        return Some(whose.iter().map(|voter| line(voter, "")).collect());
    }
    let pairs: Vec<&[String]> = whose.chunks(2).collect();
    pairs
        .into_iter()
        .map(|pair| match pair {
            [flat, name] if is_flat(flat) && !is_flat(name) => Some(line(flat, name)),
            [name, flat] if is_flat(flat) && !is_flat(name) => Some(line(flat, name)),
            _ => None,
        })
        .collect()
}
