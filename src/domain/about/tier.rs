//! 层级、年计划 — at which level a topic is consulted on, how often each level is planned in a year, and how often it was done.

use crate::domain::history::deed::What;
use crate::domain::history::period::Span;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::form::Step;
use crate::domain::process::topic::Topic;
use crate::say;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 层级.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// 全会协商.
    Plenary,
    /// 专题议政性常委会协商.
    Standing,
    /// 界别协商.
    Sector,
    /// 微协商.
    Micro,
}

impl Tier {
    /// All, the highest first.
    pub const ALL: [Self; 4] = [Self::Plenary, Self::Standing, Self::Sector, Self::Micro];

    /// Place in [`Tier::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Plenary => "tier.plenary",
            Self::Standing => "tier.standing",
            Self::Sector => "tier.sector",
            Self::Micro => "tier.micro",
        }
    }
}

/// What happens to levels and plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 层级 of a topic.
    Set {
        /// Topic.
        topic: TopicNo,
        /// Level.
        tier: Tier,
    },
    /// 年计划 — how often each of these levels is planned in a year; the others stay.
    Planned {
        /// Year.
        year: i32,
        /// Level and times.
        times: Vec<(Tier, u32)>,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct OfTopic {
    pub(crate) topic: TopicNo,
    pub(crate) tier: Tier,
    /// What it was before, each with the moment it ceased to be so.
    pub(crate) before: Vec<(i64, Tier)>,
}

impl Entity for OfTopic {
    fn key(&self) -> Key {
        Key::new(kind::TIER).num(self.topic.0)
    }
}

/// 协商计划 of one year, by level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearPlan {
    /// Year.
    pub year: i32,
    /// Times planned, in the order of [`Tier::ALL`].
    pub times: [u32; 4],
}

impl Entity for YearPlan {
    fn key(&self) -> Key {
        plan_key(self.year)
    }
}

fn plan_key(year: i32) -> Key {
    Key::new(kind::YEAR_PLAN).num(u32::try_from(year).unwrap_or(0))
}

impl World<'_> {
    /// The level of a topic; 微协商 unless it was said otherwise.
    #[must_use]
    pub fn tier_of(&self, topic: TopicNo) -> Tier {
        self.get::<OfTopic>(&Key::new(kind::TIER).num(topic.0)).map_or(Tier::Micro, |known| known.tier)
    }

    pub(crate) fn tiers_before(&self, topic: TopicNo) -> Vec<(i64, Tier)> {
        self.get::<OfTopic>(&Key::new(kind::TIER).num(topic.0)).map_or_else(Vec::new, |known| known.before)
    }

    /// The level a topic counts under for what it came to at a moment: as it was said by the end of that month, whatever is said of it later.
    /// So days add up to the month, and a month that was told stays as it was told.
    #[must_use]
    pub fn tier_for(&self, settings: &Settings, topic: TopicNo, at: DateTime<Utc>) -> Tier {
        let moment = Span::month(settings.date(at)).window(settings).to;
        let Some(known) = self.get::<OfTopic>(&Key::new(kind::TIER).num(topic.0)) else { return Tier::Micro };
        let then = known.before.iter().find(|(until, _)| *until >= moment.timestamp_millis());
        then.map_or(known.tier, |(_, tier)| *tier)
    }

    /// The plan of a year.
    #[must_use]
    pub fn year_plan(&self, year: i32) -> Option<YearPlan> {
        self.get(&plan_key(year))
    }

    /// 微协商次数 and the others (digest.md §8): topics that entered 解单 (②恳谈) in the window, by level, in the order of
    /// [`Tier::ALL`]; only those `counts` lets through.
    pub fn held_by_tier(
        &self,
        settings: &Settings,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        counts: impl Fn(&Topic) -> bool,
    ) -> [u32; 4] {
        let mut entered: BTreeMap<TopicNo, DateTime<Utc>> = BTreeMap::new();
        self.deeds(from, to, |deed| {
            if deed.what == What::Entered(Step::Talking) {
                let is_first = |no: &TopicNo| self.first_entered(*no).get(&Step::Talking) == Some(&deed.seq);
                entered.extend(deed.topic.filter(is_first).map(|no| (no, deed.at)));
            }
        });
        let mut sums = [0; 4];
        let known = entered.into_iter().filter_map(|(no, at)| Some((self.topic(no)?, at)));
        for (topic, at) in known.filter(|(topic, _)| counts(topic)) {
            if let Some(sum) = sums.get_mut(self.tier_for(settings, topic.no, at).index()) {
                *sum += 1;
            }
        }
        sums
    }
}

/// /层级, /年计划.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// The level of a topic; without a level, which it is.
    Set {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// Level.
        tier: Option<Tier>,
    },
    /// The plan of a year; without times, plan against done.
    Plan {
        /// Year; `None` = this one.
        year: Option<i32>,
        /// Level and times.
        times: Vec<(Tier, u32)>,
    },
}

/// 【3号】现为界别协商.
#[must_use]
pub fn said(topic: &Topic, tier: Tier) -> Say {
    let tier = Value::Term(format!("{}.long", tier.term()));
    say!("level", no = topic.no, title = &topic.title, level = tier)
}

/// Plan against done, level by level.
#[must_use]
pub fn against_done(world: &World<'_>, settings: &Settings, year: i32) -> Say {
    let planned = world.year_plan(year).map_or([0; 4], |plan| plan.times);
    let first = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let at = |year| settings.moment(first(year), NaiveTime::MIN);
    let done = world.held_by_tier(settings, at(year), at(year + 1), |_| true);
    let row = |((tier, plan), done): ((Tier, u32), u32)| {
        let level = Value::Term(format!("{}.long", tier.term()));
        match plan {
            0 => say!("year.row.free", level = level, n = done),
            plan => {
                let share = Value::Percent { num: u64::from(done), den: u64::from(plan), decimals: 0 };
                say!("year.row", level = level, N = plan, n = done, share = share)
            }
        }
    };
    let rows = Tier::ALL.into_iter().zip(planned).zip(done).map(row).collect();
    say!("year", year = year.to_string(), rows = Value::Lines(rows))
}
