//! 重演 — feeds a story through the same committer, store and delivery queues, with a clock of its own, and compares what every chat
//! receives (interface.md, “Story files”).

use super::chance::Dice;
use super::delivery::{Next, Queue};
use super::fixtures::Fixtures;
use super::letters::{Outgoing, note_card};
use super::office::{Committed, Fatal, Job};
use super::start::{self, Started};
use super::story_beat::target;
use crate::domain::addressee::Leaves;
use crate::domain::event::Event;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use crate::language::Catalog;
use crate::platform::{
    About, Content, Edited, File, Hangs, Incoming, Letter, Pace, Place, Quote, Receipt, Said, Sender, SenderKind,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

pub use super::story_beat::{Beat, Cause, Received};

/// The prefix of every address in a story.
const PREFIX: &str = "local";
/// Steps of the clock between two lines, at most.
const MOST_STEPS: usize = 100_000;

/// A line of a story.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Number.
    pub n: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// What is done.
    #[serde(rename = "do")]
    pub act: Act,
    /// Where: a group, or `pm`.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// Who. In the built-in chat that is proof enough.
    pub who: Option<String>,
    /// The account it comes from, where it is another one: then `who` is only the name the platform shows and proves nothing.
    /// Its private chat is `pm:ACCOUNT`.
    pub account: Option<String>,
    /// Text.
    pub text: Option<String>,
    /// A file that hangs on the message; what is written with it is `text`.
    pub file: Option<Attached>,
    /// The line replied to, or changed.
    pub reply_to: Option<u32>,
    /// `station:NAME` or `topic:NO`.
    pub page: Option<String>,
    /// A form.
    pub form: Option<Form>,
    /// Length of a voice message; of a restart: how long the process was down.
    pub seconds: Option<u32>,
    /// Label of a button.
    pub button: Option<String>,
    /// What every chat receives.
    #[serde(default)]
    pub expect: Vec<Expected>,
    /// That nobody receives anything: also what is looked at nowhere else, toasts and whatever a tick brings without being listed.
    #[serde(default)]
    pub silent: bool,
    /// For readers.
    pub note: Option<String>,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A message.
    Say,
    /// A voice message.
    Voice,
    /// A button.
    Press,
    /// The message of line `reply_to` is changed to `text`, by the same account in the same chat. It keeps what it replied to.
    Edit,
    /// A form on a page.
    Web,
    /// The clock reaches the moment.
    Tick,
    /// More that the line before caused.
    Expect,
    /// The process is killed and starts again; with `text` = `rebuild` its working store is thrown away as well, with
    /// `timezone=NAME` it starts in another time zone.
    Restart,
    /// The clock of the machine jumps to `at`, forward or back; no time has passed.
    Jump,
}

/// A file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// Its name.
    pub name: String,
    /// What is in it, in UTF-8.
    pub text: String,
}

/// A form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Title.
    pub title: String,
    /// Text.
    #[serde(default)]
    pub text: String,
}

/// What chats receive.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// Group ids, `pm:NAME`, `page`, or `toast`.
    pub to: Vec<String>,
    /// The text.
    pub text: String,
    /// Parts of the text that stand for one or more characters.
    #[serde(default)]
    pub any: Vec<String>,
}

/// A story does not go as it says.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A line is no JSON of this form.
    #[error("line {line} of the story cannot be read: {why}")]
    Read {
        /// Line of the file.
        line: usize,
        /// Why.
        why: serde_json::Error,
    },
    /// A line lacks something.
    #[error("line {n} of the story lacks {what}")]
    Lacks {
        /// Its number.
        n: u32,
        /// What.
        what: &'static str,
    },
    /// The first difference.
    #[error("line {n} differs\n{detail}")]
    Differs {
        /// Its number.
        n: u32,
        /// Both sides.
        detail: String,
    },
    /// The clock is not run when something comes due.
    #[error("before line {n} something comes due at {due:?}, and the clock is run at {set:?}")]
    Overslept {
        /// Number of the line.
        n: u32,
        /// When something comes due.
        due: Option<DateTime<Utc>>,
        /// When the clock is run.
        set: Option<DateTime<Utc>>,
    },
    /// The program itself fails.
    #[error(transparent)]
    Fatal(#[from] Fatal),
    /// It cannot start.
    #[error(transparent)]
    Start(#[from] start::StartError),
    /// The fixtures are wrong.
    #[error(transparent)]
    Fixtures(#[from] super::fixtures::FixtureError),
}

/// Reads a story: JSON lines; empty ones and those that begin with `//` are passed over.
///
/// # Errors
/// [`ReplayError::Read`].
pub fn read(text: &str) -> Result<Vec<Line>, ReplayError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with("//"))
        .map(|(at, line)| serde_json::from_str(line).map_err(|why| ReplayError::Read { line: at + 1, why }))
        .collect()
}

