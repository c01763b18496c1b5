//! The vault (密匣): what must be forgettable, beside the chain.
//!
//! In a body, `{"$w":"text"}` is a sealed text. The chain gets `{"$c":"<hex of SHA-256(salt ‖ text)>"}` in its place, the
//! vault the salt (32 random bytes) and the text, in the line of that record: `{"seq":5,"w":[["<salt>","text"],null]}`;
//! `null` is an erased one. Without its salt a commitment says nothing about the text, however short that is.
//!
//! **Order.** Texts stand in the order in which they stand in the record's line: depth first, arrays by index, objects
//! by the order of their keys. `serde_json` without `preserve_order` keeps keys sorted; with it, in the order of
//! insertion, which a line read back has too. So writer and reader walk alike under either.

use std::io::Write as _;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::chain::{begins_with_seq, push_hex, seq_of, unhex};
use super::disk::{Disk, Line, Window};
use super::errors::{BodyError, Damage, Fault, ReadError};
use super::{MAX_BATCH_BYTES, MAX_DEPTH, MAX_LINE_BYTES};

/// The directory of the segments.
pub(super) const VAULT: &str = "vault";
/// Bytes of a salt.
pub(super) const SALT: usize = 32;

/// File name of a segment, counted from 1.
pub(super) fn segment_name(number: u32) -> String {
    format!("{VAULT}/{number:06}.jsonl")
}

/// How many segments there are. They are numbered without gaps; other names in the directory are not looked at.
pub(super) fn segments(disk: &dyn Disk) -> Result<u32, ReadError> {
    let mut count = 0;
    for name in disk.list(VAULT).map_err(ReadError::io(VAULT))? {
        let Some(number) = name.strip_suffix(".jsonl").filter(|number| number.len() == 6) else {
            continue;
        };
        let Ok(number) = number.parse::<u32>() else {
            continue;
        };
        count += 1;
        if number != count {
            let file = segment_name(count);
            return Err(Damage { file, line: 0, offset: 0, seq: 0, what: "the segment is missing" }.into());
        }
    }
    Ok(count)
}

/// The text of an object of exactly the form `{"$w":"text"}`.
fn sealed_text(value: &Value) -> Option<&str> {
    let object = value.as_object().filter(|object| object.len() == 1)?;
    object.get("$w")?.as_str()
}

