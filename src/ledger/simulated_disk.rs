//! A disk in memory with power cuts and failures. A tool for tests; the program itself never uses it.
//!
//! What was written is seen at once and safe only when synced. On a cut each file keeps what was synced and some prefix
//! of what was not, the last write torn at any byte, sometimes with a hole of zeros where a block was not written; names
//! behave likewise, each directory for itself. A sync that fails forgets what it was to write: the bytes go on being
//! *seen*, and a later sync does not write them. That is how Linux behaves, and why a failed sync must not be retried.
//!
//! Everything random comes from one seed, and two files are synced one after the other, so a run can be repeated.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::disk::{Disk, DiskFile};

/// A small generator of random numbers (SplitMix64), the same everywhere for the same seed.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Begins with a seed.
    #[must_use]
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number from 0 to `sides` − 1; 0 if there are no sides.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).checked_rem(sides).unwrap_or(0)
    }

    fn index(&mut self, sides: usize) -> usize {
        usize::try_from(self.roll(sides as u64)).unwrap_or(0)
    }
}

/// A write that is not synced yet.
#[derive(Debug, Clone)]
struct Write {
    offset: usize,
    bytes: Vec<u8>,
    /// It made the file longer: only then can a block of it be left unwritten and read as zeros.
    longer: bool,
}

#[derive(Debug, Clone, Default)]
struct Content {
    /// What a reader sees.
    seen: Vec<u8>,
    /// What survives for certain.
    safe: Vec<u8>,
    waiting: Vec<Write>,
}

impl Content {
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        let longer = offset == self.seen.len();
        put(&mut self.seen, offset, bytes);
        self.waiting.push(Write { offset, bytes: bytes.to_vec(), longer });
    }

    /// Makes some prefix of what waits safe and forgets the rest.
    fn keep_some(&mut self, dice: &mut Dice) {
        let count = dice.index(self.waiting.len() + 1);
        let mut writes = std::mem::take(&mut self.waiting);
        writes.truncate(count);
        if let Some(torn) = writes.last_mut() {
            let tear = dice.roll(4);
            if tear == 1 || tear == 2 {
                torn.bytes.truncate(dice.index(torn.bytes.len() + 1));
            }
            if torn.longer && tear >= 2 {
                let hole = dice.index(torn.bytes.len() + 1);
                let end = (hole + 512).min(torn.bytes.len());
                torn.bytes[hole..end].fill(0);
            }
        }
        for Write { offset, bytes, .. } in writes {
            put(&mut self.safe, offset, &bytes);
        }
    }

    fn sync(&mut self) {
        for Write { offset, bytes, .. } in std::mem::take(&mut self.waiting) {
            put(&mut self.safe, offset, &bytes);
        }
    }
}

fn put(into: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if into.len() < end {
        // What lies between was lost by a failed sync: it reads as zeros.
        into.resize(end, 0);
    }
    into[offset..end].copy_from_slice(bytes);
}

/// A change of names that is not synced yet.
#[derive(Debug, Clone)]
enum Naming {
    Create(String, usize),
    Rename(String, String),
    Remove(String),
}

impl Naming {
    fn dir(&self) -> &str {
        let (Naming::Create(name, _) | Naming::Rename(name, _) | Naming::Remove(name)) = self;
        name.rsplit_once('/').map_or("", |(dir, _)| dir)
    }

    fn apply(self, names: &mut BTreeMap<String, usize>) {
        match self {
            Naming::Create(name, content) => {
                names.insert(name, content);
            }
            Naming::Rename(from, to) => {
                if let Some(content) = names.remove(&from) {
                    names.insert(to, content);
                }
            }
            Naming::Remove(name) => {
                names.remove(&name);
            }
        }
    }
}

#[derive(Debug)]
struct State {
    dice: Dice,
    contents: Vec<Content>,
    names: BTreeMap<String, usize>,
    safe_names: BTreeMap<String, usize>,
    waiting: Vec<Naming>,
    /// How many changes and syncs may still happen before the power goes.
    power: Option<u64>,
    /// How many syncs may still happen before one fails.
    syncs: Option<u64>,
    /// How many bytes may still be appended.
    space: Option<u64>,
}

