//! 方案 — what a draft makes of the world.

use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::talk::plan::Plan;

impl Application<'_, '_, '_> {
    pub(super) fn planned(&mut self, topic: TopicNo, draft: u32, text: &Words) {
        let author = self.record.by.unwrap_or(PersonId(0));
        self.world.put(&Plan { topic, draft, author, text: text.or_gone(), at: self.record.at });
        self.topic(topic, |topic| topic.plans = draft);
        self.contributed(topic, What::Planned(draft));
    }
}
