//! 认 — saying whose an account is, and settling it.

use crate::domain::event::Event;
use crate::domain::kernel::ids::{ClaimNo, PersonId};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::text;
use crate::domain::kernel::text::proper_name;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::people::identity_claim::{Claim, DAYS, Fate, MAX_ROWS, MOST_OPEN, row};
use crate::domain::people::person::{Role, Side};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::vote::whom::Whom;
use crate::say;
use chrono::Duration;

/// Claims of one account in a day.
const MOST_A_DAY: usize = 3;

/// Longest flat, unit or sector, and longest shown name that is passed on, in characters.
const MAX_PLACE: usize = 40;

const MAX_SHOWN: usize = 30;

impl Whom {
    /// The sentence for somebody who may not.
    #[must_use]
    pub fn ask(&self, ctx: &Ctx<'_>) -> Say {
        let role = if self.warrant() == Role::Admin { Role::Admin } else { Role::Coordinator };
        ctx.ask(role, &self.town)
    }

    /// The person, and the fact that enters them if they only stand on a roll: a resident, with the flat that is theirs there.
    #[must_use]
    pub fn enter(&self, world: &World<'_>) -> (PersonId, Option<Event>) {
        if let Some(person) = &self.person {
            return (person.id, None);
        }
        let person = PersonId(world.counters().people + 1);
        let entered = Event::PersonEnrolled {
            person,
            name: self.name.as_str().into(),
            side: Side::Resident,
            unit: Words::default(),
            sector: String::new(),
            town: self.town.clone(),
            level: None,
            field: Words::default(),
            room: self.room.as_str().into(),
            enrolled: true,
        };
        (person, Some(entered))
    }
}

