//! Telegram — the same consultation in real groups: stories and faults through the stand-in for the Bot API, which checks every
//! request and enforces every limit, on a clock of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

#[path = "support/rig.rs"]
mod rig;
#[path = "support/telegram/mod.rs"]
mod telegram;

use rig::{Rig, Way};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xieshang::bot::replay::{self, Act, Line};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories")
}

fn fixtures_of(name: &str) -> String {
    let own = folder().join(format!("{name}.fixtures.json"));
    let path = if own.exists() { own } else { folder().join("common.fixtures.json") };
    std::fs::read_to_string(path).unwrap()
}

/// Plays a story through Telegram; every line must have the replies it has in the built-in chat.
fn play(name: &str, way: Way, until: u32) {
    let text = std::fs::read_to_string(folder().join(format!("{name}.jsonl"))).unwrap();
    let story: Vec<Line> = replay::read(&text).unwrap().into_iter().filter(|line| line.n <= until).collect();
    let mut rig = Rig::start(way, &fixtures_of(name), story[0].at);
    let people: BTreeSet<&str> = story.iter().filter_map(|line| line.who.as_deref()).collect();
    people.into_iter().for_each(|name| rig.introduce(name));
    let mut at = 0;
    while let Some(line) = story.get(at) {
        let more = story[at + 1..].iter().take_while(|next| next.act == Act::Expect).count();
        let mut expected = line.expect.clone();
        story[at + 1..].iter().take(more).for_each(|next| expected.extend(next.expect.iter().cloned()));
        rig.play(line, &expected).unwrap_or_else(|error| panic!("{name}, {way:?}: {error}"));
        at += 1 + more;
    }
    rig.fake.read_all();
    rig.fake.assert_clean();
    assert_eq!(rig.fake.hit_limits(), [], "{name}: a limit was hit");
}

#[test]
fn the_acceptance_story_by_polling() {
    play("acceptance", Way::Polling, 35);
}

#[test]
fn the_acceptance_story_by_webhook() {
    play("acceptance", Way::Webhook, 35);
}
