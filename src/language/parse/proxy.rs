//! 代投 — ballots on paper as they are written down: “201 赞成；202 反对”, “101、102 赞成”, “1. 101 李德福 赞成”, a table of flats and choices.
//! Every word of it is a flat, a name or a choice, or the reason behind 反对, or all of it is asked back.

use super::common::{parts, topic_and_rest, topic_of};
use super::{Ctx, MAX_GOOD, poll, roll, short};
use crate::domain::command::Command;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::place::flat_before;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::vote::poll::{Ask, ProxyLine};
use crate::domain::vote::tally::Choice;
use crate::language::fold::{before, fold, trim};
use crate::language::number;
use crate::say;

/// 赞成, 支持, 不同意, 1.
fn choice(ctx: &Ctx<'_, '_>, text: &str) -> Option<Choice> {
    let ends = ['。', '.', '！', '!', '√', '✓', '✔'];
    poll::choice(ctx, text).or_else(|| short::choice_word(ctx.catalog, &fold(trim(text).trim_end_matches(ends))))
}

/// 反对理由, as it is called.
const REASONS: &str = "part.reasons";

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
        let bare = named_in_bracket(&without_way(ctx, part));
        let part = bare.as_str();
        if let Some(trouble) = of_all(ctx, part) {
            return Err(trouble);
        }
        let found = chosen_first(ctx, part).or_else(|| ballots(ctx, n, part)).or_else(|| reasoned(ctx, n, part));
        let why_not = || marked(ctx, part).or_else(|| noted(ctx, rest)).unwrap_or_else(|| ctx.bad(part));
        lines.extend(found.ok_or_else(why_not)?);
    }
    match lines.len() {
        0 => Err(ctx.empty()),
        n if n > MAX_PROXIES => Err(say!("e.many", max = MAX_PROXIES, n = n)),
        _ => Ok(Command::ProxyBallots { topic, lines }),
    }
}

/// 101 赞成（电话）: in which way it came says nothing of what it says.
fn without_way(ctx: &Ctx<'_, '_>, part: &str) -> String {
    let Some((before, inner)) = part.rsplit_once(['（', '(']) else { return part.to_owned() };
    let Some((way, after)) = inner.split_once(['）', ')']) else { return part.to_owned() };
    match ctx.catalog.means("proxy.way", way) {
        true => format!("{}{}", trim(before), after.trim_end()),
        false => part.to_owned(),
    }
}

/// 101（李德福）赞成: whose flat it is, which has to fit, in a bracket.
fn named_in_bracket(part: &str) -> String {
    let inside = part.split_once(['（', '(']).and_then(|(before, inner)| {
        let (who, after) = inner.split_once(['）', ')'])?;
        Some((before, trim(who), after))
    });
    match inside {
        Some((flat, who, after))
            if flat.starts_with(|c: char| c.is_ascii_digit())
                && trim(flat).ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '室' | '户' | '号'))
                && roll::is_full_name(who) =>
        {
            format!("{} {who} {}", trim(flat), trim(after))
        }
        Some(_) | None => part.to_owned(),
    }
}

/// 其余赞成, 全部反对: whose ballots those are nobody has written down.
fn of_all(ctx: &Ctx<'_, '_>, part: &str) -> Option<Say> {
    const ALL: [&str; 11] = ["其余", "其他", "其它", "剩下", "剩余", "余下", "全部", "全体", "所有", "大家", "各"];
    let text = trim(part).trim_end_matches(['。', '.', '！', '!']);
    let (who, choice) = short::before_choice(ctx.catalog, text)?;
    let who = trim(who.trim_end_matches(parts_words));
    let bare = who.trim_end_matches(['的', '各', '户', '人', '都', '均', '是', '业', '主']);
    (ALL.contains(&bare) || matches!(who, "都" | "均" | "各户"))
        .then(|| say!("e.proxy_all", bad = Value::Quote(text.to_owned()), op = Value::Term(choice.term().to_owned())))
}

