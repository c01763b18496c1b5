//! 活动 — what whoever changes a sign-up is answered.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{GatheringNo, PersonId};
use crate::domain::kernel::place::same_bearer;
use crate::domain::kernel::say::Say;
use crate::domain::talk::gathering::{Fact, Gathering, Joined, sitting};
use crate::say;

impl Herald<'_, '_> {
    /// Whether another fact of the same turn shows the list: a pasted one changes many lines and is shown once.
    pub(super) fn list_follows(&self, event: &Event) -> bool {
        // A gathering that is moved or off shows no list.
        let shows = |fact: &Event| match fact {
            Event::Gathering(Fact::Moved { .. } | Fact::CalledOff { .. }) => false,
            fact => matches!(fact, Event::SignedUp { .. } | Event::Gathering(_)),
        };
        let mut after = self.record.facts.iter().skip_while(|fact| !std::ptr::eq(*fact, event)).skip(1);
        shows(event) && after.any(shows)
    }

    pub(super) fn of_gathering(&mut self, fact: &Fact) {
        match fact {
            Fact::Noted { gathering, .. } => self.here(self.world.chain(*gathering)),
            Fact::Left { gathering, n, for_good: true, .. } if self.is_struck(*gathering, *n).is_some() => {
                let Some(line) = self.is_struck(*gathering, *n) else { return };
                let list = match self.world.sign_ups(*gathering).is_empty() {
                    true => say!("none"),
                    false => self.world.chain(*gathering),
                };
                let told = say!("act.struck", a = *gathering, by = self.by(), who = &line.name, list = list);
                let group = self.world.gathering(*gathering).and_then(|known| known.group);
                self.here_and(group.as_slice(), &told);
                if let Some(person) =
                    self.world.bearer_of(line.person, &line.name).filter(|one| Some(*one) != self.record.by)
                {
                    self.at_once(person, say!("act.struck.you", a = *gathering, by = self.by()));
                }
            }
            Fact::Left { gathering, why, .. } => {
                let (a, who, list) = (*gathering, self.by(), self.world.chain(*gathering));
                let told = match why.as_str() {
                    "" if self.world.sign_ups(a).is_empty() => say!("act.left", a = a, who = who),
                    "" => list,
                    _ => say!("act.left.why", who = who, why = why, list = list),
                };
                // Said in private, the list in the group has changed all the same.
                let group = self.world.gathering(a).and_then(|known| known.group);
                self.here_and(group.as_slice(), &told);
            }
            Fact::Moved { gathering, at, until, place, was, was_place, .. } => {
                let Some(known) = self.world.gathering(*gathering) else { return };
                let when = sitting(self.settings, self.record.at, *at, *until);
                let was = sitting(self.settings, self.record.at, *was, None);
                let (a, title) = (*gathering, &known.name);
                let card = say!(
                    "act.moved",
                    a = a,
                    title = title,
                    when = when,
                    r#where = place,
                    was = was,
                    was_where = was_place
                );
                self.tell_all_coming(&known, &card);
            }
            Fact::CalledOff { gathering, why } => {
                let Some(known) = self.world.gathering(*gathering) else { return };
                let when = sitting(self.settings, self.record.at, known.at, known.until);
                let why = if why.as_str().is_empty() { say!("none") } else { say!("act.off.why", why = why) };
                let card = say!("act.off", a = *gathering, title = &known.name, when = when, why = why);
                self.tell_all_coming(&known, &card);
            }
            Fact::NotThere { gathering, person, by } => self.not_there(*gathering, *person, *by),
        }
    }

    /// The line, where it is the name of somebody else than whoever took it off.
    fn is_struck(&self, no: GatheringNo, n: u32) -> Option<Joined> {
        let line = self.world.sign_up_lines(no).into_iter().find(|line| line.n == n)?;
        let is_own = line.person.is_some() && line.person == self.record.by;
        let own = self.record.by.and_then(|by| self.world.person(by)).map(|person| person.name).unwrap_or_default();
        (!is_own && !same_bearer(line.name.as_str(), own.as_str())).then_some(line)
    }

    /// Here, in the group it was called in, and to everybody who signed up: at once, since they would come in vain.
    fn tell_all_coming(&mut self, gathering: &Gathering, card: &Say) {
        self.here(card.clone());
        self.groups(gathering.group.as_slice(), card, false, false);
        let mut coming = self.world.people_coming(gathering.no);
        coming.retain(|person| Some(*person) != self.record.by);
        for person in coming {
            self.at_once(person, card.clone());
        }
    }

    /// 不是我 — whoever had signed them in reads it, and whoever moderates what it was about; said by others, whoever it is about, too.
    fn not_there(&mut self, no: GatheringNo, person: PersonId, by: Option<PersonId>) {
        let Some(gathering) = self.world.gathering(no) else { return };
        let (is_own_word, n) = (self.record.by == Some(person), gathering.signed);
        let who = self.world.name_of(person);
        self.here(match is_own_word {
            true if by == Some(person) => say!("signin.off.own", a = no, n = n),
            true => say!("signin.off", a = no),
            false => say!("signin.off.other", a = no, who = who.as_str(), n = n),
        });
        if is_own_word && by == Some(person) {
            return;
        }
        let topic = gathering.topic.and_then(|no| self.world.topic(no));
        let moderator = topic.and_then(|topic| self.world.moderator_of(&topic));
        let is_other = |one: &PersonId| *one != person && Some(*one) != self.record.by;
        let mut told: Vec<PersonId> = by.into_iter().chain(moderator).filter(is_other).collect();
        told.dedup();
        for one in told {
            self.at_once(
                one,
                match is_own_word {
                    true => say!("signin.off.told", a = no, who = self.by(), n = n),
                    false => say!("signin.off.by", a = no, by = self.by(), who = who.as_str(), n = n),
                },
            );
        }
        if !is_own_word {
            self.at_once(person, say!("signin.off.you", a = no, by = self.by()));
        }
    }
}
