//! 时间 — the grammar of times, the one there is: 3天, 明晚8点, 3月15日（周六）上午9:30, 每月第一个周六, by Friday, March 5th 2027.
//!
//! Pure: what is written, and [`Now`]. Whatever is asked for, the answer is what was meant and which part of the text said so
//! ([`Taken`]), or a [`Doubt`]: why it cannot be told, and what may be meant, each ready to be sent instead. A time is read whole or not
//! at all. Nothing that belongs to one is left over for a place, a matter or a question.
//!
//! `text` folds, `number`, `day`, `clock` and `length` know the pieces, `token` chooses between them, `run` puts the pieces of one time
//! together, `resolve` finds the moment. `every` reads what comes back, `past` and `period` what has been.

mod clock;
mod day;
mod every;
#[cfg(test)]
mod leftovers;
mod length;
mod number;
mod past;
mod period;
#[cfg(test)]
mod pieces;
mod resolve;
mod rest;
mod run;
#[cfg(test)]
mod table;
mod text;
mod token;

pub use every::{Every, Unclear, every};
pub use past::{day, day_before, month};
pub use period::read as period;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use resolve::{Meant, Trouble, other_end, settle};
use run::{Run, Said, run};
use std::ops::Range;
use text::Text;
use token::{Day, Month, Unit, token};

/// When and where a time is read.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// Now.
    pub at: DateTime<Utc>,
    /// The zone everybody lives in.
    pub tz: Tz,
    /// Whether it was written in English: then 3/4 may be the third of April.
    pub english: bool,
}

impl Now {
    /// The local time.
    #[must_use]
    pub fn local(&self) -> NaiveDateTime {
        self.at.with_timezone(&self.tz).naive_local()
    }

    /// The local date.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.local().date()
    }

    /// The moment of a local time. Where clocks skip it, the first moment after the gap; where it comes twice, the first.
    #[must_use]
    pub fn moment(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let shifted = (0..=180).filter_map(|minutes| local.checked_add_signed(TimeDelta::minutes(minutes)));
        let found = shifted.filter_map(|local| self.tz.from_local_datetime(&local).earliest()).next();
        found.map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
    }
}

/// The moment of what is meant. An hour that was written and does not come exactly once is asked back, with one that does on either side.
fn definite(meant: Meant, now: &Now) -> Result<DateTime<Utc>, Trouble> {
    let is_one = |local: &NaiveDateTime| now.tz.from_local_datetime(local).single().is_some();
    if !meant.has_hour || is_one(&meant.at) {
        return Ok(now.moment(meant.at));
    }
    let around = [-1, 1].into_iter().filter_map(|hours| meant.at.checked_add_signed(TimeDelta::hours(hours)));
    Err(Trouble { why: Why::ClocksChange, options: around.filter(is_one).collect() })
}

/// What was understood, and the part of the text that said it, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken<T> {
    /// What.
    pub value: T,
    /// Where it stands.
    pub used: Range<usize>,
}

/// Why it cannot be told which time is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// No time stands there.
    NotATime,
    /// It has passed.
    Past,
    /// There is no 30 February.
    NoSuchDay,
    /// There is no 25:00, and no 3 pm in the morning.
    NoSuchHour,
    /// The clocks are put forward over it, or back to it: it comes not at all, or twice.
    ClocksChange,
    /// The weekday is not that of the date.
    Weekday,
    /// Two words for the day name two days: 明天3月8日.
    TwoDays,
    /// Either of two.
    Either,
    /// 3点: in the night or in the afternoon.
    HalfOfDay,
    /// 上午: at which hour?
    NoHour,
    /// A day, and figures that may be its hour: 3月10日 0930, 3月10日 14-16.
    BareHour,
    /// 周末, 中旬, 左右.
    Vague,
    /// Working days: only the office knows which are.
    WorkingDays,
    /// A second time stands behind the first.
    TwoTimes,
    /// It runs into what follows: 明晚8点要不要装.
    Glued,
    /// From one day to another, where one moment is asked for.
    Range,
    /// It ends before it begins.
    Backwards,
    /// It begins then, where an end is asked for.
    Start,
    /// It ends then, where a beginning is asked for.
    End,
}

