//! 建言 — “/社情民意 关于…｜情况：…｜来源：1-3”, “/退改 社1 理由”, “/交办 提1 区住建局 赵志强”, “/批示 社1 市政协主席 3月5日”.

use super::command_table::Read;
use super::common::{body, pair, quoted};
use super::{Ctx, Heard, when};
use crate::domain::brief::{Ask, Deal, Subject};
use crate::domain::command::Command;
use crate::domain::kernel::ids::{BriefNo, ProposalNo, TopicNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::say::{Say, example_of};
use crate::domain::work::task::Grade;
use crate::language::catalog::Catalog;
use crate::language::fold::{clause, fold, trim, trim_start, word};
use crate::language::{number, time};
use crate::say;

/// Longest part of a text that is looked at for 来源, in characters.
const MAX_SOURCE: usize = 200;
/// Most words between the handler and the end of 交办.
const MAX_WORDS: usize = 40;

fn ok(ask: Ask) -> Result<Command, Say> {
    Ok(Command::Brief(ask))
}

/// What a sentence of the office is about: written with its sign, by number alone (as `plain` takes it), or quoted.
fn subject_and_rest<'t>(ctx: &Ctx<'_, '_>, arg: &'t str, plain: fn(u32) -> Subject) -> Result<(Subject, &'t str), Say> {
    if let Some(found) = number::subject(arg) {
        return Ok(found);
    }
    if let Some((no, rest)) = number::number(arg) {
        return Ok((plain(no), rest));
    }
    match quoted(ctx.scene) {
        Some(Mark::Brief(no)) => Ok((Subject::Info(*no), arg)),
        Some(Mark::Proposal(no)) => Ok((Subject::Proposal(*no), arg)),
        Some(Mark::Suggestion(at)) => Ok((Subject::Suggestion(*at), arg)),
        Some(Mark::Topic(no)) => Ok((Subject::Topic(*no), arg)),
        _ if trim(arg).is_empty() => Err(ctx.empty()),
        _ => Err(ctx.bad(arg)),
    }
}

/// What is missing, with an example of its own: one file knows several acts.
fn lacks(example: &str) -> Say {
    say!("e.empty", ex = example_of(example))
}

fn info_of(no: u32) -> Subject {
    Subject::Info(BriefNo(no))
}

fn proposal_of(no: u32) -> Subject {
    Subject::Proposal(ProposalNo(no))
}

fn topic_of(no: u32) -> Subject {
    Subject::Topic(TopicNo(no))
}

/// `标题｜情况：…｜建议：…｜来源：1-3`; an author's number in front, nothing at all, or only a number.
pub(super) fn info(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return match quoted(ctx.scene) {
            Some(Mark::Brief(no)) => ok(Ask::InfoCard(*no)),
            _ => ok(Ask::InfoList),
        };
    }
    let written = number::brief(arg);
    if let Some((no, _)) = written.filter(|(_, rest)| trim(rest).is_empty()) {
        return ok(Ask::InfoCard(BriefNo(no)));
    }
    let (again, rest) = match (written, quoted(ctx.scene)) {
        (Some((no, rest)), _) => (Some((BriefNo(no), false)), rest),
        (None, Some(Mark::Brief(no))) => (Some((*no, true)), arg),
        _ => (None, arg),
    };
    let (title, body, sources) = paper(ctx, rest)?;
    ok(match again {
        Some((brief, is_quoted)) => Ask::Again { brief, is_quoted, title, body, sources },
        None => Ask::Info { title, body, sources },
    })
}

/// `标题｜情况：…｜建议：…`; nothing at all, or only a number.
pub(super) fn proposal(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return match quoted(ctx.scene) {
            Some(Mark::Proposal(no)) => ok(Ask::ProposalCard(*no)),
            _ => ok(Ask::ProposalList),
        };
    }
    if let Some((no, _)) =
        number::proposal(arg).or_else(|| number::number(arg)).filter(|(_, rest)| trim(rest).is_empty())
    {
        return ok(Ask::ProposalCard(ProposalNo(no)));
    }
    let (title, body, sources) = paper(ctx, arg)?;
    ok(Ask::Propose { title, body, sources })
}

