//! 另一个账号 — while a vote is open, an account joined after its opening neither sees nor changes what the person did in it before:
//! ballot, mandate, leave. Who can say that two accounts are one person's could otherwise read a ballot, and turn it.
//!
//! What an official entered from paper was cast from no account of the person: whoever votes in person replaces it, whenever their account
//! was joined, and whoever entered it says of nobody that they are this voter ([`Whom::vote_in_hand`](super::whom::Whom::vote_in_hand)).
//! Somebody whose account is the first they ever had has done nothing elsewhere. What others cast for them they do not read from it.

use crate::domain::kernel::ids::{AccountNo, TopicNo, VoterNo};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::world::World;
use crate::domain::people::account::Account;
use crate::domain::people::person::Person;
use crate::domain::vote::poll::{Ballot, Poll};

impl World<'_> {
    /// The number somebody's ballot lies under, if they may vote: of the roll, or their own.
    #[must_use]
    pub fn elector_no(&self, poll: &Poll, person: &Person) -> Option<VoterNo> {
        match poll.voters {
            None => Some(VoterNo(person.id.0)),
            Some(_) => self.voter_of(poll.topic, person).map(|voter| voter.no),
        }
    }

    /// Whether what stands in an open vote for somebody is out of this account's reach.
    #[must_use]
    pub fn is_kept_from(&self, account: &str, person: &Person, poll: &Poll, voter: VoterNo) -> bool {
        let Some(account) = self.late_account(account, poll) else { return false };
        if self.is_first_ever(person, &account) {
            return false;
        }
        let is_elsewhere = |from: Option<AccountNo>| from != Some(account.no);
        // What a co-owner cast is said to be the co-owner's.
        let is_ours = |of: Option<_>, proxy: bool| proxy || of.is_none_or(|of| of == person.id);
        let ballot = self.ballot(poll.no, voter).filter(|ballot| is_ours(ballot.person, ballot.proxy));
        // What a stranger cast in their name is theirs to replace.
        let ballot = ballot.filter(|ballot| !self.is_of_parted(poll, ballot));
        let mandate = poll.voters.and_then(|_| self.mandate(poll.topic, voter));
        // What came on paper, or by a mandate on paper, is of no account of theirs.
        let is_paper =
            self.entered_by(poll.no, voter).is_some() || mandate.as_ref().is_some_and(|mandate| mandate.written);
        let ballot = ballot.filter(|ballot| !ballot.proxy || !is_paper);
        let mandate = mandate.filter(|mandate| !mandate.written);
        let absence = self.absence(poll.topic, Seat::of(poll, voter)).filter(|absence| absence.own);
        [
            ballot.map(|ballot| ballot.account),
            mandate.map(|mandate| mandate.account),
            absence.map(|absence| absence.account),
        ]
        .into_iter()
        .flatten()
        .any(is_elsewhere)
    }

    /// Whether somebody has never had another account than this one, under this name or before they were seen off.
    fn is_first_ever(&self, person: &Person, account: &Account) -> bool {
        self.accounts_ever(person.id).iter().all(|known| known.no == account.no)
            && self.lost_accounts(person.id).is_empty()
            && !self.has_left(person.name.as_str(), person.room.as_str())
    }

    /// Whether a ballot that somebody else cast for them is theirs to replace from this account, and not to be read from it.
    #[must_use]
    pub fn is_unread(&self, account: &str, poll: &Poll, ballot: &Ballot) -> bool {
        ballot.proxy && self.is_cast_elsewhere(account, poll, ballot.account)
    }

    /// The same for a topic: its open vote.
    #[must_use]
    pub fn is_kept_from_in(&self, account: &str, person: &Person, topic: TopicNo, voter: VoterNo) -> bool {
        let open = self.topic(topic).and_then(|topic| self.poll(topic.poll?));
        open.is_some_and(|poll| self.is_kept_from(account, person, &poll, voter))
    }

    /// Whether a ballot was cast from another account than one that was joined after the opening (代, by a trustee).
    #[must_use]
    pub fn is_cast_elsewhere(&self, account: &str, poll: &Poll, from: Option<AccountNo>) -> bool {
        self.late_account(account, poll).is_some_and(|account| from != Some(account.no))
    }

    /// An account that was joined to somebody after a vote was opened which is open.
    fn late_account(&self, account: &str, poll: &Poll) -> Option<Account> {
        let is_late = |account: &Account| account.since.is_some_and(|since| since >= poll.opened);
        self.account(account).filter(|account| poll.result.is_none() && !poll.is_void && is_late(account))
    }
}
