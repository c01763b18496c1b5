//! 表决 — polls: ballots, the count and what is told of it. How a poll is counted: [`Rule`].

use super::absence;
pub mod fact;
pub mod filling;
pub mod opening;
pub mod ranking;
pub mod telling;
pub mod terms;

pub use self::fact::{Ask, Fact, ask};
use self::filling::Filled;
use self::opening::Frame;
use self::terms::Marks;
use super::command::{Mark, ProxyLine};
use super::count;
use super::event::{Event, Way, choice_words};
use super::ids::{GroupId, PersonId, PollNo, TopicNo, VoterNo};
use super::person::Person;
use super::roll::Voter;
use super::rule::Opens;
pub use super::rule::Rule;
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::topic::{Step, Topic, moderator_name, need_no};
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// 选项 — a choice. Kept as 1, 2, 3, as people type it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// 赞成.
    For,
    /// 反对.
    Against,
    /// 弃权.
    Abstain,
}

impl Choice {
    /// All, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::For, Self::Against, Self::Abstain];

    /// Key of the term in `commands/words.toml`.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::For => "choice.for",
            Self::Against => "choice.against",
            Self::Abstain => "choice.abstain",
        }
    }
}

/// 票数 — sums of a poll; people are voting units (one owner however many flats), areas in 0.01 m².
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// Voters on the roll, N; without a roll, those who voted.
    pub voters: u64,
    /// Area of the roll, A.
    pub area: u64,
    /// In favour, y.
    pub yes: u64,
    /// Their area.
    pub yes_area: u64,
    /// Against.
    pub no: u64,
    /// Their area.
    pub no_area: u64,
    /// Abstained.
    pub abstain: u64,
    /// Their area.
    pub abstain_area: u64,
    /// 请假 — on leave, and without a ballot. Written out where it is 0, too: the row of a poll holds it as well.
    #[serde(default)]
    pub leave: u64,
    /// 回避 — recused, and without a ballot.
    #[serde(default)]
    pub recused: u64,
}

/// Shortest and longest time a poll stays open.
const SHORTEST_MINUTES: i64 = 1;
const LONGEST_DAYS: i64 = 90;
/// Longest question, in characters.
const MAX_TITLE: usize = 100;
/// Open polls looked at when somebody asks for their own ballots.
const MAX_OPEN: usize = 2_000;

/// 表决.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Number.
    pub no: PollNo,
    /// Topic.
    pub topic: TopicNo,
    /// Counting rule.
    pub rule: Rule,
    /// The question.
    pub title: Words,
    /// When it opened.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub opened: DateTime<Utc>,
    /// When it closes.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub ends: DateTime<Utc>,
    /// Where it was opened.
    pub group: Option<GroupId>,
    /// Voters on the roll; `None` = everybody in the group may vote.
    pub voters: Option<u32>,
    /// Area of the roll.
    pub area: u64,
    /// 正式表决 — opened in the step 表决: if it passes, the topic goes on.
    pub is_formal: bool,
    /// 作废 — the topic was sent back or ended while it was open.
    pub is_void: bool,
    /// The count, once closed.
    pub result: Option<Counted>,
}

impl Entity for Poll {
    fn key(&self) -> Key {
        Key::new(kind::POLL).num(self.no.0)
    }
}

/// A count that stands for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The sums.
    pub tally: Tally,
    /// Passed or not; `None` for a straw poll.
    pub passed: Option<bool>,
}

/// 票 — the ballot that counts for a voter. Earlier ones stay in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ballot {
    /// Poll.
    pub poll: PollNo,
    /// Voter.
    pub voter: VoterNo,
    /// Who cast it, if that is a person we know.
    pub person: Option<PersonId>,
    /// Recorded by a moderator.
    pub proxy: bool,
    /// The choice; `None` once erased, and where there are options.
    pub choice: Option<Choice>,
    /// The options marked, where there are any.
    pub marks: Marks,
    /// 理由 for 反对, where the poll asks for one.
    pub reason: Words,
    /// The voter's area.
    pub area: u64,
    /// When.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Ballot {
    fn key(&self) -> Key {
        Key::new(kind::BALLOT).num(self.poll.0).num(self.voter.0)
    }
}

