//! 账号被拿走 — an official has taken away the only account of somebody on a roll, or struck them off. They cannot vote by themselves, nor
//! put right what is entered for them: so nothing is, on paper or by a mandate on paper, by whoever could have brought that about.

use crate::domain::kernel::ids::{PersonId, TopicNo, VoterNo};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::person::Person;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// That it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Topic whose roll they stand on; 0 where it is not of a roll.
    pub topic: TopicNo,
    /// Of whom.
    pub seat: Seat,
    /// Who it was.
    pub person: PersonId,
    /// By whom, if that was somebody.
    pub by: Option<PersonId>,
    /// 注销 — not the account alone.
    pub left: bool,
    /// By which record.
    pub seq: u64,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

fn prefix_of(topic: TopicNo) -> Key {
    Key::new(kind::TAKEN).num(topic.0)
}

fn key_of(topic: TopicNo, seat: Seat) -> Key {
    match seat {
        Seat::Roll(voter) => prefix_of(topic).byte(0).num(voter.0),
        Seat::Person(person) => prefix_of(TopicNo(0)).byte(1).num(person.0),
    }
}

/// Keeps it for every roll they stand on, and for votes without one.
pub(crate) fn note(
    world: &mut World<'_>,
    person: &Person,
    left: bool,
    (by, seq, at): (Option<PersonId>, u64, DateTime<Utc>),
) {
    let rolls = world.topics_with_roll().into_iter();
    let mut seats: Vec<(TopicNo, Seat)> =
        rolls.filter_map(|topic| Some((topic, Seat::Roll(world.voter_of(topic, person)?.no)))).collect();
    seats.push((TopicNo(0), Seat::Person(person.id)));
    for (topic, seat) in seats {
        world.put_at(key_of(topic, seat), &Taken { topic, seat, person: person.id, by, left, seq, at });
    }
}

impl World<'_> {
    /// Whether an account was taken from anybody on the roll of a topic.
    pub(super) fn is_any_taken(&self, topic: TopicNo) -> bool {
        !self.list::<Taken>(&prefix_of(topic), 1).is_empty()
    }
}

/// A new roll has other numbers.
pub(crate) fn forget(world: &mut World<'_>, topic: TopicNo) {
    world.remove_all(&prefix_of(topic));
}

impl World<'_> {
    /// Whose account was taken away by this record, on the rolls they stand on.
    #[must_use]
    pub fn taken_by(&self, seq: u64) -> Vec<(TopicNo, VoterNo)> {
        let mut found = Vec::new();
        self.scan(&Key::new(kind::TAKEN), |taken: Taken| {
            if let (Seat::Roll(voter), true) = (taken.seat, taken.seq == seq) {
                found.push((taken.topic, voter));
            }
            true
        });
        found
    }

    /// Whether nothing may be entered for a seat: an official has struck its person off since the roll was loaded, or taken their account
    /// away since the vote was opened, and nobody of it has an account.
    #[must_use]
    pub fn is_taken(&self, topic: TopicNo, seat: Seat) -> Option<Taken> {
        let taken: Taken = self.get(&key_of(topic, seat))?;
        let people = match seat {
            Seat::Person(person) => vec![person],
            Seat::Roll(no) => {
                let people = self.voter(topic, no).map(|voter| self.people_of(&voter)).unwrap_or_default();
                people.iter().map(|one| one.id).collect()
            }
        };
        let open = self.topic(topic).and_then(|topic| self.poll(topic.poll?));
        let is_of_now = taken.left || open.is_some_and(|poll| taken.at >= poll.opened);
        let has_account = people.iter().any(|person| !self.accounts_of(*person).is_empty());
        (is_of_now && !has_account).then_some(taken)
    }
}
