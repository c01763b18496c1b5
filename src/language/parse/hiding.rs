//! 隐藏 — “/隐藏 1-6 人身攻击”, “/隐藏 1-异1 答复 骂人”, “/隐藏 1号 方案 泄露隐私”, “/隐藏 姓名 张三 冒用”: what is to be hidden, and why.

use super::common::{body, missing, quoted, quoted_suggestion};
use super::{Ctx, take_back};
use crate::domain::command::Command;
use crate::domain::kernel::ids::{BriefNo, GatheringNo, ProposalNo, SlipNo, TaskNo, TopicNo};
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::undoable::Ask as Back;
use crate::domain::process::hiding::{Act, Ask, Part, Shown, Target};
use crate::domain::talk::gathering;
use crate::language::fold::{clause, fold, strip, trim, trim_start, word};
use crate::language::{Lang, number};
use crate::say;

/// `隐3` at the start, and what follows.
pub(super) fn number(text: &str) -> Option<(u32, &str)> {
    let text = trim_start(text);
    let rest = ["隐藏", "隐", "隱", "hiding"].iter().find_map(|sign| strip(text, sign))?;
    number::number(rest)
}

/// Nothing: the latest thing of one's own, or what is answered; `附议 1`: what is named; `1-2`, `2`: a suggestion, a matter; `签到 1`: where
/// one was signed in and was not.
pub(super) fn undo(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (first, rest) = word(trim_start(arg));
    if ctx.catalog.spelled("word.signin", &fold(first)) {
        let (gathering, name) = match number::number(rest) {
            Some((no, name)) => (Some(GatheringNo(no)), trim(name)),
            None if trim(rest).is_empty() => (None, ""),
            None => return Err(ctx.bad(rest)),
        };
        let who = Some(name.to_owned()).filter(|name| !name.is_empty());
        return Ok(Command::Gathering(gathering::Ask::NotThere { gathering, who }));
    }
    if let Some(read) = take_back::by_name(ctx, arg).or_else(|| take_back::read(ctx, arg)) {
        return read;
    }
    Ok(match number::full_ref(trim_start(arg)) {
        Some((reference, rest)) if trim(rest).is_empty() => {
            Command::TakeBack(Back::Suggestion(Some(SuggestionArg::Full(reference))))
        }
        Some(_) => Command::Undo,
        // 2, 2号: a matter one asked for, or that was entered for one.
        None => match (number::whole_number(trim(arg)), quoted(ctx.scene)) {
            (Some(no), _) => Command::TakeBack(Back::Topic(TopicNo(no))),
            (None, Some(_)) => Command::TakeBack(Back::Here),
            (None, None) => Command::Undo,
        },
    })
}

/// `什么 理由`; by the names 取消隐藏 and 维持隐藏 it is shown again, or stays.
pub(super) fn hide(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let act = match () {
        () if ctx.catalog.means("word.unhide", ctx.name) => Act::Show,
        () if ctx.catalog.means("word.uphold", ctx.name) => Act::Uphold,
        () => Act::Hide,
    };
    let (target, reason) = target(ctx, arg).ok_or_else(|| missing(ctx, arg))?;
    let written = trim(arg.get(..arg.len() - reason.len()).unwrap_or_default());
    let reason = match ["理由:", "reason:"].iter().find_map(|head| strip(reason, head)) {
        Some(said) => said,
        None => {
            one_thing(ctx, (&target, act), written, reason)?;
            reason
        }
    };
    Ok(Command::Hide(Ask::Set { target, reason: body(reason).to_owned(), act }))
}

/// A reason that begins like the number of another thing is asked back: hidden would be the wrong one, or one of two.
fn one_thing(ctx: &Ctx<'_, '_>, (target, act): (&Target, Act), written: &str, reason: &str) -> Result<(), Say> {
    no_part(ctx, (target, written), reason)?;
    let Some((other, why)) = another(ctx, reason) else { return Ok(()) };
    let quote = |text: &str| Value::Quote(text.to_owned());
    // Shown again it may be without a reason.
    if why.is_empty() && act != Act::Show {
        return Err(ctx.bad(reason));
    }
    let because = || if why.is_empty() { say!("none") } else { say!("hide.why", why = quote(why)) };
    let line = |what: &str| say!("hide.line", cmd = quote(ctx.name), what = quote(what), why = because());
    let topic = number::number(other).filter(|(_, rest)| trim(rest).is_empty());
    let mut rows = match (target, topic) {
        (Target::Topic(..) | Target::Review(..), Some((no, _))) => {
            let part = number::number(written).map_or(written, |(_, part)| part);
            vec![say!("hide.line.of", cmd = quote(ctx.name), no = no, what = quote(trim(part)), why = because())]
        }
        _ => vec![line(written), line(other)],
    };
    let all = trim(reason);
    rows.push(say!("hide.line.why", cmd = quote(ctx.name), what = quote(written), why = quote(all)));
    Err(say!("e.hide_which", bad = quote(other), rows = Value::Lines(rows)))
}

