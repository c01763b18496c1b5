//! 钟点 — 9点半, 9:30, 下午三点一刻, 6:30 p.m., noon.

use super::number::{Figure, arabic, count, figure};
use super::text::Text;
use super::token::{Clock, Form, Part, tail};

const PARTS: [(&str, Part); 36] = [
    ("凌晨", Part::Dawn),
    ("清晨", Part::Morning),
    ("清早", Part::Morning),
    ("大清早", Part::Morning),
    ("一早", Part::Morning),
    ("一大早", Part::Morning),
    ("早上", Part::Morning),
    ("早晨", Part::Morning),
    ("早间", Part::Morning),
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
    ("in the morning", Part::Morning),
    ("morning", Part::Morning),
    ("in the afternoon", Part::Afternoon),
    ("afternoon", Part::Afternoon),
    ("in the evening", Part::Evening),
    ("evening", Part::Evening),
    ("at night", Part::Evening),
    ("night", Part::Evening),
    ("forenoon", Part::Morning),
];

/// A part of a day; 早, 晚 and 夜 alone only before an hour.
pub(super) fn part(text: &Text<'_>, at: usize) -> Option<(Part, usize)> {
    if let Some(found) = text.any(at, &PARTS) {
        return Some(found);
    }
    let (part, end) =
        text.any(at, &[("早", Part::Morning), ("晚", Part::Evening), ("夜", Part::Night), ("午", Part::Noon)])?;
    clock(text, text.skip(end)).map(|_| (part, end))
}

/// An hour.
pub(super) fn clock(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    let found =
        [named(text, at), pointed(text, at), coloned(text, at), twelve(text, at), told(text, at), bare(text, at)];
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
    const QUARTERS: [(&str, u32); 7] =
        [("半", 30), ("整", 0), ("正", 0), ("一刻", 15), ("1刻", 15), ("三刻", 45), ("3刻", 45)];
    // 9点 半月湾: behind a blank it must be a word.
    if let Some((minute, end)) = text.any(j, &QUARTERS).filter(|(_, end)| j == i || text.ends_word(*end)) {
        return Some((of(minute), end));
    }
    let past = text.eat(j, "过").map_or(j, |end| text.skip(end));
    match figure(text, past).filter(|minute| minute.value < 60) {
        Some(minute) => {
            let unit = text.skip(minute.end);
            match text.one_of(unit, &["分"]) {
                Some(end) => Some((of(minute.value), end)),
                // 9点30, 9点零五; “9点 3号楼” and “9点3单元” are no minutes.
                None => {
                    let is_whole = text.ends_word(minute.end) || tail(text, minute.end).is_some();
                    let is_minute = j == i && is_whole && (minute.value >= 10 || minute.end - past == 2);
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
    let minute = arabic(text, text.eat(hour.end, ":")?).filter(|minute| minute.digits == 2)?;
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

/// “at 7”: a figure alone is an hour where a word says so.
fn bare(text: &Text<'_>, at: usize) -> Option<(Clock, usize)> {
    let before = at.checked_sub(3).is_some_and(|i| text.eat(i, "at ") == Some(at));
    let hour = count(text, at).filter(|hour| before && hour.value <= 24 && text.ends_word(hour.end))?;
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
    let less = text.skip(text.eat(at, "差")?);
    let (minutes, i) = match text.one_of(less, &["一刻", "1刻"]) {
        Some(end) => (15, end),
        None => {
            let minutes = figure(text, less)?;
            (
                i64::from(minutes.value),
                text.eat(text.skip(minutes.end), "分").or_else(|| text.eat(minutes.end, "分钟"))?,
            )
        }
    };
    let (clock, end) = pointed(text, text.skip(i)).filter(|(clock, _)| clock.minute == 0)?;
    shifted(clock.hour, -minutes, Form::Spoken).map(|clock| (clock, end))
}

fn shifted(hour: u32, minutes: i64, form: Form) -> Option<Clock> {
    let all = i64::from(hour) * 60 + minutes;
    let (hour, minute) = (u32::try_from(all.div_euclid(60)).ok()?, u32::try_from(all.rem_euclid(60)).ok()?);
    Some(Clock { hour, minute, form })
}
