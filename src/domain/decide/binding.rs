//! 还牵着别人的事 — what of a topic others rely on: a vote, an objection, a notice, a task, a gathering; and what becomes of each where the
//! topic is sent back, rests, ends or goes on as another. Nothing of it is dropped in silence: it stands, it is settled in words the
//! group and the people concerned read, or it is not done at all.

use crate::domain::decide::mandate;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{TaskNo, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::process::form::Step;
use crate::domain::process::topic::Topic;
use crate::domain::scene::Ctx;
use crate::domain::talk::notice::Notice;
use crate::domain::vote::poll;
use crate::domain::work::task::State;
use crate::say;
use chrono::{DateTime, Utc};

/// What is done to a topic as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// 退回.
    Back,
    /// 暂缓.
    Pause,
    /// 终止.
    End,
    /// 并案.
    Merge,
}

impl Act {
    /// All.
    pub const ALL: [Self; 4] = [Self::Back, Self::Pause, Self::End, Self::Merge];
}

/// What others rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bond {
    /// A vote that is open.
    Vote,
    /// A vote that is announced.
    Planned,
    /// An objection that nobody has answered.
    Objection,
    /// A notice whose days are running.
    Notice,
    /// A task that is not done.
    Task,
    /// A gathering that is still to come.
    Gathering,
}

impl Bond {
    /// All.
    pub const ALL: [Self; 6] = [Self::Vote, Self::Planned, Self::Objection, Self::Notice, Self::Task, Self::Gathering];
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It goes on as it was, where people find it.
    Stands,
    /// It is over, and whoever relied on it is told.
    Settled,
    /// The act is refused while it is there.
    Refused,
}

/// The table.
#[must_use]
pub const fn fate(act: Act, bond: Bond) -> Fate {
    match (act, bond) {
        // A topic that goes back has another plan to vote on and to post: that is what 退回 is for. Whoever voted, or may still, and whoever
        // would have voted for somebody, is told at once, each of them (`announce::poll`).
        (Act::Back, Bond::Vote | Bond::Planned | Bond::Notice) => Fate::Settled,
        (Act::Back, Bond::Objection | Bond::Task | Bond::Gathering) => Fate::Stands,
        // 恢复 moves days that rested; only a vote has an hour that cannot be moved.
        (Act::Pause, Bond::Vote) => Fate::Refused,
        (Act::Pause, Bond::Planned | Bond::Objection | Bond::Notice | Bond::Task | Bond::Gathering) => Fate::Stands,
        (Act::End, Bond::Vote) => Fate::Refused,
        (Act::End, Bond::Planned | Bond::Objection | Bond::Notice | Bond::Task | Bond::Gathering) => Fate::Settled,
        // Ballots, objections, days and tasks do not move to another number.
        (Act::Merge, Bond::Vote | Bond::Objection | Bond::Notice | Bond::Task) => Fate::Refused,
        (Act::Merge, Bond::Planned) => Fate::Settled,
        (Act::Merge, Bond::Gathering) => Fate::Stands,
    }
}

impl World<'_> {
    /// What others rely on in a topic.
    #[must_use]
    pub fn bindings(&self, topic: &Topic, now: DateTime<Utc>) -> Vec<Bond> {
        let is_there = |bond: &Bond| match bond {
            Bond::Vote => topic.poll.is_some(),
            Bond::Planned => topic.poll.is_none() && self.poll_plan(topic.no).is_some(),
            Bond::Objection => !self.unanswered(topic.no).is_empty(),
            Bond::Notice => running(self, topic, now).is_some(),
            Bond::Task => self.tasks(topic.no).iter().any(|task| task.state != State::Done),
            Bond::Gathering => self.has_gathering_to_come(topic.no, now),
        };
        Bond::ALL.into_iter().filter(is_there).collect()
    }
}

fn running(world: &World<'_>, topic: &Topic, now: DateTime<Utc>) -> Option<Notice> {
    world.notice(topic).filter(|notice| topic.step == Step::Noticing && now < notice.until)
}

/// Refuses an act while something is there that it would break.
///
/// # Errors
/// The first such thing, by its number, and what to do with it first.
pub fn require_free(ctx: &Ctx<'_>, topic: &Topic, act: Act) -> Result<(), Say> {
    let bindings = ctx.world.bindings(topic, ctx.scene.now);
    match bindings.into_iter().find(|bond| fate(act, *bond) == Fate::Refused) {
        Some(bond) => Err(refusal(ctx, topic, act, bond)),
        None => Ok(()),
    }
}

fn refusal(ctx: &Ctx<'_>, topic: &Topic, act: Act, bond: Bond) -> Say {
    let no = topic.no;
    match bond {
        // What is to end anyway is not voided first.
        Bond::Vote | Bond::Planned | Bond::Gathering if act == Act::End => say!("e.poll_open", no = no),
        Bond::Vote | Bond::Planned | Bond::Gathering => say!("e.poll_open.again", no = no),
        Bond::Objection => {
            let open = ctx.world.unanswered(no);
            let first = open.first().map_or_else(|| say!("none"), |objection| objection.named());
            let refs = open.iter().take(10).map(|objection| Value::from(objection.named())).collect();
            say!("e.bound.objection", no = no, refs = Value::List(refs), r#ref = first)
        }
        Bond::Notice => {
            let last = running(ctx.world, topic, ctx.scene.now).map(|notice| notice.last);
            say!("e.bound.notice", no = no, last = last.unwrap_or_else(|| ctx.settings.date(ctx.scene.now)))
        }
        Bond::Task => {
            let open = ctx.world.tasks(no).into_iter().find(|task| task.state != State::Done);
            say!("e.merge_task", no = no, t = open.map_or(TaskNo(0), |task| task.no))
        }
    }
}

/// What is settled by facts of its own: a vote that is open, or announced, ends in words of its own.
#[must_use]
pub fn settled(ctx: &Ctx<'_>, topic: &Topic, act: Act, reason: &Words) -> Vec<Event> {
    let mut facts = Vec::new();
    for bond in ctx.world.bindings(topic, ctx.scene.now) {
        match (fate(act, bond), bond) {
            (Fate::Settled, Bond::Vote) => {
                facts.extend(mandate::lapsed_with_vote(ctx.world, topic.no));
                facts.extend(topic.poll.map(|poll| Event::PollVoided { poll }));
            }
            (Fate::Settled, Bond::Planned) => facts.push(called_off(topic.no, reason)),
            // Told by what is done to the topic (`announce::halt`), and by what is called off with it (`decide::halt`).
            (Fate::Settled, Bond::Objection | Bond::Notice | Bond::Task | Bond::Gathering)
            | (Fate::Stands | Fate::Refused, _) => {}
        }
    }
    facts
}

fn called_off(topic: TopicNo, reason: &Words) -> Event {
    Event::Poll(poll::Fact::Withdrawn { topic, poll: None, reason: reason.clone() })
}
