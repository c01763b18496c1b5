//! 一条一条地读 — records by their sequence, without reading what lies before them. Nothing stored says where a record begins: batches
//! carry the number of their first record and vault lines their own, so both files are bisected. Of every batch that is read the hash is
//! checked, and every text against what its record commits to; that the batches hang together is for [`super::verify`].

use std::sync::Arc;

use serde_json::Value;

use super::chain::{CHAIN, HEADER_MARK, Header, MAX_HEADER, read_format, seq_of, sha256};
use super::disk::{Disk, DiskFile, Line, Window, read_range};
use super::errors::{Damage, ReadError};
use super::vault::{Sealed, commitments, first_seq, segment_name, segments, unseal};
use super::{Entry, MAX_BATCH_BYTES, MAX_LINE_BYTES};

/// Records that are read past rather than looked for anew: looking costs about what that many lines do.
const NEAR: u64 = 64;
/// Bytes that are read through rather than bisected.
const CLOSE: u64 = 8 * 1024;
/// Bytes that are read at first where a line or header is looked for; where there is none in them the next are twice as many.
const STEP: usize = 2 * 1024;
/// The most that is read at once for that.
const MOST: usize = 64 * 1024;

/// Visits the records with these numbers, in ascending order, until `visit` answers false. Numbers the ledger does not have are left out.
///
/// # Errors
/// If a file cannot be read or is not what was written.
pub fn read_numbers(
    disk: &Arc<dyn Disk>,
    numbers: &[u64],
    visit: &mut dyn FnMut(Entry) -> bool,
) -> Result<(), ReadError> {
    let mut wanted = numbers.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let (mut chain, mut vault) = (Chain::open(Arc::clone(disk))?, Vault::open(Arc::clone(disk))?);
    for seq in wanted {
        let Some(line) = chain.line(seq)? else { continue };
        let damage = |what| Damage { file: CHAIN.into(), line: 0, offset: 0, seq, what };
        let mut body: Value = serde_json::from_slice(line).map_err(|_| damage("the record is not readable as JSON"))?;
        let fields = body.as_object_mut().ok_or_else(|| damage("the record is no object"))?;
        fields.remove("seq");
        let sealed = commitments(&body);
        if sealed > 0 {
            vault.unseal(seq, sealed, &mut body)?;
        }
        if !visit(Entry { seq, body, end: None }) {
            break;
        }
    }
    Ok(())
}

/// `ledger.jsonl`, standing at a batch.
struct Chain {
    disk: Arc<dyn Disk>,
    file: Box<dyn DiskFile>,
    /// Where the first batch begins, and where the file ends.
    bounds: (u64, u64),
    window: Option<Window>,
    /// Of the batch read last: where it begins, its first record, the first one behind it, its lines.
    begin: u64,
    first: u64,
    next: u64,
    body: Vec<u8>,
    /// Where its lines end: a batch may have thousands, and each is looked for by its number.
    ends: Vec<usize>,
}

impl Chain {
    fn open(disk: Arc<dyn Disk>) -> Result<Self, ReadError> {
        let mut file = disk.open_read(CHAIN).map_err(ReadError::io(CHAIN))?;
        let (_, start) = read_format(file.as_mut())?;
        let bounds = (start.offset, file.size().map_err(ReadError::io(CHAIN))?);
        Ok(Self { disk, file, bounds, window: None, begin: 0, first: 0, next: 0, body: Vec::new(), ends: Vec::new() })
    }

    fn damage(&self, offset: u64, what: &'static str) -> ReadError {
        Damage { file: CHAIN.into(), line: 0, offset, seq: self.next, what }.into()
    }

    /// The line of a record.
    fn line(&mut self, seq: u64) -> Result<Option<&[u8]>, ReadError> {
        if seq == 0 {
            return Ok(None);
        }
        let is_far = self.window.is_none() || seq < self.first || seq > self.next + NEAR;
        if is_far {
            let begin = self.find(seq)?;
            let file = self.disk.open_read(CHAIN).map_err(ReadError::io(CHAIN))?;
            self.window = Some(Window::new(file, begin, self.bounds.1));
            (self.first, self.next) = (0, 0);
        }
        while seq >= self.next {
            if !self.batch(seq)? {
                return Ok(None);
            }
        }
        match self.line_at(seq - self.first) {
            // Asked again, because what is answered may not be held on to while the damage is told.
            Some(line) if seq_of(line) == Some(seq) => Ok(self.line_at(seq - self.first)),
            Some(_) | None => Err(self.damage(self.begin, "no record of this sequence")),
        }
    }

    /// A line of the batch, counted from 0.
    fn line_at(&self, at: u64) -> Option<&[u8]> {
        let at = usize::try_from(at).ok()?;
        let begin = at.checked_sub(1).map_or(Some(0), |before| Some(self.ends.get(before)? + 1))?;
        self.body.get(begin..*self.ends.get(at)?)
    }

