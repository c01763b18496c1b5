//! 表决 — “投 1号 2”, “/投票 1 摸底 3天 要不要装”, “/投票 3 多选2 3天 先修哪里｜楼道灯｜下水 不记名”.

use super::Ctx;
use super::command_table::Read;
use super::common::{is_courtesy, labelled, one_line, topic_and_rest, topic_of};
use super::short;
use super::when::{self, Shape};
use crate::domain::command::Command;
use crate::domain::kernel::ids::TopicNo;
use crate::domain::kernel::said::Term;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::vote::poll::fact::Longer;
use crate::domain::vote::poll::filling::{Called, Meant, Said, Spoken};
use crate::domain::vote::poll::opening::Frame;
use crate::domain::vote::poll::terms::Method;
use crate::domain::vote::poll::{Ask, Rule};
use crate::domain::vote::tally::Choice;
use crate::language::catalog::Catalog;
use crate::language::fold::{fold, fold_char, next, trim, trim_start, word};
use crate::language::number;
use crate::language::time::{self, Deadline, Until, Why};
use crate::say;
use chrono::{DateTime, Utc};

/// What stands between options.
const BAR: [char; 2] = ['｜', '|'];
/// What a length shorter than a day is counted in.
const HOURS: [&str; 6] = ["小时", "钟头", "分钟", "刻钟", "hour", "minute"];
/// What stands before the hour a vote opens.
const OPENS: [&str; 7] = ["开始=", "开始＝", "开始:", "开始：", "start=", "starts=", "start:"];
/// Most words of 投完即止: “until all have voted”.
const MAX_EARLY_WORDS: usize = 4;
/// Most words a deadline may have: “明天 晚上 8点”.
const MAX_TIME_WORDS: usize = 3;

pub(super) fn choice(ctx: &Ctx<'_, '_>, text: &str) -> Option<Choice> {
    choice_in(ctx.catalog, text)
}

/// A choice, with or without what people end a sentence with: “赞成！”, “1吧”.
pub(super) fn choice_in(catalog: &Catalog, text: &str) -> Option<Choice> {
    let ends = ['。', '.', '！', '!', '～', '~', '吧', '啊', '呀', '哦'];
    catalog.which(&Choice::ALL, Choice::term, trim(text).trim_end_matches(ends))
}

/// Words of a ballot, read as in a vote of yes and no as long as nobody knows which vote they are for.
pub(super) fn said(catalog: &Catalog, text: &str, spoken: Spoken) -> Said {
    let text = trim(text).to_owned();
    let meant = short::read(catalog, &text, &Called::default());
    Said { text, spoken, meant }
}

pub(super) fn fill(catalog: &Catalog, topic: Option<TopicNo>, text: &str, spoken: Spoken) -> Command {
    Command::Poll(Ask::Fill { topic, said: said(catalog, text, spoken) })
}

/// `[编号] 选项`; one word alone is the choice.
pub(super) fn ballot(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let whole = trim(arg);
    let show = |topic| Ok(Command::Poll(Ask::Show { topic }));
    if whole.is_empty() {
        return if ctx.scene.private { show(topic_of(ctx.scene)) } else { Err(ctx.empty()) };
    }
    let of = |topic, text| fill(ctx.catalog, topic, text, Spoken::Line);
    let bare = whole.trim_end_matches(|c: char| !c.is_alphanumeric());
    let is_figure = bare.chars().all(|c| fold_char(c).is_ascii_digit());
    if is_figure || begins_with_points(whole) {
        return Ok(of(topic_of(ctx.scene), whole));
    }
    let (topic, rest) = topic_and_rest(ctx, whole);
    match trim(rest).is_empty() {
        // 一, ② is a choice; 1号 is a topic.
        true if number::reference(bare, "").is_none() && number::number(bare).is_some_and(|(no, _)| no < 10) => {
            Ok(of(topic_of(ctx.scene), whole))
        }
        true if ctx.scene.private => show(topic),
        true => Err(ctx.empty()),
        false => Ok(of(topic, rest)),
    }
}

/// “1:5 2:3”: the first number is an option, not a topic.
fn begins_with_points(arg: &str) -> bool {
    let after = number::digits(trim_start(arg)).and_then(|(_, rest)| next(rest));
    after.is_some_and(|(c, rest)| matches!(c, ':' | '=') && number::digits(rest).is_some())
}

