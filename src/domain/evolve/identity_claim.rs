//! 认 — what a claim and its settling make of the world.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::people::account::Account;
use crate::domain::people::identity_claim;
use crate::domain::people::identity_claim::Claim;

impl Application<'_, '_, '_> {
    pub(crate) fn claimed(&mut self, event: &Event) {
        let Event::ClaimMade { claim, account, private_chat, shown, name, place, until } = event else { return };
        let Some(by) = self.record.by else { return };
        if !private_chat.as_str().is_empty()
            && let Some(mut known) = self.world.person_kept(by)
        {
            known.private_chat = private_chat.clone();
            self.world.put(&known);
        }
        if !private_chat.as_str().is_empty()
            && let Some(known) = self.world.account(account.as_str())
        {
            self.world.put(&Account { chat: private_chat.clone(), ..known });
        }
        let (account, shown, name, place) = (account.clone(), shown.clone(), name.clone(), place.clone());
        let (at, until, fate) = (self.record.at, *until, identity_claim::Fate::Open);
        let claim = Claim { no: *claim, by, account, shown, name, place, at, until, fate };
        identity_claim::put(self.world, &claim);
    }
}
