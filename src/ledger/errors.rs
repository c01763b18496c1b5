//! What can go wrong in the ledger, told so that a caller can act and a person can look.

use std::io;

/// Something on the disk is not what was written. The program must stop: nothing is repaired by guessing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line} (byte {offset}), record {seq}: {what}")]
pub struct Damage {
    /// The file, relative to the ledger's directory: `ledger.jsonl` or `vault/000001.jsonl`.
    pub file: String,
    /// The line, counted from 1: `sed -n 7p` shows it.
    pub line: u64,
    /// Where that line begins, in bytes from 0.
    pub offset: u64,
    /// The first record (its sequence) that can no longer be trusted.
    pub seq: u64,
    /// What is wrong, in words.
    pub what: &'static str,
}

/// Why the ledger could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The content is not what was written: restore a backup, do not go on.
    #[error(transparent)]
    Damage(#[from] Damage),
    /// The ledger was written by a later version of this program.
    #[error(
        "the ledger has format {found}, this program reads format {}: use the version that wrote it",
        super::FORMAT
    )]
    Format {
        /// The format its first line names.
        found: u64,
    },
    /// The system would not read (permission, a failing disk): says nothing about the content.
    #[error("{file}: {source}")]
    Io {
        /// The file or directory, relative to the ledger's directory.
        file: String,
        /// What the system said.
        source: io::Error,
    },
}

impl ReadError {
    /// For `map_err`: an error of the system while at `file`.
    pub(super) fn io(file: impl Into<String>) -> impl FnOnce(io::Error) -> ReadError {
        |source| ReadError::Io { file: file.into(), source }
    }

    /// Whether the system would not read what is there; a file that is gone is damage.
    #[must_use]
    pub fn is_of_the_system(&self) -> bool {
        match self {
            ReadError::Io { source, .. } => source.kind() != io::ErrorKind::NotFound,
            ReadError::Damage(_) | ReadError::Format { .. } => false,
        }
    }

    /// The damage, if that is what it is.
    #[must_use]
    pub fn damage(&self) -> Option<&Damage> {
        match self {
            ReadError::Damage(damage) => Some(damage),
            ReadError::Format { .. } | ReadError::Io { .. } => None,
        }
    }
}

/// Why nothing was appended. Only after `Failed` and `Poisoned` is it unknown whether the batch will be there at the
/// next start; after all others it is not.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended: read what is new, decide again.
    #[error("the ledger is at record {head}, not at {expected}")]
    Moved {
        /// What the caller believed to be the head.
        expected: u64,
        /// What is.
        head: u64,
    },
    /// More records than [`super::MAX_RECORDS`] in one batch.
    #[error("{count} records in one batch, more than {}", super::MAX_RECORDS)]
    TooMany {
        /// How many there were.
        count: usize,
    },
    /// The batch as a whole is longer than [`super::MAX_BATCH_BYTES`], in the chain or in the vault: split it.
    #[error("a batch of {bytes} bytes, more than {}", super::MAX_BATCH_BYTES)]
    TooLong {
        /// Its length in the file where it is longer.
        bytes: usize,
    },
    /// One body cannot be a record.
    #[error("body {index} of the batch: {why}")]
    Refused {
        /// Its place in the batch, from 0.
        index: usize,
        /// What is wrong with it.
        why: BodyError,
    },
    /// The disk is full. Nothing was written (what had been was cut off again) and the ledger can be used on.
    #[error("the disk is full")]
    Full,
    /// No random bytes for the salts. Nothing was written.
    #[error("no random bytes from the system: {0}")]
    Random(String),
    /// A write or a sync failed. The ledger takes nothing more; the program must end and start again.
    #[error("writing the ledger failed, the program must start again: {0}")]
    Failed(#[source] io::Error),
    /// An earlier append or erasure failed. The program must end and start again.
    #[error("the ledger failed before and takes nothing more, the program must start again")]
    Poisoned,
}

/// Why a body cannot be a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// A record is a JSON object.
    #[error("it is no JSON object")]
    NoObject,
    /// `seq` at the top and `$c`, `$gone` anywhere belong to the ledger.
    #[error("the key {0:?} belongs to the ledger")]
    ReservedKey(&'static str),
    /// `$w` stands only in an object of exactly the form `{"$w":"text"}`, and not as the record itself. Anything else
    /// is refused, so that a slip cannot put into the chain what must be forgettable.
    #[error("\"$w\" in an object that is not exactly {{\"$w\":\"text\"}}, or as the record itself")]
    BrokenSeal,
    /// Nested deeper than [`super::MAX_DEPTH`].
    #[error("nested deeper than {}", super::MAX_DEPTH)]
    TooDeep,
    /// A number that is not an integer may be another one when read again; count in smaller units.
    #[error("{0} is no integer")]
    Fraction(String),
    /// The line would be longer than [`super::MAX_LINE_BYTES`], in the chain or in the vault.
    #[error("a line of {bytes} bytes, more than {}", super::MAX_LINE_BYTES)]
    TooLong {
        /// The length of that line.
        bytes: usize,
    },
    /// It could not be written as JSON.
    #[error("not writable as JSON: {0}")]
    Json(String),
}

/// Why nothing (or, after `Failed`, perhaps not everything) was erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// There is no such sealed text. Nothing was erased.
    #[error("record {seq} has no sealed text {index}")]
    NoSuchText {
        /// The record.
        seq: u64,
        /// The place of the text in it, from 0.
        index: usize,
    },
    /// The vault could not be read. Nothing was erased.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The new segments could not be written (a full disk, mostly). Nothing was erased; it may be tried again.
    #[error("writing the vault anew failed: {0}")]
    Write(#[source] io::Error),
    /// The new segments could not be put in place for certain. The ledger takes nothing more; start the program again
    /// and erase again: what is erased already is no error.
    #[error("putting the new vault in place failed, the program must start again: {0}")]
    Failed(#[source] io::Error),
    /// An earlier append or erasure failed. The program must end and start again.
    #[error("the ledger failed before and takes nothing more, the program must start again")]
    Poisoned,
}

/// What a reader inside this room found: damage for certain, or a tail as a power cut leaves it. Whoever may cut the
/// tail off does; for everybody else it is damage too.
#[derive(Debug)]
pub(super) enum Fault {
    /// The last batch is incomplete in the way unsynced writes are lost.
    Torn(Damage),
    /// Anything else.
    Read(ReadError),
}

impl From<ReadError> for Fault {
    fn from(error: ReadError) -> Fault {
        Fault::Read(error)
    }
}

impl From<Damage> for Fault {
    fn from(damage: Damage) -> Fault {
        Fault::Read(ReadError::Damage(damage))
    }
}

impl From<Fault> for ReadError {
    fn from(fault: Fault) -> ReadError {
        match fault {
            Fault::Torn(damage) => ReadError::Damage(damage),
            Fault::Read(error) => error,
        }
    }
}
