//! 账号 — every way in which an account can be joined, and that one joined late has no hold on a vote. Through the real loop.

use crate::support::town::{Told, Town};
use chrono::Duration;
use std::sync::Arc;
use xieshang::bot::chance::Dice;
use xieshang::bot::letters;
use xieshang::bot::start;
use xieshang::domain::addressee::Leaves;
use xieshang::domain::history::export::Export;
use xieshang::domain::kernel::ids::{PersonId, PollNo, TopicNo};
use xieshang::domain::people::identity_claim::Fate;
use xieshang::domain::people::person::Role;
use xieshang::domain::vote::poll::Ballot;
use xieshang::language::Catalog;

impl Town {
    fn person(&self, name: &str) -> PersonId {
        self.world().people_named(name).into_iter().find(|person| person.enrolled).unwrap().id
    }

    fn is_joined(&self, account: &str, name: &str) -> bool {
        self.world().person_by_account(&format!("local:{account}")) == Some(self.person(name))
    }

    fn ballot(&self, name: &str) -> Option<Ballot> {
        let world = self.world();
        let poll = world.poll(PollNo(1))?;
        let voter = world.elector_no(&poll, &world.person(self.person(name))?)?;
        world.ballot(PollNo(1), voter)
    }

    fn open_vote(&mut self) {
        self.say("刘芳", "g_tl", "/投票 1 过半 20天 同意加装电梯");
        assert!(self.world().topic(TopicNo(1)).unwrap().poll.is_some());
    }
}

/// Who says whose the account is, in turn.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    /// 我是, 确认 by these.
    Claim(&'static [&'static str]),
    /// 我是, and an account of theirs says yes.
    Yes,
    /// 我是, confirmed by these, and an account of theirs says no.
    No(&'static [&'static str]),
    /// 邀请码 by this one.
    Code(&'static str),
    /// 邀请码 by the first, confirmed by the second.
    CodeAnd(&'static str, &'static str),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    AtOnce,
    AfterADay,
    Never,
}

const MODERATOR: &str = "刘芳";
const ADMIN: &str = "周敏";
const COORDINATOR: &str = "田静";

/// Said by hand from the rule, not from the code.
fn expected(way: Way, has_account: bool, is_voting: bool) -> Outcome {
    let counts = |who: &&&str| !(is_voting && **who == MODERATOR);
    let by = |who: &[&str]| match (who.iter().filter(counts).count(), has_account) {
        (0, _) => Outcome::Never,
        (_, false) => Outcome::AtOnce,
        (1, true) => Outcome::Never,
        (_, true) => Outcome::AfterADay,
    };
    match way {
        Way::Claim(who) => by(who),
        Way::Yes if has_account => Outcome::AtOnce,
        Way::Yes => Outcome::Never,
        Way::No(_) if has_account => Outcome::Never,
        Way::No(who) => by(who),
        Way::Code(who) => by(&[who]),
        // A code that is refused is no claim somebody else could confirm.
        Way::CodeAnd(first, _) if is_voting && first == MODERATOR => Outcome::Never,
        Way::CodeAnd(first, second) => by(&[first, second]),
    }
}

const WAYS: [Way; 15] = [
    Way::Claim(&[MODERATOR]),
    Way::Claim(&[ADMIN]),
    Way::Claim(&[COORDINATOR]),
    Way::Claim(&[MODERATOR, ADMIN]),
    Way::Claim(&[ADMIN, MODERATOR]),
    Way::Claim(&[ADMIN, COORDINATOR]),
    Way::Claim(&[ADMIN, ADMIN]),
    Way::Yes,
    Way::No(&[]),
    Way::No(&[ADMIN, COORDINATOR]),
    Way::Code(MODERATOR),
    Way::Code(COORDINATOR),
    Way::CodeAnd(MODERATOR, ADMIN),
    Way::CodeAnd(COORDINATOR, ADMIN),
    Way::CodeAnd(ADMIN, ADMIN),
];

