//! 是我说的, 不是我说的 — the word of whoever something was written down for by somebody else. Said without a number it is about the one
//! thing that waits for their word; where there are several it is asked which.

use super::fact;
use crate::domain::decide::mine;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{SuggestionRef, TopicNo};
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::undoable::Undoable;
use crate::domain::process::hiding::{Fact, Shown, hidden};
use crate::domain::process::people::moderator_name;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::Suggestion;
use crate::say;

/// A suggestion that was written down for the speaker by somebody else.
fn written_for_me(ctx: &Ctx<'_>, reference: SuggestionRef) -> Result<Suggestion, Say> {
    let (_, suggestion) = ctx.resolve_kept(Some(SuggestionArg::Full(reference)), "ex.undo")?;
    if suggestion.author != ctx.me() || suggestion.written_down_by().is_none() {
        return Err(say!("e.relay_not_yours", r#ref = reference));
    }
    Ok(suggestion)
}

/// 不是我说的 — by whom it was written down for.
pub(super) fn disown(ctx: &Ctx<'_>, written: Option<SuggestionRef>) -> Decided {
    let Some(reference) = written else { return disown_the_one(ctx) };
    // One's own that was said last is what /撤回 alone takes back.
    let latest = ctx.world.trail(ctx.me()).traces.last().and_then(|latest| latest.what);
    let (_, said) = ctx.resolve_kept(Some(SuggestionArg::Full(reference)), "ex.undo")?;
    if said.author == ctx.me() && latest == Some(Undoable::Suggestion(reference)) {
        return mine::undo(ctx);
    }
    let suggestion = written_for_me(ctx, reference)?;
    match () {
        () if ctx.is_disowned(Shown::Suggestion(reference)) => Err(say!("e.disowned.again", r#ref = reference)),
        () if suggestion.hidden => Err(hidden(ctx.world, reference)),
        () => fact(Fact::Disowned { suggestion: reference }),
    }
}

/// 是我说的 — by the same; also after they had said that it was not.
pub(super) fn own(ctx: &Ctx<'_>, written: Option<SuggestionRef>) -> Decided {
    let Some(reference) = written else { return own_the_one(ctx) };
    let suggestion = written_for_me(ctx, reference)?;
    match () {
        () if ctx.world.is_owned(reference) => Err(say!("e.owned.again", r#ref = reference)),
        () if suggestion.hidden && !ctx.is_disowned(Shown::Suggestion(reference)) => Err(hidden(ctx.world, reference)),
        () => fact(Fact::Owned { suggestion: reference }),
    }
}

/// 不是我提的 — it is taken down, as long as nobody has acted on it.
pub(super) fn disown_topic(ctx: &Ctx<'_>, no: TopicNo) -> Decided {
    let topic = ctx.resolve_topic(Some(no), "ex.undo")?;
    // One's own that was said last is what /撤回 alone takes back.
    let latest = ctx.world.trail(ctx.me()).traces.last().and_then(|latest| latest.what);
    if !is_entered_for(ctx, &topic) && latest == Some(Undoable::Topic(no)) {
        return mine::undo(ctx);
    }
    if !is_entered_for(ctx, &topic) {
        return Err(say!("e.told_not_yours", no = no));
    }
    if !mine::untouched(ctx, &topic) {
        return Err(say!("e.told_moved", no = no, r#mod = moderator_name(ctx.world, &topic)));
    }
    Ok(Decision::fact(Event::Undone { what: Undoable::Topic(no) }))
}

/// 代点、拆分 — whether a matter stands in the speaker's name by the hand of somebody else.
fn is_entered_for(ctx: &Ctx<'_>, topic: &Topic) -> bool {
    topic.proposer == ctx.me() && ctx.world.is_in_name_only(topic)
}

/// Whether anything that was written down or entered for the speaker waits for their word.
pub(in crate::domain::decide) fn waits_for_word(ctx: &Ctx<'_>) -> bool {
    !unanswered(ctx).is_empty() || !entered(ctx).is_empty()
}

fn entered(ctx: &Ctx<'_>) -> Vec<TopicNo> {
    let live = ctx.world.live_topics().into_iter();
    live.filter(|topic| is_entered_for(ctx, topic) && mine::untouched(ctx, topic)).map(|topic| topic.no).collect()
}

fn disown_the_one(ctx: &Ctx<'_>) -> Decided {
    let (words, topics) = (unanswered(ctx), entered(ctx));
    match (words.as_slice(), topics.as_slice()) {
        ([], []) => Err(say!("e.relay_none")),
        ([reference], []) => disown(ctx, Some(*reference)),
        ([], [no]) => disown_topic(ctx, *no),
        (words, topics) => {
            let said = words.iter().map(|at| say!("relay.line.disown", r#ref = *at));
            let asked = topics.iter().map(|no| say!("relay.line.topic", no = *no));
            Err(say!("e.relay_which", rows = Value::Lines(said.chain(asked).collect())))
        }
    }
}

fn own_the_one(ctx: &Ctx<'_>) -> Decided {
    let mut words = unanswered(ctx);
    if words.is_empty() {
        words = written_down(ctx, |at| ctx.is_disowned(Shown::Suggestion(at)));
    }
    match words.as_slice() {
        [] => Err(say!("e.relay_none")),
        [reference] => own(ctx, Some(*reference)),
        several => {
            let rows = several.iter().map(|at| say!("relay.line.own", r#ref = *at));
            Err(say!("e.relay_which", rows = Value::Lines(rows.collect())))
        }
    }
}

/// Words written down for the speaker of which they have said neither.
fn unanswered(ctx: &Ctx<'_>) -> Vec<SuggestionRef> {
    written_down(ctx, |at| !ctx.world.is_owned(at) && ctx.world.suggestion_kept(at).is_some_and(|kept| !kept.hidden))
}

fn written_down(ctx: &Ctx<'_>, is_meant: impl Fn(SuggestionRef) -> bool) -> Vec<SuggestionRef> {
    let mut found = Vec::new();
    for topic in ctx.world.live_topics() {
        ctx.world.scan(&Key::new(kind::SUGGESTION).num(topic.no.0), |kept: Suggestion| {
            let is_mine = kept.author == ctx.me() && kept.written_down_by().is_some() && !kept.withdrawn;
            found.extend((is_mine && is_meant(kept.reference)).then_some(kept.reference));
            true
        });
    }
    found
}
