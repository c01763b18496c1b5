//! 日报 — what each group is told at the end of its day.
//!
//! * [`calendar`]: which group is owed the digest of which local date, and when. * [`figures`]: the sums, one definition each.
//! * [`desk`]: world + group + date → [`paper::Paper`], or nothing when nothing happened. Words are put to it by
//!   `language::paper`, with templates that a clerk may edit.

pub mod calendar;
pub mod desk;
pub mod figures;
mod index;
mod kinds;
pub mod paper;
mod people;
pub mod period;
mod report;
mod scope;
mod tracking;
mod weekly;

pub use calendar::{Edition, Window, all_due, due, is_late, next_due, papers_due, sent_at, window};
pub use desk::Desk;
pub use figures::{Figures, figures};
pub use paper::Paper;
pub use period::{DueIssue, Issue, Period, Span, issues_due, next_issue};
pub use report::{Ask, Sheet, Summary};
pub use scope::About;
pub use weekly::Weekly;

use super::ids::GroupId;
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A digest as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// Group.
    pub group: GroupId,
    /// Local date.
    pub date: NaiveDate,
    /// 期号.
    pub number: Option<u32>,
    /// Caught up after downtime.
    pub late: bool,
    /// Its messages.
    pub parts: Vec<Words>,
}

impl Entity for Digest {
    fn key(&self) -> Key {
        digest_key(self.date).num(self.group.0)
    }
}

/// Prefix of all digests of a day.
#[must_use]
pub fn digest_key(date: NaiveDate) -> Key {
    Key::new(kind::DIGEST).num(u32::try_from(date.num_days_from_ce()).unwrap_or(0))
}

/// How far the digests of a group have come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestState {
    /// Group.
    pub group: GroupId,
    /// The last day that is settled.
    pub last: Option<NaiveDate>,
    /// The last number given out.
    pub number: u32,
    /// When the group was registered: days that ended before it are nobody's.
    pub since: Option<DateTime<Utc>>,
}

impl Entity for DigestState {
    fn key(&self) -> Key {
        Key::new(kind::DIGEST_STATE).num(self.group.0)
    }
}

impl World<'_> {
    /// How far the digests of a group have come.
    #[must_use]
    pub fn digest_state(&self, group: GroupId) -> DigestState {
        let none = DigestState { group, last: None, number: 0, since: None };
        self.get(&Key::new(kind::DIGEST_STATE).num(group.0)).unwrap_or(none)
    }

    /// The digest of a group and day.
    #[must_use]
    pub fn digest(&self, group: GroupId, date: NaiveDate) -> Option<Digest> {
        self.get(&digest_key(date).num(group.0))
    }

    /// A group is registered: its digests begin.
    pub fn begin_digests(&mut self, group: GroupId, at: DateTime<Utc>) {
        let mut state = self.digest_state(group);
        state.since.get_or_insert(at);
        self.put(&state);
    }
}

/// Key of a numbered letter that is being sent.
#[must_use]
pub fn sending_key(seq: u64, index: u32) -> Key {
    Key::new(kind::SENDING).long(seq).num(index)
}
