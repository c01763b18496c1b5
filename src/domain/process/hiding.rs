//! 隐藏 — whoever moderates takes what breaks the rules of the group (a personal attack, say) out of sight, with a reason: anything
//! that is shown. The ledger keeps it; whoever said it is told and can object once, which is settled in the open by somebody else.
//!
//! What is hidden is not in what everything reads: its words are put aside under [`Hiding`] and one mark stands in their place, so that
//! no list, digest, page or export can show them.

use crate::domain::kernel::ids::{
    BriefNo, GatheringNo, GroupId, ObjectionRef, PersonId, PollNo, ProposalNo, SlipNo, StationId, SuggestionRef,
    TaskNo, TopicNo,
};
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::person::{Person, Role};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Stands in the place of words that are hidden, until it is put into words.
pub const HIDDEN: char = '\u{E0F1}';

/// 能隐藏的 — everything that is shown and whose words somebody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// 议题 — title and text.
    Topic(TopicNo),
    /// 建议.
    Suggestion(SuggestionRef),
    /// 跟帖.
    Reply(SuggestionRef, u32),
    /// 异议.
    Objection(ObjectionRef),
    /// 答复 of an objection.
    Answer(ObjectionRef),
    /// 方案, a draft.
    Plan(TopicNo, u32),
    /// 公约, a draft.
    Pact(TopicNo, u32),
    /// 专家意见, of a round.
    Review(TopicNo, u32, PersonId),
    /// 表决事项.
    Poll(PollNo),
    /// 反对的理由 — those published with a poll.
    Reasons(PollNo),
    /// 办结说明.
    Closure(TopicNo),
    /// 暂缓、终止的理由.
    Halt(TopicNo),
    /// 交办的事, 答复, 强制办结的说明.
    Task(TaskNo),
    /// 活动 — name and place.
    Gathering(GatheringNo),
    /// 纪要.
    Minutes(GatheringNo),
    /// A line of 接龙.
    SignUp(GatheringNo, u32),
    /// 显示名 of somebody nobody has registered.
    Person(PersonId),
    /// 阵地.
    Station(StationId),
    /// 扫码点单.
    Slip(SlipNo),
    /// 社情民意.
    Brief(BriefNo),
    /// 微提案.
    Proposal(ProposalNo),
}

/// What has happened to something that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 隐藏 of a suggestion.
    Hidden {
        /// The suggestion.
        suggestion: SuggestionRef,
        /// Why.
        reason: Words,
    },
    /// 取消隐藏 of a suggestion.
    Shown {
        /// The suggestion.
        suggestion: SuggestionRef,
    },
    /// 隐藏 of anything else.
    Covered {
        /// What.
        what: Shown,
        /// Why.
        reason: Words,
    },
    /// 取消隐藏 of anything else.
    Uncovered {
        /// What.
        what: Shown,
    },
    /// 本人否认 — whoever a suggestion was written down for says that it is not theirs.
    Disowned {
        /// The suggestion.
        suggestion: SuggestionRef,
    },
    /// 本人认可 — whoever a suggestion was written down for says that it is theirs.
    Owned {
        /// The suggestion.
        suggestion: SuggestionRef,
    },
    /// 异议 of whoever said it, once.
    Contested {
        /// Number of the hiding.
        no: u32,
        /// Why it should be shown.
        text: Words,
    },
    /// 维持隐藏 — it stays hidden, by somebody else than who hid it.
    Upheld {
        /// Number of the hiding.
        no: u32,
        /// Why.
        reason: Words,
    },
}

/// What is to be hidden or shown again, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A suggestion; `None` = the one replied to.
    Suggestion(Option<SuggestionArg>),
    /// What is replied to is about this suggestion: it, or one of the 跟帖 under it.
    Quoted(SuggestionArg),
    /// 跟帖 n under a suggestion.
    Reply(SuggestionArg, u32),
    /// 异议, or (true) its answer.
    Objection(Option<TopicNo>, u32, bool),
    /// A part of a topic.
    Topic(Option<TopicNo>, Part),
    /// 专家意见 of somebody.
    Review(Option<TopicNo>, String),
    /// 活动; a line of its list.
    SignUp(GatheringNo, u32),
    /// What has a number of its own.
    Shown(Shown),
    /// Somebody's shown name.
    Person(String),
    /// 阵地 by name.
    Station(String),
    /// 隐3 — a hiding by its number.
    Number(u32),
}

/// The words of a topic that can be hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Title and text.
    Title,
    /// 方案, the latest draft.
    Plan,
    /// 公约, the latest draft.
    Pact,
    /// 表决事项 of the latest poll.
    Poll,
    /// The reasons published with the latest poll.
    Reasons,
    /// 办结说明.
    Closure,
    /// 暂缓、终止的理由.
    Halt,
}

