//! The pages, over a real connection.

use super::*;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use xieshang::domain::chronicle::Archive;
use xieshang::domain::history::export;
use xieshang::domain::history::export::Export;
use xieshang::domain::history::period::Period;
use xieshang::domain::intake::station::Detail;
use xieshang::domain::kernel::ids::{ObjectionRef, SlipNo, StationId, TaskNo};
use xieshang::domain::kernel::seat::Seat;
use xieshang::domain::kernel::words::Words;
use xieshang::domain::kernel::world::{Overlay, Shelf};
use xieshang::domain::process::course;
use xieshang::domain::talk::gathering::SignUpLine;
use xieshang::domain::talk::review::Opinion;
use xieshang::domain::vote::absence::Fact as Absent;
use xieshang::domain::vote::poll::Fact;
use xieshang::domain::vote::poll::terms::{Method, Terms};
use xieshang::domain::vote::roll::RollRow;
use xieshang::domain::work::outcome::{Account, Outcome, OutcomeKind};
use xieshang::domain::work::task::{Class, Grade};
use xieshang::platform::{Incoming, Intake, Receipt, Refused};
use xieshang::web::page::station_form::{Desk, form};
use xieshang::web::pages::{Reader, missing, pages};

/// A world that stands still.
struct Kept {
    things: Overlay,
    settings: Settings,
    records: BTreeMap<u64, Record>,
}

impl Shelf for Kept {
    fn read(&self, key: &[u8]) -> Option<Arc<[u8]>> {
        self.things.get(key).cloned().flatten().map(Arc::from)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut dyn FnMut(&[u8], &[u8]) -> bool) {
        for (key, value) in self.things.range(from.to_vec()..).take_while(|(key, _)| key.starts_with(prefix)) {
            if let Some(value) = value
                && !visit(key, value)
            {
                return;
            }
        }
    }
}

impl Reader for Kept {
    fn read(&self, look: &mut dyn FnMut(&World<'_>, &Settings)) {
        look(&World::on(self), &self.settings);
    }

    fn archive(&self) -> &dyn Archive {
        &self.records
    }
}

/// The first day, a gathering, a vote that closed and one that is open, digests as sent, three slips.
#[allow(clippy::too_many_lines, reason = "one list of what has happened, in order")]
fn seeded() -> Story {
    let mut s = first_day();
    let papers: Vec<(u32, Vec<String>)> =
        [WY, DF, TJ, KJ, TL].map(|group| (group, s.words(group, "2025-03-03", Some(1), "zh", LIMIT))).into();
    for (group, parts) in papers {
        let parts = parts.into_iter().map(Words::from).collect();
        let closed =
            Event::DigestClosed { group: GroupId(group), date: day("2025-03-03"), number: Some(1), late: false, parts };
        s.tell(at("2025-03-03T20:00"), 0, 0, vec![closed]);
    }
    let text = "玻璃井道要看退界和消防间距，12日现场踏勘再定";
    s.tell(at("2025-03-04T09:00"), SUN, TL, vec![Event::ReplyMade { to: sug(1, 3), n: 1, text: text.into() }]);
    let called = Event::GatheringCalled {
        gathering: GatheringNo(1),
        name: "周末有约·加装电梯恳谈会".into(),
        at: at("2025-03-08T09:30"),
        place: "东风路微协商议事室".into(),
        topic: Some(TopicNo(1)),
        until: None,
        remind: None,
    };
    let line = SignUpLine { name: "张桂英".into(), note: "".into(), person: Some(PersonId(ZHANG)) };
    let came = [ZHANG, LI, ZHENG, FENG, WANG, CHEN, ZHAO, SUN, HE, QIAN].map(PersonId).to_vec();
    let minutes = "一层不出资，每户补偿1.2万元；井道用玻璃；二层每户按4%出资；空调外机免费移位";
    s.tell(at("2025-03-05T10:00"), LIU, TL, vec![called]);
    s.tell(
        at("2025-03-05T10:05"),
        ZHANG,
        TL,
        vec![Event::SignedUp { gathering: GatheringNo(1), first: 1, lines: vec![line] }],
    );
    s.tell(at("2025-03-08T09:35"), LIU, TL, vec![Event::Attended { gathering: GatheringNo(1), people: came }]);
    s.tell(
        at("2025-03-08T11:30"),
        LIU,
        TL,
        vec![Event::MinutesFiled { gathering: GatheringNo(1), text: minutes.into(), again: false }],
    );
    let row = |n: u32| RollRow {
        voter: VoterNo(n),
        names: vec![format!("业主甲{n}").into()],
        rooms: vec![format!("{n}01").into()],
        area: 9250,
    };
    let roll = Event::RollLoaded { topic: TopicNo(1), continues: false, rows: (1..=11).map(row).collect() };
    s.tell(at("2025-03-08T11:35"), LIU, TL, vec![roll]);
    let poll = |no, rule, title: &str, ends| Event::PollOpened {
        poll: PollNo(no),
        topic: TopicNo(1),
        rule,
        title: title.into(),
        ends: at(ends),
        voters: Some(11),
        area: 101_750,
    };
    let ballot = |poll, voter, choice| Event::BallotCast {
        poll: PollNo(poll),
        voter: VoterNo(voter),
        person: Some(PersonId(LI)),
        proxy: false,
        private: true,
        changed: false,
        choice: choice_words(choice),
    };
    let straw = poll(1, Rule::Straw, "是否支持按恳谈会意见拟方案", "2025-03-09T20:00");
    s.tell(at("2025-03-08T11:40"), LIU, TL, vec![straw]);
    let area = |n: u64| n * 9250;
    let tally = Tally {
        voters: 11,
        area: 101_750,
        yes: 6,
        yes_area: area(6),
        no: 3,
        no_area: area(3),
        abstain: 1,
        abstain_area: area(1),
        ..Tally::default()
    };
    s.tell(at("2025-03-09T20:00"), 0, 0, vec![Event::PollClosed { poll: PollNo(1), tally, passed: None }]);
    let open = poll(2, Rule::OwnersMajor, "同意按公示方案和公约加装电梯", "2025-03-30T20:00");
    s.tell(at("2025-03-24T09:00"), LIU, TL, vec![open]);
    for voter in 1..=7 {
        s.tell(at("2025-03-24T10:00"), LIU, TL, vec![ballot(2, voter, Choice::Against)]);
    }
    let station = Event::StationSet {
        station: StationId(1),
        name: "东风路微协商议事室".into(),
        kind: "微协商议事室".to_owned(),
        town: "东风路街道".to_owned(),
        detail: Detail::default(),
    };
    s.tell(at("2025-03-03T08:30"), 0, 0, vec![station]);
    for no in 1..=4 {
        s.seq += 1;
        let received = Event::SlipReceived {
            slip: SlipNo(no),
            title: "南门路灯不亮".into(),
            body: "住601的张老师，电话138****0000".into(),
            station: Some(StationId(1)),
        };
        let record = Record {
            via: None,
            seq: s.seq,
            at: at("2025-03-03T09:10"),
            by: Some(PersonId(ZHANG)),
            group: None,
            way: Way::Page,
            key: (no != 4).then(|| format!("key-of-{no}")),
            facts: vec![received],
        };
        evolve(&mut s.world, &record);
    }
    s.tell(at("2025-03-03T09:20"), ZHOU, 0, vec![Event::SlipAccepted { slip: SlipNo(2), topic: TopicNo(1) }]);
    s.tell(
        at("2025-03-03T09:20"),
        ZHOU,
        0,
        vec![Event::SlipRejected { slip: SlipNo(3), reason: "与1号重复".into(), ground: None }],
    );
    s
}

/// A desk at which nobody takes anything.
fn desk(reader: Arc<dyn Reader>) -> Desk {
    struct Nobody;
    impl Intake for Nobody {
        fn take(&self, _: Incoming) -> BoxFuture<'_, Result<Receipt, Refused>> {
            Box::pin(async { Err(Refused::Closed) })
        }

        fn caught_up(&self, _: &'static str) -> BoxFuture<'_, Result<(), Refused>> {
            Box::pin(async { Ok(()) })
        }
    }
    Desk { reader, intake: Arc::new(Nobody), clock: Arc::new(|| at("2025-07-27T10:00")), visitors: None }
}

async fn serve(story: Story, port: u16) -> (String, tokio::task::JoinHandle<()>) {
    let kept: Arc<dyn Reader> =
        Arc::new(Kept { things: story.world.into_overlay(), settings: story.settings, records: story.records });
    let fallback = axum::Router::new().fallback(missing).with_state(Arc::clone(&kept));
    let router = pages(Arc::clone(&kept)).merge(form(desk(kept))).merge(fallback);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    (address, tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }))
}

