//! The ledger in local files: starting and appending.

use std::io;
use std::sync::Arc;

use serde_json::Value;

use super::chain::{CHAIN, Header, MAX_HEADER, format_line, hex, sha256};
use super::checked_read::{Reading, Walk};
use super::disk::{Disk, DiskFile, is_full, read_range};
use super::errors::{AppendError, Damage, Fault, ReadError};
use super::vault::{Place, SALT, Sealer, VAULT, check, segment_name, segments};
use super::{Entries, Ledger, MAX_BATCH_BYTES, MAX_RECORDS, Position, SEGMENT_BYTES};

/// Ending of a file that is being written and will be renamed when it is whole.
pub(super) const NEW: &str = ".new";
/// How much of a buffer is kept between appends; the rest of a large batch is given back.
pub(super) const KEEP: usize = 1024 * 1024;

/// What starting found and did, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The ledger was made just now.
    pub created: bool,
    /// An incomplete last batch was cut off.
    pub cut: Option<Cut>,
    /// Half-written files of an interrupted erasure (or creation) that were removed. The erasure is to be done again.
    pub leftovers: Vec<String>,
}

/// What was cut off: the remains of a batch that was never acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The last record that is left.
    pub head: u64,
    /// How many bytes of `ledger.jsonl` went.
    pub chain_bytes: u64,
    /// How many bytes of the vault went.
    pub vault_bytes: u64,
    /// Where it was torn and how; `None` if only the vault had more than the chain.
    pub torn: Option<Damage>,
}

/// The ledger of one machine. At most one may be open for a directory: keep a lock.
pub struct FileLedger {
    pub(super) disk: Arc<dyn Disk>,
    id: String,
    head: Position,
    chain: Box<dyn DiskFile>,
    pub(super) vault: Box<dyn DiskFile>,
    pub(super) segment: u32,
    /// Length of the current segment.
    pub(super) segment_size: u64,
    segment_bytes: u64,
    pub(super) poisoned: bool,
    buffers: Buffers,
}

/// Used again for every batch.
#[derive(Default)]
struct Buffers {
    /// Header and record lines as they are written.
    batch: Vec<u8>,
    records: Vec<u8>,
    seals: Vec<u8>,
    salts: Vec<u8>,
}

impl FileLedger {
    /// Opens the ledger in a directory, or makes it there.
    ///
    /// With `applied`, the position up to which its records have been used, only the batch that ends there and what
    /// follows are read and checked; without, everything. Cuts off an incomplete last batch behind `applied`.
    ///
    /// # Errors
    /// `Damage` if anything at or behind `applied` is not as it was written, or if the ledger is shorter than that.
    pub fn open(disk: Arc<dyn Disk>, applied: Option<&Position>) -> Result<(FileLedger, Opened), ReadError> {
        let leftovers = remove_leftovers(disk.as_ref())?;
        let created = !disk.list("").map_err(ReadError::io(""))?.iter().any(|name| name == CHAIN);
        if created {
            create(disk.as_ref(), applied)?;
        }
        if segments(disk.as_ref())? == 0 {
            let (file, what) = (segment_name(1), "the segment is missing");
            return Err(Damage { file, line: 0, offset: 0, seq: 0, what }.into());
        }
        let (id, mut walk) = Walk::new(&disk, applied, None)?;
        let tail = Tail::find(&mut walk)?;
        let segment = walk.vault().count();
        let mut chain = disk.open_write(CHAIN).map_err(ReadError::io(CHAIN))?;
        let name = segment_name(segment);
        let mut vault = disk.open_write(&name).map_err(ReadError::io(&*name))?;
        let cut = tail.cut(&mut walk, chain.as_mut(), vault.as_mut())?;
        let segment_size = vault.size().map_err(ReadError::io(&*name))?;
        if let Some(last) = tail.last {
            rewrite_last(disk.as_ref(), chain.as_mut(), &tail.head, last, tail.place)?;
        }
        chain.sync().map_err(ReadError::io(CHAIN))?;
        vault.sync().map_err(ReadError::io(name))?;
        let ledger = FileLedger {
            disk,
            id,
            head: tail.head,
            chain,
            vault,
            segment,
            segment_size,
            segment_bytes: SEGMENT_BYTES,
            poisoned: false,
            buffers: Buffers::default(),
        };
        Ok((ledger, Opened { created, cut, leftovers }))
    }

