//! Texts as Telegram reads them: HTML parse mode, UTF-16 offsets, and what becomes a command or a mention by itself.

use serde_json::{Value, json};

/// A text as shown, and what is marked in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    pub text: String,
    pub entities: Vec<Value>,
}

const TAGS: [&str; 16] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "span",
    "pre",
    "code",
    "blockquote",
];
/// Telegram marks at most so many places of a text.
const MOST_ENTITIES: usize = 100;

struct Open {
    tag: String,
    argument: String,
    /// Where it begins in the text as shown, in UTF-16 units.
    from: usize,
    /// The same in bytes.
    byte: usize,
}

struct Reader<'a> {
    raw: &'a [u8],
    at: usize,
    out: Vec<u8>,
    units: usize,
    open: Vec<Open>,
    entities: Vec<(usize, usize, Value)>,
}

/// Reads HTML as the server does. What it refuses is told in its words.
pub fn parse(html: &str) -> Result<Parsed, String> {
    let mut reader =
        Reader { raw: html.as_bytes(), at: 0, out: Vec::new(), units: 0, open: Vec::new(), entities: Vec::new() };
    reader.read()?;
    // Sorted as the server sorts them: by place, the longer before the shorter.
    reader.entities.sort_by_key(|(from, length, _)| (*from, std::cmp::Reverse(*length)));
    let text = String::from_utf8(reader.out).map_err(|_| "Text must be encoded in UTF-8".to_owned())?;
    let mut entities: Vec<Value> = reader.entities.into_iter().map(|(_, _, entity)| entity).collect();
    entities.truncate(MOST_ENTITIES);
    Ok(trimmed(Parsed { text, entities }))
}

