//! What no person of good will sends: forged buttons, people without a face, updates that are none. And SIGTERM in the middle.

use super::books::{count, deliveries};
use super::town::{House, is_receipt, metric, options, page, until};
use crate::support::bot::Bot;
use crate::support::telegram::limits::Pace;
use crate::support::telegram::world::Status;
use crate::support::telegram::{Fake, Options};

const NOT_OURS: &str = "这个按钮已经失效";

/// A voter who has not pressed yet presses and is answered: the program goes on.
struct Good<'h> {
    house: &'h House,
    next: usize,
}

impl Good<'_> {
    fn press(&mut self, after: &str) {
        let query = self.house.press(0, self.next, self.next % 3);
        let told = self.house.fake.expect_toast(&query).text;
        assert!(is_receipt(&told), "after {after}: {told}");
        self.next += 1;
    }
}

#[test]
fn forged_data_is_refused_and_changes_nothing() {
    let mut house = House::new("telegram-forged", 2, 40, Pace::Off);
    let bot = Bot::start(&house.folder);
    house.open_polls("3天");
    house.calm(&bot);
    let before = house.folder.records().len();
    let data = |town: usize| {
        let card = house.fake.message(house.towns[town].talk, house.towns[town].card);
        card.buttons().into_iter().flatten().next().unwrap().data.unwrap()
    };
    let (own, others) = (data(0), data(1));
    let mut forged: Vec<String> =
        ["-1", "9223372036854775808", "赞成", "x", "\u{0}\u{1}\u{2}", "{}", "null"].map(str::to_owned).into();
    forged.extend(["汉".repeat(21), "a".repeat(64), others, own.replace("赞成", "反对"), own.replace('1', "2")]);
    forged.extend([own.to_uppercase(), format!("{own} "), own.chars().skip(1).collect()]);
    forged.retain(|data| *data != own);
    let mut good = Good { house: &house, next: 0 };
    for data in &forged {
        let town = &house.towns[0];
        let query = house.fake.press_raw(town.talk, town.card, town.voters[39], data);
        let toast = house.fake.expect_toast(&query);
        assert!(toast.text.contains(NOT_OURS), "{data:?}: {toast:?}");
        good.press(data);
    }
    let refused = metric(&bot, "xieshang_telegram_presses_refused_total");
    assert_eq!(refused, forged.len() as u64);
    // The right data of another group's card, under that card, by somebody of ours.
    let query = house.fake.press(house.towns[1].talk, house.towns[1].card, house.towns[0].voters[39], "赞成").unwrap();
    let told = house.fake.expect_toast(&query).text;
    assert!(!is_receipt(&told) && told.contains("名册"), "{told}");
    let good = good.next;
    house.calm(&bot);
    assert_eq!(bot.stop(), Some(0));
    assert_eq!(house.folder.records().len(), before + good);
    let (counted, _) = count(&house.folder, &house.towns);
    assert_eq!(counted[0].iter().flatten().count(), good);
    assert_eq!(counted[1].iter().flatten().count(), 0);
    house.fake.read_all();
    house.fake.assert_clean();
}

#[test]
fn who_has_no_face_and_who_is_a_machine_has_no_vote() {
    let fake = Fake::start(Options { hears_bots: true, ..options(Pace::Off) });
    let mut house = House::at("telegram-faceless", 1, 20, fake);
    let bot = Bot::start(&house.folder);
    house.open_polls("3天");
    house.calm(&bot);
    let (talk, card, voters) = (house.towns[0].talk, house.towns[0].card, house.towns[0].voters.clone());
    let before = house.folder.records().len();
    let mut good = Good { house: &house, next: 0 };
    // An anonymous administrator speaks as the group; the user beside it is a stand-in.
    let masked = voters[19];
    house.fake.make(talk, masked, house.towns[0].moderator, Status::Anonymous);
    house.fake.say(talk, masked, "/投 1 赞成", None, None);
    house.fake.expect(talk, "匿名管理员");
    good.press("an anonymous administrator");
    house.fake.say(talk, masked, "1", Some(card), None);
    good.press("an anonymous bare choice");
    // A channel: as itself, and what it passes on into its group.
    let channel = house.fake.channel("通知", &[house.towns[0].moderator]);
    house.fake.link(channel, talk);
    house.fake.post_in_channel(channel, "/投 1 赞成");
    good.press("a channel post");
    let other = house.fake.other_bot("other_bot");
    house.fake.join(talk, other);
    house.fake.say(talk, other, "/投 1 赞成", None, None);
    house.fake.say(talk, other, "1", Some(card), None);
    good.press("another bot");
    let query = house.fake.press(talk, card, other, "赞成").unwrap();
    let toast = house.fake.expect_toast(&query).text;
    assert!(!is_receipt(&toast), "a bot voted: {toast}");
    good.press("a bot that presses");
    // On no roll, and not in the group any more.
    let stranger = house.fake.user("东居民0001");
    let query = house.fake.press(talk, card, stranger, "赞成").unwrap();
    assert!(!is_receipt(&house.fake.expect_toast(&query).text), "somebody who only shows a name voted");
    house.fake.join(talk, stranger);
    house.fake.leave(talk, stranger);
    good.press("people who come and go");
    let good = good.next;
    house.calm(&bot);
    assert_eq!(bot.stop(), Some(0));
    assert_eq!(house.folder.records().len(), before + good);
    let (counted, _) = count(&house.folder, &house.towns);
    assert_eq!(counted[0].iter().flatten().count(), good);
    house.fake.read_all();
    house.fake.assert_clean();
}

