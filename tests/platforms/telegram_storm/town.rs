//! Towns: each with a members' group, a discussion group, a moderator, voters on a roll, and a poll that is open.

use crate::support::bot::{Bot, Folder, LOOK, PATIENCE};
use crate::support::telegram::limits::Pace;
use crate::support::telegram::{Fake, Options, TOKEN};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use xieshang::bot::clock;
use xieshang::domain::vote::tally::Choice;

pub const WORDS: [(&str, Choice); 3] = [("赞成", Choice::For), ("反对", Choice::Against), ("弃权", Choice::Abstain)];
/// Commands a person may send within a minute, less one.
pub const A_MINUTE: u32 = 5;

/// What each town talks about: titles that are not taken for one another.
const TITLES: [&str; 6] =
    ["梧桐园加装电梯", "清河里修路灯", "松岗村通公交", "翠湖苑换水管", "凤凰台建车棚", "东风里种行道树"];

pub struct Town {
    /// Number of its topic, and of its poll.
    pub no: u32,
    pub members: i64,
    pub talk: i64,
    pub member: i64,
    pub moderator: i64,
    pub voters: Vec<i64>,
    /// The message with the buttons.
    pub card: i64,
}

impl Town {
    /// The name on the roll of a voter.
    pub fn name(&self, voter: usize) -> String {
        name(self.no as usize - 1, voter)
    }
}

fn name(town: usize, voter: usize) -> String {
    let letter = ["东", "南", "西", "北", "中", "外"][town];
    format!("{letter}居民{:04}", voter + 1)
}

fn room(voter: usize) -> String {
    format!("{}", 1000 + voter)
}

/// The fake and the folder of one test; whoever wants starts the program on it.
pub struct House {
    pub fake: Fake,
    pub folder: Folder,
    pub towns: Vec<Town>,
}

/// A fake on the machine's clock.
pub fn options(pace: Pace) -> Options {
    let mut options = Options::new(clock::machine());
    options.pace = pace;
    options
}

/// Adds to the configuration of a folder.
pub fn configure(folder: &Folder, more: &str) {
    let config = std::fs::read_to_string(folder.config()).unwrap();
    std::fs::write(folder.config(), format!("{config}{more}")).unwrap();
}

/// Changes the configuration of a folder.
pub fn reconfigure(folder: &Folder, from: &str, to: &str) {
    let config = std::fs::read_to_string(folder.config()).unwrap();
    assert!(config.contains(from), "{config}");
    std::fs::write(folder.config(), config.replace(from, to)).unwrap();
}

impl House {
    pub fn new(test: &str, towns: usize, voters: usize, pace: Pace) -> House {
        House::at(test, towns, voters, Fake::start(options(pace)))
    }

    pub fn at(test: &str, towns: usize, voters: usize, fake: Fake) -> House {
        let towns: Vec<Town> = (0..towns).map(|town| settle(&fake, town, voters)).collect();
        let folder = Folder::new(test, "");
        let people = folder.path().join("people.json");
        std::fs::write(&people, fixtures(&towns).to_string()).unwrap();
        let url = fake.url();
        configure(
            &folder,
            &format!(
                "[local]\nenabled = false\nfixtures = {people:?}\n\n\
                 [telegram]\napi_url = {url:?}\ntoken = {TOKEN:?}\n"
            ),
        );
        House { fake, folder, towns }
    }

