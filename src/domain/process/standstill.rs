//! 恢复 — the days a topic rested (暂缓) do not run against anybody: nobody could speak, object or report in them. The talk, the notice
//! and the tasks of a topic that is taken up again end as many days later, and so do the days in which a task may be given back.

use crate::domain::kernel::ids::{TaskNo, TopicNo};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What is moved when a topic is taken up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 公示 ends later.
    Notice {
        /// Topic.
        topic: TopicNo,
        /// Which of its notices.
        n: u32,
        /// So many days.
        days: u32,
        /// Last day from now on.
        last: NaiveDate,
        /// 24:00 of that day.
        until: DateTime<Utc>,
    },
    /// A task is due later.
    Task {
        /// Task.
        task: TaskNo,
        /// So many days.
        days: u32,
        /// 期限日 from now on.
        due: NaiveDate,
        /// When its light is looked at next.
        lamp: DateTime<Utc>,
    },
}
