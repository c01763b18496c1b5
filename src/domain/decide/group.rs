//! 群设置 — what a group is, and when it is told things.

use crate::domain::event::Event;
use crate::domain::kernel::ids::GroupId;
use crate::domain::kernel::say::{Value, example_of};
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::text;
use crate::domain::people::group::{GroupKind, GroupPatch};
use crate::domain::people::person::Role;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;

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
    // Residents have never met a bot; who is in the other groups was told by the office.
    let is_first = group.kind.is_none() && kind == GroupKind::Residents;
    let answer = if is_first { vec![say!("group.welcome")] } else { Vec::new() };
    let fact = Event::GroupSet {
        group: group.id,
        kind,
        town,
        sector,
        digest_at: patch.digest_at.unwrap_or(group.digest_at),
        quiet: patch.quiet.unwrap_or(group.quiet),
        language: patch.language.clone().unwrap_or(group.language),
    };
    Ok(Decision { facts: vec![fact], answer, ..Decision::default() })
}
