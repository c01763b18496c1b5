//! 表决 — cards, receipts, results; what is planned and what is void.

use crate::domain::addressee::For;
use crate::domain::announce::{Announcement, Herald, Saying, To, plain_card};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{GroupId, PersonId, PollNo, TopicNo, VoterNo};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::vote::absence;
use crate::domain::vote::deadline::MINUTES;
use crate::domain::vote::mandate;
use crate::domain::vote::paper;
use crate::domain::vote::poll::fact::Fact;
use crate::domain::vote::poll::telling::{announced, card, early, kind_of};
use crate::domain::vote::poll::terms::Marks;
use crate::domain::vote::poll::{Ballot, Poll, choice_of, household, result};
use crate::domain::vote::roll::Voter;
use crate::domain::vote::tally::Choice;
use crate::say;
use chrono::{DateTime, Duration, Utc};

impl Herald<'_, '_> {
    pub(crate) fn poll_opened(&mut self, no: PollNo) {
        let Some(poll) = self.world.poll(no) else { return };
        let what = if self.world.poll_terms(no).is_some() { self.poll_card(&poll) } else { plain_card(&poll) };
        let before = self.out.len();
        // The card comes last: it is what people reply to.
        self.carried(&poll);
        match self.record.way {
            Way::Clock => self.opened_by_clock(&poll, &what),
            Way::Group | Way::Private | Way::Press | Way::Page | Way::Office | Way::Platform => {
                self.here_and(&self.world.bound_groups(poll.topic), &what);
            }
        }
        self.until_close(before, no);
    }

    /// What calls a group to vote leaves no more once the vote is over: every letter to a group from this one on.
    pub(super) fn until_close(&mut self, from: usize, no: PollNo) {
        let told = self.out.iter_mut().skip(from).filter(|letter| matches!(letter.to, To::Group(_)));
        told.for_each(|letter| letter.whom = For::Opening(no));
    }

    /// The messages of a paper made before.
    pub(crate) fn poll_closed(&mut self, no: PollNo) {
        let Some(poll) = self.world.poll(no) else { return };
        let Some(counted) = poll.result else { return };
        let groups = self.result_groups(&poll);
        self.groups(&groups, &result(self.world, &poll, &counted), true, true);
        if let Some(papers) = paper::note(self.world, &poll) {
            self.groups(&groups, &papers, true, false);
        }
    }

    /// Receipts. In a group the choice is not repeated; in private, and to the presser of a button, it is.
    pub(crate) fn ballot(&mut self, event: &Event) {
        let Event::BallotCast { poll, voter, private, changed, choice, .. } = event else { return };
        let Some(poll) = self.world.poll(*poll) else { return };
        let called = match poll.voters {
            Some(_) => self
                .world
                .voter(poll.topic, *voter)
                .map_or_else(|| Value::Text(String::new()), |voter| household(&voter)),
            None => Value::Text(self.world.name_of(PersonId(voter.0))),
        };
        let what = match (self.choice_told(poll.no, choice), private, changed) {
            (None, ..) => self.secret_receipt(called, *changed),
            (Some(_), false, false) => say!("ballot", hh = called),
            (Some(_), false, true) => say!("ballot.chg", hh = called),
            (Some(op), true, false) => say!("ballot.pm", hh = called, op = op),
            (Some(op), true, true) => say!("ballot.pmchg", hh = called, op = op),
        };
        let to = if self.record.way == Way::Press { To::Toast } else { To::Here };
        let whom = For::Anybody;
        let what = Saying::Say(what);
        self.out.push(Announcement { to, what, is_push: false, is_numbered: false, whom, is_after: false });
        self.remind_trustee(&poll);
        if !changed {
            self.ballot_shared(&poll, *voter);
        }
    }

