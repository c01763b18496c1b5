//! 填票 — what somebody's words mean in the poll they are for.

use crate::domain::decide::poll::enter;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{TopicNo, VoterNo};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::text::within;
use crate::domain::kernel::words::Words;
use crate::domain::process::conflict::Part;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision, Place, Understood};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::vote::poll::filling::{Called, Doubt, Meant, Picked, Said, Spoken, listed};
use crate::domain::vote::poll::terms::{Fault, Marks, Method, Terms};
use crate::domain::vote::poll::{Ballot, Fact, Poll, ProxyLine, choice_words};
use crate::domain::vote::tally::Choice;
use crate::say;

/// Longest line in private that is asked back about where it is in doubt, in characters: longer ones are talk.
const LONGEST_DOUBT: usize = 16;
/// Longest name that is looked up, in characters.
const LONGEST_NAME: usize = 20;

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
    if reason.is_empty() {
        return Err(say!("e.why_against", no = poll.topic));
    }
    if !says_something(reason) {
        return Err(say!("e.why_short", no = poll.topic, why = Value::Quote(reason.to_owned())));
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

/// What the choices are called in the vote that words are for, and what its voter is called; `None` where there is no such vote.
#[must_use]
pub fn called(ctx: &Ctx<'_>, written: Option<TopicNo>, said: &Said) -> Option<Called> {
    let (topic, poll) = ctx.sought(written, said.spoken).ok().or_else(|| ctx.outdated_poll())?;
    let terms = ctx.world.poll_terms(poll.no).unwrap_or_default();
    let mut called =
        Called { topic: Some(topic.no), title: poll.title.as_str().to_owned(), terms, ..Called::default() };
    // Whose flat and name stand there matters only where something stands beside a choice.
    if called.terms.method.is_none() && matches!(said.meant, Meant::Choice { .. }) {
        return Some(called);
    }
    let who = &ctx.scene.who;
    let voter = poll.voters.and_then(|_| ctx.world.voter_of(topic.no, who));
    called.flats.extend(voter.into_iter().flat_map(|voter| voter.rooms).map(|room| room.as_str().to_owned()));
    called.flats.extend(Some(who.room.as_str().to_owned()).filter(|room| !room.is_empty()));
    called.names.extend([who.name.as_str().to_owned(), ctx.scene.caller.shown.clone()]);
    called.names.retain(|name| !name.is_empty());
    Some(called)
}

/// 投 with words of any kind. What is no ballot is asked back; in private, and in reply to nothing, talk is left alone.
pub fn fill(ctx: &Ctx<'_>, written: Option<TopicNo>, said: &Said) -> Decided {
    let is_choice = matches!(said.meant, Meant::Choice { .. });
    let is_ballot = is_choice || matches!(said.meant, Meant::Doubt(_));
    ctx.require_named(written, said)?;
    let (topic, poll) = match ctx.sought(written, said.spoken) {
        Ok(found) => found,
        // In reply to the card of a vote that was, it is told to be out of date, whatever the choice would be.
        Err(refusal) if is_ballot && refusal.key == "e.closed.card" => return Err(refusal),
        Err(_) if said.spoken != Spoken::Line && !is_choice => return Ok(Decision::silent()),
        Err(refusal) => return Err(refusal),
    };
    if is_left_alone(ctx, &topic, &poll, said) {
        return Ok(Decision::silent());
    }
    let terms = ctx.world.poll_terms(poll.no).unwrap_or_default();
    let Meant::Choice { picked, reason, is_plain } = &said.meant else {
        return asked_back(ctx, (&topic, &poll, &terms), said);
    };
    if let Some(name) = somebody_else(ctx, &topic, &poll, reason) {
        let meant = Meant::Doubt(Doubt::Other(name));
        return asked_back(ctx, (&topic, &poll, &terms), &Said { meant, ..said.clone() });
    }
    let mut decision = enter(ctx, &topic, &poll, |before| match (picked, terms.method) {
        (Picked::Marks(marks), Some(method)) => {
            let marks = match ctx.scene.way {
                Way::Press => pressed(&terms, before, marks),
                Way::Group | Way::Private | Way::Page | Way::Clock | Way::Office | Way::Platform => Ok(marks.clone()),
            };
            let marks = marks.map_err(|fault| explain(&poll, &terms, before, fault))?;
            Ok(Filled { choice: marks.words(method), reason: None })
        }
        (Picked::Marks(_), None) => Err(unread(ctx, (&poll, &terms), said)),
        (Picked::One(choice), _) => self::choice(ctx, &poll, *choice, reason),
    })?;
    if !is_plain || said.spoken == Spoken::Alone {
        let op = match picked {
            Picked::Marks(marks) => terms.named(marks),
            Picked::One(choice) => Value::Term(choice.term().to_owned()),
        };
        decision.understood = Some(Box::new(Understood { no: topic.no, title: poll.title.clone(), op }));
    }
    Ok(decision)
}

/// Whether words are talk: those of the one who moderates the vote, or which speak of no choice where the vote is over; in private, what
/// does not look like a ballot.
fn is_left_alone(ctx: &Ctx<'_>, topic: &Topic, poll: &Poll, said: &Said) -> bool {
    let is_over = poll.result.is_some() || ctx.cast_at() >= poll.ends;
    match (said.spoken, &said.meant) {
        (Spoken::Line, _) | (_, Meant::Choice { .. }) => false,
        (Spoken::Card, Meant::Nothing) => is_over || ctx.require_fit(&ctx.scene.who, topic, Part::Voter, None).is_err(),
        (Spoken::Card, Meant::Doubt(_)) => false,
        (Spoken::Alone, Meant::Nothing) => true,
        (Spoken::Alone, Meant::Doubt(Doubt::Option(Fault::Unknown(_) | Fault::Nothing) | Doubt::OtherTopic(_))) => {
            said.text.chars().any(char::is_alphabetic)
        }
        (Spoken::Alone, Meant::Doubt(_)) => is_over || said.text.chars().count() > LONGEST_DOUBT,
    }
}

/// “赞成 李德福”: what stands behind a choice is the name of another voter, and no reason.
fn somebody_else(ctx: &Ctx<'_>, topic: &Topic, poll: &Poll, reason: &str) -> Option<String> {
    let name = reason.trim().trim_end_matches(|c: char| !c.is_alphanumeric());
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name == ctx.scene.who.name.as_str() {
        return None;
    }
    let on_roll = || poll.voters.is_some() && ctx.world.voter_called(topic.no, name).is_some();
    let is_known = on_roll() || ctx.world.people_named(name).iter().any(|person| person.id != ctx.me());
    is_known.then(|| name.to_owned())
}

/// Whether the speaker has a private chat with us: one they have written in.
fn is_reached(ctx: &Ctx<'_>) -> bool {
    ctx.world.confides(ctx.me()) && !ctx.scene.who.private_chat.as_str().is_empty()
}

/// 问回去 — no ballot: what was not understood, and what to send instead. Whoever may not vote here hears why. In a group it is said to
/// the speaker alone, if there is a private chat; else in reply.
fn asked_back(ctx: &Ctx<'_>, (topic, poll, terms): (&Topic, &Poll, &Terms), said: &Said) -> Decided {
    let is_reached = ctx.scene.way == Way::Group && is_reached(ctx);
    let asked = || unread(ctx, (poll, terms), said);
    let is_open = poll.result.is_none() && ctx.cast_at() < poll.ends;
    // Of a secret vote nothing more is said in the group than that it is not held there.
    let refusal = match enter(ctx, topic, poll, |_| Err(asked())) {
        Err(refusal) if is_reached && is_open && terms.secret && refusal.key == "e.secret" => asked(),
        Err(refusal) => refusal,
        Ok(_) => asked(),
    };
    match is_reached {
        true => Ok(Decision { aside: vec![refusal], ..Decision::default() }),
        false => Err(refusal),
    }
}

/// Whether words were found to be no ballot at all.
#[must_use]
pub fn is_unread(decided: &Decided) -> bool {
    let is_asked = |say: &Say| say.key.starts_with("e.short");
    match decided {
        Ok(decision) => decision.facts.is_empty() && decision.aside.iter().all(is_asked),
        Err(refusal) => is_asked(refusal),
    }
}

/// What was not understood of words, and a line to copy.
fn unread(ctx: &Ctx<'_>, (poll, terms): (&Poll, &Terms), said: &Said) -> Say {
    let (no, eg, title, bad) = (poll.topic, terms.example(), &poll.title, Value::Quote(said.text.clone()));
    if let Meant::Doubt(Doubt::Option(Fault::Mixed(readings))) = &said.meant {
        return mixed(no, terms, bad, readings);
    }
    if let Meant::Doubt(Doubt::Option(fault)) = &said.meant
        && !matches!(fault, Fault::Unknown(part) if *part != said.text.trim())
    {
        return explain(poll, terms, None, fault.clone());
    }
    let why = why(&said.meant);
    let is_here = ctx.scene.way == Way::Group && !is_reached(ctx);
    match (terms.method.is_some(), is_here) {
        _ if terms.secret && ctx.scene.way == Way::Group => {
            let how =
                if terms.method.is_some() { say!("option.line", items = listed(terms)) } else { say!("short.three") };
            say!("e.short.secret", bad = bad, why = why, no = no, how = how, eg = eg)
        }
        _ if terms.reasons => say!("e.short.reasons", bad = bad, why = why, no = no, title = title),
        (false, false) => say!("e.short", bad = bad, why = why, no = no, title = title),
        (false, true) => say!("e.short.here", bad = bad, why = why, no = no),
        (true, false) => {
            say!("e.short.options", bad = bad, why = why, no = no, title = title, options = listed(terms), eg = eg)
        }
        (true, true) => say!("e.short.options.here", bad = bad, why = why, no = no, options = listed(terms), eg = eg),
    }
}

/// A number and a name that say different things: a line for each of what may be meant.
fn mixed(no: TopicNo, terms: &Terms, bad: Value, readings: &[Marks]) -> Say {
    let row = |marks: &Marks| {
        let numbers: Vec<String> = marks.0.iter().map(|mark| mark.option.to_string()).collect();
        say!("mark.line", no = no, eg = numbers.join(","), opts = terms.named(marks))
    };
    let rows: Vec<Say> = readings.iter().map(row).collect();
    say!("e.mark_mixed", no = no, bad = bad, rows = Value::Lines(rows))
}

/// Why words are no ballot.
fn why(meant: &Meant) -> Say {
    match meant {
        Meant::Doubt(Doubt::Two) => say!("short.why.two"),
        Meant::Doubt(Doubt::Asks) => say!("short.why.asks"),
        Meant::Doubt(Doubt::Depends) => say!("short.why.depends"),
        Meant::Doubt(Doubt::Denies) => say!("short.why.denies"),
        Meant::Doubt(Doubt::Other(who)) => say!("short.why.other", who = Value::Quote(who.clone())),
        Meant::Doubt(Doubt::OtherTopic(no)) => say!("short.why.topic", other = *no),
        Meant::Doubt(Doubt::Unclear(_) | Doubt::Option(_)) | Meant::Choice { .. } | Meant::Nothing => say!("none"),
    }
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
        Fault::Mixed(readings) => {
            let written = readings.iter().map(|marks| terms.named(marks)).collect();
            mixed(no, terms, Value::List(written), &readings)
        }
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
