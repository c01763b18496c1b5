//! 去路 — a topic that moved on (并案, 终止, 暂缓, 恢复, 办结, 重开), and every way by which somebody still comes to it by its old number,
//! its bound group or an old card: each leads on to where it goes on, or says what became of it.

use super::HALLS;
use super::hall::Hall;
use xieshang::domain::kernel::ids::{SuggestionRef, TopicNo};
use xieshang::domain::kernel::mark::Mark;
use xieshang::language::Lang;

/// What became of topic 1: the state it begins in (`way.rs`), what is said then, and what an answer names one of.
const STATES: [(&str, &str, &[&str], &[&str]); 8] = [
    ("merged", "talking_ripe", &[MERGED], &["2号", "/议题 2", "/建议 2"]),
    (
        "merged_on",
        "talking_ripe",
        &[MERGED, "王建国 g_df /议题 北门水管漏水", "刘芳 g_df /并案 2 并到 3 一起修"],
        &["3号", "/议题 3", "/建议 3"],
    ),
    ("ended", "talking_ripe", &["刘芳 g_tl /终止 1 提出人搬走"], &["终止", "没有在办", "/t/1"]),
    ("paused", "talking_ripe", &[PAUSED], &["暂缓", "/t/1"]),
    ("resumed", "talking_ripe", &[PAUSED, "刘芳 g_tl /推进 1"], &["1号", "1-"]),
    ("closed", "closed", &[], &["办结", "没有在办", "/t/1", "建议3条", "表决结果", "表决已截止"]),
    ("reopened", "closed", &["田静 g_tl /推进 1"], &["1号", "1-"]),
    ("merged_in_rest", "talking_ripe", &[PAUSED, MERGED], &["2号", "/议题 2", "/建议 2"]),
];

const MERGED: &str = "田静 g_tl /并案 1 并到 2 一件事";
const PAUSED: &str = "刘芳 g_tl /暂缓 1 等补贴政策";

/// What is replied to.
#[derive(Clone, Copy)]
enum To {
    Nothing,
    Card,
    Receipt,
    List,
}

