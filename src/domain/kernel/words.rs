//! What people said, and may ask us to forget: free text, names, room numbers, accounts, ballot choices.

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Text that must be forgettable. In JSON it is `{"$w":"text"}`, which the ledger replaces by a salted commitment while the
/// text itself goes to the vault (保管库); once erased it reads as [`Words::Erased`] and the rest of the program treats it as absent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Words {
    /// As it was said, to the letter.
    Said(String),
    /// Erased by law; only the commitment is left.
    Erased,
}

impl Words {
    /// The text; empty when erased.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Said(text) => text,
            Self::Erased => "",
        }
    }
}

/// Stands for the name of somebody whose name was erased, until it is put into words (已注销用户).
pub const NOBODY: char = '\u{E000}';
/// Stands for a text that was erased, until it is put into words.
pub const GONE: char = '\u{E001}';

impl Words {
    /// A name as the world keeps it: what was erased is still somebody.
    #[must_use]
    pub fn or_nobody(&self) -> Self {
        self.or(NOBODY)
    }

    /// A text as the world keeps it: what was erased was still said.
    #[must_use]
    pub fn or_gone(&self) -> Self {
        self.or(GONE)
    }

    fn or(&self, mark: char) -> Self {
        match self {
            Self::Said(text) => Self::Said(text.clone()),
            Self::Erased => Self::Said(mark.to_string()),
        }
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::Said(String::new())
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::Said(text.to_owned())
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::Said(text)
    }
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return match self {
                Self::Said(text) => Some(text.as_str()),
                Self::Erased => None,
            }
            .serialize(serializer);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::Said(text) => map.serialize_entry("$w", text)?,
            Self::Erased => map.serialize_entry("$gone", &true)?,
        }
        map.end()
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{\"$w\": text} or {\"$gone\": true}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
        let words = match map.next_key::<String>()?.as_deref() {
            Some("$w") => Words::Said(map.next_value()?),
            Some("$gone") => {
                map.next_value::<bool>()?;
                Words::Erased
            }
            _ => return Err(de::Error::custom("neither $w nor $gone")),
        };
        match map.next_key::<String>()? {
            None => Ok(words),
            Some(_) => Err(de::Error::custom("more than one key in a sealed text")),
        }
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return deserializer.deserialize_map(WordsVisitor);
        }
        Ok(match Option::<String>::deserialize(deserializer)? {
            Some(text) => Self::Said(text),
            None => Self::Erased,
        })
    }
}