    /// 一户一票 — who shares the ballot reads that it is in, and whose it is; not what it says. Whoever had given it away reads that with
    /// the end of the mandate.
    fn ballot_shared(&mut self, poll: &Poll, voter: VoterNo) {
        let is_ended =
            |fact: &Event| matches!(fact, Event::Mandate(mandate::Fact::Ended { voter: of, .. }) if *of == voter);
        if poll.voters.is_none() || self.record.facts.iter().any(is_ended) {
            return;
        }
        let (no, seat) = (poll.topic, Seat::Roll(voter));
        let what = say!("ballot.co_owner", no = no, hh = self.world.seat_called(no, seat), who = self.by());
        self.co_owners_told(no, seat, None, &what);
    }

    /// 到会 — whoever is on leave counts again where a ballot of theirs is entered: the group reads that, and not what it says.
    pub(super) fn present_on_paper(&mut self) {
        for fact in &self.record.facts {
            if let Event::Absence(absence::Fact::Present { topic, seat }) = fact {
                let hh = self.world.seat_called(*topic, *seat);
                self.publicly(*topic, &say!("leave.back.paper", no = *topic, hh = hh, by = self.by()));
            }
        }
    }

    pub(crate) fn proxies(&mut self, n: usize) {
        let on_roll = self.record.facts.iter().find_map(|fact| match fact {
            Event::BallotCast { poll, voter, .. } => {
                let poll = self.world.poll(*poll)?;
                Some(
                    poll.voters.is_some()
                        && self.world.voter(poll.topic, *voter).is_some_and(|voter| !voter.rooms.is_empty()),
                )
            }
            _ => None,
        });
        let unit = if on_roll == Some(true) { "unit.household" } else { "unit.person" };
        let is_reason =
            |fact: &&Event| matches!(fact, Event::Poll(Fact::Reasoned { reason, .. }) if !reason.as_str().is_empty());
        let why = match self.record.facts.iter().filter(is_reason).count() {
            0 => say!("none"),
            n => say!("proxy.reasons", n = n),
        };
        self.here(say!("proxy", n = n, u = Value::Term(unit.to_owned()), who = self.by(), why = why));
    }

