//! 群 — the groups of the 微信矩阵: their kind decides what their digest shows.

use super::command::GroupPatch;
use super::event::Event;
use super::ids::{GatheringNo, GroupId, TopicNo};
use super::person::Role;
use super::say::{Value, example_of};
use super::scene::{Ctx, Decided, Decision, Settings};
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
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

impl Group {
    /// What its digests are about: in a discussion group the topic it is bound to.
    #[must_use]
    pub fn digest_about(&self) -> Option<TopicNo> {
        self.bound.filter(|_| self.kind == Some(GroupKind::Discussion)).map(|bound| bound.topic)
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
/// Longest name of a group that is kept, in characters.
const MAX_NAME: usize = 60;

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

    /// 绑定群 — the groups bound to a topic.
    #[must_use]
    pub fn bound_groups(&self, topic: TopicNo) -> Vec<GroupId> {
        let is_bound = |group: &Group| group.bound.is_some_and(|bound| bound.topic == topic);
        self.groups().into_iter().filter(is_bound).map(|group| group.id).collect()
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

/// A group nobody has heard of before, with the settings of the office until it has its own.
#[must_use]
pub fn first_heard(settings: &Settings, group: GroupId, chat: &str, name: &str) -> Event {
    let name: String = name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    Event::GroupSeen {
        group,
        chat: chat.into(),
        name: name.into(),
        digest_at: settings.digest_at,
        quiet: settings.quiet,
        language: settings.language.clone(),
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

/// 群设置 — registers the group or changes how it is registered.
pub fn set(ctx: &Ctx<'_>, patch: &GroupPatch) -> Decided {
    const EXAMPLE: &str = "ex.group";
    ctx.require_role(Role::Coordinator)?;
    let group = ctx.group().and_then(|id| ctx.world.group(id)).ok_or_else(|| say!("e.group"))?;
    // Somebody who coordinates one town neither takes over another's group nor gives a group to another town.
    let towns = [Some(&group.town), patch.town.as_ref()];
    if let Some(town) = towns.into_iter().flatten().find(|town| !town.is_empty() && !ctx.coordinates(town)) {
        return Err(ctx.ask(Role::Coordinator, town));
    }
    let missing = |what: &str| say!("e.need_field", what = Value::Term(what.to_owned()), ex = example_of(EXAMPLE));
    let Some(kind) = patch.kind.or(group.kind) else { return Err(missing("key.kind")) };
    let town = patch.town.clone().unwrap_or(group.town);
    let sector = patch.sector.clone().unwrap_or(group.sector);
    super::topic::within(&town, 40)?;
    super::topic::within(&sector, 40)?;
    if kind == GroupKind::Town && town.is_empty() {
        return Err(missing("key.town"));
    }
    if kind == GroupKind::Sector && sector.is_empty() {
        return Err(missing("key.sector"));
    }
    // Residents have never met a bot; who is in the other groups was told by the office.
    let is_first = group.kind.is_none() && kind == GroupKind::Residents;
    let answer = if is_first { vec![say!("group.welcome")] } else { Vec::new() };
    let fact = Event::GroupSet {
        group: group.id,
        kind,
        town,
        sector,
        digest_at: patch.digest_at.unwrap_or(group.digest_at),
        quiet: patch.quiet.unwrap_or(group.quiet),
        language: patch.language.clone().unwrap_or(group.language),
    };
    Ok(Decision { facts: vec![fact], answer })
}
