//! 结束时应有的数 — what the world must hold when the acceptance story has been told, figure by figure, and what must be found nowhere.

use crate::support::folder::Folder;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use xieshang::bot::fixtures;
use xieshang::bot::replay::{self, Stage};
use xieshang::domain::brief::Brief;
use xieshang::domain::kernel::ids::{BriefNo, GatheringNo, SuggestionRef, TopicNo};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::domain::process::form::Step;
use xieshang::domain::talk::gathering::Gathering;
use xieshang::domain::talk::suggestion::Verdict;
use xieshang::domain::work::outcome::{Outcome, OutcomeKind};
use xieshang::domain::work::task::State;
use xieshang::language::Catalog;

fn told(name: &str) -> (Folder, Stage) {
    let folder = Folder::new(name);
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let read = |file: &str| std::fs::read_to_string(stories.join(file)).unwrap();
    let fixtures = fixtures::read(&read("acceptance.fixtures.json")).unwrap();
    let lines = replay::read(&read("acceptance.jsonl")).unwrap();
    assert_eq!(lines.last().unwrap().n, 73);
    let catalog = Catalog::builtin().unwrap();
    let stage = replay::play(&folder.0, &fixtures, &lines, Settings::default(), catalog, &mut |_| {}).unwrap();
    (folder, stage)
}

const ONE: TopicNo = TopicNo(1);

#[test]
fn the_topics_and_what_was_said_on_them() {
    let (_folder, stage) = told("topics");
    let state = std::sync::Arc::clone(stage.started.office.state());
    let world = World::on(&*state);
    assert_eq!(world.counters().topics, 2);
    let (one, two) = (world.topic(ONE).unwrap(), world.topic(TopicNo(2)).unwrap());
    assert_eq!((one.step, two.step), (Step::Closed, Step::Ordered));
    assert_eq!([one.suggestions, one.replies, one.likes, one.seconds, one.plans, one.pacts], [5, 1, 2, 2, 1, 1]);
    let mut verdicts = Vec::new();
    world.suggestions(ONE, |suggestion| verdicts.push((suggestion.reference, suggestion.verdict)));
    let at = |n| SuggestionRef { topic: ONE, n };
    assert_eq!(
        verdicts,
        [
            (at(1), None),
            (at(2), Some(Verdict::Partly)),
            (at(3), Some(Verdict::Adopted)),
            (at(4), Some(Verdict::Adopted)),
            (at(5), None),
        ]
    );
    assert_eq!((world.objections(ONE).len(), world.unanswered(ONE).len()), (1, 0));
    assert_eq!((world.pact(&one).unwrap().articles, world.reviews(&one).len()), (4, 1));
    assert_eq!(world.counters().polls, 2, "one straw poll and one vote");
    let tasks = world.tasks(ONE);
    assert!(tasks.len() == 2 && tasks.iter().all(|task| task.state == State::Done));
    assert_eq!(tasks.iter().map(|task| task.reworks).collect::<Vec<_>>(), [0, 1], "once done again");
    let gathering: Gathering = world.gathering(GatheringNo(1)).unwrap();
    assert_eq!((world.counters().gatherings, gathering.signed), (1, 11));
    assert!(stage.sent.iter().any(|letter| letter.text.starts_with("#接龙 活动1号（2人）")));
}

#[test]
fn the_outcome_and_its_account() {
    let (_folder, stage) = told("outcome");
    let state = std::sync::Arc::clone(stage.started.office.state());
    let world = World::on(&*state);
    let closure = world.closure(ONE).unwrap();
    let outcome = |kind| Outcome { kind, n: 1 };
    assert_eq!(closure.outcomes, [outcome(OutcomeKind::Conflict), outcome(OutcomeKind::Works)]);
    let account = closure.account;
    assert_eq!((account.days, account.people, account.turned), (145, 11, 2));
    assert_eq!((account.suggestions, account.adopted, account.by_household), (5, 3, true));
    let brief: Brief = world.brief(BriefNo(1)).unwrap();
    assert_eq!(world.counters().briefs, 1);
    assert_eq!(world.name_of(brief.by).as_str(), "马立军");
    assert_eq!(
        stage.sent.iter().filter(|letter| letter.text.contains("被市政协采用")).count(),
        2,
        "told, and in the digest"
    );
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn a_telephone_number_is_nowhere_and_a_private_choice_in_no_group() {
    let (folder, stage) = told("secret");
    assert!(!stage.sent.iter().any(|letter| letter.text.contains("13800000000")));
    let private = ["101户 反对", "101户 赞成", "101户反对", "101户赞成", "李德福反对", "李德福 反对"];
    let heard: BTreeSet<&str> = stage
        .sent
        .iter()
        .filter(|letter| private.iter().any(|words| letter.text.contains(words)))
        .map(|letter| letter.to.as_str())
        .collect();
    assert_eq!(heard, BTreeSet::from(["pm:李德福"]));
    drop(stage);
    let mut found = Vec::new();
    files(&folder.0, &mut found);
    assert!(found.len() > 3);
    for path in found {
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(11).any(|part| part == b"13800000000"), "{}", path.display());
    }
}
