//! 字形 — a text as somebody reads numbers in it: whatever looks like a digit is one, what nobody sees is nothing, and what merely
//! keeps digits apart is a separator. Each glyph knows where it stands, so that what was found can be covered in the text itself.

use std::ops::Range;

/// The alphabet a digit is written in. Digits of one alphabet beside each other are one number; where the alphabet changes a number
/// may go on or begin (“周一139…”).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// 0-9, full-width, with a key-cap ring, mathematical, of other languages.
    Plain,
    /// 一, 壹, 〇, 幺.
    Chinese,
    /// ①, ⑴, ⒈, ❶.
    Enclosed,
    /// ¹, ₁.
    Raised,
    /// A letter that looks like a digit and is typed for one: l38, 138O.
    Letter,
}

/// What keeps digits apart without ending the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Any blank but a line break.
    Blank,
    /// A line break: a number that does not fit goes on below, and so does the next row of a list.
    Line,
    /// Any dash.
    Dash,
    /// The point of a fraction.
    Point,
    /// Any other point, in or over the line.
    Dot,
    /// What stands between the items of a list or of a date.
    List,
    /// The plus before the code of a country.
    Plus,
    /// What separates parts of a sentence, of an hour or a score, and is put between digits only to hide them.
    Odd,
    /// Brackets and whatever else is neither letter nor digit.
    Other,
}

/// What a glyph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A digit.
    Digit(u8, Script),
    /// A separator.
    Gap(Gap),
    /// A Latin letter, upper case.
    Letter(char),
    /// Anything that ends a number: a word, a colon, a unit.
    Stop(char),
}

/// One visible character with the invisible ones behind it.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// What it is.
    pub sort: Sort,
}

/// Characters between two digits, at most, beyond which they are looked for no further.
const MOST_BETWEEN: usize = 8;

/// Nobody sees these: zero-width and direction characters, the key-cap ring, marks over a digit.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{00AD}' | '\u{034F}'
        | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180B}'..='\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{0300}'..='\u{036F}'
        | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20F0}' | '\u{FE20}'..='\u{FE2F}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{17B4}' | '\u{17B5}' | '\u{E0000}'..='\u{E0FFF}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\u{0B}' | '\u{0C}' | '\r' | '\u{85}'))
}

/// The first of the ten digits of each alphabet of the world (Unicode Nd).
const ZEROS: [u32; 76] = [
    0x30, 0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620,
    0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066, 0x110F0, 0x11136, 0x111D0,
    0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x11730, 0x118E0, 0x11950, 0x11C50, 0x11D50, 0x11DA0, 0x11F50,
    0x16A60, 0x16AC0, 0x16B50, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1FBF0, 0x10D40,
    0x116D0, 0x116DA, 0x11BF0, 0x11DE0, 0x16130, 0x16D70, 0x1CCF0, 0x1E4F0, 0x1E5F1,
];

/// Rows of enclosed digits: the first of the row, the digit it stands for, how many follow one another.
const ENCLOSED: [(u32, u8, u32); 18] = [
    (0x2460, 1, 9),
    (0x24EA, 0, 1),
    (0x2474, 1, 9),
    (0x2488, 1, 9),
    (0x24F5, 1, 9),
    (0x24FF, 0, 1),
    (0x2776, 1, 9),
    (0x2780, 1, 9),
    (0x278A, 1, 9),
    (0x3220, 1, 9),
    (0x3280, 1, 9),
    (0x1F100, 0, 1),
    (0x1F101, 0, 10),
    (0x1F10B, 0, 1),
    (0x1F10C, 0, 1),
    (0x3192, 1, 3),
    (0x1FBF0, 0, 10),
    (0x10107, 1, 9),
];

fn chinese(c: char) -> Option<u8> {
    Some(match c {
        '零' | '〇' | '○' | '◯' | '⭕' => 0,
        '一' | '壹' | '壱' | '弌' | '幺' | '〡' => 1,
        '二' | '贰' | '貳' | '弍' | '〢' => 2,
        '三' | '叁' | '參' | '叄' | '弎' | '〣' => 3,
        '四' | '肆' | '〤' => 4,
        '五' | '伍' | '〥' => 5,
        '六' | '陆' | '陸' | '〦' => 6,
        '七' | '柒' | '〧' => 7,
        '八' | '捌' | '〨' => 8,
        '九' | '玖' | '〩' => 9,
        _ => return None,
    })
}

