//! 未通过 — what a vote that did not pass leads to: sent back, given up, or, where too few took part, held once more by the same rule.

use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::process::form::Step;
use crate::domain::process::topic::Topic;
use crate::domain::vote::count;
use crate::domain::vote::poll::{Poll, Rule};
use crate::say;

/// What stands against another vote on a topic that was voted on: a plan that was turned down is not voted on again, and where too
/// few took part the same rule is used once more.
///
/// # Errors
/// `e.guard.vote`.
pub fn again(world: &World<'_>, topic: &Topic, rule: Rule) -> Result<(), Say> {
    let Some(failed) = failed_vote(world, topic) else { return Ok(()) };
    let missing = if was_turned_down(&failed) {
        say!("why.failed", no = topic.no)
    } else if failed.rule != rule {
        say!("why.same_rule", rule = Value::Term(failed.rule.term().to_owned()))
    } else {
        return Ok(());
    };
    Err(say!("e.guard.vote", no = topic.no, why = missing))
}

/// The vote on the plan as it stands that did not pass.
pub(crate) fn failed_vote(world: &World<'_>, topic: &Topic) -> Option<Poll> {
    let last = topic.last_poll.and_then(|no| world.poll(no)).or_else(|| counted_before(world, topic))?;
    let is_of_now = topic.step == Step::Voting && last.is_formal && last.opened >= topic.since;
    (is_of_now && last.result?.passed == Some(false)).then_some(last)
}

impl World<'_> {
    /// 未通过 — whether the last formal vote of a topic did not pass and nothing was done about it since, wherever it goes on now.
    #[must_use]
    pub fn has_failed(&self, no: TopicNo) -> bool {
        self.topic(no).is_some_and(|topic| failed_vote(self, &topic).is_some())
    }
}

/// 作废 — a vote that was voided leaves the one before it as it was.
fn counted_before(world: &World<'_>, topic: &Topic) -> Option<Poll> {
    world.polls_since(topic.since).find(|poll| poll.topic == topic.no && poll.result.is_some())
}

/// Whether enough took part, so that it was turned down by them.
pub(crate) fn was_turned_down(poll: &Poll) -> bool {
    poll.result.is_some_and(|counted| {
        let (people, area) = count::turnout(poll.rule, &counted.tally);
        people != Some(false) && area != Some(false)
    })
}

/// What the moderator can do after a vote that did not pass.
#[must_use]
pub fn after_failure(world: &World<'_>, topic: &Topic) -> Option<Say> {
    let failed = failed_vote(world, topic)?;
    Some(match was_turned_down(&failed) {
        true => say!("todo.failed", no = topic.no),
        false => say!("todo.too_few", no = topic.no, rule = Value::Term(failed.rule.term().to_owned())),
    })
}
