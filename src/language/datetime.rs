//! 时间 — 3天, 明晚8点, 周五18点, 下周三, 3月30日20:00, 3.30 20点, 2025-03-30 20:00 (commands.md §4, rule 10).

use super::fold::{fold_char, invisible};
use super::number;
use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};
use chrono_tz::Tz;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Longest text in which a time is looked for, in characters.
const MAX_LOOK: usize = 500;
/// Largest count in “3天”, “48小时”.
const MAX_COUNT: u32 = 100_000;

/// Why a time was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// Not a time.
    #[error("not a time")]
    NotUnderstood,
    /// It has passed.
    #[error("in the past")]
    Past(DateTime<Utc>),
}

const DATE: &str = concat!(
    r"(?:(?P<y>[0-9]{4})\s*[-/.年]\s*(?P<m>#)\s*[-/.月]\s*(?P<d>#)\s*[日号]?",
    r"|(?P<m2>#)\s*月\s*(?P<d2>#)\s*[日号]?|(?P<m3>[0-9]{1,2})[./](?P<d3>[0-9]{1,2})",
    r"|(?P<rel>大后天|后天|明天|明日|明晚|明早|今天|今日|今晚|今早|昨天|昨日|前天|today|tonight|tomorrow|yesterday)",
    r"|(?P<wk>下下|下|本|这)?个?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天末1-7])",
    r"|(?P<next>next\s+)?(?P<ewd>mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{3,6})?,?",
    r"|(?P<ed>[0-9]{1,2})\s+(?P<em>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}(?:\s+(?P<ey>[0-9]{4}))?)",
);

const CLOCK: &str = concat!(
    r"(?:(?P<part>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚|早)?\s*(?P<h>#)\s*",
    r"(?:[点时]钟?(?:\s*(?P<half>半|整|一刻|三刻)|(?P<min>#)\s*分?)?|:(?P<min2>[0-9]{2})(?:\s*(?P<ap>am|pm))?)",
    r"|(?P<h12>[0-9]{1,2})\s*(?P<ap2>am|pm))",
);

const SPAN: &str = r"(?:(?P<n>#)\s*(?P<unit>天|个?小时|个?钟头|分钟|周|个?星期|个月|days?|hours?|minutes?|weeks?|months?)(?:之后|以后|后|以内|内)?)";

fn build(shape: &str) -> Option<Regex> {
    let shape = shape.replace("DATE", DATE).replace("CLOCK", CLOCK).replace("SPAN", SPAN);
    Regex::new(&shape.replace('#', "(?:[0-9]{1,5}|[零一二三四五六七八九十两]{1,3})")).ok()
}

static WHOLE_DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| build(r"^\s*DATE\s*(?:CLOCK)?\s*(?:之前|以前|前|截止|止)?\s*$"));
static WHOLE_CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| build(r"^\s*CLOCK\s*(?:之前|以前|前|截止|止)?\s*$"));
static WHOLE_SPAN: LazyLock<Option<Regex>> = LazyLock::new(|| build(r"^\s*SPAN\s*(?:CLOCK)?\s*$"));
static ANYWHERE_DATE: LazyLock<Option<Regex>> = LazyLock::new(|| build(r"DATE\s*(?:CLOCK)?"));
static ANYWHERE_CLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| build(r"CLOCK"));
static ANYWHERE_SPAN: LazyLock<Option<Regex>> = LazyLock::new(|| build(r"SPAN\s*(?:CLOCK)?"));

/// Folded text, and for each of its bytes the byte it came from.
fn folded(text: &str) -> (String, Vec<usize>) {
    let (mut out, mut from) = (String::new(), Vec::new());
    for (at, c) in text.char_indices().take(MAX_LOOK) {
        if invisible(c) {
            continue;
        }
        let c = fold_char(c);
        out.push(c);
        from.resize(out.len(), at);
    }
    let end = text.char_indices().nth(MAX_LOOK).map_or(text.len(), |(at, _)| at);
    from.push(end);
    (out, from)
}