    /// Whether a ledger ends in a batch that was never acknowledged, and is whole but for that: the next [`FileLedger::open`] cuts it off.
    /// Nothing is written.
    ///
    /// # Errors
    /// As [`FileLedger::open`].
    pub fn is_torn(disk: &Arc<dyn Disk>) -> Result<bool, ReadError> {
        let (_, mut walk) = Walk::new(disk, None, None)?;
        let tail = Tail::find(&mut walk)?;
        walk.vault().go_back(tail.place);
        Ok(tail.torn.is_some() || walk.vault().orphans(tail.head.seq)?.is_some())
    }

    /// Whether a ledger would open on what was applied: what [`FileLedger::open`] refuses, without writing anything.
    ///
    /// # Errors
    /// As [`FileLedger::open`].
    pub fn look(disk: &Arc<dyn Disk>, applied: Option<&Position>) -> Result<(), ReadError> {
        let (_, mut walk) = Walk::new(disk, applied, None)?;
        Tail::find(&mut walk).map(|_| ())
    }

    /// Of how many records texts stand behind the last record of the chain. Those of one may be the remains of a batch that was never
    /// finished; those of several, where nobody knows what was acknowledged, may be all that is left of records that were.
    ///
    /// # Errors
    /// As [`FileLedger::open`].
    pub fn loose_records(disk: &Arc<dyn Disk>) -> Result<usize, ReadError> {
        if !disk.list("").map_err(ReadError::io(""))?.iter().any(|name| name == CHAIN) {
            return Ok(0);
        }
        let (_, mut walk) = Walk::new(disk, None, None)?;
        let tail = Tail::find(&mut walk)?;
        walk.vault().go_back(tail.place);
        walk.vault().loose_records()
    }

    /// Begins vault segments at another length than [`SEGMENT_BYTES`].
    #[must_use]
    pub fn with_segment_bytes(mut self, bytes: u64) -> FileLedger {
        self.segment_bytes = bytes;
        self
    }

    /// The ledger's own name: 32 hex digits, random, given when it was made.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The directory, for [`super::verify_until`] and [`super::lines`] beside a running ledger.
    #[must_use]
    pub fn disk(&self) -> &Arc<dyn Disk> {
        &self.disk
    }

    fn poison(&mut self, error: io::Error) -> AppendError {
        self.poisoned = true;
        AppendError::Failed(error)
    }

    /// Makes the lines of a batch in the buffers; nothing is on the disk yet. Answers the head it will be.
    fn encode(&mut self, bodies: &[Value]) -> Result<Position, AppendError> {
        let mut seals = 0;
        for (index, body) in bodies.iter().enumerate() {
            seals += check(body).map_err(|why| AppendError::Refused { index, why })?;
        }
        let Buffers { batch, records, seals: vault, salts } = &mut self.buffers;
        for buffer in [&mut *batch, records, vault, salts] {
            buffer.clear();
            buffer.shrink_to(KEEP);
        }
        salts.resize(seals * SALT, 0);
        if seals > 0 {
            // One call for all: a call for each would cost more than everything else here.
            getrandom::fill(salts).map_err(|error| AppendError::Random(error.to_string()))?;
        }
        let mut sealer = Sealer { chain: records, vault, salts: salts.chunks_exact(SALT) };
        let (mut seq, mut sealed) = (self.head.seq, self.head.sealed);
        for (index, body) in bodies.iter().enumerate() {
            seq += 1;
            match sealer.record(seq, body) {
                Ok(true) => sealed = seq,
                Ok(false) => {}
                Err(why) => return Err(AppendError::Refused { index, why }),
            }
            let bytes = sealer.chain.len().max(sealer.vault.len());
            if bytes > MAX_BATCH_BYTES {
                return Err(AppendError::TooLong { bytes });
            }
        }
        let count = bodies.len() as u64;
        let (body, prev) = (sha256(records), self.head.head);
        Header { first: self.head.seq + 1, count, bytes: records.len() as u64, body, prev }.write(batch);
        let head = sha256(batch);
        debug_assert!(batch.len() <= MAX_HEADER, "a reader would refuse this header");
        batch.push(b'\n');
        batch.extend_from_slice(records);
        let offset = self.head.offset + batch.len() as u64;
        Ok(Position { seq, line: self.head.line + 1 + count, header: self.head.offset, offset, head, sealed })
    }