/// `[编号] 规则 截止 事项`; with a choice where the rule should be it is a ballot, whoever says it.
pub(super) fn open(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Read, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    if ctx.scene.private && is_courtesy(ctx.catalog, rest) {
        return Ok(Read::of("ballot", Command::Poll(Ask::Show { topic })));
    }
    if trim(arg).is_empty() {
        return Err(ctx.empty());
    }
    let (first, after) = word(rest);
    if choice(ctx, first).is_some() {
        return Ok(Read::of("ballot", fill(ctx.catalog, topic, rest, Spoken::Line)));
    }
    if trim(first).is_empty() {
        return Err(ctx.empty());
    }
    if ctx.catalog.means("word.void", first) {
        let reason = one_line(after);
        return Ok(Command::Poll(Ask::Void { topic, reason }).into());
    }
    let (rule, method, after) = match (ctx.catalog.which(&Rule::ALL, Rule::term, first), method(ctx, first, after)) {
        (Some(rule), _) => (rule, None, after),
        (None, Some((method, after))) => (Rule::Straw, Some(method?), after),
        (None, None) if !rest.chars().any(char::is_alphabetic) => {
            return Ok(Read::of("ballot", fill(ctx.catalog, topic, rest, Spoken::Line)));
        }
        (None, None) if reads_as_ballot(ctx, rest) => {
            return Ok(Read::of("ballot", fill(ctx.catalog, topic, rest, Spoken::Line)));
        }
        (None, None) => return Err(ctx.bad(first)),
    };
    let (deadline, text) = when::deadline(ctx, after)?;
    framed(ctx, topic, (rule, method), deadline, labelled(text)).map(Read::from)
}

/// Whether what stands where the rule should be is a choice; in private, where no vote is opened, also one in doubt.
fn reads_as_ballot(ctx: &Ctx<'_, '_>, text: &str) -> bool {
    match short::read(ctx.catalog, text, &Called::default()) {
        Meant::Choice { .. } => true,
        Meant::Doubt(_) => ctx.scene.private,
        Meant::Nothing => false,
    }
}

/// `事项｜选项甲｜选项乙 [不记名] [反对须说理由] [几时开始]`.
fn framed(
    ctx: &Ctx<'_, '_>,
    topic: Option<TopicNo>,
    (rule, method): (Rule, Option<Method>),
    deadline: Deadline,
    text: &str,
) -> Result<Command, Say> {
    let ends = deadline.at;
    // Options may stand one on a line; a question of yes and no is one line, however it was written.
    let whole = if method.is_some() { trim(text).to_owned() } else { one_line(text) };
    let text = whole.as_str();
    let (mut flags, text) = flags(ctx, text)?;
    let text = flags_first(ctx, &mut flags, text);
    // “3月5日9:00至3月8日18:00” says both; said twice it may be either.
    if flags.opens.is_some() && deadline.opens.is_some() {
        return Err(ctx.bad(text));
    }
    flags.opens = flags.opens.or(deadline.opens);
    let between = |c: char| BAR.contains(&c) || c == '\n';
    let parts: Vec<&str> = text.split(between).map(trim).filter(|part| !part.is_empty()).collect();
    let title = if method.is_some() { parts.first().copied().unwrap_or_default() } else { text };
    let (title, is_secret) = secret_last(ctx, title);
    flags.secret |= is_secret;
    if title.is_empty() {
        return Err(ctx.empty());
    }
    // 投完即止 in the middle is neither an option nor a word of the question.
    let is_option = |part: &&&str| ctx.catalog.means("flag.early", part);
    if let Some(part) = parts.iter().find(is_option) {
        return Err(say!("e.early_where", bad = Value::Quote((*part).to_owned())));
    }
    let last = parts.last().filter(|_| method.is_some() && parts.len() > 1);
    require_apart(ctx, &flags, title, last.copied())?;
    if method.is_none() && parts.len() > 1 {
        return Err(say!("e.options_method"));
    }
    let is_choice = |part: &&&str| short::says_choice(ctx.catalog, part);
    if let Some(part) = parts.iter().skip(1).find(is_choice).filter(|_| method.is_some()) {
        return Err(say!("e.option_choice", bad = Value::Quote((*part).to_owned())));
    }
    if method.is_none() && flags == Flags::default() {
        return Ok(Command::OpenPoll { topic, rule, ends, title: title.to_owned() });
    }
    let options = parts.iter().skip(1).filter(|_| method.is_some()).map(|&part| part.to_owned()).collect();
    let Flags { secret, reasons, until_all, opens } = flags;
    let frame = Frame { rule, method, ends, opens, title: title.to_owned(), options, secret, reasons, until_all };
    Ok(Command::Poll(Ask::Open { topic, frame: Box::new(frame) }))
}

