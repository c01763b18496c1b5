//! 账本 — a second count of everything, kept by hand: from the lines people typed and from whether the bot said yes. It knows nothing
//! of facts, deeds or the store.

use super::district::{District, SIDES};
use super::polls::Poll;
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use chrono_tz::Asia::Shanghai;
use std::collections::{BTreeMap, BTreeSet};

pub type At = DateTime<Utc>;
pub type Person = usize;

/// 四单六步.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Ordered,
    Taken,
    Talking,
    Planning,
    Noticing,
    Reviewing,
    Voting,
    Tracking,
    Closed,
}

/// Something somebody said.
#[derive(Debug, Clone)]
pub struct Word {
    pub at: At,
    pub by: Person,
    pub gone: bool,
    pub hidden: bool,
}

impl Word {
    pub fn new(at: At, by: Person) -> Self {
        Self { at, by, gone: false, hidden: false }
    }

    pub fn stands(&self) -> bool {
        !self.gone && !self.hidden
    }
}

#[derive(Debug, Clone)]
pub struct Suggestion {
    pub word: Word,
    pub likes: BTreeMap<Person, At>,
    pub replies: Vec<Word>,
    pub verdict: Option<(At, bool)>,
}

#[derive(Debug, Clone)]
pub struct Objection {
    pub word: Word,
    pub answered: Vec<(At, Person)>,
    pub is_open: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    Paused,
    Ended,
    Merged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    Assigned,
    Acked,
    Answered,
    Done,
    Returned,
}

#[derive(Debug, Clone)]
pub struct Task {
    pub topic: u32,
    pub due: NaiveDate,
    pub handler: Person,
    pub state: TaskState,
    pub assigned: Vec<At>,
    pub refused: u32,
    pub rated: Vec<(At, bool)>,
}

