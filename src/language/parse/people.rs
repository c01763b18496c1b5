//! 人与群 — “/邀请 1 赵志强 部门 区住建局；…”, “/登记 …”, “/群设置 类型=… 日报=20:00”.

use super::Ctx;
use super::common::{body, pair, parts, person_name, topic_and_rest};
use super::roll;
use crate::domain::command::Command;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::erasure;
use crate::domain::people::group::GroupKind;
use crate::domain::people::group::GroupPatch;
use crate::domain::people::person::ScopeArg;
use crate::domain::people::person::{Level, Marks, Role, Side, Tag};
use crate::domain::people::town::sectors;
use crate::domain::process::guest::Guest;
use crate::language::fold::{strip, trim, trim_start, word, words};
use crate::language::{number, time};
use crate::say;
use chrono::NaiveTime;

/// Most guests in one /邀请.
const MAX_GUESTS: usize = 50;
/// Most words read of an argument.
const MAX_WORDS: usize = 40;
/// Most of the lines somebody pasted that are shown to them one by one.
const MAX_SHOWN: usize = 5;
/// Most words that tell somebody apart behind the name.
const MOST_APART: usize = 2;
/// Most people entered by one message.
const MAX_ENROLLED: usize = 500;
/// Longest name, in characters.
const MAX_NAME: usize = 20;
/// Longest town, sector, room or unit, in characters.
const MAX_FIELD: usize = 60;

/// `姓名 方 [单位或专业]；…`. A comma parts guests where a name and a side stand behind it; a side in what should be a unit is of
/// somebody else.
pub(super) fn invite(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let side_of = |word: &&str| ctx.catalog.which(&Side::ALL, Side::term, word);
    let is_guest = |part: &&str| {
        let said = words(roll::unnumbered(part), MAX_WORDS);
        let (_, n) = person_name(&said, |word| side_of(&word).is_some());
        said.get(n).is_some_and(|word| side_of(word).is_some())
    };
    let mut guests = Vec::new();
    let all = parts(rest).flat_map(|part| {
        let pieces: Vec<&str> = part.split(['，', ',', '、']).map(trim).filter(|piece| !piece.is_empty()).collect();
        if pieces.iter().all(&is_guest) { pieces } else { vec![part] }
    });
    for part in all {
        let said = words(roll::unnumbered(part), MAX_WORDS);
        let (name, n) = person_name(&said, |word| side_of(&word).is_some());
        let more = said.get(n..).unwrap_or_default();
        let side = more.first().and_then(side_of);
        let note = more.get(usize::from(side.is_some())..).unwrap_or_default();
        if let Some(back) = said.iter().find(|word| ctx.catalog.means("word.withdraw", word)) {
            return Err(say!("e.invite_back", bad = Value::Quote((*back).to_owned())));
        }
        if guests.len() >= MAX_GUESTS {
            return Err(say!("e.many", max = MAX_GUESTS, n = parts(rest).count()));
        }
        let is_of_two = |word: &&str| side_of(word).is_some();
        if side.is_some() && note.iter().any(is_of_two) || roll::owners(&name).is_some_and(|all| all.names.len() > 1) {
            return Err(ctx.bad(part));
        }
        guests.push(Guest { name, side, note: note.join(" ") });
    }
    if guests.is_empty() && topic.is_none() { Err(ctx.empty()) } else { Ok(Command::Invite { topic, guests }) }
}

/// `姓名：内容`; a blank will do where there is no colon near.
pub(super) fn relay(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, arg) = relayed_to(arg);
    let first = arg.lines().next().unwrap_or_default();
    let at = first.char_indices().take(2 * MAX_NAME + 1).find(|(_, c)| matches!(c, '：' | ':'));
    let at = at.or_else(|| first.char_indices().take(MAX_NAME + 1).find(|(_, c)| c.is_whitespace()));
    let Some((at, _)) = at else { return Err(ctx.empty()) };
    let name = trim(arg.get(..at).unwrap_or_default());
    let text = arg.get(at..).unwrap_or_default();
    let text = trim_start(text.strip_prefix(['：', ':']).unwrap_or(text));
    match (name, body(text)) {
        ("", _) | (_, "") => Err(ctx.empty()),
        // 李 德福怕吵: nobody is called 李.
        (name, _) if name.chars().count() == 1 => Err(ctx.bad(first)),
        (name, text) => Ok(Command::Relay { topic, name: name.to_owned(), text: text.to_owned() }),
    }
}

