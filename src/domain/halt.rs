//! 退回、暂缓、终止、并案 — the ways a topic does not go on, each with a reason that is kept.

use super::event::Event;
use super::ids::{PersonId, TopicNo};
use super::process::Mover;
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::suggestion::MAX_REASON;
use super::task::State;
use super::topic::{Halt, Step, Topic, within};
use super::words::Words;
use super::world::{Key, World, kind};
use crate::say;

/// Topics merged into one at most.
const MAX_MERGED: usize = 200;

/// The topic, by somebody who may, with a reason.
fn checked(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str, example: &str) -> Result<(Topic, Words), Say> {
    let topic = ctx.resolve_topic(written, example)?;
    ctx.require_moderator(&topic)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(example)));
    }
    within(reason, MAX_REASON)?;
    Ok((topic, reason.into()))
}

fn require_open(topic: &Topic) -> Result<(), Say> {
    topic.require_going()?;
    if topic.step == Step::Closed { Err(topic.is_over("step.closed")) } else { Ok(()) }
}

/// The vote that is open is void; the ballots are kept.
fn void(topic: &Topic) -> Option<Event> {
    topic.poll.map(|poll| Event::PollVoided { poll })
}

/// 退回 — back to 拟方案: the notice and the votes are void, and kept.
pub fn back(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str) -> Decided {
    let (topic, reason) = checked(ctx, written, reason, "ex.back")?;
    topic.require_step(&[Step::Noticing, Step::Reviewing, Step::Voting])?;
    let mut facts: Vec<Event> = void(&topic).into_iter().collect();
    facts.push(Event::TopicReturned { topic: topic.no, to: Step::Planning, reason });
    Ok(Decision::facts(facts))
}

/// 暂缓 — until 推进.
pub fn pause(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str) -> Decided {
    let (topic, reason) = checked(ctx, written, reason, "ex.pause")?;
    require_open(&topic)?;
    if topic.poll.is_some() {
        return Err(say!("e.poll_open", no = topic.no));
    }
    Ok(Decision::fact(Event::TopicPaused { topic: topic.no, reason }))
}

/// 终止.
pub fn end(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str) -> Decided {
    let (topic, reason) = checked(ctx, written, reason, "ex.end")?;
    if topic.halt != Some(Halt::Paused) {
        require_open(&topic)?;
    }
    let mut facts: Vec<Event> = void(&topic).into_iter().collect();
    facts.push(Event::TopicEnded { topic: topic.no, reason });
    Ok(Decision::facts(facts))
}

/// 并案 — it goes on as part of another. What is being voted on or done is brought to its end first: ballots and tasks do not move.
pub fn merge(ctx: &Ctx<'_>, written: Option<TopicNo>, into: TopicNo, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.merge";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    if topic.halt != Some(Halt::Paused) {
        require_open(&topic)?;
    }
    let other = ctx.world.topic(into).ok_or_else(|| say!("e.no_topic", no = into))?;
    if other.no == topic.no {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    require_open(&other)?;
    if topic.poll.is_some() {
        return Err(say!("e.poll_open", no = topic.no));
    }
    if let Some(task) = ctx.world.tasks(topic.no).into_iter().find(|task| task.state != State::Done) {
        return Err(say!("e.merge_task", no = topic.no, t = task.no));
    }
    if ctx.world.merged(into).len() >= MAX_MERGED {
        return Err(say!("e.too_far", max = MAX_MERGED));
    }
    within(reason.trim(), MAX_REASON)?;
    Ok(Decision::fact(Event::TopicMerged { topic: topic.no, into, reason: reason.trim().into() }))
}

/// Key under which it is kept that a topic was merged into another.
#[must_use]
pub fn merged_key(into: TopicNo, from: TopicNo) -> Key {
    Key::new(kind::MERGED).num(into.0).num(from.0)
}

impl World<'_> {
    /// The topics that were merged into one, by number.
    #[must_use]
    pub fn merged(&self, into: TopicNo) -> Vec<TopicNo> {
        self.list(&Key::new(kind::MERGED).num(into.0), MAX_MERGED)
    }

    /// Everybody who asked for it: its proposer, and those of the topics merged into it, and into these.
    #[must_use]
    pub fn proposers(&self, topic: &Topic) -> Vec<PersonId> {
        let (mut found, mut open) = (vec![topic.proposer], self.merged(topic.no));
        let mut seen = 0;
        while let Some(no) = open.pop().filter(|_| seen < MAX_MERGED) {
            seen += 1;
            let Some(merged) = self.topic(no) else { continue };
            if !found.contains(&merged.proposer) {
                found.push(merged.proposer);
            }
            open.extend(self.merged(no));
        }
        found
    }
}

/// 暂缓、终止、并案 — why a topic does not go on, and which others go on as part of it: lines of its card.
#[must_use]
pub fn provenance(world: &World<'_>, topic: &Topic) -> Vec<Say> {
    let why = &topic.halt_reason;
    let mut lines = Vec::new();
    lines.extend(topic.halt.map(|halt| match halt {
        Halt::Paused => say!("card.paused", why = why),
        Halt::Ended => say!("card.ended", why = why),
        Halt::Merged(into) => {
            let title = world.topic(into).map(|into| into.title).unwrap_or_default();
            say!("card.merged", to = into, title = &title)
        }
    }));
    let from: Vec<Value> = world
        .merged(topic.no)
        .into_iter()
        .filter_map(|no| world.topic(no))
        .take(5)
        .map(|from| say!("need.row", no = from.no, title = &from.title).into())
        .collect();
    if !topic.units.as_str().is_empty() && lines.is_empty() {
        lines.push(say!("card.units", unit = &topic.units));
    }
    if !from.is_empty() {
        lines.push(say!("card.from", rows = Value::List(from)));
    }
    lines
}

/// 推进 — what rests is taken up where it stood; anything else goes on.
pub fn advance(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.next")?;
    ctx.require_moderator(&topic)?;
    if topic.halt == Some(Halt::Paused) {
        let mut facts = vec![Event::TopicResumed { topic: topic.no }];
        facts.extend(super::rest::moved(ctx, &topic));
        return Ok(Decision::facts(facts));
    }
    topic.require_going()?;
    Ok(Decision::fact(super::process::onward(ctx, &topic, Mover::Moderator, Vec::new())?))
}
