//! 时段 — weeks, months, years and whatever else figures are asked for; and when the weekly and the monthly digest fall due.
//!
//! The weekly of a group (周报) tells Monday 0:00 to Sunday 24:00, is made at that moment and sent on Monday at 8:30; the monthly
//! (月报) is made at the end of its last day and sent on the first at 9:00. Sending waits for the end of the group's quiet time. Each
//! is settled by one fact, so that it is made once.

use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::group::GroupKind;
use crate::domain::people::person::{Side, Tag};
use crate::domain::process::form::Kind;
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// 统计窗口 — from (included) to (not included).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// Included.
    pub from: DateTime<Utc>,
    /// Not included.
    pub to: DateTime<Utc>,
}

impl Window {
    /// Whether a moment lies in it.
    #[must_use]
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.to
    }
}

/// Weeks and months caught up after downtime, at most.
const MAX_BACK: usize = 3;

/// 周报, 月报.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// 周报.
    Week,
    /// 月报.
    Month,
}

impl Period {
    const ALL: [Self; 2] = [Self::Week, Self::Month];

    /// The moment from which on the one that begins on a day may be sent, quiet time aside.
    #[must_use]
    pub fn sent_from(self, settings: &Settings, first: NaiveDate) -> DateTime<Utc> {
        let last = self.around(first).last;
        settings.moment(last.succ_opt().unwrap_or(last), self.time())
    }

    /// Local time of day at which it is sent.
    fn time(self) -> NaiveTime {
        let (hour, minute) = match self {
            Self::Week => (8, 30),
            Self::Month => (9, 0),
        };
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()
    }

    /// Whether groups of a kind are told.
    fn is_for(self, kind: GroupKind) -> bool {
        match self {
            Self::Week => matches!(kind, GroupKind::Members | GroupKind::Town),
            Self::Month => kind == GroupKind::Members,
        }
    }

    /// The one a date lies in.
    #[must_use]
    pub fn around(self, date: NaiveDate) -> Span {
        match self {
            Self::Week => Span::week(date),
            Self::Month => Span::month(date),
        }
    }
}

/// What a stretch of days is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stretch {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
    /// Any days.
    Days,
}

/// Days in a row, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// What it is called.
    pub stretch: Stretch,
    /// The first.
    pub first: NaiveDate,
    /// The last.
    pub last: NaiveDate,
}

impl Span {
    /// One day.
    #[must_use]
    pub fn day(date: NaiveDate) -> Self {
        Self { stretch: Stretch::Day, first: date, last: date }
    }

    /// The week a day lies in.
    #[must_use]
    pub fn week(date: NaiveDate) -> Self {
        let back = Days::new(u64::from(date.weekday().num_days_from_monday()));
        let first = date.checked_sub_days(back).unwrap_or(date);
        Self { stretch: Stretch::Week, first, last: first.checked_add_days(Days::new(6)).unwrap_or(first) }
    }

    /// The month a day lies in.
    #[must_use]
    pub fn month(date: NaiveDate) -> Self {
        let first = date.with_day(1).unwrap_or(date);
        let next = first.checked_add_months(Months::new(1));
        Self { stretch: Stretch::Month, first, last: next.and_then(|next| next.pred_opt()).unwrap_or(first) }
    }

    /// The year a day lies in.
    #[must_use]
    pub fn year(date: NaiveDate) -> Self {
        let end = |month, day| NaiveDate::from_ymd_opt(date.year(), month, day).unwrap_or(date);
        Self { stretch: Stretch::Year, first: end(1, 1), last: end(12, 31) }
    }

    /// From one day to another.
    #[must_use]
    pub fn days(first: NaiveDate, last: NaiveDate) -> Self {
        Self { stretch: if first == last { Stretch::Day } else { Stretch::Days }, first, last }
    }

    /// From 0:00 of the first day to 24:00 of the last.
    #[must_use]
    pub fn window(&self, settings: &Settings) -> Window {
        let next = self.last.succ_opt().unwrap_or(self.last);
        Window { from: settings.moment(self.first, NaiveTime::MIN), to: settings.moment(next, NaiveTime::MIN) }
    }
}

/// A weekly or monthly digest as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Group.
    pub group: GroupId,
    /// Which of the two.
    pub period: Period,
    /// Its first day.
    pub first: NaiveDate,
    /// 第N周; which month of this group.
    pub number: u32,
    /// Its messages.
    pub parts: Vec<Words>,
}

/// How far the weekly or monthly digests of a group have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Progress {
    group: GroupId,
    period: Period,
    /// The first day of the last that is settled.
    last: NaiveDate,
    number: u32,
}

fn issues(period: Period, first: NaiveDate) -> Key {
    let day = u32::try_from(first.num_days_from_ce()).unwrap_or(0);
    Key::new(kind::PERIOD).byte(1).byte(period as u8).num(day)
}

fn progress_key(group: GroupId, period: Period) -> Key {
    Key::new(kind::PERIOD).byte(0).byte(period as u8).num(group.0)
}

impl Entity for Issue {
    fn key(&self) -> Key {
        issues(self.period, self.first).num(self.group.0)
    }
}

impl Entity for Progress {
    fn key(&self) -> Key {
        progress_key(self.group, self.period)
    }
}

