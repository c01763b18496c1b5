//! 时钟 — what is known of the clock of the machine.

use crate::domain::history::clock::{Doubt, Fact, MOST_ZONES};
use crate::domain::kernel::world::World;
use chrono::{DateTime, Utc};

/// What a fact makes of it.
pub(crate) fn apply(world: &mut World<'_>, at: DateTime<Utc>, fact: &Fact) {
    let mut clock = world.office_clock();
    match fact {
        Fact::Jumped { expected, shown, taken } => {
            clock.doubt = (!taken).then_some(Doubt { expected: *expected, shown: *shown });
        }
        Fact::Settled { .. } => clock.doubt = None,
        Fact::Zone { from: _, to } => {
            clock.zones.push((at, to.clone()));
            let surplus = clock.zones.len().saturating_sub(MOST_ZONES);
            clock.zones.drain(..surplus);
        }
    }
    world.put(&clock);
}
