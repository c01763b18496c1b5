//! 群 — what is known of a group from now on.

use crate::domain::event::Event;
use crate::domain::evolve::Application;
use crate::domain::history::deed::What;
use crate::domain::kernel::ids::{GroupId, TopicNo};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::group::{Binding, Group};
use crate::domain::people::town::Sort;

impl Application<'_, '_, '_> {
    pub(crate) fn group_seen(&mut self, event: &Event) {
        let Event::GroupSeen { group, chat, name, digest_at, quiet, language } = event else { return };
        let id = group.0;
        self.world.count(|counters| counters.groups = counters.groups.max(id));
        self.world.put_at(Key::new(kind::GROUP_BY_CHAT).text(chat.as_str()), group);
        self.world.put(&Group {
            id: *group,
            chat: chat.clone(),
            name: name.clone(),
            kind: None,
            town: String::new(),
            sector: String::new(),
            bound: None,
            digest_at: *digest_at,
            quiet: *quiet,
            language: language.clone(),
            last_gathering: None,
            gone: false,
        });
    }

    pub(crate) fn group(&mut self, id: GroupId, change: impl FnOnce(&mut Group)) {
        if let Some(mut group) = self.world.group(id) {
            change(&mut group);
            self.world.put(&group);
        }
    }

    /// Somebody may have spoken at the new address before we were told: what was begun there for an unknown group is left. The old
    /// address stays the group's, too: buttons under what was said there are pressed for a while.
    pub(crate) fn group_moved(&mut self, id: GroupId, chat: &Words) {
        if let Some(stray) = self.world.group_by_chat(chat.as_str()).filter(|&stray| stray != id) {
            self.group(stray, |group| {
                group.chat = Words::default();
                group.gone = true;
            });
        }
        self.world.put_at(Key::new(kind::GROUP_BY_CHAT).text(chat.as_str()), &id);
        self.group(id, |group| {
            group.chat = chat.clone();
            group.gone = false;
        });
    }

    pub(crate) fn group_set(&mut self, event: &Event) {
        let Event::GroupSet { group, kind, town, sector, digest_at, quiet, language } = event else { return };
        let Some(mut known) = self.world.group(*group) else { return };
        let is_new = known.kind.is_none();
        self.world.heard_of(Sort::Town, town);
        self.world.heard_of(Sort::Sector, sector);
        known.kind = Some(*kind);
        known.town.clone_from(town);
        known.sector.clone_from(sector);
        known.digest_at = *digest_at;
        known.quiet = *quiet;
        known.language.clone_from(language);
        self.world.put(&known);
        if is_new {
            self.world.begin_digests(*group, self.record.at);
            self.deed(What::Registered(*kind), None, self.record.by);
        }
    }

    pub(crate) fn bound(&mut self, group: GroupId, topic: TopicNo) {
        if let Some(mut known) = self.world.group(group) {
            known.bound = Some(Binding { topic, since: self.record.seq });
            self.world.put(&known);
        }
    }
}
