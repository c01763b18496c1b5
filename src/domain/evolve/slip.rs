//! 扫码点单 — what becomes of a slip.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::intake::slip::{Fate, Slip, pending_key};
use crate::domain::kernel::ids;
use crate::domain::kernel::ids::PersonId;

impl Application<'_, '_, '_> {
    pub(crate) fn slip(&mut self, event: &Event) {
        let Event::SlipReceived { slip, title, body, station } = event else { return };
        let no = slip.0;
        self.world.count(|counters| counters.slips = no);
        self.world.put(&Slip {
            no: *slip,
            title: title.or_gone(),
            body: body.or_gone(),
            by: self.record.by.unwrap_or(PersonId(0)),
            station: *station,
            at: self.record.at,
            fate: Fate::Pending,
            token: self.record.key.clone().unwrap_or_default(),
        });
        self.world.put_at(pending_key(*slip), slip);
        self.deed(What::HandedIn(*slip), None, self.record.by);
    }

    pub(crate) fn settle(&mut self, no: ids::SlipNo, fate: Fate) {
        if let Some(mut slip) = self.world.slip(no) {
            slip.fate = fate;
            self.world.put(&slip);
            self.world.remove(pending_key(no));
        }
    }
}
