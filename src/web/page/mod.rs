//! The pages, one file each; `sheet` is what they have in common.

mod code;
pub(super) mod day;
mod polls;
pub(super) mod poster;
pub mod sheet;
pub(super) mod slip;
pub mod station_form;
pub(super) mod topic;
