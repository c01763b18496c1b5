//! 建言的行 — what became of briefs and proposals. They are the office's and their authors' to read.

use super::{Entry, Of, Row, Text, maybe, term, value};
use crate::domain::brief::{Fact, Subject};
use crate::domain::kernel::ids::{BriefNo, ProposalNo};
use crate::domain::kernel::words::Words;
use crate::domain::process::hiding::Shown;

pub(super) fn info<'f>(what: &'static str, no: BriefNo) -> Row<'f> {
    of(what, Subject::Info(no))
}

fn of<'f>(what: &'static str, subject: Subject) -> Row<'f> {
    Row::new(what, Of::Subject(subject)).about(subject.named()).inside()
}

/// 报道 — of a topic it has been in the paper, and stands in its history for everybody.
fn published(row: Row<'_>, subject: Subject) -> Row<'_> {
    Row { open: matches!(subject, Subject::Topic(_)), ..row }
}

fn proposal<'f>(what: &'static str, no: ProposalNo) -> Row<'f> {
    of(what, Subject::Proposal(no))
}

pub(super) fn received<'f>(no: BriefNo, title: &'f Words, body: &'f Words) -> Entry<'f> {
    info("deed.briefed", no).text(Text::All(vec![Text::Words(title), Text::Words(body)])).words(Shown::Brief(no)).row()
}

#[allow(clippy::too_many_lines, reason = "one arm a fact; the compiler points here when one is missing")]
pub(super) fn of_brief(fact: &Fact) -> Entry<'_> {
    let both = |one, other| Text::All(vec![one, other]);
    match fact {
        Fact::Sourced { subject, sources } => {
            let named = sources.iter().map(|source| Text::Value(source.named().into())).collect();
            of("deed.brief_sourced", *subject).text(Text::All(named)).row()
        }
        Fact::Reviewed { subject } => of("deed.brief_reviewed", *subject).row(),
        Fact::Returned { brief, reason } => info("deed.brief_returned", *brief).text(Text::Words(reason)).row(),
        Fact::Resent { brief, title, body } => info("deed.brief_resent", *brief)
            .text(both(Text::Words(title), Text::Words(body)))
            .words(Shown::Brief(*brief))
            .row(),
        Fact::Reported { brief, to } => {
            info("deed.brief_reported", *brief).text(Text::All(to.iter().map(Text::Words).collect())).row()
        }
        Fact::Kept { brief, reason } => info("deed.brief_kept", *brief).text(Text::Words(reason)).row(),
        Fact::Referred { brief, unit } => info("deed.brief_referred", *brief).text(Text::Words(unit)).row(),
        Fact::Instructed { subject, who, date, text, .. } => of("deed.brief_instructed", *subject)
            .text(Text::All(vec![Text::Words(who), value(*date), Text::Words(text)]))
            .row(),
        Fact::Absorbed { subject, document, .. } => {
            of("deed.brief_absorbed", *subject).text(Text::Words(document)).row()
        }
        Fact::Covered { subject, media, title, link, .. } => published(of("deed.brief_covered", *subject), *subject)
            .text(Text::All(vec![Text::Words(media), Text::Words(title), Text::Words(link)]))
            .row(),
        Fact::Proposed { proposal: no, title, body } => proposal("deed.proposed", *no)
            .text(both(Text::Words(title), Text::Words(body)))
            .words(Shown::Proposal(*no))
            .row(),
        Fact::Filed { proposal: no } => proposal("deed.filed", *no).row(),
        Fact::Declined { proposal: no, reason } => proposal("deed.not_filed", *no).text(Text::Words(reason)).row(),
        Fact::Recast { proposal: no, brief } => {
            proposal("deed.recast", *no).text(Text::Value(Subject::Info(*brief).named().into())).row()
        }
        Fact::Vacated { proposal: no } => proposal("deed.vacated", *no).row(),
        Fact::Assigned { proposal: no, unit, handler, helpers, due, .. } => {
            let text = [Text::Words(unit), Text::Who(*handler)].into_iter();
            let text = text.chain(helpers.iter().map(Text::Words)).chain([value(*due)]).collect();
            proposal("deed.assigned", *no).text(Text::All(text)).row()
        }
        Fact::Acked { proposal: no } => proposal("deed.acked", *no).row(),
        Fact::Noted { proposal: no, text } => proposal("deed.worked", *no).text(Text::Words(text)).row(),
        Fact::Answered { proposal: no, class, text } => {
            proposal("deed.proposal_answered", *no).text(both(term(class.term()), Text::Words(text))).row()
        }
        Fact::Delayed { proposal: no, due, reason, .. } => {
            proposal("deed.delayed", *no).text(both(value(*due), Text::Words(reason))).row()
        }
        Fact::Urged { proposal: no } => proposal("deed.urged", *no).row(),
        Fact::Rated { proposal: no, grade, reason, again } => {
            let text = vec![term(grade.term()), Text::Words(reason), maybe(again.map(|(due, _)| value(due)))];
            proposal("deed.rated", *no).text(Text::All(text)).row()
        }
        Fact::Closed { proposal: no, note } => proposal("deed.closed", *no).text(Text::Words(note)).row(),
        Fact::Lit { proposal: no, date, .. } => proposal("deed.lit", *no).text(value(*date)).row(),
    }
}
