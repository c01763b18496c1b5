//! 催票 — whoever has not voted yet is told once before a vote ends: a day before, or at half time of a vote that takes less than two
//! days, and not in the quiet hours. In private, where there is a private chat; the group hears a number and no names. The
//! moderator may do it by hand, once a day, or switch it off for a vote; the office may switch it off for all.

use crate::domain::kernel::ids::{PersonId, PollNo, TopicNo};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::{Key, World, kind};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// 催票 — now.
    Now(Option<TopicNo>),
    /// 开, 关 — whether it comes by itself.
    Switch(Option<TopicNo>, bool),
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// It will come by itself at a moment; `None` = it will not.
    Planned {
        /// Poll.
        poll: PollNo,
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// 催票.
    Reminded {
        /// Poll.
        poll: PollNo,
        /// Voters who have not voted and are not away.
        missing: u32,
        /// Who is told in private.
        people: Vec<PersonId>,
    },
}

/// How it stands with a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Nudge {
    /// When it comes by itself, in milliseconds since 1970; 0 = it does not.
    pub at: i64,
    /// When it was done last; 0 = never.
    pub last: i64,
}

/// Key of how it stands with a poll.
#[must_use]
pub fn key_of(poll: PollNo) -> Key {
    Key::new(kind::NUDGE).num(poll.0)
}

/// Key of a person who was told in private.
#[must_use]
pub fn told_key(poll: PollNo, person: PersonId) -> Key {
    Key::new(kind::NUDGED).num(poll.0).num(person.0)
}

impl World<'_> {
    /// How it stands with a poll.
    #[must_use]
    pub fn nudge(&self, poll: PollNo) -> Nudge {
        self.get(&key_of(poll)).unwrap_or_default()
    }

    /// When a poll's reminder comes by itself.
    #[must_use]
    pub fn nudge_due(&self, poll: PollNo) -> Option<DateTime<Utc>> {
        Some(self.nudge(poll).at).filter(|&at| at != 0).and_then(DateTime::from_timestamp_millis)
    }
}

/// A day before the end, or at half time; after the quiet hours, and never after the end.
#[must_use]
pub fn moment(settings: &Settings, opened: DateTime<Utc>, ends: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let length = ends - opened;
    let at = if length >= Duration::days(2) { ends - Duration::days(1) } else { opened + length / 2 };
    // A whole second, as every moment that is written down.
    let at = DateTime::from_timestamp(at.timestamp(), 0)?;
    Some(settings.after_quiet(settings.quiet, at)).filter(|at| *at < ends)
}

#[cfg(test)]
mod tests {
    use crate::domain::kernel::settings::Settings;
    use crate::domain::vote::nudge::moment;
    use chrono::{DateTime, Utc};

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("2025-03-{text}:00+08:00")).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn a_day_before_or_at_half_time_and_never_at_night() {
        let settings = Settings::default();
        // opened, ends, reminded
        let table = [
            ("03T08:00", "10T20:00", Some("09T20:00")),
            // two days are long enough, a minute less is not
            ("03T08:00", "05T08:00", Some("04T08:00")),
            ("03T08:00", "05T07:58", Some("04T07:59")),
            ("03T08:00", "03T12:00", Some("03T10:00")),
            // in the quiet hours: after them
            ("03T08:00", "10T23:00", Some("10T07:30")),
            ("03T20:00", "04T08:00", Some("04T07:30")),
            // nothing is left of the vote then
            ("03T20:00", "04T07:00", None),
        ];
        for (opened, ends, wanted) in table {
            assert_eq!(moment(&settings, at(opened), at(ends)), wanted.map(at), "{opened} {ends}");
        }
    }
}
