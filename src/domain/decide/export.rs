//! 导出 — who may have which table, and for how long its link holds.

use crate::domain::chronicle::index;
use crate::domain::event::Event;
use crate::domain::history::export::{Ask, Export, Fact, MAX_LINES, fingerprint};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::people::person::{Role, Scope};
use crate::domain::scene;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;
use chrono::{Duration, Months, NaiveTime};

/// Letters of a token: 125 bits.
const LETTERS: u32 = 25;

/// 导出 — for coordinators: of their towns, or of the whole district.
pub fn decide(ctx: &Ctx<'_>, ask: Ask) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    if ctx.settings.public_url.is_none() {
        return Err(say!("e.no_url"));
    }
    let now = ctx.scene.now;
    let live = ctx.world.exports();
    let kept = ctx.settings.retention;
    if live.len() >= kept.links {
        return Err(say!("e.too_far", max = kept.links));
    }
    let (topic, from, to, towns) = match ask {
        Ask::Topic(written) => {
            let topic = ctx.resolve_topic(written, "ex.export")?;
            if !ctx.coordinates(&topic.town) {
                return Err(ctx.ask(Role::Coordinator, &topic.town));
            }
            (Some(topic.no), topic.ordered_at, now, Vec::new())
        }
        Ask::Month(first) => {
            let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
            let at = |day| ctx.settings.moment(day, NaiveTime::MIN);
            (None, at(first), at(next).min(now), own_towns(ctx)?)
        }
    };
    let token = ctx.token(LETTERS).ok_or_else(|| scene::not_recorded(ctx))?;
    let until = now + Duration::hours(i64::from(kept.link_hours));
    let no = live.last().map_or(0, |last| last.no) + 1;
    let export = Export { no, fingerprint: fingerprint(&token), topic, from, to, towns, until };
    let n = index::count(&ctx.world.exported(&export));
    if n == 0 {
        return Err(say!("e.export_none", ex = example_of("ex.export")));
    }
    if n > MAX_LINES {
        return Err(say!("e.many", max = MAX_LINES, n = n));
    }
    let url = Value::Link(format!("x/{token}"));
    let answer = say!("export", n = n, url = url, end = Value::Moment(export.until));
    Ok(Decision { facts: vec![Event::Export(Fact::Made(export))], answer: vec![answer], ..Decision::default() })
}

/// The towns somebody coordinates; empty = all of them. Whoever coordinates but a topic has no month to look at.
fn own_towns(ctx: &Ctx<'_>) -> Result<Vec<String>, Say> {
    if ctx.coordinates("") {
        return Ok(Vec::new());
    }
    let grants = ctx.scene.who.grants.iter().filter(|grant| grant.role == Role::Coordinator);
    let towns = grants.filter_map(|grant| match &grant.scope {
        Scope::Town(town) => Some(town.clone()),
        Scope::District | Scope::Topic(_) => None,
    });
    let towns: Vec<String> = towns.collect();
    if towns.is_empty() { Err(ctx.ask(Role::Coordinator, "")) } else { Ok(towns) }
}
