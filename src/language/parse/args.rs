//! 参数 — “1 井道用透明玻璃” after /建议: a number if there is one, and the words exactly as they were said.

use super::colloquial::is_question;
use super::command_table::Read;
use super::common::{
    body, gathering_and_rest, is_latin, place_in, quoted_suggestion, suggestion_and_rest, topic_and_rest, topic_of,
    whole,
};
use super::gathering::line_of;
use super::{Ctx, card_reply, identity, plain, roll, when};
use crate::domain::brief::Subject;
use crate::domain::command::{Command, HelpOn, LookUp};
use crate::domain::history::clock::Ask as Clock;
use crate::domain::kernel::ids::{SlipNo, TaskNo, TopicNo};
use crate::domain::kernel::place::{flat_before, flat_run, untitled};
use crate::domain::kernel::said::SuggestionArg;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::settings::Category;
use crate::domain::people::person::{Role, Side};
use crate::domain::talk::gathering::Attendants;
use crate::language::fold::{fold, fold_char, trim, word, words};
use crate::language::time::Until;
use crate::language::{number, time};
use crate::say;
use chrono::NaiveDate;

/// Most names in one /签到.
const MAX_NAMES: usize = 200;

/// What is explained; `/start` with a code is what a link with a code sends.
pub(super) fn help(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    let code = identity::start(ctx, arg).map(|command| Read::of("iam", command));
    Ok(code.unwrap_or_else(|| Command::Help(help_on(ctx, arg)).into()))
}

fn help_on(ctx: &Ctx<'_, '_>, arg: &str) -> HelpOn {
    let arg = trim(arg);
    let roles =
        [Role::Member, Role::Moderator, Role::Coordinator, Role::Admin, Role::Expert, Role::Handler, Role::Resident];
    let name = arg.strip_prefix(['/', '／', '、']).unwrap_or(arg);
    let (first, page) = word(arg);
    if let Some(role) = ctx.catalog.which(&roles, Role::term, first) {
        return HelpOn::Role(role, number::whole_number(page).unwrap_or(1));
    }
    ctx.catalog.find(name).map_or(HelpOn::Basics, |entry| HelpOn::Command(entry.name.clone()))
}

/// 第2页, 2页, page 2 — and nothing else.
pub(super) fn page_of(said: &str) -> Option<u32> {
    let said = fold(trim(said));
    match said.as_str() {
        // As the list says it: whoever has read the first wants the second.
        "下一页" | "下一頁" | "下页" | "next page" => return Some(2),
        "上一页" | "上页" | "首页" | "previous page" => return Some(1),
        _ => {}
    }
    let page = match said.strip_prefix("page") {
        Some(page) => page,
        None => said.strip_suffix('页')?.trim_start_matches('第'),
    };
    number::whole_number(page)
}

/// “/议题 议题：楼下太吵”: the name of the command once more, with a colon, is no word of the request.
fn without_own_name<'t>(ctx: &Ctx<'_, '_>, arg: &'t str) -> &'t str {
    let Some((head, rest)) = arg.split_once(['：', ':']) else { return arg };
    let is_own = ctx.catalog.find(trim(head)).is_some_and(|entry| entry.key() == ctx.entry.key());
    if is_own && !trim(rest).is_empty() { trim(rest) } else { arg }
}

pub(super) fn topic(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let arg = without_own_name(ctx, arg);
    if trim(arg).is_empty() {
        return Ok(Command::TopicList(1));
    }
    if let Some(page) = page_of(arg) {
        return Ok(Command::TopicList(page));
    }
    if let Some(no) = number::whole_number(arg).or_else(|| figure(arg)) {
        return Ok(Command::TopicCard(TopicNo(no)));
    }
    // “/议题 搜 路灯”: looked for, not filed.
    let (verb, what) = word(arg);
    if ctx.catalog.means("word.search", verb) && !trim(what).is_empty() {
        return Ok(Command::Plain(plain::read(ctx.catalog, what)));
    }
    if let Some(number) = numbered(arg) {
        return number;
    }
    let (first, rest) = word(arg);
    let first = first.trim_end_matches(['：', ':']);
    if !ctx.catalog.means("word.new", first) {
        return Ok(Command::TopicNew { text: arg.to_owned(), force: false });
    }
    match body(rest) {
        "" => Err(ctx.empty()),
        text => Ok(Command::TopicNew { text: text.to_owned(), force: true }),
    }
}

