//! 个人信息 — a number said in any argument of any command is in no file of the office; whoever is erased is in none either, the counts
//! stand, and the same world comes out of what is left of the ledger.

use super::{Folder, Job, OPEN, Office, UNTIL, chain, from, heard, lines, open, people, play, settings, text};
use chrono::Duration;
use futures_util::FutureExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xieshang::bot::letters::Kept;
use xieshang::bot::{replay, start};
use xieshang::domain::kernel::ids::{PollNo, TopicNo};
use xieshang::domain::kernel::settings::{Retention, Settings};
use xieshang::domain::kernel::world::World;
use xieshang::language::{Catalog, Lang};
use xieshang::ledger::disk::RealDisk;
use xieshang::platform::local::{Group, LocalChat, Setup};
use xieshang::platform::{About, Incoming, Place, Platform as _, Quote, Said};
use xieshang::state::State;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// The files in which some bytes stand.
fn with(folder: &Path, wanted: &str) -> Vec<PathBuf> {
    let holds = |bytes: &[u8]| bytes.windows(wanted.len()).any(|part| part == wanted.as_bytes());
    files(folder).into_iter().filter(|path| holds(&std::fs::read(path).unwrap())).collect()
}

const PHONE: &str = "13955556666";
const SPELT: [&str; 5] =
    [PHONE, "139 5555 6666", "１３９－５５５５－６６６６", "一三九五五五五六六六六", "①③⑨⑤⑤⑤⑤⑥⑥⑥⑥"];

/// A line with a number put behind each of its words in turn, after it, and on a line of its own.
fn with_number(line: &str, number: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let put = |at: usize| {
        let mut said: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        said[at].push_str(&format!("电{number}"));
        said.join(" ")
    };
    let mut said: Vec<String> = (1..words.len()).map(put).collect();
    said.extend([format!("{line} {number}"), format!("{line}\n{number}"), format!("{line}，{number}")]);
    said
}

#[test]
fn a_number_in_any_argument_of_any_command_is_in_no_file() {
    let folder = Folder::new("canary");
    let mut stage = play(&folder.0, &lines(super::OPEN));
    let (mut now, office) = (super::now(), &mut stage.started.office);
    let catalog = Catalog::builtin().unwrap();
    let speakers = ["刘芳", "周敏", "王建国", "张桂英", "赵志强", "何伟", "李德福"];
    let (mut n, mut recorded) = (0, 0);
    let mut say = |said: Said, who: &str, group: Option<&str>, shown: Option<&str>| {
        n += 1;
        now += Duration::seconds(20);
        let mut incoming: Incoming = from(who, &format!("canary-{n}"), said, group, now);
        if let Some(shown) = shown {
            incoming.from.name = shown.to_owned();
            incoming.from.account = format!("story:stranger-{n}");
            incoming.from.name_is_proof = false;
        }
        if let Place::Group { name, .. } = &mut incoming.place {
            name.push_str(PHONE);
        }
        let before = office.head_seq();
        heard(office, incoming, now);
        recorded += usize::from(office.head_seq() > before);
    };
    for (at, entry) in catalog.entries().iter().enumerate() {
        let examples = entry.examples.iter().map(|example| example.text.clone());
        for line in examples.chain([entry.example.get(Lang::Zh).clone()]) {
            for (turn, said) in with_number(&line, SPELT[at % SPELT.len()]).into_iter().enumerate() {
                let who = speakers[(at + turn) % speakers.len()];
                say(text(&said), who, (turn % 2 == 0).then_some("g_tl"), None);
                say(text(&said), speakers[turn % 2], (turn % 2 == 1).then_some("g_tl"), None);
            }
        }
    }
    for spelt in SPELT {
        let quote =
            |by_bot| Quote {
                by_bot, text: format!("【1号】{spelt}"), about: About::Unknown, message: String::new()
            };
        for reply in [Some(quote(true)), Some(quote(false)), None] {
            say(Said::Text { text: format!("附议，电话{spelt}"), reply, edit: None }, "冯丽", Some("g_tl"), None);
        }
        say(text("/附议 1"), "陌生人", Some("g_tl"), Some(spelt));
        say(text(&format!("/议题 新建 {spelt}")), "陌生人", Some("g_tl"), Some(&format!("老张{spelt}")));
        say(Said::Form { title: format!("打{spelt}"), text: format!("打{spelt}") }, "许文", None, Some(spelt));
        say(text(&format!("大家有事打{spelt}")), "李德福", Some("g_tl"), None);
    }
    assert!(recorded > 60, "so many were recorded: {recorded}");
    stage.started.office.state().flush().unwrap();
    drop(stage);
    assert!(!with(&folder.0, "139****6666").is_empty(), "it was kept, masked");
    for spelt in SPELT {
        let vault = super::vault(&folder.0);
        let line = vault.lines().find(|line| line.contains(spelt));
        assert_eq!(line, None, "{spelt}");
        assert_eq!(with(&folder.0, spelt), Vec::<PathBuf>::new(), "{spelt}");
    }
}

