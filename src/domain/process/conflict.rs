//! 角色相斥 — who in one topic cannot be what at the same time: one table, asked wherever somebody becomes one of these. Where a small
//! place has nobody else, a coordinator says so in the open (另定), and it is on the record.

use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use serde::{Deserialize, Serialize};

/// What somebody can be in a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 点单人.
    Asker,
    /// 牵头委员.
    Lead,
    /// 主持人.
    Moderator,
    /// 写过方案的人.
    Drafter,
    /// 承办人.
    Handler,
    /// 审查方案的专家.
    Expert,
    /// 评价人.
    Rater,
    /// 投票的人.
    Voter,
    /// 受托投票的人.
    Trustee,
    /// 经办表决的人 — who does for a vote what a moderator does: recuses others, enters paper and mandates, voids it.
    Teller,
}

impl Part {
    /// All.
    pub const ALL: [Self; 10] = [
        Self::Asker,
        Self::Lead,
        Self::Moderator,
        Self::Drafter,
        Self::Handler,
        Self::Expert,
        Self::Rater,
        Self::Voter,
        Self::Trustee,
        Self::Teller,
    ];

    /// Key of its term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Asker => "part.asker",
            Self::Lead => "part.lead",
            Self::Moderator => "part.moderator",
            Self::Drafter => "part.drafter",
            Self::Handler => "part.handler",
            Self::Expert => "part.expert",
            Self::Rater => "part.rater",
            Self::Voter => "part.voter",
            Self::Trustee => "part.trustee",
            Self::Teller => "part.teller",
        }
    }
}

/// Whether one can be both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Both.
    Together,
    /// Only where a coordinator has said so in the open.
    Excepted,
    /// Not both.
    Never,
}

/// The table: whether somebody who is `held` can be `asked`, too.
#[must_use]
pub const fn fit(held: Part, asked: Part) -> Fit {
    match asked {
        // Nobody reviews what they have written or lead, or are in the chair for.
        Part::Expert => match held {
            Part::Lead | Part::Moderator | Part::Drafter => Fit::Excepted,
            Part::Asker | Part::Handler | Part::Expert | Part::Rater | Part::Voter | Part::Trustee | Part::Teller => {
                Fit::Together
            }
        },
        // Nobody rates what they have done themselves; the chair and the lead only where there is nobody else.
        Part::Rater => match held {
            Part::Handler => Fit::Never,
            Part::Lead | Part::Moderator => Fit::Excepted,
            Part::Asker | Part::Drafter | Part::Expert | Part::Rater | Part::Voter | Part::Trustee | Part::Teller => {
                Fit::Together
            }
        },
        // 主持中立: neither for oneself, nor for somebody else, whichever way the ballot comes.
        Part::Voter | Part::Trustee => match held {
            Part::Moderator | Part::Teller => Fit::Never,
            Part::Asker
            | Part::Lead
            | Part::Drafter
            | Part::Handler
            | Part::Expert
            | Part::Rater
            | Part::Voter
            | Part::Trustee => Fit::Together,
        },
        // Whoever has a ballot in it, of their own or in trust, has no hand in the vote of others.
        Part::Teller => match held {
            Part::Voter | Part::Trustee => Fit::Never,
            Part::Asker
            | Part::Lead
            | Part::Moderator
            | Part::Drafter
            | Part::Handler
            | Part::Expert
            | Part::Rater
            | Part::Teller => Fit::Together,
        },
        // What somebody asks for, leads, moderates, writes or does keeps them from nothing of these.
        Part::Asker | Part::Lead | Part::Moderator | Part::Drafter | Part::Handler => Fit::Together,
    }
}

/// What a coordinator can say in the open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Topic, if written or replied to.
    pub topic: Option<TopicNo>,
    /// Expert or rater.
    pub part: Part,
    /// Whose it is.
    pub who: String,
    /// Why.
    pub reason: String,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 另定.
    Excepted {
        /// Topic.
        topic: TopicNo,
        /// Person.
        person: PersonId,
        /// What they are in it from now on, whatever else they are.
        part: Part,
        /// Why.
        reason: Words,
    },
}

/// 另定, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Topic.
    pub topic: TopicNo,
    /// Person.
    pub person: PersonId,
    /// What they are.
    pub part: Part,
    /// Who said so.
    pub by: Option<PersonId>,
    /// Why.
    pub reason: Words,
}

/// Exceptions of one topic.
pub const MAX_EXCEPTIONS: usize = 50;

impl Entity for Exception {
    fn key(&self) -> Key {
        key_of(self.topic, self.part, self.person)
    }
}

fn key_of(topic: TopicNo, part: Part, person: PersonId) -> Key {
    Key::new(kind::EXCEPTION).num(topic.0).byte(part as u8).num(person.0)
}

impl World<'_> {
    /// Whether a coordinator has said so in the open.
    #[must_use]
    pub fn is_excepted(&self, topic: TopicNo, part: Part, person: PersonId) -> bool {
        self.has(&key_of(topic, part, person))
    }

    /// What coordinators have said of a topic in the open.
    #[must_use]
    pub fn exceptions(&self, topic: TopicNo) -> Vec<Exception> {
        self.list(&Key::new(kind::EXCEPTION).num(topic.0), MAX_EXCEPTIONS)
    }
}
