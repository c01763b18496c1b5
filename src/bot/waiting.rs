//! 待确认 — what waits for somebody's 对 before it is done: a list that could be read in another way. One thing an account, for half an
//! hour, in memory only: nothing has happened yet, so the ledger knows nothing of it, and after a restart it is sent again.

use super::hearing::Understood;
use super::office::Office;
use crate::domain::command::Command;
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::say::Say;
use crate::domain::kernel::world::World;
use crate::domain::scene::{self, ASKED_MINUTES, Decision, Scene};
use crate::language::{self, Parsed};
use crate::platform::{Incoming, Place, Said};
use crate::say;
use chrono::{DateTime, Duration, Utc};
use std::collections::VecDeque;

/// Things that wait at once, of all accounts.
const MOST_WAITING: usize = 200;
/// What came too late is told so for so many hours.
const TOLD_LATE_HOURS: i64 = 24;
/// Longest answer that is looked at, in bytes.
const LONGEST_WORD: usize = 40;
/// Longest list over several messages, in bytes.
const LONGEST_LIST: usize = 512 * 1024;

/// What waits.
#[derive(Debug, Clone)]
pub(super) struct Held {
    account: String,
    entry: Option<String>,
    command: Command,
    /// The list as it was sent, and in how many messages.
    text: String,
    pieces: u32,
    at: DateTime<Utc>,
}

/// All that waits.
#[derive(Debug, Default)]
pub(super) struct Waiting(VecDeque<Held>);

impl Waiting {
    fn of(&self, account: &str) -> Option<&Held> {
        self.0.iter().find(|held| held.account == account)
    }

    fn drop_of(&mut self, account: &str) {
        self.0.retain(|held| held.account != account);
    }
}

/// Whether the roll it would load has been loaded since, by whomever: it was written for another one.
fn is_overtaken(world: &World<'_>, held: &Held) -> bool {
    let Command::LoadRoll { topic: Some(topic), .. } = &held.command else { return false };
    world.roll(*topic).is_some_and(|roll| roll.loaded > held.at)
}

impl Office {
    /// Where a decision asks the speaker first, in private: what was asked before is asked no more.
    pub(super) fn wait_for_yes(
        &mut self,
        incoming: &Incoming,
        (scene, heard): (&Scene, &Understood),
        decision: &Decision,
        now: DateTime<Utc>,
    ) {
        let Some(command) = decision.asks.as_deref().filter(|_| scene.place == scene::Place::Private) else { return };
        let Said::Text { text, .. } = &incoming.said else { return };
        let account = incoming.from.account.clone();
        self.waiting.drop_of(&account);
        if self.waiting.0.len() >= MOST_WAITING {
            self.waiting.0.pop_front();
        }
        let (text, pieces) = heard.joined.clone().unwrap_or_else(|| (text.clone(), 1));
        let (entry, command) = (heard.entry.clone(), command.clone());
        self.waiting.0.push_back(Held { account, entry, command, text, pieces, at: now });
    }

    /// 对, 不对 in private, where something waits for it: what is done then, or what is said instead.
    pub(super) fn answer_to_waiting(
        &mut self,
        world: &World<'_>,
        incoming: &Incoming,
        mark: Option<&Mark>,
        now: DateTime<Utc>,
    ) -> Option<Result<Understood, Say>> {
        let Said::Text { text, edit: None, .. } = &incoming.said else { return None };
        let is_here = matches!(incoming.place, Place::Private { .. }) && matches!(mark, None | Some(Mark::Topic(_)));
        if !is_here || text.len() > LONGEST_WORD {
            return None;
        }
        let held = self.waiting.of(&incoming.from.account)?;
        let waited = now - held.at;
        if waited > Duration::hours(TOLD_LATE_HOURS) {
            return None;
        }
        let said = text.trim().trim_start_matches(['/', '／', '、']);
        let said = said
            .trim_end_matches(['。', '.', '！', '!', '～', '~', '，', ',', '”', '"', '」'])
            .trim_start_matches(['“', '"', '「']);
        let is_yes = self.catalog.means("word.agreed", said);
        if !is_yes && !self.catalog.means("word.not_so", said) {
            return None;
        }
        let held = held.clone();
        self.waiting.drop_of(&incoming.from.account);
        Some(match is_yes {
            _ if waited > Duration::minutes(i64::from(ASKED_MINUTES)) => Err(say!("asked.late", min = ASKED_MINUTES)),
            true if is_overtaken(world, &held) => Err(say!("asked.overtaken")),
            true => Ok(Understood::of(held.entry, Ok(held.command))),
            false => Err(say!("asked.dropped")),
        })
    }

    /// 分几条贴 — rows in private that are no command, while a list of the same account waits: they belong to it.
    pub(super) fn more_of_waiting(&self, incoming: &Incoming, now: DateTime<Utc>) -> Option<Understood> {
        let Said::Text { text, reply: None, edit: None, .. } = &incoming.said else { return None };
        let held = self.waiting.of(&incoming.from.account)?;
        let is_here = matches!(incoming.place, Place::Private { .. });
        let is_late = now - held.at > Duration::minutes(i64::from(ASKED_MINUTES));
        let has_figure = text.chars().any(|c| c.is_ascii_digit());
        let is_rows =
            text.trim().lines().count() > 1 || has_figure && text.trim().contains(['\t', ',', '，', '|', ' ']);
        if !is_here || is_late || !is_rows || !matches!(held.command, Command::LoadRoll { .. }) {
            return None;
        }
        let joined = format!("{}\n{text}", held.text.trim_end_matches('\n'));
        if joined.len() > LONGEST_LIST {
            return Some(Understood::of(held.entry.clone(), Err(say!("e.list_long", max = LONGEST_LIST / 1024))));
        }
        let Parsed::Heard(heard) = language::parse(self.catalog, &joined, &self.hearing(true, None, None, now)) else {
            return None;
        };
        let entry = heard.entry.map(|entry| entry.key().to_owned());
        let (mut command, pieces) = (heard.command, held.pieces + 1);
        if let Ok(Command::LoadRoll { sheet, .. }) = &mut command {
            sheet.doubts.insert(0, say!("roll.d.joined", n = pieces));
        }
        Some(Understood { joined: Some((joined, pieces)), ..Understood::of(entry, command) })
    }
}
