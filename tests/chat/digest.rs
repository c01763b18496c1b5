//! The daily digest: its exact words, when it falls due, what it counts, and what nobody can do to it.
mod hours;
mod pages;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};
use xieshang::domain::event::{Event, Record};
use xieshang::domain::evolve::evolve;
use xieshang::domain::kernel::ids::{BriefNo, GatheringNo, GroupId, PersonId, PollNo, SuggestionRef, TopicNo, VoterNo};
use xieshang::domain::kernel::said::Way;
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::world::{Bare, World};
use xieshang::domain::people::group::GroupKind;
use xieshang::domain::people::person::{Role, Scope, Side};
use xieshang::domain::people::undoable::Undoable;
use xieshang::domain::process::channel::Channel;
use xieshang::domain::process::form::{Kind, Step};
use xieshang::domain::vote::poll::Rule;
use xieshang::domain::vote::poll::choice_words;
use xieshang::domain::vote::tally::{Choice, Tally};
use xieshang::figures::calendar::exists;
use xieshang::figures::{Desk, Figures, Paper, all_due, due, next_due, sent_at};
use xieshang::language::Catalog;
use xieshang::language::paper::{Head, LIMIT, Press, print};

/// A world that grows record by record.
struct Story {
    world: World<'static>,
    records: BTreeMap<u64, Record>,
    seq: u64,
    settings: Settings,
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+08:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().with_timezone(&Utc)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn clock(h: u32, m: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(h, m, 0).unwrap()
}

fn sug(topic: u32, n: u32) -> SuggestionRef {
    SuggestionRef { topic: TopicNo(topic), n }
}

impl Story {
    fn new() -> Self {
        let settings = Settings { public_url: Some("https://xs.example".to_owned()), ..Settings::default() };
        Self { world: World::on(&Bare), records: BTreeMap::new(), seq: 0, settings }
    }

    fn tell(&mut self, when: DateTime<Utc>, by: u32, group: u32, facts: Vec<Event>) {
        self.seq += 1;
        let record = Record {
            via: None,
            seq: self.seq,
            at: when,
            by: (by > 0).then_some(PersonId(by)),
            group: (group > 0).then_some(GroupId(group)),
            way: Way::Group,
            key: None,
            facts,
        };
        evolve(&mut self.world, &record);
        self.records.insert(self.seq, record);
    }

    fn person(&mut self, when: DateTime<Utc>, id: u32, name: &str, side: Side, sector: &str, town: &str) {
        let enrolled = Event::PersonEnrolled {
            person: PersonId(id),
            name: name.into(),
            side,
            unit: "".into(),
            sector: sector.to_owned(),
            town: town.to_owned(),
            level: None,
            field: "".into(),
            room: "".into(),
            enrolled: true,
        };
        self.tell(when, 0, 0, vec![enrolled]);
    }

    fn grant(&mut self, when: DateTime<Utc>, person: u32, role: Role, scope: Scope) {
        self.tell(when, 0, 0, vec![Event::RoleGranted { person: PersonId(person), role, scope }]);
    }

    fn group_set(&mut self, when: DateTime<Utc>, id: u32, kind: GroupKind, town: &str, sector: &str, t: NaiveTime) {
        let set = Event::GroupSet {
            group: GroupId(id),
            kind,
            town: town.to_owned(),
            sector: sector.to_owned(),
            digest_at: t,
            quiet: (clock(22, 0), clock(7, 30)),
            language: "zh".to_owned(),
        };
        self.tell(when, 0, 0, vec![set]);
    }

    fn group(&mut self, when: DateTime<Utc>, id: u32, kind: GroupKind, town: &str, sector: &str) {
        let seen = Event::GroupSeen {
            group: GroupId(id),
            chat: format!("chat{id}").into(),
            name: format!("group {id}").into(),
            digest_at: clock(20, 0),
            quiet: (clock(22, 0), clock(7, 30)),
            language: "zh".to_owned(),
        };
        self.tell(when, 0, 0, vec![seen]);
        self.group_set(when, id, kind, town, sector, clock(20, 0));
    }

    fn order(&mut self, when: DateTime<Utc>, no: u32, title: &str, by: u32, channel: Channel, town: &str) {
        let ordered = Event::TopicOrdered {
            topic: TopicNo(no),
            title: title.into(),
            body: "".into(),
            proposer: PersonId(by),
            channel,
            kind: Kind::Expertise,
            town: town.to_owned(),
        };
        self.tell(when, by, 0, vec![ordered]);
    }

    fn take(&mut self, when: DateTime<Utc>, no: u32, lead: u32) {
        self.tell(
            when,
            lead,
            0,
            vec![Event::TopicTaken { topic: TopicNo(no), lead: PersonId(lead), before: None, reason: None }],
        );
    }

