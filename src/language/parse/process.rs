//! 从拟方案到办结 — “/采纳 1-2 部分 理由”, “/公示 1 7天”, “/答复 1-异1 内容”, “/专家 1 修改后同意 意见”.

use super::absence::withdrawn;
use super::common::{self, body, missing, suggestion_and_rest, topic_and_rest, whole};
use super::when::{days, now};
use super::{Ctx, hiding};
use crate::domain::command::Command;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::said::Term;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::process::conflict::{self, Part};
use crate::domain::process::hiding::Ask;
use crate::domain::talk::review::Opinion;
use crate::domain::talk::suggestion::Verdict;
use crate::language::catalog::Catalog;
use crate::language::fold::{clause, strip, trim, trim_start, word};
use crate::language::number;
use crate::say;

/// Most lines that are shown to be sent one by one.
const MOST_SHOWN: usize = 6;
/// Words that may stand before how long a posting is: 公示 期 为.
const MOST_LEADS: usize = 3;

/// `[编号] 内容`; without a text it is shown.
pub(super) fn plan(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, text) = topic_and_rest(ctx, arg);
    Ok(Command::Plan { topic, text: body(text).to_owned() })
}

/// `[编号] 内容`; without a text it is shown.
pub(super) fn pact(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, text) = topic_and_rest(ctx, arg);
    Ok(Command::Pact { topic, text: body(text).to_owned() })
}

/// `建议号 [部分｜不] [理由]`; by the name 部分采纳 or 不采纳 the word may be left out.
pub(super) fn judge(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (suggestion, rest) = suggestion_and_rest(ctx, arg);
    if suggestion.is_none() {
        return Err(missing(ctx, arg));
    }
    let (first, more) = clause(rest);
    let is = |key: &str, text: &str| ctx.catalog.means(key, text);
    let begins = |key: &str| ctx.catalog.term(key).is_some_and(|term| first.starts_with(term.zh.as_str()));
    let (verdict, reason) = match () {
        () if is("word.partly", first) => (Verdict::Partly, more),
        () if is("word.declined", first) => (Verdict::Declined, more),
        () if is("word.partly", ctx.name) => (Verdict::Partly, rest),
        () if is("word.declined", ctx.name) => (Verdict::Declined, rest),
        // “不太合适” is anything but 采纳.
        () if begins("word.partly") || begins("word.declined") => return Err(ctx.bad(first)),
        () => (Verdict::Adopted, rest),
    };
    if let Some(say) = several(ctx, arg, reason) {
        return Err(say);
    }
    Ok(Command::Judge { suggestion, verdict, reason: body(reason).to_owned() })
}

/// “1-1 1-2”: one is judged at a time; of several, each line is shown.
fn several(ctx: &Ctx<'_, '_>, arg: &str, reason: &str) -> Option<Say> {
    number::full_ref(trim(reason))?;
    let refs = arg.split(|c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',' | '；' | ';'));
    let line = |(at, _)| say!("plain.two.row", line = format!("/{} {at}", ctx.name));
    let rows: Vec<Say> = refs.filter_map(number::full_ref).take(MOST_SHOWN).map(line).collect();
    Some(say!("e.one_by_one", rows = Value::Lines(rows)))
}

/// `[编号] [天数]`
pub(super) fn notice(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    if trim(rest).is_empty() {
        return Ok(Command::Notice { topic, days: None });
    }
    let rest = without_lead(ctx.catalog, rest);
    match days(ctx, rest)? {
        Some((term, left)) => {
            let today = now(ctx).today();
            let days = match term {
                Term::Days(days) => days,
                Term::Months(..) | Term::Until(_) => {
                    u32::try_from((term.last_day(today) - today).num_days()).unwrap_or(0)
                }
            };
            whole(ctx, arg, left, Command::Notice { topic, days: Some(days) })
        }
        None => Err(ctx.bad(rest)),
    }
}

