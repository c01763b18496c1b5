//! 共用 — what the arguments of many commands begin or end with: a topic, a suggestion, a time, the words exactly as they were said.

use super::{Ctx, Hearing, card_reply, roll};
use crate::domain::command::Command;
use crate::domain::kernel::ids::{GatheringNo, TopicNo};
use crate::domain::kernel::mark::{Mark, Why};
use crate::domain::kernel::place::flat_before;
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::talk::gathering::Ask as Gathering;
use crate::language::catalog::Catalog;
use crate::language::fold::{before, fold_char, trim, trim_start, word};
use crate::language::number;
use crate::say;

/// What the quoted message of the bot is about, if there is one.
pub(super) fn quoted(scene: &Hearing) -> Option<&Mark> {
    scene.reply.as_ref().filter(|_| scene.replied_to_bot)
}

/// The topic a quoted message is about.
pub(super) fn topic_of(scene: &Hearing) -> Option<TopicNo> {
    match quoted(scene)? {
        Mark::Topic(no) | Mark::Suggestions(no) | Mark::Poll { topic: no, .. } | Mark::Why(Why::Against(no)) => {
            Some(*no)
        }
        Mark::Suggestion(at) => Some(at.topic),
        Mark::Objection(at) => Some(at.topic),
        Mark::Gathering(_)
        | Mark::Task(_)
        | Mark::Why(Why::Task(_) | Why::Proposal(_))
        | Mark::Brief(_)
        | Mark::Proposal(_)
        | Mark::Slip(_)
        | Mark::Claim(_)
        | Mark::Claims => None,
    }
}

/// An optional topic and the rest: a written number wins over the quoted message (§9.5).
pub(super) fn topic_and_rest<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> (Option<TopicNo>, &'t str) {
    match number::number(arg) {
        Some((no, rest)) => (Some(TopicNo(no)), rest),
        None => (topic_of(ctx.scene), arg),
    }
}

/// A command that takes a topic and nothing else. What is no number is never guessed at.
pub(super) fn only_topic(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Option<TopicNo>, Say> {
    if trim(arg).is_empty() {
        return Ok(topic_of(ctx.scene));
    }
    let (no, rest) = number::number(arg).ok_or_else(|| too_long(arg).unwrap_or_else(|| ctx.bad(arg)))?;
    whole(ctx, arg, rest, Some(TopicNo(no)))
}

/// A number with more digits than any topic has: there is no such topic.
fn too_long(arg: &str) -> Option<Say> {
    let bare = trim(arg).trim_end_matches(['号', '號', '。', '.', '！', '!']);
    let is_figure = !bare.is_empty() && bare.chars().all(|c| fold_char(c).is_ascii_digit());
    (is_figure && number::digits(bare).is_none()).then(|| say!("e.no_topic", no = Value::Quote(bare.to_owned())))
}

/// “。”, “谢谢！”, “👍” at the end of a line say nothing about what to do; a question mark does.
pub(super) fn is_courtesy(catalog: &Catalog, rest: &str) -> bool {
    let said = rest.trim_matches(|c: char| !c.is_alphanumeric());
    !rest.contains(['?', '？']) && (said.is_empty() || catalog.means("word.courtesy", said))
}

/// What was read, if nothing stands behind it but courtesy. A line is read whole or asked back, with the line as it may be sent.
pub(super) fn whole<T>(ctx: &Ctx<'_, '_>, arg: &str, rest: &str, found: T) -> Result<T, Say> {
    // “/附议 1号，支持”.
    let said = rest.trim_matches(|c: char| !c.is_alphanumeric());
    let supports = ctx.entry.key() == "second"
        && (ctx.catalog.means("card.support", said) || ctx.catalog.means("word.second", said));
    if is_courtesy(ctx.catalog, rest) || supports {
        return Ok(found);
    }
    let name = if ctx.name.is_ascii() { ctx.entry.key() } else { ctx.entry.name.as_str() };
    let line = format!("/{name} {}", trim(before(arg, rest)).trim_end_matches([',', '，', ':', '：', '、', '。']));
    Err(say!("e.behind", bad = Value::Quote(trim(rest).to_owned()), line = trim(&line).to_owned()))
}

/// The suggestion a quoted message is about.
pub(super) fn quoted_suggestion(ctx: &Ctx<'_, '_>) -> Option<SuggestionArg> {
    match quoted(ctx.scene)? {
        Mark::Suggestion(at) => Some(SuggestionArg::Full(*at)),
        _ => None,
    }
}

/// The suggestion written first or quoted, and the rest.
pub(super) fn suggestion_and_rest<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> (Option<SuggestionArg>, &'t str) {
    match number::suggestion(arg) {
        Some((at, rest)) => (Some(at), rest),
        None => (quoted_suggestion(ctx), arg),
    }
}

/// An optional gathering and the rest.
pub(super) fn gathering_and_rest<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> (Option<GatheringNo>, &'t str) {
    if let Some((no, rest)) = number::gathering(arg) {
        return (Some(GatheringNo(no)), rest);
    }
    match quoted(ctx.scene) {
        Some(Mark::Gathering(no)) => (Some(*no), arg),
        _ => (None, arg),
    }
}

/// 报名, or taking it back: “报名 3人”, “报名 不去了”; “报名 李德福” is for whoever bears that name.
pub(super) fn place_in(catalog: &Catalog, gathering: Option<GatheringNo>, note: &str) -> Command {
    let note = trim(note);
    let is_off = !note.is_empty() && card_reply::remark(catalog, note) == card_reply::Remark::Off;
    Command::Gathering(if catalog.means("word.unable", note) {
        Gathering::Leave { gathering, why: String::new() }
    } else if is_off {
        Gathering::Leave { gathering, why: note.to_owned() }
    } else if let Some((name, rest)) = named_first(note) {
        Gathering::JoinAs { gathering, name: name.to_owned(), note: rest.to_owned() }
    } else {
        Gathering::Join { gathering, note: note.to_owned() }
    })
}

/// 吴秀珍 2人, 替吴秀珍报, 101李德福: the name a remark begins with, and what is behind it. 周日见, 高兴来 are no names.
fn named_first(note: &str) -> Option<(&str, &str)> {
    let is_weekday = |text: &str| {
        let mut chars = text.chars();
        chars.next() == Some('周') && chars.next().is_some_and(|c| "一二三四五六日天末".contains(c))
    };
    let bare = note.trim_end_matches(['。', '！', '!', '.']);
    let bare = flat_before(bare).1;
    let behind = |word: &&str| bare.strip_prefix(*word).map(trim_start);
    if let Some(rest) = ["替", "帮", "代", "给", "我替", "我帮", "我给"].iter().find_map(behind) {
        let name: String = rest.chars().take_while(|c| !"报参也".contains(*c) && c.is_alphabetic()).collect();
        let (name, left) = rest.split_at_checked(name.len())?;
        return roll::is_full_name(name).then_some((name, trim(left)));
    }
    let end = bare.find(|c: char| !c.is_alphabetic()).unwrap_or(bare.len());
    let (name, rest) = bare.split_at_checked(end)?;
    // 吴秀珍 is one; 吴秀珍和老伴 says who comes along.
    (roll::is_full_name(name) && !is_weekday(name))
        .then(|| (name, trim(rest.trim_start_matches(['，', ',', '：', ':']))))
}

/// 姓名 — the name these words begin with, and how many of them it is: the first word, and where that is of Latin letters (Liu Fang) those
/// after it, up to the first that is not, or that means something else where it stands.
pub(super) fn person_name(said: &[&str], means: impl Fn(&str) -> bool) -> (String, usize) {
    let n = match said {
        [first, rest @ ..] if is_latin(first) => {
            1 + rest.iter().take_while(|word| is_latin(word) && !means(word)).count()
        }
        // 赵 敏, 李 德 福, as offices align them.
        [first, rest @ ..] if is_one_han(first) => {
            let one_by_one = rest.iter().take(MOST_HAN - 1).take_while(|word| is_one_han(word) && !means(word)).count();
            let given = |word: &&str| word.chars().count() == 2 && word.chars().all(is_han) && !means(word);
            1 + if one_by_one > 0 { one_by_one } else { usize::from(rest.first().is_some_and(given)) }
        }
        [_, ..] => 1,
        [] => 0,
    };
    let said = said.get(..n).unwrap_or_default();
    (said.join(if said.first().is_some_and(|first| is_one_han(first)) { "" } else { " " }), n)
}

/// Characters of the longest name that is written with blanks between them.
const MOST_HAN: usize = 4;

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3134F}')
}

