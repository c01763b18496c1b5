//! 活动 — “/活动 恳谈会 3月15日（周六）9:30-11:00 议事室”, “/活动 周末有约 每月第一个周六9:30 议事室”, “/活动 停 周末有约”.

use super::Ctx;
use super::args::page_of;
use super::card_reply;
use super::command_table::Read;
use super::common::{gathering_and_rest, part};
use super::when::{self, Shape, ask, now};
use crate::domain::command::Command;
use crate::domain::kernel::ids::GatheringNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::talk::gathering::{Ask, NewTime};
use crate::domain::talk::series::Ask as Series;
use crate::language::fold::{fold, strip, trim, trim_start, word};
use crate::language::number;
use crate::language::time::{self, Every, Unable, Unclear};
use crate::say;
use chrono::NaiveTime;

/// Longest quoted recurrence, in characters.
const MAX_QUOTE: usize = 40;

/// What people write before a place.
const LABELS: [&str; 9] = ["地点：", "地点:", "地址：", "地址:", "地点", "place:", "where:", "at ", "@"];

/// What there is and who comes, for everybody; what calls, moves and calls off, for those who may.
pub(super) fn event(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    let own = fold(&ctx.entry.name) == ctx.name || ctx.entry.key() == ctx.name;
    let page = if trim(arg).is_empty() { Some(1) } else { page_of(arg) };
    if let Some(page) = page.filter(|_| own) {
        return Ok(Read::of("events", Command::Gathering(Ask::List { page })));
    }
    match numbered(ctx, trim(arg)) {
        Some((gathering, "")) => return Ok(Read::of("events", Command::Gathering(Ask::Show { gathering }))),
        Some((no, rest)) => {
            if let Some(name) = ctx.catalog.after("word.take_off", rest).map(trim).filter(|name| !name.is_empty()) {
                let struck = Ask::LeaveAs { gathering: Some(no), name: name.to_owned(), said: trim(rest).to_owned() };
                return Ok(Read::of("decline", Command::Gathering(struck)));
            }
            if is_limit(ctx, rest) {
                return Err(say!("e.act_limit", a = no, bad = Value::Quote(trim(rest).to_owned())));
            }
        }
        None => {}
    }
    gathering(ctx, arg).map(Read::from)
}

/// 限5人, 名额20: how many may come, which nothing here knows of.
fn is_limit(ctx: &Ctx<'_, '_>, text: &str) -> bool {
    let rest = ctx.catalog.after("word.limit", text).map(trim_start);
    let rest = rest.map(|rest| trim_start(rest.trim_start_matches(['：', ':', '为', '是', '定'])));
    let counted = rest.and_then(|rest| number::digits(rest).or_else(|| number::chinese(rest)));
    counted
        .is_some_and(|(_, rest)| ["", "人", "位", "个", "名", "people"].iter().any(|word| trim(rest).starts_with(word)))
        && !time::holds_time(text)
}

/// `[活动号] [原因]`: what is said of somebody else, or of some of those one has signed up for, is no reason.
pub(super) fn decline(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (gathering, why) = gathering_and_rest(ctx, arg);
    let said = trim(why).to_owned();
    Ok(Command::Gathering(match card_reply::leaving(ctx.catalog, &said) {
        card_reply::Leaving::Speaker => Ask::Leave { gathering, why: said },
        card_reply::Leaving::Other(name) => Ask::LeaveAs { gathering, name, said },
        card_reply::Leaving::Unclear => {
            let line = line_of(ctx, "decline", gathering);
            return Err(say!("e.leave_said", bad = Value::Quote(said), line = line));
        }
    }))
}

/// “/报名 1”, by the name of the language that is written.
pub(super) fn line_of(ctx: &Ctx<'_, '_>, key: &str, gathering: Option<GatheringNo>) -> String {
    let entry = ctx.catalog.entry(key).unwrap_or(ctx.entry);
    let name = if ctx.name.is_ascii() { entry.key() } else { entry.name.as_str() };
    gathering.map_or_else(|| format!("/{name}"), |no| format!("/{name} {}", no.0))
}

/// 活动清单.
pub(super) fn events(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let page = if trim(arg).is_empty() { Some(1) } else { page_of(arg) };
    Ok(Command::Gathering(Ask::List { page: page.ok_or_else(|| ctx.bad(arg))? }))
}

