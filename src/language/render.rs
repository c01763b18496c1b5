//! 应答 — `say!("second", no = topic, n = 2)` → “👍 已附议【1号】，现有2人附议。”, in the language of the group.

use super::about::about;
use super::catalog::{Catalog, Entry, Lang, PlaceKind};
use super::clean::{clean, quote};
use super::mark::month_name;
use super::spell::spell;
use crate::domain::command::HelpOn;
use crate::domain::kernel::mark::Mark;
use crate::domain::kernel::say::{Say, Value};
use crate::domain::people::account::PLATFORM;
use crate::domain::people::person::{Role, Side};
use crate::say;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;

/// Replies inside replies, at most.
const MAX_DEPTH: usize = 8;

/// Numbered buttons under one reply, at most.
const MAX_BUTTONS: usize = 10;

/// 站点 — what a text needs to know about where the bot runs.
#[derive(Debug, Clone)]
pub struct Site {
    /// Public address of the pages, if there is one.
    pub public_url: Option<String>,
    /// Time zone of the committee.
    pub tz: Tz,
}

/// A reply in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// Plain text.
    pub text: String,
    /// Words on the buttons (按钮).
    pub buttons: Vec<String>,
    /// What it is about, if it is about one thing.
    pub about: Option<Mark>,
    /// What was wrong with the reply: unknown keys, braces nobody filled. Empty unless there is a bug; they are logged, and
    /// the reader never sees a brace.
    pub faults: Vec<String>,
}

/// Puts a reply into words.
#[must_use]
pub fn render(catalog: &Catalog, say: &Say, lang: Lang, site: &Site) -> Rendered {
    let mut writer = Writer { catalog, lang, site, faults: Vec::new() };
    let text = spell(catalog, writer.say(say, 0), lang);
    let buttons = numbered(say)
        .or_else(|| catalog.reply(&say.key).map(|reply| reply.buttons.get(lang).clone()))
        .unwrap_or_default();
    for fault in &writer.faults {
        tracing::error!(fault, "a reply could not be put into words");
    }
    let about = about(catalog, say, site.tz);
    Rendered { text, buttons, about, faults: writer.faults }
}

/// Buttons 1, 2, 3 … under the card of a poll with options: as many as `press` says.
fn numbered(say: &Say) -> Option<Vec<String>> {
    let press = say.args.iter().find(|(name, _)| name == "press");
    press.map(|(_, n)| match n {
        Value::Num(n) => (1..=*n).take(MAX_BUTTONS).map(|n| n.to_string()).collect(),
        _ => Vec::new(),
    })
}

/// A moment as people write it: 3月30日20:00, 30 Mar 20:00.
#[must_use]
pub fn moment(at: DateTime<Utc>, lang: Lang, tz: Tz) -> String {
    let local = at.with_timezone(&tz);
    match lang {
        Lang::Zh => format!("{}{}", day(local.date_naive(), lang), clock(local.time())),
        Lang::En => format!("{} {}", day(local.date_naive(), lang), clock(local.time())),
    }
}

/// A date as people write it: 3月14日, 14 Mar.
#[must_use]
pub fn day(date: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}月{}日", date.month(), date.day()),
        Lang::En => format!("{} {}", date.day(), month_name(date.month())),
    }
}

/// A time of day: 9:30, 20:00.
#[must_use]
pub fn clock(time: NaiveTime) -> String {
    format!("{}:{:02}", time.hour(), time.minute())
}

/// A share in percent, rounded half up by integers, without the sign.
#[must_use]
pub fn percent(num: u64, den: u64, decimals: u8) -> String {
    let scale = 10_u128.pow(u32::from(decimals.min(6)));
    let den = u128::from(den);
    let share = if den == 0 { 0 } else { (u128::from(num) * 100 * scale * 2 + den) / (2 * den) };
    match decimals.min(6) {
        0 => share.to_string(),
        places => format!("{}.{:0width$}", share / scale, share % scale, width = usize::from(places)),
    }
}

/// What a brace became.
enum Filled {
    Text(String),
    /// A link without a public address: the clause that holds it goes.
    Gone,
}

