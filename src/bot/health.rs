//! 健康 — whether a vote can be taken now, as the committer leaves it after each batch for `/healthz` and `/metrics`.

use chrono::{DateTime, Utc};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

/// How the committer is doing, for `/healthz`.
#[derive(Debug, Default)]
pub struct Health {
    is_full: AtomicBool,
    is_stopped: AtomicBool,
    records: AtomicU64,
    /// Milliseconds since 1970; 0 = nothing comes due.
    next_due: AtomicI64,
}

impl Health {
    /// Why no vote can be taken now; `None` if all is well.
    #[must_use]
    pub fn trouble(&self) -> Option<&'static str> {
        if self.is_stopped.load(Ordering::Relaxed) {
            return Some("stopping");
        }
        self.is_full.load(Ordering::Relaxed).then_some("disk full: nothing is recorded until there is room")
    }

    /// When something comes due next.
    #[must_use]
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        let at = self.next_due.load(Ordering::Relaxed);
        if at == 0 { None } else { DateTime::from_timestamp_millis(at) }
    }

    /// Records in the ledger.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    /// What the committer found after a batch.
    pub(super) fn note(&self, is_full: bool, next_due: Option<DateTime<Utc>>, records: u64) {
        self.is_full.store(is_full, Ordering::Relaxed);
        self.next_due.store(next_due.map_or(0, |at| at.timestamp_millis()), Ordering::Relaxed);
        self.records.store(records, Ordering::Relaxed);
    }

    /// The committer has ended.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }
}
