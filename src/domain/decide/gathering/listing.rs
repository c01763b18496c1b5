//! 看活动 — what gatherings there are, and one of them with its list.

use super::own_line;
use crate::domain::decide::paging::latest;
use crate::domain::kernel::ids::GatheringNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::{Key, kind};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::gathering::{Gathering, sitting};
use crate::domain::talk::headcount;
use crate::say;

/// Rows of a list in a chat.
const MAX_ROWS: usize = 20;

fn all(ctx: &Ctx<'_>, mut fits: impl FnMut(&Gathering) -> bool) -> Vec<Gathering> {
    let mut found = Vec::new();
    ctx.world.scan(&Key::new(kind::GATHERING), |gathering: Gathering| {
        if fits(&gathering) {
            found.push(gathering);
        }
        true
    });
    found
}

/// Those to come on whose list the speaker is.
pub(in crate::domain::decide) fn coming_of(ctx: &Ctx<'_>) -> Vec<Gathering> {
    let mut own = all(ctx, |one| one.at > ctx.scene.now && one.off.is_none() && own_line(ctx, one).is_some());
    own.sort_by_key(|one| one.at);
    own
}

/// Whose gatherings somebody sees: in a group its own; in private those on whose list they are, and, with an office, those of the towns
/// that office covers.
fn is_seen(ctx: &Ctx<'_>, gathering: &Gathering) -> bool {
    match ctx.group() {
        Some(group) => gathering.group == Some(group),
        None => own_line(ctx, gathering).is_some() || ctx.require_moderator_of(gathering.group).is_ok(),
    }
}

fn state(ctx: &Ctx<'_>, gathering: &Gathering) -> Say {
    match gathering.off {
        Some(_) => say!("act.state.off"),
        None if gathering.at <= ctx.scene.now => say!("act.state.held", n = gathering.signed),
        None => {
            let lines = ctx.world.sign_ups(gathering.no);
            say!("act.state.coming", n = lines.len(), with = headcount::with(&lines))
        }
    }
}

fn when(ctx: &Ctx<'_>, gathering: &Gathering) -> Value {
    sitting(ctx.settings, ctx.scene.now, gathering.at, gathering.until)
}

/// 活动 — the latest last, a page at a time.
pub(super) fn list(ctx: &Ctx<'_>, page: u32) -> Decided {
    let seen = all(ctx, |one| is_seen(ctx, one));
    if seen.is_empty() {
        return Ok(Decision::answer(say!("act.none")));
    }
    let shown = latest(&seen, page, MAX_ROWS)?;
    let row = |one: &Gathering| {
        say!("act.row", a = one.no, title = &one.name, when = when(ctx, one), state = state(ctx, one))
    };
    let mut rows: Vec<Say> = shown.rows.iter().map(row).collect();
    rows.extend(shown.next.map(|page| say!("act.more", page = page)));
    Ok(Decision::answer(say!("act.list", n = seen.len(), rows = Value::Lines(rows))))
}

/// 活动 3 — its card as it is now, with the list.
pub(super) fn show(ctx: &Ctx<'_>, no: GatheringNo) -> Decided {
    let known = ctx.world.gathering(no).filter(|one| is_seen(ctx, one));
    let gathering = known.ok_or_else(|| say!("act.unseen", a = no))?;
    let list = match ctx.world.sign_ups(no).is_empty() {
        true => say!("none"),
        false => ctx.world.chain(no),
    };
    Ok(Decision::answer(say!(
        "act.shown",
        a = no,
        title = &gathering.name,
        when = when(ctx, &gathering),
        r#where = &gathering.place,
        state = state(ctx, &gathering),
        list = list,
    )))
}
