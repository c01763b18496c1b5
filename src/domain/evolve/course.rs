//! 类型、流程 — what the form of a topic makes of the world.

use super::Application;
use crate::domain::course::Fact;

impl Application<'_, '_, '_> {
    pub(super) fn course(&mut self, fact: &Fact) {
        match fact {
            Fact::Set { topic, kind, template } => {
                self.topic(*topic, |topic| {
                    topic.kind = *kind;
                    topic.template = *template;
                });
                self.trace(None, 0);
            }
            Fact::Addressed { topic, units } => {
                self.topic(*topic, |topic| topic.units = units.clone());
                self.trace(None, 0);
            }
        }
    }
}