    /// Reads the batch that comes next, or passes over one that ends before a record; false at the end.
    fn batch(&mut self, seq: u64) -> Result<bool, ReadError> {
        let Some(window) = self.window.as_mut() else { return Ok(false) };
        self.begin = window.offset();
        let header = match window.line(MAX_HEADER).map_err(ReadError::io(CHAIN))? {
            Line::End | Line::Short => return Ok(false),
            Line::Whole(line) => Header::parse(line),
            Line::TooLong => None,
        };
        let Some(header) = header else { return Err(self.damage(self.begin, "no header, or not as it was written")) };
        let count = usize::try_from(header.bytes).unwrap_or(MAX_BATCH_BYTES);
        (self.first, self.next) = (header.first, header.first + header.count);
        if self.next <= seq {
            self.ends.clear();
            window.pass(header.bytes);
            return Ok(true);
        }
        window.take(count, &mut self.body).map_err(ReadError::io(CHAIN))?;
        if self.body.len() < count {
            return Ok(false);
        }
        if sha256(&self.body) != header.body {
            return Err(self.damage(self.begin, "the records do not have the hash in their header"));
        }
        self.ends.clear();
        self.ends.extend(self.body.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at));
        if self.body.last().is_some_and(|byte| *byte != b'\n') {
            self.ends.push(self.body.len());
        }
        Ok(true)
    }

    /// The beginning of a batch that lies not behind this record, and close to it.
    fn find(&mut self, seq: u64) -> Result<u64, ReadError> {
        let (mut low, mut high) = self.bounds;
        while high - low > CLOSE {
            let middle = low + (high - low) / 2;
            match self.header_from(middle, high)? {
                Some((offset, first)) if first <= seq => low = offset,
                Some(_) | None => high = middle,
            }
        }
        Ok(low)
    }

    /// The first header that begins at or behind an offset, and the record it begins with.
    fn header_from(&mut self, from: u64, until: u64) -> Result<Option<(u64, u64)>, ReadError> {
        let (mut at, mut step) = (from, STEP);
        while at < until {
            let bytes = read_range(self.file.as_mut(), at, step + MAX_HEADER).map_err(ReadError::io(CHAIN))?;
            // One that begins in what is read beside the step is found in the next.
            let is_newline = |(_, byte): &(usize, &u8)| **byte == HEADER_MARK[0];
            for (found, _) in bytes.iter().enumerate().take(step).filter(is_newline) {
                let begin = found + 1;
                let rest = bytes.get(found..).filter(|rest| rest.starts_with(HEADER_MARK));
                let rest = rest.and_then(|rest| rest.get(1..)).unwrap_or_default();
                let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                if let Some(header) = rest.get(..end).and_then(Header::parse) {
                    return Ok(Some((at + begin as u64, header.first)).filter(|(offset, _)| *offset < until));
                }
            }
            at += step as u64;
            step = (2 * step).min(MOST);
        }
        Ok(None)
    }
}

/// The vault, standing at a line.
struct Vault {
    disk: Arc<dyn Disk>,
    /// The first record of each segment.
    firsts: Vec<u64>,
    window: Option<(usize, Window)>,
    /// The record of the line read last.
    last: u64,
    scratch: Vec<u8>,
}

impl Vault {
    fn open(disk: Arc<dyn Disk>) -> Result<Self, ReadError> {
        let mut firsts = Vec::new();
        for segment in 1..=segments(disk.as_ref())? {
            firsts.push(first_seq(disk.as_ref(), segment)?.unwrap_or(u64::MAX));
        }
        Ok(Self { disk, firsts, window: None, last: 0, scratch: Vec::new() })
    }

    /// Puts the texts of a record in their places.
    fn unseal(&mut self, seq: u64, count: usize, body: &mut Value) -> Result<(), ReadError> {
        let segment = self.firsts.partition_point(|first| *first <= seq).saturating_sub(1);
        let name = segment_name(u32::try_from(segment + 1).unwrap_or(u32::MAX));
        let damage = |what| Damage { file: name.clone(), line: 0, offset: 0, seq, what };
        let is_there = self.window.as_ref().is_some_and(|(at, _)| *at == segment);
        if !is_there || seq <= self.last || seq > self.last + NEAR {
            self.window = Some((segment, window_at(self.disk.as_ref(), &name, seq)?));
        }
        let Some((_, window)) = self.window.as_mut() else { return Ok(()) };
        loop {
            let Line::Whole(line) = window.line(MAX_LINE_BYTES).map_err(ReadError::io(&*name))? else {
                return Err(damage("the texts of the record are missing").into());
            };
            let Some(found) = seq_of(line) else { return Err(damage("no line of the vault").into()) };
            self.last = found;
            if found < seq {
                continue;
            }
            let sealed = Sealed::parse(line, &mut self.scratch).filter(|sealed| sealed.seq == seq);
            let sealed = sealed.filter(|sealed| sealed.w.len() == count);
            let sealed = sealed.ok_or_else(|| damage("the texts are of another record"))?;
            unseal(body, &mut sealed.w.into_iter()).map_err(damage)?;
            return Ok(());
        }
    }
}

/// A window on a segment that begins at a line not behind that of a record, and close to it.
fn window_at(disk: &dyn Disk, name: &str, seq: u64) -> Result<Window, ReadError> {
    let mut file = disk.open_read(name).map_err(ReadError::io(name))?;
    let size = file.size().map_err(ReadError::io(name))?;
    let (mut low, mut high) = (0, size);
    while high - low > CLOSE {
        let middle = low + (high - low) / 2;
        match line_from(file.as_mut(), middle, high).map_err(ReadError::io(name))? {
            Some((offset, found)) if found <= seq => low = offset,
            Some(_) | None => high = middle,
        }
    }
    Ok(Window::new(file, low, size))
}

/// The first line that begins behind an offset, and its record.
fn line_from(file: &mut dyn DiskFile, from: u64, until: u64) -> std::io::Result<Option<(u64, u64)>> {
    /// As much of a line as its number takes.
    const NUMBER: usize = 32;
    let (mut at, mut step) = (from, STEP);
    while at < until {
        let bytes = read_range(file, at, step + NUMBER)?;
        if let Some(end) = bytes.iter().take(step).position(|byte| *byte == b'\n') {
            let begin = end + 1;
            let found = bytes.get(begin..).and_then(seq_of);
            return Ok(found.map(|seq| (at + begin as u64, seq)).filter(|(offset, _)| *offset < until));
        }
        at += step as u64;
        step = (2 * step).min(MOST);
    }
    Ok(None)
}
