//! What the bot says, before it has words: the key of a reply in `commands/*.toml` and the values that fill it.
//!
//! The domain never formats text for people. A [`Value`] keeps its type (a time, a share, a step), and `language::render` writes
//! it the way the reader's language does.

use crate::domain::kernel::ids::{BriefNo, ClaimNo, GatheringNo, ProposalNo, SuggestionRef, TaskNo, TopicNo};
use crate::domain::kernel::words;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// One reply: `say!("second", no = topic, n = 2)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Say {
    /// Key of the template, e.g. `topic.new`.
    pub key: String,
    /// What fills its braces.
    pub args: Vec<(String, Value)>,
}

impl Say {
    /// A reply without values.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: Vec::new() }
    }

    /// Adds a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        // `r#ref = …` is how Rust spells a brace called {ref}.
        let name = name.strip_prefix("r#").unwrap_or(name);
        self.args.push((name.to_owned(), value.into()));
        self
    }
}

/// Builds a [`Say`]. A tidy test reads these calls in the source and compares them with the templates: every key must exist,
/// every brace must be filled.
#[macro_export]
macro_rules! say {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::domain::kernel::say::Say::new($key)$(.with(stringify!($name), $value))*
    };
}

/// A value inside a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// As somebody said it. Cleaned of control and direction characters on its way out, never before.
    Text(String),
    /// Somebody's text quoted inside a line: line breaks become spaces, more than 24 characters are cut with “…” (digest.md §1).
    Quote(String),
    /// A count.
    Num(i64),
    /// A moment: 3月30日20:00.
    Moment(DateTime<Utc>),
    /// A moment with weekday, for gatherings: 3月8日 星期六 9:30.
    Meeting(DateTime<Utc>),
    /// A local date: 3月14日.
    Day(NaiveDate),
    /// A time of day: 20:00.
    Clock(NaiveTime),
    /// A term of the field by its key in `commands/words.toml`, e.g. `step.talking`, `side.expert`, `rule.majority.long`.
    Term(String),
    /// A share of a whole in percent with this many decimals, rounded half up by integers; `den` 0 reads as 0.
    Percent {
        /// Part.
        num: u64,
        /// Whole.
        den: u64,
        /// At most 6.
        decimals: u8,
    },
    /// Values joined by the language's list separator (、).
    List(Vec<Value>),
    /// Replies joined by line breaks.
    Lines(Vec<Say>),
    /// Replies joined by the language's clause separator (；).
    Clauses(Vec<Say>),
    /// A reply inside a reply; an optional part that may be empty is `Say::new("none")`.
    Part(Box<Say>),
    /// 五方 — which of the five sides are present, bit by bit in the order of [`Side::ALL`](crate::domain::people::person::Side::ALL).
    Sides(u8),
    /// A link below the public address: path such as `t/1`. Without a public address the line that holds it is left out.
    Link(String),
    /// Replies joined by the language's comma (，).
    Commas(Vec<Say>),
}

macro_rules! into_value {
    ($($from:ty => $variant:expr),* $(,)?) => {
        $(impl From<$from> for Value {
            fn from(value: $from) -> Self {
                #[allow(clippy::redundant_closure_call, reason = "one macro for all conversions")]
                ($variant)(value)
            }
        })*
    };
}

into_value! {
    &str => |v: &str| Self::Text(v.to_owned()),
    String => Self::Text,
    &words::Words => |v: &words::Words| Self::Text(v.as_str().to_owned()),
    u32 => |v: u32| Self::Num(i64::from(v)),
    u64 => |v: u64| Self::Num(i64::try_from(v).unwrap_or(i64::MAX)),
    i64 => Self::Num,
    usize => |v: usize| Self::Num(i64::try_from(v).unwrap_or(i64::MAX)),
    TopicNo => |v: TopicNo| Self::Num(i64::from(v.0)),
    BriefNo => |v: BriefNo| Self::Num(i64::from(v.0)),
    ProposalNo => |v: ProposalNo| Self::Num(i64::from(v.0)),
    TaskNo => |v: TaskNo| Self::Num(i64::from(v.0)),
    GatheringNo => |v: GatheringNo| Self::Num(i64::from(v.0)),
    ClaimNo => |v: ClaimNo| Self::Num(i64::from(v.0)),
    SuggestionRef => |v: SuggestionRef| Self::Text(v.to_string()),
    NaiveDate => Self::Day,
    NaiveTime => Self::Clock,
    Say => |v: Say| Self::Part(Box::new(v)),
}

/// The example line of a command, by the key of its file: `ex.suggest` is the example of `commands/suggest.toml`.
#[must_use]
pub fn example_of(key: &str) -> Value {
    Value::Term(key.to_owned())
}
