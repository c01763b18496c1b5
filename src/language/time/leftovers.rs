//! 余下不算别的 — what is left over of a time becomes no place, no name and no matter: it is read, or asked about.

use super::table::{deadline_of, every_of, holds, now, sitting_of, term_of};
use super::text::{Text, parts};
use super::*;
use proptest::prelude::*;

#[test]
fn a_day_behind_the_hours_is_that_of_both() {
    holds(
        &[
            ("9:30到11:00，3月10日，议事室", "3-10 9:30 ~ 3-10 11:00 | 议事室"),
            ("9:30-11:00 3月8日 议事室", "3-8 9:30 ~ 3-8 11:00 | 议事室"),
            ("9:30-11:00 周六 议事室", "3-8 9:30 ~ 3-8 11:00 | 议事室"),
            ("9:30~11:00 周六（3月8日） 议事室", "3-8 9:30 ~ 3-8 11:00 | 议事室"),
            ("上午10-12点 3月9日 池塘边", "3-9 10:00 ~ 3-9 12:00 | 池塘边"),
            ("下午2:00—4:00 3月10日 池塘边", "3-10 14:00 ~ 3-10 16:00 | 池塘边"),
            ("晚7点至9点 3月10日 议事室", "3-10 19:00 ~ 3-10 21:00 | 议事室"),
            ("晚7点到9点，明天，议事室", "3-4 19:00 ~ 3-4 21:00 | 议事室"),
            ("14:00-16:00 下周三 议事室", "3-12 14:00 ~ 3-12 16:00 | 议事室"),
            ("2点到4点 周六下午 议事室", "3-8 14:00 ~ 3-8 16:00 | 议事室"),
            ("2-4pm Sunday 9 March pond", "3-9 14:00 ~ 3-9 16:00 | pond"),
            ("10am to noon 9 March pond", "3-9 10:00 ~ 3-9 12:00 | pond"),
            ("23:00-1:00 3月10日 夜查", "3-10 23:00 ~ 3-11 1:00 | 夜查"),
            ("22:00-次日1:00 3月10日 夜查", "3-10 22:00 ~ 3-11 1:00 | 夜查"),
            ("3月9日23:30-次日1:00 夜查", "3-9 23:30 ~ 3-10 1:00 | 夜查"),
            ("3月9日23:30~次日1:00 夜查", "3-9 23:30 ~ 3-10 1:00 | 夜查"),
            ("3月9日晚11点到第二天凌晨1点 夜查", "3-9 23:00 ~ 3-10 1:00 | 夜查"),
            ("3月9日23:30至翌日1:00 夜查", "3-9 23:30 ~ 3-10 1:00 | 夜查"),
            ("3月9日20:00至次日9:00 夜查", "3-9 20:00 ~ 3-10 9:00 | 夜查"),
            ("9:30到3月10日11:00 议事室", "? Range 3-10 9:30"),
            ("20:00至明天8:00 议事室", "? Range 3-4 20:00"),
            ("3月8日9:00至3月10日17:00 大院", "3-8 9:00 ~ 3-10 17:00 | 大院"),
        ],
        sitting_of,
    );
    holds(
        &[
            ("9:30到11:00，3月10日 要不要装", "3-10 9:30 ~ 3-10 11:00 | 要不要装"),
            ("9:00-18:00 3月10日 修不修", "3-10 9:00 ~ 3-10 18:00 | 修不修"),
            ("20:00至3月8日18:00 修不修", "3-3 20:00 ~ 3-8 18:00 | 修不修"),
            ("3月5日20:00至次日20:00 修不修", "3-5 20:00 ~ 3-6 20:00 | 修不修"),
        ],
        |text| deadline_of(text, &now()),
    );
}

