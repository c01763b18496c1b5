//! 余下 — what stands before and behind a time: nothing that may belong to a time is left there for a name, a place or a matter.

use super::number::arabic;
use super::run::{Run, Said, run};
use super::text::{Text, is_mark, parts};
use super::token::{Clock, Day, Form, Month, Token, Year, particle, to, token};
use super::{Doubt, Now, Offer, Why, ending, every, readings, settle, single, used};
use chrono::NaiveDateTime;
use std::ops::Range;

/// Whether a word that begins here is a time, and no number of a house.
pub(super) fn is_time_at(text: &Text<'_>, at: usize) -> bool {
    let Some(run) = run(text, at) else { return false };
    // “三月十号，10，14:00-16:00”: some of it ends where a word does.
    let whole = Some((run.said, run.end)).filter(|(_, end)| text.ends_word(*end));
    let Some((said, end)) = whole.or_else(|| run.stops.last().copied()) else { return false };
    let weak = |day: Option<Day>| match day {
        Some(Day::On { month: Month::Unsaid, .. } | Day::On { is_slashed: true, .. }) => true,
        Some(Day::On { year: Year::Unsaid, .. }) => !text.rest(at).iter().take(end - at).any(|c| c.is_alphabetic()),
        _ => false,
    };
    !(weak(said.day) && said.weekday.is_none() && said.clock.is_none() && said.part.is_none())
}

/// Whether a word looks like a piece of a time that cannot be read: 10:0, 25点; or like minutes behind an hour: 18点 30;
/// “Friday week”.
fn is_torn(text: &Text<'_>, at: usize, run: &Run) -> bool {
    let said = &run.said;
    let at = text.one_of(at, &["am", "pm", "a.m.", "p.m."]).map_or(at, |end| text.skip(end));
    let word: Vec<char> = text.rest(at).iter().copied().take_while(|c| !c.is_whitespace() && *c != ',').collect();
    let is_figure = |c: &char| c.is_ascii_digit();
    let dashes = word.iter().filter(|c| matches!(c, '-' | '/' | '.')).count();
    let has_sign = dashes > 1 || word.iter().any(|c| matches!(c, ':' | '点' | '时' | '分' | '年' | '月'));
    let is_sign = |c: &char| is_figure(c) || ":点时分年月日号-/.".contains(*c);
    let is_clock = has_sign && word.iter().all(is_sign) && word.iter().any(is_figure);
    let is_open = word.first().is_some_and(|c| matches!(c, '(' | '[' | '【')) && token(text, at + 1).is_some();
    let is_bare = word.len() <= 2 && word.iter().all(is_figure);
    let lacks_minutes = matches!(text.before(run.end), Some('点' | '时')) && text.skip(run.end) == at;
    let is_week = said.weekday.is_some() && text.one_of(at, &["week", "fortnight"]).is_some();
    is_clock || is_open || is_week || (is_bare && lacks_minutes)
}

/// What a word of figures would be as an hour, and whether it is the first of two: 10, 0930, 14-16.
fn figures(text: &Text<'_>, at: usize, end: usize) -> Option<(Clock, bool)> {
    let first = arabic(text, at)?;
    let fits = |hour: u32| hour <= 24;
    if first.end == end {
        let (hour, minute) = if first.digits > 2 { (first.value / 100, first.value % 100) } else { (first.value, 0) };
        // 305 is rather the number of a room.
        let is_hour = match first.digits {
            0..=2 | 4 => true,
            3 => matches!(minute, 0 | 15 | 30 | 45),
            _ => false,
        };
        let form = if first.digits > 2 { Form::Padded } else { Form::Bare };
        return (is_hour && fits(hour) && minute < 60).then_some((Clock { hour, minute, form }, false));
    }
    let second = arabic(text, to(text, first.end)?).filter(|second| second.end == end)?;
    let is_hours = first.digits <= 2 && second.digits <= 2 && fits(second.value) && first.value < second.value;
    is_hours.then_some((Clock { hour: first.value, minute: 0, form: Form::Bare }, true))
}

