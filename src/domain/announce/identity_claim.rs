//! 认 — who is asked whether a claim is right, and who is told.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::{ClaimNo, PersonId};
use crate::say;

impl Herald<'_, '_> {
    /// The same sentence to whoever asks, and a letter to those who can say whether it is so.
    pub(crate) fn claimed(&mut self, no: ClaimNo) {
        self.here(say!("claim.sent"));
        let Some(claim) = self.world.claim(no) else { return };
        let whoms = self.world.whom(claim.name.as_str(), claim.place.as_str());
        let letter = self.world.claim_letter(&claim, &whoms);
        for asked in self.world.asked_about(&claim, &whoms) {
            self.push(asked, letter.clone());
        }
    }

    pub(crate) fn claim_settled(&mut self, no: ClaimNo, person: Option<PersonId>) {
        let Some(claim) = self.world.claim(no) else { return };
        match person {
            Some(person) => {
                let who = self.world.name_of(person);
                self.here(say!("claim.yes", c = no, shown = &claim.shown, who = who.as_str()));
                self.push(person, say!("claim.told.yes", who = who));
            }
            None => {
                self.here(say!("claim.no", c = no));
                self.push(claim.by, say!("claim.told.no"));
            }
        }
    }
}