/// What may be meant instead, and the part of the text that it would stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// When, in local time.
    pub at: NaiveDateTime,
    /// Where it stands, in bytes.
    pub used: Range<usize>,
}

/// A time that cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Why.
    pub why: Why,
    /// What may be meant; may be empty.
    pub offers: Vec<Offer>,
    /// What it is about, in bytes.
    pub used: Range<usize>,
}

impl Doubt {
    fn no_time(used: Range<usize>) -> Self {
        Self { why: Why::NotATime, offers: Vec::new(), used }
    }
}

/// 截止 — the end of something, and when it begins where a range was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// Its end.
    pub at: DateTime<Utc>,
    /// Its beginning.
    pub opens: Option<DateTime<Utc>>,
}

/// When a gathering is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sitting {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// When it ends, where that was written.
    pub until: Option<DateTime<Utc>>,
}

/// 时限 — so many days, or until a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// 15天.
    Days(u32),
    /// 4月15日前.
    Day(NaiveDate),
}

/// The range of a run in bytes.
fn used(text: &Text<'_>, from: usize, end: usize) -> Range<usize> {
    text.byte(from)..text.byte(end).max(text.byte(from))
}

/// The first word, where there is no time.
fn first_word(text: &Text<'_>) -> Range<usize> {
    let from = text.skip(0);
    let end = (from..text.len()).find(|i| text.at(*i).is_some_and(char::is_whitespace)).unwrap_or(text.len());
    used(text, from, end)
}

fn doubt(text: &Text<'_>, run: &Run, trouble: Trouble) -> Doubt {
    let range = used(text, run.from, run.end);
    let offers = trouble.options.into_iter().map(|at| Offer { at, used: range.clone() }).collect();
    Doubt { why: trouble.why, offers, used: range }
}

/// One moment, of which another is not the other end and not another choice.
fn single(run: &Run, now: &Now) -> Result<Meant, Trouble> {
    if run.or.is_empty() {
        return settle(&run.said, now);
    }
    let mut options = Vec::new();
    let all: Vec<Said> = std::iter::once(run.said).chain(run.or.iter().copied()).collect();
    // “周六或周日18:00”: the hour is that of both.
    let hour = all.iter().find(|said| said.clock.is_some()).copied().unwrap_or(run.said);
    let first = Said { clock: hour.clock, part: run.said.part.or(hour.part), ..run.said };
    for said in &all {
        let said = inheriting(&first, said);
        match settle(&said, now) {
            Ok(meant) => options.push(meant.at),
            Err(trouble) if trouble.why == Why::NotATime => {}
            Err(trouble) => options.extend(trouble.options),
        }
    }
    options.dedup();
    options.truncate(4);
    Err(Trouble { why: Why::Either, options })
}

/// “周六9:30或周日”, “3月15日或16日9:30”: what one leaves out the other has said.
fn inheriting(first: &Said, said: &Said) -> Said {
    let mut said = *said;
    if let (Some(Day::On { month: Month::Unsaid, day, .. }), Some(Day::On { year, month, .. })) = (said.day, first.day)
    {
        said.day = Some(Day::On { year, month, day, is_term: false, is_slashed: false });
    }
    let has_day = said.day.is_some() || said.weekday.is_some() || said.length.is_some();
    if !has_day {
        (said.day, said.weekday) = (first.day, first.weekday);
    }
    if said.clock.is_none() && said.length.is_none() {
        said.clock = first.clock;
    }
    if said.part.is_none() && said.clock.is_some() {
        said.part = first.part;
    }
    said
}

