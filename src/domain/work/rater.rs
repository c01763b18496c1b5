//! 评价人 — who says whether a task was done well: who asked for it, as long as it is not their own doing; else whom a coordinator has
//! named in the open, else who seconded it, also where who asked has never written here.

use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::Person;
use crate::domain::process::conflict::{Fit, Part, Settling, Stake, fit, settles};
use crate::domain::process::topic::Topic;
use crate::domain::talk::plan::{MAX_DRAFTS, Plan};
use crate::domain::vote::absence::Absence;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::roll::MAX_LINES;
use crate::domain::work::task::{State, Task};
use chrono::{Days, NaiveDate};

/// Days in which whoever asked rates an answer before an owner may say that it is good.
const FIRST_DAYS: u64 = 3;

/// Whether somebody is this in a topic; of the handlers the one of the task in question, or, where none is, any.
#[must_use]
pub fn has_part(world: &World<'_>, person: &Person, topic: &Topic, part: Part, task: Option<&Task>) -> bool {
    let handles = |task: &Task| {
        let unit = task.unit.as_str();
        // Whoever answered it in place of the one in charge has had it in hand, too.
        let had_it = task.handler == person.id || task.answered_by == Some(person.id);
        had_it || !unit.is_empty() && person.unit.as_str() == unit
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
            None => world.tasks(topic.no).iter().any(handles),
        },
        Part::Voter | Part::Trustee | Part::Teller => topic
            .poll
            .and_then(|no| world.poll(no))
            .is_some_and(|poll| poll.rule.is_vote() && world.takes_part(&poll, person, part)),
        Part::Expert => world.reviews(topic).iter().any(|review| review.expert == person.id),
        Part::Rater => world.is_excepted(topic.no, Part::Rater, person.id),
    }
}

/// What of a topic, or of a task of it, makes somebody a party where that is settled; the first that does.
#[must_use]
pub fn party_in(
    world: &World<'_>,
    person: &Person,
    topic: &Topic,
    task: Option<&Task>,
    what: Settling,
) -> Option<Stake> {
    let had_it = |task: &Task| task.handler == person.id || task.answered_by == Some(person.id);
    let is_held = |stake: &Stake| match stake {
        // In person: the officials of a small place are all of one unit.
        Stake::Handler => match task {
            Some(task) => had_it(task),
            None => world.tasks(topic.no).iter().any(had_it),
        },
        Stake::Owing => world.tasks(topic.no).iter().any(|task| task.handler == person.id && task.state != State::Done),
        Stake::Lead => has_part(world, person, topic, Part::Lead, None),
        Stake::Drafter => has_part(world, person, topic, Part::Drafter, None),
        Stake::Chair => has_part(world, person, topic, Part::Moderator, None),
        // Of a person, or of an act: whoever settles it knows which.
        Stake::Concerned | Stake::Doer => false,
    };
    Stake::ALL.into_iter().find(|stake| !settles(*stake, what) && is_held(stake))
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
        // Whoever has, or had, any part of the work in hand says of none of it how well it was done.
        (Part::Handler, Part::Rater) => has_part(world, person, topic, held, None),
        // In person: the officials of a small place are all of one unit.
        (Part::Handler, Part::Teller) => {
            let had_it = |task: &Task| task.handler == person.id || task.answered_by == Some(person.id);
            world.tasks(topic.no).iter().any(had_it)
        }
        (Part::Lead, Part::Rater) => topic.lead == Some(person.id) && !world.proposers(topic).contains(&person.id),
        (Part::Moderator, Part::Voter) => world.is_neutral(person, topic),
        // Before any vote is open: it is enough that they are on the roll, whatever they are entered or invited as.
        (Part::Voter, Part::Expert) => world.voter_of(topic.no, person).is_some(),
        (held, _) => has_part(world, person, topic, held, task),
    }
}

/// What a reviewer has become since that no reviewer may be, and no coordinator has said is all right: what they agreed to counts no more.
#[must_use]
pub fn reviewer_is_also(world: &World<'_>, topic: &Topic, expert: PersonId) -> Option<Part> {
    let person = world.person(expert)?;
    let bars = |held: &Part| {
        fit(*held, Part::Expert) != Fit::Together
            && stands_in_way(world, &person, topic, (*held, Part::Expert), None)
            && !world.is_excepted(topic.no, Part::Expert, expert)
    };
    Part::ALL.into_iter().find(bars)
}

