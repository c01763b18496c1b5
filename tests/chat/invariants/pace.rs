//! 不丢一句 — whatever somebody sends, however fast: it is in the ledger, or it was answered, or it is named when the minute is over.

use super::{OPEN, from, heard, lines, now, play, text};
use crate::support::folder::Folder;
use chrono::Duration;
use xieshang::bot::office::{Committed, Job, Office};

/// Messages within a minute.
const MANY: usize = 44;

fn words(committed: &Committed) -> Vec<String> {
    let toast = committed.receipts.iter().flatten().filter_map(|receipt| receipt.toast.clone());
    committed.letters.iter().map(|letter| letter.letter.text.clone()).chain(toast).collect()
}

/// Sends the same kind of thing many times; how many were taken. `chat` = a group, or in private.
fn flood(office: &mut Office, who: &str, chat: Option<&str>, said: impl Fn(usize) -> String, begin: i64) -> usize {
    let start = now() + Duration::seconds(begin);
    let (mut taken, mut open) = (0, Vec::new());
    for n in 0..MANY {
        let at = start + Duration::seconds(i64::try_from(n).unwrap());
        let before = office.head_seq();
        let committed = heard(office, from(who, &format!("{who}-{begin}-{n}"), text(&said(n)), chat, at), at);
        if office.head_seq() > before {
            taken += 1;
        } else if committed.letters.is_empty() {
            open.push(said(n));
        } else if words(&committed).iter().all(|words| words.contains("有点快")) {
            // It was told at once that this one is too much, and is named with the others all the same.
            open.push(said(n));
        }
    }
    let mut told = String::new();
    for second in 0..120 {
        let at = start + Duration::seconds(i64::try_from(MANY).unwrap() + second);
        told.extend(words(&office.commit(&[Job::Tick], at).unwrap()));
    }
    for lost in open {
        assert!(told.contains(&lost), "{who}: “{lost}” was dropped without a word:\n{told}");
    }
    taken
}

#[test]
fn nothing_anybody_sends_is_dropped_without_a_word() {
    let folder = Folder::new("pace");
    let mut stage = play(&folder.0, &lines(OPEN));
    let office = &mut stage.started.office;
    // Words others have to read: six in the first minute, as ever.
    assert_eq!(flood(office, "冯丽", Some("g_tl"), |n| format!("/建议 1 第{n}条意见，请记下"), 0), 6);
    assert!(flood(office, "路过的人", None, |n| format!("/议题 第{n}处路灯不亮"), 300) <= 6);
    // A ballot is taken however often it is changed.
    let ballot = |n: usize| format!("投 1号 {}", ["赞成", "反对"][n % 2]);
    assert_eq!(flood(office, "李德福", None, ballot, 600), MANY);
    // Who looks after the office goes on, as fast as a group can be told: twenty a minute.
    assert_eq!(flood(office, "刘芳", Some("g_df"), |n| format!("/代录 居民{n}：会上说了第{n}点"), 900), 20);
    flood(office, "刘芳", None, |n| format!("/代投 1 {} 赞成", 101 + 100 * (n % 6)), 1_200);
    // Nothing that is not understood is left without an answer in private.
    flood(office, "郑小军", None, |n| format!("/没有的命令{n}"), 1_500);
    flood(office, "路过的人", None, |n| format!("/我是 王{n} 60{n}"), 1_800);
}
