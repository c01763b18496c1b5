//! 打码 — telephone and identity numbers are masked before anything is kept (commands.md §9.9).

use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// 1[3-9] and nine digits, or 17 digits and a check character; digits may be full-width.
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[0-9０-９]{10,30}[Xx]?").ok());

/// Keeps the first three and the last four of every mobile number (11 digits) and identity number (17 digits and a check
/// character), and puts a `*` for each between. Longer runs of digits are neither and stay.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    match NUMBERS.as_ref() {
        Some(numbers) => numbers.replace_all(text, |found: &regex::Captures<'_>| {
            let run = found.get(0).map_or("", |m| m.as_str());
            mask_run(run)
        }),
        None => Cow::Borrowed(text),
    }
}

fn mask_run(run: &str) -> String {
    // 86 before a mobile number is the country's own code.
    let bare: String = run.chars().skip(2).collect();
    if run.chars().count() == 13 && run.chars().take(2).filter_map(narrow).eq("86".chars()) && mask_run(&bare) != bare {
        return run.chars().take(2).chain(mask_run(&bare).chars()).collect();
    }
    let chars: Vec<char> = run.chars().collect();
    let digit = |at: usize| chars.get(at).and_then(|&c| narrow(c)).and_then(|c| c.to_digit(10));
    let is_mobile = chars.len() == 11 && digit(0) == Some(1) && digit(1).is_some_and(|d| d >= 3) && digit(10).is_some();
    let is_identity = chars.len() == 18;
    if !is_mobile && !is_identity {
        return run.to_owned();
    }
    let hidden = 3..chars.len().saturating_sub(4);
    chars.iter().enumerate().map(|(at, &c)| if hidden.contains(&at) { '*' } else { c }).collect()
}

/// A full-width digit as an ordinary one.
fn narrow(c: char) -> Option<char> {
    match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::kernel::mask::mask;

    #[test]
    fn masks_phones_and_identity_numbers_and_nothing_else() {
        for (said, kept) in [
            ("电话13800000000", "电话138****0000"),
            ("电话１３８００００００００。", "电话１３８****００００。"),
            ("110101199003071233", "110***********1233"),
            ("11010119900307123X号", "110***********123X号"),
            ("+8613800000000", "+86138****0000"),
            ("8612800000000", "8612800000000"),
            ("12800000000", "12800000000"),
            ("订单2025030813800000000000", "订单2025030813800000000000"),
            ("3号楼601", "3号楼601"),
        ] {
            assert_eq!(mask(said), kept, "{said}");
        }
    }
}
