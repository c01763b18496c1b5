//! 统计 — every figure of digest.md §8: those of the acceptance story to the letter, and the sums of days, weeks and years against a
//! count that knows nothing but the ledger's facts.

use crate::support::folder::Folder;
use chrono::{DateTime, Utc};
use std::path::Path;

use xieshang::bot::fixtures::{self, Fixtures};
use xieshang::bot::office::{Job, Office};
use xieshang::bot::replay::{self, Stage};
use xieshang::domain::kernel::settings::Settings;
use xieshang::language::Catalog;
use xieshang::platform::{Incoming, Place, Said, Sender, SenderKind};

const STORY: &str = include_str!("../stories/acceptance.jsonl");
const PEOPLE: &str = include_str!("../stories/acceptance.fixtures.json");

fn people() -> Fixtures {
    fixtures::read(PEOPLE).unwrap()
}

fn acceptance(data: &Path) -> Stage {
    let story = replay::read(STORY).unwrap();
    replay::play(data, &people(), &story, Settings::default(), Catalog::builtin().unwrap(), &mut |_| {})
        .unwrap_or_else(|error| panic!("{error}"))
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+08:00")).unwrap().with_timezone(&Utc)
}

/// What is answered to a question.
fn asked(office: &mut Office, who: &str, group: Option<&str>, words: &str, now: DateTime<Utc>) -> String {
    let private = format!("local:pm:{who}");
    let place = match group {
        Some(group) => Place::Group { chat: format!("local:{group}"), name: group.to_owned(), thread: None },
        None => Place::Private { chat: private.clone() },
    };
    let from = Sender {
        account: format!("local:{who}"),
        name: who.to_owned(),
        name_is_proof: true,
        kind: SenderKind::Person,
        private_chat: Some(private),
    };
    let said = Said::Text { text: words.to_owned(), reply: None, edit: None };
    let incoming = Incoming { key: format!("{who} {words} {now}"), place, from, said_at: Some(now), said };
    let done = office.commit(&[Job::Heard(incoming)], now).unwrap();
    done.letters.iter().map(|letter| letter.letter.text.clone()).collect::<Vec<_>>().join("\n")
}

/// digest.md §6, sample D5.
const WEEK: &str = "【有事好商量·一周】第1周
3月3日—3月9日

四单流水：点单2 → 买单1 → 解单1 → 查单0 → 办结0
本周：建议4（采纳0）　跟帖1　点赞2　附议2　活动1场11人
红黄灯：办件红0　办件黄0　待买单超3天1件（2号）
五方到场：政协2　部门2　企业1　群众5　专家1
最热建议：1-3 井道用透明玻璃，少挡一楼的光（2赞）
群：登记5个｜用起来5个｜活起来2个
下周看点：1号拟方案";

/// digest.md §7.
const YEAR: &str = "今年以来，市区两级委员参与微协商1件、6人次，收集社情民意1条（市政协采用1条），跟帖建议、点赞互动10人次，累计办结1件，化解矛盾1件，落实民生工程1处。

牵线搭桥型：组织圆桌会0场，化解矛盾0件。
智力支持型：邀请部门、专家等4人现场踏勘、协商1件，已办结1件。
公益活动型：委员走访群众0人次，收集民意0条，落实爱心项目0个。

“对手”变“帮手”：2户由反对转为赞成；“被动”变“主动”：5名群众首次发言；“看法”变“办法”：5条建议采纳3条，采纳率60%。";

#[test]
fn the_acceptance_story_ends_with_the_figures_of_the_specification() {
    let folder = Folder::new("acceptance");
    let mut stage = acceptance(&folder.0);
    let weekly: Vec<_> = stage.sent.iter().filter(|letter| letter.text.contains("一周】第1周")).collect();
    let of_members: Vec<_> = weekly.iter().filter(|letter| letter.to == "g_wy").collect();
    assert_eq!(of_members.len(), 1);
    assert_eq!(of_members[0].text, WEEK);
    assert_eq!(weekly.len(), 3, "members, and each town: {weekly:?}");

    let now = at("2025-07-26T20:00");
    let office = &mut stage.started.office;
    assert_eq!(asked(office, "周敏", None, "/统计 本年 汇报", now), YEAR);
    // A brief of March is taken up in July: nothing was collected, and no nought is told.
    let july = asked(office, "周敏", None, "/统计 7月 汇报", now);
    assert!(july.contains("7月，社情民意获市政协采用1条，") && !july.contains("收集社情民意"), "{july}");
    asked(office, "周敏", Some("g_kj"), "/群设置 语言=英文", now);
    let july = asked(office, "周敏", Some("g_kj"), "/stats this month report", now);
    assert!(july.contains("In Jul: of earlier briefs 1 taken up by 市政协; ") && !july.contains("0 briefs"), "{july}");
    for words in
        ["/统计 本年", "/统计 本年 东风路街道 汇报", "/stats 2025 科技界", "/统计 群众", "/统计 3月 智力支持型"]
    {
        println!("{}\n", asked(office, "周敏", Some("g_wy"), words, now));
    }
}

mod issues;
mod random;
mod recount;
mod taken_back;
