//! Telegram in a storm — the real program before a stand-in of the Bot API: killed, flooded, refused, confused, on the real clock.
//!
//! `XIESHANG_KILLS` and `XIESHANG_SEED` make the run with kill -9 longer or another one (`tests/run telegram-crash`).

mod announced;
mod books;
mod crowd;
mod doors;
mod kills;
mod odd;
mod repeated;
pub mod town;
mod webhook;