#[derive(Debug, Clone)]
pub struct Topic {
    pub town: String,
    pub proposer: Person,
    pub lead: Option<Person>,
    pub kind: &'static str,
    pub flow: &'static str,
    pub step: Step,
    pub entered: BTreeMap<Step, At>,
    pub halt: Option<Halt>,
    pub gone: bool,
    pub seconds: BTreeMap<Person, At>,
    /// 附议 of topics that went on as this one.
    pub joined: BTreeMap<Person, At>,
    pub suggestions: BTreeMap<u32, Suggestion>,
    pub objections: BTreeMap<u32, Objection>,
    /// 方案、专家意见、活动签到.
    pub came: Vec<(At, Person)>,
    pub taken_by: Option<(At, Person)>,
    pub invited: Vec<(At, Person)>,
    /// Every 办结, with what came of it.
    pub closings: Vec<(At, Vec<(&'static str, u32)>)>,
    /// 并案 — into which, and when.
    pub merged: Option<(u32, At)>,
    pub group: String,
    pub plans: u32,
    pub notice_ends: Option<NaiveDate>,
    pub reviewed: bool,
    pub pact: bool,
    pub roll: Vec<Person>,
    pub poll: Option<Poll>,
    /// Households that voted against in a vote that was counted.
    pub against: BTreeSet<Person>,
    pub failed: u32,
    /// Households that turned, in the vote that carried.
    pub turned: Option<(At, u32)>,
    /// 层级, each from when it was said.
    pub tiers: Vec<(At, &'static str)>,
}

impl Topic {
    /// Six steps have experts review the plan: 智力支持型, also where it was not called so.
    pub fn counted(&self) -> &'static str {
        if self.kind == "牵线搭桥型" && self.flow == "六步" { "智力支持型" } else { self.kind }
    }

    pub fn new(at: At, town: String, proposer: Person, group: String) -> Self {
        Self {
            town,
            proposer,
            lead: None,
            kind: "牵线搭桥型",
            flow: "圆桌",
            step: Step::Ordered,
            entered: BTreeMap::from([(Step::Ordered, at)]),
            halt: None,
            gone: false,
            seconds: BTreeMap::new(),
            joined: BTreeMap::new(),
            suggestions: BTreeMap::new(),
            objections: BTreeMap::new(),
            came: Vec::new(),
            taken_by: None,
            invited: Vec::new(),
            closings: Vec::new(),
            merged: None,
            group,
            plans: 0,
            notice_ends: None,
            reviewed: false,
            pact: false,
            roll: Vec::new(),
            poll: None,
            against: BTreeSet::new(),
            failed: 0,
            turned: None,
            tiers: Vec::new(),
        }
    }

    pub fn enter(&mut self, step: Step, at: At) {
        self.step = step;
        self.entered.entry(step).or_insert(at);
    }

    pub fn is_live(&self) -> bool {
        !self.gone && self.halt.is_none() && self.step != Step::Closed
    }

    pub fn standing(&self) -> impl Iterator<Item = &Suggestion> {
        self.suggestions.values().filter(|one| one.word.stands())
    }

    fn open_objections(&self) -> impl Iterator<Item = &Objection> {
        self.objections.values().filter(|one| one.word.stands())
    }

    /// 建议、跟帖、异议 that stand.
    fn words(&self) -> Vec<(At, Person)> {
        let mut words = Vec::new();
        for one in self.standing() {
            words.push((one.word.at, one.word.by));
            words.extend(one.replies.iter().filter(|reply| reply.stands()).map(|reply| (reply.at, reply.by)));
        }
        words.extend(self.open_objections().map(|one| (one.word.at, one.word.by)));
        words
    }

    /// 五方到场 — who spoke, answered, drafted, reviewed, came.
    fn present(&self) -> Vec<(At, Person)> {
        let mut found = self.words();
        found.extend(self.open_objections().flat_map(|one| one.answered.iter().copied()));
        found.extend(self.came.iter().copied());
        found
    }

    /// 点单 — not where it was merged before any paper told of it.
    fn is_a_request(&self) -> bool {
        self.merged.is_none_or(|(_, at)| self.entered[&Step::Ordered] < paper_before(at))
    }

    /// 层级 — under which it counts that it came to a step: what was said by the end of that month.
    fn tier(&self, step: Step) -> &'static str {
        let Some(came) = self.entered.get(&step).map(|at| date(*at)) else { return "微协商" };
        let month = |day: NaiveDate| (day.year(), day.month());
        let said = self.tiers.iter().rev().find(|(at, _)| month(date(*at)) <= month(came));
        said.map_or("微协商", |(_, tier)| tier)
    }

    /// 附议 — one a person, those of merged topics too; whoever asked for it is none of them.
    pub fn seconded(&self) -> usize {
        let people: BTreeSet<&Person> = self.seconds.keys().chain(self.joined.keys()).collect();
        people.into_iter().filter(|person| **person != self.proposer).count()
    }

    /// 委员参与 — that, and who asked, took up, seconded, liked. Who seconded what went on as this one took part in that one.
    fn took_part(&self) -> Vec<(At, Person)> {
        let mut found = self.present();
        found.push((self.entered[&Step::Ordered], self.proposer));
        found.extend(self.taken_by);
        found.extend(self.seconds.iter().map(|(by, at)| (*at, *by)));
        found.extend(self.standing().flat_map(|one| one.likes.iter().map(|(by, at)| (*at, *by))));
        found
    }
}

#[derive(Debug, Clone)]
pub struct Gathering {
    pub topic: Option<u32>,
    pub town: String,
    pub group: String,
    /// 取消.
    pub off: bool,
    pub round_table: bool,
    pub signed: Vec<(At, Person)>,
    pub minuted: Vec<At>,
}

#[derive(Debug, Clone)]
pub struct Brief {
    pub at: At,
    pub by: Person,
    pub gone: bool,
    pub adopted: Vec<(At, &'static str)>,
}

#[derive(Debug, Clone)]
pub struct Proposal {
    pub at: At,
    pub by: Person,
    pub gone: bool,
    pub filed: Option<At>,
    pub handler: Option<Person>,
    pub answered: Option<(At, bool)>,
}

#[derive(Debug, Clone)]
pub struct Served {
    pub at: At,
    pub by: Person,
    pub visit: bool,
    pub heads: u32,
    pub topic: Option<u32>,
    pub gone: bool,
}

/// 爱心项目.
#[derive(Debug, Clone)]
pub struct Gift {
    pub by: Person,
    pub topic: Option<u32>,
    /// 实施, 完成 — when first.
    pub carried: Option<At>,
}

/// 阵地.
#[derive(Debug, Clone)]
pub struct Station {
    pub town: String,
    pub since: At,
    pub closed: Option<At>,
}

/// 扫码点单 — at which station, by whom, and the topic it became.
#[derive(Debug, Clone)]
pub struct Slip {
    pub at: At,
    pub station: String,
    pub by: Person,
    pub topic: Option<u32>,
}

/// 周末有约 — a gathering that comes back.
#[derive(Debug, Clone)]
pub struct Series {
    pub group: String,
    pub name: &'static str,
    pub town: String,
    pub topic: Option<u32>,
    pub ended: bool,
}

/// Of what figures are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    District,
    Town(String),
    Sector(&'static str),
}

/// What a paper says, by name.
pub type Said = BTreeMap<String, String>;

#[derive(Debug, Default)]
pub struct Book {
    pub topics: BTreeMap<u32, Topic>,
    pub tasks: BTreeMap<u32, Task>,
    pub gatherings: BTreeMap<u32, Gathering>,
    pub briefs: BTreeMap<u32, Brief>,
    pub proposals: BTreeMap<u32, Proposal>,
    pub served: Vec<Served>,
    pub gifts: BTreeMap<u32, Gift>,
    pub stations: BTreeMap<String, Station>,
    pub slips: Vec<Slip>,
    pub series: Vec<Series>,
    /// Who did something in which group.
    pub active: Vec<(At, String, Person)>,
}

pub fn date(at: At) -> NaiveDate {
    at.with_timezone(&Shanghai).date_naive()
}

fn per_cent(part: u32, whole: u32) -> Option<u32> {
    // Halves go up.
    (whole > 0).then(|| (200 * part + whole) / (2 * whole))
}

fn within(from: At, to: At) -> impl Fn(At) -> bool {
    move |at| from <= at && at < to
}

fn len<T>(found: impl Iterator<Item = T>) -> u32 {
    u32::try_from(found.count()).unwrap()
}

/// When the last paper before a moment ended: at midnight or at eight in the evening.
fn paper_before(at: At) -> At {
    let midnight = super::life::moment(date(at), 0, 0);
    let evening = super::life::moment(date(at), 20, 0);
    if evening <= at { evening } else { midnight }
}

impl Book {
    /// A topic and all that was merged into it, whether at once or by way of others.
    pub fn whole(&self, no: u32) -> Vec<u32> {
        let mut found = vec![no];
        let mut at = 0;
        while at < found.len() {
            let into = found[at];
            let came = self.topics.iter().filter(|(_, topic)| topic.merged.is_some_and(|(to, _)| to == into));
            found.extend(came.map(|(no, _)| *no));
            at += 1;
        }
        found
    }

