//! 镇街、界别 — who may change the list, and what is written somewhere that is not on it.

use crate::domain::event::Event;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::{proper_field, within};
use crate::domain::kernel::world::{Key, kind};
use crate::domain::people::group::Group;
use crate::domain::people::person::{Person, Role, Scope};
use crate::domain::people::town::{Ask, Fact, MAX_NAMES, Sort, What, distance, is_near, is_same_sector};
use crate::domain::process::topic::Topic;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::domain::talk::suggestion::MAX_REASON;
use crate::say;

/// Longest name, in characters.
const MAX_NAME: usize = 20;

/// A name of a list as a command writes it.
pub(super) struct Written {
    pub sort: Sort,
    pub name: String,
}

/// What stands before and after a name in a line: a value (`镇街=`) before a word, a whole word before a part of one, the last first.
fn around<'t>(said: &'t str, name: &str) -> (&'t str, &'t str) {
    let is_edge = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "，,。；;、｜|".contains(c));
    let places = said.match_indices(name).filter_map(|(at, _)| Some((said.get(..at)?, said.get(at + name.len()..)?)));
    let rank = |(before, after): &(&str, &str)| {
        let last = before.chars().next_back();
        let is_whole = is_edge(after.chars().next());
        match last {
            Some('=' | '＝' | '：' | ':') if is_whole => 2,
            last if is_whole && is_edge(last) => 1,
            _ => 0,
        }
    };
    places.max_by_key(rank).unwrap_or_default()
}

/// 原话改一个字 — the line as it was said, with another name in the place of the one that is not known. Nothing else of it is lost.
fn exchanged(said: &str, name: &str, other: &str) -> Say {
    let (before, after) = around(said, name);
    say!("town.line", line = format!("{before}{other}{after}"))
}

fn example(sort: Sort) -> Value {
    example_of(match sort {
        Sort::Town => "ex.town",
        Sort::Sector => "ex.sector",
    })
}

fn sort_value(sort: Sort) -> Value {
    Value::Term(sort.term().to_owned())
}