fn go(way: Way, has_account: bool, is_voting: bool) -> (Outcome, Town) {
    let mut town = Town::new("ways");
    let (name, room) = if has_account { ("李德福", "101") } else { ("钱正", "303") };
    if is_voting {
        town.open_vote();
    }
    let newcomer = "@tg1 老人";
    let confirm = |town: &mut Town, who: &[&str]| {
        for who in who {
            town.say(who, "pm", "/确认 认1");
        }
    };
    match way {
        Way::Claim(who) => {
            town.say(newcomer, "pm", &format!("/我是 {name} {room}"));
            confirm(&mut town, who);
        }
        Way::Yes => {
            town.say(newcomer, "pm", &format!("/我是 {name} {room}"));
            if has_account {
                town.say(name, "pm", "/确认 认1 是");
            }
        }
        Way::No(who) => {
            town.say(newcomer, "pm", &format!("/我是 {name} {room}"));
            confirm(&mut town, who);
            if has_account {
                town.say(name, "pm", "/确认 认1 不是");
            }
        }
        Way::Code(who) | Way::CodeAnd(who, _) => {
            let told = town.say(who, "pm", &format!("/邀请码 {name} {room}"));
            let code = told.iter().find_map(|(_, text)| text.split("/我是 ").nth(1)).map(|rest| rest.trim().to_owned());
            if let Some(code) = code {
                town.say(newcomer, "pm", &format!("/我是 {code}"));
            }
            if let Way::CodeAnd(_, second) = way {
                confirm(&mut town, &[second]);
            }
        }
    }
    let outcome = match town.is_joined("tg1", name) {
        true => Outcome::AtOnce,
        false => {
            town.wait(23);
            assert!(!town.is_joined("tg1", name), "{way:?}: before the day was over");
            town.wait(2);
            if town.is_joined("tg1", name) { Outcome::AfterADay } else { Outcome::Never }
        }
    };
    (outcome, town)
}

#[test]
fn each_way_to_be_joined_leads_where_the_rule_says() {
    for has_account in [true, false] {
        for is_voting in [true, false] {
            for way in WAYS {
                // Somebody who vouches twice is one.
                let way_once = match way {
                    Way::Claim([one, two]) if one == two => Way::Claim(std::slice::from_ref(&WAYS_ADMIN)),
                    Way::CodeAnd(one, two) if one == two => Way::Code(one),
                    other => other,
                };
                let (outcome, town) = go(way, has_account, is_voting);
                let want = expected(way_once, has_account, is_voting);
                assert_eq!(outcome, want, "{way:?}, account {has_account}, vote {is_voting}");
                if has_account && outcome != Outcome::Never {
                    let told = town
                        .letters
                        .iter()
                        .any(|(chat, text, held)| chat == "local:pm:李德福" && text.contains("老人") && !held);
                    assert!(told, "{way:?}: the person heard of it at once");
                }
            }
        }
    }
}

/// One official.
const WAYS_ADMIN: &str = ADMIN;

/// What an account joined during a vote is answered to everything, while the person's ballot is this.
fn everything_from_a_late_account(choice: &str, before: &str) -> (Vec<Told>, Town) {
    let mut town = Town::new("late");
    town.open_vote();
    town.say("李德福", "pm", &format!("投 1号 {choice}"));
    if !before.is_empty() {
        town.say("李德福", "pm", before);
    }
    town.say("@tg1 老人", "pm", "/我是 李德福 101");
    town.say("李德福", "pm", "/确认 认1 是");
    assert!(town.is_joined("tg1", "李德福"));
    let cast = town.ballot("李德福");
    assert!(cast.is_some());
    let mut told = Vec::new();
    let own = [
        "/我",
        "投 1号 1",
        "投 1号 2",
        "投 1号 3",
        "/投 1号 1",
        "/请假 1",
        "/请假 1 取消",
        "/回避 1 有利害",
        "/回避 1 取消",
        "/委托 1 冯丽",
        "/委托 1 取消",
        "/撤回",
        "/计票 1",
        "/议题 1",
        "/解绑",
        "1",
        "赞成",
    ];
    let examples = Catalog::builtin().unwrap().entries().iter();
    let examples = examples.flat_map(|entry| entry.examples.iter().map(|example| example.text.clone()));
    for text in own.into_iter().map(str::to_owned).chain(examples) {
        for place in ["pm", "g_tl"] {
            if text.contains("终止") || town.world().topic(TopicNo(1)).is_none_or(|topic| topic.poll.is_none()) {
                continue;
            }
            told.extend(town.say("@tg1 老人", place, &text));
            assert_eq!(town.ballot("李德福"), cast, "{place}: {text}");
        }
    }
    (told, town)
}

