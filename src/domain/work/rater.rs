//! 评价人 — who says whether a task was done well: who asked for it, as long as it is not their own doing; else whom a coordinator has
//! named in the open, else who seconded it.

use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::Person;
use crate::domain::process::conflict::{Fit, Part, fit};
use crate::domain::process::topic::Topic;
use crate::domain::talk::plan::{MAX_DRAFTS, Plan};
use crate::domain::work::task::{State, Task};

/// People who seconded one topic that are looked at.
const MAX_SECONDS: usize = 200;

/// Whether somebody is this in a topic; of the handlers the one of the task in question, or, where none is, any.
#[must_use]
pub fn has_part(world: &World<'_>, person: &Person, topic: &Topic, part: Part, task: Option<&Task>) -> bool {
    let handles = |task: &Task| {
        let unit = task.unit.as_str();
        task.handler == person.id || !unit.is_empty() && person.unit.as_str() == unit
    };
    match part {
        Part::Asker => world.proposers(topic).contains(&person.id),
        Part::Lead => topic.lead == Some(person.id),
        Part::Moderator => world.moderator_of(topic) == Some(person.id),
        Part::Drafter => {
            let plans: Vec<Plan> = world.list(&Key::new(kind::PLAN).num(topic.no.0), MAX_DRAFTS as usize);
            plans.iter().any(|plan| plan.author == person.id)
        }
        Part::Handler => match task {
            Some(task) => handles(task),
            None => world.tasks(topic.no).iter().filter(|task| task.state != State::Done).any(handles),
        },
        // What they become by the ask itself.
        Part::Expert | Part::Rater | Part::Voter | Part::Trustee => false,
    }
}

/// Whether somebody is this where they are asked to be that: whoever asked for a topic and leads it themselves rates it as who asked;
/// 主持中立 binds who moderates and does not coordinate.
#[must_use]
pub fn stands_in_way(
    world: &World<'_>,
    person: &Person,
    topic: &Topic,
    (held, asked): (Part, Part),
    task: Option<&Task>,
) -> bool {
    match (held, asked) {
        (Part::Lead, Part::Rater) => topic.lead == Some(person.id) && !world.proposers(topic).contains(&person.id),
        (Part::Moderator, Part::Voter) => world.is_neutral(person, topic),
        (held, _) => has_part(world, person, topic, held, task),
    }
}

impl World<'_> {
    /// Whether the table lets somebody rate a task.
    #[must_use]
    pub fn may_rate(&self, task: &Task, topic: &Topic, id: PersonId) -> bool {
        let Some(person) = self.person(id) else { return false };
        let is_held = |held: Part| stands_in_way(self, &person, topic, (held, Part::Rater), Some(task));
        Part::ALL.into_iter().all(|held| match fit(held, Part::Rater) {
            Fit::Together => true,
            Fit::Excepted => self.is_excepted(topic.no, Part::Rater, id) || !is_held(held),
            Fit::Never => !is_held(held),
        })
    }

    /// Those who may rate a task beside the owners on the roll, the first of whom is asked.
    #[must_use]
    pub fn raters(&self, task: &Task) -> Vec<PersonId> {
        let Some(topic) = self.topic(task.topic) else { return Vec::new() };
        let named = |part: Part| {
            let all = self.exceptions(topic.no).into_iter().filter(move |one| one.part == part);
            all.map(|one| one.person).collect::<Vec<_>>()
        };
        let mut found: Vec<PersonId> = task.unhappy.into_iter().collect();
        found.extend(named(Part::Rater));
        found.extend(self.proposers(&topic));
        found.retain(|person| self.may_rate(task, &topic, *person));
        if found.is_empty() {
            let seconds: Vec<PersonId> = self.list(&Key::new(kind::SECOND).num(topic.no.0), MAX_SECONDS);
            found.extend(seconds.into_iter().filter(|person| self.may_rate(task, &topic, *person)));
        }
        found
    }

    /// {rater} — who is asked: who refused it last, whom a coordinator has named, who asked for the topic, who seconded it.
    #[must_use]
    pub fn rater(&self, task: &Task) -> PersonId {
        let proposer = || self.topic(task.topic).map_or(PersonId(0), |topic| topic.proposer);
        self.raters(task).first().copied().unwrap_or_else(proposer)
    }
}
