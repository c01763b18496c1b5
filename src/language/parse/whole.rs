//! 读全 — a message is read whole or asked back: what is put into a line of a command, wherever it is put, ends in what is done or in a
//! question.

use super::*;
use crate::domain::kernel::ids::{GatheringNo, SuggestionRef, TopicNo};
use chrono::TimeZone;
use chrono_tz::Asia::Shanghai;

/// What nobody means anything by: it may be words of somebody, and nothing else.
const WORDS: [&str; 4] = ["鹧鸪", "zhegu", "907531", "鹧鸪乙丑。丙寅"];

fn hearing(reply: Option<Mark>, private: bool) -> Hearing {
    Hearing {
        private,
        replied_to_bot: reply.is_some(),
        replied_to_person: false,
        reply,
        bot_names: vec!["hao_bot".to_owned()],
        now: Shanghai.with_ymd_and_hms(2025, 3, 3, 10, 0, 0).unwrap().with_timezone(&Utc),
        tz: Shanghai,
    }
}

/// Every example of a command, with a word put in behind each of its words.
fn lines(example: &str) -> impl Iterator<Item = (String, &'static str)> {
    let ends: Vec<usize> = example
        .char_indices()
        .filter(|(at, c)| *at > 0 && (c.is_whitespace() || matches!(c, '；' | '｜' | '，')))
        .map(|(at, _)| at)
        .chain([example.len()])
        .collect();
    let example = example.to_owned();
    ends.into_iter().flat_map(move |at| {
        let (before, after) = example.split_at(at);
        let (before, after) = (before.to_owned(), after.to_owned());
        WORDS.map(|word| (format!("{before} {word}{after}"), word))
    })
}

#[test]
fn what_is_put_into_a_line_ends_in_what_is_done_or_in_a_question() {
    let catalog = Catalog::builtin().unwrap();
    let marks = [
        None,
        Some(Mark::Suggestion(SuggestionRef { topic: TopicNo(1), n: 3 })),
        Some(Mark::Gathering(GatheringNo(1))),
        Some(Mark::Topic(TopicNo(1))),
    ];
    let mut dropped: Vec<String> = Vec::new();
    let mut tried = 0_usize;
    // The help answers with what there is to what it does not know.
    for entry in catalog.entries().iter().filter(|entry| entry.key() != "help") {
        for example in &entry.examples {
            for (line, word) in lines(&example.text) {
                for (mark, private) in marks.iter().flat_map(|mark| [(mark, false), (mark, true)]) {
                    let Parsed::Heard(heard) = parse(catalog, &line, &hearing(mark.clone(), private)) else { continue };
                    tried += 1;
                    // A heading may have more words than it needs (建筑面积 平米); a number before a name in a list is what it
                    // calls itself in the group.
                    let is_heading =
                        entry.key() == "roll" && line.lines().nth(1).is_some_and(|line| line.contains(word));
                    // Platforms write what stands behind /start.
                    let is_called = line.starts_with("#接龙") && word == "907531";
                    if let Ok(command) = heard.command
                        && !is_heading
                        && !is_called
                        && !line.starts_with("/start ")
                        // Plain words are never acted on: the answer says what to send.
                        && !matches!(command, Command::Plain(_))
                        && !is_in(&format!("{command:?}"), word)
                    {
                        dropped.push(format!("{line} → {command:?}"));
                    }
                }
            }
        }
    }
    dropped.sort();
    dropped.dedup();
    assert!(tried > 10_000, "{tried}");
    assert!(dropped.is_empty(), "{} of {tried}:\n{}", dropped.len(), dropped.join("\n"));
}

/// Marks inside may part a word in two.
fn is_in(command: &str, word: &str) -> bool {
    word.split('。').all(|part| command.contains(part))
}
