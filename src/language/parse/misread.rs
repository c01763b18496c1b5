//! 问回去 — lines that begin as a command and are none to be carried out: help copied as it stands, a question about the command, several
//! commands in one message, and what people write as commands that we do not have.

use super::args::page_of;
use super::{Ctx, Head, Hearing, Opening, called, command_table, plain, process, recognise, short, trim};
use crate::domain::command::{Command, HelpOn};
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::plain::{Plain, Spoken, Wish};
use crate::domain::kernel::say::{Say, Value, example_of};
use crate::domain::people::person::Role;
use crate::language::catalog::{Catalog, Entry};
use crate::language::fold::{before, fold, peek, strip, trim_start, word};
use crate::language::number;
use crate::say;

/// Commands that list what there is where nothing stands behind them.
const LISTS: [&str; 8] = ["topic", "suggest", "campaign", "sector", "town", "station", "charity", "yearplan"];
/// Most lines that are shown again to be sent one by one.
const MOST_SHOWN: usize = 4;
/// As much of a line as is looked at for a name, in characters.
const LONGEST_NAME: usize = 40;
/// A number from here on is that of something else.
const MOST_TOPICS: u32 = 10_000;
/// Longest line that is shown again, in characters.
const LONGEST_SHOWN: usize = 60;

/// What may end a question and says nothing.
fn is_end(c: char) -> bool {
    !c.is_alphanumeric() || matches!(c, '啊' | '呀' | '呢' | '的' | '吗' | '嘛')
}

/// What is done instead of the command: help, a list, or a question; and whether help is what it is measured by.
pub(super) fn instead(ctx: &Ctx<'_, '_>) -> Option<Result<command_table::Read, Say>> {
    if ctx.entry.key() == "help" {
        return None;
    }
    let asked = trim(ctx.arg).trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end_matches(is_end);
    let help = || Some(Ok(command_table::Read::of("help", help_on(ctx.catalog, ctx.entry))));
    if ctx.entry.key() == "topic"
        && let Some(no) = plain::asked_of(ctx.catalog, ctx.arg)
    {
        return Some(Ok(Command::TopicCard(no).into()));
    }
    if ctx.catalog.means("plain.listing", asked) {
        return if LISTS.contains(&ctx.entry.key()) { Some(command_table::read(ctx, "")) } else { help() };
    }
    if ctx.catalog.means("plain.how", asked) {
        return help();
    }
    if let Some(refusal) = says_nothing(ctx).or_else(|| takes_a_stance(ctx)) {
        return Some(Err(refusal));
    }
    if is_copied(ctx.catalog, ctx.arg) {
        let bad = Value::Quote(trim(ctx.arg).to_owned());
        return Some(Err(say!("plain.placeholder", bad = bad, ex = ctx.example())));
    }
    if let Some(line) = behind_placeholder(ctx) {
        let (first, _) = word(ctx.arg);
        return Some(Err(say!("plain.placeholder", bad = Value::Quote(first.to_owned()), ex = Value::Text(line))));
    }
    asks_to_see(ctx)
}

/// “/议题 看清单”, “/建议 1 怎么写”, “/议题 1 什么意思”: words that ask to be shown something, and nothing that could be filed.
fn asks_to_see(ctx: &Ctx<'_, '_>) -> Option<Result<command_table::Read, Say>> {
    if !matches!(ctx.entry.key(), "topic" | "suggest") {
        return None;
    }
    let (no, said) = number::number(ctx.arg).map_or((None, ctx.arg), |(no, said)| (Some(TopicNo(no)), said));
    let whole = fold(trim(said));
    let said = whole.trim_end_matches(|c: char| !c.is_alphanumeric());
    // “清单 2” is its second page.
    let digits = said.trim_end_matches(|c: char| c.is_ascii_digit());
    let page = said.strip_prefix(digits).and_then(number::whole_number).filter(|_| no.is_none() && !digits.is_empty());
    let said = if page.is_some() { trim(digits) } else { said.trim_end_matches(is_end) };
    let is_only = |keys: &[&str]| {
        let of = |said: &str| plain::is_only(ctx.catalog, said, keys);
        said.chars().any(char::is_alphanumeric)
            && (of(said) || of(said.trim_end_matches('了')) || of(&format!("{said}的")))
    };
    if is_only(&["plain.how"]) && (no.is_none() || ctx.entry.key() == "suggest") {
        return Some(Ok(command_table::Read::of("help", help_on(ctx.catalog, ctx.entry))));
    }
    if !is_only(&["plain.how", "plain.listing", "plain.look", "plain.asks"]) || page_of(&whole).is_some() {
        return None;
    }
    if let Some(page) = page {
        let is_list = ctx.entry.key() == "topic" && is_only(&["plain.listing", "plain.look"]);
        return is_list.then_some(Ok(Command::TopicList(page).into()));
    }
    match (ctx.entry.key(), no) {
        ("topic", Some(no)) => Some(Ok(Command::TopicCard(no).into())),
        (_, Some(no)) => Some(Ok(Command::SuggestionList(no, 1).into())),
        (_, None) => Some(command_table::read(ctx, "")),
    }
}

