//! 议题卡 — what is under way, in a list, and a topic on its card: where it stands, whose it is, what to send next.

use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use crate::domain::process::form::Step;
use crate::domain::process::people::{lead_name, moderator_name};
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::process::{course, halt, topic};
use crate::domain::vote::failed::{failed_vote, was_turned_down};
use crate::domain::vote::poll::telling;
use crate::domain::work::task::State;
use crate::say;

/// 查单 — what is to be done next: what is rated is not worked on any more.
fn tracked(world: &World<'_>, topic: &Topic) -> &'static str {
    let tasks = world.tasks(topic.no);
    match () {
        () if !tasks.is_empty() && tasks.iter().all(|task| task.state == State::Done) => "step.tracking.next.close",
        () if tasks.iter().any(|task| matches!(task.state, State::Assigned | State::Acked)) => "step.tracking.next",
        () if tasks.iter().any(|task| task.state == State::Answered) => "step.tracking.next.rate",
        () => "step.tracking.next",
    }
}

/// The card of a topic.
#[must_use]
pub fn card_of(world: &World<'_>, settings: &Settings, topic: &Topic) -> Say {
    let term = topic.halt.map_or_else(|| topic.step.term(), Halt::term);
    // Before there is a poll, nobody on the roll can vote.
    let open = topic.halt.is_none() && topic.step == Step::Voting && topic.poll.is_none();
    let is_over = topic.halt.is_none() && topic.step == Step::Talking && course::is_time_up(world, topic);
    let failed = failed_vote(world, topic);
    let next = match (open, is_over) {
        (true, _) => match &failed {
            Some(poll) if was_turned_down(poll) => "step.voting.next.failed".to_owned(),
            Some(_) => "step.voting.next.again".to_owned(),
            None => "step.voting.next.open".to_owned(),
        },
        (_, true) => "step.talking.next.over".to_owned(),
        _ if topic.halt.is_none() && topic.step == Step::Tracking => tracked(world, topic).to_owned(),
        _ => format!("{term}.next"),
    };
    let next = Say::new(&next).with("no", topic.no).with("url", topic::page(topic.no));
    let next = match topic.halt {
        Some(Halt::Merged(into)) => next.with("to", topic.moved_to.unwrap_or(into)),
        Some(Halt::Paused | Halt::Ended) | None => next,
    };
    let (term, said) = (topic.step.term(), world.said_on(topic));
    // What is over, or rests, waits for nothing of its step.
    let step = topic.halt.map_or_else(|| format!("{term}.step"), |halt| format!("{}.step", halt.term()));
    let mut card = say!(
        "card",
        no = topic.no,
        title = &topic.title,
        dan = Value::Term(format!("{term}.dan")),
        step = Value::Term(step),
        since = settings.date(topic.halted_at.filter(|_| topic.halt.is_some()).unwrap_or(topic.since)),
        kind = Value::Term(topic.kind.term().to_owned()),
        lead = lead_name(world, topic),
        r#mod = moderator_name(world, topic),
        five = Value::Sides(world.sides_of(topic)),
        n = said.suggestions,
        likes = said.likes,
        seconds = topic.seconds,
        next = next,
    );
    let mut more = halt::provenance(world, topic);
    // Of a vote that failed the next step speaks.
    if failed.is_none() {
        more.extend(telling::came_to(world, topic));
    }
    // What was decided about what goes on as this one is read here, too.
    let merged = world.whole_of(topic.no).into_iter().filter(|no| *no != topic.no && world.has_failed(*no));
    more.extend(merged.map(|no| say!("card.from.failed", no = no)));
    if !more.is_empty() {
        card = card.with("more", Value::Lines(more));
        card.key = "card.more".to_owned();
    }
    card
}
