//! 提案办理 — assigned to a unit for three months, put off to six at most, answered A to D, rated by its author; lights on the way.

use crate::domain::kernel::settings::Settings;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// Refusals at which the coordinators take it over.
pub const MAX_REWORKS: u32 = 2;

/// Working days within which unit and author should meet.
const MEET: u32 = 15;

/// The last day of a term of so many months: the same day of the last month, or that month's end (Civil Code art. 202).
#[must_use]
pub fn last_day_of_months(settings: &Settings, from: NaiveDate, months: u32) -> NaiveDate {
    let mut last = from.checked_add_months(Months::new(months)).unwrap_or(from);
    while settings.holidays.contains(&last) {
        last = last.succ_opt().unwrap_or(last);
    }
    last
}

/// 见面 — the last of the working days within which unit and author should meet.
#[must_use]
pub fn meeting_day(settings: &Settings, from: NaiveDate) -> NaiveDate {
    let is_free =
        |day: NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || settings.holidays.contains(&day);
    let (mut day, mut left) = (from, MEET);
    while left > 0 {
        let Some(next) = day.checked_add_days(Days::new(1)) else { break };
        day = next;
        left -= u32::from(!is_free(day));
    }
    day
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn months_end_on_the_same_day_or_on_the_last() {
        let mut settings = Settings::default();
        for (from, months, want) in [
            ("2025-03-03", 3, "2025-06-03"),
            ("2025-11-30", 3, "2026-02-28"),
            ("2023-11-30", 3, "2024-02-29"),
            ("2025-08-31", 6, "2026-02-28"),
            ("2025-10-31", 1, "2025-11-30"),
        ] {
            assert_eq!(last_day_of_months(&settings, day(from), months), day(want), "{from} + {months}");
        }
        settings.holidays = ["2025-10-01", "2025-10-02", "2025-10-03"].map(day).into();
        assert_eq!(last_day_of_months(&settings, day("2025-07-01"), 3), day("2025-10-04"));
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays() {
        let mut settings = Settings::default();
        assert_eq!(meeting_day(&settings, day("2025-03-03")), day("2025-03-24"));
        settings.holidays = [day("2025-03-05")].into();
        assert_eq!(meeting_day(&settings, day("2025-03-03")), day("2025-03-25"));
    }
}
