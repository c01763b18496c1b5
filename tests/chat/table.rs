//! 状态 × 命令 × 角色 — every state of a topic, every command of the catalogue, every role: what is allowed, what is refused and with
//! which sentence. No cell is without an answer.
//!
//! `tests/chat/table.txt` holds what is so today. After a change that is meant:
//!
//! ```text
//! XIESHANG_BLESS=1 cargo test --test chat table::        and read the difference before it is committed
//! ```
//!
//! Blessing cannot make a wrong thing right: the rights, the moves of a topic, the guards and the sentences of `table/rights.rs` are
//! written by hand from the specification and hold whatever the table says. A new command needs a line in `RIGHTS` there, and one in
//! `table/lines.txt` where the example of its toml is not what should be said in the table.

mod aloud;
mod ballots;
mod bonds;
mod conflicts;
mod hall;
mod history;
mod in_name;
mod reach;
mod rights;
mod shown;
mod suggested;
pub mod way;
mod ways;

use hall::{Hall, Outcome, catalog};
use rights::{GUARDS, MOVES, RIGHTS, ROLES, STAGES};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use way::STATES;
use xieshang::domain::evolve::evolve;
use xieshang::domain::kernel::say::{Say, Value};
use xieshang::domain::process::form::Template;
use xieshang::domain::process::steps::path;
use xieshang::language::Lang;
use xieshang::language::catalog::{Entry, PlaceKind};

/// What the loop answers itself, because it knows the wording: the pure decision is silent there.
const BY_THE_LOOP: [&str; 3] = ["digest", "stats", "weekly"];

/// Lines of one reply, at most; cards, polls and help may have more.
const MOST_LINES: usize = 5;

static HALLS: LazyLock<HashMap<&'static str, Hall>> = LazyLock::new(|| {
    let mut halls: HashMap<&str, Hall> = HashMap::new();
    for state in STATES {
        let mut hall = halls.get(state.from).cloned().unwrap_or_else(Hall::new);
        for line in state.lines {
            match line.strip_prefix('+') {
                Some(days) => hall.days(days.parse().unwrap()),
                None if *line == "!claim" => hall.claim(),
                None if *line == "!clock" => hall.clock_jumps(),
                None => hall.must(line),
            }
        }
        halls.insert(state.name, hall);
    }
    halls
});

/// One row: a command as it is said.
struct Row {
    /// Its name in the table, e.g. `vote.straw`.
    name: String,
    entry: &'static Entry,
    text: String,
}

/// The rows: every command of the catalogue in its own words, and the other ways of saying it.
fn rows() -> Vec<Row> {
    let own: BTreeMap<&str, String> = include_str!("table/lines.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split_once(" = ").unwrap_or_else(|| panic!("table/lines.txt: {line}")))
        .map(|(name, text)| (name, text.replace("\\n", "\n")))
        .collect();
    let key_of = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    for name in own.keys() {
        let known = catalog().entry(&key_of(name)).is_some();
        assert!(known, "table/lines.txt has a line for {name}, which is no command");
    }
    let mut rows = Vec::new();
    for entry in catalog().entries() {
        let text = own.get(entry.key()).cloned().unwrap_or_else(|| entry.example.zh.trim().to_owned());
        rows.push(Row { name: entry.key().to_owned(), entry, text });
        for (name, text) in own.iter().filter(|(name, _)| name.contains('.') && key_of(name) == entry.key()) {
            rows.push(Row { name: (*name).to_owned(), entry, text: text.clone() });
        }
    }
    rows
}

/// 所在 — the discussion group of the topic, or where else the command belongs.
fn place(state: &str, entry: &Entry) -> &'static str {
    match entry.key() {
        _ if !entry.allowed_in(PlaceKind::Group) => "pm",
        "group" => "g_df",
        "bind" => "g_new",
        _ if state.starts_with("slip") => "g_df",
        _ => "g_tl",
    }
}

/// What came of a cell.
#[derive(Clone, PartialEq, Eq)]
enum Cell {
    /// Something happened; topic 1 went from one standing to another, or stayed.
    Done(String, String),
    /// An answer that changes nothing.
    Told(String),
    /// A refusal.
    Refused(String),
    /// Not a word.
    Silent,
}

impl Cell {
    fn short(&self) -> String {
        match self {
            Self::Done(from, to) if from == to => "✔".to_owned(),
            Self::Done(_, to) => format!("✔→{to}"),
            Self::Told(key) => format!("={key}"),
            Self::Refused(key) => key.clone(),
            Self::Silent => "·".to_owned(),
        }
    }
}

