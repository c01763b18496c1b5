//! 选项 — what a poll asks beside yes and no: its options and how they are marked, whether secretly, whether 反对 needs a reason.

use crate::domain::kernel::ids::PollNo;
use crate::domain::kernel::say::Value;
use crate::domain::kernel::script::simplified_char;
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Key, World, kind};
use crate::domain::vote::poll::mixing;
use crate::say;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Options of one poll: at least, at most, and the longest, in characters.
pub const MIN_OPTIONS: usize = 2;

/// Most options.
pub const MAX_OPTIONS: usize = 10;

/// Longest option, in characters.
pub const MAX_OPTION: usize = 40;

/// Most points a voter can have to give.
pub const MAX_POINTS: u32 = 1_000;

/// Names of options beside their numbers, in the order of the options.
const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";

const LETTERS: &str = "abcdefghij";

/// What may stand behind a number: 2号, 第2个.
const UNITS: [char; 3] = ['号', '项', '个'];

/// Stands before the marks in the vault, so that no option is ever read as 赞成.
const SIGN: char = '#';

/// 方式 — how options are marked and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 单选 — one option.
    Single,
    /// 多选 — so many options at most; who has most votes comes first.
    Multiple(u8),
    /// 排序 — options in order of liking, as many as one wants; counted by instant runoff (即时决选).
    Ranked,
    /// 分配 — so many points to give away.
    Budget(u32),
}

impl Method {
    /// Key of the terms in `commands/words.toml`: the name; with `.do`, what one does; with `.count`, how it is counted.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Single => "method.single",
            Self::Multiple(_) => "method.multiple",
            Self::Ranked => "method.ranked",
            Self::Budget(_) => "method.budget",
        }
    }

    /// The number that belongs to it: options at most, points.
    #[must_use]
    pub fn limit(self) -> u32 {
        match self {
            Self::Single | Self::Ranked => 1,
            Self::Multiple(most) => u32::from(most),
            Self::Budget(points) => points,
        }
    }
}

/// 条件 — what a poll has beside its rule. A poll without a row of these is a plain one of yes and no.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Terms {
    /// How the options are marked; `None` = 赞成, 反对, 弃权.
    pub method: Option<Method>,
    /// The options, in the order of the card.
    pub options: Vec<Words>,
    /// 不记名 — taken in private only, and told to nobody but the voter.
    pub secret: bool,
    /// 反对须说理由.
    pub reasons: bool,
    /// 投完即止 — it closes when everybody due has voted.
    #[serde(default)]
    pub until_all: bool,
}

/// One option as somebody marked it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Marked {
    /// Number of the option, from 1.
    pub option: u8,
    /// Points given to it; 1 where no points are given.
    pub points: u32,
}

/// 所选 — the options somebody marked: by number, or in order of liking where they are ranked. Empty = 弃权.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Marks(pub Vec<Marked>);

/// What is wrong with what somebody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was marked.
    Nothing,
    /// No option is called so.
    Unknown(String),
    /// More than one may be meant.
    Vague(String),
    /// Numbers and names beside each other that say different things: what each of them says, where it may be cast.
    Mixed(Vec<Marks>),
    /// The option is there twice.
    Twice(u8),
    /// More options than allowed.
    Many(u32),
    /// More points than there are.
    Points(u64),
    /// An option without its points.
    NoPoints(u8),
    /// One more was pressed than allowed.
    Full,
}

impl World<'_> {
    /// What a poll has beside its rule; `None` for a plain poll of yes and no.
    #[must_use]
    pub fn poll_terms(&self, poll: PollNo) -> Option<Terms> {
        self.get(&terms_key(poll))
    }
}

/// Key of the terms of a poll.
#[must_use]
pub fn terms_key(poll: PollNo) -> Key {
    Key::new(kind::POLL_TERMS).num(poll.0)
}

impl Marks {
    /// As the ledger's vault keeps them: `#2`, `#3,1,2`, `#1:5,2:3`.
    #[must_use]
    pub fn words(&self, method: Method) -> Words {
        let one = |mark: &Marked| match method {
            Method::Budget(_) => format!("{}:{}", mark.option, mark.points),
            Method::Single | Method::Multiple(_) | Method::Ranked => mark.option.to_string(),
        };
        let all: Vec<String> = self.0.iter().map(one).collect();
        format!("{SIGN}{}", all.join(",")).into()
    }

