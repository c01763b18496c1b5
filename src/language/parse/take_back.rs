//! 撤回 什么 — “/撤回 附议 1”, “/取消点赞 1-2”, “不附议了 1号”, “/附议 1 取消”, “撤回” in answer to a receipt.

use super::absence::withdrawn;
use super::command_table::Read;
use super::common::{is_courtesy, quoted, quoted_suggestion, topic_of, whole};
use super::{Ctx, args, common, process, tracking};
use crate::domain::command::Command;
use crate::domain::history::duty;
use crate::domain::kernel::ids::{BriefNo, ProposalNo, TaskNo, TopicNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::Say;
use crate::domain::people::undoable::{Ask, Fixed};
use crate::domain::talk::gathering::Ask as Gathering;
use crate::domain::vote::{absence, mandate};
use crate::language::catalog::Catalog;
use crate::language::fold::{strip, trim, trim_start, word};
use crate::language::number;

/// What was done, by the word people have for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Done {
    Second,
    Like,
    Suggestion,
    Reply,
    Objection,
    Topic,
    Join,
    Leave,
    Recusal,
    Mandate,
    Ballot,
    Rating,
    Brief,
    Proposal,
    Lead,
    Duty,
}

impl Done {
    /// Each with its words in the catalogue; what begins like another stands before it.
    const ALL: [(Self, &'static str); 16] = [
        (Self::Second, "back.word.second"),
        (Self::Like, "back.word.like"),
        (Self::Suggestion, "back.word.suggestion"),
        (Self::Reply, "back.word.reply"),
        (Self::Objection, "back.word.objection"),
        (Self::Topic, "back.word.topic"),
        (Self::Join, "back.word.join"),
        (Self::Leave, "back.word.leave"),
        (Self::Recusal, "back.word.recusal"),
        (Self::Mandate, "back.word.mandate"),
        (Self::Ballot, "back.word.ballot"),
        (Self::Rating, "back.word.rating"),
        (Self::Brief, "back.word.brief"),
        (Self::Proposal, "back.word.proposal"),
        (Self::Lead, "back.word.lead"),
        (Self::Duty, "back.word.duty"),
    ];
}

/// The word for what was done at the start of a line, or behind its number, and what is left of the line.
fn done<'t>(catalog: &Catalog, line: &'t str) -> Option<(Done, &'t str)> {
    let line = trim_start(line);
    // 异1 and 社1 say what they are by their sign.
    if number::objection(line).is_some() {
        return Some((Done::Objection, line));
    }
    let starts = |text: &'t str| Done::ALL.into_iter().find_map(|(done, key)| Some((done, catalog.after(key, text)?)));
    if let Some((done, rest)) = starts(line) {
        return Some((done, trim_start(rest)));
    }
    // “1号附议”, “1-2 的点赞”: the number first.
    let (at, after) = match number::full_ref(line) {
        Some((_, rest)) => (line.len() - rest.len(), rest),
        None => {
            let (_, rest) = number::digits(line)?;
            let rest = strip(rest, "号").or_else(|| strip(rest, "號")).unwrap_or(rest);
            (line.len() - rest.len(), rest)
        }
    };
    let after = trim_start(after);
    let after = strip(after, "的").unwrap_or(after);
    let (done, rest) = starts(after)?;
    trim(rest).is_empty().then_some((done, line.get(..at)?))
}

/// 推进 1, 公示, 办结 办1: what cannot be taken back, and what stands behind it; what begins with a longer word that can is none.
fn fixed<'t>(catalog: &Catalog, line: &'t str) -> Option<(Fixed, &'t str)> {
    let line = trim_start(line);
    let found = Fixed::ALL.into_iter().filter_map(|fixed| Some((fixed, catalog.after(fixed.term(), line)?)));
    let (fixed, rest) = found.min_by_key(|(_, rest)| rest.len())?;
    let is_longer = |(_, other): (Done, &str)| other.len() < trim_start(rest).len();
    (!done(catalog, line).is_some_and(is_longer)).then_some((fixed, trim_start(rest)))
}

/// Of which topic or task: whatever else stands there changes nothing about the answer.
fn fixed_of(ctx: &Ctx<'_, '_>, fixed: Fixed, rest: &str) -> Command {
    let has_sign = ["办", "辦", "t"].iter().any(|sign| strip(rest, sign).is_some());
    let task = number::task(rest).filter(|_| has_sign).map(|(no, _)| TaskNo(no));
    let task = task.or(match quoted(ctx.scene) {
        Some(Mark::Task(no)) => Some(*no),
        _ => None,
    });
    let of_suggestion = number::full_ref(rest).map(|(at, _)| at.topic);
    let of_objection = number::objection(rest).and_then(|(topic, ..)| topic).map(TopicNo);
    let plain = || number::number(rest).filter(|_| task.is_none()).map(|(no, _)| TopicNo(no));
    let topic = of_suggestion.or(of_objection).or_else(plain).or_else(|| topic_of(ctx.scene));
    Command::TakeBack(Ask::Fixed(fixed, topic, task))
}

