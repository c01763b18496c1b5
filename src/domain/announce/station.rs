//! 阵地 — what whoever enters one is answered.

use crate::domain::announce::Herald;
use crate::domain::intake::station;
use crate::domain::kernel::ids::StationId;

impl Herald<'_, '_> {
    pub(super) fn station_set(&mut self, id: StationId) {
        if let Some(station) = self.world.station(id) {
            self.here(station::card(&station));
        }
    }
}
