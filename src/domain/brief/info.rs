//! 社情民意 — received with a number, reviewed or returned for change, passed on (编发), reported upward (报送), adopted or kept.

use crate::domain::brief::card::next_of_info;
use crate::domain::brief::subject::Subject;
use crate::domain::kernel::ids::{BriefNo, GroupId, PersonId, ProposalNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Longest brief, in characters (一事一议、≤1500 字).
pub const MAX_TEXT: usize = 1500;

/// Where a brief stands. The order is that of its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 已收.
    Received,
    /// 退改 — its author is to change it.
    Returned,
    /// 已审核.
    Reviewed,
    /// 已编发.
    Issued,
    /// 已报送.
    Reported,
    /// 留存.
    Kept,
}

/// 建言.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    /// Number.
    pub no: BriefNo,
    /// Title.
    pub title: Words,
    /// Situation, reasons, suggestion.
    pub body: Words,
    /// 反映人.
    pub by: PersonId,
    /// When it was received.
    pub at: DateTime<Utc>,
    /// The group it was sent in.
    pub group: Option<GroupId>,
    /// Taken back.
    pub withdrawn: bool,
    /// Where it stands.
    pub state: State,
    /// 采用 — how often.
    pub adopted: u32,
    /// 报送 — to whom.
    pub reported: Vec<Words>,
    /// 转办 — to which unit; empty if none.
    pub referred: Words,
    /// Why it was returned or kept.
    pub why: Words,
    /// 来源.
    pub sources: Vec<Subject>,
    /// The proposal it was before.
    pub from: Option<ProposalNo>,
}

impl Entity for Brief {
    fn key(&self) -> Key {
        Key::new(kind::BRIEF).num(self.no.0)
    }
}

impl Brief {
    /// Key of the term that says where it stands.
    #[must_use]
    pub fn term(&self) -> &'static str {
        match self.state {
            _ if self.adopted > 0 => "info.adopted",
            State::Received => "info.received",
            State::Returned => "info.returned",
            State::Reviewed => "info.reviewed",
            State::Issued => "info.issued",
            State::Reported => "info.reported",
            State::Kept => "info.kept",
        }
    }

    /// Whether the office has yet to act on it.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.withdrawn && self.adopted == 0 && !matches!(self.state, State::Kept | State::Returned)
    }

    /// Whether nobody has acted on it.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.state == State::Received && self.adopted == 0 && self.referred.as_str().is_empty()
    }

    pub(crate) fn wrong_state(&self) -> Say {
        let state = Value::Term(self.term().to_owned());
        say!("e.brief_state", b = self.no, state = state, next = next_of_info(self))
    }

    pub(crate) fn require(&self, states: &[State]) -> Result<(), Say> {
        if states.contains(&self.state) && self.adopted == 0 { Ok(()) } else { Err(self.wrong_state()) }
    }
}

impl World<'_> {
    /// A brief that stands.
    #[must_use]
    pub fn brief(&self, no: BriefNo) -> Option<Brief> {
        self.get::<Brief>(&Key::new(kind::BRIEF).num(no.0)).filter(|brief| !brief.withdrawn)
    }

    /// Keeps a brief, and where it is found.
    pub fn put_brief(&mut self, brief: &Brief) {
        self.put(brief);
        self.note_brief(Subject::Info(brief.no), brief.by, brief.waits());
    }

    /// 待审核 — briefs that were received and not looked at yet.
    #[must_use]
    pub fn unreviewed_briefs(&self) -> usize {
        let waiting = self.waiting_briefs().into_iter();
        let unread = waiting.filter(|subject| match subject {
            Subject::Info(no) => self.brief(*no).is_some_and(|brief| brief.state == State::Received),
            _ => false,
        });
        unread.count()
    }
}
