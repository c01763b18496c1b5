//! 命令目录 — `commands/*.toml`: which commands there are, who may give them where, and every word of every answer.
//!
//! TOML says who may ask, where, in what words; Rust says whether it is true.

use super::about::About;
use super::fold::fold;
use super::merging::Merging;
use crate::domain::people::person::Role;
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::LazyLock;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/commands");
static BUILTIN: LazyLock<Result<Catalog, CatalogError>> = LazyLock::new(|| Catalog::from_files(embedded()));

/// The TOML files built into the program; templates beside them belong to other rooms.
fn embedded() -> BTreeMap<String, String> {
    let text =
        |file: &include_dir::File<'_>| Some((file.path().to_str()?.to_owned(), file.contents_utf8()?.to_owned()));
    FILES.files().filter_map(text).filter(|(name, _)| name.ends_with(".toml")).collect()
}

/// Largest file taken from a clerk's directory, in bytes.
const MAX_FILE: u64 = 256 * 1024;
/// Most lines of a reply in the catalogue.
const MAX_LINES: usize = 8;

/// 语言 — the language of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// `zh` or `en`; anything else reads as Chinese.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        if code.eq_ignore_ascii_case("en") { Self::En } else { Self::Zh }
    }
}

/// One text in both languages (双语).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Both<T = String> {
    /// 中文.
    pub zh: T,
    /// English.
    pub en: T,
}

impl<T> Both<T> {
    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &T {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// 所在 — where a command may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// 群.
    Group,
    /// 私聊.
    Private,
    /// 网页.
    Page,
}

/// A sentence that must parse to the command of its file (例句).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// `group` (default), `private`, or `reply:` and the quoted message of the bot.
    #[serde(default = "in_group")]
    pub scene: String,
}

fn in_group() -> String {
    "group".to_owned()
}

/// A line of /帮助.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpLine {
    /// In whose help it stands.
    #[serde(rename = "for")]
    pub role: Role,
    /// Its place there.
    pub order: u32,
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
}

/// 应答 — one reply: its text and the words on its buttons.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
    /// Words on the buttons under it (按钮).
    #[serde(default)]
    pub buttons: Both<Vec<String>>,
    /// What it is about; the program's business, not a clerk's.
    #[serde(default)]
    pub about: Option<About>,
    /// How it is said in a busy group; the program's business, too.
    #[serde(default)]
    pub receipt: Merging,
}

impl Reply {
    /// Its text in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// 词 — one term and the other spellings that are understood.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// 中文.
    pub zh: String,
    /// English.
    pub en: String,
    /// Other spellings understood in commands.
    #[serde(default)]
    pub accept: Vec<String>,
    #[serde(skip)]
    spellings: Vec<String>,
}

impl Word {
    /// The term in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommandFile {
    name: String,
    english: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    traditional: Vec<String>,
    #[serde(default)]
    homophones: Vec<String>,
    roles: Vec<Role>,
    places: Vec<PlaceKind>,
    #[serde(default)]
    bare: bool,
    #[serde(default)]
    with_reference: bool,
    usage: Both,
    what: Both,
    example: Both,
    #[serde(default)]
    examples: Vec<Example>,
    #[serde(default)]
    help: Vec<HelpLine>,
    #[serde(default)]
    replies: BTreeMap<String, Reply>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RepliesFile {
    replies: BTreeMap<String, Reply>,
}

/// Words that are understood, and what is answered to them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainFile {
    terms: BTreeMap<String, Word>,
    replies: BTreeMap<String, Reply>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsFile {
    terms: BTreeMap<String, Word>,
}

/// 命令 — one command as the catalogue knows it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Canonical Chinese name, e.g. 议题.
    pub name: String,
    /// English names; the first is the file's name.
    pub english: Vec<String>,
    /// Other Chinese names (别名).
    pub aliases: Vec<String>,
    /// Traditional forms (繁体).
    pub traditional: Vec<String>,
    /// Misspellings that are answered with a hint, never carried out (同音).
    pub homophones: Vec<String>,
    /// Who may give it. With 群众 in it: everybody.
    pub roles: Vec<Role>,
    /// Where it may be given.
    pub places: Vec<PlaceKind>,
    /// Takes no argument: its name must end the line.
    pub bare: bool,
    /// Of what takes no argument: a reference such as 1-2 may stand there all the same.
    pub with_reference: bool,
    /// Usage line.
    pub usage: Both,
    /// What it does, in one line.
    pub what: Both,
    /// The example shown in hints.
    pub example: Both,
    /// Sentences that must parse to it.
    pub examples: Vec<Example>,
    /// Its lines in the help.
    pub help: Vec<HelpLine>,
}

