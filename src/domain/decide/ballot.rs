//! 够不着别人的票 — the one guard every decision goes through: whatever the command, in a vote that is open nobody takes away, replaces
//! or hinders the ballot of somebody else. What a fact does to ballots stands in [`effects`]; who may do that stands here.

use crate::domain::decide::poll::owns;
use crate::domain::effects::{Reaches, effects};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, PollNo, TopicNo, VoterNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::process::conflict::Part;
use crate::domain::scene::Ctx;
use crate::domain::vote::absence::{self, Absence, Kind};
use crate::domain::vote::mandate;
use crate::domain::vote::poll::fact;
use crate::domain::vote::poll::{Ballot, Poll};
use crate::say;

/// Refuses what would reach into somebody else's ballot.
///
/// # Errors
/// Whose ballot stands, and what can be done instead.
pub fn within(ctx: &Ctx<'_>, facts: &[Event]) -> Result<(), Say> {
    for fact in facts {
        if let Some(topic) = handled(ctx, facts, fact)
            && let Some(topic) = ctx.world.topic(topic)
        {
            ctx.require_fit(&ctx.scene.who, &topic, Part::Teller, None)?;
        }
        match effects(fact).reaches {
            // Who votes in what by a role stands in `electors`.
            Reaches::Nothing | Reaches::Empowers(_) => {}
            Reaches::Casts(poll, voter, false) => casts(ctx, poll, voter)?,
            Reaches::Casts(poll, voter, true) => enters(ctx, facts, fact, (poll, voter))?,
            Reaches::Strikes(poll, voter) => strikes(ctx, facts, poll, voter)?,
            Reaches::Bars(topic, seat, own) => bars(ctx, topic, seat, own)?,
            Reaches::Entrusts(topic, voter) => entrusts(ctx, topic, voter)?,
            Reaches::Voids(poll) => voids(ctx, facts, poll)?,
            Reaches::Renumbers(topic) => renumbers(ctx, topic)?,
            Reaches::Joins(from, into) => joins(ctx, facts, from, into)?,
            Reaches::Renames(person) => renames(ctx, fact, person)?,
        }
    }
    Ok(())
}

/// The topic in whose vote a fact does for others what a moderator does.
fn handled(ctx: &Ctx<'_>, facts: &[Event], fact: &Event) -> Option<TopicNo> {
    let is_own = |topic: TopicNo, seat: Seat| is_own_seat(ctx, topic, seat);
    match effects(fact).reaches {
        Reaches::Casts(poll, voter, true) => {
            let by_mandate =
                |fact: &Event| matches!(fact, Event::Mandate(mandate::Fact::Used { voter: of, .. }) if *of == voter);
            if facts.iter().any(by_mandate) { None } else { Some(ctx.world.poll(poll)?.topic) }
        }
        Reaches::Bars(topic, seat, false) => {
            let is_settled = matches!(fact, Event::Absence(absence::Fact::Settled { .. }));
            (!is_settled && !is_own(topic, seat)).then_some(topic)
        }
        Reaches::Entrusts(topic, voter) => {
            let is_trustee = ctx.world.mandate(topic, voter).is_some_and(|mandate| mandate.trustee == ctx.me());
            (!is_trustee && !is_own(topic, Seat::Roll(voter))).then_some(topic)
        }
        Reaches::Voids(poll) => Some(ctx.world.poll(poll)?.topic),
        Reaches::Nothing
        | Reaches::Casts(_, _, false)
        | Reaches::Strikes(..)
        | Reaches::Bars(_, _, true)
        | Reaches::Renumbers(_)
        | Reaches::Joins(..)
        | Reaches::Empowers(_)
        | Reaches::Renames(_) => match fact {
            Event::Absence(absence::Fact::Withdrawn { topic, seat, .. }) if !is_own(*topic, *seat) => Some(*topic),
            _ => None,
        },
    }
}

/// Whether it is the speaker's own, in the vote that is open or in the one to come.
fn is_own_seat(ctx: &Ctx<'_>, topic: TopicNo, seat: Seat) -> bool {
    match (open_poll(ctx, topic), seat) {
        (Some(poll), _) => owns(ctx, &poll, seat.voter()),
        (None, Seat::Person(person)) => person == ctx.me(),
        (None, Seat::Roll(no)) => ctx.world.voter_of(topic, &ctx.scene.who).is_some_and(|voter| voter.no == no),
    }
}

/// The ballot of a voter in a poll that is open.
fn standing(ctx: &Ctx<'_>, poll: PollNo, voter: VoterNo) -> Option<(Poll, Ballot)> {
    let poll = ctx.world.poll(poll).filter(|poll| poll.result.is_none() && !poll.is_void)?;
    let ballot = ctx.world.ballot(poll.no, voter)?;
    Some((poll, ballot))
}

fn open_poll(ctx: &Ctx<'_>, topic: TopicNo) -> Option<Poll> {
    ctx.world.topic(topic).and_then(|topic| ctx.world.poll(topic.poll?))
}

