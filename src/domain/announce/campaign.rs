//! 专题 — what whoever sets one is answered.

use crate::domain::about::campaign;
use crate::domain::announce::Herald;
use crate::domain::event;
use crate::domain::kernel::ids::CampaignNo;
use crate::domain::kernel::world::{Key, kind};

impl Herald<'_, '_> {
    /// Once for all that one turn changes.
    pub(super) fn of_campaign(&mut self, fact: &campaign::Fact) {
        let is_last = self.record.facts.last().is_some_and(|last| match last {
            event::Event::Campaign(last) => last == fact,
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
}
