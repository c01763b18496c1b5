//! 活动 — gatherings: 恳谈会, 圆桌会, 踏勘, 周末有约; 接龙 sign-up, attendance (签到) and minutes (纪要).

use crate::domain::kernel::ids::{GatheringNo, GroupId, PersonId, SeriesNo, TopicNo};
use crate::domain::kernel::place::flat_before;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

/// One line of a sign-up list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpLine {
    /// Name.
    pub name: Words,
    /// Note.
    pub note: Words,
    /// The person, where it is the sender.
    pub person: Option<PersonId>,
}

impl From<SignUp> for SignUpLine {
    fn from(line: SignUp) -> Self {
        Self { name: line.name.into(), note: line.note.into(), person: None }
    }
}

/// What can be asked about one's own place in a gathering, and of one that is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 报名; whoever is on the list already changes the note.
    Join {
        /// Gathering, if written or quoted.
        gathering: Option<GatheringNo>,
        /// Note such as “2人”; empty if none.
        note: String,
    },
    /// 报名 with a name: one's own, or that of somebody else, which is asked.
    JoinAs {
        /// Gathering, if written or quoted.
        gathering: Option<GatheringNo>,
        /// The name.
        name: String,
        /// What stands beside it.
        note: String,
    },
    /// 不去.
    Leave {
        /// Gathering, if written or quoted.
        gathering: Option<GatheringNo>,
        /// Why; may be empty.
        why: String,
    },
    /// 不去 with a name: one's own, or that of somebody else, whose name is struck off by whoever may, or it is asked.
    LeaveAs {
        /// Gathering, if written or quoted.
        gathering: Option<GatheringNo>,
        /// The name.
        name: String,
        /// All that was said.
        said: String,
    },
    /// 撤回 签到 — whoever was signed in was not there, by their own word; by a number, or in reply to what told them. Of somebody else:
    /// by whoever signed them in, and by whoever may.
    NotThere {
        /// Gathering, if written or quoted.
        gathering: Option<GatheringNo>,
        /// Who was not there; `None` = the one who speaks.
        who: Option<String>,
    },
    /// 改期 — at another time, in another place, or both.
    Move {
        /// Gathering, if written or quoted.
        gathering: Option<GatheringNo>,
        /// When, where that is to change.
        to: Option<NewTime>,
        /// Where; empty = as it was.
        place: String,
    },
    /// 活动 3 — when, where, and who has signed up.
    Show {
        /// Gathering.
        gathering: GatheringNo,
    },
    /// 活动 — the gatherings of the group; in private those of one's groups.
    List {
        /// Page, from 1.
        page: u32,
    },
    /// 取消.
    CallOff {
        /// Gathering, if written or quoted.
        gathering: Option<GatheringNo>,
        /// Why; may be empty.
        why: String,
    },
}

/// When a gathering is to be instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTime {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// When it ends, where that was said.
    pub until: Option<DateTime<Utc>>,
    /// Only an hour was written: the day stays.
    pub is_hour: bool,
}

/// What else happens to gatherings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 改报名 — another note on a line of the list.
    Noted {
        /// Gathering.
        gathering: GatheringNo,
        /// Number of the line.
        n: u32,
        /// The note from now on; may be empty.
        note: Words,
    },
    /// 不去 — a line is taken off the list.
    Left {
        /// Gathering.
        gathering: GatheringNo,
        /// Number of the line.
        n: u32,
        /// Why; may be empty.
        why: Words,
        /// By their own word, or by that of whoever may: a list that is passed on does not bring it back.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        for_good: bool,
    },
    /// 不是我 — whoever was signed in by somebody else was not there: it counts nowhere any more.
    NotThere {
        /// Gathering.
        gathering: GatheringNo,
        /// Who was not there.
        person: PersonId,
        /// Who had signed them in.
        by: Option<PersonId>,
    },
    /// 改期 — sign-ups stay.
    Moved {
        /// Gathering.
        gathering: GatheringNo,
        /// When it begins now.
        at: DateTime<Utc>,
        /// When it ends now, where that was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<DateTime<Utc>>,
        /// Where now.
        place: Words,
        /// When it was to begin.
        was: DateTime<Utc>,
        /// Where it was to be.
        was_place: Words,
        /// When those who signed up are reminded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remind: Option<DateTime<Utc>>,
    },
    /// 取消 — it does not take place.
    CalledOff {
        /// Gathering.
        gathering: GatheringNo,
        /// Why; may be empty.
        why: Words,
    },
}

