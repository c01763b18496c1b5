//! 回卡片 — “有事来不了”, “报名，带孩子” in reply to the card of a gathering, “很满意！谢谢”, “不太满意，3号灯还不亮” in reply to an answer: read
//! clause by clause like a short ballot, with the words of `commands/words.toml`. What is in doubt is asked back with the lines; a no
//! anywhere makes nothing of it a yes.

use super::{Heard, plain, poll, roll, short};
use crate::domain::brief::Ask;
use crate::domain::command::Command;
use crate::domain::kernel::ids::{GatheringNo, TaskNo};
use crate::domain::kernel::mark::{Mark, Why};
use crate::domain::kernel::place::flat_before;
use crate::domain::kernel::plain::{Plain, Spoken};
use crate::domain::kernel::say::Value;
use crate::domain::talk::gathering::Ask as Gathering;
use crate::domain::vote::poll::filling::Spoken as Way;
use crate::domain::vote::tally::Choice;
use crate::domain::work::task::Grade;
use crate::language::catalog::Catalog;
use crate::language::fold::{clause, fold, trim, trim_start};
use crate::language::number;
use crate::say;

/// Longest reply that is read, in characters; more is talk.
const LONGEST: usize = 60;

/// The clauses of a reply, folded, in order.
fn clauses(text: &str) -> Vec<String> {
    let is_end = |c: char| {
        matches!(c, '，' | ',' | '。' | '！' | '!' | '；' | ';' | '～' | '~' | '、' | '\n' | '：' | ':' | '.')
    };
    let has_han = !text.is_ascii();
    text.split(|c: char| is_end(c) || has_han && c.is_whitespace())
        .map(trim)
        .filter(|part| !part.is_empty())
        .map(fold)
        .collect()
}

/// Without the words of a term at the beginning and of another at the end, as often as they stand there.
fn peeled(catalog: &Catalog, said: &str, (before, after): (&str, &str)) -> String {
    let mut rest = said;
    loop {
        let cut = |word: &String| {
            let left = rest.strip_prefix(word.as_str()).filter(|_| !word.is_empty())?;
            (!(left.is_empty() || word.is_ascii() && left.starts_with(|c: char| c.is_ascii_alphanumeric())))
                .then_some(trim(left))
        };
        let shorter = catalog.spellings(before).iter().filter_map(cut).min_by_key(|left| left.len());
        let end = |word: &String| rest.strip_suffix(word.as_str()).filter(|left| !word.is_empty() && !left.is_empty());
        match shorter.or_else(|| catalog.spellings(after).iter().find_map(end)) {
            Some(shorter) => rest = shorter,
            None => return rest.to_owned(),
        }
    }
}

fn is_asking(catalog: &Catalog, text: &str) -> bool {
    text.contains(['?', '？']) || catalog.spellings("card.asks").iter().any(|word| fold(text).contains(word.as_str()))
}

fn says(catalog: &Catalog, key: &str, text: &str) -> bool {
    catalog.spellings(key).iter().any(|word| text.contains(word.as_str()))
}

/// What one clause says about coming.
enum Coming {
    Yes,
    No,
    /// 可能来, 待定.
    Unsure,
    /// 有事, 谢谢, 不好意思.
    Filler,
    Other,
}

fn coming(catalog: &Catalog, said: &str) -> Coming {
    if catalog.spelled("card.excuse", said) {
        return Coming::Filler;
    }
    for one in [said.to_owned(), peeled(catalog, said, ("card.excuse", "card.end"))] {
        match () {
            () if catalog.spelled("word.unable", &one) || catalog.spelled("word.unable", &format!("{one}了")) => {
                return Coming::No;
            }
            () if catalog.spelled("word.absent", &one) || catalog.spelled("word.minus", &one) => return Coming::No,
            () if catalog.spelled("word.unsure", &one) => return Coming::Unsure,
            () if ["word.join", "word.plus", "card.coming"].iter().any(|key| catalog.spelled(key, &one)) => {
                return Coming::Yes;
            }
            () => {}
        }
    }
    Coming::Other
}

