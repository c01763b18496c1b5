//! 删除个人信息 (个人信息保护法第四十五条、第四十七条) — somebody sees what is kept of them, and has it erased: asked for by the person,
//! ordered by a coordinator with a reason, carried out by the loop. What stays is the count and the structure, without a name.

use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::person::Person;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Erasures that are looked at.
const MOST: usize = 10_000;

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 我的信息.
    Show,
    /// 我的信息 删除.
    Erase,
    /// 我的信息 取消.
    Keep,
    /// 删除信息 姓名 原因.
    Order {
        /// Whose.
        name: String,
        /// Why.
        reason: String,
        /// 书面 — the reason says that the person asked for it in writing.
        in_writing: bool,
        /// 确认 — said a second time, knowing that it cannot be undone.
        confirmed: bool,
    },
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// The person asked for it.
    Asked {
        /// Who.
        person: PersonId,
    },
    /// The person wants it no more.
    TakenBack {
        /// Who.
        person: PersonId,
    },
    /// A coordinator ordered it.
    Ordered {
        /// Whose.
        person: PersonId,
        /// Why.
        reason: Words,
    },
    /// It was carried out: these texts are gone by law, and not lost. Many come in several facts of one record.
    Done {
        /// Whose.
        person: PersonId,
        /// Record and place of each text among those of its record.
        texts: Vec<(u64, u32)>,
    },
}

/// How far an erasure is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Whose.
    pub person: PersonId,
    /// When the person asked for it.
    pub asked: Option<DateTime<Utc>>,
    /// Record that ordered it.
    pub ordered: Option<u64>,
    /// Who ordered it.
    pub by: Option<PersonId>,
    /// Whether it was carried out.
    pub is_done: bool,
}

impl Entity for Erasure {
    fn key(&self) -> Key {
        Key::new(kind::ERASURE).num(self.person.0)
    }
}

impl World<'_> {
    /// How far the erasure of somebody is; nothing was asked for where there is none.
    #[must_use]
    pub fn erasure(&self, person: PersonId) -> Erasure {
        let none = Erasure { person, asked: None, ordered: None, by: None, is_done: false };
        self.get(&Key::new(kind::ERASURE).num(person.0)).unwrap_or(none)
    }

    /// Whether somebody's name alone says that it is them: a name others bear as well is no mark of this person, and stays.
    #[must_use]
    pub fn is_known_by_name(&self, person: &Person) -> bool {
        let name = person.name.as_str();
        let is_other = |one: &Person| one.id != person.id && one.enrolled;
        name.chars().count() >= 2 && !self.people_named(name).iter().any(is_other)
    }

    /// Erasures that were asked for.
    #[must_use]
    pub fn erasures(&self) -> Vec<Erasure> {
        self.list(&Key::new(kind::ERASURE), MOST)
    }

    /// Whose erasure was ordered and is to be carried out.
    #[must_use]
    pub fn to_erase(&self) -> Vec<PersonId> {
        let is_due = |erasure: &Erasure| erasure.ordered.is_some() && !erasure.is_done;
        self.erasures().into_iter().filter(is_due).map(|erasure| erasure.person).collect()
    }
}
