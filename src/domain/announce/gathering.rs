//! 活动 — what whoever changes a sign-up is answered.

use crate::domain::announce::Herald;
use crate::domain::talk::gathering::Fact;

impl Herald<'_, '_> {
    pub(super) fn of_gathering(&mut self, fact: &Fact) {
        match fact {
            Fact::Noted { gathering, .. } => self.here(self.world.chain(*gathering)),
        }
    }
}
