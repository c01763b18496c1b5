//! 角色相斥 — what somebody is in a topic, and whether they can be more; 另定 — what a coordinator says in the open where there is
//! nobody else.

use crate::domain::event::Event;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::person::Person;
use crate::domain::process::conflict::{Ask, Fact, Fit, MAX_EXCEPTIONS, Part, fit};
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::work::rater::{has_part, stands_in_way};
use crate::domain::work::task::Task;
use crate::say;

impl Ctx<'_> {
    /// Lets somebody be what the table does not exclude, and what a coordinator has said in the open.
    ///
    /// # Errors
    /// `e.conflict`, `e.conflict.ask` with what they are already, and what to do.
    pub fn require_fit(&self, person: &Person, topic: &Topic, asked: Part, task: Option<&Task>) -> Result<(), Say> {
        for held in Part::ALL {
            let excluded = fit(held, asked);
            if excluded == Fit::Together || !stands_in_way(self.world, person, topic, (held, asked), task) {
                continue;
            }
            if excluded == Fit::Excepted && self.world.is_excepted(topic.no, asked, person.id) {
                continue;
            }
            return Err(self.excluded(person, topic, (held, asked)));
        }
        Ok(())
    }

    fn excluded(&self, person: &Person, topic: &Topic, (held, asked): (Part, Part)) -> Say {
        let (no, who) = (topic.no, || Value::from(&person.name));
        let (is, part) = (Value::Term(held.term().to_owned()), Value::Term(asked.term().to_owned()));
        let names = self.world.coordinators_of(&topic.town).into_iter().take(3);
        let ask = Value::List(names.map(|one| (&one.name).into()).collect());
        match asked {
            Part::Voter | Part::Trustee => say!("e.neutral", no = no, act = Value::Term("act.vote".to_owned())),
            Part::Rater => say!("e.conflict.rater", no = no, who = who(), held = is, ask = ask),
            Part::Expert => say!("e.conflict.expert", no = no, who = who(), held = is, ask = ask),
            Part::Asker | Part::Lead | Part::Moderator | Part::Drafter | Part::Handler => {
                say!("e.conflict", no = no, who = who(), held = is, part = part)
            }
        }
    }
}

/// 另定 — by a coordinator, for somebody else, with a reason, in the open.
pub fn except(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    const EXAMPLE: &str = "ex.appoint";
    let topic = ctx.resolve_topic(ask.topic, EXAMPLE)?;
    ctx.require_coordinator(&topic)?;
    topic.require_going()?;
    let person = ctx.require_person(&ask.who, Some(&topic))?;
    let part = Value::Term(ask.part.term().to_owned());
    if person.id == ctx.me() {
        return Err(say!("e.appoint.own", no = topic.no, part = part));
    }
    let reason = ask.reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    // What is never possible stays so, whoever says it.
    let is_never = |held: Part| fit(held, ask.part) == Fit::Never;
    let is_held = |held: &Part| is_never(*held) && has_part(ctx.world, &person, &topic, *held, None);
    if let Some(held) = Part::ALL.into_iter().find(is_held) {
        let is = Value::Term(held.term().to_owned());
        return Err(say!("e.conflict", no = topic.no, who = &person.name, held = is, part = part));
    }
    if ctx.world.exceptions(topic.no).len() >= MAX_EXCEPTIONS {
        return Err(say!("e.too_far", max = MAX_EXCEPTIONS));
    }
    let fact = Fact::Excepted { topic: topic.no, person: person.id, part: ask.part, reason: reason.into() };
    Ok(Decision::fact(Event::Conflict(fact)))
}
