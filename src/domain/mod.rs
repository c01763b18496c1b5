//! 协商 — the consultation itself: who may do what, when, and what follows. Pure: no I/O, no clock, no platform, no wording.
//!
//! `decide` (world + scene + command → facts or a refusal), `evolve` (world + fact → world), `due` (world + time → facts) and
//! `announce` (facts → who is told what) are the four doors; every other file is one noun. A noun with several facts keeps them as
//! its own `Fact` beside its rules; what they make of the world stands in `evolve/`, who hears of them in `announce/`, and whatever
//! else they mean in one closed table, [`effects`].
//!
//! | family | nouns |
//! |---|---|
//! | the turn | [`scene`], [`command`], [`say`], [`event`], [`words`], [`ids`], [`world`], [`limits`], [`mask`] |
//! | 四单六步, the way of a topic | [`process`] (the table), [`topic`], [`card`], [`course`] (form and units), [`halt`], [`rest`], [`hiding`] |
//! | 点单, how it comes in | [`slip`], [`told`], [`ground`], [`station`], [`qr`], [`token`] |
//! | 解单, what is said and agreed | [`suggestion`], [`plan`], [`notice`], [`review`], [`pact`], [`gathering`], [`series`], [`occasion`] |
//! | 表决 | [`poll`], [`rule`] (the table), [`roll`], [`count`], [`absence`], [`mandate`], [`nudge`] |
//! | 查单, what is done about it | [`task`], [`handover`], [`outcome`] |
//! | 建言 | [`brief`] |
//! | people | [`person`], [`group`], [`claim`], [`pass`], [`join`], [`hearing`], [`own`], [`trail`], [`todo`], [`duty`], [`points`] |
//! | what it is about | [`category`], [`tier`], [`campaign`], [`charity`] |
//! | what is told of it all | [`deed`] (one row each), [`digest`] (days, weeks, months, every figure), [`export`] |

pub mod absence;
pub mod announce;
pub mod brief;
pub mod campaign;
pub mod card;
pub mod category;
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
pub mod effects;
pub mod event;
pub mod evolve;
pub mod export;
pub mod gathering;
pub mod ground;
pub mod group;
pub mod halt;
pub mod handover;
pub mod hearing;
pub mod hiding;
pub mod ids;
pub mod join;
pub mod limits;
pub mod mandate;
pub mod mask;
pub mod notice;
pub mod nudge;
pub mod occasion;
pub mod outcome;
pub mod own;
pub mod pact;
pub mod pass;
pub mod person;
pub mod plan;
pub mod points;
pub mod poll;
pub mod process;
pub mod qr;
pub mod rest;
pub mod review;
pub mod roll;
pub mod rule;
pub mod say;
pub mod scene;
pub mod series;
pub mod slip;
pub mod station;
pub mod suggestion;
pub mod task;
pub mod tier;
pub mod todo;
pub mod token;
pub mod told;
pub mod topic;
pub mod trail;
pub mod words;
pub mod world;
