//! 委托 — somebody on the roll lets another cast the ballot. At most two mandates a trustee, no chains; whoever votes in person has
//! ended the mandate, and that ballot stands. One household, one ballot: a mandate gives nobody a second one.
//!
//! Owners may have somebody vote for them by a written mandate, which the moderator enters on seeing the paper; what is said in a
//! chat is a mandate for the consultation alone, and the receipt says so. Meetings that want people in person (residents, villagers,
//! delegates, councils) take none.

use super::event::{Event, Way};
use super::ids::{PersonId, PollNo, TopicNo, VoterNo};
use super::person::Person;
use super::poll::{Choice, Poll, filling, household};
use super::roll::Voter;
use super::say::{Say, Value, example_of};
use super::scene::{Ctx, Decided, Decision};
use super::topic::{Step, Topic, moderator_name};
use super::world::{Entity, Key, World, kind};
use crate::say;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Mandates of one topic that are looked at: as many as a roll has lines.
const MAX_MANDATES: usize = 2_000;

/// 委托.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// Topic.
    pub topic: TopicNo,
    /// 委托人 — a voter of the roll.
    pub voter: VoterNo,
    /// 受托人.
    pub trustee: PersonId,
    /// 书面 — entered by the moderator, who has seen the paper.
    pub written: bool,
    /// The poll it was used in.
    pub used: Option<PollNo>,
    /// Since when.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub at: DateTime<Utc>,
}

impl Entity for Mandate {
    fn key(&self) -> Key {
        key_of(self.topic, self.voter)
    }
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// 委托.
    Give {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Whose ballot it is; empty = one's own.
        principal: String,
        /// Who may cast it.
        trustee: String,
        /// On paper.
        written: bool,
    },
    /// 取消.
    Withdraw {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Whose; empty = one's own.
        principal: String,
    },
    /// 代 — casts the ballot.
    Cast {
        /// Topic, if written.
        topic: Option<TopicNo>,
        /// Whose.
        principal: String,
        /// The choice.
        choice: Choice,
    },
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// 委托.
    Given {
        /// Topic.
        topic: TopicNo,
        /// 委托人.
        voter: VoterNo,
        /// 受托人.
        trustee: PersonId,
        /// 书面.
        written: bool,
    },
    /// 取消 — by the principal, the trustee or the moderator.
    Withdrawn {
        /// Topic.
        topic: TopicNo,
        /// 委托人.
        voter: VoterNo,
        /// 受托人, who is told of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        trustee: Option<PersonId>,
    },
    /// The ballot before it in the record was cast by the trustee.
    Used {
        /// Poll.
        poll: PollNo,
        /// 委托人.
        voter: VoterNo,
        /// 受托人.
        trustee: PersonId,
    },
    /// 失效 — the principal has voted in person or on paper.
    Ended {
        /// Topic.
        topic: TopicNo,
        /// 委托人.
        voter: VoterNo,
    },
}

fn prefix_of(topic: TopicNo) -> Key {
    Key::new(kind::MANDATE).num(topic.0)
}

/// Key of the mandate of a voter.
#[must_use]
pub fn key_of(topic: TopicNo, voter: VoterNo) -> Key {
    prefix_of(topic).num(voter.0)
}

impl World<'_> {
    /// The mandate a voter has given.
    #[must_use]
    pub fn mandate(&self, topic: TopicNo, voter: VoterNo) -> Option<Mandate> {
        self.knows_away(topic).then(|| self.get(&key_of(topic, voter)))?
    }

    /// Whether anybody has given a mandate in a topic.
    #[must_use]
    pub fn has_mandates(&self, topic: TopicNo) -> bool {
        !self.list::<Mandate>(&prefix_of(topic), 1).is_empty()
    }

    /// The mandates a person holds in a topic.
    #[must_use]
    pub fn mandates_of(&self, topic: TopicNo, trustee: PersonId) -> Vec<Mandate> {
        if !self.knows_away(topic) {
            return Vec::new();
        }
        let mut all: Vec<Mandate> = self.list(&prefix_of(topic), MAX_MANDATES);
        all.retain(|mandate| mandate.trustee == trustee);
        all
    }
}

/// A new roll has other numbers; a vote that is over needs no mandate.
pub fn forget(world: &mut World<'_>, topic: TopicNo) {
    world.remove_all(&prefix_of(topic));
}

/// The vote is over. A straw poll is no vote.
pub fn over(world: &mut World<'_>, poll: &Poll) {
    if poll.rule.is_vote() {
        forget(world, poll.topic);
    }
}

