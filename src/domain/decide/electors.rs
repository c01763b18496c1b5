//! 谁能投 — whoever comes to hold a role, loses one or is entered otherwise while a vote is open may thereby come to vote or not to vote
//! in it, or to moderate it. Asked of every decision, and of what the configuration gives and takes: whichever way it comes, nobody who
//! speaks takes somebody's vote by it, and the group of the vote reads what has changed.

use crate::domain::decide::mandate;
use crate::domain::effects::{Reaches, effects};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, VoterNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::people::account;
use crate::domain::people::identity_claim::Claim;
use crate::domain::people::person::{Grant, Person, Role, Scope};
use crate::domain::process::topic::Topic;
use crate::domain::vote::poll::{Poll, fact};
use crate::domain::vote::whom::Whom;
use crate::say;

/// Somebody as they are, and as they would be.
struct Change {
    before: Person,
    after: Person,
}

/// What becomes of one open vote.
struct Turn {
    poll: Poll,
    moderator: (Option<PersonId>, Option<PersonId>),
    freed: Vec<(PersonId, VoterNo)>,
    barred: Vec<(PersonId, VoterNo)>,
}

/// What the facts change in votes that are open, to be recorded with them.
#[must_use]
pub fn altered(world: &World<'_>, facts: &[Event]) -> Vec<Event> {
    let fact = |turn: Turn| {
        let (from, to) = turn.moderator;
        let voters = |of: &[(PersonId, VoterNo)]| of.iter().map(|(_, voter)| *voter).collect();
        let (freed, barred) = (voters(&turn.freed), voters(&turn.barred));
        Event::Poll(fact::Fact::Altered { poll: turn.poll.no, from, to, freed, barred })
    };
    turns(world, facts).into_iter().map(fact).chain(unvouched(world, facts)).collect()
}

/// 不算数 — of accounts that wait, the word of whoever may not say whose they are any more.
fn unvouched(world: &World<'_>, facts: &[Event]) -> Vec<Event> {
    let changes = changes(world, facts);
    if changes.is_empty() {
        return Vec::new();
    }
    let of = |claim: Claim| {
        let joining = world.joining(claim.no)?;
        let whom = Whom::entered(world, world.person(joining.person)?);
        let is_gone = |by: &PersonId| {
            let change = changes.iter().find(|change| change.before.id == *by);
            change.is_some_and(|change| !whom.may_be_vouched_for(world, &change.after))
        };
        let gone: Vec<PersonId> = joining.by.iter().copied().filter(is_gone).collect();
        let is_settled =
            facts.iter().any(|fact| matches!(fact, Event::ClaimSettled { claim: no, .. } if *no == claim.no));
        let fact = account::Fact::Unvouched { claim: claim.no, person: joining.person, gone: gone.clone() };
        (!gone.is_empty() && !is_settled).then_some(Event::Account(fact))
    };
    world.open_claims().into_iter().filter_map(of).collect()
}

/// 失效 — whoever comes to moderate a topic by the facts casts no ballot in trust there any more.
#[must_use]
pub fn unfit_trustees(world: &World<'_>, facts: &[Event]) -> Vec<Event> {
    let (mut found, changes) = (Vec::new(), changes(world, facts));
    if changes.is_empty() {
        return found;
    }
    for topic in world.topics_with_roll().into_iter().filter_map(|no| world.topic(no)) {
        for change in &changes {
            let before = world.moderator_of(&topic);
            let Some(chair) = world.moderator_if(&topic, Some(&change.after)).filter(|id| Some(*id) != before) else {
                continue;
            };
            let person = if chair == change.after.id { Some(change.after.clone()) } else { world.person(chair) };
            let is_bound = |person: &Person| person.holds(Role::Moderator) && !person.holds(Role::Coordinator);
            if person.as_ref().is_some_and(is_bound) {
                found.extend(mandate::lapsed_with_chair(world, &topic, chair));
            }
        }
    }
    found
}

/// 主持中立 takes the vote of whoever moderates: nobody comes to moderate a vote that is open, and that they still have to vote in, by a
/// role that somebody gives them or takes from somebody else.
///
/// # Errors
/// `e.grant.vote`.
pub fn kept(world: &World<'_>, facts: &[Event]) -> Result<Vec<Event>, Say> {
    for turn in turns(world, facts) {
        if let Some((who, _)) = turn.barred.first() {
            let (no, end) = (turn.poll.topic, Value::Moment(turn.poll.ends));
            return Err(say!("e.grant.vote", no = no, who = world.name_of(*who), end = end));
        }
    }
    Ok(altered(world, facts))
}

