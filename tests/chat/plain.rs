//! 大白话 — what is written in private without a command, and the kind of answer to it; that nothing of it is ever recorded; and what
//! somebody writes first who has read nothing but the help.

use crate::support::town::{Told, Town};
use chrono::Duration;
use proptest::prelude::*;
use std::collections::BTreeSet;
use xieshang::domain::kernel::plain::{Plain, Wish};
use xieshang::language::{Catalog, plain};

const TABLE: &str = "tests/chat/plain.txt";
const NEWCOMER: &str = "tests/chat/newcomer.txt";

/// A town where a topic with a roll is talked over, another was only ordered, and one bears an English title.
fn town(name: &str) -> Town {
    let mut town = Town::new(name);
    for text in ["/议题 南门路灯不亮", "/议题 小广场健身器材坏了", "/议题 More benches in the river park"]
    {
        town.say("李德福", "g_df", text);
    }
    town
}

fn open_vote(town: &mut Town) {
    town.say("刘芳", "g_tl", "/投票 1 过半 20天 同意加装电梯");
}

/// What the answer is, from how it begins; what begins otherwise is shown.
fn kind(told: &[Told]) -> String {
    const KINDS: [(&str, &str); 40] = [
        ("看系统里有您的哪些信息", "我的信息"),
        ("换成英文，发", "语言"),
        ("您说的可能是", "几件"),
        ("没看懂，这句没有记下来", "三件事"),
        ("我是帮大家商量事情的程序", "帮助"),
        ("不客气", "谢谢"),
        ("您好！", "您好"),
        ("提一件事，发", "提事"),
        ("给在办的事出主意", "建议"),
        ("在这里投", "投票"),
        ("现在没有您能投的表决", "没有投票"),
        ("换手机、账号没变", "手机"),
        ("投诉、报修请打", "投诉"),
        ("已经登记：您是张桂英", "是谁"),
        ("两分钟内发的", "撤回"),
        ("您还没有提过", "没有提过"),
        ("附议要在群里发", "附议"),
        ("报名要在群里发", "报名"),
        ("现在没有要报名的活动", "没有活动"),
        ("信访、诉讼", "不归这里"),
        ("It may be one of these", "几件"),
        ("Did not understand; this was not recorded", "三件事"),
        ("I am a program that helps people settle things", "帮助"),
        ("You are welcome", "谢谢"),
        ("Hello!", "您好"),
        ("To make a request", "提事"),
        ("To suggest something write", "建议"),
        ("Vote here,", "投票"),
        ("There is no open vote", "没有投票"),
        ("With a new phone", "手机"),
        ("For complaints and repairs", "投诉"),
        ("You are registered as", "是谁"),
        ("If you sent it within two minutes", "撤回"),
        ("You have no request", "没有提过"),
        ("Seconding is done in the group", "附议"),
        ("Signing up is done in the group", "报名"),
        ("There is no event", "没有活动"),
        ("没看懂“", "问"),
        ("Did not understand \"", "问"),
        ("⚠️ 发得太快", "太快"),
    ];
    let Some((_, text)) = told.first() else { return "·".to_owned() };
    let zh = text.strip_prefix('【').and_then(|rest| rest.split_once("号】"));
    if let Some((no, _)) = zh.or_else(|| text.strip_prefix("[No. ").and_then(|rest| rest.split_once(']'))) {
        return format!("议题{no}");
    }
    let known = KINDS.iter().find(|(begins, _)| text.starts_with(begins)).map(|(_, kind)| (*kind).to_owned());
    known.unwrap_or_else(|| text.lines().next().unwrap_or_default().to_owned())
}

/// Compares a table with what comes, or writes what comes.
fn bless(path: &str, table: &str, made: &str) {
    if std::env::var_os("XIESHANG_BLESS").is_some() {
        std::fs::write(path, made).unwrap();
        return;
    }
    for (is, was) in made.lines().zip(table.lines()) {
        assert_eq!(is, was, "{path}");
    }
    assert_eq!(made.lines().count(), table.lines().count(), "{path}");
}

/// Lines of a table without what comes: “text → kind → kind with a vote open”.
fn texts(table: &str) -> Vec<String> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').next()).map(|text| text.replace("\\n", "\n")).collect()
}

/// A table with each of its rows said again; what explains it stays.
fn retold(table: &str, mut row: impl FnMut(&str) -> String) -> String {
    let is_note = |line: &str| line.is_empty() || line.starts_with('#');
    table.lines().map(|line| if is_note(line) { format!("{line}\n") } else { format!("{}\n", row(line)) }).collect()
}

