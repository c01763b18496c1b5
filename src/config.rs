//! 配置 — `config.toml`, every key with its default and one line why in `config.example.toml`. Unknown keys are an error.

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use xieshang::domain::kernel::settings::{self, Category, Settings};
use xieshang::web::callers::Proxies;

/// Categories one office can have, and letters of a name.
const MAX_CATEGORIES: usize = 100;
const MAX_CATEGORY: usize = 20;

/// The file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The committee.
    pub committee: Committee,
    /// The digest.
    pub digest: Digest,
    /// Records of duty.
    pub duty: Duty,
    /// Who may be of use for what.
    pub matching: Matching,
    /// Where data lies.
    pub data: Data,
    /// Pages.
    pub web: Web,
    /// The built-in chat.
    pub local: Local,
    /// How long what is kept.
    pub retention: Retention,
    /// Telegram.
    pub telegram: Telegram,
    /// WeCom (企业微信).
    pub wecom: Wecom,
    /// The machine's own terminal.
    pub console: Console,
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
    /// Hours a further account of somebody waits that two officials vouched for.
    pub join_hours: u32,
    /// Days on which no term ends, such as 2025-05-01.
    pub holidays: Vec<String>,
    /// Whether whoever asked for something is told in private when it moves.
    pub tell_proposers: bool,
    /// Seconds at which coordinators are told.
    pub hot_seconds: u32,
    /// Mandates one trustee may hold in a vote.
    pub mandates: u32,
    /// Whether those who have not voted are reminded before the end.
    pub remind: bool,
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
            join_hours: 24,
            holidays: Vec::new(),
            tell_proposers: true,
            hot_seconds: settings.hot_seconds,
            mandates: settings.mandates,
            remind: settings.remind,
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

/// `[duty]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Duty {
    /// Whether points are counted.
    pub points: bool,
}

/// `[matching]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Matching {
    /// Whether sector groups are told of new requests of a category that maps to them.
    pub tell_sectors: bool,
    /// Name, words, sectors and departments of each category; absent = the built-in ten.
    pub categories: Option<Vec<[String; 4]>>,
}

impl Default for Matching {
    fn default() -> Self {
        Self { tell_sectors: true, categories: None }
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
    /// Reverse proxies that are believed when they say whose request it is.
    pub trusted_proxies: Vec<String>,
}

impl Web {
    /// The proxies that are believed.
    ///
    /// # Errors
    /// [`ConfigError::Value`].
    pub fn proxies(&self) -> Result<Proxies, ConfigError> {
        let hint = "write addresses or networks such as 127.0.0.1, 10.0.0.0/8";
        Proxies::read(&self.trusted_proxies).map_err(|text| value("web", "trusted_proxies", &text, hint))
    }
}

impl Default for Web {
    fn default() -> Self {
        let trusted_proxies = ["127.0.0.1", "::1"].map(str::to_owned).to_vec();
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8088)), trusted_proxies }
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

/// `[retention]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Days the built-in chat's history is kept; 0 = the last 2,000 messages of each chat.
    pub chat_history_days: u32,
    /// Days a claim waits to be confirmed, and how many wait at one time.
    pub claim_days: u32,
    /// See there.
    pub claims: usize,
    /// Days an invitation code is good, and how many are at one time.
    pub code_days: u32,
    /// See there.
    pub codes: usize,
    /// Hours the link of an export is good, and how many are at one time.
    pub link_hours: u32,
    /// See there.
    pub links: usize,
}

impl Default for Retention {
    fn default() -> Self {
        let settings::Retention { claim_days, claims, code_days, codes, link_hours, links } =
            settings::Retention::default();
        Self { chat_history_days: 0, claim_days, claims, code_days, codes, link_hours, links }
    }
}

/// What waits is kept for at least one, and at most for so long (days or hours), or so many.
const MOST_KEPT_DAYS: u32 = 90;
const MOST_KEPT_HOURS: u32 = 24 * MOST_KEPT_DAYS;
const MOST_KEPT: usize = 10_000;

impl Retention {
    fn limits(&self) -> Result<settings::Retention, ConfigError> {
        let Self { chat_history_days: _, claim_days, claims, code_days, codes, link_hours, links } = *self;
        let within = |key, said: u64, most: u64| match (1..=most).contains(&said) {
            true => Ok(()),
            false => {
                Err(value("retention", key, &said.to_string(), "write 1 or more, days up to 90, numbers up to 10000"))
            }
        };
        for (key, days) in [("claim_days", claim_days), ("code_days", code_days)] {
            within(key, days.into(), MOST_KEPT_DAYS.into())?;
        }
        within("link_hours", link_hours.into(), MOST_KEPT_HOURS.into())?;
        for (key, most) in [("claims", claims), ("codes", codes), ("links", links)] {
            within(key, most as u64, MOST_KEPT as u64)?;
        }
        Ok(settings::Retention { claim_days, claims, code_days, codes, link_hours, links })
    }
}

/// How updates come from Telegram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// We fetch them (getUpdates).
    Poll,
    /// Telegram posts them to `public_url`/telegram.
    Webhook,
}

/// `[telegram]`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telegram {
    /// Token of the bot; empty = no Telegram.
    pub token: String,
    /// File that holds the token.
    pub token_file: PathBuf,
    /// Address of the Bot API.
    pub api_url: String,
    /// How updates come.
    pub mode: Mode,
    /// What Telegram shows with every post to the webhook; empty = made from the token.
    pub secret: String,
}

impl Default for Telegram {
    fn default() -> Self {
        Self {
            token: String::new(),
            token_file: PathBuf::new(),
            api_url: "https://api.telegram.org".to_owned(),
            mode: Mode::Poll,
            secret: String::new(),
        }
    }
}

