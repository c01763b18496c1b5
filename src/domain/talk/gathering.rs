//! 活动 — gatherings: 恳谈会, 圆桌会, 踏勘, 周末有约; 接龙 sign-up, attendance (签到) and minutes (纪要).

use crate::domain::kernel::ids::{GatheringNo, GroupId, PersonId, SeriesNo, TopicNo};
use crate::domain::kernel::place::flat_before;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::talk::headcount;
use crate::say;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
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

/// A pasted 接龙: what it says it is for, and its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// What stands above the first line; empty if nothing does.
    pub title: String,
    /// The gathering, where the list names it (活动1号).
    pub gathering: Option<GatheringNo>,
    /// Its lines.
    pub lines: Vec<SignUp>,
    /// Lines that are nobody: 待定, 占位, 我.
    pub nobody: Vec<String>,
}

impl Chain {
    /// Words that every list of people who come has.
    const COMMON: &[&str] = &[
        "报名", "接龙", "活动", "名单", "参加", "人员", "统计", "登记", "请", "大家", "本次", "今天", "明天", "周",
        "星期", "一", "二", "三", "四", "五", "六", "日", "礼拜", "天", "后天", "今晚", "明晚", "下周", "本周", "这周",
        "上午", "下午", "晚上", "中午", "早上", "月", "年", "点", "半", "时间", "地点", "开始", "截止", "踊跃", "欢迎",
        "各位", "邻居", "业主", "居民", "代表", "我们", "咱们", "参会", "到会", "出席", "与会", "人数", "情况", "名额",
        "想去", "要来", "要去", "能来", "能去", "来", "在", "下面", "下方", "写", "自己", "姓名", "填", "们", "集合",
        "小区", "地方", "准时", "现场", "的", "了", "啦", "哦", "吧", "啊", "喽", "去", "开", "会",
    ];

    /// Words of a list for something else that only mentions a gathering: 恳谈会后聚餐AA, 恳谈会改期投票, 恳谈会想提的问题, 恳谈会谁不去.
    const FOREIGN: &[&'static str] = &[
        "聚餐", "aa", "吃饭", "午餐", "晚餐", "夜宵", "投票", "表决", "团购", "拼车", "拼单", "订餐", "红包", "捐款",
        "众筹", "改期", "会后", "不", "没", "别", "谁", "问题", "反对", "取消", "上周", "照片", "纪要", "意见", "吗",
        "?", "？", "cancel",
    ];

    /// Whether its title speaks of something else than a gathering of this name does.
    fn is_foreign(&self, name: &str) -> bool {
        let (title, name) = (self.title.to_lowercase(), name.to_lowercase());
        Self::FOREIGN.iter().any(|word| title.contains(word) && !name.contains(word))
    }

    /// Whether it is about a gathering of this name, at this place: a purchase, a birthday, a petition are not ours. Whatever of its title is
    /// neither of the gathering nor of every list speaks of something else; beside the whole name one letter may be left.
    #[must_use]
    pub fn is_about(&self, name: &str, place: &str) -> bool {
        if self.is_foreign(&format!("{name} {place}")) {
            return false;
        }
        let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect::<Vec<char>>();
        let (mut title, name, place) = (letters(&self.title), letters(name), letters(place));
        // What is said in the words of the gathering.
        let mut said = vec![false; title.len()];
        for (at, pair) in title.windows(2).enumerate() {
            if name.windows(2).chain(place.windows(2)).any(|other| other == pair) {
                said.iter_mut().skip(at).take(2).for_each(|said| *said = true);
            }
        }
        // A name of one letter has no pair.
        let mut is_whole = false;
        for (at, _) in title.windows(name.len().max(1)).enumerate().filter(|(_, part)| *part == name.as_slice()) {
            is_whole = true;
            said.iter_mut().skip(at).take(name.len()).for_each(|said| *said = true);
        }
        let mut is_said = said.into_iter();
        title.retain(|_| !is_said.next().unwrap_or_default());
        let rest: String = title.into_iter().collect();
        let mut common: Vec<&str> = Self::COMMON.to_vec();
        common.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let left = letters(&common.iter().fold(rest, |rest, word| rest.replace(word, ""))).len();
        left <= usize::from(is_whole)
    }

    /// Whether its title names days, and none of them is the one it is for: 周日恳谈会, where the gathering is on a Saturday.
    #[must_use]
    pub fn is_of_another_day(&self, name: &str, on: NaiveDate, today: NaiveDate) -> bool {
        // The day in its own name is no other, unless it is that of another week.
        let is_of_a_week = ["上", "下"].iter().any(|week| self.title.contains(&format!("{week}{name}")));
        let title = if is_of_a_week { self.title.clone() } else { self.title.replace(name, " ") };
        let days = days_in(&title, today);
        !days.is_empty() && !days.iter().any(|day| day.fits(on))
    }

