//! Pages for the public, and `/healthz`. Reads only; nothing here writes except through a `Command`.

pub mod health;
pub mod pages;