fn digit(c: char) -> Option<(u8, Script)> {
    let code = u32::from(c);
    let narrow = |n: u32| u8::try_from(n).ok();
    if let Some(value) = chinese(c) {
        return Some((value, Script::Chinese));
    }
    if let Some(&(first, value, _)) = ENCLOSED.iter().find(|(first, _, n)| (*first..first + n).contains(&code)) {
        return Some((value + narrow(code - first)?, Script::Enclosed));
    }
    if let Some(zero) = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)) {
        return Some((narrow(code - zero)?, Script::Plain));
    }
    let raised = match c {
        '\u{B9}' => 1,
        '\u{B2}' => 2,
        '\u{B3}' => 3,
        '\u{2070}' => 0,
        '\u{2074}'..='\u{2079}' => narrow(code - 0x2070)?,
        '\u{2080}'..='\u{2089}' => narrow(code - 0x2080)?,
        _ => return None,
    };
    Some((raised, Script::Raised))
}

/// A Latin letter in any of its wide, narrow or look-alike forms that stand in papers, upper case.
fn letter(c: char) -> Option<char> {
    match c {
        'a'..='z' | 'A'..='Z' => Some(c.to_ascii_uppercase()),
        '\u{FF21}'..='\u{FF3A}' => char::from_u32(u32::from(c) - 0xFEE0),
        '\u{FF41}'..='\u{FF5A}' => char::from_u32(u32::from(c) - 0xFF00),
        'Х' | 'х' | 'Χ' | 'χ' | '×' | 'Ⅹ' | 'ⅹ' => Some('X'),
        _ => None,
    }
}

fn gap(c: char) -> Option<Gap> {
    Some(match c {
        '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Gap::Line,
        // What says that a number is an amount or a share, or a telephone.
        '¥' | '￥' | '$' | '＄' | '€' | '%' | '％' | '‰' | '℃' | '㎡' | '°' | '@' | '＠' | '☎' | '☏' | '📞' | '📱' =>
        {
            return None;
        }
        ':' | '：' | '∶' | '&' | '=' | '＝' | '<' | '>' | '!' | '！' | '?' | '？' | '…' => Gap::Odd,
        '+' | '＋' | '﹢' => Gap::Plus,
        '-'
        | '\u{058A}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2500}'
        | '\u{2501}'
        | '\u{FE58}'
        | '\u{FE63}'
        | '\u{FF0D}'
        | '\u{30FC}'
        | '\u{FF70}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{30A0}'
        | '\u{02D7}'
        | '~'
        | '～'
        | '〜'
        | '∼'
        | '杠'
        | '丨' => Gap::Dash,
        '.' | '．' => Gap::Point,
        '。' | '｡' | '·' | '•' | '・' | '･' | '‧' | '∙' | '⋅' | '●' | '․' | '˙' | '﹒' => Gap::Dot,
        ',' | '，' | '、' | ';' | '；' | '/' | '／' | '\\' | '＼' | '｜' | '|' | '﹐' | '﹑' => Gap::List,
        c if c.is_whitespace() || matches!(c, '\u{3164}' | '\u{FFA0}' | '\u{2800}' | '\u{2420}' | '\u{2423}') => {
            Gap::Blank
        }
        c if c.is_alphanumeric() => return None,
        _ => Gap::Other,
    })
}

/// How digits are read out over the telephone and the radio.
const SPOKEN: &str = "么要两俩洞拐勾钩";

/// The digit that one of [`SPOKEN`] is, where it stands among digits, whatever is put between, and is no part of a word. `before` and
/// `after` are what the text says around it.
fn spoken(c: char, before: &str, after: &str) -> Option<u8> {
    let value = match c {
        '么' | '要' => 1,
        '两' | '俩' => 2,
        '洞' => 0,
        '拐' => 7,
        '勾' | '钩' => 9,
        _ => return None,
    };
    let is_between = |c: &char| is_unseen(*c) || gap(*c).is_some();
    let is_number = |c: Option<char>| c.is_some_and(|c| SPOKEN.contains(c) || digit(c).is_some());
    let (last, next) = (before.chars().rev().find(|c| !is_unseen(*c)), after.chars().find(|c| !is_unseen(*c)));
    let is_before = is_number(before.chars().rev().take(MOST_BETWEEN).find(|c| !is_between(c)));
    let is_after = is_number(after.chars().take(MOST_BETWEEN).find(|c| !is_between(c)));
    let is_word = next.is_some_and(|c| c.is_alphanumeric() && gap(c).is_none());
    let is_one = match c {
        // 幺 as it sounds; a word of every day, so nothing but the whole of a number says so.
        '要' => [true, false].into_iter().any(|is_close| is_of_eleven(before, after, is_close)),
        '么' => (is_before || is_after) && !last.is_some_and(|c| "什怎这那多要甚".contains(c)),
        // 两 before a word counts something: 三两次.
        '两' | '俩' => is_after || is_before && !is_word,
        _ => is_before || is_after,
    };
    is_one.then_some(value)
}

