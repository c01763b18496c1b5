//! 积压 — what platforms kept for us while we were down is taken in before anything that came due meanwhile is closed; and how long
//! a platform was not heard.

use super::office::Office;
use super::turn::Draft;
use crate::domain::event::{Event, Way};
use crate::domain::world::{Key, World};
use crate::platform::Receipt;
use crate::state::own;
use chrono::{DateTime, Duration, Utc};

/// Polls, lights and digests that came due wait at most so long for the backlog.
const LONGEST_WAIT_MINUTES: i64 = 10;
/// The moment a platform was last heard is kept no more often than this.
const KEPT_EVERY_SECONDS: i64 = 10;
/// Not heard for longer than this, less what [`KEPT_EVERY_SECONDS`] blurs, buttons pressed meanwhile are lost (Telegram keeps a
/// press 150 s).
const LOST_AFTER_SECONDS: i64 = 140;

/// The platforms whose backlog is still awaited.
#[derive(Debug, Default)]
pub struct Backlog {
    awaited: Vec<&'static str>,
    until: Option<DateTime<Utc>>,
}

impl Backlog {
    /// Whether what came due has to wait.
    #[must_use]
    pub fn is_awaited(&self, now: DateTime<Utc>) -> bool {
        !self.awaited.is_empty() && self.until.is_some_and(|until| now < until)
    }
}

impl Office {
    /// What comes due waits until these platforms have handed over what they kept, ten minutes at most.
    pub fn await_backlog(&mut self, platforms: &[&'static str], now: DateTime<Utc>) {
        self.backlog =
            Backlog { awaited: platforms.to_vec(), until: Some(now + Duration::minutes(LONGEST_WAIT_MINUTES)) };
    }

    /// A platform has handed over everything. If it was not heard for long, that is a fact, and is told where it matters.
    pub(super) fn caught_up(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        platform: &'static str,
        now: DateTime<Utc>,
    ) -> Receipt {
        self.backlog.awaited.retain(|awaited| *awaited != platform);
        let key = Key::new(own::HEARD).text(platform);
        let last = world.get::<i64>(&key).and_then(DateTime::from_timestamp_millis);
        let silence = last.map_or(Duration::zero(), |last| now - last);
        if silence >= Duration::seconds(LOST_AFTER_SECONDS)
            && let Some(from) = last
        {
            tracing::warn!(platform, seconds = silence.num_seconds(), "the platform was not heard for a while");
            let outage = Event::Outage { platform: platform.to_owned(), from, until: now };
            let record = self.record(Way::Platform, None, None, now, vec![outage], draft.records.len());
            self.settle(world, draft, record, false, None);
        }
        if last.is_none() || silence >= Duration::seconds(KEPT_EVERY_SECONDS) {
            world.put_at(key, &now.timestamp_millis());
        }
        Receipt::default()
    }
}
