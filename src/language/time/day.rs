//! 日子 — 3月15日, 2026-3-15, 3.15, 15号, 下月15日, 明晚, 下周三, 月底, March 5th 2027, the 15th.

use super::number::{Figure, arabic, count, figure, year};
use super::text::{Text, is_mark};
use super::token::{Day, Month, Part, Token, Vague, Weekday, Year};

const MONTHS: [(&str, u32); 24] = [
    ("january", 1),
    ("jan", 1),
    ("february", 2),
    ("feb", 2),
    ("march", 3),
    ("mar", 3),
    ("april", 4),
    ("apr", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("october", 10),
    ("oct", 10),
    ("november", 11),
    ("nov", 11),
    ("december", 12),
    ("dec", 12),
];

/// An English month, with the stop of a short one.
pub(super) fn english_month(text: &Text<'_>, at: usize) -> Option<(u32, usize)> {
    let (month, end) = text.any(at, &MONTHS)?;
    Some((month, text.eat(end, ".").unwrap_or(end)))
}

/// A date.
pub(super) fn dated(text: &Text<'_>, at: usize) -> Option<(Day, usize)> {
    let found = [
        numbered(text, at),
        in_a_row(text, at),
        spoken(text, at),
        marked(text, at),
        month_first(text, at),
        day_first(text, at),
        last(text, at),
    ];
    found.into_iter().flatten().max_by_key(|(_, end)| *end)
}

fn on(year: Year, month: Month, day: u32) -> Day {
    Day::On { year, month, day, is_term: false, is_slashed: false }
}

/// A year before a date: 2026年, 今年.
fn year_of(text: &Text<'_>, at: usize) -> Option<(Year, usize)> {
    const AWAY: [(&str, i32); 7] =
        [("今年", 0), ("本年", 0), ("明年", 1), ("后年", 2), ("去年", -1), ("this year", 0), ("next year", 1)];
    if let Some((away, end)) = text.any(at, &AWAY) {
        return Some((Year::Away(away), text.skip(text.eat(end, "的").unwrap_or(end))));
    }
    let Some((number, end)) = year(text, at) else { return short_year(text, at) };
    let end = text.eat(text.skip(end), "年")?;
    Some((Year::Number(number), text.skip(end)))
}

/// 25年 of 25年3月8日: two figures, and a month behind them; 25年 alone is a long time.
fn short_year(text: &Text<'_>, at: usize) -> Option<(Year, usize)> {
    let number = arabic(text, at).filter(|n| n.digits == 2 && (20..50).contains(&n.value))?;
    let end = text.skip(text.eat(number.end, "年")?);
    month_of(text, end).filter(|(month, _)| matches!(month, Month::Number(_)))?;
    Some((Year::Number(2000 + i32::try_from(number.value).ok()?), end))
}

/// A month before a day: 3月, 下个月.
fn month_of(text: &Text<'_>, at: usize) -> Option<(Month, usize)> {
    const AWAY: [(&str, i32); 12] = [
        ("本月", 0),
        ("这个月", 0),
        ("这月", 0),
        ("当月", 0),
        ("下月", 1),
        ("下个月", 1),
        ("下下月", 2),
        ("下下个月", 2),
        ("上月", -1),
        ("上个月", -1),
        ("this month", 0),
        ("next month", 1),
    ];
    if let Some((away, end)) = text.any(at, &AWAY) {
        return Some((Month::Away(away), text.skip(text.eat(end, "的").unwrap_or(end))));
    }
    let month = figure(text, at).filter(|month| month.digits <= 2)?;
    let end = text.eat(text.skip(month.end), "月")?;
    Some((Month::Number(month.value), text.skip(text.eat(end, "份").unwrap_or(end))))
}

/// 2026年3月15日, 3月15号, 3月15, 15号, 下月十五号.
fn spoken(text: &Text<'_>, at: usize) -> Option<(Day, usize)> {
    let (year, i) = year_of(text, at).unwrap_or((Year::Unsaid, at));
    let month = month_of(text, i);
    if year != Year::Unsaid && month.is_none() {
        return None;
    }
    let (month, i) = month.unwrap_or((Month::Unsaid, i));
    let day = figure(text, i).filter(|day| day.digits <= 2)?;
    let j = text.skip(day.end);
    // 三月廿二 without 日 is a day of the moon.
    if lunar_day(text, i).is_some() {
        return None;
    }
    if let Some(end) = text.one_of(j, &["号", "日"]) {
        // 号 of 3号楼 is no day.
        let is_number = month == Month::Unsaid && text.at(end - 1) == Some('号');
        let is_house = is_number
            && text
                .one_of(
                    end,
                    &[
                        "楼", "院", "栋", "幢", "线", "厅", "室", "门", "单元", "会议", "活动", "桌", "馆", "店",
                        "地块", "路", "井", "车",
                    ],
                )
                .is_some();
        let is_term = month == Month::Unsaid && text.at(end - 1) == Some('日');
        let day = Day::On { year, month, day: day.value, is_term, is_slashed: false };
        return (!is_house).then_some((day, end));
    }
    // 3月15 without 日 must end there.
    let next = text.at(j);
    let is_other = next.is_some_and(|c| "点时天个月周星分小人户楼%.:/年百千万半多几刻".contains(c) && c != '半');
    (month != Month::Unsaid && !is_other && !next.is_some_and(|c| c.is_ascii_digit()))
        .then(|| (on(year, month, day.value), day.end))
}

/// 2026-3-15, 2026/3/15, 2026.3.15, 2026-03-15T.
fn numbered(text: &Text<'_>, at: usize) -> Option<(Day, usize)> {
    let (number, i) = year(text, at)?;
    let mark = |i: usize| text.at(i).filter(|c| matches!(c, '-' | '/' | '.'));
    let first = mark(i)?;
    let month = arabic(text, i + 1).filter(|month| month.digits <= 2)?;
    if mark(month.end) != Some(first) {
        return None;
    }
    let day = arabic(text, month.end + 1).filter(|day| day.digits <= 2)?;
    let end = text.one_of(day.end, &["日", "号"]).unwrap_or(day.end);
    let end =
        if text.at(end) == Some('t') && text.at(end + 1).is_some_and(|c| c.is_ascii_digit()) { end + 1 } else { end };
    Some((on(Year::Number(number), Month::Number(month.value), day.value), end))
}

/// 20250315, 2025-0315: figures in a row, which no other number is.
fn in_a_row(text: &Text<'_>, at: usize) -> Option<(Day, usize)> {
    let digits = |from: usize| text.rest(from).iter().map_while(|c| c.to_digit(10)).collect::<Vec<u32>>();
    let number = |digits: &[u32]| digits.iter().fold(0, |sum, d| sum * 10 + d);
    let first = digits(at);
    let (year, last, end) = match first.len() {
        8 => (first.get(..4)?.to_vec(), first.get(4..)?.to_vec(), at + 8),
        4 if matches!(text.at(at + 4), Some('-' | '/' | '.')) => (first, digits(at + 5), at + 9),
        _ => return None,
    };
    let year = i32::try_from(number(&year)).ok().filter(|year| (2000..=2099).contains(year))?;
    let (month, day) = (number(last.get(..2)?), number(last.get(2..)?));
    let is_day = last.len() == 4 && (1..=12).contains(&month) && (1..=31).contains(&day);
    let is_free = !text.before(at).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.'));
    let goes_on = text.at(end).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '%'));
    (is_day && is_free && !goes_on).then(|| (on(Year::Number(year), Month::Number(month), day), end))
}

