//! 重复 — 每周六9:30, 每两周周六上午9点半, 每天19点, 每月8日, 每月第一个周六, every other Saturday 2pm, first Sunday of every month.

use super::day::{LAST, WEEKDAYS, day_of_week, english_month, nth};
use super::number::count;
use super::resolve::hours;
use super::rest;
use super::run::{Said, run};
use super::text::{Text, is_mark, parts};
use super::token::{Part, list, or, to};
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

/// Why a recurrence cannot be done, or cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unable {
    /// 每三周, 每季度: it is not known.
    Rhythm,
    /// 每周二、四, 9:30和15:00: of several days or hours.
    Several,
    /// 工作日每天, 节假日除外: not on all of them.
    Only,
    /// 从4月起, 到6月底: from then on, until then.
    Span,
    /// At which hour is not said, or not to be read.
    Hour,
}

/// A recurrence that cannot be done, or cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// Why.
    pub why: Unable,
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
    let is_limited = |i: usize| text.at(i) == Some('每') && limited(&text, i).is_some();
    let begins_here = |i: usize| text.begins_word(i) || is_glued(i) || is_limited(i);
    let starts = (0..text.len()).filter(|i| text.byte(*i) >= skip && begins_here(*i));
    let from = starts.into_iter().find(|i| begins(&text, *i))?;
    let fifth = fifth(&text, from);
    let unclear = |why: Unable, from: usize| Unclear {
        why,
        used: used(&text, from, text.len()),
        hours: Vec::new(),
        hour: 0..0,
        fifth: fifth.map(|(end, day)| (used(&text, from, end), day)),
    };
    if let Some((why, from)) = limited(&text, from) {
        return Some(Err(unclear(why, from)));
    }
    let Some((beat, end)) = beat(&text, from) else { return Some(Err(unclear(unknown(&text, from), from))) };
    let found = timed(&text, from, beat, end).map_err(|failed| match failed {
        Failed::Why(why) => unclear(why, from),
        Failed::Hours(unclear) => unclear,
    });
    Some(found)
}

/// What of a recurrence that is none of ours it is that nobody knows.
fn unknown(text: &Text<'_>, from: usize) -> Unable {
    let clause: String = text.rest(from).iter().take_while(|c| !c.is_whitespace()).collect();
    let words: String = text.rest(from).iter().take(40).collect();
    let of_week = ["每", "每逢", "逢", "每个"].iter().filter_map(|word| text.eat(from, word));
    let of_week = of_week.filter_map(|i| text.one_of(text.skip(i), &WEEK)).max().map(|i| text.skip(i));
    let names_a_day = |i: usize| text.at(i).is_some_and(|c| c == '末' || day_of_week(c).is_some());
    let is_listed = ["、", "和", "及", "/"].iter().any(|mark| clause.contains(mark));
    if ["工作日", "weekday", "workday", "working day"].iter().any(|word| words.contains(word)) {
        Unable::Only
    } else if of_week.is_some_and(names_a_day) || words.contains("weekend") || is_listed && clause.starts_with("每") {
        Unable::Several
    } else {
        Unable::Rhythm
    }
}

/// Longest words before a recurrence that may limit it, in characters.
const MAX_LIMIT: usize = 24;

/// Which days only: 工作日每天, 平时每周六.
const ONLY: [&str; 17] = [
    "工作日",
    "每个工作日",
    "非工作日",
    "上班日",
    "上课日",
    "平日",
    "平时",
    "周末",
    "双休日",
    "节假日",
    "非节假日",
    "放假",
    "weekday",
    "weekdays",
    "workdays",
    "weekends",
    "working days",
];
/// When only: 暑假每周六.
const SEASONS: [&str; 17] = [
    "寒假",
    "暑假",
    "寒暑假",
    "暑期",
    "寒假期间",
    "暑假期间",
    "假期",
    "假期里",
    "学期内",
    "开学后",
    "春季",
    "夏季",
    "秋季",
    "冬季",
    "夏天",
    "冬天",
    "春天",
];

/// What limits a recurrence and stands before it, and where that begins: 工作日每天, 从4月起，每周六. A word alone before it is a name.
fn limited(text: &Text<'_>, at: usize) -> Option<(Unable, usize)> {
    let is_between = |i: &usize| text.at(*i).is_some_and(|c| c.is_whitespace() || is_mark(c));
    let end = (0..at).rev().find(|i| !is_between(i))? + 1;
    let from = (0..end).rev().take_while(|i| text.at(*i).is_some_and(|c| !parts(c))).last()?;
    let word: String = text.rest(from).iter().take(end - from).collect();
    let is_first = from == text.skip(0) && end < at;
    if ONLY.contains(&word.as_str()) && !is_first {
        return Some((Unable::Only, from));
    }
    if SEASONS.contains(&word.as_str()) && !is_first || is_span(&word) {
        return Some((Unable::Span, from));
    }
    let april = english_month(text, from).is_some_and(|(_, i)| i == end);
    let lead = |i: usize| text.one_of(i, &["from", "since", "after", "starting", "until"]).map(|i| text.skip(i));
    let starts = text.skip(0).max(end.saturating_sub(MAX_LIMIT))..end;
    let starts = starts.filter(|i| text.begins_word(*i) && !is_between(i));
    for start in starts {
        if april && lead(start) == Some(from) {
            return Some((Unable::Span, start));
        }
        let Some(found) = run(text, start).filter(|found| found.end == end && found.said.has_day()) else { continue };
        let is_week = found.said.weekday.is_some() && (found.to.is_some() || !found.or.is_empty());
        if is_week {
            return Some((Unable::Only, start));
        }
        // 便民日, 周六 as a name: a day alone limits nothing.
        if found.said.is_start || found.said.is_end || found.said.is_after || found.to.is_some() {
            return Some((Unable::Span, start));
        }
    }
    None
}

