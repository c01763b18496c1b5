//! 照抄就能用 — whatever line is offered for a time that cannot be told is taken when it is sent, at the time that is written in
//! it, with the other words as they were.

use super::*;
use crate::domain::kernel::said::Term;
use crate::domain::kernel::say::{Say, Value};
use crate::language::catalog::Lang;
use crate::language::render::{Site, render};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Asia::Shanghai;

/// Times that must be asked about, or may be.
const ZH: [&str; 62] = [
    "周六上午",
    "明天下午",
    "3月8日全天",
    "3月8日白天",
    "3月8日0930",
    "周六1430",
    "周六 9",
    "3月8日 0930",
    "今天下班前",
    "3月20日下班前",
    "周六3点",
    "周六3点到5点",
    "周六9:30左右",
    "明天此时",
    "周末",
    "下周",
    "3月中旬",
    "下月初",
    "几天",
    "三五天",
    "两三周",
    "3天或5天",
    "3到5天",
    "10-15个工作日",
    "5个工作日",
    "15天（工作日）",
    "15天，工作日",
    "两周（工作日）",
    "20、21号",
    "8、9号9:30",
    "8/9号9:30",
    "3月8、9日",
    "周六、周日9:30",
    "周六日9:30",
    "周六周日9:30",
    "周六或周日9:30",
    "3月8日至10日",
    "3月8日（周日）9:30",
    "2月30日",
    "昨天",
    "3月1日",
    "9:30",
    "15日",
    "一周后的周五",
    "两天两夜",
    "3周，最多",
    "3天最多",
    "3天（暂定）",
    "周六9:30（暂定）",
    "周六9:30-11:00（暂定）",
    "周六9点半，下雨顺延",
    "周六9点半不见不散",
    "周六9:30 【重要】",
    "周六9:30之前到场",
    "周六不行就周日9:30",
    "1小时30分",
    "3月15日 下午茶馆",
    "今晚或明晚7点",
    "20日至25日",
    "0天",
    "下下周",
    "3月8日9:30 GMT",
];
const EN: [&str; 30] = [
    "Saturday morning",
    "tomorrow at 7",
    "Friday 6ish",
    "Friday 6:30ish",
    "10-15 days",
    "2 or 3 weeks",
    "1 to 2 months",
    "3 to 5 days",
    "10 - 15 days",
    "3 days or 5",
    "March 20 to 25",
    "March 20 or 25",
    "20 and 21 March",
    "Saturday and Sunday 9:30",
    "next Friday",
    "this weekend",
    "next week",
    "3/4",
    "3 days max",
    "3 days only",
    "2 weeks maximum",
    "2 weeks (max)",
    "5 working days",
    "15 days excluding weekends",
    "by the end of Friday",
    "Saturday 9:30 GMT",
    "Saturday all day",
    "Sat 15 March 2026 9:30",
    "1 Feb",
    "Friday midnight",
];

fn hearing() -> Hearing {
    Hearing {
        private: false,
        replied_to_bot: false,
        replied_to_person: false,
        reply: None,
        bot_names: vec!["hao_bot".to_owned()],
        now: Shanghai.with_ymd_and_hms(2025, 3, 3, 10, 0, 0).unwrap().with_timezone(&Utc),
        tz: Shanghai,
    }
}

/// What a command says of time, and its words.
#[derive(Debug, PartialEq, Eq)]
enum At {
    Moment(NaiveDateTime),
    Day(NaiveDate),
    Days(u32),
}

fn of(command: &Command) -> (At, String) {
    use crate::domain::talk::gathering::Ask as Gathering;
    let local = |at: chrono::DateTime<Utc>| At::Moment(at.with_timezone(&Shanghai).naive_local());
    let of_term = |term: Term| match term {
        Term::Days(days) => At::Days(days),
        Term::Months(..) | Term::Until(_) => At::Day(term.last_day(NaiveDate::from_ymd_opt(2025, 3, 3).unwrap())),
    };
    match command {
        Command::CallGathering { at, place, .. } => (local(*at), place.clone()),
        Command::Gathering(Gathering::Move { to: Some(to), place, .. }) => (local(to.at), place.clone()),
        Command::OpenPoll { ends, title, .. } => (local(*ends), title.clone()),
        Command::Assign { term, what, .. } => (of_term(*term), what.clone()),
        Command::Delay { term, reason, .. } => (of_term(*term), reason.clone()),
        other => panic!("{other:?}"),
    }
}