    /// When it was first said what becomes of a suggestion, and the topic by whose 办结, or its own.
    fn settled(&self, no: u32, one: &Suggestion) -> Option<(At, u32)> {
        let (mut at, mut since, mut closings) = (no, one.word.at, Vec::new());
        loop {
            let topic = &self.topics[&at];
            closings.extend(topic.closings.iter().filter(|(when, _)| *when >= since).map(|(when, _)| (*when, at)));
            let Some((into, when)) = topic.merged else { break };
            (at, since) = (into, since.max(when));
        }
        let judged = one.verdict.map(|(at, _)| (at, no));
        closings.into_iter().chain(judged).min()
    }

    /// A second of somebody who had seconded, or asked for, what the topic was merged into, before any paper told of it.
    fn is_double(&self, topic: &Topic, who: Person, at: At) -> bool {
        let Some((into, when)) = topic.merged.filter(|(_, when)| at >= paper_before(*when)) else { return false };
        let earlier = |other: &&Topic| other.merged.is_some_and(|(to, then)| to == into && then < when);
        let other = &self.topics[&into];
        other.proposer == who
            || other.seconds.contains_key(&who)
            || self.topics.values().filter(earlier).any(|other| other.seconds.contains_key(&who))
    }

    pub fn sectors(&self, district: &District, no: u32) -> BTreeSet<&'static str> {
        let topic = &self.topics[&no];
        let joined = topic.joined.iter().map(|(by, at)| (*at, *by));
        let people = topic.took_part().into_iter().chain(joined).filter(|(_, by)| district.people[*by].member);
        people.map(|(at, by)| district.people[by].was_at(at).1).collect()
    }

