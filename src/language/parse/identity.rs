//! 谁是谁 — “/我是 张桂英 601”, “/我是 7K3Q-9MXA-2PTW”, “/邀请码 张桂英 601”, “/确认 认1 601”.

use super::{Ctx, common};
use crate::domain::command::Command;
use crate::domain::kernel::ids::{ClaimNo, TopicNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::say::Say;
use crate::domain::people::account::Ask;
use crate::language::fold::{fold, strip, trim, trim_start, word, words};
use crate::language::number;

/// Most words read of an argument.
const MAX_WORDS: usize = 12;
/// Letters and digits of a code.
const CODE: usize = 12;

/// `姓名 [房号或单位]`, `姓名601`, or `Li Defu, Water Works`: a name of Latin letters goes on until a comma or a digit.
fn name_and_place(arg: &str) -> (String, String) {
    if let Some((name, place)) = arg.split_once(['，', ',', '、']) {
        return (trim(name).to_owned(), fold(trim(place)));
    }
    let said = words(arg, MAX_WORDS);
    let (name, n) = common::person_name(&said, |_| false);
    let place = fold(&said.get(n..).unwrap_or_default().join(" "));
    if !place.is_empty() {
        return (name, place);
    }
    // 张桂英601, 张桂英3-601.
    let bare = name.trim_end_matches(|c: char| fold(&c.to_string()).chars().all(|c| c.is_ascii_digit() || c == '-'));
    let place = name.strip_prefix(bare).map(fold).unwrap_or_default();
    if bare.is_empty() || place.is_empty() { (name, String::new()) } else { (bare.to_owned(), place) }
}

/// Whether something is meant as a code, if not a right one. `Zhangwei601` is a name with a flat.
fn is_code(arg: &str) -> bool {
    let said = fold(trim(arg));
    let letters = said.chars().filter(|c| c.is_ascii_alphanumeric()).count();
    if !said.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ' '))
        || !(CODE - 2..=CODE + 2).contains(&letters)
    {
        return false;
    }
    let groups: Vec<&str> = said.split(['-', ' ']).filter(|group| !group.is_empty()).collect();
    let is_grouped = groups.len() == 3 && groups.iter().all(|group| (3..=5).contains(&group.len()));
    let is_all = |group: &&str, what: fn(&char) -> bool| group.chars().all(|c| what(&c));
    // Chen Gang 1201
    let is_name_and_room = matches!(groups.as_slice(), [first, last, room]
        if [first, last].into_iter().all(|name| is_all(name, char::is_ascii_alphabetic))
            && is_all(room, char::is_ascii_digit));
    let is_dashed = said.contains('-');
    let has_digit = said.chars().any(|c| c.is_ascii_digit());
    let without_room = said.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_mixed = has_digit && without_room.chars().any(|c| c.is_ascii_digit());
    (is_grouped && (is_dashed || (has_digit && !is_name_and_room))) || (groups.len() == 1 && is_mixed)
}

/// `姓名 房号或单位`, or a code.
pub(super) fn i_am(_: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    Ok(who(arg))
}

fn who(arg: &str) -> Command {
    if is_code(arg) {
        return Command::UsePass(fold(trim(arg)));
    }
    let (name, place) = name_and_place(arg);
    Command::Claim { name, place }
}

/// `/start CODE`: what a link with a code sends.
pub(super) fn start(ctx: &Ctx<'_, '_>, arg: &str) -> Option<Command> {
    (ctx.scene.private && is_code(arg)).then(|| Command::UsePass(fold(trim(arg))))
}

/// `姓名 [房号或单位]`, or `编号 全部`.
pub(super) fn code(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    // For all of a roll: `[编号] 全部`.
    let (topic, rest) = common::topic_and_rest(ctx, arg);
    if ctx.catalog.means("word.all", trim(rest)) {
        return Ok(Command::MakePasses(topic));
    }
    let (name, place) = name_and_place(arg);
    Ok(Command::MakePass { name, place })
}

