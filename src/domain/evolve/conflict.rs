//! 另定 — what it makes of the world.

use crate::domain::evolve::Application;
use crate::domain::process::conflict::{Exception, Fact};

impl Application<'_, '_, '_> {
    pub(super) fn conflict(&mut self, fact: &Fact) {
        let Fact::Excepted { topic, person, part, reason } = fact;
        let (by, reason) = (self.record.by, reason.clone());
        self.world.put(&Exception { topic: *topic, person: *person, part: *part, by, reason });
        self.trace(None, 0);
    }
}
