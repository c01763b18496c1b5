//! 命令目录 — what a clerk may break in `commands/`, and what a programmer may forget in `src/`, is found here.

use chrono::{TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use xieshang::domain::command::Command;
use xieshang::domain::kernel::ids::{ObjectionRef, TopicNo};
use xieshang::domain::kernel::say::{Say, Value};
use xieshang::domain::kernel::text::MAX_TITLE;
use xieshang::domain::people::group::GroupKind;
use xieshang::domain::people::person::{Role, Side};
use xieshang::domain::process::form::{Kind, Step};
use xieshang::domain::vote::poll::Rule;
use xieshang::domain::vote::tally::Choice;
use xieshang::language::catalog::{Catalog, Lang, braces};
use xieshang::language::merging::Merging;
use xieshang::language::{About, Hearing, Parsed, Rendered, Site, parse, read_mark, render};

fn catalog() -> &'static Catalog {
    Catalog::builtin().expect("commands/ is in order")
}

fn scene(name: &str) -> Hearing {
    let quoted = name.strip_prefix("reply:");
    Hearing {
        private: name == "private",
        reply: quoted.and_then(read_mark),
        replied_to_bot: quoted.is_some(),
        replied_to_person: false,
        bot_names: vec!["xieshang_bot".to_owned()],
        now: Shanghai.with_ymd_and_hms(2025, 3, 3, 10, 0, 0).unwrap().with_timezone(&Utc),
        tz: Shanghai,
    }
}

fn meant(text: &str, scene: &Hearing) -> Result<String, String> {
    match parse(catalog(), text, scene) {
        Parsed::Silent => Err("silence".to_owned()),
        Parsed::Heard(heard) => match (heard.command, heard.entry) {
            (Ok(_), Some(entry)) => Ok(entry.key().to_owned()),
            (Ok(command), None) => Err(format!("{command:?} without an entry")),
            (Err(say), _) => Err(format!("{say:?}")),
        },
    }
}

#[test]
fn every_example_is_its_command() {
    for entry in catalog().entries() {
        let own = [(&entry.example.zh, "group"), (&entry.example.en, "group")];
        let more = entry.examples.iter().map(|example| (&example.text, example.scene.as_str()));
        for (text, place) in own.into_iter().chain(more) {
            assert_eq!(meant(text, &scene(place)), Ok(entry.key().to_owned()), "{text} ({place})");
        }
    }
}

/// What help shows can be typed as it stands: its title is not too long for a topic.
#[test]
fn no_request_in_an_example_is_too_long() {
    for entry in catalog().entries() {
        for text in [&entry.example.zh, &entry.example.en] {
            let Parsed::Heard(heard) = parse(catalog(), text, &scene("group")) else { continue };
            if let Ok(Command::TopicNew { text: title, .. } | Command::OrderFor { text: title, .. }) = heard.command {
                assert!(title.chars().count() <= MAX_TITLE, "{text}");
            }
        }
    }
}

#[test]
fn every_name_finds_its_command() {
    for entry in catalog().entries() {
        for name in entry.names() {
            assert_eq!(catalog().find(&name).map(|found| found.key()), Some(entry.key()), "{name}");
        }
        assert!(!entry.roles.is_empty() && !entry.places.is_empty(), "{}", entry.name);
    }
}

/// Template text without its braces and addresses.
fn bare(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.split('{').enumerate() {
        out.push_str(if i == 0 { part } else { part.split_once('}').map_or(part, |(_, rest)| rest) });
    }
    out
}

fn chinese(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '“' | '”')
}

/// Everything people may read, with where it stands.
fn texts() -> Vec<(String, String, String)> {
    let replies = catalog().replies().map(|(key, reply)| (key.to_owned(), reply.zh.clone(), reply.en.clone()));
    let terms = catalog().terms().map(|(key, word)| (key.to_owned(), word.zh.clone(), word.en.clone()));
    let entries = catalog().entries().iter().flat_map(|entry| {
        let key = |what: &str| format!("{} of {}", what, entry.key());
        let mut all = vec![
            (key("usage"), entry.usage.zh.clone(), entry.usage.en.clone()),
            (key("what"), entry.what.zh.clone(), entry.what.en.clone()),
        ];
        all.extend(entry.help.iter().map(|line| (key("help"), line.zh.clone(), line.en.clone())));
        all
    });
    replies.chain(terms).chain(entries).collect()
}

#[test]
fn each_language_keeps_to_itself() {
    // Programs and formats have no other names.
    let named = ["Excel", "WPS", "PDF", ".xlsx", ".csv", ".txt", "MB"];
    for (key, zh, en) in texts() {
        let strange = named
            .iter()
            .fold(bare(&zh), |text, name| text.replace(name, ""))
            .chars()
            .find(|c| c.is_ascii_alphabetic() && !matches!(c, 'W' | 'A'..='D'));
        assert_eq!(strange, None, "{key}: {zh}");
        assert_eq!(bare(&en).chars().find(|c| chinese(*c)), None, "{key}: {en}");
    }
}

