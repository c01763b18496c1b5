//! The scene of one turn: who speaks, where, when, to what; the settings of the office; and what a decision looks like.

use super::command::Mark;
use super::event::{Event, Way};
use super::ids::{GroupId, PersonId, StationId, TopicNo};
use super::person::Person;
use super::say::Say;
use super::world::World;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// 规则参数 — what the office sets in its configuration. `evolve` never sees them: facts carry what was decided.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Name of the committee, heads every digest.
    pub name: String,
    /// Time zone of all dates.
    pub tz: Tz,
    /// Public address without a slash at its end; `None` = no link is printed.
    pub public_url: Option<String>,
    /// `zh` or `en` until a group sets its own.
    pub language: String,
    /// Local time of day of the digest until a group sets its own.
    pub digest_at: NaiveTime,
    /// Quiet from and to until a group sets its own (免打扰).
    pub quiet: (NaiveTime, NaiveTime),
    /// Seconds at which the coordinators are told (附议提醒门槛).
    pub hot_seconds: u32,
    /// Mandates one trustee may hold in a vote (委托).
    pub mandates: u32,
    /// Whether those who have not voted are reminded before the end (催票).
    pub remind: bool,
    /// Whether whoever asked for something is told in private when it moves.
    pub tell_proposers: bool,
    /// Words that belong to petitions and courts (拦截词, commands.md §9.15).
    pub turned_away: Vec<String>,
    /// Accounts that are administrators from the start.
    pub admins: Vec<String>,
    /// 节假日 — a term that ends on one of these days ends on the next that is not (Civil Code art. 203).
    pub holidays: BTreeSet<NaiveDate>,
    /// 分类 — what topics are about, with the sectors and departments that may be of use.
    pub categories: Vec<super::category::Category>,
    /// Whether the groups of those sectors are told of a new request.
    pub tell_sectors: bool,
    /// 积分 — whether points are counted and shown, to oneself and to coordinators.
    pub points: bool,
    /// What stands before an invitation code in a link, e.g. `https://t.me/NAME?start=`; `None` = no link is printed.
    pub invite_url: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let at = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap_or_default();
        Self {
            name: "有事好商量".to_owned(),
            tz: chrono_tz::Asia::Shanghai,
            public_url: None,
            language: "zh".to_owned(),
            digest_at: at(20, 0),
            quiet: (at(22, 0), at(7, 30)),
            hot_seconds: 10,
            mandates: 2,
            remind: true,
            tell_proposers: true,
            turned_away: TURNED_AWAY.iter().map(|&word| word.to_owned()).collect(),
            admins: Vec::new(),
            holidays: BTreeSet::new(),
            categories: super::category::Category::defaults(),
            tell_sectors: true,
            points: false,
            invite_url: None,
        }
    }
}

const TURNED_AWAY: [&str; 11] =
    ["举报", "检举", "控告", "贪污", "受贿", "信访", "上访", "起诉", "诉讼", "打官司", "仲裁"];

