//! 协商 (xieshang) — a chat bot that carries a 有事好商量 consultation from a resident's sentence to a rated end.
//!
//! A message comes in from a platform. `language` turns its text into a typed `Command`, or leaves ordinary talk alone. `domain`
//! decides, purely: world + scene + command → facts, or a refusal. The facts of one turn become one record, appended to the
//! `ledger` (ordered, hash-chained, synced): that is the moment the thing has happened. Only then is it in the `state` for good
//! and only then are the letters (what the bot says, to whom) handed to delivery. Everything else is rendering.
//!
//! ```text
//!  platform ─Incoming─▶ language ─Command─▶ domain::decide ─facts─▶ ledger ─▶ state ─▶ letters ─▶ delivery ─▶ platform
//!     ▲ acknowledged only after the append        │ refusal, answer to a question ─────────▲ (sent after the same sync)
//!  clock ─Tick──────────────────▶ domain::due ────┘
//! ```
//!
//! # Where a line belongs
//! Each room may import only those its last column names, all above it (`tests/chat/house.rs` reads this table). Inside `domain` the
//! families have a table of their own, in `src/domain/mod.rs`.
//!
//! | room | what lives there | must never | may import |
//! |---|---|---|---|
//! | [`domain`] | the consultation: nouns by family; `decide`, `evolve`, `announce`, `due` with one file a noun | do I/O, read a clock, know a platform, format text for people | |
//! | [`figures`] | digests, reports, every figure: the world read as of an hour | decide anything, count one thing in two ways | `domain` |
//! | [`language`] | the catalogue (`commands/*.toml`), parsing, files that are handed over, times, rendering | decide anything | `domain`, `figures` |
//! | [`ledger`] | records on disk: the chain, the vault, verification | know what an event means | |
//! | [`state`] | sled: what every command, page and digest reads | be the only copy of anything that matters | `domain`, `domain::evolve`, `ledger` |
//! | [`platform`] | the trait, `Incoming`, `Letter`; one file or folder a platform | know a rule of consultation | `domain`, `language` |
//! | [`web`] | pages for the public, `/healthz`, `/metrics` | write except through a `Command` | `domain`, `figures`, `language`, `state`, `platform` |
//! | [`bot`] | the one loop, delivery, the schedule, identity, replay, the trait `Door` | contain a rule or a wording | `domain`, `domain::decide`, `domain::evolve`, `figures`, `language`, `ledger`, `state`, `platform`, `web` |
//!
//! `CONTRIBUTING.md` says for a command, a fact, a voting rule, a page, a door which files that is.
//!
//! Beside the rooms: `main.rs` (command line), `config`, `run` (start, shutdown), `wiring` (one file a door, and their list), `offline`
//! (the other commands), `story` (the built-in one). They contain nothing else.
//!
//! `commands/` holds one TOML a command with every reply it can give, and the templates of digest and pages beside them: TOML
//! says who may ask, where, in what words; Rust says whether it is true.
//!
//! # Where it differs from the first proposal
//! Letters wait in the working store as rows with their text, written in the same batch as the facts that caused them and taken
//! away when the platform has them. A cursor per chat would have to compute old letters from a world that has moved on.

pub mod bot;
pub mod domain;
pub mod figures;
pub mod language;
pub mod ledger;
pub mod platform;
pub mod state;
pub mod web;