/// The number before a name is the topic, never part of the name: “1 李德福”, “1号李德福”; “3号楼老张” is a name.
fn relayed_to(arg: &str) -> (Option<TopicNo>, &str) {
    let close = |text| {
        let (no, rest) = number::digits(strip(text, "第").unwrap_or(text))?;
        let rest = strip(rest, "号")?;
        let goes_on = rest.starts_with(['楼', '院', '门', '栋', '幢', '单', '室', '房', '户', '铺', '店']);
        (!goes_on).then_some((no, trim_start(rest)))
    };
    match number::number(arg).or_else(|| close(trim_start(arg))) {
        Some((no, rest)) => (Some(TopicNo(no)), rest),
        None => (None, arg),
    }
}

/// `[删除]`
pub(super) fn my_data(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    match trim(arg) {
        "" => Ok(Command::Personal(erasure::Ask::Show)),
        said if ctx.catalog.means("word.erase", said) => Ok(Command::Personal(erasure::Ask::Erase)),
        said if ctx.catalog.means("word.withdraw", said) => Ok(Command::Personal(erasure::Ask::Keep)),
        said => Err(ctx.bad(said)),
    }
}

/// `姓名 原因`
pub(super) fn erase(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (name, reason) = word(trim(arg));
    match (name, body(reason)) {
        ("", _) | (_, "") => Err(ctx.empty()),
        (name, reason) => {
            let last = reason.rsplit_once(char::is_whitespace);
            let sure = last.filter(|(_, last)| ctx.catalog.means("word.sure", last));
            let (reason, confirmed) = sure.map_or((reason, false), |(reason, _)| (trim(reason), true));
            let in_writing = ctx.catalog.is_within("word.in_writing", reason);
            let (name, reason) = (name.to_owned(), reason.to_owned());
            Ok(Command::Personal(erasure::Ask::Order { name, reason, in_writing, confirmed }))
        }
    }
}

pub(super) fn field<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Result<&'t str, Say> {
    let text = trim(text);
    if text.chars().count() > MAX_FIELD { Err(ctx.bad(text)) } else { Ok(text) }
}

/// A sector: the district is none, and no town either.
fn sector<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Result<&'t str, Say> {
    let name = field(ctx, text)?;
    if ctx.catalog.means("scope.district", name) {
        return Err(say!("e.town_district", ex = ctx.example()));
    }
    // 群众, 部门: a side, not the name of a place or a sector.
    if ctx.catalog.which(&Side::ALL, Side::term, name).is_some() { Err(ctx.bad(name)) } else { Ok(name) }
}

/// A town. What a hint has in its place (“/受理 W1 镇街”) is not the name of one, and nobody would preside over it.
pub(super) fn town<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Result<&'t str, Say> {
    let name = sector(ctx, text)?;
    let is_hint = ctx.catalog.means("key.town", name) || ctx.catalog.means("word.some_town", name);
    if is_hint { Err(ctx.bad(name)) } else { Ok(name) }
}

/// `类型=… 镇街=… 界别=… 日报=20:00 免打扰=22:00-7:30 语言=中文`
pub(super) fn group_set(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let mut patch = GroupPatch::default();
    let said = words(arg, MAX_WORDS);
    if said.is_empty() {
        return Err(ctx.empty());
    }
    for word in said {
        let (key, value) = pair(word.trim_end_matches(['，', ',', '；', ';'])).ok_or_else(|| ctx.bad(word))?;
        let (value, is) = (field(ctx, value)?, |name: &str| ctx.catalog.means(name, key));
        if is("key.kind") {
            patch.kind = Some(ctx.catalog.which(&GroupKind::ALL, GroupKind::term, value).ok_or_else(|| ctx.bad(word))?);
        } else if is("key.town") {
            patch.town = Some(town(ctx, value)?.to_owned());
        } else if is("key.sector") {
            patch.sector = Some(sector(ctx, value)?.to_owned());
        } else if is("key.digest") {
            patch.digest_at = Some(time_of_day(value)?);
        } else if is("key.quiet") {
            // From an hour to the same hour there is none.
            let is_none = ctx.catalog.means("word.no", value);
            patch.quiet = Some(if is_none { (NaiveTime::MIN, NaiveTime::MIN) } else { span(value)? });
        } else if is("key.language") {
            patch.language = Some(language(ctx, value).ok_or_else(|| ctx.bad(word))?);
        } else {
            return Err(ctx.bad(word));
        }
    }
    Ok(Command::GroupSet(patch))
}

