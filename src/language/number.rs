//! 编号 — “1”, “1号”, “第1号”, “【1】”, “#1”, “一号”, “十二”; but “12号楼去年装了” begins with no number.

use super::fold::{next, peek, strip, trim, trim_start};
use crate::domain::brief::Subject;
use crate::domain::kernel::ids::{BriefNo, ProposalNo, SuggestionRef, TopicNo};
use crate::domain::kernel::said::SuggestionArg;

/// Most digits a number may have.
const MAX_DIGITS: usize = 9;
/// What is counted or numbered besides what we number: 3楼, 60岁, 2024年, 5和6.
pub const COUNTED: &str = concat!(
    "楼樓层層号號栋棟幢单單室房门門院户戶家人位名个個条條次年月日天周星时時点點分秒刻岁歲代",
    "米厘毫公里千万萬亿億百十元块塊毛角度吨斤克升瓦伏兆平台部辆輛盏盞棵座间間张張件项項种種届屆期级級路線线区區段班队隊",
    "票倍半多几幾第至到比和与與及或以前后後左右份支只排面遍趟场場回副声聲"
);

/// Digits at the start, half or full width.
pub fn digits(text: &str) -> Option<(u32, &str)> {
    let (mut value, mut rest, mut count) = (0_u32, text, 0_usize);
    while let Some((c, after)) = next(rest) {
        let Some(digit) = c.to_digit(10) else { break };
        count += 1;
        if count > MAX_DIGITS {
            return None;
        }
        value = value * 10 + digit;
        rest = after;
    }
    (count > 0).then_some((value, rest))
}

fn chinese_digit(c: char) -> Option<u32> {
    "〇一二三四五六七八九".chars().position(|d| d == c).and_then(|n| u32::try_from(n).ok()).or(match c {
        '两' => Some(2),
        '零' => Some(0),
        _ => None,
    })
}

/// 一 … 九十九 at the start.
pub fn chinese(text: &str) -> Option<(u32, &str)> {
    let (first, after) = next(text)?;
    let (tens, rest) = match (first, chinese_digit(first)) {
        ('十', _) => (Some(1), after),
        (_, Some(digit)) => match strip(after, "十") {
            Some(rest) => (Some(digit), rest),
            None => return Some((digit, after)),
        },
        _ => return None,
    };
    let tens = tens.unwrap_or(0) * 10;
    Some(match next(rest).and_then(|(c, after)| chinese_digit(c).filter(|d| *d > 0).map(|d| (d, after))) {
        Some((ones, after)) => (tens + ones, after),
        None => (tens, rest),
    })
}

/// What follows a number if it may end here: blank, end, colon, or a comma that no digit follows.
fn end_of_number(rest: &str) -> Option<&str> {
    match next(rest) {
        None => Some(rest),
        Some((' ' | '\n', _)) => Some(trim_start(rest)),
        Some((':', after)) => Some(trim_start(after)),
        Some((',', after)) if !peek(after).is_some_and(|c| c.is_ascii_digit()) => Some(trim_start(after)),
        // 1。 as it is dictated; with words behind it may count a list.
        Some(('。' | '.' | '!' | ';', after)) if trim(after).is_empty() => Some(trim_start(after)),
        _ => None,
    }
}

/// What follows 号, 號, also after a blank (1 号) where the number ends there.
fn unit(rest: &str) -> &str {
    let sign = |text| ["号", "號"].iter().find_map(|sign| strip(text, sign));
    let apart = || sign(trim_start(rest)).filter(|after| end_of_number(after).is_some());
    sign(rest).or_else(apart).unwrap_or(rest)
}

/// 【1】, 【1号】, [1], [No. 1]: complete in themselves.
fn bracketed(text: &str) -> Option<(u32, &str)> {
    let (open, rest) = next(text)?;
    let close = match open {
        '【' => "】",
        '[' => "]",
        _ => return None,
    };
    let rest = strip(rest, "no.").map_or(rest, trim_start);
    let (value, rest) = digits(rest)?;
    let rest = strip(unit(rest), close)?;
    Some((value, trim_start(strip(rest, ":").unwrap_or(rest))))
}

/// A number at the start of an argument, and the body after it and its separator.
pub fn number(text: &str) -> Option<(u32, &str)> {
    let text = trim_start(text);
    if let Some(found) = bracketed(text) {
        return Some(found);
    }
    if let Some(rest) = strip(text, "#") {
        let (value, rest) = digits(rest)?;
        return Some((value, end_of_number(unit(rest))?));
    }
    let plain = strip(text, "第").unwrap_or(text);
    if let Some((value, rest)) = digits(plain) {
        return Some((value, end_of_number(unit(rest))?));
    }
    let (value, rest) = chinese(plain)?;
    let rest = unit(rest);
    let ends = peek(rest).is_none_or(|c| c == ' ' || c == '\n') || trim(rest) == "。";
    ends.then(|| (value, trim_start(rest.trim_start_matches('。'))))
}