    /// What was entered for somebody from paper beside the choice, for them.
    pub(super) fn reason_told(&self, of: VoterNo) -> Say {
        let reason = self.record.facts.iter().find_map(|fact| match fact {
            Event::Poll(Fact::Reasoned { voter, reason, .. }) if *voter == of => Some(reason.as_str()),
            _ => None,
        });
        match reason.filter(|reason| !reason.is_empty()) {
            Some(reason) => say!("in_name.voted.why", said = reason),
            None => say!("none"),
        }
    }
}

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
                    early = early(terms),
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
                    Some(no) => {
                        let cast = self.world.turnout(*no).cast;
                        let n = if cast > 0 { say!("poll.void.cast", n = cast) } else { say!("none") };
                        say!("poll.void", no = *topic, why = reason, n = n)
                    }
                    None => self.called_off(*topic, reason),
                };
                let group = poll.and_then(|no| self.world.poll(no)).and_then(|poll| poll.group);
                self.here_and(&self.told_of(*topic, group), &what);
            }
            Fact::Corrected { poll, voter, reason } => self.corrected(*poll, *voter, reason),
            Fact::Altered { .. } => self.altered(fact),
            Fact::Extended { poll, from, to, reason } => self.extended(*poll, (*from, *to), reason),
            Fact::AllIn { poll, at } => self.all_in(*poll, *at),
            Fact::Awaited { poll } => self.awaited(*poll),
            // The result says so.
            Fact::ClosedEarly { .. } => {}
            Fact::Framed { .. } | Fact::Reasoned { .. } | Fact::Ranked { .. } => {}
        }
    }

    /// 延长 — here, and where the vote is told of, at once.
    fn extended(&mut self, no: PollNo, (from, to): (DateTime<Utc>, DateTime<Utc>), why: &Words) {
        let Some(poll) = self.world.poll(no) else { return };
        let (from, end) = (Value::Moment(from), Value::Meeting(to));
        let (no, title) = (poll.topic, &poll.title);
        let what = say!("poll.extended", no = no, title = title, from = from, end = end, why = why, by = self.by());
        let before = self.out.len();
        self.here_and(&self.result_groups(&poll), &what);
        self.until_close(before, poll.no);
        self.extended_told(&poll, &what);
    }

    /// 延长 — whoever can vote and has not may have been reminded of the old close, in private: they read the new one there.
    fn extended_told(&mut self, poll: &Poll, what: &Say) {
        let missing = self.voters_of(poll).into_iter().filter(|(person, has_voted)| {
            !has_voted && Some(*person) != self.record.by && self.world.confides(*person)
        });
        let missing: Vec<PersonId> = missing.map(|(person, _)| person).collect();
        for person in missing {
            self.push_as(For::Voter(person, poll.no), what.clone());
        }
    }

    /// 都投完了 — the groups of the vote hear until when a ballot may still be changed. Where it would close then anyway nothing is said.
    fn all_in(&mut self, no: PollNo, at: DateTime<Utc>) {
        let Some(poll) = self.world.poll(no).filter(|poll| at < poll.ends) else { return };
        let is_soon = at - self.record.at <= Duration::minutes(MINUTES);
        let soon = if is_soon { say!("all_in.soon", n = MINUTES) } else { say!("none") };
        let (no, title) = (poll.topic, &poll.title);
        let what = say!("poll.all_in", no = no, title = title, soon = soon, at = Value::Moment(at));
        self.tell_groups_of(&poll, &what);
    }

    /// 又有人要投 — and it closes as it was announced first.
    fn awaited(&mut self, no: PollNo) {
        let Some(poll) = self.world.poll(no) else { return };
        let (no, title, end) = (poll.topic, &poll.title, Value::Moment(poll.ends));
        self.tell_groups_of(&poll, &say!("poll.awaited", no = no, title = title, end = end));
    }

    fn tell_groups_of(&mut self, poll: &Poll, what: &Say) {
        let before = self.out.len();
        self.groups(&self.told_of(poll.topic, poll.group), what, true, false);
        self.until_close(before, poll.no);
    }

    /// 作废 — whichever way it comes, everybody who voted, or could still, is told at once, in private: what they cast there in private
    /// nobody else can tell them of.
    pub(super) fn voided(&mut self, no: PollNo) {
        let Some(poll) = self.world.poll(no) else { return };
        let is_back = |fact: &Event| matches!(fact, Event::TopicReturned { topic, .. } if *topic == poll.topic);
        let is_back = self.record.facts.iter().any(is_back);
        let why = self.record.facts.iter().find_map(|fact| match fact {
            Event::TopicReturned { reason, .. } | Event::Poll(Fact::Withdrawn { reason, .. }) => Some(reason.clone()),
            _ => None,
        });
        let why = why.unwrap_or_default();
        for (person, has_voted) in self.voters_of(&poll) {
            if Some(person) == self.record.by {
                continue;
            }
            let after = self.after_void(&poll, person);
            let what = if is_back { say!("void.back", what = after) } else { after };
            let (no, title, why) = (poll.topic, &poll.title, &why);
            self.at_once(
                person,
                match has_voted {
                    true => say!("poll.void.voted", no = no, title = title, why = why, what = what),
                    false => say!("poll.void.told", no = no, title = title, why = why, what = what),
                },
            );
        }
    }

    /// Who can vote in a poll, each once, and whether they did; of a poll without a roll those who did.
    fn voters_of(&self, poll: &Poll) -> Vec<(PersonId, bool)> {
        let mut found: Vec<(PersonId, bool)> = Vec::new();
        if poll.voters.is_none() {
            self.world.scan(&Key::new(kind::BALLOT).num(poll.no.0), |ballot: Ballot| {
                found.push((PersonId(ballot.voter.0), true));
                true
            });
            return found;
        }
        self.world.scan(&Key::new(kind::VOTER).num(poll.topic.0), |voter: Voter| {
            let has_voted = self.world.ballot(poll.no, voter.no).is_some();
            for person in self.world.people_of(&voter) {
                if !found.iter().any(|(known, _)| *known == person.id) {
                    found.push((person.id, has_voted));
                }
            }
            true
        });
        found
    }

    /// 谁能投 — the group of an open vote reads that another moderates it, and who may vote by that, or no more.
    pub(super) fn altered(&mut self, fact: &Fact) {
        let Fact::Altered { poll, from, to, freed, barred } = fact else { return };
        let Some(poll) = self.world.poll(*poll) else { return };
        let name = |who: &Option<PersonId>| match who {
            Some(who) => Value::Text(self.world.name_of(*who)),
            None => Value::Term("mod.none".to_owned()),
        };
        let called = |of: &[VoterNo]| {
            Value::List(of.iter().map(|voter| self.world.seat_called(poll.topic, Seat::of(&poll, *voter))).collect())
        };
        let mut list = Vec::new();
        if from != to {
            list.push(say!("altered.moderator", from = name(from), to = name(to)));
        }
        if !freed.is_empty() {
            list.push(say!("altered.freed", hh = called(freed)));
        }
        if !barred.is_empty() {
            list.push(say!("altered.barred", hh = called(barred)));
        }
        let by = match self.record.way {
            Way::Office => say!("altered.by_configuration"),
            Way::Group | Way::Private | Way::Press | Way::Page | Way::Clock | Way::Platform => {
                say!("altered.by", who = self.by())
            }
        };
        let what = say!("poll.altered", no = poll.topic, by = by, list = Value::Clauses(list));
        self.groups(&self.told_of(poll.topic, poll.group), &what, false, false);
    }

    /// 预定的表决取消 — why, and where the question can be put now: what is merged is voted on where it went, what is over nowhere.
    fn called_off(&self, no: TopicNo, reason: &Words) -> Say {
        let facts = &self.record.facts;
        let into = facts.iter().find_map(|fact| match fact {
            Event::TopicMerged { topic, into, .. } if *topic == no => Some(*into),
            _ => None,
        });
        if let Some(into) = into {
            let is_said = !reason.as_str().is_empty();
            let why = if is_said { say!("poll.called_off.why", why = reason) } else { say!("none") };
            return say!("poll.called_off.merged", no = no, into = into, why = why);
        }
        if facts.iter().any(|fact| matches!(fact, Event::TopicEnded { topic, .. } if *topic == no)) {
            return say!("poll.called_off.ended", no = no, why = reason);
        }
        if facts.iter().any(|fact| matches!(fact, Event::TopicPaused { topic, .. } if *topic == no)) {
            return say!("poll.called_off.paused", no = no, why = reason);
        }
        say!("poll.called_off", no = no, why = reason)
    }

    /// 更正 of a paper ballot — the group reads that, by whom and why, and not what it says; the voters read that, too.
    fn corrected(&mut self, poll: PollNo, voter: VoterNo, why: &Words) {
        let Some(poll) = self.world.poll(poll) else { return };
        let (no, seat) = (poll.topic, Seat::of(&poll, voter));
        let hh = self.world.seat_called(no, seat);
        let what = say!("proxy.corrected", no = no, hh = hh.clone(), who = self.by(), why = why);
        self.publicly(no, &what);
        let choice = self.record.facts.iter().find_map(|fact| match fact {
            Event::BallotCast { poll: of, voter: one, choice, .. } if *of == poll.no && *one == voter => Some(choice),
            _ => None,
        });
        let Some(op) = choice.and_then(|choice| self.choice_told(poll.no, choice)) else { return };
        let said = self.reason_told(voter);
        let letter = say!("proxy.corrected.told", no = no, hh = hh, op = op, said = said, who = self.by(), why = why);
        self.seat_told_now(no, seat, &letter);
    }

    /// Where a result is read: what it rests on, its close among it, is read there, too.
    fn result_groups(&self, poll: &Poll) -> Vec<GroupId> {
        let mut groups = self.told_of(poll.topic, poll.group);
        let topic = self.world.topic(poll.topic).filter(|_| poll.rule.is_vote());
        groups.extend(topic.map(|topic| self.world.town_groups(&topic.town)).unwrap_or_default());
        groups
    }

    /// Where a poll was begun, and 绑定群.
    pub(super) fn told_of(&self, topic: TopicNo, group: Option<GroupId>) -> Vec<GroupId> {
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