/// One line of a 接龙.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUp {
    /// Name.
    pub name: String,
    /// Note such as “2人”; empty if none.
    pub note: String,
    /// Whether they come.
    pub comes: Coming,
}

/// 来不来 — what stands behind a name in a list; of one name the last of these that is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Coming {
    /// Nothing, or a note: a place on the list.
    Yes,
    /// 待定, 候补: no place yet.
    Unsure,
    /// 来不了.
    No,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attendants {
    /// The speaker.
    Myself,
    /// These.
    Named(Vec<String>),
    /// 全体报名人员: who that is, the list knows.
    AllSignedUp,
}

/// 活动.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathering {
    /// Number.
    pub no: GatheringNo,
    /// Name.
    pub name: Words,
    /// When it begins.
    pub at: DateTime<Utc>,
    /// When it ends, where that was said.
    pub until: Option<DateTime<Utc>>,
    /// Where.
    pub place: Words,
    /// The topic it belongs to.
    pub topic: Option<TopicNo>,
    /// The group it was called in.
    pub group: Option<GroupId>,
    /// Who called it.
    pub by: PersonId,
    /// Number of the last line of the sign-up list given out.
    pub last_line: u32,
    /// How many attended.
    pub signed: u32,
    /// Whether minutes were filed.
    pub minutes: bool,
    /// The series it is one of.
    pub series: Option<SeriesNo>,
    /// 取消 — it does not take place; why, which may be empty.
    pub off: Option<Words>,
}

/// Sign-ups and attendants of one gathering.
pub(crate) const MAX_LINES: u32 = 500;

/// Lines of the 接龙 shown in a chat; the latest.
const MAX_ROWS: usize = 30;

impl Entity for Gathering {
    fn key(&self) -> Key {
        Key::new(kind::GATHERING).num(self.no.0)
    }
}

/// One line of the sign-up list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// Gathering.
    pub gathering: GatheringNo,
    /// Number of the line.
    pub n: u32,
    /// Name.
    pub name: Words,
    /// Note.
    pub note: Words,
    /// The person, where known.
    pub person: Option<PersonId>,
    /// Who put it on the list.
    pub by: Option<PersonId>,
    /// Who took it off for good.
    pub off: Option<PersonId>,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Joined {
    fn key(&self) -> Key {
        Key::new(kind::SIGN_UP).num(self.gathering.0).num(self.n)
    }
}