fn is_one_han(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(is_han) && chars.next().is_none()
}

/// Whether a word is of Latin letters, as names are written with them: Liu, O'Brien, J.
pub(super) fn is_latin(word: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && c < '\u{2000}';
    word.chars().any(is_letter) && word.chars().all(|c| is_letter(c) || matches!(c, '.' | '\'' | '’' | '-'))
}

/// What to answer where the number a command begins with is not there.
pub(super) fn missing(ctx: &Ctx<'_, '_>, arg: &str) -> Say {
    if trim(arg).is_empty() { ctx.empty() } else { ctx.bad(arg) }
}

/// `key=value` pairs, with `=`, `＝` or a colon; the value may hold colons itself.
pub(super) fn pair(text: &str) -> Option<(&str, &str)> {
    let at = text.split_once(['=', '＝']).or_else(|| text.split_once(['：', ':']))?;
    (!trim(at.0).is_empty()).then(|| (trim(at.0), trim(at.1)))
}

/// The first word, or what stands before its first comma: “区住建局，赵志强，15天”.
pub(super) fn part(text: &str) -> (&str, &str) {
    let (first, rest) = word(text);
    first.split_once(['，', ',']).map_or((first, rest), |(before, _)| {
        let end = text.find(first).map_or(0, |at| at + before.len());
        (before, trim_start(text.get(end..).unwrap_or_default().trim_start_matches(['，', ','])))
    })
}

/// Without what only says that it is the matter: 事项：.
pub(super) fn labelled(text: &str) -> &str {
    const LABELS: [&str; 10] =
        ["事项：", "事项:", "内容：", "内容:", "问题：", "问题:", "要求：", "要求:", "Matter:", "Question:"];
    LABELS.iter().find_map(|label| text.strip_prefix(label)).map_or(text, trim)
}

/// What has one line only where it is shown, however many it was written in.
pub(super) fn one_line(text: &str) -> String {
    text.lines().map(trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Kept as written, but empty if there is nothing to see.
pub(super) fn body(text: &str) -> &str {
    if trim(text).is_empty() { "" } else { text.trim_end() }
}

/// Lines or parts separated by `；`.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['；', ';', '\n']).map(trim).filter(|part| !part.is_empty())
}