/// 参与 — how many took part so far, without a word on how they voted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Turnout {
    /// Voters who took part, n.
    pub cast: u64,
    /// Their area, a.
    pub area: u64,
}

impl World<'_> {
    /// A poll.
    #[must_use]
    pub fn poll(&self, no: PollNo) -> Option<Poll> {
        self.get(&Key::new(kind::POLL).num(no.0))
    }

    /// The polls that are open, by number.
    #[must_use]
    pub fn open_polls(&self) -> Vec<Poll> {
        let numbers: Vec<PollNo> = self.list(&Key::new(kind::OPEN_POLL), MAX_OPEN);
        numbers.into_iter().filter_map(|no| self.poll(no)).collect()
    }

    /// The ballot that counts for a voter.
    #[must_use]
    pub fn ballot(&self, poll: PollNo, voter: VoterNo) -> Option<Ballot> {
        self.get(&Key::new(kind::BALLOT).num(poll.0).num(voter.0))
    }

    /// Whether a decision only casts again what the ballot says already, which was cast in the same way.
    #[must_use]
    pub fn repeats_ballot(&self, facts: &[Event]) -> bool {
        facts.iter().any(|fact| match fact {
            Event::BallotCast { poll, voter, choice, proxy, .. } => self.ballot(*poll, *voter).is_some_and(|before| {
                let marks = Marks::of(choice).unwrap_or_default();
                let is_same = before.choice == super::event::choice_of(choice) && before.marks == marks;
                let reason = facts.iter().find_map(|fact| match fact {
                    Event::Poll(Fact::Reasoned { reason, .. }) => Some(reason.as_str()),
                    _ => None,
                });
                before.proxy == *proxy && is_same && before.reason.as_str() == reason.unwrap_or_default()
            }),
            _ => false,
        })
    }

    /// How many took part so far.
    #[must_use]
    pub fn turnout(&self, poll: PollNo) -> Turnout {
        self.get(&Key::new(kind::TURNOUT).num(poll.0)).unwrap_or_default()
    }

    /// Counts the ballots of a poll, one by one. The only place where choices are added up.
    #[must_use]
    pub fn tally(&self, poll: &Poll) -> Tally {
        let mut tally = Tally { voters: poll.voters.map_or(0, u64::from), area: poll.area, ..Tally::default() };
        self.scan(&Key::new(kind::BALLOT).num(poll.no.0), |ballot: Ballot| {
            let (people, area) = match ballot.choice {
                Some(Choice::For) => (&mut tally.yes, &mut tally.yes_area),
                Some(Choice::Against) => (&mut tally.no, &mut tally.no_area),
                Some(Choice::Abstain) | None => (&mut tally.abstain, &mut tally.abstain_area),
            };
            *people += 1;
            *area += ballot.area;
            true
        });
        (tally.leave, tally.recused) = absence::counted(self, poll);
        if poll.voters.is_none() {
            tally.voters = tally.cast() + tally.leave + tally.recused;
        }
        tally
    }
}

/// An area for people: 1024.80 → “1024.8”.
#[must_use]
pub fn square_metres(area: u64) -> Value {
    let (whole, part) = (area / 100, area % 100);
    Value::Text(match part {
        0 => format!("{whole}"),
        tens if tens % 10 == 0 => format!("{whole}.{}", tens / 10),
        hundredths => format!("{whole}.{hundredths:02}"),
    })
}

/// 户 — how a voter is called in public: the first flat on the roll, or the name.
#[must_use]
pub fn household(voter: &Voter) -> Value {
    match voter.rooms.first() {
        Some(room) => Value::Part(Box::new(say!("hh.room", room = room))),
        None => Value::List(voter.names.iter().map(Value::from).collect()),
    }
}

