//! 经过 — each act is told with the words and the verdict of its moment, whatever was said, decided or rated later; what was hidden or
//! taken back since is told as such.

use super::hall;
use super::hall::{Hall, catalog};
use crate::support::folder::Folder;
use chrono::Duration;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use xieshang::domain::history::export::{Export, Line};
use xieshang::domain::kernel::ids::TopicNo;
use xieshang::language::Lang;
use xieshang::ledger::disk::{Disk, RealDisk};
use xieshang::ledger::{FileLedger, Ledger as _, read_numbers};
use xieshang::say;

/// Lines as “事项：内容”.
fn told(hall: &Hall, lines: Vec<Line>) -> Vec<String> {
    let term = |key: &str| catalog().term(key).unwrap_or_else(|| panic!("no term {key}")).text(Lang::Zh).to_owned();
    let row = |line: Line| {
        let text = hall.words(&say!("plain", text = line.text), Lang::Zh);
        format!("{}：{text}", term(line.what))
    };
    lines.into_iter().map(row).collect()
}

/// What the office reads of topic 1, and what everybody does.
fn of_topic(hall: &Hall) -> (Vec<String>, Vec<String>) {
    let (from, to) = (hall.now - Duration::days(90), hall.now + Duration::days(1));
    let export =
        Export { no: 1, fingerprint: String::new(), topic: Some(TopicNo(1)), from, to, towns: Vec::new(), until: to };
    let world = hall.world();
    let open = world.lines_told(&world.told_of(TopicNo(1), true), &*hall.records, false);
    (told(hall, world.export_lines(&export, &*hall.records)), told(hall, open))
}

/// What was done in a state of the topic, and the lines that must be there, in this order.
const CHANGED: &[(&str, &[&str], &[&str])] = &[
    (
        "noticing",
        &["孙莉 g_tl /答复 1-异1 第一次：不改", "孙莉 g_tl /答复 1-异1 第二次：改用玻璃"],
        &["方案：总价56万元", "张榜公示：", "异议：玻璃反光", "答复异议：第一次：不改", "答复异议：第二次：改用玻璃"],
    ),
    (
        "reviewing_refused",
        &["何伟 g_tl /专家 1 修改后同意 留抗震缝"],
        &["专家意见：不同意；基础压着燃气管", "专家意见：修改后同意；留抗震缝"],
    ),
    (
        "tracking_refused",
        &["赵志强 g_tl /办理 办1 进展 在移外机", "赵志强 g_tl /办理 办1 办结 A 外机移了", "李德福 g_tl /评价 办1 满意"],
        &[
            "计票：通过",
            "交办：区住建局；赵志强；出具意见",
            "办件答复：A；已出具意见",
            "评价：不满意；外机还没移",
            "办理：在移外机",
            "办件答复：A；外机移了",
            "评价：满意",
        ],
    ),
    (
        "reviewing",
        &["刘芳 g_tl /退回 1 重新拟方案", "王建国 g_tl /方案 1 总价53万元", "刘芳 g_tl /公示 1 7天"],
        &[
            "方案：总价56万元",
            "张榜公示：",
            "答复异议：用低反射玻璃",
            "专家审查：",
            "退回：拟方案；重新拟方案",
            "方案：总价53万元",
            "张榜公示：",
        ],
    ),
    (
        "tracking_assigned",
        &[
            "赵志强 g_tl /退办 办1 不归我们管",
            "田静 g_tl /交办 办1 安顺电梯 钱磊 10天 移外机",
            "钱磊 g_tl /签收 办1",
            "钱磊 g_tl /延期 办1 3天 等材料到货",
            "钱磊 g_tl /延期 办1 5天 材料还没到",
            "钱磊 g_tl /办理 办1 进展 外机在移",
        ],
        &[
            "交办：区住建局；赵志强；出具意见；",
            "退办：不归我们管",
            "重新交办：安顺电梯；钱磊；移外机；",
            "签收：",
            "延期：3月28日；等材料到货",
            "延期：4月2日；材料还没到",
            "办理：外机在移",
        ],
    ),
    ("paused", &["刘芳 g_tl /推进 1"], &["暂缓：等补贴政策", "恢复："]),
    ("ended", &[], &["终止：提出人搬走"]),
    ("merged", &[], &["并案："]),
    ("closed", &[], &["办结：化解矛盾1；民生工程1"]),
];

#[test]
fn each_act_is_told_in_the_words_of_its_moment() {
    for (state, lines, want) in CHANGED {
        let mut hall = hall(state);
        lines.iter().for_each(|line| hall.must(line));
        let (inside, _) = of_topic(&hall);
        let mut rest = inside.iter();
        for wanted in *want {
            assert!(
                rest.any(|line| line.starts_with(wanted)),
                "{state}: {wanted} is not there, or not there: {inside:#?}"
            );
        }
    }
}

