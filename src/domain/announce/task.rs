//! 交办件 — who is told of tasks, their lights and answers.

use crate::domain::addressee::For;
use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{GroupId, PersonId};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::process::topic::Topic;
use crate::domain::work::task::{Grade, MAX_REWORKS, Task};
use crate::say;
use chrono::NaiveDate;

impl Herald<'_, '_> {
    pub(super) fn of_task(&mut self, event: &Event) {
        let (Event::TaskAssigned { task: no, .. }
        | Event::TaskAcked { task: no }
        | Event::TaskReported { task: no, .. }
        | Event::TaskAnswered { task: no, .. }
        | Event::TaskDelayed { task: no, .. }
        | Event::TaskUrged { task: no }
        | Event::TaskRated { task: no, .. }
        | Event::TaskLit { task: no, .. }) = event
        else {
            return;
        };
        let Some(task) = self.world.task(*no) else { return };
        let Some(topic) = self.world.topic(task.topic) else { return };
        let (t, who, place) = (task.no, self.world.name_of(task.handler), (topic.town.as_str(), Some(&topic)));
        match event {
            Event::TaskAssigned { days, due, .. } => {
                let (unit, what) = (&task.unit, &task.what);
                let card = say!(
                    "assign",
                    t = t,
                    unit = unit,
                    who = who,
                    what = what,
                    days = *days,
                    due = self.due(*days, *due)
                );
                self.here_and(&self.all_groups(&topic), &card);
            }
            // Who reports without having signed is signed for without a word.
            Event::TaskAcked { .. } if self.record.facts.len() == 1 || self.is_alone(event) => {
                let who = self.doer(task.handler, place);
                self.here(say!("ack", t = t, who = who, at = Value::Moment(self.record.at)));
            }
            Event::TaskReported { .. } => {
                let by = self.in_place(task.handler, place);
                self.bound(topic.no, &say!("task.prog", t = t, no = topic.no, by = by));
                self.reported_in_private(&topic, &task, event);
            }
            Event::TaskAnswered { .. } => {
                let card = self.done(&task);
                self.bound(topic.no, &card);
                self.answered_in_private(&topic, &task, &card);
            }
            Event::TaskDelayed { days, due, .. } => {
                let by = self.in_place(task.handler, place);
                let what = say!("task.delay", t = t, n = *days, due = self.day(*due), by = by);
                match self.record.group {
                    Some(_) => self.bound(topic.no, &what),
                    // Said where nobody reads along: everybody it concerns hears it all the same, and whoever asked.
                    None => {
                        self.publicly(topic.no, &what);
                        for asker in self.world.proposers(&topic) {
                            if Some(asker) != self.record.by && asker != task.handler {
                                self.push(asker, what.clone());
                            }
                        }
                    }
                }
            }
            Event::TaskUrged { .. } => {
                let (unit, what) = (&task.unit, &task.what);
                let card = say!("task.urge", t = t, what = what, unit = unit, who = who, due = self.day(task.due));
                self.here_and(&self.all_groups(&topic), &card);
            }
            Event::TaskRated { grade, reason, .. } => {
                self.rated(&topic, &task, *grade, reason);
                self.rated_by_another(&topic, &task, *grade, reason);
            }
            Event::TaskLit { date, .. } if topic.halt.is_none() => self.lit(&topic, &task, *date),
            _ => {}
        }
    }

    /// 当众 — what was said of a task where nobody reads along is read where it was assigned, if whoever asked speaks here at all: who
    /// asked by a page reads it there.
    fn where_assigned(&mut self, topic: &Topic, what: &Say) {
        if self.world.proposers(topic).iter().any(|asker| self.world.writes_here(*asker)) {
            self.groups(&self.public_of(topic.no), what, false, false);
        }
    }

    /// Those who asked and write to us in private, but for who did it.
    pub(super) fn askers_told(&mut self, topic: &Topic, task: &Task, what: &Say) {
        for asker in self.world.proposers(topic) {
            let is_doer = Some(asker) == self.record.by || asker == task.handler;
            if !is_doer && self.world.confides(asker) {
                self.push(asker, what.clone());
            }
        }
    }

    /// 进展 said in private: the words, which the receipt does not repeat.
    fn reported_in_private(&mut self, topic: &Topic, task: &Task, event: &Event) {
        let Event::TaskReported { text, .. } = event else { return };
        if self.record.group.is_some() {
            return;
        }
        let (t, unit, who) = (task.no, &task.unit, self.doer(task.handler, (&topic.town, Some(topic))));
        let what = say!("task.prog.told", t = t, no = topic.no, unit = unit, who = who, text = text);
        self.where_assigned(topic, &what);
        self.askers_told(topic, task, &what);
    }

