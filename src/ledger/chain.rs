//! The form of `ledger.jsonl`: the format line, headers, record lines, and reading them in order with every hash checked.

use std::io::Write as _;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::disk::{DiskFile, Line, Window, read_range};
use super::errors::{Damage, Fault, ReadError};
use super::{FORMAT, MAX_BATCH_BYTES, MAX_RECORDS, Position};

/// The file.
pub(super) const CHAIN: &str = "ledger.jsonl";
/// Longest header or format line, without its newline. The longest possible header has 252 bytes.
pub(super) const MAX_HEADER: usize = 512;
/// How every header begins, and no record: records begin with `{"seq":`, and a newline inside a JSON string is escaped.
pub(super) const HEADER_MARK: &[u8] = b"\n{\"batch\":";

/// SHA-256.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Appends bytes as lowercase hex.
pub(super) fn push_hex(into: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        into.push(DIGITS[usize::from(byte >> 4)]);
        into.push(DIGITS[usize::from(byte & 15)]);
    }
}

/// Bytes as lowercase hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Exactly 64 lowercase hex digits; capitals would be a second spelling of the same bytes, a change nobody noticed.
pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let text = text.as_bytes();
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// The first line, without its newline.
pub(super) fn format_line(id: &str) -> Vec<u8> {
    format!(r#"{{"xieshang":"ledger","format":{FORMAT},"id":"{id}"}}"#).into_bytes()
}

fn is_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| DIGITS.contains(&byte))
}

/// The header (批头) of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Sequence of its first record.
    pub(super) first: u64,
    /// How many records, at least 1.
    pub(super) count: u64,
    /// Length of the record lines, newlines included.
    pub(super) bytes: u64,
    /// SHA-256 of exactly these lines.
    pub(super) body: [u8; 32],
    /// SHA-256 of the header line before, or of the format line.
    pub(super) prev: [u8; 32],
}

