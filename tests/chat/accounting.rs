//! 字字有着落 — for every command: whatever meaningful pieces are put into its lines, each ends in what is done or in a question.
//!
//! `tests/run fuzz` plays it for as long as it is told to, with chance and with coverage to pick the pieces.

#[path = "../fuzz/accounting.rs"]
mod law;

use law::{JOINTS, Line, PIECES, dropped, examples, hearings};
use proptest::prelude::*;
use xieshang::language::Catalog;

/// How many lines chance makes up, each tried in every place.
fn cases() -> u32 {
    std::env::var("XIESHANG_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_500)
}

fn put() -> impl Strategy<Value = Vec<(usize, usize, usize)>> {
    prop::collection::vec((0..64_usize, 0..JOINTS.len(), 0..PIECES.len()), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_put_into_a_line_is_not_dropped(example in prop::sample::select(examples(Catalog::builtin().unwrap())), added in put()) {
        let catalog = Catalog::builtin().unwrap();
        let line = Line::new(&example, &added);
        for hearing in hearings() {
            let dropped = dropped(catalog, &line, &hearing);
            prop_assert!(dropped.is_none(), "{}", dropped.unwrap_or_default());
        }
    }
}

/// On demand: some thirty thousand lines with one piece more, each in a group and in private; every line that drops it is printed.
#[test]
#[ignore = "a minute; prints all there are"]
fn every_piece_somewhere() {
    let catalog = Catalog::builtin().unwrap();
    let mut all = std::collections::BTreeSet::new();
    let examples = examples(catalog);
    let some = (0..usize::try_from(cases()).unwrap() * 20).map(|n| n.wrapping_mul(2_654_435_761) >> 7);
    for n in some {
        let line =
            Line::new(&examples[n % examples.len()], &[(n / 7 % 16, n / 3 % JOINTS.len(), n / 11 % PIECES.len())]);
        all.extend(hearings()[..2].iter().filter_map(|hearing| dropped(catalog, &line, hearing)));
    }
    for line in &all {
        println!("{line}");
    }
    assert!(all.is_empty(), "{}", all.len());
}
