//! 钟点 — 9点半, 9:30, 9h30, 下午三点一刻, 9点差5分, 6:30 p.m., 6ish, noon.

use super::number::{Figure, arabic, count, figure};
use super::text::Text;
use super::token::{Clock, Form, Part, tail, to};

const PARTS: [(&str, Part); 57] = [
    ("凌晨", Part::Dawn),
    ("清晨", Part::Early),
    ("清早", Part::Early),
    ("大清早", Part::Early),
    ("一早", Part::Early),
    ("一大早", Part::Early),
    ("早上", Part::Early),
    ("早晨", Part::Early),
    ("早间", Part::Early),
    ("上午", Part::Morning),
    ("中午", Part::Noon),
    ("正午", Part::Noon),
    ("晌午", Part::Noon),
    ("午间", Part::Noon),
    ("下午", Part::Afternoon),
    ("午后", Part::Afternoon),
    ("傍晚", Part::Dusk),
    ("黄昏", Part::Dusk),
    ("晚上", Part::Evening),
    ("晚间", Part::Evening),
    ("夜晚", Part::Evening),
    ("当晚", Part::Evening),
    ("夜里", Part::Night),
    ("夜间", Part::Night),
    ("半夜", Part::Night),
    ("深夜", Part::Night),
    ("午夜", Part::Night),
    ("in the morning", Part::Early),
    ("morning", Part::Early),
    ("in the afternoon", Part::Afternoon),
    ("afternoon", Part::Afternoon),
    ("in the evening", Part::Evening),
    ("evening", Part::Evening),
    ("at night", Part::Evening),
    ("night", Part::Evening),
    ("forenoon", Part::Morning),
    ("朝早", Part::Early),
    ("朝头早", Part::Early),
    ("上昼", Part::Morning),
    ("晏昼", Part::Afternoon),
    ("下昼", Part::Afternoon),
    ("晚黑", Part::Evening),
    ("全天", Part::Day),
    ("整天", Part::Day),
    ("一整天", Part::Day),
    ("白天", Part::Day),
    ("all day", Part::Day),
    ("full day", Part::Day),
    ("whole day", Part::Day),
    ("daytime", Part::Day),
    ("during the day", Part::Day),
    ("下班", Part::Closing),
    ("收工", Part::Closing),
    ("close of business", Part::Closing),
    ("close of play", Part::Closing),
    ("end of business", Part::Closing),
    ("cob", Part::Closing),
];

/// A part of a day; 早, 晚 and 夜 alone only before an hour.
pub(super) fn part(text: &Text<'_>, at: usize) -> Option<(Part, usize)> {
    if let Some((part, end)) = text.any(at, &PARTS) {
        // 白天鹅宾馆.
        let is_word = text.ends_word(end) || tail(text, end).is_some() || clock(text, text.skip(end)).is_some();
        return (!matches!(part, Part::Day | Part::Closing) || is_word).then_some((part, end));
    }
    const SHORT: [(&str, Part); 5] =
        [("早", Part::Early), ("朝", Part::Early), ("晚", Part::Evening), ("夜", Part::Night), ("午", Part::Noon)];
    let Some((part, end)) = text.any(at, &SHORT) else { return half_first(text, at) };
    let i = text.skip(end);
    // 晚7-9点: the unit is said once.
    let of_range = || clock(text, to(text, figure(text, i)?.end)?);
    clock(text, i).or_else(of_range).map(|_| (part, end))
}

/// AM9:30, pm 3:00: before the hour, where none of its own is behind it.
fn half_first(text: &Text<'_>, at: usize) -> Option<(Part, usize)> {
    if text.before(at).is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    let (form, end) = half(text, at).filter(|_| !text.at(at).is_some_and(char::is_whitespace))?;
    let is_plain = |(clock, _): &(Clock, usize)| matches!(clock.form, Form::Spoken | Form::Padded);
    clock(text, text.skip(end)).filter(is_plain)?;
    Some((if form == Form::Am { Part::Early } else { Part::Afternoon }, end))
}

/// An hour.
pub(super) fn clock(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    let found = [
        named(text, at),
        pointed(text, at),
        coloned(text, at),
        lettered(text, at),
        twelve(text, at),
        told(text, at),
        bare(text, at),
    ];
    found.into_iter().flatten().max_by_key(|(_, end)| *end)
}

