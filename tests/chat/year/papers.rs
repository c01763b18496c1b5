//! 报纸 — what a posted paper or an answer to /统计 says, read from its text, and held against the book.

use super::book::{At, Book, Of, Said, date};
use super::district::{District, SECTORS, SIDES};
use super::hall::Letter;
use super::life::moment;
use chrono::{Datelike, Days, NaiveDate, Weekday};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Label and where it stands, in sheets (/统计), weekly papers and reports (汇报, 月报).
const READ: &[(&str, &str)] = &[
    ("点单", r"点单(\d+)[　 ]"),
    ("买单", r"[　 ]买单(\d+)"),
    ("解单", r"[　 ]解单(\d+)"),
    ("查单", r"[　 ]查单(\d+)"),
    ("办结", r"(?:[　 ]|累计)办结(\d+)(?:\s|件|$)"),
    ("办结率", r"办结率(\d+)%"),
    ("群众点单占", r"群众点单占(\d+)%"),
    ("点单到买单", r"点单到买单平均(\S+?)(?:　|\n)"),
    ("平均历时", r"平均历时(\d+)天"),
    ("微协商", r"(?:微协商(\d+)次|参与微协商(\d+)件|开展微协商(\d+)件)"),
    ("全会协商", r"全会协商(\d+)次"),
    ("常委会协商", r"常委会协商(\d+)次"),
    ("界别协商", r"界别协商(\d+)次"),
    ("就地办结占", r"就地办结占(\d+)%"),
    ("委员参与", r"(?:委员参与(\d+)人次|微协商(?:\d+件、)?(\d+)人次)"),
    ("建议", r"建议(\d+)（采纳"),
    ("采纳", r"(?:（采纳(\d+)|建议采纳(\d+)条)"),
    ("采纳率", r"采纳率(\d+)%"),
    ("跟帖", r"跟帖(\d+)　"),
    ("点赞", r"点赞(\d+)　"),
    ("附议", r"附议(\d+)　活动"),
    ("活动场", r"活动(\d+)场"),
    ("活动人", r"活动\d+场(\d+)人"),
    ("交办", r"交办(\d+)　"),
    ("已评价", r"已评价(\d+)"),
    ("满意率", r"满意率(\d+)%"),
    ("社情民意", r"社情民意(\d+)条"),
    ("采用区政协", r"区政协采用(\d+)条"),
    ("采用市政协", r"市政协采用(\d+)条"),
    ("采用省政协", r"省政协采用(\d+)条"),
    ("化解矛盾", r"(?:成果：|　|，)化解矛盾(\d+)件(?:　|，|\n|。)"),
    ("民生工程", r"民生工程(\d+)处"),
    ("爱心项目", r"爱心项目(\d+)个"),
    ("转为赞成", r"(?:由反对转为赞成(\d+)户|(\d+)户由反对转为赞成)"),
    ("首次发言", r"(?:首次发言(\d+)人|(\d+)名群众首次发言)"),
    ("走访人次", r"走访群众(\d+)人次"),
    ("收集民意", r"收集民意(\d+)条"),
    ("微调研", r"微调研(\d+)次"),
    ("用起来", r"群：登记\d+个｜用起来(\d+)个"),
    ("活起来", r"群：登记\d+个｜用起来\d+个｜活起来(\d+)个"),
    ("阵地登记", r"阵地：登记(\d+)个"),
    ("阵地用起来", r"阵地：登记\d+个｜用起来(\d+)个"),
    ("阵地活起来", r"阵地：登记\d+个｜用起来\d+个｜活起来(\d+)个"),
    ("圆桌会", r"圆桌会(\d+)场"),
    ("牵线搭桥化解", r"圆桌会\d+场，化解矛盾(\d+)件"),
    ("智力支持邀请", r"专家等(\d+)人"),
    ("智力支持协商", r"协商(\d+)件，已办结"),
    ("智力支持办结", r"已办结(\d+)件"),
];

static PATTERNS: LazyLock<Vec<(&str, Regex)>> =
    LazyLock::new(|| READ.iter().map(|(name, pattern)| (*name, Regex::new(pattern).unwrap())).collect());

/// Labels a text of this kind prints even where nothing happened.
const IN_SHEETS: &[&str] = &[
    "点单",
    "买单",
    "解单",
    "查单",
    "办结",
    "微协商",
    "委员参与",
    "建议",
    "采纳",
    "跟帖",
    "点赞",
    "附议",
    "活动场",
    "活动人",
    "交办",
    "已评价",
    "社情民意",
    "转为赞成",
    "首次发言",
];

fn numbers(text: &str, pattern: &str) -> String {
    let pattern = Regex::new(pattern).unwrap();
    pattern.captures_iter(text).map(|found| found[1].to_owned()).collect::<Vec<_>>().join("、")
}