/// The server takes white space off both ends of a text.
pub fn trimmed(parsed: Parsed) -> Parsed {
    let begun = parsed.text.trim_start();
    let lead = parsed.text.encode_utf16().count() - begun.encode_utf16().count();
    let text = begun.trim_end().to_owned();
    if text.len() == parsed.text.len() {
        return parsed;
    }
    let all = text.encode_utf16().count();
    let entities = parsed.entities.into_iter().filter_map(|mut entity| {
        let from = usize::try_from(entity["offset"].as_u64()?).ok()?;
        let end = (from + usize::try_from(entity["length"].as_u64()?).ok()?).saturating_sub(lead).min(all);
        let from = from.saturating_sub(lead).min(all);
        entity["offset"] = json!(from);
        entity["length"] = json!(end - from);
        (end > from).then_some(entity)
    });
    Parsed { entities: entities.collect(), text }
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> u8 {
        self.raw.get(at).copied().unwrap_or(0)
    }

    fn word(&self, from: usize, to: usize) -> String {
        String::from_utf8_lossy(self.raw.get(from..to).unwrap_or_default()).into_owned()
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.at < self.raw.len() && wanted(self.byte(self.at)) {
            self.at += 1;
        }
    }

    fn read(&mut self) -> Result<(), String> {
        while self.at < self.raw.len() {
            let byte = self.byte(self.at);
            if byte == b'&'
                && let Some(c) = self.entity()
            {
                self.units += c.len_utf16();
                self.out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            } else if byte == b'<' {
                if self.byte(self.at + 1) == b'/' { self.end_tag()? } else { self.start_tag()? }
            } else {
                self.units += usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0);
                self.out.push(byte);
                self.at += 1;
            }
        }
        match self.open.last() {
            Some(open) => Err(format!("Can't find end tag corresponding to start tag \"{}\"", open.tag)),
            None => Ok(()),
        }
    }

    /// `&lt;` `&gt;` `&amp;` `&quot;` and numbers; anything else stays as it is written.
    fn entity(&mut self) -> Option<char> {
        let mut end = self.at + 1;
        let code = if self.byte(end) == b'#' {
            end += 1;
            let radix = if self.byte(end) == b'x' { 16 } else { 10 };
            end += usize::from(radix == 16);
            let begin = end;
            while char::from(self.byte(end)).is_digit(radix) {
                end += 1;
            }
            if end - self.at >= 10 {
                return None;
            }
            u32::from_str_radix(&self.word(begin, end), radix).ok().filter(|code| *code != 0)?
        } else {
            while self.byte(end).is_ascii_alphabetic() {
                end += 1;
            }
            match self.word(self.at + 1, end).as_str() {
                "lt" => u32::from(b'<'),
                "gt" => u32::from(b'>'),
                "amp" => u32::from(b'&'),
                "quot" => u32::from(b'"'),
                _ => return None,
            }
        };
        let c = char::from_u32(code)?;
        self.at = if self.byte(end) == b';' { end + 1 } else { end };
        Some(c)
    }

    fn start_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        self.at += 1;
        self.skip(|byte| !byte.is_ascii_whitespace() && byte != b'>');
        let unclosed = format!("Unclosed start tag at byte offset {begin}");
        if self.at >= self.raw.len() {
            return Err(unclosed);
        }
        let tag = self.word(begin + 1, self.at).to_lowercase();
        if !TAGS.contains(&tag.as_str()) {
            return Err(format!("Unsupported start tag \"{tag}\" at byte offset {begin}"));
        }
        let mut argument = String::new();
        loop {
            self.skip(|byte| byte.is_ascii_whitespace());
            if self.at >= self.raw.len() {
                return Err(unclosed);
            }
            if self.byte(self.at) == b'>' {
                break;
            }
            let (name, value) = self.attribute(begin, &tag)?;
            match (tag.as_str(), name.as_str()) {
                ("a", "href") | ("tg-emoji", "emoji-id") => argument = value,
                ("code", "class") if value.starts_with("language-") => argument = value.replacen("language-", "", 1),
                ("span", "class") if value.starts_with("tg-") => argument = value.replacen("tg-", "", 1),
                ("blockquote", "expandable") => argument = "1".to_owned(),
                _ => {}
            }
        }
        if tag == "span" && argument != "spoiler" {
            return Err(format!("Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"));
        }
        self.at += 1;
        self.open.push(Open { tag, argument, from: self.units, byte: self.out.len() });
        Ok(())
    }

    fn attribute(&mut self, begin: usize, tag: &str) -> Result<(String, String), String> {
        let unclosed = format!("Unclosed start tag at byte offset {begin}");
        let from = self.at;
        self.skip(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'=' | b'>' | b'/' | b'"' | b'\''));
        let name = self.word(from, self.at);
        if name.is_empty() {
            return Err(format!("Empty attribute name in the tag \"{tag}\" at byte offset {begin}"));
        }
        self.skip(|byte| byte.is_ascii_whitespace());
        if self.byte(self.at) != b'=' {
            return if self.at < self.raw.len() { Ok((name, String::new())) } else { Err(unclosed) };
        }
        self.at += 1;
        self.skip(|byte| byte.is_ascii_whitespace());
        let quote = self.byte(self.at);
        if quote != b'"' && quote != b'\'' {
            let from = self.at;
            self.skip(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-');
            let ends = self.at < self.raw.len();
            if ends && !self.byte(self.at).is_ascii_whitespace() && self.byte(self.at) != b'>' {
                return Err(format!("Unexpected end of name token at byte offset {from}"));
            }
            return if ends { Ok((name, self.word(from, self.at).to_lowercase())) } else { Err(unclosed) };
        }
        self.at += 1;
        let mut value = Vec::new();
        while self.at < self.raw.len() && self.byte(self.at) != quote {
            if self.byte(self.at) == b'&'
                && let Some(c) = self.entity()
            {
                value.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                continue;
            }
            value.push(self.byte(self.at));
            self.at += 1;
        }
        self.at += 1;
        if self.at >= self.raw.len() {
            return Err(unclosed);
        }
        Ok((name, String::from_utf8_lossy(&value).into_owned()))
    }

    fn end_tag(&mut self) -> Result<(), String> {
        let begin = self.at;
        let Some(open) = self.open.pop() else { return Err(format!("Unexpected end tag at byte offset {begin}")) };
        self.at += 2;
        self.skip(|byte| !byte.is_ascii_whitespace() && byte != b'>');
        let name = self.word(begin + 2, self.at).to_lowercase();
        self.skip(|byte| byte.is_ascii_whitespace());
        if self.byte(self.at) != b'>' {
            return Err(format!("Unclosed end tag at byte offset {begin}"));
        }
        self.at += 1;
        if !name.is_empty() && name != open.tag {
            return Err(format!(
                "Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{name}>\"",
                open.tag
            ));
        }
        self.close(open);
        Ok(())
    }

    fn close(&mut self, open: Open) {
        let length = self.units - open.from;
        if length == 0 {
            return;
        }
        let kind = match open.tag.as_str() {
            "b" | "strong" => "bold",
            "i" | "em" => "italic",
            "s" | "strike" | "del" => "strikethrough",
            "u" | "ins" => "underline",
            "tg-spoiler" | "span" => "spoiler",
            "tg-emoji" => "custom_emoji",
            "a" => "text_link",
            "blockquote" if open.argument.is_empty() => "blockquote",
            "blockquote" => "expandable_blockquote",
            "pre" => "pre",
            _ => "code",
        };
        let mut entity = json!({"type": kind, "offset": open.from, "length": length});
        match kind {
            "custom_emoji" => entity["custom_emoji_id"] = json!(open.argument),
            "text_link" => {
                let shown = String::from_utf8_lossy(self.out.get(open.byte..).unwrap_or_default()).into_owned();
                let url = if open.argument.is_empty() { shown } else { open.argument };
                // A link without a place to go is dropped without a word.
                if !url.contains('.') && !url.contains("://") {
                    return;
                }
                entity["url"] = json!(url);
            }
            "code" if !open.argument.is_empty() => entity["language"] = json!(open.argument),
            "pre" => {
                // <pre><code class="language-x">…</code></pre> is one block with a language.
                let inner = self.entities.iter().position(|(from, inside, inner)| {
                    (*from, *inside) == (open.from, length) && inner["type"] == "code"
                });
                if let Some(inner) = inner {
                    let (_, _, inner) = self.entities.remove(inner);
                    if inner["language"].is_string() {
                        entity["language"] = inner["language"].clone();
                    }
                }
            }
            _ => {}
        }
        self.entities.push((open.from, length, entity));
    }
}

