//! What an outcome is recorded of, and what a brief came from: a topic, a suggestion, a 社情民意 or a 微提案.

use crate::domain::kernel::ids::{BriefNo, ProposalNo, SuggestionRef, TopicNo};
use crate::domain::kernel::say::Say;
use crate::domain::kernel::world::Key;
use crate::say;
use serde::{Deserialize, Serialize};

/// What a sentence about briefs is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// 议题.
    Topic(TopicNo),
    /// 建议.
    Suggestion(SuggestionRef),
    /// 社情民意.
    Info(BriefNo),
    /// 微提案.
    Proposal(ProposalNo),
}

impl Subject {
    /// Rows kept of it: a key of this kind and the subject.
    #[must_use]
    pub fn key(self, kind: u8) -> Key {
        let key = Key::new(kind);
        match self {
            Self::Topic(no) => key.byte(0).num(no.0),
            Self::Suggestion(reference) => key.byte(1).num(reference.topic.0).num(reference.n),
            Self::Info(no) => key.byte(2).num(no.0),
            Self::Proposal(no) => key.byte(3).num(no.0),
        }
    }

    /// Its name for people: 【1号】, 建议1-3, 社情民意1号, 微提案1号.
    #[must_use]
    pub fn named(self) -> Say {
        match self {
            Self::Topic(no) => say!("ref.topic", no = no),
            Self::Suggestion(reference) => say!("ref.suggestion", r#ref = reference),
            Self::Info(no) => say!("undo.brief", b = no),
            Self::Proposal(no) => say!("undo.proposal", b = no),
        }
    }
}
