//! 办结 — closing a topic with what came of it.

use crate::domain::decide::steps::onward;
use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::text::within;
use crate::domain::process::form::{Step, Template};
use crate::domain::process::steps::Mover;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::{MAX_REASON, Verdict};
use crate::domain::work::outcome::{Account, Outcome, OutcomeKind};
use crate::say;

/// Most of one kind in one topic.
const MOST: u32 = 9_999;

/// 恳谈 — what was said there goes into a document, or it is said why not.
fn lacks_document(topic: &Topic, outcomes: &[Outcome], note: &str) -> bool {
    let has_document = outcomes.iter().any(|outcome| outcome.kind == OutcomeKind::Document && outcome.n > 0);
    topic.template == Template::Talk && !has_document && note.is_empty()
}

/// 办结 — with what came of it, or with why nothing did.
pub fn close(ctx: &Ctx<'_>, written: Option<TopicNo>, outcomes: &[Outcome], note: &str) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.close")?;
    ctx.require_moderator(&topic)?;
    topic.require_step(&[Step::Tracking])?;
    let note = note.trim();
    within(note, MAX_REASON)?;
    if outcomes.iter().any(|outcome| outcome.n > MOST) {
        return Err(say!("e.outcome_most", no = topic.no, max = MOST));
    }
    let is_empty = outcomes.iter().all(|outcome| outcome.n == 0) && note.is_empty();
    let missing = match () {
        () if is_empty => vec![say!("why.outcome", no = topic.no)],
        () if lacks_document(&topic, outcomes, note) => vec![say!("why.document", no = topic.no)],
        () => Vec::new(),
    };
    let onward = onward(ctx, &topic, Mover::Outcome, missing)?;
    let mut adopted = 0;
    ctx.world.whole_suggestions(topic.no, |suggestion| {
        adopted += u32::from(matches!(suggestion.verdict, Some(Verdict::Adopted | Verdict::Partly)));
    });
    let (ordered, today) = (ctx.settings.date(topic.ordered_at), ctx.settings.date(ctx.scene.now));
    let account = Account {
        days: (today - ordered).num_days(),
        suggestions: ctx.world.said_on(&topic).suggestions,
        adopted,
        people: u32::try_from(ctx.world.present(&topic).len()).unwrap_or(u32::MAX),
        turned: ctx.world.turned(&topic),
        by_household: ctx.world.is_of_households(&topic),
    };
    let outcomes: Vec<Outcome> = outcomes.iter().copied().filter(|outcome| outcome.n > 0).collect();
    let closed = Event::TopicClosed { topic: topic.no, outcomes, note: note.into(), account };
    Ok(Decision::facts(vec![closed, onward]))
}
