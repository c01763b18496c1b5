//! 微提案 — receiving, filing, refusing a proposal.

use crate::domain::brief::ask::Deal;
use crate::domain::brief::fact::Fact;
use crate::domain::brief::proposal::{Proposal, State};
use crate::domain::brief::subject::Subject;
use crate::domain::decide::brief::info;
use crate::domain::decide::brief::info::written;
use crate::domain::decide::brief::source::sourced;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{BriefNo, ProposalNo};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::lately;
use crate::domain::people::person::Role;
use crate::domain::people::undoable::Undoable;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::say;

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
        let fingerprint = lately::fingerprint("proposal", &format!("{title}\n{body}"));
        if let Some(Undoable::Proposal(no)) = ctx.world.said_already(ctx.me(), fingerprint, ctx.scene.now) {
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
        Deal::Return | Deal::Issue | Deal::Report | Deal::Keep | Deal::Refer => return Err(info::only()),
    };
    Ok(Decision::fact(Event::Brief(fact)))
}

/// 不予立案的十种情形, in short words, to choose from.
fn grounds() -> Value {
    Value::List((1..=10).map(|n| Value::Term(format!("ground.{n}"))).collect())
}
