//! 命令表 — one line a command: the name of its file in `commands/`, and who reads its argument.

use super::{
    Ctx, absence, accounts, args, brief, common, course, duty, gathering, hiding, identity, mandate, people, places,
    poll, process, proxy, report, roll, slip, take_back, tracking,
};
use crate::domain::command::Command;
use crate::domain::kernel::say::{Say, Value};
use crate::say;

/// What an argument came to.
pub(super) struct Read {
    /// Whose roles and places it is measured by, where that is another command than it was called by.
    pub of: Option<&'static str>,
    pub command: Command,
}

impl Read {
    /// “/投票 1 赞成” is a ballot, whoever says it.
    pub(super) fn of(key: &'static str, command: Command) -> Self {
        Self { of: Some(key), command }
    }
}

impl From<Command> for Read {
    fn from(command: Command) -> Self {
        Self { of: None, command }
    }
}

/// How the argument of a command is read.
#[derive(Clone, Copy)]
pub(super) enum Reader {
    /// Whatever it says belongs to this command.
    Own(fn(&Ctx<'_, '_>, &str) -> Result<Command, Say>),
    /// It may say what belongs to another, and then names it.
    Any(fn(&Ctx<'_, '_>, &str) -> Result<Read, Say>),
}

use Reader::{Any, Own};

/// Every command of the catalogue, once; `tests.rs` holds it against `commands/`.
pub(super) const READERS: &[(&str, Reader)] = &[
    ("accept", Own(slip::accept)),
    ("ack", Own(tracking::ack)),
    ("adopt", Own(process::judge)),
    ("adopted", Own(brief::adopted)),
    ("answer", Own(process::answer)),
    ("appoint", Own(process::appoint)),
    ("assign", Own(tracking::assign)),
    ("back", Any(tracking::back)),
    ("ballot", Any(mandate::ballot)),
    ("bind", Own(|ctx, arg| common::only_topic(ctx, arg)?.map(Command::Bind).ok_or_else(|| ctx.empty()))),
    ("campaign", Own(places::campaign)),
    ("category", Own(args::category)),
    ("charity", Own(places::charity)),
    ("clock", Own(args::clock)),
    ("close", Own(tracking::close)),
    ("code", Own(identity::code)),
    ("confirm", Own(identity::confirm)),
    ("contest", Own(absence::contest)),
    ("coverage", Own(brief::cover)),
    ("decline", Own(gathering::decline)),
    ("delay", Own(tracking::delay)),
    ("depart", Own(accounts::depart)),
    ("digest", Own(args::digest)),
    ("duty", Own(duty::duty)),
    ("end", Own(|ctx, arg| process::with_reason(ctx, arg, |topic, reason| Command::End { topic, reason }))),
    ("enrol", Own(people::enrol)),
    ("erase", Own(people::erase)),
    ("event", Any(gathering::event)),
    ("events", Own(gathering::events)),
    ("expert", Own(process::review)),
    ("export", Own(places::export)),
    ("extend", Own(poll::extend)),
    ("force", Own(tracking::force)),
    ("grant", Own(people::grant)),
    ("group", Own(people::group_set)),
    ("help", Any(args::help)),
    ("hide", Own(hiding::hide)),
    ("iam", Own(identity::i_am)),
    ("info", Own(brief::info)),
    ("invite", Own(people::invite)),
    ("join", Own(args::join)),
    ("kind", Own(course::kind)),
    ("language", Own(accounts::language)),
    ("leave", Own(absence::leave)),
    ("level", Own(places::level)),
    ("like", Any(take_back::like)),
    ("mandate", Own(mandate::mandate)),
    ("me", Own(|_, _| Ok(Command::Me))),
    ("merge", Own(process::merge)),
    ("minutes", Own(args::minutes)),
    ("mydata", Own(people::my_data)),
    ("next", Own(process::next)),
    ("notice", Own(process::notice)),
    ("object", Any(take_back::object)),
    ("pact", Own(process::pact)),
    ("pause", Own(|ctx, arg| process::with_reason(ctx, arg, |topic, reason| Command::Pause { topic, reason }))),
    ("people", Own(accounts::list)),
    ("plan", Own(process::plan)),
    ("progress", Any(tracking::progress)),
    ("proposal", Own(brief::proposal)),
    ("proxy", Own(proxy::proxy)),
    ("qr", Own(places::qr)),
    ("rate", Any(take_back::rate)),
    ("recuse", Own(absence::recuse)),
    ("refer", Any(slip::refer)),
    ("reject", Own(slip::reject)),
    ("relay", Own(people::relay)),
    ("remind", Own(absence::remind)),
    ("reply", Any(take_back::answer_to)),
    ("request", Own(slip::order_for)),
    ("return", Own(tracking::give_back)),
    ("roll", Own(roll::roll)),
    ("second", Any(take_back::second)),
    ("sector", Own(places::sectors)),
    ("settle", Own(absence::settle)),
    ("signin", Own(args::sign_in)),
    ("split", Own(course::split)),
    ("station", Own(places::station)),
    ("stats", Own(report::statistics)),
    ("suggest", Any(take_back::suggest)),
    ("take", Own(process::take)),
    ("tally", Own(|ctx, arg| common::only_topic(ctx, arg).map(Command::Tally))),
    ("topic", Own(args::topic)),
    ("town", Own(places::towns)),
    ("undo", Own(hiding::undo)),
    ("unlink", Own(accounts::unlink)),
    ("unit", Own(|ctx, arg| process::with_reason(ctx, arg, |topic, units| Command::Address { topic, units }))),
    ("urge", Own(tracking::urge)),
    ("vet", Any(brief::vet)),
    ("vote", Any(poll::open)),
    ("weekly", Own(report::weekly)),
    ("window", Own(course::window)),
    ("yearplan", Own(places::year_plan)),
];

/// Reads the argument of a recognised command.
pub(super) fn read(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    let found = READERS.iter().find(|(key, _)| *key == ctx.entry.key());
    match found {
        Some((_, Own(read))) => read(ctx, arg).map(Read::from),
        Some((_, Any(read))) => read(ctx, arg),
        None => Err(say!("e.unknown", bad = Value::Quote(ctx.entry.name.clone()))),
    }
}
