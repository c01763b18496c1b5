//! 履职 — “/走访 和平社区 独居老人 12人”, “/履职 微调研 3号 看了三处停车场”, “/履职 王建国 读书 《乡土中国》”, “/履职 王建国”.

use super::Ctx;
use super::common::{body, topic_of};
use super::when;
use crate::domain::command::Command;
use crate::domain::history::duty::{Ask, Kind, MAX_HEADS};
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::language::fold::{before, fold, trim, trim_start, word};
use crate::language::{number, time};
use crate::say;

/// `[姓名] 类别 内容 [人次]`; called by the name of a category, `内容 [人次]`.
pub(super) fn duty(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let kind = |word: &str| ctx.catalog.which(&Kind::ALL, Kind::term, word);
    if let Some(kind) = kind(ctx.name) {
        return serve(ctx, None, kind, arg);
    }
    let (first, rest) = word(arg);
    if let Some(kind) = kind(first) {
        return serve(ctx, None, kind, rest);
    }
    let (second, more) = word(rest);
    match (trim(first), trim(second)) {
        ("", _) if ctx.scene.private => Ok(Command::Duty(Ask::Card(None))),
        ("", _) => Err(ctx.empty()),
        (name, "") if may_be_name(name) => Ok(Command::Duty(Ask::Card(Some(name.to_owned())))),
        (name, said) => match kind(said) {
            Some(kind) if may_be_name(name) => serve(ctx, Some(name.to_owned()), kind, more),
            _ => Err(say!("e.duty_kind", bad = Value::Quote(name.to_owned()), ex = ctx.example())),
        },
    }
}

/// What cannot be a name is a category nobody knows.
fn may_be_name(text: &str) -> bool {
    crate::domain::kernel::text::proper_name(text).is_ok()
}

fn serve(ctx: &Ctx<'_, '_>, who: Option<String>, kind: Kind, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_text(arg);
    match body(rest) {
        "" => Err(ctx.empty()),
        text => {
            let topic = topic.or_else(|| topic_of(ctx.scene));
            if let Some(day) = of_another_day(ctx, text) {
                let line = format!("/{} {}", ctx.name, trim(&ctx.arg.replacen(day.as_str(), "", 1)));
                return Err(say!("e.duty_day", line = line));
            }
            let heads = heads(ctx, kind, text)?;
            Ok(Command::Duty(Ask::Serve { who, kind, text: trim(text).to_owned(), heads, topic }))
        }
    }
}

/// A topic is meant where it is written as one, 3号, 【3】, #3: in “3 处” and “12 人” there is none.
fn topic_and_text(arg: &str) -> (Option<TopicNo>, &str) {
    match number::number(arg) {
        Some((no, rest)) if before(arg, rest).contains(['号', '【', '[', '#', '＃']) => (Some(TopicNo(no)), rest),
        _ => (None, arg),
    }
}

/// “昨天 和平社区”, “3月1日 和平社区”: a day before today, which a record is not put down to.
fn of_another_day(ctx: &Ctx<'_, '_>, text: &str) -> Option<String> {
    let now = when::now(ctx);
    let found = time::day_before(text, &now).ok().filter(|found| found.value != now.today())?;
    text.get(found.used).map(|said| trim(said).to_owned()).filter(|said| !said.is_empty())
}

/// One count of people: how many, whether as 人次, and whether it is said to be all of them.
struct Count {
    n: u32,
    is_visits: bool,
    is_total: bool,
}

/// 人次 — “12人”, “三人”, “12名老人”, “8 people”. Of several it is the one that is said to be all of them, or the only one in 人次; else it is
/// asked which: a figure that goes to a paper is never guessed.
fn heads(ctx: &Ctx<'_, '_>, kind: Kind, text: &str) -> Result<u32, Say> {
    let all = counts(ctx, text);
    let only = |is: fn(&Count) -> bool| match all.iter().filter(|count| is(count)).collect::<Vec<_>>().as_slice() {
        [one] => Some(one.n),
        _ => None,
    };
    let found = only(|count| count.is_total).or_else(|| only(|count| count.is_visits)).or_else(|| only(|_| true));
    let sum = all.iter().fold(0_u32, |sum, count| sum.saturating_add(count.n));
    match found {
        Some(n) if n <= MAX_HEADS => Ok(n),
        None if all.is_empty() || kind != Kind::Visit => Ok(0),
        Some(n) => Err(say!("e.duty_many", n = n, max = MAX_HEADS)),
        None => {
            let line = format!("/{} {}", ctx.name, trim(ctx.arg).trim_end_matches(['。', '.']));
            Err(say!("e.duty_heads", line = line, n = sum.min(MAX_HEADS)))
        }
    }
}

/// Every count of people in a text.
fn counts(ctx: &Ctx<'_, '_>, text: &str) -> Vec<Count> {
    let (folded, mut found, mut at) = (fold(text), Vec::new(), 0);
    while let Some(rest) = folded.get(at..).filter(|rest| !rest.is_empty()) {
        let before = trim(folded.get(..at).unwrap_or_default());
        match count(ctx, before, rest) {
            Some((count, left)) => {
                found.push(count);
                at = folded.len() - left.len();
            }
            None => {
                let is_digit = |c: char| c.is_ascii_digit();
                let run = rest.len() - rest.trim_start_matches(is_digit).len();
                at += if run > 0 { run } else { rest.chars().next().map_or(1, char::len_utf8) };
            }
        }
    }
    found
}

