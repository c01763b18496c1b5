//! 群里人多 — nobody, and no crowd, fills a group's minute; nothing of what is said there is lost; no answer is longer than a message, and
//! every list ends nowhere.

use super::{OPEN, from, heard, lines, now, open, play, text};
use crate::support::folder::Folder;
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;
use xieshang::bot::letters::Lane;
use xieshang::bot::office::{Committed, Job, Office};
use xieshang::domain::event::Event;
use xieshang::domain::kernel::ids::{PersonId, TopicNo};
use xieshang::domain::process::channel::Channel;
use xieshang::domain::process::form::Kind;
use xieshang::language::Catalog;
use xieshang::language::catalog::{Reply, braces};
use xieshang::language::merging::{Merging, Why};

/// What a platform takes in a chat within a minute.
const A_MINUTE: usize = 19;
/// What a platform takes as one message, in UTF-16 units.
const A_MESSAGE: usize = 4_096;
const TOWN: &str = "东风路街道";

/// What each chat got, and when.
#[derive(Default)]
struct Said(Vec<(DateTime<Utc>, String, String)>);

impl Said {
    fn take(&mut self, committed: &Committed, at: DateTime<Utc>) {
        let letters = committed.letters.iter();
        self.0.extend(letters.map(|one| (at, one.letter.chat.clone(), one.letter.text.clone())));
    }

    /// The most that any group got within any minute.
    fn busiest(&self) -> usize {
        let mut groups: BTreeMap<&str, Vec<DateTime<Utc>>> = BTreeMap::new();
        for (at, chat, _) in self.0.iter().filter(|(_, chat, _)| chat.starts_with("local:g_")) {
            groups.entry(chat).or_default().push(*at);
        }
        let within = |times: &[DateTime<Utc>], from: DateTime<Utc>| {
            times.iter().filter(|at| **at >= from && **at < from + Duration::seconds(60)).count()
        };
        groups.values().flat_map(|times| times.iter().map(|from| within(times, *from))).max().unwrap_or(0)
    }

    fn in_chat(&self, chat: &str) -> String {
        let said = self.0.iter().filter(|(_, known, _)| known == chat);
        said.map(|(_, _, text)| format!("{text}\n")).collect()
    }
}

fn rest(office: &mut Office, said: &mut Said, from: DateTime<Utc>, minutes: i64) {
    for second in 0..minutes * 60 {
        let at = from + Duration::seconds(second);
        said.take(&office.commit(&[Job::Tick], at).unwrap(), at);
    }
}

#[test]
fn three_hundred_requests_in_a_minute_are_each_told_with_their_number_even_over_a_kill() {
    let folder = Folder::new("busy");
    let mut stage = play(&folder.0, &lines(OPEN));
    let (mut said, begin) = (Said::default(), now());
    let milli = |n: i64| begin + Duration::milliseconds(n * 190);
    let request = |office: &mut Office, said: &mut Said, n: i64| {
        let line = format!("/议题 新建 第{n}处的路灯不亮了");
        let incoming = from(&format!("居民{n}"), &format!("b{n}"), text(&line), Some("g_df"), milli(n));
        said.take(&heard(office, incoming, milli(n)), milli(n));
    };
    (0..150).for_each(|n| request(&mut stage.started.office, &mut said, n));
    drop(stage);
    let mut started = open(&folder.0, milli(150));
    (150..300).for_each(|n| request(&mut started.office, &mut said, n));
    rest(&mut started.office, &mut said, milli(300), 6);
    assert!(said.busiest() <= A_MINUTE, "{} in a minute", said.busiest());
    let group = said.in_chat("local:g_df");
    for n in 0..300 {
        let row = format!("】第{n}处的路灯不亮了");
        assert_eq!(group.matches(&row).count(), 1, "{row}\n{group}");
    }
    assert!(group.contains("想支持的发：/附议 编号"));
    let of_many = said.0.iter().filter(|(_, chat, text)| chat == "local:g_df" && text.contains("\n【")).count();
    assert!((1..=6).contains(&of_many), "{of_many} messages for those that waited");
    assert!(said.0.iter().all(|(_, _, text)| text.encode_utf16().count() <= A_MESSAGE));
}

