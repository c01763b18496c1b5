//! 填票 — what somebody's words mean in the poll they are for.

use crate::domain::decide::poll::enter;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{TopicNo, VoterNo};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::kernel::words::Words;
use crate::domain::scene::{Ctx, Decided, Decision, Place};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::vote::poll::filling::{Said, listed};
use crate::domain::vote::poll::terms::{Fault, Marks, Method, Terms};
use crate::domain::vote::poll::{Ballot, Fact, Poll, ProxyLine, choice_words};
use crate::domain::vote::tally::Choice;
use crate::say;

/// What a ballot says once it is known that it may be cast.
pub(in crate::domain) struct Filled {
    /// For the vault.
    pub choice: Words,
    /// 理由, where the poll asks 反对 for one: then every ballot has room for it, filled or not, so that none is told by it.
    pub reason: Option<Words>,
}

impl Filled {
    /// A choice in a poll of yes and no.
    fn plain(choice: Choice, reason: Option<&str>) -> Self {
        Self { choice: choice_words(choice), reason: reason.map(Words::from) }
    }

    /// The reason, as a fact of its own behind the ballot.
    pub(crate) fn reason(self, poll: &Poll, voter: VoterNo) -> Option<Event> {
        self.reason.map(|reason| Event::Poll(Fact::Reasoned { poll: poll.no, voter, reason, paper: false }))
    }
}

/// One of 赞成, 反对, 弃权.
pub(in crate::domain) fn choice(ctx: &Ctx<'_>, poll: &Poll, choice: Choice, reason: &str) -> Result<Filled, Say> {
    let Some(terms) = ctx.world.poll_terms(poll.no) else { return Ok(Filled::plain(choice, None)) };
    if let Some(method) = terms.method {
        if choice == Choice::Abstain {
            return Ok(Filled { choice: Marks::default().words(method), reason: None });
        }
        return Err(say!("e.options", no = poll.topic, options = listed(&terms), eg = terms.example()));
    }
    let reason = reason.trim();
    if !terms.reasons || choice != Choice::Against {
        return Ok(Filled::plain(choice, terms.reasons.then_some("")));
    }
    if !says_something(reason) {
        return Err(say!("e.why_against", no = poll.topic));
    }
    within(reason, MAX_REASON)?;
    Ok(Filled::plain(choice, Some(reason)))
}

/// 反对理由 on a paper ballot. Who hands one in may have written none; one that is not against, or where no reasons are asked for, has no
/// place for it.
pub(super) fn on_paper(poll: &Poll, terms: &Terms, line: &ProxyLine, called: &Value) -> Result<Option<Words>, Say> {
    let reason = line.reason.trim();
    if reason.is_empty() {
        return Ok(terms.reasons.then(Words::default));
    }
    let (no, hh, said) = (poll.topic, called.clone(), Value::Quote(reason.to_owned()));
    if !terms.reasons {
        return Err(say!("e.proxy_no_reasons", no = no, hh = hh, said = said));
    }
    if line.choice != Choice::Against || !says_something(reason) {
        return Err(say!("e.proxy_reason_of", no = no, hh = hh, said = said));
    }
    within(reason, MAX_REASON)?;
    Ok(Some(Words::from(reason)))
}

/// A reason has words: a number or a mark alone is none.
fn says_something(reason: &str) -> bool {
    reason.chars().filter(|c| c.is_alphabetic()).count() >= 2
}

