//! 净化 — what somebody said goes out as it was said, without the characters that hide, reorder or break what others see.

use unicode_normalization::char::is_combining_mark;

/// Most combining marks in a run; more is a tower over its neighbours.
const MAX_MARKS: usize = 4;

/// Text on its way out: no control, direction, zero-width or tag characters; towers of marks capped. Line breaks stay.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        let keep = match c {
            '\n' => true,
            '\t' | '\u{2028}' | '\u{2029}' => {
                out.push(' ');
                last = ' ';
                continue;
            }
            '\u{200D}' => pictographic(last) && chars.peek().copied().is_some_and(pictographic),
            _ => !hidden(c),
        };
        if !keep {
            continue;
        }
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        if marks <= MAX_MARKS {
            out.push(c);
            last = c;
        }
    }
    out
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{061C}' | '\u{180E}' | '\u{00AD}' | '\u{E0000}'..='\u{E007F}')
}

fn pictographic(c: char) -> bool {
    matches!(c, '\u{FE0F}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// 引文 — line breaks become spaces, more than 24 characters are cut with “…” (digest.md §1).
#[must_use]
pub fn quote(text: &str) -> String {
    let flat = clean(text).replace('\n', " ");
    let flat = flat.trim();
    if flat.chars().count() <= 24 {
        return flat.to_owned();
    }
    flat.chars().take(24).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_people_see() {
        assert_eq!(clean("一楼\r\n怕吵\u{202E}abc\u{200B}"), "一楼\n怕吵abc");
        assert_eq!(clean("👨\u{200D}👩\u{200D}👧 a\u{200D}b"), "👨\u{200D}👩\u{200D}👧 ab");
        assert_eq!(clean(&format!("a{}", "\u{0301}".repeat(50))).chars().count(), 5);
        assert_eq!(
            quote("一二三四五六七八九十一二三四五六七八九十一二三四"),
            "一二三四五六七八九十一二三四五六七八九十一二三四"
        );
        assert_eq!(
            quote("一二三四五六七八九十一二三四五六七八九十一二三四五"),
            "一二三四五六七八九十一二三四五六七八九十一二三四…"
        );
    }
}
