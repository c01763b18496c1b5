//! 编辑 — a message was changed after it was sent (commands.md §4.12). Within two minutes the new version puts the old one right; later
//! ones are not heard. Only what is new is answered.

use super::letters::seen;
use super::office::Office;
use super::turn::{Understood, opaque};
use crate::domain::command::Command;
use crate::domain::decide::mine::{may_put_right, reword};
use crate::domain::effects::LedTo;
use crate::domain::kernel::world::World;
use crate::domain::people::undoable::Undoable;
use crate::domain::scene::{Ctx, Decided, Decision, Scene};
use crate::domain::vote::mandate;
use crate::domain::vote::poll::Ask;
use crate::platform::{Incoming, Said};
use chrono::{DateTime, Utc};
use std::collections::VecDeque;

/// Answers that left no record, remembered at once, and how long: changes may be told late.
const MOST_ANSWERED: usize = 4_096;
const ANSWERED_SECONDS: i64 = 900;

/// What an arriving text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// Said for the first time.
    First,
    /// Changed, and nothing was recorded of what it said before: as if said now.
    New,
    /// Changed, and it had made this.
    Words(Undoable),
    /// Changed, and it was a ballot.
    Ballot,
}

/// An arriving text, and the keys of the deliveries that are settled by it.
pub(super) struct Arriving {
    /// What it is.
    pub version: Version,
    /// Key of the record it leads to.
    pub key: String,
    /// Another delivery that is settled by that record.
    pub also: Option<String>,
    /// Key of the delivery in which the message first came.
    pub first: String,
}

/// 答过的话 — texts that were answered and left no record, by the delivery in which they came.
#[derive(Debug, Default)]
pub(super) struct Answered(VecDeque<(DateTime<Utc>, String, String)>);

impl Answered {
    /// A text was answered.
    pub fn note(&mut self, first: String, text: &str, now: DateTime<Utc>) {
        while self.0.front().is_some_and(|(at, ..)| self.0.len() >= MOST_ANSWERED || is_old(*at, now)) {
            self.0.pop_front();
        }
        self.0.push_back((now, first, opaque(text.trim())));
    }

    /// What was drafted did not come to be: nobody was answered.
    pub fn forget(&mut self) {
        self.0.clear();
    }

    /// Whether the latest answer to that message was to these very words.
    fn knows(&self, first: &str, text: &str) -> bool {
        let latest = self.0.iter().rev().find(|(_, known, _)| known == first);
        latest.is_some_and(|(_, _, fingerprint)| *fingerprint == opaque(text.trim()))
    }
}

fn is_old(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - at).num_seconds() > ANSWERED_SECONDS
}

impl Office {
    /// What arrives, or `None` for what is not heard: a question that comes again; a change that comes too late, or of something
    /// that cannot be put right.
    pub(super) fn arriving(&self, world: &World<'_>, incoming: &Incoming, key: &str) -> Option<Arriving> {
        let own = key.to_owned();
        let Said::Text { text, edit, .. } = &incoming.said else {
            return Some(Arriving { version: Version::First, first: own.clone(), key: own, also: None });
        };
        let Some(edit) = edit else {
            let again = self.answered.knows(&own, text);
            return (!again).then(|| Arriving { version: Version::First, first: own.clone(), key: own, also: None });
        };
        if !may_put_right(incoming.said_at?, edit.at) {
            return None;
        }
        let first = opaque(&edit.first);
        let before = if self.seen_lately.maybe(&first) { seen(world, &first) } else { None };
        let known = |version| Some(Arriving { version, key: own.clone(), also: None, first: first.clone() });
        match before.as_ref().map(|before| before.led_to) {
            Some(LedTo::Words(what)) => known(Version::Words(what)),
            Some(LedTo::Ballot) => known(Version::Ballot),
            Some(LedTo::Other) => None,
            _ if self.answered.knows(&first, text) => None,
            // The record stands for the message itself, so that the next change finds it, after a restart as well.
            None => Some(Arriving { version: Version::New, key: first.clone(), also: Some(own), first }),
            Some(LedTo::Nothing) => {
                Some(Arriving { version: Version::New, key: own, also: Some(first.clone()), first })
            }
        }
    }

    /// What follows from what was understood, by what the message had led to before.
    pub(super) fn decide_on(&self, world: &World<'_>, scene: &Scene, heard: &Understood, version: Version) -> Decided {
        let ctx = Ctx { world, settings: &self.settings, scene };
        match (version, &heard.command) {
            (Version::First | Version::New, _) => self.gate(world, scene, heard),
            (Version::Words(what), Ok(command)) => reword(&ctx, what, command),
            (
                Version::Ballot,
                Ok(
                    Command::Ballot { .. }
                    | Command::BareChoice(_)
                    | Command::Poll(Ask::Fill { .. })
                    | Command::Mandate(mandate::Ask::Cast { .. }),
                ),
            ) => {
                let decided = self.gate(world, scene, heard)?;
                Ok(if world.repeats_ballot(&decided.facts) { Decision::silent() } else { decided })
            }
            _ => Ok(Decision::silent()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ANSWERED_SECONDS, Answered, MOST_ANSWERED};
    use chrono::{DateTime, Duration, Utc};

    #[test]
    fn only_the_latest_words_of_a_message_were_answered_and_not_for_ever() {
        let (mut answered, start) = (Answered::default(), DateTime::<Utc>::UNIX_EPOCH);
        answered.note("1".into(), "/议题", start);
        assert!(answered.knows("1", " /议题 ") && !answered.knows("1", "/议题 3") && !answered.knows("2", "/议题"));
        answered.note("1".into(), "/议题 3", start);
        assert!(!answered.knows("1", "/议题") && answered.knows("1", "/议题 3"));
        (0..2 * MOST_ANSWERED).for_each(|n| answered.note(n.to_string(), "", start));
        assert_eq!(answered.0.len(), MOST_ANSWERED);
        answered.note("9".into(), "", start + Duration::seconds(ANSWERED_SECONDS + 1));
        assert_eq!(answered.0.len(), 1);
    }
}
