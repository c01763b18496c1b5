//! 读 — from rows to a roll: headings, groups, sums, merged cells, owners and flats, and what is asked back.

use super::cells::{MAX_ROWS, Row};
use super::columns::{Columns, by_heading, by_rows, fitted, unglued};
use super::heading::{Sum, is_floor, is_frame, is_group, is_heading, is_numbered_group, is_title, sum};
use super::value::{
    Dated, Flat, area, as_one, dated, flat, flats, is_called, is_full_name, is_nobody, is_office, is_other_unit,
    is_range, is_unit, may_be_flat, name, owners,
};
use crate::domain::kernel::place::{name_sign, place_key};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::vote::roll::{MAX_LINES, RollLine, Sheet};
use crate::domain::vote::tally::square_metres;
use crate::say;
use chrono::{Days, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// An area that no flat has, in 0.01 m².
const TOO_SMALL: u64 = 500;
const TOO_LARGE: u64 = 200_000;

/// Flats that are named in one doubt.
const MOST_ROOMS: usize = 8;

/// A flat as it was read.
struct Read {
    at: usize,
    room: String,
    owner: String,
    area: u64,
    phone: String,
    /// Whether its row says the area itself, and is not merged with the one above.
    has_area: bool,
}

/// What has been read so far.
#[derive(Default)]
struct Table {
    read: Vec<Read>,
    troubles: Vec<Say>,
    notes: Vec<Say>,
    doubts: Vec<Say>,
    /// Rows that were known and are no rows of the list.
    aside: Vec<Value>,
    /// The group the rows below it are of.
    group: String,
    groups: BTreeSet<String>,
    /// Cells of the row above, for merged ones.
    above: Vec<String>,
    /// Whether a sum of all says that flats on several lines are counted once.
    is_whole: bool,
    /// Rows since the last sum of a part.
    part_from: usize,
}

/// Reads rows.
pub(super) fn read(rows: Vec<Row>) -> Result<Sheet, Vec<Say>> {
    if rows.len() > MAX_ROWS {
        return Err(vec![say!("e.many", max = MAX_LINES, n = rows.len())]);
    }
    let (rows, columns, first) = match plan(parted(rows)) {
        Ok(plan) => plan,
        Err(trouble) => return Err(vec![trouble]),
    };
    let mut table = Table::default();
    if columns.is_people {
        table.people(&rows);
    } else {
        table.tell_columns(&columns);
        let mut early: Vec<&Row> = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            if at < first {
                table.aside(row);
            } else if table.read.is_empty() && sum(&row.full()) == Some(Sum::All) {
                // 总计 above the rows is of those below.
                early.push(row);
            } else {
                table.row(row, &columns);
            }
        }
        for row in early {
            table.sum(row, Sum::All, &columns);
        }
    }
    table.whole(&columns);
    table.done()
}

/// 一组：赵大山、钱二河 is a heading and a row; 101：李德福 is two cells.
fn parted(rows: Vec<Row>) -> Vec<Row> {
    let mut found = Vec::with_capacity(rows.len());
    for mut row in rows {
        let first = row.cells.iter().position(|cell| !cell.is_empty());
        let cell = first.and_then(|at| row.cells.get(at)).cloned().unwrap_or_default();
        let Some((at, (before, after))) = first.zip(cell.split_once([':', '：'])) else {
            found.push(row);
            continue;
        };
        let (before, after) = (before.trim().to_owned(), after.trim().to_owned());
        if after.is_empty() || owners(&after).is_none() {
            found.push(row);
        } else if is_group(&before) {
            found.push(Row { line: row.line, cells: vec![before], is_ruled: false });
            row.cells.splice(at..=at, [after]);
            found.push(row);
        } else if flat(&before).is_some_and(|flat| !flat.is_guessed) {
            row.cells.splice(at..=at, [before, after]);
            found.push(row);
        } else {
            found.push(row);
        }
    }
    found
}

