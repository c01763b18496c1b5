//! 房屋 — which room may know which, and in `domain` which family: written once, in the tables of `src/lib.rs` and `src/domain/mod.rs`, and
//! read here. `cargo test --test chat house:: -- --nocapture` prints both in order.

use super::tidy::{Source, code, files, root};
use std::collections::{BTreeMap, BTreeSet};

/// A row of a table: a name, and the names after it in that row.
struct Row {
    name: String,
    listed: BTreeSet<String>,
}

/// The rows of the table whose head is this, in order: the first cell names a folder or file, the last lists others.
fn table(file: &str, head: &str) -> Vec<Row> {
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    let (_, rest) = text.split_once(head).unwrap_or_else(|| panic!("{file} has no table “{head}”"));
    let rows = rest.lines().skip(2).take_while(|line| line.starts_with("//! | "));
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    rows.filter_map(|line| {
        let row = line.strip_prefix("//! |")?.trim_end().strip_suffix('|')?;
        let cells: Vec<&str> = row.split('|').collect();
        let name = names(cells.first()?).into_iter().next()?;
        Some(Row { name, listed: names(cells.last()?).into_iter().collect() })
    })
    .collect()
}

/// What a file says outside its own tests.
fn lived_in(source: &Source) -> String {
    let text = source.text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

/// Every `crate::a::b` of a text, groups like `crate::a::{b, c::d}` included, with at least so many names.
fn paths(text: &str) -> BTreeSet<Vec<String>> {
    fn tree(text: &str, before: &[String], found: &mut BTreeSet<Vec<String>>) -> usize {
        let (mut path, mut at) = (before.to_vec(), 0);
        loop {
            let rest = text.get(at..).unwrap_or_default();
            if let Some(group) = rest.strip_prefix('{') {
                let mut inside = 0;
                while !group.get(inside..).unwrap_or("}").starts_with('}') {
                    let part = group.get(inside..).unwrap_or_default();
                    inside += part.len() - part.trim_start_matches([',', ' ', '\n']).len();
                    if group.get(inside..).unwrap_or("}").starts_with('}') {
                        break;
                    }
                    inside += tree(group.get(inside..).unwrap_or_default(), &path, found).max(1);
                }
                return at + inside + 2;
            }
            let name: String = rest.chars().take_while(|&c| c.is_alphanumeric() || c == '_').collect();
            at += name.len();
            path.push(name);
            match text.get(at..).unwrap_or_default().strip_prefix("::") {
                Some(_) => at += 2,
                None => {
                    found.insert(path);
                    return at;
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        tree(rest, &[], &mut found);
    }
    found
}

/// The names of the methods a text gives the world.
fn readers(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        inside = (inside || line.starts_with("impl World<")) && line != "}";
        if let Some((_, rest)) = line.split_once("fn ").filter(|_| inside && line.starts_with("    ")) {
            found.push(rest.chars().take_while(|&c| c.is_alphanumeric() || c == '_').collect());
        }
    }
    found
}

/// Who knows whom, and by which file and name.
type Known = BTreeMap<(String, String), String>;

/// The folder or file below `domain` a source belongs to.
fn family(path: &str) -> Option<String> {
    let below = path.strip_prefix("src/domain/")?;
    let first = below.split('/').next()?.trim_end_matches(".rs");
    (first != "mod").then(|| first.to_owned())
}

/// Which family of the domain knows which: by a path, or by a method that another gave the world.
fn families(sources: &[Source]) -> Known {
    let mut known = Known::new();
    let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources {
        let Some(own) = family(&source.path) else { continue };
        for name in readers(&lived_in(source)) {
            given.entry(name).or_default().insert(own.clone());
        }
    }
    for source in sources {
        let Some(own) = family(&source.path) else { continue };
        let text = lived_in(source);
        for path in paths(&text) {
            let [room, other, ..] = path.as_slice() else { continue };
            if room == "domain" && *other != own {
                known.insert((own.clone(), other.clone()), format!("{}: {}", source.path, path.join("::")));
            }
        }
        for (name, givers) in &given {
            // A name that two families give is told apart by the compiler, not here.
            let Some(other) = givers.first().filter(|other| givers.len() == 1 && **other != own) else { continue };
            if text.contains(&format!("world.{name}(")) {
                known.insert((own.clone(), other.clone()), format!("{}: world.{name}(…)", source.path));
            }
        }
    }
    known
}

/// A circle of those who know each other, directly or not, if there is one.
fn circle(known: &Known) -> Option<Vec<String>> {
    fn walk(known: &Known, way: &mut Vec<String>, done: &mut BTreeSet<String>) -> Option<Vec<String>> {
        let last = way.last()?.clone();
        for (_, next) in known.keys().filter(|(from, _)| *from == last) {
            if let Some(at) = way.iter().position(|name| name == next) {
                return Some(way[at..].to_vec());
            }
            if !done.contains(next) {
                way.push(next.clone());
                if let Some(found) = walk(known, way, done) {
                    return Some(found);
                }
                way.pop();
            }
        }
        done.insert(last);
        None
    }
    let mut done = BTreeSet::new();
    known.keys().find_map(|(from, _)| walk(known, &mut vec![from.clone()], &mut done))
}

/// What stands against the table of the families.
fn against(rows: &[Row], known: &Known) -> Vec<String> {
    let place = |name: &str| rows.iter().position(|row| row.name == name);
    let mut wrong = Vec::new();
    for ((from, to), by) in known {
        match (place(from), place(to)) {
            (Some(own), Some(other)) if other < own && !rows[own].listed.contains(to) => {}
            (Some(_), Some(_)) => wrong.push(format!("{from} may not know {to}: {by}")),
            _ => wrong.push(format!("{from} or {to} is not in the table: {by}")),
        }
    }
    wrong
}

const FAMILIES: (&str, &str) = ("src/domain/mod.rs", "//! | folder or file | what lies there | must not know |");
const ROOMS: (&str, &str) = ("src/lib.rs", "//! | room | what lives there | must never | may import |");

#[test]
fn each_family_of_the_domain_knows_only_those_above_it() {
    let rows = table(FAMILIES.0, FAMILIES.1);
    let mut sources = files(&["src/domain"], &[".rs"]);
    let known = families(&sources);
    assert!(known.len() > 80, "only {} ways were found", known.len());
    println!("families, each above those that know it:");
    for row in &rows {
        let knows = known.keys().filter(|(from, _)| *from == row.name).map(|(_, to)| to.as_str());
        println!("  {:<9} knows {}", row.name, knows.collect::<Vec<_>>().join(" "));
    }
    assert_eq!(circle(&known), None, "a circle of families");
    assert_eq!(against(&rows, &known), Vec::<String>::new());
    let there: BTreeSet<String> = sources.iter().filter_map(|source| family(&source.path)).collect();
    assert_eq!(rows.iter().map(|row| row.name.clone()).collect::<BTreeSet<_>>(), there, "the table in {}", FAMILIES.0);
    // Planted: the lowest knows one of the highest, by a path; and a reader that another gave the world.
    for planted in
        ["use crate::domain::vote::{count, poll::Poll};\n", "fn f(world: &World<'_>) { world.voter_of(1) }\n"]
    {
        sources.push(Source { path: "src/domain/kernel/planted.rs".to_owned(), text: planted.to_owned() });
        let known = families(&sources);
        let round = circle(&known).expect("a planted circle is found");
        assert!(round.contains(&"kernel".to_owned()) && round.contains(&"vote".to_owned()), "{round:?}");
        let wrong = against(&rows, &known);
        assert!(wrong.iter().any(|why| why.starts_with("kernel may not know vote")), "{wrong:?}");
        sources.pop();
    }
}

/// Which room knows which; `domain::decide` and `domain::evolve` are told apart from the rest of `domain`.
fn rooms(sources: &[Source], rows: &[Row]) -> Known {
    let mut known = Known::new();
    for source in sources {
        let Some((own, _)) = source.path.strip_prefix("src/").and_then(|below| below.split_once('/')) else { continue };
        if !rows.iter().any(|row| row.name == own) {
            continue;
        }
        for path in paths(&source.text.lines().map(code).collect::<Vec<_>>().join("\n")) {
            let room = path.first().cloned().unwrap_or_default();
            let acts = room == "domain" && path.get(1).is_some_and(|next| next == "decide" || next == "evolve");
            let room = if acts { path[..2].join("::") } else { room };
            let is_room = acts || rows.iter().any(|row| row.name == room);
            if is_room && !room.starts_with(own) {
                known.insert((own.to_owned(), room), format!("{}: {}", source.path, path.join("::")));
            }
        }
    }
    known
}

fn against_rooms(rows: &[Row], known: &Known) -> Vec<String> {
    let may = |from: &str, to: &str| rows.iter().any(|row| row.name == from && row.listed.contains(to));
    known
        .iter()
        .filter(|((from, to), _)| !may(from, to))
        .map(|((from, to), by)| format!("{from} knows {to}: {by}"))
        .collect()
}

#[test]
fn each_room_knows_only_those_the_map_lets_it() {
    let rows = table(ROOMS.0, ROOMS.1);
    for (at, row) in rows.iter().enumerate() {
        let above = |name: &String| {
            rows[..at].iter().any(|row| row.name == *name || name.starts_with(&format!("{}::", row.name)))
        };
        assert!(row.listed.iter().all(above), "{} may import only rooms above it", row.name);
        println!("  {:<9} may import {}", row.name, row.listed.iter().cloned().collect::<Vec<_>>().join(" "));
    }
    let mut sources = files(&["src"], &[".rs"]);
    let known = rooms(&sources, &rows);
    assert!(known.len() > 15, "only {} ways were found", known.len());
    assert_eq!(against_rooms(&rows, &known), Vec::<String>::new());
    let there: BTreeSet<String> = sources
        .iter()
        .filter_map(|source| source.path.strip_prefix("src/")?.strip_suffix("/mod.rs"))
        .filter(|name| !name.contains('/') && *name != "wiring")
        .map(str::to_owned)
        .collect();
    assert_eq!(rows.iter().map(|row| row.name.clone()).collect::<BTreeSet<_>>(), there, "the table in {}", ROOMS.0);
    sources.push(Source {
        path: "src/figures/planted.rs".to_owned(),
        text: "use crate::{domain::{decide::topic}, web::pages};\n".to_owned(),
    });
    let wrong = against_rooms(&rows, &rooms(&sources, &rows));
    assert_eq!(wrong.len(), 2, "{wrong:?}");
}

#[test]
fn a_noun_bears_one_name_wherever_something_is_done_with_it() {
    let names = |folder: &str| -> BTreeSet<String> {
        let all = files(&[&format!("src/domain/{folder}")], &[".rs"]);
        let below = |path: &str| path.split('/').nth(3).map(|name| name.trim_end_matches(".rs").to_owned());
        all.iter().filter_map(|source| below(&source.path)).filter(|name| name != "mod").collect()
    };
    let doing = ["decide", "evolve", "announce"];
    let mut nouns = BTreeSet::new();
    for row in table(FAMILIES.0, FAMILIES.1).iter().filter(|row| !doing.contains(&row.name.as_str())) {
        if root().join("src/domain").join(&row.name).is_dir() {
            nouns.extend(names(&row.name));
        } else {
            // A closed table beside the families, by whose name it is announced.
            nouns.insert(row.name.clone());
        }
    }
    nouns.extend(names("decide"));
    for folder in ["evolve", "announce"] {
        let odd: Vec<String> = names(folder).difference(&nouns).cloned().collect();
        assert_eq!(odd, Vec::<String>::new(), "{folder}: files that are no noun's");
    }
}

/// Every file the recipes name is there; what stands in `<…>` is whoever's.
#[test]
fn the_recipes_name_files_that_are_there() {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    let named = |text: &str| -> Vec<String> {
        let words = text.split('`').skip(1).step_by(2).flat_map(|said| said.split([' ', ',']));
        words.filter(|word| word.contains('/') && !word.contains(['<', '*', ':', '"'])).map(str::to_owned).collect()
    };
    let is_there = |name: &String| {
        ["", "src/domain/", "commands/pages/", "commands/digest/"]
            .iter()
            .any(|at| root().join(format!("{at}{name}")).exists())
    };
    let missing = |names: Vec<String>| names.into_iter().filter(|name| !is_there(name)).collect::<Vec<_>>();
    let names = named(&text);
    assert!(names.len() > 40, "{names:?}");
    assert_eq!(missing(names), [] as [&str; 0]);
    assert_eq!(missing(named("see `src/domain/no/such.rs`")), ["src/domain/no/such.rs"]);
}
