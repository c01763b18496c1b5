//! Who is told of 请假 and 回避: whoever said so, and whom the moderator said it of.

mod carried;

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, PollNo, TopicNo, VoterNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::people::person::{Role, Scope, scope_value};
use crate::domain::vote::absence::Fact;
use crate::domain::vote::poll::Rule;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn absence(&mut self, fact: &Fact) {
        match fact {
            Fact::OnLeave { topic, seat, own } => {
                let hh = self.world.seat_called(*topic, *seat);
                let name = self.behind_number(*topic, *seat, *own);
                let what = say!("leave", no = *topic, hh = hh.clone(), base = self.base(*topic), name = name);
                match own {
                    true => {
                        self.here(what);
                        let what = say!("leave.co_owner", no = *topic, hh = hh.clone(), who = self.by());
                        self.co_owners_told(*topic, *seat, None, &what);
                    }
                    // 应到 is another one: everybody it concerns reads that before it counts.
                    false => {
                        self.here(what);
                        let base = self.base(*topic);
                        let what = say!("leave.other", no = *topic, hh = hh.clone(), by = self.by(), base = base);
                        self.groups(&self.public_of(*topic), &what, false, false);
                    }
                }
                self.seat_told(*topic, *seat, *own, &say!("leave.told", no = *topic, hh = hh, by = self.by()));
            }
            Fact::Recused { topic, seat, own: true, reason } => {
                let hh = self.world.seat_called(*topic, *seat);
                let is_struck = |fact: &Event| matches!(fact, Event::Absence(Fact::Struck { .. }));
                let struck = if self.record.facts.iter().any(is_struck) { say!("recuse.struck") } else { say!("none") };
                let (base, name) = (self.effect(*topic), String::new());
                self.here(say!(
                    "recuse",
                    no = *topic,
                    hh = hh.clone(),
                    why = reason,
                    struck = struck,
                    base = base,
                    name = name
                ));
                let what = say!("recuse.co_owner", no = *topic, hh = hh, who = self.by(), why = reason);
                self.co_owners_told(*topic, *seat, None, &what);
            }
            Fact::Recused { topic, seat, own: false, reason } => self.recused_by_another(*topic, *seat, reason),
            Fact::Contested { topic, seat, reason } => self.contested(*topic, *seat, reason),
            Fact::Settled { topic, seat, upheld, reason } => self.settled(*topic, *seat, *upheld, reason),
            Fact::Withdrawn { topic, seat, .. } if self.recuses_itself(*topic, *seat) => {
                let what = say!("contest.over", no = *topic, hh = self.world.seat_called(*topic, *seat));
                self.publicly(*topic, &what);
            }
            Fact::Withdrawn { topic, seat, .. } => {
                let hh = self.world.seat_called(*topic, *seat);
                let is_own = self.record.by.is_some_and(|by| self.people_on(*topic, *seat).contains(&by));
                if is_own {
                    let what = say!("leave.co_owner.off", no = *topic, hh = hh.clone(), who = self.by());
                    self.co_owners_told(*topic, *seat, None, &what);
                    return self.here(say!("leave.off", no = *topic, hh = hh));
                }
                let what = say!("leave.off.by", no = *topic, hh = hh, by = self.by());
                self.publicly(*topic, &what);
                self.seat_told_now(*topic, *seat, &what);
            }
            Fact::Lapsed { topic, seat } => {
                let what = say!("recuse.lapsed", no = *topic, hh = self.world.seat_called(*topic, *seat));
                self.groups(&self.public_of(*topic), &what, false, false);
            }
            Fact::Present { topic, seat } => {
                self.here(say!("leave.back", no = *topic, hh = self.world.seat_called(*topic, *seat)));
            }
            Fact::Struck { poll, voter } => self.struck(*poll, *voter),
            // Told with the result.
            Fact::Counted { .. } => {}
        }
    }

    /// 撤票 — with a recusal it is told by that; where somebody voted from two accounts, the group reads that one ballot fewer counts.
    fn struck(&mut self, poll: PollNo, voter: VoterNo) {
        let into = self.record.facts.iter().find_map(|fact| match fact {
            Event::PersonJoined { from, into } if from.0 == voter.0 => Some(*into),
            _ => None,
        });
        let (Some(into), Some(poll)) = (into, self.world.poll(poll)) else { return };
        let what = say!("part.twice", no = poll.topic, who = self.world.name_of(into));
        self.groups(&self.told_of(poll.topic, poll.group), &what, false, false);
    }

    /// Whether the same record says of a seat, by its own word, what it had objected to.
    fn recuses_itself(&self, topic: TopicNo, seat: Seat) -> bool {
        let is_it = |fact: &Event| {
            matches!(fact, Event::Absence(Fact::Recused { topic: of, seat: whose, own: true, .. })
                if (*of, *whose) == (topic, seat))
        };
        self.record.facts.iter().any(is_it)
    }

    /// 替别人记的回避 — read by everybody it concerns at the moment it is made, wherever it was said.
    fn recused_by_another(&mut self, topic: TopicNo, seat: Seat, why: &Words) {
        let hh = || self.world.seat_called(topic, seat);
        let (base, name, by) = (self.effect(topic), self.behind_number(topic, seat, false), self.by());
        let what = say!("recuse.other", no = topic, hh = hh(), why = why, by = by, base = base, name = name);
        let letter = say!("recuse.told", no = topic, hh = hh(), why = why, by = self.by());
        self.publicly(topic, &what);
        self.seat_told_now(topic, seat, &letter);
    }

    fn contested(&mut self, topic: TopicNo, seat: Seat, reason: &Words) {
        let hh = self.world.seat_called(topic, seat);
        let why = match reason.as_str() {
            "" => say!("none"),
            why => say!("contest.why", why = why),
        };
        let who = self.written(topic, seat);
        let town = self.world.topic(topic).map(|topic| topic.town).unwrap_or_default();
        let coordinators = self.world.recusal_judges(topic, seat);
        let what = match self.world.is_voted_on(topic, self.record.at) {
            true => say!("contest", no = topic, hh = hh.clone(), why = why.clone()),
            false => say!("contest.later", no = topic, hh = hh.clone(), why = why.clone()),
        };
        self.publicly(topic, &what);
        if coordinators.is_empty() {
            let scope = scope_value(&Scope::of_town(&town));
            let letter = say!("contest.appoint", no = topic, hh = hh.clone(), why = why.clone(), scope = scope);
            for admin in self.world.holders(Role::Admin).into_iter().filter(|one| Some(one.id) != self.record.by) {
                self.at_once(admin.id, letter.clone());
            }
        }
        for coordinator in coordinators {
            let letter = say!("contest.told", no = topic, hh = hh.clone(), why = why.clone(), name = who.as_str());
            self.at_once(coordinator, letter);
        }
    }

    fn settled(&mut self, topic: TopicNo, seat: Seat, upheld: bool, why: &Words) {
        let (hh, who) = (self.world.seat_called(topic, seat), self.by());
        let what = match upheld {
            true => say!("settle.upheld", no = topic, hh = hh, who = who, why = why),
            false if self.world.is_voted_on(topic, self.record.at) => {
                say!("settle.dismissed", no = topic, hh = hh, who = who, why = why)
            }
            // Nobody can vote as before where nothing is open.
            false => say!("settle.dismissed.later", no = topic, hh = hh, who = who, why = why),
        };
        self.publicly(topic, &what);
        self.seat_told_now(topic, seat, &what);
    }

    pub(super) fn seat_told_now(&mut self, topic: TopicNo, seat: Seat, what: &Say) {
        for person in self.people_on(topic, seat) {
            if Some(person) != self.record.by {
                self.at_once(person, what.clone());
            }
        }
    }

    fn written(&self, topic: TopicNo, seat: Seat) -> String {
        self.world.written_for(topic, seat)
    }

    pub(super) fn people_on(&self, topic: TopicNo, seat: Seat) -> Vec<PersonId> {
        match seat {
            Seat::Person(person) => vec![person],
            Seat::Roll(voter) => {
                let voter = self.world.voter(topic, voter);
                voter.map(|voter| self.world.people_of(&voter)).unwrap_or_default().iter().map(|one| one.id).collect()
            }
        }
    }

    /// 同户的 — whatever one of several owners says of the ballot they share is that one's word alone: the others read it at once.
    pub(super) fn co_owners_told(&mut self, topic: TopicNo, seat: Seat, but: Option<PersonId>, what: &Say) {
        for person in self.people_on(topic, seat) {
            if ![but, self.record.by].contains(&Some(person)) {
                self.at_once(person, what.clone());
            }
        }
    }

    /// What stands behind the number to take it back: nothing for oneself, a name for somebody else.
    fn behind_number(&self, topic: TopicNo, seat: Seat, own: bool) -> String {
        if own { String::new() } else { format!(" {}", self.written(topic, seat)) }
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
        if !own {
            self.seat_told_now(topic, seat, what);
        }
    }
}
