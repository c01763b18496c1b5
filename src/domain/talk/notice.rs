//! 公示、异议、答复 — a plan is posted for all to see; what is said against it is answered before anything goes on.
//!
//! The day of posting does not count (Civil Code art. 201), the notice ends at 24:00 of its last day, and a last day in the table
//! of holidays moves to the first day that is not (art. 203).

use crate::domain::kernel::ids::{ObjectionRef, PersonId, TopicNo};
use crate::domain::kernel::say::Say;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::person::Side;
use crate::domain::process::topic::Topic;
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Days of a notice: at least, unless said otherwise, and at most.
pub const MIN_DAYS: u32 = 3;

/// Longest objection or answer, in characters.
pub const MAX_TEXT: usize = 500;

/// Objections one topic can hold.
pub(crate) const MAX_OBJECTIONS: u32 = 2_000;

/// 公示.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Topic.
    pub topic: TopicNo,
    /// Which of its notices.
    pub n: u32,
    /// The draft of the plan it shows.
    pub draft: u32,
    /// Days.
    pub days: u32,
    /// Day of posting.
    pub from: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// 24:00 of that day: from then on the topic may go on.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub until: DateTime<Utc>,
    /// Sent back (退回): kept, but it counts no more.
    pub void: bool,
}

impl Entity for Notice {
    fn key(&self) -> Key {
        Key::new(kind::NOTICE).num(self.topic.0).num(self.n)
    }
}

/// 公示意见.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Number.
    pub reference: ObjectionRef,
    /// Whose it is.
    pub author: PersonId,
    /// The text.
    pub text: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// 答复, the latest.
    pub answer: Option<Answer>,
    /// Taken back.
    pub withdrawn: bool,
}

/// 答复.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who answered.
    pub by: PersonId,
    /// The text.
    pub text: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Objection {
    fn key(&self) -> Key {
        Key::new(kind::OBJECTION).num(self.reference.topic.0).num(self.reference.n)
    }
}

impl Objection {
    /// Its number as people see it.
    #[must_use]
    pub fn named(&self) -> Say {
        self.reference.named()
    }
}

impl ObjectionRef {
    /// `1-异1`.
    #[must_use]
    pub fn named(self) -> Say {
        say!("ref.objection", no = self.topic, n = self.n)
    }
}

impl World<'_> {
    /// The notice that stands.
    #[must_use]
    pub fn notice(&self, topic: &Topic) -> Option<Notice> {
        self.get(&Key::new(kind::NOTICE).num(topic.no.0).num(topic.notice?))
    }

    /// An objection that stands.
    #[must_use]
    pub fn objection(&self, reference: ObjectionRef) -> Option<Objection> {
        let key = Key::new(kind::OBJECTION).num(reference.topic.0).num(reference.n);
        self.get::<Objection>(&key).filter(|objection| !objection.withdrawn)
    }

    /// The objections on a topic that stand, by number.
    #[must_use]
    pub fn objections(&self, topic: TopicNo) -> Vec<Objection> {
        let mut all: Vec<Objection> = self.list(&Key::new(kind::OBJECTION).num(topic.0), MAX_OBJECTIONS as usize);
        all.retain(|objection| !objection.withdrawn);
        all
    }

    /// Those that nobody has answered.
    #[must_use]
    pub fn unanswered(&self, topic: TopicNo) -> Vec<Objection> {
        let mut open = self.objections(topic);
        open.retain(|objection| objection.answer.is_none());
        open
    }

    /// Those of somebody that nobody has answered.
    #[must_use]
    pub fn unanswered_of(&self, topic: TopicNo, person: PersonId) -> Vec<Objection> {
        let mut theirs = self.unanswered(topic);
        theirs.retain(|objection| objection.author == person);
        theirs
    }
}

impl World<'_> {
    /// The side somebody was invited for.
    #[must_use]
    pub fn invited_as(&self, topic: TopicNo, person: PersonId) -> Option<Side> {
        self.invitation(topic, person).map(|guest| guest.side)
    }
}