/// Whether a line behind 撤回 says what is taken back and no more, as nobody talks.
pub(super) fn is_named(catalog: &Catalog, line: &str) -> bool {
    let fixed = fixed(catalog, line).map(|(_, rest)| rest);
    let Some(rest) = fixed.or_else(|| done(catalog, line).map(|(_, rest)| rest)) else { return false };
    let rest = trim(rest);
    let is_sign =
        |c: char| c.is_numeric() || c.is_ascii() || matches!(c, '号' | '號' | '第' | '条' | '異' | '异' | '办');
    rest.chars().all(is_sign) || is_courtesy(catalog, rest)
}

/// Whether a line behind “/撤回” begins with what was done, or says nothing but which.
pub(super) fn begins(catalog: &Catalog, line: &str) -> bool {
    fixed(catalog, line).is_some() || done(catalog, line).is_some()
}

/// 撤回 with what was done; `None` = it does not say.
pub(super) fn read(ctx: &Ctx<'_, '_>, arg: &str) -> Option<Result<Command, Say>> {
    if let Some((fixed, rest)) = fixed(ctx.catalog, arg) {
        return Some(Ok(fixed_of(ctx, fixed, rest)));
    }
    let (done, rest) = done(ctx.catalog, arg)?;
    Some(of(ctx, done, arg, rest))
}

/// What is taken back by a name that says it: 不附议了.
pub(super) fn by_name(ctx: &Ctx<'_, '_>, arg: &str) -> Option<Result<Command, Say>> {
    let done = unsaid(ctx.catalog, ctx.name)?;
    Some(of(ctx, done, arg, arg))
}

/// 不附议了, 不赞了.
pub(super) fn unsaid(catalog: &Catalog, said: &str) -> Option<Done> {
    let is = |key: &str| catalog.means(key, said);
    match () {
        () if is("back.word.unsecond") => Some(Done::Second),
        () if is("back.word.unlike") => Some(Done::Like),
        () => None,
    }
}

fn of(ctx: &Ctx<'_, '_>, done: Done, arg: &str, rest: &str) -> Result<Command, Say> {
    let back = |ask| Ok(Command::TakeBack(ask));
    match done {
        Done::Second => back(Ask::Second(topic(ctx, arg, rest)?)),
        Done::Like => back(Ask::Like(suggestion(ctx, arg, rest)?)),
        Done::Suggestion => back(Ask::Suggestion(suggestion(ctx, arg, rest)?)),
        Done::Reply => reply(ctx, arg, rest),
        Done::Objection => objection(ctx, arg, rest),
        Done::Topic => match topic(ctx, arg, rest)? {
            Some(no) => back(Ask::Topic(no)),
            None => Err(ctx.empty()),
        },
        Done::Join => {
            let (gathering, rest) = common::gathering_and_rest(ctx, rest);
            whole(ctx, arg, rest, Command::Gathering(Gathering::Leave { gathering, why: String::new() }))
        }
        Done::Leave => {
            let topic = topic(ctx, arg, rest)?;
            Ok(Command::Absence(absence::Ask::Leave { topic, who: String::new(), withdraw: true }))
        }
        Done::Recusal => {
            let topic = topic(ctx, arg, rest)?;
            Ok(Command::Absence(absence::Ask::Recuse { topic, text: String::new(), withdraw: true }))
        }
        Done::Mandate => {
            let topic = topic(ctx, arg, rest)?;
            Ok(Command::Mandate(mandate::Ask::Withdraw { topic, principal: String::new() }))
        }
        Done::Ballot => back(Ask::Ballot(topic(ctx, arg, rest)?)),
        Done::Rating => {
            let (task, rest) = match (number::task(rest), quoted(ctx.scene)) {
                (Some((no, rest)), _) => (Some(TaskNo(no)), rest),
                (None, Some(Mark::Task(no))) => (Some(*no), rest),
                (None, _) => (None, rest),
            };
            whole(ctx, arg, rest, Command::TakeBack(Ask::Rating(task)))
        }
        Done::Brief => {
            let (no, rest) = number::brief(rest).ok_or_else(|| common::missing(ctx, rest))?;
            whole(ctx, arg, rest, Command::TakeBack(Ask::Brief(BriefNo(no))))
        }
        Done::Proposal => {
            let (no, rest) = number::number(rest).ok_or_else(|| common::missing(ctx, rest))?;
            whole(ctx, arg, rest, Command::TakeBack(Ask::Proposal(ProposalNo(no))))
        }
        Done::Lead => back(Ask::Lead(topic(ctx, arg, rest)?)),
        Done::Duty => Ok(Command::Duty(duty_of(rest))),
    }
}

/// `[姓名] [第几条] [理由]`.
fn duty_of(rest: &str) -> duty::Ask {
    let numbered = |text: &str| {
        let bare = strip(trim_start(text), "第").unwrap_or(trim_start(text));
        let (n, rest) = number::digits(bare)?;
        let rest = ["条", "條"].iter().find_map(|sign| strip(rest, sign)).unwrap_or(rest);
        Some((n, trim(rest).to_owned()))
    };
    if let Some((n, reason)) = numbered(rest) {
        return duty::Ask::TakeBack { who: None, n: Some(n), reason };
    }
    let (first, more) = word(trim(rest));
    let who = Some(first.to_owned()).filter(|first| !first.is_empty());
    match numbered(more) {
        Some((n, reason)) => duty::Ask::TakeBack { who, n: Some(n), reason },
        None => duty::Ask::TakeBack { who, n: None, reason: trim(more).to_owned() },
    }
}

