//! Telegram — the same consultation in real groups: stories and faults through the stand-in for the Bot API, which checks every
//! request and enforces every limit, on a clock of its own.

use crate::support::reworded;
use crate::support::rig::{Rig, Way};
use crate::support::telegram;
use crate::support::telegram::fault::{Fault, Kind};
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use xieshang::bot::letters::{Lane, LetterId, Outgoing};
use xieshang::bot::replay::{self, Line};
use xieshang::domain::addressee::For;
use xieshang::domain::kernel::ids::TopicNo;
use xieshang::domain::kernel::mark::Mark;
use xieshang::language::{Catalog, Lang};
use xieshang::platform::Letter;
use xieshang::platform::telegram::{Setup, Telegram};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories")
}

fn fixtures_of(name: &str) -> String {
    let own = folder().join(format!("{name}.fixtures.json"));
    let path = if own.exists() { own } else { folder().join("common.fixtures.json") };
    std::fs::read_to_string(path).unwrap()
}

/// Plays a story through Telegram; every line must have the replies it has in the built-in chat.
fn play(name: &str, way: Way, until: u32) {
    let text = std::fs::read_to_string(folder().join(format!("{name}.jsonl"))).unwrap();
    let story: Vec<Line> = replay::read(&text).unwrap().into_iter().filter(|line| line.n <= until).collect();
    let mut rig = Rig::start(way, &fixtures_of(name), story[0].at);
    let people: BTreeSet<&str> = story.iter().filter_map(|line| line.who.as_deref()).collect();
    people.into_iter().for_each(|name| rig.introduce(name));
    let mut at = 0;
    while let Some(line) = story.get(at) {
        let (expected, more) = replay::expected(line, &story[at + 1..]);
        rig.play(line, &expected).unwrap_or_else(|error| panic!("{name}, {way:?}: {error}"));
        at += 1 + more;
    }
    rig.fake.read_all();
    rig.fake.assert_clean();
    assert_eq!(rig.fake.hit_limits(), [], "{name}: a limit was hit");
}

#[test]
fn the_acceptance_story_by_polling() {
    play("acceptance", Way::Polling, u32::MAX);
}

#[test]
fn the_acceptance_story_by_webhook() {
    play("acceptance", Way::Webhook, u32::MAX);
}

/// Stories that rest on what Telegram does not give: people the built-in chat vouches for by name, accounts called as they are
/// there, and answers within the very second that the second message in a group has to wait for.
const ELSEWHERE: &str = "coown_mandate paper_reasons backed claims_at_once mistaken_late mistaken told_apart in_reach late_paper claim_stopped \
    figures_stay dismissed own_words mandate_lapsed every_day roll_coowner_chain in_hand alone claim_lapsed hidden_settled accounts namesake \
    coown enrol newcomer roll claim founder first_grant ballots digest clock clock_at_start clock_with_a_vote before_account \
    shown_name carried display_name_of_moderator duty english_title_42 paused_notice recused sign_in_time \
    kept_of_me nobody_else replies_to_cards rater_stays cut_off_in_vote twin impostor_undone claim_of_two other_owner \
    rated_by_another task_told_in_private task_words early_close early_close_reopened asked_back_in_full delay_long experts_asked \
    rate_by_button word_awaited";

/// Stories in which a link is made by chance: the built-in chat counts instead, and says the same every time.
const BY_CHANCE: [&str; 5] = ["codes_of_a_roll", "codes", "guarded", "stations", "withdrawn"];

