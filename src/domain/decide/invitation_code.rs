//! 邀请码 — giving one out, and using it up.

use crate::domain::decide::identity_claim::{claimed, joined};
use crate::domain::decide::one::Takes;
use crate::domain::event::Event;
use crate::domain::kernel::ids::ClaimNo;
use crate::domain::kernel::say::{Value, example_of};
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::account::Fact;
use crate::domain::people::invitation_code::{Pass, fingerprint, refused, written};
use crate::domain::people::person::Role;
use crate::domain::scene;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::vote::whom::Whom;
use crate::say;
use chrono::Duration;

/// 邀请码 — for somebody entered, or on a roll and entered by it, by whoever may say who they are.
pub fn make(ctx: &Ctx<'_>, name: &str, place: &str) -> Decided {
    let who = &ctx.scene.who;
    if !who.has_office() {
        return Err(ctx.ask(Role::Coordinator, ""));
    }
    if name.is_empty() {
        return Err(say!("e.empty", ex = example_of("ex.code")));
    }
    let mut whoms = ctx.world.whom(name, place);
    let whom = match whoms.len() {
        0 => {
            ctx.require_alone(Takes::Person, name, place)?;
            return Err(ctx.no_person(name, place));
        }
        1 => whoms.remove(0),
        _ => return Err(say!("e.who_many", name = name)),
    };
    if !whom.may_be_vouched_for(ctx.world, who) {
        return Err(whom.ask(ctx));
    }
    let kept = ctx.settings.retention;
    let waiting: Vec<Pass> = ctx.world.list(&Key::new(kind::PASS), usize::MAX);
    if waiting.iter().filter(|pass| pass.until > ctx.scene.now).count() >= kept.codes {
        return Err(say!("e.too_far", max = kept.codes));
    }
    let Some(dice) = ctx.scene.dice else { return Err(scene::not_recorded(ctx)) };
    let code = written(dice);
    let Some(fingerprint) = fingerprint(&code) else { return Err(scene::not_recorded(ctx)) };
    let (person, entered) = whom.enter(ctx.world);
    let until = ctx.scene.now + Duration::days(i64::from(kept.code_days));
    let mut facts: Vec<Event> = entered.into_iter().collect();
    facts.push(Event::PassMade { fingerprint: fingerprint.into(), person, until });
    let link = match &ctx.settings.invite_url {
        Some(url) => say!("code.link", url = format!("{url}{code}")),
        None => say!("none"),
    };
    let more = match whom.is_first() {
        true => say!("none"),
        // Where every account was unlinked there is none that could say yes.
        false if ctx.world.accounts_of(person).is_empty() => say!("code.unlinked", hours = ctx.settings.join_hours),
        false => say!("code.linked", hours = ctx.settings.join_hours),
    };
    let (who, end) = (whom.name.as_str(), Value::Moment(until));
    let answer = say!("code", who = who, code = code, end = end, link = link, more = more);
    Ok(Decision { facts, answer: vec![answer], ..Decision::default() })
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
    let Some(fingerprint) = fingerprint(code) else { return Err(refused()) };
    let Some(pass) = ctx.world.pass(&fingerprint).filter(|pass| pass.until > ctx.scene.now) else {
        return on_sheet(ctx, &fingerprint);
    };
    let (Some(person), Some(by)) = (ctx.world.person(pass.person), ctx.world.person(pass.by)) else {
        return Err(refused());
    };
    // Somebody who has become an administrator meanwhile is not lent out by a moderator's old code.
    let whom = Whom::entered(ctx.world, person);
    if let Some((topic, _)) = whom.vote_in_hand(ctx.world, &by) {
        return Err(say!("e.code_vote", no = topic.no));
    }
    if !whom.may_be_vouched_for(ctx.world, &by) {
        return Err(refused());
    }
    if ctx.world.word_in_hand(&by, pass.person).is_some() {
        return Err(refused());
    }
    if !whom.is_first() {
        return Ok(Decision::facts(asked(ctx, pass, &whom)));
    }
    let account = ctx.scene.caller.account.as_str().into();
    let (_, mut facts) = joined(ctx.world, ctx.me(), &account, &whom);
    facts.push(Event::PassUsed { fingerprint: pass.fingerprint });
    Ok(Decision::facts(facts))
}

/// A code of a page for all of a roll: it is as good as one given to them alone, as long as they never had an account.
fn on_sheet(ctx: &Ctx<'_>, fingerprint: &str) -> Decided {
    let (sheet, code) = ctx.world.sheet_code(fingerprint, ctx.scene.now).ok_or_else(refused)?;
    let by = ctx.world.code_sheet_by(sheet.no).and_then(|by| ctx.world.person(by)).ok_or_else(refused)?;
    let (name, room) = ctx.world.owner_of(sheet.topic, &code).ok_or_else(refused)?;
    let whoms = ctx.world.whom(&name, &room);
    let [whom] = whoms.as_slice() else { return Err(refused()) };
    if let Some((topic, _)) = whom.vote_in_hand(ctx.world, &by) {
        return Err(say!("e.code_vote", no = topic.no));
    }
    if !whom.is_first() || !whom.may_be_vouched_for(ctx.world, &by) {
        return Err(refused());
    }
    let account = ctx.scene.caller.account.as_str().into();
    let (_, mut facts) = joined(ctx.world, ctx.me(), &account, whom);
    facts.push(Event::PassUsed { fingerprint: fingerprint.into() });
    Ok(Decision::facts(facts))
}

/// Somebody who has or had an account is not joined by one official: the code is worth no more than the word of whoever gave it out.
fn asked(ctx: &Ctx<'_>, pass: Pass, whom: &Whom) -> Vec<Event> {
    let claim = ClaimNo(ctx.world.counters().claims + 1);
    let person = pass.person;
    vec![
        claimed(ctx, &whom.name, &whom.room),
        Event::Account(Fact::Asked { claim, person }),
        Event::Account(Fact::Vouched { claim, person, by: pass.by, until: None }),
        Event::PassUsed { fingerprint: pass.fingerprint },
    ]
}
