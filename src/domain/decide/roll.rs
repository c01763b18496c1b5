//! 名册 — loading one.

use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::example_of;
use crate::domain::scene::{self, Ctx, Decided, Decision};
use crate::domain::vote::roll::{MAX_LINES, RollLine, RollRow, loaded, shuffled, voters_of};
use crate::say;

/// Rows in one fact, so that no line of the ledger grows long.
const ROWS_A_FACT: usize = 200;

/// 名册 — loads the roll of a topic, or shows what is loaded.
pub fn load(ctx: &Ctx<'_>, written: Option<TopicNo>, lines: &[RollLine]) -> Decided {
    const EXAMPLE: &str = "ex.roll";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    if lines.is_empty() {
        return match ctx.world.roll(topic.no) {
            Some(roll) => Ok(Decision::answer(loaded(topic.no, &roll))),
            None => Err(say!("e.empty", ex = example_of(EXAMPLE))),
        };
    }
    topic.require_going()?;
    if lines.len() > MAX_LINES {
        return Err(say!("e.too_far", max = MAX_LINES));
    }
    if topic.poll.is_some() {
        return Err(say!("e.poll_open", no = topic.no));
    }
    let rows = voters_of(lines)?;
    let rows = shuffled(rows, ctx.scene.dice.ok_or_else(|| scene::not_recorded(ctx))?);
    // Seats have other numbers from now on; nobody is to believe that what was said of the old ones still holds.
    let is_lost = !ctx.world.absences(topic.no).is_empty() || ctx.world.has_mandates(topic.no);
    let answer = if is_lost { vec![say!("roll.anew", no = topic.no)] } else { Vec::new() };
    Ok(Decision { facts: load_facts(topic.no, &rows), answer })
}

/// The facts that load a roll.
#[must_use]
pub fn load_facts(topic: TopicNo, rows: &[RollRow]) -> Vec<Event> {
    rows.chunks(ROWS_A_FACT)
        .enumerate()
        .map(|(at, chunk)| Event::RollLoaded { topic, continues: at > 0, rows: chunk.to_vec() })
        .collect()
}
