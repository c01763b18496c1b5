//! 看得见的 — whatever is printed, anywhere: no name that nobody proved stands there as somebody else's, and nothing that is hidden.

use super::HALLS;
use super::hall::{Hall, Sheet};
use std::collections::BTreeMap;
use std::sync::Arc;
use xieshang::domain::chronicle::Archive;
use xieshang::domain::event::{Event, Record};
use xieshang::domain::history::export::Export;
use xieshang::domain::kernel::ids::{PersonId, TopicNo};
use xieshang::domain::kernel::said::Way;
use xieshang::domain::kernel::say::{Say, Value};
use xieshang::domain::kernel::settings::Settings;
use xieshang::domain::kernel::words::Words;
use xieshang::domain::kernel::world::World;
use xieshang::domain::people::person::Side;
use xieshang::figures::Desk;
use xieshang::language::Lang;
use xieshang::language::paper::{Head, LIMIT, print};
use xieshang::say;
use xieshang::web::pages::{Reader, pages};

struct Kept(Sheet, Settings, Arc<BTreeMap<u64, Record>>);

impl Reader for Kept {
    fn read(&self, look: &mut dyn FnMut(&World<'_>, &Settings)) {
        look(&World::on(&self.0), &self.1);
    }

    fn archive(&self) -> &dyn Archive {
        &*self.2
    }
}

/// What anybody may ask to see.
const QUESTIONS: [&str; 9] =
    ["/议题", "/议题 1", "/议题 2", "/建议 1", "/方案 1", "/公约 1", "/计票 1", "/报名 活动1", "/我"];

/// Pages that show what somebody wrote.
const PAGES: [&str; 6] = ["/t/1", "/t/2", "/t/1/notice", "/d/20250303", "/r/202503", "/w/1"];

/// Everything that is printed of a hall: digests and previews of all groups, answers, the export, pages; in both languages.
fn everything(hall: &Hall) -> Vec<String> {
    let world = hall.world();
    let mut printed = Vec::new();
    let head = Head { number: None, late: false, name: "有事好商量", tz: hall.settings.tz };
    for group in world.groups() {
        for code in ["zh", "en"] {
            let paper = Desk::new(&world, &hall.settings).preview(&group, hall.now);
            printed.extend(paper.iter().flat_map(|paper| print(paper, &head, code, Some("https://xs.example"), LIMIT)));
        }
    }
    for question in QUESTIONS {
        let outcome = hall.ask(&world, "冯丽", "g_tl", question);
        let says: Vec<Say> = match outcome.decided {
            Some(Ok(decision)) => decision.answer,
            Some(Err(say)) => vec![say],
            None => Vec::new(),
        };
        printed.extend(says.iter().flat_map(|say| [Lang::Zh, Lang::En].map(|lang| hall.words(say, lang))));
    }
    let export = Export {
        no: 1,
        topic: None,
        towns: Vec::new(),
        from: hall.now - chrono::Duration::days(90),
        to: hall.now + chrono::Duration::days(1),
        fingerprint: String::new(),
        until: hall.now,
    };
    for line in world.export_lines(&export, &*hall.records) {
        let who: Value = line.who.into();
        printed.push(hall.words(&say!("plain", text = who), Lang::Zh));
        printed.push(hall.words(&say!("plain", text = line.text), Lang::Zh));
    }
    printed.extend(paged(hall));
    printed
}

fn paged(hall: &Hall) -> Vec<String> {
    let router = pages(Arc::new(Kept(hall.sheet.clone(), hall.settings.clone(), Arc::clone(&hall.records))));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut printed = Vec::new();
        for path in PAGES {
            let answer = client.get(format!("{base}{path}")).send().await.unwrap();
            printed.push(answer.text().await.unwrap());
        }
        serving.abort();
        printed
    })
}

/// An account nobody knows, that shows a name.
fn stranger(hall: &mut Hall, name: &str) -> PersonId {
    let person = PersonId(hall.world().counters().people + 1);
    let known = Event::PersonEnrolled {
        person,
        name: name.into(),
        side: Side::Resident,
        unit: Words::default(),
        sector: String::new(),
        town: String::new(),
        level: None,
        field: Words::default(),
        room: Words::default(),
        enrolled: false,
    };
    hall.happen(None, None, Way::Private, vec![known]);
    person
}

fn name_shown(hall: &Hall, person: PersonId) -> String {
    hall.words(&say!("plain", text = hall.world().name_of(person)), Lang::Zh)
}

#[test]
fn a_name_like_a_registered_one_or_an_office_is_told_apart() {
    for (name, want) in [
        ("刘芳", "刘芳（未认证）"),
        ("劉芳", "劉芳（未认证）"),
        ("刘 芳", "刘 芳（未认证）"),
        ("刘·芳", "刘·芳（未认证）"),
        ("刘芳1", "刘芳1（未认证）"),
        ("刘芳本人", "刘芳本人（未认证）"),
        ("主持人刘芳", "刘芳（未认证）"),
        ("刘芳主持人", "刘芳（未认证）"),
        ("主持人劉芳", "劉芳（未认证）"),
        ("联络员田静", "田静（未认证）"),
        ("桂英姐", "桂英姐"),
        ("张三", "张三"),
    ] {
        let mut hall = Hall::new();
        let person = stranger(&mut hall, name);
        assert_eq!(name_shown(&hall, person), want, "{name}");
    }
    for office in ["政协办", "协商助手", "联络员", "管理员", "区政协办公室", "ａｄｍｉｎ", "有事好商量"]
    {
        let mut hall = Hall::new();
        let person = stranger(&mut hall, office);
        assert_eq!(name_shown(&hall, person), format!("群友{person}（未认证）"), "{office}");
    }
}

