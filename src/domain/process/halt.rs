//! 退回、暂缓、终止、并案 — the ways a topic does not go on, each with a reason that is kept.

use crate::domain::kernel::ids::{GroupId, PersonId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::group::{Group, GroupKind};
use crate::domain::process::form::Step;
use crate::domain::process::steps::path;
use crate::domain::process::topic::{Halt, Topic};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Topics merged into one at most.
pub(crate) const MAX_MERGED: usize = 200;

/// Topics merged into one that its card names.
const MAX_NAMED: usize = 10;

/// 转折 — why a topic went back, was opened again or came into other hands, as it was said then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// Topic.
    pub topic: TopicNo,
    /// Record.
    pub seq: u64,
    /// Why.
    pub why: Words,
}

impl Entity for Turn {
    fn key(&self) -> Key {
        Key::new(kind::TURN).num(self.topic.0).long(self.seq)
    }
}

/// Key under which it is kept that a topic was merged into another.
#[must_use]
pub fn merged_key(into: TopicNo, from: TopicNo) -> Key {
    Key::new(kind::MERGED).num(into.0).num(from.0)
}

/// Key under which a second lies.
#[must_use]
pub fn second_key(topic: TopicNo, person: PersonId) -> Key {
    Key::new(kind::SECOND).num(topic.0).num(person.0)
}

/// 并案 joins seconds, one a person: where topics went on as others, those are counted anew after whatever changes who seconded.
pub(crate) fn seconds_anew(world: &mut World<'_>, no: TopicNo) {
    for no in std::iter::once(no).chain(world.goes_on_as(no)) {
        let Some(mut topic) = world.topic(no).filter(|_| !world.merged(no).is_empty()) else { continue };
        topic.seconds = u32::try_from(world.seconders(&topic).len()).unwrap_or(u32::MAX);
        world.put(&topic);
    }
}

/// The furthest of the steps at which a plan is looked at by everybody that a topic itself has come to.
fn come_to_alone(topic: &Topic) -> Option<Step> {
    let looked_at = |step: &Step| (Step::Noticing..=Step::Voting).contains(step) && *step <= topic.step;
    let posted = (topic.notices > 0).then_some(Step::Noticing);
    path(topic.template).into_iter().filter(looked_at).max().max(posted)
}

