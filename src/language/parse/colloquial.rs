//! 口语 — “附议”, “+1”, “赞成” in reply to the bot; “赞成” alone while one poll is open; a pasted 接龙.

use super::common::place_in;
use super::common::{quoted, topic_of};
use super::take_back::{self, Done};
use super::{Heard, Hearing, Parsed, card_reply, poll, roll, short};
use crate::domain::command::Command;
use crate::domain::kernel::ids::{GatheringNo, SuggestionRef, TopicNo};
use crate::domain::kernel::mark::{Mark, Why};
use crate::domain::kernel::place::{flat_before, flat_run, same_bearer};
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Value, example_of};
use crate::domain::people::undoable::Ask as Back;
use crate::domain::process::hiding;
use crate::domain::talk::chain::Chain;
use crate::domain::talk::gathering::{Ask as Gathering, Coming, SignUp};
use crate::domain::vote::absence;
use crate::domain::vote::poll::filling::Spoken;
use crate::language::catalog::Catalog;
use crate::language::fold::{clause, fold, next, trim, trim_start, word};
use crate::language::number;
use crate::say;

/// Longest word that is looked at, in characters; more is talk.
const MAX_WORD: usize = 12;
/// Longest line in private, and in reply to nothing, that may be a ballot, in characters.
const MAX_ALONE: usize = 40;
/// Most lines of a 接龙 that are read.
const MAX_CHAIN: usize = 500;
/// Most lines of a 接龙 of which it is told that they are nobody.
const MAX_NOBODY: usize = 20;

/// A word in reply to a message of the bot (rule 7).
pub(super) fn reply<'c>(catalog: &'c Catalog, text: &str, scene: &Hearing) -> Option<Heard<'c>> {
    let mark = quoted(scene)?;
    if let Mark::Proposal(no) = mark {
        return super::brief::about_proposal(catalog, *no, text);
    }
    if *mark == Mark::Claims && catalog.means("word.confirm_all", trim(text)) {
        return Some(Heard::of(catalog, "confirm", Command::SettleClaims, true));
    }
    let (first, note) = match mark {
        Mark::Topic(_) | Mark::Suggestion(_) => match clause_of(text) {
            (first, note) if super::common::is_courtesy(catalog, note) => (first, ""),
            parted => parted,
        },
        _ => word(text),
    };
    if first.chars().count() > MAX_WORD {
        return None;
    }
    let said = fold(trim(first).trim_end_matches(['。', '.', '！', '!', '～', '~']));
    let alone = trim(note).is_empty();
    let is = |key: &str| catalog.spelled(key, &said);
    if let Mark::Task(no) = mark {
        return card_reply::about_task(catalog, *no, text);
    }
    if let Some(ask) = about_own_words(catalog, mark, text, scene) {
        return Some(Heard::of(catalog, "undo", Command::Hide(ask), true));
    }
    if let Some(ask) = about_recusal(catalog, mark, text) {
        return Some(Heard::of(catalog, "contest", Command::Absence(ask), true));
    }
    if let Some(ask) = taken_back(catalog, mark, text, scene) {
        return Some(Heard::of(catalog, "undo", Command::TakeBack(ask), true));
    }
    if let Some(heard) = card_reply::against(catalog, mark, text, scene.private) {
        return Some(heard);
    }
    let (plus, like) = (is("word.plus"), is("word.like"));
    // “second it” is one word for it, as “附议” is.
    let supports = catalog.means("card.support", text) || !scene.private && catalog.means("card.agree", text);
    if !supports && let Some(heard) = more_than_asked(catalog, mark, (&said, note)) {
        return Some(heard);
    }
    let (key, command) = match mark {
        Mark::Gathering(no)
            if is("word.join")
                && (alone || catalog.means("word.unable", note) || !card_reply::is_doubted(catalog, note)) =>
        {
            ("join", place_in(catalog, Some(*no), note))
        }
        Mark::Claim(no) if is("word.confirm") => {
            ("confirm", Command::SettleClaim { claim: Some(*no), is_right: true, place: fold(trim(note)) })
        }
        Mark::Gathering(no) if !(alone && (plus || is("word.unable") || scene.private && is("word.deny"))) => {
            return card_reply::about_gathering(catalog, *no, text);
        }
        Mark::Topic(no) if supports => ("second", Command::Second(Some(*no))),
        Mark::Suggestion(at) if supports => ("like", Command::Like(Some(SuggestionArg::Full(*at)))),
        _ if !alone => return None,
        Mark::Claim(no) if is("word.deny") => {
            ("confirm", Command::SettleClaim { claim: Some(*no), is_right: false, place: String::new() })
        }
        Mark::Gathering(no) if scene.private && is("word.deny") => {
            ("undo", Command::Gathering(Gathering::NotThere { gathering: Some(*no), who: None }))
        }
        Mark::Gathering(no) if plus => ("join", place_in(catalog, Some(*no), "")),
        Mark::Gathering(no) if is("word.unable") => ("decline", place_in(catalog, Some(*no), text)),
        Mark::Suggestion(at) if plus || like => ("like", Command::Like(Some(SuggestionArg::Full(*at)))),
        // Which one of the list is not for us to guess.
        Mark::Suggestions(no) if plus || like => {
            let which = say!("e.which_sug", no = *no);
            return Some(Heard { entry: catalog.entry("like"), command: Err(which), slashed: true });
        }
        Mark::Topic(no) if plus || like || is("word.second") => ("second", Command::Second(Some(*no))),
        Mark::Suggestions(no) if is("word.second") => ("second", Command::Second(Some(*no))),
        Mark::Suggestion(at) if is("word.second") => ("second", Command::Second(Some(at.topic))),
        Mark::Poll { topic, .. } if is("word.second") => ("second", Command::Second(Some(*topic))),
        _ => return None,
    };
    Some(Heard::of(catalog, key, command, true))
}