/// The rows, their columns, and the first row below the headings.
fn plan(rows: Vec<Row>) -> Result<(Vec<Row>, Columns, usize), Say> {
    let heading = rows.iter().position(|row| is_heading(&row.full()));
    let is_early = |at: usize| {
        let is_above = |row: &Row| row.full().len() <= 2 || is_frame(&row.full()) || is_title(&row.text());
        rows.iter().take(at).all(|row| is_lost_flat(row) || is_above(row))
    };
    if let Some(at) = heading.filter(|at| is_early(*at)) {
        let columns = rows.get(at).map(by_heading).transpose()?.unwrap_or_default();
        let mut rows = rows;
        rows.remove(at);
        return Ok((rows, columns, at));
    }
    let is_data = |row: &&Row| !is_other(row);
    let data: Vec<&Row> = rows.iter().filter(is_data).collect();
    if data.is_empty() {
        return Err(say!("roll.t.headings"));
    }
    match by_rows(&data) {
        Ok(columns) => Ok((rows, columns, 0)),
        Err(why) => {
            let parted = |row: &Row| {
                let cells = row.cells.iter().flat_map(|cell| unglued(cell).unwrap_or_else(|| vec![cell.clone()]));
                Row { cells: cells.collect(), ..row.clone() }
            };
            let glued: Vec<Row> =
                rows.iter().map(|row| if is_other(row) { row.clone() } else { parted(row) }).collect();
            let data: Vec<&Row> = glued.iter().filter(is_data).collect();
            let columns = by_rows(&data).map_err(|_| why)?;
            Ok((glued, columns, 0))
        }
    }
}

/// Whether a row is no row of the list.
fn is_other(row: &Row) -> bool {
    let full = row.full();
    let is_alone = full.len() == 1;
    sum(&full).is_some()
        || is_frame(&full)
        || is_heading(&full)
        || is_alone && is_heading_of_rows(&row.text())
        || is_alone && is_title(&row.text())
}

/// 1单元, 一组, 东头: what stands above rows and is nobody. 单小楼 may be a name.
fn is_heading_of_rows(text: &str) -> bool {
    let is_village = is_group(text) && text.contains(['组', '組', '头']);
    is_village || is_numbered_group(text) || name(text).is_none() && (is_title(text) || is_group(text))
}

/// Whether a row that would be put aside may be a flat: it is none where it says what it is (制表：王芳, 合计：12户).
fn is_lost_flat(row: &Row) -> bool {
    let full = row.full();
    sum(&full).is_none() && !is_frame(&full) && may_be_flat(&row.text())
}

impl Table {
    /// A row that is known and is none of the list. What may be a flat is never one.
    fn aside(&mut self, row: &Row) {
        let text = row.text();
        // 单位：亩.
        if text.contains("单位") && is_other_unit(&text) {
            return self.trouble(say!("roll.t.unit", c = 1_usize, bad = Value::Quote(text)));
        }
        if is_lost_flat(row) {
            return self.trouble(say!("roll.t.row", l = row.line, bad = Value::Quote(text)));
        }
        match is_title(&text) || is_frame(&row.full()) || is_group(&text) || sum(&row.full()).is_some() {
            true => self.aside.push(Value::Quote(text)),
            false => self.doubts.push(say!("roll.d.row", l = row.line, bad = Value::Quote(text))),
        }
    }

    /// People on lines, one or several on each.
    fn people(&mut self, rows: &[Row]) {
        for row in rows {
            let full = row.full();
            if is_other(row) && !is_heading(&full) {
                match sum(&full) {
                    Some(Sum::All) => self.sum_of_people(row),
                    Some(Sum::Part | Sum::Some) | None => self.aside(row),
                }
                continue;
            }
            let mut cells = people_of(row);
            // 王建国 区一中: whom somebody works for is nobody.
            if let [first, others @ ..] = cells.as_slice()
                && is_full_name(first)
                && !others.is_empty()
                && others.iter().all(|cell| is_office(cell))
            {
                let (bad, name) = (Value::Quote(others.join(" ")), first.as_str());
                self.doubts.push(say!("roll.d.office", l = row.line, bad = bad, name = name));
                cells.truncate(1);
            }
            let words: Vec<&str> = cells.iter().map(String::as_str).collect();
            let one = as_one(&words).filter(|_| !row.is_ruled && words.iter().all(|word| word.chars().count() > 1));
            if let Some(one) = one {
                self.apart(row.line, &row.text(), &cells, &one);
            }
            for (at, cell) in cells.iter().enumerate() {
                self.person(row.line, at + 1, cell);
            }
        }
    }

    /// Words with blanks between them: several people, or one.
    fn apart(&mut self, l: usize, cell: &str, names: &[String], one: &str) {
        let list = Value::List(names.iter().map(|name| Value::from(name.as_str())).collect());
        let bad = Value::Quote(cell.to_owned());
        if names.len() < 2 {
            return self.doubts.push(say!("roll.d.long", l = l, bad = bad));
        }
        self.doubts.push(say!("roll.d.apart", l = l, bad = bad, n = names.len(), names = list, one = one));
    }

