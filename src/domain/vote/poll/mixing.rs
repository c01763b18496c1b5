//! 混写 — numbers and names of options beside each other: a number is an option, or the place of the one beside it, and only the voter
//! knows which. Here it is found whether they contradict each other, and what each of them says.

use super::terms::{Fault, How, Marked, Marks, Method, Seen, check};
use std::collections::BTreeSet;

/// Whether a ballot names options in two ways that may mean two things.
pub(super) fn contradicts(all: &[Seen], method: Method) -> bool {
    // Points say themselves what belongs to what.
    if matches!(method, Method::Budget(_)) {
        return false;
    }
    let first = all.first().map(|seen| seen.mark.option);
    if all.iter().all(|seen| Some(seen.mark.option) == first) {
        return false;
    }
    let has = |how: How| all.iter().any(|seen| seen.how == how);
    let is_numbered = has(How::Number) || has(How::Nth);
    let ways = [is_numbered, has(How::Label), has(How::Words)].into_iter().filter(|way| *way).count();
    // “3第一”: the third in the first place; “第一、3” are two.
    let is_placed = all.windows(2).any(|pair| match pair {
        [one, other] => !other.is_apart && (is_nth(one) && is_number(other) || is_number(one) && is_nth(other)),
        _ => false,
    });
    // “2. 下水 1. 楼道灯”: as it stands on the card, or with the places put before.
    let is_copied = method == Method::Ranked
        && all.iter().all(|seen| seen.how == How::Copied)
        && ranked(all).is_some_and(|ranked| ranked.0.iter().ne(all.iter().map(|seen| &seen.mark)));
    ways > 1 || is_placed || is_copied
}

fn is_nth(seen: &Seen) -> bool {
    seen.how == How::Nth
}

fn is_number(seen: &Seen) -> bool {
    seen.how == How::Number
}

/// What may be meant: the places, the names, the numbers, all of it; each once, and only what may be cast.
pub(super) fn readings(all: &[Seen], method: Method, listing: Result<Marks, Fault>) -> Vec<Marks> {
    let has = |how: How| all.iter().any(|seen| seen.how == how);
    let of = |is_meant: &dyn Fn(How) -> bool| {
        let marks = all.iter().filter(|seen| is_meant(seen.how)).map(|seen| seen.mark).collect();
        check(method, marks)
    };
    let (names, numbers) = match (has(How::Words), has(How::Label)) {
        (true, _) => (
            of(&|how| matches!(how, How::Words | How::Copied)),
            of(&|how| matches!(how, How::Number | How::Nth | How::Label)),
        ),
        (false, true) => (of(&|how| how == How::Label), of(&|how| matches!(how, How::Number | How::Nth))),
        (false, false) => (of(&|how| how == How::Number), of(&|how| how == How::Nth)),
    };
    let placed = ranked(all).filter(|_| method == Method::Ranked).ok_or(Fault::Nothing);
    let mut found: Vec<Marks> = Vec::new();
    for marks in [placed, names, numbers, listing].into_iter().flatten() {
        if !found.contains(&marks) {
            found.push(marks);
        }
    }
    found
}

/// The options in the places their numbers give them, where these are 1 to the last, each once, all before the options or all behind.
pub(super) fn ranked(all: &[Seen]) -> Option<Marks> {
    // A copied one is its number and its name.
    let mut tokens: Vec<(How, Marked)> = Vec::new();
    for seen in all {
        match seen.how {
            How::Copied => tokens.extend([(How::Number, seen.mark), (How::Words, seen.mark)]),
            How::Number | How::Nth | How::Label | How::Words => tokens.push((seen.how, seen.mark)),
        }
    }
    let is_named = tokens.iter().any(|(how, _)| matches!(how, How::Words | How::Label));
    let is_place = |how: How| if is_named { matches!(how, How::Number | How::Nth) } else { how == How::Nth };
    let is_first = tokens.first().is_some_and(|(how, _)| is_place(*how));
    let mut placed: Vec<(u8, Marked)> = Vec::new();
    for pair in tokens.chunks(2) {
        let [one, other] = pair else { return None };
        let (place, option) = if is_first { (one, other) } else { (other, one) };
        if !is_place(place.0) || is_place(option.0) {
            return None;
        }
        placed.push((place.1.option, option.1));
    }
    placed.sort_by_key(|(place, _)| *place);
    let counts = placed.iter().zip(1..).all(|((place, _), n)| *place == n);
    let options: BTreeSet<u8> = placed.iter().map(|(_, mark)| mark.option).collect();
    (counts && placed.len() > 1 && options.len() == placed.len())
        .then(|| Marks(placed.into_iter().map(|(_, mark)| mark).collect()))
}
