//! kill -9 again and again while people press and write: nothing is lost, nothing counts twice, no receipt is false.

use super::books::{Rows, assert_rebuilds, count, deliveries};
use super::town::{A_MINUTE, House, WORDS, is_receipt, number, waiting, within};
use crate::support::bot::Bot;
use crate::support::telegram::limits::Pace;
use crate::support::telegram::world::Post;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};
use xieshang::ledger::simulated_disk::Dice;

const TOWNS: usize = 6;
const VOTERS: usize = 100;
/// Of the voters of a town so many make suggestions; the others like them.
const SPEAKERS: u64 = 20;
/// Deeds for each kill.
const DEEDS: u64 = 100;
/// Deeds that may wait for the bot at once.
const MOST_WAITING: usize = 250;
/// Things said in one group in one life: more would wait to be merged.
const SAID: u32 = 3;
/// A receipt that waits to be merged waits a minute.
const MERGED: Duration = Duration::from_secs(75);

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Press(usize),
    Private(usize),
    /// A suggestion with these words.
    Suggestion,
    Like(String),
    /// A press of somebody who is on no roll.
    Stranger,
}

#[derive(Debug)]
struct Deed {
    key: String,
    town: usize,
    voter: usize,
    what: What,
    query: Option<String>,
    update: i64,
}

struct Storm {
    house: House,
    dice: Dice,
    deeds: Vec<Deed>,
    strangers: Vec<i64>,
    liked: HashSet<(String, usize)>,
    this_life: HashMap<(usize, usize), u32>,
    said: [u32; TOWNS],
}

impl Storm {
    fn roll(&mut self, sides: usize) -> usize {
        self.dice.roll(sides as u64) as usize
    }

    /// What nobody confirmed comes again and may count as a command of this life.
    fn new_life(&mut self) {
        let pending: HashSet<i64> = self.house.fake.pending().into_iter().collect();
        (self.this_life, self.said) = (HashMap::new(), [0; TOWNS]);
        for deed in self.deeds.iter().rev().filter(|deed| pending.contains(&deed.update)) {
            *self.this_life.entry((deed.town, deed.voter)).or_default() += 1;
            self.said[deed.town] += u32::from(matches!(deed.what, What::Suggestion | What::Like(_)));
        }
    }

    /// Somebody does something.
    fn act(&mut self) {
        let town = self.roll(TOWNS);
        let roll = self.roll(100);
        let may_speak = self.said[town] < SAID;
        match roll {
            0 => self.stranger(town),
            1..=3 if may_speak => self.suggest(town),
            4..=5 if may_speak => self.like(town),
            6..=20 => self.ballot(town, true),
            _ => self.ballot(town, false),
        }
    }

    /// A voter who may still say something in this life.
    fn voter(&mut self, town: usize, among: std::ops::Range<u64>) -> Option<usize> {
        let voter = (among.start + self.dice.roll(among.end - among.start)) as usize;
        let sent = self.this_life.entry((town, voter)).or_default();
        (*sent < A_MINUTE).then(|| {
            *sent += 1;
            voter
        })
    }

    fn note(&mut self, town: usize, voter: usize, what: What, key: String, query: Option<String>) {
        let update = self.house.fake.last_update();
        self.deeds.push(Deed { key, town, voter, what, query, update });
    }

    fn ballot(&mut self, town: usize, private: bool) {
        let Some(voter) = self.voter(town, 0..VOTERS as u64) else { return };
        let choice = self.roll(3);
        let (of, user) = (&self.house.towns[town], self.house.towns[town].voters[voter]);
        if private {
            let text = format!("投 {}号 {}", of.no, choice + 1);
            let message = self.house.fake.say(user, user, &text, None, None);
            let key = self.house.key('m', &format!("{user}:{message}"));
            return self.note(town, voter, What::Private(choice), key, None);
        }
        let query = self.house.press(town, voter, choice);
        let key = self.house.key('c', &query);
        self.note(town, voter, What::Press(choice), key, Some(query));
    }

    fn stranger(&mut self, town: usize) {
        let who = self.roll(self.strangers.len());
        let (of, user) = (&self.house.towns[town], self.strangers[who]);
        let query = self.house.fake.press(of.talk, of.card, user, WORDS[0].0).unwrap();
        let key = self.house.key('c', &query);
        self.note(town, VOTERS + who, What::Stranger, key, Some(query));
    }

