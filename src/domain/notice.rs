//! 公示、异议、答复 — a plan is posted for all to see; what is said against it is answered before anything goes on.
//!
//! The day of posting does not count (Civil Code art. 201), the notice ends at 24:00 of its last day, and a last day in the table
//! of holidays moves to the first day that is not (art. 203).

use super::command::Mark;
use super::event::Event;
use super::ids::{ObjectionRef, PersonId, TopicNo};
use super::person::{Role, Side};
use super::process::{Mover, onward};
use super::say::{Say, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::topic::{Invitation, Step, Topic, moderator_name, within};
use super::trail;
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// Days of a notice: at least, unless said otherwise, and at most.
pub const MIN_DAYS: u32 = 3;
const USUAL_DAYS: u32 = 7;
const MAX_DAYS: u32 = 90;
/// Longest objection or answer, in characters.
pub const MAX_TEXT: usize = 500;
/// Objections one topic can hold.
const MAX_OBJECTIONS: u32 = 2_000;

/// 公示.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Topic.
    pub topic: TopicNo,
    /// Which of its notices.
    pub n: u32,
    /// The draft of the plan it shows.
    pub draft: u32,
    /// Days.
    pub days: u32,
    /// Day of posting.
    pub from: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// 24:00 of that day: from then on the topic may go on.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub until: DateTime<Utc>,
    /// Sent back (退回): kept, but it counts no more.
    pub void: bool,
}

impl Entity for Notice {
    fn key(&self) -> Key {
        Key::new(kind::NOTICE).num(self.topic.0).num(self.n)
    }
}

/// 公示意见.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Number.
    pub reference: ObjectionRef,
    /// Whose it is.
    pub author: PersonId,
    /// The text.
    pub text: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// 答复, the latest.
    pub answer: Option<Answer>,
    /// Taken back.
    pub withdrawn: bool,
}

/// 答复.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who answered.
    pub by: PersonId,
    /// The text.
    pub text: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Objection {
    fn key(&self) -> Key {
        Key::new(kind::OBJECTION).num(self.reference.topic.0).num(self.reference.n)
    }
}

impl Objection {
    /// Its number as people see it.
    #[must_use]
    pub fn named(&self) -> Say {
        self.reference.named()
    }
}

impl ObjectionRef {
    /// `1-异1`.
    #[must_use]
    pub fn named(self) -> Say {
        say!("ref.objection", no = self.topic, n = self.n)
    }
}

impl World<'_> {
    /// The notice that stands.
    #[must_use]
    pub fn notice(&self, topic: &Topic) -> Option<Notice> {
        self.get(&Key::new(kind::NOTICE).num(topic.no.0).num(topic.notice?))
    }

    /// An objection that stands.
    #[must_use]
    pub fn objection(&self, reference: ObjectionRef) -> Option<Objection> {
        let key = Key::new(kind::OBJECTION).num(reference.topic.0).num(reference.n);
        self.get::<Objection>(&key).filter(|objection| !objection.withdrawn)
    }

    /// The objections on a topic that stand, by number.
    #[must_use]
    pub fn objections(&self, topic: TopicNo) -> Vec<Objection> {
        let mut all: Vec<Objection> = self.list(&Key::new(kind::OBJECTION).num(topic.0), MAX_OBJECTIONS as usize);
        all.retain(|objection| !objection.withdrawn);
        all
    }

    /// Those that nobody has answered.
    #[must_use]
    pub fn unanswered(&self, topic: TopicNo) -> Vec<Objection> {
        let mut open = self.objections(topic);
        open.retain(|objection| objection.answer.is_none());
        open
    }
}

/// 公示 — posts the latest draft of the plan.
pub fn post(ctx: &Ctx<'_>, written: Option<TopicNo>, days: Option<u32>) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.notice")?;
    ctx.require_moderator(&topic)?;
    topic.require_step(&[Step::Planning])?;
    let days = days.unwrap_or(USUAL_DAYS);
    if days > MAX_DAYS {
        return Err(say!("e.past", ex = example_of("ex.notice")));
    }
    let too_short = if days < MIN_DAYS { vec![say!("why.days", n = MIN_DAYS)] } else { Vec::new() };
    let onward = onward(ctx, &topic, Mover::Notice, too_short)?;
    let from = ctx.settings.date(ctx.scene.now);
    let last = ctx.settings.last_day(from, days);
    let until = ctx.settings.moment(last.succ_opt().unwrap_or(last), NaiveTime::MIN);
    let posted =
        Event::NoticePosted { topic: topic.no, n: topic.notices + 1, draft: topic.plans, days, from, last, until };
    Ok(Decision::facts(vec![posted, onward]))
}

