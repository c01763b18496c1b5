//! 专题 — topics and briefs that serve one purpose (“紧扣夜间安全开展微协商”): a tag with a first day, and a last one if there is any.
//! 中心工作, 老困难 and 新问题 are such tags.

use crate::domain::kernel::ids::{BriefNo, CampaignNo, PersonId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::person::Role;
use crate::domain::process::form::Step;
use crate::domain::process::guest::Speaker;
use crate::domain::process::topic;
use crate::domain::process::topic::{Halt, standing};
use crate::domain::talk::suggestion::Suggestion;
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Campaigns one office can have.
pub const MAX_CAMPAIGNS: usize = 200;

/// Topics and briefs of one campaign.
pub const MAX_ITEMS: usize = 500;

/// Something a campaign is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// A topic.
    Topic(TopicNo),
    /// A brief.
    Brief(BriefNo),
}

impl Item {
    pub(crate) fn key(self, campaign: CampaignNo) -> Key {
        let prefix = Key::new(kind::CAMPAIGN_ITEM).num(campaign.0);
        match self {
            Self::Topic(no) => prefix.byte(0).num(no.0),
            Self::Brief(no) => prefix.byte(1).num(no.0),
        }
    }
}

/// What happens to campaigns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A campaign begins, or its last day is said.
    Set {
        /// Number.
        campaign: CampaignNo,
        /// Name.
        name: Words,
        /// First day.
        from: NaiveDate,
        /// Last day, if there is one.
        last: Option<NaiveDate>,
    },
    /// Topics and briefs are put into it.
    Filled {
        /// Campaign.
        campaign: CampaignNo,
        /// What.
        items: Vec<Item>,
    },
    /// Topics and briefs are taken out of it.
    Emptied {
        /// Campaign.
        campaign: CampaignNo,
        /// What.
        items: Vec<Item>,
    },
}

/// 专题.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Number.
    pub no: CampaignNo,
    /// Name.
    pub name: Words,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub last: Option<NaiveDate>,
    /// When it was begun.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Campaign {
    fn key(&self) -> Key {
        Key::new(kind::CAMPAIGN).num(self.no.0)
    }
}

/// 人数和条数 of a campaign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CampaignFigures {
    /// Topics in it that stand.
    pub topics: u32,
    /// Of those, closed.
    pub closed: u32,
    /// Briefs in it that stand.
    pub briefs: u32,
    /// Different people: who asked, took up, seconded, spoke, liked or reported.
    pub people: u32,
    /// Of those, members.
    pub members: u32,
    /// 建言 — suggestions and replies that stand, and the briefs.
    pub lines: u32,
}

