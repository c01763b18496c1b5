//! 周末有约 — a gathering that comes back every week: the clock calls each one two days before, at nine, and leaves out holidays, saying
//! so. Those who signed up are reminded in private the evening before.

use super::deed::{Deed, What};
use super::due;
use super::event::{Event, Record};
use super::gathering::Gathering;
use super::ids::{GatheringNo, GroupId, PersonId, SeriesNo, TopicNo};
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision, Settings};
use super::topic::within;
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// Series one office can have.
pub const MAX_SERIES: usize = 500;
/// Longest name and place, in characters.
const MAX_NAME: usize = 40;
/// Each is called so many days before.
const DAYS_BEFORE: u64 = 2;
/// The hour at which it is called, and at which those who signed up are reminded.
const CALL_HOUR: u32 = 9;
const REMIND_HOUR: u32 = 18;
const EXAMPLE: &str = "ex.event";

/// When one of a series is, and when that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// When it is called.
    pub call: DateTime<Utc>,
}

/// What happens to series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A series begins.
    Begun {
        /// Number.
        series: SeriesNo,
        /// Name of every gathering of it.
        name: Words,
        /// Weekday, Monday = 1.
        weekday: u8,
        /// Time of day.
        time: NaiveTime,
        /// Where.
        place: Words,
        /// The topic it belongs to.
        topic: Option<TopicNo>,
        /// The first.
        next: Turn,
    },
    /// One of them is called.
    Called {
        /// Series.
        series: SeriesNo,
        /// Number of the gathering.
        gathering: GatheringNo,
        /// When it is.
        at: DateTime<Utc>,
        /// When those who signed up are reminded.
        remind: DateTime<Utc>,
        /// The one after it.
        next: Turn,
    },
    /// 放假 — one is left out.
    Skipped {
        /// Series.
        series: SeriesNo,
        /// When it would have been.
        at: DateTime<Utc>,
        /// The one after it.
        next: Turn,
        /// Nobody is told: it had passed before it could be called.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        silent: bool,
    },
    /// 停 — none are called any more.
    Ended {
        /// Series.
        series: SeriesNo,
    },
    /// Those who signed up for one are reminded.
    Reminded {
        /// The gathering.
        gathering: GatheringNo,
    },
}

/// A series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Number.
    pub no: SeriesNo,
    /// Name of every gathering of it.
    pub name: Words,
    /// Weekday, Monday = 1.
    pub weekday: u8,
    /// Time of day.
    pub time: NaiveTime,
    /// Where.
    pub place: Words,
    /// The topic it belongs to.
    pub topic: Option<TopicNo>,
    /// The group it was begun in.
    pub group: Option<GroupId>,
    /// Who began it.
    pub by: PersonId,
    /// The next.
    pub next: Turn,
    /// None are called any more.
    pub ended: bool,
}

impl Entity for Series {
    fn key(&self) -> Key {
        Key::new(kind::SERIES).num(self.no.0)
    }
}

impl World<'_> {
    /// A series.
    #[must_use]
    pub fn series(&self, no: SeriesNo) -> Option<Series> {
        self.get(&Key::new(kind::SERIES).num(no.0))
    }

    fn all_series(&self) -> Vec<Series> {
        self.list(&Key::new(kind::SERIES), MAX_SERIES)
    }

    fn series_named(&self, group: GroupId, name: &str) -> Option<Series> {
        let mut all = self.all_series();
        all.retain(|series| !series.ended && series.group == Some(group) && series.name.as_str() == name);
        all.pop()
    }

    /// When those who signed up for a gathering are reminded, if they still are to be.
    #[must_use]
    pub fn reminder(&self, gathering: GatheringNo) -> Option<DateTime<Utc>> {
        self.get(&reminder_key(gathering))
    }
}

fn reminder_key(gathering: GatheringNo) -> Key {
    Key::new(kind::REMINDER).num(gathering.0)
}

fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
}

