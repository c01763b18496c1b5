//! 交办件 — what assignments, answers, ratings and lights make of the world.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::alarm::lamp_key;
use crate::domain::kernel::ids::{TaskNo, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::work::task::{Class, Grade, Light, State, Task};
use chrono::{DateTime, NaiveDate, Utc};

impl Application<'_, '_, '_> {
    pub(super) fn assigned(&mut self, event: &Event) {
        let Event::TaskAssigned { task, topic, unit, handler, what, due, lamp, .. } = event else { return };
        let no = task.0;
        self.world.count(|counters| counters.tasks = no);
        self.world.put_at(Key::new(kind::TASK_BY_TOPIC).num(topic.0).num(no), task);
        self.world.put(&Task {
            no: *task,
            topic: *topic,
            unit: unit.clone(),
            handler: *handler,
            what: what.clone(),
            by: self.record.by,
            due: *due,
            assigned: self.record.at,
            urged: None,
            forced: false,
            explained: Words::default(),
            state: State::Assigned,
            reworks: 0,
            delays: 0,
            unhappy: None,
            class: None,
            answer: Words::default(),
            answered: None,
            answered_by: None,
            grade: None,
            rated: None,
            rated_by: None,
            lamp: None,
            light: None,
        });
        self.watch(*task, Some(*lamp));
        self.deed(What::Assigned(*task), Some(*topic), self.record.by);
        self.trace(None, 0);
    }

    /// When the light of a task is looked at next; never = the unit owes nothing now.
    pub(super) fn watch(&mut self, no: TaskNo, lamp: Option<DateTime<Utc>>) {
        let Some(mut task) = self.world.task(no) else { return };
        if let Some(old) = task.lamp {
            self.world.remove(lamp_key(old, no));
        }
        if let Some(lamp) = lamp {
            self.world.put_at(lamp_key(lamp, no), &no);
        }
        task.lamp = lamp;
        self.world.put(&task);
    }

    pub(super) fn worked(&mut self, no: TaskNo, deed: What, change: impl FnOnce(&mut Task)) {
        let Some(mut task) = self.world.task(no) else { return };
        change(&mut task);
        self.world.put(&task);
        self.deed(deed, Some(task.topic), self.record.by);
        self.trace(None, 0);
    }

    pub(super) fn task_answered(&mut self, no: TaskNo, class: Class, text: &Words) {
        let (by, at) = (self.record.by, self.record.at);
        self.worked(no, What::Done(no), |task| {
            task.answered_by = by.filter(|by| *by != task.handler);
            task.state = State::Answered;
            task.answered = Some(at);
            task.class = Some(class);
            task.answer = text.clone();
            task.light = None;
        });
        self.watch(no, None);
    }

    pub(super) fn task_delayed(&mut self, no: TaskNo, due: NaiveDate, lamp: DateTime<Utc>) {
        self.worked(no, What::Worked(no), |task| {
            task.due = due;
            task.delays += 1;
            task.light = None;
        });
        self.watch(no, Some(lamp));
    }

    pub(super) fn task_rated(&mut self, no: TaskNo, grade: Grade, again: Option<(NaiveDate, DateTime<Utc>)>) {
        let (by, seq) = (self.record.by, self.record.seq);
        self.worked(no, What::Rated(no, grade), |task| {
            (task.grade, task.rated, task.rated_by) = (Some(grade), Some(seq), by);
            match again {
                Some((due, _)) => {
                    task.state = State::Acked;
                    task.due = due;
                    task.reworks += 1;
                    task.unhappy = by;
                    // The refusal itself is told; the light that comes with it is no news.
                    task.light = task.is_contested().then_some(Light::Red);
                }
                None => task.state = State::Done,
            }
        });
        self.watch(no, again.map(|(_, lamp)| lamp));
    }

    pub(super) fn task_lit(&mut self, no: TaskNo, date: NaiveDate, lamp: DateTime<Utc>) {
        let Some(mut task) = self.world.task(no) else { return };
        let Some(light) = task.light_on(date) else { return };
        let topic = task.topic;
        // Nobody is told of lights while the topic rests.
        let is_going = self.world.topic(topic).is_some_and(|topic| topic.halt.is_none());
        let is_new = is_going && task.light != Some(light);
        task.light = is_going.then_some(light);
        self.world.put(&task);
        self.watch(no, Some(lamp));
        self.deed(What::Lit(no, is_new), Some(topic), None);
    }

    /// 终止, 并案 — the lights of its tasks go out.
    pub(super) fn lights_out(&mut self, topic: TopicNo) {
        for task in self.world.tasks(topic) {
            self.watch(task.no, None);
        }
    }
}