/// “/议题 1 附议”, “/建议 1 +1”, “/建议 同意”: somebody's stance, which is no matter of its own; the lines that say it.
fn takes_a_stance(ctx: &Ctx<'_, '_>) -> Option<Say> {
    let (no, said) = number::number(ctx.arg).map_or((None, ctx.arg), |(no, said)| (Some(no), said));
    let is_own_line = match ctx.entry.key() {
        "topic" => no.is_some(),
        "suggest" => true,
        _ => false,
    };
    let said = trim(said).trim_end_matches(|c: char| !c.is_alphanumeric());
    let is = |key: &str| ctx.catalog.means(key, said);
    let is_stance = ["word.plus", "word.like", "word.second", "card.support"].into_iter().any(is)
        || ctx.catalog.means("short.for", said);
    let no = no.map_or_else(String::new, |no| format!(" {no}"));
    (is_own_line && is_stance).then(|| say!("e.stance.only", bad = Value::Quote(said.to_owned()), no = no))
}

/// “/议题 。”, “/建议 1 好的”, “/议题 你好”: nothing that could be filed.
fn says_nothing(ctx: &Ctx<'_, '_>) -> Option<Say> {
    let text = match ctx.entry.key() {
        "topic" => ctx.arg,
        "suggest" => number::number(ctx.arg).map_or(ctx.arg, |(_, rest)| rest),
        _ => return None,
    };
    if trim(text).is_empty() {
        return None;
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Some(ctx.empty());
    }
    let is_talk = ctx.catalog.means("plain.no_matter", text)
        || matches!(plain::read(ctx.catalog, text), Plain::Hello | Plain::Thanks | Plain::Nothing);
    is_talk.then(|| say!("plain.placeholder", bad = Value::Quote(trim(text).to_owned()), ex = ctx.example()))
}

/// “/报名费多少”, “/意见箱在哪”: a name that is the beginning of another word, or a question stuck to it, is nothing to be carried out; the line
/// that is, with a blank, is shown.
pub(super) fn glued(ctx: &Ctx<'_, '_>, rest: &str) -> Option<Say> {
    let behind = strip(rest, ctx.name)?;
    if ctx.entry.key() == "notice" && process::says_how_long(ctx.catalog, behind) {
        return None;
    }
    // Where the name ends by itself, what follows is its own.
    let is_glued = peek(behind).is_some_and(|c| c.is_alphabetic() && !c.is_ascii());
    let (first, _) = word(behind);
    let listed = |key: &str| ctx.catalog.means(key, trim(first).trim_end_matches(is_end));
    if !is_glued || listed("plain.how") || listed("plain.listing") {
        return None;
    }
    let said = fold(behind);
    let word = fold(before(rest, behind));
    let is_other_word =
        ctx.catalog.spellings("plain.compound").iter().any(|one| format!("{word}{said}").starts_with(one));
    let asks = || behind.contains(['?', '？']) || ctx.catalog.is_within("card.asks", behind);
    if !is_other_word && !asks() {
        return None;
    }
    // A question is no remark behind 报名.
    let behind = if ctx.entry.key() == "join" { "" } else { behind };
    let line: String =
        format!("/{} {}", ctx_name(ctx, rest), trim(behind)).trim_end().chars().take(LONGEST_SHOWN).collect();
    Some(say!("e.glued", bad = Value::Quote(trim(rest).to_owned()), line = line))
}