async fn page(base: &str, path: &str) -> (u16, String, reqwest::header::HeaderMap) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("{base}{path}")).send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    (status, answer.text().await.unwrap().replace("&#x2f;", "/"), headers)
}

/// What is hidden, merged, given back, closed with an explanation or passed on.
fn off_the_straight_way() -> Story {
    use xieshang::domain::process::hiding;
    use xieshang::domain::work::handover;
    let mut s = seeded();
    let hidden = hiding::Fact::Hidden { suggestion: sug(1, 3), reason: "人身攻击".into() };
    s.tell(at("2025-03-05T09:00"), LIU, TL, vec![Event::Hiding(hidden)]);
    let merged = Event::TopicMerged { topic: TopicNo(2), into: TopicNo(1), reason: "一件事".into() };
    s.tell(at("2025-03-05T09:01"), LIU, TL, vec![merged]);
    let (ordered, split) = split_off(TopicNo(1), TopicNo(4), "井道的玻璃", vec![1, 2]);
    s.tell(at("2025-03-05T09:01"), LIU, TL, vec![ordered, split]);
    let (task, topic) = (TaskNo(1), TopicNo(1));
    let assigned = Event::TaskAssigned {
        task,
        topic,
        unit: "区住建局".into(),
        handler: PersonId(ZHAO),
        what: "装扶手".into(),
        days: 5,
        due: day("2025-03-10"),
        lamp: at("2025-03-07T09:00"),
    };
    s.tell(at("2025-03-05T09:02"), ZHOU, DF, vec![assigned]);
    let returned = handover::Fact::Returned { task, reason: "不归我们管".into() };
    s.tell(at("2025-03-05T09:03"), ZHAO, TL, vec![Event::Handover(returned)]);
    let forced = handover::Fact::Forced { task, reason: "列入明年计划".into() };
    s.tell(at("2025-03-05T09:04"), ZHOU, DF, vec![Event::Handover(forced)]);
    let (unit, reason) = ("市燃气公司".into(), "管道归他们管".into());
    s.tell(at("2025-03-05T09:05"), ZHOU, 0, vec![Event::SlipReferred { slip: SlipNo(1), unit, reason }]);
    s
}