/// Whoever watches the story is told of each thing as it happens.
pub type Watch<'w> = dyn FnMut(&Beat) + 'w;

/// What somebody wrote, as it may be quoted or changed later.
#[derive(Debug, Clone)]
struct Message {
    key: String,
    at: DateTime<Utc>,
    text: String,
    reply: Option<Quote>,
}

/// Plays a story in a data folder, which must be empty.
///
/// # Errors
/// [`ReplayError`], at the first line that differs.
pub fn play(
    data: &Path,
    fixtures: &Fixtures,
    story: &[Line],
    mut settings: Settings,
    catalog: &'static Catalog,
    watch: &mut Watch<'_>,
) -> Result<Stage, ReplayError> {
    fixtures.committee.over(&mut settings)?;
    let begin = story.first().map_or(DateTime::UNIX_EPOCH, |line| line.at);
    let settings = Arc::new(settings);
    let mut stage = Stage::open(data, Arc::clone(&settings), catalog, begin)?;
    let facts = fixtures.facts(catalog, &settings, PREFIX)?;
    if !facts.is_empty() {
        stage.started.office.enter(facts, begin)?;
    }
    stage.feels = story.iter().any(|line| line.act == Act::Jump);
    stage.names = fixtures.groups.iter().map(|group| (group.id.clone(), group.name.clone())).collect();
    let mut at = 0;
    while let Some((line, rest)) = story.get(at..).and_then(<[Line]>::split_first) {
        let (expected, more) = expected(line, rest);
        stage.play_line(data, line, &expected, watch)?;
        at += 1 + more;
    }
    Ok(stage)
}

/// What a line says is received, with the `expect` lines that follow it, and how many these are.
#[must_use]
pub fn expected(line: &Line, rest: &[Line]) -> (Vec<Expected>, usize) {
    let more: Vec<&Line> = rest.iter().take_while(|next| next.act == Act::Expect).collect();
    let mut expected = line.expect.clone();
    expected.extend(more.iter().flat_map(|next| next.expect.iter().cloned()));
    (expected, more.len())
}

/// The chats of a story.
pub struct Stage {
    /// The office, and its lock.
    pub started: Started,
    settings: Arc<Settings>,
    catalog: &'static Catalog,
    queues: BTreeMap<String, Queue>,
    names: HashMap<String, String>,
    /// What a line caused: (line, chat) → the bot's last message there.
    said_by_bot: HashMap<(u32, String), Received>,
    said_by_people: HashMap<u32, Message>,
    now: DateTime<Utc>,
    /// Time that has passed, whatever the clock shows; and whether it is felt.
    felt: std::time::Duration,
    feels: bool,
    messages: u64,
    deliveries: u64,
    /// Every letter sent so far.
    pub sent: Vec<Received>,
}

impl Stage {
    fn open(
        data: &Path,
        settings: Arc<Settings>,
        catalog: &'static Catalog,
        now: DateTime<Utc>,
    ) -> Result<Self, ReplayError> {
        let mut started = start::open(data, Arc::clone(&settings), catalog, now)?;
        started.office.dice = Dice::Counted(0);
        let mut letters = std::mem::take(&mut started.letters);
        letters.extend(started.office.admit_admins(now)?);
        let mut stage = Self {
            started,
            settings,
            catalog,
            queues: BTreeMap::new(),
            names: HashMap::new(),
            said_by_bot: HashMap::new(),
            said_by_people: HashMap::new(),
            now,
            felt: std::time::Duration::ZERO,
            feels: false,
            messages: 0,
            deliveries: 0,
            sent: Vec::new(),
        };
        stage.queue(letters);
        Ok(stage)
    }

    fn queue(&mut self, letters: Vec<Outgoing>) {
        for letter in letters {
            let chat = letter.letter.chat.clone();
            self.queues.entry(chat).or_insert_with(|| Queue::new(Pace::FREE)).push(letter);
        }
    }

