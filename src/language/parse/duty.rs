//! 履职 — “/走访 和平社区 独居老人 12人”, “/履职 微调研 3号 看了三处停车场”, “/履职 王建国 读书 《乡土中国》”, “/履职 王建国”.

use super::Ctx;
use super::common::{body, topic_of};
use crate::domain::command::Command;
use crate::domain::history::duty::{Ask, Kind, MAX_HEADS};
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::say::{Say, Value};
use crate::language::fold::{before, fold, trim, word};
use crate::language::number;
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
            let heads = heads(ctx, text).unwrap_or(0);
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

/// 人次 — “12人” or “12 people” at the end.
fn heads(ctx: &Ctx<'_, '_>, text: &str) -> Option<u32> {
    let text = trim(text).trim_end_matches(['。', '.', '）', ')']);
    let (rest, last) = match text.rsplit_once(char::is_whitespace) {
        Some((rest, last)) => (trim(rest), trim(last)),
        None => ("", text),
    };
    let count = |text: &str| {
        let (n, unit) = number::digits(text)?;
        Some((n, fold(trim(unit)))).filter(|(n, _)| (1..=MAX_HEADS).contains(n))
    };
    if let Some((n, unit)) = count(last) {
        return ctx.catalog.means("word.people", &unit).then_some(n);
    }
    let own = rest.rsplit(char::is_whitespace).next().map(trim)?;
    let (n, unit) = count(own)?;
    (unit.is_empty() && ctx.catalog.means("word.people", last)).then_some(n)
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