#[test]
fn an_account_joined_during_a_vote_neither_sees_nor_changes_what_was_cast() {
    let (of_one, town) = everything_from_a_late_account("1", "");
    let (of_two, _) = everything_from_a_late_account("2", "");
    assert!(of_one.len() > 60, "only {} answers", of_one.len());
    for (one, two) in of_one.iter().zip(&of_two) {
        assert_eq!(one, two);
    }
    assert_eq!(of_one.len(), of_two.len());
    let mine = of_one.iter().find(|(_, text)| text.contains("待办")).unwrap();
    assert!(mine.1.contains("这个账号看不到"), "{}", mine.1);
    // The first account sees and changes it as before; once the vote is over all of them see it.
    let mut town = town;
    let own = town.say("李德福", "pm", "/我");
    assert!(own[0].1.contains("赞成"), "{}", own[0].1);
    let changed = town.say("李德福", "pm", "投 1号 3");
    assert!(changed[0].1.contains("已改"), "{}", changed[0].1);
}

#[test]
fn an_account_joined_during_a_vote_may_cast_what_nobody_cast() {
    let mut town = Town::new("first");
    town.open_vote();
    town.say("@tg1 老人", "pm", "/我是 李德福 101");
    town.say("李德福", "pm", "/确认 认1 是");
    town.say("@tg1 老人", "pm", "投 1号 2");
    assert!(town.ballot("李德福").is_some());
    // And change it; the account that was there before as well.
    assert!(town.say("@tg1 老人", "pm", "投 1号 1")[0].1.contains("已改"));
    assert!(town.say("李德福", "pm", "投 1号 3")[0].1.contains("已改"));
}

#[test]
fn a_lost_phone_is_a_strangers_at_once() {
    let mut town = Town::new("lost");
    town.say("@tg1 老人", "pm", "/我是 李德福 101");
    town.say("李德福", "pm", "/确认 认1 是");
    assert_eq!(town.say("冯丽", "pm", "/解绑 李德福 1 丢了手机").len(), 1, "nobody else may");
    let told = town.say(ADMIN, "pm", "/解绑 李德福 1 丢了手机");
    assert!(told.iter().any(|(chat, _)| chat == "local:pm:tg1"), "{told:?}");
    assert!(told.iter().all(|(chat, _)| chat != "local:pm:李德福"), "{told:?}");
    let person = town.person("李德福");
    assert_eq!(town.world().person(person).unwrap().private_chat.as_str(), "local:pm:tg1");
    // Whatever name it shows, and though the built-in chat vouches for names.
    let told = town.say("李德福", "pm", "/我");
    assert!(told[0].1.contains("还没有归到登记的人"), "{told:?}");
    town.say("李德福", "g_df", "/议题 楼道灯坏了");
    assert!(!town.is_joined("李德福", "李德福"));
    // The last one goes as well: the entry stays and is joined anew by two officials.
    town.say("@tg1 老人", "pm", "/解绑 1");
    assert!(!town.is_joined("tg1", "李德福"));
    town.say("@tg2 老人", "pm", "/我是 李德福 101");
    town.say(ADMIN, "pm", "/确认 认2");
    town.wait(25);
    assert!(!town.is_joined("tg2", "李德福"));
    town.say(COORDINATOR, "pm", "/确认 认2");
    assert!(!town.is_joined("tg2", "李德福"));
    town.wait(25);
    assert!(town.is_joined("tg2", "李德福"));
}