/// The sealed texts of a body in the order of their index, which [`super::Mark::index`] counts; an erased one is `None`.
#[must_use]
pub fn sealed_texts(body: &Value) -> Vec<Option<&str>> {
    fn walk<'a>(value: &'a Value, found: &mut Vec<Option<&'a str>>) {
        match value {
            Value::Object(object) if object.len() == 1 && object.contains_key("$gone") => found.push(None),
            Value::Object(object) => match sealed_text(value) {
                Some(text) => found.push(Some(text)),
                None => object.values().for_each(|value| walk(value, found)),
            },
            Value::Array(values) => values.iter().for_each(|value| walk(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(body, &mut found);
    found
}

/// May the body be a record? Answers how many sealed texts it has.
pub(super) fn check(body: &Value) -> Result<usize, BodyError> {
    let object = body.as_object().ok_or(BodyError::NoObject)?;
    if object.contains_key("seq") {
        return Err(BodyError::ReservedKey("seq"));
    }
    if object.contains_key("$w") {
        return Err(BodyError::BrokenSeal);
    }
    check_value(body, 1)
}

fn check_value(value: &Value, depth: usize) -> Result<usize, BodyError> {
    match value {
        Value::Array(_) | Value::Object(_) if depth > MAX_DEPTH => Err(BodyError::TooDeep),
        Value::Array(values) => values.iter().map(|value| check_value(value, depth + 1)).sum(),
        Value::Object(_) if sealed_text(value).is_some() => Ok(1),
        Value::Object(object) => {
            let mut seals = 0;
            for (key, value) in object {
                match key.as_str() {
                    "$w" => return Err(BodyError::BrokenSeal),
                    "$c" => return Err(BodyError::ReservedKey("$c")),
                    "$gone" => return Err(BodyError::ReservedKey("$gone")),
                    _ => seals += check_value(value, depth + 1)?,
                }
            }
            Ok(seals)
        }
        Value::Number(number) if number.is_f64() => Err(BodyError::Fraction(number.to_string())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(0),
    }
}

/// Writes checked bodies as lines of the chain and of the vault.
pub(super) struct Sealer<'a> {
    /// Where the record lines go.
    pub(super) chain: &'a mut Vec<u8>,
    /// Where the vault lines go.
    pub(super) vault: &'a mut Vec<u8>,
    /// One salt for each sealed text to come.
    pub(super) salts: std::slice::ChunksExact<'a, u8>,
}

impl Sealer<'_> {
    /// Appends the line of one record, and its vault line if it has sealed texts. Answers whether it has.
    pub(super) fn record(&mut self, seq: u64, body: &Value) -> Result<bool, BodyError> {
        let (chain_start, vault_start) = (self.chain.len(), self.vault.len());
        let _ = write!(self.chain, "{{\"seq\":{seq}");
        let _ = write!(self.vault, "{{\"seq\":{seq},\"w\":[");
        let before = self.vault.len();
        for (key, value) in body.as_object().ok_or(BodyError::NoObject)? {
            self.chain.push(b',');
            self.member(key, value, before).map_err(|error| BodyError::Json(error.to_string()))?;
        }
        self.chain.extend_from_slice(b"}\n");
        let sealed = self.vault.len() > before;
        if sealed {
            self.vault.extend_from_slice(b"]}\n");
        } else {
            self.vault.truncate(vault_start);
        }
        let bytes = (self.chain.len() - chain_start).max(self.vault.len() - vault_start);
        if bytes > MAX_LINE_BYTES { Err(BodyError::TooLong { bytes }) } else { Ok(sealed) }
    }

    fn member(&mut self, key: &str, value: &Value, before: usize) -> serde_json::Result<()> {
        serde_json::to_writer(&mut *self.chain, key)?;
        self.chain.push(b':');
        self.value(value, before)
    }

    /// `before`: how long the vault was when this record's texts began, to know where a comma goes.
    fn value(&mut self, value: &Value, before: usize) -> serde_json::Result<()> {
        match value {
            Value::Array(values) => {
                self.chain.push(b'[');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        self.chain.push(b',');
                    }
                    self.value(value, before)?;
                }
                self.chain.push(b']');
            }
            Value::Object(object) => match sealed_text(value) {
                Some(text) => return self.text(text, before),
                None => {
                    self.chain.push(b'{');
                    for (index, (key, value)) in object.iter().enumerate() {
                        if index > 0 {
                            self.chain.push(b',');
                        }
                        self.member(key, value, before)?;
                    }
                    self.chain.push(b'}');
                }
            },
            leaf => serde_json::to_writer(&mut *self.chain, leaf)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &str, before: usize) -> serde_json::Result<()> {
        // One salt was drawn for each text `check` counted; without one nothing may be written.
        let salt = self.salts.next().ok_or_else(|| serde::ser::Error::custom("no salt left"))?;
        self.chain.extend_from_slice(b"{\"$c\":\"");
        push_hex(self.chain, &commitment(salt, text));
        self.chain.extend_from_slice(b"\"}");
        if self.vault.len() > before {
            self.vault.push(b',');
        }
        self.vault.extend_from_slice(b"[\"");
        push_hex(self.vault, salt);
        self.vault.extend_from_slice(b"\",");
        serde_json::to_writer(&mut *self.vault, text)?;
        self.vault.push(b']');
        Ok(())
    }
}

/// SHA-256(salt ‖ text).
fn commitment(salt: &[u8], text: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(text).finalize().into()
}

/// The vault line of a record.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sealed {
    /// The record.
    pub(super) seq: u64,
    /// Salt in hex and text of each sealed text; `None` if it was erased.
    pub(super) w: Vec<Option<(String, String)>>,
}

impl Sealed {
    /// Appends the line, without its newline.
    pub(super) fn write(&self, into: &mut Vec<u8>) -> serde_json::Result<()> {
        let _ = write!(into, "{{\"seq\":{},\"w\":", self.seq);
        serde_json::to_writer(&mut *into, &self.w)?;
        into.push(b'}');
        Ok(())
    }

