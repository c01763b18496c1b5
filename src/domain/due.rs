//! 到期 — what the clock brings about. At one instant polls close first; digests come last (commands.md §9.19).

use super::event::Event;
use super::ids::PollNo;
use super::poll;
use super::world::{Key, World, kind};
use chrono::{DateTime, Utc};

/// Key under which a poll waits for its deadline.
#[must_use]
pub fn poll_key(ends: DateTime<Utc>, poll: PollNo) -> Key {
    Key::new(kind::DUE).long(u64::try_from(ends.timestamp_millis()).unwrap_or(0)).byte(0).num(poll.0)
}

/// The next poll that closes, and when.
#[must_use]
pub fn next(world: &World<'_>) -> Option<(DateTime<Utc>, PollNo)> {
    let mut found = None;
    world.scan(&Key::new(kind::DUE), |poll: PollNo| {
        found = Some(poll);
        false
    });
    let poll = world.poll(found?)?;
    Some((poll.ends, poll.no))
}

/// What is due first at `now`, with the moment it was due.
#[must_use]
pub fn first_due(world: &World<'_>, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Vec<Event>)> {
    let (at, no) = next(world)?;
    if at > now {
        return None;
    }
    Some((at, poll::close(world, &world.poll(no)?)))
}
