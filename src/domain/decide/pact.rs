//! 公约 — one more draft.

use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::Value;
use crate::domain::kernel::text::within;
use crate::domain::process::form::Step;
use crate::domain::process::topic::page;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::pact::articles;
use crate::say;

/// Longest pact, in characters.
const MAX_TEXT: usize = 3_000;

/// Drafts of one pact.
const MAX_DRAFTS: u32 = 200;

/// 公约 — a new draft, or, without a text, the latest one.
pub fn draft(ctx: &Ctx<'_>, written: Option<TopicNo>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.pact";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    let text = text.trim();
    if text.is_empty() {
        let pact = ctx.world.pact(&topic).ok_or_else(|| say!("pact.none", no = topic.no))?;
        let quote = Value::Quote(pact.text.as_str().to_owned());
        return Ok(Decision::answer(say!(
            "pact.show",
            no = topic.no,
            v = pact.draft,
            n = pact.articles,
            quote = quote,
            url = page(topic.no)
        )));
    }
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    ctx.require_moderator(&topic)?;
    topic.require_step(&[Step::Reviewing])?;
    within(text, MAX_TEXT)?;
    if topic.pacts >= MAX_DRAFTS {
        return Err(say!("e.too_far", max = MAX_DRAFTS));
    }
    let articles = articles(text);
    Ok(Decision::fact(Event::PactDrafted { topic: topic.no, draft: topic.pacts + 1, articles, text: text.into() }))
}
