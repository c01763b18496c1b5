//! The few things the ledger asks of a disk, as a trait, so that a power cut can be rehearsed ([`super::simulated_disk`]).
//!
//! Names are relative to the ledger's directory and use `/`. One writer a directory; who may be that writer is decided
//! by a lock outside this room.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A directory on some disk.
pub trait Disk: Send + Sync {
    /// Opens an existing file for reading only.
    ///
    /// # Errors
    /// Whatever the system answers, `NotFound` among it.
    fn open_read(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;
    /// Opens an existing file for reading and writing.
    ///
    /// # Errors
    /// Whatever the system answers, `NotFound` among it.
    fn open_write(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;
    /// Makes a new, empty file. Its name is safe only after [`Disk::sync_dir`].
    ///
    /// # Errors
    /// `AlreadyExists` if the name is taken: nothing is ever overwritten by this.
    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>>;
    /// Makes a directory; one that is there already is no error.
    ///
    /// # Errors
    /// Whatever the system answers.
    fn create_dir(&self, name: &str) -> io::Result<()>;
    /// The names in a directory (`""` is the ledger's own), sorted; empty if the directory does not exist.
    ///
    /// # Errors
    /// Whatever the system answers, except `NotFound`.
    fn list(&self, dir: &str) -> io::Result<Vec<String>>;
    /// Puts `from` in the place of `to`, whole or not at all. Safe only after [`Disk::sync_dir`].
    ///
    /// # Errors
    /// Whatever the system answers.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// Whatever the system answers.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Makes what happened to the *names* in a directory durable.
    ///
    /// # Errors
    /// Whatever the system answers. After an error nothing may be assumed about the names.
    fn sync_dir(&self, dir: &str) -> io::Result<()>;

    /// Makes two files durable, at the same time: on ext4 both then ride on one commit of the journal instead of
    /// waiting for two. A thread for one sync costs some 20 µs beside a sync of 500 µs and more.
    ///
    /// # Errors
    /// The first failure of either. Both have been tried then.
    fn sync_both(&self, one: &mut dyn DiskFile, other: &mut dyn DiskFile) -> io::Result<()> {
        let (first, second) = std::thread::scope(|scope| {
            let helper = std::thread::Builder::new().name("ledger-sync".into());
            let helper = helper.spawn_scoped(scope, || other.sync());
            let first = one.sync();
            let second = helper.ok().map(|thread| thread.join());
            (first, second)
        });
        let second = match second {
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(io::Error::other("the thread that synced the vault panicked")),
            // No thread to be had: one after the other, then.
            None => other.sync(),
        };
        first.and(second)
    }
}

/// One open file.
pub trait DiskFile: Send {
    /// Its length in bytes.
    ///
    /// # Errors
    /// Whatever the system answers.
    fn size(&mut self) -> io::Result<u64>;
    /// Reads up to `buf.len()` bytes from `offset`; 0 means the file ends there.
    ///
    /// # Errors
    /// Whatever the system answers.
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;
    /// Writes all bytes at the end. Durable only after [`DiskFile::sync`]; on an error any part may have been written.
    ///
    /// # Errors
    /// Whatever the system answers; `StorageFull` if the disk is full.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Writes bytes over those that are there, without making the file longer.
    ///
    /// # Errors
    /// Whatever the system answers.
    fn rewrite(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Cuts the file to `size` bytes and makes that durable before it returns.
    ///
    /// # Errors
    /// Whatever the system answers.
    fn truncate(&mut self, size: u64) -> io::Result<()>;
    /// Makes everything written durable. After an error it must not be tried again: the system has then marked the
    /// pages clean, and a second sync would succeed without having written them.
    ///
    /// # Errors
    /// Whatever the system answers.
    fn sync(&mut self) -> io::Result<()>;
}

/// A directory of the real file system.
#[derive(Debug, Clone)]
pub struct RealDisk {
    root: PathBuf,
}

impl RealDisk {
    /// Takes a directory, making it (durably) if it is not there.
    ///
    /// # Errors
    /// Whatever the system answers.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<RealDisk> {
        let root = root.into();
        if !root.is_dir() {
            std::fs::create_dir_all(&root)?;
            if let Some(parent) = root.parent().filter(|path| !path.as_os_str().is_empty()) {
                sync_directory(parent)?;
            }
        }
        Ok(RealDisk { root })
    }

    fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.root.clone() } else { self.root.join(name) }
    }
}

/// Only Unix lets a directory be opened and synced; elsewhere names are durable when the call returns.
fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
}

