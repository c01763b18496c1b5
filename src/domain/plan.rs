//! 方案 — drafts of the plan: only ever added to, the latest is shown and published.

use super::event::Event;
use super::ids::{PersonId, TopicNo};
use super::say::Value;
use super::scene::{Ctx, Decided, Decision};
use super::topic::{Step, Topic, within};
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Longest plan, in characters.
pub const MAX_TEXT: usize = 3_000;
/// Drafts of one plan.
pub const MAX_DRAFTS: u32 = 200;

/// 方案, one draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Topic.
    pub topic: TopicNo,
    /// 稿次.
    pub draft: u32,
    /// Who wrote it.
    pub author: PersonId,
    /// The text.
    pub text: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Plan {
    fn key(&self) -> Key {
        Key::new(kind::PLAN).num(self.topic.0).num(self.draft)
    }
}

impl World<'_> {
    /// The latest draft of a plan.
    #[must_use]
    pub fn plan(&self, topic: &Topic) -> Option<Plan> {
        self.get(&Key::new(kind::PLAN).num(topic.no.0).num(topic.plans))
    }
}

/// The page of a topic.
#[must_use]
pub fn page(topic: TopicNo) -> Value {
    Value::Link(format!("t/{topic}"))
}

impl Ctx<'_> {
    /// Lets the lead member pass, and whoever moderates.
    ///
    /// # Errors
    /// `e.role` with the lead member's name.
    pub fn require_lead(&self, topic: &Topic) -> Result<(), super::say::Say> {
        if topic.lead == Some(self.me()) || self.require_moderator(topic).is_ok() {
            return Ok(());
        }
        let role = Value::Term("role.lead".to_owned());
        Err(match topic.lead {
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
