//! 类型、流程 — what the form of a topic makes of the world.

use crate::domain::evolve::Application;
use crate::domain::kernel::alarm::window_key;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::process::course::{Fact, Split};
use crate::domain::process::topic::Topic;

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
            Fact::Timed { topic: no, until } => {
                if let Some(old) = self.world.topic(*no).and_then(|topic| topic.talk_until) {
                    self.world.remove(window_key(old, *no));
                }
                self.topic(*no, |topic| topic.talk_until = Some(*until));
                self.world.put_at(window_key(*until, *no), no);
                self.trace(None, 0);
            }
            Fact::TimeUp { topic: no, .. } => {
                let key = Key::new(kind::TOPIC).num(no.0);
                if let Some(until) = self.world.get::<Topic>(&key).and_then(|topic| topic.talk_until) {
                    self.world.remove(window_key(until, *no));
                }
            }
            Fact::Split { topic, into, suggestions } => {
                let (suggestions, by) = (suggestions.clone(), self.record.by);
                self.world.put_split(&Split { topic: *topic, into: *into, suggestions, by });
                self.trace(None, 0);
            }
            Fact::Addressed { topic, units } => {
                self.topic(*topic, |topic| topic.units = units.clone());
                self.trace(None, 0);
            }
        }
    }
}
