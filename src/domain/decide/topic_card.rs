//! 议题卡 — the list of what is under way, and one topic as asked for.

use crate::domain::about::topic_card::card_of;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::process::topic::stage;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;

/// Rows of a list in a chat.
const MAX_ROWS: usize = 20;

/// 议题 — the list of what is under way.
pub fn list(ctx: &Ctx<'_>) -> Decided {
    let mut topics = match ctx.group() {
        Some(group) => ctx.world.topics_of(ctx.settings, group),
        None => ctx.world.live_topics(),
    };
    // The group of a topic that is over has nothing under way.
    topics.retain(|topic| ctx.world.is_live(topic.no));
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
