//! 隐藏 — the moderator takes what breaks the rules of the group (a personal attack, say) out of lists, digests and figures, with a
//! reason. The ledger keeps it, and it can be shown again.

use crate::domain::kernel::ids::SuggestionRef;
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::Say;
use crate::domain::kernel::words::Words;
use crate::say;
use serde::{Deserialize, Serialize};

/// What has happened to something that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 隐藏.
    Hidden {
        /// The suggestion.
        suggestion: SuggestionRef,
        /// Why.
        reason: Words,
    },
    /// 取消隐藏.
    Shown {
        /// The suggestion.
        suggestion: SuggestionRef,
    },
}

/// 隐藏, 取消隐藏.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The suggestion, if written or replied to.
    pub suggestion: Option<SuggestionArg>,
    /// Why; not asked for where it is shown again.
    pub reason: String,
    /// Show it again instead.
    pub is_shown: bool,
}

/// What is answered to whoever wants something of what is hidden.
#[must_use]
pub fn hidden(reference: SuggestionRef) -> Say {
    say!("e.hidden", r#ref = reference)
}
