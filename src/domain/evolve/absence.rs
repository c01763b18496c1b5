//! What 请假 and 回避 make of the world.

use crate::domain::evolve::Application;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::people::undoable::Undoable;
use crate::domain::vote::absence::{Absence, Fact, Kind, key_of, strike};

impl Application<'_, '_, '_> {
    pub(super) fn absence(&mut self, fact: &Fact) {
        match fact {
            Fact::OnLeave { topic, seat, own } => self.away(*topic, *seat, Kind::Leave, *own, Words::default()),
            Fact::Recused { topic, seat, own, reason } => {
                self.away(*topic, *seat, Kind::Recusal, *own, reason.clone());
            }
            Fact::Withdrawn { topic, seat } => {
                self.world.remove(key_of(*topic, *seat));
                self.trace(None, 0);
            }
            Fact::Present { topic, seat } => self.world.remove(key_of(*topic, *seat)),
            Fact::Struck { poll, voter } => strike(self.world, *poll, *voter),
        }
    }

    fn away(&mut self, topic: TopicNo, seat: Seat, kind: Kind, own: bool, reason: Words) {
        self.world.note_away(topic);
        self.world.put(&Absence { topic, seat, kind, own, reason, at: self.record.at });
        self.trace(own.then_some(Undoable::Absence(topic, seat)), 0);
    }
}