    fn person(&mut self, l: usize, c: usize, cell: &str) {
        match owners(cell) {
            Some(found) => {
                if found.names.iter().any(|name| is_called(name)) {
                    self.doubts.push(say!("roll.d.called", l = l, c = c, bad = Value::Quote(cell.to_owned())));
                } else if let Some(one) = &found.one {
                    self.apart(l, cell, &found.names, one);
                } else if found.is_guessed {
                    let names = Value::List(found.names.iter().map(|name| Value::from(name.as_str())).collect());
                    self.doubts.push(say!("roll.d.names", l = l, bad = Value::Quote(cell.to_owned()), names = names));
                }
                for owner in found.names {
                    self.read.push(Read {
                        at: l,
                        room: String::new(),
                        owner,
                        area: 0,
                        phone: String::new(),
                        has_area: false,
                    });
                }
            }
            None if is_nobody(cell) => {
                self.trouble(say!("roll.t.nobody", l = l, c = c, bad = Value::Quote(cell.into())))
            }
            None => self.trouble(say!("roll.t.name", l = l, c = c, bad = Value::Quote(cell.into()))),
        }
    }

    fn sum_of_people(&mut self, row: &Row) {
        let read = self.read.len() as u64;
        let told: Vec<u64> = row.full().iter().filter_map(|cell| counted(cell)).collect();
        if told.iter().any(|n| *n != read) {
            let told = told.first().copied().unwrap_or_default();
            self.doubts.push(say!("roll.d.count", l = row.line, told = told, read = read));
        }
    }

    fn trouble(&mut self, say: Say) {
        self.troubles.push(say);
    }

    /// What of the columns is not taken.
    fn tell_columns(&mut self, columns: &Columns) {
        let named = |(at, heading): &(usize, String)| match heading.as_str() {
            "" => None,
            _ if heading_is_a_count(heading) => None,
            heading => Some(if Some(*at) == columns.phone {
                Value::from(say!("roll.n.phone", heading = heading))
            } else {
                Value::from(heading)
            }),
        };
        let mut ignored: Vec<Value> = columns.ignored.iter().filter_map(named).collect();
        if columns.phone.is_some() && !columns.is_headed {
            ignored.push(say!("roll.n.phones").into());
        }
        if !ignored.is_empty() {
            self.notes.push(say!("roll.n.columns", columns = Value::List(ignored)));
        }
        for (at, heading) in &columns.unknown {
            self.doubts.push(say!("roll.d.column", c = at + 1, bad = Value::Quote(heading.clone())));
        }
        if columns.area.is_none() && !columns.place.is_empty() {
            self.doubts.push(say!("roll.d.no_area"));
        }
        if columns.area.is_none()
            && columns.place.is_empty()
            && columns.ignored.iter().any(|(_, name)| name.contains("面积"))
        {
            self.doubts.push(say!("roll.d.no_area"));
        }
    }

    fn row(&mut self, row: &Row, columns: &Columns) {
        let full = row.full();
        match sum(&full) {
            Some(Sum::Some) => return self.aside(row),
            Some(of) => return self.sum(row, of, columns),
            None => {}
        }
        if is_heading(&full) {
            return;
        }
        if is_frame(&full) {
            return self.aside(row);
        }
        if full.len() == 1 && columns.width > 1 {
            let text = row.text();
            let is_merged = row.is_ruled && row.cells.get(columns.owner).is_some_and(|cell| !cell.is_empty());
            if is_group(&text) && is_heading_of_rows(&text) {
                return self.group(&text, row);
            }
            if is_title(&text) || !is_merged && self.read.is_empty() && name(&text).is_none() {
                return self.aside(row);
            }
            if !is_merged && columns.place.len() + usize::from(columns.area.is_some()) > 0 {
                return self.trouble(say!("roll.t.row", l = row.line, bad = Value::Quote(text)));
            }
        }
        self.flat(row, columns);
    }

    fn group(&mut self, text: &str, row: &Row) {
        // 3号楼（2户） says how many flats it has.
        let text = match text.split_once(['(', '（']) {
            Some((before, inner))
                if !before.trim().is_empty() && counted(inner.trim_end_matches([')', '）', ':', '：'])).is_some() =>
            {
                before
            }
            _ => text,
        };
        let text = text.trim_matches([':', '：', ' ', '-', '—', '【', '】', ';', ',']).to_owned();
        if is_floor(&text) {
            return self.aside(row);
        }
        self.groups.insert(place_key(&text));
        self.group = text;
        self.above.clear();
    }

