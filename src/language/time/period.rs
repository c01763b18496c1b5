//! 时段 — 本周, 上月, 去年, 3月, 2025年3月, 3月1日至3月31日, last month, March 2025: days that have been or are (统计, 周报).

use super::text::Text;
use super::{Now, number, past};
use crate::domain::history::period::{Period, Span};
use crate::language::fold::fold;
use chrono::{Datelike, Days, Months, NaiveDate};

/// Longest text that is looked at, in bytes.
const MAX_LOOK: usize = 120;
/// Years are written with four digits, the first of them this one at least.
const FIRST_YEAR: i32 = 1949;

/// The days a text names and nothing else. `None` if it names none, or only days to come.
#[must_use]
pub fn read(text: &str, now: &Now) -> Option<Span> {
    span(text, now).filter(|span| span.first <= now.today())
}

/// Whether a text names days, be they to come: 第四季度, 明年.
#[must_use]
pub fn is_named(text: &str, now: &Now) -> bool {
    let folded = fold(text);
    let ahead = ["明年", "后年", "下季度", "下个季度", "明年度", "next year", "next quarter"];
    span(text, now).is_some() || ahead.contains(&folded.trim())
}

fn span(text: &str, now: &Now) -> Option<Span> {
    if text.len() > MAX_LOOK {
        return None;
    }
    let today = now.today();
    let folded = fold(text);
    let folded: String = Text::new(folded.trim()).rest(0).iter().collect();
    let said = folded.trim_end_matches(['。', '!', '~', '的']);
    let span = relative(said, today)
        .or_else(|| past::month(said, now).map(Span::month))
        .or_else(|| year(said))
        .or_else(|| quarter(said, today))
        .or_else(|| lately(said, today))
        .or_else(|| past::day(said, now).ok().map(Span::day))
        .or_else(|| days(said, now))
        .or_else(|| months(said, now))?;
    (span.first.year() >= FIRST_YEAR).then_some(span)
}

fn relative(text: &str, today: NaiveDate) -> Option<Span> {
    let before = |period: Period| period.around(today).first.pred_opt().map(|day| period.around(day));
    match text {
        "本周" | "这周" | "这一周" | "本星期" | "这星期" | "这个星期" | "这礼拜" | "this week" => {
            Some(Span::week(today))
        }
        "上周" | "上一周" | "上星期" | "上个星期" | "上礼拜" | "last week" => before(Period::Week),
        "本月" | "这个月" | "这月" | "当月" | "this month" => Some(Span::month(today)),
        "上月" | "上个月" | "last month" => before(Period::Month),
        "本年" | "今年" | "本年度" | "全年" | "this year" => Some(Span::year(today)),
        "去年" | "上年" | "上一年" | "last year" => Span::year(today).first.pred_opt().map(Span::year),
        _ => None,
    }
}

fn year(text: &str) -> Option<Span> {
    let text = Text::new(text);
    let (year, end) = number::year(&text, 0)?;
    let end = text.eat(text.skip(end), "年").map_or(end, |end| text.one_of(end, &["度", "全年"]).unwrap_or(end));
    (end == text.len()).then(|| NaiveDate::from_ymd_opt(year, 1, 1).map(Span::year))?
}

/// A year before part of it, or this one.
fn year_before(text: &str, today: NaiveDate) -> (i32, &str) {
    for (word, years) in [("今年", 0), ("本年", 0), ("去年", 1), ("上年", 1), ("明年", -1)] {
        if let Some(rest) = text.strip_prefix(word) {
            return (today.year() - years, rest.trim_start());
        }
    }
    let written = Text::new(text);
    let found = number::year(&written, 0).and_then(|(year, end)| Some((year, written.eat(end, "年").or(Some(end))?)));
    match found.and_then(|(year, end)| Some((year, text.get(written.byte(end)..)?))) {
        Some((year, rest)) => (year, rest.trim_start()),
        None => (today.year(), text),
    }
}

