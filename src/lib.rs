//! 协商 (xieshang) — a chat bot that carries a 有事好商量 consultation from a resident's sentence to a counted vote.
pub mod domain;
pub mod ledger;
pub mod platform;
