//! What several test files share: the real program on a folder of its own, and a real browser.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

pub mod bot;
pub mod browser;
