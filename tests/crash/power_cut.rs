//! The ledger under power cuts, failed syncs, full disks and flipped bits. Everything follows from the seeds.
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use xieshang::ledger::disk::Disk;
use xieshang::ledger::simulated_disk::{Dice, SimDisk};
use xieshang::ledger::{
    AppendError, EraseError, FileLedger, Ledger, Mark, Position, ReadError, lines, sealed_texts, verify,
};

fn shared(disk: &SimDisk) -> Arc<dyn Disk> {
    Arc::new(disk.clone())
}

fn text(dice: &mut Dice) -> String {
    const CHARS: [char; 12] = ['赞', '成', '反', '对', 'a', ' ', '"', '\\', '\n', '\u{0}', '🙂', '\u{202e}'];
    (0..dice.roll(12)).map(|_| CHARS[dice.roll(12) as usize]).collect()
}

fn body(dice: &mut Dice) -> Value {
    match dice.roll(4) {
        0 => json!({ "likes": dice.roll(1000) }),
        1 => json!({ "title": {"$w": text(dice)}, "topic": dice.roll(1000) }),
        2 => {
            json!({ "options": [{"$w": text(dice)}, {"$w": text(dice)}, {"by": {"$w": text(dice)}}], "ref": text(dice) })
        }
        _ => json!({}),
    }
}

fn batch(dice: &mut Dice) -> Vec<Value> {
    (0..=dice.roll(6)).map(|_| body(dice)).collect()
}

/// Puts `{"$gone":true}` in the place of the sealed text of that index.
fn forget(value: &mut Value, index: usize) {
    fn walk(value: &mut Value, left: &mut Option<usize>) {
        if value.get("$w").is_some() || value.get("$gone").is_some() {
            if *left == Some(0) {
                *value = json!({ "$gone": true });
            }
            *left = left.and_then(|left| left.checked_sub(1));
        } else if let Some(object) = value.as_object_mut() {
            object.values_mut().for_each(|value| walk(value, left));
        } else if let Some(values) = value.as_array_mut() {
            values.iter_mut().for_each(|value| walk(value, left));
        }
    }
    walk(value, &mut Some(index));
}

/// What must be on the disk, and what may be.
struct Model {
    disk: SimDisk,
    dice: Dice,
    acknowledged: Vec<Value>,
    /// A batch whose append failed: wholly there or not at all.
    unsure: Vec<Value>,
    /// An erasure that failed: to be done again.
    erasing: Option<Mark>,
    positions: Vec<Position>,
    counts: BTreeMap<&'static str, u32>,
}