struct Writer<'a> {
    catalog: &'a Catalog,
    lang: Lang,
    site: &'a Site,
    faults: Vec<String>,
}

impl Writer<'_> {
    fn say(&mut self, say: &Say, depth: usize) -> String {
        if depth > MAX_DEPTH {
            self.faults.push(format!("{}: replies nested too deep", say.key));
            return String::new();
        }
        let catalog = self.catalog;
        let helped = with_help(catalog, say, self.lang);
        let say = helped.as_ref().unwrap_or(say);
        let template = match (catalog.reply(&say.key), catalog.term(&say.key)) {
            (Some(reply), _) => reply.text(self.lang),
            (None, Some(term)) => term.text(self.lang),
            (None, None) => {
                self.faults.push(format!("no reply {}", say.key));
                return String::new();
            }
        };
        self.fill(template, say, depth)
    }

    /// A template with its braces filled, line by line; a line that held only braces and came out empty is left out.
    fn fill(&mut self, template: &str, say: &Say, depth: usize) -> String {
        let mut lines = Vec::new();
        for line in template.split('\n') {
            let (text, only_braces, gone) = self.line(line, say, depth);
            if (only_braces || gone) && text.is_empty() {
                continue;
            }
            lines.push(text);
        }
        lines.join("\n")
    }

    fn line(&mut self, line: &str, say: &Say, depth: usize) -> (String, bool, bool) {
        let (mut out, mut rest, mut literal, mut gone) = (String::new(), line, false, false);
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            literal |= !before.is_empty();
            out.push_str(before);
            rest = behind;
            match self.brace(name, say, depth) {
                Filled::Text(text) => {
                    out.push_str(&text);
                    rest = end_once(&mut out, rest);
                }
                Filled::Gone => {
                    gone = true;
                    cut_clause(&mut out, self.lang);
                    rest = rest.trim_start_matches(['。', '.', '　', ' ']);
                }
            }
        }
        literal |= !rest.is_empty();
        out.push_str(rest);
        (out, !literal && !line.is_empty(), gone)
    }

    fn brace(&mut self, name: &str, say: &Say, depth: usize) -> Filled {
        let Some((_, value)) = say.args.iter().find(|(arg, _)| arg.strip_prefix("r#").unwrap_or(arg) == name) else {
            self.faults.push(format!("{}: nothing fills {{{name}}}", say.key));
            return Filled::Text(String::new());
        };
        if let Value::Link(path) = value {
            return match &self.site.public_url {
                Some(url) => Filled::Text(format!("{}/{}", url.trim_end_matches('/'), path.trim_start_matches('/'))),
                None => Filled::Gone,
            };
        }
        Filled::Text(self.value(value, say, depth))
    }

    fn value(&mut self, value: &Value, say: &Say, depth: usize) -> String {
        match value {
            Value::Text(text) => clean(text),
            Value::Quote(text) => quote(text),
            Value::Num(n) => n.to_string(),
            Value::Moment(at) => moment(*at, self.lang, self.site.tz),
            Value::Meeting(at) => self.meeting(*at),
            Value::Day(date) => day(*date, self.lang),
            Value::Clock(time) => clock(*time),
            Value::Term(key) => self.term(key, say, depth),
            Value::Percent { num, den, decimals } => percent(*num, *den, *decimals),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(item, say, depth + 1)).collect();
                self.join(&items, "sep.list")
            }
            Value::Lines(says) => {
                let lines: Vec<String> = says.iter().map(|say| self.say(say, depth + 1)).collect();
                lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
            }
            Value::Clauses(says) => {
                let clauses: Vec<String> = says.iter().map(|say| self.say(say, depth + 1)).collect();
                self.join(&clauses, "sep.clause")
            }
            Value::Commas(says) => {
                let parts: Vec<String> = says.iter().map(|say| self.say(say, depth + 1)).collect();
                self.join(&parts, "sep.comma")
            }
            Value::Part(say) => self.say(say, depth + 1),
            Value::Sides(bits) => self.sides(*bits),
            Value::Link(path) => {
                let base = self.site.public_url.as_deref().unwrap_or_default();
                format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/'))
            }
        }
    }

    fn join(&mut self, items: &[String], separator: &str) -> String {
        let separator = self.plain_term(separator);
        items.iter().filter(|item| !item.is_empty()).map(String::as_str).collect::<Vec<_>>().join(&separator)
    }

    fn plain_term(&mut self, key: &str) -> String {
        match self.catalog.term(key) {
            Some(term) => term.text(self.lang).to_owned(),
            // A door nobody has put a word for bears its own name.
            None if key.starts_with(PLATFORM) => key.trim_start_matches(PLATFORM).to_owned(),
            None => {
                self.faults.push(format!("no term {key}"));
                String::new()
            }
        }
    }

    /// A term; its own braces are filled by the reply around it.
    fn term(&mut self, key: &str, say: &Say, depth: usize) -> String {
        let text = self.plain_term(key);
        if !text.contains('{') {
            return text;
        }
        if depth > MAX_DEPTH {
            self.faults.push(format!("{key}: terms nested too deep"));
            return String::new();
        }
        self.fill(&text, say, depth + 1)
    }

    fn meeting(&mut self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.site.tz);
        let weekday = self.plain_term(&format!("weekday.{}", local.weekday().number_from_monday()));
        let (date, time) = (day(local.date_naive(), self.lang), clock(local.time()));
        match self.lang {
            Lang::Zh => format!("{date} {weekday} {time}"),
            Lang::En => format!("{weekday} {date} {time}"),
        }
    }

    fn sides(&mut self, bits: u8) -> String {
        let marks: Vec<String> = Side::ALL
            .into_iter()
            .map(|side| {
                let here = bits & (1 << side.index()) != 0;
                format!("{}{}", self.plain_term(side.term()), if here { '✔' } else { '✘' })
            })
            .collect();
        marks.join(" ")
    }
}