    /// One row of the list.
    fn flat(&mut self, row: &Row, columns: &Columns) {
        let cells = fitted(row, columns);
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let extra = cells.iter().enumerate().skip(columns.width).find(|(_, cell)| !cell.is_empty());
        if let Some((at, extra)) = extra {
            return self.trouble(say!("roll.t.extra", l = row.line, c = at + 1, bad = Value::Quote(extra.clone())));
        }
        let above = |at: usize| self.above.get(at).cloned().unwrap_or_default();
        let has_owner = !cell(columns.owner).is_empty();
        let mut merged = cells.clone();
        merged.resize(columns.width.max(merged.len()), String::new());
        let mut is_same_flat = !columns.place.is_empty() && row.is_ruled && has_owner && !self.above.is_empty();
        for (n, &at) in columns.place.iter().enumerate() {
            is_same_flat &= n + 1 < columns.place.len() || cell(at).is_empty();
        }
        for &at in &columns.place {
            if cell(at).is_empty()
                && row.is_ruled
                && (is_same_flat || columns.place.last() != Some(&at))
                && let Some(merged) = merged.get_mut(at)
            {
                *merged = above(at);
            }
        }
        if let Some(at) = columns.area.filter(|at| cell(*at).is_empty() && is_same_flat)
            && let Some(merged) = merged.get_mut(at)
        {
            *merged = above(at);
        } else if is_same_flat && columns.area.is_some_and(|at| cell(at) != above(at)) {
            return self.missing(row, "column.room");
        }
        if !has_owner
            && row.is_ruled
            && columns.place.last().is_some_and(|at| !cell(*at).is_empty())
            && columns.area.is_none_or(|at| !cell(at).is_empty())
            && owners(&above(columns.owner)).is_some()
            && let Some(merged) = merged.get_mut(columns.owner)
        {
            *merged = above(columns.owner);
            self.doubts.push(say!("roll.d.owner_above", l = row.line, name = merged.as_str()));
        }
        self.take(row, columns, &merged);
        self.above = merged;
    }

    fn missing(&mut self, row: &Row, term: &str) {
        let what = Value::Term(term.to_owned());
        self.trouble(say!("roll.t.missing", l = row.line, what = what, bad = Value::Quote(row.text())));
    }

    /// A row whose merged cells are filled in.
    fn take(&mut self, row: &Row, columns: &Columns, cells: &[String]) {
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        let Some(names) = self.owners(row, columns, cells) else { return };
        if columns.place.is_empty() {
            for owner in names {
                self.read.push(Read {
                    at: row.line,
                    room: String::new(),
                    owner,
                    area: 0,
                    phone: phone(columns, cells),
                    has_area: false,
                });
            }
            return;
        }
        let Some(rooms) = self.rooms(row, columns, cells) else { return };
        let Some(areas) = self.areas(row, columns, cell(columns.area.unwrap_or(usize::MAX)), &rooms) else { return };
        let has_area = columns.area.is_some_and(|at| row.cells.get(at).is_some_and(|cell| !cell.is_empty()));
        for (room, area) in rooms.iter().zip(areas) {
            for owner in &names {
                let (room, owner) = (room.clone(), owner.clone());
                let phone = phone(columns, cells);
                self.read.push(Read { at: row.line, room, owner, area, phone, has_area });
            }
        }
    }

    fn owners(&mut self, row: &Row, columns: &Columns, cells: &[String]) -> Option<Vec<String>> {
        let mut names = Vec::new();
        let places = [Some(columns.owner), columns.co_owner, columns.spouse];
        for at in places.into_iter().flatten() {
            let cell = cells.get(at).map_or("", |cell| cell.trim());
            let (l, c, bad) = (row.line, at + 1, Value::Quote(cell.to_owned()));
            if at != columns.owner && (cell.is_empty() || is_nobody(cell)) {
                continue;
            }
            if cell.is_empty() {
                self.missing(row, "column.owner");
                return None;
            }
            let Some(found) = owners(cell) else {
                if is_nobody(cell) {
                    self.trouble(say!("roll.t.nobody", l = l, c = c, bad = bad));
                } else {
                    self.trouble(say!("roll.t.name", l = l, c = c, bad = bad));
                }
                return None;
            };
            if Some(at) == columns.spouse {
                self.doubts.push(say!("roll.d.spouse", l = l, bad = bad));
            } else if found.names.iter().any(|name| is_unit(name)) {
                self.doubts.push(say!("roll.d.unit", l = l, bad = bad));
            } else if found.names.iter().any(|name| is_called(name)) {
                self.doubts.push(say!("roll.d.called", l = l, c = c, bad = bad));
            } else if let Some(one) = &found.one {
                self.apart(l, cell, &found.names, one);
            } else if found.is_guessed {
                let names = Value::List(found.names.iter().map(|name| Value::from(name.as_str())).collect());
                self.doubts.push(say!("roll.d.names", l = l, bad = bad, names = names));
            }
            names.extend(found.names);
        }
        Some(names)
    }

