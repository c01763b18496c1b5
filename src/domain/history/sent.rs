//! 日报 — which digests of a group are settled, with which number and text.

use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::group::{Group, GroupKind, MAX_GROUPS};
use crate::domain::people::town::Sort;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
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

/// 给谁的 — what a group was when a paper was made for it. A members' paper is not shown to residents because the group became theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct MadeFor {
    kind: Option<GroupKind>,
    town: String,
    sector: String,
}

/// How far the digests of a group have come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestState {
    /// Group.
    pub group: GroupId,
    /// The last day that is settled.
    pub last: Option<NaiveDate>,
    /// The time of day at which its window ended: the next begins there, whatever the time of day is by then.
    pub at: Option<NaiveTime>,
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
        let none = DigestState { group, last: None, at: None, number: 0, since: None };
        self.get(&Key::new(kind::DIGEST_STATE).num(group.0)).unwrap_or(none)
    }

    /// The digest of a group and day, as far as the group is still what it was made for.
    #[must_use]
    pub fn digest(&self, group: GroupId, date: NaiveDate) -> Option<Digest> {
        self.get(&digest_key(date).num(group.0)).filter(|digest| self.is_still_for(group, digest))
    }

    /// The digests of a day, of groups that are still what they were made for.
    #[must_use]
    pub fn digests_of(&self, date: NaiveDate) -> Vec<Digest> {
        let mut digests: Vec<Digest> = self.list(&digest_key(date), MAX_GROUPS);
        digests.retain(|digest| self.is_still_for(digest.group, digest));
        digests
    }

    /// Notes for what a paper is made.
    pub(crate) fn made_for(&mut self, group: GroupId, paper: &impl Entity) {
        if let Some(Group { kind, town, sector, .. }) = self.group(group) {
            self.put_at(paper.key().under(kind::PAPER_OF), &MadeFor { kind, town, sector });
        }
    }

    /// Whether a group is what it was when the paper was made: of the same kind, and of the same town and sector, by whatever name
    /// they go today.
    pub(crate) fn is_still_for(&self, group: GroupId, paper: &impl Entity) -> bool {
        let made: Option<MadeFor> = self.get(&paper.key().under(kind::PAPER_OF));
        made.zip(self.group(group)).is_some_and(|(made, group)| {
            made.kind == group.kind
                && self.town_today(Sort::Town, &made.town) == group.town
                && self.town_today(Sort::Sector, &made.sector) == group.sector
        })
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
