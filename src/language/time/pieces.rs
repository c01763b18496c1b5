//! 任意次序 — times put together from pieces in any usual order: what is read is what was meant, or a question that is asked; never another.
//! And whatever is accepted has used every sign of the time.

use super::table::{behind, now, told};
use super::text::{Text, is_mark};
use super::*;
use chrono::Datelike;
use proptest::prelude::*;

/// A day and an hour as somebody means them.
#[derive(Debug, Clone, Copy)]
struct Aim {
    day: NaiveDate,
    hour: u32,
    minute: u32,
}

fn aims() -> impl Strategy<Value = Aim> {
    let minutes = prop::sample::select(vec![0_u32, 5, 15, 30, 45, 20]);
    (1_u64..300, 0_u32..24, minutes).prop_map(|(days, hour, minute)| {
        let day = now().today() + chrono::Days::new(days);
        Aim { day, hour, minute }
    })
}

const ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "March", "April", "May", "Jun", "July", "Aug", "September", "Oct", "Nov", "Dec"];

fn chinese(n: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (n / 10, n % 10) {
        (0, d) => DIGITS[d as usize].to_owned(),
        (t, d) => format!(
            "{}十{}",
            if t == 1 { "" } else { DIGITS[t as usize] },
            if d == 0 { "" } else { DIGITS[d as usize] }
        ),
    }
}

/// The date, one of the ways it is written.
fn date(aim: &Aim, way: usize) -> String {
    let (y, m, d) = (aim.day.year(), aim.day.month(), aim.day.day());
    match way % 12 {
        0 => format!("{y}年{m}月{d}日"),
        1 => format!("{m}月{d}日"),
        2 => format!("{m}月{d}号"),
        3 => format!("{}月{}日", chinese(m), chinese(d)),
        4 => format!("{y}-{m}-{d}"),
        5 => format!("{y}/{m}/{d}"),
        6 => format!("{y}.{m}.{d}"),
        7 => format!("{m} 月 {d} 號"),
        10 => format!("{y}{m:02}{d:02}"),
        11 => format!("{}年{m}月{d}日", y % 100),
        8 => format!("{d} {} {y}", MONTHS[m as usize - 1]),
        _ => format!("{} {d}, {y}", MONTHS[m as usize - 1]),
    }
}

fn has_year(way: usize) -> bool {
    matches!(way % 12, 0 | 4 | 5 | 6 | 8..=11)
}

fn weekday(aim: &Aim, way: usize) -> String {
    let at = aim.day.weekday().num_days_from_monday() as usize;
    match way % 6 {
        0 => String::new(),
        1 => format!("周{}", ZH[at]),
        2 => format!("（星期{}）", ZH[at]),
        3 => format!("(週{})", ZH[at]),
        4 => format!("礼拜{}", ZH[at]),
        _ => EN[at].to_owned(),
    }
}

/// The hour, one of the ways it is written.
fn hour(aim: &Aim, way: usize) -> String {
    let (h, m) = (aim.hour, aim.minute);
    let (part, twelve) = match h {
        0 => ("凌晨", 12),
        1..=5 => ("凌晨", h),
        6..=11 => ("上午", h),
        12 => ("中午", 12),
        13..=17 => ("下午", h - 12),
        _ => ("晚上", h - 12),
    };
    match way % 8 {
        0 => format!("{h:02}:{m:02}"),
        1 if m == 0 => format!("{part}{twelve}点"),
        1 => format!("{part}{twelve}点{m}分"),
        2 if m == 30 => format!("{part} {}点半", chinese(twelve)),
        2 => format!("{part}{twelve}：{m:02}"),
        3 => format!("{h}时{m:02}分"),
        4 => format!("{}:{m:02} {}", if h % 12 == 0 { 12 } else { h % 12 }, if h < 12 { "a.m." } else { "pm" }),
        5 => format!("{part}{twelve}點{m:02}"),
        7 if h < 12 => format!("AM{h}:{m:02}"),
        7 => format!("pm {}:{m:02}", if h == 12 { 12 } else { h - 12 }),
        _ => format!("{h}:{m:02}"),
    }
}

/// The pieces in one of the usual orders, with or without blanks and commas between them.
fn said(aim: &Aim, ways: &[usize; 5]) -> String {
    let [date_way, weekday_way, hour_way, order, between] = *ways;
    let (date, weekday, hour) = (date(aim, date_way), weekday(aim, weekday_way), hour(aim, hour_way));
    let pieces = match order % 5 {
        0 => [date, weekday, hour],
        1 => [weekday, date, hour],
        2 => [hour, date, weekday],
        3 => [date, hour, weekday],
        _ => [hour, weekday, date],
    };
    let pieces: Vec<String> = pieces.into_iter().filter(|piece| !piece.is_empty()).collect();
    pieces.join([" ", "，", "　", ", "][between % 4])
}

fn ways() -> impl Strategy<Value = [usize; 5]> {
    (0_usize..12, 0_usize..6, 0_usize..8, 0_usize..5, 0_usize..4).prop_map(|(a, b, c, d, e)| [a, b, c, d, e])
}

