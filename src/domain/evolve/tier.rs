//! 层级、年计划 — what setting them makes of the world.

use crate::domain::about::tier::{Fact, OfTopic, YearPlan};
use crate::domain::kernel::world::World;

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, fact: &Fact) {
    match fact {
        Fact::Set { topic, tier } => world.put(&OfTopic { topic: *topic, tier: *tier }),
        Fact::Planned { year, times } => {
            let mut plan = world.year_plan(*year).unwrap_or(YearPlan { year: *year, times: [0; 4] });
            for (tier, n) in times {
                if let Some(planned) = plan.times.get_mut(tier.index()) {
                    *planned = *n;
                }
            }
            world.put(&plan);
        }
    }
}
