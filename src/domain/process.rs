//! 四单 ⊃ 六步 — the steps a topic goes through, who moves it on, and what must be there first.
//!
//! Guards stand in this table and nowhere else: no command, role, page or platform steps around them.

use super::count;
use super::event::Event;
use super::ids::{PollNo, TopicNo};
use super::poll::{Poll, Rule};
use super::review::Opinion;
use super::say::{Say, Value};
use super::scene::Ctx;
use super::task::{State, Task};
use super::topic::{Kind, Step, Topic};
use super::world::World;
use crate::say;
use serde::{Deserialize, Serialize};

/// Suggestions needed before a plan is drafted (恳谈 → 拟方案).
pub const MIN_SUGGESTIONS: u32 = 3;
/// Sides that must have spoken before a plan is drafted.
pub const MIN_SIDES: u32 = 2;
/// Days after 办结 within which a topic can be opened again.
pub const REOPEN_DAYS: i64 = 30;

/// 流程模板 — which steps a topic goes through: not every matter needs all six.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// 六步.
    Six,
    /// 圆桌 — without review and vote.
    Round,
    /// 简易 — talk, then tasks.
    Simple,
    /// 恳谈 — talk, whose outcome goes into a document.
    Talk,
    /// 公益 — taken up, then tasks.
    Charity,
}

impl Kind {
    /// The template a kind of consultation follows.
    #[must_use]
    pub fn template(self) -> Template {
        match self {
            Self::Bridge => Template::Round,
            Self::Expertise => Template::Six,
            Self::Charity => Template::Charity,
        }
    }
}

/// What moves a topic on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mover {
    /// 买单, by a member.
    Member,
    /// 推进, by the moderator.
    Moderator,
    /// 公示.
    Notice,
    /// A vote that passed.
    Vote,
    /// 办结.
    Outcome,
}

impl Mover {
    /// What to send instead of 推进.
    fn how(self, no: TopicNo) -> Option<Say> {
        match self {
            Self::Moderator => None,
            Self::Member => Some(say!("why.untaken", no = no)),
            Self::Notice => Some(say!("why.notice", no = no)),
            Self::Vote => Some(say!("why.vote")),
            Self::Outcome => Some(say!("why.close", no = no)),
        }
    }
}

/// One row: from a step to the next, by what, and what is still missing.
pub struct Transition {
    /// The templates it belongs to.
    pub templates: &'static [Template],
    /// The step a topic stands in.
    pub from: Step,
    /// The step it goes to.
    pub to: Step,
    /// What takes it there.
    pub by: Mover,
    /// What must be there before.
    pub guard: Guard,
}

/// 前提 — what must be there before a topic moves on; [`missing`] asks the world for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Nothing.
    Nothing,
    /// Enough suggestions from enough sides, and no poll open.
    TalkedEnough,
    /// A plan to publish.
    Planned,
    /// The notice is over and every objection answered.
    Noticed,
    /// An expert has looked at the plan and none refuses it; the pact and the roll are there.
    Reviewed,
    /// No vote that did not pass.
    NotFailed,
    /// Everything that was to be done is answered and rated.
    Tracked,
    /// A coordinator, within thirty days.
    Reopened,
}

use Template::{Charity, Round, Simple, Six, Talk};

const ALL: &[Template] = &[Six, Round, Simple, Talk, Charity];

/// The table. Steps that a short template leaves out have a way on all the same: ledgers of 0.1 led every topic to 拟方案.
#[rustfmt::skip]
pub const TRANSITIONS: [Transition; 12] = [
    Transition { templates: ALL, from: Step::Ordered, to: Step::Taken, by: Mover::Member, guard: Guard::Nothing },
    Transition { templates: &[Six, Round, Simple, Talk], from: Step::Taken, to: Step::Talking, by: Mover::Moderator, guard: Guard::Nothing },
    Transition { templates: &[Charity], from: Step::Taken, to: Step::Tracking, by: Mover::Moderator, guard: Guard::Nothing },
    Transition { templates: &[Six, Round], from: Step::Talking, to: Step::Planning, by: Mover::Moderator, guard: Guard::TalkedEnough },
    Transition { templates: &[Simple, Talk, Charity], from: Step::Talking, to: Step::Tracking, by: Mover::Moderator, guard: Guard::TalkedEnough },
    Transition { templates: ALL, from: Step::Planning, to: Step::Noticing, by: Mover::Notice, guard: Guard::Planned },
    Transition { templates: &[Six], from: Step::Noticing, to: Step::Reviewing, by: Mover::Moderator, guard: Guard::Noticed },
    Transition { templates: &[Round, Simple, Talk, Charity], from: Step::Noticing, to: Step::Tracking, by: Mover::Moderator, guard: Guard::Noticed },
    Transition { templates: ALL, from: Step::Reviewing, to: Step::Voting, by: Mover::Moderator, guard: Guard::Reviewed },
    Transition { templates: ALL, from: Step::Voting, to: Step::Tracking, by: Mover::Vote, guard: Guard::NotFailed },
    Transition { templates: ALL, from: Step::Tracking, to: Step::Closed, by: Mover::Outcome, guard: Guard::Tracked },
    Transition { templates: ALL, from: Step::Closed, to: Step::Tracking, by: Mover::Moderator, guard: Guard::Reopened },
];