    fn rooms(&mut self, row: &Row, columns: &Columns, cells: &[String]) -> Option<Vec<String>> {
        let (&own, before) = columns.place.split_last()?;
        let cell = cells.get(own).map_or("", |cell| cell.trim());
        let (l, c, bad) = (row.line, own + 1, Value::Quote(cell.to_owned()));
        if cell.is_empty() {
            self.missing(row, "column.room");
            return None;
        }
        match dated(cell) {
            Some(Dated::Day) => {
                self.trouble(say!("roll.t.date", l = l, c = c, bad = bad));
                return None;
            }
            Some(Dated::Serial(days)) => {
                let day =
                    NaiveDate::from_ymd_opt(1899, 12, 30).and_then(|day| day.checked_add_days(Days::new(days.into())));
                let day = day.map_or_else(|| Value::Text(cell.to_owned()), Value::Day);
                self.doubts.push(say!("roll.d.date", l = l, c = c, bad = bad.clone(), day = day));
            }
            None => {}
        }
        // 1.01E+02: what a spreadsheet makes of a long number.
        let is_scientific = cell
            .to_lowercase()
            .split_once("e+")
            .is_some_and(|(before, after)| before.parse::<f64>().is_ok() && after.chars().all(|c| c.is_ascii_digit()));
        if is_scientific {
            self.trouble(say!("roll.t.room", l = l, c = c, bad = bad));
            return None;
        }
        if is_range(cell) {
            self.trouble(say!("roll.t.range", l = l, bad = bad));
            return None;
        }
        let Some(found) = flats(cell) else {
            self.trouble(say!("roll.t.room", l = l, c = c, bad = bad));
            return None;
        };
        let mut prefix = String::new();
        for &at in before {
            let part = cells.get(at).map_or("", |cell| cell.trim());
            if part.is_empty() {
                continue;
            }
            prefix.push_str(part.trim_end_matches(['-', '#']));
            if part.ends_with(|c: char| c.is_ascii_alphanumeric()) || part.ends_with(['#', '-']) {
                prefix.push('-');
            }
        }
        if prefix.is_empty() && !self.group.is_empty() {
            prefix = self.group.clone();
        }
        let (key, mut rooms) = (place_key(&prefix), Vec::new());
        for Flat { room, is_guessed } in found {
            let own = place_key(&room);
            let is_in = own.contains('-') && (own.starts_with(&format!("{key}-")) || key.is_empty());
            let is_whole = key.is_empty() || is_in;
            let room = if is_whole { room } else { format!("{prefix}{room}") };
            if is_guessed {
                let bad = Value::Quote(cell.to_owned());
                self.doubts.push(say!("roll.d.letter", l = l, bad = bad, room = room.as_str()));
            }
            rooms.push(room);
        }
        Some(rooms)
    }

    fn areas(&mut self, row: &Row, columns: &Columns, cell: &str, rooms: &[String]) -> Option<Vec<u64>> {
        let Some(at) = columns.area else { return Some(vec![0; rooms.len()]) };
        let (l, c, bad) = (row.line, at + 1, Value::Quote(cell.to_owned()));
        if cell.is_empty() {
            self.missing(row, "column.area");
            return None;
        }
        let parts: Vec<&str> = cell.split(['、', '+', '/', ';']).collect();
        let areas: Option<Vec<(u64, bool)>> = match parts.len() == rooms.len() {
            true => parts.iter().map(|part| area(part)).collect(),
            false => area(cell).map(|area| vec![area]),
        };
        let Some(areas) = areas else {
            self.trouble(say!("roll.t.area", l = l, c = c, bad = bad));
            return None;
        };
        for (area, is_rounded) in &areas {
            if *is_rounded {
                let bad = Value::Quote(cell.to_owned());
                self.notes.push(say!("roll.n.rounded", l = l, bad = bad, area = square_metres(*area)));
            }
            if !(TOO_SMALL..=TOO_LARGE).contains(area) {
                self.doubts.push(say!("roll.d.area", l = l, area = square_metres(*area)));
            }
        }
        let mut areas: Vec<u64> = areas.into_iter().map(|(area, _)| area).collect();
        if areas.len() < rooms.len() {
            let rooms = Value::List(rooms.iter().map(|room| Value::from(room.as_str())).collect());
            let all = areas.first().copied().unwrap_or_default();
            self.doubts.push(say!("roll.d.together", l = l, rooms = rooms, area = square_metres(all)));
        }
        areas.resize(rooms.len(), 0);
        Some(areas)
    }

