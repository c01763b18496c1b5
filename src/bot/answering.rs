//! 答话 — what is answered where it was asked: one message however long the answer is, with the line that brings the next page; and
//! where a group has had enough for a minute, in private, or when the minute is over. Nothing is dropped without a word.

use super::cards::card_shown;
use super::letters::Outgoing;
use super::office::Office;
use super::turn::{Arrival, Draft};
use crate::domain::command::{Command, HelpOn};
use crate::domain::kernel::mark::{Mark, Why};
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::people::account::Ask as AccountAsk;
use crate::domain::scene::{Decision, Place, Scene};
use crate::language::pages;
use crate::language::{self, Rendered};
use crate::platform::{Incoming, Letter, Receipt, Said};
use crate::say;
use chrono::{DateTime, Utc};

/// An answer of so many characters is said in one line with others, and given again to who asks again.
const SHORT: usize = 300;
/// Answers that are as many messages in private; of more there are pages.
const MOST_IN_PRIVATE: usize = 3;
/// Longest line that is shown as one to send again.
const LONGEST_LINE: usize = 60;

/// What is answered where nothing is recorded, as far as a busy group cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// To a question.
    Answer,
    /// What is missing, or that it is too fast.
    Refusal,
    /// Beside what was recorded.
    Note,
}

impl Office {
    /// Whether a line without the page behind it is a question, and the page is not what the line itself says.
    pub(super) fn has_pages(&self, world: &World<'_>, arrival: &Arrival<'_>, line: &Incoming) -> bool {
        let understood = |incoming: &Incoming| {
            let who = world.person(arrival.person)?;
            let arrival = Arrival { incoming, prelude: Vec::new(), chat: arrival.chat.clone(), ..*arrival };
            self.understand(world, &arrival, who, None)
        };
        if understood(arrival.incoming).is_some_and(|(heard, _)| has_own_page(&heard.command)) {
            return false;
        }
        let Some((heard, scene)) = understood(line).filter(|(heard, _)| heard.is_written()) else { return false };
        match self.judge(world, &scene, &heard) {
            Ok(decision) => decision.facts.is_empty() && decision.each.is_none() && decision.asks.is_none(),
            Err(refusal) => self.pages_of(world, arrival, &[refusal]).len() > 1,
        }
    }

    /// Answers that change nothing: said once, not kept; one message, and the way to the next page.
    pub(super) fn tell(
        &mut self,
        world: &World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        says: &[Say],
        told: Told,
    ) -> Receipt {
        self.tell_pages(world, draft, arrival, (says, &[]), told)
    }

    /// The same, with what follows on later pages.
    fn tell_pages(
        &mut self,
        world: &World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        (says, further): (&[Say], &[Say]),
        told: Told,
    ) -> Receipt {
        if says.is_empty() {
            return Receipt::default();
        }
        let mut receipt = Receipt::default();
        let lang = self.language_to(world, arrival);
        let is_press = matches!(arrival.incoming.said, Said::Press { .. });
        let Some(chat) = arrival.chat.as_ref().filter(|_| !is_press) else {
            for text in says.iter().map(|say| self.render(say, lang).text) {
                if is_press { receipt.toast = Some(text) } else { receipt.page = Some(text) }
            }
            if is_press {
                self.put_question(world, draft, arrival, says);
            }
            return receipt;
        };
        let chat = match self.may_be_told(world, arrival, told) {
            Ok(()) => chat.clone(),
            Err(until) => match self.elsewhere(world, draft, arrival, says, until) {
                Some(private) => private,
                None => return receipt,
            },
        };
        let is_elsewhere = Some(&chat) != arrival.chat.as_ref();
        let card = says.first().and_then(card_shown).filter(|_| says.len() == 1 && !is_elsewhere);
        for rendered in self.page_of(world, arrival, says, further) {
            let Rendered { mut text, buttons, about, .. } = rendered;
            if is_elsewhere {
                text = self.render(&say!("busy.private", says = text), lang).text;
            }
            if let (Some(Mark::Why(why)), true) = (&about, arrival.place == Place::Private || is_elsewhere) {
                self.waiting.ask(&arrival.incoming.from.account, *why, arrival.now);
            }
            let letter = Letter { chat: chat.clone(), text, buttons, about };
            draft.letters.push(Outgoing { card, ..self.unrecorded(letter) });
        }
        receipt
    }