/// “/建议1用玻璃的”, “/采纳1-2可行”: a number with words stuck to it is none, as in “12号楼”; where the line is one once they stand apart, that
/// line is shown, and nothing is done by what would be left of it.
pub(super) fn number_glued(ctx: &Ctx<'_, '_>) -> Option<Say> {
    let arg = trim_start(ctx.arg);
    let after = match ctx.entry.key() {
        "suggest" | "object" | "plan" | "pact" | "expert" | "recuse" | "contest" | "end" | "pause" | "unit"
        | "notice" | "take" | "settle" | "appoint" | "assign" | "mandate" | "remind" | "leave" | "merge" | "kind"
        | "window" => {
            let plain = strip(arg, "第").unwrap_or(arg);
            // 12345热线, 20000字 are no topics.
            let (_, rest) = number::digits(plain).filter(|(no, _)| *no < MOST_TOPICS)?;
            rest
        }
        "reply" | "adopt" => number::full_ref(strip(arg, "建议").unwrap_or(arg))?.1,
        "answer" => {
            let (_, rest) = number::full_objection(arg)?;
            rest
        }
        "progress" | "delay" | "rate" | "return" => {
            let plain = ["办", "辦"].iter().find_map(|sign| strip(arg, sign));
            number::digits(plain?)?.1
        }
        _ => return None,
    };
    let after = ["号", "號", "条", "條"].iter().find_map(|sign| strip(after, sign)).unwrap_or(after);
    let first = after.chars().next().filter(|c| c.is_alphabetic() && !c.is_ascii())?;
    if number::COUNTED.contains(first) {
        return None;
    }
    let spaced = format!("{} {after}", before(arg, after));
    let apart = Ctx { arg: &spaced, ..*ctx };
    command_table::read(&apart, &spaced).ok()?;
    let line: String = format!("/{} {spaced}", ctx.name);
    let shown =
        if line.chars().count() > super::MAX_GOOD { format!("/{} {}", ctx.name, before(arg, after)) } else { line };
    Some(say!("e.number_glued", bad = Value::Quote(trim(arg).to_owned()), line = shown))
}

/// The name a command was called by, as it was written.
fn ctx_name<'t>(ctx: &Ctx<'_, '_>, rest: &'t str) -> &'t str {
    strip(rest, ctx.name).map_or(rest, |behind| before(rest, behind))
}

/// “议题列表”, “清单” in private, without a mark.
pub(super) fn bare_list<'c>(catalog: &'c Catalog, text: &str) -> Option<&'c Entry> {
    let said = trim(text).trim_end_matches(|c: char| !c.is_alphanumeric());
    if catalog.means("plain.listing", said) {
        return catalog.entry("topic");
    }
    let of = |key: &&str| {
        let entry = catalog.entry(key)?;
        let rest = said.strip_prefix(entry.name.as_str()).or_else(|| said.strip_suffix(entry.name.as_str()))?;
        catalog.means("plain.listing", rest).then_some(entry)
    };
    LISTS.iter().find_map(of)
}

/// How a command is written; who asks how to vote is no moderator who opens a vote.
fn help_on(catalog: &Catalog, entry: &Entry) -> Command {
    let meant = if entry.key() == "vote" { catalog.entry("ballot").unwrap_or(entry) } else { entry };
    Command::Help(HelpOn::Command(meant.name.clone()))
}

/// “/投怎么投”: a name of one character ends only where something else begins, and that somebody asks is something else.
pub(super) fn how_of_short(catalog: &Catalog, rest: &str) -> Option<(&'static str, Command)> {
    let first = trim(rest).chars().next()?;
    let entry = catalog.find(first.encode_utf8(&mut [0; 4]))?;
    let asked = trim(rest).get(first.len_utf8()..)?.trim_end_matches(|c: char| !c.is_alphanumeric());
    catalog.means("plain.how", asked).then(|| ("help", help_on(catalog, entry)))
}

/// Whether it is what the help writes where words of one's own belong: “编号 内容”, “2 内容”, “[number] text”.
fn is_copied(catalog: &Catalog, arg: &str) -> bool {
    let is_it = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        catalog.means("plain.placeholder", word)
    };
    let mut words = arg.split(char::is_whitespace).filter(|word| !word.is_empty()).rev();
    let ends = words.next().is_some_and(is_it);
    ends && (words.all(|word| is_it(word) || number::full_ref(word).is_some() || number::number(word).is_some())
        || catalog.means("plain.placeholder", arg))
}

/// “/议题 事情 路灯不亮”: what the help writes was left standing before the words of one's own; the line without it.
fn behind_placeholder(ctx: &Ctx<'_, '_>) -> Option<String> {
    let (no, said) = match ctx.entry.key() {
        "topic" => (None, ctx.arg),
        "suggest" => number::number(ctx.arg).map_or((None, ctx.arg), |(no, said)| (Some(no), said)),
        _ => return None,
    };
    let (first, rest) = word(trim_start(said));
    let is_it = ctx.catalog.means("plain.placeholder", first) && !trim(rest).is_empty();
    let no = no.map_or_else(String::new, |no| format!("{no} "));
    let line = format!("/{} {no}{}", ctx.name, trim(rest));
    (is_it && line.chars().count() <= LONGEST_SHOWN).then_some(line)
}

