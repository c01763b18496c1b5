//! 字字有着落 — pieces that mean something, put anywhere into a line of any command: none is dropped in silence.
#![no_main]

#[path = "../accounting.rs"]
mod law;

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use xieshang::language::Catalog;

static EXAMPLES: LazyLock<Vec<String>> =
    LazyLock::new(|| law::examples(Catalog::builtin().expect("commands/ is in order")));

fuzz_target!(|input: (u16, u8, Vec<(u8, u8, u8)>)| {
    let (example, place, added) = input;
    let added: Vec<(usize, usize, usize)> =
        added.iter().take(4).map(|(at, joint, piece)| (usize::from(*at), usize::from(*joint), usize::from(*piece))).collect();
    let line = law::Line::new(&EXAMPLES[usize::from(example) % EXAMPLES.len()], &added);
    let hearings = law::hearings();
    let dropped = law::dropped(
        Catalog::builtin().expect("commands/ is in order"),
        &line,
        &hearings[usize::from(place) % hearings.len()],
    );
    assert!(dropped.is_none(), "{}", dropped.unwrap_or_default());
});