fn count(text: &str) -> Option<u32> {
    let value = number::digits(text).or_else(|| number::chinese(text));
    value.filter(|(_, rest)| rest.is_empty()).map(|(value, _)| value)
}

fn group(found: &Captures<'_>, name: &str) -> Option<u32> {
    found.name(name).and_then(|m| count(m.as_str()))
}

/// A time somebody wrote, and nothing else. Without a clock time: 20:00.
///
/// # Errors
/// [`WhenError`] when it is no time, or has passed.
pub fn time(text: &str, now: DateTime<Utc>, tz: Tz) -> Result<DateTime<Utc>, WhenError> {
    let (text, _) = folded(text);
    let local = now.with_timezone(&tz).naive_local();
    let found = if let Some(found) = captures(&WHOLE_SPAN, &text) {
        after(&found, local, now, tz)
    } else if let Some(found) = captures(&WHOLE_DATE, &text) {
        on_day(&found, local).and_then(|local| to_utc(local, tz))
    } else if let Some(found) = captures(&WHOLE_CLOCK, &text) {
        clock(&found).and_then(|(days, at)| to_utc(local.date().checked_add_days(days)?.and_time(at), tz))
    } else {
        None
    };
    match found {
        None => Err(WhenError::NotUnderstood),
        Some(at) if at <= now => Err(WhenError::Past(at)),
        Some(at) => Ok(at),
    }
}

fn captures<'t>(shape: &LazyLock<Option<Regex>>, text: &'t str) -> Option<Captures<'t>> {
    shape.as_ref().and_then(|shape| shape.captures(text))
}

fn to_utc(local: NaiveDateTime, tz: Tz) -> Option<DateTime<Utc>> {
    tz.from_local_datetime(&local).earliest().map(|at| at.with_timezone(&Utc))
}

/// Hour and minute as written; the days are for 24:00 and 晚上12点.
fn clock(found: &Captures<'_>) -> Option<(Days, NaiveTime)> {
    let mut hour = group(found, "h").or_else(|| group(found, "h12"))?;
    let minute = match found.name("half").map(|m| m.as_str()) {
        Some("半") => 30,
        Some("一刻") => 15,
        Some("三刻") => 45,
        Some(_) => 0,
        None => group(found, "min").or_else(|| group(found, "min2")).unwrap_or(0),
    };
    let rel = found.name("rel").map_or("", |m| m.as_str());
    let implied = if rel.ends_with('晚') || rel == "tonight" { "晚" } else { "" };
    let part =
        found.name("part").or_else(|| found.name("ap")).or_else(|| found.name("ap2")).map_or(implied, |m| m.as_str());
    hour = match part {
        "晚" | "晚上" if hour == 12 => 24,
        "下午" | "傍晚" | "晚" | "晚上" | "pm" if hour < 12 => hour + 12,
        "中午" if hour < 11 => hour + 12,
        "am" | "凌晨" if hour == 12 => 0,
        _ => hour,
    };
    if hour == 24 && minute == 0 {
        return Some((Days::new(1), NaiveTime::MIN));
    }
    NaiveTime::from_hms_opt(hour, minute, 0).map(|at| (Days::new(0), at))
}

/// The clock time, or 20:00 (8:00 for 明早) where none was written; `None` if it is no time of day.
fn clock_or_evening(found: &Captures<'_>) -> Option<(Days, NaiveTime)> {
    if found.name("h").is_some() || found.name("h12").is_some() {
        return clock(found);
    }
    let early = found.name("rel").is_some_and(|m| m.as_str().ends_with('早'));
    NaiveTime::from_hms_opt(if early { 8 } else { 20 }, 0, 0).map(|at| (Days::new(0), at))
}

