//! 发起 — how a poll begins: at once, or at an announced hour (几时开始); and how it ends before its time (作废).

use crate::domain::kernel::ids::{GroupId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::form::Step;
use crate::domain::process::topic::Topic;
use crate::domain::vote::poll::Rule;
use crate::domain::vote::poll::terms::{Method, Terms};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// 发起 as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Counting rule; 摸底 where there are options.
    pub rule: Rule,
    /// How options are marked; `None` = 赞成, 反对, 弃权.
    pub method: Option<Method>,
    /// When it closes.
    pub ends: DateTime<Utc>,
    /// When it opens; `None` = at once.
    pub opens: Option<DateTime<Utc>>,
    /// The question.
    pub title: String,
    /// The options.
    pub options: Vec<String>,
    /// 不记名.
    pub secret: bool,
    /// 反对须说理由.
    pub reasons: bool,
    /// 投完即止.
    pub until_all: bool,
}

/// 预定 — a poll that will open at its hour. One a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Topic.
    pub topic: TopicNo,
    /// Counting rule.
    pub rule: Rule,
    /// The question.
    pub title: Words,
    /// What it has beside its rule.
    pub terms: Terms,
    /// When it opens.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub opens: DateTime<Utc>,
    /// When it closes.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub ends: DateTime<Utc>,
    /// Where it was announced, and will be opened.
    pub group: Option<GroupId>,
    /// 正式表决, of this round of the topic; `None` = while people talk.
    pub formal: Option<u32>,
}

impl Entity for Plan {
    fn key(&self) -> Key {
        plan_key(self.topic)
    }
}

/// Key of the plan of a topic.
#[must_use]
pub fn plan_key(topic: TopicNo) -> Key {
    Key::new(kind::POLL_PLAN).num(topic.0)
}

/// Why a poll did not open at its hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// We were down until its end had passed.
    Late,
    /// The topic is elsewhere by now, or does not go on.
    Step,
    /// Its roll is empty.
    Roll,
    /// The topic rests.
    Paused,
    /// Too little was left of it outside the quiet hours of its groups for anybody to hear of it.
    Unheard,
}

impl Missed {
    /// All.
    pub const ALL: [Self; 5] = [Self::Late, Self::Step, Self::Roll, Self::Paused, Self::Unheard];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Late => "missed.late",
            Self::Step => "missed.step",
            Self::Roll => "missed.roll",
            Self::Paused => "missed.paused",
            Self::Unheard => "missed.unheard",
        }
    }
}

impl World<'_> {
    /// The poll that will open on a topic.
    #[must_use]
    pub fn poll_plan(&self, topic: TopicNo) -> Option<Plan> {
        self.get(&plan_key(topic))
    }
}

impl Frame {
    /// A poll of yes and no that opens at once.
    #[must_use]
    pub fn plain(rule: Rule, ends: DateTime<Utc>, title: &str) -> Self {
        let title = title.to_owned();
        let (method, opens, options) = (None, None, Vec::new());
        Self { rule, method, ends, opens, title, options, secret: false, reasons: false, until_all: false }
    }

    pub(crate) fn terms(&self) -> Terms {
        let options = self.options.iter().map(|text| text.trim().into()).collect();
        let Self { method, secret, reasons, until_all, .. } = *self;
        Terms { method, options, secret, reasons, until_all }
    }
}

/// Which round of a topic a vote opened now would decide; `None` where it decides nothing.
#[must_use]
pub fn formal_round(topic: &Topic) -> Option<u32> {
    (topic.step == Step::Voting).then_some(topic.round)
}