    fn advance(&mut self, when: DateTime<Utc>, no: u32, to: Step) {
        self.tell(when, LIU, 0, vec![Event::TopicAdvanced { topic: TopicNo(no), to, reason: None }]);
    }

    fn suggest(
        &mut self,
        when: DateTime<Utc>,
        reference: SuggestionRef,
        author: u32,
        recorder: Option<u32>,
        text: &str,
    ) {
        let made = Event::SuggestionMade {
            suggestion: reference,
            author: PersonId(author),
            recorder: recorder.map(PersonId),
            quoted: false,
            text: text.into(),
        };
        self.tell(when, recorder.unwrap_or(author), TL, vec![made]);
    }

    fn like(&mut self, when: DateTime<Utc>, reference: SuggestionRef, by: u32) {
        self.tell(when, by, TL, vec![Event::SuggestionLiked { suggestion: reference }]);
    }

    fn settle(&mut self, when: DateTime<Utc>, group: GroupId, date: NaiveDate, number: Option<u32>) {
        self.tell(when, 0, 0, vec![Event::DigestClosed { group, date, number, late: false, parts: Vec::new() }]);
    }

    fn paper(&self, group: u32, date: &str) -> Option<Paper> {
        let group = self.world.group(GroupId(group)).unwrap();
        Desk::new(&self.world, &self.settings).compose(&group, day(date))
    }

    fn words(&self, group: u32, date: &str, number: Option<u32>, lang: &str, limit: usize) -> Vec<String> {
        let paper = self.paper(group, date).expect("something happened");
        self.printed(&paper, number, false, lang, limit)
    }

