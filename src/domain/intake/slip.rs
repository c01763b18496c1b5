//! 扫码点单 — what comes in through a station's code: a slip (W1) until a coordinator accepts it.

use crate::domain::kernel::ids::{PersonId, SlipNo, StationId, TopicNo};
use crate::domain::kernel::say::Say;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Hours after which a slip nobody has looked at turns red.
pub const RED_AFTER_HOURS: i64 = 24;

/// What became of a slip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fate {
    /// 待受理.
    Pending,
    /// 受理: the topic it became.
    Accepted(TopicNo),
    /// 不予受理, with the reason.
    Rejected(Words),
    /// 转办: the unit it belongs to, and why.
    Referred(Words, Words),
}

/// 来件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    /// Number.
    pub no: SlipNo,
    /// Title.
    pub title: Words,
    /// Text.
    pub body: Words,
    /// Who handed it in.
    pub by: PersonId,
    /// The station whose code was scanned.
    pub station: Option<StationId>,
    /// When.
    pub at: DateTime<Utc>,
    /// What became of it.
    pub fate: Fate,
    /// Key of the delivery: whoever holds it may see what became of the slip.
    pub token: String,
}

impl Entity for Slip {
    fn key(&self) -> Key {
        Key::new(kind::SLIP).num(self.no.0)
    }
}

/// Where a slip that nobody has settled is found.
pub(crate) fn pending_key(no: SlipNo) -> Key {
    Key::new(kind::PENDING_SLIP).num(no.0)
}

impl World<'_> {
    /// A slip.
    #[must_use]
    pub fn slip(&self, no: SlipNo) -> Option<Slip> {
        self.get(&Key::new(kind::SLIP).num(no.0))
    }

    /// 待受理 — the slips nobody has settled, by number. Those of the past are not looked through for them.
    #[must_use]
    pub fn pending_slips(&self) -> Vec<Slip> {
        let numbers: Vec<SlipNo> = self.list(&Key::new(kind::PENDING_SLIP), usize::MAX);
        numbers.into_iter().filter_map(|no| self.slip(no)).collect()
    }

    /// The town a slip came from; empty if unknown.
    #[must_use]
    pub fn town_of_slip(&self, slip: &Slip) -> String {
        slip.station.and_then(|id| self.station(id)).map(|station| station.town).unwrap_or_default()
    }
}

/// 说明 — what was written beside the title, for whoever looks after the request.
#[must_use]
pub fn explained(body: &Words) -> Say {
    let text = body.as_str().trim();
    if text.is_empty() { say!("none") } else { say!("slip.body", text = text) }
}

/// The number as people see it.
#[must_use]
pub fn w(no: SlipNo) -> String {
    format!("W{no}")
}