fn time_of_day(text: &str) -> Result<NaiveTime, Say> {
    time::time_of_day(text).ok_or_else(|| say!("e.clock", bad = Value::Quote(text.to_owned())))
}

/// 22:00-7:30.
fn span(text: &str) -> Result<(NaiveTime, NaiveTime), Say> {
    time::times_of_day(text).ok_or_else(|| say!("e.clock", bad = Value::Quote(text.to_owned())))
}

pub(super) fn language(ctx: &Ctx<'_, '_>, text: &str) -> Option<String> {
    let is = |key| ctx.catalog.means(key, text);
    if is("word.zh") {
        return Some("zh".to_owned());
    }
    is("word.en").then(|| "en".to_owned())
}

/// `姓名 角色 [范围] [取消]`
pub(super) fn grant(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let is_withdrawn = |word: &str| ctx.catalog.means("word.withdraw", word);
    let mut said = words(arg, MAX_WORDS);
    let is_role = |word: &str| ctx.catalog.which(&Role::ALL, Role::term, word).is_some();
    // 刘芳 取消 主持人: what is done with the role may stand before it.
    let before = said.iter().position(|word| is_role(word)).and_then(|at| at.checked_sub(1)).filter(|at| *at > 0);
    let mut withdraw = before.is_some_and(|at| said.get(at).is_some_and(|word| is_withdrawn(word)));
    if let Some(at) = before.filter(|_| withdraw) {
        said.remove(at);
    }
    let (mut name, mut n) = person_name(&said, is_role);
    // 张桂英 601 委员: what stands before the role tells apart who is meant.
    if let Some(at) = said.iter().position(|word| is_role(word)).filter(|at| (n + 1..=n + MOST_APART).contains(at)) {
        (name, n) = (said.get(..at).unwrap_or_default().join(" "), at);
    }
    let Some((role, rest)) = said.get(n..).unwrap_or_default().split_first() else { return Err(grantless(ctx, &said)) };
    let role = ctx.catalog.which(&Role::ALL, Role::term, role).ok_or_else(|| ctx.bad(role))?;
    let mut scope = None;
    for word in rest {
        if is_withdrawn(word) {
            withdraw = true;
        } else if scope.is_some() {
            return Err(ctx.bad(word));
        } else {
            scope = Some(scope_of(ctx, word)?);
        }
    }
    Ok(Command::Grant { name, role, scope, withdraw })
}

/// No role stands behind the name: the last word is none, where there are several.
fn grantless(ctx: &Ctx<'_, '_>, said: &[&str]) -> Say {
    match said {
        [_, .., last] => ctx.bad(last),
        [_] | [] => ctx.empty(),
    }
}

fn scope_of(ctx: &Ctx<'_, '_>, word: &str) -> Result<ScopeArg, Say> {
    if ctx.catalog.means("scope.district", word) {
        return Ok(ScopeArg::District);
    }
    let plain = strip(word, "议题").unwrap_or(word);
    if let Some(no) = number::whole_number(plain) {
        return Ok(ScopeArg::Topic(TopicNo(no)));
    }
    town(ctx, word).map(|town| ScopeArg::Town(town.to_owned()))
}

/// What /登记 found out about a person.
#[derive(Default)]
struct Enrolment<'t> {
    side: Option<Side>,
    level: Option<Level>,
    unit: Option<&'t str>,
    /// The unit is a word in its place.
    loose: bool,
    sector: Option<&'t str>,
    town: Option<&'t str>,
    room: Option<&'t str>,
    marks: Marks,
    another: bool,
    same: bool,
}

/// `姓名 方 [单位] [界别] [镇街]`, and `房号=601`, `级别=区`, `党员`, `党代表=否`, `特长=法律` and the like anywhere.
pub(super) fn enrol(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let lines = of_several(ctx, arg);
    if lines.len() < 2 {
        return one_enrolled(ctx, arg);
    }
    if lines.len() > MAX_ENROLLED {
        return Err(say!("e.many", max = MAX_ENROLLED, n = lines.len()));
    }
    Ok(Command::EnrolAll(lines.into_iter().map(|line| (line.to_owned(), one_enrolled(ctx, line))).collect()))
}