    /// Begins the next segment if the current one is long enough, so that a batch is never in two.
    fn next_segment(&mut self) -> Result<(), AppendError> {
        if self.buffers.seals.is_empty() || self.segment_size <= self.segment_bytes {
            return Ok(());
        }
        let segment = self.segment + 1;
        let vault = match self.disk.create(&segment_name(segment)) {
            Ok(vault) => vault,
            Err(error) if is_full(&error) => return Err(AppendError::Full),
            Err(error) => return Err(self.poison(error)),
        };
        if let Err(error) = self.disk.sync_dir(VAULT) {
            return Err(self.poison(error));
        }
        (self.vault, self.segment, self.segment_size) = (vault, segment, 0);
        Ok(())
    }

    /// Writes the buffers, not yet durable. A full disk is the one failure that is undone.
    fn write(&mut self) -> Result<(), AppendError> {
        let seals = &self.buffers.seals;
        let vault = if seals.is_empty() { Ok(()) } else { self.vault.append(seals) };
        let Err(error) = vault.and_then(|()| self.chain.append(&self.buffers.batch)) else {
            return Ok(());
        };
        if is_full(&error) && self.take_back().is_ok() { Err(AppendError::Full) } else { Err(self.poison(error)) }
    }

    fn take_back(&mut self) -> io::Result<()> {
        self.chain.truncate(self.head.offset)?;
        if self.buffers.seals.is_empty() { Ok(()) } else { self.vault.truncate(self.segment_size) }
    }

    fn sync(&mut self) -> Result<(), AppendError> {
        let result = if self.buffers.seals.is_empty() {
            self.chain.sync()
        } else {
            self.disk.sync_both(self.chain.as_mut(), self.vault.as_mut())
        };
        result.map_err(|error| self.poison(error))
    }
}

impl Ledger for FileLedger {
    fn head(&self) -> Position {
        self.head
    }

    fn append(&mut self, expected: u64, bodies: &[Value]) -> Result<Position, AppendError> {
        if self.poisoned {
            return Err(AppendError::Poisoned);
        }
        if expected != self.head.seq {
            return Err(AppendError::Moved { expected, head: self.head.seq });
        }
        if bodies.is_empty() {
            return Ok(self.head);
        }
        if bodies.len() > MAX_RECORDS {
            return Err(AppendError::TooMany { count: bodies.len() });
        }
        let head = self.encode(bodies)?;
        self.next_segment()?;
        self.write()?;
        self.sync()?;
        self.segment_size += self.buffers.seals.len() as u64;
        self.head = head;
        Ok(head)
    }

    fn read_after(&self, after: Option<&Position>) -> Result<Entries, ReadError> {
        Ok(Box::new(Reading::new(&self.disk, after, &self.head)?))
    }
}

/// Removes what an interrupted erasure or creation left half-written.
fn remove_leftovers(disk: &dyn Disk) -> Result<Vec<String>, ReadError> {
    let mut removed = Vec::new();
    for dir in ["", VAULT] {
        for name in disk.list(dir).map_err(ReadError::io(dir))? {
            let path = if dir.is_empty() { name } else { format!("{dir}/{name}") };
            if path == format!("{CHAIN}{NEW}") || (path.starts_with("vault/") && path.ends_with(NEW)) {
                disk.remove(&path).map_err(ReadError::io(&*path))?;
                removed.push(path);
            }
        }
    }
    Ok(removed)
}