    /// Reads a line. As with headers only the one spelling counts: no changed byte goes unseen.
    pub(super) fn parse(line: &[u8], scratch: &mut Vec<u8>) -> Option<Sealed> {
        let sealed: Sealed = serde_json::from_slice(line).ok()?;
        scratch.clear();
        sealed.write(scratch).ok()?;
        (scratch == line && !sealed.w.is_empty()).then_some(sealed)
    }
}

/// How many commitments a record from the chain has.
pub(super) fn commitments(value: &Value) -> usize {
    match value {
        Value::Array(values) => values.iter().map(commitments).sum(),
        Value::Object(object) if object.contains_key("$c") => 1,
        Value::Object(object) => object.values().map(commitments).sum(),
        _ => 0,
    }
}

/// Puts the texts back in the place of their commitments, each checked. Answers how many were erased.
pub(super) fn unseal(
    value: &mut Value,
    texts: &mut std::vec::IntoIter<Option<(String, String)>>,
) -> Result<u64, &'static str> {
    match value {
        Value::Array(values) => values.iter_mut().map(|value| unseal(value, texts)).sum(),
        Value::Object(object) => {
            let Some(commitment_hex) = object.get("$c") else {
                return object.values_mut().map(|value| unseal(value, texts)).sum();
            };
            let expected = commitment_hex.as_str().and_then(unhex).ok_or("no commitment is spelled like this")?;
            let Some((salt, text)) = texts.next().ok_or("fewer texts than the record has")? else {
                *value = serde_json::json!({ "$gone": true });
                return Ok(1);
            };
            let salt = unhex(&salt).ok_or("the salt is not as it was written")?;
            if commitment(&salt, &text) != expected {
                return Err("the text is not the one the record commits to");
            }
            *value = serde_json::json!({ "$w": text });
            Ok(0)
        }
        _ => Ok(0),
    }
}

/// Are these the texts the record commits to?
fn check_line(record: Option<&[u8]>, line: &[u8], scratch: &mut Vec<u8>) -> Result<(), &'static str> {
    let record = record.ok_or("texts without a record")?;
    let mut body: Value = serde_json::from_slice(record).map_err(|_| "the record is not readable as JSON")?;
    let sealed = Sealed::parse(line, scratch).ok_or("the texts of the record are not as they were written")?;
    if sealed.w.len() != commitments(&body) {
        return Err("the texts are of another record");
    }
    unseal(&mut body, &mut sealed.w.into_iter()).map(|_| ())
}

/// A place in the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which segment, from 1.
    pub(super) segment: u32,
    /// How many lines of it lie before this place.
    pub(super) line: u64,
    /// Offset in it, in bytes.
    pub(super) offset: u64,
}

/// Reads vault lines one after the other, through all segments.
pub(super) struct VaultReader {
    disk: Arc<dyn Disk>,
    count: u32,
    window: Window,
    place: Place,
    /// Where the line read last begins.
    read: Place,
    scratch: Vec<u8>,
}

impl VaultReader {
    /// Begins before the first line of a segment.
    pub(super) fn new(disk: Arc<dyn Disk>, segment: u32) -> Result<VaultReader, ReadError> {
        let count = segments(disk.as_ref())?;
        let window = open_segment(disk.as_ref(), segment)?;
        let place = Place { segment, line: 0, offset: 0 };
        Ok(VaultReader { disk, count, window, place, read: place, scratch: Vec::new() })
    }

    /// Begins behind the line of record `sealed` (0: at the very beginning), which must be there. Finds the segment by
    /// the first line of each, from the newest on, and then reads that one segment, no more than it holds, for its
    /// lines' beginnings. No stored offset is needed, so erasing, which moves lines, makes no position void. On the way the
    /// texts of `records`, the record lines of the last batch, are checked against what these commit to.
    pub(super) fn after(disk: Arc<dyn Disk>, sealed: u64, records: &[u8]) -> Result<VaultReader, ReadError> {
        let mut segment = segments(disk.as_ref())?;
        while segment > 1 && first_seq(disk.as_ref(), segment)?.is_none_or(|first| first > sealed) {
            segment -= 1;
        }
        let mut reader = VaultReader::new(disk, segment)?;
        if sealed > 0 {
            reader.skip_to(sealed, records)?;
        }
        Ok(reader)
    }

