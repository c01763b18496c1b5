//! 席位 — whose vote it is: a voter of the roll, or a person where there is none.

use crate::domain::kernel::ids::{PersonId, VoterNo};
use serde::{Deserialize, Serialize};

/// 席位 — whose vote it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// A voter of the roll.
    Roll(VoterNo),
    /// A person, where there is no roll.
    Person(PersonId),
}
