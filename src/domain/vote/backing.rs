//! 外镇认的人 — an account that only officials of other towns said is somebody's decides nothing here: before a roll is loaded they need
//! nobody's leave from here to say so. Whoever has an office that reaches the topic says it once more; after that it counts.
//!
//! People of the topic's own town, accounts that no office gave, and what is the district's are as they always were.

use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::world::World;
use crate::domain::people::account::Account;
use crate::domain::people::person::Person;
use crate::domain::process::topic::Topic;
use crate::domain::vote::roll::Voter;
use crate::domain::vote::whom::Whom;

/// Voters of a roll that are looked at.
const MOST: usize = 6_000;

impl World<'_> {
    /// Whether an account votes on a topic only when somebody from there has said, too, whose it is.
    #[must_use]
    pub fn is_unbacked(&self, account: &Account, person: &Person, topic: &Topic) -> bool {
        let is_far = !topic.town.is_empty() && person.town != topic.town;
        let is_known = || account.vouched.as_ref().is_none_or(|by| by.iter().any(|scope| scope.covers(topic)));
        is_far && !is_known()
    }

    /// Those on a roll whose every account is such a one.
    #[must_use]
    pub fn unbacked_on(&self, topic: &Topic) -> Vec<(Voter, Person)> {
        let voters: Vec<Voter> = self.voters_on(topic.no, MOST);
        let mut found = Vec::new();
        for voter in voters {
            for person in self.people_of(&voter) {
                let accounts = self.accounts_of(person.id);
                if !accounts.is_empty() && accounts.iter().all(|account| self.is_unbacked(account, &person, topic)) {
                    found.push((voter.clone(), person));
                }
            }
        }
        found.sort_by(|(one, _), (other, _)| (&one.rooms, &one.names).cmp(&(&other.rooms, &other.names)));
        found
    }

    /// Whether somebody's office reaches a topic so that they may say who a voter of it is: of nobody while they have a hand in its vote,
    /// and not of themselves.
    #[must_use]
    pub fn may_back(&self, topic: &Topic, person: &Person, by: &Person) -> bool {
        by.id != person.id
            && (by.coordinates(&topic.town) || by.moderates(topic))
            && Whom::entered(self, person.clone()).vote_in_hand(self, by).is_none()
    }

    /// Who may.
    #[must_use]
    pub fn backers(&self, topic: TopicNo, person: &Person) -> Vec<Person> {
        let Some(topic) = self.topic(topic) else { return Vec::new() };
        let chair = self.moderator_of(&topic).and_then(|id| self.person(id));
        let mut all = self.coordinators_of(&topic.town);
        all.extend(chair.filter(|chair| all.iter().all(|known| known.id != chair.id)));
        all.retain(|by| self.may_back(&topic, person, by));
        all
    }
}