/// The line of one person.
fn one_enrolled(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    // 吴刚，群众，东风路街道: the words of one person, with commas between.
    let pieces: Vec<&str> = arg.split(['，', ',']).map(trim).filter(|piece| !piece.is_empty()).collect();
    let is_one = pieces.iter().skip(1).any(|piece| ctx.catalog.which(&Side::ALL, Side::term, piece).is_some());
    let parted = if is_one { pieces.join(" ") } else { arg.to_owned() };
    let arg = parted.as_str();
    let said = words(arg, MAX_WORDS);
    let (name, n) = person_name(&said, |word| has_meaning(ctx, word));
    if name.is_empty() {
        return Err(ctx.empty());
    }
    let rest = said.get(n..).unwrap_or_default();
    none_is_made_of_two(ctx, &name, rest)?;
    let mut person = Enrolment::default();
    let mut loose = Vec::new();
    for word in rest {
        match pair(word).filter(|_| !word.starts_with("http")) {
            Some((key, value)) => named(ctx, &mut person, key, value).ok_or_else(|| ctx.bad(word))?,
            None if ctx.catalog.means("word.another", word) => person.another = true,
            None if ctx.catalog.means("word.same", word) => person.same = true,
            None => loose.push(field(ctx, word)?),
        }
    }
    place(ctx, &mut person, &loose)?;
    let Some(side) = person.side else { return Err(ctx.bad(arg)) };
    person.town.map(|name| town(ctx, name)).transpose()?;
    person.sector.map(|name| sector(ctx, name)).transpose()?;
    let said = |text: Option<&str>| text.map(str::to_owned).unwrap_or_default();
    Ok(Command::Enrol {
        name,
        side,
        unit: said(person.unit),
        loose: person.loose,
        sector: said(person.sector),
        town: said(person.town),
        level: person.level,
        room: said(person.room),
        marks: person.marks,
        another: person.another,
        same: person.same,
    })
}

/// Whether a word of /登记 is none of a name.
fn has_meaning(ctx: &Ctx<'_, '_>, word: &str) -> bool {
    let is = |key| ctx.catalog.means(key, word);
    ctx.catalog.which(&Side::ALL, Side::term, word).is_some()
        || ctx.catalog.which(&Tag::ALL, Tag::term, word).is_some()
        || level(ctx, word).is_some()
        || is("word.blank")
        || is("word.another")
        || is("word.same")
}

/// 张三、李四 群众, 张三 李四 群众: two people, and a line for each to send.
fn none_is_made_of_two(ctx: &Ctx<'_, '_>, name: &str, rest: &[&str]) -> Result<(), Say> {
    let is_side = |word: &&&str| ctx.catalog.which(&Side::ALL, Side::term, word).is_some();
    let before: Vec<&str> = rest.iter().take_while(|word| !is_side(word)).copied().collect();
    let is_person = |word: &&str| {
        let is_han = word.chars().all(|c| !c.is_ascii());
        let is_other =
            looks_like_town(word) || looks_like_sector(word) || ctx.catalog.which(&Tag::ALL, Tag::term, word).is_some();
        is_han
            && !is_other
            && (2..=3).contains(&word.chars().count())
            && level(ctx, word).is_none()
            // 区一中, 市总工会: no surname, a unit.
            && !word.starts_with(['省', '市', '区', '县', '镇', '乡', '村', '第'])
            && roll::name(word).is_some()
    };
    let mut names: Vec<String> = roll::owners(name).map(|all| all.names).unwrap_or_default();
    if name.chars().all(|c| !c.is_ascii()) && before.len() < rest.len() && before.iter().all(is_person) {
        names.extend(before.iter().map(|word| (*word).to_owned()));
    }
    if names.len() < 2 {
        return Ok(());
    }
    let tail = rest.iter().skip(before.len()).copied().collect::<Vec<_>>().join(" ");
    let line = |name: &String| say!("enrol.line", line = Value::Quote(format!("{name} {tail}")));
    let shown: Vec<Say> = names.iter().take(MAX_SHOWN).map(line).collect();
    Err(say!("e.enrol_lines", n = names.len(), rows = Value::Lines(shown)))
}