/// 签到 — somebody was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Who.
    pub person: PersonId,
    /// Who signed them in.
    pub by: Option<PersonId>,
    /// The record that says so.
    pub seq: u64,
    /// Its time.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl World<'_> {
    /// A gathering.
    #[must_use]
    pub fn gathering(&self, no: GatheringNo) -> Option<Gathering> {
        self.get(&Key::new(kind::GATHERING).num(no.0))
    }

    /// The gatherings about a topic, by number.
    #[must_use]
    pub fn gatherings_of(&self, topic: TopicNo) -> Vec<Gathering> {
        let numbers: Vec<GatheringNo> = self.list(&Key::new(kind::GATHERING_OF).num(topic.0), usize::MAX);
        numbers.into_iter().filter_map(|no| self.gathering(no)).collect()
    }

    /// A gathering is about a topic from now on, and not about another any more.
    pub(crate) fn gathering_is_of(&mut self, no: GatheringNo, topic: Option<TopicNo>, before: Option<TopicNo>) {
        let place = |topic: TopicNo| Key::new(kind::GATHERING_OF).num(topic.0).num(no.0);
        if let Some(before) = before {
            self.remove(place(before));
        }
        if let Some(topic) = topic {
            self.put_at(place(topic), &no);
        }
    }

    /// Whether a gathering about a topic is still to come.
    #[must_use]
    pub fn has_gathering_to_come(&self, topic: TopicNo, now: DateTime<Utc>) -> bool {
        self.gatherings_of(topic).iter().any(|gathering| gathering.at > now && gathering.off.is_none())
    }

    /// The gatherings about a topic that are still to come.
    #[must_use]
    pub fn gatherings_to_come(&self, topic: TopicNo, now: DateTime<Utc>) -> Vec<Gathering> {
        let mut found = Vec::new();
        self.scan(&Key::new(kind::GATHERING), |gathering: Gathering| {
            if gathering.topic == Some(topic) && gathering.at > now && gathering.off.is_none() {
                found.push(gathering);
            }
            true
        });
        found
    }

    /// Those of a series that are called and still to come.
    #[must_use]
    pub fn called_of(&self, series: SeriesNo, now: DateTime<Utc>) -> Vec<Gathering> {
        let mut found = Vec::new();
        self.scan(&Key::new(kind::GATHERING), |gathering: Gathering| {
            if gathering.series == Some(series) && gathering.at > now && gathering.off.is_none() {
                found.push(gathering);
            }
            true
        });
        found
    }

    /// The sign-up list, by line.
    #[must_use]
    pub fn sign_ups(&self, no: GatheringNo) -> Vec<Joined> {
        let mut lines = self.sign_up_lines(no);
        lines.retain(|line| line.off.is_none());
        // Whose line it is is shown as they are shown everywhere; a line in somebody's own name is not kept apart from them.
        for line in &mut lines {
            if let Some(person) = line.person.and_then(|id| self.person(id)).filter(|person| !person.enrolled) {
                line.name = person.name;
            }
        }
        lines
    }

    /// Every line there is, also those that were taken off for good.
    #[must_use]
    pub fn sign_up_lines(&self, no: GatheringNo) -> Vec<Joined> {
        self.list(&Key::new(kind::SIGN_UP).num(no.0), MAX_LINES as usize)
    }

    /// Who bears a name of a list: whoever signed up, else whoever registered is called so; a name that several bear is nobody's.
    #[must_use]
    pub fn bearer_of(&self, person: Option<PersonId>, name: &Words) -> Option<PersonId> {
        let (flat, bare) = flat_before(name.as_str());
        let known = || self.find_person(&format!("{bare}{flat}"), None).ok().flatten().map(|person| person.id);
        person.or_else(known)
    }

    /// Everybody of a list who can be written to.
    #[must_use]
    pub fn people_coming(&self, no: GatheringNo) -> Vec<PersonId> {
        let mut coming: Vec<PersonId> =
            self.sign_ups(no).iter().filter_map(|line| self.bearer_of(line.person, &line.name)).collect();
        coming.sort_unstable();
        coming.dedup();
        coming
    }

    /// The latest gathering called in a group.
    #[must_use]
    pub fn latest_gathering(&self, group: GroupId) -> Option<Gathering> {
        self.gathering(self.group(group)?.last_gathering?)
    }

    /// The gathering of a group that is going on or was held last: of those that have begun and were not called off, the one that
    /// began last.
    #[must_use]
    pub fn gathering_held(&self, group: GroupId, now: DateTime<Utc>) -> Option<Gathering> {
        let mut held: Option<Gathering> = None;
        self.scan(&Key::new(kind::GATHERING), |one: Gathering| {
            let is_held = one.group == Some(group) && one.at <= now && one.off.is_none();
            if is_held && held.as_ref().is_none_or(|before| before.at <= one.at) {
                held = Some(one);
            }
            true
        });
        held
    }

    /// The gatherings of a group that are still to come and were not called off, in the order of their numbers.
    #[must_use]
    pub fn coming_gatherings(&self, group: GroupId, now: DateTime<Utc>) -> Vec<Gathering> {
        const LOOKED_AT: usize = 500;
        let numbers = (1..=self.counters().gatherings).rev().take(LOOKED_AT).map(GatheringNo);
        let mut found: Vec<Gathering> = numbers.filter_map(|no| self.gathering(no)).collect();
        found.retain(|gathering| gathering.group == Some(group) && gathering.at > now && gathering.off.is_none());
        found.reverse();
        found
    }

    /// 代签 — the gatherings since a moment somebody was signed in at by somebody else, and by whom; the latest first.
    #[must_use]
    pub fn signed_in_by_others(&self, person: PersonId, since: DateTime<Utc>) -> Vec<(GatheringNo, PersonId)> {
        let by = |no: GatheringNo| {
            let there: Attendance = self.get(&attendance_key(no, person))?;
            there.by.filter(|by| *by != person && there.at >= since).map(|by| (no, by))
        };
        (1..=self.counters().gatherings).rev().map(GatheringNo).filter_map(by).collect()
    }

    /// Whether somebody said that they were not at a gathering.
    #[must_use]
    pub fn was_not_there(&self, no: GatheringNo, person: PersonId) -> bool {
        self.has(&not_there_key(no, person))
    }

    /// `#接龙` — the list as everybody knows it.
    #[must_use]
    pub fn chain(&self, no: GatheringNo) -> Say {
        let lines = self.sign_ups(no);
        let hidden = lines.len().saturating_sub(MAX_ROWS);
        let rows = lines
            .iter()
            .enumerate()
            .skip(hidden)
            .map(|(at, line)| {
                let note = if line.note.as_str().is_empty() { String::new() } else { format!(" {}", line.note) };
                say!("join.row", i = at + 1, who = &line.name, note = note)
            })
            .collect();
        say!("act.join", a = no, n = lines.len(), rows = Value::Lines(rows))
    }
}