fn called(ctx: &Ctx<'_>, poll: &Poll, voter: VoterNo) -> Value {
    ctx.world.seat_called(poll.topic, Seat::of(poll, voter))
}

fn name_of(ctx: &Ctx<'_>, person: Option<PersonId>) -> String {
    person.map(|person| ctx.world.name_of(person)).unwrap_or_default()
}

/// 投 — one's own, also in the place of what was entered for one.
fn casts(ctx: &Ctx<'_>, no: PollNo, voter: VoterNo) -> Result<(), Say> {
    let Some((poll, before)) = standing(ctx, no, voter) else { return Ok(()) };
    if is_own(ctx, &before) && owns(ctx, &poll, voter) {
        return Ok(());
    }
    Err(say!("e.other_voted", hh = called(ctx, &poll, voter), by = name_of(ctx, before.person)))
}

/// Whether the speaker cast it, or it was entered for them; of several owners of a flat one has cast it, and the others leave it alone.
fn is_own(ctx: &Ctx<'_>, ballot: &Ballot) -> bool {
    ballot.proxy || ballot.person == Some(ctx.me())
}

/// 代投, 代 — never what the voter has cast; what was cast by a mandate by its trustee alone; what came on paper by whose hand it is in
/// alone, and in the open.
fn enters(ctx: &Ctx<'_>, facts: &[Event], fact: &Event, (no, voter): (PollNo, VoterNo)) -> Result<(), Say> {
    let Some((poll, before)) = standing(ctx, no, voter) else { return Ok(()) };
    let (hh, me) = (called(ctx, &poll, voter), ctx.me());
    if !before.proxy {
        return Err(say!("e.proxy_voted", hh = hh, by = name_of(ctx, before.person)));
    }
    let by_mandate = facts.iter().any(|fact| {
        matches!(fact, Event::Mandate(mandate::Fact::Used { voter: of, trustee, .. }) if *of == voter && *trustee == me)
    });
    if by_mandate && ctx.world.mandate(poll.topic, voter).is_some_and(|mandate| mandate.used == Some(no)) {
        return Ok(());
    }
    let in_the_open = facts.iter().any(|fact| {
        matches!(fact, Event::Poll(fact::Fact::Corrected { poll, voter: of, .. }) if *poll == no && *of == voter)
    });
    let is_of_it = |other: &&Event| {
        *other == fact || matches!(other, Event::Poll(fact::Fact::Reasoned { voter: of, .. }) if *of == voter)
    };
    let is_same = || ctx.world.repeats_ballot(&facts.iter().filter(is_of_it).cloned().collect::<Vec<_>>());
    match ctx.world.entered_by(no, voter) {
        None => Err(say!("e.proxy_entrusted", no = poll.topic, hh = hh)),
        Some(hand) if hand == me && (in_the_open || is_same()) => Ok(()),
        Some(hand) => Err(say!("e.proxy_again", no = poll.topic, hh = hh, by = ctx.world.name_of(hand))),
    }
}

/// 撤票 — one's own, or that of an account that turns out to be somebody's who has voted.
fn strikes(ctx: &Ctx<'_>, facts: &[Event], no: PollNo, voter: VoterNo) -> Result<(), Say> {
    let Some((poll, before)) = standing(ctx, no, voter) else { return Ok(()) };
    let is_joined = |fact: &Event| matches!(fact, Event::PersonJoined { from, .. } if from.0 == voter.0);
    if owns(ctx, &poll, voter) && !is_own(ctx, &before) {
        return Err(say!("e.recuse.other_voted", hh = called(ctx, &poll, voter), by = name_of(ctx, before.person)));
    }
    if owns(ctx, &poll, voter) || poll.voters.is_none() && facts.iter().any(is_joined) {
        return Ok(());
    }
    Err(say!("e.recuse.voted", no = poll.topic, hh = called(ctx, &poll, voter)))
}

/// 请假, 回避 — of somebody else only before they have voted.
fn bars(ctx: &Ctx<'_>, topic: TopicNo, seat: Seat, own: bool) -> Result<(), Say> {
    let Some(poll) = open_poll(ctx, topic).filter(|poll| poll.rule.is_vote()) else { return Ok(()) };
    if Seat::of(&poll, seat.voter()) != seat || ctx.world.ballot(poll.no, seat.voter()).is_none() {
        return Ok(());
    }
    if own && owns(ctx, &poll, seat.voter()) {
        return Ok(());
    }
    Err(say!("e.recuse.voted", no = topic, hh = called(ctx, &poll, seat.voter())))
}

