//! 四单六步 — moving a topic on: what its row asks for, asked of the world.

use crate::domain::event::Event;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::process::hiding::Shown;
use crate::domain::process::steps::{Guard, MIN_SIDES, MIN_SUGGESTIONS, Mover, REOPEN_DAYS, Transition, transition};
use crate::domain::process::topic::Topic;
use crate::domain::scene::Ctx;
use crate::domain::talk::review::Opinion;
use crate::domain::vote::failed::{failed_vote, was_turned_down};
use crate::domain::work::rater::reviewer_is_also;
use crate::domain::work::task::{State, Task};
use crate::say;

/// A topic moves on: by what its row asks for, when nothing is missing. `more` is what the one who moves it found missing besides.
///
/// # Errors
/// `e.guard`, with everything that is missing.
pub fn onward(ctx: &Ctx<'_>, topic: &Topic, by: Mover, more: Vec<Say>) -> Result<Event, Say> {
    let row = transition(topic.template, topic.step);
    let mut lacks = missing(ctx, topic, row.guard);
    lacks.extend(more);
    if row.by != by && lacks.is_empty() {
        lacks.extend(row.by.how(topic.no));
    }
    if lacks.is_empty() { Ok(entering(topic, row)) } else { Err(e_guard(topic, lacks)) }
}

fn e_guard(topic: &Topic, missing: Vec<Say>) -> Say {
    say!("e.guard", no = topic.no, why = Value::Clauses(missing))
}

/// 表决通过 — the vote itself is what its row asks for.
#[must_use]
pub fn carried(topic: &Topic) -> Option<Event> {
    let row = transition(topic.template, topic.step);
    (row.by == Mover::Vote).then(|| entering(topic, row))
}

fn entering(topic: &Topic, row: &Transition) -> Event {
    Event::TopicAdvanced { topic: topic.no, to: row.to, reason: None }
}

/// What is still missing, a clause each; empty = may go on.
#[must_use]
pub fn missing(ctx: &Ctx<'_>, topic: &Topic, guard: Guard) -> Vec<Say> {
    match guard {
        Guard::Nothing => Vec::new(),
        Guard::TalkedEnough => talked_enough(ctx, topic),
        Guard::Planned => planned(ctx, topic),
        Guard::Noticed => noticed(ctx, topic),
        Guard::Reviewed => reviewed(ctx, topic),
        Guard::NotFailed => not_failed(ctx, topic),
        Guard::Tracked => tracked(ctx, topic),
        Guard::Reopened => reopened(ctx, topic),
    }
}

fn talked_enough(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let mut missing = Vec::new();
    let unheard = ctx.world.unheard(topic.no);
    let (n, sides) = ctx.world.heard(topic);
    if n < MIN_SUGGESTIONS {
        missing.push(say!("why.few", n = n));
    }
    if sides < MIN_SIDES {
        missing.push(say!("why.sides", n = sides));
    }
    let all_sides = ctx.world.sides_spoken(topic).count_ones();
    let by_them = (n < MIN_SUGGESTIONS && ctx.world.said_on(topic).suggestions >= MIN_SUGGESTIONS)
        || (sides < MIN_SIDES && all_sides >= MIN_SIDES);
    if let Some(first) = unheard.first().filter(|_| by_them) {
        missing.push(say!("why.relayed", n = unheard.len(), who = ctx.world.name_of(first.1)));
    }
    if let Some(until) = topic.talk_until.filter(|until| ctx.scene.now < *until) {
        missing.push(say!("why.timed", no = topic.no, end = Value::Moment(until)));
    }
    // Nothing is taken any more, and too little was said: it is taken again.
    let is_over = topic.talk_until.is_some_and(|until| until <= ctx.scene.now);
    if is_over && (n < MIN_SUGGESTIONS || sides < MIN_SIDES) {
        missing.push(say!("why.talk_again", no = topic.no));
    }
    missing.extend(poll_open(ctx, topic));
    missing
}

fn poll_open(ctx: &Ctx<'_>, topic: &Topic) -> Option<Say> {
    let poll = topic.poll.and_then(|no| ctx.world.poll(no))?;
    let end = Value::Moment(poll.ends);
    Some(if poll.rule.is_vote() { say!("why.poll", end = end) } else { say!("why.straw", end = end) })
}

