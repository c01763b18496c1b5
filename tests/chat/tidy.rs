//! 整洁 — what a reader may rely on in every file: one clock, no unsafe code, nothing too long,
//! and papers that say the same as the program.

#[allow(dead_code, reason = "only its keys are looked at here")]
#[path = "../../src/config.rs"]
mod config;

use config::Config;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use xieshang::language::{Catalog, command_table};

const LONGEST_FILE: usize = 900;
/// Longest function: it fits on a screen. A test may tell a longer tale.
const LONGEST_FUNCTION: (usize, usize) = (70, 90);

pub struct Source {
    pub path: String,
    pub text: String,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.file_name().and_then(|name| name.to_str()) {
            Some("target" | "corpus" | "artifacts") => {}
            _ if path.is_dir() => walk(&path, found),
            _ => found.push(path),
        }
    }
}

/// Files below these folders whose names end so.
pub fn files(folders: &[&str], ends: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    folders.iter().for_each(|folder| walk(&root().join(folder), &mut found));
    found.sort();
    let source = |path: PathBuf| {
        let shown = path.strip_prefix(root()).unwrap().display().to_string();
        // A picture is looked through for paths of a machine like any text.
        Source { text: String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned(), path: shown }
    };
    found
        .into_iter()
        .filter(|path| ends.iter().any(|end| path.display().to_string().ends_with(end)))
        .map(source)
        .collect()
}

fn rust() -> Vec<Source> {
    let all = files(&["src", "tests", "benches"], &[".rs"]);
    assert!(all.len() > 60, "the walk finds the sources");
    all
}

/// A line without what follows `//`, so that prose is not taken for code.
pub fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

#[test]
fn time_is_read_in_one_file() {
    // Put together here so that this file does not name what it looks for.
    let clocks = [["Utc::", "now"], ["Local::", "now"], ["SystemTime::", "now"]].map(|parts| parts.concat());
    let reads = |source: &Source| source.text.lines().any(|line| clocks.iter().any(|clock| code(line).contains(clock)));
    let readers: Vec<String> = rust().into_iter().filter(reads).map(|source| source.path).collect();
    assert_eq!(readers, ["src/bot/clock.rs"]);
}

#[test]
fn ports_are_opened_and_served_in_one_file() {
    let ways = [["axum::", "serve"], ["Tcp", "Listener"], ["serve_", "connection"]].map(|parts| parts.concat());
    let serves = |source: &Source| {
        let lived_in = source.text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        lived_in.lines().any(|line| ways.iter().any(|way| code(line).contains(way)))
    };
    // `tests.rs` beside a module is a test, too.
    let is_ours = |source: &Source| source.path.starts_with("src/") && !source.path.ends_with("/tests.rs");
    let found: Vec<String> =
        rust().into_iter().filter(|source| is_ours(source) && serves(source)).map(|source| source.path).collect();
    assert_eq!(found, ["src/web/doorway.rs"]);
}

#[test]
fn a_topic_moves_on_through_the_process_table_and_in_no_other_way() {
    // Made, not matched on: no arm and no pattern.
    let made =
        |line: &str| code(line).contains("Event::TopicAdvanced {") && !line.contains("=>") && !line.contains('|');
    let moves = |source: &Source| source.text.lines().any(made);
    let movers: Vec<String> = files(&["src"], &[".rs"]).into_iter().filter(moves).map(|source| source.path).collect();
    assert_eq!(movers, ["src/domain/decide/steps.rs"]);
    let process = std::fs::read_to_string(root().join("src/domain/decide/steps.rs")).unwrap();
    assert_eq!(process.lines().filter(|line| made(line)).count(), 1, "one place makes the fact that a topic moves on");
    let parts: Vec<&str> = process.split("\npub fn ").filter(|part| part.contains("entering(topic, row)")).collect();
    let [onward, carried] = parts.as_slice() else { panic!("{} ways on", parts.len()) };
    assert!(
        onward.contains("transition(") && onward.contains("row.guard)"),
        "it asks the table and its guard:\n{onward}"
    );
    assert!(
        carried.contains("transition(") && carried.contains("row.by == Mover::Vote"),
        "a vote asks the table:\n{carried}"
    );
}

