//! How something was said, and what a suggestion or a term is called in it.

use crate::domain::kernel::ids::SuggestionRef;
use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A suggestion as people write it: `1-3`, or `3` in a bound group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionArg {
    /// With its topic.
    Full(SuggestionRef),
    /// Only its own number; the topic comes from the reply or the group.
    Short(u32),
}

/// 时限 — as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// 15天.
    Days(u32),
    /// 一个月, 一个半月: so many months, and days beside.
    Months(u32, u32),
    /// 4月15日前.
    Until(NaiveDate),
}

impl Term {
    /// Its last day, counted from another.
    #[must_use]
    pub fn last_day(self, from: NaiveDate) -> NaiveDate {
        match self {
            Self::Days(days) => after(from, days),
            Self::Months(months, days) => after(from.checked_add_months(Months::new(months)).unwrap_or(from), days),
            Self::Until(day) => day,
        }
    }
}

fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(day)
}

/// 最长多久 — in how many days a vote, a posting or a talk with an end is over, at the latest.
pub const LONGEST_RUN_DAYS: i64 = 90;

/// How a turn came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Written in a group.
    Group,
    /// Written in private.
    Private,
    /// A button.
    Press,
    /// A form on a page.
    Page,
    /// The clock.
    Clock,
    /// The platform itself: a group moved, the bot was taken out.
    Platform,
    /// The person who runs the program: fixtures, configuration.
    Office,
}
