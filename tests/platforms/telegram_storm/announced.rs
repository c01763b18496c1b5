//! Digests and results while the program is killed at the very moment they go out: none is missing, and of two copies the second
//! says that it is one (补发).

use super::town::{House, number, reconfigure, within};
use crate::support::bot::Bot;
use crate::support::telegram::fault::{Fault, Kind};
use crate::support::telegram::limits::Pace;
use crate::support::telegram::world::Post;
use chrono::{TimeDelta, Timelike};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use xieshang::bot::clock;
use xieshang::ledger::simulated_disk::Dice;

const TOWNS: usize = 4;
/// Enough for each to be hit; then it is let go.
const MOST_KILLS: u32 = 8;
const MARK: &str = "补发";
/// So long Telegram keeps its answer to itself: in it the program is killed or not.
const LATE: Duration = Duration::from_millis(150);

fn is_numbered(post: &Post) -> bool {
    let text = post.shown();
    text.contains("摸底结果") || (text.contains("现在：") && text.starts_with('【')) || text.contains("第1期")
}

/// Digests and results in all groups: where, and what they say apart from the mark.
fn copies(house: &House) -> BTreeMap<(i64, String), Vec<bool>> {
    let mut copies: BTreeMap<(i64, String), Vec<bool>> = BTreeMap::new();
    for chat in house.towns.iter().flat_map(|town| [town.talk, town.members]) {
        for post in house.fake.messages(chat).iter().filter(|post| is_numbered(post)) {
            let is_marked = post.shown().contains(MARK);
            let text = post.shown().replace(&format!("（{MARK}）"), "");
            copies.entry((chat, text)).or_default().push(is_marked);
        }
    }
    copies
}

/// The minute after the next that has not begun.
fn next_minute(house: &House) {
    let far = std::fs::read_to_string(house.folder.config()).unwrap();
    let far = far.lines().find(|line| line.starts_with("at = ")).unwrap().to_owned();
    let soon = clock::machine()().with_timezone(&chrono_tz::Asia::Shanghai) + TimeDelta::seconds(75);
    reconfigure(&house.folder, &far, &format!("at = \"{:02}:{:02}\"", soon.hour(), soon.minute()));
}

#[test]
fn a_digest_or_result_is_never_missing_and_a_second_copy_says_so() {
    let mut dice = Dice::new(number("XIESHANG_SEED", 2_025));
    let mut house = House::new("telegram-numbered", TOWNS, 3, Pace::Off);
    next_minute(&house);
    let bot = Bot::start(&house.folder);
    house.open_polls("1分钟");
    for town in 0..TOWNS {
        let query = house.press(town, 0, 0);
        house.assert_counts(&query, 0);
    }
    house.calm(&bot);
    let mut bot = Some(bot);
    house.fake.fault(Fault::new(Kind::LateAnswer(LATE)).method("sendMessage").times(u32::MAX));
    // A result in each discussion group, a digest in each group.
    let wanted = 3 * TOWNS;
    let (since, mut kills, mut seen) = (Instant::now(), 0, 0);
    while copies(&house).len() < wanted {
        assert!(since.elapsed() < Duration::from_secs(150), "missing: {:#?}", copies(&house));
        let there = copies(&house).values().map(Vec::len).sum();
        if there > seen && kills < MOST_KILLS {
            // The first time before Telegram's answer, then before or after it.
            let nerves = if kills == 0 { 0 } else { dice.roll(LATE.as_micros() as u64 * 3 / 2) };
            std::thread::sleep(Duration::from_micros(nerves));
            bot.take().unwrap().kill();
            (seen, kills) = (there, kills + 1);
            bot = Some(Bot::start(&house.folder));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    house.fake.no_more_faults();
    let bot = bot.unwrap();
    within(Duration::from_secs(60), "all is said", || house.fake.idle() && super::town::waiting(&bot) == 0);
    assert_eq!(bot.stop(), Some(0));
    let copies = copies(&house);
    for (what, marks) in &copies {
        // One that was noted as under way and never left has the mark on its only copy.
        assert!(marks.iter().skip(1).all(|marked| *marked), "said again without {MARK}: {what:?} {marks:?}");
    }
    assert_eq!(copies.len(), wanted, "{copies:#?}");
    let all: usize = copies.values().map(Vec::len).sum();
    assert!(kills >= 2 && all > wanted, "{kills} kills, and none between sending and noting it");
    house.fake.read_all();
    house.fake.assert_clean();
    println!(
        "{wanted} digests and results, {kills} kills while they went out: 0 missing, {} said again, all marked",
        all - wanted
    );
}
