//! 谁的话 — every fact there is, with the name of somebody in each of its texts and their own words in what is theirs: once they are
//! erased by law nothing of it is left in any file, the chain is whole, and the same world comes out of what is left.

use crate::support::folder::Folder;
use crate::support::told;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use xieshang::bot::office::{Job, Office};
use xieshang::bot::replay;
use xieshang::bot::start;
use xieshang::domain::belongings::{Whose, whose};
use xieshang::domain::chronicle::{Entry, entry};
use xieshang::domain::event::{Event, Record};
use xieshang::domain::kernel::ids::PersonId;
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::domain::people::{account, erasure};
use xieshang::language::Catalog;
use xieshang::ledger::disk::{Disk, RealDisk};
use xieshang::ledger::{FileLedger, Ledger as _, verify};
use xieshang::platform::{Incoming, Place, Said, Sender, SenderKind};
use xieshang::state::State;

/// What must be nowhere in the end: the name, an account, a flat, what they said, what else is entered of them.
const NAME: &str = "欧阳金雀";
const ACCOUNT: &str = "canary77";
const ROOM: &str = "77-7-707";
const OWN: &str = "金丝雀自述第";
const ENTERED: &str = "金丝雀登记项";
/// Texts by which groups, other people and codes are found, and ballots, which are the count's.
const KEPT: [&str; 8] = ["account", "address", "before", "chat", "choice", "fingerprint", "print", "private_chat"];

/// A fact by its name in the ledger.
fn names_of(fact: &Value) -> String {
    match fact {
        Value::String(name) => name.clone(),
        Value::Object(map) => {
            let (name, inside) = map.iter().next().unwrap();
            match inside {
                Value::Object(inner) if families().contains(name) => {
                    format!("{name}.{}", inner.keys().next().unwrap())
                }
                Value::String(inner) if families().contains(name) => format!("{name}.{inner}"),
                _ => name.clone(),
            }
        }
        other => panic!("no fact: {other}"),
    }
}

