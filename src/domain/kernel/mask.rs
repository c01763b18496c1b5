//! 打码 — telephone, identity, bank card and passport numbers are masked before anything is kept (commands.md §9.9).
//!
//! The text is read as [`glyph`]s; digits beside each other are a *piece*, pieces with nothing but separators between them a *chain*.
//! Every stretch of a chain is asked, the longest first, whether it is a number of one of the kinds of [`KINDS`]. A kind looks at the
//! digits, and at how they are grouped: `139 1111 2222` is how a telephone number is written, `1 2 3 4 5 6 7 8 9 10 11` is a list.

use super::glyph::{self, Gap, Glyph, Sort};
use std::borrow::Cow;
use std::ops::Range;

/// Separators in a row that still keep one number together; a row of blanks is one.
const MOST_GAPS: usize = 3;
/// Digits of the longest number there is: a bank card of 19 with what may stand before it.
const MOST_DIGITS: usize = 24;
/// What somebody earns, pays or measures follows the number.
const UNITS: &str = "元万亿平亩吨%％㎡块圆";
/// 元旦, 平安: no units.
const NO_UNITS: &str = "旦宵安台房";
/// Words after which seven or eight digits are a telephone number, without an area code.
const LABELS: [&str; 14] =
    ["电话", "電話", "座机", "固话", "传真", "致电", "拨打", "宅电", "TEL", "PHONE", "CALL", "FAX", "☎", "📞"];

/// Words after which groups of digits are a mobile number even where a list would be written like that.
const MOBILE_LABELS: [&str; 10] =
    ["电话", "電話", "手机", "手機", "微信", "联系方式", "TEL", "PHONE", "MOBILE", "CALL"];
/// Papers whose number is known by nothing but their name.
const PERMITS: [&str; 12] = [
    "台胞证",
    "台胞證",
    "通行证",
    "通行證",
    "回乡证",
    "回鄉證",
    "军官证",
    "軍官證",
    "士兵证",
    "军人证",
    "居住证",
    "护照",
];
/// What may stand between such a word and the number.
const BETWEEN: &str = ":：是为号码";
/// The same for papers: 军官证 南字第01234567号.
const BETWEEN_OF_PERMITS: &str = ":：是为号码字第军南北东西中空海政后参装";

/// Puts a `*` for the digits in the middle of every number that belongs to a person. Everything else stays as it was written.
#[must_use]
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut hidden: Vec<Range<usize>> = Vec::new();
    for is_dash in [false, true] {
        if is_dash && !text.contains('一') {
            continue;
        }
        let glyphs = glyph::glyphs(text, is_dash);
        hidden.extend(found(text, &glyphs).into_iter().filter_map(|at| glyphs.get(at)).map(|glyph| glyph.at.clone()));
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

/// The glyphs to be covered.
fn found(text: &str, glyphs: &[Glyph]) -> Vec<usize> {
    let links = links(text);
    let pieces = pieces(glyphs);
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
        in_chain(glyphs, chain, is_link, &mut hidden);
        next = end;
    }
    hidden
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
                    Some(piece) if is_beside && last == Some(script) => {
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
                    && !(matches!(gap, Gap::Blank | Gap::Line) && gaps.last() == Some(&gap))
                {
                    gaps.push(gap);
                }
            }
            Sort::Letter(_) | Sort::Stop(_) => gaps = None,
        }
    }
    pieces
}