#[test]
fn only_commands_that_exist_are_advertised() {
    for (key, zh, en) in texts() {
        for text in [&zh, &en] {
            for after in text.split('/').skip(1) {
                let word: String = after.chars().take_while(|c| c.is_alphabetic() || *c == '？').collect();
                let first = word.chars().next();
                if first.is_none() || text.contains("://") {
                    continue;
                }
                assert!(catalog().find(&word).is_some(), "{key} advertises /{word}: {text}");
            }
        }
    }
}

/// A reply with every brace filled by something plausible.
fn filled(key: &str, template: &str) -> Say {
    let mut say = Say::new(key);
    if key == "digest.discussion" {
        return say.with("text", "【1号】").with("no", 1_u32);
    }
    for name in braces(template) {
        say = match name {
            "no" | "a" | "b" | "c" | "n" | "t" => say.with(name, 1_u32),
            "ref" if key.contains("obj") => say.with(name, ObjectionRef { topic: TopicNo(1), n: 3 }.named()),
            "ref" => say.with(name, "1-3"),
            "refs" => say.with(name, "1-3"),
            "w" => say.with(name, "W1"),
            "end" => say.with(name, Value::Moment(scene("group").now)),
            _ => say.with(name, "x"),
        };
    }
    say
}

fn rendered(say: &Say, lang: Lang) -> Rendered {
    let site = Site { public_url: None, tz: Shanghai };
    let rendered = render(catalog(), say, lang, &site);
    assert_eq!(rendered.faults, Vec::<String>::new(), "{}", say.key);
    rendered
}

fn in_words(say: &Say, lang: Lang) -> (String, Vec<String>) {
    let Rendered { text, buttons, .. } = rendered(say, lang);
    (text, buttons)
}

/// A reply that shows a reference declares what it is about, and one that shows none does not.
#[test]
fn every_reply_is_about_what_it_shows() {
    for (key, reply) in catalog().replies() {
        // 社1, 提1 and a line to copy stand in a sentence of another reply, never alone.
        if matches!(key, "help.cmd" | "ref.brief" | "ref.proposal" | "recuse.line" | "vote.line") {
            continue;
        }
        let say = filled(key, &reply.zh);
        let declared: Vec<&str> = reply.about.iter().flat_map(About::braces).collect();
        let is_filled = |name: &&str| say.args.iter().any(|(arg, _)| arg == name);
        assert!(declared.iter().all(is_filled), "{key} is about {declared:?}, of {:?}", say.args);
        for lang in [Lang::Zh, Lang::En] {
            let shown = rendered(&say, lang);
            assert_eq!(shown.about, read_mark(&shown.text), "{key}: {}", shown.text);
        }
    }
}

#[test]
fn every_reply_shows_what_it_is_about_in_both_languages() {
    for (key, reply) in catalog().replies() {
        if matches!(key, "help.cmd" | "ref.brief") {
            continue;
        }
        let say = filled(key, &reply.zh);
        let ((zh, _), (en, _)) = (in_words(&say, Lang::Zh), in_words(&say, Lang::En));
        assert_eq!(read_mark(&zh), read_mark(&en), "{key}: {zh} / {en}");
        let about = ["【{no}号】", "建议{ref}", "活动{a}号", "办{t}号", "社情民意{b}号", "{w}", "【认{c}】"]
            .iter()
            .any(|sign| reply.zh.contains(sign));
        let nothing = key.starts_with("e.typo") || key == "list";
        assert!(!about || nothing || read_mark(&zh).is_some(), "{key}: {zh}");
    }
}

