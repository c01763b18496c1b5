//! 公约 — what a draft makes of the world.

use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::words::Words;
use crate::domain::talk::pact::Pact;

impl Application<'_, '_, '_> {
    pub(super) fn pacted(&mut self, topic: TopicNo, draft: u32, articles: u32, text: &Words) {
        self.world.put(&Pact { topic, draft, articles, text: text.clone(), at: self.record.at });
        self.topic(topic, |topic| topic.pacts = draft);
        self.deed(What::Pacted(draft), Some(topic), self.record.by);
        self.trace(None, 0);
    }
}