/// 3.15, 3/15, 3-15: figures that stand alone.
fn marked(text: &Text<'_>, at: usize) -> Option<(Day, usize)> {
    let month = arabic(text, at).filter(|month| month.digits <= 2)?;
    let is_slashed = match text.at(month.end)? {
        '.' => false,
        '/' => true,
        // 9-11 am, 9-11 点: a range of hours.
        '-' => {
            let day = arabic(text, month.end + 1)?;
            // 10-15 days: so many of them.
            let unit = text
                .one_of(text.skip(day.end), &["am", "pm", "a.m", "p.m", "点", "时", "号", "日", "天", "楼", "单元"]);
            let unit = unit.or_else(|| {
                let is_weekday = super::day::weekday(text, text.skip(day.end)).is_some();
                super::length::length(text, month.end + 1).map(|(_, end)| end).filter(|_| !is_weekday)
            });
            let fits = (1..=12).contains(&month.value) && (1..=31).contains(&day.value);
            if unit.is_some() || !fits || !text.ends_word(day.end) {
                return None;
            }
            false
        }
        _ => return None,
    };
    let day = arabic(text, month.end + 1).filter(|day| day.digits <= 2)?;
    let glued = text.at(day.end).is_some_and(|c| {
        c.is_ascii_alphanumeric()
            || matches!(
                c,
                '.' | '/' | '%' | '米' | '元' | '万' | '个' | '天' | '小' | '户' | '平' | '公' | '亩' | '分' | '倍'
            )
    });
    let free = text.before(at).is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '/'));
    let unit = text.one_of(day.end, &["日", "号"]);
    let end = unit.unwrap_or(day.end);
    let day =
        Day::On { year: Year::Unsaid, month: Month::Number(month.value), day: day.value, is_term: false, is_slashed };
    // 8/9号: of two days.
    let is_list = is_slashed && unit.is_some();
    (free && !glued && !is_list).then_some((day, end))
}

