//! 路 — how topic 1 gets to each of its states. A state begins where another one ended; `+8` lets eight days pass;
//! `!claim` makes 认1 anew, `!clock` lets the clock jump.

/// A state: its name, the state it comes from, and what is said on the way.
pub struct State {
    pub name: &'static str,
    pub from: &'static str,
    pub lines: &'static [&'static str],
}

const fn state(name: &'static str, from: &'static str, lines: &'static [&'static str]) -> State {
    State { name, from, lines }
}

/// Every state of a topic, by its step; `_ripe` = everything is there that the next step asks for.
pub const STATES: &[State] = &[
    state(
        "slip",
        "",
        &[
            "刘芳 g_df /活动 周末有约 12月30日9:30 议事室",
            "刘芳 g_df /活动 邻里圆桌会 今天23:30 议事室",
            // One that has begun, for whoever signs in.
            "刘芳 g_new /活动 楼前踏勘 今天9:04 议事室",
            "刘芳 g_df #接龙 邻里圆桌会\\n1. 李德福\\n2. 赵小梅\\n3. 陈晓兰\\n4. 王建国\\n5. 何伟\\n6. 孙莉\\n7. 赵志强\\n8. 刘芳\\n9. 高原\\n10. 田静\\n11. 罗平\\n12. 周敏\\n13. 田秀英",
            "王建国 g_wy /社情民意 关于公布补贴标准的建议｜情况：不清楚能补多少｜建议：街道公开栏公布",
            "赵小梅 page 3号楼2单元加装电梯｜楼里老人多，想装电梯",
            "!clock",
        ],
    ),
    state("slip_rejected", "slip", &["田静 pm /不予受理 W1 个人纠纷，请找人民调解"]),
    state(
        "ordered",
        "slip",
        &["田静 pm /受理 W1 东风路街道 智力支持型", "王建国 g_df /议题 南门路灯不亮", "刘芳 g_tl /绑定 1"],
    ),
    state("taken", "ordered", &["王建国 g_tl /买单 1", "刘芳 g_tl /邀请 1 何伟 专家 结构；孙莉 部门 规划分局"]),
    state("talking", "taken", &["刘芳 g_tl /推进 1"]),
    state(
        "talking_ripe",
        "talking",
        &["冯丽 g_tl /建议 1 井道用透明玻璃", "郑小军 g_tl /建议 1 二楼钱要少摊", "孙莉 g_tl /建议 1 北侧可布置"],
    ),
    state("talking_poll", "talking_ripe", &["刘芳 g_tl /投票 1 摸底 3天 要不要装电梯"]),
    state(
        "talking_council",
        "talking_ripe",
        &["刘芳 pm /名册 1\\n李德福\\n冯丽\\n郑小军", "刘芳 g_tl /投票 1 过半 3天 要不要装电梯"],
    ),
    state("talking_recused", "talking_council", &["刘芳 pm /回避 1 李德福 有利害关系", "刘芳 pm /代投 1 冯丽 赞成"]),
    state("talking_contested", "talking_recused", &["李德福 pm /不回避 1 没有关系"]),
    state("planning", "talking_ripe", &["刘芳 g_tl /推进 1"]),
    state("planning_ripe", "planning", &["王建国 g_tl /方案 1 总价56万元，居民分摊41万元"]),
    state("noticing", "planning_ripe", &["刘芳 g_tl /公示 1 7天", "吴秀珍 g_tl /异议 1 玻璃反光"]),
    state("noticing_ripe", "noticing", &["孙莉 g_tl /答复 1-异1 用低反射玻璃", "+8"]),
    state("reviewing", "noticing_ripe", &["刘芳 g_tl /推进 1"]),
    state("reviewing_refused", "reviewing", &["何伟 g_tl /专家 1 不同意 基础压着燃气管"]),
    state(
        "reviewing_ripe",
        "reviewing",
        &[
            "何伟 g_tl /专家 1 修改后同意 留抗震缝",
            "刘芳 g_tl /公约 1 一、建设费按公示方案分摊；二、每年公布一次账目",
            "刘芳 pm /名册 1\\n101,李德福,92.50\\n102,吴秀珍,78.30\\n201,郑小军,92.50\\n202,许文,78.30\\n501,冯丽,92.50\\n601,张桂英,92.50",
            "!claim",
        ],
    ),
    state("voting", "reviewing_ripe", &["刘芳 g_tl /推进 1"]),
    state("voting_open", "voting", &["刘芳 g_tl /投票 1 业主重大 3天 同意加装电梯"]),
    state("voting_failed", "voting_open", &["冯丽 g_tl /投 1号 1", "+4"]),
    state(
        "voting_refused",
        "voting_open",
        &["刘芳 pm /代投 1 102 反对；201 反对；202 反对；501 反对；601 赞成", "李德福 pm 投 1号 2", "+4"],
    ),
    state(
        "tracking",
        "voting_open",
        &["刘芳 pm /代投 1 102 反对；201 赞成；202 赞成；501 赞成；601 赞成", "李德福 pm 投 1号 1", "+4"],
    ),
    state("tracking_assigned", "tracking", &["田静 g_tl /交办 1 区住建局 赵志强 15天 出具意见"]),
    state("tracking_answered", "tracking_assigned", &["赵志强 g_tl /办理 办1 办结 A 已出具意见"]),
    state("tracking_refused", "tracking_answered", &["李德福 g_tl /评价 办1 不满意 外机还没移"]),
    state(
        "tracking_refused_twice",
        "tracking_refused",
        &["赵志强 g_tl /办理 办1 办结 A 外机移了", "李德福 g_tl /评价 办1 不满意 还是没移"],
    ),
    state("tracking_ripe", "tracking_answered", &["赵小梅 g_tl /评价 办1 满意"]),
    state("closed", "tracking_ripe", &["刘芳 g_tl /办结 1 化解矛盾1 民生工程1"]),
    state("closed_late", "closed", &["+31"]),
    state("paused", "planning_ripe", &["刘芳 g_tl /暂缓 1 等补贴政策"]),
    state("paused_noticing", "noticing", &["刘芳 g_tl /暂缓 1 等补贴政策"]),
    state("ended", "planning_ripe", &["刘芳 g_tl /终止 1 提出人搬走"]),
    state("merged", "planning_ripe", &["田静 g_tl /并案 1 并到 2 一件事"]),
];
