//! 一串 — the pieces of one time, in whatever order they stand: “3月15日（周六）上午9:30”, “9点半，3月15日”, “周六至周日”, “周六或周日”,
//! “8、9号”.
//! Each piece fits once; where one does not fit, or something else stands there, the time is over.

use super::day::day_of_week;
use super::length::{length, sharing};
use super::number::{count, digit, figure};
use super::text::Text;
use super::token::{
    Clock, Day, Form, Lead, Length, Month, Part, Tail, Token, Unit, Vague, Weekday, Year, lead, list, or, particle,
    tail, to, token,
};

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
                // 一周后的周五.
                let is_after = self.length.is_some() && self.is_after;
                if (is_term && !is_after) || self.weekday.is_some() || self.vague.is_some() {
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
            Lead::About => self.is_about = true,
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
    /// Whether they stand in a list: 8、9号.
    pub is_list: bool,
    /// Where it begins and ends.
    pub from: usize,
    pub end: usize,
    /// What had been said wherever a word ended before.
    pub stops: Vec<(Said, usize)>,
}

/// The time that begins here.
pub(super) fn run(text: &Text<'_>, at: usize) -> Option<Run> {
    let from = text.skip(at);
    let (said, end, stops) = one(text, from)?;
    let mut run = Run { said, to: None, or: Vec::new(), is_list: false, from, end, stops };
    let beyond = |i: usize| other(text, i).or_else(|| alone(text, i, (&said, from)));
    if let Some((other, after)) = to(text, end).and_then(beyond).or_else(|| closing(text, end, &said)) {
        (run.to, run.end) = (Some(other), after);
        share_day(&mut run);
    }
    while run.or.len() < 3
        && let Some((other, after)) = or(text, run.end).and_then(|i| choice(text, i, (&said, from)))
    {
        slashed(text, (run.end, &said), &mut run.or, &other);
        run.or.push(other);
        run.end = after;
    }
    while run.to.is_none()
        && run.or.len() < 3
        && let Some((other, after)) = next_of(text, run.end, (&run.said, from))
    {
        run.is_list = true;
        run.or.push(other);
        run.end = after;
    }
    Some(run)
}

/// What stands behind 或: a time, or the number of one.
fn choice(text: &Text<'_>, at: usize, first: (&Said, usize)) -> Option<(Said, usize)> {
    one(text, at).map(|(said, end, _)| (said, end)).or_else(|| alone(text, at, first))
}

/// 25 of “March 20 to 25”, 11 of “9:30 to 11”, 5 of “3 days or 5”: of the other only the number is said.
fn alone(text: &Text<'_>, at: usize, (first, from): (&Said, usize)) -> Option<(Said, usize)> {
    let n = count(text, at).filter(|n| text.ends_word(n.end) && text.one_of(at, &["a", "an"]).is_none())?;
    let said = if let Some(clock) = first.clock {
        let form = if clock.form == Form::Padded { Form::Padded } else { Form::Bare };
        Said {
            clock: Some(Clock { hour: n.value, minute: 0, form }).filter(|clock| clock.hour <= 24),
            ..Said::default()
        }
    } else if let Some(Day::On { year, month, .. }) = first.day {
        let day = Day::On { year, month, day: n.value, is_term: false, is_slashed: false };
        Said { day: Some(day).filter(|_| (1..=31).contains(&n.value)), ..Said::default() }
    } else {
        let length = (from..at).find_map(|i| length(text, i).and_then(|_| sharing(text, n.value, i)));
        Said { length: length.filter(|_| first.length.is_some()), ..Said::default() }
    };
    (!said.is_empty()).then_some((said, n.end))
}

/// 8/9号 may be the ninth of August, too.
fn slashed(text: &Text<'_>, (at, first): (usize, &Said), or: &mut Vec<Said>, other: &Said) {
    let (Some(Day::On { month: Month::Unsaid, day: month, .. }), Some(Day::On { month: Month::Unsaid, day, .. })) =
        (first.day, other.day)
    else {
        return;
    };
    if text.at(at) == Some('/') && (1..=12).contains(&month) && or.is_empty() {
        let day = Day::On { year: Year::Unsaid, month: Month::Number(month), day, is_term: false, is_slashed: false };
        or.push(Said { day: Some(day), ..*other });
    }
}

/// 11点结束 of “10点开始，11点结束”.
fn closing(text: &Text<'_>, at: usize, first: &Said) -> Option<(Said, usize)> {
    let at = text.skip(at);
    let at = text.eat(at, ",").map_or(at, |end| text.skip(end));
    let (said, end, _) = one(text, at).filter(|_| first.is_start && first.clock.is_some())?;
    (said.is_end && said.clock.is_some() && !said.has_day()).then_some((Said { is_end: false, ..said }, end))
}