/// What lets a fact pass without an answer: an arm for the rest, a name for anything, a noun's facts all alike, a look at one only.
fn open_arms(text: &str) -> Vec<String> {
    let is_open = |line: &str| {
        let pattern = line.trim_start().split(" =>").next().unwrap_or_default();
        let is_arm = line.contains(" =>");
        let is_name = |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let takes_all = is_arm && pattern.split(" if ").next().is_some_and(is_name);
        let takes_a_noun =
            pattern.split('|').any(|one| one.trim().starts_with("Event::") && one.trim().ends_with("(_)"));
        let looks_at_one = ["matches!(", "if let ", "let Event", "let Some(Event"].iter().any(|it| line.contains(it));
        takes_all || (is_arm && takes_a_noun) || looks_at_one
    };
    text.lines().map(code).filter(|line| is_open(line)).map(str::to_owned).collect()
}

#[test]
fn every_fact_has_its_answer_in_the_table_of_effects() {
    for planted in [
        "        _ => NOTHING,",
        "        _ if is_late => NOTHING,",
        "        other => DEED,",
        "        Event::Course(_) => DEED,",
        "        Event::PassUsed { .. } | Event::Course(_) => DEED,",
        "    let is_own = matches!(fact, Event::Sent { .. });",
        "    if let Event::Sent { .. } = fact {",
        "    let Event::Sent { .. } = fact else { return NOTHING };",
    ] {
        assert_eq!(open_arms(planted).len(), 1, "not noticed: {planted}");
    }
    let table = std::fs::read_to_string(root().join("src/domain/effects.rs")).unwrap();
    assert!(table.contains("pub fn effects(fact: &Event) -> Effects<'_> {\n    match fact {"), "the table is found");
    assert_eq!(open_arms(&table), Vec::<String>::new());
}

/// Only called from a match that is closed, for the facts that go there.
const NARROWED: [&str; 2] = ["src/domain/announce/brief.rs", "src/domain/announce/task.rs"];

/// Lines with an arm for the rest in a match over several facts, by indentation: the sources are formatted. To look for one fact
/// among those of a record is no such match.
fn fallen_through(text: &str) -> Vec<usize> {
    let lines: Vec<&str> = text.lines().map(code).collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_fact = |line: &str| {
        let bare = line.trim_start().trim_start_matches("| ").trim_start_matches('(').trim_start_matches("Some(");
        let path = bare.split(['{', '(', ' ']).next().unwrap_or_default();
        path.starts_with("Event::") || path.starts_with("Fact::") || path.contains("::Fact::")
    };
    let rest = |at: &usize| {
        let bare = lines[*at].trim_start();
        bare.starts_with("_ =>") || bare.starts_with("_ if ") || bare.starts_with("(_, _) =>")
    };
    let several = |at: &usize| {
        let depth = indent(lines[*at]);
        let inside = lines[..*at].iter().rev().filter(|line| !line.trim().is_empty());
        let arms =
            inside.take_while(|line| indent(line) >= depth).filter(|line| indent(line) == depth && is_fact(line));
        arms.count() > 1
    };
    (0..lines.len()).filter(rest).filter(several).map(|at| at + 1).collect()
}

#[test]
fn no_fact_falls_through_where_facts_are_told_apart() {
    let planted = "    match fact {\n        Event::A { .. } => 1,\n        Fact::B(x) => {\n            2\n        }\n        _ => 0,\n";
    assert_eq!(fallen_through(planted), [6]);
    assert_eq!(fallen_through("    match fact {\n        Event::A { .. } => 1,\n        _ => 0,\n"), [0; 0]);
    let mut seen = 0;
    for source in files(&["src/domain", "src/bot"], &[".rs"]) {
        seen += source.text.matches("Event::").count();
        if !NARROWED.contains(&source.path.as_str()) {
            assert_eq!(fallen_through(&source.text), [0; 0], "{}", source.path);
        }
    }
    assert!(seen > 300, "only {seen} facts were found");
}

