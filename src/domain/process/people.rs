//! Whose a topic is: its lead member, its moderator, and who of several people of one name is meant in it.

use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::Value;
use crate::domain::kernel::world::World;
use crate::domain::people::person::{Person, Role, Scope};
use crate::domain::process::form::Step;
use crate::domain::process::topic::Topic;
use crate::say;

impl Person {
    /// Whether the person moderates a topic: named for it, for its town, or for the whole district.
    #[must_use]
    pub fn moderates(&self, topic: &Topic) -> bool {
        self.grants.iter().any(|grant| grant.role == Role::Moderator && grant.scope.covers(topic))
    }
}

impl Scope {
    /// Whether a topic lies within.
    #[must_use]
    pub fn covers(&self, topic: &Topic) -> bool {
        match self {
            Self::District => true,
            Self::Town(_) => self.is_over(&topic.town),
            Self::Topic(no) => *no == topic.no,
        }
    }
}

impl World<'_> {
    /// 以什么身份 — the office by which somebody does what is done in a topic or a town, `first` before the others they hold there.
    /// Of no topic and no town, any office of theirs.
    #[must_use]
    pub fn acts_as(&self, id: PersonId, (town, topic): (&str, Option<&Topic>), first: Role) -> Role {
        let Some(person) = self.person(id) else { return first };
        let is_over = |scope: &Scope| scope.is_over(town) || town.is_empty() && topic.is_none();
        let holds = |role: Role| match (role, topic) {
            (Role::Admin, _) => person.holds(role),
            (Role::Moderator, Some(topic)) => person.moderates(topic),
            (Role::Moderator, None) => person.holds(role),
            (Role::Resident | Role::Member | Role::Handler | Role::Expert | Role::Coordinator, _) => {
                person.grants.iter().any(|grant| grant.role == role && is_over(&grant.scope))
            }
        };
        let offices = [Role::Coordinator, Role::Admin, Role::Moderator];
        std::iter::once(first).chain(offices).find(|role| holds(*role)).unwrap_or(first)
    }

    /// 牵头委员 — who leads a topic now: whoever took it up, for as long as they are a member.
    #[must_use]
    pub fn lead_of(&self, topic: &Topic) -> Option<PersonId> {
        topic.lead.filter(|id| self.person(*id).is_some_and(|person| person.holds(Role::Member)))
    }

    /// 主持人 — the moderator shown for a topic: one named for it before one of its town, the earliest grant first.
    #[must_use]
    pub fn moderator_of(&self, topic: &Topic) -> Option<PersonId> {
        self.moderator_if(topic, None)
    }

    /// The same, were somebody's roles other than they are.
    #[must_use]
    pub fn moderator_if(&self, topic: &Topic, changed: Option<&Person>) -> Option<PersonId> {
        let mut best: Option<(bool, u64, PersonId)> = None;
        let mut holders = self.holders(Role::Moderator);
        if let Some(changed) = changed {
            holders.retain(|person| person.id != changed.id);
            holders.push(changed.clone());
        }
        for person in holders {
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
    // Who is a member no more leads nothing that goes on; what is over was theirs.
    let is_gone = topic.step != Step::Closed && topic.halt.is_none() && world.lead_of(topic).is_none();
    match topic.lead {
        Some(person) if is_gone => say!("lead.gone", who = world.name_of(person)).into(),
        Some(person) => Value::Text(world.name_of(person)),
        None => Value::Term("lead.none".to_owned()),
    }
}