/// 上半年, 一季度, 第二季度, Q1, 本季度, 上季度.
fn quarter(text: &str, today: NaiveDate) -> Option<Span> {
    let months = |year: i32, from: u32, count: u32| {
        let first = NaiveDate::from_ymd_opt(year, from, 1)?;
        Some(Span::days(first, first.checked_add_months(Months::new(count))?.pred_opt()?))
    };
    let current = (today.month() - 1) / 3;
    match text {
        "本季度" | "这季度" | "这个季度" | "this quarter" => return months(today.year(), current * 3 + 1, 3),
        "上季度" | "上个季度" | "last quarter" => {
            let first =
                NaiveDate::from_ymd_opt(today.year(), current * 3 + 1, 1)?.checked_sub_months(Months::new(3))?;
            return months(first.year(), first.month(), 3);
        }
        _ => {}
    }
    let (year, rest) = year_before(text, today);
    match rest {
        "上半年" | "first half" => return months(year, 1, 6),
        "下半年" | "second half" => return months(year, 7, 6),
        _ => {}
    }
    let plain = rest.trim_start_matches('第').strip_suffix("季度").or_else(|| rest.strip_prefix('q'))?;
    let n = plain.chars().next().filter(|_| plain.chars().count() == 1)?;
    let n = "一二三四".chars().position(|c| c == n).or_else(|| "1234".chars().position(|c| c == n))?;
    months(year, u32::try_from(n).ok()? * 3 + 1, 3)
}

/// 近7天, 最近一周, 过去30天, last 7 days: up to today.
fn lately(text: &str, today: NaiveDate) -> Option<Span> {
    let signs = ["最近", "近", "过去", "last ", "past ", "the last ", "the past "];
    let rest = signs.iter().filter_map(|sign| text.strip_prefix(sign)).min_by_key(|rest| rest.len())?;
    let now = Text::new(rest.trim_start());
    let (length, end) = super::length::length(&now, 0).filter(|(length, _)| length.days == 0)?;
    if end != now.len() || length.n == 0 {
        return None;
    }
    let first = match length.unit {
        super::token::Unit::Days => today.checked_sub_days(Days::new(u64::from(length.n) - 1)),
        super::token::Unit::Months => today.checked_sub_months(Months::new(length.n)).and_then(|day| day.succ_opt()),
        super::token::Unit::Minutes | super::token::Unit::WorkingDays => None,
    }?;
    Some(Span::days(first, today))
}

const BETWEEN: [&str; 8] = ["至", "到", "~", " to ", " until ", " - ", "--", "-"];

/// 3月1日至3月31日; 2025-03-01 to 2025-03-31. The second may lie ahead, and leave out what the first says: 3月1日至31日.
fn days(text: &str, now: &Now) -> Option<Span> {
    let text = ["从", "自", "from "].iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text);
    for between in BETWEEN {
        let Some((from, to)) = text.split_once(between) else { continue };
        let Ok(first) = past::day(from.trim(), now) else { continue };
        let day_alone = || {
            let written = Text::new(to.trim());
            let day = number::figure(&written, 0)?;
            let end = written.one_of(day.end, &["日", "号"]).unwrap_or(day.end);
            (end == written.len()).then(|| first.with_day(day.value))?
        };
        let last = past::with_year(to).or_else(day_alone).or_else(|| past::day(to.trim(), now).ok());
        // Without a year the second lies after the first, be it to come.
        let last = last.map(|last| if last < first { last.with_year(first.year()).unwrap_or(last) } else { last });
        if let Some(last) = last.filter(|last| *last >= first) {
            return Some(Span::days(first, last));
        }
    }
    None
}

