//! 配置 — `config.toml`, every key with its default and one line why in `config.example.toml`. Unknown keys are an error.

use chrono::NaiveTime;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use xieshang::domain::scene::Settings;

/// The file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The committee.
    pub committee: Committee,
    /// The digest.
    pub digest: Digest,
    /// Where data lies.
    pub data: Data,
    /// Pages.
    pub web: Web,
    /// The built-in chat.
    pub local: Local,
}

/// `[committee]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Committee {
    /// Heads every digest.
    pub name: String,
    /// IANA name.
    pub timezone: String,
    /// Address of the pages as people reach it; empty = no link is printed.
    pub public_url: String,
    /// `zh` or `en`.
    pub language: String,
    /// Accounts that are administrators from the start.
    pub admins: Vec<String>,
    /// Seconds at which coordinators are told.
    pub hot_seconds: u32,
    /// Words that belong to petitions and courts; absent = the built-in list.
    pub turned_away: Option<Vec<String>>,
}

impl Default for Committee {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            name: settings.name,
            timezone: "Asia/Shanghai".to_owned(),
            public_url: String::new(),
            language: settings.language,
            admins: Vec::new(),
            hot_seconds: settings.hot_seconds,
            turned_away: None,
        }
    }
}

/// `[digest]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Digest {
    /// Time of day until a group sets its own.
    pub at: String,
    /// Quiet from and to, until a group sets its own.
    pub quiet: [String; 2],
}

impl Default for Digest {
    fn default() -> Self {
        Self { at: "20:00".to_owned(), quiet: ["22:00".to_owned(), "7:30".to_owned()] }
    }
}

/// `[data]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// Folder of the ledger and the working store.
    pub path: PathBuf,
    /// Folder with files of `commands/` that a clerk has changed; empty = the built-in ones.
    pub commands: PathBuf,
}

impl Default for Data {
    fn default() -> Self {
        Self { path: PathBuf::from("data"), commands: PathBuf::new() }
    }
}

/// `[web]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Web {
    /// Address the pages and the built-in chat listen on.
    pub listen: SocketAddr,
}

impl Default for Web {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8088)) }
    }
}

/// `[local]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Local {
    /// Whether the built-in chat runs.
    pub enabled: bool,
    /// Fixtures an empty ledger starts with; empty = the demo groups and people.
    pub fixtures: PathBuf,
}

impl Default for Local {
    fn default() -> Self {
        Self { enabled: true, fixtures: PathBuf::new() }
    }
}

/// What is wrong with a configuration, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Cannot be read.
    #[error("{path}: {source}")]
    Read {
        /// File.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Not TOML of this form.
    #[error("{path}: {why}\nconfig.example.toml lists every key")]
    Form {
        /// File.
        path: String,
        /// Why.
        why: Box<toml::de::Error>,
    },
    /// A value nobody understands.
    #[error("[{section}] {key} = “{value}”: {hint}")]
    Value {
        /// Section.
        section: &'static str,
        /// Key.
        key: &'static str,
        /// Value.
        value: String,
        /// What it may be.
        hint: &'static str,
    },
}

impl Config {
    /// Reads FILE; without one, `config.toml` in the working directory if there is one; otherwise the embedded default.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let beside = Path::new("config.toml");
        let path = match file {
            Some(path) => path,
            None if beside.exists() => beside,
            None => return Ok(Self::default()),
        };
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read { path: shown.clone(), source })?;
        toml::from_str(&text).map_err(|why| ConfigError::Form { path: shown, why: Box::new(why) })
    }

    /// The settings of the office.
    ///
    /// # Errors
    /// [`ConfigError::Value`].
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let committee = &self.committee;
        let defaults = Settings::default();
        if !matches!(committee.language.as_str(), "zh" | "en") {
            return Err(value("committee", "language", &committee.language, "write zh or en"));
        }
        let zone = committee.timezone.parse();
        let url = committee.public_url.trim_end_matches('/');
        if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(value("committee", "public_url", url, "write it with https:// or leave it empty"));
        }
        Ok(Settings {
            name: committee.name.clone(),
            tz: zone.map_err(|_| {
                value("committee", "timezone", &committee.timezone, "write an IANA name such as Asia/Shanghai")
            })?,
            public_url: (!url.is_empty()).then(|| url.to_owned()),
            language: committee.language.clone(),
            digest_at: time("at", &self.digest.at)?,
            quiet: (time("quiet", &self.digest.quiet[0])?, time("quiet", &self.digest.quiet[1])?),
            hot_seconds: committee.hot_seconds,
            turned_away: committee.turned_away.clone().unwrap_or(defaults.turned_away),
            admins: committee.admins.clone(),
        })
    }
}

fn value(section: &'static str, key: &'static str, value: &str, hint: &'static str) -> ConfigError {
    ConfigError::Value { section, key, value: value.to_owned(), hint }
}

fn time(key: &'static str, text: &str) -> Result<NaiveTime, ConfigError> {
    NaiveTime::parse_from_str(text, "%H:%M")
        .map_err(|_| value("digest", key, text, "write a time of day such as 20:00"))
}
