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
#[cfg(test)]
mod whole;

pub use every::{Every, Unable, Unclear, every};
pub use past::{day, day_before, month};
pub use period::{is_named as is_period, read as period};

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use resolve::{Meant, Trouble, other_end, settle};
use run::{Run, Said, run};
use std::ops::Range;
use text::Text;
use token::{Day, Month, Unit, list, or, particle, to, token};

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
    /// It is today, and today does not count.
    Today,
    /// An hour, where a term is over with its day.
    ByTheDay,
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
    /// 周末, 中旬, 左右, 0308.
    Vague,
    /// Working days: only the office knows which are.
    WorkingDays,
    /// A second time stands behind the first.
    TwoTimes,
    /// Several days or terms in a list: 8、9号, 3到5天.
    Several,
    /// Something is said beside it that cannot be kept: 下雨顺延, （暂定）.
    Beside,
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
    /// When it ends, where that was written.
    pub until: Option<NaiveDateTime>,
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
    /// 一个月, 一个半月: so many months, and days beside.
    Months(u32, u32),
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
    let offers = trouble.options.into_iter().map(|at| Offer { at, until: None, used: range.clone() }).collect();
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
        let said = of_several(inheriting(&first, said));
        match settle(&said, now) {
            Ok(meant) => options.push(meant.at),
            Err(trouble) if trouble.why == Why::NotATime => {}
            Err(trouble) => options.extend(trouble.options),
        }
    }
    options.dedup();
    options.truncate(4);
    Err(Trouble { why: if run.is_list { Why::Several } else { Why::Either }, options })
}

/// 3到5天: it may be either, or what lies between.
fn either_end(run: &Run, to: &Said, now: &Now) -> Option<Trouble> {
    run.said.length.and(to.length)?;
    let mut options = Vec::new();
    for said in [run.said, *to] {
        match settle(&said, now) {
            Ok(meant) => options.push(meant.at),
            Err(trouble) => options.extend(trouble.options),
        }
    }
    Some(Trouble { why: Why::Several, options })
}

/// The moments a run may mean.
fn readings(run: &Run, now: &Now) -> Vec<NaiveDateTime> {
    let found = if run.to.is_some() {
        ending(run, now)
            .map(|found| if found.opens.is_some() { Vec::new() } else { vec![found.at] })
            .map(|all| all.into_iter().map(|at| at.with_timezone(&now.tz).naive_local()).collect())
    } else {
        single(run, now).map(|meant| vec![meant.at])
    };
    found.unwrap_or_else(|trouble| trouble.options)
}

/// 15日 beside another day is no term of fifteen days.
fn of_several(said: Said) -> Said {
    match said.day {
        Some(Day::On { year, month, day, is_slashed, .. }) => {
            Said { day: Some(Day::On { year, month, day, is_term: false, is_slashed }), ..said }
        }
        Some(Day::Away(_) | Day::Last(..)) | None => said,
    }
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
    // 下周三、周五.
    if let (Some(weekday), Some(first)) = (said.weekday.as_mut().filter(|day| day.weeks.is_none()), first.weekday) {
        weekday.weeks = first.weeks.filter(|_| !first.is_next);
    }
    said
}

