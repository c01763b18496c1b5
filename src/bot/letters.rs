//! Letters and cards as they wait in the working store. A letter is written with the facts that caused it and taken away when its
//! platform has it; so it is said at least once, and after a crash nothing that waited is lost.

use crate::domain::event::{Event, Undoable};
use crate::domain::ids::{GroupId, PollNo, TopicNo};
use crate::domain::mandate;
use crate::domain::world::{Key, Shelf, World};
use crate::platform::{Letter, Receipt};
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
    /// What is said, and where.
    pub letter: Letter,
}

/// What a live card is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// An open poll: its turnout.
    Poll(PollNo),
    /// A topic: where it stands.
    Topic(TopicNo),
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
    World::on(shelf).list(&Key::new(own::LETTER), usize::MAX)
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

/// What a delivery led to, as far as a later version of the same message may change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LedTo {
    /// A topic, a suggestion or a reply: words that can be put right.
    Words(Undoable),
    /// A ballot of one's own, or cast by mandate: it can be cast again.
    Ballot,
    /// Nothing that is kept: it was turned away (拦截).
    Nothing,
    /// Anything else.
    Other,
}

impl LedTo {
    /// What the facts of a record are.
    #[must_use]
    pub fn of(facts: &[Event]) -> Self {
        let found = facts.iter().find_map(|fact| match fact {
            Event::TopicOrdered { topic, .. } => Some(Self::Words(Undoable::Topic(*topic))),
            Event::SuggestionMade { suggestion, .. } => Some(Self::Words(Undoable::Suggestion(*suggestion))),
            Event::ReplyMade { to, n, .. } => Some(Self::Words(Undoable::Reply(*to, *n))),
            Event::BallotCast { proxy: false, .. } | Event::Mandate(mandate::Fact::Used { .. }) => Some(Self::Ballot),
            Event::Intercepted => Some(Self::Nothing),
            _ => None,
        });
        found.unwrap_or(Self::Other)
    }
}

impl Seen {
    /// What was recorded by a delivery, and answered at once.
    #[must_use]
    pub fn new(receipt: &Receipt, at: DateTime<Utc>, facts: &[Event]) -> Self {
        let Receipt { toast, page, link } = receipt.clone();
        Self { day: day_of(at), toast, page, link, led_to: LedTo::of(facts) }
    }
}

impl From<Seen> for Receipt {
    fn from(seen: Seen) -> Self {
        Self { toast: seen.toast, page: seen.page, link: seen.link }
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