/// Behind an ordinal: 15th, fifteenth is not read.
fn ordinal(text: &Text<'_>, at: usize) -> Option<Figure> {
    let figure = arabic(text, at).filter(|figure| figure.digits <= 2)?;
    let end = text.one_of(figure.end, &["st", "nd", "rd", "th"])?;
    Some(Figure { end, ..figure })
}

fn english_year(text: &Text<'_>, at: usize) -> (Year, usize) {
    let i = text.skip(text.eat(at, ",").unwrap_or(at));
    match year(text, i).filter(|(_, end)| i > at && !text.at(*end).is_some_and(|c| c.is_ascii_alphanumeric())) {
        Some((number, end)) => (Year::Number(number), end),
        None => (Year::Unsaid, at),
    }
}

/// March 5th 2027, Mar 5, 2027.
fn month_first(text: &Text<'_>, at: usize) -> Option<(Day, usize)> {
    let (month, end) = english_month(text, at)?;
    let i = text.skip(end);
    let i = text.eat(i, "the").map_or(i, |end| text.skip(end));
    let day = ordinal(text, i).or_else(|| arabic(text, i).filter(|day| day.digits <= 2))?;
    // “March 9:30” and “March 9pm” are no days.
    if matches!(text.at(day.end), Some(':' | '.')) && text.at(day.end + 1).is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    if text.one_of(text.skip(day.end), &["am", "pm", "a.m", "p.m"]).is_some() {
        return None;
    }
    let (year, end) = english_year(text, day.end);
    Some((on(year, Month::Number(month), day.value), end))
}

/// 5 March 2027, the 5th of March, the 15th, 15th.
fn day_first(text: &Text<'_>, at: usize) -> Option<(Day, usize)> {
    let i = text.eat(at, "the").map_or(at, |end| text.skip(end));
    let with_the = i > at;
    let (day, is_ordinal) = match ordinal(text, i) {
        Some(day) => (day, true),
        None => (arabic(text, i).filter(|day| day.digits <= 2 && !with_the)?, false),
    };
    let j = text.skip(day.end);
    let j = text.eat(j, "of").map_or(j, |end| text.skip(end));
    match english_month(text, j).filter(|_| j > day.end) {
        Some((month, end)) => {
            let (year, end) = english_year(text, end);
            Some((on(year, Month::Number(month), day.value), end))
        }
        None => {
            let away = text.any(j, &[("next month", 1), ("this month", 0), ("the month", 0), ("the next month", 1)]);
            let (month, end) = away.map_or((Month::Unsaid, day.end), |(n, end)| (Month::Away(n), end));
            is_ordinal.then_some((on(Year::Unsaid, month, day.value), end))
        }
    }
}

