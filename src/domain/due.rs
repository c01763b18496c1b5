//! 到期 — what the clock brings about. At one instant polls close first, then lights come on; digests come last (commands.md §9.19).

use super::event::Event;
use super::ids::{GatheringNo, PollNo, ProposalNo, SeriesNo, TaskNo, TopicNo};
use super::poll::opening;
use super::scene::Settings;
use super::topic::Topic;
use super::world::{Key, World, kind};
use super::{brief, course, export, nudge, poll, series, task};
use chrono::{DateTime, Utc};

/// What waits for its moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Poll(PollNo),
    Task(TaskNo),
    Proposal(ProposalNo),
    Talk(TopicNo),
    Opening(TopicNo),
    Nudge(PollNo),
    Export(u32),
    Series(SeriesNo),
    Reminder(GatheringNo),
}

// What stands behind the moment in a key, and so the order at one instant.
const POLL: u8 = 0;
const TASK: u8 = 1;
const PROPOSAL: u8 = 5;
const TALK: u8 = 9;
const OPENING: u8 = 0x10;
const NUDGE: u8 = 0x85;
const EXPORT: u8 = 0x9A;
const SERIES: u8 = 0x9B;
const REMINDER: u8 = 0x9C;

fn key(moment: DateTime<Utc>, what: u8, no: u32) -> Key {
    Key::new(kind::DUE).long(u64::try_from(moment.timestamp_millis()).unwrap_or(0)).byte(what).num(no)
}

/// Key under which a poll waits for its deadline.
#[must_use]
pub fn poll_key(ends: DateTime<Utc>, poll: PollNo) -> Key {
    key(ends, POLL, poll.0)
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

fn first(world: &World<'_>) -> Option<Waiting> {
    let (prefix, mut found) = (Key::new(kind::DUE), None);
    world.scan_from(&prefix, prefix.bytes(), |key, no: u32| {
        found = key.get(9).and_then(|&what| match what {
            POLL => Some(Waiting::Poll(PollNo(no))),
            TASK => Some(Waiting::Task(TaskNo(no))),
            PROPOSAL => Some(Waiting::Proposal(ProposalNo(no))),
            TALK => Some(Waiting::Talk(TopicNo(no))),
            OPENING => Some(Waiting::Opening(TopicNo(no))),
            NUDGE => Some(Waiting::Nudge(PollNo(no))),
            EXPORT => Some(Waiting::Export(no)),
            SERIES => Some(Waiting::Series(SeriesNo(no))),
            REMINDER => Some(Waiting::Reminder(GatheringNo(no))),
            _ => None,
        });
        false
    });
    found
}

fn moment(world: &World<'_>, waiting: Waiting) -> Option<DateTime<Utc>> {
    match waiting {
        Waiting::Poll(no) => Some(world.poll(no)?.ends),
        Waiting::Task(no) => world.task(no)?.lamp,
        Waiting::Proposal(no) => world.proposal(no)?.lamp,
        Waiting::Talk(no) => timed(world, no)?.talk_until,
        Waiting::Opening(no) => Some(world.poll_plan(no)?.opens),
        Waiting::Nudge(no) => world.nudge_due(no),
        Waiting::Export(no) => Some(world.export(no)?.until),
        Waiting::Series(no) => Some(world.series(no)?.next.call),
        Waiting::Reminder(no) => world.reminder(no),
    }
}

/// A topic with a window, also where it was taken back: what waits must not be lost sight of.
fn timed(world: &World<'_>, no: TopicNo) -> Option<Topic> {
    world.get(&Key::new(kind::TOPIC).num(no.0))
}

/// When something is due next.
#[must_use]
pub fn next(world: &World<'_>) -> Option<DateTime<Utc>> {
    moment(world, first(world)?)
}

/// What is due first, to be recorded at `hour`. After downtime `now` is later than that: what is asked of people from here on (a poll
/// that opens, a reminder, a gathering that is called) is judged by the time they still have.
#[must_use]
pub fn first_due(
    world: &World<'_>,
    settings: &Settings,
    hour: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<Vec<Event>> {
    let waiting = first(world)?;
    moment(world, waiting).filter(|at| *at <= hour)?;
    let mut facts = match waiting {
        Waiting::Poll(no) => poll::close(world, &world.poll(no)?),
        Waiting::Task(no) => vec![task::lit(settings, &world.task(no)?, hour)],
        Waiting::Proposal(no) => vec![brief::handling::lit(settings, &world.proposal(no)?, hour)],
        Waiting::Talk(no) => vec![course::time_up(&timed(world, no)?)],
        Waiting::Opening(no) => opening::at_its_hour(world, &world.poll_plan(no)?, now),
        Waiting::Nudge(no) => nudge::due(world, settings, &world.poll(no)?, now),
        Waiting::Export(export) => vec![Event::Export(export::Fact::Expired { export })],
        Waiting::Series(no) => vec![series::called(world, settings, &world.series(no)?, now)],
        Waiting::Reminder(gathering) => vec![Event::Series(series::Fact::Reminded { gathering })],
    };
    let reminders: Vec<Event> = facts.iter().filter_map(|fact| nudge::planned(settings, fact, now)).collect();
    facts.extend(reminders);
    Some(facts)
}
