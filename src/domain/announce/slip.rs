//! 扫码点单 — who is told of a new slip.

use crate::domain::addressee::For;
use crate::domain::announce::Herald;
use crate::domain::intake::slip;
use crate::domain::kernel::ids;
use crate::domain::kernel::ids::SlipNo;
use crate::domain::kernel::say::Say;
use crate::say;

impl Herald<'_, '_> {
    /// A letter to the coordinators of a town about a slip that waits.
    pub(super) fn receivers(&mut self, town: &str, slip: SlipNo, what: &Say) {
        for coordinator in self.world.coordinators_of(town) {
            self.push_as(For::Receiver(coordinator.id, town.to_owned(), slip), what.clone());
        }
    }

    pub(crate) fn slip(&mut self, no: ids::SlipNo, title: &str, station: Option<ids::StationId>) {
        self.here(say!("web.receipt", w = slip::w(no)));
        let town = station.and_then(|id| self.world.station(id)).map(|station| station.town).unwrap_or_default();
        let push = say!("web.push", w = slip::w(no), title = title, who = self.by());
        self.receivers(&town, no, &push);
    }
}