impl Settings {
    /// The local date of a moment.
    #[must_use]
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.tz).date_naive()
    }

    /// The moment of a local date and time of day. Where clocks skip it, the first moment after the gap; where it comes twice, the first.
    #[must_use]
    pub fn moment(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let naive = date.and_time(time);
        for minutes in 0..=180 {
            let shifted = naive + chrono::Duration::minutes(minutes);
            if let Some(local) = self.tz.from_local_datetime(&shifted).earliest() {
                return local.with_timezone(&Utc);
            }
        }
        naive.and_utc()
    }

    /// The last day of a term of so many days: the day it begins on does not count (Civil Code art. 201).
    #[must_use]
    pub fn last_day(&self, from: NaiveDate, days: u32) -> NaiveDate {
        let mut last = from.checked_add_days(chrono::Days::new(u64::from(days))).unwrap_or(from);
        while self.holidays.contains(&last) {
            last = last.succ_opt().unwrap_or(last);
        }
        last
    }

    /// Whether a moment lies in a quiet time of day; `from` = `to` means never.
    #[must_use]
    pub fn is_quiet(&self, quiet: (NaiveTime, NaiveTime), at: DateTime<Utc>) -> bool {
        let time = at.with_timezone(&self.tz).time();
        let (from, to) = quiet;
        if from <= to { from <= time && time < to } else { time >= from || time < to }
    }

    /// The moment itself, or the end of the quiet time it lies in.
    #[must_use]
    pub fn after_quiet(&self, quiet: (NaiveTime, NaiveTime), at: DateTime<Utc>) -> DateTime<Utc> {
        if !self.is_quiet(quiet, at) {
            return at;
        }
        let local = at.with_timezone(&self.tz);
        let today = local.date_naive();
        let date = if local.time() < quiet.1 { today } else { today.succ_opt().unwrap_or(today) };
        self.moment(date, quiet.1)
    }
}

/// 所在 — where a turn happens, by our own numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a group.
    Group(GroupId),
    /// In private.
    Private,
    /// On a page.
    Page {
        /// The station whose code was scanned.
        station: Option<StationId>,
        /// The topic whose code was scanned.
        topic: Option<TopicNo>,
    },
}

/// 账号 — what the platform tells of the account that speaks. Only the address is to be relied on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// Account, with its platform.
    pub account: String,
    /// Name the platform shows.
    pub shown: String,
    /// Address of the private chat, empty if the platform has none.
    pub private_chat: String,
}

/// One turn, as `decide` sees it.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Now, by our clock.
    pub now: DateTime<Utc>,
    /// When the platform says it was said; presses carry no time.
    pub said_at: Option<DateTime<Utc>>,
    /// Who speaks.
    pub who: Person,
    /// Where.
    pub place: Place,
    /// How it came.
    pub way: Way,
    /// What the quoted message of the bot is about.
    pub reply: Option<Mark>,
    /// Whether telephone or identity numbers were masked in the text.
    pub masked: bool,
    /// The account it comes from.
    pub caller: Caller,
    /// Chance, for what must not be guessed; `None` where there is none to be had.
    pub dice: Option<[u8; 16]>,
}

/// What `decide` has to go by.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    /// The world, including the turns before this one.
    pub world: &'a World<'a>,
    /// Settings of the office.
    pub settings: &'a Settings,
    /// The turn.
    pub scene: &'a Scene,
}

impl Ctx<'_> {
    /// Who speaks.
    #[must_use]
    pub fn me(&self) -> PersonId {
        self.scene.who.id
    }

    /// The group it is said in.
    #[must_use]
    pub fn group(&self) -> Option<GroupId> {
        match self.scene.place {
            Place::Group(group) => Some(group),
            Place::Private | Place::Page { .. } => None,
        }
    }
}

/// 决定 — what follows from a turn: facts for the record, or an answer that changes nothing, or both, or silence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// What has happened.
    pub facts: Vec<Event>,
    /// What is answered besides what the facts announce.
    pub answer: Vec<Say>,
}

impl Decision {
    /// Nothing is said and nothing happens.
    #[must_use]
    pub fn silent() -> Self {
        Self::default()
    }

    /// One fact.
    #[must_use]
    pub fn fact(event: Event) -> Self {
        Self { facts: vec![event], answer: Vec::new() }
    }

    /// Several facts.
    #[must_use]
    pub fn facts(facts: Vec<Event>) -> Self {
        Self { facts, answer: Vec::new() }
    }

    /// An answer that changes nothing.
    #[must_use]
    pub fn answer(say: Say) -> Self {
        Self { facts: Vec::new(), answer: vec![say] }
    }
}

/// A decision, or the sentence that says what is missing and what to type next (拒绝). A refusal changes nothing.
pub type Decided = Result<Decision, Say>;