    fn play_line(
        &mut self,
        data: &Path,
        line: &Line,
        expected: &[Expected],
        watch: &mut Watch<'_>,
    ) -> Result<(), ReplayError> {
        let down = line.seconds.filter(|_| line.act == Act::Restart).map_or(0, i64::from);
        self.wakes_in_time(line)?;
        if line.act == Act::Jump {
            self.now = line.at;
        } else {
            self.run_clock(line.at - chrono::Duration::seconds(down), line.act == Act::Tick, watch)?;
            self.pass_until(line.at);
        }
        let (cause, received) = match line.act {
            Act::Restart => {
                self.restart(data, line)?;
                let mut received = self.deliver()?;
                let committed = self.started.office.commit(&[Job::Tick], self.now)?;
                received.extend(self.after(committed)?.1);
                (Cause::Restart, received)
            }
            Act::Tick | Act::Jump => {
                let committed = self.started.office.commit(&[Job::Tick], self.now)?;
                (Cause::Clock, self.after(committed)?.1)
            }
            _ => {
                let incoming = self.incoming(line)?;
                let committed = self.started.office.commit(&[Job::Heard(incoming.clone())], self.now)?;
                let (receipt, mut received) = self.after(committed)?;
                received.extend(aside(&receipt));
                (Cause::Heard(Box::new(incoming)), received)
            }
        };
        for letter in &received {
            self.said_by_bot.insert((line.n, letter.to.clone()), letter.clone());
        }
        let beat = Beat { n: Some(line.n), at: self.now.with_timezone(&self.settings.tz), cause, received };
        watch(&beat);
        compare(line, expected, &beat.received)
    }

    /// Time passes.
    fn pass_until(&mut self, at: DateTime<Utc>) {
        self.felt += (at - self.now).to_std().unwrap_or_default();
        self.now = at;
        if self.feels {
            self.started.office.feel(self.felt);
        }
    }

    /// Kills the office without a clean stop and starts it again on the same folder.
    fn restart(&mut self, data: &Path, line: &Line) -> Result<(), ReplayError> {
        let aside = data.join("aside");
        let old = std::mem::replace(
            &mut self.started,
            start::open(&aside, Arc::clone(&self.settings), self.catalog, line.at)?,
        );
        let dice = old.office.dice;
        drop(old);
        if line.text.as_deref() == Some("rebuild") {
            crate::state::State::clear(&data.join("state")).map_err(start::StartError::from)?;
        }
        if let Some(zone) = line.text.as_deref().and_then(|text| text.strip_prefix("timezone=")) {
            let tz = zone.parse().map_err(|_| ReplayError::Lacks { n: line.n, what: "a time zone" })?;
            self.settings = Arc::new(Settings { tz, ..Settings::clone(&self.settings) });
        }
        self.started = start::open(data, Arc::clone(&self.settings), self.catalog, line.at)?;
        self.started.office.dice = dice;
        if self.feels {
            self.started.office.feel(self.felt);
        }
        self.started.office.begin(line.at)?;
        let _ = std::fs::remove_dir_all(&aside);
        self.queues.clear();
        let mut letters = std::mem::take(&mut self.started.letters);
        letters.extend(self.started.office.admit_admins(line.at)?);
        self.queue(letters);
        Ok(())
    }

    /// The clock is run no later than something comes due, whatever was said last.
    fn wakes_in_time(&self, line: &Line) -> Result<(), ReplayError> {
        let (set, due) = (self.started.office.next_due(self.now), self.started.office.due_afresh(self.now));
        let is_late = due.is_some_and(|due| set.is_none_or(|set| set > due.max(self.now)));
        if is_late { Err(ReplayError::Overslept { n: line.n, due, set }) } else { Ok(()) }
    }

    /// Runs through every due moment before `until`; with `stop_short` what is due at `until` itself is left for the line.
    fn run_clock(&mut self, until: DateTime<Utc>, stop_short: bool, watch: &mut Watch<'_>) -> Result<(), ReplayError> {
        for _ in 0..MOST_STEPS {
            let waits = self.queues.values_mut().filter_map(|queue| match queue.next(self.now) {
                Next::Wait(at) => Some(at),
                Next::Send(_) | Next::Edit(_) => Some(self.now),
                Next::Idle => None,
            });
            let next = waits.chain(self.started.office.next_due(self.now)).min();
            let Some(next) = next.filter(|&next| if stop_short { next < until } else { next <= until }) else { break };
            self.pass_until(next.max(self.now));
            let committed = self.started.office.commit(&[Job::Tick], self.now)?;
            let received = self.after(committed)?.1;
            if !received.is_empty() {
                let at = self.now.with_timezone(&self.settings.tz);
                watch(&Beat { n: None, at, cause: Cause::Clock, received });
            }
        }
        Ok(())
    }

    fn after(&mut self, committed: Committed) -> Result<(Receipt, Vec<Received>), ReplayError> {
        let now = self.now;
        self.queue(committed.letters);
        for edit in committed.edits {
            let chat = edit.letter.chat.clone();
            self.queues.entry(chat).or_insert_with(|| Queue::new(Pace::FREE)).push_edit(edit, now);
        }
        let receipt = committed.receipts.into_iter().next().and_then(Result::ok).unwrap_or_default();
        Ok((receipt, self.deliver()?))
    }

