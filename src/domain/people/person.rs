//! 人员 — who takes part: the side they speak for, the roles they hold and where.

use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::place::{name_sign, name_written};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::account::Had;
use crate::domain::people::namesake::{TWIN, UNPROVEN};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Scope of a role as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScopeArg {
    /// The whole district (全区).
    District,
    /// A town or street.
    Town(String),
    /// One topic.
    Topic(TopicNo),
}

/// 方 — the five sides of a consultation (五方参与). The order is the order on every card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// 政协 — the CPPCC.
    Cppcc,
    /// 部门 — government departments.
    Department,
    /// 企业 — companies.
    Company,
    /// 群众 — residents.
    Resident,
    /// 专家 — experts.
    Expert,
}

impl Side {
    /// All, in the order of the card.
    pub const ALL: [Self; 5] = [Self::Cppcc, Self::Department, Self::Company, Self::Resident, Self::Expert];

    /// Place in [`Side::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Cppcc => "side.cppcc",
            Self::Department => "side.department",
            Self::Company => "side.company",
            Self::Resident => "side.resident",
            Self::Expert => "side.expert",
        }
    }
}

/// 角色 — what a person may do. Everybody is a resident (群众) without a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 群众 — everybody.
    Resident,
    /// 委员 — member of the committee.
    Member,
    /// 承办人 — handles tasks for a unit.
    Handler,
    /// 专家 — expert.
    Expert,
    /// 主持人 — moderates the topics of a town or one topic.
    Moderator,
    /// 联络员 — coordinator; may also do what a moderator may, on the record.
    Coordinator,
    /// 管理员 — administrator; grants roles.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 7] =
        [Self::Resident, Self::Member, Self::Handler, Self::Expert, Self::Moderator, Self::Coordinator, Self::Admin];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Resident => "role.resident",
            Self::Member => "role.member",
            Self::Handler => "role.handler",
            Self::Expert => "role.expert",
            Self::Moderator => "role.moderator",
            Self::Coordinator => "role.coordinator",
            Self::Admin => "role.admin",
        }
    }
}

/// 委员级别 — level of a committee member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 省.
    Province,
    /// 市.
    City,
    /// 区.
    District,
}

impl Level {
    /// All, the highest first.
    pub const ALL: [Self; 3] = [Self::Province, Self::City, Self::District];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Province => "level.province",
            Self::City => "level.city",
            Self::District => "level.district",
        }
    }
}

/// 范围 — how far a role reaches.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// 全区.
    District,
    /// One town or street (镇街).
    Town(String),
    /// One topic.
    Topic(TopicNo),
}

impl Scope {
    /// Of a town; of the district where a topic is of none.
    #[must_use]
    pub fn of_town(town: &str) -> Self {
        if town.is_empty() { Self::District } else { Self::Town(town.to_owned()) }
    }
}

/// A role as granted. `order` is the sequence of the grant: where several moderate one town, the earliest is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Role.
    pub role: Role,
    /// How far it reaches.
    pub scope: Scope,
    /// Sequence number of the record that granted it.
    pub order: u64,
    /// It comes from the configuration and goes with it.
    pub listed: bool,
}

/// 人员.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Number.
    pub id: PersonId,
    /// Registered name.
    pub name: Words,
    /// Side they speak for.
    pub side: Side,
    /// 单位 — unit.
    pub unit: Words,
    /// 界别 — sector of a committee member; empty if none.
    pub sector: String,
    /// 镇街 — town or street; empty if none.
    pub town: String,
    /// Level of a committee member.
    pub level: Option<Level>,
    /// Field of an expert (专业).
    pub field: Words,
    /// 房号 — room number; empty if unknown.
    pub room: Words,
    /// Roles held.
    pub grants: Vec<Grant>,
    /// Address of the private chat with the bot, if there is one.
    pub private_chat: Words,
    /// Entered by the office. Somebody who only spoke up is on no roll, whatever name they show.
    pub enrolled: bool,
    /// 党员, 两代表 …, in order.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// 特长.
    #[serde(default)]
    pub expertise: Words,
    /// Which accounts they have had.
    #[serde(default)]
    pub accounts: Had,
}

/// 标签 — what a person is besides their role; it gives no rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// 党员.
    Party,
    /// 党代表.
    PartyDelegate,
    /// 人大代表.
    PeoplesDelegate,
    /// 界别召集人.
    Convenor,
    /// 学联组组长.
    GroupLeader,
    /// 委员工作室牵头委员.
    StudioLeader,
}

/// What 登记 says of a person's marks; what it does not speak of stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// Each mark spoken of, and whether the person bears it.
    pub tags: Vec<(Tag, bool)>,
    /// 特长; empty = none from now on.
    pub expertise: Option<String>,
}

impl Tag {
    /// All, in order.
    pub const ALL: [Self; 6] = [
        Self::Party,
        Self::PartyDelegate,
        Self::PeoplesDelegate,
        Self::Convenor,
        Self::GroupLeader,
        Self::StudioLeader,
    ];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Party => "tag.party",
            Self::PartyDelegate => "tag.party_delegate",
            Self::PeoplesDelegate => "tag.peoples_delegate",
            Self::Convenor => "tag.convenor",
            Self::GroupLeader => "tag.group_leader",
            Self::StudioLeader => "tag.studio_leader",
        }
    }
}

