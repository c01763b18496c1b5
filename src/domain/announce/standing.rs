//! 身份变动 — whoever is made something, or is something no longer, or is entered otherwise than before, is told at once, by night as
//! the table of haste says: what, by whom, and who puts it right. Which facts those are stands in one table ([`standing`]); one letter a person and record.

use crate::domain::addressee::For;
use crate::domain::announce::{Announcement, Herald, Saying, To};
use crate::domain::event::{Event, Record};
use crate::domain::kernel::ids::{ClaimNo, PersonId};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::people::account;
use crate::domain::people::identity_claim::Claim;
use crate::domain::people::person::{Person, Role, scope_value};
use crate::domain::standing::{Standing, standing};
use crate::say;

/// What is asked of the world before a record that changes somebody's standing.
#[derive(Debug, Default)]
pub struct Before {
    /// Those whose standing it changes.
    pub people: Vec<Person>,
    /// Where it changes who holds which role: the accounts that wait to be confirmed, and who is asked about each.
    pub asked: Vec<(ClaimNo, Vec<PersonId>)>,
}

/// How it is before a record.
#[must_use]
pub fn before(world: &World<'_>, record: &Record) -> Before {
    let is_role = |fact: &Event| match standing(fact) {
        Standing::Granted(..) | Standing::Withdrawn(..) | Standing::Listed(..) | Standing::Delisted(..) => true,
        Standing::Entered(_) | Standing::Tagged(_) | Standing::Told(_) | Standing::Prepared(_) | Standing::Same => {
            false
        }
    };
    let asked = match record.facts.iter().any(is_role) {
        true => world.open_claims().iter().map(|claim| (claim.no, asked(world, claim))).collect(),
        false => Vec::new(),
    };
    Before { people: people(world, record), asked }
}

fn asked(world: &World<'_>, claim: &Claim) -> Vec<PersonId> {
    world.asked_about(claim, &world.whom(claim.name.as_str(), claim.place.as_str()))
}

fn people(world: &World<'_>, record: &Record) -> Vec<Person> {
    let mut found: Vec<Person> = Vec::new();
    for person in record.facts.iter().filter_map(|fact| standing(fact).person()) {
        if found.iter().all(|known| known.id != person) {
            found.extend(world.person(person));
        }
    }
    found
}

fn known(text: &str) -> Value {
    if text.is_empty() { Value::Term("standing.none".to_owned()) } else { Value::Text(text.to_owned()) }
}

fn tags(person: &Person) -> Value {
    let mut all: Vec<Value> = person.tags.iter().map(|tag| Value::Term(tag.term().to_owned())).collect();
    if !person.expertise.as_str().is_empty() {
        all.push((&person.expertise).into());
    }
    if all.is_empty() { Value::Term("standing.none".to_owned()) } else { Value::List(all) }
}

/// What 登记 has changed, a row each.
fn entry(was: &Person, is: &Person) -> Vec<Say> {
    let mut rows = Vec::new();
    let mut row = |what: &str, from: Value, to: Value| {
        if from != to {
            rows.push(say!("standing.entry", what = Value::Term(what.to_owned()), from = from, to = to));
        }
    };
    let side = |person: &Person| Value::Term(person.side.term().to_owned());
    let level = |person: &Person| {
        let term = person.level.map_or("standing.none", |level| level.term());
        Value::Term(term.to_owned())
    };
    row("standing.side", side(was), side(is));
    row("standing.unit", known(was.unit.as_str()), known(is.unit.as_str()));
    row("standing.sector", known(&was.sector), known(&is.sector));
    row("standing.town", known(&was.town), known(&is.town));
    row("standing.level", level(was), level(is));
    row("standing.field", known(was.field.as_str()), known(is.field.as_str()));
    row("standing.room", known(was.room.as_str()), known(is.room.as_str()));
    row("standing.tags", tags(was), tags(is));
    rows
}

/// What the configuration gave or took, as where it is a record of its own.
fn listed(what: Standing<'_>) -> Option<Say> {
    let (role, is_given) = match what {
        Standing::Listed(_, role) => (role, true),
        Standing::Delisted(_, role) => (role, false),
        Standing::Granted(..)
        | Standing::Withdrawn(..)
        | Standing::Entered(_)
        | Standing::Tagged(_)
        | Standing::Told(_)
        | Standing::Prepared(_)
        | Standing::Same => return None,
    };
    let role = Value::Term(role.term().to_owned());
    Some(if is_given { say!("standing.listed", role = role) } else { say!("standing.delisted", role = role) })
}

