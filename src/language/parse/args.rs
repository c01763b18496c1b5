//! 参数 — “1 井道用透明玻璃” after /建议: a number if there is one, and the words exactly as they were said.

use super::words::topic_of;
use super::{
    Ctx, absence, body, brief, course, duty, mandate, people, places, poll, process, report, slip, tracking, who,
};
use crate::domain::category::Category;
use crate::domain::command::{Command, HelpOn, Mark, SuggestionArg};
use crate::domain::ids::{GatheringNo, TopicNo};
use crate::domain::person::Role;
use crate::domain::say::{Say, Value};
use crate::language::fold::{trim, word};
use crate::language::{number, when};
use crate::say;

/// Most names in one /签到.
const MAX_NAMES: usize = 200;

/// Reads the argument of a recognised command.
pub(super) fn read(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if let Some(command) = brief::handling(ctx, arg) {
        return command;
    }
    match ctx.entry.key() {
        "help" => Ok(who::start(ctx, arg).unwrap_or_else(|| Command::Help(help(ctx, arg)))),
        "topic" => topic(ctx, arg),
        "category" => Ok(category(ctx, arg)),
        "second" => only_topic(ctx, arg).map(Command::Second),
        "suggest" => suggest(ctx, arg),
        "like" => like(ctx, arg),
        "reply" => reply(ctx, arg),
        "ballot" => mandate::ballot(ctx, arg),
        "join" => Ok(join(ctx, arg)),
        "undo" => Ok(Command::Undo),
        "me" => Ok(Command::Me),
        "iam" => Ok(who::i_am(arg)),
        "code" => who::code(arg),
        "confirm" => who::confirm(ctx, arg),
        "take" => only_topic(ctx, arg).map(Command::Take),
        "next" => only_topic(ctx, arg).map(Command::Advance),
        "kind" => course::kind(ctx, arg),
        "window" => course::window(ctx, arg),
        "unit" => Ok(process::with_reason(ctx, arg, |topic, units| Command::Address { topic, units })),
        "bind" => only_topic(ctx, arg)?.map(Command::Bind).ok_or_else(|| ctx.empty()),
        "invite" => people::invite(ctx, arg),
        "relay" => people::relay(ctx, arg),
        "vote" => poll::open(ctx, arg),
        "leave" => Ok(absence::leave(ctx, arg)),
        "recuse" => absence::recuse(ctx, arg),
        "remind" => absence::remind(ctx, arg),
        "mandate" => mandate::mandate(ctx, arg),
        "proxy" => poll::proxy(ctx, arg),
        "plan" => Ok(process::plan(ctx, arg)),
        "hide" => process::hide(ctx, arg),
        "adopt" => process::judge(ctx, arg),
        "notice" => process::notice(ctx, arg),
        "object" => process::object(ctx, arg),
        "answer" => process::answer(ctx, arg),
        "expert" => process::review(ctx, arg),
        "pact" => Ok(process::pact(ctx, arg)),
        "back" if tracking::names_a_task(arg) => Ok(tracking::give_back(ctx, arg)),
        "back" => Ok(process::with_reason(ctx, arg, |topic, reason| Command::Back { topic, reason })),
        "pause" => Ok(process::with_reason(ctx, arg, |topic, reason| Command::Pause { topic, reason })),
        "end" => Ok(process::with_reason(ctx, arg, |topic, reason| Command::End { topic, reason })),
        "merge" => process::merge(ctx, arg),
        "assign" => tracking::assign(ctx, arg),
        "ack" => tracking::only_task(ctx, arg).map(|task| Command::Ack { task, is_talk: false }),
        "progress" => tracking::progress(ctx, arg),
        "delay" => tracking::delay(ctx, arg),
        "return" => Ok(tracking::give_back(ctx, arg)),
        "force" => Ok(tracking::force(ctx, arg)),
        "urge" => tracking::only_task(ctx, arg).map(Command::Urge),
        "rate" => tracking::rate(ctx, arg),
        "close" => tracking::close(ctx, arg),
        "adopted" => brief::adopted(ctx, arg),
        "tally" => only_topic(ctx, arg).map(Command::Tally),
        "event" => gathering(ctx, arg),
        "signin" => Ok(sign_in(ctx, arg)),
        "minutes" => minutes(ctx, arg),
        "info" => brief::info(ctx, arg),
        "proposal" => brief::proposal(ctx, arg),
        "vet" => brief::vet(ctx, arg),
        "coverage" => brief::cover(ctx, arg),
        "duty" => duty::duty(ctx, arg),
        "digest" => digest(ctx, arg),
        "weekly" => report::weekly(ctx, arg),
        "stats" => report::statistics(ctx, arg),
        "group" => people::group_set(ctx, arg),
        "grant" => people::grant(ctx, arg),
        "enrol" => people::enrol(ctx, arg),
        "accept" => slip::accept(ctx, arg),
        "reject" => slip::reject(ctx, arg),
        "refer" => brief::refer(ctx, arg).unwrap_or_else(|| slip::refer(ctx, arg)),
        "request" => slip::order_for(ctx, arg),
        "roll" => people::roll(ctx, arg),
        "station" => places::station(ctx, arg),
        "level" => places::level(ctx, arg),
        "yearplan" => places::year_plan(ctx, arg),
        "campaign" => places::campaign(ctx, arg),
        "qr" => Ok(places::qr(ctx, arg)),
        "export" => places::export(ctx, arg),
        "charity" => places::charity(ctx, arg),
        _ => Err(say!("e.unknown", bad = Value::Quote(ctx.entry.name.clone()))),
    }
}

