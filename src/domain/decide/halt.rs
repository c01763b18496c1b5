//! 推进、退回、暂缓、终止、并案 — moving a topic on or out of its way, each with a reason.

use crate::domain::decide::binding::{Act, require_free, settled};
use crate::domain::decide::one::Takes;
use crate::domain::decide::topic::is_alike;
use crate::domain::decide::{standstill, steps};
use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::kernel::words::Words;
use crate::domain::process::conflict::Settling;
use crate::domain::process::form::Step;
use crate::domain::process::halt::MAX_MERGED;
use crate::domain::process::steps::{Mover, REOPEN_DAYS, path};
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::talk::{gathering, series};
use crate::say;

/// A moderator takes a merge back within so many days.
const PART_DAYS: i64 = 3;

/// The topic, by somebody who may, with a reason.
fn checked(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str, example: &str) -> Result<(Topic, Words), Say> {
    let topic = ctx.resolve_topic(written, example)?;
    ctx.require_moderator(&topic)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(example)));
    }
    ctx.require_one(Takes::Topic, &topic.no.to_string(), reason)?;
    within(reason, MAX_REASON)?;
    Ok((topic, reason.into()))
}

/// 退回 — back to 拟方案: the notice and the votes are void, and kept.
pub fn back(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str) -> Decided {
    let (topic, reason) = checked(ctx, written, reason, "ex.back")?;
    topic.require_step(&[Step::Noticing, Step::Reviewing, Step::Voting])?;
    require_free(ctx, &topic, Act::Back)?;
    let mut facts = settled(ctx, &topic, Act::Back, &reason);
    facts.push(Event::TopicReturned { topic: topic.no, to: Step::Planning, reason });
    Ok(Decision::facts(facts))
}

/// 暂缓 — until 推进.
pub fn pause(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str) -> Decided {
    let (topic, reason) = checked(ctx, written, reason, "ex.pause")?;
    topic.require_open()?;
    ctx.require_no_party(&topic, None, Settling::Halt)?;
    require_free(ctx, &topic, Act::Pause)?;
    let mut facts = settled(ctx, &topic, Act::Pause, &reason);
    facts.push(Event::TopicPaused { topic: topic.no, reason });
    Ok(Decision::facts(facts))
}

/// 终止.
pub fn end(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str) -> Decided {
    let (topic, reason) = checked(ctx, written, reason, "ex.end")?;
    if topic.halt != Some(Halt::Paused) {
        topic.require_open()?;
    }
    ctx.require_no_party(&topic, None, Settling::Halt)?;
    require_free(ctx, &topic, Act::End)?;
    let mut facts = settled(ctx, &topic, Act::End, &reason);
    let off = called_off(ctx, topic.no, &reason);
    facts.push(Event::TopicEnded { topic: topic.no, reason });
    facts.extend(off);
    Ok(Decision::facts(facts))
}

/// 活动 of a topic that ends: those still to come do not take place, and no more are called.
fn called_off(ctx: &Ctx<'_>, no: TopicNo, why: &Words) -> Vec<Event> {
    let series = ctx.world.all_series().into_iter().filter(|series| series.topic == Some(no) && !series.ended);
    let ended = series.map(|series| Event::Series(series::Fact::Ended { series: series.no }));
    let coming = ctx.world.gatherings_to_come(no, ctx.scene.now).into_iter();
    let off = coming.map(|one| Event::Gathering(gathering::Fact::CalledOff { gathering: one.no, why: why.clone() }));
    ended.chain(off).collect()
}

