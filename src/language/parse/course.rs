//! 类型、流程 — “/类型 3 简易”.

use super::Ctx;
use super::common::topic_and_rest;
use super::when::deadline;
use crate::domain::command::Command;
use crate::domain::kernel::say::Say;
use crate::domain::process::course::Ask;
use crate::domain::process::form::Kind;
use crate::domain::process::form::Template;
use crate::language::fold::{trim, words};

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
