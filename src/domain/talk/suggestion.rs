//! 建议、跟帖、点赞、代录 — what people propose, what others say to it, and how many like it.

use crate::domain::kernel::ids::{PersonId, SuggestionRef, TopicNo};
use crate::domain::kernel::place::is_invisible;
use crate::domain::kernel::script::simplified;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::topic::Topic;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// Longest suggestion or reply, in characters.
pub const MAX_TEXT: usize = 500;

/// Suggestions one topic can hold.
pub const MAX_SUGGESTIONS: u32 = 10_000;

/// Replies one suggestion can hold.
pub const MAX_REPLIES: u32 = 1_000;

/// 建议.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Number.
    pub reference: SuggestionRef,
    /// Whose it is.
    pub author: PersonId,
    /// Who wrote it down for them (代录人).
    pub recorder: Option<PersonId>,
    /// The text.
    pub text: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// Record.
    pub seq: u64,
    /// Likes that stand.
    pub likes: u32,
    /// Number of the last reply given out.
    pub last_reply: u32,
    /// Taken back.
    pub withdrawn: bool,
    /// 隐藏 — by the rules of the group; kept, but shown and counted nowhere.
    pub hidden: bool,
    /// 采纳 — what became of it.
    pub verdict: Option<Verdict>,
}

/// 采纳, 部分采纳, 不采纳.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 采纳.
    Adopted,
    /// 部分采纳.
    Partly,
    /// 不采纳.
    Declined,
}

impl Entity for Suggestion {
    fn key(&self) -> Key {
        key(self.reference)
    }
}

fn key(reference: SuggestionRef) -> Key {
    Key::new(kind::SUGGESTION).num(reference.topic.0).num(reference.n)
}

/// 跟帖.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// The suggestion replied to.
    pub to: SuggestionRef,
    /// Number under that suggestion.
    pub n: u32,
    /// Whose it is.
    pub author: PersonId,
    /// The text.
    pub text: Words,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
    /// Taken back.
    pub withdrawn: bool,
    /// 隐藏 — kept, but shown and counted nowhere.
    pub hidden: bool,
}

impl Entity for Reply {
    fn key(&self) -> Key {
        Key::new(kind::REPLY).num(self.to.topic.0).num(self.to.n).num(self.n)
    }
}

/// What stands of what was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said {
    /// Suggestions.
    pub suggestions: u32,
    /// Suggestions that are hidden, not counted above.
    pub hidden: u32,
    /// Replies.
    pub replies: u32,
    /// Likes.
    pub likes: u32,
}

/// 一句话 — what a text says however it is spelled: one sentence does not become two by another script, width, case or final stop, by
/// blanks, or by characters that nobody sees.
#[must_use]
pub fn sentence(text: &str) -> String {
    let is_filler = |c: char| matches!(c, '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{FE00}'..='\u{FE0F}');
    let is_seen = |c: &char| !is_invisible(*c) && !is_filler(*c);
    let folded: String = simplified(&text.nfkc().collect::<String>()).to_lowercase().chars().filter(is_seen).collect();
    let bare = folded.trim_end_matches(|c: char| !c.is_alphanumeric());
    if bare.is_empty() { folded } else { bare.to_owned() }
}

/// Key of a like.
#[must_use]
pub fn like_key(reference: SuggestionRef, person: PersonId) -> Key {
    likes_of(reference).num(person.0)
}

/// Prefix of the likes of a suggestion.
#[must_use]
pub fn likes_of(reference: SuggestionRef) -> Key {
    Key::new(kind::LIKE).num(reference.topic.0).num(reference.n)
}

impl Suggestion {
    /// 代录人 — who wrote it down for its author: nobody, of what somebody said or wrote themselves.
    #[must_use]
    pub fn written_down_by(&self) -> Option<PersonId> {
        self.recorder.filter(|recorder| *recorder != self.author)
    }
}

/// Key of 是我说的: that the one it was written down for has said it is theirs.
#[must_use]
pub fn owned_key(reference: SuggestionRef) -> Key {
    Key::new(kind::OWNED).num(reference.topic.0).num(reference.n)
}