    /// Goes behind the line of a record, within this segment.
    fn skip_to(&mut self, sealed: u64, records: &[u8]) -> Result<(), ReadError> {
        let name = segment_name(self.place.segment);
        let mut records = records.split_inclusive(|byte| *byte == b'\n').peekable();
        let begin = records.peek().and_then(|line| seq_of(line)).unwrap_or(u64::MAX);
        loop {
            let found = match self.window.line(MAX_LINE_BYTES).map_err(ReadError::io(&*name))? {
                Line::Whole(line) => {
                    if let Some(seq) = seq_of(line).filter(|seq| *seq >= begin) {
                        let record = records.find(|record| begins_with_seq(record, seq));
                        check_line(record, line, &mut self.scratch)
                            .map_err(|what| Self::damage_at(self.place, seq, what))?;
                    }
                    begins_with_seq(line, sealed)
                }
                _ => {
                    let what = "the texts of a record that was applied are missing";
                    return Err(self.damage(sealed, what).into());
                }
            };
            self.place.line += 1;
            self.place.offset = self.window.offset();
            if found {
                return Ok(());
            }
        }
    }

    /// Where the next line begins, if there is one in this segment.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// How many segments there are.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// The damage at the line that comes next.
    pub(super) fn damage(&self, seq: u64, what: &'static str) -> Damage {
        Self::damage_at(self.place, seq, what)
    }

    /// The damage at the line that was read last.
    pub(super) fn damage_in_last(&self, seq: u64, what: &'static str) -> Damage {
        Self::damage_at(self.read, seq, what)
    }

    fn damage_at(place: Place, seq: u64, what: &'static str) -> Damage {
        let Place { segment, line, offset } = place;
        Damage { file: segment_name(segment), line: line + 1, offset, seq, what }
    }

    /// Reads the next line, wanted for record `seq`; `None` at the end. `last`: the record is in the last batch, so a
    /// missing or unwritten line may be the work of a power cut.
    pub(super) fn next(&mut self, seq: u64, last: bool) -> Result<Option<Sealed>, Fault> {
        loop {
            let name = segment_name(self.place.segment);
            let final_segment = self.place.segment == self.count;
            let damage = self.damage(seq, "the texts of the record are missing or not as they were written");
            match self.window.line(MAX_LINE_BYTES).map_err(ReadError::io(name))? {
                Line::End if final_segment => return Ok(None),
                Line::End => {
                    self.place = Place { segment: self.place.segment + 1, line: 0, offset: 0 };
                    self.window = open_segment(self.disk.as_ref(), self.place.segment)?;
                }
                Line::Whole(line) => {
                    if let Some(sealed) = Sealed::parse(line, &mut self.scratch) {
                        self.read = self.place;
                        self.place.line += 1;
                        self.place.offset = self.window.offset();
                        return Ok(Some(sealed));
                    }
                    let unwritten = line.contains(&0);
                    return Err(torn_if(last && final_segment && unwritten, damage));
                }
                Line::Short => return Err(torn_if(last && final_segment, damage)),
                Line::TooLong => {
                    let unwritten = last && final_segment && self.rest_is_unwritten()?;
                    return Err(torn_if(unwritten, damage));
                }
            }
        }
    }

    /// Does a hole of NUL bytes hide the newlines of the rest?
    fn rest_is_unwritten(&mut self) -> Result<bool, ReadError> {
        let left = self.window.limit().saturating_sub(self.place.offset);
        let left = usize::try_from(left).ok().filter(|left| *left <= MAX_BATCH_BYTES);
        let Some(left) = left else { return Ok(false) };
        let rest =
            self.window.peek(self.place.offset, left).map_err(ReadError::io(segment_name(self.place.segment)))?;
        Ok(rest.contains(&0))
    }

    /// Says from where [`VaultReader::orphans`] is to look; reading must not go on after it.
    pub(super) fn go_back(&mut self, place: Place) {
        self.place = place;
    }

