//! 识别 — “、建议1 加一盏灯”, “/卖单 1”, “+1” in reply to a receipt: what somebody in a chat wants, or silence (commands.md §4).

mod absence;
mod accounts;
mod args;
mod brief;
mod card_reply;
mod colloquial;
mod command_table;
mod common;
mod course;
mod duty;
mod gathering;
mod hiding;
mod identity;
#[cfg(test)]
mod list_tests;
mod mandate;
mod misread;
#[cfg(test)]
mod offered;
mod people;
mod places;
pub mod plain;
mod poll;
mod process;
mod proxy;
mod report;
#[cfg(test)]
mod robustness;
mod roll;
pub mod short;
mod slip;
mod take_back;
#[cfg(test)]
mod tests;
mod tracking;
mod when;
#[cfg(test)]
mod whole;

pub use roll::{list, may_be_cut};

use super::catalog::{Catalog, Entry, PlaceKind};
use super::fold::{before, blank, fold, next, peek, strip, trim, trim_start, word};
use crate::domain::command::Command;
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::plain::Plain;
use crate::domain::kernel::say::{Say, Value};
use crate::say;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// Longest part of a hint that repeats what somebody wrote, in characters.
const MAX_GOOD: usize = 300;

/// 所在 — where and how something was said.
#[derive(Debug, Clone)]
pub struct Hearing {
    /// In a private chat (私聊).
    pub private: bool,
    /// What the quoted message of the bot is about ([`super::read_mark`]).
    pub reply: Option<Mark>,
    /// Whether it replies to a message of the bot.
    pub replied_to_bot: bool,
    /// Whether it replies to a person: then 赞成 answers what that person said.
    pub replied_to_person: bool,
    /// Names by which the bot is mentioned, without `@`.
    pub bot_names: Vec<String>,
    /// Now.
    pub now: DateTime<Utc>,
    /// Time zone of the committee.
    pub tz: Tz,
}

/// What became of a message.
#[derive(Debug)]
pub enum Parsed<'c> {
    /// Ordinary talk: not a word in answer.
    Silent,
    /// Meant for the bot.
    Heard(Heard<'c>),
}

/// A message that was meant for the bot.
#[derive(Debug)]
pub struct Heard<'c> {
    /// The command's entry, for the gate of roles and places; `None` if no command was recognised.
    pub entry: Option<&'c Entry>,
    /// The command, or what to answer instead.
    pub command: Result<Command, Say>,
    /// Written with a prefix, or as a word in reply to the bot.
    pub slashed: bool,
}

impl<'c> Heard<'c> {
    /// A command measured by the roles and places of the entry `key`. Without such an entry nothing would be measured: refused.
    fn of(catalog: &'c Catalog, key: &str, command: Command, slashed: bool) -> Self {
        let entry = catalog.entry(key);
        let command = entry.map(|_| command).ok_or_else(|| say!("e.unknown", bad = Value::Quote(key.to_owned())));
        Self { entry, command, slashed }
    }
}

/// How a message opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opening {
    /// `/` `／` `\`.
    Slash,
    /// `、`: what a Chinese keyboard makes of the slash key; too common in talk to complain about.
    Comma,
    /// `#`: mostly a hashtag; not even a misspelling is pointed out.
    Hash,
    /// `@bot`.
    Mention,
    /// Nothing, in a private chat.
    Bare,
}

/// What a command's arguments are read with.
#[derive(Clone, Copy)]
struct Ctx<'c, 's> {
    catalog: &'c Catalog,
    scene: &'s Hearing,
    entry: &'c Entry,
    /// The name it was called by, folded.
    name: &'c str,
    /// Its whole argument, as it was written.
    arg: &'s str,
}

impl Ctx<'_, '_> {
    fn example(&self) -> Value {
        Value::Term(format!("ex.{}", self.entry.key()))
    }

    fn empty(&self) -> Say {
        say!("e.empty", ex = self.example())
    }

    fn bad(&self, text: &str) -> Say {
        say!("e.bad_arg", bad = Value::Quote(text.to_owned()), ex = self.example())
    }
}

