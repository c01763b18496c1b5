//! 号码 — the kinds of numbers that belong to a person, each by its digits, by how they are grouped, and by what stands around them.

use super::glyph::{Gap, Sort};
use super::mask::{Stretch, is_day};
use super::number_label::{
    ACCOUNTS, BETWEEN, BETWEEN_OF_ACCOUNTS, BETWEEN_OF_PERMITS, MESSENGERS, MOBILES, PERMITS, PHONES, is_of_insurance,
};
use std::ops::Range;

/// From which digit to which a stretch is a number of this kind.
pub(super) type Kind = for<'a, 'b> fn(&'a Stretch<'b>) -> Option<(usize, usize)>;

/// The kinds.
pub(super) const KINDS: [Kind; 14] = [
    mobile,
    identity,
    bank_card,
    landline,
    abroad,
    taiwan_mobile,
    local,
    passport,
    permit,
    hong_kong,
    taiwan,
    resident,
    messenger,
    account,
];

/// Dialled before a mobile number: the country, a trunk zero, a carrier.
const DIALLED: [&[u8]; 11] = [
    &[],
    &[8, 6],
    &[0, 0, 8, 6],
    &[0, 8, 6],
    &[0],
    &[8, 6, 0],
    &[0, 0, 8, 6, 0],
    &[1, 7, 9, 5, 1],
    &[1, 2, 5, 9, 3],
    &[1, 7, 9, 0, 9],
    &[1, 7, 9, 1, 1],
];