fn split_off(topic: TopicNo, into: TopicNo, title: &str, suggestions: Vec<u32>) -> (Event, Event) {
    let ordered = Event::TopicOrdered {
        topic: into,
        title: title.into(),
        body: "".into(),
        proposer: PersonId(ZHANG),
        channel: Channel::Group(GroupId(TL)),
        kind: Kind::Bridge,
        town: String::new(),
    };
    (ordered, Event::Course(course::Fact::Split { topic, into, suggestions }))
}

/// The export of topic 1 over the five weeks, by its coordinator.
fn exported(s: &mut Story) {
    let export = Export {
        no: 1,
        fingerprint: export::fingerprint("a-token"),
        topic: Some(TopicNo(1)),
        from: at("2025-03-03T08:00"),
        to: at("2025-04-10T08:00"),
        towns: Vec::new(),
        until: at("2025-04-13T08:00"),
    };
    s.grant(at("2025-04-10T08:00"), LIU, Role::Coordinator, Scope::District);
    s.tell(at("2025-04-10T08:00"), LIU, TL, vec![Event::Export(export::Fact::Made(export))]);
}

#[tokio::test]
async fn what_left_the_straight_way() {
    let (base, _server) = serve(off_the_straight_way(), 0).await;
    for (path, shown) in [
        ("/t/1", ["已按群规隐藏", "并入本议题的", "区住建局退办：不归我们管", "联络员说明后办结", "列入明年计划"]),
        (
            "/t/1?lang=en",
            ["Hidden by the rules", "Merged into this", "gave it back: ", "with an explanation", "列入明年计划"],
        ),
        ("/t/2", ["并案", "理由：一件事", "已并到 1号议题：3号楼2单元加装电梯", "href=\"/t/1?lang=zh\"", "2号议题"]),
        (
            "/t/1?p=1",
            ["href=\"/t/4?lang=zh\"", "拆出 4号议题：井道的玻璃（建议 1-1、1-2）", "拆分", "经过", "五方参与"],
        ),
        (
            "/t/4",
            [
                "href=\"/t/1?lang=zh\"",
                "拆自 1号议题：3号楼2单元加装电梯（那边的建议 1-1、1-2）",
                "拆分",
                "经过",
                "五方参与",
            ],
        ),
        (
            "/t/4?lang=en",
            [
                "href=\"/t/1?lang=en\"",
                "Split off from No. 1: 3号楼2单元加装电梯 (suggestions 1-1, 1-2 there)",
                "",
                "",
                "",
            ],
        ),
        ("/d/20250303", ["1-3 （已按群规隐藏）", "热议：（已按群规隐藏）", "今天4条建议", "点赞2", "一楼怕挡光"]),
        ("/w/1?k=key-of-1", ["已转市燃气公司", "理由：管道归他们管", "这件事归他们办", "受理进度", "南门路灯不亮"]),
    ] {
        let (status, html, _) = page(&base, path).await;
        assert_eq!(status, 200, "{html}");
        for words in shown {
            assert!(html.contains(words), "{path}: {words} in {html}");
        }
        assert!(!html.contains(HOT), "{path}: what is hidden is shown: {html}");
    }
}

