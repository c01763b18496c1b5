//! 过去 — days and months that have been or are: 昨天, 3月3日, 上周五, 15号; 3月, 上月 (日报, 批示, 导出).

use super::resolve::coming;
use super::run::{Said, run};
use super::text::Text;
use super::token::{Day, Month, Year};
use super::{Doubt, Now, Offer, Taken, Why, closed, day::english_month, first_word, number, used};
use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};

/// A day that has been or is, and nothing else. Without a year the latest such day.
///
/// # Errors
/// [`Doubt`].
pub fn day(said: &str, now: &Now) -> Result<NaiveDate, Doubt> {
    let found = day_before(said, now)?;
    if found.used.end < said.trim_end().len() { Err(Doubt::no_time(0..said.len())) } else { Ok(found.value) }
}

/// A day that has been or is, at the start of a text.
///
/// # Errors
/// [`Doubt`].
pub fn day_before(said: &str, now: &Now) -> Result<Taken<NaiveDate>, Doubt> {
    let text = Text::new(said);
    let no_time = || Doubt::no_time(first_word(&text));
    let found = run(&text, 0).filter(|run| run.to.is_none() && run.or.is_empty()).ok_or_else(no_time)?;
    if !text.ends_word(found.end) {
        return Err(no_time());
    }
    let range = used(&text, found.from, found.end);
    let doubt = |why: Why, days: Vec<NaiveDate>| {
        let offers = days
            .into_iter()
            .filter_map(|day| Some(Offer { at: day.and_hms_opt(0, 0, 0)?, until: None, used: range.clone() }));
        Doubt { why, offers: offers.collect(), used: range.clone() }
    };
    let day = of(&found.said, now.today()).map_err(|(why, days)| doubt(why, days))?;
    if day > now.today() {
        return Err(no_time());
    }
    Ok(Taken { value: day, used: closed(&text, &found) })
}

type Unclear = (Why, Vec<NaiveDate>);

fn of(said: &Said, today: NaiveDate) -> Result<NaiveDate, Unclear> {
    let none = || (Why::NotATime, Vec::new());
    let Said {
        also: None, part: None, clock: None, length: None, vague: None, is_about: false, is_after: false, ..
    } = *said
    else {
        return Err(none());
    };
    let Some(day) = said.day else {
        let weekday = said.weekday.ok_or_else(none)?;
        let day = match weekday.weeks {
            None => coming(today.checked_sub_days(Days::new(6)).unwrap_or(today), weekday.day),
            Some(weeks) => {
                let monday = today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_monday())));
                let days = TimeDelta::try_days(7 * weeks + i64::from(weekday.day) - 1).unwrap_or_default();
                monday.and_then(|monday| monday.checked_add_signed(days)).ok_or_else(none)?
            }
        };
        return Ok(day);
    };
    let day = dated(day, today).ok_or((Why::NoSuchDay, Vec::new()))?;
    match said.weekday {
        Some(weekday) if day.weekday().number_from_monday() != weekday.day => Err((Why::Weekday, vec![day])),
        _ => Ok(day),
    }
}

/// Without a year, or a month, the latest that has begun.
fn dated(day: Day, today: NaiveDate) -> Option<NaiveDate> {
    let first = today.with_day(1)?;
    let months = |n: i32| match n {
        0.. => first.checked_add_months(Months::new(n.unsigned_abs())),
        _ => first.checked_sub_months(Months::new(n.unsigned_abs())),
    };
    match day {
        Day::Away(days) => today.checked_add_signed(TimeDelta::try_days(days)?),
        Day::Last(..) => None,
        Day::On { month: Month::Unsaid, day, .. } => {
            (0..3).filter_map(|back| months(-back)?.with_day(day)).find(|day| *day <= today)
        }
        Day::On { month: Month::Away(away), day, .. } => months(away)?.with_day(day),
        Day::On { year, month: Month::Number(month), day, .. } => {
            let year_of = match year {
                Year::Number(year) => year,
                Year::Away(years) => today.year() + years,
                Year::Unsaid => {
                    let on = |year| NaiveDate::from_ymd_opt(year, month, day);
                    return (0..8).filter_map(|back| on(today.year() - back)).find(|day| *day <= today);
                }
            };
            NaiveDate::from_ymd_opt(year_of, month, day)
        }
    }
}

/// A day written with its year, be it past or to come: 2025年3月31日.
pub(super) fn with_year(said: &str) -> Option<NaiveDate> {
    let text = Text::new(said);
    let found = run(&text, 0).filter(|found| closed(&text, found).end >= said.trim_end().len())?;
    match found.said.day? {
        Day::On { year: Year::Number(year), month: Month::Number(month), day, .. } if found.said.clock.is_none() => {
            NaiveDate::from_ymd_opt(year, month, day)
        }
        _ => None,
    }
}

/// The first day of a month that has been or is: 3月, 2025年3月, 2025-03, 本月, 上月. Without a year: the latest such month.
#[must_use]
pub fn month(said: &str, now: &Now) -> Option<NaiveDate> {
    let text = Text::new(said.trim());
    let first = now.today().with_day(1)?;
    let is = |word: &str| text.eat(0, word) == Some(text.len());
    if ["本月", "这个月", "当月", "这月", "this month"].into_iter().any(is) {
        return Some(first);
    }
    if ["上月", "上个月", "last month"].into_iter().any(is) {
        return first.checked_sub_months(Months::new(1));
    }
    let (mut year, mut i) = (None, 0);
    if let Some((years, end)) = text.any(0, &[("今年", 0), ("去年", -1)]) {
        (year, i) = (Some(first.year() + years), text.skip(end));
    } else if let Some((written, end)) = number::year(&text, 0) {
        i = text.skip(text.one_of(text.skip(end), &["年", "-", "/", "."])?);
        year = Some(written);
    }
    let (month, end) = match english_month(&text, i) {
        Some((month, end)) if year.is_none() => {
            let next = text.skip(text.eat(end, ",").unwrap_or(end));
            let written = number::year(&text, next).filter(|_| next > end);
            year = written.map(|(year, _)| year);
            (month, written.map_or(end, |(_, end)| end))
        }
        _ => {
            let figure = number::figure(&text, i).filter(|figure| figure.digits <= 2)?;
            let unit = text.eat(text.skip(figure.end), "月").map(|end| text.eat(end, "份").unwrap_or(end));
            (figure.value, unit.or(year.map(|_| figure.end))?)
        }
    };
    if text.skip(end) != text.len() {
        return None;
    }
    let on = |year: i32| NaiveDate::from_ymd_opt(year, month, 1).filter(|day| *day <= first);
    match year {
        Some(year) => on(year),
        None => on(first.year()).or_else(|| on(first.year() - 1)),
    }
}