    /// 问原因 — a notice on a button is gone with a touch: where it asks for words, the question is put as a message as well, to reply to.
    /// What somebody is about to vote is asked of them alone.
    fn put_question(&mut self, world: &World<'_>, draft: &mut Draft, arrival: &Arrival<'_>, says: &[Say]) {
        let Some(who) = world.person(arrival.person) else { return };
        let private = world.confides(who.id).then(|| who.private_chat.as_str()).filter(|chat| !chat.is_empty());
        for say in says {
            let Rendered { text, buttons, about, .. } = self.render(say, self.language_to(world, arrival));
            let Some(Mark::Why(why)) = about else { continue };
            let here = arrival.chat.as_deref().filter(|_| self.may_be_told(world, arrival, Told::Refusal).is_ok());
            let chat = match why {
                Why::Against(_) => private,
                Why::Task(_) | Why::Proposal(_) => here.or(private),
            };
            let Some(chat) = chat.map(str::to_owned) else { continue };
            if private == Some(chat.as_str()) {
                self.waiting.ask(&arrival.incoming.from.account, why, arrival.now);
            }
            let letter = Letter { chat, text, buttons, about };
            draft.letters.push(self.unrecorded(letter));
        }
    }

    /// Whether a group still has room for an answer in this minute, or when it is over. Elsewhere there always is.
    fn may_be_told(&mut self, world: &World<'_>, arrival: &Arrival<'_>, told: Told) -> Result<(), DateTime<Utc>> {
        let Place::Group(group) = arrival.place else { return Ok(()) };
        let is_ours = world.group(group).is_some_and(|group| group.kind.is_some());
        let account = arrival.incoming.from.account.as_str();
        match told {
            Told::Note => Ok(()),
            Told::Answer | Told::Refusal if !is_ours => Ok(()),
            Told::Answer => self.receipts.may_answer(group, None, arrival.now),
            Told::Refusal => self.receipts.may_answer(group, Some(account), arrival.now),
        }
    }

    /// An answer for which the group has no room: the private chat of whoever asked, if there is one; else it waits for the minute to end.
    fn elsewhere(
        &self,
        world: &World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        says: &[Say],
        until: DateTime<Utc>,
    ) -> Option<String> {
        let who = world.person(arrival.person)?;
        if world.confides(who.id) && !who.private_chat.as_str().is_empty() {
            return Some(who.private_chat.as_str().to_owned());
        }
        if let (Place::Group(group), Said::Text { text, .. }) = (arrival.place, &arrival.incoming.said) {
            let (name, said) = (&who.name, Value::Quote(text.clone()));
            let held = match says {
                [only] if self.render(only, self.lang()).text.chars().count() <= SHORT => {
                    say!("busy.answer", who = name, said = said, says = only.clone())
                }
                _ => say!("busy.later", who = name, said = said),
            };
            draft.put_off.push((group, held, until));
        }
        None
    }

    fn pages_of(&self, world: &World<'_>, arrival: &Arrival<'_>, says: &[Say]) -> Vec<Rendered> {
        pages::pages(self.catalog, says, self.language_to(world, arrival), &self.site())
    }

    /// The messages of each page of an answer: in a group one; in private what is said besides comes with the first.
    fn messages(
        &self,
        world: &World<'_>,
        arrival: &Arrival<'_>,
        answer: &[Say],
        further: &[Say],
    ) -> Vec<Vec<Rendered>> {
        let pages = |says: &[Say]| self.pages_of(world, arrival, says);
        let mut messages: Vec<Vec<Rendered>> = match answer {
            [first, besides @ ..] if arrival.place == Place::Private && besides.len() < MOST_IN_PRIVATE => {
                let mut each: Vec<Vec<Rendered>> =
                    pages(std::slice::from_ref(first)).into_iter().map(|page| vec![page]).collect();
                let besides = besides.iter().flat_map(|say| pages(std::slice::from_ref(say)));
                each.iter_mut().take(1).for_each(|page| page.extend(besides.clone()));
                each
            }
            all => pages(all).into_iter().map(|page| vec![page]).collect(),
        };
        messages.extend(pages(further).into_iter().map(|page| vec![page]));
        messages
    }

