//! 周末有约 — what setting, calling and ending make of the world.

use crate::domain::event::Record;
use crate::domain::history::deed::{Deed, What};
use crate::domain::kernel::alarm;
use crate::domain::kernel::ids::{GatheringNo, PersonId, SeriesNo};
use crate::domain::kernel::world::World;
use crate::domain::talk::gathering::Gathering;
use crate::domain::talk::series::{Fact, Series, Turn, reminder_key};
use chrono::{DateTime, Utc};

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, record: &Record, index: u32, fact: &Fact) {
    match fact {
        Fact::Begun { series, name, weekday, time, place, topic, next, rhythm, until } => {
            let (name, place, by) = (name.clone(), place.clone(), record.by.unwrap_or(PersonId(0)));
            let (weekday, time, topic, group) = (*weekday, *time, *topic, record.group);
            let (no, next, rhythm, until, ended) = (*series, *next, *rhythm, *until, false);
            world.put(&Series { no, name, rhythm, weekday, time, until, place, topic, group, by, next, ended });
            world.put_at(alarm::series_key(next.call, *series), series);
        }
        Fact::Called { series, gathering, at, remind, next, until } => {
            move_on(world, *series, Some(*next));
            if let Some(series) = world.series(*series) {
                call(world, record, index, (*gathering, *at, *until), &series);
                self::remind(world, *gathering, Some(*remind));
            }
        }
        Fact::Skipped { series, next, .. } => move_on(world, *series, Some(*next)),
        Fact::Ended { series } => move_on(world, *series, None),
        Fact::Reminded { gathering } => remind(world, *gathering, None),
    }
}

/// When those who signed up are reminded instead; `None` = not any more.
pub(super) fn remind(world: &mut World<'_>, no: GatheringNo, at: Option<DateTime<Utc>>) {
    if let Some(before) = world.reminder(no) {
        world.remove(alarm::reminder_key(before, no));
    }
    match at {
        Some(at) => {
            world.put_at(reminder_key(no), &at);
            world.put_at(alarm::reminder_key(at, no), &no);
        }
        None => world.remove(reminder_key(no)),
    }
}

/// The next, or the end.
fn move_on(world: &mut World<'_>, no: SeriesNo, next: Option<Turn>) {
    let Some(mut series) = world.series(no) else { return };
    world.remove(alarm::series_key(series.next.call, no));
    match next {
        Some(next) => {
            series.next = next;
            world.put_at(alarm::series_key(next.call, no), &no);
        }
        None => series.ended = true,
    }
    world.put(&series);
}

pub(crate) fn call(
    world: &mut World<'_>,
    record: &Record,
    index: u32,
    (no, at, until): (GatheringNo, DateTime<Utc>, Option<DateTime<Utc>>),
    series: &Series,
) {
    world.count(|counters| counters.gatherings = counters.gatherings.max(no.0));
    world.put(&Gathering {
        no,
        name: series.name.clone(),
        at,
        until,
        place: series.place.clone(),
        topic: series.topic,
        group: series.group,
        by: series.by,
        last_line: 0,
        signed: 0,
        minutes: false,
        series: Some(series.no),
        off: None,
    });
    world.gathering_is_of(no, series.topic, None);
    if let Some(mut group) = series.group.and_then(|id| world.group(id)) {
        group.last_gathering = Some(no);
        world.put(&group);
    }
    let (what, topic, by, group) = (What::Called(no), series.topic, Some(series.by), series.group);
    world.put_deed(&Deed { at: record.at, seq: record.seq, what, topic, by, group }, index, None);
}