/// The first word, without what stands behind a mark inside it: 附议！这灯真该修.
fn clause_of(text: &str) -> (&str, &str) {
    let (first, rest) = word(text);
    let is_mark = |c: char| matches!(c, '，' | ',' | '。' | '！' | '!' | '；' | ';' | '～' | '~' | '：' | ':' | '、');
    let parted = first.find(is_mark).filter(|at| *at > 0).and_then(|at| first.split_at_checked(at));
    let Some((before, _)) = parted.filter(|(_, behind)| behind.contains(char::is_alphanumeric)) else {
        return (first, rest);
    };
    let from = text.find(before).map_or(0, |at| at + before.len());
    (before, text.get(from..).unwrap_or_default().trim_start_matches(is_mark))
}

/// “附议”, “附议 2”, “报名 2”, “跟帖 1-1 不错” in reply to a list of ours, a paper or the help, which is about no one thing: done where the
/// number is written, else asked back. In the list of suggestions “+1 2” is the second of them.
pub(super) fn on_list<'c>(catalog: &'c Catalog, text: &str, scene: &Hearing) -> Option<Heard<'c>> {
    let list = match (&scene.reply, scene.replied_to_bot) {
        (None, true) => None,
        (Some(Mark::Suggestions(no)), true) => Some(*no),
        (_, _) => return None,
    };
    let (first, rest) = word(text);
    let said = fold(trim(first).trim_end_matches(['。', '.', '！', '!', '～', '~']));
    let rest = trim(rest);
    let is = |key: &str| catalog.spelled(key, &said);
    let is_numbered = number::full_ref(rest).is_some() || number::number(rest).is_some();
    if first.chars().count() > MAX_WORD || !(rest.is_empty() || is_numbered) {
        return None;
    }
    let asked = |key| Some(Heard { entry: catalog.entry(key), command: Err(say!("e.second_which")), slashed: true });
    let key = match () {
        // Which one of those it speaks of is not for us to guess.
        () if is("word.second") && list.is_none() && rest.is_empty() => return asked("second"),
        () if is("word.second") => "second",
        () if is("word.join") => "join",
        () if is("word.like") || list.is_some() && is("word.plus") => "like",
        () if is("back.word.reply") && is_numbered => "reply",
        // Alone under a paper that speaks of several, it is talk.
        () if is("word.plus") && is_numbered => {
            let say = say!("e.plus_which", n = rest);
            return Some(Heard { entry: catalog.entry("second"), command: Err(say), slashed: true });
        }
        () => return None,
    };
    let entry = catalog.entry(key)?;
    // “+1 2” under the suggestions of a topic: the second of them.
    let of_list = list.filter(|_| key == "like" && number::full_ref(rest).is_none());
    let arg = match (of_list, number::digits(rest)) {
        (Some(no), Some((n, more))) => format!("{}-{n}{more}", no.0),
        (_, _) => rest.to_owned(),
    };
    let ctx = super::Ctx { catalog, scene, entry, name: &entry.name, arg: &arg };
    let read = super::command_table::read(&ctx, &arg);
    Some(match read {
        Ok(super::command_table::Read { of: Some(key), command }) => Heard::of(catalog, key, command, true),
        Ok(super::command_table::Read { of: None, command }) => {
            Heard { entry: Some(entry), command: Ok(command), slashed: true }
        }
        Err(say) => Heard { entry: Some(entry), command: Err(say), slashed: true },
    })
}