/// Prefix of what somebody was before, by when they ceased to be it.
pub(in crate::domain) fn past_prefix(person: PersonId) -> Key {
    Key::new(kind::PERSON_PAST).num(person.0)
}

impl Entity for Person {
    fn key(&self) -> Key {
        Key::new(kind::PERSON).num(self.id.0)
    }
}

impl Person {
    /// Whether the person holds the role anywhere.
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        role == Role::Resident || self.grants.iter().any(|grant| grant.role == role)
    }
}

/// People of one name, or holders of one role, that are looked at.
const MAX_HOLDERS: usize = 2_000;

impl World<'_> {
    /// A person as they are shown: a name that nobody proved, and that could be taken for somebody else's, bears a mark.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<Person> {
        self.person_kept(id).map(|person| self.told_apart(person))
    }

    /// A person as kept: for what is written back, never for what is shown.
    #[must_use]
    pub fn person_kept(&self, id: PersonId) -> Option<Person> {
        self.get(&Key::new(kind::PERSON).num(id.0))
    }

    /// Whether somebody was ever counted otherwise than now.
    #[must_use]
    pub fn was_otherwise(&self, id: PersonId) -> bool {
        !self.list::<Person>(&past_prefix(id), 1).is_empty()
    }

    /// A person as they were at a moment: what they did counts for the side, the town and the role they had then.
    #[must_use]
    pub fn person_at(&self, id: PersonId, at: DateTime<Utc>) -> Option<Person> {
        let mut was: Option<Person> = None;
        let prefix = past_prefix(id);
        let after = u64::try_from(at.timestamp_millis()).unwrap_or(0).saturating_add(1);
        self.scan_from(&prefix, prefix.clone().long(after).bytes(), |_, person: Person| {
            was = Some(person);
            false
        });
        let now = self.person(id)?;
        // A name is shown as it is now: who it was must be found by it.
        Some(match was {
            Some(was) => Person { name: now.name, ..was },
            None => now,
        })
    }

    /// What somebody was before, as long as it still was so after a moment.
    pub(crate) fn was_since(&self, id: PersonId, at: DateTime<Utc>) -> Vec<Person> {
        let (prefix, mut was) = (past_prefix(id), Vec::new());
        let after = u64::try_from(at.timestamp_millis()).unwrap_or(0).saturating_add(1);
        self.scan_from(&prefix, prefix.clone().long(after).bytes(), |_, person: Person| {
            was.push(person);
            true
        });
        was
    }

    /// A person's name; empty if erased.
    #[must_use]
    pub fn name_of(&self, id: PersonId) -> String {
        let mark = |person: &Person| if self.is_twin(person) { TWIN.to_string() } else { String::new() };
        self.person(id).map(|person| format!("{}{}", person.name, mark(&person))).unwrap_or_default()
    }

    /// The person an account belongs to.
    #[must_use]
    pub fn person_by_account(&self, account: &str) -> Option<PersonId> {
        self.account(account).filter(|account| !account.cut).map(|account| account.person)
    }

    /// Everybody of this name.
    #[must_use]
    pub fn people_named(&self, name: &str) -> Vec<Person> {
        let ids: Vec<PersonId> = self.list(&Key::new(kind::PERSON_BY_NAME).text(&name_sign(name)), MAX_HOLDERS);
        let found: Vec<Person> = ids.into_iter().filter_map(|id| self.person(id)).collect();
        let written = name_written(name);
        let is_exact =
            |person: &Person| name_written(person.name.as_str().trim_end_matches([UNPROVEN, TWIN])) == written;
        match found.iter().any(|person| person.enrolled && is_exact(person)) {
            true => found.into_iter().filter(is_exact).collect(),
            false => found,
        }
    }

    /// Everybody who holds a role, by number.
    #[must_use]
    pub fn holders(&self, role: Role) -> Vec<Person> {
        let ids: Vec<PersonId> = self.list(&Key::new(kind::ROLE_HOLDER).byte(role as u8), MAX_HOLDERS);
        ids.into_iter().filter_map(|id| self.person(id)).collect()
    }

    /// 联络员 — the coordinators of a town; those of one town before those of the district.
    #[must_use]
    pub fn coordinators_of(&self, town: &str) -> Vec<Person> {
        let mut found: Vec<Person> =
            self.holders(Role::Coordinator).into_iter().filter(|person| person.coordinates(town)).collect();
        found.sort_by_key(|person| (person.grants.iter().any(|grant| grant.scope == Scope::District), person.id));
        found
    }
}

/// A scope for people.
#[must_use]
pub fn scope_value(scope: &Scope) -> Value {
    match scope {
        Scope::District => Value::Term("scope.district".to_owned()),
        Scope::Town(town) => Value::Text(town.clone()),
        Scope::Topic(no) => Value::Part(Box::new(say!("ref.topic", no = *no))),
    }
}

/// What 登记 says of a person.
pub struct Entry<'c> {
    /// Name.
    pub name: &'c str,
    /// Side.
    pub side: Side,
    /// Unit or field.
    pub unit: &'c str,
    /// Sector.
    pub sector: &'c str,
    /// Town.
    pub town: &'c str,
    /// Level.
    pub level: Option<Level>,
    /// Room.
    pub room: &'c str,
    /// 党员, 两代表, 特长 ….
    pub marks: &'c Marks,
    /// 另一位 — somebody else of that name.
    pub another: bool,
    /// 同一位 — the one there is of that name.
    pub same: bool,
}