#[test]
fn every_other_story_is_told_on_telegram_as_in_the_built_in_chat() {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .filter_map(|file| file.unwrap().file_name().to_str()?.strip_suffix(".jsonl").map(str::to_owned))
        .filter(|name| name != "acceptance" && !ELSEWHERE.split_whitespace().any(|other| other == name))
        .filter(|name| !BY_CHANCE.contains(&name.as_str()))
        .collect();
    names.sort();
    let mut failed = Vec::new();
    for name in &names {
        let story = std::fs::read_to_string(folder().join(format!("{name}.jsonl"))).unwrap();
        // Killing the process is shown with the real program (telegram_storm.rs).
        if story.contains("\"restart\"") {
            continue;
        }
        let played = std::panic::catch_unwind(|| play(name, Way::Polling, u32::MAX));
        if let Err(why) = played {
            failed.push(format!("{name}: {}", why.downcast_ref::<String>().cloned().unwrap_or_default()));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

// ------------------------------------------------------------------------------------------------------ everything a group does

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// A bound discussion group with people on a roll, talking about topic 1, at nine in the morning.
fn talking(way: Way) -> Rig {
    talking_in(Catalog::builtin().unwrap(), way)
}

/// The same with a clerk's own words.
fn talking_in(catalog: &'static Catalog, way: Way) -> Rig {
    let rig = Rig::start_in(catalog, way, &fixtures_of("common"), at("2025-03-03T09:00:00+08:00"), |_| {});
    for (who, place, text) in [
        ("张桂英", "g_df", "/议题 3号楼加装电梯"),
        ("王建国", "g_df", "/买单 1"),
        ("刘芳", "g_df", "/推进 1"),
        ("刘芳", "g_tl", "/绑定 1"),
    ] {
        rig.fake.say(rig.groups[place], rig.user(who), text, None, None);
        rig.settle();
    }
    rig.received();
    rig
}

/// What a group was told since it was last read.
fn told(rig: &Rig, chat: i64) -> Vec<String> {
    rig.settle();
    rig.fake.read(chat).iter().map(|post| post.shown().to_owned()).collect()
}

fn clean(rig: &Rig) {
    rig.settle();
    rig.fake.read_all();
    rig.fake.assert_clean();
    assert_eq!(rig.fake.hit_limits(), []);
}

#[test]
fn commands_for_this_bot_are_heard_and_those_for_another_are_not() {
    let rig = talking(Way::Polling);
    let (group, who) = (rig.groups["g_tl"], rig.user("冯丽"));
    rig.fake.say(group, who, "/suggest@xieshang_bot 井道用玻璃", None, None);
    assert_eq!(told(&rig, group), ["✅ 已记建议1-1，回“+1”点赞。"]);
    rig.fake.say(group, who, "@xieshang_bot 建议 早点开工", None, None);
    assert_eq!(told(&rig, group), ["✅ 已记建议1-2，回“+1”点赞。"]);
    rig.fake.say(group, who, "/suggest@other_bot 不是给你的", None, None);
    let other = rig.fake.other_bot("other_bot");
    rig.fake.join(group, other);
    rig.fake.say(group, other, "/建议 我是另一个机器人", None, None);
    assert!(told(&rig, group).is_empty());
    clean(&rig);
}

#[test]
fn the_menus_differ_by_place_and_language() {
    let rig = talking(Way::Polling);
    let private = serde_json::json!({ "type": "all_private_chats" });
    let groups = serde_json::json!({ "type": "all_group_chats" });
    assert!(
        rig.fake.wait(|fake| fake.commands(&serde_json::json!({ "type": "all_chat_administrators" }), "en").is_some())
    );
    let menu = |scope, lang| rig.fake.commands(scope, lang).unwrap().to_string();
    assert!(menu(&private, "zh").contains("\"me\"") && menu(&private, "zh").contains("我 — "));
    assert!(!menu(&groups, "zh").contains("\"me\"") && menu(&groups, "").contains("议题 — "));
    assert!(menu(&groups, "en").contains("\"topic\"") && !menu(&groups, "en").contains("议题"));
    clean(&rig);
}

#[test]
fn in_a_forum_the_answer_goes_to_the_thread_it_was_asked_in() {
    let rig = talking(Way::Polling);
    let (forum, who) =
        (rig.fake.forum("梧桐园论坛", &rig.people.values().copied().collect::<Vec<_>>()), rig.user("周敏"));
    rig.fake.kick_bot(forum, who);
    rig.fake.add_bot(forum, who);
    let hello = told(&rig, forum);
    assert!(hello.len() == 1 && hello[0].contains("/群设置"), "{hello:?}");
    rig.fake.say(forum, who, "/群设置 类型=镇街学联组群 镇街=东风路街道", None, None);
    assert_eq!(told(&rig, forum).len(), 1);
    let thread = rig.fake.thread(forum, who, "电梯");
    rig.fake.say(forum, rig.user("冯丽"), "/议题 1", None, Some(thread));
    rig.fake.say(forum, rig.user("冯丽"), "/帮助", None, None);
    rig.settle();
    let threads: Vec<Option<i64>> = rig.fake.read(forum).iter().map(|post| post.thread).collect();
    assert_eq!(threads, [Some(thread), None]);
    // What Telegram finds wrong in form is said as bare text, in the same thread.
    rig.fake.fault(Fault::new(Kind::NotOk).method("sendMessage").chat(forum));
    rig.fake.say(forum, rig.user("冯丽"), "/议题 1", None, Some(thread));
    rig.settle();
    assert_eq!(rig.fake.read(forum).iter().map(|post| post.thread).collect::<Vec<_>>(), [Some(thread)]);
    // A notice to the same group goes to its main thread.
    rig.fake.say(rig.groups["g_tj"], rig.user("张桂英"), "/议题 2号楼漏水", None, None);
    clean(&rig);
}

#[test]
fn people_vote_by_button_and_only_they_see_the_answer() {
    let rig = talking(Way::Polling);
    let group = rig.groups["g_tl"];
    rig.fake.say(group, rig.user("刘芳"), "/投票 1 摸底 3天 要不要装", None, None);
    rig.settle();
    let card = rig.fake.expect(group, "摸底开始");
    assert_eq!(card.labels(), ["赞成", "反对", "弃权"]);
    assert!(card.buttons().iter().flatten().all(|button| button.data.as_ref().is_none_or(|data| data.len() <= 64)));
    let press = rig.fake.press(group, card.id, rig.user("张桂英"), "赞成").unwrap();
    let toast = rig.fake.expect_toast(&press);
    assert!(toast.text.contains("已记：601户 赞成") && !toast.show_alert, "{toast:?}");
    rig.settle();
    assert!(rig.fake.read(group).is_empty(), "a press is no message");
    let shown = rig.fake.message(group, card.id);
    assert!(shown.shown().contains("已投1/"), "the live card shows the turnout: {}", shown.shown());
    assert!(shown.shown().contains("按了什么只有您自己看得到"), "and that presses are private: {}", shown.shown());
    // The card is old: Telegram does not show its text any more.
    let old = rig.fake.press_old(group, card.id, rig.user("李德福"), "反对").unwrap();
    assert!(rig.fake.expect_toast(&old).text.contains("已记：101户 反对"));
    // Forged and foreign data.
    let good = card.buttons()[0][0].data.clone().unwrap();
    let other = rig.groups["g_df"];
    rig.fake.say(other, rig.user("周敏"), "/议题 1", None, None);
    rig.settle();
    let elsewhere = rig.fake.expect(other, "【1号】");
    for (chat, message, data) in [
        (group, card.id, "v:1:1".to_owned()),
        (group, card.id, good.replace("赞成", "弃权")),
        (group, card.id, "汉".repeat(21)),
        (other, elsewhere.id, good),
    ] {
        let press = rig.fake.press_raw(chat, message, rig.user("张桂英"), &data);
        assert!(rig.fake.expect_toast(&press).text.contains("失效"), "{data}");
    }
    // In private one hears what was recorded.
    let me = rig.user("张桂英");
    rig.fake.say(me, me, "我", None, None);
    assert!(told(&rig, me)[0].contains("601户 赞成"));
    rig.fake.say(me, me, "投 1号 2", None, None);
    assert!(told(&rig, me)[0].contains("已改记：601户 反对"));
    clean(&rig);
}

/// Telegram hands over the quoted text and no more; what the message is about is known all the same, also after a start.
#[test]
fn a_card_in_a_clerks_own_words_is_voted_on_all_the_same() {
    let words = std::env::temp_dir().join(format!("xieshang-reworded-{}", std::process::id()));
    let mut rig = talking_in(reworded::catalog(&words), Way::Polling);
    let group = rig.groups["g_tl"];
    rig.fake.say(group, rig.user("刘芳"), "/投票 1 摸底 3天 要不要装", None, None);
    rig.settle();
    let card = rig.fake.expect(group, "请大家表个态");
    assert_eq!(card.labels(), ["赞成", "反对", "弃权"]);
    rig.fake.say(group, rig.user("张桂英"), "赞成", Some(card.id), None);
    assert!(told(&rig, group).concat().contains("601户已投"));
    let press = rig.fake.press(group, card.id, rig.user("李德福"), "反对").unwrap();
    assert!(rig.fake.expect_toast(&press).text.contains("已记：101户 反对"));
    rig.run_until(rig.now() + Duration::minutes(1));
    rig.restart(|_| {});
    rig.fake.say(group, rig.user("张桂英"), "2", Some(card.id), None);
    assert!(told(&rig, group).concat().contains("601户已改投"));
    clean(&rig);
    std::fs::remove_dir_all(words).unwrap();
}

/// After a rebuild nothing is known of the messages in the chats but their words, and those will do.
#[test]
fn a_card_from_before_a_rebuild_is_read_from_its_words() {
    let mut rig = talking(Way::Polling);
    let group = rig.groups["g_tl"];
    rig.fake.say(group, rig.user("刘芳"), "/投票 1 摸底 3天 要不要装", None, None);
    rig.settle();
    let card = rig.fake.expect(group, "摸底开始");
    rig.run_until(rig.now() + Duration::minutes(1));
    rig.restart(Rig::lose_state);
    rig.fake.say(group, rig.user("张桂英"), "赞成", Some(card.id), None);
    assert!(told(&rig, group).concat().contains("601户已投"));
    let press = rig.fake.press(group, card.id, rig.user("李德福"), "反对").unwrap();
    assert!(rig.fake.expect_toast(&press).text.contains("已记：101户 反对"));
    clean(&rig);
}

#[test]
fn a_topic_has_one_live_card_where_seconds_and_likes_show() {
    let rig = talking(Way::Polling);
    let group = rig.groups["g_df"];
    rig.fake.say(group, rig.user("冯丽"), "/议题 小广场太暗", None, None);
    rig.settle();
    let card = rig.fake.expect(group, "【2号】");
    for who in ["张桂英", "李德福"] {
        let press = rig.fake.press(group, card.id, rig.user(who), "附议").unwrap();
        assert!(rig.fake.expect_toast(&press).text.contains("已附议【2号】"));
        rig.settle();
    }
    rig.run_until(rig.now() + Duration::seconds(10));
    let shown = rig.fake.message(group, card.id);
    assert!(shown.shown().contains("附议2"), "{}", shown.shown());
    assert_eq!(shown.labels(), ["附议"]);
    clean(&rig);
}

#[test]
fn who_has_no_face_has_no_vote_and_is_told_so() {
    let rig = talking(Way::Polling);
    let group = rig.groups["g_tl"];
    rig.fake.make(group, rig.user("冯丽"), rig.user("周敏"), telegram::world::Status::Anonymous);
    rig.fake.say(group, rig.user("冯丽"), "大家好", None, None);
    rig.fake.say(group, rig.user("冯丽"), "/建议 1 匿名的主意", None, None);
    rig.fake.say(group, rig.user("冯丽"), "/建议 1 再来一次", None, None);
    let told = told(&rig, group);
    assert!(told.len() == 1 && told[0].contains("匿名"), "{told:?}");
    // What a linked channel posts is not somebody speaking here.
    let channel = rig.fake.channel("街道发布", &[rig.user("周敏")]);
    rig.fake.link(channel, group);
    rig.fake.post_in_channel(channel, "/建议 1 频道的主意");
    rig.settle();
    assert!(rig.fake.read(group).is_empty());
    // Somebody without a name is somebody.
    let nameless = rig.fake.user("\u{3164}");
    rig.fake.join(group, nameless);
    rig.fake.say(group, nameless, "/建议 1 我没有名字", None, None);
    rig.settle();
    assert_eq!(rig.fake.read(group).len(), 1);
    clean(&rig);
}

// ------------------------------------------------------------------------------------------------------ chats that come and go

#[test]
fn a_group_that_becomes_a_supergroup_is_the_same_group() {
    let mut rig = talking(Way::Polling);
    let old = rig.fake.group("老群", &rig.people.values().copied().collect::<Vec<_>>());
    rig.groups.insert("old".to_owned(), old);
    let coordinator = rig.user("周敏");
    rig.fake.say(coordinator, coordinator, "/镇街 加 团结路街道", None, None);
    rig.fake.say(old, coordinator, "/群设置 类型=镇街学联组群 镇街=团结路街道", None, None);
    rig.settle();
    let new = rig.fake.migrate(old);
    rig.groups.insert("new".to_owned(), new);
    rig.settle();
    rig.received();
    // A topic of that town: the notice goes to the new address; and the group is still registered.
    rig.fake.say(new, rig.user("冯丽"), "/议题 南门路灯不亮", None, None);
    assert!(told(&rig, new)[0].contains("点单成功"));
    assert!(told(&rig, old).is_empty());
    // Whoever sends first learns of it, too: the letter that waited is sent once, to the new chat.
    clean(&rig);
}

#[test]
fn strangers_who_collect_groups_leave_no_trace_and_nobody_is_greeted_twice() {
    let rig = talking(Way::Polling);
    let (stranger, records) = (rig.fake.user("过路人"), rig.health.records());
    let mut last = 0;
    for n in 0..30 {
        last = rig.fake.group(&format!("外群{n}"), &[stranger]);
        rig.fake.kick_bot(last, stranger);
        rig.settle();
        rig.fake.add_bot(last, stranger);
        let hello = told(&rig, last);
        assert!(hello.len() == 1 && hello[0].contains("/群设置"), "{hello:?}");
    }
    assert_eq!(rig.health.records(), records, "a group is kept when a coordinator registers it");
    for status in [telegram::world::Status::Administrator, telegram::world::Status::Member] {
        rig.fake.make(last, rig.fake.bot_id(), stranger, status);
        assert!(told(&rig, last).is_empty(), "another standing in the group is no arrival");
    }
    clean(&rig);
}

#[test]
fn where_it_may_not_speak_the_coordinator_is_told_once_however_much_is_said_there() {
    let rig = talking(Way::Polling);
    let (group, coordinator) = (rig.groups["g_df"], rig.user("周敏"));
    rig.fake.mute_bot(group, true);
    for (who, text) in [("冯丽", "/议题 小广场太暗"), ("张桂英", "/议题 车棚太小"), ("李德福", "/议题 门禁坏了")]
    {
        rig.fake.say(group, rig.user(who), text, None, None);
        rig.settle();
    }
    let notices = told(&rig, coordinator);
    assert!(notices.len() == 1 && notices[0].contains("找不到我"), "{notices:?}");
    rig.fake.mute_bot(group, false);
    rig.fake.say(group, rig.user("冯丽"), "/议题 2", None, None);
    assert!(told(&rig, group)[0].contains("小广场太暗"));
    rig.run_until(at("2025-03-03T20:10:00+08:00"));
    assert!(told(&rig, group).iter().any(|text| text.contains("小广场太暗")), "it is heard again, so its digest comes");
    clean(&rig);
}

#[test]
fn an_open_poll_moves_with_its_group() {
    let mut rig = talking(Way::Polling);
    let old = rig.groups["g_tl"];
    rig.fake.say(old, rig.user("刘芳"), "/投票 1 摸底 3天 要不要装", None, None);
    rig.settle();
    let before = rig.fake.expect(old, "摸底开始");
    let data = before.buttons()[0][0].data.clone().unwrap();
    let new = rig.fake.migrate(old);
    rig.groups.insert("new".to_owned(), new);
    rig.settle();
    let card = rig.fake.expect(new, "摸底开始");
    assert_eq!(card.labels(), ["赞成", "反对", "弃权"]);
    let press = rig.fake.press(new, card.id, rig.user("张桂英"), "赞成").unwrap();
    assert!(rig.fake.expect_toast(&press).text.contains("已记：601户 赞成"));
    // Clients go on showing what was said before the move.
    let press = rig.fake.press_raw(old, before.id, rig.user("李德福"), &data);
    let toast = rig.fake.expect_toast(&press);
    assert!(toast.text.contains("已记：101户 赞成"), "{toast:?}");
    rig.run_until(rig.now() + Duration::seconds(10));
    assert!(rig.fake.message(new, card.id).shown().contains("已投2/"));
    assert!(rig.fake.read(new).is_empty(), "nobody is greeted in a group that was there before");
    let calls = rig.fake.calls().len();
    let press = rig.fake.press(new, card.id, rig.user("李德福"), "反对").unwrap();
    rig.fake.expect_toast(&press);
    rig.run_until(rig.now() + Duration::seconds(10));
    assert!(rig.fake.calls()[calls..].iter().all(|call| call.chat != Some(old)), "the old chat is left alone");
    clean(&rig);
}

#[test]
fn a_question_that_comes_twice_is_answered_once() {
    let rig = talking(Way::Polling);
    let group = rig.groups["g_tl"];
    rig.fake.say(group, rig.user("冯丽"), "/帮助", None, None);
    let update = rig.fake.last_update();
    assert_eq!(told(&rig, group).len(), 1);
    rig.fake.redeliver(update, 3);
    rig.fake.say(group, rig.user("冯丽"), "早上好", None, None);
    assert!(told(&rig, group).is_empty());
    clean(&rig);
}

#[test]
fn taken_out_of_a_group_the_coordinator_is_told_once_and_back_it_goes_on() {
    let rig = talking(Way::Polling);
    let (group, coordinator) = (rig.groups["g_df"], rig.user("周敏"));
    rig.fake.say(group, rig.user("冯丽"), "/议题 1", None, None);
    assert!(told(&rig, group)[0].contains("【1号】"), "a live card");
    rig.fake.kick_bot(group, coordinator);
    rig.settle();
    let notice = told(&rig, coordinator);
    assert!(notice.len() == 1 && notice[0].contains("找不到我"), "{notice:?}");
    let before = rig.fake.calls().len();
    rig.fake.say(rig.groups["g_tl"], rig.user("张桂英"), "/建议 1 井道用玻璃", None, None);
    rig.settle();
    rig.fake.read(rig.groups["g_tl"]);
    rig.run_until(at("2025-03-04T20:10:00+08:00"));
    assert!(rig.fake.calls().iter().skip(before).all(|call| call.chat != Some(group)), "nothing is tried there");
    assert!(told(&rig, coordinator).is_empty(), "told once");
    rig.fake.add_bot(group, coordinator);
    rig.settle();
    rig.fake.say(group, rig.user("冯丽"), "/议题 小广场太暗", None, None);
    assert!(told(&rig, group)[0].contains("点单成功"));
    rig.run_until(at("2025-03-05T20:10:00+08:00"));
    assert!(told(&rig, group).iter().any(|text| text.contains("小广场太暗")), "its digest comes again");
    clean(&rig);
}

// ------------------------------------------------------------------------------------------------------ outages

#[test]
fn after_an_outage_each_group_with_an_open_poll_is_told_once() {
    let rig = talking(Way::Polling);
    rig.fake.say(rig.groups["g_tl"], rig.user("刘芳"), "/投票 1 摸底 3天 要不要装", None, None);
    rig.settle();
    rig.received();
    // A short silence costs no press.
    rig.sleep_through(rig.now() + Duration::seconds(130));
    rig.fake.say(rig.groups["g_df"], rig.user("冯丽"), "早上好", None, None);
    rig.settle();
    assert!(rig.received().is_empty());
    rig.sleep_through(rig.now() + Duration::minutes(30));
    rig.fake.say(rig.groups["g_df"], rig.user("冯丽"), "有人吗", None, None);
    rig.settle();
    let notices = rig.received();
    assert_eq!(notices.iter().map(|(one, _)| one.to.as_str()).collect::<Vec<_>>(), ["g_tl"], "{notices:?}");
    assert!(notices[0].0.text.contains("没有记上") && notices[0].0.text.contains("发“我”核对"));
    clean(&rig);
}

#[test]
fn a_result_whose_answer_is_lost_is_repeated_with_its_mark_and_a_refused_one_is_not_marked() {
    let rig = talking(Way::Polling);
    let group = rig.groups["g_tl"];
    rig.fake.say(group, rig.user("刘芳"), "/投票 1 摸底 3月3日12:00 要不要装", None, None);
    rig.settle();
    rig.received();
    rig.fake.fault(Fault::new(Kind::ResetAfter).method("sendMessage").chat(group));
    rig.run_until(at("2025-03-03T12:05:00+08:00"));
    let results: Vec<String> = told(&rig, group).into_iter().filter(|text| text.contains("摸底结果")).collect();
    assert_eq!(results.len(), 2, "said, answer lost, said again");
    assert!(!results[0].contains("补发") && results[1].contains("补发"), "{results:?}");

    for kind in [Kind::TooMany(30), Kind::ResetBefore] {
        rig.fake.say(group, rig.user("刘芳"), &format!("/投票 1 摸底 {} 再问一次", soon(&rig)), None, None);
        rig.settle();
        rig.received();
        let is_sure = matches!(kind, Kind::TooMany(_));
        rig.fake.fault(Fault::new(kind).method("sendMessage").chat(group));
        rig.run_until(rig.now() + Duration::minutes(45));
        let results: Vec<String> = told(&rig, group).into_iter().filter(|text| text.contains("摸底结果")).collect();
        assert_eq!(results.len(), 1, "{results:?}");
        assert_eq!(!results[0].contains("补发"), is_sure, "{results:?}");
    }
    clean(&rig);
}

/// Half an hour from now, as a moderator writes it.
fn soon(rig: &Rig) -> String {
    let at = (rig.now() + Duration::minutes(30)).with_timezone(&chrono_tz::Asia::Shanghai);
    at.format("%-m月%-d日%H:%M").to_string()
}

// ------------------------------------------------------------------------------------------------------ two hundred groups

/// Groups of as many towns, each with somebody who asks for something.
fn district(groups: usize) -> String {
    let name = |n: usize| format!("镇{n:03}");
    let group =
        |n| serde_json::json!({ "id": format!("g{n:03}"), "name": name(n), "kind": "镇街学联组群", "town": name(n) });
    let person = |n| serde_json::json!({ "name": format!("居民{n:03}"), "side": "群众", "town": name(n) });
    let coordinator =
        serde_json::json!({ "name": "周敏", "side": "政协", "roles": [{ "role": "联络员" }, { "role": "管理员" }] });
    let people: Vec<_> = (1..=groups).map(person).chain([coordinator]).collect();
    serde_json::json!({ "groups": (1..=groups).map(group).collect::<Vec<_>>(), "people": people }).to_string()
}

#[test]
fn one_group_at_its_limit_one_kicked_and_one_moving_hold_up_no_other() {
    const GROUPS: usize = 200;
    let mut rig = Rig::start(Way::Polling, &district(GROUPS), at("2025-03-03T09:00:00+08:00"));
    for n in 1..=GROUPS {
        rig.fake.say(
            rig.groups[&format!("g{n:03}")],
            rig.user(&format!("居民{n:03}")),
            "/议题 新建 路灯不亮，太暗了",
            None,
            None,
        );
    }
    rig.settle();
    let (limited, kicked, moving) = (rig.groups["g050"], rig.groups["g100"], rig.groups["g150"]);
    rig.run_until(at("2025-03-03T19:59:00+08:00"));
    rig.received();
    rig.fake.kick_bot(kicked, rig.user("周敏"));
    rig.settle();
    assert!(told(&rig, rig.user("周敏"))[0].contains("镇100"));
    let eight = at("2025-03-03T20:00:00+08:00");
    let until = eight + Duration::hours(1);
    rig.fake.fault(Fault::new(Kind::TooMany(3600)).method("sendMessage").chat(limited).until(until));
    rig.run_until(eight - Duration::milliseconds(1));
    rig.sleep_through(eight);
    rig.tick();
    let new = rig.fake.migrate(moving);
    rig.run_until(eight + Duration::minutes(5));
    let digests = |chat: i64| {
        let posts = rig.fake.messages(chat);
        posts.into_iter().filter(|post| post.shown().contains("第1期")).map(|post| post.date).collect::<Vec<_>>()
    };
    let mut served = 0;
    for n in 1..=GROUPS {
        let chat = rig.groups[&format!("g{n:03}")];
        match digests(chat).as_slice() {
            [date] if ![limited, kicked, moving].contains(&chat) => {
                assert!(*date <= eight + Duration::seconds(30), "镇{n:03} waited");
                served += 1;
            }
            [] if [limited, kicked, moving].contains(&chat) => {}
            other => panic!(
                "镇{n:03} has {other:?}; it was told {:?}",
                rig.fake.messages(chat).iter().map(|post| post.shown().to_owned()).collect::<Vec<_>>()
            ),
        }
    }
    assert_eq!(served, GROUPS - 3);
    assert_eq!(digests(new).len(), 1, "the group that moved has its digest once, where it is now");
    rig.run_until(until + Duration::minutes(1));
    assert_eq!(digests(limited).len(), 1, "after its hour the limited group has its digest, once");
    let asked = rig.fake.calls().iter().filter(|call| call.chat == Some(limited) && call.at >= eight).count();
    assert!(asked <= 3, "it was left alone for its hour, not asked {asked} times");
    rig.groups.insert("new".to_owned(), new);
    rig.run_until(eight + Duration::days(1) + Duration::minutes(5));
    assert!(digests(kicked).is_empty());
    clean(&rig);
}

#[test]
fn after_a_stop_what_telegram_kept_is_taken_in_before_anything_closes() {
    let mut rig = talking(Way::Polling);
    let group = rig.groups["g_tl"];
    rig.fake.say(group, rig.user("刘芳"), "/投票 1 摸底 3月3日12:00 要不要装", None, None);
    rig.settle();
    let card = rig.fake.expect(group, "摸底开始");
    rig.run_until(at("2025-03-03T11:50:00+08:00"));
    rig.restart(|rig| {
        rig.sleep_through(at("2025-03-03T11:59:59+08:00"));
        rig.fake.say(group, rig.user("张桂英"), "1", Some(card.id), None);
        rig.sleep_through(at("2025-03-03T12:00:00+08:00"));
        rig.fake.say(group, rig.user("李德福"), "2", Some(card.id), None);
        rig.sleep_through(at("2025-03-03T12:05:00+08:00"));
        rig.fake.press(group, card.id, rig.user("郑小军"), "赞成").unwrap();
        // Telegram is slow to answer, and the clock is run meanwhile.
        rig.fake.fault(Fault::new(Kind::Stall(std::time::Duration::from_millis(300))).method("getUpdates"));
    });
    rig.tick();
    assert!(
        rig.fake.pending().len() == 3 && rig.health.next_due().is_some(),
        "nothing closes before the backlog is in"
    );
    rig.run_until(at("2025-03-03T12:10:00+08:00"));
    let said = told(&rig, group).join("\n");
    assert!(said.contains("601户已投"), "said in time, by Telegram's clock: {said}");
    assert!(said.contains("表决已截止"), "said too late: {said}");
    assert!(said.contains("机器人没有联网"), "{said}");
    assert!(said.contains("赞成1　反对0　弃权0"), "{said}");
    clean(&rig);
}

// ------------------------------------------------------------------------------------------------------ who is who

#[test]
fn a_nickname_proves_nothing_and_a_claim_is_confirmed_by_a_button() {
    let mut rig = talking(Way::Polling);
    rig.introduce("桂英姐");
    let (stranger, moderator, group) = (rig.user("桂英姐"), rig.user("刘芳"), rig.groups["g_tl"]);
    let owner = rig.user("郑小军");
    let namesake = rig.fake.user("李德福");
    rig.fake.private(namesake);
    rig.fake.join(group, namesake);
    rig.fake.say(group, moderator, "/投票 1 摸底 3天 要不要装", None, None);
    rig.settle();
    let card = rig.fake.expect(group, "摸底开始");
    for account in [stranger, namesake] {
        let press = rig.fake.press(group, card.id, account, "赞成").unwrap();
        let toast = rig.fake.expect_toast(&press);
        assert!(toast.text.contains("不在【1号】表决名册里"), "{toast:?}");
    }
    rig.fake.say(stranger, stranger, "/我是 郑小军 201", None, None);
    assert!(told(&rig, stranger)[0].contains("确认"));
    rig.settle();
    // Whose it is to say is who has the name already; the moderator of an open vote says it of none of its voters.
    let letter = rig.fake.expect(owner, "【认1】");
    let forged = rig.fake.press_raw(owner, letter.id, stranger, letter.buttons()[0][0].data.as_ref().unwrap());
    rig.fake.expect_toast(&forged);
    assert!(told(&rig, moderator).iter().all(|text| !text.contains("【认1】")));
    let press = rig.fake.press(owner, letter.id, owner, "是").unwrap();
    rig.fake.expect_toast(&press);
    assert!(told(&rig, stranger).iter().any(|text| text.contains("郑小军")));
    let press = rig.fake.press(group, card.id, stranger, "赞成").unwrap();
    let toast = rig.fake.expect_toast(&press);
    assert!(toast.text.contains("已记：201户 赞成"), "{toast:?}");
    clean(&rig);
}

#[test]
fn a_link_handed_out_joins_an_account_once() {
    let mut rig = talking(Way::Polling);
    rig.introduce("小王");
    rig.introduce("小赵");
    let (coordinator, right, other) = (rig.user("周敏"), rig.user("小王"), rig.user("小赵"));
    rig.fake.say(coordinator, coordinator, "/邀请码 冯丽", None, None);
    let answer = told(&rig, coordinator).join("\n");
    let (_, code) = answer.split_once("https://t.me/xieshang_bot?start=").unwrap_or_else(|| panic!("{answer}"));
    let code: String = code.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
    rig.fake.start_bot(right, Some(&code));
    let waiting = told(&rig, right).join("\n");
    assert!(!waiting.contains("冯丽"), "who has an account is asked first: {waiting}");
    let owner = rig.user("冯丽");
    let letter = rig.fake.expect(owner, "【认1】");
    let press = rig.fake.press(owner, letter.id, owner, "是").unwrap();
    rig.fake.expect_toast(&press);
    let joined = told(&rig, right).join("\n");
    assert!(joined.contains("冯丽"), "{joined}");
    rig.fake.start_bot(other, Some(&code));
    let refused = told(&rig, other).join("\n");
    assert!(!refused.contains("冯丽"), "a code works once: {refused}");
    rig.fake.start_bot(other, None);
    assert!(told(&rig, other)[0].contains("常用就这几句"));
    clean(&rig);
}

#[test]
fn the_first_administrator_finds_the_own_number_on_empty_data_only() {
    let begin = at("2025-03-03T09:00:00+08:00");
    let mut rig = Rig::start(Way::Polling, r#"{"groups": [], "people": []}"#, begin);
    rig.introduce("会长");
    let first = rig.user("会长");
    rig.fake.start_bot(first, None);
    rig.fake.say(first, first, "/我", None, None);
    let answer = told(&rig, first).join("\n");
    assert!(answer.contains(&format!("您的账号：telegram:{first}（")), "{answer}");
    // The people of the trial have an administrator among them: README.md says to put their data away first.
    let mut tried = talking(Way::Polling);
    tried.introduce("会长");
    let first = tried.user("会长");
    tried.fake.say(first, first, "/我", None, None);
    let answer = told(&tried, first).join("\n");
    assert!(answer.contains("私聊我发：/我是") && !answer.contains("telegram:"), "{answer}");
}

// ------------------------------------------------------------------------------------------------------ what goes wrong

#[test]
fn whatever_telegram_answers_a_letter_arrives_and_nobody_is_asked_more_than_once_a_second() {
    let rig = talking(Way::Polling);
    let group = rig.groups["g_tj"];
    let stall = std::time::Duration::from_millis(200);
    for (n, (kind, most)) in [
        (Kind::TooMany(7), 1),
        (Kind::Internal, 1),
        (Kind::BadGateway, 1),
        (Kind::ResetBefore, 1),
        (Kind::Stall(stall), 1),
        (Kind::NotOk, 1),
        (Kind::Truncated, 2),
        (Kind::ResetAfter, 2),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{kind:?}");
        // What Telegram calls wrong in form is said at once again as bare text.
        let is_form = kind == Kind::NotOk;
        rig.fake.fault(Fault::new(kind).method("sendMessage").chat(group));
        let before = rig.fake.calls().len();
        rig.fake.say(group, rig.user("张桂英"), &format!("/议题 新建 第{n}件事要商量"), None, None);
        rig.run_until(rig.now() + Duration::minutes(2));
        let said = told(&rig, group);
        assert!(!said.is_empty() && said.len() <= most, "{name}: {said:?}");
        assert!(said.iter().all(|text| text.contains(&format!("第{n}件事"))), "{name}: {said:?}");
        let calls = rig.fake.calls();
        let times: Vec<_> =
            calls[before..].iter().filter(|call| call.chat == Some(group)).map(|call| call.at).collect();
        let is_patient = times.windows(2).all(|pair| pair[1] - pair[0] >= Duration::seconds(1));
        assert!(is_patient || is_form && times.len() == 2, "{name}: {times:?}");
    }
    // The same for fetching: nothing is lost, nothing is taken twice.
    for kind in [Kind::Internal, Kind::BadGateway, Kind::Truncated, Kind::NotOk, Kind::ResetAfter, Kind::TooMany(1)] {
        rig.fake.fault(Fault::new(kind).method("getUpdates"));
    }
    rig.fake.say(group, rig.user("李德福"), "/议题 新建 车棚太小", None, None);
    rig.settle();
    let said = told(&rig, group);
    assert!(said.len() == 1 && said[0].contains("车棚太小"), "{said:?}");
    rig.fake.no_more_faults();
    clean(&rig);
}

#[test]
fn a_letter_longer_than_a_message_comes_piece_by_piece_each_once() {
    let rig = talking(Way::Polling);
    let group = rig.groups["g_tl"];
    let line = |n: usize| format!("{n:02}{}", "汉".repeat(998));
    let text = (0..11).map(line).collect::<Vec<_>>().join("\n");
    let letter = Letter {
        chat: format!("telegram:{group}"),
        text: format!("【1号】建议\n{text}"),
        buttons: vec!["附议".to_owned()],
        about: Some(Mark::Topic(TopicNo(1))),
    };
    let id = LetterId { seq: 0, index: 1_000_000 };
    let (not_before, card, mark) = (None, None, String::new());
    let (lane, whom) = (Lane::Answer, For::Anybody);
    let letter = Outgoing { id, lane, not_before, is_numbered: false, is_repeat: false, mark, card, whom, letter };
    rig.run_until(rig.now() + Duration::seconds(2));
    rig.post.hand(vec![letter], Vec::new());
    assert!(rig.fake.wait(|fake| fake.messages(group).iter().any(|post| post.shown().contains("00汉"))));
    rig.fake.fault(Fault::new(Kind::TooMany(7)).method("sendMessage").chat(group));
    rig.run_until(rig.now() + Duration::minutes(1));
    let posts = rig.fake.read(group);
    let starts: Vec<String> =
        posts.iter().flat_map(|post| post.shown().lines().map(|line| line.chars().take(2).collect())).collect();
    let expected: Vec<String> = std::iter::once("【1".to_owned()).chain((0..11).map(|n| format!("{n:02}"))).collect();
    assert_eq!(starts, expected);
    assert_eq!(posts.iter().filter(|post| !post.labels().is_empty()).count(), 1, "the buttons stand under the last");
    clean(&rig);
}

#[test]
fn a_stop_lets_what_is_on_its_way_arrive() {
    let mut rig = talking(Way::Polling);
    let group = rig.groups["g_tl"];
    rig.fake.say(group, rig.user("刘芳"), "/投票 1 摸底 3月3日12:00 要不要装", None, None);
    rig.settle();
    rig.run_until(at("2025-03-03T11:59:00+08:00"));
    rig.received();
    let late = Kind::LateAnswer(std::time::Duration::from_millis(1_500));
    rig.fake.fault(Fault::new(late).method("sendMessage").chat(group));
    rig.sleep_through(at("2025-03-03T12:00:00+08:00"));
    rig.tick();
    // The card may go first; then the result has its second to wait.
    let said = rig.fake.wait(|fake| {
        rig.sleep_through(rig.now() + Duration::milliseconds(10));
        rig.post.wake();
        fake.messages(group).iter().any(|post| post.shown().contains("摸底结果"))
    });
    assert!(said && rig.post.is_busy(), "its answer is still to come");
    rig.restart(|_| {});
    rig.run_until(at("2025-03-03T12:05:00+08:00"));
    let results: Vec<String> = told(&rig, group).into_iter().filter(|text| text.contains("摸底结果")).collect();
    assert_eq!(results.len(), 1, "{results:?}");
    clean(&rig);
}

#[test]
fn a_digest_missed_while_down_comes_once_and_says_so() {
    let mut rig = talking(Way::Polling);
    let group = rig.groups["g_df"];
    rig.fake.say(group, rig.user("冯丽"), "/议题 小广场太暗", None, None);
    rig.run_until(at("2025-03-03T19:55:00+08:00"));
    rig.received();
    let begun = std::time::Instant::now();
    rig.restart(|rig| rig.sleep_through(at("2025-03-03T21:00:00+08:00")));
    rig.run_until(at("2025-03-03T21:05:00+08:00"));
    let digests: Vec<String> = told(&rig, group).into_iter().filter(|text| text.contains("第1期")).collect();
    assert!(digests.len() == 1 && digests[0].contains("补发"), "{digests:?}");
    assert!(begun.elapsed().as_secs() < 15, "it waits for a backlog that is none");
    rig.restart(|_| {});
    rig.run_until(at("2025-03-03T21:10:00+08:00"));
    assert!(told(&rig, group).is_empty(), "a restart repeats nothing");
    clean(&rig);
}

// ------------------------------------------------------------------------------------------------------ at start

/// Runs `xieshang check` with a configuration for this Telegram; whether it found all well, and what it said.
fn check(fake: &telegram::Fake, token: &str) -> (bool, String) {
    let folder = std::env::temp_dir().join(format!("xieshang-check-{}-{}", std::process::id(), token.len()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = format!(
        "[data]\npath = {:?}\n[local]\nenabled = false\n[telegram]\ntoken = {token:?}\napi_url = {:?}\n",
        folder.join("data"),
        fake.url()
    );
    std::fs::write(folder.join("config.toml"), config).unwrap();
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_xieshang"));
    let done = program.current_dir(&folder).env_remove("XIESHANG_TELEGRAM_TOKEN").arg("check").output().unwrap();
    let _ = std::fs::remove_dir_all(&folder);
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    (done.status.success(), said)
}

#[test]
fn what_keeps_the_bot_from_hearing_is_said_with_what_to_do() {
    let real = || -> telegram::Clock { xieshang::bot::clock::machine() };
    let fake = telegram::Fake::start(telegram::Options::new(real()));
    let (is_well, said) = check(&fake, telegram::TOKEN);
    assert!(is_well && said.contains("@xieshang_bot") && said.contains("privacy mode is off"), "{said}");
    fake.privacy(true);
    let (is_well, said) = check(&fake, telegram::TOKEN);
    assert!(!is_well && said.contains("/setprivacy") && said.contains("administrator"), "{said}");
    fake.privacy(false);
    let (is_well, said) = check(&fake, "123456:wrong-token");
    assert!(!is_well && said.contains("does not know this token") && !said.contains("wrong-token"), "{said}");
    let (is_well, said) = check(&fake, "no token at all");
    assert!(!is_well && said.contains("@BotFather") && !said.contains("no token at all"), "{said}");
    fake.fault(Fault::new(Kind::ResetBefore).times(100));
    let (is_well, said) = check(&fake, telegram::TOKEN);
    assert!(!is_well && said.contains("look at the network") && !said.contains(telegram::TOKEN), "{said}");
    fake.no_more_faults();
    // A machine whose clock is wrong would judge deadlines wrongly.
    let (_, said) = check(&fake, telegram::TOKEN);
    assert!(said.contains("the clock agrees"), "{said}");
    let setup = Setup {
        token: telegram::TOKEN.to_owned(),
        api_url: fake.url().to_owned(),
        webhook: None,
        secret: String::new(),
        lang: Lang::Zh,
        catalog: Catalog::builtin().unwrap(),
        clock: Arc::new(move || real()() + Duration::hours(3)),
    };
    let (runtime, bot) = (tokio::runtime::Runtime::new().unwrap(), Telegram::new(setup).unwrap());
    runtime.block_on(bot.connect()).unwrap();
    let found = runtime.block_on(bot.findings(&[]));
    let wrong: Vec<_> = found.iter().filter(|finding| !finding.is_well).collect();
    assert!(wrong.len() == 1 && wrong[0].what.contains("10800 s ahead"), "{found:?}");
}
