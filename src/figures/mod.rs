//! 日报 — what each group is told at the end of its day.
//!
//! * [`calendar`]: which group is owed the digest of which local date, and when. * [`figures`]: the sums, one definition each.
//! * [`desk`]: world + group + date → [`paper::Paper`], or nothing when nothing happened. Words are put to it by
//!   `language::paper`, with templates that a clerk may edit.

pub mod calendar;
pub mod desk;
mod hindsight;
pub mod kinds;
pub mod paper;
pub mod people;
pub mod report;
pub mod scope;
pub mod sums;
pub mod tracking;
mod turns;
pub mod weekly;

pub use self::calendar::{Edition, all_due, due, is_late, next_due, papers_due, sent_at, window};
pub use self::desk::Desk;
pub use self::paper::Paper;
pub use self::report::{Sheet, Summary};
pub use self::scope::About;
pub use self::sums::{Figures, figures};
pub use self::weekly::Weekly;
