//! The scene of one turn: who speaks, where, when, to what; the settings of the office; and what a decision looks like.

use crate::domain::command::Command;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{GroupId, PersonId, StationId, TopicNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::said::Way;
use crate::domain::kernel::say;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::token::written;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::people::person::Person;
use crate::say;
use chrono::{DateTime, Utc};

/// The sentence for somebody whose turn could not be recorded.
#[must_use]
pub fn not_recorded(ctx: &Ctx<'_>) -> Say {
    let names: Vec<say::Value> =
        ctx.world.coordinators_of("").iter().take(3).map(|person| (&person.name).into()).collect();
    say!("e.inner", who = say::Value::List(names))
}

/// 所在 — where a turn happens, by our own numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a group.
    Group(GroupId),
    /// In private.
    Private,
    /// On a page.
    Page {
        /// The station whose code was scanned.
        station: Option<StationId>,
        /// The topic whose code was scanned.
        topic: Option<TopicNo>,
    },
}

/// 账号 — what the platform tells of the account that speaks. Only the address is to be relied on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// Account, with its platform.
    pub account: String,
    /// Name the platform shows.
    pub shown: String,
    /// Address of the private chat, empty if the platform has none.
    pub private_chat: String,
}

/// One turn, as `decide` sees it.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Now, by our clock.
    pub now: DateTime<Utc>,
    /// When the platform says it was said; presses carry no time.
    pub said_at: Option<DateTime<Utc>>,
    /// Who speaks.
    pub who: Person,
    /// Where.
    pub place: Place,
    /// How it came.
    pub way: Way,
    /// What the quoted message of the bot is about.
    pub reply: Option<Mark>,
    /// Whether it answers a message of somebody, not of ours.
    pub quotes: bool,
    /// What was said, with telephone and identity numbers masked: for a line to send again with another word in it.
    pub said: String,
    /// Whether telephone or identity numbers were masked in the text.
    pub masked: bool,
    /// The account it comes from.
    pub caller: Caller,
    /// Chance, for what must not be guessed; `None` where there is none to be had.
    pub dice: Option<[u8; 16]>,
}

/// What `decide` has to go by.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    /// The world, including the turns before this one.
    pub world: &'a World<'a>,
    /// Settings of the office.
    pub settings: &'a Settings,
    /// The turn.
    pub scene: &'a Scene,
}

impl Ctx<'_> {
    /// Who speaks.
    #[must_use]
    pub fn me(&self) -> PersonId {
        self.scene.who.id
    }

    /// The group it is said in.
    #[must_use]
    pub fn group(&self) -> Option<GroupId> {
        match self.scene.place {
            Place::Group(group) => Some(group),
            Place::Private | Place::Page { .. } => None,
        }
    }
}

/// 待确认 — how long a question waits for its yes, in minutes.
pub const ASKED_MINUTES: u32 = 30;

/// 听成 — the vote and the choice a ballot was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// The topic.
    pub no: TopicNo,
    /// The question.
    pub title: Words,
    /// The choice, by its words.
    pub op: Value,
}

/// 决定 — what follows from a turn: facts for the record, or an answer that changes nothing, or both, or silence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// What has happened.
    pub facts: Vec<Event>,
    /// What is answered besides what the facts announce.
    pub answer: Vec<Say>,
    /// 下一页 — what follows the answer where somebody asks for its next page. Without facts.
    pub further: Vec<Say>,
    /// What is answered to the speaker alone, in private, where it is asked in a group.
    pub aside: Vec<Say>,
    /// What the receipt of a ballot says besides, where more was understood than was written.
    pub understood: Option<Box<Understood>>,
    /// 待确认 — what the speaker is asked to say yes to before it is done. Without facts, and in private.
    pub asks: Option<Box<Command>>,
    /// 一并办 — commands decided one after another, each on the world the one before left. Without facts; `answer` are the rows of what
    /// is not among them, told with how many were done.
    pub each: Option<Several>,
}

/// 一并办 — several commands that were asked for with one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several {
    /// How it is told what became of them.
    pub told: Told,
    /// The commands.
    pub commands: Vec<Command>,
}

/// As what it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// 登记 of a list.
    Enrolled,
    /// 确认 全部.
    Confirmed,
}

impl Decision {
    /// Nothing is said and nothing happens.
    #[must_use]
    pub fn silent() -> Self {
        Self::default()
    }

    /// One fact.
    #[must_use]
    pub fn fact(event: Event) -> Self {
        Self { facts: vec![event], ..Self::default() }
    }

    /// Several facts.
    #[must_use]
    pub fn facts(facts: Vec<Event>) -> Self {
        Self { facts, ..Self::default() }
    }

    /// A question: the command is decided when the speaker says yes.
    #[must_use]
    pub fn ask(say: Say, command: Command) -> Self {
        Self { answer: vec![say], asks: Some(Box::new(command)), ..Self::default() }
    }

    /// An answer that changes nothing.
    #[must_use]
    pub fn answer(say: Say) -> Self {
        Self { answer: vec![say], ..Self::default() }
    }
}

/// A decision, or the sentence that says what is missing and what to type next (拒绝). A refusal changes nothing.
pub type Decided = Result<Decision, Say>;

impl Ctx<'_> {
    /// A token of so many letters (at most 25), five bits of chance each; `None` if there is no chance to be had.
    #[must_use]
    pub fn token(&self, letters: u32) -> Option<String> {
        Some(written(self.scene.dice?, letters))
    }
}
