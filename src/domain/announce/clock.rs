//! 时钟 — everybody who looks after votes and deadlines is told when the clock jumped, at once: quiet hours are no reason to wait when it is
//! not sure what hour it is.

use crate::domain::announce::Herald;
use crate::domain::history::clock::{Doubt, Fact, moved};
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::person::Role;
use crate::say;
use chrono::Datelike as _;
use std::collections::BTreeSet;

impl Herald<'_, '_> {
    pub(crate) fn of_clock(&mut self, fact: &Fact) {
        let what = match fact {
            Fact::Jumped { expected, shown, taken: true } => moved("clock.jumped", self.settings, *expected, *shown),
            Fact::Jumped { expected, shown, taken: false } => {
                Doubt { expected: *expected, shown: *shown }.say(self.settings)
            }
            Fact::Settled { shown, is_right } => {
                let year = i64::from(self.settings.date(*shown).year());
                let key = if *is_right { "clock.taken" } else { "clock.back" };
                Say::new(key).with("y", Value::Num(year)).with("to", Value::Moment(*shown))
            }
            Fact::Zone { from, .. } if from.is_empty() => return,
            Fact::Zone { from, to } => say!("clock.zone", from = from.as_str(), to = to.as_str()),
        };
        if let Some(by) = self.record.by {
            self.here(what.clone());
            self.tell_staff(&what, Some(by));
        } else {
            self.tell_staff(&what, None);
        }
    }

    fn tell_staff(&mut self, what: &Say, but: Option<PersonId>) {
        let roles = [Role::Moderator, Role::Coordinator, Role::Admin];
        let staff: BTreeSet<PersonId> =
            roles.into_iter().flat_map(|role| self.world.holders(role)).map(|person| person.id).collect();
        for person in staff.into_iter().filter(|person| Some(*person) != but) {
            self.at_once(person, what.clone());
        }
    }
}
