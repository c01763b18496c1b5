//! 查单、办结 — “/交办 1 区住建局 赵志强 15天 出具意见”, “/办理 办1 办结 A 已通过”, “/评价 办2 满意”, “/办结 1 化解矛盾1 民生工程1”.

use super::command_table::Read;
use super::common::{body, labelled, one_line, part, quoted, topic_and_rest};
use super::when::{longer, term};
use super::{Ctx, brief, card_reply, process};
use crate::domain::command::Command;
use crate::domain::kernel::ids::TaskNo;
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::work::handover::Ask;
use crate::domain::work::outcome::{Outcome, OutcomeKind};
use crate::domain::work::task::Class;
use crate::language::fold::{clause, fold, strip, trim, trim_start, word};
use crate::language::number;
use crate::say;

/// Most words of a 成果.
const MAX_WORDS: usize = 40;

/// The task written first, or the one of the quoted message.
fn task_and_rest<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> (Option<TaskNo>, &'t str) {
    if let Some((no, rest)) = number::task(arg) {
        return (Some(TaskNo(no)), rest);
    }
    match quoted(ctx.scene) {
        Some(Mark::Task(no)) => (Some(*no), arg),
        _ => (None, arg),
    }
}

/// A command that takes a task and nothing else.
fn only_task(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Option<TaskNo>, Say> {
    let (task, rest) = task_and_rest(ctx, arg);
    if trim(rest).is_empty() { Ok(task) } else { Err(ctx.bad(rest)) }
}

/// `[办号]`
pub(super) fn ack(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    match brief::handled(ctx, arg) {
        Some((proposal, rest)) => brief::ack(ctx, proposal, rest),
        None => Ok(Command::Ack { task: only_task(ctx, arg)?, is_talk: false }),
    }
}

/// `[办号]`
pub(super) fn urge(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    match brief::handled(ctx, arg) {
        Some((proposal, rest)) => brief::urge(ctx, proposal, rest),
        None => only_task(ctx, arg).map(Command::Urge),
    }
}

/// Whether it begins with a task that says so: 办1, task 1.
fn names_a_task(arg: &str) -> bool {
    let arg = trim_start(arg);
    ["办", "辦", "t"].iter().any(|sign| strip(arg, sign).is_some()) && number::task(arg).is_some()
}

/// `[办号] 理由`
pub(super) fn give_back(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (task, reason) = task_and_rest(ctx, arg);
    Ok(Command::Handover(Ask::Return { task, reason: body(reason).to_owned() }))
}

/// `[编号] 理由`: a topic goes a step back; a task that says so is given back.
pub(super) fn back(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    if names_a_task(arg) {
        return Ok(Read::of("return", give_back(ctx, arg)?));
    }
    process::with_reason(ctx, arg, |topic, reason| Command::Back { topic, reason }).map(Read::from)
}

/// `[办号] 说明`
pub(super) fn force(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (task, reason) = task_and_rest(ctx, arg);
    Ok(Command::Handover(Ask::Force { task, reason: body(reason).to_owned() }))
}

/// `[编号] 单位 承办人 时限 事项`, or `办号 单位 承办人 时限 [事项]` for one that was given back.
pub(super) fn assign(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if let Some((proposal, rest)) = brief::handled(ctx, arg) {
        return brief::assign(ctx, proposal, rest);
    }
    let again = number::task(arg).filter(|_| names_a_task(arg));
    let (topic, rest) = again.map_or_else(|| topic_and_rest(ctx, arg), |(_, rest)| (None, rest));
    let (unit, rest) = part(rest);
    let (handler, rest) = part(trim_start(rest));
    let (unit, handler) = (trim(unit), trim(handler));
    if unit.is_empty() || handler.is_empty() || trim(rest).is_empty() {
        return Err(ctx.empty());
    }
    let (term, what) = term(ctx, rest)?;
    let what = one_line(body(what));
    let what = labelled(&what);
    let (unit, handler, what) = (unit.to_owned(), handler.to_owned(), what.to_owned());
    if let Some((no, _)) = again {
        return Ok(Command::Handover(Ask::Reassign { task: TaskNo(no), unit, handler, term, what }));
    }
    if what.is_empty() {
        return Err(ctx.empty());
    }
    Ok(Command::Assign { topic, unit, handler, term, what })
}

/// `[办号] 进展 内容｜办结 A 内容`
pub(super) fn progress(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    if let Some((proposal, rest)) = brief::handled(ctx, arg) {
        return brief::progress(ctx, proposal, rest).map(Read::from);
    }
    let (task, rest) = task_and_rest(ctx, arg);
    let (first, more) = clause(rest);
    if trim(first).is_empty() {
        return Err(ctx.empty());
    }
    if ctx.catalog.means("word.force", first) {
        let command = Command::Handover(Ask::Force { task, reason: body(more).to_owned() });
        return Ok(Read::of("force", command));
    }
    let (class, text) = answer(ctx, rest, ctx.example())?;
    Ok(Command::Progress { task, class, text: body(text).to_owned() }.into())
}

/// `办结 A 内容`, `进展 内容`, or a note alone: the class, if it is an answer, and the words.
pub(super) fn answer<'t>(ctx: &Ctx<'_, '_>, said: &'t str, example: Value) -> Result<(Option<Class>, &'t str), Say> {
    let (first, more) = clause(said);
    let class_of = |letter: &str| {
        let class = ctx.catalog.which(&Class::ALL, Class::term, letter.trim_end_matches('类'));
        class.ok_or_else(|| say!("e.class", ex = example.clone()))
    };
    if ctx.catalog.means("word.done", first) {
        let (letter, text) = clause(more);
        return Ok((Some(class_of(letter)?), text));
    }
    // “已办结A 换好了”.
    let glued = ctx.catalog.after("word.done", first).map(|rest| rest.trim_end_matches('类'));
    if let Some(class) = glued.and_then(|letter| ctx.catalog.which(&Class::ALL, Class::term, letter)) {
        return Ok((Some(class), more));
    }
    // “办结A” is an answer written in one; “办结还差一步” may be either, and is asked about.
    let done = ctx.catalog.term("word.done").and_then(|term| strip(first, &fold(&term.zh)));
    if let Some(letter) = done {
        return Ok((Some(class_of(letter)?), more));
    }
    Ok((None, if ctx.catalog.means("word.progress", first) { more } else { said }))
}