impl World<'_> {
    /// What somebody has done in an open vote: cast a ballot, cast one in trust, or what a moderator does for others.
    fn takes_part(&self, poll: &Poll, person: &Person, part: Part) -> bool {
        match part {
            Part::Voter => {
                let ballot = self.elector_no(poll, person).and_then(|voter| self.ballot(poll.no, voter));
                ballot.is_some_and(|ballot| ballot.person == Some(person.id) && !ballot.proxy)
            }
            Part::Trustee => {
                let mandates = self.mandates_of(poll.topic, person.id);
                mandates.iter().any(|mandate| mandate.used == Some(poll.no))
            }
            Part::Teller => {
                let entered: Vec<PersonId> = self.list(&Key::new(kind::PAPER).num(poll.no.0), MAX_LINES);
                let is_by_them = |absence: &Absence| {
                    let recusal = self.recusal(poll.topic, absence.seat);
                    !absence.own && recusal.is_some_and(|recusal| recusal.by == Some(person.id))
                };
                entered.contains(&person.id) || self.absences(poll.topic).iter().any(is_by_them)
            }
            Part::Asker | Part::Lead | Part::Moderator | Part::Drafter | Part::Handler | Part::Expert | Part::Rater => {
                false
            }
        }
    }

    /// Those who asked for a topic, refused a task of it or seconded it, can write here, and need nobody's leave to rate.
    #[must_use]
    pub fn who_can_rate(&self, topic: &Topic) -> Vec<PersonId> {
        let mut found: Vec<PersonId> = self.tasks(topic.no).into_iter().filter_map(|task| task.unhappy).collect();
        found.extend(self.proposers(topic));
        found.extend(self.seconders(topic));
        let is_free = |id: PersonId| {
            let Some(person) = self.person(id) else { return false };
            let bars = |held: &Part| {
                fit(*held, Part::Rater) != Fit::Together
                    && stands_in_way(self, &person, topic, (*held, Part::Rater), None)
            };
            !self.accounts_of(id).is_empty() && !Part::ALL.iter().any(bars)
        };
        let mut free: Vec<PersonId> = Vec::new();
        for id in found.into_iter().filter(|id| is_free(*id)) {
            if !free.contains(&id) {
                free.push(id);
            }
        }
        free
    }

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
        // Whoever asked by a page and has never written here is asked by nobody: then those who seconded it may say, and say first.
        if !found.iter().any(|person| self.writes_here(*person)) {
            let mut others = self.seconders(&topic);
            others.retain(|person| self.may_rate(task, &topic, *person) && !found.contains(person));
            found.splice(0..0, others);
        }
        found
    }

    /// 名册内业主 — whether the owners on the roll of a topic rate a task of it: those of the roll that stood when its last vote opened, or,
    /// where none was held, when its work began. A roll that is loaded later is for votes to come.
    #[must_use]
    pub fn owners_rate(&self, task: &Task, topic: &Topic) -> bool {
        let last = topic.last_poll.or(topic.poll).and_then(|no| self.poll(no)).map(|poll| poll.opened);
        let by = last.map_or(topic.since, |opened| opened.min(topic.since)).min(task.assigned);
        self.roll(topic.no).is_some_and(|roll| roll.loaded <= by)
    }

    /// 先请点单人 — who is asked to rate an answer and has so many days for it, before an owner may close it with theirs.
    #[must_use]
    pub fn asked_first(&self, settings: &Settings, task: &Task, today: NaiveDate) -> Option<(PersonId, NaiveDate)> {
        let rater = self.rater(task).filter(|rater| self.writes_here(*rater))?;
        let from = settings.date(task.answered?).checked_add_days(Days::new(FIRST_DAYS))?;
        (today < from).then_some((rater, from))
    }

    /// 等谁评价 — whether a task waits for somebody's word, or will: it is answered, or done again because they said no.
    #[must_use]
    pub fn waits_for_rating_by(&self, task: &Task, person: PersonId) -> bool {
        match task.state {
            State::Answered => self.rater(task) == Some(person),
            State::Assigned | State::Acked | State::Returned => task.unhappy == Some(person),
            State::Done => false,
        }
    }

    /// {rater} — who is asked: who refused it last, whom a coordinator has named, who asked for the topic, who seconded it; nobody
    /// who would be refused.
    #[must_use]
    pub fn rater(&self, task: &Task) -> Option<PersonId> {
        self.raters(task).first().copied()
    }
}
