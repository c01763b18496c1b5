//! 栏 — which column holds what: by its heading, which is obeyed, or, without headings, where every row agrees without doubt.

use super::cells::Row;
use super::heading::{self, Column};
use super::value::{
    area, flat, flats, is_full_name, is_nobody, is_other_unit, is_plainly_area, is_plainly_flat, name, owners,
};
use crate::domain::kernel::say::{Say, Value};
use crate::say;

/// Which cell of a row holds what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// Building, unit, room: those there are, in this order.
    pub place: Vec<usize>,
    pub owner: usize,
    pub co_owner: Option<usize>,
    pub spouse: Option<usize>,
    pub area: Option<usize>,
    pub phone: Option<usize>,
    /// Not used: where, and what its heading is, empty where there is none.
    pub ignored: Vec<(usize, String)>,
    /// Headings nobody knows.
    pub unknown: Vec<(usize, String)>,
    /// Cells a row has.
    pub width: usize,
    /// Every cell of every row is a person.
    pub is_people: bool,
    /// By headings, not by what stands below them.
    pub is_headed: bool,
}

fn cell_no(at: usize) -> usize {
    at + 1
}

/// The columns a row of headings names.
pub(super) fn by_heading(row: &Row) -> Result<Columns, Say> {
    let mut found = Columns { width: row.cells.len(), is_headed: true, ..Columns::default() };
    let mut at_of: Vec<(Column, usize)> = Vec::new();
    for (at, cell) in row.cells.iter().enumerate() {
        match heading::column(cell) {
            Some(Column::Ignored | Column::OtherArea) => found.ignored.push((at, cell.clone())),
            Some(Column::Phone) => {
                found.phone = found.phone.or(Some(at));
                found.ignored.push((at, cell.clone()));
            }
            Some(Column::Area) if is_other_unit(cell) => {
                return Err(say!("roll.t.unit", c = cell_no(at), bad = Value::Quote(cell.clone())));
            }
            Some(column) => at_of.push((column, at)),
            None if cell.is_empty() => found.ignored.push((at, String::new())),
            None => found.unknown.push((at, cell.clone())),
        }
    }
    let all = |column: Column| at_of.iter().filter(move |(other, _)| *other == column).map(|(_, at)| *at);
    let one = |column: Column, term: &str| {
        let places: Vec<usize> = all(column).collect();
        match places.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            [one, other, ..] => {
                let what = Value::Term(term.to_owned());
                let named = |at: usize| Value::Quote(row.cells.get(at).cloned().unwrap_or_default());
                let (a, b) = (named(*one), named(*other));
                Err(say!("roll.t.twice", c = cell_no(*one), d = cell_no(*other), a = a, b = b, what = what))
            }
        }
    };
    if let Some(relation) = all(Column::Relation).next() {
        return Err(say!("roll.t.relation", c = cell_no(relation)));
    }
    let place = [Column::Building, Column::Unit, Column::Room].map(|column| one(column, "column.room"));
    for at in place {
        found.place.extend(at?);
    }
    found.co_owner = one(Column::CoOwner, "column.owner")?;
    found.spouse = one(Column::Spouse, "column.owner")?;
    found.area = one(Column::Area, "column.area")?;
    let missing = |term: &str| say!("roll.t.no_column", what = Value::Term(term.to_owned()));
    found.owner = one(Column::Owner, "column.owner")?.ok_or_else(|| missing("column.owner"))?;
    if found.area.is_some() && found.place.is_empty() {
        return Err(missing("column.room"));
    }
    Ok(found)
}

