//! 爱心项目 — what entering one makes of the world.

use crate::domain::about::charity::{Charity, Fact, Progress};
use crate::domain::event::Record;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::world::World;

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, record: &Record, fact: &Fact) {
    match fact {
        Fact::Registered { charity, name, giver, yuan, said, progress, topic } => world.put(&Charity {
            no: *charity,
            name: name.clone(),
            giver: giver.clone(),
            yuan: *yuan,
            said: said.clone(),
            progress: *progress,
            topic: *topic,
            by: record.by.unwrap_or(PersonId(0)),
            at: record.at,
            since: record.at,
            carried: (*progress != Progress::Planned).then_some(record.at),
        }),
        Fact::Moved { charity, progress } => {
            if let Some(known) = world.charity(*charity) {
                let carried = (*progress != Progress::Planned).then(|| known.carried.unwrap_or(record.at));
                world.put(&Charity { progress: *progress, since: record.at, carried, ..known });
            }
        }
    }
}
