//! Whose a topic is: its lead member, its moderator, and who of several people of one name is meant in it.

use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::{Entity, World};
use crate::domain::people::person::{Person, Role, Scope};
use crate::domain::process::guest::Invitation;
use crate::domain::process::topic::Topic;
use crate::say;

impl Person {
    /// Whether the person moderates a topic: named for it, for its town, or for the whole district.
    #[must_use]
    pub fn moderates(&self, topic: &Topic) -> bool {
        self.grants.iter().any(|grant| grant.role == Role::Moderator && grant.scope.covers(topic))
    }

    /// Whether the person coordinates a town. Administrators coordinate everything.
    #[must_use]
    pub fn coordinates(&self, town: &str) -> bool {
        self.grants.iter().any(|grant| match (&grant.role, &grant.scope) {
            (Role::Admin, _) | (Role::Coordinator, Scope::District) => true,
            (Role::Coordinator, Scope::Town(own)) => own == town,
            _ => false,
        })
    }
}

impl Scope {
    /// Whether a topic lies within.
    #[must_use]
    pub fn covers(&self, topic: &Topic) -> bool {
        match self {
            Self::District => true,
            Self::Town(town) => *town == topic.town,
            Self::Topic(no) => *no == topic.no,
        }
    }
}

impl World<'_> {
    /// 主持人 — the moderator shown for a topic: one named for it before one of its town, the earliest grant first.
    #[must_use]
    pub fn moderator_of(&self, topic: &Topic) -> Option<PersonId> {
        let mut best: Option<(bool, u64, PersonId)> = None;
        for person in self.holders(Role::Moderator) {
            for grant in person.grants.iter().filter(|grant| grant.role == Role::Moderator && grant.scope.covers(topic))
            {
                let rank = (!matches!(grant.scope, Scope::Topic(_)), grant.order, person.id);
                if best.is_none_or(|known| rank < known) {
                    best = Some(rank);
                }
            }
        }
        best.map(|(_, _, id)| id)
    }

    /// 重名 — finds a person by name: guests of the topic first, then its town; otherwise “姓名+房号” is asked for.
    ///
    /// # Errors
    /// `e.who_many` if several remain.
    pub fn find_person(&self, name: &str, topic: Option<&Topic>) -> Result<Option<Person>, Say> {
        let mut found: Vec<Person> = self.people_named(name).into_iter().filter(|person| person.enrolled).collect();
        if found.is_empty() {
            let bare = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
            let room = name.strip_prefix(bare).unwrap_or_default();
            if !room.is_empty() && !bare.is_empty() {
                found = self
                    .people_named(bare)
                    .into_iter()
                    .filter(|person| person.enrolled && person.room.as_str() == room)
                    .collect();
            }
        }
        if let Some(topic) = topic.filter(|_| found.len() > 1) {
            self.narrow(&mut found, topic);
        }
        match found.len() {
            0 => Ok(None),
            1 => Ok(found.pop()),
            _ => Err(say!("e.who_many", name = name)),
        }
    }

    fn narrow(&self, found: &mut Vec<Person>, topic: &Topic) {
        let invited =
            |person: &Person| self.has(&Invitation { topic: topic.no, person: person.id, side: person.side }.key());
        let tests: [&dyn Fn(&Person) -> bool; 3] =
            [&invited, &|person| self.voter_of(topic.no, person).is_some(), &|person| person.town == topic.town];
        for test in tests {
            let fitting: Vec<Person> = found.iter().filter(|person| test(person)).cloned().collect();
            if !fitting.is_empty() && fitting.len() < found.len() {
                *found = fitting;
            }
            if found.len() == 1 {
                return;
            }
        }
    }
}

/// The moderator's name, or “未定”.
#[must_use]
pub fn moderator_name(world: &World<'_>, topic: &Topic) -> Value {
    match world.moderator_of(topic) {
        Some(person) => Value::Text(world.name_of(person)),
        None => Value::Term("mod.none".to_owned()),
    }
}

/// The lead member's name, or “待买单”.
#[must_use]
pub fn lead_name(world: &World<'_>, topic: &Topic) -> Value {
    match topic.lead {
        Some(person) => Value::Text(world.name_of(person)),
        None => Value::Term("lead.none".to_owned()),
    }
}
