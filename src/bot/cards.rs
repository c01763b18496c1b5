//! 活卡片 — one live card per open poll and per topic in each chat: edited in place, the latest state wins.

use super::letters::{Card, Edit, LetterId, Outgoing, card_key, cards_of};
use super::office::Office;
use super::turn::Draft;
use crate::domain::about::topic_card::card_of;
use crate::domain::announce::Saying;
use crate::domain::effects::{Cards, Subject, effects};
use crate::domain::event::Record;
use crate::domain::kernel::ids::{PollNo, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::vote::poll::Poll;
use crate::domain::vote::poll::telling;
use crate::platform::{Letter, whole_chat};
use crate::say;
use chrono::{DateTime, Duration, Utc};

/// Chats in which one thing has a card, at most.
const MOST_CARDS: usize = 100;
/// Polls looked through at a start.
const MOST_POLLS: usize = 100_000;
/// A poll whose end is longer ago, void or not, was seen to be closed.
const LATELY_HOURS: i64 = 24;
/// Marks the index of a card that is said again because its chat moved: out of the way of a record's own letters.
const MOVED: u32 = 0x4000_0000;

/// What a letter becomes the card of: the opening of a poll, a new topic, a topic's card as asked for.
#[must_use]
pub(super) fn card_about(record: &Record, saying: &Saying) -> Option<Subject> {
    let tells_of_it = |new: &Subject| match new {
        Subject::Poll(_) => true,
        Subject::Topic(_) => matches!(saying, Saying::Say(say) if say.key == "topic.new"),
    };
    let new = record.facts.iter().filter_map(|fact| match effects(fact).cards {
        Cards::New(subject) => Some(subject),
        Cards::Same | Cards::Changed(_) | Cards::Closed(_) | Cards::OpenPolls | Cards::OpenOn(_) => None,
    });
    new.into_iter().find(tells_of_it)
}

/// The same for an answer nothing was recorded for.
#[must_use]
pub(super) fn card_shown(say: &Say) -> Option<Subject> {
    if say.key != "card" && say.key != "card.more" {
        return None;
    }
    say.args.iter().find_map(|(name, value)| match value {
        Value::Num(no) if name == "no" => u32::try_from(*no).ok().map(TopicNo).map(Subject::Topic),
        _ => None,
    })
}

/// The cards of something, but for those in groups that take nothing from us now.
fn cards(world: &World<'_>, subject: Subject) -> Vec<Card> {
    let is_gone = |card: &Card| {
        let group = world.group_by_chat(whole_chat(&card.letter.chat)).and_then(|id| world.group(id));
        group.is_some_and(|group| group.gone)
    };
    let mut cards: Vec<Card> = world.list(&cards_of(subject), MOST_CARDS);
    cards.retain(|card| !is_gone(card));
    cards
}

impl Office {
    /// The live cards of what changed in this batch: one change each, however many ballots or likes it was.
    pub(super) fn refresh_cards(&self, world: &World<'_>, draft: &mut Draft) {
        for subject in std::mem::take(&mut draft.touched) {
            match subject {
                Subject::Poll(poll) => self.refresh_poll(world, draft, poll),
                Subject::Topic(topic) => self.refresh_topic(world, draft, topic),
            }
        }
    }

    /// What the cards of polls should show when we start: changes that waited when we went down are kept nowhere else.
    pub(super) fn cards_at_start(&self, world: &World<'_>, now: DateTime<Utc>) -> Vec<Edit> {
        let mut draft = Draft::default();
        for poll in world.list::<Poll>(&Key::new(kind::POLL), MOST_POLLS) {
            let is_over = poll.is_void || poll.result.is_some();
            if !is_over {
                self.refresh_poll(world, &mut draft, poll.no);
            } else if now - poll.ends < Duration::hours(LATELY_HOURS) {
                self.close_cards(world, &mut draft, poll.no);
            }
        }
        draft.edits
    }

    fn refresh_poll(&self, world: &World<'_>, draft: &mut Draft, poll: PollNo) {
        let Some(known) = world.poll(poll).filter(|known| known.result.is_none() && !known.is_void) else { return };
        let sums = world.sums(&known);
        let line = match known.voters {
            Some(_) => say!("card.turnout", n = sums.cast(), N = sums.due(known.rule)),
            None => say!("card.turnout.open", n = sums.cast()),
        };
        let papers = world.topic(known.topic).as_ref().and_then(telling::papers);
        for card in cards(world, Subject::Poll(poll)) {
            let is_pressed = !card.letter.buttons.is_empty();
            let closes = telling::closes(world, &known);
            let lines = std::iter::once(line.clone()).chain(closes).chain(is_pressed.then(|| say!("card.buttons")));
            let lines: Vec<Say> = lines.chain(papers.clone()).collect();
            draft.edits.push(self.with_lines(world, card, &lines));
        }
    }

    /// 迁移 — messages do not move with their chat. Open polls get a new card where the people are now; a topic gets one when somebody
    /// asks for it.
    pub(super) fn move_cards(&self, world: &mut World<'_>, draft: &mut Draft, from: &str, to: &str) {
        for topic in world.live_topics() {
            world.remove(card_key(Subject::Topic(topic.no), from));
        }
        let seq = self.head_seq() + draft.records.len() as u64;
        for (n, poll) in (0..).zip(world.open_polls()) {
            let subject = Subject::Poll(poll.no);
            let Some(Card { letter, .. }) = world.get::<Card>(&card_key(subject, from)) else { continue };
            world.remove(card_key(subject, from));
            let (id, letter) = (LetterId { seq, index: MOVED | n }, Letter { chat: to.to_owned(), ..letter });
            let letter = Outgoing { card: Some(subject), ..Outgoing::answer(id, letter) };
            world.put_at(letter.key(), &letter);
            draft.letters.push(letter);
        }
    }

    /// A closed poll's cards lose their buttons.
    pub(super) fn close_cards(&self, world: &World<'_>, draft: &mut Draft, poll: PollNo) {
        let Some(known) = world.poll(poll) else { return };
        let line = match known.result {
            _ if known.is_void => say!("card.void"),
            Some(counted) => say!("card.closed", n = counted.tally.cast()),
            None => return,
        };
        for card in cards(world, Subject::Poll(poll)) {
            let mut edit = self.with_line(world, card, &line);
            edit.letter.buttons.clear();
            draft.edits.push(edit);
        }
    }

    fn with_line(&self, world: &World<'_>, card: Card, line: &Say) -> Edit {
        self.with_lines(world, card, std::slice::from_ref(line))
    }

    /// The card with more below it. A line with a link is left out where there is no address.
    fn with_lines(&self, world: &World<'_>, card: Card, lines: &[Say]) -> Edit {
        let Card { message, mut letter } = card;
        let lang = self.language_of_chat(world, &letter.chat);
        for line in lines.iter().map(|line| self.render(line, lang).text).filter(|line| !line.is_empty()) {
            letter.text = format!("{}\n{line}", letter.text);
        }
        Edit { message, letter }
    }

    fn refresh_topic(&self, world: &World<'_>, draft: &mut Draft, topic: TopicNo) {
        let Some(known) = world.topic(topic) else { return };
        let say = card_of(world, &self.settings, &known);
        for card in cards(world, Subject::Topic(topic)) {
            let text = self.render(&say, self.language_of_chat(world, &card.letter.chat)).text;
            draft.edits.push(Edit { message: card.message, letter: Letter { text, ..card.letter } });
        }
    }
}
