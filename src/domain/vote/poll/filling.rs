//! 填票 — what somebody's words mean in the poll they are for: 赞成, 反对, 弃权, with a reason where it asks for one, or options.
//!
//! 不记名: such ballots are taken in private and on the page only, never in a group, not even by a button; a moderator cannot enter
//! one for somebody (代投), because they would know it.

use crate::domain::kernel::say::Value;
use crate::domain::vote::poll::terms::Terms;
use crate::domain::vote::tally::Choice;
use crate::say;

/// What somebody wrote on a ballot: only the poll tells what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// As it was written.
    pub text: String,
    /// The choice, if it begins with one.
    pub choice: Option<Choice>,
    /// What follows the choice.
    pub reason: String,
    /// What follows is passed over where no reason is asked for (/投票 1 反对 …).
    pub is_aside: bool,
}

impl Said {
    pub(crate) fn is_choice(&self) -> bool {
        self.choice.is_some() && self.reason.is_empty()
    }

    /// More than a choice or figures: said in reply to a card it may be ordinary talk.
    #[must_use]
    pub fn may_be_talk(&self) -> bool {
        !self.is_choice() && self.text.chars().any(char::is_alphabetic)
    }
}

/// All options with their numbers.
#[must_use]
pub fn listed(terms: &Terms) -> Value {
    let row = |number: u8| say!("option.row", k = u32::from(number), opt = terms.option(number));
    Value::Clauses((1..=terms.count()).map(row).collect())
}
