//! Telegram refuses the token, fails in every way it can, or is not there; and the token stays with us.

use super::books::{count, deliveries};
use super::town::{House, WORDS, metric, options, page, reconfigure, until, within};
use crate::support::bot::Bot;
use crate::support::telegram::fault::{Fault, Kind};
use crate::support::telegram::limits::Pace;
use crate::support::telegram::{Fake, TOKEN};
use std::time::Duration;

/// The part of the token nobody may see, however it is written in an address.
fn secret() -> &'static str {
    TOKEN.split(':').nth(1).unwrap()
}

fn faults() -> Vec<Kind> {
    let soon = Duration::from_millis(200);
    vec![
        Kind::TooMany(1),
        Kind::Internal,
        Kind::BadGateway,
        Kind::Truncated,
        Kind::NotOk,
        Kind::Stall(soon),
        Kind::LateAnswer(soon),
        Kind::ResetBefore,
        Kind::ResetAfter,
    ]
}

#[test]
fn a_token_telegram_does_not_know_ends_the_program_with_5() {
    let house = House::new("telegram-refused", 1, 1, Pace::Lenient);
    reconfigure(&house.folder, TOKEN, "7000000001:of-somebody-else");
    for arguments in [&["run"][..], &["check"]] {
        let refused = house.folder.ask(arguments);
        assert_eq!(refused.status.code(), Some(if arguments == ["run"] { 5 } else { 1 }), "{arguments:?}");
        let said = [refused.stdout, refused.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(said.contains("Telegram does not know this token") && said.contains("@BotFather"), "{said}");
        assert!(!said.contains("of-somebody-else"), "{said}");
    }
    assert!(!house.folder.data().join("ledger").exists(), "something was begun with a wrong token");
}

#[test]
fn whatever_fails_the_token_is_in_no_line_that_is_written_and_nothing_is_lost() {
    let kinds = faults();
    let mut house = House::new("telegram-faults", 1, 3 * kinds.len(), Pace::Off);
    let mut bot = Bot::start_with(&house.folder, "trace");
    house.open_polls("3天");
    house.calm(&bot);
    let voters = house.towns[0].voters.clone();
    let mut pressed = Vec::new();
    // All private answers at once, each failing in another way.
    for (voter, kind) in kinds.iter().enumerate() {
        house.fake.fault(Fault::new(kind.clone()).method("sendMessage").chat(voters[voter]));
        house.fake.say(voters[voter], voters[voter], "投 1号 2", None, None);
    }
    for (n, kind) in kinds.iter().enumerate() {
        let voter = kinds.len() + 2 * n;
        house.fake.fault(Fault::new(kind.clone()).method("answerCallbackQuery"));
        house.fake.fault(Fault::new(kind.clone()).method("getUpdates"));
        house.fake.fault(Fault::new(kind.clone()).method("editMessageText"));
        let answered = house.fake.count("answerCallbackQuery");
        let (first, second) = (house.press(0, voter, 0), house.press(0, voter + 1, 1));
        // One of them may not be answered; both are taken.
        let taken = || house.fake.count("answerCallbackQuery") >= answered + 2 && house.fake.idle();
        until(&format!("it goes on after {kind:?}"), taken);
        assert!(house.fake.toast(&first).is_some() || house.fake.toast(&second).is_some(), "{kind:?}");
        pressed.extend([(voter, first), (voter + 1, second)]);
    }
    let answered: Vec<usize> = (0..kinds.len()).filter(|&voter| kinds[voter] != Kind::NotOk).collect();
    answered.iter().for_each(|&voter| drop(house.fake.expect(voters[voter], WORDS[1].0)));
    house.fake.no_more_faults();
    house.calm(&bot);
    // Somebody else, three times; then the token is withdrawn.
    house.fake.fault(Fault::new(Kind::Conflict).method("getUpdates").times(3));
    pressed.push((0, house.press(0, 0, 2)));
    assert_eq!(bot.ended(), Some(4));
    let mut bot = Bot::start_with(&house.folder, "trace");
    house.calm(&bot);
    house.fake.fault(Fault::new(Kind::Unauthorized).method("getUpdates"));
    pressed.push((1, house.press(0, 1, 2)));
    assert_eq!(bot.ended(), Some(5));
    let log = house.folder.log();
    assert!(log.contains("Telegram does not know this token") && log.contains("/token"), "no clear line");
    assert!(log.len() > 10_000 && !log.contains(secret()), "the token is in the log");
    let at = deliveries(&house.folder);
    assert!(pressed.iter().all(|(_, query)| at.contains_key(&house.key('c', query))));
    assert_eq!(at.len(), 5 + kinds.len() + pressed.len());
    let (counted, _) = count(&house.folder, &house.towns);
    assert_eq!(counted[0][..3], [Some(2), Some(2), Some(1)]);
    house.fake.read_all();
    house.fake.assert_clean();
}

#[test]
fn while_telegram_is_away_the_program_runs_and_it_serves_as_soon_as_telegram_is_there() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut house = House::new("telegram-away", 1, 2, Pace::Lenient);
    let there = house.fake.url().to_owned();
    reconfigure(&house.folder, &there, &format!("http://127.0.0.1:{port}"));
    let bot = Bot::start(&house.folder);
    assert_eq!(page(&bot, "/healthz").0, 200);
    assert!(page(&bot, "/metrics").1.contains("xieshang_telegram_requests_total"));
    assert_eq!(metric(&bot, "xieshang_telegram_updates_total"), 0);
    // The same people and groups, now where the program looks for them.
    let late = House::at("telegram-late", 1, 2, Fake::start_at(options(Pace::Lenient), port));
    let chats = |house: &House| (house.towns[0].talk, house.towns[0].voters.clone());
    assert_eq!(chats(&late), chats(&house));
    house.fake = late.fake;
    within(Duration::from_secs(40), "it has found Telegram", || house.fake.idle());
    house.open_polls("3天");
    let query = house.press(0, 1, 0);
    house.assert_counts(&query, 0);
    house.calm(&bot);
    assert_eq!(bot.stop(), Some(0));
    assert!(!house.folder.log().contains(secret()));
    house.fake.assert_clean();
}
