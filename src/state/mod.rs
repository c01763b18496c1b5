//! 工作库 — sled: what every command, page and digest reads. Never the only copy of anything that matters.
//!
//! One tree, one batch for all turns of a commit, with the ledger position it stands at in the same batch. It may lag behind the
//! ledger (the tail is applied again at start) and may be thrown away: damage leads to a rebuild, said loudly.
//!
//! Keys below [`kind::OPERATIONAL`] are what `evolve` makes of the ledger. Above it lie the loop's own notes: deliveries
//! seen, letters waiting, cards. sled keeps values over 8 KB in files it never syncs, so nothing of that size is written here.

pub mod record;

use crate::domain::chronicle::Archive;
use crate::domain::event::Record;
use crate::domain::evolve::VERSION;
use crate::domain::kernel::world::{Overlay, Shelf, kind};
use crate::ledger::disk::Disk;
use crate::ledger::{Position, read_numbers};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes of cache; the working store is small and a start reads nothing it does not need.
const CACHE_BYTES: u64 = 32 * 1024 * 1024;
/// How often sled writes its tail out by itself.
const FLUSH_MS: u64 = 1_000;
/// How often and how long a start waits for a former handle to let go of the store.
const HANDOVERS: u32 = 250;
const HANDOVER: std::time::Duration = std::time::Duration::from_millis(20);
/// The position in the ledger this store stands at.
const APPLIED: &[u8] = &[0xFF, b'a'];
/// The version of `evolve` that made it.
const MADE_BY: &[u8] = &[0xFF, b'v'];

/// First bytes of the loop's own keys.
pub mod own {
    /// Deliveries seen: day, key → receipt.
    pub const SEEN: u8 = 0xF0;
    /// Letters waiting: record, index → letter.
    pub const LETTER: u8 = 0xF1;
    /// Live cards: poll or topic, chat → message.
    pub const CARD: u8 = 0xF2;
    /// Receipts that wait to be merged: group → what.
    pub const HELD: u8 = 0xF3;
    /// When a platform was last heard: platform → moment.
    pub const HEARD: u8 = 0xF4;
    /// What messages are about: chat, message → mark.
    pub const SENT: u8 = 0xF5;
    /// Papers that were made and wait for the moment at which they may be sent: record, index → paper.
    pub const PAPER: u8 = 0xF6;
    /// The moment of the last record.
    pub const HOUR: u8 = 0xF7;
}

