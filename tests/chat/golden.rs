//! Yesterday's ledger — one ledger of each release stays here; every later version must read it and make the same of it.

use chrono::{TimeZone, Utc};
use std::path::Path;
use std::sync::Arc;
use xieshang::bot::start;
use xieshang::domain::kernel::ids::{PollNo, SuggestionRef, TopicNo};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::{Overlay, World};
use xieshang::domain::process::form::Step;
use xieshang::language::Catalog;
use xieshang::state::State;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The acceptance story as far as 0.1 goes: line 35.
#[test]
fn the_ledger_of_0_1_still_means_what_it_meant() {
    let data = std::env::temp_dir().join(format!("xieshang-golden-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&data);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/0.1"), &data.join("ledger"));
    let later = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
    let started = start::open(&data, Arc::new(Settings::default()), Catalog::builtin().unwrap(), later).unwrap();
    assert!(started.rebuilt);
    assert!(started.letters.is_empty(), "nothing of last year is sent again");
    let state = Arc::clone(started.office.state());
    let world = World::on(&*state);

    let topic = world.topic(TopicNo(1)).unwrap();
    assert_eq!(topic.title.as_str(), "3号楼2单元加装电梯");
    assert_eq!((topic.step, topic.suggestions, topic.replies, topic.likes, topic.seconds), (Step::Talking, 4, 1, 2, 2));
    assert_eq!(world.sides_of(&topic), 0b1_1111);
    let third = world.suggestion(SuggestionRef { topic: TopicNo(1), n: 3 }).unwrap();
    assert_eq!((third.text.as_str(), third.likes), ("井道用透明玻璃，少挡一楼的光", 2));
    let tally = world.poll(PollNo(1)).unwrap().result.unwrap().tally;
    assert_eq!((tally.voters, tally.yes, tally.no, tally.abstain), (11, 6, 3, 1));
    assert_eq!(world.roll(TopicNo(1)).unwrap().area, 102_480);
    assert_eq!(world.counters().topics, 2);
    drop(started);
    let _ = std::fs::remove_dir_all(&data);
}

/// A rebuild that was killed half way is begun anew: what it had made is thrown away, and nothing is said again.
#[test]
fn an_unfinished_rebuild_is_begun_anew_and_says_nothing() {
    let data = std::env::temp_dir().join(format!("xieshang-unfinished-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&data);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/0.1"), &data.join("ledger"));
    let half = Overlay::from([(vec![b't', 9, 9, 9, 9], Some(vec![1, 2, 3]))]);
    {
        let (state, _) = State::open(&data.join("state")).unwrap();
        state.apply(&half, None).unwrap();
        state.flush().unwrap();
    }
    // A moment after the story ended: its letters are not old.
    let then = Utc.with_ymd_and_hms(2025, 3, 9, 12, 1, 0).unwrap();
    let started = start::open(&data, Arc::new(Settings::default()), Catalog::builtin().unwrap(), then).unwrap();
    assert!(started.rebuilt && started.letters.is_empty());
    assert!(started.office.state().derived().iter().all(|(key, _)| !half.contains_key(key)));
    drop(started);
    let _ = std::fs::remove_dir_all(&data);
}
