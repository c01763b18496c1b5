//! 几时 — times in the arguments of commands, and what is asked back where one cannot be told: what may be meant, each a whole line to
//! copy, and why.

use super::{Ctx, MAX_GOOD};
use crate::domain::kernel::said::{LONGEST_RUN_DAYS, Term};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::work::task::Unsure;
use crate::language::fold::{trim, trim_start};
use crate::language::time::{self, Deadline, Doubt, Now, Offer, Until, Why, after_mark};
use crate::say;
use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};

/// How an answer is written: with its hour, or as a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Moment,
    Day,
}

/// When and where a command is read.
pub(super) fn now(ctx: &Ctx<'_, '_>) -> Now {
    Now { at: ctx.scene.now, tz: ctx.scene.tz, english: ctx.name.is_ascii() }
}

/// A deadline at the start, and what follows it.
pub(super) fn deadline<'t>(ctx: &Ctx<'_, '_>, said: &'t str) -> Result<(Deadline, &'t str), Say> {
    if trim(said).is_empty() {
        return Err(ctx.empty());
    }
    let found = time::deadline(said, &now(ctx)).map_err(|doubt| ask(ctx, said, &doubt, Shape::Moment))?;
    Ok((found.value, trim_start(said.get(found.used.end..).unwrap_or_default())))
}

/// How long somebody has, so many days or until a day, and what follows it.
pub(super) fn term<'t>(ctx: &Ctx<'_, '_>, said: &'t str) -> Result<(Term, &'t str), Say> {
    let found = time::term(said, &now(ctx)).map_err(|doubt| ask(ctx, said, &doubt, Shape::Day))?;
    Ok((of(found.value), trim_start(said.get(found.used.end..).unwrap_or_default())))
}

fn of(until: Until) -> Term {
    match until {
        Until::Days(days) => Term::Days(days),
        Until::Months(months, days) => Term::Months(months, days),
        Until::Day(day) => Term::Until(day),
    }
}

/// So many days or until a day, and what follows. “7日” are seven days where only days are asked for.
pub(super) fn days<'t>(ctx: &Ctx<'_, '_>, said: &'t str) -> Result<Option<(Term, &'t str)>, Say> {
    let found = time::days(said, &now(ctx)).map_err(|doubt| match doubt.why {
        Why::NotATime => None,
        _ => Some(ask(ctx, said, &doubt, Shape::Day)),
    });
    match found {
        Ok(found) => Ok(Some((of(found.value), trim_start(said.get(found.used.end..).unwrap_or_default())))),
        Err(None) => Ok(None),
        Err(Some(say)) => Err(say),
    }
}

/// So many days more, or until a day. “20日” may be either.
pub(super) fn more<'t>(ctx: &Ctx<'_, '_>, said: &'t str) -> Result<Option<(Term, &'t str)>, Say> {
    match day_or_days(ctx, said, Shape::Day) {
        Some((bad, lines)) => {
            let lines = lines.into_iter().map(|(_, line)| line).collect();
            Err(say!("e.when.ask", bad = Value::Quote(bad), lines = Value::Lines(lines), why = say!("when.either")))
        }
        None => days(ctx, said),
    }
}

/// What “20日” may be where more time is asked for, each as a line, and the words.
pub(super) fn day_or_days(ctx: &Ctx<'_, '_>, said: &str, shape: Shape) -> Option<(String, Vec<(Term, Say)>)> {
    let (n, offer) = time::day_or_days(said, &now(ctx))?;
    let used = offer.used.clone();
    let long = around(ctx, said, &used, say!("when.days", n = n)).map(|line| (Term::Days(n), line));
    let until = line(ctx, said, &offer, shape).map(|line| (Term::Until(offer.at.date()), line));
    let bad = trim(said.get(used).unwrap_or(said)).to_owned();
    Some((bad, long.into_iter().chain(until).collect()))
}

