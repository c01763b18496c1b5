//! 身份变动 — which facts change what somebody is or may: one closed table. Whoever it concerns is told of each at once, in private, on
//! every account of theirs (`announce::standing`).

use crate::domain::event::Event;
use crate::domain::history::duty;
use crate::domain::kernel::ids::PersonId;
use crate::domain::people::account;
use crate::domain::people::erasure;
use crate::domain::people::person::{Role, Scope};

/// What of somebody's standing a fact changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'f> {
    /// 授权.
    Granted(PersonId, Role, &'f Scope),
    /// 取消.
    Withdrawn(PersonId, Role, &'f Scope),
    /// The configuration gives a role.
    Listed(PersonId, Role),
    /// The configuration takes it.
    Delisted(PersonId, Role),
    /// 登记 — side, unit, sector, town, level, field or flat may be others.
    Entered(PersonId),
    /// 党员, 特长 and the like.
    Tagged(PersonId),
    /// It is changed and told by a letter of its own: 注销, an account that is joined or taken away, 删除信息.
    Told(PersonId),
    /// It is about to be changed: somebody says whose an account is, or is not, or gives out a code.
    Prepared(PersonId),
    /// Nobody's: what is done, said, asked or voted.
    Same,
}

impl Standing<'_> {
    /// Whose it is, where it is told here.
    #[must_use]
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Granted(person, ..)
            | Self::Withdrawn(person, ..)
            | Self::Listed(person, _)
            | Self::Delisted(person, _)
            | Self::Entered(person)
            | Self::Tagged(person) => Some(person),
            Self::Told(_) | Self::Prepared(_) | Self::Same => None,
        }
    }

    /// 动了谁的 — whose account, entry or roles it changes or is about to.
    #[must_use]
    pub fn touches(self) -> Option<PersonId> {
        match self {
            Self::Told(person) | Self::Prepared(person) => Some(person),
            Self::Granted(..)
            | Self::Withdrawn(..)
            | Self::Listed(..)
            | Self::Delisted(..)
            | Self::Entered(_)
            | Self::Tagged(_) => self.person(),
            Self::Same => None,
        }
    }
}

/// The table.
#[must_use]
#[allow(clippy::too_many_lines, reason = "a closed table; the compiler points here when a fact has no answer")]
pub fn standing(fact: &Event) -> Standing<'_> {
    match fact {
        Event::RoleGranted { person, role, scope } => Standing::Granted(*person, *role, scope),
        Event::RoleWithdrawn { person, role, scope } => Standing::Withdrawn(*person, *role, scope),
        Event::PersonEnrolled { person, .. } => Standing::Entered(*person),
        Event::Duty(duty::Fact::Tagged { person, .. }) => Standing::Tagged(*person),
        Event::Duty(duty::Fact::Served { .. } | duty::Fact::Struck { .. }) => Standing::Same,
        Event::Account(fact) => of_account(fact),
        Event::AccountLinked { person, .. } | Event::PersonJoined { into: person, .. } => Standing::Told(*person),
        Event::ClaimSettled { person, .. } => person.map_or(Standing::Same, Standing::Told),
        Event::Erasure(fact) => match fact {
            erasure::Fact::Asked { person }
            | erasure::Fact::TakenBack { person }
            | erasure::Fact::Ordered { person, .. }
            | erasure::Fact::Done { person, .. } => Standing::Told(*person),
        },
        Event::PassMade { person, .. } => Standing::Prepared(*person),
        Event::ClaimMade { .. }
        | Event::PassUsed { .. }
        | Event::GroupSeen { .. }
        | Event::GroupSet { .. }
        | Event::GroupMoved { .. }
        | Event::GroupGone { .. }
        | Event::GroupBack { .. }
        | Event::Outage { .. }
        | Event::GroupBound { .. }
        | Event::StationSet { .. }
        | Event::Town(_)
        | Event::Tier(_)
        | Event::Campaign(_)
        | Event::Charity(_)
        | Event::Export(_)
        | Event::InvitationSheet(_)
        | Event::Clock(_)
        | Event::Series(_)
        | Event::SlipReceived { .. }
        | Event::SlipAccepted { .. }
        | Event::SlipRejected { .. }
        | Event::SlipReferred { .. }
        | Event::TopicOrdered { .. }
        | Event::TopicSorted { .. }
        | Event::TopicSeconded { .. }
        | Event::TopicTaken { .. }
        | Event::TopicAdvanced { .. }
        | Event::Course(_)
        | Event::Conflict(_)
        | Event::Invited { .. }
        | Event::SuggestionMade { .. }
        | Event::ReplyMade { .. }
        | Event::SuggestionLiked { .. }
        | Event::SuggestionJudged { .. }
        | Event::Hiding(_)
        | Event::PlanDrafted { .. }
        | Event::NoticePosted { .. }
        | Event::ObjectionRaised { .. }
        | Event::ObjectionAnswered { .. }
        | Event::ReviewGiven { .. }
        | Event::PactDrafted { .. }
        | Event::TopicReturned { .. }
        | Event::TopicPaused { .. }
        | Event::TopicResumed { .. }
        | Event::Rested(_)
        | Event::TopicEnded { .. }
        | Event::TopicMerged { .. }
        | Event::PollVoided { .. }
        | Event::TaskAssigned { .. }
        | Event::TaskAcked { .. }
        | Event::TaskReported { .. }
        | Event::TaskAnswered { .. }
        | Event::TaskDelayed { .. }
        | Event::TaskUrged { .. }
        | Event::TaskRated { .. }
        | Event::TaskLit { .. }
        | Event::Handover(_)
        | Event::TopicClosed { .. }
        | Event::BriefIssued { .. }
        | Event::BriefAdopted { .. }
        | Event::Brief(_)
        | Event::Undone { .. }
        | Event::Reworded { .. }
        | Event::GatheringCalled { .. }
        | Event::SignedUp { .. }
        | Event::Gathering(_)
        | Event::Attended { .. }
        | Event::MinutesFiled { .. }
        | Event::RollLoaded { .. }
        | Event::PollOpened { .. }
        | Event::BallotCast { .. }
        | Event::Poll(_)
        | Event::BallotLate { .. }
        | Event::Absence(_)
        | Event::Mandate(_)
        | Event::Nudge(_)
        | Event::PollClosed { .. }
        | Event::BriefReceived { .. }
        | Event::Intercepted
        | Event::DigestClosed { .. }
        | Event::IssueClosed { .. }
        | Event::Sending { .. }
        | Event::Sent { .. } => Standing::Same,
    }
}

fn of_account(fact: &account::Fact) -> Standing<'_> {
    match fact {
        account::Fact::Listed { person, role } => Standing::Listed(*person, *role),
        account::Fact::Delisted { person, role } => Standing::Delisted(*person, *role),
        account::Fact::Unlinked { person, .. }
        | account::Fact::Parted { person, .. }
        | account::Fact::Left { person, .. } => Standing::Told(*person),
        account::Fact::Vouched { person, .. }
        | account::Fact::Denied { person, .. }
        | account::Fact::Backed { person, .. } => Standing::Prepared(*person),
        // Who makes an account theirs asks for it themselves; what does not count any more is told of to all.
        account::Fact::Asked { .. }
        | account::Fact::Unvouched { .. }
        | account::Fact::Lapsed { .. }
        | account::Fact::Language { .. } => Standing::Same,
    }
}