#[test]
fn plain_words_are_answered_as_the_table_says_and_never_recorded() {
    let table = std::fs::read_to_string(TABLE).unwrap();
    let (mut quiet, mut open) = (town("plain"), town("plain-open"));
    open_vote(&mut open);
    let made = retold(&table, |line| {
        let text = line.split('\t').next().unwrap_or_default();
        let kinds = [&mut quiet, &mut open].map(|town| {
            let before = town.started.office.head_seq();
            let told = town.say("张桂英", "pm", &text.replace("\\n", "\n"));
            assert_eq!(town.started.office.head_seq(), before, "{text} was recorded");
            kind(&told)
        });
        format!("{text}\t{}\t{}", kinds[0], kinds[1])
    });
    assert!(texts(&table).len() >= 120, "{} lines", texts(&table).len());
    bless(TABLE, &table, &made);
}

/// The lines an answer shows to be sent in private.
fn lines_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        for (at, head) in line.match_indices("发：") {
            let rest = line.get(at + head.len()..).unwrap_or_default();
            let sent = rest.split(['　', '（']).next().unwrap_or_default().trim();
            // “票在截止前…” is what follows, and what is for a group is sent there.
            if !sent.is_empty() && !line.contains("到群里发") {
                found.push(sent.to_owned());
            }
        }
    }
    found
}

#[test]
fn no_line_shown_is_refused_when_it_is_sent() {
    let table = std::fs::read_to_string(TABLE).unwrap();
    let (mut lines, mut asked) = (BTreeSet::new(), town("plain-lines"));
    open_vote(&mut asked);
    for text in texts(&table) {
        let told = asked.say("张桂英", "pm", &text);
        lines.extend(told.iter().flat_map(|(_, text)| lines_in(text)));
    }
    assert!(lines.len() > 20, "{lines:?}");
    let mut refused = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let mut town = town(&format!("plain-line-{n}"));
        open_vote(&mut town);
        let told = town.say("张桂英", "pm", line);
        let first = told.first().map(|(_, text)| text.lines().next().unwrap_or_default().to_owned());
        let is_refused = |first: &str| {
            ["没看懂", "没有", "请说明", "内容是空的", "这个命令"].iter().any(|bad| first.starts_with(bad))
        };
        // A list of several says 编号: whichever of them.
        if line != "/撤回" && !line.ends_with("编号") && first.as_deref().is_none_or(is_refused) {
            refused.push(format!("{line} -> {first:?}"));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn the_same_words_are_not_answered_twice_within_a_minute() {
    let mut town = town("plain-twice");
    let mut told = |seconds: i64, text: &str| {
        town.now += Duration::seconds(seconds - 60);
        town.say("张桂英", "pm", text).len()
    };
    assert_eq!([told(60, "帮帮我"), told(5, "帮帮我"), told(5, "谢谢")], [1, 0, 1]);
    assert_eq!([told(70, "帮帮我"), told(59, "帮帮我"), told(60, "帮帮我")], [1, 0, 1]);
}

#[test]
fn what_a_newcomer_writes_first_is_answered_with_what_helps() {
    let table = std::fs::read_to_string(NEWCOMER).unwrap();
    let mut town = town("newcomer");
    open_vote(&mut town);
    let made = retold(&table, |line| {
        let mut parts = line.split('\t');
        let (place, text) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let told = town.say("孙丽", if place == "私" { "pm" } else { "g_df" }, &text.replace("\\n", "\n"));
        let first = told.first().map_or("·", |(_, text)| text.lines().next().unwrap_or_default());
        format!("{place}\t{text}\t{first}")
    });
    let rows = made.lines().filter(|line| line.contains('\t')).count();
    assert!(rows >= 100, "{rows}");
    bless(NEWCOMER, &table, &made);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is written, it reads as something, and a request made of it is one line that fits a title.
    #[test]
    fn any_text_reads_as_something(text in "(您好|谢谢|我想反映|电梯|路灯|投票|帮帮我|hi |lamp |/|1号|，|。|\n| |[\\PC]){0,40}") {
        if let Plain::Said(spoken) = plain::read(Catalog::builtin().unwrap(), &text) {
            prop_assert!(spoken.request.chars().count() <= 40 && !spoken.request.contains('\n'));
        }
    }
}

#[test]
fn every_wish_has_words() {
    let catalog = Catalog::builtin().unwrap();
    for wish in Wish::ALL {
        let word = catalog.term(wish.term()).unwrap();
        for text in [&word.zh, &word.en] {
            let Plain::Said(spoken) = plain::read(catalog, text) else { panic!("{text}") };
            assert_eq!(spoken.wish, Some(wish), "{text}");
        }
    }
}
