//! 批示、吸纳进文件、报道 — what came of a brief, a proposal, a suggestion or a topic beside 采用; each is recorded by a coordinator.

use crate::domain::brief::adoption::Rank;
use crate::domain::brief::subject::Subject;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Of one kind of one thing.
pub(crate) const MAX_OUTCOMES: usize = 50;

/// 批示.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instruction {
    /// Of what.
    pub subject: Subject,
    /// Which of its instructions.
    pub n: u32,
    /// By whom, as it was said.
    pub who: Words,
    /// At which level that is; `None` where the name does not say.
    pub rank: Option<Rank>,
    /// Of which day.
    pub date: NaiveDate,
    /// What it says; may be empty.
    pub text: Words,
}

impl Entity for Instruction {
    fn key(&self) -> Key {
        self.subject.key(kind::INSTRUCTION).num(self.n)
    }
}

/// 吸纳进文件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absorption {
    /// What was taken in.
    pub subject: Subject,
    /// Which of its documents.
    pub n: u32,
    /// Name of the document.
    pub document: Words,
}

impl Entity for Absorption {
    fn key(&self) -> Key {
        self.subject.key(kind::ABSORPTION).num(self.n)
    }
}

/// 报道.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// About what.
    pub subject: Subject,
    /// Which of its reports.
    pub n: u32,
    /// Paper, station or site.
    pub media: Words,
    /// Headline.
    pub title: Words,
    /// Address; may be empty.
    pub link: Words,
}

impl Entity for Coverage {
    fn key(&self) -> Key {
        self.subject.key(kind::COVERAGE).num(self.n)
    }
}

impl World<'_> {
    /// The instructions given on something.
    #[must_use]
    pub fn instructions(&self, subject: Subject) -> Vec<Instruction> {
        self.list(&subject.key(kind::INSTRUCTION), MAX_OUTCOMES)
    }

    /// The documents something was taken into.
    #[must_use]
    pub fn absorptions(&self, subject: Subject) -> Vec<Absorption> {
        self.list(&subject.key(kind::ABSORPTION), MAX_OUTCOMES)
    }

    /// Whether no 批示, 吸纳 or 报道 is recorded of something.
    #[must_use]
    pub fn is_without_outcome(&self, subject: Subject) -> bool {
        self.instructions(subject).is_empty()
            && self.absorptions(subject).is_empty()
            && self.coverage(subject).is_empty()
    }

    /// The reports about something.
    #[must_use]
    pub fn coverage(&self, subject: Subject) -> Vec<Coverage> {
        self.list(&subject.key(kind::COVERAGE), MAX_OUTCOMES)
    }
}
