//! 来得及 — by when everybody can have heard of something: so long outside the quiet hours of the groups in which it is told. Votes ask it,
//! and whatever takes time away that was announced: a gathering that begins earlier, a talk that ends earlier.

use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use chrono::{DateTime, Duration, NaiveTime, Utc};

/// Hours outside the quiet ones that people need to hear of an earlier hour and do something about it.
pub(super) const HOURS: i64 = 2;
/// Proposed hours are on such a minute, and at least so far off: whoever copies them needs a moment.
const STEP_MINUTES: i64 = 5;

/// How long people need who have to come, or to write.
pub(super) fn to_act() -> Duration {
    Duration::hours(HOURS)
}

/// The quiet hours of the groups in which something is told; those of the office where it is told in none.
pub(super) fn quiet_hours(
    world: &World<'_>,
    settings: &Settings,
    groups: impl Iterator<Item = GroupId>,
) -> Vec<(NaiveTime, NaiveTime)> {
    let found: Vec<_> = groups.filter_map(|group| world.group(group)).map(|group| group.quiet).collect();
    if found.is_empty() { vec![settings.quiet] } else { found }
}

/// By when everybody has had so long to hear of it, counted from a moment.
pub(super) fn by(
    world: &World<'_>,
    settings: &Settings,
    groups: impl Iterator<Item = GroupId>,
    from: DateTime<Utc>,
    long: Duration,
) -> DateTime<Utc> {
    let all = quiet_hours(world, settings, groups).into_iter();
    all.map(|quiet| settings.heard_by(quiet, from, long)).max().unwrap_or(from)
}

/// The next full step after a moment that leaves time to copy a line.
pub(super) fn on_a_step(at: DateTime<Utc>) -> DateTime<Utc> {
    let step = STEP_MINUTES * 60;
    let over = at.timestamp().rem_euclid(step);
    let up = if over == 0 { step } else { 2 * step - over };
    at + Duration::seconds(up) - Duration::nanoseconds(i64::from(at.timestamp_subsec_nanos()))
}
