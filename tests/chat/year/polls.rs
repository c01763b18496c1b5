//! 计票 — what a vote came to, counted a second time from the lines people sent: yes and no, marks, points, and the rounds of a runoff.

use super::book::{At, Person};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// How a poll asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// 赞成、反对.
    Choice,
    Single,
    /// 多选, so many at most.
    Multiple(usize),
    Ranked,
    /// 分配, so many points.
    Budget(u32),
}

impl Asks {
    /// As it is written in the line that opens it.
    pub fn written(self) -> String {
        match self {
            Self::Choice => String::new(),
            Self::Single => "单选".to_owned(),
            Self::Multiple(most) => format!("多选{most}"),
            Self::Ranked => "排序".to_owned(),
            Self::Budget(points) => format!("分配{points}"),
        }
    }

    fn unit(self) -> &'static str {
        if matches!(self, Self::Budget(_)) { "分" } else { "票" }
    }
}

/// An option, from 0, and what it was given.
pub type Mark = (usize, u32);

#[derive(Debug, Clone)]
pub struct Poll {
    /// The vote of its step, which decides.
    pub formal: bool,
    pub secret: bool,
    /// 规则, as written.
    pub rule: &'static str,
    pub asks: Asks,
    pub options: Vec<&'static str>,
    /// On the roll.
    pub seats: usize,
    pub ends: At,
    /// The last ballot of each household.
    pub ballots: BTreeMap<Person, (At, bool)>,
    pub against: BTreeSet<Person>,
    /// The last ballot of each where there are options; 弃权 marks none.
    pub marks: BTreeMap<Person, Vec<Mark>>,
}

/// One option in the end: its number from 0, what it got, and how many rounds it was in.
type Place = (usize, u32, usize);

impl Poll {
    pub fn new(formal: bool, rule: &'static str, seats: usize, ends: At) -> Self {
        Self {
            formal,
            secret: false,
            rule,
            asks: Asks::Choice,
            options: Vec::new(),
            seats,
            ends,
            ballots: BTreeMap::new(),
            against: BTreeSet::new(),
            marks: BTreeMap::new(),
        }
    }

    /// Whether a vote by yes and no carried: every household has as much area as any other.
    pub fn carries(&self) -> bool {
        let (cast, yes) = (self.ballots.len(), self.ballots.values().filter(|(_, yes)| *yes).count());
        let most_take_part = 3 * cast >= 2 * self.seats;
        match self.rule {
            "业主重大" => most_take_part && 4 * yes >= 3 * cast,
            "业主一般" => most_take_part && 2 * yes > cast,
            "过半" => cast >= 3 && 2 * yes > cast,
            "一致" => cast == self.seats && yes == cast,
            other => panic!("{other} decides nothing"),
        }
    }

    /// What is wrong with a result as it was told.
    pub fn against_result(&self, told: &str) -> Vec<String> {
        match self.asks {
            Asks::Choice => self.against_choice(told),
            Asks::Single | Asks::Multiple(_) | Asks::Ranked | Asks::Budget(_) => self.against_options(told),
        }
    }

    fn against_choice(&self, told: &str) -> Vec<String> {
        let number = |pattern: &str| {
            Regex::new(pattern).unwrap().captures(told).map_or("nothing".to_owned(), |found| found[1].to_owned())
        };
        let yes = self.ballots.values().filter(|(_, yes)| *yes).count();
        let cast = self.ballots.len();
        let mut faults = Vec::new();
        let figures = [
            (r"赞成：?(\d+)", yes.to_string()),
            (r"反对(\d+)", (cast - yes).to_string()),
            (r"参与：?(\d+/\d+)人", format!("{cast}/{}", self.seats)),
        ];
        for (pattern, known) in figures {
            let said = number(pattern);
            if said != known {
                faults.push(format!("{pattern} is {said}, counted {known}"));
            }
        }
        if self.rule != "摸底" && told.contains("表决结果：通过") != self.carries() {
            faults.push(format!("carries {}", self.carries()));
        }
        faults
    }

    fn against_options(&self, told: &str) -> Vec<String> {
        let (mut places, rounds) = self.places();
        places.sort_by_key(|(option, n, lasted)| (std::cmp::Reverse((*lasted, *n)), *option));
        let best = places[0];
        let is_best = |one: &&Place| (one.1, one.2) == (best.1, best.2);
        let names: Vec<&str> = places.iter().filter(is_best).map(|(option, ..)| self.options[*option]).collect();
        let first = match names.as_slice() {
            _ if best.1 == 0 => "没有人选".to_owned(),
            [one] => format!("“{one}”第一"),
            several => format!("{}并列第一", several.join("、")),
        };
        let mut wanted = vec![format!("投票结果：{first}（参与{}/{}人）", self.marks.len(), self.seats)];
        for (option, n, _) in &places {
            // Under its number on the card, whoever came first.
            wanted.push(format!("{}. {} {n}{}", option + 1, self.options[*option], self.asks.unit()));
        }
        if rounds > 1 {
            wanted.push(format!("即时决选{rounds}轮"));
        }
        wanted.retain(|line| !told.contains(line.as_str()));
        wanted.into_iter().map(|line| format!("not told: {line}")).collect()
    }

    /// What every option got, and how many rounds there were.
    fn places(&self) -> (Vec<Place>, usize) {
        if self.asks == Asks::Ranked {
            return self.runoff();
        }
        let sum = |option: usize| {
            let given = self.marks.values().flatten().filter(|(marked, _)| *marked == option);
            (option, given.map(|(_, n)| n).sum(), 0)
        };
        ((0..self.options.len()).map(sum).collect(), 0)
    }

    /// The fewest go out, equals together, until one has more than half of what still counts, or all that are left are equal.
    fn runoff(&self) -> (Vec<Place>, usize) {
        let mut left: BTreeSet<usize> = (0..self.options.len()).collect();
        let (mut places, mut round) = (Vec::new(), 0);
        loop {
            round += 1;
            let mut got: BTreeMap<usize, u32> = left.iter().map(|option| (*option, 0)).collect();
            for ballot in self.marks.values() {
                if let Some((option, _)) = ballot.iter().find(|(option, _)| left.contains(option)) {
                    *got.get_mut(option).unwrap() += 1;
                }
            }
            let (all, most) = (got.values().sum::<u32>(), *got.values().max().unwrap());
            let fewest = *got.values().min().unwrap();
            if 2 * most > all || most == fewest {
                places.extend(got.into_iter().map(|(option, n)| (option, n, round)));
                break;
            }
            for (option, n) in got.into_iter().filter(|(_, n)| *n == fewest) {
                left.remove(&option);
                places.push((option, n, round));
            }
        }
        if self.marks.values().all(Vec::is_empty) {
            return (places.into_iter().map(|(option, n, _)| (option, n, 0)).collect(), 0);
        }
        (places, round)
    }
}
