//! 人员 — what whoever enters people is answered.

use crate::domain::announce::{Announcement, Herald, Saying, To};
use crate::domain::event::Event;
use crate::domain::history::duty;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::Value;
use crate::say;

impl Herald<'_, '_> {
    pub(crate) fn enrolled(&mut self, event: &Event) {
        if let Event::PersonEnrolled { person, enrolled: false, .. } = event {
            return self.namesakes(*person);
        }
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

    /// 冒名 — whoever is registered is told, once and in private, that an account nobody knows speaks under their name.
    fn namesakes(&mut self, unproven: PersonId) {
        for person in self.world.first_namesakes(unproven).into_iter().filter(|&person| self.world.confides(person)) {
            let who = self.world.name_of(person);
            let what = match self.record.group.and_then(|group| self.world.group(group)) {
                Some(group) => say!("namesake", who = who, group = &group.name),
                None => say!("namesake.private", who = who),
            };
            let to = To::Person(person);
            self.out.push(Announcement { to, what: Saying::Say(what), is_push: false, is_numbered: false });
        }
    }
}
