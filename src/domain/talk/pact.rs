//! 公约 — drafts of what the neighbours promise each other, article by article.

use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::topic::Topic;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

const NUMERALS: &str = "一二三四五六七八九十";

/// 公约, one draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pact {
    /// Topic.
    pub topic: TopicNo,
    /// 稿次.
    pub draft: u32,
    /// 条数.
    pub articles: u32,
    /// The text.
    pub text: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Pact {
    fn key(&self) -> Key {
        Key::new(kind::PACT).num(self.topic.0).num(self.draft)
    }
}

impl World<'_> {
    /// The latest draft of a pact.
    #[must_use]
    pub fn pact(&self, topic: &Topic) -> Option<Pact> {
        self.get(&Key::new(kind::PACT).num(topic.no.0).num(topic.pacts))
    }
}

/// 公约条数 — “一、”, “二、” … at the start, after a line break or after “；。”; without any, the lines that are not empty
/// (commands.md §9.11).
#[must_use]
pub fn articles(text: &str) -> u32 {
    let numbered = text
        .split(['\n', '；', '。', ';'])
        .filter(|part| {
            let rest = part.trim_start().trim_start_matches(|c| NUMERALS.contains(c));
            rest.len() < part.trim_start().len() && rest.starts_with('、')
        })
        .count();
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    u32::try_from(if numbered > 0 { numbered } else { lines }).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use crate::domain::talk::pact::articles;

    #[test]
    fn articles_are_counted_by_their_numbers_or_by_lines() {
        for (text, n) in [
            (
                "一、建设费按公示方案分摊；二、一层不出建设费和电费；三、电费维保由二至六层按户均摊；四、每年公布一次账目",
                4,
            ),
            ("一、甲\n二、乙\n十一、丙", 3),
            ("甲\n\n乙", 2),
            ("三层以上不出，一、二层出", 1),
            ("只有一条", 1),
        ] {
            assert_eq!(articles(text), n, "{text}");
        }
    }
}
