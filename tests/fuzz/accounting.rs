//! 字字有着落 — the law for every parser: a message is read whole or asked back. A piece that can be taken out of a message without
//! the command becoming another was dropped in silence.
//!
//! Used twice: by the test `accounting` (`tests/chat`), where chance picks the pieces, and by the fuzzer, where coverage does.

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use xieshang::domain::command::Command;
use xieshang::domain::kernel::ids::{GatheringNo, SuggestionRef, TopicNo};
use xieshang::domain::kernel::mark::Mark;
use xieshang::language::{Catalog, Hearing, Parsed, parse};

/// What people write into a line because they mean something by it. None of it is an empty word (请, 吧, 谢谢).
pub const PIECES: &[&str] = &[
    // Days, hours, terms, how often.
    "3月15日",
    "3月20日18:00",
    "周六",
    "下周一",
    "明天",
    "月底",
    "15号",
    "下午3点",
    "9:30",
    "晚上7点半",
    "3天",
    "两周",
    "24小时",
    "5个工作日",
    "每周",
    "每月8日",
    "2026年",
    "到4月1日",
    "by Friday",
    "March 20",
    "3 days",
    "at 7pm",
    "every week",
    // Numbers, rooms, amounts.
    "7",
    "907531",
    "1-2",
    "第5条",
    "办3",
    "社2",
    "W9",
    "101室",
    "3-201",
    "88㎡",
    "3户",
    "500元",
    "2人",
    "topic 9",
    // Choices and ways of voting.
    "赞成",
    "反对",
    "弃权",
    "通过",
    "不通过",
    "满意",
    "不满意",
    "秘密",
    "不记名",
    "实名",
    "每户一票",
    "三分之二",
    "全体过半",
    "可多选",
    "排序",
    "by area",
    "secret",
    "against",
    "A",
    "丙",
    // Who and where.
    "王建国",
    "买买提·艾力",
    "李　娜（副主任）",
    "鹧鸪街道",
    "区住建局",
    "居民代表",
    "Wang Fang",
    "@王芳",
    "牵头",
    "协助",
    "联络员",
    // What turns a sentence round, or says why.
    "不",
    "不是",
    "取消",
    "除了王芳",
    "暂时",
    "如果下雨",
    "因为漏水",
    "原因：没钱",
    "备注：带伞",
    "仅限业主",
    "not",
    "unless it rains",
    "because of rain",
    "鹧鸪",
    "zhegu",
    "全部",
    "改为",
    "新建",
    "第2页",
];

/// 不记名 in other words.
const SECRET: [&str; 3] = ["不记名", "秘密", "secret"];

/// What is between pieces.
pub const JOINTS: &[&str] = &[" ", "，", "；", "\n", "、", "", "：", "（"];

/// A line of a command with pieces put in.
#[derive(Debug, Clone)]
pub struct Line {
    example: String,
    /// Where (in characters of the example), what is before it, what.
    added: Vec<(usize, &'static str, &'static str)>,
}

impl Line {
    /// `example`, and for each piece: where, of what joint, which; whatever numbers.
    pub fn new(example: &str, added: &[(usize, usize, usize)]) -> Self {
        let ends = ends(example);
        let mut added: Vec<_> = added
            .iter()
            .map(|(at, joint, piece)| {
                (ends[at % ends.len()], JOINTS[joint % JOINTS.len()], PIECES[piece % PIECES.len()])
            })
            .collect();
        added.sort_by_key(|(at, ..)| *at);
        let mut said: Vec<&str> = Vec::new();
        added.retain(|(_, _, piece)| !said.contains(piece) && (said.push(piece), true).1);
        Self { example: example.to_owned(), added }
    }

    fn without(&self, left_out: usize) -> String {
        self.written(Some(left_out))
    }

    fn written(&self, left_out: Option<usize>) -> String {
        let chars: Vec<char> = self.example.chars().collect();
        let mut line = String::new();
        let mut from = 0;
        for (n, (at, joint, piece)) in self.added.iter().enumerate() {
            line.extend(&chars[from..*at]);
            from = *at;
            if Some(n) != left_out {
                line.push_str(joint);
                line.push_str(piece);
                if *joint == "（" {
                    line.push('）');
                }
            }
        }
        line.extend(&chars[from..]);
        line
    }
}

