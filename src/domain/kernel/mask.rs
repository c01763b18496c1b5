//! 打码 — telephone, identity, bank card and passport numbers are masked before anything is kept (commands.md §9.9).
//!
//! The text is read as `glyph`s; digits beside each other are a *piece*, pieces with nothing but separators between them a *chain*.
//! Every stretch of a chain is asked, the longest first, whether it is a number of one of the kinds of `number_kind`. A kind looks at the
//! digits, and at how they are grouped: `139 1111 2222` is how a telephone number is written, `1 2 3 4 5 6 7 8 9 10 11` is a list. And it
//! asks for the words before: 订单号 says that it is no number of a person, 卡号 that it is one (`number_label`).

use super::glyph::{self, Gap, Glyph, Reading, Script, Sort};
use super::number_kind::{KINDS, Kind, identity, is_checked, is_province, mobile, permit, run_together};
use super::number_label::{self, Filed};
use std::borrow::Cow;
use std::ops::Range;

/// Separators in a row that still keep one number together; a row of blanks, dashes or points is one.
const MOST_GAPS: usize = 3;
/// Digits of the longest number there is: a bank card of 19 with what may stand before it.
const MOST_DIGITS: usize = 24;
/// What somebody earns, pays or measures follows the number.
const UNITS: &str = "元万亿平亩吨%％㎡块圆米";
/// 元旦, 平安, 万一: no units.
const NO_UNITS: &str = "旦宵安台房时常一分能月粉饭";
/// How the groups of a number are that people part by signs which part nothing else: telephone, identity and bank card numbers.
const USUAL: [&[usize]; 7] = [&[3, 4, 4], &[4, 4, 3], &[3, 8], &[7, 4], &[6, 8, 4], &[6, 4, 4, 4], &[4, 4, 4, 4, 3]];
/// Digits of the shortest number that is a person's.
const FEWEST_DIGITS: usize = 5;

