//! 全部确认 — the claims that leave no doubt, with one word. Each is settled like one alone, by the same decision; here is only which
//! ones, and of the others why not.

use crate::domain::command::Command;
use crate::domain::decide::identity_claim::{settle, to_confirm};
use crate::domain::kernel::ids::{TopicNo, VoterNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::identity_claim::Claim;
use crate::domain::people::person::Role;
use crate::domain::scene::{Ctx, Decided, Decision, Several, Told};
use crate::domain::vote::whom::Whom;
use crate::say;

/// Claims that are left, named one by one.
const MAX_LEFT: usize = 20;

/// The one on a roll who is meant: topic, number, name.
type Entry = (TopicNo, VoterNo, String);

/// A claim that was looked at.
struct Seen {
    claim: Claim,
    /// Whom it means, if it leaves no doubt by itself; else why not.
    meant: Result<Entry, Say>,
}

/// 确认 全部 — every claim that waits for the speaker and whose name and flat are those of exactly one on a roll who never had an account.
///
/// # Errors
/// Who may.
pub fn settle_all(ctx: &Ctx<'_>) -> Decided {
    let who = &ctx.scene.who;
    if !who.has_office() {
        return Err(ctx.ask(Role::Coordinator, ""));
    }
    let (sure, left) = sorted(ctx);
    if sure.is_empty() && left.is_empty() {
        return Ok(Decision::answer(say!("claim.none")));
    }
    if sure.is_empty() {
        return Ok(Decision::answer(receipt(0, left)));
    }
    let one = |claim: Claim| Command::SettleClaim { claim: Some(claim.no), is_right: true, place: String::new() };
    let each = Some(Several { told: Told::Confirmed, commands: sure.into_iter().map(one).collect() });
    Ok(Decision { each, answer: left, ..Decision::default() })
}

/// How many claims one word would confirm.
#[must_use]
pub fn sure(ctx: &Ctx<'_>) -> usize {
    sorted(ctx).0.len()
}

/// What is told of it: how many are confirmed, and of each that is not why.
#[must_use]
pub fn receipt(done: usize, mut left: Vec<Say>) -> Say {
    let n = left.len();
    left.truncate(MAX_LEFT);
    left.extend((n > MAX_LEFT).then(|| say!("claim.left.more", n = n - MAX_LEFT)));
    match (done, n) {
        (_, 0) => say!("claim.all", n = done),
        (0, _) => say!("claim.all.none", m = n, rows = Value::Lines(left)),
        (_, _) => say!("claim.all.some", n = done, m = n, rows = Value::Lines(left)),
    }
}

/// The claims that can be confirmed, and the rows of the others.
fn sorted(ctx: &Ctx<'_>) -> (Vec<Claim>, Vec<Say>) {
    let mut claims = to_confirm(ctx);
    claims.extend(
        ctx.world.open_claims().into_iter().filter(|claim| claim.is_open(ctx.scene.now) && is_barred(ctx, claim)),
    );
    claims.sort_by_key(|claim| claim.no);
    claims.dedup_by_key(|claim| claim.no);
    let seen: Vec<Seen> = claims.into_iter().map(|claim| Seen { meant: meant(ctx, &claim), claim }).collect();
    let (mut sure, mut left) = (Vec::new(), Vec::new());
    for Seen { claim, meant } in &seen {
        let others = seen.iter().filter(|other| other.claim.no != claim.no);
        let is_claimed_twice = || others.clone().any(|other| other.meant.is_ok() && other.meant == *meant);
        match meant {
            Err(why) => left.push(row(claim, why.clone())),
            Ok(_) if is_claimed_twice() => left.push(row(claim, say!("claim.left.twice"))),
            Ok(_) => sure.push(claim.clone()),
        }
    }
    (sure, left)
}

/// 主持中立 — a claim of a voter the speaker would be asked about, were no vote open in which they have a hand.
fn is_barred(ctx: &Ctx<'_>, claim: &Claim) -> bool {
    let who = &ctx.scene.who;
    let moderates = |&no: &TopicNo| ctx.world.topic(no).is_some_and(|topic| who.moderates(&topic));
    ctx.world.whom(claim.name.as_str(), claim.place.as_str()).iter().any(|whom| {
        whom.vote_in_hand(ctx.world, who).is_some() && (who.coordinates(&whom.town) || whom.rolls.iter().any(moderates))
    })
}

/// The one on a roll a claim means, if a single confirmation would settle it and nothing about it is in doubt.
fn meant(ctx: &Ctx<'_>, claim: &Claim) -> Result<Entry, Say> {
    let (name, place) = (claim.name.as_str(), claim.place.as_str());
    if place.is_empty() {
        return Err(say!("claim.left.place"));
    }
    let whoms = ctx.world.whom(name, place);
    let whom = match whoms.as_slice() {
        [] => return Err(say!("claim.left.nobody")),
        [only] => only,
        _ => return Err(say!("claim.left.several")),
    };
    // Whoever may not say so of this one alone may not say it of all.
    let single = settle(ctx, Some(claim.no), true, "")?;
    if !whom.is_first() {
        return Err(say!("claim.left.account"));
    }
    if single.facts.is_empty() {
        return Err(if whom.rolls.is_empty() { say!("claim.left.no_roll") } else { say!("claim.left.roll") });
    }
    if ctx.world.person(claim.by).is_some_and(|newcomer| !newcomer.grants.is_empty()) {
        return Err(say!("claim.left.role"));
    }
    if whom.rolls.is_empty() {
        return Err(say!("claim.left.no_roll"));
    }
    on_roll(ctx, whom, name, place).ok_or_else(|| say!("claim.left.roll"))
}

/// The one entry with this name and this flat, on each roll they stand on.
fn on_roll(ctx: &Ctx<'_>, whom: &Whom, name: &str, place: &str) -> Option<Entry> {
    let mut entry = None;
    for &topic in &whom.rolls {
        let voters = ctx.world.voters_who(topic, name, place);
        let [voter] = voters.as_slice() else { return None };
        if !voter.lives_in(place) || !voter.names.iter().any(|owner| owner.as_str() == name) {
            return None;
        }
        entry = entry.or_else(|| Some((topic, voter.no, name.to_owned())));
    }
    entry
}

fn row(claim: &Claim, why: Say) -> Say {
    let (c, name, place) = (claim.no, &claim.name, claim.place_after_blank());
    say!("claim.left", c = c, name = name, place = place, shown = &claim.shown, why = why)
}