/// 3天, 48小时.
fn after(found: &Captures<'_>, local: NaiveDateTime, now: DateTime<Utc>, tz: Tz) -> Option<DateTime<Utc>> {
    let n = group(found, "n").filter(|n| *n <= MAX_COUNT)?;
    let unit = found.name("unit")?.as_str().trim_start_matches('个');
    let exact = match unit {
        "小时" | "钟头" | "hour" | "hours" => Some(TimeDelta::hours(i64::from(n))),
        "分钟" | "minute" | "minutes" => Some(TimeDelta::minutes(i64::from(n))),
        _ => None,
    };
    if let Some(exact) = exact {
        return found.name("h").is_none().then(|| now.checked_add_signed(exact))?;
    }
    let day = match unit {
        "天" | "day" | "days" => local.date().checked_add_days(Days::new(u64::from(n))),
        "月" | "month" | "months" => local.date().checked_add_months(Months::new(n)),
        _ => local.date().checked_add_days(Days::new(u64::from(n) * 7)),
    }?;
    let (days, at) = clock_or_evening(found)?;
    to_utc(day.checked_add_days(days)?.and_time(at), tz)
}

/// A date, and a clock time if there is one.
fn on_day(found: &Captures<'_>, local: NaiveDateTime) -> Option<NaiveDateTime> {
    let (days, at) = clock_or_evening(found)?;
    let mut day = date(found, local.date())?;
    let coming = (found.name("wd").is_some() && found.name("wk").is_none())
        || (found.name("ewd").is_some() && found.name("next").is_none());
    if coming && day.checked_add_days(days)?.and_time(at) <= local {
        day = day.checked_add_days(Days::new(7))?;
    }
    Some(day.checked_add_days(days)?.and_time(at))
}

fn date(found: &Captures<'_>, today: NaiveDate) -> Option<NaiveDate> {
    if let Some(rel) = found.name("rel") {
        return match rel.as_str() {
            "大后天" => today.checked_add_days(Days::new(3)),
            "后天" => today.checked_add_days(Days::new(2)),
            "明天" | "明日" | "明晚" | "明早" | "tomorrow" => today.succ_opt(),
            "昨天" | "昨日" | "yesterday" => today.pred_opt(),
            "前天" => today.checked_sub_days(Days::new(2)),
            _ => Some(today),
        };
    }
    if let Some(day) = found.name("wd").or_else(|| found.name("ewd")) {
        return weekday(found, day.as_str(), today);
    }
    let year =
        group(found, "y").or_else(|| group(found, "ey")).and_then(|y| i32::try_from(y).ok()).unwrap_or(today.year());
    let month = group(found, "m").or_else(|| group(found, "m2")).or_else(|| group(found, "m3"));
    let month = month.or_else(|| found.name("em").and_then(|m| english_month(m.as_str())))?;
    let day = ["d", "d2", "d3", "ed"].into_iter().find_map(|name| group(found, name))?;
    NaiveDate::from_ymd_opt(year, month, day)
}

fn english_month(name: &str) -> Option<u32> {
    let all = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    all.iter().position(|month| *month == name).and_then(|at| u32::try_from(at + 1).ok())
}

/// The coming weekday, or that of this week (本周五) or the next (下周三).
fn weekday(found: &Captures<'_>, name: &str, today: NaiveDate) -> Option<NaiveDate> {
    let want = match name {
        "一" | "1" | "mon" => Weekday::Mon,
        "二" | "2" | "tue" => Weekday::Tue,
        "三" | "3" | "wed" => Weekday::Wed,
        "四" | "4" | "thu" => Weekday::Thu,
        "五" | "5" | "fri" => Weekday::Fri,
        "六" | "6" | "末" | "sat" => Weekday::Sat,
        _ => Weekday::Sun,
    };
    let weeks = match found.name("wk").or_else(|| found.name("next")).map(|m| m.as_str()) {
        None => return today.iter_days().take(7).find(|day| day.weekday() == want),
        Some("本" | "这") => 0,
        Some("下下") => 2,
        Some(_) => 1,
    };
    let monday = today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_monday())))?;
    monday.checked_add_days(Days::new(7 * weeks + u64::from(want.num_days_from_monday())))
}

