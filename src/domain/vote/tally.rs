//! 票 — a choice, and what a count comes to.

use crate::domain::kernel::say::Value;
use crate::domain::vote::veil::Veil;
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

/// 票数 — sums of a poll; people are voting units (one owner however many flats), areas in 0.01 m².
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Voters on the roll, N; without a roll, those who voted.
    pub voters: u64,
    /// Area of the roll, A.
    pub area: u64,
    /// In favour, y.
    pub yes: u64,
    /// Their area.
    pub yes_area: u64,
    /// Against.
    pub no: u64,
    /// Their area.
    pub no_area: u64,
    /// Abstained.
    pub abstain: u64,
    /// Their area.
    pub abstain_area: u64,
    /// 请假 — on leave, and without a ballot. Written out where it is 0, too: the row of a poll holds it as well.
    #[serde(default)]
    pub leave: u64,
    /// 回避 — recused, and without a ballot.
    #[serde(default)]
    pub recused: u64,
    /// 不记名 — what is told in the place of areas by choice, which are 0 then.
    #[serde(default)]
    pub veil: Option<Veil>,
}

/// An area for people: 1024.80 → “1024.8”.
#[must_use]
pub fn square_metres(area: u64) -> Value {
    let (whole, part) = (area / 100, area % 100);
    Value::Text(match part {
        0 => format!("{whole}"),
        tens if tens % 10 == 0 => format!("{whole}.{}", tens / 10),
        hundredths => format!("{whole}.{hundredths:02}"),
    })
}
