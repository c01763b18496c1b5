//! 表决 — what openings, ballots and counts make of the world.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::alarm::{plan_due_key, poll_key};
use crate::domain::kernel::ids::{GroupId, PollNo, TopicNo, VoterNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::kernel::{alarm, ids};
use crate::domain::process::form::Step;
use crate::domain::vote::deadline::{Deadline, Extension, until_all_key};
use crate::domain::vote::poll::opening::{Plan, formal_round, plan_key};
use crate::domain::vote::poll::ranking::standing_key;
use crate::domain::vote::poll::terms::{Marks, terms_key};
use crate::domain::vote::poll::{Ballot, Counted, Fact, Poll, choice_of, paper_key, poll_of_key};
use crate::domain::vote::tally::Choice;
use crate::domain::vote::{absence, mandate};
use crate::domain::work::outcome::against_key;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

impl Application<'_, '_, '_> {
    pub(crate) fn poll_opened(&mut self, event: &Event) {
        let Event::PollOpened { poll, topic, rule, title, ends, voters, area } = event else { return };
        let no = poll.0;
        self.world.count(|counters| counters.polls = no);
        let planned_in = self.plan_carried_out(*topic);
        self.world.put(&Poll {
            no: *poll,
            topic: *topic,
            rule: *rule,
            title: title.clone(),
            opened: self.record.at,
            ends: *ends,
            group: self.record.group.or(planned_in),
            voters: *voters,
            area: *area,
            is_formal: self.world.topic(*topic).is_some_and(|topic| topic.step == Step::Voting),
            is_void: false,
            result: None,
        });
        self.world.put_at(poll_of_key(*topic, *poll), poll);
        self.world.put_at(Key::new(kind::OPEN_POLL).num(no), poll);
        self.world.put_at(alarm::poll_key(*ends, *poll), poll);
        if self.world.poll_terms(*poll).is_some_and(|terms| terms.until_all) {
            self.world.put_at(until_all_key(*poll), poll);
        }
        self.topic(*topic, |topic| {
            topic.poll = Some(*poll);
            topic.last_poll = Some(*poll);
        });
        self.deed(What::PollOpened(*poll), Some(*topic), self.record.by);
        self.trace(None, 0);
    }

    pub(crate) fn ballot(&mut self, event: &Event) {
        let Event::BallotCast { poll, voter, person, proxy, choice, .. } = event else { return };
        let before = self.world.ballot(*poll, *voter);
        let area = match &before {
            Some(before) => before.area,
            None => self.first_ballot(*poll, *voter),
        };
        let (choice, marks) = self.chosen(*poll, choice);
        // 不记名 — how somebody voted leaves no mark beside the ballot.
        if choice == Some(Choice::Against) && !self.world.is_secret(*poll) {
            self.voted_against(*poll, *voter);
        }
        let (person, proxy, at, reason) = (*person, *proxy, self.record.at, Words::default());
        let was_entered = before.is_some_and(|before| before.proxy);
        self.note_hand(*poll, *voter, (proxy, was_entered));
        let account = self.via();
        self.world.put(&Ballot { poll: *poll, voter: *voter, person, proxy, account, choice, marks, reason, area, at });
    }

    /// Whose hand a paper ballot is in: only theirs can put it right.
    fn note_hand(&mut self, poll: PollNo, voter: VoterNo, (proxy, was_entered): (bool, bool)) {
        let by_mandate =
            |fact: &Event| matches!(fact, Event::Mandate(mandate::Fact::Used { voter: of, .. }) if *of == voter);
        match self.record.by.filter(|_| proxy && !self.record.facts.iter().any(by_mandate)) {
            Some(hand) => self.world.put_at(paper_key(poll, voter), &hand),
            None if was_entered => self.world.remove(paper_key(poll, voter)),
            None => {}
        }
    }

    /// Adds a voter to the turnout and answers with the voter's area.
    fn first_ballot(&mut self, poll: ids::PollNo, voter: ids::VoterNo) -> u64 {
        let known = self.world.poll(poll).filter(|poll| poll.voters.is_some());
        let area = known.and_then(|known| self.world.voter(known.topic, voter)).map_or(0, |voter| voter.area);
        let mut turnout = self.world.turnout(poll);
        turnout.cast += 1;
        turnout.area += area;
        self.world.put_at(Key::new(kind::TURNOUT).num(poll.0), &turnout);
        area
    }

    pub(crate) fn poll_closed(&mut self, no: ids::PollNo, counted: Counted) {
        let Some(mut poll) = self.world.poll(no) else { return };
        // Counts of secret polls were once written with the areas by choice.
        poll.result = Some(Counted { tally: self.world.veiled(&poll, counted.tally), ..counted });
        self.world.put(&poll);
        self.world.remove(Key::new(kind::OPEN_POLL).num(no.0));
        self.world.remove(alarm::poll_key(poll.ends, no));
        self.unwatched(no);
        self.topic(poll.topic, |topic| topic.poll = None);
        absence::over(self.world, &poll);
        mandate::over(self.world, &poll);
        self.nudge_over(&poll);
        self.deed(What::PollClosed(no), Some(poll.topic), None);
    }
}