/// The key of a sentence, with what it lists inside: `e.guard(why.few why.sides)`.
fn named(say: &Say) -> String {
    let inner: Vec<String> = say.args.iter().flat_map(|(_, value)| inside(value)).collect();
    if inner.is_empty() { say.key.clone() } else { format!("{}({})", say.key, inner.join(" ")) }
}

fn inside(value: &Value) -> Vec<String> {
    let keys = |says: &[Say]| says.iter().map(|say| say.key.clone()).collect();
    match value {
        Value::Clauses(says) => keys(says),
        Value::Part(say) if ["state.", "why."].iter().any(|start| say.key.starts_with(start)) => vec![say.key.clone()],
        _ => Vec::new(),
    }
}

/// Puts a sentence into words, both ways: none is empty, none is longer than people read, and the two differ.
fn rendered(hall: &Hall, say: &Say, is_refusal: bool) {
    let (zh, en) = (hall.words(say, Lang::Zh), hall.words(say, Lang::En));
    assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{} says nothing", say.key);
    assert!(say.key == "plain" || zh != en, "{}: the same in both languages: {zh}", say.key);
    if is_refusal {
        assert!(zh.lines().count() <= MOST_LINES && en.lines().count() <= MOST_LINES, "{}: {zh}", say.key);
    }
}

fn cell(hall: &Hall, row: &Row, state: &str, who: &str) -> Cell {
    let world = hall.world();
    let Outcome { entry, decided } = hall.ask(&world, who, place(state, row.entry), &row.text);
    let at = format!("{state} × {} × {who}", row.name);
    assert_eq!(entry.as_deref(), Some(row.entry.key()), "{at}: “{}” is taken for something else", row.text);
    let before = Hall::stand(&world);
    match decided.unwrap_or_else(|| panic!("{at}: taken for talk")) {
        Err(say) => {
            assert!(world.into_overlay().is_empty(), "{at}: a refusal changes something");
            rendered(hall, &say, true);
            Cell::Refused(named(&say))
        }
        Ok(decision) if decision.facts.is_empty() => match decision.answer.as_slice() {
            [] => Cell::Silent,
            says => {
                says.iter().for_each(|say| rendered(hall, say, false));
                Cell::Told(says.iter().map(named).collect::<Vec<_>>().join("+"))
            }
        },
        Ok(decision) => {
            let (person, (place, way)) = (hall.person(who), hall.place(place(state, row.entry)));
            let group = if let xieshang::domain::scene::Place::Group(group) = place { Some(group) } else { None };
            let mut after = world;
            evolve(&mut after, &hall.record(Some(&person), group, way, decision.facts));
            assert!(!after.is_broken(), "{at}");
            Cell::Done(before, Hall::stand(&after))
        }
    }
}

type Cells = BTreeMap<(usize, String, usize), Cell>;

/// Every cell, by state, row and role.
fn all_cells() -> Cells {
    let (rows, mut cells) = (rows(), Cells::new());
    for (n, state) in STATES.iter().enumerate() {
        for row in &rows {
            for (role, (_, who)) in ROLES.iter().enumerate() {
                let cell = cell(&HALLS[state.name], row, state.name, who);
                cells.insert((n, row.name.clone(), role), cell);
            }
        }
    }
    cells
}

static CELLS: LazyLock<Cells> = LazyLock::new(all_cells);

/// A row of the file: what becomes of it, and for whom. Of two outcomes or more the most frequent one is for “others”.
fn line(cells: &[&Cell]) -> String {
    let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
    for (cell, (role, _)) in cells.iter().zip(ROLES) {
        let short = cell.short();
        match outcomes.iter_mut().find(|(known, _)| *known == short) {
            Some((_, roles)) => roles.push(role),
            None => outcomes.push((short, vec![role])),
        }
    }
    if let [(only, _)] = outcomes.as_slice() {
        return format!("{only} everybody");
    }
    let most = outcomes.iter().map(|(_, roles)| roles.len()).max().unwrap_or(0);
    if let Some(at) = outcomes.iter().position(|(_, roles)| roles.len() == most && most > 3) {
        let (common, _) = outcomes.remove(at);
        outcomes.push((common, vec!["others"]));
    }
    outcomes.iter().map(|(short, roles)| format!("{short} {}", roles.join(" "))).collect::<Vec<_>>().join(" | ")
}

