//! 权限 — who may do what at all, written by hand from the rights matrix of the specification (model.md §4, commands.md §1), and
//! never blessed. A command that is not listed here fails the test with its name.

/// The people in the table, in the order of its columns: name in the table, name of the person, what they are.
pub const ROLES: [(&str, &str); 13] = [
    ("resident", "田秀英"),
    ("owner", "李德福"),
    ("proposer", "赵小梅"),
    ("member", "陈晓兰"),
    ("lead", "王建国"),
    ("expert", "何伟"),
    ("guest", "孙莉"),
    ("handler", "赵志强"),
    ("moderator", "刘芳"),
    ("moderator2", "高原"),
    ("coordinator", "田静"),
    ("coordinator2", "罗平"),
    ("admin", "周敏"),
];

const ALL: &str =
    "resident owner proposer member lead expert guest handler moderator moderator2 coordinator coordinator2 admin";
/// Everybody but the moderator of the topic (主持中立).
const NEUTRAL: &str =
    "resident owner proposer member lead expert guest handler moderator2 coordinator coordinator2 admin";
/// The moderator of the topic, and coordinators of its town for them.
const CHAIR: &str = "moderator coordinator admin";
const OFFICE: &str = "coordinator admin";
const MEMBERS: &str = "member lead";

/// Command → those whose word may lead to something, in one state or another.
pub const RIGHTS: &[(&str, &str)] = &[
    // 人人
    ("help", ""),
    ("digest", ""),
    ("weekly", ""),
    ("stats", ""),
    ("me", ""),
    ("mydata", ALL),
    ("language", ALL),
    ("topic", ALL),
    ("second", "resident owner member lead expert guest handler moderator2 coordinator coordinator2 admin"),
    ("suggest", NEUTRAL),
    ("like", NEUTRAL),
    ("reply", NEUTRAL),
    ("object", NEUTRAL),
    ("decline", ALL),
    ("join", ALL),
    ("signin", ALL),
    ("undo", "lead guest"),
    ("iam", ""),
    // 名册内；没有名册的摸底，本群人人
    ("ballot", NEUTRAL),
    // 点单人、名册内业主
    ("rate", "proposer owner"),
    // 委员
    ("take", MEMBERS),
    ("info", MEMBERS),
    ("plan", "lead moderator coordinator admin"),
    // 受邀者
    ("expert", "expert"),
    ("answer", "expert guest moderator coordinator admin"),
    // 主持人
    ("next", CHAIR),
    ("bind", CHAIR),
    ("invite", CHAIR),
    ("relay", CHAIR),
    ("adopt", "lead moderator coordinator admin"),
    ("notice", CHAIR),
    ("pact", CHAIR),
    ("vote", CHAIR),
    ("proxy", CHAIR),
    ("tally", ""),
    ("event", CHAIR),
    ("events", ""),
    ("minutes", CHAIR),
    ("back", CHAIR),
    ("pause", CHAIR),
    ("end", CHAIR),
    ("merge", CHAIR),
    ("split", CHAIR),
    ("close", CHAIR),
    ("appoint", OFFICE),
    ("contest", "owner"),
    ("settle", OFFICE),
    ("roll", CHAIR),
    ("code", CHAIR),
    ("confirm", CHAIR),
    ("unlink", CHAIR),
    ("people", ""),
    ("depart", OFFICE),
    // 承办
    ("ack", "handler coordinator admin"),
    ("progress", "handler coordinator admin"),
    ("delay", "handler coordinator admin"),
    // 联络员
    ("accept", OFFICE),
    ("reject", OFFICE),
    ("refer", OFFICE),
    ("assign", OFFICE),
    ("urge", OFFICE),
    ("adopted", OFFICE),
    ("group", OFFICE),
    ("enrol", OFFICE),
    // 加到流程里的
    // 名册还没有时，人人可以先说来不了
    ("leave", ALL),
    ("recuse", ALL),
    ("mandate", "owner moderator coordinator admin"),
    ("remind", CHAIR),
    ("extend", CHAIR),
    ("hide", CHAIR),
    ("kind", CHAIR),
    ("request", CHAIR),
    ("return", "handler coordinator admin"),
    ("force", OFFICE),
    ("category", CHAIR),
    ("unit", CHAIR),
    ("window", CHAIR),
    ("duty", MEMBERS),
    ("charity", "member lead coordinator coordinator2 admin"),
    ("campaign", OFFICE),
    ("coverage", OFFICE),
    ("vet", OFFICE),
    ("proposal", MEMBERS),
    ("station", OFFICE),
    ("level", OFFICE),
    ("qr", ""),
    // 时钟是全区的，表里的联络员只管一个镇街
    ("clock", "admin"),
    ("export", OFFICE),
    ("erase", OFFICE),
    // 全区的事
    ("yearplan", "admin"),
    ("town", "admin"),
    ("sector", "admin"),
    // 管理员
    ("grant", "admin"),
];

/// Steps a topic takes, by hand from the table of states (model.md §2): from, to, by which command. Nothing else moves topic 1.
pub const MOVES: &[(&str, &str, &str)] = &[
    ("none", "ordered", "accept"),
    ("none", "ordered", "topic"),
    ("none", "ordered", "request"),
    ("ordered", "taken", "take"),
    ("taken", "talking", "next"),
    ("talking", "planning", "next"),
    ("planning", "noticing", "notice"),
    ("noticing", "reviewing", "next"),
    ("reviewing", "voting", "next"),
    ("tracking", "closed", "close"),
    ("closed", "tracking", "next"),
    ("noticing", "planning", "back"),
    ("reviewing", "planning", "back"),
    ("voting", "planning", "back"),
    ("paused", "planning", "next"),
    ("ended", "planning", "next"),
    ("paused", "noticing", "next"),
    ("ANY", "paused", "pause"),
    ("ANY", "ended", "end"),
    ("ANY", "merged", "merge"),
    ("paused", "ended", "end"),
    ("paused", "merged", "merge"),
];

