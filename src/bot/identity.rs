//! 身份 — whose account this is.
//!
//! An account belongs to an entered person only by an act: the office's file, or a platform that vouches for the name (the
//! built-in chat on loopback, where people choose who they are). A name that somebody merely shows makes a newcomer of that
//! name: a resident who may speak and second, and who is on no roll.

use crate::domain::decide::electors;
use crate::domain::event::Event;
use crate::domain::kernel::ids::PersonId;
use crate::domain::kernel::settings::Settings;
use crate::domain::kernel::text::proper_name;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::World;
use crate::domain::people::account::{Account, Fact};
use crate::domain::people::namesake;
use crate::domain::people::person::{Person, Role, Side};
use crate::platform::Sender;

/// Who speaks, and what must be recorded first if they do something.
pub struct Identity {
    /// Number.
    pub person: PersonId,
    /// Facts that make the person known.
    pub prelude: Vec<Event>,
}

/// Finds or makes the person behind a sender. Nothing is recorded by looking.
#[must_use]
pub fn identify(world: &World<'_>, settings: &Settings, sender: &Sender) -> Identity {
    let known = world.person_by_account(&sender.account);
    let (person, mut prelude) = match known {
        // Spoke up first, entered by the office later.
        Some(person) if sender.name_is_proof && world.person(person).is_some_and(|person| !person.enrolled) => {
            match entered(world, sender) {
                Some(_) => introduce(world, sender),
                None => (person, Vec::new()),
            }
        }
        Some(person) => (person, Vec::new()),
        None => introduce(world, sender),
    };
    if settings.admins.contains(&sender.account) && !world.is_cut(&sender.account) {
        let holds = |role| world.person(person).is_some_and(|person| person.holds(role));
        for role in LISTED.into_iter().filter(|&role| !holds(role)) {
            prelude.push(Event::Account(Fact::Listed { person, role }));
        }
        prelude.extend(electors::altered(world, &prelude));
    }
    Identity { person, prelude }
}

/// What `admins` of the configuration makes somebody.
const LISTED: [Role; 2] = [Role::Admin, Role::Coordinator];

/// 管理员 — what the configuration changes at a start: whoever it names holds the roles it gives, whoever it names no longer has only
/// those that somebody else gave.
#[must_use]
pub fn by_configuration(world: &World<'_>, settings: &Settings) -> Vec<Event> {
    let listed = |account: &Account| settings.admins.iter().any(|admin| admin == account.address.as_str());
    let mut facts = Vec::new();
    for role in LISTED {
        for person in world.holders(role) {
            let is_named = world.accounts_of(person.id).iter().any(listed);
            if !is_named && person.grants.iter().any(|grant| grant.role == role && grant.listed) {
                facts.push(Event::Account(Fact::Delisted { person: person.id, role }));
            }
        }
        for account in settings.admins.iter().filter_map(|admin| world.account(admin)).filter(|account| !account.cut) {
            let person = account.person;
            if world.person(person).is_some_and(|person| !person.holds(role)) {
                facts.push(Event::Account(Fact::Listed { person, role }));
            }
        }
    }
    facts.dedup();
    facts.extend(electors::altered(world, &facts));
    facts
}

fn introduce(world: &World<'_>, sender: &Sender) -> (PersonId, Vec<Event>) {
    let vouched = if sender.name_is_proof { entered(world, sender) } else { None };
    let link = |person| Event::AccountLinked {
        person,
        account: sender.account.as_str().into(),
        private_chat: sender.private_chat.as_deref().unwrap_or_default().into(),
        before: Words::default(),
    };
    if let Some(known) = vouched {
        return (known.id, vec![link(known.id)]);
    }
    let person = PersonId(world.counters().people + 1);
    (person, vec![newcomer(person, &sender.name), link(person)])
}

/// Whom a name proves that a platform vouches for: the only one of it, who has and had no other account, and from whom this one was not
/// taken.
fn entered(world: &World<'_>, sender: &Sender) -> Option<Person> {
    let mut named: Vec<Person> =
        world.people_named(&sender.name).into_iter().filter(|person| person.enrolled).collect();
    // A name proves the one who bears it as it is written.
    named.retain(|person| person.name.as_str().trim_end_matches(namesake::TWIN) == sender.name);
    let is_free = |person: &Person| {
        let never = world.accounts_of(person.id).is_empty() && world.lost_accounts(person.id).is_empty();
        never && !world.is_cut(&sender.account)
    };
    if named.len() == 1 { named.pop().filter(is_free) } else { None }
}

/// Somebody nobody has entered. A name that could be taken for something else in a card is not shown.
fn newcomer(person: PersonId, shown: &str) -> Event {
    let shown: String = shown.trim().chars().take(20).collect();
    let name = namesake::kept(&shown, person, proper_name(&shown).is_ok());
    Event::PersonEnrolled {
        person,
        name: name.into(),
        side: Side::Resident,
        unit: Words::default(),
        sector: String::new(),
        town: String::new(),
        level: None,
        field: Words::default(),
        room: Words::default(),
        enrolled: false,
    }
}
