//! 规整 — “／建议　１” is read as “/建议 1”: full-width forms, odd spaces and invisible characters of the head and the numbers
//! are folded. The body of a message is never touched.

/// A character that is skipped when a head, a number or a word is read: zero-width, direction marks, variation selectors,
/// the key-cap ring.
pub fn invisible(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
        | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}'
        | '\u{FEFF}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{20E3}' | '\u{00AD}' | '\u{180E}')
}

/// Full-width to half-width, any blank to a space (line breaks stay), lower case.
pub fn fold_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).map_or(c, |c| c.to_ascii_lowercase()),
        '\n' | '\r' => '\n',
        '\u{FE55}' | '\u{2236}' => ':',
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_lowercase(),
    }
}

/// The whole text folded: for words, never for bodies.
pub fn fold(text: &str) -> String {
    text.chars().filter(|c| !invisible(*c)).map(fold_char).collect()
}

/// Blank in a head: white space or invisible.
pub fn blank(c: char) -> bool {
    c.is_whitespace() || invisible(c)
}

/// Without blanks on both sides. Joiners inside stay.
pub fn trim(text: &str) -> &str {
    text.trim_matches(blank)
}

/// Without blanks in front.
pub fn trim_start(text: &str) -> &str {
    text.trim_start_matches(blank)
}

/// The next visible character, folded, and what follows it.
pub fn next(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    loop {
        let c = chars.next()?;
        if !invisible(c) {
            return Some((fold_char(c), chars.as_str()));
        }
    }
}

/// The next visible character, folded.
pub fn peek(text: &str) -> Option<char> {
    next(text).map(|(c, _)| c)
}

/// What follows `word` (which must be folded already) at the start of `text`.
pub fn strip<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = text;
    for want in word.chars() {
        let (c, after) = next(rest)?;
        if c != want {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// The part of `whole` before its suffix `rest`.
pub fn before<'a>(whole: &'a str, rest: &str) -> &'a str {
    whole.get(..whole.len().saturating_sub(rest.len())).unwrap_or(whole)
}

/// First word (up to a blank) and the rest without the blanks between. Empty word = nothing left.
pub fn word(text: &str) -> (&str, &str) {
    let text = trim_start(text);
    match text.split_once(|c: char| c.is_whitespace()) {
        Some((word, rest)) => (word, trim_start(rest)),
        None => (text, ""),
    }
}

/// The first word, up to a blank or a mark that ends a clause, and what follows: “不，太贵”, “不同意：挡光”.
pub fn clause(text: &str) -> (&str, &str) {
    let text = trim_start(text);
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '，' | ',' | '：' | ':' | '。' | '.' | '！' | '!' | '；' | ';');
    match text.split_once(ends) {
        Some((first, rest)) => (first, trim_start(rest)),
        None => (text, ""),
    }
}

/// All words, at most `limit` of them (the rest is dropped).
pub fn words(text: &str, limit: usize) -> Vec<&str> {
    text.split(char::is_whitespace).map(trim).filter(|word| !word.is_empty()).take(limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_heads_only_as_far_as_needed() {
        assert_eq!(fold("／建议　１：ＡＢ\u{200B}c"), "/建议 1:abc");
        assert_eq!(fold("①㎡"), "①㎡");
        assert_eq!(strip("Ｓug\u{FE0F}gest 1", "suggest"), Some(" 1"));
        assert_eq!(word("　a b　c"), ("a", "b　c"));
        assert_eq!(before("/建议1", "1"), "/建议");
    }
}
