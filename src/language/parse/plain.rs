//! 大白话 — “电梯什么时候装”, “帮帮我”, “谢谢” in private: what is meant by the fixed words of `commands/plain.toml`, and which words tell
//! what it is about. Nothing is done by it.

use super::trim;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::plain::{Plain, Spoken, Wish};
use crate::domain::kernel::script::simplified;
use crate::domain::kernel::text::MAX_TITLE;
use crate::language::catalog::{Catalog, Entry};
use crate::language::fold::fold;
use crate::language::number;

/// Longest message that is looked through, in characters; of a longer one the beginning tells what it is about.
const MAX_LOOKED: usize = 300;
/// Most words that are looked for in titles.
const MAX_ABOUT: usize = 12;
/// Shortest Latin word that tells anything.
const SHORTEST_WORD: usize = 3;
/// Longest name behind 我是, in characters.
const LONGEST_NAME: usize = 4;
/// Longest message that asks for a command and nothing else, in characters.
const LONGEST_QUESTION: usize = 16;

/// What follows the number of a house, not of a topic.
const OF_A_HOUSE: &[char] = &['楼', '院', '门', '房', '线', '厅', '室', '单', '地', '车', '路', '公', '栋', '幢'];

/// What somebody meant who wrote no command.
#[must_use]
pub fn read(catalog: &Catalog, text: &str) -> Plain {
    let looked: String = text.chars().take(MAX_LOOKED).collect();
    let folded = simplified(&fold(&looked)).replace(['\'', '’'], "");
    if !folded.chars().any(char::is_alphanumeric) {
        return if folded.contains(['?', '？']) { Plain::Said(help()) } else { Plain::Nothing };
    }
    let (hello, thanks, ack) = (["plain.hello"], ["plain.thanks"], ["plain.ack"]);
    let with = ["plain.with"];
    if is_only(catalog, &folded, &[&hello[..], &thanks, &ack, &with].concat()) {
        return match () {
            () if has(catalog, &folded, "plain.thanks") => Plain::Thanks,
            () if has(catalog, &folded, "plain.hello") => Plain::Hello,
            () => Plain::Nothing,
        };
    }
    Plain::Said(Spoken {
        wish: Wish::ALL.into_iter().find(|wish| has(catalog, &folded, wish.term())),
        asks: folded.contains(['?', '？']) || has(catalog, &folded, "plain.asks"),
        number: numbered(&folded),
        about: about(catalog, &folded),
        request: request(catalog, text),
        name: own_name(catalog, text),
    })
}

/// Whether a message is a call for help and nothing else.
pub(super) fn is_cry(catalog: &Catalog, text: &str) -> bool {
    catalog.means(Wish::Help.term(), trim(text).trim_end_matches(|c: char| !c.is_alphanumeric()))
}

/// “怎么公示”, “我要买单”: a command by its name and nothing of their own; where no other fixed words tell what is wanted, it is explained.
#[must_use]
pub fn explained<'c>(catalog: &'c Catalog, text: &str) -> Option<&'c Entry> {
    let folded = simplified(&fold(trim(text)));
    if folded.chars().count() > LONGEST_QUESTION || Wish::ALL.into_iter().any(|wish| has(catalog, &folded, wish.term()))
    {
        return None;
    }
    let left = without(catalog, &folded, &["plain.how", "plain.want", "plain.with"]);
    let left = trim(left.trim_matches(|c: char| !c.is_alphanumeric()));
    let is_asked = left.len() < folded.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
    let entry = catalog.find(left).filter(|_| is_asked && left.chars().count() > 1)?;
    Some(entry)
}

fn help() -> Spoken {
    Spoken { wish: Some(Wish::Help), asks: true, ..Spoken::default() }
}

/// Whether one spelling of a term stands in a text: Latin ones as whole words.
fn has(catalog: &Catalog, folded: &str, key: &str) -> bool {
    catalog.spellings(key).iter().any(|spelling| found(folded, spelling).is_some())
}

/// Where a spelling stands, in bytes.
fn found(folded: &str, spelling: &str) -> Option<usize> {
    let is_whole = |at: usize| {
        let (before, rest) = folded.split_at_checked(at).unwrap_or((folded, ""));
        let after = rest.strip_prefix(spelling).unwrap_or_default();
        !before.ends_with(|c: char| c.is_ascii_alphanumeric())
            && !after.starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    let mut places = folded.match_indices(spelling).map(|(at, _)| at);
    places.find(|&at| !spelling.is_ascii() || is_whole(at))
}

/// A text with every spelling of some terms taken out, the longest first.
fn without(catalog: &Catalog, folded: &str, keys: &[&str]) -> String {
    let mut spellings: Vec<&String> = keys.iter().flat_map(|key| catalog.spellings(key)).collect();
    spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.chars().count()));
    let mut left = folded.to_owned();
    for spelling in spellings.into_iter().filter(|spelling| !spelling.is_empty()) {
        while let Some(at) = found(&left, spelling) {
            left.replace_range(at..at + spelling.len(), " ");
        }
    }
    left
}

