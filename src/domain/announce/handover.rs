//! 退办、重派、强制办结 — who is told.

use crate::domain::addressee::For;
use crate::domain::announce::Herald;
use crate::domain::people::person::Role;
use crate::domain::work::handover::{Fact, forced, returned};
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_handover(&mut self, fact: &Fact) {
        let Some(task) = self.world.task(fact.task()) else { return };
        let Some(topic) = self.world.topic(task.topic) else { return };
        let groups = self.all_groups(&topic);
        match fact {
            Fact::Returned { reason, .. } => {
                let card = returned(&task, self.doer(task.handler, (&topic.town, Some(&topic))), reason);
                self.here_and(&groups, &card);
                let coordinators = self.world.coordinators_of(&topic.town);
                for one in coordinators.iter().filter(|one| Some(one.id) != self.record.by) {
                    self.push_as(For::Coordinator(one.id, topic.town.clone()), card.clone());
                }
                if self.record.group.is_none() {
                    self.askers_told(&topic, &task, &card);
                }
            }
            Fact::Reassigned { days, due, .. } => {
                let (t, who) = (task.no, self.world.name_of(task.handler));
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
                self.here_and(&groups, &card);
            }
            Fact::Vacated { .. } => {
                let (t, unit, who) = (task.no, &task.unit, self.world.name_of(task.handler));
                let card = say!("task.vacated", t = t, what = &task.what, unit = unit, who = who);
                self.here_and(&groups, &card);
                for one in self.world.coordinators_of(&topic.town) {
                    if Some(one.id) != self.record.by {
                        self.push(one.id, card.clone());
                    }
                }
            }
            Fact::Forced { reason, .. } => {
                let role = self.acting((&topic.town, Some(&topic)), Role::Coordinator);
                let card = forced(self.world, &task, (role, self.by()), reason);
                self.here_and(&groups, &card);
                if let Some(unhappy) = task.unhappy.filter(|&unhappy| Some(unhappy) != self.record.by) {
                    self.push(unhappy, card);
                }
            }
        }
    }
}
