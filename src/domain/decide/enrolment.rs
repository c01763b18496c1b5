//! 登记多位 — a list of people in one message: each line that leaves no doubt is entered like one alone, by the same decision; of the
//! others it is said why not, and what to send.

use crate::domain::command::Command;
use crate::domain::decide::decide;
use crate::domain::kernel::place::name_sign;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::person::Role;
use crate::domain::people::town::Sort;
use crate::domain::scene::{Ctx, Decided, Decision, Scene, Several, Told};
use crate::say;
use std::collections::BTreeSet;

/// Lines that are left, told one by one.
const MAX_LEFT: usize = 10;

/// 登记 — every line that is read without a doubt.
///
/// # Errors
/// Who may; what is wrong with each line, where nobody can be entered.
pub fn enrol_all(ctx: &Ctx<'_>, rows: &[(String, Result<Command, Say>)]) -> Decided {
    ctx.require_role(Role::Coordinator)?;
    let (mut each, mut left, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    // As it was written: /登记, /enrol.
    let first = rows.first().and_then(|(line, _)| ctx.scene.said.find(line.as_str())).unwrap_or_default();
    let command = ctx.scene.said.get(..first).unwrap_or_default().trim();
    for (line, read) in rows {
        let line = format!("{command} {line}");
        match read.clone().and_then(|command| sure(ctx, &line, command, &mut names)) {
            Ok(command) => each.push(command),
            Err(why) => left.push(say!("enrol.left", line = line, why = why)),
        }
    }
    if each.is_empty() {
        return Err(receipt(0, left));
    }
    let each = Some(Several { told: Told::Enrolled, commands: each });
    Ok(Decision { each, answer: left, ..Decision::default() })
}

/// What is told of it: how many are entered, and of each that is not why.
#[must_use]
pub fn receipt(done: usize, mut left: Vec<Say>) -> Say {
    let n = left.len();
    left.truncate(MAX_LEFT);
    left.extend((n > MAX_LEFT).then(|| say!("enrol.left.more", n = n - MAX_LEFT)));
    match (done, n) {
        (_, 0) => say!("enrol.all", n = done),
        (0, _) => say!("e.enrol_all", n = n, rows = Value::Lines(left)),
        (_, _) => say!("enrol.all.some", n = done, m = n, rows = Value::Lines(left)),
    }
}

/// The command of one line, if it would be taken alone, and nobody else of this list is called so.
fn sure(ctx: &Ctx<'_>, line: &str, command: Command, names: &mut BTreeSet<String>) -> Result<Command, Say> {
    let Command::Enrol { name, town, sector, another, .. } = &command else { return Ok(command) };
    // Whether two lines of one name are one person is not for us to guess.
    if !names.insert(name_sign(name)) && !another {
        return Err(say!("enrol.left.same", who = name.as_str()));
    }
    let alone = Scene { said: line.to_owned(), ..ctx.scene.clone() };
    decide(&Ctx { scene: &alone, ..*ctx }, &command)?;
    // A name nobody has written before may be one mistyped: told with one line it is noticed, among many it is not.
    for (sort, written) in [(Sort::Town, town.trim()), (Sort::Sector, sector.trim())] {
        if !written.is_empty() && !ctx.world.is_listed(sort, written) {
            let sort = Value::Term(sort.term().to_owned());
            return Err(say!("enrol.left.new", sort = sort, bad = Value::Quote(written.to_owned()), town = written));
        }
    }
    Ok(command)
}
