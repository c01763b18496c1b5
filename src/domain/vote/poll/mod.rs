//! 表决 — polls: ballots, the count and what is told of it. How a poll is counted: [`Rule`].

pub mod fact;
pub mod filling;
mod mixing;
pub mod opening;
pub mod ranking;
pub mod telling;
pub mod terms;

pub use self::fact::{Ask, Fact};
pub use crate::domain::vote::rule::Rule;

use crate::domain::kernel::ids::{AccountNo, GroupId, PersonId, PollNo, TopicNo, VoterNo};
use crate::domain::kernel::say::{Say, Value};
use crate::domain::kernel::words::Words;
use crate::domain::kernel::world::{Entity, Key, World, kind};
use crate::domain::process::form::Step;
use crate::domain::process::steps::{MIN_SIDES, MIN_SUGGESTIONS};
use crate::domain::vote::absence;
use crate::domain::vote::count;
use crate::domain::vote::poll::terms::Marks;
use crate::domain::vote::recusal;
use crate::domain::vote::roll::Voter;
use crate::domain::vote::tally::{Choice, Tally};
use crate::domain::vote::veil::{Told, veiled};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One flat or person and its choice in a proxy ballot (代投).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyLine {
    /// Room number or name, as written.
    pub voter: String,
    /// Who is written beside the flat; empty if nobody is.
    pub owner: String,
    /// The choice.
    pub choice: Choice,
    /// 反对理由 on the paper; empty if there is none.
    pub reason: String,
}

/// The choice as the ledger's vault keeps it.
#[must_use]
pub fn choice_words(choice: Choice) -> Words {
    Words::from(match choice {
        Choice::For => "1",
        Choice::Against => "2",
        Choice::Abstain => "3",
    })
}

/// The choice out of the vault; an erased one reads as abstained only for display and is never recounted.
#[must_use]
pub fn choice_of(words: &Words) -> Option<Choice> {
    match words.as_str() {
        "1" => Some(Choice::For),
        "2" => Some(Choice::Against),
        "3" => Some(Choice::Abstain),
        _ => None,
    }
}

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
    /// The account it came from, as far as known.
    pub account: Option<AccountNo>,
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

/// Key of who entered a voter's ballot from paper.
#[must_use]
pub fn paper_key(poll: PollNo, voter: VoterNo) -> Key {
    Key::new(kind::PAPER).num(poll.0).num(voter.0)
}

/// Where a poll is found by its topic.
pub(crate) fn poll_of_key(topic: TopicNo, poll: PollNo) -> Key {
    Key::new(kind::POLL_OF).num(topic.0).num(poll.0)
}

