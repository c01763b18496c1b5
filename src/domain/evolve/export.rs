//! 导出 — what a link that was given out makes of the world.

use crate::domain::event::Record;
use crate::domain::history::export::{Export, Fact, maker_key};
use crate::domain::kernel::alarm;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::world::{Entity, World};

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, record: &Record, fact: &Fact) {
    match fact {
        Fact::Made(export) => {
            world.put(export);
            world.put_at(maker_key(export.no), &record.by.unwrap_or(PersonId(0)));
            world.put_at(alarm::export_key(export.until, export.no), &export.no);
        }
        Fact::Expired { export } => {
            if let Some(known) = world.export(*export) {
                forget(world, &known);
            }
        }
    }
}

fn forget(world: &mut World<'_>, known: &Export) {
    world.remove(alarm::export_key(known.until, known.no));
    world.remove(known.key());
    world.remove(maker_key(known.no));
}

/// An account of whoever asked for them, or an office, was taken: no link of theirs is good any more, nor becomes so again.
pub(super) fn void_all_by(world: &mut World<'_>, by: PersonId) {
    for export in world.exports() {
        if world.get::<PersonId>(&maker_key(export.no)) == Some(by) {
            forget(world, &export);
        }
    }
}
