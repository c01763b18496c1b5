//! 发起、作废 — opening a poll, at once or at its hour, and voiding it.

use crate::domain::decide::one::Takes;
use crate::domain::decide::poll::{
    LONGEST_DAYS, MAX_TITLE, SHORTEST_MINUTES, early, hours, require_roll, require_time,
};
use crate::domain::decide::steps::out_of_sight;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PollNo, TopicNo};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::text::within;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::process::form::Step;
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::vote::failed::again;
use crate::domain::vote::poll::opening::{Frame, Missed, Plan, formal_round};
use crate::domain::vote::poll::terms::{
    MAX_OPTION, MAX_OPTIONS, MAX_POINTS, MIN_OPTIONS, Method, Terms, is_number, misnumbered, same,
};
use crate::domain::vote::poll::{Fact, Poll, Rule, household};
use crate::say;
use chrono::{DateTime, Duration, Utc};

const EXAMPLE: &str = "ex.vote";

/// Seats named in one line.
const MOST_NAMED: usize = 10;

/// 投票 — opens a poll, or announces when it will.
pub fn open(ctx: &Ctx<'_>, written: Option<TopicNo>, frame: &Frame) -> Decided {
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    match frame.method {
        None => require_time(&topic, frame.rule)?,
        Some(_) => require_talk(&topic)?,
    }
    if topic.poll.is_some() {
        return Err(say!("e.poll_open.again", no = topic.no));
    }
    if frame.method.is_none() {
        again(ctx.world, &topic, frame.rule)?;
    }
    if let Some(plan) = ctx.world.poll_plan(topic.no) {
        return Err(say!("e.poll_planned", no = topic.no, at = Value::Moment(plan.opens)));
    }
    let title = frame.title.trim();
    if title.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(title, MAX_TITLE)?;
    if let Some(method) = frame.method {
        require_options(topic.no, method, &frame.options)?;
    }
    if frame.reasons && frame.method.is_some() {
        return Err(say!("e.options_reasons", no = topic.no));
    }
    let hidden = if topic.step == Step::Voting { out_of_sight(ctx.world, &topic) } else { Vec::new() };
    if !hidden.is_empty() {
        return Err(say!("e.guard", no = topic.no, why = Value::Clauses(hidden)));
    }
    let begins = frame.opens.unwrap_or(ctx.scene.now);
    let is_long = frame.ends - ctx.scene.now > Duration::days(LONGEST_DAYS);
    if is_long || frame.ends - begins < Duration::minutes(SHORTEST_MINUTES) || begins < ctx.scene.now {
        return Err(match frame.opens {
            Some(_) => say!("e.opens", no = topic.no, at = Value::Moment(begins), end = Value::Moment(frame.ends)),
            None => say!("e.past", ex = example_of(EXAMPLE)),
        });
    }
    require_roll(&topic, frame.rule, ctx.world.roll(topic.no).as_ref())?;
    if frame.until_all {
        early::require(topic.no, frame.rule, ctx.world.roll(topic.no).as_ref())?;
    }
    hours::require(ctx, topic.no, frame, begins)?;
    require_other_end(ctx, topic.no, frame)?;
    let (rule, title, terms, ends): (_, Words, _, _) =
        (frame.rule, title.replace('\n', " ").into(), frame.terms(), frame.ends);
    let facts = match frame.opens {
        Some(opens) => vec![Event::Poll(Fact::Planned { topic: topic.no, rule, title, terms, opens, ends })],
        None => opened(ctx.world, topic.no, rule, title, terms, ends),
    };
    Ok(Decision { facts, answer: vacant(ctx.world, topic.no).into_iter().collect(), ..Decision::default() })
}

/// 空席 — that seats are counted whose people have all gone; and how the roll is exchanged as long as no ballot is in.
fn vacant(world: &World<'_>, no: TopicNo) -> Option<Say> {
    let seats = world.vacant_seats(no);
    let list = Value::List(seats.iter().take(MOST_NAMED).map(household).collect());
    let rest = if seats.len() > MOST_NAMED { say!("roll.and_more") } else { say!("none") };
    (!seats.is_empty()).then(|| say!("vote.vacant", no = no, n = seats.len(), list = list, rest = rest))
}