/// 公示期为7天, 为期七天: the length, without what says that it is one.
fn without_lead<'t>(catalog: &Catalog, text: &'t str) -> &'t str {
    let mut rest = trim_start(text);
    for _ in 0..MOST_LEADS {
        match catalog.after("notice.lead", rest) {
            Some(shorter) if !trim(shorter).is_empty() => {
                rest = trim_start(trim_start(shorter).trim_start_matches(['：', ':', '，', ',']));
            }
            Some(_) | None => break,
        }
    }
    rest
}

/// “公示七天”, “公示期7天”: whether what is stuck to the name is how long, and no other word.
pub(super) fn says_how_long(catalog: &Catalog, behind: &str) -> bool {
    let said = without_lead(catalog, behind);
    let after = number::digits(said).or_else(|| number::chinese(said)).map(|(_, after)| after);
    let units = ["天", "日", "周", "星期", "个星期", "个月", "个工作日", "工作日"];
    after.is_some_and(|after| units.iter().any(|unit| strip(after, unit).is_some_and(|left| trim(left).is_empty())))
}

/// `[编号] 内容`; `隐3 内容` objects to a hiding.
pub(super) fn object(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if let Some((no, text)) = hiding::number(arg) {
        return Ok(Command::Hide(Ask::Contest { no, text: body(text).to_owned() }));
    }
    // “object to 1: too dear”, “object to it”.
    let arg = match strip(arg, "to ").map(trim_start).filter(|_| ctx.name.is_ascii()) {
        Some(rest) => {
            ["topic ", "no. ", "no ", "this", "it", "that"].iter().find_map(|word| strip(rest, word)).unwrap_or(rest)
        }
        None => arg,
    };
    let (topic, text) = topic_and_rest(ctx, arg);
    match body(text) {
        "" => Err(ctx.empty()),
        text => Ok(Command::Object { topic, text: text.to_owned() }),
    }
}

/// What parts one answer from the next: a line, a semicolon, a full stop.
fn parts_answers(c: char) -> bool {
    matches!(c, '\n' | '；' | ';' | '。')
}

/// The numbers of objections a text begins with, as they were written, and what follows: “1-异1、1-异2 都好”.
fn objections_at(text: &str) -> (Vec<&str>, &str) {
    let (mut found, mut left) = (Vec::new(), trim(text));
    loop {
        let bare = left.trim_start_matches(|c: char| c.is_whitespace() || "、，,和与及".contains(c));
        let end = bare.find(|c: char| c.is_whitespace() || "、，,和与及：:；;。".contains(c)).unwrap_or(bare.len());
        let (word, after) = bare.split_at_checked(end).unwrap_or((bare, ""));
        let is_one = number::objection(word).is_some_and(|(_, _, rest)| trim(rest).is_empty());
        if !is_one {
            return (found, bare.trim_start_matches(['：', ':']));
        }
        found.push(word);
        left = after;
    }
}

/// “1-异1 减振垫⏎1-异2 降价”, “1-异1、1-异2 都好”: one is answered at a time, and none is answered with the words meant for another.
fn several_answers(ctx: &Ctx<'_, '_>, arg: &str) -> Option<Say> {
    let mut answers: Vec<(&str, String)> = Vec::new();
    for part in arg.split(parts_answers).map(trim).filter(|part| !part.is_empty()) {
        let (found, text) = objections_at(part);
        match (found.as_slice(), answers.last_mut()) {
            // Goes on with the answer before it.
            ([], Some((_, before))) => before.push_str(&format!(" {part}")),
            ([], None) => return None,
            (several, _) => answers.extend(several.iter().map(|one| (*one, trim(text).to_owned()))),
        }
    }
    if answers.len() < 2 {
        return None;
    }
    let line = |(at, text): &(&str, String)| {
        let line = format!("/{} {at} {text}", ctx.name);
        say!("plain.two.row", line = line.trim_end().to_owned())
    };
    let rows: Vec<Say> = answers.iter().take(MOST_SHOWN).map(line).collect();
    Some(say!("e.one_by_one", rows = Value::Lines(rows)))
}

