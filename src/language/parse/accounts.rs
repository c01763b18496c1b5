//! 账号 — “/解绑”, “/解绑 2”, “/解绑 张桂英 1 丢了手机”, “/名单 人员 东风路街道 2”, “/注销 张桂英 搬走了”.

use super::Ctx;
use crate::domain::command::Command;
use crate::domain::kernel::ids::ClaimNo;
use crate::domain::kernel::say::Say;
use crate::domain::people::account::{Ask, Listed, Which};
use crate::language::fold::{fold, trim, word, words};
use crate::language::number;

/// Numbers from here on are flats.
const FIRST_FLAT: u32 = 100;

/// Most words read of a list's argument.
const MAX_WORDS: usize = 8;

/// `2`, `第2个`, `认9`, `Claim 9` in one word.
fn which(said: &str) -> Option<Which> {
    let plain = fold(said);
    let plain = plain.trim_matches(|c| matches!(c, '【' | '】' | '[' | ']'));
    if let Some(no) = ["认", "claim"].iter().find_map(|name| plain.strip_prefix(name)) {
        return number::whole_number(no).map(|no| Which::Claim(ClaimNo(no)));
    }
    let bare = plain.trim_start_matches('第').trim_end_matches(['个', '号']);
    number::whole_number(bare).map(Which::Place)
}

/// Whether a number behind a name is the flat that tells somebody apart: nobody has so many accounts, or it stands before the number of
/// one.
fn is_flat(found: Which, after: &str) -> bool {
    match found {
        Which::Place(n) => n >= FIRST_FLAT || which(word(after).0).is_some(),
        Which::Claim(_) => false,
    }
}

/// `[姓名] [第几个｜认号] [原因]`: a name goes on until which account is meant.
pub(super) fn unlink(_: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (mut name, mut rest) = (Vec::new(), trim(arg));
    let mut found = None;
    while found.is_none() && !rest.is_empty() {
        let (first, after) = word(rest);
        found = which(first).filter(|found| name.is_empty() || !is_flat(*found, after));
        if found.is_none() {
            name.push(first);
        }
        rest = after;
    }
    // 张桂英 601 丢了手机: what stands behind the flat is why.
    if let Some(at) = name.iter().position(|word| which(word).is_some()).filter(|at| found.is_none() && *at > 0) {
        let reason = name.split_off(at + 1).join(" ");
        return Ok(Command::Account(Ask::Unlink { name: name.join(" "), which: None, reason }));
    }
    let (name, reason) = match (found, name.as_slice()) {
        (Some(_), said) => (said.join(" "), trim(rest).to_owned()),
        (None, [first, more @ ..]) if !first.is_ascii() => ((*first).to_owned(), more.join(" ")),
        (None, said) => (said.join(" "), String::new()),
    };
    Ok(Command::Account(Ask::Unlink { name, which: found, reason }))
}

/// `[中文｜英文]`
pub(super) fn language(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let language = match trim(arg) {
        "" => None,
        said => Some(super::people::language(ctx, said).ok_or_else(|| ctx.bad(said))?),
    };
    Ok(Command::Account(Ask::Language { language }))
}

/// `人员｜角色｜账号｜群 [镇街｜姓名] [页]`
pub(super) fn list(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let said = words(arg, MAX_WORDS);
    let Some((first, rest)) = said.split_first() else { return Err(ctx.empty()) };
    // A name or a town alone: the people.
    let (of, rest) = match ctx.catalog.which(&Listed::ALL, Listed::term, first) {
        Some(of) => (of, rest),
        None => (Listed::People, said.as_slice()),
    };
    let page = |said: &&str| number::whole_number(fold(said).trim_start_matches('第').trim_end_matches('页'));
    let (about, page) = match rest.split_last() {
        Some((last, about)) if page(last).is_some() => (about, page(last).unwrap_or(1)),
        _ => (rest, 1),
    };
    Ok(Command::Account(Ask::List { of, about: about.join(" "), page }))
}

/// `姓名 原因`; a name of several words ends at a comma.
pub(super) fn depart(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (name, reason) = match arg.split_once(['，', ',', '：', ':']) {
        Some((name, reason)) if name.is_ascii() => (trim(name), trim(reason)),
        _ => word(arg),
    };
    let name = name.trim_end_matches(['，', '：']);
    if name.is_empty() {
        return Err(ctx.empty());
    }
    Ok(Command::Account(Ask::Leave { name: name.to_owned(), reason: trim(reason).to_owned() }))
}