#[test]
fn figures_behind_a_day_are_asked_about() {
    holds(
        &[
            ("3月10日 14-16 议事室", "? BareHour"),
            ("3月10日 10-12 池塘边", "? BareHour"),
            ("3月10日 9-11 池塘边", "? BareHour"),
            ("3月10日 14~16 池塘边", "? BareHour"),
            ("3月10日 14到16 池塘边", "? BareHour"),
            ("3月10日 14至16 池塘边", "? BareHour"),
            ("3月10日 0930 议事室", "? BareHour 3-10 9:30"),
            ("3月10日，0930，议事室", "? BareHour 3-10 9:30"),
            ("3月10日 1430 议事室", "? BareHour 3-10 14:30"),
            ("3月10日 930 议事室", "? BareHour 3-10 9:30"),
            ("3月10日 9 议事室", "? BareHour 3-10 9:00 / 3-10 21:00"),
            ("3月14日 10 池塘边", "? BareHour 3-14 10:00 / 3-14 22:00"),
            ("3月14日 池塘边 10", "? BareHour"),
            ("3月14日 14 池塘边", "? BareHour 3-14 14:00"),
            ("Sunday 9 March 10-12 pond", "? BareHour"),
            ("Sunday 9 March from 10 to 12 pond", "? BareHour"),
            ("Sun 9 March 1000 pond", "? BareHour 3-9 10:00"),
            ("周六 14-16 池塘边", "? BareHour"),
            ("明天 0930 议事室", "? BareHour 3-4 9:30"),
            ("3月10日 305 议事室", "3-10 20:00 | 305 议事室"),
            ("3月10日 3-2 门口", "3-10 20:00 | 3-2 门口"),
            ("3月10日9:30 0930 议事室", "3-10 9:30 | 0930 议事室"),
            ("3月10日9:30 3号楼前", "3-10 9:30 | 3号楼前"),
            ("3月10日9:30 议事室，9:20前到", "? TwoTimes"),
            ("3月10日9:30 议事室门口8点半集合", "? TwoTimes"),
            ("3月10日9:30 议事室，改自3月8日", "? TwoTimes"),
            ("3月10日9:30 一周两次 议事室", "? TwoTimes"),
            ("3月10日9:30 议事室 twice a week", "? TwoTimes"),
            ("3月10日9:30 议事室 从3月15日起", "? TwoTimes"),
            ("明天此时 试试", "? Vague 3-4 10:00"),
            ("明天这个时候 试试", "? Vague 3-4 10:00"),
            ("3月10日同一时间 议事室", "? Vague 3-10 10:00"),
            ("3月9日23:30-凌晨 夜查", "? Range"),
            ("廿五号上午十点 议事室", "3-25 10:00 | 议事室"),
            ("三月廿二日上午十点 议事室", "3-22 10:00 | 议事室"),
            ("三月卅日上午十点 议事室", "3-30 10:00 | 议事室"),
            ("三月卅一日上午十点 议事室", "3-31 10:00 | 议事室"),
            ("三月廿日晚八点 议事室", "3-20 20:00 | 议事室"),
        ],
        sitting_of,
    );
    // A day in the name of a gathering of which none else is said.
    let named = |text: &str| {
        let skip = text.find(' ').unwrap() + 1;
        match sitting(text, skip, &now()) {
            Ok(taken) => super::table::told(taken.value.at),
            Err(doubt) => super::table::asked(&doubt),
        }
    };
    holds(
        &[
            ("周六恳谈会 20:30 议事室", "? Either 3-8 20:30 / 3-3 20:30"),
            ("3月8日联欢会 20:30 议事室", "? Either 3-8 20:30 / 3-3 20:30"),
            ("明天恳谈会 9:30 议事室", "? Either 3-4 9:30"),
            ("周六恳谈会 3月9日9:30 议事室", "3-9 9:30"),
            ("恳谈会 20:30 议事室", "3-3 20:30"),
            ("三号楼恳谈会 20:30 议事室", "3-3 20:30"),
        ],
        named,
    );
}

#[test]
fn matters_hold_no_second_end() {
    holds(
        &[
            ("5天 3月20日前完成", "? TwoTimes 3-8 20:00 / 3-20 20:00"),
            ("5天 周五前完成", "? TwoTimes 3-8 20:00 / 3-7 20:00"),
            ("5天 3月20日之前完成", "? TwoTimes 3-8 20:00 / 3-20 20:00"),
            ("3月7日前 3月20日前完成", "? TwoTimes 3-7 20:00 / 3-20 20:00"),
            ("15天 10天内出方案", "? TwoTimes 3-18 20:00 / 3-13 20:00"),
            ("5天 0930", "5 days | 0930"),
            ("5天 3月20日的水管", "5 days | 3月20日的水管"),
            ("到3月15日 等货", "3-15 | 等货"),
        ],
        term_of,
    );
    holds(
        &[
            ("3月4日20:00 周日开会", "3-4 20:00 | 周日开会"),
            ("3月4日20:00 周六开会", "3-4 20:00 | 周六开会"),
            ("3月8日20:00 周六开会", "3-8 20:00 | 周六开会"),
            ("3天 周六开会", "3-6 20:00 | 周六开会"),
            ("3月8日（周六）20:00开会", "? Start 3-8 20:00"),
            ("3月10日 14-16 修不修", "? BareHour"),
            ("3月10日 0930 修不修", "? BareHour 3-10 9:30"),
            ("明天此时 试试", "? Vague 3-4 10:00"),
        ],
        |text| deadline_of(text, &now()),
    );
}

