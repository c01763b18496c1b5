//! What the ledger and the store say in the end, against what people did.

use super::town::{Town, WORDS};
use crate::support::bot::Folder;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use xieshang::bot::{clock, start};
use xieshang::domain::kernel::ids::{PollNo, TopicNo};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::language::Catalog;
use xieshang::state::State;

/// The key of a delivery as a record carries it.
pub fn opaque(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The deliveries in the ledger and where each stands. None stands there twice.
pub fn deliveries(folder: &Folder) -> HashMap<String, usize> {
    let mut at = HashMap::new();
    for (n, record) in folder.records().iter().enumerate() {
        if let Some(key) = record["key"].as_str() {
            let before = at.insert(key.to_owned(), n);
            assert!(before.is_none(), "a delivery was recorded twice: {record}");
        }
    }
    at
}

pub type Rows = Vec<(Vec<u8>, Vec<u8>)>;

/// What counts for each voter of each town (by index of the choice), and everything derived from the ledger.
pub fn count(folder: &Folder, towns: &[Town]) -> (Vec<Vec<Option<usize>>>, Rows) {
    let settings = Arc::new(Settings::default());
    let started = start::open(&folder.data(), settings, Catalog::builtin().unwrap(), clock::machine()()).unwrap();
    let state = started.office.state();
    let world = World::on(&**state);
    let mut all = Vec::new();
    for town in towns {
        let (poll, topic) = (PollNo(town.no), TopicNo(town.no));
        let counts = (0..town.voters.len()).map(|voter| {
            let known = world.voter_called(topic, &town.name(voter)).unwrap();
            let choice = world.ballot(poll, known.no).and_then(|ballot| ballot.choice)?;
            WORDS.iter().position(|(_, known)| *known == choice)
        });
        let counts: Vec<Option<usize>> = counts.collect();
        let tally = world.tally(&world.poll(poll).unwrap());
        let chosen = |choice| counts.iter().filter(|counted| **counted == Some(choice)).count() as u64;
        assert_eq!([tally.yes, tally.no, tally.abstain], [chosen(0), chosen(1), chosen(2)], "the tally of {}", town.no);
        assert_eq!(tally.cast(), world.turnout(poll).cast, "the turnout is not the number of ballots");
        all.push(counts);
    }
    (all, state.derived())
}

/// Made anew from the ledger, the store is the same key by key.
pub fn assert_rebuilds(folder: &Folder, towns: &[Town]) {
    let (_, before) = count(folder, towns);
    State::clear(&folder.data().join("state")).unwrap();
    let (_, after) = count(folder, towns);
    assert_eq!(before.len(), after.len(), "a rebuild gives another number of keys");
    for (one, other) in before.iter().zip(&after) {
        assert_eq!(one, other, "a rebuild gives something else");
    }
}