/// The cards of a void poll stay in the chats, and somebody may still reply to one: a poll with the same end, but perhaps with other
/// options, would take that for its own.
fn require_other_end(ctx: &Ctx<'_>, no: TopicNo, frame: &Frame) -> Result<(), Say> {
    let ends = frame.ends;
    if !is_end_of_void(ctx, no, ends) {
        return Ok(());
    }
    let line = line_for_later(no, frame).unwrap_or_else(|| say!("none"));
    Err(say!("e.same_end", no = no, end = Value::Moment(ends), line = line))
}

/// The same vote a minute later, as it is written; with an hour of its own to open there are two times to choose.
fn line_for_later(no: TopicNo, frame: &Frame) -> Option<Say> {
    if frame.opens.is_some() || frame.until_all {
        return None;
    }
    let term = |key: &str| Value::Term(key.to_owned());
    let how: Value = match frame.method {
        None => term(frame.rule.term()),
        Some(method @ (Method::Single | Method::Ranked)) => term(method.term()),
        Some(method @ (Method::Multiple(_) | Method::Budget(_))) => {
            say!("same_end.method", method = term(method.term()), n = method.limit()).into()
        }
    };
    let flag = |is_set: bool, key: &str| match is_set {
        true => say!("e.same_end.flag", flag = term(key)),
        false => say!("none"),
    };
    let what = std::iter::once(frame.title.as_str()).chain(frame.options.iter().map(String::as_str));
    let what = what.collect::<Vec<_>>().join("｜");
    let (secret, reasons) = (flag(frame.secret, "flag.secret"), flag(frame.reasons, "flag.reasons"));
    let at = Value::Moment(frame.ends + Duration::minutes(1));
    Some(say!("e.same_end.line", no = no, rule = how, at = at, title = what, secret = secret, reasons = reasons))
}

/// Whether a void poll of the topic has cards with this end.
pub(super) fn is_end_of_void(ctx: &Ctx<'_>, no: TopicNo, ends: DateTime<Utc>) -> bool {
    let shown = ctx.shown_end(ends);
    let is_shown = |poll: &Poll| ctx.world.closes_shown(poll).into_iter().any(|end| ctx.shown_end(end) == shown);
    ctx.world.polls_of(no).iter().any(|poll| poll.is_void && is_shown(poll))
}

/// The facts that open a poll: what it has beside its rule stands before it.
fn opened(
    world: &World<'_>,
    topic: TopicNo,
    rule: Rule,
    title: Words,
    terms: Terms,
    ends: DateTime<Utc>,
) -> Vec<Event> {
    let (poll, roll) = (PollNo(world.counters().polls + 1), world.roll(topic));
    let framed = (terms != Terms::default()).then_some(Event::Poll(Fact::Framed { poll, terms }));
    let voters = roll.as_ref().map(|roll| roll.voters);
    let area = roll.map_or(0, |roll| roll.area);
    framed.into_iter().chain([Event::PollOpened { poll, topic, rule, title, ends, voters, area }]).collect()
}

/// 几个选项的 — only while people talk: the law's own votes know yes and no.
fn require_talk(topic: &Topic) -> Result<(), Say> {
    topic.require_going()?;
    if matches!(topic.step, Step::Talking | Step::Planning) {
        return Ok(());
    }
    let now = say!("state.now", stage = Value::Term(topic.step.term().to_owned()));
    Err(say!("e.state", no = topic.no, state = now, hint = say!("hint.options")))
}

