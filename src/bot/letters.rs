//! Letters and cards as they wait in the working store. A letter is written with the facts that caused it and taken away when its
//! platform has it; so it is said at least once, and after a crash nothing that waited is lost.

use crate::domain::addressee::{For, Leaves};
use crate::domain::effects::{LedTo, Subject};
use crate::domain::event::Event;
use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::world::{Key, Shelf, World};
use crate::language::read_mark;
use crate::platform::{About, Letter, Place, Quote, Receipt, whole_chat};
use crate::state::{State, StateError, own};
use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

/// What a letter is called: the record that caused it, and which of its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LetterId {
    /// Record; 0 for an answer that nothing was recorded for.
    pub seq: u64,
    /// Which of its letters.
    pub index: u32,
}

/// 先后 — what goes first within a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Lane {
    /// Answers to what people just said.
    Answer,
    /// Notices, results, digests.
    Notice,
}

/// A letter on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Its name.
    pub id: LetterId,
    /// Its lane.
    pub lane: Lane,
    /// Not before this moment (免打扰).
    pub not_before: Option<DateTime<Utc>>,
    /// Leaves `Sending` and `Sent` in the ledger.
    pub is_numbered: bool,
    /// Whether it was being sent when we went down: it is marked 补发.
    pub is_repeat: bool,
    /// What marks a repetition (补发); empty where nothing is marked.
    pub mark: String,
    /// What it becomes the live card of.
    pub card: Option<Subject>,
    /// As what its reader was written to.
    pub whom: For,
    /// What is said, and where.
    pub letter: Letter,
}

impl Outgoing {
    /// An answer: said at once, unnumbered, no card.
    #[must_use]
    pub fn answer(id: LetterId, letter: Letter) -> Self {
        Self {
            id,
            lane: Lane::Answer,
            not_before: None,
            is_numbered: false,
            is_repeat: false,
            mark: String::new(),
            card: None,
            whom: For::Anybody,
            letter,
        }
    }

    /// 补发 — it may have been sent before: the mark stands at the end of the first line, once.
    pub fn repeat(&mut self) {
        if self.is_repeat || self.mark.is_empty() {
            return;
        }
        self.is_repeat = true;
        let mark = self.mark.clone();
        self.add(&mark);
    }

    /// 补发 — it goes out later than it should have: marked now, and not a second time.
    pub fn late(&mut self, mark: &str) {
        self.add(mark);
        self.mark.clear();
    }

    /// A mark at the end of the first line.
    fn add(&mut self, mark: &str) {
        let text = &self.letter.text;
        let (first, rest) = text.split_once('\n').map_or((text.as_str(), None), |(first, rest)| (first, Some(rest)));
        self.letter.text = match rest {
            Some(rest) => format!("{first}{mark}\n{rest}"),
            None => format!("{first}{mark}"),
        };
    }

    /// Whether it is still somebody's, now that it is about to leave: rights, state and address are asked again.
    #[must_use]
    pub fn leaves(&self, world: &World<'_>, now: DateTime<Utc>) -> Leaves {
        self.whom.leaves(world, &self.letter.chat, now)
    }

    /// Key of the letter in the working store.
    #[must_use]
    pub fn key(&self) -> Key {
        letter_key(self.id)
    }
}

/// Key of a letter in the working store.
#[must_use]
pub fn letter_key(id: LetterId) -> Key {
    Key::new(own::LETTER).long(id.seq).num(id.index)
}

/// All letters that wait, in order.
#[must_use]
pub fn waiting(shelf: &dyn Shelf) -> Vec<Outgoing> {
    waiting_in(&World::on(shelf))
}

/// The same, with those of the present batch.
#[must_use]
pub fn waiting_in(world: &World<'_>) -> Vec<Outgoing> {
    world.list(&Key::new(own::LETTER), usize::MAX)
}

/// A message of a paper that was made and waits for the moment at which it may be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name, also as a letter.
    pub id: LetterId,
    /// The group it is for, wherever that is by then.
    pub group: GroupId,
    /// The moment from which on it may be sent, quiet time aside.
    pub from: DateTime<Utc>,
    /// Whether it says 补发 already.
    pub late: bool,
    /// What it is about, if one thing.
    pub about: Option<Mark>,
    /// The message as it was made.
    pub text: String,
}

impl Kept {
    /// All that are kept, in the order in which they were made.
    #[must_use]
    pub fn all(world: &World<'_>) -> Vec<Self> {
        world.list(&Key::new(own::PAPER), usize::MAX)
    }

    /// Key of the message in the working store.
    #[must_use]
    pub fn key(&self) -> Key {
        kept_key(self.id)
    }
}

