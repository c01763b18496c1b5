//! 重复 — 每周六9:30, 每两周周六上午9点半, 每天19点, 每月8日, 每月第一个周六, every other Saturday 2pm, first Sunday of every month.

use super::day::{LAST, WEEKDAYS, day_of_week, nth};
use super::number::count;
use super::resolve::hours;
use super::run::{Said, run};
use super::text::Text;
use super::token::Part;
use super::{Taken, closed, ends_in_hour, used};
use crate::domain::talk::series::Rhythm;
use chrono::NaiveTime;
use std::ops::Range;

/// What comes back, and at which time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Every {
    /// How often.
    pub rhythm: Rhythm,
    /// Weekday, Monday = 1; 0 where there is none.
    pub weekday: u8,
    /// When it begins.
    pub time: NaiveTime,
    /// When it ends, where that was written.
    pub until: Option<NaiveTime>,
}

/// A recurrence that cannot be done, or cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// Where it stands, in bytes.
    pub used: Range<usize>,
    /// 3点: which hours may be meant, and where the hour stands.
    pub hours: Vec<NaiveTime>,
    /// Where the hour stands, in bytes.
    pub hour: Range<usize>,
    /// 每月第五个周六: where that stands, in bytes, and the weekday. Not every month has one.
    pub fifth: Option<(Range<usize>, u8)>,
}

const WEEK: [&str; 3] = ["周", "星期", "礼拜"];

/// Whether something that comes back begins here.
pub(super) fn begins(text: &Text<'_>, at: usize) -> bool {
    let words = [
        "每周",
        "每星期",
        "每礼拜",
        "每个周",
        "每个星期",
        "每个礼拜",
        "每天",
        "每日",
        "天天",
        "每晚",
        "每早",
        "每月",
        "每个月",
        "每年",
        "每季",
        "每个季度",
        "每半",
        "每逢",
        "逢周",
        "隔周",
        "隔天",
        "隔日",
        "隔月",
        "每隔",
        "双周",
        "单周",
        "每个工作日",
        "weekly",
        "daily",
        "monthly",
        "fortnightly",
        "biweekly",
        "bi-weekly",
        "every day",
        "every other",
        "every week",
        "every month",
        "every weekday",
        "every weekend",
        "every fortnight",
        "every second",
        "each week",
        "each month",
        "every year",
        "every morning",
        "every evening",
        "every night",
    ];
    if text.one_of(at, &words).is_some() {
        return true;
    }
    if let Some(i) = text.eat(at, "每").and_then(|i| count(text, i)).map(|n| text.skip(n.end)) {
        return text.one_of(i, &["周", "个星期", "个礼拜", "星期", "礼拜", "天", "个月", "月", "年", "个周"]).is_some();
    }
    if let Some(i) = text.one_of(at, &["every", "each"]).map(|i| text.skip(i)) {
        return text.any(i, &WEEKDAYS).is_some() || nth(text, i).is_some() || count(text, i).is_some();
    }
    if times_per(text, at) {
        return true;
    }
    let at = text.one_of(at, &["on the", "the", "on"]).map_or(at, |end| text.skip(end));
    let plural = text.any(at, &WEEKDAYS).is_some_and(|(_, end)| text.before(end) == Some('s') && end > at + 4);
    let first = nth(text, at).is_some_and(|(_, end)| text.any(text.skip(end), &WEEKDAYS).is_some());
    plural || first
}

/// 一周两次, twice a week: that it comes back, and not on which day.
fn times_per(text: &Text<'_>, at: usize) -> bool {
    let unit = |i: usize| {
        let i = text.skip(i);
        let i = text.eat(i, "个").unwrap_or(i);
        text.one_of(i, &["周", "星期", "礼拜", "月", "天", "日", "年", "季度"]).map(|end| text.skip(end))
    };
    let often = |i: usize| count(text, i).and_then(|n| text.one_of(text.skip(n.end), &["次", "回", "趟"]));
    if count(text, at).and_then(|n| unit(n.end)).and_then(often).is_some() {
        return true;
    }
    let times = count(text, at).and_then(|n| text.one_of(text.skip(n.end), &["times"]));
    let times = times.or_else(|| text.one_of(at, &["once", "twice"]));
    let per = times.and_then(|i| text.one_of(text.skip(i), &["a", "per", "every", "each", "in a"]));
    per.is_some_and(|i| text.one_of(text.skip(i), &["week", "month", "day", "year", "fortnight"]).is_some())
}

