//! 建言 — who is told what becomes of briefs and proposals: the author in private, else where it was sent; whoever's suggestion it
//! came from; the members' groups and the coordinators.

use crate::domain::addressee::For;
use crate::domain::announce::{Announcement, Herald, Saying, To};
use crate::domain::brief::handling::{MAX_REWORKS, meeting_day};
use crate::domain::brief::info::Brief;
use crate::domain::brief::proposal::{Proposal, State};
use crate::domain::brief::{Fact, Subject};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{BriefNo, GroupId, PersonId, ProposalNo, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::process::channel::Channel;
use crate::domain::work::task::Grade;
use crate::say;
use chrono::NaiveDate;

impl Herald<'_, '_> {
    pub(super) fn of_brief(&mut self, fact: &Fact) {
        match fact {
            Fact::Reviewed { subject: Subject::Info(no) } => self.of_info(*no, fact),
            Fact::Returned { brief, .. }
            | Fact::Resent { brief, .. }
            | Fact::Reported { brief, .. }
            | Fact::Kept { brief, .. }
            | Fact::Referred { brief, .. } => self.of_info(*brief, fact),
            Fact::Instructed { .. } | Fact::Absorbed { .. } | Fact::Covered { .. } => self.came_of_it(fact),
            Fact::Reviewed { subject: Subject::Proposal(proposal) }
            | Fact::Proposed { proposal, .. }
            | Fact::Filed { proposal }
            | Fact::Declined { proposal, .. }
            | Fact::Recast { proposal, .. } => self.of_review(*proposal, fact),
            Fact::Vacated { proposal } => self.vacated(*proposal),
            Fact::Assigned { proposal, .. }
            | Fact::Acked { proposal }
            | Fact::Noted { proposal, .. }
            | Fact::Answered { proposal, .. }
            | Fact::Delayed { proposal, .. }
            | Fact::Urged { proposal }
            | Fact::Rated { proposal, .. }
            | Fact::Closed { proposal, .. }
            | Fact::Lit { proposal, .. } => self.of_handling(*proposal, fact),
            Fact::Sourced { .. } | Fact::Reviewed { .. } => {}
        }
    }

    /// Nobody answers it any more: the coordinators give it to another.
    fn vacated(&mut self, no: ProposalNo) {
        let Some(proposal) = self.world.proposal(no) else { return };
        let card = say!("prop.vacated", b = no, title = &proposal.title);
        self.here(card.clone());
        let town = self.town_of_proposal(&proposal);
        for one in self.world.coordinators_of(&town) {
            if Some(one.id) != self.record.by {
                self.push(one.id, card.clone());
            }
        }
    }

    /// Whose thing it is hears of it in private, if they write to us there, else in the group it was sent in; not who did it.
    fn author(&mut self, person: PersonId, groups: &[GroupId], what: Say) {
        // Whoever was erased is not thanked by an empty name.
        if self.record.by == Some(person) || self.world.name_of(person).is_empty() {
            return;
        }
        if self.world.confides(person) {
            return self.push(person, what);
        }
        let is_told = |group: GroupId| {
            let same =
                |notice: &Announcement| notice.to == To::Group(group) && notice.what == Saying::Say(what.clone());
            self.record.group == Some(group) || self.out.iter().any(same)
        };
        let elsewhere: Vec<GroupId> = groups.iter().copied().filter(|&group| !is_told(group)).collect();
        self.groups(&elsewhere, &what, true, false);
    }

    fn author_of(&mut self, brief: &Brief, what: Say) {
        let groups: Vec<GroupId> = brief.group.into_iter().collect();
        self.author(brief.by, &groups, what);
    }

    fn proposer(&mut self, proposal: &Proposal, what: Say) {
        let groups: Vec<GroupId> = proposal.group.into_iter().collect();
        self.author(proposal.by, &groups, what);
    }

    /// Those whose suggestions and topics it came from, each once.
    fn sources(&mut self, sources: &[Subject], by: PersonId, subject: Subject, title: &Words, done: &Say) {
        let mut told = vec![by];
        for &source in sources {
            let Some(person) = self.world.author_of_source(source).filter(|person| !told.contains(person)) else {
                continue;
            };
            told.push(person);
            let groups = match source {
                Subject::Suggestion(reference) => self.groups_of_source(reference.topic),
                Subject::Topic(no) => self.groups_of_source(no),
                Subject::Info(_) | Subject::Proposal(_) => Vec::new(),
            };
            let (who, from) = (self.world.name_of(person), source.named());
            let what =
                say!("brief.traced", who = who, from = from, what = subject.named(), of = title, done = done.clone());
            self.author(person, &groups, what);
        }
    }

    /// Where those who speak on a topic read: the groups bound to it, those of the topic it goes on as, else where it was asked for.
    fn groups_of_source(&self, no: TopicNo) -> Vec<GroupId> {
        let Some(topic) = self.world.topic(no) else { return Vec::new() };
        let mut groups = self.world.bound_groups(no);
        if groups.is_empty() {
            groups = self.world.goes_on_as(no).last().map_or_else(Vec::new, |into| self.world.bound_groups(*into));
        }
        match topic.channel {
            Channel::Group(group) if groups.is_empty() => vec![group],
            _ => groups,
        }
    }

    /// Whether another step of the same record says it as well.
    fn is_on_the_way(&self) -> bool {
        self.record.facts.iter().any(|fact| {
            matches!(fact, Event::BriefIssued { .. } | Event::BriefAdopted { .. } | Event::Brief(Fact::Reported { .. }))
        })
    }

    fn of_info(&mut self, no: BriefNo, fact: &Fact) {
        let Some(brief) = self.world.brief(no) else { return };
        let title = &brief.title;
        match fact {
            Fact::Reviewed { .. } if !self.is_on_the_way() => {
                self.here(say!("brief.reviewed", b = no, title = title));
            }
            Fact::Returned { reason, .. } => {
                self.here(say!("brief.returned", b = no, why = reason, who = self.world.name_of(brief.by)));
                let told = say!("brief.returned.told", b = no, title = title, why = reason);
                self.author_of(&brief, told);
            }
            Fact::Resent { .. } => self.here(say!("brief.again", b = no, title = title)),
            Fact::Reported { to, .. } => {
                let to = Value::List(to.iter().map(Value::from).collect());
                self.here(say!("brief.reported", b = no, title = title, to = to.clone()));
                self.author_of(&brief, say!("brief.reported.told", b = no, title = title, to = to));
            }
            Fact::Kept { .. } => {
                self.here(say!("brief.kept", b = no, title = title));
                self.author_of(&brief, say!("brief.kept.told", b = no, title = title));
            }
            Fact::Referred { unit, .. } => {
                self.here(say!("brief.referred", b = no, title = title, unit = unit));
                self.author_of(&brief, say!("brief.referred.told", b = no, title = title, unit = unit));
            }
            _ => {}
        }
    }

    /// 编发 by itself; on the way to 报送 or 采用 that says it.
    pub(super) fn brief_issued(&mut self, no: BriefNo) {
        let goes_on = self
            .record
            .facts
            .iter()
            .any(|fact| matches!(fact, Event::BriefAdopted { .. } | Event::Brief(Fact::Reported { .. })));
        let Some(brief) = self.world.brief(no).filter(|_| !goes_on) else { return };
        self.here(say!("brief.issued", b = no, title = &brief.title));
        self.author_of(&brief, say!("brief.issued.told", b = no, title = &brief.title));
    }

    /// 采用 — the members' groups hear of it; its author besides, unless it was sent in one of them.
    pub(super) fn brief_adopted(&mut self, no: BriefNo, level: &Words) {
        let Some(brief) = self.world.brief(no) else { return };
        let (title, groups) = (&brief.title, self.world.member_groups());
        let what = say!("brief.adopt", b = no, lv = level, title = title, who = self.world.name_of(brief.by));
        self.here_and(&groups, &what);
        let has_heard = brief.group.is_some_and(|group| groups.contains(&group) || self.record.group == Some(group));
        if !has_heard {
            self.author_of(&brief, say!("brief.adopt.told", b = no, lv = level, title = title));
        }
        self.sources(&brief.sources, brief.by, Subject::Info(no), title, &say!("traced.adopted", lv = level));
    }

    /// 批示、吸纳、报道.
    fn came_of_it(&mut self, fact: &Fact) {
        let (subject, here, told, done) = match fact {
            Fact::Instructed { subject, who, date, .. } => {
                let named = || subject.named();
                let told =
                    say!("outcome.instructed.told", who = self.owner(*subject), what = named(), by = who, date = *date);
                let here = say!("outcome.instructed", what = named(), by = who, date = *date);
                (*subject, here, told, say!("traced.instructed", by = who))
            }
            Fact::Absorbed { subject, document, .. } => {
                let told =
                    say!("outcome.absorbed.told", who = self.owner(*subject), what = subject.named(), doc = document);
                let here = say!("outcome.absorbed", what = subject.named(), doc = document);
                (*subject, here, told, say!("traced.absorbed", doc = document))
            }
            Fact::Covered { subject, media, title, .. } => {
                return self.here(say!("outcome.covered", what = subject.named(), media = media, head = title));
            }
            _ => return,
        };
        self.here(here);
        let (by, groups, sources, title): (PersonId, Vec<GroupId>, Vec<Subject>, Words) = match subject {
            Subject::Info(no) => {
                let Some(brief) = self.world.brief(no) else { return };
                (brief.by, brief.group.into_iter().collect(), brief.sources, brief.title)
            }
            Subject::Proposal(no) => {
                let Some(proposal) = self.world.proposal(no) else { return };
                (proposal.by, proposal.group.into_iter().collect(), proposal.sources, proposal.title)
            }
            Subject::Suggestion(reference) => {
                let Some(author) = self.world.author_of_source(subject) else { return };
                let groups = self.groups_of_source(reference.topic);
                return self.author(author, &groups, told);
            }
            Subject::Topic(_) => return,
        };
        if !matches!(fact, Fact::Instructed { .. }) {
            self.author(by, &groups, told);
            return self.sources(&sources, by, subject, &title, &done);
        }
        // 批示 is for members: outside their groups only those it concerns hear of it, in private.
        let members = self.world.member_groups();
        let inside: Vec<GroupId> = groups.into_iter().filter(|group| members.contains(group)).collect();
        self.author(by, &inside, told);
        let may_hear: Vec<Subject> = sources.into_iter().filter(|&source| self.confides_author(source)).collect();
        self.sources(&may_hear, by, subject, &title, &done);
    }

    fn confides_author(&self, source: Subject) -> bool {
        self.world.author_of_source(source).is_some_and(|author| self.world.confides(author))
    }

    /// Name of whose it is.
    fn owner(&self, subject: Subject) -> String {
        let by = match subject {
            Subject::Info(no) => self.world.brief(no).map(|brief| brief.by),
            Subject::Proposal(no) => self.world.proposal(no).map(|proposal| proposal.by),
            Subject::Topic(_) | Subject::Suggestion(_) => self.world.author_of_source(subject),
        };
        by.map(|by| self.world.name_of(by)).unwrap_or_default()
    }

    fn of_review(&mut self, no: ProposalNo, fact: &Fact) {
        let Some(proposal) = self.world.proposal(no) else { return };
        let title = &proposal.title;
        match fact {
            Fact::Proposed { .. } => self.here(say!("brief.prop", b = no, title = title)),
            Fact::Reviewed { .. } => self.here(say!("prop.review", b = no, title = title)),
            Fact::Filed { .. } => {
                self.here(say!("prop.file", b = no, title = title));
                self.proposer(&proposal, say!("prop.file.told", b = no, title = title));
                let done = say!("traced.filed");
                self.sources(&proposal.sources, proposal.by, Subject::Proposal(no), title, &done);
            }
            Fact::Declined { reason, .. } => {
                self.here(say!("prop.decline", b = no, why = reason));
                self.proposer(&proposal, say!("prop.decline.told", b = no, title = title, why = reason));
            }
            Fact::Recast { brief, .. } => {
                self.here(say!("prop.recast.done", b = *brief, p = no, title = title));
                self.proposer(&proposal, say!("prop.recast.told", b = *brief, p = no, title = title));
            }
            _ => {}
        }
    }

    fn of_handling(&mut self, no: ProposalNo, fact: &Fact) {
        let Some(proposal) = self.world.proposal(no) else { return };
        let title = &proposal.title;
        match fact {
            Fact::Assigned { due, limit, .. } => self.proposal_assigned(&proposal, *due, *limit),
            // Who reports without having signed is signed for without a word.
            Fact::Acked { .. } if self.record.facts.iter().all(|fact| !is_progress(fact)) => {
                let who = self.doer_of(&proposal);
                self.here(say!("prop.ack", b = no, who = who, at = Value::Moment(self.record.at)));
            }
            Fact::Noted { text, .. } => {
                let by = self.in_place_of(&proposal);
                self.here(say!("prop.note", b = no, by = by.clone()));
                self.proposer(&proposal, say!("prop.note.told", b = no, title = title, text = text, by = by));
            }
            Fact::Answered { class, text, .. } => {
                let (cls, name) = (Value::Term(class.term().to_owned()), format!("{}.name", class.term()));
                let (rater, name) = (self.world.name_of(proposal.by), Value::Term(name));
                let by = self.in_place_of(&proposal);
                let card = say!("prop.answer", b = no, cls = cls, clsname = name, text = text, rater = rater, by = by);
                self.here(card.clone());
                self.proposer(&proposal, card);
            }
            Fact::Delayed { days, due, reason, .. } => {
                let by = self.in_place_of(&proposal);
                let card = say!("prop.delay", b = no, n = *days, due = self.day(*due), why = reason, by = by);
                self.here(card.clone());
                self.proposer(&proposal, card);
            }
            Fact::Urged { .. } => {
                let (unit, due) = (&proposal.unit, proposal.due.unwrap_or_default());
                let who = self.handler_of(&proposal);
                let card = say!("prop.urge", b = no, title = title, unit = unit, who = who, due = due);
                self.here_and(&self.world.member_groups(), &card);
                self.handler(&proposal, &card);
            }
            Fact::Rated { grade, reason, .. } => self.proposal_rated(&proposal, *grade, reason),
            Fact::Closed { note, .. } => {
                let card = say!("prop.close", b = no, title = title, why = note);
                self.here(card.clone());
                self.proposer(&proposal, card);
            }
            Fact::Lit { date, .. } => self.proposal_lit(&proposal, proposal.left(*date)),
            _ => {}
        }
    }

    /// Who did what the one in charge of a proposal is asked for.
    fn doer_of(&self, proposal: &Proposal) -> Value {
        let town = self.town_of_proposal(proposal);
        proposal.handler.map_or_else(|| Value::Text(String::new()), |handler| self.doer(handler, (&town, None)))
    }

    fn in_place_of(&self, proposal: &Proposal) -> Say {
        let town = self.town_of_proposal(proposal);
        proposal.handler.map_or_else(|| say!("none"), |handler| self.in_place(handler, (&town, None)))
    }

    fn town_of_proposal(&self, proposal: &Proposal) -> String {
        self.world.person(proposal.by).map(|person| person.base().to_owned()).unwrap_or_default()
    }

    fn handler_of(&self, proposal: &Proposal) -> String {
        proposal.handler.map(|handler| self.world.name_of(handler)).unwrap_or_default()
    }

    /// The one in charge, in private: a unit's person sits in no members' group.
    fn handler(&mut self, proposal: &Proposal, what: &Say) {
        if let Some(handler) = proposal.handler.filter(|&handler| self.record.by != Some(handler)) {
            self.push_as(For::Handler(handler, proposal.no), what.clone());
        }
    }

    fn proposal_assigned(&mut self, proposal: &Proposal, due: NaiveDate, limit: NaiveDate) {
        let mut units = vec![Value::from(&proposal.unit)];
        units.extend(proposal.helpers.iter().map(Value::from));
        let meet = meeting_day(self.settings, self.settings.date(self.record.at)).min(due);
        let card = say!(
            "prop.assign",
            b = proposal.no,
            unit = Value::List(units),
            who = self.handler_of(proposal),
            title = &proposal.title,
            by = self.world.name_of(proposal.by),
            due = due,
            limit = limit,
            meet = meet,
        );
        self.here_and(&self.world.member_groups(), &card);
        self.handler(proposal, &card);
        self.proposer(proposal, card);
    }

    fn proposal_rated(&mut self, proposal: &Proposal, grade: Grade, why: &Words) {
        let (no, unit) = (proposal.no, &proposal.unit);
        if grade != Grade::Bad {
            let op = Value::Term(grade.term().to_owned());
            let card = say!("prop.rate.ok", b = no, op = op, who = self.by());
            self.here(card.clone());
            return self.handler(proposal, &card);
        }
        if proposal.state == State::Contested || proposal.reworks >= MAX_REWORKS {
            let who = self.handler_of(proposal);
            let red = say!("prop.red2", b = no, title = &proposal.title, unit = unit, who = who, why = why);
            self.here_and(&self.world.member_groups(), &red);
            self.handler(proposal, &red);
            return self.coordinators("", &red);
        }
        let due = proposal.due.unwrap_or_default();
        let card = say!("prop.rate.bad", b = no, why = why, unit = unit, due = due);
        self.here(card.clone());
        self.handler(proposal, &card);
    }

    /// 黄灯, 红灯.
    fn proposal_lit(&mut self, proposal: &Proposal, left: i64) {
        let (b, title, unit, due) = (proposal.no, &proposal.title, &proposal.unit, proposal.due.unwrap_or_default());
        let who = self.handler_of(proposal);
        let card = match left {
            1.. => say!("prop.yellow", b = b, n = left, due = due, title = title, unit = unit, who = who),
            0 => say!("prop.today", b = b, due = due, title = title, unit = unit, who = who),
            _ => say!("prop.red", b = b, n = -left, title = title, unit = unit, who = who),
        };
        self.groups(&self.world.member_groups(), &card, true, false);
        self.handler(proposal, &card);
        if left < 0 {
            self.coordinators("", &card);
        }
    }
}

fn is_progress(fact: &Event) -> bool {
    matches!(fact, Event::Brief(Fact::Noted { .. } | Fact::Answered { .. }))
}