    fn scope(&self, district: &District, of: &Of) -> Vec<(u32, &Topic)> {
        let fits = |no: u32, topic: &Topic| match of {
            Of::District => true,
            Of::Town(town) => topic.town == *town,
            Of::Sector(sector) => self.sectors(district, no).contains(sector),
        };
        self.topics
            .iter()
            .filter(|(no, topic)| !topic.gone && fits(**no, topic))
            .map(|(no, topic)| (*no, topic))
            .collect()
    }

    /// Whether somebody is of it, as they were at a moment.
    fn is_of(district: &District, of: &Of, by: Person, at: At) -> bool {
        match of {
            Of::District => true,
            Of::Town(town) => district.people[by].town == *town,
            Of::Sector(sector) => district.people[by].was_at(at).1 == *sector,
        }
    }

    /// 今日数 and everything else that is a plain sum over topics.
    pub fn sums(&self, district: &District, of: &Of, from: At, to: At) -> BTreeMap<&'static str, u32> {
        let inside = within(from, to);
        let mut sums: BTreeMap<&'static str, u32> = BTreeMap::new();
        let mut add = |name, n| *sums.entry(name).or_insert(0) += n;
        for (no, topic) in self.scope(district, of) {
            for (step, name) in [
                (Step::Ordered, "点单"),
                (Step::Taken, "买单"),
                (Step::Talking, "解单"),
                (Step::Tracking, "查单"),
                (Step::Closed, "办结"),
            ] {
                let is_own = step != Step::Ordered || topic.is_a_request();
                add(name, u32::from(is_own && topic.entered.get(&step).is_some_and(|at| inside(*at))));
            }
            let is_double = |who: &Person, at: At| self.is_double(topic, *who, at);
            add("附议", len(topic.seconds.iter().filter(|(who, at)| inside(**at) && !is_double(who, **at))));
            for one in topic.standing() {
                add("建议", u32::from(inside(one.word.at)));
                add("跟帖", len(one.replies.iter().filter(|reply| reply.stands() && inside(reply.at))));
                add("点赞", len(one.likes.values().filter(|at| inside(**at))));
                add("采纳", u32::from(one.verdict.is_some_and(|(at, adopted)| inside(at) && adopted)));
            }
            for member in self.whole(no) {
                let of_it = self.topics[&member].standing().filter_map(|one| self.settled(member, one));
                add("结论", len(of_it.filter(|(at, of)| *of == no && inside(*at))));
            }
            for task in self.tasks.values().filter(|task| task.topic == no) {
                add("交办", len(task.assigned.iter().filter(|at| inside(**at))));
                for (_, fine) in task.rated.iter().filter(|(at, _)| inside(*at)) {
                    add("已评价", 1);
                    add("满意", u32::from(*fine));
                }
            }
        }
        sums
    }

    fn gatherings_of(&self, district: &District, of: &Of) -> Vec<&Gathering> {
        let scope: BTreeSet<u32> = self.scope(district, of).into_iter().map(|(no, _)| no).collect();
        let fits = |one: &&Gathering| match (one.topic, of) {
            (Some(no), _) => scope.contains(&no),
            (None, Of::District) => true,
            (None, Of::Town(town)) => one.town == *town,
            (None, Of::Sector(_)) => false,
        };
        self.gatherings.values().filter(fits).collect()
    }

