//! 类型、流程 — who is told of the form of a topic.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::kernel::say::Value;
use crate::domain::process::course::{Fact, Split, shown};
use crate::domain::process::form::Step;
use crate::domain::process::steps::{MIN_SIDES, MIN_SUGGESTIONS};
use crate::domain::process::topic::Topic;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_course(&mut self, fact: &Fact) {
        match fact {
            Fact::Set { topic, .. } => {
                // The card of a new topic says what kind it is.
                if self.record.facts.iter().any(|fact| matches!(fact, Event::TopicOrdered { .. })) {
                    return;
                }
                let Some(topic) = self.world.topic(*topic) else { return };
                self.bound(topic.no, &shown(&topic));
            }
            Fact::Timed { topic, until } => {
                let Some(topic) = self.world.topic(*topic) else { return };
                let what = say!("window", no = topic.no, end = Value::Moment(*until));
                self.here_and(&self.all_groups(&topic), &what);
            }
            Fact::TimeUp { topic, n } => {
                let is_on = |topic: &Topic| topic.step == Step::Talking && topic.halt.is_none();
                let Some(topic) = self.world.topic(*topic).filter(is_on) else { return };
                let groups = self.all_groups(&topic);
                let (heard, sides) = self.world.heard(&topic);
                let is_enough = heard >= MIN_SUGGESTIONS && sides >= MIN_SIDES;
                let what = match is_enough {
                    true => say!("window.closed", no = topic.no, n = *n),
                    false => say!("window.closed.few", no = topic.no, n = *n, heard = heard, s = sides),
                };
                self.groups(&groups, &what, true, false);
            }
            Fact::Split { topic, into, suggestions } => {
                let title = self.world.topic(*into).map(|into| into.title).unwrap_or_default();
                let by = self.record.by;
                let refs = Split { topic: *topic, into: *into, suggestions: suggestions.clone(), by }.refs();
                let who = self.by();
                self.bound(*topic, &say!("split", no = *topic, to = *into, title = &title, refs = refs, who = who));
            }
            Fact::Addressed { topic, units } => self.bound(*topic, &say!("unit", no = *topic, unit = units)),
        }
    }
}