impl World<'_> {
    /// A poll.
    #[must_use]
    pub fn poll(&self, no: PollNo) -> Option<Poll> {
        self.get(&Key::new(kind::POLL).num(no.0))
    }

    /// The polls on a topic, by number.
    #[must_use]
    pub fn polls_of(&self, topic: TopicNo) -> Vec<Poll> {
        let numbers: Vec<PollNo> = self.list(&Key::new(kind::POLL_OF).num(topic.0), usize::MAX);
        numbers.into_iter().filter_map(|no| self.poll(no)).collect()
    }

    /// The polls that are open, by number.
    #[must_use]
    pub fn open_polls(&self) -> Vec<Poll> {
        let numbers: Vec<PollNo> = self.list(&Key::new(kind::OPEN_POLL), MAX_OPEN);
        numbers.into_iter().filter_map(|no| self.poll(no)).collect()
    }

    /// The polls opened since a moment, the latest first.
    pub fn polls_since(&self, moment: DateTime<Utc>) -> impl Iterator<Item = Poll> {
        let polls = (1..=self.counters().polls).rev().map_while(|no| self.poll(PollNo(no)));
        polls.take_while(move |poll| poll.opened >= moment)
    }

    /// The ballot that counts for a voter.
    #[must_use]
    pub fn ballot(&self, poll: PollNo, voter: VoterNo) -> Option<Ballot> {
        self.get(&Key::new(kind::BALLOT).num(poll.0).num(voter.0))
    }

    /// Who entered a voter's ballot from paper, where one was.
    #[must_use]
    pub fn entered_by(&self, poll: PollNo, voter: VoterNo) -> Option<PersonId> {
        self.get(&paper_key(poll, voter))
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
        self.veiled(poll, tally)
    }

    /// What may be known of a poll that is open: how many took part, and of how many. How they voted is not looked at.
    #[must_use]
    pub fn blind(&self, poll: &Poll) -> Tally {
        let turnout = self.turnout(poll.no);
        let (leave, recused) = absence::counted(self, poll);
        Tally {
            voters: poll.voters.map_or(turnout.cast + leave + recused, u64::from),
            area: poll.area,
            leave,
            recused,
            abstain: turnout.cast,
            abstain_area: turnout.area,
            ..Tally::default()
        }
    }

    /// The sums of a poll as anybody may read them: as it was counted, or while it is open as it stands.
    #[must_use]
    pub fn sums(&self, poll: &Poll) -> Tally {
        poll.result.map_or_else(|| self.blind(poll), |counted| counted.tally)
    }

    /// 应到 of a poll on a roll; without one nobody knows it before the end.
    #[must_use]
    pub fn due(&self, poll: &Poll) -> Option<u64> {
        poll.voters.map(|_| self.sums(poll).due(poll.rule))
    }

    /// 不记名 — whether nobody may know who chose what.
    #[must_use]
    pub fn is_secret(&self, poll: PollNo) -> bool {
        self.poll_terms(poll).is_some_and(|terms| terms.secret)
    }

    /// A count as it may be told: of a secret poll without the areas by choice.
    #[must_use]
    pub fn veiled(&self, poll: &Poll, tally: Tally) -> Tally {
        if tally.veil.is_some() || !self.is_secret(poll.no) {
            return tally;
        }
        let mut took_part = Vec::new();
        self.scan(&Key::new(kind::BALLOT).num(poll.no.0), |ballot: Ballot| {
            took_part.push(ballot.area);
            true
        });
        veiled(poll.rule, &tally, &took_part)
    }
}

/// 户 — how a voter is called in public: the first flat on the roll, or the name.
#[must_use]
pub fn household(voter: &Voter) -> Value {
    match voter.rooms.first() {
        Some(room) => Value::Part(Box::new(say!("hh.room", room = room))),
        None => Value::List(voter.names.iter().map(Value::from).collect()),
    }
}

fn turned_out(rule: Rule, num: u64, den: u64) -> Value {
    Value::Percent { num, den, decimals: rule.turnout_decimals(num, den) }
}

fn in_favour(rule: Rule, num: u64, den: u64) -> Value {
    Value::Percent { num, den, decimals: rule.approval_decimals(num, den) }
}

pub(crate) fn share_of_area(rule: Rule, tally: &Tally) -> Say {
    match tally.turnout_told(rule) {
        Some(Told::Share) => {
            say!("tally.area", p = turned_out(rule, tally.cast_area(), tally.area))
        }
        Some(Told::Enough(_)) => say!("tally.area.enough"),
        None => say!("none"),
    }
}

fn share_in_favour(rule: Rule, tally: &Tally) -> Say {
    match tally.approval_told(rule) {
        Some(Told::Share) => {
            say!("tally.yes_area", p = in_favour(rule, tally.yes_area, tally.cast_area()))
        }
        Some(Told::Enough(_)) => say!("tally.area.enough"),
        None => say!("none"),
    }
}