/// Whether the rule may be used at this step: while people talk, 摸底 and 过半; the rules the law sets belong to the step 表决.
fn require_time(topic: &Topic, rule: Rule) -> Result<(), Say> {
    topic.require_going()?;
    let is_talk = matches!(topic.step, Step::Talking | Step::Planning);
    let is_vote = topic.step == Step::Voting;
    let fits = match rule.row().opens {
        Opens::Talking => is_talk,
        Opens::Always => is_talk || is_vote,
        Opens::Voting => is_vote,
    };
    if fits {
        return Ok(());
    }
    let now = say!("state.now", stage = Value::Term(topic.step.term().to_owned()));
    let hint = if is_vote { say!("hint.straw.vote") } else { say!("hint.straw") };
    Err(say!("e.state", no = topic.no, state = now, hint = hint))
}

/// A vote by the law needs a roll, and one with areas where areas are counted.
fn require_roll(topic: &Topic, rule: Rule, roll: Option<&super::roll::Roll>) -> Result<(), Say> {
    let missing = match roll {
        None if rule.needs_roll() => say!("why.roll", no = topic.no),
        Some(roll) if rule.needs_roll() && roll.voters == 0 => say!("why.roll", no = topic.no),
        Some(roll) if rule.counts_area() && roll.area == 0 => say!("why.roll_area", no = topic.no),
        _ => return Ok(()),
    };
    Err(say!("e.guard.vote", no = topic.no, why = missing))
}

/// 投票 — opens a poll of yes and no at once.
pub fn open(ctx: &Ctx<'_>, written: Option<TopicNo>, rule: Rule, ends: DateTime<Utc>, title: &str) -> Decided {
    opening::open(ctx, written, &Frame::plain(rule, ends, title))
}

/// Who a ballot is from: a voter of the roll, or, without a roll, the person.
struct Elector {
    voter: VoterNo,
    called: Value,
}

fn elector(ctx: &Ctx<'_>, poll: &Poll, person: &Person) -> Option<Elector> {
    if poll.voters.is_none() {
        return Some(Elector { voter: VoterNo(person.id.0), called: (&person.name).into() });
    }
    let voter = ctx.world.voter_of(poll.topic, person)?;
    Some(Elector { voter: voter.no, called: household(&voter) })
}

