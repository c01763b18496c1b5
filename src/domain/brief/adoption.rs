//! 采用 — who took a brief up, at which level. One brief may be adopted at several levels: each counts once, the brief once.

use crate::domain::kernel::ids::{BriefNo, PersonId};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Adoptions of one brief.
pub const MAX_ADOPTIONS: usize = 50;

/// Adoptions that are looked at for one person.
const MOST: usize = 100_000;

/// 层级 of who took a brief up. The order is that of a report: the highest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rank {
    /// 区、县.
    District,
    /// 市.
    City,
    /// 省.
    Province,
    /// 全国.
    National,
}

impl Rank {
    /// All, from the lowest.
    pub const ALL: [Self; 4] = [Self::District, Self::City, Self::Province, Self::National];

    /// The level a body or office stands at, by its name: 市政协 is of the city, 宝鸡市金台区委 of the district. `None` where
    /// the name does not say.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        const NATIONAL: [&str; 6] = ["全国", "中央", "中共中央", "国务院", "国家", "national"];
        let name = name.to_lowercase();
        if NATIONAL.iter().any(|word| name.contains(word)) {
            return Some(Self::National);
        }
        let english = [
            ("province", Self::Province),
            ("provincial", Self::Province),
            ("city", Self::City),
            ("municipal", Self::City),
            ("district", Self::District),
            ("county", Self::District),
        ];
        if let Some((_, rank)) = english.iter().find(|(word, _)| name.contains(word)) {
            return Some(*rank);
        }
        // The last one named is the body's own: 宝鸡市金台区.
        name.replace("自治区", "省").chars().rev().find_map(|c| match c {
            '省' => Some(Self::Province),
            '市' => Some(Self::City),
            '区' | '县' => Some(Self::District),
            _ => None,
        })
    }
}

/// 采用, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    /// Brief.
    pub brief: BriefNo,
    /// Which of its adoptions.
    pub n: u32,
    /// By whom, as it was said (市政协).
    pub level: Words,
    /// At which level that is; `None` where the name does not say.
    pub rank: Option<Rank>,
    /// When it was recorded.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Adoption {
    fn key(&self) -> Key {
        Key::new(kind::ADOPTION).num(self.brief.0).num(self.n)
    }
}

impl World<'_> {
    /// The adoptions of a brief.
    #[must_use]
    pub fn adoptions(&self, brief: BriefNo) -> Vec<Adoption> {
        self.list(&Key::new(kind::ADOPTION).num(brief.0), MAX_ADOPTIONS)
    }

    /// Every adoption of what a person reported.
    #[must_use]
    pub fn adoptions_of(&self, person: PersonId) -> Vec<Adoption> {
        let mut all: Vec<Adoption> = self.list(&Key::new(kind::ADOPTION), MOST);
        all.retain(|adoption| self.brief(adoption.brief).is_some_and(|brief| brief.by == person));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_stands_where_its_name_says() {
        for (name, want) in [
            ("市政协", Some(Rank::City)),
            ("区委", Some(Rank::District)),
            ("宝鸡市金台区政协", Some(Rank::District)),
            ("县政府", Some(Rank::District)),
            ("陕西省政协", Some(Rank::Province)),
            ("广西壮族自治区政协", Some(Rank::Province)),
            ("省委办公厅", Some(Rank::Province)),
            ("全国政协", Some(Rank::National)),
            ("国务院办公厅", Some(Rank::National)),
            ("city CPPCC", Some(Rank::City)),
            ("the District government", Some(Rank::District)),
            ("National CPPCC", Some(Rank::National)),
            ("人民政协报", None),
            ("", None),
        ] {
            assert_eq!(Rank::of(name), want, "{name}");
        }
    }
}
