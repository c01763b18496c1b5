//! 类型、流程 — which form of consultation a topic takes: a street lamp does not need all six steps. It is settled before the talk
//! begins; from then on people count on the steps they were told of.

use crate::domain::kernel::alarm;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::process::form::{Kind, Template};
use crate::domain::process::steps::path;
use crate::domain::process::topic::Topic;
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
            (_, Kind::Charity) => Kind::Bridge,
            _ => known,
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
