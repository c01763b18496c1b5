//! 到期 — the keys under which something waits for its moment. What stands behind the moment in a key is the order at one instant:
//! polls close first, then lights come on (commands.md §9.19).

use crate::domain::kernel::ids::{ClaimNo, GatheringNo, PollNo, ProposalNo, SeriesNo, TaskNo, TopicNo};
use crate::domain::kernel::world::{Key, kind};
use chrono::{DateTime, Utc};

// What stands behind the moment in a key, and so the order at one instant.
pub(crate) const POLL: u8 = 0;

pub(crate) const TASK: u8 = 1;

pub(crate) const EARLY: u8 = 2;

pub(crate) const PROPOSAL: u8 = 5;

pub(crate) const TALK: u8 = 9;

pub(crate) const OPENING: u8 = 0x10;

pub(crate) const NUDGE: u8 = 0x85;

pub(crate) const EXPORT: u8 = 0x9A;

pub(crate) const CODE_SHEET: u8 = 0x9D;

pub(crate) const SERIES: u8 = 0x9B;

pub(crate) const REMINDER: u8 = 0x9C;

pub(crate) const JOINING: u8 = 0xC2;

pub(crate) const CLAIM: u8 = 0xC3;

fn key(moment: DateTime<Utc>, what: u8, no: u32) -> Key {
    Key::new(kind::DUE).long(u64::try_from(moment.timestamp_millis()).unwrap_or(0)).byte(what).num(no)
}

/// Key under which a poll waits for its deadline.
#[must_use]
pub fn poll_key(ends: DateTime<Utc>, poll: PollNo) -> Key {
    key(ends, POLL, poll.0)
}

/// Key under which a poll waits to be looked at, whether everybody has voted: after the one that closes at the same moment anyway.
#[must_use]
pub fn early_key(at: DateTime<Utc>, poll: PollNo) -> Key {
    key(at, EARLY, poll.0)
}

/// Key under which a task waits for its light.
#[must_use]
pub fn lamp_key(lamp: DateTime<Utc>, task: TaskNo) -> Key {
    key(lamp, TASK, task.0)
}

/// Key under which a proposal waits for its light.
#[must_use]
pub fn proposal_key(lamp: DateTime<Utc>, proposal: ProposalNo) -> Key {
    key(lamp, PROPOSAL, proposal.0)
}

/// Key under which a talk waits for its end.
#[must_use]
pub fn window_key(until: DateTime<Utc>, topic: TopicNo) -> Key {
    key(until, TALK, topic.0)
}

/// Key under which a planned poll waits for its hour: after what closes at the same moment.
#[must_use]
pub fn plan_due_key(opens: DateTime<Utc>, topic: TopicNo) -> Key {
    key(opens, OPENING, topic.0)
}

/// Key under which a poll waits for its reminder.
#[must_use]
pub fn nudge_key(at: DateTime<Utc>, poll: PollNo) -> Key {
    key(at, NUDGE, poll.0)
}

/// Key under which the link of an export waits to run out.
#[must_use]
pub fn export_key(until: DateTime<Utc>, export: u32) -> Key {
    key(until, EXPORT, export)
}

/// Key under which a gathering of every week waits to be called.
#[must_use]
pub fn series_key(call: DateTime<Utc>, series: SeriesNo) -> Key {
    key(call, SERIES, series.0)
}

/// Key under which those who signed up for a gathering wait to be reminded.
#[must_use]
pub fn reminder_key(remind: DateTime<Utc>, gathering: GatheringNo) -> Key {
    key(remind, REMINDER, gathering.0)
}

/// Key under which an account waits to be joined, the waiting time over.
#[must_use]
pub fn joining_key(until: DateTime<Utc>, claim: ClaimNo) -> Key {
    key(until, JOINING, claim.0)
}

/// Key under which a claim that nobody has settled waits to be void.
#[must_use]
pub fn claim_key(until: DateTime<Utc>, claim: ClaimNo) -> Key {
    key(until, CLAIM, claim.0)
}

/// Key under which a page of codes waits to run out.
#[must_use]
pub fn code_sheet_key(until: DateTime<Utc>, sheet: u32) -> Key {
    key(until, CODE_SHEET, sheet)
}
