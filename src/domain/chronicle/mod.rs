//! 台账行 — how a fact stands in the history of a topic or of a month: as one line, with the words and the verdict of that moment, or as
//! none, and why. One closed table ([`table`] and what it leads to). The world only says which records have lines
//! (`evolve::chronicle`); the words are read from the records themselves, because what is changed later lies over them in the world.

mod brief;
pub mod index;
mod line;
mod process;
mod table;
mod talk;
mod vote;

pub use crate::domain::history::export::Line;
use crate::domain::history::export::{gathering, suggestion as suggestion_of, task};
pub use table::entry;

use crate::domain::brief::Subject;
use crate::domain::event::Record;
use crate::domain::intake::slip::w;
use crate::domain::kernel::ids::{
    CampaignNo, CharityNo, GatheringNo, PersonId, PollNo, SeriesNo, SlipNo, TaskNo, TopicNo,
};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::seat::Seat;
use crate::domain::kernel::words::Words;
use crate::domain::people::undoable::Undoable;
use crate::domain::process::hiding::Shown;
use crate::domain::talk::gathering::SignUpLine;
use crate::say;
use std::collections::{BTreeMap, BTreeSet};

/// 档案 — whoever can read records back.
pub trait Archive {
    /// Visits the records with these numbers, in ascending order.
    fn records(&self, numbers: &[u64], visit: &mut dyn FnMut(&Record));
}

/// Records at hand.
impl Archive for BTreeMap<u64, Record> {
    fn records(&self, numbers: &[u64], visit: &mut dyn FnMut(&Record)) {
        let wanted: BTreeSet<&u64> = numbers.iter().collect();
        wanted.into_iter().filter_map(|number| self.get(number)).for_each(visit);
    }
}

/// How a fact stands in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry<'f> {
    /// As a line.
    Row(Box<Row<'f>>),
    /// As none.
    Silent(Why),
}

/// Why a fact has no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// 票 — who voted, for whom, why, is told by the count alone.
    Ballot,
    /// How the office, its groups, stations and lists are set up.
    Setting,
    /// 账号 — who came by which account, and what is on its way there.
    Account,
    /// 注销 — who asks to be forgotten is not written down again.
    Erasure,
    /// Another fact of the same record has the line.
    Beside,
    /// Letters, reminders and tables on their way.
    Delivery,
    /// The machine, its clock and its network.
    Machine,
    /// Nothing was said to anybody, or it was not taken.
    Unheard,
}

/// What a line belongs to, from which its topic follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A topic.
    Topic(TopicNo),
    /// 办件.
    Task(TaskNo),
    /// 活动.
    Gathering(GatheringNo),
    /// 周末有约.
    Series(SeriesNo),
    /// 表决.
    Poll(PollNo),
    /// 点单 by a code.
    Slip(SlipNo),
    /// 爱心项目.
    Charity(CharityNo),
    /// Somebody, and through them their town.
    Person(PersonId),
    /// Whatever is shown.
    Shown(Shown),
    /// A hiding by its number.
    Hiding(u32),
    /// What a brief came from or led to.
    Subject(Subject),
    /// What was taken back.
    Undone(Undoable),
    /// The whole district.
    District,
}

/// What a line says, before names are put to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text<'f> {
    /// Nothing.
    Nothing,
    /// As somebody said it.
    Words(&'f Words),
    /// Somebody's name.
    Who(PersonId),
    /// Names.
    People(&'f [PersonId]),
    /// A seat, by flat or name.
    Seat(TopicNo, Seat),
    /// 接龙, with the number of the first line.
    SignUps(GatheringNo, u32, &'f [SignUpLine]),
    /// The name of a series.
    Series(SeriesNo),
    /// The name of a campaign.
    Campaign(CampaignNo),
    /// The sums of a poll.
    Count(PollNo),
    /// A number, a day, a term.
    Value(Value),
    /// One after the other.
    All(Vec<Text<'f>>),
}

/// A line of the history, as the fact has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'f> {
    /// Key of the term for what was done.
    pub what: &'static str,
    /// What it belongs to.
    pub of: Of,
    /// 并案, 专题 — the other topics it belongs to.
    pub also: Vec<TopicNo>,
    /// Whether it is told of whoever caused the record, also where the figures count it as somebody else's.
    pub is_by_record: bool,
    /// Its number.
    pub about: Say,
    /// What was said.
    pub text: Text<'f>,
    /// What was said besides, for the office alone.
    pub inner: Text<'f>,
    /// What lies aside with these words when it is hidden.
    pub words: Option<Shown>,
    /// Whose deed it is, where that is not whoever caused the record.
    pub who: Option<PersonId>,
    /// 代录人 — who wrote it down for them.
    pub recorder: Option<PersonId>,
    /// Whether everybody may read it.
    pub open: bool,
}

impl<'f> Row<'f> {
    fn new(what: &'static str, of: Of) -> Self {
        let (about, text) = (say!("none"), Text::Nothing);
        Self {
            what,
            of,
            also: Vec::new(),
            is_by_record: false,
            about,
            text,
            inner: Text::Nothing,
            words: None,
            who: None,
            recorder: None,
            open: true,
        }
    }

    fn about(self, about: Say) -> Self {
        Self { about, ..self }
    }

    fn text(self, text: Text<'f>) -> Self {
        Self { text, ..self }
    }

    fn inner(self, inner: Text<'f>) -> Self {
        Self { inner, ..self }
    }

    fn words(self, shown: Shown) -> Self {
        Self { words: Some(shown), ..self }
    }

    fn by(self, who: PersonId) -> Self {
        Self { who: Some(who), ..self }
    }

    fn recorder(self, recorder: PersonId) -> Self {
        Self { recorder: Some(recorder), ..self }
    }

    fn also(self, topic: TopicNo) -> Self {
        Self { also: vec![topic], ..self }
    }

    fn also_of(self, also: Vec<TopicNo>) -> Self {
        Self { also, ..self }
    }

    fn by_its_record(self) -> Self {
        Self { is_by_record: true, ..self }
    }

    /// For the office alone.
    fn inside(self) -> Self {
        Self { open: false, ..self }
    }

    fn row(self) -> Entry<'f> {
        Entry::Row(Box::new(self))
    }
}

impl<'f> From<Row<'f>> for Entry<'f> {
    fn from(row: Row<'f>) -> Self {
        row.row()
    }
}

/// A part that may be there.
fn maybe<'f>(text: Option<Text<'f>>) -> Text<'f> {
    text.unwrap_or(Text::Nothing)
}

fn term<'f>(key: &str) -> Text<'f> {
    Text::Value(Value::Term(key.to_owned()))
}

fn value<'f>(value: impl Into<Value>) -> Text<'f> {
    Text::Value(value.into())
}

fn slip(no: SlipNo) -> Say {
    say!("export.slip", w = w(no))
}

fn draft(n: u32) -> Say {
    say!("export.draft", v = n)
}