/// ①, 壹, -1, 1.0: a number in another hand.
fn figure(arg: &str) -> Option<u32> {
    let bare = trim(arg).trim_start_matches('第').trim_end_matches(['号', '號', '个', '。', '.']);
    let mut chars = bare.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        let formal = "壹贰叁肆伍陆柒捌玖拾".chars().position(|one| one == c);
        let ringed = u32::from(c).checked_sub(0x245F).filter(|n| (1..=20).contains(n));
        return formal.and_then(|at| u32::try_from(at + 1).ok()).or(ringed);
    }
    let plain = bare.trim_start_matches(['-', '－', '—', '+']);
    let plain = plain
        .split_once('.')
        .filter(|(_, part)| !part.is_empty() && part.chars().all(|c| c == '0'))
        .map_or(plain, |(n, _)| n);
    let is_other = plain.len() < bare.len();
    number::digits(plain).filter(|(_, rest)| rest.is_empty() && is_other).map(|(no, _)| no)
}

/// A number from end to end, of whatever it is, is looked up and no matter to file: 办1, 1-1, 社1, W1, 4294967296.
fn numbered(arg: &str) -> Option<Result<Command, Say>> {
    let bare = trim(arg).trim_end_matches(['。', '.', '！', '!', '？', '?']);
    let is_figure = |c: char| fold_char(c).is_ascii_digit();
    if !bare.is_empty() && bare.chars().all(is_figure) {
        return Some(Err(say!("e.no_topic", no = Value::Quote(bare.to_owned()))));
    }
    let has_sign = !bare.starts_with(is_figure);
    let ends = |(no, rest): (u32, &str)| trim(rest).is_empty().then_some(no);
    if let Some(no) = number::task(bare).filter(|_| has_sign).and_then(ends) {
        return Some(Ok(Command::LookUp(LookUp::Task(TaskNo(no)))));
    }
    if let Some(no) = number::slip(bare).filter(|_| has_sign).and_then(ends) {
        return Some(Ok(Command::LookUp(LookUp::Slip(SlipNo(no)))));
    }
    let (subject, _) = number::subject(bare).filter(|(_, rest)| trim(rest).is_empty())?;
    Some(Ok(match subject {
        Subject::Topic(no) => Command::TopicCard(no),
        Subject::Suggestion(reference) => Command::SuggestionShow(reference),
        Subject::Info(no) => Command::LookUp(LookUp::Info(no)),
        Subject::Proposal(no) => Command::LookUp(LookUp::Proposal(no)),
    }))
}

/// `编号 [分类名]`
pub(super) fn category(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let rest = trim(rest);
    let known = Category::terms().find(|(_, term)| ctx.catalog.means(term, rest));
    Ok(Command::Sort { topic, category: known.map_or(rest, |(name, _)| name).to_owned() })
}

pub(super) fn suggest(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    // A number and nothing else is no suggestion.
    if let Some((SuggestionArg::Full(reference), rest)) = number::suggestion(arg)
        && trim(rest).is_empty()
    {
        return Ok(Command::SuggestionShow(reference));
    }
    let is_ratio = number::is_ratio(arg);
    let written = number::number(arg).filter(|_| !is_ratio);
    let (topic, text) = if is_ratio { (topic_of(ctx.scene), arg) } else { topic_and_rest(ctx, arg) };
    match (body(text), written) {
        ("", Some((no, _))) => Ok(Command::SuggestionList(TopicNo(no), 1)),
        ("", None) => Err(ctx.empty()),
        (text, None) if let Some(page) = page_of(text) => match topic {
            Some(no) => Ok(Command::SuggestionList(no, page)),
            None => Err(say!("e.suggest_page", page = page)),
        },
        (text, Some((no, _))) if page_of(text).is_some() => {
            Ok(Command::SuggestionList(TopicNo(no), page_of(text).unwrap_or(1)))
        }
        (text, _) => Ok(Command::Suggest { topic, text: text.to_owned() }),
    }
}

