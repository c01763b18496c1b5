//! 别动说话的人 — the guard every decision goes through: whoever has a part in a matter that waits for somebody's word leaves that one's
//! account, entry and roles to others, whatever the command. Which facts touch whom stands in [`standing`]; whose word is waited for, and
//! who has a part in it, in [`word_in_hand`](World::word_in_hand).

use crate::domain::event::Event;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::world::World;
use crate::domain::people::person::{Person, Role};
use crate::domain::scene::Ctx;
use crate::domain::standing::standing;
use crate::say;

/// Officials who are named instead.
const MOST_NAMED: usize = 3;

/// Refuses what would reach somebody whose word settles a matter of the speaker's own.
///
/// # Errors
/// What waits for them, what the speaker is in it, and who can do it.
pub fn within(ctx: &Ctx<'_>, facts: &[Event]) -> Result<(), Say> {
    let mut touched: Vec<PersonId> = facts.iter().filter_map(|fact| standing(fact).touches()).collect();
    touched.sort_unstable();
    touched.dedup();
    touched.iter().try_for_each(|person| leave_alone(ctx, &ctx.scene.who, *person))
}

/// The same of whoever is meant to do it: the one who gave out a code.
///
/// # Errors
/// As [`within`].
pub fn leave_alone(ctx: &Ctx<'_>, by: &Person, person: PersonId) -> Result<(), Say> {
    let Some(known) = ctx.world.person(person) else { return Ok(()) };
    let Some((topic, word, stake)) = ctx.world.word_in_hand(by, person) else { return Ok(()) };
    let others = others(ctx.world, &known, by);
    let (no, who, held) = (topic.no, &known.name, Value::Term(stake.term().to_owned()));
    Err(match others.is_empty() {
        true => say!("e.word.alone", no = no, who = who, word = word.said(), held = held),
        false => say!("e.word", no = no, who = who, word = word.said(), held = held, ask = Value::List(others)),
    })
}

/// Who can do it: coordinators of their town and administrators, as far as they have no part in what waits for that word.
fn others(world: &World<'_>, known: &Person, by: &Person) -> Vec<Value> {
    let all = world.coordinators_of(&known.town).into_iter().chain(world.holders(Role::Admin));
    let is_free = |one: &Person| ![by.id, known.id].contains(&one.id) && world.word_in_hand(one, known.id).is_none();
    let mut names: Vec<Value> = Vec::new();
    for one in all.filter(is_free) {
        let name = Value::from(&one.name);
        if names.len() < MOST_NAMED && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
