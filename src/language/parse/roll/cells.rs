//! 格子 — a pasted list as rows of cells: tabs as a spreadsheet puts them, bars, commas in all widths, runs of blanks; several rows on a
//! line, and numbers before rows.

use crate::language::fold::invisible;

/// Most rows that are looked at.
pub(super) const MAX_ROWS: usize = 6_500;
/// Most cells of a row that are looked at.
const MAX_CELLS: usize = 40;

/// A row that has something in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Its line, counted from 1 below the command.
    pub line: usize,
    /// Cells, trimmed; empty ones stay where the separator shows them.
    pub cells: Vec<String>,
    /// Whether empty cells can be seen in it.
    pub is_ruled: bool,
}

impl Row {
    /// The row as one text.
    pub(super) fn text(&self) -> String {
        self.cells.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }

    /// The cells that are not empty.
    pub(super) fn full(&self) -> Vec<&str> {
        self.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect()
    }
}

/// What stands between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Tab,
    Bar,
    Comma,
    Semicolon,
    Blank,
    Pause,
}

/// A line with half-width letters, digits and punctuation, any blank as a space, and nothing invisible in it. Letters keep their case.
pub(super) fn half(text: &str) -> String {
    let half = |c: char| match c {
        '\t' => '\t',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '│' | '┃' | '︱' | '￨' => '|',
        '﹐' => ',',
        c if c.is_whitespace() => ' ',
        c => c,
    };
    text.chars().filter(|c| !invisible(*c)).map(half).collect()
}

/// The rows of a text.
pub(super) fn rows(text: &str) -> Vec<Row> {
    let lines: Vec<(usize, String)> = whole_cells((1..).zip(text.lines().map(half)).collect());
    let lines: Vec<(usize, String)> = lines.into_iter().filter(|(_, line)| has_content(line)).collect();
    let has = |c: char| lines.iter().any(|(_, line)| line.contains(c));
    let mark = match () {
        () if is_by_semicolons(&lines) => Mark::Semicolon,
        () if has('\t') => Mark::Tab,
        () if has('|') => Mark::Bar,
        () if has(',') && is_by_commas(&lines) => Mark::Comma,
        () => Mark::Blank,
    };
    let mut pieces: Vec<(usize, String)> = Vec::new();
    for (line, text) in lines {
        pieces.extend(several(&text, mark).into_iter().map(|piece| (line, piece)));
    }
    without_numbers(&mut pieces);
    let last = pieces.iter().all(|(_, text)| !text.trim().contains([' ', '\t', '|', ',', ';']) && text.contains('、'));
    pieces.truncate(MAX_ROWS + 1);
    let mut rows: Vec<Row> =
        pieces.into_iter().map(|(line, text)| row(line, &text, if last { Mark::Pause } else { mark })).collect();
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    rows
}

/// Lines of one cell that a spreadsheet wrote.
const MAX_CELL_LINES: usize = 8;

/// 601⇥"张桂英⏎张永年"⇥92.5: a cell in quotation marks may hold line breaks; they part what stands in it.
fn whole_cells(lines: Vec<(usize, String)>) -> Vec<(usize, String)> {
    let opens = |line: &str| {
        let begins = line.match_indices('"').any(|(at, _)| {
            at == 0 || line.get(..at).is_some_and(|before| before.trim_end_matches(' ').ends_with(['\t', ',']))
        });
        begins && line.matches('"').count() % 2 == 1
    };
    let mut found: Vec<(usize, String)> = Vec::with_capacity(lines.len());
    let mut lines = lines.as_slice();
    while let [(n, line), rest @ ..] = lines {
        let closing = rest.iter().take(MAX_CELL_LINES).position(|(_, line)| line.contains('"'));
        match closing
            .filter(|at| opens(line) && rest.get(*at).is_some_and(|(_, end)| end.matches('"').count() % 2 == 1))
        {
            Some(at) => {
                let more = rest.iter().take(at + 1).map(|(_, line)| line.trim_matches(' '));
                let parts: Vec<&str> = std::iter::once(line.as_str()).chain(more).collect();
                found.push((*n, parts.join("、")));
                lines = rest.get(at + 1..).unwrap_or_default();
            }
            None => {
                found.push((*n, line.clone()));
                lines = rest;
            }
        }
    }
    found
}