#[test]
fn nobody_fills_the_minute_of_a_group() {
    let folder = Folder::new("filled");
    let mut stage = play(&folder.0, &lines(OPEN));
    let office = &mut stage.started.office;
    let lines: [&dyn Fn(usize) -> String; 8] = [
        &|n| format!("/买单 {}", 900 + n),
        &|n| format!("/没有的命令{n}"),
        &|_| "/日报".to_owned(),
        &|n| format!("/议题 {}", 1 + n % 2),
        &|n| if n % 2 == 0 { "/报名 1".to_owned() } else { "/不去 1".to_owned() },
        &|n| format!("/建议 1 第{n}条"),
        &|n| format!("/评价 {n} 满意"),
        &|n| format!("投 1号 {}", ["赞成", "反对"][n % 2]),
    ];
    for (kind, line) in lines.iter().enumerate() {
        for (crowd, who) in [["张桂英"; 3], ["周敏"; 3], ["张桂英", "李德福", "路人甲"]].iter().enumerate()
        {
            let begin = now() + Duration::minutes(i64::try_from(kind * 60 + crowd * 10).unwrap());
            let (mut said, mut lost) = (Said::default(), Vec::new());
            for n in 0..44 {
                let (at, who) = (begin + Duration::seconds(i64::try_from(n).unwrap()), who[n % who.len()]);
                let key = format!("f{kind}-{crowd}-{n}");
                let before = office.head_seq();
                let told = heard(office, from(who, &key, text(&line(n)), Some("g_df"), at), at);
                if told.letters.is_empty() && office.head_seq() == before {
                    lost.push(line(n));
                }
                said.take(&told, at);
            }
            rest(office, &mut said, begin + Duration::seconds(60), 3);
            assert!(said.busiest() <= A_MINUTE, "{}: {} in a minute: {:#?}", line(0), said.busiest(), said.0);
            let all: String = said.0.iter().map(|(_, _, text)| text.as_str()).collect();
            // What nobody understood is hinted at once in ten minutes.
            for line in lost.iter().filter(|line| line.starts_with('/') && !line.contains("没有的命令")) {
                assert!(all.contains(line.as_str()), "“{line}” was dropped without a word: {all}");
            }
        }
    }
}

/// A number in words without figures.
fn name(n: usize) -> String {
    let digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    format!("{}{}", digits[n / 10 % 10], digits[n % 10])
}

/// Many of everything.
const MANY: usize = 45;

/// A big town, and the moment from which on it is asked about.
fn big(office: &mut Office) -> DateTime<Utc> {
    let mut at = now();
    let order = |n: usize| Event::TopicOrdered {
        topic: TopicNo(u32::try_from(n + 2).unwrap()),
        title: format!("大街{n}号的事").into(),
        body: "".into(),
        proposer: PersonId(10),
        channel: Channel::Private,
        kind: Kind::Expertise,
        town: TOWN.to_owned(),
    };
    office.enter((0..200).map(order).collect(), at).unwrap();
    let numbers: String = (2..2 + MANY).map(|no| format!("{no} ")).collect();
    let mut key = 0;
    let mut say = |who: &str, line: String| {
        at += Duration::seconds(15);
        key += 1;
        let before = office.head_seq();
        let told = heard(office, from(who, &format!("big{key}"), text(&line), None, at), at);
        assert!(office.head_seq() > before, "{line}: {:?}", told.letters);
    };
    for n in 0..MANY {
        say("周敏", format!("/阵地 委员工作室 工作室{} {TOWN} 每周三", name(n)));
        say("周敏", format!("/爱心项目 助学金{} 明德公司 2万", name(n)));
        say("周敏", format!("/专题 专题{} {numbers}", name(n)));
        say("王建国", format!("/社情民意 关于民意{}的建议｜情况：群众不清楚｜建议：公布", name(n)));
        say("王建国", format!("/提案 关于提案{}的建议｜情况：九点后没车｜建议：延长", name(n)));
        say(&format!("来人{}", name(n)), format!("/我是 来人{} {}0{}", name(n), n / 9 + 1, n % 9 + 1));
    }
    at
}

