//! 听懂 — what somebody meant, and whether it may be asked here.

use super::letters::{about, waiting_in};
use super::office::Office;
use super::turn::Arrival;
use crate::domain::brief::Ask as BriefAsk;
use crate::domain::command::{Command, HelpOn};
use crate::domain::decide::decide;
use crate::domain::decide::plain::{in_group, to_vote};
use crate::domain::decide::poll::filling;
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::people::erasure;
use crate::domain::people::person::Role;
use crate::domain::scene::{Caller, Ctx, Decided, Decision, Place, Scene};
use crate::domain::vote::poll::Ask as PollAsk;
use crate::domain::vote::poll::filling::{Said as Words, Spoken};
use crate::language::catalog::PlaceKind;
use crate::language::example::{Lacks, completed, says_something};
use crate::language::parse::without_mark;
use crate::language::spell::unmarked;
use crate::language::{self, Entry, Parsed};
use crate::platform::{MAX_TEXT_BYTES, Said, Sender};
use crate::say;
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// How something was said: in which way, in reply to what, in which words.
pub(super) struct Heard {
    pub way: Way,
    pub reply: Option<Mark>,
    pub quotes: bool,
    pub text: String,
}

/// A command as understood: the key of its entry, and what it is.
pub(super) struct Understood {
    pub(super) entry: Option<String>,
    pub(super) command: Result<Command, Say>,
    /// The list it completes, over how many messages.
    pub(super) joined: Option<(String, u32)>,
    /// The table of a file it takes its list from.
    pub(super) table: Option<String>,
}

impl Understood {
    pub(super) fn of(entry: Option<String>, command: Result<Command, Say>) -> Self {
        Self { entry, command, joined: None, table: None }
    }

    /// Whether it was written as a command.
    pub(super) fn is_written(&self) -> bool {
        self.entry.is_some() && !is_talk(&self.command)
    }
}

/// Whether it may be ordinary talk, which is left alone where it leads to nothing.
pub(super) fn is_talk(command: &Result<Command, Say>) -> bool {
    matches!(
        command,
        Ok(Command::BareChoice(_)
            | Command::Plain(_)
            | Command::Chain(_)
            | Command::ClaimWord { is_talk: true, .. }
            | Command::Ack { is_talk: true, .. }
            | Command::CardWords { .. }
            | Command::Poll(PollAsk::Fill { said: Words { spoken: Spoken::Card | Spoken::Alone, .. }, .. })
            | Command::Brief(BriefAsk::Ack { is_talk: true, .. }))
    )
}

