//! 类型、流程 — which form of consultation a topic takes: a street lamp does not need all six steps. It is settled before the talk
//! begins; from then on people count on the steps they were told of.

use crate::domain::kernel::alarm;
use crate::domain::kernel::ids::{PersonId, SuggestionRef, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::process::channel::Channel;
use crate::domain::process::form::{Kind, Template};
use crate::domain::process::steps::path;
use crate::domain::process::topic::{Halt, Topic};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What has happened to the form of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 类型 — the kind and the steps it takes from now on.
    Set {
        /// Topic.
        topic: TopicNo,
        /// 类型.
        kind: Kind,
        /// 流程模板.
        template: Template,
    },
    /// 主要对口单位.
    Addressed {
        /// Topic.
        topic: TopicNo,
        /// The units, as they were written.
        units: Words,
    },
    /// 限时 — the talk takes suggestions until then.
    Timed {
        /// Topic.
        topic: TopicNo,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// 到时 — with so many suggestions.
    TimeUp {
        /// Topic.
        topic: TopicNo,
        /// 建言.
        n: u32,
    },
    /// 拆分 — another topic was made of some of its suggestions, which stay where they are.
    Split {
        /// The topic they were made on.
        topic: TopicNo,
        /// The other topic.
        into: TopicNo,
        /// Which, by their numbers there.
        suggestions: Vec<u32>,
    },
}

/// 拆分 — where a topic comes from, or what was split off from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The topic the suggestions were made on.
    pub topic: TopicNo,
    /// The other topic.
    pub into: TopicNo,
    /// Which.
    pub suggestions: Vec<u32>,
    /// 拆分人 — whose words the title is.
    pub by: Option<PersonId>,
}

impl Split {
    /// Their numbers within the topic they were made on.
    fn numbers(&self) -> Value {
        Value::List(self.suggestions.iter().map(|&n| Value::from(n)).collect())
    }

    /// The suggestions, by their numbers as people see them.
    #[must_use]
    pub fn refs(&self) -> Value {
        let topic = self.topic;
        Value::List(self.suggestions.iter().map(|&n| Value::from(SuggestionRef { topic, n })).collect())
    }
}

/// Most splits of one topic that its card names.
const MAX_SPLITS: usize = 5;

