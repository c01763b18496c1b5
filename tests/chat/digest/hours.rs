//! Papers as of their hour: made at the end of their window from the world as it stood then, whenever they are sent.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{at, day};
use chrono::{DateTime, Duration, NaiveDate, Timelike as _, Utc};
use xieshang::bot::fixtures::{self, Fixtures};
use xieshang::bot::letters::{LetterId, Outgoing};
use xieshang::bot::office::{Job, Office};
use xieshang::bot::start::{self, Started};
use xieshang::domain::history::period::Period;
use xieshang::domain::kernel::ids::{GroupId, PollNo, TaskNo};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::World;
use xieshang::language::Catalog;
use xieshang::ledger::simulated_disk::SimDisk;
use xieshang::ledger::{AppendError, Entries, FileLedger, Ledger, Position, ReadError};
use xieshang::platform::{Incoming, Place, Said, Sender, SenderKind};
use xieshang::state::State;

static TOWNS: AtomicU32 = AtomicU32::new(0);

/// An office, its clock, and all that it sent: when it could go, where, what.
struct Town {
    folder: PathBuf,
    settings: Arc<Settings>,
    started: Option<Started>,
    now: DateTime<Utc>,
    /// From and to, until it has happened.
    down: Option<(DateTime<Utc>, DateTime<Utc>)>,
    said: u32,
    sent: Vec<(DateTime<Utc>, String, String)>,
    /// Every letter that could go, numbered or not.
    told: Vec<(DateTime<Utc>, String)>,
    /// Nobody notes here that a letter arrived: it is handed out once more at a start.
    known: BTreeSet<LetterId>,
}

