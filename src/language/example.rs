//! 例 — the example in a refusal is the line that was written, with what it lacks: this number, this name. One that names others is
//! copied as it stands, and means somebody else.

use super::catalog::{Entry, Lang};
use super::fold::{fold, trim};

/// Longest line that is repeated, in characters.
const MAX_LINE: usize = 60;

/// What a line lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lacks {
    /// The last part: a reason, a text.
    Last,
    /// The number right behind the name; this one is there.
    Number(String),
}

/// The line that was written, with what it lacks out of the example of its command; `None` where it is to stand as it is.
#[must_use]
pub fn completed(entry: &Entry, lang: Lang, said: &str, lacks: &Lacks) -> Option<String> {
    let said = trim(said);
    if said.contains('\n') || said.chars().count() > MAX_LINE {
        return None;
    }
    let example = text(entry, lang);
    let parts: Vec<&str> = example.split_whitespace().collect();
    let (head, rest) = named(entry, said)?;
    let written: Vec<&str> = rest.split_whitespace().collect();
    match lacks {
        Lacks::Number(no) if written.is_empty() => {
            let more = parts.get(2..).unwrap_or_default();
            Some(line(head, &[&[no.as_str()], more].concat()))
        }
        Lacks::Number(no) => Some(line(head, &[&[no.as_str()], written.as_slice()].concat())),
        Lacks::Last if written.is_empty() => None,
        Lacks::Last => {
            // As many parts stand before the last in either language.
            let before = text(entry, Lang::Zh).split_whitespace().count().saturating_sub(1);
            let from = if written.len() + 1 < before { written.len() + 1 } else { before };
            let more = parts.get(from.min(parts.len().saturating_sub(1))..).unwrap_or_default();
            Some(line(head, &[written.as_slice(), more].concat()))
        }
    }
}

/// The name a line begins with, as written, and what follows.
fn named<'t>(entry: &Entry, said: &'t str) -> Option<(&'t str, &'t str)> {
    let bare = said.trim_start_matches(['/', '／', '\\', '、', '#', '＃']);
    let names = [&entry.name].into_iter().chain(&entry.english).chain(&entry.aliases).chain(&entry.traditional);
    let mut lengths: Vec<usize> = names.map(|name| name.chars().count()).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    lengths.dedup();
    let is_name = |head: &str| {
        let names = [&entry.name].into_iter().chain(&entry.english).chain(&entry.aliases).chain(&entry.traditional);
        names.into_iter().any(|name| fold(name) == fold(head))
    };
    lengths.into_iter().find_map(|length| {
        let end = bare.char_indices().nth(length).map_or(bare.len(), |(at, _)| at);
        let (head, rest) = bare.split_at_checked(end)?;
        is_name(head).then(|| (head, rest.trim_start_matches([':', '：'])))
    })
}

fn line(head: &str, parts: &[&str]) -> String {
    format!("/{head} {}", parts.join(" "))
}

fn text(entry: &Entry, lang: Lang) -> &str {
    match lang {
        Lang::Zh => &entry.example.zh,
        Lang::En => &entry.example.en,
    }
}
