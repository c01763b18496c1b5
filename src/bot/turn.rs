//! One turn: whose account, what was meant, whether it may be asked here, what follows, who is told.

use super::answering::{Told, turned};
use super::edits::{Arriving, Version};
use super::files::WHICH_SHEET;
use super::hearing::{Heard, Understood, is_talk};
use super::identity::identify;
use super::letters::{Edit, Outgoing, Seen, about, seen, seen_key};
use super::merged_receipts::Held;
use super::office::Office;
use crate::domain::announce::{Announcement, Saying, announce, standing};
use crate::domain::brief::Ask as BriefAsk;
use crate::domain::command::Command;
use crate::domain::decide::group::first_heard;
use crate::domain::decide::limits::{self, Asked};
use crate::domain::decide::receipt_of_all;
use crate::domain::effects::{LedTo, Subject, effects};
use crate::domain::event::{Event, Record};
use crate::domain::evolve::evolve;
use crate::domain::kernel::ids::{AccountNo, GroupId, PersonId};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::people::account::Account;
use crate::domain::scene::{Decided, Decision, Place, Scene, Several};
use crate::domain::vote::poll::Ask as PollAsk;
use crate::language::{self, Lang};
use crate::platform::{self, Incoming, Letter, Receipt, Said, SenderKind, whole_chat};
use crate::say;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

/// What a batch has come to so far.
#[derive(Default)]
pub(super) struct Draft {
    /// Records to append, in order.
    pub records: Vec<Record>,
    /// Letters that go out once the records are durable.
    pub letters: Vec<Outgoing>,
    /// Changes to live cards.
    pub edits: Vec<Edit>,
    /// Polls whose turnout changed, and topics that moved on.
    pub touched: Vec<Subject>,
    /// Whether more is due than one batch takes: what was said waits for the next.
    pub is_cut: bool,
    /// The moment at which the batch is decided.
    pub now: DateTime<Utc>,
    /// The moment at which the turn was said, where a platform kept it for us.
    pub hour: Option<DateTime<Utc>>,
    /// What is said in a group when its minute is over, and when that is.
    pub put_off: Vec<(GroupId, Say, DateTime<Utc>)>,
}

/// Who and where, before anything is recorded.
pub(super) struct Arrival<'i> {
    pub incoming: &'i Incoming,
    pub prelude: Vec<Event>,
    pub person: PersonId,
    pub via: Option<AccountNo>,
    pub place: Place,
    pub chat: Option<String>,
    pub now: DateTime<Utc>,
    /// Whether numbers that belong to a person were masked in it.
    pub is_masked: bool,
    /// Which page of the answer is asked for.
    pub page: u32,
}

