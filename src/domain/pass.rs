//! 邀请码 — a code for one person, to be handed over in person or by telephone: whoever sends it from an account is that person. It
//! works once, for a week; only its SHA-256 is kept.

use super::claim::{Whom, joined};
use super::event::Event;
use super::ids::PersonId;
use super::person::Role;
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// Days a code is good for.
const DAYS: i64 = 7;
/// Codes that wait to be used.
const MOST: usize = 2_000;
/// Letters of a code, five bits each, in groups of four.
const LENGTH: usize = 12;
/// Digits and letters that are not taken for one another (Crockford): no I, L, O, U.
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code that waits to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pass {
    /// SHA-256 of the code.
    pub print: Words,
    /// Whose it is.
    pub person: PersonId,
    /// Who gave it out.
    pub by: PersonId,
    /// Valid until.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub until: DateTime<Utc>,
}

impl Entity for Pass {
    fn key(&self) -> Key {
        key(self.print.as_str())
    }
}

fn key(print: &str) -> Key {
    Key::new(kind::PASS).text(print)
}

/// 60 bits of chance as people read them: 7K3Q-9MXA-2PTW.
#[must_use]
pub fn written(dice: [u8; 16]) -> String {
    let mut bits = u128::from_be_bytes(dice);
    let mut code = String::new();
    for at in 0..LENGTH {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        let five = usize::try_from(bits & 31).unwrap_or(0);
        code.extend(ALPHABET.chars().nth(five));
        bits >>= 5;
    }
    code
}

/// The print of a code however it was typed: lower case, without dashes, O for 0, I and L for 1. `None` if it can be no code.
#[must_use]
pub fn print(code: &str) -> Option<String> {
    let letters: String = code
        .chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    if letters.chars().count() != LENGTH || !letters.chars().all(|c| ALPHABET.contains(c)) {
        return None;
    }
    let digest = Sha256::digest(format!("xieshang pass {letters}").as_bytes());
    Some(digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// A code as it is kept. Those that ran out are forgotten.
pub fn put(world: &mut World<'_>, pass: &Pass, now: DateTime<Utc>) {
    let all: Vec<Pass> = world.list(&Key::new(kind::PASS), usize::MAX);
    for old in all.into_iter().filter(|old| old.until <= now) {
        world.remove(old.key());
    }
    world.put(pass);
}

/// Codes somebody gave out before it was known who they are stay good.
pub fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    let all: Vec<Pass> = world.list(&Key::new(kind::PASS), usize::MAX);
    for pass in all.into_iter().filter(|pass| pass.by == from) {
        world.put(&Pass { by: into, ..pass });
    }
}

/// A code is used up.
pub fn used(world: &mut World<'_>, print: &Words) {
    world.remove(key(print.as_str()));
}

impl World<'_> {
    /// A code that was given out and not used yet.
    #[must_use]
    pub fn pass(&self, print: &str) -> Option<Pass> {
        self.get(&key(print))
    }
}

/// 邀请码 — for somebody entered, or on a roll and entered by it, by whoever may say who they are.
pub fn make(ctx: &Ctx<'_>, name: &str, place: &str) -> Decided {
    let who = &ctx.scene.who;
    if ![Role::Moderator, Role::Coordinator, Role::Admin].into_iter().any(|role| who.holds(role)) {
        return Err(ctx.ask(Role::Coordinator, ""));
    }
    if name.is_empty() {
        return Err(say!("e.empty", ex = example_of("ex.code")));
    }
    let mut whoms = ctx.world.whom(name, place);
    let whom = match whoms.len() {
        0 => return Err(say!("e.no_person", name = name)),
        1 => whoms.remove(0),
        _ => return Err(say!("e.who_many", name = name)),
    };
    if !whom.may_be_vouched_for(ctx.world, who) {
        return Err(whom.ask(ctx));
    }
    let waiting: Vec<Pass> = ctx.world.list(&Key::new(kind::PASS), MOST);
    if waiting.iter().filter(|pass| pass.until > ctx.scene.now).count() >= MOST {
        return Err(say!("e.too_far", max = MOST));
    }
    let Some(dice) = ctx.scene.dice else { return Err(super::decide::not_recorded(ctx)) };
    let code = written(dice);
    let Some(print) = print(&code) else { return Err(super::decide::not_recorded(ctx)) };
    let (person, entered) = whom.enter(ctx.world);
    let until = ctx.scene.now + Duration::days(DAYS);
    let mut facts: Vec<Event> = entered.into_iter().collect();
    facts.push(Event::PassMade { print: print.into(), person, until });
    let link = match &ctx.settings.invite_url {
        Some(url) => say!("code.link", url = format!("{url}{code}")),
        None => say!("none"),
    };
    let answer = say!("code", who = whom.name.as_str(), code = code, end = Value::Moment(until), link = link);
    Ok(Decision { facts, answer: vec![answer] })
}

/// The sentence for every code that does not work, whatever the reason.
#[must_use]
pub fn refused() -> Say {
    say!("e.code")
}

/// 我是 with a code: the account is that person's at once.
pub fn redeem(ctx: &Ctx<'_>, code: &str) -> Decided {
    let who = &ctx.scene.who;
    if who.enrolled {
        return Ok(Decision::answer(say!("claim.already", who = &who.name)));
    }
    // Their roles would go with the account to whoever has the code already: a link is opened too easily for that.
    if !who.grants.is_empty() {
        return Err(say!("e.code_role"));
    }
    let pass = print(code).and_then(|print| ctx.world.pass(&print)).filter(|pass| pass.until > ctx.scene.now);
    let Some(pass) = pass else { return Err(refused()) };
    let (Some(person), Some(by)) = (ctx.world.person(pass.person), ctx.world.person(pass.by)) else {
        return Err(refused());
    };
    // Somebody who has become an administrator meanwhile is not lent out by a moderator's old code.
    let whom = Whom::entered(ctx.world, person);
    if !whom.may_be_vouched_for(ctx.world, &by) {
        return Err(refused());
    }
    let account = ctx.scene.caller.account.as_str().into();
    let (_, mut facts) = joined(ctx.world, ctx.me(), &account, &whom);
    facts.push(Event::PassUsed { print: pass.print });
    Ok(Decision::facts(facts))
}

#[cfg(test)]
mod tests {
    use super::{print, written};

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = written([0xA5; 16]);
        assert_eq!(code.chars().filter(|c| *c != '-').count(), 12);
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4]);
        let plain = code.replace('-', "");
        assert_eq!(print(&code), print(&plain.to_lowercase()));
        assert_eq!(print("0000-1111-2222"), print("oOoo iIlL 2222"));
        assert_ne!(print("0000-1111-2222"), print("0000-1111-2223"));
        for wrong in ["", "0000-1111-222", "0000-1111-22222", "0000-1111-222U", "张桂英张桂英张桂英张桂英"]
        {
            assert_eq!(print(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn all_sixty_bits_are_in_it() {
        let of = |bits: u128| written(bits.to_be_bytes());
        let codes: std::collections::BTreeSet<String> = (0..60).map(|bit| of(1 << bit)).collect();
        assert_eq!(codes.len(), 60);
        assert!(!codes.contains(&of(0)));
    }
}