/// In reply to the card of a gathering, where more is said than 报名 or 不去了.
pub(super) fn about_gathering<'c>(catalog: &'c Catalog, no: GatheringNo, text: &str) -> Option<Heard<'c>> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let whole = fold(trim(text));
    let is_about = ["word.unable", "word.join", "card.coming"].iter().any(|key| says(catalog, key, &whole));
    let begins = |key: &str| clauses(text).first().is_some_and(|one| catalog.spelled(key, one));
    if !(is_about || begins("word.plus") || begins("word.minus")) {
        return None;
    }
    let doubt = || {
        let say = say!("e.coming", bad = Value::Quote(trim(text).to_owned()), a = no);
        Some(Heard { entry: catalog.entry("join"), command: Err(say), slashed: true })
    };
    let (mut yes, mut off, mut notes) = (false, false, Vec::new());
    for one in clauses(text) {
        match coming(catalog, &one) {
            Coming::Yes => yes = true,
            Coming::No => off = true,
            Coming::Filler => {}
            Coming::Unsure | Coming::Other => notes.push(one),
        }
    }
    let note = notes.join("，");
    let is_doubtful =
        is_asking(catalog, text) || says(catalog, "word.unable", &note) || says(catalog, "card.not", &note);
    match (yes, off) {
        (true, false) if !is_doubtful => {
            let join = Gathering::Join { gathering: Some(no), note };
            Some(Heard::of(catalog, "join", Command::Gathering(join), true))
        }
        (false, true) if notes.is_empty() && !is_asking(catalog, text) => {
            let leave = Gathering::Leave { gathering: Some(no), why: String::new() };
            Some(Heard::of(catalog, "decline", Command::Gathering(leave), true))
        }
        // “张桂英报名” under the card: who it is for cannot be told.
        (false, false) if names_somebody(catalog, &whole) => doubt(),
        // “春游大家去不去”: that somebody speaks of coming is not yet a word about themselves.
        (false, false)
            if !whole.starts_with('我') && (is_asking(catalog, text) || !says(catalog, "word.unable", &whole)) =>
        {
            None
        }
        (_, _) => doubt(),
    }
}

/// What a remark behind 报名 says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remark {
    /// That they come, with whatever else is said.
    Comes,
    /// 有事来不了: that they do not.
    Off,
    /// 可能来, 有事: neither.
    Unclear,
}

/// Clause by clause: a no anywhere is no remark of whoever comes.
pub(super) fn remark(catalog: &Catalog, note: &str) -> Remark {
    let (mut off, mut unsure, mut others, mut excused) = (false, false, false, false);
    for one in clauses(note) {
        match coming(catalog, &one) {
            Coming::No => off = true,
            Coming::Unsure => unsure = true,
            Coming::Filler => excused |= says(catalog, "card.busy", &one),
            Coming::Yes | Coming::Other => others = true,
        }
    }
    match (off, unsure, others) {
        (true, false, false) => Remark::Off,
        (true, ..) | (_, true, _) => Remark::Unclear,
        (false, false, false) if excused => Remark::Unclear,
        (false, false, _) => Remark::Comes,
    }
}

/// Who does not come, by what stands behind 不去.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leaving {
    /// Whoever speaks; the words say why.
    Speaker,
    /// 老李, 老伴不来了.
    Other(String),
    /// 1人, 我来.
    Unclear,
}

/// What stands behind 不去.
pub(super) fn leaving(catalog: &Catalog, said: &str) -> Leaving {
    let whole = fold(trim(said).trim_end_matches(['。', '.', '！', '!', '～', '~']));
    if is_count(catalog, &whole) {
        return Leaving::Unclear;
    }
    let parts = clauses(said);
    if parts.iter().any(|one| matches!(coming(catalog, one), Coming::Yes | Coming::Unsure)) {
        return Leaving::Unclear;
    }
    let alone = parts.first().filter(|one| is_somebody(catalog, one)).cloned();
    let left = || parts.iter().find_map(|one| left_out(catalog, one));
    alone.or_else(left).map_or(Leaving::Speaker, Leaving::Other)
}

/// 老伴不来了, 李德福请假: who is said not to come.
fn left_out(catalog: &Catalog, said: &str) -> Option<String> {
    let ends = ["word.unable", "word.absent"].iter().flat_map(|key| catalog.spellings(key));
    let mut before = ends.filter_map(|word| said.strip_suffix(word.as_str())).map(|who| {
        let who = trim(who);
        let bare = ["也", "都", "说", "又", "就", "是"].iter().find_map(|word| who.strip_suffix(word));
        trim(bare.unwrap_or(who))
    });
    before.find(|who| is_somebody(catalog, who)).map(str::to_owned)
}

