//! 开机 — opening the ledger and the working store: the tail is applied again, a damaged store is made anew, and letters that were
//! on their way when we went down are found.

use super::erasing::{self, Doomed};
use super::letters::{Edit, Kept, LetterId, Outgoing, SEEN_DAYS, Seen, kept_key, letter_key, seen_key, waiting};
use super::memory::SeenLately;
use super::office::{Committed, Fatal, Office};
use super::turn::Draft;
use crate::domain::effects::LedTo;
use crate::domain::event::{Event, Record};
use crate::domain::evolve::evolve;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::{Key, Overlay, World};
use crate::language::Catalog;
use crate::language::Lang;
use crate::ledger::disk::{Disk, RealDisk};
use crate::ledger::{Entry, EraseError, FileLedger, Ledger, Opened, Position, ReadError};
use crate::platform::local::forget;
use crate::state::{State, StateError, own, record};
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;
use std::fs::{File, Permissions, TryLockError};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

/// What is held in memory while the working store is made anew before it is written, in order of key (bytes): the more, the seldomer
/// the same row is written again, and the fewer pages of the store are touched for it.
const HELD: usize = 64 << 20;

/// The program cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process has this data folder.
    #[error(
        "another xieshang is running on this data folder ({0}); stop it first, or choose another folder with --data"
    )]
    Running(String),
    /// The folder cannot be used.
    #[error("{path}: {source}")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The ledger is damaged or cannot be read. Nothing is guessed.
    #[error(transparent)]
    Ledger(#[from] ReadError),
    /// A record that this version does not understand.
    #[error(
        "record {seq} of the ledger is not understood by this version ({why}); use the version that wrote it, or a later one"
    )]
    Unknown {
        /// The record.
        seq: u64,
        /// Why.
        why: serde_json::Error,
    },
    /// Texts of several records stand behind the last record, and no working store says that none of them was acknowledged.
    #[error(
        "the texts of {0} records stand behind the last record of ledger.jsonl, and there is no working store to say that they were never acknowledged: the end of ledger.jsonl is missing; nothing was cut off; restore the folder (ledger and state) from a copy"
    )]
    Loose(usize),
    /// The working store cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// What was ordered to be erased by law could not be.
    #[error("somebody's data could not be erased ({0}); start again")]
    Erase(#[from] EraseError),
    /// The same of the built-in chat's history.
    #[error(
        "somebody's data could not be erased ({0}); start again, or remove the folder \"chat\": the ledger is not touched"
    )]
    History(#[from] forget::ForgetError),
    /// The first records cannot be written.
    #[error(transparent)]
    Fatal(#[from] Fatal),
}

/// An office that stands at the head of its ledger, and what was found on the way.
pub struct Started {
    /// The committer.
    pub office: Office,
    /// Letters that still wait, in order.
    pub letters: Vec<Outgoing>,
    /// Cards that may not show how things stand.
    pub edits: Vec<Edit>,
    /// Whether the ledger was empty.
    pub is_new: bool,
    /// Records applied again from the tail.
    pub reapplied: u64,
    /// Whether the working store was made anew.
    pub rebuilt: bool,
    /// Keeps other processes out while it lives.
    pub lock: Lock,
}

/// The data folder is ours.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not read")] File);

fn folder_error(path: &Path) -> impl FnOnce(std::io::Error) -> StartError + use<'_> {
    move |source| StartError::Folder { path: path.display().to_string(), source }
}

