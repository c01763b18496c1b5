//! 专家意见 — what invited experts say of a plan. After it was sent back they look at it anew.

use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::topic::Topic;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Reviews of one plan.
pub(crate) const MAX_REVIEWS: usize = 100;

/// 同意, 修改后同意, 不同意.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    /// 同意.
    Agree,
    /// 修改后同意.
    Amend,
    /// 不同意.
    Refuse,
}

impl Opinion {
    /// All.
    pub const ALL: [Self; 3] = [Self::Agree, Self::Amend, Self::Refuse];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Agree => "opinion.agree",
            Self::Amend => "opinion.amend",
            Self::Refuse => "opinion.refuse",
        }
    }
}

/// 专家意见; the latest of an expert counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Topic.
    pub topic: TopicNo,
    /// How often it had been sent back before.
    pub round: u32,
    /// Expert.
    pub expert: PersonId,
    /// Opinion.
    pub opinion: Opinion,
    /// The text.
    pub text: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Review {
    fn key(&self) -> Key {
        Key::new(kind::REVIEW).num(self.topic.0).num(self.round).num(self.expert.0)
    }
}

impl World<'_> {
    /// What experts say of the plan as it stands.
    #[must_use]
    pub fn reviews(&self, topic: &Topic) -> Vec<Review> {
        self.list(&Key::new(kind::REVIEW).num(topic.no.0).num(topic.round), MAX_REVIEWS)
    }

    /// 专业 — what an expert knows: field, else unit.
    #[must_use]
    pub fn field_of(&self, expert: PersonId) -> Value {
        let person = self.person(expert);
        let said =
            person.and_then(|person| [person.field, person.unit].into_iter().find(|text| !text.as_str().is_empty()));
        said.map_or_else(|| Value::Term("side.expert".to_owned()), |text| Value::from(&text))
    }
}