/// What somebody dictated ends with a full stop of its own: the sentence it stands in does not end twice, and goes on after no end.
fn end_once<'t>(out: &mut String, rest: &'t str) -> &'t str {
    if out.ends_with('。') && rest.starts_with(['，', '：', '；', '、']) {
        out.pop();
    }
    match out.ends_with(['。', '！', '？']) {
        true => rest.strip_prefix('。').unwrap_or(rest),
        false => rest,
    }
}

/// Takes back what was written since the last stop, so that a sentence about a link goes with the link.
fn cut_clause(out: &mut String, lang: Lang) {
    let stop = out.char_indices().rev().find(|(at, c)| {
        matches!(c, '。' | '；' | '，')
            || (matches!(c, '.' | ';' | ',') && out.get(at + 1..).is_some_and(|s| s.starts_with(' ')))
    });
    let Some((at, c)) = stop else {
        out.clear();
        return;
    };
    out.truncate(at);
    let full = match lang {
        Lang::Zh => '。',
        Lang::En => '.',
    };
    out.push(if matches!(c, '；' | '，' | ';' | ',') { full } else { c });
}

/// Lines of one page of the help between its head and, for everybody, its foot.
const HELP_ROWS: usize = 7;

/// The help replies are filled from the catalogue: `rows` from the lines of the commands, page by page, `what` and `ex` of a command.
fn with_help(catalog: &Catalog, say: &Say, lang: Lang) -> Option<Say> {
    let (role, room) = match say.key.as_str() {
        "help" => (Role::Resident, HELP_ROWS - 1),
        "help.member" => (Role::Member, HELP_ROWS),
        "help.moderator" => (Role::Moderator, HELP_ROWS),
        "help.coordinator" => (Role::Coordinator, HELP_ROWS),
        "help.handler" => (Role::Handler, HELP_ROWS),
        "help.expert" => (Role::Expert, HELP_ROWS),
        "help.cmd" => return command_help(catalog, say, lang),
        _ => return None,
    };
    let mut lines: Vec<(u32, &str)> = catalog
        .entries()
        .iter()
        .flat_map(|entry| &entry.help)
        .filter(|line| line.role == role)
        .map(|line| (line.order, if lang == Lang::Zh { line.zh.as_str() } else { line.en.as_str() }))
        .collect();
    lines.sort_by_key(|(order, _)| *order);
    let lines: Vec<&str> = lines.into_iter().map(|(_, line)| line).collect();
    let asked = say.args.iter().find_map(|(name, value)| match value {
        Value::Num(page) if name == "page" => usize::try_from(*page).ok(),
        _ => None,
    });
    let (rows, next) = help_page(&lines, room, asked.unwrap_or(1));
    let mut rows: Vec<Say> = rows.iter().map(|row| say!("plain", text = *row)).collect();
    if let Some(next) = next {
        rows.push(say!("help.next", role = Value::Term(role.term().to_owned()), n = next));
    }
    Some(Say::new(&say.key).with("rows", Value::Lines(rows)))
}

