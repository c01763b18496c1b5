//! 所指 — what a reply is about, as its entry in `commands/*.toml` declares it: `about = { topic = "no" }`.
//!
//! The declaration names the values that hold the reference, so the mark of a letter comes from what the domain said, whatever
//! words a clerk puts around it. `tests/catalog.rs` holds each declaration against what a reader would see in the built-in words:
//! a reply that shows a reference and declares none fails there, and so does the opposite.

use super::catalog::Catalog;
use crate::domain::kernel::ids::{
    BriefNo, ClaimNo, GatheringNo, ObjectionRef, ProposalNo, SlipNo, SuggestionRef, TaskNo, TopicNo,
};
use crate::domain::kernel::mark::{Mark, Why};
use crate::domain::kernel::say::{Say, Value};
use chrono::{Datelike, Timelike};
use chrono_tz::Tz;
use serde::Deserialize;

/// Replies inside replies looked into, at most.
const MAX_DEPTH: usize = 4;

/// What a reply is about: each holds the name of the brace that says which.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Nothing, though one of its parts is about something.
    Nothing,
    /// A topic.
    Topic(String),
    /// The list of the suggestions on a topic.
    Suggestions(String),
    /// A suggestion.
    Suggestion(String),
    /// A gathering.
    Gathering(String),
    /// A poll on a topic.
    Poll {
        /// The topic.
        no: String,
        /// When it closes, where the reply says so.
        ends: Option<String>,
    },
    /// A brief.
    Brief(String),
    /// A proposal.
    Proposal(String),
    /// A request from a code.
    Slip(String),
    /// A claim.
    Claim(String),
    /// The claims that wait.
    Claims,
    /// An objection.
    Objection(String),
    /// A task.
    Task(String),
    /// What was not satisfying about a task.
    WhyTask(String),
    /// The same of a proposal.
    WhyProposal(String),
    /// Why somebody is against in the vote on a topic.
    WhyAgainst(String),
}

impl About {
    /// The braces it names.
    pub fn braces(&self) -> impl Iterator<Item = &str> {
        let (first, second) = match self {
            Self::Nothing | Self::Claims => (None, None),
            Self::Topic(no)
            | Self::Suggestions(no)
            | Self::Suggestion(no)
            | Self::Gathering(no)
            | Self::Brief(no)
            | Self::Proposal(no)
            | Self::Slip(no)
            | Self::Claim(no)
            | Self::Objection(no)
            | Self::Task(no)
            | Self::WhyTask(no)
            | Self::WhyProposal(no)
            | Self::WhyAgainst(no) => (Some(no), None),
            Self::Poll { no, ends } => (Some(no), ends.as_ref()),
        };
        first.into_iter().chain(second).map(String::as_str)
    }

    /// The mark, from the values of a reply; `None` if they hold none.
    fn of(&self, say: &Say, tz: Tz) -> Option<Mark> {
        Some(match self {
            Self::Nothing => return None,
            Self::Topic(no) => Mark::Topic(TopicNo(count(say, no)?)),
            Self::Suggestions(no) => Mark::Suggestions(TopicNo(count(say, no)?)),
            Self::Suggestion(at) => {
                let (topic, n) = pair(say, at)?;
                Mark::Suggestion(SuggestionRef { topic: TopicNo(topic), n })
            }
            Self::Gathering(no) => Mark::Gathering(GatheringNo(count(say, no)?)),
            Self::Poll { no, ends } => Mark::Poll {
                topic: TopicNo(count(say, no)?),
                ends: ends.as_deref().and_then(|name| moment(say, name, tz)),
            },
            Self::Brief(no) => Mark::Brief(BriefNo(count(say, no)?)),
            Self::Proposal(no) => Mark::Proposal(ProposalNo(count(say, no)?)),
            Self::Slip(no) => Mark::Slip(SlipNo(count(say, no)?)),
            Self::Claims => Mark::Claims,
            Self::Claim(no) => Mark::Claim(ClaimNo(count(say, no)?)),
            Self::Objection(at) => {
                let (topic, n) = pair(say, at)?;
                Mark::Objection(ObjectionRef { topic: TopicNo(topic), n })
            }
            Self::Task(no) => Mark::Task(TaskNo(count(say, no)?)),
            Self::WhyTask(no) => Mark::Why(Why::Task(TaskNo(count(say, no)?))),
            Self::WhyProposal(no) => Mark::Why(Why::Proposal(ProposalNo(count(say, no)?))),
            Self::WhyAgainst(no) => Mark::Why(Why::Against(TopicNo(count(say, no)?))),
        })
    }
}

/// What a reply is about: its own declaration, or that of a reply it has as a part. Rows of a list are not looked into: a list is
/// about nothing in particular.
pub(super) fn about(catalog: &Catalog, say: &Say, tz: Tz) -> Option<Mark> {
    within(catalog, say, tz, 0)
}

fn within(catalog: &Catalog, say: &Say, tz: Tz, depth: usize) -> Option<Mark> {
    if depth > MAX_DEPTH {
        return None;
    }
    match catalog.reply(&say.key).and_then(|reply| reply.about.as_ref()) {
        // “刚记过了（{ref}）”: what fills the brace may be of another kind, and says so itself.
        Some(about) => match about.braces().next().and_then(|name| value(say, name)) {
            Some(Value::Part(part)) => within(catalog, part, tz, depth + 1),
            _ => about.of(say, tz),
        },
        None => say.args.iter().find_map(|(_, value)| match value {
            Value::Part(part) => within(catalog, part, tz, depth + 1),
            Value::Text(_)
            | Value::Quote(_)
            | Value::Num(_)
            | Value::Moment(_)
            | Value::Meeting(_)
            | Value::Day(_)
            | Value::Clock(_)
            | Value::Term(_)
            | Value::Percent { .. }
            | Value::List(_)
            | Value::Lines(_)
            | Value::Clauses(_)
            | Value::Sides(_)
            | Value::Link(_)
            | Value::Commas(_) => None,
        }),
    }
}

fn value<'s>(say: &'s Say, name: &str) -> Option<&'s Value> {
    let (_, value) = say.args.iter().find(|(arg, _)| arg == name)?;
    match value {
        // Of several the first, as a reader would take it.
        Value::List(all) => all.first(),
        value => Some(value),
    }
}

/// A number: 3, or W3 of a request from a code.
fn count(say: &Say, name: &str) -> Option<u32> {
    match value(say, name)? {
        Value::Num(no) => u32::try_from(*no).ok(),
        Value::Text(text) => text.trim_start_matches('W').parse().ok(),
        _ => None,
    }
}

/// Two numbers: 1-3 written in one, or the topic, whose fellow is {n}.
fn pair(say: &Say, name: &str) -> Option<(u32, u32)> {
    let Value::Text(text) = value(say, name)? else { return Some((count(say, name)?, count(say, "n")?)) };
    let (topic, n) = text.split_once('-')?;
    Some((topic.parse().ok()?, n.parse().ok()?))
}

/// Month, day, hour and minute, as the reply shows them.
fn moment(say: &Say, name: &str, tz: Tz) -> Option<(u32, u32, u32, u32)> {
    let Value::Moment(at) = value(say, name)? else { return None };
    let local = at.with_timezone(&tz);
    Some((local.month(), local.day(), local.hour(), local.minute()))
}
