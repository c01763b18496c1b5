//! 公示、异议、答复 — who is told.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::ObjectionRef;
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::process::people::moderator_name;
use crate::domain::process::topic::{Halt, page};
use crate::say;
use chrono::Duration;

impl Herald<'_, '_> {
    pub(crate) fn noticed(&mut self, event: &Event) {
        let Event::NoticePosted { topic: no, days, from, last, .. } = event else { return };
        let Some(topic) = self.world.topic(*no) else { return };
        let d2 = match self.moved_from(*days, *last) {
            Some(day) => say!("notice.moved", day = day, due = self.day(*last)).into(),
            None => self.day(*last),
        };
        let d1 = *from;
        let what = say!("notice", no = *no, title = &topic.title, d1 = d1, d2 = d2, days = *days, url = page(*no));
        let groups = self.all_groups(&topic);
        self.here_and(&groups, &what);
    }

    /// 撤回 — whoever waited for its answer, and may go on now, reads it where the notice was read; the moderator in private as well.
    pub(crate) fn objection_undone(&mut self, reference: ObjectionRef) {
        let no = reference.topic;
        let Some(topic) = self.world.topic(no) else { return };
        let open = self.world.unanswered(no);
        let rest = match open.is_empty() {
            true => say!("obj.back.free", no = no),
            false => {
                let refs = open.iter().take(10).map(|one| Value::from(one.named())).collect();
                say!("obj.back.open", no = no, refs = Value::List(refs))
            }
        };
        let what = say!("obj.back", r#ref = reference.named(), who = self.by(), rest = rest);
        let groups = self.all_groups(&topic);
        self.here_and(&groups, &what);
        if let Some(chair) = self.world.moderator_of(&topic).filter(|chair| Some(*chair) != self.record.by) {
            self.push(chair, what);
        }
    }

    pub(crate) fn answered(&mut self, reference: ObjectionRef, text: &Words) {
        let Some(objection) = self.world.objection(reference) else { return };
        let who = self.world.name_of(objection.author);
        let topic = self.world.topic(reference.topic);
        let notice = topic.as_ref().and_then(|topic| self.world.notice(topic));
        // After the notice no objection is taken any more.
        let is_open = notice.is_some_and(|notice| self.record.at < notice.until);
        let rests = topic.as_ref().is_some_and(|topic| topic.halt == Some(Halt::Paused));
        let what = match (topic, is_open) {
            // Nothing is taken while it rests; its days go on afterwards.
            (Some(topic), true) if rests => {
                say!("obj.ans.paused", r#ref = reference.named(), text = text, who = who, no = topic.no)
            }
            (Some(topic), false) => {
                let chair = moderator_name(self.world, &topic);
                say!("obj.ans.late", r#ref = reference.named(), text = text, who = who, r#mod = chair)
            }
            (_, _) => say!("obj.ans", r#ref = reference.named(), text = text, who = who, no = reference.topic),
        };
        self.here_and(&self.world.bound_groups(reference.topic), &what);
        // Who objected where no group could read it reads the answer there.
        let mut is_private = false;
        self.world.deeds(objection.at, objection.at + Duration::milliseconds(1), |deed| {
            is_private |= deed.what == What::Objected(reference) && deed.group.is_none();
        });
        if is_private && self.record.by != Some(objection.author) {
            self.push(objection.author, what);
        }
    }
}
