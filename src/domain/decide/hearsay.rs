//! 代点 — entering what somebody told by telephone, at the door or at a station.

use crate::domain::decide::person::newcomer;
use crate::domain::decide::topic::most_alike;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::say::{Value, example_of};
use crate::domain::kernel::text::{headline, longest_title, split_title};
use crate::domain::people::person::Side;
use crate::domain::people::reach::Act;
use crate::domain::process::channel::Channel;
use crate::domain::process::form::Kind;
use crate::domain::process::topic::standing;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;

/// 代点 — what somebody told by telephone, at the door or at a station, entered for them: it is their request.
pub fn order_for(ctx: &Ctx<'_>, channel: Channel, name: &str, (text, force): (&str, bool)) -> Decided {
    const EXAMPLE: &str = "ex.request";
    ctx.require_moderator_of(ctx.group())?;
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    let name = name.trim();
    let long = |title: String| {
        let (n, max, channel) = (text.trim().chars().count(), longest_title(text), channel.term());
        let channel = Value::Term(channel.to_owned());
        say!("request.long", n = n, max = max, channel = channel, name = name, title = title, text = text.trim())
    };
    let (title, body) = split_title(text, EXAMPLE).map_err(|error| headline(text).map_or(error, long))?;
    if name.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    if !force && let Some(like) = most_alike(&ctx.world.live_topics(), &title) {
        let state = standing(like);
        return Err(say!("request.dup", no = like.no, title = &like.title, state = state));
    }
    let mut facts = Vec::new();
    let known = ctx.world.find_person(name, None)?;
    if let Some(known) = &known {
        ctx.require_reach(Act::SpeakFor, known)?;
    }
    let proposer = match &known {
        Some(person) => person.id,
        None => {
            let id = PersonId(ctx.world.counters().people + 1);
            facts.push(newcomer(id, name, Side::Resident, "")?);
            id
        }
    };
    let of_group = ctx.group().and_then(|group| ctx.world.group(group)).map(|group| group.town);
    let towns = [of_group, known.map(|person| person.town), Some(ctx.scene.who.base().to_owned())];
    let town = towns.into_iter().flatten().find(|town| !town.is_empty()).unwrap_or_default();
    let topic = TopicNo(ctx.world.counters().topics + 1);
    let (title, body) = (title.into(), body.into());
    facts.push(Event::TopicOrdered { topic, title, body, proposer, channel, kind: Kind::Bridge, town });
    Ok(Decision::facts(facts))
}
