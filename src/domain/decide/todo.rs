//! 待办 — what waits for a person, each with what to type: tasks to sign for and to do, answers to rate, a plan to draft, topics to
//! move on, a plan to review, requests to accept, briefs and proposals.

use crate::domain::decide::brief::todo;
use crate::domain::decide::{identity_claim, steps};
use crate::domain::intake::slip::{Fate, w};
use crate::domain::kernel::ids::{SlipNo, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::people::identity_claim::Claim;
use crate::domain::people::person::{Role, Scope, Side, scope_value};
use crate::domain::process::form::Step;
use crate::domain::process::hiding::Hiding;
use crate::domain::process::steps::{Mover, transition};
use crate::domain::process::topic::Topic;
use crate::domain::scene::Ctx;
use crate::domain::vote::failed;
use crate::domain::vote::recusal::Recusal;
use crate::domain::work::task::{MAX_REWORKS, State, Task};
use crate::say;

/// Latest slips that are looked through for those nobody has dealt with.
const MAX_SLIPS: u32 = 200;

/// 待办 — everything that waits for whoever speaks, the most pressing first.
#[must_use]
pub fn waiting(ctx: &Ctx<'_>) -> Vec<Say> {
    let topics = ctx.world.live_topics();
    let going = || topics.iter().filter(|topic| topic.halt.is_none());
    let mut tasks: Vec<Task> =
        going().filter(|topic| topic.step == Step::Tracking).flat_map(|topic| ctx.world.tasks(topic.no)).collect();
    tasks.sort_by_key(|task| (task.due, task.no));
    let mut found: Vec<Say> = identity_claim::to_confirm(ctx).iter().map(of_claim).collect();
    found.extend(tasks.iter().filter_map(|task| of_task(ctx, task)));
    found.extend(todo::own(ctx));
    found.extend(going().filter_map(|topic| of_lead(ctx, topic)));
    found.extend(going().filter_map(|topic| of_expert(ctx, topic)));
    found.extend(going().filter_map(|topic| of_moderator(ctx, topic)));
    if ctx.require_role(Role::Coordinator).is_ok() {
        found.extend(recusals(ctx, &topics));
        found.extend(hidings(ctx));
        found.extend(slips(ctx));
        found.extend(going().filter_map(|topic| of_coordinator(ctx, topic, &tasks)));
        found.extend(todo::office(ctx));
    }
    found
}

/// 等确认.
fn of_claim(claim: &Claim) -> Say {
    say!("todo.claim", c = claim.no, who = &claim.name, at = Value::Moment(claim.at))
}

/// 等裁定 — objections to what was entered of somebody by somebody else than the speaker.
fn recusals(ctx: &Ctx<'_>, topics: &[Topic]) -> Vec<Say> {
    let mut found = Vec::new();
    for topic in topics.iter().filter(|topic| topic.halt.is_none() && ctx.coordinates(&topic.town)) {
        let is_mine = |recusal: &Recusal| recusal.by != Some(ctx.me()) && recusal.seat != Seat::Person(ctx.me());
        for recusal in ctx.world.contested(topic.no).into_iter().filter(is_mine) {
            let hh = ctx.world.seat_called(topic.no, recusal.seat);
            let name = ctx.world.written_for(topic.no, recusal.seat);
            found.push(say!("todo.recusal", no = topic.no, hh = hh, name = name));
        }
    }
    found
}

/// What the unit owes, and what is to be rated.
fn of_task(ctx: &Ctx<'_>, task: &Task) -> Option<Say> {
    let is_mine = task.handler == ctx.me();
    let (t, what, due) = (task.no, Value::Quote(task.what.as_str().to_owned()), Value::Day(task.due));
    match task.state {
        State::Assigned if is_mine => Some(say!("todo.ack", t = t, what = what, due = due)),
        State::Acked if is_mine => Some(say!("todo.task", t = t, what = what, due = due)),
        State::Assigned | State::Acked if task.reworks >= MAX_REWORKS && coordinates(ctx, task) => {
            Some(say!("todo.force", t = t, what = what))
        }
        State::Answered if coordinates(ctx, task) && is_unrated(ctx, task) => {
            Some(say!("todo.force.unrated", t = t, what = what))
        }
        State::Answered if ctx.world.rater(task) == Some(ctx.me()) => Some(say!("todo.rate", t = t)),
        State::Returned if coordinates(ctx, task) => Some(say!("todo.reassign", t = t, what = what)),
        State::Assigned | State::Acked | State::Answered | State::Done | State::Returned => None,
    }
}

/// 未评价 — answered, and nobody has said in all that time how well.
fn is_unrated(ctx: &Ctx<'_>, task: &Task) -> bool {
    let today = ctx.settings.date(ctx.scene.now);
    task.unrated_from(ctx.settings).is_some_and(|from| today >= from)
}

fn coordinates(ctx: &Ctx<'_>, task: &Task) -> bool {
    ctx.world.topic(task.topic).is_some_and(|topic| ctx.coordinates(&topic.town))
}

fn of_lead(ctx: &Ctx<'_>, topic: &Topic) -> Option<Say> {
    let is_due = ctx.world.lead_of(topic) == Some(ctx.me()) && topic.step == Step::Planning && topic.plans == 0;
    is_due.then(|| say!("todo.plan", no = topic.no))
}

/// 专家审查, by those invited who have not said anything of this plan.
fn of_expert(ctx: &Ctx<'_>, topic: &Topic) -> Option<Say> {
    let is_due = topic.step == Step::Reviewing
        && ctx.world.invited_as(topic.no, ctx.me()) == Some(Side::Expert)
        && ctx.world.reviews(topic).iter().all(|review| review.expert != ctx.me());
    is_due.then(|| say!("todo.review", no = topic.no))
}

/// What the moderator shown for a topic can do now: answer, or take the step for which nothing is missing.
fn of_moderator(ctx: &Ctx<'_>, topic: &Topic) -> Option<Say> {
    let is_mine = ctx.scene.who.moderates(topic) && ctx.world.moderator_of(topic) == Some(ctx.me());
    if !is_mine {
        return None;
    }
    let no = topic.no;
    if topic.step == Step::Noticing
        && let Some(objection) = ctx.world.unanswered(no).first()
    {
        return Some(say!("todo.answer", no = no, r#ref = objection.reference.named()));
    }
    if topic.poll.is_none()
        && let Some(failed) = failed::after_failure(ctx.world, topic)
    {
        return Some(failed);
    }
    let row = transition(topic.template, topic.step);
    if !steps::missing(ctx, topic, row.guard).is_empty() {
        return None;
    }
    match row.by {
        Mover::Moderator => Some(say!("todo.next", no = no)),
        Mover::Notice => Some(say!("todo.notice", no = no)),
        Mover::Vote if topic.poll.is_none() => Some(say!("todo.vote", no = no)),
        Mover::Outcome if !ctx.world.tasks(no).is_empty() => Some(say!("todo.close", no = no)),
        Mover::Member | Mover::Vote | Mover::Outcome => None,
    }
}

/// 等交办.
fn of_coordinator(ctx: &Ctx<'_>, topic: &Topic, tasks: &[Task]) -> Option<Say> {
    let has_task = |no: TopicNo| tasks.iter().any(|task| task.topic == no);
    let is_due = topic.step == Step::Tracking && ctx.coordinates(&topic.town) && !has_task(topic.no);
    is_due.then(|| say!("todo.assign", no = topic.no))
}

/// 待核定 — objections to a hiding that the speaker settles, or, as an administrator, finds somebody for.
fn hidings(ctx: &Ctx<'_>) -> Vec<Say> {
    let contested = ctx.world.hidden_now().into_iter().filter(Hiding::is_contested);
    let todo = |hiding: Hiding| {
        let judges = ctx.world.judges(&hiding);
        let town = ctx.world.town_of_hiding(&hiding);
        let (h, what) = (hiding.no, hiding.what.name());
        if judges.is_empty() && ctx.scene.who.holds(Role::Admin) {
            let scope = if town.is_empty() { Scope::District } else { Scope::Town(town) };
            return Some(say!("todo.hiding.appoint", h = h, what = what, scope = scope_value(&scope)));
        }
        judges.iter().any(|judge| judge.id == ctx.me()).then(|| say!("todo.hiding", h = h, what = what))
    };
    contested.filter_map(todo).collect()
}

/// 待受理, of the towns one coordinates.
fn slips(ctx: &Ctx<'_>) -> Vec<Say> {
    let last = ctx.world.counters().slips;
    let numbers = last.saturating_sub(MAX_SLIPS) + 1..=last;
    let pending = numbers.filter_map(|no| ctx.world.slip(SlipNo(no))).filter(|slip| slip.fate == Fate::Pending);
    let mine = pending.filter(|slip| ctx.coordinates(&ctx.world.town_of_slip(slip)));
    mine.map(|slip| say!("todo.accept", w = w(slip.no), what = Value::Quote(slip.title.as_str().to_owned()))).collect()
}
