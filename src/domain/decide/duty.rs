//! 履职 — entering what a member did, and the card of it.

use crate::domain::event::Event;
use crate::domain::history::duty::{Ask, Duty, Fact, Kind, fingerprint, points_line, six, this_year};
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::person;
use crate::domain::people::person::{Person, Role, scope_value};
use crate::domain::people::reach::Act;
use crate::domain::people::undoable::Undoable;
use crate::domain::scene::{Ctx, Decided, Decision, Place};
use crate::say;

/// Longest text, in characters.
const MAX_TEXT: usize = 500;

const EXAMPLE: &str = "ex.duty";

/// Records that are named where it is asked which is meant.
const MOST_ROWS: usize = 8;

/// 履职.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Serve { who, kind, text, heads, topic } => serve(ctx, who.as_deref(), *kind, text, *heads, *topic),
        Ask::Card(name) => card(ctx, name.as_deref()),
        Ask::TakeBack { who, n, reason } => take_back(ctx, who.as_deref(), *n, reason.trim()),
    }
}

fn serve(ctx: &Ctx<'_>, who: Option<&str>, kind: Kind, text: &str, heads: u32, topic: Option<TopicNo>) -> Decided {
    let person = match who {
        None => {
            ctx.require_role(Role::Member)?;
            ctx.me()
        }
        Some(name) => {
            ctx.require_role(Role::Coordinator)?;
            let person = ctx.require_person(name, None)?;
            ctx.require_reach(Act::Serve, &person)?;
            if !person.holds(Role::Member) {
                return Err(say!("e.no_member", who = name));
            }
            person.id
        }
    };
    if let Some(no) = topic {
        ctx.require_topic(no)?;
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(text, MAX_TEXT)?;
    if let Some(Undoable::Duty(..)) = ctx.world.said_already(ctx.me(), fingerprint(person, kind, text), ctx.scene.now) {
        return Err(say!("e.repeat", r#ref = Value::Term(kind.term().to_owned())));
    }
    let (n, text) = (ctx.world.duties(person) + 1, text.into());
    Ok(Decision::fact(Event::Duty(Fact::Served { person, n, kind, text, heads, topic })))
}

/// 撤回 履职 — a record is taken out by whoever wrote it down, or whose it is; by a coordinator, who says why.
fn take_back(ctx: &Ctx<'_>, who: Option<&str>, n: Option<u32>, reason: &str) -> Decided {
    let person = who.map_or_else(|| Ok(ctx.scene.who.clone()), |name| ctx.require_person(name, None))?;
    let is_own = |duty: &Duty| duty.recorder == ctx.me() || duty.person == ctx.me();
    let office = ctx.require_role(Role::Coordinator).and_then(|()| ctx.require_reach(Act::Serve, &person));
    let all = 1..=ctx.world.duties(person.id);
    let mut standing: Vec<Duty> = all.filter_map(|n| ctx.world.duty(person.id, n)).collect();
    standing.retain(|duty| is_own(duty) || office.is_ok());
    if let Some(n) = n {
        standing.retain(|duty| duty.n == n);
    }
    let name = &person.name;
    let duty = match standing.as_slice() {
        [only] => only,
        [] if who.is_some() => return Err(office.err().unwrap_or_else(|| say!("e.duty_back.none", who = name))),
        [] => return Err(say!("e.duty_back.none", who = name)),
        several => {
            let rows = several.iter().rev().take(MOST_ROWS).map(|duty| row(ctx, duty)).collect();
            return Err(say!("e.duty_back.which", who = name, rows = Value::Lines(rows)));
        }
    };
    let n = duty.n;
    if is_own(duty) {
        return Ok(Decision::fact(Event::Undone { what: Undoable::Duty(person.id, n) }));
    }
    if reason.is_empty() {
        return Err(say!("e.duty_back.reason", who = name, n = n));
    }
    within(reason, MAX_TEXT)?;
    Ok(Decision::fact(Event::Duty(Fact::Struck { person: person.id, n, kind: duty.kind, reason: reason.into() })))
}

/// One record, with the line that takes it out.
fn row(ctx: &Ctx<'_>, duty: &Duty) -> Say {
    let line = match duty.person == ctx.me() {
        true => say!("back.line.duty", n = duty.n),
        false => say!("back.line.duty.of", who = ctx.world.name_of(duty.person), n = duty.n),
    };
    let (kind, text) = (Value::Term(duty.kind.term().to_owned()), &duty.text);
    say!("duty_back.row", line = line, at = ctx.settings.date(duty.at), kind = kind, text = text)
}

/// 履职 姓名 — privately, of oneself or for coordinators.
fn card(ctx: &Ctx<'_>, name: Option<&str>) -> Decided {
    if ctx.scene.place != Place::Private {
        return Err(say!("e.private"));
    }
    let is_own = |name: &str| ctx.scene.who.enrolled && ctx.scene.who.name.as_str() == name;
    let person = match name {
        None => ctx.scene.who.clone(),
        Some(name) if is_own(name) && ctx.require_role(Role::Coordinator).is_err() => ctx.scene.who.clone(),
        Some(name) => {
            ctx.require_role(Role::Coordinator)?;
            let person = ctx.require_person(name, None)?;
            ctx.require_reach(Act::Look, &person)?;
            person
        }
    };
    let (from, to) = this_year(ctx.settings, ctx.scene.now);
    let sums = ctx.world.duty_sums(ctx.settings, person.id, from, to);
    let scope = [&person.sector, &person.town].into_iter().find(|text| !text.is_empty());
    let scope = scope.map_or_else(|| scope_value(&person::Scope::District), |text| Value::Text(text.clone()));
    Ok(Decision::answer(say!(
        "duty.card",
        who = &person.name,
        side = Value::Term(person.side.term().to_owned()),
        scope = scope,
        tags = tags_of(&person),
        six = six(&sums),
        n = sums.visits,
        heads = sums.heads,
        reading = sums.reading,
        meetings = sums.meetings,
        points = points_line(ctx.settings, &sums),
    )))
}

fn tags_of(person: &Person) -> Say {
    let mut tags: Vec<Value> = person.tags.iter().map(|tag| Value::Term(tag.term().to_owned())).collect();
    if !person.expertise.as_str().is_empty() {
        tags.push(say!("duty.expertise", text = &person.expertise).into());
    }
    if tags.is_empty() { say!("none") } else { say!("duty.tags", tags = Value::List(tags)) }
}