/// What a run that ends in the middle of a word may have been: everything, or what stands before that word.
fn whole_words(text: &Text<'_>, run: Run, now: &Now) -> Result<Run, Doubt> {
    let mut all = [run.said].into_iter().chain(run.to).chain(run.or.iter().copied());
    let is_counted = run.said.length.is_some() && text.before(run.end).is_some_and(|c| matches!(c, ')' | ']' | '】'));
    let is_told = is_counted || (all.any(|said| said.is_end) && ends_in_particle(text, run.end));
    let is_beside = rest::note(text, run.end, true).is_some() || rest::limit(text, run.end).is_some();
    if text.ends_word(run.end) || is_told || is_beside {
        return Ok(run);
    }
    if let Some(doubt) = rest::bare_hour(text, run.end, &run, now) {
        return Err(doubt);
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
    // “3天5分钟半”, “23:30-凌晨”, “周六12”: what follows is of a time, too, and nobody's text.
    let is_figure = text.at(run.end).is_some_and(|c| c.is_ascii_digit());
    let is_more = token(text, run.end).is_some() || text.at(run.end) == Some('-') || is_figure;
    let whole = Run { stops: Vec::new(), ..run.clone() };
    let before = stop.map(|(said, end)| Run { said, end, ..whole.clone() });
    for run in before.into_iter().chain([whole]).filter(|_| !is_more) {
        let range = used(text, run.from, run.end);
        offers.extend(readings(&run, now).into_iter().map(|at| Offer { at, until: None, used: range.clone() }));
    }
    offers.truncate(4);
    Err(Doubt { why: Why::Glued, offers, used: used(text, run.from, run.end) })
}

/// Whether 前 or 内 stands before: “15天内出具意见”.
fn ends_in_particle(text: &Text<'_>, end: usize) -> bool {
    (1..=2).any(|n| end.checked_sub(n).and_then(|i| particle(text, i)) == Some(end))
}

/// The time a text begins with, in whole words.
fn leading(text: &Text<'_>, now: &Now) -> Result<Run, Doubt> {
    let found = run(text, 0).ok_or_else(|| Doubt::no_time(first_word(text)))?;
    let found = rest::bracketed(text, whole_words(text, rest::before_meeting(text, found), now)?, now)?;
    rest::alone(text, &found, now)?;
    Ok(found)
}

/// Behind what ends a sentence after a time.
fn closed(text: &Text<'_>, run: &Run) -> Range<usize> {
    let mut end = run.end;
    while text.is_stop(end) || text.at(end).is_some_and(|c| matches!(c, ',' | '。' | ';' | '、' | '!' | '~' | ':')) {
        end += 1;
    }
    used(text, run.from, end)
}

fn ending(run: &Run, now: &Now) -> Result<Deadline, Trouble> {
    if let Some(to) = &run.to {
        return match either_end(run, to, now) {
            Some(trouble) => Err(trouble),
            None => between(run, to, now),
        };
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
    let first = of_several(run.said);
    let from = if is_today { Meant { at: now.local(), has_hour: false } } else { settle(&first, now)? };
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
    let is_read = |line: &str, at| ends_at(line, now).is_ok_and(|found| is_minute(found.value.at, at, now));
    ends_at(said, now).map_err(|doubt| sound(said, doubt, &Canon { now, has_hour: true }, is_read))
}

fn ends_at(said: &str, now: &Now) -> Result<Taken<Deadline>, Doubt> {
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
    let is_that = |found: NaiveDate, day: NaiveDate| found == day && day > now.today();
    let is_read =
        |line: &str, at: NaiveDateTime| ends_on(line, now).is_ok_and(|found| is_that(found.value.day(now), at.date()));
    let found = ends_on(said, now).and_then(|found| to_come(said, found, now));
    found.map_err(|doubt| sound(said, doubt, &Canon { now, has_hour: false }, is_read))
}

/// Today does not count: 月底 on its last day is hardly meant, and nor is 3小时.
fn to_come(said: &str, found: Taken<Until>, now: &Now) -> Result<Taken<Until>, Doubt> {
    let today = now.today();
    if found.value != Until::Day(today) {
        return Ok(found);
    }
    let tomorrow = resolve::plus(today, 1);
    let is_last = run(&Text::new(said), 0).is_some_and(|run| matches!(run.said.day, Some(Day::Last(..))));
    let day = if is_last { resolve::last_of(tomorrow) } else { tomorrow };
    let offers = vec![Offer { at: day.and_time(NaiveTime::MIN), until: None, used: found.used.clone() }];
    Err(Doubt { why: Why::Today, offers, used: found.used })
}

impl Until {
    /// The day it is, counted from today.
    #[must_use]
    pub fn day(self, now: &Now) -> NaiveDate {
        let today = now.today();
        match self {
            Self::Days(days) => resolve::plus(today, u64::from(days)),
            Self::Months(months, days) => {
                let month = today.checked_add_months(Months::new(months)).unwrap_or(today);
                resolve::plus(month, u64::from(days))
            }
            Self::Day(day) => day,
        }
    }
}

/// “20、21 出具意见”: either is a number of days.
fn two_numbers(text: &Text<'_>, first: number::Figure, from: usize, now: &Now) -> Option<Doubt> {
    let i = to(text, first.end).or_else(|| or(text, first.end)).or_else(|| list(text, first.end))?;
    let second = number::figure(text, i).filter(|second| text.ends_word(second.end))?;
    let range = used(text, from, second.end);
    let day = |n: number::Figure| resolve::plus(now.today(), u64::from(n.value)).and_time(NaiveTime::MIN);
    let offers = [first, second].map(|n| Offer { at: day(n), until: None, used: range.clone() }).to_vec();
    Some(Doubt { why: Why::Several, offers, used: range })
}

fn ends_on(said: &str, now: &Now) -> Result<Taken<Until>, Doubt> {
    let text = Text::new(said);
    let from = text.skip(0);
    if let Some(figure) = number::figure(&text, from).filter(|n| run(&text, from).is_none() && text.ends_word(n.end)) {
        let bare = bare_run(from, figure.end);
        if let Some(doubt) = two_numbers(&text, figure, from, now) {
            return Err(doubt);
        }
        rest::alone(&text, &bare, now)?;
        return Ok(Taken { value: Until::Days(figure.value), used: closed(&text, &bare) });
    }
    let found = leading(&text, now)?;
    rest::one_end(&text, &found, now)?;
    let range = closed(&text, &found);
    if let Some(until) = until(&found) {
        return Ok(Taken { value: until, used: range });
    }
    let deadline = ending(&found, now).map_err(|trouble| doubt(&text, &found, trouble))?;
    if deadline.opens.is_some() {
        let options = vec![deadline.at.with_timezone(&now.tz).naive_local()];
        return Err(doubt(&text, &found, Trouble { why: Why::Range, options }));
    }
    let end = deadline.at.with_timezone(&now.tz).naive_local();
    let by_the_day = |days: Vec<NaiveDate>| {
        let offer = |day: NaiveDate| Offer { at: day.and_time(NaiveTime::MIN), until: None, used: range.clone() };
        Doubt { why: Why::ByTheDay, offers: days.into_iter().map(offer).collect(), used: range.clone() }
    };
    match of_day(found.to.as_ref().unwrap_or(&found.said), end) {
        Ok(day) => Ok(Taken { value: Until::Day(day), used: range }),
        Err(days) => Err(by_the_day(days)),
    }
}

/// The day a term is over with. 24时 closes the day that is named; 0点 may be meant as its beginning or its end, and any other hour
/// is none of a term.
fn of_day(last: &Said, end: NaiveDateTime) -> Result<NaiveDate, Vec<NaiveDate>> {
    let day = end.date();
    if last.clock.is_none() && last.part.is_none() {
        return Ok(day);
    }
    let before = day.pred_opt().filter(|_| end.time() == NaiveTime::MIN);
    let all = last.clock.and_then(|clock| resolve::hours(clock, last.part)).unwrap_or_default();
    match before {
        Some(before) if !all.is_empty() && all.iter().all(|(days, _)| *days == 1) => Ok(before),
        before => Err(before.into_iter().chain([day]).collect()),
    }
}

fn bare_run(from: usize, end: usize) -> Run {
    Run { said: Said::default(), to: None, or: Vec::new(), is_list: false, from, end, stops: Vec::new() }
}

/// So many days or months and nothing else.
fn until(run: &Run) -> Option<Until> {
    let said = &run.said;
    let is_one = run.to.is_none() && run.or.is_empty() && !said.is_about;
    let length =
        said.length.filter(|_| is_one && said.weekday.is_none() && said.clock.is_none() && said.part.is_none())?;
    match length.unit {
        Unit::Days => Some(Until::Days(length.n)),
        Unit::Months => Some(Until::Months(length.n, length.days)),
        Unit::Minutes | Unit::WorkingDays => None,
    }
}

/// The lengths a text begins with, each as it may be meant, where it begins with nothing else: 3天 and 5天 of “三五天”; working
/// days as the days they are, at least and at most.
#[must_use]
pub fn lengths(said: &str) -> Vec<Until> {
    let text = Text::new(said);
    let is_whole = |run: &Run| text.ends_word(run.end) || ends_in_particle(&text, run.end);
    let Some(found) = run(&text, 0).filter(is_whole) else { return Vec::new() };
    let all: Vec<Said> = [found.said].into_iter().chain(found.to).chain(found.or).collect();
    let mut lengths: Vec<Until> = Vec::new();
    for said in &all {
        let Some(length) = said.length.filter(|_| said.weekday.is_none()) else { return Vec::new() };
        match length.unit {
            Unit::Days => lengths.push(Until::Days(length.n)),
            Unit::Months => lengths.push(Until::Months(length.n, length.days)),
            Unit::WorkingDays => {
                let (weeks, days) = (length.n / 5, length.n % 5);
                lengths.push(Until::Days(weeks * 7 + days));
                lengths.extend(Some(Until::Days(weeks * 7 + days + 2)).filter(|_| days > 0));
            }
            Unit::Minutes => lengths.push(Until::Days(length.n.div_ceil(24 * 60))),
        }
    }
    lengths.dedup();
    lengths
}

/// How a time is written so that nobody can mistake it.
struct Canon<'n> {
    now: &'n Now,
    has_hour: bool,
}

impl Canon<'_> {
    fn write(&self, offer: &Offer) -> String {
        let until = offer.until.map(|end| match end.date() == offer.at.date() {
            true => format!("-{}", hour(end.time())),
            false => format!("{}{}", if self.now.english { " to " } else { "至" }, self.one(end)),
        });
        format!("{}{}", self.one(offer.at), until.unwrap_or_default())
    }

    fn one(&self, at: NaiveDateTime) -> String {
        let (date, hour) = (at.date(), hour(at.time()));
        let is_far = date.year() != self.now.today().year();
        let weekday = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or(0);
        if self.now.english {
            let year = if is_far { format!(" {}", date.year()) } else { String::new() };
            let hour = if self.has_hour { format!(" {hour}") } else { String::new() };
            return format!("{} {}{year}{hour}", date.format("%a"), date.format("%-d %b"));
        }
        let year = if is_far { format!("{}年", date.year()) } else { String::new() };
        let weekday = "一二三四五六日".chars().nth(weekday).unwrap_or('日');
        let hour = if self.has_hour { hour } else { String::new() };
        format!("{year}{}月{}日（星期{weekday}）{hour}", date.month(), date.day())
    }
}