impl World<'_> {
    /// 转折 — why a topic took the turn it took in a record, where it was said.
    #[must_use]
    pub fn turn(&self, topic: TopicNo, seq: u64) -> Option<Turn> {
        self.get(&Key::new(kind::TURN).num(topic.0).long(seq))
    }

    /// The topics that were merged into one, by number.
    #[must_use]
    pub fn merged(&self, into: TopicNo) -> Vec<TopicNo> {
        self.list(&Key::new(kind::MERGED).num(into.0), MAX_MERGED)
    }

    /// 并案 — a topic and all that went on as it, whether at once or by way of others.
    #[must_use]
    pub fn whole_of(&self, no: TopicNo) -> Vec<TopicNo> {
        self.whole_by(no, DateTime::<Utc>::MAX_UTC)
    }

    /// The same as it was before a moment.
    #[must_use]
    pub fn whole_by(&self, no: TopicNo, to: DateTime<Utc>) -> Vec<TopicNo> {
        let (mut found, mut at) = (vec![no], 0);
        let went_on = |no: &TopicNo| self.topic(*no).and_then(|one| one.halted_at).is_none_or(|at| at < to);
        while let Some(&next) = found.get(at) {
            at += 1;
            let came = self.merged(next).into_iter();
            let more: Vec<TopicNo> = came.filter(|one| !found.contains(one) && went_on(one)).collect();
            found.extend(more);
        }
        found
    }

    /// 并案 — the topics one goes on as, the nearest first.
    #[must_use]
    pub fn goes_on_as(&self, no: TopicNo) -> Vec<TopicNo> {
        let (mut found, mut at) = (Vec::new(), no);
        while let Some(Halt::Merged(into)) = self.topic(at).and_then(|topic| topic.halt) {
            if found.contains(&into) {
                break;
            }
            found.push(into);
            at = into;
        }
        found
    }

    /// 走到过哪一步 — the furthest of ④ to ⑥ a topic and all that went on as it are known to have come to; `None` where nothing was posted.
    /// What was sent back had been posted all the same, and a short way leads past these steps.
    #[must_use]
    pub fn come_to(&self, no: TopicNo) -> Option<Step> {
        self.whole_of(no).into_iter().filter_map(|no| self.topic(no)).filter_map(|topic| come_to_alone(&topic)).max()
    }

    /// The same of what was merged into it, without itself.
    #[must_use]
    pub fn merged_come_to(&self, no: TopicNo) -> Option<Step> {
        self.merged(no).into_iter().filter_map(|no| self.come_to(no)).max()
    }

    /// 绑定群 — the groups bound to a topic, and those of whatever goes on as it (并案).
    #[must_use]
    pub fn bound_groups(&self, topic: TopicNo) -> Vec<GroupId> {
        let whole = self.whole_of(topic);
        let is_bound = |group: &Group| group.bound.is_some_and(|bound| whole.contains(&bound.topic));
        self.groups().into_iter().filter(is_bound).map(|group| group.id).collect()
    }

    /// 绑定议题 — what a group is bound to by now: where that was merged (并案), the topic it goes on as.
    #[must_use]
    pub fn bound_to(&self, group: &Group) -> Option<Topic> {
        self.led_on(group.bound?.topic)
    }

    /// What the digests of a group are about: in a discussion group the topic it is bound to.
    #[must_use]
    pub fn digest_about(&self, group: &Group) -> Option<TopicNo> {
        (group.kind == Some(GroupKind::Discussion)).then(|| self.bound_to(group)).flatten().map(|topic| topic.no)
    }

    /// 附议 — everybody who seconded a topic or one that went on as it, each once; whoever asked for it is not among them.
    #[must_use]
    pub fn seconders(&self, topic: &Topic) -> BTreeSet<PersonId> {
        let mut people = BTreeSet::new();
        for no in self.whole_of(topic.no) {
            self.seconds_of(no, |person| {
                people.insert(person);
            });
        }
        people.remove(&topic.proposer);
        people
    }

    /// Visits those who seconded a topic itself.
    pub fn seconds_of(&self, no: TopicNo, mut visit: impl FnMut(PersonId)) {
        self.scan(&Key::new(kind::SECOND).num(no.0), |person: PersonId| {
            visit(person);
            true
        });
    }

    /// Of a topic and of those that went on as it: the ones somebody has seconded.
    #[must_use]
    pub fn seconded_by(&self, no: TopicNo, person: PersonId) -> Vec<TopicNo> {
        let mut found = self.whole_of(no);
        found.retain(|no| self.has(&second_key(*no, person)));
        found
    }

    /// Everybody who asked for it: its proposer, and those of the topics merged into it, and into these.
    #[must_use]
    pub fn proposers(&self, topic: &Topic) -> Vec<PersonId> {
        let (mut found, mut open) = (vec![topic.proposer], self.merged(topic.no));
        let mut seen = 0;
        while let Some(no) = open.pop().filter(|_| seen < MAX_MERGED) {
            seen += 1;
            let Some(merged) = self.topic(no) else { continue };
            if !found.contains(&merged.proposer) {
                found.push(merged.proposer);
            }
            open.extend(self.merged(no));
        }
        found
    }
}

/// 暂缓、终止、并案 — why a topic does not go on, and as what it goes on.
#[must_use]
pub fn whereabouts(world: &World<'_>, topic: &Topic) -> Option<Say> {
    let why = &topic.halt_reason;
    topic.halt.map(|halt| match halt {
        Halt::Paused => say!("card.paused", why = why),
        Halt::Ended => say!("card.ended", why = why),
        Halt::Merged(into) => {
            let into = topic.moved_to.unwrap_or(into);
            let title = world.topic(into).map(|into| into.title).unwrap_or_default();
            say!("card.merged", to = into, title = &title)
        }
    })
}

/// What a topic has become, and which others go on as part of it: lines of its card.
#[must_use]
pub fn provenance(world: &World<'_>, topic: &Topic) -> Vec<Say> {
    let mut lines = Vec::new();
    lines.extend(whereabouts(world, topic));
    // The whole way: what was merged into what was merged into it, too.
    let from: Vec<Value> = world
        .whole_of(topic.no)
        .into_iter()
        .skip(1)
        .filter_map(|no| world.topic(no))
        .take(MAX_NAMED)
        .map(|from| say!("need.row", no = from.no, title = &from.title).into())
        .collect();
    lines.extend(world.splits(topic));
    if !topic.units.as_str().is_empty() && lines.is_empty() {
        lines.push(say!("card.units", unit = &topic.units));
    }
    if !from.is_empty() {
        lines.push(say!("card.from", rows = Value::List(from)));
    }
    lines
}
