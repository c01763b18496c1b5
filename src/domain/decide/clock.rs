//! 时钟 — who may say that the clock of the machine is right.

use crate::domain::event::Event;
use crate::domain::history::clock::{Ask, Fact};
use crate::domain::kernel::say::Value;
use crate::domain::people::person::{Role, Scope};
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;

/// 时钟 — for those who can look at the machine, or at their own watch.
pub fn decide(ctx: &Ctx<'_>, ask: Ask) -> Decided {
    if !ctx.scene.who.holds(Role::Admin) {
        ctx.require_role(Role::Coordinator)?;
    }
    let Some(doubt) = ctx.world.office_clock().doubt else {
        return Ok(Decision::answer(say!(
            "clock.show",
            now = Value::Moment(ctx.scene.now),
            zone = ctx.settings.tz.name()
        )));
    };
    match ask {
        Ask::Show => Ok(Decision::answer(doubt.say(ctx.settings))),
        // By it the votes of every town end.
        Ask::Right if !is_of_all(ctx) => Err(ctx.ask(Role::Coordinator, "")),
        Ask::Right => {
            let shown = ctx.scene.now + (doubt.shown - doubt.expected);
            Ok(Decision::facts(vec![Event::Clock(Fact::Settled { shown, is_right: true })]))
        }
    }
}

/// Whether it is for somebody to speak for the whole district.
fn is_of_all(ctx: &Ctx<'_>) -> bool {
    let grants = &ctx.scene.who.grants;
    grants
        .iter()
        .any(|grant| grant.role == Role::Admin || (grant.role == Role::Coordinator && grant.scope == Scope::District))
}
