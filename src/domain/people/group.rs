//! 群 — the groups of the 微信矩阵: their kind decides what their digest shows.

use crate::domain::kernel::ids::{GatheringNo, GroupId, TopicNo};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// Settings of a group; what is `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupPatch {
    /// 类型.
    pub kind: Option<GroupKind>,
    /// 镇街.
    pub town: Option<String>,
    /// 界别.
    pub sector: Option<String>,
    /// 日报, time of day.
    pub digest_at: Option<NaiveTime>,
    /// 免打扰, from and to.
    pub quiet: Option<(NaiveTime, NaiveTime)>,
    /// 语言: `zh` or `en`.
    pub language: Option<String>,
}

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

    /// 全区的群 — whether a group of this kind is the district's: what is told there comes from every town.
    #[must_use]
    pub fn is_of_district(self) -> bool {
        match self {
            Self::Members | Self::Sector => true,
            Self::Discussion | Self::Town | Self::Residents => false,
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
    /// 绑定议题 — the topic a discussion group was bound to, and since when (sequence); what that goes on as is asked of the world (`bound_to`).
    pub bound: Option<Binding>,
    /// Local time of day of the digest (日报时刻).
    pub digest_at: NaiveTime,
    /// 免打扰 — quiet from and to, local time of day; pushes that fall into it wait until its end.
    pub quiet: (NaiveTime, NaiveTime),
    /// `zh` or `en`.
    pub language: String,
    /// The latest gathering called here.
    pub last_gathering: Option<GatheringNo>,
    /// The bot was taken out: nothing is sent until it is back.
    pub gone: bool,
}

impl Entity for Group {
    fn key(&self) -> Key {
        Key::new(kind::GROUP).num(self.id.0)
    }
}

/// 绑定 — which topic a discussion group is about, and since when: its digest tells only what came after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The topic.
    pub topic: TopicNo,
    /// Sequence number of the record that bound it.
    pub since: u64,
}

/// Groups one office can have.
pub const MAX_GROUPS: usize = 2_000;

impl World<'_> {
    /// A group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<Group> {
        self.get(&Key::new(kind::GROUP).num(id.0))
    }

    /// The group an address belongs to.
    #[must_use]
    pub fn group_by_chat(&self, chat: &str) -> Option<GroupId> {
        self.get(&Key::new(kind::GROUP_BY_CHAT).text(chat))
    }

    /// All groups, by number.
    #[must_use]
    pub fn groups(&self) -> Vec<Group> {
        self.list(&Key::new(kind::GROUP), MAX_GROUPS)
    }

    /// 委员群.
    #[must_use]
    pub fn member_groups(&self) -> Vec<GroupId> {
        let is_of_members = |group: &Group| group.kind == Some(GroupKind::Members);
        self.groups().into_iter().filter(is_of_members).map(|group| group.id).collect()
    }

    /// 镇街群 — the registered groups of a town.
    #[must_use]
    pub fn town_groups(&self, town: &str) -> Vec<GroupId> {
        let is_of_town = |group: &Group| group.kind == Some(GroupKind::Town) && group.town == town && !town.is_empty();
        self.groups().into_iter().filter(is_of_town).map(|group| group.id).collect()
    }
}

/// 群种类·范围 — the town of a town group, the sector of a sector group, “全区” otherwise (commands.md §6 {scope}).
#[must_use]
pub fn scope_of(kind: GroupKind, town: &str, sector: &str) -> Value {
    let own = match kind {
        GroupKind::Sector => sector,
        GroupKind::Members => "",
        GroupKind::Town | GroupKind::Discussion | GroupKind::Residents => town,
    };
    if own.is_empty() { Value::Term("scope.district".to_owned()) } else { Value::Text(own.to_owned()) }
}