impl Town {
    fn new(begin: DateTime<Utc>, digest_at: &str, quiet: (&str, &str)) -> Self {
        let mut people: Fixtures = fixtures::read(include_str!("../table/people.json")).unwrap();
        people.committee.digest_at = Some(digest_at.to_owned());
        people.committee.quiet = Some((quiet.0.to_owned(), quiet.1.to_owned()));
        let mut settings = Settings::default();
        people.committee.over(&mut settings).unwrap();
        let number = TOWNS.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("xieshang-hours-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let facts = people.facts(Catalog::builtin().unwrap(), &settings, "local").unwrap();
        let settings = Arc::new(settings);
        let mut town = Self {
            folder,
            settings,
            started: None,
            now: begin,
            down: None,
            said: 0,
            sent: Vec::new(),
            told: Vec::new(),
            known: BTreeSet::new(),
        };
        town.start();
        town.started.as_mut().unwrap().office.enter(facts, begin).unwrap();
        town
    }

    fn start(&mut self) {
        self.started = None;
        let catalog = Catalog::builtin().unwrap();
        let started = start::open(&self.folder, Arc::clone(&self.settings), catalog, self.now).unwrap();
        let letters = started.letters.clone();
        self.started = Some(started);
        self.note(&letters);
    }

    fn note(&mut self, letters: &[Outgoing]) {
        self.told.extend(letters.iter().map(|letter| (self.now, letter.letter.text.clone())));
        for letter in letters.iter().filter(|letter| letter.is_numbered) {
            if !self.known.insert(letter.id) {
                continue;
            }
            let goes = letter.not_before.map_or(self.now, |at| at.max(self.now));
            self.sent.push((goes, letter.letter.chat.clone(), letter.letter.text.clone()));
        }
    }

    fn commit(&mut self, job: Job) -> Vec<String> {
        let now = self.now;
        let committed = self.started.as_mut().unwrap().office.commit(&[job], now).unwrap();
        self.note(&committed.letters);
        committed.letters.into_iter().map(|letter| letter.letter.text).collect()
    }

    /// Everything that falls due until then, each at its moment; while it is down, nothing.
    fn pass(&mut self, until: DateTime<Utc>) {
        loop {
            let now = self.now;
            let next = self.started.as_mut().unwrap().office.next_due(now).filter(|at| *at <= until);
            let next = next.map(|at| at.max(now));
            match self.down {
                Some((from, to)) if next.unwrap_or(until) >= from => {
                    self.down = None;
                    self.now = to;
                    self.start();
                }
                _ => match next {
                    Some(next) => self.now = next,
                    None => break,
                },
            }
            let _ = self.commit(Job::Tick);
        }
        self.now = self.now.max(until);
        let _ = self.commit(Job::Tick);
    }

    /// What is answered.
    fn say(&mut self, when: DateTime<Utc>, who: &str, place: &str, words: &str) -> Vec<String> {
        self.pass(when);
        self.said += 1;
        let private = format!("local:pm:{who}");
        let place = match place {
            "pm" => Place::Private { chat: private.clone() },
            group => Place::Group { chat: format!("local:{group}"), name: group.to_owned(), thread: None },
        };
        let from = Sender {
            account: format!("local:{who}"),
            name: who.to_owned(),
            name_is_proof: true,
            kind: SenderKind::Person,
            private_chat: Some(private),
        };
        let said = Said::Text { text: words.to_owned(), reply: None, edit: None };
        let incoming = Incoming { key: format!("said-{}", self.said), place, from, said_at: Some(when), said };
        self.commit(Job::Heard(incoming))
    }

    fn look<T>(&self, look: impl FnOnce(&World<'_>) -> T) -> T {
        look(&World::on(&**self.started.as_ref().unwrap().office.state()))
    }

    /// The papers as they were kept, by what they are of.
    fn kept(&self, first: NaiveDate, last: NaiveDate) -> BTreeMap<String, String> {
        let mut papers = BTreeMap::new();
        self.look(|world| {
            for date in first.iter_days().take_while(|date| *date <= last) {
                for group in 1..=5 {
                    let id = GroupId(group);
                    let digest = world.digest(id, date).map(|digest| digest.parts);
                    let week = world.issue(id, Period::Week, date).map(|issue| issue.parts);
                    let month = world.issue(id, Period::Month, date).map(|issue| issue.parts);
                    for (what, parts) in [("day", digest), ("week", week), ("month", month)] {
                        let text = |parts: Vec<_>| parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
                        if let Some(parts) = parts {
                            papers.insert(format!("{what} {date} {group}"), text(parts));
                        }
                    }
                }
            }
        });
        papers
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.started = None;
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A little chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// What happens to a topic, an act after the other; `{t}` is its number.
const LONG: &[(&str, &str, &str)] = &[
    ("冯丽", "g_df", "/议题 新建 {x}"),
    ("王建国", "g_df", "/买单 {t}"),
    ("刘芳", "g_df", "/邀请 {t} 何伟 专家 结构；孙莉 部门 规划分局"),
    ("刘芳", "g_df", "/推进 {t}"),
    ("冯丽", "g_df", "/建议 {t} {x}用玻璃"),
    ("郑小军", "g_df", "/建议 {t} {x}钱要少摊，我不同意"),
    ("孙莉", "g_df", "/建议 {t} {x}放北侧"),
    ("吴秀珍", "g_df", "/点赞 {t}-1"),
    ("刘芳", "g_df", "/投票 {t} 摸底 {d} 要不要办{x}"),
    ("冯丽", "pm", "投 {t}号 1"),
    ("", "", "+30"),
    ("刘芳", "g_df", "/推进 {t}"),
    ("王建国", "g_df", "/方案 {t} {x}总价56万元，居民分摊41万元"),
    ("刘芳", "g_df", "/公示 {t} 7天"),
    ("吴秀珍", "g_df", "/异议 {t} {x}反光"),
    ("", "", "+16"),
    ("孙莉", "g_df", "/答复 {t}-异1 换低反射的"),
    ("", "", "+190"),
    ("刘芳", "g_df", "/推进 {t}"),
    ("何伟", "g_df", "/专家 {t} 修改后同意 留缝"),
];
const SHORT: &[(&str, &str, &str)] = &[
    ("王建国", "g_df", "/议题 新建 {x}"),
    ("刘芳", "g_df", "/类型 {t} 公益活动型"),
    ("王建国", "g_df", "/买单 {t}"),
    ("刘芳", "g_df", "/推进 {t}"),
    ("冯丽", "g_df", "/建议 {t} {x}快一点"),
    ("田静", "g_df", "/交办 {t} 区住建局 赵志强 5天 修{x}"),
    ("赵志强", "g_df", "/签收 办{k}"),
    ("", "", "+190"),
    ("赵志强", "g_df", "/办理 办{k} 办结 A 修好了"),
    ("王建国", "g_df", "/评价 办{k} 满意"),
    ("刘芳", "g_df", "/办结 {t} 化解矛盾1"),
];

type Saying = (DateTime<Utc>, &'static str, &'static str, String);

/// When a poll ends: some 26 hours later, to the minute, or while nothing is said.
fn ends(when: DateTime<Utc>, silent: (DateTime<Utc>, DateTime<Utc>)) -> String {
    let is_close = when < silent.0 && silent.0 - when < Duration::days(2);
    let ends =
        if is_close { silent.0 + Duration::minutes(37 * 60 + 16) } else { when + Duration::minutes(26 * 60 + 7) };
    ends.with_timezone(&chrono_tz::Asia::Shanghai).format("%-m月%-d日%H:%M").to_string()
}

/// Forty days of it, at odd hours, nothing of it said between two moments.
fn forty_days(begin: DateTime<Utc>, silent: (DateTime<Utc>, DateTime<Utc>), seed: u64) -> Vec<Saying> {
    let mut chance = Chance(seed);
    let mut acts = Vec::new();
    let mut asked = vec![(silent.0 - Duration::hours(80), true), (silent.0 - Duration::hours(70), false)];
    while asked.len() < 24 {
        let when = begin + Duration::minutes(i64::try_from(chance.below(34 * 24 * 60)).unwrap());
        if when < silent.0 || silent.1 < when {
            asked.push((when, chance.below(2) == 0));
        }
    }
    asked.sort_unstable();
    for (n, (first, is_long)) in asked.into_iter().enumerate() {
        let (t, mut when) = (n + 1, first);
        for (who, place, words) in if is_long { LONG } else { SHORT } {
            if let Some(hours) = words.strip_prefix('+') {
                when += Duration::hours(hours.parse().unwrap());
                continue;
            }
            let words = words.replace("{x}", &format!("第{t}盏灯")).replace("{t}", &t.to_string());
            acts.push((
                when,
                *who,
                *place,
                words.replace("{k}", &format!("<{t}>")).replace("{d}", &ends(when, silent)),
            ));
            when += Duration::minutes(20 + i64::try_from(chance.below(11 * 60)).unwrap());
        }
    }
    acts.retain(|(when, ..)| *when < silent.0 || silent.1 < *when);
    acts.sort_by_key(|(when, ..)| *when);
    // Tasks are numbered as they are given.
    let given =
        acts.iter().filter_map(|(.., words)| words.strip_prefix("/交办 ")?.split(' ').next().map(str::to_owned));
    let given: Vec<String> = given.map(|t| format!("<{t}>")).collect();
    for (.., words) in &mut acts {
        for (n, t) in given.iter().enumerate() {
            *words = words.replace(t, &(n + 1).to_string());
        }
    }
    acts
}

fn unmarked(text: &str) -> String {
    text.replace("（补发）", "")
}

#[test]
fn forty_days_with_quiet_nights_and_four_days_down_are_told_as_without() {
    let (begin, end) = (at("2025-03-03T09:00"), at("2025-04-12T12:00"));
    // Over the end of a week and of a month.
    let down = (at("2025-03-28T13:17"), at("2025-04-01T13:41"));
    let mut acts = forty_days(begin, down, 20_250_303);
    acts.retain(|(when, ..)| *when < end);
    let run = |quiet, down| {
        let mut town = Town::new(begin, "23:00", quiet);
        town.say(begin + Duration::minutes(5), "刘芳", "g_tl", "/绑定 1");
        town.down = down;
        let mut bound = false;
        for (when, who, place, words) in &acts {
            let _ = town.say(*when, who, place, words);
            if !bound {
                let _ = town.say(*when + Duration::minutes(1), "刘芳", "g_tl", "/绑定 1");
                bound = true;
            }
        }
        town.pass(end);
        town
    };
    let (plain, town) = (run(("00:00", "00:00"), None), run(("22:00", "07:30"), Some(down)));
    let (want, have) =
        (plain.kept(day("2025-03-01"), day("2025-04-13")), town.kept(day("2025-03-01"), day("2025-04-13")));
    let count = |what: &str| want.keys().filter(|key| key.starts_with(what)).count();
    assert!(
        count("day") >= 55 && count("week") == 15 && count("month") == 1,
        "{} {} {}",
        count("day"),
        count("week"),
        count("month")
    );
    assert_eq!(want.keys().collect::<Vec<_>>(), have.keys().collect::<Vec<_>>());
    for (key, text) in &want {
        assert_eq!(*text, unmarked(&have[key]), "{key}");
    }
    // What fell due while it was down: a poll, a light; late papers and others.
    let (polls, lit) = town.look(|world| {
        let within = |at: DateTime<Utc>| down.0 < at && at < down.1;
        let polls = (1..40).filter_map(|no| world.poll(PollNo(no))).filter(|poll| within(poll.ends)).count();
        let lit = (1..40)
            .filter_map(|no| world.task(TaskNo(no)))
            .filter(|task| down.0.date_naive() <= task.due && task.due <= down.1.date_naive());
        (polls, lit.count())
    });
    assert!(polls > 0 && lit > 0, "{polls} {lit}");
    for what in ["🔴", "🟡", "没答复", "摸底", "办结1", "解单④公示", "查单"] {
        assert!(want.values().any(|text| text.contains(what)), "{what} is in no paper");
    }
    assert!(
        have.values().any(|text| text.contains("（补发）")) && want.values().all(|text| !text.contains("（补发）"))
    );
    // All of it was sent, letter for letter, and none of it at night.
    let letters = |town: &Town| {
        let mut texts: Vec<_> = town.sent.iter().map(|(_, chat, text)| (chat.clone(), unmarked(text))).collect();
        texts.sort_unstable();
        texts
    };
    // The paper of the last night waits for no morning any more, there or here.
    assert_eq!(letters(&plain), letters(&town));
    for (when, chat, text) in &town.sent {
        let local = when.with_timezone(&town.settings.tz);
        let minute = local.hour() * 60 + local.minute();
        assert!((7 * 60 + 30..22 * 60).contains(&minute), "{local} {chat} {text}");
    }
}

/// Topic 1 in 公示, said in g_tl; the day is 4 March, about noon.
fn noticing(town: &mut Town) {
    for (n, (who, place, words)) in LONG[..7].iter().chain(&LONG[11..14]).enumerate() {
        let when = at("2025-03-04T09:00") + Duration::minutes(10 * i64::try_from(n).unwrap());
        let words = words.replace("{x}", "灯").replace("{t}", "1");
        let _ = town.say(when, who, place, &words);
        if n == 0 {
            let _ = town.say(when + Duration::minutes(1), "刘芳", "g_tl", "/绑定 1");
        }
    }
    assert_eq!(
        town.look(|world| world.topic(xieshang::domain::kernel::ids::TopicNo(1)).unwrap().step.term().to_owned()),
        "step.noticing"
    );
}

#[test]
fn a_digest_in_the_night_tells_the_evening_and_not_the_night() {
    let mut town = Town::new(at("2025-03-03T09:00"), "23:00", ("22:00", "07:30"));
    noticing(&mut town);
    let _ = town.say(at("2025-03-05T22:50"), "吴秀珍", "g_tl", "/异议 1 贵");
    let _ = town.say(at("2025-03-05T22:55"), "冯丽", "g_tl", "/异议 1 怕吵");
    let _ = town.say(at("2025-03-05T23:10"), "孙莉", "g_tl", "/答复 1-异1 不贵");
    town.pass(at("2025-03-06T07:29"));
    let of_the_5th = |town: &Town| {
        let found = town.sent.iter().filter(|(_, chat, text)| chat == "local:g_tl" && text.contains("】3月5日"));
        found.map(|(when, _, text)| (*when, text.clone())).collect::<Vec<_>>()
    };
    assert_eq!(of_the_5th(&town), []);
    town.pass(at("2025-03-06T09:00"));
    let [(when, text)] = &of_the_5th(&town)[..] else { panic!("{:?}", of_the_5th(&town)) };
    assert_eq!(*when, at("2025-03-06T07:30"));
    assert!(text.contains("1-异1 贵（吴秀珍，未答复）") && text.contains("1-异2 怕吵（冯丽，未答复）"), "{text}");
    assert!(!text.contains("补发"), "{text}");
}

#[test]
fn what_is_taken_back_or_hidden_before_the_morning_is_not_sent_and_the_group_is_found_where_it_is() {
    let mut town = Town::new(at("2025-03-03T09:00"), "23:00", ("22:00", "07:30"));
    for (n, (who, place, words)) in LONG[..4].iter().enumerate() {
        let words = words.replace("{x}", "灯").replace("{t}", "1");
        let _ =
            town.say(at("2025-03-04T09:00") + Duration::minutes(10 * i64::try_from(n).unwrap()), who, place, &words);
    }
    let _ = town.say(at("2025-03-04T10:00"), "刘芳", "g_tl", "/绑定 1");
    for (who, words) in [("冯丽", "/建议 1 留着的话"), ("郑小军", "/建议 1 要藏的话"), ("吴秀珍", "/建议 1 收回的话")]
    {
        let _ = town.say(at("2025-03-04T22:59"), who, "g_tl", words);
    }
    let _ = town.say(at("2025-03-04T22:59"), "李德福", "g_tl", "/跟帖 1-2 跟着骂的话");
    town.pass(at("2025-03-04T23:00"));
    let answer = town.say(at("2025-03-04T23:00") + Duration::seconds(20), "吴秀珍", "g_tl", "/撤回");
    assert!(answer.iter().any(|text| text.contains("撤回")), "{answer:?}");
    let _ = town.say(at("2025-03-04T23:30"), "刘芳", "g_tl", "/隐藏 1-2 骂人");
    // The chat moves, and the morning begins later.
    let moved = Incoming {
        key: "moved".to_owned(),
        place: Place::Group { chat: "local:g_tl".to_owned(), name: String::new(), thread: None },
        from: Sender {
            account: "local".to_owned(),
            name: String::new(),
            name_is_proof: false,
            kind: SenderKind::Machine,
            private_chat: None,
        },
        said_at: None,
        said: Said::Moved { to: "local:g_tl2".to_owned() },
    };
    let _ = town.commit(Job::Heard(moved));
    town.pass(at("2025-03-05T12:00"));
    let sent: Vec<_> = town.sent.iter().filter(|(_, _, text)| text.contains("】3月4日")).collect();
    let [(when, chat, text)] = sent[..] else { panic!("{sent:?}") };
    assert_eq!((*when, chat.as_str()), (at("2025-03-05T07:30"), "local:g_tl2"));
    let kept = |text: &str| {
        text.contains("留着的话") && ["要藏的话", "收回的话", "跟着骂的话"].iter().all(|gone| !text.contains(gone))
    };
    assert!(kept(text), "{text}");
    assert!(text.contains("（已按群规隐藏）") && text.contains("（已由本人撤回）"), "each says who did it: {text}");
    assert!(!text.contains("补发"), "{text}");
    // Nor is it read afterwards.
    let again = town.say(at("2025-03-05T12:05"), "刘芳", "g_tl2", "/日报 3月4日").join("\n");
    assert!(kept(&again) && again.contains("（已由本人撤回）"), "{again}");
}

#[test]
fn the_weekly_tells_sunday_at_midnight_whenever_it_is_sent_or_asked_for() {
    let mut town = Town::new(at("2025-03-03T09:00"), "20:00", ("22:00", "07:30"));
    noticing(&mut town);
    // Tuesday: a request nobody takes, red by Sunday.
    let _ = town.say(at("2025-03-05T09:00"), "冯丽", "g_df", "/议题 没人管的路");
    let _ = town.say(at("2025-03-10T07:40"), "王建国", "g_df", "/买单 2");
    let asked = town.say(at("2025-03-10T07:45"), "周敏", "g_wy", "/周报 上周");
    let weekly = |town: &Town| {
        let found = town.sent.iter().filter(|(_, chat, text)| chat == "local:g_wy" && text.contains("一周】"));
        found.map(|(when, _, text)| (*when, text.clone())).collect::<Vec<_>>()
    };
    assert_eq!(weekly(&town), []);
    town.pass(at("2025-03-10T09:00"));
    let [(when, text)] = &weekly(&town)[..] else { panic!("{:?}", weekly(&town)) };
    assert_eq!(*when, at("2025-03-10T08:30"));
    assert!(text.contains("待买单超3天1件（2号）"), "{text}");
    assert_eq!(&asked[..], std::slice::from_ref(text));
}

#[test]
fn four_days_down_and_each_paper_is_of_its_day() {
    let mut town = Town::new(at("2025-03-03T09:00"), "20:00", ("22:00", "07:30"));
    for (n, (who, place, words)) in LONG[..7].iter().enumerate() {
        let words = words.replace("{x}", "灯").replace("{t}", "1");
        let _ =
            town.say(at("2025-03-04T09:00") + Duration::minutes(10 * i64::try_from(n).unwrap()), who, place, &words);
    }
    let _ = town.say(at("2025-03-04T10:30"), "刘芳", "g_tl", "/绑定 1");
    let _ = town.say(at("2025-03-04T11:07"), "刘芳", "g_tl", "/投票 1 摸底 3月6日11:07 装不装");
    town.down = Some((at("2025-03-04T19:00"), at("2025-03-08T19:00")));
    town.pass(at("2025-03-08T19:30"));
    let papers = town.kept(day("2025-03-04"), day("2025-03-08"));
    let of = |date: &str| papers.get(&format!("day 2025-03-{date} 4")).cloned().unwrap_or_default();
    assert!(of("04").contains("（补发）") && of("04").contains("摸底：已投0人"), "{papers:#?}");
    assert_eq!(of("05"), "");
    assert!(of("06").contains("今天：摸底结束：没有人投票。"), "{papers:#?}");
    assert_eq!((of("07"), of("08")), (String::new(), String::new()));
}

/// 积压 — what a platform kept for us takes its place among what came due.
#[test]
fn a_ballot_kept_by_the_platform_counts_and_yesterdays_paper_knows_nothing_of_today() {
    let mut town = Town::new(at("2025-03-03T09:00"), "20:00", ("22:00", "07:30"));
    for (n, (who, place, words)) in LONG[..7].iter().enumerate() {
        let words = words.replace("{x}", "灯").replace("{t}", "1");
        let _ =
            town.say(at("2025-03-04T09:00") + Duration::minutes(10 * i64::try_from(n).unwrap()), who, place, &words);
    }
    let _ = town.say(at("2025-03-04T10:30"), "刘芳", "g_tl", "/绑定 1");
    let _ = town.say(at("2025-03-04T11:07"), "刘芳", "g_tl", "/投票 1 摸底 3月5日11:30 装不装");
    let _ = town.say(at("2025-03-05T10:00"), "冯丽", "g_tl", "/投 1号 1");
    // Down from 10:30 until the next morning; said meanwhile: a ballot in time, one too late, and something at night.
    town.now = at("2025-03-06T09:00");
    town.start();
    let now = town.now;
    town.started.as_mut().unwrap().office.await_backlog(&["local"], now);
    let kept = [
        ("2025-03-05T11:00", "郑小军", "/投 1号 1"),
        ("2025-03-05T12:00", "吴秀珍", "/投 1号 2"),
        ("2025-03-05T21:00", "郑小军", "/建议 1 夜里说的"),
    ];
    let jobs: Vec<Job> = kept
        .iter()
        .map(|(when, who, words)| {
            let place = Place::Group { chat: "local:g_tl".to_owned(), name: String::new(), thread: None };
            let from = Sender {
                account: format!("local:{who}"),
                name: (*who).to_owned(),
                name_is_proof: true,
                kind: SenderKind::Person,
                private_chat: None,
            };
            let said = Said::Text { text: (*words).to_owned(), reply: None, edit: None };
            Job::Heard(Incoming { key: format!("kept-{when}"), place, from, said_at: Some(at(when)), said })
        })
        .chain([Job::CaughtUp("local")])
        .collect();
    let _ = town.started.as_mut().unwrap().office.commit(&jobs, now).unwrap();
    let _ = town.commit(Job::Tick);
    let poll = town.look(|world| world.poll(PollNo(1)).unwrap());
    assert_eq!(poll.result.map(|counted| (counted.tally.yes, counted.tally.no)), Some((2, 0)));
    let papers = town.kept(day("2025-03-05"), day("2025-03-06"));
    let text = &papers["day 2025-03-05 4"];
    assert!(text.contains("摸底结束") && !text.contains("夜里说的"), "{text}");
    town.pass(at("2025-03-06T20:00"));
    assert!(town.kept(day("2025-03-06"), day("2025-03-06"))["day 2025-03-06 4"].contains("夜里说的"));
}

/// A ledger that brings down the program once, when it is asked where it ends for the nth time.
struct Fragile(FileLedger, Arc<AtomicU32>);

impl Ledger for Fragile {
    fn head(&self) -> Position {
        let left = self.1.load(Ordering::SeqCst);
        self.1.store(left.saturating_sub(1), Ordering::SeqCst);
        assert_ne!(left, 1, "brought down by the test");
        self.0.head()
    }

    fn append(&mut self, expected: u64, bodies: &[serde_json::Value]) -> Result<Position, AppendError> {
        self.0.append(expected, bodies)
    }

    fn read_after(&self, after: Option<&Position>) -> Result<Entries, ReadError> {
        self.0.read_after(after)
    }
}

#[test]
fn what_was_due_in_a_batch_that_broke_down_is_not_passed_over() {
    let mut town = Town::new(at("2025-03-03T09:00"), "20:00", ("22:00", "07:30"));
    let folder = town.folder.join("fragile");
    let (state, _) = State::open(&folder).unwrap();
    let disk = SimDisk::new(1);
    let (ledger, _) = FileLedger::open(Arc::new(disk), None).unwrap();
    let left = Arc::new(AtomicU32::new(0));
    let fragile = Box::new(Fragile(ledger, Arc::clone(&left)));
    let mut office = Office::new(fragile, Arc::new(state), Arc::clone(&town.settings), Catalog::builtin().unwrap());
    let people: Fixtures = fixtures::read(include_str!("../table/people.json")).unwrap();
    let facts = people.facts(Catalog::builtin().unwrap(), &town.settings, "local").unwrap();
    office.enter(facts, at("2025-03-03T09:00")).unwrap();
    let say = |words: &str, when| {
        let from = Sender {
            account: "local:王建国".to_owned(),
            name: "王建国".to_owned(),
            name_is_proof: true,
            kind: SenderKind::Person,
            private_chat: None,
        };
        let place = Place::Group { chat: "local:g_df".to_owned(), name: String::new(), thread: None };
        let said = Said::Text { text: words.to_owned(), reply: None, edit: None };
        Job::Heard(Incoming { key: words.to_owned(), place, from, said_at: Some(when), said })
    };
    let _ = office.commit(&[say("/议题 灯", at("2025-03-03T10:00"))], at("2025-03-03T10:00")).unwrap();
    let eight = at("2025-03-03T20:00");
    let next = office.next_due(eight);
    assert_eq!(next, Some(eight));
    // Four groups' digests are settled; then the turn breaks down.
    left.store(6, Ordering::SeqCst);
    let _ = office.commit(&[say("/议题 路", eight)], eight).unwrap();
    assert_eq!(left.load(Ordering::SeqCst), 0, "it broke down");
    let digest = World::on(&**office.state()).digest(GroupId(2), day("2025-03-03"));
    assert!(digest.is_some_and(|digest| digest.number == Some(1)));
    drop(office);
    town.now = eight;
}

#[test]
fn a_quiet_time_changed_in_the_night_holds_for_what_was_made_before_and_each_day_has_one_digest() {
    let mut town = Town::new(at("2025-03-03T09:00"), "23:00", ("22:00", "07:30"));
    noticing(&mut town);
    let _ = town.say(at("2025-03-04T23:30"), "周敏", "g_tl", "/群设置 免打扰=21:00-9:00 日报=20:00");
    town.pass(at("2025-03-05T08:59"));
    let own = |town: &Town| -> Vec<(DateTime<Utc>, String)> {
        let found = town.sent.iter().filter(|(_, chat, text)| chat == "local:g_tl" && text.starts_with("【1号·"));
        found.map(|(when, _, text)| (*when, text.lines().next().unwrap().to_owned())).collect()
    };
    assert_eq!(own(&town), []);
    let _ = town.say(at("2025-03-05T10:00"), "吴秀珍", "g_tl", "/异议 1 贵");
    town.pass(at("2025-03-05T21:00"));
    let want = [("2025-03-05T09:00", "【1号·灯】3月4日"), ("2025-03-05T20:00", "【1号·灯】3月5日")];
    assert_eq!(own(&town), want.map(|(when, head)| (at(when), head.to_owned())));
}

/// 周末有约 is called on Thursday, and whoever signed up is reminded on Friday evening that it is tomorrow.
fn reminded(down: Option<(DateTime<Utc>, DateTime<Utc>)>) -> Vec<String> {
    let mut town = Town::new(at("2025-03-03T09:00"), "20:00", ("22:00", "07:30"));
    let _ = town.say(at("2025-03-03T09:05"), "李德福", "pm", "/我");
    let _ = town.say(at("2025-03-03T09:10"), "刘芳", "g_df", "/活动 周末茶话 每周六9:30 议事室");
    let joined = town.say(at("2025-03-06T10:00"), "李德福", "g_df", "/报名 1");
    assert!(joined.iter().any(|text| text.contains("李德福")), "{joined:?}");
    town.down = down;
    town.pass(at("2025-03-10T12:00"));
    let told = town.told.iter().map(|(_, text)| text.clone());
    told.filter(|text| text.contains("明天 活动")).collect()
}

#[test]
fn what_was_true_on_its_day_only_is_not_told_days_later() {
    assert_eq!(reminded(None).len(), 1, "it is told on its day");
    assert_eq!(reminded(Some((at("2025-03-07T12:00"), at("2025-03-07T19:00")))).len(), 1, "or an hour later");
    assert_eq!(reminded(Some((at("2025-03-07T12:00"), at("2025-03-09T12:00")))), Vec::<String>::new());
}

#[test]
fn a_digest_begins_where_the_last_one_ended_whatever_the_hour_is_by_then() {
    for (before, after) in [("18:00", "21:00"), ("20:00", "18:00")] {
        let mut town = Town::new(at("2025-03-03T09:00"), before, ("22:00", "07:30"));
        town.pass(at("2025-03-04T20:30"));
        let _ = town.say(at("2025-03-04T20:31"), "李德福", "g_df", "/议题 楼道灯不亮");
        let set = format!("/群设置 类型=镇街学联组群 镇街=东风路街道 日报={after}");
        let answer = town.say(at("2025-03-04T20:40"), "田静", "g_df", &set);
        assert!(answer.iter().any(|text| text.contains(after)), "{answer:?}");
        town.pass(at("2025-03-08T12:00"));
        let papers = town.sent.iter().filter(|(_, chat, text)| chat == "local:g_df" && text.contains("楼道灯不亮"));
        let ordered: Vec<_> = papers.filter(|(_, _, text)| text.contains("点单1　")).map(|(_, _, text)| text).collect();
        assert_eq!(ordered.len(), 1, "{before} → {after}: told once: {ordered:#?}");
    }
}
