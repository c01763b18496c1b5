//! The stories and the chats they are told in, as they lie in `tests/stories`.

use std::path::{Path, PathBuf};
use xieshang::bot::fixtures::{self, Fixtures};
use xieshang::bot::replay::{self, Line};

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories")
}

pub fn fixtures_of(name: &str) -> Fixtures {
    let own = folder().join(format!("{name}.fixtures.json"));
    let path = if own.exists() { own } else { folder().join("common.fixtures.json") };
    fixtures::read(&std::fs::read_to_string(&path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn story_of(name: &str) -> Vec<Line> {
    let text = std::fs::read_to_string(folder().join(format!("{name}.jsonl"))).unwrap();
    replay::read(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}