pub(super) fn like(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Ok(Command::Like(quoted_suggestion(ctx)));
    }
    let (at, rest) = number::suggestion(arg).ok_or_else(|| ctx.bad(arg))?;
    whole(ctx, arg, rest, Command::Like(Some(at)))
}

pub(super) fn reply(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (to, text) = suggestion_and_rest(ctx, arg);
    match body(text) {
        "" => Err(ctx.empty()),
        text => Ok(Command::Reply { to, text: text.to_owned() }),
    }
}

pub(super) fn join(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (gathering, note) = gathering_and_rest(ctx, arg);
    // What the way of writing it has in its place.
    if ctx.catalog.means("word.some_event", note) {
        return Err(ctx.empty());
    }
    // Everybody signs themselves up: others come by a 接龙.
    if roll::several(note).is_some() {
        return Err(say!("e.join_names", bad = Value::Quote(trim(note).to_owned())));
    }
    // 怎么报名, 能带孩子吗, and 报名费多少: asked, and nobody is signed up by it.
    if is_question(ctx.catalog, note) {
        let name = if ctx.name.is_ascii() { ctx.entry.key() } else { ctx.entry.name.as_str() };
        let line = gathering.map_or_else(|| format!("/{name}"), |no| format!("/{name} {}", no.0));
        return Err(say!("e.join_question", bad = Value::Quote(trim(arg).to_owned()), line = line));
    }
    let line = || line_of(ctx, "join", gathering);
    // “/报名 1 +1”: whoever speaks, or one besides.
    if trim(note) == "+1" || trim(note) == "＋1" {
        return Err(say!("e.join_glued", bad = trim(note), n = 1_u32, all = 2_u32, line = line()));
    }
    if card_reply::remark(ctx.catalog, note) == card_reply::Remark::Unclear {
        let (bad, off) = (Value::Quote(trim(note).to_owned()), line_of(ctx, "decline", gathering));
        return Err(say!("e.join_said", bad = bad, line = line(), off = off));
    }
    Ok(place_in(ctx.catalog, gathering, note))
}

/// `[活动号] 姓名…`: every word is a name, or all is asked back: 张某等5人 is nobody.
pub(super) fn sign_in(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (gathering, rest) = gathering_and_rest(ctx, arg);
    let rest = trim(rest).trim_end_matches(['。', '！', '!', '.']);
    let names = if rest.is_empty() || ctx.catalog.means("word.myself", rest) {
        Attendants::Myself
    } else if is_everybody(ctx, rest) {
        Attendants::AllSignedUp
    } else {
        Attendants::Named(named(ctx, rest)?)
    };
    Ok(Command::SignIn { gathering, names })
}

fn is_everybody(ctx: &Ctx<'_, '_>, said: &str) -> bool {
    let bare = said.trim_end_matches(['了', '到', '都', '齐', '均', '已']);
    [said, bare].iter().any(|said| ctx.catalog.means("word.all_signed_up", said))
}

/// Words of Latin letters that stand side by side are one, up to the next count (1.Liu Fang 2.Bob Lee).
fn latin_joined(words: &[&str]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in words {
        let bare = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '．' | ')' | '）'));
        let is_word = is_latin(bare);
        match joined.last_mut() {
            Some(last) if is_open && is_word && bare == *word => {
                last.push(' ');
                last.push_str(word);
            }
            _ => joined.push((*word).to_owned()),
        }
        is_open = is_word;
    }
    joined
}

/// 请假, 缺席, 没来: that somebody was not there, and it is not said who.
fn is_absent(ctx: &Ctx<'_, '_>, word: &str) -> bool {
    ["word.unable", "word.absent"].iter().any(|key| ctx.catalog.means(key, word))
}

/// 周涛没来, 缺席周涛: a name with what says that they were not there.
fn says_absent(ctx: &Ctx<'_, '_>, word: &str) -> bool {
    let mut ends = word.char_indices().skip(1).filter_map(|(at, _)| word.split_at_checked(at));
    let is_long = |text: &str| text.chars().count() > 1 && is_absent(ctx, text);
    ends.any(|(before, after)| is_long(before) || is_long(after))
}

