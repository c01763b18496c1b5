//! 退办、重派、强制办结 — what becomes of the task.

use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::TaskNo;
use crate::domain::kernel::words::Words;
use crate::domain::work::handover::{Fact, Handover};
use crate::domain::work::task::{State, Task};

impl Application<'_, '_, '_> {
    pub(super) fn handover(&mut self, fact: &Fact) {
        match fact {
            Fact::Returned { task, reason } => {
                self.had(*task, reason);
                self.worked(*task, What::Returned(*task), |task| {
                    task.state = State::Returned;
                    task.light = None;
                });
                self.watch(*task, None);
            }
            Fact::Reassigned { task, unit, handler, what, due, lamp, .. } => {
                if self.world.task(*task).is_some_and(|task| task.state != State::Returned) {
                    self.had(*task, &Words::default());
                }
                let (at, by) = (self.record.at, self.record.by);
                self.worked(*task, What::Worked(*task), |task| {
                    *task = Task {
                        unit: unit.clone(),
                        handler: *handler,
                        what: what.clone(),
                        by,
                        due: *due,
                        assigned: at,
                        state: State::Assigned,
                        delays: 0,
                        urged: None,
                        light: None,
                        ..task.clone()
                    };
                });
                self.watch(*task, Some(*lamp));
            }
            Fact::Vacated { task } => {
                self.had(*task, &Words::default());
                self.worked(*task, What::Returned(*task), |task| {
                    task.state = State::Returned;
                    task.light = None;
                });
                self.watch(*task, None);
            }
            Fact::Forced { task, reason } => {
                self.worked(*task, What::Forced(*task), |task| {
                    task.state = State::Done;
                    task.forced = true;
                    task.explained = reason.clone();
                    task.light = None;
                });
                self.watch(*task, None);
            }
        }
    }

    /// Who had it until now stays on the record.
    fn had(&mut self, no: TaskNo, reason: &Words) {
        let Some(task) = self.world.task(no) else { return };
        let n = u32::try_from(self.world.handovers(no).len()).unwrap_or(u32::MAX).saturating_add(1);
        let (unit, handler, reason) = (task.unit, task.handler, reason.clone());
        self.world.put(&Handover { task: no, n, unit, handler, reason, at: self.record.at });
    }
}
