//! 镇街、界别 — what is on the lists, and what moves where two become one.

use crate::domain::history::export::Export;
use crate::domain::intake::station::Station;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::people::group::Group;
use crate::domain::people::person::{Person, Scope};
use crate::domain::people::town::{Fact, Sort, Town};
use crate::domain::process::topic::Topic;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

/// What is written where a town could be, and is none.
const NO_TOWN: [&str; 2] = ["全区", "district"];

/// What a fact makes of the world.
pub(super) fn apply(world: &mut World<'_>, fact: &Fact, at: DateTime<Utc>) {
    match fact {
        Fact::Listed { sort, names } => {
            keep(world, *sort);
            names.iter().for_each(|name| world.put(&Town { sort: *sort, name: name.clone(), into: None }));
        }
        Fact::Moved { sort, from, into, .. } => {
            keep(world, *sort);
            moved(world, *sort, (from, into), at);
        }
        Fact::Dropped { sort, name } => {
            keep(world, *sort);
            world.remove(Key::new(kind::TOWN).byte(*sort as u8).text(name));
        }
    }
}

fn keep(world: &mut World<'_>, sort: Sort) {
    world.put_at(Key::new(kind::TOWNS_KEPT).byte(sort as u8), &true);
}

impl World<'_> {
    /// A name was written somewhere: it is on the list from now on, if it is not yet.
    pub(super) fn heard_of(&mut self, sort: Sort, name: &str) {
        if !name.is_empty() && !NO_TOWN.contains(&name) && self.town(sort, name).is_none() {
            self.put(&Town { sort, name: name.to_owned(), into: None });
        }
    }
}

/// Every row of a kind, changed where it has to be.
fn each<E: Entity + DeserializeOwned>(world: &mut World<'_>, kind: u8, mut change: impl FnMut(&mut E) -> bool) {
    let mut changed = Vec::new();
    world.scan(&Key::new(kind), |mut row: E| {
        if change(&mut row) {
            changed.push(row);
        }
        true
    });
    changed.iter().for_each(|row| world.put(row));
}

/// Everybody, changed where they have to be. What they did before counts for what they were then.
fn people(world: &mut World<'_>, at: DateTime<Utc>, mut change: impl FnMut(&mut Person) -> bool) {
    let mut changed = Vec::new();
    world.scan(&Key::new(kind::PERSON), |mut person: Person| {
        let was = person.clone();
        if change(&mut person) {
            changed.push((was, person));
        }
        true
    });
    for (was, is) in changed {
        world.keep_past(&was, &is, at);
        world.put(&is);
    }
}

/// Whatever was of the one is of the other. What was told of it before stays as it was told.
fn moved(world: &mut World<'_>, sort: Sort, (from, into): (&str, &str), at: DateTime<Utc>) {
    let take = |name: &mut String| {
        let is_it = name == from;
        if is_it {
            into.clone_into(name);
        }
        is_it
    };
    match sort {
        Sort::Town => {
            each(world, kind::TOPIC, |topic: &mut Topic| take(&mut topic.town));
            each(world, kind::STATION, |station: &mut Station| take(&mut station.town));
            each(world, kind::GROUP, |group: &mut Group| take(&mut group.town));
            each(world, kind::EXPORT, |export: &mut Export| {
                export.towns.iter_mut().fold(false, |is, town| take(town) | is)
            });
            people(world, at, |person| take(&mut person.town) | scopes(person, from, into));
        }
        Sort::Sector => {
            each(world, kind::GROUP, |group: &mut Group| take(&mut group.sector));
            people(world, at, |person| take(&mut person.sector));
        }
    }
    // What had become part of the old one before leads to the new one, too.
    each(world, kind::TOWN, |town: &mut Town| town.sort == sort && town.into.as_mut().is_some_and(take));
    world.put(&Town { sort, name: from.to_owned(), into: Some(into.to_owned()) });
    world.put(&Town { sort, name: into.to_owned(), into: None });
}

/// The offices for the old town are for the new one; who had the same for both has it once.
fn scopes(person: &mut Person, from: &str, into: &str) -> bool {
    let old = Scope::Town(from.to_owned());
    let mut is_changed = false;
    for grant in &mut person.grants {
        if grant.scope == old {
            grant.scope = Scope::Town(into.to_owned());
            is_changed = true;
        }
    }
    if is_changed {
        let mut kept: Vec<crate::domain::people::person::Grant> = Vec::new();
        for grant in std::mem::take(&mut person.grants) {
            if !kept.iter().any(|known| known.role == grant.role && known.scope == grant.scope) {
                kept.push(grant);
            }
        }
        person.grants = kept;
    }
    is_changed
}
