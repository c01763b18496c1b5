//! 另定 — read in the open, and by whom it names.

use crate::domain::announce::Herald;
use crate::domain::kernel::say::Value;
use crate::domain::people::person::Role;
use crate::domain::process::conflict::Fact;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_conflict(&mut self, fact: &Fact) {
        let Fact::Excepted { topic, person, part, reason } = fact;
        let (part, who) = (Value::Term(part.term().to_owned()), self.world.name_of(*person));
        let known = self.world.topic(*topic);
        let town = known.as_ref().map(|topic| topic.town.clone()).unwrap_or_default();
        let role = self.acting((&town, known.as_ref()), Role::Coordinator);
        let what = say!("appoint", no = *topic, role = role, by = self.by(), part = part, who = who, why = reason);
        self.publicly(*topic, &what);
        self.at_once(*person, what);
    }
}
