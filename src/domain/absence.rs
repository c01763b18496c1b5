//! 请假、回避 — somebody cannot come, or must not take part. It matters where members vote among themselves (议事会, 过半): 应到 is
//! told apart from 请假 and 回避, and a council counts on those who are due alone. The rules of law count everybody (Civil Code
//! art. 278, the Organic Laws): there nobody can be kept from voting, and whoever is away lowers no denominator.
//!
//! 请假 covers the vote that is open, or else the next one, also where the moderator makes that void to hold it anew; 回避 covers the matter. Whoever votes after all is simply present.

use super::event::Event;
use super::ids::{PersonId, PollNo, TopicNo, VoterNo};
use super::poll::{Ballot, Poll, Rule, Tally, Turnout, household};
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::suggestion::MAX_REASON;
use super::topic::{Step, Topic, moderator_name, within};
use super::words::Words;
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Absences of one topic that are looked at: as many as a roll has lines.
const MAX_ABSENT: usize = 2_000;

/// 席位 — whose vote it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// A voter of the roll.
    Roll(VoterNo),
    /// A person, where there is no roll.
    Person(PersonId),
}

impl Seat {
    /// The seat of a voter in a poll.
    #[must_use]
    pub fn of(poll: &Poll, voter: VoterNo) -> Self {
        if poll.voters.is_some() { Self::Roll(voter) } else { Self::Person(PersonId(voter.0)) }
    }

    /// The number ballots are kept under.
    fn voter(self) -> VoterNo {
        match self {
            Self::Roll(voter) => voter,
            Self::Person(person) => VoterNo(person.0),
        }
    }
}

/// Why a seat is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// 请假.
    Leave,
    /// 回避.
    Recusal,
}

/// 请假 or 回避, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Topic.
    pub topic: TopicNo,
    /// Seat.
    pub seat: Seat,
    /// Which of the two.
    pub kind: Kind,
    /// Said by the person, not by the moderator.
    pub own: bool,
    /// Why; empty for 请假.
    pub reason: Words,
    /// Since when.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Absence {
    fn key(&self) -> Key {
        key_of(self.topic, self.seat)
    }
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 请假.
    Leave {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// For whom; what is nobody's name is a remark. Empty = for oneself.
        who: String,
        /// Take it back.
        withdraw: bool,
    },
    /// 回避.
    Recuse {
        /// Topic, if written or replied to.
        topic: Option<TopicNo>,
        /// A name, if it is about somebody else, and why.
        text: String,
        /// Take it back.
        withdraw: bool,
    },
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 请假.
    OnLeave {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
        /// Said by the person.
        own: bool,
    },
    /// 回避.
    Recused {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
        /// Said by the person.
        own: bool,
        /// Why.
        reason: Words,
    },
    /// 取消 — taken back.
    Withdrawn {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
    },
    /// 到会 — whoever was on leave has voted.
    Present {
        /// Topic.
        topic: TopicNo,
        /// Seat.
        seat: Seat,
    },
    /// 撤票 — a ballot counts no more: its voter is recused.
    Struck {
        /// Poll.
        poll: PollNo,
        /// Voter.
        voter: VoterNo,
    },
}

fn prefix_of(topic: TopicNo) -> Key {
    Key::new(kind::ABSENCE).num(topic.0)
}

/// Key of the absence of a seat.
#[must_use]
pub fn key_of(topic: TopicNo, seat: Seat) -> Key {
    match seat {
        Seat::Roll(voter) => prefix_of(topic).byte(0).num(voter.0),
        Seat::Person(person) => prefix_of(topic).byte(1).num(person.0),
    }
}

impl World<'_> {
    /// 请假 or 回避 of a seat.
    #[must_use]
    pub fn absence(&self, topic: TopicNo, seat: Seat) -> Option<Absence> {
        self.knows_away(topic).then(|| self.get(&key_of(topic, seat)))?
    }

    /// Whether there ever was leave, recusal or a mandate in a topic: asked for every ballot, and mostly there was none.
    pub(super) fn knows_away(&self, topic: TopicNo) -> bool {
        self.has(&Key::new(kind::AWAY).num(topic.0))
    }

    /// There is leave, recusal or a mandate in a topic.
    pub(super) fn note_away(&mut self, topic: TopicNo) {
        if !self.knows_away(topic) {
            self.put_at(Key::new(kind::AWAY).num(topic.0), &topic);
        }
    }

    /// Who is away in a topic.
    #[must_use]
    pub fn absences(&self, topic: TopicNo) -> Vec<Absence> {
        self.list(&prefix_of(topic), MAX_ABSENT)
    }

    /// How a seat is called in public.
    #[must_use]
    pub fn seat_called(&self, topic: TopicNo, seat: Seat) -> Value {
        match seat {
            Seat::Roll(voter) => {
                self.voter(topic, voter).map_or_else(|| Value::Text(String::new()), |voter| household(&voter))
            }
            Seat::Person(person) => Value::Text(self.name_of(person)),
        }
    }
}

