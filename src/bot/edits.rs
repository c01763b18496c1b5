//! 编辑 — a message was changed after it was sent (commands.md §4.12). Within two minutes the new version puts the old one right, as
//! long as nobody acted on it; whatever else it did stands, and whoever changed it is told so and how to have it otherwise. Only what
//! is new is answered, and ordinary talk never.

use super::hearing::Understood;
use super::letters::seen;
use super::office::Office;
use super::turn::opaque;
use crate::domain::act::{self, Act};
use crate::domain::command::Command;
use crate::domain::decide::mine::{may_put_right, reword, undo};
use crate::domain::decide::poll::filling::is_unread;
use crate::domain::effects::LedTo;
use crate::domain::event::Event;
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::mask::mask;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::Say;
use crate::domain::kernel::world::World;
use crate::domain::people::undoable::{self, Undoable};
use crate::domain::scene::{Ctx, Decided, Decision, Scene};
use crate::domain::vote::mandate;
use crate::domain::vote::poll::filling::Spoken;
use crate::domain::vote::poll::{Ask, Poll};
use crate::language::spell::unmarked;
use crate::language::{self, Parsed};
use crate::platform::{Incoming, Said};
use crate::say;
use chrono::{DateTime, Utc};
use std::collections::VecDeque;

/// Answers that left no record, remembered at once, and how long: changes may be told late.
const MOST_ANSWERED: usize = 4_096;
const ANSWERED_SECONDS: i64 = 900;

/// Longest line that is written out to be sent again, in characters.
const LONGEST_LINE: usize = 60;

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
    /// Changed, and it did something that stands.
    Act(Act),
    /// Changed too late; what it had led to, if that is known.
    Late(Option<LedTo>),
}

impl Version {
    /// What stands, by name, where a changed message had done something.
    fn stands(self) -> Option<Say> {
        match self {
            Self::First | Self::New | Self::Late(None | Some(LedTo::Nothing | LedTo::Other)) => None,
            Self::Words(what) | Self::Late(Some(LedTo::Words(what))) => Some(undoable::name_of(what)),
            Self::Ballot | Self::Late(Some(LedTo::Ballot)) => Some(say!("act.ballot")),
            Self::Act(act) | Self::Late(Some(LedTo::Act(act))) => Some(act::name_of(act)),
        }
    }
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

/// 答过的话 — texts that were answered, by the delivery in which they came.
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

/// Whether words that could be put right were taken back since.
fn is_taken_back(world: &World<'_>, what: Undoable) -> bool {
    match what {
        Undoable::Topic(no) => world.topic(no).is_none_or(|topic| topic.withdrawn),
        Undoable::Suggestion(reference) => world.suggestion_kept(reference).is_none(),
        Undoable::Reply(to, n) => world.reply_kept(to, n).is_none(),
        Undoable::Second(_)
        | Undoable::Like(_)
        | Undoable::SignUp(..)
        | Undoable::Brief(_)
        | Undoable::Proposal(_)
        | Undoable::Objection(_)
        | Undoable::Absence(..)
        | Undoable::Duty(..)
        | Undoable::Mandate(..) => false,
    }
}

/// Whether a ballot of the speaker's, or one they cast for somebody, can still be cast again.
fn votes_again(world: &World<'_>, scene: &Scene) -> Say {
    let is_theirs = |poll: &Poll| {
        let own = world.elector_no(poll, &scene.who).is_some_and(|voter| world.ballot(poll.no, voter).is_some());
        own || world.mandates_of(poll.topic, scene.who.id).iter().any(|mandate| mandate.used == Some(poll.no))
    };
    let is_open = world.open_polls().iter().any(|poll| poll.ends > scene.now && is_theirs(poll));
    if is_open { say!("changed.vote") } else { say!("changed.vote.over") }
}

impl Office {
    /// What arrives, or `None` for what is not heard: a question, or a change, that comes again.
    pub(super) fn arriving(&self, world: &World<'_>, incoming: &Incoming, key: &str) -> Option<Arriving> {
        let own = key.to_owned();
        let Said::Text { text, edit, .. } = &incoming.said else {
            return Some(Arriving { version: Version::First, first: own.clone(), key: own, also: None });
        };
        let Some(edit) = edit else {
            let again = self.answered.knows(&own, text);
            return (!again).then(|| Arriving { version: Version::First, first: own.clone(), key: own, also: None });
        };
        let first = opaque(&edit.first);
        if self.answered.knows(&first, text) {
            return None;
        }
        let before = if self.seen_lately.maybe(&first) { seen(world, &first) } else { None };
        let before = before.as_ref().map(|before| before.led_to);
        let known = |version| Some(Arriving { version, key: own.clone(), also: None, first: first.clone() });
        if !may_put_right(incoming.said_at?, edit.at) {
            return known(Version::Late(before));
        }
        match before {
            Some(LedTo::Words(what)) => known(Version::Words(what)),
            Some(LedTo::Ballot) => known(Version::Ballot),
            Some(LedTo::Act(act)) => known(Version::Act(act)),
            Some(LedTo::Other) => None,
            // The record stands for the message itself, so that the next change finds it, after a restart as well.
            None => Some(Arriving { version: Version::New, key: first.clone(), also: Some(own), first }),
            Some(LedTo::Nothing) => {
                Some(Arriving { version: Version::New, key: own, also: Some(first.clone()), first })
            }
        }
    }