/// Whether a text has no word but those.
pub(super) fn is_only(catalog: &Catalog, folded: &str, keys: &[&str]) -> bool {
    !without(catalog, folded, keys).chars().any(char::is_alphanumeric)
}

/// “1号怎么样了”, “topic 2”: a number that is that of no house.
fn numbered(folded: &str) -> Option<TopicNo> {
    let starts = folded.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at);
    for at in starts {
        let (before, rest) = folded.split_at_checked(at)?;
        if before.ends_with(|c: char| c.is_ascii_digit() || c == '.' || c == '月') {
            continue;
        }
        let Some((no, rest)) = number::digits(rest) else { continue };
        let is_marked = rest.strip_prefix('号').is_some_and(|rest| !rest.starts_with(OF_A_HOUSE));
        let before = before.trim_end();
        if is_marked || before.ends_with("议题") || before.ends_with("no.") || before.ends_with("topic") {
            return Some(TopicNo(no));
        }
    }
    None
}

/// “2办得怎么样了”: asks of a topic by its number, and of nothing else.
pub(super) fn asked_of(catalog: &Catalog, arg: &str) -> Option<TopicNo> {
    let folded = simplified(&fold(arg));
    let (no, rest) = number::digits(&folded)?;
    let rest = rest.strip_prefix('号').unwrap_or(rest);
    let asks = rest.contains(['?', '？']) || has(catalog, rest, "plain.asks");
    let left = without(catalog, rest, &["plain.stop", "plain.asks"]);
    let is_of_more = left.split(|c: char| !c.is_alphanumeric()).any(|piece| piece.chars().count() >= 2);
    (asks && !is_of_more && !rest.starts_with(OF_A_HOUSE)).then_some(TopicNo(no))
}

/// Whether a word may tell one matter from another.
fn is_long_enough(word: &str) -> bool {
    let enough = if word.is_ascii() { SHORTEST_WORD } else { 2 };
    word.chars().count() >= enough
}

/// The words that may tell what it is about.
fn about(catalog: &Catalog, folded: &str) -> Vec<String> {
    let left = without(catalog, folded, &["plain.stop"]);
    let mut found = Vec::new();
    for piece in left.split(|c: char| !c.is_alphanumeric()).filter(|piece| !piece.is_empty()) {
        let is_number = piece.chars().all(|c| c.is_ascii_digit());
        if is_long_enough(piece) && !is_number && found.len() < MAX_ABOUT {
            found.push(piece.to_owned());
        }
    }
    found
}

/// “我是沈红”, “我叫沈红”: the name, where nothing else is said.
fn own_name(catalog: &Catalog, text: &str) -> String {
    let said = trim(text).trim_end_matches(|c: char| !c.is_alphanumeric());
    let Some(name) = catalog.after("plain.i_am", said).map(trim) else { return String::new() };
    let is_one = (2..=LONGEST_NAME).contains(&name.chars().count()) && name.chars().all(char::is_alphabetic);
    if is_one { name.to_owned() } else { String::new() }
}

/// The message as a request may be worded: in one line and no longer than a title, without greetings; empty where nothing of its own is
/// left but a wish.
fn request(catalog: &Catalog, text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mark = |c: char| !c.is_alphanumeric() && !matches!(c, '“' | '《' | '(' | '（' | '"');
    let mut said = line.as_str();
    loop {
        let bare = said.trim_start_matches(mark);
        let after = catalog.after("plain.lead", bare).filter(|rest| {
            // “hi” is no part of “hills”.
            let head = bare.get(..bare.len() - rest.len()).unwrap_or_default();
            !(head.is_ascii() && rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        });
        match after {
            Some(rest) if !rest.is_empty() => said = rest,
            _ => {
                said = bare;
                break;
            }
        }
    }
    let end = |c: char| matches!(c, '。' | '.' | '！' | '!' | '～' | '~' | '，' | ',' | '；' | ';' | '…' | ' ');
    let said = said.trim_end_matches(end);
    let folded = simplified(&fold(said));
    let mut keys: Vec<&str> = Wish::ALL.into_iter().map(Wish::term).collect();
    keys.extend(["plain.stop", "plain.hello", "plain.thanks", "plain.with", "plain.lead", "plain.ack"]);
    let left = without(catalog, &folded, &keys);
    let has_own = left.split(|c: char| !c.is_alphanumeric()).any(|piece| {
        let is_word = piece.chars().any(char::is_alphabetic);
        is_word && is_long_enough(piece)
    });
    if !has_own {
        return String::new();
    }
    let title: String = said.chars().take(MAX_TITLE).collect();
    trim(&title).to_owned()
}
