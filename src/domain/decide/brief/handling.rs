//! 提案办理 — assigning a proposal, answering it, rating the answer; lights on the way.

use crate::domain::brief::fact::Fact;
use crate::domain::brief::handling::{MAX_REWORKS, last_day_of_months};
use crate::domain::brief::proposal::{Proposal, State};
use crate::domain::brief::subject::Subject;
use crate::domain::decide::task::put_off;
use crate::domain::event::Event;
use crate::domain::kernel::ids::ProposalNo;
use crate::domain::kernel::said::{Term, Way};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::text::within;
use crate::domain::kernel::words::Words;
use crate::domain::people::person::Role;
use crate::domain::process::conflict::{Settling, Stake};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::work::task::{Class, Grade, lamp_after};
use crate::say;
use chrono::{DateTime, NaiveDate, Utc};

/// Months a unit has to answer, and the most they are put off to.
const TERM: u32 = 3;

const LIMIT: u32 = 6;

/// Months it has to answer again what was not satisfactory.
const AGAIN: u32 = 1;

/// Longest answer and unit, in characters; most units that help.
const MAX_TEXT: usize = 500;

const MAX_UNIT: usize = 40;

const MAX_HELPERS: usize = 10;

/// Longest a term is put off at once, in days.
const MAX_DAYS: u32 = 200;

/// The fact that a light is on today.
#[must_use]
pub fn lit(settings: &Settings, proposal: &Proposal, now: DateTime<Utc>) -> Event {
    let due = proposal.due.unwrap_or_else(|| settings.date(now));
    let lamp = lamp_after(settings, due, now);
    Event::Brief(Fact::Lit { proposal: proposal.no, date: settings.date(now), lamp })
}

impl Ctx<'_> {
    fn require_handler_of(&self, proposal: &Proposal) -> Result<(), Say> {
        let reaches = || self.town_of_proposal(proposal.no).is_some_and(|town| self.coordinates(&town));
        if proposal.handler == Some(self.me()) || reaches() {
            let is_theirs = proposal.by == self.me();
            return match self.is_party(&[(Stake::Concerned, is_theirs)], Settling::Answer) {
                true => Err(self.own_brief(Subject::Proposal(proposal.no))),
                false => Ok(()),
            };
        }
        if proposal.handler.is_none() {
            proposal.require(&[State::Assigned, State::Acked])?;
        }
        let who = proposal.handler.map(|handler| self.world.name_of(handler)).unwrap_or_default();
        Err(say!("e.role.prop", b = proposal.no, role = Value::Term(Role::Handler.term().to_owned()), who = who))
    }

    fn today(&self) -> NaiveDate {
        self.settings.date(self.scene.now)
    }
}

/// 交办.
pub fn assign(ctx: &Ctx<'_>, no: ProposalNo, to: (&str, &str), term: Option<Term>, helpers: &[String]) -> Decided {
    const EXAMPLE: &str = "ex.proposal.assign";
    ctx.require_role(Role::Coordinator)?;
    let proposal = ctx.require_proposal(no)?;
    proposal.require(&[State::Filed])?;
    let (unit, name) = (to.0.trim(), to.1.trim());
    if unit.is_empty() || name.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(unit, MAX_UNIT)?;
    helpers.iter().try_for_each(|helper| within(helper, MAX_UNIT))?;
    if helpers.len() > MAX_HELPERS {
        return Err(say!("e.too_far", max = MAX_HELPERS));
    }
    let handler = ctx.require_handler_named((unit, name), None)?;
    if ctx.is_party(&[(Stake::Concerned, handler.id == proposal.by)], Settling::Answer) {
        return Err(say!("e.prop_own_handler", b = no, who = &handler.name));
    }
    let today = ctx.today();
    let longest = last_day_of_months(ctx.settings, today, TERM);
    let due = match term {
        None => longest,
        Some(Term::Days(days)) => ctx.settings.last_day(today, days.min(MAX_DAYS)),
        Some(term @ Term::Months(..)) => ctx.settings.last_day(term.last_day(today), 0),
        Some(Term::Until(date)) => date,
    };
    if due <= today {
        return Err(say!("e.past", ex = example_of(EXAMPLE)));
    }
    if due > longest {
        return Err(say!("e.prop_term", due = longest));
    }
    let (lamp, limit) = (lamp_after(ctx.settings, due, ctx.scene.now), last_day_of_months(ctx.settings, today, LIMIT));
    Ok(Decision::fact(Event::Brief(Fact::Assigned {
        proposal: no,
        unit: unit.into(),
        handler: handler.id,
        helpers: helpers.iter().map(|helper| Words::from(helper.as_str())).collect(),
        due,
        limit,
        lamp,
    })))
}

