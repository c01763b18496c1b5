//! 房号 — 101室, １０１, 0101 and 101户 are one flat, and so are 1-101, 1单元101, 1#101 and 一单元101; and a name is one name with or without
//! a blank or another dot in it. Everything that compares flats or names of a roll asks here.

use crate::domain::kernel::script::simplified_char;

/// Words that part the numbers of a flat, the longest first.
const PARTING: [&str; 13] = ["号楼", "单元", "楼栋", "栋", "幢", "座", "棟", "號樓", "單元", "单", "号", "楼", "层"];

/// Dots of a name as people write them (买买提·艾力).
const DOTS: [char; 11] = ['·', '•', '‧', '．', '.', '・', '･', '∙', '⋅', '●', '。'];

fn half(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    }
}

/// A blank, or what nobody sees.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}')
}

fn digit_of(c: char) -> Option<u32> {
    "零一二三四五六七八九".chars().position(|digit| digit == c).and_then(|at| u32::try_from(at).ok())
}

/// 一 … 九十九 in digits, where a word that parts the numbers of a flat follows; everything else as it was.
fn without_chinese_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|c| digit_of(**c).is_some() || **c == '十').count();
        let rest: String = chars[at + run..].iter().collect();
        let value = (1..=3).contains(&run).then(|| number_of(&chars[at..at + run])).flatten();
        match value.filter(|_| PARTING.iter().any(|word| rest.starts_with(word))) {
            Some(value) => {
                out.push_str(&value.to_string());
                at += run;
            }
            None => {
                out.extend(&chars[at..=(at + run).min(chars.len() - 1)]);
                at += run + 1;
            }
        }
    }
    out
}

fn number_of(run: &[char]) -> Option<u32> {
    match run {
        ['十'] => Some(10),
        [one] => digit_of(*one),
        ['十', ones] => Some(10 + digit_of(*ones)?),
        [tens, '十'] => Some(10 * digit_of(*tens)?),
        [tens, '十', ones] => Some(10 * digit_of(*tens)? + digit_of(*ones)?),
        _ => None,
    }
}

/// What a flat is compared by: its numbers, joined by dashes. What has no number in it is compared as a word.
#[must_use]
pub fn place_key(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(char::is_whitespace).filter(|word| !word.is_empty()) {
        // “1 101” is 1-101, and no 1101.
        if folded.ends_with(|c: char| c.is_ascii_digit()) && word.starts_with(char::is_numeric) {
            folded.push('-');
        }
        folded.extend(word.chars().filter(|c| !is_invisible(*c)).flat_map(|c| half(c).to_lowercase()));
    }
    let mut plain = without_chinese_numbers(folded.trim_end_matches(['户', '室', '号', '房', '戶', '號']));
    if !plain.chars().any(|c| c.is_ascii_digit()) {
        return plain;
    }
    for word in PARTING {
        plain = plain.replace(word, "-");
    }
    let parts = plain.split(['-', '－', '—', '–', '‐', '−', '~', '#', '/', '_', '.']).filter(|part| !part.is_empty());
    let mut parts: Vec<&str> = parts
        .map(|part| match part.trim_start_matches('0') {
            "" => "0",
            bare if bare.starts_with(|c: char| c.is_ascii_digit()) => bare,
            _ => part,
        })
        .collect();
    // “3楼301”: the floor says nothing that the number does not.
    if let [.., floor, flat] = parts.as_slice()
        && folded.contains(['楼', '层'])
        && !folded.contains("号楼")
        && flat.len() >= floor.len() + 2
        && flat.starts_with(floor)
        && floor.chars().all(|c| c.is_ascii_digit())
    {
        let at = parts.len() - 2;
        parts.remove(at);
    }
    parts.join("-")
}

/// 601, 601室 and 601户 are one flat.
#[must_use]
pub fn same_place(one: &str, other: &str) -> bool {
    !one.is_empty() && place_key(one) == place_key(other)
}

/// What a name is compared by: 馮麗 is 冯丽, 李　娜 is 李娜, smith is Smith. The one place where it is said which names are one.
#[must_use]
pub fn name_sign(name: &str) -> String {
    name_written(name).chars().map(simplified_char).flat_map(char::to_lowercase).collect()
}

