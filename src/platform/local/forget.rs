//! 忘记 — the chat's own history anew, without somebody whose data was erased by law. Nothing may have it open meanwhile: sled keeps old
//! values in its files, so the history is copied beside, and put in its place.

use super::NAME;
use super::store::{Message, Speaker, TREE, message_bytes};
use crate::platform::Gone;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The history could not be made anew.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// sled says so.
    #[error("chat history: {0}")]
    Sled(#[from] sled::Error),
    /// The folder cannot be put in its place.
    #[error("chat history: {0}")]
    Folder(#[from] std::io::Error),
}

fn beside(dir: &Path) -> PathBuf {
    dir.with_added_extension("new")
}

/// Puts a history that was copied whole in its place, where a power cut came between taking the old one away and that; throws away
/// what was not.
///
/// # Errors
/// If the folder cannot be changed.
pub fn settle(dir: &Path) -> std::io::Result<()> {
    let new = beside(dir);
    match (dir.exists(), new.exists()) {
        (false, true) => std::fs::rename(new, dir),
        (true, true) => std::fs::remove_dir_all(new),
        (_, false) => Ok(()),
    }
}

/// Copies the history in a folder without what is gone: `person` and `text` stand in its place.
///
/// # Errors
/// [`ForgetError`]; the old history is then as it was.
pub fn forget(dir: &Path, gone: &Gone, person: &str, text: &str) -> Result<(), ForgetError> {
    anew(dir, &Names { gone, person, text, since: None })
}

/// Copies the history in a folder without messages from before a moment, if there are any.
///
/// # Errors
/// [`ForgetError`]; the old history is then as it was.
pub fn expire(dir: &Path, since: DateTime<Utc>) -> Result<(), ForgetError> {
    settle(dir)?;
    let has_old = dir.exists() && {
        let tree = open(dir)?.open_tree(TREE)?;
        let first_parts = tree.scan_prefix(b"m").filter_map(Result::ok).filter(|(key, _)| key.ends_with(&[0, 0]));
        first_parts.map(|(_, part)| part).any(|part| is_before(&part, since))
    };
    if has_old {
        anew(dir, &Names { gone: &Gone::default(), person: "", text: "", since: Some(since) })
    } else {
        Ok(())
    }
}

/// Whether a message, of which this is the beginning, was said before a moment: `"at"` stands near its beginning.
fn is_before(part: &[u8], since: DateTime<Utc>) -> bool {
    let text = String::from_utf8_lossy(part);
    let at = text.split_once("\"at\":\"").and_then(|(_, rest)| rest.split('"').next());
    at.and_then(|at| at.parse::<DateTime<Utc>>().ok()).is_some_and(|at| at < since)
}

fn anew(dir: &Path, names: &Names<'_>) -> Result<(), ForgetError> {
    settle(dir)?;
    if !dir.exists() {
        return Ok(());
    }
    let new = beside(dir);
    {
        let (old, copy) = (open(dir)?, open(&new)?);
        copy_rows(&old.open_tree(TREE)?, &copy.open_tree(TREE)?, names)?;
        copy.flush()?;
    }
    std::fs::remove_dir_all(dir)?;
    std::fs::rename(new, dir)?;
    Ok(())
}

/// A former handle of this process may just be letting go.
fn open(dir: &Path) -> Result<sled::Db, sled::Error> {
    let config = sled::Config::new().path(dir).cache_capacity(8 * 1024 * 1024);
    for _ in 0..250 {
        match config.open() {
            Err(sled::Error::Io(error)) if error.to_string().contains("could not acquire lock") => {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            opened => return opened,
        }
    }
    config.open()
}

struct Names<'g> {
    gone: &'g Gone,
    person: &'g str,
    text: &'g str,
    /// Messages from before are left out.
    since: Option<DateTime<Utc>>,
}

impl Names<'_> {
    fn is_private(&self, chat: &[u8]) -> bool {
        let address = format!("{NAME}:{}", String::from_utf8_lossy(chat));
        self.gone.accounts.contains(&address)
    }

    fn is_speaker(&self, who: &Speaker) -> bool {
        match who {
            Speaker::Bot => false,
            Speaker::Name(name) => {
                self.gone.accounts.contains(&format!("{NAME}:{name}")) || self.gone.names.contains(name)
            }
        }
    }

    fn speaker(&self, who: &mut Speaker) -> bool {
        let is_gone = self.is_speaker(who);
        if is_gone {
            *who = Speaker::Name(self.person.to_owned());
        }
        is_gone
    }

    /// The message without what is gone.
    fn clean(&self, message: &mut Message) {
        let mark = self.text;
        if self.speaker(&mut message.from) {
            message.text = mark.to_owned();
            message.id = None;
        } else {
            message.text = self.kept(&message.from, &message.text);
        }
        if let Some(quoted) = &mut message.reply {
            quoted.text = match self.speaker(&mut quoted.from) {
                true => mark.to_owned(),
                false => self.kept(&quoted.from, &quoted.text),
            };
        }
    }

    /// What stays of a text of somebody else: the bot's without what is gone, which it was put together from; what a person said goes
    /// whole where that stands in it, as what they said of somebody would stay behind a name that is gone.
    fn kept(&self, from: &Speaker, text: &str) -> String {
        let rest = self.gone.out_of(text, self.text);
        match from {
            Speaker::Name(_) if rest != text => self.text.to_owned(),
            Speaker::Name(_) | Speaker::Bot => rest,
        }
    }
}

/// Messages lie in parts: they are put together, cleaned and taken apart again. All else goes over as it is, unless it names whoever
/// is gone.
fn copy_rows(old: &sled::Tree, new: &sled::Tree, names: &Names<'_>) -> Result<(), sled::Error> {
    let mut message: (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut parts: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    for row in old {
        let (key, value) = row?;
        let (kind, rest) = key.split_first().map_or((0, &[][..]), |(kind, rest)| (*kind, rest));
        if kind != b'm' {
            let chat = rest.split(|&byte| byte == 0).next().unwrap_or_default();
            let is_gone = match kind {
                b'e' => names.is_private(value.split(|&byte| byte == 0).next().unwrap_or_default()),
                b'c' => names.is_private(chat),
                _ => names.is_private(chat) || names.gone.is_in_bytes(&key),
            };
            if !is_gone {
                new.insert(&key, &value)?;
            }
            continue;
        }
        let head = key.get(..key.len().saturating_sub(2)).unwrap_or_default().to_vec();
        if message.0 != head {
            put(&message, &mut parts, names)?;
            message = (head, Vec::new());
        }
        message.1.extend_from_slice(&value);
    }
    put(&message, &mut parts, names)?;
    for (key, value) in parts {
        new.insert(key, value)?;
    }
    Ok(())
}

fn put(
    (head, bytes): &(Vec<u8>, Vec<u8>),
    parts: &mut BTreeMap<Vec<u8>, Vec<u8>>,
    names: &Names<'_>,
) -> Result<(), sled::Error> {
    let chat = head.get(1..).and_then(|rest| rest.split(|&byte| byte == 0).next()).unwrap_or_default();
    let Ok(mut message) = serde_json::from_slice::<Message>(bytes) else { return Ok(()) };
    if !names.is_private(chat) && names.since.is_none_or(|since| message.at >= since) {
        names.clean(&mut message);
        parts.extend(message_bytes(&String::from_utf8_lossy(chat), &message));
    }
    Ok(())
}