    /// A row of sums is checked against the rows.
    fn sum(&mut self, row: &Row, of: Sum, columns: &Columns) {
        let from = if of == Sum::Part { self.part_from } else { 0 };
        let mut area_of: BTreeMap<String, u64> = BTreeMap::new();
        let mut people = BTreeSet::new();
        let mut rows = 0_u64;
        for read in self.read.iter().skip(from) {
            area_of.insert(place_key(&read.room), read.area);
            people.insert(name_sign(&read.owner));
            rows += read.area;
        }
        let sum: u64 = area_of.values().sum();
        let flats = if columns.place.is_empty() { 0 } else { area_of.len() as u64 };
        let text = row.text();
        let is_used = |at: usize| !columns.ignored.iter().any(|(other, _)| *other == at);
        for (at, cell) in row.cells.iter().enumerate().filter(|(at, cell)| is_used(*at) && !cell.is_empty()) {
            let is_area = Some(at) == columns.area || cell.contains(['.', '㎡', '²']) || cell.contains("平");
            let figure = figure_in(cell);
            match (figure, counted(cell)) {
                (Some(told), _) if is_area && columns.area.is_some() && (told == sum || told == rows) => {
                    self.is_whole |= of == Sum::All && told == sum;
                }
                (Some(told), _) if is_area && columns.area.is_some() => {
                    let (told, sum) = (square_metres(told), square_metres(sum));
                    self.doubts.push(say!("roll.d.sum", l = row.line, told = told, sum = sum));
                }
                (_, Some(n)) if n != flats && n != people.len() as u64 && n != self.read.len() as u64 => {
                    let read = if columns.place.is_empty() { people.len() as u64 } else { flats };
                    self.doubts.push(say!("roll.d.count", l = row.line, told = n, read = read));
                }
                _ => {}
            }
        }
        if self.troubles.is_empty() && row.full().len() == 1 && figure_in(&text).is_none() && counted(&text).is_none() {
            self.aside(row);
        }
        if of == Sum::Part {
            self.part_from = self.read.len();
        }
    }

    /// What can be seen only when all of it was read.
    fn whole(&mut self, columns: &Columns) {
        if self.groups.len() == 1 {
            // One group says nothing that sets flats apart; people are entered without it.
            let prefix = self.group.clone();
            let bare = |read: &Read| read.room.strip_prefix(prefix.as_str()).map(str::to_owned);
            let rooms: Vec<Option<String>> = self.read.iter().map(bare).collect();
            if rooms.iter().all(Option::is_some) {
                for (read, room) in self.read.iter_mut().zip(rooms) {
                    read.room = room.unwrap_or_default();
                }
                self.aside.push(Value::Quote(prefix));
            }
        }
        self.without_common_prefix(columns);
        self.shares();
        self.same_flat();
        self.same_name(columns);
        if !self.aside.is_empty() {
            let rows = std::mem::take(&mut self.aside);
            self.notes.push(say!("roll.n.rows", rows = Value::List(rows)));
        }
        if self.read.is_empty() && self.troubles.is_empty() {
            let is_headed = columns.is_headed || columns.is_people;
            self.troubles.push(if is_headed { say!("roll.t.nothing") } else { say!("roll.t.headings") });
        }
    }

