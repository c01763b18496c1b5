//! 四单 ⊃ 六步 — the steps a topic goes through, who moves it on, and what must be there first.
//!
//! Guards stand in this table and nowhere else: no command, role, page or platform steps around them.

use super::say::Say;
use super::scene::Ctx;
use super::topic::{Step, Topic};
use crate::say;

/// Suggestions needed before a plan is drafted (恳谈 → 拟方案).
pub const MIN_SUGGESTIONS: u32 = 3;
/// Sides that must have spoken before a plan is drafted.
pub const MIN_SIDES: u32 = 2;

/// One row: from a step to the next, and what is still missing.
pub struct Transition {
    /// The step a topic stands in.
    pub from: Step,
    /// The step 推进 takes it to; `None` where nothing comes next.
    pub to: Option<Step>,
    /// What is still missing, a clause each; empty = may go on.
    pub guard: fn(&Ctx<'_>, &Topic) -> Vec<Say>,
}

/// The table.
pub const TRANSITIONS: [Transition; 4] = [
    Transition { from: Step::Ordered, to: Some(Step::Taken), guard: untaken },
    Transition { from: Step::Taken, to: Some(Step::Talking), guard: nothing },
    Transition { from: Step::Talking, to: Some(Step::Planning), guard: talked_enough },
    Transition { from: Step::Planning, to: None, guard: last },
];

/// The row of a step.
#[must_use]
pub fn transition(from: Step) -> &'static Transition {
    TRANSITIONS.iter().find(|row| row.from == from).unwrap_or(&TRANSITIONS[0])
}

fn nothing(_: &Ctx<'_>, _: &Topic) -> Vec<Say> {
    Vec::new()
}

/// 点单 → 买单 is the member's step (买单), never the moderator's.
fn untaken(_: &Ctx<'_>, topic: &Topic) -> Vec<Say> {
    vec![say!("why.untaken", no = topic.no)]
}

fn last(_: &Ctx<'_>, _: &Topic) -> Vec<Say> {
    vec![say!("why.last")]
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
    if let Some(poll) = topic.poll.and_then(|no| ctx.world.poll(no)) {
        let end = super::say::Value::Moment(poll.ends);
        missing.push(match poll.rule {
            super::poll::Rule::Straw => say!("why.straw", end = end),
            _ => say!("why.poll", end = end),
        });
    }
    missing
}
