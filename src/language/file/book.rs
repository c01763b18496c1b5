//! 工作簿 — .xlsx as Excel and WPS write it: cells as they are shown, merged texts on every row they stand for, hidden rows like others.

use super::number::shown;
use super::{MAX_COLUMNS, MAX_ROWS, Table, Unreadable, one_line, pasted, unpacked};
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, Xlsx, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Sheets that are looked at.
const MAX_SHEETS: usize = 20;
/// Columns a sheet may have before the table begins.
const MAX_OFFSET: usize = 500;
/// Cells filled because they are merged with another.
const MAX_FILLED: usize = 200_000;

type Book<'b> = Xlsx<Cursor<&'b [u8]>>;
type Cells = BTreeMap<u32, BTreeMap<u32, String>>;

/// The sheets with something on them.
pub(super) fn tables(bytes: &[u8]) -> Result<Vec<Table>, Unreadable> {
    unpacked::check(bytes)?;
    // A file that brings down somebody else's reader is a broken file.
    catch_unwind(AssertUnwindSafe(|| sheets(bytes))).unwrap_or(Err(Unreadable::Broken))
}

fn broken(error: XlsxError) -> Unreadable {
    match error {
        XlsxError::Password => Unreadable::Locked,
        _ => Unreadable::Broken,
    }
}

fn sheets(bytes: &[u8]) -> Result<Vec<Table>, Unreadable> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
    if names.len() > MAX_SHEETS {
        return Err(Unreadable::Swollen);
    }
    let mut tables = Vec::new();
    for name in names {
        let mut cells = cells(&mut book, &name)?;
        if cells.is_empty() {
            continue;
        }
        let merged = book.merge_cells_by_sheet_name(&name).map_err(broken)?;
        fill(&mut cells, &merged)?;
        tables.push(pasted(one_line(&name), &lines(&cells)?)?);
    }
    Ok(tables)
}

/// The cells of a sheet that have something in them.
fn cells(book: &mut Book<'_>, name: &str) -> Result<Cells, Unreadable> {
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    let formats: Vec<Option<String>> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map(|format| format.format_code.clone()))
        .collect();
    let mut cells = Cells::new();
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(broken)? {
        let (row, column) = cell.get_position();
        let format = formats.get(style).and_then(Option::as_deref);
        let text = text(cell.get_value(), format);
        if text.is_empty() {
            continue;
        }
        if column as usize >= MAX_OFFSET + MAX_COLUMNS {
            return Err(Unreadable::Columns);
        }
        cells.entry(row).or_default().insert(column, text);
        if cells.len() > MAX_ROWS {
            return Err(Unreadable::Rows);
        }
    }
    Ok(cells)
}

/// A cell as it is shown.
fn text(value: &DataRef<'_>, format: Option<&str>) -> String {
    match value {
        DataRef::Int(value) => value.to_string(),
        DataRef::Float(value) => shown(*value, format),
        DataRef::String(text) => one_line(text),
        DataRef::SharedString(text) => one_line(text),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) => date(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => one_line(text),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn date(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = moment.to_ymd_hms_milli();
    let has_hour = moment.as_f64().fract() != 0.0;
    if has_hour { format!("{year}/{month}/{day} {hour}:{minute:02}") } else { format!("{year}/{month}/{day}") }
}

/// 合并单元格 — a merged text stands on each of its rows: a building, an owner. Where a figure stands in it nothing is filled in: an area
/// merged over two flats is that of both, and what a list makes of such rows is asked by whoever reads the list.
fn fill(cells: &mut Cells, merged: &[Dimensions]) -> Result<(), Unreadable> {
    let mut left = MAX_FILLED;
    for area in merged.iter().filter(|area| area.end.0 > area.start.0) {
        let (row, column) = area.start;
        let Some(text) = cells.get(&row).and_then(|cells| cells.get(&column)).cloned() else { continue };
        if text.chars().any(char::is_numeric) {
            continue;
        }
        for (_, below) in cells.range_mut(row + 1..=area.end.0) {
            left = left.checked_sub(1).ok_or(Unreadable::Swollen)?;
            below.entry(column).or_insert_with(|| text.clone());
        }
    }
    Ok(())
}

/// All rows from the first of the sheet, so that their numbers are those people see.
fn lines(cells: &Cells) -> Result<Vec<Vec<String>>, Unreadable> {
    let last = cells.keys().next_back().map_or(0, |row| *row as usize + 1);
    if last > MAX_ROWS {
        return Err(Unreadable::Rows);
    }
    let mut lines = vec![Vec::new(); last];
    for (row, found) in cells {
        let Some(line) = lines.get_mut(*row as usize) else { continue };
        let width = found.keys().next_back().map_or(0, |column| *column as usize + 1);
        line.resize(width, String::new());
        for (column, text) in found {
            if let Some(cell) = line.get_mut(*column as usize) {
                cell.clone_from(text);
            }
        }
    }
    Ok(lines)
}
