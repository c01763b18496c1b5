//! 镇街、界别 — the list of them that the district keeps. What was written anywhere before is on it from the start.
//!
//! What is not on it, or is nearly something that is, is asked back wherever it is written; while the office is being set up the
//! district's coordinators may write new ones and are told so. Two that became one are one fact, and the old name leads to the new.

use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use serde::{Deserialize, Serialize};

/// Names on one list.
pub const MAX_NAMES: usize = 500;

/// Names of a sort that are put forward where one is not known.
pub const MAX_NEAR: usize = 3;

/// 种类 — which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// 镇街.
    Town,
    /// 界别.
    Sector,
}

impl Sort {
    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Town => "key.town",
            Self::Sector => "key.sector",
        }
    }
}

/// One name on a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Town {
    /// Which list.
    pub sort: Sort,
    /// The name.
    pub name: String,
    /// What it is called, or part of, since then; `None` = it stands.
    pub into: Option<String>,
}

impl Entity for Town {
    fn key(&self) -> Key {
        Key::new(kind::TOWN).byte(self.sort as u8).text(&self.name)
    }
}

/// What happens to the lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 加 — names are put on a list; from now on it is kept by hand.
    Listed {
        /// Which list.
        sort: Sort,
        /// The names.
        names: Vec<String>,
    },
    /// 改名, 合并 — whatever was of the one is of the other from now on: topics, people, groups, stations, offices.
    Moved {
        /// Which list.
        sort: Sort,
        /// The old name.
        from: String,
        /// The new one.
        into: String,
        /// Two became one; otherwise the same bears another name.
        merged: bool,
        /// Why; may be empty.
        reason: Words,
    },
    /// 删 — a name nothing is of is taken off.
    Dropped {
        /// Which list.
        sort: Sort,
        /// The name.
        name: String,
    },
}

impl Fact {
    /// Which list it is about.
    #[must_use]
    pub fn sort(&self) -> Sort {
        match self {
            Self::Listed { sort, .. } | Self::Moved { sort, .. } | Self::Dropped { sort, .. } => *sort,
        }
    }
}

/// What somebody wants of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Which list.
    pub sort: Sort,
    /// What of it.
    pub what: What,
}

/// What is wanted of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The list.
    List,
    /// 加.
    Add(Vec<String>),
    /// 改.
    Rename(String, String, String),
    /// 并.
    Merge(String, String, String),
    /// 删.
    Drop(String),
}

/// What stands behind the name of a town; two that differ in it only are taken for one mistyped.
const ENDINGS: [&str; 8] = ["街道办事处", "街道", "办事处", "镇", "乡", "街", " town", " street"];

/// What stands behind the name of a sector.
const SECTOR_ENDINGS: [&str; 4] = ["界别", "界", "组", " sector"];

/// 政协界别 — what every committee has, whether it was written here before or not; beside each, what it is called for short.
pub const SECTORS: [(&str, &[&str]); 34] = [
    ("中国共产党", &["中共"]),
    ("民革", &[]),
    ("民盟", &[]),
    ("民建", &[]),
    ("民进", &[]),
    ("农工党", &["农工"]),
    ("致公党", &["致公"]),
    ("九三学社", &["九三"]),
    ("台盟", &[]),
    ("无党派人士", &["无党派"]),
    ("共青团", &[]),
    ("总工会", &["工会"]),
    ("妇联", &[]),
    ("青联", &[]),
    ("工商联", &[]),
    ("科协", &[]),
    ("台联", &[]),
    ("侨联", &[]),
    ("文化艺术界", &["文艺界"]),
    ("科学技术界", &["科技界"]),
    ("社会科学界", &["社科界"]),
    ("经济界", &[]),
    ("农业界", &[]),
    ("教育界", &[]),
    ("体育界", &[]),
    ("新闻出版界", &[]),
    ("医药卫生界", &["医卫界"]),
    ("对外友好界", &[]),
    ("社会福利和社会保障界", &["社福界"]),
    ("环境资源界", &[]),
    ("少数民族界", &[]),
    ("宗教界", &[]),
    ("特邀人士", &["特邀"]),
    ("特别邀请人士", &[]),
];

/// Whether two names are what one sector is called in full and for short.
#[must_use]
pub fn is_same_sector(one: &str, other: &str) -> bool {
    let is_of = |written: &str| SECTORS.iter().position(|(name, short)| *name == written || short.contains(&written));
    one == other || is_of(one).is_some_and(|at| is_of(other) == Some(at))
}

/// Every name of a sector, in full and for short.
pub fn sectors() -> impl Iterator<Item = &'static str> {
    SECTORS.iter().flat_map(|(name, short)| std::iter::once(name).chain(short.iter())).copied()
}

fn bare(sort: Sort, name: &str) -> String {
    let folded = name.trim().to_lowercase();
    let endings: &[&str] = match sort {
        Sort::Town => &ENDINGS,
        Sort::Sector => &SECTOR_ENDINGS,
    };
    let ending = endings.iter().find(|ending| folded.len() > ending.len() && folded.ends_with(**ending));
    ending.and_then(|ending| folded.strip_suffix(*ending)).map_or(folded.clone(), str::to_owned)
}