impl Herald<'_, '_> {
    /// The letters to those whose standing the record changes; `was` as they were before it.
    pub(super) fn standings(&mut self, before: &Before) {
        self.newly_asked(&before.asked);
        let record = self.record;
        for was in &before.people {
            let Some(is) = self.world.person(was.id) else { continue };
            let own = || record.facts.iter().map(standing).filter(|one| one.person() == Some(was.id));
            let listed: Vec<Say> = own().filter_map(listed).collect();
            if !listed.is_empty() {
                let what = say!("standing.configured", who = &is.name, rows = Value::Lines(listed));
                self.on_every_account(&is, &what);
            }
            // Whoever leaves is told of all of it by one letter; one's own deed is answered where it is done.
            let is_left = |fact: &Event| {
                matches!(fact, Event::Account(account::Fact::Left { person, .. }) if *person == was.id)
                    || matches!(fact, Event::PersonJoined { from, into } if [*from, *into].contains(&was.id))
            };
            let Some(by) = record.by.filter(|by| *by != was.id && !record.facts.iter().any(is_left)) else { continue };
            let rows = self.changed(was, &is);
            if rows.is_empty() {
                continue;
            }
            let is_role = own().any(|one| matches!(one, Standing::Granted(..) | Standing::Withdrawn(..)));
            let (ask_role, ask) = self.who_mends(&is, by, is_role);
            let what = say!(
                "standing.changed",
                who = &is.name,
                by = self.by(),
                rows = Value::Lines(rows),
                role = ask_role,
                ask = ask,
            );
            self.on_every_account(&is, &what);
        }
    }

    /// 等确认的 — whoever comes to be asked about an account that waits, by a role given or taken, is told of it: it waits for nobody else.
    fn newly_asked(&mut self, before: &[(ClaimNo, Vec<PersonId>)]) {
        for (no, before) in before {
            // What does not count any more is told of to all who can confirm it.
            let is_told =
                |fact: &Event| matches!(fact, Event::Account(account::Fact::Unvouched { claim, .. }) if claim == no);
            if self.record.facts.iter().any(is_told) {
                continue;
            }
            let Some(claim) = self.world.claim(*no).filter(|claim| claim.is_open(self.record.at)) else { continue };
            let whoms = self.world.whom(claim.name.as_str(), claim.place.as_str());
            let joining = self.world.joining(*no);
            let is_known = |one: &PersonId| {
                before.contains(one)
                    || joining.as_ref().is_some_and(|joining| joining.person == *one || joining.by.contains(one))
            };
            let letter = self.world.claim_letter(&claim, &whoms);
            for one in asked(self.world, &claim).into_iter().filter(|one| !is_known(one)) {
                self.push_as(For::Voucher(one, *no), letter.clone());
            }
        }
    }

    fn changed(&self, was: &Person, is: &Person) -> Vec<Say> {
        let mut rows = Vec::new();
        for fact in &self.record.facts {
            match standing(fact) {
                Standing::Granted(person, role, scope) if person == was.id => {
                    if !was.grants.iter().any(|grant| grant.role == role && grant.scope == *scope) {
                        let role = Value::Term(role.term().to_owned());
                        rows.push(say!("standing.granted", role = role, scope = scope_value(scope)));
                    }
                }
                Standing::Withdrawn(person, role, scope) if person == was.id => {
                    let role = Value::Term(role.term().to_owned());
                    rows.push(say!("standing.withdrawn", role = role, scope = scope_value(scope)));
                }
                // What an entry changes is read of the person; what the configuration does has a letter of its own.
                Standing::Granted(..)
                | Standing::Withdrawn(..)
                | Standing::Listed(..)
                | Standing::Delisted(..)
                | Standing::Entered(_)
                | Standing::Tagged(_)
                | Standing::Told(_)
                | Standing::Prepared(_)
                | Standing::Same => {}
            }
        }
        rows.extend(entry(was, is));
        rows
    }

    /// Who puts it right: another administrator, for an entry another coordinator; whoever did it only where there is nobody else.
    fn who_mends(&self, person: &Person, by: PersonId, is_role: bool) -> (Value, Value) {
        let (role, all) = match is_role {
            true => (Role::Admin, self.world.holders(Role::Admin)),
            false => (Role::Coordinator, self.world.coordinators_of(&person.town)),
        };
        let other = all.iter().find(|one| one.id != by && one.id != person.id);
        let name = other.map_or_else(|| self.by(), |one| one.name.to_string());
        (Value::Term(role.term().to_owned()), Value::Text(name))
    }

    /// At once, in every private chat of somebody.
    pub(super) fn on_every_account(&mut self, person: &Person, what: &Say) {
        let mut chats: Vec<_> = self.world.accounts_of(person.id).into_iter().map(|account| account.chat).collect();
        chats.push(person.private_chat.clone());
        chats.retain(|chat| !chat.as_str().is_empty());
        chats.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        chats.dedup();
        // Whoever has not written to us in private yet is written to by the clock, a minute later, as with what is entered for them.
        let is_after = !self.world.confides(person.id);
        for chat in chats {
            let (to, whom) = (To::Account(chat), For::Person(person.id));
            let what = Saying::Say(what.clone());
            self.out.push(Announcement { to, what, is_push: false, is_numbered: is_after, whom, is_after });
        }
    }
}