impl World<'_> {
    /// Notes that a topic was split.
    pub(crate) fn put_split(&mut self, split: &Split) {
        self.put_at(Key::new(kind::SPLIT).num(split.topic.0).num(split.into.0), split);
        self.put_at(Key::new(kind::SPLIT_OF).num(split.into.0), split);
    }

    /// 拆出 — the topic that was made of a suggestion, where it was not taken back since.
    #[must_use]
    pub fn went_to(&self, at: SuggestionRef) -> Option<TopicNo> {
        let mut found = None;
        self.scan(&Key::new(kind::SPLIT).num(at.topic.0), |split: Split| {
            let is_it = split.suggestions.contains(&at.n) && self.goes_its_own_way(split.into, at.topic);
            found = is_it.then_some(split.into);
            found.is_none()
        });
        found
    }

    /// 另立的一件还在 — what was split off neither ended nor came back to what it was made of.
    fn goes_its_own_way(&self, into: TopicNo, from: TopicNo) -> bool {
        let is_alive = |topic: Topic| topic.halt != Some(Halt::Ended);
        self.topic(into).is_some_and(is_alive) && !self.goes_on_as(into).contains(&from)
    }

    /// 拆自 — the suggestions a topic was made of, which stay where they were made.
    #[must_use]
    pub fn split_of(&self, topic: TopicNo) -> Option<Split> {
        self.get::<Split>(&Key::new(kind::SPLIT_OF).num(topic.0)).filter(|split| self.topic(split.topic).is_some())
    }

    /// 拆自 — what a topic was split off from, and which suggestions; `None` where that was taken back since.
    #[must_use]
    pub fn split_from(&self, topic: TopicNo) -> Option<(Topic, Split)> {
        let split: Split = self.get(&Key::new(kind::SPLIT_OF).num(topic.0))?;
        Some((self.topic(split.topic)?, split))
    }

    /// 拆出 — what was split off from a topic, at most so many; what was taken back since is none.
    #[must_use]
    pub fn split_off(&self, topic: TopicNo, most: usize) -> Vec<(Topic, Split)> {
        let off: Vec<Split> = self.list(&Key::new(kind::SPLIT).num(topic.0), most);
        off.into_iter().filter_map(|split| Some((self.topic(split.into)?, split))).collect()
    }

    /// 记在名下 — whether a topic stands in its asker's name by the hand of somebody else: entered for them (代点), or split off (拆分).
    #[must_use]
    pub fn is_in_name_only(&self, topic: &Topic) -> bool {
        let is_by_other = |split: Split| split.by.is_some_and(|by| by != topic.proposer);
        matches!(topic.channel, Channel::Told(_)) || self.split_of(topic.no).is_some_and(is_by_other)
    }

    /// 拆自、拆出 — lines of its card.
    #[must_use]
    pub fn splits(&self, topic: &Topic) -> Vec<Say> {
        let from = self.split_from(topic.no).map(|(from, split)| {
            let by = split.by.map_or_else(|| say!("none"), |by| say!("card.split.by", who = self.name_of(by)));
            say!("card.split.of", no = from.no, title = &from.title, ns = split.numbers(), by = by)
        });
        let is_back = |into: &Topic| self.goes_on_as(into.no).contains(&topic.no);
        let off = self.split_off(topic.no, MAX_SPLITS).into_iter().filter(|(into, _)| !is_back(into));
        let off = off.map(|(into, split)| say!("card.split", no = into.no, title = &into.title, ns = split.numbers()));
        from.into_iter().chain(off).collect()
    }
}

/// 拆分 编号 新标题 建议.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitAsk {
    /// Topic, if written or replied to.
    pub topic: Option<TopicNo>,
    /// The title of the other.
    pub title: String,
    /// Which suggestions.
    pub suggestions: Vec<SuggestionRef>,
}

/// 类型 编号 类型或流程 — without either, what it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Topic, if written or replied to.
    pub topic: Option<TopicNo>,
    /// 类型.
    pub kind: Option<Kind>,
    /// 流程模板, where it is not the usual one of that kind.
    pub template: Option<Template>,
}

impl Template {
    /// All.
    pub const ALL: [Self; 5] = [Self::Six, Self::Round, Self::Simple, Self::Talk, Self::Charity];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Six => "form.six",
            Self::Round => "form.round",
            Self::Simple => "form.simple",
            Self::Talk => "form.talk",
            Self::Charity => "form.charity",
        }
    }

    /// The kind that goes with it where none was said: charity and its template belong together, the others do not matter to it.
    #[must_use]
    pub(crate) fn kind(self, known: Kind) -> Kind {
        match (self, known) {
            (Self::Charity, _) => Kind::Charity,
            (Self::Six, Kind::Charity) => Kind::Expertise,
            (Self::Round | Self::Simple | Self::Talk, Kind::Charity) => Kind::Bridge,
            (Self::Six | Self::Round | Self::Simple | Self::Talk, Kind::Bridge | Kind::Expertise) => known,
        }
    }

    /// The kind whose work a topic is in every figure. Six steps are those of 智力支持型 (model.md §3): whoever goes them has experts
    /// review the plan, also where nobody gave the topic another name. The template is settled before the talk begins, so a figure
    /// of a month does not change afterwards.
    #[must_use]
    pub fn counts_as(self, named: Kind) -> Kind {
        match (self, named) {
            (Self::Six, Kind::Bridge | Kind::Expertise) => Kind::Expertise,
            (Self::Six | Self::Round | Self::Simple | Self::Talk | Self::Charity, named) => named,
        }
    }
}

