//! 类型、流程 — settling the form of a topic, addressing units, limiting the talk.

use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::process::course::{Ask, Fact, chosen, shown};
use crate::domain::process::form::Step;
use crate::domain::process::people::moderator_name;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;
use chrono::{DateTime, Duration, Utc};

/// Longest list of units, in characters.
const MAX_UNITS: usize = 80;

/// Longest time a talk takes suggestions, in days.
const MAX_WINDOW_DAYS: i64 = 90;

/// 类型 — sets it, or says what it is.
pub fn set(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    let topic = ctx.resolve_topic(ask.topic, "ex.kind")?;
    if ask.kind.is_none() && ask.template.is_none() {
        return Ok(Decision::answer(shown(&topic)));
    }
    ctx.require_moderator(&topic)?;
    topic.require_going()?;
    if topic.step > Step::Taken {
        let state = say!("state.now", stage = Value::Term(topic.step.term().to_owned()));
        return Err(say!("e.state", no = topic.no, state = state, hint = say!("hint.kind")));
    }
    let (kind, template) = chosen(ask.kind, ask.template, topic.kind);
    if (kind, template) == (topic.kind, topic.template) {
        return Ok(Decision::answer(shown(&topic)));
    }
    Ok(Decision::fact(Event::Course(Fact::Set { topic: topic.no, kind, template })))
}

/// 对口 — the units a topic mainly belongs to.
pub fn address(ctx: &Ctx<'_>, written: Option<TopicNo>, units: &str) -> Decided {
    const EXAMPLE: &str = "ex.unit";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    topic.require_going()?;
    if topic.step == Step::Closed {
        return Err(topic.is_over("step.closed"));
    }
    let units = units.trim();
    if units.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(units, MAX_UNITS)?;
    Ok(Decision::fact(Event::Course(Fact::Addressed { topic: topic.no, units: units.into() })))
}

/// 限时 — the talk has an end that everybody knows of.
pub fn limit(ctx: &Ctx<'_>, written: Option<TopicNo>, until: DateTime<Utc>) -> Decided {
    const EXAMPLE: &str = "ex.window";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    topic.require_step(&[Step::Ordered, Step::Taken, Step::Talking])?;
    let ahead = until - ctx.scene.now;
    if ahead <= Duration::zero() || ahead > Duration::days(MAX_WINDOW_DAYS) {
        return Err(say!("e.past", ex = example_of(EXAMPLE)));
    }
    Ok(Decision::fact(Event::Course(Fact::Timed { topic: topic.no, until })))
}

/// The end of the talk has come.
#[must_use]
pub fn time_up(topic: &Topic) -> Event {
    Event::Course(Fact::TimeUp { topic: topic.no, n: topic.suggestions })
}

/// Refuses what was said after the end of the talk. What was said in time counts, also where it is heard only afterwards.
///
/// # Errors
/// `e.state`.
pub fn require_in_time(ctx: &Ctx<'_>, topic: &Topic) -> Result<(), Say> {
    let said = ctx.scene.said_at.map_or(ctx.scene.now, |at| at.min(ctx.scene.now));
    let Some(until) = topic.talk_until.filter(|until| topic.step == Step::Talking && *until <= said) else {
        return Ok(());
    };
    let hint = say!("hint.talk.moderator", r#mod = moderator_name(ctx.world, topic));
    Err(say!("e.state", no = topic.no, state = say!("state.time_up", end = Value::Moment(until)), hint = hint))
}
