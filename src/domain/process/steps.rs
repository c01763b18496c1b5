//! 四单 ⊃ 六步 — the steps a topic goes through, who moves it on, and the name of what must be there first: a table.

use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::Say;
use crate::domain::process::form::{Kind, Step, Template};
use crate::say;
use Template::{Charity, Round, Simple, Six, Talk};

/// Suggestions needed before a plan is drafted (恳谈 → 拟方案).
pub const MIN_SUGGESTIONS: u32 = 3;

/// Sides that must have spoken before a plan is drafted.
pub const MIN_SIDES: u32 = 2;

/// Days after 办结 within which a topic can be opened again.
pub const REOPEN_DAYS: i64 = 30;

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
    pub(crate) fn how(self, no: TopicNo) -> Option<Say> {
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

/// 前提 — what must be there before a topic moves on; [`missing`](crate::domain::decide::steps::missing) asks the world for it.
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
