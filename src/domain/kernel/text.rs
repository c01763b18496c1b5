//! How long a title, a text or a name may be, in characters (Unicode scalar values).

use crate::domain::kernel::say::{Say, example_of};
use crate::say;

/// Longest name, in characters.
pub const MAX_NAME: usize = 20;

/// Longest unit, sector, town, field or room, in characters.
const MAX_FIELD: usize = 40;

/// Checks a name: letters (汉字, Latin, ·) and digits of a room, nothing that could be taken for a reference in a card.
///
/// # Errors
/// `e.name`.
pub fn proper_name(name: &str) -> Result<(), Say> {
    // Mary-Ann O’Neil; between 汉字 a dash is none of a name.
    let is_latin = name.chars().all(|c| c < '\u{2E80}');
    let proper = |c: char| {
        c.is_alphanumeric() || matches!(c, '·' | '•' | ' ' | '.' | '\'') || (is_latin && matches!(c, '-' | '’'))
    };
    let n = name.chars().count();
    if n == 0 || n > MAX_NAME || !name.chars().all(proper) || !name.chars().any(char::is_alphabetic) {
        return Err(say!("e.name", bad = name));
    }
    Ok(())
}

pub(crate) fn proper_field(text: &str) -> Result<(), Say> {
    self::within(text, MAX_FIELD)
}

/// Longest title, in characters (Unicode scalar values).
pub const MAX_TITLE: usize = 40;

/// Longest description, in characters.
pub const MAX_BODY: usize = 1500;

/// 点单 — title and description out of what was written.
///
/// # Errors
/// `e.empty` without a title, `e.long.title` for a title over 40, `e.long` for a text over 1,500 characters.
pub fn split_title(text: &str, example: &str) -> Result<(String, String), Say> {
    let text = text.trim();
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let (title, body) = (title.trim(), body.trim());
    if title.is_empty() {
        return Err(say!("e.empty", ex = example_of(example)));
    }
    let (n, max) = (title.chars().count(), longest_title(title));
    if n > max {
        return Err(say!("e.long.title", n = n, max = max));
    }
    within(body, MAX_BODY)?;
    Ok((title.to_owned(), body.to_owned()))
}

/// Fewest characters of a clause that says what a matter is.
const SHORTEST_TITLE: usize = 4;

/// 拟题 — a title for a text that was pasted in one line (a hotline's ticket, a message dictated at length): the first clause that says
/// what the matter is. What a clerk puts before it (a heading in 【】, a number, who rang, up to a colon) is passed over. `None` where the text is short
/// enough to be a title, has a second line, or has no clause that could be one.
#[must_use]
pub fn headline(text: &str) -> Option<String> {
    const ENDS: [char; 12] = ['，', '。', '；', '！', '？', '：', ',', ';', '!', '?', ':', '\t'];
    let text = text.trim();
    if text.contains('\n') || text.chars().count() <= longest_title(text) {
        return None;
    }
    let linkless = without_links(text);
    let whole = linkless.split_once('】').map_or(linkless.as_str(), |(_, rest)| rest);
    // What is said begins behind the first colon.
    let said = whole.split_once(['：', ':']).map(|(_, said)| said);
    let clauses = |text: &str| {
        let mut clauses = text.split(ENDS).map(str::trim);
        let is_title = |clause: &&str| {
            let n = clause.chars().count();
            n >= SHORTEST_TITLE && n <= longest_title(clause) && clause.chars().any(char::is_alphabetic)
        };
        clauses.find(is_title).map(str::to_owned)
    };
    said.and_then(clauses).or_else(|| clauses(whole))
}

/// A text with the end of a clause in the place of every link: no part of one says what a matter is.
fn without_links(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    let begins = |text: &str| ["https://", "http://", "www."].iter().filter_map(|sign| text.find(sign)).min();
    while let Some((before, link)) = begins(rest).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(before);
        out.push('。');
        rest = link.trim_start_matches(|c: char| c.is_ascii_graphic());
    }
    out.push_str(rest);
    out
}

/// Longest a title may be, in characters: in Latin letters twice [`MAX_TITLE`], since it says no more and takes no more room.
#[must_use]
pub fn longest_title(title: &str) -> usize {
    let is_latin = title.chars().all(|c| c.is_ascii() || !c.is_alphabetic());
    if is_latin { 2 * MAX_TITLE } else { MAX_TITLE }
}

/// Refuses what is longer than `max` characters.
///
/// # Errors
/// `e.long` with both numbers.
pub fn within(text: &str, max: usize) -> Result<(), Say> {
    let n = text.chars().count();
    if n <= max { Ok(()) } else { Err(say!("e.long", n = n, max = max)) }
}

/// Refuses what is longer than `max` characters, where it may be said in several messages.
///
/// # Errors
/// `e.long.parts` with both numbers.
pub fn within_parts(text: &str, max: usize) -> Result<(), Say> {
    let n = text.chars().count();
    if n <= max { Ok(()) } else { Err(say!("e.long.parts", n = n, max = max)) }
}

/// Whether a program for tables would reckon with a cell instead of showing it (`=1+1`, `+1`, `@x`).
#[must_use]
pub fn begins_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'])
}
