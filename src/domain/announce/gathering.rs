//! 活动 — what whoever changes a sign-up is answered.

use crate::domain::announce::Herald;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{GatheringNo, PersonId};
use crate::domain::talk::gathering::Fact;
use crate::say;

impl Herald<'_, '_> {
    /// Whether another fact of the same turn shows the list: a pasted one changes many lines and is shown once.
    pub(super) fn list_follows(&self, event: &Event) -> bool {
        let mut after = self.record.facts.iter().skip_while(|fact| !std::ptr::eq(*fact, event)).skip(1);
        after.any(|fact| matches!(fact, Event::SignedUp { .. } | Event::Gathering(_)))
    }

    pub(super) fn of_gathering(&mut self, fact: &Fact) {
        match fact {
            Fact::Noted { gathering, .. } => self.here(self.world.chain(*gathering)),
            Fact::Left { gathering, why, .. } => {
                let (a, who, list) = (*gathering, self.by(), self.world.chain(*gathering));
                self.here(match why.as_str() {
                    "" if self.world.sign_ups(a).is_empty() => say!("act.left", a = a, who = who),
                    "" => list,
                    _ => say!("act.left.why", who = who, why = why, list = list),
                });
            }
            Fact::NotThere { gathering, person, by } => self.not_there(*gathering, *person, *by),
        }
    }

    /// 不是我 — whoever had signed them in reads it, and whoever moderates what it was about.
    fn not_there(&mut self, no: GatheringNo, person: PersonId, by: Option<PersonId>) {
        let Some(gathering) = self.world.gathering(no) else { return };
        self.here(say!("signin.off", a = no));
        let topic = gathering.topic.and_then(|no| self.world.topic(no));
        let moderator = topic.and_then(|topic| self.world.moderator_of(&topic));
        let mut told: Vec<PersonId> = by.into_iter().chain(moderator).filter(|one| *one != person).collect();
        told.dedup();
        for one in told {
            self.at_once(one, say!("signin.off.told", a = no, who = self.by(), n = gathering.signed));
        }
    }
}
