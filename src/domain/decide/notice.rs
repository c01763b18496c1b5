//! 公示、异议、答复 — posting a plan, raising and answering objections.

use crate::domain::decide::steps::onward;
use crate::domain::decide::suggestion;
use crate::domain::event::Event;
use crate::domain::kernel::ids::{ObjectionRef, TopicNo};
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::said::LONGEST_RUN_DAYS;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::person::Side;
use crate::domain::people::{lately, undoable};
use crate::domain::process::conflict::Settling;
use crate::domain::process::form::Step;
use crate::domain::process::people::moderator_name;
use crate::domain::process::steps::Mover;
use crate::domain::process::topic::{Halt, Topic};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::notice::{MAX_OBJECTIONS, MAX_TEXT, MIN_DAYS, Objection};
use crate::say;
use chrono::NaiveTime;

const USUAL_DAYS: u32 = 7;

/// 公示 — posts the latest draft of the plan.
pub fn post(ctx: &Ctx<'_>, written: Option<TopicNo>, days: Option<u32>) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.notice")?;
    ctx.require_moderator(&topic)?;
    topic.require_step(&[Step::Planning])?;
    let days = days.unwrap_or(USUAL_DAYS);
    if i64::from(days) > LONGEST_RUN_DAYS {
        return Err(say!("e.past", ex = example_of("ex.notice")));
    }
    let too_short = if days < MIN_DAYS { vec![say!("why.days", n = MIN_DAYS)] } else { Vec::new() };
    let onward = onward(ctx, &topic, Mover::Notice, too_short)?;
    let from = ctx.settings.date(ctx.scene.now);
    let last = ctx.settings.last_day(from, days);
    let until = ctx.settings.moment(last.succ_opt().unwrap_or(last), NaiveTime::MIN);
    let posted =
        Event::NoticePosted { topic: topic.no, n: topic.notices + 1, draft: topic.plans, days, from, last, until };
    Ok(Decision::facts(vec![posted, onward]))
}

/// 异议.
pub fn object(ctx: &Ctx<'_>, written: Option<TopicNo>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.object";
    if let Some(decision) = ctx.turned_away(text) {
        return Ok(decision);
    }
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_neutral(&topic, "act.object")?;
    topic.require_open()?;
    if topic.step != Step::Noticing {
        let hint = match suggestion::may_suggest(ctx, &topic) {
            true => say!("hint.object", no = topic.no),
            false => suggestion::what_instead(ctx, &topic),
        };
        return Err(say!("e.state", no = topic.no, state = say!("state.object"), hint = hint));
    }
    // What was said in time counts, also where it is heard only afterwards.
    let said = ctx.scene.said_at.map_or(ctx.scene.now, |at| at.min(ctx.scene.now));
    if ctx.world.notice(&topic).is_some_and(|notice| notice.until <= said) {
        let hint = say!("hint.talk.moderator", r#mod = moderator_name(ctx.world, &topic));
        return Err(say!("e.state", no = topic.no, state = say!("state.term_over"), hint = hint));
    }
    let text = text.trim();
    if text.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    within(text, MAX_TEXT)?;
    let fingerprint = lately::fingerprint(&format!("objection {}", topic.no), text);
    if let Some(undoable::Undoable::Objection(known)) = ctx.world.said_already(ctx.me(), fingerprint, ctx.scene.now) {
        return Err(say!("e.repeat", r#ref = known.named()));
    }
    if topic.last_objection >= MAX_OBJECTIONS {
        return Err(say!("e.too_far", max = MAX_OBJECTIONS));
    }
    let objection = ObjectionRef { topic: topic.no, n: topic.last_objection + 1 };
    Ok(Decision::fact(Event::ObjectionRaised { objection, text: text.into() }))
}

/// Whether whoever speaks may object here now.
#[must_use]
pub fn may_object(ctx: &Ctx<'_>, topic: &Topic) -> bool {
    let is_running = || ctx.world.notice(topic).is_some_and(|notice| ctx.scene.now < notice.until);
    let is_open = topic.require_open().is_ok() && topic.step == Step::Noticing;
    is_open && is_running() && ctx.require_neutral(topic, "act.object").is_ok()
}

/// 答复哪一条 — the answer once more, with the number of the first that waits for one; nothing is guessed.
fn which_objection(ctx: &Ctx<'_>, written: Option<TopicNo>, text: &str) -> Say {
    let topic = match ctx.resolve_topic(written, "ex.answer") {
        Ok(topic) => topic,
        Err(which) => return which,
    };
    match ctx.world.unanswered(topic.no).first() {
        Some(first) => {
            say!("e.need_objection", r#ref = first.reference.named(), text = Value::Quote(text.trim().to_owned()))
        }
        None => say!("e.answered_all", no = topic.no),
    }
}

/// 答复 — by the moderator, or by the departments, companies and experts that were invited.
pub fn answer(ctx: &Ctx<'_>, written: Option<TopicNo>, n: Option<u32>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.answer";
    let reference = match (n, &ctx.scene.reply) {
        (Some(n), _) => ObjectionRef { topic: ctx.resolve_topic(written, EXAMPLE)?.no, n },
        (None, Some(Mark::Objection(reference))) => *reference,
        (None, _) => return Err(which_objection(ctx, written, text)),
    };
    let topic = ctx.require_topic(reference.topic)?;
    let key = Key::new(kind::OBJECTION).num(reference.topic.0).num(reference.n);
    if ctx.world.get::<Objection>(&key).is_some_and(|known| known.withdrawn) {
        return Err(say!("e.objection_gone", r#ref = reference.named()));
    }
    let missing = || match ctx.world.unanswered(topic.no).first() {
        Some(first) => say!("e.no_objection.open", r#ref = reference.named(), eg = first.reference.named()),
        None => say!("e.no_objection", no = reference.topic, r#ref = reference.named()),
    };
    let objection = ctx.world.objection(reference).ok_or_else(missing)?;
    let sides = [Side::Department, Side::Company, Side::Expert];
    if ctx.world.invited_as(topic.no, ctx.me()).is_none_or(|side| !sides.contains(&side)) {
        ctx.require_moderator(&topic)?;
    }
    ctx.require_others(&topic, objection.author, Settling::Reply, objection.named().into())?;
    // 暂缓 stops days, not answers: whoever objected may have theirs all the same.
    let awake = Topic { halt: topic.halt.filter(|halt| *halt != Halt::Paused), ..topic };
    awake.require_step(&[Step::Noticing, Step::Reviewing, Step::Voting, Step::Tracking, Step::Planning])?;
    let text = text.trim();
    // “？” and “0” say nothing to what somebody objected.
    if text.chars().filter(|c| c.is_alphabetic()).count() < 2 {
        return Err(match text.is_empty() {
            true => say!("e.empty", ex = example_of(EXAMPLE)),
            false => say!("e.answer.bare", r#ref = objection.named()),
        });
    }
    within(text, MAX_TEXT)?;
    Ok(Decision::fact(Event::ObjectionAnswered { objection: objection.reference, text: text.into() }))
}
