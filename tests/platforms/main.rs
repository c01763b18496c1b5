//! 平台 — the bot before platforms that are not ours: today Telegram and WeCom, each played by a stand-in.
//!
//! | module | what it shows |
//! |---|---|
//! | `telegram` | stories and faults, the whole bot in one process, on a clock of the test's |
//! | `telegram_storm` | the real program, killed, flooded, refused, confused, on the real clock |
//! | `doors` | the list of doors, and the form behind a station's code whatever doors there are |
//! | `slow` | two thousand connections that do nothing, before the real program |
//! | `personal` | no number, and nothing of whoever was erased, is in any file; whose the files are |
//! | `rolls` | a roll of five thousand as a file, through every door that hands files over |
//! | `wecom` | robots of WeCom's groups: what is shown, limits, faults, and the real program |
//! | `fake_telegram` | the stand-in itself: what it lets through, what it refuses, and that it notices |
//!
//! A platform more is a module more here, and its stand-in a folder more in `tests/support`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod doors;
mod fake_telegram;
mod personal;
mod rolls;
mod slow;
mod telegram;
mod telegram_storm;
mod wecom;

#[path = "../support"]
mod support {
    #[allow(dead_code, reason = "each crate of tests uses a part of it")]
    pub mod bot;
    pub mod reworded;
    pub mod rig;
    pub mod telegram;
    pub mod wecom;
}
