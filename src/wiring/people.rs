//! 名单 — the people of the office, as somebody chooses among them.

use xieshang::domain::kernel::words::NOBODY;
use xieshang::domain::kernel::world::{Key, World, kind};
use xieshang::domain::people::person::Person as Known;
use xieshang::domain::people::person::Role;
use xieshang::language::{Catalog, Lang};
use xieshang::platform::local::Person;

/// People as the chat lists them.
pub fn people(world: &World<'_>, catalog: &Catalog, lang: Lang, shown: impl Fn(&Known) -> bool) -> Vec<Person> {
    let term = |key: &str| catalog.term(key).map(|word| word.text(lang).to_owned()).unwrap_or_default();
    let known: Vec<Known> = world.list(&Key::new(kind::PERSON), 5_000);
    let person = |person: &Known| Person {
        name: person.name.as_str().to_owned(),
        side: term(person.side.term()),
        note: note_of(person, &term),
    };
    let has_name = |person: &&Known| !person.name.as_str().starts_with(NOBODY);
    known.iter().filter(has_name).filter(|person| shown(person)).map(person).collect()
}

/// What helps to choose somebody: highest role, unit, field or room.
fn note_of(person: &Known, term: &dyn Fn(&str) -> String) -> String {
    let role = Role::ALL.into_iter().rev().find(|&role| role != Role::Resident && person.holds(role));
    let parts = [
        role.map(|role| term(role.term())).unwrap_or_default(),
        person.unit.as_str().to_owned(),
        person.sector.clone(),
        person.field.as_str().to_owned(),
        person.room.as_str().to_owned(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
