//! Chain and vault read side by side, each record checked against both. Every reader of the room is this one: starting,
//! reading, verifying. At most one batch is in memory.

use std::sync::Arc;

use serde_json::Value;

use super::chain::{CHAIN, ChainReader, check_position, read_format};
use super::disk::Disk;
use super::errors::{Damage, Fault, ReadError};
use super::vault::{Place, VaultReader, commitments, unseal};
use super::{Entry, Position};

/// A record as it was found.
pub(super) struct Record {
    pub(super) entry: Entry,
    /// How many sealed texts it has.
    pub(super) sealed: u64,
    /// How many of these were erased.
    pub(super) erased: u64,
}

pub(super) struct Walk {
    chain: ChainReader,
    vault: VaultReader,
    /// The record lines of the current batch.
    body: Vec<u8>,
    /// How much of `body` has been read.
    cursor: usize,
    /// The record that comes next.
    seq: u64,
    /// Its line.
    line: u64,
    /// The last record so far with a line in the vault.
    sealed: u64,
    /// Where the current batch begins, in both: the end of what is known to be whole while that batch is read.
    begin: (Position, Place),
}

impl Walk {
    /// Begins behind `after` (checked: its batch must be there, hash and all), or at the first record. Ends at the
    /// offset `limit` of the chain, or at its end.
    pub(super) fn new(
        disk: &Arc<dyn Disk>,
        after: Option<&Position>,
        limit: Option<u64>,
    ) -> Result<(String, Walk), ReadError> {
        let mut file = disk.open_read(CHAIN).map_err(ReadError::io(CHAIN))?;
        let (id, start) = read_format(file.as_mut())?;
        let records = match after {
            Some(after) => check_position(file.as_mut(), &start, after)?,
            None => Vec::new(),
        };
        let limit = match limit {
            Some(limit) => limit,
            None => file.size().map_err(ReadError::io(CHAIN))?,
        };
        let at = *after.unwrap_or(&start);
        let vault = VaultReader::after(Arc::clone(disk), at.sealed, &records)?;
        let begin = (at, vault.place());
        let chain = ChainReader::new(file, at, limit);
        let walk = Walk {
            chain,
            vault,
            body: Vec::new(),
            cursor: 0,
            seq: at.seq + 1,
            line: at.line + 1,
            sealed: at.sealed,
            begin,
        };
        Ok((id, walk))
    }

    /// Where the batch being read begins in chain and vault; at the end, and after a torn tail, where the last whole
    /// batch ends.
    pub(super) fn begin(&self) -> (Position, Place) {
        self.begin
    }

    /// The reader of the vault, standing behind the last line read.
    pub(super) fn vault(&mut self) -> &mut VaultReader {
        &mut self.vault
    }

    /// The next record. After a fault nothing more may be asked.
    pub(super) fn next(&mut self) -> Result<Option<Record>, Fault> {
        if self.cursor == self.body.len() {
            let at = Position { sealed: self.sealed, ..*self.chain.position() };
            self.begin = (at, self.vault.place());
            if !self.chain.next(&mut self.body)? {
                return Ok(None);
            }
            self.cursor = 0;
            self.line = at.line + 2;
        }
        let rest = &self.body[self.cursor..];
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len() - 1) + 1;
        let broken = |what| Damage {
            file: CHAIN.into(),
            line: self.line,
            offset: self.chain.position().offset - rest.len() as u64,
            seq: self.seq,
            what,
        };
        let mut body: Value =
            serde_json::from_slice(&rest[..length]).map_err(|_| broken("the record is not readable as JSON"))?;
        let fields = body.as_object_mut().ok_or_else(|| broken("the record is no object"))?;
        if fields.remove("seq") != Some(self.seq.into()) {
            return Err(broken("the record names two sequences").into());
        }
        let sealed = commitments(&body);
        let erased = if sealed == 0 { 0 } else { self.unseal(&mut body, sealed)? };
        self.cursor += length;
        let end = (self.cursor == self.body.len()).then(|| Position { sealed: self.sealed, ..*self.chain.position() });
        let entry = Entry { seq: self.seq, body, end };
        self.seq += 1;
        self.line += 1;
        Ok(Some(Record { entry, sealed: sealed as u64, erased }))
    }

    fn unseal(&mut self, body: &mut Value, count: usize) -> Result<u64, Fault> {
        let last = self.chain.at_end();
        let Some(line) = self.vault.next(self.seq, last)? else {
            let damage = self.vault.damage(self.seq, "the texts of the record are missing");
            return Err(if last { Fault::Torn(damage) } else { damage.into() });
        };
        if line.seq < self.seq {
            return Err(self.vault.damage_in_last(line.seq, "texts without a record").into());
        }
        if line.seq > self.seq || line.w.len() != count {
            return Err(self.vault.damage_in_last(self.seq, "the texts are of another record").into());
        }
        let erased = unseal(body, &mut line.w.into_iter());
        let erased = erased.map_err(|what| self.vault.damage_in_last(self.seq, what))?;
        self.sealed = self.seq;
        Ok(erased)
    }
}

/// The records behind a position, for [`super::Ledger::read_after`].
pub(super) struct Reading {
    walk: Walk,
    over: bool,
}

impl Reading {
    pub(super) fn new(disk: &Arc<dyn Disk>, after: Option<&Position>, head: &Position) -> Result<Reading, ReadError> {
        let (_, walk) = Walk::new(disk, after, Some(head.offset))?;
        Ok(Reading { walk, over: false })
    }
}

impl Iterator for Reading {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        match self.walk.next() {
            Ok(Some(record)) => Some(Ok(record.entry)),
            Ok(None) => {
                self.over = true;
                None
            }
            Err(fault) => {
                self.over = true;
                Some(Err(fault.into()))
            }
        }
    }
}