/// The names serde would have known in the place of `?`.
fn known_in(text: &str) -> Vec<String> {
    let error = serde_json::from_str::<Event>(text).unwrap_err().to_string();
    let Some((_, expected)) = error.split_once("unknown variant `?`, expected ") else { return Vec::new() };
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn families() -> &'static BTreeSet<String> {
    static FAMILIES: std::sync::OnceLock<BTreeSet<String>> = std::sync::OnceLock::new();
    FAMILIES.get_or_init(|| {
        let all = known_in(r#"{"?":{}}"#).into_iter();
        all.filter(|name| !known_in(&format!(r#"{{"{name}":{{"?":{{}}}}}}"#)).is_empty()).collect()
    })
}

/// Every fact there is.
fn all_facts() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for name in known_in(r#"{"?":{}}"#) {
        let inner = known_in(&format!(r#"{{"{name}":{{"?":{{}}}}}}"#));
        match inner.is_empty() {
            true => drop(all.insert(name)),
            false => all.extend(inner.iter().map(|inner| format!("{name}.{inner}"))),
        }
    }
    all
}

/// The records of a story.
struct Told {
    name: &'static str,
    bodies: Vec<Value>,
    end: DateTime<Utc>,
}

fn tell(name: &'static str) -> Told {
    let data = Folder::new(name);
    let (fixtures, story) = (told::fixtures_of(name), told::story_of(name));
    let catalog = Catalog::builtin().unwrap();
    let stage = replay::play(&data.0, &fixtures, &story, Settings::default(), catalog, &mut |_| {}).unwrap();
    drop(stage);
    let bodies = ledger(&data.0).read_after(None).unwrap().map(|entry| entry.unwrap().body).collect();
    Told { name, bodies, end: story.last().unwrap().at }
}

fn disk(data: &Path) -> Arc<dyn Disk> {
    Arc::new(RealDisk::open(data.join("ledger")).unwrap())
}

fn ledger(data: &Path) -> FileLedger {
    FileLedger::open(disk(data), None).unwrap().0
}

fn record_of(body: &Value) -> Record {
    serde_json::from_value(body.clone()).unwrap()
}

/// Whose a fact is.
fn owner(record: &Record, fact: &Event) -> Option<PersonId> {
    match whose(fact) {
        Whose::Speaker | Whose::Claimed(_) => record.by,
        Whose::Said(person) | Whose::Of(person, _) => Some(person),
        Whose::Roll(_) | Whose::Lines(_) | Whose::Nobody => None,
    }
}

/// What each person has in a story, by the names of the facts.
fn belongings(told: &Told) -> BTreeMap<PersonId, BTreeSet<String>> {
    let mut found: BTreeMap<PersonId, BTreeSet<String>> = BTreeMap::new();
    for body in &told.bodies {
        let record = record_of(body);
        for (fact, value) in record.facts.iter().zip(body["facts"].as_array().unwrap()) {
            let lines = if let Whose::Lines(lines) = whose(fact) { lines } else { &[] };
            for person in owner(&record, fact).into_iter().chain(lines.iter().filter_map(|line| line.person)) {
                found.entry(person).or_default().insert(names_of(value));
            }
        }
    }
    found
}

/// What stands in the place of a text.
fn planted(n: &mut u32, field: &str, text: &str, owned: Option<bool>) -> String {
    *n += 1;
    match owned {
        // Entered of them.
        Some(true) => match field {
            "name" | "shown" => NAME.to_owned(),
            "account" | "address" | "before" | "private_chat" if !text.is_empty() => format!("{text}{ACCOUNT}"),
            "account" | "address" | "before" | "private_chat" | "print" | "fingerprint" => text.to_owned(),
            "room" => ROOM.to_owned(),
            _ => format!("{ENTERED}{n:03}"),
        },
        Some(false) => format!("{OWN}{n:03}条，说到这里为止"),
        None if KEPT.contains(&field) => text.to_owned(),
        None => format!("{text}（{NAME}也在）"),
    }
}

fn plant(n: &mut u32, value: &mut Value, field: &str, owned: Option<bool>, spared: bool) {
    match value {
        Value::Object(map) if map.contains_key("$w") => {
            // Another's name stays theirs.
            if !(spared && ["name", "shown"].contains(&field)) {
                let text = map["$w"].as_str().unwrap_or_default();
                *value = json!({"$w": planted(n, field, text, owned)});
            }
        }
        Value::Object(map) => map.iter_mut().for_each(|(field, value)| plant(n, value, field, owned, spared)),
        Value::Array(all) => all.iter_mut().for_each(|value| plant(n, value, field, owned, spared)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The records with somebody's name in every text, and their own words in what is theirs.
fn with_canaries(told: &Told, person: PersonId) -> Vec<Value> {
    let mut n = 0;
    let mut planted = told.bodies.clone();
    for body in &mut planted {
        let record = record_of(body);
        for (at, fact) in record.facts.iter().enumerate() {
            let is_own = owner(&record, fact) == Some(person);
            let is_entry = matches!(whose(fact), Whose::Of(..) | Whose::Claimed(_));
            let Whose::Lines(lines) = whose(fact) else {
                plant(&mut n, &mut body["facts"][at], "", is_own.then_some(is_entry), is_entry && !is_own);
                continue;
            };
            for (line, value) in lines.iter().zip(body["facts"][at]["signed_up"]["lines"].as_array_mut().unwrap()) {
                let is_own = line.person == Some(person);
                plant(&mut n, &mut value["note"], "note", is_own.then_some(false), false);
                plant(&mut n, &mut value["name"], "name", is_own.then_some(true), false);
            }
        }
    }
    planted
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// What stands around each canary that is left, with its file.
fn left(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(folder) {
        let bytes = std::fs::read(&path).unwrap();
        for canary in [NAME, ACCOUNT, ROOM, OWN, ENTERED] {
            if let Some(at) = bytes.windows(canary.len()).position(|part| part == canary.as_bytes()) {
                let around = &bytes[at.saturating_sub(90)..(at + 60).min(bytes.len())];
                found.push(format!("{}: {}", path.display(), String::from_utf8_lossy(around)));
            }
        }
    }
    found
}

/// 我的信息 — what the person reads of themselves, by an account of theirs; `None` where they have none.
fn shown_to(office: &mut Office, person: PersonId, at: DateTime<Utc>) -> Option<String> {
    let state = Arc::clone(office.state());
    let account =
        World::on(&*state).accounts_of(person).into_iter().find(|account| !account.chat.as_str().is_empty())?;
    let chat = account.chat.as_str().to_owned();
    let from = Sender {
        account: account.address.as_str().to_owned(),
        name: String::new(),
        name_is_proof: false,
        kind: SenderKind::Person,
        private_chat: Some(chat.clone()),
    };
    let said = Said::Text { text: "/我的信息".to_owned(), reply: None, edit: None };
    let asked =
        Incoming { key: "local:mydata:1".to_owned(), place: Place::Private { chat }, from, said_at: Some(at), said };
    let done = office.commit(&[Job::Heard(asked)], at).unwrap();
    Some(done.letters.iter().map(|letter| letter.letter.text.as_str()).collect::<Vec<_>>().join("\n"))
}

/// Their own words, as planted, that `/我的信息` does not show, by the fact that holds them.
fn kept_and_not_shown(bodies: &[Value], shown: &str) -> Vec<String> {
    let mut found = Vec::new();
    for fact in bodies.iter().flat_map(|body| body["facts"].as_array().unwrap()) {
        let text = fact.to_string();
        let own = text
            .match_indices(OWN)
            .map(|(at, _)| text.get(at..).unwrap_or_default().chars().take(OWN.chars().count() + 3).collect());
        found.extend(own.filter(|own: &String| !shown.contains(own)).map(|_| names_of(fact)));
    }
    found
}

/// What of their words they are not shown before they are erased.
fn erased_without_a_trace(told: &Told, person: PersonId) -> Vec<String> {
    let folder = Folder::new(told.name);
    let bodies = with_canaries(told, person);
    ledger(&folder.0).append(0, &bodies).unwrap();
    let (settings, catalog) = (Arc::new(Settings::default()), Catalog::builtin().unwrap());
    let open = || start::open(&folder.0, Arc::clone(&settings), catalog, told.end).unwrap();
    let mut started = open();
    let shown = shown_to(&mut started.office, person, told.end);
    let missed = shown.map(|shown| kept_and_not_shown(&bodies, &shown)).unwrap_or_default();
    let ordered = erasure::Fact::Ordered { person, reason: format!("{NAME}书面申请").into() };
    started.office.enter(vec![Event::Erasure(ordered)], told.end).unwrap();
    started.office.state().flush().unwrap();
    drop(started);
    assert!(!left(&folder.0).is_empty(), "{}: nothing was planted", told.name);
    let started = open();
    assert!(started.office.to_erase().is_empty());
    let derived = started.office.state().derived();
    started.office.state().flush().unwrap();
    drop(started);
    assert_eq!(left(&folder.0), Vec::<String>::new(), "{} without person {person}", told.name);
    verify(&disk(&folder.0)).unwrap_or_else(|error| panic!("{}: {error}", told.name));
    assert!(start::lost_texts(&folder.0).unwrap().is_empty(), "{}: every gap has its order", told.name);
    State::clear(&folder.0.join("state")).unwrap();
    assert!(open().office.state().derived() == derived, "{}: the same world, key by key", told.name);
    missed
}

/// Stories, and who of each is erased: together they have every fact, and of whatever is somebody's, somebody who has it.
const STORIES: [(&str, u32); 46] = [
    ("longer_term", 10),
    ("early_close_reopened", 10),
    ("duty_struck", 5),
    ("english_private", 5),
    ("gathering_cancelled", 13),
    ("split", 10),
    ("not_there", 12),
    ("codes_of_a_roll", 15),
    ("backed", 16),
    ("late_word", 14),
    ("claim_lapsed", 16),
    ("acceptance", 10),
    ("proposal", 5),
    ("carry", 16),
    ("english_process", 17),
    ("brief", 7),
    ("accounts", 17),
    ("opening", 15),
    ("weekend", 15),
    ("recusal_objected", 14),
    ("signup", 10),
    ("changed", 2),
    ("absent", 6),
    ("withdrawn", 10),
    ("dismissed", 10),
    ("towns", 17),
    ("multiple", 14),
    ("halting", 11),
    ("campaign", 15),
    ("yearplan", 15),
    ("waiting", 8),
    ("told", 17),
    ("same_line", 16),
    ("hidden_settled", 15),
    ("hidden_settled", 10),
    ("founder", 5),
    ("codes", 15),
    ("clock_at_start", 15),
    ("charity", 15),
    ("waits", 15),
    ("templates", 17),
    ("tasks", 17),
    ("personal_data", 15),
    ("matching", 17),
    ("in_name", 15),
    ("accounts", 10),
];

/// What somebody may have erased by law: what they said, and what is entered of them. Whoever adds a fact with words in it says here
/// and in the table of the domain whether they are somebody's.
const OWNED: [&str; 29] = [
    "absence.contested",
    "absence.recused",
    "account.parted",
    "account.unlinked",
    "account_linked",
    "brief.proposed",
    "brief.rated",
    "brief.resent",
    "brief_received",
    "claim_made",
    "duty.served",
    "duty.struck",
    "duty.tagged",
    "erasure.ordered",
    "gathering.left",
    "gathering.noted",
    "hiding.contested",
    "objection_raised",
    "pass_made",
    "person_enrolled",
    "poll.reasoned",
    "reply_made",
    "review_given",
    "reworded",
    "signed_up",
    "slip_received",
    "suggestion_made",
    "task_rated",
    "topic_ordered",
];

/// What `/我的信息` does not show of the words of a story: those the ledger alone keeps (earlier wordings, what was taken back, what is
/// written beside a grade or a service), and those of whoever is known by a roll, whose names are not the planted ones.
const UNSEEN: [&str; 13] = [
    "absence.contested",
    "absence.recused",
    "brief.rated",
    "brief_received",
    "duty.served",
    "gathering.left",
    "gathering.noted",
    "poll.reasoned",
    "reply_made",
    "review_given",
    "reworded",
    "signed_up",
    "task_rated",
];

/// Plain strings lie in the chain for ever: none of them may be a name, or what somebody said. Towns, sectors, categories and kinds of
/// stations are names on lists of the district's.
const PLAIN: [&str; 16] = [
    "export.made towns",
    "group_set sector",
    "group_set town",
    "person_enrolled sector",
    "person_enrolled town",
    "role_granted town",
    "role_withdrawn town",
    "station_set kind",
    "station_set town",
    "topic_ordered town",
    "topic_sorted before",
    "topic_sorted category",
    "town.dropped name",
    "town.listed names",
    "town.moved from",
    "town.moved into",
];

/// Whoever holds no office says for themselves what they say. In facts that are nobody's there are words of theirs only here: what was
/// answered, reported or asked for by whoever has a task, a proposal or an objection in hand, which is done for their unit.
const NOT_THEIRS: [&str; 7] = [
    "brief.answered text",
    "brief.delayed reason",
    "brief.noted text",
    "objection_answered text",
    "task_answered text",
    "task_delayed reason",
    "task_reported text",
];

/// What has no line in the history of a topic or a month, and why: every other fact of every story has one. `digest_closed` has
/// none where nothing had happened.
const SILENT: [&str; 55] = [
    "Account account.asked",
    "Account account.denied",
    "Account account.language",
    "Account account.lapsed",
    "Account account.unvouched",
    "Account account.vouched",
    "Account account_linked",
    "Account claim_made",
    "Account claim_settled",
    "Account invitation_sheet.codes",
    "Account invitation_sheet.expired",
    "Account invitation_sheet.made",
    "Account pass_made",
    "Account pass_used",
    "Account person_enrolled",
    "Ballot absence.struck",
    "Ballot ballot_cast",
    "Ballot ballot_late",
    "Ballot mandate.ended",
    "Ballot mandate.given",
    "Ballot mandate.lapsed",
    "Ballot mandate.used",
    "Ballot mandate.withdrawn",
    "Ballot poll.corrected",
    "Ballot poll.reasoned",
    "Beside absence.counted",
    "Beside poll.framed",
    "Beside poll.ranked",
    "Beside topic_advanced",
    "Delivery export.expired",
    "Delivery export.made",
    "Delivery nudge.planned",
    "Delivery sending",
    "Delivery sent",
    "Delivery series.reminded",
    "Erasure erasure.asked",
    "Erasure erasure.taken_back",
    "Machine clock.jumped",
    "Machine clock.settled",
    "Machine clock.zone",
    "Machine outage",
    "Setting campaign.set",
    "Setting duty.tagged",
    "Setting group_back",
    "Setting group_gone",
    "Setting group_moved",
    "Setting group_seen",
    "Setting group_set",
    "Setting station_set",
    "Setting tier.planned",
    "Setting town.dropped",
    "Setting town.listed",
    "Setting town.moved",
    "Unheard digest_closed",
    "Unheard intercepted",
];

/// Facts of a story without a line; those that have one have a term for it.
fn without_a_line(told: &Told) -> BTreeSet<String> {
    let catalog = Catalog::builtin().unwrap();
    let mut found = BTreeSet::new();
    for body in &told.bodies {
        for (fact, value) in record_of(body).facts.iter().zip(body["facts"].as_array().unwrap()) {
            match entry(fact) {
                Entry::Row(row) => assert!(catalog.term(row.what).is_some(), "no term {}", row.what),
                Entry::Silent(why) => drop(found.insert(format!("{why:?} {}", names_of(value)))),
            }
        }
    }
    found
}

/// Words in facts that are nobody's, of whoever held no role when they caused them, by fact and field.
fn of_nobody(told: &Told) -> BTreeSet<String> {
    let (mut roles, mut found) = (BTreeMap::<PersonId, BTreeSet<String>>::new(), BTreeSet::new());
    for body in &told.bodies {
        let record = record_of(body);
        for (fact, value) in record.facts.iter().zip(body["facts"].as_array().unwrap()) {
            let has_none = |person: &PersonId| roles.get(person).is_none_or(BTreeSet::is_empty);
            if whose(fact) == Whose::Nobody && record.by.as_ref().is_some_and(has_none) {
                words_in(&names_of(value), value, "", &mut found);
            }
            match fact {
                Event::RoleGranted { person, role, scope } => {
                    roles.entry(*person).or_default().insert(format!("{role:?} {scope:?}"));
                }
                Event::RoleWithdrawn { person, role, scope } => {
                    roles.entry(*person).or_default().remove(&format!("{role:?} {scope:?}"));
                }
                Event::Account(account::Fact::Listed { person, role }) => {
                    roles.entry(*person).or_default().insert(format!("{role:?}"));
                }
                _ => {}
            }
        }
    }
    found
}

/// Sealed texts that say something, by fact and field.
fn words_in(fact: &str, value: &Value, field: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if map.contains_key("$w") => {
            if map["$w"] != "" && !KEPT.contains(&field) {
                found.insert(format!("{fact} {field}"));
            }
        }
        Value::Object(map) => map.iter().for_each(|(field, value)| words_in(fact, value, field, found)),
        Value::Array(all) => all.iter().for_each(|value| words_in(fact, value, field, found)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Facts no story makes: of platforms and of the configuration, or of what the other stories do not come to.
fn made_by_hand(person: PersonId) -> Value {
    json!([
        {"outage": {"platform": "telegram", "from": "2025-03-01T00:00:00Z", "until": "2025-03-01T01:00:00Z"}},
        {"group_moved": {"group": 1, "chat": {"$w": "local:elsewhere"}}},
        {"group_gone": {"group": 2}},
        {"group_back": {"group": 2}},
        {"account": {"listed": {"person": person, "role": "coordinator"}}},
        {"account": {"delisted": {"person": person, "role": "coordinator"}}},
        {"ballot_late": {"poll": 1, "person": person}},
        {"brief": {"vacated": {"proposal": 1}}},
        {"conflict": {"excepted": {"topic": 1, "person": person, "part": "handler", "reason": {"$w": "理由"}}}},
        {"hiding": {"covered": {"what": {"plan": [1, 1]}, "reason": {"$w": "理由"}}}},
        {"hiding": {"uncovered": {"what": {"plan": [1, 1]}}}},
        {"mandate": {"lapsed": {"topic": 1, "voter": 1, "trustee": person, "why": "trustee_gone"}}},
        {"poll": {"altered": {"poll": 1, "from": person, "to": 1, "freed": [1], "barred": [2]}}},
        {"erasure": {"asked": {"person": person}}},
        {"erasure": {"taken_back": {"person": person}}},
    ])
}

#[test]
fn every_fact_is_erased_of_whoever_it_names_or_belongs_to() {
    let (met, owned, plain) = <(Mutex<BTreeSet<_>>, Mutex<BTreeSet<_>>, Mutex<BTreeSet<_>>)>::default();
    let silent = Mutex::new(BTreeSet::new());
    let (nobodys, unseen) = <(Mutex<BTreeSet<String>>, Mutex<BTreeSet<String>>)>::default();
    let left = Mutex::new(STORIES.to_vec());
    let next = || left.lock().unwrap().pop();
    let work = || {
        while let Some((name, person)) = next() {
            let (mut told, person) = (tell(name), PersonId(person));
            if name == "acceptance" {
                let last = told.bodies.last().unwrap().clone();
                let facts = made_by_hand(person);
                told.bodies.push(json!({"at": last["at"], "by": person, "way": "private", "facts": facts}));
            }
            silent.lock().unwrap().extend(without_a_line(&told));
            nobodys.lock().unwrap().extend(of_nobody(&told));
            let facts = |body: &Value| body["facts"].as_array().unwrap().iter().map(names_of).collect::<Vec<_>>();
            met.lock().unwrap().extend(told.bodies.iter().flat_map(facts));
            for fact in told.bodies.iter().flat_map(|body| body["facts"].as_array().unwrap()) {
                plain_in(&names_of(fact), fact, "", &mut plain.lock().unwrap());
            }
            owned.lock().unwrap().extend(belongings(&told).remove(&person).unwrap_or_default());
            unseen.lock().unwrap().extend(erased_without_a_trace(&told, person));
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, usize::from).min(8);
        (0..threads).map(|_| scope.spawn(work)).for_each(drop);
    });
    let (mut met, mut owned) = (met.into_inner().unwrap(), owned.into_inner().unwrap());
    // Every erasure has these.
    met.extend(["erasure.ordered", "erasure.done"].map(str::to_owned));
    owned.insert("erasure.ordered".to_owned());
    let missing: Vec<String> = all_facts().difference(&met).cloned().collect();
    assert_eq!(missing, Vec::<String>::new(), "in no story of the list: add one that has it");
    assert_eq!(owned.iter().map(String::as_str).collect::<Vec<_>>(), OWNED, "what is somebody's");
    let nobodys = nobodys.into_inner().unwrap();
    assert_eq!(nobodys.iter().map(String::as_str).collect::<Vec<_>>(), NOT_THEIRS, "said by somebody, and nobody's");
    let unseen = unseen.into_inner().unwrap();
    assert_eq!(unseen.iter().map(String::as_str).collect::<Vec<_>>(), UNSEEN, "kept, and not shown by /我的信息");
    let silent = silent.into_inner().unwrap();
    assert_eq!(silent.iter().map(String::as_str).collect::<Vec<_>>(), SILENT, "no line in the history");
    let plain = plain.into_inner().unwrap();
    assert_eq!(plain.iter().map(String::as_str).collect::<Vec<_>>(), PLAIN, "lies in the chain for ever");
}

/// Chinese in strings that nothing can take out of the chain, by fact and field.
fn plain_in(fact: &str, value: &Value, field: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if map.contains_key("$w") => {}
        Value::Object(map) => map.iter().for_each(|(field, value)| plain_in(fact, value, field, found)),
        Value::Array(all) => all.iter().for_each(|value| plain_in(fact, value, field, found)),
        Value::String(text) if !text.is_ascii() => drop(found.insert(format!("{fact} {field}"))),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