#[test]
fn every_button_is_a_word_in_reply_to_its_message() {
    for (key, reply) in catalog().replies() {
        for lang in [Lang::Zh, Lang::En] {
            let (text, buttons) = in_words(&filled(key, &reply.zh), lang);
            for label in buttons {
                let said = meant(&label, &scene(&format!("reply:{text}")));
                assert!(said.is_ok(), "{key}: {label} in reply to {text}: {said:?}");
            }
        }
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "a list of replies")]
fn somebody_elses_words_are_no_reference() {
    for (key, reply) in catalog().replies() {
        // Names are checked when people are registered: no reference passes for one. Rows never stand alone.
        let is_row = [
            "account.called",
            "people.person",
            "people.role",
            "people.account",
            "people.group",
            "people.group.new",
            "claim.known",
            "claim.roll",
            "claim.nobody",
            "claim.several",
            "claim.row",
            "claim.left",
            "claim.word",
            "card.from",
            "card.merged",
            "e.untaken.one",
            "which_act.join",
            "which_act.decline",
            "when.line",
            "e.relay_which",
            "e.short_ref",
            "roll.unbacked.row",
            "vote.group",
            "plain.suggest.row",
            "topic.many.row",
            "duty_back.row",
        ]
        .contains(&key);
        // Lines of e.roll_lines, roll.ask and roll.notes.
        let is_row = is_row
            || ["roll.t.", "roll.d.", "roll.n.", "roll.one", "roll.votes", "roll.file.row", "roll.file.sheet"]
                .iter()
                .any(|head| key.starts_with(head));
        if is_row
            || matches!(
                key,
                "relay"
                    | "help.cmd"
                    | "list.row"
                    | "need.row"
                    | "vote.line"
                    | "e.same_end.line"
                    | "tally.back.again"
                    | "export.asked"
                    | "no_person.enrol"
                    | "no_person.enrol.unit"
                    | "slip.body"
                    | "plain.voted"
                    | "plain.results"
                    | "plain.suggest.none"
                    | "need.task"
                    | "outcome.none"
                    | "sug.row"
                    | "me.rows"
                    | "me.rest"
                    | "todo.rest"
                    | "topic.many"
                    | "mydata.row"
                    | "mydata.table"
                    | "duty.expertise"
                    | "act.list"
                    | "e.duty_back.which"
                    | "plain"
                    | "expert.text"
                    | "which_act.strike"
                    | "card.result.passed"
                    | "card.result.failed"
                    | "card.result.straw"
                    | "card.result.counts"
                    | "digest.discussion"
            )
        {
            continue;
        }
        let plain = filled(key, &reply.zh);
        let mut sly = Say::new(key);
        for name in braces(&reply.zh) {
            let value = plain.args.iter().find(|(arg, _)| arg == name).map(|(_, value)| value.clone());
            sly = match name {
                "bad" | "good" | "file" | "name" | "rows" | "shown" | "place" | "whom" | "title" | "text" | "new" => {
                    sly.with(name, "【9号】 建议9-9 活动9号 [No. 9] W9\n截止：1月1日1:00")
                }
                _ => sly.with(name, value.expect("filled")),
            };
        }
        for lang in [Lang::Zh, Lang::En] {
            let (plain, sly) = (in_words(&plain, lang).0, in_words(&sly, lang).0);
            assert_eq!(read_mark(&sly), read_mark(&plain), "{key}: {sly}");
        }
    }
}

#[test]
fn the_program_holds_the_files_as_they_are() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("commands");
    let on_disk = Catalog::load(&dir).expect("commands/ is in order");
    let texts = |catalog: &Catalog| -> Vec<String> {
        catalog.replies().map(|(key, reply)| format!("{key} {reply:?}")).collect()
    };
    assert_eq!(
        texts(&on_disk),
        texts(catalog()),
        "built before the last change of commands/: touch src/language/catalog.rs"
    );
    let entries =
        |catalog: &Catalog| -> Vec<String> { catalog.entries().iter().map(|entry| format!("{entry:?}")).collect() };
    assert_eq!(entries(&on_disk), entries(catalog()));
}

#[test]
fn a_clerks_directory_is_checked_and_may_reword() {
    let dir = std::env::temp_dir().join(format!("xieshang-catalog-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    let original = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("commands/second.toml")).unwrap();
    let write = |text: &str| fs::write(dir.join("second.toml"), text).unwrap();
    write(&original.replace("现有{n}人附议。", "已有{n}人。"));
    let reworded = Catalog::load(&dir).expect("a reworded reply");
    assert_eq!(reworded.reply("second").map(|reply| reply.zh.as_str()), Some("👍 已附议【{no}号】，已有{n}人。"));
    for (from, to, names) in [
        ("{n}人附议。", "{count}人附议。", "second"),
        ("name = \"附议\"", "name = \"建议\"", "建议"),
        ("[replies.\"second\"]", "[replies.\"seconds\"]", "second"),
        ("order = 40", "order = forty", "second.toml"),
    ] {
        write(&original.replacen(from, to, 1));
        let error = Catalog::load(&dir).expect_err(to).to_string();
        assert!(error.contains(names), "{to}: {error}");
    }
    fs::remove_dir_all(&dir).unwrap();
}

/// The Rust files of `src/`, without what stands below `#[cfg(test)]`.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut dirs = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(dir) = dirs.pop() {
        for item in fs::read_dir(dir).expect("src is readable") {
            let path = item.expect("src is readable").path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs")
                && path.file_name().is_some_and(|name| name != "tests.rs" && name != "any.rs")
            {
                let text = fs::read_to_string(&path).expect("src is readable");
                let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
                let code =
                    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
                found.push((path, code));
            }
        }
    }
    found
}

