//! 议题 — a topic, from 点单 to its end.

use serde::{Deserialize, Serialize};

/// 类型 — kind of consultation; each has a default template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 牵线搭桥型.
    Bridge,
    /// 智力支持型.
    Expertise,
    /// 公益活动型.
    Charity,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Bridge, Self::Expertise, Self::Charity];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Bridge => "kind.bridge",
            Self::Expertise => "kind.expertise",
            Self::Charity => "kind.charity",
        }
    }
}

/// 状态 — where a topic stands. The order is the order of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 点单.
    Ordered,
    /// 买单.
    Taken,
    /// ②恳谈.
    Talking,
    /// ③拟方案.
    Planning,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 4] = [Self::Ordered, Self::Taken, Self::Talking, Self::Planning];

    /// Key of the terms in `commands/words.toml`: `step.talking` (short name), with `.dan`, `.step`, `.stage`, `.entered`, `.now`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Ordered => "step.ordered",
            Self::Taken => "step.taken",
            Self::Talking => "step.talking",
            Self::Planning => "step.planning",
        }
    }
}