    fn suggest(&mut self, town: usize) {
        let Some(voter) = self.voter(town, 0..SPEAKERS) else { return };
        let of = &self.house.towns[town];
        let text = format!("/建议 {} 第{}条：路面要平整", of.no, self.deeds.len());
        let message = self.house.fake.say(of.talk, of.voters[voter], &text, None, None);
        let key = self.house.key('m', &format!("{}:{message}", of.talk));
        self.said[town] += 1;
        self.note(town, voter, What::Suggestion, key, None);
    }

    /// “+1” to a receipt, as a reply or by its button.
    fn like(&mut self, town: usize) {
        let talk = self.house.towns[town].talk;
        let told = self.house.fake.messages(talk);
        let receipts: Vec<&Post> = told.iter().filter(|post| post.labels() == ["+1"]).collect();
        if receipts.is_empty() {
            return;
        }
        let receipt = receipts[self.roll(receipts.len())];
        let reference = references(receipt.shown()).remove(0);
        let Some(voter) = self.voter(town, SPEAKERS..VOTERS as u64) else { return };
        let user = self.house.towns[town].voters[voter];
        if !self.liked.insert((reference.clone(), voter)) {
            return;
        }
        self.said[town] += 1;
        if self.roll(2) == 0 {
            let query = self.house.fake.press(talk, receipt.id, user, "+1").unwrap();
            let key = self.house.key('c', &query);
            return self.note(town, voter, What::Like(reference), key, Some(query));
        }
        let message = self.house.fake.say(talk, user, "+1", Some(receipt.id), None);
        let key = self.house.key('m', &format!("{talk}:{message}"));
        self.note(town, voter, What::Like(reference), key, None);
    }

    /// Deeds, as long as not too many wait; how many are left.
    fn some(&mut self, quota: u64, left: u64) -> u64 {
        let now = left.min(quota);
        for _ in 0..now {
            if self.house.fake.pending().len() < MOST_WAITING {
                self.act();
            }
        }
        left - now
    }

    /// One life of the program: some wait already, the others come while it runs; then it is killed: when it has just been given
    /// updates, when it has answered some, or while it sends what it has to say.
    fn live_and_die(&mut self, quota: u64) {
        self.new_life();
        let (fetched, answered) = (self.house.fake.count("getUpdates"), self.house.fake.count("answerCallbackQuery"));
        let early = self.dice.roll(quota + 1);
        let mut left = self.some(early, quota);
        let (at_fetch, longest) = [(true, 4_000), (false, 30_000), (false, 1_800_000)][self.roll(3)];
        let (enough, nerves) = (self.roll(if at_fetch { 8 } else { quota as usize }), self.dice.roll(longest));
        let bot = Bot::start(&self.house.folder);
        let since = Instant::now();
        loop {
            let fake = &self.house.fake;
            let is_done = if at_fetch {
                fake.count("getUpdates") > fetched + enough
            } else {
                left == 0 && fake.count("answerCallbackQuery") >= answered + enough
            };
            if is_done || left == 0 && fake.idle() {
                break;
            }
            left = self.some(5, left);
            assert!(since.elapsed() < Duration::from_secs(30), "nothing is answered\n{}", self.house.folder.log());
            std::thread::sleep(Duration::from_micros(500));
        }
        std::thread::sleep(Duration::from_micros(nerves));
        bot.kill();
        self.some(left, left);
    }
}

/// The suggestions a receipt names: `1-6、1-7`.
fn references(told: &str) -> Vec<String> {
    let line = told.lines().find_map(|line| line.strip_prefix("✅ 已记建议")).unwrap_or_default();
    let line = line.split('，').next().unwrap_or_default();
    line.split('、').map(str::to_owned).filter(|one| !one.is_empty()).collect()
}

/// How often things were said that needed saying once.
#[derive(Default)]
struct Said {
    once: usize,
    again: usize,
}

impl Said {
    fn note(&mut self, wanted: usize, told: usize, what: &str) {
        assert!(told >= wanted, "{what}: {told} told, {wanted} wanted");
        self.once += wanted;
        self.again += told - wanted;
    }
}

impl Storm {
    /// Everything that had to be recorded is, once, and nothing else.
    fn check_ledger(&self) -> HashMap<String, usize> {
        let at = deliveries(&self.house.folder);
        for deed in &self.deeds {
            assert_eq!(at.contains_key(&deed.key), deed.what != What::Stranger, "{deed:?}");
        }
        at
    }