impl Ctx<'_> {
    /// Lets pass what is on the list; while the office is being set up also what somebody who coordinates the district writes for the
    /// first time, with a word about it, if it is not nearly something that is there.
    ///
    /// # Errors
    /// `e.town_unknown` with the nearest names, `e.town_moved`.
    pub(super) fn listed(&self, written: &Written) -> Result<Option<Say>, Say> {
        let (sort, name) = (written.sort, written.name.trim());
        if name.is_empty() {
            return Ok(None);
        }
        match self.world.town(sort, name) {
            Some(known) => match known.into {
                None => return Ok(None),
                Some(into) => {
                    let line = exchanged(&self.scene.said, name, &into);
                    return Err(say!("e.town_moved", bad = name, into = into.as_str(), line = line));
                }
            },
            None if self.world.is_listed(sort, name) => return Ok(None),
            None if self.is_new(sort, name) => {
                return Ok(Some(say!("town.new", sort = sort_value(sort), town = name)));
            }
            None => {}
        }
        let mut near = self.world.nearest_towns(sort, name);
        near.retain(|other| is_near(sort, other, name) || sort == Sort::Sector && is_same_sector(other, name));
        let lines: Vec<Say> = near.iter().map(|other| exchanged(&self.scene.said, name, other)).collect();
        let who = self.world.coordinators_of("");
        let who = if who.is_empty() { self.world.holders(Role::Admin) } else { who };
        let who: Vec<Value> = who.iter().take(2).map(|person| (&person.name).into()).collect();
        let (bad, sort) = (Value::Quote(name.to_owned()), sort_value(sort));
        if near.is_empty() {
            let how = match self.coordinates("") {
                true => say!("town.how.add", sort = sort.clone(), town = name),
                false => say!("town.how.ask", sort = sort.clone(), town = name, who = Value::List(who)),
            };
            return Err(say!("e.town_unknown.none", sort = sort, bad = bad, how = how));
        }
        if self.coordinates("") {
            return Err(say!("e.town_unknown", sort = sort, bad = bad, rows = Value::Lines(lines), town = name));
        }
        let (rows, who) = (Value::Lines(lines), Value::List(who));
        Err(say!("e.town_unknown.ask", sort = sort, bad = bad, rows = rows, town = name, who = who))
    }

    /// Lets a unit pass that was written without saying so, unless it is nearly a town or a sector and that is missing.
    ///
    /// # Errors
    /// `e.unit_like` with the line for each thing it may be.
    pub(super) fn require_unit(&self, unit: &str, (no_town, no_sector): (bool, bool)) -> Result<(), Say> {
        let (unit, said) = (unit.trim(), self.scene.said.as_str());
        let sorts = [(Sort::Town, no_town), (Sort::Sector, no_sector)];
        let missing = sorts.into_iter().filter(|(_, is_missing)| *is_missing && !unit.is_empty());
        for (sort, _) in missing {
            let mut near = self.world.nearest_towns(sort, unit);
            near.retain(|name| distance(name, unit) <= 1);
            if near.is_empty() {
                continue;
            }
            let (before, after) = around(said, unit);
            let as_sort = |name: &String| {
                say!("town.line.as", before = before, key = sort_value(sort), value = name.as_str(), after = after)
            };
            let mut rows: Vec<Say> = near.iter().map(as_sort).collect();
            let key = Value::Term("key.unit".to_owned());
            rows.push(say!("town.line.as", before = before, key = key, value = unit, after = after));
            let bad = Value::Quote(unit.to_owned());
            return Err(say!("e.unit_like", bad = bad, sort = sort_value(sort), rows = Value::Lines(rows)));
        }
        Ok(())
    }

    /// The towns the speaker coordinates that may be meant by what is the name of none.
    pub(super) fn nearly(&self, written: &str) -> Vec<String> {
        let written = written.trim();
        if written.is_empty() || self.world.town(Sort::Town, written).is_some() {
            return Vec::new();
        }
        let mut near = self.world.nearest_towns(Sort::Town, written);
        near.retain(|name| is_near(Sort::Town, name, written) && self.coordinates(name));
        near
    }

    /// Whether a name may be taken as a new one: the list is not kept by hand, no topic has a town yet, and nothing is like it.
    fn is_new(&self, sort: Sort, name: &str) -> bool {
        let is_settled = match sort {
            Sort::Town => self.world.counters().topics > 0,
            Sort::Sector => false,
        };
        // 届 is 界 mistyped.
        let is_like = || {
            let is_alike = |near: &String| is_near(sort, near, name) || is_same_sector(near, name);
            name.ends_with('届') || self.world.nearest_towns(sort, name).iter().any(is_alike)
        };
        self.coordinates("") && !self.world.are_towns_kept(sort) && !is_settled && !is_like()
    }
}

/// 镇街, 界别.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    let sort = ask.sort;
    match &ask.what {
        What::List => {
            ctx.require_role(Role::Coordinator)?;
            Ok(Decision::answer(list(ctx, sort)))
        }
        What::Add(names) => {
            ctx.require_coordinator_of("")?;
            add(ctx, sort, names)
        }
        What::Rename(from, into, reason) => {
            ctx.require_coordinator_of("")?;
            rename(ctx, sort, (from.trim(), into.trim()), reason.trim())
        }
        What::Merge(from, into, reason) => {
            ctx.require_coordinator_of("")?;
            merge(ctx, sort, (from.trim(), into.trim()), reason.trim())
        }
        What::Drop(name) => {
            ctx.require_coordinator_of("")?;
            drop_name(ctx, sort, name.trim())
        }
    }
}

fn list(ctx: &Ctx<'_>, sort: Sort) -> Say {
    let names = ctx.world.towns(sort);
    if names.is_empty() {
        return say!("town.none", sort = sort_value(sort), ex = example(sort));
    }
    let row = |name: &String| {
        let before = ctx.world.towns_before(sort, name);
        if before.is_empty() {
            return say!("town.row", town = name.as_str());
        }
        let before = before.into_iter().map(Value::from).collect();
        say!("town.row.before", town = name.as_str(), before = Value::List(before))
    };
    let rows = names.iter().map(|name| row(name).into()).collect();
    say!("town.list", sort = sort_value(sort), n = names.len(), rows = Value::List(rows), ex = example(sort))
}

fn proper(sort: Sort, name: &str) -> Result<(), Say> {
    if name.is_empty() {
        return Err(say!("e.empty", ex = example(sort)));
    }
    proper_field(name)?;
    within(name, MAX_NAME)
}