/// The text up to the bracket that closes the one before it, and what follows.
fn closed(text: &str) -> Option<(&str, &str)> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return Some((text.get(..at)?, text.get(at + 1..)?)),
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn literal(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split_once('"').map(|(word, _)| word)
}

/// Names given as `, name = value` at the top level of a `say!`.
fn names_of(inside: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, c) in inside.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                let rest = inside.get(at + 1..).unwrap_or_default().trim_start();
                let rest = rest.strip_prefix("r#").unwrap_or(rest);
                let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                let after = rest.get(name.len()..).unwrap_or_default().trim_start();
                if after.starts_with('=') && !after.starts_with("==") {
                    names.insert(name);
                }
            }
            _ => {}
        }
    }
    names
}

/// Names given by the `.with("name", …)` calls that follow.
fn chained(mut rest: &str, names: &mut BTreeSet<String>) {
    while let Some(call) = rest.trim_start().strip_prefix(".with(") {
        let Some((inside, after)) = closed(call) else { return };
        if let Some(name) = literal(inside) {
            names.insert(name.to_owned());
        }
        rest = after;
    }
}

/// Every reply built in the source: file, key, names supplied.
fn says() -> Vec<(String, String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for (path, code) in sources() {
        for opener in ["say!(", "Say::new("] {
            for after in code.split(opener).skip(1) {
                let (Some((inside, rest)), Some(key)) = (closed(after), literal(after)) else { continue };
                let mut names = if opener == "say!(" { names_of(inside) } else { BTreeSet::new() };
                chained(rest, &mut names);
                found.push((path.display().to_string(), key.to_owned(), names));
            }
        }
    }
    found
}

#[test]
fn every_reply_of_the_source_exists_and_is_filled() {
    let mut wrong = Vec::new();
    for (file, key, names) in says() {
        let template = catalog()
            .reply(&key)
            .map(|reply| reply.zh.clone())
            .or_else(|| catalog().term(&key).map(|term| term.zh.clone()));
        let Some(template) = template else {
            wrong.push(format!("{file}: no reply {key}"));
            continue;
        };
        let missing: Vec<&str> = braces(&template).into_iter().filter(|name| !names.contains(*name)).collect();
        if !missing.is_empty() && !key.starts_with("help") {
            wrong.push(format!("{file}: {key} lacks {missing:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_term_the_source_builds_is_a_word() {
    let mut keys: Vec<String> = Vec::new();
    for rule in Rule::ALL {
        keys.extend(["", ".long"].map(|part| format!("{}{part}", rule.term())));
        if rule != Rule::Straw {
            let parts = [".turnout", ".approval", ".turnout.missed", ".approval.missed"];
            keys.extend(parts.map(|part| format!("{}{part}", rule.term())));
        }
    }
    for step in Step::ALL {
        let parts = ["", ".dan", ".step", ".stage", ".entered", ".now", ".next"];
        keys.extend(parts.map(|part| format!("{}{part}", step.term())));
    }
    keys.extend(Side::ALL.map(|side| side.term().to_owned()));
    keys.extend(Role::ALL.map(|role| role.term().to_owned()));
    keys.extend(Kind::ALL.map(|kind| kind.term().to_owned()));
    keys.extend(Choice::ALL.map(|choice| choice.term().to_owned()));
    keys.extend(GroupKind::ALL.map(|kind| kind.term().to_owned()));
    keys.extend((1..=7).map(|day| format!("weekday.{day}")));
    for (_, code) in sources() {
        keys.extend(code.split("Term(").skip(1).filter_map(literal).map(str::to_owned));
        keys.extend(
            code.split("\"ex.").skip(1).filter_map(|rest| rest.split('"').next()).map(|name| format!("ex.{name}")),
        );
    }
    let missing: Vec<&String> = keys.iter().filter(|key| !key.contains('{') && catalog().term(key).is_none()).collect();
    assert!(missing.is_empty(), "words.toml lacks {missing:?}");
}

#[test]
fn every_reply_is_used() {
    let code: BTreeMap<PathBuf, String> = sources().into_iter().collect();
    // What waits in a busy group is said in the words its entry names.
    let merged: BTreeSet<&str> = catalog()
        .replies()
        .flat_map(|(_, reply)| match &reply.receipt {
            Merging::Listed { many, .. } => vec![many.as_str()],
            Merging::Rows { many, row } => vec![many.as_str(), row.as_str()],
            Merging::Itself | Merging::Last(_) | Merging::AtOnce(_) | Merging::Outruns(_) => Vec::new(),
        })
        .collect();
    let unused: Vec<&str> = catalog()
        .replies()
        .map(|(key, _)| key)
        .filter(|key| !merged.contains(key))
        .filter(|key| !code.values().any(|text| text.contains(&format!("\"{key}\""))))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}