/// 异议.
pub fn object(ctx: &Ctx<'_>, written: Option<TopicNo>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.object";
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_neutral(&topic, "act.object")?;
    topic.require_going()?;
    if topic.step != Step::Noticing {
        return Err(say!(
            "e.state",
            no = topic.no,
            state = say!("state.object"),
            hint = say!("hint.object", no = topic.no)
        ));
    }
    // What was said in time counts, also where it is heard only afterwards.
    let said = ctx.scene.said_at.map_or(ctx.scene.now, |at| at.min(ctx.scene.now));
    if ctx.world.notice(&topic).is_some_and(|notice| notice.until <= said) {
        let hint = say!("hint.talk.moderator", r#mod = moderator_name(ctx.world, &topic));
        return Err(say!("e.state", no = topic.no, state = say!("state.term_over"), hint = hint));
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(text, MAX_TEXT)?;
    let print = trail::print(&format!("objection {}", topic.no), text);
    if let Some(super::event::Undoable::Objection(known)) = ctx.world.said_already(ctx.me(), print, ctx.scene.now) {
        return Err(say!("e.repeat", r#ref = known.named()));
    }
    if topic.last_objection >= MAX_OBJECTIONS {
        return Err(say!("e.too_far", max = MAX_OBJECTIONS));
    }
    let objection = ObjectionRef { topic: topic.no, n: topic.last_objection + 1 };
    Ok(Decision::fact(Event::ObjectionRaised { objection, text: text.into() }))
}

/// 答复 — by the moderator, or by the departments, companies and experts that were invited.
pub fn answer(ctx: &Ctx<'_>, written: Option<TopicNo>, n: Option<u32>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.answer";
    let reference = match (n, &ctx.scene.reply) {
        (Some(n), _) => ObjectionRef { topic: ctx.resolve_topic(written, EXAMPLE)?.no, n },
        (None, Some(Mark::Objection(reference))) => *reference,
        (None, _) => return Err(say!("e.empty", ex = example_of(EXAMPLE))),
    };
    let topic = ctx.world.topic(reference.topic).ok_or_else(|| say!("e.no_topic", no = reference.topic))?;
    let missing = || say!("e.no_objection", r#ref = reference.named());
    let objection = ctx.world.objection(reference).ok_or_else(missing)?;
    let sides = [Side::Department, Side::Company, Side::Expert];
    if ctx.world.invited_as(topic.no, ctx.me()).is_none_or(|side| !sides.contains(&side)) {
        ctx.require_moderator(&topic)?;
    }
    topic.require_step(&[Step::Noticing, Step::Reviewing, Step::Voting, Step::Tracking, Step::Planning])?;
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(text, MAX_TEXT)?;
    Ok(Decision::fact(Event::ObjectionAnswered { objection: objection.reference, text: text.into() }))
}

impl World<'_> {
    /// The side somebody was invited for.
    #[must_use]
    pub fn invited_as(&self, topic: TopicNo, person: PersonId) -> Option<Side> {
        let key = Key::new(kind::INVITATION).num(topic.0).num(person.0);
        self.get::<Invitation>(&key).map(|guest| guest.side)
    }

    /// 五方到场 — everybody who spoke, objected, answered, reviewed, drafted the plan or attended (digest.md §8), with the side they
    /// stand for; neither the moderator nor coordinators.
    #[must_use]
    pub fn present(&self, topic: &Topic) -> Vec<(PersonId, Side)> {
        let mut people: std::collections::BTreeMap<PersonId, Side> = std::collections::BTreeMap::new();
        self.scan(&Key::new(kind::SPEAKER).num(topic.no.0), |speaker: super::topic::Speaker| {
            people.insert(speaker.person, speaker.side);
            true
        });
        self.scan(&Key::new(kind::PRESENCE).num(topic.no.0), |person: PersonId| {
            people.extend(self.person(person).map(|known| (person, known.side)));
            true
        });
        for objection in self.objections(topic.no) {
            people.extend(self.person(objection.author).map(|known| (known.id, known.side)));
        }
        let moderator = self.moderator_of(topic);
        let is_neutral = |id: PersonId| {
            Some(id) == moderator || self.person(id).is_some_and(|person| person.holds(Role::Coordinator))
        };
        people.into_iter().filter(|(id, _)| !is_neutral(*id)).collect()
    }
}