impl std::fmt::Debug for Telegram {
    /// Without token and secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Telegram").field("api_url", &self.api_url).field("mode", &self.mode).finish_non_exhaustive()
    }
}

impl Telegram {
    /// The token: from the environment, from a file, or from the configuration; `None` = no Telegram.
    ///
    /// # Errors
    /// [`ConfigError`], never with the token.
    pub fn token(&self) -> Result<Option<String>, ConfigError> {
        let token = match std::env::var("XIESHANG_TELEGRAM_TOKEN") {
            Ok(token) => token,
            Err(_) if self.token_file.as_os_str().is_empty() => self.token.clone(),
            Err(_) => {
                let path = self.token_file.display().to_string();
                std::fs::read_to_string(&self.token_file).map_err(|source| ConfigError::Read { path, source })?
            }
        };
        let token = token.trim();
        let is_token = token.split_once(':').is_some_and(|(id, secret)| {
            !id.is_empty()
                && id.chars().all(|c| c.is_ascii_digit())
                && !secret.is_empty()
                && secret.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        });
        if token.is_empty() {
            return Ok(None);
        }
        if !is_token {
            return Err(value("telegram", "token", "…", "write it as @BotFather gives it, such as 123456:ABC-DEF1234"));
        }
        Ok(Some(token.to_owned()))
    }

    /// What Telegram shows with every post to the webhook.
    ///
    /// # Errors
    /// [`ConfigError::Value`], without the secret.
    pub fn secret(&self) -> Result<String, ConfigError> {
        let secret = std::env::var("XIESHANG_TELEGRAM_SECRET").unwrap_or_else(|_| self.secret.clone());
        let fits = secret.len() <= 256 && secret.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if fits {
            Ok(secret)
        } else {
            Err(value("telegram", "secret", "…", "up to 256 of A-Z a-z 0-9 _ -, or empty"))
        }
    }
}

/// `[wecom]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wecom {
    /// Robots that speak in a group each.
    pub webhook: Vec<WecomWebhook>,
}

/// `[[wecom.webhook]]`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WecomWebhook {
    /// Name of the group.
    pub group: String,
    /// What kind of group it is.
    pub kind: String,
    /// Its town.
    pub town: String,
    /// Its sector.
    pub sector: String,
    /// Key of the robot, or the whole address WeCom shows.
    pub key: String,
    /// File that holds the key.
    pub key_file: PathBuf,
    /// Address of WeCom.
    pub url: String,
}

impl Default for WecomWebhook {
    fn default() -> Self {
        Self {
            group: String::new(),
            kind: String::new(),
            town: String::new(),
            sector: String::new(),
            key: String::new(),
            key_file: PathBuf::new(),
            url: "https://qyapi.weixin.qq.com".to_owned(),
        }
    }
}

impl std::fmt::Debug for WecomWebhook {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WecomWebhook").field("group", &self.group).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl WecomWebhook {
    /// The key of the robot: from a file, or from the configuration.
    ///
    /// # Errors
    /// [`ConfigError`], never with the key.
    pub fn key(&self) -> Result<String, ConfigError> {
        let written = match self.key_file.as_os_str().is_empty() {
            true => self.key.clone(),
            false => {
                let path = self.key_file.display().to_string();
                std::fs::read_to_string(&self.key_file).map_err(|source| ConfigError::Read { path, source })?
            }
        };
        let written = written.trim();
        let key = written.split_once("key=").map_or(written, |(_, key)| key.split('&').next().unwrap_or_default());
        let is_key =
            (1..=128).contains(&key.len()) && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        if is_key {
            return Ok(key.to_owned());
        }
        let hint = "write the key of the group's robot, or the whole address WeCom shows for it";
        Err(value("[wecom.webhook]", "key", "…", hint))
    }
}

/// `[console]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Console {
    /// Whether lines typed at the terminal are heard.
    pub enabled: bool,
    /// Who sits there.
    pub name: String,
}

impl Default for Console {
    fn default() -> Self {
        Self { enabled: false, name: "管理员".to_owned() }
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

    fn categories(&self) -> Result<Vec<Category>, ConfigError> {
        let Some(rows) = &self.matching.categories else { return Ok(Category::defaults()) };
        let mut found: Vec<Category> = Vec::new();
        for [name, words, sectors, departments] in rows {
            let name = name.trim();
            let is_new = !found.iter().any(|known| known.name == name);
            if name.is_empty() || name.chars().count() > MAX_CATEGORY || !is_new || found.len() >= MAX_CATEGORIES {
                return Err(value("matching", "categories", name, "up to 100 names of up to 20 letters, each once"));
            }
            found.push(Category::new([name, words, sectors, departments]));
        }
        Ok(found)
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
        self.web.proxies()?;
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
            mandates: committee.mandates,
            remind: committee.remind,
            tell_proposers: committee.tell_proposers,
            turned_away: committee.turned_away.clone().unwrap_or(defaults.turned_away),
            admins: committee.admins.clone(),
            join_hours: committee.join_hours,
            holidays: committee
                .holidays
                .iter()
                .map(|day| {
                    let wrong = |_| value("committee", "holidays", day, "write days such as 2025-05-01");
                    NaiveDate::parse_from_str(day, "%Y-%m-%d").map_err(wrong)
                })
                .collect::<Result<_, _>>()?,
            categories: self.categories()?,
            tell_sectors: self.matching.tell_sectors,
            points: self.duty.points,
            invite_url: None,
            retention: self.retention.limits()?,
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
