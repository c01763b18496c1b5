//! 纸质票 — ballots that the office entered from paper or by telephone: how many stand in a vote, and in whose hand each was. What they
//! say is told to their voters alone.

use crate::domain::kernel::ids::{PersonId, PollNo, VoterNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::Person;
use crate::domain::vote::poll::{Ballot, Poll};
use crate::say;

impl World<'_> {
    /// Who entered how many of the ballots that stand in a poll, whoever entered first before the others.
    #[must_use]
    pub fn papers(&self, poll: PollNo) -> Vec<(PersonId, u32)> {
        let mut by: Vec<(PersonId, u32)> = Vec::new();
        self.scan(&Key::new(kind::BALLOT).num(poll.0), |ballot: Ballot| {
            if let Some(hand) = self.entered_by(poll, ballot.voter) {
                match by.iter_mut().find(|(known, _)| *known == hand) {
                    Some((_, n)) => *n += 1,
                    None => by.push((hand, 1)),
                }
            }
            true
        });
        by.sort_unstable();
        by
    }

    /// The open polls in which a ballot was entered on paper for somebody, with the voter they are there.
    #[must_use]
    pub fn papers_for(&self, person: &Person) -> Vec<(Poll, VoterNo)> {
        let own = |poll: Poll| {
            let voter = self.elector_no(&poll, person)?;
            self.entered_by(poll.no, voter).map(|_| (poll, voter))
        };
        self.open_polls().into_iter().filter_map(own).collect()
    }
}

impl World<'_> {
    /// 替您录了一张 — what whoever could not be told before is told: by whom, and how it is put right. Not what it says: that is for
    /// whoever handed in the paper.
    #[must_use]
    pub fn paper_letter(&self, poll: &Poll, voter: VoterNo) -> Say {
        let who = self.entered_by(poll.no, voter).map(|hand| self.name_of(hand)).unwrap_or_default();
        let (hh, end) = (self.seat_called(poll.topic, Seat::of(poll, voter)), Value::Moment(poll.ends));
        say!("papers.yours", no = poll.topic, hh = hh, who = who, end = end)
    }
}

/// “张三录入2张、李四录入1张”, with how many that are; `None` where there are none.
fn listed(world: &World<'_>, poll: PollNo) -> Option<(u32, Value)> {
    let by = world.papers(poll);
    let n = by.iter().map(|(_, n)| n).sum();
    let part = |(who, n): &(PersonId, u32)| say!("papers.by", who = world.name_of(*who), n = *n);
    (n > 0).then(|| (n, Value::Clauses(by.iter().map(part).collect())))
}

/// What is told of a poll that was counted, with how many of its ballots came on paper and who entered them.
#[must_use]
pub fn told(world: &World<'_>, poll: &Poll, what: Say) -> Say {
    match listed(world, poll.no) {
        Some((n, list)) => say!("papers.told", what = what, n = n, list = list),
        None => what,
    }
}

/// The same by itself, for those who have just read the result.
#[must_use]
pub fn note(world: &World<'_>, poll: &Poll) -> Option<Say> {
    listed(world, poll.no).map(|(n, list)| say!("papers.note", no = poll.topic, n = n, list = list))
}