#[test]
fn nothing_is_unsafe_unfinished_or_of_one_machine() {
    let words = [
        ["uns", "afe {"],
        ["uns", "afe fn"],
        ["uns", "afe impl"],
        ["TO", "DO"],
        ["FIX", "ME"],
        ["X", "XX"],
        ["todo", "!("],
        ["unimplemented", "!("],
        ["dbg", "!("],
        ["/ho", "me/"],
        ["/ro", "ot/"],
        ["/Us", "ers/"],
        ["/tm", "p/"],
    ]
    .map(|parts| parts.concat());
    let texts = [".rs", ".toml", ".j2", ".css", ".js", ".html", ".json", ".jsonl", ".md", "/run"];
    let mut all = files(&["src", "tests", "benches", "commands", ".ci"], &texts);
    for name in
        ["Cargo.toml", "README.md", "CONTRIBUTING.md", "config.example.toml", "deny.toml", "clippy.toml", "build.rs"]
    {
        all.push(Source { path: name.to_owned(), text: std::fs::read_to_string(root().join(name)).unwrap() });
    }
    for source in all {
        for (n, line) in source.text.lines().enumerate() {
            for word in &words {
                assert!(!line.contains(word.as_str()), "{}:{}: {word}: {line}", source.path, n + 1);
            }
        }
    }
}

/// The programs the integration tests are linked into, each a folder of `tests` with a `main.rs`: a change in the domain links all.
const PROGRAMS: [&str; 4] = ["browser", "chat", "crash", "platforms"];

#[test]
fn the_tests_are_few_programs_and_none_of_their_files_is_left_out() {
    let all = files(&["tests"], &[".rs"]);
    let top = |source: &Source| source.path.matches('/').count() == 1 || source.path.ends_with("/main.rs");
    let programs: Vec<&str> = all.iter().filter(|source| top(source)).map(|source| source.path.as_str()).collect();
    assert_eq!(programs, PROGRAMS.map(|name| format!("tests/{name}/main.rs")), "a new test is a module of one of them");
    // A file without its `mod` line is never compiled, and nobody misses it.
    let mut seen = 0;
    for source in all.iter().filter(|source| !top(source)) {
        let (folder, name) = source.path.trim_end_matches(".rs").rsplit_once('/').unwrap();
        let parents = [format!("{folder}/main.rs"), format!("{folder}.rs")];
        let Some(parent) = all.iter().find(|source| parents.contains(&source.path)) else { continue };
        let line = format!("mod {name};");
        let is_named = parent.text.lines().any(|text| text.trim_start_matches("pub ") == line);
        assert!(is_named, "{} has no line `{line}`: {} is not compiled", parent.path, source.path);
        seen += 1;
    }
    assert!(seen > 30, "only {seen} files were looked at");
}

#[test]
fn every_file_begins_with_what_it_is_and_none_is_too_long() {
    for source in rust() {
        assert!(source.text.starts_with("//! "), "{} does not say what it is", source.path);
        let lines = source.text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", source.path);
    }
}

/// Functions with their first line and length, by their indentation: the sources are formatted.
fn functions(text: &str) -> Vec<(usize, usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let bare = line.trim_start();
        let indent = line.len() - bare.len();
        let head = bare.split('(').next().unwrap_or_default();
        if !head.split(' ').any(|word| word == "fn") || bare.starts_with("//") || line.trim_end().ends_with('}') {
            continue;
        }
        let end = format!("{}}}", " ".repeat(indent));
        let Some(length) = lines[at..].iter().position(|line| *line == end) else { continue };
        found.push((at, length + 1, head.to_owned()));
    }
    found
}

#[test]
fn no_function_is_too_long_without_a_reason() {
    let mut seen = 0;
    for source in rust() {
        let lines: Vec<&str> = source.text.lines().collect();
        for (at, length, head) in functions(&source.text) {
            seen += 1;
            let above = lines[..at].iter().rev().take_while(|line| line.trim_start().starts_with(['#', '/']));
            let excused = above.into_iter().any(|line| line.contains("too_many_lines") && line.contains("reason"));
            let is_test = !source.path.starts_with("src/") || source.path.ends_with("tests.rs");
            let longest = if is_test { LONGEST_FUNCTION.1 } else { LONGEST_FUNCTION.0 };
            assert!(length <= longest || excused, "{}:{}: {head} has {length} lines", source.path, at + 1);
        }
    }
    assert!(seen > 500, "only {seen} functions were found");
}