/// What comes back in a text, from a word that says so: 每, every. `None` where nothing does.
#[must_use]
pub fn every(said: &str, skip: usize) -> Option<Result<Taken<Every>, Unclear>> {
    let text = Text::new(said);
    // “从3月15日起每周六”: it begins inside a word, too.
    let is_glued =
        |i: usize| text.at(i) == Some('每') && matches!(text.before(i), Some('起' | '始' | '日' | '号' | '后'));
    let begins_here = |i: usize| text.begins_word(i) || is_glued(i);
    let starts = (0..text.len()).filter(|i| text.byte(*i) >= skip && begins_here(*i));
    let from = starts.into_iter().find(|i| begins(&text, *i))?;
    let fifth = fifth(&text, from);
    let unclear = |end: usize| Unclear {
        used: used(&text, from, end),
        hours: Vec::new(),
        hour: 0..0,
        fifth: fifth.map(|(end, day)| (used(&text, from, end), day)),
    };
    let Some((beat, end)) = beat(&text, from) else { return Some(Err(unclear(text.len()))) };
    Some(timed(&text, from, beat, end).map_err(|failed| failed.unwrap_or_else(|| unclear(text.len()))))
}

/// How often, and a part of the day that is named in the same word.
#[derive(Clone, Copy)]
struct Beat {
    rhythm: Rhythm,
    weekday: u8,
    part: Option<Part>,
}

fn on(rhythm: Rhythm, weekday: u32) -> Beat {
    Beat { rhythm, weekday: u8::try_from(weekday).unwrap_or(0), part: None }
}

fn timed(text: &Text<'_>, from: usize, beat: Beat, end: usize) -> Result<Taken<Every>, Option<Unclear>> {
    let mut i = text.skip(end);
    while text.at(i).is_some_and(|c| matches!(c, ',' | '的' | '、')) {
        i = text.skip(i + 1);
    }
    let i = text.one_of(i, &["at", "from"]).map_or(i, |end| text.skip(end));
    let found = run(text, i).filter(|found| found.from == i && found.or.is_empty()).ok_or(None)?;
    let Said { day: None, weekday: None, length: None, vague: None, is_about: false, is_end: false, .. } = found.said
    else {
        return Err(None);
    };
    if !text.ends_word(found.end) && !ends_in_hour(text, &found) {
        return Err(None);
    }
    let clock = found.said.clock.ok_or(None)?;
    let part = found.said.part.or(beat.part);
    let all = hours(clock, part).ok_or(None)?;
    let hour = used(text, found.from, found.end);
    let time = match all.as_slice() {
        [(0, time)] => *time,
        several => {
            let hours = several.iter().filter(|(days, _)| *days == 0).map(|(_, time)| *time).collect();
            return Err(Some(Unclear { used: used(text, from, found.end), hours, hour, fifth: None }));
        }
    };
    let until = match &found.to {
        Some(Said { day: None, weekday: None, length: None, vague: None, part: other, clock: Some(clock), .. }) => {
            let ends = [other.or(part), *other].into_iter().filter_map(|part| hours(*clock, part)).flatten();
            Some(
                ends.filter(|(days, _)| *days == 0)
                    .map(|(_, time)| time)
                    .filter(|end| *end > time)
                    .min()
                    .ok_or(None)?,
            )
        }
        Some(_) => return Err(None),
        None => None,
    };
    let range = used(text, from, found.end).start..closed(text, &found).end;
    Ok(Taken { value: Every { rhythm: beat.rhythm, weekday: beat.weekday, time, until }, used: range })
}