impl State {
    /// Spends one change. At the last the power goes, in the middle of it.
    fn step(&mut self) -> io::Result<bool> {
        match &mut self.power {
            Some(0) => Err(io::Error::other("the power is out")),
            Some(left) => {
                *left -= 1;
                Ok(*left == 0)
            }
            None => Ok(false),
        }
    }

    fn content(&mut self, name: &str) -> io::Result<usize> {
        self.names.get(name).copied().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no such file"))
    }

    fn rename_or_so(&mut self, naming: Naming) {
        naming.clone().apply(&mut self.names);
        self.waiting.push(naming);
    }
}

/// The disk. Clones are the same disk.
#[derive(Debug, Clone)]
pub struct SimDisk {
    state: Arc<Mutex<State>>,
}

impl SimDisk {
    /// An empty disk.
    #[must_use]
    pub fn new(seed: u64) -> SimDisk {
        SimDisk::with(BTreeMap::new(), seed)
    }

    /// A disk with these files, all safe.
    #[must_use]
    pub fn with(files: BTreeMap<String, Vec<u8>>, seed: u64) -> SimDisk {
        let mut names = BTreeMap::new();
        let mut contents = Vec::new();
        for (name, bytes) in files {
            names.insert(name, contents.len());
            contents.push(Content { seen: bytes.clone(), safe: bytes, waiting: Vec::new() });
        }
        let safe_names = names.clone();
        let (power, syncs, space) = (None, None, None);
        let state =
            State { dice: Dice::new(seed), contents, names, safe_names, waiting: Vec::new(), power, syncs, space };
        SimDisk { state: Arc::new(Mutex::new(state)) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the power go out in the middle of the `steps`-th change or sync from now (from 1).
    pub fn cut_power_after(&self, steps: u64) {
        self.state().power = Some(steps);
    }

    /// Lets the sync after the next `syncs` fail.
    pub fn fail_sync_after(&self, syncs: u64) {
        self.state().syncs = Some(syncs);
    }

    /// Leaves room for so many bytes; `None` for no end.
    pub fn set_space(&self, bytes: Option<u64>) {
        self.state().space = bytes;
    }

    /// Takes back all failures to come, as if only the program had been started again.
    pub fn heal(&self) {
        let mut state = self.state();
        (state.power, state.syncs, state.space) = (None, None, None);
    }

    /// What is there after a power cut now: another disk, healthy.
    #[must_use]
    pub fn after_power_cut(&self) -> SimDisk {
        let mut state = self.state();
        let mut dice = state.dice.clone();
        let mut names = state.safe_names.clone();
        for dir in ["", super::vault::VAULT] {
            let waiting: Vec<_> = state.waiting.iter().filter(|naming| naming.dir() == dir).cloned().collect();
            let count = dice.index(waiting.len() + 1);
            waiting.into_iter().take(count).for_each(|naming| naming.apply(&mut names));
        }
        let mut files = BTreeMap::new();
        for (name, content) in names {
            let mut content = state.contents[content].clone();
            content.keep_some(&mut dice);
            files.insert(name, content.safe);
        }
        let seed = state.dice.roll(u64::MAX);
        drop(state);
        SimDisk::with(files, seed)
    }

    /// All files as a reader sees them.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let state = self.state();
        state.names.iter().map(|(name, content)| (name.clone(), state.contents[*content].seen.clone())).collect()
    }
}

impl Disk for SimDisk {
    fn open_read(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let content = self.state().content(name)?;
        Ok(Box::new(SimFile { disk: self.clone(), content }))
    }