/// Reads a message.
#[must_use]
pub fn parse<'c>(catalog: &'c Catalog, text: &str, scene: &Hearing) -> Parsed<'c> {
    if let Some(Mark::Why(why)) = common::quoted(scene) {
        let answer = card_reply::answer_to(catalog, *why, text, scene.private);
        // What is no answer is said to the thing the question is about.
        let reply = scene.reply.clone().map(Mark::subject);
        return answer.map_or_else(|| parse(catalog, text, &Hearing { reply, ..scene.clone() }), Parsed::Heard);
    }
    let start = trim_start(text);
    let Some(first) = start.chars().next() else { return Parsed::Silent };
    if matches!(first, '#' | '＃')
        && let Some(rest) = ["#接龙", "# 接龙", "#接龍", "#group note"].iter().find_map(|head| strip(start, head))
    {
        return colloquial::chain(catalog, rest);
    }
    let (start, mentioned) = if matches!(first, '@' | '＠') { mention(start, scene) } else { (start, false) };
    if let Some((opening, rest)) = opening(start) {
        if let Some(heard) = colloquial::own_word(catalog, rest, scene, opening != Opening::Slash) {
            return Parsed::Heard(heard);
        }
        return command(catalog, text, rest, opening, scene);
    }
    if let Some(heard) = colloquial::reply(catalog, start, scene) {
        return Parsed::Heard(heard);
    }
    if let Some(heard) = colloquial::on_list(catalog, start, scene) {
        return Parsed::Heard(heard);
    }
    if let Some(heard) = colloquial::own_word(catalog, start, scene, true) {
        return Parsed::Heard(heard);
    }
    if let Some(heard) = colloquial::bare_choice(catalog, start, scene) {
        return Parsed::Heard(heard);
    }
    if mentioned {
        let parsed = command(catalog, start, start, Opening::Mention, scene);
        let is_no_command = matches!(&parsed, Parsed::Silent | Parsed::Heard(Heard { entry: None, .. }));
        let on_ballot = colloquial::on_ballot(catalog, start, scene).filter(|_| is_no_command);
        return on_ballot.map_or(parsed, Parsed::Heard);
    }
    let parsed = if scene.private { command(catalog, start, start, Opening::Bare, scene) } else { Parsed::Silent };
    match (parsed, colloquial::on_ballot(catalog, start, scene)) {
        (Parsed::Silent, Some(heard)) => Parsed::Heard(heard),
        (parsed, _) => parsed,
    }
}

pub use card_reply::answer_to;
pub use colloquial::alone;

/// Strips `@bot` at the start.
fn mention<'t>(text: &'t str, scene: &Hearing) -> (&'t str, bool) {
    let Some(after) = strip(text, "@") else { return (text, false) };
    let mut best: Option<&str> = None;
    for name in &scene.bot_names {
        let Some(rest) = strip(after, &fold(name)).filter(|_| !name.is_empty()) else { continue };
        let ends = !(name.is_ascii() && peek(rest).is_some_and(|c| c.is_ascii_alphanumeric() || c == '_'));
        if ends && best.is_none_or(|shortest| rest.len() < shortest.len()) {
            best = Some(rest);
        }
    }
    best.map_or((text, false), |rest| (trim_start(rest), true))
}

/// A line without the mark a command begins with.
#[must_use]
pub fn without_mark(line: &str) -> &str {
    line.trim().trim_start_matches(['/', '／', '\\', '＼', '、', '#', '＃']).trim_start()
}

/// The prefix, and what follows it.
fn opening(text: &str) -> Option<(Opening, &str)> {
    let mut chars = text.chars();
    match chars.next()? {
        '/' | '／' | '\\' | '＼' => Some((Opening::Slash, trim_start(chars.as_str()))),
        '、' => Some((Opening::Comma, chars.as_str())),
        '#' | '＃' => Some((Opening::Hash, chars.as_str())),
        _ => None,
    }
}

