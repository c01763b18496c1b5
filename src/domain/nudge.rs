//! 催票 — whoever has not voted yet is told once before a vote ends: a day before, or at half time of a vote that takes less than two
//! days, and not in the quiet hours. In private, where there is a private chat; the group hears a number and no names. The
//! moderator may do it by hand, once a day, or switch it off for a vote; the office may switch it off for all.

use super::absence::Seat;
use super::event::Event;
use super::ids::{PersonId, PollNo, TopicNo};
use super::poll::Poll;
use super::roll::Voter;
use super::say::Value;
use super::scene::{Ctx, Decided, Decision, Settings};
use super::world::{Key, World, kind};
use crate::say;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Voters of a roll that are looked through.
const MAX_VOTERS: usize = 2_000;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// 催票 — now.
    Now(Option<TopicNo>),
    /// 开, 关 — whether it comes by itself.
    Switch(Option<TopicNo>, bool),
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// It will come by itself at a moment; `None` = it will not.
    Planned {
        /// Poll.
        poll: PollNo,
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// 催票.
    Reminded {
        /// Poll.
        poll: PollNo,
        /// Voters who have not voted and are not away.
        missing: u32,
        /// Who is told in private.
        people: Vec<PersonId>,
    },
}

/// How it stands with a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Nudge {
    /// When it comes by itself, in milliseconds since 1970; 0 = it does not.
    pub at: i64,
    /// When it was done last; 0 = never.
    pub last: i64,
}

/// Key of how it stands with a poll.
#[must_use]
pub fn key_of(poll: PollNo) -> Key {
    Key::new(kind::NUDGE).num(poll.0)
}

/// Key of a person who was told in private.
#[must_use]
pub fn told_key(poll: PollNo, person: PersonId) -> Key {
    Key::new(kind::NUDGED).num(poll.0).num(person.0)
}

impl World<'_> {
    /// How it stands with a poll.
    #[must_use]
    pub fn nudge(&self, poll: PollNo) -> Nudge {
        self.get(&key_of(poll)).unwrap_or_default()
    }

    /// When a poll's reminder comes by itself.
    #[must_use]
    pub fn nudge_due(&self, poll: PollNo) -> Option<DateTime<Utc>> {
        Some(self.nudge(poll).at).filter(|&at| at != 0).and_then(DateTime::from_timestamp_millis)
    }
}

/// A day before the end, or at half time; after the quiet hours, and never after the end.
#[must_use]
pub fn moment(settings: &Settings, opened: DateTime<Utc>, ends: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let length = ends - opened;
    let at = if length >= Duration::days(2) { ends - Duration::days(1) } else { opened + length / 2 };
    // A whole second, as every moment that is written down.
    let at = DateTime::from_timestamp(at.timestamp(), 0)?;
    Some(settings.after_quiet(settings.quiet, at)).filter(|at| *at < ends)
}

/// The fact that goes with the opening of a vote. A straw poll, and one without a roll, misses nobody.
#[must_use]
pub fn planned(settings: &Settings, opening: &Event, opened: DateTime<Utc>) -> Option<Event> {
    let Event::PollOpened { poll, rule, ends, voters: Some(_), .. } = opening else { return None };
    let at = moment(settings, opened, *ends).filter(|_| settings.remind && rule.is_vote())?;
    Some(Event::Nudge(Fact::Planned { poll: *poll, at: Some(at) }))
}

/// Voters of a poll's roll who have neither a ballot nor leave nor recusal.
fn missing(world: &World<'_>, poll: &Poll) -> Vec<Voter> {
    let mut voters: Vec<Voter> = world.list(&Key::new(kind::VOTER).num(poll.topic.0), MAX_VOTERS);
    voters.retain(|voter| {
        let has_voted = world.has(&Key::new(kind::BALLOT).num(poll.no.0).num(voter.no.0));
        !has_voted && world.absence(poll.topic, Seat::of(poll, voter.no)).is_none()
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
    let poll = open.ok_or_else(|| say!("e.no_poll", no = topic.no))?;
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
    Ok(Decision { facts: vec![fact], answer: vec![switched(poll, at)] })
}

fn switched(poll: &Poll, at: Option<DateTime<Utc>>) -> super::say::Say {
    match at {
        Some(at) => say!("remind.on", no = poll.topic, at = Value::Moment(at)),
        None => say!("remind.off", no = poll.topic),
    }
}

#[cfg(test)]
mod tests {
    use super::{Settings, moment};
    use chrono::{DateTime, Utc};

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("2025-03-{text}:00+08:00")).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn a_day_before_or_at_half_time_and_never_at_night() {
        let settings = Settings::default();
        // opened, ends, reminded
        let table = [
            ("03T08:00", "10T20:00", Some("09T20:00")),
            // two days are long enough, a minute less is not
            ("03T08:00", "05T08:00", Some("04T08:00")),
            ("03T08:00", "05T07:58", Some("04T07:59")),
            ("03T08:00", "03T12:00", Some("03T10:00")),
            // in the quiet hours: after them
            ("03T08:00", "10T23:00", Some("10T07:30")),
            ("03T20:00", "04T08:00", Some("04T07:30")),
            // nothing is left of the vote then
            ("03T20:00", "04T07:00", None),
        ];
        for (opened, ends, wanted) in table {
            assert_eq!(moment(&settings, at(opened), at(ends)), wanted.map(at), "{opened} {ends}");
        }
    }
}