/// A name that stands on the list.
fn known(ctx: &Ctx<'_>, sort: Sort, name: &str) -> Result<(), Say> {
    match ctx.world.town(sort, name) {
        Some(town) if town.into.is_none() => Ok(()),
        _ => Err(say!("e.no_town", sort = sort_value(sort), bad = Value::Quote(name.to_owned()), ex = example(sort))),
    }
}

/// 加 — what stands there already is not put there again.
fn add(ctx: &Ctx<'_>, sort: Sort, names: &[String]) -> Decided {
    let stands = |name: &str| ctx.world.town(sort, name).is_some_and(|town| town.into.is_none());
    let mut new: Vec<String> = Vec::new();
    for name in names.iter().map(|name| name.trim()) {
        proper(sort, name)?;
        if !stands(name) && !new.iter().any(|other| other == name) {
            new.push(name.to_owned());
        }
    }
    if names.is_empty() {
        return Err(say!("e.empty", ex = example(sort)));
    }
    if ctx.world.towns(sort).len() + new.len() > MAX_NAMES {
        return Err(say!("e.too_far", max = MAX_NAMES));
    }
    if new.is_empty() && ctx.world.are_towns_kept(sort) {
        return Ok(Decision::answer(list(ctx, sort)));
    }
    Ok(Decision::fact(Event::Town(Fact::Listed { sort, names: new })))
}

fn rename(ctx: &Ctx<'_>, sort: Sort, (from, into): (&str, &str), reason: &str) -> Decided {
    known(ctx, sort, from)?;
    proper(sort, into)?;
    if from == into {
        return Err(say!("e.empty", ex = example(sort)));
    }
    if ctx.world.town(sort, into).is_some_and(|town| town.into.is_none()) {
        return Err(say!("e.town_there", sort = sort_value(sort), from = from, into = into));
    }
    within(reason, MAX_REASON)?;
    let (from, into, reason) = (from.to_owned(), into.to_owned(), reason.into());
    Ok(Decision::fact(Event::Town(Fact::Moved { sort, from, into, merged: false, reason })))
}

/// 并 — two become one, an old one or a new one. Why is said: the record keeps it.
fn merge(ctx: &Ctx<'_>, sort: Sort, (from, into): (&str, &str), reason: &str) -> Decided {
    known(ctx, sort, from)?;
    proper(sort, into)?;
    if from == into {
        return Err(say!("e.empty", ex = example(sort)));
    }
    if reason.is_empty() {
        return Err(say!("e.town_why", sort = sort_value(sort), from = from, into = into));
    }
    within(reason, MAX_REASON)?;
    let (from, into, reason) = (from.to_owned(), into.to_owned(), reason.into());
    Ok(Decision::fact(Event::Town(Fact::Moved { sort, from, into, merged: true, reason })))
}

/// 删 — only what nothing is of.
fn drop_name(ctx: &Ctx<'_>, sort: Sort, name: &str) -> Decided {
    known(ctx, sort, name)?;
    if is_used(ctx, sort, name) {
        return Err(say!("e.town_used", sort = sort_value(sort), town = name));
    }
    Ok(Decision::fact(Event::Town(Fact::Dropped { sort, name: name.to_owned() })))
}

fn is_used(ctx: &Ctx<'_>, sort: Sort, name: &str) -> bool {
    let mut is_used = ctx.world.groups().iter().any(|group: &Group| match sort {
        Sort::Town => group.town == name,
        Sort::Sector => group.sector == name,
    });
    is_used |= sort == Sort::Town && ctx.world.stations().iter().any(|station| station.town == name);
    if sort == Sort::Town && !is_used {
        ctx.world.scan(&Key::new(kind::TOPIC), |topic: Topic| {
            is_used = topic.town == name;
            !is_used
        });
    }
    if !is_used {
        let scope = Scope::Town(name.to_owned());
        ctx.world.scan(&Key::new(kind::PERSON), |person: Person| {
            is_used = match sort {
                Sort::Town => person.town == name || person.grants.iter().any(|grant| grant.scope == scope),
                Sort::Sector => person.sector == name,
            };
            !is_used
        });
    }
    is_used
}