#[test]
fn a_wrong_confirmation_is_undone_with_what_it_did() {
    let mut town = Town::new("wrong");
    town.say("@tg1 老人", "g_tl", "/建议 井道用玻璃");
    town.say("@tg1 老人", "pm", "/我是 钱正 303");
    town.say(ADMIN, "pm", "/确认 认1");
    assert!(town.is_joined("tg1", "钱正"));
    town.open_vote();
    town.say("@tg1 老人", "pm", "投 1号 2");
    town.say("@tg1 老人", "g_tl", "/建议 夜里别施工");
    town.say("@tg1 老人", "g_df", "/议题 垃圾桶太少");
    assert!(town.ballot("钱正").is_some());
    let cast = town.world().turnout(PollNo(1)).cast;
    let ballot = town.ballot("钱正");
    assert!(town.say(COORDINATOR, "pm", "/确认 认1 不是")[0].1.contains("请写明原因"));
    assert!(town.is_joined("tg1", "钱正"));
    let told = town.say(COORDINATOR, "pm", "/确认 认1 不是 核对错了");
    let heard = told.iter().any(|(chat, text)| chat == "local:g_tl" && text.contains("核对错了"));
    assert!(heard, "the group reads it: {told:?}");
    assert!(told.iter().any(|(_, text)| text.contains("认错已撤销")), "{told:?}");
    let newcomer = town.world().person_by_account("local:tg1").unwrap();
    assert_ne!(newcomer, town.person("钱正"));
    // What was cast is out of every official's reach.
    assert_eq!(town.ballot("钱正"), ballot);
    assert_eq!(town.world().turnout(PollNo(1)).cast, cast);
    let authors: Vec<PersonId> = (1..=2)
        .filter_map(|n| town.world().suggestion(xieshang::domain::kernel::ids::SuggestionRef { topic: TopicNo(1), n }))
        .map(|one| one.author)
        .collect();
    assert_eq!(authors, [newcomer, newcomer]);
    assert_eq!(town.world().topic(TopicNo(2)).unwrap().proposer, newcomer);
    assert_eq!(town.world().trail(newcomer).suggestions, 2);
    assert_eq!(town.world().trail(town.person("钱正")).suggestions, 0);
    // The right one is joined, by somebody else than who parted the first, and votes anew: one ballot, theirs.
    town.say("@tg2 小钱", "pm", "/我是 钱正 303");
    town.say(COORDINATOR, "pm", "/确认 认2");
    town.wait(25);
    assert!(!town.is_joined("tg2", "钱正"), "whoever takes an account away gives none alone");
    town.say(ADMIN, "pm", "/确认 认2");
    town.wait(25);
    assert!(town.is_joined("tg2", "钱正"));
    town.say("@tg2 小钱", "pm", "投 1号 1");
    assert_ne!(town.ballot("钱正"), ballot);
    assert_eq!(town.world().turnout(PollNo(1)).cast, cast);
    let closed = town.wait(24 * 21);
    assert!(closed.iter().any(|(_, text)| text.contains("撤销认领账号")), "{closed:?}");
}

#[test]
fn what_the_person_said_yes_to_no_official_undoes() {
    for undo in ["/确认 认1 不是 认错了", "/解绑 李德福 认1 认错了"] {
        let mut town = Town::new("said-yes");
        town.say("@tg1 老人", "pm", "/我是 李德福 101");
        town.say("李德福", "pm", "/确认 认1 是");
        town.open_vote();
        town.say("@tg1 老人", "pm", "投 1号 2");
        let ballot = town.ballot("李德福");
        for who in [ADMIN, COORDINATOR, MODERATOR] {
            town.say(who, "pm", undo);
            assert!(town.is_joined("tg1", "李德福"), "{who}: {undo}");
            assert_eq!(town.ballot("李德福"), ballot);
        }
        // The person may, from the account that was there before, and votes anew.
        town.say("李德福", "pm", "/确认 认1 不是");
        assert!(!town.is_joined("tg1", "李德福"));
        assert_eq!(town.ballot("李德福"), ballot);
        town.say("李德福", "pm", "投 1号 1");
        assert_ne!(town.ballot("李德福"), ballot);
    }
}

