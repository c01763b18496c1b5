//! 五方 — which sides take part in a topic, and by whom.

use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::world::World;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::person::{Role, Side};
use crate::domain::process::guest::{self, Invitation};
use crate::domain::process::topic::Topic;

impl World<'_> {
    /// 五方到齐 — the sides on a topic: proposer, lead, guests and all who spoke (digest.md §8).
    #[must_use]
    pub fn sides_of(&self, topic: &Topic) -> u8 {
        let mut sides = self.sides_spoken(topic);
        for (_, side) in self.present_unspoken(topic) {
            sides |= 1 << side.index();
        }
        let moderator = self.moderator_of(topic);
        let proposer = self.person_at(topic.proposer, topic.ordered_at);
        let lead = topic.lead.and_then(|lead| self.person(lead));
        for person in [proposer, lead].into_iter().flatten().filter(|person| Some(person.id) != moderator) {
            if !person.holds(Role::Coordinator) {
                sides |= 1 << person.side.index();
            }
        }
        self.scan(&Key::new(kind::INVITATION).num(topic.no.0), |guest: Invitation| {
            sides |= self.stands_for(topic, guest.person, guest.side).map_or(0, |side| 1 << side.index());
            true
        });
        sides
    }

    /// 受邀的一方 — which side a guest stands for: none for whoever is neutral, and their own for whoever is on the roll of the topic.
    #[must_use]
    pub fn stands_for(&self, topic: &Topic, person: PersonId, invited: Side) -> Option<Side> {
        if self.neutral_on(topic)(person) {
            return None;
        }
        let resident = self.person(person).filter(|known| self.voter_of(topic.no, known).is_some());
        Some(resident.map_or(invited, |known| known.side))
    }

    /// 五方到场 — everybody who spoke, objected, answered, reviewed, drafted the plan or attended (digest.md §8), with the side they
    /// stand for; neither the moderator nor coordinators.
    #[must_use]
    pub fn present(&self, topic: &Topic) -> Vec<(PersonId, Side)> {
        let mut people: std::collections::BTreeMap<PersonId, Side> = std::collections::BTreeMap::new();
        for no in self.whole_of(topic.no) {
            self.scan(&Key::new(kind::SPEAKER).num(no.0), |speaker: guest::Speaker| {
                people.insert(speaker.person, speaker.side);
                true
            });
        }
        for (id, side) in self.present_unspoken(topic) {
            people.insert(id, side);
        }
        let is_neutral = self.neutral_on(topic);
        people.into_iter().filter(|(id, _)| !is_neutral(*id)).collect()
    }

    /// Those of them whose presence is known otherwise than by what they said.
    fn present_unspoken(&self, topic: &Topic) -> Vec<(PersonId, Side)> {
        let mut people: std::collections::BTreeMap<PersonId, Side> = std::collections::BTreeMap::new();
        for no in self.whole_of(topic.no) {
            self.scan(&Key::new(kind::PRESENCE).num(no.0), |person: PersonId| {
                people.extend(self.person(person).map(|known| (person, known.side)));
                true
            });
            for objection in self.objections(no) {
                people.extend(self.person_at(objection.author, objection.at).map(|known| (known.id, known.side)));
            }
        }
        let is_neutral = self.neutral_on(topic);
        people.into_iter().filter(|(id, _)| !is_neutral(*id)).collect()
    }
}
