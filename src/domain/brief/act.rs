//! 建言动态 — what is done about a brief or a proposal, as a deed.

use crate::domain::brief::subject::Subject;
use crate::domain::kernel::ids::ProposalNo;
use serde::{Deserialize, Serialize};

/// What was done about a brief or proposal that is no news by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Act {
    /// 微提案 received.
    Proposed(ProposalNo),
    /// 立案.
    Filed(ProposalNo),
    /// 答复 of a proposal; whether it is of class A or B (吸收办理).
    Answered(ProposalNo, bool),
    /// 评价 of its answer.
    Rated(ProposalNo),
    /// 催办 of its unit.
    Urged(ProposalNo),
    /// 批示, which of its instructions.
    Instructed(Subject, u32),
    /// 吸纳进文件, which of its documents.
    Absorbed(Subject, u32),
    /// 报道, which of its reports.
    Covered(Subject, u32),
}

impl Act {
    /// What it was done about.
    #[must_use]
    pub fn subject(self) -> Subject {
        match self {
            Self::Proposed(no) | Self::Filed(no) | Self::Answered(no, _) | Self::Rated(no) | Self::Urged(no) => {
                Subject::Proposal(no)
            }
            Self::Instructed(subject, _) | Self::Absorbed(subject, _) | Self::Covered(subject, _) => subject,
        }
    }
}