/// “要不要加灯反对须说理由”, “｜下水不记名”: words of a flag with no blank before them. Who meant them so would vote in another way: it is
/// asked.
fn require_apart(ctx: &Ctx<'_, '_>, flags: &Flags, title: &str, last: Option<&str>) -> Result<(), Say> {
    let glued = |key: &str| {
        let is_last = |text: &&str| !ctx.catalog.means(key, text) && ends_in(ctx, key, &fold(text)).is_some();
        Some(title).filter(|title| is_glued(ctx, key, title)).or_else(|| last.filter(is_last))
    };
    let quoted = |text: &str| Value::Quote(text.to_owned());
    if let Some(text) = glued("flag.secret").filter(|_| !flags.secret) {
        return Err(say!("e.secret_where", title = quoted(text)));
    }
    if let Some(text) = glued("flag.early").filter(|_| !flags.until_all) {
        return Err(say!("e.early_where", bad = quoted(text)));
    }
    if let Some(text) = glued("flag.reasons").filter(|_| !flags.reasons) {
        return Err(say!("e.reasons_where", bad = quoted(text)));
    }
    let opens = |text: &&str| OPENS.iter().any(|sign| sign.ends_with(['=', '＝']) && fold(text).contains(&fold(sign)));
    match Some(title).filter(opens).or_else(|| last.filter(opens)).filter(|_| flags.opens.is_none()) {
        Some(text) => Err(say!("e.opens_where", bad = quoted(text))),
        None => Ok(()),
    }
}

/// What stands before the words of a flag at the end of a text.
fn ends_in<'t>(ctx: &Ctx<'_, '_>, key: &str, folded: &'t str) -> Option<&'t str> {
    let bare = folded.trim_end_matches(|c: char| !c.is_alphanumeric());
    let before = ctx.catalog.spellings(key).iter().filter_map(|word| bare.strip_suffix(word.as_str()));
    before.min_by_key(|before| before.len())
}

/// Whether a question has the words of a flag in it and does not ask about just that: “要不要不记名” does, “要不要加灯不记名” does not.
fn is_glued(ctx: &Ctx<'_, '_>, key: &str, title: &str) -> bool {
    let folded = fold(title);
    // “What reasons are there” is English for more than the flag.
    let is_flag = |word: &&String| !word.is_ascii() || key != "flag.reasons";
    if !ctx.catalog.spellings(key).iter().filter(is_flag).any(|word| folded.contains(word.as_str())) {
        return false;
    }
    if !ctx.catalog.is_within("word.asks_whether", title) {
        return true;
    }
    let asks = |text: &str| ctx.catalog.spellings("word.asks_whether").iter().any(|word| text.ends_with(word.as_str()));
    if let Some(before) = ends_in(ctx, key, &folded) {
        return !asks(before.trim_end_matches(|c: char| !c.is_alphanumeric()));
    }
    let behind = ctx.catalog.spellings(key).iter().find_map(|word| folded.strip_prefix(word.as_str()));
    let goes_on = |rest: &str| {
        let asked = ctx.catalog.spellings("short.whether").iter().find_map(|word| rest.strip_prefix(word.as_str()));
        asked.is_some_and(|rest| rest.chars().any(char::is_alphanumeric))
    };
    behind.is_some_and(goes_on)
}

/// 单选, 多选2, 排序, 分配10; “multiple 2”: the number may stand apart.
fn method<'t>(ctx: &Ctx<'_, '_>, first: &str, after: &'t str) -> Option<(Result<Method, Say>, &'t str)> {
    let first = fold(trim(first));
    let bare = first.trim_end_matches(['项', '個', '个', '分']);
    let name = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let (name, written) = match number::digits(before_prefix(bare, name)) {
        Some((n, _)) => (name, Some(n)),
        None => match name.char_indices().next_back().and_then(|(at, _)| name.split_at_checked(at)) {
            Some((shorter, last)) if ctx.catalog.spelled("method.multiple", shorter) => {
                (shorter, number::chinese(last).map(|(n, _)| n))
            }
            _ => (name, None),
        },
    };
    let all = [Method::Single, Method::Multiple(0), Method::Ranked, Method::Budget(0)];
    let found = ctx.catalog.which(&all, Method::term, name)?;
    let takes_number = matches!(found, Method::Multiple(_) | Method::Budget(_));
    let (second, rest) = word(after);
    let apart = number::digits(second).filter(|(_, rest)| takes_number && written.is_none() && rest.is_empty());
    let (n, after) = apart.map_or((written, after), |(n, _)| (Some(n), rest));
    let method = match (found, n) {
        (Method::Multiple(_), Some(n)) => Ok(Method::Multiple(u8::try_from(n).unwrap_or(u8::MAX))),
        (Method::Budget(_), Some(n)) => Ok(Method::Budget(n)),
        (Method::Multiple(_) | Method::Budget(_), None) => Err(say!("e.method_number")),
        (Method::Single | Method::Ranked, _) => Ok(found),
    };
    Some((method, after))
}

