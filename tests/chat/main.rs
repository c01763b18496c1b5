//! 会话 — what is said, decided, counted, kept and written, through the library alone: no port, no other process, a clock of the
//! test's. `cargo test --test chat stories::` runs one module of it.
//!
//! | module | what it shows |
//! |---|---|
//! | `stories` | every rule with an edge, told as a chat in `tests/stories/*.jsonl` |
//! | `end_state`, `figures`, `digest` | what must be in the world, in every figure and on every paper afterwards |
//! | `year` | a district's life typed into the real loop, and a book kept by hand beside it that says the same of every figure |
//! | `golden` | the ledgers of earlier releases still mean what they meant |
//! | `talk` | what people say to each other in groups is neither answered nor an act |
//! | `table` | every state × command × role has the answer in `table.txt` |
//! | `invariants` | what holds after any step of any sequence |
//! | `counting`, `options` | any ballots, counted a second time in another way |
//! | `accounts` | every way in which an account is joined, and what one joined late keeps its hands off |
//! | `belongings` | every fact with somebody's name in it: erased, nothing of it is left |
//! | `accounting` | whatever is put into a line of a command ends in what is done or in a question |
//! | `short` | what people write in votes of every kind: a choice, asked back, or talk |
//! | `secrecy` | 不记名: with all choices exchanged everything but the vault is the same |
//! | `catalog`, `languages`, `hints` | the words in `commands/`, in both languages |
//! | `hints_sent` | every line a reply gives to copy is taken when it is sent, there and then |
//! | `plain` | what people write without a command in private: the kind of answer, and that nothing is done by it |
//! | `masking` | personal numbers in any spelling are masked, ordinary ones are not |
//! | `house` | which room and which family may know which, from the tables in `src/lib.rs` and `src/domain/mod.rs` |
//! | `tidy` | what a reader may rely on in every file: one clock, length, papers that agree with the program |
//!
//! Telegram is in `tests/platforms`, kill -9, power cuts and hostile input in `tests/crash`, the pages in `tests/browser`. A new file
//! goes into one of the four as a module: a folder or file more beside them would be one more program to link (`tidy`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod accounting;
mod accounts;
mod belongings;
mod catalog;
mod counting;
mod digest;
mod end_state;
mod figures;
mod golden;
mod hints;
mod hints_sent;
mod house;
mod invariants;
mod languages;
mod masking;
mod options;
mod plain;
mod secrecy;
mod short;
mod stories;
mod table;
mod talk;
mod tidy;
mod year;

#[path = "../support"]
mod support {
    pub mod folder;
    pub mod resident;
    pub mod reworded;
    pub mod told;
    pub mod town;
}
