//! 落到哪一刻 — what was said, and now: the moment it means, or why that cannot be told, and which moments may be meant.

use super::run::Said;
use super::token::{Clock, Day, Form, Length, Month, Part, Unit, Vague, Weekday, Year};
use super::{Now, Why};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

/// A moment somebody means: local time, and whether the hour was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meant {
    pub at: NaiveDateTime,
    pub has_hour: bool,
}

/// Why no moment can be told, and those that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub why: Why,
    pub options: Vec<NaiveDateTime>,
}

type Settled = Result<Meant, Trouble>;

fn trouble(why: Why, options: Vec<NaiveDateTime>) -> Trouble {
    Trouble { why, options }
}

/// An hour as it may be meant: days after the day that is named, and the time of day.
type Hour = (u64, NaiveTime);

fn time(hour: u32, minute: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// The hours that may be meant, one or two; `None` if there is no such hour.
pub(super) fn hours(clock: Clock, part: Option<Part>) -> Option<Vec<Hour>> {
    let (h, m) = (clock.hour, clock.minute);
    let one = |days: u64, hour: u32| time(hour, m).map(|time| vec![(days, time)]);
    match (clock.form, part) {
        (Form::Noon, None | Some(Part::Noon)) => return one(0, 12),
        (Form::Midnight, None) => return Some(vec![(0, NaiveTime::MIN), (1, NaiveTime::MIN)]),
        (Form::Midnight, Some(Part::Evening | Part::Night)) => return one(1, 0),
        (Form::Noon | Form::Midnight, Some(_)) => return None,
        (Form::Am, _) => return if h == 12 { one(0, 0) } else { one(0, h).filter(|_| (1..12).contains(&h)) },
        (Form::Pm, _) => return if h >= 12 { one(0, h) } else { one(0, h + 12).filter(|_| h > 0) },
        (Form::Bare, None) if (1..12).contains(&h) => return Some(vec![(0, time(h, m)?), (0, time(h + 12, m)?)]),
        (Form::Spoken | Form::Padded | Form::Bare, _) => {}
    }
    match part {
        None if h == 24 && m == 0 => one(1, 0),
        None if clock.form == Form::Spoken && (1..=5).contains(&h) => {
            Some(vec![(0, time(h, m)?), (0, time(h + 12, m)?)])
        }
        None => one(0, h),
        Some(Part::Dawn) => match h {
            12 => one(0, 0),
            0..=7 => one(0, h),
            _ => None,
        },
        // 早上12点: noon, or the midnight before it.
        Some(Part::Early) if h == 12 => Some(vec![(0, time(0, m)?), (0, time(12, m)?)]),
        Some(Part::Early | Part::Morning) => one(0, h).filter(|_| h <= 12),
        Some(Part::Noon) => match h {
            10..=14 => one(0, h),
            1..=3 => one(0, h + 12),
            _ => None,
        },
        Some(Part::Afternoon) => match h {
            1..=11 => one(0, h + 12),
            12..=19 => one(0, h),
            _ => None,
        },
        Some(Part::Day) => match h {
            1..=5 => one(0, h + 12),
            6..=18 => one(0, h),
            _ => None,
        },
        Some(Part::Closing) => match h {
            1..=8 => one(0, h + 12),
            12..=20 => one(0, h),
            _ => None,
        },
        Some(Part::Dusk) => match h {
            4..=9 => one(0, h + 12),
            16..=21 => one(0, h),
            _ => None,
        },
        Some(Part::Evening | Part::Night) => match h {
            0 | 12 | 24 => one(1, 0),
            // 晚上3点: hardly anybody calls either hour so.
            3 | 4 if part == Some(Part::Evening) => Some(vec![(0, time(h + 12, m)?), (1, time(h, m)?)]),
            1..=4 => one(1, h),
            5 if part == Some(Part::Evening) => one(0, 17),
            5 => one(1, 5),
            6..=11 => one(0, h + 12),
            17..=23 => one(0, h),
            _ => None,
        },
    }
}

/// The hour where none was said: 20:00, noon at noon; of other parts of a day, which is not told, and one that might be.
fn usual(part: Option<Part>) -> Result<NaiveTime, NaiveTime> {
    let at = |hour| time(hour, 0).unwrap_or_default();
    match part {
        None | Some(Part::Evening) => Ok(at(20)),
        Some(Part::Noon) => Ok(at(12)),
        Some(Part::Dawn) => Err(at(6)),
        Some(Part::Early | Part::Morning | Part::Day) => Err(at(9)),
        Some(Part::Closing) => Err(time(17, 30).unwrap_or_default()),
        Some(Part::Afternoon) => Err(at(15)),
        Some(Part::Dusk) => Err(at(18)),
        Some(Part::Night) => Err(at(22)),
    }
}

pub(super) fn plus(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn moved(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_signed(TimeDelta::try_days(days).unwrap_or_default()).unwrap_or(day)
}

fn month_away(day: NaiveDate, months: i32) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    let away = Months::new(months.unsigned_abs());
    if months < 0 { first.checked_sub_months(away) } else { first.checked_add_months(away) }.unwrap_or(first)
}

pub(super) fn last_of(month: NaiveDate) -> NaiveDate {
    month_away(month, 1).pred_opt().unwrap_or(month)
}

/// The day of a weekday in the week so many away.
fn in_week(today: NaiveDate, weeks: i64, day: u32) -> NaiveDate {
    let monday = moved(today, -i64::from(today.weekday().num_days_from_monday()));
    moved(monday, 7 * weeks + i64::from(day) - 1)
}

/// The first day with this weekday from here on.
pub(super) fn coming(from: NaiveDate, day: u32) -> NaiveDate {
    from.iter_days().take(7).find(|date| date.weekday().number_from_monday() == day).unwrap_or(from)
}

/// What is meant of all that was said.
pub(super) fn settle(said: &Said, now: &Now) -> Settled {
    if let Some(vague) = said.vague {
        return Err(trouble(Why::Vague, few(open(vague, said, now), now)));
    }
    if said.is_same {
        // 明天此时: to the minute is hardly meant, so it is asked.
        let (hour, minute) = (now.local().hour(), now.local().minute());
        let said = Said { clock: Some(Clock { hour, minute, form: Form::Padded }), is_same: false, ..*said };
        let options = match settle(&said, now) {
            Ok(meant) => vec![meant.at],
            Err(trouble) => trouble.options,
        };
        return Err(trouble(Why::Vague, few(options, now)));
    }
    if let (Some(length), Some(weekday)) = (said.length, said.weekday) {
        return Err(trouble(Why::Vague, weekday_after(length, weekday.day, said, now)));
    }
    let meant = if let Some(length) = said.length { after(length, said, now) } else { on_day(said, now) };
    match meant {
        // 周五后: some time after it.
        Ok(meant) if said.is_about || (said.is_after && said.length.is_none()) => {
            Err(trouble(Why::Vague, few(vec![meant.at], now)))
        }
        meant => meant,
    }
}

/// Those still to come, a few of them.
fn few(mut options: Vec<NaiveDateTime>, now: &Now) -> Vec<NaiveDateTime> {
    options.retain(|at| *at > now.local());
    options.dedup();
    options.truncate(3);
    options
}

/// The hour said with what is vague, or the usual one.
fn some_hour(said: &Said) -> Hour {
    let said_hour = said.clock.and_then(|clock| hours(clock, said.part)).and_then(|hours| hours.first().copied());
    said_hour.unwrap_or_else(|| (0, usual(said.part).unwrap_or_else(|time| time)))
}

fn open(vague: Vague, said: &Said, now: &Now) -> Vec<NaiveDateTime> {
    let today = now.today();
    let days = match vague {
        Vague::Weekend(weeks) => {
            let saturday = match weeks {
                Some(weeks) => in_week(today, weeks, 6),
                None => in_week(today, 0, 6),
            };
            vec![saturday, plus(saturday, 1)]
        }
        Vague::Week(weeks) => [1, 3, 5].map(|day| in_week(today, weeks, day)).to_vec(),
        Vague::Days(month, from, to) => {
            let first = match month {
                Month::Unsaid => month_away(today, 0),
                Month::Away(months) => month_away(today, months),
                Month::Number(month) => match NaiveDate::from_ymd_opt(today.year(), month, 1) {
                    Some(first) if last_of(first) >= today => first,
                    Some(first) => month_away(first, 12),
                    None => return Vec::new(),
                },
            };
            let first = if month == Month::Unsaid && to != 0 && first.with_day(to).is_some_and(|day| day < today) {
                month_away(first, 1)
            } else {
                first
            };
            let (from, to) = (first.with_day(from), if to == 0 { Some(last_of(first)) } else { first.with_day(to) });
            from.into_iter().chain(to).collect()
        }
        Vague::Few => vec![plus(today, 2), plus(today, 3), plus(today, 5)],
        Vague::Lunar => Vec::new(),
    };
    let (shift, time) = some_hour(said);
    days.into_iter().map(|day| plus(day, shift).and_time(time)).collect()
}

/// So many working days on: weekends do not count.
fn working(today: NaiveDate, n: u32) -> NaiveDate {
    let is_work = |day: &NaiveDate| day.weekday().number_from_monday() <= 5;
    let at = usize::try_from(n).unwrap_or(usize::MAX).saturating_sub(1);
    today.iter_days().skip(1).take(800).filter(is_work).nth(at).unwrap_or(today)
}

/// 3天, 48小时.
fn after(length: Length, said: &Said, now: &Now) -> Settled {
    let none = || trouble(Why::NotATime, Vec::new());
    let today = now.today();
    let n = length.n;
    // 0天, as 0小时: over before it begins.
    if n == 0 && length.days == 0 {
        return Err(trouble(Why::Past, Vec::new()));
    }
    let day = match length.unit {
        Unit::Minutes => {
            if said.clock.is_some() || said.part.is_some() {
                return Err(none());
            }
            let at = now.local().checked_add_signed(TimeDelta::minutes(i64::from(n))).ok_or_else(none)?;
            return Ok(Meant { at, has_hour: true });
        }
        Unit::Days => today.checked_add_days(Days::new(u64::from(n))),
        Unit::Months => today.checked_add_months(Months::new(n)).map(|day| plus(day, u64::from(length.days))),
        Unit::WorkingDays => Some(working(today, n)),
    }
    .ok_or_else(none)?;
    let meant = at_hour(&[day], said, now)?;
    match length.unit {
        // 调休, 放假: whether a day is one only the office knows.
        Unit::WorkingDays => Err(trouble(Why::WorkingDays, vec![meant.at])),
        Unit::Days | Unit::Months | Unit::Minutes => Ok(meant),
    }
}

/// 一周后的周五: that of the week so far away, and the first from then on.
fn weekday_after(length: Length, day: u32, said: &Said, now: &Now) -> Vec<NaiveDateTime> {
    let plain = Said { weekday: None, clock: None, part: None, is_after: false, is_about: false, ..*said };
    let Ok(from) = after(length, &plain, now) else { return Vec::new() };
    let from = from.at.date();
    let mut days = vec![in_week(from, 0, day), coming(from, day)];
    days.sort_unstable();
    days.dedup();
    with_hour(&days, &Said { weekday: None, length: None, ..*said }, now)
}

/// The moment on the first of some days on which it is still to come. A day that stands for itself (明天, 3月5日) is one of one.
fn at_hour(days: &[NaiveDate], said: &Said, now: &Now) -> Settled {
    let local = now.local();
    let (all, has_hour) = match said.clock {
        Some(clock) => {
            let found = hours(clock, said.part).ok_or_else(|| trouble(Why::NoSuchHour, Vec::new()))?;
            (found, true)
        }
        None => match usual(said.part) {
            Ok(time) => (vec![(0, time)], said.part == Some(Part::Noon)),
            Err(time) => {
                let options = days.iter().take(1).map(|day| day.and_time(time)).collect();
                return Err(trouble(Why::NoHour, few(options, now)));
            }
        },
    };
    let on = |day: NaiveDate| all.iter().map(move |(shift, time)| plus(day, *shift).and_time(*time));
    // Said in the small hours, 今晚1点 is this night or the next.
    if let (Some(day), Some((1, time))) = (days.first(), all.last())
        && *day == now.today()
        && local.hour() < 5
        && day.and_time(*time) > local
        && said.part.is_some()
    {
        return Err(trouble(Why::Either, vec![day.and_time(*time), plus(*day, 1).and_time(*time)]));
    }
    for day in days {
        let left: Vec<NaiveDateTime> = on(*day).filter(|at| *at > local).collect();
        match left.as_slice() {
            [] => {}
            [at] => {
                // Of two hours one has passed: that is said of today only.
                return Ok(Meant { at: *at, has_hour });
            }
            several => {
                let is_noon = |clock: Clock| clock.form == Form::Midnight || clock.hour == 12;
                let why = if said.clock.is_some_and(is_noon) { Why::Either } else { Why::HalfOfDay };
                return Err(trouble(why, several.to_vec()));
            }
        }
    }
    let last = days.last().copied().unwrap_or_else(|| now.today());
    let mut options: Vec<NaiveDateTime> = Vec::new();
    // 今天8点 at ten in the morning: this evening, or tomorrow.
    if let Some(clock) =
        said.clock.filter(|clock| said.part.is_none() && clock.form == Form::Spoken && (1..12).contains(&clock.hour))
        && last == now.today()
    {
        options.extend(time(clock.hour + 12, clock.minute).map(|time| last.and_time(time)));
    }
    // 昨天: nobody can tell what is meant instead.
    if last >= now.today() {
        options.extend(on(last).chain(on(plus(last, 1))));
    }
    options.sort_unstable();
    Err(trouble(Why::Past, few(options, now).into_iter().take(2).collect()))
}

fn on_day(said: &Said, now: &Now) -> Settled {
    let today = now.today();
    match (said.day, said.weekday) {
        (None, None) => {
            // 凌晨1点 is the next; “9:30” at ten may be meant for tomorrow, or not.
            let days = if said.part == Some(Part::Dawn) { vec![today, plus(today, 1)] } else { vec![today] };
            // 午夜, midnight: the coming one.
            let is_midnight = |clock: Clock| clock.form == Form::Midnight || (clock.hour == 0 && clock.minute == 0);
            if said.part.is_none() && said.clock.is_some_and(is_midnight) {
                return Ok(Meant { at: plus(today, 1).and_time(NaiveTime::MIN), has_hour: true });
            }
            at_hour(&days, said, now)
        }
        (None, Some(weekday)) => on_weekday(weekday, said, now),
        (Some(day), _) => dated(day, said, now),
    }
}

fn on_weekday(weekday: Weekday, said: &Said, now: &Now) -> Settled {
    let today = now.today();
    let Some(weeks) = weekday.weeks else {
        let first = coming(today, weekday.day);
        return at_hour(&[first, plus(first, 7)], said, now);
    };
    let day = in_week(today, weeks, weekday.day);
    let first = coming(plus(today, 1), weekday.day);
    // “next Friday” on a Monday: this week's, or the next.
    if weekday.is_next && first != day {
        let meant = |day: NaiveDate| at_hour(&[day], said, now);
        return match (meant(first), meant(day)) {
            (Ok(a), Ok(b)) => Err(trouble(Why::Either, vec![a.at, b.at])),
            (Err(why), _) | (_, Err(why)) => Err(why),
        };
    }
    at_hour(&[day], said, now).map_err(|failed| match failed.why {
        Why::Past => {
            let next = at_hour(&[coming(today, weekday.day), plus(coming(today, weekday.day), 7)], said, now);
            trouble(Why::Past, next.map(|meant| vec![meant.at]).unwrap_or_default())
        }
        _ => failed,
    })
}

/// The days a date may mean, the likeliest first; no year: this one's.
fn dates(day: Day, now: &Now) -> Result<Vec<NaiveDate>, Trouble> {
    let today = now.today();
    let none = || trouble(Why::NoSuchDay, Vec::new());
    let year_of = |year: Year| match year {
        Year::Unsaid => today.year(),
        Year::Number(year) => year,
        Year::Away(years) => today.year() + years,
    };
    match day {
        Day::Away(days) => Ok(vec![moved(today, days)]),
        Day::Last(year, Month::Number(month)) => {
            let first = NaiveDate::from_ymd_opt(year_of(year), month, 1).ok_or_else(none)?;
            Ok(vec![last_of(first)])
        }
        Day::Last(_, Month::Away(months)) => Ok([0, 1].map(|more| last_of(month_away(today, months + more))).to_vec()),
        Day::Last(_, Month::Unsaid) => Ok(vec![last_of(today)]),
        Day::On { year, month: Month::Number(month), day, .. } => {
            NaiveDate::from_ymd_opt(year_of(year), month, day).map(|day| vec![day]).ok_or_else(none)
        }
        Day::On { month: Month::Away(months), day, .. } => {
            month_away(today, months).with_day(day).map(|day| vec![day]).ok_or_else(none)
        }
        Day::On { month: Month::Unsaid, day, .. } => {
            let found = (0..3).filter_map(|months| month_away(today, months).with_day(day));
            let days: Vec<NaiveDate> = found.filter(|day| *day >= today).collect();
            if days.is_empty() { Err(none()) } else { Ok(days) }
        }
    }
}

fn dated(day: Day, said: &Said, now: &Now) -> Settled {
    let today = now.today();
    if let Some(trouble) = slashed(day, said, now) {
        return Err(trouble);
    }
    let mut days = dates(day, now)?;
    let is_yearless = matches!(day, Day::On { year: Year::Unsaid, month: Month::Number(_), .. });
    if let Some(also) = said.also {
        let others = dates(also, now)?;
        if days.first() != others.first() {
            let both = days.iter().take(1).chain(others.iter().take(1)).copied().collect::<Vec<_>>();
            return Err(trouble(Why::TwoDays, with_hour(&both, said, now)));
        }
    }
    if let Some(weekday) = said.weekday {
        let fits = |day: &NaiveDate| day.weekday().number_from_monday() == weekday.day;
        let first = days.first().copied().unwrap_or(today);
        let next = first.with_year(first.year() + 1).filter(|_| is_yearless && first < today);
        // In December 1月3日（周六） is that of next year.
        match next.filter(fits) {
            Some(next) if !fits(&first) => days = vec![next],
            _ => match days.iter().find(|day| fits(day)).copied() {
                Some(day) if weekday.weeks.is_none_or(|weeks| in_week(today, weeks, weekday.day) == day) => {
                    days = vec![day]
                }
                _ => {
                    let near = match weekday.weeks {
                        Some(weeks) => in_week(today, weeks, weekday.day),
                        None => nearest(first, weekday.day),
                    };
                    return Err(trouble(Why::Weekday, with_hour(&[first, near], said, now)));
                }
            },
        }
    }
    if let Day::On { is_term: true, month: Month::Unsaid, day, .. } = day
        && said.clock.is_none()
        && said.part.is_none()
        && said.weekday.is_none()
    {
        days.truncate(1);
        days.push(plus(today, u64::from(day)));
        return Err(trouble(Why::Either, with_hour(&days, said, now)));
    }
    let is_monthly = matches!(day, Day::On { month: Month::Unsaid, .. });
    // The 15th, on the 15th at ten: 9:30 has passed, and that of next month is hardly meant.
    let tried: Vec<NaiveDate> = days.iter().take(1).copied().collect();
    at_hour(&tried, said, now).map_err(|failed| match failed.why {
        Why::Past if is_yearless || is_monthly || matches!(day, Day::On { .. } | Day::Last(..)) => {
            trouble(Why::Past, later(&days, said, now))
        }
        _ => failed,
    })
}

/// 3/4 in English, 15/3: the day may stand first.
fn slashed(day: Day, said: &Said, now: &Now) -> Option<Trouble> {
    let Day::On { month: Month::Number(month), day, is_slashed: true, .. } = day else { return None };
    let year = now.today().year();
    let both = [NaiveDate::from_ymd_opt(year, month, day), NaiveDate::from_ymd_opt(year, day, month)];
    let is_doubtful = both.first().copied().flatten().is_none() || (now.english && month != day && day <= 12);
    if !is_doubtful {
        return None;
    }
    let days: Vec<NaiveDate> = both.into_iter().flatten().collect();
    if days.is_empty() {
        return Some(trouble(Why::NoSuchDay, Vec::new()));
    }
    let weekday = said.weekday.map(|weekday| weekday.day);
    let days: Vec<NaiveDate> = match days
        .iter()
        .filter(|day| Some(day.weekday().number_from_monday()) == weekday)
        .copied()
        .collect::<Vec<_>>()
    {
        fitting if fitting.is_empty() => days,
        fitting => fitting,
    };
    Some(trouble(Why::Either, with_hour(&days, &Said { weekday: None, ..*said }, now)))
}

/// The nearest day with a weekday, three days away at most.
fn nearest(day: NaiveDate, weekday: u32) -> NaiveDate {
    let near = |days: i64| Some(moved(day, days)).filter(|day| day.weekday().number_from_monday() == weekday);
    [1, -1, 2, -2, 3, -3].into_iter().find_map(near).unwrap_or(day)
}

/// Some days at the hour that was said, those to come.
fn with_hour(days: &[NaiveDate], said: &Said, now: &Now) -> Vec<NaiveDateTime> {
    let (shift, time) = some_hour(said);
    few(days.iter().map(|day| plus(*day, shift).and_time(time)).collect(), now)
}

/// A day that has passed, when it comes again.
fn later(days: &[NaiveDate], said: &Said, now: &Now) -> Vec<NaiveDateTime> {
    let local = now.local();
    let again =
        |day: &NaiveDate| (0..9).filter_map(|years| day.with_year(now.today().year() + years)).collect::<Vec<_>>();
    let all: Vec<NaiveDate> = days.iter().skip(1).copied().chain(days.iter().take(1).flat_map(again)).collect();
    let mut options = with_hour(&all, said, now);
    options.retain(|at| *at > local);
    options.truncate(1);
    options
}

/// The other end of a range, which leaves out what the first says.
pub(super) fn other_end(from: Meant, first: &Said, to: &Said, now: &Now) -> Settled {
    let day = from.at.date();
    let to_day = match (to.day, to.weekday) {
        _ if to.length.is_some() || to.vague.is_some() || to.is_about => return Err(trouble(Why::Range, Vec::new())),
        (None, None) if to.is_next => plus(day, 1),
        (None, None) => day,
        (None, Some(weekday)) => match weekday.weeks {
            Some(weeks) => in_week(now.today(), weeks, weekday.day),
            None => coming(day, weekday.day),
        },
        (Some(Day::On { month: Month::Unsaid, day: number, .. }), _) => {
            let found = [day.with_day(number), month_away(day, 1).with_day(number)].into_iter().flatten();
            found.filter(|found| *found >= day).min().ok_or_else(|| trouble(Why::NoSuchDay, Vec::new()))?
        }
        (Some(Day::On { year: Year::Unsaid, month: Month::Number(month), day: number, .. }), _) => {
            let found =
                [0, 1].into_iter().filter_map(|years| NaiveDate::from_ymd_opt(day.year() + years, month, number));
            found.filter(|found| *found >= day).min().ok_or_else(|| trouble(Why::NoSuchDay, Vec::new()))?
        }
        (Some(other), _) => dates(other, now)?.first().copied().unwrap_or(day),
    };
    if let Some(weekday) = to.weekday.filter(|weekday| to_day.weekday().number_from_monday() != weekday.day) {
        return Err(trouble(Why::Weekday, with_hour(&[to_day, nearest(to_day, weekday.day)], to, now)));
    }
    let Some(clock) = to.clock else {
        let is_late = to_day > day && first.clock.is_none() && to.part.is_none();
        let at = to_day.and_time(usual(None).unwrap_or_default());
        return if is_late { Ok(Meant { at, has_hour: false }) } else { Err(trouble(Why::Range, Vec::new())) };
    };
    let part = to.part.or(first.part);
    let plain = Clock { form: if clock.form == Form::Spoken { Form::Spoken } else { clock.form }, ..clock };
    let inherited = hours(plain, part).unwrap_or_default();
    let without = if to.part.is_none() { hours(plain, None).unwrap_or_default() } else { Vec::new() };
    let on =
        |hours: &[Hour]| hours.iter().map(|(shift, time)| plus(to_day, *shift).and_time(*time)).collect::<Vec<_>>();
    let after = |all: Vec<NaiveDateTime>| all.into_iter().filter(|at| *at > from.at).min();
    let found = after(on(&inherited)).or_else(|| after(on(&without)));
    // Over midnight: 22:00-2:00.
    let over = || {
        let small = without.iter().chain(&inherited).find(|(_, time)| time.hour() <= 6);
        small.filter(|_| to.day.is_none() && to.weekday.is_none()).map(|(_, time)| plus(to_day, 1).and_time(*time))
    };
    match found.or_else(over) {
        Some(at) => Ok(Meant { at, has_hour: true }),
        None => Err(trouble(Why::Backwards, Vec::new())),
    }
}