impl World<'_> {
    fn progress(&self, group: GroupId, period: Period) -> Option<Progress> {
        self.get(&progress_key(group, period))
    }

    /// How many of them a group was sent.
    #[must_use]
    pub fn issues_sent(&self, group: GroupId, period: Period) -> u32 {
        self.progress(group, period).map_or(0, |progress| progress.number)
    }

    /// A weekly or monthly digest as sent.
    #[must_use]
    pub fn issue(&self, group: GroupId, period: Period, first: NaiveDate) -> Option<Issue> {
        self.get(&issues(period, first).num(group.0)).filter(|issue| self.is_still_for(group, issue))
    }

    /// Those of one week or month, by group.
    #[must_use]
    pub fn issues_of(&self, period: Period, first: NaiveDate, limit: usize) -> Vec<Issue> {
        let mut issues: Vec<Issue> = self.list(&issues(period, first), limit);
        issues.retain(|issue| self.is_still_for(issue.group, issue));
        issues
    }

    /// One is settled.
    pub(in crate::domain) fn settle_issue(&mut self, issue: &Issue) {
        let Issue { group, period, first, number, .. } = *issue;
        self.put(issue);
        self.made_for(group, issue);
        self.put(&Progress { group, period, last: first, number });
    }
}

/// A weekly or monthly digest that is due: when its window ended, whose, which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueIssue {
    /// When its window ended.
    pub at: DateTime<Utc>,
    /// Group.
    pub group: GroupId,
    /// Which of the two.
    pub period: Period,
    /// Its first day.
    pub first: NaiveDate,
}

/// The group and period whose next issue is looked for.
struct Owed<'a> {
    settings: &'a Settings,
    group: GroupId,
    period: Period,
    /// Days before it are settled or nobody's.
    begin: NaiveDate,
}

impl Owed<'_> {
    fn falls_due(&self, span: &Span) -> DateTime<Utc> {
        span.window(self.settings).to
    }

    /// The earliest that is not settled, seen from a day; what lies further back than [`MAX_BACK`] is let go.
    fn earliest(&self, today: NaiveDate) -> Option<Span> {
        let mut floor = self.period.around(today);
        for _ in 0..MAX_BACK {
            floor = self.period.around(floor.first.pred_opt()?);
        }
        Some(self.period.around(self.begin.max(floor.first)))
    }

    fn due(&self, now: DateTime<Utc>) -> Vec<DueIssue> {
        let mut found = Vec::new();
        let mut next = self.earliest(self.settings.date(now));
        while let Some((span, at)) = next.map(|span| (span, self.falls_due(&span))).filter(|(_, at)| *at <= now) {
            found.push(DueIssue { at, group: self.group, period: self.period, first: span.first });
            next = span.last.succ_opt().map(|day| self.period.around(day));
        }
        found
    }

    fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(self.falls_due(&self.earliest(self.settings.date(after))?))
    }
}

/// Visits each group and period. The first issue is the one whose window ends after the record and the group began.
fn each<T>(world: &World<'_>, settings: &Settings, mut visit: impl FnMut(&Owed<'_>) -> T) -> Vec<T> {
    let began = match world.counters().first_at {
        0 => return Vec::new(),
        at => DateTime::from_timestamp_millis(at).unwrap_or_default(),
    };
    let mut found = Vec::new();
    for group in world.groups() {
        for period in Period::ALL.into_iter().filter(|period| group.kind.is_some_and(|kind| period.is_for(kind))) {
            let first = world.digest_state(group.id).since.map_or(began, |since| since.max(began));
            let begin = match world.progress(group.id, period) {
                Some(progress) => period.around(progress.last).last.succ_opt(),
                None => Some(settings.date(first)),
            };
            let Some(begin) = begin else { continue };
            found.push(visit(&Owed { settings, group: group.id, period, begin }));
        }
    }
    found
}

/// Every weekly and monthly digest that is due and not settled, the earliest first.
#[must_use]
pub fn issues_due(world: &World<'_>, settings: &Settings, now: DateTime<Utc>) -> Vec<DueIssue> {
    let mut found: Vec<DueIssue> = each(world, settings, |owed| owed.due(now)).into_iter().flatten().collect();
    found.sort_unstable();
    found
}

/// When the next one is due: not after `now` if one is due already.
#[must_use]
pub fn next_issue(world: &World<'_>, settings: &Settings, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    each(world, settings, |owed| owed.next(now)).into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weeks_months_and_years_hold_their_days() {
        let ends = |span: Span| (span.first.to_string(), span.last.to_string());
        let want = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(ends(Span::week(day("2025-03-09"))), want("2025-03-03", "2025-03-09"));
        assert_eq!(ends(Span::week(day("2025-03-03"))), want("2025-03-03", "2025-03-09"));
        assert_eq!(ends(Span::week(day("2026-01-01"))), want("2025-12-29", "2026-01-04"));
        assert_eq!(ends(Span::month(day("2024-02-29"))), want("2024-02-01", "2024-02-29"));
        assert_eq!(ends(Span::month(day("2025-12-31"))), want("2025-12-01", "2025-12-31"));
        assert_eq!(ends(Span::year(day("2025-07-26"))), want("2025-01-01", "2025-12-31"));
        let window = Span::week(day("2025-03-05")).window(&Settings::default());
        assert_eq!(window.from.to_rfc3339(), "2025-03-02T16:00:00+00:00");
        assert_eq!(window.to.to_rfc3339(), "2025-03-09T16:00:00+00:00");
    }
}

/// What is asked for (统计).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// Which days; `None` = this year so far.
    pub span: Option<Span>,
    /// A side, if one was named.
    pub side: Option<Side>,
    /// A kind of consultation, if one was named.
    pub kind: Option<Kind>,
    /// A mark of people, if one was named.
    pub tag: Option<Tag>,
    /// A town, sector or campaign, as written; empty = none.
    pub name: String,
    /// 汇报 — sentences instead of a sheet.
    pub sentences: bool,
}
