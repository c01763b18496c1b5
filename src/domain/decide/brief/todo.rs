//! 待办 — what waits for a person about briefs and proposals, each with what to type.

use crate::domain::brief::info::Brief;
use crate::domain::brief::info::State as InfoState;
use crate::domain::brief::proposal::{Proposal, State};
use crate::domain::brief::subject::Subject;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::scene::Ctx;
use crate::say;

fn proposals(ctx: &Ctx<'_>, waiting: Vec<Subject>) -> Vec<Proposal> {
    let mut found: Vec<Proposal> = waiting
        .into_iter()
        .filter_map(|subject| match subject {
            Subject::Proposal(no) => ctx.world.proposal(no),
            _ => None,
        })
        .collect();
    found.sort_by_key(|proposal| (proposal.due, proposal.no));
    found
}

fn infos(ctx: &Ctx<'_>, subjects: Vec<Subject>, state: InfoState) -> Vec<Brief> {
    let briefs = subjects.into_iter().filter_map(|subject| match subject {
        Subject::Info(no) => ctx.world.brief(no),
        _ => None,
    });
    briefs.filter(|brief| brief.state == state && brief.adopted == 0).collect()
}

fn quoted(title: &Words) -> Value {
    Value::Quote(title.as_str().to_owned())
}

/// What waits for whoever speaks as the one in charge or as the author.
#[must_use]
pub fn own(ctx: &Ctx<'_>) -> Vec<Say> {
    let of_proposal = |proposal: &Proposal| {
        let (b, is_handler) = (proposal.no, proposal.handler == Some(ctx.me()));
        let due = || Value::Day(proposal.due.unwrap_or_default());
        match proposal.state {
            State::Assigned if is_handler => {
                Some(say!("todo.prop.ack", b = b, what = quoted(&proposal.title), due = due()))
            }
            State::Acked if is_handler => {
                Some(say!("todo.prop.task", b = b, what = quoted(&proposal.title), due = due()))
            }
            State::Answered if proposal.by == ctx.me() && !proposal.is_answered_by_author() => {
                Some(say!("todo.prop.rate", b = b))
            }
            State::Received
            | State::Reviewing
            | State::Filed
            | State::Declined
            | State::Recast
            | State::Assigned
            | State::Acked
            | State::Answered
            | State::Contested
            | State::Done => None,
        }
    };
    let mut found: Vec<Say> = proposals(ctx, ctx.world.waiting_briefs()).iter().filter_map(of_proposal).collect();
    let returned = infos(ctx, ctx.world.written_by(ctx.me()), InfoState::Returned);
    found.extend(returned.iter().map(|brief| say!("todo.info.again", b = brief.no, what = quoted(&brief.title))));
    found
}

/// What waits for the office: proposals first.
#[must_use]
pub fn office(ctx: &Ctx<'_>) -> Vec<Say> {
    let of_proposal = |proposal: &Proposal| {
        let (b, what) = (proposal.no, quoted(&proposal.title));
        match proposal.state {
            State::Received | State::Reviewing => Some(say!("todo.prop.review", b = b, what = what)),
            State::Filed => Some(say!("todo.prop.assign", b = b, what = what)),
            State::Contested => Some(say!("todo.prop.contested", b = b, what = what)),
            State::Declined | State::Recast | State::Assigned | State::Acked | State::Answered | State::Done => None,
        }
    };
    let mut waiting = ctx.waiting_here();
    // What they wrote waits for somebody else; where nobody else is, they are told what to do about it.
    waiting.retain(|subject| !matches!(ctx.require_no_author(*subject), Err(say) if say.key == "e.own_brief"));
    let mut found: Vec<Say> = proposals(ctx, waiting.clone()).iter().filter_map(of_proposal).collect();
    let received = infos(ctx, waiting, InfoState::Received);
    found.extend(received.iter().map(|brief| say!("todo.info.review", b = brief.no, what = quoted(&brief.title))));
    found
}
