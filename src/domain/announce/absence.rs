//! Who is told of 请假 and 回避: whoever said so, and whom the moderator said it of.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::vote::absence::Fact;
use crate::domain::vote::poll::Rule;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn absence(&mut self, fact: &Fact) {
        match fact {
            Fact::OnLeave { topic, seat, own } => {
                let hh = self.world.seat_called(*topic, *seat);
                let name = self.behind_number(*topic, *seat, *own);
                self.here(say!("leave", no = *topic, hh = hh.clone(), base = self.base(*topic), name = name));
                self.seat_told(*topic, *seat, *own, &say!("leave.told", no = *topic, hh = hh));
            }
            Fact::Recused { topic, seat, own, reason } => {
                let hh = self.world.seat_called(*topic, *seat);
                let is_struck = |fact: &Event| matches!(fact, Event::Absence(Fact::Struck { .. }));
                let struck = if self.record.facts.iter().any(is_struck) { say!("recuse.struck") } else { say!("none") };
                let (base, name) = (self.effect(*topic), self.behind_number(*topic, *seat, *own));
                let hh_ = hh.clone();
                self.here(say!(
                    "recuse",
                    no = *topic,
                    hh = hh_,
                    why = reason,
                    struck = struck,
                    base = base,
                    name = name
                ));
                self.seat_told(*topic, *seat, *own, &say!("recuse.told", no = *topic, hh = hh, why = reason));
            }
            Fact::Withdrawn { topic, seat } => {
                self.here(say!("leave.off", no = *topic, hh = self.world.seat_called(*topic, *seat)));
            }
            Fact::Present { topic, seat } => {
                self.here(say!("leave.back", no = *topic, hh = self.world.seat_called(*topic, *seat)));
            }
            // Told with the recusal it follows from.
            Fact::Struck { .. } => {}
        }
    }

    /// What stands behind the number to take it back: nothing for oneself, a name for somebody else.
    fn behind_number(&self, topic: TopicNo, seat: Seat, own: bool) -> String {
        match seat {
            _ if own => String::new(),
            Seat::Roll(voter) => format!(" {}", self.written_as(topic, voter)),
            Seat::Person(person) => format!(" {}", self.world.name_of(person)),
        }
    }

    /// A straw poll is no vote.
    fn open_rule(&self, topic: TopicNo) -> Option<Rule> {
        let open = self.world.topic(topic)?.poll?;
        self.world.poll(open).map(|poll| poll.rule).filter(|rule| rule.is_vote())
    }

    /// What leave does to the count of the vote that is open.
    fn base(&self, topic: TopicNo) -> Say {
        match self.open_rule(topic) {
            Some(rule) if rule.counts_off() => say!("leave.council"),
            Some(rule) if rule.is_of_law() => say!("leave.law", rule = Value::Term(rule.term().to_owned())),
            Some(_) => say!("leave.free"),
            None => say!("leave.later"),
        }
    }

    /// What recusal does to it.
    fn effect(&self, topic: TopicNo) -> Say {
        match self.open_rule(topic) {
            Some(rule) if rule.is_of_law() => say!("recuse.law", rule = Value::Term(rule.term().to_owned())),
            _ => say!("recuse.members"),
        }
    }

    fn seat_told(&mut self, topic: TopicNo, seat: Seat, own: bool, what: &Say) {
        if own {
            return;
        }
        let people: Vec<PersonId> = match seat {
            Seat::Person(person) => vec![person],
            Seat::Roll(voter) => {
                let voter = self.world.voter(topic, voter);
                voter.map(|voter| self.world.people_of(&voter)).unwrap_or_default().iter().map(|one| one.id).collect()
            }
        };
        for person in people {
            self.push(person, what.clone());
        }
    }
}
