//! Pages for the public, `/healthz` and `/metrics`. Nothing here writes: the form of a station goes through the
//! [`Intake`](crate::platform::Intake), as what people say anywhere does.

pub mod callers;
pub mod doorway;
mod flood_gate;
pub mod health;
pub mod metrics;
pub mod page;
pub mod pages;