fn before_prefix<'t>(text: &'t str, prefix: &str) -> &'t str {
    text.strip_prefix(prefix).unwrap_or_default()
}

/// What stands behind the question.
#[derive(Debug, Default, PartialEq, Eq)]
struct Flags {
    secret: bool,
    reasons: bool,
    until_all: bool,
    opens: Option<DateTime<Utc>>,
}

/// What may stand between a question and 不记名: a blank, a comma, a bracket.
fn parts_flags(c: char) -> bool {
    c.is_whitespace()
        || BAR.contains(&c)
        || matches!(c, '，' | ',' | '、' | '；' | ';' | '（' | '(' | '【' | '［' | '[')
}

/// “不记名 选老李当楼长”, “反对须说理由 不记名 装不装”, “【不记名】选老李”: the flags before the question, in any order.
fn flags_first<'t>(ctx: &Ctx<'_, '_>, flags: &mut Flags, text: &'t str) -> &'t str {
    let ends = |c: char| parts_flags(c) || matches!(c, '：' | ':' | ']' | '］' | '】' | ')' | '）');
    let mut text = text;
    loop {
        let bare = text.trim_start_matches(|c: char| ends(c));
        match bare.split_once(ends) {
            Some((first, after)) if !flags.secret && ctx.catalog.means("flag.secret", first) => {
                flags.secret = true;
                text = trim(after);
            }
            Some((first, after)) if !flags.reasons && ctx.catalog.means("flag.reasons", first) => {
                flags.reasons = true;
                text = trim(after);
            }
            _ => return text,
        }
    }
}

/// “灯装哪种（不记名）” before the options.
fn secret_last<'t>(ctx: &Ctx<'_, '_>, title: &'t str) -> (&'t str, bool) {
    let (before, last) = title.rsplit_once(parts_flags).unwrap_or(("", title));
    let last = last.trim_matches(['[', ']', '［', '］', '【', '】', '(', ')', '（', '）', '，', ',', '。']);
    if ctx.catalog.means("flag.secret", last) { (trim(before), true) } else { (title, false) }
}

/// Takes the flags off the end of a text, in any order.
fn flags<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Result<(Flags, &'t str), Say> {
    let (mut flags, mut text) = (Flags::default(), text);
    loop {
        let (before, last) = text.rsplit_once(parts_flags).unwrap_or(("", text));
        let last = last.trim_matches(['[', ']', '［', '］', '【', '】', '(', ')', '（', '）', '，', ',', '。']);
        if !flags.secret && ctx.catalog.means("flag.secret", last) {
            flags.secret = true;
            text = trim(before);
        } else if !flags.reasons && ctx.catalog.means("flag.reasons", last) {
            flags.reasons = true;
            text = trim(before);
        } else if let Some(before) = until_all(ctx, text).filter(|_| !flags.until_all) {
            flags.until_all = true;
            text = before;
        } else if let Some((before, at)) = hour(ctx, text).filter(|_| flags.opens.is_none()) {
            flags.opens = Some(at?);
            text = trim(before);
        } else {
            return Ok((flags, text));
        }
    }
}

/// What stands before 投完即止 at the end, which in English is several words.
fn until_all<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Option<&'t str> {
    let mut rest = text;
    for _ in 0..MAX_EARLY_WORDS {
        let before = rest.trim_end().rsplit_once(parts_flags).map_or("", |(before, _)| before);
        let last = text.strip_prefix(before).unwrap_or_default();
        let last =
            last.trim_start_matches(parts_flags).trim_matches(['[', ']', '］', '】', ')', '）', '，', ',', '。']);
        if ctx.catalog.means("flag.early", last) {
            return Some(trim(before));
        }
        rest = before;
    }
    None
}

/// Whether words before 开始 are no hour at all: nothing of a time, or more than one, as of two options.
fn is_no_hour(why: Why) -> bool {
    matches!(why, Why::NotATime | Why::TwoTimes | Why::Glued)
}

