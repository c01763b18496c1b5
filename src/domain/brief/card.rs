//! 清单和卡片 — one's own briefs and proposals, or what waits; one of them with where it stands and what to send next. What they
//! say is for members: outside the members' groups and private chats only the title is shown.

use crate::domain::brief::info::Brief;
use crate::domain::brief::info::State as InfoState;
use crate::domain::brief::proposal::{Proposal, State};
use crate::domain::kernel::ids::BriefNo;
use crate::domain::kernel::say::Say;
use crate::say;

/// What to send next.
#[must_use]
pub fn next_of_info(brief: &Brief) -> Say {
    let b = brief.no;
    match brief.state {
        _ if brief.adopted > 0 => say!("next.info.adopted", b = b),
        InfoState::Received => say!("next.info.received", b = b),
        InfoState::Returned => say!("next.info.returned", b = b),
        InfoState::Reviewed => say!("next.info.reviewed", b = b),
        InfoState::Issued => say!("next.info.issued", b = b),
        InfoState::Reported => say!("next.info.reported", b = b),
        InfoState::Kept => say!("next.info.kept", b = b),
    }
}

/// What to send next.
#[must_use]
pub fn next_of_proposal(proposal: &Proposal) -> Say {
    let b = proposal.no;
    match proposal.state {
        State::Received => say!("next.prop.received", b = b),
        State::Reviewing => say!("next.prop.reviewing", b = b),
        State::Filed => say!("next.prop.filed", b = b),
        State::Declined => say!("next.prop.declined", b = b),
        State::Recast => say!("next.prop.recast", to = proposal.recast.unwrap_or(BriefNo(0))),
        State::Assigned => say!("next.prop.assigned", b = b),
        State::Acked => say!("next.prop.acked", b = b),
        State::Answered => say!("next.prop.answered", b = b),
        State::Contested => say!("next.prop.contested", b = b),
        State::Done => say!("next.prop.done"),
    }
}
