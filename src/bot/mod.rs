//! The loop: one committer takes what people said and what came due, decides it, makes it durable, then lets it be said.
//!
//! | file | what |
//! |---|---|
//! | `clock` | the only place that reads the time |
//! | `office` | the committer: a batch of turns → one append → state → letters |
//! | `turn` | one turn: identity, parsing, gates, decision, announcement |
//! | `hearing` | what somebody meant, and whether it may be asked here |
//! | `settling` | a record into the draft: the world moves on, its letters are written |
//! | `backlog` | what platforms kept while we were down, and how long that was |
//! | `cards` | live cards of polls and topics |
//! | `membership` | a chat moved, the bot was taken out, somebody without a face |
//! | `identity` | whose account this is |
//! | `chance` | where chance comes from |
//! | `door` | a way in and out, as the wiring knows it |
//! | `edits` | messages that were changed after they were sent |
//! | `erasing` | somebody's words and name out of ledger, store and histories, by law |
//! | `start` | opening: tail applied again, rebuild, letters that still wait |
//! | `letters` | letters and cards as they wait in the working store |
//! | `waiting` | what waits for somebody's 对 before it is done |
//! | `memory` | what the committer remembers of the working store |
//! | `answering` | what is answered to a question, a page at a time |
//! | `merged_receipts` | receipts of a busy group that become one message |
//! | `delivery` | per chat and lane: order, pace, retry, coalescing; pure |
//! | `metrics` | numbers for `/metrics` |
//! | `post` | the tasks that carry letters to platforms |
//! | `schedule` | what comes due, in the order of time, and what may be sent by now |
//! | `printing` | papers: made at the end of their window, kept, shown |
//! | `statistics` | figures somebody asks for |
//! | `health` | whether a vote can be taken now |
//! | `inbox` | the queue in front of the committer, and the clock's ticks |
//! | `files` | a file as the list of the command it came with |
//! | `fixtures` | groups, people and rolls from a file |
//! | `timekeeper`, `office_clock` | what time it is where the machine's clock jumped, and who is told |
//! | `story_beat` | one thing that happens in a story |
//! | `replay` | a story through the same loop, with a clock of its own |

mod answering;
pub mod backlog;
mod cards;
pub mod chance;
pub mod clock;
pub mod delivery;
pub mod door;
mod edits;
pub mod erasing;
pub mod files;
pub mod fixtures;
pub mod health;
mod hearing;
pub mod identity;
pub mod inbox;
pub mod letters;
mod membership;
pub mod memory;
pub mod merged_receipts;
pub mod metrics;
pub mod office;
mod office_clock;
pub mod post;
mod printing;
pub mod replay;
mod schedule;
mod settling;
pub mod start;
mod statistics;
mod story_beat;
mod timekeeper;
mod turn;
mod waiting;