/// The first on this weekday whose moment is after `after`.
fn turn_after(settings: &Settings, weekday: u8, time: NaiveTime, after: DateTime<Utc>) -> Turn {
    let mut date = settings.date(after);
    let next = |date: NaiveDate| date.succ_opt().unwrap_or(date);
    for _ in 0..8 {
        let at = settings.moment(date, time);
        if date.weekday().number_from_monday() == u32::from(weekday) && at > after {
            break;
        }
        date = next(date);
    }
    let day = date.checked_sub_days(Days::new(DAYS_BEFORE)).unwrap_or(date);
    let call = settings.after_quiet(settings.quiet, settings.moment(day, hour(CALL_HOUR)));
    Turn { at: settings.moment(date, time), call }
}

/// The evening before.
fn reminded_at(settings: &Settings, at: DateTime<Utc>) -> DateTime<Utc> {
    let date = settings.date(at);
    settings.moment(date.pred_opt().unwrap_or(date), hour(REMIND_HOUR))
}

/// What the clock does when the next of a series is to be called.
#[must_use]
pub fn called(world: &World<'_>, settings: &Settings, series: &Series, now: DateTime<Utc>) -> Event {
    let (no, at) = (series.no, series.next.at);
    let is_past = at <= now;
    let next = turn_after(settings, series.weekday, series.time, at.max(now));
    if is_past || settings.holidays.contains(&settings.date(at)) {
        return Event::Series(Fact::Skipped { series: no, at, next, silent: is_past });
    }
    let gathering = GatheringNo(world.counters().gatherings + 1);
    Event::Series(Fact::Called { series: no, gathering, at, remind: reminded_at(settings, at), next })
}

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, record: &Record, index: u32, fact: &Fact) {
    match fact {
        Fact::Begun { series, name, weekday, time, place, topic, next } => {
            let (name, place, by) = (name.clone(), place.clone(), record.by.unwrap_or(PersonId(0)));
            let (weekday, time, topic, group) = (*weekday, *time, *topic, record.group);
            let begun = Series { no: *series, name, weekday, time, place, topic, group, by, next: *next, ended: false };
            world.put(&begun);
            world.put_at(due::series_key(next.call, *series), series);
        }
        Fact::Called { series, gathering, at, remind, next } => {
            move_on(world, *series, Some(*next));
            if let Some(series) = world.series(*series) {
                call(world, record, index, (*gathering, *at), &series);
                world.put_at(reminder_key(*gathering), remind);
                world.put_at(due::reminder_key(*remind, *gathering), gathering);
            }
        }
        Fact::Skipped { series, next, .. } => move_on(world, *series, Some(*next)),
        Fact::Ended { series } => move_on(world, *series, None),
        Fact::Reminded { gathering } => {
            if let Some(at) = world.reminder(*gathering) {
                world.remove(due::reminder_key(at, *gathering));
            }
            world.remove(reminder_key(*gathering));
        }
    }
}

/// The next, or the end.
fn move_on(world: &mut World<'_>, no: SeriesNo, next: Option<Turn>) {
    let Some(mut series) = world.series(no) else { return };
    world.remove(due::series_key(series.next.call, no));
    match next {
        Some(next) => {
            series.next = next;
            world.put_at(due::series_key(next.call, no), &no);
        }
        None => series.ended = true,
    }
    world.put(&series);
}

fn call(world: &mut World<'_>, record: &Record, index: u32, (no, at): (GatheringNo, DateTime<Utc>), series: &Series) {
    world.count(|counters| counters.gatherings = counters.gatherings.max(no.0));
    world.put(&Gathering {
        no,
        name: series.name.clone(),
        at,
        place: series.place.clone(),
        topic: series.topic,
        group: series.group,
        by: series.by,
        last_line: 0,
        signed: 0,
        minutes: false,
    });
    if let Some(mut group) = series.group.and_then(|id| world.group(id)) {
        group.last_gathering = Some(no);
        world.put(&group);
    }
    let (what, topic, by, group) = (What::Called(no), series.topic, Some(series.by), series.group);
    world.put_deed(&Deed { at: record.at, seq: record.seq, what, topic, by, group }, index);
}

/// Whoever began a series and turns out to be somebody else stays the one who did.
pub(super) fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    for series in world.all_series().into_iter().filter(|series| series.by == from) {
        world.put(&Series { by: into, ..series });
    }
}