/// “附议 但要快”, “附议附议”, “+1 但是要快”, “报名2人”, “+2”: what is said is done, or asked back where more is said than can be.
fn more_than_asked<'c>(catalog: &'c Catalog, mark: &Mark, (said, note): (&str, &str)) -> Option<Heard<'c>> {
    const LONGEST: usize = 30;
    let is = |key: &str, said: &str| catalog.spelled(key, said);
    let alone = trim(note).is_empty();
    if let (Mark::Gathering(no), true) = (mark, alone) {
        let joins = catalog.spellings("word.join").iter().filter_map(|word| said.strip_prefix(word.as_str()));
        let many = joins.chain(said.strip_prefix('+')).filter(|rest| {
            let figure = rest.trim_end_matches(['人', '位', '个']);
            figure.parse::<u8>().is_ok_and(|n| n > 0) || ["两", "俩", "二", "三", "四", "五"].contains(&figure)
        });
        let note = many.min_by_key(|rest| rest.len()).filter(|_| !is("word.plus", said))?;
        // “报名+1” may be one, or one besides.
        if let (Some(more), false) = (note.strip_prefix('+'), said.starts_with('+')) {
            let n: u32 = more.trim_end_matches(['人', '位', '个']).parse().ok()?;
            let entry = catalog.entry("join")?;
            let (bad, line) = (Value::Quote(said.to_owned()), format!("/{} {}", entry.name, no.0));
            let say = say!("e.join_glued", bad = bad, n = n, all = n.saturating_add(1), line = line);
            return Some(Heard { entry: Some(entry), command: Err(say), slashed: true });
        }
        // “+2” may be two, or two besides: it is noted as it was said.
        let note = match () {
            () if said.starts_with('+') => said.to_owned(),
            () if note.ends_with(['人', '位', '个']) => note.to_owned(),
            () => format!("{note}人"),
        };
        return Some(Heard::of(catalog, "join", place_in(catalog, Some(*no), &note), true));
    }
    let (key, line) = match mark {
        Mark::Topic(no) if is("word.second", said) || is("word.plus", said) => ("second", no.0.to_string()),
        Mark::Suggestion(at) if is("word.plus", said) || is("word.like", said) => {
            ("like", format!("{}-{}", at.topic.0, at.n))
        }
        Mark::Topic(no) if alone => {
            // 附议附议, 附议+1.
            let parts = || said.char_indices().skip(1).filter_map(|(at, _)| said.split_at_checked(at));
            let is_yes = |one: &str| is("word.second", one) || is("word.plus", one);
            let is_twice = parts().any(|(one, other)| is("word.second", one) && is_yes(other));
            return is_twice.then(|| Heard::of(catalog, "second", Command::Second(Some(*no)), true));
        }
        _ => return None,
    };
    if alone || note.chars().count() > LONGEST || super::common::is_courtesy(catalog, note) {
        return None;
    }
    let entry = catalog.entry(key)?;
    let name = if said.is_ascii() && note.is_ascii() { entry.key() } else { entry.name.as_str() };
    let say = say!("e.behind", bad = Value::Quote(trim(note).to_owned()), line = format!("/{name} {line}"));
    Some(Heard { entry: Some(entry), command: Err(say), slashed: true })
}

/// “不附议了”, “不赞了”, “撤回” and nothing else, in reply to what it is about.
fn taken_back(catalog: &Catalog, mark: &Mark, text: &str, scene: &Hearing) -> Option<Back> {
    let said = trim(trim(text).trim_end_matches(['。', '.', '！', '!', '～', '~']));
    if catalog.means("back.word.here", said) {
        return Some(Back::Here);
    }
    // “-1”: the “+1” is taken back.
    let unsaid = match (take_back::unsaid(catalog, said), mark) {
        (None, Mark::Topic(_)) if catalog.means("word.minus", said) => Some(Done::Second),
        (None, Mark::Suggestion(_)) if catalog.means("word.minus", said) => Some(Done::Like),
        (unsaid, _) => unsaid,
    };
    if unsaid? == Done::Second {
        return topic_of(scene).map(|no| Back::Second(Some(no)));
    }
    let Mark::Suggestion(at) = mark else { return None };
    Some(Back::Like(Some(SuggestionArg::Full(*at))))
}

