//! 记在谁名下 — what is disowned counts for nothing and is told as such; a mandate tells nobody who is registered.

use super::hall::Hall;
use super::{hall, refusal};
use chrono::Duration;
use xieshang::domain::history::export::Export;
use xieshang::domain::kernel::ids::TopicNo;
use xieshang::domain::kernel::say::Say;
use xieshang::domain::vote::mandate::{MOST_ASKED, Turn};
use xieshang::language::Lang;
use xieshang::say;

fn exported(hall: &Hall) -> Vec<String> {
    let (from, to) = (hall.now - Duration::days(30), hall.now + Duration::days(1));
    let export =
        Export { no: 1, fingerprint: String::new(), topic: Some(TopicNo(1)), from, to, towns: Vec::new(), until: to };
    let lines = hall.world().export_lines(&export, &*hall.records);
    lines.into_iter().map(|line| hall.words(&say!("plain", text = line.text), Lang::Zh)).collect()
}

/// The guard counts what stands: three relayed lines of which one is disowned are two.
#[test]
fn what_was_disowned_counts_no_longer() {
    let mut talking = hall("talking");
    let counted = |hall: &Hall| hall.world().topic(TopicNo(1)).unwrap().suggestions;
    let before = counted(&talking);
    talking.must("刘芳 g_tl /代录 李德福：一楼怕挡光");
    assert_eq!(counted(&talking), before + 1);
    let n = talking.world().topic(TopicNo(1)).unwrap().last_suggestion;
    assert_eq!(refusal(&talking, "冯丽", "pm", &format!("/撤回 1-{n}")), "e.back.theirs");
    assert!(exported(&talking).iter().any(|text| text.contains("一楼怕挡光")));
    talking.must(&format!("李德福 pm /撤回 1-{n}"));
    assert_eq!(counted(&talking), before);
    let lines = exported(&talking);
    assert!(lines.iter().any(|text| text.contains("本人否认：李德福")), "{lines:?}");
    assert!(!lines.iter().any(|text| text.contains("一楼怕挡光")), "{lines:?}");
}

/// 代办 — the export says whose act it was: the coordinator's, in place of the one in charge; and who answered a task rates it no more
/// than who had it in hand, and names nobody who does.
#[test]
fn what_is_done_in_place_of_another_is_told_as_such() {
    let mut tracking = hall("tracking_assigned");
    tracking.must("田静 g_tl /签收 办1");
    tracking.must("赵志强 g_tl /办理 办1 进展 在写");
    tracking.must("田静 g_tl /办理 办1 办结 A 写好了");
    let (from, to) = (tracking.now - Duration::days(1), tracking.now + Duration::days(1));
    let export =
        Export { no: 1, fingerprint: String::new(), topic: Some(TopicNo(1)), from, to, towns: Vec::new(), until: to };
    let lines = tracking.world().export_lines(&export, &*tracking.records);
    let told: Vec<(String, String)> =
        lines.into_iter().map(|line| (line.who, tracking.words(&line.about, Lang::Zh))).collect();
    let of = |who: &str, about: &str| (who.to_owned(), about.to_owned());
    assert_eq!(told.iter().filter(|line| **line == of("田静", "办1号（代赵志强）")).count(), 2, "{told:?}");
    assert!(told.contains(&of("赵志强", "办1号")), "{told:?}");
    assert_eq!(refusal(&tracking, "田静", "g_tl", "/另定 1 评价人 田秀英 没有别人"), "e.party");
    assert_eq!(refusal(&tracking, "周敏", "g_tl", "/另定 1 评价人 田静 没有别人"), "e.conflict");
}

/// Somebody nobody knows, and all who are unfit, whatever the reason: one sentence, but for the name as it was typed.
#[test]
fn a_mandate_tells_nobody_who_is_registered() {
    let voting = hall("voting");
    let said = |who: &str| -> Say {
        match voting.ask(&voting.world(), "李德福", "pm", &format!("/委托 1 {who}")).decided {
            Some(Err(say)) => say,
            other => panic!("{who}: {:?}", other.is_some()),
        }
    };
    let words = |who: &str| voting.words(&said(who), Lang::Zh).replace(who, "某人");
    for who in ["刘芳", "李德福", "查无此人", "王"] {
        assert_eq!(words(who), words("没有这个人"), "{who}");
    }
}

/// The records by which a trustee was told.
fn told(hall: &Hall, turn: Turn) -> Vec<u64> {
    let world = hall.world();
    (0..1000).filter(|&seq| !world.told_by(TopicNo(1), voter(hall), turn, seq).is_empty()).collect()
}

/// However often it is given and taken back: what they were told by stays the first of the day.
#[test]
fn a_trustee_gets_one_letter_a_day() {
    let mut voting = hall("voting");
    let mut seen = Vec::new();
    for _ in 0..4 {
        voting.must("李德福 pm /委托 1 冯丽");
        voting.must("李德福 pm /委托 1 取消");
        seen.push((told(&voting, Turn::Given), told(&voting, Turn::Off)));
    }
    assert_eq!((seen[0].0.len(), seen[0].1.len()), (1, 1));
    assert!(seen.iter().all(|times| *times == seen[0]), "{seen:?}");
    let first = voting.world().asked_lately(TopicNo(1), voter(&voting), voting.now);
    assert_eq!(first, [voting.person("冯丽").id]);
    assert!(first.len() < MOST_ASKED);
    voting.now += Duration::hours(24);
    assert!(voting.world().asked_lately(TopicNo(1), voter(&voting), voting.now).is_empty());
}

fn voter(hall: &Hall) -> xieshang::domain::kernel::ids::VoterNo {
    hall.world().voter_of(TopicNo(1), &hall.person("李德福")).unwrap().no
}