/// `/活动 名称 每周六9:30 地点`, `/活动 停 名称`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// A new series.
    Begin {
        /// Name.
        name: String,
        /// Weekday, Monday = 1.
        weekday: u8,
        /// Time of day.
        time: NaiveTime,
        /// Where.
        place: String,
    },
    /// The end of one.
    End(String),
}

/// Whoever may call gatherings in a group may begin and end a series there.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    let Some(group) = ctx.group() else { return Err(say!("e.group")) };
    let bound = ctx.world.group(group).and_then(|group| group.bound).map(|bound| bound.topic);
    match bound.and_then(|no| ctx.world.topic(no)) {
        Some(topic) => ctx.require_moderator(&topic)?,
        None => ctx.require_moderator_of(Some(group))?,
    }
    match ask {
        Ask::Begin { name, weekday, time, place } => {
            begin(ctx, group, (name.trim(), place.trim()), (*weekday, *time), bound)
        }
        Ask::End(name) => match ctx.world.series_named(group, name.trim()) {
            Some(series) => Ok(Decision::fact(Event::Series(Fact::Ended { series: series.no }))),
            None => Err(say!("e.no_series", bad = Value::Quote(name.clone()))),
        },
    }
}

fn begin(
    ctx: &Ctx<'_>,
    group: GroupId,
    (name, place): (&str, &str),
    (weekday, time): (u8, NaiveTime),
    topic: Option<TopicNo>,
) -> Decided {
    if name.is_empty() || place.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(name, MAX_NAME)?;
    within(place, MAX_NAME)?;
    if let Some(known) = ctx.world.series_named(group, name) {
        return Err(say!("e.series_known", series = &known.name));
    }
    let all = ctx.world.all_series();
    if all.len() >= MAX_SERIES {
        return Err(say!("e.too_far", max = MAX_SERIES));
    }
    let no = SeriesNo(all.last().map_or(0, |last| last.no.0) + 1);
    let now = ctx.scene.now;
    let next = turn_after(ctx.settings, weekday, time, now);
    let begun = Series {
        no,
        name: name.into(),
        weekday,
        time,
        place: place.into(),
        topic,
        group: Some(group),
        by: ctx.me(),
        next,
        ended: false,
    };
    let fact = Fact::Begun { series: no, name: name.into(), weekday, time, place: place.into(), topic, next };
    let mut facts = vec![Event::Series(fact)];
    // Nine o'clock two days before has passed: this one is called at once.
    if next.call <= now {
        facts.push(called(ctx.world, ctx.settings, &begun, now));
    }
    Ok(Decision::facts(facts))
}

/// 每周六 9:30, for people.
#[must_use]
pub fn rhythm(series: &Series) -> Say {
    let day = Value::Term(format!("weekday.{}", series.weekday));
    say!("series.rhythm", day = day, time = series.time)
}

#[cfg(test)]
mod tests {
    use super::turn_after;
    use crate::domain::scene::Settings;
    use chrono::{DateTime, NaiveTime, Utc};

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn the_next_is_the_first_that_is_still_to_come() {
        let settings = Settings::default();
        let time = NaiveTime::from_hms_opt(9, 30, 0).unwrap();
        for (after, want, call) in [
            ("2025-03-03T08:00", "2025-03-08T09:30", "2025-03-06T09:00"),
            ("2025-03-08T09:29", "2025-03-08T09:30", "2025-03-06T09:00"),
            ("2025-03-08T09:30", "2025-03-15T09:30", "2025-03-13T09:00"),
            ("2025-12-31T23:59", "2026-01-03T09:30", "2026-01-01T09:00"),
        ] {
            let turn = turn_after(&settings, 6, time, at(after));
            assert_eq!((turn.at, turn.call), (at(want), at(call)), "{after}");
        }
    }

    #[test]
    fn it_is_not_called_in_quiet_time() {
        let late = |h| NaiveTime::from_hms_opt(h, 0, 0).unwrap();
        let settings = Settings { quiet: (late(22), late(10)), ..Settings::default() };
        let turn = turn_after(&settings, 6, late(15), at("2025-03-03T08:00"));
        assert_eq!((turn.at, turn.call), (at("2025-03-08T15:00"), at("2025-03-06T10:00")));
    }
}
