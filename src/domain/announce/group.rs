//! 群 — who is told that a group is gone, or that presses were lost.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::say::Value;
use crate::domain::people::group::scope_of;
use crate::say;
use chrono::{DateTime, Utc};

impl Herald<'_, '_> {
    /// 群失联 — the coordinators are told once; nothing is tried there until the bot is back.
    pub(crate) fn group_gone(&mut self, group: GroupId) {
        let Some(group) = self.world.group(group).filter(|group| group.kind.is_some()) else { return };
        self.coordinators(&group.town, &say!("group.gone", name = &group.name));
    }

    /// 镇街登记的群 — the district's coordinators read what a town's coordinator makes of a group, before it is so: a change of its hours
    /// is no matter of theirs.
    pub(super) fn registered_by_town(&mut self, fact: &Event) {
        let Event::GroupSet { group, kind, town, sector, .. } = fact else { return };
        let Some(by) = self.record.by.and_then(|by| self.world.person(by)).filter(|by| !by.coordinates("")) else {
            return;
        };
        let Some(known) = self.world.group(*group) else { return };
        if known.kind == Some(*kind) && known.town == *town && known.sector == *sector {
            return;
        }
        let (kind, scope) = (Value::Term(kind.term().to_owned()), scope_of(*kind, town, sector));
        self.coordinators("", &say!("group.set.told", by = &by.name, name = &known.name, kind = kind, scope = scope));
    }

    /// 停机 — one notice in each group of that platform with an open poll: buttons pressed meanwhile were lost.
    pub(crate) fn outage(&mut self, platform: &str, from: DateTime<Utc>, until: DateTime<Utc>) {
        let mut told: Vec<GroupId> = Vec::new();
        // What closed meanwhile has been closed by now, at its hour.
        let mut polls = self.world.open_polls();
        self.world.deeds(from, until + chrono::Duration::milliseconds(1), |deed| {
            if let What::PollClosed(no) = deed.what {
                polls.extend(self.world.poll(no));
            }
        });
        for poll in polls.iter().filter(|poll| poll.opened < until) {
            let bound = self.world.bound_groups(poll.topic);
            for group in poll.group.into_iter().chain(bound) {
                let is_there = self.world.group(group).is_some_and(|group| {
                    group.chat.as_str().strip_prefix(platform).is_some_and(|rest| rest.starts_with(':'))
                });
                if is_there && !told.contains(&group) {
                    told.push(group);
                }
            }
        }
        let what = say!("outage.vote", from = Value::Moment(from), until = Value::Moment(until));
        self.groups(&told, &what, true, false);
    }
}
