//! 引用 — somebody replies “+1” to “✅ 已记建议1-3，回“+1”点赞。”, and nothing is known of that message but its text: it was sent before the
//! working store was made anew, or the platform hands over no more. Then the target is read from what everybody sees.

use crate::domain::kernel::ids::{
    BriefNo, ClaimNo, GatheringNo, ObjectionRef, ProposalNo, SlipNo, SuggestionRef, TaskNo, TopicNo,
};
use crate::domain::kernel::mark::{Mark, Why};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Longest quoted text looked at, in characters: the reference stands near the front.
const MAX_LOOK: usize = 2_000;

/// The list of those who wait for somebody's word, with the button for all of them.
const ALL_CLAIMS: &[&str] = &["👥 等您确认的", "👥 Waiting for you"];

/// Messages that are about nothing in particular, though somebody's words in them may look like a reference.
const ABOUT_NOTHING: &[&str] = &[
    "没看懂",
    "名册没有载入",
    "The roll is not loaded",
    "📎 收到“",
    "📎 Received",
    "没有办：",
    "Not done:",
    "没有载入：",
    "Not loaded:",
    "请核对：",
    "Please check:",
    "时间没看懂",
    "在办议题",
    "请说明是几号",
    "等您确认的",
    "✅ 一次确认了",
    "✅ Confirmed at once",
    "✅ 一次登记了",
    "✅ Registered at once",
    "什么都还没有动",
    "Nothing has been changed",
    "隐藏的是没有登记的那个账号",
    "What is hidden is the name",
    "没有一位可以一次确认",
    "Nobody could be confirmed",
    "✅ 已记“",
    "📩 替您记了履职“",
    "📩 A duty was noted for you",
    "没有“",
    "没找到",
    "社情民意清单",
    "微提案清单",
    "叫",
    "内容是空的",
    "常用就这几句",
    "📍",
    "📋",
    "📆",
    "🏷",
    "🗺",
    "❤",
    "Did not understand",
    "Topics under way",
    "Please say which",
    "Waiting for you",
    "✅ Noted, ",
    "There is no category",
    "Your briefs",
    "Briefs that wait",
    "Your proposals",
    "Proposals under way",
    "Not registered",
    "Not on the list",
    "There is more than one",
    "There is nothing in it",
    "The few lines",
    "读到",
    "Lines read",
    "什么都还没有动",
    "Nothing has been changed",
    "⏳ 没有记的",
    "⏳ Not recorded",
    "名单：",
    "List of",
    "账号名单：",
    "Accounts of",
    "⚠️ 群“",
    "👥 镇街登记群",
    "👥 Registered by a town",
    "⚠️ I am no longer",
    "您这段话有",
    "You wrote too much for a title",
    "这个命令请在群里发",
    "Please send this in the group",
    "我是帮大家商量事情的程序",
    "I am a program that helps",
    "您说的可能是",
    "It may be one of",
    "提一件事，发",
    "To make a request send",
    "给在办的事出主意",
    "To suggest something",
    "投诉请打",
    "投诉、报修请打",
    "For complaints",
    "附议要在群里发",
    "Seconding is done",
    "现在没有可以附议",
    "There is nothing to second",
    "报名要在群里发",
    "Signing up is done",
    "您还没有提过",
    "You have no request",
    "在这里投，",
    "Vote here, where",
    "换手机、账号",
    "With a new phone",
    "已经登记：",
    "You are registered",
];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

static REFERENCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?m)(?P<poll>🗳\x{FE0F}? ?)?(?:【(?P<topic>[0-9]{1,9})号[·】]|\[No\. (?P<no>[0-9]{1,9})\])",
        r"|(?:(?:建议|跟帖|赞过|点赞|记过了（|[Ss]uggestions? |liked |like of |reply to |Added to |already \()|^[“「\x22]?(?:👍\x{FE0F}? ?)?)(?P<st>[0-9]{1,9})-(?P<sn>[0-9]{1,9})",
        r"|(?P<ot>[0-9]{1,9})-(?:异|obj)(?P<on>[0-9]{1,9})",
        r"|办(?P<task>[0-9]{1,9})号|(?-u:\b)[Tt]ask (?P<job>[0-9]{1,9})",
        r"|活动(?P<act>[0-9]{1,9})号|[Ee]vent (?P<event>[0-9]{1,9})",
        r"|(?:社情民意(?P<brief>[0-9]{1,9})号|（社(?P<she>[0-9]{1,9}))|[Bb]rief (?P<info>[0-9]{1,9})",
        r"|微提案(?P<prop>[0-9]{1,9})号|（提(?P<ti>[0-9]{1,9})|[Pp]roposal (?P<put>[0-9]{1,9})",
        r"|(?-u:\b)W(?P<slip>[0-9]{1,9})",
        r"|【认(?P<claim>[0-9]{1,9})】|\[Claim (?P<says>[0-9]{1,9})\]",
    ))
    .ok()
});

static DEADLINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?m)^(?:截止：?(?P<m>[0-9]{1,2})月(?P<d>[0-9]{1,2})日(?P<h>[0-9]{1,2}):(?P<n>[0-9]{2})",
        r"|Closes:? (?P<ed>[0-9]{1,2}) (?P<em>[A-Z][a-z]{2}) (?P<eh>[0-9]{1,2}):(?P<en>[0-9]{2}))",
    ))
    .ok()
});

/// What asks for words, by words of its own.
const ASKS_WHY: &[&str] = &["哪里不满意", "What is wrong, "];
const ASKS_WHY_AGAINST: &[&str] = &["投反对要说理由", "say why you are against"];

/// The first reference, in reading order, that a person sees in a message of the bot; where that message asks for words, what for.
#[must_use]
pub fn read_mark(text: &str) -> Option<Mark> {
    let asks = |all: &[&str]| all.iter().any(|words| text.contains(words));
    Some(match read_reference(text)? {
        Mark::Task(no) if asks(ASKS_WHY) => Mark::Why(Why::Task(no)),
        Mark::Proposal(no) if asks(ASKS_WHY) => Mark::Why(Why::Proposal(no)),
        Mark::Topic(no) if asks(ASKS_WHY_AGAINST) => Mark::Why(Why::Against(no)),
        mark => mark,
    })
}

fn read_reference(text: &str) -> Option<Mark> {
    let text: String = text.chars().take(MAX_LOOK).collect();
    let start = text.trim_start();
    if ALL_CLAIMS.iter().any(|words| start.starts_with(words)) {
        return Some(Mark::Claims);
    }
    if ABOUT_NOTHING.iter().any(|words| start.starts_with(words)) || is_digest(start) {
        return None;
    }
    let found = REFERENCE.as_ref()?.captures(&text)?;
    let number = |name| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
    if let Some(topic) = number("topic").or_else(|| number("no")).map(TopicNo) {
        return Some(match found.name("poll") {
            Some(_) => Mark::Poll { topic, ends: deadline(&text) },
            None if is_list(&text, found.get(0).map_or(0, |whole| whole.end())) => Mark::Suggestions(topic),
            None => Mark::Topic(topic),
        });
    }
    if let (Some(topic), Some(n)) = (number("st"), number("sn")) {
        return Some(Mark::Suggestion(SuggestionRef { topic: TopicNo(topic), n }));
    }
    if let (Some(topic), Some(n)) = (number("ot"), number("on")) {
        return Some(Mark::Objection(ObjectionRef { topic: TopicNo(topic), n }));
    }
    if let Some(no) = number("task").or_else(|| number("job")) {
        return Some(Mark::Task(TaskNo(no)));
    }
    if let Some(no) = number("act").or_else(|| number("event")) {
        return Some(Mark::Gathering(GatheringNo(no)));
    }
    if let Some(no) = number("brief").or_else(|| number("she")).or_else(|| number("info")) {
        return Some(Mark::Brief(BriefNo(no)));
    }
    if let Some(no) = number("prop").or_else(|| number("ti")).or_else(|| number("put")) {
        return Some(Mark::Proposal(ProposalNo(no)));
    }
    if let Some(no) = number("claim").or_else(|| number("says")) {
        return Some(Mark::Claim(ClaimNo(no)));
    }
    number("slip").map(|no| Mark::Slip(SlipNo(no)))
}

