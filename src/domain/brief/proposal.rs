//! 微提案 — received with a number, looked at, filed (立案) or not, or passed on as 社情民意; what follows is in [`super::handling`].

use crate::domain::brief::card::next_of_proposal;
use crate::domain::brief::subject::Subject;
use crate::domain::kernel::ids::{BriefNo, GroupId, PersonId, ProposalNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::work::task::{Class, Grade, Light};
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Where a proposal stands. The order is that of its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 已收.
    Received,
    /// 审查.
    Reviewing,
    /// 立案.
    Filed,
    /// 不予立案.
    Declined,
    /// 转社情民意.
    Recast,
    /// 交办, 待签收.
    Assigned,
    /// 办理中.
    Acked,
    /// 已答复, 待评价.
    Answered,
    /// 第二次不满意, 待协调.
    Contested,
    /// 办结.
    Done,
}

/// 微提案.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Number.
    pub no: ProposalNo,
    /// Title.
    pub title: Words,
    /// Situation, suggestion.
    pub body: Words,
    /// 提案人.
    pub by: PersonId,
    /// When it was received.
    pub at: DateTime<Utc>,
    /// The group it was sent in.
    pub group: Option<GroupId>,
    /// Taken back.
    pub withdrawn: bool,
    /// Where it stands.
    pub state: State,
    /// 来源.
    pub sources: Vec<Subject>,
    /// Why it was not filed, or how it was closed.
    pub why: Words,
    /// The brief it became.
    pub recast: Option<BriefNo>,
    /// 主办单位.
    pub unit: Words,
    /// 承办人.
    pub handler: Option<PersonId>,
    /// 会办单位.
    pub helpers: Vec<Words>,
    /// 期限日.
    pub due: Option<NaiveDate>,
    /// 最迟.
    pub limit: Option<NaiveDate>,
    /// 答复类别, the latest.
    pub class: Option<Class>,
    /// 答复, the latest.
    pub answer: Words,
    /// The record of it.
    pub answered: Option<u64>,
    /// Who answered it in place of the one in charge, the latest time.
    pub answered_by: Option<PersonId>,
    /// 评价, the latest.
    pub grade: Option<Grade>,
    /// How often it was refused.
    pub reworks: u32,
    /// 催办, the latest.
    pub urged: Option<DateTime<Utc>>,
    /// When its light is looked at next.
    pub lamp: Option<DateTime<Utc>>,
    /// The light that is on.
    pub light: Option<Light>,
}

impl Entity for Proposal {
    fn key(&self) -> Key {
        Key::new(kind::PROPOSAL).num(self.no.0)
    }
}

impl Proposal {
    /// As it is received.
    #[must_use]
    pub fn new(no: ProposalNo, title: Words, body: Words, by: PersonId, at: DateTime<Utc>) -> Self {
        Self {
            no,
            title,
            body,
            by,
            at,
            group: None,
            withdrawn: false,
            state: State::Received,
            sources: Vec::new(),
            why: Words::default(),
            recast: None,
            unit: Words::default(),
            handler: None,
            helpers: Vec::new(),
            due: None,
            limit: None,
            class: None,
            answer: Words::default(),
            answered: None,
            answered_by: None,
            grade: None,
            reworks: 0,
            urged: None,
            lamp: None,
            light: None,
        }
    }

    /// Whose the answer is.
    #[must_use]
    pub fn answerer(&self) -> Option<PersonId> {
        self.answered_by.or(self.handler)
    }

    /// Whether what stands as its answer is its author's own: it is rated by nobody, and somebody else answers it.
    #[must_use]
    pub fn is_answered_by_author(&self) -> bool {
        self.state == State::Answered && self.answerer() == Some(self.by)
    }

    /// Key of the term that says where it stands.
    #[must_use]
    pub fn term(&self) -> &'static str {
        match self.state {
            State::Received => "prop.received",
            State::Reviewing => "prop.reviewing",
            State::Filed => "prop.filed",
            State::Declined => "prop.declined",
            State::Recast => "prop.recast",
            State::Assigned => "prop.assigned",
            State::Acked => "prop.acked",
            State::Answered => "prop.answered",
            State::Contested => "prop.contested",
            State::Done => "prop.done",
        }
    }

    /// Whether the office, a unit or its author has yet to act on it.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.withdrawn && !matches!(self.state, State::Declined | State::Recast | State::Done)
    }

    /// Whether the unit still owes an answer.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        matches!(self.state, State::Assigned | State::Acked)
    }

    /// Whether nobody has acted on it.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.state == State::Received
    }

    /// Days left on a date; negative when it is overdue.
    #[must_use]
    pub fn left(&self, date: NaiveDate) -> i64 {
        self.due.map_or(0, |due| (due - date).num_days())
    }

    pub(crate) fn wrong_state(&self) -> Say {
        let state = Value::Term(self.term().to_owned());
        say!("e.prop_state", b = self.no, state = state, next = next_of_proposal(self))
    }

    pub(crate) fn require(&self, states: &[State]) -> Result<(), Say> {
        if states.contains(&self.state) { Ok(()) } else { Err(self.wrong_state()) }
    }
}

impl World<'_> {
    /// A proposal that stands.
    #[must_use]
    pub fn proposal(&self, no: ProposalNo) -> Option<Proposal> {
        self.get::<Proposal>(&Key::new(kind::PROPOSAL).num(no.0)).filter(|proposal| !proposal.withdrawn)
    }

    /// Keeps a proposal, and where it is found.
    pub fn put_proposal(&mut self, proposal: &Proposal) {
        self.put(proposal);
        self.note_brief(Subject::Proposal(proposal.no), proposal.by, proposal.waits());
    }

    /// The proposals of one person that were filed (立案).
    #[must_use]
    pub fn filed_by(&self, person: PersonId) -> Vec<Proposal> {
        let own = self.written_by(person).into_iter().filter_map(|subject| match subject {
            Subject::Proposal(no) => self.proposal(no),
            _ => None,
        });
        let is_filed = |proposal: &Proposal| {
            proposal.state >= State::Filed && !matches!(proposal.state, State::Declined | State::Recast)
        };
        own.filter(is_filed).collect()
    }
}