/// 3:00 may be of the night or of the afternoon, 03:00 may not.
fn hour(time: NaiveTime) -> String {
    let is_small = (1..=5).contains(&time.hour());
    time.format(if is_small { "%H:%M" } else { "%-H:%M" }).to_string()
}

fn is_minute(found: DateTime<Utc>, at: NaiveDateTime, now: &Now) -> bool {
    let off = found.with_timezone(&now.tz).naive_local() - at;
    off.num_seconds().abs() < 60
}

/// A text with an offer where it belongs.
fn put(said: &str, offer: &Offer, canon: &Canon<'_>) -> String {
    let before = said.get(..offer.used.start).unwrap_or_default().trim_end();
    let after = said.get(offer.used.end..).unwrap_or_default();
    let gap = if before.is_empty() { "" } else { " " };
    format!("{before}{gap}{} {}", canon.write(offer), after_mark(after)).trim_end().to_owned()
}

/// What follows a time, without the mark between them.
#[must_use]
pub fn after_mark(text: &str) -> &str {
    let is_mark =
        |c: char| c.is_whitespace() || matches!(c, '，' | ',' | '。' | '；' | ';' | '、' | '：' | ':' | '！' | '!');
    let text = text.strip_prefix('.').filter(|rest| rest.starts_with(char::is_whitespace)).unwrap_or(text);
    text.trim_start_matches(is_mark)
}

