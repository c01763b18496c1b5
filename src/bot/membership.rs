//! 群的变动 — what a platform itself tells about a chat: it moved, the bot was taken out, the bot is there again; and somebody without a
//! face spoke in it.

use super::letters::about;
use super::office::Office;
use super::turn::Draft;
use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::world::World;
use crate::domain::vote::poll::Ask;
use crate::domain::vote::poll::filling::{Meant, Spoken};
use crate::language::{self, Parsed};
use crate::platform::{Incoming, Letter, Place, Receipt, Said};
use crate::say;
use chrono::{DateTime, Utc};

impl Office {
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
