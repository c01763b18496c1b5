//! 人数 — how many come with those on a list, read from what stands beside their names: 2人, 带孙子, +1, 一家三口.

use crate::domain::kernel::say::Say;
use crate::domain::talk::gathering::Joined;
use crate::say;

/// More than come with one name.
const MOST: u32 = 99;

/// How many one line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heads {
    /// With whoever signed up.
    pub n: u32,
    /// There may be more.
    pub is_least: bool,
}

impl Heads {
    const ONE: Self = Self { n: 1, is_least: false };

    fn exactly(n: u32) -> Self {
        Self { n: n.clamp(1, MOST), is_least: false }
    }

    fn at_least(n: u32) -> Self {
        Self { n: n.clamp(1, MOST), is_least: true }
    }
}

/// Somebody who comes along.
const COMPANY: &[&str] = &[
    "带", "帶", "携", "老伴", "爱人", "老公", "老婆", "孩子", "孙", "儿子", "女儿", "全家", "一家", "家人", "陪", "+",
    "＋", "with ", "wife", "husband", "family",
];

/// What is counted by: whoever is said to be so many is one of them.
const PEOPLE: &[&str] = &["人", "位", "口", "个人", "名", "people", "persons"];

/// 两口子, 夫妻俩.
const COUPLE: &[&str] = &["两口", "俩口", "夫妻", "夫妇", "俩人", "俩"];

/// How many a line of this note is.
#[must_use]
pub fn of(note: &str) -> Heads {
    let note = note.to_lowercase();
    let note = note.trim();
    if COUPLE.iter().any(|word| note.contains(word)) {
        return Heads::exactly(2);
    }
    // 2大1小.
    let by_size: Vec<u32> =
        numbers(note).into_iter().filter(|(_, rest)| rest.starts_with(['大', '小'])).map(|(n, _)| n).collect();
    if by_size.len() > 1 {
        return Heads::exactly(by_size.into_iter().sum());
    }
    let has_company = COMPANY.iter().any(|word| note.contains(word));
    let counted = numbers(note).into_iter().find_map(|(n, rest)| {
        let rest = rest.trim_start();
        let is_people = PEOPLE.iter().any(|word| rest.starts_with(word));
        (is_people || rest.starts_with(['个', '個']) || rest.is_empty()).then_some((n, is_people))
    });
    let besides = note.contains(['带', '帶', '携', '+', '＋']) || note.contains("with ");
    match (counted, has_company) {
        // “+2” may be two, or two besides; 带2个孩子 is two besides.
        (Some((n, _)), _) if note.starts_with(['+', '＋']) => Heads::at_least(n.max(2)),
        (Some((n, _)), true) if besides => Heads::exactly(n.saturating_add(1)),
        (Some((n, true)), _) => Heads::exactly(n),
        (Some((n, false)), true) => Heads::at_least(n.saturating_add(1)),
        (Some((n, false)), false) => Heads::exactly(n),
        (None, true) => Heads::at_least(2),
        (None, false) => Heads::ONE,
    }
}

/// “+3” and nothing else: so many more, or so many.
#[must_use]
pub fn besides(note: &str) -> Option<u32> {
    note.trim().strip_prefix(['+', '＋'])?.trim_end_matches(['人', '位', '个']).parse().ok()
}

/// The numbers of a note that may be people, and what stands behind each.
fn numbers(note: &str) -> Vec<(u32, &str)> {
    let mut found = Vec::new();
    let mut rest = note;
    while let Some(at) = rest.find(is_number) {
        let from = rest.get(at..).unwrap_or_default();
        let end = from.find(|c: char| !is_number(c)).unwrap_or(from.len());
        let (number, after) = from.split_at_checked(end).unwrap_or((from, ""));
        found.extend(value(number).filter(|n| (1..=MOST).contains(n)).map(|n| (n, after)));
        rest = after;
    }
    found
}

const HAN: [(char, u32); 12] = [
    ('一', 1),
    ('二', 2),
    ('两', 2),
    ('三', 3),
    ('四', 4),
    ('五', 5),
    ('六', 6),
    ('七', 7),
    ('八', 8),
    ('九', 9),
    ('十', 10),
    ('兩', 2),
];

fn is_number(c: char) -> bool {
    c.is_ascii_digit() || HAN.iter().any(|(han, _)| *han == c)
}

fn value(number: &str) -> Option<u32> {
    if let Ok(n) = number.parse() {
        return Some(n);
    }
    let mut chars = number.chars();
    let one = chars.next().and_then(|c| HAN.iter().find(|(han, _)| *han == c)).map(|(_, n)| *n);
    one.filter(|_| chars.next().is_none())
}

/// “，连同带来的共5人”, where that is more than there are names.
#[must_use]
pub fn with(lines: &[Joined]) -> Say {
    let all: Vec<Heads> = lines.iter().map(|line| of(line.note.as_str())).collect();
    let n = all.iter().fold(0_u32, |sum, heads| sum.saturating_add(heads.n));
    match all.iter().any(|heads| heads.is_least) {
        _ if usize::try_from(n).is_ok_and(|n| n == lines.len()) => say!("none"),
        true => say!("join.heads.least", n = n),
        false => say!("join.heads", n = n),
    }
}

#[cfg(test)]
mod tests {
    use super::{Heads, of};

    #[test]
    fn how_many_a_note_is() {
        for (note, n, is_least) in [
            ("", 1, false),
            ("2人", 2, false),
            ("3", 3, false),
            ("两个人", 2, false),
            ("一家三口", 3, false),
            ("等3人", 3, false),
            ("等三人", 3, false),
            ("两口子", 2, false),
            ("2大1小", 3, false),
            ("带老伴", 2, true),
            ("带孙子", 2, true),
            ("带2个孩子", 3, false),
            ("+1", 2, true),
            ("+3", 3, true),
            ("一家", 2, true),
            ("可能晚到", 1, false),
            ("走不动，坐轮椅", 1, false),
            ("10点到", 1, false),
            ("13812345678", 1, false),
        ] {
            assert_eq!(of(note), Heads { n, is_least }, "{note}");
        }
    }
}
