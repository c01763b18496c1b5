//! 类型、流程 — who is told of the form of a topic.

use super::Herald;
use crate::domain::course::{Fact, shown};
use crate::domain::event::Event;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_course(&mut self, fact: &Fact) {
        match fact {
            Fact::Set { topic, .. } => {
                // The card of a new topic says what kind it is.
                if self.record.facts.iter().any(|fact| matches!(fact, Event::TopicOrdered { .. })) {
                    return;
                }
                let Some(topic) = self.world.topic(*topic) else { return };
                self.bound(topic.no, &shown(&topic));
            }
            Fact::Addressed { topic, units } => self.bound(*topic, &say!("unit", no = *topic, unit = units)),
        }
    }
}