/// What a run that ends in the middle of a word may have been: everything, or what stands before that word.
fn whole_words(text: &Text<'_>, run: Run, now: &Now) -> Result<Run, Doubt> {
    if text.ends_word(run.end) {
        return Ok(run);
    }
    let stop = run.stops.iter().rev().find(|(_, end)| *end < run.end).copied();
    let stop = stop.filter(|_| run.to.is_none() && run.or.is_empty());
    // Day and hour are said, and the weekday would not agree with them: it is another word's, as of 周一鸣工作室.
    let disagrees = |said: &Said| {
        said.weekday.is_none() && settle(&run.said, now).is_err_and(|trouble| trouble.why == Why::Weekday)
    };
    if let Some((said, end)) = stop.filter(|(said, _)| said.is_full() && disagrees(said)) {
        return Ok(Run { said, end, ..run });
    }
    let mut offers = Vec::new();
    // “1小时30分钟”, “23:30-凌晨”: what follows is of a time, too, and nobody's text.
    let is_more = token(text, run.end).is_some() || text.at(run.end) == Some('-');
    for (said, end) in stop.into_iter().chain([(run.said, run.end)]).filter(|_| !is_more) {
        let range = used(text, run.from, end);
        match settle(&said, now) {
            Ok(meant) => offers.push(Offer { at: meant.at, used: range }),
            Err(trouble) => offers.extend(trouble.options.into_iter().map(|at| Offer { at, used: range.clone() })),
        }
    }
    offers.truncate(4);
    Err(Doubt { why: Why::Glued, offers, used: used(text, run.from, run.end) })
}

/// The time a text begins with, in whole words.
fn leading(text: &Text<'_>, now: &Now) -> Result<Run, Doubt> {
    let found = run(text, 0).ok_or_else(|| Doubt::no_time(first_word(text)))?;
    let found = whole_words(text, rest::before_meeting(text, found), now)?;
    rest::alone(text, &found, now)?;
    Ok(found)
}

/// Behind what ends a sentence after a time.
fn closed(text: &Text<'_>, run: &Run) -> Range<usize> {
    let mut end = run.end;
    while text.at(end).is_some_and(|c| matches!(c, ',' | '。' | ';' | '、' | '!' | '~' | ':')) {
        end += 1;
    }
    used(text, run.from, end)
}

fn ending(run: &Run, now: &Now) -> Result<Deadline, Trouble> {
    if let Some(to) = &run.to {
        return between(run, to, now);
    }
    let meant = single(run, now)?;
    if run.said.is_start && !run.said.is_end {
        return Err(Trouble { why: Why::Start, options: vec![meant.at] });
    }
    Ok(Deadline { at: definite(meant, now)?, opens: None })
}

/// “3月5日9:00至3月8日18:00”, “今天到周五”.
fn between(run: &Run, to: &Said, now: &Now) -> Result<Deadline, Trouble> {
    let is_today = run.said.day == Some(Day::Away(0)) && run.said.clock.is_none();
    let from = if is_today { Meant { at: now.local(), has_hour: false } } else { settle(&run.said, now)? };
    let until = other_end(from, &run.said, to, now)?;
    if from.has_hour || is_today {
        let opens = from.has_hour.then(|| definite(from, now)).transpose()?;
        return Ok(Deadline { at: definite(until, now)?, opens });
    }
    Err(Trouble { why: Why::Range, options: vec![until.at] })
}

/// A deadline at the start of a text, with the mark behind it.
///
/// # Errors
/// [`Doubt`].
pub fn deadline(said: &str, now: &Now) -> Result<Taken<Deadline>, Doubt> {
    let text = Text::new(said);
    let found = leading(&text, now)?;
    let value = ending(&found, now).map_err(|trouble| doubt(&text, &found, trouble))?;
    Ok(Taken { value, used: closed(&text, &found) })
}

/// A moment, and nothing else.
///
/// # Errors
/// [`Doubt`].
pub fn moment(said: &str, now: &Now) -> Result<DateTime<Utc>, Doubt> {
    let text = Text::new(said);
    let found = leading(&text, now)?;
    if closed(&text, &found).end < said.trim_end().len() {
        return Err(Doubt::no_time(0..said.len()));
    }
    let end = |trouble| doubt(&text, &found, trouble);
    if found.to.is_some() {
        return Err(end(Trouble { why: Why::Range, options: Vec::new() }));
    }
    single(&found, now).and_then(|meant| definite(meant, now)).map_err(end)
}