/// Takes the data folder for this process alone.
///
/// # Errors
/// [`StartError::Running`] if another process has it.
pub fn lock(data: &Path) -> Result<Lock, StartError> {
    std::fs::create_dir_all(data).map_err(folder_error(data))?;
    tighten(data);
    let path = data.join("lock");
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(folder_error(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(StartError::Running(data.display().to_string())),
        Err(TryLockError::Error(source)) => Err(folder_error(&path)(source)),
    }
}

/// Takes from everybody else what they may do with the folder and what lies in it, where an earlier version or a copy left them
/// more: folders 0700, files 0600. What cannot be changed is said.
fn tighten(path: &Path) {
    let Ok(found) = std::fs::symlink_metadata(path) else { return };
    if found.is_symlink() {
        return;
    }
    let mode = found.permissions().mode() & 0o7777;
    if mode & 0o077 != 0
        && let Err(error) = std::fs::set_permissions(path, Permissions::from_mode(mode & 0o700))
    {
        let path = path.display();
        tracing::error!(%path, %error, "others may read this; take it from them (chmod go-rwx), or start as its owner");
    }
    if found.is_dir() {
        for inside in std::fs::read_dir(path).into_iter().flatten().flatten() {
            tighten(&inside.path());
        }
    }
}

/// A record as the ledger gives it back.
///
/// # Errors
/// [`StartError::Unknown`].
pub fn record_of(entry: Entry) -> Result<Record, StartError> {
    let seq = entry.seq;
    record::record_of(entry).map_err(|why| StartError::Unknown { seq, why })
}

/// Opens a data folder.
///
/// # Errors
/// [`StartError`]; damage to the ledger stops us, damage to the working store does not.
pub fn open(
    data: &Path,
    settings: Arc<Settings>,
    catalog: &'static Catalog,
    now: DateTime<Utc>,
) -> Result<Started, StartError> {
    let lock = lock(data)?;
    let mut opened = open_once(data, &settings, catalog, now)?;
    let mut done = Vec::new();
    while let Some(person) = opened.office.to_erase().into_iter().find(|person| !done.contains(person)) {
        opened = erase(data, opened, person, &settings, catalog, now)?;
        done.push(person);
    }
    let Found { mut office, is_new, reapplied, rebuilt } = opened;
    office.seen_lately = SeenLately::read(&office.state);
    office.last_at = Office::last_hour(&World::on(&*office.state));
    office.time.not_before(office.last_at);
    let letters = office.found_waiting()?;
    let edits = office.cards_at_start(&World::on(&*office.state), now);
    Ok(Started { office, letters, edits, is_new, reapplied, rebuilt, lock })
}

/// An office that stands at the head of its ledger.
struct Found {
    office: Office,
    is_new: bool,
    reapplied: u64,
    rebuilt: bool,
}

/// 销毁 — what was ordered is carried out, and the office opened anew on what is left.
fn erase(
    data: &Path,
    opened: Found,
    person: PersonId,
    settings: &Arc<Settings>,
    catalog: &'static Catalog,
    now: DateTime<Utc>,
) -> Result<Found, StartError> {
    tracing::warn!("somebody's data is erased by law: the working store is made anew without it");
    let state = Arc::clone(&opened.office.state);
    let is_new = opened.is_new;
    drop(opened);
    let (mut ledger, _) = ledger_of(data, None)?;
    let doomed = Doomed::of(&ledger, person)?;
    let lang = Lang::from_code(&settings.language);
    let word = |key: &str| catalog.term(key).map(|term| term.text(lang).to_owned()).unwrap_or_default();
    let rows = erasing::kept(&state, &doomed.gone, &word("gone.person"));
    drop(state);
    forget::forget(&data.join("chat"), &doomed.gone, &word("gone.person"), &word("gone.text"))?;
    doomed.erase(&mut ledger)?;
    drop(ledger);
    State::clear(&data.join("state"))?;
    let mut opened = open_once(data, settings, catalog, now)?;
    erasing::put_back(&opened.office.state, &rows)?;
    opened.office.last_at = Office::last_hour(&World::on(&*opened.office.state));
    opened.office.erased(doomed.done(), now)?;
    Ok(Found { is_new, ..opened })
}

/// Texts of a ledger that are gone and were not erased by law.
///
/// # Errors
/// [`StartError`].
pub fn lost_texts(data: &Path) -> Result<Vec<(u64, u32)>, StartError> {
    erasing::lost(&ledger_of(data, None)?.0)
}

fn ledger_of(data: &Path, applied: Option<&Position>) -> Result<(FileLedger, Opened), StartError> {
    let dir = data.join("ledger");
    let disk = RealDisk::open(&dir).map_err(folder_error(&dir))?;
    Ok(FileLedger::open(Arc::new(disk), applied)?)
}

/// Without a working store nobody knows what was acknowledged: texts of several records are no unfinished batch then.
fn require_chain(data: &Path, applied: Option<&Position>) -> Result<(), StartError> {
    if applied.is_some() {
        return Ok(());
    }
    let dir = data.join("ledger");
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(&dir).map_err(folder_error(&dir))?);
    match FileLedger::loose_records(&disk)? {
        0 | 1 => Ok(()),
        several => Err(StartError::Loose(several)),
    }
}

