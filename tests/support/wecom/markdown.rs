//! `markdown_v2` as a telephone shows it: what is read, where links lead, and whether every sign of it was meant. Written from WeCom's
//! list of what it understands, and knows nothing of how the bot writes it.

/// A message as it is read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Read {
    pub shown: String,
    pub links: Vec<String>,
    pub bold: Vec<String>,
    /// Cells of each table, row by row.
    pub tables: Vec<Vec<Vec<String>>>,
    /// Anything else that is no plain text: mentions, colours, code, pictures, headings, lists, quotes, rules.
    pub odd: Vec<String>,
}

/// Reads a message.
pub fn read(content: &str) -> Read {
    let mut read = Read::default();
    let lines: Vec<&str> = content.split('\n').collect();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rows = lines.iter().skip(at).take_while(|line| line.trim_start().starts_with('|')).count();
        if rows > 0 {
            let before =
                at.checked_sub(1).and_then(|before| lines.get(before)).is_none_or(|line| line.trim().is_empty());
            let table = &lines[at..at + rows];
            table_of(table, before, &mut read);
            at += rows;
            continue;
        }
        block(line, &mut read);
        let shown = inline(line.trim_end(), &mut read);
        read.shown.push_str(&shown);
        read.shown.push('\n');
        at += 1;
    }
    read.shown = read.shown.trim_end().to_owned();
    read
}

fn table_of(lines: &[&str], is_apart: bool, read: &mut Read) {
    let cells = |line: &&str| -> Vec<String> {
        let inside = line.trim().strip_prefix('|').and_then(|rest| rest.strip_suffix('|')).unwrap_or_default();
        inside.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let rows: Vec<Vec<String>> = lines.iter().map(cells).collect();
    let is_rule = |cell: &String| cell.contains("---") && cell.chars().all(|c| c == '-' || c == ':');
    let is_table = is_apart
        && rows.len() >= 3
        && rows[1].iter().all(is_rule)
        && rows.iter().all(|row| row.len() == rows[0].len())
        && rows[0].len() > 1;
    if !is_table {
        read.odd.push(format!("no table: {lines:?}"));
    }
    for row in rows.iter().enumerate().filter(|(n, _)| *n != 1).map(|(_, row)| row) {
        read.shown.push_str(&format!("{}\n", row.join(" ")));
    }
    read.tables.push(rows);
}

/// What a line is made into as a whole.
fn block(line: &str, read: &mut Read) {
    let bare = line.trim_start_matches(' ');
    let digits = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = digits.len() < bare.len() && (digits.starts_with(". ") || digits.starts_with(") "));
    let is_listed = ["- ", "* ", "+ "].iter().any(|sign| bare.starts_with(sign));
    let is_rule = bare.len() >= 3
        && ["---", "***", "===", "___"]
            .iter()
            .any(|rule| bare.trim_end().starts_with(rule) && bare.trim_end().chars().all(|c| rule.contains(c)));
    let is_heading = bare.starts_with('#') && bare.trim_start_matches('#').starts_with(' ');
    let is_code = line.len() - bare.len() >= 4 || bare.starts_with("```");
    for (is_so, what) in [
        (is_numbered || is_listed, "a list"),
        (is_rule, "a rule"),
        (is_heading, "a heading"),
        (bare.starts_with('>'), "a quotation"),
        (is_code, "code"),
    ] {
        if is_so {
            read.odd.push(format!("{what}: {line}"));
        }
    }
}

/// What is read within a line.
fn inline(line: &str, read: &mut Read) -> String {
    let mut shown = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let after = rest.split_at(c.len_utf8()).1;
        if let Some((label, target, behind)) = link(rest) {
            read.links.push(target.to_owned());
            shown.push_str(label);
            rest = behind;
            continue;
        }
        if let Some((bold, behind)) = rest.strip_prefix("**").and_then(|rest| rest.split_once("**")) {
            read.bold.push(bold.to_owned());
            shown.push_str(bold);
            rest = behind;
            continue;
        }
        let bare = rest.to_lowercase();
        for (sign, what) in [
            ("<@", "a mention"),
            ("<font", "a colour"),
            ("<", "a tag"),
            ("@all", "a call of everybody"),
            ("@所有人", "a call of everybody"),
            ("`", "code"),
            ("*", "a star"),
            ("_", "a dash below"),
            ("~~", "struck out"),
            ("![", "a picture"),
            ("http://", "a bare link"),
            ("https://", "a bare link"),
            ("&lt;", "an entity"),
            ("\\", "an escape"),
        ] {
            if bare.starts_with(sign) {
                read.odd.push(format!("{what}: {line}"));
                break;
            }
        }
        shown.push(c);
        rest = after;
    }
    shown
}

/// `[label](target)` at the beginning of a text, and what is behind it.
fn link(text: &str) -> Option<(&str, &str, &str)> {
    let (label, rest) = text.strip_prefix('[')?.split_once("](")?;
    let (target, rest) = rest.split_once(')')?;
    (!label.contains('[')).then_some((label, target, rest))
}