    /// Everything a sheet says (/统计).
    pub fn sheet(&self, district: &District, of: &Of, from: At, to: At, now: At, lights: bool) -> Said {
        let inside = within(from, to);
        let sums = self.sums(district, of, from, to);
        let sum = |name: &str| sums.get(name).copied().unwrap_or(0);
        let mut said = Said::new();
        for name in ["点单", "买单", "解单", "查单", "办结", "建议", "采纳", "跟帖", "点赞", "附议", "交办", "已评价"]
        {
            said.insert(name.to_owned(), sum(name).to_string());
        }
        let mut rate = |name: &str, part, whole| {
            if let Some(rate) = per_cent(part, whole) {
                said.insert(name.to_owned(), rate.to_string());
            }
        };
        rate("采纳率", sum("采纳"), sum("结论"));
        rate("满意率", sum("满意"), sum("已评价"));
        let scope = self.scope(district, of);
        let entered = |topic: &Topic, step| topic.entered.get(&step).is_some_and(|at| inside(*at));
        let micro = |step| len(scope.iter().filter(|(_, topic)| topic.tier(step) == "微协商" && entered(topic, step)));
        rate("就地办结占", micro(Step::Closed), sum("办结"));
        let micro = micro(Step::Talking);
        if sum("点单") > 0 {
            rate("办结率", sum("办结"), sum("点单"));
            let asked = |topic: &&Topic| {
                topic.is_a_request()
                    && inside(topic.entered[&Step::Ordered])
                    && district.people[topic.proposer].was_at(topic.entered[&Step::Ordered]).0 == "群众"
            };
            rate("群众点单占", len(scope.iter().map(|(_, topic)| *topic).filter(asked)), sum("点单"));
        }
        said.insert("微协商".to_owned(), micro.to_string());
        for tier in ["全会", "常委会", "界别"] {
            let n = len(scope
                .iter()
                .filter(|(_, topic)| topic.tier(Step::Talking) == tier && entered(topic, Step::Talking)));
            if n > 0 {
                said.insert(format!("{tier}协商"), n.to_string());
            }
        }
        self.who(district, of, (from, to), &mut said);
        self.of_work(district, of, (from, to), &mut said);
        self.of_briefs(district, of, (from, to), &mut said);
        if lights {
            let (red, yellow, waiting) = self.lit(district, of, to.min(now));
            let list = |numbers: Vec<u32>| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join("、");
            said.insert("红灯".to_owned(), list(red));
            said.insert("黄灯".to_owned(), list(yellow));
            said.insert("待买单".to_owned(), list(waiting));
        }
        if *of == Of::District {
            let mut groups: BTreeMap<&str, BTreeSet<Person>> = BTreeMap::new();
            for (_, group, by) in self.active.iter().filter(|(at, ..)| inside(*at)) {
                groups.entry(group).or_default().insert(*by);
            }
            said.insert("登记".to_owned(), district.chats.len().to_string());
            said.insert("用起来".to_owned(), groups.len().to_string());
            said.insert("活起来".to_owned(), len(groups.values().filter(|people| people.len() >= 3)).to_string());
            self.of_stations((from, to), &mut said);
        }
        said
    }

    fn who(&self, district: &District, of: &Of, (from, to): (At, At), said: &mut Said) {
        let inside = within(from, to);
        let scope = self.scope(district, of);
        let mut members: BTreeSet<(Person, u32, NaiveDate)> = BTreeSet::new();
        let mut present: Vec<(At, Person)> = Vec::new();
        for (no, topic) in &scope {
            for (at, by) in topic.took_part().into_iter().filter(|(at, _)| inside(*at)) {
                let is_own = !matches!(of, Of::Sector(_)) || Self::is_of(district, of, by, at);
                if district.people[by].member && is_own {
                    members.insert((by, *no, date(at)));
                }
            }
            let neutral = district.moderators.get(&topic.town);
            let there = topic.present().into_iter().filter(|(at, by)| inside(*at) && neutral != Some(by));
            present.extend(there);
        }
        for one in self.gatherings_of(district, of).into_iter().filter(|one| one.topic.is_none()) {
            present.extend(one.signed.iter().filter(|(at, _)| inside(*at)));
        }
        present.retain(|(_, by)| !district.people[*by].coordinates);
        // Each for the side they stood for when they first came.
        present.sort_unstable();
        let mut sides: BTreeMap<Person, &str> = BTreeMap::new();
        for (at, by) in present {
            sides.entry(by).or_insert_with(|| district.people[by].was_at(at).0);
        }
        said.insert("委员参与".to_owned(), members.len().to_string());
        for level in ["省", "市", "区"] {
            let n = len(members.iter().filter(|(by, ..)| district.people[*by].level == level));
            said.insert(format!("委员参与{level}"), n.to_string());
        }
        for side in SIDES {
            let n = len(sides.values().filter(|stood| **stood == side));
            said.insert(format!("五方{side}"), n.to_string());
        }
        let mut first: BTreeMap<Person, (At, u32)> = BTreeMap::new();
        for (no, topic) in &self.topics {
            for (at, by) in topic.words() {
                let known = first.entry(by).or_insert((at, *no));
                *known = (*known).min((at, *no));
            }
        }
        let numbers: BTreeSet<u32> = scope.iter().map(|(no, _)| *no).collect();
        let spoke = first.iter().filter(|(by, (at, no))| {
            inside(*at) && numbers.contains(no) && district.people[**by].was_at(*at).0 == "群众"
        });
        said.insert("首次发言".to_owned(), len(spoke).to_string());
        let turned = scope.iter().filter_map(|(_, topic)| topic.turned).filter(|(at, _)| inside(*at));
        said.insert("转为赞成".to_owned(), turned.map(|(_, n)| n).sum::<u32>().to_string());
    }