/// Behind a word.
fn word_end(text: &Text<'_>, at: usize) -> usize {
    let is_inside =
        |i: usize| matches!(text.at(i), Some(':' | '~')) && text.at(i + 1).is_some_and(|c| c.is_ascii_digit());
    (at..text.len()).find(|i| text.at(*i).is_some_and(parts) && !is_inside(*i)).unwrap_or(text.len())
}

/// Figures that may be the hour of a day that has none.
pub(super) fn bare_hour(text: &Text<'_>, at: usize, best: &Run, now: &Now) -> Option<Doubt> {
    let said = &best.said;
    let lacks_hour = said.clock.is_none() && said.length.is_none() && *said != Said::default();
    let end = word_end(text, at);
    let (clock, mut is_range) = figures(text, at, end).filter(|_| lacks_hour)?;
    let mut last = end;
    if let Some(other) = to(text, end).and_then(|i| arabic(text, i)) {
        (last, is_range) = (other.end, true);
    }
    let between = text.rest(best.end).iter().take(at.saturating_sub(best.end));
    let is_next = at >= best.end && between.copied().all(|c| c.is_whitespace() || is_mark(c));
    let options = match settle(&Said { clock: Some(clock), ..*said }, now) {
        _ if !is_next || is_range => Vec::new(),
        Ok(meant) => vec![meant.at],
        Err(trouble) => trouble.options,
    };
    let range = used(text, best.from.min(at), best.end.max(last));
    Some(Doubt { why: Why::BareHour, offers: offers(options, &range), used: range })
}

fn offers(options: Vec<NaiveDateTime>, used: &Range<usize>) -> Vec<Offer> {
    options.into_iter().map(|at| Offer { at, until: None, used: used.clone() }).collect()
}

/// What says of a time that it is not sure, wherever it stands alone; and zones, which nobody reckons in here.
const UNSURE: [&str; 27] = [
    "暂定",
    "待定",
    "暂",
    "初定",
    "拟定",
    "预计",
    "估计",
    "大概",
    "大约",
    "可延长",
    "可延期",
    "可顺延",
    "最多",
    "至多",
    "最长",
    "tbc",
    "tbd",
    "tentative",
    "tentatively",
    "provisional",
    "max",
    "maximum",
    "gmt",
    "utc",
    "cet",
    "cest",
    "bst",
];
/// What is said beside the hour of a gathering, and is no place.
const BESIDE: [&str; 20] = [
    "顺延",
    "改期",
    "推迟",
    "提前",
    "暂定",
    "待定",
    "不见不散",
    "风雨无阻",
    "如遇",
    "遇雨",
    "雨天",
    "下雨",
    "过时不候",
    "另行通知",
    "勿迟到",
    "别迟到",
    "不要迟到",
    "照常",
    "为准",
    "早点到",
];
/// What is said in brackets beside it.
const IN_BRACKETS: [&str; 5] = ["重要", "紧急", "必看", "通知", "务必"];

/// Behind what somebody says beside a time: （暂定）, GMT, and where a place is looked for 下雨顺延, 提前10分钟到, 周日休息. It is neither
/// a place nor a matter.
pub(super) fn note(text: &Text<'_>, at: usize, is_place: bool) -> Option<usize> {
    let i = next_word(text, at);
    let open = text.one_of(i, &["(", "[", "【"]);
    let from = open.unwrap_or(i);
    let end = match open {
        Some(from) => (from..text.len()).find(|i| text.at(*i).is_some_and(|c| matches!(c, ')' | ']' | '】')))?,
        None => word_end(text, i),
    };
    let behind = if open.is_some() { end + 1 } else { end };
    let clause: String = text.rest(from).iter().take(end - from).collect();
    let clause = clause.trim();
    if UNSURE.contains(&clause) {
        return Some(behind);
    }
    const SENTENCES: [&str; 5] =
        ["weather permitting", "if it rains", "rain or shine", "to be confirmed", "to be decided"];
    let is_beside = BESIDE.iter().any(|word| clause.contains(word))
        || ["休息", "放假"].iter().any(|word| clause.ends_with(word))
        || (open.is_some() && IN_BRACKETS.iter().any(|word| clause.contains(word)));
    match text.one_of(from, &SENTENCES) {
        Some(end) if is_place => Some(if open.is_some() { behind } else { end }),
        _ => (is_place && is_beside).then_some(behind),
    }
}