/// 合并 — what a newcomer was entrusted with is the known person's.
pub fn hand_over(world: &mut World<'_>, from: PersonId, into: PersonId) {
    let all: Vec<Mandate> = world.list(&Key::new(kind::MANDATE), usize::MAX);
    for mandate in all.into_iter().filter(|mandate| mandate.trustee == from) {
        world.put(&Mandate { trustee: into, ..mandate });
    }
}

/// Whoever votes in person, or on paper, ends the mandate; a ballot cast by it does not.
#[must_use]
pub fn ended_by(world: &World<'_>, poll: &Poll, voter: VoterNo, facts: &[Event]) -> Option<Event> {
    let mandate = poll.voters.and_then(|_| world.mandate(poll.topic, voter))?;
    let by_it = facts.iter().any(|fact| matches!(fact, Event::Mandate(Fact::Used { voter: of, .. }) if *of == voter));
    (!by_it).then_some(Event::Mandate(Fact::Ended { topic: mandate.topic, voter }))
}

/// 委托.
pub fn ask(ctx: &Ctx<'_>, ask: &Ask) -> Decided {
    match ask {
        Ask::Give { topic, principal, trustee, written } => give(ctx, *topic, principal, trustee, *written),
        Ask::Withdraw { topic, principal } => withdraw(ctx, *topic, principal),
        Ask::Cast { topic, principal, choice } => cast(ctx, *topic, principal, *choice),
    }
}

const EXAMPLE: &str = "ex.mandate";

impl Ctx<'_> {
    fn topic_with_roll(&self, written: Option<TopicNo>) -> Result<Topic, Say> {
        let topic = self.resolve_topic(written, EXAMPLE)?;
        topic.require_going()?;
        if topic.step == Step::Closed {
            return Err(topic.is_over("step.closed"));
        }
        if self.world.roll(topic.no).is_none() {
            return Err(say!("e.mandate.no_roll", no = topic.no));
        }
        Ok(topic)
    }

    /// The poll that is open, which must take mandates.
    fn open_to_mandates(&self, topic: &Topic) -> Result<Option<Poll>, Say> {
        let open = topic.poll.and_then(|no| self.world.poll(no));
        match open {
            Some(poll) if poll.voters.is_none() => Err(say!("e.mandate.no_roll", no = topic.no)),
            Some(poll) if !poll.rule.takes_mandates() => {
                Err(say!("e.mandate.rule", no = topic.no, rule = Value::Term(poll.rule.term().to_owned())))
            }
            // What is chosen there is for the voter alone, or more than one word.
            Some(poll) if self.world.poll_terms(poll.no).is_some() => Err(say!("e.mandate.form", no = topic.no)),
            other => Ok(other),
        }
    }

    fn own_voter(&self, topic: &Topic) -> Result<Voter, Say> {
        let not_there = || say!("e.roll", no = topic.no, r#mod = moderator_name(self.world, topic));
        self.world.voter_of(topic.no, &self.scene.who).ok_or_else(not_there)
    }

    fn voter_named(&self, topic: &Topic, called: &str) -> Result<Voter, Say> {
        self.world.voter_called(topic.no, called).ok_or_else(|| say!("e.no_voter", no = topic.no, who = called))
    }
}

/// Whose ballot it is: one's own, or, for the moderator with the paper in hand, anybody's on the roll.
fn principal_of(ctx: &Ctx<'_>, topic: &Topic, principal: &str, written: bool) -> Result<(Voter, bool), Say> {
    if principal.is_empty() {
        return Ok((ctx.own_voter(topic)?, false));
    }
    let voter = ctx.voter_named(topic, principal)?;
    if ctx.world.voter_of(topic.no, &ctx.scene.who).is_some_and(|own| own.no == voter.no) {
        return Ok((voter, false));
    }
    ctx.require_moderator(topic)?;
    if !written {
        return Err(say!("e.mandate.paper", no = topic.no));
    }
    Ok((voter, true))
}

fn give(ctx: &Ctx<'_>, written_no: Option<TopicNo>, principal: &str, trustee: &str, written: bool) -> Decided {
    if trustee.is_empty() {
        return Err(say!("e.empty", ex = example_of(EXAMPLE)));
    }
    let topic = ctx.topic_with_roll(written_no)?;
    let open = ctx.open_to_mandates(&topic)?;
    let (voter, on_paper) = principal_of(ctx, &topic, principal, written)?;
    if !on_paper {
        // 主持中立: whoever may not vote sends nobody, either.
        ctx.require_neutral(&topic, "act.vote")?;
    }
    let person = ctx.require_person(trustee, Some(&topic))?;
    fit_to_be_trusted(ctx, &topic, &voter, &person)?;
    let has_voted = open.is_some_and(|poll| ctx.world.ballot(poll.no, voter.no).is_some());
    if has_voted {
        return Err(say!("e.mandate.voted", no = topic.no, hh = household(&voter)));
    }
    let fact = Fact::Given { topic: topic.no, voter: voter.no, trustee: person.id, written: on_paper };
    Ok(Decision::fact(Event::Mandate(fact)))
}

