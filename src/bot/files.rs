//! 附件 — a file as the list of the command it came with. What is written under a file never stands for it: where the file cannot be
//! read the command is refused with why, and a command that takes no file says so. A file that came without a word, in private, is
//! kept for half an hour, in memory only, until it is said what it is for.

use super::hearing::{Understood, is_talk};
use super::office::Office;
use super::turn::Arrival;
use crate::domain::command::Command;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::person::Person;
use crate::domain::scene::{ASKED_MINUTES, Place};
use crate::domain::vote::roll::Sheet;
use crate::language::file::{self, Table, Unreadable};
use crate::language::parse::list;
use crate::language::{self, Hearing, Parsed};
use crate::platform::{Content, File, Hangs, Incoming, Said};
use crate::say;
use chrono::{DateTime, Duration, Utc};
use std::borrow::Cow;
use std::collections::VecDeque;

/// Files kept at once, of all accounts.
const MOST_KEPT: usize = 20;
/// Sheets of a workbook that are named.
const MOST_SHEETS: usize = 10;
/// What is said where it has to be said which sheet is meant.
pub(super) const WHICH_SHEET: &str = "e.file.sheets";
/// Longest line a file is kept for, in bytes.
const LONGEST_LINE: usize = 400;

/// A file that waits for its command.
#[derive(Debug, Clone)]
struct Kept {
    account: String,
    file: File,
    at: DateTime<Utc>,
}

/// All that wait.
#[derive(Debug, Default)]
pub(super) struct Files(VecDeque<Kept>);

impl Files {
    fn of(&self, account: &str, now: DateTime<Utc>) -> Option<&File> {
        let is_fresh = |kept: &&Kept| now - kept.at <= Duration::minutes(i64::from(ASKED_MINUTES));
        self.0.iter().filter(is_fresh).find(|kept| kept.account == account).map(|kept| &kept.file)
    }

    pub(super) fn drop_of(&mut self, account: &str) {
        self.0.retain(|kept| kept.account != account);
    }
}

/// What a file is for.
pub(super) enum Meant {
    /// Nobody means us.
    Nothing,
    /// The words mean something that needs no file, or nothing that has one.
    Words(Box<Understood>),
    /// It is the list of this command.
    List(Option<String>, Option<TopicNo>),
    /// It came without a command.
    Unsaid,
}

/// The same with its file read. Takes as long as a workbook is large: not the committer's business where it can be done before.
#[must_use]
pub fn read(incoming: &Incoming) -> Cow<'_, Incoming> {
    let Said::File { file: File { content: Content::Bytes(bytes), .. }, .. } = &incoming.said else {
        return Cow::Borrowed(incoming);
    };
    let found = match file::read(bytes) {
        Ok(tables) => Content::Tables(tables),
        Err(why) => Content::Unreadable(why),
    };
    let mut same = incoming.clone();
    if let Said::File { file, .. } = &mut same.said {
        file.content = found;
    }
    Cow::Owned(same)
}

/// The tables of a file.
fn tables(file: &File) -> Result<&[Table], Unreadable> {
    match &file.content {
        Content::Tables(tables) => Ok(tables),
        Content::Unreadable(why) => Err(*why),
        Content::Offered | Content::Bytes(_) => Err(Unreadable::NotHanded),
    }
}

/// The sheet that is named at the end of a line, and the line without it.
fn sheet_named<'f, 't>(file: &'f File, line: &'t str) -> (Option<&'f Table>, &'t str) {
    let line = line.trim();
    let all = tables(file).unwrap_or_default();
    let named = |table: &&Table| !table.sheet.is_empty() && line.ends_with(table.sheet.as_str());
    match all.iter().filter(named).max_by_key(|table| table.sheet.len()).filter(|_| all.len() > 1) {
        Some(table) => (Some(table), line.strip_suffix(table.sheet.as_str()).unwrap_or(line).trim_end()),
        None => (None, line),
    }
}

/// The list in a file.
fn list_of(file: &File, named: Option<&Table>, entry: Option<String>, topic: Option<TopicNo>) -> Understood {
    let of = |command| Understood::of(entry.clone(), command);
    // Nobody fetched it: whoever sent it may not load a roll, and hears who may.
    if file.content == Content::Offered {
        return of(Ok(Command::LoadRoll { topic, sheet: Sheet::default() }));
    }
    let all = match tables(file) {
        Ok(all) => all,
        Err(why) => return of(Err(why.say(&file.name))),
    };
    let table = match (named, all) {
        (Some(table), _) | (None, [table]) => table,
        (None, several) => return of(Err(which_sheet(file, several, topic))),
    };
    match list(&table.text) {
        Ok(sheet) => Understood { table: Some(table.text.clone()), ..of(Ok(Command::LoadRoll { topic, sheet })) },
        Err(refusal) => of(Err(refusal)),
    }
}