/// Follows an answer from page to page, by the line each names.
fn turned(office: &mut Office, who: &str, chat: Option<&str>, line: &str, at: &mut DateTime<Utc>) -> Vec<String> {
    let (mut pages, mut line) = (Vec::new(), line.to_owned());
    loop {
        *at += Duration::minutes(2);
        let key = format!("t{}", at.timestamp());
        let told = heard(office, from(who, &key, text(&line), chat, *at), *at);
        let answers: Vec<_> = told.letters.iter().filter(|one| one.lane == Lane::Answer).collect();
        // In private what was entered for the speaker is told besides, once.
        assert!(answers.len() == 1 || chat.is_none() && answers.len() == 2, "{line}: {answers:#?}");
        let page = answers[0].letter.text.clone();
        assert!(pages.len() < 40, "{line} never ends");
        let next = page.rsplit_once("下一页发：").map(|(_, next)| next.lines().next().unwrap_or("").trim().to_owned());
        pages.push(page);
        match next {
            Some(next) => line = next,
            None => return pages,
        }
    }
}

#[test]
fn every_list_has_a_way_to_its_end() {
    let folder = Folder::new("lists");
    let mut stage = play(&folder.0, &lines(OPEN));
    let office = &mut stage.started.office;
    let mut at = big(office);
    let of = |what: &str| (0..MANY).map(|n| format!("{what}{}", name(n))).collect::<Vec<String>>();
    let first_topic = || (2..2 + MANY).map(|no| format!("\n{no}号 大街")).collect::<Vec<String>>();
    let topics = || (0..200).map(|n| format!("大街{n}号的事")).collect::<Vec<String>>();
    for (who, chat, line, rows) in [
        ("周敏", None, "/阵地", of("工作室")),
        ("周敏", None, "/爱心项目", of("助学金")),
        ("周敏", Some("g_wy"), "/爱心项目", of("助学金")),
        ("王建国", Some("g_wy"), "/爱心项目", of("助学金")),
        ("周敏", None, "/专题", of("专题")),
        ("周敏", None, "/专题 专题零一", first_topic()),
        ("周敏", Some("g_wy"), "/专题 专题零一", first_topic()),
        ("周敏", None, "/社情民意", of("民意")),
        ("王建国", None, "/社情民意", of("民意")),
        ("周敏", None, "/提案", of("提案")),
        ("王建国", None, "/提案", of("提案")),
        ("周敏", None, "/确认", of("来人")),
        ("周敏", None, "/我", of("来人")),
        ("张桂英", None, "/议题", topics()),
        ("张桂英", Some("g_df"), "/议题", topics()),
    ] {
        let pages = turned(office, who, chat, line, &mut at);
        assert!(pages.len() > 1, "{line}: {pages:?}");
        let all = pages.join("\n");
        for row in rows {
            let counted = pages.iter().filter(|page| page.contains(&row)).count();
            assert_eq!(counted, 1, "{line}: {row}: {all}");
        }
        at += Duration::minutes(2);
        let beyond = format!("{line} 第99页");
        let told = heard(office, from(who, &format!("b{}", at.timestamp()), text(&beyond), chat, at), at);
        assert!(told.letters.iter().any(|one| one.letter.text.contains("只有")), "{beyond}: {:?}", told.letters);
    }
}

#[test]
fn no_answer_in_a_group_is_more_than_one_message() {
    let folder = Folder::new("long");
    let mut stage = play(&folder.0, &lines(OPEN));
    let office = &mut stage.started.office;
    let mut at = big(office);
    let catalog = Catalog::builtin().unwrap();
    let mut asked = 0;
    for entry in catalog.entries() {
        for line in [entry.example.zh.clone(), format!("/{}", entry.name), format!("/{} 1", entry.name)] {
            for (who, chat) in [("周敏", Some("g_wy")), ("周敏", None)] {
                at += Duration::minutes(3);
                asked += 1;
                let before = office.head_seq();
                let told = heard(office, from(who, &format!("l{asked}"), text(&line), chat, at), at);
                if office.head_seq() > before {
                    continue;
                }
                let here = chat.map_or(format!("local:pm:{who}"), |chat| format!("local:{chat}"));
                let here: Vec<&str> = told
                    .letters
                    .iter()
                    .filter(|one| one.letter.chat == here && one.lane == Lane::Answer)
                    .map(|one| one.letter.text.as_str())
                    .collect();
                assert!(here.len() <= if chat.is_some() { 1 } else { 4 }, "{who} {chat:?} {line}: {here:#?}");
                assert!(here.iter().all(|text| text.encode_utf16().count() <= A_MESSAGE), "{line}: {here:?}");
            }
        }
    }
    assert!(asked > 400);
}