impl Ctx<'_> {
    /// When a ballot was cast: written ones when the platform says, presses when they arrived; never later than now.
    pub(super) fn cast_at(&self) -> DateTime<Utc> {
        self.scene.said_at.map_or(self.scene.now, |said| said.min(self.scene.now))
    }

    /// The poll a ballot is for.
    fn resolve_poll(&self, written: Option<TopicNo>) -> Result<(Topic, Poll), Say> {
        const EXAMPLE: &str = "ex.ballot";
        let on_card = match self.scene.reply {
            Some(Mark::Poll { topic, ends }) => Some((topic, ends)),
            _ => None,
        };
        let named = written.or(on_card.map(|(topic, _)| topic)).or_else(|| self.bound_topic());
        let no = match named {
            Some(no) => no,
            None => self.only_open_poll(EXAMPLE)?,
        };
        let topic = self.world.topic(no).ok_or_else(|| say!("e.no_topic", no = no))?;
        if on_card.is_none() {
            self.require_begun(&topic)?;
        }
        let poll = topic.last_poll.and_then(|no| self.world.poll(no)).ok_or_else(|| say!("e.no_poll", no = no))?;
        // A message without a deadline tells a result: it is no card of the poll that is open now.
        if let Some((_, shown)) = on_card.filter(|(card, _)| *card == no)
            && shown.map_or(poll.result.is_none(), |shown| shown != self.shown_end(poll.ends))
        {
            return Err(say!("e.closed.card", no = no));
        }
        Ok((topic, poll))
    }

    /// 本群人人可投 — without a roll the group is what stands for one: an account that belongs to nobody votes there or not at
    /// all. In private anybody could come, and with as many accounts as they like.
    fn require_present(&self, topic: &Topic, poll: &Poll) -> Result<(), Say> {
        let is_among = |group| {
            poll.group == Some(group)
                || self.world.topics_of(self.settings, group).iter().any(|here| here.no == topic.no)
        };
        if poll.voters.is_some() || self.scene.who.enrolled || self.group().is_some_and(is_among) {
            return Ok(());
        }
        Err(say!("e.vote_here", no = topic.no))
    }

    /// 还没开始 — a poll that will open is none yet.
    fn require_begun(&self, topic: &Topic) -> Result<(), Say> {
        match self.world.poll_plan(topic.no).filter(|_| topic.poll.is_none()) {
            Some(plan) => Err(say!("e.poll_not_yet", no = topic.no, at = Value::Moment(plan.opens))),
            None => Ok(()),
        }
    }

    /// An end as cards show it: all that tells the cards of one topic apart.
    fn shown_end(&self, ends: DateTime<Utc>) -> (u32, u32, u32, u32) {
        let end = ends.with_timezone(&self.settings.tz);
        (end.month(), end.day(), end.hour(), end.minute())
    }

    fn bound_topic(&self) -> Option<TopicNo> {
        self.world.group(self.group()?)?.bound.map(|bound| bound.topic)
    }

    /// In private, or in a group without a bound topic: the only open poll the speaker may vote in.
    fn only_open_poll(&self, example: &str) -> Result<TopicNo, Say> {
        let here = self.group().map(|group| self.world.topics_of(self.settings, group));
        let may = |poll: &Poll| match &here {
            Some(topics) => topics.iter().any(|topic| topic.no == poll.topic),
            None => poll.voters.is_some() && elector(self, poll, &self.scene.who).is_some(),
        };
        let mine: Vec<Poll> = self.world.open_polls().into_iter().filter(may).collect();
        match mine.as_slice() {
            [only] => Ok(only.topic),
            [] => Err(say!("e.no_polls")),
            several => {
                let rows = several
                    .iter()
                    .take(5)
                    .map(|poll| say!("need.row", no = poll.topic, title = &poll.title).into())
                    .collect();
                Err(need_no(here.is_some(), "what.poll", rows, example))
            }
        }
    }
}

/// 投 — a ballot of one's own. First the deadline, then the roll, then the household (commands.md §9.6).
pub fn cast(ctx: &Ctx<'_>, written: Option<TopicNo>, choice: Choice) -> Decided {
    let (topic, poll) = ctx.resolve_poll(written)?;
    enter(ctx, &topic, &poll, |_| filling::choice(ctx, &poll, choice, ""))
}