/// Whether one of the answers offered is what was meant.
fn offers(doubt: &Doubt, meant: NaiveDateTime) -> bool {
    doubt.offers.iter().any(|offer| offer.at == meant)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_reading_is_the_one_meant_or_a_question(aim in aims(), ways in ways(), tail in 0_usize..6) {
        let meant = aim.day.and_hms_opt(aim.hour, aim.minute, 0).unwrap();
        let text = format!("{}{}", said(&aim, &ways), ["", "前", "之前", "。", "吧", "截止"][tail]);
        let is_this_year = aim.day.year() == 2025;
        match deadline(&text, &now()) {
            Ok(taken) => {
                prop_assert!(is_this_year || has_year(ways[0]) || !weekday(&aim, ways[1]).is_empty(), "{text}");
                prop_assert_eq!(told(taken.value.at), told(now().moment(meant)), "{}", text);
                prop_assert_eq!(behind(&text, &taken.used), "", "{}", text);
            }
            Err(doubt) => {
                prop_assert!(doubt.why != Why::NotATime && doubt.why != Why::TwoTimes, "{text}: {doubt:?}");
                let may_ask = !is_this_year || (1..=5).contains(&aim.hour);
                prop_assert!(may_ask && offers(&doubt, meant), "{text}: {doubt:?}");
            }
        }
    }

    #[test]
    fn what_stands_behind_it_stays_whole(aim in aims(), ways in ways(), text in "[要同先装修灯楼道门东西南北]{2,6}") {
        let time = said(&aim, &ways);
        let line = format!("{time} {text}");
        if let Ok(taken) = deadline(&line, &now()) {
            prop_assert_eq!(behind(&line, &taken.used).trim(), text.as_str(), "{}", line);
        }
        if let Ok(taken) = sitting(&line, 0, &now()) {
            let meant = aim.day.and_hms_opt(aim.hour, aim.minute, 0).unwrap();
            prop_assert_eq!(told(taken.value.at), told(now().moment(meant)), "{}", line);
            prop_assert_eq!(behind(&line, &taken.used).trim(), text.as_str(), "{}", line);
        }
        // Glued to it, it is either whole or asked about.
        let glued = format!("{time}{text}");
        if let Ok(taken) = sitting(&glued, 0, &now()) {
            prop_assert_eq!(behind(&glued, &taken.used).trim(), text.as_str(), "{}", glued);
        }
        prop_assert!(deadline(&glued, &now()).is_err(), "{}", glued);
    }

    /// Every sign up to the end is that of a piece that was used, a blank, a mark or a bracket.
    #[test]
    fn every_sign_of_a_time_is_used(aim in aims(), ways in ways()) {
        let text = said(&aim, &ways);
        if let Ok(taken) = deadline(&text, &now()) {
            let left = Text::new(behind(&text, &taken.used));
            prop_assert!(left.rest(0).iter().all(|c| c.is_whitespace() || is_mark(*c)), "{text}");
            // Without its last sign it is another time, or none.
            let cut: String = text.chars().take(text.chars().count() - 1).collect();
            if let Ok(shorter) = deadline(&cut, &now()) {
                let left = behind(&cut, &shorter.used);
                // A number alone may be that of what stands behind.
                prop_assert!(!left.contains(|c: char| "点時时分月日号:-/.".contains(c)), "{cut}");
            }
        }
    }

    #[test]
    fn lengths_are_what_they_say(n in 1_u32..200, way in 0_usize..6) {
        let text = [
            format!("{n}天"), format!("{n} 天 之内"), format!("{n}天内"), format!("{n} days"), format!("within {n} days"), format!("{n}天以内。"),
        ][way].clone();
        let taken = term(&text, &now()).unwrap();
        prop_assert_eq!(taken.value, Until::Days(n), "{}", text);
        prop_assert_eq!(behind(&text, &taken.used), "", "{}", text);
    }

    #[test]
    fn a_day_that_closes_at_midnight_is_that_day(aim in aims(), way in 0_usize..12, last in 0_usize..6) {
        let close = ["24时", "24:00", " 24点前", "二十四时止", "24时截止", "晚上12点"][last];
        let text = format!("{} {close}", date(&aim, way));
        match term(&text, &now()) {
            Ok(taken) => {
                prop_assert_eq!(taken.value, Until::Day(aim.day), "{}", text);
                prop_assert_eq!(behind(&text, &taken.used), "", "{}", text);
            }
            Err(doubt) => prop_assert!(aim.day.year() != 2025 && !has_year(way), "{text}: {doubt:?}"),
        }
    }

    #[test]
    fn ranges_keep_both_ends(day in 1_u64..200, from in 6_u32..20, hours in 1_u32..4, way in 0_usize..4) {
        let day = now().today() + chrono::Days::new(day);
        let between = ["-", "至", "~", "到"][way];
        let line = format!("{}月{}日{from}:30{between}{}:00 议事室", day.month(), day.day(), from + hours);
        let taken = sitting(&line, 0, &now()).unwrap();
        prop_assert_eq!(told(taken.value.at), told(now().moment(day.and_hms_opt(from, 30, 0).unwrap())), "{}", line);
        let until = day.and_hms_opt(from + hours, 0, 0).unwrap();
        prop_assert_eq!(taken.value.until, Some(now().moment(until)), "{}", line);
        prop_assert_eq!(behind(&line, &taken.used).trim(), "议事室");
    }

    #[test]
    fn whatever_is_typed_is_survived(text in any::<String>()) {
        let now = now();
        let _ = (deadline(&text, &now), moment(&text, &now), term(&text, &now), sitting(&text, 0, &now));
        let _ = (every(&text, 0), day(&text, &now), time_of_day(&text), times_of_day(&text), period(&text, &now), month(&text, &now));
    }

    #[test]
    fn pieces_may_be_mixed(text in "[0-9一二三十半月日号点时分刻周天上下午晚前后内年至到或:./ -]{1,24}") {
        let now = now();
        let _ = (deadline(&text, &now), moment(&text, &now), term(&text, &now), sitting(&text, 0, &now));
        let _ = (every(&text, 0), day(&text, &now), period(&text, &now), month(&text, &now));
    }
}
