//! 填票 — what somebody's words mean in the poll they are for: 赞成, 反对, 弃权, with a reason where it asks for one, or options.
//!
//! 不记名: such ballots are taken in private and on the page only, never in a group, not even by a button; a moderator cannot enter
//! one for somebody (代投), because they would know it.

use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::Value;
use crate::domain::vote::poll::terms::{Fault, Marks, Terms};
use crate::domain::vote::tally::Choice;
use crate::say;

/// 怎么说的 — in which way the words of a ballot came: by that it is known whether they may be ordinary talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoken {
    /// 投 …: meant as a ballot, whatever it says.
    Line,
    /// In reply to the card: always answered while the vote is open.
    Card,
    /// In private and in reply to nothing: a ballot where it is one, else talk.
    Alone,
}

/// What somebody wrote on a ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// As it was written.
    pub text: String,
    /// In which way.
    pub spoken: Spoken,
    /// What it means: as in a vote of yes and no as long as it is not known which vote it is for.
    pub meant: Meant,
}

/// 叫法 — what the choices of a vote are called, and what its voter is called: by these words are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Called {
    /// The topic of the vote.
    pub topic: Option<TopicNo>,
    /// What it asks.
    pub title: String,
    /// Its options, if it has any.
    pub terms: Terms,
    /// The voter's own flats.
    pub flats: Vec<String>,
    /// The voter's own names.
    pub names: Vec<String>,
}

/// One of the choices of a vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// 赞成, 反对, 弃权.
    One(Choice),
    /// Options.
    Marks(Marks),
}

/// What words mean in a vote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// A choice and no other.
    Choice {
        /// Which.
        picked: Picked,
        /// What was said of it.
        reason: String,
        /// Whether it is written as the card says it; else the receipt says what was understood.
        is_plain: bool,
    },
    /// A choice is spoken of, but nobody may say which is meant: it is asked back.
    Doubt(Doubt),
    /// No choice is spoken of.
    Nothing,
}

/// Why words are no ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// Two choices.
    Two,
    /// A question.
    Asks,
    /// A condition.
    Depends,
    /// A choice and a no to it: 不反对 is not 赞成.
    Denies,
    /// The flat of somebody else.
    Other(String),
    /// The number of another topic.
    OtherTopic(TopicNo),
    /// A part nobody can read.
    Unclear(String),
    /// What is wrong with the options.
    Option(Fault),
}

/// All options with their numbers.
#[must_use]
pub fn listed(terms: &Terms) -> Value {
    let row = |number: u8| say!("option.row", k = u32::from(number), opt = terms.option(number));
    Value::Clauses((1..=terms.count()).map(row).collect())
}
