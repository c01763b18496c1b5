//! 挂在角色上的 — what hangs on a role, and how it ends where the role is taken away: one closed table.
//!
//! Most of it is asked anew whenever it is used, so that it ends whichever way the role went; what somebody has to do goes back to the
//! coordinator, and of what goes on without anybody they are told.

use crate::domain::brief::Subject;
use crate::domain::brief::proposal::State as Filed;
use crate::domain::kernel::ids::{ProposalNo, TaskNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::people::person::{Person, Role, Scope};
use crate::domain::process::topic::Topic;
use crate::domain::work::task::State;
use crate::say;

/// Lines of one letter.
const MAX_ROWS: usize = 10;

/// What hangs on a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hanging {
    /// 导出链接.
    Links,
    /// 邀请码 that were given out.
    Codes,
    /// 认 that wait for a yes.
    Claims,
    /// 签到、纪要 of gatherings somebody called.
    Gatherings,
    /// 交办件 that are under way.
    Tasks,
    /// 提案 that are under way.
    Proposals,
    /// 主持 — topics, and what is planned on them.
    Chair,
    /// 周末有约 that go on.
    Series,
    /// 牵头 — topics taken up.
    Lead,
}

/// How it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Whether the office reaches is asked at every use.
    AskedAnew,
    /// It goes back to who gave it, on the record.
    HandedBack,
    /// It goes on; those who can take it over are told.
    Told,
}

impl Hanging {
    /// All.
    pub const ALL: [Self; 9] = [
        Self::Links,
        Self::Codes,
        Self::Claims,
        Self::Gatherings,
        Self::Tasks,
        Self::Proposals,
        Self::Chair,
        Self::Series,
        Self::Lead,
    ];

    /// How it ends.
    #[must_use]
    pub fn end(self) -> End {
        match self {
            Self::Links | Self::Codes | Self::Claims | Self::Gatherings => End::AskedAnew,
            Self::Tasks | Self::Proposals => End::HandedBack,
            Self::Chair | Self::Series | Self::Lead => End::Told,
        }
    }

    /// What is to be handed back.
    fn held(self, world: &World<'_>, person: &Person) -> Vec<Held> {
        match self {
            Self::Tasks => tasks(world, person),
            Self::Proposals => proposals(world, person),
            Self::Links | Self::Codes | Self::Claims | Self::Gatherings | Self::Chair | Self::Series | Self::Lead => {
                Vec::new()
            }
        }
    }

    /// What those are told who can take it over.
    fn told(self, world: &World<'_>, person: &Person, role: Role, scope: &Scope) -> Vec<Say> {
        match self {
            Self::Chair if role == Role::Moderator => chair(world, scope),
            Self::Series if role == Role::Moderator => series(world, person),
            Self::Lead if role == Role::Member => lead(world, person),
            Self::Chair | Self::Series | Self::Lead => Vec::new(),
            Self::Links | Self::Codes | Self::Claims | Self::Gatherings | Self::Tasks | Self::Proposals => Vec::new(),
        }
    }
}

/// Something that is done by one person, and goes back where that person may not do it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// 交办件.
    Task(TaskNo),
    /// 提案.
    Proposal(ProposalNo),
}

/// What goes back where a role is taken away from somebody who holds it nowhere else.
#[must_use]
pub fn given_up(world: &World<'_>, person: &Person, role: Role) -> Vec<Held> {
    if role != Role::Handler {
        return Vec::new();
    }
    Hanging::ALL.into_iter().flat_map(|hanging| hanging.held(world, person)).collect()
}

/// What nobody looks after from now on, a line each; the world is as it is without the role.
#[must_use]
pub fn left_behind(world: &World<'_>, person: &Person, role: Role, scope: &Scope) -> Vec<Say> {
    let told = Hanging::ALL.into_iter().flat_map(|hanging| hanging.told(world, person, role, scope));
    told.take(MAX_ROWS).collect()
}

fn tasks(world: &World<'_>, person: &Person) -> Vec<Held> {
    let topics = world.live_topics();
    let tasks = topics.iter().flat_map(|topic| world.tasks(topic.no));
    let open = tasks.filter(|task| task.handler == person.id && matches!(task.state, State::Assigned | State::Acked));
    open.map(|task| Held::Task(task.no)).collect()
}

fn proposals(world: &World<'_>, person: &Person) -> Vec<Held> {
    let waiting = world.waiting_briefs().into_iter();
    let proposals = waiting.filter_map(|subject| match subject {
        Subject::Proposal(no) => world.proposal(no),
        Subject::Info(_) | Subject::Topic(_) | Subject::Suggestion(_) => None,
    });
    let is_open = |state| matches!(state, Filed::Assigned | Filed::Acked);
    proposals
        .filter(|proposal| proposal.handler == Some(person.id) && is_open(proposal.state))
        .map(|proposal| Held::Proposal(proposal.no))
        .collect()
}

fn chair(world: &World<'_>, scope: &Scope) -> Vec<Say> {
    let is_left = |topic: &Topic| scope.covers(topic) && world.moderator_of(topic).is_none();
    let mut rows = Vec::new();
    for topic in world.live_topics().into_iter().filter(is_left) {
        rows.push(say!("left.chair", no = topic.no, title = &topic.title));
        if let Some(plan) = world.poll_plan(topic.no) {
            rows.push(say!("left.plan", no = topic.no, open = Value::Moment(plan.opens)));
        }
    }
    rows
}

fn lead(world: &World<'_>, person: &Person) -> Vec<Say> {
    let is_left = |topic: &Topic| topic.lead == Some(person.id) && world.lead_of(topic).is_none();
    let left = world.live_topics().into_iter().filter(is_left);
    left.map(|topic| say!("left.lead", no = topic.no, title = &topic.title)).collect()
}

fn series(world: &World<'_>, person: &Person) -> Vec<Say> {
    let own = world.all_series().into_iter().filter(|series| series.by == person.id && !series.ended);
    own.filter(|_| !person.has_office()).map(|series| say!("left.series", series = &series.name)).collect()
}