/// Somebody's words on one line: in the letter about a claim every line but theirs is ours.
fn one_line(said: &str) -> String {
    let visible: String = said.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What somebody nobody has entered is told of how to be joined; their account only while there is no administrator who could be
/// asked: it belongs into the configuration then.
#[must_use]
pub fn how(ctx: &Ctx<'_>) -> Say {
    let who = &ctx.scene.who;
    let is_first = who.grants.is_empty() && ctx.world.holders(Role::Admin).is_empty();
    let account =
        if is_first { say!("claim.account", account = ctx.scene.caller.account.as_str()) } else { say!("none") };
    say!("claim.how", account = account)
}

/// 我是 — who an account is said to be. The answer is the same whether there is such a person or not.
pub fn make(ctx: &Ctx<'_>, name: &str, place: &str) -> Decided {
    let who = &ctx.scene.who;
    if who.enrolled {
        return Ok(Decision::answer(say!("claim.already", who = &who.name)));
    }
    if name.is_empty() {
        return Ok(Decision::answer(how(ctx)));
    }
    proper_name(name)?;
    if name.chars().count() < 2 {
        return Err(say!("e.name", bad = name));
    }
    let place = one_line(place);
    text::within(&place, MAX_PLACE)?;
    let now = ctx.scene.now;
    let mut own = ctx.world.claims_of(ctx.me());
    let is_same = |claim: &Claim| claim.name.as_str() == name && claim.place.as_str() == place && claim.is_open(now);
    if own.iter().any(is_same) {
        return Ok(Decision::answer(say!("claim.sent")));
    }
    own.retain(|claim| now - claim.at < Duration::days(1));
    if own.len() >= MOST_A_DAY {
        return Err(say!("e.claim_many", max = MOST_A_DAY));
    }
    if ctx.world.open_claims().iter().filter(|claim| claim.is_open(now)).count() >= MOST_OPEN {
        return Err(say!("e.claim_full"));
    }
    let caller = &ctx.scene.caller;
    Ok(Decision::fact(Event::ClaimMade {
        claim: ClaimNo(ctx.world.counters().claims + 1),
        account: caller.account.as_str().into(),
        private_chat: caller.private_chat.as_str().into(),
        shown: one_line(&caller.shown).chars().take(MAX_SHOWN).collect::<String>().into(),
        name: name.into(),
        place: place.into(),
    }))
}

/// The claims the speaker may settle: a letter may have come before they could be written to.
fn waiting(ctx: &Ctx<'_>) -> Say {
    let who = &ctx.scene.who;
    let is_for_me = |claim: &Claim| {
        let whoms = ctx.world.whom(claim.name.as_str(), claim.place.as_str());
        claim.is_open(ctx.scene.now)
            && (whoms.iter().any(|whom| whom.may_be_vouched_for(ctx.world, who))
                || (whoms.is_empty() && ctx.require_role(Role::Coordinator).is_ok()))
    };
    let rows: Vec<Say> =
        ctx.world.open_claims().iter().filter(|claim| is_for_me(claim)).take(MAX_ROWS).map(row).collect();
    if rows.is_empty() { say!("claim.none") } else { say!("claim.list", rows = Value::Lines(rows)) }
}

/// 确认, 不是 — whether a claim is right. Who it is about is looked up again: they may have been entered meanwhile.
pub fn settle(ctx: &Ctx<'_>, written: Option<ClaimNo>, is_right: bool, place: &str) -> Decided {
    let who = &ctx.scene.who;
    if ![Role::Moderator, Role::Coordinator, Role::Admin].into_iter().any(|role| who.holds(role)) {
        return Err(ctx.ask(Role::Coordinator, ""));
    }
    let replied = match ctx.scene.reply {
        Some(Mark::Claim(no)) => Some(no),
        _ => None,
    };
    let Some(no) = written.or(replied) else { return Ok(Decision::answer(waiting(ctx))) };
    let claim = ctx.world.claim(no).ok_or_else(|| say!("e.no_claim", c = no))?;
    let place = if place.is_empty() { claim.place.as_str() } else { place };
    let whoms = ctx.world.whom(claim.name.as_str(), place);
    let may = |whom: &&Whom| whom.may_be_vouched_for(ctx.world, who);
    if whoms.is_empty() {
        ctx.require_role(Role::Coordinator)?;
    } else if let Some(first) = whoms.first().filter(|_| !whoms.iter().any(|whom| may(&whom))) {
        return Err(first.ask(ctx));
    }
    if ctx.world.person(claim.by).is_some_and(|newcomer| !newcomer.grants.is_empty()) && !who.holds(Role::Admin) {
        return Err(ctx.ask(Role::Admin, ""));
    }
    if claim.fate != Fate::Open || ctx.world.person_by_account(claim.account.as_str()) != Some(claim.by) {
        return Err(say!("e.claim_done", c = no));
    }
    if !claim.is_open(ctx.scene.now) {
        return Err(say!("e.claim_old", c = no, days = DAYS));
    }
    if !is_right {
        return Ok(Decision::fact(Event::ClaimSettled { claim: no, person: None }));
    }
    match whoms.as_slice() {
        [] => Err(say!("e.claim_nobody", c = no, name = &claim.name)),
        [only] => {
            let (person, mut facts) = joined(ctx.world, claim.by, &claim.account, only);
            facts.push(Event::ClaimSettled { claim: no, person: Some(person) });
            Ok(Decision::facts(facts))
        }
        several => {
            let rows = several.iter().filter(may).take(MAX_ROWS).map(|whom| whom.row().into()).collect();
            Err(say!("e.claim_several", c = no, name = &claim.name, rows = Value::List(rows)))
        }
    }
}

/// The facts that make an account a person's, with everything the account did so far.
#[must_use]
pub fn joined(world: &World<'_>, from: PersonId, account: &Words, whom: &Whom) -> (PersonId, Vec<Event>) {
    let (person, entered) = whom.enter(world);
    let private_chat = world.person(from).map(|person| person.private_chat).unwrap_or_default();
    let known = world.person(person).map(|person| person.private_chat).unwrap_or_default();
    let before = if known == private_chat { Words::default() } else { known };
    let mut facts: Vec<Event> = entered.into_iter().collect();
    facts.push(Event::AccountLinked { person, account: account.clone(), private_chat, before });
    facts.push(Event::PersonJoined { from, into: person });
    (person, facts)
}
