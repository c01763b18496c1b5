//! 一串 — the pieces of one time, in whatever order they stand: “3月15日（周六）上午9:30”, “9点半，3月15日”, “周六至周日”, “周六或周日”.
//! Each piece fits once; where one does not fit, or something else stands there, the time is over.

use super::number::figure;
use super::text::Text;
use super::token::{Clock, Day, Form, Lead, Length, Part, Tail, Token, Vague, Weekday, lead, or, tail, to, token};

/// Most pieces of one time.
const MAX_PIECES: usize = 12;

/// What somebody said of one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub day: Option<Day>,
    /// A second word for the same day: 明天3月4日.
    pub also: Option<Day>,
    pub weekday: Option<Weekday>,
    pub part: Option<Part>,
    pub clock: Option<Clock>,
    pub length: Option<Length>,
    pub vague: Option<Vague>,
    /// 截止, 前, 之内.
    pub is_end: bool,
    /// 开始, 起, 从.
    pub is_start: bool,
    /// 左右.
    pub is_about: bool,
    /// 后.
    pub is_after: bool,
    /// 此时: at the hour it is now.
    pub is_same: bool,
    /// 次日: the day after that of the other end.
    pub is_next: bool,
    /// The day stands behind the hour: 11:00，3月10日; and the part of the day behind that.
    pub is_day_last: bool,
    pub is_part_last: bool,
}

impl Said {
    pub(super) fn has_day(&self) -> bool {
        self.day.is_some() || self.weekday.is_some() || self.length.is_some() || self.vague.is_some()
    }

    /// Whether it says a day and an hour: nothing of a time is missing.
    pub(super) fn is_full(&self) -> bool {
        self.has_day() && self.clock.is_some()
    }

    fn is_empty(&self) -> bool {
        !self.has_day() && self.clock.is_none() && self.part.is_none()
    }

    /// With one piece more, if it fits.
    fn with(mut self, piece: Token) -> Option<Self> {
        let is_term = self.length.is_some() || self.vague == Some(Vague::Few);
        let is_dayless = self.clock.is_some() && !self.has_day();
        self.is_part_last |= self.is_day_last && self.part.is_none() && matches!(piece, Token::Part(_));
        self.is_day_last |= is_dayless && matches!(piece, Token::Day(_) | Token::Weekday(_));
        match piece {
            Token::Day(day) => match (self.day, day) {
                _ if is_term || self.vague.is_some() => return None,
                (None, _) => self.day = Some(day),
                (Some(Day::Away(_)), Day::On { .. } | Day::Last(..)) | (Some(Day::On { .. }), Day::Away(_))
                    if self.also.is_none() =>
                {
                    self.also = Some(day);
                }
                _ => return None,
            },
            Token::Weekday(weekday) => {
                if is_term || self.weekday.is_some() || self.vague.is_some() {
                    return None;
                }
                self.weekday = Some(weekday);
            }
            Token::Part(part) => {
                if self.part.is_some_and(|known| known != part) {
                    return None;
                }
                self.part = Some(part);
            }
            Token::Clock(clock) => {
                if self.clock.is_some() {
                    return None;
                }
                self.clock = Some(clock);
            }
            Token::Length(length) => {
                if self.has_day() || self.clock.is_some() || self.part.is_some() {
                    return None;
                }
                self.length = Some(length);
            }
            Token::Vague(vague) => {
                let fits = matches!(vague, Vague::Lunar) || !self.has_day();
                if !fits || self.vague.is_some() {
                    return None;
                }
                self.vague = Some(vague);
            }
        }
        Some(self)
    }

    fn led(&mut self, lead: Lead) {
        match lead {
            Lead::End => self.is_end = true,
            Lead::Start => self.is_start = true,
            Lead::Filler => {}
        }
    }

    fn tailed(&mut self, tail: Tail) {
        match tail {
            Tail::End => self.is_end = true,
            Tail::Start => self.is_start = true,
            Tail::About => self.is_about = true,
            Tail::After => self.is_after = true,
            Tail::Same => self.is_same = true,
            Tail::Filler => {}
        }
    }
}

/// One time in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub said: Said,
    /// The other end of a range.
    pub to: Option<Said>,
    /// Others of which one is meant.
    pub or: Vec<Said>,
    /// Where it begins and ends.
    pub from: usize,
    pub end: usize,
    /// What had been said wherever a word ended before.
    pub stops: Vec<(Said, usize)>,
}

/// The time that begins here.
pub(super) fn run(text: &Text<'_>, at: usize) -> Option<Run> {
    let from = text.skip(at);
    let (said, mut end, stops) = one(text, from)?;
    let mut run = Run { said, to: None, or: Vec::new(), from, end, stops };
    if let Some((other, after)) = to(text, end).and_then(|i| other(text, i)) {
        (run.to, end) = (Some(other), after);
        share_day(&mut run);
    }
    while run.or.len() < 3
        && let Some((other, after, _)) = or(text, end).and_then(|i| one(text, i))
    {
        run.or.push(other);
        end = after;
    }
    run.end = end;
    Some(run)
}

