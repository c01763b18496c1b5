//! 阵地、层级、年计划、专题、爱心项目 — “/阵地 委员工作室 和平社区工作室 东风路街道 每周三”, “/专题 夜间安全 3 7”.

use super::common::{pair, topic_and_rest, topic_of};
use super::{Ctx, when};
use crate::domain::about::campaign::Ask as Campaign;
use crate::domain::about::campaign::Item;
use crate::domain::about::charity::Ask as Charity;
use crate::domain::about::charity::{Progress, Which};
use crate::domain::about::tier::Ask as Level;
use crate::domain::about::tier::Tier;
use crate::domain::command::Command;
use crate::domain::history::export::Ask as Export;
use crate::domain::intake::qr::Ask as Qr;
use crate::domain::intake::station::Ask as Station;
use crate::domain::intake::station::StationKind;
use crate::domain::kernel::ids::{BriefNo, CharityNo, TopicNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::town::Ask as Towns;
use crate::domain::people::town::{Sort, What};
use crate::language::fold::{fold, strip, trim, word, words};
use crate::language::{amount, number, time};
use crate::say;
use chrono::NaiveDate;

/// Most words looked at.
const MAX_WORDS: usize = 100;

/// `加 名称…`, `改 旧名 新名`, `并 旧名 新名 原因`, `删 名称`, or nothing.
fn names(ctx: &Ctx<'_, '_>, sort: Sort, arg: &str) -> Result<Command, Say> {
    let is = |key: &str, word: &str| ctx.catalog.means(key, word);
    let said: Vec<&str> = words(arg, MAX_WORDS).into_iter().filter(|word| !is("word.into", word)).collect();
    let what = match said.as_slice() {
        [] => What::List,
        [verb, names @ ..] if is("word.add", verb) && !names.is_empty() => {
            let names = names.iter().flat_map(|names| names.split(['、', '，', ',', '；', ';']));
            let names = names.map(trim).filter(|name| !name.is_empty());
            What::Add(names.map(|name| super::people::town(ctx, name).map(str::to_owned)).collect::<Result<_, _>>()?)
        }
        [verb, from, into, reason @ ..] if is("word.rename", verb) => {
            What::Rename((*from).to_owned(), super::people::town(ctx, into)?.to_owned(), reason.join(" "))
        }
        [verb, from, into, reason @ ..] if is("word.merge", verb) => {
            What::Merge((*from).to_owned(), super::people::town(ctx, into)?.to_owned(), reason.join(" "))
        }
        [verb, name] if is("word.drop", verb) => What::Drop((*name).to_owned()),
        // What is wrong with it is not the word, but what stands behind it.
        [verb, ..] if ["word.add", "word.rename", "word.merge", "word.drop"].iter().any(|key| is(key, verb)) => {
            let (bad, sort) = (Value::Quote(said.join(" ")), Value::Term(sort.term().to_owned()));
            return Err(say!("e.town_how", bad = bad, sort = sort));
        }
        [word, ..] => return Err(ctx.bad(word)),
    };
    Ok(Command::Town(Towns { sort, what }))
}

/// The list of towns.
pub(super) fn towns(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    names(ctx, Sort::Town, arg)
}

/// The list of sectors.
pub(super) fn sectors(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    names(ctx, Sort::Sector, arg)
}

/// `种类 名称 镇街 [接待日] [地址=…] [联系人=…]`, `停用 名称`, a name alone, or nothing.
pub(super) fn station(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let said = words(arg, MAX_WORDS);
    let ask = match said.as_slice() {
        [] => Station::List,
        [off, name @ ..] if !name.is_empty() && ctx.catalog.means("word.shut", off) => Station::Close(name.join(" ")),
        [name] if kind_of(ctx, name).is_none() => Station::Show((*name).to_owned()),
        [_] => return Err(ctx.empty()),
        [kind, name, rest @ ..] => {
            let kind =
                kind_of(ctx, kind).ok_or_else(|| say!("e.station_kind", bad = Value::Quote((*kind).to_owned())))?;
            let Some((town, rest)) = rest.split_first() else { return Err(ctx.empty()) };
            details(ctx, kind, name, super::people::town(ctx, town)?, rest)?
        }
    };
    Ok(Command::Station(ask))
}

fn kind_of(ctx: &Ctx<'_, '_>, word: &str) -> Option<StationKind> {
    ctx.catalog.which(&StationKind::ALL, StationKind::term, word)
}

/// The words after the town: weekdays, and `key=value` whose value goes on to the next key.
fn details(ctx: &Ctx<'_, '_>, kind: StationKind, name: &str, town: &str, rest: &[&str]) -> Result<Station, Say> {
    let (mut address, mut contact) = (String::new(), String::new());
    let mut days: Option<Vec<u8>> = None;
    let mut open: Option<bool> = None;
    for word in rest {
        let found = pair(word).filter(|_| word.contains(['=', '＝', '：', ':']));
        if let Some((key, value)) = found {
            let is_address = ctx.catalog.means("word.address", key);
            if !is_address && !ctx.catalog.means("word.contact", key) {
                return Err(ctx.bad(word));
            }
            if is_address {
                address = value.to_owned()
            } else {
                contact = value.to_owned()
            }
            open = Some(is_address);
            continue;
        }
        match open {
            Some(is_address) => {
                let text = if is_address { &mut address } else { &mut contact };
                text.push(' ');
                text.push_str(word);
            }
            None if ctx.catalog.means("word.every", word) => {}
            None => {
                let more = weekdays(word).ok_or_else(|| say!("e.weekday", bad = Value::Quote((*word).to_owned())))?;
                let days = days.get_or_insert_default();
                days.extend(more);
                days.sort_unstable();
                days.dedup();
            }
        }
    }
    let (name, town) = (name.to_owned(), town.to_owned());
    Ok(Station::Set { kind, name, town, days, address, contact })
}

/// 每周三, 周一、周四, 每周一三五, 每天, 工作日, Wed, weekly — Monday = 1.
pub(super) fn weekdays(text: &str) -> Option<Vec<u8>> {
    let folded = fold(text);
    match folded.as_str() {
        "每天" | "每日" | "天天" | "daily" => return Some((1..=7).collect()),
        "工作日" | "每个工作日" | "weekdays" => return Some((1..=5).collect()),
        _ => {}
    }
    let mut days = Vec::new();
    for part in folded.split(['、', ',', '，', '和', '/', '及']).filter(|part| !part.is_empty()) {
        let plain = part.trim_start_matches('每');
        let plain = ["周", "週", "星期", "礼拜"].iter().find_map(|week| strip(plain, week)).unwrap_or(plain);
        if let Some(day) = english_day(plain) {
            days.push(day);
            continue;
        }
        for c in plain.chars() {
            let c = if c == '天' { '日' } else { c };
            let at = "一二三四五六日".chars().position(|day| day == c)?;
            days.push(u8::try_from(at + 1).ok()?);
        }
    }
    days.sort_unstable();
    days.dedup();
    (!days.is_empty()).then_some(days)
}

fn english_day(word: &str) -> Option<u8> {
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.strip_suffix('s').filter(|word| word.ends_with("day")).unwrap_or(word);
    let fits = |name: &&str| word.chars().count() >= 3 && name.starts_with(word);
    let at = names.iter().position(fits)?;
    u8::try_from(at + 1).ok()
}

/// `[编号] [层级]`
pub(super) fn level(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let tier = match trim(rest) {
        "" => None,
        word => Some(tier_of(ctx, word).ok_or_else(|| ctx.bad(word))?),
    };
    Ok(Command::Tier(Level::Set { topic, tier }))
}

fn tier_of(ctx: &Ctx<'_, '_>, word: &str) -> Option<Tier> {
    ctx.catalog.which(&Tier::ALL, Tier::term, word)
}

/// `[年] [层级次数…]`
pub(super) fn year_plan(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (first, rest) = word(arg);
    let year = number::digits(first).filter(|(n, after)| *n >= 1000 && matches!(trim(after), "" | "年"));
    let mut left = if year.is_some() { trim(rest) } else { trim(arg) };
    let mut times: Vec<(Tier, u32)> = Vec::new();
    for _ in 0..MAX_WORDS {
        left = left.trim_start_matches([' ', '\u{3000}', '，', ',', '、', '；', ';', '\n']);
        if left.is_empty() {
            break;
        }
        let (tier, n, after) = planned(ctx, left).ok_or_else(|| ctx.bad(left))?;
        times.retain(|(known, _)| *known != tier);
        times.push((tier, n));
        left = after;
    }
    let year = year.and_then(|(year, _)| i32::try_from(year).ok());
    Ok(Command::Tier(Level::Plan { year, times }))
}

/// 全会1, 常委会2次, sector 4.
fn planned<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Option<(Tier, u32, &'t str)> {
    let is_digit = |c: char| fold(&c.to_string()).chars().all(|c| c.is_ascii_digit());
    let (at, _) = text.char_indices().find(|(_, c)| is_digit(*c))?;
    let (name, rest) = (text.get(..at)?, text.get(at..)?);
    let tier = tier_of(ctx, trim(name))?;
    let (n, rest) = number::digits(rest)?;
    Some((tier, n, rest.strip_prefix(['次', '场', '件']).unwrap_or(rest)))
}

/// `名称 [去掉] [编号…] [止=日期]`, or nothing.
pub(super) fn campaign(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (name, rest) = word(arg);
    let name = trim(name).to_owned();
    if name.is_empty() {
        return Ok(Command::Campaign(Campaign::List));
    }
    let (first, after) = word(rest);
    let out = ctx.catalog.means("word.out", first);
    let rest = if out { after } else { rest };
    let (rest, last) = until(ctx, rest)?;
    let mut items = Vec::new();
    for part in
        rest.split([' ', '\u{3000}', '、', '，', ',', '；', ';', '\n']).map(trim).filter(|part| !part.is_empty())
    {
        items.push(item(part).ok_or_else(|| ctx.bad(part))?);
    }
    if items.is_empty() && last.is_none() {
        return if out { Err(ctx.empty()) } else { Ok(Command::Campaign(Campaign::Show(name))) };
    }
    Ok(Command::Campaign(Campaign::Set { name, items, out, last }))
}

/// What stands before `止=日期`, and the last day.
fn until<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Result<(&'t str, Option<NaiveDate>), Say> {
    let is_sign = |c: char| matches!(c, '=' | '＝' | '：' | ':');
    let Some((before, value)) = text.split_once(is_sign) else { return Ok((text, None)) };
    let (rest, key) = before.rsplit_once(char::is_whitespace).unwrap_or(("", before));
    if !ctx.catalog.means("word.until", trim(key)) {
        return Err(ctx.bad(text));
    }
    let (term, beyond) = when::term(ctx, value)?;
    if !beyond.is_empty() {
        return Err(ctx.bad(beyond));
    }
    Ok((rest, Some(term.last_day(when::now(ctx).today()))))
}

/// `[编号｜阵地名]`
pub(super) fn qr(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let asked = match (trim(arg), number::whole_number(arg)) {
        (_, Some(no)) => Qr::Topic(Some(TopicNo(no))),
        ("", None) => Qr::Topic(topic_of(ctx.scene)),
        (name, None) => Qr::Station(name.to_owned()),
    };
    Ok(Command::Qr(asked))
}

/// `编号｜月份`
pub(super) fn export(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let asked = match (trim(arg), number::whole_number(arg)) {
        (_, Some(no)) => Export::Topic(Some(TopicNo(no))),
        ("", None) => Export::Topic(topic_of(ctx.scene)),
        (text, None) => Export::Month(time::month(text, &when::now(ctx)).ok_or_else(|| ctx.bad(text))?),
    };
    Ok(Command::Export(asked))
}

/// 3, 3号, 社1, brief1.
fn item(text: &str) -> Option<Item> {
    if let Some(no) = number::whole_number(text) {
        return Some(Item::Topic(TopicNo(no)));
    }
    let (no, rest) = number::brief(text)?;
    trim(rest).is_empty().then_some(Item::Brief(BriefNo(no)))
}

/// `名称 企业或委员 金额 [状态] [议题=编号]`, `编号或名称 [状态]`, or nothing.
pub(super) fn charity(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let said = words(arg, MAX_WORDS);
    let progress_of = |word: &str| ctx.catalog.which(&Progress::ALL, Progress::term, word);
    let which = |word: &str| match number::whole_number(word) {
        Some(no) => Which::No(CharityNo(no)),
        None => Which::Name(word.to_owned()),
    };
    let ask = match said.as_slice() {
        [] => Charity::List,
        [one] => Charity::Show(which(one)),
        [one, state] => match progress_of(state) {
            Some(progress) => Charity::Move(which(one), progress),
            None if number::whole_number(one).is_some() => {
                return Err(say!("e.charity_progress", bad = Value::Quote((*state).to_owned()), c = *one));
            }
            None => return Err(ctx.bad(state)),
        },
        [name, giver, said, rest @ ..] => {
            let yuan = amount::yuan(said).filter(|yuan| *yuan > 0);
            let yuan = yuan.ok_or_else(|| say!("e.amount", bad = Value::Quote((*said).to_owned())))?;
            let (mut progress, mut topic) = (None, None);
            for word in rest {
                let numbered = pair(word).filter(|(key, _)| ctx.catalog.means("word.topic", key)).map(|(_, no)| no);
                match (progress_of(word), number::whole_number(numbered.unwrap_or(word))) {
                    (Some(state), _) if progress.is_none() => progress = Some(state),
                    (None, Some(no)) if topic.is_none() => topic = Some(TopicNo(no)),
                    (_, _) => return Err(ctx.bad(word)),
                }
            }
            let progress = progress.unwrap_or(Progress::Planned);
            let (name, giver, said) = ((*name).to_owned(), (*giver).to_owned(), (*said).to_owned());
            Charity::Register { name, giver, yuan, said, progress, topic }
        }
    };
    Ok(Command::Charity(ask))
}

#[cfg(test)]
mod tests {
    use super::weekdays;

    #[test]
    fn weekdays_people_write() {
        for (text, want) in [
            ("每周三", Some(vec![3])),
            ("周一、周四", Some(vec![1, 4])),
            ("每周一三五", Some(vec![1, 3, 5])),
            ("星期天", Some(vec![7])),
            ("每周日", Some(vec![7])),
            ("每天", Some((1..=7).collect())),
            ("工作日", Some((1..=5).collect())),
            ("Wed", Some(vec![3])),
            ("Tuesdays,Fri", Some(vec![2, 5])),
            ("周末", None),
            ("三楼", None),
            ("周", None),
            ("t", None),
            ("", None),
        ] {
            assert_eq!(weekdays(text), want, "{text}");
        }
    }
}
