//! What can be asked of a data folder while the bot is not running: replay, check, digest, export, rebuild.

use crate::Failure;
use crate::config::Config;
use crate::story::{self, Temporary};
use crate::wiring;
use chrono::{DateTime, NaiveDate, Utc};
use std::io::Write;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use xieshang::bot::door::{Door, Finding, Loopback, Opening};
use xieshang::bot::replay::{self, ReplayError};
use xieshang::bot::{clock, fixtures, start};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::domain::people::group::Group;
use xieshang::domain::people::person::Role;
use xieshang::language::Catalog;
use xieshang::ledger::disk::{Disk, RealDisk};
use xieshang::ledger::{FileLedger, lines, verify};
use xieshang::state::State;

/// Below this many free bytes `check` warns.
const LITTLE_ROOM: u64 = 1024 * 1024 * 1024;

/// `replay` — a story through the real loop.
pub fn replay(
    data: Option<&Path>,
    fixtures_file: Option<&Path>,
    until: Option<u32>,
    file: Option<&Path>,
    settings: Settings,
    catalog: &'static Catalog,
) -> Result<(), Failure> {
    let text = file.map_or_else(|| Ok(story::BUILTIN.to_owned()), crate::read_file)?;
    let fixtures_text = fixtures_file.map_or_else(|| Ok(story::DEMO.to_owned()), crate::read_file)?;
    let wrong = |error: &dyn std::fmt::Display| Failure::wrong_use(error.to_string());
    let fixtures = fixtures::read(&fixtures_text).map_err(|error| wrong(&error))?;
    let lines = story::lines(&text, until.unwrap_or(u32::MAX)).map_err(|error| wrong(&error))?;
    let temporary;
    let folder = match data {
        Some(folder) => folder,
        None => {
            temporary = Temporary::new().map_err(|error| wrong(&error))?;
            temporary.path()
        }
    };
    if data.is_some() && folder.join("ledger").exists() {
        return Err(Failure::wrong_use(format!("{}: a story begins in an empty folder", folder.display())));
    }
    let result = replay::play(folder, &fixtures, &lines, settings, catalog, &mut |beat| println!("{beat}"));
    match result {
        Ok(_) => {
            println!("{} lines as told.", lines.len());
            Ok(())
        }
        Err(ReplayError::Differs { n, detail }) => Err(Failure::is_false(format!("line {n} differs\n{detail}"))),
        Err(ReplayError::Start(error)) => Err(error.into()),
        Err(ReplayError::Fatal(error)) => Err(error.into()),
        Err(error) => Err(wrong(&error)),
    }
}

/// `rebuild` — the working store anew from the ledger.
pub fn rebuild(config: &Config, settings: Settings, catalog: &'static Catalog) -> Result<(), Failure> {
    let data = &config.data.path;
    {
        let _lock = start::lock(data)?;
        xieshang::state::State::clear(&data.join("state")).map_err(start::StartError::from)?;
    }
    let started = start::open(data, Arc::new(settings), catalog, clock::machine()())?;
    println!("{} records applied.", started.reapplied);
    Ok(())
}