/// What moves a topic on is refused to the moderator in these words (commands.md §7): state, line, sentence.
pub const GUARDS: &[(&str, &str, &str)] = &[
    ("ordered", "/推进 1", "⚠️ 还不能推进【1号】：还没人买单，委员请发：/买单 1。"),
    ("talking", "/推进 1", "⚠️ 还不能推进【1号】：建议还不到3条（现有0条）；只有0方发言，要2方（发言=建议、跟帖）。"),
    ("talking_poll", "/推进 1", "⚠️ 还不能推进【1号】：摸底到3月6日20:00才截止。"),
    ("planning", "/公示 1 7天", "⚠️ 还不能推进【1号】：还没有方案稿，请先发：/方案 1 内容。"),
    ("planning_ripe", "/公示 1 2天", "⚠️ 还不能推进【1号】：公示至少3天。"),
    ("planning_ripe", "/推进 1", "⚠️ 还不能推进【1号】：请发：/公示 1 天数。"),
    ("noticing", "/推进 1", "⚠️ 还不能推进【1号】：公示到3月10日24时才满；还有1条异议没答复（1-异1）。"),
    (
        "reviewing",
        "/推进 1",
        "⚠️ 还不能推进【1号】：还没有专家意见，请先发：/专家 1 意见；公约还没定稿，请先发：/公约 1 内容；名册是空的，请先私聊发：/名册 1。",
    ),
    (
        "reviewing_refused",
        "/推进 1",
        "⚠️ 还不能推进【1号】：何伟不同意，请退回改方案；公约还没定稿，请先发：/公约 1 内容；名册是空的，请先私聊发：/名册 1。",
    ),
    ("voting", "/推进 1", "⚠️ 还不能推进【1号】：表决还没有结果。"),
    ("voting_open", "/推进 1", "⚠️ 还不能推进【1号】：表决还没有结果。"),
    (
        "voting_failed",
        "/推进 1",
        "⚠️ 还不能推进【1号】：上一场表决参与的人不够，没有通过。再投一次请发：/投票 1 业主重大 截止 事项；改方案请发：/退回 1 理由；不办了请发：/终止 1 理由。",
    ),
    (
        "voting_refused",
        "/推进 1",
        "⚠️ 还不能推进【1号】：表决没有通过。改方案再表决请发：/退回 1 理由；不办了请发：/终止 1 理由。",
    ),
    (
        "voting_refused",
        "/投票 1 过半 3天 再投一次",
        "⚠️ 还不能发起【1号】的表决：表决没有通过。改方案再表决请发：/退回 1 理由；不办了请发：/终止 1 理由。",
    ),
    (
        "voting_failed",
        "/投票 1 过半 3天 再投一次",
        "⚠️ 还不能发起【1号】的表决：上一场参与的人不够，再投要用同样的规则：业主重大。",
    ),
    ("tracking_assigned", "/办结 1 化解矛盾1", "⚠️ 还不能推进【1号】：办1号还没办结。"),
    ("tracking_refused", "/办结 1 化解矛盾1", "⚠️ 还不能推进【1号】：办1号还没办结。"),
    ("tracking_answered", "/办结 1 化解矛盾1", "⚠️ 还不能推进【1号】：办1号还没评价。"),
    ("tracking_ripe", "/办结 1", "⚠️ 还不能推进【1号】：还差一样：办成了什么。如：/办结 1 化解矛盾1 民生工程1。"),
    ("tracking_ripe", "/推进 1", "⚠️ 还不能推进【1号】：办成了什么、几件，照实写，如：/办结 1 化解矛盾1 民生工程1。"),
];

/// 阶段不对 — what a resident hears (commands.md §3): state, line, sentence.
pub const STAGES: &[(&str, &str, &str)] = &[
    ("ordered", "/建议 1 加灯", "【1号】还没人买单，可以先回“附议”支持"),
    ("taken", "/建议 1 加灯", "【1号】还没开始恳谈，请等主持人发 /推进"),
    ("noticing", "/建议 1 加灯", "【1号】正在公示，新意见请发：/异议 1 内容；支持请回“附议”"),
    ("reviewing", "/建议 1 加灯", "【1号】已进入专家审查，意见请直接联系主持人刘芳"),
    ("voting", "/建议 1 加灯", "【1号】已进入表决，意见请直接联系主持人刘芳"),
    ("tracking", "/建议 1 加灯", "【1号】已在办理，还没有交办，意见请直接联系主持人刘芳"),
    ("closed", "/建议 1 加灯", "【1号】已办结，有新情况请重新点单：/议题 事情"),
    ("ended", "/建议 1 加灯", "【1号】已终止，有新情况请重新点单：/议题 事情"),
    ("merged", "/建议 1 加灯", "【1号】已并到2号，请写2号再发。2号走到哪一步、还收什么，发：/议题 2"),
    ("paused", "/建议 1 加灯", "【1号】已暂缓，请等主持人恢复"),
    ("reviewing", "/附议 1", "【1号】已进入专家审查，附议到公示为止"),
    ("planning", "/异议 1 玻璃反光", "【1号】不在公示期，有主意请发：/建议 1 内容"),
];