/// 月底, 3月底, 下月底, 年底, the end of the month.
fn last(text: &Text<'_>, at: usize) -> Option<(Day, usize)> {
    let (year, i) = year_of(text, at).unwrap_or((Year::Unsaid, at));
    let said = |day: Day, end: usize| Some((day, end));
    if let Some(end) =
        text.one_of(at, &["年底", "年末", "今年底", "今年年底", "本年底", "the end of the year", "end of the year"])
    {
        return said(Day::Last(Year::Away(0), Month::Number(12)), end);
    }
    if let Some(end) = text.one_of(at, &["明年底", "明年年底"]) {
        return said(Day::Last(Year::Away(1), Month::Number(12)), end);
    }
    if let Some(end) = text.one_of(at, &["年内", "今年内", "本年内", "今年之内"]) {
        return said(Day::Last(Year::Away(0), Month::Number(12)), end);
    }
    if let Some(end) = text.one_of(i, &["月底", "月末", "月内"]).filter(|_| year == Year::Unsaid) {
        return said(Day::Last(Year::Unsaid, Month::Away(0)), end);
    }
    let of = text.one_of(at, &["the end of", "end of"]).map(|end| text.skip(end));
    if let Some(i) = of {
        if let Some((month, end)) = english_month(text, i) {
            let (year, end) = english_year(text, end);
            return said(Day::Last(year, Month::Number(month)), end);
        }
        let (away, end) = text.any(i, &[("the month", 0), ("this month", 0), ("month", 0), ("next month", 1)])?;
        return said(Day::Last(Year::Unsaid, Month::Away(away)), end);
    }
    if let Some((n, i)) = quarter(text, i) {
        let end = text.one_of(i, &["末", "底", "内", "结束", "之内", "以内"])?;
        return said(Day::Last(year, Month::Number(n * 3)), end);
    }
    let (month, i) = month_of(text, i)?;
    // 本月内; but 三月内 may be three months.
    let inside = || text.one_of(i, &["内", "之内", "以内"]).filter(|_| matches!(month, Month::Away(_)));
    let end = text.one_of(i, &["底", "末", "月底", "月末", "最后一天", "的最后一天"]).or_else(inside)?;
    said(Day::Last(year, month), end)
}

/// 第一季度, 二季度.
fn quarter(text: &Text<'_>, at: usize) -> Option<(u32, usize)> {
    let n = figure(text, text.eat(at, "第").unwrap_or(at)).filter(|n| (1..=4).contains(&n.value))?;
    text.one_of(n.end, &["季度", "季"]).map(|end| (n.value, end))
}

/// 明天, 今晚, tomorrow night, the day after tomorrow: a day, and the part of it that is named in the same word.
pub(super) fn relative(text: &Text<'_>, at: usize) -> Option<(Vec<Token>, usize)> {
    type Named = (i64, Option<Part>);
    const DAYS: [(&str, Named); 43] = [
        ("今天", (0, None)),
        ("今日", (0, None)),
        ("今儿", (0, None)),
        ("今儿个", (0, None)),
        ("即日", (0, None)),
        ("明天", (1, None)),
        ("听日", (1, None)),
        ("听晚", (1, Some(Part::Evening))),
        ("明日", (1, None)),
        ("明儿", (1, None)),
        ("明儿个", (1, None)),
        ("后天", (2, None)),
        ("后日", (2, None)),
        ("后儿", (2, None)),
        ("大后天", (3, None)),
        ("大后日", (3, None)),
        ("昨天", (-1, None)),
        ("昨日", (-1, None)),
        ("前天", (-2, None)),
        ("前日", (-2, None)),
        ("大前天", (-3, None)),
        ("今晚", (0, Some(Part::Evening))),
        ("今夜", (0, Some(Part::Night))),
        ("今晚上", (0, Some(Part::Evening))),
        ("今早", (0, Some(Part::Early))),
        ("今晨", (0, Some(Part::Early))),
        ("明晚", (1, Some(Part::Evening))),
        ("明晚上", (1, Some(Part::Evening))),
        ("明夜", (1, Some(Part::Night))),
        ("明早", (1, Some(Part::Early))),
        ("明早上", (1, Some(Part::Early))),
        ("明晨", (1, Some(Part::Early))),
        ("后晚", (2, Some(Part::Evening))),
        ("昨晚", (-1, Some(Part::Evening))),
        ("today", (0, None)),
        ("this morning", (0, Some(Part::Early))),
        ("this afternoon", (0, Some(Part::Afternoon))),
        ("this evening", (0, Some(Part::Evening))),
        ("tonight", (0, Some(Part::Evening))),
        ("tomorrow", (1, None)),
        ("the day after tomorrow", (2, None)),
        ("day after tomorrow", (2, None)),
        ("yesterday", (-1, None)),
    ];
    let ((days, part), end) = text.any(at, &DAYS)?;
    let mut said = vec![Token::Day(Day::Away(days))];
    said.extend(part.map(Token::Part));
    Some((said, end))
}

