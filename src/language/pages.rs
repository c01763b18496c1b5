//! 下一页 — a long answer, a page at a time: one message, and at its end the line that brings the next. A list is cut between its rows, so
//! that each page has its heading; anything else between its lines.

use super::catalog::{Catalog, Lang};
use super::fold::{fold, trim};
use super::number::whole_number;
use super::render::{Rendered, Site, render};
use crate::domain::kernel::say::{Say, Value};
use std::ops::Range;

/// Rows of a list on a page.
pub const ROWS: usize = 20;
/// Longest page in characters: what every platform takes as one message, with room for the line below it.
pub const LONGEST: usize = 3_000;
/// So many characters of several answers together are one message.
const TOGETHER: usize = 600;
/// An answer as short as this may be the heading of the next.
const HEADING: usize = 100;

/// “/阵地 第2页”: what is asked, and which page of the answer.
#[must_use]
pub fn asked(text: &str) -> Option<(&str, u32)> {
    let text = text.trim_end();
    let (line, said) = match text.strip_suffix(['页', '頁']) {
        Some(before) => before.rsplit_once('第')?,
        None => {
            let at = text.to_ascii_lowercase().rfind(" page ")?;
            (text.get(..at)?, text.get(at + " page ".len()..)?)
        }
    };
    let page = whole_number(trim(&fold(said))).filter(|page| *page > 0)?;
    let line = line.trim_end();
    (!line.is_empty()).then_some((line, page))
}

/// An answer in pages. What is short is said together with what follows, and a heading with what it is the heading of.
#[must_use]
pub fn pages(catalog: &Catalog, says: &[Say], lang: Lang, site: &Site) -> Vec<Rendered> {
    let mut pages: Vec<Rendered> = Vec::new();
    for say in says {
        let mut own = of_one(catalog, say, lang, site).into_iter();
        let Some(first) = own.next() else { continue };
        let length = first.text.chars().count();
        match pages.last_mut().map(|last| (last.text.chars().count(), last)) {
            Some((so_far, last)) if so_far + length <= TOGETHER || so_far <= HEADING && so_far + length < LONGEST => {
                last.text = format!("{}\n{}", last.text, first.text);
            }
            _ => pages.push(first),
        }
        pages.extend(own);
    }
    pages
}

fn of_one(catalog: &Catalog, say: &Say, lang: Lang, site: &Site) -> Vec<Rendered> {
    let whole = || vec![render(catalog, say, lang, site)];
    let by_rows = match longest_list(say) {
        Some((at, rows)) => {
            let length = |row: &Say| render(catalog, row, lang, site).text.chars().count() + 1;
            let some = |rows: &[Say]| {
                let mut some = say.clone();
                if let Some((_, value)) = some.args.get_mut(at) {
                    *value = Value::Lines(rows.to_vec());
                }
                render(catalog, &some, lang, site)
            };
            cut(&rows.iter().map(length).collect::<Vec<_>>(), ROWS)
                .into_iter()
                .filter_map(|part| rows.get(part))
                .map(some)
                .collect()
        }
        None => whole(),
    };
    by_rows.into_iter().flat_map(short_enough).collect()
}

/// The list of a reply that is longer than a page.
fn longest_list(say: &Say) -> Option<(usize, &[Say])> {
    let lists = say.args.iter().enumerate().filter_map(|(at, (_, value))| match value {
        Value::Lines(rows) if rows.len() > ROWS => Some((at, rows.as_slice())),
        _ => None,
    });
    lists.max_by_key(|(_, rows)| rows.len())
}

/// Parts of so many pieces at most, and of no more characters than a page has.
fn cut(lengths: &[usize], most: usize) -> Vec<Range<usize>> {
    let (mut parts, mut from, mut filled) = (Vec::new(), 0, 0);
    for (at, length) in lengths.iter().enumerate() {
        if at > from && (at - from >= most || filled + length > LONGEST) {
            parts.push(from..at);
            (from, filled) = (at, 0);
        }
        filled += length;
    }
    parts.push(from..lengths.len());
    parts
}

/// What is too long for a page all the same, between its lines; a line that is too long by itself, where it must be.
fn short_enough(page: Rendered) -> Vec<Rendered> {
    if page.text.chars().count() <= LONGEST {
        return vec![page];
    }
    let pieces: Vec<String> = page
        .text
        .split_inclusive('\n')
        .flat_map(|line| {
            let chars: Vec<char> = line.chars().collect();
            chars.chunks(LONGEST).map(|piece| piece.iter().collect()).collect::<Vec<String>>()
        })
        .collect();
    let lengths: Vec<usize> = pieces.iter().map(|piece| piece.chars().count()).collect();
    let parts = cut(&lengths, usize::MAX).into_iter().filter_map(|part| pieces.get(part));
    parts.map(|part| Rendered { text: part.concat().trim_end().to_owned(), ..page.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say;
    use chrono_tz::Asia::Shanghai;

    #[test]
    fn a_page_is_asked_for_behind_the_line_it_is_a_page_of() {
        for (text, asked_for) in [
            ("/阵地 第2页", Some(("/阵地", 2))),
            ("、专题 夜间安全 第 ３ 页", Some(("、专题 夜间安全", 3))),
            ("/日报第二页", Some(("/日报", 2))),
            ("我　第2頁", Some(("我", 2))),
            ("/station page 12", Some(("/station", 12))),
            ("/Station Page 2 ", Some(("/Station", 2))),
            ("第2页", None),
            ("/阵地 第0页", None),
            ("/阵地 第一百页错了", None),
            ("/议题 把第三页改一改", None),
            ("homepage 2", None),
        ] {
            assert_eq!(asked(text), asked_for, "{text}");
        }
    }

    #[test]
    fn every_row_stands_on_one_page_and_no_page_is_too_long() {
        let site = Site { public_url: None, tz: Shanghai };
        let catalog = Catalog::builtin().unwrap();
        for (rows, long, expected) in
            [(1, 5, 1), (20, 5, 1), (21, 5, 2), (45, 5, 3), (45, 400, 7), (2, 7_000, 6), (300, 5, 15)]
        {
            let row = |n: usize| say!("plain", text = format!("<{n}>{}", "字".repeat(long)));
            let list = say!("plain", text = Value::Lines((0..rows).map(row).collect()));
            let pages = pages(catalog, &[list], Lang::Zh, &site);
            assert!(pages.iter().all(|page| page.text.chars().count() <= LONGEST), "{rows} {long}");
            let whole: String = pages.iter().map(|page| page.text.as_str()).collect();
            assert!((0..rows).all(|n| whole.matches(&format!("<{n}>")).count() == 1), "{rows} {long}");
            assert_eq!(pages.len(), expected, "{rows} {long}");
        }
    }

    #[test]
    fn short_answers_are_said_together() {
        let site = Site { public_url: None, tz: Shanghai };
        let catalog = Catalog::builtin().unwrap();
        let two = |n: usize| [say!("plain", text = "字".repeat(n)), say!("plain", text = "句")];
        assert_eq!(pages(catalog, &two(10), Lang::Zh, &site).len(), 1);
        assert_eq!(pages(catalog, &two(1_000), Lang::Zh, &site).len(), 2);
    }
}