/// The count a text begins with, and what is left of it.
fn count<'t>(ctx: &Ctx<'_, '_>, before: &str, text: &'t str) -> Option<(Count, &'t str)> {
    const TOTALS: [&str; 6] = ["共", "计", "計", "总", "總", "in all"];
    let is_figure = text.starts_with(|c: char| c.is_ascii_digit());
    let is_nth = before.ends_with(['第', '每', '.', '-']);
    let (n, rest) = if is_figure { number::digits(text) } else { number::chinese(text) }.filter(|(n, _)| *n > 0)?;
    let rest = trim_start(rest);
    let rest = rest
        .strip_prefix('个')
        .or_else(|| rest.strip_prefix('個'))
        .filter(|rest| rest.starts_with('人'))
        .unwrap_or(rest);
    let units = ctx.catalog.spellings("word.people").iter();
    let unit = units.filter(|unit| rest.starts_with(unit.as_str())).max_by_key(|unit| unit.len())?;
    let left = rest.strip_prefix(unit.as_str())?;
    // “第一人民医院”, “三人行”: in 汉字 it may be part of a name.
    let is_torn = match (is_figure, left.chars().next()) {
        (_, Some(c)) if unit.is_ascii() => c.is_alphanumeric(),
        (false, Some(c)) if unit == "人" => c.is_alphanumeric(),
        (_, _) => false,
    };
    if is_nth || is_torn {
        return None;
    }
    let is_total = TOTALS.iter().any(|word| before.ends_with(word));
    Some((Count { n, is_visits: unit == "人次", is_total }, left))
}

#[cfg(test)]
mod tests {
    use super::super::{Hearing, Parsed, parse};
    use super::*;
    use crate::language::Catalog;
    use chrono::{DateTime, Utc};

    fn read(text: &str, private: bool) -> Result<Command, String> {
        let scene = Hearing {
            private,
            reply: None,
            replied_to_bot: false,
            replied_to_person: false,
            bot_names: Vec::new(),
            now: DateTime::<Utc>::UNIX_EPOCH,
            tz: chrono_tz::Asia::Shanghai,
        };
        match parse(Catalog::builtin().unwrap(), text, &scene) {
            Parsed::Heard(heard) => heard.command.map_err(|say| say.key),
            Parsed::Silent => Err("silence".to_owned()),
        }
    }

    fn served(who: Option<&str>, kind: Kind, text: &str, heads: u32, topic: Option<u32>) -> Result<Command, String> {
        let (who, topic) = (who.map(str::to_owned), topic.map(TopicNo));
        Ok(Command::Duty(Ask::Serve { who, kind, text: text.to_owned(), heads, topic }))
    }

    #[test]
    fn a_category_a_text_and_how_many_people() {
        for (text, want) in [
            ("/走访 和平社区 独居老人 12人", served(None, Kind::Visit, "和平社区 独居老人 12人", 12, None)),
            ("/履职 走访 和平社区 30人次", served(None, Kind::Visit, "和平社区 30人次", 30, None)),
            ("/走访 和平社区 ３位", served(None, Kind::Visit, "和平社区 ３位", 3, None)),
            ("/走访 和平社区3号楼", served(None, Kind::Visit, "和平社区3号楼", 0, None)),
            ("/走访 和平社区 2户3人", served(None, Kind::Visit, "和平社区 2户3人", 3, None)),
            ("/走访 和平社区 三人", served(None, Kind::Visit, "和平社区 三人", 3, None)),
            ("/走访 和平社区 5人 2次", served(None, Kind::Visit, "和平社区 5人 2次", 5, None)),
            ("/走访 和平社区 12名老人", served(None, Kind::Visit, "和平社区 12名老人", 12, None)),
            ("/走访 和平社区 两位老人", served(None, Kind::Visit, "和平社区 两位老人", 2, None)),
            ("/走访 和平社区 8个人", served(None, Kind::Visit, "和平社区 8个人", 8, None)),
            ("/走访 第一人民医院", served(None, Kind::Visit, "第一人民医院", 0, None)),
            ("/走访 和平社区 老人５人，残疾人２人", Err("e.duty_heads".to_owned())),
            (
                "/走访 和平社区 老人５人，残疾人２人 共7人次",
                served(None, Kind::Visit, "和平社区 老人５人，残疾人２人 共7人次", 7, None),
            ),
            ("/走访 和平社区 1000000人", Err("e.duty_many".to_owned())),
            ("/走访 昨天 和平社区 5人", Err("e.duty_day".to_owned())),
            ("/走访 12 人", served(None, Kind::Visit, "12 人", 12, None)),
            ("/微调研 1号 停车场", served(None, Kind::Research, "停车场", 0, Some(1))),
            ("/微调研 【2】停车场", served(None, Kind::Research, "停车场", 0, Some(2))),
            ("/微调研 3 处停车场", served(None, Kind::Research, "3 处停车场", 0, None)),
            ("/履职 王建国 读书 《乡土中国》", served(Some("王建国"), Kind::Reading, "《乡土中国》", 0, None)),
            ("/visit old people, 12 people", served(None, Kind::Visit, "old people, 12 people", 12, None)),
            ("/duty research 3 car parks", served(None, Kind::Research, "3 car parks", 0, None)),
            ("/走访", Err("e.empty".to_owned())),
            ("/履职", Err("e.empty".to_owned())),
            ("/履职 瞎忙 了一天", Err("e.duty_kind".to_owned())),
        ] {
            assert_eq!(read(text, false), want, "{text}");
        }
        assert_eq!(read("/履职", true), Ok(Command::Duty(Ask::Card(None))));
        assert_eq!(read("履职 王建国", true), Ok(Command::Duty(Ask::Card(Some("王建国".to_owned())))));
    }
}
