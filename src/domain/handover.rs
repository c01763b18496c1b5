//! 退办、重派、强制办结 — a task that went to the wrong unit is given back before it is signed for and goes to another; one that was
//! refused twice may be closed by a coordinator who says why. Both stay on the record.

use super::command::Term;
use super::event::Event;
use super::ids::{PersonId, TaskNo};
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::suggestion::MAX_REASON;
use super::task::{MAX_REWORKS, MAX_TEXT, MAX_UNIT, State, Task, days_of, lamp_after, wrong_state};
use super::topic::within;
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Days within which a task may be given back: the day it was assigned does not count.
pub const RETURN_DAYS: u32 = 3;
/// How often one task changes hands at most.
const MAX_HANDOVERS: usize = 20;

/// What has happened to a task besides its ordinary way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 退办 — it waits to be assigned anew.
    Returned {
        /// Task.
        task: TaskNo,
        /// Why.
        reason: Words,
    },
    /// 重新交办.
    Reassigned {
        /// Task.
        task: TaskNo,
        /// 承办单位.
        unit: Words,
        /// 承办人.
        handler: PersonId,
        /// 事项.
        what: Words,
        /// Days, as they were said.
        days: u32,
        /// 期限日.
        due: NaiveDate,
        /// When its light is looked at first.
        lamp: DateTime<Utc>,
    },
    /// 强制办结 — closed by a coordinator after it was refused twice.
    Forced {
        /// Task.
        task: TaskNo,
        /// The explanation.
        reason: Words,
    },
}

impl Fact {
    /// The task it is about.
    #[must_use]
    pub fn task(&self) -> TaskNo {
        match self {
            Self::Returned { task, .. } | Self::Reassigned { task, .. } | Self::Forced { task, .. } => *task,
        }
    }
}

/// What somebody wants of a task besides its ordinary way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 退办.
    Return {
        /// Task, if written or replied to.
        task: Option<TaskNo>,
        /// Why.
        reason: String,
    },
    /// 交办 办号.
    Reassign {
        /// Task.
        task: TaskNo,
        /// 承办单位.
        unit: String,
        /// 承办人.
        handler: String,
        /// 时限.
        term: Term,
        /// 事项; empty = as it was.
        what: String,
    },
    /// 强制办结.
    Force {
        /// Task, if written or replied to.
        task: Option<TaskNo>,
        /// The explanation.
        reason: String,
    },
}

/// Who had a task before it went to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Task.
    pub task: TaskNo,
    /// Which of its handovers.
    pub n: u32,
    /// The unit that had it.
    pub unit: Words,
    /// Who had it there.
    pub handler: PersonId,
    /// Why it was given back; empty where the coordinator took it away unasked.
    pub reason: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Handover {
    fn key(&self) -> Key {
        Key::new(kind::HANDOVER).num(self.task.0).num(self.n)
    }
}

impl World<'_> {
    /// Who had a task before, in order.
    #[must_use]
    pub fn handovers(&self, task: TaskNo) -> Vec<Handover> {
        self.list(&Key::new(kind::HANDOVER).num(task.0), MAX_HANDOVERS + 1)
    }
}

/// Decides what is asked of a task.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Return { task, reason } => give_back(ctx, *task, reason),
        Ask::Reassign { task, unit, handler, term, what } => reassign(ctx, *task, (unit, handler), *term, what),
        Ask::Force { task, reason } => force(ctx, *task, reason),
    }
}

fn reason_of(reason: &str, example: &str) -> Result<Words, Say> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(example)));
    }
    within(reason, MAX_REASON)?;
    Ok(reason.into())
}

/// 退办 — before it is signed for, within three days, with a reason.
fn give_back(ctx: &Ctx<'_>, written: Option<TaskNo>, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.return";
    let (topic, task) = ctx.resolve_task(written, EXAMPLE)?;
    ctx.require_handler(&topic, &task)?;
    match task.state {
        State::Assigned => {}
        State::Acked => return Err(say!("e.return_acked", t = task.no)),
        _ => return Err(wrong_state(&task)),
    }
    require_room(ctx, task.no)?;
    let last = ctx.settings.last_day(ctx.settings.date(task.assigned), RETURN_DAYS);
    if ctx.settings.date(ctx.scene.now) > last {
        return Err(say!("e.return_late", t = task.no, n = RETURN_DAYS));
    }
    let reason = reason_of(reason, EXAMPLE)?;
    Ok(Decision::fact(Event::Handover(Fact::Returned { task: task.no, reason })))
}

fn require_room(ctx: &Ctx<'_>, no: TaskNo) -> Result<(), Say> {
    if ctx.world.handovers(no).len() < MAX_HANDOVERS { Ok(()) } else { Err(say!("e.too_far", max = MAX_HANDOVERS)) }
}

/// 重新交办 — to another unit, while nobody has signed for it.
fn reassign(ctx: &Ctx<'_>, no: TaskNo, to: (&str, &str), term: Term, what: &str) -> Decided {
    let (topic, task) = ctx.resolve_task(Some(no), "ex.assign")?;
    ctx.require_coordinator(&topic)?;
    if !matches!(task.state, State::Assigned | State::Returned) {
        return Err(wrong_state(&task));
    }
    // Who gave it back is on the record already: it must find another, or its topic could never be closed.
    if task.state == State::Assigned {
        require_room(ctx, no)?;
    }
    let (unit, name) = to;
    let what = if what.trim().is_empty() { task.what.as_str() } else { what.trim() };
    within(unit, MAX_UNIT)?;
    within(what, MAX_TEXT)?;
    let handler = ctx.require_person(name, Some(&topic))?;
    let (days, due) = days_of(ctx, term)?;
    let lamp = lamp_after(ctx.settings, due, ctx.scene.now);
    let (unit, what) = (unit.into(), what.into());
    let fact = Fact::Reassigned { task: no, unit, handler: handler.id, what, days, due, lamp };
    Ok(Decision::fact(Event::Handover(fact)))
}

/// 强制办结 — only after the second refusal, and with an explanation.
fn force(ctx: &Ctx<'_>, written: Option<TaskNo>, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.force";
    let (topic, task) = ctx.resolve_task(written, EXAMPLE)?;
    ctx.require_coordinator(&topic)?;
    if task.state == State::Done {
        return Err(wrong_state(&task));
    }
    if task.reworks < MAX_REWORKS {
        return Err(say!("e.force", t = task.no, n = task.reworks));
    }
    let reason = reason_of(reason, EXAMPLE)?;
    Ok(Decision::fact(Event::Handover(Fact::Forced { task: task.no, reason })))
}

/// The card of a task that was given back.
#[must_use]
pub fn returned(world: &World<'_>, task: &Task, reason: &Words) -> Say {
    say!("task.return", t = task.no, unit = &task.unit, who = world.name_of(task.handler), why = reason)
}

/// The card of a task that a coordinator closed.
#[must_use]
pub fn forced(world: &World<'_>, task: &Task, reason: &Words) -> Say {
    let who = match task.unhappy {
        Some(person) => Value::Text(world.name_of(person)),
        None => Value::Term("who.none".to_owned()),
    };
    say!("task.force", t = task.no, what = &task.what, why = reason, who = who)
}
