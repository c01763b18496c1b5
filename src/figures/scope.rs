//! 范围 — of whom and of what figures are told: the whole district, or one town, sector, side, kind, campaign, mark of people.

use crate::domain::about::campaign::Item;
use crate::domain::brief::Subject;
use crate::domain::history::deed::{Deed, What};
use crate::domain::kernel::ids::{GatheringNo, PersonId};
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::people::group::Group;
use crate::domain::people::person::{Person, Side, Tag};
use crate::domain::process::form::{Kind, Step};
use crate::domain::process::topic::Topic;
use crate::figures::desk::{Desk, TopicDay};
use crate::figures::sums::{Figures, Thread, count, figures};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// 范围 — of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// 全区.
    District,
    /// 镇街: its topics, and what its people report.
    Town(String),
    /// 界别: topics its members take part in, and what they do.
    Sector(String),
    /// 方: what its people do.
    Side(Side),
    /// 类型.
    Kind(Kind),
    /// 专题: its topics and briefs.
    Campaign {
        /// Name.
        name: String,
        /// What it is made of.
        items: BTreeSet<Item>,
    },
    /// 党员, 两代表 …: what they do, and the topics they lead.
    Tag(Tag),
}

impl About {
    /// What a name means: a town or sector that groups have, a campaign, or a town or sector of topics or people.
    #[must_use]
    pub fn named(world: &World<'_>, name: &str) -> Option<Self> {
        let mut found = world.groups().iter().find_map(|group: &Group| {
            let town = (group.town == name).then(|| Self::Town(name.to_owned()));
            town.or_else(|| (group.sector == name).then(|| Self::Sector(name.to_owned())))
        });
        if found.is_none() {
            found = world.campaign_named(name).map(|campaign| {
                let items = world.campaign_whole(campaign.no).into_iter().collect();
                Self::Campaign { name: name.to_owned(), items }
            });
        }
        if found.is_none() {
            world.scan(&Key::new(kind::TOPIC), |topic: Topic| {
                found = (topic.town == name).then(|| Self::Town(name.to_owned()));
                found.is_none()
            });
        }
        if found.is_none() {
            world.scan(&Key::new(kind::PERSON), |person: Person| {
                let sector = (person.sector == name).then(|| Self::Sector(name.to_owned()));
                found = sector.or_else(|| (person.town == name).then(|| Self::Town(name.to_owned())));
                found.is_none()
            });
        }
        found
    }

    /// Whether it is people whose deeds are looked at, one by one.
    fn is_of_people(&self) -> bool {
        matches!(self, Self::Side(_) | Self::Tag(_))
    }
}

