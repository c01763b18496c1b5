//! 规整 — a text as the grammar looks at it: half width, simplified script, one blank for any, and for each character the byte it came
//! from, so that what is left over can be given back exactly as it was written.

use crate::language::fold::{fold_char, invisible};

/// Longest text that is looked at, in characters.
const MAX_LOOK: usize = 600;

/// 繁简 — the characters times are written with, traditional and simplified in turn.
const SCRIPTS: &str = "點点時时週周禮礼號号後后兩两個个鐘钟鍾钟內内間间開开這这裡里裏里為为雙双單单農农曆历從从於于準准過过還还許许結结當当來来無无約约內内後后隨随頭头晝昼聽听";

/// What stands for a dash between two times.
const DASHES: [char; 6] = ['–', '—', '−', '―', '‐', '‑'];

/// A folded text.
pub(super) struct Text<'t> {
    raw: &'t str,
    chars: Vec<char>,
    from: Vec<usize>,
}

fn simple(c: char) -> char {
    let mut pairs = SCRIPTS.chars();
    while let (Some(old), Some(new)) = (pairs.next(), pairs.next()) {
        if old == c {
            return new;
        }
    }
    match fold_char(c) {
        dash if DASHES.contains(&dash) => '-',
        '〜' | '∼' => '~',
        c => c,
    }
}

impl<'t> Text<'t> {
    pub(super) fn new(raw: &'t str) -> Self {
        let (mut chars, mut from) = (Vec::new(), Vec::new());
        let mut end = raw.len();
        for (at, c) in raw.char_indices() {
            if chars.len() == MAX_LOOK {
                end = at;
                break;
            }
            if !invisible(c) {
                chars.push(simple(c));
                from.push(at);
            }
        }
        from.push(end);
        Self { raw, chars, from }
    }

    /// Characters there are.
    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn at(&self, i: usize) -> Option<char> {
        self.chars.get(i).copied()
    }

    /// What stands before a character.
    pub(super) fn before(&self, i: usize) -> Option<char> {
        i.checked_sub(1).and_then(|i| self.at(i))
    }

    pub(super) fn rest(&self, i: usize) -> &[char] {
        self.chars.get(i..).unwrap_or_default()
    }

    /// The byte a character came from.
    pub(super) fn byte(&self, i: usize) -> usize {
        self.from.get(i).copied().unwrap_or(self.raw.len())
    }

    /// The first character that is no blank.
    pub(super) fn skip(&self, i: usize) -> usize {
        i + self.rest(i).iter().take_while(|c| c.is_whitespace()).count()
    }

    /// Behind a word that begins here. One of letters must end where it does.
    pub(super) fn eat(&self, i: usize, word: &str) -> Option<usize> {
        let rest = self.rest(i);
        let n = word.chars().count();
        let begins = rest.len() >= n && rest.iter().copied().zip(word.chars()).all(|(a, b)| a == b);
        let is_letter = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
        let is_cut = word.ends_with(|c: char| c.is_ascii_alphabetic()) && is_letter(rest.get(n));
        (begins && !is_cut).then_some(i + n)
    }

    /// Behind the longest of some words that begins here, and what it stands for.
    pub(super) fn any<T: Copy>(&self, i: usize, words: &[(&str, T)]) -> Option<(T, usize)> {
        let found = words.iter().filter_map(|(word, what)| Some((*what, self.eat(i, word)?)));
        found.max_by_key(|(_, end)| *end)
    }

    /// Behind the longest of some words that begins here.
    pub(super) fn one_of(&self, i: usize, words: &[&str]) -> Option<usize> {
        words.iter().filter_map(|word| self.eat(i, word)).max()
    }

    /// Whether a word begins here: at the start, or behind a blank or a mark.
    pub(super) fn begins_word(&self, i: usize) -> bool {
        let is_inside = self.before(i) == Some(':') && i > 1 && self.before(i - 1).is_some_and(|c| c.is_ascii_digit());
        !is_inside && self.before(i).is_none_or(parts)
    }

    /// Whether a word ends before this character.
    pub(super) fn ends_word(&self, i: usize) -> bool {
        self.is_stop(i) || self.at(i).is_none_or(|c| parts(c) || matches!(c, '(' | '[' | '【' | '|' | '｜'))
    }

    /// Whether a full stop stands here: “3 days. Shall we”, and not that of 3.15.
    pub(super) fn is_stop(&self, i: usize) -> bool {
        self.at(i) == Some('.') && self.at(i + 1).is_none_or(char::is_whitespace)
    }
}

/// What stands between words.
pub(super) fn parts(c: char) -> bool {
    c.is_whitespace() || is_mark(c) || matches!(c, ')' | ']' | '】' | '|' | '｜')
}

/// A mark that ends a clause.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, ',' | '。' | ';' | '、' | '!' | '~' | ':' | '…' | '?' | '“' | '”' | '"')
}