    fn of_work(&self, district: &District, of: &Of, (from, to): (At, At), said: &mut Said) {
        let inside = within(from, to);
        let scope = self.scope(district, of);
        let gatherings = self.gatherings_of(district, of);
        let held = gatherings.iter().filter(|one| one.signed.iter().any(|(at, _)| inside(*at)));
        said.insert("活动场".to_owned(), len(held).to_string());
        let signed = gatherings.iter().flat_map(|one| &one.signed).filter(|(at, _)| inside(*at));
        said.insert("活动人".to_owned(), len(signed).to_string());
        let at_round_table = |one: &&&Gathering| {
            one.round_table
                && (one.signed.iter().any(|(at, _)| inside(*at)) || one.minuted.iter().any(|at| inside(*at)))
        };
        said.insert("圆桌会".to_owned(), len(gatherings.iter().filter(at_round_table)).to_string());
        let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
        let (mut days, mut closings, mut bridged) = (0, 0, 0);
        for (_, topic) in &scope {
            if let Some((at, _)) = topic.closings.first().filter(|(at, _)| inside(*at)) {
                days += (date(*at) - date(topic.entered[&Step::Ordered])).num_days();
                closings += 1;
            }
            // Closed again, only what is more.
            let mut known: BTreeMap<&str, u32> = BTreeMap::new();
            for (at, made) in &topic.closings {
                for (what, n) in made {
                    let before = known.entry(what).or_default();
                    let more = n.saturating_sub(*before);
                    *before = (*n).max(*before);
                    if inside(*at) {
                        *outcomes.entry(what).or_default() += more;
                        bridged +=
                            if *what == "化解矛盾" && topic.counted() == "牵线搭桥型" { more } else { 0 };
                    }
                }
            }
        }
        for what in ["化解矛盾", "民生工程"] {
            said.insert(what.to_owned(), outcomes.get(what).copied().unwrap_or(0).to_string());
        }
        said.insert("爱心项目".to_owned(), self.given(district, of, (from, to)).to_string());
        said.insert("牵线搭桥化解".to_owned(), bridged.to_string());
        if closings > 0 {
            said.insert("平均历时".to_owned(), ((days as f64 / f64::from(closings)) + 0.5).floor().to_string());
        }
        let expert: Vec<&Topic> =
            scope.iter().map(|(_, topic)| *topic).filter(|topic| topic.counted() == "智力支持型").collect();
        let first = |step| len(expert.iter().filter(|topic| topic.entered.get(&step).is_some_and(|at| inside(*at))));
        said.insert("智力支持协商".to_owned(), first(Step::Talking).to_string());
        said.insert("智力支持办结".to_owned(), first(Step::Closed).to_string());
        let asked = expert.iter().flat_map(|topic| &topic.invited).filter(|(at, _)| inside(*at));
        let guests: BTreeSet<Person> = asked.map(|(_, by)| *by).collect();
        said.insert("智力支持邀请".to_owned(), guests.len().to_string());
        let waits: Vec<i64> = scope
            .iter()
            .filter_map(|(_, topic)| {
                let at = topic.entered.get(&Step::Taken).filter(|at| inside(**at))?;
                Some((*at - topic.entered[&Step::Ordered]).num_minutes())
            })
            .collect();
        if !waits.is_empty() && (said["点单"] != "0" || said["办结"] != "0") {
            let hours = (waits.iter().sum::<i64>() as f64 / waits.len() as f64 / 60.0 + 0.5).floor() as i64;
            let text = match hours {
                0 => "不到1小时".to_owned(),
                1..48 => format!("{hours}小时"),
                _ => format!("{}天", hours / 24),
            };
            said.insert("点单到买单".to_owned(), text);
        }
    }

