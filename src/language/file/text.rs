//! 文本 — CSV, TSV and text, in the encodings Excel and WPS write: UTF-8, UTF-16, GB18030.

use super::{Table, Unreadable, one_line, pasted};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// How much is looked at to tell UTF-16 without a mark.
const LOOKED_AT: usize = 4_096;

/// The table of a text.
pub(super) fn table(bytes: &[u8]) -> Result<Table, Unreadable> {
    let text = decoded(bytes)?;
    if is_markup(&text) {
        return Err(Unreadable::OldBook);
    }
    match separator(&text) {
        Some(mark) => pasted(String::new(), &rows(&text, mark)),
        // One column, or parted by something only the list itself shows: as it is.
        None => {
            let lines: Vec<Vec<String>> = text.lines().map(|line| vec![one_line(line)]).collect();
            pasted(String::new(), &lines)
        }
    }
}

/// The text; a mark at the beginning says how it is written, else what makes sense of all of it.
fn decoded(bytes: &[u8]) -> Result<String, Unreadable> {
    let guessed = match Encoding::for_bom(bytes) {
        Some((marked, _)) => marked,
        None => match wide(bytes) {
            Some(wide) => wide,
            None if std::str::from_utf8(bytes).is_ok() => UTF_8,
            None => GB18030,
        },
    };
    let (text, _, is_broken) = guessed.decode(bytes);
    if is_broken {
        return Err(Unreadable::Garbled);
    }
    let is_odd = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{C}' | '\u{1A}');
    if text.contains(is_odd) {
        return Err(Unreadable::Other);
    }
    Ok(text.into_owned())
}

/// UTF-16 without a mark: every second byte of digits, tabs and line ends is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..LOOKED_AT.min(bytes.len())).unwrap_or_default();
    let zeros = |from: usize| start.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match () {
        () if !bytes.len().is_multiple_of(2) || even + odd == 0 => None,
        () if even == 0 => Some(UTF_16LE),
        () if odd == 0 => Some(UTF_16BE),
        () => None,
    }
}

/// A web page or an XML table under the name of a workbook, as some programs of offices save them.
fn is_markup(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(200).collect();
    let start = start.to_lowercase();
    start.starts_with('<')
        && ["<html", "<!doctype", "<table", "<?xml", "<style", "<meta"].iter().any(|tag| start.contains(tag))
}

/// What parts the cells, if one mark alone does.
fn separator(text: &str) -> Option<char> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty());
    let all = lines().count();
    // Titles and sums of other programs may stand on lines without it.
    let is_mark = |mark: &char| lines().filter(|line| line.contains(*mark)).count() * 2 > all;
    if text.contains('\t') {
        return Some('\t');
    }
    [',', ';'].into_iter().find(is_mark)
}

/// The cells of a text; one in quotation marks may hold marks and line ends of its own. A line is a row, so that line numbers are those
/// of the sheet.
fn rows(text: &str, mark: char) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut is_quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.trim().is_empty() => is_quoted = true,
            c if c == mark && !is_quoted => row.push(one_line(&std::mem::take(&mut cell))),
            '\n' if !is_quoted => {
                row.push(one_line(&std::mem::take(&mut cell)));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    row.push(one_line(&cell));
    rows.push(row);
    rows
}