/// The result of a poll, as posted.
#[must_use]
pub fn result(world: &World<'_>, poll: &Poll, counted: &Counted) -> Say {
    let terms = world.poll_terms(poll.no).unwrap_or_default();
    if let (Some(method), Some(standing)) = (terms.method, world.standing(poll.no)) {
        let told = recusal::told(world, poll, telling::standings(poll, counted, &terms, method, &standing));
        return telling::with_close(world, poll, told);
    }
    let plain = recusal::told(world, poll, plain_result(world, poll, counted));
    telling::with_close(world, poll, telling::with_reasons(world, poll, plain))
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
            N = tally.due(poll.rule),
        ),
        Some(true) => {
            if poll.is_formal {
                return passed(poll, tally, say!("tally.track", no = poll.topic));
            }
            passed(poll, tally, after_council(world, poll))
        }
        Some(false) => {
            let why = telling::why_failed(poll.rule, tally, reasons(poll.rule, tally));
            match (telling::is_told(poll.rule, tally), poll.is_formal) {
                (true, _) => telling::failed(world, poll, tally, why),
                (false, true) => {
                    let (away, next) = (telling::clause(poll.rule, tally), telling::after(world, poll));
                    say!("poll.result.fail", no = poll.topic, why = why, away = away, next = next)
                }
                (false, false) => {
                    say!("poll.result.fail.here", no = poll.topic, why = why, away = telling::clause(poll.rule, tally))
                }
            }
        }
    }
}

/// 恳谈里的表决通过以后 — what the moderator sends next, as soon as enough has been said for it to be taken.
fn after_council(world: &World<'_>, poll: &Poll) -> Say {
    let Some(topic) = world.topic(poll.topic).filter(|topic| topic.step == Step::Talking) else { return say!("none") };
    let (n, sides) = world.heard(&topic);
    if n >= MIN_SUGGESTIONS && sides >= MIN_SIDES {
        return say!("tally.next", no = topic.no);
    }
    say!("tally.talk", no = topic.no, n = n, s = sides)
}

fn passed(poll: &Poll, tally: &Tally, next: Say) -> Say {
    if telling::is_told(poll.rule, tally) {
        return telling::passed(poll, tally, next);
    }
    say!(
        "poll.result.pass.here",
        no = poll.topic,
        n = tally.cast(),
        N = tally.due(poll.rule),
        area = share_of_area(poll.rule, tally),
        pt = poll.rule.turnout(),
        y = tally.yes,
        yp = in_favour(poll.rule, tally.yes, tally.cast()),
        yarea = share_in_favour(poll.rule, tally),
        yt = poll.rule.approval(),
        no_n = tally.no,
        ab = tally.abstain,
        away = telling::clause(poll.rule, tally),
        next = next,
    )
}

/// Why a poll did not pass, every point that was missed.
fn reasons(rule: Rule, tally: &Tally) -> Vec<Say> {
    let verdict = count::verdict(rule, tally);
    let missed = |point: Option<bool>| point == Some(false);
    let mut why = Vec::new();
    if missed(verdict.turnout) {
        why.push(say!("why.turnout", n = tally.cast(), N = tally.due(rule), t = rule.turnout_missed()));
    }
    if missed(verdict.turnout_area) {
        let p = turned_out(rule, tally.cast_area(), tally.area);
        why.push(match tally.turnout_told(rule) {
            Some(Told::Enough(_)) => say!("why.turnout_area.secret", t = rule.turnout_missed()),
            Some(Told::Share) | None => say!("why.turnout_area", p = p, t = rule.turnout_missed()),
        });
    }
    if missed(verdict.approval) {
        let p = in_favour(rule, tally.yes, tally.cast());
        why.push(say!("why.approval", p = p, t = rule.approval_missed()));
    }
    if missed(verdict.approval_area) {
        let p = in_favour(rule, tally.yes_area, tally.cast_area());
        why.push(match tally.approval_told(rule) {
            Some(Told::Enough(_)) => say!("why.approval_area.secret", t = rule.approval_missed()),
            Some(Told::Share) | None => say!("why.approval_area", p = p, t = rule.approval_missed()),
        });
    }
    why
}