/// A new roll has other numbers: what was said of the old one's is void.
pub fn forget(world: &mut World<'_>, topic: TopicNo) {
    world.remove_all(&prefix_of(topic));
}

/// The vote is over: 请假 was for it. A straw poll is no vote.
pub fn over(world: &mut World<'_>, poll: &Poll) {
    if !poll.rule.is_vote() {
        return;
    }
    for absence in world.absences(poll.topic).into_iter().filter(|absence| absence.kind == Kind::Leave) {
        world.remove(absence.key());
    }
}

/// A ballot is taken out of the count; the ledger keeps it.
pub fn strike(world: &mut World<'_>, poll: PollNo, voter: VoterNo) {
    let Some(ballot) = world.ballot(poll, voter) else { return };
    world.remove(ballot.key());
    let turnout = world.turnout(poll);
    let (cast, area) = (turnout.cast.saturating_sub(1), turnout.area.saturating_sub(ballot.area));
    world.put_at(Key::new(kind::TURNOUT).num(poll.0), &Turnout { cast, area });
}

/// 合并 — what a newcomer said of themselves is the known person's, who may have said so before.
pub fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    let all: Vec<Absence> = world.list(&Key::new(kind::ABSENCE), usize::MAX);
    for absence in all.into_iter().filter(|absence| absence.seat == Seat::Person(from)) {
        world.remove(absence.key());
        let moved = Absence { seat: Seat::Person(into), ..absence };
        let open = world.topic(moved.topic).and_then(|topic| world.poll(topic.poll?));
        let ballot = open.as_ref().and_then(|poll| world.ballot(poll.no, VoterNo(into.0)));
        if world.absence(moved.topic, moved.seat).is_some() || moved.kind == Kind::Leave && ballot.is_some() {
            continue;
        }
        if let Some(poll) = open.filter(|poll| poll.voters.is_none() && poll.rule.is_of_members()) {
            strike(world, poll.no, VoterNo(into.0));
        }
        world.put(&moved);
    }
}

/// How many of a poll are on leave and recused. Whoever has a ballot is present.
#[must_use]
pub fn counted(world: &World<'_>, poll: &Poll) -> (u64, u64) {
    if !poll.rule.is_vote() {
        return (0, 0);
    }
    let is_away = |absence: &&Absence| {
        let fits = matches!(absence.seat, Seat::Roll(_)) == poll.voters.is_some();
        fits && !world.has(&Key::new(kind::BALLOT).num(poll.no.0).num(absence.seat.voter().0))
    };
    let absences = world.absences(poll.topic);
    let of = |kind| absences.iter().filter(is_away).filter(|absence| absence.kind == kind).count() as u64;
    (of(Kind::Leave), of(Kind::Recusal))
}

