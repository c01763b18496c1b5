//! 办公室 — the committer. It takes all turns that wait as one batch, decides each on the world including the turns before it,
//! appends once, applies once, and only then lets answers go.
//!
//! If the append fails nothing is acknowledged and nothing has happened. After a failed sync the program ends.

use super::backlog::Backlog;
use super::chance::Dice;
use super::edits::Answered;
use super::files::Files;
use super::identity::by_configuration;
use super::letters::{Edit, LetterId, Outgoing, SEEN_DAYS, SENT_DAYS, Seen, Sent, day_of, letter_key};
use super::memory::{Memory, Remembered, SeenLately};
use super::merged_receipts::Receipts;
use super::schedule::MOST_DUE;
use super::timekeeper::Timekeeper;
use super::turn::Draft;
use super::waiting::Waiting;
use crate::domain::decide::limits::Limits;
use crate::domain::event::Event;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::{Key, Overlay, World, is_written, kind};
use crate::domain::people::erasure;
use crate::language::{Catalog, Lang, Rendered, Site};
use crate::ledger::{AppendError, Ledger};
use crate::platform::{Incoming, Letter, Place, Receipt, Refused};
use crate::say;
use crate::state::{State, StateError, own};
use chrono::{DateTime, Duration, Utc};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};

/// Turns taken in one batch.
pub const MOST_TURNS: usize = 256;
/// What [`Office::look_ahead`] reads: when something comes due changes where one of these kinds is written, and nowhere else. What
/// waits for its moment is found by the moment in its key, so no fact has to say that it changes one.
pub(super) const AHEAD: [u8; 6] = [kind::DUE, kind::GROUP, kind::DIGEST_STATE, kind::PERIOD, own::HELD, own::PAPER];
/// Remembered deliveries looked through at one tick.
const PRUNED_AT_ONCE: usize = 500;

/// Facts of the office that become one record, in bytes; a line of the ledger may have four times as many.
const ENTERED_BYTES: usize = 256 * 1024;

