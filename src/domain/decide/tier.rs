//! 层级、年计划 — setting them, and the comparison with what was done.

use crate::domain::about::tier::{Ask, Fact, Tier, against_done, said};
use crate::domain::event::Event;
use crate::domain::kernel::say::example_of;
use crate::domain::people::person::Role;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;
use chrono::Datelike;

/// Most of one level in a year.
const MOST: u32 = 9_999;

/// Years a plan may be made for.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

/// What a coordinator asks.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    match ask {
        Ask::Set { topic, tier } => {
            let topic = ctx.resolve_topic(*topic, "ex.level")?;
            topic.require_own()?;
            let Some(tier) = *tier else {
                return Ok(Decision::answer(said(&topic, ctx.world.tier_of(topic.no))));
            };
            if !ctx.coordinates(&topic.town) {
                return Err(ctx.ask(Role::Coordinator, &topic.town));
            }
            if ctx.world.tier_of(topic.no) == tier {
                return Ok(Decision::answer(said(&topic, tier)));
            }
            Ok(Decision::fact(Event::Tier(Fact::Set { topic: topic.no, tier })))
        }
        Ask::Plan { year, times } => plan(ctx, *year, times),
    }
}

fn plan(ctx: &Ctx<'_>, year: Option<i32>, times: &[(Tier, u32)]) -> Decided {
    let year = year.unwrap_or(ctx.settings.date(ctx.scene.now).year());
    if !YEARS.contains(&year) {
        return Err(say!("e.empty", ex = example_of("ex.yearplan")));
    }
    if times.is_empty() {
        return Ok(Decision::answer(against_done(ctx.world, ctx.settings, year)));
    }
    // The plan is the district's.
    if !ctx.coordinates("") {
        return Err(ctx.ask(Role::Coordinator, ""));
    }
    if times.iter().any(|(_, n)| *n > MOST) {
        return Err(say!("e.too_far", max = MOST));
    }
    Ok(Decision::fact(Event::Tier(Fact::Planned { year, times: times.to_vec() })))
}
