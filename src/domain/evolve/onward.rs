//! From 拟方案 on: what plans, notices, objections, reviews and pacts make of the world.

use super::Application;
use crate::domain::deed::What;
use crate::domain::due::poll_key;
use crate::domain::event::{Event, Undoable};
use crate::domain::halt::merged_key;
use crate::domain::ids::{ObjectionRef, PersonId, PollNo, SuggestionRef, TopicNo};
use crate::domain::notice::{Answer, Notice, Objection};
use crate::domain::pact::Pact;
use crate::domain::plan::Plan;
use crate::domain::poll::Fact;
use crate::domain::review::{Opinion, Review};
use crate::domain::suggestion::Verdict;
use crate::domain::topic::{Halt, Step};
use crate::domain::trail;
use crate::domain::words::Words;
use crate::domain::world::{Key, kind};

impl Application<'_, '_, '_> {
    /// 到场 — somebody took part in a way that cannot be taken back.
    pub(super) fn came(&mut self, topic: TopicNo, person: PersonId) {
        self.world.put_at(Key::new(kind::PRESENCE).num(topic.0).num(person.0), &person);
    }

    /// What somebody did for a topic, and cannot take back.
    fn contributed(&mut self, topic: TopicNo, what: What) {
        if let Some(person) = self.record.by {
            self.came(topic, person);
        }
        self.deed(what, Some(topic), self.record.by);
        self.trace(None, 0);
    }

    pub(super) fn judged(&mut self, reference: SuggestionRef, verdict: Verdict) {
        let Some(mut suggestion) = self.world.suggestion(reference) else { return };
        suggestion.verdict = Some(verdict);
        self.world.put(&suggestion);
        self.deed(What::Judged(reference, verdict != Verdict::Declined), Some(reference.topic), self.record.by);
        self.trace(None, 0);
    }

    pub(super) fn planned(&mut self, topic: TopicNo, draft: u32, text: &Words) {
        let author = self.record.by.unwrap_or(PersonId(0));
        self.world.put(&Plan { topic, draft, author, text: text.clone(), at: self.record.at });
        self.topic(topic, |topic| topic.plans = draft);
        self.contributed(topic, What::Planned(draft));
    }

    pub(super) fn noticed(&mut self, event: &Event) {
        let Event::NoticePosted { topic, n, draft, days, from, last, until } = event else { return };
        let (topic, n, draft, days, from, last, until) = (*topic, *n, *draft, *days, *from, *last, *until);
        self.world.put(&Notice { topic, n, draft, days, from, last, until, void: false });
        self.topic(topic, |topic| {
            topic.notices = n;
            topic.notice = Some(n);
        });
        self.deed(What::Noticed(n), Some(topic), self.record.by);
    }

    pub(super) fn objected(&mut self, reference: ObjectionRef, text: &Words) {
        let Some(author) = self.record.by else { return };
        let at = self.record.at;
        self.world.put(&Objection { reference, author, text: text.clone(), at, answer: None, withdrawn: false });
        self.topic(reference.topic, |topic| topic.last_objection = topic.last_objection.max(reference.n));
        self.deed(What::Objected(reference), Some(reference.topic), Some(author));
        let print = trail::print(&format!("objection {}", reference.topic), text.as_str());
        self.trace(Some(Undoable::Objection(reference)), print);
    }

    pub(super) fn objection_undone(&mut self, reference: ObjectionRef) {
        if let Some(mut objection) = self.world.objection(reference) {
            objection.withdrawn = true;
            self.world.put(&objection);
        }
    }

    pub(super) fn answered(&mut self, reference: ObjectionRef, text: &Words) {
        let Some(mut objection) = self.world.objection(reference) else { return };
        let by = self.record.by.unwrap_or(PersonId(0));
        objection.answer = Some(Answer { by, text: text.clone(), at: self.record.at });
        self.world.put(&objection);
        self.contributed(reference.topic, What::Answered(reference));
    }

    pub(super) fn reviewed(&mut self, topic: TopicNo, opinion: Opinion, text: &Words) {
        let (Some(known), Some(expert)) = (self.world.topic(topic), self.record.by) else { return };
        let (text, at) = (text.clone(), self.record.at);
        self.world.put(&Review { topic, round: known.round, expert, opinion, text, at });
        self.contributed(topic, What::Reviewed);
    }

    pub(super) fn pacted(&mut self, topic: TopicNo, draft: u32, articles: u32, text: &Words) {
        self.world.put(&Pact { topic, draft, articles, text: text.clone(), at: self.record.at });
        self.topic(topic, |topic| topic.pacts = draft);
        self.deed(What::Pacted(draft), Some(topic), self.record.by);
        self.trace(None, 0);
    }

    /// 退回 — what was posted and voted on is kept and counts no more; experts look at it anew.
    pub(super) fn returned(&mut self, no: TopicNo, to: Step) {
        if let Some(mut notice) = self.world.topic(no).and_then(|topic| self.world.notice(&topic)) {
            notice.void = true;
            self.world.put(&notice);
        }
        self.topic(no, |topic| {
            topic.notice = None;
            topic.round += 1;
        });
        self.enter(no, to);
    }

    pub(super) fn halted(&mut self, no: TopicNo, halt: Option<Halt>, reason: &Words) {
        let at = self.record.at;
        self.topic(no, |topic| {
            topic.halt = halt;
            topic.halt_reason = reason.clone();
            topic.halted_at = halt.map(|_| at);
        });
        if let Some(Halt::Merged(into)) = halt {
            self.world.put_at(merged_key(into, no), &no);
        }
        let live = Key::new(kind::LIVE_TOPIC).num(no.0);
        match halt {
            Some(Halt::Ended | Halt::Merged(_)) => {
                self.world.remove(live);
                self.lights_out(no);
            }
            Some(Halt::Paused) | None => self.world.put_at(live, &no),
        }
        self.trace(None, 0);
    }

    pub(super) fn poll_voided(&mut self, no: PollNo) {
        let Some(mut poll) = self.world.poll(no) else { return };
        poll.is_void = true;
        self.world.put(&poll);
        self.world.remove(Key::new(kind::OPEN_POLL).num(no.0));
        self.world.remove(poll_key(poll.ends, no));
        // 作废 by the moderator: it will be held again, and whoever is away, or has sent somebody, is and has for that one.
        let is_withdrawn = |fact: &Event| matches!(fact, Event::Poll(Fact::Withdrawn { .. }));
        if !self.record.facts.iter().any(is_withdrawn) {
            crate::domain::absence::over(self.world, &poll);
            crate::domain::mandate::over(self.world, &poll);
        }
        self.nudge_over(&poll);
        self.topic(poll.topic, |topic| {
            topic.poll = None;
            topic.last_poll = None;
        });
    }
}
