//! 专家意见 — read where the topic is public, wherever it was given, and by whose invitation.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::talk::review::Opinion;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn reviewed(&mut self, topic: TopicNo, opinion: Opinion, text: &Words) {
        let Some(expert) = self.record.by else { return };
        let (field, op) = (self.world.field_of(expert), Value::Term(opinion.term().to_owned()));
        self.here(say!("expert", who = self.by(), field = field.clone(), op = op.clone()));
        let asked =
            self.world.invitation(topic, expert).and_then(|asked| Some((self.world.name_of(asked.by?), asked.at)));
        let by = match asked {
            Some((by, at)) => say!("expert.invited", by = by, day = self.day(self.settings.date(at))),
            None => say!("none"),
        };
        let text = if text.as_str().is_empty() { say!("none") } else { say!("expert.text", text = text) };
        let what = say!("expert.told", no = topic, who = self.by(), field = field, op = op, text = text, by = by);
        self.groups(&self.public_of(topic), &what, false, false);
    }
}