#[test]
fn whoever_takes_an_account_away_gives_the_next_one_to_nobody_alone() {
    for (taken, code) in [("unlink", false), ("unlink", true), ("own", false), ("left", false), ("left", true)] {
        let mut town = Town::new("taken");
        // Whoever may vote in an open vote is not seen off.
        if taken != "left" {
            town.open_vote();
        }
        let told = match taken {
            "unlink" => town.say(COORDINATOR, "pm", "/解绑 冯丽 1 丢了手机"),
            "own" => town.say("冯丽", "pm", "/解绑 1"),
            _ => {
                town.say(COORDINATOR, "pm", "/注销 冯丽 搬走了");
                town.say(COORDINATOR, "pm", "/登记 冯丽 群众 房号=501 镇街=东风路街道");
                town.open_vote();
                Vec::new()
            }
        };
        if taken == "unlink" {
            let own = told.iter().find(|(chat, _)| chat == "local:pm:冯丽").unwrap();
            assert!(own.1.contains("/我是 冯丽") && own.1.contains("丢了手机"), "{own:?}");
            let told = town.say("冯丽", "pm", "投 1号 1");
            assert!(told[0].1.contains("已经解绑") && told[0].1.contains("/我是"), "{told:?}");
        }
        if code {
            let told = town.say(COORDINATOR, "pm", "/邀请码 冯丽 501");
            let code = told.iter().find_map(|(_, text)| text.split("/我是 ").nth(1)).unwrap().trim().to_owned();
            let code = code.split_whitespace().next().unwrap().to_owned();
            town.say("@n3 生人", "pm", &format!("/我是 {code}"));
        } else {
            town.say("@n3 生人", "pm", "/我是 冯丽 501");
            town.say(COORDINATOR, "pm", "/确认 认1");
        }
        town.say(COORDINATOR, "pm", "/确认 认1 501");
        town.wait(25);
        assert!(!town.is_joined("n3", "冯丽"), "{taken}, code {code}: by one alone");
        let told = town.say("@n3 生人", "pm", "投 1号 1");
        assert!(told[0].1.contains("确认以前不能投票"), "{taken}: {told:?}");
        let told = town.say(ADMIN, "pm", "/确认 认1");
        assert!(!town.is_joined("n3", "冯丽"), "{taken}: at once");
        let hears = |chat: &str| told.iter().any(|(to, text)| to == chat && text.contains("生人"));
        assert!(hears("local:pm:刘芳"), "{taken}: the moderator of the vote: {told:?}");
        if taken != "left" {
            assert!(hears("local:pm:冯丽"), "{taken}: the account that was taken away: {told:?}");
        }
        town.wait(25);
        assert!(town.is_joined("n3", "冯丽"), "{taken}, code {code}: by two, after a day");
    }
}

/// 是, 不是 alone may answer whatever was read last: it joins and drops nothing, and is asked back with the lines that do.
#[test]
fn a_bare_word_is_asked_back_where_an_account_waits_for_it() {
    let claim = xieshang::domain::kernel::ids::ClaimNo(1);
    for word in ["不是", "/不是", "不是我", "不是。", "no", "No", "是", "是的", "是我", "/是", "yes"] {
        let mut town = Town::new("bare");
        town.say("@tg1 老人", "pm", "/我是 李德福 101");
        assert!(town.say("冯丽", "pm", word).iter().all(|(_, text)| text.contains("没有等您")), "{word}");
        // No joins nothing: where one account alone waits for it, it is taken.
        if !["是", "是的", "是我", "/是", "yes"].contains(&word) {
            town.say("李德福", "pm", word);
            assert!(town.world().joining(claim).is_none() && !town.is_joined("tg1", "李德福"), "{word}");
            continue;
        }
        let told = town.say("李德福", "pm", word);
        assert!(told[0].1.contains("/确认 认1 是") && told[0].1.contains("/确认 认1 不是"), "{word}: {told:?}");
        assert!(town.world().joining(claim).is_some() && !town.is_joined("tg1", "李德福"), "{word}");
        town.say("李德福", "pm", "/确认 认1 是");
        assert!(town.is_joined("tg1", "李德福"), "{word}");
        // Within a day it is undone by the number.
        let told = town.say("李德福", "pm", "不是");
        assert!(told[0].1.contains("/确认 认1 不是"), "{word}: {told:?}");
        town.say("李德福", "pm", "/确认 认1 不是");
        assert!(!town.is_joined("tg1", "李德福"), "{word}");
    }
    let mut town = Town::new("several");
    assert!(town.say("李德福", "pm", "不是").is_empty(), "talk is left alone");
    town.say("@tg1 老人", "pm", "/我是 李德福 101");
    town.say("@tg2 老李", "pm", "/我是 李德福 101");
    let told = town.say("李德福", "pm", "不是");
    assert!(told[0].1.contains("/确认 认1 不是") && told[0].1.contains("/确认 认2 不是"), "{told:?}");
    town.say("李德福", "pm", "/确认 认1 是");
    town.say("李德福", "pm", "/确认 认2 不是");
    town.wait(25);
    assert!(town.say("李德福", "pm", "不是").is_empty());
    assert!(town.is_joined("tg1", "李德福"), "a day later");
}