fn help(ctx: &Ctx<'_, '_>, arg: &str) -> HelpOn {
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

/// An optional topic and the rest: a written number wins over the quoted message (§9.5).
pub(super) fn topic_and_rest<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> (Option<TopicNo>, &'t str) {
    match number::number(arg) {
        Some((no, rest)) => (Some(TopicNo(no)), rest),
        None => (topic_of(ctx.scene), arg),
    }
}

/// A command that takes a topic and nothing else. What is no number is never guessed at.
fn only_topic(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Option<TopicNo>, Say> {
    if trim(arg).is_empty() {
        return Ok(topic_of(ctx.scene));
    }
    number::number(arg).map(|(no, _)| Some(TopicNo(no))).ok_or_else(|| ctx.bad(arg))
}

fn topic(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
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
fn category(ctx: &Ctx<'_, '_>, arg: &str) -> Command {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let rest = trim(rest);
    let known = Category::terms().find(|(_, term)| ctx.catalog.means(term, rest));
    Command::Sort { topic, category: known.map_or(rest, |(name, _)| name).to_owned() }
}

fn suggest(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let written = number::number(arg);
    let (topic, text) = topic_and_rest(ctx, arg);
    match (body(text), written) {
        ("", Some((no, _))) => Ok(Command::SuggestionList(TopicNo(no))),
        ("", None) => Err(ctx.empty()),
        (text, _) => Ok(Command::Suggest { topic, text: text.to_owned() }),
    }
}

/// The suggestion a quoted message is about.
pub(super) fn quoted_suggestion(ctx: &Ctx<'_, '_>) -> Option<SuggestionArg> {
    match ctx.scene.reply.as_ref().filter(|_| ctx.scene.replied_to_bot)? {
        Mark::Suggestion(at) => Some(SuggestionArg::Full(*at)),
        _ => None,
    }
}

fn like(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Ok(Command::Like(quoted_suggestion(ctx)));
    }
    number::suggestion(arg).map(|(at, _)| Command::Like(Some(at))).ok_or_else(|| ctx.bad(arg))
}

fn reply(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (to, text) = match number::suggestion(arg) {
        Some((at, rest)) => (Some(at), rest),
        None => (quoted_suggestion(ctx), arg),
    };
    match body(text) {
        "" => Err(ctx.empty()),
        text => Ok(Command::Reply { to, text: text.to_owned() }),
    }
}

/// An optional gathering and the rest.
fn gathering_and_rest<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> (Option<GatheringNo>, &'t str) {
    if let Some((no, rest)) = number::gathering(arg) {
        return (Some(GatheringNo(no)), rest);
    }
    match ctx.scene.reply.as_ref().filter(|_| ctx.scene.replied_to_bot) {
        Some(Mark::Gathering(no)) => (Some(*no), arg),
        _ => (None, arg),
    }
}

fn join(ctx: &Ctx<'_, '_>, arg: &str) -> Command {
    let (gathering, note) = gathering_and_rest(ctx, arg);
    Command::Join { gathering, note: trim(note).to_owned() }
}

fn sign_in(ctx: &Ctx<'_, '_>, arg: &str) -> Command {
    let (gathering, rest) = gathering_and_rest(ctx, arg);
    let names = rest.split(|c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',' | '；' | ';'));
    let names = names.map(trim).filter(|name| !name.is_empty()).take(MAX_NAMES).map(str::to_owned).collect();
    Command::SignIn { gathering, names }
}

fn minutes(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (gathering, text) = gathering_and_rest(ctx, arg);
    match body(text) {
        "" => Err(ctx.empty()),
        text => Ok(Command::Minutes { gathering, text: text.to_owned() }),
    }
}

/// Name, then the longest part that reads as a time, then the place (§9.12).
fn gathering(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if let Some(series) = places::series(ctx, arg) {
        return series;
    }
    let (name, rest) = word(arg);
    if trim(name).is_empty() || trim(rest).is_empty() {
        return Err(ctx.empty());
    }
    let not_a_time = || say!("e.when", bad = Value::Quote(rest.to_owned()));
    let found = when::longest_time_in(rest, ctx.scene.now, ctx.scene.tz).ok_or_else(not_a_time)?;
    let at = found.at.map_err(|_| say!("e.when", bad = Value::Quote(found.written.to_owned())))?;
    let place = [trim(found.before), trim(found.after)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if place.is_empty() {
        return Err(ctx.empty());
    }
    Ok(Command::CallGathering { name: name.to_owned(), at, place })
}

fn digest(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Ok(Command::Digest(None));
    }
    match when::day(arg, ctx.scene.now, ctx.scene.tz) {
        Some(day) => Ok(Command::Digest(Some(day))),
        None => Err(say!("e.when.day", bad = Value::Quote(arg.to_owned()))),
    }
}

/// `key=value` pairs, with `=`, `＝` or a colon; the value may hold colons itself.
pub(super) fn pair(text: &str) -> Option<(&str, &str)> {
    let at = text.split_once(['=', '＝']).or_else(|| text.split_once(['：', ':']))?;
    (!trim(at.0).is_empty()).then(|| (trim(at.0), trim(at.1)))
}
