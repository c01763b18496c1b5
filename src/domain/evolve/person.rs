//! 人员 — what is known of a person from now on.

pub mod merge;
pub mod part;

use crate::domain::event::Event;
use crate::domain::evolve::{Application, export};
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::place::name_sign;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::{Grant, Person, Role, Scope, Side, past_prefix};
use crate::domain::people::town::Sort;
use crate::domain::people::{identity_claim, invitation_code, invitation_sheet, namesake};
use crate::domain::process::guest::invitation_key;
use chrono::{DateTime, Utc};

/// Changes of one person that are kept for the figures of the time before them; of more the earlier stand.
const MAX_PASTS: usize = 64;

impl Application<'_, '_, '_> {
    pub(crate) fn person(&mut self, event: &Event) {
        let Event::PersonEnrolled { person, name, side, unit, sector, town, level, field, room, enrolled } = event
        else {
            return;
        };
        let known = self.world.person_kept(*person);
        if let Some(known) = &known {
            self.world.remove(name_key(known.name.as_str(), *person));
            self.world.remove(namesake::key(known));
        }
        let before = known.clone();
        self.world.heard_of(Sort::Town, town);
        self.world.heard_of(Sort::Sector, sector);
        let id = person.0;
        self.world.count(|counters| counters.people = counters.people.max(id));
        let kept = known.map(|known| (known.grants, known.private_chat, known.tags, known.expertise, known.accounts));
        let (grants, private_chat, tags, expertise, accounts) = kept.unwrap_or_default();
        let name = &name.or_nobody();
        let entered = Person {
            id: *person,
            name: name.clone(),
            side: *side,
            unit: unit.clone(),
            sector: sector.clone(),
            town: town.clone(),
            level: *level,
            field: field.clone(),
            room: room.clone(),
            grants,
            private_chat,
            enrolled: *enrolled,
            tags,
            expertise,
            accounts,
        };
        let is_new = before.is_none();
        if let Some(before) = before {
            self.keep_past(&before, &entered);
        }
        self.world.put(&entered);
        if *name != Words::Erased.or_nobody() {
            self.world.put_at(name_key(name.as_str(), *person), person);
            self.world.put_at(namesake::key(&entered), person);
            if is_new {
                namesake::note_twin(self.world, &entered);
            }
        }
    }

    pub(super) fn keep_past(&mut self, was: &Person, is: &Person) {
        self.world.keep_past(was, is, self.record.at);
    }

    /// What is left of a newcomer who turned out to be somebody else is the name, for whatever still points there.
    pub(crate) fn joined(&mut self, from: PersonId, into: PersonId) {
        let (Some(newcomer), Some(person)) = (self.world.person_kept(from), self.world.person_kept(into)) else {
            return;
        };
        for grant in &newcomer.grants {
            self.holds(into, grant.clone());
            self.withdrawn(from, grant.role, &grant.scope);
        }
        self.world.remove(name_key(newcomer.name.as_str(), from));
        self.world.remove(namesake::key(&newcomer));
        let private_chat = Words::default();
        self.world.put(&Person { name: person.name, private_chat, grants: Vec::new(), ..newcomer });
        merge::absorb(self.world, from, into);
        identity_claim::close_all_of(self.world, from, into);
    }

    pub(crate) fn granted(&mut self, person: PersonId, role: Role, scope: &Scope) {
        if let Scope::Town(town) = scope {
            self.world.heard_of(Sort::Town, town);
        }
        // Until there was a fact of its own, what the configuration gave went before what somebody first said.
        let is_last = self.record.facts.len() == self.index as usize + 1;
        let is_listable = matches!(role, Role::Admin | Role::Coordinator) && *scope == Scope::District;
        let listed = self.record.by == Some(person) && is_listable && !is_last;
        self.holds(person, Grant { role, scope: scope.clone(), order: self.record.seq, listed });
    }

    /// Somebody holds a role. What was given by somebody else as well does not go with the configuration.
    pub(crate) fn holds(&mut self, person: PersonId, grant: Grant) {
        let Some(mut known) = self.world.person_kept(person) else { return };
        let was = known.clone();
        let role = grant.role;
        match known.grants.iter_mut().find(|one| one.role == role && one.scope == grant.scope) {
            Some(held) => held.listed &= grant.listed || self.record.by == Some(person),
            None => known.grants.push(grant),
        }
        self.keep_past(&was, &known);
        self.world.put(&known);
        self.world.put_at(holder_key(role, person), &person);
    }

    /// The name somebody is found by is another one.
    pub(crate) fn renamed(&mut self, person: PersonId, name: &Words) {
        self.world.put_at(name_key(name.as_str(), person), &person);
        if let Some(known) = self.world.person_kept(person) {
            self.world.put_at(namesake::key(&known), &person);
        }
    }

    pub(crate) fn withdrawn(&mut self, person: PersonId, role: Role, scope: &Scope) {
        let Some(mut known) = self.world.person_kept(person) else { return };
        let was = known.clone();
        known.grants.retain(|grant| grant.role != role || grant.scope != *scope);
        if !known.holds(role) {
            self.world.remove(holder_key(role, person));
            if role == Role::Expert {
                self.uninvited(person);
            }
        }
        self.keep_past(&was, &known);
        self.world.put(&known);
    }

    /// 专家 who are experts no more review nothing to which they had been invited; they can be invited anew.
    fn uninvited(&mut self, expert: PersonId) {
        for topic in self.world.live_topics() {
            if self.world.invited_as(topic.no, expert) == Some(Side::Expert) {
                self.world.remove(invitation_key(topic.no, expert));
            }
        }
    }

    /// What somebody gave out by an account or an office that was taken from them: codes, and links to exports.
    pub(super) fn void_all_by(&mut self, person: PersonId) {
        invitation_code::void_all_by(self.world, person);
        invitation_sheet::void_all_by(self.world, person);
        export::void_all_by(self.world, person);
    }
}

pub(super) fn name_key(name: &str, person: PersonId) -> Key {
    Key::new(kind::PERSON_BY_NAME).text(&name_sign(name)).num(person.0)
}

fn holder_key(role: Role, person: PersonId) -> Key {
    Key::new(kind::ROLE_HOLDER).byte(role as u8).num(person.0)
}

impl World<'_> {
    /// What somebody was until now is kept where it differs in what figures tell of: what they did then counts as it did.
    pub(super) fn keep_past(&mut self, was: &Person, is: &Person, at: DateTime<Utc>) {
        let counted = |person: &Person| {
            let roles = [Role::Member, Role::Coordinator].map(|role| person.holds(role));
            (person.side, person.sector.clone(), person.town.clone(), person.level, person.tags.clone(), roles)
        };
        if counted(was) == counted(is) {
            return;
        }
        let until = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        let key = past_prefix(was.id).long(until);
        // Of what one moment changes in several facts, the first was what they had been.
        if self.has(&key) || self.list::<Person>(&past_prefix(was.id), MAX_PASTS).len() == MAX_PASTS {
            return;
        }
        self.put_at(key, was);
    }
}