impl Model {
    fn new(seed: u64) -> Model {
        Model {
            disk: SimDisk::new(seed),
            dice: Dice::new(seed ^ 0x00c0_ffee),
            acknowledged: Vec::new(),
            unsure: Vec::new(),
            erasing: None,
            positions: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// Any acknowledged position, or none: the state may lag as far as it likes.
    fn applied(&mut self) -> Option<Position> {
        let index = self.dice.roll(self.positions.len() as u64 + 1) as usize;
        self.positions.get(index).copied()
    }

    /// Starts the program until it starts: the power may go again while it does.
    fn start(&mut self) -> FileLedger {
        loop {
            if self.dice.roll(3) == 0 {
                self.disk.cut_power_after(self.dice.roll(8) + 1);
            }
            let applied = self.applied();
            match FileLedger::open(shared(&self.disk), applied.as_ref()) {
                Ok((ledger, opened)) => {
                    if opened.cut.is_some() {
                        self.count("cut off");
                    }
                    return ledger.with_segment_bytes(1500);
                }
                Err(ReadError::Io { .. }) => {
                    self.count("power cut while starting");
                    self.disk = self.disk.after_power_cut();
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Everything acknowledged is there, the unsure batch wholly or not at all.
    fn check(&mut self, ledger: &FileLedger) {
        let entries: Vec<_> = ledger.read_after(None).unwrap().map(Result::unwrap).collect();
        let mut found: Vec<Value> = entries.iter().map(|entry| entry.body.clone()).collect();
        if let Some(mark) = self.erasing {
            // Until it is repeated either is right.
            forget(&mut self.acknowledged[mark.seq as usize - 1], mark.index);
            forget(&mut found[mark.seq as usize - 1], mark.index);
        }
        if found.len() > self.acknowledged.len() {
            self.count("unacknowledged batch kept");
            self.acknowledged.append(&mut self.unsure);
        }
        self.unsure.clear();
        assert_eq!(found, self.acknowledged);
        assert_eq!(ledger.head().seq, found.len() as u64);
        self.positions = entries.iter().filter_map(|entry| entry.end).collect();
        assert_eq!(verify(&shared(&self.disk)).unwrap().records, found.len() as u64);
    }

    /// Works until something breaks or there has been enough.
    fn work(&mut self, ledger: &mut FileLedger) {
        match self.dice.roll(4) {
            0 => self.disk.fail_sync_after(self.dice.roll(20)),
            1 => self.disk.set_space(Some(self.dice.roll(6000))),
            _ => self.disk.cut_power_after(self.dice.roll(60) + 1),
        }
        for _ in 0..12 {
            if self.dice.roll(6) == 0 && !self.erase(ledger) {
                return;
            }
            let bodies = batch(&mut self.dice);
            let head = self.acknowledged.len() as u64;
            match ledger.append(head, &bodies) {
                Ok(position) => {
                    self.acknowledged.extend(bodies);
                    self.positions.push(position);
                }
                Err(AppendError::Full) => {
                    self.count("full");
                    if self.dice.roll(2) == 0 {
                        self.disk.set_space(None);
                    }
                }
                Err(AppendError::Failed(_)) => {
                    self.count("append failed");
                    self.unsure = bodies;
                    assert!(matches!(ledger.append(head, &[json!({})]), Err(AppendError::Poisoned)));
                    return;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// A text at random, or the one whose erasure failed.
    fn mark(&mut self) -> Option<Mark> {
        if let Some(mark) = self.erasing.take() {
            return Some(mark);
        }
        let place = self.dice.roll(self.acknowledged.len() as u64);
        let texts = sealed_texts(self.acknowledged.get(place as usize)?).len() as u64;
        let index = self.dice.roll(texts) as usize;
        (texts > 0).then_some(Mark { seq: place + 1, index })
    }

    /// Erases a text; false if the program must start again.
    fn erase(&mut self, ledger: &mut FileLedger) -> bool {
        let Some(mark) = self.mark() else { return true };
        match ledger.erase(&[mark]) {
            Ok(erased) => {
                assert_eq!(erased.erased + erased.already, 1);
                forget(&mut self.acknowledged[mark.seq as usize - 1], mark.index);
                self.count("erased");
                true
            }
            Err(EraseError::Write(_)) => {
                self.erasing = Some(mark);
                true
            }
            Err(EraseError::Failed(_)) => {
                self.count("erasure failed");
                self.erasing = Some(mark);
                false
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// The program ends: mostly with the machine, sometimes alone.
    fn end(&mut self) {
        if self.dice.roll(4) == 0 {
            self.count("program started again");
        } else {
            self.count("power cut");
            self.disk = self.disk.after_power_cut();
        }
        self.disk.heal();
    }
}

#[test]
fn no_acknowledged_record_is_lost_in_200_power_cuts() {
    let mut counts = BTreeMap::new();
    for seed in 0..100 {
        let mut model = Model::new(seed);
        for _ in 0..4 {
            let mut ledger = model.start();
            model.check(&ledger);
            model.work(&mut ledger);
            drop(ledger);
            model.end();
        }
        let (mut ledger, _) = FileLedger::open(shared(&model.disk), None).unwrap();
        model.check(&ledger);
        if let Some(mark) = model.erasing {
            let _ = ledger.erase(&[mark]).unwrap();
        }
        let head = ledger.head().seq;
        assert_eq!(ledger.append(head, &[json!({"last": {"$w": "好"}})]).unwrap().seq, head + 1);
        assert_eq!(verify(&shared(&model.disk)).unwrap().records, head + 1);
        for (what, count) in model.counts {
            *counts.entry(what).or_insert(0) += count;
        }
    }
    println!("{counts:?}");
    assert!(counts["power cut"] >= 200, "{counts:?}");
    for what in ["cut off", "unacknowledged batch kept", "full", "append failed", "erased", "power cut while starting"]
    {
        assert!(counts.get(what).is_some_and(|count| *count >= 10), "{what} too seldom: {counts:?}");
    }
}

/// A ledger with several segments, an erased text, and the position of each batch.
fn grown() -> (SimDisk, Vec<Position>) {
    let disk = SimDisk::new(7);
    let mut dice = Dice::new(7);
    let (ledger, _) = FileLedger::open(shared(&disk), None).unwrap();
    let mut ledger = ledger.with_segment_bytes(2000);
    ledger.append(0, &[json!({"first": {"$w": "加装电梯"}})]).unwrap();
    let positions = (0..40).map(|_| ledger.append(ledger.head().seq, &batch(&mut dice)).unwrap()).collect();
    let _ = ledger.erase(&[Mark { seq: 1, index: 0 }]).unwrap();
    assert!(disk.files().len() > 3);
    (disk, positions)
}

#[test]
fn every_one_of_300_flipped_bits_is_found() {
    let (disk, positions) = grown();
    let files = disk.files();
    let names: Vec<_> = files.keys().cloned().collect();
    let mut dice = Dice::new(300);
    for n in 0..300 {
        // Half of them in the chain, half in the vault.
        let name = if n % 2 == 0 { &names[0] } else { &names[1 + dice.roll(names.len() as u64 - 1) as usize] };
        let mut files = files.clone();
        let bytes = files.get_mut(name).unwrap();
        let place = dice.roll(bytes.len() as u64);
        bytes[place as usize] ^= 1 << dice.roll(8);
        let flipped = SimDisk::with(files, 1);
        match verify(&shared(&flipped)).expect_err("a flipped bit was not found") {
            ReadError::Damage(damage) => {
                assert!(damage.line > 0 && names.contains(&damage.file), "{damage}");
                assert!(damage.offset <= place || damage.file != *name, "{damage}, flipped at {place} of {name}");
            }
            error @ ReadError::Format { .. } => assert!(place < 40, "{error}"),
            error @ ReadError::Io { .. } => panic!("{error}"),
        }
        serves_nothing_false(&disk, &flipped, &positions, &mut dice);
    }
}

/// Started from some applied position and read, a flipped ledger gives right records, then an error, or ends early.
fn serves_nothing_false(disk: &SimDisk, flipped: &SimDisk, positions: &[Position], dice: &mut Dice) {
    let read = |ledger: FileLedger, after: Option<&Position>| -> Vec<_> {
        ledger.read_after(after).into_iter().flatten().map_while(Result::ok).collect()
    };
    let right = read(FileLedger::open(shared(disk), None).unwrap().0, None);
    let applied = positions[dice.roll(positions.len() as u64) as usize];
    for after in [None, Some(&applied)] {
        let Ok((ledger, opened)) = FileLedger::open(shared(flipped), after) else {
            continue;
        };
        assert!(after.is_some() || opened.cut.is_some(), "a flipped bit went unseen");
        for entry in read(ledger, after) {
            assert_eq!(entry, right[entry.seq as usize - 1]);
        }
    }
}

#[test]
fn every_byte_of_the_last_batches_is_watched_when_starting() {
    let (disk, positions) = grown();
    let (applied, before, head) = (positions[37], positions[38], positions[39]);
    let files = disk.files();
    for place in applied.header as usize..head.offset as usize {
        let mut files = files.clone();
        files.get_mut("ledger.jsonl").unwrap()[place] ^= 1 << (place % 8);
        match FileLedger::open(shared(&SimDisk::with(files, 1)), Some(&applied)) {
            Ok((ledger, opened)) => {
                let last = place >= head.header as usize && ledger.head() == before;
                assert!(last && opened.cut.is_some(), "a flipped bit at {place} went unseen");
            }
            Err(error) => assert!(error.damage().is_some(), "{error}"),
        }
    }
}

#[test]
fn an_export_is_the_chain_byte_for_byte() {
    let (disk, _) = grown();
    let exported = lines(&disk, None).unwrap().flat_map(|line| [line.unwrap().bytes, vec![b'\n']].concat());
    assert_eq!(exported.collect::<Vec<u8>>(), disk.files()["ledger.jsonl"]);
}