/// A command name was found, or is meant for another bot, or nothing.
enum Head<'c, 't> {
    Found(&'c Entry, &'c str, &'t str),
    OtherBot,
    Unknown,
}

/// “\\报名\\”, “/话题/” in a group: words between two marks of one kind are marked up, and no command.
fn is_between_marks(whole: &str, opening: Opening) -> bool {
    let text = trim(whole);
    let (first, last) = (text.chars().next(), text.chars().next_back());
    opening == Opening::Slash && first == last && text.chars().count() > 2
}

fn command<'c>(catalog: &'c Catalog, whole: &str, rest: &str, opening: Opening, scene: &Hearing) -> Parsed<'c> {
    if !scene.private && is_between_marks(whole, opening) {
        return Parsed::Silent;
    }
    match recognise(catalog, rest, opening, scene) {
        Head::OtherBot => Parsed::Silent,
        // “help me” asks for help, not how /me is written.
        Head::Found(_, _, arg) if opening == Opening::Bare && !arg.is_empty() && plain::is_cry(catalog, rest) => {
            Parsed::Silent
        }
        Head::Unknown if opening == Opening::Bare && misread::bare_list(catalog, rest).is_some() => {
            misread::bare_list(catalog, rest).map_or(Parsed::Silent, |entry| {
                let ctx = Ctx { catalog, scene, entry, name: &entry.name, arg: "" };
                let command = command_table::read(&ctx, "").map(|read| read.command);
                Parsed::Heard(Heard { entry: Some(entry), command, slashed: false })
            })
        }
        Head::Unknown if is_no_command(catalog, (trim_start(whole), rest), opening, scene) => Parsed::Silent,
        Head::Unknown => unknown(catalog, trim_start(whole), rest, opening, scene),
        Head::Found(entry, name, arg) => {
            let slashed = opening != Opening::Bare;
            let ctx = Ctx { catalog, scene, entry, name, arg };
            if !scene.private && (is_face_or_aside(&ctx, whole, rest) || is_hashtag(&ctx, opening)) {
                return Parsed::Silent;
            }
            if opening == Opening::Slash
                && entry.key() != "help"
                && let Some(say) = misread::several(catalog, trim(rest), scene)
            {
                return Parsed::Heard(Heard { entry: None, command: Err(say), slashed });
            }
            if opening == Opening::Slash
                && let Some(say) = misread::glued(&ctx, rest)
            {
                return Parsed::Heard(Heard { entry: None, command: Err(say), slashed });
            }
            if let Some(say) = misread::number_glued(&ctx) {
                return Parsed::Heard(Heard { entry: Some(entry), command: Err(say), slashed });
            }
            // “/撤回” with another line below: what stands there would be dropped.
            let is_said = entry.with_reference && take_back::begins(catalog, arg);
            if entry.bare && !arg.is_empty() && !is_said && !ends_here(catalog, entry, arg) {
                let command = Err(ctx.bad(arg));
                let is_talk = opening == Opening::Bare;
                return if is_talk {
                    Parsed::Silent
                } else {
                    Parsed::Heard(Heard { entry: Some(entry), command, slashed })
                };
            }
            let read = misread::instead(&ctx).unwrap_or_else(|| command_table::read(&ctx, arg));
            // 收到 in private is mostly talk.
            let read = read.map(|read| match read.command {
                Command::Ack { task: None, .. } if opening == Opening::Bare => {
                    command_table::Read { command: Command::Ack { task: None, is_talk: true }, ..read }
                }
                _ => read,
            });
            Parsed::Heard(match read {
                Ok(command_table::Read { of: Some(key), command }) => Heard::of(catalog, key, command, slashed),
                Ok(command_table::Read { of: None, command }) => {
                    Heard { entry: Some(entry), command: Ok(command), slashed }
                }
                Err(say) => Heard { entry: Some(entry), command: Err(say), slashed },
            })
        }
    }
}

/// “/爱心” in a group is a face, “\\帮助别人” words behind a stroke.
fn is_face_or_aside(ctx: &Ctx<'_, '_>, whole: &str, rest: &str) -> bool {
    let is_face = ctx.arg.is_empty() && ctx.catalog.spelled("word.face", ctx.name);
    let is_back = trim_start(whole).starts_with(['\\', '＼']);
    let is_glued = strip(rest, ctx.name).and_then(peek).is_some_and(|c| c.is_alphabetic() && !c.is_ascii());
    is_face || is_back && is_glued
}