/// So many days or months more, or until a day. What cannot be told is asked where it is known when it is due: it counts from then.
pub(super) fn longer<'t>(ctx: &Ctx<'_, '_>, said: &'t str) -> Result<Option<(Term, &'t str)>, Unsure> {
    if let Some((bad, lines)) = day_or_days(ctx, said, Shape::Day) {
        return Err(Unsure { bad, lines, reason: say!("when.because", why = say!("when.either")) });
    }
    match time::days(said, &now(ctx)) {
        Ok(found) => Ok(Some((of(found.value), trim_start(said.get(found.used.end..).unwrap_or_default())))),
        Err(doubt) if doubt.why == Why::NotATime => Ok(None),
        Err(doubt) => Err(unsure(ctx, said, &doubt)),
    }
}

fn unsure(ctx: &Ctx<'_, '_>, said: &str, doubt: &Doubt) -> Unsure {
    let lengths = time::lengths(said);
    let reason = reason(doubt).map_or_else(|| say!("none"), |why| say!("when.because", why = why));
    let lines = if lengths.is_empty() {
        let one = |offer: &Offer| Some((Term::Until(offer.at.date()), line(ctx, said, offer, Shape::Day)?));
        doubt.offers.iter().filter_map(one).collect()
    } else {
        let one = |until: Until| Some((of(until), around(ctx, said, &doubt.used, length(until)?)?));
        lengths.into_iter().filter_map(one).collect()
    };
    Unsure { bad: trim(said.get(doubt.used.clone()).unwrap_or(said)).to_owned(), lines, reason }
}

/// 3天, 1个月.
fn length(until: Until) -> Option<Say> {
    match until {
        Until::Days(n) => Some(say!("when.days", n = n)),
        Until::Months(n, 0) => Some(say!("when.months", n = n)),
        Until::Months(n, days) => Some(say!("when.months.days", n = n, days = days)),
        Until::Day(_) => None,
    }
}

/// What is asked where a time cannot be told: `said` is the part of the argument it stands in.
pub(super) fn ask(ctx: &Ctx<'_, '_>, said: &str, doubt: &Doubt, shape: Shape) -> Say {
    let bad = || Value::Quote(trim(said.get(doubt.used.clone()).unwrap_or(said)).to_owned());
    let near = |offer: &&Offer| run_days(ctx).is_none() || is_near(ctx, offer);
    let mut lines: Vec<Say> =
        doubt.offers.iter().filter(near).filter_map(|offer| line(ctx, said, offer, shape)).collect();
    // 2月1日 in March would be next year's, and no vote runs so long: so many days instead.
    if let Some(days) = run_days(ctx).filter(|_| lines.is_empty() && !doubt.offers.is_empty()) {
        lines.extend(around(ctx, said, &doubt.used, say!("when.days", n = days)));
    }
    match (reason(doubt), lines.as_slice()) {
        (None, []) => say!("e.when", bad = bad()),
        (None, [one]) => say!("e.when.one", bad = bad(), line = one.clone()),
        (None, _) => say!("e.when.lines", bad = bad(), lines = Value::Lines(lines)),
        (Some(why), []) => say!("e.when.why", bad = bad(), why = why),
        (Some(why), _) => say!("e.when.ask", bad = bad(), lines = Value::Lines(lines), why = why),
    }
}

/// As many days as what is opened by this command usually runs, where it may not run for long.
fn run_days(ctx: &Ctx<'_, '_>) -> Option<u32> {
    match ctx.entry.key() {
        "notice" => Some(7),
        "vote" | "extend" | "window" => Some(3),
        _ => None,
    }
}

/// Whether a line with this time would not be refused for being too far off.
fn is_near(ctx: &Ctx<'_, '_>, offer: &Offer) -> bool {
    (offer.at.date() - now(ctx).today()).num_days() < LONGEST_RUN_DAYS
}