#[test]
fn an_exception_to_a_lint_says_why() {
    for source in rust() {
        for (n, line) in source.text.lines().enumerate() {
            let attribute = line.trim_start();
            let begins =
                ["#[allow(", "#![allow(", "#[expect(", "#![expect("].iter().any(|start| attribute.starts_with(start));
            let rest: String = source.text.lines().skip(n).take(6).collect();
            let whole = rest.split(")]").next().unwrap_or_default();
            assert!(!begins || whole.contains("reason"), "{}:{}: {line}", source.path, n + 1);
        }
    }
}

#[test]
fn the_command_table_of_the_readme_is_that_of_the_catalogue() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let (_, rest) = readme.split_once("<!-- commands -->\n").expect("README.md marks its command table");
    let (table, _) = rest.split_once("<!-- /commands -->").expect("README.md marks the end of its command table");
    let wanted = command_table(Catalog::builtin().unwrap());
    if std::env::var_os("XIESHANG_BLESS").is_some() {
        std::fs::write(root().join("README.md"), readme.replace(table, &format!("{}\n", wanted.trim_end()))).unwrap();
        return;
    }
    assert_eq!(table.trim_end(), wanted.trim_end(), "XIESHANG_BLESS=1 cargo test --test chat tidy:: writes it");
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Every key of the configuration with its section, as `src/config.rs` declares them.
fn declared_keys() -> BTreeSet<(String, String)> {
    let source = std::fs::read_to_string(root().join("src/config.rs")).unwrap();
    let source = source.split("/// What is wrong with a configuration").next().unwrap().to_owned();
    let mut keys = BTreeSet::new();
    let mut section = String::new();
    for line in source.lines() {
        if let Some(name) = line.strip_prefix("pub struct ") {
            // A part of a part, `WecomWebhook`, is `[[wecom.webhook]]`.
            section = name.trim_end_matches(" {").replace("Wecom", "wecom.").trim_end_matches('.').to_lowercase();
        } else if let Some((key, _)) = line.strip_prefix("    pub ").and_then(|rest| rest.split_once(": "))
            && section != "config"
            && !source.contains(&format!("pub struct {}{} ", capital(&section), capital(key)))
        {
            keys.insert((section.clone(), key.to_owned()));
        }
    }
    keys
}

/// Every key of the example with its section, those in comments included.
fn example_keys(text: &str) -> BTreeSet<(String, String)> {
    let mut keys = BTreeSet::new();
    let mut section = String::new();
    for line in text.lines() {
        let line = line.trim_start_matches("# ");
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.trim_matches(['[', ']']).to_owned();
        } else if let Some((key, _)) = line.split_once(" = ")
            && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            keys.insert((section.clone(), key.to_owned()));
        }
    }
    keys
}

#[test]
fn the_example_configuration_names_every_key_and_says_the_defaults() {
    let path = root().join("config.example.toml");
    let example = std::fs::read_to_string(&path).unwrap();
    assert_eq!(example_keys(&example), declared_keys());
    for (n, line) in example.lines().enumerate() {
        let before = if n == 0 { "" } else { example.lines().nth(n - 1).unwrap() };
        let is_key = !line.starts_with('#') && line.contains(" = ");
        assert!(!is_key || before.starts_with("# "), "config.example.toml:{}: a key without a line why", n + 1);
    }
    // Read by the program's own reader: what it comes to is what it comes to without a file.
    let (read, default) = (Config::read(Some(&path)).unwrap(), Config::default());
    assert_eq!(format!("{:?}", read.settings().unwrap()), format!("{:?}", default.settings().unwrap()));
    assert_eq!(format!("{:?}", read.digest), format!("{:?}", default.digest));
    assert_eq!(format!("{:?}", read.data), format!("{:?}", default.data));
    assert_eq!(format!("{:?}", read.web), format!("{:?}", default.web));
    assert_eq!(format!("{:?}", read.local), format!("{:?}", default.local));
    let folder = std::env::temp_dir().join(format!("xieshang-tidy-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_xieshang"));
    let checked = check.arg("--config").arg(&path).arg("check").current_dir(&folder).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let _ = std::fs::remove_dir_all(&folder);
}

