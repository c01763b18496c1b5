//! 一次一位、一次一件 — a line that takes one name, or one number, and a reason: a second one is never dropped, and never made the reason
//! in silence. Asked back here, for every command that takes such a line.

use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::scene::Ctx;
use crate::say;

/// Things named in one line that are answered by a line each.
const MOST: usize = 10;

/// What stands between two of them.
const BETWEEN: [char; 8] = ['、', '，', ',', '；', ';', '和', '跟', '与'];

/// After a number these make it a quantity: “3 天后再说”.
const COUNTED: [&str; 16] =
    ["天", "个", "月", "年", "日", "户", "人", "家", "栋", "楼", "次", "周", "层", "点", "元", "万"];

/// Of what a line takes one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Takes {
    /// A person.
    Person,
    /// A topic.
    Topic,
    /// 来件.
    Slip,
    /// 交办件.
    Task,
}

impl Takes {
    fn term(self) -> &'static str {
        match self {
            Self::Person => "one.person",
            Self::Topic => "one.topic",
            Self::Slip => "one.slip",
            Self::Task => "one.task",
        }
    }
}

/// The number behind a sign, in whichever digits it is written.
fn number_behind(word: &str, signs: &[&str]) -> Option<u32> {
    let bare = signs.iter().find_map(|sign| word.strip_prefix(sign)).unwrap_or(word);
    if !signs.is_empty() && bare == word {
        return None;
    }
    let bare = bare.strip_suffix(['号', '號']).unwrap_or(bare);
    let plain: String = bare.chars().map(half).collect();
    plain.chars().all(|c| c.is_ascii_digit()).then(|| plain.parse().ok()).flatten()
}

/// ３ as 3.
fn half(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF10..=0xFF19 => char::from_u32(code - 0xFF10 + u32::from('0')).unwrap_or(c),
        _ => c,
    }
}

/// The first word, and what follows.
fn first_word(text: &str) -> (&str, &str) {
    let is_end = |c: char| c.is_whitespace() || BETWEEN.iter().take(5).any(|end| *end == c) || matches!(c, '：' | ':');
    text.split_once(is_end).unwrap_or((text, ""))
}

/// The words a text begins with that name something, and what is left.
pub(super) fn leading(text: &str, is_one: impl Fn(&str, &str) -> bool) -> (Vec<&str>, &str) {
    let (mut found, mut left) = (Vec::new(), text.trim());
    while found.len() < MOST {
        let bare = left.trim_start_matches(|c: char| c.is_whitespace() || BETWEEN.contains(&c));
        let (word, after) = first_word(bare);
        if word.is_empty() || !is_one(word, after.trim_start()) {
            break;
        }
        found.push(word);
        left = after.trim_start();
    }
    (found, left)
}

impl Ctx<'_> {
    /// Asks back where a reason begins with another of what the line takes one of; `first` = how the one it takes was written.
    ///
    /// # Errors
    /// `e.one`: a line for each, and one for words that do begin so.
    pub(super) fn require_one(&self, takes: Takes, first: &str, reason: &str) -> Result<(), Say> {
        let (others, why) = leading(reason, |word, after| self.is_one(takes, word, after));
        if others.is_empty() {
            return Ok(());
        }
        let what = Value::Term(takes.term().to_owned());
        let Some(written) = self.written_before(takes, first, reason) else {
            let all = others.iter().map(|other| Value::Quote((*other).to_owned())).collect();
            return Err(say!("e.one.bare", what = what, all = Value::List(all)));
        };
        let others = others.iter().map(|other| written.of(other, why));
        let rows = Value::Lines(std::iter::once(written.of_own(why)).chain(others).collect());
        let (head, text) = (format!("{} ", written.whole), Value::Quote(reason.trim().to_owned()));
        Err(say!("e.one", what = what, rows = rows, head = head, text = text))
    }

    /// The same of a line that takes no reason: whatever stands behind the one it takes.
    ///
    /// # Errors
    /// `e.one.alone`: a line for each.
    pub(super) fn require_alone(&self, takes: Takes, first: &str, rest: &str) -> Result<(), Say> {
        let (others, why) = leading(rest, |word, after| self.is_one(takes, word, after));
        let written = self.written_before(takes, first, rest).filter(|_| !others.is_empty());
        let Some(written) = written else { return Ok(()) };
        let others = others.iter().map(|other| written.of(other, why));
        let rows = Value::Lines(std::iter::once(written.of_own(why)).chain(others).collect());
        Err(say!("e.one.alone", what = Value::Term(takes.term().to_owned()), rows = rows))
    }

    fn is_one(&self, takes: Takes, word: &str, after: &str) -> bool {
        match takes {
            Takes::Person => self.world.people_named(word).iter().any(|person| person.enrolled),
            Takes::Topic => {
                let is_counted = COUNTED.iter().any(|unit| after.starts_with(unit));
                let no = number_behind(word, &[]).filter(|_| !is_counted);
                no.is_some_and(|no| self.world.topic(TopicNo(no)).is_some())
            }
            // With its sign it is a number whether there is such a thing or not.
            Takes::Slip => number_behind(word, &["W", "w", "Ｗ"]).is_some(),
            Takes::Task => number_behind(word, &["办", "辦"]).is_some(),
        }
    }

    /// What was written before the reason: “/投票 ”, the one that was named, and what follows it, as “ 作废”. Of somebody named what
    /// follows tells them alone apart, and is no part of the line of another.
    fn written_before(&self, takes: Takes, first: &str, reason: &str) -> Option<Written> {
        let head = self.scene.said.trim_end().strip_suffix(reason.trim_end())?;
        let head = head.trim_end_matches(|c: char| c.is_whitespace() || BETWEEN.contains(&c));
        let at = head.rfind(first)?;
        let begins = head.get(..at)?.trim_end_matches(['W', 'w', '办', '辦', '第']);
        let behind = head.get(at + first.len()..)?.trim_start_matches(['号', '號']);
        let behind = match takes {
            Takes::Person => "",
            Takes::Topic | Takes::Slip | Takes::Task => behind,
        };
        Some(Written { begins: begins.to_owned(), whole: head.to_owned(), behind: behind.to_owned() })
    }

    /// 冯丽、李德福 in the place of one name: each is known, and each is asked for by itself.
    ///
    /// # Errors
    /// `e.one.alone`.
    pub(super) fn require_one_name(&self, name: &str, reason: &str) -> Result<(), Say> {
        let names: Vec<&str> = name.split(['、', '，', ',', '；', ';']).filter(|one| !one.is_empty()).collect();
        let is_known = |one: &&str| self.is_one(Takes::Person, one, "");
        if names.len() < 2 || !names.iter().any(is_known) || self.is_one(Takes::Person, name, "") {
            return Ok(());
        }
        let begins = self.scene.said.split_once(name).map_or("", |(before, _)| before);
        let line = |one: &&str| say!("plain.two.row", line = format!("{begins}{one} {reason}").trim_end().to_owned());
        let rows = Value::Lines(names.iter().take(MOST).map(line).collect());
        Err(say!("e.one.alone", what = Value::Term(Takes::Person.term().to_owned()), rows = rows))
    }
}

/// A line before its reason.
struct Written {
    begins: String,
    whole: String,
    behind: String,
}

impl Written {
    fn of_own(&self, why: &str) -> Say {
        say!("plain.two.row", line = format!("{} {why}", self.whole).trim_end().to_owned())
    }

    fn of(&self, other: &str, why: &str) -> Say {
        say!("plain.two.row", line = format!("{}{other}{} {why}", self.begins, self.behind).trim_end().to_owned())
    }
}
