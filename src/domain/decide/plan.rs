//! 方案 — one more draft.

use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say;
use crate::domain::kernel::say::Value;
use crate::domain::kernel::text::within;
use crate::domain::process::form::Step;
use crate::domain::process::topic::{Topic, page};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::plan::{MAX_DRAFTS, MAX_TEXT};
use crate::say;

impl Ctx<'_> {
    /// Lets the lead member pass, and whoever moderates.
    ///
    /// # Errors
    /// `e.role` with the lead member's name.
    pub fn require_lead(&self, topic: &Topic) -> Result<(), say::Say> {
        if self.world.lead_of(topic) == Some(self.me()) || self.require_moderator(topic).is_ok() {
            return Ok(());
        }
        let role = Value::Term("role.lead".to_owned());
        Err(match self.world.lead_of(topic) {
            Some(lead) => say!("e.role", role = role, who = self.world.name_of(lead)),
            None => say!("e.role.any", role = role),
        })
    }
}

/// 方案 — a new draft, or, without a text, the latest one.
pub fn draft(ctx: &Ctx<'_>, written: Option<TopicNo>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.plan";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    let text = text.trim();
    if text.is_empty() {
        let plan = ctx.world.plan(&topic).ok_or_else(|| say!("plan.none", no = topic.no))?;
        let quote = Value::Quote(plan.text.as_str().to_owned());
        return Ok(Decision::answer(say!(
            "plan.show",
            no = topic.no,
            v = plan.draft,
            quote = quote,
            url = page(topic.no)
        )));
    }
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    ctx.require_lead(&topic)?;
    topic.require_step(&[Step::Planning])?;
    within(text, MAX_TEXT)?;
    if topic.plans >= MAX_DRAFTS {
        return Err(say!("e.too_far", max = MAX_DRAFTS));
    }
    Ok(Decision::fact(Event::PlanDrafted { topic: topic.no, draft: topic.plans + 1, text: text.into() }))
}