impl Entry {
    /// First English name = name of its file.
    #[must_use]
    pub fn key(&self) -> &str {
        self.english.first().map_or("", String::as_str)
    }

    /// Whether somebody holding `role` may give it.
    #[must_use]
    pub fn open_to(&self, role: Role) -> bool {
        self.roles.contains(&Role::Resident) || self.roles.contains(&role)
    }

    /// Whether it may be given there.
    #[must_use]
    pub fn allowed_in(&self, place: PlaceKind) -> bool {
        self.places.contains(&place)
    }

    /// Every name it answers to, folded.
    pub fn names(&self) -> impl Iterator<Item = String> + '_ {
        std::iter::once(&self.name)
            .chain(&self.english)
            .chain(&self.aliases)
            .chain(&self.traditional)
            .map(|name| fold(name))
    }
}

/// Something is wrong in `commands/`; says which file and which key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogError {
    /// Not readable, or not TOML of the right shape.
    #[error("commands/{file}: {why}")]
    File {
        /// File name.
        file: String,
        /// What the reader says.
        why: String,
    },
    /// A name or key appears twice.
    #[error("commands/{file}: {what} is already in commands/{other}")]
    Twice {
        /// File name.
        file: String,
        /// The name or key.
        what: String,
        /// Where it was first.
        other: String,
    },
    /// A text is missing or does not fit its counterpart.
    #[error("commands/{file}: {key}: {why}")]
    Text {
        /// File name.
        file: String,
        /// The reply, term or field.
        key: String,
        /// What is wrong.
        why: String,
    },
}

/// A name as it is looked up: folded, with the command it means.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub folded: String,
    pub chars: usize,
    pub entry: usize,
}

/// 命令目录 — all commands, replies and terms.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    entries: Vec<Entry>,
    replies: BTreeMap<String, Reply>,
    terms: BTreeMap<String, Word>,
    /// By first character, longest first.
    names: HashMap<char, Vec<Name>>,
    homophones: Vec<Name>,
    by_key: HashMap<String, usize>,
}