    /// 楼栋 and 单元 of a roll of one building: people are entered for 301, not for 3-2-301.
    fn without_common_prefix(&mut self, columns: &Columns) {
        if columns.place.len() < 2 || self.read.len() < 2 {
            return;
        }
        let split = |room: &str| {
            let tail: String = room.chars().rev().take_while(|c| c.is_ascii_alphanumeric()).collect();
            let tail: String = tail.chars().rev().collect();
            room.strip_suffix(tail.as_str()).map(|head| (head.to_owned(), tail))
        };
        let parts: Vec<Option<(String, String)>> = self.read.iter().map(|read| split(&read.room)).collect();
        let heads: BTreeSet<&str> = parts.iter().flatten().map(|(head, _)| head.as_str()).collect();
        let head = heads.iter().next().map(|head| (*head).to_owned()).unwrap_or_default();
        if heads.len() == 1 && !head.is_empty() && parts.iter().flatten().all(|(_, tail)| !tail.is_empty()) {
            for (read, part) in self.read.iter_mut().zip(parts) {
                read.room = part.map(|(_, tail)| tail).unwrap_or_default();
            }
            self.notes.push(say!("roll.n.prefix", prefix = head.trim_end_matches('-')));
        }
    }

    /// One flat on several lines with one area on each, 46.25 twice: that of the whole flat, or of a share. It is asked where all of them
    /// together would be hardly larger than flats are here, and no sum below them says that it is the whole.
    fn shares(&mut self) {
        if self.is_whole {
            return;
        }
        let mut lines_of: BTreeMap<String, Vec<&Read>> = BTreeMap::new();
        for read in self.read.iter().filter(|read| read.area > 0 && !read.room.is_empty()) {
            lines_of.entry(place_key(&read.room)).or_default().push(read);
        }
        let lines = |rows: &[&Read]| rows.iter().map(|read| read.at).collect::<BTreeSet<usize>>().len() as u64;
        let alone = lines_of.values().filter(|rows| lines(rows) == 1);
        let largest = alone.filter_map(|rows| rows.first()).map(|read| read.area).max();
        let is_shared = |rows: &Vec<&Read>| {
            let (first, n) = (rows.first().map_or(0, |read| read.area), lines(rows));
            let owners: BTreeSet<String> = rows.iter().map(|read| name_sign(&read.owner)).collect();
            n > 1
                && owners.len() > 1
                && rows.iter().all(|read| read.has_area && read.area == first)
                && largest.is_none_or(|largest| first * n <= largest + largest / 4)
                && rows.iter().all(|read| read.room == rows.first().map_or("", |first| first.room.as_str()))
        };
        let rooms: Vec<Value> = lines_of
            .values()
            .filter(|rows| is_shared(rows))
            .filter_map(|rows| rows.first().map(|read| Value::from(read.room.as_str())))
            .take(MOST_ROOMS)
            .collect();
        if !rooms.is_empty() {
            self.doubts.push(say!("roll.d.shares", rooms = Value::List(rooms)));
        }
    }

    fn same_flat(&mut self) {
        let mut first: BTreeMap<String, (usize, u64, String, String)> = BTreeMap::new();
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        let (mut doubled, mut troubles, mut doubts) = (Vec::new(), Vec::new(), Vec::new());
        for read in self.read.iter_mut().filter(|read| !read.room.is_empty()) {
            let key = place_key(&read.room);
            match first.get(&key) {
                None => {
                    let seen = (read.at, read.area, read.room.clone(), read.owner.clone());
                    first.insert(key.clone(), seen);
                }
                Some((line, area, room, owner)) => {
                    if *area != read.area {
                        let (a, b) = (square_metres(read.area), square_metres(*area));
                        let written = read.room.as_str();
                        troubles.push(match written == room {
                            true => say!("roll.t.areas", l = read.at, room = written, area = a, k = *line, other = b),
                            false => say!(
                                "roll.t.areas.two",
                                l = read.at,
                                room = written,
                                area = a,
                                k = *line,
                                one = room.as_str(),
                                other = b
                            ),
                        });
                    }
                    if name_sign(owner) != name_sign(&read.owner) && plainly(room) != plainly(&read.room) {
                        let (one, other) = (room.as_str(), read.room.as_str());
                        let (l, a, b) = (read.at, owner.as_str(), read.owner.as_str());
                        doubts.push(say!("roll.d.place.two", l = l, one = one, other = other, a = a, b = b));
                    } else if words(room) != words(&read.room)
                        && !words(room).is_empty()
                        && !words(&read.room).is_empty()
                    {
                        doubts.push(say!("roll.d.place", l = read.at, one = room.as_str(), other = read.room.as_str()));
                    }
                    read.room = room.clone();
                }
            }
            if !seen.insert((key, name_sign(&read.owner))) {
                doubled.push(say!("roll.n.double", l = read.at, room = read.room.as_str(), name = read.owner.as_str()));
            }
        }
        self.troubles.append(&mut troubles);
        self.doubts.append(&mut doubts);
        self.notes.append(&mut doubled);
    }