    fn of_briefs(&self, district: &District, of: &Of, (from, to): (At, At), said: &mut Said) {
        let inside = within(from, to);
        let own = |by: Person, at: At| Self::is_of(district, of, by, at);
        let received = self.briefs.values().filter(|one| !one.gone && inside(one.at) && own(one.by, one.at));
        said.insert("社情民意".to_owned(), len(received).to_string());
        for level in ["区政协", "市政协", "省政协"] {
            let taken = self.briefs.values().filter(|one| {
                !one.gone && one.adopted.iter().any(|(at, by)| *by == level && inside(*at) && own(one.by, *at))
            });
            said.insert(format!("采用{level}"), len(taken).to_string());
        }
        let proposals: Vec<&Proposal> = self.proposals.values().filter(|one| !one.gone).collect();
        let counts = |one: &Proposal, at: At| inside(at) && own(one.by, at);
        let proposed = len(proposals.iter().filter(|one| counts(one, one.at)));
        let filed = len(proposals.iter().filter(|one| one.filed.is_some_and(|at| counts(one, at))));
        let taken_in =
            len(proposals.iter().filter(|one| one.answered.is_some_and(|(at, taken)| taken && counts(one, at))));
        if proposed > 0 || taken_in > 0 {
            said.insert("微提案".to_owned(), format!("{proposed} {filed} {taken_in}"));
        }
        let numbers: BTreeSet<u32> = self.scope(district, of).into_iter().map(|(no, _)| no).collect();
        let counts = |one: &&Served| {
            !one.gone
                && inside(one.at)
                && match (one.topic, of) {
                    (Some(no), Of::Sector(_)) => numbers.contains(&no) && own(one.by, one.at),
                    (Some(no), _) => numbers.contains(&no),
                    (None, _) => own(one.by, one.at),
                }
        };
        let served: Vec<&Served> = self.served.iter().filter(counts).collect();
        let heads: u32 = served.iter().filter(|one| one.visit).map(|one| one.heads).sum();
        said.insert("走访人次".to_owned(), heads.to_string());
        let gathered = served.iter().filter(|one| one.visit && one.topic.is_some());
        said.insert("收集民意".to_owned(), len(gathered).to_string());
        said.insert("微调研".to_owned(), len(served.iter().filter(|one| !one.visit)).to_string());
    }

    /// 爱心项目 — carried out: each counts on the day on which it first is; of one topic, projects and what it is closed with are the same
    /// ones, so only what is more counts.
    fn given(&self, district: &District, of: &Of, (from, to): (At, At)) -> u32 {
        let inside = within(from, to);
        let mut n = 0;
        for (no, topic) in self.scope(district, of) {
            let carried = self.gifts.values().filter(|gift| gift.topic == Some(no)).filter_map(|gift| gift.carried);
            let mut events: Vec<(At, Option<u32>)> = carried.map(|at| (at, None)).collect();
            for (at, made) in &topic.closings {
                let of_it = made.iter().filter(|(what, _)| *what == "爱心项目").map(|(_, n)| n).sum();
                events.push((*at, Some(of_it)));
            }
            events.sort_unstable();
            let (mut alone, mut closed, mut known) = (0_u32, 0_u32, 0_u32);
            for (at, made) in events {
                match made {
                    None => alone += 1,
                    Some(made) => closed = closed.max(made),
                }
                let all = alone.max(closed);
                n += if inside(at) { all - known } else { 0 };
                known = all;
            }
        }
        let of_none = self.gifts.values().filter(|gift| gift.topic.is_none_or(|no| self.topics[&no].gone));
        n + len(
            of_none.filter(|gift| gift.carried.is_some_and(|at| inside(at) && Self::is_of(district, of, gift.by, at)))
        )
    }