/// What is said by whom, one after the other; whether the last line is taken, and whether a vote then goes through.
type Sequence = (&'static [(&'static str, &'static str)], bool, bool);

#[test]
fn what_is_announced_of_a_recusal_is_what_a_vote_then_does() {
    const R: (&str, &str) = ("刘芳", "/回避 1 冯丽 是股东");
    const BACK: (&str, &str) = ("刘芳", "/回避 1 冯丽 取消");
    const NO: (&str, &str) = ("冯丽", "/不回避 1 没有关系");
    const OWN: (&str, &str) = ("冯丽", "/回避 1 算了");
    const OWN_BACK: (&str, &str) = ("冯丽", "/回避 1 取消");
    const LEAVE: (&str, &str) = ("冯丽", "/请假 1");
    const LEAVE_BACK: (&str, &str) = ("冯丽", "/请假 1 取消");
    const FREE: (&str, &str) = (ADMIN, "/裁定 1 冯丽 不回避 查过");
    const BACK_BY_RULING: (&str, &str) = (ADMIN, BACK.1);
    const BARRED: (&str, &str) = (ADMIN, "/裁定 1 冯丽 回避 查过");
    // Whether the last line is taken, and whether 冯丽 may vote then.
    let rows: &[Sequence] = &[
        (&[R], true, false),
        (&[R, BACK], true, true),
        (&[R, OWN], false, false),
        (&[R, OWN_BACK], false, false),
        (&[R, NO], true, true),
        (&[R, NO, R], false, true),
        (&[R, NO, BACK], true, true),
        (&[R, NO, BACK, FREE], false, true),
        (&[R, NO, FREE], true, true),
        (&[R, NO, FREE, R], false, true),
        (&[R, NO, FREE, BACK], false, true),
        (&[R, NO, FREE, OWN], true, false),
        (&[R, NO, FREE, OWN, OWN_BACK], true, true),
        (&[R, NO, FREE, OWN, OWN_BACK, R], false, true),
        (&[R, NO, BARRED], true, false),
        (&[R, NO, BARRED, NO], false, false),
        (&[R, NO, BARRED, BACK], false, false),
        (&[R, NO, BARRED, BACK_BY_RULING], true, true),
        (&[R, NO, OWN], true, false),
        (&[R, NO, OWN, FREE], false, false),
        (&[R, NO, OWN, BARRED], false, false),
        (&[R, NO, OWN, OWN_BACK], true, true),
        (&[R, NO, OWN, OWN_BACK, FREE], false, true),
        (&[R, NO, LEAVE, LEAVE_BACK, R], false, true),
        (&[R, NO, LEAVE, LEAVE_BACK, BARRED], true, false),
        (&[R, NO, LEAVE, OWN, FREE], false, false),
        (&[R, NO, LEAVE, BACK, FREE], false, true),
        (&[R, NO, FREE, LEAVE, LEAVE_BACK, R], false, true),
        (&[OWN, R], false, false),
        (&[OWN, NO], true, true),
        (&[OWN, FREE], false, false),
    ];
    for (lines, is_taken, may_vote) in rows {
        let mut town = Town::new("recused");
        town.open_vote();
        let mut told = Vec::new();
        let mut head = 0;
        for (who, text) in *lines {
            head = town.started.office.head_seq();
            told = town.say(who, "pm", text);
        }
        assert_eq!(town.started.office.head_seq() > head, *is_taken, "{lines:?}: {told:?}");
        let is_over = lines.ends_with(&[NO, OWN]);
        let in_group = told.iter().any(|(chat, text)| chat == "local:g_tl" && text.contains("不用再裁定"));
        assert_eq!(in_group, is_over, "{lines:?}: {told:?}");
        town.say("冯丽", "pm", "投 1号 1");
        assert_eq!(town.ballot("冯丽").is_some(), *may_vote, "{lines:?}: {told:?}");
    }
}

#[test]
fn a_request_to_be_erased_is_taken_back_in_the_open() {
    let mut town = Town::new("keep");
    assert!(town.say("李德福", "pm", "/我的信息 取消")[0].1.contains("没有等办理"));
    town.say("李德福", "pm", "/我的信息 删除");
    assert!(town.say("李德福", "pm", "/撤回")[0].1.contains("/我的信息 取消"));
    let told = town.say("李德福", "pm", "/我的信息  取消");
    assert!(told.iter().any(|(chat, text)| chat == "local:pm:周敏" && text.contains("取消了删除")), "{told:?}");
    assert!(town.world().erasure(town.person("李德福")).asked.is_none());
    let told = town.say(ADMIN, "pm", "/删除信息 李德福 本人申请");
    assert!(told[0].1.contains("李德福"), "nothing is ordered that is not asked for: {told:?}");
    assert!(town.world().erasure(town.person("李德福")).ordered.is_none());
}

#[test]
fn a_claim_about_somebody_who_is_erased_ends_with_them() {
    let mut town = Town::new("ended");
    town.say("@tg1 老郑", "pm", "/我是 郑小军 201");
    town.say("郑小军", "pm", "/我的信息 删除");
    let told = town.say(ADMIN, "pm", "/删除信息 郑小军 本人申请");
    assert!(town.world().claim(xieshang::domain::kernel::ids::ClaimNo(1)).unwrap().fate == Fate::Refused, "{told:?}");
    let own = told.iter().find(|(chat, _)| chat == "local:pm:tg1").unwrap();
    assert!(own.1.contains("没有确认您的身份") && !own.1.contains("郑小军"), "{own:?}");
}

/// Two in the afternoon is the hour of the stories; what is held until the morning is looked at then.
fn at_night(town: &mut Town) {
    town.now = "2025-03-03T15:00:00Z".parse().unwrap();
}

/// The letters that wait, as they would leave now.
fn leaving(town: &Town) -> Vec<(String, Leaves)> {
    let state = town.started.office.state();
    let waiting = letters::waiting(&**state);
    let held = waiting.iter().filter(|letter| letter.not_before.is_some());
    held.map(|letter| (letter.letter.text.clone(), letter.leaves(&town.world(), town.now))).collect()
}

#[test]
fn a_letter_that_waited_leaves_only_while_it_is_true_and_theirs() {
    let mut town = Town::new("held");
    at_night(&mut town);
    town.say("@tg1 老人", "pm", "/我是 钱正 303");
    let of_claim = |town: &Town| -> Vec<Leaves> {
        let all = leaving(town).into_iter();
        all.filter(|(text, _)| text.contains("有人请您确认身份")).map(|(_, leaves)| leaves).collect()
    };
    let before = of_claim(&town);
    assert!(before.len() >= 2 && before.iter().all(|leaves| *leaves == Leaves::Here), "{before:?}");
    // 田静 loses the role: name and room are not for her any more.
    town.say(ADMIN, "pm", "/授权 田静 联络员 东风路街道 取消");
    let gone = of_claim(&town).into_iter().filter(|leaves| matches!(leaves, Leaves::No(_))).count();
    assert_eq!(gone, 1, "{:?}", of_claim(&town));
    // The claim is settled: nobody is asked in the morning.
    town.say(ADMIN, "pm", "/确认 认1");
    assert!(of_claim(&town).iter().all(|leaves| matches!(leaves, Leaves::No(_))), "{:?}", of_claim(&town));
}

#[test]
fn a_letter_for_an_account_that_was_taken_away_goes_to_the_one_that_is_left() {
    let mut town = Town::new("moved");
    town.say("@tg1 老人", "pm", "/我是 李德福 101");
    town.say("李德福", "pm", "/确认 认1 是");
    town.say("李德福", "g_df", "/议题 垃圾桶太少");
    at_night(&mut town);
    town.say("马立军", "g_wy", "/买单 2");
    let told = |town: &Town| -> Vec<Leaves> {
        let all = leaving(town).into_iter();
        all.filter(|(text, _)| text.contains("垃圾桶太少")).map(|(_, leaves)| leaves).collect()
    };
    assert_eq!(told(&town), [Leaves::Here]);
    town.say(ADMIN, "pm", "/解绑 李德福 1 丢了手机");
    assert_eq!(told(&town), [Leaves::Elsewhere("local:pm:tg1".to_owned())]);
    town.say(ADMIN, "pm", "/解绑 李德福 1 这个也丢了");
    assert!(matches!(told(&town).as_slice(), [Leaves::No(_)]), "{:?}", told(&town));
}

/// The office started again with these administrators in its configuration: what is told.
fn restart(town: Town, admins: &[&str]) -> (Town, Vec<Told>) {
    let Town { started, now, n, letters, folder } = town;
    let mut settings = (**started.office.settings()).clone();
    settings.admins = admins.iter().map(|&admin| admin.to_owned()).collect();
    drop(started);
    let catalog = Catalog::builtin().unwrap();
    let mut started = start::open(&folder.0, Arc::new(settings), catalog, now).unwrap();
    let told = started.office.admit_admins(now).unwrap();
    started.office.dice = Dice::Counted(100);
    let told = told.into_iter().map(|letter| (letter.letter.chat, letter.letter.text)).collect();
    (Town { started, now, n, letters, folder }, told)
}

#[test]
fn the_administrators_of_the_configuration_count_at_every_start() {
    let holds = |town: &Town, name: &str, role: Role| town.world().person(town.person(name)).unwrap().holds(role);
    let (mut town, _) = restart(Town::new("admins"), &["local:冯丽", "local:tg5"]);
    assert!(holds(&town, "冯丽", Role::Admin) && holds(&town, "冯丽", Role::Coordinator));
    // Somebody nobody knows yet has it from the first word on, and 冯丽 gives it to somebody else.
    town.say("@tg5 新来的", "pm", "/登记 高主任 政协 区政协");
    town.say("冯丽", "pm", "/授权 郑小军 管理员");
    town.say("冯丽", "pm", "/授权 冯丽 联络员");
    let newcomer = |town: &Town| town.world().person_by_account("local:tg5").unwrap();
    assert!(town.world().person(newcomer(&town)).unwrap().holds(Role::Admin));
    let head = town.started.office.head_seq();
    let (town, told) = restart(town, &["local:冯丽", "local:tg5"]);
    assert_eq!((town.started.office.head_seq(), told.len()), (head, 0), "nothing changed, nothing is recorded");
    let (mut town, told) = restart(town, &[]);
    assert_eq!(town.started.office.head_seq(), head + 1, "one record");
    assert!(told.iter().any(|(chat, text)| chat == "local:pm:冯丽" && text.contains("不再是管理员")), "{told:?}");
    assert!(told.iter().any(|(chat, _)| chat == "local:pm:周敏"), "the others hear of it: {told:?}");
    assert!(!holds(&town, "冯丽", Role::Admin), "taken out of the configuration");
    assert!(!town.world().person(newcomer(&town)).unwrap().holds(Role::Admin));
    assert!(holds(&town, "郑小军", Role::Admin), "given by somebody else");
    assert!(holds(&town, "周敏", Role::Admin), "of the office's file");
    assert!(town.say("冯丽", "pm", "/授权 刘芳 专家")[0].1.contains("要管理员"));
    let (town, _) = restart(town, &["local:冯丽"]);
    assert!(holds(&town, "冯丽", Role::Admin), "and back again");
}

/// Whose account was joined, taken away or parted, who is named in the configuration and who left stands in the export of the month; the
/// addresses do not.
#[test]
fn what_happened_to_accounts_is_in_the_export() {
    let (mut town, _) = restart(Town::new("exported"), &["local:冯丽"]);
    for (who, text) in [
        ("@tg1 老人", "/我是 钱正 303"),
        (ADMIN, "/确认 认1"),
        (COORDINATOR, "/确认 认1 不是 认错了人"),
        ("@tg2 小钱", "/我是 钱正 303"),
        (ADMIN, "/确认 认2"),
        (MODERATOR, "/确认 认2"),
        ("", "a day goes by"),
        ("@tg2 小钱", "/解绑 1"),
        (ADMIN, "/注销 郑小军 搬走了"),
    ] {
        if who.is_empty() {
            town.wait(25);
        } else {
            town.say(who, "pm", text);
        }
    }
    let (town, _) = restart(town, &[]);
    let (from, to) = (town.now - Duration::days(3), town.now + Duration::days(1));
    let export = Export { no: 1, fingerprint: String::new(), topic: None, from, to, towns: Vec::new(), until: to };
    let lines = |towns: &[&str]| -> Vec<(&str, String)> {
        let export = Export { towns: towns.iter().map(|town| (*town).to_owned()).collect(), ..export.clone() };
        let all = town.world().export_lines(&export, &**town.started.office.state());
        all.into_iter().map(|line| (line.what, format!("{:?}", line.text))).collect()
    };
    let whole = lines(&[]);
    for (what, name, times) in [
        ("deed.account_joined", "钱正", 2),
        ("deed.account_parted", "钱正", 1),
        ("deed.account_unlinked", "钱正", 1),
        ("deed.listed", "冯丽", 2),
        ("deed.delisted", "冯丽", 2),
        ("deed.left", "郑小军", 1),
    ] {
        let found = whole.iter().filter(|(kind, text)| *kind == what && text.contains(name)).count();
        assert_eq!(found, times, "{what}: {whole:?}");
    }
    assert!(!format!("{whole:?}").contains("local:"), "{whole:?}");
    let of = |towns: &[&str]| lines(towns).iter().filter(|(what, _)| *what == "deed.account_joined").count();
    assert_eq!((of(&["东风路街道"]), of(&["梧桐街道"])), (2, 0));
}