/// 投 with words of any kind. In reply to a card without a command it may be talk: then nothing is said where it means nothing.
pub fn fill(ctx: &Ctx<'_>, written: Option<TopicNo>, said: &Said, is_talk: bool) -> Decided {
    let is_choice = said.is_choice();
    let (topic, poll) = match ctx.resolve_poll(written) {
        Ok(found) => found,
        Err(_) if is_talk && !is_choice => return Ok(Decision::silent()),
        Err(refusal) => return Err(refusal),
    };
    let terms = ctx.world.poll_terms(poll.no).unwrap_or_default();
    let Some(method) = terms.method else {
        return match said.choice {
            Some(choice) if is_choice || said.is_aside || (terms.reasons && choice == Choice::Against) => {
                enter(ctx, &topic, &poll, |_| self::choice(ctx, &poll, choice, &said.reason))
            }
            _ if is_talk => Ok(Decision::silent()),
            _ => Err(say!("e.bad_arg", bad = Value::Quote(said.text.clone()), ex = example_of("ex.ballot"))),
        };
    };
    let read = terms.read(&said.text);
    if is_talk && said.may_be_talk() && matches!(read, Err(Fault::Unknown(_) | Fault::Nothing)) {
        return Ok(Decision::silent());
    }
    enter(ctx, &topic, &poll, |before| {
        let read = match &read {
            Ok(marks) if ctx.scene.way == Way::Press => pressed(&terms, before, marks),
            read => read.clone(),
        };
        let marks = read.map_err(|fault| explain(&poll, &terms, before, fault))?;
        Ok(Filled { choice: marks.words(method), reason: None })
    })
}

fn pressed(terms: &Terms, before: Option<&Ballot>, marks: &Marks) -> Result<Marks, Fault> {
    let Some(one) = marks.0.first() else { return Err(Fault::Nothing) };
    let own = before.filter(|before| !before.proxy).map(|before| before.marks.clone());
    terms.pressed(&own.unwrap_or_default(), one.option)
}

/// What is wrong, and a line that may be typed instead.
fn explain(poll: &Poll, terms: &Terms, before: Option<&Ballot>, fault: Fault) -> Say {
    let (no, eg) = (poll.topic, terms.example());
    let max = terms.method.map_or(1, Method::limit);
    match fault {
        Fault::Nothing => say!("e.mark_none", no = no, options = listed(terms), eg = eg),
        Fault::Unknown(bad) => {
            say!("e.mark_unknown", no = no, bad = Value::Quote(bad), options = listed(terms), eg = eg)
        }
        Fault::Vague(bad) => say!("e.mark_vague", no = no, bad = Value::Quote(bad), options = listed(terms), eg = eg),
        Fault::Twice(option) => say!("e.mark_twice", no = no, text = terms.option(option), eg = eg),
        Fault::Many(n) => say!("e.mark_many", no = no, max = max, n = n, eg = eg),
        Fault::Points(n) => say!("e.mark_points", no = no, max = max, n = n, eg = eg),
        Fault::NoPoints(option) => say!("e.mark_no_points", no = no, text = terms.option(option), max = max, eg = eg),
        Fault::Full => {
            let now = before.map_or(Value::Term("marks.none".to_owned()), |before| terms.named(&before.marks));
            say!("e.mark_full", max = max, now = now)
        }
    }
}

impl Ctx<'_> {
    /// 不记名 — not in a group: whoever reads along would know.
    pub(super) fn require_secrecy(&self, poll: &Poll) -> Result<(), Say> {
        let Some(terms) = self.world.poll_terms(poll.no).filter(|terms| terms.secret) else { return Ok(()) };
        if matches!(self.scene.place, Place::Group(_)) {
            return Err(say!("e.secret", no = poll.topic, eg = terms.example()));
        }
        if poll.voters.is_none() && !self.scene.who.enrolled {
            return Err(say!("e.secret_who", no = poll.topic));
        }
        Ok(())
    }

    /// 代投, or whatever else casts a ballot for somebody — only where it may be known what is chosen, and the choice is one of three.
    ///
    /// # Errors
    /// What the voter sends instead.
    pub fn require_open_ballot(&self, poll: &Poll) -> Result<(), Say> {
        match self.world.poll_terms(poll.no) {
            Some(terms) if terms.secret => Err(say!("e.secret_proxy", no = poll.topic, eg = terms.example())),
            Some(terms) if terms.method.is_some() => {
                Err(say!("e.options_proxy", no = poll.topic, eg = terms.example()))
            }
            _ => Ok(()),
        }
    }
}