/// 签收 — by the one in charge. “收到” in reply to the card is ordinary talk from anybody else.
pub fn ack(ctx: &Ctx<'_>, no: ProposalNo, is_talk: bool) -> Decided {
    let proposal = ctx.require_proposal(no)?;
    if proposal.handler != Some(ctx.me()) {
        if is_talk && ctx.scene.way != Way::Press {
            return Ok(Decision::silent());
        }
        ctx.require_handler_of(&proposal)?;
    }
    proposal.require(&[State::Assigned])?;
    Ok(Decision::fact(Event::Brief(Fact::Acked { proposal: no })))
}

/// 办理 — how far it is (`class` = `None`), or the answer. Who had not signed for it has now.
pub fn progress(ctx: &Ctx<'_>, no: ProposalNo, class: Option<Class>, text: &str) -> Decided {
    let proposal = ctx.require_proposal(no)?;
    ctx.require_handler_of(&proposal)?;
    if !proposal.is_answered_by_author() {
        proposal.require(&[State::Assigned, State::Acked, State::Contested])?;
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of("ex.proposal.answer")));
    }
    within(text, MAX_TEXT)?;
    let mut facts = Vec::new();
    if proposal.state == State::Assigned {
        facts.push(Event::Brief(Fact::Acked { proposal: no }));
    }
    facts.push(Event::Brief(match class {
        None => Fact::Noted { proposal: no, text: text.into() },
        Some(class) => Fact::Answered { proposal: no, class, text: text.into() },
    }));
    Ok(Decision::facts(facts))
}

/// 延期 — never beyond six months from the day it was assigned.
pub fn delay(ctx: &Ctx<'_>, no: ProposalNo, term: Term, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.proposal.delay";
    let proposal = ctx.require_proposal(no)?;
    ctx.require_handler_of(&proposal)?;
    proposal.require(&[State::Assigned, State::Acked])?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    let (Some(before), Some(limit)) = (proposal.due, proposal.limit) else { return Err(proposal.wrong_state()) };
    let Some((days, due)) = put_off(ctx, before, term) else {
        return Err(say!("e.prop_delay_sooner", b = no, due = before));
    };
    if days == 0 || (days > MAX_DAYS && due <= limit) {
        return Err(say!("e.past", ex = example_of(EXAMPLE)));
    }
    let today = ctx.today();
    if due > limit || limit < today {
        let left = if limit < today { 0 } else { (limit - before).num_days() };
        return Err(if left > 0 {
            say!("e.prop_limit", b = no, limit = limit, n = left)
        } else {
            say!("e.prop_limit.reached", b = no, limit = limit)
        });
    }
    if due < today {
        return Err(say!("e.prop_delay_past", b = no, due = due));
    }
    let lamp = lamp_after(ctx.settings, due, ctx.scene.now);
    Ok(Decision::fact(Event::Brief(Fact::Delayed { proposal: no, days, due, reason: reason.into(), lamp })))
}

/// 催办 — once a day.
pub fn urge(ctx: &Ctx<'_>, no: ProposalNo) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    let proposal = ctx.require_proposal(no)?;
    proposal.require(&[State::Assigned, State::Acked])?;
    if proposal.urged.is_some_and(|at| ctx.settings.date(at) == ctx.today()) {
        return Err(say!("e.prop_urged", b = no));
    }
    Ok(Decision::fact(Event::Brief(Fact::Urged { proposal: no })))
}

/// 评价 — by its author. Refused once, it is answered again within a new term; refused twice, the coordinators take it over.
pub fn rate(ctx: &Ctx<'_>, no: ProposalNo, grade: Grade, reason: &str) -> Decided {
    let proposal = ctx.require_proposal(no)?;
    if proposal.by != ctx.me() {
        let role = Value::Term("role.proposer".to_owned());
        return Err(say!("e.role.prop", b = no, role = role, who = ctx.world.name_of(proposal.by)));
    }
    proposal.require(&[State::Answered])?;
    let (subject, is_theirs) = (Subject::Proposal(no), proposal.answerer() == Some(ctx.me()));
    if ctx.is_party(&[(Stake::Doer, is_theirs)], Settling::Grade) {
        return Err(ctx.own_brief(subject));
    }
    let reason = reason.trim();
    if grade == Grade::Bad && reason.is_empty() {
        return Err(say!("e.rate_why_prop", b = no, who = &ctx.scene.who.name));
    }
    within(reason, MAX_REASON)?;
    let again = (grade == Grade::Bad && proposal.reworks + 1 < MAX_REWORKS).then(|| {
        let due = last_day_of_months(ctx.settings, ctx.today(), AGAIN);
        (due, lamp_after(ctx.settings, due, ctx.scene.now))
    });
    Ok(Decision::fact(Event::Brief(Fact::Rated { proposal: no, grade, reason: reason.into(), again })))
}