/// Title, text as written, and what it came from.
fn paper(ctx: &Ctx<'_, '_>, arg: &str) -> Result<(String, String, Vec<Subject>), Say> {
    const BARS: [char; 3] = ['｜', '|', '\n'];
    let (title, rest) = arg.split_once(BARS).unwrap_or((arg, ""));
    let (mut text, mut sources) = (String::new(), Vec::new());
    for part in rest.split_inclusive(BARS) {
        match source(ctx, part.trim_end_matches(BARS)) {
            Some(found) => sources.extend(found?),
            None => text.push_str(part),
        }
    }
    let text = body(trim_start(&text)).trim_end_matches(BARS).trim_end();
    match (trim(title), text) {
        ("", _) | (_, "") => Err(ctx.empty()),
        (title, text) => Ok((untitled(ctx, title).to_owned(), text.to_owned(), sources)),
    }
}

/// “标题：关于…”: what says that it is the title is no part of it.
fn untitled<'t>(ctx: &Ctx<'_, '_>, title: &'t str) -> &'t str {
    pair(title)
        .filter(|(key, value)| ctx.catalog.means("word.title", key) && !value.is_empty())
        .map_or(title, |(_, value)| value)
}

/// `来源：1-3、2号` — if that is what a part of the text says.
fn source(ctx: &Ctx<'_, '_>, part: &str) -> Option<Result<Vec<Subject>, Say>> {
    let (key, value) = pair(part).filter(|_| part.chars().count() <= MAX_SOURCE)?;
    if !ctx.catalog.means("word.source", key) {
        return None;
    }
    let names = value.split(|c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',' | '；' | ';'));
    let one = |name: &str| {
        let suggestion = number::subject(name).filter(|(subject, rest)| {
            matches!(subject, Subject::Suggestion(_) | Subject::Topic(_)) && trim(rest).is_empty()
        });
        suggestion
            .map(|(subject, _)| subject)
            .or_else(|| number::whole_number(name).map(topic_of))
            .ok_or_else(|| ctx.bad(part))
    };
    let found: Result<Vec<Subject>, Say> = names.map(trim).filter(|name| !name.is_empty()).map(one).collect();
    Some(found)
}

/// The step a word or a command's name stands for.
fn deal_of(ctx: &Ctx<'_, '_>, said: &str) -> Option<Deal> {
    ctx.catalog.which(&Deal::ALL, Deal::term, said.trim_end_matches(['：', ':', '，', ',']))
}

/// `社号 [退改｜编发｜…] [理由]`, by the name of the step, or by 审核 and the step behind the number.
pub(super) fn vet(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    let named = deal_of(ctx, ctx.name).unwrap_or(Deal::Review);
    let plain = if named.is_of_proposals() { proposal_of } else { info_of };
    let (subject, rest) = subject_and_rest(ctx, arg, plain)?;
    let (first, more) = match rest.split_once(['：', ':']).filter(|(head, _)| deal_of(ctx, head).is_some()) {
        Some((head, tail)) => (head, tail),
        None => word(rest),
    };
    let (deal, text) = match deal_of(ctx, first).filter(|_| named == Deal::Review) {
        Some(deal) => (deal, more),
        None => (named, rest),
    };
    if deal == Deal::Review && !trim(text).is_empty() {
        return Err(ctx.bad(text));
    }
    let command = Command::Brief(Ask::Deal { subject, deal, text: body(text).to_owned() });
    // 立案 is entered by the same people as 采用.
    Ok(if deal == Deal::File { Read::of("adopted", command) } else { command.into() })
}

/// `社号 单位`: 转办 of a brief; `None` where it is a request from a code.
pub(super) fn refer(ctx: &Ctx<'_, '_>, arg: &str) -> Option<Command> {
    let (subject, unit) = match (number::subject(arg), quoted(ctx.scene)) {
        (Some((subject @ Subject::Info(_), rest)), _) => (subject, rest),
        (None, Some(Mark::Brief(no))) if number::slip(arg).is_none() => (Subject::Info(*no), arg),
        _ => return None,
    };
    Some(Command::Brief(Ask::Deal { subject, deal: Deal::Refer, text: body(unit).to_owned() }))
}