    /// Out of the vault; `None` for a plain choice, and for an erased one.
    #[must_use]
    pub fn of(words: &Words) -> Option<Self> {
        let body = words.as_str().strip_prefix(SIGN)?;
        let mut marks = Vec::new();
        for part in body.split(',').filter(|part| !part.is_empty()) {
            let (option, points) = part.split_once(':').unwrap_or((part, "1"));
            marks.push(Marked { option: option.parse().ok()?, points: points.parse().ok()? });
        }
        Some(Self(marks))
    }

    fn has(&self, option: u8) -> bool {
        self.0.iter().any(|mark| mark.option == option)
    }
}

impl Terms {
    /// How many options.
    #[must_use]
    pub fn count(&self) -> u8 {
        u8::try_from(self.options.len()).unwrap_or(u8::MAX)
    }

    /// An option by its number.
    #[must_use]
    pub fn option(&self, number: u8) -> Value {
        Value::Text(self.words(number))
    }

    /// The words of an option.
    #[must_use]
    pub fn words(&self, number: u8) -> String {
        let at = usize::from(number).wrapping_sub(1);
        self.options.get(at).map(|text| text.as_str().to_owned()).unwrap_or_default()
    }

    /// What somebody marked, for the one who asks for their own.
    #[must_use]
    pub fn named(&self, marks: &Marks) -> Value {
        if marks.0.is_empty() {
            return Value::Term("marks.none".to_owned());
        }
        let short = |mark: &Marked| match self.option(mark.option) {
            Value::Text(text) => Value::Quote(text),
            other => other,
        };
        let one = |mark: &Marked| match self.method {
            Some(Method::Budget(_)) => say!("mark.points", opt = short(mark), n = mark.points).into(),
            Some(Method::Single | Method::Multiple(_) | Method::Ranked) | None => short(mark),
        };
        Value::List(marks.0.iter().map(one).collect())
    }

    /// Something that may be typed, to go on from.
    #[must_use]
    pub fn example(&self) -> Value {
        Value::Text(match self.method {
            None => "1".to_owned(),
            Some(Method::Single | Method::Multiple(0 | 1)) => "2".to_owned(),
            Some(Method::Multiple(_)) => if self.options.len() > 2 { "1,3" } else { "1,2" }.to_owned(),
            Some(Method::Ranked) => if self.options.len() > 2 { "2,3,1" } else { "2,1" }.to_owned(),
            Some(Method::Budget(points @ 0..=1)) => format!("1:{points}"),
            Some(Method::Budget(points)) => format!("1:{} 2:{}", points - points / 3, points / 3),
        })
    }

    /// What one more press of an option's button makes of a ballot: several are put in and out, ranked ones in the order pressed.
    ///
    /// # Errors
    /// [`Fault::Full`], [`Fault::NoPoints`].
    pub fn pressed(&self, before: &Marks, option: u8) -> Result<Marks, Fault> {
        let mut marks = before.clone();
        match self.method {
            Some(Method::Multiple(_) | Method::Ranked) if marks.has(option) => {
                marks.0.retain(|mark| mark.option != option);
            }
            Some(Method::Multiple(most)) => {
                if marks.0.len() >= usize::from(most) {
                    return Err(Fault::Full);
                }
                marks.0.push(Marked { option, points: 1 });
                marks.0.sort_by_key(|mark| mark.option);
            }
            Some(Method::Ranked) => marks.0.push(Marked { option, points: 1 }),
            Some(Method::Single) | None => marks = Marks(vec![Marked { option, points: 1 }]),
            Some(Method::Budget(_)) => return Err(Fault::NoPoints(option)),
        }
        Ok(marks)
    }