/// The store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// sled says so.
    #[error(
        "the working store fails: {0}. Everything that was acknowledged is in the ledger; free some room or mend the permissions, then start again"
    )]
    Sled(#[from] sled::Error),
    /// The folder cannot be cleared.
    #[error("{path}: {source}")]
    Clear {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A note about the store itself cannot be read.
    #[error("the working store does not say where it stands")]
    Lost,
}

impl StateError {
    /// Whether the disk or its permissions are to blame, not what lies on it.
    #[must_use]
    pub fn is_of_the_disk(&self) -> bool {
        matches!(self, Self::Sled(sled::Error::Io(_)) | Self::Clear { .. })
    }

    /// Whether somebody still has the store open. The data folder is ours alone, so that is a former handle of this process whose
    /// background threads are just ending.
    fn is_held(&self) -> bool {
        matches!(self, Self::Sled(sled::Error::Io(error)) if error.to_string().contains("could not acquire lock"))
    }
}

/// The working store.
pub struct State {
    db: sled::Db,
    broken: AtomicBool,
    /// The ledger this is made of, to read single records from.
    ledger: Option<Arc<dyn Disk>>,
}

impl Shelf for State {
    fn read(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        match self.db.get(key) {
            Ok(value) => value.map(|value| Arc::from(&*value)),
            Err(error) => {
                self.broke(&error);
                None
            }
        }
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) {
        for row in self.db.range(from.to_vec()..) {
            match row {
                Ok((key, value)) => {
                    if !key.starts_with(prefix) || !visit(&key, &value) {
                        return;
                    }
                }
                Err(error) => return self.broke(&error),
            }
        }
    }
}

impl Archive for State {
    fn records(&self, numbers: &[u64], visit: &mut dyn FnMut(&Record)) {
        let Some(disk) = &self.ledger else { return };
        let read = read_numbers(disk, numbers, &mut |entry| {
            let seq = entry.seq;
            match record::record_of(entry) {
                Ok(record) => visit(&record),
                Err(error) => tracing::error!(seq, %error, "a record is not understood"),
            }
            true
        });
        if let Err(error) = read {
            tracing::error!(%error, "the ledger cannot be read back");
        }
    }
}

impl State {
    /// The same store with the ledger it is made of.
    #[must_use]
    pub fn over(mut self, ledger: Arc<dyn Disk>) -> Self {
        self.ledger = Some(ledger);
        self
    }

    /// Opens the store in a folder; an unusable one, or one made by another version, is cleared. Answers with the position it
    /// stands at; `None` = it must be rebuilt from the first record.
    ///
    /// # Errors
    /// If the folder can be neither opened nor cleared.
    pub fn open(dir: &Path) -> Result<(Self, Option<Position>), StateError> {
        let mut opened = Self::try_open(dir);
        for _ in 0..HANDOVERS {
            if !matches!(&opened, Err(error) if error.is_held()) {
                break;
            }
            std::thread::sleep(HANDOVER);
            opened = Self::try_open(dir);
        }
        match opened {
            Ok((state, Some(position))) => return Ok((state, Some(position))),
            Ok((state, None)) if state.db.is_empty() => return Ok((state, None)),
            Ok((state, None)) => {
                tracing::warn!(
                    "the working store was made by another version, or never finished: it is made anew from the ledger"
                );
                drop(state);
            }
            // A full or read-only disk is no damage: throwing the store away would mend nothing.
            Err(error) if error.is_of_the_disk() => return Err(error),
            Err(error) => tracing::error!(%error, "the working store is damaged: it is made anew from the ledger"),
        }
        Self::clear(dir)?;
        Self::try_open(dir)
    }

    /// Throws the store away.
    ///
    /// # Errors
    /// If the folder cannot be removed.
    pub fn clear(dir: &Path) -> Result<(), StateError> {
        match std::fs::remove_dir_all(dir) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(StateError::Clear { path: dir.to_owned(), source })
            }
            _ => Ok(()),
        }
    }

    /// sled may panic on damaged files; that is damage like any other.
    fn try_open(dir: &Path) -> Result<(Self, Option<Position>), StateError> {
        let open = || -> Result<(Self, Option<Position>), StateError> {
            let config = sled::Config::new().path(dir).cache_capacity(CACHE_BYTES).flush_every_ms(Some(FLUSH_MS));
            let state = Self { db: config.open()?, broken: AtomicBool::new(false), ledger: None };
            let position = state.position()?;
            Ok((state, position))
        };
        std::panic::catch_unwind(open).unwrap_or(Err(StateError::Lost))
    }

    fn position(&self) -> Result<Option<Position>, StateError> {
        if self.db.get(MADE_BY)?.as_deref() != Some(&VERSION.to_be_bytes()) {
            return Ok(None);
        }
        let Some(bytes) = self.db.get(APPLIED)? else { return Ok(None) };
        postcard::from_bytes(&bytes).map(Some).map_err(|_| StateError::Lost)
    }

    fn broke(&self, error: &sled::Error) {
        tracing::error!(%error, "the working store cannot be read");
        self.broken.store(true, Ordering::Relaxed);
    }

    /// Whether a read failed since the store was opened: what was decided on it must not be acknowledged.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// Puts what lies over the shelf onto it, with the position it then stands at. One batch: all of it or nothing.
    ///
    /// # Errors
    /// If sled fails; the store then lags behind the ledger and the tail is applied again at the next start.
    pub fn apply(&self, overlay: &Overlay, position: Option<&Position>) -> Result<(), StateError> {
        let mut batch = sled::Batch::default();
        for (key, value) in overlay {
            match value {
                Some(value) => batch.insert(key.as_slice(), value.as_slice()),
                None => batch.remove(key.as_slice()),
            }
        }
        if let Some(position) = position {
            batch.insert(APPLIED, postcard::to_allocvec(position).map_err(|_| StateError::Lost)?);
            batch.insert(MADE_BY, &VERSION.to_be_bytes());
        }
        self.db.apply_batch(batch)?;
        Ok(())
    }

    /// Puts what lies over the shelf onto it row by row, in order of key: for a store that is not to be used before it is finished.
    ///
    /// # Errors
    /// If sled fails.
    pub fn fill(&self, overlay: Overlay) -> Result<(), StateError> {
        for (key, value) in overlay {
            match value {
                Some(value) => _ = self.db.insert(key, value)?,
                None => _ = self.db.remove(key)?,
            }
        }
        Ok(())
    }

    /// Takes away one of the loop's own notes.
    ///
    /// # Errors
    /// If sled fails.
    pub fn forget(&self, key: &[u8]) -> Result<(), StateError> {
        self.db.remove(key)?;
        Ok(())
    }

    /// Writes one of the loop's own notes outside a batch.
    ///
    /// # Errors
    /// If sled fails.
    pub fn note(&self, key: &[u8], value: &[u8]) -> Result<(), StateError> {
        self.db.insert(key, value)?;
        Ok(())
    }

    /// Writes everything out; called at a clean stop.
    ///
    /// # Errors
    /// If sled fails.
    pub fn flush(&self) -> Result<(), StateError> {
        self.db.flush()?;
        Ok(())
    }

    /// Every key that `evolve` made, with its value: what a rebuild must give again.
    #[must_use]
    pub fn derived(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut rows = Vec::new();
        self.scan(&[], &[], &mut |key, value| {
            let is_derived = key.first().is_some_and(|&first| first < kind::OPERATIONAL);
            if is_derived {
                rows.push((key.to_vec(), value.to_vec()));
            }
            is_derived
        });
        rows
    }
}
