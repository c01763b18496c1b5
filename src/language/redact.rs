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
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    /// Somebody else says the same and it stands: only with its number is it this one.
    is_shared: bool,
}

/// What a topic is not shown with any more, and the words of it that are.
struct Looked {
    gone: Vec<Gone>,
    standing: Vec<String>,
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
    topics: BTreeMap<TopicNo, Looked>,
    /// Words that are hidden wherever they stand, as they are quoted.
    hidden: Needles,
    /// And those of which somebody says that they are not theirs.
    disowned: Needles,
}

impl<'w> Screen<'w> {
    /// One that has looked at nothing yet.
    #[must_use]
    pub fn new(world: &'w World<'w>) -> Self {
        let (disowned, hidden): (Vec<Hiding>, Vec<Hiding>) =
            world.hidden_now().into_iter().partition(Hiding::is_disowned);
        Self { world, topics: BTreeMap::new(), hidden: Needles::of(&hidden), disowned: Needles::of(&disowned) }
    }

    /// A message of a digest, with a mark in the place of every line that quotes what is gone.
    pub fn message(&mut self, text: &str, marks: Marks<'_>) -> String {
        let topics = topics_in(text);
        for &no in &topics {
            let world = self.world;
            self.topics.entry(no).or_insert_with(|| looked_at(world, no));
        }
        let looked: Vec<&Looked> = topics.iter().filter_map(|no| self.topics.get(no)).collect();
        let standing: Vec<&str> = looked.iter().flat_map(|topic| &topic.standing).map(String::as_str).collect();
        let text = blanked(text, &self.disowned.within(text), &standing, marks.disowned);
        let text = blanked(&text, &self.hidden.within(&text), &standing, marks.hidden);
        let gone: Vec<&Gone> = looked.iter().flat_map(|topic| &topic.gone).collect();
        if gone.is_empty() {
            return text;
        }
        let shown = |line: &str| {
            let blanked = gone.iter().find_map(|gone| without(line, gone, gone.why.mark(marks)));
            blanked.unwrap_or_else(|| line.to_owned())
        };
        text.split('\n').map(shown).collect::<Vec<_>>().join("\n")
    }
}

/// Words so short that others say them too are left out of what is looked for everywhere.
const LEAST: usize = 4;

/// Hidden words as papers quote them, by how they begin: a message costs what it is long, however much was hidden in a year.
struct Needles(HashMap<[char; LEAST], Vec<String>>);

impl Needles {
    fn of(hidings: &[Hiding]) -> Self {
        let mut by_start: HashMap<[char; LEAST], Vec<String>> = HashMap::new();
        for words in hidings.iter().flat_map(|hiding| &hiding.words).flat_map(|words| quoted(words.as_str())) {
            if let Some(start) = start_of(&words) {
                by_start.entry(start).or_default().push(words);
            }
        }
        Self(by_start)
    }

    /// Those that stand in a text, the longest first.
    fn within(&self, text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        if !self.0.is_empty() {
            for (at, _) in text.char_indices() {
                let rest = text.get(at..).unwrap_or_default();
                let here = start_of(rest).and_then(|start| self.0.get(&start)).into_iter().flatten();
                found.extend(here.map(String::as_str).filter(|words| rest.starts_with(words)));
            }
        }
        found.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        found.dedup();
        found
    }
}

/// How a text begins, if it is long enough.
fn start_of(text: &str) -> Option<[char; LEAST]> {
    let mut chars = text.chars();
    let mut start = ['\0'; LEAST];
    for place in &mut start {
        *place = chars.next()?;
    }
    Some(start)
}

/// Words as papers quote them: whole, or how they begin.
fn quoted(words: &str) -> [String; 2] {
    [clean(words), quote(words).trim_end_matches('…').to_owned()].map(|words| words.trim().to_owned())
}

/// A text with a mark in the place of each of the words, wherever they stand but in what others say and nobody hid.
fn blanked(text: &str, hidden: &[&str], standing: &[&str], mark: &str) -> String {
    hidden.iter().fold(text.to_owned(), |text, words| {
        let shields: Vec<&str> = standing.iter().copied().filter(|other| other.contains(words)).collect();
        if shields.is_empty() { text.replace(words, mark) } else { outside(&text, words, &shields, mark) }
    })
}