/// 并案 — it goes on as part of another. What is being voted on or done is brought to its end first: ballots and tasks do not move.
pub fn merge(ctx: &Ctx<'_>, written: Option<TopicNo>, into: TopicNo, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.merge";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    if topic.halt != Some(Halt::Paused) {
        topic.require_open()?;
    }
    let other = ctx.require_topic(into)?;
    if other.no == topic.no {
        return Err(say!("e.merge_self", no = into));
    }
    other.require_open()?;
    ctx.require_no_party(&topic, None, Settling::Halt)?;
    require_free(ctx, &topic, Act::Merge)?;
    if ctx.world.merged(into).len() >= MAX_MERGED {
        return Err(say!("e.too_far", max = MAX_MERGED));
    }
    ctx.require_one(Takes::Topic, &into.to_string(), reason)?;
    within(reason.trim(), MAX_REASON)?;
    if let Some(from) = split_from_it(ctx, &topic, into) {
        return Err(say!("e.merge.split", no = topic.no, to = into, from = from));
    }
    same_thing(&topic, &other, reason.trim())?;
    past_no_step(ctx, &topic, &other, reason.trim())?;
    not_too_late(ctx, &topic, &other, reason.trim())?;
    not_backwards(ctx, &topic, &other, reason.trim())?;
    let reason: Words = reason.trim().into();
    let mut facts = settled(ctx, &topic, Act::Merge, &reason);
    facts.push(Event::TopicMerged { topic: topic.no, into, reason });
    Ok(Decision::facts(facts))
}

/// 不绕过 — what was posted, reviewed or voted on goes on as nothing that has not come so far, and a vote that failed as nothing at all,
/// but by a coordinator who says why; and never as what takes a way on which nobody looks at a plan.
fn past_no_step(ctx: &Ctx<'_>, topic: &Topic, other: &Topic, reason: &str) -> Result<(), Say> {
    let Some(step) = ctx.world.come_to(topic.no) else { return Ok(()) };
    let (no, to, stage) = (topic.no, other.no, Value::Term(step.term().to_owned()));
    if !path(other.template).contains(&step) {
        return Err(match other.step > Step::Taken {
            true => say!("e.merge.way.over", no = no, to = to, stage = stage),
            false => say!("e.merge.way", no = no, to = to, stage = stage),
        });
    }
    let failed = ctx.world.whole_of(no).into_iter().any(|no| ctx.world.has_failed(no));
    if other.step >= step && !failed {
        return Ok(());
    }
    if !ctx.coordinates(&topic.town) || !ctx.coordinates(&other.town) {
        let coordinators = ctx.world.coordinators_of(&topic.town).into_iter();
        let who = Value::List(coordinators.take(3).map(|one| (&one.name).into()).collect());
        return Err(match failed {
            true => say!("e.merge.failed", no = no, to = to, who = who),
            false => say!("e.merge.past", no = no, to = to, stage = stage, who = who),
        });
    }
    if reason.is_empty() { Err(say!("e.merge.reason", no = no, to = to)) } else { Ok(()) }
}

/// 拆出 — whether the other was split off from the topic, or from what is part of it: it goes back into it, never the whole into it.
fn split_from_it(ctx: &Ctx<'_>, topic: &Topic, into: TopicNo) -> Option<TopicNo> {
    let (whole, mut at) = (ctx.world.whole_of(topic.no), into);
    for _ in 0..MAX_MERGED {
        at = ctx.world.split_of(at)?.topic;
        if whole.contains(&at) {
            return Some(at);
        }
    }
    None
}

/// 同一件事 — where nobody says why, the titles do: two that share no word are one thing for a reason that is written.
fn same_thing(topic: &Topic, other: &Topic, reason: &str) -> Result<(), Say> {
    if !reason.is_empty() || is_alike(topic.title.as_str(), other.title.as_str()) {
        return Ok(());
    }
    let (no, to, title, as_what) = (topic.no, other.no, &topic.title, &other.title);
    Err(say!("e.merge.unlike", no = no, to = to, title = title, other = as_what))
}

/// 查单以后不再收 — what is being done already was agreed without the other, which would be over with it unheard; unless a coordinator of
/// both says why.
fn not_too_late(ctx: &Ctx<'_>, topic: &Topic, other: &Topic, reason: &str) -> Result<(), Say> {
    if other.step < Step::Tracking || topic.step >= Step::Tracking {
        return Ok(());
    }
    let (no, to) = (topic.no, other.no);
    if !ctx.coordinates(&topic.town) || !ctx.coordinates(&other.town) {
        let stage = Value::Term(other.step.term().to_owned());
        return Err(say!("e.merge.late", no = no, to = to, stage = stage, who = office(ctx, topic)));
    }
    if reason.is_empty() { Err(say!("e.merge.reason", no = no, to = to)) } else { Ok(()) }
}

