//! 计量 — what happened since the start, as numbers without names. `/metrics` prints them.

use super::health::Health;
use crate::platform::SendError;
use crate::web::metrics::Family;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Bounds of the times of a commit, in microseconds.
const BOUNDS: [u64; 10] = [1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000];
/// Platforms kept apart at most.
const PLATFORMS: usize = 16;

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

/// How long something took, sorted by [`BOUNDS`].
#[derive(Debug, Default)]
pub struct Times {
    /// One for each bound, and one for what took longer than all of them.
    counts: [Count; BOUNDS.len() + 1],
    sum_micros: AtomicU64,
}

impl Times {
    /// One more.
    pub fn note(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let at = BOUNDS.iter().position(|&bound| micros <= bound).unwrap_or(BOUNDS.len());
        if let Some(count) = self.counts.get(at) {
            count.add();
        }
        self.sum_micros.fetch_add(micros, Ordering::Relaxed);
    }

    fn family(&self, name: &'static str, help: &'static str) -> Family {
        let seconds = |micros: u64| micros as f64 / 1e6;
        let mut below = 0;
        let mut at_most = Vec::with_capacity(BOUNDS.len());
        for (&bound, count) in BOUNDS.iter().zip(&self.counts) {
            below += count.get();
            at_most.push((seconds(bound), below));
        }
        let all = below + self.counts.last().map_or(0, Count::get);
        Family::histogram(name, help, at_most, all, seconds(self.sum_micros.load(Ordering::Relaxed)))
    }
}

/// The numbers.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Turns the loop took: messages, presses, forms.
    pub turns_taken: Count,
    /// Turns turned away because too many waited.
    pub turns_busy: Count,
    /// How long a batch took from its decisions to the disk, where something was recorded.
    pub commits: Times,
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
    /// When each platform was last heard.
    heard: Mutex<BTreeMap<String, DateTime<Utc>>>,
}

impl Metrics {
    /// Something came from a platform, or it said that nothing waits.
    pub fn heard(&self, platform: &str, at: DateTime<Utc>) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = heard.get_mut(platform) {
            *last = at.max(*last);
        } else if heard.len() < PLATFORMS {
            heard.insert(platform.to_owned(), at);
        }
    }

    /// Everything, for `/metrics`.
    #[must_use]
    pub fn families(&self, health: &Health, waiting: usize, now: DateTime<Utc>) -> Vec<Family> {
        let counter = |name, help, count: &Count| Family::counter(name, help, count.get());
        let well = if health.trouble().is_none() { 1.0 } else { 0.0 };
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |at: DateTime<Utc>| (now - at).num_milliseconds().max(0) as f64 / 1e3;
        let ages = heard.iter().map(|(platform, &at)| (platform.clone(), age(at))).collect();
        vec![
            Family::gauge("xieshang_can_vote", "1 when a vote can be taken, else 0.", well),
            Family::gauge("xieshang_ledger_records", "Records in the ledger.", health.records() as f64),
            Family::gauge("xieshang_letters_waiting", "Letters and changes to cards that wait.", waiting as f64),
            Family::gauges("xieshang_platform_silence_seconds", "Since the platform was last heard.", "platform", ages),
            self.commits.family("xieshang_commit_seconds", "Time of a batch that recorded something."),
            counter("xieshang_turns_total", "Turns taken.", &self.turns_taken),
            counter("xieshang_turns_busy_total", "Turns turned away because too many waited.", &self.turns_busy),
            counter("xieshang_letters_sent_total", "Letters a platform accepted.", &self.letters_sent),
            counter("xieshang_cards_edited_total", "Changes to cards a platform accepted.", &self.cards_edited),
            counter("xieshang_sends_failed_total", "Attempts that surely came to nothing.", &self.not_sent),
            counter("xieshang_sends_unknown_total", "Attempts whose fate is unknown.", &self.unknown),
            counter("xieshang_sends_delayed_total", "Attempts a platform wants later (429).", &self.asked_to_wait),
            counter("xieshang_sends_refused_total", "Attempts refused for good.", &self.refused),
        ]
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn times_and_silences_are_told_as_they_were_noted() {
        let metrics = Metrics::default();
        for micros in [900, 1_000, 1_001, 999_999, 1_000_001] {
            metrics.commits.note(Duration::from_micros(micros));
        }
        let at_most = [2, 3, 3, 3, 3, 3, 3, 3, 3, 4].into_iter().zip(BOUNDS).map(|(n, bound)| (bound as f64 / 1e6, n));
        let wanted = Family::histogram("t", "T.", at_most, 5, 2.002_901);
        assert_eq!(metrics.commits.family("t", "T."), wanted);

        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1);
        let families = |metrics: &Metrics| metrics.families(&Health::default(), 7, now);
        assert!(!format!("{:?}", families(&metrics)).contains("platform\", \""), "nobody was heard yet");
        metrics.heard("telegram", now - TimeDelta::seconds(3));
        metrics.heard("telegram", now - TimeDelta::seconds(9));
        (0..100).for_each(|n| metrics.heard(&format!("p{n}"), now));
        let silence = |platform: &str| format!("(\"platform\", \"{platform}\")), value: ");
        let shown = format!("{:?}", families(&metrics));
        assert!(shown.contains(&(silence("telegram") + "3.0")), "an older word makes nothing younger: {shown}");
        assert_eq!(shown.matches("\"platform\", ").count(), PLATFORMS);
    }
}