/// Whether what is read out around a character, close by or with gaps between, makes a telephone number with it.
fn is_of_eleven(before: &str, after: &str, is_close: bool) -> bool {
    const LONG: usize = 11;
    let is_said = |c: &char| chinese(*c).is_some() || SPOKEN.contains(*c);
    let is_skipped = |c: &char| is_unseen(*c) || !is_close && matches!(gap(*c), Some(Gap::Blank | Gap::Dash));
    let run =
        |chars: &mut dyn Iterator<Item = char>| chars.filter(|c| !is_skipped(c)).take(LONG).take_while(is_said).count();
    run(&mut before.chars().rev()) + run(&mut after.chars()) + 1 == LONG
}

/// Whether a character can be read as a digit at all, in whatever way; a quick look that may say yes too often.
pub(super) fn may_be_digit(c: char) -> bool {
    match c {
        '\0'..='\x7F' => c.is_ascii_alphanumeric(),
        '\u{4E00}'..='\u{9FFF}' => chinese(c).is_some() || SPOKEN.contains(c),
        _ => true,
    }
}

/// The digit a letter is typed for.
fn look_alike(c: char) -> Option<u8> {
    Some(match c {
        'O' | 'o' | 'Ｏ' | 'ｏ' | 'О' | 'о' | 'Ο' | 'ο' => 0,
        'l' | 'I' | 'i' | 'ｌ' | 'Ｉ' | 'Ι' | 'І' | 'Ⅰ' => 1,
        'Z' | 'z' => 2,
        'З' | 'з' => 3,
        'S' | 's' => 5,
        'b' | 'G' => 6,
        'B' => 8,
        'g' | 'q' => 9,
        _ => return None,
    })
}

/// For each byte at which a character begins: whether the letters and digits without a gap around it are all digits, or look like some.
fn is_in_number(text: &str, at: usize) -> bool {
    let fits = |c: char| digit(c).is_some() || look_alike(c).is_some() || letter(c) == Some('X');
    let is_part = |c: &char| c.is_ascii_alphanumeric() || letter(*c).is_some() || fits(*c);
    let before = text.get(..at).unwrap_or_default().chars().rev().take_while(is_part);
    let after = text.get(at..).unwrap_or_default().chars().take_while(is_part);
    // No number is longer; and nothing so long is looked at again for each of its letters.
    let all: Vec<char> = before.take(32).chain(after.take(32)).collect();
    all.len() <= 32 && all.iter().all(|c| fits(*c)) && all.iter().any(|c| digit(*c).is_some())
}

/// In which way a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As it stands.
    Plain,
    /// `一` between plain digits is the dash that it is sometimes typed as.
    Dash,
    /// Letters that look like digits, among digits, are digits.
    Letters,
}

impl Reading {
    /// The ways in which a text can be read at all.
    pub(super) fn of(text: &str) -> impl Iterator<Item = Self> {
        let has_dash = text.contains('一');
        let has_letters = text.contains(|c| look_alike(c).is_some());
        [(Self::Plain, true), (Self::Dash, has_dash), (Self::Letters, has_letters)]
            .into_iter()
            .filter_map(|(way, may)| may.then_some(way))
    }
}

/// Reads a text in one way.
pub(super) fn glyphs(text: &str, reading: Reading) -> Vec<Glyph> {
    let mut found: Vec<Glyph> = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut before = None;
    while let Some((start, c)) = chars.next() {
        let end = start + c.len_utf8();
        if is_unseen(c) {
            if let Some(last) = found.last_mut() {
                last.at.end = end;
            }
            continue;
        }
        let after = chars.peek().map(|&(_, next)| next);
        let is_plain = |c: Option<char>| c.and_then(digit).is_some_and(|(_, script)| script == Script::Plain);
        let typed_for =
            (reading == Reading::Letters).then(|| look_alike(c)).flatten().filter(|_| is_in_number(text, start));
        let sort = if c == '一' && reading == Reading::Dash && is_plain(before) && is_plain(after) {
            Sort::Gap(Gap::Dash)
        } else if let Some(value) = typed_for {
            Sort::Digit(value, Script::Letter)
        } else if let Some(value) =
            spoken(c, text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default())
        {
            Sort::Digit(value, Script::Chinese)
        } else if let Some((value, script)) = digit(c) {
            Sort::Digit(value, script)
        } else if let Some(letter) = letter(c) {
            Sort::Letter(letter)
        } else {
            // What says whose an amount is stands before or behind all of it: between two digits it only hides them.
            let is_digit = |c: Option<char>| c.is_some_and(|c| digit(c).is_some());
            let odd = (!c.is_alphanumeric() && is_digit(before) && is_digit(after)).then_some(Gap::Odd);
            gap(c).or(odd).map_or(Sort::Stop(c), Sort::Gap)
        };
        found.push(Glyph { at: start..end, sort });
        before = Some(c);
    }
    found
}
