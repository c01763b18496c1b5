//! 催票 — when those who have not voted are told, and by whom.

use crate::domain::decide::poll::no_poll;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, PollNo};
use crate::domain::kernel::say;
use crate::domain::kernel::say::Value;
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::vote::nudge::{Ask, Fact, moment, told_key};
use crate::domain::vote::poll::Poll;
use crate::domain::vote::roll::Voter;
use crate::say;
use chrono::{DateTime, Utc};

/// Voters of a roll that are looked through.
const MAX_VOTERS: usize = 2_000;

/// The fact that goes with the opening of a vote. A straw poll, and one without a roll, misses nobody.
#[must_use]
pub fn planned(settings: &Settings, opening: &Event, opened: DateTime<Utc>) -> Option<Event> {
    let Event::PollOpened { poll, rule, ends, voters: Some(_), .. } = opening else { return None };
    let at = moment(settings, opened, *ends).filter(|_| settings.remind && rule.is_vote())?;
    Some(Event::Nudge(Fact::Planned { poll: *poll, at: Some(at) }))
}

/// Voters of a poll's roll who have no ballot and are not excused: leave and recusal excuse where members vote among themselves, and
/// nobody from a vote by the law, where everybody counts.
fn missing(world: &World<'_>, poll: &Poll) -> Vec<Voter> {
    let mut voters: Vec<Voter> = world.list(&Key::new(kind::VOTER).num(poll.topic.0), MAX_VOTERS);
    voters.retain(|voter| {
        let has_voted = world.has(&Key::new(kind::BALLOT).num(poll.no.0).num(voter.no.0));
        !has_voted && (poll.rule.is_of_law() || world.absence(poll.topic, Seat::of(poll, voter.no)).is_none())
    });
    voters
}

/// The fact of a reminder now; whoever was told of this poll before, or cannot be reached, is not told again.
fn remind(world: &World<'_>, poll: &Poll) -> Fact {
    let missing = missing(world, poll);
    let neutral = world.topic(poll.topic).and_then(|topic| world.moderator_of(&topic));
    let mut people: Vec<PersonId> = Vec::new();
    for person in missing.iter().flat_map(|voter| world.people_of(voter)) {
        let is_reachable = !person.private_chat.as_str().is_empty() && Some(person.id) != neutral;
        if is_reachable && !people.contains(&person.id) && !world.has(&told_key(poll.no, person.id)) {
            people.push(person.id);
        }
    }
    let missing = u32::try_from(missing.len()).unwrap_or(u32::MAX);
    Fact::Reminded { poll: poll.no, missing, people }
}

/// What falls due: a reminder, or nothing where it is switched off, the vote is as good as over, everybody has voted, or the
/// moderator did it today.
#[must_use]
pub fn due(world: &World<'_>, settings: &Settings, poll: &Poll, now: DateTime<Utc>) -> Vec<Event> {
    let fact = remind(world, poll);
    let is_wanted = settings.remind
        && settings.after_quiet(settings.quiet, now) < poll.ends
        && !was_today(world, settings, poll.no, now);
    let is_any = matches!(fact, Fact::Reminded { missing: 1.., .. });
    let fact = if is_wanted && is_any { fact } else { Fact::Planned { poll: poll.no, at: None } };
    vec![Event::Nudge(fact)]
}

fn was_today(world: &World<'_>, settings: &Settings, poll: PollNo, now: DateTime<Utc>) -> bool {
    let last = Some(world.nudge(poll).last).filter(|&last| last != 0).and_then(DateTime::from_timestamp_millis);
    last.is_some_and(|last| settings.date(last) == settings.date(now))
}

/// 催票 — by the moderator.
pub fn ask(ctx: &Ctx<'_>, ask: Ask) -> Decided {
    let written = match ask {
        Ask::Now(topic) | Ask::Switch(topic, _) => topic,
    };
    let topic = ctx.resolve_topic(written, "ex.remind")?;
    ctx.require_moderator(&topic)?;
    let open = topic.poll.and_then(|no| ctx.world.poll(no)).filter(|poll| ctx.scene.now < poll.ends);
    let poll = open.ok_or_else(|| no_poll(&topic))?;
    if poll.voters.is_none() {
        return Err(say!("e.remind.no_roll", no = topic.no));
    }
    match ask {
        Ask::Switch(_, on) => switch(ctx, &poll, on),
        Ask::Now(_) if ctx.settings.is_quiet(ctx.settings.quiet, ctx.scene.now) => {
            Err(say!("e.remind.quiet", no = topic.no, time = ctx.settings.quiet.1))
        }
        Ask::Now(_) if was_today(ctx.world, ctx.settings, poll.no, ctx.scene.now) => {
            Err(say!("e.remind.today", no = topic.no))
        }
        Ask::Now(_) => match remind(ctx.world, &poll) {
            Fact::Reminded { missing: 0, .. } => Ok(Decision::answer(say!("remind.none", no = topic.no))),
            fact => Ok(Decision::fact(Event::Nudge(fact))),
        },
    }
}

/// 开, 关. What is on is on for the moment it would have come at, if that is still to come.
fn switch(ctx: &Ctx<'_>, poll: &Poll, on: bool) -> Decided {
    let at = if on { moment(ctx.settings, poll.opened, poll.ends).filter(|at| *at > ctx.scene.now) } else { None };
    if on && !ctx.settings.remind {
        return Err(say!("e.remind.off", no = poll.topic));
    }
    if on && at.is_none() {
        return Err(say!("e.remind.late", no = poll.topic));
    }
    if at == ctx.world.nudge_due(poll.no) {
        return Ok(Decision::answer(switched(poll, at)));
    }
    let fact = Event::Nudge(Fact::Planned { poll: poll.no, at });
    Ok(Decision { facts: vec![fact], answer: vec![switched(poll, at)], ..Decision::default() })
}

fn switched(poll: &Poll, at: Option<DateTime<Utc>>) -> say::Say {
    match at {
        Some(at) => say!("remind.on", no = poll.topic, at = Value::Moment(at)),
        None => say!("remind.off", no = poll.topic),
    }
}