/// 房号;产权人;面积 — whether semicolons part the cells of every line, as spreadsheets write them where a comma stands before the
/// decimals.
fn is_by_semicolons(lines: &[(usize, String)]) -> bool {
    let is_decimal = |cell: &str| is_decimal(cell.trim());
    let width = |line: &str| line.split(';').count();
    let first = lines.first().map_or(0, |(_, line)| width(line));
    first > 2
        && lines.iter().all(|(_, line)| {
            width(line) == first
                && !line.contains(['\t', '|'])
                && line.split(';').all(|cell| !cell.contains(',') || is_decimal(cell))
        })
        && lines.iter().any(|(_, line)| line.split(';').any(is_decimal))
}

/// 92,5.
fn is_decimal(cell: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    cell.split_once(',').is_some_and(|(whole, part)| digits(whole) && digits(part) && part.len() <= 2)
}

/// Whether commas part the cells, and not the names in one: then more lines have the same number of them than of words.
fn is_by_commas(lines: &[(usize, String)]) -> bool {
    let alike = |least: usize, width: &dyn Fn(&str) -> usize| {
        let widths: Vec<usize> = lines.iter().map(|(_, line)| width(line)).filter(|width| *width >= least).collect();
        widths.iter().map(|one| widths.iter().filter(|other| *other == one).count()).max().unwrap_or_default()
    };
    alike(2, &|line| line.split(',').count()) >= alike(3, &|line| line.split_whitespace().count())
}

/// A line that is drawn, |---|---|, has none.
fn has_content(line: &str) -> bool {
    line.chars().any(|c| !c.is_whitespace() && !matches!(c, '|' | '-' | ':' | '=' | '—' | '_' | '+' | '─' | '━'))
}

/// `;` parts rows, unless it parts the cells of one; ①②③ on a line begin one each.
fn several(text: &str, mark: Mark) -> Vec<String> {
    let rings = text.chars().filter(|c| is_ringed(*c)).count();
    if rings > 1 {
        let mut found: Vec<String> = Vec::new();
        for c in text.chars() {
            match found.last_mut() {
                Some(last) if !is_ringed(c) => last.push(c),
                _ => found.push(c.to_string()),
            }
        }
        found.retain(|piece| has_content(piece));
        return found;
    }
    let halves: Vec<&str> = text.split(';').map(str::trim).filter(|half| !half.is_empty()).collect();
    if matches!(mark, Mark::Tab | Mark::Bar | Mark::Semicolon) || halves.len() < 2 {
        return vec![text.to_owned()];
    }
    // Halves of one row are no rows: 李德福;张桂英,101,92.5 are two owners of a flat, 101;李德福;92.5 are three cells.
    let width =
        |half: &str| if half.contains(',') { half.matches(',').count() + 1 } else { half.split_whitespace().count() };
    let widths: Vec<usize> = halves.iter().map(|half| width(half)).collect();
    let is_one =
        halves.len() >= 3 && widths.iter().all(|width| *width == 1) && text.chars().any(|c| c.is_ascii_digit());
    let is_number = |half: &&str| half.starts_with(|c: char| c.is_ascii_digit());
    let numbers = halves.iter().filter(|half| is_number(half)).count();
    let is_mixed = numbers != 0 && numbers != halves.len();
    if is_one || is_mixed || widths.iter().any(|width| Some(width) != widths.first()) {
        return vec![text.to_owned()];
    }
    halves.into_iter().map(str::to_owned).collect()
}

pub(in crate::language::parse) fn is_ringed(c: char) -> bool {
    matches!(c, '①'..='⑳' | '⑴'..='⒇' | '㉑'..='㉟')
}

/// Takes away 1. 2. 3. or ① ② ③ before rows, where they count the rows: 1.101 and 1.102 are flats.
fn without_numbers(pieces: &mut [(usize, String)]) {
    let numbered: Vec<(usize, u32, String)> = pieces
        .iter()
        .enumerate()
        .filter_map(|(at, (_, text))| number_before(text).map(|(n, rest)| (at, n, rest)))
        .collect();
    let all = numbered.len();
    let counting = numbered.into_iter().zip(1..).take_while(|((_, n, _), want)| n == want).map(|(row, _)| row);
    let numbered: Vec<(usize, u32, String)> = counting.collect();
    // A sum below them may begin with a figure: 475.46, 合计.
    let (counts, is_first) = (numbered.len() + 1 >= all, !numbered.is_empty());
    // Titles, headings and sums have none.
    let most = numbered.len() * 3 >= pieces.len() || numbered.len() + 4 >= pieces.len();
    let is_plain = |text: &str| {
        let digits = text.trim_start_matches('(').chars().take_while(char::is_ascii_digit).count();
        let mut behind = text.trim_start_matches('(').chars().skip(digits);
        let (mark, next) = (behind.next(), behind.next());
        mark != Some('.') || next.is_some_and(|c| !c.is_ascii_digit())
    };
    let alone = numbered.iter().all(|(at, ..)| pieces.get(*at).is_some_and(|(_, text)| is_plain(text)));
    if counts && is_first && most && (numbered.len() > 1 || alone) {
        for (at, _, rest) in numbered {
            if let Some((_, text)) = pieces.get_mut(at) {
                *text = rest;
            }
        }
    }
}

