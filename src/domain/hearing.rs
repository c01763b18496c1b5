//! 常来的人 — where somebody can be reached: whether they write to us in private, and in which groups they speak. Nobody is written to
//! in private who has not begun it. It lies in their [`Trail`], which is written with whatever they do.

use super::event::Way;
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
}

/// Somebody was heard, in private or in a group; whether that is new.
pub(super) fn hear(trail: &mut Trail, way: Way, group: Option<GroupId>) -> bool {
    match (way, group) {
        (Way::Private, _) => !std::mem::replace(&mut trail.confides, true),
        (Way::Group | Way::Press, Some(group)) => speak(trail, group),
        (Way::Group | Way::Press, None) | (Way::Page | Way::Clock | Way::Platform | Way::Office, _) => false,
    }
}

/// Adds a group, which pushes out the one that was heard of longest ago; whether it is new.
pub(super) fn speak(trail: &mut Trail, group: GroupId) -> bool {
    if trail.speaks_in.contains(&group) {
        return false;
    }
    trail.speaks_in.push(group);
    let surplus = trail.speaks_in.len().saturating_sub(MOST_GROUPS);
    trail.speaks_in.drain(..surplus);
    true
}
