//! 积压 — what platforms kept for us while we were down is taken in in its place among what came due meanwhile; and how long a platform
//! was not heard.
//!
//! A ballot said before a deadline counts, also where we heard it only after; and a paper of the day before yesterday knows nothing of
//! what was said yesterday. So while one platform's backlog is awaited, all that came due before something was said is worked through
//! first, and what was said is recorded at the moment it was said (decided, as before, by what may be done now). Where several platforms are
//! awaited there is no telling which was said first: what came due later than any of them keeps anything waits for all of them.

use super::office::Office;
use super::schedule::MOST_DUE_AT_ONCE;
use super::turn::Draft;
use crate::domain::event::Event;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::world::{Key, World};
use crate::platform::{Incoming, Receipt, Said};
use crate::state::own;
use chrono::{DateTime, Duration, Utc};

/// Polls, lights and digests that came due wait at most so long for the backlog.
const LONGEST_WAIT_MINUTES: i64 = 10;
/// The moment a platform was last heard is kept no more often than this.
const KEPT_EVERY_SECONDS: i64 = 10;
/// Not heard for longer than this, less what [`KEPT_EVERY_SECONDS`] blurs, buttons pressed meanwhile are lost (Telegram keeps a
/// press 150 s).
const LOST_AFTER_SECONDS: i64 = 140;
/// No platform keeps anything longer than a day, nor a press longer than this.
const KEPT_HOURS: i64 = 24;
const PRESS_KEPT_SECONDS: i64 = 150;

/// The platforms whose backlog is still awaited.
#[derive(Debug, Clone, Default)]
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

/// When something was said, as far as its platform tells; a press is told without a moment.
fn said_at(incoming: &Incoming, now: DateTime<Utc>) -> DateTime<Utc> {
    let told = match &incoming.said {
        Said::Text { edit: Some(edit), .. } => Some(edit.at),
        Said::Text { edit: None, .. }
        | Said::Press { .. }
        | Said::Form { .. }
        | Said::File { .. }
        | Said::Voice { .. }
        | Said::Moved { .. }
        | Said::Removed
        | Said::Welcomed { .. } => incoming.said_at,
    };
    let said = told.unwrap_or(now - Duration::seconds(PRESS_KEPT_SECONDS));
    said.clamp(now - Duration::hours(KEPT_HOURS), now)
}

impl Office {
    /// Until when what came due is worked through before anything of a batch is heard.
    pub(super) fn due_until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        if self.backlog.is_awaited(now) { now - Duration::hours(KEPT_HOURS) } else { now }
    }

    /// When something that arrives was said, where that comes before now: it is of the one backlog that is awaited.
    pub(super) fn kept_since(&self, incoming: &Incoming, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.backlog.awaited.as_slice() {
            [only] if self.backlog.is_awaited(now) => {
                let platform = incoming.from.account.split(':').next();
                (platform == Some(*only)).then(|| said_at(incoming, now))
            }
            _ => None,
        }
    }

    /// What comes due waits until these platforms have handed over what they kept, ten minutes at most.
    pub fn await_backlog(&mut self, platforms: &[&'static str], now: DateTime<Utc>) {
        // What keeps messages for us dates them, too.
        self.witnesses = platforms.to_vec();
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
        let was_awaited = self.backlog.is_awaited(now);
        self.backlog.awaited.retain(|awaited| *awaited != platform);
        if was_awaited && !self.backlog.is_awaited(now) {
            let _ = self.run_due(world, draft, now, MOST_DUE_AT_ONCE);
        }
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