/// The columns of rows without headings.
pub(super) fn by_rows(rows: &[&Row]) -> Result<Columns, Say> {
    let is_name = |cell: &String| cell.is_empty() || name(cell).is_some();
    let all_names = rows.iter().all(|row| row.cells.iter().all(is_name));
    let single = rows.iter().all(|row| row.full().len() == 1);
    if all_names || single && rows.iter().all(|row| owners(&row.text()).is_some()) {
        return Ok(Columns { is_people: true, width: 1, ..Columns::default() });
    }
    let width = usual_width(rows);
    let usual: Vec<&&Row> = rows.iter().filter(|row| row.cells.len() == width).collect();
    let kinds: Vec<Kind> = (0..width).map(|at| Kind::of(&usual, at)).collect();
    let where_all = |test: &dyn Fn(&Kind) -> bool| -> Vec<usize> {
        kinds.iter().enumerate().filter(|(_, kind)| test(kind)).map(|(at, _)| at).collect()
    };
    let shown = |at: usize| {
        let cells = || usual.iter().filter_map(|row| Some((row.line, row.cells.get(at)?)));
        let full = || cells().filter(|(_, cell)| !cell.is_empty());
        full().find(|(_, cell)| area(cell).is_none() && flat(cell).is_none()).or_else(|| full().next())
    };
    let unclear = |at: usize| {
        let (line, cell) = shown(at).map_or((1, ""), |(line, cell)| (line, cell.as_str()));
        say!("roll.t.column", l = line, c = cell_no(at), bad = Value::Quote(cell.to_owned()))
    };
    // Behind the name stands the area: where one is not written as areas are, it is that cell that is wrong.
    let no_area = |at: usize, owner: usize| {
        let says = |cell: &&String| cell.chars().any(|c| c.is_numeric() || "一二三四五六七八九十".contains(c));
        let mut cells = usual.iter().filter_map(|row| Some((row.line, row.cells.get(at)?)));
        let bad = cells.find(|(_, cell)| !cell.is_empty() && area(cell).is_none());
        let is_last = at > owner && at + 1 == width;
        let is_name = |cell: &str| cell.split_whitespace().next().is_some_and(is_full_name);
        bad.filter(|(_, cell)| is_last && says(cell) && !is_name(cell))
            .map(|(line, cell)| say!("roll.t.area", l = line, c = cell_no(at), bad = Value::Quote(cell.clone())))
    };
    // 0 and -5 among areas: no flat is called so.
    let is_none_of_areas = |at: usize| {
        let cells = || usual.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.is_empty());
        let is_not_above_zero = |cell: &String| cell.parse::<f64>().is_ok_and(|n| n <= 0.0);
        cells().any(is_not_above_zero) && cells().all(|cell| area(cell).is_some() || is_not_above_zero(cell))
    };
    let (names, words) = (where_all(&|kind| kind.names), where_all(&|kind| kind.words));
    let owner = match (names.as_slice(), words.as_slice()) {
        ([only], _) | ([], [only]) if width > 1 => *only,
        ([first, other, ..], _) => return Err(no_area(*other, *first).unwrap_or_else(|| unclear(*other))),
        _ => return Err(say!("roll.t.headings")),
    };
    let mut found = Columns { owner, width, ..Columns::default() };
    found.phone = where_all(&|kind| kind.phones).first().copied();
    found.ignored = where_all(&|kind| kind.phones || kind.empty).into_iter().map(|at| (at, String::new())).collect();
    found.area = one_area(&kinds, owner).map_err(unclear)?;
    let is_left =
        |at: usize| at != owner && Some(at) != found.area && !found.ignored.iter().any(|(other, _)| *other == at);
    let left: Vec<usize> = (0..width).filter(|at| is_left(*at)).collect();
    let rooms: Vec<usize> = left.iter().copied().filter(|at| kinds.get(*at).is_some_and(|kind| kind.flats)).collect();
    let counts = |at: usize| kinds.get(at).is_some_and(|kind| kind.counts);
    let (numbers, rooms): (Vec<usize>, Vec<usize>) = match rooms.as_slice() {
        // 1, 2, 3 before the flats count the rows; alone they may be flats, and may be not.
        [first, ..] if counts(*first) && *first == 0 && (rooms.len() > 1 || found.area.is_none()) => {
            (vec![*first], rooms.iter().copied().skip(1).collect())
        }
        _ => (Vec::new(), rooms),
    };
    if let Some(at) = left.iter().find(|at| !numbers.contains(at) && !rooms.contains(at)) {
        return Err(no_area(*at, owner).unwrap_or_else(|| unclear(*at)));
    }
    match rooms.as_slice() {
        [] if found.area.is_some() => {
            return Err(say!("roll.t.no_column", what = Value::Term("column.room".to_owned())));
        }
        [] => {}
        [only] if counts(*only) && usual.len() > 1 => return Err(unclear(*only)),
        [only] => found.place.push(*only),
        [_, other, ..] => {
            return Err(no_area(*other, owner).filter(|_| is_none_of_areas(*other)).unwrap_or_else(|| unclear(*other)));
        }
    }
    Ok(found)
}

fn usual_width(rows: &[&Row]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(|row| row.cells.len()).collect();
    widths.sort_unstable();
    let count = |width: usize| widths.iter().filter(|other| **other == width).count();
    widths.iter().copied().max_by_key(|width| (count(*width), *width)).unwrap_or_default()
}

/// What all cells of a column are.
struct Kind {
    /// Every one is a name, or says that there is none.
    names: bool,
    /// Every one is a word: one of them may be no name.
    words: bool,
    phones: bool,
    flats: bool,
    numbers: bool,
    /// At least one is written as only an area is.
    plain: bool,
    /// They look like flats more than like areas.
    like_flats: bool,
    /// 1, 2, 3 …
    counts: bool,
    empty: bool,
}

