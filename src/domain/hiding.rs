//! 隐藏 — the moderator takes what breaks the rules of the group (a personal attack, say) out of lists, digests and figures, with a
//! reason. The ledger keeps it, and it can be shown again.

use super::command::SuggestionArg;
use super::event::Event;
use super::ids::SuggestionRef;
use super::say::{Say, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::suggestion::MAX_REASON;
use super::topic::within;
use super::words::Words;
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

/// 隐藏, or 取消隐藏.
pub fn hide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    const EXAMPLE: &str = "ex.hide";
    let (topic, suggestion) = ctx.resolve_kept(ask.suggestion, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    let reference = suggestion.reference;
    if ask.is_shown {
        if !suggestion.hidden {
            return Err(say!("e.shown", r#ref = reference));
        }
        return Ok(Decision::fact(Event::Hiding(Fact::Shown { suggestion: reference })));
    }
    if suggestion.hidden {
        return Err(hidden(reference));
    }
    let reason = ask.reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    Ok(Decision::fact(Event::Hiding(Fact::Hidden { suggestion: reference, reason: reason.into() })))
}

/// What is answered to whoever wants something of what is hidden.
#[must_use]
pub fn hidden(reference: SuggestionRef) -> Say {
    say!("e.hidden", r#ref = reference)
}