/// The row of the step a topic stands in.
#[must_use]
pub fn transition(template: Template, from: Step) -> &'static Transition {
    let fits = |row: &&Transition| row.from == from && row.templates.contains(&template);
    TRANSITIONS.iter().find(fits).unwrap_or(&TRANSITIONS[0])
}

/// The steps of a template, in order.
#[must_use]
pub fn path(template: Template) -> Vec<Step> {
    let mut steps = vec![Step::Ordered];
    while let Some(&last) = steps.last().filter(|&&last| last != Step::Closed) {
        steps.push(transition(template, last).to);
    }
    steps
}

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

/// What stands against another vote on a topic that was voted on: a plan that was turned down is not voted on again, and where too
/// few took part the same rule is used once more.
///
/// # Errors
/// `e.guard.vote`.
pub fn again(world: &World<'_>, topic: &Topic, rule: Rule) -> Result<(), Say> {
    let Some(failed) = failed_vote(world, topic) else { return Ok(()) };
    let missing = if was_turned_down(&failed) {
        say!("why.failed", no = topic.no)
    } else if failed.rule != rule {
        say!("why.same_rule", rule = Value::Term(failed.rule.term().to_owned()))
    } else {
        return Ok(());
    };
    Err(say!("e.guard.vote", no = topic.no, why = missing))
}

/// 表决通过 — the vote itself is what its row asks for.
#[must_use]
pub fn carried(topic: &Topic) -> Option<Event> {
    let row = transition(topic.template, topic.step);
    (row.by == Mover::Vote).then(|| entering(topic, row))
}

fn entering(topic: &Topic, row: &Transition) -> Event {
    Event::TopicAdvanced { topic: topic.no, to: row.to }
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
    if topic.suggestions < MIN_SUGGESTIONS {
        missing.push(say!("why.few", n = topic.suggestions));
    }
    let sides = ctx.world.sides_spoken(topic).count_ones();
    if sides < MIN_SIDES {
        missing.push(say!("why.sides", n = sides));
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
    let mut missing = Vec::new();
    if topic.plans == 0 {
        missing.push(say!("why.plan", no = topic.no));
    }
    missing.extend(poll_open(ctx, topic));
    missing
}

/// 公示期满, and every objection answered.
fn noticed(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let mut missing = Vec::new();
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
    let mut missing = Vec::new();
    let reviews = ctx.world.reviews(topic);
    if reviews.is_empty() {
        missing.push(say!("why.review", no = topic.no));
    }
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

/// The vote on the plan as it stands that did not pass.
fn failed_vote(world: &World<'_>, topic: &Topic) -> Option<Poll> {
    let last = topic.last_poll.and_then(|no| world.poll(no)).or_else(|| counted_before(world, topic))?;
    let is_of_now = topic.step == Step::Voting && last.is_formal && last.opened >= topic.since;
    (is_of_now && last.result?.passed == Some(false)).then_some(last)
}

/// 作废 — a vote that was voided leaves the one before it as it was.
fn counted_before(world: &World<'_>, topic: &Topic) -> Option<Poll> {
    let polls = (1..=world.counters().polls).rev().map_while(|no| world.poll(PollNo(no)));
    polls.take_while(|poll| poll.opened >= topic.since).find(|poll| poll.topic == topic.no && poll.result.is_some())
}

/// Whether enough took part, so that it was turned down by them.
fn was_turned_down(poll: &Poll) -> bool {
    poll.result.is_some_and(|counted| {
        let (people, area) = count::turnout(poll.rule, &counted.tally);
        people != Some(false) && area != Some(false)
    })
}

/// What the moderator can do after a vote that did not pass.
#[must_use]
pub fn after_failure(world: &World<'_>, topic: &Topic) -> Option<Say> {
    let failed = failed_vote(world, topic)?;
    Some(match was_turned_down(&failed) {
        true => say!("todo.failed", no = topic.no),
        false => say!("todo.too_few", no = topic.no, rule = Value::Term(failed.rule.term().to_owned())),
    })
}

/// Everything that was to be done is answered and rated.
fn tracked(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let missing = |task: Task| match task.state {
        State::Assigned | State::Acked => Some(say!("why.task_open", t = task.no)),
        State::Answered => Some(say!("why.task_unrated", t = task.no)),
        State::Returned => Some(say!("why.task_returned", t = task.no)),
        State::Done => None,
    };
    ctx.world.tasks(topic.no).into_iter().filter_map(missing).collect()
}

/// 重开 — only by coordinators, within thirty days.
fn reopened(ctx: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    let mut missing = Vec::new();
    if !ctx.coordinates(&topic.town) {
        missing.push(say!("why.reopen_who"));
    }
    if (ctx.scene.now - topic.since).num_days() >= REOPEN_DAYS {
        missing.push(say!("why.reopen_late", n = REOPEN_DAYS));
    }
    missing
}
