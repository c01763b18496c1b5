//! 合并 — how a reply is said where more is said in a group than its readers, and the platform, take in a minute, as its entry in
//! `commands/*.toml` declares it: `receipt = { listed = { many = "sug.many", each = "ref" } }`.
//!
//! Whatever declares nothing waits with the others and is said in its own words: a new reply cannot fill a group's minute. What must be
//! said at once says why.

use super::catalog::{Catalog, braces};
use crate::domain::kernel::say::{Say, Value};
use serde::Deserialize;

/// How a reply waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merging {
    /// With the others, in its own words.
    #[default]
    Itself,
    /// Only the last one about the same is said; the brace that holds what it is about.
    Last(String),
    /// One reply names all.
    Listed {
        /// That reply; it has one brace.
        many: String,
        /// The brace of this one that goes into the list.
        each: String,
    },
    /// One reply has a row for each.
    Rows {
        /// That reply; it has one brace.
        many: String,
        /// The row, from the values of this one.
        row: String,
    },
    /// It does not wait, and why.
    AtOnce(Why),
    /// It does not wait, and nothing that waits about the same (the brace that holds it) is true any more.
    Outruns(String),
}

/// Why a reply does not wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// 开场 — people answer it where it stands: a vote, a gathering, a proposal.
    Opening,
    /// 结果 — what a vote came to.
    Result,
    /// 公示 — everybody's days to object begin with it; or it tells all of what was done by law.
    Notice,
}

/// The value of a brace.
#[must_use]
pub fn value<'s>(say: &'s Say, name: &str) -> Option<&'s Value> {
    say.args.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// Whether two replies are of one kind: 附议 and 附议 of another.
fn kind(say: &Say) -> &str {
    say.key.split('.').next().unwrap_or_default()
}

/// Whether a reply that waits is overtaken by another: it says the same of the same, as it was before.
#[must_use]
pub fn is_overtaken(catalog: &Catalog, waiting: &Say, by: &Say) -> bool {
    let about = |say: &Say| match catalog.merging(&say.key) {
        Merging::Last(name) | Merging::Outruns(name) => value(say, name).cloned(),
        Merging::Itself | Merging::Listed { .. } | Merging::Rows { .. } | Merging::AtOnce(_) => None,
    };
    kind(waiting) == kind(by) && about(by).is_some_and(|about_it| about(waiting) == Some(about_it))
}

/// Adds to the list a reply holds in its one brace.
fn add(lines: &mut Vec<Say>, catalog: &Catalog, many: &str, item: Item) {
    let at = lines.iter().position(|line| line.key == many).unwrap_or_else(|| {
        let brace = catalog.reply(many).and_then(|reply| braces(&reply.zh).first().map(|name| (*name).to_owned()));
        let empty = match item {
            Item::Named(_) => Value::List(Vec::new()),
            Item::Row(_) => Value::Lines(Vec::new()),
        };
        lines.push(Say { key: many.to_owned(), args: vec![(brace.unwrap_or_default(), empty)] });
        lines.len() - 1
    });
    match (lines.get_mut(at).and_then(|line| line.args.first_mut()), item) {
        (Some((_, Value::List(all))), Item::Named(value)) if !all.contains(&value) => all.push(value),
        (Some((_, Value::Lines(all))), Item::Row(row)) => all.push(row),
        _ => {}
    }
}

enum Item {
    Named(Value),
    Row(Say),
}

/// What waited, as it is said in one message: a line each, or one for all of a kind; in the order in which it happened.
#[must_use]
pub fn merged(catalog: &Catalog, waiting: &[Say]) -> Vec<Say> {
    let mut lines = Vec::new();
    for say in waiting {
        match catalog.merging(&say.key) {
            Merging::Listed { many, each } => match value(say, each) {
                Some(one) => add(&mut lines, catalog, many, Item::Named(one.clone())),
                None => lines.push(say.clone()),
            },
            Merging::Rows { many, row } => {
                add(&mut lines, catalog, many, Item::Row(Say { key: row.clone(), args: say.args.clone() }));
            }
            Merging::Itself | Merging::Last(_) | Merging::AtOnce(_) | Merging::Outruns(_) => lines.push(say.clone()),
        }
    }
    lines
}
