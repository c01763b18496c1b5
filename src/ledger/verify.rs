//! The full check of chain and vault, and the lines of the chain as they are, for an export.

use std::sync::Arc;

use super::chain::{CHAIN, MAX_HEADER, read_format, seq_of};
use super::checked_read::Walk;
use super::disk::{Disk, Line, Window};
use super::errors::{Damage, ReadError};
use super::vault::{segment_name, segments};
use super::{MAX_LINE_BYTES, Position};

/// What a whole ledger holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records; the sequence of the last one.
    pub records: u64,
    /// Batches, each with its own sync.
    pub batches: u64,
    /// Bytes of the chain, and of the vault as far as it was read.
    pub bytes: u64,
    /// Sealed texts, erased ones among them.
    pub sealed: u64,
    /// Erased texts. Who holds the disk can erase without trace here: a lawful erasure is to be a record too.
    pub erased: u64,
}

/// Checks every line of a ledger nobody is writing to: format, headers, hashes, sequences, commitments, and that the
/// vault holds nothing else. A tail torn by a power cut counts as damage here; starting the program cuts it off.
///
/// # Errors
/// The first damage, with its place.
pub fn verify(disk: &Arc<dyn Disk>) -> Result<Summary, ReadError> {
    check(disk, None)
}

/// The same for a ledger in use, up to `head`, for the background scrub: what is appended meanwhile is left alone.
///
/// # Errors
/// The first damage, with its place.
pub fn verify_until(disk: &Arc<dyn Disk>, head: &Position) -> Result<Summary, ReadError> {
    check(disk, Some(head))
}

fn check(disk: &Arc<dyn Disk>, head: Option<&Position>) -> Result<Summary, ReadError> {
    if segments(disk.as_ref())? == 0 {
        let (file, what) = (segment_name(1), "the segment is missing");
        return Err(Damage { file, line: 0, offset: 0, seq: 0, what }.into());
    }
    let (_, mut walk) = Walk::new(disk, None, head.map(|head| head.offset))?;
    let mut summary = Summary::default();
    while let Some(record) = walk.next()? {
        summary.records = record.entry.seq;
        summary.batches += u64::from(record.entry.end.is_some());
        summary.sealed += record.sealed;
        summary.erased += record.erased;
    }
    let (end, place) = walk.begin();
    if head.is_some_and(|head| *head != end) {
        let Position { line, header: offset, seq, .. } = end;
        return Err(Damage { file: CHAIN.into(), line, offset, seq, what: "the chain ends elsewhere" }.into());
    }
    if head.is_none() && walk.vault().orphans(end.seq)?.is_some() {
        return Err(walk.vault().damage(end.seq, "texts without a record").into());
    }
    summary.bytes = end.offset + place.offset;
    for segment in 1..place.segment {
        let name = segment_name(segment);
        let size = disk.open_read(&name).and_then(|mut file| file.size()).map_err(ReadError::io(name))?;
        summary.bytes += size;
    }
    Ok(summary)
}

/// One line of `ledger.jsonl`, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawLine {
    /// Its number, from 1.
    pub number: u64,
    /// Where it begins, in bytes.
    pub offset: u64,
    /// The record's sequence; `None` for the format line and for headers.
    pub seq: Option<u64>,
    /// The line without its newline.
    pub bytes: Vec<u8>,
}

/// Reads the lines of the chain as they are, the format line and the headers among them, up to `until` or to the end.
/// Checks nothing: [`verify`] first. An incomplete last line is left out.
///
/// # Errors
/// If the file cannot be opened or its first line is not ours.
pub fn lines(disk: &dyn Disk, until: Option<&Position>) -> Result<Lines, ReadError> {
    let mut file = disk.open_read(CHAIN).map_err(ReadError::io(CHAIN))?;
    read_format(file.as_mut())?;
    let limit = match until {
        Some(until) => until.offset,
        None => file.size().map_err(ReadError::io(CHAIN))?,
    };
    Ok(Lines { window: Window::new(file, 0, limit), number: 0, over: false })
}

/// The iterator of [`lines`]. Holds one line at a time.
pub struct Lines {
    window: Window,
    number: u64,
    over: bool,
}

impl Iterator for Lines {
    type Item = Result<RawLine, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let offset = self.window.offset();
        self.number += 1;
        let number = self.number;
        let result = match self.window.line(MAX_LINE_BYTES.max(MAX_HEADER)) {
            Ok(Line::Whole(bytes)) => {
                return Some(Ok(RawLine { number, offset, seq: seq_of(bytes), bytes: bytes.to_vec() }));
            }
            Ok(Line::Short | Line::End) => None,
            Ok(Line::TooLong) => {
                let what = "a line longer than any record";
                Some(Err(Damage { file: CHAIN.into(), line: number, offset, seq: 0, what }.into()))
            }
            Err(error) => Some(Err(ReadError::io(CHAIN)(error))),
        };
        self.over = true;
        result
    }
}