/// The coordinators of a topic, as they are named in a refusal.
fn office(ctx: &Ctx<'_>, topic: &Topic) -> Value {
    Value::List(ctx.world.coordinators_of(&topic.town).into_iter().take(3).map(|one| (&one.name).into()).collect())
}

/// 并案取消 — what was merged goes its own way again from where it stood: by a coordinator within thirty days; by its moderator within
/// three, while what it went on as stands where it stood.
pub fn part(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.merge")?;
    ctx.require_moderator(&topic)?;
    let Some(Halt::Merged(into)) = topic.halt else { return Err(say!("e.merge.none", no = topic.no)) };
    let (no, to) = (topic.no, into);
    let other = ctx.world.topic(into).ok_or_else(|| say!("e.no_topic", no = into))?;
    if let Some(Halt::Merged(further)) = other.halt {
        return Err(say!("e.merge.further", no = no, to = to, further = further));
    }
    let merged = topic.halted_at.unwrap_or(ctx.scene.now);
    let days = (ctx.settings.date(ctx.scene.now) - ctx.settings.date(merged)).num_days();
    let has_moved = other.since > merged || other.halt.is_some();
    let is_office = ctx.coordinates(&topic.town);
    if days > REOPEN_DAYS {
        return Err(say!("e.merge.off_late", no = no, title = &topic.title, n = REOPEN_DAYS));
    }
    if !is_office && (has_moved || days > PART_DAYS) {
        return Err(say!("e.merge.off_who", no = no, to = to, who = office(ctx, &topic)));
    }
    Ok(Decision::fact(Event::TopicResumed { topic: no, was: topic.halt }))
}

/// 重开 — what was ended goes on where it stood: by a coordinator, within thirty days, as after 办结.
fn not_ended(ctx: &Ctx<'_>, topic: &Topic) -> Decided {
    let ended = topic.halted_at.unwrap_or(ctx.scene.now);
    let days = (ctx.settings.date(ctx.scene.now) - ctx.settings.date(ended)).num_days();
    if days > REOPEN_DAYS {
        return Err(topic.is_over("halt.ended"));
    }
    if !ctx.coordinates(&topic.town) {
        return Err(say!("e.end.who", no = topic.no, who = office(ctx, topic), n = REOPEN_DAYS));
    }
    Ok(Decision::fact(Event::TopicResumed { topic: topic.no, was: topic.halt }))
}

/// 不往回并 — its lead, its term and what its people count on would be lost: what is further on takes the other in, unless a coordinator of
/// both says why not.
fn not_backwards(ctx: &Ctx<'_>, topic: &Topic, other: &Topic, reason: &str) -> Result<(), Say> {
    if topic.step <= other.step {
        return Ok(());
    }
    let (no, to) = (topic.no, other.no);
    if !ctx.coordinates(&topic.town) || !ctx.coordinates(&other.town) {
        let (stage, there) = (Value::Term(topic.step.term().to_owned()), Value::Term(other.step.term().to_owned()));
        return Err(say!("e.merge.back", no = no, to = to, stage = stage, there = there));
    }
    if reason.is_empty() { Err(say!("e.merge.reason", no = no, to = to)) } else { Ok(()) }
}

/// 推进 — what rests is taken up where it stood; anything else goes on. What was closed is opened again, with why if it is said.
pub fn advance(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.next")?;
    ctx.require_moderator(&topic)?;
    let is_closed = topic.halt.is_none() && topic.step == Step::Closed;
    if !reason.is_empty() && !is_closed {
        return Err(say!("e.next.reason", no = topic.no, bad = Value::Quote(reason.to_owned())));
    }
    if topic.halt == Some(Halt::Paused) {
        let mut facts = vec![Event::TopicResumed { topic: topic.no, was: None }];
        facts.extend(standstill::moved(ctx, &topic));
        return Ok(Decision::facts(facts));
    }
    if topic.halt == Some(Halt::Ended) {
        return not_ended(ctx, &topic);
    }
    topic.require_going()?;
    let onward = steps::onward(ctx, &topic, Mover::Moderator, Vec::new())?;
    if reason.is_empty() {
        return Ok(Decision::fact(onward));
    }
    ctx.require_one(Takes::Topic, &topic.no.to_string(), reason)?;
    within(reason, MAX_REASON)?;
    Ok(Decision::fact(onward.because(reason.into())))
}
