//! Which group is owed the digest of which local date, when it is made, and when a paper that was made may be sent.
//!
//! T is the group's time of day (日报时刻). The digest of a local date covers the previous date's T (included) to this date's T (not
//! included) and is made at T, from the world as it is then; its sending waits for the end of quiet time (免打扰). There is one for each
//! local date that exists: clocks that skip or repeat an hour neither drop nor double it, and a date that the date line
//! swallowed has none. A T that the clocks skip is the first moment after the gap; one that comes twice is the first.

use crate::domain::history::period::{DueIssue, Window, issues_due};
use crate::domain::history::sent::DigestState;
use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use crate::domain::people::group::Group;
use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc};

/// Days caught up after downtime, at most.
pub const MAX_BACK: u64 = 31;

/// Sent later than this after it fell due, a digest is marked 补发. Retries after 1, 5 and 15 minutes are not late.
const GRACE_MINUTES: i64 = 30;

/// Whether any moment has this local date.
#[must_use]
pub fn exists(settings: &Settings, date: NaiveDate) -> bool {
    let midnight = date.and_time(NaiveTime::MIN);
    (0..96).any(|quarter| {
        settings.tz.from_local_datetime(&(midnight + Duration::minutes(15 * quarter))).earliest().is_some()
    })
}

fn neighbour(settings: &Settings, date: NaiveDate, step: impl Fn(NaiveDate) -> Option<NaiveDate>) -> Option<NaiveDate> {
    let mut next = step(date)?;
    while !exists(settings, next) {
        next = step(next)?;
    }
    Some(next)
}

/// The local date before this one.
#[must_use]
pub fn day_before(settings: &Settings, date: NaiveDate) -> Option<NaiveDate> {
    neighbour(settings, date, |date| date.pred_opt())
}

/// The local date after this one.
#[must_use]
pub fn day_after(settings: &Settings, date: NaiveDate) -> Option<NaiveDate> {
    neighbour(settings, date, |date| date.succ_opt())
}

/// The window of a group's digest; `None` for a date that does not exist.
#[must_use]
pub fn window(settings: &Settings, group: &Group, date: NaiveDate) -> Option<Window> {
    if !exists(settings, date) {
        return None;
    }
    let from = settings.moment(day_before(settings, date)?, group.digest_at);
    Some(Window { from, to: settings.moment(date, group.digest_at) })
}

/// The window of a preview (预览): from the latest T to this moment, with the local date.
#[must_use]
pub fn window_until(settings: &Settings, group: &Group, now: DateTime<Utc>) -> Option<(NaiveDate, Window)> {
    let today = settings.date(now);
    let mut from = settings.moment(today, group.digest_at);
    if from >= now {
        from = settings.moment(day_before(settings, today)?, group.digest_at);
    }
    Some((today, Window { from, to: now }))
}

/// Whether a paper whose sending fell due then and that is made or sent only now is 补发.
#[must_use]
pub fn is_late(fell_due: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - fell_due > Duration::minutes(GRACE_MINUTES)
}

/// When a paper that may go from a moment on is sent to a group with this quiet time: not after `now` if it may go now.
#[must_use]
pub fn sent_at(
    settings: &Settings,
    quiet: (NaiveTime, NaiveTime),
    from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let at = settings.after_quiet(quiet, from);
    if at > now || !settings.is_quiet(quiet, now) {
        return at;
    }
    let end = settings.after_quiet(quiet, now);
    // Clocks set back into the quiet time: look again a little later.
    if end > now { end } else { now + Duration::minutes(10) }
}

/// A paper whose window has ended and that is not settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// 日报 — when its window ended, whose, of which date.
    Digest(DateTime<Utc>, GroupId, NaiveDate),
    /// 周报, 月报.
    Issue(DueIssue),
}

impl Edition {
    /// When its window ended.
    #[must_use]
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            Self::Digest(at, ..) => *at,
            Self::Issue(issue) => issue.at,
        }
    }
}

/// Every paper whose window has ended and that is not settled, the earliest end first; at one end the digests before the weekly
/// and monthly ones, each by group.
#[must_use]
pub fn papers_due(world: &World<'_>, settings: &Settings, now: DateTime<Utc>) -> Vec<Edition> {
    let digests = all_due(world, settings, now).into_iter().map(|(at, group, date)| Edition::Digest(at, group, date));
    let mut found: Vec<Edition> =
        digests.chain(issues_due(world, settings, now).into_iter().map(Edition::Issue)).collect();
    found.sort_by_key(Edition::at);
    found
}

/// One group and its unsettled days.
struct Owed<'a> {
    settings: &'a Settings,
    group: Group,
    state: DigestState,
    first: DateTime<Utc>,
}

impl Owed<'_> {
    /// The earliest day that is not settled, seen from a local date.
    fn earliest(&self, today: NaiveDate) -> Option<NaiveDate> {
        let floor = today.checked_sub_days(Days::new(MAX_BACK))?;
        let begin = self.settings.date(self.first).pred_opt()?;
        let mut date = self.state.last.map_or(begin, |last| last.max(begin)).max(floor.pred_opt()?);
        loop {
            date = day_after(self.settings, date)?;
            if self.settings.moment(date, self.group.digest_at) > self.first {
                return Some(date);
            }
        }
    }

    /// When the window of a date ends, and its digest is made.
    fn falls_due(&self, date: NaiveDate) -> DateTime<Utc> {
        self.settings.moment(date, self.group.digest_at)
    }

    /// Everything that is due and not settled, the earliest day first.
    fn due(&self, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, GroupId, NaiveDate)> {
        let mut found = Vec::new();
        let mut date = self.earliest(self.settings.date(now));
        while let Some((day, at)) = date.map(|day| (day, self.falls_due(day))).filter(|(_, at)| *at <= now) {
            found.push((at, self.group.id, day));
            date = day_after(self.settings, day);
        }
        found
    }

    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(self.falls_due(self.earliest(self.settings.date(after))?))
    }
}

fn owed<'a>(world: &World<'_>, settings: &'a Settings) -> Vec<Owed<'a>> {
    let began = match world.counters().first_at {
        0 => return Vec::new(),
        at => DateTime::from_timestamp_millis(at).unwrap_or_default(),
    };
    let registered = world.groups().into_iter().filter(|group| group.kind.is_some());
    registered
        .map(|group| {
            let state = world.digest_state(group.id);
            let first = state.since.map_or(began, |since| since.max(began));
            Owed { settings, group, state, first }
        })
        .collect()
}

/// Every digest that is due and not settled: when it fell due, the group, the local date; in that order, so that the days of
/// a group follow one another. One [`Desk`](super::Desk) serves them all.
#[must_use]
pub fn all_due(world: &World<'_>, settings: &Settings, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, GroupId, NaiveDate)> {
    let mut found: Vec<_> = owed(world, settings).iter().flat_map(|owed| owed.due(now)).collect();
    found.sort_unstable();
    found
}

/// The digest that is due first and not settled.
#[must_use]
pub fn due(world: &World<'_>, settings: &Settings, now: DateTime<Utc>) -> Option<(DateTime<Utc>, GroupId, NaiveDate)> {
    all_due(world, settings, now).into_iter().next()
}

/// The next moment at which a digest is due: not after `now` if one is due already and not settled.
#[must_use]
pub fn next_due(world: &World<'_>, settings: &Settings, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    owed(world, settings).iter().filter_map(|owed| owed.next(now)).min()
}
