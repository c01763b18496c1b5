//! What 委托 makes of the world.

use crate::domain::evolve::Application;
use crate::domain::kernel::ids::{PersonId, TopicNo, VoterNo};
use crate::domain::people::undoable::Undoable;
use crate::domain::vote::mandate::{self, Fact, Mandate, Turn, key_of};

impl Application<'_, '_, '_> {
    pub(super) fn mandate(&mut self, fact: &Fact) {
        match fact {
            Fact::Given { topic, voter, trustee, written, before, principal } => {
                let principal = if *written { *principal } else { self.record.by };
                let entered_by = self.record.by.filter(|_| *written);
                mandate::note_principal(self.world, (*topic, *voter), principal, entered_by);
                self.told_off(*topic, *voter, *before);
                mandate::tell(self.world, (*topic, *voter), *trustee, Turn::Given, (self.record.at, self.record.seq));
                let (topic, voter, trustee, written) = (*topic, *voter, *trustee, *written);
                self.world.note_away(topic);
                let account = self.via();
                self.world.put(&Mandate { topic, voter, trustee, written, used: None, account, at: self.record.at });
                self.trace((!written).then_some(Undoable::Mandate(topic, voter)), 0);
            }
            Fact::Withdrawn { topic, voter, trustee } => {
                self.told_off(*topic, *voter, *trustee);
                self.world.remove(key_of(*topic, *voter));
                self.trace(None, 0);
            }
            Fact::Ended { topic, voter, .. } => {
                // Their own ballot takes the place of the one cast by it.
                if let Some(poll) = self.world.topic(*topic).and_then(|topic| topic.poll) {
                    self.world.remove(mandate::paper_key(poll, *voter));
                }
                self.world.remove(key_of(*topic, *voter));
            }
            Fact::Lapsed { topic, voter, .. } => self.world.remove(key_of(*topic, *voter)),
            Fact::Used { poll, voter, .. } => {
                let topic = self.world.poll(*poll).map(|poll| poll.topic);
                if let Some(mandate) = topic.and_then(|topic| self.world.mandate(topic, *voter)) {
                    mandate::note_cast(self.world, *poll, mandate.topic, *voter);
                    self.world.put(&Mandate { used: Some(*poll), ..mandate });
                }
            }
        }
    }

    /// Whoever may cast it no longer is told, unless they did it.
    pub(super) fn told_off(&mut self, topic: TopicNo, voter: VoterNo, trustee: Option<PersonId>) {
        if let Some(trustee) = trustee.filter(|trustee| Some(*trustee) != self.record.by) {
            mandate::tell(self.world, (topic, voter), trustee, Turn::Off, (self.record.at, self.record.seq));
        }
    }
}
