//! 参数 — “1 井道用透明玻璃” after /建议: a number if there is one, and the words exactly as they were said.

use super::command_table::Read;
use super::common::{body, gathering_and_rest, place_in, quoted_suggestion, suggestion_and_rest, topic_and_rest};
use super::{Ctx, identity, when};
use crate::domain::command::{Command, HelpOn};
use crate::domain::history::clock::Ask as Clock;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Category;
use crate::domain::people::person::Role;
use crate::language::fold::{trim, word};
use crate::language::{number, time};
use crate::say;

/// Most names in one /签到.
const MAX_NAMES: usize = 200;

/// What is explained; `/start` with a code is what a link with a code sends.
pub(super) fn help(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    let code = identity::start(ctx, arg).map(|command| Read::of("iam", command));
    Ok(code.unwrap_or_else(|| Command::Help(help_on(ctx, arg)).into()))
}

fn help_on(ctx: &Ctx<'_, '_>, arg: &str) -> HelpOn {
    let arg = trim(arg);
    let roles =
        [Role::Member, Role::Moderator, Role::Coordinator, Role::Admin, Role::Expert, Role::Handler, Role::Resident];
    let name = arg.strip_prefix(['/', '／', '、']).unwrap_or(arg);
    let (first, page) = word(arg);
    if let Some(role) = ctx.catalog.which(&roles, Role::term, first) {
        return HelpOn::Role(role, number::whole_number(page).unwrap_or(1));
    }
    ctx.catalog.find(name).map_or(HelpOn::Basics, |entry| HelpOn::Command(entry.name.clone()))
}

pub(super) fn topic(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Ok(Command::TopicList);
    }
    if let Some(no) = number::whole_number(arg) {
        return Ok(Command::TopicCard(TopicNo(no)));
    }
    let (first, rest) = word(arg);
    let first = first.trim_end_matches(['：', ':']);
    if !ctx.catalog.means("word.new", first) {
        return Ok(Command::TopicNew { text: arg.to_owned(), force: false });
    }
    match body(rest) {
        "" => Err(ctx.empty()),
        text => Ok(Command::TopicNew { text: text.to_owned(), force: true }),
    }
}

/// `编号 [分类名]`
pub(super) fn category(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let rest = trim(rest);
    let known = Category::terms().find(|(_, term)| ctx.catalog.means(term, rest));
    Ok(Command::Sort { topic, category: known.map_or(rest, |(name, _)| name).to_owned() })
}

pub(super) fn suggest(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let written = number::number(arg);
    let (topic, text) = topic_and_rest(ctx, arg);
    match (body(text), written) {
        ("", Some((no, _))) => Ok(Command::SuggestionList(TopicNo(no))),
        ("", None) => Err(ctx.empty()),
        (text, _) => Ok(Command::Suggest { topic, text: text.to_owned() }),
    }
}

pub(super) fn like(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Ok(Command::Like(quoted_suggestion(ctx)));
    }
    number::suggestion(arg).map(|(at, _)| Command::Like(Some(at))).ok_or_else(|| ctx.bad(arg))
}

pub(super) fn reply(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (to, text) = suggestion_and_rest(ctx, arg);
    match body(text) {
        "" => Err(ctx.empty()),
        text => Ok(Command::Reply { to, text: text.to_owned() }),
    }
}

pub(super) fn join(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (gathering, note) = gathering_and_rest(ctx, arg);
    Ok(place_in(ctx.catalog, gathering, note))
}

pub(super) fn sign_in(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (gathering, rest) = gathering_and_rest(ctx, arg);
    let names = rest.split(|c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',' | '；' | ';'));
    let names = names.map(trim).filter(|name| !name.is_empty()).take(MAX_NAMES).map(str::to_owned).collect();
    Ok(Command::SignIn { gathering, names })
}

pub(super) fn minutes(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (gathering, text) = gathering_and_rest(ctx, arg);
    match body(text) {
        "" => Err(ctx.empty()),
        text => Ok(Command::Minutes { gathering, text: text.to_owned() }),
    }
}

pub(super) fn digest(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Ok(Command::Digest(None));
    }
    match time::day(arg, &when::now(ctx)) {
        Ok(day) => Ok(Command::Digest(Some(day))),
        Err(doubt) if doubt.why == time::Why::NotATime => Err(say!("e.when.day", bad = Value::Quote(arg.to_owned()))),
        Err(doubt) => Err(when::ask(ctx, arg, &doubt, when::Shape::Day)),
    }
}

/// 时钟: alone, or that it is right.
pub(super) fn clock(_: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    match arg.trim().to_lowercase().as_str() {
        "" => Ok(Command::Clock(Clock::Show)),
        "对" | "對" | "对的" | "没错" | "right" | "yes" | "ok" => Ok(Command::Clock(Clock::Right)),
        _ => Err(say!("clock.how")),
    }
}