/// Name, time, place. A name may be of several words; where the place stands before the time, the name is the first.
fn gathering(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    // 议事室（8:50集合）: an hour of something else stands in brackets behind the place.
    if let Some((before, aside)) = aside_of(arg)
        && let Ok(Command::CallGathering { name, at, until, place }) = gathering(ctx, before)
    {
        return Ok(Command::CallGathering { name, at, until, place: format!("{place}{aside}") });
    }
    let (first, rest) = named(arg);
    if ctx.catalog.means("word.shut", first) && !trim(rest).is_empty() {
        return Ok(Command::Series(Series::End(trim(rest).to_owned())));
    }
    if let Some(found) = changed(ctx, arg) {
        return found;
    }
    // “/活动取消 读书会 每周六9:30” begins nothing.
    if ["取消", "改期"].iter().any(|word| ctx.name.contains(word)) {
        return Err(ctx.bad(arg));
    }
    if let Some(found) = time::every(arg, 0) {
        // 双周谈, 每周一讲: the first word is the name, where a whole recurrence stands behind it.
        let behind = || time::every(arg, arg.len() - rest.len()).filter(Result::is_ok);
        let found = if found.is_err() && !trim(first).is_empty() { behind().unwrap_or(found) } else { found };
        return match found {
            Ok(found) => series(ctx, arg, &found),
            Err(unclear) => Err(weekly(ctx, arg, &unclear)),
        };
    }
    if trim(first).is_empty() || trim(rest).is_empty() {
        return Err(ctx.empty());
    }
    // “/恳谈会 明晚7点 议事室”: the command's name is that of the gathering.
    let is_nameless = time::is_time(first) && fold(&ctx.entry.name) != ctx.name && ctx.entry.key() != ctx.name;
    if !is_nameless && time::is_time(first) {
        return Err(ctx.bad(first));
    }
    let skip = if is_nameless { 0 } else { arg.len() - rest.len() };
    let found = time::sitting(arg, skip, &now(ctx)).map_err(|doubt| match doubt.why {
        time::Why::NotATime => not_a_time(rest),
        // What is offered would still lack its place.
        time::Why::TwoTimes => ask(ctx, arg, &doubt, Shape::Moment),
        _ if lacks_place(arg, skip, &doubt.used) => ctx.empty(),
        _ => ask(ctx, arg, &doubt, Shape::Moment),
    })?;
    let name = if is_nameless { ctx.name } else { trim(first) };
    let before = trim(arg.get(skip..found.used.start).unwrap_or_default()).trim_end_matches(['，', ',']);
    let after = place(arg.get(found.used.end..).unwrap_or_default());
    let (name, place) = match (before, after) {
        ("", "") => return Err(ctx.empty()),
        ("", place) | (place, "") => (name.to_owned(), place),
        (more, place) => (format!("{name} {more}"), place),
    };
    let time::Sitting { at, until } = found.value;
    Ok(Command::CallGathering { name, at, until, place: place.to_owned() })
}

/// What stands before the bracket at the end, and the bracket, where it says when people meet, and that is a second time of the line.
fn aside_of(arg: &str) -> Option<(&str, &str)> {
    const WHAT: &[&str] = &["集合", "签到", "入场", "报到", "到场", "到齐", "进场", "检票", "开门"];
    let text = trim(arg);
    let at = text.ends_with([')', '）']).then(|| text.rfind(['(', '（'])).flatten()?;
    let (before, aside) = text.split_at_checked(at)?;
    let has_hour = aside.chars().any(|c| c.is_ascii_digit()) || aside.contains('点');
    let is_other = WHAT.iter().any(|what| aside.contains(what)) && has_hour && time::holds_time(before);
    is_other.then_some((trim(before), aside))
}

/// The name, and what follows it; “恳谈会，3月8日9:30，议事室” is of commas alone.
fn named(arg: &str) -> (&str, &str) {
    let (first, rest) = word(arg);
    let next = first.split_once(['，', ',']).map(|(_, next)| next.split(['，', ',']).next().unwrap_or(next));
    if next.is_some_and(|next| trim(rest).is_empty() || time::is_time(next)) { part(arg) } else { (first, rest) }
}

/// Whether nothing stands before or behind a time.
fn lacks_place(arg: &str, skip: usize, used: &std::ops::Range<usize>) -> bool {
    let is_blank = |text: Option<&str>| !text.unwrap_or_default().chars().any(char::is_alphanumeric);
    is_blank(arg.get(skip..used.start)) && is_blank(arg.get(used.end..))
}

/// The number a text begins with (“3”, “3号”, “活动3号”), and what is behind it.
fn numbered<'a>(ctx: &Ctx<'_, '_>, text: &'a str) -> Option<(GatheringNo, &'a str)> {
    let text = strip(text, &ctx.entry.name).or_else(|| strip(text, ctx.entry.key())).map_or(text, trim_start);
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let no = text.get(..digits)?.parse().ok()?;
    let rest = text.get(digits..)?;
    let rest = rest.strip_prefix('号').unwrap_or(rest);
    Some((GatheringNo(no), trim(rest)))
}