/// 老伴, 李德福, 101李德福, 老李, 李阿姨.
fn is_somebody(catalog: &Catalog, said: &str) -> bool {
    let (_, bare) = flat_before(said);
    let n = bare.chars().count();
    let called = || {
        let family = catalog.spellings("word.address_as").iter().find_map(|word| bare.strip_suffix(word.as_str()));
        family.is_some_and(|family| (1..=2).contains(&family.chars().count()) && roll::is_family(family))
    };
    let nicknamed = || {
        let family = bare.strip_prefix(['老', '小', '阿']);
        n == 2 && family.is_some_and(roll::is_family)
    };
    catalog.spelled("word.kin", said) || roll::is_full_name(bare) || (n <= 4 && called()) || nicknamed()
}

/// 1人, 少来两个.
fn is_count(catalog: &Catalog, said: &str) -> bool {
    let rest = catalog.after("word.fewer", said).map_or(said, trim_start);
    let counted = number::digits(rest).or_else(|| number::chinese(rest));
    let behind = counted.map(|(_, rest)| trim(rest).trim_end_matches(['了', '吧']));
    behind.is_some_and(|rest| ["", "人", "位", "个", "个人", "口", "名", "people", "person"].contains(&rest))
}

/// 张桂英报名.
fn names_somebody(catalog: &Catalog, whole: &str) -> bool {
    let before = |word: &String| whole.strip_suffix(word.as_str());
    catalog.spellings("word.join").iter().filter_map(before).any(|name| roll::is_full_name(trim(name)))
}

/// What one clause says of how it was done.
enum Rating {
    Of(Grade),
    /// 谢谢, 挺好的.
    Filler,
    /// 不太满意, 还行: nearly one of them.
    Near,
    Other,
}

fn rating(catalog: &Catalog, said: &str) -> Rating {
    let grade = |said: &str| catalog.which(&Grade::ALL, Grade::term, said);
    let one = peeled(catalog, said, ("rate.before", "card.end"));
    match () {
        () if catalog.spelled("rate.near", said) || catalog.spelled("rate.near", &one) => Rating::Near,
        () if catalog.spelled("rate.filler", said) || catalog.spelled("rate.filler", &one) => Rating::Filler,
        () => match grade(said).or_else(|| grade(&one)) {
            Some(grade) => Rating::Of(grade),
            None => Rating::Other,
        },
    }
}

/// 满意, 很满意, 不满意: the grade these words are, and nothing less.
pub(super) fn grade_of(catalog: &Catalog, said: &str) -> Option<Grade> {
    let said = fold(trim(said).trim_end_matches(['。', '.', '！', '!', '～', '~']));
    match rating(catalog, &said) {
        Rating::Of(grade) => Some(grade),
        Rating::Filler | Rating::Near | Rating::Other => None,
    }
}

/// In reply to what tells of a task: a grade and why, 收到, or words that are asked back where the one they come from is asked.
pub(super) fn about_task<'c>(catalog: &'c Catalog, no: TaskNo, text: &str) -> Option<Heard<'c>> {
    let (first, reason) = clause(text);
    let said = fold(trim(first));
    let rate = |grade, reason: &str| {
        let reason = trim(reason).to_owned();
        Some(Heard::of(catalog, "rate", Command::Rate { task: Some(no), grade, reason }, true))
    };
    if let Some(grade) = catalog.which(&Grade::ALL, Grade::term, &said) {
        return rate(grade, reason);
    }
    if catalog.spelled("word.ack", &said) && (trim(reason).is_empty() || !is_doubted(catalog, reason)) {
        return Some(Heard::of(catalog, "ack", Command::Ack { task: Some(no), is_talk: true }, true));
    }
    if text.chars().count() > LONGEST {
        return None;
    }
    let words = Command::CardWords { task: no, said: trim(text).to_owned(), is_talk: true, is_reason: false };
    let asked = Heard::of(catalog, "rate", words, true);
    let (mut grades, mut rest): (Vec<Grade>, bool) = (Vec::new(), false);
    for one in clauses(text) {
        match rating(catalog, &one) {
            Rating::Of(grade) => grades.push(grade),
            Rating::Filler => {}
            Rating::Near | Rating::Other => rest = true,
        }
    }
    match (grades.as_slice(), rest, is_asking(catalog, text)) {
        ([grade @ (Grade::Good | Grade::Fair)], false, false) => rate(*grade, ""),
        // The first clause is the grade: what follows says why.
        ([Grade::Bad], _, false) if matches!(rating(catalog, &said), Rating::Of(Grade::Bad)) => {
            rate(Grade::Bad, reason)
        }
        (_, _, _) => Some(asked),
    }
}