fn beat(text: &Text<'_>, at: usize) -> Option<(Beat, usize)> {
    daily(text, at).or_else(|| weekly(text, at)).or_else(|| monthly(text, at)).or_else(|| english(text, at))
}

/// 每天, 每晚, 天天.
fn daily(text: &Text<'_>, at: usize) -> Option<(Beat, usize)> {
    const DAYS: [(&str, Option<Part>); 12] = [
        ("每天", None),
        ("每日", None),
        ("天天", None),
        ("每晚", Some(Part::Evening)),
        ("每天晚上", Some(Part::Evening)),
        ("每早", Some(Part::Morning)),
        ("every day", None),
        ("daily", None),
        ("each day", None),
        ("every morning", Some(Part::Morning)),
        ("every evening", Some(Part::Evening)),
        ("every night", Some(Part::Evening)),
    ];
    let (part, end) = text.any(at, &DAYS)?;
    Some((Beat { rhythm: Rhythm::Daily, weekday: 0, part }, end))
}

/// The one weekday that stands here: 六, 周六; two are none.
fn chinese_day(text: &Text<'_>, at: usize) -> Option<(u32, usize)> {
    let i = text.skip(at);
    let i = text.one_of(i, &["的", "逢"]).map_or(i, |end| text.skip(end));
    let i = text.one_of(i, &WEEK).unwrap_or(i);
    let day = day_of_week(text.at(i)?)?;
    let more = text.at(i + 1);
    let joined = more.is_some_and(|c| matches!(c, '、' | '和' | '及' | '/' | '到' | '至' | '-' | '~' | '末'));
    let listed = more.is_some_and(|c| !c.is_ascii_digit() && day_of_week(c).is_some());
    // 每周六九点: the hour is written in the same characters.
    let is_hour = more.is_some_and(|_| super::clock::clock(text, i + 1).is_some());
    let is_figure = text.at(i).is_some_and(|c| c.is_ascii_digit());
    let goes_on = is_figure && more.is_some_and(|c| c.is_ascii_digit() || matches!(c, '点' | ':' | '时'));
    ((!listed || is_hour) && !joined && !goes_on).then_some((day, i + 1))
}

/// 每周六, 每逢周六, 每两周周六, 隔周六, 隔周的周六.
fn weekly(text: &Text<'_>, at: usize) -> Option<(Beat, usize)> {
    let every = text.one_of(at, &["每", "每逢", "逢", "每个"]);
    let second = text.one_of(at, &["每两", "每2", "每二", "每两个", "每2个", "每隔一", "每隔1", "隔"]);
    let week = |i: usize| {
        let i = text.skip(i);
        let i = text.eat(i, "个").unwrap_or(i);
        text.one_of(text.skip(i), &WEEK)
    };
    if let Some(i) = second.and_then(week) {
        let (day, end) = chinese_day(text, i)?;
        return Some((on(Rhythm::Fortnightly, day), end));
    }
    let (day, end) = chinese_day(text, every.and_then(week)?)?;
    Some((on(Rhythm::Weekly, day), end))
}

/// 每月8日, 每月第一个周六, 每月最后一个周日, 每月月底.
fn monthly(text: &Text<'_>, at: usize) -> Option<(Beat, usize)> {
    let i = text.one_of(at, &["每月", "每个月", "每逢每月"])?;
    let i = text.skip(i);
    let i = text.one_of(i, &["的", "逢"]).map_or(i, |end| text.skip(end));
    if let Some(end) = text.one_of(i, &["月底", "月末", "底", "最后一天", "最后1天"]) {
        return Some((on(Rhythm::LastDay, 0), end));
    }
    if let Some((n, end)) = nth(text, i) {
        let j = text.one_of(text.skip(end), &WEEK)?;
        let day = day_of_week(text.at(j)?)?;
        return Some((nth_weekday(n, day)?, j + 1));
    }
    let day = count(text, i).filter(|day| day.digits <= 2 && (1..=28).contains(&day.value))?;
    let end = text.one_of(text.skip(day.end), &["日", "号"])?;
    let n = u8::try_from(day.value).ok()?;
    Some((on(Rhythm::OnDay(n), 0), end))
}

