//! 恢复 — what is moved when a topic is taken up again.

use crate::domain::evolve::Application;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::process::standstill::Fact;
use crate::domain::talk::notice::Notice;
use chrono::Duration;

impl Application<'_, '_, '_> {
    pub(super) fn rested(&mut self, fact: &Fact) {
        match fact {
            Fact::Notice { topic, n, last, until, .. } => {
                let key = Key::new(kind::NOTICE).num(topic.0).num(*n);
                let Some(notice) = self.world.get::<Notice>(&key) else { return };
                self.world.put(&Notice { last: *last, until: *until, ..notice });
            }
            Fact::Task { task: no, days, due, lamp } => {
                let Some(mut task) = self.world.task(*no) else { return };
                task.due = *due;
                let rested = Duration::days(i64::from(*days));
                task.assigned = task.assigned.checked_add_signed(rested).unwrap_or(task.assigned);
                task.light = None;
                self.world.put(&task);
                self.watch(*no, Some(*lamp));
            }
        }
    }
}
