//! 表决期间解除归户 — an account that was taken for a voter's, and turns out not to be, while their vote is open. Its ballot stays in the
//! count of that voter until the voter casts another: no office takes out what was cast, and nobody votes twice. It is told in the open.

use crate::domain::kernel::ids::{PersonId, PollNo, VoterNo};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::Person;
use crate::domain::vote::poll::{Ballot, Poll};
use crate::domain::vote::recusal::Entered;

fn prefix_of(poll: PollNo) -> Key {
    Key::new(kind::PARTED).num(poll.0)
}

fn key_of(poll: PollNo, voter: VoterNo) -> Key {
    prefix_of(poll).num(voter.0)
}

/// The open votes somebody has a part in, as which voter.
fn open_to(world: &World<'_>, person: &Person) -> Vec<(Poll, VoterNo)> {
    let own = |poll: Poll| {
        let voter = world.elector_no(&poll, person)?;
        (poll.voters.is_some() || world.ballot(poll.no, voter).is_some()).then_some((poll, voter))
    };
    world.open_polls().into_iter().filter_map(own).collect()
}

/// Notes that an account of somebody was parted, and by whom, in the votes that are open to them.
pub(crate) fn note(world: &mut World<'_>, person: PersonId, by: Option<PersonId>) {
    let Some(known) = world.person_kept(person) else { return };
    for (poll, voter) in open_to(world, &known) {
        world.put_at(key_of(poll.no, voter), &by);
    }
}

/// 解绑、注销 — notes that an official took an account of somebody away in the votes that are open to them.
pub(crate) fn note_cut(world: &mut World<'_>, person: &Person, by: PersonId) {
    for (poll, voter) in open_to(world, person) {
        let seat = Seat::of(&poll, voter);
        world.put_at(Key::new(kind::UNLINKED).num(poll.no.0).num(voter.0), &Entered { by, seat });
    }
}

impl World<'_> {
    /// Whose account an official took away while a vote was open, and who did.
    #[must_use]
    pub fn cut_in(&self, poll: PollNo) -> Vec<Entered> {
        self.list(&Key::new(kind::UNLINKED).num(poll.0), usize::MAX)
    }

    /// Of how many voters an account was parted while a vote was open.
    #[must_use]
    pub fn partings(&self, poll: PollNo) -> usize {
        self.list::<Option<PersonId>>(&prefix_of(poll), usize::MAX).len()
    }

    /// Whether an account of this voter was.
    #[must_use]
    pub fn is_parted_in(&self, poll: &Poll, voter: VoterNo) -> bool {
        self.has(&key_of(poll.no, voter))
    }

    /// Whether a ballot came from an account that is not its voter's any more, nor ever was.
    #[must_use]
    pub fn is_of_parted(&self, poll: &Poll, ballot: &Ballot) -> bool {
        let (Some(person), Some(account)) = (ballot.person, ballot.account) else { return false };
        !ballot.proxy
            && self.is_parted_in(poll, ballot.voter)
            && !self.accounts_ever(person).iter().any(|own| own.no == account)
    }

    /// Whether an account that is a stranger's again has a ballot in a vote without a roll, under the name it had.
    #[must_use]
    pub fn has_voted_as_another(&self, account: &str, poll: &Poll, voter: VoterNo) -> bool {
        let Some(known) = self.account(account).filter(|_| poll.voters.is_none() && self.is_cut(account)) else {
            return false;
        };
        let mut found = false;
        self.scan(&Key::new(kind::BALLOT).num(poll.no.0), |ballot: Ballot| {
            found = ballot.account == Some(known.no) && !ballot.proxy && ballot.voter != voter;
            !found
        });
        found
    }
}
