//! 短话 — what a few words mean in a vote: “赞成！”, “1 赞成”, “601 我投反对票”, “第一个”, “甲，离家近”. The one place where ballots are
//! read, whichever way they come. Pure: words, and what the choices of the vote are called.
//!
//! A text is read from its beginning, piece by piece, and whole; a piece nobody knows ends it. Two choices, a question, a condition or a
//! no anywhere in it: then it is no ballot, whatever else it says, and is asked back.

use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::place::{flat_run, same_place};
use crate::domain::vote::poll::filling::{Called, Doubt, Meant, Picked};
use crate::domain::vote::poll::terms::{Fault, Marks, Method};
use crate::domain::vote::tally::Choice;
use crate::language::catalog::Catalog;
use crate::language::fold::{fold, invisible, trim};
use crate::language::number;

/// The words of each choice, and its number on the card.
const CHOICES: [(Choice, &str, &str); 3] = [
    (Choice::For, "short.for", "short.one"),
    (Choice::Against, "short.against", "short.two"),
    (Choice::Abstain, "short.abstain", "short.three"),
];
/// How far before a choice a no belongs to it, in characters.
const NEAR: usize = 16;
/// Letters of “for”, which is more often no choice.
const SHORTEST: usize = 3;
/// Longest clause looked back at for a no, in characters, and most pieces of a ballot: what is longer is none.
const LONGEST_CLAUSE: usize = 64;
const MOST_PIECES: usize = 40;
/// From here on a number without a sign is a flat, not a topic.
const FLATS: u32 = 100;
/// Longest name of a sticker between brackets, in characters.
const MAX_STICKER: usize = 6;

/// What words mean in a vote whose choices are called so.
#[must_use]
pub fn read(catalog: &Catalog, text: &str, called: &Called) -> Meant {
    let reader = Reader { catalog, called };
    let meant = match called.terms.method {
        None => reader.yes_or_no(text),
        Some(method) => reader.options(text, method),
    };
    match &meant {
        Meant::Choice { reason, .. } => {
            for_another(catalog, reason).map_or(meant, |name| Meant::Doubt(Doubt::Other(name)))
        }
        Meant::Doubt(_) | Meant::Nothing => meant,
    }
}

/// “赞成 给冯丽也投上”: beside their own, a ballot for somebody else; for whom.
fn for_another(catalog: &Catalog, reason: &str) -> Option<String> {
    let after = |word: &String| reason.split_once(word.as_str()).map(|(_, rest)| rest.trim_start());
    let rest = catalog.spellings("short.for_other").iter().find_map(after)?;
    let end = catalog.spellings("short.cast").iter().filter_map(|word| rest.find(word.as_str())).min()?;
    let name = rest.get(..end)?.trim();
    let is_short = (1..=LONGEST_OTHER).contains(&name.chars().count()) && name.chars().all(char::is_alphabetic);
    is_short.then(|| name.to_owned())
}

/// Longest name of somebody else a ballot is asked for, in characters.
const LONGEST_OTHER: usize = 6;

/// 赞成, 反对 or 弃权 as the card prints it.
pub(super) fn printed(catalog: &Catalog, text: &str) -> Option<Choice> {
    Choice::ALL.into_iter().find(|choice| catalog.term(choice.term()).is_some_and(|term| term.zh == text))
}

/// 赞成, 支持, 不同意 and nothing else: which choice that is.
#[must_use]
pub fn choice_word(catalog: &Catalog, folded: &str) -> Option<Choice> {
    let spelled = |(choice, words, _): &&(Choice, &str, &str)| {
        catalog.spelled(choice.term(), folded) || catalog.spelled(words, folded)
    };
    CHOICES.iter().find(spelled).map(|(choice, ..)| *choice)
}

/// A text that ends in a word of a choice: what stands before it.
pub(super) fn before_choice<'t>(catalog: &Catalog, text: &'t str) -> Option<(&'t str, Choice)> {
    let of = |(choice, words, _): &(Choice, &'static str, &'static str)| {
        let all = catalog.spellings(choice.term()).iter().chain(catalog.spellings(words));
        all.filter(|word| !word.is_ascii())
            .filter_map(|word| text.strip_suffix(word.as_str()).map(|before| (before, *choice)))
            .collect::<Vec<_>>()
    };
    CHOICES.iter().flat_map(of).min_by_key(|(before, _)| before.len())
}

