//! 阵地 — entering a station, and the list.

use crate::domain::event::Event;
use crate::domain::intake::station::{Ask, Detail, MAX_STATIONS, Station, StationKind, card};
use crate::domain::kernel::ids::StationId;
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::kernel::text::within;
use crate::domain::people::person::Role;
use crate::domain::scene;
use crate::domain::scene::{Ctx, Decided, Decision};
use crate::say;

/// Longest name, town, address and contact, in characters.
const MAX_NAME: usize = 40;

const EXAMPLE: &str = "ex.station";

/// /阵地 — what a coordinator asks.
pub fn decide(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    match ask {
        Ask::List => Ok(Decision::answer(list(ctx))),
        Ask::Show(name) => Ok(Decision::answer(card(&known(ctx, name)?))),
        Ask::Set { kind, name, town, days, address, contact } => {
            set(ctx, *kind, (name, town), days.as_deref(), (address, contact))
        }
        Ask::Close(name) => {
            let station = known(ctx, name)?;
            may(ctx, &station.town)?;
            let detail = Detail { closed: true, ..station.detail };
            let (id, name, kind, town) = (station.id, station.name, station.kind, station.town);
            Ok(Decision::fact(Event::StationSet { station: id, name, kind, town, detail }))
        }
    }
}

fn known(ctx: &Ctx<'_>, name: &str) -> Result<Station, Say> {
    ctx.world.station_named(name.trim()).ok_or_else(|| say!("e.no_station", bad = Value::Quote(name.to_owned())))
}

fn may(ctx: &Ctx<'_>, town: &str) -> Result<(), Say> {
    if ctx.coordinates(town) { Ok(()) } else { Err(ctx.ask(Role::Coordinator, town)) }
}

fn set(
    ctx: &Ctx<'_>,
    kind: StationKind,
    (name, town): (&str, &str),
    days: Option<&[u8]>,
    (address, contact): (&str, &str),
) -> Decided {
    let (name, town) = (name.trim(), town.trim());
    if name.is_empty() || town.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    for text in [name, town, address, contact] {
        within(text, MAX_NAME)?;
    }
    may(ctx, town)?;
    let before = ctx.world.station_named(name);
    if let Some(before) = &before {
        may(ctx, &before.town)?;
    } else if ctx.world.counters().stations as usize >= MAX_STATIONS {
        return Err(say!("e.too_far", max = MAX_STATIONS));
    }
    let next = StationId(ctx.world.counters().stations + 1);
    let id = before.as_ref().map_or(next, |station| station.id);
    let mut detail = match before {
        Some(station) => station.detail,
        None => Detail { token: ctx.token(14).ok_or_else(|| scene::not_recorded(ctx))?, ..Detail::default() },
    };
    if let Some(days) = days {
        detail.days = days.to_vec();
    }
    if !address.is_empty() {
        detail.address = address.into();
    }
    if !contact.is_empty() {
        detail.contact = contact.into();
    }
    let (name, kind, town) = (name.into(), kind.written().to_owned(), town.to_owned());
    Ok(Decision::fact(Event::StationSet { station: id, name, kind, town, detail }))
}

fn list(ctx: &Ctx<'_>) -> Say {
    let (mut stations, figures) = (ctx.world.stations(), ctx.world.station_figures());
    stations.retain(|station| ctx.coordinates(&station.town));
    if stations.is_empty() {
        return say!("station.none", ex = example_of(EXAMPLE));
    }
    let of = |station: &Station| figures.get(&station.id).copied().unwrap_or_default();
    let row = |station: &Station| {
        let days = match station.detail.days.is_empty() {
            true => say!("none"),
            false => say!("station.days", days = station.days_value()),
        };
        let sum = of(station);
        let (name, kind, town) = (&station.name, station.kind_value(), station.town.as_str());
        say!(
            "station.row",
            station = name,
            kind = kind,
            town = town,
            days = days,
            got = sum.received,
            done = sum.closed
        )
    };
    let rows: Vec<Say> = stations.iter().map(row).collect();
    let (got, done) = stations.iter().map(of).fold((0, 0), |(got, done), sum| (got + sum.received, done + sum.closed));
    say!("station.list", n = stations.len(), got = got, done = done, rows = Value::Lines(rows))
}