/// One page of the lines and the number of the next, if there is one: its line takes the place of the last row.
fn help_page<'l, 't>(lines: &'l [&'t str], room: usize, asked: usize) -> (&'l [&'t str], Option<usize>) {
    let (mut rest, mut page) = (lines, 1);
    while rest.len() > room {
        let Some((rows, more)) = rest.split_at_checked(room - 1) else { break };
        if page >= asked {
            return (rows, Some(page + 1));
        }
        (rest, page) = (more, page + 1);
    }
    (rest, None)
}

fn command_help(catalog: &Catalog, say: &Say, lang: Lang) -> Option<Say> {
    let Some((_, Value::Text(name))) = say.args.iter().find(|(arg, _)| arg == "name") else { return None };
    let entry = catalog.entry(name)?;
    let usage = entry.usage.get(lang);
    Some(
        Say::new(&say.key)
            .with("name", usage.strip_prefix('/').unwrap_or(usage))
            .with("what", entry.what.get(lang).as_str())
            .with("ex", entry.example.get(lang).as_str()),
    )
}

/// 帮助 — the reply to /帮助; its lines come out of the catalogue when it is rendered.
#[must_use]
pub fn help(on: &HelpOn) -> Say {
    match on {
        HelpOn::Basics => say!("help", page = 1_u32),
        HelpOn::Role(Role::Resident, page) => say!("help", page = *page),
        HelpOn::Role(Role::Member, page) => say!("help.member", page = *page),
        HelpOn::Role(Role::Moderator, page) => say!("help.moderator", page = *page),
        HelpOn::Role(Role::Coordinator | Role::Admin, page) => say!("help.coordinator", page = *page),
        HelpOn::Role(Role::Handler, page) => say!("help.handler", page = *page),
        HelpOn::Role(Role::Expert, page) => say!("help.expert", page = *page),
        HelpOn::Command(name) => say!("help.cmd", name = name.as_str()),
    }
}

/// 命令表 — all commands as a Markdown table, for the README.
#[must_use]
pub fn command_table(catalog: &Catalog) -> String {
    let mut entries: Vec<&Entry> = catalog.entries().iter().collect();
    entries.sort_by_key(|entry| {
        let role = lowest_role(entry);
        let order = entry.help.iter().filter(|line| line.role == role).map(|line| line.order).min();
        (role, order.unwrap_or(u32::MAX))
    });
    let mut out = String::from("| 命令 | English | 谁可以用 | 在哪 | 做什么 | 例 |\n|--|--|--|--|--|--|\n");
    for entry in entries {
        let row = [
            format!("/{}", entry.name),
            entry
                .english
                .iter()
                .filter(|name| *name != "start")
                .map(|name| format!("`/{name}`"))
                .collect::<Vec<_>>()
                .join(" "),
            who(catalog, entry),
            places(entry),
            entry.what.zh.clone(),
            entry.example.zh.replace('\n', " ⏎ "),
        ];
        out.push_str(&format!("| {} |\n", row.map(|cell| cell.replace('|', "\\|")).join(" | ")));
    }
    out
}