    fn printed(&self, paper: &Paper, number: Option<u32>, late: bool, lang: &str, limit: usize) -> Vec<String> {
        let head = Head { number, late, name: &self.settings.name, tz: self.settings.tz };
        print(paper, &head, lang, self.settings.public_url.as_deref(), limit)
    }
}

// People and groups of scenario.md.
const ZHOU: u32 = 1;
const LIU: u32 = 2;
const WANG: u32 = 3;
const CHEN: u32 = 4;
const MA: u32 = 5;
const ZHAO: u32 = 6;
const SUN: u32 = 7;
const HE: u32 = 8;
const QIAN: u32 = 9;
const ZHANG: u32 = 10;
const LI: u32 = 11;
const ZHENG: u32 = 13;
const FENG: u32 = 14;
const WY: u32 = 1;
const DF: u32 = 2;
const TJ: u32 = 3;
const KJ: u32 = 4;
const TL: u32 = 5;
const HOT: &str = "井道用透明玻璃，少挡一楼的光";

/// Lines 1 to 23 of the scenario, as records.
fn first_day() -> Story {
    let mut s = Story::new();
    let start = at("2025-03-03T08:30");
    for (id, name, side, sector, town) in [
        (ZHOU, "周敏", Side::Cppcc, "", ""),
        (LIU, "刘芳", Side::Department, "", "东风路街道"),
        (WANG, "王建国", Side::Cppcc, "工商联", "东风路街道"),
        (CHEN, "陈晓兰", Side::Cppcc, "科技界", ""),
        (MA, "马立军", Side::Cppcc, "农业界", "团结镇"),
        (ZHAO, "赵志强", Side::Department, "", ""),
        (SUN, "孙莉", Side::Department, "", ""),
        (HE, "何伟", Side::Expert, "", ""),
        (QIAN, "钱磊", Side::Company, "", ""),
        (ZHANG, "张桂英", Side::Resident, "", ""),
        (LI, "李德福", Side::Resident, "", ""),
        (ZHENG, "郑小军", Side::Resident, "", ""),
        (FENG, "冯丽", Side::Resident, "", ""),
    ] {
        s.person(start, id, name, side, sector, town);
    }
    for member in [WANG, CHEN, MA] {
        s.grant(start, member, Role::Member, Scope::District);
    }
    s.grant(start, ZHOU, Role::Coordinator, Scope::District);
    s.group(start, WY, GroupKind::Members, "", "");
    s.group(start, DF, GroupKind::Town, "东风路街道", "");
    s.group(start, TJ, GroupKind::Town, "团结镇", "");
    s.group(start, KJ, GroupKind::Sector, "", "科技界");
    s.group(start, TL, GroupKind::Discussion, "东风路街道", "");
    s.grant(at("2025-03-03T08:32"), LIU, Role::Moderator, Scope::Town("东风路街道".to_owned()));
    s.order(at("2025-03-03T09:20"), 1, "3号楼2单元加装电梯", ZHANG, Channel::Scan(None), "东风路街道");
    s.tell(at("2025-03-03T09:25"), WANG, DF, vec![Event::TopicSeconded { topic: TopicNo(1) }]);
    s.tell(at("2025-03-03T09:40"), CHEN, KJ, vec![Event::TopicSeconded { topic: TopicNo(1) }]);
    s.take(at("2025-03-03T10:06"), 1, WANG);
    s.advance(at("2025-03-03T10:20"), 1, Step::Talking);
    s.tell(at("2025-03-03T10:25"), LIU, TL, vec![Event::GroupBound { group: GroupId(TL), topic: TopicNo(1) }]);
    let invited = |person, side| Event::Invited { topic: TopicNo(1), person: PersonId(person), side };
    let guests = vec![
        invited(ZHAO, Side::Department),
        invited(SUN, Side::Department),
        invited(HE, Side::Expert),
        invited(QIAN, Side::Company),
    ];
    s.tell(at("2025-03-03T10:30"), LIU, TL, guests);
    s.order(at("2025-03-03T11:00"), 2, "团结村安置房选房顺序怎么排", MA, Channel::Group(GroupId(TJ)), "团结镇");
    let brief = Event::BriefReceived {
        brief: BriefNo(1),
        title: "关于公开老旧小区加装电梯补贴标准的建议".into(),
        body: "情况".into(),
    };
    s.tell(at("2025-03-03T15:00"), MA, WY, vec![brief]);
    s.suggest(at("2025-03-03T19:02"), sug(1, 1), ZHANG, None, "12号楼去年装了，我们能不能照着来");
    s.suggest(at("2025-03-03T19:08"), sug(1, 2), LI, Some(LIU), "一楼怕挡光、怕吵，装了房子掉价，我不同意");
    s.suggest(at("2025-03-03T19:10"), sug(1, 3), FENG, None, HOT);
    s.like(at("2025-03-03T19:12"), sug(1, 3), ZHANG);
    s.like(at("2025-03-03T19:13"), sug(1, 3), ZHENG);
    s.suggest(at("2025-03-03T19:20"), sug(1, 4), ZHENG, None, "二楼用得少，钱要少摊");
    s
}

const MEMBERS: &str = "【有事好商量·每日微协商】第1期\n3月3日 星期一（昨20时至今20时）\n\n一、等您出手\n待买单1件：\n2号 团结村安置房选房顺序怎么排（团结镇，已等9小时）\n　认领请发：/买单 2\n\n二、今日新事\n1号 3号楼2单元加装电梯（东风路街道）\n　群众扫码点单，王建国委员已买单，五方到齐，已进入恳谈。\n\n三、正在商量\n1号｜解单②恳谈｜建议4　点赞2　附议2\n　热议：井道用透明玻璃，少挡一楼的光（2赞）\n　不同声音：一楼怕挡光、怕吵，装了房子掉价，我不同意\n\n四、社情民意\n新收1条，待审核1条。\n\n五、今日数\n点单2　买单1　建议4　点赞2　附议2　办结0\n\n全文：https://xs.example/d/20250303\n提一件事发：/议题 事情　看在办的发：/议题";
const DISCUSSION: &str = "【1号·3号楼2单元加装电梯】3月3日\n现在：第②步 多方恳谈出主意\n今天4条建议：\n1-1 12号楼去年装了，我们能不能照着来（张桂英）\n1-2 一楼怕挡光、怕吵，装了房子掉价，我不同意（李德福，刘芳代录）\n1-3 井道用透明玻璃，少挡一楼的光（冯丽，2赞）\n1-4 二楼用得少，钱要少摊（郑小军）\n五方：政协✔ 部门✔ 企业✔ 群众✔ 专家✔\n接着说请发：/建议 内容";

#[test]
fn the_first_day_to_the_letter() {
    let s = first_day();
    assert_eq!(s.words(WY, "2025-03-03", Some(1), "zh", LIMIT), [MEMBERS]);
    assert_eq!(s.words(TL, "2025-03-03", Some(1), "zh", LIMIT), [DISCUSSION]);
}

#[test]
fn each_group_sees_its_own() {
    let s = first_day();
    let df = &s.words(DF, "2025-03-03", Some(1), "zh", LIMIT)[0];
    assert!(
        df.starts_with("【有事好商量·东风路街道】第1期\n") && !df.contains("2号") && !df.contains("社情民意"),
        "{df}"
    );
    assert!(df.contains("一、今日新事") && df.contains("点单1　买单1　建议4　点赞2　附议2　办结0"), "{df}");
    let tj = &s.words(TJ, "2025-03-03", Some(1), "zh", LIMIT)[0];
    assert!(tj.contains("一、等您出手") && tj.contains("2号 团结村") && !tj.contains("加装电梯"), "{tj}");
    let kj = &s.words(KJ, "2025-03-03", Some(1), "zh", LIMIT)[0];
    assert!(kj.starts_with("【有事好商量·科技界】第1期\n") && kj.contains("1号") && !kj.contains("2号 "), "{kj}");
}

#[test]
fn without_a_public_address_no_link() {
    let mut s = first_day();
    s.settings.public_url = None;
    assert_eq!(
        s.words(WY, "2025-03-03", Some(1), "zh", LIMIT)[0],
        MEMBERS.replace("全文：https://xs.example/d/20250303\n", "")
    );
}

#[test]
fn headings_of_previews_and_late_issues() {
    let s = first_day();
    let (wy, tl) = (s.paper(WY, "2025-03-03").unwrap(), s.paper(TL, "2025-03-03").unwrap());
    let first =
        |paper: &Paper, number, late| s.printed(paper, number, late, "zh", LIMIT)[0].lines().next().unwrap().to_owned();
    assert_eq!(first(&wy, Some(1), true), "【有事好商量·每日微协商】第1期（补发）");
    assert_eq!(first(&wy, None, false), "【有事好商量·每日微协商】预览");
    assert_eq!(first(&tl, Some(1), true), "【1号·3号楼2单元加装电梯】3月3日（补发）");
    let group = s.world.group(GroupId(WY)).unwrap();
    let preview = Desk::new(&s.world, &s.settings).preview(&group, at("2025-03-03T14:30")).unwrap();
    let text = &s.printed(&preview, None, false, "zh", LIMIT)[0];
    assert_eq!(text.lines().nth(1).unwrap(), "3月3日 星期一（昨20时至今14:30）");
    let evening = Desk::new(&s.world, &s.settings).preview(&group, at("2025-03-03T21:05")).unwrap();
    assert!(s.printed(&evening, None, false, "zh", LIMIT)[0].contains("（今20时至今21:05）"));
}

#[test]
fn english_is_complete() {
    let mut s = first_day();
    s.settings.name = "Let's talk".to_owned();
    for group in [WY, DF, TJ, KJ, TL] {
        let text = &s.words(group, "2025-03-03", Some(1), "en", LIMIT)[0];
        let ours = ["点单", "买单", "建议", "已等", "恳谈", "期", "今日", "群众", "政协", "代录", "全文"];
        assert!(ours.iter().all(|word| !text.replace("我们能不能照着来", "").contains(word)), "{text}");
    }
    let text = &s.words(WY, "2025-03-03", Some(1), "en", LIMIT)[0];
    assert!(
        text.starts_with(
            "【Let's talk · daily consultation】 No. 1\nMon 3 Mar (20:00 yesterday to 20:00 today)\n\n1. Waiting"
        ),
        "{text}"
    );
    assert!(
        text.contains("requested") || text.contains("Requested by QR code (resident), taken up by 王建国"),
        "{text}"
    );
}

#[test]
fn nothing_happened_nothing_sent() {
    let mut s = first_day();
    for group in [WY, DF, TJ, KJ, TL] {
        assert_eq!(s.paper(group, "2025-03-04"), None, "old waiting items alone are no news");
    }
    // Likes, seconds, sign-ups and ballots are no news either.
    s.like(at("2025-03-04T09:00"), sug(1, 1), FENG);
    s.tell(at("2025-03-04T09:01"), ZHENG, TL, vec![Event::TopicSeconded { topic: TopicNo(1) }]);
    assert_eq!(s.paper(WY, "2025-03-04"), None);
    // 2号 turns red on 6 March at 11:00: news for its own, not for others.
    assert!(s.words(WY, "2025-03-06", Some(2), "zh", LIMIT)[0].contains("（团结镇，已等3天）🔴\n　认领请发：/买单 2"));
    assert!(s.paper(TJ, "2025-03-06").is_some());
    assert_eq!((s.paper(DF, "2025-03-06"), s.paper(TL, "2025-03-06")), (None, None));
    assert_eq!(s.paper(WY, "2025-03-07"), None, "the light was lit yesterday");
}

#[test]
fn what_was_taken_back_never_counts() {
    let mut s = first_day();
    let undo = |what| vec![Event::Undone { what }];
    s.suggest(at("2025-03-03T19:30"), sug(1, 5), FENG, None, "反对到底");
    s.like(at("2025-03-03T19:31"), sug(1, 5), ZHENG);
    s.tell(at("2025-03-03T19:31"), FENG, TL, undo(Undoable::Suggestion(sug(1, 5))));
    s.order(at("2025-03-03T19:32"), 3, "写错了", MA, Channel::Group(GroupId(TJ)), "团结镇");
    s.tell(at("2025-03-03T19:33"), MA, TJ, undo(Undoable::Topic(TopicNo(3))));
    s.like(at("2025-03-03T19:34"), sug(1, 1), FENG);
    s.tell(at("2025-03-03T19:35"), FENG, TL, undo(Undoable::Like(sug(1, 1))));
    assert_eq!(s.words(WY, "2025-03-03", Some(1), "zh", LIMIT), [MEMBERS]);
    assert_eq!(s.words(TL, "2025-03-03", Some(1), "zh", LIMIT), [DISCUSSION]);
}

#[test]
fn gatherings_votes_and_replies() {
    let mut s = first_day();
    let poll = |no, rule, ends| Event::PollOpened {
        poll: PollNo(no),
        topic: TopicNo(1),
        rule,
        title: "是否".into(),
        ends,
        voters: Some(11),
        area: 0,
    };
    let reply = Event::ReplyMade {
        to: sug(1, 3),
        n: 1,
        text: "玻璃井道要看退界和消防间距，12日现场踏勘再定，大家都来看".into(),
    };
    s.tell(at("2025-03-04T09:00"), SUN, TL, vec![reply]);
    let called = Event::GatheringCalled {
        gathering: GatheringNo(1),
        name: "恳谈会".into(),
        at: at("2025-03-04T14:00"),
        place: "议事室".into(),
        topic: Some(TopicNo(1)),
        until: None,
        remind: None,
    };
    s.tell(at("2025-03-04T10:00"), LIU, TL, vec![called]);
    for people in [vec![PersonId(ZHANG)], vec![PersonId(LI), PersonId(CHEN)]] {
        s.tell(at("2025-03-04T14:00"), LIU, TL, vec![Event::Attended { gathering: GatheringNo(1), people }]);
    }
    s.tell(at("2025-03-04T14:10"), LIU, TL, vec![poll(1, Rule::Straw, at("2025-03-04T15:00"))]);
    let closed = |no, passed| Event::PollClosed { poll: PollNo(no), tally: Tally::default(), passed };
    s.tell(at("2025-03-04T15:00"), 0, 0, vec![closed(1, None)]);
    s.tell(at("2025-03-04T16:00"), LIU, TL, vec![poll(2, Rule::Majority, at("2025-03-05T20:00"))]);
    let ballot = |voter| Event::BallotCast {
        poll: PollNo(2),
        voter: VoterNo(voter),
        person: None,
        proxy: true,
        private: true,
        changed: false,
        choice: choice_words(Choice::Against),
    };
    s.tell(at("2025-03-04T17:00"), LIU, TL, vec![ballot(1), ballot(2)]);
    let text = &s.words(TL, "2025-03-04", Some(2), "zh", LIMIT)[0];
    let want = "【1号·3号楼2单元加装电梯】3月4日\n现在：第②步 多方恳谈出主意\n今天1条跟帖：\n1-3 玻璃井道要看退界和消防间距，12日现场踏勘再定，…（孙莉）\n今天：活动1号 签到3人，摸底开始，摸底结束：没有人投票，表决开始。\n表决：已投2/11人，3月5日20:00截止\n五方：政协✔ 部门✔ 企业✔ 群众✔ 专家✔\n接着说请发：/建议 内容";
    assert_eq!(text, want);
    let members = &s.words(WY, "2025-03-04", Some(2), "zh", LIMIT)[0];
    assert!(members.contains("　认领请发：/买单 2\n1号 表决3月5日20:00截止，已投2/11人\n"), "{members}");
    assert!(members.contains("\n　表决：已投2/11人，3月5日20:00截止\n"), "{members}");
    assert!(!members.contains("反对2") && !members.contains("赞成"), "no totals of an open vote: {members}");
    // Residents see votes, nothing else; the result at 20:00 sharp belongs to the next day.
    s.group(at("2025-03-04T18:00"), 6, GroupKind::Residents, "东风路街道", "");
    let residents = &s.words(6, "2025-03-04", Some(1), "zh", LIMIT)[0];
    let want = "【有事好商量·每日微协商】第1期\n3月4日 星期二（昨20时至今20时）\n\n一、等您出手\n1号 表决3月5日20:00截止，已投2/11人\n\n二、今日表决\n1号 3号楼2单元加装电梯：表决开始，3月5日20:00截止\n\n全文：https://xs.example/d/20250304\n提一件事发：/议题 事情　看在办的发：/议题";
    assert_eq!(residents, want);
    s.tell(at("2025-03-05T20:00"), 0, 0, vec![closed(2, Some(true))]);
    assert_eq!(s.paper(6, "2025-03-05"), None);
    assert!(
        s.words(6, "2025-03-06", Some(2), "zh", LIMIT)[0].contains("一、今日表决\n1号 3号楼2单元加装电梯：表决通过：")
    );
    assert!(s.words(TL, "2025-03-06", Some(3), "zh", LIMIT)[0].contains("\n今天：表决通过："));
}

fn figures_on(s: &Story, group: u32, date: &str) -> Figures {
    match s.paper(group, date) {
        Some(Paper::Matrix(paper)) => paper.figures.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn sums_equal_a_recount() {
    let mut s = first_day();
    let mut next = 20;
    for no in 3..43 {
        let minute = Duration::minutes(i64::from(no));
        let town = if no % 3 == 0 { "团结镇" } else { "东风路街道" };
        s.order(at("2025-03-03T12:00") + minute, no, &format!("事{no}"), MA, Channel::Private, town);
        for n in 1..=(no % 5) {
            s.suggest(at("2025-03-03T13:00") + minute, sug(no, n), LI, None, "好");
            s.like(at("2025-03-03T14:00") + minute, sug(no, n), FENG);
        }
        if no % 5 == 4 {
            s.tell(
                at("2025-03-03T15:00") + minute,
                LI,
                TL,
                vec![Event::Undone { what: Undoable::Suggestion(sug(no, 2)) }],
            );
        }
        if no % 2 == 0 {
            s.take(at("2025-03-03T15:30") + minute, no, CHEN);
            s.advance(at("2025-03-03T15:40") + minute, no, Step::Talking);
        }
        next += 1;
    }
    assert!(next > 20);
    // The recount knows nothing of deeds: it looks at the things themselves.
    let mut want = BTreeMap::new();
    for town in ["团结镇", "东风路街道"] {
        let mut sums = Figures::default();
        for topic in s.world.live_topics().iter().filter(|topic| topic.town == town) {
            sums.ordered += 1;
            sums.taken += u32::from(topic.lead.is_some());
            sums.talks += u32::from(topic.step == Step::Talking);
            sums.seconds += topic.seconds;
            s.world.suggestions(topic.no, |suggestion| {
                sums.suggestions += 1;
                sums.likes += suggestion.likes;
            });
        }
        want.insert(town, sums);
    }
    let figures_of = |group| figures_on(&s, group, "2025-03-03");
    assert_eq!(figures_of(DF), want["东风路街道"]);
    assert_eq!(figures_of(TJ), want["团结镇"]);
    let mut all = want["东风路街道"];
    all += want["团结镇"];
    let mut members = figures_of(WY);
    assert_eq!(std::mem::take(&mut members.briefs), 0, "briefs have their own section");
    assert_eq!(members, all);
    // A topic counts once for each step, however often it enters it: not again on another day, either.
    s.advance(at("2025-03-03T19:00"), 4, Step::Talking);
    s.advance(at("2025-03-04T10:00"), 4, Step::Talking);
    assert_eq!(figures_on(&s, DF, "2025-03-03"), want["东风路街道"]);
    assert_eq!(figures_on(&s, DF, "2025-03-04"), Figures::default());
}

#[test]
fn long_digests_are_split() {
    let mut s = first_day();
    for no in 3..60 {
        s.order(at("2025-03-03T12:00"), no, &"长".repeat(40), MA, Channel::Private, "团结镇");
    }
    for limit in [LIMIT, 300, 1] {
        let parts = s.words(WY, "2025-03-03", Some(1), "zh", limit);
        let n = parts.len();
        assert!(n > 1);
        for (i, part) in parts.iter().enumerate() {
            assert!(part.len() <= limit.max(200), "{} bytes", part.len());
            assert!(part.starts_with(&format!("【有事好商量·每日微协商】第1期（{}/{n}）\n", i + 1)), "{part}");
        }
        let all = parts.join("\n");
        // The first of what waits; the rest is a number, or a year would make five messages of every evening.
        assert!((3..10).all(|no| all.contains(&format!("/买单 {no}"))), "{all}");
        assert!(
            !all.contains("/买单 10\n")
                && all.contains("另有50件，发 /议题 查看")
                && all.ends_with("看在办的发：/议题")
        );
    }
    // However many there are, the paper is no longer.
    for no in 60..200 {
        s.order(at("2025-03-03T12:00"), no, "短", MA, Channel::Private, "团结镇");
    }
    let all = s.words(WY, "2025-03-03", Some(1), "zh", LIMIT).join("\n");
    assert!(all.contains("待买单198件：") && all.contains("另有190件，发 /议题 查看"));
}

#[test]
fn hostile_texts_stay_on_their_line() {
    let evil = "甲\n\n一、等您出手\r\n【9号·假】\u{2028}全文：http://evil\u{85}\u{202E}倒\u{200B}{{ 7*7 }}{% raw %}<b>";
    let tame = "甲  一、等您出手 【9号·假】 全文：http://evil倒{{ 7*7 }}{% raw %}<b>";
    let mut s = first_day();
    let honest: Vec<usize> = [WY, DF, TL]
        .iter()
        .map(|&group| s.words(group, "2025-03-03", Some(1), "zh", LIMIT)[0].lines().count())
        .collect();
    let mut evil_day = first_day();
    evil_day.settings.name = evil.to_owned();
    for id in 1..=14 {
        let side = evil_day.world.person(PersonId(id)).map_or(Side::Resident, |person| person.side);
        evil_day.person(at("2025-03-03T19:50"), id, evil, side, evil, evil);
    }
    evil_day.world.put(&{
        let mut topic = evil_day.world.topic(TopicNo(1)).unwrap();
        topic.title = evil.into();
        topic.town = evil.to_owned();
        topic
    });
    for n in 1..=4 {
        let mut suggestion = evil_day.world.suggestion(sug(1, n)).unwrap();
        suggestion.text = evil.into();
        evil_day.world.put(&suggestion);
    }
    let mut group = evil_day.world.group(GroupId(DF)).unwrap();
    group.town = evil.to_owned();
    evil_day.world.put(&group);
    let members = &evil_day.words(WY, "2025-03-03", Some(1), "zh", LIMIT)[0];
    // 不同声音 is gone with its text; everything else keeps its line.
    assert_eq!(members.lines().count(), honest[0] - 1, "{members}");
    assert_eq!(evil_day.words(DF, "2025-03-03", Some(1), "zh", LIMIT)[0].lines().count(), honest[1] - 1);
    let talk = &evil_day.words(TL, "2025-03-03", Some(1), "zh", LIMIT)[0];
    assert_eq!(talk.lines().count(), honest[2], "{talk}");
    assert!(talk.starts_with(&format!("【1号·{tame}】3月3日\n")), "{talk}");
    assert_eq!(members.matches("\n一、").count(), 1);
    for hidden in ['\u{202E}', '\u{200B}', '\u{2028}', '\u{85}', '\r'] {
        assert!(!members.contains(hidden) && !talk.contains(hidden));
    }
    s.settings.name = String::new();
    assert!(s.words(WY, "2025-03-03", Some(1), "zh", LIMIT)[0].starts_with("【·每日微协商】"));
}

#[test]
fn a_broken_template_of_a_clerk_does_not_silence_the_digest() {
    let s = first_day();
    let paper = s.paper(WY, "2025-03-03").unwrap();
    let head = Head { number: Some(1), late: false, name: &s.settings.name, tz: s.settings.tz };
    let catalog = Catalog::builtin().unwrap();
    assert!(Press::with(vec![("matrix.zh.j2".to_owned(), "{% if %}".to_owned())], catalog).is_err());
    let press = Press::with(vec![("matrix.zh.j2".to_owned(), "{{ no.such.thing }}".to_owned())], catalog).unwrap();
    assert_eq!(press.print(&paper, &head, "zh", Some("https://xs.example"), LIMIT), [MEMBERS]);
    let press = Press::with(
        vec![("matrix.zh.j2".to_owned(), "第{{ head.number }}期\n\n\n\n{{ figures.ordered }}".to_owned())],
        catalog,
    );
    assert_eq!(press.unwrap().print(&paper, &head, "zh", None, LIMIT), ["第1期\n\n2"]);
}

#[test]
fn three_days_down() {
    let mut s = first_day();
    let group = |id| GroupId(id);
    assert_eq!(due(&s.world, &s.settings, at("2025-03-03T19:59")), None);
    assert_eq!(next_due(&s.world, &s.settings, at("2025-03-03T19:59")), Some(at("2025-03-03T20:00")));
    assert_eq!(next_due(&s.world, &s.settings, at("2025-03-03T20:01")), Some(at("2025-03-03T20:00")), "due already");
    // Down from before 20:00 on the 3rd until the 6th, 23:30: made at once, day by day; sent in the morning.
    let morning = at("2025-03-06T23:30");
    let quiet = (clock(22, 0), clock(7, 30));
    let sent = |from, now| sent_at(&s.settings, quiet, at(from), now);
    assert_eq!(sent("2025-03-03T20:00", morning), at("2025-03-07T07:30"));
    assert_eq!(sent("2025-03-03T20:00", at("2025-03-07T07:30")), at("2025-03-03T20:00"), "may go now");
    let all = all_due(&s.world, &s.settings, morning);
    assert_eq!(all.len(), 4 * 5, "four days, five groups");
    assert!(all.is_sorted());
    let mut sent = Vec::new();
    while let Some((fell_due, id, date)) = due(&s.world, &s.settings, morning) {
        assert_eq!(fell_due, s.settings.moment(date, clock(20, 0)));
        assert_eq!(all_due(&s.world, &s.settings, morning)[0], (fell_due, id, date));
        let paper = Desk::new(&s.world, &s.settings).compose(&s.world.group(id).unwrap(), date);
        let number = paper.is_some().then(|| s.world.digest_state(id).number + 1);
        if let Some(number) = number {
            sent.push((date.to_string(), id, number));
        }
        s.settle(morning, id, date, number);
    }
    let of = |id| sent.iter().filter(|row| row.1 == group(id)).map(|row| (row.0.as_str(), row.2)).collect::<Vec<_>>();
    assert_eq!(of(WY), [("2025-03-03", 1), ("2025-03-06", 2)]);
    assert_eq!(of(TL), [("2025-03-03", 1)]);
    assert_eq!(s.world.digest_state(group(TL)).last, Some(day("2025-03-06")));
    assert_eq!(next_due(&s.world, &s.settings, morning), Some(at("2025-03-07T20:00")));
}

#[test]
fn days_before_a_group_was_registered_are_nobodys() {
    let mut s = first_day();
    let now = at("2025-05-01T09:00");
    s.group(now, 9, GroupKind::Members, "", "");
    let of_nine = |s: &Story, now| all_due(&s.world, &s.settings, now).into_iter().find(|row| row.1 == GroupId(9));
    assert_eq!(of_nine(&s, now), None);
    assert_eq!(of_nine(&s, at("2025-05-01T20:00")).map(|row| row.2), Some(day("2025-05-01")));
    // Two months unsettled: 31 days back, no more.
    assert_eq!(due(&s.world, &s.settings, now).map(|row| row.2), Some(day("2025-03-31")));
    assert_eq!(next_due(&s.world, &s.settings, now), Some(at("2025-03-31T20:00")));
    // A digest in the quiet time is made in it and sent at its end.
    s.group_set(now, 9, GroupKind::Members, "", "", clock(23, 0));
    let (made, quiet) = (at("2025-05-01T23:00"), (clock(22, 0), clock(7, 30)));
    assert_eq!(of_nine(&s, at("2025-05-01T22:59")), None);
    assert_eq!(of_nine(&s, made), Some((made, GroupId(9), day("2025-05-01"))));
    assert_eq!(sent_at(&s.settings, quiet, made, made), at("2025-05-02T07:30"));
}

#[test]
fn one_digest_for_each_local_date_that_exists() {
    let zones: [(Tz, &str, (u32, u32)); 7] = [
        (chrono_tz::Asia::Shanghai, "2025-01-01", (20, 0)),
        (chrono_tz::America::New_York, "2024-10-01", (2, 30)),
        (chrono_tz::Pacific::Apia, "2011-06-01", (20, 0)),
        (chrono_tz::America::Nuuk, "2024-01-01", (23, 30)),
        (chrono_tz::America::Sao_Paulo, "2017-08-01", (0, 0)),
        (chrono_tz::Australia::Lord_Howe, "2024-01-01", (1, 45)),
        (chrono_tz::Pacific::Kwajalein, "1993-03-01", (0, 30)),
    ];
    for (tz, start, (h, m)) in zones {
        for quiet in [(clock(22, 0), clock(7, 30)), (clock(0, 0), clock(0, 0)), (clock(1, 0), clock(2, 45))] {
            let mut s = Story::new();
            s.settings.tz = tz;
            let start = day(start);
            let mut now = s.settings.moment(start, clock(10, 0));
            s.group(now, 1, GroupKind::Members, "", "");
            let set = Event::GroupSet {
                group: GroupId(1),
                kind: GroupKind::Members,
                town: String::new(),
                sector: String::new(),
                digest_at: clock(h, m),
                quiet,
                language: "zh".to_owned(),
            };
            s.tell(now, 0, 0, vec![set]);
            let first = now;
            let end = now + Duration::days(400);
            let mut settled = BTreeSet::new();
            let mut windows = Vec::new();
            let mut jump = 0_i64;
            while now < end {
                while let Some((fell_due, id, date)) = due(&s.world, &s.settings, now) {
                    assert!(fell_due <= now);
                    assert!(settled.insert(date), "{tz} {date} twice");
                    let group = s.world.group(id).unwrap();
                    windows.push(xieshang::figures::window(&s.settings, &group, date).unwrap());
                    s.settle(now, id, date, None);
                }
                // Seven wake-ups by the calendar, then the clock jumps: ahead by up to five days, or back by hours.
                jump += 1;
                now = match jump % 9 {
                    0 => now + Duration::hours(7 * (jump % 17)),
                    8 => now - Duration::hours(jump % 5),
                    _ => {
                        let next = next_due(&s.world, &s.settings, now).unwrap();
                        assert!(next > now && next - now < Duration::days(3), "{tz} {now} {next}");
                        next
                    }
                };
            }
            let mut date = start;
            while s.settings.moment(date, clock(h, m)) <= first {
                date = date.succ_opt().unwrap();
            }
            let last = *settled.last().unwrap();
            let mut want = BTreeSet::new();
            while date <= last {
                if exists(&s.settings, date) {
                    want.insert(date);
                }
                date = date.succ_opt().unwrap();
            }
            assert_eq!(settled, want, "{tz} {quiet:?}");
            assert!(settled.len() > 390, "{tz}: {}", settled.len());
            assert!(windows.windows(2).all(|pair| pair[0].to == pair[1].from && pair[1].from < pair[1].to), "{tz}");
        }
    }
    let apia = Settings { tz: chrono_tz::Pacific::Apia, ..Settings::default() };
    assert!(!exists(&apia, day("2011-12-30")) && exists(&apia, day("2011-12-31")));
}