    /// 办结 said in private: the groups bound to it have read the card; whoever is asked to rate it gets it to answer.
    fn answered_in_private(&mut self, topic: &Topic, task: &Task, card: &Say) {
        if self.record.group.is_some() {
            return;
        }
        if self.world.bound_groups(topic.no).is_empty() {
            self.where_assigned(topic, card);
        }
        let rater = self.world.rater(task).filter(|one| Some(*one) != self.record.by && self.world.confides(*one));
        if let Some(rater) = rater {
            self.push_as(For::Rater(rater, task.no), card.clone());
        }
    }

    /// 别人评的 — whoever asked, and everybody who reads the topic, learns who said so in their place.
    fn rated_by_another(&mut self, topic: &Topic, task: &Task, grade: Grade, why: &Words) {
        let askers = self.world.proposers(topic);
        if self.record.by.is_none_or(|by| askers.contains(&by)) {
            return;
        }
        let term = Value::Term(grade.term().to_owned());
        let op: Value = match why.as_str().is_empty() {
            true => term,
            false => say!("rate.by_other.why", op = term, why = why).into(),
        };
        let what = say!("rate.by_other", t = task.no, what = &task.what, who = self.by(), op = op);
        // Said in a group of the topic it was read there, with who said it.
        let public = self.public_of(topic.no);
        let here = self.record.group;
        if here.is_none_or(|here| !public.contains(&here)) {
            self.groups(&public, &what, false, false);
        }
        let is_read = |asker: PersonId| here.is_some_and(|here| self.world.speaks_in(asker, here));
        let left: Vec<PersonId> =
            askers.into_iter().filter(|asker| self.world.confides(*asker) && !is_read(*asker)).collect();
        for asker in left {
            self.push(asker, what.clone());
        }
    }

    /// Whether nothing else is recorded of a task in this turn.
    fn is_alone(&self, event: &Event) -> bool {
        self.record
            .facts
            .iter()
            .all(|fact| fact == event || !matches!(fact, Event::TaskReported { .. } | Event::TaskAnswered { .. }))
    }

    fn rated(&mut self, topic: &Topic, task: &Task, grade: Grade, why: &Words) {
        let (t, unit) = (task.no, &task.unit);
        if grade != Grade::Bad {
            let op = Value::Term(grade.term().to_owned());
            return self.graded(topic, task, &say!("rate.ok", t = t, op = op, who = self.by()));
        }
        self.graded(topic, task, &say!("rate.bad", t = t, why = why, unit = unit, due = self.day(task.due)));
        if task.reworks == MAX_REWORKS {
            let who = self.world.name_of(task.handler);
            let red = say!("task.red2", t = t, what = &task.what, unit = unit, who = who);
            self.alarm(topic, &red);
        }
    }

    /// 评价, wherever it was said: read where the topic is public, and by whoever is in charge where they do not speak there.
    fn graded(&mut self, topic: &Topic, task: &Task, what: &Say) {
        // What somebody else says of it is told by a line of its own ([`Self::rated_by_another`]).
        let is_by_asker = self.record.by.is_some_and(|by| self.world.proposers(topic).contains(&by));
        match is_by_asker {
            true => self.publicly(topic.no, what),
            false => self.bound(topic.no, what),
        }
        let public = self.public_of(topic.no).into_iter().chain(self.record.group);
        let is_read = public.into_iter().any(|group| self.world.speaks_in(task.handler, group));
        if !is_read && self.record.by != Some(task.handler) {
            self.push(task.handler, what.clone());
        }
    }

    /// 黄灯, 红灯.
    fn lit(&mut self, topic: &Topic, task: &Task, date: NaiveDate) {
        let left = task.left(date);
        let (t, what, unit, due) = (task.no, &task.what, &task.unit, self.day(task.due));
        let who = self.world.name_of(task.handler);
        let town = self.world.town_groups(&topic.town);
        match left {
            0.. if task.is_contested() => {
                let card = say!("task.red.refused", t = t, due = due.clone(), what = what, unit = unit, who = who);
                self.alarm(topic, &card);
            }
            1.. => {
                let card = say!("task.yellow", t = t, n = left, due = due.clone(), what = what, unit = unit, who = who);
                self.groups(&town, &card, true, false);
            }
            0 => {
                let card = say!("task.today", t = t, due = due.clone(), what = what, unit = unit, who = who);
                self.groups(&town, &card, true, false);
            }
            _ => {
                let card = say!("task.red", t = t, n = -left, what = what, unit = unit, who = who);
                self.alarm(topic, &card);
            }
        }
    }

    /// 镇街群, 绑定群 and, in private, the coordinators.
    fn alarm(&mut self, topic: &Topic, what: &Say) {
        let groups: Vec<GroupId> = self.all_groups(topic);
        self.groups(&groups, what, true, false);
        self.coordinators(&topic.town, what);
    }
}
