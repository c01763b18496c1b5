//! 本群的人 — who votes where there is no roll. The group stands for one: whoever has to do with it votes from wherever they write, and
//! nobody else decides its matter in private, unseen. Asked with every ballot, so nothing here walks through the store.

use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::world::{Entity as _, Key, World, kind};
use crate::domain::people::group::{Group, GroupKind};
use crate::domain::people::person::{Person, Role};
use crate::domain::process::guest::{Speaker, invitation_key};
use crate::domain::process::topic::Topic;
use crate::domain::vote::poll::Poll;

impl World<'_> {
    /// Whether somebody may vote in a poll without a roll, from a group or, without one, in private. Whoever is in the group of the vote
    /// may; of those who are registered also whoever was heard in one, is of its town or sector, or takes part in the topic.
    #[must_use]
    pub fn is_of_vote(&self, poll: &Poll, topic: &Topic, person: &Person, here: Option<GroupId>) -> bool {
        let is_place = |id: GroupId| self.group(id).is_some_and(|group| is_place_of(self, poll, topic, &group));
        if poll.voters.is_some() || here.is_some_and(is_place) {
            return true;
        }
        person.enrolled
            && (self.is_at_home(poll, topic, person)
                || self.has_part_in(topic, person)
                || self.trail(person.id).speaks_in.into_iter().any(is_place))
    }

    /// 所在镇街、界别 — of the town of the topic or of the group, of its sector, of the members in a group of members. What is neither of a
    /// town nor of a group is everybody's.
    fn is_at_home(&self, poll: &Poll, topic: &Topic, person: &Person) -> bool {
        let group = poll.group.and_then(|id| self.group(id));
        let is_own = |town: &str| !town.is_empty() && person.base() == town;
        let of_group = |group: &Group| match group.kind {
            Some(GroupKind::Members) => person.holds(Role::Member),
            Some(GroupKind::Sector) => !group.sector.is_empty() && person.sector == group.sector,
            Some(GroupKind::Town | GroupKind::Discussion | GroupKind::Residents) | None => is_own(&group.town),
        };
        is_own(&topic.town) || group.as_ref().is_some_and(of_group) || (topic.town.is_empty() && group.is_none())
    }

    /// Whether somebody was invited, spoke or came, asked for it, or leads it.
    fn has_part_in(&self, topic: &Topic, person: &Person) -> bool {
        let (no, id, side) = (topic.no, person.id, person.side);
        topic.proposer == id
            || topic.lead == Some(id)
            || self.has(&invitation_key(no, id))
            || self.has(&Speaker { topic: no, person: id, side, times: 0 }.key())
            || self.has(&Key::new(kind::PRESENCE).num(no.0).num(id.0))
    }

    /// The group whose vote it is, to be named to somebody it is not open to.
    #[must_use]
    pub fn place_of_vote(&self, poll: &Poll, topic: &Topic) -> Option<Group> {
        let opened = poll.group.and_then(|id| self.group(id));
        let groups = || self.groups().into_iter().filter(|group| is_place_of(self, poll, topic, group));
        opened.or_else(|| groups().next())
    }
}

/// Where a vote is held: the group it was opened in, those bound to its topic, and those of its town.
fn is_place_of(world: &World<'_>, poll: &Poll, topic: &Topic, group: &Group) -> bool {
    poll.group == Some(group.id)
        || world.bound_to(group).is_some_and(|bound| bound.no == topic.no)
        || (!topic.town.is_empty() && group.town == topic.town && group.kind.is_some_and(|kind| !kind.is_of_district()))
}