/// “不回避 理由” in reply to what tells of a recusal, as that says.
fn about_recusal(catalog: &Catalog, mark: &Mark, text: &str) -> Option<absence::Ask> {
    let (first, reason) = clause(text);
    let topic = match mark {
        Mark::Topic(no) | Mark::Poll { topic: no, .. } => *no,
        _ => return None,
    };
    let is_it = catalog.spelled("word.contest_alone", &fold(trim(first)));
    is_it.then(|| absence::Ask::Contest { topic: Some(topic), reason: trim(reason).to_owned() })
}

/// In reply to the letter that something was written down for one, or to the thing itself. In private, where nothing else is asked by
/// such a letter, a bare 是 or 不是 will do.
fn about_own_words(catalog: &Catalog, mark: &Mark, text: &str, scene: &Hearing) -> Option<hiding::Ask> {
    let is_mine = is_mine(catalog, text);
    let short = || {
        let said = fold(trim(trim(text).trim_end_matches(['。', '.', '！', '!', '～', '~'])));
        let (yes, no) = (catalog.spelled("word.own_yes", &said), catalog.spelled("word.deny", &said));
        (scene.private && (yes || no)).then_some(yes)
    };
    match (mark, is_mine.or_else(short)?) {
        (Mark::Suggestion(at), is_mine) => Some(said_of(is_mine, Some(*at))),
        (Mark::Topic(no), false) if scene.private => Some(hiding::Ask::DisownTopic(*no)),
        _ => None,
    }
}

fn said_of(is_mine: bool, at: Option<SuggestionRef>) -> hiding::Ask {
    if is_mine { hiding::Ask::Own(at) } else { hiding::Ask::Disown(at) }
}

/// “这不是我说的”, “是我说的”, which are several words in English; `Some(true)` = theirs.
fn is_mine(catalog: &Catalog, text: &str) -> Option<bool> {
    const LONGEST: usize = 40;
    let said = trim(text).trim_end_matches(['。', '.', '！', '!', '～', '~', '，', ',']);
    if said.chars().count() > LONGEST {
        return None;
    }
    match fold(trim(said)) {
        said if catalog.spelled("word.not_mine", &said) => Some(false),
        said if catalog.spelled("word.mine", &said) => Some(true),
        _ => None,
    }
}

/// “是我说的 1-6”, “1-6不是我说的”, “不是我提的 4号”, “不是我说的”, in reply to nothing.
fn whose_written<'c>(catalog: &'c Catalog, text: &str) -> Option<Heard<'c>> {
    let text = trim(text);
    let heard = |ask| Some(Heard::of(catalog, "undo", Command::Hide(ask), true));
    if let Some(is_mine) = is_mine(catalog, text) {
        return heard(said_of(is_mine, None));
    }
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (before, numbered) = text.split_at_checked(start)?;
    if let Some((at, rest)) = number::full_ref(numbered) {
        let said = if before.is_empty() { rest } else { trim(rest).is_empty().then_some(before)? };
        return heard(said_of(is_mine(catalog, said)?, Some(at)));
    }
    let (no, rest) = number::number(numbered)?;
    let said = if before.is_empty() { rest } else { trim(rest).is_empty().then_some(before)? };
    (!is_mine(catalog, said)?).then_some(())?;
    heard(hiding::Ask::DisownTopic(TopicNo(no)))
}

/// “1,3”, “丙,甲”, “反对 挡了光” in reply to the card of a poll: what it means there is for the poll to say.
pub(super) fn on_ballot<'c>(catalog: &'c Catalog, text: &str, scene: &Hearing) -> Option<Heard<'c>> {
    let Mark::Poll { topic, .. } = quoted(scene)? else { return None };
    Some(Heard::of(catalog, "ballot", poll::fill(catalog, Some(*topic), text, Spoken::Card), true))
}

/// “赞成”, “1” in private, in reply to nothing or to a letter about a topic: a ballot, if there is one vote it can be for. Only what is
/// nothing else comes here.
#[must_use]
pub fn alone<'c>(catalog: &'c Catalog, text: &str, scene: &Hearing) -> Option<Heard<'c>> {
    let topic = match &scene.reply {
        None => None,
        Some(Mark::Topic(no) | Mark::Why(Why::Against(no))) => Some(*no),
        Some(
            Mark::Poll { .. }
            | Mark::Suggestions(_)
            | Mark::Suggestion(_)
            | Mark::Objection(_)
            | Mark::Gathering(_)
            | Mark::Task(_)
            | Mark::Why(Why::Task(_) | Why::Proposal(_))
            | Mark::Brief(_)
            | Mark::Proposal(_)
            | Mark::Slip(_)
            | Mark::Claim(_)
            | Mark::Claims,
        ) => return None,
    };
    let is_one = scene.private && !text.trim().is_empty() && text.chars().count() <= MAX_ALONE;
    is_one.then(|| Heard::of(catalog, "ballot", poll::fill(catalog, topic, text, Spoken::Alone), false))
}