/// The ways: who, where, what, in reply to what.
const WAYS: &[(&str, &str, &str, To)] = &[
    // 绑定群，不写编号
    ("许文", "g_tl", "/建议 加个扶手", To::Nothing),
    ("许文", "g_tl", "/附议", To::Nothing),
    ("许文", "g_tl", "/点赞 1", To::Nothing),
    ("许文", "g_tl", "/跟帖 1 也好", To::Nothing),
    ("许文", "g_tl", "/议题", To::Nothing),
    ("许文", "g_tl", "/异议 太亮", To::Nothing),
    ("刘芳", "g_tl", "/计票", To::Nothing),
    ("许文", "g_tl", "/投 1 赞成", To::Nothing),
    ("刘芳", "g_tl", "/延长 3天 人不够", To::Nothing),
    ("刘芳", "g_tl", "/推进", To::Nothing),
    ("刘芳", "g_tl", "/活动 恳谈会 12月29日9:30 议事室", To::Nothing),
    // 老编号
    ("许文", "g_df", "/建议 1 加个扶手", To::Nothing),
    ("许文", "g_df", "/建议 1", To::Nothing),
    ("许文", "g_df", "/附议 1", To::Nothing),
    ("许文", "g_df", "/点赞 1-1", To::Nothing),
    ("许文", "g_df", "/跟帖 1-1 也好", To::Nothing),
    ("许文", "g_df", "/异议 1 太亮", To::Nothing),
    ("许文", "g_df", "/议题 1", To::Nothing),
    ("刘芳", "g_df", "/计票 1", To::Nothing),
    ("刘芳", "g_df", "/延长 1 3天 人不够", To::Nothing),
    ("许文", "g_df", "/投 1号 赞成", To::Nothing),
    ("陈晓兰", "g_df", "/买单 1", To::Nothing),
    ("王建国", "g_df", "/方案 1 总价56万元", To::Nothing),
    ("刘芳", "g_df", "/推进 1", To::Nothing),
    ("刘芳", "g_df", "/邀请 1 罗平 专家 结构", To::Nothing),
    ("刘芳", "pm", "/名册 1\n101,李德福,92.50\n102,吴秀珍,78.30", To::Nothing),
    ("刘芳", "g_df", "/投票 1 摸底 3天 要不要装电梯", To::Nothing),
    ("刘芳", "g_df", "/公示 1 7天", To::Nothing),
    ("刘芳", "g_df", "/退回 1 再议", To::Nothing),
    ("刘芳", "g_df", "/类型 1 公益活动型", To::Nothing),
    ("刘芳", "g_df", "/对口 1 区住建局", To::Nothing),
    ("刘芳", "g_df", "/限时 1 3天", To::Nothing),
    ("刘芳", "g_df", "/码 1", To::Nothing),
    ("刘芳", "g_new", "/绑定 1", To::Nothing),
    ("田静", "g_df", "/层级 1 界别", To::Nothing),
    ("田静", "g_df", "/专题 夜间安全 1", To::Nothing),
    ("田静", "g_df", "/交办 1 区住建局 赵志强 15天 出具意见", To::Nothing),
    ("刘芳", "g_df", "/办结 1 化解矛盾1", To::Nothing),
    // 老卡片、老回执、老清单
    ("许文", "g_df", "/附议", To::Card),
    ("许文", "g_df", "/建议 加个扶手", To::Card),
    ("许文", "g_df", "+1", To::Receipt),
    ("许文", "g_df", "/跟帖 也好", To::Receipt),
    ("许文", "g_df", "/点赞 2", To::List),
    ("刘芳", "g_df", "/推进", To::Card),
];

impl To {
    fn mark(self) -> Option<Mark> {
        match self {
            Self::Nothing => None,
            Self::Card => Some(Mark::Topic(TopicNo(1))),
            Self::Receipt => Some(Mark::Suggestion(SuggestionRef { topic: TopicNo(1), n: 1 })),
            Self::List => Some(Mark::Suggestions(TopicNo(1))),
        }
    }
}

/// What is heard, or what happens, as text.
fn heard(hall: &Hall, (who, at, line, to): (&str, &str, &str, To)) -> String {
    match hall.answer(&hall.world(), who, at, line, to.mark()).decided {
        None => "silence".to_owned(),
        Some(Err(say)) => hall.words(&say, Lang::Zh),
        Some(Ok(decision)) if decision.facts.is_empty() => {
            decision.answer.iter().map(|say| hall.words(say, Lang::Zh)).collect::<Vec<_>>().join("\n")
        }
        Some(Ok(decision)) => format!("fact: {:?}", decision.facts),
    }
}

#[test]
fn every_way_to_a_topic_that_moved_on_leads_on_or_says_what_became_of_it() {
    let mut lost = Vec::new();
    for (state, from, lines, named) in STATES {
        let mut hall = HALLS[from].clone();
        lines.iter().for_each(|line| hall.must(line));
        let living = named.iter().find_map(|name| name.strip_prefix("/议题 ")).unwrap_or("1");
        let goes_on = matches!(state, "resumed" | "reopened");
        for way in WAYS {
            let answer = heard(&hall, *way);
            // What people said on a topic keeps its number where that goes on as another.
            let is_kept = state.starts_with("merged") && answer.starts_with("fact: [SuggestionLiked");
            let is_fact = answer.starts_with("fact: ") && answer.contains(&format!("TopicNo({living})")) || is_kept;
            let is_told = named.iter().any(|name| answer.contains(name));
            if !(is_fact || is_told || goes_on && answer != "silence") {
                lost.push(format!("{state}: {} {} {} → {answer}", way.0, way.1, way.2));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