    /// For each voter the ballot that is last in the ledger counts; every toast says what the ledger says.
    fn check_ballots(&self, at: &HashMap<String, usize>) -> Rows {
        let mut ballots: Vec<(usize, &Deed, usize)> = Vec::new();
        for deed in &self.deeds {
            if let What::Press(choice) | What::Private(choice) = deed.what {
                ballots.push((at[&deed.key], deed, choice));
            }
        }
        ballots.sort_unstable_by_key(|(at, ..)| *at);
        let mut last: HashMap<(usize, usize), usize> = HashMap::new();
        for (_, deed, choice) in ballots {
            let before = last.insert((deed.town, deed.voter), choice);
            let toast = deed.query.as_ref().and_then(|query| self.house.fake.toast(query));
            let head = if before.is_some() { "✅ 已改记：" } else { "✅ 已记：" };
            if let Some(toast) = toast {
                let is_right = toast.text.starts_with(head) && toast.text.contains(WORDS[choice].0);
                assert!(is_right, "{deed:?} was answered {toast:?}");
            }
        }
        let (counted, rows) = count(&self.house.folder, &self.house.towns);
        for (town, counted) in counted.iter().enumerate() {
            for (voter, counted) in counted.iter().enumerate() {
                assert_eq!(*counted, last.get(&(town, voter)).copied(), "voter {voter} of town {town}");
            }
        }
        rows
    }

    /// What was said in private chats: a receipt for each ballot, for no other choice.
    fn check_private(&self, said: &mut Said) {
        let mut wanted: BTreeMap<(usize, usize), [usize; 3]> = BTreeMap::new();
        for deed in &self.deeds {
            if let What::Private(choice) = deed.what {
                wanted.entry((deed.town, deed.voter)).or_default()[choice] += 1;
            }
        }
        for (town, of) in self.house.towns.iter().enumerate() {
            for (voter, &user) in of.voters.iter().enumerate() {
                let told = self.house.fake.messages(user);
                assert!(told.iter().all(|post| is_receipt(post.shown())), "{told:#?}");
                let wanted = wanted.get(&(town, voter)).copied().unwrap_or_default();
                for (choice, (word, _)) in WORDS.iter().enumerate() {
                    let told = told.iter().filter(|post| post.shown().contains(word)).count();
                    said.note(wanted[choice], told, &format!("receipts of {user} for {word}"));
                    assert!(wanted[choice] > 0 || told == 0, "{user} got a receipt for {word}");
                }
            }
        }
    }

    /// How often each suggestion was said to be recorded.
    fn told_suggestions(&self) -> BTreeMap<String, usize> {
        let mut told = BTreeMap::new();
        for town in &self.house.towns {
            for post in self.house.fake.messages(town.talk) {
                references(post.shown()).into_iter().for_each(|one| *told.entry(one).or_default() += 1);
            }
        }
        told
    }

    fn made_suggestions(&self) -> Vec<String> {
        let made = |town: usize| {
            let of = |deed: &&Deed| deed.what == What::Suggestion && deed.town == town;
            let made = self.deeds.iter().filter(of).count();
            (1..=made).map(move |n| format!("{}-{n}", town + 1))
        };
        (0..TOWNS).flat_map(made).collect()
    }

    /// The live cards show how many voted, and no like is told that is not there.
    fn check_shown(&self) {
        for (town, of) in self.house.towns.iter().enumerate() {
            let is_ballot = |deed: &&Deed| deed.town == town && matches!(deed.what, What::Press(_) | What::Private(_));
            let voted: HashSet<usize> = self.deeds.iter().filter(is_ballot).map(|deed| deed.voter).collect();
            let card = self.house.fake.message(of.talk, of.card);
            let turnout = format!("已投{}/{VOTERS}人", voted.len());
            assert!(card.shown().contains(&turnout), "not {turnout}: {}", card.shown());
            for post in self.house.fake.messages(of.talk) {
                for line in post.shown().lines().filter_map(|line| line.strip_prefix("👍 ")) {
                    let (reference, likes) = line.split_once(" 已有").unwrap();
                    let likes: usize = likes.trim_end_matches("个赞").parse().unwrap();
                    let wanted = What::Like(reference.to_owned());
                    let made = self.deeds.iter().filter(|deed| deed.what == wanted).count();
                    assert!((1..=made).contains(&likes), "{made} like it: {line}");
                }
            }
        }
    }