/// The other end of a range: 1:00 of “23:30-次日1:00” is of the day after.
fn other(text: &Text<'_>, at: usize) -> Option<(Said, usize)> {
    let next = text.one_of(at, &["次日", "第二天", "翌日", "转天", "the next day", "next day"]);
    let (said, end, _) = one(text, next.map_or(at, |end| text.skip(end)))?;
    let fits = next.is_none() || (said.clock.is_some() && (!said.has_day() || said.is_day_last));
    fits.then_some((Said { is_next: next.is_some(), ..said }, end))
}

/// “9:30到11:00，3月10日”: a day behind the hours of a range is that of both ends.
fn share_day(run: &mut Run) {
    let Some(to) = run.to.as_mut().filter(|to| to.is_day_last) else { return };
    if run.said.has_day() || run.said.clock.is_none() {
        return;
    }
    (run.said.day, run.said.also, run.said.weekday) = (to.day.take(), to.also.take(), to.weekday.take());
    if to.is_part_last && run.said.part.is_none() {
        run.said.part = to.part;
    }
}

type One = (Said, usize, Vec<(Said, usize)>);

/// One moment: leads, pieces, tails.
fn one(text: &Text<'_>, at: usize) -> Option<One> {
    let (mut said, mut i, mut stops) = (Said::default(), at, Vec::new());
    for _ in 0..3 {
        let Some((before, end)) = lead(text, i) else { break };
        // A word that begins like one: 在水一方.
        if piece(text, said, end).is_none() && lead(text, end).is_none() {
            break;
        }
        said.led(before);
        i = end;
    }
    for _ in 0..MAX_PIECES {
        let Some((more, end)) = piece(text, said, between(text, i, &said)) else { break };
        (said, i) = (more, end);
        while let Some((behind, end)) = tail_here(text, i, &said) {
            said.tailed(behind);
            i = end;
        }
        if text.ends_word(i) {
            stops.push((said, i));
        }
    }
    (!said.is_empty()).then_some((said, i, stops))
}

/// Behind what may stand between two pieces.
fn between(text: &Text<'_>, i: usize, said: &Said) -> usize {
    if *said == Said::default() || said.is_empty() {
        return i;
    }
    let mut i = text.skip(i);
    while text.at(i).is_some_and(|c| matches!(c, ',' | '、' | '的')) {
        i = text.skip(i + 1);
    }
    match text.one_of(i, &["at", "on", "on the", "@", "from", "在", "于", "从"]) {
        Some(end) if token(text, text.skip(end)).is_some() => text.skip(end),
        _ => i,
    }
}

/// The next piece that fits, in brackets or not.
fn piece(text: &Text<'_>, said: Said, at: usize) -> Option<(Said, usize)> {
    let put = |said: Said, pieces: Vec<Token>| pieces.into_iter().try_fold(said, Said::with);
    if let Some((pieces, end)) = token(text, at) {
        return put(said, pieces).map(|said| (said, end));
    }
    if let Some((piece, end)) = shared(text, at) {
        return said.with(piece).map(|said| (said, end));
    }
    let close = match text.at(at)? {
        '(' => ')',
        '[' => ']',
        '【' => '】',
        _ => return None,
    };
    let (mut said, mut i) = (said, text.skip(at + 1));
    for _ in 0..MAX_PIECES {
        let (pieces, end) = token(text, i)?;
        said = put(said, pieces)?;
        i = text.skip(end);
        while text.at(i) == Some(',') {
            i = text.skip(i + 1);
        }
        if text.at(i) == Some(close) {
            return Some((said, i + 1));
        }
    }
    None
}

/// 15 of “15-17日”, 9 of “9-11点” and “9 to 11am”: the unit is said once.
fn shared(text: &Text<'_>, at: usize) -> Option<(Token, usize)> {
    let first = figure(text, at).filter(|first| first.digits <= 2)?;
    let second = to(text, first.end)?;
    let (pieces, _) = token(text, second)?;
    let piece = match pieces.as_slice() {
        [Token::Day(Day::On { year, month, is_slashed, .. })] => Token::Day(Day::On {
            year: *year,
            month: *month,
            day: first.value,
            is_term: false,
            is_slashed: *is_slashed,
        }),
        [Token::Clock(Clock { form: form @ (Form::Spoken | Form::Am | Form::Pm), .. })] => {
            Token::Clock(Clock { hour: first.value, minute: 0, form: *form })
        }
        _ => return None,
    };
    Some((piece, first.end))
}

/// A tail that belongs to the time and is no beginning of another word: 前 of “9点前”, not of “9点 前门”.
fn tail_here(text: &Text<'_>, i: usize, said: &Said) -> Option<(Tail, usize)> {
    let j = text.skip(i);
    let (found, end) = tail(text, j)?;
    let goes_on = || tail(text, end).is_some() || to(text, end).is_some_and(|k| token(text, k).is_some());
    let fits = || piece(text, *said, between(text, end, said)).is_some() && j == i;
    // 9:30开始议事室: of two characters and more it is no beginning of another word.
    let is_certain = j == i && text.one_of(i, &["开始", "之前", "以前", "之内", "以内", "准时", "左右"]) == Some(end);
    (text.ends_word(end) || is_certain || (j == i && (goes_on() || fits()))).then_some((found, end))
}
