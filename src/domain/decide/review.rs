//! 专家意见 — who may give one, and when.

use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::person::Side;
use crate::domain::process::conflict::Part;
use crate::domain::process::form::Step;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::review::{MAX_REVIEWS, Opinion};
use crate::say;

/// Longest review, in characters.
const MAX_TEXT: usize = 1_000;

/// 专家.
pub fn review(ctx: &Ctx<'_>, written: Option<TopicNo>, opinion: Opinion, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.expert";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    if ctx.world.invited_as(topic.no, ctx.me()) != Some(Side::Expert) {
        return Err(say!("e.role.any", role = Value::Term("role.invited_expert".to_owned())));
    }
    ctx.require_fit(&ctx.scene.who, &topic, Part::Expert, None)?;
    topic.require_step(&[Step::Reviewing])?;
    let text = text.trim();
    if text.is_empty() && opinion != Opinion::Agree {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(text, MAX_TEXT)?;
    if ctx.world.reviews(&topic).len() >= MAX_REVIEWS {
        return Err(say!("e.too_far", max = MAX_REVIEWS));
    }
    Ok(Decision::fact(Event::ReviewGiven { topic: topic.no, opinion, text: text.into() }))
}