fn in_chain(glyphs: &[Glyph], chain: &[Piece], is_link: bool, hidden: &mut Vec<usize>) {
    let mut from = 0;
    while from < chain.len() {
        let mut to = (from + MOST_DIGITS).min(chain.len());
        let mut taken = None;
        while to > from {
            let stretch = chain.get(from..to).unwrap_or_default();
            let n: usize = stretch.iter().map(|piece| piece.digits.len()).sum();
            let fits = n <= MOST_DIGITS || stretch.len() == 1;
            if fits && (!is_link || stretch.len() == 1) {
                taken = Stretch::new(glyphs, chain, from..to).covered(is_link);
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
struct Stretch<'a> {
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
    fn new(glyphs: &'a [Glyph], chain: &[Piece], range: Range<usize>) -> Self {
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
        Self { glyphs, digits, sizes, gaps, is_cut: is_single && around, first, last }
    }

    /// The glyphs to be covered, if it is a number of some kind.
    fn covered(&self, is_link: bool) -> Option<Vec<usize>> {
        if self.is_amount() || self.is_over_rows() {
            return None;
        }
        let kinds = if is_link { KINDS.get(..2).unwrap_or_default() } else { &KINDS };
        let (from, to) = kinds.iter().find_map(|kind| kind(self))?;
        let number = self.digits.get(from..to)?;
        let (head, tail) = match number.len() {
            // The X behind it is the last of the four.
            17 if self.after(0) == Some(Sort::Letter('X')) => (3, 3),
            11.. => (3, 4),
            10 => (3, 3),
            _ => (2, 2),
        };
        let middle = number.get(head..number.len() - tail)?;
        Some(middle.iter().map(|&(_, at)| at).collect())
    }

    fn values(&self) -> Vec<u8> {
        self.digits.iter().map(|&(value, _)| value).collect()
    }

    /// The groups as numbers.
    fn groups(&self) -> Vec<u64> {
        let mut values = self.digits.iter().map(|&(value, _)| u64::from(value));
        self.sizes
            .iter()
            .map(|&size| values.by_ref().take(size).fold(0u64, |sum, value| sum.wrapping_mul(10).wrapping_add(value)))
            .collect()
    }

    fn before(&self, n: usize) -> Option<Sort> {
        self.first.checked_sub(n).and_then(|at| self.glyphs.get(at)).map(|glyph| glyph.sort)
    }

    fn after(&self, n: usize) -> Option<Sort> {
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
    fn is_flats(&self) -> bool {
        self.sizes.len() > 2 && self.groups().iter().all(|group| matches!(group % 100, 1..=12) && *group > 100)
    }

    fn is_over_lines(&self) -> bool {
        self.gaps.contains(&Gap::Line)
    }

    /// The end of one row of a list and the beginning of the next (“101,张三,139.55⏎3-1-1302,李四,89”): there are words in both, and
    /// numbers before.
    fn is_over_rows(&self) -> bool {
        if !self.is_over_lines() || self.gaps.iter().filter(|&&gap| gap == Gap::Line).count() > 1 {
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
        let is_dotted = self.gaps.iter().all(|&gap| gap == Gap::Dot) && self.gaps.len() + 1 == self.sizes.len();
        let is_address = self.sizes.len() == 4 && self.groups().iter().all(|&group| group <= 255);
        is_dotted && (self.sizes.len() == 2 || is_address) || self.is_decimals()
    }

    /// 139.5 555.5 666.6: a point every time before one or two digits.
    fn is_decimals(&self) -> bool {
        let points = self.gaps.iter().filter(|&&gap| gap == Gap::Dot).count();
        let behind = self.sizes.get(1..).unwrap_or_default().iter().zip(&self.gaps);
        points > 1
            && points < self.gaps.len()
            && self.gaps.len() + 1 == self.sizes.len()
            && behind.filter(|(_, gap)| **gap == Gap::Dot).all(|(size, _)| *size <= 2)
    }

    /// 1、2、3 …: each different, none larger than a vote has options or a month has days.
    fn is_list(&self) -> bool {
        let mut groups = self.groups();
        let n = groups.len();
        let is_small = self.sizes.iter().all(|&size| size <= 2) && groups.iter().all(|&group| group <= 31);
        groups.sort_unstable();
        groups.dedup();
        n > 3 && is_small && groups.len() == n
    }

    /// 4-2-2 digits that are a day, or eight in one group.
    fn holds_a_day(&self) -> bool {
        let groups = self.groups();
        let apart = groups.windows(3).any(
            |three| matches!(*three, [one, month, other] if is_day(one, month, other) || is_day(other, month, one)),
        );
        let day_of = |whole: u64| is_day(whole / 10_000, whole / 100 % 100, whole % 100);
        apart || groups.iter().zip(&self.sizes).any(|(&whole, &size)| size == 8 && day_of(whole))
    }

    /// Where groups end, counted in digits.
    fn ends(&self) -> Vec<usize> {
        let mut sum = 0;
        self.sizes
            .iter()
            .map(|size| {
                sum += size;
                sum
            })
            .collect()
    }

    fn is_enumerated(&self) -> bool {
        self.gaps.contains(&Gap::List)
    }

    fn is_all_single(&self) -> bool {
        !self.is_cut && !self.is_over_lines() && self.sizes.iter().all(|&size| size == 1)
    }

    /// Whether the name of a paper stands before it; the letters of the number may stand between.
    fn names_a_permit(&self) -> bool {
        let letters = (1..=2).take_while(|&n| matches!(self.before(n), Some(Sort::Letter(_)))).count();
        let head = Self {
            glyphs: self.glyphs,
            digits: Vec::new(),
            sizes: Vec::new(),
            gaps: Vec::new(),
            is_cut: false,
            first: self.first.saturating_sub(letters),
            last: self.last,
        };
        head.follows(&PERMITS, BETWEEN_OF_PERMITS)
    }

    /// Whether one of these words stands right before it, with nothing between but blanks and what is said there.
    fn follows(&self, labels: &[&str], between: &str) -> bool {
        let mut said = String::new();
        let mut at = 1;
        // From the number backwards, without what stands between the word and the number.
        while let Some(sort) = self.before(at).filter(|_| said.chars().count() < 8 && at < 14) {
            match sort {
                Sort::Letter(c) => said.insert(0, c),
                Sort::Stop(c) if !said.is_empty() || !between.contains(c) => said.insert(0, c),
                Sort::Gap(_) | Sort::Stop(_) if said.is_empty() => {}
                Sort::Gap(_) | Sort::Stop(_) | Sort::Digit(..) => break,
            }
            at += 1;
        }
        labels.iter().any(|label| said.ends_with(label))
    }
}

fn apart(piece: &Piece) -> bool {
    piece.before.as_ref().is_some_and(|gaps| !gaps.is_empty())
}

fn is_day(year: u64, month: u64, day: u64) -> bool {
    (1900..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// From which digit to which a stretch is a number of this kind.
type Kind = for<'a, 'b> fn(&'a Stretch<'b>) -> Option<(usize, usize)>;

/// The kinds. Of a link only the first two are looked for: what else is long there counts pages.
const KINDS: [Kind; 8] = [mobile, identity, bank_card, landline, hotline, local, passport, permit];

/// Dialled before a mobile number: the country, a trunk zero, a carrier.
const DIALLED: [&[u8]; 7] = [&[], &[8, 6], &[0, 0, 8, 6], &[0, 8, 6], &[0], &[1, 7, 9, 5, 1], &[1, 2, 5, 9, 3]];

/// 手机号 — 1[3-9] and nine digits.
fn mobile(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let head = DIALLED.iter().find(|head| {
        let number = values.strip_prefix(**head).unwrap_or_default();
        number.len() == 11 && matches!(number, [1, 3..=9, ..])
    })?;
    let skip = head.len();
    // The dialled part may be a group of its own or stand right before the number.
    let mut ends = stretch.ends();
    ends.retain(|&end| end > skip);
    let ends: Vec<usize> = ends.into_iter().map(|end| end - skip).collect();
    let is_whole = ends == [11];
    let is_apart = |at: usize| ends.contains(&at);
    // Many small numbers are sums or marks, unless they are digits one by one, be it after the first three.
    let is_spelt = stretch.is_all_single()
        || !stretch.is_over_lines() && stretch.sizes.get(1..).is_some_and(|rest| rest.iter().all(|&size| size == 1));
    let is_natural =
        is_apart(3) && is_apart(7) && (ends.len() < 7 || (is_spelt && !stretch.is_cut && ends.first() != Some(&2)));
    let is_other = is_cut_somehow(stretch, &ends) || OTHER_WAYS.contains(&ends.as_slice());
    let is_said = || stretch.follows(&MOBILE_LABELS, BETWEEN);
    let fits = match stretch.is_enumerated() {
        _ if is_whole => true,
        // Over lines a table of numbers looks like many groups.
        _ if stretch.is_over_lines() && ends.len() > 3 && !is_said() => false,
        true => ends == [3, 7, 11] || stretch.is_all_single() || is_other && is_said(),
        false => (is_natural || is_other) && !stretch.holds_a_day(),
    };
    (fits && !stretch.is_list()).then_some((skip, skip + 11))
}

/// Two to four groups of two digits or more, however they are cut, is how people write a number they want read. (Of two digits
/// and singles there are lists.) Rounded sums, flats and rows of a list are not.
fn is_cut_somehow(stretch: &Stretch<'_>, ends: &[usize]) -> bool {
    let sizes = || ends.iter().scan(0, |last, &end| Some(end - std::mem::replace(last, end)));
    (2..=4).contains(&ends.len()) && sizes().all(|size| size >= 2) && !stretch.is_flats()
}

/// Where the groups end when a number is cut into more of them, or into single digits.
const OTHER_WAYS: [&[usize]; 5] =
    [&[1, 4, 7, 11], &[1, 4, 8, 11], &[1, 11], &[2, 4, 6, 8, 10, 11], &[1, 3, 5, 7, 9, 11]];

/// The provinces by which an identity number begins.
fn is_province(code: u64) -> bool {
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

fn number(values: &[u8]) -> u64 {
    values.iter().fold(0u64, |sum, &value| sum.wrapping_mul(10).wrapping_add(u64::from(value)))
}

/// 居民身份证 — a province, a birthday, and 18 places (the last may be an X); old ones have 15.
fn identity(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let part = |range: Range<usize>| values.get(range).map(number);
    if !is_province(part(0..2)?) || stretch.is_cut {
        return None;
    }
    let gap = usize::from(matches!(stretch.after(0), Some(Sort::Gap(_))));
    let ends_in_x = stretch.after(gap) == Some(Sort::Letter('X'))
        && !matches!(stretch.after(gap + 1), Some(Sort::Letter(_) | Sort::Digit(..)));
    let is_split = stretch.sizes.len() > 6 && !stretch.is_all_single();
    let fits = match values.len() {
        18 if !is_split => is_day(part(6..10)?, part(10..12)?, part(12..14)?),
        17 if ends_in_x && !is_split => is_day(part(6..10)?, part(10..12)?, part(12..14)?),
        15 => {
            let ends = stretch.ends();
            let ways = [&[15][..], &[6, 12, 15], &[6, 15], &[6, 8, 10, 12, 15]];
            let is_written_so = ways.contains(&ends.as_slice()) || stretch.is_all_single();
            // Nobody with such a number was born before 1910.
            is_written_so && part(6..8)? >= 10 && is_day(1900 + part(6..8)?, part(8..10)?, part(10..12)?)
        }
        _ => false,
    };
    fits.then_some((0, values.len()))
}

/// 银行卡 — 16 to 19 digits that begin as cards do and whose check digit is right, or that begin with 62 (银联); 15 for one brand.
fn bank_card(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let is_old = values.len() == 15 && matches!(values.as_slice(), [3, 4 | 7, ..]) && luhn(&values);
    let is_card = (16..=19).contains(&values.len())
        && match values.as_slice() {
            [6, 2, ..] => true,
            [3..=6 | 9, ..] => luhn(&values),
            _ => false,
        };
    let ends = stretch.ends();
    let by_four = ends.iter().rev().skip(1).all(|end| end % 4 == 0);
    let is_grouped = by_four || ends.first() == Some(&6) || ends == [4, 10, 15] || stretch.is_all_single();
    let groups = stretch.groups();
    // 6201 6202 6203 6204 are flats.
    let is_rising = groups.len() > 2 && groups.windows(2).all(|two| matches!(*two, [one, other] if one < other));
    let is_flats = stretch.is_flats() && !luhn(&values);
    let is_row = stretch.is_enumerated() && !stretch.is_all_single();
    ((is_card || is_old) && is_grouped && !is_rising && !is_row && !is_flats && !stretch.is_list())
        .then_some((0, values.len()))
}

fn luhn(values: &[u8]) -> bool {
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &value)| match u32::from(value) * if at % 2 == 1 { 2 } else { 1 } {
            double @ 10.. => double - 9,
            plain => plain,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// How long the area code (without its zero) at the head of some digits is, if a number of the right length follows it.
fn area(values: &[u8]) -> Option<usize> {
    let (code, lengths) = match values {
        [1, 0, ..] => (2, 8..=8),
        [2, ..] => (2, 8..=8),
        [3..=9, ..] => (3, 7..=8),
        _ => return None,
    };
    let rest = values.get(code..)?;
    (lengths.contains(&rest.len()) && matches!(rest, [2..=9, ..])).then_some(code)
}

/// 座机 — an area code and seven or eight digits; from abroad without the zero.
fn landline(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let is_called = matches!(stretch.before(1), Some(Sort::Gap(Gap::Other))) || values.starts_with(&[0, 0]);
    let heads: [(&[u8], bool); 7] = [
        (&[0, 0, 8, 6, 0], true),
        (&[0, 0, 8, 6], true),
        (&[8, 6, 0], true),
        (&[8, 6], is_called),
        (&[0], true),
        (&[1, 7, 9, 5, 1, 0], true),
        (&[1, 2, 5, 9, 3, 0], true),
    ];
    let (skip, code) = heads.iter().filter(|(_, may)| *may).find_map(|(head, _)| {
        let rest = values.strip_prefix(*head)?;
        area(rest).map(|code| (head.len(), skip_and(head, code)))
    })?;
    let ends = stretch.ends();
    let is_whole = ends.len() == 1;
    let is_grouped = ends.contains(&code) && ends.iter().all(|&end| end >= code || end <= skip || end + 1 == code);
    let fits = is_whole || is_grouped || stretch.is_all_single();
    // The zero belongs to the number that is shown in part.
    let from = if values.get(skip.wrapping_sub(1)) == Some(&0) { skip - 1 } else { skip };
    (fits && !stretch.holds_a_day() && !stretch.is_list()).then_some((from, values.len()))
}

fn skip_and(head: &[u8], code: usize) -> usize {
    head.len() + code
}

/// 400, 800.
fn hotline(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let is_one = values.len() == 10 && matches!(values.as_slice(), [4 | 8, 0, 0, ..]);
    let ends = stretch.ends();
    let grouped = [&[3, 6, 10][..], &[3, 7, 10], &[3, 10], &[4, 7, 10], &[3, 6, 8, 10], &[6, 10]];
    let is_grouped = grouped.contains(&ends.as_slice()) || stretch.is_all_single();
    let is_whole = ends.len() == 1 && values.first() == Some(&4);
    (is_one && (is_grouped || is_whole) && !stretch.is_enumerated()).then_some((0, 10))
}

/// Seven or eight digits after 电话.
fn local(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let n = values.len();
    let is_one = (7..=8).contains(&n) && matches!(values.first(), Some(2..=8));
    let ends = stretch.ends();
    let grouped = [&[4, 8][..], &[3, 7], &[3, 8], &[2, 4, 6, 8], &[4, 7]];
    let is_grouped = ends.len() == 1 || grouped.contains(&ends.as_slice()) || stretch.is_all_single();
    (is_one && is_grouped && !stretch.holds_a_day() && stretch.follows(&LABELS, BETWEEN)).then_some((0, n))
}

/// 护照, 港澳通行证 — a letter (or E and a letter) and eight places.
fn passport(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let gap = usize::from(matches!(stretch.before(1), Some(Sort::Gap(_))));
    let (last, before) = (stretch.before(1 + gap), stretch.before(2 + gap));
    let is_free = |sort: Option<Sort>| !matches!(sort, Some(Sort::Letter(_) | Sort::Digit(..)));
    let fits = match (before, last) {
        (Some(Sort::Letter('E' | 'D' | 'S' | 'P' | 'C')), Some(Sort::Letter(_))) => {
            is_free(stretch.before(3 + gap)) && (7..=8).contains(&values.len()) && gap == 0
        }
        (before, Some(Sort::Letter('C' | 'D' | 'E' | 'G' | 'H' | 'K' | 'M' | 'P' | 'S' | 'W'))) => {
            let is_permit = values.len() == 10 && matches!(last, Some(Sort::Letter('H' | 'M')));
            is_free(before) && (values.len() == 8 || is_permit)
        }
        _ => false,
    };
    let ends = stretch.ends();
    let grouped = [&[4, 8][..], &[2, 5, 8], &[3, 8], &[2, 4, 6, 8], &[3, 7], &[4, 7], &[3, 6, 8], &[8, 10]];
    let is_grouped = ends.len() == 1 || grouped.contains(&ends.as_slice()) || stretch.is_all_single();
    let is_end = !matches!(stretch.after(0), Some(Sort::Letter(_) | Sort::Digit(..)));
    (fits && is_grouped && is_end && !stretch.is_enumerated() && !stretch.holds_a_day()).then_some((0, values.len()))
}

/// 台胞证, 回乡证, 军官证: seven places or more, behind the name of the paper and a letter or two.
fn permit(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let n = stretch.digits.len();
    let is_grouped = stretch.sizes.len() <= 4 || stretch.is_all_single();
    let fits = (7..=18).contains(&n) && is_grouped && !stretch.is_enumerated() && !stretch.holds_a_day();
    (fits && !stretch.is_list() && stretch.names_a_permit()).then_some((0, n))
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