/// The number of a topic beside other words: “1号 …”, and 【1】 or [1], whose first bracket stands in `before`.
pub fn reference<'t>(text: &'t str, before: &str) -> Option<(u32, &'t str)> {
    let (no, rest) = digits(text)?;
    let with_unit = ["号", "號"].iter().find_map(|sign| strip(rest, sign));
    match before.chars().next_back() {
        Some('【') => Some((no, strip(with_unit.unwrap_or(rest), "】")?)),
        Some('[') => Some((no, strip(with_unit.unwrap_or(rest), "]")?)),
        _ => Some((no, with_unit?)),
    }
}

/// “1：2的比例”: a ratio, and no topic with something said to it. “1：3号楼漏水” is one.
pub fn is_ratio(text: &str) -> bool {
    let second = digits(trim_start(text)).and_then(|(_, rest)| digits(strip(rest, ":")?));
    let is_thing = |rest: &str| peek(rest).is_some_and(|c| "号號楼樓栋幢单單室层月日年点點元万人户条".contains(c));
    second.is_some_and(|(_, rest)| !is_thing(rest))
}

/// A number and nothing else.
pub fn whole_number(text: &str) -> Option<u32> {
    number(text).filter(|(_, rest)| trim(rest).is_empty()).map(|(value, _)| value)
}

fn dash(text: &str) -> Option<&str> {
    let (c, rest) = next(text)?;
    matches!(c, '-' | '－' | '–' | '—' | '‐' | '‑' | '−' | '―' | '~').then_some(rest)
}

/// `1-3` at the start, whatever follows.
pub fn full_ref(text: &str) -> Option<(SuggestionRef, &str)> {
    let (topic, rest) = digits(text)?;
    let (n, rest) = digits(dash(rest)?)?;
    Some((SuggestionRef { topic: TopicNo(topic), n }, rest))
}

/// `1 - 3` at the start, where the number ends there.
fn spaced_ref(text: &str) -> Option<(SuggestionRef, &str)> {
    let (topic, rest) = digits(text)?;
    let (n, rest) = digits(trim_start(dash(trim_start(rest))?))?;
    Some((SuggestionRef { topic: TopicNo(topic), n }, end_of_number(rest)?))
}

/// A suggestion at the start of an argument: `1-3`, 建议1-3, 3, 第3条.
pub fn suggestion(text: &str) -> Option<(SuggestionArg, &str)> {
    let text = trim_start(text);
    let text = strip(text, "建议").or_else(|| strip(text, "suggestion").map(trim_start)).unwrap_or(text);
    let inner = strip(text, "【").or_else(|| strip(text, "#")).unwrap_or(text);
    if let Some((full, rest)) = full_ref(inner) {
        let rest = strip(rest, "】").unwrap_or_else(|| unit(rest));
        return end_of_number(rest).map(|rest| (SuggestionArg::Full(full), rest));
    }
    if let Some((full, rest)) = spaced_ref(inner) {
        return Some((SuggestionArg::Full(full), rest));
    }
    if let Some((n, rest)) = strip(text, "第").and_then(digits) {
        let sign = ["条", "條", "号", "號"].iter().find_map(|sign| strip(rest, sign));
        return Some((SuggestionArg::Short(n), end_of_number(sign?)?));
    }
    number(text).map(|(n, rest)| (SuggestionArg::Short(n), rest))
}

/// 1-异1 at the start, whatever follows.
pub fn full_objection(text: &str) -> Option<(u32, &str)> {
    let (_, rest) = digits(text)?;
    let rest = dash(rest)?;
    digits(["异议", "异", "異"].iter().find_map(|sign| strip(rest, sign))?)
}

/// 1-异1, 异1, 1-obj1 at the start: the topic, if written, and the number of the objection.
pub fn objection(text: &str) -> Option<(Option<u32>, u32, &str)> {
    let text = trim_start(text);
    let (topic, rest) = match digits(text) {
        Some((topic, rest)) => (Some(topic), dash(rest)?),
        None => (None, text),
    };
    let rest = ["异议", "异", "異", "obj"].iter().find_map(|sign| strip(rest, sign))?;
    let (n, rest) = digits(rest)?;
    end_of_number(unit(rest)).map(|rest| (topic, n, rest))
}

