//! 去掉 — a name on a list that is not the speaker's: whose word strikes it off, and what everybody else is asked.

use super::still_open;
use crate::domain::decide::gathering::leave;
use crate::domain::event::Event;
use crate::domain::kernel::ids::GatheringNo;
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::place::{flat_before, same_bearer};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::gathering::{Fact, Gathering, Joined};
use crate::say;

/// What goes on behind a name where it says that somebody does not come.
const BEHIND: [char; 9] = ['不', '来', '去', '没', '有', '取', '退', '请', '写'];

fn is_own(ctx: &Ctx<'_>, line: &Joined) -> bool {
    line.person == Some(ctx.me())
        || (line.person.is_none() && same_bearer(line.name.as_str(), ctx.scene.who.name.as_str()))
}

/// The line of somebody else whose name these words are, or begin with.
pub(in crate::domain::decide) fn named(ctx: &Ctx<'_>, gathering: &Gathering, said: &str) -> Option<Joined> {
    let is_it = |line: &Joined| {
        let behind = |name: &str| {
            let rest = said.strip_prefix(name).filter(|_| name.chars().count() > 1)?;
            Some(rest.chars().next().is_none_or(|c| !c.is_alphabetic() || BEHIND.contains(&c)))
        };
        let name = line.name.as_str();
        behind(name).or_else(|| behind(flat_before(name).1)).unwrap_or_default()
    };
    ctx.world.sign_ups(gathering.no).into_iter().find(|line| !is_own(ctx, line) && is_it(line))
}

/// Where none is written, the one to come whose list holds the name.
fn whose_list(ctx: &Ctx<'_>, written: Option<GatheringNo>, name: &str) -> Result<Gathering, Say> {
    let is_said = written.is_some() || matches!(ctx.scene.reply, Some(Mark::Gathering(_)));
    let here = ctx.group().filter(|_| !is_said);
    let mut coming = here.map(|group| ctx.world.coming_gatherings(group, ctx.scene.now)).unwrap_or_default();
    let holds = |one: &Gathering| ctx.world.sign_ups(one.no).iter().any(|line| same_bearer(line.name.as_str(), name));
    coming.retain(holds);
    match coming.as_slice() {
        [] => ctx.resolve_gathering(written, "ex.decline"),
        [one] => Ok(one.clone()),
        several => {
            let row = |one: &Gathering| {
                say!("which_act.strike", a = one.no, name = &one.name, when = Value::Meeting(one.at), who = name)
            };
            Err(say!("e.which_act", rows = Value::Lines(several.iter().map(row).collect())))
        }
    }
}

/// 不去 李德福 — one's own name, or one that is struck off by whoever may.
pub(super) fn leave_as(ctx: &Ctx<'_>, written: Option<GatheringNo>, (name, said): (&str, &str)) -> Decided {
    if same_bearer(name, ctx.scene.who.name.as_str()) {
        return leave(ctx, written, "");
    }
    let gathering = whose_list(ctx, written, name)?;
    still_open(ctx, &gathering)?;
    let mut lines = ctx.world.sign_ups(gathering.no).into_iter();
    match lines.find(|line| !is_own(ctx, line) && same_bearer(line.name.as_str(), name)) {
        Some(line) => strike(ctx, &gathering, &line),
        None => Err(say!("e.leave_whom", a = gathering.no, bad = Value::Quote(said.to_owned()))),
    }
}

/// By whoever put it there, and by the host; what somebody signed up themselves is theirs.
pub(super) fn strike(ctx: &Ctx<'_>, gathering: &Gathering, line: &Joined) -> Decided {
    let (a, who) = (gathering.no, &line.name);
    if line.person.is_some() {
        return Err(say!("e.leave_theirs", a = a, who = who));
    }
    if line.by != Some(ctx.me()) && ctx.require_host(gathering).is_err() {
        let by = line.by.map(|by| ctx.world.name_of(by)).unwrap_or_default();
        return Err(say!("e.leave_other", a = a, who = who, by = by));
    }
    let left = Fact::Left { gathering: a, n: line.n, why: "".into(), for_good: true };
    Ok(Decision::fact(Event::Gathering(left)))
}

/// “/隐藏 活动1 老李 写错了” would hide the name of the gathering.
pub(in crate::domain::decide) fn require_no_name(ctx: &Ctx<'_>, no: GatheringNo, reason: &str) -> Result<(), Say> {
    let line = ctx.world.gathering(no).and_then(|gathering| named(ctx, &gathering, reason));
    match line {
        Some(line) => Err(say!("e.hide_name", a = no, who = &line.name)),
        None => Ok(()),
    }
}
