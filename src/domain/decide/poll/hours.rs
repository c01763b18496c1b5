//! 开多久 — a vote decides nothing unless those who may vote can hear of it while it is open: so long outside the quiet hours of its groups,
//! and, where a law has everybody told, so long altogether. Whoever opens one too short is given the nearest hours that will do.

use crate::domain::decide::heard::{self, on_a_step};
use crate::domain::kernel::ids::{GroupId, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::world::World;
use crate::domain::scene::Ctx;
use crate::domain::vote::poll::Rule;
use crate::domain::vote::poll::opening::Frame;
use crate::domain::vote::poll::terms::Method;
use crate::say;
use chrono::{DateTime, Duration, Utc};

/// Minutes outside the quiet hours that a vote is open at least.
const HEARD_MINUTES: i64 = 10;
/// The same of a straw poll, which decides nothing: a show of hands while people sit together.
const STRAW_MINUTES: i64 = 1;

pub(super) fn least(rule: Rule) -> i64 {
    if rule.is_vote() { HEARD_MINUTES } else { STRAW_MINUTES }
}

/// The groups in which a poll is told of.
pub(super) fn groups_of(
    world: &World<'_>,
    (topic, group): (TopicNo, Option<GroupId>),
) -> impl Iterator<Item = GroupId> {
    group.into_iter().chain(world.bound_groups(topic))
}

/// By when everybody can have heard of a poll that opens at an hour.
pub(super) fn heard_by(
    world: &World<'_>,
    settings: &Settings,
    place: (TopicNo, Option<GroupId>),
    rule: Rule,
    opens: DateTime<Utc>,
) -> DateTime<Utc> {
    heard::by(world, settings, groups_of(world, place), opens, Duration::minutes(least(rule)))
}

/// Turns away a poll that nobody could hear of, or that is shorter than its law lets it be.
pub(super) fn require(ctx: &Ctx<'_>, no: TopicNo, frame: &Frame, begins: DateTime<Utc>) -> Result<(), Say> {
    let (rule, place) = (frame.rule, (no, ctx.group()));
    let by_when = |opens| heard_by(ctx.world, ctx.settings, place, rule, opens);
    let long = Duration::hours(rule.row().hours);
    let is_short = frame.ends - begins < long;
    if by_when(begins) <= frame.ends && !is_short {
        return Ok(());
    }
    let (written, wanted) = (frame.opens, frame.ends - begins);
    let mut rows = vec![line(no, frame, written, on_a_step(by_when(begins).max(begins + long)))];
    let quiet = heard::quiet_hours(ctx.world, ctx.settings, groups_of(ctx.world, place));
    let later = quiet.into_iter().map(|quiet| ctx.settings.after_quiet(quiet, begins)).max();
    if let Some(later) = later.filter(|later| *later > begins) {
        let ends = by_when(later).max(later + long).max(later + wanted);
        rows.push(line(no, frame, Some(later), on_a_step(ends)));
    }
    let rows = Value::Lines(rows);
    Err(match is_short {
        true => {
            let rule = Value::Term(rule.term().to_owned());
            say!("e.vote.short", no = no, rule = rule, n = frame.rule.row().hours, rows = rows)
        }
        false => say!("e.vote.unheard", no = no, n = least(rule), rows = rows),
    })
}

/// The same poll with other hours, to be copied.
fn line(no: TopicNo, frame: &Frame, opens: Option<DateTime<Utc>>, ends: DateTime<Utc>) -> Say {
    let flag = |is_set: bool, term: &str| {
        let word = || say!("vote.line.flag", word = Value::Term(term.to_owned()));
        if is_set { word() } else { say!("none") }
    };
    let kind = match frame.method {
        None => say!("vote.line.rule", rule = Value::Term(frame.rule.term().to_owned())),
        Some(method) => {
            let name = Value::Term(method.term().to_owned());
            match method {
                Method::Single | Method::Ranked => say!("vote.line.rule", rule = name),
                Method::Multiple(n) => say!("vote.line.method", rule = name, n = u32::from(n)),
                Method::Budget(n) => say!("vote.line.method", rule = name, n = n),
            }
        }
    };
    let title = [frame.title.trim()].into_iter().chain(frame.options.iter().map(|text| text.trim()));
    let opens = opens.map_or_else(|| say!("none"), |at| say!("vote.line.opens", at = Value::Moment(at)));
    say!(
        "vote.line",
        no = no,
        kind = kind,
        end = Value::Moment(ends),
        title = title.collect::<Vec<_>>().join("｜"),
        secret = flag(frame.secret, "flag.secret"),
        reasons = flag(frame.reasons, "flag.reasons"),
        early = flag(frame.until_all, "flag.early"),
        opens = opens,
    )
}