/// Whether the first line goes on as that of a list of suggestions and has nothing more.
fn is_list(text: &str, from: usize) -> bool {
    let line = text.get(from..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let zh = line.strip_prefix("建议").and_then(|rest| rest.strip_suffix("条："));
    let count = zh.or_else(|| line.trim_start().strip_prefix("Suggestions: "));
    count.is_some_and(|count| !count.is_empty() && count.chars().all(|c| c.is_ascii_digit()))
}

/// A digest of a group (【有事好商量·…】第1期) speaks of many things.
fn is_digest(start: &str) -> bool {
    start.strip_prefix('【').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// Month, day, hour and minute of the last line that tells a deadline: what stands before it may be somebody's words.
fn deadline(text: &str) -> Option<(u32, u32, u32, u32)> {
    let found: Captures<'_> = DEADLINE.as_ref()?.captures_iter(text).last()?;
    let number = |name| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
    if let (Some(m), Some(d), Some(h), Some(n)) = (number("m"), number("d"), number("h"), number("n")) {
        return Some((m, d, h, n));
    }
    let month = found.name("em").and_then(|m| MONTHS.iter().position(|name| *name == m.as_str()))?;
    Some((u32::try_from(month).ok()? + 1, number("ed")?, number("eh")?, number("en")?))
}

/// Short English name of a month, from 1.
pub(super) fn month_name(month: u32) -> &'static str {
    usize::try_from(month).ok().and_then(|m| MONTHS.get(m.wrapping_sub(1))).copied().unwrap_or("?")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sug(topic: u32, n: u32) -> Option<Mark> {
        Some(Mark::Suggestion(SuggestionRef { topic: TopicNo(topic), n }))
    }

    #[test]
    fn reads_what_people_see() {
        let topic = |n| Some(Mark::Topic(TopicNo(n)));
        let objection = |topic, n| Some(Mark::Objection(ObjectionRef { topic: TopicNo(topic), n }));
        let poll = |n, ends| Some(Mark::Poll { topic: TopicNo(n), ends });
        for (text, want) in [
            ("✅ 点单成功：【1号】3号楼2单元加装电梯\n提出人：张桂英", topic(1)),
            ("【1号】建议2条：\n1-1 加灯（张桂英）", Some(Mark::Suggestions(TopicNo(1)))),
            ("[No. 1] Suggestions: 2\n1-1 More light (Anna)", Some(Mark::Suggestions(TopicNo(1)))),
            ("【1号】建议两条：都要\n进度：点单", topic(1)),
            ("✅ 已记建议1-3，回“+1”点赞。", sug(1, 3)),
            ("✅ 已代李德福记下建议1-2（代录人：刘芳）。", sug(1, 2)),
            ("👍 1-3 已有2个赞", sug(1, 3)),
            ("您已经赞过1-3了。", sug(1, 3)),
            ("✅ 已跟帖1-3。", sug(1, 3)),
            ("📅 活动1号：周末有约", Some(Mark::Gathering(GatheringNo(1)))),
            ("#接龙 活动12号（2人）\n1. 张桂英", Some(Mark::Gathering(GatheringNo(12)))),
            ("🗳【1号】摸底开始：要不要\n截止：3月9日20:00。回复本条：1 赞成", poll(1, Some((3, 9, 20, 0)))),
            ("🗳\u{FE0F} 【1号】表决结果：通过", poll(1, None)),
            ("🗳【1号】表决开始：甲\n截止：1月1日1:00\n截止：3月30日9:05", poll(1, Some((3, 30, 9, 5)))),
            ("🗳【1号】已投2/3人。\n截止3月30日20:00，截止前", poll(1, Some((3, 30, 20, 0)))),
            ("🗳 [No. 2] Vote opens: x\nRule: y\nCloses: 30 Mar 9:05\nReply", poll(2, Some((3, 30, 9, 5)))),
            ("✅ 社情民意1号 已收：关于", Some(Mark::Brief(BriefNo(1)))),
            ("✅ 微提案2号 已收：关于", Some(Mark::Proposal(ProposalNo(2)))),
            ("✅ Received proposal 2: x", Some(Mark::Proposal(ProposalNo(2)))),
            ("📥 扫码点单 W7：南门（张）", Some(Mark::Slip(SlipNo(7)))),
            ("✅ 已登记公示意见 1-异2（吴秀珍）。", objection(1, 2)),
            ("✅ Objection 1-obj2 recorded (Wu).", objection(1, 2)),
            ("📌 办2号 已交办：安顺电梯（钱磊）\n事项：【9号】", Some(Mark::Task(TaskNo(2)))),
            ("✅ Task 2 is answered", Some(Mark::Task(TaskNo(2)))),
            ("👤【认3】有人请您确认身份\n自称：【9号】 W9", Some(Mark::Claim(ClaimNo(3)))),
            ("👤 [Claim 3] Somebody asks", Some(Mark::Claim(ClaimNo(3)))),
            ("【1号·3号楼加装电梯】3月3日", topic(1)),
            ("【有事好商量·每日微协商】第1期\n1号 【9号】", None),
            ("等您确认的：\n认1　自称张桂英 【认9】", None),
            ("没看懂“/卖单”。您是不是想发：/买单 1 【9号】", None),
            ("在办议题1件：\n1号 3-2单元漏水（点单）", None),
            ("您发得有点快，请过一分钟再发。", None),
            ("", None),
        ] {
            assert_eq!(read_mark(text), want, "{text}");
        }
    }
}
