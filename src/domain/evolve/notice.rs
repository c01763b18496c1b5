//! 公示、异议、答复 — what they make of the world.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::{ObjectionRef, PersonId};
use crate::domain::kernel::words::Words;
use crate::domain::people::lately;
use crate::domain::people::undoable::Undoable;
use crate::domain::talk::notice::{Answer, Notice, Objection};

impl Application<'_, '_, '_> {
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
        self.world.put(&Objection { reference, author, text: text.or_gone(), at, answer: None, withdrawn: false });
        self.topic(reference.topic, |topic| topic.last_objection = topic.last_objection.max(reference.n));
        self.deed(What::Objected(reference), Some(reference.topic), Some(author));
        let fingerprint = lately::fingerprint(&format!("objection {}", reference.topic), text.as_str());
        self.trace(Some(Undoable::Objection(reference)), fingerprint);
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
        objection.answer = Some(Answer { by, text: text.or_gone(), at: self.record.at });
        self.world.put(&objection);
        self.contributed(reference.topic, What::Answered(reference));
    }
}
