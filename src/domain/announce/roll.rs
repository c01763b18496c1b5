//! 名册 — whoever loads one is told what was read; where it takes the place of another, or a vote on it is announced, the group is told
//! before anything is counted on it.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::{PersonId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::people::person::Person;
use crate::domain::vote::absence::Kind;
use crate::domain::vote::poll::household;
use crate::domain::vote::roll::{self, Exchange, Voter};
use crate::say;

/// Voters named in one line.
const NAMED: usize = 10;

fn named(voters: &[Voter]) -> Value {
    Value::List(voters.iter().take(NAMED).map(household).collect())
}

/// What came, went and changed, each with its number.
fn rows(exchange: &Exchange) -> Vec<Say> {
    let Exchange { came, went, changed, .. } = exchange;
    let rest = |voters: &[Voter]| if voters.len() > NAMED { say!("roll.and_more") } else { say!("none") };
    let mut rows = Vec::new();
    if !came.is_empty() {
        rows.push(say!("roll.came", n = came.len(), list = named(came), rest = rest(came)));
    }
    if !went.is_empty() {
        rows.push(say!("roll.went", n = went.len(), list = named(went), rest = rest(went)));
    }
    if !changed.is_empty() {
        rows.push(say!("roll.changed", n = changed.len(), list = named(changed), rest = rest(changed)));
    }
    if rows.is_empty() { vec![say!("roll.same")] } else { rows }
}

impl Herald<'_, '_> {
    /// 随旧名册作废 — to both sides of each mandate, and to whoever is away; the world is as it was before the new roll. One letter a person.
    pub(super) fn roll_dropped(&mut self, topic: TopicNo) {
        let mut lost: Vec<(PersonId, Vec<Say>)> = Vec::new();
        let mut loses = |person: PersonId, row: Say| match lost.iter_mut().find(|(known, _)| *known == person) {
            Some((_, rows)) => rows.push(row),
            None => lost.push((person, vec![row])),
        };
        for mandate in self.world.mandates(topic) {
            let seat = Seat::Roll(mandate.voter);
            let hh = || self.world.seat_called(topic, seat);
            let who = self.world.name_of(mandate.trustee);
            let principals = self.principals_of(topic, mandate.voter);
            for principal in principals.into_iter().filter(|one| *one != mandate.trustee) {
                loses(principal, say!("roll.lost.given", hh = hh(), who = who.as_str()));
            }
            loses(mandate.trustee, say!("roll.lost.held", hh = hh()));
        }
        for absence in self.world.absences(topic) {
            let hh = || self.world.seat_called(topic, absence.seat);
            for person in self.people_on(topic, absence.seat) {
                loses(
                    person,
                    match absence.kind {
                        Kind::Leave => say!("roll.lost.leave", hh = hh()),
                        Kind::Recusal => say!("roll.lost.recusal", hh = hh()),
                    },
                );
            }
        }
        for (person, rows) in lost {
            let what = say!("roll.lost", no = topic, who = self.by(), rows = Value::Lines(rows));
            self.at_once(person, what);
        }
    }

    /// 外镇认的人 — whose account only officials of other towns vouched for, each with the line that says so from here, too.
    fn unbacked(&mut self, no: TopicNo) {
        let Some(topic) = self.world.topic(no) else { return };
        let found = self.world.unbacked_on(&topic);
        if found.is_empty() {
            return;
        }
        let row = |(voter, person): &(Voter, Person)| {
            let (hh, town) = (household(voter), person.town.as_str());
            let name = self.world.written_apart(person);
            say!("roll.unbacked.row", hh = hh, who = &person.name, town = town, name = name, no = no)
        };
        let mut rows: Vec<Say> = found.iter().take(NAMED).map(row).collect();
        rows.extend((found.len() > NAMED).then(|| say!("roll.more", n = found.len() - NAMED)));
        self.here(say!("roll.unbacked", no = no, n = found.len(), rows = Value::Lines(rows)));
    }

    pub(super) fn roll_loaded(&mut self, topic: TopicNo) {
        let roll = self.world.roll(topic).unwrap_or_default();
        let loaded = roll::loaded(topic, &roll);
        self.here(loaded.clone());
        self.unbacked(topic);
        let what = match self.world.exchange(topic) {
            Some(exchange) => say!(
                "roll.exchanged",
                no = topic,
                who = self.by(),
                n = exchange.voters,
                N = roll.voters,
                rows = Value::Lines(rows(&exchange)),
            ),
            // A vote is announced: whoever will vote in it reads on how many it is counted.
            None if self.world.poll_plan(topic).is_some() => loaded,
            None => return,
        };
        self.groups(&self.public_of(topic), &what, false, false);
    }
}
