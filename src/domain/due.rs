//! 到期 — what the clock brings about. At one instant polls close first, then lights come on; digests come last (commands.md §9.19).

use crate::domain::decide::brief::handling;
use crate::domain::decide::poll::{early, opening};
use crate::domain::decide::{course, identity_claim, nudge, poll, series, task};
use crate::domain::event::Event;
use crate::domain::history::export;
use crate::domain::kernel::alarm::{
    CLAIM, CODE_SHEET, EARLY, EXPORT, JOINING, NUDGE, OPENING, POLL, PROPOSAL, REMINDER, SERIES, TALK, TASK,
};
use crate::domain::kernel::ids::{ClaimNo, GatheringNo, PollNo, ProposalNo, SeriesNo, TaskNo, TopicNo};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::invitation_sheet;
use crate::domain::process::topic::Topic;
use crate::domain::talk;
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
    Early(PollNo),
    Export(u32),
    CodeSheet(u32),
    Series(SeriesNo),
    Reminder(GatheringNo),
    Joining(ClaimNo),
    Claim(ClaimNo),
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
            EARLY => Some(Waiting::Early(PollNo(no))),
            EXPORT => Some(Waiting::Export(no)),
            CODE_SHEET => Some(Waiting::CodeSheet(no)),
            SERIES => Some(Waiting::Series(SeriesNo(no))),
            REMINDER => Some(Waiting::Reminder(GatheringNo(no))),
            JOINING => Some(Waiting::Joining(ClaimNo(no))),
            CLAIM => Some(Waiting::Claim(ClaimNo(no))),
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
        Waiting::Early(no) => world.deadline(no).alarm,
        Waiting::Export(no) => Some(world.export(no)?.until),
        Waiting::CodeSheet(no) => Some(world.code_sheet(no)?.until),
        Waiting::Series(no) => Some(world.series(no)?.next.call),
        Waiting::Reminder(no) => world.reminder(no),
        Waiting::Joining(no) => world.joining(no)?.until,
        Waiting::Claim(no) => world.claim(no)?.until,
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
        Waiting::Proposal(no) => vec![handling::lit(settings, &world.proposal(no)?, hour)],
        Waiting::Talk(no) => vec![course::time_up(world, &timed(world, no)?)],
        Waiting::Opening(no) => opening::at_its_hour(world, settings, &world.poll_plan(no)?, now),
        Waiting::Nudge(no) => nudge::due(world, settings, &world.poll(no)?, now),
        Waiting::Early(no) => early::due(world, settings, &world.poll(no)?, now),
        Waiting::Export(export) => vec![Event::Export(export::Fact::Expired { export })],
        Waiting::CodeSheet(sheet) => vec![Event::InvitationSheet(invitation_sheet::Fact::Expired { sheet })],
        Waiting::Series(no) => vec![series::called(world, settings, &world.series(no)?, now)],
        Waiting::Joining(no) => identity_claim::waited(world, &world.joining(no)?),
        Waiting::Claim(no) => vec![identity_claim::lapsed(&world.claim(no)?)],
        Waiting::Reminder(gathering) => vec![Event::Series(talk::series::Fact::Reminded { gathering })],
    };
    let reminders: Vec<Event> = facts.iter().filter_map(|fact| nudge::planned(settings, fact, now)).collect();
    facts.extend(reminders);
    Some(facts)
}
