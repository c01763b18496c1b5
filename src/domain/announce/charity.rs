//! 爱心项目 — what whoever enters one is answered.

use crate::domain::about::charity;
use crate::domain::announce::Herald;

impl Herald<'_, '_> {
    pub(super) fn of_charity(&mut self, fact: &charity::Fact) {
        let (charity::Fact::Registered { charity: no, .. } | charity::Fact::Moved { charity: no, .. }) = fact;
        if let Some(charity) = self.world.charity(*no) {
            self.here(charity::card(&charity));
        }
    }
}
