//! 活动 — what whoever changes a sign-up is answered.

use crate::domain::announce::Herald;
use crate::domain::talk::gathering::Fact;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_gathering(&mut self, fact: &Fact) {
        match fact {
            Fact::Noted { gathering, .. } => self.here(self.world.chain(*gathering)),
            Fact::Left { gathering, why, .. } => {
                let (a, who, list) = (*gathering, self.by(), self.world.chain(*gathering));
                self.here(match why.as_str() {
                    "" if self.world.sign_ups(a).is_empty() => say!("act.left", a = a, who = who),
                    "" => list,
                    _ => say!("act.left.why", who = who, why = why, list = list),
                });
            }
        }
    }
}
