//! 时段 — 本周, 上月, 去年, 3月, 2025年3月, 3月1日至3月31日, last month, March 2025: days that have been or are (统计, 周报).

use super::fold::fold;
use super::{datetime, number};
use crate::domain::history::period::{Period, Span};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use regex::Regex;
use std::sync::LazyLock;

/// Longest text that is looked at, in bytes.
const MAX_LOOK: usize = 120;
/// Years are written with four digits, the first of them this one at least.
const FIRST_YEAR: i32 = 1949;

const MONTHS: &str = r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

fn build(shape: &str) -> Option<Regex> {
    Regex::new(&shape.replace("MONTHS", MONTHS)).ok()
}

static MONTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    build(
        r"^(?:(?:(?P<y>[0-9]{4}) ?[年./-] ?)?(?P<m>[0-9]{1,2}|[一二三四五六七八九十]{1,2}) ?月份?|(?P<y2>[0-9]{4})[-/.](?P<m2>[0-9]{1,2})|(?P<em>MONTHS)(?:,? (?P<ey>[0-9]{4}))?)$",
    )
});
static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| build(r"^(?P<y>[0-9]{4}) ?年?$"));

/// The days a text names and nothing else. `None` if it names none, or only days to come.
#[must_use]
pub fn read(text: &str, now: DateTime<Utc>, tz: Tz) -> Option<Span> {
    if text.len() > MAX_LOOK {
        return None;
    }
    let today = now.with_timezone(&tz).date_naive();
    let text = fold(text);
    let text = text.trim();
    let span = relative(text, today)
        .or_else(|| month(text, today))
        .or_else(|| year(text))
        .or_else(|| datetime::day(text, now, tz).map(Span::day))
        .or_else(|| days(text, now, tz))?;
    (span.first <= today && span.first.year() >= FIRST_YEAR).then_some(span)
}

fn relative(text: &str, today: NaiveDate) -> Option<Span> {
    let before = |period: Period| period.around(today).first.pred_opt().map(|day| period.around(day));
    match text {
        "本周" | "这周" | "这一周" | "本星期" | "这星期" | "this week" => Some(Span::week(today)),
        "上周" | "上一周" | "上星期" | "上个星期" | "last week" => before(Period::Week),
        "本月" | "这个月" | "这月" | "当月" | "this month" => Some(Span::month(today)),
        "上月" | "上个月" | "last month" => before(Period::Month),
        "本年" | "今年" | "本年度" | "全年" | "this year" => Some(Span::year(today)),
        "去年" | "上年" | "上一年" | "last year" => Span::year(today).first.pred_opt().map(Span::year),
        _ => None,
    }
}

fn small(text: &str) -> Option<u32> {
    let value = number::digits(text).or_else(|| number::chinese(text));
    value.filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
}

/// Without a year the latest such month.
fn month(text: &str, today: NaiveDate) -> Option<Span> {
    let found = MONTH.as_ref()?.captures(text)?;
    let english = |name: &str| {
        let all = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        all.iter().position(|month| name.starts_with(month)).and_then(|at| u32::try_from(at + 1).ok())
    };
    let month = match found.name("em") {
        Some(name) => english(name.as_str())?,
        None => small(found.name("m").or_else(|| found.name("m2"))?.as_str())?,
    };
    let written = ["y", "y2", "ey"].into_iter().find_map(|name| found.name(name));
    let year = match written {
        Some(year) => year.as_str().parse().ok()?,
        None if month > today.month() => today.year() - 1,
        None => today.year(),
    };
    NaiveDate::from_ymd_opt(year, month, 1).map(Span::month)
}

fn year(text: &str) -> Option<Span> {
    let found = YEAR.as_ref()?.captures(text)?;
    NaiveDate::from_ymd_opt(found.name("y")?.as_str().parse().ok()?, 1, 1).map(Span::year)
}

/// 3月1日至3月31日; 2025-03-01 to 2025-03-31. The second may lie ahead, and leave out what the first says: 3月1日至31日.
fn days(text: &str, now: DateTime<Utc>, tz: Tz) -> Option<Span> {
    for between in ["至", "到", "—", "–", "~", " to ", " - ", "-"] {
        let Some((from, to)) = text.split_once(between) else { continue };
        let Some(first) = datetime::day(from.trim(), now, tz) else { continue };
        let last = datetime::dated(to).or_else(|| datetime::day(to.trim(), now, tz)).or_else(|| {
            let day = small(to.trim().trim_end_matches(['日', '号']))?;
            first.with_day(day)
        });
        // Without a year the second lies after the first, be it to come.
        let last = last.map(|last| if last < first { last.with_year(first.year()).unwrap_or(last) } else { last });
        if let Some(last) = last.filter(|last| *last >= first) {
            return Some(Span::days(first, last));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use chrono_tz::Asia::Shanghai;

    fn days_of(text: &str) -> Option<String> {
        let now = Shanghai.with_ymd_and_hms(2025, 7, 26, 20, 0, 0).unwrap().with_timezone(&Utc);
        read(text, now, Shanghai).map(|span| format!("{:?} {} {}", span.stretch, span.first, span.last))
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
}
