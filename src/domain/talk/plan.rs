//! 方案 — drafts of the plan: only ever added to, the latest is shown and published.

use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::topic::Topic;
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
