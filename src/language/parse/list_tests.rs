//! Lists of people as they are typed: who comes, who does not, who was there, and what stands on a list and is nobody.

use super::tests::{group, ok, private};
use crate::domain::command::Command;
use crate::domain::kernel::ids::GatheringNo;
use crate::domain::talk::chain::Chain;
use crate::domain::talk::gathering::{Ask as Gathering, Attendants, Coming};

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
        "有事来不了",
        "要上班来不了",
        "上班，去不了",
        "下次吧",
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
        "/签到 1 张桂英（迟到） 李德福",
        "/签到 1 实到2人：张桂英、李德福",
    ] {
        assert_eq!(group(text), named(&["张桂英", "李德福"]), "{text}");
    }
    for text in ["张桂英 李德福 请假 冯丽", "张桂英 李德福 缺席：冯丽", "张桂英 未到 李德福", "张桂英 李德福没来"]
    {
        assert!(matches!(group(&format!("/签到 1 {text}")), Some(Err(_))), "{text}");
    }
    for text in [
        "周涛没来",
        "周涛未到",
        "周涛缺席",
        "周涛请假",
        "缺席周涛",
        "李德福 冯丽 周涛没到",
        "冯丽、匿名",
        "冯丽、全体",
        "冯丽、大家",
        "冯丽、领导",
        "冯丽、两位居民",
        "冯丽、居民若干",
        "冯丽、李德福代",
        "冯丽、代李德福",
        "刘芳主持",
        "李德福 已走",
        "实到3人：张桂英、李德福",
    ] {
        assert!(matches!(group(&format!("/签到 1 {text}")), Some(Err(_))), "{text}");
    }
    for text in ["/签到 1 委员：张桂英；群众：李德福", "/签到 1 张桂英、李德福"] {
        assert_eq!(group(text), named(&["张桂英", "李德福"]), "{text}");
    }
    assert_eq!(group("/签到 1 李德福 101、冯丽 501"), named(&["101李德福", "501冯丽"]));
    for text in ["/签到 1 我到了", "/签到 1 本人"] {
        let own = Command::SignIn { gathering: Some(GatheringNo(1)), names: Attendants::Myself };
        assert_eq!(group(text), ok(own), "{text}");
    }
    for text in ["/报名 1？", "/报名 能带孩子吗", "/报名 1 怎么报名", "/报名费多少"] {
        assert!(matches!(group(text), Some(Err(_))), "{text}");
    }
    for (text, other, note) in
        [("吴秀珍", "吴秀珍", ""), ("替吴秀珍报", "吴秀珍", "报"), ("吴秀珍 2人", "吴秀珍", "2人")]
    {
        let (name, note) = (other.to_owned(), note.to_owned());
        let want = Gathering::JoinAs { gathering: Some(GatheringNo(1)), name, note };
        assert_eq!(group(&format!("/报名 1 {text}")), ok(Command::Gathering(want)), "{text}");
    }
    assert!(matches!(group("/报名 1 张桂英和李德福"), Some(Err(_))));
    assert!(matches!(group("/报名 活动号"), Some(Err(_))));
    for text in ["/报名 1 请假", "/报名 1 没空", "/报名 1 不能来"] {
        let leave = Gathering::Leave { gathering: Some(GatheringNo(1)), why: String::new() };
        assert_eq!(group(text), ok(Command::Gathering(leave)), "{text}");
    }
}