/// Puts a `*` for the digits in the middle of every number that belongs to a person. Everything else stays as it was written.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    // Every message comes by here, and hardly any holds a number: a look is enough for most.
    if text.chars().filter(|&c| glyph::may_be_digit(c)).nth(FEWEST_DIGITS - 1).is_none() {
        return Cow::Borrowed(text);
    }
    let mut hidden: Vec<Range<usize>> = Vec::new();
    for reading in Reading::of(text) {
        let glyphs = glyph::glyphs(text, reading);
        let all = found(text, &glyphs).into_iter().chain(dated(&glyphs));
        hidden.extend(all.filter_map(|at| glyphs.get(at)).map(|glyph| glyph.at.clone()));
    }
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    hidden.sort_by_key(|at| at.start);
    hidden.dedup_by_key(|at| at.start);
    let (mut out, mut hidden) = (String::with_capacity(text.len()), hidden.into_iter().peekable());
    for (at, c) in text.char_indices() {
        while hidden.peek().is_some_and(|range| range.end <= at) {
            hidden.next();
        }
        match hidden.peek() {
            Some(range) if range.start == at => out.push('*'),
            // Rings and joiners that went with a digit go with it.
            Some(range) if range.start < at => {}
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether there is anything to mask.
#[must_use]
pub fn is_personal(text: &str) -> bool {
    matches!(mask(text), Cow::Owned(_))
}

/// Digits beside each other in one alphabet.
struct Piece {
    at: Range<usize>,
    digits: Vec<u8>,
    /// What stands between it and the piece before: nothing where the alphabet changes, `None` where a chain begins.
    before: Option<Vec<Gap>>,
}

impl Piece {
    /// Numbers run together without anything between are each a piece of their own.
    fn apart(self) -> Vec<Self> {
        let sizes = run_together(&self.digits).filter(|_| self.digits.len() == self.at.len());
        let Some(sizes) = sizes else { return vec![self] };
        let (mut parts, mut from, mut before) = (Vec::new(), 0, self.before);
        for size in sizes {
            let at = self.at.start + from..self.at.start + from + size;
            let digits = self.digits.get(from..from + size).unwrap_or_default().to_vec();
            parts.push(Self { at, digits, before: before.replace(vec![Gap::Other]) });
            from += size;
        }
        parts
    }
}

/// The glyphs to be covered.
fn found(text: &str, glyphs: &[Glyph]) -> Vec<usize> {
    let links = links(text);
    let pieces: Vec<Piece> = pieces(glyphs).into_iter().flat_map(Piece::apart).collect();
    let mut hidden = Vec::new();
    let mut next = 0;
    while next < pieces.len() {
        let mut end = next + 1;
        while pieces.get(end).is_some_and(|piece| piece.before.is_some()) {
            end += 1;
        }
        let chain = pieces.get(next..end).unwrap_or_default();
        let is_link = chain
            .first()
            .and_then(|piece| glyphs.get(piece.at.start))
            .is_some_and(|glyph| links.iter().any(|link| link.contains(&glyph.at.start)));
        in_chain((text, glyphs), chain, is_link, &mut hidden);
        next = end;
    }
    hidden
}

/// 110105 1990年03月07日 4578, 110105 1990.3.7 4578 — an identity number whose birthday is written out as one.
fn dated(glyphs: &[Glyph]) -> Vec<usize> {
    let is_sign = |at: &usize| matches!(glyphs.get(*at).map(|glyph| glyph.sort), Some(Sort::Stop('年') | Sort::Gap(_)));
    let years = (0..glyphs.len()).filter(is_sign);
    years.filter_map(|year| born_in(glyphs, year)).flatten().collect()
}

/// The glyphs to be covered of such a number, by where its 年, or what stands for it, is.
fn born_in(glyphs: &[Glyph], year: usize) -> Option<Vec<usize>> {
    let digit = |at: usize| match glyphs.get(at)?.sort {
        Sort::Digit(value, _) => Some(value),
        Sort::Letter('X') => Some(10),
        Sort::Letter(_) | Sort::Gap(_) | Sort::Stop(_) => None,
    };
    let is_gap = |at: usize| matches!(glyphs.get(at).map(|glyph| glyph.sort), Some(Sort::Gap(_)));
    let is_spelt_out = !is_gap(year);
    // Backwards: the year, then the place.
    let (mut before, mut at) = (Vec::new(), year);
    while before.len() < 10 {
        at = at.checked_sub(1)?;
        match digit(at) {
            Some(_) => before.insert(0, at),
            None if before.len() == 4 && is_gap(at) => {}
            None => return None,
        }
    }
    if at.checked_sub(1).is_some_and(|at| digit(at).is_some()) {
        return None;
    }
    // Forwards: month and day, each with its sign, then the last four.
    let (mut after, mut at) = (Vec::new(), year + 1);
    for signs in ["月", "日号"] {
        let from = after.len();
        while let Some(value) = digit(at).filter(|value| *value < 10 && after.len() < from + 2) {
            after.push((at, value));
            at += 1;
        }
        let is_sign = match glyphs.get(at)?.sort {
            Sort::Stop(c) => is_spelt_out && signs.contains(c),
            Sort::Gap(_) => !is_spelt_out,
            Sort::Digit(..) | Sort::Letter(_) => false,
        };
        (after.len() > from && is_sign).then_some(())?;
        at += 1;
    }
    while is_gap(at) {
        at += 1;
    }
    let last = (at..at + 4).all(|at| digit(at).is_some()) && digit(at + 4).is_none();
    let last = last && (is_spelt_out || is_birthday(glyphs, &before, &after, at + 4));
    let born: Vec<usize> = before.split_off(6).into_iter().chain(after.iter().map(|(at, _)| *at)).collect();
    last.then(|| before.into_iter().skip(3).chain(born).collect())
}

/// Whether place and day are such as stand in an identity number, and what follows is no unit: other numbers stand beside days, too.
fn is_birthday(glyphs: &[Glyph], before: &[usize], after: &[(usize, u8)], end: usize) -> bool {
    let value = |at: &usize| match glyphs.get(*at).map(|glyph| glyph.sort) {
        Some(Sort::Digit(value, _)) => u64::from(value),
        Some(Sort::Letter(_) | Sort::Gap(_) | Sort::Stop(_)) | None => 0,
    };
    let number = |at: &[usize]| at.iter().fold(0, |sum, at| sum * 10 + value(at));
    let (place, year) = before.split_at(before.len().min(6));
    // Month and day lie apart by what stands between them.
    let (mut parts, mut last): (Vec<u64>, Option<usize>) = (Vec::new(), None);
    for &(at, digit) in after {
        let goes_on = last.is_some_and(|last| last + 1 == at);
        match parts.last_mut().filter(|_| goes_on) {
            Some(part) => *part = *part * 10 + u64::from(digit),
            None => parts.push(u64::from(digit)),
        }
        last = Some(at);
    }
    let is_unit = matches!(glyphs.get(end).map(|glyph| glyph.sort), Some(Sort::Stop(c)) if UNITS.contains(c));
    let is_day = matches!(parts.as_slice(), [month, day] if is_day(number(year), *month, *day));
    is_day && !is_unit && is_province(number(place.get(..2).unwrap_or_default()))
}

/// Addresses of pages: long numbers stand in them.
fn links(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("http").chain(text.match_indices("www.")) {
        let rest = text.get(start..).unwrap_or_default();
        if !["http://", "https://", "www."].iter().any(|head| rest.starts_with(head)) {
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_graphic()).unwrap_or(rest.len());
        found.push(start..start + end);
    }
    found
}

fn pieces(glyphs: &[Glyph]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut gaps, mut last): (Option<Vec<Gap>>, _) = (None, None);
    for (at, glyph) in glyphs.iter().enumerate() {
        match glyph.sort {
            Sort::Digit(value, script) => {
                let is_beside = gaps.as_ref().is_some_and(Vec::is_empty);
                match pieces.last_mut() {
                    Some(piece) if is_beside && last == Some(script) && !is_weekday(glyphs, piece) => {
                        piece.at.end = at + 1;
                        piece.digits.push(value);
                    }
                    _ => {
                        let before = gaps.take().filter(|gaps| gaps.len() <= MOST_GAPS);
                        pieces.push(Piece { at: at..at + 1, digits: vec![value], before });
                    }
                }
                (gaps, last) = (Some(Vec::new()), Some(script));
            }
            Sort::Gap(gap) => {
                if let Some(gaps) = &mut gaps
                    && (matches!(gap, Gap::List | Gap::Other) || gaps.last() != Some(&gap))
                {
                    gaps.push(gap);
                }
            }
            Sort::Letter(_) | Sort::Stop(_) => gaps = None,
        }
    }
    pieces
}

/// 周一一三九…: the one is the day.
fn is_weekday(glyphs: &[Glyph], piece: &Piece) -> bool {
    let before = piece.at.start.checked_sub(1).and_then(|at| glyphs.get(at)).map(|glyph| glyph.sort);
    piece.digits.len() == 1 && matches!(before, Some(Sort::Stop('周' | '期' | '拜')))
}

fn in_chain((text, glyphs): (&str, &[Glyph]), chain: &[Piece], is_link: bool, hidden: &mut Vec<usize>) {
    let mut from = 0;
    while from < chain.len() {
        let mut to = (from + MOST_DIGITS).min(chain.len());
        let mut taken = None;
        while to > from {
            let stretch = chain.get(from..to).unwrap_or_default();
            let n: usize = stretch.iter().map(|piece| piece.digits.len()).sum();
            let fits = n <= MOST_DIGITS || stretch.len() == 1;
            if fits && (!is_link || stretch.len() == 1) {
                taken = Stretch::new((text, glyphs), chain, from..to).covered(is_link);
            }
            if taken.is_some() {
                break;
            }
            to -= 1;
        }
        match taken {
            Some(covered) => {
                hidden.extend(covered);
                from = to;
            }
            None => from += 1,
        }
    }
}

/// Some pieces of a chain, as a kind looks at them.
pub(super) struct Stretch<'a> {
    text: &'a str,
    glyphs: &'a [Glyph],
    /// Every digit: value and glyph.
    digits: Vec<(u8, usize)>,
    /// How many digits stand together.
    sizes: Vec<usize>,
    /// What stands between groups.
    gaps: Vec<Gap>,
    /// Numbers of one digit go on before or behind it.
    is_cut: bool,
    first: usize,
    last: usize,
}

