//! 协商 — the consultation itself: who may do what, when, and what follows. Pure: no I/O, no clock, no platform, no wording.
//!
//! `decide` (world + scene + command → facts or a refusal), `evolve` (world + fact → world), `due` (world + time → facts) and
//! `announce` (facts → who is told what) are the four doors; every other file is one noun.

pub mod absence;
pub mod announce;
pub mod brief;
pub mod campaign;
pub mod charity;
pub mod claim;
pub mod command;
pub mod count;
pub mod course;
pub mod decide;
pub mod deed;
pub mod digest;
pub mod due;
pub mod duty;
pub mod event;
pub mod evolve;
pub mod gathering;
pub mod ground;
pub mod group;
pub mod halt;
pub mod handover;
pub mod hiding;
pub mod ids;
pub mod join;
pub mod limits;
pub mod mandate;
pub mod mask;
pub mod notice;
pub mod nudge;
pub mod outcome;
pub mod own;
pub mod pact;
pub mod pass;
pub mod person;
pub mod plan;
pub mod points;
pub mod poll;
pub mod process;
pub mod review;
pub mod roll;
pub mod say;
pub mod scene;
pub mod slip;
pub mod station;
pub mod suggestion;
pub mod task;
pub mod tier;
pub mod todo;
pub mod token;
pub mod topic;
pub mod trail;
pub mod words;
pub mod world;
