//! 协商 — the consultation itself: who may do what, when, and what follows. Pure: no I/O, no clock, no platform, no wording.

pub mod command;
pub mod gathering;
pub mod group;
pub mod ids;
pub mod person;
pub mod poll;
pub mod say;
pub mod topic;
pub mod words;
