//! 时钟 — when the clock of the machine jumped, and which time zone the office had since when. A clock may be wrong; what was recorded may
//! not be undone by it. So a jump is recorded, and where it is too large to be believed, what comes due waits for somebody who knows.

use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Time zones remembered.
pub(crate) const MOST_ZONES: usize = 16;

/// What happens to the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 走时跳变 — the clock shows another time than has passed.
    Jumped {
        /// What it would show if it had gone on.
        expected: DateTime<Utc>,
        /// What it shows.
        shown: DateTime<Utc>,
        /// Whether it is believed; otherwise the office goes on with its own time.
        taken: bool,
    },
    /// The doubt is over.
    Settled {
        /// What the clock shows.
        shown: DateTime<Utc>,
        /// Whether it was right; otherwise it came back.
        is_right: bool,
    },
    /// 时区 — the time zone of the office from now on.
    Zone {
        /// The one before; empty the first time.
        from: String,
        /// IANA name.
        to: String,
    },
}

/// What is asked about the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// What time it is.
    Show,
    /// 对: what the machine shows is right.
    Right,
}

/// A jump nobody believes yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// What the clock should have shown.
    pub expected: DateTime<Utc>,
    /// What it showed.
    pub shown: DateTime<Utc>,
}

impl Doubt {
    /// What is said of it.
    #[must_use]
    pub fn say(&self, settings: &Settings) -> Say {
        moved("clock.doubt", settings, self.expected, self.shown)
    }
}

/// A sentence about a jump from one moment to another, which may be years away.
#[must_use]
pub fn moved(key: &str, settings: &Settings, from: DateTime<Utc>, to: DateTime<Utc>) -> Say {
    let year = |at| Value::Num(i64::from(settings.date(at).year()));
    let say = Say::new(key).with("y1", year(from)).with("from", Value::Moment(from));
    say.with("y2", year(to)).with("to", Value::Moment(to))
}

/// What is known of the clock.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeClock {
    /// A jump nobody believes yet.
    pub doubt: Option<Doubt>,
    /// Time zones, and since when, the latest last.
    pub zones: Vec<(DateTime<Utc>, String)>,
}

impl Entity for OfficeClock {
    fn key(&self) -> Key {
        Key::new(kind::CLOCK)
    }
}

impl World<'_> {
    /// What is known of the clock.
    #[must_use]
    pub fn office_clock(&self) -> OfficeClock {
        self.get(&Key::new(kind::CLOCK)).unwrap_or_default()
    }

    /// The time zones in which something may have been shown since a moment, today's included.
    #[must_use]
    pub fn zones_since(&self, settings: &Settings, since: DateTime<Utc>) -> Vec<Tz> {
        let zones = self.office_clock().zones;
        let ends = zones.iter().skip(1).map(|(from, _)| Some(*from)).chain([None]);
        let in_force = zones.iter().zip(ends).filter(|(_, end)| end.is_none_or(|end| end > since));
        let known = in_force.filter_map(|((_, name), _)| name.parse().ok());
        [settings.tz].into_iter().chain(known.filter(|tz| *tz != settings.tz)).collect()
    }
}
