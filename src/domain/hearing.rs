//! 常来的人 — where somebody can be reached: whether they write to us in private, and in which groups they speak. Nobody is written to
//! in private who has not begun it. It lies in their [`Trail`], which is written with whatever they do.

use super::event::{Record, Way};
use super::ids::{GroupId, PersonId};
use super::trail::Trail;
use super::world::World;

/// Groups that are remembered for one person.
const MOST_GROUPS: usize = 16;

impl World<'_> {
    /// Whether somebody has written to us in private.
    #[must_use]
    pub fn confides(&self, person: PersonId) -> bool {
        self.trail(person).confides
    }

    /// Whether somebody speaks in a group.
    #[must_use]
    pub fn speaks_in(&self, person: PersonId, group: GroupId) -> bool {
        self.trail(person).speaks_in.contains(&group)
    }

    /// Somebody was heard, in private or in a group.
    pub fn heard(&mut self, person: PersonId, record: &Record) {
        let is_new = |trail: &Trail| match (record.way, record.group) {
            (Way::Private, _) => !trail.confides,
            (Way::Group | Way::Press, Some(group)) => !trail.speaks_in.contains(&group),
            _ => false,
        };
        let mut trail = self.trail(person);
        if !is_new(&trail) {
            return;
        }
        match record.group.filter(|_| record.way != Way::Private) {
            Some(group) => speak(&mut trail, group),
            None => trail.confides = true,
        }
        self.put(&trail);
    }
}

/// Adds a group, which pushes out the one that was heard of longest ago.
pub(super) fn speak(trail: &mut Trail, group: GroupId) {
    if trail.speaks_in.contains(&group) {
        return;
    }
    trail.speaks_in.push(group);
    let surplus = trail.speaks_in.len().saturating_sub(MOST_GROUPS);
    trail.speaks_in.drain(..surplus);
}