fn turns(world: &World<'_>, facts: &[Event]) -> Vec<Turn> {
    let mut found = Vec::new();
    for change in changes(world, facts) {
        for poll in world.open_polls().into_iter().filter(|poll| poll.rule.is_vote()) {
            found.extend(world.topic(poll.topic).and_then(|topic| turn(world, poll, &topic, &change)));
        }
    }
    found
}

/// Each person whom the facts change, once. Somebody nobody knew before has no account to vote from: one is joined by a way of its own.
fn changes(world: &World<'_>, facts: &[Event]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for fact in facts {
        let id = match effects(fact).reaches {
            Reaches::Empowers(person) | Reaches::Renames(person) | Reaches::Joins(_, person) => person,
            Reaches::Nothing
            | Reaches::Casts(..)
            | Reaches::Strikes(..)
            | Reaches::Bars(..)
            | Reaches::Entrusts(..)
            | Reaches::Voids(_)
            | Reaches::Renumbers(_) => continue,
        };
        let at = changes.iter().position(|change| change.before.id == id);
        let at = at.or_else(|| {
            let before = world.person(id)?;
            changes.push(Change { after: before.clone(), before });
            Some(changes.len() - 1)
        });
        if let Some(change) = at.and_then(|at| changes.get_mut(at)) {
            apply(world, fact, &mut change.after);
        }
    }
    changes
}

/// What a fact makes of the roles and the entry of somebody.
fn apply(world: &World<'_>, fact: &Event, person: &mut Person) {
    let mut hold = |role: Role, scope: &Scope, listed| {
        let is_it = |grant: &Grant| grant.role == role && grant.scope == *scope;
        if !person.grants.iter().any(is_it) {
            person.grants.push(Grant { role, scope: scope.clone(), order: u64::MAX, listed });
        }
    };
    if let Event::RoleGranted { role, scope, .. } = fact {
        hold(*role, scope, false);
    } else if let Event::Account(account::Fact::Listed { role, .. }) = fact {
        hold(*role, &Scope::District, true);
    } else if let Event::PersonJoined { from, .. } = fact {
        let brought = world.person(*from).map(|from| from.grants).unwrap_or_default();
        brought.iter().for_each(|grant| hold(grant.role, &grant.scope, grant.listed));
    } else if let Event::RoleWithdrawn { role, scope, .. } = fact {
        person.grants.retain(|grant| grant.role != *role || grant.scope != *scope);
    } else if let Event::Account(account::Fact::Delisted { role, .. }) = fact {
        person.grants.retain(|grant| grant.role != *role || !grant.listed);
    } else if let Event::PersonEnrolled { name, room, enrolled, .. } = fact {
        (person.name, person.room, person.enrolled) = (name.clone(), room.clone(), *enrolled);
    }
}

/// Whether a voter has cast a ballot with their own hand; of a household any of its owners.
fn has_spoken(world: &World<'_>, poll: &Poll, voter: VoterNo) -> bool {
    let is_in_trust = world.mandate(poll.topic, voter).is_some_and(|mandate| mandate.used == Some(poll.no));
    world.ballot(poll.no, voter).is_some_and(|ballot| !ballot.proxy && !is_in_trust)
}

fn turn(world: &World<'_>, poll: Poll, topic: &Topic, change: &Change) -> Option<Turn> {
    let moderator = (world.moderator_of(topic), world.moderator_if(topic, Some(&change.after)));
    let mut people: Vec<PersonId> = [moderator.0, moderator.1, Some(change.after.id)].into_iter().flatten().collect();
    people.sort_unstable();
    people.dedup();
    let (mut freed, mut barred) = (Vec::new(), Vec::new());
    for id in people {
        let (before, after) = match id == change.after.id {
            true => (change.before.clone(), change.after.clone()),
            false => {
                let Some(other) = world.person(id) else { continue };
                (other.clone(), other)
            }
        };
        let may = |person: &Person, moderator: Option<PersonId>| {
            let is_bound = person.holds(Role::Moderator) && !person.holds(Role::Coordinator);
            world.elector_no(&poll, person).filter(|_| !is_bound || moderator != Some(id))
        };
        match (may(&before, moderator.0), may(&after, moderator.1)) {
            (None, Some(voter)) => freed.push((id, voter)),
            // A ballot that is in stays. What others cast for them, from paper or in trust, is not their word: their own would take
            // its place.
            (Some(voter), None) if !has_spoken(world, &poll, voter) => barred.push((id, voter)),
            (Some(_), _) | (None, None) => {}
        }
    }
    let is_same = moderator.0 == moderator.1 && freed.is_empty() && barred.is_empty();
    (!is_same).then_some(Turn { poll, moderator, freed, barred })
}
