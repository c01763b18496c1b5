//! Updates posted to us: the secret, what is answered 200, and a post that was under way when the program was killed.

use super::books::{count, deliveries};
use super::town::{House, configure, metric, options, reconfigure, until};
use crate::support::bot::Bot;
use crate::support::telegram::limits::Pace;
use crate::support::telegram::{Fake, TOKEN};

const SECRET: &str = "a-secret-of-the-test";

/// A port that is free now.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn house(test: &str, voters: usize) -> House {
    let house = House::at(test, 1, voters, Fake::start(options(Pace::Lenient)));
    let port = free_port();
    reconfigure(&house.folder, "listen = \"127.0.0.1:0\"", &format!("listen = \"127.0.0.1:{port}\""));
    configure(&house.folder, &format!("mode = \"webhook\"\nsecret = {SECRET:?}\n"));
    configure(&house.folder, &format!("\n[committee]\npublic_url = \"http://127.0.0.1:{port}\"\n"));
    house
}

/// Posts to the door, as somebody who knows its address.
fn post(bot: &Bot, secret: Option<&str>, body: &str) -> u16 {
    let shown = secret.map(|secret| format!("X-Telegram-Bot-Api-Secret-Token: {secret}\n")).unwrap_or_default();
    let head = format!(
        "POST /telegram HTTP/1.1\nHost: {{host}}\n{shown}Content-Type: application/json\nContent-Length: {{length}}\n\
         Connection: close\n\n"
    );
    bot.raw(&head, body.as_bytes()).0
}

/// All that Telegram had is taken, and everything is said.
fn calm(house: &House, bot: &Bot) {
    until("all is taken and said", || house.fake.pending().is_empty() && super::town::waiting(bot) == 0);
}

#[test]
fn only_posts_with_the_secret_are_taken_and_those_are_in_the_ledger_when_they_are_answered() {
    let mut house = house("telegram-door", 5);
    let bot = Bot::start(&house.folder);
    house.open_polls("3天");
    calm(&house, &bot);
    let (town, user) = (&house.towns[0], house.towns[0].voters[0]);
    let text = |number: u32| {
        format!(
            "{{\"update_id\":{number},\"message\":{{\"message_id\":{number},\"date\":{},\"text\":\"投 1号 2\",\
             \"from\":{{\"id\":{user},\"is_bot\":false,\"first_name\":\"x\"}},\
             \"chat\":{{\"id\":{user},\"type\":\"private\",\"first_name\":\"x\"}}}}}}",
            house.fake.message(town.talk, town.card).date.timestamp() + 1,
        )
    };
    let before = house.folder.records().len();
    let close = format!("{SECRET}x");
    for wrong in [None, Some(""), Some("wrong"), Some(close.as_str()), Some(TOKEN)] {
        assert_eq!(post(&bot, wrong, &text(900_000_001)), 401, "{wrong:?}");
    }
    assert_eq!(house.folder.records().len(), before, "something was recorded without the secret");
    // Two at once and once more later: one record, there when the answer is.
    let key = house.key('m', &format!("{user}:900000002"));
    assert_eq!(post(&bot, Some(SECRET), &text(900_000_002)), 200);
    assert!(deliveries(&house.folder).contains_key(&key), "answered before it was recorded");
    assert_eq!(post(&bot, Some(SECRET), &text(900_000_002)), 200);
    house.fake.expect(user, "反对");
    for odd in ["", "{", "null", "[]", "{\"update_id\":1e400}", "\u{feff}{}"] {
        assert_eq!(post(&bot, Some(SECRET), odd), 200, "{odd:?} would come again for a day");
    }
    assert!(metric(&bot, "xieshang_telegram_updates_odd_total") >= 4);
    assert_eq!(post(&bot, Some(SECRET), &"x".repeat(2 * 1024 * 1024)), 413);
    let query = house.press(0, 1, 2);
    house.assert_counts(&query, 2);
    calm(&house, &bot);
    assert_eq!(bot.stop(), Some(0));
    let (counted, _) = count(&house.folder, &house.towns);
    assert_eq!(counted[0], [Some(1), Some(2), None, None, None]);
    house.fake.read_all();
    house.fake.assert_clean();
}

#[test]
fn a_post_under_way_when_the_program_is_killed_comes_again_and_counts_once() {
    const VOTERS: usize = 120;
    let mut house = house("telegram-posted", VOTERS);
    let mut bot = Bot::start(&house.folder);
    house.open_polls("3天");
    calm(&house, &bot);
    let mut pressed = Vec::new();
    for (life, from) in (0..VOTERS).step_by(20).enumerate() {
        pressed.extend((from..from + 20).map(|voter| house.press(0, voter, voter % 3)));
        let answered = || pressed.iter().filter(|query| house.fake.toast(query).is_some()).count();
        until("some are answered", || answered() > from + life);
        bot.kill();
        bot = Bot::start(&house.folder);
    }
    calm(&house, &bot);
    assert_eq!(bot.stop(), Some(0));
    let at = deliveries(&house.folder);
    assert_eq!(at.len(), 5 + pressed.len());
    let (counted, _) = count(&house.folder, &house.towns);
    for (voter, query) in pressed.iter().enumerate() {
        assert!(at.contains_key(&house.key('c', query)), "{query} is not in the ledger");
        assert_eq!(counted[0][voter], Some(voter % 3));
    }
    house.fake.read_all();
    house.fake.assert_clean();
}

#[test]
fn a_webhook_and_the_built_in_chat_do_not_go_together() {
    let house = house("telegram-both", 1);
    reconfigure(&house.folder, "enabled = false", "enabled = true");
    let refused = house.folder.ask(&[]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("[local] enabled = false") && !said.contains(TOKEN) && !said.contains(SECRET), "{said}");
    // And an address nobody can post to is said.
    reconfigure(&house.folder, "enabled = true", "enabled = false");
    reconfigure(&house.folder, "public_url = \"http", "public_url = \"\" # ");
    let refused = house.folder.ask(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("public_url"));
}