    fn of_stations(&self, (from, to): (At, At), said: &mut Said) {
        let inside = within(from, to);
        let is_there = |one: &Station| one.since < to && one.closed.is_none_or(|at| at >= to);
        let there: BTreeSet<&str> =
            self.stations.iter().filter(|(_, one)| is_there(one)).map(|(name, _)| name.as_str()).collect();
        if there.is_empty() {
            return;
        }
        let mut people: BTreeMap<&str, BTreeSet<Person>> = BTreeMap::new();
        for slip in self.slips.iter().filter(|slip| inside(slip.at) && there.contains(slip.station.as_str())) {
            people.entry(&slip.station).or_default().insert(slip.by);
        }
        said.insert("阵地登记".to_owned(), there.len().to_string());
        said.insert("阵地用起来".to_owned(), people.len().to_string());
        let lively = people.values().filter(|people| people.len() >= 3);
        said.insert("阵地活起来".to_owned(), len(lively).to_string());
    }

    /// What /阵地 says, as patterns: stations in use, what came in through each, and what of it is closed.
    pub fn station_list(&self) -> Vec<String> {
        let open: Vec<&String> =
            self.stations.iter().filter(|(_, one)| one.closed.is_none()).map(|(name, _)| name).collect();
        let is_closed = |no: u32| !self.topics[&no].gone && self.topics[&no].step == Step::Closed;
        let (mut rows, mut got, mut done) = (Vec::new(), 0, 0);
        for name in &open {
            let came: Vec<&Slip> = self.slips.iter().filter(|slip| slip.station == **name).collect();
            let closed = came.iter().filter(|slip| slip.topic.is_some_and(is_closed)).count();
            rows.push(format!("{name}（[^）]*）收件{}，办结{closed}(?:，|\n|$)", came.len()));
            (got, done) = (got + came.len(), done + closed);
        }
        rows.push(format!("阵地{}个，收件{got}件，办结{done}件", open.len()));
        rows
    }

    /// 红灯、黄灯、待买单超3天.
    pub fn lit(&self, district: &District, of: &Of, at: At) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
        let (mut red, mut yellow, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        for (no, topic) in self.scope(district, of) {
            if topic.halt.is_some() {
                continue;
            }
            if topic.step == Step::Ordered && at - topic.entered[&Step::Ordered] >= Duration::hours(72) {
                waiting.push(no);
            }
            for (task_no, task) in self.tasks.iter().filter(|(_, task)| task.topic == no) {
                let left = (task.due - date(at)).num_days();
                match task.state {
                    TaskState::Assigned | TaskState::Acked if left < 0 || task.refused >= 2 => red.push(*task_no),
                    TaskState::Assigned | TaskState::Acked if left <= 3 => yellow.push(*task_no),
                    _ => {}
                }
            }
        }
        red.sort_unstable();
        yellow.sort_unstable();
        (red, yellow, waiting)
    }

    /// What has been asked, as one number for the eye.
    pub fn size(&self) -> String {
        let tasks = self.tasks.len();
        let closed = self.topics.values().filter(|topic| topic.step == Step::Closed).count();
        let suggestions: usize = self.topics.values().map(|topic| topic.suggestions.len()).sum();
        format!("{} topics ({closed} closed), {suggestions} suggestions, {tasks} tasks", self.topics.len())
    }
}

/// “4月15日” or “2026年1月5日” as people are told it.
pub fn told_date(text: &str, near: At) -> Option<NaiveDate> {
    let pattern = regex::Regex::new(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日").unwrap();
    let found = pattern.captures(text)?;
    let number = |n: usize| found.get(n).map(|one| one.as_str().parse::<i32>().unwrap());
    let year = number(1).unwrap_or(date(near).year());
    NaiveDate::from_ymd_opt(year, number(2)?.unsigned_abs(), number(3)?.unsigned_abs())
}
