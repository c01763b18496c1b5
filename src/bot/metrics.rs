//! 计量 — what happened since the start, as numbers without names. `/metrics` prints them.

use crate::platform::SendError;
use std::sync::atomic::{AtomicU64, Ordering};

/// One number that only grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The numbers.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Letters a platform accepted.
    pub letters_sent: Count,
    /// Changes to cards a platform accepted.
    pub cards_edited: Count,
    /// Attempts that surely came to nothing.
    pub not_sent: Count,
    /// Attempts whose fate is unknown.
    pub unknown: Count,
    /// Attempts a platform asked to repeat later (429).
    pub asked_to_wait: Count,
    /// Attempts refused for good: chat gone, moved, message wrong.
    pub refused: Count,
}

impl Metrics {
    /// An attempt to send.
    pub fn sent<T>(&self, result: &Result<T, SendError>) {
        self.attempt(result, &self.letters_sent);
    }

    /// An attempt to change a card.
    pub fn edited<T>(&self, result: &Result<T, SendError>) {
        self.attempt(result, &self.cards_edited);
    }

    fn attempt<T>(&self, result: &Result<T, SendError>, accepted: &Count) {
        let count = match result {
            Ok(_) => accepted,
            Err(SendError::NotSent(_)) => &self.not_sent,
            Err(SendError::Unknown(_)) => &self.unknown,
            Err(SendError::Wait(_)) => &self.asked_to_wait,
            Err(SendError::Gone(_) | SendError::Wrong(_) | SendError::Moved(_)) => &self.refused,
        };
        count.add();
    }
}