/// What a ballot means for the seat, whichever way it was cast: where members vote, whoever is recused has none; whoever was on
/// leave is present after all.
///
/// # Errors
/// `e.recused`.
pub fn attend(world: &World<'_>, poll: &Poll, voter: VoterNo) -> Result<Option<Event>, Say> {
    let (no, seat) = (poll.topic, Seat::of(poll, voter));
    match world.absence(no, seat).map(|absence| absence.kind) {
        Some(Kind::Recusal) if poll.rule.is_of_members() => {
            let moderator = world.topic(no).map(|topic| moderator_name(world, &topic));
            let moderator = moderator.unwrap_or_else(|| Value::Term("mod.none".to_owned()));
            Err(say!("e.recused", no = no, hh = world.seat_called(no, seat), r#mod = moderator))
        }
        Some(Kind::Leave) if poll.rule.is_vote() => Ok(Some(Event::Absence(Fact::Present { topic: no, seat }))),
        _ => Ok(None),
    }
}

/// Whether a result is told as members are used to it: 应到, 请假, 回避, 已投.
#[must_use]
pub fn is_told(rule: Rule, tally: &Tally) -> bool {
    rule.counts_off() || rule.is_of_members() && tally.leave + tally.recused > 0
}

/// By the law nobody is counted off: said where somebody might think otherwise.
#[must_use]
pub fn clause(rule: Rule, tally: &Tally) -> Say {
    if !rule.is_of_law() || tally.leave + tally.recused == 0 {
        return say!("none");
    }
    say!("tally.away", l = tally.leave, r = tally.recused)
}

/// 计票 while members vote.
#[must_use]
pub fn progress(poll: &Poll, tally: &Tally, met: Value) -> Say {
    say!(
        "tally.members",
        no = poll.topic,
        N = tally.voters,
        l = tally.leave,
        r = tally.recused,
        n = tally.cast(),
        met = met,
        end = Value::Moment(poll.ends),
    )
}

/// The result of a members' vote that passed.
#[must_use]
pub fn passed(poll: &Poll, tally: &Tally, next: Say) -> Say {
    say!(
        "poll.result.pass.members",
        no = poll.topic,
        N = tally.voters,
        l = tally.leave,
        r = tally.recused,
        n = tally.cast(),
        pt = poll.rule.turnout(),
        y = tally.yes,
        yp = Value::Percent { num: tally.yes, den: tally.cast(), decimals: 1 },
        yt = poll.rule.approval(),
        no_n = tally.no,
        ab = tally.abstain,
        next = next,
    )
}

/// The result of a members' vote that did not.
#[must_use]
pub fn failed(poll: &Poll, tally: &Tally, why: Value) -> Say {
    let next = if poll.is_formal { say!("tally.back", no = poll.topic) } else { say!("tally.again", no = poll.topic) };
    say!(
        "poll.result.fail.members",
        no = poll.topic,
        N = tally.voters,
        l = tally.leave,
        r = tally.recused,
        n = tally.cast(),
        y = tally.yes,
        no_n = tally.no,
        ab = tally.abstain,
        why = why,
        next = next,
    )
}

/// A seat with how it is called, and whether it is the speaker's.
struct Chair {
    seat: Seat,
    called: Value,
    own: bool,
}

impl Ctx<'_> {
    fn own_chair(&self, topic: &Topic) -> Option<Chair> {
        let (seat, called) = if self.world.roll(topic.no).is_some() {
            let voter = self.world.voter_of(topic.no, &self.scene.who)?;
            (Seat::Roll(voter.no), household(&voter))
        } else {
            (Seat::Person(self.me()), (&self.scene.who.name).into())
        };
        Some(Chair { seat, called, own: true })
    }

    /// The seat a name or flat stands for.
    fn chair_of(&self, topic: &Topic, name: &str) -> Result<Option<Chair>, Say> {
        if name.is_empty() {
            return Ok(None);
        }
        let found = if self.world.roll(topic.no).is_some() {
            let voter = self.world.voter_called(topic.no, name);
            voter.map(|voter| (Seat::Roll(voter.no), household(&voter)))
        } else {
            self.world.find_person(name, Some(topic))?.map(|person| (Seat::Person(person.id), (&person.name).into()))
        };
        let own = self.own_chair(topic).map(|chair| chair.seat);
        Ok(found.map(|(seat, called)| Chair { seat, called, own: own == Some(seat) }))
    }

    fn require_own_chair(&self, topic: &Topic) -> Result<Chair, Say> {
        let not_there = || say!("e.leave.roll", no = topic.no, r#mod = moderator_name(self.world, topic));
        self.own_chair(topic).ok_or_else(not_there)
    }

    fn topic_to_vote_on(&self, written: Option<TopicNo>, example: &str) -> Result<(Topic, Option<Poll>), Say> {
        let topic = self.resolve_topic(written, example)?;
        topic.require_going()?;
        if topic.step == Step::Closed {
            return Err(topic.is_over("step.closed"));
        }
        let open = topic.poll.and_then(|no| self.world.poll(no));
        Ok((topic, open))
    }
}

/// The first word, and what follows it.
fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    match text.split_once(|c: char| c.is_whitespace() || matches!(c, '：' | ':' | '，' | ',')) {
        Some((first, rest)) => (first, rest.trim()),
        None => (text, ""),
    }
}

/// 请假, 回避.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Leave { topic, who, withdraw: false } => leave(ctx, *topic, who),
        Ask::Recuse { topic, text, withdraw: false } => recuse(ctx, *topic, text),
        Ask::Leave { topic, who, withdraw: true } => withdraw(ctx, *topic, who, Kind::Leave),
        Ask::Recuse { topic, text, withdraw: true } => withdraw(ctx, *topic, text, Kind::Recusal),
    }
}

/// Whose leave it is. A moderator names people; of anybody else what is no name is a remark.
fn chair_meant(ctx: &Ctx<'_>, topic: &Topic, who: &str) -> Result<Chair, Say> {
    let (first, _) = first_word(who);
    let named = match ctx.chair_of(topic, who.trim())? {
        Some(chair) => Some(chair),
        None => ctx.chair_of(topic, first)?,
    };
    match named {
        Some(chair) if chair.own => Ok(chair),
        Some(chair) => ctx.require_moderator(topic).map(|()| chair),
        None if !first.is_empty() && ctx.require_moderator(topic).is_ok() => {
            Err(say!("e.leave.who", no = topic.no, who = first))
        }
        None => ctx.require_own_chair(topic),
    }
}