/// What follows a word of change, without the mark between them; not where the word is the beginning of a name (改善环境座谈会) and no
/// number says which gathering it is.
fn headed<'a>(ctx: &Ctx<'_, '_>, key: &str, text: &'a str, has_number: bool) -> Option<&'a str> {
    let rest = ctx.catalog.after(key, text)?;
    let is_glued = rest.starts_with(|c: char| c.is_alphabetic());
    (has_number || !is_glued).then(|| trim(rest).trim_start_matches(['，', ',', '：', ':', '。', '；', ';']))
}

/// “3 改到 周日9:30 东门”, “取消 3 下雨”, “/取消活动 3”: a gathering that is moved, or does not take place.
fn changed(ctx: &Ctx<'_, '_>, arg: &str) -> Option<Result<Command, Say>> {
    let (no, text) = numbered(ctx, trim(arg)).map_or((None, trim(arg)), |(no, rest)| (Some(no), rest));
    let is_called = |key: &str| fold(&ctx.entry.name) != ctx.name && ctx.catalog.is_within(key, ctx.name);
    let head = |key: &str| headed(ctx, key, text, no.is_some()).or_else(|| is_called(key).then_some(text));
    let behind = |rest| match no {
        Some(no) => (Some(no), rest),
        None => numbered(ctx, rest).map_or((None, rest), |(no, rest)| (Some(no), rest)),
    };
    if let Some(rest) = head("word.cancelled") {
        let (gathering, why) = behind(rest);
        let why = trim(why).trim_start_matches(['，', ',', '：', ':']);
        // A time behind it and no number: a new gathering of an odd name.
        let is_new = gathering.is_none() && time::holds_time(why);
        return (!is_new).then(|| Ok(Command::Gathering(Ask::CallOff { gathering, why: trim(why).to_owned() })));
    }
    let rest = head("word.moved")?;
    // “改 3 到 周日9:30”, and “改到 3月9日”, whose 3 is no gathering.
    let (gathering, rest) = match behind(rest) {
        (found, after) if no.is_some() || !after.starts_with(['月', '点', ':', '：', '/', '-', '.', '天']) => {
            (found, after)
        }
        _ => (None, rest),
    };
    let rest = headed(ctx, "word.moved", rest, true).unwrap_or(rest);
    Some(moved(ctx, gathering, rest.trim_start_matches(['到', '至', '在'])))
}

/// The new time, the new place, or both.
fn moved(ctx: &Ctx<'_, '_>, no: Option<GatheringNo>, text: &str) -> Result<Command, Say> {
    if trim(text).is_empty() {
        return Err(ctx.empty());
    }
    let found = match time::sitting(text, 0, &now(ctx)) {
        Ok(found) => found,
        Err(doubt) if doubt.why == time::Why::NotATime && !time::holds_time(text) => {
            return Ok(Command::Gathering(Ask::Move { gathering: no, to: None, place: place(text).to_owned() }));
        }
        Err(doubt) => return Err(ask(ctx, text, &doubt, Shape::Moment)),
    };
    let before = trim(text.get(..found.used.start).unwrap_or_default()).trim_end_matches(['，', ',']);
    let after = place(text.get(found.used.end..).unwrap_or_default());
    let said = text.get(found.used.clone()).unwrap_or_default();
    let names_a_day = |c: char| "月日号周期拜天今明后/-".contains(c) || c.is_ascii_alphabetic();
    let is_hour = !said.chars().any(names_a_day);
    let time::Sitting { at, until } = found.value;
    // 改到 大会堂 周日9:30 议事室: two places, and nobody knows which.
    if !before.is_empty() && !after.is_empty() {
        return Err(ctx.bad(before));
    }
    let place = if after.is_empty() { place(before) } else { after };
    let to = Some(NewTime { at, until, is_hour });
    Ok(Command::Gathering(Ask::Move { gathering: no, to, place: place.to_owned() }))
}

/// What is quoted of a recurrence: with its place, where that is not too long.
fn quoted(text: &str) -> Value {
    match text.contains('\n') || text.chars().count() > MAX_QUOTE {
        true => Value::Quote(text.to_owned()),
        false => Value::Text(text.to_owned()),
    }
}

/// 每月31日 — a day that not every month has.
fn is_rare(text: &str) -> bool {
    let month = ["每月", "每个月"].iter().find_map(|sign| text.split_once(sign));
    let day = month.and_then(|(_, rest)| number::digits(trim(rest)));
    day.is_some_and(|(day, rest)| (29..=31).contains(&day) && rest.starts_with(['日', '号', '號']))
}