/// Takes a ballot. What it says is looked at once it is known that the speaker may cast one; `fill` is given the one before.
fn enter(
    ctx: &Ctx<'_>,
    topic: &Topic,
    poll: &Poll,
    fill: impl FnOnce(Option<&Ballot>) -> Result<Filled, Say>,
) -> Decided {
    let end = Value::Moment(poll.ends);
    if poll.result.is_some() || ctx.cast_at() >= poll.ends {
        let was_in_time = ctx.cast_at() < poll.ends;
        return if was_in_time && elector(ctx, poll, &ctx.scene.who).is_some() {
            Ok(Decision {
                facts: vec![Event::BallotLate { poll: poll.no, person: ctx.me() }],
                answer: vec![say!("e.late", no = topic.no, end = end)],
            })
        } else {
            Err(say!("e.closed", no = topic.no, end = end))
        };
    }
    ctx.require_neutral(topic, "act.vote")?;
    ctx.require_secrecy(poll)?;
    ctx.require_present(topic, poll)?;
    let not_on_roll = || say!("e.roll", no = topic.no, r#mod = moderator_name(ctx.world, topic));
    let elector = elector(ctx, poll, &ctx.scene.who).ok_or_else(not_on_roll)?;
    let before = ctx.world.ballot(poll.no, elector.voter);
    if let Some(before) = &before
        && !before.proxy
        && before.person.is_some_and(|person| person != ctx.me())
    {
        let by = before.person.map(|person| ctx.world.name_of(person)).unwrap_or_default();
        return Err(say!("e.other_voted", hh = elector.called, by = by));
    }
    let filled = fill(before.as_ref())?;
    let cast = Event::BallotCast {
        poll: poll.no,
        voter: elector.voter,
        person: Some(ctx.me()),
        proxy: false,
        private: ctx.scene.way != Way::Group,
        changed: before.is_some(),
        choice: filled.choice.clone(),
    };
    Ok(Decision::facts([cast].into_iter().chain(filled.reason(poll, elector.voter)).collect()))
}

/// “赞成” alone in a group: a ballot only if it cannot be anything else.
pub fn bare_choice(ctx: &Ctx<'_>, choice: Choice) -> Decided {
    let Some(group) = ctx.group() else { return Ok(Decision::silent()) };
    let here: Vec<TopicNo> = ctx.world.topics_of(ctx.settings, group).iter().map(|topic| topic.no).collect();
    let open: Vec<Poll> = ctx.world.open_polls().into_iter().filter(|poll| here.contains(&poll.topic)).collect();
    // In reply to a suggestion, or to the card of another topic, it is what one thinks of that.
    let is_about = |poll: &Poll| match ctx.scene.reply {
        None | Some(Mark::Poll { .. }) => true,
        Some(Mark::Topic(no)) => no == poll.topic,
        Some(_) => false,
    };
    match open.as_slice() {
        [poll]
            if poll.voters.is_some()
                && is_about(poll)
                && ctx.world.poll_terms(poll.no).is_none_or(|terms| terms.method.is_none())
                && elector(ctx, poll, &ctx.scene.who).is_some() =>
        {
            cast(ctx, Some(poll.topic), choice)
        }
        _ => Ok(Decision::silent()),
    }
}

/// 代投 — ballots from paper or telephone, recorded by the moderator. All or none.
pub fn proxy(ctx: &Ctx<'_>, written: Option<TopicNo>, lines: &[ProxyLine]) -> Decided {
    const EXAMPLE: &str = "ex.proxy";
    let topic = ctx.resolve_topic(written, EXAMPLE)?;
    ctx.require_moderator(&topic)?;
    let poll = topic.last_poll.and_then(|no| ctx.world.poll(no)).ok_or_else(|| say!("e.no_poll", no = topic.no))?;
    if poll.result.is_some() || ctx.cast_at() >= poll.ends {
        return Err(say!("e.closed", no = topic.no, end = Value::Moment(poll.ends)));
    }
    if lines.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    let own = elector(ctx, &poll, &ctx.scene.who).map(|elector| elector.voter);
    ctx.require_open_ballot(&poll)?;
    let mut facts = Vec::new();
    let mut entered: BTreeMap<VoterNo, Choice> = BTreeMap::new();
    for line in lines {
        let (voter, called, fact) = proxy_ballot(ctx, &topic, &poll, line)?;
        if own == Some(voter) {
            // 名册内业主另指定主持人.
            ctx.require_neutral(&topic, "act.vote")?;
        }
        match entered.insert(voter, line.choice) {
            None => facts.push(fact),
            Some(choice) if choice == line.choice => {}
            Some(_) => return Err(say!("e.proxy_twice", hh = called)),
        }
    }
    Ok(Decision::facts(facts))
}

fn proxy_ballot(ctx: &Ctx<'_>, topic: &Topic, poll: &Poll, line: &ProxyLine) -> Result<(VoterNo, Value, Event), Say> {
    let not_found = || say!("e.no_voter", no = topic.no, who = line.voter.as_str());
    let (voter, called, person) = if poll.voters.is_some() {
        let voter = ctx.world.voter_called(topic.no, &line.voter).ok_or_else(not_found)?;
        (voter.no, household(&voter), None)
    } else {
        let person = ctx.world.find_person(&line.voter, Some(topic))?.ok_or_else(not_found)?;
        (VoterNo(person.id.0), Value::Text(line.voter.clone()), Some(person.id))
    };
    let before = ctx.world.ballot(poll.no, voter);
    if let Some(before) = before.as_ref().filter(|before| !before.proxy) {
        let by = before.person.map(|person| ctx.world.name_of(person)).unwrap_or_default();
        return Err(say!("e.proxy_voted", hh = called, by = by));
    }
    let choice = choice_words(line.choice);
    let changed = before.is_some();
    let cast = Event::BallotCast { poll: poll.no, voter, person, proxy: true, private: true, changed, choice };
    Ok((voter, called, cast))
}

/// 计票 — how many took part; after the deadline, the result.
pub fn tally(ctx: &Ctx<'_>, written: Option<TopicNo>) -> Decided {
    let topic = ctx.resolve_topic(written, "ex.tally")?;
    ctx.require_moderator(&topic)?;
    ctx.require_begun(&topic)?;
    let poll = topic.last_poll.and_then(|no| ctx.world.poll(no)).ok_or_else(|| say!("e.no_poll", no = topic.no))?;
    if let Some(counted) = poll.result {
        return Ok(Decision::answer(result(ctx.world, &poll, &counted)));
    }
    let turnout = ctx.world.turnout(poll.no);
    // Only sums of those who took part: how they voted is not looked at.
    let (leave, recused) = absence::counted(ctx.world, &poll);
    let blind = Tally {
        voters: poll.voters.map_or(turnout.cast + leave + recused, u64::from),
        leave,
        recused,
        area: poll.area,
        abstain: turnout.cast,
        abstain_area: turnout.area,
        ..Tally::default()
    };
    if ctx.world.poll_terms(poll.no).is_some_and(|terms| terms.method.is_some()) {
        let (no, end) = (topic.no, Value::Moment(poll.ends));
        return Ok(Decision::answer(say!("tally.options", no = no, n = turnout.cast, N = blind.voters, end = end)));
    }
    if absence::is_told(poll.rule, &blind) {
        let met = Value::Term(met(poll.rule, &blind).to_owned());
        return Ok(Decision::answer(absence::progress(&poll, &blind, met)));
    }
    Ok(Decision::answer(say!(
        "tally",
        no = topic.no,
        n = turnout.cast,
        N = blind.voters,
        area = share_of_area(poll.rule, &blind),
        met = Value::Term(met(poll.rule, &blind).to_owned()),
        end = Value::Moment(poll.ends),
    )))
}

fn share_of_area(rule: Rule, tally: &Tally) -> Say {
    if !rule.counts_area() {
        return say!("none");
    }
    say!("tally.area", p = Value::Percent { num: tally.cast_area(), den: tally.area, decimals: 1 })
}

fn met(rule: Rule, tally: &Tally) -> &'static str {
    match count::turnout(rule, tally) {
        (Some(true), Some(true)) => "met.both",
        (Some(false), Some(false)) => "met.neither",
        (Some(true), Some(false)) => "met.people_only",
        (Some(false), Some(true)) => "met.area_only",
        (Some(true), None) => "met.yes",
        (Some(false), None) => "met.no",
        (None, _) => "met.straw",
    }
}