impl World<'_> {
    /// 本人认可 — whether the one a suggestion was written down for has said that it is theirs.
    #[must_use]
    pub fn is_owned(&self, reference: SuggestionRef) -> bool {
        self.has(&owned_key(reference))
    }

    /// A suggestion that stands and is shown.
    #[must_use]
    pub fn suggestion(&self, reference: SuggestionRef) -> Option<Suggestion> {
        self.suggestion_kept(reference).filter(|suggestion| !suggestion.hidden)
    }

    /// A suggestion that stands, hidden or not.
    #[must_use]
    pub fn suggestion_kept(&self, reference: SuggestionRef) -> Option<Suggestion> {
        self.get::<Suggestion>(&key(reference)).filter(|suggestion| !suggestion.withdrawn)
    }

    /// 并案 — visits those of a topic and of all that went on as it: they keep their numbers, and count where it goes on.
    pub fn whole_suggestions(&self, topic: TopicNo, mut visit: impl FnMut(Suggestion)) {
        for no in self.whole_of(topic) {
            self.suggestions(no, &mut visit);
        }
    }

    /// What stands of what was said on a topic and on all that went on as it.
    #[must_use]
    pub fn said_on(&self, topic: &Topic) -> Said {
        let mut sums = Said::default();
        for no in self.whole_of(topic.no) {
            let Some(part) = (if no == topic.no { Some(topic.clone()) } else { self.topic(no) }) else { continue };
            sums.suggestions += part.suggestions;
            sums.hidden += part.hidden;
            sums.replies += part.replies;
            sums.likes += part.likes;
        }
        sums
    }

    /// Visits the suggestions of a topic that stand and are shown, by number.
    pub fn suggestions(&self, topic: TopicNo, mut visit: impl FnMut(Suggestion)) {
        self.scan(&Key::new(kind::SUGGESTION).num(topic.0), |suggestion: Suggestion| {
            if !suggestion.withdrawn && !suggestion.hidden {
                visit(suggestion);
            }
            true
        });
    }

    /// 只有代录的话 — suggestions written down for people of whom nothing else is known on the topic: they neither said that it is theirs, nor said anything to
    /// it themselves nor were signed in where people met about it. They are shown, and count towards no step.
    #[must_use]
    pub fn unheard(&self, topic: TopicNo) -> Vec<(SuggestionRef, PersonId)> {
        let (mut relayed, mut spoke, whole) = (Vec::new(), BTreeSet::new(), self.whole_of(topic));
        self.whole_suggestions(topic, |suggestion| match suggestion.written_down_by() {
            Some(_) if !self.is_owned(suggestion.reference) => {
                relayed.push((suggestion.reference, suggestion.author));
            }
            Some(_) | None => drop(spoke.insert(suggestion.author)),
        });
        if relayed.is_empty() {
            return relayed;
        }
        for no in whole {
            self.replies(no, |reply| {
                spoke.insert(reply.author);
            });
            self.scan(&Key::new(kind::PRESENCE).num(no.0), |person: PersonId| {
                spoke.insert(person);
                true
            });
        }
        relayed.retain(|(_, author)| !spoke.contains(author));
        // One is taken at the word of whoever wrote it down: somebody without a telephone is not left out.
        relayed.into_iter().skip(1).collect()
    }

    /// 恳谈够不够 — the suggestions of a topic that count towards its next step, what one person has said several times once, and the sides
    /// that have spoken.
    #[must_use]
    pub fn heard(&self, topic: &Topic) -> (u32, u32) {
        let unheard = self.unheard(topic.no);
        let mut said = BTreeSet::new();
        self.whole_suggestions(topic.no, |one| {
            if !unheard.iter().any(|(at, _)| *at == one.reference) {
                said.insert((one.author, sentence(one.text.as_str())));
            }
        });
        let n = u32::try_from(said.len()).unwrap_or(u32::MAX);
        (n, self.sides_spoken_but(topic, &unheard).count_ones())
    }

    /// Visits the replies of a topic that stand, to suggestions that stand and are shown.
    pub fn replies(&self, topic: TopicNo, mut visit: impl FnMut(Reply)) {
        self.suggestions(topic, |suggestion| self.replies_kept(suggestion.reference).into_iter().for_each(&mut visit));
    }

    /// A reply that was not taken back, whatever became of the suggestion.
    #[must_use]
    pub fn reply_kept(&self, to: SuggestionRef, n: u32) -> Option<Reply> {
        self.get::<Reply>(&Key::new(kind::REPLY).num(to.topic.0).num(to.n).num(n)).filter(|reply| !reply.withdrawn)
    }

    /// The replies to one suggestion that stand and are not hidden themselves, whatever became of the suggestion.
    #[must_use]
    pub fn replies_kept(&self, to: SuggestionRef) -> Vec<Reply> {
        let mut replies: Vec<Reply> = self.list(&Key::new(kind::REPLY).num(to.topic.0).num(to.n), usize::MAX);
        replies.retain(|reply| !reply.withdrawn && !reply.hidden);
        replies
    }

    /// A reply that stands, to a suggestion that stands and is shown: nobody can read it without.
    #[must_use]
    pub fn reply(&self, to: SuggestionRef, n: u32) -> Option<Reply> {
        self.suggestion(to)?;
        self.reply_kept(to, n).filter(|reply| !reply.hidden)
    }
}

/// Longest reason, in characters.
pub const MAX_REASON: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_one_however_it_is_spelled() {
        for (one, other, want) in [
            ("用玻璃ABC", "用玻璃abc", true),
            ("用玻璃ABC", "用玻璃ＡＢＣ。", true),
            ("用玻璃ABC", "用玻\u{200B}璃 ABC！！", true),
            ("樓道裝燈", "楼道装灯", true),
            ("楼道装灯", "楼道\u{3164}装灯", true),
            ("。。。", "！", false),
            ("加1盏灯", "加2盏灯", false),
            ("不装灯", "装灯", false),
        ] {
            assert_eq!(sentence(one) == sentence(other), want, "{one} {other}");
        }
    }
}
