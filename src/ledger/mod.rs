//! 账本 — the append-only truth on disk. What is not in here has not happened; what is in here has.
//!
//! The ledger does not know what an event means, imports nothing from other rooms and never reads a clock. A record is
//! a JSON object somebody hands in; it gets the next sequence (序号), and its turn's batch is on the disk for good when
//! [`Ledger::append`] returns.
//!
//! # Map
//! | file | noun |
//! |---|---|
//! | `chain` | `ledger.jsonl`: format line, headers, record lines, hashes |
//! | `vault` | `vault/000001.jsonl`…: the texts that must be forgettable (密匣), sealing and unsealing |
//! | `checked_read` | both read side by side, every record checked |
//! | `by_number` | single records by their sequence, found by bisecting |
//! | `file` | [`FileLedger`]: starting and appending |
//! | `erase` | a vault without some of its texts |
//! | `verify` | the full check, raw lines for an export |
//! | `disk` | what we ask of a disk: [`disk::Disk`], [`disk::RealDisk`] |
//! | `simulated_disk` | a disk with power cuts, for tests |
//! | `errors` | [`Damage`] and the other ways to fail |
//!
//! # On disk
//! `ledger.jsonl` is one format line, then batches. A batch is a header and its record lines:
//! ```text
//! {"xieshang":"ledger","format":1,"id":"<32 hex digits>"}
//! {"batch":1,"count":2,"bytes":102,"sha256":"<hash of the two lines below>","prev":"<hash of the line above>"}
//! {"seq":1,"topic":{"$c":"<commitment>"}}
//! {"seq":2,"likes":3}
//! {"batch":3,"count":1,…
//! ```
//! `vault/000001.jsonl` has one line for each record with sealed texts: `{"seq":1,"w":[["<salt>","加装电梯"]]}`. A new
//! segment begins at a batch boundary when the current one is longer than [`SEGMENT_BYTES`].
//!
//! # To check it with nothing of ours
//! For the first batch, whose header is line 2 and has `"count":2`:
//! ```sh
//! sed -n 1p ledger.jsonl | tr -d '\n' | sha256sum    # is "prev" of the header in line 2
//! sed -n 3,4p ledger.jsonl | sha256sum               # is "sha256" of the header in line 2
//! sed -n 2p ledger.jsonl | tr -d '\n' | sha256sum    # is "prev" of the header in line 5, and so on
//! ```
//! And that the first text of the first vault line is what its record's `"$c"` commits to:
//! ```sh
//! (head -1 vault/000001.jsonl | jq -r '.w[0][0]' | xxd -r -p; head -1 vault/000001.jsonl | jq -j '.w[0][1]') | sha256sum
//! ```
//!
//! # What a crash can do
//! A batch is begun only after the one before it is synced, so a power cut can tear only the last one, which was never
//! acknowledged: [`FileLedger::open`] cuts it off and says so ([`Cut`]). Torn means short, or with blocks of NUL bytes
//! that were never written. A last batch that is *all there and wrong* is damage, as is anything wrong before it:
//! nothing is repaired by guessing. An unacknowledged batch that came to be wholly on the disk stays.
//!
//! A failed sync is never tried again (the system has marked the pages clean). After it the ledger is poisoned and the
//! program must end. And because such pages still *read* as if they were on the disk, starting writes the last batch
//! once more in place and syncs it before anything is built upon it.
//!
//! # What it cannot tell
//! Whoever may write the files can cut off whole batches at the end, write the whole chain anew, or put `null` in
//! place of a text: against that stand the applied position and the hashes posted elsewhere. A header of the very last
//! batch damaged so that it promises more bytes than follow looks torn.

mod by_number;
mod chain;
mod checked_read;
pub mod disk;
mod erase;
mod errors;
mod file;
pub mod simulated_disk;
mod vault;
mod verify;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use by_number::read_numbers;
pub use erase::{Erased, Mark};
pub use errors::{AppendError, BodyError, Damage, EraseError, ReadError};
pub use file::{Cut, FileLedger, Opened};
pub use vault::sealed_texts;
pub use verify::{Lines, RawLine, Summary, lines, verify, verify_until};

/// The version of the format this program reads and writes.
pub const FORMAT: u64 = 1;
/// Most records in one batch: with it the longest wait of a turn for those before it is bounded.
pub const MAX_RECORDS: usize = 4096;
/// Longest line of a record in the chain or in the vault, newline included.
pub const MAX_LINE_BYTES: usize = 1024 * 1024;
/// Longest batch, in the chain and in the vault each: readers hold one whole batch, so this bounds their memory.
pub const MAX_BATCH_BYTES: usize = 16 * 1024 * 1024;
/// Deepest nesting of a record, the record itself being 1. JSON readers give up at 128.
pub const MAX_DEPTH: usize = 64;
/// A vault segment longer than this is not added to any more: erasing copies one segment, so this bounds its cost.
pub const SEGMENT_BYTES: u64 = 16 * 1024 * 1024;

/// A place between two batches: how far somebody has read. Stays good for ever, also when texts are erased.
///
/// Opaque to other rooms except for `seq`; it is checked against the file wherever it is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The last record before this place; 0 at the beginning.
    pub seq: u64,
    /// How many lines of `ledger.jsonl` lie before it.
    pub line: u64,
    /// Offset of the header of the last batch before it, in bytes.
    pub header: u64,
    /// Offset of the place itself, in bytes.
    pub offset: u64,
    /// SHA-256 of that header's line (of the format line at the beginning), without its newline.
    pub head: [u8; 32],
    /// The last record up to here that has a line in the vault; 0 if none.
    pub sealed: u64,
}

/// A record, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its sequence (序号): from 1, no gaps.
    pub seq: u64,
    /// The body as it was appended, sealed texts in place; an erased one is `{"$gone":true}`.
    pub body: Value,
    /// In the last record of a batch: the position behind it. Whoever stops reading elsewhere has half a turn.
    pub end: Option<Position>,
}

/// What [`Ledger::read_after`] gives: holds at most one batch, checks every hash and commitment, and ends after the
/// first error.
pub type Entries = Box<dyn Iterator<Item = Result<Entry, ReadError>> + Send>;

/// An engine that keeps the records: a file here, something distributed elsewhere. The rest of the house knows only this.
pub trait Ledger: Send {
    /// Where the ledger ends.
    fn head(&self) -> Position;

    /// Appends bodies as one batch behind record `expected`, all or nothing, and returns when it is durable. Without
    /// bodies it answers the head.
    ///
    /// In a body `{"$w":"text"}` seals the text ([`sealed_texts`]). Blocks for a sync: not for an async thread.
    ///
    /// # Errors
    /// `Moved`, `TooMany`, `TooLong`, `Refused`, `Random`, `Full`: nothing was written, the ledger can be used on.
    /// `Failed`, `Poisoned`: the program must end and start again; the batch may or may not be there then.
    fn append(&mut self, expected: u64, bodies: &[Value]) -> Result<Position, AppendError>;

    /// Reads the records behind `after`, or all, up to the head at this moment.
    ///
    /// # Errors
    /// If `after` is not a position of this ledger, or its batch is no longer as it was; then each item may be one.
    fn read_after(&self, after: Option<&Position>) -> Result<Entries, ReadError>;
}