/// A day that has been or is, for digests: 昨天, 3月3日. Without a year: the latest such day.
#[must_use]
pub fn day(text: &str, now: DateTime<Utc>, tz: Tz) -> Option<NaiveDate> {
    let (text, _) = folded(text);
    let found = captures(&WHOLE_DATE, &text)?;
    if found.name("h").is_some() || found.name("h12").is_some() {
        return None;
    }
    let today = now.with_timezone(&tz).date_naive();
    let day = date(&found, today)?;
    if day <= today {
        return Some(day);
    }
    if found.name("wd").is_some() || found.name("ewd").is_some() {
        return day.checked_sub_days(Days::new(7));
    }
    let yearless = found.name("y").is_none() && found.name("ey").is_none() && found.name("rel").is_none();
    if yearless { NaiveDate::from_ymd_opt(day.year() - 1, day.month(), day.day()) } else { None }
}

/// A day written with its year, be it past or to come: 2025年3月31日.
#[must_use]
pub fn dated(text: &str) -> Option<NaiveDate> {
    let (text, _) = folded(text);
    let found = captures(&WHOLE_DATE, &text)?;
    let has_year = found.name("y").or_else(|| found.name("ey")).is_some();
    let has_clock = found.name("h").or_else(|| found.name("h12")).is_some();
    if has_year && !has_clock { date(&found, NaiveDate::default()) } else { None }
}

/// The first day of a month that has been or is: 3月, 2025年3月, 2025-03, 本月, 上月. Without a year: the latest such month.
#[must_use]
pub fn month(text: &str, now: DateTime<Utc>, tz: Tz) -> Option<NaiveDate> {
    let (text, _) = folded(text.trim());
    let first = now.with_timezone(&tz).date_naive().with_day(1)?;
    match text.as_str() {
        "本月" | "这个月" | "当月" | "this month" => return Some(first),
        "上月" | "上个月" | "last month" => return first.checked_sub_months(Months::new(1)),
        _ => {}
    }
    let (year, rest) = match text.split_once(['年', '-', '/']) {
        Some((year, rest)) => (Some(year.trim().parse::<i32>().ok()?), rest.trim()),
        None => (None, text.as_str()),
    };
    let bare = rest.strip_suffix('份').unwrap_or(rest);
    let named = bare.strip_suffix('月');
    if year.is_none() && named.is_none() {
        return english_month(bare.get(..3)?).and_then(|month| latest(month, first));
    }
    let month = count(named.unwrap_or(bare))?;
    match year {
        Some(year) => NaiveDate::from_ymd_opt(year, month, 1).filter(|day| *day <= first),
        None => latest(month, first),
    }
}

/// The latest month of this number that has begun.
fn latest(month: u32, first: NaiveDate) -> Option<NaiveDate> {
    let this_year = NaiveDate::from_ymd_opt(first.year(), month, 1)?;
    if this_year <= first { Some(this_year) } else { NaiveDate::from_ymd_opt(first.year() - 1, month, 1) }
}

/// A time of day and nothing else: 20:00, 7:30, 晚8点.
#[must_use]
pub fn time_of_day(text: &str) -> Option<NaiveTime> {
    let (text, _) = folded(text);
    let found = captures(&WHOLE_CLOCK, &text)?;
    clock(&found).map(|(_, at)| at)
}

/// A time found inside a text, with what stands before and after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'t> {
    /// The moment, or why not.
    pub at: Result<DateTime<Utc>, WhenError>,
    /// As it was written.
    pub written: &'t str,
    /// Before it.
    pub before: &'t str,
    /// After it.
    pub after: &'t str,
}