fn topic(ctx: &Ctx<'_, '_>, arg: &str, rest: &str) -> Result<Option<TopicNo>, Say> {
    if is_courtesy(ctx.catalog, rest) {
        return Ok(topic_of(ctx.scene));
    }
    let (no, rest) = number::number(rest).ok_or_else(|| ctx.bad(rest))?;
    whole(ctx, arg, rest, Some(TopicNo(no)))
}

fn suggestion(ctx: &Ctx<'_, '_>, arg: &str, rest: &str) -> Result<Option<SuggestionArg>, Say> {
    if is_courtesy(ctx.catalog, rest) {
        return Ok(quoted_suggestion(ctx));
    }
    let (at, rest) = number::suggestion(rest).ok_or_else(|| ctx.bad(rest))?;
    whole(ctx, arg, rest, Some(at))
}

/// `1-2`, `1-2 第3条`, `1-2 3`: the suggestion, and which of the replies to it.
fn reply(ctx: &Ctx<'_, '_>, arg: &str, rest: &str) -> Result<Command, Say> {
    let (to, rest) = common::suggestion_and_rest(ctx, rest);
    let (n, rest) = match trim(rest) {
        "" => (None, ""),
        written => {
            let bare = strip(written, "第").unwrap_or(written);
            let (n, rest) = number::digits(bare).ok_or_else(|| ctx.bad(written))?;
            (Some(n), ["条", "條"].iter().find_map(|sign| strip(rest, sign)).unwrap_or(rest))
        }
    };
    whole(ctx, arg, rest, Command::TakeBack(Ask::Reply(to, n)))
}

/// `1-异1`, `异1` in answer to the notice, `1`: the only one of one's own there.
fn objection(ctx: &Ctx<'_, '_>, arg: &str, rest: &str) -> Result<Command, Say> {
    if let Some((topic, n, rest)) = number::objection(rest) {
        let topic = topic.map(TopicNo).or_else(|| topic_of(ctx.scene));
        return whole(ctx, arg, rest, Command::TakeBack(Ask::Objection(topic, Some(n))));
    }
    if let Some(Mark::Objection(at)) = quoted(ctx.scene)
        && trim(rest).is_empty()
    {
        return Ok(Command::TakeBack(Ask::Objection(Some(at.topic), Some(at.n))));
    }
    Ok(Command::TakeBack(Ask::Objection(topic(ctx, arg, rest)?, None)))
}

/// “/附议 1 取消”: the command that did it, with 取消 behind, takes it back; it is measured by 撤回.
fn or_back(
    ctx: &Ctx<'_, '_>,
    (arg, done): (&str, Done),
    own: fn(&Ctx<'_, '_>, &str) -> Result<Command, Say>,
) -> Result<Read, Say> {
    match withdrawn(ctx, arg) {
        (rest, true) => of(ctx, done, arg, rest).map(|command| Read::of("undo", command)),
        (_, false) => own(ctx, arg).map(Read::from),
    }
}

pub(super) fn second(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    or_back(ctx, (arg, Done::Second), |ctx, arg| common::only_topic(ctx, arg).map(Command::Second))
}

pub(super) fn like(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    or_back(ctx, (arg, Done::Like), args::like)
}

pub(super) fn rate(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    or_back(ctx, (arg, Done::Rating), tracking::rate)
}

/// Where what stands before 取消 is a number and no more: the words of an objection, a suggestion or a reply may end so as well.
fn of_number(
    ctx: &Ctx<'_, '_>,
    (arg, done): (&str, Done),
    own: fn(&Ctx<'_, '_>, &str) -> Result<Command, Say>,
) -> Result<Read, Say> {
    let (rest, is_back) = withdrawn(ctx, arg);
    let is_number = |text: &str| {
        number::suggestion(text).is_some_and(|(_, rest)| trim(rest).is_empty())
            || number::objection(text).is_some_and(|(.., rest)| trim(rest).is_empty())
            || trim(text).is_empty() && quoted(ctx.scene).is_some()
    };
    if is_back && is_number(rest) {
        return of(ctx, done, arg, rest).map(|command| Read::of("undo", command));
    }
    own(ctx, arg).map(Read::from)
}

pub(super) fn object(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    of_number(ctx, (arg, Done::Objection), process::object)
}

pub(super) fn suggest(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    match number::full_ref(trim_start(arg)) {
        Some(_) => of_number(ctx, (arg, Done::Suggestion), args::suggest),
        None => args::suggest(ctx, arg).map(Read::from),
    }
}

pub(super) fn answer_to(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    match number::full_ref(trim_start(arg)) {
        Some(_) => of_number(ctx, (arg, Done::Reply), args::reply),
        None => args::reply(ctx, arg).map(Read::from),
    }
}