/// 手机号 — 1[3-9] and nine digits.
pub(super) fn mobile(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
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
        || !stretch.is_over_lines() && stretch.sizes().get(1..).is_some_and(|rest| rest.iter().all(|&size| size == 1));
    let is_natural =
        is_apart(3) && is_apart(7) && (ends.len() < 7 || (is_spelt && !stretch.is_cut() && ends.first() != Some(&2)));
    let is_other = is_cut_somehow(stretch, &ends) || OTHER_WAYS.contains(&ends.as_slice());
    let is_said = || follows(stretch, &MOBILES, BETWEEN);
    let fits = match stretch.is_enumerated() {
        _ if is_whole => true,
        // Over lines a table of numbers looks like many groups.
        _ if stretch.is_over_lines() && ends.len() > 3 => is_said(),
        true => {
            let is_usual = ends == [3, 7, 11] || ends == [4, 8, 11] && !stretch.are_flats(20) && !stretch.is_of_years();
            is_usual || stretch.is_all_single() || is_other && is_said()
        }
        false => (is_natural || is_other) && !stretch.holds_a_day() && !(ends == [4, 8, 11] && stretch.is_of_years()),
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
pub(super) fn is_province(code: u64) -> bool {
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

fn number(values: &[u8]) -> u64 {
    values.iter().fold(0u64, |sum, &value| sum.wrapping_mul(10).wrapping_add(u64::from(value)))
}

/// 居民身份证 — a province, a birthday, and 18 places (the last may be an X); old ones have 15; with what follows on a paper of the disabled 20.
pub(super) fn identity(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let part = |range: Range<usize>| values.get(range).map(number);
    // Foreigners who live here for good have one that begins with a 9.
    let is_foreign = values.first() == Some(&9) && values.len() == 18 && is_checked(&values);
    if !is_foreign && !is_province(part(0..2)?) || stretch.is_cut() {
        return None;
    }
    let gap = usize::from(matches!(stretch.after(0), Some(Sort::Gap(_))));
    let ends_in_x = stretch.after(gap) == Some(Sort::Letter('X'))
        && !matches!(stretch.after(gap + 1), Some(Sort::Letter(_) | Sort::Digit(..)));
    let is_split = stretch.sizes().len() > 9 && !stretch.is_all_single();
    let is_born = || Some(is_day(part(6..10)?, part(10..12)?, part(12..14)?));
    let is_named = || follows(stretch, &["身份证", "身份證"], BETWEEN_OF_PERMITS);
    let fits = match values.len() {
        18 if !is_split => is_born()?,
        17 if ends_in_x && !is_split => is_born()?,
        // Somebody put a star for the last place, or left it out.
        17 if stretch.sizes().len() == 1 => is_born()? && part(6..10)? < 2013,
        20 => is_born()? && follows(stretch, &["残疾人证", "残疾证"], BETWEEN_OF_PERMITS),
        15 => {
            let ends = stretch.ends();
            let ways = [&[15][..], &[6, 12, 15], &[6, 15], &[6, 8, 10, 12, 15]];
            let is_written_so = ways.contains(&ends.as_slice()) || stretch.is_all_single();
            // Of those who had such a number few were born before 1930, and codes of this century look like theirs.
            let oldest = if is_named() { 10 } else { 30 };
            is_written_so && part(6..8)? >= oldest && is_day(1900 + part(6..8)?, part(8..10)?, part(10..12)?)
        }
        _ => false,
    };
    fits.then_some((0, values.len()))
}

/// Fewest digits of two numbers that are run together.
const FEWEST_OF_TWO: usize = 21;
/// Most digits that are looked at as numbers run together.
const MOST_TOGETHER: usize = 200;

/// How long each is of several telephone or identity numbers that nothing parts: only where every digit belongs to one of them.
pub(super) fn run_together(values: &[u8]) -> Option<Vec<usize>> {
    if !(FEWEST_OF_TWO..=MOST_TOGETHER).contains(&values.len()) {
        return None;
    }
    // From the end: of what begins at each digit, how long its first number is.
    let mut first: Vec<Option<usize>> = vec![None; values.len()];
    for at in (0..values.len()).rev() {
        let rest = values.get(at..).unwrap_or_default();
        let fits = |n: &usize| {
            let is_rest_one = rest.len() == *n || first.get(at + n).is_some_and(Option::is_some);
            is_rest_one && rest.get(..*n).is_some_and(is_telephone_or_identity)
        };
        let found = [11, 18, 13, 12, 10].into_iter().find(fits);
        if let Some(first) = first.get_mut(at) {
            *first = found;
        }
    }
    let (mut sizes, mut at) = (Vec::new(), 0);
    while at < values.len() {
        let n = first.get(at).copied().flatten()?;
        sizes.push(n);
        at += n;
    }
    Some(sizes)
}

fn is_telephone_or_identity(values: &[u8]) -> bool {
    match values {
        [1, 3..=9, ..] if values.len() == 11 => true,
        [8, 6, 1, 3..=9, ..] => values.len() == 13,
        [0, rest @ ..] => area(rest).is_some(),
        _ => is_checked(values) && values.get(..2).is_some_and(|code| is_province(number(code))),
    }
}

/// Whether the last of 18 digits follows from those before it (GB 11643).
pub(super) fn is_checked(values: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(&value, weight)| u32::from(value) * weight).sum();
    values.len() == 18 && values.last().is_some_and(|&last| u32::from(last) == (12 - sum % 11) % 11)
}

/// 银行卡 — 16 to 19 digits that begin with 62 (银联), or as other cards do and whose check digit is right; 15 for one brand.
fn bank_card(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let n = values.len();
    let is_one = match values.as_slice() {
        [6, 2, ..] => (16..=19).contains(&n),
        [6, 0 | 8 | 9, ..] | [9, 5, 5, ..] => (16..=19).contains(&n) && luhn(&values),
        [3, 4 | 7, ..] => n == 15 && luhn(&values),
        [3, 5, ..] | [4 | 5, ..] => n == 16 && luhn(&values) && !(stretch.sizes().len() == 1 && is_district(&values)),
        _ => false,
    };
    let ends = stretch.ends();
    let by_four = ends.iter().rev().skip(1).all(|end| end % 4 == 0);
    let is_grouped = by_four || ends.first() == Some(&6) || ends == [4, 10, 15] || stretch.is_all_single();
    let groups = stretch.groups();
    // 6201 6202 6203 6204 are flats.
    let is_rising = groups.len() > 2 && groups.windows(2).all(|two| matches!(*two, [one, other] if one < other));
    let is_flats = stretch.is_flats() && !luhn(&values);
    let is_by_heart = stretch.is_all_single() || values.starts_with(&[6, 2]) && by_four && !stretch.are_flats(30);
    let is_row = stretch.is_enumerated() && !is_by_heart;
    (is_one && is_grouped && !is_rising && !is_row && !is_flats && !stretch.is_list()).then_some((0, n))
}

/// The code of a district stands at the head of numbers of land and of permits (440106…), which are as long as those of cards.
fn is_district(values: &[u8]) -> bool {
    let part = |range: Range<usize>| values.get(range).map_or(0, number);
    is_province(part(0..2))
        && matches!(part(2..4), 1..=34 | 51..=53 | 90)
        && matches!(part(4..6), 0..=32 | 81..=89)
        && values.first() > Some(&3)
        && values.get(6..8) == Some(&[0, 0])
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

/// The area codes of three digits that are given out.
fn is_area(code: u64) -> bool {
    matches!(code,
        310..=319 | 335 | 349..=359 | 370..=379 | 391..=398 | 410..=419 | 421 | 427 | 429 | 431..=439 | 451..=459 | 464
        | 467..=479 | 482 | 483 | 510..=519 | 523 | 527 | 530..=539 | 543 | 546 | 550..=566 | 570..=580 | 591..=599
        | 631..=635 | 660 | 662 | 663 | 668 | 691 | 692 | 701 | 710..=719 | 722 | 724 | 728 | 730..=739 | 743..=746
        | 750..=779 | 790..=799 | 812..=818 | 825..=839 | 851..=859 | 870..=879 | 881 | 883 | 886..=888 | 890..=899
        | 901..=909 | 911..=919 | 930..=943 | 951..=955 | 970..=979 | 990..=999)
}

/// How long the area code (without its zero) at the head of some digits is, if a number of the right length follows it.
fn area(values: &[u8]) -> Option<usize> {
    let (code, lengths) = match values {
        [1, 0, ..] => (2, 8..=8),
        [2, 0..=5 | 7..=9, ..] => (2, 8..=8),
        [_, _, _, ..] if is_area(number(values.get(..3)?)) => (3, 7..=8),
        _ => return None,
    };
    let rest = values.get(code..)?;
    (lengths.contains(&rest.len()) && matches!(rest, [2..=9, ..])).then_some(code)
}

/// 座机 — an area code and seven or eight digits; from abroad without the zero.
fn landline(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let is_called = matches!(stretch.before(1), Some(Sort::Gap(Gap::Other | Gap::Plus) | Sort::Stop('加')))
        || values.starts_with(&[0, 0]);
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

/// Telephone codes of other countries, and how many digits follow.
const ABROAD: [(&[u8], std::ops::RangeInclusive<usize>); 58] = [
    (&[8, 5, 2], 8..=8),
    (&[8, 5, 3], 8..=8),
    (&[8, 8, 6], 8..=10),
    (&[1], 10..=10),
    (&[7], 10..=10),
    (&[2, 0], 9..=10),
    (&[2, 7], 9..=9),
    (&[3, 0], 10..=10),
    (&[3, 1], 9..=9),
    (&[3, 2], 8..=9),
    (&[3, 3], 9..=10),
    (&[3, 4], 9..=9),
    (&[3, 6], 8..=9),
    (&[3, 9], 9..=11),
    (&[4, 0], 9..=9),
    (&[4, 1], 9..=9),
    (&[4, 3], 8..=12),
    (&[4, 4], 9..=11),
    (&[4, 5], 8..=8),
    (&[4, 6], 7..=10),
    (&[4, 7], 8..=8),
    (&[4, 8], 9..=9),
    (&[4, 9], 7..=12),
    (&[5, 1], 9..=9),
    (&[5, 2], 10..=10),
    (&[5, 4], 10..=11),
    (&[5, 5], 10..=11),
    (&[5, 6], 9..=9),
    (&[5, 7], 10..=10),
    (&[6, 0], 8..=10),
    (&[6, 1], 9..=10),
    (&[6, 2], 9..=12),
    (&[6, 3], 10..=10),
    (&[6, 4], 8..=10),
    (&[6, 5], 8..=8),
    (&[6, 6], 8..=10),
    (&[8, 1], 9..=11),
    (&[8, 2], 8..=11),
    (&[8, 4], 9..=10),
    (&[9, 0], 10..=10),
    (&[9, 1], 10..=10),
    (&[9, 2], 10..=10),
    (&[9, 4], 9..=9),
    (&[9, 5], 8..=10),
    (&[9, 8], 10..=10),
    (&[2, 3, 4], 8..=10),
    (&[2, 5, 1], 9..=9),
    (&[2, 5, 4], 9..=9),
    (&[3, 5, 1], 9..=9),
    (&[3, 5, 3], 9..=9),
    (&[3, 5, 8], 8..=10),
    (&[3, 8, 0], 9..=9),
    (&[8, 5, 5], 8..=9),
    (&[8, 5, 6], 8..=10),
    (&[8, 8, 0], 10..=10),
    (&[9, 6, 6], 9..=9),
    (&[9, 7, 1], 8..=9),
    (&[9, 7, 6], 8..=8),
];

/// A number of 香港, 澳门, 台湾 or abroad: behind a plus or 00, and the first three without either where the code stands by itself.
fn abroad(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    // 加852…: how the plus is read out.
    let is_plus = |n: usize| matches!(stretch.before(n), Some(Sort::Gap(Gap::Plus) | Sort::Stop('加')));
    let is_bracket = matches!(stretch.before(1), Some(Sort::Gap(Gap::Other | Gap::Blank)));
    let is_called = is_plus(1) || is_bracket && is_plus(2);
    let bare = values.strip_prefix(&[0, 0]).unwrap_or(&values);
    let (code, _) =
        ABROAD.iter().find(|(code, n)| bare.strip_prefix(*code).is_some_and(|rest| n.contains(&rest.len())))?;
    let is_near = matches!(**code, [8, 5, 2 | 3] | [8, 8, 6]);
    let ends = stretch.ends();
    let is_apart = ends.first() == Some(&3) && matches!(stretch.gaps().first(), Some(Gap::Dash | Gap::Other));
    let is_dialled = bare.len() < values.len() && (is_near || ends.len() > 1);
    let fits = is_called || is_dialled || is_near && ends.len() < 4 && is_apart;
    let is_grouped = ends.len() <= 6 && !stretch.is_enumerated() || stretch.is_all_single();
    (fits && is_grouped && !stretch.holds_a_day() && !stretch.is_list()).then_some((0, values.len()))
}

/// 台湾手机 — 09xx-xxx-xxx.
fn taiwan_mobile(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let is_one = values.len() == 10 && values.starts_with(&[0, 9]);
    let grouped = [&[4, 7, 10][..], &[4, 10]];
    (is_one && grouped.contains(&stretch.ends().as_slice()) && !stretch.is_enumerated()).then_some((0, 10))
}

/// Seven digits and more after 电话. What everybody may call (400, 12345, 95588) belongs to nobody.
fn local(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let n = values.len();
    let is_one = match (n, values.as_slice()) {
        (7..=8, [2..=9, ..]) => true,
        (9..=13, [4 | 8, 0, 0, ..] | [9, 5 | 6, ..] | [1, 0 | 2, ..]) => false,
        (9..=13, _) => true,
        _ => false,
    };
    let ends = stretch.ends();
    let grouped = [&[4, 8][..], &[3, 7], &[3, 8], &[2, 4, 6, 8], &[4, 7]];
    let is_grouped = ends.len() == 1
        || grouped.contains(&ends.as_slice())
        || n > 8 && ends.len() <= 4 && !stretch.is_enumerated()
        || stretch.is_all_single();
    (is_one && is_grouped && !stretch.holds_a_day() && follows(stretch, &PHONES, BETWEEN)).then_some((0, n))
}

/// 护照, 港澳通行证 — a letter (or E and a letter) and eight places.
fn passport(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let gap = usize::from(matches!(stretch.before(1), Some(Sort::Gap(_))));
    let (last, before) = (stretch.before(1 + gap), stretch.before(2 + gap));
    let is_free = |sort: Option<Sort>| !matches!(sort, Some(Sort::Letter(_) | Sort::Digit(..)));
    let fits = match (before, last) {
        (Some(Sort::Letter('E' | 'C')), Some(Sort::Letter(_)))
        | (Some(Sort::Letter('D' | 'S' | 'P')), Some(Sort::Letter('E'))) => {
            is_free(stretch.before(3 + gap)) && values.len() == 7 && gap == 0
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
    let is_mark = stretch.gaps().contains(&Gap::Plus);
    (fits && is_grouped && is_end && !is_mark && !stretch.is_enumerated() && !stretch.holds_a_day())
        .then_some((0, values.len()))
}

/// 台胞证, 回乡证, 军官证: seven places or more, behind the name of the paper and a letter or three.
pub(super) fn permit(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let n = stretch.values().len();
    let is_grouped = stretch.sizes().len() <= 5 || stretch.is_all_single();
    let fits = (7..=20).contains(&n) && is_grouped && !stretch.is_enumerated() && !stretch.holds_a_day();
    let is_named = || follows_over_letters(stretch, &PERMITS) || is_of_insurance(stretch.head());
    (fits && !stretch.is_list() && is_named()).then_some((0, n))
}

/// 香港身份证 — A123456(7), the last place an A at times.
fn hong_kong(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let letters = letters_before(stretch);
    let is_bracket = |sort: Option<Sort>| sort == Some(Sort::Gap(Gap::Other));
    let ends_in_digit = stretch.sizes() == [6, 1] && stretch.gaps() == [Gap::Other] && is_bracket(stretch.after(0));
    let ends_in_letter = stretch.sizes() == [6]
        && is_bracket(stretch.after(0))
        && stretch.after(1) == Some(Sort::Letter('A'))
        && is_bracket(stretch.after(2));
    ((1..=2).contains(&letters) && (ends_in_digit || ends_in_letter)).then_some((0, stretch.values().len()))
}

/// 台湾身份证 — a letter and nine digits, of which the first says man or woman and the last follows from the others.
fn taiwan(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    const PLACES: &str = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let values = stretch.values();
    let Some(Sort::Letter(letter)) = stretch.before(1) else { return None };
    let place = u32::try_from(PLACES.chars().position(|c| c == letter)?).ok()? + 10;
    let weights = [8, 7, 6, 5, 4, 3, 2, 1, 1];
    let sum: u32 = values.iter().zip(weights).map(|(&value, weight)| u32::from(value) * weight).sum();
    let is_right = (place / 10 + place % 10 * 9 + sum).is_multiple_of(10);
    let is_one = values.len() == 9 && matches!(values.first(), Some(1 | 2)) && stretch.sizes().len() == 1;
    (is_one && is_right && letters_before(stretch) == 1).then_some((0, 9))
}

/// 外国人永久居留身份证 — three letters of a country, six digits, a birthday of six.
fn resident(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let values = stretch.values();
    let part = |range: Range<usize>| values.get(range).map(number);
    let is_one = values.len() == 12 && stretch.sizes().len() == 1 && letters_before(stretch) == 3;
    (is_one && is_province(part(0..2)?) && is_day(1900 + part(6..8)?, part(8..10)?, part(10..12)?)).then_some((0, 12))
}

/// QQ, and the number somebody has chosen for a name in 微信.
fn messenger(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let n = stretch.values().len();
    let fits = (5..=12).contains(&n) && stretch.sizes().len() <= 4 && !stretch.is_enumerated();
    (fits && !stretch.holds_a_day() && follows(stretch, &MESSENGERS, BETWEEN)).then_some((0, n))
}

/// 账号 — an account of a bank, whatever it begins with.
fn account(stretch: &Stretch<'_>) -> Option<(usize, usize)> {
    let n = stretch.values().len();
    let fits = (12..=21).contains(&n) && stretch.sizes().len() <= 6 && !stretch.is_enumerated();
    (fits && follows(stretch, &ACCOUNTS, BETWEEN_OF_ACCOUNTS)).then_some((0, n))
}

/// How many Latin letters stand right before it.
fn letters_before(stretch: &Stretch<'_>) -> usize {
    (1..=4).take_while(|&n| matches!(stretch.before(n), Some(Sort::Letter(_)))).count()
}

/// Whether one of these words stands right before it, with nothing between but blanks and what is said there.
fn follows(stretch: &Stretch<'_>, labels: &[&str], between: &str) -> bool {
    follows_from(stretch, 1, labels, between)
}

/// The same; the letters of the number may stand between.
fn follows_over_letters(stretch: &Stretch<'_>, labels: &[&str]) -> bool {
    follows_from(stretch, 1 + letters_before(stretch), labels, BETWEEN_OF_PERMITS)
}

fn follows_from(stretch: &Stretch<'_>, first: usize, labels: &[&str], between: &str) -> bool {
    let mut said = String::new();
    let mut at = first;
    // From the number backwards, without what stands between the word and the number.
    while let Some(sort) = stretch.before(at).filter(|_| said.chars().count() < 8 && at < 14) {
        match sort {
            Sort::Letter(c) => said.insert(0, c),
            Sort::Stop(c) if !said.is_empty() || !between.contains(c) => said.insert(0, c),
            Sort::Gap(_) | Sort::Stop(_) if said.is_empty() => {}
            // q q: a word spelt letter by letter.
            Sort::Gap(Gap::Blank)
                if said.len() == 1
                    && matches!(stretch.before(at + 1), Some(Sort::Letter(_)))
                    && !matches!(stretch.before(at + 2), Some(Sort::Letter(_))) => {}
            Sort::Gap(_) | Sort::Stop(_) | Sort::Digit(..) => break,
        }
        at += 1;
    }
    labels.iter().any(|label| said.ends_with(label))
}
