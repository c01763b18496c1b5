//! 委托 — “/委托 1 冯丽”, “/委托 1 周涛 给 冯丽 书面”, “投 1号 1 代 周涛”.

use super::Ctx;
use super::absence::withdrawn;
use super::command_table::Read;
use super::common::{is_courtesy, topic_and_rest, topic_of};
use super::poll;
use crate::domain::command::Command;
use crate::domain::kernel::say::Say;
use crate::domain::vote::mandate::Ask;
use crate::domain::vote::tally::Choice;
use crate::language::fold::trim;

/// The text around a word of its own that means one of the catalogue's words.
fn around<'t>(ctx: &Ctx<'_, '_>, text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let mut from = 0;
    for part in text.split(char::is_whitespace) {
        let to = from + part.len();
        if ctx.catalog.means(word, part) {
            return Some((trim(text.get(..from)?), trim(text.get(to..)?)));
        }
        from = to + text.get(to..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    None
}

/// `编号 [委托人 给] 受托人 [书面]`, `编号 取消 [委托人]`.
pub(super) fn mandate(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Err(ctx.empty());
    }
    let (topic, rest) = topic_and_rest(ctx, arg);
    if let (principal, true) = withdrawn(ctx, rest) {
        return Ok(Command::Mandate(Ask::Withdraw { topic, principal: principal.to_owned() }));
    }
    let (rest, written) = match around(ctx, trim(rest), "word.written") {
        // 书面 stands before the names or behind them; what stands on its other side has no place.
        Some(("", after)) => (after, true),
        Some((before, after)) if is_courtesy(ctx.catalog, after) => (before, true),
        Some((_, after)) => return Err(ctx.bad(after)),
        None => (trim(rest), false),
    };
    let (principal, trustee) = around(ctx, rest, "word.to").unwrap_or(("", rest));
    if trustee.is_empty() {
        return Err(ctx.empty());
    }
    Ok(Command::Mandate(Ask::Give { topic, principal: principal.to_owned(), trustee: trustee.to_owned(), written }))
}

/// A ballot; with 代 and a name behind the choice, that of somebody else.
pub(super) fn ballot(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    let Some((own, principal)) = around(ctx, arg, "word.for").filter(|(own, name)| !own.is_empty() && !name.is_empty())
    else {
        return poll::ballot(ctx, arg).map(Read::from);
    };
    let choice = |text: &str| ctx.catalog.which(&Choice::ALL, Choice::term, trim(text));
    let (topic, said) = if choice(own).is_some() { (topic_of(ctx.scene), own) } else { topic_and_rest(ctx, own) };
    let choice = choice(said).ok_or_else(|| ctx.bad(said))?;
    Ok(Read::of("mandate", Command::Mandate(Ask::Cast { topic, principal: principal.to_owned(), choice })))
}