/// noon, midnight, 零点.
fn named(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    let of = |hour, form| Clock { hour, minute: 0, form };
    let noon = of(12, Form::Noon);
    text.any(
        at,
        &[
            ("noon", noon),
            ("midday", noon),
            ("12 noon", noon),
            ("midnight", of(0, Form::Midnight)),
            ("12 midnight", of(0, Form::Midnight)),
        ],
    )
}

/// 9点, 9点半, 9点一刻, 9点05分, 9时30, 9点整.
fn pointed(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    let hour = figure(text, at)?;
    let i = text.skip(hour.end);
    let (i, is_hour) = text.any(i, &[("点", true), ("时", false)]).map(|(is_point, end)| (end, is_point))?;
    // 9点钟; but 钟 of 钟楼 is no part of it, and nor is 时 of 时候.
    let i = text.eat(i, "钟").filter(|_| is_hour).unwrap_or(i);
    let of = |minute| Clock { hour: hour.value, minute, form: Form::Spoken };
    let j = text.skip(i);
    const QUARTERS: [(&str, u32); 13] = [
        ("半", 30),
        ("半钟", 30),
        ("整", 0),
        ("正", 0),
        ("一刻", 15),
        ("1刻", 15),
        ("一刻钟", 15),
        ("1刻钟", 15),
        ("两刻", 30),
        ("三刻", 45),
        ("3刻", 45),
        ("三刻钟", 45),
        ("3刻钟", 45),
    ];
    // 9点 半月湾: behind a blank it must be a word.
    if let Some((minute, end)) = text.any(j, &QUARTERS).filter(|(_, end)| j == i || text.ends_word(*end)) {
        return Some((of(minute), end));
    }
    // 9点差5分: five to nine.
    if let Some((minutes, end)) = text.eat(j, "差").and_then(|k| minutes(text, text.skip(k))) {
        return shifted(hour.value, -minutes, Form::Spoken).map(|clock| (clock, end));
    }
    let past = text.eat(j, "过").map_or(j, |end| text.skip(end));
    // 9点零5分: the nought is written in the other script.
    let is_digit = |i: usize| text.at(i).is_some_and(|c| c.is_ascii_digit());
    let nought = text.one_of(past, &["零", "〇"]).filter(|i| is_digit(*i));
    let past = nought.unwrap_or(past);
    match figure(text, past).filter(|minute| minute.value < 60) {
        Some(minute) => {
            let unit = text.skip(minute.end);
            match text.one_of(unit, &["分"]) {
                Some(end) => Some((of(minute.value), end)),
                // 9点30, 9点零五; “9点 3号楼” and “9点3单元” are no minutes.
                None => {
                    let is_whole = text.ends_word(minute.end) || tail(text, minute.end).is_some();
                    let is_minute =
                        j == i && is_whole && (minute.value >= 10 || minute.end - past == 2 || nought.is_some());
                    Some(if is_minute { (of(minute.value), minute.end) } else { (of(0), i) })
                }
            }
        }
        None => Some((of(0), i)),
    }
}

/// Behind “am”, “p.m.”, and which.
fn half(text: &Text<'_>, at: usize) -> Option<(Form, usize)> {
    let words = [
        ("am", Form::Am),
        ("a.m.", Form::Am),
        ("a.m", Form::Am),
        ("pm", Form::Pm),
        ("p.m.", Form::Pm),
        ("p.m", Form::Pm),
    ];
    text.any(text.skip(at), &words)
}

/// 9:30, 09:30, 9:30pm, 20:00:00.
fn coloned(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    let hour = arabic(text, at).filter(|hour| hour.digits <= 2)?;
    // “9 : 30”, and “9；30” for want of a colon.
    let colon = text.skip(hour.end);
    let i = text.one_of(colon, &[":", ";"])?;
    let minute = arabic(text, text.skip(i)).filter(|minute| minute.digits == 2)?;
    let is_tight = colon == hour.end && text.skip(i) == i;
    if (!is_tight && !text.ends_word(minute.end)) || (text.at(colon) == Some(';') && minute.value > 59) {
        return None;
    }
    let end = match text.eat(minute.end, ":00") {
        Some(end) => end,
        None => text.eat(minute.end, "分").unwrap_or(minute.end),
    };
    // A colon and figures more are no hour.
    if text.at(end) == Some(':') && text.at(end + 1).is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let is_padded = hour.digits == 2 && hour.value < 10;
    let plain = if is_padded { Form::Padded } else { Form::Spoken };
    let (form, end) = half(text, end).unwrap_or((plain, end));
    Some((Clock { hour: hour.value, minute: minute.value, form }, end))
}

