//! 一拍 — one thing that happens in a story and what every chat receives because of it; printed as `xieshang replay` shows it.

use crate::domain::kernel::mark::Mark;
use crate::platform::{Incoming, Place, Said};
use chrono::DateTime;
use chrono_tz::Tz;
use std::fmt;

/// One thing that happens in a story.
#[derive(Debug, Clone)]
pub struct Beat {
    /// Number of the line; `None` where the clock brings it about between two lines.
    pub n: Option<u32>,
    /// When, in the zone of the story.
    pub at: DateTime<Tz>,
    /// What happens.
    pub cause: Cause,
    /// What chats receive, in the order of their names.
    pub received: Vec<Received>,
}

/// What happens.
#[derive(Debug, Clone)]
pub enum Cause {
    /// Somebody says or presses something.
    Heard(Box<Incoming>),
    /// A moment comes.
    Clock,
    /// The program is killed and starts again.
    Restart,
}

/// Something a chat received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Group id, `pm:NAME`, `page` or `toast`.
    pub to: String,
    /// The text.
    pub text: String,
    /// The buttons under it.
    pub buttons: Vec<String>,
    /// What it is about.
    pub about: Option<Mark>,
}

/// `local:pm:周敏` → `pm:周敏`.
pub(super) fn target(chat: &str) -> String {
    chat.split_once(':').map_or(chat, |(_, rest)| rest).to_owned()
}

impl fmt::Display for Beat {
    /// A line for what happens, then one for each letter; between two lines of the story only the letters.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.n.is_some() { "" } else { "⏰ " };
        let mut lines = Vec::new();
        if let Some(n) = self.n {
            lines.push(format!("{n:>4}  {} {}", self.at.format("%m-%d %H:%M"), self.cause));
        }
        lines
            .extend(self.received.iter().map(|letter| format!("      {mark}{} ◀ {}", letter.to, indent(&letter.text))));
        out.write_str(&lines.join("\n"))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock => write!(out, " ⏰"),
            Self::Restart => write!(out, " — restart —"),
            Self::Heard(incoming) => {
                write!(out, "{} {} ▶ {}", place(&incoming.place), incoming.from.name, indent(&words(&incoming.said)))
            }
        }
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Group { chat, .. } => target(chat),
        Place::Private { .. } => "pm".to_owned(),
        Place::Page { station: Some(name), .. } => format!("station:{name}"),
        Place::Page { topic: Some(no), .. } => format!("topic:{no}"),
        Place::Page { .. } => "page".to_owned(),
    }
}

fn words(said: &Said) -> String {
    match said {
        Said::Text { text, .. } => text.clone(),
        Said::Press { label, .. } => format!("［{label}］"),
        Said::File { caption, file, .. } => format!("〔文件〕{} {caption}", file.name).trim_end().to_owned(),
        Said::Voice { seconds } => format!("〔语音 {seconds}秒〕"),
        Said::Form { title, text } => format!("〔表单〕{title}：{text}"),
        Said::Moved { .. } => "〔群升级〕".to_owned(),
        Said::Removed => "〔移出群〕".to_owned(),
        Said::Welcomed { .. } => "〔进群〕".to_owned(),
    }
}

fn indent(text: &str) -> String {
    text.replace('\n', "\n             ")
}
