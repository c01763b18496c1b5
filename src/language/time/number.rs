//! 数 — 3, 十五, 两, 一百二十, 零五, fifteen: the figures of a time. 三四 is none: it is three or four.

use super::text::Text;

/// Most digits of a figure.
const MAX_DIGITS: usize = 5;

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Figure {
    pub value: u32,
    /// Behind it.
    pub end: usize,
    /// Digits it is written with; 0 for words.
    pub digits: usize,
}

const WORDS: [(&str, u32); 18] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("fourteen", 14),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
];

pub(super) fn digit(c: char) -> Option<u32> {
    match c {
        '零' | '〇' => Some(0),
        '两' => Some(2),
        _ => "一二三四五六七八九".chars().zip(1..).find(|(d, _)| *d == c).map(|(_, n)| n),
    }
}

/// A figure in digits or Chinese characters.
pub(super) fn figure(text: &Text<'_>, at: usize) -> Option<Figure> {
    let digits = text.rest(at).iter().take_while(|c| c.is_ascii_digit()).count();
    if digits > MAX_DIGITS {
        return None;
    }
    if digits > 0 {
        let value = text.rest(at).iter().take(digits).filter_map(|c| c.to_digit(10)).fold(0, |sum, d| sum * 10 + d);
        return Some(Figure { value, end: at + digits, digits });
    }
    chinese(text, at)
}

/// A figure in digits.
pub(super) fn arabic(text: &Text<'_>, at: usize) -> Option<Figure> {
    figure(text, at).filter(|figure| figure.digits > 0)
}

/// A figure in digits, Chinese characters or English words.
pub(super) fn count(text: &Text<'_>, at: usize) -> Option<Figure> {
    figure(text, at).or_else(|| text.any(at, &WORDS).map(|(value, end)| Figure { value, end, digits: 0 }))
}

/// 零五, 五, 十五, 五十五, 一百二十.
fn chinese(text: &Text<'_>, at: usize) -> Option<Figure> {
    let next = |i: usize| text.at(i).and_then(digit);
    let (mut value, mut i) = match (text.at(at)?, next(at)) {
        ('十', _) => (10, at + 1),
        ('廿', _) => (20, at + 1),
        ('卅', _) => (30, at + 1),
        (_, Some(0)) => next(at + 1).map_or((0, at + 1), |d| (d, at + 2)),
        (_, Some(d)) => match text.at(at + 1) {
            Some('十') => (d * 10, at + 2),
            Some('百') => (d * 100, at + 2),
            _ => (d, at + 1),
        },
        _ => return None,
    };
    if text.before(i) == Some('百') {
        match (text.at(i), next(i)) {
            (Some('零' | '〇'), _) => {
                value += next(i + 1)?;
                i += 2;
            }
            (Some('十'), _) => {
                value += 10;
                i += 1;
            }
            (_, Some(d)) if text.at(i + 1) == Some('十') => {
                value += d * 10;
                i += 2;
            }
            _ => {}
        }
    }
    if matches!(text.before(i), Some('十' | '廿' | '卅'))
        && let Some(d) = next(i).filter(|d| *d > 0)
    {
        value += d;
        i += 1;
    }
    // 三四天: three or four days.
    let goes_on = next(i).is_some() || matches!(text.at(i), Some('十' | '百' | '千' | '万' | '几' | '多' | '来'));
    (!goes_on).then_some(Figure { value, end: i, digits: 0 })
}

/// 二〇二六, 2026: four digits.
pub(super) fn year(text: &Text<'_>, at: usize) -> Option<(i32, usize)> {
    let mut value = 0;
    for i in at..at + 4 {
        let c = text.at(i)?;
        value = value * 10 + c.to_digit(10).or_else(|| digit(c).filter(|_| c != '两'))?;
    }
    let ends = !text.at(at + 4).is_some_and(|c| c.is_ascii_digit() || digit(c).is_some());
    let year = i32::try_from(value).ok().filter(|year| (1949..=2199).contains(year))?;
    ends.then_some((year, at + 4))
}