/// The lines of several people, each without the command before it: of one person nothing is read from the line of another.
fn of_several<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> Vec<&'t str> {
    let lines: Vec<&str> = arg.lines().map(trim).filter(|line| !line.is_empty()).collect();
    // “；” stands between several things of one person, too.
    let names_a_side = |part: &&str| {
        let said = words(part, MAX_WORDS);
        let (_, n) = person_name(&said, |word| has_meaning(ctx, word));
        said.get(n).is_some_and(|word| ctx.catalog.which(&Side::ALL, Side::term, word).is_some())
    };
    let parts: Vec<&str> = parts(arg).collect();
    let read = match parts.iter().skip(1).any(names_a_side) {
        true => parts,
        false => lines,
    };
    let bare = |line: &'t str| {
        let line = trim_start(line.trim_start_matches(['/', '／', '、']));
        trim_start(strip(line, ctx.name).unwrap_or(line))
    };
    read.into_iter().map(bare).collect()
}

fn level(ctx: &Ctx<'_, '_>, text: &str) -> Option<Level> {
    let term = |level| match level {
        Level::Province => "level.province",
        Level::City => "level.city",
        Level::District => "level.district",
    };
    ctx.catalog.which(&[Level::Province, Level::City, Level::District], term, text)
}

/// One `key=value`.
fn named<'t>(ctx: &Ctx<'_, '_>, person: &mut Enrolment<'t>, key: &str, value: &'t str) -> Option<()> {
    let is = |name: &str| ctx.catalog.means(name, key);
    if value.is_empty() || value.chars().count() > MAX_FIELD {
        return None;
    }
    if is("key.side") {
        person.side = Some(ctx.catalog.which(&Side::ALL, Side::term, value)?);
    } else if is("key.level") {
        person.level = Some(level(ctx, value)?);
    } else if is("key.unit") {
        person.unit = Some(value);
    } else if is("key.sector") {
        person.sector = Some(value);
    } else if is("key.town") {
        person.town = Some(value);
    } else if is("key.room") {
        person.room = Some(value);
    } else if is("key.expertise") {
        let is_none = ctx.catalog.means("word.no", value);
        person.marks.expertise = Some(if is_none { String::new() } else { value.to_owned() });
    } else {
        let tag = ctx.catalog.which(&Tag::ALL, Tag::term, key)?;
        let bears = ctx.catalog.means("word.yes", value);
        if !bears && !ctx.catalog.means("word.no", value) {
            return None;
        }
        person.marks.tags.push((tag, bears));
    }
    Some(())
}

/// The words without a key: told apart by what they look like, then by their order.
fn place<'t>(ctx: &Ctx<'_, '_>, person: &mut Enrolment<'t>, loose: &[&'t str]) -> Result<(), Say> {
    let mut blanks = 0_usize;
    for &word in loose {
        let side = if person.side.is_none() { ctx.catalog.which(&Side::ALL, Side::term, word) } else { None };
        let blank = ctx.catalog.means("word.blank", word);
        // Where the side is known, a second one is of somebody else.
        if person.side.is_some() && ctx.catalog.which(&Side::ALL, Side::term, word).is_some() {
            return Err(ctx.bad(word));
        }
        if let Some(tag) = ctx.catalog.which(&Tag::ALL, Tag::term, word) {
            person.marks.tags.push((tag, true));
            continue;
        }
        if blank && person.side.is_some() {
            blanks += 1;
        } else if side.is_some() {
            person.side = side;
        } else if person.level.is_none() && level(ctx, word).is_some() {
            person.level = level(ctx, word);
        } else if person.town.is_none() && looks_like_town(word) {
            person.town = Some(word);
        } else if person.sector.is_none() && looks_like_sector(word) {
            person.sector = Some(word);
        } else if person.room.is_none() && looks_like_room(word) {
            person.room = Some(word);
        } else if person.unit.is_none() && blanks == 0 {
            (person.unit, person.loose) = (Some(word), true);
        } else if person.sector.is_none() {
            person.sector = Some(word);
        } else if person.town.is_none() {
            person.town = Some(word);
        } else {
            return Err(ctx.bad(word));
        }
    }
    Ok(())
}

fn looks_like_town(word: &str) -> bool {
    ["街道", "镇", "乡", "鎮", "鄉", "街道办"].iter().any(|end| word.ends_with(end))
}

fn looks_like_sector(word: &str) -> bool {
    // 届 is 界 mistyped; it is asked back as a sector that nobody knows.
    word.ends_with(['界', '届']) || word.ends_with("界别") || sectors().any(|sector| sector == word)
}

fn looks_like_room(word: &str) -> bool {
    let plain = word.trim_end_matches(['户', '室', '号']);
    plain.chars().any(|c| c.is_ascii_digit())
        && plain
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '栋' | '单' | '元' | '楼' | '号' | '幢'))
}
