//! 待确认 — what waits for somebody's 对 before it is done: a list that could be read in another way. One thing an account, for half an
//! hour, in memory only: nothing has happened yet, so the ledger knows nothing of it. After a restart the question is forgotten, and whoever
//! still answers it hears that it is to be sent again.

use super::hearing::Understood;
use super::office::Office;
use crate::domain::command::Command;
use crate::domain::kernel::mark::{Mark, Why};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::people::erasure::Ask;
use crate::domain::scene::{self, ASKED_MINUTES, Decision, Scene};
use crate::language::catalog::Reply;
use crate::language::parse::may_be_cut;
use crate::language::{self, Lang, Parsed};
use crate::platform::{Incoming, Place, Said};
use crate::say;
use chrono::{DateTime, Duration, Utc};
use std::collections::{HashSet, VecDeque};

/// Things that wait at once, of all accounts.
const MOST_WAITING: usize = 200;
/// Accounts that are known to have written since a restart; with more nothing is guessed any longer.
const MOST_BACK: usize = 20_000;
/// What came too late is told so for so many hours.
const TOLD_LATE_HOURS: i64 = 24;
/// The command that loads a list.
const ROLL: &str = "roll";
/// What asks for a yes; the last line of each begins with words of its own.
const QUESTIONS: [&str; 2] = ["roll.ask", "e.erase.sure"];
/// What is said where lines of it are not understood.
const NOT_READ: &str = "e.roll_lines";
/// Longest answer that is looked at, in bytes.
const LONGEST_WORD: usize = 40;
/// Longest list over several messages, in bytes.
const LONGEST_LIST: usize = 512 * 1024;

/// What waits.
#[derive(Debug, Clone)]
pub(super) struct Held {
    account: String,
    entry: Option<String>,
    /// What is done then; where the list cannot be read as far as it has come, what is said of it.
    command: Result<Command, Say>,
    /// The list as it was sent, and in how many messages.
    text: String,
    pieces: u32,
    at: DateTime<Utc>,
}

/// All that waits.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    held: VecDeque<Held>,
    /// When the program came back to a ledger with records: whatever was asked before is forgotten.
    since: Option<DateTime<Utc>>,
    /// The accounts that have written in private since.
    back: HashSet<String>,
    /// The accounts whose words are asked for in private, right behind the question.
    asked: VecDeque<(String, Why, DateTime<Utc>)>,
}

impl Waiting {
    fn of(&self, account: &str) -> Option<&Held> {
        self.held.iter().find(|held| held.account == account)
    }

    /// What was asked before is asked no more.
    fn hold(&mut self, held: Held) {
        self.drop_of(&held.account);
        if self.held.len() >= MOST_WAITING {
            self.held.pop_front();
        }
        self.held.push_back(held);
    }

    fn drop_of(&mut self, account: &str) {
        self.held.retain(|held| held.account != account);
    }

    /// Words are asked for: what the account writes next in private may be the answer.
    pub(super) fn ask(&mut self, account: &str, why: Why, now: DateTime<Utc>) {
        self.answered(account);
        if self.asked.len() >= MOST_WAITING {
            self.asked.pop_front();
        }
        self.asked.push_back((account.to_owned(), why, now));
    }

    /// Something else was said since.
    pub(super) fn answered(&mut self, account: &str) {
        self.asked.retain(|(asked, ..)| asked != account);
    }

    /// What words this message, in private and in reply to nothing, may be the answer for.
    pub(super) fn asked_of(&self, incoming: &Incoming, now: DateTime<Utc>) -> Option<Why> {
        let is_here = matches!(incoming.place, Place::Private { .. });
        let is_alone = matches!(&incoming.said, Said::Text { reply: None, edit: None, .. });
        let (_, why, at) = self.asked.iter().find(|(account, ..)| *account == incoming.from.account)?;
        let is_fresh = now - *at <= Duration::minutes(i64::from(ASKED_MINUTES));
        (is_here && is_alone && is_fresh).then_some(*why)
    }

    /// The program came back at this moment.
    pub(super) fn begin(&mut self, now: DateTime<Utc>) {
        self.since = Some(now);
    }

    /// Whether this is the first an account writes in private after a restart: what was asked before is forgotten.
    fn may_have_forgotten(&mut self, account: &str, now: DateTime<Utc>) -> bool {
        let is_late = |since: DateTime<Utc>| now - since > Duration::hours(TOLD_LATE_HOURS);
        if self.since.is_none_or(is_late) || self.back.len() >= MOST_BACK {
            (self.since, self.back) = (None, HashSet::new());
            return false;
        }
        self.back.insert(account.to_owned())
    }
}