    /// Reads “丙,甲,乙”, “1、3”, “甲5 乙3”, “楼道灯”: options by number, by 甲乙丙 or ABC, or by their words. “1.下水” where 下水 is the
    /// second names two and is none of them.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read(&self, text: &str) -> Result<Marks, Fault> {
        let method = self.method.unwrap_or(Method::Single);
        let all = self.seen(text)?;
        let listing = check(method, all.iter().map(|seen| seen.mark).collect());
        if mixing::contradicts(&all, method) {
            return Err(Fault::Mixed(mixing::readings(&all, method, listing)));
        }
        listing
    }

    /// “1下水 2车棚 3楼道灯”, “下水第一，车棚第二”: options with their places, where nothing else can be meant.
    #[must_use]
    pub fn ranks(&self, text: &str) -> Option<Marks> {
        let all = self.seen(text).ok().filter(|_| self.method == Some(Method::Ranked))?;
        let listing = check(Method::Ranked, all.iter().map(|seen| seen.mark).collect());
        let ranked = mixing::ranked(&all)?;
        listing.ok().is_none_or(|listing| listing == ranked).then_some(ranked)
    }

    /// The options of a text, one after the other.
    fn seen(&self, text: &str) -> Result<Vec<Seen>, Fault> {
        let method = self.method.unwrap_or(Method::Single);
        let reader = Reader { terms: self, options: self.options.iter().map(|one| flat(one.as_str())).collect() };
        let text = flat(text);
        let (mut rest, mut all) = (reader.without_verb(&text), Vec::new());
        loop {
            let before = rest;
            rest = skip(rest, is_between);
            let is_apart = before.iter().take(before.len() - rest.len()).any(|c| !matches!(c, ' ' | '.'));
            // More than there can be, even with a place for each: some option is there twice.
            if rest.is_empty() || all.len() > 2 * MAX_OPTIONS {
                break;
            }
            let found = reader.option(rest);
            // “选2吧”.
            if found.is_err() && !all.is_empty() && rest.iter().all(|c| is_particle(*c)) {
                break;
            }
            let (option, how, after) = found?;
            let (points, after) = match method {
                Method::Budget(_) => points(after).ok_or(Fault::NoPoints(option))?,
                Method::Single | Method::Multiple(_) | Method::Ranked => (1, after),
            };
            all.push(Seen { mark: Marked { option, points }, how, is_apart });
            rest = after;
        }
        Ok(all)
    }
}

/// Whether the marks are allowed; put in order where the order says nothing.
pub(super) fn check(method: Method, mut marks: Vec<Marked>) -> Result<Marks, Fault> {
    if marks.is_empty() {
        return Err(Fault::Nothing);
    }
    for (at, mark) in marks.iter().enumerate() {
        if marks.iter().skip(at + 1).any(|other| other.option == mark.option) {
            return Err(Fault::Twice(mark.option));
        }
    }
    let n = u32::try_from(marks.len()).unwrap_or(u32::MAX);
    match method {
        Method::Single | Method::Multiple(_) if n > method.limit() => return Err(Fault::Many(n)),
        Method::Budget(most) => {
            let sum: u64 = marks.iter().map(|mark| u64::from(mark.points)).sum();
            if sum > u64::from(most) {
                return Err(Fault::Points(sum));
            }
            marks.retain(|mark| mark.points > 0);
            if marks.is_empty() {
                return Err(Fault::Nothing);
            }
        }
        Method::Single | Method::Multiple(_) | Method::Ranked => {}
    }
    if method != Method::Ranked {
        marks.sort_by_key(|mark| mark.option);
    }
    Ok(Marks(marks))
}

/// How an option is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// 2, 二, ②.
    Number,
    /// 第二.
    Nth,
    /// 乙, B.
    Label,
    /// 下水.
    Words,
    /// 2. 下水, as on the card.
    Copied,
}

/// An option as it stands in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub mark: Marked,
    pub how: How,
    /// Whether more than a blank or a dot parts it from the one before.
    pub is_apart: bool,
}

/// Signs that change nothing of what an option says.
const PUNCTUATION: &str = ",，.。、;；:：?？!！…~～'\"“”‘’「」『』()（）[]【】《》〈〉·-—–_/／";

/// Full width to half width, lower case, blanks alike, without what nobody sees.
fn flat(text: &str) -> Vec<char> {
    let visible = |c: &char| !matches!(*c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{20E3}' | '\u{FEFF}');
    let one = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).map_or(c, |c| c.to_ascii_lowercase()),
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_lowercase(),
    };
    text.trim().chars().filter(visible).map(one).collect()
}

