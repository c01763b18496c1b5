//! 名册 — a list as an office pastes or attaches it, read whole or not at all: every cell ends in a field, in a remark that says it was
//! not taken, in a doubt that is asked, or in a line that says which one was not understood and why.

mod cells;
mod columns;
mod heading;
mod reading;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod shuffled;
mod value;

use super::Ctx;
use super::common::topic_of;
use crate::domain::command::Command;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::vote::roll::Sheet;
use crate::language::fold::{fold, trim};
use crate::language::number;
use crate::say;

pub(super) use cells::{is_ringed, unnumbered};
pub(super) use value::{is_family, is_full_name, name, owners, several};

/// Whether a word is a heading of a list.
pub(super) fn is_column(word: &str) -> bool {
    heading::column(word).is_some()
}

/// Lines not understood that are shown one by one.
const MAX_SHOWN: usize = 8;
/// Messages so long, in UTF-16 units, may be the first part of a longer paste: clients of Telegram part at 4,096.
const CUT: (usize, usize) = (3_600, 4_096);

/// `编号`, then the list.
pub(super) fn roll(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if let Some((topic, page)) = page_of(arg) {
        return Ok(Command::ShowRoll { topic: topic.or(topic_of(ctx.scene)), page });
    }
    let (topic, list) = topic_and_list(ctx, arg);
    if trim(list).is_empty() {
        return Ok(Command::LoadRoll { topic, sheet: Sheet::default() });
    }
    match sheet(list) {
        Ok(mut sheet) => {
            if may_be_cut(arg) {
                sheet.doubts.push(say!("roll.d.cut"));
            }
            Ok(Command::LoadRoll { topic, sheet })
        }
        Err(troubles) => Err(refusal(troubles, topic.map_or(ctx.example(), |no| say!("roll.example", no = no).into()))),
    }
}

/// Whether a client may have parted a text here: what is missing of it comes with the next message.
#[must_use]
pub fn may_be_cut(text: &str) -> bool {
    (CUT.0..=CUT.1).contains(&text.encode_utf16().take(CUT.1 + 1).count())
}

/// Reads a table that is a list and nothing else: a file has no number before it and is never cut.
///
/// # Errors
/// `e.roll_lines`.
pub fn list(text: &str) -> Result<Sheet, Say> {
    sheet(text).map_err(|troubles| refusal(troubles, example_of("ex.roll")))
}

/// What is not understood, line by line.
fn refusal(mut troubles: Vec<Say>, example: Value) -> Say {
    let n = troubles.len();
    troubles.truncate(MAX_SHOWN);
    if n > MAX_SHOWN {
        troubles.push(say!("roll.more", n = n - MAX_SHOWN));
    }
    say!("e.roll_lines", n = n, list = Value::Lines(troubles), ex = example)
}

/// Reads a list.
pub(super) fn sheet(list: &str) -> Result<Sheet, Vec<Say>> {
    reading::read(cells::rows(list))
}

/// `1 第2页`, `1 page 2`, `第2页`: no list has a line of two numbers.
fn page_of(arg: &str) -> Option<(Option<TopicNo>, u32)> {
    let said = fold(trim(arg));
    let (before, page) = said.rsplit_once(' ').unwrap_or(("", &said));
    let (before, is_paged) = match trim(before).strip_suffix("page") {
        Some(before) => (before, true),
        None => (before, page.contains('页')),
    };
    let bare = page.trim_start_matches('第').trim_end_matches('页');
    let (topic, page) = (number::whole_number(before).map(TopicNo), number::whole_number(bare)?);
    let is_it = !said.contains('\n') && (topic.is_some() || is_paged && trim(before).is_empty());
    is_it.then_some((topic, page))
}

/// The topic stands alone on the first line, or before a row that is one without it: “101,李德福,92.5” is no topic 101.
fn topic_and_list<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> (Option<TopicNo>, &'t str) {
    let (first, below) = arg.split_once('\n').map_or((arg, ""), |(first, below)| (first, below));
    let Some((no, rest)) = number::number(first) else { return (topic_of(ctx.scene), arg) };
    if trim(rest).is_empty() {
        return (Some(TopicNo(no)), below);
    }
    let width = |text: &str| cells::rows(text).first().map_or(0, |row| row.full().len());
    let is_titled = width(rest) == 1 && !trim(below).is_empty();
    let is_row = match width(below) {
        0 => sheet(first).is_ok() && sheet(rest).is_err(),
        below => width(first) == below && width(rest) != below,
    };
    if is_row && !is_titled {
        return (topic_of(ctx.scene), arg);
    }
    // The first line goes on behind the number.
    let list = arg.get(first.len() - rest.len()..).unwrap_or(arg);
    (Some(TopicNo(no)), list)
}
