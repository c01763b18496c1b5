//! 繁简 — characters in two scripts: what is compared must not differ by the script it was written in.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A character and the simplified one, a line each.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pair = |line: &str| {
        let mut both = line.chars();
        Some((both.next()?, both.next()?))
    };
    include_str!("simplified.txt").lines().filter_map(pair).collect()
});

/// Every character in its simplified form.
#[must_use]
pub fn simplified(text: &str) -> String {
    text.chars().map(simplified_char).collect()
}

/// 简体 — the simplified character for a traditional one.
#[must_use]
pub fn simplified_char(c: char) -> char {
    SIMPLIFIED.get(&c).copied().unwrap_or(c)
}