/// 是, 不是, 不是我 and nothing else, in private and in reply to nothing, or a word of doubt in reply to the letter about a claim: what it
/// answers is asked back.
pub(super) fn own_word<'c>(catalog: &'c Catalog, text: &str, scene: &Hearing, is_talk: bool) -> Option<Heard<'c>> {
    let is_of_something_else = scene.reply.as_ref().is_some_and(|mark| !matches!(mark, Mark::Claim(_)));
    if !scene.private || is_of_something_else || text.len() > 4 * MAX_WORD {
        return None;
    }
    if let Some(heard) = whose_written(catalog, text) {
        return Some(heard);
    }
    let said = fold(trim(text).trim_end_matches(['。', '.', '！', '!', '～', '~', '，', ',']));
    let is_right = catalog.spelled("word.own_yes", &said);
    let is_one = is_right || catalog.spelled("word.own_no", &said);
    is_one.then(|| Heard::of(catalog, "confirm", Command::ClaimWord { is_right, is_talk }, !is_talk))
}

/// 赞成, 反对 or 弃权 and not a mark more, in a group.
pub(super) fn bare_choice<'c>(catalog: &'c Catalog, text: &str, scene: &Hearing) -> Option<Heard<'c>> {
    let is_on_card = matches!(quoted(scene), Some(Mark::Poll { .. }));
    if scene.private || scene.replied_to_person || is_on_card || text.len() > 4 * MAX_WORD {
        return None;
    }
    let said = trim(text);
    let choice = short::printed(catalog, said)?;
    if scene.replied_to_bot && scene.reply.is_none() {
        // It is meant for something else than the one poll that may be open: an old receipt, a paper that speaks of several.
        let refusal = Err(say!("e.which_vote", ex = example_of("ex.ballot")));
        return Some(Heard { command: refusal, ..Heard::of(catalog, "ballot", Command::BareChoice(choice), true) });
    }
    Some(Heard::of(catalog, "ballot", Command::BareChoice(choice), false))
}

/// A pasted WeChat 接龙 (rule 13): numbered lines are sign-ups, “例” lines are not. People type such lists by hand as well: “1)”, “①”,
/// “1️⃣”, a note in brackets or right behind the name.
pub(super) fn chain<'c>(catalog: &'c Catalog, text: &str) -> Parsed<'c> {
    let mut lines: Vec<SignUp> = Vec::new();
    let mut nobody: Vec<String> = Vec::new();
    let mut title: Vec<&str> = Vec::new();
    let written = items_apart(text);
    let items: Vec<String> = written
        .iter()
        .filter_map(|line| numbered(line))
        .filter(|item| !item.starts_with('例'))
        .map(flat_first)
        .collect();
    // A list by flats keeps them; where only some bear one, it is what they call themselves in the group.
    let by_flats = items.iter().all(|item| !flat_before(item).0.is_empty());
    for line in &written {
        let line = trim(line);
        let is_first = lines.is_empty();
        let Some(item) = numbered(line) else {
            if is_first && !line.starts_with('例') {
                title.push(line);
            }
            continue;
        };
        if let Some(several) = roll::several(item).filter(|_| !item.starts_with('例')) {
            let new = |name: &String| !lines.iter().any(|other: &SignUp| same_bearer(&other.name, name));
            let fresh: Vec<String> = several.into_iter().filter(new).collect();
            lines.extend(fresh.into_iter().map(|name| SignUp { name, note: String::new(), comes: Coming::Yes }));
            lines.truncate(MAX_CHAIN);
            continue;
        }
        let item = flat_first(item);
        let (flat, bare) = flat_before(&item);
        let (name, note) = name_and_note(bare);
        if item.starts_with('例') || catalog.means("word.unable", name) {
            continue;
        }
        let (name, note) = said_behind(catalog, name, note);
        let is_telephone = !item.contains(char::is_alphabetic) && item.chars().filter(char::is_ascii_digit).count() > 6;
        if is_nobody(catalog, flat, name) && is_off(catalog, note) {
            continue;
        }
        if is_nobody(catalog, flat, name) || is_telephone || is_question(catalog, &item) {
            if nobody.len() < MAX_NOBODY {
                nobody.push(item.clone());
            }
            continue;
        }
        let comes = coming(catalog, note);
        // A flower behind a name is none of it.
        let plain = name.trim_matches(|c: char| !c.is_alphanumeric());
        let name = if plain.is_empty() { name } else { plain };
        let (name, company) = with_company(name, note);
        let note = company.as_str();
        let name = if by_flats { format!("{flat}{name}") } else { name.to_owned() };
        // The same name twice is one person; a note is not lost.
        if let Some(known) = lines.iter_mut().find(|other| same_bearer(&other.name, &name)) {
            known.comes = known.comes.max(comes);
            if known.note.is_empty() {
                known.note = note.to_owned();
            }
        } else if lines.len() < MAX_CHAIN {
            lines.push(SignUp { name, note: note.to_owned(), comes });
        }
    }
    // What is asked, wished for or sold in numbered lines is no list of people.
    let are_placeholders = || nobody.iter().all(|item| !is_question(catalog, item) && item.chars().count() <= MAX_WORD);
    if lines.is_empty() && (nobody.is_empty() || !are_placeholders()) {
        return Parsed::Silent;
    }
    let title = title.join(" ");
    let gathering = title.split_once("活动").and_then(|(_, rest)| number::digits(rest));
    let gathering = gathering.filter(|(_, rest)| rest.starts_with('号')).or_else(|| {
        let said = title.to_lowercase();
        said.split_once("event ").and_then(|(_, rest)| number::digits(rest).map(|(no, _)| (no, "")))
    });
    let gathering = gathering.map(|(no, _)| GatheringNo(no));
    let chain = Chain { title: trim(&title).to_owned(), gathering, lines, nobody };
    Parsed::Heard(Heard::of(catalog, "join", Command::Chain(chain), true))
}