/// 3月15日 星期六 9:30, until when where that was said, and the year where it is another than that of `now`, for people.
#[must_use]
pub fn sitting(settings: &Settings, now: DateTime<Utc>, at: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Value {
    let day = settings.date(at);
    let when = match until {
        None => Value::Meeting(at),
        Some(until) if settings.date(until) == day => {
            let to = until.with_timezone(&settings.tz).time();
            say!("when.sitting", from = Value::Meeting(at), to = to).into()
        }
        Some(until) => say!("when.sittings", from = Value::Meeting(at), to = Value::Meeting(until)).into(),
    };
    match day.year() == settings.date(now).year() {
        true => when,
        false => say!("when.sitting.year", y = i64::from(day.year()), when = when).into(),
    }
}

/// What stands before the number of a topic behind a place, the number, and whether it is said to be one: 议事室 1号, 议事室 议题1号.
#[must_use]
pub fn topic_behind(place: &str) -> Option<(&str, TopicNo, bool)> {
    let bare = place.trim_end_matches('】');
    let bare = bare.strip_suffix('号').unwrap_or(bare);
    let before = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let no = TopicNo(bare.get(before.len()..)?.parse().ok()?);
    let before = before.trim_end();
    let is_said = ["议题", "【", "topic", "Topic"].iter().find_map(|word| before.strip_suffix(word));
    // “东风路1号” is an address.
    let is_apart = bare.len() < place.len() && place.get(before.len()..)?.starts_with(' ');
    match is_said {
        Some(rest) => Some((rest.trim_end(), no, true)),
        None if is_apart => Some((before, no, false)),
        None => None,
    }
    .filter(|(rest, ..)| !rest.is_empty())
}

/// Key under which it is kept that somebody says they were not there.
#[must_use]
pub fn not_there_key(gathering: GatheringNo, person: PersonId) -> Key {
    Key::new(kind::NOT_THERE).num(gathering.0).num(person.0)
}

/// Key of somebody's attendance.
#[must_use]
pub fn attendance_key(gathering: GatheringNo, person: PersonId) -> Key {
    Key::new(kind::ATTENDANCE).num(gathering.0).num(person.0)
}