/// Whether a text is 赞成, 反对 or 弃权 in whatever words, and no number.
pub(super) fn says_choice(catalog: &Catalog, text: &str) -> bool {
    CHOICES.iter().any(|(_, words, _)| catalog.spelled(words, &fold(trim(text))))
}

/// Whether a text is one of the words of a choice, and nothing else.
pub(super) fn is_word_of_choice(catalog: &Catalog, folded: &str) -> bool {
    CHOICES.iter().any(|(choice, words, _)| catalog.spelled(choice.term(), folded) || catalog.spelled(words, folded))
}

/// How a piece stands apart from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Blank,
    Clause,
}

/// What was read so far.
#[derive(Debug, Clone, Default)]
struct Walk {
    choice: Option<Choice>,
    /// Whether the choice was written as a word, and one of Latin letters.
    is_word: bool,
    is_latin: bool,
    is_two: bool,
    is_fine: bool,
    /// More than what the card says.
    is_odd: bool,
    other: Option<String>,
    topic: Option<TopicNo>,
    unread: Option<String>,
    reason: String,
}

impl Walk {
    /// What stands behind the choice, read or not.
    fn behind(&self) -> &str {
        self.unread.as_deref().filter(|_| self.choice.is_some()).unwrap_or(&self.reason)
    }
}

/// A choice somewhere in a text.
struct Hit {
    choice: Choice,
    at: usize,
    is_denied: bool,
}

struct Reader<'c> {
    catalog: &'c Catalog,
    called: &'c Called,
}

fn is_mark(c: char) -> bool {
    // What stands for characters that could not be read may have been a word.
    !c.is_alphanumeric() && c != char::REPLACEMENT_CHARACTER
}

fn is_ascii_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// Whether a word of Latin letters would be torn out of a longer one.
fn is_torn(word: &str, before: Option<char>, rest: &str) -> bool {
    let starts = word.starts_with(is_ascii_word) && before.is_some_and(is_ascii_word);
    let ends = word.ends_with(is_ascii_word) && rest.starts_with(is_ascii_word);
    starts || ends
}

/// “1楼挡光”, “2层太吵”, “3号楼先装”: a floor or a house, and what is said of it; a flat alone is somebody's.
fn is_of_a_floor(text: &str) -> bool {
    const SIGNS: [&str; 8] = ["号楼", "號樓", "楼", "樓", "层", "層", "单元", "單元"];
    let rest = text.trim_start_matches(char::is_numeric);
    let said = SIGNS.iter().find_map(|sign| rest.strip_prefix(sign)).filter(|_| rest.len() < text.len());
    said.is_some_and(|said| said.chars().filter(|c| c.is_alphabetic()).count() > 1)
}

fn skip_marks(text: &str) -> (Gap, &str) {
    let rest = text.trim_start_matches(is_mark);
    let skipped = text.strip_suffix(rest).unwrap_or_default();
    match (skipped.is_empty(), skipped.chars().all(|c| c == ' ')) {
        (true, _) => (Gap::None, rest),
        (false, true) => (Gap::Blank, rest),
        (false, false) => (Gap::Clause, rest),
    }
}