impl Header {
    /// Appends the header line, without its newline.
    pub(super) fn write(&self, into: &mut Vec<u8>) {
        // A `Vec` takes every write.
        let _ = write!(into, r#"{{"batch":{},"count":{},"bytes":{},"sha256":""#, self.first, self.count, self.bytes);
        push_hex(into, &self.body);
        into.extend_from_slice(br#"","prev":""#);
        push_hex(into, &self.prev);
        into.extend_from_slice(br#""}"#);
    }

    /// Reads a header line. Only the exact spelling of [`Header::write`] counts, so that no changed byte goes unseen.
    pub(super) fn parse(line: &[u8]) -> Option<Header> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields<'a> {
            batch: u64,
            count: u64,
            bytes: u64,
            sha256: &'a str,
            prev: &'a str,
        }
        let fields: Fields = serde_json::from_slice(line).ok()?;
        let (body, prev) = (unhex(fields.sha256)?, unhex(fields.prev)?);
        let header = Header { first: fields.batch, count: fields.count, bytes: fields.bytes, body, prev };
        let mut spelled = Vec::with_capacity(MAX_HEADER);
        header.write(&mut spelled);
        let sane = (1..=MAX_RECORDS as u64).contains(&header.count) && header.bytes <= MAX_BATCH_BYTES as u64;
        (sane && spelled == line && header.first.checked_add(header.count).is_some()).then_some(header)
    }
}

/// Does the line begin `{"seq":N` and then go on or end as an object?
pub(super) fn begins_with_seq(line: &[u8], seq: u64) -> bool {
    seq_of(line) == Some(seq)
}

/// The N of a line that begins `{"seq":N,` or is `{"seq":N}`, in plain digits.
pub(super) fn seq_of(line: &[u8]) -> Option<u64> {
    let rest = line.strip_prefix(b"{\"seq\":")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let plain = rest.first() != Some(&b'0') && matches!(rest.get(digits), Some(b',' | b'}'));
    if !plain {
        return None;
    }
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

/// Reads and checks the format line. Answers the ledger's id and the position behind that line.
pub(super) fn read_format(file: &mut dyn DiskFile) -> Result<(String, Position), ReadError> {
    #[derive(Deserialize)]
    struct Fields {
        xieshang: String,
        format: u64,
        id: String,
    }
    let damage = |what| Damage { file: CHAIN.into(), line: 1, offset: 0, seq: 0, what };
    let start = read_range(file, 0, MAX_HEADER + 1).map_err(ReadError::io(CHAIN))?;
    let end = start.iter().position(|byte| *byte == b'\n').ok_or_else(|| damage("no format line"))?;
    let line = &start[..end];
    let fields: Fields = serde_json::from_slice(line).map_err(|_| damage("the format line is not readable"))?;
    if fields.xieshang == "ledger" && fields.format != FORMAT {
        return Err(ReadError::Format { found: fields.format });
    }
    if format_line(&fields.id) != line || !is_id(&fields.id) {
        return Err(damage("the format line is not as it was written").into());
    }
    Ok((fields.id, Position { seq: 0, line: 1, header: 0, offset: end as u64 + 1, head: sha256(line), sealed: 0 }))
}

/// Reads batches one after the other.
pub(super) struct ChainReader {
    window: Window,
    at: Position,
    /// The header line that was read last, as bytes.
    raw: Vec<u8>,
}

impl ChainReader {
    /// Begins behind `at`, whose own batch is checked with [`check_position`], and ends at the offset `limit`.
    pub(super) fn new(file: Box<dyn DiskFile>, at: Position, limit: u64) -> ChainReader {
        ChainReader { window: Window::new(file, at.offset, limit), at, raw: Vec::new() }
    }

    /// Behind which batch it stands. `sealed` is that of the beginning: this reader does not know the vault.
    pub(super) fn position(&self) -> &Position {
        &self.at
    }

    /// True if nothing follows.
    pub(super) fn at_end(&self) -> bool {
        self.window.offset() >= self.window.limit()
    }

    /// The damage at the beginning of the batch that comes next.
    fn damage(&self, what: &'static str) -> Damage {
        let Position { line, offset, seq, .. } = self.at;
        Damage { file: CHAIN.into(), line: line + 1, offset, seq: seq + 1, what }
    }

    /// Reads the next batch, all hashes checked, and puts its record lines into `body`. False at the end.
    pub(super) fn next(&mut self, body: &mut Vec<u8>) -> Result<bool, Fault> {
        let Some(header) = self.next_header()? else {
            return Ok(false);
        };
        if header.first != self.at.seq + 1 {
            return Err(self.damage("the header names another first record").into());
        }
        if header.prev != self.at.head {
            return Err(self.damage("the header does not hold on to the one before").into());
        }
        let count = usize::try_from(header.bytes).unwrap_or(MAX_BATCH_BYTES);
        self.window.take(count, body).map_err(ReadError::io(CHAIN))?;
        if body.len() < count {
            return Err(self.tail("the batch is shorter than its header says", true)?);
        }
        if sha256(body) != header.body {
            return Err(self.tail("the records do not have the hash in their header", false)?);
        }
        self.check_lines(&header, body)?;
        self.at = Position {
            seq: header.first + header.count - 1,
            line: self.at.line + 1 + header.count,
            header: self.at.offset,
            offset: self.window.offset(),
            head: sha256(&self.raw),
            sealed: self.at.sealed,
        };
        Ok(true)
    }

    fn next_header(&mut self) -> Result<Option<Header>, Fault> {
        let short = match self.window.line(MAX_HEADER).map_err(ReadError::io(CHAIN))? {
            Line::End => return Ok(None),
            Line::Whole(line) => {
                self.raw.clear();
                self.raw.extend_from_slice(line);
                if let Some(header) = Header::parse(line) {
                    return Ok(Some(header));
                }
                false
            }
            Line::Short => true,
            Line::TooLong => false,
        };
        Err(self.tail("no header, or not as it was written", short)?)
    }

    /// Every record line must carry its sequence: the hash says the lines are as written, this that they were right.
    fn check_lines(&self, header: &Header, body: &[u8]) -> Result<(), Damage> {
        let mut seq = header.first;
        let mut offset = self.window.offset() - body.len() as u64;
        for line in body.split_inclusive(|byte| *byte == b'\n') {
            if !begins_with_seq(line, seq) || line.last() != Some(&b'\n') || seq - header.first == header.count {
                let line = self.at.line + 2 + (seq - header.first);
                return Err(Damage { file: CHAIN.into(), line, offset, seq, what: "no record of this sequence" });
            }
            offset += line.len() as u64;
            seq += 1;
        }
        if seq - header.first == header.count { Ok(()) } else { Err(self.damage("fewer records than the header says")) }
    }

    /// Torn or damaged? A power cut leaves the last batch *short*, or with blocks that were never written, which read
    /// as NUL bytes (in a JSON line there is none). Bytes that are all there and wrong are no power cut. And what
    /// another batch follows was synced before that one was begun.
    fn tail(&mut self, what: &'static str, short: bool) -> Result<Fault, ReadError> {
        let damage = self.damage(what);
        let left = self.window.limit().saturating_sub(self.at.offset);
        if left > (MAX_HEADER + 1 + MAX_BATCH_BYTES) as u64 {
            return Ok(damage.into());
        }
        let left = usize::try_from(left).unwrap_or(MAX_BATCH_BYTES);
        let tail = self.window.peek(self.at.offset, left).map_err(ReadError::io(CHAIN))?;
        let followed = tail.windows(HEADER_MARK.len()).any(|bytes| bytes == HEADER_MARK);
        let torn = !followed && (short || tail.contains(&0));
        Ok(if torn { Fault::Torn(damage) } else { damage.into() })
    }
}

/// Checks that the ledger still contains the batch that ends at `at`, hash and all. Reads only that batch, and answers its
/// record lines.
pub(super) fn check_position(file: &mut dyn DiskFile, start: &Position, at: &Position) -> Result<Vec<u8>, ReadError> {
    let damage = |what| Damage { file: CHAIN.into(), line: at.line, offset: at.header, seq: at.seq, what };
    if at.seq == 0 {
        return if at == start {
            Ok(Vec::new())
        } else {
            Err(damage("this is not the ledger that was applied").into())
        };
    }
    let size = file.size().map_err(ReadError::io(CHAIN))?;
    if size < at.offset {
        return Err(damage("the ledger is shorter than what was applied").into());
    }
    let length = at.offset.checked_sub(at.header).filter(|length| *length <= (MAX_HEADER + 1 + MAX_BATCH_BYTES) as u64);
    let length = length.ok_or_else(|| damage("the applied position is no position"))?;
    let length = usize::try_from(length).unwrap_or(MAX_BATCH_BYTES);
    let batch = read_range(file, at.header, length).map_err(ReadError::io(CHAIN))?;
    let end = batch.iter().position(|byte| *byte == b'\n').unwrap_or(batch.len());
    let (line, body) = (&batch[..end], batch.get(end + 1..).unwrap_or_default());
    if sha256(line) != at.head {
        return Err(damage("the header is not the one that was applied").into());
    }
    let header = Header::parse(line).ok_or_else(|| damage("no header, or not as it was written"))?;
    if header.first + header.count - 1 != at.seq || header.bytes != body.len() as u64 {
        return Err(damage("the applied position is no position").into());
    }
    if sha256(body) != header.body {
        let what = "the records do not have the hash in their header";
        return Err(Damage { line: at.line.saturating_sub(header.count), ..damage(what) }.into());
    }
    Ok(body.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header { first: 5, count: 2, bytes: 40, body: [0xab; 32], prev: [1; 32] }
    }

    #[test]
    fn a_header_reads_as_written_and_in_no_other_spelling() {
        let mut line = Vec::new();
        header().write(&mut line);
        assert_eq!(Header::parse(&line), Some(header()));
        let text = String::from_utf8(line).unwrap();
        for (from, to) in [("ab", "AB"), ("5,", "05,"), (",", ", "), ("}", ",\"x\":1}"), ("\"count\":2", "\"count\":0")]
        {
            let other = text.replacen(from, to, 1);
            assert_eq!(Header::parse(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn the_longest_header_fits() {
        let count = MAX_RECORDS as u64;
        let mut line = Vec::new();
        Header { first: u64::MAX - count, count, bytes: MAX_BATCH_BYTES as u64, ..header() }.write(&mut line);
        assert!(Header::parse(&line).is_some());
        assert!(line.len() <= MAX_HEADER, "{}", line.len());
    }

    #[test]
    fn a_sequence_is_read_in_plain_digits_only() {
        for (line, seq) in [
            ("{\"seq\":5,\"a\":1}", Some(5)),
            ("{\"seq\":12}", Some(12)),
            ("{\"seq\":05}", None),
            ("{\"seq\":}", None),
            ("{\"seq\":5", None),
            ("{\"seq\":99999999999999999999,", None),
            ("{\"batch\":5,", None),
        ] {
            assert_eq!(seq_of(line.as_bytes()), seq, "{line}");
        }
    }

    #[test]
    fn hex_has_one_spelling() {
        let bytes = sha256(b"");
        assert_eq!(hex(&bytes), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        assert_eq!(unhex(&hex(&bytes).to_uppercase()), None);
        assert_eq!(unhex("e3"), None);
        assert_eq!(unhex(&"协商".repeat(11)), None);
    }
}
