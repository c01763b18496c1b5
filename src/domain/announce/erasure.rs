//! 删除个人信息 — the coordinators are told that somebody asks for it, and when it is done. Whoever is erased reads on every account, before
//! it is forgotten, by whom and why; where they spoke it is read that somebody was, without a name.

use crate::domain::addressee::For;
use crate::domain::announce::Herald;
use crate::domain::kernel::ids::{GroupId, PersonId, TopicNo};
use crate::domain::kernel::say::Value;
use crate::domain::kernel::words::Words;
use crate::domain::people::erasure::Fact;
use crate::domain::people::person::Role;
use crate::say;
use std::collections::{BTreeMap, BTreeSet};

/// Words of one person that are named in one letter.
const MOST_NAMED: usize = 10;

impl Herald<'_, '_> {
    pub(crate) fn of_erasure(&mut self, fact: &Fact) {
        match fact {
            Fact::Asked { person } => {
                let who = self.written_for_erasing(*person);
                self.here(say!("mydata.asked"));
                self.coordinators(&self.town_of(*person), &say!("mydata.letter", who = who.as_str()));
            }
            Fact::TakenBack { person } => {
                let who = self.written_for_erasing(*person);
                self.here(say!("mydata.kept"));
                self.coordinators(&self.town_of(*person), &say!("mydata.letter.kept", who = who.as_str()));
            }
            Fact::Ordered { person, .. } => {
                self.here(say!("erase"));
                self.others_erased(*person);
            }
            Fact::Done { person, texts } => {
                let (what, town) = (say!("erase.done", n = texts.len()), self.town_of(*person));
                self.coordinators(&town, &what);
                let by = self.world.erasure(*person).by;
                let is_told = |by: &PersonId| self.world.coordinators_of(&town).iter().any(|one| one.id == *by);
                if let Some(by) = by.filter(|by| !is_told(by)) {
                    self.push(by, what);
                }
            }
        }
    }

    /// 别人的话 — whose words go whole because the name stands in them hear which, and can say it again without.
    fn others_erased(&mut self, person: PersonId) {
        let Some(known) = self.world.person_kept(person).filter(|known| self.world.is_known_by_name(known)) else {
            return;
        };
        let name = known.name.as_str();
        let mut told: BTreeMap<PersonId, Vec<Value>> = BTreeMap::new();
        for topic in (1..=self.world.counters().topics).filter_map(|no| self.world.topic(TopicNo(no))) {
            self.world.suggestions(topic.no, |one| {
                if one.author != person && one.text.as_str().contains(name) {
                    told.entry(one.author).or_default().push(say!("ref.suggestion", r#ref = one.reference).into());
                }
            });
            for one in self.world.objections(topic.no) {
                if one.author != person && one.text.as_str().contains(name) {
                    told.entry(one.author).or_default().push(one.named().into());
                }
            }
        }
        for (author, mut list) in told {
            list.truncate(MOST_NAMED);
            self.push(author, say!("erase.others", list = Value::List(list)));
        }
    }

    /// As the line is written that erases this person and no namesake.
    fn written_for_erasing(&self, person: PersonId) -> String {
        let known = self.world.person(person);
        known.map(|known| self.world.written_apart(&known)).unwrap_or_default()
    }

    fn town_of(&self, person: PersonId) -> String {
        self.world.person(person).map(|person| person.town).unwrap_or_default()
    }

    /// Before the order counts: to each account by which the person speaks, or spoke until a while ago, and to the groups in which they
    /// spoke.
    pub(super) fn erased(&mut self, person: PersonId, reason: &Words) {
        let town = self.town_of(person);
        let (role, who) = (self.acting((&town, None), Role::Coordinator), self.by());
        let is_asked = self.world.erasure(person).asked.is_some();
        let how = Value::Term(if is_asked { "erase.asked" } else { "erase.in_writing" }.to_owned());
        let letter = say!("erase.told", role = role.clone(), who = who.as_str(), how = how.clone(), why = reason);
        let mut chats: BTreeSet<Words> =
            self.world.last_accounts(person, self.record.at).into_iter().map(|account| account.chat).collect();
        chats.extend(self.world.person(person).map(|person| person.private_chat));
        for chat in chats {
            self.tell_account(&chat, For::Leaving(person), letter.clone());
        }
        let groups = self.spoken_in(person);
        self.groups(&groups, &say!("erase.group", role = role, who = who, how = how), false, false);
    }

    /// Where what somebody asked for and suggested was read.
    fn spoken_in(&self, person: PersonId) -> Vec<GroupId> {
        let mut groups = Vec::new();
        for topic in (1..=self.world.counters().topics).filter_map(|no| self.world.topic(TopicNo(no))) {
            let mut is_there = topic.proposer == person;
            self.world.suggestions(topic.no, |suggestion| is_there |= suggestion.author == person);
            if is_there {
                groups.extend(self.public_of(topic.no));
            }
        }
        groups
    }
}