/// What the server marks by itself: `/[a-z0-9_]{1,32}` with an optional `@name`, and `@name`.
pub fn marked(parsed: &mut Parsed) {
    let chars: Vec<char> = parsed.text.chars().collect();
    let is_word = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let run = |from: usize| chars.get(from..).unwrap_or_default().iter().take_while(|c| is_word(c)).count();
    let (mut at, mut offset) = (0, 0);
    let mut found = Vec::new();
    while let Some(c) = chars.get(at) {
        let free =
            at == 0 || chars.get(at - 1).is_some_and(|before| !before.is_alphanumeric() && !"_/@<".contains(*before));
        let mut length = 0;
        let mut kind = "";
        if *c == '/' && free {
            let word = run(at + 1);
            if (1..=32).contains(&word) {
                (kind, length) = ("bot_command", 1 + word);
                let name = run(at + length + 1);
                if chars.get(at + length) == Some(&'@') && (3..=32).contains(&name) {
                    length += 1 + name;
                }
                // "/a/b" and "/投票x" are no commands.
                let after = chars.get(at + length);
                if after.is_some_and(|after| *after == '/' || after.is_alphanumeric()) {
                    length = 0;
                }
            }
        } else if *c == '@' && free && (3..=32).contains(&run(at + 1)) {
            (kind, length) = ("mention", 1 + run(at + 1));
        }
        if length == 0 {
            offset += c.len_utf16();
            at += 1;
        } else {
            found.push(json!({"type": kind, "offset": offset, "length": length}));
            offset += length;
            at += length;
        }
    }
    let begin = |entity: &Value| entity["offset"].as_u64().unwrap_or(0);
    let end = |entity: &Value| begin(entity) + entity["length"].as_u64().unwrap_or(0);
    let hides = |entity: &Value| matches!(entity["type"].as_str(), Some("code" | "pre" | "text_link"));
    found.retain(|one| !parsed.entities.iter().any(|own| hides(own) && begin(own) < end(one) && begin(one) < end(own)));
    parsed.entities.extend(found);
    parsed.entities.sort_by_key(|entity| (begin(entity), std::cmp::Reverse(end(entity))));
}