/// 9h30, 21h00.
fn lettered(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    let hour = arabic(text, at).filter(|hour| hour.digits <= 2)?;
    let rest = text.rest(hour.end);
    let is_hour = matches!(rest, ['h', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit());
    let minute = arabic(text, hour.end + 1).filter(|minute| is_hour && minute.digits == 2 && minute.value < 60)?;
    Some((Clock { hour: hour.value, minute: minute.value, form: Form::Spoken }, minute.end))
}

/// 6pm, 6 p.m., 6.30 pm, 9 o'clock.
fn twelve(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    let Figure { value: hour, end, .. } = count(text, at)?;
    if let Some((form, end)) = half(text, end) {
        return Some((Clock { hour, minute: 0, form }, end));
    }
    if let Some(minute) = text.eat(end, ".").and_then(|i| arabic(text, i)).filter(|minute| minute.digits == 2)
        && let Some((form, end)) = half(text, minute.end)
    {
        return Some((Clock { hour, minute: minute.value, form }, end));
    }
    let end = text.one_of(text.skip(end), &["o'clock", "o’clock", "oclock", "o‘clock"])?;
    let (form, end) = half(text, end).unwrap_or((Form::Spoken, end));
    Some((Clock { hour, minute: 0, form }, end))
}

/// “at 7”, “7ish”: a figure alone is an hour where a word says so.
fn bare(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    let before = at.checked_sub(3).is_some_and(|i| text.eat(i, "at ") == Some(at));
    let is_about = |end: usize| text.one_of(end, &["ish", "-ish"]).is_some();
    let fits = |hour: &Figure| (before && text.ends_word(hour.end)) || is_about(hour.end);
    let hour = count(text, at).filter(|hour| hour.value <= 24 && fits(hour))?;
    Some((Clock { hour: hour.value, minute: 0, form: Form::Bare }, hour.end))
}

/// half past nine, quarter to ten, 差五分九点.
fn told(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    const TOLD: [(&str, i64); 6] = [
        ("half past", 30),
        ("quarter past", 15),
        ("a quarter past", 15),
        ("quarter to", -15),
        ("a quarter to", -15),
        ("half-past", 30),
    ];
    if let Some((minutes, end)) = text.any(at, &TOLD) {
        let hour = count(text, text.skip(end))?;
        let (form, end) = half(text, hour.end).unwrap_or((Form::Spoken, hour.end));
        return shifted(hour.value, minutes, form).map(|clock| (clock, end));
    }
    let (minutes, i) = minutes(text, text.skip(text.eat(at, "差")?))?;
    let (clock, end) = pointed(text, text.skip(i)).filter(|(clock, _)| clock.minute == 0)?;
    shifted(clock.hour, -minutes, Form::Spoken).map(|clock| (clock, end))
}

/// 5分, 一刻: so many minutes short of the hour.
fn minutes(text: &Text<'_>, at: usize) -> Option<(i64, usize)> {
    if let Some(end) = text.one_of(at, &["一刻", "1刻", "一刻钟", "1刻钟"]) {
        return Some((15, end));
    }
    let minutes = figure(text, at).filter(|minutes| minutes.value < 60)?;
    let end = text.one_of(text.skip(minutes.end), &["分", "分钟"])?;
    Some((i64::from(minutes.value), end))
}

fn shifted(hour: u32, minutes: i64, form: Form) -> Option<Clock> {
    let all = i64::from(hour) * 60 + minutes;
    let (hour, minute) = (u32::try_from(all.div_euclid(60)).ok()?, u32::try_from(all.rem_euclid(60)).ok()?);
    Some(Clock { hour, minute, form })
}