    /// Whether its title holds the whole name of a gathering.
    #[must_use]
    pub fn is_titled(&self, name: &str) -> bool {
        let plain = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let name = plain(name);
        !name.is_empty() && plain(&self.title).contains(&name) && !self.is_foreign(&name)
    }

    /// Whether it speaks of a gathering as we call them, where there is none.
    #[must_use]
    pub fn is_of_a_gathering(&self) -> bool {
        let ours = ["恳谈", "协商", "议事", "座谈", "踏勘", "圆桌", "听证", "有约", "活动", "meeting", "event"];
        self.is_about("", "") || ours.iter().any(|word| self.title.to_lowercase().contains(word))
    }
}

/// A day as a title of a list names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// 周六: counted from Monday, from 0.
    Weekday(u32),
    /// 下周六, 明天.
    Date(NaiveDate),
    /// 3月8日.
    Day(u32, u32),
}

impl Named {
    fn fits(self, on: NaiveDate) -> bool {
        match self {
            Self::Weekday(day) => on.weekday().num_days_from_monday() == day,
            Self::Date(date) => date == on,
            Self::Day(month, day) => (on.month(), on.day()) == (month, day),
        }
    }
}

/// The days a title names.
fn days_in(title: &str, today: NaiveDate) -> Vec<Named> {
    const AWAY: [(&str, u64); 6] = [("今天", 0), ("今晚", 0), ("明天", 1), ("明晚", 1), ("后天", 2), ("后晚", 2)];
    let away = AWAY.iter().filter(|(word, _)| title.contains(word));
    let mut found: Vec<Named> =
        away.filter_map(|(_, n)| today.checked_add_days(Days::new(*n)).map(Named::Date)).collect();
    for sign in ["周", "星期", "礼拜"] {
        for (at, _) in title.match_indices(sign) {
            let (before, after) = title.split_at_checked(at).unwrap_or((title, ""));
            let c = after.strip_prefix(sign).and_then(|rest| rest.chars().next());
            let Some(day) =
                c.and_then(|c| "一二三四五六日".chars().position(|one| one == if c == '天' { '日' } else { c }))
            else {
                continue;
            };
            let day = u32::try_from(day).unwrap_or_default();
            let monday = today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into()));
            let of_week =
                |weeks: u64| monday.and_then(|monday| monday.checked_add_days(Days::new(weeks * 7 + u64::from(day))));
            let bare = before.trim_end_matches('个');
            found.push(match of_week(1).filter(|_| bare.ends_with('下')) {
                Some(date) => Named::Date(date),
                None => Named::Weekday(day),
            });
        }
    }
    let figure = |text: &str| text.chars().rev().take_while(char::is_ascii_digit).collect::<Vec<_>>();
    for (at, _) in title.match_indices('月') {
        let (before, after) = title.split_at_checked(at).unwrap_or((title, ""));
        let month: String = figure(before).into_iter().rev().collect();
        let day: String = after.trim_start_matches('月').chars().take_while(char::is_ascii_digit).collect();
        if let (Ok(month), Ok(day)) = (month.parse(), day.parse()) {
            found.push(Named::Day(month, day));
        }
    }
    found
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
        say!("act.join", a = no, n = lines.len(), with = headcount::with(&lines), rows = Value::Lines(rows))
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

#[cfg(test)]
mod tests {
    use super::Chain;
    use chrono::NaiveDate;

    fn is_ours(title: &str, name: &str) -> bool {
        let chain = Chain { title: title.to_owned(), gathering: None, lines: Vec::new(), nobody: Vec::new() };
        // A Wednesday, and the Saturday after it.
        let date = |day| NaiveDate::from_ymd_opt(2025, 3, day).unwrap();
        chain.is_about(name, "议事室") && !chain.is_of_another_day(name, date(8), date(5))
    }

    #[test]
    fn a_title_that_speaks_of_something_else() {
        for title in [
            "周六跳舞",
            "周日恳谈会",
            "周五恳谈会",
            "下周六恳谈会",
            "明天恳谈会",
            "3月9日恳谈会",
            "不参加周六恳谈会的接龙",
            "周六恳谈会谁不去",
            "周六恳谈会想提的问题",
            "周六广场舞",
            "周六理发",
            "上周六恳谈会照片",
            "反对开周六恳谈会",
            "谁家有恳谈会的椅子",
            "恳谈会纪要谁要",
            "周六恳谈会改周日好不好",
            "二号楼恳谈会",
            "3月8日妇女节聚餐",
        ] {
            assert!(!is_ours(title, "周六恳谈会"), "{title}");
        }
        for title in [
            "",
            "周六恳谈会",
            "恳谈会",
            "周六恳谈会报名",
            "恳谈会接龙",
            "本周六恳谈会 3月8日 上午9:30 议事室",
            "周六恳谈会，请大家踊跃报名",
        ] {
            assert!(is_ours(title, "周六恳谈会"), "{title}");
        }
        assert!(
            !is_ours("入户看灯", "入户看样") && !is_ours("看样意见", "入户看样") && is_ours("周六入户看样", "入户看样")
        );
    }
}