    /// What the post does, at once: every letter that may go goes.
    fn deliver(&mut self) -> Result<Vec<Received>, ReplayError> {
        let mut received = Vec::new();
        let chats: Vec<String> = self.queues.keys().cloned().collect();
        for chat in chats {
            while let Some(queue) = self.queues.get_mut(&chat) {
                match queue.next(self.now) {
                    Next::Send(letter) => {
                        if self.may_leave(&chat, &letter)? {
                            received.push(self.send(&chat, &letter)?);
                        }
                    }
                    Next::Edit(edit) => queue.edited(&edit, &Ok(()), self.now),
                    Next::Wait(_) | Next::Idle => break,
                }
            }
        }
        self.sent.extend(received.iter().cloned());
        Ok(received)
    }

    /// As the post does it.
    fn may_leave(&mut self, chat: &str, letter: &Outgoing) -> Result<bool, ReplayError> {
        let state = Arc::clone(self.started.office.state());
        let leaves = letter.leaves(&World::on(&*state), self.now);
        if leaves == Leaves::Here {
            return Ok(true);
        }
        if let Some(queue) = self.queues.get_mut(chat) {
            queue.pass_over(letter.id);
        }
        match leaves {
            Leaves::Here => {}
            Leaves::Elsewhere(to) => {
                let letter = Outgoing { letter: Letter { chat: to, ..letter.letter.clone() }, ..letter.clone() };
                self.queue(vec![letter]);
            }
            Leaves::No(_) => state.forget(letter.key().bytes()).map_err(Fatal::from)?,
        }
        Ok(false)
    }

    fn send(&mut self, chat: &str, letter: &Outgoing) -> Result<Received, ReplayError> {
        let (seq, index) = (letter.id.seq, letter.id.index);
        if letter.is_numbered && !letter.is_repeat {
            self.started.office.commit(&[Job::Noted(Event::Sending { seq, index })], self.now)?;
        }
        self.messages += 1;
        let message = self.messages.to_string();
        if let Some(queue) = self.queues.get_mut(chat) {
            queue.done(letter.id, &Ok(message.clone()), self.now);
        }
        let state = Arc::clone(self.started.office.state());
        if letter.is_numbered {
            self.started.office.commit(&[Job::Noted(Event::Sent { seq, index, delivered: true })], self.now)?;
        } else if seq != 0 {
            state.forget(letter.key().bytes()).map_err(Fatal::from)?;
        }
        note_card(&state, letter, &message).map_err(Fatal::from)?;
        Ok(Received {
            to: target(chat),
            text: letter.letter.text.clone(),
            buttons: letter.letter.buttons.clone(),
            about: letter.letter.about.clone(),
        })
    }

    fn incoming(&mut self, line: &Line) -> Result<Incoming, ReplayError> {
        let lacks = |what| ReplayError::Lacks { n: line.n, what };
        let who = line.who.clone().ok_or_else(|| lacks("who"))?;
        let account = line.account.clone().unwrap_or_else(|| who.clone());
        let place = match (&line.page, line.place.as_deref()) {
            (Some(page), _) => page_of(page),
            (None, Some("pm")) => Place::Private { chat: format!("{PREFIX}:pm:{account}") },
            (None, Some(group)) => Place::Group {
                chat: format!("{PREFIX}:{group}"),
                name: self.names.get(group).cloned().unwrap_or_else(|| group.to_owned()),
                thread: None,
            },
            (None, None) => return Err(lacks("where")),
        };
        let here = match &place {
            Place::Group { chat, .. } | Place::Private { chat } => target(chat),
            Place::Page { .. } => "page".to_owned(),
        };
        self.deliveries += 1;
        let key = format!("story:{}", self.deliveries);
        let mut said_at = (line.act != Act::Press).then_some(line.at);
        let said = match line.act {
            Act::Voice => Said::Voice { seconds: line.seconds.unwrap_or(0) },
            Act::Web => {
                let form = line.form.clone().ok_or_else(|| lacks("form"))?;
                Said::Form { title: form.title, text: form.text }
            }
            Act::Press => {
                let on =
                    line.reply_to.and_then(|n| self.said_by_bot.get(&(n, here))).ok_or_else(|| lacks("reply_to"))?;
                let label = line.button.clone().ok_or_else(|| lacks("button"))?;
                if !on.buttons.contains(&label) {
                    return Err(lacks("such a button"));
                }
                Said::Press { label, on: on.about.clone() }
            }
            Act::Edit => {
                let text = line.text.clone().ok_or_else(|| lacks("text"))?;
                let old =
                    line.reply_to.and_then(|n| self.said_by_people.get_mut(&n)).ok_or_else(|| lacks("reply_to"))?;
                old.text.clone_from(&text);
                said_at = Some(old.at);
                let edit = Some(Edited { first: old.key.clone(), at: line.at });
                Said::Text { text, reply: old.reply.clone(), edit }
            }
            _ if line.file.is_some() => self.attached(line, &here),
            _ => {
                let text = line.text.clone().ok_or_else(|| lacks("text"))?;
                let reply = line.reply_to.map(|n| self.quote(n, &here));
                let message = Message { key: key.clone(), at: line.at, text: text.clone(), reply: reply.clone() };
                self.said_by_people.insert(line.n, message);
                Said::Text { text, reply, edit: None }
            }
        };
        Ok(Incoming {
            key,
            place,
            from: Sender {
                account: format!("{PREFIX}:{account}"),
                private_chat: Some(format!("{PREFIX}:pm:{account}")),
                name: who,
                name_is_proof: line.account.is_none(),
                kind: SenderKind::Person,
            },
            said_at,
            said,
        })
    }