fn leave(ctx: &Ctx<'_>, written: Option<TopicNo>, who: &str) -> Decided {
    let (topic, open) = ctx.topic_to_vote_on(written, "ex.leave")?;
    let chair = chair_meant(ctx, &topic, who)?;
    // A straw poll is no vote: the leave is for the next.
    let vote = open.filter(|poll| poll.rule.is_vote());
    if vote.is_some_and(|poll| ctx.world.ballot(poll.no, chair.seat.voter()).is_some()) {
        return Err(say!("e.leave.voted", no = topic.no, hh = chair.called));
    }
    match ctx.world.absence(topic.no, chair.seat) {
        Some(Absence { kind: Kind::Recusal, .. }) => {
            return Err(say!("e.leave.recused", no = topic.no, hh = chair.called));
        }
        Some(_) => return Ok(Decision::answer(say!("leave.again", no = topic.no, hh = chair.called))),
        None if ctx.world.absences(topic.no).len() >= MAX_ABSENT => return Err(say!("e.too_far", max = MAX_ABSENT)),
        None => {}
    }
    let fact = Fact::OnLeave { topic: topic.no, seat: chair.seat, own: chair.own };
    Ok(Decision::fact(Event::Absence(fact)))
}

fn recuse(ctx: &Ctx<'_>, written: Option<TopicNo>, text: &str) -> Decided {
    const EXAMPLE: &str = "ex.recuse";
    let (topic, open) = ctx.topic_to_vote_on(written, EXAMPLE)?;
    let (first, rest) = first_word(text);
    let (chair, reason) = match ctx.chair_of(&topic, first)? {
        Some(chair) => (chair, rest),
        None => (ctx.require_own_chair(&topic)?, text.trim()),
    };
    let entered = ctx.world.absence(topic.no, chair.seat);
    if let Some(entered) = entered.filter(|entered| entered.kind == Kind::Recusal && !entered.own && chair.own) {
        // Said again by oneself it would be one's own to take back.
        let (why, r#mod) = (&entered.reason, moderator_name(ctx.world, &topic));
        return Err(say!("e.recuse.entered", no = topic.no, hh = chair.called, why = why, r#mod = r#mod));
    }
    if !chair.own {
        ctx.require_moderator(&topic)?;
        if let Some(poll) = open.as_ref().filter(|poll| poll.rule.is_of_law()) {
            return Err(say!("e.recuse.law", no = topic.no, rule = Value::Term(poll.rule.term().to_owned())));
        }
    }
    if reason.is_empty() {
        return Err(say!("e.reason", ex = example_of(EXAMPLE)));
    }
    within(reason, MAX_REASON)?;
    if ctx.world.absences(topic.no).len() >= MAX_ABSENT {
        return Err(say!("e.too_far", max = MAX_ABSENT));
    }
    let (seat, own) = (chair.seat, chair.own);
    let mut facts = vec![Event::Absence(Fact::Recused { topic: topic.no, seat, own, reason: reason.into() })];
    let ballot: Option<Ballot> =
        open.filter(|poll| poll.rule.is_of_members()).and_then(|poll| ctx.world.ballot(poll.no, seat.voter()));
    facts.extend(ballot.map(|ballot| Event::Absence(Fact::Struck { poll: ballot.poll, voter: ballot.voter })));
    Ok(Decision::facts(facts))
}

/// 取消 — by the person, or by the moderator; what the moderator said of somebody the moderator takes back.
fn withdraw(ctx: &Ctx<'_>, written: Option<TopicNo>, who: &str, kind: Kind) -> Decided {
    let (example, nothing): (&str, fn(TopicNo, Value) -> Say) = match kind {
        Kind::Leave => ("ex.leave", |no, hh| say!("e.leave.none", no = no, hh = hh)),
        Kind::Recusal => ("ex.recuse", |no, hh| say!("e.recuse.none", no = no, hh = hh)),
    };
    let (topic, _) = ctx.topic_to_vote_on(written, example)?;
    let chair = chair_meant(ctx, &topic, who)?;
    let absence = ctx.world.absence(topic.no, chair.seat).filter(|absence| absence.kind == kind);
    let Some(absence) = absence else { return Err(nothing(topic.no, chair.called)) };
    if kind == Kind::Recusal && !absence.own {
        ctx.require_moderator(&topic)?;
    }
    Ok(Decision::fact(Event::Absence(Fact::Withdrawn { topic: topic.no, seat: chair.seat })))
}