/// The result of a poll, as posted.
#[must_use]
pub fn result(world: &World<'_>, poll: &Poll, counted: &Counted) -> Say {
    let terms = world.poll_terms(poll.no).unwrap_or_default();
    if let (Some(method), Some(standing)) = (terms.method, world.standing(poll.no)) {
        return telling::standings(poll, counted, &terms, method, &standing);
    }
    telling::with_reasons(world, poll, plain_result(world, poll, counted))
}

fn plain_result(world: &World<'_>, poll: &Poll, counted: &Counted) -> Say {
    let tally = &counted.tally;
    match counted.passed {
        None => say!(
            "poll.straw.result",
            no = poll.topic,
            y = tally.yes,
            no_n = tally.no,
            ab = tally.abstain,
            n = tally.cast(),
            N = tally.voters,
        ),
        Some(true) => {
            if poll.is_formal {
                return passed(poll, tally, say!("tally.track", no = poll.topic));
            }
            let is_talking = world.topic(poll.topic).is_some_and(|topic| topic.step == Step::Talking);
            passed(poll, tally, if is_talking { say!("tally.next", no = poll.topic) } else { say!("none") })
        }
        Some(false) => {
            let why = Value::Clauses(reasons(poll.rule, tally));
            match (absence::is_told(poll.rule, tally), poll.is_formal) {
                (true, _) => absence::failed(poll, tally, why),
                (false, true) => {
                    say!("poll.result.fail", no = poll.topic, why = why, away = absence::clause(poll.rule, tally))
                }
                (false, false) => {
                    say!("poll.result.fail.here", no = poll.topic, why = why, away = absence::clause(poll.rule, tally))
                }
            }
        }
    }
}