/// A term at the start of a text: so many days, or until a day. A number alone is one of days.
///
/// # Errors
/// [`Doubt`].
pub fn term(said: &str, now: &Now) -> Result<Taken<Until>, Doubt> {
    let text = Text::new(said);
    let from = text.skip(0);
    if let Some(figure) = number::figure(&text, from).filter(|n| run(&text, from).is_none() && text.ends_word(n.end)) {
        let bare = Run { said: Said::default(), to: None, or: Vec::new(), from, end: figure.end, stops: Vec::new() };
        rest::alone(&text, &bare, now)?;
        return Ok(Taken { value: Until::Days(figure.value), used: closed(&text, &bare) });
    }
    let found = leading(&text, now)?;
    rest::one_end(&text, &found, now)?;
    let range = closed(&text, &found);
    if let Some(length) =
        found.said.length.filter(|_| found.to.is_none() && found.or.is_empty() && !found.said.is_about)
        && length.unit == Unit::Days
    {
        return Ok(Taken { value: Until::Days(length.n), used: range });
    }
    let deadline = ending(&found, now).map_err(|trouble| doubt(&text, &found, trouble))?;
    if deadline.opens.is_some() {
        let options = vec![deadline.at.with_timezone(&now.tz).naive_local()];
        return Err(doubt(&text, &found, Trouble { why: Why::Range, options }));
    }
    Ok(Taken { value: Until::Day(deadline.at.with_timezone(&now.tz).date_naive()), used: range })
}

/// Characters of which one may go on where a time ends: 9点|半月湾, 9点半|月湾.
const DOUBTFUL: &str = "半刻钟整正分点时前后内起止开年月日号天周左右上下之以许多过期结为至到-~";

/// Whether the last piece is an hour that ends in a word that goes on with something else: “9:30东风路议事室”.
fn ends_in_hour(text: &Text<'_>, run: &Run) -> bool {
    let (last, before) = match &run.to {
        Some(to) => (to.clock, None),
        None => {
            let stop = run.stops.iter().rev().find(|(_, end)| *end < run.end);
            (run.said.clock, stop.and_then(|(said, _)| said.clock))
        }
    };
    let next = text.at(run.end);
    let is_open = next.is_some_and(|c| DOUBTFUL.contains(c) || c.is_ascii_alphanumeric());
    let is_torn = text.before(run.end).is_some_and(|c| matches!(c, '半' | '整' | '正' | '钟'));
    last.is_some() && before.is_none() && !is_open && !is_torn
}

/// The time of a gathering, wherever it stands among the words from byte `skip` on. What stands before and behind it is the rest.
///
/// # Errors
/// [`Doubt`].
pub fn sitting(said: &str, skip: usize, now: &Now) -> Result<Taken<Sitting>, Doubt> {
    let text = Text::new(said);
    let starts = || (0..text.len()).filter(|i| text.byte(*i) >= skip && text.begins_word(*i));
    let runs: Vec<Run> = starts()
        .filter(|i| text.at(*i).is_some_and(|c| !c.is_whitespace()))
        .filter_map(|i| run(&text, i).filter(|run| run.from == i))
        .collect();
    let clean = |run: &&Run| text.ends_word(run.end) || ends_in_hour(&text, run);
    let has_more = |run: &&Run| run.said.clock.is_some() || run.said.is_full();
    // A word that begins like a time, as 周六恳谈会, is none where a time stands.
    let best = runs.iter().find(clean).or_else(|| runs.iter().find(has_more)).or_else(|| runs.first());
    let best = best.ok_or_else(|| Doubt::no_time(skip.min(said.len())..said.len()))?.clone();
    let best = if ends_in_hour(&text, &best) { best } else { whole_words(&text, best, now)? };
    rest::name_has_no_day(&text, &best, skip, now)?;
    let sitting = seated(&best, now).map_err(|trouble| doubt(&text, &best, trouble))?;
    let range = closed(&text, &best);
    rest::holds_none(&text, &best, (skip, &range), now)?;
    Ok(Taken { value: sitting, used: range })
}

