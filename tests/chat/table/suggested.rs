//! 改一个字再发 — the lines suggested after a town or a sector nobody knows: whatever was written with it, each means the same but for that name.

use super::hall::{Hall, catalog};
use chrono::{TimeZone, Utc};
use xieshang::domain::command::Command;
use xieshang::language::{self, Lang, Parsed};

/// Who says it where, the line with `*` in the place of the name, what else may be written, the wrong names.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const CASES: [Case; 9] = [
    (
        "pm",
        "/登记 方明 群众 镇街=*",
        &["房号=502", "党员", "单位=区一中", "级别=区", "特长=法律、调解", "党代表=否"],
        TOWNS,
    ),
    (
        "pm",
        "/登记 方明 政协 区一中 界别=*",
        &["镇街=东风路街道", "党员", "人大代表", "房号=5-502", "级别=市级"],
        SECTORS,
    ),
    ("pm", "/登记 方明 政协 区一中 *", &["镇街=东风路街道", "党员", "特长=法律", "另一位", "房号=502"], SECTORS),
    ("pm", "登记 方明 政协 * 东风路街道", &["党员", "特长=法律", "级别=区", "房号=502"], SECTORS),
    ("pm", "/enrol Fangming resident town=*", &["flat=502", "party-member", "unit=School", "expertise=law"], TOWNS),
    ("g_new", "/群设置 类型=居民群 镇街=*", &["日报=18:00", "语言=中文", "免打扰=21:00-8:00"], TOWNS),
    ("g_new", "/群设置 类型=界别群 界别=*", &["日报=18:00", "语言=英文", "免打扰=21:00-8:00"], SECTORS),
    ("pm", "/阵地 委员工作室 桥头工作室 *", &["每周三", "地址=桥头2号", "联系人=沈红"], TOWNS),
    ("pm", "/授权 沈红 主持人 *", &[], TOWNS),
];

const TOWNS: &[&str] = &["团节镇", "团洁镇", "新团结镇"];
const SECTORS: &[&str] = &["教育届", "工商联届", "农业届"];

fn read(text: &str, at: &str) -> Command {
    let heard = language::Hearing {
        private: at == "pm",
        reply: None,
        replied_to_bot: false,
        replied_to_person: false,
        bot_names: Vec::new(),
        now: Utc.with_ymd_and_hms(2025, 3, 3, 1, 0, 0).unwrap(),
        tz: chrono_tz::Asia::Shanghai,
    };
    match language::parse(catalog(), text, &heard) {
        Parsed::Heard(heard) => heard.command.unwrap_or_else(|say| panic!("{text}: {say:?}")),
        Parsed::Silent => panic!("{text} is taken for talk"),
    }
}

#[test]
fn a_suggested_line_is_the_one_that_was_written_but_for_the_wrong_name() {
    let hall = Hall::new();
    for (at, line, more, names) in CASES {
        for mask in 0..1_u32 << more.len() {
            let written =
                more.iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0).map(|(_, word)| format!(" {word}"));
            let line = format!("{line}{}", written.collect::<String>());
            for name in names {
                let said = line.replace('*', name);
                let Some(Err(say)) = hall.ask(&hall.world(), "周敏", at, &said).decided else {
                    panic!("“{said}” is not asked back");
                };
                assert_eq!(say.key, "e.town_unknown", "{said}");
                let answer = hall.words(&say, Lang::Zh);
                let lines: Vec<&str> = answer
                    .lines()
                    .filter(|row| {
                        row.contains("方明")
                            || row.contains("Fangming")
                            || row.contains("群设置")
                            || row.starts_with("/阵地")
                            || row.starts_with("/授权")
                    })
                    .collect();
                assert!(!lines.is_empty(), "{answer}");
                for row in lines {
                    let at_name = line.find('*').unwrap();
                    let other = row.get(at_name..row.len() - (line.len() - at_name - 1)).unwrap();
                    assert_eq!(row, line.replace('*', other));
                    let again = format!("{:?}", read(row, at)).replace(&format!("{other:?}"), &format!("{name:?}"));
                    assert_eq!(again, format!("{:?}", read(&said, at)), "{said}\n{row}");
                }
            }
        }
    }
}

/// A word that stands where a unit does, and is nearly a town or a sector, is never taken for a unit in silence.
#[test]
fn a_mistyped_name_without_its_key_is_asked_back() {
    let hall = Hall::new();
    for (said, wanted) in [
        ("/登记 方明 政协 教育届 团结镇", "e.town_unknown"),
        ("/登记 方明 政协 团结镇 教育届", "e.town_unknown"),
        ("/登记 方明 政协 区一中 教育介", "e.town_unknown"),
        ("/登记 方明 政协 教育介 团结镇", "e.unit_like"),
        ("/登记 方明 政协 工商连 团结镇", "e.unit_like"),
        ("/登记 方明 政协 九三学设 团结镇", "e.unit_like"),
        ("/登记 方明 群众 团结真 房号=502", "e.unit_like"),
    ] {
        let Some(Err(say)) = hall.ask(&hall.world(), "周敏", "pm", said).decided else {
            panic!("“{said}” is not asked back")
        };
        assert_eq!(say.key, wanted, "{said}");
        let answer = hall.words(&say, Lang::Zh);
        let first = answer.lines().find(|row| row.starts_with("/登记")).unwrap();
        assert!(matches!(hall.ask(&hall.world(), "周敏", "pm", first).decided, Some(Ok(_))), "{first}");
    }
    for said in [
        "/登记 方明 政协 单位=工商连 团结镇",
        "/登记 方明 政协 区一中 科技界",
        "/登记 方明 政协 残联 界别=科技界 团结镇",
    ] {
        assert!(matches!(hall.ask(&hall.world(), "周敏", "pm", said).decided, Some(Ok(_))), "{said}");
    }
}
