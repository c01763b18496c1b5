//! 群 — the groups of the 微信矩阵: their kind decides what their digest shows.

use super::ids::{GroupId, TopicNo};
use super::words::Words;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// 群种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// 委员群 — committee members; sees the whole district.
    Members,
    /// 讨论组群 — discussion group, bound to one topic.
    Discussion,
    /// 镇街学联组群 — the group of a town or street.
    Town,
    /// 界别群 — the group of a sector.
    Sector,
    /// 居民群 — residents; public matters only.
    Residents,
}

impl GroupKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Members, Self::Discussion, Self::Town, Self::Sector, Self::Residents];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Members => "group.members",
            Self::Discussion => "group.discussion",
            Self::Town => "group.town",
            Self::Sector => "group.sector",
            Self::Residents => "group.residents",
        }
    }
}

/// 群.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Number.
    pub id: GroupId,
    /// Address letters go to.
    pub chat: Words,
    /// Name as the platform shows it.
    pub name: Words,
    /// Kind; `None` until a coordinator registers the group (群设置).
    pub kind: Option<GroupKind>,
    /// 镇街; empty if none.
    pub town: String,
    /// 界别; empty if none.
    pub sector: String,
    /// 绑定议题 — the topic a discussion group is bound to, and since when (sequence).
    pub bound: Option<Binding>,
    /// Local time of day of the digest (日报时刻).
    pub digest_at: NaiveTime,
    /// 免打扰 — quiet from and to, local time of day; pushes that fall into it wait until its end.
    pub quiet: (NaiveTime, NaiveTime),
    /// `zh` or `en`.
    pub language: String,
}

/// 绑定 — which topic a discussion group is about, and since when: its digest tells only what came after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The topic.
    pub topic: TopicNo,
    /// Sequence number of the record that bound it.
    pub since: u64,
}
