//! 建言 — what members write upward: 社情民意 ([`info`]) and 微提案, what became of them ([`adoption`]), and the figures ([`sums`]).

pub mod adoption;
pub mod info;
pub mod subject;
pub mod sums;

pub use adoption::{Adoption, Rank};
pub use info::{Brief, adopt, receive};
pub use subject::Subject;
pub use sums::{Act, Sums, sums};
