//! Polls with more than a rule: cards, receipts, what is planned and what is void.

use super::Herald;
use crate::domain::event::choice_of;
use crate::domain::ids::{GroupId, PollNo, TopicNo};
use crate::domain::poll::fact::Fact;
use crate::domain::poll::telling::{announced, card, kind_of};
use crate::domain::poll::terms::Marks;
use crate::domain::poll::{Choice, Poll};
use crate::domain::say::{Say, Value};
use crate::domain::words::Words;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn of_poll(&mut self, fact: &Fact) {
        match fact {
            Fact::Planned { topic, rule, title, terms, opens, ends } => {
                let what = say!(
                    "poll.planned",
                    no = *topic,
                    title = title,
                    rule = kind_of(*rule, terms),
                    options = announced(terms),
                    at = Value::Moment(*opens),
                    end = Value::Moment(*ends),
                );
                self.here_and(&self.world.bound_groups(*topic), &what);
            }
            Fact::Missed { topic, group, why } => {
                let what = say!("poll.missed", no = *topic, why = Value::Term(why.term().to_owned()));
                self.groups(&self.told_of(*topic, *group), &what, true, false);
            }
            Fact::Withdrawn { topic, poll, reason } => {
                let what = match poll {
                    Some(_) => say!("poll.void", no = *topic, why = reason),
                    None => say!("poll.called_off", no = *topic, why = reason),
                };
                let group = poll.and_then(|no| self.world.poll(no)).and_then(|poll| poll.group);
                self.here_and(&self.told_of(*topic, group), &what);
            }
            Fact::Framed { .. } | Fact::Reasoned { .. } | Fact::Ranked { .. } => {}
        }
    }

    /// Where a poll was begun, and 绑定群.
    fn told_of(&self, topic: TopicNo, group: Option<GroupId>) -> Vec<GroupId> {
        group.into_iter().chain(self.world.bound_groups(topic)).collect()
    }

    pub(super) fn poll_card(&self, poll: &Poll) -> Say {
        card(poll, &self.world.poll_terms(poll.no).unwrap_or_default())
    }

    /// 几时开始 — nobody asked for it just now: the card goes to where the poll was announced.
    pub(super) fn opened_by_clock(&mut self, poll: &Poll, what: &Say) {
        self.groups(&self.told_of(poll.topic, poll.group), what, true, false);
    }

    /// What was chosen, for the voter alone; nothing where the vote is secret: not even the voter's screen shows it.
    pub(super) fn choice_told(&self, poll: PollNo, choice: &Words) -> Option<Value> {
        let terms = self.world.poll_terms(poll).unwrap_or_default();
        if terms.secret {
            return None;
        }
        Some(match Marks::of(choice) {
            Some(marks) => terms.named(&marks),
            None => Value::Term(choice_of(choice).map_or("none", Choice::term).to_owned()),
        })
    }

    pub(super) fn secret_receipt(&self, called: Value, changed: bool) -> Say {
        if changed { say!("ballot.secretchg", hh = called) } else { say!("ballot.secret", hh = called) }
    }
}
