//! 日报 — what each group is told at the end of its day.

use super::ids::GroupId;
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use chrono::{Datelike, NaiveDate};
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
        self.get(&Key::new(kind::DIGEST_STATE).num(group.0)).unwrap_or(DigestState { group, last: None, number: 0 })
    }

    /// The digest of a group and day.
    #[must_use]
    pub fn digest(&self, group: GroupId, date: NaiveDate) -> Option<Digest> {
        self.get(&digest_key(date).num(group.0))
    }
}

/// Key of a numbered letter that is being sent.
#[must_use]
pub fn sending_key(seq: u64, index: u32) -> Key {
    Key::new(kind::SENDING).long(seq).num(index)
}
/// stub
pub enum Paper {}
/// stub
pub struct Desk;
impl Desk {
    /// stub
    pub fn new(_: &World<'_>, _: &super::scene::Settings) -> Self {
        Self
    }
    /// stub
    pub fn compose(&mut self, _: &super::group::Group, _: NaiveDate) -> Option<Paper> {
        None
    }
    /// stub
    pub fn preview(&mut self, _: &super::group::Group, _: chrono::DateTime<chrono::Utc>) -> Option<Paper> {
        None
    }
}
/// stub
pub fn all_due(
    _: &World<'_>,
    _: &super::scene::Settings,
    _: chrono::DateTime<chrono::Utc>,
) -> Vec<(chrono::DateTime<chrono::Utc>, GroupId, NaiveDate)> {
    vec![]
}
/// stub
pub fn next_due(
    _: &World<'_>,
    _: &super::scene::Settings,
    _: chrono::DateTime<chrono::Utc>,
) -> Option<chrono::DateTime<chrono::Utc>> {
    None
}
/// stub
pub fn is_late(_: chrono::DateTime<chrono::Utc>, _: chrono::DateTime<chrono::Utc>) -> bool {
    false
}