const HEAD: &str = "\
# 状态 × 命令 × 角色：每一步、每条命令、每种人，办成了（✔，→ 后面是1号议题去的地方）、只答一句（=应答）、还是不行（拒绝的应答）。
# 由 XIESHANG_BLESS=1 cargo test --test chat table:: 写成；改了要看差别。人是谁、各状态怎么来的，见 tests/chat/table/。
# resident 群众  owner 名册内业主  proposer 点单人  member 委员  lead 牵头委员  expert 受邀专家  guest 受邀部门  handler 承办人
# moderator 主持人  moderator2 外镇主持人  coordinator 联络员  coordinator2 外镇联络员  admin 管理员
";

fn as_text(cells: &Cells) -> String {
    let mut text = HEAD.to_owned();
    let rows = rows();
    for (n, state) in STATES.iter().enumerate() {
        text.push_str(&format!("\n[{}]\n", state.name));
        for row in &rows {
            let of_row: Vec<&Cell> = (0..ROLES.len()).map(|role| &cells[&(n, row.name.clone(), role)]).collect();
            text.push_str(&format!("{:14} {}\n", row.name, line(&of_row)));
        }
    }
    text
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chat/table.txt")
}

#[test]
fn every_cell_is_as_the_table_says() {
    let now = as_text(&CELLS);
    if std::env::var_os("XIESHANG_BLESS").is_some() {
        std::fs::write(file(), &now).unwrap();
    }
    let known = std::fs::read_to_string(file()).unwrap_or_default().replace("\r\n", "\n");
    for row in rows() {
        let is_there = known.lines().any(|line| line.split(' ').next() == Some(row.name.as_str()));
        assert!(
            is_there,
            "tests/chat/table.txt has no row for /{}: XIESHANG_BLESS=1 cargo test --test chat table::",
            row.name
        );
    }
    let (mut state, mut differing) = ("", Vec::new());
    for (old, new) in known.lines().zip(now.lines()) {
        if new.starts_with('[') {
            state = new;
        }
        if old != new {
            differing.push(format!("{state}\n  table: {old}\n  now:   {new}"));
        }
    }
    differing.truncate(20);
    assert!(
        differing.is_empty(),
        "if this is meant: XIESHANG_BLESS=1 cargo test --test chat table::\n{}",
        differing.join("\n")
    );
    assert_eq!(
        known.lines().count(),
        now.lines().count(),
        "rows too many: XIESHANG_BLESS=1 cargo test --test chat table::"
    );
}

/// Every cell with its state, row and role by name.
fn each() -> impl Iterator<Item = (&'static str, &'static str, &'static str, &'static Cell)> {
    CELLS.iter().map(|((state, row, role), cell)| (STATES[*state].name, row.as_str(), ROLES[*role].0, cell))
}

fn command(row: &str) -> &str {
    row.split('.').next().unwrap_or_default()
}

#[test]
fn silence_is_only_for_what_the_loop_answers() {
    for (state, row, role, cell) in each() {
        let may = BY_THE_LOOP.contains(&command(row));
        assert!(may || *cell != Cell::Silent, "{state} × {row} × {role}: not a word");
    }
}

#[test]
fn nobody_does_what_their_role_may_not() {
    let rights: HashMap<&str, BTreeSet<&str>> =
        RIGHTS.iter().map(|(key, roles)| (*key, roles.split(' ').filter(|role| !role.is_empty()).collect())).collect();
    for entry in catalog().entries() {
        let key = entry.key();
        assert!(rights.contains_key(key), "who may /{key}? Write it down in RIGHTS of tests/chat/table/rights.rs");
    }
    let mut used: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for (state, row, role, cell) in each() {
        if let Cell::Done(..) = cell {
            let may = rights.get(command(row)).is_some_and(|roles| roles.contains(role));
            assert!(may, "{role} may not /{row}, but in the state {state} it is done");
            used.entry(command(row)).or_default().insert(role);
        }
    }
    // A right nobody can use in any state is no right.
    let mut idle = Vec::new();
    for entry in catalog().entries() {
        let (may, can) = (&rights[entry.key()], used.get(entry.key()).cloned().unwrap_or_default());
        idle.extend(may.difference(&can).map(|role| format!("/{} by {role}", entry.key())));
    }
    assert!(idle.is_empty(), "allowed in tests/chat/table/rights.rs, but done in no state: {idle:?}");
}

