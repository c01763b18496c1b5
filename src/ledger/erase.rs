//! Erasing (销毁): the one thing that changes what was written, by law.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::MAX_LINE_BYTES;
use super::chain::begins_with_seq;
use super::disk::{Line, Window};
use super::errors::{Damage, EraseError, ReadError};
use super::file::{FileLedger, KEEP, NEW};
use super::vault::{Sealed, VAULT, first_seq, segment_name};

/// Names one sealed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The record.
    pub seq: u64,
    /// Which of its sealed texts, from 0, in the order of [`super::sealed_texts`].
    pub index: usize,
}

/// What an erasure did. The chain and all positions stand, but whatever was built from the texts (the state, above all)
/// still has them and must be built anew.
#[must_use = "the state still has the erased texts until it is rebuilt"]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// How many texts were erased now.
    pub erased: u64,
    /// How many had been erased before.
    pub already: u64,
}

impl FileLedger {
    /// Erases sealed texts and their salts for good: writes each segment concerned anew without them, syncs, and puts
    /// it in the place of the old one. The chain stands; read again, the texts are `{"$gone":true}`. Copies in backups
    /// and in freed blocks of the disk are beyond its reach.
    ///
    /// If the power goes, some segments may be done and others not: erase again.
    ///
    /// # Errors
    /// `NoSuchText`, `Read`, `Write`: nothing was erased. `Failed`, `Poisoned`: the program must start again.
    pub fn erase(&mut self, marks: &[Mark]) -> Result<Erased, EraseError> {
        if self.poisoned {
            return Err(EraseError::Poisoned);
        }
        let by_segment = self.find_segments(marks)?;
        let mut done = Erased { erased: 0, already: 0 };
        for (segment, marks) in &by_segment {
            let written = self.write_without(*segment, marks);
            match written {
                Ok(part) => {
                    done.erased += part.erased;
                    done.already += part.already;
                }
                Err(error) => {
                    for segment in by_segment.keys() {
                        // Whatever is left of it is removed at the next start.
                        let _ = self.disk.remove(&new_name(*segment));
                    }
                    return Err(error);
                }
            }
        }
        self.put_in_place(by_segment.keys().copied()).map_err(|error| {
            self.poisoned = true;
            EraseError::Failed(error)
        })?;
        Ok(done)
    }

    /// Which segment holds which marks: a record's line is in the last segment that begins at or before it.
    fn find_segments(&self, marks: &[Mark]) -> Result<BTreeMap<u32, BTreeSet<Mark>>, EraseError> {
        let mut begins = Vec::new();
        for segment in 1..=self.segment {
            if let Some(first) = first_seq(self.disk.as_ref(), segment)? {
                begins.push((first, segment));
            }
        }
        let mut by_segment: BTreeMap<u32, BTreeSet<Mark>> = BTreeMap::new();
        for mark in marks {
            let after = begins.partition_point(|(first, _)| *first <= mark.seq);
            let Some((_, segment)) = after.checked_sub(1).and_then(|index| begins.get(index)) else {
                return Err(EraseError::NoSuchText { seq: mark.seq, index: mark.index });
            };
            by_segment.entry(*segment).or_default().insert(*mark);
        }
        Ok(by_segment)
    }

    /// Writes a segment without some texts, under its new name, durably. All other lines are copied as they are: what
    /// is damaged stays damaged and is found.
    fn write_without(&self, segment: u32, marks: &BTreeSet<Mark>) -> Result<Erased, EraseError> {
        let name = segment_name(segment);
        let mut old = self.disk.open_read(&name).map_err(ReadError::io(&*name))?;
        let size = old.size().map_err(ReadError::io(&*name))?;
        let mut window = Window::new(old, 0, size);
        let mut new = self.disk.create(&new_name(segment)).map_err(EraseError::Write)?;
        let mut left = marks.iter().peekable();
        let mut done = Erased { erased: 0, already: 0 };
        let (mut out, mut scratch, mut number) = (Vec::new(), Vec::new(), 0);
        loop {
            let offset = window.offset();
            let seq = left.peek().map_or(0, |mark| mark.seq);
            number += 1;
            let damage = |what| ReadError::from(Damage { file: name.clone(), line: number, offset, seq, what });
            let line = match window.line(MAX_LINE_BYTES).map_err(ReadError::io(&*name))? {
                Line::Whole(line) => line,
                Line::End => break,
                Line::Short | Line::TooLong => return Err(damage("the line has no end").into()),
            };
            if seq > 0 && begins_with_seq(line, seq) {
                let sealed = Sealed::parse(line, &mut scratch).ok_or_else(|| damage("not as it was written"))?;
                blank(sealed, &mut left, &mut done, &mut out)?;
            } else {
                out.extend_from_slice(line);
            }
            out.push(b'\n');
            if out.len() > KEEP {
                new.append(&out).map_err(EraseError::Write)?;
                out.clear();
            }
        }
        if let Some(mark) = left.peek() {
            return Err(EraseError::NoSuchText { seq: mark.seq, index: mark.index });
        }
        new.append(&out).and_then(|()| new.sync()).map_err(EraseError::Write)?;
        Ok(done)
    }

    fn put_in_place(&mut self, segments: impl Iterator<Item = u32>) -> io::Result<()> {
        for segment in segments {
            let name = segment_name(segment);
            self.disk.rename(&new_name(segment), &name)?;
            if segment == self.segment {
                self.vault = self.disk.open_write(&name)?;
                self.segment_size = self.vault.size()?;
            }
        }
        self.disk.sync_dir(VAULT)
    }
}

fn new_name(segment: u32) -> String {
    format!("{}{NEW}", segment_name(segment))
}

/// Takes the marks of one record and writes its line with `null` in their places.
fn blank(
    mut sealed: Sealed,
    left: &mut std::iter::Peekable<std::collections::btree_set::Iter<'_, Mark>>,
    done: &mut Erased,
    out: &mut Vec<u8>,
) -> Result<(), EraseError> {
    while let Some(mark) = left.next_if(|mark| mark.seq == sealed.seq) {
        let text = sealed.w.get_mut(mark.index);
        let text = text.ok_or(EraseError::NoSuchText { seq: mark.seq, index: mark.index })?;
        match text.take() {
            Some(_) => done.erased += 1,
            None => done.already += 1,
        }
    }
    sealed.write(out).map_err(|error| EraseError::Write(error.into()))
}
