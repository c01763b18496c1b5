//! 周末有约 — setting a gathering that comes back, calling the next, ending it.

use crate::domain::event::Event;
use crate::domain::kernel::ids::{GatheringNo, GroupId, SeriesNo, TopicNo};
use crate::domain::kernel::say::{Value, example_of};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::text::within;
use crate::domain::kernel::world::World;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::gathering::{self, Gathering};
use crate::domain::talk::series::{Ask, Beat, Fact, MAX_SERIES, Series, hour, turn_after};
use crate::say;
use chrono::{DateTime, NaiveTime, Utc};

/// Longest name and place, in characters.
const MAX_NAME: usize = 40;

const REMIND_HOUR: u32 = 18;

const EXAMPLE: &str = "ex.event";

/// The evening before.
pub(super) fn reminded_at(settings: &Settings, at: DateTime<Utc>) -> DateTime<Utc> {
    let date = settings.date(at);
    settings.moment(date.pred_opt().unwrap_or(date), hour(REMIND_HOUR))
}

/// What the clock does when the next of a series is to be called.
#[must_use]
pub fn called(world: &World<'_>, settings: &Settings, series: &Series, now: DateTime<Utc>) -> Event {
    let (no, at) = (series.no, series.next.at);
    let is_past = at <= now;
    let next = turn_after(settings, &series.beat(settings), at.max(now));
    if is_past || settings.holidays.contains(&settings.date(at)) {
        return Event::Series(Fact::Skipped { series: no, at, next, silent: is_past });
    }
    let gathering = GatheringNo(world.counters().gatherings + 1);
    let until = series.until.map(|until| settings.moment(settings.date(at), until));
    Event::Series(Fact::Called { series: no, gathering, at, remind: reminded_at(settings, at), next, until })
}

/// Whoever may call gatherings in a group may begin and end a series there.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    let Some(group) = ctx.group() else { return Err(say!("e.group")) };
    let bound = ctx.bound_here();
    match &bound {
        Some(topic) => ctx.require_moderator(topic)?,
        None => ctx.require_moderator_of(Some(group))?,
    }
    let bound = bound.map(|topic| topic.no);
    match ask {
        Ask::Begin { name, rhythm, weekday, time, until, place } => {
            let beat = Beat { rhythm: *rhythm, weekday: *weekday, time: *time, anchor: None };
            begin(ctx, group, (name.trim(), place.trim()), (beat, *until), bound)
        }
        Ask::End(name) => match ctx.world.series_named(group, name.trim()) {
            Some(series) => {
                // In a group that is another topic's by now, it is still the series of whose topic it was, or of the group.
                let of_another = series.topic.filter(|_| series.topic != bound).and_then(|no| ctx.world.topic(no));
                if let Some(topic) = of_another {
                    ctx.require_moderator(&topic).or_else(|_| ctx.require_moderator_of(Some(group)))?;
                }
                // What is called already is off with it: nobody is reminded of what nobody holds any more.
                let off =
                    |one: Gathering| Event::Gathering(gathering::Fact::CalledOff { gathering: one.no, why: "".into() });
                let called = ctx.world.called_of(series.no, ctx.scene.now).into_iter().map(off);
                Ok(Decision::facts(
                    std::iter::once(Event::Series(Fact::Ended { series: series.no })).chain(called).collect(),
                ))
            }
            None => Err(say!("e.no_series", bad = Value::Quote(name.clone()))),
        },
    }
}

fn begin(
    ctx: &Ctx<'_>,
    group: GroupId,
    (name, place): (&str, &str),
    (beat, until): (Beat, Option<NaiveTime>),
    topic: Option<TopicNo>,
) -> Decided {
    if name.is_empty() || place.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(name, MAX_NAME)?;
    within(place, MAX_NAME)?;
    if let Some(known) = ctx.world.series_named(group, name) {
        return Err(match known.rhythm.is_weekly() {
            true => say!("e.series_known", series = &known.name),
            false => say!("e.series_known.other", series = &known.name),
        });
    }
    let all = ctx.world.all_series();
    if all.len() >= MAX_SERIES {
        return Err(say!("e.too_far", max = MAX_SERIES));
    }
    let no = SeriesNo(all.last().map_or(0, |last| last.no.0) + 1);
    let now = ctx.scene.now;
    let next = turn_after(ctx.settings, &beat, now);
    let Beat { rhythm, weekday, time, .. } = beat;
    let begun = Series {
        no,
        name: name.into(),
        rhythm,
        weekday,
        time,
        until,
        place: place.into(),
        topic,
        group: Some(group),
        by: ctx.me(),
        next,
        ended: false,
    };
    let (name, place) = (name.into(), place.into());
    let fact = Fact::Begun { series: no, name, weekday, time, place, topic, next, rhythm, until };
    let mut facts = vec![Event::Series(fact)];
    // Nine o'clock two days before has passed: this one is called at once.
    if next.call <= now {
        facts.push(called(ctx.world, ctx.settings, &begun, now));
    }
    Ok(Decision::facts(facts))
}