impl Desk<'_> {
    pub(super) fn counts_topic(&mut self, about: &About, topic: &Topic) -> bool {
        match about {
            About::District | About::Side(_) | About::Tag(_) => true,
            About::Town(town) => topic.town == *town,
            About::Sector(sector) => self.sectors(topic).contains(sector),
            About::Kind(kind) => topic.counts_as() == *kind,
            About::Campaign { items, .. } => items.contains(&Item::Topic(topic.no)),
        }
    }

    /// Whose topic it is, where people are looked at: its proposer's, or, of members, the lead's.
    pub(super) fn owns_topic(&mut self, about: &About, topic: &Topic) -> bool {
        match about {
            About::Side(_) => self.counts_person(about, topic.proposer, topic.ordered_at),
            About::Tag(_) => topic.lead.is_some_and(|lead| self.counts_person(about, lead, topic.since)),
            _ => self.counts_topic(about, topic),
        }
    }

    /// Whether what somebody did at a moment counts: by what they were then.
    pub(super) fn counts_person(&mut self, about: &About, id: PersonId, at: DateTime<Utc>) -> bool {
        match about {
            About::District | About::Town(_) | About::Kind(_) | About::Campaign { .. } => true,
            About::Sector(sector) => self.person_then(id, at).sector == *sector,
            About::Side(side) => self.person_then(id, at).name.side == Some(*side),
            About::Tag(tag) => self.person_then(id, at).tags.contains(tag),
        }
    }

    /// What belongs to no topic is its doer's; gatherings are the group's they were called in.
    pub(super) fn counts_loose(&mut self, about: &About, deed: &Deed) -> bool {
        let is_gathering =
            matches!(deed.what, What::Called(_) | What::Rearranged(_) | What::Attended(..) | What::Minuted(_));
        match (about, self.whose(deed)) {
            (About::District, _) => true,
            (About::Campaign { items, .. }, _) => match deed.what {
                What::Briefed(no) | What::Adopted(no, _) => items.contains(&Item::Brief(no)),
                _ => false,
            },
            (About::Town(town), _) if is_gathering => {
                deed.group.and_then(|id| self.group(id)).is_some_and(|group| group.town == *town)
            }
            (About::Kind(_), _) | (_, None) => false,
            (About::Side(_) | About::Tag(_), _) if is_gathering => matches!(deed.what, What::Attended(..)),
            (About::Town(town), Some(by)) => self.person_then(by, deed.at).town == *town,
            (_, Some(by)) => self.counts_person(about, by, deed.at),
        }
    }

    /// What belongs to no topic and counts; of people, of a gathering, only so many as came of them.
    pub(super) fn loose(&mut self, all: &[Deed], about: &About) -> Vec<Deed> {
        let mut own = Vec::new();
        for deed in all {
            if !self.counts_loose(about, deed) {
                continue;
            }
            match deed.what {
                What::Attended(no, _) if about.is_of_people() => own.extend(self.attended(deed, no, about)),
                _ => own.push(deed.clone()),
            }
        }
        own
    }

    /// Whose it is that it happened: what becomes of a brief or proposal is its author's, whoever recorded or answered it.
    fn whose(&self, deed: &Deed) -> Option<PersonId> {
        let author = match deed.what {
            What::Briefed(no) | What::Adopted(no, _) => self.world.brief(no).map(|brief| brief.by),
            What::Brief(act) => match act.subject() {
                Subject::Info(no) => self.world.brief(no).map(|brief| brief.by),
                Subject::Proposal(no) => self.world.proposal(no).map(|proposal| proposal.by),
                // These have a topic, which says whose they are.
                Subject::Topic(_) | Subject::Suggestion(_) => None,
            },
            _ => None,
        };
        author.or(deed.by)
    }

    /// The sums over what counts. Of people only what they did: a topic is its owner's.
    pub(super) fn sums(&mut self, scope: &[&TopicDay], loose: &[&Deed], about: &About) -> Figures {
        let mut sums = figures(&Thread::default(), loose.iter().copied());
        for today in scope {
            if about.is_of_people() {
                let (thread, mut own) = (self.thread(&today.topic), self.own_deeds(today, about));
                // A suggestion left unjudged when its topic was closed is its author's.
                if !self.owns_topic(about, &today.topic) {
                    let closings = today.deeds.iter().filter(|deed| deed.what == What::Entered(Step::Closed));
                    own.extend(closings.cloned());
                }
                let mut its = figures(&thread.of(|(author, at)| self.counts_person(about, author, at)), &own);
                if !self.owns_topic(about, &today.topic) {
                    its.closed = 0;
                }
                sums += its;
            } else {
                sums += today.sums;
            }
        }
        sums
    }

    /// 签到 of those who count, if there are any.
    fn attended(&mut self, deed: &Deed, no: GatheringNo, about: &About) -> Option<Deed> {
        let people = self.doers(deed).into_iter().filter(|&by| self.counts_person(about, by, deed.at)).count();
        (people > 0).then(|| Deed { what: What::Attended(no, count(people)), ..deed.clone() })
    }

    fn own_deeds(&mut self, today: &TopicDay, about: &About) -> Vec<Deed> {
        let owns = self.owns_topic(about, &today.topic);
        let mut own = Vec::new();
        for deed in &today.deeds {
            let is_own = match deed.what {
                What::Suggested(_) | What::Replied(..) | What::Liked(_) | What::Seconded => {
                    deed.by.is_some_and(|by| self.counts_person(about, by, deed.at))
                }
                What::Judged(suggestion, _) => {
                    let said = self.world.suggestion(suggestion);
                    said.is_some_and(|said| self.counts_person(about, said.author, said.at))
                }
                What::Attended(no, _) => {
                    own.extend(self.attended(deed, no, about));
                    false
                }
                _ => owns,
            };
            if is_own {
                own.push(deed.clone());
            }
        }
        own
    }
}