pub(super) fn is_doubted(catalog: &Catalog, text: &str) -> bool {
    is_asking(catalog, text) || says(catalog, "card.not", &fold(text))
}

/// “我反对”, “I don't agree, too dear” in reply to a topic or a suggestion: nothing is entered for it that it does not say, but what somebody
/// who is against can send is answered; “异议 太贵” is that. In private a word of choice may be a ballot.
pub(super) fn against<'c>(catalog: &'c Catalog, mark: &Mark, text: &str, private: bool) -> Option<Heard<'c>> {
    let topic = match mark {
        Mark::Topic(no) | Mark::Suggestions(no) => Some(*no),
        Mark::Suggestion(_) => None,
        _ => return None,
    };
    let (first, words) = clause(text);
    if let Some(topic) = topic.filter(|_| catalog.means("back.word.objection", first) && !words.is_empty()) {
        let object = Command::Object { topic: Some(topic), text: trim(words).to_owned() };
        return Some(Heard::of(catalog, "object", object, true));
    }
    let is_end = |c: char| matches!(c, '，' | ',' | '。' | '！' | '!' | '；' | ';' | '：' | ':' | '\n' | '.');
    let head = trim(text.split(is_end).next().unwrap_or_default());
    let is_it = catalog.means("card.against", head) && short::printed(catalog, trim(text)).is_none();
    match (topic.filter(|_| is_it), mark) {
        (Some(_), _) if private => None,
        (Some(topic), _) => {
            let asked = Plain::Said(Spoken { number: Some(topic), ..Spoken::default() });
            Some(Heard::of(catalog, "help", Command::Plain(asked), true))
        }
        (None, Mark::Suggestion(at)) if is_it => {
            let say = say!("e.stance", bad = Value::Quote(trim(text).to_owned()), r#ref = *at);
            Some(Heard { entry: None, command: Err(say), slashed: true })
        }
        (None, _) => None,
    }
}

/// In reply to the question for words, or right behind it in private: the words. A grade, a choice, 谢谢 and 点错了 are none. A ballot is
/// answered for in private alone: in a group anybody may reply.
#[must_use]
pub fn answer_to<'c>(catalog: &'c Catalog, why: Why, text: &str, private: bool) -> Option<Heard<'c>> {
    let said = trim(text);
    if !is_answer(catalog, said) {
        return None;
    }
    match why {
        Why::Task(task) => {
            let words = Command::CardWords { task, said: said.to_owned(), is_talk: true, is_reason: true };
            Some(Heard::of(catalog, "rate", words, true))
        }
        Why::Proposal(proposal) => {
            let rate = Ask::Rate { proposal, grade: Grade::Bad, reason: said.to_owned() };
            Some(Heard::of(catalog, "rate", Command::Brief(rate), true))
        }
        Why::Against(_) if !private => None,
        Why::Against(topic) => {
            let against = catalog.term(Choice::Against.term()).map_or("", |term| term.zh.as_str());
            let ballot = poll::fill(catalog, Some(topic), &format!("{against} {said}"), Way::Line);
            Some(Heard::of(catalog, "ballot", ballot, true))
        }
    }
}

fn is_answer(catalog: &Catalog, said: &str) -> bool {
    let (first, _) = clause(said);
    let is_graded =
        [said, first].into_iter().any(|words| !matches!(rating(catalog, &fold(trim(words))), Rating::Other));
    let is_one_word = || {
        let word = fold(said.trim_end_matches(|c: char| !c.is_alphanumeric()));
        short::choice_word(catalog, &word).is_some()
            || catalog.spelled("word.ack", &word)
            || catalog.means("plain.how", said)
    };
    let is_talk = || matches!(plain::read(catalog, said), Plain::Hello | Plain::Thanks | Plain::Nothing);
    let is_marked = said.starts_with(['/', '／', '\\', '＼', '、', '#', '＃', '@', '＠']);
    let has_words = said.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    has_words && !is_marked && !is_graded && !is_one_word() && !is_talk() && !catalog.is_within("plain.undo", said)
}
