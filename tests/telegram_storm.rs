//! Telegram in a storm — the real program before a stand-in of the Bot API: killed, flooded, refused, confused, on the real clock.
//!
//! `XIESHANG_KILLS` and `XIESHANG_SEED` make the run with kill -9 longer or another one (`tests/run telegram-crash`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

#[path = "support/bot.rs"]
#[allow(dead_code, reason = "each test file uses a part of it")]
mod bot;
#[path = "support/telegram/mod.rs"]
mod telegram;

#[path = "telegram_storm/announced.rs"]
mod announced;
#[path = "telegram_storm/books.rs"]
mod books;
#[path = "telegram_storm/crowd.rs"]
mod crowd;
#[path = "telegram_storm/doors.rs"]
mod doors;
#[path = "telegram_storm/kills.rs"]
mod kills;
#[path = "telegram_storm/odd.rs"]
mod odd;
#[path = "telegram_storm/repeated.rs"]
mod repeated;
#[path = "telegram_storm/town.rs"]
mod town;
#[path = "telegram_storm/webhook.rs"]
mod webhook;
