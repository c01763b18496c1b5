//! Who is told of 委托: both sides, in private; how a ballot was cast is told to nobody else.

use crate::domain::addressee::For;
use crate::domain::announce::{Announcement, Herald, Saying, To};
use crate::domain::event::Event;
use crate::domain::kernel::ids::{PersonId, PollNo, TopicNo, VoterNo};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::people::person::Person;
use crate::domain::vote::mandate::{Fact, Lapse, Mandate, Turn};
use crate::domain::vote::poll::{Poll, choice_of, household};
use crate::domain::vote::roll::Voter;
use crate::domain::vote::tally::Choice;
use crate::say;

impl Herald<'_, '_> {
    pub(super) fn mandate(&mut self, fact: &Fact) {
        match fact {
            Fact::Given { topic, voter, .. } => {
                self.entrusted(*topic, *voter);
                self.trustee_off(*topic, *voter);
                self.principal_off(*topic, *voter);
            }
            Fact::Withdrawn { topic, voter, .. } => {
                let hh = self.called(*topic, *voter);
                let cast = if self.is_cast(*topic, *voter) { say!("mandate.off.cast") } else { say!("none") };
                self.here(say!("mandate.off", no = *topic, hh = hh.clone(), cast = cast.clone()));
                if self.is_by_office(*topic, *voter) {
                    let what = say!("mandate.off.by", no = *topic, hh = hh.clone(), by = self.by());
                    self.groups(&self.public_of(*topic), &what, false, false);
                }
                // 受托人推掉的 — whoever gave it reads that it was the trustee, and that the vote is theirs again.
                let told = match self.is_by_trustee(*topic, *voter) {
                    true => say!("mandate.off.declined", no = *topic, hh = hh.clone(), who = self.by(), cast = cast),
                    false => say!("mandate.off.told", no = *topic, hh = hh.clone(), cast = cast),
                };
                self.principals(*topic, *voter, &told);
                self.trustee_off(*topic, *voter);
            }
            Fact::Used { poll, voter, trustee } => self.used(*poll, *voter, *trustee),
            Fact::Lapsed { topic, voter, trustee, why } => self.lapsed((*topic, *voter), *trustee, *why),
            Fact::Ended { topic, voter, replaced, trustee } => {
                self.ended_on_paper((*topic, *voter), *trustee);
                self.ended_by_co_owner(*topic, *voter);
                if let Some(trustee) = replaced.filter(|trustee| Some(*trustee) != self.record.by) {
                    let hh = self.called(*topic, *voter);
                    self.push(trustee, say!("mandate.replaced_by_own", no = *topic, hh = hh));
                }
            }
        }
    }

    /// 交了纸质票 — where somebody else entered it, both sides read that the mandate ends with it.
    fn ended_on_paper(&mut self, (topic, voter): (TopicNo, VoterNo), trustee: Option<PersonId>) {
        let is_paper = |fact: &Event| matches!(fact, Event::BallotCast { voter: of, proxy: true, .. } if *of == voter);
        let Some(trustee) = trustee.filter(|_| self.record.facts.iter().any(is_paper)) else { return };
        let (hh, who) = (self.called(topic, voter), self.world.name_of(trustee));
        self.principals(
            topic,
            voter,
            &say!("mandate.ended.paper", no = topic, hh = hh.clone(), who = who, by = self.by()),
        );
        if self.record.by != Some(trustee) {
            self.at_once(trustee, say!("mandate.ended.paper.told", no = topic, hh = hh, by = self.by()));
        }
    }

    /// 同户另一位自己投了 — whoever had given the mandate reads that it is over, and by whose ballot.
    fn ended_by_co_owner(&mut self, topic: TopicNo, voter: VoterNo) {
        let is_own = |fact: &Event| matches!(fact, Event::BallotCast { voter: of, proxy: false, .. } if *of == voter);
        let Some(giver) = self.world.principal(topic, voter).filter(|giver| Some(*giver) != self.record.by) else {
            return;
        };
        if self.record.facts.iter().any(is_own) {
            let hh = self.world.seat_called(topic, Seat::Roll(voter));
            self.at_once(giver, say!("mandate.ended.co_owner", no = topic, hh = hh, who = self.by()));
        }
    }