/// What follows from the words that were said: the template of a kind is its usual one unless another is named.
#[must_use]
pub fn chosen(kind: Option<Kind>, template: Option<Template>, known: Kind) -> (Kind, Template) {
    match (kind, template) {
        (Some(kind), Some(template)) => (kind, template),
        (Some(kind), None) => (kind, kind.template()),
        (None, Some(template)) => (template.kind(known), template),
        (None, None) => (known, known.template()),
    }
}

/// The steps of a template for people: 点单、买单、恳谈、查单、办结.
#[must_use]
pub fn steps(template: Template) -> Value {
    Value::List(path(template).into_iter().map(|step| Value::Term(step.term().to_owned())).collect())
}

/// Whether the talk of a topic took suggestions for a time that was announced to be over.
#[must_use]
pub fn is_time_up(world: &World<'_>, topic: &Topic) -> bool {
    topic.talk_until.is_some_and(|until| !world.has(&alarm::window_key(until, topic.no)))
}

/// How a topic goes on from here, step by step.
#[must_use]
pub fn shown(topic: &Topic) -> Say {
    let (kind, form) = (topic.kind.term().to_owned(), topic.template.term().to_owned());
    let (kind, form, steps) = (Value::Term(kind), Value::Term(form), steps(topic.template));
    say!("kind", no = topic.no, kind = kind, form = form, steps = steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::process::form::Step;

    #[test]
    fn a_word_is_enough() {
        for (kind, template, known, want) in [
            (None, Some(Template::Simple), Kind::Bridge, (Kind::Bridge, Template::Simple)),
            (None, Some(Template::Simple), Kind::Charity, (Kind::Bridge, Template::Simple)),
            (None, Some(Template::Six), Kind::Charity, (Kind::Expertise, Template::Six)),
            (None, Some(Template::Charity), Kind::Bridge, (Kind::Charity, Template::Charity)),
            (None, Some(Template::Six), Kind::Bridge, (Kind::Bridge, Template::Six)),
            (None, Some(Template::Round), Kind::Expertise, (Kind::Expertise, Template::Round)),
            (None, Some(Template::Simple), Kind::Expertise, (Kind::Expertise, Template::Simple)),
            (Some(Kind::Expertise), None, Kind::Bridge, (Kind::Expertise, Template::Six)),
            (Some(Kind::Bridge), Some(Template::Talk), Kind::Bridge, (Kind::Bridge, Template::Talk)),
            (None, None, Kind::Expertise, (Kind::Expertise, Template::Six)),
        ] {
            assert_eq!(chosen(kind, template, known), want);
        }
    }

    #[test]
    fn every_template_has_its_own_way_to_the_end() {
        use crate::domain::process::form::Step::Closed;
        use crate::domain::process::form::Step::Noticing;
        use crate::domain::process::form::Step::Ordered;
        use crate::domain::process::form::Step::Planning;
        use crate::domain::process::form::Step::Reviewing;
        use crate::domain::process::form::Step::Taken;
        use crate::domain::process::form::Step::Talking;
        use crate::domain::process::form::Step::Tracking;
        use crate::domain::process::form::Step::Voting;
        let ways: [(Template, &[Step]); 5] = [
            (Template::Six, &[Ordered, Taken, Talking, Planning, Noticing, Reviewing, Voting, Tracking, Closed]),
            (Template::Round, &[Ordered, Taken, Talking, Planning, Noticing, Tracking, Closed]),
            (Template::Simple, &[Ordered, Taken, Talking, Tracking, Closed]),
            (Template::Talk, &[Ordered, Taken, Talking, Tracking, Closed]),
            (Template::Charity, &[Ordered, Taken, Tracking, Closed]),
        ];
        for (template, way) in ways {
            assert_eq!(path(template), way);
        }
    }
}