/// A doubt with those offers that, put where they belong, are read as what they say: another is no use to anybody.
fn sound(said: &str, doubt: Doubt, canon: &Canon<'_>, is_read: impl Fn(&str, NaiveDateTime) -> bool) -> Doubt {
    let offers = doubt.offers.into_iter().filter(|offer| is_read(&put(said, offer, canon), offer.at)).collect();
    Doubt { offers, ..doubt }
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
    let is_read = |line: &str, at| seat(line, skip, now).is_ok_and(|found| is_minute(found.value.at, at, now));
    seat(said, skip, now).map_err(|doubt| sound(said, doubt, &Canon { now, has_hour: true }, is_read))
}

fn seat(said: &str, skip: usize, now: &Now) -> Result<Taken<Sitting>, Doubt> {
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
    rest::no_bare_date(&text, &best, now)?;
    let with_end = |doubt: Doubt| Doubt { offers: ended(doubt.offers, &best, doubt.why, now), ..doubt };
    let sitting = seated(&best, now).map_err(|trouble| with_end(doubt(&text, &best, trouble)))?;
    if let Some(doubt) = rest::noted(&text, &best, true, now) {
        let at = sitting.at.with_timezone(&now.tz).naive_local();
        let offers = vec![Offer { at, until: None, used: doubt.used.clone() }];
        return Err(with_end(Doubt { offers, ..doubt }));
    }
    let range = closed(&text, &best);
    rest::holds_none(&text, &best, (skip, &range), now)?;
    Ok(Taken { value: sitting, used: range })
}