/// Key of a message that is kept.
#[must_use]
pub fn kept_key(id: LetterId) -> Key {
    Key::new(own::PAPER).long(id.seq).num(id.index)
}

/// A live card as sent: where it stands and what it said at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The platform's name for the message.
    pub message: String,
    /// What it said at first.
    pub letter: Letter,
}

/// Key of the card of something in a chat.
#[must_use]
pub fn card_key(subject: Subject, chat: &str) -> Key {
    cards_of(subject).text(chat)
}

/// Notes where a card stands, if that is what a letter became.
///
/// # Errors
/// If the store fails; the card is then not updated.
pub fn note_card(state: &State, letter: &Outgoing, message: &str) -> Result<(), StateError> {
    let Some(subject) = letter.card else { return Ok(()) };
    let card = Card { message: message.to_owned(), letter: letter.letter.clone() };
    let row = postcard::to_allocvec(&card).map_err(|_| StateError::Lost)?;
    state.note(card_key(subject, &letter.letter.chat).bytes(), &row)
}

/// What a message of ours is about, as noted when it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The day it was sent on, as a number.
    pub day: u32,
    /// What it is about.
    pub about: About,
}

/// Days it is remembered what a message is about. Older ones are read from their words.
pub const SENT_DAYS: u32 = 60;

fn sent_key(chat: &str, message: &str) -> Key {
    Key::new(own::SENT).text(whole_chat(chat)).text(message)
}

/// Notes what a message is about.
///
/// # Errors
/// If the store fails.
pub fn note_about(state: &State, letter: &Letter, message: &str, at: DateTime<Utc>) -> Result<(), StateError> {
    let sent = Sent { day: day_of(at), about: About::of(letter) };
    let row = postcard::to_allocvec(&sent).map_err(|_| StateError::Lost)?;
    state.note(sent_key(&letter.chat, message).bytes(), &row)
}

/// What a quoted message of the bot is about: as the platform kept it, as we noted it, or else as its words say.
#[must_use]
pub fn about(world: &World<'_>, place: &Place, quote: &Quote) -> Option<Mark> {
    if !quote.by_bot {
        return None;
    }
    let noted = || match place {
        Place::Group { chat, .. } | Place::Private { chat } if !quote.message.is_empty() => {
            world.get::<Sent>(&sent_key(chat, &quote.message)).map(|sent| sent.about)
        }
        Place::Group { .. } | Place::Private { .. } | Place::Page { .. } => None,
    };
    let about = if quote.about.is_unknown() { noted().unwrap_or_default() } else { quote.about.clone() };
    about.or_else(|| read_mark(&quote.text))
}

/// Prefix of the cards of something.
#[must_use]
pub fn cards_of(subject: Subject) -> Key {
    match subject {
        Subject::Poll(poll) => Key::new(own::CARD).num(0).num(poll.0),
        Subject::Topic(topic) => Key::new(own::CARD).num(1).num(topic.0),
    }
}

/// A change to a message sent before; only the latest matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The platform's name for the message.
    pub message: String,
    /// What it says from now on.
    pub letter: Letter,
}

/// A delivery that was seen, and what was answered at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The day it was seen on, as a number.
    pub day: u32,
    /// Text for the presser.
    pub toast: Option<String>,
    /// Text for the page.
    pub page: Option<String>,
    /// Link for the page.
    pub link: Option<String>,
    /// What was recorded by it.
    pub led_to: LedTo,
}

impl Seen {
    /// What was recorded by a delivery, and answered at once.
    #[must_use]
    pub fn new(receipt: &Receipt, at: DateTime<Utc>, facts: &[Event]) -> Self {
        let Receipt { toast, page, link, is_forgotten: _, wants_file: _ } = receipt.clone();
        Self { day: day_of(at), toast, page, link, led_to: LedTo::of(facts) }
    }
}

impl From<Seen> for Receipt {
    fn from(seen: Seen) -> Self {
        let is_forgotten = seen.led_to == LedTo::Nothing;
        Self { toast: seen.toast, page: seen.page, link: seen.link, wants_file: false, is_forgotten }
    }
}

/// Days a delivery is remembered beside today; no platform delivers again later than a day.
pub const SEEN_DAYS: u32 = 1;

/// The day a delivery was seen on, as a number.
#[must_use]
pub fn day_of(at: DateTime<Utc>) -> u32 {
    u32::try_from(at.num_days_from_ce()).unwrap_or(0)
}

/// Key under which a delivery is remembered.
#[must_use]
pub fn seen_key(delivery: &str) -> Key {
    Key::new(own::SEEN).text(delivery)
}

/// What was answered to a delivery, if it was seen lately.
#[must_use]
pub fn seen(world: &World<'_>, delivery: &str) -> Option<Seen> {
    world.get(&seen_key(delivery))
}
