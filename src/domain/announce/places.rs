//! 阵地、层级、专题、爱心项目 — what whoever enters them is answered.

use super::Herald;
use crate::domain::ids::{CampaignNo, StationId};
use crate::domain::world::{Key, kind};
use crate::domain::{campaign, charity, station, tier};

impl Herald<'_, '_> {
    pub(super) fn station_set(&mut self, id: StationId) {
        if let Some(station) = self.world.station(id) {
            self.here(station::card(&station));
        }
    }

    pub(super) fn of_tier(&mut self, fact: &tier::Fact) {
        match fact {
            tier::Fact::Set { topic, tier } => {
                let Some(topic) = self.world.topic(*topic) else { return };
                self.here(tier::said(&topic, *tier));
            }
            tier::Fact::Planned { year, .. } => self.here(tier::against_done(self.world, self.settings, *year)),
        }
    }

    /// Once for all that one turn changes.
    pub(super) fn of_campaign(&mut self, fact: &campaign::Fact) {
        let is_last = self.record.facts.last().is_some_and(|last| match last {
            crate::domain::event::Event::Campaign(last) => last == fact,
            _ => false,
        });
        let (campaign::Fact::Set { campaign, .. }
        | campaign::Fact::Filled { campaign, .. }
        | campaign::Fact::Emptied { campaign, .. }) = fact;
        let CampaignNo(no) = *campaign;
        let known: Option<campaign::Campaign> = self.world.get(&Key::new(kind::CAMPAIGN).num(no));
        if let Some(campaign) = known.filter(|_| is_last) {
            self.here(campaign::card(self.world, &campaign));
        }
    }

    pub(super) fn of_charity(&mut self, fact: &charity::Fact) {
        let (charity::Fact::Registered { charity: no, .. } | charity::Fact::Moved { charity: no, .. }) = fact;
        if let Some(charity) = self.world.charity(*no) {
            self.here(charity::card(&charity));
        }
    }
}