/// `异议号 内容`; in reply to the objection the number may be left out.
pub(super) fn answer(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if let Some(several) = several_answers(ctx, arg) {
        return Err(several);
    }
    let (topic, n, text) = match number::objection(arg) {
        Some((topic, n, rest)) => (topic.map(TopicNo), Some(n), rest),
        None => {
            let (topic, text) = topic_and_rest(ctx, arg);
            (topic, None, text)
        }
    };
    match body(text) {
        "" => Err(ctx.empty()),
        text => Ok(Command::Answer { topic, n, text: text.to_owned() }),
    }
}

/// `[编号] 同意｜修改后同意｜不同意 意见`
pub(super) fn review(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let (first, text) = clause(rest);
    if trim(first).is_empty() {
        return Err(ctx.empty());
    }
    let opinion = ctx.catalog.which(&Opinion::ALL, Opinion::term, first).ok_or_else(|| ctx.bad(first))?;
    Ok(Command::Review { topic, opinion, text: body(strip(text, ":").unwrap_or(text)).to_owned() })
}

/// `[编号] 理由`
pub(super) fn with_reason(
    ctx: &Ctx<'_, '_>,
    arg: &str,
    make: fn(Option<TopicNo>, String) -> Command,
) -> Result<Command, Say> {
    let (topic, reason) = topic_and_rest(ctx, arg);
    Ok(make(topic, body(reason).to_owned()))
}

/// `[编号] [接手的委员] [理由]`
pub(super) fn take(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let (who, more) = word(rest);
    // What is no number is never guessed at, and a name is one word.
    let (who, reason) = (trim(who).to_owned(), body(more).to_owned());
    if who.is_empty() || topic.is_some() { Ok(Command::Take { topic, who, reason }) } else { Err(ctx.bad(rest)) }
}

/// `[编号] [重开的理由]`
pub(super) fn next(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let plain = |topic| Command::Advance { topic, reason: String::new() };
    let (topic, rest) = topic_and_rest(ctx, arg);
    let reason = body(rest);
    match number::number(arg) {
        Some(_) if reason.chars().any(char::is_alphabetic) && !common::is_courtesy(ctx.catalog, rest) => {
            Ok(Command::Advance { topic, reason: reason.to_owned() })
        }
        _ => common::only_topic(ctx, arg).map(plain),
    }
}

/// `[编号] 并到 编号 [理由]`
pub(super) fn merge(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let part = |topic, more: &str| match trim(more) {
        "" => Ok(Command::Part(topic)),
        more => Err(ctx.bad(more)),
    };
    // “2 取消”, “取消 2”.
    if let (rest, true) = withdrawn(ctx, arg) {
        let (topic, more) = topic_and_rest(ctx, rest);
        return part(topic, more);
    }
    let (topic, rest) = topic_and_rest(ctx, arg);
    let (first, more) = word(rest);
    if ctx.catalog.means("word.unmerge", first) {
        return part(topic, more);
    }
    let (into, reason) = match ctx.catalog.means("word.into", first) {
        true => number::number(more),
        false => strip(rest, "并到").and_then(number::number),
    }
    .ok_or_else(|| if trim(rest).is_empty() { ctx.empty() } else { ctx.bad(rest) })?;
    Ok(Command::Merge { topic, into: TopicNo(into), reason: body(reason).to_owned() })
}

/// `编号 专家｜评价人｜经办人 姓名 理由`.
pub(super) fn appoint(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let is_end = |c: char| c.is_whitespace() || matches!(c, '：' | ':' | '，' | ',');
    let mut words = trim(rest).splitn(3, is_end);
    let (part, who, reason) = (words.next().unwrap_or_default(), words.next().map(trim), words.next());
    let part = match part {
        "" => return Err(ctx.empty()),
        word if ctx.catalog.means("part.expert", word) => Part::Expert,
        word if ctx.catalog.means("part.rater", word) => Part::Rater,
        word if ctx.catalog.means("part.teller", word) => Part::Teller,
        other => return Err(ctx.bad(other)),
    };
    let Some(who) = who.filter(|who| !who.is_empty()) else { return Err(ctx.empty()) };
    let reason = trim(reason.unwrap_or_default()).to_owned();
    Ok(Command::Conflict(conflict::Ask { topic, part, who: who.to_owned(), reason }))
}
