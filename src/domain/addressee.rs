//! 收信人 — as what somebody was written to. A letter may wait for the end of the quiet hours, or until a platform is up again: when it
//! leaves it is asked once more whether it is still theirs to read, and whether what it speaks of still waits.

use crate::domain::intake::slip::Fate;
use crate::domain::kernel::ids::{ClaimNo, PersonId, PollNo, ProposalNo, SlipNo, TaskNo, TopicNo, VoterNo};
use crate::domain::kernel::world::World;
use crate::domain::people::person::{Person, Role};
use crate::domain::work::task::State;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// As what somebody is written to. A new letter is one of these: there is no line for the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum For {
    /// Whoever reads in that chat: a group, or an answer where something was asked.
    Anybody,
    /// The person, whatever they hold.
    Person(PersonId),
    /// 联络员 of a town.
    Coordinator(PersonId, String),
    /// 联络员, about a slip that waits.
    Receiver(PersonId, String, SlipNo),
    /// 管理员.
    Admin(PersonId),
    /// Who may say whether a claim is right, while it waits.
    Voucher(PersonId, ClaimNo),
    /// Whoever is asked whether a further account is theirs, while it waits.
    Asked(PersonId, ClaimNo),
    /// 承办人 of a proposal.
    Handler(PersonId, ProposalNo),
    /// Who rates an answered task.
    Rater(PersonId, TaskNo),
    /// Who may still vote.
    Voter(PersonId, PollNo),
    /// 受托人, as long as the mandate stands.
    Trustee(PersonId, TopicNo, VoterNo),
    /// Whose data is about to be erased: written to on every account, although none is theirs from then on.
    Leaving(PersonId),
    /// Whose ballot was entered from paper at that moment, as long as it is the one that counts: after the close, too,
    /// it is theirs to know.
    OnPaper(PersonId, PollNo, VoterNo, #[serde(with = "chrono::serde::ts_milliseconds")] DateTime<Utc>),
    /// Whoever holds an office: who confirmed an account, as long as they are one who could.
    Official(PersonId),
    /// Whoever reads in that chat, as long as a poll takes ballots: a card that calls to vote never leaves after the close.
    Opening(PollNo),
}

/// What becomes of a letter that is about to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leaves {
    /// It goes.
    Here,
    /// The person is written to in another chat by now.
    Elsewhere(String),
    /// It is nobody's any more: why, for the log.
    No(&'static str),
}

impl For {
    /// 当事人 — whose own matter it is; what goes to somebody as an office is that office's work.
    #[must_use]
    pub fn concerned(&self) -> Option<PersonId> {
        match self {
            Self::Person(person)
            | Self::Asked(person, _)
            | Self::Handler(person, _)
            | Self::Rater(person, _)
            | Self::Voter(person, _)
            | Self::Trustee(person, ..)
            | Self::OnPaper(person, ..) => Some(*person),
            Self::Anybody
            | Self::Coordinator(..)
            | Self::Receiver(..)
            | Self::Admin(_)
            | Self::Voucher(..)
            | Self::Leaving(_)
            | Self::Official(_)
            | Self::Opening(_) => None,
        }
    }