impl Office {
    /// What was meant, or `None` for ordinary talk.
    pub(super) fn understand(
        &self,
        world: &World<'_>,
        arrival: &Arrival<'_>,
        who: crate::domain::people::person::Person,
        agreed: Option<Understood>,
    ) -> Option<(Understood, Scene)> {
        let (text, mark, by_bot, way) = match &arrival.incoming.said {
            Said::Text { text, reply, .. } => {
                let mark = reply.as_ref().and_then(|quote| about(world, &arrival.incoming.place, quote));
                let way = if matches!(arrival.place, Place::Private) { Way::Private } else { Way::Group };
                (text.as_str(), mark, reply.as_ref().map(|quote| quote.by_bot), way)
            }
            Said::Press { label, on } => (label.as_str(), on.clone(), Some(true), Way::Press),
            Said::File { caption, reply, .. } => {
                let mark = reply.as_ref().and_then(|quote| about(world, &arrival.incoming.place, quote));
                let way = if matches!(arrival.place, Place::Private) { Way::Private } else { Way::Group };
                (caption.as_str(), mark, reply.as_ref().map(|quote| quote.by_bot), way)
            }
            Said::Form { title, text } => return Some(self.form(arrival, who, title, text)),
            Said::Voice { .. } | Said::Moved { .. } | Said::Removed | Said::Welcomed { .. } => return None,
        };
        if text.len() > MAX_TEXT_BYTES {
            return None;
        }
        let text = unmarked(text);
        let reply = mark.clone().map(Mark::subject);
        let said = Heard { way, reply, quotes: by_bot == Some(false), text: text.clone().into_owned() };
        let scene = self.scene(arrival, who, said);
        if let Some(agreed) = agreed {
            return Some((agreed, scene));
        }
        let private = matches!(scene.place, Place::Private);
        let hearing = self.hearing(private, mark, by_bot, scene.now);
        if let Said::File { file, .. } = &arrival.incoming.said {
            return self.understand_file((file, &text), &hearing, &scene.who).map(|heard| (heard, scene));
        }
        // Rows sent in reply to our question are more of the list it asks about.
        if by_bot == Some(true)
            && private
            && let Parsed::Silent = language::parse(
                self.catalog,
                &text,
                &language::Hearing { reply: None, replied_to_bot: false, ..hearing.clone() },
            )
            && let Some(more) = self.more_of_waiting(arrival.incoming, arrival.now)
        {
            return Some((more, scene));
        }
        if let Some(heard) = self.line_for_kept(arrival.incoming, &text, &hearing) {
            return Some((heard, scene));
        }
        match language::parse(self.catalog, &text, &hearing) {
            Parsed::Silent => {
                let more = self.more_of_waiting(arrival.incoming, arrival.now);
                let words = || {
                    let why = self.waiting.asked_of(arrival.incoming, arrival.now)?;
                    language::answer_to(self.catalog, why, &text, true).map(understood)
                };
                let alone = || language::alone(self.catalog, &text, &hearing).map(understood);
                let plain = || self.plain(arrival, &scene);
                more.or_else(words).or_else(alone).or_else(plain).map(|more| (more, scene))
            }
            Parsed::Heard(heard) => Some((self.only_if_asked(arrival.incoming, understood(heard), arrival.now), scene)),
        }
    }

    /// 大白话 — words in private that are nothing else. A message that was changed says nothing new to be answered, and what is said to
    /// another person is not for us.
    pub(super) fn plain(&self, arrival: &Arrival<'_>, scene: &Scene) -> Option<Understood> {
        let is_said = matches!(&arrival.incoming.said, Said::Text { edit: None, .. });
        let is_ours = scene.place == Place::Private && is_said && !scene.quotes && !scene.said.trim().is_empty();
        let read = || match language::plain::explained(self.catalog, &scene.said) {
            Some(entry) => {
                let help = Command::Help(HelpOn::Command(entry.name.clone()));
                Understood::of(Some("help".to_owned()), Ok(help))
            }
            None => Understood::of(None, Ok(Command::Plain(language::plain::read(self.catalog, &scene.said)))),
        };
        is_ours.then(read)
    }

    /// The scene of something that was written or pressed.
    pub(super) fn scene(
        &self,
        arrival: &Arrival<'_>,
        who: crate::domain::people::person::Person,
        heard: Heard,
    ) -> Scene {
        // What a message says since it was changed was said then, not when it was first sent.
        let said_at = match &arrival.incoming.said {
            Said::Text { edit: Some(edit), .. } => Some(edit.at),
            _ => arrival.incoming.said_at,
        };
        Scene {
            now: arrival.now,
            said_at,
            who,
            place: arrival.place,
            way: heard.way,
            reply: heard.reply,
            quotes: heard.quotes,
            said: heard.text,
            masked: arrival.is_masked,
            caller: caller(&arrival.incoming.from),
            dice: None,
        }
    }

    /// How a text is heard: where it was said, and in reply to what; `by_bot` of what it quotes, if anything.
    pub(super) fn hearing(
        &self,
        private: bool,
        reply: Option<Mark>,
        by_bot: Option<bool>,
        now: DateTime<Utc>,
    ) -> language::Hearing {
        let (replied_to_bot, replied_to_person) = (by_bot == Some(true), by_bot == Some(false));
        let (bot_names, tz) = (self.called(), self.settings.tz);
        language::Hearing { private, reply, replied_to_bot, replied_to_person, bot_names, now, tz }
    }