#[tokio::test]
async fn a_topic() {
    let (base, _server) = serve(seeded(), 0).await;
    let (status, html, headers) = page(&base, "/t/1").await;
    assert_eq!(status, 200, "{html}");
    for words in [
        "<html lang=\"zh-CN\">",
        "1号议题",
        "<h1>3号楼2单元加装电梯</h1>",
        "第②步 多方恳谈出主意",
        "王建国",
        "刘芳",
        HOT,
        "2个赞",
        "玻璃井道要看退界",
        "刘芳代录",
        "周末有约·加装电梯恳谈会",
        "10人签到",
        "二层每户按4%出资",
        "已投 7/11 人，面积 63.6%",
        "赞成 6（60.0%）　反对 3　弃权 1",
        "3月30日20:00 截止，截止前不显示",
    ] {
        assert!(html.contains(words), "{words} in {html}");
    }
    // Nothing of the open vote but the turnout; no voter, no room.
    for words in ["反对 7", "赞成 0", "业主甲", "101户", "已读"] {
        assert!(!html.contains(words), "{words}");
    }
    for (name, value) in
        [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-cache")]
    {
        assert_eq!(headers[name], value);
    }
    assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'; style-src 'self'"));
    assert!(!html.contains("<script") && !html.contains("style="));
    let (_, english, _) = page(&base, "/t/1?lang=en").await;
    let said = ["点单", "附议", "镇街", "谁在办", "表决", "截止", "代录"];
    assert!(said.iter().all(|word| !english.contains(word)), "{english}");
    assert!(english.contains("<html lang=\"en\">") && english.contains("7 of 11 voted"));
    assert!(page(&base, "/t/1?p=99").await.1.contains(HOT), "past the last page is the last page");
    let (status, style, headers) = page(&base, "/pages.css").await;
    assert!(status == 200 && style.contains("--red: #c8102e") && headers["content-type"] == "text/css; charset=utf-8");
}

/// From the plan to the outcome: what was posted and said against it, reviewed, promised, given out and what came of it.
fn carried_through() -> Story {
    let mut s = seeded();
    let topic = TopicNo(1);
    let text = "总价56.2万元，一层不出".into();
    s.tell(at("2025-03-13T10:00"), WANG, TL, vec![Event::PlanDrafted { topic, draft: 1, text }]);
    let (from, last, until) = (day("2025-03-14"), day("2025-03-21"), at("2025-03-22T00:00"));
    s.tell(
        at("2025-03-14T10:00"),
        LIU,
        TL,
        vec![Event::NoticePosted { topic, n: 1, draft: 1, days: 7, from, last, until }],
    );
    for (n, text) in [(1, "玻璃反光"), (2, "<b>吵</b>")] {
        let objection = ObjectionRef { topic, n };
        s.tell(at("2025-03-16T20:15"), LI, TL, vec![Event::ObjectionRaised { objection, text: text.into() }]);
    }
    let answered =
        Event::ObjectionAnswered { objection: ObjectionRef { topic, n: 1 }, text: "用低反射玻璃".into() };
    s.tell(at("2025-03-18T09:30"), LIU, TL, vec![answered]);
    let reviewed = Event::ReviewGiven { topic, opinion: Opinion::Amend, text: "留抗震缝".into() };
    s.tell(at("2025-03-22T10:00"), SUN, TL, vec![reviewed]);
    let text = "一、甲；二、乙".into();
    s.tell(at("2025-03-22T15:00"), LIU, TL, vec![Event::PactDrafted { topic, draft: 1, articles: 2, text }]);
    let assigned = Event::TaskAssigned {
        task: TaskNo(1),
        topic,
        unit: "安顺电梯".into(),
        handler: PersonId(SUN),
        what: "施工安装".into(),
        days: 120,
        due: day("2025-07-29"),
        lamp: at("2025-07-26T09:00"),
    };
    s.tell(
        at("2025-03-31T09:00"),
        LIU,
        TL,
        vec![Event::TopicAdvanced { topic, to: Step::Tracking, reason: None }, assigned],
    );
    let done = Event::TaskAnswered { task: TaskNo(1), class: Class::A, text: "电梯装好".into() };
    s.tell(at("2025-07-20T10:00"), SUN, TL, vec![done]);
    let reason = Words::default();
    let rated = Event::TaskRated { task: TaskNo(1), grade: Grade::Good, reason, again: None };
    s.tell(at("2025-07-20T12:00"), ZHANG, TL, vec![rated]);
    let account = Account { days: 145, suggestions: 5, adopted: 3, people: 11, turned: 2, by_household: true };
    let outcomes = vec![Outcome { kind: OutcomeKind::Conflict, n: 1 }, Outcome { kind: OutcomeKind::Works, n: 1 }];
    let closed = Event::TopicClosed { topic, outcomes, note: Words::default(), account };
    s.tell(
        at("2025-07-26T09:00"),
        LIU,
        TL,
        vec![closed, Event::TopicAdvanced { topic, to: Step::Closed, reason: None }],
    );
    s
}

#[tokio::test]
async fn a_topic_to_its_end() {
    let (base, _server) = serve(carried_through(), 0).await;
    let (status, html, _) = page(&base, "/t/1").await;
    assert_eq!(status, 200, "{html}");
    for words in [
        "方案（第1稿）",
        "总价56.2万元，一层不出",
        "张榜公示：3月14日至3月21日24时（7天）",
        "1-异1",
        "玻璃反光",
        "用低反射玻璃",
        "1-异2",
        "&lt;b&gt;吵",
        "还没有答复",
        "修改后同意",
        "留抗震缝",
        "公约（第1稿，共2条）",
        "办1号",
        "7月29日前",
        "已解决",
        "电梯装好",
        "化解矛盾1件，民生工程1处",
        "历时145天，五方11人参与，2户由反对转为赞成",
    ] {
        assert!(html.contains(words), "{words} in {html}");
    }
    let (_, english, _) = page(&base, "/t/1?lang=en").await;
    for words in
        ["Plan (draft 1)", "14 Mar to 21 Mar, 24:00 (7 days)", "1-obj2", "Not answered yet", "Task 1", "145 days"]
    {
        assert!(english.contains(words), "{words} in {english}");
    }
}

/// A poll with options: not a figure before its end; then what each got, round by round. Reasons stand without names.
#[tokio::test]
async fn a_poll_with_options_and_reasons_without_names() {
    let told = |is_over: bool| {
        let mut s = seeded();
        let framed = |poll, method, options: &[&str]| {
            let options = options.iter().map(|&text| text.into()).collect();
            let terms = Terms { method, options, secret: true, reasons: method.is_none(), until_all: false };
            Event::Poll(Fact::Framed { poll: PollNo(poll), terms })
        };
        let opened = |poll, rule, title: &str| Event::PollOpened {
            poll: PollNo(poll),
            topic: TopicNo(1),
            rule,
            title: title.into(),
            ends: at("2025-04-09T20:00"),
            voters: Some(11),
            area: 101_750,
        };
        let ballot = |poll, voter, words: &str| Event::BallotCast {
            poll: PollNo(poll),
            voter: VoterNo(voter),
            person: Some(PersonId(LI)),
            proxy: false,
            private: true,
            changed: false,
            choice: words.into(),
        };
        let ranked = framed(3, Some(Method::Ranked), &["楼道灯", "下水", "车棚"]);
        s.tell(at("2025-04-08T10:00"), LIU, TL, vec![ranked, opened(3, Rule::Straw, "先修哪里")]);
        for (voter, words) in (1..).zip(["#1,2", "#1", "#2,1", "#2,1", "#3,2"]) {
            s.tell(at("2025-04-08T11:00"), LI, TL, vec![ballot(3, voter, words)]);
        }
        s.tell(at("2025-04-08T10:00"), LIU, TL, vec![framed(4, None, &[]), opened(4, Rule::Majority, "先修灯")]);
        let reason = |voter, reason: &str| {
            Event::Poll(Fact::Reasoned { poll: PollNo(4), voter: VoterNo(voter), reason: reason.into(), paper: false })
        };
        s.tell(at("2025-04-08T12:00"), LI, TL, vec![ballot(4, 1, "2"), reason(1, "夜里晃眼")]);
        s.tell(at("2025-04-08T12:01"), LI, TL, vec![ballot(4, 2, "2"), reason(2, "太费电")]);
        s.tell(at("2025-04-08T12:02"), LI, TL, vec![ballot(4, 2, "1")]);
        for poll in [3, 4].into_iter().filter(|_| is_over) {
            let facts = xieshang::domain::decide::poll::close(&s.world, &s.world.poll(PollNo(poll)).unwrap());
            s.tell(at("2025-04-09T20:00"), 0, 0, facts);
        }
        exported(&mut s);
        s
    };
    let (base, _server) = serve(told(false), 0).await;
    let (_, html, _) = page(&base, "/t/1").await;
    assert!(html.contains("1. 楼道灯<br>2. 下水<br>3. 车棚") && html.contains("已投 5/11 人"), "{html}");
    for hidden in ["第1轮", "3票", "出局", "夜里晃眼", "太费电", "反对理由"] {
        assert!(!html.contains(hidden), "{hidden} before the end: {html}");
    }
    let (base, _server) = serve(told(true), 0).await;
    let (_, csv, _) = page(&base, "/x/a-token").await;
    assert!(csv.contains("\"2. 下水 3票\n1. 楼道灯 2票\n3. 车棚 1票\n参与5/11人\""), "what each option got: {csv}");
    let (_, html, _) = page(&base, "/t/1").await;
    for words in [
        "2. 下水 3票<br>1. 楼道灯 2票<br>3. 车棚 1票",
        "第1轮：楼道灯 2 · 下水 2 · 车棚 1 → 车棚出局",
        "第2轮：楼道灯 2 · 下水 3",
        "排序 · 摸底",
        "不记名",
        "反对理由（不写姓名）",
        "夜里晃眼",
    ] {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert!(!html.contains("太费电"), "a reason goes with the choice it was for");
    let (_, english, _) = page(&base, "/t/1?lang=en").await;
    for words in ["2. 下水 3 votes", "Round 2: ", "Reasons against, without names"] {
        assert!(english.contains(words), "{words} in {english}");
    }
}

/// 应到 — four of eleven voted, one is on leave, one recused: nine are due, whichever paper says so, before the end and after it.
#[tokio::test]
async fn every_paper_shows_the_same_number_of_those_due() {
    let told = |rule: Rule, is_over: bool| {
        let mut s = seeded();
        let opened = Event::PollOpened {
            poll: PollNo(3),
            topic: TopicNo(1),
            rule,
            title: "先修灯".into(),
            ends: at("2025-04-09T20:00"),
            voters: Some(11),
            area: 101_750,
        };
        s.tell(at("2025-04-08T10:00"), LIU, TL, vec![opened]);
        let on_leave = Absent::OnLeave { topic: TopicNo(1), seat: Seat::Roll(VoterNo(10)), own: true };
        let recused =
            Absent::Recused { topic: TopicNo(1), seat: Seat::Roll(VoterNo(11)), own: true, reason: "亲属".into() };
        s.tell(at("2025-04-08T10:10"), LI, TL, vec![Event::Absence(on_leave), Event::Absence(recused)]);
        for voter in 1..=4 {
            let cast = Event::BallotCast {
                poll: PollNo(3),
                voter: VoterNo(voter),
                person: Some(PersonId(LI)),
                proxy: false,
                private: true,
                changed: false,
                choice: choice_words(Choice::For),
            };
            s.tell(at("2025-04-08T11:00"), LI, TL, vec![cast]);
        }
        if is_over {
            let facts = xieshang::domain::decide::poll::close(&s.world, &s.world.poll(PollNo(3)).unwrap());
            s.tell(at("2025-04-09T20:00"), 0, 0, facts);
        }
        exported(&mut s);
        s
    };
    for (rule, due, page_away, csv_says) in [
        (Rule::Majority, 9, "（请假1人、回避1人，不算应到）", "应到9　请假1　回避1　已投4"),
        (Rule::Council, 9, "（请假1人、回避1人，不算应到）", "应到9　请假1　回避1　已投4"),
        (
            Rule::OwnersGeneral,
            11,
            "（请假1人、回避1人，依法仍算在应到里）",
            "参与4/11人（请假1人、回避1人，依法仍算在应到里）",
        ),
    ] {
        let open = told(rule, false);
        let digest = open.words(WY, "2025-04-08", Some(9), "zh", LIMIT).join("\n");
        assert!(digest.contains(&format!("已投4/{due}人")), "{rule:?}: {digest}");
        let (base, _server) = serve(open, 0).await;
        let (_, html, _) = page(&base, "/t/1").await;
        let row = html.lines().find(|row| row.contains(&format!("已投 4/{due} 人")));
        assert!(row.is_some_and(|row| row.contains(page_away)), "{rule:?}: {html}");
        let over = told(rule, true);
        let poll = over.world.poll(PollNo(3)).unwrap();
        let tally = poll.result.unwrap().tally;
        let counted_on = tally.due(rule) + if rule.is_of_members() { tally.leave + tally.recused } else { 0 };
        assert_eq!((tally.due(rule), counted_on), (due, 11), "{rule:?}: it adds up to the roll");
        let (base, _server) = serve(over, 0).await;
        let (_, html, _) = page(&base, "/t/1").await;
        let row = html.lines().find(|row| row.contains(&format!("参与 4/{due} 人")));
        assert!(row.is_some_and(|row| row.contains(page_away)), "{rule:?}: {html}");
        let (_, csv, _) = page(&base, "/x/a-token").await;
        assert!(csv.contains(csv_says), "{rule:?}: {csv}");
    }
}

/// The path of the code on a page.
fn code_on(html: &str) -> (usize, Vec<(usize, usize, usize)>) {
    let side = html.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    let path = html.split("<path d=\"").nth(1).unwrap().split('"').next().unwrap();
    let runs = path.split('M').skip(1).map(|part| {
        let (x, rest) = part.split_once(' ').unwrap();
        let (y, rest) = rest.split_once('h').unwrap();
        (x.parse().unwrap(), y.parse().unwrap(), rest.split('v').next().unwrap().parse().unwrap())
    });
    (side, runs.collect())
}

/// What somebody else's reader makes of it.
fn read(html: &str) -> String {
    let (side, runs) = code_on(html);
    let scale = 6;
    let is_dark = |x: usize, y: usize| {
        let (x, y) = (x / scale, y / scale);
        runs.iter().any(|&(from, row, n)| row == y && (from..from + n).contains(&x))
    };
    let shade = |x, y| if is_dark(x, y) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side * scale, side * scale, shade);
    image.detect_grids().first().unwrap().decode().unwrap().1
}

#[tokio::test]
async fn codes_and_the_notice_to_put_up() {
    let mut story = carried_through();
    let station = Event::StationSet {
        station: StationId(2),
        name: "和平<社区>工作室".into(),
        kind: "委员工作室".to_owned(),
        town: "东风路街道".to_owned(),
        detail: Detail { days: vec![1, 3], token: "qa7c96spz2p0xk".to_owned(), ..Detail::default() },
    };
    story.tell(at("2025-07-27T09:00"), 0, 0, vec![station]);
    let merged = Event::TopicMerged { topic: TopicNo(2), into: TopicNo(1), reason: Words::default() };
    story.tell(at("2025-07-27T09:05"), LIU, TL, vec![merged]);
    let (base, _server) = serve(story, 0).await;
    let public = "https://xs.example";
    for (path, leads_to, words) in [
        ("/t/1/qr", "/t/1", "3号楼2单元加装电梯"),
        ("/t/1/notice", "/t/1", "张榜公示"),
        ("/s/qa7c96spz2p0xk/qr", "/s/qa7c96spz2p0xk", "接待日：星期一、星期三"),
        ("/s/1/qr", "/s/1", "东风路微协商议事室"),
    ] {
        let (status, html, headers) = page(&base, path).await;
        assert_eq!(status, 200, "{path}: {html}");
        assert_eq!(read(&html), format!("{public}{leads_to}"), "{path}");
        assert!(html.contains(words) && !html.contains("<script") && !html.contains("style="), "{path}: {html}");
        assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
        assert_eq!(page(&base, &format!("{path}?lang=en")).await.0, 200, "{path} in English");
    }
    let (_, html, _) = page(&base, "/t/1/notice").await;
    for words in ["总价56.2万元，一层不出", "公示期：2025年3月14日至2025年3月21日24时（7天）", "公示期已过"]
    {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert!(!html.contains("/异议 1 内容"), "nobody is invited to what is refused: {html}");
    let (_, html, _) = page(&base, "/s/qa7c96spz2p0xk").await;
    assert!(html.contains("和平&lt;社区&gt;工作室") && html.contains("件收到") && !html.contains("<社区>"), "{html}");
    let (_, html, _) = page(&base, "/t/2").await;
    assert!(html.contains("<a href=\"/t/1?lang=zh\">已并到 1号议题："), "{html}");
    for path in ["/t/9/qr", "/t/2/notice", "/s/3/qr", "/s/qa7c96", "/s/", "/t/0/qr", "/x/", "/x/nothing"] {
        assert_eq!(page(&base, path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_table_behind_a_link_that_runs_out() {
    let token = "1zzzdn7ryjtn4pb0tan5552dn";
    let told = |expired: bool, town: Option<&str>| {
        let mut story = carried_through();
        let text = "=HYPERLINK(\"http://evil\"),电话138****0000".into();
        let made =
            Event::SuggestionMade { suggestion: sug(1, 9), author: PersonId(LI), recorder: None, quoted: false, text };
        story.tell(at("2025-07-27T09:00"), LI, TL, vec![made]);
        let again = Event::PlanDrafted { topic: TopicNo(1), draft: 9, text: "改为三层起装".into() };
        story.tell(at("2025-07-27T09:01"), WANG, TL, vec![again]);
        let export = Export {
            no: 1,
            fingerprint: export::fingerprint(token),
            topic: Some(TopicNo(1)),
            from: at("1970-01-01T08:00"),
            to: at("2025-07-27T10:00"),
            towns: Vec::new(),
            until: at("2025-07-30T10:00"),
        };
        let scope = Scope::Town("东风路街道".to_owned());
        story.grant(at("2025-07-27T10:00"), LIU, Role::Coordinator, scope.clone());
        story.tell(at("2025-07-27T10:00"), LIU, TL, vec![Event::Export(export::Fact::Made(export))]);
        if let Some(town) = town {
            let withdrawn = Event::RoleWithdrawn { person: PersonId(LIU), role: Role::Coordinator, scope };
            story.tell(at("2025-07-27T11:00"), 0, 0, vec![withdrawn]);
            story.grant(at("2025-07-27T11:00"), LIU, Role::Coordinator, Scope::Town(town.to_owned()));
        }
        if expired {
            story.tell(at("2025-07-30T10:00"), 0, 0, vec![Event::Export(export::Fact::Expired { export: 1 })]);
        }
        story
    };
    let (base, _server) = serve(told(false, None), 0).await;
    let (status, csv, headers) = page(&base, &format!("/x/{token}")).await;
    assert_eq!(status, 200, "{csv}");
    assert_eq!(headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(headers["content-disposition"], "attachment; filename=\"topic-1.csv\"");
    assert_eq!(headers["cache-control"], "no-store");
    let raw =
        reqwest::Client::builder().no_proxy().build().unwrap().get(format!("{base}/x/{token}")).send().await.unwrap();
    assert!(raw.bytes().await.unwrap().starts_with("\u{FEFF}\"台账行号\"".as_bytes()), "a byte order mark first");
    for words in [
        "\"建议1-3\"",
        "\"异议\",\"1\",\"1-异1\",\"玻璃反光\"",
        "赞成6　反对3　弃权1",
        "\"'=HYPERLINK(\"\"http",
        "\"评价\"",
        "\"第1稿\",\"总价56.2万元",
        "\"第9稿\",\"改为三层起装\"",
    ] {
        assert!(csv.contains(words), "{words} in {csv}");
    }
    // Ten voted against in the open poll and in private: not a line tells of a ballot.
    assert!(!csv.contains("业主甲") && !csv.contains("key-of-"), "{csv}");
    assert_eq!(csv.matches("\r\n").count(), csv.lines().count());
    let (_, english, _) = page(&base, &format!("/x/{token}?lang=en")).await;
    assert!(english.contains("\"Ledger line\"") && english.contains("\"suggestion 1-3\""), "{english}");
    let (base, _server) = serve(told(true, None), 0).await;
    assert_eq!(page(&base, &format!("/x/{token}")).await.0, 404, "it ran out");
    // A link does not outlive the office it was given to, and is not good again with it.
    let (base, _server) = serve(told(false, Some("团结镇")), 0).await;
    assert_eq!(page(&base, &format!("/x/{token}")).await.0, 404, "whoever has it is of another town now");
    let (base, _server) = serve(told(false, Some("东风路街道")), 0).await;
    assert_eq!(page(&base, &format!("/x/{token}")).await.0, 404, "another office, if of the same town");
}

#[tokio::test]
async fn what_residents_can_write_to_put_up() {
    let (base, _server) = serve(seeded(), 0).await;
    let (status, zh, headers) = page(&base, "/help").await;
    assert_eq!(status, 200);
    assert_eq!(headers["cache-control"], "no-cache");
    assert!(zh.contains("<h1>怎么发</h1>") && zh.contains("<b class=\"ref\">/附议 1</b>"), "{zh}");
    // What only others may do is not theirs to learn.
    assert!(!zh.contains("/授权") && !zh.contains("/公示"), "{zh}");
    let (_, en, _) = page(&base, "/help?lang=en").await;
    assert!(en.contains("<h1>What to write</h1>") && en.contains("<b class=\"ref\">/second 1</b>"), "{en}");
}

#[tokio::test]
async fn the_digests_of_a_day() {
    let (base, _server) = serve(seeded(), 0).await;
    let (status, html, _) = page(&base, "/d/20250303").await;
    assert_eq!(status, 200);
    assert!(html.replace("<b>", "").replace("</b>", "").contains(MEMBERS), "to the letter: {html}");
    let (first, last) =
        (html.find("每日微协商】第1期").unwrap(), html.find("【1号·3号楼2单元加装电梯】3月3日").unwrap());
    assert!(first < last && html.matches("<section>").count() == 5);
    let (status, html, _) = page(&base, "/d/20250305").await;
    assert!(status == 200 && html.contains("没有日报") && html.contains("/d/20250304?lang=zh"));
    for path in ["/d/2025030", "/d/20250230", "/d/2025-03-03", "/d/+2025033", "/d/%E6%97%A5"] {
        assert_eq!(page(&base, path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn the_report_of_a_month() {
    let mut s = seeded();
    let (group, first) = (GroupId(WY), day("2025-03-01"));
    let parts = vec![Words::from("【有事好商量·月报】2025年3月\n3月，<b>累计办结1件。")];
    s.tell(
        at("2025-04-01T09:00"),
        0,
        0,
        vec![Event::IssueClosed { group, period: Period::Month, first, number: 1, late: false, parts }],
    );
    let (base, _server) = serve(s, 0).await;
    let (status, html, _) = page(&base, "/r/202503").await;
    assert!(status == 200 && html.contains("2025年3月 月报") && html.contains("3月，&lt;b&gt;累计办结1件。"), "{html}");
    assert!(html.contains("/r/202502?lang=zh") && html.contains("/r/202504?lang=zh"), "{html}");
    let (status, html, _) = page(&base, "/r/202412?lang=en").await;
    assert!(status == 200 && html.contains("There is no report of this month yet") && html.contains("/r/202501"));
    for path in ["/r/2025", "/r/202513", "/r/2025-3", "/r/%E6%9C%88"] {
        assert_eq!(page(&base, path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn what_became_of_a_slip() {
    let (base, _server) = serve(seeded(), 0).await;
    let (status, html, headers) = page(&base, "/w/1?k=key-of-1").await;
    assert!(
        status == 200 && html.contains("待受理") && html.contains("南门路灯不亮") && !html.contains("601"),
        "{html}"
    );
    assert_eq!(headers["cache-control"], "no-store");
    assert!(html.contains("?lang=en&amp;k=key-of-1"));
    let (_, html, _) = page(&base, "/w/W2?k=key-of-2").await;
    assert!(html.contains("<a href=\"/t/1?lang=zh\">") && html.contains("编为 1号议题"), "{html}");
    let (_, html, _) = page(&base, "/w/3?k=key-of-3").await;
    assert!(html.contains("不予受理") && html.contains("理由：与1号重复"));
    let (wrong, nothing) = (page(&base, "/w/1?k=key-of-2").await, page(&base, "/w/99?k=key-of-2").await);
    assert_eq!((wrong.0, &wrong.1), (404, &nothing.1), "a wrong key and no slip look the same");
    for path in ["/w/1", "/w/1?k=", "/w/4?k=", "/w/4", "/w/1?k=key-of-1x", "/w/0?k=key-of-1", "/w/01?k=key-of-1"] {
        assert_eq!(page(&base, path).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn nothing_there() {
    let (base, _server) = serve(seeded(), 0).await;
    for path in [
        "/t/9",
        "/t/0",
        "/t/abc",
        "/t/-1",
        "/t/99999999999",
        "/t/1/2",
        "/nowhere",
        "/t/%ff",
        "/w/%ff?k=%ff",
        "/t/9?lang=en&lang=zh",
    ] {
        let (status, html, headers) = page(&base, path).await;
        assert!(status == 404 && html.contains("在群里发“/议题”"), "{path} {html}");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    assert!(page(&base, "/t/9?lang=en").await.1.contains("Send &quot;/topic&quot;"));
}

#[tokio::test]
async fn hostile_texts_are_only_text() {
    let evil = "</b><script>alert(1)</script>\"'>&amp;<img src=x onerror=1>\u{202E}{{ 7*7 }}";
    let mut s = seeded();
    for id in 1..=14 {
        s.person(at("2025-03-09T10:00"), id, evil, Side::Resident, evil, evil);
    }
    let mut topic = s.world.topic(TopicNo(1)).unwrap();
    topic.title = evil.into();
    topic.town = evil.to_owned();
    topic.body = evil.into();
    topic.channel = Channel::Group(GroupId(DF));
    s.world.put(&topic);
    for n in 1..=4 {
        let mut suggestion = s.world.suggestion(sug(1, n)).unwrap();
        suggestion.text = evil.into();
        s.world.put(&suggestion);
    }
    let mut poll = s.world.poll(PollNo(2)).unwrap();
    poll.title = evil.into();
    s.world.put(&poll);
    let mut gathering = s.world.gathering(GatheringNo(1)).unwrap();
    (gathering.name, gathering.place) = (evil.into(), evil.into());
    s.world.put(&gathering);
    let mut slip = s.world.slip(SlipNo(3)).unwrap();
    slip.title = evil.into();
    slip.fate = xieshang::domain::intake::slip::Fate::Rejected(evil.into());
    slip.token = "\"><script>".to_owned();
    s.world.put(&slip);
    let parts = vec![evil.into()];
    let closed =
        Event::DigestClosed { group: GroupId(WY), date: day("2025-03-09"), number: Some(2), late: false, parts };
    s.tell(at("2025-03-09T20:00"), 0, 0, vec![closed]);
    s.settings.name = evil.to_owned();
    let (base, _server) = serve(s, 0).await;
    for path in
        ["/t/1", "/t/1?lang=en", "/d/20250309", "/w/3?k=%22%3E%3Cscript%3E", "/t/9", "/t/1?lang=%22%3E%3Cscript%3E"]
    {
        let (_, html, _) = page(&base, path).await;
        assert!(html.contains("&lt;script&gt;"), "{path} {html}");
        assert!(
            !html.contains("<script") && !html.contains("<img") && !html.contains('\u{202E}') && !html.contains("49"),
            "{path}"
        );
    }
}