#[test]
fn who_does_not_come_is_whoever_speaks_or_asked() {
    let (gathering, leave) =
        (Some(GatheringNo(1)), |why: &str| Gathering::Leave { gathering: Some(GatheringNo(1)), why: why.to_owned() });
    for why in ["", "家里有事", "孩子发烧来不了", "老伴住院", "要去上班", "出差，去不了", "我没空"]
    {
        assert_eq!(group(&format!("/不去 1 {why}")), ok(Command::Gathering(leave(why))), "{why}");
    }
    for (said, name) in [
        ("老李", "老李"),
        ("李阿姨", "李阿姨"),
        ("老伴不来了", "老伴"),
        ("李德福来不了", "李德福"),
        ("李德福 出差", "李德福"),
        ("老伴", "老伴"),
    ] {
        let other = Gathering::LeaveAs { gathering, name: name.to_owned(), said: said.to_owned() };
        assert_eq!(group(&format!("/不去 1 {said}")), ok(Command::Gathering(other)), "{said}");
    }
    for said in ["1人", "少来两个", "老伴不来了，我来", "可能"] {
        assert!(matches!(group(&format!("/不去 1 {said}")), Some(Err(_))), "{said}");
    }
    for said in ["有事来不了", "要上班，来不了"] {
        assert_eq!(group(&format!("/报名 1 {said}")), ok(Command::Gathering(leave(said))), "{said}");
    }
    for said in ["可能来", "有事", "下次吧，这次有孩子", "+1"] {
        assert!(matches!(group(&format!("/报名 1 {said}")), Some(Err(_))), "{said}");
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
        ("#接龙\n1.张桂英 2.李德福", "张桂英| 李德福|"),
        ("#接龙\n例 1. 姓名 2. 姓名\n1.张桂英 2.李德福", "张桂英| 李德福|"),
        ("#接龙\n1.张桂英2.李德福3.冯丽", "张桂英| 李德福| 冯丽|"),
        ("#接龙 周六恳谈会 1.张桂英 2.李德福", "张桂英| 李德福|"),
        ("#接龙\n①张桂英 ②李德福", "张桂英| 李德福|"),
        ("#接龙\n1. 张桂英 2人\n2. 李德福", "张桂英|2人 李德福|"),
        ("#接龙\n一、张桂英\n二、李德福", "张桂英| 李德福|"),
        ("#接龙\n（1）张桂英\n(2) 李德福", "张桂英| 李德福|"),
        ("#接龙\n1. 张桂英请假\n2. 李德福不参加", "张桂英|请假 李德福|不参加"),
        ("#接龙\n1. 张桂英等3人\n2. 冯丽等三人", "张桂英|等3人 冯丽|等三人"),
        ("#接龙\n1. 李德福一家三口\n2. 周涛两口子\n3. 王三", "李德福|一家三口 周涛|两口子 王三|"),
    ] {
        assert_eq!(chain(text), want, "{text}");
    }
}

#[test]
fn what_stands_on_a_line_and_is_nobody() {
    for item in [
        "待定",
        "我",
        "匿名",
        "占位",
        "空",
        "预留",
        "无",
        "其他人",
        "各位邻居",
        "3号楼全体",
        "两人",
        "2人",
        "不知道",
        "看情况",
        "不一定",
        "可能去",
        "同上",
        "报名",
        "物业",
        "社区",
        "名字",
        "1",
        "https://a.cn",
        "138 1111",
        "能带孩子吗",
        "几点开始？",
    ] {
        let Some(Ok(Command::Chain(Chain { lines, nobody, .. }))) = group(&format!("#接龙\n1. 李德福\n2. {item}"))
        else {
            panic!("{item}");
        };
        assert_eq!((lines.len(), nobody.len()), (1, 1), "{item}: {lines:?}");
    }
    for item in ["快乐老太", "老王", "李阿姨", "601", "Li Defu", "欧阳娜娜", "阿依古丽"] {
        let Some(Ok(Command::Chain(Chain { lines, .. }))) = group(&format!("#接龙\n1. 李德福\n2. {item}")) else {
            panic!("{item}");
        };
        assert_eq!(lines.len(), 2, "{item}: {lines:?}");
    }
    assert_eq!(group("#接龙\n想提的问题\n1. 补贴多少\n2. 谁来维护"), None);
}

#[test]
fn a_hashtag_before_talk_is_left_alone() {
    for text in [
        "#报名 广场舞比赛的姐妹找我",
        "#收到",
        "#收到\n1. 李德福\n2. 冯丽",
        "#投票 最美阳台大赛给我家投一票",
        "#活动 剪影",
        "、顶",
    ] {
        assert_eq!(group(text), None, "{text}");
    }
    for text in ["#报名 2人", "#报名 1", "#活动 恳谈会 3月8日9:30 议事室"] {
        assert!(matches!(group(text), Some(Ok(_))), "{text}");
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