fn require_options(no: TopicNo, method: Method, options: &[String]) -> Result<(), Say> {
    let n = options.len();
    if !(MIN_OPTIONS..=MAX_OPTIONS).contains(&n) || options.iter().any(|text| text.trim().is_empty()) {
        return Err(say!("e.options_count", no = no, min = MIN_OPTIONS, max = MAX_OPTIONS, n = n));
    }
    for (at, text) in options.iter().enumerate() {
        let length = text.trim().chars().count();
        if length > MAX_OPTION {
            return Err(say!(
                "e.option_long",
                no = no,
                text = Value::Quote(text.clone()),
                n = length,
                max = MAX_OPTION
            ));
        }
        if is_number(text) {
            return Err(say!("e.option_number", text = text.trim(), no = no));
        }
        if options.iter().skip(at + 1).any(|other| same(text, other)) {
            return Err(say!("e.option_twice", text = text.trim(), no = no));
        }
    }
    if let Some((at, number)) = misnumbered(options) {
        let text = |at: usize| options.get(at).map(|text| text.trim().to_owned()).unwrap_or_default();
        let other = Value::Quote(text(number - 1));
        return Err(say!("e.option_misnumbered", no = no, text = Value::Quote(text(at)), k = number, other = other));
    }
    match method {
        Method::Multiple(most) if most == 0 || usize::from(most) > n => Err(say!("e.multiple", no = no, n = n)),
        Method::Budget(points) if points == 0 || points > MAX_POINTS => {
            Err(say!("e.budget", no = no, max = MAX_POINTS))
        }
        Method::Single | Method::Multiple(_) | Method::Ranked | Method::Budget(_) => Ok(()),
    }
}

/// What comes of a plan at its hour: the poll opens, with the end that was announced, or it is told why not.
#[must_use]
pub fn at_its_hour(world: &World<'_>, settings: &Settings, plan: &Plan, now: DateTime<Utc>) -> Vec<Event> {
    let missed = |why| vec![Event::Poll(Fact::Missed { topic: plan.topic, group: plan.group, why })];
    if plan.ends - now < Duration::minutes(SHORTEST_MINUTES) {
        return missed(Missed::Late);
    }
    // The quiet hours of a group may have been set since, and the bot may have been down.
    if hours::heard_by(world, settings, (plan.topic, plan.group), plan.rule, now) > plan.ends {
        return missed(Missed::Unheard);
    }
    let may = |topic: &Topic| match plan.terms.method {
        None => require_time(topic, plan.rule).and_then(|()| again(world, topic, plan.rule)).is_ok(),
        Some(_) => require_talk(topic).is_ok(),
    };
    // What was to be asked while people talk decides nothing, and what was to decide on one plan is not asked of another.
    let is_same = |topic: &Topic| formal_round(topic) == plan.formal;
    let fits = |topic: &Topic| topic.poll.is_none() && is_same(topic) && may(topic);
    if world.topic(plan.topic).is_some_and(|topic| topic.halt == Some(Halt::Paused)) {
        return missed(Missed::Paused);
    }
    let Some(topic) = world.topic(plan.topic).filter(fits) else {
        return missed(Missed::Step);
    };
    if require_roll(&topic, plan.rule, world.roll(topic.no).as_ref()).is_err() {
        return missed(Missed::Roll);
    }
    opened(world, plan.topic, plan.rule, plan.title.clone(), plan.terms.clone(), plan.ends)
}

/// 作废 — the poll that is open, or will open, on a topic; with a reason, before its end.
pub fn void(ctx: &Ctx<'_>, written: Option<TopicNo>, reason: &str) -> Decided {
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    let closed = |ends| say!("e.closed", no = topic.no, end = Value::Moment(ends));
    let open = topic.poll.and_then(|no| ctx.world.poll(no));
    if open.is_none() && ctx.world.poll_plan(topic.no).is_none() {
        let last = topic.last_poll.and_then(|no| ctx.world.poll(no)).filter(|last| last.result.is_some());
        return Err(last.map_or_else(|| super::no_poll(&topic), |last| closed(last.ends)));
    }
    if let Some(poll) = open.as_ref().filter(|poll| ctx.scene.now >= poll.ends) {
        return Err(closed(poll.ends));
    }
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(say!("e.void_reason", no = topic.no));
    }
    // The number of the topic stands before 作废, not before the reason.
    ctx.require_one(Takes::Topic, &topic.no.to_string(), reason)?;
    within(reason, MAX_REASON)?;
    let poll = open.map(|poll| poll.no);
    let voided = poll.map(|poll| Event::PollVoided { poll });
    let told = Event::Poll(Fact::Withdrawn { topic: topic.no, poll, reason: reason.into() });
    Ok(Decision::facts(voided.into_iter().chain([told]).collect()))
}