    /// The mandates that ballots entered from paper have ended.
    pub(super) fn ended_by_papers(&mut self) {
        let record = self.record;
        for fact in &record.facts {
            if let Event::Mandate(fact @ Fact::Ended { .. }) = fact {
                self.mandate(fact);
            }
        }
    }

    /// 失效 — both sides read it at once, and whoever moderates an open vote; a ballot that was cast by it is in.
    fn lapsed(&mut self, (topic, voter): (TopicNo, VoterNo), trustee: PersonId, why: Lapse) {
        let (hh, who) = (self.called(topic, voter), self.world.name_of(trustee));
        let is_cast = self.is_cast(topic, voter);
        let cast = if is_cast { say!("mandate.off.cast") } else { say!("none") };
        let open = self.world.topic(topic).and_then(|topic| topic.poll);
        let to_trustee = match why {
            Lapse::TrusteeGone => None,
            Lapse::PrincipalGone => Some(say!("mandate.lapsed.told", no = topic, hh = hh.clone(), cast = cast.clone())),
            Lapse::TrusteeModerates => {
                Some(say!("mandate.lapsed.chairs", no = topic, hh = hh.clone(), cast = cast.clone()))
            }
            Lapse::VoteVoided => Some(say!("mandate.lapsed.void", no = topic, hh = hh.clone())),
        };
        if let Some(letter) = to_trustee.filter(|_| Some(trustee) != self.record.by) {
            self.at_once(trustee, letter);
        }
        let chair = self.world.topic(topic).and_then(|topic| self.world.moderator_of(&topic));
        let chair = chair.filter(|chair| open.is_some() && Some(*chair) != self.record.by && *chair != trustee);
        match why {
            Lapse::TrusteeGone | Lapse::TrusteeModerates => {
                let how = match (open.is_some(), is_cast) {
                    (true, true) => say!("mandate.lapsed.vote", no = topic),
                    (true, false) => say!("mandate.lapsed.both", no = topic),
                    (false, _) => say!("mandate.lapsed.later", no = topic),
                };
                let (no, hh, who, cast) = (topic, hh.clone(), who.as_str(), cast.clone());
                let what = match why {
                    Lapse::TrusteeModerates => {
                        say!("mandate.lapsed.neutral", no = no, hh = hh, who = who, cast = cast, how = how)
                    }
                    Lapse::TrusteeGone | Lapse::PrincipalGone | Lapse::VoteVoided => {
                        say!("mandate.lapsed", no = no, hh = hh, who = who, cast = cast, how = how)
                    }
                };
                self.principals(topic, voter, &what);
            }
            // They have no account to be written to; who votes in a vote that is void is told with that.
            Lapse::PrincipalGone | Lapse::VoteVoided => {}
        }
        if let Some(chair) = chair {
            let why =
                if why == Lapse::TrusteeGone { say!("mandate.gone.trustee") } else { say!("mandate.gone.principal") };
            self.at_once(chair, say!("mandate.lapsed.chair", no = topic, hh = hh, who = who, why = why, cast = cast));
        }
    }

    /// How many mandates ended with what the speaker did, for the speaker: whose they are is between those two.
    pub(super) fn lapsed_here(&mut self) {
        let is_lapsed = |fact: &&Event| matches!(fact, Event::Mandate(Fact::Lapsed { .. }));
        let n = self.record.facts.iter().filter(is_lapsed).count();
        if n > 0 {
            self.here(say!("mandate.lapsed.here", n = n));
        }
    }

    /// Whoever may cast it no longer, once a day.
    pub(super) fn trustee_off(&mut self, topic: TopicNo, voter: VoterNo) {
        // Where another of the household has given it away since, the one that ended was not that one's.
        let hh = match self.world.principal_before(topic, voter) {
            Some(_) => self.world.seat_called(topic, Seat::Roll(voter)),
            None => self.called(topic, voter),
        };
        for trustee in self.world.told_by(topic, voter, Turn::Off, self.record.seq) {
            self.push(trustee, say!("mandate.off.trustee", no = topic, hh = hh.clone()));
        }
    }