    fn form(
        &self,
        arrival: &Arrival<'_>,
        who: crate::domain::people::person::Person,
        title: &str,
        text: &str,
    ) -> (Understood, Scene) {
        let [title, text] = [title, text].map(|text| unmarked(text).into_owned());
        let command = Ok(Command::Slip { title, text });
        let scene = Scene {
            now: arrival.now,
            said_at: arrival.incoming.said_at,
            who,
            place: arrival.place,
            way: Way::Page,
            reply: None,
            quotes: false,
            said: String::new(),
            masked: false,
            caller: caller(&arrival.incoming.from),
            dice: None,
        };
        (Understood::of(None, command), scene)
    }

    /// May this be asked here, by somebody like this? Then it is decided. A refusal shows the line that was written with what it lacks.
    pub(super) fn gate(&self, world: &World<'_>, scene: &Scene, heard: &Understood) -> Decided {
        let entry = heard.entry.as_deref().and_then(|key| self.catalog.entry(key));
        self.judge(world, scene, heard).map_err(|refusal| match entry {
            Some(entry) => {
                let refusal = self.with_what_was_written(world, scene, entry, refusal);
                if refusal.key == "e.empty" && says_something(entry, &scene.said) {
                    return Say { key: "e.unfinished".to_owned(), ..refusal };
                }
                refusal
            }
            None => refusal,
        })
    }

