//! 隐藏 — what a moderator hid after a digest was sent is not read in it again, on a page or by /日报. The ledger keeps it as it was.

use super::clean::quote;
use crate::domain::ids::{SuggestionRef, TopicNo};
use crate::domain::suggestion::Suggestion;
use crate::domain::world::{Key, World, kind};
use std::collections::BTreeMap;

/// What is hidden of the topics that digests speak of; one for all that are shown at once.
pub struct Screen<'w> {
    world: &'w World<'w>,
    /// Numbers and quotes of what is hidden.
    hidden: BTreeMap<TopicNo, Vec<(SuggestionRef, String)>>,
}

impl<'w> Screen<'w> {
    /// One that has looked at nothing yet.
    #[must_use]
    pub fn new(world: &'w World<'w>) -> Self {
        Self { world, hidden: BTreeMap::new() }
    }

    /// A message of a digest, with `mark` in the place of every line that quotes what is hidden.
    pub fn message(&mut self, text: &str, mark: &str) -> String {
        let topics = topics_in(text);
        for &no in &topics {
            self.look_at(no);
        }
        let hidden: Vec<&(SuggestionRef, String)> =
            topics.iter().filter_map(|no| self.hidden.get(no)).flatten().collect();
        if hidden.is_empty() {
            return text.to_owned();
        }
        let shown = |line: &str| {
            let blanked = hidden.iter().find_map(|(reference, said)| without(line, *reference, said, mark));
            blanked.unwrap_or_else(|| line.to_owned())
        };
        text.split('\n').map(shown).collect::<Vec<_>>().join("\n")
    }

    fn look_at(&mut self, no: TopicNo) {
        let world = self.world;
        self.hidden.entry(no).or_insert_with(|| {
            let mut found = Vec::new();
            if world.topic(no).is_some_and(|topic| topic.hidden > 0) {
                world.scan(&Key::new(kind::SUGGESTION).num(no.0), |suggestion: Suggestion| {
                    let said = quote(suggestion.text.as_str());
                    if suggestion.hidden && !suggestion.withdrawn && !said.is_empty() {
                        found.push((suggestion.reference, said));
                    }
                    true
                });
            }
            found
        });
    }
}

/// The topics a message may speak of: “1号”, “1-3”, “No. 1”.
fn topics_in(text: &str) -> Vec<TopicNo> {
    let mut found = Vec::new();
    let mut before = ' ';
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).take(9).collect();
        let after = rest.strip_prefix(digits.as_str()).unwrap_or(rest);
        if let Ok(no) = digits.parse()
            && (after.starts_with(['号', '-']) || before == '.')
            && !found.contains(&TopicNo(no))
        {
            found.push(TopicNo(no));
        }
        if digits.is_empty() {
            before = if first == ' ' { before } else { first };
            rest = rest.strip_prefix(first).unwrap_or_default();
        } else {
            before = ' ';
            rest = after;
        }
    }
    found
}

/// A line without the quote, and without what stands after it; `None` if it does not quote that.
fn without(line: &str, reference: SuggestionRef, said: &str, mark: &str) -> Option<String> {
    let numbered = format!("{reference} ");
    [numbered.as_str(), "：", ": "].into_iter().find_map(|lead| {
        let (before, after) = line.split_once(&format!("{lead}{said}"))?;
        (after.is_empty() || after.starts_with(['（', ' '])).then(|| format!("{before}{lead}{mark}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_quote_itself_is_taken_out() {
        let reference = SuggestionRef { topic: TopicNo(1), n: 2 };
        for (line, want) in [
            ("1-2 好（周涛）", Some("1-2 ×")),
            ("1-2 好（周涛，2赞）", Some("1-2 ×")),
            ("1-2 好 (周涛, 2 likes)", Some("1-2 ×")),
            ("　热议：好（2赞）", Some("　热议：×")),
            ("　不同声音：好", Some("　不同声音：×")),
            ("　Most liked: 好 (2)", Some("　Most liked: ×")),
            ("1-2 好的（张三）", None),
            ("1-3 好（周涛）", None),
            ("【有事好商量】", None),
        ] {
            assert_eq!(without(line, reference, "好", "×").as_deref(), want, "{line}");
        }
    }

    #[test]
    fn finds_the_topics_a_message_speaks_of() {
        let numbers = |text| topics_in(text).into_iter().map(|no| no.0).collect::<Vec<_>>();
        assert_eq!(numbers("【1号·加梯】3月3日\n12-3 好（2赞）\nNo. 7 | talks\n99999999999号"), [1, 12, 7, 99]);
        assert_eq!(numbers("点单2　买单1　20:00"), Vec::<u32>::new());
    }
}