/// 1月至3月, 2025年1-3月.
fn months(text: &str, now: &Now) -> Option<Span> {
    for between in BETWEEN {
        let Some((from, to)) = text.split_once(between) else { continue };
        let Some(last) = past::month(to.trim(), now) else { continue };
        let (from, unit) = (from.trim(), if from.trim().ends_with('月') { "" } else { "月" });
        let Some(first) = past::month(&format!("{from}{unit}"), now).or_else(|| past::month(from, now)) else {
            continue;
        };
        let last = if from.contains('年') { last.with_year(first.year())? } else { last };
        if first <= last {
            return Some(Span::days(first, Span::month(last).last));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{TimeZone, Utc};
    use chrono_tz::Asia::Shanghai;

    fn days_of(text: &str) -> Option<String> {
        let now = Shanghai.with_ymd_and_hms(2025, 7, 26, 20, 0, 0).unwrap().with_timezone(&Utc);
        read(text, &Now { at: now, tz: Shanghai, english: false })
            .map(|span| format!("{:?} {} {}", span.stretch, span.first, span.last))
    }

    #[test]
    fn reads_the_days_that_people_name() {
        for (text, want) in [
            ("本周", "Week 2025-07-21 2025-07-27"),
            ("上周", "Week 2025-07-14 2025-07-20"),
            ("last week", "Week 2025-07-14 2025-07-20"),
            ("本月", "Month 2025-07-01 2025-07-31"),
            ("上个月", "Month 2025-06-01 2025-06-30"),
            ("本年", "Year 2025-01-01 2025-12-31"),
            ("This Year", "Year 2025-01-01 2025-12-31"),
            ("去年", "Year 2024-01-01 2024-12-31"),
            ("2024年", "Year 2024-01-01 2024-12-31"),
            ("２０２４", "Year 2024-01-01 2024-12-31"),
            ("3月", "Month 2025-03-01 2025-03-31"),
            ("三月", "Month 2025-03-01 2025-03-31"),
            ("11月", "Month 2024-11-01 2024-11-30"),
            ("2025年3月", "Month 2025-03-01 2025-03-31"),
            ("2025-03", "Month 2025-03-01 2025-03-31"),
            ("March", "Month 2025-03-01 2025-03-31"),
            ("Dec 2024", "Month 2024-12-01 2024-12-31"),
            ("昨天", "Day 2025-07-25 2025-07-25"),
            ("3月3日", "Day 2025-03-03 2025-03-03"),
            ("3月1日至3月31日", "Days 2025-03-01 2025-03-31"),
            ("3月1日到15日", "Days 2025-03-01 2025-03-15"),
            ("7月1日至7月31日", "Days 2025-07-01 2025-07-31"),
            ("2025-03-01 to 2025-03-31", "Days 2025-03-01 2025-03-31"),
            ("2025年7月1日至2025年7月31日", "Days 2025-07-01 2025-07-31"),
            ("2025-01-01 to 2025-12-31", "Days 2025-01-01 2025-12-31"),
            ("1 Jan 2025 to 31 Dec 2025", "Days 2025-01-01 2025-12-31"),
            ("上半年", "Days 2025-01-01 2025-06-30"),
            ("2024年下半年", "Days 2024-07-01 2024-12-31"),
            ("去年第四季度", "Days 2024-10-01 2024-12-31"),
            ("第二季度", "Days 2025-04-01 2025-06-30"),
            ("本季度", "Days 2025-07-01 2025-09-30"),
            ("上季度", "Days 2025-04-01 2025-06-30"),
            ("近7天", "Days 2025-07-20 2025-07-26"),
            ("最近一个月", "Days 2025-06-27 2025-07-26"),
            ("last 30 days", "Days 2025-06-27 2025-07-26"),
            ("1月至3月", "Days 2025-01-01 2025-03-31"),
            ("2024年1-3月", "Days 2024-01-01 2024-03-31"),
            ("上禮拜", "Week 2025-07-14 2025-07-20"),
            ("從3月1號到3月15號", "Days 2025-03-01 2025-03-15"),
            ("上周五", "Day 2025-07-18 2025-07-18"),
            ("15号", "Day 2025-07-15 2025-07-15"),
            ("3 Mar to 9 Mar", "Days 2025-03-03 2025-03-09"),
        ] {
            assert_eq!(days_of(text).as_deref(), Some(want), "{text}");
        }
        for text in [
            "",
            "东风路街道",
            "明年",
            "2026年",
            "2025年13月",
            "3月31日至3月1日",
            "2025年3月31日至2025年3月1日",
            "2026年1月1日至2026年1月31日",
            "0月",
            "8月1日至9月1日后",
            "1899",
        ] {
            assert_eq!(days_of(text), None, "{text}");
        }
    }

    #[test]
    fn days_to_come_are_named_and_not_read() {
        let now = Shanghai.with_ymd_and_hms(2025, 7, 26, 20, 0, 0).unwrap().with_timezone(&Utc);
        let is_named = |text: &str| is_named(text, &Now { at: now, tz: Shanghai, english: false });
        for text in ["第四季度", "四季度", "Q4", "明年", "12月至12月", "本周", "明年第一季度"] {
            assert!(is_named(text), "{text}");
        }
        for text in ["东风路街道", "四季花园", "季度", ""] {
            assert!(!is_named(text), "{text}");
        }
    }
}
