//! 建言 — who may write, review, pass on, take up, assign and rate briefs and proposals.

pub mod ask;
pub mod card;
pub mod handling;
pub mod info;
pub mod outcome;
pub mod proposal;
pub mod source;
pub mod todo;