/// A name as it is kept: 李　娜 is 李娜, 买买提•艾力 is 买买提·艾力. Blanks between Latin words stay.
#[must_use]
pub fn name_written(name: &str) -> String {
    let one_blank = name.split(is_invisible).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let chars: Vec<char> = one_blank.chars().map(half).collect();
    let mut out = String::with_capacity(name.len());
    for (at, &c) in chars.iter().enumerate() {
        let (before, after) = (at.checked_sub(1).and_then(|at| chars.get(at)), chars.get(at + 1));
        let is_latin = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '\''));
        if is_invisible(c) {
            if is_latin(before) && is_latin(after) {
                out.push(' ');
            }
        } else if DOTS.contains(&c) && !(is_latin(before) || is_latin(after)) {
            out.push('·');
        } else {
            out.push(c);
        }
    }
    out
}

/// What stands behind a name and is none of it.
const TITLES: [&str; 32] = [
    "政协委员",
    "牵头委员",
    "委员",
    "先生",
    "女士",
    "同志",
    "老师",
    "副主任",
    "主任",
    "副书记",
    "书记",
    "副主席",
    "主席",
    "阿姨",
    "大爷",
    "大妈",
    "大哥",
    "大姐",
    "师傅",
    "专家",
    "教授",
    "医生",
    "律师",
    "副局长",
    "局长",
    "处长",
    "科长",
    "所长",
    "经理",
    "主持人",
    "联络员",
    "会长",
];

/// 王建国委员, 陈晓兰 委员: the name before a title. `None` where there is none, or no name before it.
#[must_use]
pub fn untitled(name: &str) -> Option<&str> {
    let name = name.trim();
    let bare = TITLES.iter().find_map(|title| name.strip_suffix(title))?.trim();
    (bare.chars().filter(|c| c.is_alphabetic()).count() > 1).then_some(bare)
}

/// The flat before a name as people call themselves in groups (601张桂英, 3-302 周涛), and the name.
#[must_use]
pub fn flat_before(text: &str) -> (&str, &str) {
    const WORDS: [&str; 9] = ["单元", "号楼", "栋", "幢", "座", "室", "户", "号", "#"];
    let (text, mut rest) = (text.trim(), text.trim());
    loop {
        let after_word = WORDS.iter().find_map(|word| rest.strip_prefix(word));
        let after_char = rest.strip_prefix(|c: char| half(c).is_ascii_alphanumeric() || matches!(half(c), '-' | '—'));
        match after_word.or(after_char) {
            Some(after) => rest = after,
            None => break,
        }
    }
    let flat = text.strip_suffix(rest).unwrap_or_default();
    let name = rest.trim_start_matches(|c: char| is_invisible(c) || matches!(c, ':' | '：' | ',' | '，' | '、' | '.'));
    let is_flat = flat.chars().filter(|c| half(*c).is_ascii_digit()).count() >= 2;
    let is_name = name.chars().take_while(|c| c.is_alphabetic()).count() >= 2;
    if is_flat && is_name { (flat.trim_end_matches(['-', '－', '—']), name) } else { ("", text) }
}

/// The flat a text begins with, as far as it may be one: 601, 1-101, 3号楼2单元301室, A座101. Empty where there is none.
#[must_use]
pub fn flat_run(text: &str) -> &str {
    let mut rest = text;
    loop {
        let is_letter = |c: char| half(c).is_ascii_alphabetic();
        let after_word = PARTING.iter().chain(&["室", "户", "戶", "房", "#"]).find_map(|word| rest.strip_prefix(word));
        let after_digit = rest.strip_prefix(|c: char| half(c).is_ascii_digit() || matches!(half(c), '-' | '—'));
        let after_letter = rest.strip_prefix(is_letter).filter(|after| !after.starts_with(is_letter));
        match after_word.or(after_digit).or(after_letter) {
            Some(after) => rest = after,
            None => break,
        }
    }
    text.strip_suffix(rest).unwrap_or_default().trim_end_matches(['-', '－', '—'])
}