/// `编号 [不是｜房号]`, `全部`; in reply to the letter the number may be left out. Alone it asks what waits.
pub(super) fn confirm(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if ["word.all", "word.confirm_all"].iter().any(|all| ctx.catalog.means(all, trim(arg))) {
        return Ok(Command::SettleClaims);
    }
    let bare = trim_start(arg).trim_start_matches(['【', '[']);
    let written = ["认", "claim"].iter().find_map(|name| strip(bare, name)).unwrap_or(arg);
    let written = trim_start(written);
    let number = number::number(written);
    let number = number.or_else(|| number::digits(written).filter(|(_, rest)| rest.starts_with(['】', ']'])));
    let (claim, rest) = match number {
        Some((no, rest)) => (Some(ClaimNo(no)), rest.trim_start_matches(['】', ']', '号'])),
        None => (quoted(ctx), arg),
    };
    if claim.is_none() && !trim(arg).is_empty() {
        return backing(arg).ok_or_else(|| ctx.bad(arg));
    }
    let (first, more) = word(rest);
    if ctx.catalog.means("word.deny", trim(first)) {
        return Ok(Command::SettleClaim { claim, is_right: false, place: trim(more).to_owned() });
    }
    let is_bare_yes = ctx.catalog.means("word.confirm", trim(rest));
    let place = if is_bare_yes { String::new() } else { fold(trim(rest)) };
    Ok(Command::SettleClaim { claim, is_right: true, place })
}

/// `姓名 [房号] 1号`, `name [flat] #1`: somebody on the roll of a topic.
fn backing(arg: &str) -> Option<Command> {
    let (name, topic) = trim(arg).rsplit_once(char::is_whitespace)?;
    let said = fold(trim(topic));
    let topic = said.trim_matches(['【', '】', '[', ']']);
    let no = topic.strip_suffix('号').or_else(|| topic.strip_prefix('#')).and_then(number::whole_number)?;
    let name = trim(name).to_owned();
    Some(Command::Account(Ask::Back { name, topic: TopicNo(no) }))
}

fn quoted(ctx: &Ctx<'_, '_>) -> Option<ClaimNo> {
    match common::quoted(ctx.scene)? {
        Mark::Claim(no) => Some(*no),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, who};

    #[test]
    fn a_name_a_place_and_a_code_are_told_apart() {
        let claim = |name: &str, place: &str| Command::Claim { name: name.to_owned(), place: place.to_owned() };
        let pass = |code: &str| Command::UsePass(code.to_owned());
        for (said, want) in [
            ("张桂英 601", claim("张桂英", "601")),
            ("张桂英　６０１", claim("张桂英", "601")),
            ("张桂英601", claim("张桂英", "601")),
            ("张桂英", claim("张桂英", "")),
            ("王建国 区 一中", claim("王建国", "区 一中")),
            ("王建国，区一中", claim("王建国", "区一中")),
            ("Li Defu 101", claim("Li Defu", "101")),
            ("Li Defu, Water Works", claim("Li Defu", "water works")),
            ("Zhangwei1201", claim("Zhangwei", "1201")),
            ("Chen Gang 601", claim("Chen Gang", "601")),
            ("Wang Jun 1201", claim("Wang Jun", "1201")),
            ("WQFC ABCD 2P3W", pass("wqfc abcd 2p3w")),
            ("WQFC-ABCD-1201", pass("wqfc-abcd-1201")),
            ("", claim("", "")),
            ("7K3Q-9MXA-2PTW", pass("7k3q-9mxa-2ptw")),
            ("7K3Q 9MXA 2PTW", pass("7k3q 9mxa 2ptw")),
            ("7K3Q9MXA2PTW", pass("7k3q9mxa2ptw")),
            ("７Ｋ３Ｑ－９ＭＸＡ－２ＰＴＷ", pass("7k3q-9mxa-2ptw")),
            ("7K3Q-9MXA-2PT", pass("7k3q-9mxa-2pt")),
            ("ABCD-EFGH-JKMN", pass("abcd-efgh-jkmn")),
        ] {
            assert_eq!(who(said), want, "{said}");
        }
    }
}
