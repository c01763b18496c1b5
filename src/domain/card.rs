//! 议题卡 — what is under way, in a list, and a topic on its card: where it stands, whose it is, what to send next.

use super::ids::TopicNo;
use super::say::{Say, Value};
use super::scene::{Ctx, Decided, Decision, Settings};
use super::topic::{Halt, Step, Topic, lead_name, moderator_name, stage};
use super::world::World;
use super::{halt, plan};
use crate::say;

/// Rows of a list in a chat.
const MAX_ROWS: usize = 20;

/// 议题 — the list of what is under way.
pub fn list(ctx: &Ctx<'_>) -> Decided {
    let topics = match ctx.group() {
        Some(group) => ctx.world.topics_of(ctx.settings, group),
        None => ctx.world.live_topics(),
    };
    if topics.is_empty() {
        return Ok(Decision::answer(say!("list.none")));
    }
    let hidden = topics.len().saturating_sub(MAX_ROWS);
    let mut rows: Vec<Say> = topics
        .iter()
        .skip(hidden)
        .map(|topic| say!("list.row", no = topic.no, title = &topic.title, state = stage(topic.step)))
        .collect();
    if hidden > 0 {
        rows.push(say!("list.more", n = hidden));
    }
    Ok(Decision::answer(say!("list", n = topics.len(), rows = Value::Lines(rows))))
}

/// 议题 编号 — the card.
pub fn card(ctx: &Ctx<'_>, no: TopicNo) -> Decided {
    let topic = ctx.world.topic(no).ok_or_else(|| say!("e.no_topic", no = no))?;
    Ok(Decision::answer(card_of(ctx.world, ctx.settings, &topic)))
}

/// The card of a topic.
#[must_use]
pub fn card_of(world: &World<'_>, settings: &Settings, topic: &Topic) -> Say {
    let term = topic.halt.map_or_else(|| topic.step.term(), Halt::term);
    // Before there is a poll, nobody on the roll can vote.
    let open = topic.halt.is_none() && topic.step == Step::Voting && topic.poll.is_none();
    let is_over = topic.halt.is_none() && topic.step == Step::Talking && super::course::is_time_up(world, topic);
    let next = match (open, is_over) {
        (true, _) => "step.voting.next.open".to_owned(),
        (_, true) => "step.talking.next.over".to_owned(),
        _ => format!("{term}.next"),
    };
    let next = Say::new(&next).with("no", topic.no).with("url", plan::page(topic.no));
    let next = match topic.halt {
        Some(Halt::Merged(into)) => next.with("to", into),
        _ => next,
    };
    let term = topic.step.term();
    let mut card = say!(
        "card",
        no = topic.no,
        title = &topic.title,
        dan = Value::Term(format!("{term}.dan")),
        step = Value::Term(format!("{term}.step")),
        since = settings.date(topic.since),
        kind = Value::Term(topic.kind.term().to_owned()),
        lead = lead_name(world, topic),
        r#mod = moderator_name(world, topic),
        five = Value::Sides(world.sides_of(topic)),
        n = topic.suggestions,
        likes = topic.likes,
        seconds = topic.seconds,
        next = next,
    );
    let more = halt::provenance(world, topic);
    if !more.is_empty() {
        card = card.with("more", Value::Lines(more));
        card.key = "card.more".to_owned();
    }
    card
}