/// Whether two lines of a list name one person: the same name, and no two different flats.
#[must_use]
pub fn same_bearer(one: &str, other: &str) -> bool {
    let ((flat, name), (other_flat, other_name)) = (flat_before(one), flat_before(other));
    name_sign(name) == name_sign(other_name)
        && (flat.is_empty() || other_flat.is_empty() || same_place(flat, other_flat))
}

#[cfg(test)]
mod tests {
    use super::{flat_before, flat_run, name_sign, name_written, place_key, same_bearer, same_place, untitled};

    #[test]
    fn a_flat_before_a_name() {
        for (text, want) in [
            ("601张桂英", ("601", "张桂英")),
            ("3-302 周涛", ("3-302", "周涛")),
            ("1单元101室 李德福", ("1单元101室", "李德福")),
            ("601单小明", ("601", "单小明")),
            ("张桂英", ("", "张桂英")),
            ("2人", ("", "2人")),
            ("Li Defu", ("", "Li Defu")),
        ] {
            assert_eq!(flat_before(text), want, "{text}");
        }
        assert!(same_bearer("601张桂英", "张桂英") && !same_bearer("601张桂英", "602张桂英"));
    }

    #[test]
    fn a_title_behind_a_name() {
        for (text, want) in [
            ("王建国委员", Some("王建国")),
            ("陈晓兰 委员", Some("陈晓兰")),
            ("王建国先生", Some("王建国")),
            ("委员", None),
            ("王委员", None),
            ("王建国", None),
        ] {
            assert_eq!(untitled(text), want, "{text}");
        }
    }

    #[test]
    fn a_flat_at_the_beginning() {
        for (text, want) in [
            ("601 赞成", "601"),
            ("601-赞成", "601"),
            ("3号楼2单元301室同意", "3号楼2单元301室"),
            ("A座101 for", "A座101"),
            ("601for", "601"),
            ("赞成", ""),
            ("for", ""),
        ] {
            assert_eq!(flat_run(text), want, "{text}");
        }
    }

    #[test]
    fn flats_compare_by_meaning() {
        for (one, others) in [
            ("101", &["101室", "１０１", "101户", " 101 ", "0101", "101号", "101房", "#101"][..]),
            (
                "1-101",
                &["1单元101", "1#101", "一单元101", "1－101室", "1栋101", "1号楼101室", "01-101", "1 - 101", "1 101"],
            ),
            ("3-2-301", &["3号楼2单元301", "3栋2单元301室", "三栋二单元301", "3幢2-301", "3#2单元301"]),
            ("a-101", &["A座101", "Ａ座101室", "A-101", "a座101"]),
            ("301", &["3楼301", "三层301室"]),
            ("12-3", &["十二栋3"]),
            ("101a", &["101A"]),
        ] {
            for other in others {
                assert_eq!(place_key(other), one, "{other}");
            }
        }
        for (one, other) in [("101", "1-101"), ("101", "102"), ("1-101", "2-101"), ("11-1", "1-11"), ("", "")] {
            assert!(!same_place(one, other), "{one} {other}");
        }
        assert!(same_place("区住建局", "区住建局"));
    }

    #[test]
    fn names_compare_without_blanks_and_with_one_dot() {
        for (one, other) in [
            ("李　娜", "李娜"),
            ("李 娜", "李娜"),
            ("买买提•艾力", "买买提·艾力"),
            ("买买提．艾力", "买买提·艾力"),
            ("买买提・艾力", "买买提·艾力"),
        ] {
            assert_eq!(name_sign(one), other);
        }
        assert_eq!(name_written("Li  Defu"), "Li Defu");
        assert_eq!(name_written("J. Smith"), "J. Smith");
        assert_eq!(name_sign("Ｓmith"), name_sign("smith"));
        assert_eq!(name_sign("馮 麗"), name_sign("冯丽"));
        assert_eq!(name_written("馮 麗"), "馮麗");
        assert_ne!(name_sign("李娜A"), name_sign("李娜"));
    }
}