/// “周六9:30，下雨顺延 议事室”: the time, and what cannot be kept with it.
pub(super) fn noted(text: &Text<'_>, best: &Run, is_place: bool, now: &Now) -> Option<Doubt> {
    let mut end = note(text, best.end, is_place)?;
    while let Some(more) = note(text, end, is_place) {
        end = more;
    }
    let range = used(text, best.from, end);
    Some(Doubt { why: Why::Beside, offers: offers(readings(best, now), &range), used: range })
}

/// Behind what limits a term: only, max, 最多.
pub(super) fn limit(text: &Text<'_>, at: usize) -> Option<usize> {
    let words = [
        "max",
        "maximum",
        "only",
        "at most",
        "at the most",
        "at least",
        "tops",
        "at the latest",
        "or less",
        "or more",
        "最多",
        "至多",
        "最长",
        "至少",
        "为宜",
        "不等",
        "以上",
        "以下",
    ];
    text.one_of(at, &words).filter(|end| text.ends_word(*end) || particle(text, *end).is_some())
}

/// “3 days only Shall we”: it is of the term, or the question begins with it.
fn limited(text: &Text<'_>, best: &Run, now: &Now) -> Option<Doubt> {
    let at = next_word(text, best.end);
    let end = limit(text, at).filter(|_| best.said.length.is_some())?;
    let range = used(text, best.from, end);
    let mut all = offers(readings(best, now), &range);
    if at > best.end {
        all.extend(offers(readings(best, now), &used(text, best.from, best.end)));
    }
    Some(Doubt { why: Why::Either, offers: all, used: range })
}

/// What somebody meets for, behind a weekday.
fn is_meeting(text: &Text<'_>, run: &Run) -> bool {
    let ends = |word: &str| run.end.checked_sub(2).is_some_and(|i| text.eat(i, word) == Some(run.end));
    run.said.weekday.is_some() && ["开会", "举行", "召开", "集合"].iter().any(|word| ends(word))
}

/// “3月4日20:00 周日开会”: day and hour are said, and what is asked begins with a weekday.
pub(super) fn before_meeting(text: &Text<'_>, run: Run) -> Run {
    let is_stop = |(said, end): &&(Said, usize)| *end < run.end && said.is_full() && said.weekday.is_none();
    let stop = run.stops.iter().rev().find(is_stop).copied();
    match stop.filter(|_| run.to.is_none() && run.or.is_empty() && is_meeting(text, &run)) {
        Some((said, end)) => Run { said, end, ..run },
        None => run,
    }
}

/// Behind blanks and marks.
fn next_word(text: &Text<'_>, at: usize) -> usize {
    let mut next = text.skip(at);
    while text.at(next).is_some_and(is_mark) {
        next = text.skip(next + 1);
    }
    next
}

fn two_times(text: &Text<'_>, best: &Run, at: usize) -> Doubt {
    let end = run(text, at).map_or(at, |run| run.end).max(word_end(text, at));
    Doubt { why: Why::TwoTimes, offers: Vec::new(), used: used(text, best.from.min(at), best.end.max(end)) }
}