/// Whether the roll it would load has been loaded since, by whomever: it was written for another one.
fn is_overtaken(world: &World<'_>, held: &Held) -> bool {
    let Ok(Command::LoadRoll { topic: Some(topic), .. }) = &held.command else { return false };
    world.roll(*topic).is_some_and(|roll| roll.loaded > held.at)
}

/// The words of what was said; what has none has no rows that could go on.
fn written(said: &Said) -> &str {
    match said {
        Said::Text { text, .. } => text,
        Said::File { .. }
        | Said::Press { .. }
        | Said::Form { .. }
        | Said::Voice { .. }
        | Said::Moved { .. }
        | Said::Removed
        | Said::Welcomed { .. } => "",
    }
}

/// How much of a list was not understood.
fn troubles(command: &Result<Command, Say>) -> i64 {
    let Err(refusal) = command else { return 0 };
    let told = refusal.args.iter().find(|(name, _)| name == "n");
    match told {
        Some((_, Value::Num(n))) if refusal.key == NOT_READ => *n,
        _ => i64::MAX,
    }
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
        let text = match (&heard.table, command) {
            // As if its table had been pasted: rows that follow belong to it.
            (Some(table), Command::LoadRoll { topic: Some(no), .. }) => {
                format!("{} {no}\n{table}", self.name_of_list())
            }
            _ => written(&incoming.said).to_owned(),
        };
        let account = incoming.from.account.clone();
        let (text, pieces) = heard.joined.clone().unwrap_or((text, 1));
        let (entry, command) = (heard.entry.clone(), Ok(command.clone()));
        self.waiting.hold(Held { account, entry, command, text, pieces, at: now });
    }

    /// 确认 in the first message confirms nothing: it is the answer to a question that was put to this account, or it is asked first.
    pub(super) fn only_if_asked(&self, incoming: &Incoming, heard: Understood, now: DateTime<Utc>) -> Understood {
        let Ok(Command::Personal(Ask::Order { name, reason, in_writing, confirmed: true })) = &heard.command else {
            return heard;
        };
        let is_it = |held: &Held| {
            let is_fresh = now - held.at <= Duration::minutes(i64::from(ASKED_MINUTES));
            let same = matches!(&held.command, Ok(Command::Personal(Ask::Order { name: asked, .. })) if asked == name);
            is_fresh && same
        };
        let confirmed = self.waiting.of(&incoming.from.account).is_some_and(is_it);
        let (name, reason, in_writing) = (name.clone(), reason.clone(), *in_writing);
        let command = Ok(Command::Personal(Ask::Order { name, reason, in_writing, confirmed }));
        Understood { command, ..heard }
    }

    fn name_of_list(&self) -> String {
        let entry = self.catalog.entry(ROLL);
        format!("/{}", entry.map_or("", |entry| entry.name.as_str()))
    }

    /// 切断 — a list that cannot be read as it is may have been cut by the client that sent it: it waits for the rest, and what is not
    /// understood of it is said besides.
    pub(super) fn hold_for_more(
        &mut self,
        incoming: &Incoming,
        (scene, heard): (&Scene, &Understood),
        refusal: Say,
        now: DateTime<Utc>,
    ) -> Say {
        let Said::Text { text, edit: None, .. } = &incoming.said else { return refusal };
        let is_list = heard.entry.as_deref() == Some(ROLL) && refusal.key == NOT_READ;
        if !is_list || scene.place != scene::Place::Private || !may_be_cut(text) {
            return refusal;
        }
        let account = incoming.from.account.clone();
        let (text, pieces) = heard.joined.clone().unwrap_or_else(|| (text.clone(), 1));
        let (entry, command) = (heard.entry.clone(), Err(refusal.clone()));
        self.waiting.hold(Held { account, entry, command, text, pieces, at: now });
        say!("roll.cut", n = pieces, min = ASKED_MINUTES, why = refusal)
    }

    /// 对, 不对 in private, where something waits for it: what is done then, or what is said instead.
    pub(super) fn answer_to_waiting(
        &mut self,
        world: &World<'_>,
        incoming: &Incoming,
        (mark, has_office): (Option<&Mark>, bool),
        now: DateTime<Utc>,
    ) -> Option<Result<Understood, Say>> {
        let Said::Text { text, reply, edit: None } = &incoming.said else { return None };
        let is_here = matches!(incoming.place, Place::Private { .. });
        let is_back = is_here && self.waiting.may_have_forgotten(&incoming.from.account, now);
        if !is_here || !matches!(mark, None | Some(Mark::Topic(_))) || text.len() > LONGEST_WORD {
            return None;
        }
        let said = text.trim().trim_start_matches(['/', '／', '、']);
        let said = said
            .trim_end_matches(['。', '.', '！', '!', '～', '~', '，', ',', '”', '"', '」'])
            .trim_start_matches(['“', '"', '「']);
        // 对，没问题.
        let parts = || said.split(['，', ',', '。', ' ', '！', '!']).filter(|part| !part.is_empty());
        let is_yes = parts().all(|part| self.catalog.means("word.agreed", part)) && parts().next().is_some()
            || self.catalog.means("word.agreed", said);
        if !is_yes && !self.catalog.means("word.not_so", said) {
            return None;
        }
        let is_told = |held: &&Held| now - held.at <= Duration::hours(TOLD_LATE_HOURS);
        let Some(held) = self.waiting.of(&incoming.from.account).filter(is_told).cloned() else {
            // A reply to the question itself; or from somebody who may have been asked one, and whom nothing else can be asking.
            let is_quoted = reply.as_ref().is_some_and(|quote| quote.by_bot && self.asks_for_yes(&quote.text));
            let is_asked = || has_office && is_back && reply.is_none() && world.open_claims().is_empty();
            return (is_quoted || is_asked() && !self.is_choice(said)).then(|| Err(say!("asked.lost")));
        };
        let waited = now - held.at;
        self.waiting.drop_of(&incoming.from.account);
        Some(match is_yes {
            _ if waited > Duration::minutes(i64::from(ASKED_MINUTES)) => Err(say!("asked.late", min = ASKED_MINUTES)),
            true if is_overtaken(world, &held) => Err(say!("asked.overtaken")),
            true => Ok(Understood::of(held.entry, held.command)),
            false => Err(say!("asked.dropped")),
        })
    }

    /// Whether a message of ours is one of the questions that wait for a yes, in either language.
    fn asks_for_yes(&self, text: &str) -> bool {
        let words = |reply: &'static Reply, lang| reply.text(lang).lines().next_back()?.split('{').next();
        let says =
            |reply: &'static Reply, lang| words(reply, lang).is_some_and(|own| !own.is_empty() && text.contains(own));
        let questions = QUESTIONS.iter().filter_map(|key| self.catalog.reply(key));
        questions.flat_map(|reply| [(reply, Lang::Zh), (reply, Lang::En)]).any(|(reply, lang)| says(reply, lang))
    }

    /// “yes” may be a vote.
    fn is_choice(&self, said: &str) -> bool {
        language::short::choice_word(self.catalog, &said.to_lowercase()).is_some()
    }

    /// 分几条贴 — rows in private that are no command, while a list of the same account waits: they belong to it.
    pub(super) fn more_of_waiting(&self, incoming: &Incoming, now: DateTime<Utc>) -> Option<Understood> {
        let Said::Text { text, reply, edit: None } = &incoming.said else { return None };
        if reply.as_ref().is_some_and(|quote| !quote.by_bot) {
            return None;
        }
        let held = self.waiting.of(&incoming.from.account)?;
        let is_here = matches!(incoming.place, Place::Private { .. });
        let is_late = now - held.at > Duration::minutes(i64::from(ASKED_MINUTES));
        let has_figure = text.chars().any(|c| c.is_ascii_digit());
        let is_rows =
            text.trim().lines().count() > 1 || has_figure && text.trim().contains(['\t', ',', '，', '|', ' ']);
        if !is_here
            || is_late
            || !is_rows
            || matches!(&held.command, Ok(command) if !matches!(command, Command::LoadRoll { .. }))
        {
            return None;
        }
        let before = held.text.trim_end_matches('\n');
        let joined = format!("{before}\n{text}");
        if joined.len() > LONGEST_LIST {
            return Some(Understood::of(held.entry.clone(), Err(say!("e.list_long", max = LONGEST_LIST / 1024))));
        }
        let hearing = self.hearing(true, None, None, now);
        let Parsed::Heard(mut heard) = language::parse(self.catalog, &joined, &hearing) else { return None };
        let mut joined = joined;
        // Cut within a line?
        let glued = format!("{before}{text}");
        if heard.command.is_err()
            && let Parsed::Heard(whole) = language::parse(self.catalog, &glued, &hearing)
            && troubles(&whole.command) < troubles(&heard.command)
        {
            (heard, joined) = (whole, glued);
        }
        let entry = heard.entry.map(|entry| entry.key().to_owned());
        let (mut command, pieces) = (heard.command, held.pieces + 1);
        if let Ok(Command::LoadRoll { sheet, .. }) = &mut command {
            sheet.doubts.insert(0, say!("roll.d.joined", n = pieces));
        }
        Some(Understood { joined: Some((joined, pieces)), ..Understood::of(entry, command) })
    }
}