/// What comes back, and how often cannot be told, or no time at all.
fn not_a_time(text: &str) -> Say {
    let is_every = |text: &str| ["每", "every ", "each "].iter().any(|sign| strip(text, sign).is_some());
    if is_rare(trim(text)) {
        return say!("e.monthly", bad = quoted(text));
    }
    match is_every(trim(text)) {
        true => say!("e.weekly", bad = quoted(text), what = say!("weekly.name")),
        false => say!("e.when", bad = Value::Quote(text.to_owned())),
    }
}

/// What is left behind the time, without what only says that it is a place: 9:00在议事室, but 9:00 在水一方.
fn place(text: &str) -> &str {
    let text = text.strip_prefix('在').filter(|rest| !rest.starts_with('水')).unwrap_or(text);
    // “9:30于东风路1号”, but 于家庄.
    let is_named = |rest: &&str| !rest.starts_with(['家', '庄', '村', '洪', '都', '集', '田', '山', '桥', '谦']);
    let text = text.strip_prefix('于').filter(is_named).unwrap_or(text);
    let text = trim(text).trim_start_matches(['，', ',', '。', '；', ';', '、', '：', ':', '*', '＊']);
    let text = trim(text);
    let text = LABELS.iter().find_map(|label| text.strip_prefix(label)).map_or(text, trim_start);
    // “在议事室”, but “在建工地”.
    text.strip_prefix('在').filter(|rest| rest.chars().count() > 1 && !rest.starts_with(['建', '水'])).unwrap_or(text)
}

/// `名称 每周六9:30 地点`.
fn series(ctx: &Ctx<'_, '_>, arg: &str, found: &time::Taken<Every>) -> Result<Command, Say> {
    let name = trim(arg.get(..found.used.start).unwrap_or_default());
    // “Walk the first Saturday of each month”.
    let name = name.strip_suffix(" the").or_else(|| name.strip_suffix(" on the")).unwrap_or(name);
    let after = place(arg.get(found.used.end..).unwrap_or_default());
    let is_called = fold(&ctx.entry.name) != ctx.name && ctx.entry.key() != ctx.name;
    // “/周末有约 每周六9:30 议事室”: the command's name is that of the gathering.
    let name = if name.is_empty() && is_called { ctx.name } else { name };
    if name.is_empty() || after.is_empty() {
        return Err(ctx.empty());
    }
    // A second time is no part of a name or a place.
    let (_, more) = word(name);
    if time::holds_time(more) || time::holds_time(after) {
        let left = if time::holds_time(more) { more } else { after };
        let is_span = ["起", "从", "自", "到", "至", "止", "from", "until", "till", "since"];
        let why = if is_span.iter().any(|word| left.contains(word)) { Unable::Span } else { Unable::Several };
        let whole = Unclear { why, used: 0..arg.len(), hours: Vec::new(), hour: 0..0, fifth: None };
        return Err(weekly(ctx, arg, &whole));
    }
    let Every { rhythm, weekday, time, until } = found.value;
    Ok(Command::Series(Series::Begin { name: name.to_owned(), rhythm, weekday, time, until, place: after.to_owned() }))
}

/// What cannot be done, or at which of two hours.
fn weekly(ctx: &Ctx<'_, '_>, arg: &str, unclear: &Unclear) -> Say {
    let bad = quoted(trim(arg.get(unclear.used.clone()).unwrap_or(arg)));
    if let Some((used, day)) = &unclear.fifth {
        let weekday = || Value::Term(format!("weekday.{day}"));
        if let Some(line) = when::around(ctx, arg, used, say!("when.last", weekday = weekday())) {
            return say!("e.fifth", bad = bad, weekday = weekday(), line = line);
        }
    }
    let one = |time| when::around(ctx, arg, &unclear.hour, say!("when.time", time = when::hour(time)));
    let lines: Vec<Say> = unclear.hours.iter().filter_map(|time| one(*time)).collect();
    if !lines.is_empty() {
        let is_midnight = unclear.hours.contains(&NaiveTime::MIN);
        let why = if is_midnight { say!("when.either") } else { say!("when.half") };
        return say!("e.when.ask", bad = bad, lines = Value::Lines(lines), why = why);
    }
    if is_rare(arg) {
        return say!("e.monthly", bad = bad);
    }
    let called = || match trim(arg.get(..unclear.used.start).unwrap_or_default()) {
        "" => say!("weekly.name"),
        name => say!("plain", text = name),
    };
    match unclear.why {
        Unable::Rhythm => say!("e.weekly", bad = bad, what = called()),
        Unable::Several => say!("e.weekly.several", bad = bad, what = called()),
        Unable::Only => say!("e.weekly.only", bad = bad, what = called()),
        Unable::Span => say!("e.weekly.span", bad = bad, what = called()),
        Unable::Hour => say!("e.weekly.hour", bad = bad, what = called()),
    }
}