/// Where a message, from its first name on, has several commands: nothing of it is done, and they are shown to be sent one by one.
pub(super) fn several(catalog: &Catalog, whole: &str, scene: &Hearing) -> Option<Say> {
    let mut starts = vec![0];
    let mut before = '\n';
    for (at, c) in whole.char_indices() {
        let is_apart = before.is_whitespace() || matches!(before, '。' | '；' | '，');
        let rest = whole.get(at + c.len_utf8()..).unwrap_or_default();
        if at > 0 && is_apart && matches!(c, '/' | '／') && is_command(catalog, rest, scene) {
            starts.push(at);
        }
        before = c;
    }
    if starts.len() < 2 {
        return None;
    }
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(whole.len()));
    let lines = starts.iter().zip(ends).filter_map(|(&start, end)| whole.get(start..end));
    let shown = |line: &str| {
        let line = format!("/{}", trim(line).trim_start_matches(['/', '／']));
        say!("plain.two.row", line = line.chars().take(LONGEST_SHOWN).collect::<String>())
    };
    let rows: Vec<Say> = lines.take(MOST_SHOWN).map(shown).collect();
    Some(say!("plain.two", n = starts.len(), rows = Value::Lines(rows)))
}

/// Whether a name of ours stands there by itself.
fn is_command(catalog: &Catalog, rest: &str, scene: &Hearing) -> bool {
    let end = rest.char_indices().nth(LONGEST_NAME).map_or(rest.len(), |(at, _)| at);
    let rest = rest.get(..end).unwrap_or_default();
    matches!(recognise(catalog, trim_start(rest), Opening::Bare, scene), Head::Found(..))
}

/// “/我要提意见”, “/人工” in a group: what is wanted, and nothing of what it is about.
pub(super) fn wished(catalog: &Catalog, rest: &str) -> Plain {
    const LONGEST: usize = 16;
    match plain::read(catalog, rest) {
        Plain::Said(Spoken { wish: Some(wish), number, .. }) if rest.chars().count() <= LONGEST => {
            Plain::Said(Spoken { wish: Some(wish), number, ..Spoken::default() })
        }
        Plain::Said(_) | Plain::Hello | Plain::Thanks | Plain::Nothing => Plain::Nothing,
    }
}

/// “/进度 1”, “/命令”, “/修改”: no command of ours, and plain what is wanted.
pub(super) fn meant(catalog: &Catalog, head: &str, after: &str) -> Option<Command> {
    let said = fold(trim(head).trim_end_matches(|c: char| !c.is_alphanumeric()));
    if catalog.spelled("plain.as_card", &said) {
        let number = number::number(after).filter(|(_, rest)| trim(rest).is_empty());
        return match number {
            Some((no, _)) => Some(Command::TopicCard(TopicNo(no))),
            None if trim(after).is_empty() => Some(Command::TopicList(1)),
            None => None,
        };
    }
    if catalog.spelled("plain.as_help", &said) {
        return Some(Command::Help(HelpOn::Basics));
    }
    let roles =
        [Role::Resident, Role::Member, Role::Moderator, Role::Coordinator, Role::Expert, Role::Handler, Role::Admin];
    if let Some(role) = catalog.which(&roles, Role::term, &said).filter(|_| trim(after).is_empty()) {
        return Some(Command::Help(HelpOn::Role(role, 1)));
    }
    let undo = Spoken { wish: Some(Wish::Undo), ..Spoken::default() };
    catalog.spelled("plain.as_undo", &said).then_some(Command::Plain(Plain::Said(undo)))
}

/// “/投诉 楼上漏水”, “/同意 2”: words people take for commands.
pub(super) fn not_ours(catalog: &Catalog, prefix: &str, head: &str, after: &str) -> Option<Say> {
    let said = fold(head);
    let after = trim(after.trim_start_matches([':', '：']));
    if catalog.spelled("plain.complain_as", &said) {
        let text = if after.is_empty() { example_of("plain.example") } else { Value::Text(after.to_owned()) };
        return Some(say!("plain.complain.as", text = text));
    }
    let entry = catalog.entry("ballot").filter(|_| short::is_word_of_choice(catalog, &said))?;
    // A stance on a suggestion is no ballot, and no line of ours makes it one.
    if let Some((at, _)) = number::full_ref(after) {
        let bad = Value::Quote(format!("{prefix}{head}"));
        return Some(say!("e.stance", bad = bad, r#ref = at));
    }
    let (no, why) = number::number(after).map_or((String::new(), after), |(no, why)| (format!(" {no}"), why));
    if trim(why).is_empty() && catalog.means("card.support", head) {
        let line = format!("/{}{no} {head}", called(entry, head));
        return Some(say!("e.support", bad = Value::Quote(format!("{prefix}{head}")), no = no, line = line));
    }
    if !trim(why).is_empty() {
        let line = format!("/{}{no} {head}", called(entry, head));
        return Some(say!("e.stance.words", bad = Value::Quote(format!("{prefix}{head}")), line = line));
    }
    let good = format!("/{}{no} {head}", called(entry, head));
    Some(say!("e.typo", bad = Value::Quote(format!("{prefix}{head}")), good = good.trim_end()))
}
