//! 类型、流程 — settling the form of a topic, addressing units, limiting the talk.

use crate::domain::decide::heard;
use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::said::LONGEST_RUN_DAYS;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::{split_title, within};
use crate::domain::kernel::world::World;
use crate::domain::process::channel::Channel;
use crate::domain::process::course::{Ask, Fact, SplitAsk, chosen, shown};
use crate::domain::process::form::Step;
use crate::domain::process::people::moderator_name;
use crate::domain::process::steps::path;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeSet;

/// Longest list of units, in characters.
const MAX_UNITS: usize = 80;

/// Longest time a talk takes suggestions, in days.
const MAX_WINDOW_DAYS: i64 = LONGEST_RUN_DAYS;

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
    if let Some(step) = ctx.world.merged_come_to(topic.no).filter(|step| !path(template).contains(step)) {
        return Err(say!("e.kind.merged", no = topic.no, stage = Value::Term(step.term().to_owned())));
    }
    if (kind, template) == (topic.kind, topic.template) {
        return Ok(Decision::answer(shown(&topic)));
    }
    Ok(Decision::fact(Event::Course(Fact::Set { topic: topic.no, kind, template })))
}

/// Suggestions that are named as an example.
const SHOWN: usize = 2;

/// 拆分 — another topic of some suggestions, in the name of whoever asked for the whole. The suggestions stay under their numbers with
/// what was said to them: nothing is said, or counted, twice.
pub fn split(ctx: &Ctx<'_>, ask: &SplitAsk) -> Decided {
    const EXAMPLE: &str = "ex.split";
    let topic = ctx.resolve_topic(ask.topic, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    topic.require_going()?;
    if topic.poll.is_some() {
        return Err(say!("e.poll_open.again", no = topic.no));
    }
    if topic.step >= Step::Voting {
        topic.require_step(&[Step::Talking, Step::Planning, Step::Noticing, Step::Reviewing])?;
    }
    let mut standing = Vec::new();
    ctx.world.suggestions(topic.no, |one| standing.push(Value::from(one.reference)));
    if standing.is_empty() {
        return Err(say!("e.split.bare", no = topic.no));
    }
    if ask.suggestions.is_empty() {
        standing.truncate(SHOWN);
        return Err(say!("e.split.none", no = topic.no, refs = Value::List(standing)));
    }
    if let Some(other) = ask.suggestions.iter().find(|at| at.topic != topic.no) {
        return Err(say!("e.split.other", no = topic.no, r#ref = *other));
    }
    if let Some(gone) = ask.suggestions.iter().find(|at| ctx.world.suggestion(**at).is_none_or(|one| one.hidden)) {
        return Err(say!("e.no_sug", r#ref = *gone, no = topic.no));
    }
    if let Some((at, into)) = ask.suggestions.iter().find_map(|at| Some((*at, ctx.world.went_to(*at)?))) {
        return Err(say!("e.split.twice", r#ref = at, to = into));
    }
    if let Some(decision) = ctx.turned_away(&ask.title) {
        return Ok(decision);
    }
    let (title, body) = split_title(&ask.title, EXAMPLE)?;
    let into = TopicNo(ctx.world.counters().topics + 1);
    let suggestions: BTreeSet<u32> = ask.suggestions.iter().map(|at| at.n).collect();
    Ok(Decision::facts(vec![
        Event::TopicOrdered {
            topic: into,
            title: title.into(),
            body: body.into(),
            proposer: topic.proposer,
            channel: ctx.group().map_or(Channel::Private, Channel::Group),
            kind: topic.kind,
            town: topic.town,
        },
        Event::Course(Fact::Split { topic: topic.no, into, suggestions: suggestions.into_iter().collect() }),
    ]))
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
    require_heard(ctx, &topic, until)?;
    Ok(Decision::fact(Event::Course(Fact::Timed { topic: topic.no, until })))
}

/// 提前截止 — whoever counts on the end that was announced is left the time to hear of an earlier one.
fn require_heard(ctx: &Ctx<'_>, topic: &Topic, until: DateTime<Utc>) -> Result<(), Say> {
    let Some(was) = topic.talk_until.filter(|was| *was > ctx.scene.now && until < *was) else { return Ok(()) };
    let groups = ctx.group().into_iter().chain(ctx.world.bound_groups(topic.no));
    let heard = heard::by(ctx.world, ctx.settings, groups, ctx.scene.now, heard::to_act());
    if until >= heard {
        return Ok(());
    }
    let (no, soonest) = (topic.no, heard::on_a_step(heard));
    let end = Value::Moment(was);
    Err(match soonest < was {
        true => say!("e.window.soon", no = no, end = end, n = heard::HOURS, at = Value::Moment(soonest)),
        false => say!("e.window.soon.none", no = no, end = end, n = heard::HOURS),
    })
}

/// The end of the talk has come.
#[must_use]
pub fn time_up(world: &World<'_>, topic: &Topic) -> Event {
    Event::Course(Fact::TimeUp { topic: topic.no, n: world.said_on(topic).suggestions })
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
