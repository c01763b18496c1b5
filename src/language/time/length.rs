//! 时限 — 3天, 三天之内, 半个月, 一个半月, 两周, 48小时, 三个工作日, 3天零2小时, two weeks, half an hour, 3 and a half days.

use super::day::weekday;
use super::number::{count, figure};
use super::text::Text;
use super::token::{Length, Unit};

/// Largest count.
const MAX_COUNT: u32 = 100_000;

/// What one of a unit comes to.
const UNITS: [(&str, Unit, u32); 50] = [
    ("天", Unit::Days, 1),
    ("整天", Unit::Days, 1),
    ("日", Unit::Days, 1),
    ("周", Unit::Days, 7),
    ("星期", Unit::Days, 7),
    ("礼拜", Unit::Days, 7),
    ("月", Unit::Months, 1),
    ("季度", Unit::Months, 3),
    ("年", Unit::Months, 12),
    ("小时", Unit::Minutes, 60),
    ("钟头", Unit::Minutes, 60),
    ("刻钟", Unit::Minutes, 15),
    ("分钟", Unit::Minutes, 1),
    ("工作日", Unit::WorkingDays, 1),
    ("工作天", Unit::WorkingDays, 1),
    ("自然日", Unit::Days, 1),
    ("自然天", Unit::Days, 1),
    ("日历日", Unit::Days, 1),
    ("日历天", Unit::Days, 1),
    ("calendar day", Unit::Days, 1),
    ("calendar days", Unit::Days, 1),
    ("day", Unit::Days, 1),
    ("days", Unit::Days, 1),
    ("week", Unit::Days, 7),
    ("weeks", Unit::Days, 7),
    ("wk", Unit::Days, 7),
    ("wks", Unit::Days, 7),
    ("fortnight", Unit::Days, 14),
    ("fortnights", Unit::Days, 14),
    ("month", Unit::Months, 1),
    ("months", Unit::Months, 1),
    ("year", Unit::Months, 12),
    ("years", Unit::Months, 12),
    ("hour", Unit::Minutes, 60),
    ("hours", Unit::Minutes, 60),
    ("hrs", Unit::Minutes, 60),
    ("hr", Unit::Minutes, 60),
    ("h", Unit::Minutes, 60),
    ("minute", Unit::Minutes, 1),
    ("minutes", Unit::Minutes, 1),
    ("mins", Unit::Minutes, 1),
    ("min", Unit::Minutes, 1),
    ("working day", Unit::WorkingDays, 1),
    ("working days", Unit::WorkingDays, 1),
    ("business day", Unit::WorkingDays, 1),
    ("business days", Unit::WorkingDays, 1),
    ("workday", Unit::WorkingDays, 1),
    ("workdays", Unit::WorkingDays, 1),
    ("weekday", Unit::WorkingDays, 1),
    ("weekdays", Unit::WorkingDays, 1),
];

fn unit(text: &Text<'_>, at: usize) -> Option<(Unit, u32, usize)> {
    let found = UNITS.iter().filter_map(|(word, unit, each)| Some((*unit, *each, text.eat(at, word)?)));
    found.max_by_key(|(_, _, end)| *end)
}

/// Units that are no units without 个 before or something behind: “3月” is a month, “5日” a day, “3年” hardly a term.
fn needs_more(text: &Text<'_>, at: usize, has_measure: bool, end: usize) -> bool {
    let is = |word: &str| text.eat(at, word) == Some(end);
    let inside =
        || text.one_of(text.skip(end), &["内", "之内", "以内", "后", "之后", "以后", "为限", "为期"]).is_some();
    (is("月") && !has_measure) || (is("日") && !inside())
}

/// How long, in one unit or in two: 3天零2小时, 1个月零5天, 1 week 2 days.
pub(super) fn length(text: &Text<'_>, at: usize) -> Option<(Length, usize)> {
    let (first, end) = in_one_unit(text, at)?;
    let is_word = text.before(end).is_some_and(|c| c.is_ascii_alphabetic());
    let next = text.one_of(end, &["零", "又", "外加", "加"]).unwrap_or(end);
    // “3天 2小时内回复” are two times, “1 week 2 days” are one.
    let next = if is_word { text.skip(text.one_of(text.skip(next), &["and"]).unwrap_or(next)) } else { next };
    match in_one_unit(text, next).and_then(|(second, end)| Some((sum(first, second)?, end))) {
        Some(both) => Some(both),
        None => Some((first, end)),
    }
}

/// Both together, where the second is counted in a smaller unit.
fn sum(first: Length, second: Length) -> Option<Length> {
    let minutes = |days: u32, minutes: u32| days.checked_mul(24 * 60)?.checked_add(minutes);
    match (first.unit, second.unit) {
        (Unit::Months, Unit::Days) => Some(Length { days: first.days.checked_add(second.n)?, ..first }),
        (Unit::Days, Unit::Days) if first.n.is_multiple_of(7) && second.n < 7 => {
            Some(Length { n: first.n.checked_add(second.n)?, ..first })
        }
        (Unit::Days, Unit::Minutes) if second.n < 24 * 60 => {
            Some(Length { n: minutes(first.n, second.n)?, unit: Unit::Minutes, days: 0 })
        }
        (Unit::Minutes, Unit::Minutes) if first.n.is_multiple_of(60) && second.n < 60 => {
            Some(Length { n: first.n.checked_add(second.n)?, ..first })
        }
        (Unit::Minutes | Unit::Days | Unit::WorkingDays | Unit::Months, _) => None,
    }
}