/// The lines that are offered in an answer.
fn lines(say: &Say) -> Vec<Say> {
    let of = |value: &Value| match value {
        Value::Lines(lines) => lines.clone(),
        Value::Part(line) if line.key == "when.line" => vec![(**line).clone()],
        _ => Vec::new(),
    };
    say.args.iter().flat_map(|(_, value)| of(value)).collect()
}

/// Whether a line says that day, and that hour.
fn says(line: &str, at: &At, lang: Lang) -> bool {
    let day = |day: NaiveDate| match lang {
        Lang::Zh => day.format("%-m月%-d日（").to_string(),
        Lang::En => day.format("%a %-d %b").to_string(),
    };
    let hour = |time: NaiveTime| time.format("%-H:%M").to_string();
    match at {
        // Of a day that is over, so many days are offered.
        At::Moment(at) if ["3天", "3 days"].iter().any(|term| line.contains(term)) => {
            Some(at.date()) == NaiveDate::from_ymd_opt(2025, 3, 6)
        }
        At::Moment(at) => line.contains(&day(at.date())) && line.contains(&hour(at.time())),
        At::Day(at) => line.contains(&day(*at)) || line.contains("个月") || line.contains("month"),
        At::Days(days) => line.contains(&format!("{days}天")) || line.contains(&format!("{days} days")),
    }
}

#[test]
fn every_line_that_is_offered_is_taken_as_it_says() {
    let catalog = Catalog::builtin().unwrap();
    let zh = [
        "/活动 恳谈会 {} 议事室",
        "/活动 恳谈会 议事室 {}",
        "/活动 2 改到 {} 东门",
        "/投票 1 摸底 {} 要不要装电梯",
        "/投票 1 摸底 {}要不要装电梯",
        "/交办 1 区住建局 赵志强 {} 出具意见",
        "/交办 1 区住建局 赵志强 {}出具意见",
        "/延期 办1 {} 材料没到",
    ];
    let en = [
        "/event Meeting {} Hall",
        "/vote 1 straw {} Shall we have lifts",
        "/assign 1 Housing Omar {} Pour the concrete",
        "/delay 1 {} heavy rain",
    ];
    let all = ZH.iter().flat_map(|time| zh.iter().map(move |line| (line.replace("{}", time), Lang::Zh)));
    let all = all.chain(EN.iter().flat_map(|time| en.iter().map(move |line| (line.replace("{}", time), Lang::En))));
    let read = |line: &str| match parse(catalog, line, &hearing()) {
        Parsed::Heard(heard) => heard.command,
        Parsed::Silent => panic!("{line}: silence"),
    };
    let (mut wrong, mut offered) = (Vec::new(), 0_usize);
    for (line, lang) in all {
        let found = match read(&line) {
            Ok(Command::DelayUnsure { unsure, .. }) => unsure.lines.into_iter().map(|(_, line)| line).collect(),
            Ok(_) => continue,
            Err(say) => lines(&say),
        };
        for say in found {
            let text = render(catalog, &say, lang, &Site { public_url: None, tz: Shanghai }).text;
            offered += 1;
            match read(&text) {
                Ok(command) if !matches!(command, Command::DelayUnsure { .. }) => {
                    let (at, words) = of(&command);
                    if !says(&text, &at, lang) || !line.ends_with(&words) && !line.contains(&format!(" {words} ")) {
                        wrong.push(format!("{line} → {text} → {at:?} “{words}”"));
                    }
                }
                other => wrong.push(format!("{line} → {text} → {other:?}")),
            }
        }
    }
    assert!(offered > 400, "{offered}");
    assert!(wrong.is_empty(), "{} of {offered}:\n{}", wrong.len(), wrong.join("\n"));
}