impl Part {
    /// All, with the keys of their words in `commands/words.toml`.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::Title, "part.title"),
        (Self::Plan, "part.plan"),
        (Self::Pact, "part.pact"),
        (Self::Poll, "part.poll"),
        (Self::Reasons, "part.reasons"),
        (Self::Closure, "part.closure"),
        (Self::Halt, "part.halt"),
    ];
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// 隐藏.
    Hide,
    /// 取消隐藏.
    Show,
    /// 维持隐藏.
    Uphold,
}

/// 隐藏, 取消隐藏, 维持隐藏, and 异议 against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// By those who may.
    Set {
        /// What.
        target: Target,
        /// Why; not asked for where it is shown again.
        reason: String,
        /// Which of the three.
        act: Act,
    },
    /// 撤回 1-2, 不是我说的 — by whom it was written down for, at any time; `None` = the one thing that waits for their word.
    Disown(Option<SuggestionRef>),
    /// 不是我提的 — the same of a matter entered for the speaker, as long as nobody has acted on it.
    DisownTopic(TopicNo),
    /// 是我说的 — the other way round, by the same.
    Own(Option<SuggestionRef>),
    /// By whoever said it.
    Contest {
        /// Number of the hiding.
        no: u32,
        /// Why it should be shown.
        text: String,
    },
}

/// One hiding, from the moment it was hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hiding {
    /// Number.
    pub no: u32,
    /// What.
    pub what: Shown,
    /// Who hid it.
    pub by: Option<PersonId>,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Words,
    /// Whose words they are.
    pub author: Option<PersonId>,
    /// The topic it belongs to.
    pub topic: Option<TopicNo>,
    /// The words, in the order in which they were put aside.
    pub words: Vec<Words>,
    /// 异议 of whoever said it.
    pub contest: Option<Words>,
    /// 维持 — why it stays hidden after all.
    pub upheld: Option<Words>,
    /// Who settled it so.
    pub settled_by: Option<PersonId>,
    /// Whether it is shown again.
    pub lifted: bool,
    /// The group in which it was hidden.
    pub group: Option<GroupId>,
}

impl Entity for Hiding {
    fn key(&self) -> Key {
        Key::new(kind::HIDDEN).byte(1).num(self.no)
    }
}

/// Hidings that are looked through at once.
const MOST: usize = 5_000;

/// Where the numbers of the hidings lie under which suggestions of a topic are hidden.
fn suggestions_hidden(topic: TopicNo) -> Key {
    Key::new(kind::HIDDEN).byte(0).byte(1).num(topic.0)
}

