//! 履职 — entering what a member did, and the card of it.

use crate::domain::event::Event;
use crate::domain::history::duty::{Ask, Fact, Kind, fingerprint, points_line, six, this_year};
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

/// 履职.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Serve { who, kind, text, heads, topic } => serve(ctx, who.as_deref(), *kind, text, *heads, *topic),
        Ask::Card(name) => card(ctx, name.as_deref()),
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
        ctx.world.topic(no).ok_or_else(|| say!("e.no_topic", no = no))?;
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
