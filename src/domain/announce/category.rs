//! 界别 — “贵界别可能用得上”: a request is told once in the groups of the sectors its category maps to.

use crate::domain::about::category::told;
use crate::domain::announce::Herald;
use crate::domain::kernel::ids::{GroupId, TopicNo};
use crate::domain::process::form::Step;
use crate::domain::process::topic::Topic;
use crate::say;

impl Herald<'_, '_> {
    /// Tells the groups of the sectors a topic's category maps to, but for those its category `before` mapped to.
    pub(super) fn tell_sectors(&mut self, topic: &Topic, before: &str) {
        if !self.settings.tell_sectors || topic.step != Step::Ordered || topic.halt.is_some() {
            return;
        }
        let known = self.world.groups_for(self.settings, before);
        let mut groups: Vec<GroupId> =
            self.world.groups_for(self.settings, &self.world.category_of(self.settings, topic));
        groups.retain(|group| !known.contains(group) && self.record.group != Some(*group));
        self.groups(&groups, &say!("sector.useful", no = topic.no, title = &topic.title), true, false);
    }

    pub(super) fn sorted(&mut self, no: TopicNo, category: &str, before: &str) {
        self.here(told(self.settings, no, category));
        if let Some(topic) = self.world.topic(no) {
            self.tell_sectors(&topic, before);
        }
    }
}