impl<'a> Stretch<'a> {
    fn new((text, glyphs): (&'a str, &'a [Glyph]), chain: &[Piece], range: Range<usize>) -> Self {
        let single = |at: Option<usize>| at.and_then(|at| chain.get(at)).is_some_and(|piece| piece.digits.len() == 1);
        let is_single = single(Some(range.start)) && single(range.end.checked_sub(1));
        let around = single(range.start.checked_sub(1).filter(|_| chain.get(range.start).is_some_and(apart)))
            && chain.get(range.end).is_some_and(|next| apart(next) && next.digits.len() == 1);
        let pieces = chain.get(range).unwrap_or_default();
        let (mut digits, mut sizes, mut gaps) = (Vec::new(), Vec::new(), Vec::new());
        for (n, piece) in pieces.iter().enumerate() {
            digits.extend(piece.digits.iter().copied().zip(piece.at.clone()));
            let before = piece.before.as_deref().filter(|_| n > 0);
            match (before, sizes.last_mut()) {
                (Some([]), Some(size)) => *size += piece.digits.len(),
                _ => {
                    gaps.extend(before.unwrap_or_default());
                    sizes.push(piece.digits.len());
                }
            }
        }
        let first = pieces.first().map_or(0, |piece| piece.at.start);
        let last = pieces.last().map_or(0, |piece| piece.at.end);
        Self { text, glyphs, digits, sizes, gaps, is_cut: is_single && around, first, last }
    }