/// 匿名, 大家, 两位居民, 李德福代, 代李德福, 刘芳主持, 已走: no name of somebody who was there.
fn is_no_attendant(ctx: &Ctx<'_, '_>, word: &str) -> bool {
    const VAGUE: &[&str] =
        &["居民", "业主", "村民", "住户", "若干", "人员", "群众", "全体", "大家", "各位", "领导", "嘉宾"];
    const DONE: &[&str] = &["代", "代签", "代到", "主持", "记录", "已走", "先走", "早退", "迟到", "晚到", "发言"];
    let is_whose = |name: &str| roll::is_full_name(name);
    ctx.catalog.means("word.nobody", word)
        || is_everybody(ctx, word)
        || VAGUE.iter().any(|vague| word.contains(vague))
        || DONE.iter().any(|done| word == *done || word.strip_suffix(done).is_some_and(is_whose))
        || ["代", "替", "帮"].iter().any(|done| word.strip_prefix(done).is_some_and(is_whose))
}

/// 1. 2. 3. count the names, as long as they do: a word without its number.
fn uncounted<'w>(word: &'w str, counted: &mut u32) -> &'w str {
    const MARKS: [char; 6] = ['.', '．', ')', '）', ':', '：'];
    match number::digits(word) {
        Some((n, rest)) if n == *counted + 1 && (rest.is_empty() || rest.starts_with(MARKS)) => {
            *counted = n;
            trim(rest.trim_start_matches(MARKS))
        }
        _ => word,
    }
}

/// Whether a word is a name, with a title behind it or a flat before or behind it: who that is, is looked up.
fn is_attendant(word: &str) -> bool {
    let is_sure = |name: &str| roll::name(name).is_some_and(|name| !name.is_guessed);
    let (flat, bare) = flat_before(word);
    let mark = bare.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-' || c == '室');
    untitled(word).is_some_and(is_sure) || is_sure(mark) && (flat.is_empty() || mark == bare)
}

/// Without the brackets that say that somebody came late or went early.
fn without_late(said: &str) -> String {
    const LATE: &[&str] = &["迟到", "晚到", "早退", "先走", "已走", "迟", "late", "left early"];
    let mut told = String::new();
    let mut rest = said;
    while let Some((before, inner)) = rest.split_once(['（', '(']) {
        let closed = inner.split_once(['）', ')']).filter(|(aside, _)| LATE.contains(&trim(aside)));
        let Some((_, after)) = closed else {
            let at = rest.len() - inner.len();
            told.push_str(rest.get(..at).unwrap_or_default());
            rest = inner;
            continue;
        };
        told.push_str(before);
        told.push(' ');
        rest = after;
    }
    told.push_str(rest);
    told
}

/// 实到2人: the heading, and how many it counts.
fn counted_heading(head: &str) -> (&str, Option<u32>) {
    let bare = head.strip_suffix(['人', '位', '名']).unwrap_or(head);
    let heading = trim(bare.trim_end_matches(|c: char| c.is_ascii_digit() || "一二两三四五六七八九十".contains(c)));
    let figure = bare.strip_prefix(heading).map(trim).unwrap_or_default();
    match number::digits(figure).or_else(|| number::chinese(figure)) {
        Some((n, "")) if bare.len() < head.len() => (heading, Some(n)),
        _ => (head, None),
    }
}

