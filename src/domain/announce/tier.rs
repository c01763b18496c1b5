//! 层级、年计划 — what whoever sets them is answered.

use crate::domain::about::tier;
use crate::domain::announce::Herald;

impl Herald<'_, '_> {
    pub(super) fn of_tier(&mut self, fact: &tier::Fact) {
        match fact {
            tier::Fact::Set { topic, tier } => {
                let Some(topic) = self.world.topic(*topic) else { return };
                self.here(tier::said(&topic, *tier));
            }
            tier::Fact::Planned { year, .. } => self.here(tier::against_done(self.world, self.settings, *year)),
        }
    }
}