/// 周, 星期, 礼拜 with what stands before: so many weeks away.
fn week(text: &Text<'_>, at: usize) -> Option<(Option<i64>, usize)> {
    const WEEKS: [(&str, i64); 9] = [
        ("下下", 2),
        ("下下个", 2),
        ("下", 1),
        ("下个", 1),
        ("本", 0),
        ("这", 0),
        ("这个", 0),
        ("上", -1),
        ("上个", -1),
    ];
    let (weeks, i) = match text.any(at, &WEEKS) {
        Some((weeks, end)) => (Some(weeks), end),
        None => (None, at),
    };
    text.one_of(i, &["周", "星期", "礼拜"]).map(|end| (weeks, end))
}

/// A character for a weekday.
pub(super) fn day_of_week(c: char) -> Option<u32> {
    match c {
        '天' | '日' | '7' | '七' => Some(7),
        _ => {
            let at = "一二三四五六".chars().position(|d| d == c).or_else(|| "123456".chars().position(|d| d == c))?;
            u32::try_from(at + 1).ok()
        }
    }
}

pub(super) const WEEKDAYS: [(&str, u32); 34] = [
    ("monday", 1),
    ("mon", 1),
    ("tuesday", 2),
    ("tues", 2),
    ("tue", 2),
    ("wednesday", 3),
    ("wed", 3),
    ("weds", 3),
    ("thursday", 4),
    ("thurs", 4),
    ("thur", 4),
    ("thu", 4),
    ("friday", 5),
    ("fri", 5),
    ("saturday", 6),
    ("sat", 6),
    ("sunday", 7),
    ("sun", 7),
    ("mon.", 1),
    ("tue.", 2),
    ("wed.", 3),
    ("thu.", 4),
    ("fri.", 5),
    ("sat.", 6),
    ("sun.", 7),
    ("mondays", 1),
    ("tuesdays", 2),
    ("wednesdays", 3),
    ("thursdays", 4),
    ("fridays", 5),
    ("saturdays", 6),
    ("sundays", 7),
    ("thurs.", 4),
    ("tues.", 2),
];

/// A weekday.
pub(super) fn weekday(text: &Text<'_>, at: usize) -> Option<(Weekday, usize)> {
    if let Some((weeks, i)) = week(text, at) {
        let i = text.skip(i);
        let day = day_of_week(text.at(i)?)?;
        // 周一百货, 周三四: no weekday.
        let goes_on = text.at(i + 1).is_some_and(|c| matches!(c, '十' | '百' | '千' | '个'))
            || (text.at(i).is_some_and(|c| c.is_ascii_digit()) && text.at(i + 1).is_some_and(|c| c.is_ascii_digit()));
        return (!goes_on).then_some((Weekday { weeks, day, is_next: false }, i + 1));
    }
    const BEFORE: [(&str, Option<i64>); 6] = [
        ("next", Some(1)),
        ("this", None),
        ("this coming", None),
        ("coming", None),
        ("the coming", None),
        ("last", Some(-1)),
    ];
    let (weeks, i) = match text.any(at, &BEFORE) {
        Some((weeks, end)) => (weeks, text.skip(end)),
        None => (None, at),
    };
    let (day, end) = text.any(i, &WEEKDAYS)?;
    Some((Weekday { weeks, day, is_next: weeks == Some(1) }, end))
}

/// 初三, 廿二, 卅: how days of the moon are counted, and nothing else; 廿二日 and 廿五号 may be of either calendar.
fn lunar_day(text: &Text<'_>, at: usize) -> Option<usize> {
    let end = match text.at(at)? {
        '初' => {
            let day = figure(text, at + 1).filter(|day| day.digits == 0 && (1..=10).contains(&day.value))?;
            // 初三（2）班, 初三家长会: a year of school.
            let is_school = text.at(day.end).is_some_and(|c| "年班家学新毕老女男".contains(c));
            (!is_school).then_some(day.end)?
        }
        '廿' | '卅' => figure(text, at)?.end,
        _ => return None,
    };
    text.one_of(end, &["号", "日"]).is_none().then_some(end)
}