/// Where a piece may stand: behind each word of an example.
fn ends(example: &str) -> Vec<usize> {
    let chars: Vec<char> = example.chars().collect();
    let mut ends: Vec<usize> = (1..chars.len())
        .filter(|at| chars[*at].is_whitespace() || matches!(chars[*at], '；' | '｜' | '，' | '：' | '、'))
        .collect();
    ends.push(chars.len());
    ends
}

fn now() -> DateTime<Utc> {
    Shanghai.with_ymd_and_hms(2025, 3, 3, 10, 0, 0).unwrap().with_timezone(&Utc)
}

/// Where it may be said: in a group and in private, as a reply and not.
pub fn hearings() -> Vec<Hearing> {
    let marks = [
        None,
        Some(Mark::Suggestion(SuggestionRef { topic: TopicNo(1), n: 3 })),
        Some(Mark::Poll { topic: TopicNo(1), ends: None }),
        Some(Mark::Gathering(GatheringNo(1))),
        Some(Mark::Topic(TopicNo(1))),
    ];
    let mut all = Vec::new();
    for reply in marks {
        for private in [false, true] {
            all.push(Hearing {
                private,
                replied_to_bot: reply.is_some(),
                replied_to_person: false,
                reply: reply.clone(),
                bot_names: vec!["hao_bot".to_owned()],
                now: now(),
                tz: Shanghai,
            });
        }
    }
    all
}

/// Every example of every command.
pub fn examples(catalog: &Catalog) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for entry in catalog.entries() {
        all.extend([entry.example.zh.clone(), entry.example.en.clone()]);
        all.extend(entry.examples.iter().map(|example| example.text.clone()));
    }
    all.sort();
    all.dedup();
    all
}

fn command(catalog: &Catalog, line: &str, hearing: &Hearing) -> Option<Command> {
    match parse(catalog, line, hearing) {
        Parsed::Heard(heard) => heard.command.ok(),
        Parsed::Silent => None,
    }
}

/// The piece that was dropped, with the line and the command, if there is one. Lines that are asked back, or are talk, account for all.
pub fn dropped(catalog: &Catalog, line: &Line, hearing: &Hearing) -> Option<String> {
    let whole = line.written(None);
    let done = command(catalog, &whole, hearing)?;
    // The help answers with what there is to what it does not know; plain words are answered, never carried out.
    // Of words on a card, and of a delay that is in doubt, it is asked.
    if matches!(done, Command::Help(_) | Command::Plain(_) | Command::DelayUnsure { .. } | Command::CardWords { .. }) {
        return None;
    }
    (0..line.added.len())
        .find(|n| {
            !is_free(catalog, line, *n, &done) && command(catalog, &line.without(*n), hearing).as_ref() == Some(&done)
        })
        .map(|n| format!("“{}” is dropped: {whole} → {done:?}", line.added[n].2))
}

/// What may be said without anything being done by it.
fn is_free(catalog: &Catalog, line: &Line, n: usize, done: &Command) -> bool {
    let (at, _, piece) = line.added[n];
    // To say a thing twice is no more than to say it once.
    let is_said_before = line.example.to_lowercase().contains(&piece.to_lowercase());
    let before: String = line.example.chars().take(at).collect();
    match done {
        // A heading may have more words than it needs; what is no name of a column is asked about.
        Command::LoadRoll { .. } => before.lines().count() == 2 && before.contains("产权人"),
        // A number before a name in a list is what that person calls itself in the group; a line without a number is of the talk around it.
        Command::Chain(_) => {
            piece.starts_with(|c: char| c.is_ascii_digit()) || line.added[n].1 == "\n" || is_said_before
        }
        // The same in other words.
        Command::Poll(_) => {
            is_said_before || SECRET.contains(&piece) && SECRET.iter().any(|word| line.example.contains(word))
        }
        // “/议题 全部”: that something is to be shown.
        Command::TopicList(_) | Command::SuggestionList(..) | Command::TopicCard(_) => {
            let looks = ["plain.look", "plain.listing", "plain.how", "plain.asks"];
            is_said_before || looks.iter().any(|key| catalog.means(key, piece))
        }
        Command::Gathering(_) => is_said_before || piece == "改为" && line.example.contains("改到"),
        _ => is_said_before,
    }
}