/// “1 标题骂人”: a short number with the word for a part of a topic close behind it is the topic's, or the suggestion's: it is asked which.
fn no_part(ctx: &Ctx<'_, '_>, (target, written): (&Target, &str), reason: &str) -> Result<(), Say> {
    let (Target::Suggestion(Some(at)), said) = (target, trim(reason)) else { return Ok(()) };
    not_of_it(ctx, written, said)?;
    let SuggestionArg::Short(no) = at else { return Ok(()) };
    let after = |key: &str| ctx.catalog.after(key, said).map(trim);
    let Some(why) = Part::ALL.into_iter().find_map(|(_, key)| after(key)) else { return Ok(()) };
    let part = trim(said.get(..said.len() - why.len()).unwrap_or_default());
    let quote = |text: &str| Value::Quote(text.to_owned());
    let because = if why.is_empty() { say!("none") } else { say!("hide.why", why = quote(why)) };
    let rows = vec![
        say!("hide.line.of", cmd = quote(ctx.name), no = *no, what = quote(part), why = because),
        say!("hide.line.why", cmd = quote(ctx.name), what = quote(written), why = quote(said)),
    ];
    Err(say!("e.hide_part", bad = quote(part), rows = Value::Lines(rows)))
}

/// “1-2 跟帖 骂人”, “1 牵头 …”: a word for something else than the suggestion itself, which is not hidden by this line: it is asked what is.
fn not_of_it(ctx: &Ctx<'_, '_>, written: &str, said: &str) -> Result<(), Say> {
    let (first, _) = word(said);
    let quote = |text: &str| Value::Quote(text.to_owned());
    let whole = || say!("hide.line.why", cmd = quote(ctx.name), what = quote(written), why = quote(said));
    let rows = match () {
        () if ctx.catalog.means("shown.word.reply", first) => {
            vec![say!("hide.line.reply", cmd = quote(ctx.name), what = quote(written)), whole()]
        }
        () if ctx.catalog.means("shown.word.other", first) => vec![whole()],
        () => return Ok(()),
    };
    Err(say!("e.hide_other", bad = quote(first), what = quote(written), rows = Value::Lines(rows)))
}

/// The number or sign of a thing at the start of a reason, and what follows it.
fn another<'t>(ctx: &Ctx<'_, '_>, reason: &'t str) -> Option<(&'t str, &'t str)> {
    let start = trim_start(reason).trim_start_matches(['、', '，', ',', ';', '；', '和', '跟', '与', '及', '+']);
    let start = trim_start(start);
    let rest = number(start)
        .map(|(_, rest)| rest)
        .or_else(|| number::objection(start).map(|(.., rest)| rest))
        .or_else(|| signed(ctx, start).map(|(_, rest)| rest))
        .or_else(|| number::suggestion(start).map(|(_, rest)| rest))?;
    let at = start.len() - rest.len();
    Some((trim(start.get(..at)?).trim_end_matches(['：', ':', '、', '，', ',']), trim(rest)))
}

fn target<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> Option<(Target, &'t str)> {
    let arg = trim_start(arg);
    number(arg)
        .map(|(no, rest)| (Target::Number(no), rest))
        .or_else(|| named(ctx, arg))
        .or_else(|| objection(ctx, arg))
        .or_else(|| signed(ctx, arg))
        .or_else(|| part(ctx, arg))
        .or_else(|| suggestion(ctx, arg))
}

/// 姓名 张三, 阵地 议事室: the word after it is the name.
fn named<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> Option<(Target, &'t str)> {
    let (first, rest) = word(arg);
    let of_whom: fn(String) -> Target = match () {
        () if ctx.catalog.means("shown.word.name", first) => Target::Person,
        () if ctx.catalog.means("shown.word.station", first) => Target::Station,
        () => return None,
    };
    let (name, reason) = as_printed(ctx, rest).unwrap_or_else(|| word(rest));
    let name = bare(ctx, name);
    (!name.is_empty()).then(|| (of_whom(name.to_owned()), reason))
}