/// How many letters have to be changed, put in or left out to make one name of another.
#[must_use]
pub fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut before = at;
        row[0] = at + 1;
        for (n, second) in other.iter().enumerate() {
            let kept = before + usize::from(letter != second);
            before = row[n + 1];
            row[n + 1] = kept.min(before + 1).min(row[n] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Whether a name is so near another that it is more likely mistyped than new.
#[must_use]
pub fn is_near(sort: Sort, one: &str, other: &str) -> bool {
    let (one, other) = (bare(sort, one), bare(sort, other));
    one == other || one.chars().count().max(other.chars().count()) > 1 && distance(&one, &other) <= 1
}

impl World<'_> {
    /// A name on a list, if it is or was on it.
    #[must_use]
    pub fn town(&self, sort: Sort, name: &str) -> Option<Town> {
        self.get(&Key::new(kind::TOWN).byte(sort as u8).text(name))
    }

    /// The names of a list that stand, in order.
    #[must_use]
    pub fn towns(&self, sort: Sort) -> Vec<String> {
        let all: Vec<Town> = self.list(&Key::new(kind::TOWN).byte(sort as u8), 2 * MAX_NAMES);
        all.into_iter().filter(|town| town.into.is_none()).map(|town| town.name).collect()
    }

    /// 原名 — what became part of this one.
    #[must_use]
    pub fn towns_before(&self, sort: Sort, name: &str) -> Vec<String> {
        let all: Vec<Town> = self.list(&Key::new(kind::TOWN).byte(sort as u8), 2 * MAX_NAMES);
        all.into_iter().filter(|town| town.into.as_deref() == Some(name)).map(|town| town.name).collect()
    }

    /// What a name is called today.
    #[must_use]
    pub fn town_today(&self, sort: Sort, name: &str) -> String {
        self.town(sort, name).and_then(|town| town.into).unwrap_or_else(|| name.to_owned())
    }

    /// Whether the district keeps the list by hand: then nothing gets onto it by being written somewhere.
    #[must_use]
    pub fn are_towns_kept(&self, sort: Sort) -> bool {
        self.has(&Key::new(kind::TOWNS_KEPT).byte(sort as u8))
    }

    /// 在名单里 — whether a name stands on a list. Of sectors those every committee has stand there as long as nobody keeps the list by
    /// hand, but for one that stands there by another name: written in two ways it would be counted as two.
    #[must_use]
    pub fn is_listed(&self, sort: Sort, name: &str) -> bool {
        let stands = |name: &str| self.town(sort, name).is_some_and(|town| town.into.is_none());
        let is_standard = || {
            let is_known = sectors().any(|sector| sector == name);
            is_known && !self.towns(sort).iter().any(|other| is_same_sector(name, other))
        };
        stands(name) || sort == Sort::Sector && !self.are_towns_kept(sort) && is_standard()
    }

    /// The names nearest to what was written, the nearest first: those it is likely to be, and only where there is none of these the
    /// others.
    #[must_use]
    pub fn nearest_towns(&self, sort: Sort, written: &str) -> Vec<String> {
        let mut names = self.towns(sort);
        let is_same = |name: &String| sort == Sort::Sector && is_same_sector(written, name);
        if names.iter().any(is_same) {
            names.retain(is_same);
            return names;
        }
        if sort == Sort::Sector && !self.are_towns_kept(sort) {
            names.extend(SECTORS.iter().map(|(name, _)| (*name).to_owned()));
            names.sort();
            names.dedup();
        }
        names.sort_by_key(|name| {
            (!is_near(sort, written, name), distance(&bare(sort, written), &bare(sort, name)), name.clone())
        });
        if names.iter().any(|name| is_near(sort, written, name)) {
            names.retain(|name| is_near(sort, written, name));
        }
        names.truncate(MAX_NEAR);
        names
    }
}

#[cfg(test)]
mod tests {
    use super::{Sort, distance, is_near};

    #[test]
    fn what_is_nearly_a_name_is_asked_back() {
        assert_eq!((distance("团结镇", "团结真"), distance("团结", "东风路"), distance("", "镇")), (1, 3, 1));
        for other in ["团结真", "团结", "团结街道", "团洁镇", "新团结镇", "团结镇 ", "團结镇"] {
            assert!(is_near(Sort::Town, "团结镇", other), "{other}");
        }
        for other in ["东风路街道", "新合并镇", "花桥镇", "和平街道"] {
            assert!(!is_near(Sort::Town, "团结镇", other), "{other}");
        }
        assert!(is_near(Sort::Town, "Dongfeng", "dongfeng street") && !is_near(Sort::Sector, "工商联", "科技界"));
        assert!(is_near(Sort::Sector, "科技", "科技界") && is_near(Sort::Sector, "工商连", "工商联"));
    }
}