const WHO: &str = "张桂英";

#[test]
fn whoever_is_erased_is_in_no_file_and_all_counts_stand() {
    let folder = Folder::new("erased");
    let mut stage = play(&folder.0, &lines(UNTIL));
    let mut now = lines(UNTIL).last().unwrap().at + Duration::hours(1);
    let office_state = Arc::clone(stage.started.office.state());
    let office = &mut stage.started.office;
    let mut said = |words: &str, who: &str| {
        now += Duration::seconds(30);
        let done = heard(office, from(who, &format!("erase-{now}"), text(words), None, now), now);
        done.letters.into_iter().map(|letter| letter.letter.text).collect::<Vec<_>>().join("\n")
    };
    let unasked = said(&format!("/删除信息 {WHO} 方便管理"), "周敏");
    assert!(unasked.contains("本人还没有申请"), "{unasked}");
    let claim = said("/我是 张桂英 601", "小张");
    assert!(!claim.is_empty());
    let table = said("/我的信息", WHO);
    assert!(
        table.contains(WHO) && table.contains("\"类别\",\"时间\",\"编号\",\"内容\"") && table.contains("参加表决"),
        "{table}"
    );
    assert!(said("/我的信息 删除", WHO).contains("已记下您的删除申请"));
    assert!(said("/我的信息 删除", WHO).contains("不用再发"));
    let before = {
        let world = World::on(&*office_state);
        let topic = world.topic(TopicNo(1)).unwrap();
        assert_eq!(world.name_of(topic.proposer), WHO, "who asked for it all");
        let polls: Vec<_> = (1..=2).map(|no| world.poll(PollNo(no)).unwrap().result).collect();
        (polls, world.counters(), topic.suggestions, topic.seconds, topic.title.as_str().to_owned())
    };
    let done = said(&format!("/删除信息 {WHO} 本人申请"), "周敏");
    assert!(done.contains("马上删除"), "{done}");
    office_state.flush().unwrap();
    drop(office_state);
    assert!(!with(&folder.0, WHO).is_empty() && !with(&folder.0, &before.4).is_empty());
    drop(stage);

    let started = open(&folder.0, now);
    let office = &started.office;
    let world = World::on(&**office.state());
    let topic = world.topic(TopicNo(1)).unwrap();
    let polls: Vec<_> = (1..=2).map(|no| world.poll(PollNo(no)).unwrap().result).collect();
    assert_eq!(
        (&polls, &world.counters(), topic.suggestions, topic.seconds),
        (&before.0, &before.1, before.2, before.3)
    );
    assert!(office.to_erase().is_empty() && world.people_named(WHO).is_empty());
    assert!(started.letters.iter().any(|letter| letter.letter.text.contains("已依法删除一位用户的信息")));
    let derived = office.state().derived();
    office.state().flush().unwrap();
    drop(world);
    drop(started);
    for gone in [WHO, before.4.as_str(), "膝盖不好"] {
        assert_eq!(with(&folder.0, gone), Vec::<PathBuf>::new(), "{gone}");
    }
    let disk: Arc<dyn xieshang::ledger::disk::Disk> = Arc::new(RealDisk::open(folder.0.join("ledger")).unwrap());
    xieshang::ledger::verify(&disk).expect("the chain is whole");
    assert!(chain(&folder.0).last().unwrap().contains("\"done\":{\"person\":"), "the record says what was erased");
    State::clear(&folder.0.join("state")).unwrap();
    let rebuilt = open(&folder.0, now);
    assert!(rebuilt.rebuilt && rebuilt.office.state().derived() == derived, "the same world, key by key");
}

