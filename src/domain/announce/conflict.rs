//! 另定 — read in the open, and by whom it names.

use crate::domain::announce::Herald;
use crate::domain::kernel::say::Value;
use crate::domain::process::conflict::Fact;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_conflict(&mut self, fact: &Fact) {
        let Fact::Excepted { topic, person, part, reason } = fact;
        let (part, who) = (Value::Term(part.term().to_owned()), self.world.name_of(*person));
        let what = say!("appoint", no = *topic, by = self.by(), part = part, who = who, why = reason);
        self.publicly(*topic, &what);
        self.at_once(*person, what);
    }
}