/// 看一眼 — whether a ledger that ends in an unfinished batch would open: nothing of it is cut off, and nothing written to it.
///
/// # Errors
/// [`StartError`], as [`open`].
pub fn look(data: &Path) -> Result<(), StartError> {
    let _lock = lock(data)?;
    let store = data.join("state");
    let applied = if store.exists() { State::open(&store)?.1 } else { None };
    require_chain(data, applied.as_ref())?;
    let dir = data.join("ledger");
    let disk: Arc<dyn Disk> = Arc::new(RealDisk::open(&dir).map_err(folder_error(&dir))?);
    Ok(FileLedger::look(&disk, applied.as_ref())?)
}

fn open_once(
    data: &Path,
    settings: &Arc<Settings>,
    catalog: &'static Catalog,
    now: DateTime<Utc>,
) -> Result<Found, StartError> {
    let (state, applied) = State::open(&data.join("state"))?;
    require_chain(data, applied.as_ref())?;
    let (ledger, opened) = ledger_of(data, applied.as_ref())?;
    match (&opened.cut, &applied) {
        (Some(cut), Some(_)) => tracing::warn!(?cut, "an unfinished last batch, never acknowledged, was cut off"),
        (Some(cut), None) => {
            tracing::warn!(
                ?cut,
                "an unfinished last batch was cut off; no working store says whether it was acknowledged"
            );
        }
        (None, _) => {}
    }
    let head = ledger.head();
    let state = Arc::new(state.over(Arc::clone(ledger.disk())));
    let rebuilt = applied.is_none() && head.seq > 0;
    let mut office = Office::new(Box::new(ledger), state, Arc::clone(settings), catalog);
    if head.seq > 0 {
        office.waiting.begin(now);
    }
    let reapplied = match applied {
        None if rebuilt => office.rebuild(now)?,
        position => office.catch_up(position.as_ref())?,
    };
    Ok(Found { office, is_new: head.seq == 0, reapplied, rebuilt })
}

/// What is found in a rebuild to have been said, or kept to be said, and perhaps never sent.
enum Unsent {
    Letter(Box<Outgoing>),
    Paper(Kept),
}

impl Office {
    /// Applies the tail of the ledger that the working store had not written out, and writes the letters it led to.
    fn catch_up(&mut self, applied: Option<&Position>) -> Result<u64, StartError> {
        let state = Arc::clone(&self.state);
        let entries = self.ledger.read_after(applied)?;
        let (mut count, mut world, mut drafts) = (0, World::on(&*state), Draft::default());
        for entry in entries {
            let entry = entry?;
            let end = entry.end;
            let record = record_of(entry)?;
            count += 1;
            self.replay_record(&mut world, &mut drafts, record);
            if let Some(position) = end {
                state.apply(&world.into_overlay(), Some(&position))?;
                world = World::on(&*state);
                drafts = Draft::default();
            }
        }
        if count > 0 {
            tracing::info!(records = count, "the tail of the ledger was applied again");
        }
        Ok(count)
    }

    /// One record of the tail: the same as when it was decided, letters and remembered delivery included.
    fn replay_record(&mut self, world: &mut World<'_>, draft: &mut Draft, record: Record) {
        let (key, at) = (record.key.clone(), record.at);
        for fact in &record.facts {
            if let Event::Sent { seq, index, .. } = fact {
                let id = LetterId { seq: *seq, index: *index };
                world.remove(letter_key(id));
                world.remove(kept_key(id));
            }
        }
        Office::note_hour(world, at);
        let here = record.group.and_then(|id| world.group(id)).map(|group| group.chat.as_str().to_owned());
        let private = record.by.and_then(|id| world.person(id)).map(|person| person.private_chat.as_str().to_owned());
        let here = match record.way {
            Way::Private => private,
            Way::Group | Way::Press | Way::Page | Way::Clock | Way::Platform | Way::Office => here,
        };
        let led_to = LedTo::of(&record.facts);
        let receipt = self.settle(world, draft, record, false, here.as_deref());
        if let Some(key) = key {
            world.put_at(seen_key(&key), &Seen { led_to, ..Seen::new(&receipt, at, &[]) });
        }
    }

