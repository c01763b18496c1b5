//! 爱心项目 — what companies and members give, as it was said: a name, a giver, an amount and how far it is. No money passes here.

use super::event::{Event, Record};
use super::ids::{CharityNo, PersonId, TopicNo};
use super::person::Role;
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::topic::within;
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Projects one office can have.
pub const MAX_CHARITIES: usize = 2_000;
/// Longest name and giver, in characters.
const MAX_NAME: usize = 40;
/// Most of one project, in yuan.
pub const MAX_YUAN: u64 = 1_000_000_000_000;
/// Rows of a list in a chat.
const MAX_ROWS: usize = 15;
const EXAMPLE: &str = "ex.charity";

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

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, record: &Record, fact: &Fact) {
    match fact {
        Fact::Registered { charity, name, giver, yuan, said, progress, topic } => world.put(&Charity {
            no: *charity,
            name: name.clone(),
            giver: giver.clone(),
            yuan: *yuan,
            said: said.clone(),
            progress: *progress,
            topic: *topic,
            by: record.by.unwrap_or(PersonId(0)),
            at: record.at,
            since: record.at,
        }),
        Fact::Moved { charity, progress } => {
            if let Some(known) = world.charity(*charity) {
                world.put(&Charity { progress: *progress, since: record.at, ..known });
            }
        }
    }
}

/// Whoever registered a project and turns out to be somebody else stays the one who did.
pub(super) fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
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

/// What a member or a coordinator asks.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    let is_coordinator = ctx.require_role(Role::Coordinator).is_ok();
    if !is_coordinator {
        ctx.require_role(Role::Member)?;
    }
    match ask {
        Ask::List => Ok(Decision::answer(list(ctx))),
        Ask::Show(which) => Ok(Decision::answer(card(&known(ctx, which)?))),
        Ask::Move(which, progress) => {
            let charity = known(ctx, which)?;
            if !is_coordinator && charity.by != ctx.me() {
                return Err(ctx.ask(Role::Coordinator, ""));
            }
            if charity.progress == *progress {
                return Ok(Decision::answer(card(&charity)));
            }
            Ok(Decision::fact(Event::Charity(Fact::Moved { charity: charity.no, progress: *progress })))
        }
        Ask::Register { name, giver, yuan, said, progress, topic } => {
            let (name, giver) = (name.trim(), giver.trim());
            if name.is_empty() || giver.is_empty() || *yuan == 0 {
                return Err(say!("e.empty", ex = example_of(EXAMPLE)));
            }
            within(name, MAX_NAME)?;
            within(giver, MAX_NAME)?;
            if *yuan > MAX_YUAN {
                return Err(say!("e.too_far", max = MAX_YUAN));
            }
            if let Some(no) = topic {
                ctx.world.topic(*no).ok_or_else(|| say!("e.no_topic", no = *no))?;
            }
            let charities = ctx.world.charities();
            if let Some(twin) = charities.iter().find(|known| known.name.as_str() == name) {
                return Err(say!("e.charity_known", charity = &twin.name, c = i64::from(twin.no.0)));
            }
            if charities.len() >= MAX_CHARITIES {
                return Err(say!("e.too_far", max = MAX_CHARITIES));
            }
            Ok(Decision::fact(Event::Charity(Fact::Registered {
                charity: CharityNo(charities.last().map_or(0, |last| last.no.0) + 1),
                name: name.into(),
                giver: giver.into(),
                yuan: *yuan,
                said: said.as_str().into(),
                progress: *progress,
                topic: *topic,
            })))
        }
    }
}

fn known(ctx: &Ctx<'_>, which: &Which) -> Result<Charity, Say> {
    let (found, bad) = match which {
        Which::No(no) => (ctx.world.charity(*no), no.to_string()),
        Which::Name(name) => {
            let found = ctx.world.charities().into_iter().find(|charity| charity.name.as_str() == name.trim());
            (found, name.clone())
        }
    };
    found.ok_or_else(|| say!("e.no_charity", bad = Value::Quote(bad), ex = example_of(EXAMPLE)))
}

/// One project, for people.
#[must_use]
pub fn card(charity: &Charity) -> Say {
    let (c, progress) = (i64::from(charity.no.0), Value::Term(charity.progress.term().to_owned()));
    let more = match (charity.progress, charity.topic) {
        (Progress::Done, Some(no)) => say!("charity.close", no = no),
        (Progress::Done, None) => say!("none"),
        _ => say!("charity.move", c = c),
    };
    let (name, giver, said) = (&charity.name, &charity.giver, &charity.said);
    say!("charity", c = c, charity = name, giver = giver, amount = said, progress = progress, more = more)
}

fn list(ctx: &Ctx<'_>) -> Say {
    let charities = ctx.world.charities();
    if charities.is_empty() {
        return say!("charity.none", ex = example_of(EXAMPLE));
    }
    let row = |charity: &Charity| {
        let (c, progress) = (i64::from(charity.no.0), Value::Term(charity.progress.term().to_owned()));
        let (name, giver, said) = (&charity.name, &charity.giver, &charity.said);
        say!("charity.row", c = c, charity = name, giver = giver, amount = said, progress = progress)
    };
    let done = charities.iter().filter(|charity| charity.progress == Progress::Done).count();
    let yuan = charities.iter().fold(0_u64, |sum, charity| sum.saturating_add(charity.yuan));
    let rows: Vec<Say> = charities.iter().rev().take(MAX_ROWS).map(row).collect();
    say!("charity.list", n = charities.len(), done = done, sum = yuan, rows = Value::Lines(rows))
}
