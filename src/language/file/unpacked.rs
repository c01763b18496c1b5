//! 压缩包 — what is in a workbook before anything reads it: how much the directory promises, and how much really comes out.

use super::Unreadable;
use std::io::Cursor;
use zip::ZipArchive;

/// Parts of a workbook: a workbook has some dozen.
const MAX_ENTRIES: usize = 1_000;
/// Bytes of all parts together.
const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// Bytes of the part that says how cells look, its longest word, and how many looks there are (a spreadsheet has at most 64,000).
const MAX_STYLES: usize = 2 * 1024 * 1024;
const MAX_WORD: usize = 512;
const MAX_LOOKS: usize = 65_536;
/// Digits of a number that says how many strings there are.
const MAX_COUNT_DIGITS: usize = 7;
/// What is read at once.
const PIECE: usize = 64 * 1024;

/// Whether a workbook may be read.
pub(super) fn check(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    if archive.len() > MAX_ENTRIES || archive.decompressed_size().is_some_and(|size| size > u128::from(MAX_BYTES)) {
        return Err(Unreadable::Swollen);
    }
    let names: Vec<String> = archive.file_names().flatten().map(|name| name.to_lowercase()).collect();
    is_a_book(&names)?;
    let mut left = MAX_BYTES;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| Unreadable::Broken)?;
        let name = part.name().map_err(|_| Unreadable::Broken)?.to_lowercase();
        let kept = name.ends_with("sharedstrings.xml") || name.ends_with("styles.xml");
        let content = drain(part, &mut left, kept)?;
        if name.ends_with("styles.xml") {
            check_styles(&content)?;
        } else if kept {
            check_strings(&content)?;
        }
    }
    Ok(())
}

/// What else may come in a ZIP.
fn is_a_book(names: &[String]) -> Result<(), Unreadable> {
    let has = |part: &str| names.iter().any(|name| name.replace('\\', "/").starts_with(part));
    match () {
        () if has("xl/workbook.bin") || names.iter().any(|name| name == "content.xml") => Err(Unreadable::OldBook),
        () if has("xl/") => Ok(()),
        () if has("word/") || has("ppt/") => Err(Unreadable::Document),
        () => Err(Unreadable::Other),
    }
}

/// Reads a part to its end, no further than is left for all of them; what its directory said of it counts for nothing here.
fn drain(mut part: impl std::io::Read, left: &mut u64, is_kept: bool) -> Result<Vec<u8>, Unreadable> {
    let (mut content, mut piece) = (Vec::new(), vec![0; PIECE]);
    loop {
        let read = part.read(&mut piece).map_err(|_| Unreadable::Broken)?;
        if read == 0 {
            return Ok(content);
        }
        *left = left.checked_sub(read as u64).ok_or(Unreadable::Swollen)?;
        if is_kept {
            content.extend_from_slice(piece.get(..read).unwrap_or_default());
        }
    }
}

/// Text of which every byte is what it seems: no other encoding hides a word in it.
fn plain(content: &[u8]) -> Result<&str, Unreadable> {
    let text = std::str::from_utf8(content).map_err(|_| Unreadable::Broken)?;
    if text.contains(['\0', '\u{1B}']) { Err(Unreadable::Broken) } else { Ok(text) }
}

/// The reader makes room for as many strings as this part says there are, before it has seen one.
fn check_strings(content: &[u8]) -> Result<(), Unreadable> {
    let text = plain(content)?;
    let is_sound = text.split("uniqueCount").skip(1).all(|after| {
        let value = after.trim_start_matches([' ', '\t', '\r', '\n', '=', '"', '\'', '+', '0']);
        value.chars().take_while(char::is_ascii_digit).count() <= MAX_COUNT_DIGITS
    });
    if is_sound { Ok(()) } else { Err(Unreadable::Broken) }
}

/// The reader gives every look its own copy of every word in it.
fn check_styles(content: &[u8]) -> Result<(), Unreadable> {
    let text = plain(content)?;
    let is_long = text.split(['"', '\'', '<', '>']).any(|word| word.len() > MAX_WORD);
    let looks = text.matches("<xf").count() + text.matches(":xf").count();
    if content.len() > MAX_STYLES || is_long || looks > MAX_LOOKS { Err(Unreadable::Swollen) } else { Ok(()) }
}
