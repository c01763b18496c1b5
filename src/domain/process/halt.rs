//! 退回、暂缓、终止、并案 — the ways a topic does not go on, each with a reason that is kept.

use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::process::topic::{Halt, Topic};
use crate::say;

/// Topics merged into one at most.
pub(crate) const MAX_MERGED: usize = 200;

/// Key under which it is kept that a topic was merged into another.
#[must_use]
pub fn merged_key(into: TopicNo, from: TopicNo) -> Key {
    Key::new(kind::MERGED).num(into.0).num(from.0)
}

impl World<'_> {
    /// The topics that were merged into one, by number.
    #[must_use]
    pub fn merged(&self, into: TopicNo) -> Vec<TopicNo> {
        self.list(&Key::new(kind::MERGED).num(into.0), MAX_MERGED)
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

/// 暂缓、终止、并案 — why a topic does not go on, and which others go on as part of it: lines of its card.
#[must_use]
pub fn provenance(world: &World<'_>, topic: &Topic) -> Vec<Say> {
    let why = &topic.halt_reason;
    let mut lines = Vec::new();
    lines.extend(topic.halt.map(|halt| match halt {
        Halt::Paused => say!("card.paused", why = why),
        Halt::Ended => say!("card.ended", why = why),
        Halt::Merged(into) => {
            let title = world.topic(into).map(|into| into.title).unwrap_or_default();
            say!("card.merged", to = into, title = &title)
        }
    }));
    let from: Vec<Value> = world
        .merged(topic.no)
        .into_iter()
        .filter_map(|no| world.topic(no))
        .take(5)
        .map(|from| say!("need.row", no = from.no, title = &from.title).into())
        .collect();
    if !topic.units.as_str().is_empty() && lines.is_empty() {
        lines.push(say!("card.units", unit = &topic.units));
    }
    if !from.is_empty() {
        lines.push(say!("card.from", rows = Value::List(from)));
    }
    lines
}
