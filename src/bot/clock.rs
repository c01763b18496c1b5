//! The only place that reads the time. Everywhere else it is an argument.

use chrono::{DateTime, SubsecRound, Utc};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Where the time comes from: the machine, or a test.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The machine's clock, in whole milliseconds: what the ledger writes is what the program compared.
#[must_use]
pub fn machine() -> Clock {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    Arc::new(|| Utc::now().trunc_subsecs(3))
}

/// A stopwatch that runs from now on. For numbers about ourselves only: nothing is decided by it.
pub fn stopwatch() -> impl Fn() -> Duration {
    let begun = Instant::now();
    move || begun.elapsed()
}
