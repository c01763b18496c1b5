//! 受理、不予受理、转办、代点 — “/受理 W1 东风路街道 简易”, “/不予受理 W2 4”, “/转办 W3 市燃气公司 管道归他们管”, “/代点 电话 张桂英：路灯不亮”.

use super::command_table::Read;
use super::common::{body, missing, quoted};
use super::people::{field, town};
use super::{Ctx, brief, course};
use crate::domain::command::Command;
use crate::domain::intake::ground::Ground;
use crate::domain::kernel::ids::SlipNo;
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::say::Say;
use crate::domain::process::channel::Channel;
use crate::domain::process::channel::Told;
use crate::language::fold::{trim, word, words};
use crate::language::number;
use crate::say;

/// Most words read of an argument.
const MAX_WORDS: usize = 40;

/// The slip written first, or the one of the quoted message.
fn slip<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> Option<(SlipNo, &'t str)> {
    if let Some((no, rest)) = number::slip(arg) {
        return Some((SlipNo(no), rest));
    }
    match quoted(ctx.scene) {
        Some(Mark::Slip(no)) => Some((*no, arg)),
        _ => None,
    }
}

/// `W号 [镇街] [类型] [流程]`
pub(super) fn accept(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (slip, rest) = slip(ctx, arg).ok_or_else(|| missing(ctx, arg))?;
    let (mut place, mut kind, mut template) = (None, None, None);
    for word in words(rest, MAX_WORDS) {
        if course::read(ctx, word, &mut kind, &mut template) {
            continue;
        }
        if place.is_some() {
            return Err(ctx.bad(word));
        }
        place = Some(town(ctx, word)?.to_owned());
    }
    Ok(Command::Accept { slip, town: place, kind, template })
}

/// `W号 理由`; a listed ground may be written in short or by its number, and more may follow it.
pub(super) fn reject(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (slip, rest) = slip(ctx, arg).ok_or_else(|| missing(ctx, arg))?;
    let said = body(rest);
    if said.is_empty() {
        return Err(ctx.empty());
    }
    let first = said.split(|c: char| c.is_whitespace() || "，,。；;：:".contains(c)).next().unwrap_or_default();
    let ground = ctx.catalog.which(&Ground::ALL, Ground::term, first);
    let whole = ground.filter(|_| first == said.trim()).and_then(|ground| ctx.catalog.term(ground.term()));
    let reason = match whole {
        Some(term) => if ctx.name.is_ascii() { &term.en } else { &term.zh }.clone(),
        None => said.to_owned(),
    };
    Ok(Command::Reject { slip, ground, reason })
}

/// `W号 单位 理由`, or `社号 单位` for a brief.
pub(super) fn refer(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    if let Some(of_brief) = brief::refer(ctx, arg) {
        return Ok(Read::of("vet", of_brief));
    }
    let (slip, rest) = slip(ctx, arg).ok_or_else(|| missing(ctx, arg))?;
    let (unit, reason) = word(rest);
    let unit = field(ctx, unit.trim_end_matches(['：', ':', '，', ',']))?.to_owned();
    Ok(Command::Refer { slip, unit, reason: body(reason).to_owned() }.into())
}

/// `渠道 姓名：事情`; how it came and who it was in either order.
pub(super) fn order_for(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let Some((head, text)) = arg.split_once(['：', ':']).filter(|(_, text)| !trim(text).is_empty()) else {
        return Err(ctx.empty());
    };
    let (mut channel, mut name) = (None, Vec::new());
    for word in words(head, MAX_WORDS) {
        match ctx.catalog.which(&Told::ALL, Told::term, word).filter(|_| channel.is_none()) {
            Some(told) => channel = Some(Channel::Told(told)),
            None => name.push(word),
        }
    }
    let channel = channel.ok_or_else(|| say!("e.request_channel", ex = ctx.example()))?;
    let (first, rest) = word(text);
    let force = ctx.catalog.means("word.new", first.trim_end_matches(['：', ':']));
    let text = if force { rest } else { text };
    Ok(Command::OrderFor { channel, name: name.join(" "), text: body(text).trim_start().to_owned(), force })
}