/// Where a second time stands behind this one.
pub(super) fn alone(text: &Text<'_>, best: &Run, now: &Now) -> Result<(), Doubt> {
    let next = next_word(text, best.end);
    if next >= text.len() {
        return Ok(());
    }
    let asked = bare_hour(text, next, best, now).or_else(|| limited(text, best, now));
    if let Some(doubt) = asked.or_else(|| noted(text, best, false, now)) {
        return Err(doubt);
    }
    let is_matter = run(text, next).is_some_and(|run| run.said.clock.is_none() && is_meeting(text, &run));
    let is_time = !is_matter && is_time_at(text, next);
    if is_time || is_torn(text, next, best) { Err(two_times(text, best, next)) } else { Ok(()) }
}

/// Where a run may end, in whichever way it is meant.
fn ends(run: &Run, now: &Now) -> Vec<NaiveDateTime> {
    match ending(run, now) {
        Ok(deadline) => vec![deadline.at.with_timezone(&now.tz).naive_local()],
        Err(trouble) => trouble.options,
    }
}

/// “3天（到周四晚8点）”: the same time once more in a bracket is read with it, another is asked about; and so is what stands in one that
/// is glued to the time, 3天（节假日顺延）, for it speaks of the time and not of the matter.
pub(super) fn bracketed(text: &Text<'_>, best: Run, now: &Now) -> Result<Run, Doubt> {
    let open = text.skip(best.end);
    if !text.at(open).is_some_and(|c| matches!(c, '(' | '[' | '【')) {
        return Ok(best);
    }
    let close = (open..text.len()).find(|i| text.at(*i).is_some_and(|c| matches!(c, ')' | ']' | '】')));
    let Some(close) = close.filter(|close| text.ends_word(close + 1)) else { return Ok(best) };
    let range = used(text, best.from, close + 1);
    let inside = |from: usize| run(text, from).filter(|inner| text.skip(inner.end) == close);
    match inside(open + 1).or_else(|| to(text, open + 1).and_then(inside)) {
        Some(inner) => {
            let (said, again) = (ends(&best, now), ends(&inner, now));
            match said.first().is_some_and(|at| said.len() == 1 && again.contains(at)) {
                true => Ok(Run { end: close + 1, ..best }),
                false => {
                    let offers = offers(said.into_iter().chain(again).collect(), &range);
                    Err(Doubt { why: Why::TwoTimes, offers, used: range })
                }
            }
        }
        None if open == best.end => {
            Err(Doubt { why: Why::Beside, offers: offers(readings(&best, now), &range), used: range })
        }
        None => Ok(best),
    }
}

/// “5天 3月20日前完成”: two ends of one thing.
pub(super) fn one_end(text: &Text<'_>, best: &Run, now: &Now) -> Result<(), Doubt> {
    let next = next_word(text, best.end);
    let Some(other) = run(text, next).filter(|other| other.from == next && other.said.has_day()) else { return Ok(()) };
    let tail = text.one_of(other.end, &["前", "之前", "以前", "内", "之内", "以内"]);
    if tail.is_none() && !other.said.is_end {
        return Ok(());
    }
    let range = used(text, best.from, tail.unwrap_or(other.end));
    let options = [best.said, other.said].into_iter().filter_map(|said| settle(&said, now).ok()).map(|meant| meant.at);
    Err(Doubt { why: Why::TwoTimes, offers: offers(options.collect(), &range), used: range })
}

/// Whether an hour or a date in figures begins here, be it inside a word: 在9:30前到, 起每周六下午2点.
pub(super) fn is_written_at(text: &Text<'_>, at: usize) -> bool {
    let begins =
        text.at(at).is_some_and(|c| c.is_ascii_digit()) && !text.before(at).is_some_and(|c| c.is_ascii_digit());
    if !begins {
        return false;
    }
    let Some((pieces, _)) = token(text, at) else { return false };
    match pieces.as_slice() {
        [Token::Clock(Clock { form: Form::Spoken | Form::Padded, hour, minute })] => *hour <= 24 && *minute < 60,
        [Token::Day(Day::On { month: Month::Number(_), .. })] => {
            arabic(text, at).is_some_and(|n| text.eat(n.end, "月").is_some())
        }
        _ => false,
    }
}

