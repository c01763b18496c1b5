//! 控制台 — the person at the machine's own terminal speaks with the bot in private: a line typed is a message, what the bot says is
//! printed. For an administrator when the network is down.
//!
//! Whoever sits there is called as the configuration says, which proves nothing: what they may do is what their account, `console:` and
//! that name, was given. Lines of a terminal come once and are kept by nobody.

use super::{Capabilities, Incoming, Intake, Letter, MAX_TEXT_BYTES, Pace, Place, Platform, Refused, Said};
use super::{SendError, Sender, SenderKind};
use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::io::{BufRead, Write};
use std::sync::Arc;
use std::thread;
use tokio::sync::{mpsc, oneshot, watch};

/// First part of the one address and account here.
pub const NAME: &str = "console";
/// Longest name, in characters.
const NAME_CHARS: usize = 20;
/// Lines that wait to be heard, and letters that wait to be printed.
const WAITING: usize = 64;
/// It prints, and that is all.
const CAN: Capabilities = Capabilities { listens: false, buttons: false, edits: false, ..Capabilities::OWN };

/// The time, as whoever starts it reads it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

type Printing = (String, oneshot::Sender<Result<(), String>>);

/// The terminal.
pub struct Console {
    who: String,
    clock: Clock,
    /// What tells the lines of this start from those of others.
    start: String,
    printer: mpsc::Sender<Printing>,
}

impl Console {
    /// A terminal at which somebody of this name sits, whose lines are printed to `out`.
    ///
    /// # Errors
    /// A sentence, if nobody can be called so.
    pub fn new(who: &str, clock: Clock, out: impl Write + Send + 'static) -> Result<Arc<Self>, String> {
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '·' | ' ');
        let is_name = (1..=NAME_CHARS).contains(&who.chars().count()) && who.trim() == who && who.chars().all(fits);
        if !is_name {
            return Err(format!("name = “{who}”: up to {NAME_CHARS} letters, digits, · and blanks"));
        }
        let mut chance = [0_u8; 8];
        getrandom::fill(&mut chance).map_err(|error| format!("no chance: {error}"))?;
        let start = chance.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Arc::new(Self { who: who.to_owned(), clock, start, printer: printer(out) }))
    }

    /// The account and the address of whoever sits there.
    #[must_use]
    pub fn account(&self) -> String {
        format!("{NAME}:{}", self.who)
    }

    /// Hears line by line until the input ends or it is told to stop.
    pub async fn run(
        &self,
        input: impl BufRead + Send + 'static,
        intake: &dyn Intake,
        mut stop: watch::Receiver<bool>,
    ) {
        let mut lines = reader(input);
        let mut n = 0_u64;
        loop {
            let line = tokio::select! {
                line = lines.recv() => line,
                _ = stop.wait_for(|stop| *stop) => None,
            };
            let Some(line) = line else { return };
            n += 1;
            let sorry = if line.len() > MAX_TEXT_BYTES {
                Some("内容太长，一条最多约2万字。请分几条发。")
            } else {
                match intake.take_in_turn(self.incoming(line, n)).await {
                    Ok(_) => None,
                    Err(Refused::Busy | Refused::Closed) => Some("协商助手暂停接收，这条没有记上。"),
                }
            };
            if let Some(sorry) = sorry
                && let Err(error) = self.print(sorry).await
            {
                tracing::warn!(%error, "the terminal takes nothing");
            }
        }
    }

    fn incoming(&self, line: String, n: u64) -> Incoming {
        Incoming {
            key: format!("{NAME}:{}:{n}", self.start),
            place: Place::Private { chat: self.account() },
            from: Sender {
                account: self.account(),
                name: self.who.clone(),
                name_is_proof: false,
                kind: SenderKind::Person,
                private_chat: Some(self.account()),
            },
            said_at: Some((self.clock)()),
            said: Said::Text { text: line, reply: None, edit: None },
        }
    }

    /// Prints a text with an empty line behind it. What would steer the terminal is left away.
    async fn print(&self, text: &str) -> Result<(), SendError> {
        let plain: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        let (done, printed) = oneshot::channel();
        let gone = || SendError::NotSent("the terminal is gone".to_owned());
        self.printer.send((format!("{plain}\n\n"), done)).await.map_err(|_| gone())?;
        printed.await.map_err(|_| gone())?.map_err(SendError::NotSent)
    }
}

/// Prints on a thread of its own: a terminal that stands still must hold up nobody, not even the end of the program.
fn printer(mut out: impl Write + Send + 'static) -> mpsc::Sender<Printing> {
    let (sender, mut waiting) = mpsc::channel::<Printing>(WAITING);
    thread::spawn(move || {
        while let Some((text, done)) = waiting.blocking_recv() {
            let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
            // Whoever asked may have gone; it is printed all the same.
            let _ = done.send(printed.map_err(|error| error.to_string()));
        }
    });
    sender
}

/// Reads on a thread of its own, for the same reason. Empty lines are nothing said.
fn reader(mut input: impl BufRead + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel(WAITING);
    thread::spawn(move || {
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let said = String::from_utf8_lossy(&line).trim().to_owned();
            line.clear();
            if !said.is_empty() && sender.blocking_send(said).is_err() {
                return;
            }
        }
    });
    lines
}

impl Platform for Console {
    fn name(&self) -> &'static str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        CAN
    }

    fn pace(&self, _chat: &str) -> Pace {
        Pace::FREE
    }

    fn send<'a>(&'a self, letter: &'a Letter, _piece: usize) -> BoxFuture<'a, Result<String, SendError>> {
        async move {
            if letter.chat != self.account() {
                return Err(SendError::Gone(letter.chat.clone()));
            }
            self.print(&letter.text).await.map(|()| "printed".to_owned())
        }
        .boxed()
    }

    /// What is printed is printed; the next card says how it stands.
    fn edit<'a>(&'a self, _message: &'a str, _letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        std::future::ready(Ok(())).boxed()
    }
}