/// 委托 — once the trustee has cast the ballot, it is for the principal and the trustee alone.
fn entrusts(ctx: &Ctx<'_>, topic: TopicNo, voter: VoterNo) -> Result<(), Say> {
    let Some(poll) = open_poll(ctx, topic).filter(|poll| poll.voters.is_some()) else { return Ok(()) };
    if ctx.world.ballot(poll.no, voter).is_none() || owns(ctx, &poll, voter) {
        return Ok(());
    }
    if ctx.world.mandate(topic, voter).is_some_and(|mandate| mandate.trustee == ctx.me()) {
        return Ok(());
    }
    Err(say!("e.mandate.voted", no = topic, hh = called(ctx, &poll, voter)))
}

/// 作废 — only in words the group reads.
fn voids(ctx: &Ctx<'_>, facts: &[Event], no: PollNo) -> Result<(), Say> {
    let Some(poll) = ctx.world.poll(no) else { return Ok(()) };
    let is_said = facts.iter().any(|fact| {
        matches!(fact, Event::Poll(fact::Fact::Withdrawn { poll: Some(poll), .. }) if *poll == no)
            || matches!(fact, Event::TopicReturned { topic, .. } if *topic == poll.topic)
    });
    if is_said { Ok(()) } else { Err(say!("e.poll_open", no = poll.topic)) }
}

/// 名册 — the numbers of the ballots are those of the roll.
fn renumbers(ctx: &Ctx<'_>, topic: TopicNo) -> Result<(), Say> {
    if open_poll(ctx, topic).is_some() { Err(say!("e.poll_open", no = topic)) } else { Ok(()) }
}

/// 合并 — one of two ballots goes, and that is the newcomer's ([`joining`]).
fn joins(ctx: &Ctx<'_>, facts: &[Event], from: PersonId, into: PersonId) -> Result<(), Say> {
    for poll in ctx.world.open_polls().into_iter().filter(|poll| poll.voters.is_none()) {
        let has = |person: PersonId| ctx.world.ballot(poll.no, VoterNo(person.0)).is_some();
        let strikes = |fact: &Event| {
            matches!(fact, Event::Absence(absence::Fact::Struck { poll: of, voter })
                if *of == poll.no && voter.0 == from.0)
        };
        if has(from) && has(into) && !facts.iter().any(strikes) {
            return Err(say!("e.poll_open", no = poll.topic));
        }
    }
    Ok(())
}

/// 登记 — under another name or in another flat the voter would no longer be who has voted.
fn renames(ctx: &Ctx<'_>, fact: &Event, id: PersonId) -> Result<(), Say> {
    let Event::PersonEnrolled { name, room, enrolled, .. } = fact else { return Ok(()) };
    let Some(before) = ctx.world.person(id) else { return Ok(()) };
    let mut after = before.clone();
    (after.name, after.room, after.enrolled) = (name.clone(), room.clone(), *enrolled);
    for poll in ctx.world.open_polls().into_iter().filter(|poll| poll.voters.is_some()) {
        let Some(voter) = ctx.world.voter_of(poll.topic, &before) else { continue };
        let is_same = ctx.world.voter_of(poll.topic, &after).is_some_and(|other| other.no == voter.no);
        if !is_same {
            return Err(say!("e.enrol.voted", no = poll.topic, who = &before.name, end = Value::Moment(poll.ends)));
        }
    }
    Ok(())
}

/// 合并 — what comes before the joining of an account with the person it is: of two ballots the one of the person the office knows
/// stands, and what the account said of itself strikes none. Whoever has no vote there gets none by a further account.
#[must_use]
pub fn joining(ctx: &Ctx<'_>, facts: &[Event]) -> Vec<Event> {
    let mut before = Vec::new();
    for fact in facts {
        let Event::PersonJoined { from, into } = fact else { continue };
        for poll in ctx.world.open_polls().into_iter().filter(|poll| poll.voters.is_none()) {
            before.extend(joined_in(ctx, &poll, *from, *into));
        }
    }
    before
}

fn joined_in(ctx: &Ctx<'_>, poll: &Poll, from: PersonId, into: PersonId) -> Vec<Event> {
    let (topic, seat) = (poll.topic, Seat::Person(from));
    let has = |person: PersonId| ctx.world.ballot(poll.no, VoterNo(person.0)).is_some();
    let mut before = Vec::new();
    let said = ctx.world.absence(topic, seat);
    if has(into) && said.is_some_and(|said| said.kind == Kind::Recusal) {
        before.push(Event::Absence(absence::Fact::Lapsed { topic, seat }));
    }
    // Somebody else's word of the person came after the ballot.
    let cast = ctx.world.ballot(poll.no, VoterNo(from.0)).map(|ballot| ballot.at);
    let later = |said: &Absence| said.kind == Kind::Recusal && !said.own && cast.is_some_and(|cast| cast < said.at);
    if ctx.world.absence(topic, Seat::Person(into)).as_ref().is_some_and(later) {
        before.push(Event::Absence(absence::Fact::Lapsed { topic, seat: Seat::Person(into) }));
    }
    if has(from) && has(into) {
        before.push(Event::Absence(absence::Fact::Struck { poll: poll.no, voter: VoterNo(from.0) }));
    }
    before
}
