//! 人员 — what is known of a person from now on.

pub mod merge;

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::identity_claim;
use crate::domain::people::person::{Grant, Person, Role, Scope};

impl Application<'_, '_, '_> {
    pub(crate) fn person(&mut self, event: &Event) {
        let Event::PersonEnrolled { person, name, side, unit, sector, town, level, field, room, enrolled } = event
        else {
            return;
        };
        let known = self.world.person(*person);
        if let Some(known) = &known {
            self.world.remove(name_key(known.name.as_str(), *person));
        }
        let id = person.0;
        self.world.count(|counters| counters.people = counters.people.max(id));
        let kept = known.map(|known| (known.grants, known.private_chat, known.tags, known.expertise));
        let (grants, private_chat, tags, expertise) = kept.unwrap_or_default();
        self.world.put(&Person {
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
        });
        self.world.put_at(name_key(name.as_str(), *person), person);
    }

    pub(crate) fn account(&mut self, person: PersonId, account: &Words, private_chat: &Words) {
        self.world.put_at(Key::new(kind::PERSON_BY_ACCOUNT).text(account.as_str()), &person);
        if let Some(mut known) = self.world.person(person) {
            known.private_chat = private_chat.clone();
            self.world.put(&known);
        }
    }

    /// What is left of a newcomer who turned out to be somebody else is the name, for whatever still points there.
    pub(crate) fn joined(&mut self, from: PersonId, into: PersonId) {
        let (Some(newcomer), Some(person)) = (self.world.person(from), self.world.person(into)) else { return };
        for grant in &newcomer.grants {
            self.granted(into, grant.role, &grant.scope);
            self.withdrawn(from, grant.role, &grant.scope);
        }
        self.world.remove(name_key(newcomer.name.as_str(), from));
        let private_chat = Words::default();
        self.world.put(&Person { name: person.name, private_chat, grants: Vec::new(), ..newcomer });
        merge::absorb(self.world, from, into);
        identity_claim::close_all_of(self.world, from, into);
    }

    pub(crate) fn granted(&mut self, person: PersonId, role: Role, scope: &Scope) {
        let Some(mut known) = self.world.person(person) else { return };
        if !known.grants.iter().any(|grant| grant.role == role && grant.scope == *scope) {
            known.grants.push(Grant { role, scope: scope.clone(), order: self.record.seq });
        }
        self.world.put(&known);
        self.world.put_at(holder_key(role, person), &person);
    }

    pub(crate) fn withdrawn(&mut self, person: PersonId, role: Role, scope: &Scope) {
        let Some(mut known) = self.world.person(person) else { return };
        known.grants.retain(|grant| grant.role != role || grant.scope != *scope);
        if !known.holds(role) {
            self.world.remove(holder_key(role, person));
        }
        self.world.put(&known);
    }
}

fn name_key(name: &str, person: PersonId) -> Key {
    Key::new(kind::PERSON_BY_NAME).text(name).num(person.0)
}

fn holder_key(role: Role, person: PersonId) -> Key {
    Key::new(kind::ROLE_HOLDER).byte(role as u8).num(person.0)
}
