//! A letter as Telegram shows it: escaped once, first line bold where there is more than one, cut into messages of at most 4096
//! UTF-16 units.

use unicode_segmentation::UnicodeSegmentation;

/// Longest message, in UTF-16 code units after entities are parsed.
const LONGEST: usize = 4096;

/// Escapes the three characters that mean something in Telegram's HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The text as HTML: the first of several lines is bold.
#[must_use]
pub fn html(text: &str) -> String {
    match text.split_once('\n') {
        Some((first, rest)) if !first.trim().is_empty() => format!("<b>{}</b>\n{}", escape(first), escape(rest)),
        _ => escape(text),
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Cuts a text into pieces that each fit into a message: between lines where that is possible, never inside what people see as
/// one character.
#[must_use]
pub fn pieces(text: &str) -> Vec<String> {
    if units(text) <= LONGEST {
        return vec![text.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let mut filled = 0;
    for line in text.split_inclusive('\n') {
        let length = units(line);
        if filled + length > LONGEST && filled > 0 {
            pieces.push(String::new());
            filled = 0;
        }
        if length <= LONGEST {
            add(&mut pieces, line);
            filled += length;
            continue;
        }
        for piece in line.graphemes(true).flat_map(short) {
            let length = units(&piece);
            if filled + length > LONGEST {
                pieces.push(String::new());
                filled = 0;
            }
            add(&mut pieces, &piece);
            filled += length;
        }
    }
    pieces
        .iter()
        .map(|piece| piece.trim_end_matches('\n').to_owned())
        .filter(|piece| !piece.trim().is_empty())
        .collect()
}

/// A “character” longer than a message is none.
fn short(grapheme: &str) -> Vec<String> {
    if units(grapheme) <= LONGEST {
        return vec![grapheme.to_owned()];
    }
    grapheme.chars().map(String::from).collect()
}

fn add(pieces: &mut [String], text: &str) {
    if let Some(last) = pieces.last_mut() {
        last.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, html, pieces, units};
    use proptest::prelude::*;

    #[test]
    fn what_people_write_stays_text() {
        assert_eq!(html("</b><script>&amp;"), "&lt;/b&gt;&lt;script&gt;&amp;amp;");
        assert_eq!(html("【1号】<b>\n甲&乙"), "<b>【1号】&lt;b&gt;</b>\n甲&amp;乙");
        assert_eq!(html("\n甲"), "\n甲");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_in_cutting(text in "([一-龥a😀\u{301}]{0,40}\n?){0,300}", long in "[一-龥]{0,9000}") {
            let text = format!("{text}{long}");
            let cut = pieces(&text);
            prop_assert!(cut.iter().all(|piece| units(piece) <= LONGEST));
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&cut.concat()), bare(&text));
        }
    }
}