/// Killed between any two steps it begins again; another of the same name stays who they are.
#[test]
fn another_of_the_same_name_stays_and_an_erasure_cut_short_is_finished() {
    let folder = Folder::new("namesake");
    let mut stage = play(&folder.0, &lines(UNTIL));
    let now = lines(UNTIL).last().unwrap().at + Duration::hours(1);
    let office = &mut stage.started.office;
    let mut said = |n: i64, words: &str, who: &str| {
        let at = now + Duration::seconds(30 * n);
        heard(office, from(who, &format!("namesake-{n}"), text(words), None, at), at);
    };
    said(1, "/我的信息 删除", WHO);
    said(2, &format!("/登记 {WHO}小 群众 团结镇"), "周敏");
    said(3, &format!("/删除信息 {WHO} 本人申请"), "周敏");
    drop(stage);
    // The working store is gone when it is killed right after the vault was written.
    State::clear(&folder.0.join("state")).unwrap();
    let started = start::open(&folder.0, settings(), Catalog::builtin().unwrap(), now).unwrap();
    let world = World::on(&**started.office.state());
    assert!(world.people_named(WHO).is_empty() && world.people_named(&format!("{WHO}小")).len() == 1);
    assert!(people().people.iter().any(|person| person.name == WHO));
}

/// A few words of one's own, as others quote them, with a name torn apart, on a platform where a stranger shows the same name.
#[test]
fn what_others_quote_goes_too_whoever_shows_the_same_name() {
    const ONE: &str = "诸葛小明";
    let folder = Folder::new("quoted");
    let mut stage = play(&folder.0, &lines(UNTIL));
    let mut now = lines(UNTIL).last().unwrap().at + Duration::hours(1);
    let mut say = |office: &mut Office, words: &str, who: &str, group: Option<&str>, account: &str| {
        now += Duration::seconds(40);
        let mut incoming = from(who, &format!("quoted-{now}"), text(words), group, now);
        if !account.is_empty() {
            (incoming.from.account, incoming.from.name_is_proof) = (account.to_owned(), false);
        }
        let done = heard(office, incoming, now);
        (done.letters.into_iter().map(|letter| letter.letter.text).collect::<Vec<_>>().join("\n"), now)
    };
    let office = &mut stage.started.office;
    say(office, &format!("/登记 {ONE} 群众 东风路街道"), "周敏", None, "");
    let asked = say(office, "/议题 新建 独角兽噪声扰民", ONE, Some("g_df"), "").0;
    assert!(asked.contains("【3号】独角兽噪声扰民"), "{asked}");
    say(office, "/附议 3", ONE, Some("g_df"), "story:stranger");
    let other = say(office, "/议题 新建 同诸葛 小明家一样漏水", "李德福", Some("g_df"), "").0;
    assert!(other.contains("【4号】"), "{other}");
    let third = say(office, "/议题 新建 又有独角兽噪声扰民了", "李德福", Some("g_df"), "").0;
    assert!(third.contains("【5号】"), "{third}");
    let ended = say(office, &format!("/终止 3 {ONE}搬走了"), "刘芳", Some("g_df"), "").0;
    assert!(ended.contains("搬走了"), "{ended}");
    let next_day = say(office, "/议题 3", "刘芳", Some("g_df"), "").1 + Duration::hours(30);
    office.commit(&[Job::Tick], next_day).unwrap();
    office.state().flush().unwrap();
    assert!(with(&folder.0, "独角兽噪声扰民").len() > 1, "it lies in the vault and in the store");
    say(office, "/我的信息 删除", ONE, None, "");
    let done = say(office, &format!("/删除信息 {ONE} 本人申请"), "周敏", None, "").0;
    assert!(done.contains("马上删除"), "{done}");
    office.state().flush().unwrap();
    drop(stage);
    let mut started = open(&folder.0, next_day);
    let card = say(&mut started.office, "/议题 3", "周敏", None, "").0;
    assert!(card.contains("已终止：（内容涉及本人或他人信息，已依法删除）"), "{card}");
    started.office.state().flush().unwrap();
    drop(started);
    for gone in ["独角兽噪声扰民", ONE, "诸葛 小明"] {
        assert_eq!(with(&folder.0, gone), Vec::<PathBuf>::new(), "{gone}");
    }
}

