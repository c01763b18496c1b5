//! What becomes of polls beside opening, ballots and the count.

use super::Application;
use crate::domain::due::plan_due_key;
use crate::domain::event::choice_of;
use crate::domain::ids::{GroupId, PollNo, TopicNo};
use crate::domain::poll::opening::{Plan, formal_round, plan_key};
use crate::domain::poll::ranking::standing_key;
use crate::domain::poll::terms::{Marks, terms_key};
use crate::domain::poll::{Choice, Fact};
use crate::domain::words::Words;

impl Application<'_, '_, '_> {
    pub(super) fn of_poll(&mut self, fact: &Fact) {
        match fact {
            Fact::Framed { poll, terms } => self.world.put_at(terms_key(*poll), terms),
            Fact::Planned { topic, rule, title, terms, opens, ends } => {
                self.world.put(&Plan {
                    topic: *topic,
                    rule: *rule,
                    title: title.clone(),
                    terms: terms.clone(),
                    opens: *opens,
                    ends: *ends,
                    group: self.record.group,
                    formal: self.world.topic(*topic).as_ref().and_then(formal_round),
                });
                self.world.put_at(plan_due_key(*opens, *topic), topic);
                self.trace(None, 0);
            }
            Fact::Missed { topic, .. } => {
                self.plan_carried_out(*topic);
            }
            Fact::Withdrawn { topic, .. } => {
                self.plan_carried_out(*topic);
                self.trace(None, 0);
            }
            Fact::Reasoned { poll, voter, reason } => {
                if let Some(mut ballot) = self.world.ballot(*poll, *voter) {
                    ballot.reason = reason.clone();
                    self.world.put(&ballot);
                }
            }
            Fact::Ranked { poll, standing } => self.world.put_at(standing_key(*poll), standing),
        }
    }

    /// The plan of a topic is done with; answers with the group it was announced in.
    pub(super) fn plan_carried_out(&mut self, topic: TopicNo) -> Option<GroupId> {
        let plan = self.world.poll_plan(topic)?;
        self.world.remove(plan_key(topic));
        self.world.remove(plan_due_key(plan.opens, topic));
        plan.group
    }

    /// What a ballot says: one of three, or options; where there are options nothing else is counted for one.
    pub(super) fn chosen(&self, poll: PollNo, words: &Words) -> (Option<Choice>, Marks) {
        let has_options = self.world.poll_terms(poll).is_some_and(|terms| terms.method.is_some());
        (choice_of(words).filter(|_| !has_options), Marks::of(words).unwrap_or_default())
    }

    /// 不记名 — how somebody voted leaves no mark beside the ballot.
    pub(super) fn is_secret(&self, poll: PollNo) -> bool {
        self.world.poll_terms(poll).is_some_and(|terms| terms.secret)
    }
}