/// Whether nothing of a time is left before and behind one.
pub(super) fn holds_none(
    text: &Text<'_>,
    best: &Run,
    (skip, range): (usize, &Range<usize>),
    now: &Now,
) -> Result<(), Doubt> {
    let is_outside = |i: &usize| text.byte(*i) >= skip && (text.byte(*i) < range.start || text.byte(*i) >= range.end);
    for i in (0..text.len()).filter(is_outside).filter(|i| text.at(*i).is_some_and(|c| !c.is_whitespace())) {
        let is_time = is_written_at(text, i)
            || (text.begins_word(i) && (every::begins(text, i) || is_time_at(text, i) || is_torn(text, i, best)));
        if let Some(doubt) = bare_hour(text, i, best, now).filter(|_| text.begins_word(i)) {
            return Err(doubt);
        }
        if is_time {
            return Err(two_times(text, best, i));
        }
    }
    Ok(())
}

/// “0308 9:30”, “250308 9:30”: figures before an hour that has no date may be one, or the number of a room.
pub(super) fn no_bare_date(text: &Text<'_>, best: &Run, now: &Now) -> Result<(), Doubt> {
    let said = &best.said;
    let end = (0..best.from).rev().find(|i| text.at(*i).is_some_and(|c| !c.is_whitespace() && !is_mark(c)));
    let Some(end) = end.map(|i| i + 1).filter(|_| said.day.is_none() && said.length.is_none()) else { return Ok(()) };
    let from = (0..end).rev().take_while(|i| text.at(*i).is_some_and(|c| c.is_ascii_digit())).last().unwrap_or(end);
    if !text.begins_word(from) {
        return Ok(());
    }
    let digits: Vec<u32> = text.rest(from).iter().take(end - from).filter_map(|c| c.to_digit(10)).collect();
    let (year, month, day) = match digits.as_slice() {
        [m, n, d, e] => (Year::Unsaid, m * 10 + n, d * 10 + e),
        [2, y, m, n, d, e] => (i32::try_from(2020 + y).map_or(Year::Unsaid, Year::Number), m * 10 + n, d * 10 + e),
        _ => return Ok(()),
    };
    let day = Day::On { year, month: Month::Number(month), day, is_term: false, is_slashed: false };
    let Ok(dated) = settle(&Said { day: Some(day), ..*said }, now) else { return Ok(()) };
    let range = used(text, from, best.end);
    let mut all = offers(vec![dated.at], &range);
    // A room has no nought before its number.
    let is_room = digits.first() != Some(&0);
    if is_room {
        all.extend(offers(readings(best, now), &used(text, best.from, best.end)));
    }
    Err(Doubt { why: if is_room { Why::Either } else { Why::Vague }, offers: all, used: range })
}

/// “周六恳谈会 9:30”: the day of a gathering is not left over for its name.
pub(super) fn name_has_no_day(text: &Text<'_>, best: &Run, skip: usize, now: &Now) -> Result<(), Doubt> {
    let named = run(text, 0).filter(|named| skip > 0 && !best.said.has_day() && text.byte(named.end) <= skip);
    let Some(named) = named.map(|named| named.said) else { return Ok(()) };
    let is_day = match named.day {
        Some(Day::On { month, .. }) => month != Month::Unsaid,
        Some(Day::Away(_)) => true,
        Some(Day::Last(..)) => false,
        None => named.weekday.is_some(),
    };
    if !is_day {
        return Ok(());
    }
    let with_day = Said { day: named.day, also: named.also, weekday: named.weekday, ..best.said };
    let both = [settle(&with_day, now), single(best, now)];
    let mut options: Vec<NaiveDateTime> = both.into_iter().filter_map(Result::ok).map(|meant| meant.at).collect();
    options.dedup();
    let range = used(text, best.from, best.end);
    Err(Doubt { why: Why::Either, offers: offers(options, &range), used: range })
}