/// The program cannot go on; what was not acknowledged did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// The ledger could not be written or synced.
    #[error("the ledger cannot be written: {0}")]
    Ledger(AppendError),
    /// The working store fails.
    #[error(transparent)]
    State(#[from] StateError),
    /// The working store gave back something unreadable.
    #[error("the working store is damaged; start again and it is made anew from the ledger")]
    Damaged,
    /// What came due cannot be decided: a bug.
    #[error("what came due cannot be decided, which is a bug; nothing is lost, please report it")]
    Broken,
    /// A record could not be written as JSON: a bug.
    #[error("a record cannot be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// Something for the committer to do.
#[derive(Debug, Clone)]
pub enum Job {
    /// Something arrived from a platform.
    Heard(Incoming),
    /// Delivery notes what becomes of a numbered letter.
    Noted(Event),
    /// Everything a platform had kept for us has been taken.
    CaughtUp(&'static str),
    /// The clock.
    Tick,
    /// Nothing new is taken from now on.
    Stop,
}

/// What a batch came to.
#[derive(Debug, Default)]
pub struct Committed {
    /// An answer for each job, in order.
    pub receipts: Vec<Result<Receipt, Refused>>,
    /// Letters to hand to delivery, in order.
    pub letters: Vec<Outgoing>,
    /// Changes to live cards.
    pub edits: Vec<Edit>,
}

impl Committed {
    fn follow(&mut self, next: Self) {
        self.receipts.extend(next.receipts);
        self.letters.extend(next.letters);
        self.edits.extend(next.edits);
    }

    /// Letters are sent by the clock of the machine, however wrong.
    fn by_the_clock(mut self, skew: Duration) -> Self {
        for letter in &mut self.letters {
            letter.not_before = letter.not_before.map(|at| at + skew);
        }
        self
    }
}

/// What an office was like before a batch.
struct Beginning {
    next_due: Option<DateTime<Utc>>,
    is_due_known: bool,
    backlog: Backlog,
    pruned_on: u32,
    prune_from: Vec<u8>,
}

/// What the bot is called: its own name, and what platforms call it once they are connected.
pub type Names = Arc<RwLock<Vec<String>>>;

/// Tells how long it has run.
pub type Stopwatch = Box<dyn Fn() -> std::time::Duration + Send>;

/// The committer.
pub struct Office {
    pub(super) ledger: Box<dyn Ledger>,
    pub(super) state: Arc<State>,
    pub(super) settings: Arc<Settings>,
    pub(super) catalog: &'static Catalog,
    pub(super) bot_names: Names,
    pub(super) limits: Limits,
    pub(super) answers: u32,
    pub(super) receipts: Receipts,
    pub(super) memory: Box<Memory>,
    pub(super) seen_lately: SeenLately,
    /// Chats that were told lately that the disk is full.
    told_full: HashMap<String, DateTime<Utc>>,
    /// When something comes due next, as far as known; recomputed when a fact may have changed it.
    pub(super) next_due: Option<DateTime<Utc>>,
    pub(super) is_due_known: bool,
    /// The moment of the last record.
    pub(super) last_at: DateTime<Utc>,
    /// What time it is here.
    pub(super) time: Timekeeper,
    /// A stopwatch, where there is one: time is felt by it.
    pub(super) stopwatch: Option<Stopwatch>,
    /// Platforms that date what is said there by a clock of their own.
    pub(super) witnesses: Vec<&'static str>,
    is_full: bool,
    /// Somebody's erasure was ordered since the start.
    is_to_erase: bool,
    pruned_on: u32,
    prune_from: Vec<u8>,
    pub(super) backlog: Backlog,
    pub(super) answered: Answered,
    pub(super) waiting: Waiting,
    pub(super) files: Files,
    /// What was recorded of the clock, to be handed out with the next batch.
    pub(super) told_of_clock: Committed,
    /// Where chance comes from; stories count.
    pub dice: Dice,
}

impl Office {
    /// A committer on a ledger and the working store that stands at its head.
    #[must_use]
    pub fn new(ledger: Box<dyn Ledger>, state: Arc<State>, settings: Arc<Settings>, catalog: &'static Catalog) -> Self {
        Self {
            ledger,
            state,
            settings,
            catalog,
            bot_names: Arc::new(RwLock::new(vec!["协商助手".to_owned()])),
            limits: Limits::default(),
            answers: 0,
            receipts: Receipts::default(),
            memory: Box::default(),
            seen_lately: SeenLately::default(),
            told_full: HashMap::new(),
            next_due: None,
            is_due_known: false,
            last_at: DateTime::UNIX_EPOCH,
            time: Timekeeper::default(),
            stopwatch: None,
            witnesses: Vec::new(),
            is_full: false,
            is_to_erase: false,
            pruned_on: 0,
            prune_from: Vec::new(),
            backlog: Backlog::default(),
            answered: Answered::default(),
            waiting: Waiting::default(),
            files: Files::default(),
            told_of_clock: Committed::default(),
            dice: Dice::default(),
        }
    }

    /// The working store.
    #[must_use]
    pub fn state(&self) -> &Arc<State> {
        &self.state
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// What the bot is called.
    #[must_use]
    pub fn names(&self) -> Names {
        Arc::clone(&self.bot_names)
    }

    pub(super) fn called(&self) -> Vec<String> {
        self.bot_names.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the last record found no room on the disk.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Whether somebody's erasure was ordered: it is carried out by opening the office anew.
    #[must_use]
    pub fn is_to_erase(&self) -> bool {
        self.is_to_erase
    }

    /// There is room again, as far as a trial shows.
    pub fn room_found(&mut self) {
        self.is_full = false;
    }

    /// Sequence of the last record.
    #[must_use]
    pub fn head_seq(&self) -> u64 {
        self.ledger.head().seq
    }

    /// Does a batch of jobs. Everything in the answer is durable.
    ///
    /// # Errors
    /// [`Fatal`] when the program must end; none of the jobs is acknowledged then.
    pub fn commit(&mut self, jobs: &[Job], now: DateTime<Utc>) -> Result<Committed, Fatal> {
        let (now, skew) = (self.look_at_clock(jobs, now)?, self.time.skew());
        let mut all = std::mem::take(&mut self.told_of_clock);
        loop {
            let before = self.beginning();
            match catch_unwind(AssertUnwindSafe(|| self.decide_all(jobs, now))) {
                Ok(decided) => {
                    let (overlay, draft, done) = decided?;
                    let is_cut = draft.is_cut;
                    all.follow(self.make_durable(overlay, draft, done, jobs)?);
                    if !is_cut || self.is_full {
                        return Ok(all.by_the_clock(skew));
                    }
                }
                Err(_) => {
                    self.begin_again(before);
                    all.follow(self.commit_around(jobs, now + skew)?);
                    return Ok(all);
                }
            }
        }
    }

    /// What deciding a batch changes in the office itself, as far as anything would be missed if it stayed changed.
    fn beginning(&self) -> Beginning {
        Beginning {
            next_due: self.next_due,
            is_due_known: self.is_due_known,
            backlog: self.backlog.clone(),
            pruned_on: self.pruned_on,
            prune_from: self.prune_from.clone(),
        }
    }

    /// A batch that could not be decided did not happen. (The memory it read into is empty by then and fills again; limits and merged
    /// receipts have counted what will be tried again, which at worst merges a receipt too early.)
    fn begin_again(&mut self, before: Beginning) {
        let Beginning { next_due, is_due_known, backlog, pruned_on, prune_from } = before;
        (self.next_due, self.is_due_known, self.backlog) = (next_due, is_due_known, backlog);
        (self.pruned_on, self.prune_from) = (pruned_on, prune_from);
        self.answered.forget();
    }

    /// 坏消息 — deciding this batch brought down our own code. Nothing of it is durable; so each job is tried alone, and the one
    /// that cannot be decided is answered “刚才没记上” and passed over, instead of stopping everybody for ever.
    fn commit_around(&mut self, jobs: &[Job], now: DateTime<Utc>) -> Result<Committed, Fatal> {
        let mut all = Committed::default();
        match jobs {
            [] => return Err(Fatal::Broken),
            [job] => {
                // What came due does not fail by itself?
                all = self.commit(&[], now)?;
                tracing::error!("a turn could not be decided and was passed over: a bug, please report it");
                all.receipts.push(Ok(Receipt::default()));
                if let Job::Heard(Incoming { place: Place::Group { chat, .. } | Place::Private { chat }, .. }) = job {
                    let text = self.render(&say!("e.inner", who = self.coordinators()), self.lang()).text;
                    all.letters.push(self.unrecorded(Letter::plain(chat.clone(), text)));
                }
            }
            jobs => {
                for job in jobs {
                    all.follow(self.commit(std::slice::from_ref(job), now)?);
                }
            }
        }
        Ok(all)
    }

    /// Whom to ask when nothing else helps.
    pub(super) fn coordinators(&self) -> Value {
        let state = Arc::clone(&self.state);
        Value::List(World::on(&*state).coordinators_of("").iter().map(|person| (&person.name).into()).collect())
    }

    /// Decides a batch. Nothing is durable yet.
    fn decide_all(&mut self, jobs: &[Job], now: DateTime<Utc>) -> Result<(Overlay, Draft, Committed), Fatal> {
        let (state, memory) = (Arc::clone(&self.state), std::mem::take(&mut self.memory));
        let shelf = Remembered { state: &state, memory: &memory };
        let mut world = World::on(&shelf);
        let mut draft = Draft { now, ..Draft::default() };
        draft.is_cut = self.run_due(&mut world, &mut draft, self.due_until(now), MOST_DUE);
        let mut done = Committed::default();
        // What came due first comes first, however much it is: what was said waits until it is all done.
        let jobs = if draft.is_cut { &[] } else { jobs };
        for job in jobs {
            let receipt = match job {
                Job::Heard(incoming) => self.hear_in_its_place(&mut world, &mut draft, incoming, now),
                Job::Noted(event) => self.note(&mut world, &mut draft, event, now),
                Job::CaughtUp(platform) => self.caught_up(&mut world, &mut draft, platform, now),
                Job::Tick | Job::Stop => Receipt::default(),
            };
            done.receipts.push(Ok(receipt));
        }
        self.refresh_cards(&world, &mut draft);
        if jobs.iter().any(|job| matches!(job, Job::Tick)) {
            self.prune(&mut world, now);
        }
        if world.is_broken() || state.is_broken() {
            return Err(Fatal::Damaged);
        }
        if let Some(last) = draft.records.last() {
            Self::note_hour(&mut world, last.at);
        }
        let overlay = world.into_overlay();
        self.is_due_known &= !AHEAD.iter().any(|&kind| is_written(&overlay, kind));
        self.memory = memory;
        Ok((overlay, draft, done))
    }

    pub(super) fn make_durable(
        &mut self,
        overlay: Overlay,
        draft: Draft,
        mut done: Committed,
        jobs: &[Job],
    ) -> Result<Committed, Fatal> {
        let bodies = draft.records.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>()?;
        match self.ledger.append(self.head_seq(), &bodies) {
            Ok(position) => {
                self.heed_clock(&draft);
                let orders = |fact: &Event| matches!(fact, Event::Erasure(erasure::Fact::Ordered { .. }));
                self.is_to_erase |= draft.records.iter().any(|record| record.facts.iter().any(orders));
                self.last_at = draft.records.last().map_or(self.last_at, |last| last.at);
                if !overlay.is_empty() {
                    self.state.apply(&overlay, Some(&position))?;
                    self.memory.written(overlay);
                }
                self.is_full &= bodies.is_empty();
                done.letters = draft.letters;
                done.edits = draft.edits;
                Ok(done)
            }
            Err(AppendError::Full) => {
                tracing::error!("the disk is full: nothing is recorded until there is room");
                self.is_due_known = false;
                self.answered.forget();
                self.is_full = true;
                done.receipts = jobs.iter().map(|_| Err(Refused::Closed)).collect();
                done.letters = self.tell_full(jobs);
                Ok(done)
            }
            Err(error) => Err(Fatal::Ledger(error)),
        }
    }

    /// 存储空间不足 — said once in ten minutes in each chat that wanted something recorded.
    fn tell_full(&mut self, jobs: &[Job]) -> Vec<Outgoing> {
        let text = self.render(&say!("e.full"), self.lang()).text;
        let now = self.time.latest();
        self.told_full.retain(|_, at| now - *at < Duration::minutes(10));
        let mut letters = Vec::new();
        for job in jobs {
            let Job::Heard(Incoming { place: Place::Group { chat, .. } | Place::Private { chat }, .. }) = job else {
                continue;
            };
            if self.told_full.len() < 1_000 && self.told_full.insert(chat.clone(), now).is_none() {
                let letter = Letter::plain(chat.clone(), text.clone());
                letters.push(self.unrecorded(letter));
            }
        }
        letters
    }

    /// An answer that nothing was recorded for.
    pub(super) fn unrecorded(&mut self, letter: Letter) -> Outgoing {
        self.answers = self.answers.wrapping_add(1);
        Outgoing::answer(LetterId { seq: 0, index: self.answers }, letter)
    }

    /// When the clock has to be run next.
    #[must_use]
    pub fn next_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let skew = self.time.skew();
        if self.is_due_known { self.next_due.map(|at| at + skew) } else { self.due_afresh(now) }
    }

    /// When something comes due next, looked up anew. [`Office::next_due`] must never be later: then it would be overslept.
    #[must_use]
    pub fn due_afresh(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let skew = self.time.skew();
        self.look_ahead(&World::on(&*self.state), now - skew).map(|at| at + skew)
    }

    /// What becomes of a numbered letter is itself a fact.
    fn note(&mut self, world: &mut World<'_>, draft: &mut Draft, event: &Event, now: DateTime<Utc>) -> Receipt {
        if let Event::Sent { seq, index, .. } = event {
            world.remove(letter_key(LetterId { seq: *seq, index: *index }));
        }
        let now = self.not_before_last(draft, now);
        let record = self.record(Way::Clock, None, None, now, vec![event.clone()], draft.records.len());
        self.settle(world, draft, record, false, None);
        Receipt::default()
    }

    /// Appends records of the office itself: fixtures, configuration.
    ///
    /// # Errors
    /// [`Fatal`].
    pub fn enter(&mut self, facts: Vec<Event>, now: DateTime<Utc>) -> Result<(), Fatal> {
        let now = self.time.look(now).0;
        let state = Arc::clone(&self.state);
        let mut world = World::on(&*state);
        let mut draft = Draft::default();
        for facts in lines_of(facts)? {
            let record = self.record(Way::Office, None, None, now, facts, draft.records.len());
            self.settle(&mut world, &mut draft, record, false, None);
        }
        self.is_due_known = false;
        if let Some(last) = draft.records.last() {
            Self::note_hour(&mut world, last.at);
        }
        self.make_durable(world.into_overlay(), draft, Committed::default(), &[])?;
        Ok(())
    }

    /// 管理员 — `admins` of the configuration is what counts, at every start: what it changes is a record, and told.
    ///
    /// # Errors
    /// [`Fatal`].
    pub fn admit_admins(&mut self, now: DateTime<Utc>) -> Result<Vec<Outgoing>, Fatal> {
        let now = self.time.look(now).0;
        let state = Arc::clone(&self.state);
        let mut world = World::on(&*state);
        let facts = by_configuration(&world, &self.settings);
        if facts.is_empty() {
            return Ok(Vec::new());
        }
        tracing::warn!(
            changes = facts.len(),
            "the administrators of the configuration differ from those of the record"
        );
        let mut draft = Draft { now, ..Draft::default() };
        let at = self.not_before_last(&draft, now);
        let record = self.record(Way::Office, None, None, at, facts, 0);
        self.settle(&mut world, &mut draft, record, false, None);
        Self::note_hour(&mut world, at);
        self.is_due_known = false;
        let done = self.make_durable(world.into_overlay(), draft, Committed::default(), &[])?;
        Ok(done.letters)
    }

    pub(super) fn lang(&self) -> Lang {
        Lang::from_code(&self.settings.language)
    }

    pub(super) fn site(&self) -> Site {
        Site { public_url: self.settings.public_url.clone(), tz: self.settings.tz }
    }

    pub(super) fn render(&self, say: &Say, lang: Lang) -> Rendered {
        crate::language::render(self.catalog, say, lang, &self.site())
    }

    /// Deliveries older than two days are forgotten, and what old messages are about: once a day all are looked through, some at
    /// each tick.
    fn prune(&mut self, world: &mut World<'_>, now: DateTime<Utc>) {
        let today = day_of(now);
        if self.pruned_on == today {
            return;
        }
        let from = std::mem::take(&mut self.prune_from);
        let next = if from.first() == Some(&own::SENT) {
            sweep(world, own::SENT, &from, |sent: &Sent| sent.day + SENT_DAYS < today)
        } else {
            let next = sweep(world, own::SEEN, &from, |delivery: &Seen| delivery.day + SEEN_DAYS < today);
            next.or_else(|| Some(vec![own::SENT]))
        };
        match next {
            Some(next) => self.prune_from = next,
            None => self.pruned_on = today,
        }
    }
}

/// Takes away what is old among some rows of a kind, and tells where to go on; `None` = all were looked at.
fn sweep<T: serde::de::DeserializeOwned>(
    world: &mut World<'_>,
    kind: u8,
    from: &[u8],
    is_old: impl Fn(&T) -> bool,
) -> Option<Vec<u8>> {
    let (mut old, mut seen, mut last) = (Vec::new(), 0, None);
    world.scan_from(&Key::new(kind), from, |key, row: T| {
        seen += 1;
        last = Some(key.to_vec());
        if is_old(&row) {
            old.push(key.to_vec());
        }
        seen < PRUNED_AT_ONCE
    });
    for key in old {
        world.remove(Key::raw(key));
    }
    let mut last = last.filter(|_| seen >= PRUNED_AT_ONCE)?;
    last.push(0);
    Some(last)
}

/// Facts as records of a length that the ledger takes: a town of some thousand people is more than a line.
fn lines_of(facts: Vec<Event>) -> Result<Vec<Vec<Event>>, Fatal> {
    let (mut lines, mut bytes) = (vec![Vec::new()], 0);
    for fact in facts {
        let length = serde_json::to_vec(&fact)?.len();
        if bytes > 0 && bytes + length > ENTERED_BYTES {
            lines.push(Vec::new());
            bytes = 0;
        }
        bytes += length;
        if let Some(line) = lines.last_mut() {
            line.push(fact);
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::About;
    use crate::state::State;

    #[test]
    fn what_old_messages_are_about_is_forgotten_bit_by_bit() {
        let dir = std::env::temp_dir().join(format!("xieshang-sweep-{}", std::process::id()));
        State::clear(&dir).unwrap();
        let (state, _) = State::open(&dir).unwrap();
        let many = u32::try_from(PRUNED_AT_ONCE).unwrap() + 10;
        for n in 0..many {
            let row = postcard::to_allocvec(&Sent { day: n % 2, about: About::Nothing }).unwrap();
            state.note(Key::new(own::SENT).text("telegram:-1").num(n).bytes(), &row).unwrap();
        }
        let mut world = World::on(&state);
        let is_old = |sent: &Sent| sent.day == 0;
        let next = sweep(&mut world, own::SENT, &[], is_old).unwrap();
        assert_eq!(sweep(&mut world, own::SENT, &next, is_old), None);
        let left: Vec<Sent> = world.list(&Key::new(own::SENT), usize::MAX);
        assert_eq!(left.len(), usize::try_from(many / 2).unwrap());
        assert!(left.iter().all(|sent| sent.day == 1));
        drop(state);
        State::clear(&dir).unwrap();
    }
}
