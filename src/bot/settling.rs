//! 落账 — a record goes into the draft: the world moves on, its letters are written and addressed, cards are touched.

use super::cards::card_about;
use super::letters::{Kept, Lane, LetterId, Outgoing};
use super::office::Office;
use super::turn::Draft;
use crate::domain::announce::{Announcement, Saying, To, announce, farewell, halt, standing};
use crate::domain::effects::{Cards, Holds, Subject, effects};
use crate::domain::event::{Event, Record};
use crate::domain::evolve::evolve;
use crate::domain::kernel::ids::{GroupId, PersonId};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::world::World;
use crate::domain::scene::Understood;
use crate::language::redact::names;
use crate::language::{Lang, Rendered};
use crate::platform::{Letter, Receipt, whole_chat};
use crate::say;
use chrono::{DateTime, NaiveTime, Utc};

/// Chat, language, quiet from and to.
type Whereto = (Option<String>, Lang, (NaiveTime, NaiveTime));

/// The receipt of a ballot in its longer form.
fn in_full(notice: &mut Announcement, understood: &Understood) {
    let Saying::Say(say) = &mut notice.what else { return };
    let Some((_, hh)) = say.args.iter().find(|(name, _)| name == "hh").cloned() else { return };
    let Understood { no, title, op } = understood;
    *say = match say.key.as_str() {
        "ballot" => say!("ballot.of", hh = hh, no = *no, title = title),
        "ballot.chg" => say!("ballot.chg.of", hh = hh, no = *no, title = title),
        "ballot.pm" => say!("ballot.pm.of", hh = hh, no = *no, title = title, op = op.clone()),
        "ballot.pmchg" => say!("ballot.pmchg.of", hh = hh, no = *no, title = title, op = op.clone()),
        "ballot.secret" => say!("ballot.secret.of", hh = hh, no = *no, title = title),
        "ballot.secretchg" => say!("ballot.secretchg.of", hh = hh, no = *no, title = title),
        _ => return,
    };
}

/// How long a letter waits that does not go with the answer.
const SOON: chrono::Duration = chrono::Duration::minutes(1);

impl Office {
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
        self.settle_understood(world, draft, record, masked, here, None)
    }

    /// The same for what was understood beyond what was written: the receipt says it.
    #[allow(clippy::too_many_arguments, reason = "one place where a record becomes letters")]
    pub(super) fn settle_understood(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        record: Record,
        masked: bool,
        here: Option<&str>,
        understood: Option<&Understood>,
    ) -> Receipt {
        let mut told = farewell(world, &self.settings, &record);
        let was = standing::before(world, &record);
        evolve(world, &record);
        let mut receipt = Receipt::default();
        let mut index = 0;
        if !self.is_outdated(world, &record, draft.now) {
            told.extend(announce(world, &self.settings, &record, &was, masked));
        }
        if let Some(understood) = understood {
            told.iter_mut().for_each(|notice| in_full(notice, understood));
        }
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
            Cards::OpenOn(topic) => {
                let open = world.topic(topic).and_then(|topic| world.poll(topic.poll?));
                let open = open.filter(|poll| poll.rule.is_of_members()).map(|poll| Subject::Poll(poll.no));
                draft.touched.extend(open.filter(|subject| !draft.touched.contains(subject)));
            }
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
        let Some((chat, lang, quiet)) = self.whereto(world, &notice.to, record, here) else { return };
        let rendered = match &notice.what {
            Saying::Say(say) => self.led_on(world, self.render(say, lang), lang),
            Saying::Paper { text, about, .. } => {
                Rendered { text: text.clone(), about: about.clone(), ..Rendered::default() }
            }
        };
        if (&notice.to, record.way) == (&To::Here, Way::Press) && receipt.toast.is_none() {
            // Whoever presses sees at once what came of it, also where the group hears of it later or merged.
            receipt.toast = Some(rendered.text.clone());
        }
        if self.waits(world, record, notice) {
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
            not_before: match notice.is_after && !waits {
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

    /// 并案 — what still names a topic by its old number says as what it goes on.
    fn led_on(&self, world: &World<'_>, mut rendered: Rendered, lang: Lang) -> Rendered {
        if let Some((say, no, into)) = rendered.about.as_ref().and_then(|about| halt::moved_on(world, about))
            && names(&rendered.text, no)
            && !names(&rendered.text, into)
        {
            rendered.text = format!("{}\n{}", rendered.text, self.render(&say, lang).text);
        }
        rendered
    }

    /// Whether what is told a group waits for its minute to end: a receipt where it was said, or what another group is told of it.
    fn waits(&mut self, world: &mut World<'_>, record: &Record, notice: &Announcement) -> bool {
        let Saying::Say(say) = &notice.what else { return false };
        let group = match (&notice.to, record.way) {
            (To::Here, Way::Group | Way::Press) => record.group,
            (To::Group(group), Way::Group | Way::Press | Way::Private | Way::Page) => {
                Some(*group).filter(|_| !notice.is_push && !notice.is_numbered)
            }
            (To::Here | To::Toast | To::Group(_) | To::Person(_) | To::Account(_), _) => None,
        };
        group.is_some_and(|group| self.receipts.holds(self.catalog, world, group, say, record.at))
    }

    /// The chat somebody is written to in, if there is one (a toast needs none), its language and its quiet time; `None` where nobody
    /// can be reached.
    fn whereto(&self, world: &World<'_>, to: &To, record: &Record, here: Option<&str>) -> Option<Whereto> {
        let (group, by) = (record.group, record.by);
        let group = group.and_then(|id| world.group(id));
        let spoken = match &group {
            Some(group) => Lang::from_code(&group.language),
            None => self.language_with(world, by),
        };
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
                Some((Some(person.private_chat.as_str().to_owned()), self.language_with(world, Some(*id)), quiet))
            }
        }
    }
}
