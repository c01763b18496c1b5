//! 延长 — an open vote in which too few have taken part is given more time, once, before its close. One that has enough is not: nobody
//! waits until the result pleases.

use crate::domain::decide::heard::{self, on_a_step};
use crate::domain::decide::poll::{LONGEST_DAYS, hours, no_poll, opening};
use crate::domain::event::Event;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::text::within;
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::domain::vote::poll::Poll;
use crate::domain::vote::poll::fact::{Fact, Longer};
use crate::domain::vote::{count, failed, nudge};
use crate::say;
use chrono::{DateTime, Duration, Utc};

/// Days that are proposed where a vote has to be held once more.
const DAYS_AGAIN: i64 = 3;

/// 延长.
pub fn extend(ctx: &Ctx<'_>, written: Option<TopicNo>, until: Longer, reason: &str) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.extend")?;
    ctx.require_moderator(&topic)?;
    let poll = open_poll(ctx, &topic)?;
    require_allowed(ctx, &poll)?;
    let ends = later(ctx.settings, poll.ends, until);
    require_term(ctx, &poll, ends)?;
    let (no, reason) = (topic.no, reason.trim());
    if reason.is_empty() {
        return Err(say!("e.extend.reason", no = no, at = Value::Moment(ends)));
    }
    within(reason, MAX_REASON)?;
    let extended = Fact::Extended { poll: poll.no, from: poll.ends, to: ends, reason: reason.into() };
    let facts = [Event::Poll(extended)].into_iter().chain(reminder(ctx, &poll, ends)).collect();
    Ok(Decision::facts(facts))
}

/// The vote that still takes ballots; of one that is over it is said how it is held again.
fn open_poll(ctx: &Ctx<'_>, topic: &Topic) -> Result<Poll, Say> {
    let open = topic.poll.and_then(|no| ctx.world.poll(no)).filter(|poll| ctx.scene.now < poll.ends);
    if let Some(poll) = open {
        return Ok(poll);
    }
    topic.require_going()?;
    ctx.require_begun(topic)?;
    let last = topic.last_poll.and_then(|no| ctx.world.poll(no)).ok_or_else(|| no_poll(topic))?;
    let (no, end) = (topic.no, Value::Moment(last.ends));
    let failed = failed::failed_vote(ctx.world, topic).filter(|failed| !failed::was_turned_down(failed));
    Err(match failed {
        Some(failed) => {
            let at = on_a_step(ctx.scene.now + Duration::days(DAYS_AGAIN));
            let rule = Value::Term(failed.rule.term().to_owned());
            say!("e.extend.again", no = no, end = end, rule = rule, at = Value::Moment(at), title = &failed.title)
        }
        None => say!("e.extend.closed", no = no, end = end),
    })
}

/// By its rule, once, and only while too few have taken part.
fn require_allowed(ctx: &Ctx<'_>, poll: &Poll) -> Result<(), Say> {
    let (no, end) = (poll.topic, Value::Moment(poll.ends));
    if !poll.rule.may_be_longer() {
        let rule = Value::Term(poll.rule.term().to_owned());
        return Err(match poll.rule.is_vote() {
            true => say!("e.extend.meeting", no = no, rule = rule, end = end),
            false => say!("e.extend.straw", no = no, end = end),
        });
    }
    if let Some(before) = ctx.world.deadline(poll.no).extended {
        let by = before.by.map(|by| ctx.world.name_of(by)).unwrap_or_default();
        return Err(say!("e.extend.once", no = no, by = by, end = end));
    }
    let tally = ctx.world.blind(poll);
    let (people, area) = count::turnout(poll.rule, &tally);
    if people == Some(false) || area == Some(false) {
        return Ok(());
    }
    let (n, due) = (tally.cast(), tally.due(poll.rule));
    Err(say!("e.extend.met", no = no, n = n, N = due, t = poll.rule.turnout(), end = end))
}

/// When it closes as asked for: so many days are counted from the close until now, and keep its hour.
fn later(settings: &Settings, from: DateTime<Utc>, until: Longer) -> DateTime<Utc> {
    match until {
        Longer::Until(at) => at,
        Longer::By(long) => from + long,
        Longer::Days(term) => {
            let local = from.with_timezone(&settings.tz);
            settings.moment(term.last_day(local.date_naive()), local.time())
        }
    }
}

/// Later than until now, no later than a vote may be opened for, and not so that what is added lies in the quiet hours alone.
fn require_term(ctx: &Ctx<'_>, poll: &Poll, ends: DateTime<Utc>) -> Result<(), Say> {
    let (no, end) = (poll.topic, Value::Moment(poll.ends));
    if ends <= poll.ends {
        return Err(say!("e.extend.sooner", no = no, at = Value::Moment(ends), end = end));
    }
    let last = poll.opened + Duration::days(LONGEST_DAYS);
    if ends > last {
        return Err(say!("e.extend.long", no = no, n = LONGEST_DAYS, last = Value::Moment(last), end = end));
    }
    let groups = hours::groups_of(ctx.world, (no, poll.group));
    let heard = heard::by(ctx.world, ctx.settings, groups, poll.ends, Duration::minutes(hours::least(poll.rule)));
    if heard > ends {
        return Err(say!("e.extend.quiet", no = no, n = hours::least(poll.rule), at = Value::Moment(on_a_step(heard))));
    }
    if opening::is_end_of_void(ctx, no, ends) {
        return Err(say!("e.extend.same_end", no = no, at = Value::Moment(ends + Duration::minutes(1))));
    }
    Ok(())
}

/// 催票 moves along, unless it is switched off. Whoever was reminded of the old close is reminded of the new one.
fn reminder(ctx: &Ctx<'_>, poll: &Poll, ends: DateTime<Utc>) -> Option<Event> {
    let known = ctx.world.nudge(poll.no);
    let is_on = known.at != 0 || known.last != 0;
    let at = nudge::moment(ctx.settings, poll.opened, ends).filter(|at| *at > ctx.scene.now)?;
    (is_on && ctx.settings.remind).then_some(Event::Nudge(nudge::Fact::Planned { poll: poll.no, at: Some(at) }))
}