#[test]
fn what_is_kept_for_no_time_or_for_ever_is_refused() {
    let path = std::env::temp_dir().join(format!("xieshang-retention-{}.toml", std::process::id()));
    for (line, is_fine) in
        [("claim_days = 2", true), ("claim_days = 0", false), ("code_days = 91", false), ("links = 0", false)]
    {
        std::fs::write(&path, format!("[retention]\n{line}\n")).unwrap();
        let settings = Config::read(Some(&path)).unwrap().settings();
        assert_eq!(settings.is_ok(), is_fine, "{line}: {settings:?}");
        assert!(!is_fine || settings.unwrap().retention.claim_days == 2, "{line}");
    }
    let _ = std::fs::remove_file(&path);
}

/// 文字 — files with Chinese outside comments and tests, and why. Whatever people read is in `commands/`; a file more is either moved there
/// or named here.
const CHINESE: [(&str, &str); 88] = [
    ("src/bot/fixtures.rs", KEYS),
    ("src/bot/office.rs", PROGRAM),
    ("src/bot/story_beat.rs", PLATFORM),
    ("src/config.rs", PROGRAM),
    ("src/domain/brief/adoption.rs", RECOGNISED),
    ("src/domain/decide/absence.rs", GRAMMAR),
    ("src/domain/decide/brief/info.rs", RECOGNISED),
    ("src/domain/decide/gathering/off_list.rs", RECOGNISED),
    ("src/domain/decide/one.rs", GRAMMAR),
    ("src/domain/decide/person.rs", RECOGNISED),
    ("src/domain/decide/town.rs", RECOGNISED),
    ("src/domain/evolve/town.rs", RECOGNISED),
    ("src/domain/intake/station.rs", RECOGNISED),
    ("src/domain/kernel/glyph.rs", CHARACTERS),
    ("src/domain/kernel/mask.rs", CHARACTERS),
    ("src/domain/kernel/number_kind.rs", CHARACTERS),
    ("src/domain/kernel/number_label.rs", RECOGNISED),
    ("src/domain/kernel/place.rs", RECOGNISED),
    ("src/domain/kernel/settings.rs", KEYS),
    ("src/domain/people/namesake.rs", RECOGNISED),
    ("src/domain/people/town.rs", RECOGNISED),
    ("src/domain/talk/chain.rs", RECOGNISED),
    ("src/domain/talk/gathering.rs", RECOGNISED),
    ("src/domain/talk/gathering_kind.rs", RECOGNISED),
    ("src/domain/talk/headcount.rs", RECOGNISED),
    ("src/domain/talk/pact.rs", CHARACTERS),
    ("src/domain/vote/poll/terms.rs", CHARACTERS),
    ("src/figures/sums.rs", RECOGNISED),
    ("src/language/amount.rs", GRAMMAR),
    ("src/language/example.rs", GRAMMAR),
    ("src/language/mark.rs", GRAMMAR),
    ("src/language/number.rs", GRAMMAR),
    ("src/language/pages.rs", GRAMMAR),
    ("src/language/parse/accounts.rs", GRAMMAR),
    ("src/language/parse/args.rs", GRAMMAR),
    ("src/language/parse/card_reply.rs", GRAMMAR),
    ("src/language/parse/colloquial.rs", GRAMMAR),
    ("src/language/parse/common.rs", GRAMMAR),
    ("src/language/parse/course.rs", GRAMMAR),
    ("src/language/parse/duty.rs", GRAMMAR),
    ("src/language/parse/gathering.rs", GRAMMAR),
    ("src/language/parse/hiding.rs", GRAMMAR),
    ("src/language/parse/identity.rs", GRAMMAR),
    ("src/language/parse/misread.rs", GRAMMAR),
    ("src/language/parse/offered.rs", TESTED),
    ("src/language/parse/people.rs", GRAMMAR),
    ("src/language/parse/places.rs", GRAMMAR),
    ("src/language/parse/plain.rs", GRAMMAR),
    ("src/language/parse/poll.rs", GRAMMAR),
    ("src/language/parse/process.rs", GRAMMAR),
    ("src/language/parse/proxy.rs", GRAMMAR),
    ("src/language/parse/report.rs", GRAMMAR),
    ("src/language/parse/roll/cells.rs", GRAMMAR),
    ("src/language/parse/roll/columns.rs", GRAMMAR),
    ("src/language/parse/roll/heading.rs", GRAMMAR),
    ("src/language/parse/roll/reading.rs", GRAMMAR),
    ("src/language/parse/roll/shapes.rs", TESTED),
    ("src/language/parse/roll/shuffled.rs", TESTED),
    ("src/language/parse/roll/value.rs", GRAMMAR),
    ("src/language/parse/short.rs", GRAMMAR),
    ("src/language/parse/take_back.rs", GRAMMAR),
    ("src/language/parse/tracking.rs", GRAMMAR),
    ("src/language/redact.rs", GRAMMAR),
    ("src/language/render.rs", HEADING),
    ("src/language/time/clock.rs", GRAMMAR),
    ("src/language/time/day.rs", GRAMMAR),
    ("src/language/time/every.rs", GRAMMAR),
    ("src/language/time/leftovers.rs", TESTED),
    ("src/language/time/length.rs", GRAMMAR),
    ("src/language/time/number.rs", GRAMMAR),
    ("src/language/time/past.rs", GRAMMAR),
    ("src/language/time/period.rs", GRAMMAR),
    ("src/language/time/pieces.rs", GRAMMAR),
    ("src/language/time/rest.rs", GRAMMAR),
    ("src/language/time/run.rs", GRAMMAR),
    ("src/language/time/table.rs", TESTED),
    ("src/language/time/text.rs", GRAMMAR),
    ("src/language/time/token.rs", GRAMMAR),
    ("src/main.rs", PROGRAM),
    ("src/platform/console.rs", PLATFORM),
    ("src/platform/local/site.rs", PLATFORM),
    ("src/platform/local/story.rs", PLATFORM),
    ("src/platform/telegram/self_check.rs", PROGRAM),
    ("src/platform/wecom/markdown.rs", CHARACTERS),
    ("src/run.rs", PROGRAM),
    ("src/story.rs", PLATFORM),
    ("src/web/page/common.rs", PAGE),
    ("src/wiring/telegram.rs", PROGRAM),
];

