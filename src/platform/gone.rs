//! 注销的人 — by what somebody whose data is erased by law is known in texts: what a platform that keeps a history takes out of it.

use std::collections::BTreeSet;

/// What is to be found nowhere any more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    /// Names.
    pub names: BTreeSet<String>,
    /// Accounts and addresses of private chats.
    pub accounts: BTreeSet<String>,
    /// Beginnings of what they said.
    pub texts: BTreeSet<String>,
    /// Flats and the like: not looked for by themselves, others may share them, but gone where the name stands beside them.
    pub details: BTreeSet<String>,
    /// Longer names of others in which one of the names stands.
    pub spared: BTreeSet<String>,
}

impl Gone {
    fn all(&self) -> impl Iterator<Item = &String> {
        self.names.iter().chain(&self.accounts).chain(&self.texts)
    }

    /// Whether a text holds any of it.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let mut flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for longer in &self.spared {
            flat = flat.replace(longer.as_str(), "");
        }
        self.all().any(|gone| flat.contains(gone.as_str()))
    }

    /// Whether bytes hold any of it, as they lie on a disk.
    #[must_use]
    pub fn is_in_bytes(&self, bytes: &[u8]) -> bool {
        let holds =
            |part: &String| !part.is_empty() && bytes.windows(part.len()).any(|window| window == part.as_bytes());
        self.all().any(holds)
    }

    /// The text without any of it: a mark in place of the name; where more than a name stood in it, in place of all.
    #[must_use]
    pub fn out_of(&self, text: &str, mark: &str) -> String {
        if !self.is_in(text) {
            return text.to_owned();
        }
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.texts.iter().chain(&self.accounts).chain(&self.details).any(|gone| flat.contains(gone.as_str())) {
            return mark.to_owned();
        }
        self.names.iter().fold(text.to_owned(), |text, name| text.replace(name.as_str(), mark))
    }
}
