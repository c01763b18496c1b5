//! Lists of people as they are typed: who comes, who does not, who was there, and what stands on a list and is nobody.

use super::tests::{group, ok, private};
use crate::domain::command::Command;
use crate::domain::kernel::ids::GatheringNo;
use crate::domain::talk::gathering::{Ask as Gathering, Attendants, Chain, Coming};

#[test]
fn who_does_not_come_is_off_the_list() {
    let comes = |note: &str| match group(&format!("#接龙\n1. 张桂英\n2. 李德福 {note}")) {
        Some(Ok(Command::Chain(Chain { lines, .. }))) => {
            lines.last().is_some_and(|line| line.name == "李德福" && line.comes == Coming::Yes)
        }
        other => panic!("{other:?}"),
    };
    for note in [
        "请假",
        "有事请假",
        "请病假",
        "没空",
        "不能来",
        "去不成",
        "来不成了",
        "放弃",
        "缺席",
        "临时有事",
        "退了",
        "改天",
        "勿计",
        "×",
        "（删）",
        "取消",
        "来不了",
        "不参加",
        "没来",
        "未到",
    ] {
        assert!(!comes(note), "{note}");
    }
    for note in ["2人", "带老伴", "晚到半小时", "可能晚到"] {
        assert!(comes(note), "{note}");
    }
    for note in ["待定", "（候补）", "不一定", "看情况。", "可能来", "maybe"] {
        assert!(!comes(note), "{note}");
    }
}

#[test]
fn who_was_there_is_named_or_asked() {
    let named = |names: &[&str]| {
        let names = Attendants::Named(names.iter().map(|&name| name.into()).collect());
        ok(Command::SignIn { gathering: Some(GatheringNo(1)), names })
    };
    for text in [
        "/签到 1 序号 姓名\n1 张桂英\n2 李德福",
        "/签到 1 参会人员 张桂英 李德福",
        "/签到 1 实到：张桂英 李德福",
        "/签到 1 张桂英和李德福",
        "/签到 1 姓名：张桂英、李德福",
    ] {
        assert_eq!(group(text), named(&["张桂英", "李德福"]), "{text}");
    }
    for text in ["张桂英 李德福 请假 冯丽", "张桂英 李德福 缺席：冯丽", "张桂英 未到 李德福", "张桂英 李德福没来"]
    {
        assert!(matches!(group(&format!("/签到 1 {text}")), Some(Err(_))), "{text}");
    }
    assert!(matches!(group("/报名 1 张桂英和李德福"), Some(Err(_))));
    assert!(matches!(group("/报名 活动号"), Some(Err(_))));
    for text in ["/报名 1 请假", "/报名 1 没空", "/报名 1 不能来"] {
        let leave = Gathering::Leave { gathering: Some(GatheringNo(1)), why: String::new() };
        assert_eq!(group(text), ok(Command::Gathering(leave)), "{text}");
    }
}

#[test]
fn names_are_parted_from_what_stands_around_them() {
    let chain = |text: &str| match group(text) {
        Some(Ok(Command::Chain(Chain { lines, .. }))) => {
            lines.into_iter().map(|line| format!("{}|{}", line.name, line.note)).collect::<Vec<_>>().join(" ")
        }
        other => format!("{other:?}"),
    };
    for (text, want) in [
        ("#接龙\n1. 张桂英 李德福\n2. 冯丽、郑小军\n3. 孙莉和钱磊", "张桂英| 李德福| 冯丽| 郑小军| 孙莉| 钱磊|"),
        ("#接龙\n1. 张桂英🌹\n2. 李德福👍 2人", "张桂英| 李德福|2人"),
        ("#接龙\n1. 601\n2. 101 2人", "601| 101|2人"),
        ("#接龙\n1. 【601】张桂英\n2. 李德福（101）2人", "601张桂英| 101李德福|2人"),
        ("#接龙\n1. 【601】张桂英\n2. 李德福 2人", "张桂英| 李德福|2人"),
        ("#接龙\n1. 张桂英 马上到\n2. 李德福 带老伴", "张桂英|马上到 李德福|带老伴"),
    ] {
        assert_eq!(chain(text), want, "{text}");
    }
}

#[test]
fn paper_ballots_read_the_same_in_any_order() {
    for (text, plain) in [
        ("代投 1 赞成：201；反对：202", "代投 1 201 赞成；202 反对"),
        ("代投 1 201 支持；202 不同意", "代投 1 201 赞成；202 反对"),
        ("代投 1 201 赞成（电话）；202 反对(纸质)", "代投 1 201 赞成；202 反对"),
        ("代投 1 赞成：201、202", "代投 1 201、202都赞成"),
        ("代投 1 201李德福 赞成", "代投 1 201 李德福 赞成"),
        ("代投 1 201李德福赞成", "代投 1 201 李德福 赞成"),
        ("代投 1 201/李德福/赞成", "代投 1 201 李德福 赞成"),
    ] {
        let read = private(text);
        assert!(matches!(read, Some(Ok(_))) && read == private(plain), "{text}: {read:?}");
    }
}
