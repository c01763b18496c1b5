//! 投完即止 — a poll that was opened so closes by itself when everybody due has voted, a few minutes after that was said, in which
//! whoever wants to may still change their ballot.

use crate::domain::decide::heard;
use crate::domain::decide::poll::{close, hours};
use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use crate::domain::vote::deadline::MINUTES;
use crate::domain::vote::poll::{Fact, Poll, Rule};
use crate::domain::vote::roll::Roll;
use crate::say;
use chrono::{DateTime, Duration, Utc};

/// Whether a poll may be opened with 投完即止: who is due is known of a roll alone, and some rules forbid it.
///
/// # Errors
/// `e.early.rule`, `e.early.roll`.
pub(super) fn require(no: TopicNo, rule: Rule, roll: Option<&Roll>) -> Result<(), Say> {
    if !rule.may_end_early() {
        let why = if rule.counts_area() { say!("why.early.owners") } else { say!("why.early.meeting") };
        return Err(say!("e.early.rule", no = no, rule = Value::Term(rule.term().to_owned()), why = why));
    }
    match roll.is_some_and(|roll| roll.voters > 0) {
        true => Ok(()),
        false => Err(say!("e.early.roll", no = no)),
    }
}

/// What is to be recorded of a poll whose state has changed: that all have voted, that somebody is due again, or that it closes. In the
/// quiet hours nobody hears that they may still change their ballot: they are not counted.
#[must_use]
pub fn due(world: &World<'_>, settings: &Settings, poll: &Poll, now: DateTime<Utc>) -> Vec<Event> {
    match (world.is_all_in(poll), world.deadline(poll.no).all_in) {
        (true, None) => {
            let groups = hours::groups_of(world, (poll.topic, poll.group));
            let heard = heard::by(world, settings, groups, now, Duration::minutes(MINUTES));
            // A whole second, as every moment that is written down.
            let at = DateTime::from_timestamp(heard.timestamp(), 0).unwrap_or(heard);
            vec![Event::Poll(Fact::AllIn { poll: poll.no, at: at.min(poll.ends) })]
        }
        (true, Some(_)) => {
            let early = Event::Poll(Fact::ClosedEarly { poll: poll.no, announced: poll.ends });
            std::iter::once(early).chain(close(world, poll)).collect()
        }
        (false, _) => vec![Event::Poll(Fact::Awaited { poll: poll.no })],
    }
}