/// “#报名 广场舞的姐妹找我”, “#投票 最美阳台”, “#收到”, “、顶” in a group: a hashtag or a mark before talk. A number, a time or a short remark
/// says that it is meant.
fn is_hashtag(ctx: &Ctx<'_, '_>, opening: Opening) -> bool {
    const SHORT: usize = 5;
    let arg = trim(ctx.arg);
    let is_numbered = arg.starts_with(|c: char| c.is_ascii_digit()) || super::number::task(arg).is_some();
    let is_quoting = ctx.scene.replied_to_bot;
    match (opening, ctx.entry.key()) {
        (Opening::Hash, "ack") => {
            !super::number::task(arg).is_some_and(|(_, rest)| trim(rest).is_empty()) && !is_quoting
        }
        (Opening::Hash, "join") => !is_numbered && !is_quoting && arg.chars().count() > SHORT,
        (Opening::Hash, "vote") => !is_numbered && !arg.is_empty(),
        (Opening::Hash, "event") => !is_numbered && !arg.is_empty() && !super::time::holds_time(arg),
        (Opening::Comma, "like") => arg.is_empty() && !is_quoting && ctx.name.chars().count() < 2,
        _ => false,
    }
}

/// The longest command name that may end where it does, and its argument.
fn recognise<'c, 't>(catalog: &'c Catalog, text: &'t str, opening: Opening, scene: &Hearing) -> Head<'c, 't> {
    let Some(first) = peek(text) else { return Head::Unknown };
    for name in catalog.names_from(first) {
        let Some(mut after) = strip(text, &name.folded) else { continue };
        let Some(entry) = catalog.at(name.entry) else { continue };
        match addressee(after, scene) {
            Some(Ok(rest)) => after = rest,
            Some(Err(who)) if name.folded.is_ascii() || who == Other::Bot => return Head::OtherBot,
            _ => {}
        }
        if may_end(catalog, entry, (&name.folded, name.chars), after, opening) && !is_talk(entry, after, opening, scene)
        {
            return Head::Found(entry, &name.folded, argument(after));
        }
    }
    let head = text.split(blank).next().unwrap_or_default();
    let elsewhere = head.split_once('@').and_then(|(name, _)| addressee(strip_prefix_len(head, name), scene));
    if matches!(elsewhere, Some(Err(_))) { Head::OtherBot } else { Head::Unknown }
}

fn strip_prefix_len<'t>(text: &'t str, prefix: &str) -> &'t str {
    text.strip_prefix(prefix).unwrap_or(text)
}

/// Whoever else is named right after a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Other {
    /// Its name ends as those of bots do.
    Bot,
    /// A bot, or a person.
    Account,
}

/// `@name` right after a command: `Ok(rest)` if it is this bot, `Err` if it is an account of ASCII letters that is not.
fn addressee<'t>(after: &'t str, scene: &Hearing) -> Option<Result<&'t str, Other>> {
    strip(after, "@")?;
    if let (rest, true) = mention(after, scene) {
        return Some(Ok(rest));
    }
    let name = fold(strip(after, "@")?.split(|c: char| blank(c)).next()?);
    let name = name.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
    match name {
        "" => None,
        name if name.ends_with("bot") => Some(Err(Other::Bot)),
        _ => Some(Err(Other::Account)),
    }
}