/// The next of a list: 9号 of “8、9号”, 日 of “周六日”, 周日 of “周六周日”. Each is of one kind.
fn next_of(text: &Text<'_>, at: usize, first: (&Said, usize)) -> Option<(Said, usize)> {
    let is_day = |said: &Said| said.day.is_some() || said.weekday.is_some();
    let is_alike = |said: &Said| match (first.0.length, said.length) {
        (Some(_), Some(_)) => true,
        (None, None) => is_day(first.0) == is_day(said) || (said.clock.is_some() && !said.has_day()),
        (Some(_), None) | (None, Some(_)) => false,
    };
    if let Some((day, end)) = day_alone(text, at)
        .filter(|_| text.before(at).is_some_and(|c| day_of_week(c).is_some()) && first.0.weekday.is_some())
    {
        return Some((day, end));
    }
    let between = list(text, at);
    // With nothing between them: 周六周日, 三五天; not “明天 8点 9点”.
    let i = between.unwrap_or(at);
    if let Some((said, end, _)) = one(text, i).filter(|(said, ..)| said.vague.is_none() && is_alike(said)) {
        let is_mark = between.is_none() || text.at(text.skip(at)) == Some(',');
        let is_hour = said.clock.is_some() && !said.has_day() && between.is_none();
        let is_whole = !is_mark || text.ends_word(end) || said.clock.is_some();
        return (is_whole && !is_hour).then_some((said, end));
    }
    let is_mark = between.is_some_and(|_| text.at(text.skip(at)) == Some('、'));
    alone(text, i, first).filter(|_| is_mark)
}