    /// What is answered to a change that is not taken: what stands, and what to send instead. `heard` is how it reads now, `None` for
    /// ordinary talk.
    pub(super) fn untaken(
        &self,
        world: &World<'_>,
        scene: &Scene,
        heard: Option<&Understood>,
        version: Version,
        text: &str,
    ) -> Option<Say> {
        let again = match heard {
            _ if matches!(version, Version::Ballot | Version::Late(Some(LedTo::Ballot))) => votes_again(world, scene),
            None if self.takes_back(world, scene, version) => say!("changed.undo"),
            None => say!("changed.as_is"),
            Some(heard) => self.sent_anew(world, scene, heard, text),
        };
        if let Version::Words(what) | Version::Late(Some(LedTo::Words(what))) = version
            && is_taken_back(world, what)
        {
            return Some(say!("changed.gone", what = undoable::name_of(what)));
        }
        match (version.stands(), version) {
            (Some(what), Version::Late(_)) => Some(say!("changed.late", what = what, how = again)),
            (Some(what), _) => Some(say!("changed.stands", what = what, how = again)),
            (None, Version::Late(None)) => {
                let is_command = heard.is_some_and(|heard| heard.is_written() && heard.command.is_ok());
                is_command.then(|| say!("changed.unheard", how = again))
            }
            (None, _) => None,
        }
    }

    /// 另发一条 — whether the words would be taken if they were sent now, which is tried out: what would be refused is not proposed, but
    /// why it would be.
    fn sent_anew(&self, world: &World<'_>, scene: &Scene, heard: &Understood, text: &str) -> Say {
        let line = unmarked(&mask(text)).trim().to_owned();
        let fresh = |reply: Option<Mark>| {
            let (said_at, dice) = (Some(scene.now), Some([0; 16]));
            Scene { said_at, dice, reply, said: line.clone(), masked: false, quotes: false, ..scene.clone() }
        };
        let in_reply = self.gate(world, &fresh(scene.reply.clone()), heard);
        let decision = match in_reply {
            Err(why) => return say!("changed.cannot", why = why),
            Ok(decision) if decision == Decision::silent() => return say!("changed.as_is"),
            Ok(decision) => decision,
        };
        let private = scene.way == Way::Private;
        let alone = match language::parse(self.catalog, &line, &self.hearing(private, None, None, scene.now)) {
            Parsed::Silent => None,
            Parsed::Heard(heard) => {
                let entry = heard.entry.map(|entry| entry.key().to_owned());
                self.gate(world, &fresh(None), &Understood::of(entry, heard.command)).ok()
            }
        };
        let is_long = line.contains('\n') || line.chars().count() > LONGEST_LINE;
        match (alone.is_some_and(|alone| alone == decision), is_long) {
            (true, false) => say!("changed.line", line = line),
            (true, true) => say!("changed.again"),
            (false, false) => say!("changed.reply", line = line),
            (false, true) => say!("changed.reply.again"),
        }
    }

    /// Whether 撤回 would take back now what the message had done, and nothing else.
    fn takes_back(&self, world: &World<'_>, scene: &Scene, version: Version) -> bool {
        let ctx = Ctx { world, settings: &self.settings, scene };
        let Ok(decision) = undo(&ctx) else { return false };
        let [Event::Undone { what }] = decision.facts.as_slice() else { return false };
        match version {
            Version::Words(done) | Version::Late(Some(LedTo::Words(done))) => done == *what,
            Version::Act(done) | Version::Late(Some(LedTo::Act(done))) => done == act::of_undoable(*what),
            Version::First
            | Version::New
            | Version::Ballot
            | Version::Late(None | Some(LedTo::Ballot | LedTo::Nothing | LedTo::Other)) => false,
        }
    }

    /// What follows from what was understood, by what the message had led to before; `None` where a change is not taken.
    pub(super) fn decide_on(
        &self,
        world: &World<'_>,
        scene: &Scene,
        heard: &Understood,
        version: Version,
    ) -> Option<Decided> {
        let ctx = Ctx { world, settings: &self.settings, scene };
        match (version, &heard.command) {
            (Version::First | Version::New, _) => Some(self.gate(world, scene, heard)),
            (Version::Words(what), Ok(command)) => reword(&ctx, what, command).transpose(),
            (
                Version::Ballot,
                Ok(
                    Command::Ballot { .. }
                    | Command::BareChoice(_)
                    | Command::Poll(Ask::Fill { .. })
                    | Command::Mandate(mandate::Ask::Cast { .. }),
                ),
            ) => match self.gate(world, scene, heard) {
                // No choice at all: talk, which leaves the ballot as it is.
                decided if is_in_reply(&heard.command) && is_unread(&decided) => None,
                Ok(decided) if world.repeats_ballot(&decided.facts) => Some(Ok(Decision::silent())),
                decided => Some(decided),
            },
            (Version::Words(_) | Version::Ballot | Version::Act(_) | Version::Late(_), _) => None,
        }
    }
}

/// Whether it is a ballot without a command: what is written there instead is talk.
fn is_in_reply(command: &Result<Command, Say>) -> bool {
    matches!(command, Ok(Command::Poll(Ask::Fill { said, .. })) if said.spoken != Spoken::Line)
        || matches!(command, Ok(Command::BareChoice(_)))
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
