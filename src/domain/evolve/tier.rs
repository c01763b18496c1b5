//! 层级、年计划 — what setting them makes of the world.

use crate::domain::about::tier::{Fact, OfTopic, YearPlan};
use crate::domain::kernel::world::World;
use chrono::{DateTime, Utc};

/// Earlier levels of a topic that are kept.
const MOST_KEPT: usize = 16;

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, at: DateTime<Utc>, fact: &Fact) {
    match fact {
        Fact::Set { topic, tier } => {
            let mut before = world.tiers_before(*topic);
            // A level is said once or twice; of a quarrel the latest do.
            if before.len() >= MOST_KEPT {
                before.remove(0);
            }
            before.push((at.timestamp_millis(), world.tier_of(*topic)));
            world.put(&OfTopic { topic: *topic, tier: *tier, before });
        }
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
