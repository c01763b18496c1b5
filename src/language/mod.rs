//! 语言 — “、建议　１ 加一盏灯” becomes a [`Command`](crate::domain::command::Command); a
//! [`Say`](crate::domain::kernel::say::Say) becomes “✅ 已记建议1-3，回“+1”点赞。”. Decides nothing.
//!
//! * [`catalog`]: the commands, replies and terms of `commands/*.toml`, which a clerk may edit.
//! * [`parse`]: text → command, or silence. * `about`: which thing a reply of ours is about, typed;
//!   [`mark`] reads it back where a platform hands over nothing but a quoted text.
//! * [`paper`]: a digest → messages, by the templates in `commands/digest`.
//! * [`merging`]: which replies become one message in a busy group; [`pages`]: a long answer, a page at a time.
//! * [`redact`]: a digest that was sent, without what was hidden since.
//! * [`file`]: a workbook or a text somebody handed over → a table as if it had been pasted.
//! * [`time`]: 周五18点 → a moment, or what is asked back. * [`render`]: a reply → text, in the language of its group.
//! * [`spell`]: the marks of the domain (a name nobody proved) → words, on every way out.

mod about;
pub mod amount;
pub mod catalog;
pub mod clean;
pub mod example;
pub mod file;
pub mod fold;
pub mod mark;
pub mod merging;
mod number;
pub mod pages;
pub mod paper;
pub mod parse;
pub mod redact;
pub mod render;
pub mod spell;
pub mod time;

pub use about::About;
pub use catalog::{Catalog, Entry, Lang};
pub use mark::read_mark;
pub use parse::{Heard, Hearing, Parsed, alone, answer_to, parse, plain, short};
pub use render::{Rendered, Site, command_table, help, render};

/// Words from which on a line in Latin letters is a sentence: “ok” is everybody's, and so are commands.
const ENGLISH_WORDS: usize = 2;

/// Whether somebody writes English: words in Latin letters and no others.
#[must_use]
pub fn is_english(said: &str) -> bool {
    let is_word = |word: &&str| word.chars().filter(char::is_ascii_alphabetic).count() > 1;
    let is_latin = said.chars().all(|c| c.is_ascii() || !c.is_alphabetic());
    is_latin && !said.starts_with('/') && said.split_whitespace().filter(is_word).nth(ENGLISH_WORDS - 1).is_some()
}