const PROGRAM: &str =
    "names for documents of the program itself, in English but for its own name or the words of a command";
const PLATFORM: &str = "the built-in chat and the terminal are platforms: they have no catalogue, and say in one language what a platform says";
const KEYS: &str = "keys of the file of people and of the configuration, as the office writes them";
const RECOGNISED: &str =
    "what is recognised and never said: names of levels, kinds, places, offices and titles as they exist";
const CHARACTERS: &str = "characters and numerals, which are no words";
const GRAMMAR: &str = "grammar: signs, units, particles and times by which what was written is read";
const TESTED: &str = "tests in a file of their own: what people write and paste, and what it is to be read as";
const HEADING: &str = "a heading of the README, written by a test";
const PAGE: &str = "the page of a caller who is too fast, shown before any language is known";

/// String literals with Chinese in what is no comment and no test.
fn chinese_literals(source: &str) -> usize {
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap();
    let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let literal = regex::Regex::new(r#""(?:[^"\\]|\\.)*"|'[^'\\]'"#).unwrap();
    let han = regex::Regex::new(r"\p{Han}").unwrap();
    code.map(|line| literal.find_iter(line).filter(|found| han.is_match(found.as_str())).count()).sum()
}

#[test]
fn what_people_read_is_in_no_source_file() {
    let mut found = Vec::new();
    for source in files(&["src"], &[".rs"]) {
        if chinese_literals(&source.text) > 0
            && !source.path.ends_with("tests.rs")
            && !source.path.ends_with("robustness.rs")
            && !source.path.ends_with("whole.rs")
        {
            found.push(source.path);
        }
    }
    found.sort();
    let known: Vec<String> = CHINESE.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, known, "words belong into commands/*.toml; else say here why not");
    assert!(CHINESE.iter().all(|(_, why)| why.chars().count() > 10));
    assert_eq!(chinese_literals("// “话”\nlet a = \"话\";\nlet b = '话';\n#[cfg(test)]\nmod tests { \"话\" }"), 2);
}

#[test]
fn no_two_kinds_of_rows_bear_one_number() {
    let world = std::fs::read_to_string(root().join("src/domain/kernel/world.rs")).unwrap();
    let mut numbers: Vec<&str> = world
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub const ")?.split_once(": u8 = "))
        .map(|(_, n)| n)
        .collect();
    let all = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert!(all > 80, "only {all} kinds were found");
    assert_eq!(numbers.len(), all, "two kinds of rows share a number");
}
