//! 删除个人信息 — from the order on somebody has no account and no role; the rest is made anew from a ledger without their words.

use crate::domain::event::Record;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity as _, Key, World, kind};
use crate::domain::people::account::disown;
use crate::domain::people::erasure::Fact;
use crate::domain::people::lately::language_key;
use crate::domain::people::person::Role;

pub(super) fn apply(world: &mut World<'_>, record: &Record, fact: &Fact) {
    let (Fact::Asked { person }
    | Fact::TakenBack { person }
    | Fact::Ordered { person, .. }
    | Fact::Done { person, .. }) = fact;
    let mut erasure = world.erasure(*person);
    match fact {
        Fact::Asked { .. } => erasure.asked = Some(record.at),
        Fact::TakenBack { .. } => erasure.asked = None,
        Fact::Ordered { .. } => {
            (erasure.ordered, erasure.by) = (Some(record.seq), record.by);
            forget(world, *person);
        }
        Fact::Done { .. } => erasure.is_done = true,
    }
    world.put(&erasure);
}

/// Whoever writes from one of their accounts from now on is somebody new.
fn forget(world: &mut World<'_>, person: PersonId) {
    for account in world.accounts_ever(person) {
        disown(world, person, account.no);
        world.remove(account.key());
    }
    world.remove_all(&Key::new(kind::LOST).num(person.0));
    world.remove(language_key(person));
    let Some(mut known) = world.person_kept(person) else { return };
    for role in Role::ALL {
        world.remove(Key::new(kind::ROLE_HOLDER).byte(role as u8).num(person.0));
    }
    known.grants.clear();
    known.private_chat = Words::default();
    world.put(&known);
}