/// Whether two options read the same: width, case, punctuation, traditional and simplified characters make no difference. Two that
/// say nothing but signs are compared as they are written.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    match (plain(one), plain(other)) {
        (one, other) if one != other => false,
        (letters, _) => !letters.is_empty() || flat(one) == flat(other),
    }
}

/// An option without what only dresses it. Signs beside a figure stay: 3.5万 is not 35万.
fn plain(text: &str) -> Vec<char> {
    let wide: String = flat(text).into_iter().collect();
    let all: Vec<char> = wide.nfkc().flat_map(char::to_lowercase).map(simplified_char).collect();
    let is_figure = |at: Option<usize>| at.and_then(|at| all.get(at)).is_some_and(|c| c.is_numeric());
    let says = |(at, c): &(usize, &char)| {
        let is_sign = c.is_whitespace() || PUNCTUATION.contains(**c);
        !is_sign || !c.is_whitespace() && (is_figure(at.checked_sub(1)) || is_figure(Some(at + 1)))
    };
    all.iter().enumerate().filter(says).map(|(_, c)| *c).collect()
}

/// Whether an option says nothing beyond a number: then 2 would be two things.
#[must_use]
pub fn is_number(text: &str) -> bool {
    flat(text).iter().all(|c| !c.is_alphabetic())
}

/// “3盏” as the first of several, where 3 is another: an option that begins with a figure which is the number of another on the card.
/// With the figure and the one whose number it is. Where several begin so, as 3月1日 and 3月2日 do, nobody means one of them by it.
#[must_use]
pub fn misnumbered(options: &[String]) -> Option<(usize, usize)> {
    let is_counted = options.iter().all(|text| leading(text, true).is_some());
    let figures: Vec<Option<usize>> = options.iter().map(|text| leading(text, is_counted)).collect();
    (1..=options.len()).find_map(|number| {
        let begins = |at: &usize| figures.get(*at) == Some(&Some(number));
        let mut all = (0..options.len()).filter(begins);
        let (first, more) = (all.next()?, all.next());
        (more.is_none() && first + 1 != number).then_some((first, number))
    })
}

/// The figure an option begins with; one in Chinese only where all of them are such.
fn leading(text: &str, is_counted: bool) -> Option<usize> {
    let text = flat(text);
    let chinese = || "一二三四五六七八九十".chars().position(|c| text.first() == Some(&c)).map(|at| at + 1);
    let two = || text.first().filter(|c| **c == '两').map(|_| 2);
    let found = digits(&text).and_then(|(n, _)| usize::try_from(n).ok());
    found.or_else(|| chinese().or_else(two).filter(|_| is_counted))
}

fn is_between(c: char) -> bool {
    matches!(
        c,
        ' ' | ','
            | '、'
            | ';'
            | '.'
            | '。'
            | '>'
            | '→'
            | '/'
            | '和'
            | '跟'
            | '与'
            | '+'
            | '!'
            | '('
            | ')'
            | '“'
            | '”'
            | '"'
    )
}

/// What people end a sentence with.
fn is_particle(c: char) -> bool {
    matches!(c, '吧' | '了' | '啊' | '呀' | '哦' | '哈' | ' ' | '.' | '。' | '!' | '~')
}

fn skip(text: &[char], what: impl Fn(char) -> bool) -> &[char] {
    let n = text.iter().take_while(|c| what(**c)).count();
    text.get(n..).unwrap_or_default()
}

fn digits(text: &[char]) -> Option<(u32, &[char])> {
    let n = text.iter().take_while(|c| c.is_ascii_digit()).count();
    let written: String = text.get(..n)?.iter().collect();
    Some((written.parse().ok()?, text.get(n..)?))
}

/// “②”, “二” where nothing follows that makes it the beginning of a word, or 第 stands before it.
fn numeral(text: &[char], is_nth: bool) -> Option<(u32, &[char])> {
    const CIRCLED: &str = "①②③④⑤⑥⑦⑧⑨⑩";
    const WRITTEN: &str = "一二三四五六七八九十";
    let (first, rest) = text.split_first()?;
    let nth = |all: &str| all.chars().position(|c| c == *first).and_then(|at| u32::try_from(at + 1).ok());
    let is_alone =
        is_nth || rest.first().is_none_or(|c| is_between(*c) || is_particle(*c) || UNITS.contains(c) || *c == ':');
    let n = nth(CIRCLED).or_else(|| nth(WRITTEN).filter(|_| is_alone))?;
    Some((n, rest))
}