/// The lines of a list, one item on each: “1.李德福 2.吴秀珍” are two, and so is what stands behind a title on its line.
fn items_apart(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut rest = trim(line);
        if rest.starts_with('例') {
            found.push(rest);
            continue;
        }
        let mut next = item_no(rest).map_or(1, |n| n + 1);
        while let Some(at) = item_within(rest, next) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            found.push(trim(before));
            (rest, next) = (after, next + 1);
        }
        found.push(rest);
    }
    found
}

/// The number an item begins with: 1. 2、 ③ 四、.
fn item_no(text: &str) -> Option<u32> {
    let first = text.chars().next()?;
    match first {
        '①'..='⑳' => Some(u32::from(first) - 0x245F),
        '⑴'..='⒇' => Some(u32::from(first) - 0x2473),
        _ => {
            let (n, rest) = number::digits(text).or_else(|| number::chinese(text))?;
            rest.starts_with(['.', '、', ')', '）', '．']).then_some(n)
        }
    }
}

/// Where the item of this number begins inside a line: behind a blank, or glued behind a name (1.李德福2.吴秀珍).
fn item_within(line: &str, n: u32) -> Option<usize> {
    let is_item = |&(at, c): &(usize, char)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let rest = line.get(at..).unwrap_or_default();
        let is_apart = before.is_some_and(char::is_whitespace);
        let is_glued = before.is_some_and(|c| c.is_alphabetic()) && c.is_ascii_digit() && n > 1;
        let is_ring = matches!(c, '①'..='⑳' | '⑴'..='⒇');
        let behind =
            || rest.trim_start_matches(|c: char| c.is_ascii_digit() || number::chinese(&c.to_string()).is_some());
        let is_time = || behind().chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        (is_ring || is_apart || is_glued) && item_no(rest) == Some(n) && (is_ring || !is_time())
    };
    line.char_indices().skip(1).find(is_item).map(|(at, _)| at)
}

/// 李德福请假, 李德福不参加: what is glued behind a name is said of them.
fn said_behind<'t>(catalog: &Catalog, name: &'t str, note: &'t str) -> (&'t str, &'t str) {
    let is_said = |said: &str| {
        let said = fold(said);
        let is = |key: &str| catalog.spelled(key, &said) || catalog.spelled(key, &format!("{said}了"));
        said.chars().count() > 1 && (is("word.unable") || is("word.absent") || is("word.unsure"))
    };
    let starts = name.char_indices().skip(1).map(|(at, _)| at);
    let mut parts = starts.filter_map(|at| name.split_at_checked(at));
    match parts.find(|(_, said)| note.is_empty() && is_said(said)) {
        Some((name, said)) => (trim(name), said),
        None => (name, note),
    }
}

