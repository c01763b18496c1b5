//! What 请假 and 回避 make of the world.

use crate::domain::evolve::Application;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::people::undoable::Undoable;
use crate::domain::vote::absence::{Absence, Fact, Kind, key_of, strike};
use crate::domain::vote::recusal;
use crate::domain::vote::recusal::{Recusal, Stage, Whose, whose_key};

impl Application<'_, '_, '_> {
    pub(super) fn absence(&mut self, fact: &Fact) {
        match fact {
            Fact::OnLeave { topic, seat, own } => self.away(*topic, *seat, Kind::Leave, *own, Words::default()),
            Fact::Recused { topic, seat, own, reason } => {
                self.away(*topic, *seat, Kind::Recusal, *own, reason.clone());
                if !own {
                    let (by, reason) = (self.record.by, reason.clone());
                    let (stage, contest) = (Stage::Entered, Words::default());
                    self.world.put(&Recusal { topic: *topic, seat: *seat, by, reason, stage, contest });
                }
            }
            Fact::Contested { topic, seat, reason } => {
                self.world.remove(key_of(*topic, *seat));
                if let Some(recusal) = self.recusal_is(*topic, *seat, Stage::Contested) {
                    self.world.put(&Recusal { contest: reason.clone(), ..recusal });
                }
                self.trace(None, 0);
            }
            Fact::Settled { topic, seat, upheld, .. } => self.settled(*topic, *seat, *upheld),
            Fact::Withdrawn { topic, seat, of } => {
                self.taken_back(*topic, *seat, *of);
                self.trace(None, 0);
            }
            Fact::Lapsed { topic, seat } => {
                self.world.remove(key_of(*topic, *seat));
                self.world.remove(recusal::key_of(*topic, *seat));
            }
            Fact::Present { topic, seat } => self.world.remove(key_of(*topic, *seat)),
            Fact::Counted { poll, own, by, whom, open, leave } => {
                let (by, whom, open, leave) = (by.clone(), whom.clone(), open.clone(), leave.clone());
                let whose = Whose { own: *own, by, whom, open, leave };
                self.world.put_at(whose_key(*poll), &whose);
            }
            Fact::Struck { poll, voter } => strike(self.world, *poll, *voter),
        }
    }

    /// Leave that is taken back leaves an objection open; what a coordinator has settled stays settled, and what was objected to before
    /// it was taken back stays objected to.
    fn taken_back(&mut self, topic: TopicNo, seat: Seat, of: Option<Kind>) {
        let is_meant = |kind: Kind| of.is_none_or(|of| of == kind);
        if self.world.absence(topic, seat).is_none_or(|absence| is_meant(absence.kind)) {
            self.world.remove(key_of(topic, seat));
        }
        if !is_meant(Kind::Recusal) {
            return;
        }
        match self.world.recusal(topic, seat).map(|known| known.stage).filter(|_| of.is_some()) {
            Some(Stage::Dismissed | Stage::Dropped) => {}
            // Whoever objected is not asked to object again.
            Some(Stage::Contested) => _ = self.recusal_is(topic, seat, Stage::Dropped),
            Some(Stage::Entered | Stage::Upheld) | None => self.world.remove(recusal::key_of(topic, seat)),
        }
    }

    fn recusal_is(&mut self, topic: TopicNo, seat: Seat, stage: Stage) -> Option<Recusal> {
        let recusal = Recusal { stage, ..self.world.recusal(topic, seat)? };
        self.world.put(&recusal);
        Some(recusal)
    }

    fn settled(&mut self, topic: TopicNo, seat: Seat, upheld: bool) {
        let stage = if upheld { Stage::Upheld } else { Stage::Dismissed };
        if let Some(recusal) = self.recusal_is(topic, seat, stage).filter(|_| upheld) {
            self.away(topic, seat, Kind::Recusal, false, recusal.reason);
        }
        self.trace(None, 0);
    }

    fn away(&mut self, topic: TopicNo, seat: Seat, kind: Kind, own: bool, reason: Words) {
        self.world.note_away(topic);
        let (account, by) = (self.via(), self.record.by);
        self.world.put(&Absence { topic, seat, kind, own, by, reason, account, at: self.record.at });
        self.trace(own.then_some(Undoable::Absence(topic, seat)), 0);
    }
}
