//! 日子 — what people of a district type in a day, and what the book makes of the answers.

mod around;
mod besides;
mod topics;
mod work;

use super::book::{At, Book, Gathering, Person, Station, Step, Topic};
use super::district::{Chat, District, Scale};
use super::hall::{Hall, Letter};
use super::papers::Papers;
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// 骰子 — the same seed, the same year.
pub struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn under(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.under(n) == 0
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() { None } else { Some(from[self.under(from.len())].clone()) }
    }
}

const THINGS: [&str; 12] =
    ["路灯", "栏杆", "花坛", "长椅", "雨棚", "台阶", "公告栏", "信报箱", "健身器材", "晾衣架", "儿童滑梯", "门前水沟"];
const PLACES: [&str; 10] = ["东头", "西头", "南门", "北门", "广场", "河边", "桥头", "后巷", "坡上", "井台"];
const WAYS: [&str; 10] = [
    "先修最要紧的一处",
    "请懂行的人看看",
    "换成耐用的",
    "漆成亮一点的颜色",
    "大家出点力一起清",
    "夜里也要看得见",
    "旁边留一条道",
    "材料要环保",
    "每年检查一次",
    "我不同意这样弄，太吵",
];

/// Dates and words are told in Chinese, without digits that a mask might take for a number of somebody's.
fn numeral(mut n: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let mut text = String::new();
    loop {
        text.insert_str(0, DIGITS[(n % 10) as usize]);
        n /= 10;
        if n == 0 {
            return text;
        }
    }
}

pub fn moment(day: NaiveDate, h: u32, m: u32) -> DateTime<Utc> {
    Shanghai.from_local_datetime(&day.and_time(NaiveTime::from_hms_opt(h, m, 0).unwrap())).unwrap().to_utc()
}

/// What is counted of the telling itself.
#[derive(Debug, Default)]
pub struct Tally {
    pub acts: u32,
    pub taken: BTreeMap<&'static str, u32>,
    pub refused: BTreeMap<&'static str, u32>,
    /// Refusals, one of each kind, for who looks into it.
    pub samples: BTreeMap<(&'static str, String), String>,
}

pub struct Life {
    pub hall: Hall,
    pub district: District,
    pub book: Book,
    pub dice: Dice,
    pub papers: Papers,
    pub tally: Tally,
    words: u32,
    bound: BTreeMap<String, u32>,
    pub faults: Vec<String>,
}

impl Life {
    pub fn new(name: &str, scale: &Scale, seed: u64, first: NaiveDate) -> Self {
        let district = District::new(scale);
        let hall = Hall::new(name, &district.fixtures(), moment(first, 7, 45));
        let station =
            |town: &String| (format!("{town}议事室"), Station { town: town.clone(), since: hall.now, closed: None });
        let book = Book { stations: district.towns.iter().map(station).collect(), ..Book::default() };
        Self {
            hall,
            district,
            book,
            dice: Dice(seed),
            papers: Papers::default(),
            tally: Tally::default(),
            words: 0,
            bound: BTreeMap::new(),
            faults: Vec::new(),
        }
    }

    fn now(&self) -> At {
        self.hall.now
    }

    fn name(&self, who: Person) -> String {
        self.district.people[who].name.clone()
    }

    fn text(&mut self) -> String {
        self.words += 1;
        let way = WAYS[self.dice.under(WAYS.len())];
        format!("{way}，第{}条", numeral(self.words))
    }

    /// Everything until a moment happens, and what is posted is held against the book.
    pub fn pass(&mut self, until: At) {
        // The clock is looked at step by step: what a vote came to must be in the book before the next paper.
        while let Some(next) = self.hall.started.office.next_due(self.hall.now).filter(|next| *next <= until) {
            self.hall.pass(next.max(self.hall.now));
            self.look();
        }
        self.hall.pass(until);
        self.look();
    }

    /// What the clock brought: results of votes, and papers.
    fn look(&mut self) {
        let posted = std::mem::take(&mut self.hall.posted);
        for letter in &posted {
            self.hear_result(letter);
            self.hear_call(letter);
        }
        let now = self.now();
        let faults = self.papers.take(&posted, now, &self.district, &self.book);
        self.faults.extend(faults);
    }

    /// The next of a series is called by the clock.
    fn hear_call(&mut self, letter: &Letter) {
        let pattern = Regex::new(r"^📅 活动(\d+)号：(.*)").unwrap();
        let Some(found) = pattern.captures(&letter.text) else { return };
        let of_it = self.book.series.iter().find(|one| !one.ended && one.group == letter.to && one.name == &found[2]);
        let Some(series) = of_it else {
            self.faults.push(format!("called, but of no series known: {}", letter.text));
            return;
        };
        let (topic, town, group) = (series.topic, series.town.clone(), series.group.clone());
        let round_table = series.name.contains("圆桌会");
        let one = Gathering { topic, town, group, off: false, round_table, signed: Vec::new(), minuted: Vec::new() };
        self.book.gatherings.insert(found[1].parse().unwrap(), one);
        *self.tally.taken.entry("钟点发起").or_default() += 1;
    }