/// The longest part of a text that reads as a time (活动: what is left is the place).
#[must_use]
pub fn longest_time_in(text: &str, now: DateTime<Utc>, tz: Tz) -> Option<Found<'_>> {
    let (flat, from) = folded(text);
    let mut best: Option<(usize, Found<'_>)> = None;
    for shape in [&ANYWHERE_DATE, &ANYWHERE_SPAN, &ANYWHERE_CLOCK] {
        for hit in shape.iter().flat_map(|shape| shape.find_iter(&flat)) {
            let chars = hit.as_str().trim_end().chars().count();
            if best.as_ref().is_some_and(|(longest, _)| chars <= *longest)
                || !stands_alone(&flat, hit.start(), hit.end())
            {
                continue;
            }
            let end = hit.start() + hit.as_str().trim_end().len();
            let (Some(a), Some(b)) = (from.get(hit.start()), from.get(end)) else { continue };
            let (Some(before), Some(written), Some(after)) = (text.get(..*a), text.get(*a..*b), text.get(*b..)) else {
                continue;
            };
            let at = time(written, now, tz);
            if at != Err(WhenError::NotUnderstood) {
                best = Some((chars, Found { at, written, before, after }));
            }
        }
    }
    best.map(|(_, found)| found)
}

/// Bare figures such as 3.5 or 3/30 count as a date only between blanks; any time must not cut a number in two.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let (Some(before), Some(hit), Some(after)) = (text.get(..start), text.get(start..end), text.get(end..)) else {
        return false;
    };
    let left = before.chars().next_back();
    let right = after.chars().next();
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    if hit.trim().chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '/')) {
        let free = |c: Option<char>| c.is_none_or(char::is_whitespace);
        return free(left) && (free(right) || hit.ends_with(char::is_whitespace));
    }
    let starts = hit.chars().next().is_some_and(|c| c.is_ascii_digit());
    let ends = hit.chars().next_back().is_some_and(|c| c.is_ascii_digit());
    let cut = (starts && digit(left)) || (ends && digit(right));
    !cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Shanghai;

    fn now() -> DateTime<Utc> {
        // Monday 3 March 2025, 10:00 in Beijing.
        Shanghai.with_ymd_and_hms(2025, 3, 3, 10, 0, 0).unwrap().with_timezone(&Utc)
    }

    fn said(text: &str) -> String {
        match time(text, now(), Shanghai) {
            Ok(at) => at.with_timezone(&Shanghai).format("%Y-%m-%d %H:%M").to_string(),
            Err(WhenError::Past(_)) => "past".to_owned(),
            Err(WhenError::NotUnderstood) => "?".to_owned(),
        }
    }

    #[test]
    fn times_people_write() {
        for (text, want) in [
            ("3天", "2025-03-06 20:00"),
            ("三天后", "2025-03-06 20:00"),
            ("7天", "2025-03-10 20:00"),
            ("３天", "2025-03-06 20:00"),
            ("48小时", "2025-03-05 10:00"),
            ("一周", "2025-03-10 20:00"),
            ("明晚8点", "2025-03-04 20:00"),
            ("明天晚上8点", "2025-03-04 20:00"),
            ("明早8点", "2025-03-04 08:00"),
            ("今晚", "2025-03-03 20:00"),
            ("后天", "2025-03-05 20:00"),
            ("大后天 9:30", "2025-03-06 09:30"),
            ("周五18点", "2025-03-07 18:00"),
            ("周一9点", "2025-03-10 09:00"),
            ("周一18点", "2025-03-03 18:00"),
            ("星期天", "2025-03-09 20:00"),
            ("下周三", "2025-03-12 20:00"),
            ("下周三下午3点半", "2025-03-12 15:30"),
            ("3月30日20:00", "2025-03-30 20:00"),
            ("３月３０日２０：００", "2025-03-30 20:00"),
            ("3月30日", "2025-03-30 20:00"),
            ("3月30号 20点", "2025-03-30 20:00"),
            ("三月三十日晚八点", "2025-03-30 20:00"),
            ("3.30 20点", "2025-03-30 20:00"),
            ("3.30", "2025-03-30 20:00"),
            ("2025-03-30 20:00", "2025-03-30 20:00"),
            ("2025年3月30日20时30分", "2025-03-30 20:30"),
            ("2026/1/2", "2026-01-02 20:00"),
            ("今天下午3点半", "2025-03-03 15:30"),
            ("20:30", "2025-03-03 20:30"),
            ("24:00", "2025-03-04 00:00"),
            ("晚上12点", "2025-03-04 00:00"),
            ("3月30日20:00前", "2025-03-30 20:00"),
            ("3 days", "2025-03-06 20:00"),
            ("Fri 18:00", "2025-03-07 18:00"),
            ("30 Mar 20:00", "2025-03-30 20:00"),
            ("tomorrow 8pm", "2025-03-04 20:00"),
            ("3月1日", "past"),
            ("2024-03-30", "past"),
            ("9:30", "past"),
            ("昨天", "past"),
            ("本周一9点", "past"),
            ("2月30日", "?"),
            ("25:00", "?"),
            ("13月1日", "?"),
            ("很快", "?"),
            ("", "?"),
            ("3", "?"),
            ("99999天天", "?"),
        ] {
            assert_eq!(said(text), want, "{text}");
        }
    }

    #[test]
    fn finds_the_time_of_a_gathering() {
        for (text, written, after) in [
            ("3月8日9:30 东风路微协商议事室", "3月8日9:30", " 东风路微协商议事室"),
            ("3月8日 9:30东风路议事室", "3月8日 9:30", "东风路议事室"),
            ("明晚7点半 3号楼2单元门口", "明晚7点半", " 3号楼2单元门口"),
            ("周六上午9点 议事室", "周六上午9点", " 议事室"),
            ("3.30 20点 议事室", "3.30 20点", " 议事室"),
        ] {
            let found = longest_time_in(text, now(), Shanghai).expect(text);
            assert_eq!((found.written, found.after), (written, after), "{text}");
            assert!(found.at.is_ok(), "{text}");
        }
        assert_eq!(longest_time_in("南门3.5米处", now(), Shanghai), None);
    }

    #[test]
    fn months_for_exports() {
        let first = |y, m| NaiveDate::from_ymd_opt(y, m, 1);
        for (text, want) in [
            ("3月", first(2025, 3)),
            ("3月份", first(2025, 3)),
            ("三月", first(2025, 3)),
            ("4月", first(2024, 4)),
            ("12月", first(2024, 12)),
            ("2025年2月", first(2025, 2)),
            ("2025-02", first(2025, 2)),
            ("2025年4月", None),
            ("本月", first(2025, 3)),
            ("上个月", first(2025, 2)),
            ("Feb", first(2025, 2)),
            ("march", first(2025, 3)),
            ("this month", first(2025, 3)),
            ("13月", None),
            ("月", None),
            ("很快", None),
        ] {
            assert_eq!(month(text, now(), Shanghai), want, "{text}");
        }
    }

    #[test]
    fn days_for_digests() {
        let on = |y, m, d| NaiveDate::from_ymd_opt(y, m, d);
        assert_eq!(day("昨天", now(), Shanghai), on(2025, 3, 2));
        assert_eq!(day("3月3日", now(), Shanghai), on(2025, 3, 3));
        assert_eq!(day("12月31日", now(), Shanghai), on(2024, 12, 31));
        assert_eq!(day("2030-01-01", now(), Shanghai), None);
        assert_eq!(day("明天", now(), Shanghai), None);
        assert_eq!(time_of_day("7:30"), NaiveTime::from_hms_opt(7, 30, 0));
    }
}
