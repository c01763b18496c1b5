//! 群的变动 — what a platform itself tells about a chat: it moved, the bot was taken out, the bot is there again; and somebody without a
//! face spoke in it.

use super::door::Registration;
use super::letters::{Outgoing, about};
use super::office::{Committed, Fatal, Office};
use super::turn::Draft;
use crate::domain::command::Command;
use crate::domain::decide::group::first_heard;
use crate::domain::event::Event;
use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::mask::mask;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::Value;
use crate::domain::kernel::world::World;
use crate::domain::people::group::{Group, scope_of};
use crate::domain::vote::poll::Ask;
use crate::domain::vote::poll::filling::{Meant, Spoken};
use crate::language::{self, Lang, Parsed};
use crate::platform::{Incoming, Letter, Place, Receipt, Said};
use crate::say;
use chrono::{DateTime, Utc};
use std::sync::Arc;

impl Office {
    /// 登记在册的群 — groups in which nobody is heard are what the configuration says, at every start; whoever starts the bot has seen to
    /// what kept us out of them. What it changes is a record, and said there.
    ///
    /// # Errors
    /// [`Fatal`].
    pub fn admit_groups(&mut self, all: &[Registration], now: DateTime<Utc>) -> Result<Vec<Outgoing>, Fatal> {
        let now = self.time.look(now).0;
        let state = Arc::clone(&self.state);
        let mut world = World::on(&*state);
        let mut draft = Draft { now, ..Draft::default() };
        for one in all {
            let (group, facts) = self.admitted(&world, one);
            if facts.is_empty() {
                continue;
            }
            let at = self.not_before_last(&draft, now);
            let record = self.record(Way::Office, None, Some(group), at, facts, draft.records.len());
            self.settle(&mut world, &mut draft, record, false, None);
            Self::note_hour(&mut world, at);
            draft.letters.extend(self.admission(&world, group, one));
        }
        if draft.records.is_empty() {
            return Ok(Vec::new());
        }
        self.is_due_known = false;
        let done = self.make_durable(world.into_overlay(), draft, Committed::default(), &[])?;
        Ok(done.letters)
    }

    /// What a group is, said in it: whoever wrote it down sees there that it is right.
    fn admission(&mut self, world: &World<'_>, group: GroupId, one: &Registration) -> Option<Outgoing> {
        let Group { digest_at, language, .. } = world.group(group)?;
        let (kind, scope) = (Value::Term(one.kind.term().to_owned()), scope_of(one.kind, &one.town, &one.sector));
        let said = say!("group.set", kind = kind, scope = scope, time = digest_at);
        let text = self.render(&said, Lang::from_code(&language)).text;
        Some(self.unrecorded(Letter::plain(&one.chat, text)))
    }

    /// What makes a group what the configuration says.
    fn admitted(&self, world: &World<'_>, one: &Registration) -> (GroupId, Vec<Event>) {
        let known = world.group_by_chat(&one.chat).and_then(|id| world.group(id));
        let id = known.as_ref().map_or(GroupId(world.counters().groups + 1), |group| group.id);
        let mut facts = Vec::new();
        match &known {
            None => facts.push(first_heard(&self.settings, id, &one.chat, &mask(&one.name))),
            Some(group) if group.gone => facts.push(Event::GroupBack { group: id }),
            Some(_) => {}
        }
        let is_same = known
            .as_ref()
            .is_some_and(|group| group.kind == Some(one.kind) && group.town == one.town && group.sector == one.sector);
        if !is_same {
            let settings = &self.settings;
            facts.push(Event::GroupSet {
                group: id,
                kind: one.kind,
                town: one.town.clone(),
                sector: one.sector.clone(),
                digest_at: known.as_ref().map_or(settings.digest_at, |group| group.digest_at),
                quiet: known.as_ref().map_or(settings.quiet, |group| group.quiet),
                language: known.map_or_else(|| settings.language.clone(), |group| group.language),
            });
        }
        (id, facts)
    }

    /// Something changed about a chat.
    pub(super) fn group_changed(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        incoming: &Incoming,
        key: &str,
        now: DateTime<Utc>,
    ) -> Receipt {
        let Place::Group { chat, .. } = &incoming.place else { return Receipt::default() };
        let known = world.group_by_chat(chat);
        let fact = match (&incoming.said, known.and_then(|id| world.group(id))) {
            (Said::Moved { to }, Some(group)) if group.chat.as_str() != to => {
                Event::GroupMoved { group: group.id, chat: to.as_str().into() }
            }
            // What becomes of the address it had before concerns nobody.
            (Said::Removed, Some(group)) if !group.gone && group.chat.as_str() == chat => {
                Event::GroupGone { group: group.id }
            }
            (Said::Welcomed { .. }, Some(group)) if group.gone => Event::GroupBack { group: group.id },
            (Said::Welcomed { came: true }, None) => {
                self.greet(draft, chat);
                self.remember_delivery(world, key, &Receipt::default(), now);
                return Receipt::default();
            }
            _ => return Receipt::default(),
        };
        let at = draft.hour.unwrap_or(now);
        let mut record = self.record(Way::Platform, None, known, at, vec![fact], draft.records.len());
        record.key = Some(key.to_owned());
        self.settle(world, draft, record, false, None);
        if let Said::Moved { to } = &incoming.said {
            self.move_cards(world, draft, chat, to);
        }
        self.remember_delivery(world, key, &Receipt::default(), now);
        Receipt::default()
    }

    /// Anybody can put a bot into any number of groups: one is recorded only when a coordinator registers it there.
    fn greet(&mut self, draft: &mut Draft, chat: &str) {
        let text = self.render(&say!("group.hello"), self.lang()).text;
        let letter = Letter::plain(chat, text);
        draft.letters.push(self.unrecorded(letter));
    }

    /// 匿名 — a command of an anonymous administrator or a channel: there is no person behind it, so nothing can be recorded for one.
    /// Said once in ten minutes.
    pub(super) fn unmask(
        &mut self,
        world: &World<'_>,
        draft: &mut Draft,
        incoming: &Incoming,
        now: DateTime<Utc>,
    ) -> Receipt {
        let (
            Place::Group { chat, thread, .. },
            Said::Text { text, reply, .. } | Said::File { caption: text, reply, .. },
        ) = (&incoming.place, &incoming.said)
        else {
            return Receipt::default();
        };
        let mark = reply.as_ref().and_then(|quote| about(world, &incoming.place, quote));
        let scene = self.hearing(false, mark, reply.as_ref().map(|quote| quote.by_bot), now);
        let is_asked = match language::parse(self.catalog, text, &scene) {
            Parsed::Heard(heard) => match &heard.command {
                Ok(Command::Poll(Ask::Fill { said, .. })) if said.spoken != Spoken::Line => {
                    matches!(said.meant, Meant::Choice { .. }) || !said.text.chars().any(char::is_alphabetic)
                }
                command => command.is_ok(),
            },
            Parsed::Silent => false,
        };
        if is_asked && self.limits.hint(&incoming.from.account, now) {
            let text = self.render(&say!("e.masked"), self.language_of_chat(world, chat)).text;
            let chat = thread.clone().unwrap_or_else(|| chat.clone());
            draft.letters.push(self.unrecorded(Letter::plain(chat, text)));
        }
        Receipt::default()
    }
}
