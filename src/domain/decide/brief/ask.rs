//! 建言 — one arm for what may be asked about briefs and proposals.

use crate::domain::brief::ask::{Ask, Deal};
use crate::domain::brief::subject::Subject;
use crate::domain::decide::brief::{card, handling, info, outcome, proposal};
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::{self, Say, Value};
use crate::domain::people::person::Role;
use crate::domain::process::conflict::{Settling, Stake};
use crate::domain::scene::{Ctx, Decided};
use crate::say;

/// Decides what is asked.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    if let Some(subject) = settled(ask) {
        ctx.require_no_author(subject)?;
    }
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
        Ask::Delay { proposal, term, reason } => handling::delay(ctx, *proposal, *term, reason),
        Ask::Urge(no) => handling::urge(ctx, *no),
        Ask::Rate { proposal, grade, reason } => handling::rate(ctx, *proposal, *grade, reason),
    }
}

/// Topics and suggestions go other ways.
fn subject_missing(deal: Deal) -> say::Say {
    if deal.is_of_proposals() { proposal::only() } else { info::only() }
}

/// What an official settles by it; `None` = it is only looked at, or is for whoever wrote it or has it in charge.
fn settled(ask: &Ask) -> Option<Subject> {
    match ask {
        Ask::Deal { subject, .. }
        | Ask::Adopt { subject, .. }
        | Ask::Instruct { subject, .. }
        | Ask::Absorb { subject, .. }
        | Ask::Cover { subject, .. } => Some(*subject),
        Ask::Assign { proposal, .. } => Some(Subject::Proposal(*proposal)),
        Ask::InfoList
        | Ask::InfoCard(_)
        | Ask::Info { .. }
        | Ask::Again { .. }
        | Ask::ProposalList
        | Ask::ProposalCard(_)
        | Ask::Propose { .. }
        | Ask::Ack { .. }
        | Ask::Progress { .. }
        | Ask::Delay { .. }
        | Ask::Urge(_)
        | Ask::Rate { .. } => None,
    }
}

impl Ctx<'_> {
    fn author_of(&self, subject: Subject) -> Option<PersonId> {
        match subject {
            Subject::Info(no) => self.world.brief(no).map(|brief| brief.by),
            Subject::Proposal(no) => self.world.proposal(no).map(|proposal| proposal.by),
            // What is recorded of these is settled for the group, and on their own pages.
            Subject::Topic(_) | Subject::Suggestion(_) => None,
        }
    }

    /// Lets an official settle what somebody else has written. Who is no official is told so by the act itself.
    ///
    /// # Errors
    /// `e.own_brief`, `e.own_brief.alone`: who settles it, or that somebody has to be named first.
    pub(super) fn require_no_author(&self, subject: Subject) -> Result<(), Say> {
        let is_theirs = self.author_of(subject) == Some(self.me());
        let is_official = self.require_role(Role::Coordinator).is_ok();
        if !is_official || !self.is_party(&[(Stake::Concerned, is_theirs)], Settling::Brief) {
            return Ok(());
        }
        Err(self.own_brief(subject))
    }

    /// Who settles what the speaker has written, or that somebody has to be named first.
    pub(super) fn own_brief(&self, subject: Subject) -> Say {
        let coordinators = self.world.coordinators_of(&self.town_of_subject(subject).unwrap_or_default());
        let mut names: Vec<Value> = Vec::new();
        for other in coordinators.iter().chain(&self.world.holders(Role::Admin)).filter(|one| one.id != self.me()) {
            let name = Value::from(&other.name);
            if names.len() < 3 && !names.contains(&name) {
                names.push(name);
            }
        }
        match names.is_empty() {
            true => say!(
                "e.own_brief.alone",
                what = subject.named(),
                another = self.another_coordinator(self.scene.who.base())
            ),
            false => say!("e.own_brief", what = subject.named(), who = Value::List(names)),
        }
    }
}
