//! 活动 — gatherings: 恳谈会, 圆桌会, 踏勘, 周末有约; 接龙 sign-up, attendance (签到) and minutes (纪要).

use super::ids::{GatheringNo, GroupId, PersonId, TopicNo};
use super::words::Words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One line of a 接龙.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUp {
    /// Name.
    pub name: String,
    /// Note such as “2人”; empty if none.
    pub note: String,
}

/// 活动.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathering {
    /// Number.
    pub no: GatheringNo,
    /// Name.
    pub name: Words,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// Where.
    pub place: Words,
    /// The topic it belongs to.
    pub topic: Option<TopicNo>,
    /// The group it was called in.
    pub group: Option<GroupId>,
    /// Who called it.
    pub by: PersonId,
    /// How many signed up.
    pub joined: u32,
    /// How many attended.
    pub signed: u32,
    /// Whether minutes were filed.
    pub minutes: bool,
}
