//! 建言 — what becomes of briefs and proposals, and what came of them.

use crate::domain::brief::info::Brief;
use crate::domain::brief::info::State as InfoState;
use crate::domain::brief::outcome::{Absorption, Coverage, Instruction};
use crate::domain::brief::proposal::{Proposal, State};
use crate::domain::brief::{Act, Adoption, Fact, Rank, Subject};
use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::alarm::proposal_key;
use crate::domain::kernel::ids::{BriefNo, ProposalNo, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::people::lately;
use crate::domain::people::undoable::Undoable;
use crate::domain::work::task::{Class, Grade, Light};
use chrono::{DateTime, NaiveDate, Utc};

/// The topic a subject lies in, if it is one or belongs to one.
fn topic_of(subject: Subject) -> Option<TopicNo> {
    match subject {
        Subject::Topic(no) => Some(no),
        Subject::Suggestion(reference) => Some(reference.topic),
        Subject::Info(_) | Subject::Proposal(_) => None,
    }
}

impl Application<'_, '_, '_> {
    #[allow(clippy::too_many_lines, reason = "one arm a fact; the compiler points here when one is missing")]
    pub(super) fn of_brief(&mut self, fact: &Fact) {
        match fact {
            Fact::Sourced { subject, sources } => self.sourced(*subject, sources),
            Fact::Reviewed { subject: Subject::Info(no) } => self.info(*no, |brief| brief.state = InfoState::Reviewed),
            Fact::Reviewed { subject: Subject::Proposal(no) } => {
                self.proposal(*no, |proposal| proposal.state = State::Reviewing);
            }
            Fact::Reviewed { subject: Subject::Topic(_) | Subject::Suggestion(_) } => {}
            Fact::Returned { brief, reason } => self.info(*brief, |brief| {
                brief.state = InfoState::Returned;
                brief.why = reason.clone();
            }),
            Fact::Resent { brief, title, body } => self.info(*brief, |brief| {
                brief.state = InfoState::Received;
                brief.why = Words::default();
                brief.title = title.or_gone();
                brief.body = body.or_gone();
            }),
            Fact::Reported { brief, to } => self.info(*brief, |brief| {
                brief.state = InfoState::Reported;
                brief.reported.extend(to.iter().cloned());
            }),
            Fact::Kept { brief, reason } => self.info(*brief, |brief| {
                brief.state = InfoState::Kept;
                brief.why = reason.clone();
            }),
            Fact::Referred { brief, unit } => self.info(*brief, |brief| brief.referred = unit.clone()),
            Fact::Instructed { subject, n, who, rank, date, text } => {
                let (subject, n, rank, date) = (*subject, *n, *rank, *date);
                self.world.put(&Instruction { subject, n, who: who.clone(), rank, date, text: text.clone() });
                self.came_of(subject, Act::Instructed(subject, n));
            }
            Fact::Absorbed { subject, n, document } => {
                self.world.put(&Absorption { subject: *subject, n: *n, document: document.clone() });
                self.came_of(*subject, Act::Absorbed(*subject, *n));
            }
            Fact::Covered { subject, n, media, title, link } => {
                let (media, title, link) = (media.clone(), title.clone(), link.clone());
                self.world.put(&Coverage { subject: *subject, n: *n, media, title, link });
                self.came_of(*subject, Act::Covered(*subject, *n));
            }
            Fact::Proposed { proposal, title, body } => self.proposed(*proposal, title, body),
            Fact::Filed { proposal } => {
                self.proposal(*proposal, |proposal| proposal.state = State::Filed);
                let by = self.world.proposal(*proposal).map(|proposal| proposal.by);
                self.deed(What::Brief(Act::Filed(*proposal)), None, by);
            }
            Fact::Declined { proposal, reason } => self.proposal(*proposal, |proposal| {
                proposal.state = State::Declined;
                proposal.why = reason.clone();
            }),
            Fact::Recast { proposal, brief } => self.recast(*proposal, *brief),
            Fact::Assigned { proposal, unit, handler, helpers, due, limit, lamp } => {
                self.proposal(*proposal, |proposal| {
                    proposal.state = State::Assigned;
                    proposal.unit = unit.clone();
                    proposal.handler = Some(*handler);
                    proposal.helpers.clone_from(helpers);
                    proposal.due = Some(*due);
                    proposal.limit = Some(*limit);
                });
                self.watch_proposal(*proposal, Some(*lamp));
            }
            Fact::Vacated { proposal } => {
                self.proposal(*proposal, |proposal| {
                    proposal.state = State::Filed;
                    proposal.unit = Words::default();
                    proposal.handler = None;
                    proposal.helpers.clear();
                    (proposal.due, proposal.limit, proposal.light) = (None, None, None);
                });
                self.watch_proposal(*proposal, None);
            }
            Fact::Acked { proposal } => self.proposal(*proposal, |proposal| proposal.state = State::Acked),
            Fact::Answered { proposal, class, text } => self.proposal_answered(*proposal, *class, text),
            Fact::Delayed { proposal, due, lamp, .. } => {
                self.proposal(*proposal, |proposal| {
                    proposal.due = Some(*due);
                    proposal.light = None;
                });
                self.watch_proposal(*proposal, Some(*lamp));
            }
            Fact::Urged { proposal } => {
                let at = self.record.at;
                self.proposal(*proposal, |proposal| proposal.urged = Some(at));
                self.deed(What::Brief(Act::Urged(*proposal)), None, self.record.by);
            }
            Fact::Rated { proposal, grade, again, .. } => self.proposal_rated(*proposal, *grade, *again),
            Fact::Closed { proposal, note } => self.proposal(*proposal, |proposal| {
                proposal.state = State::Done;
                proposal.why = note.clone();
            }),
            Fact::Lit { proposal, date, lamp } => {
                self.proposal(*proposal, |proposal| {
                    let light = if proposal.left(*date) < 0 { Light::Red } else { Light::Yellow };
                    proposal.light = Some(light);
                });
                self.watch_proposal(*proposal, Some(*lamp));
            }
            // It is told, and kept in the ledger.
            Fact::Noted { .. } => {}
        }
    }

    pub(super) fn info(&mut self, no: BriefNo, change: impl FnOnce(&mut Brief)) {
        if let Some(mut brief) = self.world.brief(no) {
            change(&mut brief);
            self.world.put_brief(&brief);
        }
    }

    fn proposal(&mut self, no: ProposalNo, change: impl FnOnce(&mut Proposal)) {
        if let Some(mut proposal) = self.world.proposal(no) {
            change(&mut proposal);
            self.world.put_proposal(&proposal);
        }
    }

    fn sourced(&mut self, subject: Subject, sources: &[Subject]) {
        match subject {
            Subject::Info(no) => self.info(no, |brief| brief.sources = sources.to_vec()),
            Subject::Proposal(no) => self.proposal(no, |proposal| proposal.sources = sources.to_vec()),
            Subject::Topic(_) | Subject::Suggestion(_) => {}
        }
    }

    pub(super) fn brief(&mut self, no: BriefNo, title: &Words, body: &Words) {
        let Some(by) = self.record.by else { return };
        let number = no.0;
        self.world.count(|counters| counters.briefs = number);
        let fingerprint = lately::fingerprint("brief", &format!("{title}\n{body}"));
        self.world.put_brief(&Brief {
            no,
            title: title.or_gone(),
            body: body.or_gone(),
            by,
            at: self.record.at,
            group: self.record.group,
            withdrawn: false,
            state: InfoState::Received,
            adopted: 0,
            reported: Vec::new(),
            referred: Words::default(),
            why: Words::default(),
            sources: Vec::new(),
            from: None,
        });
        self.deed(What::Briefed(no), None, Some(by));
        self.trace(Some(Undoable::Brief(no)), fingerprint);
    }

    pub(super) fn brief_undone(&mut self, no: BriefNo) {
        self.info(no, |brief| brief.withdrawn = true);
    }

    pub(super) fn proposal_undone(&mut self, no: ProposalNo) {
        self.proposal(no, |proposal| proposal.withdrawn = true);
    }

    /// A record of before levels were told apart says by its words which it was.
    pub(super) fn adopted(&mut self, brief: BriefNo, level: &Words, rank: Option<Rank>) {
        let Some(mut known) = self.world.brief(brief) else { return };
        known.adopted += 1;
        let n = known.adopted;
        self.world.put_brief(&known);
        let (rank, at) = (rank.or_else(|| Rank::of(level.as_str())), self.record.at);
        self.world.put(&Adoption { brief, n, level: level.clone(), rank, at });
        self.deed(What::Adopted(brief, n), None, Some(known.by));
        self.trace(None, 0);
    }

    fn proposed(&mut self, no: ProposalNo, title: &Words, body: &Words) {
        let Some(by) = self.record.by else { return };
        let number = no.0;
        self.world.count(|counters| counters.proposals = number);
        let mut proposal = Proposal::new(no, title.or_gone(), body.or_gone(), by, self.record.at);
        proposal.group = self.record.group;
        self.world.put_proposal(&proposal);
        self.deed(What::Brief(Act::Proposed(no)), None, Some(by));
        let fingerprint = lately::fingerprint("proposal", &format!("{title}\n{body}"));
        self.trace(Some(Undoable::Proposal(no)), fingerprint);
    }

    /// 转社情民意 — the same words of the same author under a new number, each knowing the other.
    fn recast(&mut self, no: ProposalNo, to: BriefNo) {
        let Some(mut proposal) = self.world.proposal(no) else { return };
        proposal.state = State::Recast;
        proposal.recast = Some(to);
        self.world.put_proposal(&proposal);
        let number = to.0;
        self.world.count(|counters| counters.briefs = number);
        let by = proposal.by;
        self.world.put_brief(&Brief {
            no: to,
            title: proposal.title,
            body: proposal.body,
            by,
            at: self.record.at,
            group: proposal.group,
            withdrawn: false,
            state: InfoState::Received,
            adopted: 0,
            reported: Vec::new(),
            referred: Words::default(),
            why: Words::default(),
            sources: proposal.sources,
            from: Some(no),
        });
        self.deed(What::Briefed(to), None, Some(by));
    }

    /// 批示、吸纳、报道.
    fn came_of(&mut self, subject: Subject, act: Act) {
        self.deed(What::Brief(act), topic_of(subject), self.record.by);
    }

    /// When the light of a proposal is looked at next; never = the unit owes nothing now.
    fn watch_proposal(&mut self, no: ProposalNo, lamp: Option<DateTime<Utc>>) {
        let Some(mut proposal) = self.world.proposal(no) else { return };
        if let Some(old) = proposal.lamp {
            self.world.remove(proposal_key(old, no));
        }
        if let Some(lamp) = lamp {
            self.world.put_at(proposal_key(lamp, no), &no);
        }
        proposal.lamp = lamp;
        self.world.put_proposal(&proposal);
    }

    fn proposal_answered(&mut self, no: ProposalNo, class: Class, text: &Words) {
        let (by, seq) = (self.record.by, self.record.seq);
        self.proposal(no, |proposal| {
            proposal.state = State::Answered;
            proposal.answered = Some(seq);
            proposal.answered_by = by.filter(|by| proposal.handler != Some(*by));
            proposal.class = Some(class);
            proposal.answer = text.clone();
            proposal.grade = None;
            proposal.light = None;
        });
        self.watch_proposal(no, None);
        let is_taken_in = matches!(class, Class::A | Class::B);
        self.deed(What::Brief(Act::Answered(no, is_taken_in)), None, self.record.by);
    }

    fn proposal_rated(&mut self, no: ProposalNo, grade: Grade, again: Option<(NaiveDate, DateTime<Utc>)>) {
        self.proposal(no, |proposal| {
            proposal.grade = Some(grade);
            proposal.reworks += u32::from(grade == Grade::Bad);
            match again {
                Some((due, _)) => {
                    proposal.state = State::Acked;
                    proposal.due = Some(due);
                    // What is asked for anew may run past the first limit, but is never put off beyond either.
                    proposal.limit = proposal.limit.max(Some(due));
                }
                None if grade == Grade::Bad => proposal.state = State::Contested,
                None => proposal.state = State::Done,
            }
        });
        self.watch_proposal(no, again.map(|(_, lamp)| lamp));
        self.deed(What::Brief(Act::Rated(no)), None, self.record.by);
    }
}
