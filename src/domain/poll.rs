//! 表决 — polls: the eight counting rules, ballots, the count.

use serde::{Deserialize, Serialize};

/// 选项 — a choice. Kept as 1, 2, 3, as people type it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// 赞成.
    For,
    /// 反对.
    Against,
    /// 弃权.
    Abstain,
}

impl Choice {
    /// All, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::For, Self::Against, Self::Abstain];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::For => "choice.for",
            Self::Against => "choice.against",
            Self::Abstain => "choice.abstain",
        }
    }
}

/// 规则 — how a poll is counted (model.md §3; law in the doc of each).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// 业主重大 — Civil Code art. 278 (6)–(8): two thirds take part by people and area, three quarters of those in favour by both.
    OwnersMajor,
    /// 业主一般 — Civil Code art. 278, other matters: two thirds take part by both, more than half of those in favour by both.
    OwnersGeneral,
    /// 居民会议 — Organic Law of Residents' Committees art. 9: more than half attend, more than half of those in favour.
    Residents,
    /// 村民会议 — Organic Law of Villagers' Committees art. 22: more than half attend, more than half of those in favour.
    Villagers,
    /// 代表会议 — same law art. 26: two thirds attend, more than half of those in favour.
    Delegates,
    /// 过半 — ordinary matters of a group: at least three take part, more than half of those in favour.
    Majority,
    /// 一致 — everybody takes part and is in favour (e.g. Civil Code art. 279).
    Unanimous,
    /// 摸底 — a straw poll, without a result.
    Straw,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 8] = [
        Self::OwnersMajor,
        Self::OwnersGeneral,
        Self::Residents,
        Self::Villagers,
        Self::Delegates,
        Self::Majority,
        Self::Unanimous,
        Self::Straw,
    ];

    /// Key of the terms in `commands/words.toml`: `rule.majority` (name), with `.long`, `.turnout`, `.approval`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::OwnersMajor => "rule.owners_major",
            Self::OwnersGeneral => "rule.owners_general",
            Self::Residents => "rule.residents",
            Self::Villagers => "rule.villagers",
            Self::Delegates => "rule.delegates",
            Self::Majority => "rule.majority",
            Self::Unanimous => "rule.unanimous",
            Self::Straw => "rule.straw",
        }
    }
}