    /// How many records have texts from here to the end of the vault.
    pub(super) fn loose_records(&mut self) -> Result<usize, ReadError> {
        let mut found = std::collections::BTreeSet::new();
        for segment in self.place.segment..=self.count {
            let name = segment_name(segment);
            let mut file = self.disk.open_read(&name).map_err(ReadError::io(&*name))?;
            let size = file.size().map_err(ReadError::io(&*name))?;
            let offset = if segment == self.place.segment { self.place.offset } else { 0 };
            let mut window = Window::new(file, offset, size);
            while let Line::Whole(line) = window.line(MAX_LINE_BYTES).map_err(ReadError::io(&*name))? {
                found.extend(seq_of(line));
            }
        }
        Ok(found.len())
    }

    /// Is anything left from here to the end of the vault? Answers the segment, the offset and the bytes to be cut there;
    /// damage if it cannot be the remains of one batch behind record `head`.
    pub(super) fn orphans(&mut self, head: u64) -> Result<Option<(u32, u64, u64)>, ReadError> {
        let mut found = None;
        for segment in self.place.segment..=self.count {
            let name = segment_name(segment);
            let mut file = self.disk.open_read(&name).map_err(ReadError::io(&*name))?;
            let size = file.size().map_err(ReadError::io(&*name))?;
            let (offset, line) =
                if segment == self.place.segment { (self.place.offset, self.place.line) } else { (0, 0) };
            if size <= offset {
                continue;
            }
            let damage = |what| Damage { file: name.clone(), line: line + 1, offset, seq: head, what };
            let mut window = Window::new(file, offset, size);
            let first = match window.line(MAX_LINE_BYTES).map_err(ReadError::io(&*name))? {
                Line::Whole(line) => seq_of(line),
                _ => None,
            };
            if first.is_some_and(|first| first <= head) {
                return Err(damage("texts without a record").into());
            }
            if found.is_some() || segment != self.count || size - offset > MAX_BATCH_BYTES as u64 {
                return Err(damage("more texts without records than one batch has").into());
            }
            found = Some((segment, offset, size - offset));
        }
        Ok(found)
    }
}

fn torn_if(torn: bool, damage: Damage) -> Fault {
    if torn { Fault::Torn(damage) } else { damage.into() }
}

fn open_segment(disk: &dyn Disk, segment: u32) -> Result<Window, ReadError> {
    let name = segment_name(segment);
    let mut file = disk.open_read(&name).map_err(ReadError::io(&*name))?;
    let size = file.size().map_err(ReadError::io(name))?;
    Ok(Window::new(file, 0, size))
}