    fn attached(&self, line: &Line, here: &str) -> Said {
        let Attached { name, text } = line.file.clone().unwrap_or_default();
        let file = File { name, hangs: Hangs::Here, content: Content::Bytes(text.into_bytes().into()) };
        let reply = line.reply_to.map(|n| self.quote(n, here));
        Said::File { caption: line.text.clone().unwrap_or_default(), reply, file }
    }

    fn quote(&self, n: u32, here: &str) -> Quote {
        match self.said_by_bot.get(&(n, here.to_owned())) {
            Some(letter) => Quote {
                by_bot: true,
                text: letter.text.clone(),
                about: letter.about.clone().map_or(About::Nothing, About::This),
                message: String::new(),
            },
            None => Quote {
                by_bot: false,
                text: self.said_by_people.get(&n).map(|said| said.text.clone()).unwrap_or_default(),
                about: About::Unknown,
                message: String::new(),
            },
        }
    }
}

fn page_of(page: &str) -> Place {
    match page.split_once(':') {
        Some(("station", name)) => Place::Page { station: Some(name.to_owned()), topic: None },
        Some(("topic", no)) => Place::Page { station: None, topic: no.parse().ok() },
        _ => Place::Page { station: None, topic: None },
    }
}

/// What the page and the presser saw.
fn aside(receipt: &Receipt) -> Vec<Received> {
    let made = |to: &str, text: &Option<String>| {
        text.clone().map(|text| Received { to: to.to_owned(), text, buttons: Vec::new(), about: None })
    };
    [made("page", &receipt.page), made("toast", &receipt.toast)].into_iter().flatten().collect()
}

/// Compares what a line caused with what it says: on a tick the listed ones must be among what is received, elsewhere every chat
/// receives exactly what is listed. Toasts are compared only where the line lists them, or demands silence.
///
/// # Errors
/// [`ReplayError::Differs`] with both sides.
pub fn compare(line: &Line, expected: &[Expected], received: &[Received]) -> Result<(), ReplayError> {
    let lists_toast = line.silent || expected.iter().any(|one| one.to.iter().any(|to| to == "toast"));
    let mut left: Vec<&Received> = received.iter().filter(|letter| letter.to != "toast" || lists_toast).collect();
    let mut missing = Vec::new();
    for one in expected {
        for to in &one.to {
            match left.iter().position(|letter| letter.to == *to && fits(one, &letter.text)) {
                Some(at) => drop(left.remove(at)),
                None => missing.push(format!("expected in {to}:\n{}", one.text)),
            }
        }
    }
    let may_be_more = line.act == Act::Tick && !line.silent;
    if missing.is_empty() && (may_be_more || left.is_empty()) {
        return Ok(());
    }
    let surplus = left.iter().map(|letter| format!("received in {}:\n{}", letter.to, letter.text));
    let detail = missing.into_iter().chain(surplus).collect::<Vec<_>>().join("\n---\n");
    Err(ReplayError::Differs { n: line.n, detail })
}

/// Whether a text is as expected; each part in `any` stands for one or more characters other than a line break.
fn fits(expected: &Expected, text: &str) -> bool {
    let mut pattern = regex::escape(&expected.text);
    for part in &expected.any {
        pattern = pattern.replace(&regex::escape(part), "[^\\n]+");
    }
    regex::Regex::new(&format!("^(?s:{pattern})$")).is_ok_and(|pattern| pattern.is_match(text))
}