/// “:5”, “=5分”, “ 5”: the points after an option.
fn points(text: &[char]) -> Option<(u32, &[char])> {
    // “1:-5”: nobody gives less than nothing.
    let sign = skip(text, |c| c == ' ');
    if sign.first().is_some_and(|c| matches!(c, ':' | '='))
        && skip(sign, |c| matches!(c, ':' | '=' | ' ')).starts_with(&['-'])
    {
        return None;
    }
    let (n, rest) = digits(skip(text, |c| matches!(c, ' ' | ':' | '=' | '-' | '给' | '得' | '”' | '"')))?;
    let unit = ["分", "票", "points", "point", "pts"].iter().find_map(|unit| starts(rest, &flat(unit)));
    Some((n, unit.unwrap_or(rest)))
}

fn starts<'t>(text: &'t [char], with: &[char]) -> Option<&'t [char]> {
    text.strip_prefix(with)
}

struct Reader<'t> {
    terms: &'t Terms,
    options: Vec<Vec<char>>,
}

impl Reader<'_> {
    /// “我选2” is 2.
    fn without_verb<'t>(&self, text: &'t [char]) -> &'t [char] {
        let verb = ["我选", "选", "我投", "投"].iter().find_map(|verb| starts(text, &flat(verb)));
        verb.filter(|_| self.by_words(text).is_none()).unwrap_or(text)
    }

    /// The option a text begins with, how it is named, and what follows.
    fn option<'t>(&self, text: &'t [char]) -> Result<(u8, How, &'t [char]), Fault> {
        if let Some((option, rest)) = self.by_words(text) {
            return Ok((option, How::Words, rest));
        }
        let nth = starts(text, &['第']);
        let bare = nth.unwrap_or(text);
        if let Some((n, rest)) = digits(bare).or_else(|| numeral(bare, nth.is_some())) {
            let unit = UNITS.iter().find_map(|unit| starts(rest, &[*unit]));
            if let Some(part) = unit.and_then(|rest| text.strip_suffix(rest)).filter(|part| self.is_another(n, part)) {
                return Err(Fault::Vague(part.iter().collect()));
            }
            let rest = unit.unwrap_or(rest);
            let option = u8::try_from(n).ok().filter(|n| (1..=self.terms.count()).contains(n));
            let option = option.ok_or_else(|| Fault::Unknown(n.to_string()))?;
            // “1. 楼道灯”, copied off the card, is one option.
            let named = self.by_words(skip(rest, |c| is_between(c) || c == ':'));
            let how = if nth.is_some() { How::Nth } else { How::Number };
            return Ok(match named.filter(|(other, _)| *other == option) {
                Some((_, after)) => (option, How::Copied, after),
                None => (option, how, rest),
            });
        }
        if let Some(found) = self.by_label(text) {
            return found.map(|(option, rest)| (option, How::Label, rest));
        }
        let n = text.iter().take_while(|c| !is_between(**c) && !matches!(c, ':' | '=')).count();
        let (part, rest) = text.split_at(n.max(1).min(text.len()));
        let written: String = part.iter().collect();
        let mut like = (1..).zip(&self.options).filter(|(_, option)| n > 1 && option.starts_with(part));
        match (like.next(), like.next()) {
            (Some((option, _)), None) => Ok((option, How::Words, rest)),
            (Some(_), Some(_)) => Err(Fault::Vague(written)),
            (None, _) => Err(Fault::Unknown(written)),
        }
    }

    /// Whether an option begins so that stands elsewhere on the card: “1号” may be “1号楼”, the second.
    fn is_another(&self, number: u32, part: &[char]) -> bool {
        let is_like = |(at, _): &(u32, &Vec<char>)| *at == number;
        let (own, others): (Vec<_>, Vec<_>) =
            (1..).zip(&self.options).filter(|(_, option)| option.starts_with(part)).partition(is_like);
        own.is_empty() && !others.is_empty()
    }

    /// The longest option whose own words stand here.
    fn by_words<'t>(&self, text: &'t [char]) -> Option<(u8, &'t [char])> {
        let mut best: Option<(usize, u8, &'t [char])> = None;
        for (number, option) in (1..).zip(&self.options) {
            let Some(rest) = starts(text, option).filter(|_| !option.is_empty()) else { continue };
            let cuts = |kind: fn(&char) -> bool| option.last().is_some_and(kind) && rest.first().is_some_and(kind);
            let is_cut = cuts(char::is_ascii_alphabetic) || cuts(char::is_ascii_digit);
            if !is_cut && best.is_none_or(|(longest, ..)| option.len() > longest) {
                best = Some((option.len(), number, rest));
            }
        }
        best.map(|(_, number, rest)| (number, rest))
    }

    /// 甲乙丙…, or a letter that stands alone; not where another option begins with it.
    fn by_label<'t>(&self, text: &'t [char]) -> Option<Result<(u8, &'t [char]), Fault>> {
        let (&label, rest) = text.split_first()?;
        let is_letter = label.is_ascii_alphabetic();
        if is_letter && rest.first().is_some_and(char::is_ascii_alphabetic) {
            return None;
        }
        let at = if is_letter { LETTERS } else { STEMS }.chars().position(|c| c == label)?;
        let number = u8::try_from(at + 1).ok()?;
        let is_meant = |option: &Vec<char>| {
            option.first() == Some(&label) && !(is_letter && option.get(1).is_some_and(char::is_ascii_alphabetic))
        };
        if (1..).zip(&self.options).any(|(other, option)| other != number && is_meant(option)) {
            return Some(Err(Fault::Vague(label.to_string())));
        }
        if number > self.terms.count() {
            return Some(Err(Fault::Unknown(label.to_string())));
        }
        Some(Ok((number, rest)))
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::vote::poll::terms::Fault;
    use crate::domain::vote::poll::terms::Marked;
    use crate::domain::vote::poll::terms::Marks;
    use crate::domain::vote::poll::terms::Method;
    use crate::domain::vote::poll::terms::Terms;

    fn terms(method: Method, options: &[&str]) -> Terms {
        let options = options.iter().map(|&text| text.into()).collect();
        Terms { method: Some(method), options, secret: false, reasons: false, until_all: false }
    }

    fn numbers(read: Result<Marks, Fault>) -> Result<Vec<u8>, Fault> {
        read.map(|marks| marks.0.iter().map(|mark| mark.option).collect())
    }

    #[test]
    fn options_by_number_label_and_words() {
        let three = terms(Method::Ranked, &["楼道灯", "下水、排污", "车棚"]);
        for (text, want) in [
            ("丙,甲,乙", vec![3, 1, 2]),
            ("丙甲乙", vec![3, 1, 2]),
            ("２，１，３", vec![2, 1, 3]),
            ("2、1", vec![2, 1]),
            ("c>a", vec![3, 1]),
            ("Ｃ A B", vec![3, 1, 2]),
            ("车棚，楼道灯", vec![3, 1]),
            ("下水、排污 车棚", vec![2, 3]),
            ("下水", vec![2]),
            ("3号 1号", vec![3, 1]),
            ("2\u{FE0F}\u{20E3}", vec![2]),
            ("1。", vec![1]),
            ("1. 楼道灯", vec![1]),
            ("3. 车棚；1. 楼道灯", vec![3, 1]),
            ("我选2", vec![2]),
            ("选车棚", vec![3]),
        ] {
            assert_eq!(numbers(three.read(text)), Ok(want), "{text}");
        }
        let unknown = |text: &str| Err(Fault::Unknown(text.to_owned()));
        for (text, want) in [
            ("4", unknown("4")),
            ("0", unknown("0")),
            ("丁", unknown("丁")),
            ("大门", unknown("大门")),
            ("99999999999", unknown("99999999999")),
            ("1,1", Err(Fault::Twice(1))),
            ("甲，1", Err(Fault::Twice(1))),
            ("，", Err(Fault::Nothing)),
            ("", Err(Fault::Nothing)),
        ] {
            assert_eq!(numbers(three.read(text)), want, "{text}");
        }
    }

    #[test]
    fn so_many_and_not_more() {
        let two = terms(Method::Multiple(2), &["甲方案", "乙方案", "丙方案"]);
        assert_eq!(numbers(two.read("3 1")), Ok(vec![1, 3]));
        assert_eq!(numbers(two.read("1 2 3")), Err(Fault::Many(3)));
        assert_eq!(numbers(terms(Method::Single, &["东", "西"]).read("1,2")), Err(Fault::Many(2)));
        // A label that another option begins with is not guessed at.
        let turned = terms(Method::Single, &["乙方案", "甲方案", "A座", "按月"]);
        assert_eq!(numbers(turned.read("甲")), Err(Fault::Vague("甲".to_owned())));
        assert_eq!(numbers(turned.read("甲方案")), Ok(vec![2]));
        assert_eq!(numbers(turned.read("A")), Err(Fault::Vague("a".to_owned())));
        assert_eq!(numbers(turned.read("d")), Ok(vec![4]));
        // So is a number that another option begins with.
        let houses = terms(Method::Multiple(2), &["3号楼", "1号楼", "2号楼"]);
        assert_eq!(numbers(houses.read("1号")), Err(Fault::Vague("1号".to_owned())));
        assert!(matches!(houses.read("1号楼 3"), Err(Fault::Mixed(_))));
        assert_eq!(numbers(houses.read("选2吧。")), Ok(vec![2]));
        for text in ["一、三", "①③", "1跟3", "１＋３", "第一个，第3个", "三 一吧"] {
            assert_eq!(numbers(houses.read(text)), Ok(vec![1, 3]), "{text}");
        }
        assert_eq!(numbers(houses.read("一楼太吵")), Err(Fault::Unknown("一楼太吵".to_owned())));
        assert_eq!(numbers(houses.read("2吧？")), Err(Fault::Unknown("吧?".to_owned())));
        assert_eq!(numbers(terms(Method::Single, &["1号楼", "2号楼", "1号院"]).read("1号")), Ok(vec![1]));
        let days = terms(Method::Single, &["3天", "5天", "5天半"]);
        assert_eq!(numbers(days.read("5天")), Ok(vec![2]));
        assert_eq!(numbers(days.read("5天半")), Ok(vec![3]));
        assert_eq!(
            numbers(terms(Method::Single, &["修 路灯", "修 大门"]).read("修")),
            Err(Fault::Unknown("修".into()))
        );
    }

    #[test]
    fn a_long_text_is_not_read_to_its_end() {
        let three = terms(Method::Ranked, &["楼道灯", "下水", "车棚"]);
        assert_eq!(numbers(three.read(&"1 ".repeat(30_000))), Err(Fault::Twice(1)));
    }

    #[test]
    fn a_number_beside_the_name_of_another_option_is_neither() {
        let options = ["楼道灯", "下水", "车棚"];
        let two = terms(Method::Multiple(2), &options);
        let said = |list: &[&[u8]]| {
            let marks = |all: &&[u8]| Marks(all.iter().map(|&option| Marked { option, points: 1 }).collect());
            Err(Fault::Mixed(list.iter().map(marks).collect()))
        };
        for text in ["1.下水", "1、下水", "1下水", "1号 下水", "①下水", "A下水", "甲、下水"] {
            assert_eq!(two.read(text), said(&[&[2], &[1], &[1, 2]]), "{text}");
        }
        for text in ["下水1", "下水第1", "下水第一"] {
            assert_eq!(two.read(text), said(&[&[2], &[1], &[1, 2]]), "{text}");
        }
        assert_eq!(two.read("3第一"), said(&[&[3], &[1], &[1, 3]]));
        assert_eq!(two.read("3楼道灯"), said(&[&[1], &[3], &[1, 3]]));
        assert_eq!(numbers(two.read("2. 下水 3")), Ok(vec![2, 3]));
        assert_eq!(numbers(two.read("第一、3")), Ok(vec![1, 3]));
        let ranked = terms(Method::Ranked, &options);
        for text in ["1.下水", "下水第1", "3楼道灯", "2. 下水 1. 楼道灯", "3楼道灯 2下水 1车棚，灯"]
        {
            assert!(ranked.read(text).is_err(), "{text}");
            assert_eq!(ranked.ranks(text), None, "{text}");
        }
        for text in [
            "1下水 2车棚 3楼道灯",
            "1.下水 2.车棚 3.楼道灯",
            "下水1 车棚2 楼道灯3",
            "下水第一，车棚第二，楼道灯第三",
            "第一下水，第二车棚，第三楼道灯",
            "楼道灯第三，下水第一，车棚第二",
            "2第一，3第二，1第三",
        ] {
            assert!(ranked.read(text).is_err(), "{text}");
            assert_eq!(numbers(ranked.ranks(text).ok_or(Fault::Nothing)), Ok(vec![2, 3, 1]), "{text}");
        }
        // With more options the numbers may be options beside those that are named.
        let five = terms(Method::Ranked, &["楼道灯", "下水", "车棚", "大门", "围墙"]);
        assert_eq!(five.ranks("1车棚 2大门"), None);
        assert_eq!(numbers(five.ranks("1下水 2大门").ok_or(Fault::Nothing)), Ok(vec![2, 4]));
    }

    #[test]
    fn points_add_up() {
        let ten = terms(Method::Budget(10), &["楼道灯", "下水", "车棚"]);
        let given = |list: &[(u8, u32)]| {
            Ok(Marks(list.iter().map(|&(option, points)| Marked { option, points }).collect::<Vec<_>>()))
        };
        for (text, want) in [
            ("甲5 乙3", given(&[(1, 5), (2, 3)])),
            ("乙3甲5", given(&[(1, 5), (2, 3)])),
            ("1:5 2:3", given(&[(1, 5), (2, 3)])),
            ("１：５，２＝３", given(&[(1, 5), (2, 3)])),
            ("1 5 2 3", given(&[(1, 5), (2, 3)])),
            ("楼道灯5分、车棚 5分", given(&[(1, 5), (3, 5)])),
            ("c:10", given(&[(3, 10)])),
            ("1. 楼道灯 4；2. 下水 6", given(&[(1, 4), (2, 6)])),
            ("1:0 2:4", given(&[(2, 4)])),
            ("1:5 2:6", Err(Fault::Points(11))),
            ("1:4294967295 2:4294967295", Err(Fault::Points(8_589_934_590))),
            ("1:5 2", Err(Fault::NoPoints(2))),
            ("5", Err(Fault::Unknown("5".to_owned()))),
            ("1:0", Err(Fault::Nothing)),
        ] {
            assert_eq!(ten.read(text), want, "{text}");
        }
    }

    #[test]
    fn presses_put_in_and_take_out() {
        let press = |terms: &Terms, presses: &[u8]| {
            presses.iter().try_fold(Marks::default(), |marks, &option| terms.pressed(&marks, option))
        };
        let options = ["楼道灯", "下水", "车棚"];
        assert_eq!(numbers(press(&terms(Method::Single, &options), &[1, 3])), Ok(vec![3]));
        assert_eq!(numbers(press(&terms(Method::Multiple(2), &options), &[3, 1])), Ok(vec![1, 3]));
        assert_eq!(numbers(press(&terms(Method::Multiple(2), &options), &[3, 1, 3])), Ok(vec![1]));
        assert_eq!(numbers(press(&terms(Method::Multiple(2), &options), &[3, 1, 2])), Err(Fault::Full));
        assert_eq!(numbers(press(&terms(Method::Ranked, &options), &[3, 1, 2, 1])), Ok(vec![3, 2]));
        assert_eq!(numbers(press(&terms(Method::Ranked, &options), &[3, 3])), Ok(vec![]));
        assert_eq!(press(&terms(Method::Budget(5), &options), &[3]), Err(Fault::NoPoints(3)));
    }

    #[test]
    fn what_lies_in_the_vault_comes_back() {
        for (method, text, words) in
            [(Method::Ranked, "3,1", "#3,1"), (Method::Budget(10), "2:3 1:5", "#1:5,2:3"), (Method::Single, "2", "#2")]
        {
            let marks = terms(method, &["楼道灯", "下水", "车棚"]).read(text).unwrap();
            assert_eq!(marks.words(method).as_str(), words);
            assert_eq!(Marks::of(&words.into()), Some(marks));
        }
        assert_eq!(Marks::of(&"#".into()), Some(Marks::default()));
        assert_eq!((Marks::of(&"2".into()), Marks::of(&"".into())), (None, None));
    }
}
