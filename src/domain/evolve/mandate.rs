//! What 委托 makes of the world.

use crate::domain::evolve::Application;
use crate::domain::people::undoable::Undoable;
use crate::domain::vote::mandate::{Fact, Mandate, key_of};

impl Application<'_, '_, '_> {
    pub(super) fn mandate(&mut self, fact: &Fact) {
        match fact {
            Fact::Given { topic, voter, trustee, written, .. } => {
                let (topic, voter, trustee, written) = (*topic, *voter, *trustee, *written);
                self.world.note_away(topic);
                let account = self.via();
                self.world.put(&Mandate { topic, voter, trustee, written, used: None, account, at: self.record.at });
                self.trace((!written).then_some(Undoable::Mandate(topic, voter)), 0);
            }
            Fact::Withdrawn { topic, voter, .. } => {
                self.world.remove(key_of(*topic, *voter));
                self.trace(None, 0);
            }
            Fact::Ended { topic, voter } => self.world.remove(key_of(*topic, *voter)),
            Fact::Used { poll, voter, .. } => {
                let topic = self.world.poll(*poll).map(|poll| poll.topic);
                if let Some(mandate) = topic.and_then(|topic| self.world.mandate(topic, *voter)) {
                    self.world.put(&Mandate { used: Some(*poll), ..mandate });
                }
            }
        }
    }
}
