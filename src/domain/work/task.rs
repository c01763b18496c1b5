//! 交办件 — what a unit is to do after it was agreed: assigned, signed for, reported on, answered, rated; red and yellow lights on
//! the way. The day it is assigned does not count, and it is due by 24:00 of its last day.

use crate::domain::kernel::ids::{PersonId, TaskNo, TopicNo};
use crate::domain::kernel::said::Term;
use crate::domain::kernel::say::Say;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// Days left at which the yellow light comes on.
pub const YELLOW_DAYS: i64 = 3;

/// 未评价 — days an answer waits for whoever may rate it: by then they have been asked, reminded by the digests, or cannot be reached.
pub const UNRATED_DAYS: u64 = 15;

/// Refusals at which the coordinators are told.
pub const MAX_REWORKS: u32 = 2;

/// Tasks of one topic.
pub(crate) const MAX_TASKS: usize = 200;

/// What may be meant by words of how much longer somebody has, which nobody can tell without knowing when it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsure {
    /// The words.
    pub bad: String,
    /// What may be meant, each with the line to send.
    pub lines: Vec<(Term, Say)>,
    /// Why it is asked.
    pub reason: Say,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待签收.
    Assigned,
    /// 办理中.
    Acked,
    /// 已答复, 待评价.
    Answered,
    /// 已评价, 办结.
    Done,
    /// 已退办, waits to be assigned anew.
    Returned,
}

/// 答复类别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// 已解决.
    A,
    /// 正在解决.
    B,
    /// 列入计划.
    C,
    /// 留作参考.
    D,
}

impl Class {
    /// All.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// Key of the term of its letter; `.name` says what it means.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::A => "class.a",
            Self::B => "class.b",
            Self::C => "class.c",
            Self::D => "class.d",
        }
    }
}

/// 评价. The order is from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 满意.
    Good,
    /// 基本满意.
    Fair,
    /// 不满意.
    Bad,
}

impl Grade {
    /// All, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Good, Self::Fair, Self::Bad];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Good => "grade.good",
            Self::Fair => "grade.fair",
            Self::Bad => "grade.bad",
        }
    }
}

/// 红黄灯.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// 黄灯.
    Yellow,
    /// 红灯.
    Red,
}

/// 办件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Number.
    pub no: TaskNo,
    /// Topic.
    pub topic: TopicNo,
    /// 承办单位.
    pub unit: Words,
    /// 承办人.
    pub handler: PersonId,
    /// 事项.
    pub what: Words,
    /// 交办人 — whose words that is.
    pub by: Option<PersonId>,
    /// 期限日.
    pub due: NaiveDate,
    /// When it was assigned, to the one who has it now; the days its topic rested since (暂缓) are added.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub assigned: DateTime<Utc>,
    /// When its unit was last reminded (催办).
    pub urged: Option<DateTime<Utc>>,
    /// 强制办结 — closed by a coordinator.
    pub forced: bool,
    /// What the coordinator said then.
    pub explained: Words,
    /// Where it stands.
    pub state: State,
    /// 重办 — how often it was refused.
    pub reworks: u32,
    /// 延期.
    pub delays: u32,
    /// Who refused it last.
    pub unhappy: Option<PersonId>,
    /// 答复类别, the latest.
    pub class: Option<Class>,
    /// 答复, the latest.
    pub answer: Words,
    /// 代办 — who gave the latest answer, where it was not the one in charge.
    pub answered_by: Option<PersonId>,
    /// When the latest answer was given.
    pub answered: Option<DateTime<Utc>>,
    /// 评价, the latest.
    pub grade: Option<Grade>,
    /// The record of it.
    pub rated: Option<u64>,
    /// By whom.
    pub rated_by: Option<PersonId>,
    /// When its light is looked at next.
    pub lamp: Option<DateTime<Utc>>,
    /// The light that is on.
    pub light: Option<Light>,
}

impl Entity for Task {
    fn key(&self) -> Key {
        Key::new(kind::TASK).num(self.no.0)
    }
}

impl Task {
    /// Whether the unit still owes an answer.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        matches!(self.state, State::Assigned | State::Acked)
    }

    /// 未评价 — from which day on a coordinator may close it with a reason, where it is answered and nobody has rated it.
    #[must_use]
    pub fn unrated_from(&self, settings: &Settings) -> Option<NaiveDate> {
        let answered = self.answered.filter(|_| self.state == State::Answered)?;
        settings.date(answered).checked_add_days(Days::new(UNRATED_DAYS))
    }

    /// Whether a coordinator may close it with a reason today: refused twice, or answered and long unrated.
    #[must_use]
    pub fn may_be_forced(&self, settings: &Settings, today: NaiveDate) -> bool {
        self.reworks >= MAX_REWORKS || self.unrated_from(settings).is_some_and(|from| today >= from)
    }

    /// Days left on a date; negative when it is overdue.
    #[must_use]
    pub fn left(&self, date: NaiveDate) -> i64 {
        (self.due - date).num_days()
    }

    /// 红黄灯 on a date, while an answer is owed; red: past its day, or refused twice; yellow: due within three days. The light of 9:00,
    /// every paper and every figure ask this one question.
    #[must_use]
    pub fn light_on(&self, date: NaiveDate) -> Option<Light> {
        match self.left(date) {
            _ if !self.is_owed() => None,
            ..0 => Some(Light::Red),
            _ if self.is_contested() => Some(Light::Red),
            0..=YELLOW_DAYS => Some(Light::Yellow),
            _ => None,
        }
    }

    /// Refused so often that the coordinators are told.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.reworks >= MAX_REWORKS
    }
}

impl World<'_> {
    /// A task.
    #[must_use]
    pub fn task(&self, no: TaskNo) -> Option<Task> {
        self.get(&Key::new(kind::TASK).num(no.0))
    }

    /// The tasks of a topic, by number.
    #[must_use]
    pub fn tasks(&self, topic: TopicNo) -> Vec<Task> {
        let numbers: Vec<TaskNo> = self.list(&Key::new(kind::TASK_BY_TOPIC).num(topic.0), MAX_TASKS);
        numbers.into_iter().filter_map(|no| self.task(no)).collect()
    }
}

/// When the light of a task is looked at next: at 9:00 of a day, from three days before it is due.
#[must_use]
pub fn lamp_after(settings: &Settings, due: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    let first = due.checked_sub_days(Days::new(YELLOW_DAYS.unsigned_abs())).unwrap_or(due);
    let mut date = first.max(settings.date(now));
    while settings.moment(date, nine) <= now {
        let Some(next) = date.succ_opt() else { break };
        date = next;
    }
    settings.moment(date, nine)
}
