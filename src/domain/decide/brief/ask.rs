//! 建言 — one arm for what may be asked about briefs and proposals.

use crate::domain::brief::ask::{Ask, Deal};
use crate::domain::brief::subject::Subject;
use crate::domain::decide::brief::{card, handling, info, outcome, proposal};
use crate::domain::kernel::say;
use crate::domain::scene::{Ctx, Decided};

/// Decides what is asked.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::InfoList => card::infos(ctx),
        Ask::InfoCard(no) => card::info(ctx, *no),
        Ask::Info { title, body, sources } => info::receive(ctx, title, body, sources),
        Ask::Again { brief, is_quoted, title, body, sources } => {
            info::again(ctx, (*brief, *is_quoted), title, body, sources)
        }
        Ask::ProposalList => card::proposals(ctx),
        Ask::ProposalCard(no) => card::proposal(ctx, *no),
        Ask::Propose { title, body, sources } => proposal::receive(ctx, title, body, sources),
        Ask::Deal { subject: Subject::Info(no), deal, text } => info::deal(ctx, *no, *deal, text),
        Ask::Deal { subject: Subject::Proposal(no), deal, text } => proposal::deal(ctx, *no, *deal, text),
        Ask::Deal { deal, .. } => Err(subject_missing(*deal)),
        Ask::Adopt { subject, level } => info::adopt(ctx, *subject, level),
        Ask::Instruct { subject, who, date, text } => outcome::instruct(ctx, *subject, who, *date, text),
        Ask::Absorb { subject, document } => outcome::absorb(ctx, *subject, document),
        Ask::Cover { subject, media, title, link } => outcome::cover(ctx, *subject, (media, title), link),
        Ask::Assign { proposal, unit, handler, term, helpers } => {
            handling::assign(ctx, *proposal, (unit, handler), *term, helpers)
        }
        Ask::Ack { proposal, is_talk } => handling::ack(ctx, *proposal, *is_talk),
        Ask::Progress { proposal, class, text } => handling::progress(ctx, *proposal, *class, text),
        Ask::Delay { proposal, days, reason } => handling::delay(ctx, *proposal, *days, reason),
        Ask::Urge(no) => handling::urge(ctx, *no),
        Ask::Rate { proposal, grade, reason } => handling::rate(ctx, *proposal, *grade, reason),
    }
}

/// Topics and suggestions go other ways.
fn subject_missing(deal: Deal) -> say::Say {
    if deal.is_of_proposals() { proposal::only() } else { info::only() }
}