/// What is still owed an answer is named, and waited for.
#[test]
fn an_objection_nobody_answered_holds_up_whoever_raised_it() {
    const ONE: &str = "吴秀珍";
    let folder = Folder::new("owed");
    let mut stage = play(&folder.0, &lines(43));
    let mut now = lines(43).last().unwrap().at;
    let office = &mut stage.started.office;
    let mut said = |words: &str, who: &str, group: Option<&str>| {
        now += Duration::seconds(40);
        let done = heard(office, from(who, &format!("owed-{now}"), text(words), group, now), now);
        done.letters.into_iter().map(|letter| letter.letter.text).collect::<Vec<_>>().join("\n")
    };
    assert!(said("/我的信息 删除", ONE, None).contains("异议1-异1还没有答复"));
    for asked in [format!("/删除信息 {ONE} 本人申请"), format!("/注销 {ONE} 搬走了")] {
        let refused = said(&asked, "周敏", None);
        assert!(refused.contains("1-异1") && refused.contains("答复"), "{refused}");
        assert!(!refused.contains('✅'), "{refused}");
    }
    let answered = said("/答复 1-异1 用低反射夹胶玻璃", "何伟", Some("g_tl"));
    assert!(answered.contains("已答复"), "{answered}");
    let left = said(&format!("/删除信息 {ONE} 本人申请"), "周敏", None);
    assert!(!left.contains("1-异1"), "{left}");
}

/// The history of the built-in chat as the program keeps it.
fn history(folder: &Folder) -> Arc<LocalChat> {
    let db = sled::Config::new().path(folder.0.join("chat")).open().unwrap();
    let groups = people().groups.into_iter().map(|group| Group { id: group.id, name: group.name }).collect();
    let setup = Setup {
        title: "有事好商量".to_owned(),
        groups,
        people: Vec::new(),
        stations: Arc::new(Vec::new),
        commands: Vec::new(),
        timezone: chrono_tz::Asia::Shanghai,
        clock: Arc::new(super::now),
        story: None,
    };
    LocalChat::open(db, setup).unwrap()
}

/// A digest that waits for the end of the quiet hours, letters that wait, and the chat's history: all name her, and quote her.
#[test]
fn a_digest_that_is_kept_and_the_history_of_the_chat_go_too() {
    const ONE: &str = "诸葛小明";
    const SAID: &str = "独角兽半夜叫个不停";
    let folder = Folder::new("kept");
    let mut stage = play(&folder.0, &lines(OPEN));
    let mut now = super::now();
    let state = Arc::clone(stage.started.office.state());
    let office = &mut stage.started.office;
    let mut written = Vec::new();
    let mut say = |office: &mut Office, words: &str, who: &str, group: Option<&str>| {
        now += Duration::seconds(40);
        let done = heard(office, from(who, &format!("kept-{now}"), text(words), group, now), now);
        written.extend(done.letters.iter().map(|letter| letter.letter.clone()));
        (done.letters.into_iter().map(|letter| letter.letter.text).collect::<Vec<_>>().join("\n"), now)
    };
    // Quiet when the digest is made.
    for (group, who) in [("g_df", "周敏"), ("g_wy", "周敏")] {
        let set = say(office, "/群设置 日报=20:00 免打扰=19:00-7:00", who, Some(group)).0;
        assert!(set.contains("日报20:00"), "{set}");
    }
    say(office, &format!("/登记 {ONE} 群众 东风路街道"), "周敏", None);
    let asked = say(office, &format!("/议题 新建 {SAID}"), ONE, Some("g_df")).0;
    assert!(asked.contains(SAID), "{asked}");
    let (taken, at) = say(office, "/买单 3", "王建国", Some("g_df"));
    assert!(taken.contains("3号"), "{taken}");
    let evening = at.date_naive().and_hms_opt(12, 30, 0).unwrap().and_utc().max(at);
    office.commit(&[Job::Tick], evening).unwrap();
    now = evening;
    let kept = || Kept::all(&World::on(&*state)).into_iter().map(|kept| kept.text).collect::<Vec<_>>();
    assert!(kept().iter().any(|text| text.contains(SAID) && text.contains(ONE)), "{:?}", kept());
    let mut say = |office: &mut Office, words: &str, who: &str, group: Option<&str>| {
        now += Duration::seconds(40);
        let done = heard(office, from(who, &format!("kept-{now}"), text(words), group, now), now);
        written.extend(done.letters.iter().map(|letter| letter.letter.clone()));
        done.letters.into_iter().map(|letter| letter.letter.text).collect::<Vec<_>>().join("\n")
    };
    let ended = say(office, "/终止 3 查无此兽", "刘芳", Some("g_df"));
    assert!(ended.contains("终止"), "{ended}");
    say(office, "/我的信息 删除", ONE, None);
    let done = say(office, &format!("/删除信息 {ONE} 本人申请"), "周敏", None);
    assert!(done.contains("马上删除"), "{done}");
    let chat = history(&folder);
    for letter in &written {
        // Nobody may have opened their private chat yet.
        let _ = chat.send(letter, 0).now_or_never();
    }
    chat.close();
    drop(chat);
    state.flush().unwrap();
    drop(state);
    drop(stage);
    for (place, canary) in [("chat", SAID), ("chat", ONE), ("state", SAID), ("state", ONE), ("ledger", ONE)] {
        assert!(!with(&folder.0.join(place), canary).is_empty(), "{canary} lies in {place}");
    }
    let started = open(&folder.0, now);
    let papers = Kept::all(&World::on(&**started.office.state()));
    assert!(!papers.is_empty() && !papers.iter().any(|kept| kept.text.contains(ONE) || kept.text.contains(SAID)));
    assert!(
        papers.iter().any(|kept| kept.text.contains("已注销用户")),
        "what is left of the digest is kept: {papers:?}"
    );
    let derived = started.office.state().derived();
    started.office.state().flush().unwrap();
    drop(started);
    for gone in [ONE, SAID] {
        assert_eq!(with(&folder.0, gone), Vec::<PathBuf>::new(), "{gone}");
    }
    let disk: Arc<dyn xieshang::ledger::disk::Disk> = Arc::new(RealDisk::open(folder.0.join("ledger")).unwrap());
    xieshang::ledger::verify(&disk).expect("the chain is whole");
    State::clear(&folder.0.join("state")).unwrap();
    assert!(open(&folder.0, now).office.state().derived() == derived, "the same world, key by key");
}