/// `[办号] 天数｜到哪天 理由`
pub(super) fn delay(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if let Some((proposal, rest)) = brief::handled(ctx, arg) {
        return brief::delay(ctx, proposal, rest);
    }
    let (task, rest) = task_and_rest(ctx, arg);
    let (first, _) = word(rest);
    if trim(first).is_empty() {
        return Err(ctx.empty());
    }
    match longer(ctx, rest) {
        Ok(Some((term, reason))) => Ok(Command::Delay { task, term, reason: body(reason).to_owned() }),
        Ok(None) => Err(ctx.bad(first)),
        Err(unsure) => Ok(Command::DelayUnsure { task, unsure }),
    }
}

/// `[办号] 满意｜基本满意｜不满意 [理由]`
pub(super) fn rate(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if let Some((proposal, rest)) = brief::handled(ctx, arg) {
        return brief::rate(ctx, proposal, rest);
    }
    let (task, rest) = task_and_rest(ctx, arg);
    let (first, reason) = clause(rest);
    if trim(first).is_empty() {
        return Err(ctx.empty());
    }
    let Some(grade) = card_reply::grade_of(ctx.catalog, first) else {
        // 还行, 不太满意: which of the three that is, is asked with the number of this task.
        return match task {
            Some(task) => {
                Ok(Command::CardWords { task, said: trim(rest).to_owned(), is_talk: false, is_reason: false })
            }
            None => Err(ctx.bad(first)),
        };
    };
    Ok(Command::Rate { task, grade, reason: body(reason).to_owned() })
}

/// `[编号] 成果数量…｜无成果 说明`
pub(super) fn close(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let (first, note) = clause(rest);
    if ctx.catalog.means("word.no_outcome", first) {
        return Ok(Command::Close { topic, outcomes: Vec::new(), note: body(note).to_owned() });
    }
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut left = trim(rest);
    for _ in 0..MAX_WORDS {
        left = left.trim_start_matches([' ', '\u{3000}', '，', ',', '、', '；', ';', '\n', '。', '！', '!']);
        if left.is_empty() {
            break;
        }
        let (outcome, after) = one(ctx, left).ok_or_else(|| ctx.bad(left))?;
        match outcomes.iter_mut().find(|known| known.kind == outcome.kind) {
            Some(known) => known.n = known.n.saturating_add(outcome.n),
            None => outcomes.push(outcome),
        }
        left = after;
    }
    Ok(Command::Close { topic, outcomes, note: String::new() })
}

/// “化解矛盾1件”, “民生工程 1”.
fn one<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Option<(Outcome, &'t str)> {
    let end = text
        .char_indices()
        .find(|(_, c)| c.is_ascii_digit() || fold(&c.to_string()).chars().all(|c| c.is_ascii_digit()));
    let (at, _) = end?;
    let (name, rest) = (text.get(..at)?, text.get(at..)?);
    let kind = ctx.catalog.which(&OutcomeKind::ALL, OutcomeKind::term, name)?;
    let (n, rest) = number::digits(rest)?;
    let unit = ["件", "处", "份", "篇", "次", "个", "項", "项"].iter().find_map(|unit| rest.strip_prefix(unit));
    Some((Outcome { kind, n }, unit.unwrap_or(rest)))
}
