//! 代点 — what somebody told by telephone, at the door or at a station is entered for them: it is their request.

use super::event::Event;
use super::ids::{PersonId, TopicNo};
use super::person::{Side, newcomer};
use super::say::example_of;
use super::scene::{Ctx, Decided, Decision};
use super::topic::{Channel, Kind, most_alike, split_title, stage};
use crate::say;
use serde::{Deserialize, Serialize};

/// How somebody told the office of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// 电话.
    Phone,
    /// 走访.
    Visit,
    /// 12345转来.
    Hotline,
    /// 网格.
    Grid,
    /// 阵地接待.
    Station,
    /// 社情民意转来.
    Brief,
}

impl Told {
    /// All.
    pub const ALL: [Self; 6] = [Self::Phone, Self::Visit, Self::Hotline, Self::Grid, Self::Station, Self::Brief];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Phone => "channel.phone",
            Self::Visit => "channel.visit",
            Self::Hotline => "channel.12345",
            Self::Grid => "channel.grid",
            Self::Station => "channel.station",
            Self::Brief => "channel.brief",
        }
    }
}

/// 代点 — what somebody told by telephone, at the door or at a station, entered for them: it is their request.
pub fn order_for(ctx: &Ctx<'_>, channel: Channel, name: &str, (text, force): (&str, bool)) -> Decided {
    const EXAMPLE: &str = "ex.request";
    ctx.require_moderator_of(ctx.group())?;
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    let (title, body) = split_title(text, EXAMPLE)?;
    let name = name.trim();
    if name.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    if !force && let Some(like) = most_alike(&ctx.world.live_topics(), &title) {
        let state = stage(like.step);
        return Err(say!("request.dup", no = like.no, title = &like.title, state = state));
    }
    let mut facts = Vec::new();
    let known = ctx.world.find_person(name, None)?;
    let proposer = match &known {
        Some(person) => person.id,
        None => {
            let id = PersonId(ctx.world.counters().people + 1);
            facts.push(newcomer(id, name, Side::Resident, "")?);
            id
        }
    };
    let of_group = ctx.group().and_then(|group| ctx.world.group(group)).map(|group| group.town);
    let towns = [of_group, known.map(|person| person.town), Some(ctx.scene.who.town.clone())];
    let town = towns.into_iter().flatten().find(|town| !town.is_empty()).unwrap_or_default();
    let topic = TopicNo(ctx.world.counters().topics + 1);
    let (title, body) = (title.into(), body.into());
    facts.push(Event::TopicOrdered { topic, title, body, proposer, channel, kind: Kind::Bridge, town });
    Ok(Decision::facts(facts))
}
