//! Pages for the public, `/healthz` and `/metrics`. Reads only; nothing here writes except through a `Command`.

pub mod code;
pub mod health;
pub mod metrics;
pub mod pages;
mod polls;
pub mod poster;