/// The platform's name for a delivery, as the record carries it: opaque, 32 hex digits.
#[must_use]
pub(super) fn opaque(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl Office {
    /// Takes one thing that arrived. What it leads to is drafted; nothing is durable yet.
    pub(super) fn hear(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        incoming: &Incoming,
        now: DateTime<Utc>,
    ) -> Receipt {
        // The one place where what people said comes in: nothing behind it has seen what was masked.
        let (incoming, is_masked) = &super::files::read(incoming).masked();
        let key = opaque(&incoming.key);
        if self.seen_lately.maybe(&key)
            && let Some(before) = seen(world, &key)
        {
            return before.into();
        }
        match &incoming.said {
            Said::Moved { .. } | Said::Removed | Said::Welcomed { .. } => {
                return self.group_changed(world, draft, incoming, &key, now);
            }
            Said::Voice { .. } => return Receipt::default(),
            _ => {}
        }
        match incoming.from.kind {
            SenderKind::Person => {}
            SenderKind::Masked => return self.unmask(world, draft, incoming, now),
            SenderKind::Machine => return Receipt::default(),
        }
        let Some(arriving) = self.arriving(world, incoming, &key) else { return Receipt::default() };
        let (records, letters) = (draft.records.len(), draft.letters.len());
        world.try_out();
        let arrival = Arrival { is_masked: *is_masked, ..self.arrive(world, incoming, now) };
        let receipt = self.answer(world, draft, &arrival, &arriving);
        if let Said::Text { text, .. } = &incoming.said
            && draft.letters.len() > letters
            && !draft.records.get(records..).unwrap_or_default().iter().flat_map(|record| &record.facts).any(is_private)
        {
            self.answered.note(arriving.first, text, now);
        }
        // Whoever only asked, or was refused, leaves no trace. (Taken back already where something was recorded.)
        world.take_back();
        for (group, say, until) in std::mem::take(&mut draft.put_off) {
            Held::add(self.catalog, world, group, &say, until);
        }
        receipt
    }

    /// Makes the sender and the group known to the world, tentatively.
    fn arrive<'i>(&self, world: &mut World<'_>, incoming: &'i Incoming, now: DateTime<Utc>) -> Arrival<'i> {
        let identity = identify(world, &self.settings, &incoming.from);
        let mut prelude = identity.prelude;
        let (place, chat) = match &incoming.place {
            platform::Place::Group { chat, name, thread } => {
                let group = world.group_by_chat(chat).unwrap_or_else(|| {
                    let group = GroupId(world.counters().groups + 1);
                    prelude.push(first_heard(&self.settings, group, chat, name));
                    group
                });
                (Place::Group(group), Some(thread.clone().unwrap_or_else(|| chat.clone())))
            }
            platform::Place::Private { chat } => (Place::Private, Some(chat.clone())),
            platform::Place::Page { station, topic } => {
                let station = station.as_deref().and_then(|name| world.station_named(name)).map(|station| station.id);
                (Place::Page { station, topic: topic.map(crate::domain::kernel::ids::TopicNo) }, None)
            }
        };
        if !prelude.is_empty() {
            evolve(world, &self.record(Way::Office, None, None, now, prelude.clone(), 0));
        }
        let person = identity.person;
        let is_theirs = |account: &Account| account.person == person;
        // Where there has been one alone, the record need not say which.
        let via = match world.only_account(person) {
            Some(_) => None,
            None => world.account(&incoming.from.account).filter(is_theirs).map(|account| account.no),
        };
        Arrival { incoming, prelude, person, via, place, chat, now, is_masked: false, page: 1 }
    }

    fn answer(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        arriving: &Arriving,
    ) -> Receipt {
        match turned(arrival.incoming) {
            Some((incoming, page)) if self.has_pages(world, arrival, &incoming) => {
                let turned = Arrival {
                    incoming: &incoming,
                    prelude: arrival.prelude.clone(),
                    chat: arrival.chat.clone(),
                    page,
                    ..*arrival
                };
                self.answer_to(world, draft, &turned, arriving)
            }
            _ => self.answer_to(world, draft, arrival, arriving),
        }
    }

    fn answer_to(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        arriving: &Arriving,
    ) -> Receipt {
        let Some(who) = world.person(arrival.person) else { return Receipt::default() };
        let quoted = match &arrival.incoming.said {
            Said::Text { reply: Some(quote), .. } => about(world, &arrival.incoming.place, quote),
            _ => None,
        };
        if self.wants_file(arrival, &who) {
            return Receipt { wants_file: true, ..Receipt::default() };
        }
        let agreed =
            match self.answer_to_waiting(world, arrival.incoming, (quoted.as_ref(), who.has_office()), arrival.now) {
                Some(Err(instead)) => return self.tell(world, draft, arrival, &[instead], Told::Refusal),
                Some(Ok(agreed)) => Some(agreed),
                None => None,
            };
        let Some((mut heard, mut scene)) = self.understand(world, arrival, who, agreed) else {
            let Some(who) = world.person(arrival.person) else { return Receipt::default() };
            let way = if arrival.place == Place::Private { Way::Private } else { Way::Group };
            let scene = self.scene(arrival, who, Heard { way, reply: None, quotes: false, text: String::new() });
            return self.edit_not_taken(world, draft, arrival, arriving, (&scene, None));
        };
        if matches!(
            heard.command,
            Ok(Command::MakePass { .. } | Command::MakePasses(_) | Command::Station(_) | Command::Export(_))
        ) {
            scene.dice = self.dice.throw();
        }
        if matches!(&heard.command, Ok(Command::LoadRoll { sheet, .. }) if !sheet.lines.is_empty()) {
            scene.dice = self.dice.throw_apart();
        }
        let Some(mut decided) = self.decide_on(world, &scene, &heard, arriving.version) else {
            return self.edit_not_taken(world, draft, arrival, arriving, (&scene, Some(&heard)));
        };
        if let Some(plain) = self.talk_after_all(arrival, (&scene, &heard), &decided) {
            decided = self.judge(world, &scene, &plain);
            heard = plain;
        }
        let may_be_talk = arriving.version != Version::First || is_talk(&heard.command);
        if may_be_talk && is_silent(&decided) || self.is_said_again(arrival, (&scene, &heard)) {
            return Receipt::default();
        }
        // Forms on a page are counted apart from what the same person writes.
        let page = if scene.way == Way::Page { "page:" } else { "" };
        let is_guess = matches!(heard.command, Ok(Command::UsePass(_))) && scene.place == Place::Private;
        let asked = Asked {
            account: &format!("{page}{}", arrival.incoming.from.account),
            guess: is_guess.then_some(&scene.caller.account),
            in_group: match &arrival.incoming.said {
                Said::Text { text, .. } if scene.way == Way::Group => Some(text),
                _ => None,
            },
            most: limits::most(
                scene.who.has_office(),
                is_small(&heard.command) && decided.as_ref().is_ok_and(|decision| !decision.facts.is_empty()),
                scene.way == Way::Group,
            ),
        };
        if let Err(instead) = self.limits.allow(&asked, arrival.now) {
            return self.too_fast(world, draft, arrival, scene.who.name.as_str(), &asked, instead);
        }
        let decided =
            if is_let_through(&heard.command) { decided } else { self.sparing(world, arrival, &scene, decided) };
        self.conclude(world, draft, arrival, arriving, (&scene, &heard, &asked), decided)
    }

    /// Words that might have been a ballot and are none are talk like any other.
    fn talk_after_all(
        &self,
        arrival: &Arrival<'_>,
        (scene, heard): (&Scene, &Understood),
        decided: &Decided,
    ) -> Option<Understood> {
        let is_it = is_silent(decided) && is_talk(&heard.command) && !matches!(heard.command, Ok(Command::Plain(_)));
        is_it.then(|| self.plain(arrival, scene)).flatten()
    }

    /// Whether the same talk was answered just now.
    fn is_said_again(&mut self, arrival: &Arrival<'_>, (scene, heard): (&Scene, &Understood)) -> bool {
        matches!(heard.command, Ok(Command::Plain(_)))
            && self.limits.is_answered(&arrival.incoming.from.account, &scene.said, arrival.now)
    }

    /// 来回改 — what concerns somebody else is tried out, tentatively, to see who would be written to: see [`limits`].
    fn sparing(&mut self, world: &mut World<'_>, arrival: &Arrival<'_>, scene: &Scene, decided: Decided) -> Decided {
        let decision = decided?;
        if decision.facts.is_empty() {
            return Ok(decision);
        }
        let group = match arrival.place {
            Place::Group(group) => Some(group),
            Place::Private | Place::Page { .. } => None,
        };
        let record = self.record(scene.way, Some(arrival.person), group, arrival.now, decision.facts.clone(), 0);
        let was = standing::before(world, &record);
        evolve(world, &record);
        let told = announce(world, &self.settings, &record, &was, scene.masked);
        let concerned = |one: &'_ Announcement| {
            let Saying::Say(say) = &one.what else { return None };
            one.whom.concerned().filter(|person| *person != arrival.person).map(|person| (person, say.clone()))
        };
        let letters: Vec<(PersonId, Say)> = told.iter().filter_map(concerned).collect();
        match self.limits.spare(&arrival.incoming.from.account, &letters, arrival.now) {
            Ok(()) => Ok(decision),
            Err((who, from)) => Err(say!("e.to_and_fro", who = world.name_of(who), from = Value::Moment(from))),
        }
    }

    /// What was decided is told, waits for a yes, or is recorded.
    fn conclude(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        arriving: &Arriving,
        (scene, heard, asked): (&Scene, &Understood, &Asked<'_>),
        decided: Decided,
    ) -> Receipt {
        self.waiting.answered(&arrival.incoming.from.account);
        match decided {
            Err(refusal) => {
                if refusal.key == WHICH_SHEET {
                    self.keep_file(arrival.incoming, arrival.now);
                }
                let refusal = self.hold_for_more(arrival.incoming, (scene, heard), refusal, arrival.now);
                match self.limits.refuse(asked, refusal, arrival.now) {
                    Some(said) => self.tell(world, draft, arrival, &[said], Told::Refusal),
                    None => Receipt::default(),
                }
            }
            Ok(Decision { each: Some(several), answer, .. }) => {
                self.record_each(world, draft, arrival, arriving, (scene, heard), (several, answer))
            }
            Ok(decision) if decision.facts.is_empty() => {
                if matches!(heard.command, Ok(Command::Attached { .. })) {
                    self.keep_file(arrival.incoming, arrival.now);
                }
                self.wait_for_yes(arrival.incoming, (scene, heard), &decision, arrival.now);
                self.tell_both(world, draft, arrival, scene, &decision)
            }
            Ok(decision) => {
                world.take_back();
                if heard.table.is_some() {
                    self.files.drop_of(&arrival.incoming.from.account);
                }
                self.record_turn(world, draft, arrival, arriving, decision, scene.masked, scene.way)
            }
        }
    }

    /// Too fast: nothing is taken, and nothing of it passes without a word. A button and a form are answered on the spot; what was written
    /// is named in one answer when the minute is over.
    fn too_fast(
        &mut self,
        world: &World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        name: &str,
        asked: &Asked<'_>,
        instead: Option<Say>,
    ) -> Receipt {
        if let (Said::Text { text, .. }, Some(chat)) = (&arrival.incoming.said, &arrival.chat)
            && asked.guess.is_none()
        {
            // What is answered and not kept is not said again by us.
            let is_turned_away = self.settings.turned_away.iter().any(|word| text.contains(word.as_str()));
            let named = if is_turned_away { "……" } else { text };
            self.limits.note_untaken(asked.account, chat, name, named, arrival.now);
            self.is_due_known = false;
        }
        let is_told = matches!(arrival.incoming.said, Said::Press { .. } | Said::File { .. });
        let say = instead.or_else(|| is_told.then(|| say!("e.fast")));
        say.map_or_else(Receipt::default, |say| self.tell(world, draft, arrival, &[say], Told::Refusal))
    }

    /// 改了不算 — a change that is not taken is answered, where the message had done something; in groups that are ours.
    fn edit_not_taken(
        &mut self,
        world: &World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        arriving: &Arriving,
        (scene, heard): (&Scene, Option<&Understood>),
    ) -> Receipt {
        let Said::Text { text, .. } = &arrival.incoming.said else { return Receipt::default() };
        let is_ours = match arrival.place {
            Place::Group(group) => world.group(group).is_some_and(|group| group.kind.is_some()),
            Place::Private | Place::Page { .. } => true,
        };
        match self.untaken(world, scene, heard, arriving.version, text).filter(|_| is_ours) {
            None => Receipt::default(),
            Some(say) => {
                let account = &arrival.incoming.from.account;
                let asked = Asked { account, guess: None, in_group: None, most: limits::most(false, false, false) };
                match self.limits.allow(&asked, arrival.now) {
                    Ok(()) => self.tell(world, draft, arrival, &[say], Told::Refusal),
                    Err(instead) => {
                        let name = world.name_of(arrival.person);
                        self.too_fast(world, draft, arrival, &name, &asked, instead)
                    }
                }
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "everything a turn is made of")]
    fn record_turn(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        arriving: &Arriving,
        decision: Decision,
        masked: bool,
        way: Way,
    ) -> Receipt {
        let mut facts = arrival.prelude.clone();
        facts.extend(decision.facts);
        let group = match arrival.place {
            Place::Group(group) => Some(group),
            Place::Private | Place::Page { .. } => None,
        };
        let at = draft.hour.unwrap_or(arrival.now);
        let mut record = self.record(way, Some(arrival.person), group, at, facts, draft.records.len());
        record.key = Some(arriving.key.clone());
        record.via = arrival.via;
        let led_to = LedTo::of(&record.facts);
        let (here, understood) = (arrival.chat.as_deref(), decision.understood.as_deref());
        let mut receipt = self.settle_understood(world, draft, record, masked, here, understood);
        let answered = self.tell_besides(world, draft, arrival, way, decision.answer);
        receipt.toast = receipt.toast.or(answered.toast);
        receipt.page = receipt.page.or(answered.page);
        receipt.is_forgotten = led_to == LedTo::Nothing;
        if masked && !draft.records.last().is_some_and(|record| record.facts.iter().any(tells_of_masking)) {
            let masked = say!("masked", who = self.coordinators());
            self.tell_besides(world, draft, arrival, way, vec![masked]);
        }
        for key in std::iter::once(&arriving.key).chain(&arriving.also) {
            self.seen_lately.add(key);
            world.put_at(seen_key(key), &Seen { led_to, ..Seen::new(&receipt, arrival.now, &[]) });
        }
        receipt
    }

    /// 一并办 — each decided on the world the one before left, and a record of its own: whoever it concerns is told as if it had been done
    /// alone; whoever asked hears once of all.
    fn record_each(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        arriving: &Arriving,
        (scene, heard): (&Scene, &Understood),
        (several, mut left): (Several, Vec<Say>),
    ) -> Receipt {
        world.take_back();
        let (mut done, mut prelude) = (0, arrival.prelude.clone());
        for command in several.commands {
            let one = Understood::of(heard.entry.clone(), Ok(command));
            let facts = match self.judge(world, scene, &one) {
                Ok(decision) if !decision.facts.is_empty() => decision.facts,
                Ok(decision) => {
                    left.extend(decision.answer);
                    continue;
                }
                Err(refusal) => {
                    left.push(refusal);
                    continue;
                }
            };
            let facts: Vec<Event> = std::mem::take(&mut prelude).into_iter().chain(facts).collect();
            let at = draft.hour.unwrap_or(arrival.now);
            let mut record = self.record(scene.way, Some(arrival.person), None, at, facts, draft.records.len());
            record.via = arrival.via;
            record.key = (done == 0).then(|| arriving.key.clone());
            self.settle(world, draft, record, false, None);
            done += 1;
        }
        let rendered = self.render(&receipt_of_all(several.told, done, left), self.language_to(world, arrival));
        let receipt = Receipt::default();
        if let Some(chat) = &arrival.chat {
            let language::Rendered { text, buttons, about, .. } = rendered;
            draft.letters.push(self.unrecorded(Letter { chat: chat.clone(), text, buttons, about }));
        }
        self.remember_delivery(world, &arriving.key, &receipt, arrival.now);
        receipt
    }

    /// The same delivery again gets the same answer and has no other effect.
    pub(super) fn remember_delivery(
        &mut self,
        world: &mut World<'_>,
        key: &str,
        receipt: &Receipt,
        now: DateTime<Utc>,
    ) {
        self.seen_lately.add(key);
        world.put_at(seen_key(key), &Seen::new(receipt, now, &[]));
    }

    /// The language of an answer: who is not known to speak one, and writes English in private, is answered in it.
    pub(super) fn language_to(&self, world: &World<'_>, arrival: &Arrival<'_>) -> Lang {
        let said = match &arrival.incoming.said {
            Said::Text { text, .. } => text.as_str(),
            Said::Press { .. }
            | Said::Form { .. }
            | Said::File { .. }
            | Said::Voice { .. }
            | Said::Moved { .. }
            | Said::Removed
            | Said::Welcomed { .. } => "",
        };
        match arrival.place {
            Place::Private if world.language_of(arrival.person).is_none() && language::is_english(said) => Lang::En,
            place => self.language_of(world, place, arrival.person),
        }
    }

    /// The language of what is said to somebody at a place.
    pub(super) fn language_of(&self, world: &World<'_>, place: Place, person: PersonId) -> Lang {
        match place {
            Place::Group(id) => world.group(id).map_or(self.lang(), |group| Lang::from_code(&group.language)),
            Place::Private => self.language_with(world, Some(person)),
            Place::Page { .. } => self.lang(),
        }
    }

    /// The language somebody is written to in private.
    pub(super) fn language_with(&self, world: &World<'_>, person: Option<PersonId>) -> Lang {
        person.and_then(|person| world.language_of(person)).map_or(self.lang(), |code| Lang::from_code(&code))
    }

    pub(super) fn language_of_chat(&self, world: &World<'_>, chat: &str) -> Lang {
        let group = world.group_by_chat(whole_chat(chat)).and_then(|id| world.group(id));
        group.map_or(self.lang(), |group| Lang::from_code(&group.language))
    }
}

fn is_silent(decided: &Decided) -> bool {
    decided.as_ref().is_ok_and(|decision| *decision == Decision::silent())
}

/// Cast in private again is recorded again: a record, or none, would tell whether it was for the same.
fn is_private(fact: &Event) -> bool {
    matches!(fact, Event::BallotCast { private: true, .. })
}

/// Whether it leaves one line in the record however often it is said, and takes nobody's time: a ballot, a sign-up.
fn is_small(command: &Result<Command, Say>) -> bool {
    matches!(
        command,
        Ok(Command::Ballot { .. }
            | Command::BareChoice(_)
            | Command::Poll(PollAsk::Fill { .. })
            | Command::ProxyBallots { .. }
            | Command::Gathering(_)
            | Command::Chain(_)
            | Command::SignIn { .. }
            | Command::Second(_)
            | Command::Ack { .. }
            | Command::Brief(BriefAsk::Ack { .. })
            | Command::ClaimWord { .. }
            | Command::SettleClaim { .. }
            | Command::SettleClaims)
    )
}

/// Whether it is taken however often the same was said: what is small, and 作废, since a vote opened by mistake takes ballots until then.
fn is_let_through(command: &Result<Command, Say>) -> bool {
    is_small(command) || matches!(command, Ok(Command::Poll(PollAsk::Void { .. })))
}

/// Whether the answer to it says that numbers were masked, or there is nothing in which they would be kept.
fn tells_of_masking(fact: &Event) -> bool {
    matches!(fact, Event::SuggestionMade { .. }) || effects(fact).led_to == LedTo::Nothing
}