/// 101 √, 102 ×: a mark says nothing beside a list that has no columns.
fn marked(ctx: &Ctx<'_, '_>, part: &str) -> Option<Say> {
    let is_mark = |c: char| matches!(c, '√' | '✓' | '✔' | '☑' | '✅' | '×' | '✗' | '✘' | '❌' | '○' | '〇' | 'x' | 'X');
    let whose = trim(part).trim_end_matches(is_mark);
    let whose = trim(whose.trim_end_matches(parts_words));
    let is_one = whose.len() < trim(part).len() && whose.contains(|c: char| c.is_ascii_digit());
    is_one.then(|| say!("e.proxy_mark", bad = Value::Quote(part.to_owned()), whose = whose, ex = ctx.example()))
}

/// 赞成：101、102.
fn chosen_first(ctx: &Ctx<'_, '_>, part: &str) -> Option<Vec<ProxyLine>> {
    let said: Vec<String> = words(part).collect();
    let (first, rest) = said.split_first()?;
    let choice = choice(ctx, first).filter(|_| first.chars().any(char::is_alphabetic) && !rest.is_empty())?;
    let says_more = |word: &String| self::choice(ctx, word).is_some() || glued(ctx, word).is_some();
    (!rest.iter().any(says_more)).then(|| lines(rest.iter().flat_map(|word| apart(word)).collect(), choice))?
}

/// 房号 姓名 意见.
fn is_heading(part: &str) -> bool {
    const CHOICE: [&str; 8] = ["意见", "选项", "投票", "表决意见", "投票意见", "票", "表决", "choice"];
    let words: Vec<String> = words(part).collect();
    words.len() > 1 && words.iter().all(|word| CHOICE.contains(&word.as_str()) || roll::is_column(word))
}

/// What parts the words of a line.
fn parts_words(c: char) -> bool {
    c.is_whitespace() || matches!(c, '，' | ',' | '、' | '：' | ':' | '|' | '｜' | '/' | '／')
}

fn words(part: &str) -> impl Iterator<Item = String> + '_ {
    part.split(parts_words).map(trim).filter(|word| !word.is_empty()).map(str::to_owned)
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
    let (reason, said) = why_against(ctx, trim(reason.unwrap_or_default()));
    let (line, reason) = (ProxyLine { reason: said.to_owned(), ..line }, reason.to_owned());
    Some(Ok(Command::Poll(Ask::Correct { topic, line, reason })))
}

/// “看错了行 反对理由：挡光”: why a ballot is put right, which the group reads, and what stands on it beside the choice.
fn why_against<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> (&'t str, &'t str) {
    let name = ctx.catalog.term(REASONS).map_or("", |term| term.zh.as_str());
    let mut at = 0;
    for word in text.split_inclusive(parts_words) {
        let bare = trim(word.trim_end_matches(parts_words));
        // In the first place “理由” is the one for putting it right.
        if ctx.catalog.means(REASONS, bare) && (at > 0 || bare.starts_with(name)) {
            let (before, after) = text.split_at(at);
            return (trim(before.trim_end_matches(parts_words)), bare_reason(ctx, after));
        }
        at += word.len();
    }
    (bare_reason(ctx, text), "")
}

/// “201 反对 挡了一楼的光”: one group of ballots against, and what stands behind it.
fn reasoned(ctx: &Ctx<'_, '_>, n: u32, part: &str) -> Option<Vec<ProxyLine>> {
    let mut at = 0;
    for word in part.split_inclusive(is_edge) {
        at += word.len();
        let said = trim(word.trim_end_matches(is_edge)).trim_start_matches(['都', '均']);
        let against = choice(ctx, said).or_else(|| glued(ctx, said).map(|(_, choice)| choice));
        let (head, tail) = part.split_at(at);
        let head = head.trim_end_matches(is_edge);
        let Some(mut found) = ballots(ctx, n, head).filter(|_| against == Some(Choice::Against)) else { continue };
        let reason = bare_reason(ctx, tail);
        let says_more = |word: String| choice(ctx, &word).is_some() || glued(ctx, &word).is_some();
        let is_one = found.iter().all(|line| line.choice == Choice::Against);
        if !is_one || !reason.chars().any(char::is_alphabetic) || words(reason).any(says_more) {
            return None;
        }
        found.iter_mut().for_each(|line| line.reason = reason.to_owned());
        return Some(found);
    }
    None
}