/// 张桂英等3人, 李德福一家三口, 李德福两口子: a name, and how many come with it.
fn with_company<'t>(name: &'t str, note: &str) -> (&'t str, String) {
    const COUPLE: &[&str] = &["两口子", "夫妻俩", "夫妻", "夫妇俩", "夫妇", "一家人", "全家人", "一家", "全家"];
    const BEFORE: [&str; 6] = ["等", "一家", "全家", "一共", "共", "家"];
    const COUNTS: &[&str] = &["个人", "口子", "口人", "人", "口", "位"];
    // 张桂英等 3人: the figure stands apart already.
    let (bare, figure) = match note.starts_with(|c: char| c.is_ascii_digit()) {
        true => (name, note),
        false if note.is_empty() => {
            let cut = COUNTS.iter().find_map(|count| name.strip_suffix(count));
            let bare = cut.map(|cut| cut.trim_end_matches(|c| "一二两三四五六七八九十几俩".contains(c)));
            let counted = bare.filter(|bare| cut.is_some_and(|cut| cut.len() > bare.len()));
            match counted.or_else(|| COUPLE.iter().find_map(|couple| name.strip_suffix(couple))) {
                Some(bare) => (bare, name.strip_prefix(bare).unwrap_or_default()),
                None => return (name, note.to_owned()),
            }
        }
        false => return (name, note.to_owned()),
    };
    let short = BEFORE.iter().find_map(|before| bare.strip_suffix(before)).unwrap_or(bare);
    match short.chars().count() > 1 {
        true => (short, format!("{}{figure}", bare.strip_prefix(short).unwrap_or_default())),
        false => (name, note.to_owned()),
    }
}

/// 待定, 占位, 匿名, 我, a telephone number, an address on the web: what stands on a line and is nobody. A flat alone is somebody.
fn is_nobody(catalog: &Catalog, flat: &str, name: &str) -> bool {
    let said = fold(name.trim_matches(|c: char| !c.is_alphanumeric()));
    let digits = said.chars().filter(char::is_ascii_digit).count();
    let letters = said.chars().filter(|c| c.is_alphabetic()).count();
    // 601, 1-101, 3号楼301 is whoever comes from there; 1 or 13811112222 is nobody.
    let is_flat = flat_run(&said) == said && (2..=8).contains(&digits);
    let is_number = letters == 0 && !is_flat;
    let is_figure = !is_flat && letters < 2 && digits > 0;
    let is_address = said.starts_with("http") || said.contains("www.") || said.contains("://");
    let is_all = ["大家", "各位", "全体", "所有", "其他", "若干"].iter().any(|word| said.contains(word));
    let is_count = said.chars().count() <= 3
        && said.starts_with(|c: char| "一二两三四五六七八九十几多俩".contains(c))
        && said.ends_with(['人', '位', '个', '口']);
    let means =
        ["word.nobody", "word.unsure", "word.absent", "word.join"].iter().any(|key| catalog.spelled(key, &said));
    said.is_empty() || flat.is_empty() && (is_number || is_figure) || is_address || is_all || is_count || means
}

/// 几点开始？, 怎么报名, 能带孩子吗: asked, and no word about whoever comes.
pub(super) fn is_question(catalog: &Catalog, text: &str) -> bool {
    let said = fold(text);
    let ends = said.trim_end_matches(|c: char| !c.is_alphanumeric());
    let is_asked = catalog.spellings("word.question").iter().any(|word| {
        said.contains(word.as_str())
            && (!word.is_ascii()
                || said.split(|c: char| !c.is_alphanumeric()).any(|one| one == word || word.contains(' ')))
    });
    text.contains(['?', '？']) || is_asked || ends.ends_with(['吗', '么', '呢', '嘛'])
}

/// What is said behind a name of whether they come.
fn coming(catalog: &Catalog, note: &str) -> Coming {
    let said = note.trim_matches(|c: char| !c.is_alphanumeric());
    match () {
        () if is_off(catalog, note) => Coming::No,
        () if catalog.means("word.unsure", said) => Coming::Unsure,
        () => Coming::Yes,
    }
}

/// “来不了”, “有事来不了”, “取消了” behind a name: not coming.
fn is_off(catalog: &Catalog, note: &str) -> bool {
    let said = fold(trim(note).trim_end_matches(['。', '.', '！', '!', '～', '~', '了', '，', ',']));
    let is_off = |said: &str| catalog.spelled("word.unable", said) || catalog.spelled("word.absent", said);
    // One character at the end may be of another word.
    let is_long = |end: &str| end.chars().count() > 1 && is_off(end);
    let ends = || {
        let mut ends = said.char_indices().skip(1).filter_map(|(at, _)| said.get(at..));
        ends.any(|end| is_long(end) || end.chars().count() > 1 && is_off(&format!("{end}了")))
    };
    is_off(&said) || is_off(&format!("{said}了")) || ends()
}