/// Said in private alone, or to what is refused: no act in a group leads to them.
const NEVER_IN_A_GROUP: [&str; 6] =
    ["claim.ask", "claim.list.all", "claim.other", "claim.push", "claim.wait", "remind.you"];

/// What never waits for the minute to end, and why.
const AT_ONCE: [(&str, Why); 21] = [
    ("act.new", Why::Opening),
    ("assign", Why::Opening),
    ("erase.group", Why::Notice),
    ("notice", Why::Notice),
    ("poll.assembly", Why::Opening),
    ("poll.council", Why::Opening),
    ("poll.majority", Why::Opening),
    ("poll.open", Why::Opening),
    ("poll.options", Why::Opening),
    ("poll.options.result", Why::Result),
    ("poll.reasons", Why::Opening),
    ("poll.result.fail", Why::Result),
    ("poll.result.fail.here", Why::Result),
    ("poll.result.fail.members", Why::Result),
    ("poll.result.pass.here", Why::Result),
    ("poll.result.pass.members", Why::Result),
    ("poll.straw", Why::Opening),
    ("poll.straw.result", Why::Result),
    ("prop.answer", Why::Opening),
    ("prop.assign", Why::Opening),
    ("task.done", Why::Opening),
];

#[test]
fn every_reply_waits_or_says_why_not() {
    let catalog = Catalog::builtin().unwrap();
    let reply = |key: &str| catalog.reply(key).unwrap_or_else(|| panic!("no reply {key}"));
    let has = |reply: &Reply, brace: &str| braces(&reply.zh).contains(&brace);
    let mut at_once = Vec::new();
    for (key, it) in catalog.replies() {
        match &it.receipt {
            Merging::Itself => {
                // Its buttons would be lost.
                let is_refusal = key == "topic.dup" || key == "relay" || key == "sug.pii";
                let is_private = NEVER_IN_A_GROUP.contains(&key);
                assert!(it.buttons.zh.is_empty() || is_refusal || is_private, "{key} has buttons and waits");
            }
            Merging::Last(brace) | Merging::Outruns(brace) => assert!(has(it, brace), "{key}: no {{{brace}}}"),
            Merging::Listed { many, each } => {
                assert!(has(it, each) && braces(&reply(many).zh).len() == 1, "{key}: {many} lists {each}");
            }
            Merging::Rows { many, row } => {
                assert_eq!(braces(&reply(many).zh).len(), 1, "{key}: {many}");
                assert!(braces(&reply(row).zh).iter().all(|brace| has(it, brace)), "{key}: {row}");
            }
            Merging::AtOnce(why) => at_once.push((key, *why)),
        }
    }
    assert_eq!(at_once, AT_ONCE);
}

#[test]
fn a_year_of_topics_makes_the_digest_no_longer() {
    let folder = Folder::new("evening");
    let mut stage = play(&folder.0, &lines(OPEN));
    let office = &mut stage.started.office;
    let mut at = big(office);
    let mut papers = Vec::new();
    for _ in 0..24 {
        at += Duration::hours(1);
        let letters = office.commit(&[Job::Tick], at).unwrap().letters;
        let here = letters.into_iter().filter(|one| one.letter.chat == "local:g_wy").map(|one| one.letter.text);
        papers.extend(here.filter(|text| text.contains("每日微协商")));
    }
    assert!((1..=2).contains(&papers.len()), "{} messages: {papers:#?}", papers.len());
    let all = papers.concat();
    assert!(papers[0].contains("等您出手") && all.contains("另有") && all.contains("/议题 查看"), "{all}");
}
