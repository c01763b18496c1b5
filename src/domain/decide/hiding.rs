//! 隐藏 — taking what breaks the rules of the group out of sight, with a reason.

use crate::domain::event::Event;
use crate::domain::kernel::say::example_of;
use crate::domain::kernel::text::within;
use crate::domain::process::hiding::{Ask, Fact, hidden};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::say;

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
