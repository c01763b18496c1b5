//! The pages, one file each; `common` is what they have in common.

pub(super) mod code_sheet;
pub mod common;
pub(super) mod day;
pub(super) mod help;
mod history;
mod poll;
pub(super) mod poster;
mod qr_code;
pub(super) mod slip;
pub mod station_form;
pub(super) mod topic;