    /// The one place where an example is made out of what was written: this number, this name.
    fn with_what_was_written(&self, world: &World<'_>, scene: &Scene, entry: &Entry, refusal: Say) -> Say {
        let lang = self.language_of(world, scene.place, scene.who.id);
        let of = |name: &str| refusal.args.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        let lacks = match refusal.key.as_str() {
            "e.reason" => Lacks::Reason,
            "e.empty" => Lacks::Text,
            "e.bad_arg" | "e.class" => Lacks::OwnNumber,
            "e.no_act" => match world.counters().gatherings {
                0 => return refusal,
                latest => Lacks::Instead(latest.to_string()),
            },
            "e.need_no" | "e.need_no.private" => match of("rows") {
                Some(Value::List(rows)) => match rows.first() {
                    Some(Value::Part(row)) => {
                        let row = self.render(row, lang).text;
                        let digits = row.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit);
                        Lacks::Number(digits.collect())
                    }
                    _ => return refusal,
                },
                _ => return refusal,
            },
            _ => return refusal,
        };
        // What was refused is no example of what is taken.
        let is_other = |line: &String| without_mark(line).trim() != without_mark(&scene.said).trim();
        match completed(entry, lang, &scene.said, &lacks).filter(is_other) {
            Some(line) => {
                let args = refusal.args.into_iter();
                let args = args.map(|(key, value)| match key.as_str() {
                    "ex" => (key, Value::Text(line.clone())),
                    _ => (key, value),
                });
                Say { key: refusal.key, args: args.collect() }
            }
            None => refusal,
        }
    }

    pub(super) fn judge(&self, world: &World<'_>, scene: &Scene, heard: &Understood) -> Decided {
        let ctx = Ctx { world, settings: &self.settings, scene };
        let entry = heard.entry.as_deref().and_then(|key| self.catalog.entry(key));
        if let Some(entry) = entry {
            let place = match scene.place {
                Place::Group(_) => PlaceKind::Group,
                Place::Private => PlaceKind::Private,
                Place::Page { .. } => PlaceKind::Page,
            };
            if !entry.allowed_in(place) {
                let line = || format!("/{}", without_mark(&scene.said));
                // A line that is refused there as well is shown to nobody.
                let mine = heard.command.as_ref().ok().filter(|_| entry.roles.iter().any(|&role| may(&ctx, role)));
                return Err(match place {
                    PlaceKind::Group => say!("e.private"),
                    PlaceKind::Private => in_group(&ctx, entry.key(), &line(), mine),
                    PlaceKind::Page => say!("e.group"),
                });
            }
            // Somebody who may not ask at all hears that, not what is wrong with the way it was written.
            if heard.command.is_err()
                && let Some(role) = entry.roles.first().copied()
                && !entry.roles.iter().any(|&role| may(&ctx, role))
            {
                // “/采纳了没”, “/推进一步说”: words of an office with more stuck to them, of somebody who does not hold it, are talk.
                let head = without_mark(&scene.said).split_whitespace().next().unwrap_or_default();
                let is_word = head.chars().all(|c| c.is_alphabetic() && !c.is_ascii());
                if place == PlaceKind::Group && is_word && self.catalog.find(head).is_none() {
                    return Ok(Decision::silent());
                }
                // /投票 of somebody who votes and opens none.
                if entry.key() == "vote" && heard.command.as_ref().is_err_and(|say| say.key == "e.empty") {
                    return Err(to_vote(&ctx));
                }
                return Err(ctx.ask(role, ""));
            }
        }
        let is_stranger = ctx.group().and_then(|id| world.group(id)).is_some_and(|group| group.kind.is_none());
        match &heard.command {
            command if is_stranger && is_talk(command) => Ok(Decision::silent()),
            Ok(command) if is_stranger && !matches!(command, Command::Help(_) | Command::GroupSet(_)) => {
                Err(say!("e.unregistered"))
            }
            Err(refusal) => Err(refusal.clone()),
            Ok(Command::Help(on)) => Ok(Decision::answer(language::help(on))),
            Ok(Command::Digest(date)) => self.preview(&ctx, *date),
            Ok(Command::Weekly(span)) => self.weekly(&ctx, *span),
            Ok(command @ Command::Statistics(ask)) => {
                decide(&ctx, command)?;
                self.statistics(&ctx, ask)
            }
            Ok(command @ Command::Personal(erasure::Ask::Show)) => {
                let mut decision = decide(&ctx, command)?;
                let own = ctx.scene.who.private_chat.as_str();
                let letters = waiting_in(world).iter().filter(|letter| letter.letter.chat == own).count();
                if letters > 0 {
                    decision.answer.push(say!("mydata.letters", n = letters));
                }
                Ok(decision)
            }
            Ok(command) => decide(&ctx, &self.read_for_its_vote(&ctx, command)),
        }
    }

    /// The words of a ballot, by what the choices of the vote are called that they are for.
    fn read_for_its_vote<'t>(&self, ctx: &Ctx<'_>, command: &'t Command) -> Cow<'t, Command> {
        let Command::Poll(PollAsk::Fill { topic, said }) = command else { return Cow::Borrowed(command) };
        let Some(called) = filling::called(ctx, *topic, said) else { return Cow::Borrowed(command) };
        let meant = language::short::read(self.catalog, &said.text, &called);
        let said = Words { meant, ..said.clone() };
        Cow::Owned(Command::Poll(PollAsk::Fill { topic: *topic, said }))
    }
}

fn understood(heard: language::Heard<'_>) -> Understood {
    Understood::of(heard.entry.map(|entry| entry.key().to_owned()), heard.command)
}

/// The account as the platform tells of it.
fn caller(sender: &Sender) -> Caller {
    Caller {
        account: sender.account.clone(),
        shown: sender.name.clone(),
        private_chat: sender.private_chat.clone().unwrap_or_default(),
    }
}

/// Whether the speaker holds a role, or one that includes it.
fn may(ctx: &Ctx<'_>, role: Role) -> bool {
    let who = &ctx.scene.who;
    who.holds(role)
        || match role {
            Role::Moderator => who.holds(Role::Coordinator) || who.holds(Role::Admin),
            Role::Coordinator => who.holds(Role::Admin),
            // Whoever was invited or given a task may be anybody: that is looked at when it is decided.
            Role::Expert | Role::Handler => true,
            Role::Resident | Role::Member | Role::Admin => false,
        }
}
