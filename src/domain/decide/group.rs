//! 群设置 — what a group is, and when it is told things.

use crate::domain::event::Event;
use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::settings::{LONGEST_QUIET, Settings};
use crate::domain::kernel::text;
use crate::domain::people::group::{GroupKind, GroupPatch};
use crate::domain::people::person::Role;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;
use chrono::{NaiveDate, NaiveTime};

/// Longest name of a group that is kept, in characters.
const MAX_NAME: usize = 60;

/// A group nobody has heard of before, with the settings of the office until it has its own.
#[must_use]
pub fn first_heard(settings: &Settings, group: GroupId, chat: &str, name: &str) -> Event {
    let name: String = name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    Event::GroupSeen {
        group,
        chat: chat.into(),
        name: name.into(),
        digest_at: settings.digest_at,
        quiet: settings.quiet,
        language: settings.language.clone(),
    }
}

/// 群设置 — registers the group or changes how it is registered.
pub fn set(ctx: &Ctx<'_>, patch: &GroupPatch) -> Decided {
    const EXAMPLE: &str = "ex.group";
    ctx.require_role(Role::Coordinator)?;
    let group = ctx.group().and_then(|id| ctx.world.group(id)).ok_or_else(|| say!("e.group"))?;
    let missing = |what: &str| say!("e.need_field", what = Value::Term(what.to_owned()), ex = example_of(EXAMPLE));
    let Some(kind) = patch.kind.or(group.kind) else { return Err(missing("key.kind")) };
    let town = patch.town.clone().unwrap_or(group.town);
    let sector = patch.sector.clone().unwrap_or(group.sector);
    text::within(&town, 40)?;
    text::within(&sector, 40)?;
    if kind == GroupKind::Town && town.is_empty() {
        return Err(missing("key.town"));
    }
    if kind == GroupKind::Sector && sector.is_empty() {
        return Err(missing("key.sector"));
    }
    if let Some((from, to)) = patch.quiet.filter(|quiet| !Settings::is_bearable(*quiet)) {
        return Err(say!("e.group.quiet", from = from, to = to, n = LONGEST_QUIET));
    }
    let quiet = patch.quiet.unwrap_or(group.quiet);
    let digest_at = patch.digest_at.unwrap_or(group.digest_at);
    let mut answer: Vec<Say> = quiet_read_out(ctx.settings, patch, (quiet, digest_at)).into_iter().collect();
    // Residents have never met a bot; who is in the other groups was told by the office.
    let is_first = group.kind.is_none() && kind == GroupKind::Residents;
    answer.extend(is_first.then(|| say!("group.welcome")));
    let fact = Event::GroupSet {
        group: group.id,
        kind,
        town,
        sector,
        digest_at,
        quiet,
        language: patch.language.clone().unwrap_or(group.language),
    };
    Ok(Decision { facts: vec![fact], answer, ..Decision::default() })
}

/// 免打扰 — read out where it was written, or where it puts the digest off: nobody sets it without the group knowing.
fn quiet_read_out(
    settings: &Settings,
    patch: &GroupPatch,
    (quiet, digest_at): ((NaiveTime, NaiveTime), NaiveTime),
) -> Option<Say> {
    let (from, to) = quiet;
    // Any day will do: the hours are the same on each.
    let is_put_off = settings.is_quiet(quiet, settings.moment(NaiveDate::default(), digest_at));
    let digest = match is_put_off {
        true => say!("group.quiet.digest", time = digest_at, to = to),
        false => say!("none"),
    };
    match patch.quiet {
        Some(_) if from == to => Some(say!("group.quiet.none")),
        Some(_) => Some(say!("group.quiet", from = from, to = to, digest = digest)),
        None => is_put_off.then(|| say!("group.quiet", from = from, to = to, digest = digest)),
    }
}