impl World<'_> {
    /// All campaigns, by number.
    #[must_use]
    pub fn campaigns(&self) -> Vec<Campaign> {
        self.list(&Key::new(kind::CAMPAIGN), MAX_CAMPAIGNS)
    }

    /// A campaign by name.
    #[must_use]
    pub fn campaign_named(&self, name: &str) -> Option<Campaign> {
        self.campaigns().into_iter().find(|campaign| campaign.name.as_str() == name)
    }

    /// What a campaign is made of: topics first, by number.
    #[must_use]
    pub fn campaign_items(&self, campaign: CampaignNo) -> Vec<Item> {
        self.list(&Key::new(kind::CAMPAIGN_ITEM).num(campaign.0), MAX_ITEMS)
    }

    /// What counts in a campaign: what it is made of, and whatever that goes on as (并案), each once.
    #[must_use]
    pub fn campaign_whole(&self, campaign: CampaignNo) -> BTreeSet<Item> {
        let mut whole = BTreeSet::new();
        for item in self.campaign_items(campaign) {
            if let Item::Topic(no) = item {
                whole.extend(self.goes_on_as(no).into_iter().map(Item::Topic));
            }
            whole.insert(item);
        }
        whole
    }

    /// The topics of a campaign that stand.
    #[must_use]
    pub fn campaign_topics(&self, campaign: CampaignNo) -> BTreeSet<TopicNo> {
        let items = self.campaign_whole(campaign).into_iter();
        let topics = items.filter_map(|item| match item {
            Item::Topic(no) => Some(no),
            Item::Brief(_) => None,
        });
        topics.filter(|no| self.topic(*no).is_some()).collect()
    }

    /// The campaigns a topic belongs to, by itself or by what goes on as it.
    #[must_use]
    pub fn campaigns_of(&self, topic: TopicNo) -> Vec<Campaign> {
        let mut campaigns = self.campaigns();
        let whole = self.whole_of(topic);
        campaigns.retain(|campaign| whole.iter().any(|no| self.has(&Item::Topic(*no).key(campaign.no))));
        campaigns
    }

    /// Everybody who asked, took up, seconded, spoke on a topic or liked what was said there.
    fn people_on(&self, topic: &topic::Topic, people: &mut BTreeSet<PersonId>) {
        people.insert(topic.proposer);
        people.extend(topic.lead);
        people.extend(self.present(topic).into_iter().map(|(person, _)| person));
        self.scan(&Key::new(kind::SPEAKER).num(topic.no.0), |speaker: Speaker| {
            people.insert(speaker.person);
            true
        });
        people.extend(self.seconders(topic));
        self.scan(&Key::new(kind::LIKE).num(topic.no.0), |person: PersonId| {
            people.insert(person);
            true
        });
    }

    /// 人数和条数.
    #[must_use]
    pub fn campaign_figures(&self, campaign: CampaignNo) -> CampaignFigures {
        let (mut sums, mut people) = (CampaignFigures::default(), BTreeSet::new());
        for item in self.campaign_whole(campaign) {
            match item {
                Item::Topic(no) => {
                    let Some(topic) = self.topic(no) else { continue };
                    sums.topics += u32::from(!matches!(topic.halt, Some(Halt::Merged(_))));
                    sums.closed += u32::from(topic.step == Step::Closed);
                    sums.lines += topic.suggestions + topic.replies;
                    self.suggestions(no, |suggestion: Suggestion| {
                        people.insert(suggestion.author);
                    });
                    self.people_on(&topic, &mut people);
                }
                Item::Brief(no) => {
                    let Some(brief) = self.brief(no) else { continue };
                    sums.briefs += 1;
                    sums.lines += 1;
                    people.insert(brief.by);
                }
            }
        }
        let is_member = |person: &&PersonId| self.person(**person).is_some_and(|person| person.holds(Role::Member));
        sums.members = u32::try_from(people.iter().filter(is_member).count()).unwrap_or(u32::MAX);
        sums.people = u32::try_from(people.len()).unwrap_or(u32::MAX);
        sums
    }
}

/// /专题.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Alone: the list.
    List,
    /// With a name alone: its figures.
    Show(String),
    /// With numbers, or a last day.
    Set {
        /// Name.
        name: String,
        /// What is put into it, or taken out.
        items: Vec<Item>,
        /// Taken out instead.
        out: bool,
        /// Last day.
        last: Option<NaiveDate>,
    },
}

/// 专题“夜间安全” with its figures.
#[must_use]
pub fn card(world: &World<'_>, campaign: &Campaign) -> Say {
    let sums = world.campaign_figures(campaign.no);
    let topics: Vec<TopicNo> = world.campaign_topics(campaign.no).into_iter().collect();
    let rows = topics.iter().filter_map(|no| world.topic(*no));
    let rows = rows.map(|topic| say!("list.row", no = topic.no, title = &topic.title, state = standing(&topic)));
    let until = match campaign.last {
        Some(last) => say!("campaign.until", d1 = campaign.from, d2 = last),
        None => say!("campaign.since", d1 = campaign.from),
    };
    let rows: Vec<Say> = rows.collect();
    let (t, b, done) = (sums.topics, sums.briefs, sums.closed);
    let (people, members, lines) = (sums.people, sums.members, sums.lines);
    let name = &campaign.name;
    let rows = if rows.is_empty() { say!("campaign.empty").into() } else { Value::Lines(rows) };
    say!(
        "campaign",
        campaign = name,
        until = until,
        t = t,
        n = b,
        done = done,
        people = people,
        members = members,
        lines = lines,
        rows = rows
    )
}