    /// The person, if it is for one.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Anybody | Self::Opening(_) => None,
            Self::Person(id)
            | Self::Coordinator(id, _)
            | Self::Receiver(id, ..)
            | Self::Admin(id)
            | Self::Voucher(id, _)
            | Self::Asked(id, _)
            | Self::Handler(id, _)
            | Self::Rater(id, _)
            | Self::Voter(id, _)
            | Self::Trustee(id, ..)
            | Self::OnPaper(id, ..)
            | Self::Official(id)
            | Self::Leaving(id) => Some(*id),
        }
    }

    /// Whether a letter to this chat may leave now.
    #[must_use]
    pub fn leaves(&self, world: &World<'_>, chat: &str, now: DateTime<Utc>) -> Leaves {
        if let Self::Opening(no) = self
            && !takes_ballots(world, *no, now)
        {
            return Leaves::No("the vote is over");
        }
        let Some(id) = self.person().filter(|_| !matches!(self, Self::Leaving(_))) else { return Leaves::Here };
        let Some(person) = world.person(id) else { return Leaves::No("there is no such person") };
        if let Some(why) = self.is_over(world, &person, now) {
            return Leaves::No(why);
        }
        let own = person.private_chat.as_str();
        match world.is_chat_of(id, chat) {
            true => Leaves::Here,
            // Every account is asked in its own chat.
            false if own.is_empty() || matches!(self, Self::Asked(..)) => Leaves::No("the account is theirs no more"),
            false => Leaves::Elsewhere(own.to_owned()),
        }
    }

    /// Why it is true no more: the role is gone, or what it speaks of is settled.
    fn is_over(&self, world: &World<'_>, person: &Person, now: DateTime<Utc>) -> Option<&'static str> {
        let gone = |holds: bool, why| (!holds).then_some(why);
        match self {
            Self::Anybody | Self::Opening(_) | Self::Person(_) | Self::Leaving(_) => None,
            Self::Coordinator(_, town) => gone(coordinates(person, town), "no coordinator of that town any more"),
            Self::Receiver(_, town, slip) => gone(
                coordinates(person, town) && world.slip(*slip).is_some_and(|slip| slip.fate == Fate::Pending),
                "no coordinator of that town any more, or the slip is dealt with",
            ),
            Self::Official(_) => gone(person.has_office(), "no official any more"),
            Self::Admin(_) => gone(person.holds(Role::Admin), "no administrator any more"),
            Self::Voucher(_, no) => gone(
                world.claim(*no).is_some_and(|claim| {
                    let whoms = world.whom(claim.name.as_str(), claim.place.as_str());
                    claim.is_open(now) && world.asked_about(&claim, &whoms).contains(&person.id)
                }),
                "may not settle that claim, or it is settled",
            ),
            Self::Asked(_, no) => gone(
                world.joining(*no).is_some_and(|joining| joining.person == person.id),
                "that account does not wait any more",
            ),
            Self::Handler(_, no) => gone(
                world.proposal(*no).is_some_and(|proposal| proposal.handler == Some(person.id)),
                "no handler of that proposal any more",
            ),
            Self::Rater(_, no) => gone(
                world
                    .task(*no)
                    .is_some_and(|task| task.state == State::Answered && world.rater(&task) == Some(person.id)),
                "the task does not wait for their word",
            ),
            Self::Voter(_, no) => gone(
                world.poll(*no).is_some_and(|poll| {
                    let voter = world.elector_no(&poll, person);
                    let is_open = poll.result.is_none() && !poll.is_void && poll.ends > now;
                    is_open && voter.is_some_and(|voter| world.ballot(*no, voter).is_none())
                }),
                "the vote is over, or the ballot is cast",
            ),
            Self::Trustee(_, topic, voter) => gone(
                world.mandate(*topic, *voter).is_some_and(|mandate| mandate.trustee == person.id),
                "the mandate stands no more",
            ),
            Self::OnPaper(_, no, voter, entered) => gone(
                world.poll(*no).is_some_and(|poll| !poll.is_void)
                    && world.ballot(*no, *voter).is_some_and(|ballot| {
                        ballot.proxy && ballot.at.timestamp_millis() == entered.timestamp_millis()
                    }),
                "the ballot from paper counts no more",
            ),
        }
    }
}

fn takes_ballots(world: &World<'_>, no: PollNo, now: DateTime<Utc>) -> bool {
    world.poll(no).is_some_and(|poll| poll.result.is_none() && !poll.is_void && poll.ends > now)
}

fn coordinates(person: &Person, town: &str) -> bool {
    person.coordinates(town) || (town.is_empty() && person.holds(Role::Coordinator))
}