/// So many of the unit of the length that begins at `at`: 2 of “2 or 3 weeks”.
pub(super) fn sharing(text: &Text<'_>, n: u32, at: usize) -> Option<Length> {
    let second = count(text, at)?;
    let i = text.skip(second.end);
    let measure = text.eat(i, "个").map(|end| text.skip(end));
    let (unit, each, end) = unit(text, measure.unwrap_or(i))?;
    // 2025 礼拜二.
    let is_weekday = each == 7 && weekday(text, measure.unwrap_or(i)).is_some();
    if is_weekday || n > MAX_COUNT || needs_more(text, measure.unwrap_or(i), measure.is_some(), end) {
        return None;
    }
    of(n, unit, each, false)
}

fn in_one_unit(text: &Text<'_>, at: usize) -> Option<(Length, usize)> {
    halves(text, at).or_else(|| decimal(text, at)).or_else(|| and_a_half(text, at)).or_else(|| {
        let n = count(text, at).filter(|n| n.value <= MAX_COUNT)?;
        let i = text.skip(n.end);
        let measure = text.eat(i, "个").map(|end| text.skip(end));
        let j = measure.unwrap_or(i);
        // 一个半月, 两个半小时, 三天半.
        if let Some(k) = measure.and_then(|j| text.eat(j, "半")) {
            let (unit, each, end) = unit(text, text.skip(k))?;
            return of(n.value, unit, each, true).map(|length| (length, end));
        }
        let (unit, each, end) = unit(text, j)?;
        if needs_more(text, j, measure.is_some(), end) {
            return None;
        }
        let half = text.eat(end, "半").filter(|_| unit == Unit::Days && (measure.is_none() || each == 7));
        of(n.value, unit, each, half.is_some()).map(|length| (length, half.unwrap_or(end)))
    })
}

/// 3 and a half days, a week and a half.
fn and_a_half(text: &Text<'_>, at: usize) -> Option<(Length, usize)> {
    let n = count(text, at).filter(|n| n.value <= MAX_COUNT)?;
    let i = text.skip(n.end);
    let (unit, each, end) = match text.eat(i, "and a half") {
        Some(end) => unit(text, text.skip(end))?,
        None => {
            let (unit, each, end) = unit(text, i)?;
            (unit, each, text.eat(text.skip(end), "and a half")?)
        }
    };
    of(n.value, unit, each, true).map(|length| (length, end))
}

/// So many, and a half.
fn of(n: u32, unit: Unit, each: u32, half: bool) -> Option<Length> {
    let all = n.checked_mul(each)?;
    Some(match (unit, half) {
        (_, false) => Length { n: all, unit, days: 0 },
        (Unit::Months, true) if each == 1 => Length { n: all, unit, days: 15 },
        (Unit::Months, true) => Length { n: all.checked_add(each / 2)?, unit, days: 0 },
        (Unit::Minutes, true) => Length { n: all.checked_add(each / 2)?, unit, days: 0 },
        (Unit::Days, true) if each <= 7 => {
            Length { n: all.checked_mul(24 * 60)?.checked_add(each * 12 * 60)?, unit: Unit::Minutes, days: 0 }
        }
        (Unit::Days | Unit::WorkingDays, true) => return None,
    })
}

/// 半个月, 半小时, 半年, half an hour, half a month.
fn halves(text: &Text<'_>, at: usize) -> Option<(Length, usize)> {
    const HALVES: [(&str, Unit, u32); 19] = [
        ("半个月", Unit::Days, 15),
        ("半月", Unit::Days, 15),
        ("半年", Unit::Months, 6),
        ("半周", Unit::Minutes, 84 * 60),
        ("半个星期", Unit::Minutes, 84 * 60),
        ("半个礼拜", Unit::Minutes, 84 * 60),
        ("half a week", Unit::Minutes, 84 * 60),
        ("half a day", Unit::Minutes, 12 * 60),
        ("半个小时", Unit::Minutes, 30),
        ("半小时", Unit::Minutes, 30),
        ("半个钟头", Unit::Minutes, 30),
        ("半个钟", Unit::Minutes, 30),
        ("half an hour", Unit::Minutes, 30),
        ("half a month", Unit::Days, 15),
        ("half a year", Unit::Months, 6),
        ("一年半", Unit::Months, 18),
        ("两天半", Unit::Minutes, 60 * 60),
        ("一天半", Unit::Minutes, 36 * 60),
        ("一昼夜", Unit::Minutes, 24 * 60),
    ];
    let found = HALVES.iter().filter_map(|(word, unit, n)| Some((*unit, *n, text.eat(at, word)?)));
    let (unit, n, end) = found.max_by_key(|(_, _, end)| *end)?;
    Some((Length { n, unit, days: 0 }, end))
}

/// 1.5小时, 2.5 days.
fn decimal(text: &Text<'_>, at: usize) -> Option<(Length, usize)> {
    let whole = figure(text, at)?;
    let end = text.eat(whole.end, ".5")?;
    let i = text.skip(end);
    let (unit, each, end) = unit(text, text.eat(i, "个").map_or(i, |end| text.skip(end)))?;
    of(whole.value, unit, each, true).map(|length| (length, end))
}
