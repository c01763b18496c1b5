//! 扫码点单 — who is told of a new slip.

use crate::domain::announce::Herald;
use crate::domain::intake::slip;
use crate::domain::kernel::ids;
use crate::say;

impl Herald<'_, '_> {
    pub(crate) fn slip(&mut self, no: ids::SlipNo, title: &str, station: Option<ids::StationId>) {
        self.here(say!("web.receipt", w = slip::w(no)));
        let town = station.and_then(|id| self.world.station(id)).map(|station| station.town).unwrap_or_default();
        let push = say!("web.push", w = slip::w(no), title = title, who = self.by());
        self.coordinators(&town, &push);
    }
}
