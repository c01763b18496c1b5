//! 另定 — read in the open, and by whom it names.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::Value;
use crate::domain::people::person::{Role, Side};
use crate::domain::process::conflict::{Fact, Part};
use crate::domain::process::form::Step;
use crate::domain::talk::review::{Opinion, Review};
use crate::domain::work::rater::reviewer_is_also;
use crate::say;

/// Those who could rate and are told that somebody else may, at most.
const MAX_TOLD: usize = 50;

impl Herald<'_, '_> {
    pub(super) fn of_conflict(&mut self, fact: &Fact) {
        let Fact::Excepted { topic, person, part, reason } = fact;
        let is_rater = *part == Part::Rater;
        let (part, who) = (Value::Term(part.term().to_owned()), self.world.name_of(*person));
        let known = self.world.topic(*topic);
        let town = known.as_ref().map(|topic| topic.town.clone()).unwrap_or_default();
        let role = self.acting((&town, known.as_ref()), Role::Coordinator);
        let what = say!("appoint", no = *topic, role = role, by = self.by(), part = part, who = who, why = reason);
        self.publicly(*topic, &what);
        self.at_once(*person, what.clone());
        if !is_rater {
            return;
        }
        // Whose word it was until now hears it, and can still say it first.
        let could = known.map(|topic| self.world.who_can_rate(&topic)).unwrap_or_default();
        for one in could.into_iter().take(MAX_TOLD).filter(|one| one != person && Some(*one) != self.record.by) {
            self.at_once(one, say!("appoint.rater.told", no = *topic, what = what.clone()));
        }
    }

    /// 注销 — whoever was asked to look at a plan is on no list any more, in the midst of it: read in the open.
    pub(super) fn reviewer_left(&mut self, expert: PersonId) {
        let all = self.world.live_topics().into_iter();
        for topic in all.filter(|topic| topic.step == Step::Reviewing) {
            if self.world.invited_as(topic.no, expert) != Some(Side::Expert) {
                continue;
            }
            let said = self.world.reviews(&topic).into_iter().find(|review| review.expert == expert);
            let (who, no) = (self.world.name_of(expert), topic.no);
            let what = match said {
                Some(review) => {
                    let op = Value::Term(review.opinion.term().to_owned());
                    say!("review.left.said", no = no, who = who, op = op)
                }
                None => say!("review.left", no = no, who = who),
            };
            self.groups(&self.public_of(no), &what, false, false);
        }
    }

    /// 专家意见不算 — whoever has reviewed a plan comes to lead or moderate its topic: read in the open before the next step asks for
    /// another expert.
    pub(super) fn review_lapsed(&mut self, expert: PersonId, part: Part) {
        let all = self.world.live_topics().into_iter();
        for topic in all.filter(|topic| topic.step == Step::Reviewing) {
            let has_agreed = |review: &Review| review.expert == expert && review.opinion != Opinion::Refuse;
            let is_it = reviewer_is_also(self.world, &topic, expert) == Some(part);
            if is_it && self.world.reviews(&topic).iter().any(has_agreed) {
                let (who, part) = (self.world.name_of(expert), Value::Term(part.term().to_owned()));
                let what = say!("review.lapsed", no = topic.no, who = who, part = part);
                self.groups(&self.public_of(topic.no), &what, false, false);
            }
        }
    }
}
