//! 退办、重派、强制办结 — a task that went to the wrong unit is given back before it is signed for and goes to another; one that was
//! refused twice, or that nobody has rated, may be closed by a coordinator who says why. Both stay on the record.

use crate::domain::kernel::ids::{PersonId, TaskNo};
use crate::domain::kernel::said::Term;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::work::task::{MAX_REWORKS, Task};
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Days within which a task may be given back: the day it was assigned does not count.
pub const RETURN_DAYS: u32 = 3;

/// How often one task changes hands at most.
pub(crate) const MAX_HANDOVERS: usize = 20;

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
    /// Whoever had it is no longer one who handles tasks: it waits to be assigned anew.
    Vacated {
        /// Task.
        task: TaskNo,
    },
    /// 强制办结 — closed by a coordinator after it was refused twice, or long unrated.
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
            Self::Returned { task, .. }
            | Self::Reassigned { task, .. }
            | Self::Vacated { task }
            | Self::Forced { task, .. } => *task,
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

impl World<'_> {
    /// 代办 — in whose place somebody signed for a task, reported on it, answered it, put it off or gave it back; `None` where they
    /// were in charge of it themselves, now or before it went to another.
    #[must_use]
    pub fn in_whose_place(&self, no: TaskNo, by: PersonId) -> Option<PersonId> {
        let task = self.task(no)?;
        let had_it = task.handler == by || self.handovers(no).iter().any(|before| before.handler == by);
        (!had_it).then_some(task.handler)
    }
}

/// The card of a task that was given back, by the one in charge or by whoever did it in their place.
#[must_use]
pub fn returned(task: &Task, who: Value, reason: &Words) -> Say {
    say!("task.return", t = task.no, unit = &task.unit, who = who, why = reason)
}

/// The card of a task that a coordinator closed, by office and name.
#[must_use]
pub fn forced(world: &World<'_>, task: &Task, (role, by): (Value, String), reason: &Words) -> Say {
    if task.reworks < MAX_REWORKS {
        return say!("task.force.unrated", t = task.no, what = &task.what, role = role, by = by, why = reason);
    }
    let who = match task.unhappy {
        Some(person) => Value::Text(world.name_of(person)),
        None => Value::Term("who.none".to_owned()),
    };
    say!("task.force", t = task.no, what = &task.what, role = role, by = by, why = reason, who = who)
}