/// Why it is asked; `None` where the answer says it itself.
fn reason(doubt: &Doubt) -> Option<Say> {
    let day = doubt.offers.first().map(|offer| offer.at.date());
    Some(match (doubt.why, day) {
        (Why::NotATime | Why::NoHour | Why::Glued | Why::Vague | Why::Start | Why::End, _) => return None,
        (Why::Past | Why::Weekday | Why::Range, None) => return None,
        (Why::Past, Some(_)) => say!("when.past"),
        (Why::Today, _) => say!("when.today"),
        (Why::ByTheDay, _) => say!("when.by_the_day"),
        (Why::NoSuchDay, _) => say!("when.no_day"),
        (Why::NoSuchHour, _) => say!("when.no_hour"),
        (Why::ClocksChange, _) => say!("when.clocks"),
        (Why::Weekday, Some(day)) => {
            let weekday = Value::Term(format!("weekday.{}", day.weekday().number_from_monday()));
            say!("when.weekday", day = day, weekday = weekday)
        }
        (Why::TwoDays, _) => say!("when.two_days"),
        (Why::Either, _) => say!("when.either"),
        (Why::Several, _) => say!("when.several"),
        (Why::Beside, _) => say!("when.beside"),
        (Why::HalfOfDay, _) => say!("when.half"),
        (Why::WorkingDays, _) => say!("when.working"),
        (Why::BareHour, _) => say!("when.bare"),
        (Why::TwoTimes, _) => say!("when.two"),
        (Why::Range, Some(_)) => say!("when.range"),
        (Why::Backwards, _) => say!("when.backwards"),
    })
}

/// The whole line again, with a time that can be told.
fn line(ctx: &Ctx<'_, '_>, said: &str, offer: &Offer, shape: Shape) -> Option<Say> {
    let when = match (shape, offer.until) {
        (Shape::Moment, None) => at(ctx, offer.at),
        (Shape::Moment, Some(end)) if end.date() == offer.at.date() => {
            say!("when.hours", from = at(ctx, offer.at), to = hour(end.time()))
        }
        (Shape::Moment, Some(end)) => say!("when.sittings", from = at(ctx, offer.at), to = at(ctx, end)),
        (Shape::Day, _) => day(ctx, offer.at),
    };
    around(ctx, said, &offer.used, when)
}

/// The whole line again, with something else in one place of `said`.
pub(super) fn around(ctx: &Ctx<'_, '_>, said: &str, used: &std::ops::Range<usize>, when: Say) -> Option<Say> {
    let from = ctx.arg.rfind(said).filter(|_| !said.is_empty())?;
    let before = ctx.arg.get(..from + used.start)?.trim_end();
    let after = after_mark(ctx.arg.get(from + used.end..)?);
    if before.chars().count() + after.chars().count() > MAX_GOOD {
        return None;
    }
    let after = if after.is_empty() { String::new() } else { format!(" {after}") };
    let before = match before.chars().next_back() {
        None => " ".to_owned(),
        Some('=' | '＝' | ':' | '：') => format!(" {before}"),
        Some(_) => format!(" {before} "),
    };
    Some(say!("when.line", name = ctx.name, before = before, when = when, after = after))
}

/// 3:00 may be of the night or of the afternoon, 03:00 may not.
pub(super) fn hour(time: NaiveTime) -> Value {
    match time.hour() {
        1..=5 => Value::Text(time.format("%H:%M").to_string()),
        _ => Value::Clock(time),
    }
}

fn at(ctx: &Ctx<'_, '_>, at: NaiveDateTime) -> Say {
    say!("when.at", day = day(ctx, at), time = hour(at.time()))
}

/// A day with its weekday, and its year where it is another than this.
fn day(ctx: &Ctx<'_, '_>, at: NaiveDateTime) -> Say {
    let date = at.date();
    let weekday = Value::Term(format!("weekday.{}", date.weekday().number_from_monday()));
    if date.year() == now(ctx).today().year() {
        return say!("when.day", day = date, weekday = weekday);
    }
    say!("when.day.year", y = i64::from(date.year()), day = date, weekday = weekday)
}
