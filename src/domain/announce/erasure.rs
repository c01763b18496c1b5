//! 删除个人信息 — the coordinators are told that somebody asks for it, and when it is done.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::PersonId;
use crate::domain::people::erasure::Fact;
use crate::say;

impl Herald<'_, '_> {
    pub(crate) fn of_erasure(&mut self, fact: &Fact) {
        match fact {
            Fact::Asked { person } => {
                let who = self.world.name_of(*person);
                self.here(say!("mydata.asked"));
                self.coordinators(&self.town_of(*person), &say!("mydata.letter", who = who.as_str()));
            }
            Fact::TakenBack { person } => {
                let who = self.world.name_of(*person);
                self.here(say!("mydata.kept"));
                self.coordinators(&self.town_of(*person), &say!("mydata.letter.kept", who = who.as_str()));
            }
            Fact::Ordered { .. } => self.here(say!("erase")),
            Fact::Done { person, texts } => {
                self.coordinators(&self.town_of(*person), &say!("erase.done", n = texts.len()));
            }
        }
    }

    fn town_of(&self, person: PersonId) -> String {
        self.world.person(person).map(|person| person.town).unwrap_or_default()
    }
}
