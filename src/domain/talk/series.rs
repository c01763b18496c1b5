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

/// 节奏 — how often it comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// 每周六.
    #[default]
    Weekly,
    /// 每两周的周六, counted from the first.
    Fortnightly,
    /// 每天.
    Daily,
    /// 每月8日; up to the 28th, which every month has.
    OnDay(u8),
    /// 每月最后一天.
    LastDay,
    /// 每月第一个周六; up to the fourth, which every month has.
    Nth(u8),
    /// 每月最后一个周六.
    LastWeekday,
}

impl Rhythm {
    /// Whether it is the usual one.
    #[must_use]
    pub fn is_weekly(&self) -> bool {
        *self == Self::Weekly
    }
}

/// 每周六 9:30 — when one of a series can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Beat {
    pub rhythm: Rhythm,
    /// Weekday, Monday = 1; 0 where there is none.
    pub weekday: u8,
    /// Time of day.
    pub time: NaiveTime,
    /// A day on which one is, which every second week is counted from.
    pub anchor: Option<NaiveDate>,
}

impl Beat {
    fn is_on(&self, date: NaiveDate) -> bool {
        let is_weekday = date.weekday().number_from_monday() == u32::from(self.weekday);
        let is_last =
            |days: u64| date.checked_add_days(Days::new(days)).is_some_and(|next| next.month() != date.month());
        match self.rhythm {
            Rhythm::Daily => true,
            Rhythm::Weekly => is_weekday,
            Rhythm::Fortnightly => {
                is_weekday && self.anchor.is_none_or(|anchor| (date - anchor).num_days().rem_euclid(14) == 0)
            }
            Rhythm::OnDay(day) => date.day() == u32::from(day),
            Rhythm::LastDay => is_last(1),
            Rhythm::Nth(n) => is_weekday && date.day().div_ceil(7) == u32::from(n),
            Rhythm::LastWeekday => is_weekday && is_last(7),
        }
    }
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
        /// Weekday, Monday = 1; 0 where there is none.
        weekday: u8,
        /// Time of day.
        time: NaiveTime,
        /// Where.
        place: Words,
        /// The topic it belongs to.
        topic: Option<TopicNo>,
        /// The first.
        next: Turn,
        /// How often.
        #[serde(default, skip_serializing_if = "Rhythm::is_weekly")]
        rhythm: Rhythm,
        /// When each ends, where that was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveTime>,
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
        /// When it ends, where that was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
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
    /// How often.
    pub rhythm: Rhythm,
    /// Weekday, Monday = 1; 0 where there is none.
    pub weekday: u8,
    /// Time of day.
    pub time: NaiveTime,
    /// When each ends, where that was said.
    pub until: Option<NaiveTime>,
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

impl Series {
    /// When one of it can be.
    pub(crate) fn beat(&self, settings: &Settings) -> Beat {
        let anchor = Some(settings.date(self.next.at));
        Beat { rhythm: self.rhythm, weekday: self.weekday, time: self.time, anchor }
    }
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

/// Longest wait for the next: a month with the days around it.
const MAX_WAIT: usize = 64;

/// The first whose moment is after `after`.
pub(crate) fn turn_after(settings: &Settings, beat: &Beat, after: DateTime<Utc>) -> Turn {
    let today = settings.date(after);
    let is_next = |date: &NaiveDate| beat.is_on(*date) && settings.moment(*date, beat.time) > after;
    let date = today.iter_days().take(MAX_WAIT).find(is_next).unwrap_or(today);
    let day = date.checked_sub_days(Days::new(DAYS_BEFORE)).unwrap_or(date);
    let call = settings.after_quiet(settings.quiet, settings.moment(day, hour(CALL_HOUR)));
    Turn { at: settings.moment(date, beat.time), call }
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
        /// How often.
        rhythm: Rhythm,
        /// Weekday, Monday = 1; 0 where there is none.
        weekday: u8,
        /// Time of day.
        time: NaiveTime,
        /// When each ends, where that was said.
        until: Option<NaiveTime>,
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
    let time = match series.until {
        Some(until) => Value::from(say!("when.hours", from = series.time, to = until)),
        None => Value::from(series.time),
    };
    match series.rhythm {
        Rhythm::Weekly => say!("series.rhythm", day = day, time = time),
        Rhythm::Fortnightly => say!("series.fortnightly", day = day, time = time),
        Rhythm::Daily => say!("series.daily", time = time),
        Rhythm::OnDay(n) => say!("series.on_day", n = u32::from(n), time = time),
        Rhythm::LastDay => say!("series.last_day", time = time),
        Rhythm::Nth(n) => say!("series.nth", n = Value::Term(format!("nth.{n}")), day = day, time = time),
        Rhythm::LastWeekday => say!("series.last_weekday", day = day, time = time),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::kernel::settings::Settings;
    use crate::domain::talk::series::{Beat, Rhythm, turn_after};
    use chrono::{DateTime, NaiveTime, Utc};

    fn saturdays(time: NaiveTime) -> Beat {
        Beat { rhythm: Rhythm::Weekly, weekday: 6, time, anchor: None }
    }

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
            let turn = turn_after(&settings, &saturdays(time), at(after));
            assert_eq!((turn.at, turn.call), (at(want), at(call)), "{after}");
        }
    }

    #[test]
    fn it_is_not_called_in_quiet_time() {
        let late = |h| NaiveTime::from_hms_opt(h, 0, 0).unwrap();
        let settings = Settings { quiet: (late(22), late(10)), ..Settings::default() };
        let turn = turn_after(&settings, &saturdays(late(15)), at("2025-03-03T08:00"));
        assert_eq!((turn.at, turn.call), (at("2025-03-08T15:00"), at("2025-03-06T10:00")));
    }

    #[test]
    fn every_rhythm_has_its_next() {
        let settings = Settings::default();
        let time = NaiveTime::from_hms_opt(9, 30, 0).unwrap();
        let anchor = Some(settings.date(at("2025-03-08T00:00")));
        for (rhythm, weekday, after, want) in [
            (Rhythm::Fortnightly, 6, "2025-03-08T09:30", "2025-03-22T09:30"),
            (Rhythm::Fortnightly, 6, "2025-04-01T09:30", "2025-04-05T09:30"),
            (Rhythm::Daily, 0, "2025-03-08T09:29", "2025-03-08T09:30"),
            (Rhythm::Daily, 0, "2025-03-08T09:30", "2025-03-09T09:30"),
            (Rhythm::OnDay(8), 0, "2025-03-08T09:30", "2025-04-08T09:30"),
            (Rhythm::OnDay(28), 0, "2025-01-31T09:30", "2025-02-28T09:30"),
            (Rhythm::LastDay, 0, "2025-01-31T09:30", "2025-02-28T09:30"),
            (Rhythm::LastDay, 0, "2025-12-31T08:00", "2025-12-31T09:30"),
            (Rhythm::Nth(1), 6, "2025-03-03T08:00", "2025-04-05T09:30"),
            (Rhythm::Nth(2), 6, "2025-03-03T08:00", "2025-03-08T09:30"),
            (Rhythm::LastWeekday, 6, "2025-03-03T08:00", "2025-03-29T09:30"),
            (Rhythm::LastWeekday, 6, "2025-03-29T09:30", "2025-04-26T09:30"),
        ] {
            let turn = turn_after(&settings, &Beat { rhythm, weekday, time, anchor }, at(after));
            assert_eq!(turn.at, at(want), "{rhythm:?} {after}");
        }
    }
}
