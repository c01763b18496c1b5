//! 隐藏 — what a moderator hid, or somebody took back, after a digest was made is not read in it: not when it is sent, not in the chat, on a
//! page or by /日报. The ledger keeps it as it was.

use super::catalog::{Catalog, Lang};
use super::clean::{clean, quote};
use crate::domain::kernel::ids::{SuggestionRef, TopicNo};
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::process::hiding::{Hiding, Shown};
use crate::domain::process::topic::Topic;
use crate::domain::talk::notice::Objection;
use crate::domain::talk::suggestion::{Reply, Suggestion};
use std::collections::{BTreeMap, BTreeSet};

/// What stands in the place of words that are not shown any more, and says who did that.
#[derive(Debug, Clone, Copy)]
pub struct Marks<'c> {
    /// Hidden by the moderator.
    pub hidden: &'c str,
    /// 本人否认 — taken down by whom it was written down for.
    pub disowned: &'c str,
    /// Taken back by whoever said it.
    pub withdrawn: &'c str,
}

impl<'c> Marks<'c> {
    /// Of a catalogue, in a language.
    #[must_use]
    pub fn of(catalog: &'c Catalog, lang: Lang) -> Self {
        let term = |key: &str| catalog.term(key).map_or("", |word| word.text(lang));
        Self { hidden: term("hidden.said"), disowned: term("disowned.said"), withdrawn: term("withdrawn.said") }
    }
}

/// Words that are not shown any more.
struct Gone {
    /// The number, as it stands before the quote.
    reference: String,
    /// The quote.
    said: String,
    /// By whom.
    why: Why,
}

/// Why words are not shown any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Withdrawn,
    Hidden,
    Disowned,
}

impl Why {
    fn mark(self, marks: Marks<'_>) -> &str {
        match self {
            Self::Withdrawn => marks.withdrawn,
            Self::Hidden => marks.hidden,
            Self::Disowned => marks.disowned,
        }
    }
}

/// What is not shown any more of the topics that digests speak of; one for all that are shown at once.
pub struct Screen<'w> {
    world: &'w World<'w>,
    gone: BTreeMap<TopicNo, Vec<Gone>>,
    /// Words that are hidden wherever they stand, as they are quoted.
    hidden: Vec<String>,
    /// And those of which somebody says that they are not theirs.
    disowned: Vec<String>,
}

impl<'w> Screen<'w> {
    /// One that has looked at nothing yet.
    #[must_use]
    pub fn new(world: &'w World<'w>) -> Self {
        let (disowned, hidden): (Vec<Hiding>, Vec<Hiding>) =
            world.hidden_now().into_iter().partition(Hiding::is_disowned);
        Self { world, gone: BTreeMap::new(), hidden: needles(&hidden), disowned: needles(&disowned) }
    }

    /// A message of a digest, with a mark in the place of every line that quotes what is gone.
    pub fn message(&mut self, text: &str, marks: Marks<'_>) -> String {
        let topics = topics_in(text);
        for &no in &topics {
            let world = self.world;
            self.gone.entry(no).or_insert_with(|| gone_of(world, no));
        }
        let gone: Vec<&Gone> = topics.iter().filter_map(|no| self.gone.get(no)).flatten().collect();
        let text = blanked(text, &self.disowned, marks.disowned);
        let text = blanked(&text, &self.hidden, marks.hidden);
        if gone.is_empty() {
            return text;
        }
        let shown = |line: &str| {
            let blanked = gone.iter().find_map(|gone| without(line, &gone.reference, &gone.said, gone.why.mark(marks)));
            blanked.unwrap_or_else(|| line.to_owned())
        };
        text.split('\n').map(shown).collect::<Vec<_>>().join("\n")
    }
}

/// Words so short that others say them too are left out of what is looked for everywhere.
const LEAST: usize = 4;

