//! 邀请码 — who is told that a code was used.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::say;

impl Herald<'_, '_> {
    pub(crate) fn pass_used(&mut self) {
        let into = self.record.facts.iter().find_map(|fact| match fact {
            Event::PersonJoined { into, .. } => Some(*into),
            _ => None,
        });
        if let Some(person) = into {
            self.here(say!("claim.told.yes", who = self.world.name_of(person)));
        }
    }
}