impl Application<'_, '_, '_> {
    pub(super) fn poll_voided(&mut self, no: PollNo) {
        let Some(mut poll) = self.world.poll(no) else { return };
        poll.is_void = true;
        self.world.put(&poll);
        self.world.remove(Key::new(kind::OPEN_POLL).num(no.0));
        self.world.remove(poll_key(poll.ends, no));
        self.unwatched(no);
        // 作废 by the moderator: it will be held again, and whoever is away, or has sent somebody, is and has for that one.
        let is_withdrawn = |fact: &Event| matches!(fact, Event::Poll(Fact::Withdrawn { .. }));
        if !self.record.facts.iter().any(is_withdrawn) {
            absence::over(self.world, &poll);
            mandate::over(self.world, &poll);
        }
        self.nudge_over(&poll);
        self.topic(poll.topic, |topic| {
            topic.poll = None;
            topic.last_poll = None;
        });
    }
}

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
            Fact::Reasoned { poll, voter, reason, .. } => {
                if let Some(mut ballot) = self.world.ballot(*poll, *voter) {
                    ballot.reason = reason.clone();
                    self.world.put(&ballot);
                }
            }
            // The ballot itself stands before it.
            Fact::Corrected { .. } => {}
            // What made it so stands in the same record.
            Fact::Altered { .. } => {}
            Fact::Extended { poll, from, to, reason } => self.extended(*poll, (*from, *to), reason),
            Fact::AllIn { poll, at } => self.all_in(*poll, Some(*at)),
            Fact::Awaited { poll } => self.all_in(*poll, None),
            Fact::ClosedEarly { poll, announced } => {
                let before = self.world.deadline(*poll);
                self.world.put(&Deadline { early: Some(*announced), ..before });
                self.closes_at(*poll, self.record.at);
            }
            Fact::Ranked { poll, standing } => self.world.put_at(standing_key(*poll), standing),
        }
    }

    /// 延长 — whoever was reminded of the old close may be reminded of the new one.
    fn extended(&mut self, poll: PollNo, (from, to): (DateTime<Utc>, DateTime<Utc>), reason: &Words) {
        let before = self.world.deadline(poll);
        let extended = Some(Extension { from, to, by: self.record.by, reason: reason.clone() });
        self.world.put(&Deadline { extended, ..before });
        self.closes_at(poll, to);
        self.world.remove_all(&Key::new(kind::NUDGED).num(poll.0));
        let topic = self.world.poll(poll).map(|poll| poll.topic);
        self.deed(What::Extended(poll), topic, self.record.by);
        self.trace(None, 0);
    }

    fn closes_at(&mut self, no: PollNo, ends: DateTime<Utc>) {
        let Some(poll) = self.world.poll(no) else { return };
        self.world.remove(poll_key(poll.ends, no));
        self.world.put_at(poll_key(ends, no), &no);
        self.world.put(&Poll { ends, ..poll });
    }

    fn all_in(&mut self, poll: PollNo, all_in: Option<DateTime<Utc>>) {
        let before = self.world.deadline(poll);
        self.world.put(&Deadline { all_in, ..before });
    }

    /// It is over: whether everybody has voted is looked at no more.
    fn unwatched(&mut self, poll: PollNo) {
        self.world.set_early_alarm(poll, None);
        self.world.remove(until_all_key(poll));
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
}

impl Application<'_, '_, '_> {
    pub(super) fn voted_against(&mut self, poll: PollNo, voter: VoterNo) {
        let Some(poll) = self.world.poll(poll).filter(|poll| poll.voters.is_some()) else { return };
        if let Some(voter) = self.world.voter(poll.topic, voter) {
            let key = against_key(poll.topic, &voter);
            let mut polls: BTreeSet<PollNo> = self.world.get(&key).unwrap_or_default();
            polls.insert(poll.no);
            self.world.put_at(key, &polls);
        }
    }
}