impl Catalog {
    /// The catalogue built into the program.
    ///
    /// # Errors
    /// [`CatalogError`] when a file of `commands/` is broken; a test sees to it that it is not.
    pub fn builtin() -> Result<&'static Self, CatalogError> {
        BUILTIN.as_ref().map_err(Clone::clone)
    }

    /// The built-in catalogue with the files of a clerk's directory in place of those of the same name.
    ///
    /// # Errors
    /// [`CatalogError`] naming the file and key that is wrong.
    pub fn load(dir: &Path) -> Result<Self, CatalogError> {
        let mut files = embedded();
        let fail = |file: &Path, why: &dyn std::fmt::Display| CatalogError::File {
            file: file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned(),
            why: why.to_string(),
        };
        for item in std::fs::read_dir(dir).map_err(|e| fail(dir, &e))? {
            let path = item.map_err(|e| fail(dir, &e))?.path();
            if path.extension().is_none_or(|ext| ext != "toml") {
                continue;
            }
            if std::fs::metadata(&path).map_err(|e| fail(&path, &e))?.len() > MAX_FILE {
                return Err(fail(&path, &"larger than 256 KB"));
            }
            let text = std::fs::read_to_string(&path).map_err(|e| fail(&path, &e))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.insert(name, text);
        }
        let mut catalog = Self::from_files(files)?;
        catalog.complete(Self::builtin()?)?;
        catalog.keep_about(Self::builtin()?);
        Ok(catalog)
    }

    /// A clerk may reword anything, but take nothing away and ask for nothing the program does not supply.
    fn complete(&self, builtin: &Self) -> Result<(), CatalogError> {
        let wrong =
            |key: &str, why: String| Err(CatalogError::Text { file: "*.toml".to_owned(), key: key.to_owned(), why });
        for entry in &builtin.entries {
            if self.entry(entry.key()).is_none() || self.entry(&entry.name).is_none() {
                return wrong(entry.key(), format!("the command {} must keep its name", entry.name));
            }
        }
        if self.entries.len() != builtin.entries.len() {
            return wrong("name", "a command the program does not know".to_owned());
        }
        let (ours, theirs) = (self.texts(), builtin.texts());
        for (key, text) in &theirs {
            let Some(mine) = ours.get(key) else { return wrong(key, "missing".to_owned()) };
            let known = braces(text);
            if let Some(strange) = braces(mine).into_iter().find(|name| !known.contains(name)) {
                return wrong(key, format!("nothing fills {{{strange}}}; known here: {known:?}"));
            }
        }
        Ok(())
    }

    /// Whatever words a clerk puts into a reply, it stays about what it was about, and waits as it did; a copy of a file from before may not say.
    fn keep_about(&mut self, builtin: &Self) {
        for (key, reply) in &mut self.replies {
            let known = builtin.replies.get(key);
            reply.about = known.and_then(|known| known.about.clone());
            reply.receipt = known.map(|known| known.receipt.clone()).unwrap_or_default();
        }
    }

    /// Chinese text of every reply and term (both languages have the same braces).
    fn texts(&self) -> BTreeMap<&str, &str> {
        let replies = self.replies.iter().map(|(key, reply)| (key.as_str(), reply.zh.as_str()));
        replies.chain(self.terms.iter().map(|(key, word)| (key.as_str(), word.zh.as_str()))).collect()
    }

    fn from_files(files: BTreeMap<String, String>) -> Result<Self, CatalogError> {
        let mut catalog = Self::default();
        let mut origin = HashMap::new();
        for (file, text) in &files {
            let bad = |e: toml::de::Error| CatalogError::File { file: file.clone(), why: e.to_string() };
            match file.as_str() {
                "words.toml" | "short.toml" => {
                    catalog.add_words(file, toml::from_str::<WordsFile>(text).map_err(bad)?)?
                }
                "plain.toml" => {
                    let PlainFile { terms, replies } = toml::from_str(text).map_err(bad)?;
                    catalog.add_words(file, WordsFile { terms })?;
                    catalog.add_replies(file, replies, &mut origin)?;
                }
                "errors.toml" => {
                    let RepliesFile { replies } = toml::from_str(text).map_err(bad)?;
                    catalog.add_replies(file, replies, &mut origin)?;
                }
                _ => {
                    let command: CommandFile = toml::from_str(text).map_err(bad)?;
                    catalog.add_command(file, command, &mut origin)?;
                }
            }
        }
        catalog.index();
        Ok(catalog)
    }

    fn add_words(&mut self, file: &str, words: WordsFile) -> Result<(), CatalogError> {
        for (key, mut word) in words.terms {
            check_pair(file, &key, &word.zh, &word.en)?;
            word.spellings = [&word.zh, &word.en].into_iter().chain(&word.accept).map(|text| fold(text)).collect();
            self.terms.insert(key, word);
        }
        Ok(())
    }

    fn add_replies(
        &mut self,
        file: &str,
        replies: BTreeMap<String, Reply>,
        origin: &mut HashMap<String, String>,
    ) -> Result<(), CatalogError> {
        for (key, mut reply) in replies {
            reply.zh = reply.zh.trim_end_matches('\n').to_owned();
            reply.en = reply.en.trim_end_matches('\n').to_owned();
            if key != "none" {
                check_pair(file, &key, &reply.zh, &reply.en)?;
            }
            if reply.buttons.zh.len() != reply.buttons.en.len() {
                let why = "as many buttons in zh as in en, please".to_owned();
                return Err(CatalogError::Text { file: file.to_owned(), key, why });
            }
            if let Some(other) = origin.insert(format!("reply {key}"), file.to_owned()) {
                return Err(CatalogError::Twice { file: file.to_owned(), what: format!("reply {key}"), other });
            }
            self.replies.insert(key, reply);
        }
        Ok(())
    }

    fn add_command(
        &mut self,
        file: &str,
        command: CommandFile,
        origin: &mut HashMap<String, String>,
    ) -> Result<(), CatalogError> {
        self.add_replies(file, command.replies, origin)?;
        let entry = Entry {
            name: command.name,
            english: command.english,
            aliases: command.aliases,
            traditional: command.traditional,
            homophones: command.homophones,
            roles: command.roles,
            places: command.places,
            bare: command.bare,
            with_reference: command.with_reference,
            usage: command.usage,
            what: command.what,
            example: command.example,
            examples: command.examples,
            help: command.help,
        };
        if format!("{}.toml", entry.key()) != file {
            let why = format!("the first English name must be the name of the file, not {}", entry.key());
            return Err(CatalogError::Text { file: file.to_owned(), key: "english".to_owned(), why });
        }
        for name in entry.names().chain(entry.homophones.iter().map(|name| fold(name))) {
            let why = "a name is empty or has a blank in it".to_owned();
            if name.is_empty() || name.contains(char::is_whitespace) {
                return Err(CatalogError::Text { file: file.to_owned(), key: name, why });
            }
            if let Some(other) = origin.insert(format!("name {name}"), file.to_owned()) {
                return Err(CatalogError::Twice { file: file.to_owned(), what: format!("name {name}"), other });
            }
        }
        self.entries.push(entry);
        Ok(())
    }

    fn index(&mut self) {
        for (at, entry) in self.entries.iter().enumerate() {
            self.by_key.insert(entry.name.clone(), at);
            self.by_key.insert(entry.key().to_owned(), at);
            for folded in entry.names() {
                let Some(first) = folded.chars().next() else { continue };
                let name = Name { chars: folded.chars().count(), folded, entry: at };
                self.names.entry(first).or_default().push(name);
            }
            for folded in entry.homophones.iter().map(|name| fold(name)) {
                self.homophones.push(Name { chars: folded.chars().count(), folded, entry: at });
            }
            let spellings = vec![fold(&entry.example.zh), fold(&entry.example.en)];
            let word =
                Word { zh: entry.example.zh.clone(), en: entry.example.en.clone(), accept: Vec::new(), spellings };
            self.terms.insert(format!("ex.{}", entry.key()), word);
            if entry.bare {
                let Both { zh, en } = entry.usage.clone();
                let word = Word { zh, en, accept: Vec::new(), spellings: Vec::new() };
                self.terms.insert(format!("usage.{}", entry.key()), word);
            }
        }
        for names in self.names.values_mut() {
            names.sort_by(|a, b| b.chars.cmp(&a.chars).then_with(|| a.folded.cmp(&b.folded)));
        }
        self.homophones.sort_by(|a, b| b.chars.cmp(&a.chars).then_with(|| a.folded.cmp(&b.folded)));
    }

    /// All commands.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// A command by its canonical Chinese or first English name.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.by_key.get(name).and_then(|at| self.entries.get(*at))
    }

    /// A command by any of its names, written in any width or case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Entry> {
        let folded = fold(name);
        let first = folded.chars().next()?;
        let name = self.names.get(&first)?.iter().find(|name| name.folded == folded)?;
        self.entries.get(name.entry)
    }

    /// A reply by its key.
    #[must_use]
    pub fn reply(&self, key: &str) -> Option<&Reply> {
        self.replies.get(key)
    }

    /// How a reply waits in a busy group.
    #[must_use]
    pub fn merging(&self, key: &str) -> &Merging {
        self.replies.get(key).map_or(&Merging::Itself, |reply| &reply.receipt)
    }

    /// All replies by key.
    pub fn replies(&self) -> impl Iterator<Item = (&str, &Reply)> {
        self.replies.iter().map(|(key, reply)| (key.as_str(), reply))
    }

    /// A term by its key (`side.expert`); `ex.suggest` is the example of a command.
    #[must_use]
    pub fn term(&self, key: &str) -> Option<&Word> {
        self.terms.get(key)
    }

    /// All terms by key.
    pub fn terms(&self) -> impl Iterator<Item = (&str, &Word)> {
        self.terms.iter().map(|(key, word)| (key.as_str(), word))
    }

    /// Whether somebody who wrote `text` meant the term `key`.
    #[must_use]
    pub fn means(&self, key: &str, text: &str) -> bool {
        self.spelled(key, &fold(super::fold::trim(text)))
    }

    /// Like [`Self::means`], for text that is folded already.
    pub(super) fn spelled(&self, key: &str, folded: &str) -> bool {
        self.terms.get(key).is_some_and(|word| word.spellings.iter().any(|spelling| spelling == folded))
    }

    /// Whether a text has a term somewhere in it, however it is spelled.
    #[must_use]
    pub fn is_within(&self, key: &str, text: &str) -> bool {
        let text = fold(text);
        self.terms.get(key).is_some_and(|word| word.spellings.iter().any(|spelling| text.contains(spelling.as_str())))
    }

    /// What follows a term with which a text begins, however it is spelled.
    pub(super) fn after<'t>(&self, key: &str, text: &'t str) -> Option<&'t str> {
        let spellings = self.terms.get(key).map_or(&[][..], |word| word.spellings.as_slice());
        spellings.iter().filter_map(|spelling| super::fold::strip(text, spelling)).min_by_key(|rest| rest.len())
    }

    /// Every spelling of a term, folded.
    pub(super) fn spellings(&self, key: &str) -> &[String] {
        self.terms.get(key).map_or(&[], |word| word.spellings.as_slice())
    }

    /// Which of several terms was meant.
    pub(super) fn which<T: Copy>(&self, all: &[T], term: fn(T) -> &'static str, text: &str) -> Option<T> {
        let folded = fold(super::fold::trim(text));
        all.iter().copied().find(|item| self.spelled(term(*item), &folded))
    }

    pub(super) fn names_from(&self, first: char) -> &[Name] {
        self.names.get(&first).map_or(&[], Vec::as_slice)
    }

    pub(super) fn all_names(&self) -> impl Iterator<Item = &Name> {
        self.names.values().flatten()
    }

    pub(super) fn homophones(&self) -> &[Name] {
        &self.homophones
    }

    pub(super) fn at(&self, entry: usize) -> Option<&Entry> {
        self.entries.get(entry)
    }
}

/// The names in braces of a template, in order, each once.
#[must_use]
pub fn braces(template: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in template.split('{').skip(1) {
        if let Some((name, _)) = part.split_once('}')
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && !found.contains(&name)
        {
            found.push(name);
        }
    }
    found
}

fn check_pair(file: &str, key: &str, zh: &str, en: &str) -> Result<(), CatalogError> {
    let fail = |why: String| Err(CatalogError::Text { file: file.to_owned(), key: key.to_owned(), why });
    if zh.trim().is_empty() || en.trim().is_empty() {
        return fail("zh and en are both needed".to_owned());
    }
    let (mut in_zh, mut in_en) = (braces(zh), braces(en));
    in_zh.sort_unstable();
    in_en.sort_unstable();
    if in_zh != in_en {
        return fail(format!("braces differ: zh has {in_zh:?}, en has {in_en:?}"));
    }
    if zh.lines().count() > MAX_LINES || en.lines().count() > MAX_LINES {
        return fail(format!("more than {MAX_LINES} lines"));
    }
    Ok(())
}
