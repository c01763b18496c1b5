//! 类型、流程 — “/类型 3 简易”.

use super::Ctx;
use super::common::{topic_and_rest, topic_of};
use super::when::deadline;
use crate::domain::command::Command;
use crate::domain::kernel::say::Say;
use crate::domain::process::course::{Ask, SplitAsk};
use crate::domain::process::form::Kind;
use crate::domain::process::form::Template;
use crate::language::fold::{strip, trim, trim_start, words};
use crate::language::number;
use crate::say;

/// Most words read of an argument.
const MAX_WORDS: usize = 8;

/// `[编号] [类型] [流程]`
pub(super) fn kind(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let (mut kind, mut template) = (None, None);
    for word in words(rest, MAX_WORDS) {
        if !read(ctx, word, &mut kind, &mut template) {
            return Err(ctx.bad(word));
        }
    }
    Ok(Command::Course(Ask { topic, kind, template }))
}

/// `[编号] 截止时间`
pub(super) fn window(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    if trim(rest).is_empty() {
        return Err(ctx.empty());
    }
    if ctx.catalog.means("word.withdraw", rest) {
        return Err(say!("e.window_off", no = topic.map_or_else(String::new, |no| format!(" {}", no.0))));
    }
    let (found, left) = deadline(ctx, rest)?;
    if found.opens.is_some() || !trim(left).is_empty() {
        return Err(ctx.bad(rest));
    }
    Ok(Command::LimitTalk { topic, until: found.at })
}

/// Whether a word names a kind or a form, which then is that. What is both (公益) is the kind.
pub(super) fn read(ctx: &Ctx<'_, '_>, word: &str, kind: &mut Option<Kind>, template: &mut Option<Template>) -> bool {
    let named = ctx.catalog.which(&Kind::ALL, Kind::term, word).filter(|_| kind.is_none());
    if named.is_some() {
        *kind = named;
        return true;
    }
    let form = ctx.catalog.which(&Template::ALL, Template::term, word).filter(|_| template.is_none());
    if form.is_some() {
        *template = form;
    }
    form.is_some()
}

/// `[编号] 新标题 1-2、1-3`: what is no number of a suggestion, at the end, is the title.
pub(super) fn split(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    // “1-2” alone begins with no number of a topic.
    let (topic, rest) = match number::full_ref(trim_start(arg)) {
        Some(_) => (topic_of(ctx.scene), arg),
        None => topic_and_rest(ctx, arg),
    };
    let is_between =
        |c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',' | '；' | ';' | '：' | ':' | '和' | '及');
    let (mut title, mut suggestions) = (trim(rest), Vec::new());
    loop {
        let bare = title.trim_end_matches(is_between);
        let at = bare
            .rfind(is_between)
            .map_or(0, |at| at + bare.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
        let Some((before, last)) = bare.split_at_checked(at) else { break };
        let last = strip(last, "建议").or_else(|| strip(last, "suggestion")).unwrap_or(last);
        match number::full_ref(last) {
            Some((at, "")) => suggestions.insert(0, at),
            _ => break,
        }
        title = before;
    }
    let title = title.trim_end_matches(is_between);
    let title = ["建议", "带建议"]
        .iter()
        .find_map(|word| title.strip_suffix(word))
        .map_or(title, |before| if suggestions.is_empty() { title } else { before.trim_end_matches(is_between) });
    if title.is_empty() {
        return Err(ctx.empty());
    }
    Ok(Command::Split(SplitAsk { topic, title: title.to_owned(), suggestions }))
}
