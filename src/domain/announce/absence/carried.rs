//! 之前登记的 — leave, recusals and mandates of an earlier vote on a topic count in the next one: its group reads how many, and each of
//! those people, in private, that it counts again and how they take it back.

use crate::domain::addressee::For;
use crate::domain::announce::{Announcement, Herald, Saying, To};
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::vote::absence::{Absence, Kind};
use crate::domain::vote::mandate::Mandate;
use crate::domain::vote::poll::{Poll, household};
use crate::domain::vote::recusal::Stage;
use crate::say;
use chrono::{DateTime, Utc};

impl Herald<'_, '_> {
    /// Told with the card of a vote: what was said before an earlier vote on the topic was over, and stands. What is said for the first
    /// one is said for it. A straw poll counts nobody off.
    pub(in crate::domain::announce) fn carried(&mut self, poll: &Poll) {
        if !poll.rule.is_vote() {
            return;
        }
        let Some(over) = self.over_before(poll) else { return };
        let is_here =
            |absence: &Absence| absence.at < over && matches!(absence.seat, Seat::Roll(_)) == poll.voters.is_some();
        let away: Vec<Absence> = self.world.absences(poll.topic).into_iter().filter(is_here).collect();
        let mut mandates = self.mandates_in(poll);
        mandates.retain(|mandate| mandate.at < over);
        let Some(what) = self.carried_counted(poll, &away, &mandates) else { return };
        match self.record.way {
            Way::Clock => self.opened_by_clock(poll, &what),
            Way::Group | Way::Private | Way::Press | Way::Page | Way::Office | Way::Platform => {
                self.here_and(&self.world.bound_groups(poll.topic), &what);
            }
        }
        for absence in &away {
            let letter = self.carried_absence(poll, absence);
            for person in self.people_on(poll.topic, absence.seat) {
                self.carried_to(person, letter.clone());
            }
        }
        for mandate in &mandates {
            self.carried_mandate(poll, mandate);
        }
    }

    /// When the vote on the same topic before this one was over.
    fn over_before(&self, poll: &Poll) -> Option<DateTime<Utc>> {
        let topic = self.world.topic(poll.topic)?;
        let is_earlier = |other: &Poll| other.no < poll.no && other.topic == poll.topic && other.rule.is_vote();
        let last = self.world.polls_since(topic.ordered_at).find(is_earlier)?;
        Some(last.ends.min(self.record.at))
    }

    /// Those that can be used in a vote.
    fn mandates_in(&self, poll: &Poll) -> Vec<Mandate> {
        let is_plain = poll.voters.is_some() && self.world.poll_terms(poll.no).is_none();
        if poll.rule.takes_mandates() && is_plain { self.world.mandates(poll.topic) } else { Vec::new() }
    }

    fn carried_counted(&self, poll: &Poll, away: &[Absence], mandates: &[Mandate]) -> Option<Say> {
        let of = |kind: Kind| away.iter().filter(|one| one.kind == kind).count();
        let (leave, recused, no) = (of(Kind::Leave), of(Kind::Recusal), poll.topic);
        let (mut list, mut how) = (Vec::new(), Vec::new());
        if leave > 0 {
            list.push(say!("carried.leave", n = leave));
            how.push(say!("carried.leave.how"));
        }
        if recused > 0 {
            list.push(say!("carried.recused", n = recused));
            how.push(if poll.rule.is_of_law() { say!("carried.law") } else { say!("carried.recused.how", no = no) });
        }
        if !mandates.is_empty() {
            list.push(say!("carried.mandates", n = mandates.len()));
            how.push(say!("carried.mandates.how"));
        }
        let list: Vec<Value> = list.into_iter().map(Value::from).collect();
        let (any, end) = (!list.is_empty(), Value::Moment(poll.ends));
        any.then(|| say!("poll.carried", no = no, list = Value::List(list), how = Value::Clauses(how), end = end))
    }

    fn carried_absence(&self, poll: &Poll, absence: &Absence) -> Say {
        let (no, hh) = (poll.topic, self.world.seat_called(poll.topic, absence.seat));
        let end = Value::Moment(poll.ends);
        if absence.kind == Kind::Leave {
            return say!("carried.leave.told", no = no, hh = hh, end = end);
        }
        if poll.rule.is_of_law() {
            return say!("carried.law.told", no = no, hh = hh, end = end);
        }
        let recusal = self.world.recusal(no, absence.seat).filter(|_| !absence.own);
        match recusal.map(|recusal| (recusal.stage, recusal.by)) {
            Some((Stage::Entered, Some(by))) => {
                say!("carried.recused.by", no = no, hh = hh, by = self.world.name_of(by))
            }
            Some((Stage::Upheld, _)) => say!("carried.recused.upheld", no = no, hh = hh),
            Some((Stage::Entered | Stage::Contested | Stage::Dismissed | Stage::Dropped, _)) | None => {
                say!("carried.recused.told", no = no, hh = hh)
            }
        }
    }

    /// Whoever gave it, and whoever may cast it.
    fn carried_mandate(&mut self, poll: &Poll, mandate: &Mandate) {
        let (no, trustee) = (poll.topic, mandate.trustee);
        let Some(hh) = self.world.voter(no, mandate.voter).map(|voter| household(&voter)) else { return };
        let who = self.world.name_of(trustee);
        for person in self.principals_of(no, mandate.voter) {
            let (hh, who, end) = (hh.clone(), who.as_str(), Value::Moment(poll.ends));
            self.carried_to(person, say!("carried.mandate.told", no = no, hh = hh, who = who, end = end));
        }
        let name = self.written_as(no, mandate.voter);
        let what = say!("carried.mandate.trustee", no = no, hh = hh, name = name);
        self.carried_as(For::Trustee(trustee, no, mandate.voter), what);
    }

    fn carried_to(&mut self, person: PersonId, what: Say) {
        self.carried_as(For::Person(person), what);
    }

    /// At once; where a vote opens at its hour the quiet hours hold it, as they hold the card.
    fn carried_as(&mut self, whom: For, what: Say) {
        let Some(person) = whom.person() else { return };
        let (to, what, is_push) = (To::Person(person), Saying::Say(what), self.record.way == Way::Clock);
        self.out.push(Announcement { to, what, is_push, is_numbered: false, whom, is_after: false });
    }

    /// 作废 — what stands for somebody in the next vote: nobody is asked to vote again who then may not.
    pub(in crate::domain::announce) fn after_void(&self, poll: &Poll, person: PersonId) -> Say {
        let (no, seat) = (poll.topic, self.seat_in(poll, person));
        let absence = seat.and_then(|seat| self.world.absence(no, seat));
        match absence.map(|absence| (absence.kind, absence.own)) {
            Some((Kind::Leave, _)) => say!("void.leave", no = no),
            Some((Kind::Recusal, true)) => say!("void.recused", no = no),
            Some((Kind::Recusal, false)) => say!("void.recused.by", no = no),
            None => say!("void.again"),
        }
    }

    fn seat_in(&self, poll: &Poll, person: PersonId) -> Option<Seat> {
        if poll.voters.is_none() {
            return Some(Seat::Person(person));
        }
        let (topic, person) = (self.world.topic(poll.topic)?, self.world.person(person)?);
        self.world.voter_of(topic.no, &person).map(|voter| Seat::Roll(voter.no))
    }
}