/// 保存期限 — what waits is limited by time and by number, as the configuration says; a claim that nobody settled is in no row.
#[test]
fn what_waits_is_limited_as_the_configuration_says() {
    let folder = Folder::new("limits");
    let retention = Retention { claim_days: 2, claims: 1, code_days: 1, codes: 1, ..Retention::default() };
    let settings = Settings { retention, ..Settings::default() };
    let catalog = Catalog::builtin().unwrap();
    let mut stage = replay::play(&folder.0, &people(), &lines(1), settings, catalog, &mut |_| {}).unwrap();
    let begin = lines(1)[0].at;
    let office = &mut stage.started.office;
    let mut say = |hours: i64, words: &str, who: &str, account: &str| {
        let at = begin + Duration::hours(hours);
        let due = office.commit(&[Job::Tick], at).unwrap();
        let mut incoming = from(who, &format!("limits-{hours}-{who}"), text(words), None, at);
        if !account.is_empty() {
            (incoming.from.account, incoming.from.name_is_proof) = (account.to_owned(), false);
        }
        let told = due.letters.into_iter().chain(heard(office, incoming, at).letters);
        told.map(|letter| letter.letter.text).collect::<Vec<_>>().join("\n")
    };
    for (hours, words, who, account, wanted) in [
        (1, "/我是 万里晴 909", "小张", "story:a", "已转给"),
        (2, "/我是 万里云 908", "小李", "story:b", "等确认的人太多"),
        (48, "/我是 万里云 908", "小李", "story:b", "等确认的人太多"),
        (49, "/我是 万里云 908", "小李", "story:b", "（认1）一直没有人确认"),
        (50, "/邀请码 李德福", "周敏", "", "李德福"),
        (51, "/邀请码 冯丽", "周敏", "", "上限（1）"),
        (74, "/邀请码 冯丽", "周敏", "", "冯丽"),
    ] {
        let told = say(hours, words, who, account);
        assert!(told.contains(wanted), "{hours}: {told}");
    }
    let rows = stage.started.office.state().derived();
    let holds = |canary: &str| rows.iter().any(|(_, value)| String::from_utf8_lossy(value).contains(canary));
    assert!(!holds("万里晴") && holds("万里云"), "the one that lapsed is in no row");
}
