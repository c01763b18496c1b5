//! 例 — the example in a refusal is the line that was written, with what it lacks: this number, this name. One that names others is
//! copied as it stands, and means somebody else.

use super::catalog::{Entry, Lang};
use super::fold::{fold, trim};
use super::parse::without_mark;

/// Longest line that is repeated, in characters.
const MAX_LINE: usize = 60;

/// What a line lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lacks {
    /// The reason, at the end.
    Reason,
    /// What stands behind what was written.
    Text,
    /// The number right behind the name; this one is there.
    Number(String),
    /// Another number in the place of the one that was written.
    Instead(String),
    /// Nothing but other words behind the number that was written.
    OwnNumber,
}

/// Whether a line says something of its own behind the name of its command and a number.
#[must_use]
pub fn says_something(entry: &Entry, said: &str) -> bool {
    let Some((_, rest)) = named(entry, trim(said)) else { return false };
    let mut words = rest.split_whitespace();
    words.next().is_some_and(|first| !is_number(first) || words.next().is_some())
}

/// 1, 1号, 办2, 1-3, 1-异1, 社1, W2.
fn is_number(word: &str) -> bool {
    let is_of_one = |c: char| c.is_ascii_digit() || matches!(c, '-' | '－' | '号' | '號' | '【' | '】' | '#');
    let is_sign = |c: char| matches!(c, '办' | '辦' | '异' | '異' | '社' | '提' | 'W' | 'w');
    word.contains(|c: char| c.is_ascii_digit()) && word.chars().all(|c| is_of_one(c) || is_sign(c))
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
        Lacks::Number(no) => {
            // 1号 where the command writes it so.
            let shape = parts.get(1)?;
            let digits: String = shape.chars().filter(char::is_ascii_digit).collect();
            let no = if digits.is_empty() { return None } else { shape.replacen(&digits, no, 1) };
            let more = if written.is_empty() { parts.get(2..).unwrap_or_default() } else { written.as_slice() };
            Some(line(head, &[&[no.as_str()], more].concat()))
        }
        Lacks::Instead(no) => {
            let more = written.get(1..).unwrap_or_default();
            Some(line(head, &[&[no.as_str()], more].concat()))
        }
        Lacks::OwnNumber => {
            let (own, shown) = (written.first().filter(|own| is_number(own))?, parts.get(1)?);
            // 办5 where the command writes 办2; 5 alone may be anything.
            let digits = |word: &str| word.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
            (is_number(shown) && digits(own) == digits(shown))
                .then(|| line(head, &[&[*own], parts.get(2..).unwrap_or_default()].concat()))
        }
        Lacks::Text if parts.len() < 3 => None,
        Lacks::Text if written.is_empty() => None,
        // “/跟帖 1楼不同意”: what stands where the number belongs is none.
        Lacks::Text
            if parts.get(1).is_some_and(|shown| is_number(shown))
                && !written.first().is_some_and(|own| is_number(own)) =>
        {
            None
        }
        Lacks::Reason | Lacks::Text => {
            // As many parts stand before the last in either language.
            let before = text(entry, Lang::Zh).split_whitespace().count().saturating_sub(1);
            // By another name (部分采纳) a line has fewer parts than its example; in reply, what is meant is not written.
            let is_example = fold(head) == fold(named(entry, example)?.0);
            let is_short = is_example && written.len() + 1 < before;
            let from = match lacks {
                Lacks::Reason if written.is_empty() && before > 2 => return None,
                Lacks::Reason if is_short && !written.is_empty() => written.len() + 1,
                Lacks::Reason => before,
                _ => written.len() + 1,
            };
            if *lacks == Lacks::Text && from >= parts.len() {
                return None;
            }
            let more = parts.get(from.min(parts.len().saturating_sub(1))..).unwrap_or_default();
            Some(line(head, &[written.as_slice(), more].concat()))
        }
    }
}

/// The name a line begins with, as written, and what follows.
fn named<'t>(entry: &Entry, said: &'t str) -> Option<(&'t str, &'t str)> {
    let bare = without_mark(said);
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

#[cfg(test)]
mod tests {
    use super::{Lacks, completed};
    use crate::language::{Catalog, Lang};

    fn line(said: &str, lacks: &Lacks) -> Option<String> {
        let catalog = Catalog::builtin().unwrap();
        let name: String = said.trim_start_matches('/').chars().take_while(|c| !c.is_whitespace()).collect();
        completed(catalog.find(&name).unwrap(), Lang::Zh, said, lacks)
    }

    #[test]
    fn the_line_that_was_written_is_repeated_with_what_it_lacks() {
        for (said, lacks, want) in [
            ("/删除信息 冯丽", Lacks::Text, Some("/删除信息 冯丽 本人申请")),
            ("/回避 1", Lacks::Reason, Some("/回避 1 与承办单位有利害关系")),
            ("/裁定 1 冯丽 回避", Lacks::Reason, Some("/裁定 1 冯丽 回避 当面核实过了")),
            ("/部分采纳 1-3", Lacks::Reason, Some("/部分采纳 1-3 房价影响没法量化")),
            ("/转办 W3", Lacks::Reason, Some("/转办 W3 市燃气公司 管道归他们管")),
            ("隐藏", Lacks::Reason, Some("/隐藏 人身攻击")),
            ("请假", Lacks::Number("1".into()), Some("/请假 1")),
            ("投 2", Lacks::Number("3".into()), Some("/投 3号 2")),
            ("/签到 1 张桂英", Lacks::Instead("4".into()), Some("/签到 4 张桂英")),
            ("/并案 2 并到 2", Lacks::Text, Some("/并案 2 并到 2 同一栋楼的同一件事")),
            ("/删除信息\n冯丽", Lacks::Text, None),
        ] {
            assert_eq!(line(said, &lacks).as_deref(), want, "{said}");
        }
    }

    /// Of every command: what was understood stands in the line that is proposed, in the same order.
    #[test]
    fn what_was_understood_is_never_another_number_or_name() {
        for entry in Catalog::builtin().unwrap().entries() {
            for lang in [Lang::Zh, Lang::En] {
                let example = super::text(entry, lang);
                let parts: Vec<&str> = example.split_whitespace().collect();
                for n in 2..parts.len() {
                    let said = parts.get(..n).unwrap().join(" ").replace(['1', '3'], "7");
                    for lacks in [Lacks::Reason, Lacks::Text] {
                        if let Some(line) = completed(entry, lang, &said, &lacks) {
                            assert!(line.starts_with(&said) && line.len() > said.len(), "{said}: {line}");
                        }
                    }
                }
            }
        }
    }
}
