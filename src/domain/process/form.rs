//! 类型、步骤、流程 — the kinds of consultation, the steps of the way, and the templates that say which steps a topic goes through.

use serde::{Deserialize, Serialize};

/// 流程模板 — which steps a topic goes through: not every matter needs all six.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// 六步.
    Six,
    /// 圆桌 — without review and vote.
    Round,
    /// 简易 — talk, then tasks.
    Simple,
    /// 恳谈 — talk, whose outcome goes into a document.
    Talk,
    /// 公益 — taken up, then tasks.
    Charity,
}

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
    /// ④公示.
    Noticing,
    /// ⑤专家审查.
    Reviewing,
    /// ⑥表决.
    Voting,
    /// 查单.
    Tracking,
    /// 办结.
    Closed,
}

impl Step {
    /// All steps.
    pub const ALL: [Self; 9] = [
        Self::Ordered,
        Self::Taken,
        Self::Talking,
        Self::Planning,
        Self::Noticing,
        Self::Reviewing,
        Self::Voting,
        Self::Tracking,
        Self::Closed,
    ];

    /// Key of the terms in `commands/words.toml`: `step.talking` (short name), with `.dan`, `.step`, `.stage`, `.entered`, `.now`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Ordered => "step.ordered",
            Self::Taken => "step.taken",
            Self::Talking => "step.talking",
            Self::Planning => "step.planning",
            Self::Noticing => "step.noticing",
            Self::Reviewing => "step.reviewing",
            Self::Voting => "step.voting",
            Self::Tracking => "step.tracking",
            Self::Closed => "step.closed",
        }
    }

    /// 解单 — whether it is one of the steps in which a topic is consulted on.
    #[must_use]
    pub fn is_consultation(self) -> bool {
        (Self::Talking..=Self::Voting).contains(&self)
    }
}