/// The names of a list, numbered or not, with or without flats; two words of Latin letters are one name.
fn named(ctx: &Ctx<'_, '_>, said: &str) -> Result<Vec<String>, Say> {
    let not_names = |bad: &str| say!("e.signin_names", bad = Value::Quote(bad.to_owned()));
    let ends = |c: char| matches!(c, '、' | '，' | ',' | '；' | ';' | '\n' | '\t') || roll::is_ringed(c);
    let mut names: Vec<String> = Vec::new();
    let mut counted = 0_u32;
    // 实到2人：: as many as are named, or all is asked back.
    let mut written: Option<(u32, String)> = None;
    // 张桂英（迟到）: who came late was there.
    let told = without_late(said);
    for part in told.split(ends).map(trim).filter(|part| !part.is_empty()) {
        let mut is_in_part = false;
        for word in latin_joined(&words(part, MAX_NAMES + 1)) {
            let word = word.as_str();
            let word = uncounted(word, &mut counted);
            // 实到：张桂英, 缺席：冯丽.
            let (head, word) = match word.split_once(['：', ':']) {
                Some((head, word)) => (trim(head), trim(word)),
                None => ("", word),
            };
            if [head, word].into_iter().any(|word| is_absent(ctx, word) || says_absent(ctx, word)) {
                return Err(say!("e.signin_absent", bad = Value::Quote(said.to_owned())));
            }
            // 委员：王建国；群众：李德福.
            let is_side = ctx.catalog.which(&Side::ALL, Side::term, head).is_some();
            let headed = counted_heading(head);
            written = written.or_else(|| headed.1.map(|n| (n, head.to_owned())));
            if !head.is_empty() && !is_side && !ctx.catalog.means("signin.heading", headed.0) {
                return Err(not_names(head));
            }
            if word.is_empty() || ctx.catalog.means("signin.heading", word) {
                continue;
            }
            // 张桂英和李德福.
            if let Some(both) = roll::several(word) {
                names.extend(both);
                continue;
            }
            // 冯丽 501: the flat behind a name.
            if let Some(last) = names.last_mut().filter(|last| is_in_part && flat_before(last).0.is_empty())
                && word.chars().filter(char::is_ascii_digit).count() > 1
                && flat_run(word) == word
            {
                *last = format!("{word}{last}");
                continue;
            }
            if is_no_attendant(ctx, word) || !is_attendant(word) {
                return Err(not_names(word));
            }
            is_in_part = true;
            names.push(word.to_owned());
        }
    }
    if let Some((n, head)) = written
        && !u32::try_from(names.len()).is_ok_and(|named| named == n)
    {
        return Err(say!("e.signin_count", bad = Value::Quote(head), n = n, named = names.len()));
    }
    match names.len() {
        0 => Err(not_names(said)),
        n if n > MAX_NAMES => Err(say!("e.many", max = MAX_NAMES, n = n)),
        _ => Ok(names),
    }
}

pub(super) fn minutes(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (gathering, text) = gathering_and_rest(ctx, arg);
    match body(text) {
        "" => Err(ctx.empty()),
        text => Ok(Command::Minutes { gathering, text: text.to_owned() }),
    }
}

/// The day to come that a text names from its beginning to its end.
fn day_to_come(arg: &str, now: &time::Now) -> Option<NaiveDate> {
    let found = time::days(arg, now).ok().filter(|found| found.used.end >= arg.trim_end().len())?;
    match found.value {
        Until::Day(day) => Some(day).filter(|day| *day > now.today()),
        Until::Days(_) | Until::Months(..) => None,
    }
}

pub(super) fn digest(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    if trim(arg).is_empty() {
        return Ok(Command::Digest(None));
    }
    let now = when::now(ctx);
    let found = time::day(arg, &now);
    // 3月9日 on the 3rd is next week's, 12月30日 on the 2nd of January is last week's; 明天 is to come, and so is said to be.
    let is_nearer = |next: &NaiveDate| match &found {
        Ok(past) => *next - now.today() < now.today() - *past,
        Err(doubt) => doubt.why == time::Why::NotATime,
    };
    if let Some(next) = day_to_come(arg, &now).filter(is_nearer) {
        return Ok(Command::Digest(Some(next)));
    }
    match found {
        Ok(day) => Ok(Command::Digest(Some(day))),
        Err(doubt) if doubt.why == time::Why::NotATime => Err(say!("e.when.day", bad = Value::Quote(arg.to_owned()))),
        Err(doubt) => Err(when::ask(ctx, arg, &doubt, when::Shape::Day)),
    }
}

/// 时钟: alone, or that it is right.
pub(super) fn clock(_: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    match arg.trim().to_lowercase().as_str() {
        "" => Ok(Command::Clock(Clock::Show)),
        "对" | "對" | "对的" | "没错" | "right" | "yes" | "ok" => Ok(Command::Clock(Clock::Right)),
        _ => Err(say!("clock.how")),
    }
}