impl Shown {
    /// Where the number of its hiding lies while it is hidden.
    #[must_use]
    pub fn place(&self) -> Key {
        let key = |tag: u8| Key::new(kind::HIDDEN).byte(0).byte(tag);
        match *self {
            Self::Topic(no) => key(0).num(no.0),
            Self::Suggestion(at) => suggestions_hidden(at.topic).num(at.n),
            Self::Reply(at, n) => key(2).num(at.topic.0).num(at.n).num(n),
            Self::Objection(at) => key(3).num(at.topic.0).num(at.n),
            Self::Answer(at) => key(4).num(at.topic.0).num(at.n),
            Self::Plan(no, draft) => key(5).num(no.0).num(draft),
            Self::Pact(no, draft) => key(6).num(no.0).num(draft),
            Self::Review(no, round, expert) => key(7).num(no.0).num(round).num(expert.0),
            Self::Poll(no) => key(8).num(no.0),
            Self::Reasons(no) => key(9).num(no.0),
            Self::Closure(no) => key(10).num(no.0),
            Self::Halt(no) => key(11).num(no.0),
            Self::Task(no) => key(12).num(no.0),
            Self::Gathering(no) => key(13).num(no.0),
            Self::Minutes(no) => key(14).num(no.0),
            Self::SignUp(no, n) => key(15).num(no.0).num(n),
            Self::Person(id) => key(16).num(id.0),
            Self::Station(id) => key(17).num(id.0),
            Self::Slip(no) => key(18).num(no.0),
            Self::Brief(no) => key(19).num(no.0),
            Self::Proposal(no) => key(20).num(no.0),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> Say {
        match *self {
            Self::Topic(no) => say!("shown.topic", no = no),
            Self::Suggestion(at) => say!("shown.suggestion", r#ref = at),
            Self::Reply(at, n) => say!("shown.reply", r#ref = at, n = n),
            Self::Objection(at) => say!("shown.objection", no = at.topic, n = at.n),
            Self::Answer(at) => say!("shown.answer", no = at.topic, n = at.n),
            Self::Plan(no, draft) => say!("shown.plan", no = no, v = draft),
            Self::Pact(no, draft) => say!("shown.pact", no = no, v = draft),
            Self::Review(no, ..) => say!("shown.review", no = no),
            Self::Poll(_) => say!("shown.poll"),
            Self::Reasons(_) => say!("shown.reasons"),
            Self::Closure(no) => say!("shown.closure", no = no),
            Self::Halt(no) => say!("shown.halt", no = no),
            Self::Task(no) => say!("shown.task", t = no),
            Self::Gathering(no) => say!("shown.gathering", a = no),
            Self::Minutes(no) => say!("shown.minutes", a = no),
            Self::SignUp(no, n) => say!("shown.sign_up", a = no, n = n),
            Self::Person(_) => say!("shown.person"),
            Self::Station(_) => say!("shown.station"),
            Self::Slip(no) => say!("shown.slip", w = format!("W{no}")),
            Self::Brief(no) => say!("shown.brief", b = no),
            Self::Proposal(no) => say!("shown.proposal", b = no),
        }
    }
}

impl World<'_> {
    /// A hiding by its number.
    #[must_use]
    pub fn hiding(&self, no: u32) -> Option<Hiding> {
        self.get(&Key::new(kind::HIDDEN).byte(1).num(no))
    }

    /// The hiding under which something is hidden now.
    #[must_use]
    pub fn hiding_of(&self, what: Shown) -> Option<Hiding> {
        self.hiding(self.get(&what.place())?)
    }

    /// Visits the suggestions of a topic that are hidden now, each with the number of its hiding, until `visit` answers false.
    pub fn hidden_suggestions(&self, topic: TopicNo, mut visit: impl FnMut(SuggestionRef, u32) -> bool) {
        self.scan(&suggestions_hidden(topic), |no: u32| match self.hiding(no).map(|hiding| hiding.what) {
            Some(Shown::Suggestion(at)) => visit(at, no),
            Some(_) | None => true,
        });
    }

    /// The latest hiding of something, also where it is shown again.
    #[must_use]
    pub fn last_hiding(&self, what: Shown) -> Option<Hiding> {
        let all: Vec<Hiding> = self.list(&Key::new(kind::HIDDEN).byte(1), MOST);
        all.into_iter().rev().find(|hiding| hiding.what == what)
    }

    /// 核定人 — who settles an objection to a hiding: coordinators, else administrators; neither who hid it nor whose it is. None where
    /// there is nobody else yet.
    #[must_use]
    pub fn judges(&self, hiding: &Hiding) -> Vec<Person> {
        let town = self.town_of_hiding(hiding);
        let is_other = |person: &Person| ![hiding.by, hiding.author].contains(&Some(person.id));
        let mut judges = self.coordinators_of(&town);
        judges.retain(is_other);
        if judges.is_empty() {
            judges = self.holders(Role::Admin);
            judges.retain(is_other);
        }
        judges
    }

    /// The town of whose matter something hidden is; empty for the district.
    #[must_use]
    pub fn town_of_hiding(&self, hiding: &Hiding) -> String {
        hiding.topic.and_then(|no| self.topic(no)).map(|topic| topic.town).unwrap_or_default()
    }

    /// All hidings, by number, also of what is shown again.
    #[must_use]
    pub fn hidings(&self) -> Vec<Hiding> {
        self.list(&Key::new(kind::HIDDEN).byte(1), MOST)
    }

    /// Everything that is hidden now, by number.
    #[must_use]
    pub fn hidden_now(&self) -> Vec<Hiding> {
        let mut all = self.hidings();
        all.retain(|hiding| !hiding.lifted);
        all
    }
}

impl Hiding {
    /// Whether it is objected to, and nobody has settled that.
    #[must_use]
    pub fn is_contested(&self) -> bool {
        self.contest.is_some() && self.upheld.is_none() && !self.lifted
    }

    /// 本人否认 — taken down by the one it was written down for, who gives no reason.
    #[must_use]
    pub fn is_disowned(&self) -> bool {
        self.by.is_some() && self.by == self.author && self.reason.as_str().is_empty()
    }
}

/// What is answered to whoever wants something of what is hidden: whoever disowned it, or whoever hid it, can have it shown again.
#[must_use]
pub fn hidden(world: &World<'_>, reference: SuggestionRef) -> Say {
    match world.hiding_of(Shown::Suggestion(reference)) {
        Some(hiding) if hiding.upheld.is_some() => upheld_by_ruling(world, &hiding),
        Some(hiding) if hiding.is_disowned() => {
            let who = hiding.author.map(|author| world.name_of(author)).unwrap_or_default();
            say!("e.disowned", r#ref = reference, who = who)
        }
        Some(_) | None => say!("e.hidden", r#ref = reference),
    }
}

/// What a coordinator has upheld is shown again by a coordinator.
#[must_use]
pub fn upheld_by_ruling(world: &World<'_>, hiding: &Hiding) -> Say {
    let town = hiding.topic.and_then(|no| world.topic(no)).map(|topic| topic.town).unwrap_or_default();
    let names = world.coordinators_of(&town).into_iter().take(3).map(|one| Value::from(&one.name)).collect();
    say!("e.hidden.upheld", what = hiding.what.name(), h = hiding.no, who = Value::List(names))
}