fn raws(talk: i64, user: i64) -> Vec<(&'static str, Vec<u8>)> {
    let chat = format!("\"chat\":{{\"id\":{talk},\"type\":\"supergroup\",\"title\":\"x\"}}");
    let from = format!("\"from\":{{\"id\":{user},\"is_bot\":false,\"first_name\":\"x\"}}");
    let message =
        |more: &str| format!("{{\"update_id\":$ID,\"message\":{{\"message_id\":99,\"date\":1,{chat},{more}}}}}");
    let nested = format!("{{\"update_id\":$ID,\"deep\":{}1{}}}", "[".repeat(300), "]".repeat(300));
    let deep = format!("{}1{}", "{\"a\":".repeat(300), "}".repeat(300));
    let mut all: Vec<(&'static str, Vec<u8>)> = [
        ("an unknown kind", "{\"update_id\":$ID,\"telepathy\":{\"from\":1}}".to_owned()),
        ("nothing at all", "{\"update_id\":$ID}".to_owned()),
        ("a message without from", message("\"text\":\"/投 1 赞成\"")),
        ("unknown fields", message(&format!("{from},\"aura\":{{\"colour\":[1,2]}},\"text\":\"今天天气好\""))),
        ("300 lists", nested),
        ("300 objects", message(&format!("{from},\"deep\":{deep},\"text\":\"今天\""))),
        ("1e400", message(&format!("{from},\"message_thread_id\":1e400,\"text\":\"/投 1 赞成\""))),
        ("a number beyond all", message(&format!("{from},\"edit_date\":99999999999999999999999,\"text\":\"x\""))),
        ("the year 300000", format!("{{\"update_id\":$ID,\"message\":{{\"message_id\":99,\"date\":9223372036854775807,{chat},{from},\"text\":\"/投 1 赞成\"}}}}")),
        ("two from", message(&format!("{from},{from},\"text\":\"/投 1 赞成\""))),
        ("two ids", "{\"update_id\":1,\"update_id\":$ID,\"poll\":{}}".to_owned()),
        ("a lone surrogate", message(&format!("{from},\"text\":\"/投 1 赞成\\ud800\""))),
        ("NUL", message(&format!("{from},\"text\":\"\\u0000\\u0000\""))),
        ("a text that is a number", message(&format!("{from},\"text\":1"))),
        ("a message that is a list", "{\"update_id\":$ID,\"message\":[]}".to_owned()),
        ("a press of nothing", format!("{{\"update_id\":$ID,\"callback_query\":{{\"id\":\"1\",{from},\"chat_instance\":\"1\"}}}}")),
        ("a press without an id", format!("{{\"update_id\":$ID,\"callback_query\":{{{from},\"data\":\"x\"}}}}")),
        ("a membership of nobody", "{\"update_id\":$ID,\"my_chat_member\":{}}".to_owned()),
    ]
    .into_iter()
    .map(|(what, raw)| (what, raw.into_bytes()))
    .collect();
    let mut broken = message(&format!("{from},\"text\":\"/投 1 #\"")).into_bytes();
    broken.iter_mut().filter(|byte| **byte == b'#').for_each(|byte| *byte = 0xff);
    all.push(("no UTF-8", broken));
    all
}

#[test]
fn an_update_nobody_can_read_is_passed_over_and_the_next_is_served() {
    let mut house = House::new("telegram-raw", 1, 60, Pace::Off);
    let bot = Bot::start(&house.folder);
    house.open_polls("3天");
    house.calm(&bot);
    let (before, raws) = (house.folder.records().len(), raws(house.towns[0].talk, house.towns[0].voters[59]));
    let mut good = Good { house: &house, next: 0 };
    for (what, raw) in &raws {
        house.fake.push_raw(raw);
        good.press(what);
    }
    // And all at once, before and behind good ones.
    for (_, raw) in &raws {
        house.fake.push_raw(raw);
    }
    good.press("all together");
    let good = good.next;
    house.calm(&bot);
    assert!(metric(&bot, "xieshang_telegram_updates_odd_total") >= 2 * 8);
    assert_eq!(page(&bot, "/healthz").0, 200);
    assert_eq!(bot.stop(), Some(0));
    assert_eq!(house.folder.records().len(), before + good, "something of an odd update was recorded");
    let (counted, _) = count(&house.folder, &house.towns);
    assert_eq!(counted[0].iter().flatten().count(), good);
    house.fake.read_all();
    house.fake.assert_clean();
}

#[test]
fn a_stop_in_a_storm_ends_with_0_and_loses_nothing() {
    const VOTERS: usize = 600;
    let mut house = House::new("telegram-stop", 1, VOTERS, Pace::Off);
    let mut bot = Bot::start(&house.folder);
    house.open_polls("3天");
    house.calm(&bot);
    let mut pressed = Vec::new();
    for round in 0..3 {
        let from = pressed.len();
        pressed.extend((from..from + VOTERS / 3).map(|voter| house.press(0, voter, voter % 3)));
        let answered = || pressed.iter().filter(|query| house.fake.toast(query).is_some()).count();
        until("some are answered", || answered() > from + 10 * round);
        assert_eq!(bot.stop(), Some(0), "{}", house.folder.log());
        // What was answered is there before the next life.
        let at = deliveries(&house.folder);
        for query in pressed.iter().filter(|query| house.fake.toast(query).is_some()) {
            assert!(at.contains_key(&house.key('c', query)), "a receipt without a record");
        }
        bot = Bot::start(&house.folder);
    }
    house.calm(&bot);
    assert_eq!(bot.stop(), Some(0));
    assert_eq!(house.fake.lost(), Vec::<i64>::new());
    let (counted, _) = count(&house.folder, &house.towns);
    assert!((0..VOTERS).all(|voter| counted[0][voter] == Some(voter % 3)));
    assert!(pressed.iter().all(|query| house.fake.toast(query).is_some()), "a press was never answered");
    house.fake.read_all();
    house.fake.assert_clean();
}