    /// The glyphs to be covered, if it is a number of some kind.
    fn covered(&self, is_link: bool) -> Option<Vec<usize>> {
        if self.is_amount() || self.is_over_rows() || !self.is_at_odds() {
            return None;
        }
        // What the words before say is asked last: few numbers come so far.
        if !KINDS.iter().any(|kind| kind(self).is_some()) || self.sizes.len() <= 2 && number_label::is_sum(self.head())
        {
            return None;
        }
        let (from, to) = self.kinds(is_link).iter().find_map(|kind| kind(self))?;
        let number = self.digits.get(from..to)?;
        let (head, tail) = match number.len() {
            // The X behind it is the last of the four.
            17 if self.after(0) == Some(Sort::Letter('X')) => (3, 3),
            11.. => (3, 4),
            10 => (3, 3),
            5 | 6 => (1, 1),
            _ => (2, 2),
        };
        let middle = number.get(head..number.len() - tail)?;
        Some(middle.iter().map(|&(_, at)| at).collect())
    }

    /// The kinds it may be of. Letters are typed for digits in numbers people know by heart; of a link only the same two are looked for:
    /// what else is long there counts pages. Behind 订单号 only what names a paper of a person is one.
    fn kinds(&self, is_link: bool) -> &'static [Kind] {
        const BY_HEART: [Kind; 2] = [mobile, identity];
        const PAPER: [Kind; 1] = [permit];
        const PHONE_OR_PAPER: [Kind; 2] = [mobile, permit];
        let typed = self.digits.iter().filter(|(_, at)| {
            self.glyphs.get(*at).is_some_and(|glyph| matches!(glyph.sort, Sort::Digit(_, Script::Letter)))
        });
        let typed = typed.count();
        let filed = number_label::filed(self.head());
        match filed {
            Some(_) if typed > 0 => &[],
            None if typed * 3 > self.digits.len() * 2 => &[],
            Some(Filed::Number) if !self.has_check_digit() => &PAPER,
            Some(Filed::Paper) => &PHONE_OR_PAPER,
            Some(Filed::Strictly) => &PAPER,
            Some(Filed::Number) | None if is_link || typed > 0 => &BY_HEART,
            Some(Filed::Number) | None => &KINDS,
        }
    }

    /// 18 digits whose last one follows from the others, as that of an identity number does.
    fn has_check_digit(&self) -> bool {
        let mut values = self.values();
        if values.len() == 17 && self.after(0) == Some(Sort::Letter('X')) {
            values.push(10);
        }
        identity(self).is_some() && is_checked(&values)
    }

    /// Whether what is put between digits only to hide them (138:0013:8000) stands as it would then.
    fn is_at_odds(&self) -> bool {
        let odd = self.gaps.iter().filter(|&&gap| gap == Gap::Odd).count();
        let is_usual =
            || USUAL.contains(&self.sizes.as_slice()) || self.sizes.iter().all(|&size| size == 1 || size == 4);
        odd == 0 || is_usual()
    }

    /// What stands before it.
    pub(super) fn head(&self) -> &str {
        let at = self.glyphs.get(self.first).map_or(0, |glyph| glyph.at.start);
        self.text.get(..at).unwrap_or_default()
    }

    pub(super) fn values(&self) -> Vec<u8> {
        self.digits.iter().map(|&(value, _)| value).collect()
    }

    /// The groups as numbers.
    pub(super) fn groups(&self) -> Vec<u64> {
        let mut values = self.digits.iter().map(|&(value, _)| u64::from(value));
        self.sizes
            .iter()
            .map(|&size| values.by_ref().take(size).fold(0u64, |sum, value| sum.wrapping_mul(10).wrapping_add(value)))
            .collect()
    }

    pub(super) fn before(&self, n: usize) -> Option<Sort> {
        self.first.checked_sub(n).and_then(|at| self.glyphs.get(at)).map(|glyph| glyph.sort)
    }

    pub(super) fn after(&self, n: usize) -> Option<Sort> {
        self.glyphs.get(self.last + n).map(|glyph| glyph.sort)
    }

    /// Money, area, or share: so many of something.
    fn is_amount(&self) -> bool {
        let is_priced = matches!(self.before(1), Some(Sort::Stop('¥' | '￥' | '$' | '＄' | '€')));
        let skip = usize::from(self.after(0) == Some(Sort::Gap(Gap::Blank)));
        let is_unit = match (self.after(skip), self.after(skip + 1)) {
            (Some(Sort::Stop(unit)), next) => {
                UNITS.contains(unit) && !matches!(next, Some(Sort::Stop(c)) if NO_UNITS.contains(c))
            }
            _ => false,
        };
        is_priced || is_unit || self.is_in_thousands() || self.is_decimal() || self.is_round()
    }

    /// 13500 156000: sums and prices, in hundreds.
    fn is_round(&self) -> bool {
        self.sizes.len() > 1 && self.groups().iter().all(|group| group % 100 == 0)
    }

    /// 1301 1302 201: the flats of a staircase.
    pub(super) fn is_flats(&self) -> bool {
        self.are_flats(12)
    }

    /// The same with so many doors on a floor.
    pub(super) fn are_flats(&self, doors: u64) -> bool {
        self.sizes.len() > 2 && self.groups().iter().all(|group| (1..=doors).contains(&(group % 100)) && *group > 100)
    }

    /// 1998-2005 138: from one year to another.
    pub(super) fn is_of_years(&self) -> bool {
        let groups = self.groups();
        groups.iter().filter(|group| (1900..2100).contains(*group)).count() > 1
    }

    pub(super) fn is_over_lines(&self) -> bool {
        self.gaps.contains(&Gap::Line)
    }

    /// The end of one row of a list and the beginning of the next (“101,张三,139.55⏎3-1-1302,李四,89”): there are words in both, and
    /// numbers before.
    fn is_over_rows(&self) -> bool {
        // 138 1234⏎5678 stands as nothing but a telephone number does.
        let is_mobile = self.sizes == [3, 4, 4] && matches!(self.values().as_slice(), [1, 3..=9, ..]);
        if is_mobile || !self.is_over_lines() || self.gaps.iter().filter(|&&gap| gap == Gap::Line).count() > 1 {
            return false;
        }
        let on_line = |glyph: &&Glyph| glyph.sort != Sort::Gap(Gap::Line);
        let is_word = |glyph: &Glyph| match glyph.sort {
            Sort::Letter(_) => true,
            Sort::Stop(c) => c.is_alphanumeric(),
            Sort::Digit(..) | Sort::Gap(_) => false,
        };
        let before: Vec<&Glyph> =
            self.glyphs.get(..self.first).unwrap_or_default().iter().rev().take_while(on_line).collect();
        let mut after = self.glyphs.get(self.last..).unwrap_or_default().iter().take_while(on_line);
        let is_numbered = before.iter().any(|glyph| matches!(glyph.sort, Sort::Digit(..)));
        is_numbered && before.iter().any(|glyph| is_word(glyph)) && after.any(is_word)
    }

    /// 13,900,000,000.
    fn is_in_thousands(&self) -> bool {
        let rest = self.sizes.get(1..).unwrap_or_default();
        !rest.is_empty()
            && self.sizes.first().is_some_and(|&first| first <= 3)
            && rest.iter().all(|&size| size == 3)
            && self.gaps.iter().all(|&gap| gap == Gap::List)
    }

    /// 118.78123456, and an address such as 139.159.100.20.
    fn is_decimal(&self) -> bool {
        let is_dotted = self.gaps.iter().all(|&gap| gap == Gap::Point) && self.gaps.len() + 1 == self.sizes.len();
        let is_address = self.sizes.len() == 4 && self.groups().iter().all(|&group| group <= 255);
        // 0571.88888888 is a telephone number.
        let is_area = matches!(self.digits.as_slice(), [(0, _), (1.., _), ..]) && self.sizes.first() > Some(&2);
        is_dotted && (self.sizes.len() == 2 && !is_area || is_address) || self.is_decimals()
    }

    /// 139.5 555.5 666.6: a point every time before one or two digits.
    fn is_decimals(&self) -> bool {
        let points = self.gaps.iter().filter(|&&gap| gap == Gap::Point).count();
        let behind = self.sizes.get(1..).unwrap_or_default().iter().zip(&self.gaps);
        points > 1
            && points < self.gaps.len()
            && self.gaps.len() + 1 == self.sizes.len()
            && behind.filter(|(_, gap)| **gap == Gap::Point).all(|(size, _)| *size <= 2)
    }

    /// 1、2、3 …: each different, none larger than a vote has options or a month has days.
    pub(super) fn is_list(&self) -> bool {
        let mut groups = self.groups();
        let n = groups.len();
        let is_small = self.sizes.iter().all(|&size| size <= 2) && groups.iter().all(|&group| group <= 31);
        groups.sort_unstable();
        groups.dedup();
        n > 3 && is_small && groups.len() == n
    }

    /// 4-2-2 digits that are a day, or eight in one group.
    pub(super) fn holds_a_day(&self) -> bool {
        let groups = self.groups();
        let apart = groups.windows(3).any(
            |three| matches!(*three, [one, month, other] if is_day(one, month, other) || is_day(other, month, one)),
        );
        let day_of = |whole: u64| is_day(whole / 10_000, whole / 100 % 100, whole % 100);
        apart || groups.iter().zip(&self.sizes).any(|(&whole, &size)| size == 8 && day_of(whole))
    }

    /// Where groups end, counted in digits.
    pub(super) fn ends(&self) -> Vec<usize> {
        let mut sum = 0;
        self.sizes
            .iter()
            .map(|size| {
                sum += size;
                sum
            })
            .collect()
    }

    pub(super) fn is_enumerated(&self) -> bool {
        self.gaps.contains(&Gap::List)
    }

    pub(super) fn is_all_single(&self) -> bool {
        !self.is_cut && !self.is_over_lines() && self.sizes.iter().all(|&size| size == 1)
    }

    /// How many digits stand together, and what stands between groups.
    pub(super) fn sizes(&self) -> &[usize] {
        &self.sizes
    }

    pub(super) fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

fn apart(piece: &Piece) -> bool {
    piece.before.as_ref().is_some_and(|gaps| !gaps.is_empty())
}

pub(super) fn is_day(year: u64, month: u64, day: u64) -> bool {
    (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

#[cfg(test)]
mod tests {
    use crate::domain::kernel::mask::mask;

    #[test]
    fn masks_phones_and_identity_numbers_and_nothing_else() {
        for (said, kept) in [
            ("电话13800000000", "电话138****0000"),
            ("电话１３８００００００００。", "电话１３８****００００。"),
            ("110101199003071233", "110***********1233"),
            ("11010119900307123X号", "110***********123X号"),
            ("+8613800000000", "+86138****0000"),
            ("8612800000000", "8612800000000"),
            ("12800000000", "12800000000"),
            ("订单2025030813800000000000", "订单2025030813800000000000"),
            ("3号楼601", "3号楼601"),
        ] {
            assert_eq!(mask(said), kept, "{said}");
        }
    }
}