fn passed(poll: &Poll, tally: &Tally, next: Say) -> Say {
    if absence::is_told(poll.rule, tally) {
        return absence::passed(poll, tally, next);
    }
    let yes_area = if poll.rule.counts_area() {
        say!("tally.yes_area", p = Value::Percent { num: tally.yes_area, den: tally.cast_area(), decimals: 1 })
    } else {
        say!("none")
    };
    say!(
        "poll.result.pass.here",
        no = poll.topic,
        n = tally.cast(),
        N = tally.voters,
        area = share_of_area(poll.rule, tally),
        pt = poll.rule.turnout(),
        y = tally.yes,
        yp = Value::Percent { num: tally.yes, den: tally.cast(), decimals: 1 },
        yarea = yes_area,
        yt = poll.rule.approval(),
        no_n = tally.no,
        ab = tally.abstain,
        away = absence::clause(poll.rule, tally),
        next = next,
    )
}

/// Why a poll did not pass, every point that was missed.
fn reasons(rule: Rule, tally: &Tally) -> Vec<Say> {
    let verdict = count::verdict(rule, tally);
    let missed = |point: Option<bool>| point == Some(false);
    let mut why = Vec::new();
    if missed(verdict.turnout) {
        why.push(say!("why.turnout", n = tally.cast(), N = count::base(rule, tally), t = rule.turnout_missed()));
    }
    if missed(verdict.turnout_area) {
        let p = Value::Percent { num: tally.cast_area(), den: tally.area, decimals: 1 };
        why.push(say!("why.turnout_area", p = p, t = rule.turnout_missed()));
    }
    if missed(verdict.approval) {
        let p = Value::Percent { num: tally.yes, den: tally.cast(), decimals: 1 };
        why.push(say!("why.approval", p = p, t = rule.approval_missed()));
    }
    if missed(verdict.approval_area) {
        let p = Value::Percent { num: tally.yes_area, den: tally.cast_area(), decimals: 1 };
        why.push(say!("why.approval_area", p = p, t = rule.approval_missed()));
    }
    why
}

/// The facts that close a poll: counted from the ballots, nothing else. A formal vote that passes takes the topic on.
#[must_use]
pub fn close(world: &World<'_>, poll: &Poll) -> Vec<Event> {
    let tally = world.tally(poll);
    let passed = count::verdict(poll.rule, &tally).passed();
    let onward = world.topic(poll.topic).filter(|_| poll.is_formal && passed == Some(true));
    let mut facts: Vec<Event> = ranked(world, poll).into_iter().collect();
    facts.push(Event::PollClosed { poll: poll.no, tally, passed });
    facts.extend(onward.and_then(|topic| super::process::carried(&topic)));
    facts
}

/// The count of the options, where there are any.
fn ranked(world: &World<'_>, poll: &Poll) -> Option<Event> {
    let terms = world.poll_terms(poll.no)?;
    let mut ballots = Vec::new();
    world.scan(&Key::new(kind::BALLOT).num(poll.no.0), |ballot: Ballot| {
        ballots.push(ballot.marks);
        true
    });
    let standing = ranking::count(terms.method?, terms.count(), &ballots);
    Some(Event::Poll(Fact::Ranked { poll: poll.no, standing }))
}