    /// Whether it is the trustee who ends it.
    fn is_by_trustee(&self, topic: TopicNo, voter: VoterNo) -> bool {
        let is_of = |fact: &Event| match fact {
            Event::Mandate(Fact::Withdrawn { topic: of, voter: one, trustee }) => {
                (*of, *one) == (topic, voter) && trustee.is_some() && *trustee == self.record.by
            }
            _ => false,
        };
        self.record.facts.iter().any(is_of)
    }

    /// Whether an official ends what is somebody else's.
    fn is_by_office(&self, topic: TopicNo, voter: VoterNo) -> bool {
        let Some(by) = self.record.by else { return false };
        let holds_office = self.world.person(by).is_some_and(|person| person.has_office());
        let is_theirs = self.people_on(topic, Seat::Roll(voter)).contains(&by) || self.is_by_trustee(topic, voter);
        holds_office && !is_theirs
    }

    fn is_cast(&self, topic: TopicNo, voter: VoterNo) -> bool {
        let open = self.world.topic(topic).and_then(|topic| topic.poll);
        open.is_some_and(|poll| self.world.ballot(poll, voter).is_some())
    }

    /// 谁委托的 — the household, and of one that shares a ballot who of them has given it: it is nobody else's word.
    fn called(&self, topic: TopicNo, voter: VoterNo) -> Value {
        let Some(known) = self.world.voter(topic, voter) else { return Value::Text(String::new()) };
        match self.giver(topic, &known) {
            Some(giver) => say!("mandate.giver", hh = household(&known), who = &giver.name).into(),
            None => household(&known),
        }
    }

    /// Who of several owners has given the mandate of their ballot.
    fn giver(&self, topic: TopicNo, voter: &Voter) -> Option<Person> {
        let is_shared = voter.names.len() > 1;
        self.world.principal(topic, voter.no).filter(|_| is_shared).and_then(|id| self.world.person(id))
    }

    /// What is written for a voter: who has given the mandate, where several share a ballot; else the first name on the roll that is
    /// nobody else's, or the flat.
    pub(super) fn written_as(&self, topic: TopicNo, voter: VoterNo) -> String {
        let is_theirs =
            |giver: &Person| self.world.voter_called(topic, giver.name.as_str()).is_some_and(|known| known.no == voter);
        let giver = self.world.voter(topic, voter).and_then(|known| self.giver(topic, &known)).filter(is_theirs);
        giver.map_or_else(|| self.world.written_for(topic, Seat::Roll(voter)), |giver| giver.name.to_string())
    }

    fn entrusted(&mut self, topic: TopicNo, voter: VoterNo) {
        let Some(mandate) = self.world.mandate(topic, voter) else { return };
        let (hh, who) = (self.called(topic, voter), self.world.name_of(mandate.trustee));
        let name = self.written_as(topic, voter);
        let is_told = self.world.told_by(topic, voter, Turn::Given, self.record.seq).contains(&mandate.trustee);
        let told = if is_told { say!("none") } else { say!("mandate.not_told", who = who.as_str()) };
        if mandate.written {
            let (hh, who, name) = (hh.clone(), who.as_str(), name.as_str());
            self.here(say!("mandate.paper", no = topic, hh = hh, who = who, name = name, told = told));
            let what = say!("mandate.paper.told", no = topic, hh = self.called(topic, voter), by = self.by());
            self.groups(&self.public_of(topic), &what, false, false);
            self.principals(
                topic,
                voter,
                &say!("mandate.entered", no = topic, hh = self.called(topic, voter), who = who),
            );
        } else {
            self.here(say!("mandate", no = topic, hh = hh.clone(), who = who, told = told));
        }
        let open = self.world.topic(topic).and_then(|topic| topic.poll);
        let how =
            if open.is_some() { say!("mandate.co_owner.now", no = topic) } else { say!("mandate.co_owner.later") };
        // Whose own mandate it took the place of reads that.
        let giver = self.world.principal(topic, voter);
        if giver.is_some() && self.world.principal_before(topic, voter).is_none() {
            let what = say!("mandate.co_owner", no = topic, hh = hh.clone(), how = how);
            self.co_owners_told(topic, Seat::Roll(voter), giver, &what);
        }
        if !is_told {
            return;
        }
        let whom = For::Trustee(mandate.trustee, topic, voter);
        self.push_as(whom, say!("mandate.told", no = topic, hh = hh, name = name));
    }