fn lowest_role(entry: &Entry) -> Role {
    entry.roles.iter().copied().min().unwrap_or(Role::Admin)
}

fn who(catalog: &Catalog, entry: &Entry) -> String {
    if entry.roles.contains(&Role::Resident) {
        return "人人".to_owned();
    }
    let names: Vec<&str> =
        entry.roles.iter().filter_map(|role| catalog.term(role.term())).map(|term| term.text(Lang::Zh)).collect();
    names.join("、")
}

fn places(entry: &Entry) -> String {
    // Pages show, and take what is asked for with a scanned code; no command is given there.
    let all = [(PlaceKind::Group, "群"), (PlaceKind::Private, "私")];
    all.iter().filter(|(place, _)| entry.allowed_in(*place)).map(|(_, name)| *name).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use chrono_tz::Asia::Shanghai;

    fn site(url: Option<&str>) -> Site {
        Site { public_url: url.map(str::to_owned), tz: Shanghai }
    }

    fn both(say: &Say) -> (String, String) {
        let catalog = Catalog::builtin().unwrap();
        let zh = render(catalog, say, Lang::Zh, &site(None));
        let en = render(catalog, say, Lang::En, &site(None));
        assert_eq!((zh.faults, en.faults), (Vec::new(), Vec::new()), "{say:?}");
        (zh.text, en.text)
    }

    fn zh(say: &Say) -> String {
        both(say).0
    }

    #[test]
    fn values_the_way_people_write_them() {
        let at = Shanghai.with_ymd_and_hms(2025, 3, 8, 9, 30, 0).unwrap().with_timezone(&Utc);
        assert_eq!(moment(at, Lang::Zh, Shanghai), "3月8日9:30");
        assert_eq!(moment(at, Lang::En, Shanghai), "8 Mar 9:30");
        let act = Say::new("act.new")
            .with("a", 1_u32)
            .with("title", "恳谈会")
            .with("when", Value::Meeting(at))
            .with("where", "议事室");
        assert_eq!(zh(&act), "📅 活动1号：恳谈会\n时间：3月8日 星期六 9:30　地点：议事室\n报名回“报名”或“+1”。");
        assert!(both(&act).1.contains("When: Sat 8 Mar 9:30"));
        assert_eq!(percent(924, 1000, 1), "92.4");
        assert_eq!(percent(1, 3, 1), "33.3");
        assert_eq!(percent(2, 3, 0), "67");
        assert_eq!(percent(1, 8, 1), "12.5");
        assert_eq!(percent(1, 0, 1), "0.0");
        assert_eq!(percent(u64::MAX, u64::MAX, 1), "100.0");
        assert_eq!(clock(NaiveTime::from_hms_opt(8, 5, 0).unwrap()), "8:05");
        let five =
            Say::new("invite").with("n", 4_u32).with("five", Value::Sides(0b11101)).with("apart", Say::new("none"));
        assert_eq!(zh(&five), "✅ 已邀请4人。五方：政协✔ 部门✘ 企业✔ 群众✔ 专家✔");
    }

    #[test]
    fn a_sentence_goes_with_its_link() {
        let catalog = Catalog::builtin().unwrap();
        let kept = Say::new("plan").with("no", 1_u32).with("v", 2_u32).with("url", Value::Link("t/1".to_owned()));
        assert_eq!(zh(&kept).lines().next(), Some("✅【1号】方案第2稿已存。"));
        assert_eq!(both(&kept).1.lines().next(), Some("✅ [No. 1] Draft 2 of the plan is kept."));
        let with = render(catalog, &kept, Lang::Zh, &site(Some("https://xs.example/")));
        assert_eq!(with.text.lines().next(), Some("✅【1号】方案第2稿已存。全文：https://xs.example/t/1"));
    }

    #[test]
    fn parts_terms_and_empty_lines() {
        let next = Say::new("card")
            .with("no", 1_u32)
            .with("title", "甲")
            .with("dan", Value::Term("step.talking.dan".into()))
            .with("step", Value::Term("step.talking.step".into()))
            .with("since", "3月3日")
            .with("kind", Value::Term("kind.bridge".into()))
            .with("lead", "王")
            .with("mod", Value::Term("mod.none".into()))
            .with("five", Value::Sides(0))
            .with("n", 0_u32)
            .with("likes", 0_u32)
            .with("seconds", 0_u32)
            .with("next", Value::Term("step.talking.next".into()));
        assert!(zh(&next).ends_with("下一步：出主意发：/建议 1 内容"));
        let me = Say::new("me")
            .with("who", "张")
            .with("topics", 1_u32)
            .with("sugs", 2_u32)
            .with("seconds", 3_u32)
            .with("todo", 4_u32)
            .with("duty", 5_u32)
            .with("six", Say::new("none"))
            .with("points", Say::new("none"))
            .with("waiting", Say::new("none"))
            .with("ballots", Value::Lines(Vec::new()))
            .with("how", Say::new("none"));
        assert_eq!(zh(&me), "张：点单1件　建议2条　附议3件　待办4件　本年履职5次");
        let part = Say::new("step.taken.next").with("no", 7_u32);
        assert_eq!(zh(&part), "主持人发：/推进 7");
        let missing = render(Catalog::builtin().unwrap(), &Say::new("second").with("n", 1_u32), Lang::Zh, &site(None));
        assert_eq!(missing.text, "👍 已附议【号】，现有1人附议。");
        assert_eq!(missing.faults.len(), 1);
        let sly = Say::new("reply").with("ref", "{n}\u{202E}");
        assert_eq!(zh(&sly), "✅ 已跟帖{n}。");
    }

    #[test]
    fn help_comes_out_of_the_catalogue() {
        assert_eq!(
            zh(&help(&HelpOn::Basics)),
            "常用就这几句：\n/议题 事情　　提一件事\n/建议 内容　　出主意（写编号：/建议 1 内容）\n回“+1”　　　给建议点赞\n回“附议”　　支持一件事\n回“1/2/3”　　表决时投票\n/议题　　　　看在办的事\n手机丢了、换了账号：用新账号私聊我发“/我是 姓名 房号”，再请联络员去掉旧的\n更多：/帮助 委员　/帮助 主持人　/帮助 联络员"
        );
        assert_eq!(
            zh(&help(&HelpOn::Command("议题".into()))),
            "/议题 [编号或事情]：提一件事；不写内容看清单，写编号看进度\n例：/议题 南门路灯不亮"
        );
        for role in Role::ALL {
            let mut seen = Vec::new();
            for page in 1..=9 {
                let (zh, en) = both(&help(&HelpOn::Role(role, page)));
                assert!(zh.lines().count() <= 9 && en.lines().count() <= 9, "{role:?}");
                assert!(zh.lines().count() >= 3, "{role:?} has nothing to read: {zh}");
                seen.extend(zh.lines().map(str::to_owned).collect::<Vec<_>>());
            }
            // Nothing is out of reach, however many lines a role comes to have.
            let role = if role == Role::Admin { Role::Coordinator } else { role };
            let catalog = Catalog::builtin().unwrap();
            for line in catalog.entries().iter().flat_map(|entry| &entry.help).filter(|line| line.role == role) {
                assert!(seen.contains(&line.zh), "{role:?} never sees {}", line.zh);
            }
        }
    }

    #[test]
    fn a_long_help_comes_in_pages() {
        let lines = ["a", "b", "c", "d", "e", "f", "g"];
        assert_eq!(help_page(&lines, 7, 1), (lines.as_slice(), None));
        assert_eq!(help_page(&lines, 3, 1), (&lines[..2], Some(2)));
        assert_eq!(help_page(&lines, 3, 2), (&lines[2..4], Some(3)));
        assert_eq!(help_page(&lines, 3, 3), (&lines[4..], None), "the last page needs no line for another");
        assert_eq!(help_page(&lines, 3, 99), (&lines[4..], None));
        assert_eq!(help_page(&lines, 3, 0), (&lines[..2], Some(2)));
        assert_eq!(help_page(&[], 3, 1), (&[][..], None));
    }
}