/// 办1, 办1号, task 1, 1 at the start.
pub fn task(text: &str) -> Option<(u32, &str)> {
    let text = trim_start(text);
    number(
        strip(text, "办")
            .or_else(|| strip(text, "辦"))
            .or_else(|| strip(text, "task").map(trim_start))
            .or_else(|| strip(text, "t").filter(|rest| peek(rest).is_some_and(|c| c.is_ascii_digit())))
            .unwrap_or(text),
    )
}

/// 社1, 社1号, brief 1, B1, 1 at the start.
pub fn brief(text: &str) -> Option<(u32, &str)> {
    let text = trim_start(text);
    let signs = ["社情民意", "社"];
    let plain = signs.iter().find_map(|sign| strip(text, sign)).or_else(|| strip(text, "brief").map(trim_start));
    number(plain.or_else(|| strip(text, "b")).unwrap_or(text))
}

/// 提1, 微提案1号, proposal 1, P1 at the start: always with its sign.
pub fn proposal(text: &str) -> Option<(u32, &str)> {
    let text = trim_start(text);
    let signs = ["微提案", "提案", "提"];
    let plain = signs.iter().find_map(|sign| strip(text, sign)).or_else(|| strip(text, "proposal").map(trim_start));
    number(plain.or_else(|| strip(text, "p"))?)
}

/// 社1, 提1, 建议1-3, 1-3 at the start: what an outcome is recorded of, written with its sign.
pub fn subject(text: &str) -> Option<(Subject, &str)> {
    let text = trim_start(text);
    if let Some((no, rest)) = proposal(text) {
        return Some((Subject::Proposal(ProposalNo(no)), rest));
    }
    let is_brief = ["社", "b"].iter().any(|sign| strip(text, sign).is_some());
    if let Some((no, rest)) = brief(text).filter(|_| is_brief) {
        return Some((Subject::Info(BriefNo(no)), rest));
    }
    if let Some((SuggestionArg::Full(reference), rest)) = suggestion(text) {
        return Some((Subject::Suggestion(reference), rest));
    }
    let topic = strip(text, "议题").or_else(|| strip(text, "topic").map(trim_start))?;
    number(topic).map(|(no, rest)| (Subject::Topic(TopicNo(no)), rest))
}

/// `W1` at the start; a bare number too.
pub fn slip(text: &str) -> Option<(u32, &str)> {
    let text = trim_start(text);
    let plain = strip(text, "受理号").map_or(text, trim_start);
    number(strip(plain, "w").unwrap_or(plain))
}

/// 活动1, 活动1号, 1, at the start.
pub fn gathering(text: &str) -> Option<(u32, &str)> {
    let text = trim_start(text);
    number(strip(text, "活动").or_else(|| strip(text, "event").map(trim_start)).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_their_ends() {
        for (text, want) in [
            ("1", Some((1, ""))),
            ("１　加一盏灯", Some((1, "加一盏灯"))),
            ("1号", Some((1, ""))),
            ("第1号：好", Some((1, "好"))),
            ("【1】加灯", Some((1, "加灯"))),
            ("【1号】", Some((1, ""))),
            ("#1 a", Some((1, "a"))),
            ("一号 a", Some((1, "a"))),
            ("十二 a", Some((12, "a"))),
            ("九十九", Some((99, ""))),
            ("二十 x", Some((20, "x"))),
            ("3，加灯", Some((3, "加灯"))),
            ("3,5号楼都想装", None),
            ("12号楼去年装了", None),
            ("3单元", None),
            ("60岁以上", None),
            ("一楼怕吵", None),
            ("一号楼", None),
            ("一：好", None),
            ("①先公示", None),
            ("12 号楼去年装了", Some((12, "号楼去年装了"))),
            ("9999999999", None),
            ("", None),
        ] {
            assert_eq!(number(text), want, "{text}");
        }
    }

    #[test]
    fn suggestions() {
        let full = |topic, n| SuggestionArg::Full(SuggestionRef { topic: TopicNo(topic), n });
        for (text, want) in [
            ("1-3", Some((full(1, 3), ""))),
            ("１－３　要看", Some((full(1, 3), "要看"))),
            ("1—3：好", Some((full(1, 3), "好"))),
            ("建议1-3 好", Some((full(1, 3), "好"))),
            ("3", Some((SuggestionArg::Short(3), ""))),
            ("第3条 好", Some((SuggestionArg::Short(3), "好"))),
            ("1-3-5", None),
            ("要看", None),
        ] {
            assert_eq!(suggestion(text), want, "{text}");
        }
    }
}