/// Makes an empty ledger: the vault first, so that a ledger is never seen without one, then the chain under another
/// name, so that it is never seen without its first line.
fn create(disk: &dyn Disk, applied: Option<&Position>) -> Result<(), ReadError> {
    let gone = |what| Damage { file: CHAIN.into(), line: 0, offset: 0, seq: 0, what };
    if applied.is_some() {
        return Err(gone("the ledger is not there, though some of it was applied").into());
    }
    for segment in 1..=segments(disk)? {
        let name = segment_name(segment);
        let size = disk.open_read(&name).and_then(|mut file| file.size()).map_err(ReadError::io(name))?;
        if size > 0 {
            return Err(gone("the ledger is not there, but the texts of its records are").into());
        }
    }
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|error| ReadError::io(CHAIN)(io::Error::other(error.to_string())))?;
    let mut line = format_line(&hex(&id));
    line.push(b'\n');
    let make = || {
        disk.create_dir(VAULT)?;
        disk.sync_dir("")?;
        if !disk.list(VAULT)?.iter().any(|name| segment_name(1).ends_with(name)) {
            disk.create(&segment_name(1))?;
        }
        disk.sync_dir(VAULT)?;
        let new = format!("{CHAIN}{NEW}");
        let mut file = disk.create(&new)?;
        file.append(&line)?;
        file.sync()?;
        disk.rename(&new, CHAIN)?;
        disk.sync_dir("")
    };
    make().map_err(ReadError::io(CHAIN))
}

/// How the ledger ends, as found at the start.
struct Tail {
    /// Behind the last whole batch.
    head: Position,
    /// The same in the vault.
    place: Place,
    /// Where the last batch begins in the vault, if it was read: it may have been synced or not.
    last: Option<Place>,
    torn: Option<Damage>,
}

impl Tail {
    /// Reads to the end.
    fn find(walk: &mut Walk) -> Result<Tail, ReadError> {
        let mut last = None;
        let mut before = walk.begin().1;
        let torn = loop {
            match walk.next() {
                Ok(Some(record)) if record.entry.end.is_some() => {
                    last = Some(before);
                    before = walk.vault().place();
                }
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(Fault::Torn(damage)) => break Some(damage),
                Err(Fault::Read(error)) => return Err(error),
            }
        };
        let (head, place) = walk.begin();
        Ok(Tail { head, place, last, torn })
    }

    /// Cuts both files behind the last whole batch. `vault` is the last segment. Either cut alone leaves what the next
    /// start cuts again, so no order between them is needed.
    fn cut(
        &self,
        walk: &mut Walk,
        chain: &mut dyn DiskFile,
        vault: &mut dyn DiskFile,
    ) -> Result<Option<Cut>, ReadError> {
        walk.vault().go_back(self.place);
        let orphans = walk.vault().orphans(self.head.seq)?;
        let size = chain.size().map_err(ReadError::io(CHAIN))?;
        if self.torn.is_none() && orphans.is_none() {
            return Ok(None);
        }
        chain.truncate(self.head.offset).map_err(ReadError::io(CHAIN))?;
        if let Some((segment, offset, _)) = orphans {
            vault.truncate(offset).map_err(ReadError::io(segment_name(segment)))?;
        }
        Ok(Some(Cut {
            head: self.head.seq,
            chain_bytes: size - self.head.offset,
            vault_bytes: orphans.map_or(0, |(_, _, bytes)| bytes),
            torn: self.torn.clone(),
        }))
    }
}

