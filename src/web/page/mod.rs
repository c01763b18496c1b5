//! The pages, one file each; `sheet` is what they have in common.

pub mod code;
pub(super) mod day;
mod polls;
pub mod poster;
pub mod sheet;
pub(super) mod slip;
pub(super) mod topic;