#[test]
fn how_often_is_never_dropped() {
    holds(
        &[
            ("合唱 从3月15日起每周六14:00 文化站", "?"),
            ("丑会 一周两次 10点 议事室", "?"),
            ("丑会 一星期3次 10点 议事室", "?"),
            ("丑会 一个月一次 10点 议事室", "?"),
            ("Tea3 twice a week 10am", "?"),
            ("Tea3 three times a month 10am", "?"),
            ("Tea3 once every week 10am", "?"),
            ("丑会 一周后 10点 议事室", "none"),
            ("丑会 两次 10点 议事室", "none"),
        ],
        every_of,
    );
    let text = "Walk2 the first Saturday of each month 9:30 Gate";
    let found = every(text, 0).unwrap().unwrap();
    assert_eq!((found.used.start, found.value.weekday), (6, 6));
}

/// Days as they are written, one word each.
const DAYS: [&str; 9] = ["3月10日", "三月十号", "周六", "明天", "3.15", "2025-3-15", "廿五号", "9 March", "下周三"];
/// Hours, and what somebody writes for one.
const HOURS: [&str; 16] = [
    "9:30",
    "上午9点半",
    "14:00-16:00",
    "14-16",
    "0930",
    "930",
    "10",
    "晚7点至9点",
    "次日1:00",
    "twice a week",
    "一周两次",
    "每周六9:30",
    "此时",
    "10 to 12",
    "下午2:00—4:00",
    "23:30-次日1:00",
];

/// Whether a word may be of a time: figures of an hour, a colon between figures, or what the grammar knows.
fn is_of_a_time(word: &str) -> bool {
    let text = Text::new(word);
    let is_figures = word.len() <= 5 && word.chars().all(|c| c.is_ascii_digit() || c == '-') && word != "-";
    is_figures || holds_time(word) || (0..text.len()).any(|i| rest::is_written_at(&text, i)) || word.contains("次")
}

fn rest_of(text: &str, used: &Range<usize>) -> Vec<String> {
    let around = format!("{} {}", text.get(..used.start).unwrap(), text.get(used.end..).unwrap());
    around.split(parts).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_a_time_is_left(day in 0_usize..9, hour in 0_usize..16, more in 0_usize..20, order in 0_usize..3, mark in 0_usize..3) {
        let mark = [" ", "，", "　"][mark];
        let (day, hour, more) = (DAYS[day], HOURS[hour], HOURS.get(more).copied().unwrap_or_default());
        let text = match order {
            0 => format!("{day}{mark}{hour}{mark}{more} 议事室"),
            1 => format!("{hour}{mark}{day}{mark}议事室 {more}"),
            _ => format!("{more}{mark}{day} {hour}{mark}议事室"),
        };
        if every(&text, 0).is_none() && let Ok(taken) = sitting(&text, 0, &now()) {
            let left = rest_of(&text, &taken.used);
            // Beside an hour figures alone are a room.
            let is_room = |word: &String| word.chars().all(|c| c.is_ascii_digit() || c == '-');
            let wrong: Vec<&String> = left.iter().filter(|word| is_of_a_time(word) && !is_room(word)).collect();
            prop_assert!(wrong.is_empty(), "{text} → {taken:?} {wrong:?}");
            let has_hour = text.get(taken.used.clone()).is_some_and(|used| used.contains([':', '点', '：']));
            prop_assert!(has_hour || !left.iter().any(|word| is_of_a_time(word)), "{text} → {taken:?}");
        }
    }
}