/// `社号 层级`; by another name 立案, 批示 or 吸纳, or with that word behind the number.
pub(super) fn adopted(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let is = |key: &str, said: &str| ctx.catalog.means(key, said);
    let by_name = ["deal.file", "deal.instruct", "deal.absorb"].into_iter().find(|key| is(key, ctx.name));
    if by_name == Some("deal.file") && ctx.scene.reply.is_none() && trim(arg).is_empty() {
        return Err(lacks("ex.adopted.file"));
    }
    let plain = if by_name == Some("deal.file") { proposal_of } else { info_of };
    let (subject, rest) = subject_and_rest(ctx, arg, plain)?;
    let (first, more) = word(rest);
    let by_word = ["deal.file", "deal.instruct", "deal.absorb"].into_iter().find(|key| is(key, first));
    let (act, rest) = match (by_name, by_word) {
        (Some(act), _) => (Some(act), rest),
        (None, Some(act)) => (Some(act), more),
        (None, None) => (None, rest),
    };
    match act {
        Some("deal.file") => ok(Ask::Deal { subject, deal: Deal::File, text: body(rest).to_owned() }),
        Some("deal.instruct") => instruct(ctx, subject, rest),
        Some(_) if trim(rest).is_empty() => Err(lacks("ex.adopted.absorb")),
        _ if trim(rest).is_empty() => Err(ctx.empty()),
        Some(_) => ok(Ask::Absorb { subject, document: body(rest).to_owned() }),
        None => ok(Ask::Adopt { subject, level: trim(rest).to_owned() }),
    }
}

/// `批示人 [日期] [内容]`
fn instruct(ctx: &Ctx<'_, '_>, subject: Subject, rest: &str) -> Result<Command, Say> {
    // What stands behind a colon is what was said: it is kept, and not told around as part of a name.
    let (who, rest) = match (word(rest), rest.split_once(['：', ':', '，', ','])) {
        ((first, _), Some((who, said))) if who.chars().count() < first.chars().count() => (who, trim_start(said)),
        (found, _) => found,
    };
    // “市政协主席批示” says who, and what the card says behind it.
    let deal = ctx.catalog.term("deal.instruct").map_or("", |term| term.zh.as_str());
    let who = trim(who).strip_suffix(deal).filter(|who| !deal.is_empty() && !who.is_empty()).unwrap_or(who);
    if trim(who).is_empty() {
        return Err(lacks("ex.adopted.instruct"));
    }
    let (date, text) = match time::day_before(rest, &when::now(ctx)) {
        Ok(found) => (Some(found.value), trim_start(rest.get(found.used.end..).unwrap_or_default())),
        Err(doubt) if doubt.why == time::Why::NotATime => (None, rest),
        Err(doubt) => return Err(when::ask(ctx, rest, &doubt, when::Shape::Day)),
    };
    ok(Ask::Instruct { subject, who: who.to_owned(), date, text: body(text).to_owned() })
}

/// `编号 媒体 题目 [链接]`
pub(super) fn cover(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (subject, rest) = subject_and_rest(ctx, arg, topic_of)?;
    let (media, rest) = word(rest);
    let at = rest.rfind("http://").or_else(|| rest.rfind("https://"));
    let (title, link) = at.and_then(|at| Some((rest.get(..at)?, rest.get(at..)?))).unwrap_or((rest, ""));
    if trim(media).is_empty() || trim(title).is_empty() {
        return Err(ctx.empty());
    }
    let (media, title, link) = (media.to_owned(), trim(title).to_owned(), trim(link).to_owned());
    ok(Ask::Cover { subject, media, title, link })
}

/// Whether a command on tasks is about a proposal: its sign is written, or its card is quoted and no number is written.
pub(super) fn handled<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> Option<(ProposalNo, &'t str)> {
    if let Some((no, rest)) = number::proposal(arg) {
        return Some((ProposalNo(no), rest));
    }
    match quoted(ctx.scene) {
        Some(Mark::Proposal(no)) if number::task(arg).is_none() => Some((*no, arg)),
        _ => None,
    }
}

fn nothing_more(ctx: &Ctx<'_, '_>, ask: Ask, rest: &str) -> Result<Command, Say> {
    if trim(rest).is_empty() { ok(ask) } else { Err(ctx.bad(rest)) }
}

/// 收到.
pub(super) fn ack(ctx: &Ctx<'_, '_>, proposal: ProposalNo, rest: &str) -> Result<Command, Say> {
    nothing_more(ctx, Ask::Ack { proposal, is_talk: false }, rest)
}