/// Behind 每月第五个周六, every fifth Saturday, the fifth Saturday of every month; and the weekday.
fn fifth(text: &Text<'_>, at: usize) -> Option<(usize, u8)> {
    let leads = ["每月", "每个月", "每逢每月", "every", "each", "monthly", "every month", "each month"];
    let i = text.skip(text.one_of(at, &leads).unwrap_or(at));
    let i = text.one_of(i, &["的", "逢", "on", "on the", "the"]).map_or(i, |end| text.skip(end));
    let (_, end) = nth(text, i).filter(|(n, _)| *n == 5)?;
    let j = text.skip(end);
    if let Some((day, end)) = text.any(j, &WEEKDAYS) {
        let month = ["of every month", "of each month", "of the month", "every month", "each month"];
        return Some((text.one_of(text.skip(end), &month).unwrap_or(end), u8::try_from(day).ok()?));
    }
    let j = text.one_of(j, &WEEK)?;
    Some((j + 1, u8::try_from(day_of_week(text.at(j)?)?).ok()?))
}

fn nth_weekday(n: u32, day: u32) -> Option<Beat> {
    match n {
        1..=4 => Some(on(Rhythm::Nth(u8::try_from(n).ok()?), day)),
        LAST => Some(on(Rhythm::LastWeekday, day)),
        _ => None,
    }
}

/// every Sat, weekly on Saturday, every other week on Sat, monthly on the 8th, the first Saturday of every month.
fn english(text: &Text<'_>, at: usize) -> Option<(Beat, usize)> {
    let skip_on = |i: usize| {
        let i = text.skip(i);
        text.one_of(i, &["on", "on the", "the"]).map_or(i, |end| text.skip(end))
    };
    let weekday = |i: usize| text.any(skip_on(i), &WEEKDAYS);
    let second = [
        "every other",
        "every second",
        "every two",
        "every 2",
        "every other week",
        "every second week",
        "every two weeks",
        "every 2 weeks",
        "fortnightly",
        "biweekly",
        "bi-weekly",
        "every fortnight",
    ];
    if let Some((day, end)) = text.one_of(at, &second).and_then(weekday) {
        return Some((on(Rhythm::Fortnightly, day), end));
    }
    if let Some((day, end)) = text.one_of(at, &["every", "each", "weekly", "every week"]).and_then(weekday) {
        return Some((on(Rhythm::Weekly, day), end));
    }
    if let Some((day, end)) = text.any(at, &WEEKDAYS).filter(|(_, end)| text.before(*end) == Some('s')) {
        return Some((on(Rhythm::Weekly, day), end));
    }
    let month = |i: usize| {
        text.one_of(text.skip(i), &["of every month", "of each month", "of the month", "every month", "each month"])
    };
    // every first Saturday, the first Saturday of every month, monthly on the first Saturday.
    let lead = text.one_of(at, &["every", "each", "monthly", "every month", "each month"]);
    let i = skip_on(lead.unwrap_or(at));
    let (n, end) = nth(text, i)?;
    let named = text.any(text.skip(end), &WEEKDAYS);
    let beat = match named {
        Some((day, _)) => nth_weekday(n, day)?,
        None if n <= 28
            && text.before(end).is_some_and(|c| matches!(c, 't' | 'h' | 'd'))
            && text.at(i)?.is_ascii_digit() =>
        {
            on(Rhythm::OnDay(u8::try_from(n).ok()?), 0)
        }
        None => return None,
    };
    let end = named.map_or(end, |(_, end)| end);
    match (lead, month(end)) {
        (_, Some(end)) => Some((beat, end)),
        (Some(_), None) => Some((beat, end)),
        (None, None) => None,
    }
}