/// “红灯2件（办3号、办9号）”.
fn listed(text: &str, name: &str) -> Option<String> {
    let found = Regex::new(&format!(r"{name}(\d+)(?:件（(.*?)）)?")).unwrap().captures(text)?;
    let list = found.get(2).map_or(String::new(), |list| numbers(list.as_str(), r"(\d+)号"));
    Some(list)
}

/// What a sheet, a weekly paper or a report says.
pub fn read(text: &str, with_lights: bool) -> Said {
    let mut said = Said::new();
    for (name, pattern) in PATTERNS.iter() {
        if let Some(found) = pattern.captures(text) {
            let value = found.iter().skip(1).flatten().next().unwrap().as_str().to_owned();
            said.insert((*name).to_owned(), value);
        }
    }
    if let Some(sides) = text.lines().find(|line| line.starts_with("五方到场：")) {
        for side in SIDES {
            let n = Regex::new(&format!(r"{side}(\d+)")).unwrap().captures(sides).unwrap()[1].to_owned();
            said.insert(format!("五方{side}"), n);
        }
    }
    if let Some(levels) = Regex::new(r"委员参与\d+人次（(.*?)）").unwrap().captures(text) {
        for level in ["省", "市", "区"] {
            let n = Regex::new(&format!(r"{level}(\d+)")).unwrap().captures(&levels[1]);
            said.insert(format!("委员参与{level}"), n.map_or("0".to_owned(), |n| n[1].to_owned()));
        }
    }
    if text.contains("；“看法”变“办法”：0条") {
        // Of nothing there is no rate, and the sentence says 0.
        said.remove("采纳率");
    }
    let proposals = Regex::new(r"微提案(\d+)件（立案(\d+)，吸收办理(\d+)）").unwrap();
    if let Some(found) = proposals.captures(text) {
        said.insert("微提案".to_owned(), format!("{} {} {}", &found[1], &found[2], &found[3]));
    }
    if with_lights {
        for (label, names) in [("红灯", ["办件红", "　红灯"]), ("黄灯", ["办件黄", "　黄灯"])] {
            if let Some(list) = names.iter().find_map(|name| listed(text, name)) {
                said.insert(label.to_owned(), list);
            }
        }
        if let Some(list) = listed(text, "待买单超3天") {
            said.insert("待买单".to_owned(), list);
        }
    }
    said
}

/// Rows of what waits that a paper shows.
const SHOWN: usize = 8;

#[derive(Debug, Default)]
pub struct Papers {
    /// Figures compared.
    pub compared: u64,
    pub dailies: u32,
    pub weeklies: u32,
    pub monthlies: u32,
    /// Messages a day of the members' group: the most in each month.
    pub messages: BTreeMap<(i32, u32), usize>,
    last_issue: BTreeMap<String, u32>,
}

impl Papers {
    /// Holds what was posted at a moment against the book as it stands.
    pub fn take(&mut self, posted: &[Letter], now: At, district: &District, book: &Book) -> Vec<String> {
        let part = Regex::new(r"（\d+/\d+）").unwrap();
        let mut whole: Vec<(String, String, String, usize)> = Vec::new();
        for letter in posted {
            let first = letter.text.lines().next().unwrap_or_default();
            let heading = part.replace(first, "").into_owned();
            match whole.iter_mut().find(|(to, known, ..)| *to == letter.to && *known == heading) {
                Some((_, _, text, parts)) => {
                    text.push('\n');
                    text.push_str(&letter.text);
                    *parts += 1;
                }
                None => whole.push((letter.to.clone(), heading, letter.text.clone(), 1)),
            }
        }
        let mut faults = Vec::new();
        for (to, heading, text, parts) in whole {
            let Some(chat) = district.chats.iter().find(|chat| chat.id == to) else { continue };
            let of = match chat.kind {
                "委员群" => Of::District,
                "镇街学联组群" => Of::Town(chat.town.clone()),
                "界别群" => Of::Sector(chat.sector),
                _ => continue,
            };
            let found = if heading.contains("一周】第") {
                self.weeklies += 1;
                self.weekly(&of, &text, now, district, book)
            } else if heading.contains("月报】") {
                self.monthlies += 1;
                self.monthly(&of, &text, now, district, book)
            } else if heading.contains("】第") {
                self.dailies += 1;
                if of == Of::District {
                    let day = date(now);
                    let most = self.messages.entry((day.year(), day.month())).or_default();
                    *most = parts.max(*most);
                }
                let mut found = self.daily(&of, &text, now, district, book);
                found.extend(self.issue(&to, &heading));
                found
            } else {
                continue;
            };
            faults.extend(found.into_iter().map(|fault| format!("{to} {heading} at {now}: {fault}")));
        }
        faults
    }

    /// 期号 — without a gap.
    fn issue(&mut self, to: &str, heading: &str) -> Option<String> {
        let n: u32 = Regex::new(r"第(\d+)期").unwrap().captures(heading)?[1].parse().unwrap();
        let before = self.last_issue.insert(to.to_owned(), n).unwrap_or(0);
        (n != before + 1).then(|| format!("issue {n} after {before}"))
    }