    fn hear_result(&mut self, letter: &Letter) {
        let pattern = Regex::new(r"^🗳【(\d+)号】(表决结果：|摸底结果：|表决未通过|..投票结果：)").unwrap();
        if !self.district.chats.iter().any(|chat| chat.id == letter.to) {
            return;
        }
        let Some(found) = pattern.captures(&letter.text) else { return };
        let no: u32 = found[1].parse().unwrap();
        let topic = self.book.topics.get_mut(&no).unwrap();
        let Some(poll) = topic.poll.take() else { return };
        let at = poll.ends;
        let wrong = poll.against_result(&letter.text);
        self.faults.extend(wrong.into_iter().map(|fault| format!("{fault}: {}", letter.text)));
        *self.tally.taken.entry("计票").or_default() += 1;
        if poll.formal {
            if poll.carries() {
                let objected = |voter: &Person, at: At| {
                    topic.objections.values().any(|one| one.word.stands() && one.word.by == *voter && one.word.at < at)
                };
                let was_against = |voter: &Person, at| {
                    topic.against.contains(voter) || poll.against.contains(voter) || objected(voter, at)
                };
                let turned = poll.ballots.iter().filter(|(voter, (at, yes))| *yes && was_against(voter, *at)).count();
                // Of a secret vote nobody is told who turned.
                let turned = if poll.secret { 0 } else { turned };
                topic.turned = Some((at, u32::try_from(turned).unwrap()));
                topic.enter(Step::Tracking, at);
            } else {
                topic.failed += 1;
            }
        }
        // 不记名 — how somebody voted leaves no mark.
        if !poll.secret {
            topic.against.extend(poll.against);
        }
    }

    /// Somebody types a line; what is answered where it was typed, if it is a yes as `yes` says.
    fn act(&mut self, what: &'static str, who: Person, place: &str, line: &str, yes: &str) -> Option<Vec<String>> {
        let name = self.name(who);
        let told = self.hall.say(&name, place, line);
        self.judge(what, who, place, line, yes, &told)
    }

    fn judge(
        &mut self,
        what: &'static str,
        who: Person,
        place: &str,
        line: &str,
        yes: &str,
        told: &[Letter],
    ) -> Option<Vec<String>> {
        self.tally.acts += 1;
        let here = if place == "pm" { format!("pm:{}", self.name(who)) } else { place.to_owned() };
        let answer: Vec<&str> =
            told.iter().filter(|letter| letter.to == here).map(|letter| letter.text.as_str()).collect();
        let answer = answer.join("\n");
        let pattern = Regex::new(yes).unwrap();
        let found = pattern.captures(&answer).map(|found| {
            found.iter().map(|one| one.map_or(String::new(), |one| one.as_str().to_owned())).collect::<Vec<String>>()
        });
        match &found {
            Some(_) => {
                *self.tally.taken.entry(what).or_default() += 1;
                if place != "pm" && place.starts_with("g_") {
                    self.book.active.push((self.hall.now, place.to_owned(), who));
                }
            }
            None => {
                *self.tally.refused.entry(what).or_default() += 1;
                let kind: String = answer.chars().filter(|c| !c.is_ascii_digit()).take(16).collect();
                self.tally.samples.entry((what, kind)).or_insert_with(|| format!("{line}\n    → {answer}"));
            }
        }
        found
    }

    // Who and where.

    fn group_of(&self, town: &str) -> String {
        let fits = |chat: &&Chat| chat.town == town && chat.kind == "镇街学联组群";
        self.district.chats.iter().find(fits).unwrap().id.clone()
    }

    fn resident(&mut self, town: &str) -> Person {
        let all = &self.district.residents[town];
        all[self.dice.under(all.len())]
    }

    fn member(&mut self) -> Person {
        self.district.members[self.dice.under(self.district.members.len())]
    }

    fn somebody(&mut self, town: &str) -> Person {
        match self.dice.under(8) {
            0 => self.member(),
            1 => self.dice.pick(&self.district.experts.clone()).unwrap(),
            2 => self.dice.pick(&self.district.companies.clone()).unwrap(),
            3 => self.dice.pick(&self.district.handlers.clone()).unwrap(),
            _ => self.resident(town),
        }
    }

    fn topic_where(&mut self, fits: impl Fn(&Topic) -> bool) -> Option<u32> {
        let found: Vec<u32> =
            self.book.topics.iter().filter(|(_, topic)| topic.is_live() && fits(topic)).map(|(no, _)| *no).collect();
        self.dice.pick(&found)
    }

    fn topic(&self, no: u32) -> &Topic {
        &self.book.topics[&no]
    }

    fn topic_mut(&mut self, no: u32) -> &mut Topic {
        self.book.topics.get_mut(&no).unwrap()
    }

    /// Where a topic is talked about, and its moderator.
    fn seat(&self, no: u32) -> (String, Person) {
        let topic = self.topic(no);
        (topic.group.clone(), self.district.moderators[&topic.town])
    }

    // A day.

    pub fn day(&mut self, day: NaiveDate, scale: &Scale) {
        let acts = if day.weekday().num_days_from_monday() < 5 { scale.acts } else { scale.acts * 2 / 3 };
        let evening = acts / 12;
        let mut minutes: Vec<u32> = (0..acts - evening).map(|n| 9 * 60 + 10 + n as u32 * 640 / acts as u32).collect();
        minutes.extend((0..evening).map(|n| 20 * 60 + 5 + n as u32 * 80 / evening.max(1) as u32));
        for minute in minutes {
            self.pass(moment(day, minute / 60, minute % 60) + Duration::seconds(7));
            self.something(day, scale.asks);
        }
    }

    fn something(&mut self, day: NaiveDate, asks: usize) {
        match self.dice.under(100) {
            0..5 => self.nonsense(),
            n if (5..5 + asks).contains(&n) => self.ask(),
            5..42 => self.push(day),
            42..62 => self.talk(),
            62..69 => self.like(),
            69..72 => self.vote_somewhere(),
            72..78 => self.second(),
            78..84 => self.work(),
            84..88 => self.gather(day),
            88..92 => self.write_up(),
            92..95 => self.serve(),
            95..96 => self.hide(),
            96..98 => self.around(),
            _ => self.turn_aside(),
        }
    }
}