/// `export` — the ledger's lines exactly as they are on disk, header lines included; with a topic, its records only.
pub fn export(config: &Config, topic: Option<u32>, out: Option<&Path>) -> Result<(), Failure> {
    let disk = ledger_disk(config)?;
    let found = verify(&disk).map_err(start::StartError::from)?;
    let wrong = |path: &Path, error: &dyn std::fmt::Display| Failure::wrong_use(format!("{}: {error}", path.display()));
    // Beside its place first: what is there already is lost only when all of it is written.
    let beside = out.map(|path| path.with_added_extension("part"));
    let mut file: Box<dyn Write> = match (out, &beside) {
        (Some(path), Some(beside)) => {
            if lies_in(path, &config.data.path) {
                return Err(wrong(
                    path,
                    &"lies in the data folder, where nothing is written but by the bot; name another place",
                ));
            }
            let file = std::fs::File::create(beside).map_err(|error| wrong(beside, &error))?;
            Box::new(std::io::BufWriter::new(file))
        }
        _ => Box::new(std::io::BufWriter::new(std::io::stdout())),
    };
    let (mut written, mut left_out) = (0u64, 0u64);
    let mut about = topic.map(OfTopic::new);
    for line in lines(&*disk, None).map_err(start::StartError::from)? {
        let line = line.map_err(start::StartError::from)?;
        if about.as_mut().is_some_and(|about| !about.takes(&line.bytes)) {
            left_out += 1;
            continue;
        }
        written += 1;
        let result = file
            .write_all(&line.bytes)
            .and_then(|()| if line.bytes.ends_with(b"\n") { Ok(()) } else { file.write_all(b"\n") });
        if let Err(error) = result {
            return unread(error);
        }
    }
    if let Err(error) = file.flush() {
        return unread(error);
    }
    drop(file);
    if let (Some(path), Some(beside)) = (out, &beside) {
        std::fs::rename(beside, path).map_err(|error| wrong(path, &error))?;
    }
    let _ = writeln!(std::io::stderr(), "{written} lines written; {} records checked.", found.records);
    if let Some(topic) = topic {
        let what = "headers, people, accounts, groups, other topics, and what belongs to no topic";
        let _ = writeln!(std::io::stderr(), "Topic {topic} only: {left_out} other lines are left out ({what}).");
    }
    Ok(())
}

/// Whoever read a pipe has read enough; any other fault is one.
fn unread(error: std::io::Error) -> Result<(), Failure> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(Failure::wrong_use(error.to_string())) }
}

/// Whether a file would lie in a folder, whatever its path looks like.
fn lies_in(file: &Path, folder: &Path) -> bool {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (parent.canonicalize(), folder.canonicalize()) {
        (Ok(parent), Ok(folder)) => parent.starts_with(folder),
        _ => false,
    }
}

/// What has a number of its own and belongs to a topic, as facts name it: a ballot names its poll, an answer its task.
const BELONGING: [&str; 8] = ["poll", "task", "gathering", "slip", "series", "charity", "brief", "hiding"];
/// Words, seats and counts in which a topic stands first: what was taken back, what was hidden.
const FIRST: [&str; 9] = ["second", "absence", "mandate", "plan", "pact", "review", "closure", "halt", "topic"];
/// The same of what belongs to one.
const FIRST_BELONGING: [(&str, &str); 4] =
    [("sign_up", "gathering"), ("minutes", "gathering"), ("reasons", "poll"), ("poll", "poll")];

/// The records of one topic: those that name it, and those that name what belongs to it, as far as the records before have said what does.
struct OfTopic {
    topic: u64,
    own: std::collections::BTreeSet<(&'static str, u64)>,
}

impl OfTopic {
    fn new(topic: u32) -> Self {
        Self { topic: u64::from(topic), own: std::collections::BTreeSet::new() }
    }

    /// Whether a record is one of them.
    fn takes(&mut self, line: &[u8]) -> bool {
        let Ok(record) = serde_json::from_slice::<serde_json::Value>(line) else { return false };
        let facts = record.get("facts").and_then(serde_json::Value::as_array);
        let is_one = facts.into_iter().flatten().any(|fact| self.names(fact));
        if is_one {
            // A record that asks for something of a topic often makes what belongs to it.
            facts.into_iter().flatten().for_each(|fact| self.learn(fact));
        }
        is_one
    }

    fn is_own(&self, value: &serde_json::Value) -> bool {
        value.as_u64() == Some(self.topic)
    }

    fn names(&self, value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Object(map) => map.iter().any(|(key, value)| {
                let goes_on_as_it = key == "into" && map.contains_key("topic") && self.is_own(value);
                (key == "topic" && self.is_own(value))
                    || goes_on_as_it
                    || self.belongs(key, value)
                    || key == "what" && self.names_first(value)
                    || self.names(value)
            }),
            serde_json::Value::Array(items) => items.iter().any(|item| self.names(item)),
            _ => false,
        }
    }

