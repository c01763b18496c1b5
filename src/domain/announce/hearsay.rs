//! 告诉提出人 — whoever asked is told in private when what they asked for moves: by letters, to those who have written to us in
//! private themselves, and not what they can read anyway in a group where they speak.

use crate::domain::addressee::For;
use crate::domain::announce::{Announcement, Herald, To};
use crate::domain::effects::{Moved, effects};
use crate::domain::event::Event;
use crate::domain::intake::slip;
use crate::domain::kernel::ids;
use crate::domain::kernel::ids::{GroupId, PersonId, SlipNo, TopicNo};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::process::topic::Topic;
use crate::domain::work::outcome::listed;
use crate::domain::work::task;
use crate::domain::work::task::Task;
use crate::say;

impl Herald<'_, '_> {
    /// The letters to those who asked, one a person and turn, after everything else was said.
    pub(super) fn tell_proposers(&mut self) {
        if !self.settings.tell_proposers {
            return;
        }
        let mut told: Vec<PersonId> = Vec::new();
        for event in &self.record.facts {
            for (person, letter) in self.moved(event) {
                if !told.contains(&person) && self.wants_letter(person) {
                    told.push(person);
                    let whom = match effects(event).moved {
                        Moved::Answered(task) if self.is_rater(task, person) => For::Rater(person, task),
                        _ => For::Person(person),
                    };
                    self.push_as(whom, letter);
                }
            }
        }
    }

    /// Whether a letter is the only way to tell somebody: they write to us in private, did not do it themselves, and speak in
    /// none of the groups where it is said.
    fn wants_letter(&self, person: PersonId) -> bool {
        if Some(person) == self.record.by || !self.world.confides(person) {
            return false;
        }
        let here = self.record.group.filter(|_| matches!(self.record.way, Way::Group | Way::Press));
        let groups: Vec<GroupId> = self.out.iter().filter_map(|notice| group_of(notice, here)).collect();
        let has_letter = self.out.iter().any(|notice| notice.to == To::Person(person));
        !has_letter && !groups.iter().any(|&group| self.world.speaks_in(person, group))
    }

    /// What of a fact concerns those who asked, and who they are.
    fn moved(&self, event: &Event) -> Vec<(PersonId, Say)> {
        let (no, what) = match effects(event).moved {
            Moved::Nothing => return Vec::new(),
            Moved::Accepted(slip, topic) => return self.accepted(slip, topic),
            Moved::Rejected(slip, why) => {
                return self.of_slip(slip, |title| say!("told.rejected", w = slip::w(slip), title = title, why = why));
            }
            Moved::Referred(slip, unit, why) => {
                return self.of_slip(slip, |title| {
                    say!("told.referred", w = slip::w(slip), title = title, unit = unit, why = why)
                });
            }
            Moved::Answered(task) => return self.task_answered(task),
            Moved::Taken(topic, lead) => (topic, say!("told.taken", lead = self.world.name_of(lead))),
            Moved::Step(topic, to) => (topic, say!("told.step", step = Value::Term(to.term().to_owned()))),
            Moved::Back(topic, to, why) => {
                (topic, say!("told.back", step = Value::Term(to.term().to_owned()), why = why))
            }
            Moved::Paused(topic, why) => (topic, say!("told.paused", why = why)),
            Moved::Resumed(topic) => (topic, say!("told.resumed")),
            Moved::Ended(topic, why) => (topic, say!("told.ended", why = why)),
            Moved::Merged(topic, into) => (topic, say!("told.merged", to = into)),
            Moved::Failed(poll) => {
                let Some(poll) = self.world.poll(poll).filter(|poll| poll.is_formal) else { return Vec::new() };
                (poll.topic, say!("told.failed"))
            }
            Moved::Closed(topic, outcomes, note) => (topic, say!("told.closed", out = listed(outcomes, note))),
        };
        self.world.topic(no).map(|topic| self.to_proposers(&topic, &what)).unwrap_or_default()
    }

    fn to_proposers(&self, topic: &Topic, what: &Say) -> Vec<(PersonId, Say)> {
        let letter = |what: &Say| say!("told", no = topic.no, title = &topic.title, what = what.clone());
        self.world.proposers(topic).into_iter().map(|person| (person, letter(what))).collect()
    }

    /// Whoever is asked to rate it gets the card they can answer; the others hear what was answered.
    fn task_answered(&self, no: ids::TaskNo) -> Vec<(PersonId, Say)> {
        let Some(task) = self.world.task(no) else { return Vec::new() };
        let Some(topic) = self.world.topic(task.topic) else { return Vec::new() };
        let mut letters = match self.world.rater(&task) {
            Some(rater) => vec![(rater, self.done(&task))],
            // Nobody is asked who could not answer: whoever can name somebody is.
            None => {
                let all = self.world.coordinators_of(&topic.town).into_iter().map(|one| one.id);
                all.filter(|one| Some(*one) != self.record.by).map(|one| (one, self.done(&task))).collect()
            }
        };
        letters.extend(self.to_proposers(
            &topic,
            &say!("told.answered", t = task.no, text = &task.answer, by = self.answered_by(&task)),
        ));
        letters
    }

    fn is_rater(&self, no: ids::TaskNo, person: PersonId) -> bool {
        self.world.task(no).is_some_and(|task| self.world.rater(&task) == Some(person))
    }

    /// The card of an answered task, to be rated.
    pub(super) fn done(&self, task: &Task) -> Say {
        let by = self.answered_by(task);
        let class = task.class.map_or("class.d", task::Class::term);
        let (cls, name) = (Value::Term(class.to_owned()), Value::Term(format!("{class}.name")));
        let Some(rater) = self.world.rater(task) else {
            let (no, t, text) = (task.topic, task.no, &task.answer);
            return match self.owners_rate(task) {
                true => say!("task.done.owners", no = no, t = t, cls = cls, clsname = name, text = text, by = by),
                false => say!("task.done.nobody", no = no, t = t, cls = cls, clsname = name, text = text, by = by),
            };
        };
        let rater = self.world.name_of(rater);
        say!("task.done", t = task.no, cls = cls, clsname = name, text = &task.answer, rater = rater, by = by)
    }

    /// Who answered it, where it was not the one in charge.
    fn answered_by(&self, task: &Task) -> Say {
        let topic = self.world.topic(task.topic);
        let town = topic.as_ref().map(|topic| topic.town.clone()).unwrap_or_default();
        self.in_place(task.handler, (&town, topic.as_ref()))
    }

    /// Whether the owners on a roll may rate it, where neither who asked nor who seconded may.
    fn owners_rate(&self, task: &Task) -> bool {
        self.world.topic(task.topic).is_some_and(|topic| self.world.owners_rate(task, &topic))
    }

    fn accepted(&self, slip: SlipNo, topic: TopicNo) -> Vec<(PersonId, Say)> {
        self.of_slip(slip, |title| say!("told.accepted", title = title, no = topic))
    }

    fn of_slip(&self, no: SlipNo, letter: impl Fn(&str) -> Say) -> Vec<(PersonId, Say)> {
        self.world.slip(no).map(|slip| (slip.by, letter(slip.title.as_str()))).into_iter().collect()
    }
}

/// The group a letter is said in.
fn group_of(notice: &Announcement, here: Option<GroupId>) -> Option<GroupId> {
    match notice.to {
        To::Group(group) => Some(group),
        To::Here => here,
        To::Toast | To::Person(_) | To::Account(_) => None,
    }
}
