//! 不予受理的理由 — the grounds on which a request is not taken: nine that are told apart and counted, besides free words.

use serde::{Deserialize, Serialize};

/// A ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 信访事项.
    Petition,
    /// 已进入诉讼仲裁.
    Court,
    /// 举报.
    Report,
    /// 个人纠纷（转人民调解）.
    Dispute,
    /// 涉密.
    Secret,
    /// 超出本区职权.
    Beyond,
    /// 重复.
    Repeated,
    /// 内容空泛没有建议.
    Vague,
    /// 广告推介.
    Advertising,
}

impl Ground {
    /// All, in the order they are listed and numbered in.
    pub const ALL: [Self; 9] = [
        Self::Petition,
        Self::Court,
        Self::Report,
        Self::Dispute,
        Self::Secret,
        Self::Beyond,
        Self::Repeated,
        Self::Vague,
        Self::Advertising,
    ];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Petition => "ground.petition",
            Self::Court => "ground.court",
            Self::Report => "ground.report",
            Self::Dispute => "ground.dispute",
            Self::Secret => "ground.secret",
            Self::Beyond => "ground.beyond",
            Self::Repeated => "ground.repeated",
            Self::Vague => "ground.vague",
            Self::Advertising => "ground.advertising",
        }
    }
}