    /// The messages of the page that is asked for, and how to come to the next.
    fn page_of(&self, world: &World<'_>, arrival: &Arrival<'_>, answer: &[Say], further: &[Say]) -> Vec<Rendered> {
        let mut pages = self.messages(world, arrival, answer, further);
        let (all, lang) = (pages.len(), self.language_to(world, arrival));
        let at = usize::try_from(arrival.page).unwrap_or(usize::MAX).saturating_sub(1);
        if at >= all {
            let text = self.render(&say!("e.page", n = all), lang).text;
            return vec![Rendered { text, ..Rendered::default() }];
        }
        let mut page = pages.swap_remove(at);
        if let Some(first) = page.first_mut().filter(|_| all > 1) {
            let footer = match at + 1 < all {
                true => self.way_on(arrival, all),
                false => say!("page.last", page = arrival.page, all = all),
            };
            first.text = format!("{}\n{}", first.text, self.render(&footer, lang).text);
        }
        page
    }

    /// 下一页 — the line that brings it.
    fn way_on(&self, arrival: &Arrival<'_>, all: usize) -> Say {
        let (page, next) = (arrival.page, arrival.page.saturating_add(1));
        let Said::Text { text, reply, .. } = &arrival.incoming.said else {
            return say!("page.again", page = page, all = all, next = next);
        };
        let line = text.trim();
        match reply {
            _ if line.contains('\n') || line.chars().count() > LONGEST_LINE => {
                say!("page.again", page = page, all = all, next = next)
            }
            Some(_) => say!("page.reply", page = page, all = all, line = line, next = next),
            None => say!("page.next", page = page, all = all, line = line, next = next),
        }
    }

    /// What changes nothing; of that what concerns nobody but the speaker goes to their private chat.
    pub(super) fn tell_both(
        &mut self,
        world: &World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        scene: &Scene,
        decision: &Decision,
    ) -> Receipt {
        for say in &decision.aside {
            let language::Rendered { text, buttons, about, .. } = self.render(say, self.lang());
            let letter = Letter { chat: scene.who.private_chat.as_str().to_owned(), text, buttons, about };
            let letter = self.unrecorded(letter);
            draft.letters.push(letter);
        }
        if self.is_just_answered(arrival, decision) {
            return self.tell(world, draft, arrival, &[say!("busy.again")], Told::Refusal);
        }
        self.tell_pages(world, draft, arrival, (&decision.answer, &decision.further), Told::Answer)
    }

    /// Whether a group has had the same long answer to the same words of the same account just now; where it has changed since, it is new.
    fn is_just_answered(&mut self, arrival: &Arrival<'_>, decision: &Decision) -> bool {
        let Said::Text { text, .. } = &arrival.incoming.said else { return false };
        let is_group = matches!(arrival.place, Place::Group(_));
        let texts = || decision.answer.iter().map(|say| self.render(say, self.lang()).text.chars().count());
        if !is_group || texts().sum::<usize>() <= SHORT {
            return false;
        }
        let asked = format!("{text}\n{}\n{:?}", arrival.page, decision.answer);
        self.limits.is_answered(&arrival.incoming.from.account, &asked, arrival.now)
    }

    /// What is said besides the receipt of what was recorded: it waits with it.
    pub(super) fn tell_besides(
        &mut self,
        world: &mut World<'_>,
        draft: &mut Draft,
        arrival: &Arrival<'_>,
        way: Way,
        mut says: Vec<Say>,
    ) -> Receipt {
        if let (Place::Group(group), Way::Group) = (arrival.place, way) {
            says.retain(|say| !self.receipts.holds(self.catalog, world, group, say, arrival.now));
        }
        self.tell(world, draft, arrival, &says, Told::Note)
    }
}

/// What was written without the page that is asked for, and that page.
pub(super) fn turned(incoming: &Incoming) -> Option<(Incoming, u32)> {
    let Said::Text { text, edit: None, .. } = &incoming.said else { return None };
    let (line, page) = pages::asked(text)?;
    let (line, mut turned) = (line.to_owned(), incoming.clone());
    if let Said::Text { text, .. } = &mut turned.said {
        *text = line;
    }
    Some((turned, page))
}

/// Whether a command pages through its list itself.
fn has_own_page(command: &Result<Command, Say>) -> bool {
    matches!(
        command,
        Ok(Command::TopicList(page)
            | Command::SuggestionList(_, page)
            | Command::ShowRoll { page, .. }
            | Command::Account(AccountAsk::List { page, .. })
            | Command::Help(HelpOn::Role(_, page))) if *page > 1
    )
}
