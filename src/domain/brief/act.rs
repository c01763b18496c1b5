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
    /// 批示, which of its instructions.
    Instructed(Subject, u32),
    /// 吸纳进文件, which of its documents.
    Absorbed(Subject, u32),
    /// 报道, which of its reports.
    Covered(Subject, u32),
}