    fn same(&mut self, what: &str, paper: &str, book: &str) -> Option<String> {
        self.compared += 1;
        (paper != book).then(|| format!("{what}: the paper says {paper:?}, the book {book:?}"))
    }

    /// Every figure of a text against the book.
    pub fn against(&mut self, paper: &Said, book: &Said) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, value) in paper {
            let known = book.get(name).map_or("nothing", String::as_str);
            faults.extend(self.same(name, value, known));
        }
        faults
    }

    fn daily(&mut self, of: &Of, text: &str, now: At, district: &District, book: &Book) -> Vec<String> {
        let day = date(now);
        let (from, to) = (moment(day.checked_sub_days(Days::new(1)).unwrap(), 20, 0), moment(day, 20, 0));
        let sums = book.sums(district, of, from, to);
        let mut faults = Vec::new();
        let line = text.lines().find(|line| line.starts_with("点单") && line.contains("　办结"));
        for name in ["点单", "买单", "建议", "点赞", "附议", "办结"] {
            let said = line.map_or(String::new(), |line| numbers(line, &format!(r"(?:^|　){name}(\d+)")));
            faults.extend(self.same(name, &said, &sums.get(name).copied().unwrap_or(0).to_string()));
        }
        let list = |numbers: Vec<u32>| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join("、");
        let (red, yellow, _) = book.lit(district, of, to);
        for (mark, word, mut lit) in [("🔴", "红", red), ("🟡", "黄", yellow)] {
            // So many are shown, the rest is a number.
            let rest = lit.len().saturating_sub(SHOWN);
            lit.truncate(SHOWN);
            faults.extend(self.same(mark, &numbers(text, &format!(r"(?m)^{mark} 办(\d+)号")), &list(lit)));
            let said = numbers(text, &format!(r"另有(\d+)件亮{word}灯"));
            faults.extend(self.same(mark, &said, &if rest > 0 { rest.to_string() } else { String::new() }));
        }
        let talking = Regex::new(r"(?m)^(\d+)号｜解单.*?｜建议(\d+)　点赞(\d+)　附议(\d+)").unwrap();
        for found in talking.captures_iter(text) {
            let no: u32 = found[1].parse().unwrap();
            let topic = &book.topics[&no];
            let whole = book.whole(no);
            let standing = whole.iter().flat_map(|no| book.topics[no].standing());
            let (n, likes) = standing.fold((0, 0), |(n, likes), one| (n + 1, likes + one.likes.len()));
            let said = format!("{} {} {}", &found[2], &found[3], &found[4]);
            faults.extend(self.same(&found[1], &said, &format!("{n} {likes} {}", topic.seconded())));
        }
        faults
    }

    fn weekly(&mut self, of: &Of, text: &str, now: At, district: &District, book: &Book) -> Vec<String> {
        let today = date(now);
        let monday = today.week(Weekday::Mon).first_day();
        let (from, to) = (moment(monday.checked_sub_days(Days::new(7)).unwrap(), 0, 0), moment(monday, 0, 0));
        let known = book.sheet(district, of, from, to, to, true);
        let paper = read(text, true);
        assert!(paper.len() > 15, "a weekly paper is read: {text}");
        self.against(&paper, &known)
    }

    fn monthly(&mut self, of: &Of, text: &str, now: At, district: &District, book: &Book) -> Vec<String> {
        let first = date(now).with_day(1).unwrap();
        let before = first.pred_opt().unwrap().with_day(1).unwrap();
        let known = book.sheet(district, of, moment(before, 0, 0), moment(first, 0, 0), now, false);
        let paper = read(text, false);
        assert!(paper.len() > 8, "a monthly paper is read: {text}");
        self.against(&paper, &known)
    }
}

/// Names of towns and sectors as one asks for them.
pub fn asked(of: &Of) -> String {
    match of {
        Of::District => String::new(),
        Of::Town(town) => format!(" {town}"),
        Of::Sector(sector) => format!(" {sector}"),
    }
}

/// The whole, the towns, and the sectors somebody is of.
pub fn every(district: &District) -> Vec<Of> {
    let towns = district.towns.iter().cloned().map(Of::Town);
    let is_known = |sector: &&str| district.people.iter().any(|person| person.sector == *sector);
    let sectors = SECTORS.into_iter().filter(is_known).map(Of::Sector);
    std::iter::once(Of::District).chain(towns).chain(sectors).collect()
}

/// What is missing in a sheet that prints it always.
pub fn missing(said: &Said) -> Vec<String> {
    IN_SHEETS.iter().filter(|name| !said.contains_key(**name)).map(|name| format!("{name} is not printed")).collect()
}

/// The days from one to another, the last not included.
pub fn days(first: NaiveDate, n: u32) -> impl Iterator<Item = NaiveDate> {
    (0..n).map(move |k| first.checked_add_days(Days::new(u64::from(k))).unwrap())
}
