//! 平常话 — what people say to each other in the groups, with words of ours in it: nothing is done by it and nothing is said to it, in no
//! kind of group, whether something is open there or not.

use crate::support::town::Town;
use chrono::Duration;

const SENTENCES: &str = include_str!("talk/sentences.txt");

/// A group of each kind, and one nobody has registered.
const GROUPS: [&str; 6] = ["g_wy", "g_df", "g_kj", "g_tl", "g_jm", "g_xin"];

fn sentences() -> impl Iterator<Item = String> {
    let lines = SENTENCES.lines().filter(|line| !line.starts_with("==") && !line.is_empty());
    lines.map(|line| line.replace("\\n", "\n"))
}

/// Which sentences are answered or become something, and how.
fn heard(town: &mut Town) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in sentences() {
        for group in GROUPS {
            // Always the same minute: papers come out by the clock, not by what is said.
            town.now -= Duration::minutes(1);
            let before = town.started.office.head_seq();
            let told = town.say("张桂英", group, &sentence);
            if town.started.office.head_seq() != before || !told.is_empty() {
                let said = told.first().map(|(_, text)| text.lines().next().unwrap_or_default().to_owned());
                found.push(format!("{group} {sentence:?} -> {}", said.unwrap_or_else(|| "an act".to_owned())));
            }
        }
    }
    found
}

#[test]
fn talk_stays_talk_while_nothing_is_open() {
    let mut town = Town::new("talk");
    let found = heard(&mut town);
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), sentences().count() * GROUPS.len(), found.join("\n"));
}

#[test]
fn talk_stays_talk_while_a_vote_and_a_gathering_are_open() {
    let mut town = Town::new("talk-open");
    town.say("刘芳", "g_tl", "/投票 1 过半 20天 同意加装电梯");
    town.say("刘芳", "g_df", "/活动 3月20日9:30 议事室 停车恳谈会");
    let found = heard(&mut town);
    assert!(found.is_empty(), "{} of {}:\n{}", found.len(), sentences().count() * GROUPS.len(), found.join("\n"));
}

#[test]
fn there_are_enough_of_them_and_none_twice() {
    let all: std::collections::BTreeSet<String> = sentences().collect();
    assert!(all.len() > 500 && all.len() == sentences().count(), "{} of {}", all.len(), sentences().count());
}