    fn open_write(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        self.open_read(name)
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.state();
        let out = state.step()?;
        if state.names.contains_key(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if state.space == Some(0) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let content = state.contents.len();
        state.contents.push(Content::default());
        state.rename_or_so(Naming::Create(name.into(), content));
        drop(state);
        power(out)?;
        Ok(Box::new(SimFile { disk: self.clone(), content }))
    }

    fn create_dir(&self, _name: &str) -> io::Result<()> {
        // Directories are parts of names here.
        Ok(())
    }

    fn list(&self, dir: &str) -> io::Result<Vec<String>> {
        let state = self.state();
        let split = |name: &String| match name.rsplit_once('/') {
            Some((of, name)) => (of == dir).then(|| name.to_owned()),
            None => dir.is_empty().then(|| name.clone()),
        };
        Ok(state.names.keys().filter_map(split).collect())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.state();
        let out = state.step()?;
        state.content(from)?;
        state.rename_or_so(Naming::Rename(from.into(), to.into()));
        power(out)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut state = self.state();
        let out = state.step()?;
        state.content(name)?;
        state.rename_or_so(Naming::Remove(name.into()));
        power(out)
    }

    fn sync_dir(&self, dir: &str) -> io::Result<()> {
        let mut state = self.state();
        power(state.step()?)?;
        let (now, later) = std::mem::take(&mut state.waiting).into_iter().partition(|naming| naming.dir() == dir);
        let now: Vec<Naming> = now;
        state.waiting = later;
        now.into_iter().for_each(|naming| naming.apply(&mut state.safe_names));
        Ok(())
    }

    fn sync_both(&self, one: &mut dyn DiskFile, other: &mut dyn DiskFile) -> io::Result<()> {
        let swap = self.state().dice.roll(2) == 0;
        let (first, second) = if swap { (other.sync(), one.sync()) } else { (one.sync(), other.sync()) };
        first.and(second)
    }
}

/// The change that used up the power is done, and nobody is told.
fn power(out: bool) -> io::Result<()> {
    if out { Err(io::Error::other("the power went out")) } else { Ok(()) }
}

struct SimFile {
    disk: SimDisk,
    content: usize,
}

impl DiskFile for SimFile {
    fn size(&mut self) -> io::Result<u64> {
        Ok(self.disk.state().contents[self.content].seen.len() as u64)
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let state = self.disk.state();
        let seen = &state.contents[self.content].seen;
        let rest = usize::try_from(offset).ok().and_then(|offset| seen.get(offset..)).unwrap_or_default();
        let count = rest.len().min(buf.len());
        buf[..count].copy_from_slice(&rest[..count]);
        Ok(count)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        let out = state.step()?;
        let room = state.space.unwrap_or(u64::MAX).min(bytes.len() as u64);
        let fits = usize::try_from(room).unwrap_or(bytes.len());
        state.space = state.space.map(|space| space - room);
        let content = &mut state.contents[self.content];
        content.write(content.seen.len(), &bytes[..fits]);
        if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { power(out) }
    }

    fn rewrite(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        let out = state.step()?;
        let offset = usize::try_from(offset).map_err(io::Error::other)?;
        let content = &mut state.contents[self.content];
        if offset + bytes.len() > content.seen.len() {
            return Err(io::Error::other("a rewrite does not make a file longer"));
        }
        content.write(offset, bytes);
        power(out)
    }

    fn truncate(&mut self, size: u64) -> io::Result<()> {
        let mut state = self.disk.state();
        let out = state.step()?;
        let keep = out && state.dice.roll(2) == 0;
        let content = &mut state.contents[self.content];
        let size = usize::try_from(size).map_err(io::Error::other)?;
        content.seen.truncate(size);
        if !keep {
            content.sync();
            content.safe.truncate(size);
        }
        power(out)
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.state();
        let out = state.step()?;
        let fails = state.syncs == Some(0);
        state.syncs = state.syncs.map(|syncs| syncs.saturating_sub(1));
        let mut dice = state.dice.clone();
        state.dice.roll(2);
        let content = &mut state.contents[self.content];
        if out {
            // Some of it gets there; `after_power_cut` says how much.
        } else if fails {
            content.keep_some(&mut dice);
            return Err(io::Error::other("the sync failed"));
        } else {
            content.sync();
        }
        power(out)
    }
}