/// “101 赞成 他出差了，电话里说的”: where what stands behind a choice is all that is not understood, it is asked back by its entry, with the
/// line that is left without such remarks.
fn noted(ctx: &Ctx<'_, '_>, rest: &str) -> Option<Say> {
    let (mut first, mut clean): (Option<(String, String)>, Vec<String>) = (None, Vec::new());
    for (n, part) in (1..).zip(parts(rest).filter(|part| !is_heading(part))) {
        let bare = without_way(ctx, part);
        let part = bare.as_str();
        let is_read = chosen_first(ctx, part).or_else(|| ballots(ctx, n, part)).or_else(|| reasoned(ctx, n, part));
        if is_read.is_some() {
            clean.push(trim(part).to_owned());
            continue;
        }
        let (head, note) = before_note(ctx, n, part)?;
        clean.push(head.to_owned());
        first.get_or_insert_with(|| (head.to_owned(), note.to_owned()));
    }
    let (entry, note) = first?;
    let before = trim(before(ctx.arg, rest));
    let line = format!("/{} {before} {}", ctx.name, clean.join("；")).replace("  ", " ");
    if line.chars().count() > MAX_GOOD {
        return None;
    }
    Some(say!("e.proxy_note", bad = Value::Quote(note), entry = entry, line = line))
}

/// The ballots a part begins with, and the remark behind them.
fn before_note<'t>(ctx: &Ctx<'_, '_>, n: u32, part: &'t str) -> Option<(&'t str, &'t str)> {
    let (mut at, mut found) = (0, None);
    for word in part.split_inclusive(is_edge) {
        at += word.len();
        let (head, tail) = part.split_at_checked(at)?;
        let head = trim(head.trim_end_matches(is_edge));
        if ballots(ctx, n, head).is_some() {
            found = Some((head, trim(tail.trim_start_matches(is_edge))));
        }
    }
    // A flat or a choice in it is another ballot, not a remark.
    let says_more = |word: String| {
        choice(ctx, &word).is_some() || glued(ctx, &word).is_some() || word.starts_with(|c: char| c.is_numeric())
    };
    found.filter(|(_, note)| note.chars().any(char::is_alphabetic) && !words(note).any(says_more))
}

/// What parts a reason from the choice, and from the word for it.
fn is_edge(c: char) -> bool {
    parts_words(c) || matches!(c, '（' | '(' | '=' | '＝')
}

/// A reason without the word for it, and without brackets.
fn bare_reason<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> &'t str {
    let text = text.trim_start_matches(is_edge);
    let labelled = ctx.catalog.after(REASONS, text).filter(|after| after.starts_with(is_edge));
    let text = labelled.map_or(text, |after| after.trim_start_matches(is_edge));
    trim(text).trim_end_matches(['）', ')'])
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
    let (before, choice) = short::before_choice(ctx.catalog, word)?;
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
    // 101李德福: the flat, and a name that has to fit.
    let (flat, name) = flat_before(word);
    if !flat.is_empty() && roll::name(name).is_some_and(|name| !name.is_guessed) {
        return vec![flat.to_owned(), name.to_owned()];
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
    let line = |voter: &str, owner: &str| ProxyLine {
        voter: bare(voter),
        owner: owner.to_owned(),
        choice,
        reason: String::new(),
    };
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
