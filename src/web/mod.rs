//! Pages for the public, `/healthz` and `/metrics`. Reads only; nothing here writes except through a `Command`.

pub mod health;
pub mod metrics;
pub mod page;
pub mod pages;
