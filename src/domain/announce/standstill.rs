//! 恢复 — who is told that a notice or a task ends later.

use crate::domain::announce::Herald;
use crate::domain::process::standstill::Fact;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_rest(&mut self, fact: &Fact) {
        match fact {
            Fact::Notice { topic, days, last, .. } => {
                let groups = self.world.topic(*topic).map(|topic| self.notice_groups(&topic)).unwrap_or_default();
                self.here_and(&groups, &say!("rest.notice", no = *topic, n = *days, d2 = *last));
            }
            Fact::Task { task, days, due, .. } => {
                let Some(task) = self.world.task(*task) else { return };
                self.bound(task.topic, &say!("rest.task", t = task.no, n = *days, due = *due));
            }
        }
    }
}