/// What follows `12. `, `12、`, `12)`, `⑫`, `1️⃣` or `🔟` at the start of a line.
fn numbered(line: &str) -> Option<&str> {
    const RING: char = '\u{20E3}';
    let line = trim_start(line);
    let first = line.chars().next()?;
    if matches!(first, '①'..='⑳' | '⑴'..='⒇' | '⒈'..='⒛' | '🔟') {
        let item = trim(line.strip_prefix(first)?).trim_start_matches(['.', '、', '．', ' ']);
        return (!item.is_empty()).then_some(item);
    }
    // （1）李德福, (1) 李德福.
    let inner = line.strip_prefix(['（', '(']).and_then(|inner| {
        let (_, rest) = number::digits(inner).or_else(|| number::chinese(inner))?;
        rest.strip_prefix(['）', ')'])
    });
    if let Some(item) = inner.map(trim) {
        return (!item.is_empty()).then_some(item);
    }
    // 一、李德福.
    if let Some((_, rest)) = number::chinese(line)
        && let Some(item) = rest.strip_prefix(['、', '.', '．']).map(trim)
    {
        return (!item.is_empty()).then_some(item);
    }
    let (_, rest) = number::digits(line)?;
    let is_ringed = rest.trim_start_matches('\u{FE0F}').starts_with(RING);
    let (mark, after) = next(rest)?;
    let is_parted = matches!(mark, '.' | '、' | ')' | ':' | ',' | ' ');
    let item = trim(if is_parted { after } else { rest });
    let item = if is_ringed { item.trim_start_matches(['.', '、', '．']) } else { item };
    ((is_parted || is_ringed) && !item.is_empty()).then_some(item)
}

/// 【601】张桂英, 张桂英（601）2人: with the flat before the name, where people mostly write it.
fn flat_first(item: &str) -> String {
    let is_open = |c: char| matches!(c, '【' | '（' | '(' | '[');
    let is_close = |c: char| matches!(c, '】' | '）' | ')' | ']');
    let parts = || {
        let (before, inner) = item.split_once(is_open)?;
        let (flat, after) = inner.split_once(is_close)?;
        let digits = flat.chars().filter(char::is_ascii_digit).count();
        (digits > 1 && flat_run(flat) == flat)
            .then(|| format!("{flat}{}{}{}", trim(before), if trim(before).is_empty() { "" } else { " " }, trim(after)))
    };
    parts().map_or_else(|| item.to_owned(), |item| trim(&item).to_owned())
}

/// “张桂英 2人”, “张桂英（2人）”, “张桂英+1”, “张桂英：带老伴”, “Li Defu 2”: a name, and what stands behind it.
fn name_and_note(item: &str) -> (&str, &str) {
    let is_latin = item.starts_with(|c: char| c.is_ascii_alphabetic());
    let mark = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '×' | '✗'
                    | '✘'
                    | '❌'
                    | '（'
                    | '('
                    | '：'
                    | ':'
                    | '，'
                    | ','
                    | '+'
                    | '＋'
                    | '-'
                    | '－'
                    | '—'
                    | '～'
                    | '~'
                    | '/'
                    | '【'
            )
    };
    let goes_on = |at: usize| {
        let rest = item.get(at..).map(str::trim_start).unwrap_or_default();
        is_latin && rest.starts_with(|c: char| c.is_ascii_uppercase())
    };
    // 601, 101 2人: whoever comes from a flat.
    let flat = if item.starts_with(|c: char| c.is_ascii_digit()) { flat_run(item).len() } else { 0 };
    let flat = if flat > 2 { flat } else { 0 };
    let mut ends =
        item.char_indices().filter(|&(at, c)| at > 0 && at >= flat && (mark(c) || (c.is_whitespace() && !goes_on(at))));
    let Some((at, _)) = ends.next() else { return (trim(item), "") };
    let (name, note) = item.split_at_checked(at).unwrap_or((item, ""));
    let parts: &[char] = &['（', '(', '）', ')', '：', ':', '，', ',', '-', '－', '—', '～', '~', '/', '【', '】'];
    (trim(name), trim(trim(note).trim_matches(parts)))
}
