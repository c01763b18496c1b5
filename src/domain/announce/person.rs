//! 人员 — what whoever enters people is answered.

use crate::domain::about::hanging::left_behind;
use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::history::duty;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::account;
use crate::domain::people::person::{Role, Scope, scope_value};
use crate::domain::vote::poll::{self, household};
use crate::domain::vote::whom::Whom;
use crate::say;

impl Herald<'_, '_> {
    pub(crate) fn enrolled(&mut self, event: &Event) {
        if let Event::PersonEnrolled { person, enrolled: false, .. } = event {
            return self.namesakes(*person);
        }
        let Event::PersonEnrolled { person, name, side, town, sector, enrolled: true, .. } = event else { return };
        let is_by_the_way = self.record.facts.iter().any(|fact| {
            !matches!(
                fact,
                Event::PersonEnrolled { .. }
                    | Event::RoleGranted { .. }
                    | Event::AccountLinked { .. }
                    | Event::Duty(duty::Fact::Tagged { .. })
                    | Event::Account(account::Fact::Listed { .. })
            )
        });
        if is_by_the_way {
            return;
        }
        let scope = [sector, town].into_iter().find(|text| !text.is_empty());
        let scope = scope.map_or_else(|| Value::Term("scope.district".to_owned()), |text| Value::Text(text.clone()));
        self.here(say!("enrol", who = name, side = Value::Term(side.term().to_owned()), scope = scope));
        self.twin_entered(*person);
        self.seat_kept(*person);
    }

    /// 名册上的同名人 — whose seat it is that somebody of the same name does not take, they and the group are told: nobody looks at a
    /// list of names and sees that there are two.
    fn seat_kept(&mut self, entered: PersonId) {
        // Told once: with the entry that nobody had before.
        let is_new = entered.0 == self.world.counters().people;
        let Some(person) = self.world.person(entered).filter(|_| is_new) else { return };
        let mut topics = self.world.topics_with_roll();
        topics.retain(|no| self.world.is_live(*no));
        for topic in topics {
            let Some(seat) = self.world.seat_of_another(topic, &person) else { continue };
            let Some(owner) = self.world.is_of_another(&seat, &person) else { continue };
            let (hh, by) = (household(&seat), self.by());
            let whom = Whom::entered(self.world, person.clone()).row_from_afar();
            let what = say!("roll.namesake", no = topic, hh = hh.clone(), whom = whom.clone(), by = by.as_str());
            self.here_and(&self.world.bound_groups(topic), &what);
            self.at_once(owner.id, say!("roll.namesake.told", no = topic, hh = hh, whom = whom, by = by));
        }
    }

    /// 同名的另一位 — whoever holds a role under that name is told that another is entered elsewhere, by whom, and how people see it.
    fn twin_entered(&mut self, entered: PersonId) {
        let Some(twin) = self.world.person(entered).filter(|twin| self.world.is_twin(twin)) else { return };
        // Told once: when nobody knew of them before.
        if self.world.was_otherwise(entered) || self.record.by == Some(entered) {
            return;
        }
        let side = Value::Term(twin.side.term().to_owned());
        for holder in self.world.holders_of_that_name(&twin) {
            let (who, town) = (twin.name.as_str(), twin.town.as_str());
            let admins = self.world.holders(Role::Admin);
            let ask = admins.iter().find(|one| one.id != holder && Some(one.id) != self.record.by);
            let ask = ask.map_or_else(|| self.by(), |one| one.name.to_string());
            self.at_once(
                holder,
                say!("enrol.twin", who = who, by = self.by(), town = town, side = side.clone(), ask = ask),
            );
        }
    }

    /// 冒名 — whoever is registered is told, once and in private, that an account nobody knows speaks under their name.
    fn namesakes(&mut self, unproven: PersonId) {
        // With a code they turn out to be that person at once: nobody used a name that is not theirs.
        let is_them = |fact: &Event| matches!(fact, Event::PersonJoined { from, .. } if *from == unproven);
        if self.record.facts.iter().any(is_them) {
            return;
        }
        for person in self.world.first_namesakes(unproven) {
            let who = self.world.name_of(person);
            let what = match self.record.group.and_then(|group| self.world.group(group)) {
                Some(group) => say!("namesake", who = who, group = &group.name),
                None => say!("namesake.private", who = who),
            };
            self.at_once(person, what);
        }
    }

    /// 换主持 — whoever takes part in a topic reads who presides over it from now on, or no more, and so does whoever else does; where a vote
    /// is open it is read with that.
    pub(super) fn chair_told(&mut self, person: PersonId, scope: &Scope, what: &Say) {
        let Scope::Topic(no) = *scope else { return };
        let is_altered = |fact: &Event| matches!(fact, Event::Poll(poll::Fact::Altered { .. }));
        let Some(topic) = self.world.topic(no).filter(|_| !self.record.facts.iter().any(is_altered)) else { return };
        let what = say!("grant.chair", no = no, what = what.clone());
        self.groups(&self.public_of(no), &what, false, false);
        let others = self.world.holders(Role::Moderator).into_iter();
        for other in others.filter(|other| other.moderates(&topic) && other.id != person) {
            if self.record.by != Some(other.id) {
                self.push(other.id, what.clone());
            }
        }
    }

    /// Who is no longer what, and what nobody looks after from now on: those are told who can take it over.
    pub(super) fn withdrawn(&mut self, person: PersonId, role: Role, scope: &Scope) {
        let term = Value::Term(role.term().to_owned());
        let who = self.world.name_of(person);
        self.here(say!("grant.withdrawn", who = who.as_str(), role = term.clone(), scope = scope_value(scope)));
        if role == Role::Moderator {
            self.chair_told(person, scope, &say!("grant.chair.off", who = who.as_str(), by = self.by()));
        }
        let Some(person) = self.world.person(person) else { return };
        let rows = left_behind(self.world, &person, role, scope);
        if rows.is_empty() {
            return;
        }
        let letter = say!("grant.left", who = who, role = term, scope = scope_value(scope), rows = Value::Lines(rows));
        self.here(letter.clone());
        let town = match scope {
            Scope::District => String::new(),
            Scope::Town(town) => town.clone(),
            Scope::Topic(no) => self.world.topic(*no).map(|topic| topic.town).unwrap_or_default(),
        };
        for one in self.world.coordinators_of(&town) {
            if Some(one.id) != self.record.by {
                self.push(one.id, letter.clone());
            }
        }
    }
}