impl Kind {
    fn of(rows: &[&&Row], at: usize) -> Self {
        let cells: Vec<&str> = rows.iter().filter_map(|row| row.cells.get(at)).map(String::as_str).collect();
        let full: Vec<&str> = cells.iter().copied().filter(|cell| !cell.is_empty()).collect();
        let all = |test: &dyn Fn(&str) -> bool| !full.is_empty() && full.iter().all(|cell| test(cell));
        // One telephone, or several, and nothing besides: 101 40.00 138****0001 has a flat in it that would go with the column.
        let is_phone = |cell: &str| {
            cell.split([' ', '/', '、', ',', ';']).filter(|part| !part.is_empty()).all(|part| {
                part.chars().filter(|c| c.is_ascii_digit() || *c == '*').count() >= 7
                    && part.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '-' | '+' | '(' | ')'))
            })
        };
        Self {
            names: all(&|cell| owners(cell).is_some() || is_nobody(cell))
                && full.iter().any(|cell| owners(cell).is_some()),
            words: all(&|cell| cell.chars().any(char::is_alphabetic) && flat(cell).is_none() && area(cell).is_none()),
            phones: all(&is_phone),
            flats: all(&|cell| flats(cell).is_some() && !cell.contains('.')) && !all(&is_phone),
            numbers: all(&|cell| area(cell).is_some()),
            plain: full.iter().any(|cell| is_plainly_area(cell)),
            like_flats: all(&is_plainly_flat),
            counts: full.len() == cells.len() && (1..).zip(&full).all(|(n, cell): (u32, _)| cell.parse() == Ok(n)),
            empty: full.is_empty(),
        }
    }
}

/// The one column of areas. Whole numbers are areas where they stand behind the name and do not look like flats.
fn one_area(kinds: &[Kind], owner: usize) -> Result<Option<usize>, usize> {
    let with = |test: &dyn Fn(usize, &Kind) -> bool| -> Vec<usize> {
        kinds
            .iter()
            .enumerate()
            .filter(|(at, kind)| kind.numbers && !kind.phones && test(*at, kind))
            .map(|(at, _)| at)
            .collect()
    };
    match with(&|_, kind| kind.plain).as_slice() {
        [only] => return Ok(Some(*only)),
        [_, other, ..] => return Err(*other),
        [] => {}
    }
    let before = kinds.iter().take(owner).filter(|kind| kind.flats && !kind.counts).count();
    match with(&|at, _| at > owner).as_slice() {
        [] => Ok(None),
        [only] if before == 1 && !kinds.get(*only).is_some_and(|kind| kind.like_flats && kind.flats) => Ok(Some(*only)),
        // 101 李德福 102: areas, or flats; unless what stands before the name can be nothing but a flat.
        [only] if before == 1 && kinds.iter().take(owner).any(|kind| kind.like_flats) => Ok(Some(*only)),
        [first, ..] => Err(*first),
    }
}

/// A row whose owners stand in cells of their own, made as wide as the others; as it is where that does not help.
pub(super) fn fitted(row: &Row, columns: &Columns) -> Vec<String> {
    let more = row.cells.len().saturating_sub(columns.width);
    let run = row.cells.iter().skip(columns.owner).take_while(|cell| name(cell).is_some()).count();
    if more == 0 || run != more + 1 {
        return row.cells.clone();
    }
    let mut cells: Vec<String> = row.cells.iter().take(columns.owner).cloned().collect();
    let owners: Vec<&String> = row.cells.iter().skip(columns.owner).take(run).collect();
    let is_long = |name: &&String| name.chars().count() > 1;
    let is_latin = |name: &&String| name.is_ascii();
    // Blanks part words, not yet people: Li Defu is one, and 古丽 阿依木 may be.
    let is_open =
        !row.is_ruled && (owners.iter().all(is_latin) || !owners.iter().any(is_latin)) && owners.iter().all(is_long);
    let owners: Vec<&str> = owners.into_iter().map(String::as_str).collect();
    cells.push(owners.join(if is_open { " " } else { "、" }));
    cells.extend(row.cells.iter().skip(columns.owner + run).cloned());
    cells
}

/// 101李德福92.5㎡ in its three cells, where every row reads so.
pub(super) fn unglued(text: &str) -> Option<Vec<String>> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let chars: Vec<char> = text.chars().collect();
    // The flat ends with the last digit (or 室, 户) before the name.
    for end in (1..chars.len()).rev() {
        let (head, tail): (String, String) = (chars[..end].iter().collect(), chars[end..].iter().collect());
        let closes = chars.get(end - 1).is_some_and(|c| c.is_ascii_digit() || matches!(c, '室' | '户'));
        let who: String = tail.chars().take_while(|c| super::cells::is_han(*c) || *c == '·' || *c == '、').collect();
        let rest = tail.strip_prefix(who.as_str()).unwrap_or_default();
        if closes && flat(&head).is_some() && owners(&who).is_some_and(|who| !who.is_guessed) {
            let is_room_word = ["室", "户", "单元", "栋", "幢", "楼"].iter().any(|word| who.starts_with(word));
            if !is_room_word && rest.is_empty() {
                return Some(vec![head, who]);
            }
            if !is_room_word && area(rest).is_some() {
                return Some(vec![head, who, rest.to_owned()]);
            }
        }
    }
    None
}