    /// Whoever gave it, unless they speak; everybody of the household where a paper names only that. What a co-owner has given is not theirs
    /// to hear of.
    fn principals(&mut self, topic: TopicNo, voter: VoterNo, what: &Say) {
        for person in self.principals_of(topic, voter).into_iter().filter(|one| Some(*one) != self.record.by) {
            self.at_once(person, what.clone());
        }
    }

    pub(super) fn principals_of(&self, topic: TopicNo, voter: VoterNo) -> Vec<PersonId> {
        match self.world.principal(topic, voter) {
            Some(principal) => vec![principal],
            None => self.people_on(topic, Seat::Roll(voter)),
        }
    }

    /// 改托 — of a household that shares a ballot the one whose mandate another took the place of.
    fn principal_off(&mut self, topic: TopicNo, voter: VoterNo) {
        let Some(before) = self.world.principal_before(topic, voter).filter(|one| Some(*one) != self.record.by) else {
            return;
        };
        let hh = self.world.seat_called(topic, Seat::Roll(voter));
        self.at_once(before, say!("mandate.replaced", no = topic, hh = hh));
    }

    fn used(&mut self, poll: PollNo, voter: VoterNo, trustee: PersonId) {
        let Some(poll) = self.world.poll(poll) else { return };
        let (no, hh) = (poll.topic, self.called(poll.topic, voter));
        let op = Value::Term(self.choice_cast(voter).map_or("none", Choice::term).to_owned());
        self.here(say!("mandate.used", no = no, hh = hh.clone(), op = op.clone()));
        let who = self.world.name_of(trustee);
        self.principals(no, voter, &say!("mandate.used.told", no = no, hh = hh.clone(), who = who, op = op));
        if let Some(giver) = self.world.principal(no, voter) {
            let what = say!("mandate.co_owner.used", no = no, hh = hh);
            self.co_owners_told(no, Seat::Roll(voter), Some(giver), &what);
        }
    }

    fn choice_cast(&self, of: VoterNo) -> Option<Choice> {
        self.record.facts.iter().find_map(|fact| match fact {
            Event::BallotCast { voter, choice, .. } if *voter == of => choice_of(choice),
            _ => None,
        })
    }

    /// Whoever has voted for themselves hears, in private, whom else they may vote for.
    pub(super) fn remind_trustee(&mut self, poll: &Poll) {
        let is_plain = poll.voters.is_some() && self.world.poll_terms(poll.no).is_none();
        let Some(me) = self.record.by.filter(|_| poll.rule.takes_mandates() && is_plain) else { return };
        let unused =
            |mandate: &Mandate| mandate.used != Some(poll.no) && self.world.ballot(poll.no, mandate.voter).is_none();
        let held: Vec<Mandate> = self.world.mandates_of(poll.topic, me).into_iter().filter(unused).collect();
        for mandate in held {
            let (no, hh) = (poll.topic, self.called(poll.topic, mandate.voter));
            let what = say!("mandate.hold", no = no, hh = hh, name = self.written_as(no, mandate.voter));
            let to = if self.record.way == Way::Private { To::Here } else { To::Person(me) };
            let whom = if to == To::Here { For::Anybody } else { For::Person(me) };
            let what = Saying::Say(what);
            self.out.push(Announcement { to, what, is_push: false, is_numbered: false, whom, is_after: false });
        }
    }
}
