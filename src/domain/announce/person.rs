//! 人员 — what whoever enters people is answered.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::history::duty;
use crate::domain::kernel::say::Value;
use crate::say;

impl Herald<'_, '_> {
    pub(crate) fn enrolled(&mut self, event: &Event) {
        let Event::PersonEnrolled { name, side, town, sector, enrolled: true, .. } = event else { return };
        let is_by_the_way = self.record.facts.iter().any(|fact| {
            !matches!(
                fact,
                Event::PersonEnrolled { .. }
                    | Event::RoleGranted { .. }
                    | Event::AccountLinked { .. }
                    | Event::Duty(duty::Fact::Tagged { .. })
            )
        });
        if is_by_the_way {
            return;
        }
        let scope = [sector, town].into_iter().find(|text| !text.is_empty());
        let scope = scope.map_or_else(|| Value::Term("scope.district".to_owned()), |text| Value::Text(text.clone()));
        self.here(say!("enrol", who = name, side = Value::Term(side.term().to_owned()), scope = scope));
    }
}
