//! 专题 — topics and briefs that serve one purpose (“紧扣夜间安全开展微协商”): a tag with a first day, and a last one if there is any.
//! 中心工作, 老困难 and 新问题 are such tags.

use super::brief::Brief;
use super::event::Event;
use super::ids::{BriefNo, CampaignNo, PersonId, TopicNo};
use super::person::Role;
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::suggestion::Suggestion;
use super::topic::{Speaker, Step, within};
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Campaigns one office can have.
pub const MAX_CAMPAIGNS: usize = 200;
/// Topics and briefs of one campaign.
pub const MAX_ITEMS: usize = 500;
/// Longest name, in characters.
const MAX_NAME: usize = 20;
/// Rows of a list in a chat.
const MAX_ROWS: usize = 10;
const EXAMPLE: &str = "ex.campaign";

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
    fn key(self, campaign: CampaignNo) -> Key {
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

    /// The topics of a campaign that stand.
    #[must_use]
    pub fn campaign_topics(&self, campaign: CampaignNo) -> BTreeSet<TopicNo> {
        let items = self.campaign_items(campaign).into_iter();
        let topics = items.filter_map(|item| match item {
            Item::Topic(no) => Some(no),
            Item::Brief(_) => None,
        });
        topics.filter(|no| self.topic(*no).is_some()).collect()
    }

    /// The campaigns a topic belongs to.
    #[must_use]
    pub fn campaigns_of(&self, topic: TopicNo) -> Vec<Campaign> {
        let mut campaigns = self.campaigns();
        campaigns.retain(|campaign| self.has(&Item::Topic(topic).key(campaign.no)));
        campaigns
    }

    /// Everybody who asked, took up, seconded, spoke on a topic or liked what was said there.
    fn people_on(&self, topic: &super::topic::Topic, people: &mut BTreeSet<PersonId>) {
        people.insert(topic.proposer);
        people.extend(topic.lead);
        people.extend(self.present(topic).into_iter().map(|(person, _)| person));
        self.scan(&Key::new(kind::SPEAKER).num(topic.no.0), |speaker: Speaker| {
            people.insert(speaker.person);
            true
        });
        for kind in [kind::SECOND, kind::LIKE] {
            self.scan(&Key::new(kind).num(topic.no.0), |person: PersonId| {
                people.insert(person);
                true
            });
        }
    }

    /// 人数和条数.
    #[must_use]
    pub fn campaign_figures(&self, campaign: CampaignNo) -> CampaignFigures {
        let (mut sums, mut people) = (CampaignFigures::default(), BTreeSet::new());
        for item in self.campaign_items(campaign) {
            match item {
                Item::Topic(no) => {
                    let Some(topic) = self.topic(no) else { continue };
                    sums.topics += 1;
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

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, at: DateTime<Utc>, fact: &Fact) {
    match fact {
        Fact::Set { campaign, name, from, last } => {
            let begun = world.get::<Campaign>(&Key::new(kind::CAMPAIGN).num(campaign.0)).map_or(at, |known| known.at);
            world.put(&Campaign { no: *campaign, name: name.clone(), from: *from, last: *last, at: begun });
        }
        Fact::Filled { campaign, items } => items.iter().for_each(|item| world.put_at(item.key(*campaign), item)),
        Fact::Emptied { campaign, items } => items.iter().for_each(|item| world.remove(item.key(*campaign))),
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

/// What a coordinator asks.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    match ask {
        Ask::List => Ok(Decision::answer(list(ctx))),
        Ask::Show(name) => {
            let campaign = ctx.world.campaign_named(name.trim());
            let none = || say!("e.no_campaign", bad = Value::Quote(name.clone()), ex = example_of(EXAMPLE));
            Ok(Decision::answer(card(ctx.world, &campaign.ok_or_else(none)?)))
        }
        Ask::Set { name, items, out, last } => set(ctx, name.trim(), items, *out, *last),
    }
}

fn set(ctx: &Ctx<'_>, name: &str, items: &[Item], out: bool, last: Option<NaiveDate>) -> Decided {
    if name.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(name, MAX_NAME)?;
    for item in items {
        match item {
            Item::Topic(no) => drop(ctx.world.topic(*no).ok_or_else(|| say!("e.no_topic", no = *no))?),
            Item::Brief(no) => {
                let known: Option<Brief> = ctx.world.brief(*no);
                drop(known.ok_or_else(|| say!("e.no_brief", b = i64::from(no.0)))?);
            }
        }
    }
    let today = ctx.settings.date(ctx.scene.now);
    let known = ctx.world.campaign_named(name);
    let mut facts = Vec::new();
    let (no, from) = match &known {
        Some(known) => (known.no, known.from),
        None if out => {
            return Err(say!("e.no_campaign", bad = Value::Quote(name.to_owned()), ex = example_of(EXAMPLE)));
        }
        None => {
            let campaigns = ctx.world.campaigns();
            if campaigns.len() >= MAX_CAMPAIGNS {
                return Err(say!("e.too_far", max = MAX_CAMPAIGNS));
            }
            (CampaignNo(campaigns.last().map_or(0, |last| last.no.0) + 1), today)
        }
    };
    if last.is_some_and(|last| last < from) {
        return Err(say!("e.past", ex = example_of(EXAMPLE)));
    }
    if known.as_ref().is_none_or(|known| last.is_some() && known.last != last) {
        facts.push(Event::Campaign(Fact::Set { campaign: no, name: name.into(), from, last }));
    }
    let present: BTreeSet<Item> = ctx.world.campaign_items(no).into_iter().collect();
    let wanted: BTreeSet<Item> = items.iter().copied().filter(|item| present.contains(item) == out).collect();
    if !out && present.len() + wanted.len() > MAX_ITEMS {
        return Err(say!("e.too_far", max = MAX_ITEMS));
    }
    let items: Vec<Item> = wanted.into_iter().collect();
    match (items.is_empty(), out) {
        (true, _) => {}
        (false, true) => facts.push(Event::Campaign(Fact::Emptied { campaign: no, items })),
        (false, false) => facts.push(Event::Campaign(Fact::Filled { campaign: no, items })),
    }
    match known {
        Some(known) if facts.is_empty() => Ok(Decision::answer(card(ctx.world, &known))),
        _ => Ok(Decision::facts(facts)),
    }
}

/// 专题“夜间安全” with its figures.
#[must_use]
pub fn card(world: &World<'_>, campaign: &Campaign) -> Say {
    let sums = world.campaign_figures(campaign.no);
    let topics: Vec<TopicNo> = world.campaign_topics(campaign.no).into_iter().collect();
    let rows = topics.iter().take(MAX_ROWS).filter_map(|no| world.topic(*no));
    let rows = rows.map(|topic| {
        let stage = Value::Term(format!("{}.stage", topic.step.term()));
        say!("list.row", no = topic.no, title = &topic.title, state = stage)
    });
    let until = match campaign.last {
        Some(last) => say!("campaign.until", d1 = campaign.from, d2 = last),
        None => say!("campaign.since", d1 = campaign.from),
    };
    let rows: Vec<Say> = rows.collect();
    let (t, b, done) = (sums.topics, sums.briefs, sums.closed);
    let (people, members, lines) = (sums.people, sums.members, sums.lines);
    let name = &campaign.name;
    let rows = if rows.is_empty() { say!("campaign.empty") } else { say!("plain", text = Value::Lines(rows)) };
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

fn list(ctx: &Ctx<'_>) -> Say {
    let campaigns = ctx.world.campaigns();
    if campaigns.is_empty() {
        return say!("campaign.none", ex = example_of(EXAMPLE));
    }
    let row = |campaign: &Campaign| {
        let sums = ctx.world.campaign_figures(campaign.no);
        let (t, people, lines) = (sums.topics, sums.people, sums.lines);
        say!("campaign.row", campaign = &campaign.name, t = t, people = people, lines = lines)
    };
    // The latest first: what is under way is asked for.
    let rows: Vec<Say> = campaigns.iter().rev().take(MAX_ROWS).map(row).collect();
    say!("campaign.list", n = campaigns.len(), rows = Value::Lines(rows))
}
