//! 2,000 voters press within seconds: how many requests that takes, and what the group sees of it.

use super::town::{House, WORDS, is_receipt, until, within};
use crate::support::bot::Bot;
use crate::support::telegram::limits::Pace;
use std::time::{Duration, Instant};

const VOTERS: usize = 2_000;
/// Presses that come at once.
const AT_ONCE: usize = 50;
/// And how often.
const EVERY: Duration = Duration::from_millis(200);
/// The menus of commands are set after the start.
const MENUS: usize = 9;

/// Requests of the bot so far: all, and those that fetch.
fn requests(house: &House) -> (usize, usize) {
    (house.fake.counts().values().sum(), house.fake.count("getUpdates"))
}

/// Presses that come in one and the same moment.
fn press_at_once(house: &House, voters: std::ops::Range<usize>) -> Vec<String> {
    let town = &house.towns[0];
    let card = house.fake.message(town.talk, town.card);
    let buttons: Vec<_> = card.buttons().into_iter().flatten().collect();
    house.fake.with(|state| {
        let press = |voter: usize| {
            let button = buttons.iter().find(|button| button.label == WORDS[voter % 3].0).unwrap();
            state.press(town.talk, town.card, town.voters[voter], button.data.as_deref().unwrap(), true)
        };
        voters.map(press).collect()
    })
}

#[test]
fn two_thousand_presses_take_hardly_more_requests_than_presses_and_say_nothing_in_the_group() {
    let mut house = House::new("telegram-crowd", 1, VOTERS, Pace::Strict);
    let bot = Bot::start(&house.folder);
    house.open_polls("3天");
    let menus = || house.fake.count("setMyCommands") == MENUS;
    until("the menus are set", menus);
    house.calm(&bot);
    let town = &house.towns[0];
    let messages = house.fake.messages(town.talk).len();
    let (all, fetches) = requests(&house);

    let since = Instant::now();
    let mut queries = Vec::new();
    for from in (0..VOTERS).step_by(AT_ONCE) {
        let pressed = press_at_once(&house, from..from + AT_ONCE);
        let answered = || pressed.iter().all(|query| house.fake.toast(query).is_some());
        until("all are answered", || answered() && since.elapsed() >= EVERY * (from / AT_ONCE) as u32);
        queries.extend(pressed);
    }
    let pressed_in = since.elapsed();
    let turnout = format!("已投{VOTERS}/{VOTERS}人");
    within(Duration::from_secs(10), "the card shows the last press", || {
        house.fake.message(town.talk, town.card).shown().contains(&turnout)
    });
    let shown_after = since.elapsed() - pressed_in;
    let (all, fetches) = (requests(&house).0 - all, requests(&house).1 - fetches);

    for (voter, query) in queries.iter().enumerate() {
        let told = house.fake.toast(query).unwrap().text;
        assert!(is_receipt(&told) && told.contains(WORDS[voter % 3].0), "{told}");
    }
    assert_eq!(house.fake.messages(town.talk).len(), messages, "a press was talked about in the group");
    assert!(all * 100 <= VOTERS * 105, "{all} requests for {VOTERS} ballots");
    assert_eq!(house.fake.hit_limits(), []);
    assert!(house.fake.most_in_a_minute(town.talk) <= 20);
    assert_eq!(bot.stop(), Some(0));
    let (counted, _) = super::books::count(&house.folder, &house.towns);
    assert!((0..VOTERS).all(|voter| counted[0][voter] == Some(voter % 3)));
    house.fake.read_all();
    house.fake.assert_clean();
    println!(
        "{VOTERS} presses in {:.1} s, the card right {:.1} s later: {all} requests, {:.3} a ballot; {:.3} without \
         getUpdates; at most {} messages and edits a minute in the group",
        pressed_in.as_secs_f64(),
        shown_after.as_secs_f64(),
        all as f64 / VOTERS as f64,
        (all - fetches) as f64 / VOTERS as f64,
        house.fake.most_in_a_minute(town.talk),
    );
}
