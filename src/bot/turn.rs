//! One turn: whose account, what was meant, whether it may be asked here, what follows, who is told.

use super::cards::{card_about, card_shown};
use super::edits::{Arriving, Version};
use super::identity::identify;
use super::letters::{Edit, Kept, Lane, LetterId, Outgoing, Seen, about, seen, seen_key, waiting_in};
use super::office::Office;
use crate::domain::announce::{Announcement, Saying, To, announce};
use crate::domain::brief::Ask as BriefAsk;
use crate::domain::command::Command;
use crate::domain::decide::decide;
use crate::domain::decide::group::first_heard;
use crate::domain::decide::limits::{self, Asked};
use crate::domain::effects::{Cards, Holds, LedTo, Subject, effects};
use crate::domain::event::{Event, Record};
use crate::domain::evolve::evolve;
use crate::domain::kernel::ids::{AccountNo, GroupId, PersonId};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::Say;
use crate::domain::kernel::world::World;
use crate::domain::people::account::Account;
use crate::domain::people::erasure;
use crate::domain::people::person::Role;
use crate::domain::scene::{Caller, Ctx, Decided, Decision, Place, Scene};
use crate::domain::vote::poll::Ask as PollAsk;
use crate::language::catalog::PlaceKind;
use crate::language::spell::unmarked;
use crate::language::{self, Lang, Parsed};
use crate::platform::{self, Incoming, Letter, MAX_TEXT_BYTES, Receipt, Said, Sender, SenderKind, whole_chat};
use crate::say;
use chrono::{DateTime, NaiveTime, Utc};
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
}

/// Who and where, before anything is recorded.
struct Arrival<'i> {
    incoming: &'i Incoming,
    prelude: Vec<Event>,
    person: PersonId,
    via: Option<AccountNo>,
    place: Place,
    chat: Option<String>,
    now: DateTime<Utc>,
    /// Whether numbers that belong to a person were masked in it.
    is_masked: bool,
}

/// How something was said: in which way, in reply to what, in which words.
struct Heard {
    way: Way,
    reply: Option<Mark>,
    quotes: bool,
    text: String,
}