fn seated(run: &Run, now: &Now) -> Result<Sitting, Trouble> {
    if let Some(to) = run.to.as_ref().filter(|_| run.said.clock.is_none()) {
        // From one day to another: on the first, at the hour that is said.
        let first = Said { clock: to.clock, part: to.part.or(run.said.part), ..run.said };
        return Err(match settle(&first, now) {
            Ok(meant) => Trouble { why: Why::Range, options: vec![meant.at] },
            Err(trouble) => trouble,
        });
    }
    // “9:30到3月10日11:00”: from today on, or on that day, or on all of them.
    if let Some(to) = run.to.as_ref().filter(|to| !run.said.has_day() && to.has_day()) {
        let first = Said { clock: run.said.clock, part: run.said.part, ..*to };
        let options = settle(&first, now).map_or_else(|trouble| trouble.options, |meant| vec![meant.at]);
        return Err(Trouble { why: Why::Range, options });
    }
    let meant = single(run, now);
    if let Some(to) = &run.to {
        let meant = match meant {
            // “3点到5点”: of the two each with its own end.
            Err(trouble) if trouble.why == Why::HalfOfDay && to.part.is_some() => {
                settle(&Said { part: to.part, ..run.said }, now)?
            }
            meant => meant?,
        };
        let until = other_end(meant, &run.said, to, now)?;
        return Ok(Sitting { at: definite(meant, now)?, until: Some(definite(until, now)?) });
    }
    let meant = meant?;
    if run.said.is_end {
        return Err(Trouble { why: Why::End, options: vec![meant.at] });
    }
    Ok(Sitting { at: definite(meant, now)?, until: None })
}

/// A time of day and nothing else: 20:00, 7:30, 晚8点. Of twenty-four hours where nothing else is said.
#[must_use]
pub fn time_of_day(said: &str) -> Option<NaiveTime> {
    let text = Text::new(said);
    let found = run(&text, 0).filter(|found| closed(&text, found).end >= said.trim_end().len())?;
    hour_of(&found.said).filter(|_| found.to.is_none() && found.or.is_empty())
}

/// From one time of day to another: 22:00-7:30.
#[must_use]
pub fn times_of_day(said: &str) -> Option<(NaiveTime, NaiveTime)> {
    let text = Text::new(said);
    let found = run(&text, 0).filter(|found| closed(&text, found).end >= said.trim_end().len())?;
    Some((hour_of(&found.said)?, hour_of(found.to.as_ref()?)?))
}

fn hour_of(said: &Said) -> Option<NaiveTime> {
    let Said { day: None, also: None, weekday: None, length: None, vague: None, part, clock, .. } = *said else {
        return None;
    };
    resolve::hours(clock?, part)?.first().map(|(_, time)| *time)
}

/// So many days at the start of a text, or until a day, and nothing but a number, a length or a date. 7日 are seven days.
///
/// # Errors
/// [`Doubt`].
pub fn days(said: &str, now: &Now) -> Result<Taken<Until>, Doubt> {
    let text = Text::new(said);
    let from = text.skip(0);
    let bare = number::figure(&text, from).and_then(|n| Some((n.value, text.eat(text.skip(n.end), "日")?)));
    if let Some((value, end)) = bare.filter(|(_, end)| text.ends_word(*end)) {
        let run = Run { said: Said::default(), to: None, or: Vec::new(), from, end, stops: Vec::new() };
        return Ok(Taken { value: Until::Days(value), used: closed(&text, &run) });
    }
    term(said, now)
}

/// Whether a text is a time from its beginning to its end, the number of a day alone included.
#[must_use]
pub fn is_time(said: &str) -> bool {
    let text = Text::new(said);
    let found = run(&text, 0);
    found.is_some_and(|found| closed(&text, &found).end >= said.trim_end().len())
}

/// Whether a word in a text is a time.
#[must_use]
pub fn holds_time(said: &str) -> bool {
    let text = Text::new(said);
    let starts = (0..text.len()).filter(|i| text.begins_word(*i) && text.at(*i).is_some_and(|c| !c.is_whitespace()));
    starts.into_iter().any(|i| every::begins(&text, i) || rest::is_time_at(&text, i))
}