    /// What strangers were told; how many presses nobody answered.
    fn check_toasts(&self) -> usize {
        let mut unanswered = 0;
        for deed in &self.deeds {
            let Some(query) = &deed.query else { continue };
            let Some(toast) = self.house.fake.toast(query) else {
                unanswered += 1;
                continue;
            };
            let is_refused = !is_receipt(&toast.text) && toast.text.contains("名册");
            assert_eq!(is_refused, deed.what == What::Stranger, "{deed:?} {toast:?}");
        }
        unanswered
    }
}

/// After a rebuild nothing is said that was said before.
fn check_silence(house: &House) {
    let count = |house: &House| {
        let people = house.towns.iter().flat_map(|town| town.voters.iter().copied().chain([town.talk, town.members]));
        people.map(|chat| house.fake.messages(chat).len()).collect::<Vec<_>>()
    };
    let before = count(house);
    let rebuilt = house.folder.ask(&["rebuild"]);
    assert!(rebuilt.status.success(), "{}", String::from_utf8_lossy(&rebuilt.stderr));
    let bot = Bot::start(&house.folder);
    house.calm(&bot);
    // Letters of one chat leave in order: what waited would come before this.
    for town in &house.towns {
        house.fake.read_all();
        house.fake.say(town.talk, town.moderator, &format!("/计票 {}", town.no), None, None);
        house.fake.expect(town.talk, "已投");
    }
    house.calm(&bot);
    let mut after = count(house);
    // The answers just asked for.
    (0..TOWNS).for_each(|town| after[town * (VOTERS + 2) + VOTERS] -= 1);
    assert_eq!(before, after, "a rebuild said something again");
    assert_eq!(bot.stop(), Some(0));
}

#[test]
fn nothing_is_lost_or_counted_twice_when_the_program_is_killed_while_people_press_and_write() {
    let (kills, seed) = (number("XIESHANG_KILLS", 25), number("XIESHANG_SEED", 2_025));
    let since = Instant::now();
    // Every life begins its minute anew, and here a life lasts a second: Telegram's limits are kept in `crowd`.
    let mut house = House::new("telegram-kills", TOWNS, VOTERS, Pace::Off);
    let bot = Bot::start(&house.folder);
    house.open_polls("3天");
    house.calm(&bot);
    assert_eq!(bot.stop(), Some(0));
    let strangers = (0..50).map(|n| house.fake.user(&format!("路人{n}"))).collect();
    let (dice, liked) = (Dice::new(seed), HashSet::new());
    let mut storm =
        Storm { house, dice, deeds: Vec::new(), strangers, liked, this_life: HashMap::new(), said: [0; TOWNS] };
    for _ in 0..kills {
        storm.live_and_die(DEEDS);
    }
    let bot = Bot::start(&storm.house.folder);
    within(MERGED, "all is taken", || storm.house.fake.idle());
    storm.check_ledger();
    let made = storm.made_suggestions();
    within(MERGED, "every suggestion is said to be recorded", || {
        let told = storm.told_suggestions();
        made.iter().all(|one| told.contains_key(one))
    });
    within(MERGED, "all is taken and said", || storm.house.fake.idle() && waiting(&bot) == 0);
    assert_eq!((storm.house.fake.pending(), storm.house.fake.lost()), (vec![], vec![]), "updates lost");
    assert_eq!(bot.stop(), Some(0));

    let at = storm.check_ledger();
    storm.check_ballots(&at);
    storm.check_shown();
    let (mut said, unanswered) = (Said::default(), storm.check_toasts());
    storm.check_private(&mut said);
    let told = storm.told_suggestions();
    assert!(told.keys().all(|one| made.contains(one)), "a receipt for a suggestion nobody made: {told:?}");
    made.iter().for_each(|one| said.note(1, told[one], one));
    assert_rebuilds(&storm.house.folder, &storm.house.towns);
    check_silence(&storm.house);
    storm.house.fake.read_all();
    storm.house.fake.assert_clean();
    assert!(storm.house.fake.hit_limits().is_empty());
    let presses = storm.deeds.iter().filter(|deed| deed.query.is_some()).count();
    let most = storm.house.towns.iter().map(|town| storm.house.fake.most_in_a_minute(town.talk)).max();
    println!(
        "{kills} kills, {} deeds ({presses} presses), {} s: 0 updates lost, 0 counted twice, 0 receipts false; {} receipts \
         as messages, {} of them said again ({:.2} %), {unanswered} presses never answered; at most {most:?} a minute in a group",
        storm.deeds.len(),
        since.elapsed().as_secs(),
        said.once,
        said.again,
        100.0 * said.again as f64 / said.once.max(1) as f64,
    );
}