    fn belongs(&self, key: &str, value: &serde_json::Value) -> bool {
        let known = BELONGING.iter().find(|known| **known == key);
        known.zip(value.as_u64()).is_some_and(|(key, n)| self.own.contains(&(*key, n)))
    }

    /// {"second": 1}, {"sign_up": [2, 1]}.
    fn names_first(&self, what: &serde_json::Value) -> bool {
        let serde_json::Value::Object(map) = what else { return false };
        map.iter().any(|(key, value)| {
            let first = value.as_array().and_then(|items| items.first()).unwrap_or(value);
            let of = FIRST_BELONGING.iter().find(|(name, _)| name == key);
            FIRST.contains(&key.as_str()) && self.is_own(first) || of.is_some_and(|(_, of)| self.belongs(of, first))
        })
    }

    /// What a fact of the topic says belongs to it.
    fn learn(&mut self, fact: &serde_json::Value) {
        match fact {
            serde_json::Value::Object(map) => {
                if map.get("topic").is_some_and(|value| self.is_own(value)) {
                    let found = BELONGING.iter().filter_map(|key| Some((*key, map.get(*key)?.as_u64()?)));
                    self.own.extend(found.collect::<Vec<_>>());
                }
                map.values().for_each(|value| self.learn(value));
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            _ => {}
        }
    }
}

fn ledger_disk(config: &Config) -> Result<Arc<dyn Disk>, Failure> {
    let path = config.data.path.join("ledger");
    if !path.exists() {
        return Err(Failure::wrong_use(format!(
            "{}: there is no ledger yet; start the bot first, or name the folder with --data",
            path.display()
        )));
    }
    let disk = RealDisk::open(&path).map_err(|error| Failure::wrong_use(format!("{}: {error}", path.display())))?;
    Ok(Arc::new(disk))
}

/// `check` — a line each, and what to do.
pub fn check(config: &Config, settings: Settings, catalog: &'static Catalog) -> Result<(), Failure> {
    println!("ok    configuration: {} ({}), {} commands", settings.name, settings.tz, catalog.entries().len());
    let now = clock::machine()();
    println!("ok    clock: {}", now.with_timezone(&settings.tz).format("%Y-%m-%d %H:%M:%S %Z"));
    let mut is_well = true;
    if settings.public_url.is_none() {
        println!(
            "note  no public_url: letters and digests carry no links; set [committee] public_url when the pages can be reached"
        );
    }
    let doors = wiring::doors(config);
    let loopback = wiring::loopback(&doors);
    if let Some(Loopback { called, instead, .. }) = loopback.filter(|_| !config.web.listen.ip().is_loopback()) {
        println!("wrong [web] listen = {}: {called} listens on 127.0.0.1 only; {instead}", config.web.listen);
        is_well = false;
    }
    if config.data.path.is_file() {
        return Err(Failure::wrong_use(format!("{}: is a file; name a folder", config.data.path.display())));
    }
    let mut state = None;
    let has_store = config.data.path.join("state").exists();
    if is_there(&config.data.path)? {
        let disk = ledger_disk(config)?;
        let (mut torn, open) = (false, open_to_others(&config.data.path));
        match verify(&disk) {
            Ok(found) => {
                println!("ok    ledger: {} records in {} batches, chain and vault whole", found.records, found.batches)
            }
            // Whether it was ever acknowledged, what the working store had applied says.
            Err(_) if FileLedger::is_torn(&disk).is_ok_and(|is_torn| is_torn) => torn = true,
            Err(error) if error.is_of_the_system() => {
                println!(
                    "wrong ledger: {error}; it could not be read, which says nothing of what it holds: mend the permissions or the disk"
                );
                return Err(Failure::wrong_use("the ledger cannot be read".to_owned()));
            }
            Err(error) => {
                println!("wrong ledger: {error}; do not start, restore the folder from a copy");
                return Err(Failure::damaged("the ledger is damaged".to_owned()));
            }
        }
        match torn {
            true => check_torn(&config.data.path, has_store)?,
            false => {
                state = check_store(config, &settings, catalog, now)?;
                is_well &= state.is_none() || check_texts(&config.data.path)?;
            }
        }
        if open > 0 {
            println!(
                "note  data: others could read {open} files or folders; they are taken from them (files 0600, folders 0700)"
            );
        }
    } else if has_store {
        println!(
            "wrong ledger: it is gone, and the working store of it is there; do not start, restore the folder from a copy"
        );
        return Err(Failure::damaged("the ledger is gone".to_owned()));
    } else {
        println!("note  data: {} is empty; it is made at the first start", config.data.path.display());
    }
    is_well &= check_room(&config.data.path);
    is_well &= check_admins(&settings, &doors, state.as_deref());
    let clock = clock::machine();
    let opening = Opening { settings: &settings, catalog, clock: &clock, loopback };
    is_well &= check_doors(doors, opening, state.as_deref())?;
    if is_well { Ok(()) } else { Err(Failure::is_false("something needs attention".to_owned())) }
}

/// Whether there is a ledger; where nobody may look, that is not the same as none.
fn is_there(data: &Path) -> Result<bool, Failure> {
    let ledger = data.join("ledger");
    ledger.try_exists().map_err(|error| {
        println!("wrong data: {}: {error}; look as the owner of the folder, or mend the permissions", data.display());
        Failure::wrong_use("the data folder cannot be looked into".to_owned())
    })
}

/// How many files and folders others may do something with.
fn open_to_others(path: &Path) -> usize {
    let Ok(found) = std::fs::symlink_metadata(path) else { return 0 };
    if found.is_symlink() {
        return 0;
    }
    let own = usize::from(found.permissions().mode() & 0o077 != 0);
    let inside =
        if found.is_dir() { std::fs::read_dir(path).into_iter().flatten().flatten().collect() } else { Vec::new() };
    own + inside.iter().map(|inside| open_to_others(&inside.path())).sum::<usize>()
}

/// The working store, if no running xieshang has it.
fn check_store(
    config: &Config,
    settings: &Settings,
    catalog: &'static Catalog,
    now: DateTime<Utc>,
) -> Result<Option<Arc<State>>, Failure> {
    match start::open(&config.data.path, Arc::new(settings.clone()), catalog, now) {
        Ok(started) => {
            if started.rebuilt {
                println!("note  working store: it was missing, or of another version; made anew from the ledger");
            }
            println!("ok    working store: at record {}", started.office.head_seq());
            Ok(Some(Arc::clone(started.office.state())))
        }
        Err(start::StartError::Running(_)) => {
            println!("ok    working store: in use by a running xieshang");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// A ledger that ends in an unfinished batch: looked at, and left as it is.
fn check_torn(data: &Path, has_store: bool) -> Result<(), Failure> {
    match start::look(data) {
        Ok(()) => {
            println!("{}", cut_off(has_store));
            Ok(())
        }
        Err(start::StartError::Running(_)) => {
            println!("note  ledger: the last batch is unfinished: the running xieshang is writing it");
            println!("ok    working store: in use by a running xieshang");
            Ok(())
        }
        Err(error @ start::StartError::Loose(_)) => {
            println!("wrong ledger: {error}");
            Err(error.into())
        }
        Err(error) => {
            println!(
                "wrong ledger: the last batch is cut short, and what it held had been applied and answered; do not start, restore the folder from a copy"
            );
            Err(error.into())
        }
    }
}

/// What is said of the remains of a batch at the end, which the next start cuts off.
fn cut_off(has_store: bool) -> &'static str {
    match has_store {
        true => {
            "note  ledger: the last batch is unfinished and was never acknowledged; nothing was changed, the next start cuts it off, and nothing that was answered is lost"
        }
        false => {
            "note  ledger: the last batch is unfinished; nothing was changed, the next start cuts it off; there is no working store to say whether it had been answered: if there was one, restore the folder from a copy"
        }
    }
}

/// Whether every text that is gone was erased by law, which a record then says.
fn check_texts(data: &Path) -> Result<bool, Failure> {
    let lost = start::lost_texts(data)?;
    if let Some((seq, _)) = lost.first() {
        let n = lost.len();
        println!(
            "wrong texts: {n} are gone from the vault that nobody erased, the first in record {seq}; restore the folder from a copy"
        );
    }
    Ok(lost.is_empty())
}

/// Whether everybody whom `admins` names can be somebody, and whether there is an administrator at all.
fn check_admins(settings: &Settings, doors: &[Box<dyn Door>], state: Option<&State>) -> bool {
    let mut is_well = true;
    for admin in &settings.admins {
        if let Some(why) = admin_fault(admin, doors) {
            println!("wrong [committee] admins = {admin:?}: {why}");
            is_well = false;
        }
    }
    let held = state.map(|state| World::on(state).holders(Role::Admin).len());
    match (settings.admins.is_empty(), held) {
        (true, Some(0)) => {
            println!("wrong [committee] admins is empty and nobody is administrator: put an account into it");
            is_well = false;
        }
        (true, Some(n)) => println!("ok    administrators: {n}, none by the configuration"),
        (true, None) => {
            println!("note  [committee] admins is empty: only the file of people can name an administrator")
        }
        (false, _) if is_well => println!("ok    administrators by the configuration: {}", settings.admins.join(", ")),
        (false, _) => {}
    }
    is_well
}

fn admin_fault(admin: &str, doors: &[Box<dyn Door>]) -> Option<String> {
    let names: Vec<&str> = doors.iter().map(|door| door.name()).collect();
    let known = names.join(", ");
    let Some((platform, name)) = admin.split_once(':') else {
        return Some(format!("nobody can be that; an account begins with its platform and a colon, one of: {known}"));
    };
    match doors.iter().find(|door| door.name() == platform) {
        None => Some(format!("there is no platform “{platform}”; known: {known}")),
        Some(door) => door.account_fault(name).map(str::to_owned),
    }
}

/// What every door that is configured has to say, a line each; whether all is well.
fn check_doors(doors: Vec<Box<dyn Door>>, opening: Opening<'_>, state: Option<&State>) -> Result<bool, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::wrong_use(format!("no threads: {error}")))?;
    let mut is_well = true;
    for mut door in doors {
        let found = runtime.block_on(async {
            match door.open(opening).await {
                Ok(false) => Vec::new(),
                Ok(true) => door.findings(&groups_of(state, door.name())).await,
                Err(shut) => vec![Finding { is_well: false, what: shut.to_string() }],
            }
        });
        for Finding { is_well: fine, what } in found {
            println!("{} {}: {what}", if fine { "ok   " } else { "wrong" }, door.called());
            is_well &= fine;
        }
    }
    Ok(is_well)
}

/// Addresses of the groups behind a platform that are still there.
fn groups_of(state: Option<&State>, platform: &str) -> Vec<String> {
    let groups = state.map_or_else(Vec::new, |state| World::on(state).groups());
    let addresses = groups.iter().filter(|group| !group.gone).map(|group| group.chat.as_str().to_owned());
    addresses.filter(|chat| chat.starts_with(platform)).collect()
}

/// Whether a file can be written, and how much room `df` sees.
fn check_room(data: &Path) -> bool {
    let made = std::fs::create_dir_all(data).and_then(|()| {
        let probe = data.join("probe");
        std::fs::write(&probe, b"probe")?;
        std::fs::remove_file(probe)
    });
    if let Err(error) = made {
        println!("wrong disk: {}: {error}; free some room or mend the permissions", data.display());
        return false;
    }
    let free = std::process::Command::new("df").arg("-Pk").arg(data).output().ok();
    let free = free.and_then(|out| free_bytes(&String::from_utf8_lossy(&out.stdout)));
    match free {
        Some(free) if free < LITTLE_ROOM => println!("note  disk: only {} MB free", free / 1_048_576),
        Some(free) => println!("ok    disk: writable, {} MB free", free / 1_048_576),
        None => println!("ok    disk: writable"),
    }
    true
}

fn free_bytes(df: &str) -> Option<u64> {
    df.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// `digest` — what a group would be told, or was told on a day.
pub fn digest(
    config: &Config,
    settings: Settings,
    catalog: &'static Catalog,
    group: &str,
    date: Option<NaiveDate>,
) -> Result<(), Failure> {
    ledger_disk(config)?;
    let now = clock::machine()();
    let started = start::open(&config.data.path, Arc::new(settings), catalog, now)?;
    let state = Arc::clone(started.office.state());
    let world = World::on(&*state);
    let called = |known: &Group| {
        let chat = known.chat.as_str();
        chat == group || known.name.as_str() == group || chat.split_once(':').is_some_and(|(_, id)| id == group)
    };
    let Some(known) = world.groups().into_iter().find(called) else {
        let names: Vec<String> = world.groups().iter().map(|group| group.chat.as_str().to_owned()).collect();
        return Err(Failure::wrong_use(format!("no group “{group}”; known: {}", names.join(", "))));
    };
    // Who keeps the record reads a posted paper as it was posted, with what was hidden or taken back since.
    let posted = date.and_then(|date| world.digest(known.id, date));
    let texts = match posted {
        Some(posted) => posted.parts.iter().map(|part| part.as_str().to_owned()).collect(),
        None => started.office.digest_of(&world, &known, date, now),
    };
    if texts.is_empty() {
        println!("(nothing happened: no digest)");
    }
    println!("{}", texts.join("\n\n"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::OfTopic;

    #[test]
    fn a_topic_is_exported_with_its_ballots_and_everything_else_that_belongs_to_it() {
        let mut about = OfTopic::new(1);
        for (facts, is_own) in [
            (r#"{"topic_ordered":{"topic":1}}"#, true),
            (r#"{"topic_ordered":{"topic":2}}"#, false),
            (r#"{"poll":{"framed":{"poll":1}}},{"poll_opened":{"poll":1,"topic":1}}"#, true),
            (r#"{"poll_opened":{"poll":2,"topic":2}}"#, false),
            (r#"{"ballot_cast":{"poll":1,"voter":7}}"#, true),
            (r#"{"ballot_cast":{"poll":2,"voter":7}}"#, false),
            (r#"{"poll_closed":{"poll":1}},{"topic_advanced":{"topic":1}}"#, true),
            (r#"{"task_assigned":{"task":4,"topic":1}}"#, true),
            (r#"{"task_answered":{"task":4}}"#, true),
            (r#"{"gathering_called":{"gathering":3,"topic":1}}"#, true),
            (r#"{"attended":{"gathering":3,"people":[1]}}"#, true),
            (r#"{"undone":{"what":{"second":1}}}"#, true),
            (r#"{"undone":{"what":{"second":2}}}"#, false),
            (r#"{"undone":{"what":{"sign_up":[3,1]}}}"#, true),
            (r#"{"suggestion_made":{"suggestion":{"topic":1,"n":1}}}"#, true),
            (r#"{"topic_merged":{"topic":5,"into":1}}"#, true),
            (r#"{"person_joined":{"from":9,"into":1}}"#, false),
        ] {
            assert_eq!(about.takes(format!(r#"{{"facts":[{facts}]}}"#).as_bytes()), is_own, "{facts}");
        }
    }
}