/// What the toml says of who may ask holds as well: nobody outside it ever gets anything done.
#[test]
fn the_catalogue_names_everybody_who_may() {
    use xieshang::domain::people::person::Role;
    for (state, row, role, cell) in each() {
        let entry = catalog().entry(command(row)).unwrap();
        let held: &[Role] = match role {
            "member" | "lead" => &[Role::Member],
            "expert" => &[Role::Expert],
            "handler" => &[Role::Handler],
            "moderator" | "moderator2" => &[Role::Moderator],
            "coordinator" | "coordinator2" => &[Role::Moderator, Role::Coordinator],
            "admin" => &[Role::Moderator, Role::Coordinator, Role::Admin],
            _ => &[],
        };
        let may = entry.open_to(Role::Resident) || held.iter().any(|&held| entry.open_to(held));
        assert!(
            may || !matches!(cell, Cell::Done(..)),
            "{}.toml does not name {role}, but {state} lets them",
            entry.key()
        );
    }
}

#[test]
fn topic_1_moves_only_as_the_process_says() {
    let mut seen: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    for (state, row, role, cell) in each() {
        let Cell::Done(from, to) = cell else { continue };
        if from == to {
            continue;
        }
        let fits = |(a, b, by): &&(&str, &str, &str)| {
            (*a == from || *a == "ANY" && !["none", "closed", "ended", "merged", "paused"].contains(&from.as_str()))
                && b == to
                && *by == command(row)
        };
        let known = MOVES.iter().find(fits);
        assert!(known.is_some(), "{state}: /{row} of {role} takes the topic from {from} to {to}");
        seen.extend(known);
    }
    let never: Vec<_> = MOVES.iter().filter(|row| !seen.contains(*row)).collect();
    assert!(never.is_empty(), "in no state: {never:?}");
}

#[test]
fn what_is_over_stays_over() {
    for (state, row, role, cell) in each() {
        let is_over = ["closed", "closed_late", "ended", "merged", "slip_rejected", "slip_referred"].contains(&state);
        let Cell::Done(from, to) = cell else { continue };
        if is_over && from != to && from != "none" {
            // 只联络员可重开，30天内。
            let is_opened = matches!((state, command(row)), ("closed" | "ended", "next"));
            let may = is_opened && ["coordinator", "admin"].contains(&role);
            assert!(may, "{state}: /{row} of {role} leads to {to}");
        }
    }
}

#[test]
fn the_moderator_takes_no_part_in_what_they_moderate() {
    for (state, row, role, cell) in each() {
        let part = ["second", "suggest", "like", "reply", "object", "ballot"].contains(&command(row));
        if part && role == "moderator" {
            assert!(!matches!(cell, Cell::Done(..)), "{state}: the moderator gets /{row} done");
        }
    }
}

/// 名册 — where there is one, nobody else votes; and nobody votes twice over by asking in another state.
#[test]
fn only_owners_on_the_roll_vote_by_it() {
    for (state, row, role, cell) in each() {
        if let ("ballot", Cell::Done(..)) = (command(row), cell) {
            let by_roll = ["voting_open", "talking_council", "talking_contested"].contains(&state) && role == "owner";
            assert!(state == "talking_poll" || by_roll, "{state}: {role} votes");
        }
    }
}

/// 请假、回避 — where there is a roll, only for who is on it.
#[test]
fn only_owners_on_the_roll_are_excused_from_it() {
    for (state, row, role, cell) in each() {
        let has_roll =
            ["talking_council", "talking_recused", "talking_contested", "reviewing_ripe", "voting", "voting_open"]
                .contains(&state);
        if let (true, "leave" | "recuse", Cell::Done(..)) = (has_roll, row, cell) {
            assert_eq!(role, "owner", "{state}: /{row}");
        }
    }
}

/// Who is of another town hears who is to be asked, and gets nothing done on the topic.
#[test]
fn offices_of_another_town_change_nothing_here() {
    let own = [
        "language", "mydata", "topic", "second", "suggest", "like", "reply", "object", "join", "decline", "signin",
        "leave", "recuse",
    ];
    for (state, row, role, cell) in each() {
        // Who entered a charity project nobody else has to do with is its own; without a roll everybody in the group votes.
        let wide = command(row) == "charity" || state == "talking_poll" && row == "ballot";
        if role.ends_with('2') && !own.contains(&command(row)) && !wide {
            assert!(!matches!(cell, Cell::Done(..)), "{state}: {role} gets /{row} done");
        }
    }
}

