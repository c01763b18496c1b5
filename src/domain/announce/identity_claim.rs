//! 认 — who is asked whether a claim is right, and who is told.

use crate::domain::addressee::For;
use crate::domain::announce::{Announcement, Herald, Saying, To};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{ClaimNo, PersonId};
use crate::domain::kernel::say::Say;
use crate::domain::kernel::words::Words;
use crate::domain::people::account;
use crate::domain::people::identity_claim::Claim;
use crate::say;

impl Herald<'_, '_> {
    /// The account that asked, wherever other letters to the person go.
    pub(crate) fn newly_joined(&mut self, account: &Words, what: Say) {
        if let Some(account) = self.world.account(account.as_str()).filter(|account| !account.chat.as_str().is_empty())
        {
            let to = To::Account(account.chat);
            self.out.push(Announcement {
                to,
                what: Saying::Say(what),
                is_push: true,
                is_numbered: false,
                whom: For::Anybody,
                is_after: false,
            });
        }
    }

    /// The same sentence to whoever asks, and a letter to those who can say whether it is so.
    pub(crate) fn claimed(&mut self, no: ClaimNo) {
        self.here(say!("claim.sent"));
        let Some(claim) = self.world.claim(no) else { return };
        let whoms = self.world.whom(claim.name.as_str(), claim.place.as_str());
        let letter = self.world.claim_letter(&claim, &whoms);
        // Whoever is asked as the person is not asked as an official besides.
        let own = self.world.joining(no).map(|joining| joining.person);
        for asked in self.world.asked_about(&claim, &whoms).into_iter().filter(|asked| Some(*asked) != own) {
            self.push_as(For::Voucher(asked, no), letter.clone());
        }
    }

    /// 本人已答 — those who were asked besides read in one line that nothing waits for them any more.
    fn answered_by_owner(&mut self, claim: &Claim, person: Option<PersonId>) {
        let denied = self.record.facts.iter().find_map(|fact| match fact {
            Event::Account(account::Fact::Denied { person, vouched, .. }) => Some((*person, vouched.clone())),
            _ => None,
        });
        let (owner, vouched) = match (person, denied) {
            (Some(person), _) => (person, Vec::new()),
            (None, Some(denied)) => denied,
            (None, None) => return,
        };
        if self.record.by != Some(owner) {
            return;
        }
        let (c, who) = (claim.no, self.world.name_of(owner));
        let what = match person {
            Some(_) => say!("claim.over.yes", c = c, who = who, shown = &claim.shown),
            None => say!("claim.over.no", c = c, who = who, shown = &claim.shown),
        };
        let whoms = self.world.whom(claim.name.as_str(), claim.place.as_str());
        // Whoever had confirmed it reads that it is off anyway.
        let is_told = |one: &PersonId| *one == owner || vouched.contains(one);
        for one in self.world.asked_about(claim, &whoms).into_iter().filter(|one| !is_told(one)) {
            self.push_as(For::Official(one), what.clone());
        }
    }

    pub(crate) fn claim_settled(&mut self, no: ClaimNo, person: Option<PersonId>) {
        let Some(claim) = self.world.claim(no) else { return };
        self.answered_by_owner(&claim, person);
        match person {
            Some(person) => {
                let who = self.world.name_of(person);
                self.here(say!("claim.yes", c = no, shown = &claim.shown, who = who.as_str()));
                let told = match self.world.accounts_of(person).len() {
                    0 | 1 => say!("claim.told.yes", who = who),
                    _ => say!("claim.told.further", who = who),
                };
                self.newly_joined(&claim.account, told);
            }
            None => {
                self.here(say!("claim.no", c = no, why = self.said_behind_no()));
                let denied = self.record.facts.iter().find_map(|fact| match fact {
                    Event::Account(account::Fact::Denied { claim, person, .. }) if *claim == no => Some(*person),
                    _ => None,
                });
                let why = self.why_off(denied.unwrap_or(claim.by));
                self.push(claim.by, say!("claim.told.no", why = why));
            }
        }
    }
}
