//! 文件 — a file somebody handed over → a table as if it had been pasted: a line a row, tabs between the cells. Pure: bytes in, text
//! out, or why not; what becomes of the table is decided by the command it came with.
//!
//! Files come from anybody, so nothing of one is believed before it was measured: its length, what its directory says of what is in
//! it, what really comes out of it, rows, columns and cells.

mod book;
mod number;
#[cfg(test)]
mod tests;
mod text;
mod unpacked;

use crate::domain::kernel::say::{Say, Value};
use crate::say;

/// Largest file, in bytes: a roll of five thousand is a tenth of it.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// Rows of a table, blank ones between them included.
const MAX_ROWS: usize = 20_000;
/// Columns with something in them.
const MAX_COLUMNS: usize = 40;
/// Characters of a cell.
const MAX_CELL: usize = 1_000;
/// Longest table as text, in bytes.
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// A table of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name of its sheet; empty where the file has none.
    pub sheet: String,
    /// Its rows, as a paste from a spreadsheet has them. Line numbers are those of the sheet.
    pub text: String,
}

impl Table {
    /// Rows with something in them.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.text.lines().filter(|line| !line.trim().is_empty()).count()
    }
}

/// Why a file was not read. One sentence each, with what to do instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Larger than we take.
    Large,
    /// What is in it is larger than we take.
    Swollen,
    /// Nothing is written in it.
    Empty,
    /// More rows than a list has.
    Rows,
    /// More columns than a list has.
    Columns,
    /// A cell holds more than a cell of a list does.
    Cell {
        /// Its row, from 1.
        row: usize,
        /// Its column, from 1.
        column: usize,
    },
    /// A workbook of the old kind, or of another program: saved anew it can be read.
    OldBook,
    /// A workbook with a password.
    Locked,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A document of running text.
    Document,
    /// Something else.
    Other,
    /// It is damaged, or was not sent whole.
    Broken,
    /// Text of which no known encoding makes sense.
    Garbled,
    /// The platform did not hand it over.
    NotHanded,
}

impl Unreadable {
    /// The sentence about it.
    #[must_use]
    pub fn say(self, name: &str) -> Say {
        let file = || Value::Quote(name.to_owned());
        match self {
            Self::Large => say!("e.file.large", file = file(), max = MAX_BYTES / (1024 * 1024)),
            Self::Swollen => say!("e.file.swollen", file = file()),
            Self::Empty => say!("e.file.empty", file = file()),
            Self::Rows => say!("e.file.rows", file = file(), max = MAX_ROWS),
            Self::Columns => say!("e.file.columns", file = file(), max = MAX_COLUMNS),
            Self::Cell { row, column } => {
                say!("e.file.cell", file = file(), l = row, c = column, max = MAX_CELL)
            }
            Self::OldBook => say!("e.file.old", file = file()),
            Self::Locked => say!("e.file.locked", file = file()),
            Self::Pdf => say!("e.file.pdf", file = file()),
            Self::Picture => say!("e.file.picture", file = file()),
            Self::Document => say!("e.file.document", file = file()),
            Self::Other => say!("e.file.other", file = file()),
            Self::Broken => say!("e.file.broken", file = file()),
            Self::Garbled => say!("e.file.garbled", file = file()),
            Self::NotHanded => say!("e.file.not_handed", file = file()),
        }
    }
}

/// What a file is by how it begins: names are given by people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zip,
    Ole,
    Refused(Unreadable),
    Text,
}

fn kind(bytes: &[u8]) -> Kind {
    const PICTURES: [&[u8]; 6] = [b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"BM", b"II*\0", b"MM\0*"];
    let begins = |with: &[u8]| bytes.starts_with(with);
    let is_inside = |at: usize, word: &[u8]| bytes.get(at..).is_some_and(|rest| rest.starts_with(word));
    let is_picture = PICTURES.iter().any(|with| begins(with) && (*with != b"BM" || bytes.contains(&0)));
    match () {
        () if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") => Kind::Zip,
        () if begins(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") => Kind::Ole,
        () if begins(b"%PDF") => Kind::Refused(Unreadable::Pdf),
        () if is_picture || begins(b"RIFF") && is_inside(8, b"WEBP") || is_inside(4, b"ftyp") => {
            Kind::Refused(Unreadable::Picture)
        }
        () if begins(b"{\\rtf") => Kind::Refused(Unreadable::Document),
        () if begins(b"Rar!") || begins(b"7z\xBC\xAF") || begins(b"\x1F\x8B") => Kind::Refused(Unreadable::Other),
        () => Kind::Text,
    }
}

/// An old workbook, one with a password, or a document: what is called how lies in UTF-16 within.
fn ole(bytes: &[u8]) -> Unreadable {
    let has = |word: &str| {
        let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(wide.len()).any(|at| at == wide)
    };
    match () {
        () if has("EncryptedPackage") => Unreadable::Locked,
        () if has("WordDocument") => Unreadable::Document,
        () => Unreadable::OldBook,
    }
}

/// Reads a file: its tables, one a sheet with something on it.
///
/// # Errors
/// [`Unreadable`].
pub fn read(bytes: &[u8]) -> Result<Vec<Table>, Unreadable> {
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::Large);
    }
    let tables = match kind(bytes) {
        Kind::Zip => book::tables(bytes)?,
        Kind::Ole => return Err(ole(bytes)),
        Kind::Refused(why) => return Err(why),
        Kind::Text => vec![text::table(bytes)?],
    };
    let tables: Vec<Table> = tables.into_iter().filter(|table| table.rows() > 0).collect();
    if tables.is_empty() { Err(Unreadable::Empty) } else { Ok(tables) }
}

/// Rows as a paste has them: as many cells on each as the widest has, blank rows where they stand.
fn pasted(sheet: String, rows: &[Vec<String>]) -> Result<Table, Unreadable> {
    if rows.len() > MAX_ROWS {
        return Err(Unreadable::Rows);
    }
    let full = |row: &Vec<String>| row.iter().position(|cell| !cell.is_empty());
    let left = rows.iter().filter_map(full).min().unwrap_or_default();
    let right = |row: &Vec<String>| row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
    let width = rows.iter().map(right).max().unwrap_or_default().saturating_sub(left);
    if width > MAX_COLUMNS {
        return Err(Unreadable::Columns);
    }
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        if let Some(column) = row.iter().position(|cell| cell.chars().count() > MAX_CELL) {
            return Err(Unreadable::Cell { row: at + 1, column: column + 1 });
        }
        if full(row).is_some() {
            let cells: Vec<&str> = (left..left + width).map(|at| row.get(at).map_or("", String::as_str)).collect();
            text.push_str(&cells.join("\t"));
        }
        text.push('\n');
        if text.len() > MAX_TEXT {
            return Err(Unreadable::Rows);
        }
    }
    Ok(Table { sheet, text })
}

/// A cell on one line, without what parts cells and lines.
fn one_line(cell: &str) -> String {
    let visible: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.trim().to_owned()
}
