//! 照着发 — every story is played, and every line a reply gives somebody to copy is sent by that person, there and then: it is refused for
//! no reason of stage, role, place or wording. `hints_sent.txt` names the few that are, and why.

use crate::support::folder::Folder;
use crate::support::told::{fixtures_of, folder, story_of};
use std::collections::{BTreeMap, BTreeSet};
use xieshang::bot::replay::{self, Act, Line};
use xieshang::domain::kernel::settings::Settings;
use xieshang::language::{Catalog, Lang};

const EXCEPTIONS: &str = "tests/chat/hints_sent.txt";

/// Lines that were tried, at least: fewer, and they are not found any more.
const FEWEST: usize = 80;

/// Refusals that say nothing against the line: it was sent once already, or something else than itself is in the way.
const NO_FAULT: [&str; 6] = ["e.repeat", "e.same", "e.fast", "e.undo", "e.undo.kind", "e.undo.never"];

/// Who else than the reader is told to send it.
const OTHERS: [&str; 9] = ["委员", "主持人", "联络员", "承办人", "专家", "管理员", "谁", "他", "本人"];

/// Words of one's own, as the replies write them, and what somebody might write there.
const OWN_WORDS: [(&str, &str); 6] = [
    ("内容", "灯再亮一点"),
    ("理由", "还没修好"),
    ("原因", "还没修好"),
    ("您的话", "灯再亮一点"),
    ("事情", "东门要加灯"),
    ("说明", "本人搬走了"),
];

/// What has to be replaced before the line can be sent: whose it is, nobody but the reader knows.
const OPEN: [&str; 22] = [
    "编号",
    "姓名",
    "房号",
    "选项",
    "截止",
    "规则",
    "单位",
    "承办人",
    "时限",
    "镇街",
    "名称",
    "号 ",
    "成果",
    "…",
    "分类名",
    "受托人",
    "类别",
    "意见",
    "｜",
    "第几个",
    "天数",
    "\"",
];

/// The lines a reply gives to copy to whoever reads it.
fn lines_of(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        for (at, _) in line.match_indices("发：") {
            let before: String =
                line.get(..at).unwrap_or_default().chars().rev().take_while(|c| !"，。；　：".contains(*c)).collect();
            let before: String = before.chars().rev().collect();
            if OTHERS.iter().any(|who| before.contains(who)) || before.contains("群里") || before.contains("私聊") {
                continue;
            }
            let rest = line.get(at + "发：".len()..).unwrap_or_default();
            let rest: String = rest.chars().take_while(|c| !"；　（，。”".contains(*c)).collect();
            found.extend(ready(&rest));
        }
    }
    found
}

/// The line as somebody sends it, if nothing in it is left open.
fn ready(line: &str) -> Option<String> {
    let mut line = line.trim().to_owned();
    for (word, own) in OWN_WORDS {
        line = line.replace(word, own);
    }
    let is_line = line.starts_with('/') || line.starts_with('投');
    (is_line && !OPEN.iter().any(|open| line.contains(open)) && !line.ends_with('号')).then_some(line)
}

/// A line without its numbers: one of a kind is tried.
fn skeleton(line: &str) -> String {
    line.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// What the one who sent a line is refused with; a text that another reply says word for word is none.
fn refused(catalog: &'static Catalog, text: &str) -> Option<String> {
    let any = regex::Regex::new(r"\\\{[a-z0-9_A-Z]+\\\}").unwrap();
    let says = |reply: &str| {
        let written = regex::escape(reply);
        let pattern = regex::Regex::new(&format!("^(?s:{})$", any.replace_all(&written, ".+"))).unwrap();
        pattern.is_match(text)
    };
    let is_refusal = |key: &str| key.starts_with("e.") || key == "plain.placeholder";
    let literal = |reply: &str| any.replace_all(&regex::escape(reply), "").chars().filter(|c| !c.is_ascii()).count();
    let mut fitting: Vec<(usize, &str)> = catalog
        .replies()
        .map(|(key, reply)| (literal(reply.text(Lang::Zh)), key, reply))
        .filter(|(n, _, reply)| *n > 3 && says(reply.text(Lang::Zh)))
        .map(|(n, key, _)| (n, key))
        .collect();
    // The one with the most words of its own is what was said.
    fitting.sort_unstable();
    let (_, key) = fitting.last()?;
    (is_refusal(key) && !NO_FAULT.contains(key)).then(|| (*key).to_owned())
}

#[test]
fn every_line_that_is_given_to_copy_is_taken_when_it_is_sent() {
    let catalog = Catalog::builtin().unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .filter_map(|file| file.unwrap().file_name().into_string().unwrap().strip_suffix(".jsonl").map(str::to_owned))
        .collect();
    names.sort();
    let known = std::fs::read_to_string(EXCEPTIONS).unwrap_or_default();
    let known: BTreeMap<&str, &str> = known.lines().filter_map(|line| line.split_once('\t')).collect();
    let (mut tried, mut wrong) = (BTreeSet::new(), Vec::new());
    for name in &names {
        let story = story_of(name);
        for (at, line) in story.iter().enumerate().filter(|(_, line)| line.act == Act::Say) {
            let here = |to: &str| match line.place.as_deref() {
                Some("pm") => to.starts_with("pm:") && line.who.as_deref().is_some_and(|who| to.ends_with(who)),
                Some(group) => to == group,
                None => false,
            };
            let texts = line.expect.iter().filter(|one| one.to.iter().any(|to| here(to))).map(|one| one.text.clone());
            let hints: Vec<String> = texts.flat_map(|text| lines_of(&text)).collect();
            for hint in hints {
                let place = if line.place.as_deref() == Some("pm") { "私" } else { "群" };
                if !tried.insert(format!("{place}{}", skeleton(&hint))) {
                    continue;
                }
                for answer in answers(catalog, name, &story[..=at], line, &hint) {
                    if let Some(key) = refused(catalog, &answer) {
                        wrong.push(format!(
                            "{place}{}\t{key}: {name} {} {hint} → {}",
                            skeleton(&hint),
                            line.n,
                            answer.replace('\n', "⏎")
                        ));
                    }
                }
            }
        }
    }
    let left: Vec<&String> =
        wrong.iter().filter(|one| one.split_once('\t').is_none_or(|(kind, _)| !known.contains_key(kind))).collect();
    assert!(
        left.is_empty(),
        "{} lines are refused when they are sent:\n{}",
        left.len(),
        left.iter().map(|one| one.as_str()).collect::<Vec<_>>().join("\n")
    );
    assert!(tried.len() >= FEWEST, "{}", tried.len());
}

/// What comes of a line, sent a second after the one it was given in answer to.
fn answers(catalog: &'static Catalog, name: &str, told: &[Line], after: &Line, hint: &str) -> Vec<String> {
    let at = after.at + chrono::Duration::seconds(1);
    let text = Some(hint.to_owned());
    let typed =
        Line { n: 900, act: Act::Say, at, text, reply_to: None, expect: Vec::new(), silent: false, ..after.clone() };
    let told: Vec<Line> = told.iter().cloned().chain([typed]).collect();
    let (data, mut answer) = (Folder::new("hint-sent"), Vec::new());
    let _ = replay::play(&data.0, &fixtures_of(name), &told, Settings::default(), catalog, &mut |beat| {
        if beat.n == Some(900) {
            answer = beat.received.iter().map(|letter| letter.text.clone()).collect();
        }
    });
    answer
}
