//! 分类 — set right by hand; whom to invite.

use crate::domain::about::category::{name_of, shown};
use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::person::Person;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;

const EXAMPLE: &str = "ex.category";

/// 分类 编号 [分类名] — shows it, or sets it right.
pub fn sort(ctx: &Ctx<'_>, written: Option<TopicNo>, category: &str) -> Decided {
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    let before = ctx.world.category_of(ctx.settings, &topic);
    if category.is_empty() {
        return Ok(Decision::answer(shown(ctx.settings, topic.no, &before)));
    }
    ctx.require_moderator(&topic)?;
    topic.require_going()?;
    if !ctx.settings.categories.iter().any(|known| known.name == category) {
        let eg = ctx.settings.categories.first().map_or(Value::Text(String::new()), |known| name_of(&known.name));
        let names = ctx.settings.categories.iter().map(|known| name_of(&known.name)).collect();
        let bad = Value::Quote(category.to_owned());
        return Err(say!("e.category", no = topic.no, bad = bad, names = Value::List(names), eg = eg));
    }
    Ok(Decision::fact(Event::TopicSorted { topic: topic.no, category: category.to_owned(), before }))
}

/// 邀请 编号, without names: who may be of use by expertise.
#[must_use]
pub fn whom_to_invite(ctx: &Ctx<'_>, topic: &Topic) -> Option<Say> {
    let name = ctx.world.category_of(ctx.settings, topic);
    let category = ctx.settings.categories.iter().find(|known| known.name == name)?;
    let is_there = |person: &Person| ctx.world.invited_as(topic.no, person.id).is_some();
    let rows: Vec<Say> = ctx.world.candidates(category, &is_there).iter().map(candidate).collect();
    (!rows.is_empty()).then(|| say!("invite.who", no = topic.no, rows = Value::Lines(rows)))
}

fn candidate(person: &Person) -> Say {
    let known = [&person.expertise, &person.field, &person.unit].into_iter().find(|text| !text.as_str().is_empty());
    say!(
        "invite.row",
        who = &person.name,
        side = Value::Term(person.side.term().to_owned()),
        field = known.map_or("", |text| text.as_str())
    )
}