/// Whether a name may end here (rule 3; rule 7 for private chats).
fn may_end(catalog: &Catalog, entry: &Entry, (name, chars): (&str, usize), after: &str, opening: Opening) -> bool {
    let c = peek(after);
    let clear = c.is_none_or(|c| c == ' ' || c == '\n');
    let digit = c.is_some_and(|c| c.is_ascii_digit());
    // “/撤回 附议一下” is asked back, not unheard of.
    let is_said = opening == Opening::Slash && entry.with_reference && take_back::begins(catalog, after);
    if entry.bare && !is_said && !ends_here(catalog, entry, after) {
        return false;
    }
    if opening == Opening::Bare {
        return clear || digit || entry.key() == "notice" && process::says_how_long(catalog, after);
    }
    if chars == 1 {
        return clear || digit || c == Some(':');
    }
    !(name.is_ascii() && c.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-')))
}

/// Whether the line ends here, or goes on with nothing but a reference where one may stand.
fn ends_here(catalog: &Catalog, entry: &Entry, after: &str) -> bool {
    let Some(line) = after.lines().next().map(trim) else { return true };
    if !line.is_empty() && after.lines().nth(1).is_some() {
        return false;
    }
    let is_reference = || {
        let is_full = super::number::full_ref(line).is_some_and(|(_, rest)| trim(rest).is_empty());
        is_full || super::number::whole_number(line).is_some()
    };
    let is_attendance = || {
        let (first, rest) = word(line);
        catalog.spelled("word.signin", &fold(first)) && trim(rest).chars().all(|c| c.is_numeric())
    };
    line.is_empty() || entry.with_reference && (is_reference() || is_attendance() || take_back::is_named(catalog, line))
}

/// “、建议先问问街道”, “#公示# 今天贴出来了”, “#我是东风路人” in a group: behind a mark that begins talk as well, a name is one only where
/// it stands apart, or a number follows for whom it may be.
fn is_talk(entry: &Entry, after: &str, opening: Opening, scene: &Hearing) -> bool {
    let is_loose = matches!(opening, Opening::Comma | Opening::Hash);
    let c = peek(after);
    // A hashtag is often followed by a colon.
    let is_parted = opening == Opening::Comma && c == Some(':');
    let stands_apart = is_parted || c.is_none_or(|c| c == ' ' || c == '\n');
    // “、附议1楼大姐的话”: no number of ours goes on so.
    let ends = super::number::number(after).is_some() || super::number::full_ref(after).is_some();
    let is_numbered = c.is_some_and(|c| c.is_ascii_digit()) && ends && entry.allowed_in(PlaceKind::Group);
    is_loose && !scene.private && !stands_apart && !is_numbered
}

/// “/微笑”, “/shrug”, “/:rose”, “//转发”, “/1”, “/ 楼上说得对” in a group: a face that a messenger writes in letters, a mark, words behind a
/// mark.
fn is_no_command(catalog: &Catalog, (whole, rest): (&str, &str), opening: Opening, scene: &Hearing) -> bool {
    let (head, _) = first_part(rest);
    if opening != Opening::Slash || scene.private {
        return false;
    }
    // /强/强/强.
    let is_face = || {
        let few = |part: &str| part.chars().filter(|c| c.is_alphanumeric()).count() < 2;
        fold(head).split('/').all(|part| few(part) || catalog.spelled("word.face", part))
    };
    let is_mark = !head.starts_with(char::is_alphabetic) || head.chars().filter(|c| c.is_alphanumeric()).count() < 2;
    let stands_apart = before(whole, rest).ends_with(char::is_whitespace);
    let is_mistyped = || {
        near(catalog, &fold(head)).is_some()
            || catalog.homophones().iter().any(|name| strip(rest, &name.folded).is_some())
    };
    is_mark || is_face() || (stands_apart && !is_mistyped())
}

/// The argument after a name: without the blanks and the one colon between them, or the stop that dictation sets there, otherwise as it
/// was written.
fn argument(after: &str) -> &str {
    let text = trim_start(after);
    let text = strip(text, ":").unwrap_or(text);
    trim_start(text.strip_prefix(['。', '，']).unwrap_or(text)).trim_end()
}

/// No command: a hint for a misspelling, a word about /帮助, or silence (rule 8).
fn unknown<'c>(catalog: &'c Catalog, whole: &str, rest: &str, opening: Opening, scene: &Hearing) -> Parsed<'c> {
    if matches!(opening, Opening::Bare | Opening::Hash) || !rest.chars().any(char::is_alphanumeric) {
        return Parsed::Silent;
    }
    let prefix = before(whole, rest);
    let heard = |say| Parsed::Heard(Heard { entry: None, command: Err(say), slashed: true });
    for name in catalog.homophones() {
        if let (Some(after), Some(entry)) = (strip(rest, &name.folded), catalog.at(name.entry)) {
            return heard(typo(prefix, before(rest, after), after, entry));
        }
    }
    if opening == Opening::Comma {
        return Parsed::Silent;
    }
    if let Some((key, help)) = misread::how_of_short(catalog, rest) {
        return Parsed::Heard(Heard::of(catalog, key, help, true));
    }
    let (head, after) = first_part(rest);
    if let Some(say) = misread::not_ours(catalog, prefix, head, after) {
        return heard(say);
    }
    if let Some(command) = misread::meant(catalog, head, after) {
        return Parsed::Heard(Heard::of(catalog, "help", command, true));
    }
    if is_denied(catalog, &fold(head)) {
        return heard(say!("e.denied", bad = Value::Quote(format!("{prefix}{head}"))));
    }
    if let Some(entry) = near(catalog, &fold(head)) {
        return heard(typo(prefix, head, after, entry));
    }
    let said = if scene.private { plain::read(catalog, rest) } else { misread::wished(catalog, rest) };
    match said {
        Plain::Nothing => heard(say!("e.unknown", bad = Value::Quote(format!("{prefix}{head}")))),
        said @ (Plain::Hello | Plain::Thanks | Plain::Said(_)) => {
            Parsed::Heard(Heard::of(catalog, "help", Command::Plain(said), true))
        }
    }
}