/// “刘 芳（未认证） 冒充” — what stands before the mark is the name, blanks and all.
fn as_printed<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Option<(&'t str, &'t str)> {
    let mark = ctx.catalog.term("name.unproven")?;
    [Lang::Zh, Lang::En].into_iter().find_map(|lang| {
        let (name, reason) = text.split_once(mark.text(lang).trim())?;
        Some((trim(name), trim_start(reason)))
    })
}

/// A name as it is shown, without the mark that nobody has proved it.
fn bare<'t>(ctx: &Ctx<'_, '_>, name: &'t str) -> &'t str {
    let marks =
        ctx.catalog.term("name.unproven").into_iter().flat_map(|mark| [Lang::Zh, Lang::En].map(|lang| mark.text(lang)));
    marks.fold(name, |name, mark| trim(name.trim_end_matches(mark.trim())))
}

/// 1-异1, and its 答复.
fn objection<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> Option<(Target, &'t str)> {
    let (topic, n, rest) = number::objection(arg)?;
    let (first, more) = clause(rest);
    let of_answer = ctx.catalog.means("shown.word.answer", first);
    Some((Target::Objection(topic.map(TopicNo), n, of_answer), if of_answer { more } else { rest }))
}

/// 办1, W1, 社1, 提1, 活动1 (纪要, 第2行): what bears a sign of its own.
fn signed<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> Option<(Target, &'t str)> {
    let bears = |signs: &[&str]| signs.iter().any(|sign| strip(arg, sign).is_some());
    let shown = |what, rest| Some((Target::Shown(what), rest));
    if bears(&["办", "辦", "task"]) {
        return number::task(arg).and_then(|(no, rest)| shown(Shown::Task(TaskNo(no)), rest));
    }
    if bears(&["活动", "活動", "event"]) {
        let (no, rest) = number::gathering(arg)?;
        let (no, (first, more)) = (GatheringNo(no), clause(rest));
        if ctx.catalog.means("shown.word.minutes", first) {
            return shown(Shown::Minutes(no), more);
        }
        return match strip(trim_start(rest), "第").and_then(number::digits) {
            Some((n, after)) => {
                let after = ["行", "条", "位"].iter().find_map(|unit| strip(after, unit)).unwrap_or(after);
                Some((Target::SignUp(no, n), trim_start(after)))
            }
            None => shown(Shown::Gathering(no), rest),
        };
    }
    if bears(&["w"]) {
        return number::slip(arg).and_then(|(no, rest)| shown(Shown::Slip(SlipNo(no)), rest));
    }
    if bears(&["社", "brief"]) {
        return number::brief(arg).and_then(|(no, rest)| shown(Shown::Brief(BriefNo(no)), rest));
    }
    number::proposal(arg).and_then(|(no, rest)| shown(Shown::Proposal(ProposalNo(no)), rest))
}

/// 标题 of 1号, 方案, 公约, 表决, 理由, 说明, 专家 何伟: the word after the number, or before it.
fn part<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> Option<(Target, &'t str)> {
    let (topic, rest) = match number::number(arg) {
        Some((no, rest)) => (Some(TopicNo(no)), rest),
        None => (None, arg),
    };
    let (first, more) = word(rest);
    if ctx.catalog.means("shown.word.expert", first) {
        let (name, reason) = word(more);
        return (!name.is_empty()).then(|| (Target::Review(topic, name.to_owned()), reason));
    }
    let found = Part::ALL.into_iter().find(|(_, key)| ctx.catalog.means(key, first));
    found.map(|(part, _)| (Target::Topic(topic, part), more))
}

/// 1-6, and 跟帖2 under it; else what is replied to.
fn suggestion<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> Option<(Target, &'t str)> {
    let Some((at, rest)) = number::suggestion(arg) else {
        return quoted_suggestion(ctx).map(|at| (Target::Quoted(at), arg));
    };
    let after = ctx.catalog.after("shown.word.reply", trim_start(rest));
    match after.map(trim).and_then(number::number) {
        Some((n, reason)) => Some((Target::Reply(at, n), reason)),
        None => Some((Target::Suggestion(Some(at)), rest)),
    }
}