/// The platform's name for a delivery, as the record carries it: opaque, 32 hex digits.
#[must_use]
pub(super) fn opaque(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Chat, language, quiet from and to.
type Whereto = (Option<String>, Lang, (NaiveTime, NaiveTime));

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
        let (incoming, is_masked) = &incoming.masked();
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
        Arrival { incoming, prelude, person, via, place, chat, now, is_masked: false }
    }

    fn answer(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        arriving: &Arriving,
    ) -> Receipt {
        let Some(who) = world.person(arrival.person) else { return Receipt::default() };
        let Some((heard, mut scene)) = self.understand(world, arrival, who) else {
            let Some(who) = world.person(arrival.person) else { return Receipt::default() };
            let way = if arrival.place == Place::Private { Way::Private } else { Way::Group };
            let scene = self.scene(arrival, who, Heard { way, reply: None, quotes: false, text: String::new() });
            return self.edit_not_taken(world, draft, arrival, arriving, (&scene, None));
        };
        if matches!(heard.command, Ok(Command::MakePass { .. } | Command::Station(_) | Command::Export(_))) {
            scene.dice = self.dice.throw();
        }
        if matches!(&heard.command, Ok(Command::LoadRoll { lines, .. }) if !lines.is_empty()) {
            scene.dice = self.dice.throw_apart();
        }
        let Some(decided) = self.decide_on(world, &scene, &heard, arriving.version) else {
            return self.edit_not_taken(world, draft, arrival, arriving, (&scene, Some(&heard)));
        };
        let may_be_talk = arriving.version != Version::First || is_talk(&heard.command);
        if may_be_talk && decided.as_ref().is_ok_and(|decision| *decision == Decision::silent()) {
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
                [Role::Moderator, Role::Coordinator, Role::Admin].iter().any(|&role| scene.who.holds(role)),
                is_small(&heard.command) && decided.as_ref().is_ok_and(|decision| !decision.facts.is_empty()),
            ),
        };
        if let Err(instead) = self.limits.allow(&asked, arrival.now) {
            return self.too_fast(world, draft, arrival, scene.who.name.as_str(), &asked, instead);
        }
        match decided {
            Err(refusal) if !self.limits.may_refuse(&asked, &refusal, arrival.now) => Receipt::default(),
            Err(refusal) => self.tell(world, draft, arrival, &[refusal]),
            Ok(decision) if decision.facts.is_empty() => self.tell(world, draft, arrival, &decision.answer),
            Ok(decision) => {
                world.take_back();
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
        let is_press = matches!(arrival.incoming.said, Said::Press { .. });
        let say = instead.or_else(|| is_press.then(|| say!("e.fast")));
        say.map_or_else(Receipt::default, |say| self.tell(world, draft, arrival, &[say]))
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
                let asked = Asked { account, guess: None, in_group: None, most: limits::most(false, false) };
                match self.limits.allow(&asked, arrival.now) {
                    Ok(()) => self.tell(world, draft, arrival, &[say]),
                    Err(instead) => {
                        let name = world.name_of(arrival.person);
                        self.too_fast(world, draft, arrival, &name, &asked, instead)
                    }
                }
            }
        }
    }

    /// What was meant, or `None` for ordinary talk.
    fn understand(
        &self,
        world: &World<'_>,
        arrival: &Arrival<'_>,
        who: crate::domain::people::person::Person,
    ) -> Option<(Understood, Scene)> {
        let (text, mark, by_bot, way) = match &arrival.incoming.said {
            Said::Text { text, reply, .. } => {
                let mark = reply.as_ref().and_then(|quote| about(world, &arrival.incoming.place, quote));
                let way = if matches!(arrival.place, Place::Private) { Way::Private } else { Way::Group };
                (text.as_str(), mark, reply.as_ref().map(|quote| quote.by_bot), way)
            }
            Said::Press { label, on } => (label.as_str(), on.clone(), Some(true), Way::Press),
            Said::Form { title, text } => return Some(self.form(arrival, who, title, text)),
            Said::Voice { .. } | Said::Moved { .. } | Said::Removed | Said::Welcomed { .. } => return None,
        };
        if text.len() > MAX_TEXT_BYTES {
            return None;
        }
        let text = unmarked(text);
        let said = Heard { way, reply: mark.clone(), quotes: by_bot == Some(false), text: text.clone().into_owned() };
        let scene = self.scene(arrival, who, said);
        let private = matches!(scene.place, Place::Private);
        match language::parse(self.catalog, &text, &self.hearing(private, mark, by_bot, scene.now)) {
            Parsed::Silent => None,
            Parsed::Heard(heard) => {
                let entry = heard.entry.map(|entry| entry.key().to_owned());
                Some((Understood { entry, command: heard.command }, scene))
            }
        }
    }

    /// The scene of something that was written or pressed.
    fn scene(&self, arrival: &Arrival<'_>, who: crate::domain::people::person::Person, heard: Heard) -> Scene {
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
        (Understood { entry: None, command }, scene)
    }

    /// May this be asked here, by somebody like this? Then it is decided.
    pub(super) fn gate(&self, world: &World<'_>, scene: &Scene, heard: &Understood) -> Decided {
        let ctx = Ctx { world, settings: &self.settings, scene };
        let entry = heard.entry.as_deref().and_then(|key| self.catalog.entry(key));
        if let Some(entry) = entry {
            let place = match scene.place {
                Place::Group(_) => PlaceKind::Group,
                Place::Private => PlaceKind::Private,
                Place::Page { .. } => PlaceKind::Page,
            };
            if !entry.allowed_in(place) {
                return Err(if place == PlaceKind::Group { say!("e.private") } else { say!("e.group") });
            }
            // Somebody who may not ask at all hears that, not what is wrong with the way it was written.
            if heard.command.is_err()
                && let Some(role) = entry.roles.first().copied()
                && !entry.roles.iter().any(|&role| may(&ctx, role))
            {
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
            Ok(command) => decide(&ctx, command),
        }
    }

    /// Answers that change nothing: said once, not kept.
    fn tell(&mut self, world: &World<'_>, draft: &mut Draft, arrival: &Arrival<'_>, says: &[Say]) -> Receipt {
        let mut receipt = Receipt::default();
        let is_press = matches!(arrival.incoming.said, Said::Press { .. });
        for say in says {
            let rendered = self.render(say, self.language_of(world, arrival.place));
            match &arrival.chat {
                _ if is_press => receipt.toast = Some(rendered.text),
                Some(chat) => {
                    let language::Rendered { text, buttons, about, .. } = rendered;
                    let letter = Letter { chat: chat.clone(), text, buttons, about };
                    let card = card_shown(say);
                    draft.letters.push(Outgoing { card, ..self.unrecorded(letter) });
                }
                None => receipt.page = Some(rendered.text),
            }
        }
        receipt
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
        let mut receipt = self.settle(world, draft, record, masked, arrival.chat.as_deref());
        let answered = self.tell(world, draft, arrival, &decision.answer);
        receipt.toast = receipt.toast.or(answered.toast);
        receipt.page = receipt.page.or(answered.page);
        receipt.is_forgotten = led_to == LedTo::Nothing;
        if masked && !draft.records.last().is_some_and(|record| record.facts.iter().any(tells_of_masking)) {
            self.tell(world, draft, arrival, &[say!("masked", who = self.coordinators())]);
        }
        for key in std::iter::once(&arriving.key).chain(&arriving.also) {
            self.seen_lately.add(key);
            world.put_at(seen_key(key), &Seen { led_to, ..Seen::new(&receipt, arrival.now, &[]) });
        }
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

    /// A record with the next sequence number.
    #[allow(clippy::too_many_arguments, reason = "everything a record is made of")]
    pub(super) fn record(
        &self,
        way: Way,
        by: Option<PersonId>,
        group: Option<GroupId>,
        at: DateTime<Utc>,
        facts: Vec<Event>,
        drafted: usize,
    ) -> Record {
        let seq = self.head_seq() + drafted as u64 + 1;
        Record { seq, at, by, via: None, group, way, key: None, facts }
    }

    /// Puts a record into the draft: the world moves on, and its letters are written.
    pub(super) fn settle(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        record: Record,
        masked: bool,
        here: Option<&str>,
    ) -> Receipt {
        evolve(world, &record);
        let mut receipt = Receipt::default();
        let mut index = 0;
        let told = if self.is_outdated(world, &record, draft.now) {
            Vec::new()
        } else {
            announce(world, &self.settings, &record, masked)
        };
        for notice in told {
            self.address(world, draft, &record, &notice, here, &mut index, &mut receipt);
        }
        for fact in &record.facts {
            self.follow(world, draft, &record, fact, &mut receipt);
        }
        draft.records.push(record);
        receipt
    }

    /// Whether what the clock brought about an hour or days ago is no longer true when it is told: “明天”, “今天到期”, “快截止了”.
    fn is_outdated(&self, world: &World<'_>, record: &Record, now: DateTime<Utc>) -> bool {
        let is_over = |fact: &Event| match effects(fact).holds {
            Holds::Always => false,
            Holds::ItsDay => self.settings.date(record.at) != self.settings.date(now),
            Holds::UntilEnd(poll) => world.poll(poll).is_some_and(|poll| poll.ends <= now),
        };
        record.way == Way::Clock && record.facts.iter().any(is_over)
    }

    /// What the loop itself takes from a fact.
    fn follow(&self, world: &World<'_>, draft: &mut Draft, record: &Record, fact: &Event, receipt: &mut Receipt) {
        let effects = effects(fact);
        match effects.cards {
            Cards::Same | Cards::New(_) => {}
            Cards::Changed(subject) if draft.touched.contains(&subject) => {}
            Cards::Changed(subject) => draft.touched.push(subject),
            Cards::Closed(poll) => self.close_cards(world, draft, poll),
            Cards::OpenPolls => draft.touched.extend(world.open_polls().iter().map(|poll| Subject::Poll(poll.no))),
        }
        if let Some(slip) = effects.receipt {
            receipt.link = record.key.as_ref().map(|key| format!("/w/{slip}?k={key}"));
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one place where a notice becomes a letter")]
    fn address(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        record: &Record,
        notice: &Announcement,
        here: Option<&str>,
        index: &mut u32,
        receipt: &mut Receipt,
    ) {
        if let (To::Group(group), Saying::Paper { text, about, from, late }) = (&notice.to, &notice.what) {
            let id = LetterId { seq: record.seq, index: *index };
            let kept = Kept { id, group: *group, from: *from, late: *late, about: about.clone(), text: text.clone() };
            world.put_at(kept.key(), &kept);
            *index += 1;
            return;
        }
        let Some((chat, lang, quiet)) = self.whereto(world, &notice.to, record.group, here) else { return };
        let rendered = match &notice.what {
            Saying::Say(say) => self.render(say, lang),
            Saying::Paper { text, about, .. } => {
                language::Rendered { text: text.clone(), about: about.clone(), ..language::Rendered::default() }
            }
        };
        if (&notice.to, record.way) == (&To::Here, Way::Press) && receipt.toast.is_none() {
            // Whoever presses sees at once what came of it, also where the group hears of it later or merged.
            receipt.toast = Some(rendered.text.clone());
        }
        if let (To::Here, Way::Group | Way::Press, Some(group), Saying::Say(say)) =
            (&notice.to, record.way, record.group, &notice.what)
            && self.receipts.holds(world, group, say, record.at)
        {
            return;
        }
        let Some(chat) = chat else {
            if record.way == Way::Page {
                receipt.page = Some(rendered.text)
            } else {
                receipt.toast = Some(rendered.text)
            }
            return;
        };
        // In a group with threads (话题) the answer goes where it was asked; the same holds for a notice to that very group.
        let chat = here.filter(|here| whole_chat(here) == chat).map_or(chat.clone(), str::to_owned);
        // A record may be about an hour long past: its letters go out now.
        let now = record.at.max(draft.now);
        let waits = notice.is_push && self.settings.is_quiet(quiet, now);
        let mark = if notice.is_numbered { self.render(&say!("resend.mark"), lang).text } else { String::new() };
        let outgoing = Outgoing {
            id: LetterId { seq: record.seq, index: *index },
            lane: if notice.is_push { Lane::Notice } else { Lane::Answer },
            not_before: match notice.is_after {
                true => Some(now + SOON),
                false => waits.then(|| self.settings.after_quiet(quiet, now)),
            },
            is_numbered: notice.is_numbered,
            is_repeat: false,
            mark,
            card: card_about(record, &notice.what),
            whom: notice.whom.clone(),
            letter: Letter { chat, text: rendered.text, buttons: rendered.buttons, about: rendered.about },
        };
        *index += 1;
        world.put_at(outgoing.key(), &outgoing);
        draft.letters.push(outgoing);
    }

    /// The chat somebody is written to in, if there is one (a toast needs none), its language and its quiet time; `None` where nobody
    /// can be reached.
    fn whereto(&self, world: &World<'_>, to: &To, group: Option<GroupId>, here: Option<&str>) -> Option<Whereto> {
        let group = group.and_then(|id| world.group(id));
        let spoken = group.as_ref().map_or(self.lang(), |group| Lang::from_code(&group.language));
        let quiet = self.settings.quiet;
        match to {
            To::Here => Some((here.map(str::to_owned), spoken, quiet)),
            To::Toast => Some((None, spoken, quiet)),
            To::Group(id) => {
                let group = world.group(*id).filter(|group| !group.gone)?;
                Some((Some(group.chat.as_str().to_owned()), Lang::from_code(&group.language), group.quiet))
            }
            To::Account(chat) => Some((Some(chat.as_str().to_owned()), self.lang(), quiet)),
            To::Person(id) => {
                let person = world.person(*id).filter(|person| !person.private_chat.as_str().is_empty())?;
                Some((Some(person.private_chat.as_str().to_owned()), self.lang(), quiet))
            }
        }
    }

    fn language_of(&self, world: &World<'_>, place: Place) -> Lang {
        match place {
            Place::Group(id) => world.group(id).map_or(self.lang(), |group| Lang::from_code(&group.language)),
            Place::Private | Place::Page { .. } => self.lang(),
        }
    }

    pub(super) fn language_of_chat(&self, world: &World<'_>, chat: &str) -> Lang {
        let group = world.group_by_chat(whole_chat(chat)).and_then(|id| world.group(id));
        group.map_or(self.lang(), |group| Lang::from_code(&group.language))
    }
}

/// How long a letter waits that does not go with the answer.
const SOON: chrono::Duration = chrono::Duration::minutes(1);

/// A command as understood: the key of its entry, and what it is.
pub(super) struct Understood {
    pub(super) entry: Option<String>,
    pub(super) command: Result<Command, Say>,
}

impl Understood {
    /// Whether it was written as a command.
    pub(super) fn is_written(&self) -> bool {
        self.entry.is_some() && !is_talk(&self.command)
    }
}

/// Whether it may be ordinary talk, which is left alone where it leads to nothing.
fn is_talk(command: &Result<Command, Say>) -> bool {
    matches!(
        command,
        Ok(Command::BareChoice(_)
            | Command::Chain(_)
            | Command::ClaimWord { is_talk: true, .. }
            | Command::Ack { is_talk: true, .. }
            | Command::Poll(PollAsk::Fill { is_talk: true, .. })
            | Command::Brief(BriefAsk::Ack { is_talk: true, .. }))
    )
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
            | Command::SettleClaim { .. })
    )
}

/// Whether the answer to it says that numbers were masked, or there is nothing in which they would be kept.
fn tells_of_masking(fact: &Event) -> bool {
    matches!(fact, Event::SuggestionMade { .. }) || effects(fact).led_to == LedTo::Nothing
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
            _ => false,
        }
}