/// Up to the first blank, colon or digit.
fn first_part(text: &str) -> (&str, &str) {
    let mut rest = text;
    while let Some((c, after)) = next(rest) {
        if c == ' ' || c == '\n' || c == ':' || c.is_ascii_digit() {
            break;
        }
        rest = after;
    }
    (before(text, rest), rest)
}

/// The name of a command in the script somebody writes.
fn called<'c>(entry: &'c Entry, written: &str) -> &'c str {
    if written.is_ascii() { entry.key() } else { &entry.name }
}

/// 您是不是想发 — the same line with the right name.
fn typo(prefix: &str, head: &str, after: &str, entry: &Entry) -> Say {
    let name = called(entry, head);
    let after = after.trim_end();
    // A line without what was written behind it would do something else.
    if entry.bare && !trim(after).is_empty() {
        let bad = Value::Quote(format!("{prefix}{head}{after}"));
        return say!("e.bare", bad = bad, usage = Value::Term(format!("usage.{}", entry.key())));
    }
    let good = if after.chars().count() > MAX_GOOD { format!("/{name}") } else { format!("/{name}{after}") };
    say!("e.typo", bad = Value::Quote(format!("{prefix}{head}")), good = good)
}

/// 不附议, 取消附议: a no before a name is no misspelling of it.
fn is_denied(catalog: &Catalog, head: &str) -> bool {
    let behind = |word: &String| head.strip_prefix(word.as_str()).is_some_and(|name| catalog.find(name).is_some());
    catalog.spellings("plain.no").iter().any(behind)
}

/// The one command whose name differs by at most one character; `None` if there are several or none.
fn near<'c>(catalog: &'c Catalog, head: &str) -> Option<&'c Entry> {
    let head: Vec<char> = head.chars().take(12).collect();
    let mut found: Option<usize> = None;
    // The name is right, what follows it is not: 撤回 is no 退回.
    if let Some(own) = catalog.all_names().find(|name| name.folded.chars().eq(head.iter().copied())) {
        return catalog.at(own.entry);
    }
    if is_denied(catalog, &head.iter().collect::<String>())
        || catalog.spelled("plain.other_word", &head.iter().collect::<String>())
    {
        return None;
    }
    for name in catalog.all_names() {
        let shortest = if name.folded.is_ascii() { 4 } else { 2 };
        if name.chars < shortest || !within_one(&head, &name.folded) {
            continue;
        }
        if found.is_some_and(|other| other != name.entry) {
            return None;
        }
        found = Some(name.entry);
    }
    catalog.at(found?)
}

/// Edit distance at most one.
fn within_one(a: &[char], b: &str) -> bool {
    let b: Vec<char> = b.chars().collect();
    let (short, long) = if a.len() <= b.len() { (a, b.as_slice()) } else { (b.as_slice(), a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let skip = usize::from(long.len() == short.len());
    let tail = |chars: &[char], from: usize| chars.get(from..).map(<[char]>::to_vec).unwrap_or_default();
    tail(short, same + skip) == tail(long, same + 1)
}