/// The sentences the specification fixes, word for word.
#[test]
fn guards_and_stages_speak_as_they_should() {
    let say = |state: &str, who: &str, text: &str| {
        let hall = &HALLS[state];
        match hall.ask(&hall.world(), who, "g_tl", text).decided {
            Some(Err(say)) => hall.words(&say, Lang::Zh),
            other => panic!("{state}: “{text}” is not refused: {:?}", other.map(|decided| decided.is_ok())),
        }
    };
    for (state, text, sentence) in GUARDS {
        assert_eq!(say(state, "刘芳", text), *sentence, "{state}: {text}");
    }
    for (state, text, sentence) in STAGES {
        assert_eq!(say(state, "田秀英", text), *sentence, "{state}: {text}");
    }
}

/// 流程模板 — each goes through the steps the specification lists, and no others.
#[test]
fn each_template_has_its_steps() {
    let wanted = [
        (Template::Six, "ordered taken talking planning noticing reviewing voting tracking closed"),
        (Template::Round, "ordered taken talking planning noticing tracking closed"),
        (Template::Simple, "ordered taken talking tracking closed"),
        (Template::Talk, "ordered taken talking tracking closed"),
        (Template::Charity, "ordered taken tracking closed"),
    ];
    for (template, steps) in wanted {
        let path: Vec<String> = path(template).into_iter().map(hall::step_name).collect();
        assert_eq!(path.join(" "), steps, "{template:?}");
    }
}

#[test]
fn every_step_and_side_state_is_in_the_table() {
    let stands: BTreeSet<String> = STATES.iter().map(|state| Hall::stand(&HALLS[state.name].world())).collect();
    let mut wanted: BTreeSet<String> =
        xieshang::domain::process::form::Step::ALL.map(hall::step_name).into_iter().collect();
    wanted.extend(["none", "paused", "ended", "merged"].map(str::to_owned));
    assert_eq!(stands, wanted);
}

/// A hall in this state, for what is tried beyond the table.
fn hall(state: &str) -> Hall {
    HALLS[state].clone()
}

/// The sentence somebody is refused with.
fn refusal(hall: &Hall, who: &str, at: &str, text: &str) -> String {
    match hall.ask(&hall.world(), who, at, text).decided {
        Some(Err(say)) => say.key,
        other => panic!("“{text}” of {who} is not refused: {:?}", other.map(|decided| decided.is_ok())),
    }
}

#[test]
fn the_moderator_finds_no_way_round_their_neutrality() {
    // 代录 for oneself.
    assert_eq!(refusal(&hall("talking"), "刘芳", "g_tl", "/代录 刘芳：应当装"), "e.neutral");
    // Invited by oneself as an expert.
    assert_eq!(refusal(&hall("reviewing"), "刘芳", "g_tl", "/邀请 1 刘芳 专家 结构"), "e.conflict.expert");
    // On the roll: neither by oneself nor as a proxy for oneself.
    let mut voting = hall("voting");
    voting.must("刘芳 pm /名册 1\\n101,李德福,92.50\\n301,刘芳,92.50");
    voting.must("刘芳 g_tl /投票 1 业主重大 3天 同意加装");
    assert_eq!(refusal(&voting, "刘芳", "pm", "投 1号 1"), "e.neutral");
    assert_eq!(refusal(&voting, "刘芳", "pm", "/代投 1 101 赞成；301 赞成"), "e.neutral");
    voting.must("刘芳 pm /代投 1 101 赞成");
}

#[test]
fn a_pause_does_not_take_the_days_of_a_notice_away_from_people() {
    // Nobody is heard while it rests; its days are made up afterwards.
    let mut paused = hall("paused_noticing");
    assert_eq!(refusal(&paused, "李德福", "g_tl", "/异议 1 一楼挡光"), "e.state");
    paused.days(9);
    paused.must("刘芳 g_tl /推进 1");
    assert_eq!(refusal(&paused, "刘芳", "g_tl", "/推进 1"), "e.guard");
    let world = paused.world();
    let topic = world.topic(xieshang::domain::kernel::ids::TopicNo(1)).unwrap();
    let notice = world.notice(&topic).unwrap();
    assert!(notice.until - paused.now > chrono::Duration::days(6), "{notice:?} at {}", paused.now);
    drop(world);
    paused.must("李德福 g_tl /异议 1 一楼挡光");
}
