//! 专家意见 — what an opinion makes of the world.

use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::words::Words;
use crate::domain::talk::review::{Opinion, Review};

impl Application<'_, '_, '_> {
    pub(super) fn reviewed(&mut self, topic: TopicNo, opinion: Opinion, text: &Words) {
        let (Some(known), Some(expert)) = (self.world.topic(topic), self.record.by) else { return };
        let (text, at) = (text.or_gone(), self.record.at);
        self.world.put(&Review { topic, round: known.round, expert, opinion, text, at });
        self.contributed(topic, What::Reviewed);
    }
}