/// 日 of “周六日9:30” and “周六、日9:30”: a weekday by its last character alone, with a time or nothing behind it.
fn day_alone(text: &Text<'_>, at: usize) -> Option<(Said, usize)> {
    let i = text.one_of(at, &["、", "和", "及"]).unwrap_or(at);
    let day = text.at(i).filter(|c| !c.is_ascii_digit()).and_then(day_of_week)?;
    let more = day_alone(text, i + 1).is_some();
    let (said, end) = match one(text, i + 1) {
        Some((said, end, _)) if !said.has_day() => (said, end),
        _ if text.ends_word(i + 1) || more => (Said::default(), i + 1),
        _ => return None,
    };
    Some((Said { weekday: Some(Weekday { weeks: None, day, is_next: false }), ..said }, end))
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
        // “3天后 周五开会行不行”: the weekday is another word's.
        let is_apart = said.length.is_some() && text.at(i).is_some_and(char::is_whitespace);
        let next = piece(text, said, between(text, i, &said)).filter(|(more, _)| !is_apart || more.weekday.is_none());
        let Some((more, end)) = next else { break };
        (said, i) = (more, end);
        if let Some(end) = days_meant(text, i, &mut said) {
            i = end;
        }
        while let Some((behind, end)) = tail_here(text, i, &said) {
            said.tailed(behind);
            i = end;
        }
        if let Some(end) = days_meant(text, i, &mut said) {
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
    if let Some((day, end)) = weekday_in(text, i, close).filter(|_| said.day.is_some()) {
        return said.with(Token::Weekday(day)).map(|said| (said, end));
    }
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

/// 六 of “3月8日（六）”: of a weekday the last character alone, behind a date.
fn weekday_in(text: &Text<'_>, at: usize, close: char) -> Option<(Weekday, usize)> {
    let day = text.at(at).filter(|c| !c.is_ascii_digit()).and_then(day_of_week)?;
    let end = text.skip(at + 1);
    let end = Some(end + 1).filter(|_| text.at(end) == Some(close))?;
    let goes_on = token(text, end).is_some() || tail(text, end).is_some();
    (text.ends_word(end) || goes_on).then_some((Weekday { weeks: None, day, is_next: false }, end))
}

/// 工作日 behind “15天”, with a blank, a comma or a bracket: which days are counted; 夜 of “两天两夜”. Behind it.
fn days_meant(text: &Text<'_>, at: usize, said: &mut Said) -> Option<usize> {
    const KINDS: [(&str, bool); 29] = [
        ("工作日", true),
        ("个工作日", true),
        ("工作天", true),
        ("按工作日", true),
        ("按工作日算", true),
        ("按工作日计算", true),
        ("工作日计算", true),
        ("不含周末", true),
        ("不算周末", true),
        ("不含双休日", true),
        ("不含节假日", true),
        ("不算节假日", true),
        ("节假日除外", true),
        ("周末除外", true),
        ("working", true),
        ("working days", true),
        ("business days", true),
        ("workdays", true),
        ("excluding weekends", true),
        ("not counting weekends", true),
        ("自然日", false),
        ("自然天", false),
        ("日历日", false),
        ("含周末", false),
        ("含节假日", false),
        ("含双休日", false),
        ("calendar days", false),
        ("including weekends", false),
        ("连续", false),
    ];
    let known = said.length.filter(|_| said.weekday.is_none() && said.clock.is_none())?;
    let nights = || text.one_of(count(text, at)?.end, &["夜", "晚"]);
    if let Some(end) = nights().filter(|_| text.before(at) == Some('天')) {
        said.is_about = true;
        return Some(end);
    }
    let i = text.skip(at);
    let i = text.one_of(i, &[",", "、"]).map_or(i, |end| text.skip(end));
    let open = text.one_of(i, &["(", "[", "【"]);
    let (is_working, end) = text.any(open.map_or(i, |end| text.skip(end)), &KINDS)?;
    let end = match open {
        Some(_) => text.one_of(text.skip(end), &[")", "]", "】"])?,
        None => Some(end).filter(|end| text.ends_word(*end) || particle(text, *end).is_some())?,
    };
    // Behind 内, too: 15天内（工作日）.
    let unit = (0..at).rev().find_map(|i| text.at(i).filter(|c| !c.is_whitespace() && !"之以内".contains(*c)));
    let is_week = text.one_of(at.saturating_sub(5), &["weeks"]).is_some();
    let counts_days = known.unit == Unit::Days && matches!(unit, Some('天' | '日' | 's' | 'y')) && !is_week;
    match (is_working, counts_days) {
        (true, true) => said.length = Some(Length { unit: Unit::WorkingDays, ..known }),
        // Two weeks of working days: nobody can tell how many.
        (true, false) => said.is_about = true,
        (false, _) => {}
    }
    Some(end)
}

/// The first figure of two that have one unit: 3 of “三五天”.
fn pair(text: &Text<'_>, at: usize) -> Option<(Token, usize)> {
    let (first, second) = (text.at(at).and_then(digit)?, text.at(at + 1).and_then(digit)?);
    let length = sharing(text, first, at + 1).filter(|_| first > 0 && first < second)?;
    Some((Token::Length(length), at + 1))
}

/// Between two that share a unit.
fn joint(text: &Text<'_>, at: usize) -> Option<usize> {
    to(text, at).or_else(|| or(text, at)).or_else(|| list(text, at))
}

/// 15 of “15-17日” and “15、17日”, 9 of “9-11点” and “9 to 11am”, 2 of “2 or 3 weeks”: the unit is said once.
fn shared(text: &Text<'_>, at: usize) -> Option<(Token, usize)> {
    if let Some(found) = pair(text, at) {
        return Some(found);
    }
    let first = count(text, at).filter(|first| first.digits <= 3 && text.one_of(at, &["a", "an"]).is_none())?;
    let second = joint(text, first.end)?;
    let next = shared(text, second);
    let length = match &next {
        Some((Token::Length(_), end)) => joint(text, *end).and_then(|third| sharing(text, first.value, third)),
        _ => sharing(text, first.value, second),
    };
    if let Some(length) = length {
        return Some((Token::Length(length), first.end));
    }
    let first = figure(text, at).filter(|first| first.digits <= 2)?;
    let (pieces, _) = token(text, second).or_else(|| next.map(|(piece, end)| (vec![piece], end)))?;
    let piece = match pieces.as_slice() {
        [Token::Day(Day::On { year, month, is_slashed, .. })] => Token::Day(Day::On {
            year: *year,
            month: *month,
            day: first.value,
            is_term: false,
            is_slashed: *is_slashed,
        }),
        [Token::Clock(Clock { form: form @ (Form::Spoken | Form::Am | Form::Pm), .. })]
            if text.at(text.skip(first.end)) != Some(',') =>
        {
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
    let mut with = *said;
    with.tailed(found);
    let fits = || piece(text, with, between(text, end, said)).is_some() && j == i;
    // 9:30开始议事室: of two characters and more it is no beginning of another word.
    // 到 of “周六9:30到”; that of “9:30到11:00” stands between two.
    if text.eat(j, "到") == Some(end) {
        let is_between = to(text, j).is_some_and(|k| token(text, k).is_some());
        return (j == i && !is_between && text.ends_word(end)).then_some((found, end));
    }
    let is_certain =
        j == i && (particle(text, i) == Some(end) || text.one_of(i, &["开始", "准时", "左右"]) == Some(end));
    (text.ends_word(end) || is_certain || (j == i && (goes_on() || fits()))).then_some((found, end))
}
