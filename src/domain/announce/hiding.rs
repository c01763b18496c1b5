//! 隐藏 — the group reads who hid what and why; whoever said it is told how to object, and the coordinator who has to settle that.

use crate::domain::announce::Herald;
use crate::domain::kernel::ids::{PersonId, SuggestionRef};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::people::person::{Role, Scope, scope_value};
use crate::domain::process::hiding::{Fact, Hiding, Shown};
use crate::say;

/// Coordinators who are asked to settle an objection, at most.
const MAX_ASKED: usize = 3;
/// Those who replied to something and are told that it is hidden, at most.
const MAX_TOLD: usize = 50;

impl Herald<'_, '_> {
    pub(super) fn of_hiding(&mut self, fact: &Fact) {
        match fact {
            Fact::Hidden { suggestion, reason } => {
                let role = self.hides_as(Shown::Suggestion(*suggestion));
                let what = say!("hide", r#ref = *suggestion, role = role, who = self.by(), why = reason);
                self.where_it_was(Shown::Suggestion(*suggestion), &what);
                self.hidden_author(Shown::Suggestion(*suggestion));
            }
            Fact::Shown { suggestion } => {
                let what = Shown::Suggestion(*suggestion);
                let role = self.hides_as(what);
                self.where_it_was(what, &say!("hide.undone", r#ref = *suggestion, role = role, who = self.by()));
                self.heard(what);
            }
            Fact::Covered { what, reason } => {
                let role = self.hides_as(*what);
                let say = say!("hide.other", what = what.name(), role = role, who = self.by(), why = reason);
                self.where_it_was(*what, &say);
                self.hidden_author(*what);
            }
            Fact::Uncovered { what } => {
                let role = self.hides_as(*what);
                self.where_it_was(*what, &say!("hide.undone.other", what = what.name(), role = role, who = self.by()));
                self.heard(*what);
            }
            Fact::Disowned { suggestion } => self.disowned(*suggestion, false),
            Fact::Owned { suggestion } => self.disowned(*suggestion, true),
            Fact::Contested { no, text } => self.hiding_contested(*no, text),
            Fact::Upheld { no, reason } => {
                let Some(hiding) = self.world.hiding(*no) else { return };
                let role = self.settles_as(&hiding);
                let (h, by) = (*no, self.by());
                let what = say!("hide.upheld", h = h, what = hiding.what.name(), role = role, who = by, why = reason);
                self.in_the_open(&hiding, &what);
                if let Some(author) = hiding.author {
                    self.letter(author, what);
                }
            }
        }
    }

    /// As what somebody hides or shows: whoever moderates, else whichever office it was.
    fn hides_as(&self, what: Shown) -> Value {
        let hiding = self.world.last_hiding(what);
        let topic = hiding.as_ref().and_then(|hiding| self.world.topic(hiding.topic?));
        let group = self.record.group.or(hiding.and_then(|hiding| hiding.group)).and_then(|id| self.world.group(id));
        let town = topic.as_ref().map(|topic| topic.town.clone());
        let town = town.or(group.map(|group| group.town)).unwrap_or_default();
        self.acting((&town, topic.as_ref()), Role::Moderator)
    }

    fn settles_as(&self, hiding: &Hiding) -> Value {
        let topic = hiding.topic.and_then(|no| self.world.topic(no));
        let town = topic.as_ref().map(|topic| topic.town.clone()).unwrap_or_default();
        self.acting((&town, topic.as_ref()), Role::Coordinator)
    }

    /// 本人否认, 本人认可 — said in the open, with whoever wrote it down.
    fn disowned(&mut self, reference: SuggestionRef, is_owned: bool) {
        let Some(suggestion) = self.world.suggestion_kept(reference) else { return };
        let recorder = suggestion.recorder.map(|recorder| self.world.name_of(recorder)).unwrap_or_default();
        let what = match is_owned {
            true => say!("relay.owned", r#ref = reference, who = self.by(), by = recorder),
            false => say!("relay.disowned", r#ref = reference, who = self.by(), by = recorder),
        };
        self.publicly(reference.topic, &what);
    }

    /// 异议 — who settles it hears it, and whoever objects hears who that is. Where there is nobody else, the administrators hear that
    /// they have to appoint somebody.
    fn hiding_contested(&mut self, no: u32, text: &Words) {
        let Some(hiding) = self.world.hiding(no) else { return };
        let (what, why) = (hiding.what.name(), &hiding.reason);
        let who = hiding.author.map_or_else(|| self.by(), |author| self.world.name_of(author));
        let by = hiding.by.map(|by| self.world.name_of(by)).unwrap_or_default();
        let (judges, is_alone) = match self.world.judges(&hiding) {
            none if none.is_empty() => (self.world.holders(Role::Admin), true),
            some => (some, false),
        };
        let names = Value::List(judges.iter().take(MAX_ASKED).map(|person| (&person.name).into()).collect());
        let letter = if is_alone {
            self.here(say!("hide.contest.alone", h = no, what = what.clone(), ask = names));
            let scope = match self.world.town_of_hiding(&hiding) {
                town if town.is_empty() => Scope::District,
                town => Scope::Town(town),
            };
            let scope = scope_value(&scope);
            say!("hide.contest.appoint", h = no, what = what, by = by, why = why, who = who, scope = scope)
        } else {
            self.here(say!("hide.contest", h = no, what = what.clone(), ask = names));
            say!("hide.contest.push", h = no, what = what, by = by, why = why, who = who)
        };
        for person in judges.iter().take(MAX_ASKED) {
            self.letter(person.id, letter.clone());
            self.letter(person.id, say!("plain", text = text));
        }
    }

    fn letter(&mut self, person: PersonId, what: Say) {
        if self.record.by != Some(person) {
            self.at_once(person, what);
        }
    }

    /// Whoever said it is told how to object: the group, where they may read it, does not say that.
    fn hidden_author(&mut self, what: Shown) {
        let Some(hiding) = self.world.hiding_of(what) else { return };
        let (who, why) = (self.by(), &hiding.reason);
        if let Shown::Suggestion(at) = what {
            self.hidden_with(
                at,
                &say!("hide.told.reply", what = what.name(), who = who.as_str(), why = why, no = at.topic),
            );
        }
        for author in self.world.reasons_of(what).into_iter().filter(|one| hiding.author != Some(*one)) {
            let (h, name, by, reason) = (hiding.no, what.name(), who.as_str(), &hiding.reason);
            self.letter(author, say!("hide.told", h = h, what = name, who = by, why = reason));
        }
        let Some(author) = hiding.author else { return };
        self.letter(author, say!("hide.told", h = hiding.no, what = what.name(), who = who, why = why));
    }

    /// 跟帖 — what was replied to it is read nowhere without it: each who did hears why.
    fn hidden_with(&mut self, at: SuggestionRef, what: &Say) {
        let own = self.world.hiding_of(Shown::Suggestion(at)).and_then(|hiding| hiding.author);
        let mut authors: Vec<PersonId> = self.world.replies_kept(at).iter().map(|reply| reply.author).collect();
        authors.sort_unstable();
        authors.dedup();
        for author in authors.into_iter().filter(|author| Some(*author) != own).take(MAX_TOLD) {
            self.letter(author, what.clone());
        }
    }

    /// An objection was heard: it is shown again, and everybody who was told of the hiding is told so.
    fn heard(&mut self, what: Shown) {
        let Some(hiding) = self.world.last_hiding(what) else { return };
        if let Some(author) = hiding.author {
            self.letter(author, say!("hide.told.undone", h = hiding.no, what = what.name()));
        }
        if let Some(by) = hiding.by.filter(|by| Some(*by) != hiding.author) {
            self.letter(by, say!("hide.told.lifted", h = hiding.no, what = what.name(), who = self.by()));
        }
    }

    /// Whoever saw what was said sees that it is hidden, by whom and why, and that it is shown again.
    fn where_it_was(&mut self, what: Shown, say: &Say) {
        match self.world.last_hiding(what) {
            Some(hiding) => self.in_the_open(&hiding, say),
            None => self.here(say.clone()),
        }
    }

    /// Here, in the groups of the topic and where it was hidden: what is settled in private is heard there all the same.
    fn in_the_open(&mut self, hiding: &Hiding, what: &Say) {
        let mut groups = hiding.topic.map(|topic| self.world.bound_groups(topic)).unwrap_or_default();
        groups.extend(hiding.group);
        if let Shown::Gathering(no) | Shown::Minutes(no) | Shown::SignUp(no, _) = hiding.what {
            groups.extend(self.world.gathering(no).and_then(|gathering| gathering.group));
        }
        if groups.is_empty()
            && let Some(topic) = hiding.topic.and_then(|no| self.world.topic(no))
        {
            groups = self.world.town_groups(&topic.town);
        }
        self.here_and(&groups, what);
    }
}
