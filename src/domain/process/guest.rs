//! 邀请 — who was asked to join a topic, on which side, and who spoke there.

use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::person::Side;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One guest of an invitation (邀请).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Name.
    pub name: String,
    /// Side; `None` if the person is enrolled and the moderator left it out.
    pub side: Option<Side>,
    /// Unit or field; empty if not given.
    pub note: String,
}

/// Somebody who spoke on a topic (建议, 跟帖), and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// Topic.
    pub topic: TopicNo,
    /// Person.
    pub person: PersonId,
    /// Side they spoke for.
    pub side: Side,
    /// How many of their words stand.
    pub times: u32,
}

impl Entity for Speaker {
    fn key(&self) -> Key {
        Key::new(kind::SPEAKER).num(self.topic.0).num(self.person.0)
    }
}

/// Where the speakers of a side lie on a topic.
pub(crate) fn speakers_for(topic: TopicNo, side: Side) -> Key {
    Key::new(kind::SPEAKER_BY_SIDE).num(topic.0).byte(side as u8)
}

impl World<'_> {
    /// Somebody's standing as a speaker from now on; who has no word left that stands is none.
    pub(crate) fn put_speaker(&mut self, speaker: &Speaker) {
        let place = |speaker: &Speaker| speakers_for(speaker.topic, speaker.side).num(speaker.person.0);
        if let Some(before) = self.get::<Speaker>(&speaker.key()).filter(|before| before.side != speaker.side) {
            self.remove(place(&before));
        }
        if speaker.times == 0 {
            self.remove(speaker.key());
            self.remove(place(speaker));
        } else {
            self.put(speaker);
            self.put_at(place(speaker), &speaker.person);
        }
    }
}

/// A guest (邀请).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Topic.
    pub topic: TopicNo,
    /// Guest.
    pub person: PersonId,
    /// Side they are asked for.
    pub side: Side,
    /// Who asked them.
    pub by: Option<PersonId>,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

/// Guests of one topic.
const MAX_GUESTS: usize = 1_000;

/// Where the invitation of a guest lies.
#[must_use]
pub fn invitation_key(topic: TopicNo, person: PersonId) -> Key {
    Key::new(kind::INVITATION).num(topic.0).num(person.0)
}

impl Entity for Invitation {
    fn key(&self) -> Key {
        invitation_key(self.topic, self.person)
    }
}

impl World<'_> {
    /// Who was asked to join a topic, by whom and when.
    #[must_use]
    pub fn invitations(&self, topic: TopicNo) -> Vec<Invitation> {
        self.list(&Key::new(kind::INVITATION).num(topic.0), MAX_GUESTS)
    }

    /// The invitation of one guest.
    #[must_use]
    pub fn invitation(&self, topic: TopicNo, person: PersonId) -> Option<Invitation> {
        self.get(&invitation_key(topic, person))
    }
}
