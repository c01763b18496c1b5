//! 周末有约 — a gathering that comes back every week: the clock calls each one two days before, at nine, and leaves out holidays, saying
//! so. Those who signed up are reminded in private the evening before.

use crate::domain::kernel::ids::{GatheringNo, GroupId, PersonId, SeriesNo, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// Series one office can have.
pub const MAX_SERIES: usize = 500;

/// Each is called so many days before.
const DAYS_BEFORE: u64 = 2;

/// The hour at which it is called, and at which those who signed up are reminded.
const CALL_HOUR: u32 = 9;

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

    pub(crate) fn all_series(&self) -> Vec<Series> {
        self.list(&Key::new(kind::SERIES), MAX_SERIES)
    }

    pub(crate) fn series_named(&self, group: GroupId, name: &str) -> Option<Series> {
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

pub(crate) fn reminder_key(gathering: GatheringNo) -> Key {
    Key::new(kind::REMINDER).num(gathering.0)
}

pub(crate) fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
}

/// The first on this weekday whose moment is after `after`.
pub(crate) fn turn_after(settings: &Settings, weekday: u8, time: NaiveTime, after: DateTime<Utc>) -> Turn {
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

/// Whoever began a series and turns out to be somebody else stays the one who did.
pub(crate) fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
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

/// 每周六 9:30, for people.
#[must_use]
pub fn rhythm(series: &Series) -> Say {
    let day = Value::Term(format!("weekday.{}", series.weekday));
    say!("series.rhythm", day = day, time = series.time)
}

#[cfg(test)]
mod tests {
    use crate::domain::kernel::settings::Settings;
    use crate::domain::talk::series::turn_after;
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