/// 农历三月十五, 腊月二十三, 三月初三, 廿二, 闰六月: a day by the moon, as far as what says so goes.
fn lunar(text: &Text<'_>, at: usize) -> Option<usize> {
    const SIGNS: &[&str] =
        &["农历", "阴历", "旧历", "夏历", "正月", "腊月", "冬月", "大年", "小年", "除夕", "年三十", "农曆"];
    let said = || {
        let i = text.eat(at, "闰")?;
        month_of(text, i).map(|(_, end)| end)
    };
    let counted = || {
        let i = month_of(text, at).map_or(at, |(_, end)| end);
        lunar_day(text, i)
    };
    text.one_of(at, SIGNS).or_else(said).or_else(counted)
}

/// 周末, 下周, 中旬, 月初, 过几天, 农历: a time that leaves open which.
pub(super) fn vague(text: &Text<'_>, at: usize) -> Option<(Vague, usize)> {
    const FEW: [&str; 10] =
        ["过几天", "过两天", "这几天", "这两天", "几天", "近期", "近日", "a few days", "some days", "several days"];
    if let Some(end) = text.one_of(at, &FEW) {
        return Some((Vague::Few, end));
    }
    if let Some(end) = lunar(text, at) {
        let left = text.rest(end).iter().take_while(|c| !c.is_whitespace() && !is_mark(**c)).count();
        return Some((Vague::Lunar, end + left));
    }
    const ENGLISH: [(&str, Vague); 5] = [
        ("this weekend", Vague::Weekend(Some(0))),
        ("next weekend", Vague::Weekend(Some(1))),
        ("the weekend", Vague::Weekend(None)),
        ("weekend", Vague::Weekend(None)),
        ("next week", Vague::Week(1)),
    ];
    if let Some(found) = text.any(at, &ENGLISH).or_else(|| text.any(at, &[("this week", Vague::Week(0))])) {
        return Some(found);
    }
    if let Some((weeks, end)) = week(text, at) {
        if let Some(end) = text.eat(end, "末") {
            return Some((Vague::Weekend(weeks), end));
        }
        return weeks.map(|weeks| (Vague::Week(weeks), end));
    }
    let days = |month: Month, i: usize| {
        const PARTS: [(&str, (u32, u32)); 8] = [
            ("上旬", (1, 10)),
            ("中旬", (11, 20)),
            ("下旬", (21, 0)),
            ("初", (1, 5)),
            ("月初", (1, 5)),
            ("中", (11, 20)),
            ("月中", (11, 20)),
            ("中下旬", (11, 0)),
        ];
        text.any(i, &PARTS).map(|((from, to), end)| (Vague::Days(month, from, to), end))
    };
    match month_of(text, at) {
        Some((month, end)) => {
            days(month, end).or(Some((Vague::Days(month, 1, 0), end))).filter(|(_, end)| text.ends_word(*end))
        }
        None => {
            let bare = ["上旬", "中旬", "下旬", "月初", "月中"];
            text.one_of(at, &bare).and_then(|_| days(Month::Unsaid, at))
        }
    }
}

/// What stands for the last of several.
pub(super) const LAST: u32 = 99;

/// An ordinal word or figure: 第一个, first, 1st, and the last.
pub(super) fn nth(text: &Text<'_>, at: usize) -> Option<(u32, usize)> {
    const WORDS: [(&str, u32); 7] =
        [("first", 1), ("second", 2), ("third", 3), ("fourth", 4), ("fifth", 5), ("last", LAST), ("最后一个", LAST)];
    if let Some(found) = text.any(at, &WORDS) {
        return Some(found);
    }
    if let Some(figure) = ordinal(text, at) {
        return Some((figure.value, figure.end));
    }
    let n = count(text, text.skip(text.eat(at, "第")?))?;
    text.eat(text.skip(n.end), "个").map(|end| (n.value, end))
}