/// The record of a segment's first line; `None` if it has no whole line.
pub(super) fn first_seq(disk: &dyn Disk, segment: u32) -> Result<Option<u64>, ReadError> {
    match open_segment(disk, segment)?.line(MAX_LINE_BYTES).map_err(ReadError::io(segment_name(segment)))? {
        Line::Whole(line) => Ok(seq_of(line)),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use serde_json::json;

    use super::*;

    /// Seals a body as record 7 and answers both lines.
    fn seal(body: &Value) -> (Vec<u8>, Vec<u8>) {
        let salts: Vec<u8> = (0..check(body).unwrap() * SALT).map(|n| n as u8).collect();
        let (mut chain, mut vault) = (Vec::new(), Vec::new());
        let mut sealer = Sealer { chain: &mut chain, vault: &mut vault, salts: salts.chunks_exact(SALT) };
        sealer.record(7, body).unwrap();
        assert!(sealer.salts.next().is_none());
        (chain, vault)
    }

    fn open(chain: &[u8], vault: &[u8]) -> Value {
        let mut body: Value = serde_json::from_slice(chain).unwrap();
        let texts = match vault.strip_suffix(b"\n") {
            Some(line) => Sealed::parse(line, &mut Vec::new()).unwrap().w,
            None => Vec::new(),
        };
        assert_eq!(commitments(&body), texts.len());
        let mut texts = texts.into_iter();
        unseal(&mut body, &mut texts).unwrap();
        assert_eq!(body.as_object_mut().unwrap().remove("seq"), Some(json!(7)));
        body
    }

    #[test]
    fn no_word_of_a_sealed_text_is_in_the_chain() {
        let body = json!({"topic": 3, "title": {"$w": "加装电梯"}, "by": [{"$w": "张三"}, 5, {"x": {"$w": "\n\"🙂"}}]});
        let (chain, vault) = seal(&body);
        let chain_text = String::from_utf8(chain.clone()).unwrap();
        assert!(!chain_text.contains("电梯") && !chain_text.contains("张三"), "{chain_text}");
        assert!(chain_text.starts_with("{\"seq\":7,\"by\":[{\"$c\":\""), "{chain_text}");
        assert_eq!(chain_text.lines().count(), 1);
        assert_eq!(sealed_texts(&body), [Some("张三"), Some("\n\"🙂"), Some("加装电梯")]);
        assert_eq!(open(&chain, &vault), body);
    }

    #[test]
    fn what_would_confuse_chain_and_vault_is_refused() {
        let mut deep = json!(1);
        for _ in 0..MAX_DEPTH {
            deep = json!([deep]);
        }
        for (body, why) in [
            (json!([]), BodyError::NoObject),
            (json!({"seq": 1}), BodyError::ReservedKey("seq")),
            (json!({"a": {"$c": "x"}}), BodyError::ReservedKey("$c")),
            (json!({"$gone": true}), BodyError::ReservedKey("$gone")),
            (json!({"$w": "text"}), BodyError::BrokenSeal),
            (json!({"a": {"$w": 5}}), BodyError::BrokenSeal),
            (json!({"a": [{"$w": "text", "b": 1}]}), BodyError::BrokenSeal),
            (json!({"a": 0.5}), BodyError::Fraction("0.5".into())),
            (json!({ "a": deep }), BodyError::TooDeep),
        ] {
            assert_eq!(check(&body), Err(why), "{body}");
        }
        assert_eq!(check(&json!({"a": {"seq": 1}, "b": {"$w": ""}, "c": -1})), Ok(1));
    }

    #[test]
    fn an_erased_text_reads_as_gone_and_keeps_its_index() {
        let (chain, vault) = seal(&json!({"a": {"$w": "one"}, "b": {"$w": "two"}}));
        let mut sealed = Sealed::parse(vault.strip_suffix(b"\n").unwrap(), &mut Vec::new()).unwrap();
        sealed.w[0] = None;
        let mut line = Vec::new();
        sealed.write(&mut line).unwrap();
        line.push(b'\n');
        let body = open(&chain, &line);
        assert_eq!(body, json!({"a": {"$gone": true}, "b": {"$w": "two"}}));
        assert_eq!(sealed_texts(&body), [None, Some("two")]);
    }

    #[test]
    fn every_flipped_bit_of_a_vault_line_shows() {
        let (chain, vault) = seal(&json!({"a": {"$w": "赞成 \u{1b} abc\\"}}));
        let line = vault.strip_suffix(b"\n").unwrap();
        for bit in 0..line.len() * 8 {
            let mut line = line.to_vec();
            line[bit / 8] ^= 1 << (bit % 8);
            let Some(sealed) = Sealed::parse(&line, &mut Vec::new()) else {
                continue;
            };
            let mut body: Value = serde_json::from_slice(&chain).unwrap();
            assert!(sealed.seq != 7 || unseal(&mut body, &mut sealed.w.into_iter()).is_err(), "bit {bit}");
        }
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["\\PC{0,20}", proptest::collection::vec(any::<char>(), 0..20).prop_map(|c| c.into_iter().collect())]
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            text().prop_map(Value::from),
            text().prop_map(|text| json!({ "$w": text })),
        ];
        leaf.prop_recursive(6, 64, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map(key(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// Any key but those of the ledger.
    fn key() -> impl Strategy<Value = String> {
        text().prop_filter("belongs to the ledger", |key| !["$w", "$c", "$gone", "seq"].contains(&key.as_str()))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::with_cases(300) })]
        #[test]
        fn sealing_and_unsealing_gives_the_same_body(map in proptest::collection::btree_map(key(), value(), 0..6)) {
            let body = Value::Object(map.into_iter().collect());
            let (chain, vault) = seal(&body);
            prop_assert_eq!(chain.iter().filter(|byte| **byte == b'\n').count(), 1);
            prop_assert_eq!(vault.is_empty(), sealed_texts(&body).is_empty());
            prop_assert_eq!(open(&chain, &vault), body);
        }
    }
}