fn which_sheet(file: &File, several: &[Table], topic: Option<TopicNo>) -> Say {
    let rows = several.iter().take(MOST_SHEETS).map(|table| {
        let (sheet, n) = (table.sheet.as_str(), table.rows());
        match topic {
            Some(no) => say!("roll.file.sheet", no = no, sheet = sheet, n = n),
            None => say!("roll.file.sheet.any", sheet = sheet, n = n),
        }
    });
    let rows = Value::Lines(rows.collect());
    say!("e.file.sheets", file = Value::Quote(file.name.clone()), n = several.len(), rows = rows)
}

impl Office {
    /// What a file and the words with it mean.
    pub(super) fn meant(&self, file: &File, caption: &str, hearing: &Hearing) -> Meant {
        let unsaid = || if hearing.private && file.hangs == Hangs::Here { Meant::Unsaid } else { Meant::Nothing };
        let words = |entry, command| Meant::Words(Box::new(Understood::of(entry, command)));
        let heard = match language::parse(self.catalog, sheet_named(file, caption).1, hearing) {
            Parsed::Heard(heard) => heard,
            Parsed::Silent => return unsaid(),
        };
        let entry = heard.entry.map(|entry| entry.key().to_owned());
        let is_list = matches!(&heard.command, Ok(Command::LoadRoll { sheet, .. }) if sheet.lines.is_empty());
        match (file.hangs, heard.command) {
            (Hangs::Here | Hangs::Quoted, Ok(Command::LoadRoll { topic, .. })) if is_list => Meant::List(entry, topic),
            (Hangs::Quoted, command) => words(entry, command),
            (_, command) if is_talk(&command) => unsaid(),
            (Hangs::Before, _) => words(entry, Err(say!("e.file.before"))),
            (Hangs::Here, Ok(Command::LoadRoll { .. })) => {
                words(entry, Err(say!("e.file.both", file = Value::Quote(file.name.clone()))))
            }
            (Hangs::Here, command) => {
                let is_roll = entry.as_deref() == Some("roll") || entry.is_none();
                let refusal = command.err().filter(|_| is_roll);
                let unused = || say!("e.file.unused", file = Value::Quote(file.name.clone()));
                words(entry, Err(refusal.unwrap_or_else(unused)))
            }
        }
    }

    /// Whether a file that is offered is needed.
    pub(super) fn wants_file(&self, arrival: &Arrival<'_>, who: &Person) -> bool {
        let Said::File { caption, file, .. } = &arrival.incoming.said else { return false };
        // For nobody who loads no rolls a file is fetched.
        if file.content != Content::Offered || arrival.place != Place::Private || !who.has_office() {
            return false;
        }
        match self.meant(file, caption, &self.hearing(true, None, None, arrival.now)) {
            Meant::List(..) | Meant::Unsaid => true,
            Meant::Nothing | Meant::Words(_) => false,
        }
    }

    /// What somebody meant by a file.
    pub(super) fn understand_file(
        &self,
        (file, caption): (&File, &str),
        hearing: &Hearing,
        who: &Person,
    ) -> Option<Understood> {
        match self.meant(file, caption, hearing) {
            Meant::Nothing => None,
            Meant::Words(understood) => Some(*understood),
            Meant::List(entry, topic) => Some(list_of(file, sheet_named(file, caption).0, entry, topic)),
            Meant::Unsaid => {
                let name = file.name.clone();
                let command = match tables(file) {
                    Ok(tables) => Ok(Command::Attached { name, rows: tables.iter().map(Table::rows).sum() }),
                    Err(why) if who.has_office() => Err(why.say(&name)),
                    Err(_) => Ok(Command::Attached { name, rows: 0 }),
                };
                Some(Understood::of(None, command))
            }
        }
    }

    /// A line in private that is a command without the list it needs, where a file of the same account waits for one.
    pub(super) fn line_for_kept(&self, incoming: &Incoming, text: &str, hearing: &Hearing) -> Option<Understood> {
        let file = self.files.of(&incoming.from.account, hearing.now).filter(|_| hearing.private)?;
        if text.len() > LONGEST_LINE {
            return None;
        }
        let (named, words) = sheet_named(file, text);
        let Parsed::Heard(heard) = language::parse(self.catalog, words, hearing) else { return None };
        let entry = heard.entry.map(|entry| entry.key().to_owned());
        let Ok(Command::LoadRoll { topic, sheet }) = heard.command else { return None };
        sheet.lines.is_empty().then(|| list_of(file, named, entry, topic))
    }

    /// Keeps a file that was asked about: what is said next says what it is for.
    pub(super) fn keep_file(&mut self, incoming: &Incoming, now: DateTime<Utc>) {
        let Said::File { file, .. } = &incoming.said else { return };
        let account = incoming.from.account.clone();
        self.files.drop_of(&account);
        if self.files.0.len() >= MOST_KEPT {
            self.files.0.pop_front();
        }
        self.files.0.push_back(Kept { account, file: File { hangs: Hangs::Here, ..file.clone() }, at: now });
    }
}