    /// The polls, as the offices bring them about: a topic, taken, talked about, a straw poll in the bound group.
    pub fn open_polls(&mut self, until: &str) {
        let House { fake, towns, .. } = self;
        for town in towns.iter() {
            fake.say(town.members, town.member, &format!("/议题 {}", TITLES[town.no as usize - 1]), None, None);
            fake.expect(town.members, &format!("【{}号】", town.no));
        }
        type Step = (fn(&Town) -> (i64, i64), fn(u32, &str) -> String, &'static str);
        let steps: [Step; 4] = [
            (|town| (town.members, town.member), |no, _| format!("/买单 {no}"), "已买单"),
            (|town| (town.members, town.moderator), |no, _| format!("/推进 {no}"), "多方恳谈"),
            (|town| (town.talk, town.moderator), |no, _| format!("/绑定 {no}"), "已绑定"),
            (|town| (town.talk, town.moderator), |no, until| format!("/投票 {no} 摸底 {until} 要不要办"), "摸底开始"),
        ];
        for (who, text, wanted) in steps {
            for town in towns.iter() {
                let (chat, user) = who(town);
                fake.say(chat, user, &text(town.no, until), None, None);
            }
            for town in towns.iter_mut() {
                let told = fake.expect(who(town).0, wanted);
                town.card = told.id;
            }
        }
        for town in towns.iter() {
            assert_eq!(fake.message(town.talk, town.card).labels(), ["赞成", "反对", "弃权"]);
        }
    }

    pub fn press(&self, town: usize, voter: usize, choice: usize) -> String {
        let Town { talk, card, voters, .. } = &self.towns[town];
        self.fake.press(*talk, *card, voters[voter], WORDS[choice].0).unwrap()
    }

    /// The name of a delivery, as the ledger has it.
    pub fn key(&self, kind: char, rest: &str) -> String {
        super::books::opaque(&format!("telegram:{}:{kind}:{rest}", self.fake.bot_id()))
    }

    /// A press is answered with a receipt.
    pub fn assert_counts(&self, query: &str, choice: usize) {
        let told = self.fake.expect_toast(query).text;
        assert!(is_receipt(&told) && told.contains(WORDS[choice].0), "{told}");
    }

    /// Waits until all updates are confirmed and everything is said.
    pub fn calm(&self, bot: &Bot) {
        until("all is taken and said", || self.fake.idle() && waiting(bot) == 0);
    }
}

pub fn is_receipt(told: &str) -> bool {
    told.starts_with("✅ 已记：") || told.starts_with("✅ 已改记：")
}

/// Waits for something; by wall time, as everything here.
pub fn until(what: &str, holds: impl FnMut() -> bool) {
    within(PATIENCE, what, holds);
}

pub fn within(patience: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < patience, "it did not come to be that {what}");
        std::thread::sleep(LOOK);
    }
}

/// A page of the program: status and everything that came back.
pub fn page(bot: &Bot, path: &str) -> (u16, String) {
    bot.raw(&format!("GET {path} HTTP/1.1\nHost: {{host}}\nConnection: close\n\n"), b"")
}

/// A number at /metrics.
pub fn metric(bot: &Bot, name: &str) -> u64 {
    let (status, text) = page(bot, "/metrics");
    assert_eq!(status, 200, "{text}");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.and_then(|number| number.trim().parse().ok()).unwrap_or_else(|| panic!("{name}: {text}"))
}

pub fn waiting(bot: &Bot) -> u64 {
    metric(bot, "xieshang_letters_waiting")
}

/// People and groups of a town, as Telegram has them.
fn settle(fake: &Fake, town: usize, voters: usize) -> Town {
    let (member, moderator) = (fake.user(&format!("委员{town}")), fake.user(&format!("主持{town}")));
    let voters: Vec<i64> = (0..voters).map(|voter| fake.user(&name(town, voter))).collect();
    let members = fake.supergroup(&format!("{town}街道学联组群"), &[member, moderator]);
    let everybody: Vec<i64> = [member, moderator].into_iter().chain(voters.iter().copied()).collect();
    let talk = fake.supergroup(TITLES[town], &everybody);
    for user in everybody {
        fake.private(user);
    }
    Town { no: u32::try_from(town).unwrap() + 1, members, talk, member, moderator, voters, card: 0 }
}

fn fixtures(towns: &[Town]) -> Value {
    let account = |user: i64| format!("telegram:{user}");
    let (mut groups, mut people, mut rolls) = (Vec::new(), Vec::new(), Vec::new());
    for (n, town) in towns.iter().enumerate() {
        let street = format!("{}街道", ["东风", "南湖", "西岭", "北固", "中和", "外滩"][n]);
        groups.push(json!({ "id": format!("m{n}"), "chat": account(town.members), "name": format!("{n}学联组群"),
            "kind": "镇街学联组群", "town": street }));
        groups.push(json!({ "id": format!("t{n}"), "chat": account(town.talk), "name": format!("{n}讨论组"),
            "kind": "讨论组群", "town": street }));
        let letter = ["甲", "乙", "丙", "丁", "戊", "己"][n];
        people.push(json!({ "name": format!("王委员{letter}"), "side": "政协", "roles": [{ "role": "委员" }],
            "level": "区", "town": street, "account": account(town.member) }));
        people.push(json!({ "name": format!("刘主持{letter}"), "side": "部门",
            "roles": [{ "role": "主持人", "town": street }], "town": street, "account": account(town.moderator) }));
        let voters = || town.voters.iter().enumerate();
        people.extend(voters().map(|(voter, &user)| {
            json!({ "name": name(n, voter), "side": "群众", "room": room(voter), "account": account(user) })
        }));
        let rows: Vec<Value> = voters()
            .map(|(voter, _)| json!({ "room": room(voter), "owner": name(n, voter), "area": 9000 + voter }))
            .collect();
        rolls.push(json!({ "topic": town.no, "rows": rows, "area_unit": "0.01 m2" }));
    }
    json!({ "groups": groups, "people": people, "rolls": rolls })
}

/// A number from the environment.
pub fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}
