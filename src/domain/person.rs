//! 人员 — who takes part: the side they speak for, the roles they hold and where.

use super::ids::{PersonId, TopicNo};
use super::words::Words;
use serde::{Deserialize, Serialize};

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

/// A role as granted. `order` is the sequence of the grant: where several moderate one town, the earliest is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Role.
    pub role: Role,
    /// How far it reaches.
    pub scope: Scope,
    /// Sequence number of the record that granted it.
    pub order: u64,
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
}

impl Person {
    /// Whether the person holds the role anywhere.
    #[must_use]
    pub fn holds(&self, role: Role) -> bool {
        role == Role::Resident || self.grants.iter().any(|grant| grant.role == role)
    }
}