/// 催办.
pub(super) fn urge(ctx: &Ctx<'_, '_>, proposal: ProposalNo, rest: &str) -> Result<Command, Say> {
    nothing_more(ctx, Ask::Urge(proposal), rest)
}

/// `天数｜到哪天 理由`
pub(super) fn delay(ctx: &Ctx<'_, '_>, proposal: ProposalNo, rest: &str) -> Result<Command, Say> {
    let (first, _) = clause(rest);
    match when::more(ctx, rest)? {
        Some((term, reason)) => ok(Ask::Delay { proposal, term, reason: body(reason).to_owned() }),
        None if trim(first).is_empty() => Err(lacks("ex.proposal.delay")),
        None => Err(ctx.bad(first)),
    }
}

/// `满意｜基本满意｜不满意 [理由]`
pub(super) fn rate(ctx: &Ctx<'_, '_>, proposal: ProposalNo, rest: &str) -> Result<Command, Say> {
    let (first, reason) = clause(rest);
    match ctx.catalog.which(&Grade::ALL, Grade::term, first) {
        Some(grade) => ok(Ask::Rate { proposal, grade, reason: body(reason).to_owned() }),
        None if trim(first).is_empty() => Err(lacks("ex.proposal.rate")),
        None => Err(ctx.bad(first)),
    }
}

/// `单位 承办人 [时限] [会办：单位、单位]`
pub(super) fn assign(ctx: &Ctx<'_, '_>, proposal: ProposalNo, rest: &str) -> Result<Command, Say> {
    let (unit, rest) = word(rest);
    let (handler, rest) = word(rest);
    let (unit, handler) = (trim(unit), trim(handler));
    if unit.is_empty() || handler.is_empty() {
        return Err(lacks("ex.proposal.assign"));
    }
    let (mut until, mut helpers, mut left) = (None, Vec::new(), rest);
    for _ in 0..MAX_WORDS {
        let (first, more) = word(left);
        if trim(first).is_empty() {
            break;
        }
        let named = pair(first).filter(|(key, _)| ctx.catalog.means("word.helpers", key));
        if named.is_some() || ctx.catalog.means("word.helpers", first) {
            let listed = format!("{}、{more}", named.map_or("", |(_, value)| value));
            let is_between = |c: char| matches!(c, '、' | '，' | ',' | '；' | ';' | '\n');
            helpers = listed.split(is_between).map(trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
            break;
        }
        if until.is_some() {
            return Err(ctx.bad(left));
        }
        let (term, more) = when::term(ctx, left)?;
        (until, left) = (Some(term), more);
    }
    ok(Ask::Assign { proposal, unit: unit.to_owned(), handler: handler.to_owned(), term: until, helpers })
}

/// `进展 内容｜办结 A 内容`
pub(super) fn progress(ctx: &Ctx<'_, '_>, proposal: ProposalNo, rest: &str) -> Result<Command, Say> {
    if trim(rest).is_empty() {
        return Err(lacks("ex.proposal.answer"));
    }
    let (class, text) = super::tracking::answer(ctx, rest, example_of("ex.proposal.answer"))?;
    ok(Ask::Progress { proposal, class, text: body(text).to_owned() })
}

/// “收到”, “满意”, “不满意 没答到点上” in reply to the card of a proposal.
pub(super) fn about_proposal<'c>(catalog: &'c Catalog, proposal: ProposalNo, text: &str) -> Option<Heard<'c>> {
    let (first, reason) = clause(text);
    let (said, reason) = (fold(trim(first)), trim(reason));
    let whole = fold(trim(text).trim_end_matches(['。', '.', '！', '!']));
    let grade = catalog.which(&Grade::ALL, Grade::term, &whole).map(|grade| (grade, ""));
    let (key, ask) = match grade.or_else(|| Some((catalog.which(&Grade::ALL, Grade::term, &said)?, reason))) {
        Some((grade, reason)) => ("rate", Ask::Rate { proposal, grade, reason: reason.to_owned() }),
        None if catalog.spelled("word.ack", &said) && reason.is_empty() => {
            ("ack", Ask::Ack { proposal, is_talk: true })
        }
        None => return None,
    };
    Some(Heard::of(catalog, key, Command::Brief(ask), true))
}