    /// Makes the working store anew from the first record. Sends nothing: of all letters only numbered ones of the last day that
    /// never got a `Sent` still go out.
    ///
    /// # Errors
    /// [`StartError`].
    pub fn rebuild(&mut self, now: DateTime<Utc>) -> Result<u64, StartError> {
        tracing::warn!("the working store is made anew from the ledger");
        let state = Arc::clone(&self.state);
        let entries = self.ledger.read_after(None)?;
        let mut unsent: BTreeMap<LetterId, Unsent> = BTreeMap::new();
        let (mut count, mut world) = (0u64, World::on(&*state));
        for entry in entries {
            let record = record_of(entry?)?;
            self.remember(&mut world, record, &mut unsent, now);
            count += 1;
            if world.weight() >= HELD {
                // Without a position: a rebuild that is killed is begun anew, never taken for a store with a tail to catch
                // up on, whose letters would go out again.
                state.fill(world.into_overlay())?;
                world = World::on(&*state);
                tracing::debug!(records = count, "applied");
            }
        }
        let head = self.ledger.head();
        world.remove_all(&Key::new(own::HELD));
        for unsent in unsent.into_values() {
            match unsent {
                Unsent::Letter(letter) => world.put_at(letter.key(), &*letter),
                Unsent::Paper(kept) => world.put_at(kept.key(), &kept),
            }
        }
        state.fill(world.into_overlay())?;
        state.apply(&Overlay::new(), Some(&head))?;
        state.flush()?;
        Ok(count)
    }

    /// One record of a rebuild. What it led to is worked out only where it may still be needed: results and digests, and
    /// the answers to deliveries that a platform may repeat.
    fn remember(
        &mut self,
        world: &mut World<'_>,
        record: Record,
        unsent: &mut BTreeMap<LetterId, Unsent>,
        now: DateTime<Utc>,
    ) {
        let is_numbered = |fact: &Event| {
            matches!(
                fact,
                Event::PollClosed { .. } | Event::IssueClosed { .. } | Event::DigestClosed { number: Some(_), .. }
            )
        };
        for fact in &record.facts {
            if let Event::Sent { seq, index, .. } = fact {
                unsent.remove(&LetterId { seq: *seq, index: *index });
            }
        }
        let is_recent = now - record.at < Duration::days(i64::from(SEEN_DAYS) + 1);
        if !is_recent && !record.facts.iter().any(is_numbered) {
            Self::note_hour(world, record.at);
            return evolve(world, &record);
        }
        let at = record.at;
        let is_paper = record.facts.iter().any(is_numbered);
        let mut draft = Draft::default();
        self.replay_record(world, &mut draft, record);
        for letter in draft.letters {
            world.lift(&letter.key());
            if letter.is_numbered && now - at < Duration::days(1) {
                unsent.insert(letter.id, Unsent::Letter(Box::new(letter)));
            }
        }
        for kept in if is_paper { Kept::all(world) } else { Vec::new() } {
            world.lift(&kept.key());
            if now - kept.from.max(at) < Duration::days(1) {
                unsent.insert(kept.id, Unsent::Paper(kept));
            }
        }
    }

    /// Whose data is to be erased.
    #[must_use]
    pub fn to_erase(&self) -> Vec<PersonId> {
        World::on(&*self.state).to_erase()
    }

    /// Says in the ledger what was erased.
    fn erased(&mut self, facts: Vec<Event>, now: DateTime<Utc>) -> Result<(), Fatal> {
        let state = Arc::clone(&self.state);
        let (mut world, mut draft) = (World::on(&*state), Draft { now, ..Draft::default() });
        let at = self.last_at.max(now);
        let record = self.record(Way::Clock, None, None, at, facts, 0);
        self.settle(&mut world, &mut draft, record, false, None);
        Self::note_hour(&mut world, at);
        self.make_durable(world.into_overlay(), draft, Committed::default(), &[])?;
        Ok(())
    }

    /// Letters that wait; those that were being sent when we went down are marked 补发.
    fn found_waiting(&self) -> Result<Vec<Outgoing>, StartError> {
        let world = World::on(&*self.state);
        let mut letters = waiting(&*self.state);
        for letter in letters.iter_mut().filter(|letter| letter.is_numbered) {
            if world.has(&crate::domain::history::sent::sending_key(letter.id.seq, letter.id.index)) {
                letter.repeat();
            }
        }
        Ok(letters)
    }
}
