//! 微提案 — received with a number, looked at, filed (立案) or not, or passed on as 社情民意; what follows is in [`super::handling`].

use super::ask::Deal;
use super::card::next_of_proposal;
use super::fact::Fact;
use super::info::written;
use super::source::sourced;
use super::subject::Subject;
use crate::domain::event::{Event, Undoable};
use crate::domain::ids::{BriefNo, GroupId, PersonId, ProposalNo};
use crate::domain::person::Role;
use crate::domain::say::{Say, Value, example_of};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::suggestion::MAX_REASON;
use crate::domain::task::{Class, Grade, Light};
use crate::domain::topic::within;
use crate::domain::trail;
use crate::domain::words::Words;
use crate::domain::world::{Entity, Key, World, kind};
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
            grade: None,
            reworks: 0,
            urged: None,
            lamp: None,
            light: None,
        }
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

    pub(super) fn wrong_state(&self) -> Say {
        let state = Value::Term(self.term().to_owned());
        say!("e.prop_state", b = self.no, state = state, next = next_of_proposal(self))
    }

    pub(super) fn require(&self, states: &[State]) -> Result<(), Say> {
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

impl Ctx<'_> {
    /// # Errors
    /// `e.no_prop`.
    pub(super) fn require_proposal(&self, no: ProposalNo) -> Result<Proposal, Say> {
        self.world.proposal(no).ok_or_else(|| say!("e.no_prop", b = no))
    }
}

/// What is answered where only a proposal will do.
pub(super) fn only() -> Say {
    say!("e.only_prop", ex = example_of("ex.adopted.file"))
}

/// 提案 — a member proposes something.
pub fn receive(ctx: &Ctx<'_>, title: &str, body: &str, sources: &[Subject]) -> Decided {
    ctx.require_role(Role::Member)?;
    written(ctx, (title, body), "ex.proposal", |title, body| {
        let print = trail::print("proposal", &format!("{title}\n{body}"));
        if let Some(Undoable::Proposal(no)) = ctx.world.said_already(ctx.me(), print, ctx.scene.now) {
            return Err(say!("e.repeat", r#ref = say!("ref.proposal", b = no)));
        }
        let proposal = ProposalNo(ctx.world.counters().proposals + 1);
        let received = Fact::Proposed { proposal, title: title.into(), body: body.into() };
        let mut facts = vec![Event::Brief(received)];
        facts.extend(sourced(ctx, Subject::Proposal(proposal), sources)?);
        Ok(Decision::facts(facts))
    })
}

/// 审查, 立案, 不予立案, 转社情民意, 办结.
pub fn deal(ctx: &Ctx<'_>, no: ProposalNo, deal: Deal, text: &str) -> Decided {
    use State::{Contested, Declined, Received, Reviewing};
    ctx.require_role(Role::Coordinator)?;
    let proposal = ctx.require_proposal(no)?;
    let text = text.trim();
    within(text, MAX_REASON)?;
    let fact = match deal {
        Deal::Review => {
            proposal.require(&[Received])?;
            Fact::Reviewed { subject: Subject::Proposal(no) }
        }
        Deal::File => {
            proposal.require(&[Received, Reviewing])?;
            Fact::Filed { proposal: no }
        }
        Deal::Decline => {
            proposal.require(&[Received, Reviewing])?;
            if text.is_empty() {
                return Err(say!("e.prop_why", b = no, grounds = grounds()));
            }
            Fact::Declined { proposal: no, reason: text.into() }
        }
        Deal::Recast => {
            proposal.require(&[Received, Reviewing, Declined])?;
            Fact::Recast { proposal: no, brief: BriefNo(ctx.world.counters().briefs + 1) }
        }
        Deal::Close => {
            proposal.require(&[Contested])?;
            if text.is_empty() {
                return Err(say!("e.prop_note", b = no));
            }
            Fact::Closed { proposal: no, note: text.into() }
        }
        Deal::Return | Deal::Issue | Deal::Report | Deal::Keep | Deal::Refer => return Err(super::info::only()),
    };
    Ok(Decision::fact(Event::Brief(fact)))
}

/// 不予立案的十种情形, in short words, to choose from.
fn grounds() -> Value {
    Value::List((1..=10).map(|n| Value::Term(format!("ground.{n}"))).collect())
}