/// Each offer with its end, where that was written: “3点到5点” is offered with both.
fn ended(offers: Vec<Offer>, run: &Run, why: Why, now: &Now) -> Vec<Offer> {
    let to = run.to.as_ref().filter(|to| to.clock.is_some() && !matches!(why, Why::Range | Why::Backwards));
    let Some(to) = to else { return offers };
    let end = |at: NaiveDateTime| other_end(Meant { at, has_hour: true }, &run.said, to, now).ok().map(|end| end.at);
    offers.into_iter().map(|offer| Offer { until: end(offer.at), ..offer }).collect()
}

fn seated(run: &Run, now: &Now) -> Result<Sitting, Trouble> {
    if let Some(trouble) = run.to.as_ref().and_then(|to| either_end(run, to, now)) {
        return Err(trouble);
    }
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
        return Ok(Taken { value: Until::Days(value), used: closed(&text, &bare_run(from, end)) });
    }
    let is_read =
        |line: &str, at: NaiveDateTime| ends_on(line, now).is_ok_and(|found| found.value.day(now) == at.date());
    ends_on(said, now).map_err(|doubt| sound(said, doubt, &Canon { now, has_hour: false }, is_read))
}

/// 20日 alone, asked for more time: twenty days, or until the twentieth. So many, and that day.
#[must_use]
pub fn day_or_days(said: &str, now: &Now) -> Option<(u32, Offer)> {
    let text = Text::new(said);
    let found = run(&text, 0).filter(|found| text.ends_word(found.end) && found.to.is_none() && found.or.is_empty())?;
    let Some(Day::On { month: Month::Unsaid, day, is_term: true, .. }) = found.said.day else { return None };
    let trouble = settle(&found.said, now).err().filter(|trouble| trouble.why == Why::Either)?;
    let at = *trouble.options.first()?;
    Some((day, Offer { at, until: None, used: used(&text, found.from, found.end) }))
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
