//! 爱心项目 — what companies and members give, as it was said: a name, a giver, an amount and how far it is. No money passes here.

use crate::domain::kernel::ids::{CharityNo, PersonId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Projects one office can have.
pub const MAX_CHARITIES: usize = 2_000;

/// Most of one project, in yuan.
pub const MAX_YUAN: u64 = 100_000_000;

/// 状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// 筹备.
    Planned,
    /// 实施.
    Running,
    /// 完成.
    Done,
}

impl Progress {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Planned, Self::Running, Self::Done];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Planned => "charity.planned",
            Self::Running => "charity.running",
            Self::Done => "charity.done",
        }
    }
}

/// What happens to projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A project is registered.
    Registered {
        /// Number.
        charity: CharityNo,
        /// Name.
        name: Words,
        /// 出资企业或委员.
        giver: Words,
        /// In yuan.
        yuan: u64,
        /// As it was said.
        said: Words,
        /// How far it is.
        progress: Progress,
        /// The topic it came from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<TopicNo>,
    },
    /// It went on.
    Moved {
        /// Number.
        charity: CharityNo,
        /// How far it is.
        progress: Progress,
    },
}

/// 爱心项目.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charity {
    /// Number.
    pub no: CharityNo,
    /// Name.
    pub name: Words,
    /// 出资企业或委员.
    pub giver: Words,
    /// In yuan.
    pub yuan: u64,
    /// As it was said.
    pub said: Words,
    /// How far it is.
    pub progress: Progress,
    /// The topic it came from.
    pub topic: Option<TopicNo>,
    /// Who registered it.
    pub by: PersonId,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// When it came as far as it is.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub since: DateTime<Utc>,
    /// 实施、完成 — when first; none as long as it is only planned, and where it turned out to be no more than that.
    #[serde(with = "chrono::serde::ts_milliseconds_option")]
    pub carried: Option<DateTime<Utc>>,
}

impl Entity for Charity {
    fn key(&self) -> Key {
        key(self.no)
    }
}

fn key(no: CharityNo) -> Key {
    Key::new(kind::CHARITY).num(no.0)
}

/// Sums over projects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CharityFigures {
    /// Registered in the window.
    pub registered: u32,
    /// Of those, done by now.
    pub done: u32,
    /// Their amounts together, in yuan.
    pub yuan: u64,
}

impl World<'_> {
    /// A project.
    #[must_use]
    pub fn charity(&self, no: CharityNo) -> Option<Charity> {
        self.get(&key(no))
    }

    /// All projects, by number.
    #[must_use]
    pub fn charities(&self) -> Vec<Charity> {
        self.list(&Key::new(kind::CHARITY), MAX_CHARITIES)
    }

    /// The projects that came from a topic.
    #[must_use]
    pub fn charities_of(&self, topic: TopicNo) -> Vec<Charity> {
        let mut charities = self.charities();
        charities.retain(|charity| charity.topic == Some(topic));
        charities
    }

    /// Projects registered in the window, and their sum.
    #[must_use]
    pub fn charity_figures(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> CharityFigures {
        let mut sums = CharityFigures::default();
        for charity in self.charities().iter().filter(|charity| from <= charity.at && charity.at < to) {
            sums.registered += 1;
            sums.done += u32::from(charity.progress == Progress::Done);
            sums.yuan = sums.yuan.saturating_add(charity.yuan);
        }
        sums
    }
}

/// Whoever registered a project and turns out to be somebody else stays the one who did.
pub(crate) fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    for charity in world.charities().into_iter().filter(|charity| charity.by == from) {
        world.put(&Charity { by: into, ..charity });
    }
}

/// A project by its number or its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// 1.
    No(CharityNo),
    /// 助学金.
    Name(String),
}

/// /爱心项目.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Alone: the list.
    List,
    /// One of them.
    Show(Which),
    /// A new one.
    Register {
        /// Name.
        name: String,
        /// 出资企业或委员.
        giver: String,
        /// In yuan.
        yuan: u64,
        /// As it was said.
        said: String,
        /// How far it is.
        progress: Progress,
        /// The topic it came from.
        topic: Option<TopicNo>,
    },
    /// It went on.
    Move(Which, Progress),
}

/// One project, for people.
#[must_use]
pub fn card(charity: &Charity) -> Say {
    let (c, progress) = (i64::from(charity.no.0), Value::Term(charity.progress.term().to_owned()));
    let more = match (charity.progress, charity.topic) {
        (Progress::Done, Some(no)) => say!("charity.close", no = no),
        (Progress::Done, None) => say!("none"),
        (Progress::Planned | Progress::Running, _) => say!("charity.move", c = c),
    };
    let (name, giver, said) = (&charity.name, &charity.giver, &charity.said);
    say!("charity", c = c, charity = name, giver = giver, amount = said, progress = progress, more = more)
}
