//! 记号 — what the domain marks with one character, put into words on the way out: a name that nobody proved, what was erased by law.

use super::catalog::{Catalog, Lang};
use crate::domain::kernel::words::{GONE, NOBODY};
use crate::domain::people::namesake::{TWIN, UNPROVEN};
use crate::domain::process::hiding::HIDDEN;
use std::borrow::Cow;

/// Each mark, and the key of what it is called in `commands/words.toml`.
const MARKS: [(char, &str); 5] = [
    (UNPROVEN, "name.unproven"),
    (TWIN, "name.twin"),
    (HIDDEN, "hidden.said"),
    (NOBODY, "gone.person"),
    (GONE, "gone.text"),
];

/// Whether a character is one of ours.
fn is_mark(c: char) -> bool {
    MARKS.iter().any(|(mark, _)| *mark == c)
}

/// What somebody wrote, without our marks: nobody writes that something is hidden, or somebody unproven, but us.
#[must_use]
pub fn unmarked(text: &str) -> Cow<'_, str> {
    if text.contains(is_mark) { Cow::Owned(text.replace(is_mark, "")) } else { Cow::Borrowed(text) }
}

/// 记号的写法 — the marks in both languages, taken out of a catalogue once.
#[derive(Debug, Clone, Default)]
pub struct Spelling(Vec<(char, [String; 2])>);

impl Spelling {
    /// As a catalogue writes them.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        let word = |key: &str, lang| catalog.term(key).map_or_else(String::new, |word| word.text(lang).to_owned());
        Self(MARKS.iter().map(|(mark, key)| (*mark, [Lang::Zh, Lang::En].map(|lang| word(key, lang)))).collect())
    }

    /// A text on its way out, with each mark in words.
    #[must_use]
    pub fn spell(&self, text: String, lang: Lang) -> String {
        if !text.contains(is_mark) {
            return text;
        }
        self.0.iter().fold(text, |text, (mark, [zh, en])| {
            let word = if lang == Lang::En { en } else { zh };
            // What stands in brackets of its own needs no second pair.
            let text = match word.starts_with(['（', '(']) {
                true => text.replace(&format!("（{mark}）"), word).replace(&format!("({mark})"), word),
                false => text,
            };
            text.replace(*mark, word)
        })
    }
}

/// A text on its way out, by a catalogue.
#[must_use]
pub fn spell(catalog: &Catalog, text: String, lang: Lang) -> String {
    if text.contains(is_mark) { Spelling::of(catalog).spell(text, lang) } else { text }
}
