//! 议题 — a topic, from 点单 to its end.

use crate::domain::kernel::ids::{PersonId, PollNo, SuggestionRef, TopicNo};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::person::{Person, Role, Side};
use crate::domain::process::channel::Channel;
use crate::domain::process::form::{Kind, Step, Template};
use crate::domain::process::guest::speakers_for;
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The page of a topic.
#[must_use]
pub fn page(topic: TopicNo) -> Value {
    Value::Link(format!("t/{topic}"))
}

/// Topics looked at when a list or a duplicate is asked for.
const MAX_LIVE: usize = 2_000;

/// 旁路 — why a topic does not go on, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Halt {
    /// 暂缓; 推进 takes it up again where it stood.
    Paused,
    /// 终止.
    Ended,
    /// 并案 — it goes on as part of this one.
    Merged(TopicNo),
}

impl Halt {
    /// Key of the term in `commands/words.toml`; `.next` is what to send.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Paused => "halt.paused",
            Self::Ended => "halt.ended",
            Self::Merged(_) => "halt.merged",
        }
    }
}

/// 议题.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Number.
    pub no: TopicNo,
    /// Title, at most 40 characters.
    pub title: Words,
    /// Description.
    pub body: Words,
    /// 提出人.
    pub proposer: PersonId,
    /// 来源.
    pub channel: Channel,
    /// 类型.
    pub kind: Kind,
    /// 镇街; empty = the whole district.
    pub town: String,
    /// 主要对口单位, as they were written; empty = none named.
    pub units: Words,
    /// 流程模板 — which steps it goes through.
    pub template: Template,
    /// Where it stands.
    pub step: Step,
    /// Why it does not go on from there.
    pub halt: Option<Halt>,
    /// Why, as it was said.
    pub halt_reason: Words,
    /// Since when.
    pub halted_at: Option<DateTime<Utc>>,
    /// 并案 — what it goes on as by now, at the end of all that was merged since.
    #[serde(default)]
    pub moved_to: Option<TopicNo>,
    /// Whether that is over, too (办结, 终止).
    #[serde(default)]
    pub moved_over: bool,
    /// When it entered that step.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub since: DateTime<Utc>,
    /// When it was ordered (点单日).
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub ordered_at: DateTime<Utc>,
    /// 限时 — until when its talk takes suggestions; none = as long as it lasts.
    pub talk_until: Option<DateTime<Utc>>,
    /// 牵头委员.
    pub lead: Option<PersonId>,
    /// Taken back by the proposer before anybody acted on it.
    pub withdrawn: bool,
    /// Number of the last suggestion given out.
    pub last_suggestion: u32,
    /// Suggestions that stand (not taken back).
    pub suggestions: u32,
    /// Suggestions that are hidden (隐藏), not counted above.
    pub hidden: u32,
    /// Replies that stand.
    pub replies: u32,
    /// Likes that stand, of all suggestions together.
    pub likes: u32,
    /// Seconds that stand.
    pub seconds: u32,
    /// The poll that is open on it.
    pub poll: Option<PollNo>,
    /// The latest poll on it, open or closed.
    pub last_poll: Option<PollNo>,
    /// 稿次 — drafts of its plan.
    pub plans: u32,
    /// Drafts of its pact (公约).
    pub pacts: u32,
    /// Public notices so far.
    pub notices: u32,
    /// The notice that stands; none once it was sent back (退回).
    pub notice: Option<u32>,
    /// Number of the last objection given out.
    pub last_objection: u32,
    /// How often it was sent back: what experts said of an earlier plan does not hold it up.
    pub round: u32,
}

impl Entity for Topic {
    fn key(&self) -> Key {
        Key::new(kind::TOPIC).num(self.no.0)
    }
}

impl World<'_> {
    /// A topic that stands.
    #[must_use]
    pub fn topic(&self, no: TopicNo) -> Option<Topic> {
        self.get::<Topic>(&Key::new(kind::TOPIC).num(no.0)).filter(|topic| !topic.withdrawn)
    }

    /// Topics under way (在办), by number.
    #[must_use]
    pub fn live_topics(&self) -> Vec<Topic> {
        let numbers: Vec<TopicNo> = self.list(&Key::new(kind::LIVE_TOPIC), MAX_LIVE);
        numbers.into_iter().filter_map(|no| self.topic(no)).collect()
    }

    /// 并案 — a topic, or the one it has become part of, however often.
    #[must_use]
    pub fn led_on(&self, no: TopicNo) -> Option<Topic> {
        const MOST_STEPS: usize = 20;
        let mut topic = self.topic(no)?;
        for _ in 0..MOST_STEPS {
            let Some(Halt::Merged(into)) = topic.halt else { break };
            topic = self.topic(into)?;
        }
        Some(topic)
    }

    /// Whether a topic goes on.
    #[must_use]
    pub fn is_live(&self, no: TopicNo) -> bool {
        self.has(&Key::new(kind::LIVE_TOPIC).num(no.0))
    }

    /// 五方发言 — the sides that spoke on a topic, bit by bit; neither its moderator nor coordinators count.
    #[must_use]
    pub fn sides_spoken(&self, topic: &Topic) -> u8 {
        self.sides_spoken_but(topic, &[])
    }

    /// The same without those of whom only words are known that somebody else wrote down.
    #[must_use]
    pub fn sides_spoken_but(&self, topic: &Topic, unheard: &[(SuggestionRef, PersonId)]) -> u8 {
        let (is_neutral, whole) = (self.neutral_on(topic), self.whole_of(topic.no));
        let counts = |id: PersonId| !is_neutral(id) && !unheard.iter().any(|(_, author)| *author == id);
        // One of each is enough: what is looked at does not grow with how many spoke.
        let is_heard = |side: Side| {
            let mut found = false;
            for no in &whole {
                self.scan(&speakers_for(*no, side), |speaker: PersonId| {
                    found |= counts(speaker);
                    !found
                });
            }
            found
        };
        Side::ALL.into_iter().filter(|side| is_heard(*side)).fold(0, |sides, side| sides | 1 << side.index())
    }

    /// 中立 — whether somebody stands for no side on a topic: its moderator, and coordinators.
    pub(crate) fn neutral_on(&self, topic: &Topic) -> impl Fn(PersonId) -> bool {
        let moderator = self.moderator_of(topic);
        move |id| Some(id) == moderator || self.person(id).is_some_and(|person| person.holds(Role::Coordinator))
    }

    /// 主持中立 — whether somebody is the moderator of a topic and so takes no part in it (model.md §4); coordinators acting for one
    /// are not bound.
    #[must_use]
    pub fn is_neutral(&self, person: &Person, topic: &Topic) -> bool {
        let is_bound = person.holds(Role::Moderator) && !person.holds(Role::Coordinator);
        is_bound && self.moderator_of(topic) == Some(person.id)
    }
}