/// 拟方案 → 公示: there is a plan to publish.
fn planned(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let mut missing = out_of_sight(ctx.world, topic);
    if topic.plans == 0 {
        missing.push(say!("why.plan", no = topic.no));
    }
    missing.extend(poll_open(ctx, topic));
    missing
}

/// 看不到的 — nobody is bound by a plan or a pact they cannot read.
#[must_use]
pub fn out_of_sight(world: &World<'_>, topic: &Topic) -> Vec<Say> {
    let latest = [Shown::Plan(topic.no, topic.plans), Shown::Pact(topic.no, topic.pacts)];
    let hidden = latest.into_iter().filter(|what| world.hiding_of(*what).is_some());
    hidden.map(|what| say!("why.hidden", what = what.name(), no = topic.no)).collect()
}

/// 公示期满, and every objection answered.
fn noticed(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let mut missing = out_of_sight(ctx.world, topic);
    if let Some(notice) = ctx.world.notice(topic).filter(|notice| ctx.scene.now < notice.until) {
        missing.push(say!("why.term", d2 = notice.last));
    }
    let open = ctx.world.unanswered(topic.no);
    if !open.is_empty() {
        let refs = open.iter().take(10).map(|objection| Value::from(objection.named())).collect();
        missing.push(say!("why.unanswered", n = open.len(), refs = Value::List(refs)));
    }
    missing
}

/// An expert has looked at the plan and none refuses it; the pact and the roll are there.
fn reviewed(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let mut missing = out_of_sight(ctx.world, topic);
    let reviews = ctx.world.reviews(topic);
    let (standing, lapsed): (Vec<_>, Vec<_>) =
        reviews.iter().partition(|review| reviewer_is_also(ctx.world, topic, review.expert).is_none());
    match lapsed.first() {
        Some(one) if standing.is_empty() => {
            missing.push(say!("why.review.lapsed", no = topic.no, who = ctx.world.name_of(one.expert)));
        }
        None if standing.is_empty() => missing.push(say!("why.review", no = topic.no)),
        Some(_) | None => {}
    }
    // Whoever refuses it does so whatever they become.
    let against = reviews.iter().filter(|review| review.opinion == Opinion::Refuse);
    let names: Vec<Value> = against.map(|review| ctx.world.name_of(review.expert).into()).collect();
    if !names.is_empty() {
        missing.push(say!("why.refused", who = Value::List(names)));
    }
    if topic.pacts == 0 {
        missing.push(say!("why.pact", no = topic.no));
    }
    if ctx.world.roll(topic.no).is_none_or(|roll| roll.voters == 0) {
        missing.push(say!("why.roll", no = topic.no));
    }
    missing
}

/// 未通过 — a plan that was turned down is sent back or given up (model.md §2).
fn not_failed(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let failed = failed_vote(ctx.world, topic).map(|failed| match was_turned_down(&failed) {
        true => say!("why.failed", no = topic.no),
        false => say!("why.too_few", no = topic.no, rule = Value::Term(failed.rule.term().to_owned())),
    });
    failed.into_iter().collect()
}

/// Everything that was to be done is answered and rated.
fn tracked(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let missing = |task: Task| match task.state {
        State::Assigned | State::Acked => Some(say!("why.task_open", t = task.no)),
        State::Answered => {
            let today = ctx.settings.date(ctx.scene.now);
            // Long unrated: there is another way to its end.
            Some(match task.unrated_from(ctx.settings).is_some_and(|from| today >= from) {
                true => say!("why.task_unrated.force", t = task.no),
                false => say!("why.task_unrated", t = task.no),
            })
        }
        State::Returned => Some(say!("why.task_returned", t = task.no)),
        State::Done => None,
    };
    ctx.world.tasks(topic.no).into_iter().filter_map(missing).collect()
}

/// 重开 — only by coordinators, within thirty days: the thirtieth after 办结 still counts, to its end.
fn reopened(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let mut missing = Vec::new();
    if !ctx.coordinates(&topic.town) {
        missing.push(say!("why.reopen_who"));
    }
    let days = (ctx.settings.date(ctx.scene.now) - ctx.settings.date(topic.since)).num_days();
    if days > REOPEN_DAYS {
        missing.push(say!("why.reopen_late", n = REOPEN_DAYS));
    }
    missing
}