/// “1. ”, “1、”, “(1)”, “①”: the number before a row, and the row.
fn number_before(text: &str) -> Option<(u32, String)> {
    let text = text.trim_start_matches([' ', '|']);
    let first = text.chars().next()?;
    if is_ringed(first) {
        let base = match first {
            '①'..='⑳' => 0x2460,
            '⑴'..='⒇' => 0x2474,
            _ => 0x3251 - 20,
        };
        let rest = text.strip_prefix(first)?.trim_start_matches(['.', '、', ' ', ':']);
        return Some((u32::from(first) - base + 1, rest.to_owned()));
    }
    let bare = text.trim_start_matches('(');
    let digits: String = bare.chars().take_while(char::is_ascii_digit).collect();
    let rest = bare.strip_prefix(digits.as_str())?;
    let mark = rest.chars().next()?;
    if digits.is_empty() || digits.len() > 4 || !matches!(mark, '.' | '、' | ')' | ':') {
        return None;
    }
    let rest = rest.strip_prefix(mark)?.trim_start();
    (!rest.is_empty()).then(|| digits.parse().ok().map(|n| (n, rest.to_owned())))?
}

/// A row without the number before it.
pub(in crate::language::parse) fn unnumbered(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || is_ringed(c) || matches!(c, '(' | '（'));
    let marked = rest.trim_start_matches(['.', '、', '．', ')', '）', ':', '：']);
    if marked.len() < rest.len() || text.starts_with(is_ringed) { marked.trim_start() } else { text }
}

fn row(line: usize, text: &str, mark: Mark) -> Row {
    let mark = match mark {
        Mark::Tab if !text.contains('\t') && text.contains(',') => Mark::Comma,
        Mark::Tab | Mark::Bar | Mark::Comma | Mark::Blank
            if !text.contains(['\t', '|', ',']) && !text.trim().contains(' ') && text.contains(';') =>
        {
            Mark::Semicolon
        }
        Mark::Tab | Mark::Bar | Mark::Comma if !text.contains(['\t', '|', ',']) => Mark::Blank,
        mark => mark,
    };
    let text = if mark == Mark::Bar { text.trim().trim_start_matches('|').trim_end_matches('|') } else { text };
    let split = |mark: char| text.split(mark).map(|cell| cell.trim().to_owned()).collect::<Vec<String>>();
    let mut cells: Vec<String> = match mark {
        Mark::Tab => split('\t'),
        Mark::Bar => split('|'),
        Mark::Comma => quoted(text),
        Mark::Semicolon => {
            let point = |cell: String| if is_decimal(&cell) { cell.replace(',', ".") } else { cell };
            split(';').into_iter().map(point).collect()
        }
        Mark::Pause => split('、'),
        Mark::Blank => parted_by_blanks(text),
    };
    for cell in &mut cells {
        if cell.len() > 2 && cell.starts_with('"') && cell.ends_with('"') {
            *cell = cell.trim_matches('"').trim().to_owned();
        }
    }
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells.truncate(MAX_CELLS);
    Row { line, cells, is_ruled: matches!(mark, Mark::Tab | Mark::Bar | Mark::Comma) }
}

/// Cells between commas; one in quotation marks holds commas itself.
fn quoted(text: &str) -> Vec<String> {
    let (mut cells, mut cell, mut inside) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => inside = !inside,
            ',' if !inside => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Cells between blanks. 李　娜 is one of them, and so is “面积 (㎡)”.
fn parted_by_blanks(text: &str) -> Vec<String> {
    let is_one_han = |cell: &str| {
        let mut chars = cell.chars();
        chars.next().is_some_and(is_han) && chars.next().is_none()
    };
    let mut cells: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let joins = is_open && is_one_han(word) || word.starts_with('(') && word.ends_with(')');
        match cells.last_mut() {
            Some(last) if joins => last.push_str(word),
            _ => cells.push(word.to_owned()),
        }
        is_open = is_one_han(word);
    }
    cells
}

/// A 汉字.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3134F}' | '〇' | '\u{F900}'..='\u{FAFF}')
}