impl Topic {
    /// The kind whose work it is in every figure ([`Template::counts_as`]).
    #[must_use]
    pub fn counts_as(&self) -> Kind {
        self.template.counts_as(self.kind)
    }

    /// Refuses what is over (办结, 终止, 并案) or rests (暂缓).
    ///
    /// # Errors
    /// `e.state`.
    pub fn require_going(&self) -> Result<(), Say> {
        match self.halt {
            Some(Halt::Paused) => {
                Err(say!("e.state", no = self.no, state = say!("state.paused"), hint = say!("hint.paused")))
            }
            Some(Halt::Ended) => Err(self.is_over("halt.ended")),
            Some(Halt::Merged(into)) => Err(self.is_elsewhere(into)),
            None => Ok(()),
        }
    }

    /// Refuses what is over or rests, 办结 included.
    ///
    /// # Errors
    /// `e.state`.
    pub fn require_open(&self) -> Result<(), Say> {
        self.require_going()?;
        if self.step == Step::Closed { Err(self.is_over("step.closed")) } else { Ok(()) }
    }

    /// Refuses what went on as another, and says as which: what is set of it would be set of nothing.
    ///
    /// # Errors
    /// `e.state`.
    pub fn require_own(&self) -> Result<(), Say> {
        match self.halt {
            Some(Halt::Merged(into)) => Err(self.is_elsewhere(into)),
            Some(Halt::Paused | Halt::Ended) | None => Ok(()),
        }
    }

    /// 已并案 — where it goes on.
    fn is_elsewhere(&self, into: TopicNo) -> Say {
        let to = self.moved_to.unwrap_or(into);
        // Nothing is taken any more where that has come to its end.
        let hint = if self.moved_over { say!("hint.merged.over", to = to) } else { say!("hint.merged", to = to) };
        say!("e.state", no = self.no, state = say!("state.merged", to = to), hint = hint)
    }

    /// 已办结, 已终止.
    #[must_use]
    pub fn is_over(&self, what: &str) -> Say {
        let state = say!("state.over", what = Value::Term(what.to_owned()));
        say!("e.state", no = self.no, state = state, hint = say!("hint.over"))
    }

    /// Refuses what does not belong to the step the topic stands in, and says where it belongs.
    ///
    /// # Errors
    /// `e.state`.
    pub fn require_step(&self, fits: &[Step]) -> Result<(), Say> {
        self.require_going()?;
        if fits.contains(&self.step) {
            return Ok(());
        }
        if self.step == Step::Closed {
            return Err(self.is_over("step.closed"));
        }
        let state = say!("state.now", stage = Value::Term(self.step.term().to_owned()));
        let stages = fits.iter().map(|step| Value::Term(step.term().to_owned())).collect();
        Err(say!("e.state", no = self.no, state = state, hint = say!("hint.step", stages = Value::List(stages))))
    }
}

/// 请说明是几号 — the first few that come into question.
#[must_use]
pub fn need_no(in_group: bool, kind: &str, rows: Vec<Value>, example: &str) -> Say {
    let (kind, rows, ex) = (Value::Term(kind.to_owned()), Value::List(rows), example_of(example));
    if in_group {
        return say!("e.need_no", kind = kind, rows = rows, ex = ex);
    }
    say!("e.need_no.private", kind = kind, rows = rows, ex = ex)
}

/// 进度 in digests and cards.
#[must_use]
pub fn stage(step: Step) -> Value {
    Value::Term(format!("{}.stage", step.term()))
}

/// 进度 in lists: why it does not go on, or where it stands.
#[must_use]
pub fn standing(topic: &Topic) -> Value {
    topic.halt.map_or_else(|| stage(topic.step), |halt| Value::Term(halt.term().to_owned()))
}