/// Hidden words as papers quote them, the longest first.
#[must_use]
pub fn needles(hidings: &[Hiding]) -> Vec<String> {
    let words = hidings.iter().flat_map(|hiding| &hiding.words);
    let mut found: Vec<String> = words
        .flat_map(|words| [clean(words.as_str()), quote(words.as_str()).trim_end_matches('…').to_owned()])
        .map(|words| words.trim().to_owned())
        .filter(|words| words.chars().count() >= LEAST)
        .collect();
    found.sort_by_key(|words| std::cmp::Reverse(words.len()));
    found.dedup();
    found
}

/// A text with a mark in the place of each of the words, wherever they stand.
#[must_use]
pub fn blanked(text: &str, hidden: &[String], mark: &str) -> String {
    hidden.iter().fold(text.to_owned(), |text, words| text.replace(words.as_str(), mark))
}

/// What is gone of a topic.
fn gone_of(world: &World<'_>, no: TopicNo) -> Vec<Gone> {
    let (mut found, mut withdrawn, mut standing) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut parents = BTreeMap::new();
    world.scan(&Key::new(kind::SUGGESTION).num(no.0), |suggestion: Suggestion| {
        let (reference, said) = (suggestion.reference.to_string(), quote(suggestion.text.as_str()));
        if suggestion.withdrawn || suggestion.hidden {
            let why = if suggestion.withdrawn { Why::Withdrawn } else { hidden_why(world, suggestion.reference) };
            parents.insert(suggestion.reference, why);
        }
        match (suggestion.withdrawn, suggestion.hidden) {
            (true, _) => withdrawn.push((reference, said)),
            (false, true) => {
                found.push(Gone { reference, said, why: hidden_why(world, suggestion.reference) });
            }
            (false, false) => drop(standing.insert(said)),
        }
        true
    });
    // What was replied to words that are gone is gone with them.
    world.scan(&Key::new(kind::REPLY).num(no.0), |reply: Reply| {
        let said = (reply.to.to_string(), quote(reply.text.as_str()));
        match (reply.withdrawn, parents.get(&reply.to)) {
            (true, _) | (false, Some(Why::Withdrawn)) => withdrawn.push(said),
            (false, Some(why)) => found.push(Gone { reference: said.0, said: said.1, why: *why }),
            (false, None) if reply.hidden => {
                found.push(Gone { reference: said.0, said: said.1, why: Why::Hidden });
            }
            (false, None) => {}
        }
        true
    });
    taken_back(world, no, &mut withdrawn);
    // Said again, it stands.
    let withdrawn = withdrawn.into_iter().filter(|(_, said)| !standing.contains(said));
    found.extend(withdrawn.map(|(reference, said)| Gone { reference, said, why: Why::Withdrawn }));
    found.retain(|gone| !gone.said.is_empty());
    found
}

fn hidden_why(world: &World<'_>, reference: SuggestionRef) -> Why {
    match world.hiding_of(Shown::Suggestion(reference)).is_some_and(|hiding| hiding.is_disowned()) {
        true => Why::Disowned,
        false => Why::Hidden,
    }
}

/// Objections that were taken back, and the topic itself if it was.
fn taken_back(world: &World<'_>, no: TopicNo, found: &mut Vec<(String, String)>) {
    world.scan(&Key::new(kind::OBJECTION).num(no.0), |objection: Objection| {
        if objection.withdrawn {
            // As far as it is the same in either language: “1-异2 …”, “1-objection 2 …”.
            found.push((format!("{}", objection.reference.n), quote(objection.text.as_str())));
        }
        true
    });
    if let Some(topic) = world.get::<Topic>(&Key::new(kind::TOPIC).num(no.0)).filter(|topic| topic.withdrawn) {
        found.extend([format!("{no}号"), format!("No. {no}")].map(|named| (named, topic.title.as_str().to_owned())));
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
fn without(line: &str, reference: &str, said: &str, mark: &str) -> Option<String> {
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
        let reference = "1-2";
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