/// Not the same household, not the neutral moderator, nobody whose own ballot is given away, and not too many.
fn fit_to_be_trusted(ctx: &Ctx<'_>, topic: &Topic, voter: &Voter, trustee: &Person) -> Result<(), Say> {
    let (no, who) = (topic.no, || Value::from(&trustee.name));
    let own = ctx.world.voter_of(no, trustee);
    if own.as_ref().is_some_and(|own| own.no == voter.no) {
        return Err(say!("e.mandate.same", no = no, who = who()));
    }
    if ctx.world.moderator_of(topic) == Some(trustee.id) {
        return Err(say!("e.mandate.moderator", no = no, who = who()));
    }
    if own.is_some_and(|own| ctx.world.mandate(no, own.no).is_some()) {
        return Err(say!("e.mandate.chain", no = no, who = who()));
    }
    let holds = |person: &Person| !ctx.world.mandates_of(no, person.id).is_empty();
    if ctx.world.people_of(voter).iter().any(holds) {
        return Err(say!("e.mandate.holds", no = no, hh = household(voter)));
    }
    let others = ctx.world.mandates_of(no, trustee.id).iter().filter(|mandate| mandate.voter != voter.no).count();
    let most = usize::try_from(ctx.settings.mandates).unwrap_or(usize::MAX);
    if others >= most {
        return Err(say!("e.mandate.many", no = no, who = who(), max = most));
    }
    Ok(())
}

/// 取消 — the principal, the trustee, or the moderator. A ballot that was cast stands until the principal votes.
fn withdraw(ctx: &Ctx<'_>, written_no: Option<TopicNo>, principal: &str) -> Decided {
    let topic = ctx.topic_with_roll(written_no)?;
    let voter = if principal.is_empty() { ctx.own_voter(&topic)? } else { ctx.voter_named(&topic, principal)? };
    let none = || say!("e.mandate.none", no = topic.no, hh = household(&voter));
    let mandate = ctx.world.mandate(topic.no, voter.no).ok_or_else(none)?;
    let is_own = ctx.world.voter_of(topic.no, &ctx.scene.who).is_some_and(|own| own.no == voter.no);
    if !is_own && mandate.trustee != ctx.me() {
        ctx.require_moderator(&topic)?;
    }
    Ok(Decision::fact(Event::Mandate(Fact::Withdrawn {
        topic: topic.no,
        voter: voter.no,
        trustee: Some(mandate.trustee),
    })))
}

/// 投 1号 1 代 周涛 — the trustee casts the ballot of the principal, who may still replace it in person.
fn cast(ctx: &Ctx<'_>, written_no: Option<TopicNo>, principal: &str, choice: Choice) -> Decided {
    if ctx.scene.way != Way::Private {
        return Err(say!("e.private"));
    }
    let topic = ctx.topic_with_roll(written_no)?;
    let not_open = || say!("e.no_poll", no = topic.no);
    let poll = topic.last_poll.and_then(|no| ctx.world.poll(no)).ok_or_else(not_open)?;
    if poll.result.is_some() || ctx.cast_at() >= poll.ends {
        return Err(say!("e.closed", no = topic.no, end = Value::Moment(poll.ends)));
    }
    ctx.open_to_mandates(&topic)?;
    ctx.require_neutral(&topic, "act.vote")?;
    let voter = ctx.voter_named(&topic, principal)?;
    let held = ctx.world.mandate(topic.no, voter.no).filter(|mandate| mandate.trustee == ctx.me());
    let mandate = held.ok_or_else(|| say!("e.mandate.not_yours", no = topic.no, hh = household(&voter)))?;
    let before = ctx.world.ballot(poll.no, voter.no);
    if before.as_ref().is_some_and(|ballot| !ballot.proxy || mandate.used != Some(poll.no)) {
        return Err(say!("e.mandate.voted", no = topic.no, hh = household(&voter)));
    }
    let cast = Event::BallotCast {
        poll: poll.no,
        voter: voter.no,
        person: None,
        proxy: true,
        private: true,
        changed: before.is_some(),
        choice: filling::choice(ctx, &poll, choice, "")?.choice,
    };
    let used = Event::Mandate(Fact::Used { poll: poll.no, voter: voter.no, trustee: ctx.me() });
    Ok(Decision::facts(vec![cast, used]))
}

/// Whether a mandate may be taken back by 撤回: nothing was done with it.
#[must_use]
pub fn is_unused(world: &World<'_>, topic: TopicNo, voter: VoterNo) -> bool {
    world.mandate(topic, voter).is_some_and(|mandate| mandate.used.is_none())
}