/// Writes the last batch over itself. If its sync failed and the program ended, as it must, the system may go on showing
/// pages it never wrote and will not write: only writing them again makes a sync mean something. Writing the same bytes
/// in place cannot lose a batch that was durable.
fn rewrite_last(
    disk: &dyn Disk,
    chain: &mut dyn DiskFile,
    head: &Position,
    from: Place,
    to: Place,
) -> Result<(), ReadError> {
    let again = |file: &mut dyn DiskFile, from: u64, to: u64| {
        // A batch has at most `MAX_BATCH_BYTES` and a header in each file, as the reader has checked.
        let bytes = read_range(file, from, usize::try_from(to - from).unwrap_or(MAX_BATCH_BYTES))?;
        file.rewrite(from, &bytes)
    };
    again(chain, head.header, head.offset).map_err(ReadError::io(CHAIN))?;
    let from = if from.segment == to.segment { from.offset } else { 0 };
    if from < to.offset {
        let name = segment_name(to.segment);
        let mut file = disk.open_write(&name).map_err(ReadError::io(&*name))?;
        again(file.as_mut(), from, to.offset).and_then(|()| file.sync()).map_err(ReadError::io(name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::disk::RealDisk;
    use super::super::simulated_disk::SimDisk;
    use super::super::{EraseError, Erased, MAX_LINE_BYTES, Mark, lines, sealed_texts, verify, verify_until};
    use super::*;

    fn open(disk: &SimDisk, applied: Option<&Position>) -> Result<(FileLedger, Opened), ReadError> {
        FileLedger::open(Arc::new(disk.clone()), applied)
    }

    fn ledger(disk: &SimDisk) -> FileLedger {
        open(disk, None).unwrap().0
    }

    fn bodies(ledger: &FileLedger, after: Option<&Position>) -> Vec<Value> {
        ledger.read_after(after).unwrap().map(|entry| entry.unwrap().body).collect()
    }

    fn damage(result: Result<(FileLedger, Opened), ReadError>) -> Damage {
        result.err().unwrap().damage().unwrap().clone()
    }

    /// Three batches: 1–2, 3, 4–5.
    fn filled(disk: &SimDisk) -> (FileLedger, Vec<Position>) {
        let mut ledger = ledger(disk);
        let batches = [
            vec![json!({"a": {"$w": "加装电梯"}}), json!({"b": 1})],
            vec![json!({})],
            vec![json!({"c": [{"$w": "one"}, {"$w": "two"}]}), json!({"d": {"$w": ""}})],
        ];
        let positions =
            batches.iter().map(|batch| ledger.append(ledger.head().seq, batch).unwrap()).collect::<Vec<_>>();
        (ledger, positions)
    }

    #[test]
    fn what_is_appended_is_read_again_from_any_position() {
        let disk = SimDisk::new(1);
        let (ledger, positions) = filled(&disk);
        let all = bodies(&ledger, None);
        assert_eq!(all.len(), 5);
        assert_eq!(all[0], json!({"a": {"$w": "加装电梯"}}));
        assert_eq!(all[3], json!({"c": [{"$w": "one"}, {"$w": "two"}]}));
        assert_eq!(bodies(&ledger, Some(&positions[0])), all[2..]);
        assert_eq!(bodies(&ledger, Some(&positions[1])), all[3..]);
        assert!(bodies(&ledger, Some(&positions[2])).is_empty());
        let ends: Vec<_> = ledger.read_after(None).unwrap().map(|entry| entry.unwrap().end).collect();
        assert_eq!(ends, [None, Some(positions[0]), Some(positions[1]), None, Some(positions[2])]);
        let (again, opened) = open(&disk, Some(&positions[1])).unwrap();
        assert_eq!((again.head(), opened.cut, opened.created), (positions[2], None, false));
        assert_eq!(again.id(), ledger.id());
    }

    #[test]
    fn texts_of_several_records_behind_the_chain_are_counted_and_nothing_is_cut() {
        let disk = SimDisk::new(1);
        let (ledger, positions) = filled(&disk);
        let shared: Arc<dyn Disk> = Arc::new(disk.clone());
        assert_eq!(FileLedger::loose_records(&shared).unwrap(), 0);
        drop(ledger);
        // Of the last batch texts are left of both its records, of the one before it has none: the first has one.
        for (left, loose) in [(positions[1], 2), (positions[0], 2)] {
            let mut chain = disk.open_write(CHAIN).unwrap();
            chain.truncate(left.offset).unwrap();
            let before = disk.files();
            assert_eq!(FileLedger::loose_records(&shared).unwrap(), loose);
            FileLedger::look(&shared, Some(&left)).unwrap();
            assert!(FileLedger::look(&shared, Some(&positions[2])).is_err(), "it was applied, and is not there");
            assert_eq!(disk.files(), before);
        }
    }

    #[test]
    fn a_position_survives_json() {
        let (ledger, _) = filled(&SimDisk::new(1));
        let text = serde_json::to_string(&ledger.head()).unwrap();
        assert_eq!(serde_json::from_str::<Position>(&text).unwrap(), ledger.head());
    }

    #[test]
    fn the_limits_are_kept_and_nothing_is_written() {
        let disk = SimDisk::new(1);
        let mut ledger = ledger(&disk);
        let before = disk.files();
        assert!(matches!(ledger.append(7, &[json!({})]), Err(AppendError::Moved { expected: 7, head: 0 })));
        let many = vec![json!({}); MAX_RECORDS + 1];
        assert!(matches!(ledger.append(0, &many), Err(AppendError::TooMany { count: 4097 })));
        for long in [json!({"a": "x".repeat(MAX_LINE_BYTES)}), json!({"a": {"$w": "x".repeat(MAX_LINE_BYTES)}})] {
            let result = ledger.append(0, &[json!({}), long]);
            assert!(matches!(result, Err(AppendError::Refused { index: 1, .. })), "{result:?}");
        }
        let half = vec![json!({"a": "x".repeat(MAX_LINE_BYTES / 2)}); 33];
        assert!(matches!(ledger.append(0, &half), Err(AppendError::TooLong { .. })));
        assert_eq!(ledger.append(0, &[]).unwrap().seq, 0);
        assert_eq!(disk.files(), before);
        assert_eq!(ledger.append(0, &many[1..]).unwrap().seq, 4096);
        assert_eq!(verify(ledger.disk()).unwrap().records, 4096);
    }

    #[test]
    fn a_full_disk_is_said_and_passes() {
        let disk = SimDisk::new(1);
        let (mut ledger, positions) = filled(&disk);
        let before = disk.files();
        for space in [0, 10, 100, 200, 300] {
            disk.set_space(Some(space));
            let result = ledger.append(5, &[json!({"a": {"$w": "满"}})]);
            assert!(matches!(result, Err(AppendError::Full)), "{space}: {result:?}");
            assert_eq!(disk.files(), before);
        }
        disk.set_space(None);
        assert_eq!(ledger.head(), positions[2]);
        assert_eq!(ledger.append(5, &[json!({"a": {"$w": "满"}})]).unwrap().seq, 6);
        assert_eq!(verify(ledger.disk()).unwrap().records, 6);
    }

    #[test]
    fn a_failed_sync_is_the_end_and_is_not_built_upon() {
        for synced in 0..2 {
            let disk = SimDisk::new(synced);
            let (mut ledger, _) = filled(&disk);
            disk.fail_sync_after(synced);
            let body = [json!({"e": {"$w": "unsure"}})];
            assert!(matches!(ledger.append(5, &body), Err(AppendError::Failed(_))));
            assert!(matches!(ledger.append(5, &body), Err(AppendError::Poisoned)));
            assert!(matches!(ledger.erase(&[]), Err(EraseError::Poisoned)));
            // The program starts again on the same running system, which shows the batch whether it was written or not.
            disk.heal();
            let mut ledger = self::ledger(&disk);
            assert_eq!(ledger.head().seq, 6);
            ledger.append(6, &[json!({"f": 1})]).unwrap();
            let disk = disk.after_power_cut();
            assert_eq!(bodies(&self::ledger(&disk), None).len(), 7);
        }
    }

    #[test]
    fn a_tail_cut_anywhere_is_cut_off_or_damage_below_what_was_applied() {
        let disk = SimDisk::new(1);
        let (_, positions) = filled(&disk);
        let files = disk.files();
        for name in [CHAIN, "vault/000001.jsonl"] {
            // How much of the file `positions[1]` vouches for: two batches of the chain, one line of the vault.
            let applied = match name {
                CHAIN => usize::try_from(positions[1].offset).unwrap(),
                _ => files[name].iter().position(|byte| *byte == b'\n').unwrap() + 1,
            };
            for length in 0..files[name].len() {
                let mut files = files.clone();
                files.get_mut(name).unwrap().truncate(length);
                let disk = SimDisk::with(files, 1);
                let torn = damage(open(&disk, Some(&positions[2])));
                assert_eq!(torn.file, name);
                match open(&disk, Some(&positions[1])) {
                    Ok((mut ledger, opened)) => {
                        assert_eq!(ledger.head(), positions[1]);
                        assert_eq!(opened.cut.unwrap().head, 3);
                        assert_eq!(verify(ledger.disk()).unwrap().records, 3);
                        assert_eq!(ledger.append(3, &[json!({"$": {"$w": "x"}})]).unwrap().seq, 4);
                        assert_eq!(verify(ledger.disk()).unwrap().records, 4);
                    }
                    Err(error) => {
                        assert_eq!(error.damage().unwrap().file, name);
                        assert!(length < applied, "{length}: {error}");
                    }
                }
            }
        }
    }

    #[test]
    fn unwritten_blocks_in_the_last_batch_are_torn_and_wrong_bytes_are_damage() {
        let disk = SimDisk::new(1);
        let (_, positions) = filled(&disk);
        let files = disk.files();
        let last = usize::try_from(positions[1].offset).unwrap()..usize::try_from(positions[2].offset).unwrap();
        for (byte, cut) in [(0, true), (b'x', false)] {
            for at in last.clone().step_by(7) {
                let mut files = files.clone();
                let chain = files.get_mut(CHAIN).unwrap();
                let end = (at + 5).min(last.end);
                chain[at..end].fill(byte);
                let result = open(&SimDisk::with(files, 1), Some(&positions[1]));
                assert_eq!(result.is_ok_and(|(_, opened)| opened.cut.is_some()), cut, "{byte} at {at}");
            }
        }
        // The batch in the middle is followed by another, so even zeros are damage there.
        let mut files = files;
        let middle = usize::try_from(positions[0].offset).unwrap();
        files.get_mut(CHAIN).unwrap()[middle + 20..middle + 30].fill(0);
        let found = damage(open(&SimDisk::with(files, 1), None));
        assert_eq!((found.seq, found.offset, found.line), (3, positions[0].offset, 5));
    }

    #[test]
    fn another_ledger_or_none_is_not_taken_for_the_one_that_was_applied() {
        let (ledger, positions) = filled(&SimDisk::new(1));
        let other = SimDisk::new(2);
        filled(&other);
        assert_eq!(damage(open(&other, Some(&positions[1]))).file, CHAIN);
        assert_eq!(damage(open(&SimDisk::new(3), Some(&ledger.head()))).file, CHAIN);
        let mut files = other.files();
        files.remove(CHAIN);
        assert_eq!(damage(open(&SimDisk::with(files, 1), None)).file, CHAIN);
        let mut files = other.files();
        files.remove("vault/000001.jsonl");
        assert_eq!(damage(open(&SimDisk::with(files, 1), None)).file, "vault/000001.jsonl");
        let nonsense = Position { header: u64::MAX, ..positions[1] };
        assert!(ledger.read_after(Some(&nonsense)).is_err());
        let nonsense = Position { header: 0, offset: u64::MAX, ..positions[1] };
        assert!(ledger.read_after(Some(&nonsense)).is_err());
    }

    #[test]
    fn a_later_format_is_named() {
        let disk = SimDisk::new(1);
        filled(&disk);
        let mut files = disk.files();
        let chain = String::from_utf8(files[CHAIN].clone()).unwrap().replacen("\"format\":1", "\"format\":2", 1);
        files.insert(CHAIN.into(), chain.into_bytes());
        let result = open(&SimDisk::with(files, 1), None);
        assert!(matches!(result.err().unwrap(), ReadError::Format { found: 2 }));
    }

    #[test]
    fn erased_texts_are_gone_and_all_positions_stand() {
        let disk = SimDisk::new(1);
        let mut ledger = ledger(&disk).with_segment_bytes(300);
        let mut positions = Vec::new();
        for n in 0..10 {
            let body = json!({"n": n, "w": [{"$w": format!("秘密{n}a")}, {"$w": format!("秘密{n}b")}]});
            positions.push(ledger.append(n, &[body, json!({})].as_slice()[..1]).unwrap());
        }
        assert!(disk.files().len() > 4);
        let marks = [Mark { seq: 2, index: 1 }, Mark { seq: 10, index: 0 }, Mark { seq: 10, index: 0 }];
        assert_eq!(ledger.erase(&marks).unwrap(), Erased { erased: 2, already: 0 });
        assert_eq!(ledger.erase(&marks[..1]).unwrap(), Erased { erased: 0, already: 1 });
        for missing in [Mark { seq: 2, index: 2 }, Mark { seq: 11, index: 0 }, Mark { seq: 0, index: 0 }] {
            let result = ledger.erase(&[Mark { seq: 3, index: 0 }, missing]);
            assert!(matches!(result, Err(EraseError::NoSuchText { .. })), "{result:?}");
        }
        ledger.append(10, &[json!({"after": {"$w": "x"}})]).unwrap();
        let everything = disk.files().into_values().flatten().collect::<Vec<u8>>();
        let everything = String::from_utf8(everything).unwrap();
        assert!(!everything.contains("秘密1b") && !everything.contains("秘密9a") && everything.contains("秘密9b"));
        for (before, position) in positions.iter().enumerate() {
            let (ledger, opened) = open(&disk, Some(position)).unwrap();
            assert_eq!((opened.cut, bodies(&ledger, Some(position)).len()), (None, 10 - before));
        }
        let all = bodies(&ledger, None);
        assert_eq!(sealed_texts(&all[1]), [Some("秘密1a"), None]);
        assert_eq!(sealed_texts(&all[9]), [None, Some("秘密9b")]);
        let summary = verify(ledger.disk()).unwrap();
        assert_eq!((summary.records, summary.batches, summary.sealed, summary.erased), (11, 11, 21, 2));
        assert_eq!(summary.bytes, disk.files().values().map(|bytes| bytes.len() as u64).sum::<u64>());
        assert_eq!(verify_until(ledger.disk(), &positions[4]).unwrap().records, 5);
    }

    #[test]
    fn an_interrupted_erasure_leaves_the_old_vault() {
        let disk = SimDisk::new(1);
        filled(&disk);
        let mut files = disk.files();
        files.insert("vault/000001.jsonl.new".into(), b"{\"seq\":1,".to_vec());
        let (ledger, opened) = open(&SimDisk::with(files, 1), None).unwrap();
        assert_eq!(opened.leftovers, ["vault/000001.jsonl.new"]);
        assert_eq!(bodies(&ledger, None).len(), 5);
    }

    #[test]
    fn raw_lines_are_the_file() {
        let disk = SimDisk::new(1);
        let (ledger, positions) = filled(&disk);
        let found: Vec<_> = lines(ledger.disk().as_ref(), None).unwrap().map(Result::unwrap).collect();
        let bytes: Vec<u8> = found.iter().flat_map(|line| [line.bytes.as_slice(), b"\n"].concat()).collect();
        assert_eq!(bytes, disk.files()[CHAIN]);
        let seqs: Vec<_> = found.iter().map(|line| line.seq).collect();
        assert_eq!(seqs, [None, None, Some(1), Some(2), None, Some(3), None, Some(4), Some(5)]);
        assert_eq!(found.last().unwrap().number, ledger.head().line);
        let some = lines(ledger.disk().as_ref(), Some(&positions[0])).unwrap();
        assert_eq!(some.last().unwrap().unwrap().seq, Some(2));
    }

    #[test]
    fn the_real_disk_does_the_same() {
        let root = std::env::temp_dir().join(format!("xieshang-ledger-{}", std::process::id()));
        let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(root.join("ledger")).unwrap());
        let (mut ledger, opened) = FileLedger::open(Arc::clone(&disk), None).unwrap();
        assert!(opened.created);
        let applied = ledger.append(0, &[json!({"a": {"$w": "加装电梯"}}), json!({"b": 2})]).unwrap();
        ledger.append(2, &[json!({"c": {"$w": "x"}})]).unwrap();
        assert_eq!(ledger.erase(&[Mark { seq: 1, index: 0 }]).unwrap().erased, 1);
        ledger.append(3, &[json!({"d": {"$w": "y"}})]).unwrap();
        drop(ledger);
        let path = root.join("ledger").join(CHAIN);
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&whole[..], b"{\"batch\":5,"].concat()).unwrap();
        let (ledger, opened) = FileLedger::open(Arc::clone(&disk), Some(&applied)).unwrap();
        assert_eq!(opened.cut.unwrap().chain_bytes, 11);
        assert_eq!(std::fs::read(&path).unwrap(), whole);
        assert_eq!(bodies(&ledger, None)[0], json!({"a": {"$gone": true}}));
        assert_eq!(verify(&disk).unwrap().records, 4);
        std::fs::remove_dir_all(root).unwrap();
    }
}
