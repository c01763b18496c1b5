//! 专题 — what setting one makes of the world.

use crate::domain::about::campaign::{Campaign, Fact};
use crate::domain::kernel::world::{Key, World, kind};
use chrono::{DateTime, Utc};

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, at: DateTime<Utc>, fact: &Fact) {
    match fact {
        Fact::Set { campaign, name, from, last } => {
            let begun = world.get::<Campaign>(&Key::new(kind::CAMPAIGN).num(campaign.0)).map_or(at, |known| known.at);
            world.put(&Campaign { no: *campaign, name: name.clone(), from: *from, last: *last, at: begun });
        }
        Fact::Filled { campaign, items } => items.iter().for_each(|item| world.put_at(item.key(*campaign), item)),
        Fact::Emptied { campaign, items } => items.iter().for_each(|item| world.remove(item.key(*campaign))),
    }
}