/// Without stickers, which some platforms write in brackets.
fn without_stickers(text: &str, keeps: impl Fn(&str) -> bool) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, inner)) = rest.split_once('[') {
        out.push_str(before);
        match inner.split_once(']') {
            Some((name, after))
                if (1..=MAX_STICKER).contains(&name.chars().count())
                    && name.chars().all(char::is_alphabetic)
                    && !keeps(name) =>
            {
                // As long as it was, so that what stands behind it is found in the words as they were written.
                out.extend(std::iter::repeat_n('~', name.chars().count() + 2));
                rest = after;
            }
            _ => {
                out.push('[');
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out
}

/// What stands between the last mark that ends a clause and the end, as far as it is looked at.
fn clause_before(text: &str) -> &str {
    let far = text.char_indices().rev().nth(LONGEST_CLAUSE).map_or(0, |(at, _)| at);
    let text = text.get(far..).unwrap_or_default();
    let ends = |c: char| is_mark(c) && !matches!(c, ' ' | '\'' | '’');
    trim(text.rsplit(ends).next().unwrap_or_default())
}

/// The end of a text that was folded, as it was written.
fn as_written(text: &str, folded: &str) -> String {
    let text = trim(text);
    let visible = text.char_indices().rev().filter(|(_, c)| !invisible(*c));
    let start = folded.chars().count().checked_sub(1).and_then(|n| visible.map(|(at, _)| at).nth(n));
    trim(start.and_then(|start| text.get(start..)).unwrap_or_default()).to_owned()
}

impl<'c> Reader<'c> {
    fn spellings(&self, key: &str) -> &'c [String] {
        self.catalog.spellings(key)
    }

    /// What follows the longest spelling a text begins with, where it may end there.
    fn after<'t>(
        &self,
        key: &str,
        text: &'t str,
        before: Option<char>,
        ends: impl Fn(&str) -> bool,
    ) -> Option<&'t str> {
        let rests = self.spellings(key).iter().filter_map(|word| {
            let rest = text.strip_prefix(word.as_str())?;
            (!is_torn(word, before, rest) && ends(rest)).then_some(rest)
        });
        rests.min_by_key(|rest| rest.len())
    }

    fn any_after<'t>(&self, keys: &[&str], text: &'t str) -> Option<&'t str> {
        keys.iter().filter_map(|key| self.after(key, text, None, |_| true)).min_by_key(|rest| rest.len())
    }

    /// Whether a word stands anywhere in a text.
    fn is_in(&self, key: &str, text: &str) -> bool {
        self.spellings(key).iter().any(|word| {
            let stands = |(at, found): (usize, &str)| {
                let before = text.get(..at).and_then(|before| before.chars().next_back());
                !is_torn(word, before, text.get(at + found.len()..).unwrap_or_default())
            };
            text.match_indices(word.as_str()).any(stands)
        })
    }

    /// The choice a text begins with in words.
    fn word<'t>(&self, text: &'t str, before: Option<char>) -> Option<(Choice, &'t str)> {
        let found =
            CHOICES.iter().filter_map(|(choice, words, _)| Some((*choice, self.after(words, text, before, |_| true)?)));
        found.min_by_key(|(_, rest)| rest.len())
    }

    /// The choice a text begins with as a number, where the number ends there.
    fn number<'t>(&self, text: &'t str) -> Option<(Choice, &'t str)> {
        let ends = |rest: &str| {
            rest.chars().next().is_none_or(is_mark)
                || self.word(rest, None).is_some()
                || self.after("short.after", rest, None, |_| true).is_some()
                || self.after("short.because", rest, None, |_| true).is_some()
        };
        // “1票” is one ballot.
        let is_one_ballot = self.any_after(&["short.before", "short.after"], text).is_some_and(|rest| {
            let taken = text.strip_suffix(rest).unwrap_or_default();
            taken.chars().count() > 1
                && self.after("short.after", taken.trim_start_matches(char::is_numeric), None, str::is_empty).is_some()
        });
        if is_one_ballot {
            return None;
        }
        let found = CHOICES.iter().filter_map(|(choice, _, key)| Some((*choice, self.after(key, text, None, ends)?)));
        found.min_by_key(|(_, rest)| rest.len())
    }

    /// Every choice in words, and whether a no stands before it.
    fn hits(&self, text: &str) -> Vec<Hit> {
        let (mut hits, mut at) = (Vec::new(), 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let before = text.get(..at).unwrap_or_default();
            match self.word(rest, before.chars().next_back()) {
                Some((choice, after)) => {
                    if self.is_said(rest.strip_suffix(after).unwrap_or_default(), before) {
                        hits.push(Hit { choice, at, is_denied: self.is_denied(before) });
                    }
                    at = text.len() - after.len();
                }
                None => at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        hits
    }

    /// “bad for us” speaks of no choice: the shortest words do so where a clause begins with them.
    fn is_said(&self, word: &str, before: &str) -> bool {
        let clause = clause_before(before);
        let opens = |opening: &String| clause.ends_with(opening.as_str());
        !(word.is_ascii() && word.len() == SHORTEST)
            || clause.is_empty()
            || ["short.before", "short.not"].iter().any(|key| self.spellings(key).iter().any(opens))
    }

    fn is_denied(&self, before: &str) -> bool {
        let mut clause = clause_before(before);
        while let Some(shorter) =
            self.spellings("short.fine").iter().find_map(|word| clause.strip_suffix(word.as_str()))
        {
            clause = trim(shorter);
        }
        let far = clause.chars().count().saturating_sub(NEAR);
        let near = clause.char_indices().nth(far).and_then(|(at, _)| clause.get(at..)).unwrap_or_default();
        let has = |word: &String| match (word.contains(['\'', '’']), word.starts_with(is_ascii_word)) {
            (true, _) => near.split(' ').any(|part| part.ends_with(word.as_str())),
            (false, true) => near.split(' ').any(|part| part == word),
            (false, false) => near.contains(word.as_str()),
        };
        self.spellings("short.not").iter().any(has)
    }

    /// The voter's own flat, or that of somebody.
    fn flat<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let flat = flat_run(text);
        let rest = text.strip_prefix(flat)?;
        let is_flat = flat.chars().filter(char::is_ascii_digit).count() >= 2;
        is_flat.then_some((flat, rest))
    }

    fn is_own(&self, flat: &str) -> bool {
        self.called.flats.iter().any(|own| same_place(own, flat))
    }

    fn own_name<'t>(&self, text: &'t str) -> Option<&'t str> {
        let names = self.called.names.iter().map(|name| fold(trim(name)));
        let rests = names.filter(|name| name.chars().count() > 1).filter_map(|name| text.strip_prefix(name.as_str()));
        rests.min_by_key(|rest| rest.len())
    }

    /// 【1号】, 1号, 第1号: the number of a topic, never of a choice; a bare number in brackets of another kind is one.
    fn topic<'t>(&self, text: &'t str, before: &str) -> Option<(TopicNo, &'t str)> {
        let text = text.strip_prefix('第').unwrap_or(text);
        let (no, rest) = number::reference(text, before).filter(|(no, _)| *no < FLATS)?;
        let no = TopicNo(no);
        let is_choice = !before.ends_with('【') && self.number(text).is_some();
        (Some(no) == self.called.topic || !is_choice).then_some((no, rest))
    }

    /// One piece of a text that begins with it.
    fn piece<'t>(&self, text: &'t str, before: &str, walk: &mut Walk) -> Option<&'t str> {
        if let Some((_, rest)) = self.flat(text).filter(|(flat, _)| self.is_own(flat)) {
            walk.is_odd = true;
            return Some(rest);
        }
        if walk.choice.is_none()
            && let Some((no, rest)) = self.topic(text, before)
        {
            walk.topic = Some(no).filter(|no| Some(*no) != self.called.topic);
            return Some(rest);
        }
        if let Some(rest) = self.chosen(text, walk) {
            return Some(rest);
        }
        if walk.choice.is_none()
            && let Some(rest) = self.any_after(&["short.before"], text)
        {
            return Some(rest);
        }
        if let Some((flat, rest)) = self.flat(text) {
            walk.other.get_or_insert_with(|| flat.to_owned());
            return Some(rest);
        }
        if let Some(rest) = self.own_name(text) {
            walk.is_odd = true;
            return Some(rest);
        }
        if walk.is_odd
            && let Some(rest) = self.any_after(&["short.own"], text)
        {
            return Some(rest);
        }
        if walk.choice.is_some() {
            return self.any_after(&["short.after"], text).or_else(|| {
                let rest = self.asked_for(text)?;
                walk.is_odd = true;
                Some(rest)
            });
        }
        let rest = self.any_after(&["short.fine"], text)?;
        walk.is_fine = true;
        Some(rest)
    }

    /// “赞成装电梯” where it is asked “要不要装电梯”: the words of the question itself. Not where it has a no or an or in it.
    fn asked_for<'t>(&self, text: &'t str) -> Option<&'t str> {
        let title = fold(trim(&self.called.title));
        let question = self.any_after(&["short.whether"], &title).unwrap_or(&title);
        let question = question.trim_start_matches(is_mark);
        let rest = text.trim_start_matches(|c| !is_mark(c));
        let part = text.strip_suffix(rest).filter(|part| !part.is_empty())?;
        let is_plain =
            !self.is_in("short.not", question) && !self.is_in("short.or", question) && self.hits(question).is_empty();
        (is_plain && question.starts_with(part)).then_some(rest)
    }

    /// A choice, in words or by its number.
    fn chosen<'t>(&self, text: &'t str, walk: &mut Walk) -> Option<&'t str> {
        let word = self.word(text, None);
        let (choice, rest) = word.or_else(|| self.number(text))?;
        let taken = text.strip_suffix(rest).unwrap_or_default();
        walk.is_two |= walk.choice.is_some_and(|before| before != choice);
        walk.choice = Some(walk.choice.unwrap_or(choice));
        walk.is_word |= word.is_some();
        walk.is_latin |= word.is_some() && taken.is_ascii();
        walk.is_odd |= word.is_none() && !(taken.len() == 1 && taken.is_ascii());
        Some(rest)
    }

    /// Whether a text is nothing but pieces; what they say is put into the walk.
    fn is_all_pieces(&self, text: &str, walk: &mut Walk) -> bool {
        let mut rest = text;
        for _ in 0..MOST_PIECES {
            let (_, at) = skip_marks(rest);
            if at.is_empty() {
                return true;
            }
            match self.piece(at, "", walk) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        false
    }

    fn walk(&self, text: &str) -> Walk {
        let (mut walk, mut rest) = (Walk::default(), text);
        for _ in 0..MOST_PIECES {
            let (gap, at) = skip_marks(rest);
            if at.is_empty() {
                return walk;
            }
            let before = rest.strip_suffix(at).unwrap_or_default();
            if walk.choice.is_some() {
                if let Some(after) = self.chosen(at, &mut walk) {
                    rest = after;
                    continue;
                }
                let mut ahead = walk.clone();
                if self.is_all_pieces(at, &mut ahead) {
                    return ahead;
                }
                if let Some(reason) = self.reason(gap, at, &walk) {
                    walk.reason = reason.to_owned();
                    return walk;
                }
            }
            // “+1” is no 1.
            let found = if before.ends_with('+') { None } else { self.piece(at, before, &mut walk) };
            match found {
                Some(after) => rest = after,
                None => {
                    walk.unread = Some(at.to_owned());
                    return walk;
                }
            }
        }
        walk.unread = Some(rest.to_owned());
        walk
    }

    /// What stands behind a choice, where it is a reason for it.
    fn reason<'t>(&self, gap: Gap, text: &'t str, walk: &Walk) -> Option<&'t str> {
        if let Some(rest) = self.any_after(&["short.because"], text) {
            return Some(skip_marks(rest).1);
        }
        let is_asked_for = self.called.terms.reasons && walk.choice == Some(Choice::Against);
        let may_be = match gap {
            Gap::None => false,
            // “2 号楼先装” says no 2.
            Gap::Blank if is_asked_for => flat_run(text).is_empty() || is_of_a_floor(text),
            Gap::Blank => walk.is_word && !walk.is_latin && !self.is_of_others(text),
            Gap::Clause if walk.is_word => true,
            Gap::Clause => {
                let letters = text.chars().filter(|c| c.is_alphabetic()).count();
                letters > 1 && !text.chars().any(char::is_numeric)
            }
        };
        may_be.then_some(text)
    }

    /// “赞成 老王的意见”: that is somebody's opinion, and no reason.
    fn is_of_others(&self, text: &str) -> bool {
        let words = self.spellings("short.others");
        words
            .iter()
            .any(|word| text.starts_with(word.as_str()) || word.chars().count() > 1 && text.contains(word.as_str()))
    }

    fn asks(&self, text: &str) -> bool {
        let bare = text.trim_end_matches(is_mark);
        let ends = |word: &String| bare.ends_with(word.as_str()) && !word.is_empty();
        text.contains('?') || self.is_in("short.asks", text) || self.spellings("short.asks_end").iter().any(ends)
    }

    /// “赞成，但别收钱”: what stands behind a choice takes it back in part. A reason against says no more than against: “反对，灯是好，但挡光”
    /// is one, as long as it does not begin so.
    fn is_but(&self, said: &str, choice: Choice) -> bool {
        let mut said = said.to_owned();
        for word in self.spellings("short.no_but") {
            said = said.replace(word.as_str(), "~");
        }
        let begins = |part: &str, key: &str| self.after(key, trim(part), None, |_| true).is_some();
        let opens = |part: &str| begins(part, "short.but") || begins(part, "short.but_first");
        match choice {
            Choice::Against => opens(&said),
            Choice::For | Choice::Abstain => {
                self.is_in("short.but", &said) || said.split(|c: char| is_mark(c) && c != ' ').any(opens)
            }
        }
    }

    /// Thumbs up with 反对, and down with 赞成.
    fn is_gainsaid(&self, text: &str, choice: Choice) -> bool {
        match choice {
            Choice::For => self.is_in("short.down", text),
            Choice::Against => self.is_in("short.up", text),
            Choice::Abstain => self.is_in("short.up", text) || self.is_in("short.down", text),
        }
    }

    fn yes_or_no(&self, text: &str) -> Meant {
        let (written, whole) = (text, fold(trim(text)));
        if let Some(choice) = self.as_on_the_card(&whole) {
            return Meant::Choice { picked: Picked::One(choice), reason: String::new(), is_plain: true };
        }
        let text = without_stickers(&whole, |name| !self.hits(name).is_empty());
        let (walk, hits) = (self.walk(&text), self.hits(&text));
        let first = walk.choice.or_else(|| hits.first().map(|hit| hit.choice));
        let Some(first) = first else {
            let other = walk.topic.filter(|_| walk.unread.is_none());
            return other.map_or(Meant::Nothing, |no| Meant::Doubt(Doubt::OtherTopic(no)));
        };
        // “反对 赞成的人都住楼上”, where reasons are asked for: whom the reason speaks of is no second choice.
        let behind = text.len() - walk.reason.len();
        let is_of_people = |hit: &Hit| {
            let said = text.get(hit.at..).unwrap_or_default();
            let rest = self.word(said, None).map_or("", |(_, rest)| rest);
            let people = self.spellings("short.people").iter().any(|word| rest.starts_with(word.as_str()));
            self.called.terms.reasons && walk.is_word && !walk.reason.is_empty() && hit.at >= behind && people
        };
        let differs = |hit: &Hit| hit.choice != first && !is_of_people(hit);
        let (is_other, is_no) = self.taken_back(&walk.reason, first);
        let is_two = walk.is_two || is_other || hits.iter().any(differs) || self.is_gainsaid(&text, first);
        let doubt = if self.asks(&whole) {
            Some(Doubt::Asks)
        } else if is_two {
            Some(Doubt::Two)
        } else if is_no || hits.iter().any(|hit| hit.is_denied) || (walk.is_fine && first != Choice::For) {
            Some(Doubt::Denies)
        } else if self.is_in("short.if", &text) || self.is_but(walk.behind(), first) {
            Some(Doubt::Depends)
        } else {
            self.left_over(&walk, &hits, &text)
        };
        match (doubt, walk.choice) {
            (None, Some(choice)) => Meant::Choice {
                picked: Picked::One(choice),
                reason: as_written(written, &walk.reason),
                is_plain: !walk.is_odd,
            },
            (Some(doubt), _) => Meant::Doubt(doubt),
            (None, None) => Meant::Doubt(Doubt::Unclear(text)),
        }
    }

    /// “1”, “赞成” and not a mark more, which is how most vote: nothing else is looked for.
    fn as_on_the_card(&self, whole: &str) -> Option<Choice> {
        let numbered = ["1", "2", "3"].into_iter().zip(Choice::ALL).find(|(number, _)| *number == whole);
        numbered.map(|(_, choice)| choice).or_else(|| printed(self.catalog, whole))
    }

    /// “赞成，不，3”: whether a part of a reason is another choice, and whether one is a no.
    fn taken_back(&self, reason: &str, first: Choice) -> (bool, bool) {
        let parts = || reason.split(is_mark).filter(|part| !part.is_empty());
        let is_other = |part: &str| {
            let mut walk = Walk::default();
            let is_short = part.is_ascii() && part.len() == SHORTEST;
            !is_short && self.is_all_pieces(part, &mut walk) && walk.choice.is_some_and(|choice| choice != first)
        };
        let is_no = |part: &str| self.spellings("short.not").iter().any(|word| word == part);
        (parts().any(is_other), parts().any(is_no))
    }

    /// What of a text is nobody's: another flat, another topic, a piece nobody knows.
    fn left_over(&self, walk: &Walk, hits: &[Hit], text: &str) -> Option<Doubt> {
        if let Some(flat) = &walk.other {
            return Some(Doubt::Other(flat.clone()));
        }
        if let Some(no) = walk.topic {
            return Some(Doubt::OtherTopic(no));
        }
        let unread = walk.unread.as_deref()?;
        let start = text.len() - unread.len();
        let until = hits.iter().map(|hit| hit.at).find(|at| *at > start).unwrap_or(text.len());
        Some(Doubt::Unclear(text.get(start..until).unwrap_or(unread).trim_matches(is_mark).to_owned()))
    }

    fn options(&self, text: &str, method: Method) -> Meant {
        let marked = |marks, is_plain| Meant::Choice { picked: Picked::Marks(marks), reason: String::new(), is_plain };
        let terms = &self.called.terms;
        let whole = fold(trim(text));
        let fault = match terms.read(text) {
            Ok(_) if self.names_any(&whole) => return Meant::Doubt(Doubt::Option(Fault::Vague(whole))),
            Ok(marks) => return marked(marks, true),
            Err(Fault::Mixed(_)) if let Some(ranks) = self.placed(text) => return marked(ranks, false),
            Err(fault @ Fault::Mixed(_)) => return Meant::Doubt(Doubt::Option(fault)),
            Err(fault) => fault,
        };
        let sticker_less = without_stickers(&whole, |name| self.is_option(name));
        let core = self.peeled(&sticker_less);
        if !self.asks(&whole)
            && !self.is_in("short.if", &whole)
            && !self.is_in("short.down", &whole)
            && let Some(meant) = self.peeled_meaning(core, method)
        {
            return meant;
        }
        if let Some(choice) = self.choice_instead(text, &fault) {
            return Meant::Choice { picked: Picked::One(choice), reason: String::new(), is_plain: true };
        }
        let is_none = matches!(fault, Fault::Unknown(_) | Fault::Nothing);
        if is_none && self.hits(&whole).is_empty() && !self.speaks_of_options(&whole) {
            return Meant::Nothing;
        }
        let hits = self.hits(&whole);
        Meant::Doubt(match () {
            () if self.asks(&whole) => Doubt::Asks,
            () if self.is_in("short.if", &whole) => Doubt::Depends,
            () if hits.iter().any(|hit| hit.is_denied) => Doubt::Denies,
            () => self.stranger(&sticker_less).unwrap_or(Doubt::Option(fault)),
        })
    }

    /// 弃权, and 赞成 or 反对 where there is nothing of the kind: in words, and not those of an option.
    fn choice_instead(&self, text: &str, fault: &Fault) -> Option<Choice> {
        let whole = fold(trim(text));
        let theirs = |one: &Hit| {
            let mut options = self.called.terms.options.iter();
            options.any(|option| self.hits(&fold(option.as_str())).iter().any(|other| other.choice == one.choice))
        };
        let hits = self.hits(&whole);
        let is_one = matches!(fault, Fault::Unknown(_)) && !hits.is_empty() && !hits.iter().any(theirs);
        match Self::plain(self.catalog).yes_or_no(text) {
            Meant::Choice { picked: Picked::One(choice), .. } if is_one => Some(choice),
            Meant::Choice { .. } | Meant::Doubt(_) | Meant::Nothing => None,
        }
    }

    /// A reader for votes of yes and no.
    fn plain(catalog: &Catalog) -> Reader<'_> {
        static NO_OPTIONS: std::sync::LazyLock<Called> = std::sync::LazyLock::new(Called::default);
        Reader { catalog, called: &NO_OPTIONS }
    }

    /// Options that may be read once what stands around them is off.
    fn peeled_meaning(&self, core: &str, method: Method) -> Option<Meant> {
        let terms = &self.called.terms;
        let marked = |marks| Meant::Choice { picked: Picked::Marks(marks), reason: String::new(), is_plain: false };
        match terms.read(core) {
            Ok(marks) => return (!self.names_any(core)).then(|| marked(marks)),
            Err(fault @ Fault::Mixed(_)) => {
                return Some(self.placed(core).map_or(Meant::Doubt(Doubt::Option(fault)), marked));
            }
            Err(_) => {}
        }
        if method != Method::Single {
            return None;
        }
        // “甲，离家近”: the reason may name no option and no choice.
        let (at, mark) =
            core.char_indices().find(|(_, c)| matches!(c, ',' | '，' | '。' | ';' | ':' | '!' | '(' | '\n'))?;
        let (head, reason) = (core.get(..at)?, core.get(at + mark.len_utf8()..)?);
        let marks = terms.read(head).ok()?;
        let is_clean = self.hits(reason).is_empty()
            && !reason.chars().any(char::is_numeric)
            && !self.is_option(reason)
            && !self.is_but(reason, Choice::For)
            && !reason.chars().any(|c| terms.read(&c.to_string()).is_ok())
            && !self.is_in("short.not", reason);
        (is_clean && !self.names_any(head)).then(|| marked(marks))
    }

    /// Options with their places, where nothing speaks against them.
    fn placed(&self, text: &str) -> Option<Marks> {
        let whole = fold(trim(text));
        let is_clean = !self.asks(&whole) && !self.is_in("short.if", &whole) && !self.is_in("short.down", &whole);
        self.called.terms.ranks(text).filter(|_| is_clean && !self.names_any(&whole))
    }

    /// “一个”, not “第一个”.
    fn names_any(&self, text: &str) -> bool {
        let stands_alone = |word: &String| {
            text.match_indices(word.as_str()).any(|(at, found)| {
                let before = text.get(..at).unwrap_or_default();
                let after = text.get(at + found.len()..).unwrap_or_default();
                let is_nth = self.spellings("short.nth").iter().any(|nth| before.ends_with(nth.as_str()));
                !is_nth && !is_torn(word, before.chars().next_back(), after)
            })
        };
        let is_own_word =
            |word: &String| self.called.terms.options.iter().any(|one| fold(one.as_str()).contains(word.as_str()));
        self.spellings("short.any").iter().any(|word| stands_alone(word) && !is_own_word(word))
    }

    /// Whether the words of an option stand in a text.
    fn is_option(&self, text: &str) -> bool {
        self.called
            .terms
            .options
            .iter()
            .map(|one| fold(trim(one.as_str())))
            .any(|one| !one.is_empty() && text.contains(&one))
    }

    /// Whether a text has anything to do with the options: a figure, a label, their words.
    fn speaks_of_options(&self, text: &str) -> bool {
        let is_label = |part: &str| self.called.terms.read(part).is_ok();
        text.chars().any(char::is_numeric)
            || self.is_option(text)
            || text.split(is_mark).filter(|part| !part.is_empty()).any(is_label)
    }

    /// Without what may stand around options: who says it, 投, 赞成, one's own flat and name, thanks.
    fn peeled<'t>(&self, text: &'t str) -> &'t str {
        let is_word_of_theirs = self.called.terms.options.iter().any(|one| !self.hits(&fold(one.as_str())).is_empty());
        let mut rest = text;
        loop {
            let at = rest.trim_start_matches(|c| is_mark(c) && !matches!(c, '(' | '“' | '"'));
            rest = at;
            let own_flat = self.flat(at).filter(|(flat, _)| self.is_own(flat)).map(|(_, rest)| rest);
            let topic = || {
                let (no, rest) = number::reference(at, text.strip_suffix(at).unwrap_or_default())?;
                (Some(TopicNo(no)) == self.called.topic && rest.chars().any(char::is_alphanumeric)).then_some(rest)
            };
            let yes = || {
                let (choice, rest) = self.word(at, None).filter(|_| !is_word_of_theirs)?;
                (choice == Choice::For && !rest.is_empty()).then_some(rest)
            };
            let keys: &[&str] = &["short.before", "short.fine", "short.own", "short.option"];
            let filler = || self.any_after(keys, at).filter(|rest| !self.is_begun(at) && !rest.is_empty());
            match own_flat.or_else(|| self.own_name(at)).or_else(topic).or_else(yes).or_else(filler) {
                Some(shorter) if !shorter.is_empty() => rest = shorter,
                _ => break,
            }
        }
        self.peeled_behind(rest)
    }

    /// Whether an option, by its words, begins here.
    fn is_begun(&self, text: &str) -> bool {
        self.called.terms.options.iter().map(|one| fold(trim(one.as_str()))).any(|one| text.starts_with(&one))
    }

    fn peeled_behind<'t>(&self, text: &'t str) -> &'t str {
        let mut rest = text;
        loop {
            let bare = rest.trim_end_matches(is_mark);
            let shorter = self.spellings("short.after").iter().chain(self.called.names.iter()).find_map(|word| {
                let shorter = bare.strip_suffix(fold(trim(word)).as_str())?;
                let is_whole = !word.starts_with(is_ascii_word) || !shorter.ends_with(is_ascii_word);
                (is_whole && !word.is_empty() && shorter.chars().any(char::is_alphanumeric) && !self.is_ended(bare))
                    .then_some(shorter)
            });
            match shorter {
                Some(shorter) => rest = shorter,
                None => return bare,
            }
        }
    }

    /// Whether an option, by its words, ends here.
    fn is_ended(&self, text: &str) -> bool {
        self.called.terms.options.iter().map(|one| fold(trim(one.as_str()))).any(|one| text.ends_with(&one))
    }

    /// A flat that is not the voter's, before the options.
    fn stranger(&self, text: &str) -> Option<Doubt> {
        let (flat, rest) = self.flat(text.trim_start_matches(is_mark))?;
        let is_flat = flat.chars().filter(char::is_ascii_digit).count() > 2 && !self.is_own(flat);
        (is_flat && rest.chars().any(char::is_alphanumeric)).then(|| Doubt::Other(flat.to_owned()))
    }
}