impl Disk for RealDisk {
    fn open_read(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(RealFile { file: File::open(self.path(name))? }))
    }

    fn open_write(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).open(self.path(name))?;
        Ok(Box::new(RealFile { file }))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(self.path(name))?;
        Ok(Box::new(RealFile { file }))
    }

    fn create_dir(&self, name: &str) -> io::Result<()> {
        match std::fs::create_dir(self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            result => result,
        }
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let entries = match std::fs::read_dir(self.path(dir)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            result => result?,
        };
        let mut names = Vec::new();
        for entry in entries {
            // A name that is not UTF-8 is not ours.
            names.extend(entry?.file_name().into_string());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        std::fs::rename(self.path(from), self.path(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        std::fs::remove_file(self.path(name))
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        sync_directory(&self.path(dir))
    }
}

/// Seeks before every access instead of using positioned reads: the same code on every system, and a seek costs
/// nothing beside the reads of 64 KiB it precedes.
struct RealFile {
    file: File,
}

impl DiskFile for RealFile {
    fn size(&mut self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        self.file.seek(SeekFrom::Start(offset))?;
        loop {
            match self.file.read(buf) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return result,
            }
        }
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::End(0))?;
        self.file.write_all(bytes)
    }

    fn rewrite(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.write_all(bytes)
    }

    fn truncate(&mut self, size: u64) -> io::Result<()> {
        self.file.set_len(size)?;
        // Not `sync_data`: a shorter length alone is metadata some systems leave for later.
        self.file.sync_all()
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// True if the disk (or the quota) is full: the one failure of a write that passes by itself.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// How much is read from a file at once.
const CHUNK: usize = 64 * 1024;

/// A line as [`Window::line`] found it, without its newline.
pub(super) enum Line<'a> {
    /// A whole line.
    Whole(&'a [u8]),
    /// The file ends before the newline.
    Short,
    /// No newline within the limit.
    TooLong,
    /// The file ends here.
    End,
}

/// A file read forward through one reused buffer, up to a limit that was set at the beginning: what is appended later
/// is not seen.
pub(super) struct Window {
    file: Box<dyn DiskFile>,
    buf: Vec<u8>,
    /// Index in `buf` of the first byte not taken.
    at: usize,
    /// Offset in the file of `buf[0]`.
    base: u64,
    limit: u64,
}

impl Window {
    pub(super) fn new(file: Box<dyn DiskFile>, offset: u64, limit: u64) -> Window {
        Window { file, buf: Vec::new(), at: 0, base: offset, limit }
    }

    /// Offset in the file of the next byte.
    pub(super) fn offset(&self) -> u64 {
        self.base + self.at as u64
    }

    /// Where reading ends.
    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    /// Has at least `need` bytes ready unless the file ends before; answers how many are.
    fn fill(&mut self, need: usize) -> io::Result<usize> {
        if self.buf.len() - self.at < need && self.at > 0 {
            self.buf.drain(..self.at);
            self.base += self.at as u64;
            self.at = 0;
        }
        while self.buf.len() - self.at < need {
            let end = self.base + self.buf.len() as u64;
            let left = usize::try_from(self.limit.saturating_sub(end)).unwrap_or(usize::MAX);
            // Never more than the limit allows, never room for more than a chunk before it is known to be there.
            let old = self.buf.len();
            self.buf.resize(old + left.min(CHUNK), 0);
            let read = if left == 0 { 0 } else { self.file.read_at(end, &mut self.buf[old..])? };
            self.buf.truncate(old + read);
            if read == 0 {
                break;
            }
        }
        Ok(self.buf.len() - self.at)
    }

    /// Reads `count` bytes at `offset` without moving.
    pub(super) fn peek(&mut self, offset: u64, count: usize) -> io::Result<Vec<u8>> {
        read_range(self.file.as_mut(), offset, count)
    }

    /// Takes the next line, of at most `max` bytes without its newline. `TooLong` takes nothing.
    pub(super) fn line(&mut self, max: usize) -> io::Result<Line<'_>> {
        let mut searched = 0;
        loop {
            let ready = self.fill(searched + 1)?;
            let end = ready.min(max + 1);
            if let Some(found) = self.buf[self.at + searched..self.at + end].iter().position(|byte| *byte == b'\n') {
                let start = self.at;
                self.at += searched + found + 1;
                return Ok(Line::Whole(&self.buf[start..self.at - 1]));
            }
            if end == max + 1 {
                return Ok(Line::TooLong);
            }
            if end == searched {
                self.at += searched;
                return Ok(if searched == 0 { Line::End } else { Line::Short });
            }
            searched = end;
        }
    }

    /// Passes over `count` bytes without reading those that are not here yet.
    pub(super) fn pass(&mut self, count: u64) {
        let ready = self.buf.len() - self.at;
        match usize::try_from(count).ok().filter(|count| *count <= ready) {
            Some(count) => self.at += count,
            None => {
                self.base = (self.offset().saturating_add(count)).min(self.limit.max(self.offset()));
                self.buf.clear();
                self.at = 0;
            }
        }
    }

    /// Takes up to `count` bytes into `into` (emptied first); fewer only if the file ends.
    pub(super) fn take(&mut self, count: usize, into: &mut Vec<u8>) -> io::Result<()> {
        into.clear();
        while into.len() < count {
            let ready = self.fill(1)?;
            if ready == 0 {
                break;
            }
            let part = ready.min(count - into.len());
            into.extend_from_slice(&self.buf[self.at..self.at + part]);
            self.at += part;
        }
        Ok(())
    }
}

/// Reads `count` bytes at `offset`; fewer only if the file ends.
pub(super) fn read_range(file: &mut dyn DiskFile, offset: u64, count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while bytes.len() < count {
        let old = bytes.len();
        bytes.resize(old + (count - old).min(CHUNK), 0);
        let read = file.read_at(offset + old as u64, &mut bytes[old..])?;
        bytes.truncate(old + read);
        if read == 0 {
            break;
        }
    }
    Ok(bytes)
}