/// The same where longer words, or the same of somebody else, have them in them.
fn outside(text: &str, words: &str, shields: &[&str], mark: &str) -> String {
    let mut shielded: Vec<(usize, usize)> = Vec::new();
    for shield in shields {
        shielded.extend(text.match_indices(shield).map(|(at, found)| (at, at + found.len())));
    }
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for (at, found) in text.match_indices(words) {
        let end = at + found.len();
        if shielded.iter().any(|&(start, stop)| start <= at && end <= stop) {
            continue;
        }
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str(mark);
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// What is gone of a topic, and what stands.
fn looked_at(world: &World<'_>, no: TopicNo) -> Looked {
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
                let why = hidden_why(world, suggestion.reference);
                found.push(Gone { reference, said, why, is_shared: false });
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
            (false, Some(why)) => found.push(Gone { reference: said.0, said: said.1, why: *why, is_shared: false }),
            (false, None) if reply.hidden => {
                found.push(Gone { reference: said.0, said: said.1, why: Why::Hidden, is_shared: false });
            }
            (false, None) => drop(standing.insert(said.1)),
        }
        true
    });
    taken_back(world, no, &mut withdrawn);
    // Said again, it stands.
    let withdrawn = withdrawn.into_iter().filter(|(_, said)| !standing.contains(said));
    found.extend(withdrawn.map(|(reference, said)| Gone { reference, said, why: Why::Withdrawn, is_shared: false }));
    found.retain(|gone| !gone.said.is_empty());
    for gone in &mut found {
        gone.is_shared = standing.contains(&gone.said);
    }
    let title = world.get::<Topic>(&Key::new(kind::TOPIC).num(no.0)).filter(|topic| !topic.withdrawn);
    let title = title.into_iter().flat_map(|topic| quoted(topic.title.as_str()));
    let standing = standing.into_iter().map(|said| said.trim_end_matches('…').to_owned()).chain(title);
    Looked { gone: found, standing: standing.filter(|words| words.chars().count() >= LEAST).collect() }
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

/// Whether a text names a topic, or something of it, by the number of the topic: 【1号】, 1号, No. 1, 1-3; 活动1号 and 办1号 are something else.
#[must_use]
pub fn names(text: &str, topic: TopicNo) -> bool {
    let is_its = |number: &str| {
        let behind = |at: usize| text.get(..at).and_then(|before| before.chars().next_back());
        let is_other = |before: char| before.is_ascii_digit() || "动办社提".contains(before);
        text.match_indices(number).any(|(at, _)| !behind(at).is_some_and(is_other))
    };
    is_its(&format!("{topic}号")) || is_its(&format!("{topic}-")) || text.contains(&format!("No. {topic}]"))
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
fn without(line: &str, gone: &Gone, mark: &str) -> Option<String> {
    let (numbered, said) = (format!("{} ", gone.reference), &gone.said);
    let leads = [numbered.as_str(), "：", ": "];
    leads.into_iter().take(if gone.is_shared { 1 } else { leads.len() }).find_map(|lead| {
        let (before, after) = line.split_once(&format!("{lead}{said}"))?;
        (after.is_empty() || after.starts_with(['（', ' '])).then(|| format!("{before}{lead}{mark}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_quote_itself_is_taken_out() {
        let mut gone = Gone { reference: "1-2".to_owned(), said: "好".to_owned(), why: Why::Hidden, is_shared: false };
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
            assert_eq!(without(line, &gone, "×").as_deref(), want, "{line}");
        }
        gone.is_shared = true;
        assert_eq!(without("　热议：好（2赞）", &gone, "×"), None, "it may be the other one");
        assert_eq!(without("1-2 好（周涛）", &gone, "×").as_deref(), Some("1-2 ×"));
    }

    #[test]
    fn what_others_say_and_nobody_hid_stays() {
        let hidden = ["加装电梯"];
        let text = "1号 加装电梯\n2号 3号楼加装电梯\n听说加装电梯";
        assert_eq!(blanked(text, &hidden, &["3号楼加装电梯"], "×"), "1号 ×\n2号 3号楼加装电梯\n听说×");
        assert_eq!(blanked(text, &hidden, &["加装电梯"], "×"), text, "the same words of somebody else");
        assert_eq!(blanked(text, &hidden, &[], "×"), "1号 ×\n2号 3号楼×\n听说×");
    }

    #[test]
    fn hidden_words_are_found_by_how_they_begin() {
        let words = ["加装电梯太吵", "加装电梯", "太吵了吧", "短短"];
        let mut needles = Needles(HashMap::new());
        for words in words {
            if let Some(start) = start_of(words) {
                needles.0.entry(start).or_default().push(words.to_owned());
            }
        }
        assert_eq!(needles.within("说加装电梯太吵了吧，短短"), ["加装电梯太吵", "加装电梯", "太吵了吧"]);
        assert_eq!(needles.within("加装电"), Vec::<&str>::new());
        assert_eq!(needles.within(""), Vec::<&str>::new());
    }

    #[test]
    fn finds_the_topics_a_message_speaks_of() {
        let numbers = |text| topics_in(text).into_iter().map(|no| no.0).collect::<Vec<_>>();
        assert_eq!(numbers("【1号·加梯】3月3日\n12-3 好（2赞）\nNo. 7 | talks\n99999999999号"), [1, 12, 7, 99]);
        assert_eq!(numbers("点单2　买单1　20:00"), Vec::<u32>::new());
    }
}
