//! 退办、重派、强制办结 — who may move a task to another unit, or end it.

use crate::domain::decide::one::Takes;
use crate::domain::decide::task::{MAX_TEXT, MAX_UNIT, days_of, is_of, wrong_state};
use crate::domain::event::Event;
use crate::domain::kernel::ids::TaskNo;
use crate::domain::kernel::said::Term;
use crate::domain::kernel::say::{Say, example_of};
use crate::domain::kernel::text::within;
use crate::domain::kernel::words::Words;
use crate::domain::process::conflict::{Part, Settling};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::work::handover::{Ask, Fact, MAX_HANDOVERS, RETURN_DAYS};
use crate::domain::work::task::{State, UNRATED_DAYS, lamp_after};
use crate::say;

/// Decides what is asked of a task.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Return { task, reason } => give_back(ctx, *task, reason),
        Ask::Reassign { task, unit, handler, term, what } => reassign(ctx, *task, (unit, handler), *term, what),
        Ask::Force { task, reason } => force(ctx, *task, reason),
    }
}

fn reason_of(ctx: &Ctx<'_>, no: TaskNo, reason: &str, example: &str) -> Result<Words, Say> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(example)));
    }
    ctx.require_one(Takes::Task, &no.to_string(), reason)?;
    within(reason, MAX_REASON)?;
    Ok(reason.into())
}

/// 退办 — before it is signed for, within three days, with a reason.
fn give_back(ctx: &Ctx<'_>, written: Option<TaskNo>, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.return";
    let (topic, task) = ctx.resolve_task(written, EXAMPLE)?;
    ctx.require_handler(&topic, &task)?;
    match task.state {
        State::Assigned => {}
        State::Acked => return Err(say!("e.return_acked", t = task.no)),
        State::Answered | State::Done | State::Returned => return Err(wrong_state(&task)),
    }
    require_room(ctx, task.no)?;
    let last = ctx.settings.last_day(ctx.settings.date(task.assigned), RETURN_DAYS);
    if ctx.settings.date(ctx.scene.now) > last {
        return Err(say!("e.return_late", t = task.no, n = RETURN_DAYS));
    }
    let reason = reason_of(ctx, task.no, reason, EXAMPLE)?;
    Ok(Decision::fact(Event::Handover(Fact::Returned { task: task.no, reason })))
}

fn require_room(ctx: &Ctx<'_>, no: TaskNo) -> Result<(), Say> {
    if ctx.world.handovers(no).len() < MAX_HANDOVERS { Ok(()) } else { Err(say!("e.too_far", max = MAX_HANDOVERS)) }
}

/// 重新交办 — to another unit, while nobody has signed for it.
fn reassign(ctx: &Ctx<'_>, no: TaskNo, to: (&str, &str), term: Term, what: &str) -> Decided {
    let (topic, task) = ctx.resolve_task(Some(no), "ex.assign")?;
    ctx.require_coordinator(&topic)?;
    if !matches!(task.state, State::Assigned | State::Returned) {
        return Err(wrong_state(&task));
    }
    // Who gave it back is on the record already: it must find another, or its topic could never be closed.
    if task.state == State::Assigned {
        require_room(ctx, no)?;
    }
    let unit = to.0;
    let what = if what.trim().is_empty() { task.what.as_str() } else { what.trim() };
    within(unit, MAX_UNIT)?;
    within(what, MAX_TEXT)?;
    let handler = ctx.require_handler_named(to, Some(&topic))?;
    ctx.require_fit(&handler, &topic, Part::Handler, None)?;
    let (days, due) = days_of(ctx, term)?;
    if !is_of(unit, &handler) {
        let (own, who) = (&handler.unit, &handler.name);
        return Err(say!("e.assign_unit.task", t = no, unit = own, who = who, days = days, what = what));
    }
    let lamp = lamp_after(ctx.settings, due, ctx.scene.now);
    let (unit, what) = (unit.into(), what.into());
    let fact = Fact::Reassigned { task: no, unit, handler: handler.id, what, days, due, lamp };
    Ok(Decision::fact(Event::Handover(fact)))
}

/// 强制办结 — with an explanation: after the second refusal, or where an answer has waited for its rating long enough.
fn force(ctx: &Ctx<'_>, written: Option<TaskNo>, reason: &str) -> Decided {
    const EXAMPLE: &str = "ex.force";
    let (topic, task) = ctx.resolve_task(written, EXAMPLE)?;
    ctx.require_coordinator(&topic)?;
    ctx.require_no_party(&topic, Some(&task), Settling::Force)?;
    if task.state == State::Done {
        return Err(wrong_state(&task));
    }
    if !task.may_be_forced(ctx.settings, ctx.settings.date(ctx.scene.now)) {
        if let Some(from) = task.unrated_from(ctx.settings) {
            return Err(say!("e.force.wait", t = task.no, from = from, n = UNRATED_DAYS));
        }
        return Err(say!("e.force", t = task.no, n = task.reworks));
    }
    let reason = reason_of(ctx, task.no, reason, EXAMPLE)?;
    Ok(Decision::fact(Event::Handover(Fact::Forced { task: task.no, reason })))
}