/// 微提案 — every answer and every rating, each in its own words.
#[test]
fn each_act_on_a_proposal_is_told_in_the_words_of_its_moment() {
    let mut hall = hall("talking_ripe");
    for line in [
        "王建国 pm /提案 关于增设夜间公交的建议｜情况：九点后没车｜建议：延长到十一点｜来源：1-1",
        "田静 pm /立案 提1",
        "田静 pm /交办 提1 区住建局 赵志强",
        "赵志强 pm /签收 提1",
        "赵志强 pm /延期 提1 30天 司机不够",
        "赵志强 pm /办理 提1 进展 在招司机",
        "赵志强 pm /办理 提1 办结 B 周末先开",
        "王建国 pm /评价 提1 不满意 只在周末开",
        "赵志强 pm /办理 提1 办结 A 天天开了",
        "王建国 pm /评价 提1 满意",
    ] {
        hall.must(line);
    }
    let (from, to) = (hall.now - Duration::days(90), hall.now + Duration::days(1));
    let export = Export { no: 1, fingerprint: String::new(), topic: None, from, to, towns: Vec::new(), until: to };
    let lines = told(&hall, hall.world().export_lines(&export, &*hall.records));
    let mut rest = lines.iter();
    for wanted in [
        "微提案：关于增设夜间公交的建议；",
        "立案：",
        "交办：区住建局；赵志强；",
        "签收：",
        "延期：",
        "办理：在招司机",
        "提案答复：B；周末先开",
        "评价：不满意；只在周末开",
        "提案答复：A；天天开了",
        "评价：满意",
    ] {
        assert!(rest.any(|line| line.starts_with(wanted)), "{wanted} is not there, or not there: {lines:#?}");
    }
}

#[test]
fn a_reason_for_hiding_is_told_and_not_what_was_hidden() {
    let mut hall = hall("talking_ripe");
    let said = "井道用透明玻璃";
    let is_said = |lines: &[String]| lines.iter().any(|line| line.contains(said));
    hall.must("刘芳 g_tl /隐藏 1-1 人身攻击");
    let (inside, open) = of_topic(&hall);
    for lines in [&inside, &open] {
        assert!(!is_said(lines), "{lines:#?}");
        assert!(lines.iter().any(|line| line == "隐藏：人身攻击"), "{lines:#?}");
        assert!(lines.iter().any(|line| line.starts_with("建议：（已隐藏：人身攻击，刘芳")), "{lines:#?}");
    }
    hall.must("刘芳 g_tl /取消隐藏 1-1");
    let (inside, open) = of_topic(&hall);
    assert!(is_said(&inside) && is_said(&open), "{inside:#?}");
    assert!(inside.iter().any(|line| line == "取消隐藏："), "{inside:#?}");
}

/// What anybody reads of a vote is that it was and how it was counted: neither who voted, nor for whom, nor who was away and why.
#[test]
fn nobody_is_told_by_a_line_to_have_voted() {
    for state in ["tracking", "talking_contested", "voting_refused"] {
        let hall = hall(state);
        let (inside, open) = of_topic(&hall);
        let lines: BTreeSet<&str> = inside.iter().filter_map(|line| line.split('：').next()).collect();
        assert!(lines.contains("发起表决"), "{lines:?}");
        assert!(!lines.contains("投票") && !lines.contains("代投"), "{lines:?}");
        if state == "talking_contested" {
            let is_there = |lines: &[String], wanted: &str| lines.iter().any(|line| line.starts_with(wanted));
            for wanted in ["主持人定回避：李德福；有利害关系", "对回避的异议：李德福；没有关系"]
            {
                assert!(is_there(&inside, wanted) && !is_there(&open, wanted), "{wanted}: {inside:#?} {open:#?}");
            }
        }
    }
}

/// Single records are the same as when all are read, near and far, in every segment of the vault.
#[test]
fn records_are_found_by_their_number() {
    let folder = Folder::new("by_number");
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(&folder.0).unwrap());
    let (ledger, _) = FileLedger::open(Arc::clone(&disk), None).unwrap();
    let mut ledger = ledger.with_segment_bytes(100_000);
    let body = |n: u64| match n % 3 {
        0 => json!({"n": n}),
        _ => json!({"n": n, "text": {"$w": format!("第{n}条{}", "字".repeat(100))}}),
    };
    while ledger.head().seq < 3_000 {
        let seq = ledger.head().seq;
        let bodies: Vec<_> = (1..=7).map(|n| body(seq + n)).collect();
        ledger.append(seq, &bodies).unwrap();
    }
    let all: Vec<_> = ledger.read_after(None).unwrap().map(|entry| entry.unwrap()).collect();
    let ask = |numbers: &[u64]| {
        let mut found = Vec::new();
        read_numbers(&disk, numbers, &mut |entry| {
            found.push((entry.seq, entry.body));
            true
        })
        .unwrap();
        found
    };
    let last = ledger.head().seq;
    for numbers in [vec![1], vec![last], vec![2, 1_500, 1_501, 2_400, last], (1..=last).collect(), vec![last + 1]] {
        let want: Vec<_> =
            all.iter().filter(|one| numbers.contains(&one.seq)).map(|one| (one.seq, one.body.clone())).collect();
        assert!(ask(&numbers) == want, "{numbers:?}");
    }
    for n in (1..=last).step_by(97) {
        assert_eq!(ask(&[n])[0].0, n);
    }
}