/// “开始=3月5日9:00”, “3月5日9:00开始”, “start=5 Mar 9:00”, “starts 5 Mar 9:00” at the end, and what stands before it.
fn hour<'t>(ctx: &Ctx<'_, '_>, text: &'t str) -> Option<(&'t str, Result<DateTime<Utc>, Say>)> {
    let read = |written: &'t str| {
        let written = trim(written.trim_end_matches([']', '］', '】', ')', '）', '。']));
        time::moment(written, &when::now(ctx))
            .map_err(|doubt| (is_no_hour(doubt.why), when::ask(ctx, written, &doubt, Shape::Moment)))
    };
    for sign in OPENS {
        let Some((before, written)) = text.rsplit_once(sign) else { continue };
        let before = before.trim_end_matches(['[', '［', '【', '(', '（']);
        if before.chars().next_back().is_none_or(|c| c.is_whitespace() || BAR.contains(&c)) {
            return Some((before, read(written).map_err(|(_, say)| say)));
        }
    }
    let (mut rest, mut best) = (text, None);
    for _ in 0..=MAX_TIME_WORDS {
        let Some((before, _)) = rest.rsplit_once(|c: char| c.is_whitespace() || BAR.contains(&c)) else { break };
        let behind = text.strip_prefix(before).unwrap_or_default();
        let written = trim_start(behind).trim_start_matches(BAR);
        match begins(written).map(read) {
            Some(Ok(_) | Err((false, _))) if is_option(before, behind) => return None,
            Some(Ok(at)) => best = Some((before, Ok(at))),
            Some(Err((false, say))) => best = Some((before, Err(say))),
            Some(Err((true, _))) | None => {}
        }
        rest = before.trim_end();
    }
    best
}

/// The time in “3月5日9:00开始”, “starts 5 Mar 9:00”.
fn begins(written: &str) -> Option<&str> {
    let signs = ["starts ", "starting ", "opens "];
    written.strip_suffix("开始").or_else(|| signs.iter().find_map(|sign| written.strip_prefix(sign)))
}

/// Whether an hour is one of the options, as where it is asked when something shall begin: it stands behind a bar, or on a line of
/// its own below another.
fn is_option(before: &str, behind: &str) -> bool {
    let has_bar = before.trim_end().ends_with(BAR) || trim_start(behind).starts_with(BAR);
    let above = before.lines().next_back().map_or("", trim);
    has_bar || (behind.starts_with('\n') && begins(above).is_some())
}

/// `[编号] 几天｜到几时 原因`.
pub(super) fn extend(ctx: &Ctx<'_, '_>, arg: &str) -> Result<Command, Say> {
    let (topic, rest) = topic_and_rest(ctx, arg);
    let rest = trim(rest);
    if rest.is_empty() {
        return Err(ctx.empty());
    }
    let (until, reason) = longer(ctx, rest)?;
    let reason = one_line(reason);
    Ok(Command::Poll(Ask::Extend { topic, until, reason }))
}

/// 3天 and 3小时 are counted from the close until now, and only the domain knows that; 到 … and whatever has an hour is a moment.
fn longer<'t>(ctx: &Ctx<'_, '_>, said: &'t str) -> Result<(Longer, &'t str), Say> {
    let until = ctx.catalog.after("word.till", said).map(trim_start);
    if let Some((bad, lines)) = when::day_or_days(ctx, said, Shape::Moment).filter(|_| until.is_none()) {
        let lines = lines.into_iter().map(|(_, line)| line).collect();
        return Err(say!(
            "e.when.ask",
            bad = Value::Quote(bad),
            lines = Value::Lines(lines),
            why = say!("when.either")
        ));
    }
    let now = when::now(ctx);
    let days = time::days(said, &now).ok().filter(|_| until.is_none());
    let behind = |end: usize| trim_start(said.get(end..).unwrap_or_default());
    if let Some(found) = days.filter(|found| !time::is_time(word(behind(found.used.end)).0)) {
        match found.value {
            Until::Days(days) => return Ok((Longer::Days(Term::Days(days)), behind(found.used.end))),
            Until::Months(months, days) => {
                return Ok((Longer::Days(Term::Months(months, days)), behind(found.used.end)));
            }
            // A day alone has no hour; the deadline says which is meant, or asks.
            Until::Day(_) => {}
        }
    }
    let written = until.unwrap_or(said);
    let (deadline, reason) = when::deadline(ctx, written)?;
    if deadline.opens.is_some() {
        return Err(ctx.bad(written));
    }
    let used = written.strip_suffix(reason).unwrap_or(written);
    let is_length = until.is_none() && HOURS.iter().any(|unit| fold(used).contains(unit)) && !used.contains('后');
    match is_length {
        true => Ok((Longer::By(deadline.at - ctx.scene.now), reason)),
        false => Ok((Longer::Until(deadline.at), reason)),
    }
}
