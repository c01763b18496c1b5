//! 活动 — what whoever changes a sign-up is answered.

use crate::domain::announce::Herald;
use crate::domain::talk::gathering::Fact;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_gathering(&mut self, fact: &Fact) {
        match fact {
            Fact::Noted { gathering, .. } => self.here(self.world.chain(*gathering)),
            Fact::Left { gathering, why, .. } => {
                let (a, who, n) = (*gathering, self.by(), self.world.sign_ups(*gathering).len());
                self.here(match why.as_str() {
                    "" => say!("act.left", a = a, who = who, n = n),
                    _ => say!("act.left.why", a = a, who = who, why = why, n = n),
                });
            }
        }
    }
}