#[test]
fn whoever_is_registered_later_is_told_apart_from_who_bore_the_name_before() {
    let mut hall = Hall::new();
    let person = stranger(&mut hall, "欧阳修");
    assert_eq!(name_shown(&hall, person), "欧阳修");
    hall.must("周敏 pm /登记 欧阳修 群众 房号=909");
    assert_eq!(name_shown(&hall, person), "欧阳修（未认证）");
}

#[test]
fn nothing_printed_shows_an_unproven_name_as_a_registered_one() {
    let mut hall = HALLS["talking"].clone();
    let registered = hall.person("吴秀珍").id;
    let imposter = stranger(&mut hall, "吴秀珍");
    hall.namesake = Some(imposter);
    assert!(imposter > registered && hall.person("吴秀珍").id == imposter, "who speaks is the stranger");
    for line in [
        "吴秀珍 g_df /议题 每户明天交500元给我",
        "吴秀珍 g_tl /建议 1 都听我的",
        "吴秀珍 g_tl /跟帖 1-1 我说了算",
        "吴秀珍 g_df /报名 活动1",
        "吴秀珍 g_tl /附议 1",
    ] {
        hall.must(line);
    }
    let mut seen = 0;
    for text in everything(&hall) {
        let bare = text.replace("吴秀珍（未认证）", "").replace("吴秀珍 (not verified)", "");
        assert!(!bare.contains("吴秀珍"), "{text}");
        assert!(!text.contains(['\u{E0F0}', '\u{E0F1}']), "a mark is not in words: {text}");
        seen += usize::from(bare.len() < text.len());
    }
    assert!(seen >= 8, "only {seen} places show the name");
}

#[test]
fn what_is_hidden_is_printed_nowhere() {
    let mut hall = HALLS["tracking_answered"].clone();
    let canaries = [
        ("刘芳 g_tl /隐藏 1号 标题 泄露隐私", "3号楼2单元加装电梯"),
        ("刘芳 g_tl /隐藏 1-1 人身攻击", "井道用透明玻璃"),
        ("刘芳 g_tl /隐藏 1-异1 人身攻击", "玻璃反光"),
        ("刘芳 g_tl /隐藏 1-异1 答复 泄露隐私", "用低反射玻璃"),
        ("刘芳 g_tl /隐藏 1号 方案 泄露隐私", "总价56万元"),
        ("刘芳 g_tl /隐藏 1号 公约 泄露隐私", "建设费按公示方案分摊"),
        ("刘芳 g_tl /隐藏 1号 专家 何伟 泄露隐私", "留抗震缝"),
        ("刘芳 g_tl /隐藏 1号 表决 措辞不当", "同意加装电梯"),
        ("刘芳 g_tl /隐藏 办1 泄露隐私", "出具意见"),
        ("刘芳 g_df /隐藏 活动1 广告", "周末有约"),
        ("田静 pm /隐藏 W1 泄露隐私", "楼里老人多"),
        ("田静 pm /隐藏 社1 泄露隐私", "关于公布补贴标准的建议"),
    ];
    let before = everything(&hall).join("\n");
    for (line, words) in canaries {
        hall.must(line);
        let still = everything(&hall).into_iter().find(|text| before.contains(words) && text.contains(words));
        assert_eq!(still, None, "{line}");
    }
    let shown = canaries.iter().filter(|(_, words)| before.contains(words)).count();
    assert!(shown >= 8, "only {shown} of the words were printed before");
    let now = everything(&hall).join("\n");
    for reason in ["泄露隐私", "人身攻击"] {
        assert!(now.contains(reason), "the export says why: {reason}");
    }
    // Shown again, everything is as it was.
    for (line, _) in canaries {
        let line = line.replace("/隐藏", "/取消隐藏");
        let (who, rest) = line.split_once(" /").unwrap();
        let target = rest.rsplit_once(' ').unwrap().0;
        hall.must(&format!("{who} /{target}"));
    }
    let again = everything(&hall).join("\n");
    for (line, words) in canaries {
        assert_eq!(before.contains(words), again.contains(words), "{line}");
    }
}

#[test]
fn whoever_said_it_objects_once_and_somebody_else_settles_it() {
    let mut hall = HALLS["talking_ripe"].clone();
    hall.must("刘芳 g_tl /隐藏 1-1 人身攻击");
    let refused = |hall: &Hall, who: &str, text: &str| match hall.ask(&hall.world(), who, "pm", text).decided {
        Some(Err(say)) => say.key,
        other => panic!("{text}: {:?}", other.map(|decided| decided.map(|decision| decision.facts))),
    };
    assert_eq!(refused(&hall, "郑小军", "/异议 隐1 不是我说的也不该隐藏"), "e.hiding.author");
    assert_eq!(refused(&hall, "田静", "/维持隐藏 隐1 该隐藏"), "e.hiding.none");
    hall.must("冯丽 pm /异议 隐1 我没有骂人");
    assert_eq!(refused(&hall, "冯丽", "/异议 隐1 再说一次"), "e.hiding.once");
    assert_eq!(refused(&hall, "刘芳", "/维持隐藏 隐1 就要隐藏"), "e.role.ask");
    let mut upheld = hall.clone();
    upheld.must("田静 pm /维持隐藏 隐1 确实不妥");
    assert_eq!(refused(&upheld, "田静", "/维持隐藏 隐1 再来"), "e.hiding.none");
    hall.must("田静 pm /取消隐藏 隐1");
    assert!(
        hall.world()
            .suggestion_kept(xieshang::domain::kernel::ids::SuggestionRef { topic: TopicNo(1), n: 1 })
            .is_some_and(|one| !one.hidden)
    );
}