    /// The same name on a list of people, or with another telephone: one person, or two.
    fn same_name(&mut self, columns: &Columns) {
        let mut lines_of: BTreeMap<String, Vec<&Read>> = BTreeMap::new();
        for read in &self.read {
            lines_of.entry(name_sign(&read.owner)).or_default().push(read);
        }
        for (name, rows) in lines_of.into_iter().filter(|(_, rows)| rows.len() > 1) {
            let phones: BTreeSet<&str> =
                rows.iter().map(|read| read.phone.as_str()).filter(|phone| !phone.is_empty()).collect();
            let name = rows.first().map_or(name, |read| read.owner.clone());
            let mut written: Vec<&str> = rows.iter().map(|read| read.owner.as_str()).collect();
            written.sort_unstable();
            written.dedup();
            let lines = Value::List(rows.iter().map(|read| Value::from(read.at)).collect());
            if written.len() > 1 {
                let names = Value::List(written.into_iter().map(|name| Value::Quote(name.to_owned())).collect());
                self.doubts.push(say!("roll.d.spelled", names = names, lines = lines, name = name));
            } else if columns.place.is_empty() {
                self.doubts.push(say!("roll.d.same_name", name = name, lines = lines, n = rows.len()));
            } else if phones.len() > 1 {
                let rooms: BTreeSet<&str> = rows.iter().map(|read| read.room.as_str()).collect();
                let rooms = Value::List(rooms.into_iter().map(Value::from).collect());
                self.doubts.push(say!("roll.d.phones", name = name, rooms = rooms));
            }
        }
    }

    fn done(self) -> Result<Sheet, Vec<Say>> {
        if !self.troubles.is_empty() {
            return Err(self.troubles);
        }
        let line = |read: Read| RollLine { room: read.room, owner: read.owner, area: read.area };
        Ok(Sheet {
            lines: self.read.into_iter().map(line).collect(),
            notes: self.notes,
            doubts: self.doubts,
            asked: false,
        })
    }
}

/// The people of a row: two words of Latin letters side by side are one name, Li Defu.
fn people_of(row: &Row) -> Vec<String> {
    let is_latin = |word: &str| word.is_ascii() && word.chars().any(|c| c.is_ascii_alphabetic());
    let mut people: Vec<String> = Vec::new();
    for cell in row.full() {
        match people.last_mut() {
            Some(last) if !row.is_ruled && is_latin(last) && is_latin(cell) => {
                last.push(' ');
                last.push_str(cell);
            }
            _ => people.push(cell.to_owned()),
        }
    }
    people
}

fn phone(columns: &Columns, cells: &[String]) -> String {
    columns.phone.and_then(|at| cells.get(at)).cloned().unwrap_or_default()
}

/// 序号 only counts the rows: nothing is lost with it.
fn heading_is_a_count(heading: &str) -> bool {
    let plain: String =
        heading.chars().filter(|c| !c.is_whitespace() && *c != '.').flat_map(char::to_lowercase).collect();
    ["序号", "序", "no", "行号", "次序", "#", "序號"].contains(&plain.as_str())
}

/// A flat without what stands behind its number.
fn plainly(room: &str) -> String {
    room.chars().filter(|c| !c.is_whitespace() && !matches!(c, '室' | '户' | '号' | '房' | '#')).collect()
}

/// The words of a flat that say what its numbers are.
fn words(room: &str) -> String {
    room.chars().filter(|c| matches!(c, '栋' | '幢' | '单' | '座' | '楼' | '梯')).collect()
}

/// The area in 合计：263.3㎡.
fn figure_in(cell: &str) -> Option<u64> {
    let from = cell.find(|c: char| c.is_ascii_digit())?;
    area(cell.get(from..)?).map(|(area, _)| area)
}

/// The number in 12户, 共12人, 12.
fn counted(cell: &str) -> Option<u64> {
    let digits: String = cell.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let rest: String = cell.chars().skip_while(|c| !c.is_ascii_digit()).skip_while(char::is_ascii_digit).collect();
    let is_count = ["户", "人", "套", "名", "位", ""]
        .iter()
        .any(|unit| rest.trim() == *unit || !unit.is_empty() && rest.starts_with(unit));
    is_count.then(|| digits.parse().ok()).flatten()
}