/// 从4月起, 下月开始, 到6月底: from or until some day, though not which.
fn is_span(word: &str) -> bool {
    let ends = ["起", "开始", "始", "后", "以后", "之后", "止", "为止", "底", "前", "之前"];
    let leads = ["从", "自", "到", "至"];
    let is_said = leads.iter().any(|lead| word.starts_with(lead)) || ends.iter().any(|end| word.ends_with(end));
    let is_figure = |c: char| c.is_ascii_digit() || "一二三四五六七八九十下本今明".contains(c);
    let mut chars = word.chars().peekable();
    let mut names_one = false;
    while let Some(c) = chars.next() {
        names_one |= is_figure(c) && chars.peek().is_some_and(|next| "月日号年天周个季".contains(*next));
    }
    is_said && names_one
}

/// What stands behind the hour of a recurrence and limits it.
fn limits_behind(text: &Text<'_>, at: usize) -> Option<Unable> {
    const NOT_ON: [&str; 8] = ["除外", "节假日", "放假", "工作日", "寒假", "暑假", "except", "excluding"];
    let mut next = text.skip(at);
    while text.at(next).is_some_and(is_mark) {
        next = text.skip(next + 1);
    }
    let close = text.one_of(next, &["(", "[", "【"]).map(|_| |c: char| matches!(c, ')' | ']' | '】'));
    let ends = |c: &char| close.map_or_else(|| parts(*c), |is_close| is_close(*c));
    let clause: String = text.rest(next).iter().take_while(|c| !ends(c)).collect();
    let clause = clause.trim_start_matches(['(', '[', '【']);
    if NOT_ON.iter().any(|word| clause.contains(word)) || rest::note(text, at, true).is_some() {
        return Some(Unable::Only);
    }
    let is_time = || run(text, next).is_some_and(|found| found.said.is_start || found.said.is_end);
    (is_span(clause) || is_time()).then_some(Unable::Span)
}

/// Why no hour is read behind a recurrence.
enum Failed {
    Why(Unable),
    Hours(Unclear),
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

/// Whether another day stands behind the first: 每月1号和15号, every Saturday and Sunday.
fn is_one_of_several(text: &Text<'_>, end: usize) -> bool {
    let next = list(text, end).or_else(|| to(text, end)).or_else(|| or(text, end));
    next.is_some_and(|i| {
        let is_day = run(text, i).is_some_and(|found| found.said.has_day() && !found.said.is_end);
        is_day || text.at(i).is_some_and(|c| c == '第' || !c.is_ascii_digit() && day_of_week(c).is_some())
    })
}

fn timed(text: &Text<'_>, from: usize, beat: Beat, end: usize) -> Result<Taken<Every>, Failed> {
    let why = |why: Unable| move || Failed::Why(why);
    if is_one_of_several(text, end) {
        return Err(Failed::Why(Unable::Several));
    }
    let mut i = text.skip(end);
    while text.at(i).is_some_and(|c| matches!(c, ',' | '的' | '、')) {
        i = text.skip(i + 1);
    }
    let i = text.one_of(i, &["at", "from"]).map_or(i, |end| text.skip(end));
    let found = run(text, i).filter(|found| found.from == i).ok_or_else(why(Unable::Hour))?;
    if !found.or.is_empty() {
        return Err(Failed::Why(Unable::Several));
    }
    if found.to.as_ref().is_some_and(Said::has_day) || found.said.is_start || found.said.is_end {
        return Err(Failed::Why(Unable::Span));
    }
    let Said { day: None, weekday: None, length: None, vague: None, is_about: false, .. } = found.said else {
        return Err(Failed::Why(Unable::Several));
    };
    if !text.ends_word(found.end) && !ends_in_hour(text, &found) {
        return Err(Failed::Why(Unable::Hour));
    }
    if let Some(why) = limits_behind(text, found.end) {
        return Err(Failed::Why(why));
    }
    let clock = found.said.clock.ok_or_else(why(Unable::Hour))?;
    let part = found.said.part.or(beat.part);
    let all = hours(clock, part).ok_or_else(why(Unable::Hour))?;
    let hour = used(text, found.from, found.end);
    let time = match all.as_slice() {
        [(0, time)] => *time,
        several => {
            let hours = several.iter().filter(|(days, _)| *days == 0).map(|(_, time)| *time).collect();
            let used = used(text, from, found.end);
            return Err(Failed::Hours(Unclear { why: Unable::Hour, used, hours, hour, fifth: None }));
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
                    .ok_or_else(why(Unable::Hour))?,
            )
        }
        Some(_) => return Err(Failed::Why(Unable::Span)),
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
        ("每早", Some(Part::Early)),
        ("every day", None),
        ("daily", None),
        ("each day", None),
        ("every morning", Some(Part::Early)),
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
